//! A database of each kind for a test, empty and its own.
//!
//! SQLite is always there. PostgreSQL and MySQL or MariaDB are used where `CLOUDINARY_TEST_POSTGRES` and
//! `CLOUDINARY_TEST_MYSQL` say, in databases made for the test and dropped by the next run; without them a test says that
//! it was skipped.

#![allow(dead_code, unused_macros, unused_imports)]

use std::time::Duration;

use cloudinary_sqlx::CloudinaryField;

/// Writes a test once for every database: inside, `DB` is the sqlx database, and `q` turns `?` into its placeholders.
macro_rules! on_each_database {
    ($($(#[$attribute:meta])* async fn $name:ident($pool:ident) $body:block)*) => {$(
        mod $name {
            #[cfg(feature = "sqlite")]
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            $(#[$attribute])*
            async fn sqlite() {
                #[allow(unused_imports)]
                use super::*;
                #[allow(dead_code)]
                type DB = sqlx::Sqlite;
                let database = $crate::support::sqlite().await;
                let $pool = database.pool.clone();
                $body
            }

            #[cfg(feature = "postgres")]
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            $(#[$attribute])*
            async fn postgres() {
                #[allow(unused_imports)]
                use super::*;
                #[allow(dead_code)]
                type DB = sqlx::Postgres;
                let Some($pool) = $crate::support::postgres(concat!(module_path!(), stringify!($name))).await else { return };
                $body
            }

            #[cfg(feature = "mysql")]
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            $(#[$attribute])*
            async fn mysql() {
                #[allow(unused_imports)]
                use super::*;
                #[allow(dead_code)]
                type DB = sqlx::MySql;
                let Some($pool) = $crate::support::mysql(concat!(module_path!(), stringify!($name))).await else { return };
                $body
            }
        }
    )*};
}
pub(crate) use on_each_database;

/// A statement of the test itself, in the dialect of the database.
macro_rules! sql {
    ($statement:expr) => {
        sqlx::AssertSqlSafe($crate::support::dialect::<DB>($statement))
    };
}
pub(crate) use sql;

pub(crate) fn dialect<DB: sqlx::Database>(statement: &str) -> String {
    if DB::NAME != "PostgreSQL" {
        return statement.to_owned();
    }
    let mut parts = statement.split('?');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (n, part) in parts.enumerate() {
        text.push('$');
        text.push_str(&(n + 1).to_string());
        text.push_str(part);
    }
    text
}

#[cfg(feature = "sqlite")]
pub(crate) struct SqliteDatabase {
    pub(crate) pool: sqlx::SqlitePool,
    pub(crate) folder: tempfile::TempDir,
}

#[cfg(feature = "sqlite")]
pub(crate) async fn sqlite() -> SqliteDatabase {
    let folder = tempfile::tempdir().unwrap();
    let pool = sqlite_at(&folder.path().join("app.db"), 5).await;
    SqliteDatabase { pool, folder }
}

#[cfg(feature = "sqlite")]
pub(crate) async fn sqlite_at(path: &std::path::Path, connections: u32) -> sqlx::SqlitePool {
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(20));
    SqlitePoolOptions::new().max_connections(connections).connect_with(options).await.unwrap()
}

fn url_of(variable: &str, test: &str) -> Option<String> {
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        eprintln!("skipped {test}: {variable} is not set");
    }
    url
}

/// A name for a test's database: short, and the same in each run.
fn name_of(test: &str) -> String {
    let hash =
        test.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    format!("cloudinary_test_{hash:016x}")
}

#[cfg(feature = "postgres")]
pub(crate) async fn postgres(test: &str) -> Option<sqlx::PgPool> {
    use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
    let url = url_of("CLOUDINARY_TEST_POSTGRES", test)?;
    let (options, name) = (url.parse::<PgConnectOptions>().unwrap(), name_of(test));
    let admin = PgPoolOptions::new().max_connections(1).connect_with(options.clone()).await.unwrap();
    for statement in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
        // Two databases cannot be made from the template at the same time.
        for _ in 0..50 {
            match sqlx::query(sqlx::AssertSqlSafe(statement.clone())).execute(&admin).await {
                Ok(_) => break,
                Err(error) if error.to_string().contains("being accessed") => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    admin.close().await;
    Some(PgPoolOptions::new().max_connections(5).connect_with(options.database(&name)).await.unwrap())
}

#[cfg(feature = "mysql")]
pub(crate) async fn mysql(test: &str) -> Option<sqlx::MySqlPool> {
    use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
    let url = url_of("CLOUDINARY_TEST_MYSQL", test)?;
    let (options, name) = (url.parse::<MySqlConnectOptions>().unwrap(), name_of(test));
    let admin = MySqlPoolOptions::new().max_connections(1).connect_with(options.clone()).await.unwrap();
    for statement in
        [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")]
    {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&admin).await.unwrap();
    }
    admin.close().await;
    Some(MySqlPoolOptions::new().max_connections(5).connect_with(options.database(&name)).await.unwrap())
}

pub(crate) fn field(value: &str) -> CloudinaryField {
    value.parse().unwrap()
}
