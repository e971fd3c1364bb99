//! What can go wrong, in words that name the thing and the remedy.

use cloudinary_core::AssetRef;

/// Everything this crate can report. sqlx hands it on inside `ColumnDecode` and `Encode`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A column holds something that is no asset reference.
    #[error("{source}; {remedy}")]
    Column {
        /// What is wrong with the value.
        #[source]
        source: cloudinary_core::Error,
        /// What to set the column to.
        remedy: String,
    },

    /// A column holds bytes that are no text.
    #[error("the column cannot be read as text: {0}; it wants UTF-8, in a text column of at least 255 characters")]
    NoText(#[source] sqlx::error::BoxDynError),

    /// A JSON column holds something that is no image.
    #[error(
        "the column holds no image: {0}; it wants {{\"image\": \"image/upload/v1372180830/sample.jpg\", …}}, or NULL"
    )]
    Json(#[source] sqlx::error::BoxDynError),

    /// A placeholder that is no small picture in a data URI.
    #[error("placeholder: {reason}; use a data URI as data:image/svg+xml,… of at most {limit} bytes")]
    Placeholder {
        /// What is wrong with it.
        reason: &'static str,
        /// What fits.
        limit: usize,
    },

    /// A value would be read back as another: an id that ends like a format, or starts like a version.
    #[error(
        "{value:?} would be read back as another asset; put the extension into format and the version into version"
    )]
    Ambiguous {
        /// The value.
        value: String,
    },

    /// A value does not fit the column.
    #[error("{value} has {bytes} bytes and a column takes {limit}; use a shorter public_id or fewer folders")]
    TooLong {
        /// The value.
        value: String,
        /// Its length in bytes.
        bytes: usize,
        /// What fits.
        limit: usize,
    },

    /// Part of an owner that cannot be kept.
    #[error("owner: the {part} {value:?} cannot be used; it needs 1 to {limit} bytes, without spaces around it")]
    Owner {
        /// `table`, `key` or `field`.
        part: &'static str,
        /// The part, cut to a readable length.
        value: String,
        /// What fits.
        limit: usize,
    },

    /// An asset that was released, or waits to be, cannot be attached. The transaction must be rolled back.
    #[error("{asset} was released and is destroyed or about to be; roll back, and upload it again")]
    Gone {
        /// The asset.
        asset: String,
    },

    /// A row that does not hold an asset cannot give it up.
    #[error("{owner} does not hold {asset}; attach it first, or let the audit attach the rows that are older")]
    NotHeld {
        /// The asset.
        asset: String,
        /// The row.
        owner: String,
    },

    /// The tables of the attachments are not there.
    #[error(
        "the tables of the attachments are missing; call Attachments::migrate, or add this crate's migrations to yours"
    )]
    SchemaMissing,

    /// A migration of the attachments stopped half way.
    #[error(
        "the tables of the attachments are half made; delete what cloudinary_migrations has with success = false, \
         and call Attachments::migrate again: every statement can be repeated"
    )]
    SchemaHalfApplied,

    /// The tables are of another version of this crate.
    #[error("the tables of the attachments have version {found} and this crate knows {known}; {remedy}")]
    SchemaVersion {
        /// What the database says.
        found: i64,
        /// What the crate says.
        known: i64,
        /// What to do about it.
        remedy: &'static str,
    },

    /// The migrations could not be run.
    #[cfg(feature = "attachments")]
    #[error("the tables of the attachments cannot be made: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),

    /// The database failed. What was being done is rolled back with its transaction.
    #[error("{doing}: {source}{remedy}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
        /// What to do about it, where that is known.
        remedy: &'static str,
    },

    /// The tables were made once and are not there, or not whole: dropped, or left out of a backup.
    #[error(
        "cloudinary_migrations says that the tables of the attachments were made, and they are not there or not whole; \
         restore them from a backup, or, to make them anew, drop what is there of cloudinary_migrations and \
         cloudinary_schema and call Attachments::migrate again"
    )]
    SchemaLost,

    /// A column of the app that holds assets could not be read.
    #[error("reading {column}, a column of the app that holds assets: {source}{remedy}")]
    AppColumn {
        /// The table and the column.
        column: String,
        /// What the database said.
        #[source]
        source: sqlx::Error,
        /// What to do about it, where that is known.
        remedy: &'static str,
    },

    /// The service failed.
    #[error(transparent)]
    Service(#[from] cloudinary_core::Error),
}

impl Error {
    #[cfg(feature = "attachments")]
    pub(crate) fn database(doing: &'static str, source: sqlx::Error) -> Self {
        Self::Database { doing, remedy: remedy(&source), source }
    }

    #[cfg(feature = "attachments")]
    pub(crate) fn app_column(column: &impl std::fmt::Display, source: sqlx::Error) -> Self {
        let remedy = match remedy(&source) {
            TABLES => "; name the table, its key and the column in TableColumn as the database knows them",
            other => other,
        };
        Self::AppColumn { column: column.to_string(), source, remedy }
    }

    pub(crate) fn column(value: &str, source: cloudinary_core::Error) -> Self {
        let remedy = match meant(value) {
            Some(meant) => format!("set the column to '{}'", meant.to_string().replace('\'', "''")),
            None if value.is_empty() => "set the column to NULL".to_owned(),
            None => {
                "set the column to a value as image/upload/v1372180830/sample.jpg, or to NULL for no image".to_owned()
            }
        };
        Self::Column { source, remedy }
    }
}

#[cfg(feature = "attachments")]
const TABLES: &str = "; the tables of the attachments are missing or old: call Attachments::migrate";

/// What can be done about a fault of the database.
#[cfg(feature = "attachments")]
fn remedy(error: &sqlx::Error) -> &'static str {
    const READ_ONLY: &str =
        "; the database is read-only: connect to the one that takes writes, and check its file's rights";
    const FULL: &str = "; the disk is full: make room, nothing was written";
    const LOCKED: &str = "; others hold the database: try again, begin what reads before it writes with BEGIN IMMEDIATE, \
         or raise the busy timeout";
    const BUSY: &str = "; another transaction was in the way: roll back and try again";
    const CONNECTIONS: &str =
        "; the database takes no more connections: lower max_connections of the pools, or raise its own";
    const TOO_SHORT: &str = "; the column is too short: it needs 255 characters";
    const CHARSET: &str = "; the column's character set is too small: use utf8mb4";
    match error {
        sqlx::Error::PoolTimedOut => {
            // It goes on trying meanwhile where it is refused, and does not tell why.
            "; no connection in time: every one of the pool is in use (raise max_connections, or end transactions sooner), \
             or the database is away, starting, or takes no more of them"
        }
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
            "; the database cannot be reached: try again when it is back, what was not committed is rolled back"
        }
        // SQLite's result codes, PostgreSQL's SQLSTATEs; MySQL's numbers are in its messages only.
        sqlx::Error::Database(fault) => match fault.code().as_deref().unwrap_or_default() {
            "8" | "776" | "1032" | "1288" | "1544" | "25006" => READ_ONLY,
            "13" | "53100" => FULL,
            "5" | "6" | "261" | "262" | "517" => LOCKED,
            "55P03" | "40001" | "40P01" => BUSY,
            "42P01" | "42703" | "42S02" | "42S22" => TABLES,
            "53300" | "08004" => CONNECTIONS,
            "22001" => TOO_SHORT,
            "22P05" => "; the database's encoding is too small: use UTF8",
            "57P01" | "57P02" | "57P03" | "08S01" | "70100" => {
                "; the database ended the connection, or is restarting: try again, what was not committed is rolled back"
            }
            _ => match fault.message() {
                text if text.contains("no such table") || text.contains("no such column") => TABLES,
                text if text.contains("read-only") || text.contains("read only") => READ_ONLY,
                text if text.contains("is full") || text.contains("No space left") || text.contains("Disk full") => {
                    FULL
                }
                text if text.contains("Too many connections") || text.contains("max_user_connections") => CONNECTIONS,
                text if text.contains("Lock wait timeout") || text.contains("Record has changed") => BUSY,
                text if text.contains("Incorrect string value") || text.contains("Conversion from collation") => {
                    CHARSET
                }
                text if text.contains("Data too long") => TOO_SHORT,
                _ => "",
            },
        },
        _ => "",
    }
}

/// What a hand-edited value was probably meant to be.
fn meant(value: &str) -> Option<AssetRef> {
    let quotes = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'' | '/');
    let unsigned = value.split('#').next().unwrap_or(value);
    let path = match unsigned.split_once("://") {
        None => unsigned,
        // A delivery URL without a transformation: what follows the cloud's name.
        Some((_, rest)) => rest.splitn(3, '/').nth(2)?.split('?').next()?,
    };
    let tidy = path.replace('\\', "/");
    let tidy = tidy.trim_matches(quotes);
    let asset: AssetRef = tidy.parse().ok()?;
    // Too little to guess from.
    (tidy != value && tidy.starts_with(&format!("{}/{}/", asset.resource_type, asset.delivery_type))).then_some(asset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remedies() {
        for (value, expected) in [
            ("", "set the column to NULL"),
            (" image/upload/v1/a.jpg\n", "set the column to 'image/upload/v1/a.jpg'"),
            ("'image/upload/v1/a.jpg'", "set the column to 'image/upload/v1/a.jpg'"),
            ("/image/upload/v1/o'neill.jpg", "set the column to 'image/upload/v1/o''neill.jpg'"),
            ("image\\upload\\v1\\a.jpg", "set the column to 'image/upload/v1/a.jpg'"),
            ("image/upload/v1/a.jpg#0f", "set the column to 'image/upload/v1/a.jpg'"),
            ("https://res.cloudinary.com/demo/raw/upload/v1/a.pdf?x=1", "set the column to 'raw/upload/v1/a.pdf'"),
            (
                "image/upload/../a",
                "set the column to a value as image/upload/v1372180830/sample.jpg, or to NULL for no image",
            ),
            ("#", "set the column to a value as image/upload/v1372180830/sample.jpg, or to NULL for no image"),
        ] {
            let Err(source) = value.parse::<AssetRef>() else { panic!("{value:?} can be read") };
            let error = Error::column(value, source);
            assert!(error.to_string().ends_with(expected), "{error}");
        }
    }
}
