//! Columns of the app that hold assets.

use std::fmt;

use cloudinary_core::AssetRef;

use super::database::{Bound, Pairs};
use super::{AttachmentsDatabase, key_of};
use crate::error::Error;
use crate::field;

/// A column of the app that holds assets, as a [`CloudinaryField`](crate::CloudinaryField) or, with
/// [`json`](Self::json), a [`CloudinaryImage`](crate::CloudinaryImage) does.
///
/// The names go into statements, quoted: give them as the database knows them. A table can be named with its schema, as
/// `shop.photo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    table: String,
    key: String,
    field: String,
    json: bool,
}

impl TableColumn {
    /// A table, its primary key and the column. Its rows are attached with `Owner::new(table, key's value, field)`.
    pub fn new(table: impl Into<String>, key: impl Into<String>, field: impl Into<String>) -> Self {
        Self { table: table.into(), key: key.into(), field: field.into(), json: false }
    }

    /// A JSON column.
    pub fn json(mut self) -> Self {
        self.json = true;
        self
    }

    /// The table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The column.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// All rows that hold something: their keys, and the values, where there are any to read.
    pub(super) async fn rows<DB: AttachmentsDatabase>(&self, connection: &mut DB::Connection) -> Result<Pairs, Error> {
        let key = self.filled::<DB>(DB::STATEMENTS.key, &self.key);
        let condition = format!("{} IS NOT NULL", self.quoted::<DB>(&self.field));
        self.read::<DB>(connection, &key, &condition, Vec::new()).await
    }

    /// All values. The keys are left alone: they need not be of a kind that can be read.
    pub(super) async fn values<DB: AttachmentsDatabase>(
        &self,
        connection: &mut DB::Connection,
    ) -> Result<Vec<String>, Error> {
        let condition = format!("{} IS NOT NULL", self.quoted::<DB>(&self.field));
        let rows = self.read::<DB>(connection, "''", &condition, Vec::new()).await?;
        Ok(rows.into_iter().filter_map(|(_, value)| value).collect())
    }

    /// Whether a row holds the asset, whatever version and format it says.
    pub(super) async fn holds<DB: AttachmentsDatabase>(
        &self,
        connection: &mut DB::Connection,
        asset: &AssetRef,
    ) -> Result<bool, Error> {
        let value = self.value::<DB>();
        let (before, after) = DB::STATEMENTS.like;
        let patterns = patterns(&asset.public_id);
        let condition: Vec<String> = (1..=patterns.len()).map(|n| format!("{value}{before}?{n}{after}")).collect();
        let patterns = patterns.iter().map(|pattern| pattern.as_str().into()).collect();
        let rows = self.read::<DB>(connection, "''", &condition.join(" OR "), patterns).await?;
        // Databases differ on which letters are like which; assets are what they are byte by byte.
        let key = key_of(asset);
        Ok(rows.iter().any(|(_, value)| value.as_deref().is_some_and(|value| holds_key(value, &key))))
    }

    async fn read<DB: AttachmentsDatabase>(
        &self,
        connection: &mut DB::Connection,
        key: &str,
        condition: &str,
        values: Vec<Bound>,
    ) -> Result<Pairs, Error> {
        let (value, table) = (self.value::<DB>(), self.quoted::<DB>(&self.table));
        let statement = format!("SELECT {key}, {value} FROM {table} WHERE {condition}");
        DB::pairs(connection, statement, values).await.map_err(|error| Error::app_column(self, error))
    }

    fn value<DB: AttachmentsDatabase>(&self) -> String {
        self.filled::<DB>(if self.json { DB::STATEMENTS.json_image } else { DB::STATEMENTS.text }, &self.field)
    }

    fn filled<DB: AttachmentsDatabase>(&self, template: &str, name: &str) -> String {
        template.replace("{}", &self.quoted::<DB>(name))
    }

    #[allow(clippy::unused_self)]
    fn quoted<DB: AttachmentsDatabase>(&self, name: &str) -> String {
        let quote = DB::STATEMENTS.quote;
        let parts: Vec<String> = name
            .split('.')
            .map(|part| format!("{quote}{}{quote}", part.replace(quote, &format!("{quote}{quote}"))))
            .collect();
        parts.join(".")
    }
}

impl fmt::Display for TableColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.table, self.field)
    }
}

fn holds_key(value: &str, key: &str) -> bool {
    field::read(value).is_ok_and(|asset| key_of(&asset) == key)
}

/// What `LIKE` finds a public id by: with and without what may stand before it (types, version) and after it (a format).
fn patterns(public_id: &str) -> [String; 4] {
    let mut id = String::with_capacity(public_id.len());
    for c in public_id.chars() {
        if matches!(c, '%' | '_' | '!') {
            id.push('!');
        }
        id.push(c);
    }
    [format!("%/{id}"), format!("%/{id}.%"), format!("{id}.%"), id]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_asset_is_found_by() {
        assert_eq!(patterns("50%_a!"), ["%/50!%!_a!!", "%/50!%!_a!!.%", "50!%!_a!!.%", "50!%!_a!!"]);
    }

    #[test]
    fn values_of_an_asset() {
        for (value, holds) in [
            ("a", true),
            ("v1/a.jpg", true),
            ("image/upload/v2/a", true),
            ("image/upload/a.png", true),
            ("image/upload/v1/A.jpg", false),
            ("image/upload/v1/b/a.jpg", false),
            ("raw/upload/v1/a", false),
            ("image/private/v1/a.jpg", false),
            ("", false),
        ] {
            assert_eq!(holds_key(value, "image/upload/a"), holds, "{value}");
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn names_are_quoted() {
        let column = TableColumn::new("shop.pho\"to", "id", "image");
        assert_eq!(column.quoted::<sqlx::Sqlite>(&column.table), "\"shop\".\"pho\"\"to\"");
        assert_eq!(
            column.json().value::<sqlx::Sqlite>(),
            "CAST(CASE WHEN json_valid(\"image\") THEN json_extract(\"image\", '$.image') END AS TEXT)"
        );
    }
}
