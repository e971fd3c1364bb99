//! Conditions on fields, and the values in them.

use std::fmt::Write as _;

use super::expression::{Expression, Invalid};
use crate::transformation::Value;

/// Words that join conditions, and are quoted where they are meant as values.
const WORDS: [&str; 4] = ["AND", "OR", "NOT", "TO"];

/// A field of stored assets, as `tags`, `bytes`, `context.alt` or `metadata.sku`: the beginning of a condition.
///
/// The fields there are: <https://cloudinary.com/documentation/search_expressions#expression_fields>.
///
/// ```
/// use cloudinary_core::search::{Ago, field};
/// for (condition, text) in [
///     (field("tags").is("summer"), "tags=summer"),
///     (field("context.alt").has("the \"beach\" *"), r#"context.alt:"the \"beach\" \*""#),
///     (field("public_id").starts_with("albums/"), "public_id:albums/*"),
///     (field("bytes").at_least(1_000_000), "bytes>=1000000"),
///     (field("width").between(100, 200), "width:[100 TO 200]"),
///     (field("created_at").over(Ago::weeks(2)), "created_at>2w"),
/// ] {
///     assert_eq!(condition.to_string(), text);
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use = "it is the beginning of a condition"]
pub struct Field {
    name: String,
    invalid: Option<Invalid>,
}

/// A condition on the field with this name begins here.
pub fn field(name: impl AsRef<str>) -> Field {
    let name = name.as_ref();
    let mut escaped = String::new();
    push_bare(&mut escaped, name, false);
    let invalid = name.is_empty().then(|| Invalid {
        parameter: "expression".to_owned(),
        value: String::new(),
        remedy: "name a field, as tags",
    });
    Field { name: escaped, invalid }
}

/// Assets that have this text in any field.
pub fn any_field(text: impl Into<Term>) -> Expression {
    let (text, invalid) = written("expression", text.into());
    Expression::single(text, invalid)
}

impl Field {
    /// It is exactly this.
    pub fn is(self, value: impl Into<Term>) -> Expression {
        self.compared("=", value)
    }

    /// It has these words, or is this number or time.
    pub fn has(self, value: impl Into<Term>) -> Expression {
        self.compared(":", value)
    }

    /// It begins with this.
    pub fn starts_with(self, text: impl AsRef<str>) -> Expression {
        let mut pattern = String::new();
        push_bare(&mut pattern, text.as_ref(), false);
        pattern.push('*');
        self.expression(":", &pattern, None)
    }

    /// It is like this pattern, in which `*` stands for any characters.
    pub fn like(self, pattern: impl AsRef<str>) -> Expression {
        let mut text = String::new();
        push_bare(&mut text, pattern.as_ref(), true);
        let invalid = self.refused(text.is_empty(), "", "give a pattern");
        self.expression(":", &text, invalid)
    }

    /// It is more, or later.
    pub fn over(self, value: impl Into<Term>) -> Expression {
        self.compared(">", value)
    }

    /// It is this or more, or later.
    pub fn at_least(self, value: impl Into<Term>) -> Expression {
        self.compared(">=", value)
    }

    /// It is less, or earlier.
    pub fn under(self, value: impl Into<Term>) -> Expression {
        self.compared("<", value)
    }

    /// It is this or less, or earlier.
    pub fn at_most(self, value: impl Into<Term>) -> Expression {
        self.compared("<=", value)
    }

    /// It is one of these, or between them.
    pub fn between(self, first: impl Into<Term>, last: impl Into<Term>) -> Expression {
        self.range("[", first.into(), last.into(), "]")
    }

    /// It is between these, and none of them.
    pub fn strictly_between(self, first: impl Into<Term>, last: impl Into<Term>) -> Expression {
        self.range("{", first.into(), last.into(), "}")
    }

    fn range(self, open: &str, first: Term, last: Term, close: &str) -> Expression {
        let (first, bad_first) = written(&self.name, first);
        let (last, bad_last) = written(&self.name, last);
        self.expression(":", &format!("{open}{first} TO {last}{close}"), bad_first.or(bad_last))
    }

    fn compared(self, operator: &str, value: impl Into<Term>) -> Expression {
        let (text, invalid) = written(&self.name, value.into());
        self.expression(operator, &text, invalid)
    }

    fn expression(self, operator: &str, value: &str, invalid: Option<Invalid>) -> Expression {
        Expression::single(format!("{}{operator}{value}", self.name), self.invalid.or(invalid))
    }

    fn refused(&self, is_bad: bool, value: &str, remedy: &'static str) -> Option<Invalid> {
        is_bad.then(|| Invalid { parameter: self.name.clone(), value: value.to_owned(), remedy })
    }
}

/// A value that a field is compared with: a text, a number, or a time [`Ago`]. A text may be a time, as
/// `2026-01-31T12:00:00Z`.
#[derive(Debug, Clone, PartialEq)]
pub struct Term(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Text(String),
    Number(f64),
    /// As it stands.
    Exact(String),
}

/// A time before now.
///
/// ```
/// use cloudinary_core::search::{Ago, field};
/// assert_eq!(field("uploaded_at").between(Ago::days(3), Ago::hours(12)).to_string(), "uploaded_at:[3d TO 12h]");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ago {
    count: u32,
    unit: char,
}

impl Ago {
    /// So many hours ago.
    pub fn hours(count: u32) -> Self {
        Self { count, unit: 'h' }
    }

    /// So many days ago.
    pub fn days(count: u32) -> Self {
        Self { count, unit: 'd' }
    }

    /// So many weeks ago.
    pub fn weeks(count: u32) -> Self {
        Self { count, unit: 'w' }
    }

    /// So many months ago.
    pub fn months(count: u32) -> Self {
        Self { count, unit: 'm' }
    }

    /// So many years ago.
    pub fn years(count: u32) -> Self {
        Self { count, unit: 'y' }
    }
}

impl From<Ago> for Term {
    fn from(Ago { count, unit }: Ago) -> Self {
        Self(Kind::Exact(format!("{count}{unit}")))
    }
}

impl From<&str> for Term {
    fn from(text: &str) -> Self {
        Self(Kind::Text(text.to_owned()))
    }
}

impl From<String> for Term {
    fn from(text: String) -> Self {
        Self(Kind::Text(text))
    }
}

impl From<&String> for Term {
    fn from(text: &String) -> Self {
        Self(Kind::Text(text.clone()))
    }
}

impl From<f64> for Term {
    fn from(number: f64) -> Self {
        Self(Kind::Number(number))
    }
}

impl From<bool> for Term {
    fn from(value: bool) -> Self {
        Self(Kind::Exact(value.to_string()))
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl From<$type> for Term {
            fn from(number: $type) -> Self {
                Self(Kind::Exact(number.to_string()))
            }
        }
    )*};
}

integers!(u32, i32, u64, i64, usize);

/// A value as it stands in an expression.
fn written(field: &str, term: Term) -> (String, Option<Invalid>) {
    let refused = |value: String, remedy| Some(Invalid { parameter: field.to_owned(), value, remedy });
    match term.0 {
        Kind::Number(number) if !number.is_finite() => {
            (String::new(), refused(number.to_string(), "give a finite number"))
        }
        Kind::Number(number) => (Value::from(number).with_str(str::to_owned), None),
        Kind::Exact(text) => (text, None),
        Kind::Text(text) if text.is_empty() => (String::new(), refused(text, "give a value")),
        Kind::Text(text) if is_word(&text) => (text, None),
        Kind::Text(text) => {
            let mut quoted = String::from('"');
            for c in text.chars() {
                // A backslash too, or a value that ends with one would end behind its quote.
                if matches!(c, '"' | '*' | '\\') {
                    quoted.push('\\');
                }
                quoted.push(c);
            }
            quoted.push('"');
            (quoted, None)
        }
    }
}

/// Whether a text can stand without quotes, in every place.
fn is_word(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-/".contains(&b))
        && !text.starts_with(['-', '/'])
        && !WORDS.contains(&text)
}

/// A text that cannot be quoted: what would mean something is escaped, but for wildcards if they are meant.
fn push_bare(out: &mut String, text: &str, wildcards: bool) {
    for (at, c) in text.char_indices() {
        let plain =
            c.is_alphanumeric() || matches!(c, '_' | '.' | '/') || (c == '-' && at > 0) || (c == '*' && wildcards);
        // Writing to a string cannot fail.
        let _ = if plain { write!(out, "{c}") } else { write!(out, "\\{c}") };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (value, expected) in [
            (Term::from("summer"), "t=summer"),
            (Term::from("a-b_c.d/e"), "t=a-b_c.d/e"),
            (Term::from("long pants"), "t=\"long pants\""),
            (Term::from("16:9"), "t=\"16:9\""),
            (Term::from("-x"), "t=\"-x\""),
            (Term::from("OR"), "t=\"OR\""),
            (Term::from("ü"), "t=\"ü\""),
            (Term::from("x\" OR \"y"), r#"t="x\" OR \"y""#),
            (Term::from("x\\"), r#"t="x\\""#),
            (Term::from("*"), r#"t="\*""#),
            (Term::from("x) OR (y"), "t=\"x) OR (y\""),
            (Term::from(7), "t=7"),
            (Term::from(-7), "t=-7"),
            (Term::from(0.5), "t=0.5"),
            (Term::from(true), "t=true"),
            (Term::from("2026-01-31T12:00:00Z"), "t=\"2026-01-31T12:00:00Z\""),
            (Ago::months(1).into(), "t=1m"),
            (Ago::years(2).into(), "t=2y"),
        ] {
            let expression = field("t").is(value);
            assert_eq!(expression.to_string(), expected);
            expression.check().unwrap();
        }
    }

    #[test]
    fn conditions() {
        for (expression, expected) in [
            (field("a").has("b"), "a:b"),
            (field("a").under(5), "a<5"),
            (field("a").at_most(5), "a<=5"),
            (field("a").strictly_between(1, 0.5), "a:{1 TO 0.5}"),
            (field("a").starts_with("x y*("), r"a:x\ y\*\(*"),
            (field("a").starts_with(""), "a:*"),
            (field("a").like("sh*rt:"), r"a:sh*rt\:"),
            (field("context.a key").is("x"), r"context.a\ key=x"),
            (any_field("long pants"), "\"long pants\""),
        ] {
            assert_eq!(expression.to_string(), expected);
            expression.check().unwrap();
        }
    }

    #[test]
    fn refused() {
        for (expression, expected) in [
            (field("width").over(f64::NAN), "width: \"NaN\" cannot be used; give a finite number"),
            (field("tags").is(""), "tags: \"\" cannot be used; give a value"),
            (field("tags").like(""), "tags: \"\" cannot be used; give a pattern"),
            (field("").is("x"), "expression: \"\" cannot be used; name a field, as tags"),
            (
                field("a").is(1).and(!field("b").between(f64::INFINITY, 1)),
                "b: \"inf\" cannot be used; give a finite number",
            ),
        ] {
            assert_eq!(expression.check().unwrap_err().to_string(), expected);
        }
    }
}
