//! Which row, and which of its columns, holds an asset.

use std::fmt;

use serde::Serialize;

use crate::error::Error;

/// The most bytes of a table's or a column's name.
pub const MAX_NAME_BYTES: usize = 64;
/// The most bytes of a row's key.
pub const MAX_KEY_BYTES: usize = 128;

/// A row's column that holds an asset: the table, the row's key as text, and the column.
///
/// ```
/// use cloudinary_sqlx::attachments::Owner;
/// assert_eq!(Owner::new("photo", 42, "image")?.to_string(), "photo/42/image");
/// # Ok::<(), cloudinary_sqlx::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Owner {
    table: String,
    key: String,
    field: String,
}

impl Owner {
    /// A table, a row's key and a column. What a key is turned into must be what the database makes of it as text: numbers
    /// and UUIDs in lower case do.
    ///
    /// # Errors
    /// [`Error::Owner`] for a part that is empty, too long, or has spaces around it or control characters.
    #[allow(clippy::needless_pass_by_value)] // `Owner::new("photo", 42, "image")` reads better.
    pub fn new(table: impl Into<String>, key: impl ToString, field: impl Into<String>) -> Result<Self, Error> {
        let owner = Self { table: table.into(), key: key.to_string(), field: field.into() };
        for (part, value, limit) in [
            ("table", &owner.table, MAX_NAME_BYTES),
            ("key", &owner.key, MAX_KEY_BYTES),
            ("field", &owner.field, MAX_NAME_BYTES),
        ] {
            // Databases disagree on whether spaces at the end count.
            let plain = value.trim() == value && !value.chars().any(char::is_control);
            if value.is_empty() || value.len() > limit || !plain {
                return Err(Error::Owner { part, value: value.chars().take(80).collect(), limit });
            }
        }
        Ok(owner)
    }

    /// The table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The row's key, as text.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The column.
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.table, self.key, self.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        for (table, key, field, wrong) in [
            ("photo", "42", "image", None),
            ("photo", "a b", "image", None),
            ("", "42", "image", Some("table")),
            ("photo", "", "image", Some("key")),
            ("photo", "42 ", "image", Some("key")),
            ("photo", "4\n2", "image", Some("key")),
            ("photo", "42", &"x".repeat(65), Some("field")),
        ] {
            match (Owner::new(table, key, field), wrong) {
                (Ok(_), None) => {}
                (Err(Error::Owner { part, .. }), Some(expected)) => assert_eq!(part, expected),
                (result, _) => panic!("{table}/{key}/{field}: {result:?}"),
            }
        }
    }
}
