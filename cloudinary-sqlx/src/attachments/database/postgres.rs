//! PostgreSQL.

use futures_util::future::BoxFuture;
use sqlx::migrate::{Migrate, MigrateError};
use sqlx::{AssertSqlSafe, Connection as _, Pool, Postgres, Row as _, SqlSafeStr, SqlStr, Transaction};

use super::statements::placeholders;
use super::{Backend, Bound, Pairs, Record, Statements, lossy, migrate_locked, migrator, query, run_statements};

impl Backend for Postgres {
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)] = &[(
        20_260_101_000_000,
        "cloudinary attachments",
        include_str!("../../../migrations/postgres/20260101000000_cloudinary_attachments.sql"),
    )];

    const STATEMENTS: Statements = Statements {
        // Not every collation knows LIKE.
        like: (" COLLATE \"C\" LIKE ", " ESCAPE '!'"),
        ..Statements::STANDARD
    };

    run_statements!();
    migrate_locked!();

    fn begin(connection: &mut Self::Connection) -> BoxFuture<'_, sqlx::Result<Transaction<'_, Self>>> {
        Box::pin(connection.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED"))
    }

    fn prepare(statement: impl SqlSafeStr, values: Vec<Bound>) -> (SqlStr, Vec<Bound>) {
        let statement = placeholders(statement.into_sql_str().as_str(), |text, n| {
            text.push('$');
            text.push_str(&n.to_string());
        });
        (AssertSqlSafe(statement).into_sql_str(), values)
    }
}
