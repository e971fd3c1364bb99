//! MySQL and MariaDB.

use futures_util::future::BoxFuture;
use sqlx::migrate::MigrateError;
use sqlx::{AssertSqlSafe, Connection as _, MySql, Pool, Row as _, SqlSafeStr, SqlStr, Transaction};

use super::{Backend, Bound, Pairs, Record, Statements, migrator, query, run_statements};

impl Backend for MySql {
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)] = &[(
        20_260_101_000_000,
        "cloudinary attachments",
        include_str!("../../../migrations/mysql/20260101000000_cloudinary_attachments.sql"),
    )];

    const STATEMENTS: Statements = Statements {
        tables: "SELECT table_name, '' FROM information_schema.tables \
                 WHERE table_schema = database() AND table_name LIKE 'cloudinary!_%' ESCAPE '!'",
        schema_version: "SELECT CAST(max(version) AS CHAR), '' FROM cloudinary_schema",
        // Assignments see those to their left, so the state comes last.
        // What was destroyed may come back under the same id, as a version that was stored a minute later or more: less
        // could be the difference of two clocks.
        attach: "INSERT INTO cloudinary_attachment \
                 (asset, owner_table, owner_key, owner_field, value, version, state, changed_at) \
                 VALUES (?1, '', '', '', ?2, ?3, 'attached', ?4), (?1, ?5, ?6, ?7, ?2, ?3, 'attached', ?4) \
                 ON DUPLICATE KEY UPDATE \
                 refused = CASE WHEN state IN ('releasing', 'dead') OR (state = 'destroyed' \
                     AND VALUES(version) <= greatest(version, destroyed_at DIV 1000 + 60)) THEN 1 ELSE 0 END, \
                 value = VALUES(value), version = greatest(version, VALUES(version)), \
                 due_at = CASE WHEN state = 'pending' THEN NULL ELSE due_at END, \
                 destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = VALUES(changed_at), state = 'attached'",
        detach: "UPDATE cloudinary_attachment SET \
                 due_at = CASE WHEN owner_table <> '' THEN NULL WHEN due_at > ?1 THEN due_at ELSE ?1 END, \
                 state = CASE WHEN owner_table <> '' THEN 'released' ELSE state END, changed_at = ?2 \
                 WHERE asset = ?3 AND ((owner_table = '' AND owner_key = '' AND owner_field = '') \
                 OR (owner_table = ?4 AND owner_key = ?5 AND owner_field = ?6))",
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
        due: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
              FROM cloudinary_attachment WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2 FOR UPDATE SKIP LOCKED",
        holder: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
                 FROM cloudinary_attachment WHERE asset = ?1 AND owner_table <> '' AND state = 'attached' LIMIT 1",
        claim: "UPDATE cloudinary_attachment SET state = 'releasing', due_at = ?1, attempts = attempts + 1, \
                changed_at = ?2 WHERE asset = ?3 AND owner_table = '' AND owner_key = '' AND owner_field = ''",
        keep: "UPDATE cloudinary_attachment SET state = 'attached', due_at = ?1, changed_at = ?2 \
               WHERE asset = ?3 AND owner_table = '' AND owner_key = '' AND owner_field = ''",
        forget_holders: "DELETE FROM cloudinary_attachment \
                         WHERE asset = ?1 AND owner_table <> '' AND state = 'released'",
        destroyed: "UPDATE cloudinary_attachment SET state = 'destroyed', destroyed_at = ?1, due_at = ?2, attempts = 0, \
                    reason = NULL, changed_at = ?3 \
                    WHERE asset = ?4 AND owner_table = '' AND owner_key = '' AND owner_field = '' \
                    AND state = 'releasing'",
        failed: "UPDATE cloudinary_attachment SET state = ?1, due_at = ?2, reason = ?3, changed_at = ?4 \
                 WHERE asset = ?5 AND owner_table = '' AND owner_key = '' AND owner_field = '' AND state = 'releasing'",
        forget: "DELETE FROM cloudinary_attachment WHERE asset = ?1 \
                 AND owner_table = '' AND owner_key = '' AND owner_field = '' AND state IN ('releasing', 'destroyed')",
        rebase: "UPDATE cloudinary_attachment SET \
                 due_at = ?1 + CASE WHEN due_at > changed_at THEN due_at - changed_at ELSE 0 END, \
                 destroyed_at = CASE WHEN destroyed_at IS NULL THEN NULL ELSE ?1 END, changed_at = ?1 \
                 WHERE due_at IS NOT NULL AND changed_at > ?2",
        revive: "UPDATE cloudinary_attachment SET state = 'releasing', due_at = ?1, attempts = 0, changed_at = ?1 \
                 WHERE state = 'dead'",
        of_asset: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
                   FROM cloudinary_attachment WHERE asset = ?1 ORDER BY owner_table, owner_key, owner_field",
        page: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
               FROM cloudinary_attachment WHERE (asset, owner_table, owner_key, owner_field) > (?1, ?2, ?3, ?4) \
               ORDER BY asset, owner_table, owner_key, owner_field LIMIT ?5",
        backlog: "SELECT CAST(count(*) AS CHAR), '' FROM cloudinary_attachment WHERE due_at <= ?1",
        as_text: ("CAST(", " AS CHAR)"),
        json_image: ("json_unquote(json_extract(", ", '$.image'))"),
        quote: '`',
    };

    run_statements!();

    fn begin(connection: &mut Self::Connection) -> BoxFuture<'_, sqlx::Result<Transaction<'_, Self>>> {
        Box::pin(async move {
            // Without locks on gaps, which would hold up rows that the app adds.
            sqlx::query("SET TRANSACTION ISOLATION LEVEL READ COMMITTED").execute(&mut *connection).await?;
            connection.begin().await
        })
    }

    fn placeholder(n: usize) -> String {
        format!("?{n}")
    }

    fn numbered(statement: impl SqlSafeStr, values: Vec<Bound>) -> (SqlStr, Vec<Bound>) {
        let (statement, order) = unnumbered(statement.into_sql_str().as_str());
        // A number without a value leaves the statement short of one, which the database reports.
        let values = order.into_iter().filter_map(|n| values.get(n - 1).cloned()).collect();
        (AssertSqlSafe(statement).into_sql_str(), values)
    }
}

/// Takes the numbers off the placeholders, and says in which order they stood.
fn unnumbered(statement: &str) -> (String, Vec<usize>) {
    let (mut text, mut order) = (String::with_capacity(statement.len()), Vec::new());
    let mut parts = statement.split('?');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        order.extend(part[..digits].parse::<usize>().ok().filter(|n| *n > 0));
        text.push('?');
        text.push_str(&part[digits..]);
    }
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
