//! The last step of a transformation: where its parameters stand, and how one gets to its place.

use super::Transformation;
use super::key::Key;

/// As much as two ordinary steps need, so that building them does not move them about.
const USUAL_BYTES: usize = 128;

/// What is known about the last step.
#[derive(Debug, Clone)]
pub(super) enum LastStep {
    /// Where each parameter is: all have a key of the reference, each once, in order.
    Placed(Places),
    /// Anything else: its text tells.
    Free {
        /// Where raw text starts, from the start of the step. It stays at the end.
        raw: Option<usize>,
        /// Whether it was read from text, where a key may stand more than once and in any place.
        read: bool,
    },
}

/// Where up to eight parameters start, in the first 256 bytes of a step: as many as an ordinary step has. They fit a
/// register, so that all that follow a new one move at once.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// A bit for each key.
    present: u64,
    /// A byte for each parameter, the first lowest: where it starts, from the start of the step.
    starts: u64,
    len: u32,
}

impl Places {
    const NONE: Self = Self { present: 0, starts: 0, len: 0 };
    /// A 1 in each byte.
    const ONES: u64 = u64::MAX / 0xFF;

    /// Whether there is room for this one, and it is not there yet.
    fn takes(&self, key: Key) -> bool {
        self.len < u64::BITS / 8 && self.present & (1 << key as u32) == 0
    }

    /// Where the first parameter starts that comes after this key, if any does, with the bits before it in `starts`.
    fn after(&self, key: Key) -> Option<(u32, usize)> {
        if self.present >> key as u32 == 0 {
            return None;
        }
        let bits = (self.present & ((1 << key as u32) - 1)).count_ones() * 8;
        Some((bits, usize::from((self.starts >> bits) as u8)))
    }

    /// Adds the one that comes last.
    fn push(&mut self, key: Key, start: usize) {
        self.starts |= (start as u64) << (self.len * 8);
        self.present |= 1 << key as u32;
        self.len += 1;
    }

    /// Adds one before others, which move on by so many bytes.
    fn insert(&mut self, key: Key, bits: u32, start: usize, bytes: usize) {
        let moving = self.len * 8 - bits;
        let after = (self.starts >> bits).wrapping_add((Self::ONES >> (u64::BITS - moving)).wrapping_mul(bytes as u64));
        let before = self.starts & ((1 << bits) - 1);
        self.starts = before | (start as u64) << bits | (after << bits) << 8;
        self.present |= 1 << key as u32;
        self.len += 1;
    }
}

impl LastStep {
    pub(super) const EMPTY: Self = Self::Placed(Places::NONE);
    pub(super) const READ: Self = Self::Free { raw: None, read: true };
    const FREE: Self = Self::Free { raw: None, read: false };
}

impl Transformation {
    /// Sets a parameter, whose value has no comma. The value comes in parts, so that no setter needs a string of its own.
    pub(super) fn set<const PARTS: usize>(&mut self, key: Key, value: [&str; PARTS]) {
        let LastStep::Placed(places) = &mut self.last else {
            return self.put_by_text(key.name(), &value);
        };
        if !places.takes(key) {
            return self.put_by_text(key.name(), &value);
        }
        let (step, len, text) = (self.step, self.text.len(), &mut self.text);
        if let Some((bits, start)) = places.after(key) {
            let (at, name) = if bits == 0 {
                text.insert(step, ',');
                (step, key.first())
            } else {
                (step + start - 1, key.following())
            };
            for part in value.into_iter().rev() {
                text.insert_str(at, part);
            }
            text.insert_str(at, name);
            places.insert(key, bits, start, text.len() - len);
        } else {
            if len == 0 {
                text.reserve(USUAL_BYTES);
            }
            let (start, name) = if places.len > 0 {
                (len - step + 1, key.following())
            } else if step > len {
                (0, key.opening())
            } else {
                (0, key.first())
            };
            text.push_str(name);
            for part in value {
                text.push_str(part);
            }
            places.push(key, start);
        }
        if self.text.len() - step > usize::from(u8::MAX) {
            self.last = LastStep::FREE;
        }
    }

    /// As [`set`](Self::set), for any key and value.
    pub(super) fn put(&mut self, key: &str, value: &[&str]) {
        match (Key::of(key), value) {
            (Some(key), [value]) if !value.contains(',') => self.set(key, [value]),
            _ => self.put_by_text(key, value),
        }
    }

    /// Writes text at the end of the last step as it is.
    pub(super) fn put_raw(&mut self, text: &str) {
        self.free();
        if self.step > self.text.len() {
            self.text.push('/');
        } else if self.step < self.text.len() {
            self.text.push(',');
        }
        if let LastStep::Free { raw, .. } = &mut self.last {
            raw.get_or_insert(self.text.len() - self.step);
        }
        self.text.push_str(text);
    }

    /// From now on the text tells where parameters are.
    fn free(&mut self) {
        if let LastStep::Placed(_) = self.last {
            self.last = LastStep::FREE;
        }
    }

    /// Puts `key_value` where it belongs: conditions first, then variables, then by key, then raw.
    fn put_by_text(&mut self, key: &str, value: &[&str]) {
        self.free();
        if let LastStep::Free { read: true, .. } = self.last {
            self.forget(key);
        }
        let (start, end, replace) = self.place(key);
        if replace {
            self.text.replace_range(start..end, "");
            self.shift_raw(start as isize - end as isize);
        }
        let opens_step = self.step > self.text.len();
        let follows = !replace && start > self.step && start == self.end_of_sorted();
        let before = if opens_step {
            "/"
        } else if follows {
            ","
        } else {
            ""
        };
        let pieces = [before, key, "_"].into_iter().chain(value.iter().copied());
        let mut at = start;
        for piece in pieces {
            self.text.insert_str(at, piece);
            at += piece.len();
        }
        if !replace && !opens_step && !follows && at < self.text.len() {
            self.text.insert(at, ',');
            at += 1;
        }
        self.shift_raw(at as isize - start as isize);
    }

    /// Takes every parameter with this key out, but for raw text.
    fn forget(&mut self, key: &str) {
        let has_key = |param: &str| param.strip_prefix(key).is_some_and(|rest| rest.starts_with('_'));
        let end = self.end_of_sorted();
        let sorted = self.text.get(self.step..end).unwrap_or_default();
        if sorted.split(',').any(has_key) {
            let kept: Vec<&str> = sorted.split(',').filter(|param| !has_key(param)).collect();
            let kept = kept.join(",");
            self.text.replace_range(self.step..end, &kept);
            self.shift_raw(kept.len() as isize - (end - self.step) as isize);
        }
    }

    fn shift_raw(&mut self, by: isize) {
        if let LastStep::Free { raw: Some(raw), .. } = &mut self.last {
            *raw = raw.saturating_add_signed(by);
        }
    }

    /// Where the parameters that are kept in order end: before the comma of raw text, or at the end.
    fn end_of_sorted(&self) -> usize {
        match self.last {
            LastStep::Free { raw: Some(raw), .. } => self.step + raw.saturating_sub(1),
            _ => self.text.len(),
        }
    }

    /// Where a parameter with this key goes: an empty range to insert at, or the range to replace.
    fn place(&self, key: &str) -> (usize, usize, bool) {
        let end = self.end_of_sorted();
        let Some(step) = self.text.get(self.step..end).filter(|step| !step.is_empty()) else {
            return (self.step.min(self.text.len()), self.step.min(self.text.len()), false);
        };
        let mut at = self.step;
        let rank = Rank::of_key(key);
        for param in step.as_bytes().split(|byte| *byte == b',') {
            match Rank::of(param).cmp(&rank).then_with(|| compare_keys(param, key, &rank)) {
                std::cmp::Ordering::Less => at += param.len() + 1,
                std::cmp::Ordering::Equal => return (at, at + param.len(), true),
                std::cmp::Ordering::Greater => return (at, at, false),
            }
        }
        (end, end, false)
    }
}

/// The sections of a step, in order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Condition,
    Variable,
    Parameter,
}

impl Rank {
    fn of(param: &[u8]) -> Self {
        match param {
            [b'i', b'f', b'_', ..] => Self::Condition,
            [b'$', ..] => Self::Variable,
            _ => Self::Parameter,
        }
    }

    fn of_key(key: &str) -> Self {
        match key.as_bytes() {
            b"if" => Self::Condition,
            [b'$', ..] => Self::Variable,
            _ => Self::Parameter,
        }
    }
}

/// Compares a written parameter with `{key}_`; equal when it has that very key. Variables keep the order they are set
/// in, since one may be made from another.
fn compare_keys(param: &[u8], key: &str, rank: &Rank) -> std::cmp::Ordering {
    let start = param.get(..key.len()).unwrap_or(param);
    match start.cmp(key.as_bytes()).then_with(|| param.get(key.len()).cmp(&Some(&b'_'))) {
        std::cmp::Ordering::Greater if *rank == Rank::Variable => std::cmp::Ordering::Less,
        ordering => ordering,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

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
                    0 => made.set(key, [&value]),
                    _ => made.set(key, [&value[..1], &value[1..]]),
                }
                expected.insert(key, value);
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
            let mut made: Transformation = text.parse().unwrap();
            made.put_raw("x_raw,w_z");
            made.set(Key::Width, ["b"]);
            made.set(Key::Crop, ["a"]);
            assert_eq!(made.as_str(), expected);
        }
    }
}
