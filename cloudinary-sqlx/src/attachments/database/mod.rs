//! What differs between the databases: the statements, and how they are run.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statements;

use cloudinary_core::AssetRef;
use futures_util::future::BoxFuture;
use sqlx::migrate::MigrateError;
use sqlx::{ColumnIndex, Database, Decode, Pool, Row, SqlSafeStr, SqlStr, Transaction, Type};

pub(super) use self::statements::Statements;
use super::key_of;
use crate::error::Error;

/// A database that attachments can be kept in: `sqlx::Sqlite`, `sqlx::Postgres` or `sqlx::MySql`, which is MariaDB too,
/// each with the feature of its name.
pub trait AttachmentsDatabase: Backend {}

impl<DB: Backend> AttachmentsDatabase for DB {}

/// A value that a statement takes.
#[derive(Debug, Clone)]
pub enum Bound {
    Text(String),
    Number(i64),
    NoNumber,
}

impl From<&str> for Bound {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<i64> for Bound {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Option<i64>> for Bound {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::NoNumber, Self::Number)
    }
}

/// A row of `cloudinary_attachment`.
#[derive(Debug, Clone)]
pub struct Record {
    pub asset: String,
    pub owner_table: String,
    pub owner_key: String,
    pub owner_field: String,
    pub value: String,
    pub version: i64,
    pub state: String,
    pub due_at: Option<i64>,
    pub attempts: i64,
    pub reason: Option<String>,
}

impl Record {
    pub(super) const COLUMNS_READ: usize = 10;

    /// Reads a row of `SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason`.
    pub(super) fn read<R: Row>(row: &R) -> sqlx::Result<Self>
    where
        usize: ColumnIndex<R>,
        for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
        for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    {
        debug_assert_eq!(row.len(), Self::COLUMNS_READ, "the statement reads other columns");
        Ok(Self {
            asset: row.try_get(0)?,
            owner_table: row.try_get(1)?,
            owner_key: row.try_get(2)?,
            owner_field: row.try_get(3)?,
            value: row.try_get(4)?,
            version: row.try_get(5)?,
            state: row.try_get(6)?,
            due_at: row.try_get(7)?,
            attempts: row.try_get(8)?,
            reason: row.try_get(9)?,
        })
    }

    /// The asset. A value that was changed by hand into another's must not lead to that.
    pub(super) fn read_asset(&self) -> Result<AssetRef, Error> {
        let source = match self.value.parse::<AssetRef>() {
            Ok(asset) if key_of(&asset) == self.asset => return Ok(asset),
            Ok(_) => {
                let reason = "it is not the asset that the row is about";
                cloudinary_core::Error::InvalidAsset { value: self.value.clone(), reason }
            }
            Err(error) => error,
        };
        let asset = self.asset.replace('\'', "''");
        let remedy = format!("set the column to '{asset}': value of cloudinary_attachment, where asset is '{asset}'");
        Err(Error::Column { source, remedy })
    }

    /// Whether it is the asset's own row, not a holder's.
    pub(super) fn is_asset(&self) -> bool {
        self.owner_table.is_empty()
    }
}

/// Rows of two texts, either of which may be NULL.
pub(super) type Pairs = Vec<(Option<String>, Option<String>)>;

/// Text. Bytes that are no UTF-8, which SQLite keeps, must not fail what else is read.
fn lossy(bytes: Option<Vec<u8>>) -> Option<String> {
    bytes.map(|bytes| String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into()))
}

/// How statements are run. Sealed: this module is private.
pub trait Backend: Database {
    const STATEMENTS: Statements;
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)];
    /// Statements around the migrations, where sqlx's own lock does not keep two processes apart.
    const MIGRATION_LOCK: Option<(&'static str, &'static str)> = None;

    /// Runs a statement and says how many rows it found.
    fn execute<'c>(
        connection: &'c mut Self::Connection,
        statement: &'static str,
        values: Vec<Bound>,
    ) -> BoxFuture<'c, sqlx::Result<u64>>;

    /// Reads rows of ours.
    fn records<'c>(
        connection: &'c mut Self::Connection,
        statement: &'static str,
        values: Vec<Bound>,
    ) -> BoxFuture<'c, sqlx::Result<Vec<Record>>>;

    /// Reads rows of two texts, which may be NULL; also from tables of the app.
    fn pairs(
        connection: &mut Self::Connection,
        statement: String,
        values: Vec<Bound>,
    ) -> BoxFuture<'_, sqlx::Result<Pairs>>;

    /// Begins a transaction that sees what others commit, and that may write from the start.
    fn begin(connection: &mut Self::Connection) -> BoxFuture<'_, sqlx::Result<Transaction<'_, Self>>>;

    /// Runs the migrations of this crate, noted in `cloudinary_migrations`.
    fn migrate(pool: &Pool<Self>) -> BoxFuture<'_, Result<(), MigrateError>>;

    /// A statement and its values in the form the database takes.
    fn prepare(statement: impl SqlSafeStr, values: Vec<Bound>) -> (SqlStr, Vec<Bound>) {
        (statement.into_sql_str(), values)
    }
}

/// The migrations as sqlx runs them, with a table of their own beside the app's.
fn migrator(migrations: &'static [(i64, &'static str, &'static str)]) -> sqlx::migrate::Migrator {
    use sqlx::migrate::{Migration, MigrationType, Migrator};
    let migrations = migrations
        .iter()
        .map(|(version, name, sql)| {
            Migration::new(*version, (*name).into(), MigrationType::Simple, sql.into_sql_str(), false)
        })
        .collect();
    let mut migrator = Migrator::with_migrations(migrations);
    migrator.dangerous_set_table_name("cloudinary_migrations");
    migrator
}

/// A query of a statement; a macro, since sqlx's bounds for a generic function would be longer than its three callers.
macro_rules! query {
    ($statement:expr, $values:expr) => {{
        let (statement, values) = Self::prepare($statement, $values);
        let mut query = sqlx::query(statement);
        for value in values {
            query = match value {
                Bound::Text(text) => query.bind(text),
                Bound::Number(number) => query.bind(number),
                Bound::NoNumber => query.bind(None::<i64>),
            };
        }
        query
    }};
}
use query;

/// How a database runs statements, where only the types differ.
macro_rules! run_statements {
    () => {
        fn execute<'c>(
            connection: &'c mut Self::Connection,
            statement: &'static str,
            values: Vec<Bound>,
        ) -> BoxFuture<'c, sqlx::Result<u64>> {
            Box::pin(async move { Ok(query!(statement, values).execute(connection).await?.rows_affected()) })
        }

        fn records<'c>(
            connection: &'c mut Self::Connection,
            statement: &'static str,
            values: Vec<Bound>,
        ) -> BoxFuture<'c, sqlx::Result<Vec<Record>>> {
            Box::pin(async move {
                let rows = query!(statement, values).fetch_all(connection).await?;
                rows.iter().map(Record::read).collect()
            })
        }

        fn pairs(
            connection: &mut Self::Connection,
            statement: String,
            values: Vec<Bound>,
        ) -> BoxFuture<'_, sqlx::Result<Pairs>> {
            Box::pin(async move {
                let rows = query!(AssertSqlSafe(statement), values).fetch_all(connection).await?;
                rows.iter()
                    .map(|row| Ok((lossy(row.try_get_unchecked(0)?), lossy(row.try_get_unchecked(1)?))))
                    .collect()
            })
        }
    };
}
use run_statements;

/// How a database runs migrations under a lock, its own or sqlx's.
#[cfg(any(feature = "postgres", feature = "mysql"))]
macro_rules! migrate_locked {
    () => {
        fn migrate(pool: &Pool<Self>) -> BoxFuture<'_, Result<(), MigrateError>> {
            Box::pin(async move {
                let mut connection = pool.acquire().await?;
                if let Some((lock, _)) = Self::MIGRATION_LOCK {
                    sqlx::query(lock).execute(&mut *connection).await?;
                }
                let migrated = migrator(Self::MIGRATIONS).run_direct(None, &mut *connection, false).await;
                // sqlx leaves its lock where it fails, which would keep everybody out as long as the connection lives.
                let unlocked = if migrated.is_err() { Migrate::unlock(&mut *connection).await } else { Ok(()) };
                if let Some((_, unlock)) = Self::MIGRATION_LOCK {
                    sqlx::query(unlock).execute(&mut *connection).await?;
                }
                migrated.and(unlocked)
            })
        }
    };
}
#[cfg(any(feature = "postgres", feature = "mysql"))]
use migrate_locked;
