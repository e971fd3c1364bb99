//! The steps of a transformation that is being built.

use std::cmp::Ordering;
use std::fmt;
use std::sync::OnceLock;

use smallvec::SmallVec;

use super::chain::Invalid;
use super::key::Key;
use super::order::Order;
use super::setting::{Given, Separator, Setting, Sought, Texts};
use crate::escape::has_double_slash;
use crate::gather::Gather;

/// As many as two ordinary steps have, so that building them allocates once.
const USUAL_SETTINGS: usize = 10;
/// How many steps are ended before another allocation.
const USUAL_STEPS: usize = 3;

/// Steps that were read, and then what was set.
pub(super) struct Steps {
    /// Steps that were read or copied, as they are written.
    read: String,
    /// What was set behind them, step by step.
    settings: SmallVec<[Setting; USUAL_SETTINGS]>,
    /// The texts of settings that are not short.
    texts: Texts,
    /// How many settings the steps before the last have, and in which order they print.
    ended: SmallVec<[(usize, Order); USUAL_STEPS]>,
    /// Where the last step starts in `settings`.
    last: usize,
    /// How the last step prints.
    order: Order,
    /// Whether the last step was read, so that a name may stand in it more than once and in any place.
    last_was_read: bool,
    /// Whether something was set as it is, so that slashes may stand side by side in it.
    verbatim: bool,
    /// The canonical text, from when it was asked for to the next change.
    text: OnceLock<Box<str>>,
    /// The first value that can never work.
    pub(super) invalid: Option<Box<Invalid>>,
}

impl Steps {
    /// A new step behind others.
    #[inline]
    pub(super) fn behind(read: String) -> Self {
        Self {
            read,
            settings: SmallVec::new(),
            texts: Texts::new(),
            ended: SmallVec::new(),
            last: 0,
            order: Order::EMPTY,
            last_was_read: false,
            verbatim: false,
            text: OnceLock::new(),
            invalid: None,
        }
    }

    /// The steps of a text, of which the last is to be changed.
    pub(super) fn read_last(mut text: String) -> Self {
        if text.is_empty() {
            return Self::behind(text);
        }
        let last = text.split_off(text.rfind('/').map_or(0, |slash| slash + 1));
        text.pop();
        let mut steps = Self::behind(text);
        let texts = &mut steps.texts;
        steps.settings.extend(last.split(',').map(|param| Setting::read(param, texts)));
        steps.order = Order::AS_PLACED;
        steps.last_was_read = true;
        steps
    }

    /// The same settings behind another text.
    pub(super) fn copied_behind(&self, read: String) -> Self {
        Self {
            read,
            settings: self.settings.clone(),
            texts: self.texts.clone(),
            ended: self.ended.clone(),
            last: self.last,
            order: self.order,
            last_was_read: self.last_was_read,
            verbatim: self.verbatim,
            text: OnceLock::new(),
            invalid: self.invalid.clone(),
        }
    }

    /// What was read and stands before the settings.
    pub(super) fn read(&self) -> &str {
        &self.read
    }

    pub(super) fn is_empty(&self) -> bool {
        self.read.is_empty() && self.settings.is_empty()
    }

    /// Whether the text says all: what is set later goes to the same place in a copy that was read. The text does not tell
    /// that the last step was ended, nor where something begins that was set as it is.
    pub(super) fn is_text(&self) -> bool {
        self.settings.len() > self.last && !self.verbatim && self.invalid.is_none()
    }

    /// Sets a parameter in the last step.
    #[inline(always)]
    pub(super) fn set(&mut self, key: Key, value: Given) {
        match Setting::short(key, &value) {
            Some(setting) if self.text.get_mut().is_none() && self.order.push(key) => self.settings.push(setting),
            _ => self.set_any(key, value),
        }
    }

    /// As [`set`](Self::set), by the name that URLs have; the value is written as it is.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        self.verbatim = true;
        if let Some(key) = Key::of(name) {
            self.set(key, value.to_owned().into());
        } else {
            let setting = Setting::spelled([name, "_", value].concat(), &mut self.texts);
            self.place(Sought::Spelled(name), setting);
        }
    }

    /// Writes text at the end of the last step as it is.
    pub(super) fn put_raw(&mut self, text: &str) {
        self.verbatim = true;
        self.forget_text();
        self.sort();
        self.settings.push(Setting::raw(text.to_owned(), &mut self.texts));
    }

    /// Starts the next step. Does nothing while the last one is empty.
    #[inline(always)]
    pub(super) fn end_step(&mut self) {
        if self.settings.len() > self.last {
            self.ended.push((self.settings.len() - self.last, self.order));
            self.last = self.settings.len();
            self.order = Order::EMPTY;
            self.last_was_read = false;
        }
    }

    /// Sets what is long, or to be put in its place.
    #[inline(never)]
    fn set_any(&mut self, key: Key, value: Given) {
        self.forget_text();
        let setting = Setting::new(key, value, &mut self.texts);
        if self.order.push(key) {
            self.settings.push(setting);
        } else {
            self.place(Sought::Key(key), setting);
        }
    }

    /// Puts a parameter where it belongs: conditions first, then variables, then by name, then raw.
    #[cold]
    fn place(&mut self, sought: Sought<'_>, setting: Setting) {
        self.forget_text();
        self.sort();
        if self.last_was_read {
            // There may be several of that name, in any place.
            let mut at = 0;
            self.settings.retain(|there| {
                at += 1;
                at <= self.last || there.order(sought, &self.texts) != Ordering::Equal
            });
        }
        let mut at = self.last;
        while let Some(there) = self.settings.get_mut(at) {
            match there.order(sought, &self.texts) {
                Ordering::Less => at += 1,
                Ordering::Equal => return there.replace(setting, &mut self.texts),
                Ordering::Greater => break,
            }
        }
        self.settings.insert(at, setting);
    }

    /// Puts the settings of the last step in the order they print.
    fn sort(&mut self) {
        if !self.order.is_as_placed() {
            self.order = Order::AS_PLACED;
            if let Some(step) = self.settings.get_mut(self.last..) {
                step.sort_by_key(|setting| setting.key());
            }
        }
    }

    fn forget_text(&mut self) {
        if self.text.get_mut().is_some() {
            self.text.take();
        }
    }

    /// The canonical text.
    pub(super) fn as_str(&self) -> &str {
        self.text.get_or_init(|| {
            let mut text = String::new();
            let mut gather = Gather::new(&mut text);
            // Strings take everything.
            let _ = self.write(&mut gather).and_then(|()| gather.flush());
            text.into_boxed_str()
        })
    }

    /// Writes the canonical text.
    pub(super) fn write(&self, out: &mut Gather<'_, impl fmt::Write>) -> fmt::Result {
        if let Some(text) = self.text.get() {
            return out.push(text);
        }
        let mut separator = Separator::None;
        if !self.read.is_empty() {
            out.push(&self.read)?;
            separator = Separator::Slash;
        }
        let mut left = &*self.settings;
        for (len, order) in &self.ended {
            let (step, after) = left.split_at_checked(*len).unwrap_or((left, &[]));
            write_step(step, *order, separator, &self.texts, out)?;
            separator = Separator::Slash;
            left = after;
        }
        write_step(left, self.order, separator, &self.texts, out)
    }

    /// Whether two slashes stand side by side.
    pub(super) fn has_double_slash(&self) -> bool {
        // What setters take has no slash, but for what they take as it is.
        (self.verbatim || !self.read.is_empty()) && has_double_slash(self.as_str())
    }
}

/// Writes the settings of a step in their order.
fn write_step(
    step: &[Setting],
    order: Order,
    mut separator: Separator,
    texts: &Texts,
    out: &mut Gather<'_, impl fmt::Write>,
) -> fmt::Result {
    if order.is_as_placed() {
        for setting in step {
            setting.write(separator, texts, out)?;
            separator = Separator::Comma;
        }
        return Ok(());
    }
    for setting in order.places().filter_map(|place| step.get(place)) {
        setting.write(separator, texts, out)?;
        separator = Separator::Comma;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::Transformation;

    /// However many, however long, set again or not: what is set last stands in the reference's order.
    #[test]
    fn any_order_of_setting_gives_one_text() {
        let mut random = 1_u32;
        let mut below = |limit: usize| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 8) as usize % limit
        };
        for round in 0..5_000 {
            let mut made = Transformation::new();
            let mut expected: BTreeMap<Key, String> = BTreeMap::new();
            let earlier = ["", "w_1", "e_x,w_1/c_fill"][round % 3];
            if !earlier.is_empty() {
                made = made.append(&earlier.parse().unwrap()).then();
            }
            for _ in 0..below(14) {
                let key = Key::ALL[below(Key::ALL.len())];
                let value = "v".repeat(1 + below(if round % 7 == 0 { 120 } else { 6 }));
                match round % 2 {
                    0 => made.opened().set(key, value.clone().into()),
                    _ => made.opened().put(key.name(), &value),
                }
                expected.insert(key, value);
                if round % 5 == 0 {
                    // What was asked for in between changes nothing.
                    assert!(!made.as_str().is_empty());
                    made = if round % 10 == 0 { made.clone() } else { made };
                }
            }
            let step: Vec<String> = expected.iter().map(|(key, value)| format!("{}_{value}", key.name())).collect();
            let texts = [earlier.to_owned(), step.join(",")];
            let expected: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
            assert_eq!(made.as_str(), expected.join("/"));
        }
    }

    #[test]
    fn what_was_written_raw_stays_at_the_end() {
        for (text, expected) in [("", "c_a,w_b,x_raw,w_z"), ("w_1,c_2,q_3", "c_a,q_3,w_b,x_raw,w_z")] {
            for copied in [false, true] {
                let mut made: Transformation = text.parse().unwrap();
                made.opened().put_raw("x_raw,w_z");
                if copied {
                    made = Transformation::new().append(&made.clone());
                }
                made.opened().set(Key::Width, "b".to_owned().into());
                made.opened().set(Key::Crop, "a".to_owned().into());
                assert_eq!(made.as_str(), expected);
            }
        }
    }

    #[test]
    fn a_copy_goes_on_like_its_original() {
        let t = Transformation::new;
        for (made, expected) in [
            (t().width(1).then(), "w_1/h_2"),
            ("w_1".parse::<Transformation>().unwrap().then(), "w_1/h_2"),
            (t().width(1).then().crop("fit"), "w_1/c_fit,h_2"),
            (t().param("e", "a,h_5"), "e_a,h_5,h_2"),
            (t().raw("h_5"), "h_2,h_5"),
            (t().width(f64::NAN).then(), "w_NaN/h_2"),
        ] {
            assert_eq!(made.clone().height(2).as_str(), expected);
            assert_eq!(made.clone().clone().height(2).as_str(), expected);
            assert_eq!(made.height(2).as_str(), expected);
        }
        let made = t().variable("z", 5).variable("a", "$z * 2");
        assert_eq!(made.clone().variable("z", 6).as_str(), made.variable("z", 6).as_str());
    }

    #[test]
    fn what_is_replaced_takes_no_memory() {
        let mut made = Transformation::new().width(1).overlay("a_layer_with_a_long_id").raw("raw");
        for round in 0..100 {
            made = made.overlay(format!("another_layer_with_a_long_id_{round}").as_str());
        }
        assert_eq!(made.as_str(), "l_another_layer_with_a_long_id_99,w_1,raw");
        assert_eq!(made.opened().texts.len(), 2);
    }

    #[test]
    fn what_has_no_setter_is_sorted_by_name() {
        for (names, expected) in [
            (&["w", "zz", "b1", "b", "if", "$a"][..], "if_1,$a_1,b1_1,b_1,w_1,zz_1"),
            (&["$b", "$a", "c", "$b"], "$b_1,$a_1,c_1"),
            (&["flag", "f", "fl"], "f_1,fl_1,flag_1"),
        ] {
            let mut made = Transformation::new();
            for name in names {
                made.opened().put(name, "1");
            }
            assert_eq!(made.as_str(), expected);
        }
    }
}
