//! An expression made ready: each term is what its field can be held against.

use super::{
    expression::{Expression, Term, Test, Word, fault},
    value::{self, Moment},
};
use crate::http::ApiError;

/// What a field holds, and so how it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// Words: `:` looks for some of them, `=` for all.
    Text,
    /// A name of its own, never looked into.
    Name,
    Number,
    Bytes,
    Ratio,
    Time,
    /// What a metadata field holds is told by the value: a number, a date or a text.
    Any,
}

/// What an asset has in a field.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Held {
    Text(String),
    Number(f64),
}

/// Something that can be searched.
pub(super) trait Record {
    /// What it has in a field: nothing, one thing or many.
    fn held(&self, field: &str) -> Vec<Held>;

    /// All its texts, for words that name no field.
    fn texts(&self) -> Vec<String>;
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    All,
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    /// Any text has it.
    Somewhere(Wanted),
    Field(String, Wanted),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    /// Some words of a text.
    Words(Pattern),
    /// A whole text.
    Whole(Pattern),
    Span {
        from: f64,
        with_from: bool,
        to: f64,
        with_to: bool,
    },
    /// A value of a type that only what is there can tell.
    Either(Box<Wanted>, Box<Wanted>),
}

/// In lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    text: String,
    prefix: bool,
}

/// The fields that can be searched, by name.
pub(super) type Kinds = dyn Fn(&str) -> Option<FieldKind>;

impl Condition {
    /// Refuses fields and values that cannot be compared, by name. `now` is in Unix seconds.
    pub(super) fn of(expression: Expression, kinds: &Kinds, now: i64) -> Result<Self, ApiError> {
        let all = |parts: Vec<Expression>| {
            parts.into_iter().map(|part| Self::of(part, kinds, now)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match expression {
            Expression::All => Self::All,
            Expression::And(parts) => Self::And(all(parts)?),
            Expression::Or(parts) => Self::Or(all(parts)?),
            Expression::Not(part) => Self::Not(Box::new(Self::of(*part, kinds, now)?)),
            Expression::Term(Term { field: None, test: Test::Has(word) | Test::Is(word), .. }) => {
                Self::Somewhere(Wanted::Words(pattern(&word)))
            }
            Expression::Term(Term { field: None, at, .. }) => return Err(fault(at, "a field is missing")),
            Expression::Term(Term { field: Some(field), test, at }) => {
                let kind = kinds(&field).ok_or_else(|| fault(at, format_args!("field {field} cannot be searched")))?;
                let wanted = wanted(kind, test, now).map_err(|reason| fault(at, format_args!("{field}: {reason}")))?;
                Self::Field(field, wanted)
            }
        })
    }

    pub(super) fn matches(&self, record: &impl Record) -> bool {
        match self {
            Self::All => true,
            Self::And(parts) => parts.iter().all(|part| part.matches(record)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(record)),
            Self::Not(part) => !part.matches(record),
            Self::Somewhere(wanted) => record.texts().into_iter().any(|text| wanted.matches(&Held::Text(text))),
            Self::Field(field, wanted) => record.held(field).iter().any(|held| wanted.matches(held)),
        }
    }
}

impl Wanted {
    fn matches(&self, held: &Held) -> bool {
        match (self, held) {
            (Self::Words(pattern), Held::Text(text)) => pattern.is_in(&text.to_lowercase()),
            (Self::Whole(pattern), Held::Text(text)) => pattern.is_whole(&text.to_lowercase()),
            (Self::Words(pattern) | Self::Whole(pattern), Held::Number(number)) => {
                pattern.is_whole(&number.to_string())
            }
            (Self::Span { from, with_from, to, with_to }, Held::Number(number)) => {
                (number > from || *with_from && number >= from) && (number < to || *with_to && number <= to)
            }
            (Self::Span { .. }, Held::Text(_)) => false,
            (Self::Either(one, other), held) => one.matches(held) || other.matches(held),
        }
    }
}

impl Pattern {
    fn is_whole(&self, text: &str) -> bool {
        if self.prefix { text.starts_with(&self.text) } else { text == self.text }
    }

    /// Whether the text has these words one after the other; of the last one the beginning may do.
    fn is_in(&self, text: &str) -> bool {
        if self.is_whole(text) {
            return true;
        }
        let words = |text: &str| -> Vec<String> {
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let (there, wanted) = (words(text), words(&self.text));
        let Some((last, first)) = wanted.split_last() else { return false };
        there.windows(wanted.len()).any(|window| {
            window.split_last().is_some_and(|(end, begin)| {
                begin == first && (end == last || self.prefix && end.starts_with(last.as_str()))
            })
        })
    }
}

fn pattern(word: &Word) -> Pattern {
    Pattern { text: word.text.to_lowercase(), prefix: word.prefix }
}

fn wanted(kind: FieldKind, test: Test, now: i64) -> Result<Wanted, String> {
    match kind {
        FieldKind::Text | FieldKind::Name => match test {
            Test::Has(word) if kind == FieldKind::Text => Ok(Wanted::Words(pattern(&word))),
            Test::Has(word) | Test::Is(word) => Ok(Wanted::Whole(pattern(&word))),
            _ => Err("texts are not greater or less".to_owned()),
        },
        FieldKind::Number => span(test, &|text| value::number(text).map(|number| (number, number))),
        FieldKind::Bytes => span(test, &|text| value::bytes(text).map(|number| (number, number))),
        // Sides are whole pixels, so ratios are never quite what they are called.
        FieldKind::Ratio => span(test, &|text| value::ratio(text).map(|ratio| (ratio - 0.01, ratio + 0.01))),
        FieldKind::Time => times(test, now),
        FieldKind::Any => match &test {
            Test::Has(word) | Test::Is(word) => {
                let text = wanted(FieldKind::Text, test.clone(), now)?;
                let (number, date) = (wanted(FieldKind::Number, test.clone(), now), times(test.clone(), now));
                // A date that was written whole; `5d` and the like are texts or numbers.
                let date = date.ok().filter(|_| word.text.contains('-'));
                Ok(match number.ok().or(date) {
                    Some(other) => Wanted::Either(Box::new(text), Box::new(other)),
                    None => text,
                })
            }
            _ => wanted(FieldKind::Number, test.clone(), now).or_else(|_| times(test, now)),
        },
    }
}

/// Of numbers: what a value reaches from and to.
fn span(test: Test, read: &dyn Fn(&str) -> Option<(f64, f64)>) -> Result<Wanted, String> {
    let number = |text: &str| read(text).ok_or_else(|| format!("{text} is no number"));
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    Ok(match test {
        Test::Has(word) | Test::Is(word) if word.prefix && word.text.is_empty() => {
            Wanted::Span { from: low, with_from: true, to: high, with_to: true }
        }
        Test::Has(word) | Test::Is(word) if word.prefix => return Err("numbers do not begin with a text".to_owned()),
        Test::Has(word) | Test::Is(word) => {
            let (from, to) = number(&word.text)?;
            Wanted::Span { from, with_from: true, to, with_to: true }
        }
        Test::More { than, or_equal } => {
            let (first, last) = number(&than)?;
            Wanted::Span { from: if or_equal { first } else { last }, with_from: or_equal, to: high, with_to: true }
        }
        Test::Less { than, or_equal } => {
            let (first, last) = number(&than)?;
            Wanted::Span { from: low, with_from: true, to: if or_equal { last } else { first }, with_to: or_equal }
        }
        Test::Between { from, with_from, to, with_to } => {
            let from = from.map(|text| number(&text)).transpose()?;
            let to = to.map(|text| number(&text)).transpose()?;
            Wanted::Span {
                from: from.map_or(low, |(first, last)| if with_from { first } else { last }),
                with_from,
                to: to.map_or(high, |(first, last)| if with_to { last } else { first }),
                with_to,
            }
        }
    })
}

/// Of times: a day is all of it, and `created_at:1d` is since then.
fn times(test: Test, now: i64) -> Result<Wanted, String> {
    let moment = |text: &str| value::moment(text, now).ok_or_else(|| format!("{text} is no time"));
    let since = |from: i64| Wanted::Span { from: from as f64, with_from: true, to: f64::INFINITY, with_to: true };
    if let Test::Has(word) | Test::Is(word) = &test {
        if word.prefix {
            return if word.text.is_empty() { Ok(since(i64::MIN)) } else { Err("a time has no *".to_owned()) };
        }
        let Moment { begins, relative, .. } = moment(&word.text)?;
        if relative {
            return Ok(since(begins));
        }
    }
    // The last second of a moment, so that `<=` has all of a day.
    span(test, &|text| moment(text).ok().map(|moment| (moment.begins as f64, (moment.ends - 1) as f64)))
        .map_err(|reason| reason.replace("no number", "no time"))
}

#[cfg(test)]
mod tests {
    use super::{super::expression::parse, *};

    const NOW: i64 = 1_000_000;

    struct Cat;

    impl Record for Cat {
        fn held(&self, field: &str) -> Vec<Held> {
            let text = |text: &str| Held::Text(text.to_owned());
            match field {
                "tags" => vec![text("red Shirt"), text("summer")],
                "public_id" => vec![text("animals/big_cat-1")],
                "folder" => vec![text("animals/wild")],
                "bytes" => vec![Held::Number(2048.0)],
                "width" => vec![Held::Number(100.0)],
                "aspect_ratio" => vec![Held::Number(1.776)],
                "created_at" => vec![Held::Number(90_000.0)],
                "metadata.n" => vec![Held::Number(7.0)],
                "metadata.s" => vec![text("deep blue")],
                _ => Vec::new(),
            }
        }

        fn texts(&self) -> Vec<String> {
            vec!["red Shirt".to_owned(), "animals/big_cat-1".to_owned()]
        }
    }

    fn kinds(name: &str) -> Option<FieldKind> {
        Some(match name {
            "tags" | "public_id" | "empty" => FieldKind::Text,
            "folder" => FieldKind::Name,
            "bytes" => FieldKind::Bytes,
            "width" => FieldKind::Number,
            "aspect_ratio" => FieldKind::Ratio,
            "created_at" => FieldKind::Time,
            name if name.starts_with("metadata.") => FieldKind::Any,
            _ => return None,
        })
    }

    fn condition(text: &str) -> Result<Condition, ApiError> {
        Condition::of(parse(text)?, &kinds, NOW)
    }

    #[test]
    fn what_matches() {
        let table = [
            ("", true),
            ("shirt", true),
            ("trousers", false),
            ("cat", true),
            ("tags:shirt", true),
            ("tags:red*", true),
            ("tags:shi*", true),
            ("tags:\"red shirt\"", true),
            ("tags:\"shirt red\"", false),
            ("tags=shirt", false),
            ("tags=\"Red shirt\"", true),
            ("tags=sum*", true),
            ("tags:*", true),
            ("empty:*", false),
            ("public_id:cat", true),
            ("public_id=animals/big_cat-1", true),
            ("public_id=animals/*", true),
            ("public_id:animals/big_cat-1", true),
            ("folder:animals", false),
            ("folder:animals/*", true),
            ("folder:animals/wild", true),
            ("bytes:2kb", true),
            ("bytes>2kb", false),
            ("bytes>=2kb AND bytes<1mb", true),
            ("width:[100 TO 200]", true),
            ("width:{100 TO 200}", false),
            ("width:[* TO 99]", false),
            ("width:[50 TO *]", true),
            ("aspect_ratio=16:9", true),
            ("aspect_ratio:4:3", false),
            ("aspect_ratio>1.5", true),
            ("created_at:1970-01-02", true),
            ("created_at>1970-01-02", false),
            ("created_at<=1970-01-02", true),
            ("created_at<1970-01-02", false),
            ("created_at:[1970-01-01 TO 1970-01-02]", true),
            ("created_at:[1970-01-01 TO 1970-01-02}", false),
            ("created_at>1d", false),
            ("created_at<1d", true),
            ("created_at:1y", true),
            ("metadata.n:7", true),
            ("metadata.n>5 AND metadata.n<=7", true),
            ("metadata.s:blue", true),
            ("metadata.s=blue", false),
            ("NOT tags:summer", false),
            ("tags:winter OR width:100", true),
            ("tags:(winter OR summer)", true),
        ];
        for (text, expected) in table {
            assert_eq!(condition(text).map(|condition| condition.matches(&Cat)), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_named() {
        let table = [
            ("duration>5", "field duration cannot be searched"),
            ("tags>a", "tags: texts are not greater or less"),
            ("width:wide", "width: wide is no number"),
            ("width:1*", "width: numbers do not begin with a text"),
            ("bytes>1tb", "bytes: 1tb is no number"),
            ("created_at>soon", "created_at: soon is no time"),
        ];
        for (text, reason) in table {
            let message = condition(text).unwrap_err().message;
            assert_eq!(message, format!("Query Error (at position 1): {reason}"), "{text}");
        }
    }
}
