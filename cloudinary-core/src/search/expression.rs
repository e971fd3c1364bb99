//! What is searched for.

use std::fmt;
use std::ops::Not;

use crate::error::{Error, Result};

/// What is searched for: a condition on fields, or several joined.
///
/// Built from [`field`](super::field), values are escaped, so that what a visitor typed stays a value. A plain text is
/// taken as it is, in the service's own language. An empty expression finds everything.
///
/// ```
/// use cloudinary_core::search::{Expression, field};
/// let expression = field("tags").is("cat").or(field("tags").is("long hair")).and(!field("width").under(100));
/// assert_eq!(expression.to_string(), r#"(tags=cat OR tags="long hair") AND NOT width<100"#);
/// let plain: Expression = "resource_type:image AND tags=kitten".into();
/// assert_eq!(plain.to_string(), "resource_type:image AND tags=kitten");
/// ```
///
/// Follows <https://cloudinary.com/documentation/search_expressions>.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    text: String,
    shape: Shape,
    invalid: Option<Box<Invalid>>,
}

/// How tightly the parts hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Single,
    Not,
    And,
    Or,
    /// Somebody's own text.
    Plain,
}

/// The first value that can never work.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Invalid {
    pub(super) parameter: String,
    pub(super) value: String,
    pub(super) remedy: &'static str,
}

impl Expression {
    pub(super) fn single(text: String, invalid: Option<Invalid>) -> Self {
        Self { text, shape: Shape::Single, invalid: invalid.map(Box::new) }
    }

    /// Both.
    pub fn and(self, other: impl Into<Self>) -> Self {
        self.joined(Shape::And, " AND ", other.into())
    }

    /// Either, or both.
    pub fn or(self, other: impl Into<Self>) -> Self {
        self.joined(Shape::Or, " OR ", other.into())
    }

    /// All of these; of none, everything.
    pub fn all(expressions: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        expressions.into_iter().map(Into::into).reduce(Self::and).unwrap_or_default()
    }

    /// At least one of these. One of none is nothing, which no search can ask for: [`Expression::check`] reports it.
    pub fn any(expressions: impl IntoIterator<Item = impl Into<Self>>) -> Self {
        expressions.into_iter().map(Into::into).reduce(Self::or).unwrap_or_else(|| {
            let remedy = "name at least one; without any condition it would find everything";
            let nothing = Invalid { parameter: "expression".to_owned(), value: "OR".to_owned(), remedy };
            Self { invalid: Some(Box::new(nothing)), ..Self::default() }
        })
    }

    /// Reports the first value that can never work.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], naming the field and the value.
    pub fn check(&self) -> Result<()> {
        match &self.invalid {
            Some(invalid) => Err(Error::invalid(&invalid.parameter, &invalid.value, invalid.remedy)),
            None => Ok(()),
        }
    }

    fn joined(self, shape: Shape, word: &str, other: Self) -> Self {
        if self.text.is_empty() || other.text.is_empty() {
            // Everything, and something: the one that says something. An alternative to everything is everything.
            let invalid = self.invalid.clone().or_else(|| other.invalid.clone());
            let rest = if shape == Shape::Or {
                Self::default()
            } else if self.text.is_empty() {
                other
            } else {
                self
            };
            return Self { invalid, ..rest };
        }
        let text = format!("{}{word}{}", self.inside(shape), other.inside(shape));
        Self { text, shape, invalid: self.invalid.or(other.invalid) }
    }

    /// With parentheses where it would fall apart inside another.
    fn inside(&self, outer: Shape) -> String {
        match self.shape {
            Shape::Single | Shape::Not => self.text.clone(),
            shape if shape == outer => self.text.clone(),
            Shape::And | Shape::Or | Shape::Plain => format!("({})", self.text),
        }
    }
}

impl Not for Expression {
    type Output = Self;

    /// Everything but these. The opposite of everything is an error, since no search finds nothing.
    fn not(self) -> Self {
        let nothing = || Invalid {
            parameter: "expression".to_owned(),
            value: "NOT".to_owned(),
            remedy: "name what is not to be found",
        };
        let invalid = self.invalid.clone().or_else(|| self.text.is_empty().then(|| Box::new(nothing())));
        let inside = match self.shape {
            Shape::Single => self.text,
            _ => format!("({})", self.text),
        };
        Self { text: format!("NOT {inside}"), shape: Shape::Not, invalid }
    }
}

impl Default for Expression {
    /// Everything.
    fn default() -> Self {
        Self { text: String::new(), shape: Shape::Plain, invalid: None }
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Self {
        Self { text, shape: Shape::Plain, invalid: None }
    }
}

impl From<&Self> for Expression {
    fn from(expression: &Self) -> Self {
        expression.clone()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::field;
    use super::*;

    #[test]
    fn joined() {
        let [a, b, c] = ["a", "b", "c"].map(|name| field(name).is(1));
        let plain = || Expression::from("x OR y");
        for (expression, expected) in [
            (a.clone().and(b.clone()).and(c.clone()), "a=1 AND b=1 AND c=1"),
            (a.clone().and(b.clone()).or(c.clone()), "(a=1 AND b=1) OR c=1"),
            (a.clone().and(b.clone().or(c.clone())), "a=1 AND (b=1 OR c=1)"),
            (!a.clone(), "NOT a=1"),
            (!!a.clone(), "NOT (NOT a=1)"),
            (!(a.clone().or(b.clone())), "NOT (a=1 OR b=1)"),
            ((!a.clone()).and(b.clone()), "NOT a=1 AND b=1"),
            (plain().and(a.clone()), "(x OR y) AND a=1"),
            (!plain(), "NOT (x OR y)"),
            (plain(), "x OR y"),
            (Expression::default().and(a.clone()), "a=1"),
            (a.clone().and(""), "a=1"),
            (a.clone().or(""), ""),
            (Expression::all([&a, &b, &c]), "a=1 AND b=1 AND c=1"),
            (Expression::any([&a, &b]), "a=1 OR b=1"),
            (Expression::all([""; 0]), ""),
        ] {
            assert_eq!(expression.to_string(), expected);
            expression.check().unwrap();
        }
        let nothing = || Expression::any([""; 0]);
        for invalid in [!Expression::default(), nothing(), nothing().or(a.clone()), a.and(nothing()), !nothing()] {
            assert!(invalid.check().is_err(), "{invalid}");
        }
    }
}
