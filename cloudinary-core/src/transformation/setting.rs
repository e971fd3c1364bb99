//! One parameter that was set, as it prints.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use smallvec::SmallVec;

use super::key::Key;
use super::value::{Value, float};
use crate::gather::Gather;
use crate::short::Short;

/// An entry of the steps that are being built: its text with a comma before, written at once, if it is short. What is
/// longer, or has no key, is kept elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting(Short);

/// The texts of settings that are not short.
pub(super) type Texts = SmallVec<[String; 2]>;

/// What a setting is of.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
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
    /// One whose value is short.
    #[inline(always)]
    pub(super) fn short(key: Key, value: &Given) -> Option<Self> {
        let text = key.following().then(value.short());
        (!text.is_too_long()).then_some(Self(text))
    }

    pub(super) fn new(key: Key, value: Given, texts: &mut Texts) -> Self {
        Self::short(key, &value).unwrap_or_else(|| Self::long(Name::Key(key), value.into_text(), texts))
    }

    fn long(name: Name, text: String, texts: &mut Texts) -> Self {
        texts.push(text);
        Self(Short::mark(name.number(), texts.len() as u64 - 1))
    }

    /// Puts another one in its place, and that one's text in the place of its own.
    pub(super) fn replace(&mut self, with: Self, texts: &mut Texts) {
        match (self.0.marked(), with.0.marked()) {
            (Some((_, at)), Some((name, last))) if last + 1 == texts.len() as u64 && at < last => {
                texts.swap_remove(at as usize);
                self.0 = Short::mark(name, at);
            }
            _ => *self = with,
        }
    }

    /// `{name}_{value}`.
    pub(super) fn spelled(text: String, texts: &mut Texts) -> Self {
        Self::long(Name::Spelled, text, texts)
    }

    pub(super) fn raw(text: String, texts: &mut Texts) -> Self {
        Self::long(Name::Raw, text, texts)
    }

    /// A parameter as it was read.
    pub(super) fn read(text: &str, texts: &mut Texts) -> Self {
        match text.split_once('_').map(|(name, value)| (Key::of(name), value)) {
            Some((Some(key), value)) => Self::new(key, value.to_owned().into(), texts),
            _ => Self::spelled(text.to_owned(), texts),
        }
    }

    fn name(self) -> Name {
        if let Some((name, _)) = self.0.marked() {
            return Name::numbered(name);
        }
        let (bytes, len) = self.0.tail().padded();
        let text = bytes.get(..len).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
        text.split_once('_').and_then(|(name, _)| Key::of(name)).map_or(Name::Raw, Name::Key)
    }

    pub(super) fn key(self) -> Option<Key> {
        match self.name() {
            Name::Key(key) => Some(key),
            Name::Spelled | Name::Raw => None,
        }
    }

    /// Whether it stands before what is sought, in its place, or behind it. Variables keep the order they are set in,
    /// since one may be made from another.
    pub(super) fn order(self, sought: Sought<'_>, texts: &Texts) -> Ordering {
        let spelled = self.0.marked().map_or("", |(_, at)| text(texts, at));
        match (self.name(), sought) {
            (Name::Key(key), Sought::Key(sought)) => key.cmp(&sought),
            (Name::Raw, _) => Ordering::Greater,
            (Name::Key(key), Sought::Spelled(name)) => compare(key.first(), name),
            (Name::Spelled, Sought::Key(key)) => compare(spelled, key.name()),
            (Name::Spelled, Sought::Spelled(name)) => compare(spelled, name),
        }
    }

    /// Writes it behind what parts it from what stands before.
    #[inline(always)]
    pub(super) fn write(
        self,
        separator: Separator,
        texts: &Texts,
        out: &mut Gather<'_, impl fmt::Write>,
    ) -> fmt::Result {
        match (self.0.marked(), separator) {
            (None, Separator::Comma) => out.push_short(self.0),
            (None, separator) => {
                out.push(separator.as_str())?;
                out.push_short(self.0.tail())
            }
            (Some((name, at)), separator) => write_long(Name::numbered(name), text(texts, at), separator, out),
        }
    }
}

fn write_long(name: Name, text: &str, separator: Separator, out: &mut Gather<'_, impl fmt::Write>) -> fmt::Result {
    out.push(separator.as_str())?;
    if let Name::Key(key) = name {
        out.push(key.first())?;
    }
    out.push(text)
}

fn text(texts: &Texts, at: u64) -> &str {
    usize::try_from(at).ok().and_then(|at| texts.get(at)).map_or("", String::as_str)
}

impl Name {
    const SPELLED: u8 = u8::MAX - 1;
    const RAW: u8 = u8::MAX;

    fn number(self) -> u8 {
        match self {
            Self::Key(key) => key as u8,
            Self::Spelled => Self::SPELLED,
            Self::Raw => Self::RAW,
        }
    }

    fn numbered(number: u8) -> Self {
        match Key::ALL.get(usize::from(number)) {
            Some(key) => Self::Key(*key),
            None if number == Self::SPELLED => Self::Spelled,
            None => Self::Raw,
        }
    }
}

impl Given {
    #[inline(always)]
    fn short(&self) -> Short {
        match self {
            Self::Int(number) => Short::number(*number),
            Self::Text(value) => Short::of(value),
            Self::Leveled(effect, level) => Short::of(effect).then(Short::new(":")).then(Short::number(*level)),
        }
    }

    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            Self::Int(number) => number.to_string(),
            Self::Leveled(name, level) => format!("{name}:{level}"),
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
