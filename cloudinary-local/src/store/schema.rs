//! The metadata tables, as numbered steps. A step, once released, is never edited.

use sqlx::SqlitePool;

use crate::Error;

const STEPS: &[&str] = &[
    "
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

    CREATE TABLE assets (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        asset_id TEXT NOT NULL UNIQUE,
        resource_type TEXT NOT NULL,
        type TEXT NOT NULL,
        public_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        version_id TEXT NOT NULL,
        format TEXT,
        width INTEGER,
        height INTEGER,
        pages INTEGER,
        bytes INTEGER NOT NULL,
        etag TEXT NOT NULL,
        blob TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        details TEXT NOT NULL,
        UNIQUE (resource_type, type, public_id)
    );
    CREATE INDEX assets_blob ON assets (blob);

    CREATE TABLE derived (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        asset INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
        transformation TEXT NOT NULL,
        extension TEXT NOT NULL,
        format TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        blob TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (asset, transformation, extension)
    );
    CREATE INDEX derived_blob ON derived (blob);

    CREATE TABLE chunks (
        upload TEXT NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        total INTEGER,
        public_id TEXT NOT NULL,
        blob TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (upload, first)
    );
    CREATE INDEX chunks_blob ON chunks (blob);

    CREATE TABLE finished_uploads (
        upload TEXT PRIMARY KEY,
        resource_type TEXT NOT NULL,
        type TEXT NOT NULL,
        public_id TEXT NOT NULL,
        finished_at INTEGER NOT NULL
    );

    CREATE TABLE delete_tokens (
        token TEXT PRIMARY KEY,
        asset INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
        expires_at INTEGER NOT NULL
    );
",
    "
    ALTER TABLE chunks ADD COLUMN type TEXT NOT NULL DEFAULT 'upload';
    ALTER TABLE finished_uploads ADD COLUMN pieces TEXT NOT NULL DEFAULT '[]';
",
    "
    ALTER TABLE assets ADD COLUMN placeholder INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE backups (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        asset INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        version_id TEXT NOT NULL,
        format TEXT,
        width INTEGER,
        height INTEGER,
        pages INTEGER,
        bytes INTEGER NOT NULL,
        etag TEXT NOT NULL,
        blob TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (asset, version_id)
    );
    CREATE INDEX backups_blob ON backups (blob);
",
    "
    CREATE TABLE definitions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (kind, name)
    );

    CREATE TABLE folders (
        path TEXT PRIMARY KEY,
        external_id TEXT NOT NULL,
        created_at INTEGER NOT NULL
    );

    CREATE TABLE related_assets (
        asset INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
        other INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
        PRIMARY KEY (asset, other)
    );
    CREATE INDEX related_assets_other ON related_assets (other);

    CREATE INDEX assets_created ON assets (created_at, id);
",
    "
    ALTER TABLE chunks ADD COLUMN terms TEXT NOT NULL DEFAULT '';
",
];

/// Brings the database to the newest step.
pub(super) async fn migrate(pool: &SqlitePool) -> Result<(), Error> {
    let found: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(pool).await?;
    let known = STEPS.len() as i64;
    if found == 0 {
        let foreign: Option<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 1")
            .fetch_optional(pool)
            .await?;
        if let Some(table) = foreign {
            return Err(Error::NotOurs { path: "media.sqlite".into(), found: format!("a table {table}") });
        }
    }
    if found > known {
        return Err(Error::Newer { found, known });
    }
    for (index, step) in STEPS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let mut transaction = pool.begin().await?;
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
        // A PRAGMA takes no bound parameter; the number is ours.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {}", index + 1)))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
    }
    Ok(())
}
