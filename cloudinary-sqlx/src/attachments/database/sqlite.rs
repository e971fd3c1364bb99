//! SQLite.

use futures_util::future::BoxFuture;
use sqlx::migrate::MigrateError;
use sqlx::{AssertSqlSafe, Connection as _, Pool, Row as _, Sqlite, Transaction};

use super::{Backend, Bound, Pairs, Record, Statements, lossy, migrator, query, run_statements};

impl Backend for Sqlite {
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)] = &[(
        20_260_101_000_000,
        "cloudinary attachments",
        include_str!("../../../migrations/sqlite/20260101000000_cloudinary_attachments.sql"),
    )];

    const STATEMENTS: Statements = Statements {
        tables: "SELECT name, '' FROM sqlite_schema WHERE type = 'table' AND name LIKE 'cloudinary!_%' ESCAPE '!'",
        // The transaction has locked everything.
        due: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
              FROM cloudinary_attachment WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
        key: "CASE WHEN typeof({}) <> 'blob' THEN CAST({} AS TEXT) WHEN length({}) <> 16 THEN lower(hex({})) \
              ELSE lower(substr(hex({}), 1, 8) || '-' || substr(hex({}), 9, 4) || '-' || substr(hex({}), 13, 4) || '-' \
              || substr(hex({}), 17, 4) || '-' || substr(hex({}), 21)) END",
        // What is no JSON would fail the statement.
        json_image: "CAST(CASE WHEN json_valid({}) THEN json_extract({}, '$.image') END AS TEXT)",
        ..Statements::STANDARD
    };

    run_statements!();

    /// In one transaction that locks out others from its start: sqlx has no lock here, and two processes that start
    /// together would both find nothing done.
    fn migrate(pool: &Pool<Self>) -> BoxFuture<'_, Result<(), MigrateError>> {
        Box::pin(async move {
            let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
            migrator(Self::MIGRATIONS).run_direct(None, &mut *transaction, false).await?;
            Ok(transaction.commit().await?)
        })
    }

    fn begin(connection: &mut Self::Connection) -> BoxFuture<'_, sqlx::Result<Transaction<'_, Self>>> {
        Box::pin(connection.begin_with("BEGIN IMMEDIATE"))
    }
}
