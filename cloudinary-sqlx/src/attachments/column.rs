//! Columns of the app that hold assets.

use std::fmt;

use cloudinary_core::{AssetRef, DeliveryType, ResourceType};

use super::AttachmentsDatabase;
use super::database::Bound;
use crate::error::Error;

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

    /// All rows that hold something: their keys, and the values.
    pub(super) async fn rows<DB: AttachmentsDatabase>(
        &self,
        connection: &mut DB::Connection,
    ) -> Result<Vec<(String, String)>, Error> {
        self.read::<DB>(connection, format!("{} IS NOT NULL", self.quoted::<DB>(&self.field)), Vec::new()).await
    }

    /// Whether a row holds the asset, in any of the forms its value may have.
    pub(super) async fn holds<DB: AttachmentsDatabase>(
        &self,
        connection: &mut DB::Connection,
        asset: &AssetRef,
    ) -> Result<bool, Error> {
        let values: Vec<Bound> = spellings(asset).iter().map(|value| value.as_str().into()).collect();
        let marks: Vec<String> = (1..=values.len()).map(|n| format!("?{n}")).collect();
        let condition = format!("{} IN ({})", self.value::<DB>(), marks.join(", "));
        Ok(!self.read::<DB>(connection, condition, values).await?.is_empty())
    }

    async fn read<DB: AttachmentsDatabase>(
        &self,
        connection: &mut DB::Connection,
        condition: String,
        values: Vec<Bound>,
    ) -> Result<Vec<(String, String)>, Error> {
        let (before, after) = DB::STATEMENTS.as_text;
        let statement = format!(
            "SELECT {before}{}{after}, {} FROM {} WHERE {condition}",
            self.quoted::<DB>(&self.key),
            self.value::<DB>(),
            self.quoted::<DB>(&self.table),
        );
        let rows = DB::pairs(connection, statement, values)
            .await
            .map_err(|error| Error::database("reading a column of the app that holds assets", error))?;
        Ok(rows.into_iter().filter_map(|(key, value)| Some((key?, value?))).collect())
    }

    fn value<DB: AttachmentsDatabase>(&self) -> String {
        let field = self.quoted::<DB>(&self.field);
        let (before, after) = DB::STATEMENTS.json_image;
        if self.json { format!("{before}{field}{after}") } else { field }
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

/// The values that name this asset: with and without type, version and format.
fn spellings(asset: &AssetRef) -> Vec<String> {
    let mut values = Vec::new();
    for version in [asset.version, None] {
        for format in [asset.format.clone(), None] {
            let value = AssetRef { version, format, ..asset.clone() }.to_string();
            let may_be_bare = (asset.resource_type, asset.delivery_type) == (ResourceType::Image, DeliveryType::Upload);
            if may_be_bare && let Some(bare) = value.strip_prefix("image/upload/") {
                values.push(bare.to_owned());
            }
            values.push(value);
        }
    }
    values.sort();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_an_asset() {
        for (value, expected) in [
            (
                "image/upload/v1/a.jpg",
                vec![
                    "a",
                    "a.jpg",
                    "image/upload/a",
                    "image/upload/a.jpg",
                    "image/upload/v1/a",
                    "image/upload/v1/a.jpg",
                    "v1/a",
                    "v1/a.jpg",
                ],
            ),
            ("raw/upload/v1/a.xls", vec!["raw/upload/a.xls", "raw/upload/v1/a.xls"]),
            ("image/private/a", vec!["image/private/a"]),
        ] {
            assert_eq!(spellings(&value.parse().unwrap()), expected);
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn names_are_quoted() {
        let column = TableColumn::new("shop.pho\"to", "id", "image");
        assert_eq!(column.quoted::<sqlx::Sqlite>(&column.table), "\"shop\".\"pho\"\"to\"");
        assert_eq!(column.json().value::<sqlx::Sqlite>(), "json_extract(\"image\", '$.image')");
    }
}
