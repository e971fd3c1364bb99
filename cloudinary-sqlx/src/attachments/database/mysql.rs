//! MySQL and MariaDB.

use futures_util::future::BoxFuture;
use sqlx::migrate::{Migrate, MigrateError};
use sqlx::{AssertSqlSafe, Connection as _, MySql, Pool, Row as _, SqlSafeStr, SqlStr, Transaction};

use super::statements::placeholders;
use super::{Backend, Bound, Pairs, Record, Statements, lossy, migrate_locked, migrator, query, run_statements};

impl Backend for MySql {
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)] = &[(
        20_260_101_000_000,
        "cloudinary attachments",
        include_str!("../../../migrations/mysql/20260101000000_cloudinary_attachments.sql"),
    )];

    // sqlx waits without an end, which MariaDB does not know and takes for no wait.
    const MIGRATION_LOCK: Option<(&'static str, &'static str)> = Some((
        "SELECT get_lock(concat('cloudinary_', left(sha2(database(), 256), 40)), 60)",
        "SELECT release_lock(concat('cloudinary_', left(sha2(database(), 256), 40)))",
    ));

    const STATEMENTS: Statements = Statements {
        tables: "SELECT CAST(table_name AS CHAR), '' FROM information_schema.tables \
                 WHERE table_schema = database() AND table_name LIKE 'cloudinary!_%' ESCAPE '!'",
        schema_version: "SELECT CAST(max(version) AS CHAR), '' FROM cloudinary_schema",
        // Only VALUES(…) means what is inserted in both. Assignments see those to their left, so the state comes last.
        attach: "INSERT INTO cloudinary_attachment \
                 (asset, owner_table, owner_key, owner_field, value, version, state, changed_at) \
                 VALUES (?1, '', '', '', ?2, ?3, 'attached', ?4), (?1, ?5, ?6, ?7, ?2, ?3, 'attached', ?4) \
                 ON DUPLICATE KEY UPDATE \
                 refused = CASE WHEN state IN ('releasing', 'dead') OR (state = 'destroyed' \
                     AND VALUES(version) <= greatest(version, destroyed_at DIV 1000 + 60)) THEN 1 ELSE 0 END, \
                 value = VALUES(value), version = greatest(version, VALUES(version)), \
                 due_at = CASE WHEN state = 'pending' THEN NULL ELSE due_at END, \
                 destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = VALUES(changed_at), state = 'attached'",
        pending: "INSERT INTO cloudinary_attachment \
                  (asset, owner_table, owner_key, owner_field, value, version, state, due_at, changed_at) \
                  VALUES (?1, '', '', '', ?2, ?3, 'pending', ?4, ?5) \
                  ON DUPLICATE KEY UPDATE \
                  refused = CASE WHEN state IN ('releasing', 'dead') OR (state = 'destroyed' \
                      AND VALUES(version) <= greatest(version, destroyed_at DIV 1000 + 60)) THEN 1 ELSE 0 END, \
                  value = VALUES(value), version = greatest(version, VALUES(version)), \
                  due_at = CASE WHEN state = 'attached' AND due_at IS NULL THEN NULL \
                      WHEN state <> 'destroyed' AND due_at > VALUES(due_at) THEN due_at \
                      ELSE VALUES(due_at) END, \
                  destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = VALUES(changed_at), \
                  state = CASE WHEN state = 'attached' THEN 'attached' ELSE 'pending' END",
        reserve: "INSERT INTO cloudinary_attachment \
                  (asset, owner_table, owner_key, owner_field, value, version, state, due_at, changed_at) \
                  VALUES (?1, '', '', '', ?2, 0, 'pending', ?3, ?4) \
                  ON DUPLICATE KEY UPDATE \
                  refused = CASE WHEN state IN ('releasing', 'dead') THEN 1 ELSE 0 END, version = 0, \
                  due_at = CASE WHEN state = 'attached' AND due_at IS NULL THEN NULL \
                      WHEN state <> 'destroyed' AND due_at > VALUES(due_at) THEN due_at \
                      ELSE VALUES(due_at) END, \
                  destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = VALUES(changed_at), \
                  state = CASE WHEN state = 'attached' THEN 'attached' ELSE 'pending' END",
        backlog: "SELECT CAST(count(*) AS CHAR), '' FROM cloudinary_attachment WHERE due_at <= ?1",
        // Sixteen digits are no UUID, though numbers are binary too.
        key: "CASE WHEN charset({}) = 'binary' AND length({}) = 16 \
              AND NOT (CAST(CAST({} AS SIGNED) AS CHAR) <=> CAST({} AS CHAR)) \
              THEN lower(concat_ws('-', substr(hex({}), 1, 8), substr(hex({}), 9, 4), substr(hex({}), 13, 4), \
              substr(hex({}), 17, 4), substr(hex({}), 21))) ELSE CAST({} AS CHAR) END",
        text: "CAST({} AS CHAR)",
        json_image: "json_unquote(json_extract({}, '$.image'))",
        quote: '`',
        ..Statements::STANDARD
    };

    run_statements!();
    migrate_locked!();

    fn begin(connection: &mut Self::Connection) -> BoxFuture<'_, sqlx::Result<Transaction<'_, Self>>> {
        Box::pin(async move {
            // Without locks on gaps, which would hold up rows that the app adds.
            sqlx::query("SET TRANSACTION ISOLATION LEVEL READ COMMITTED").execute(&mut *connection).await?;
            connection.begin().await
        })
    }

    fn prepare(statement: impl SqlSafeStr, values: Vec<Bound>) -> (SqlStr, Vec<Bound>) {
        let (statement, order) = unnumbered(statement.into_sql_str().as_str());
        // A number without a value leaves the statement short of one, which the database reports.
        let values = order.into_iter().filter_map(|n| values.get(n.checked_sub(1)?).cloned()).collect();
        (AssertSqlSafe(statement).into_sql_str(), values)
    }
}

/// Takes the numbers off the placeholders, and says in which order they stood.
fn unnumbered(statement: &str) -> (String, Vec<usize>) {
    let mut order = Vec::new();
    let text = placeholders(statement, |text, n| {
        text.push('?');
        order.push(n);
    });
    (text, order)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_lose_their_numbers() {
        for (statement, expected, order) in
            [("SELECT 1", "SELECT 1", vec![]), ("x = ?2 AND y IN (?1, ?12)", "x = ? AND y IN (?, ?)", vec![2, 1, 12])]
        {
            assert_eq!(unnumbered(statement), (expected.to_owned(), order));
        }
    }
}
