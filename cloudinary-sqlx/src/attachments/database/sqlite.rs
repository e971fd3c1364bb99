//! SQLite.

use futures_util::future::BoxFuture;
use sqlx::migrate::MigrateError;
use sqlx::{AssertSqlSafe, Connection as _, Pool, Row as _, Sqlite, Transaction};

use super::{Backend, Bound, Pairs, Record, Statements, migrator, query, run_statements};

impl Backend for Sqlite {
    const MIGRATIONS: &'static [(i64, &'static str, &'static str)] = &[(
        20_260_101_000_000,
        "cloudinary attachments",
        include_str!("../../../migrations/sqlite/20260101000000_cloudinary_attachments.sql"),
    )];

    const STATEMENTS: Statements = Statements {
        tables: "SELECT name, '' FROM sqlite_schema WHERE type = 'table' AND name LIKE 'cloudinary!_%' ESCAPE '!'",
        schema_version: "SELECT CAST(max(version) AS TEXT), '' FROM cloudinary_schema",
        // What was destroyed may come back under the same id, as a version that was stored a minute later or more: less
        // could be the difference of two clocks.
        attach: "INSERT INTO cloudinary_attachment AS known \
                 (asset, owner_table, owner_key, owner_field, value, version, state, changed_at) \
                 VALUES (?1, '', '', '', ?2, ?3, 'attached', ?4), (?1, ?5, ?6, ?7, ?2, ?3, 'attached', ?4) \
                 ON CONFLICT (asset, owner_table, owner_key, owner_field) DO UPDATE SET \
                 refused = CASE WHEN known.state IN ('releasing', 'dead') OR (known.state = 'destroyed' \
                     AND excluded.version <= max(known.version, known.destroyed_at / 1000 + 60)) THEN 1 ELSE 0 END, \
                 value = excluded.value, version = max(known.version, excluded.version), \
                 due_at = CASE WHEN known.state = 'pending' THEN NULL ELSE known.due_at END, \
                 destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = excluded.changed_at, state = 'attached'",
        detach: "UPDATE cloudinary_attachment SET \
                 due_at = CASE WHEN owner_table <> '' THEN NULL WHEN due_at > ?1 THEN due_at ELSE ?1 END, \
                 state = CASE WHEN owner_table <> '' THEN 'released' ELSE state END, changed_at = ?2 \
                 WHERE asset = ?3 AND ((owner_table = '' AND owner_key = '' AND owner_field = '') \
                 OR (owner_table = ?4 AND owner_key = ?5 AND owner_field = ?6))",
        pending: "INSERT INTO cloudinary_attachment AS known \
                  (asset, owner_table, owner_key, owner_field, value, version, state, due_at, changed_at) \
                  VALUES (?1, '', '', '', ?2, ?3, 'pending', ?4, ?5) \
                  ON CONFLICT (asset, owner_table, owner_key, owner_field) DO UPDATE SET \
                  refused = CASE WHEN known.state IN ('releasing', 'dead') OR (known.state = 'destroyed' \
                      AND excluded.version <= max(known.version, known.destroyed_at / 1000 + 60)) THEN 1 ELSE 0 END, \
                  value = excluded.value, version = max(known.version, excluded.version), \
                  due_at = CASE WHEN known.state = 'attached' AND known.due_at IS NULL THEN NULL \
                      WHEN known.state <> 'destroyed' AND known.due_at > excluded.due_at THEN known.due_at \
                      ELSE excluded.due_at END, \
                  destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = excluded.changed_at, \
                  state = CASE WHEN known.state = 'attached' THEN 'attached' ELSE 'pending' END",
        reserve: "INSERT INTO cloudinary_attachment AS known \
                  (asset, owner_table, owner_key, owner_field, value, version, state, due_at, changed_at) \
                  VALUES (?1, '', '', '', ?2, 0, 'pending', ?3, ?4) \
                  ON CONFLICT (asset, owner_table, owner_key, owner_field) DO UPDATE SET \
                  refused = CASE WHEN known.state IN ('releasing', 'dead') THEN 1 ELSE 0 END, version = 0, \
                  due_at = CASE WHEN known.state = 'attached' AND known.due_at IS NULL THEN NULL \
                      WHEN known.state <> 'destroyed' AND known.due_at > excluded.due_at THEN known.due_at \
                      ELSE excluded.due_at END, \
                  destroyed_at = NULL, attempts = 0, reason = NULL, changed_at = excluded.changed_at, \
                  state = CASE WHEN known.state = 'attached' THEN 'attached' ELSE 'pending' END",
        due: "SELECT asset, owner_table, owner_key, owner_field, value, version, state, due_at, attempts, reason \
              FROM cloudinary_attachment WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2",
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
        backlog: "SELECT CAST(count(*) AS TEXT), '' FROM cloudinary_attachment WHERE due_at <= ?1",
        as_text: ("CAST(", " AS TEXT)"),
        json_image: ("json_extract(", ", '$.image')"),
        quote: '"',
    };

    run_statements!();

    fn begin(connection: &mut Self::Connection) -> BoxFuture<'_, sqlx::Result<Transaction<'_, Self>>> {
        Box::pin(connection.begin_with("BEGIN IMMEDIATE"))
    }

    fn placeholder(n: usize) -> String {
        format!("?{n}")
    }
}
