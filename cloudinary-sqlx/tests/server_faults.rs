//! Servers that misbehave, PostgreSQL, MySQL and MariaDB: a clear error, and nothing lost.
#![cfg(all(feature = "attachments", any(feature = "postgres", feature = "mysql")))]

mod support;

use std::time::Duration;

use cloudinary_core::{Cloudinary, Config};
use cloudinary_sqlx::attachments::{Attachments, AttachmentsDatabase, Owner, Worker};
use sqlx::Pool;
use sqlx::pool::PoolOptions;
use support::field;

fn owner() -> Owner {
    Owner::new("photo", 1, "image").unwrap()
}

/// Options of one connection that is not waited for long.
fn one<DB: AttachmentsDatabase>() -> PoolOptions<DB> {
    PoolOptions::new().max_connections(1).acquire_timeout(Duration::from_millis(500))
}

/// A database that takes no writes says so, to the app and to the worker.
async fn takes_no_writes<DB: AttachmentsDatabase>(read_only: &Pool<DB>) {
    let attachments = Attachments::new();
    let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret")).unwrap();
    attachments.check(read_only).await.unwrap();
    let mut tx = read_only.begin().await.unwrap();
    let attached = attachments.attach(&mut tx, field("a"), &owner()).await;
    tx.rollback().await.unwrap();
    let drained = Worker::new(&attachments, read_only, &cld).drain().await;
    for error in [attached.unwrap_err(), drained.unwrap_err()] {
        assert!(error.to_string().contains("connect to the one that takes writes"), "{error}");
    }
    assert!(attachments.find(read_only, field("a")).await.unwrap().is_none());
}

/// A server that is not there says so.
async fn is_away<DB: AttachmentsDatabase>(away: Pool<DB>) {
    let error = Attachments::new().pending(&away, field("a")).await.unwrap_err();
    assert!(error.to_string().contains("the database is away"), "{error}");
}

/// Notes assets until the disk is full. Whatever was acknowledged is there; once there is room, it goes on.
async fn fills_the_disk<DB: AttachmentsDatabase>(pool: &Pool<DB>) -> u32 {
    let attachments = Attachments::new();
    let name = |n: u32| field(&format!("image/upload/{n:0200}"));
    for n in 0..50_000 {
        if let Err(error) = attachments.pending(pool, name(n)).await {
            assert!(error.to_string().contains("the disk is full: make room, nothing was written"), "{error}");
            assert!(attachments.find(pool, name(n)).await.unwrap().is_none());
            let noted = attachments.page(pool, None, 100_000).await.unwrap();
            assert_eq!(noted.len(), usize::try_from(n).unwrap(), "what was acknowledged is there, and nothing else");
            return n;
        }
    }
    panic!("a disk of a few megabytes is not full yet");
}

async fn goes_on<DB: AttachmentsDatabase>(pool: &Pool<DB>, noted: u32) {
    let attachments = Attachments::new();
    attachments.pending(pool, field("image/upload/after")).await.unwrap();
    assert!(attachments.find(pool, field("image/upload/after")).await.unwrap().is_some());
    let last = field(&format!("image/upload/{:0200}", noted - 1));
    assert!(attachments.find(pool, last).await.unwrap().is_some());
}

/// A folder on a file system of a few megabytes, which `scripts/databases/run` makes where it may.
fn small_folder(test: &str) -> Option<String> {
    let folder = std::env::var("CLOUDINARY_TEST_SMALL").ok().filter(|folder| !folder.is_empty());
    if folder.is_none() {
        eprintln!("skipped {test}: CLOUDINARY_TEST_SMALL is not set");
    }
    folder
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::*;

    #[tokio::test]
    async fn read_only() {
        let Some(pool) = support::postgres("read-only").await else { return };
        Attachments::new().migrate(&pool).await.unwrap();
        let options = (*pool.connect_options()).clone().options([("default_transaction_read_only", "on")]);
        takes_no_writes(&one::<sqlx::Postgres>().connect_with(options).await.unwrap()).await;
    }

    #[tokio::test]
    async fn out_of_connections_and_away() {
        let Some(pool) = support::postgres("connections").await else { return };
        Attachments::new().migrate(&pool).await.unwrap();
        for statement in [
            "DROP ROLE IF EXISTS cloudinary_one",
            "CREATE ROLE cloudinary_one LOGIN CONNECTION LIMIT 1",
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO cloudinary_one",
        ] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        let options = (*pool.connect_options()).clone().username("cloudinary_one");
        let first: sqlx::PgPool = one::<sqlx::Postgres>().connect_with(options.clone()).await.unwrap();
        let _taken = first.acquire().await.unwrap();
        let second = one::<sqlx::Postgres>().connect_lazy_with(options.clone());
        let error = Attachments::new().pending(&second, field("a")).await.unwrap_err();
        assert!(error.to_string().contains("takes no more of them"), "{error}");
        is_away::<sqlx::Postgres>(one::<sqlx::Postgres>().connect_lazy_with(options.port(9))).await;
    }

    #[tokio::test]
    async fn full_disk() {
        let Some(folder) = small_folder("full disk on PostgreSQL") else { return };
        let Some(pool) = support::postgres("full-disk").await else { return };
        for statement in [
            "DROP TABLESPACE IF EXISTS cloudinary_small".to_owned(),
            format!("CREATE TABLESPACE cloudinary_small LOCATION '{folder}/postgres'"),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
        }
        let options = (*pool.connect_options()).clone().options([("default_tablespace", "cloudinary_small")]);
        let small: sqlx::PgPool = one::<sqlx::Postgres>().connect_with(options).await.unwrap();
        // Room that is made later.
        sqlx::query("CREATE TABLE filler AS SELECT repeat('x', 1000) AS text FROM generate_series(1, 1000)")
            .execute(&small)
            .await
            .unwrap();
        Attachments::new().migrate(&small).await.unwrap();
        let noted = fills_the_disk(&small).await;
        sqlx::query("DROP TABLE filler").execute(&small).await.unwrap();
        // The files of a dropped table are truncated at once and removed at the next checkpoint.
        sqlx::query("CHECKPOINT").execute(&small).await.unwrap();
        goes_on(&small, noted).await;
        for table in ["cloudinary_attachment", "cloudinary_schema", "cloudinary_migrations"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE {table}"))).execute(&small).await.unwrap();
        }
        small.close().await;
        sqlx::query("CHECKPOINT").execute(&pool).await.unwrap();
        sqlx::query("DROP TABLESPACE cloudinary_small").execute(&pool).await.unwrap();
    }
}

#[cfg(feature = "mysql")]
mod mysql {
    use super::*;

    async fn user(pool: &sqlx::MySqlPool, name: &str, limits: &str) -> sqlx::mysql::MySqlConnectOptions {
        for statement in [
            format!("DROP USER IF EXISTS {name}@'%'"),
            format!("CREATE USER {name}@'%' {limits}"),
            format!("GRANT SELECT, INSERT, UPDATE, DELETE ON *.* TO {name}@'%'"),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(pool).await.unwrap();
        }
        (*pool.connect_options()).clone().username(name)
    }

    #[tokio::test]
    async fn read_only() {
        let Some(pool) = support::mysql("read-only").await else { return };
        Attachments::new().migrate(&pool).await.unwrap();
        // The other tests are root, for whom this does not hold.
        let plain = one::<sqlx::MySql>().connect_with(user(&pool, "cloudinary_plain", "").await).await.unwrap();
        sqlx::query("SET GLOBAL read_only = 1").execute(&pool).await.unwrap();
        let refused = tokio::spawn(async move { takes_no_writes::<sqlx::MySql>(&plain).await }).await;
        sqlx::query("SET GLOBAL read_only = 0").execute(&pool).await.unwrap();
        refused.unwrap();
    }

    #[tokio::test]
    async fn out_of_connections_and_away() {
        let Some(pool) = support::mysql("connections").await else { return };
        Attachments::new().migrate(&pool).await.unwrap();
        let options = user(&pool, "cloudinary_one", "WITH MAX_USER_CONNECTIONS 1").await;
        let first: sqlx::MySqlPool = one::<sqlx::MySql>().connect_with(options.clone()).await.unwrap();
        let _taken = first.acquire().await.unwrap();
        let second = one::<sqlx::MySql>().connect_lazy_with(options.clone());
        let error = Attachments::new().pending(&second, field("a")).await.unwrap_err();
        assert!(error.to_string().contains("takes no more connections"), "{error}");
        is_away::<sqlx::MySql>(one::<sqlx::MySql>().connect_lazy_with(options.port(9))).await;
    }

    #[tokio::test]
    async fn full_disk() {
        let Some(folder) = small_folder("full disk on MySQL and MariaDB") else { return };
        let Some(pool) = support::mysql("full-disk").await else { return };
        Attachments::new().migrate(&pool).await.unwrap();
        // The same tables, on the small disk.
        let (_, made): (String, String) =
            sqlx::query_as("SHOW CREATE TABLE cloudinary_attachment").fetch_one(&pool).await.unwrap();
        for statement in [
            format!("CREATE TABLE filler (text LONGTEXT) DATA DIRECTORY = '{folder}/mysql'"),
            "INSERT INTO filler VALUES (repeat('x', 1000000))".to_owned(),
            "DROP TABLE cloudinary_attachment".to_owned(),
            format!("{made} DATA DIRECTORY = '{folder}/mysql'"),
        ] {
            sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&pool).await.unwrap();
        }
        let noted = fills_the_disk(&pool).await;
        sqlx::query("DROP TABLE filler").execute(&pool).await.unwrap();
        goes_on(&pool, noted).await;
        sqlx::query("DROP TABLE cloudinary_attachment").execute(&pool).await.unwrap();
    }
}
