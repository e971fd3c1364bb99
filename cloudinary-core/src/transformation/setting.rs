//! One parameter that was set, kept as it was given until it prints.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::key::Key;
use super::value::{Value, float};
use crate::escape::Gather;

/// An entry of the steps that are being built.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    name: Name,
    value: Given,
}

/// What a setting is of.
#[derive(Debug, Clone, Copy)]
enum Name {
    Key(Key),
    /// Its text begins with its name: a variable, what has no setter, or what was read and is no parameter.
    Spelled,
    /// Text that is written at the end of its step.
    Raw,
}

/// A value as a setter has it, so that nothing is formatted twice.
#[derive(Debug, Clone)]
pub(super) enum Given {
    Int(i64),
    Text(Cow<'static, str>),
    /// `name:level`.
    Leveled(&'static str, i64),
}

/// The name that a place is sought for.
#[derive(Clone, Copy)]
pub(super) enum Sought<'a> {
    Key(Key),
    Spelled(&'a str),
}

impl Setting {
    pub(super) fn key(&self) -> Option<Key> {
        match self.name {
            Name::Key(key) => Some(key),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn new(key: Key, value: Given) -> Self {
        Self { name: Name::Key(key), value }
    }

    /// `{name}_{value}`.
    pub(super) fn spelled(text: String) -> Self {
        Self { name: Name::Spelled, value: text.into() }
    }

    pub(super) fn raw(text: String) -> Self {
        Self { name: Name::Raw, value: text.into() }
    }

    /// A parameter as it was read.
    pub(super) fn read(text: &str) -> Self {
        match text.split_once('_').map(|(name, value)| (Key::of(name), value)) {
            Some((Some(key), value)) => Self::new(key, value.to_owned().into()),
            _ => Self::spelled(text.to_owned()),
        }
    }

    /// Whether it stands before what is sought, in its place, or behind it. Variables keep the order they are set in,
    /// since one may be made from another.
    pub(super) fn order(&self, sought: Sought<'_>) -> Ordering {
        match (self.name, sought) {
            (Name::Key(key), Sought::Key(sought)) => key.cmp(&sought),
            (Name::Raw, _) => Ordering::Greater,
            (Name::Key(key), Sought::Spelled(name)) => compare(key.first(), name),
            (Name::Spelled, Sought::Key(key)) => compare(self.value.text(), key.name()),
            (Name::Spelled, Sought::Spelled(name)) => compare(self.value.text(), name),
        }
    }

    /// Writes it behind what parts it from what stands before.
    pub(super) fn write(&self, separator: Separator, out: &mut Gather<'_, impl fmt::Write>) -> fmt::Result {
        match (self.name, separator) {
            (Name::Key(key), Separator::Comma) => out.push_padded(key.following())?,
            (name, separator) => {
                out.push(separator.as_str())?;
                if let Name::Key(key) = name {
                    out.push(key.first())?;
                }
            }
        }
        match &self.value {
            Given::Int(number) => out.push_number(*number),
            Given::Text(text) => out.push(text),
            Given::Leveled(name, level) => {
                out.push(name)?;
                out.push(":")?;
                out.push_number(*level)
            }
        }
    }
}

/// What parts a parameter from what stands before.
#[derive(Clone, Copy)]
pub(super) enum Separator {
    None,
    Comma,
    Slash,
}

impl Separator {
    const fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Comma => ",",
            Self::Slash => "/",
        }
    }
}

impl Given {
    /// The text of one that was spelled.
    fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Int(_) | Self::Leveled(..) => "",
        }
    }
}

impl From<Value> for Given {
    fn from(value: Value) -> Self {
        match value {
            Value::Int(number) => Self::Int(number),
            Value::Float(number) => float(number).into(),
            Value::Text(text) => text.into(),
        }
    }
}

impl From<String> for Given {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Cow<'static, str>> for Given {
    fn from(text: Cow<'static, str>) -> Self {
        Self::Text(text)
    }
}

/// The sections of a step, in order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Condition,
    Variables,
    Parameters,
}

impl Section {
    fn of(param: &str) -> Self {
        match param.as_bytes() {
            [b'i', b'f', b'_', ..] | b"if" => Self::Condition,
            [b'$', ..] => Self::Variables,
            _ => Self::Parameters,
        }
    }
}

/// Compares a parameter's text with `{name}_`; equal when it has that very name.
fn compare(param: &str, name: &str) -> Ordering {
    let (section, sought) = (Section::of(param), Section::of(name));
    let (param, name) = (param.as_bytes(), name.as_bytes());
    let start = param.get(..name.len()).unwrap_or(param);
    let by_name = start.cmp(name).then_with(|| param.get(name.len()).cmp(&Some(&b'_')));
    match by_name {
        Ordering::Greater if section == sought && sought == Section::Variables => Ordering::Less,
        by_name => section.cmp(&sought).then(by_name),
    }
}
