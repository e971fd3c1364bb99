//! Databases that misbehave: a clear error, and nothing lost.
#![cfg(feature = "attachments")]

mod support;

use std::time::Duration;

use cloudinary_sqlx::Error;
use cloudinary_sqlx::attachments::{AttachmentState, Attachments, Owner};
use support::{field, on_each_database, sql};

fn owner() -> Owner {
    Owner::new("photo", 1, "image").unwrap()
}

on_each_database! {
    async fn tables_that_are_not_as_they_should_be(pool) {
        let attachments = Attachments::new();
        assert!(matches!(attachments.check(&pool).await, Err(Error::SchemaMissing)));
        let mut tx = pool.begin().await.unwrap();
        let error = attachments.attach(&mut tx, field("a"), &owner()).await.unwrap_err();
        assert!(error.to_string().contains("call Attachments::migrate"), "{error}");
        tx.rollback().await.unwrap();

        // Half applied: MySQL and MariaDB do not roll tables back.
        sqlx::query("CREATE TABLE cloudinary_schema (version BIGINT NOT NULL PRIMARY KEY)").execute(&pool).await.unwrap();
        assert!(matches!(attachments.check(&pool).await, Err(Error::SchemaHalfApplied)));
        attachments.migrate(&pool).await.unwrap();
        attachments.check(&pool).await.unwrap();
        attachments.pending(&pool, field("image/upload/v1/a.jpg")).await.unwrap();
        sqlx::query("DELETE FROM cloudinary_schema").execute(&pool).await.unwrap();
        assert!(matches!(attachments.check(&pool).await, Err(Error::SchemaHalfApplied)));

        // Newer than the crate.
        sqlx::query("INSERT INTO cloudinary_schema (version) VALUES (1), (2)").execute(&pool).await.unwrap();
        for error in [attachments.check(&pool).await.unwrap_err(), attachments.migrate(&pool).await.unwrap_err()] {
            assert!(matches!(error, Error::SchemaVersion { found: 2, known: 1, .. }), "{error}");
            assert!(error.to_string().contains("update this crate"), "{error}");
        }
        sqlx::query("DELETE FROM cloudinary_schema WHERE version = 2").execute(&pool).await.unwrap();
        attachments.check(&pool).await.unwrap();
        assert!(attachments.find(&pool, field("image/upload/a")).await.unwrap().is_some(), "nothing was lost");
        let noted: i64 = sqlx::query_scalar("SELECT count(*) FROM cloudinary_migrations").fetch_one(&pool).await.unwrap();
        assert_eq!(noted, 1, "beside the app's own migrations");
    }

    async fn processes_that_start_together_make_the_tables_once(pool) {
        let migrations = (0..6).map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move { Attachments::new().migrate(&pool).await })
        });
        for migrated in migrations.collect::<Vec<_>>() {
            migrated.await.unwrap().unwrap();
        }
        Attachments::new().check(&pool).await.unwrap();
    }

    async fn a_migration_that_broke_off(pool) {
        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        for statement in ["DELETE FROM cloudinary_schema", "UPDATE cloudinary_migrations SET success = FALSE"] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        let error = attachments.migrate(&pool).await.unwrap_err();
        assert!(matches!(error, Error::SchemaHalfApplied), "{error}");
        // As the error says.
        assert!(error.to_string().contains("delete what cloudinary_migrations has with success = false"), "{error}");
        sqlx::query("DELETE FROM cloudinary_migrations WHERE success = FALSE").execute(&pool).await.unwrap();
        attachments.migrate(&pool).await.unwrap();
        attachments.check(&pool).await.unwrap();
    }

    async fn tables_that_were_dropped(pool) {
        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        for table in ["cloudinary_attachment", "cloudinary_schema"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("DROP TABLE {table}"))).execute(&pool).await.unwrap();
            let error = attachments.migrate(&pool).await.unwrap_err();
            assert!(matches!(error, Error::SchemaLost), "{error}");
        }
        // As the error says.
        sqlx::query("DROP TABLE cloudinary_migrations").execute(&pool).await.unwrap();
        attachments.migrate(&pool).await.unwrap();
    }

    async fn out_of_connections(pool) {
        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        let small = sqlx::Pool::<DB>::connect_lazy_with((*pool.connect_options()).clone());
        small.close().await;
        let error = attachments.pending(&small, field("a")).await.unwrap_err();
        assert!(error.to_string().contains("cannot be reached"), "{error}");
        let tight = sqlx::pool::PoolOptions::<DB>::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_millis(200))
            .connect_with((*pool.connect_options()).clone())
            .await
            .unwrap();
        let _taken = tight.acquire().await.unwrap();
        let error = attachments.reserve(&tight, &cloudinary_core::UploadOptions::new()).await.unwrap_err();
        assert!(error.to_string().contains("raise max_connections"), "{error}");
    }

    async fn values_edited_by_hand(pool) {
        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        attachments.attach(&mut tx, field("image/upload/v1/a.jpg"), &owner()).await.unwrap();
        tx.commit().await.unwrap();
        sqlx::query(sql!("UPDATE cloudinary_attachment SET value = ?")).bind("https://x/y").execute(&pool).await.unwrap();
        let error = attachments.find(&pool, field("image/upload/a")).await.unwrap_err();
        assert!(error.to_string().contains("set the column to"), "{error}");
        let bad = sqlx::query("UPDATE cloudinary_attachment SET state = 'lost'").execute(&pool).await;
        assert!(bad.is_err(), "states are checked");
        // Given up with its reason, not destroyed, and nothing stuck behind it.
        sqlx::query("UPDATE cloudinary_attachment SET due_at = 1, state = 'released' WHERE owner_table <> ''").execute(&pool).await.unwrap();
        sqlx::query("UPDATE cloudinary_attachment SET due_at = NULL WHERE owner_table <> ''").execute(&pool).await.unwrap();
        sqlx::query("UPDATE cloudinary_attachment SET due_at = 1, value = '' WHERE owner_table = ''").execute(&pool).await.unwrap();
        let cld = cloudinary_core::Cloudinary::new(cloudinary_core::Config::new("demo").credentials("key", "secret")).unwrap();
        let report = cloudinary_sqlx::attachments::Worker::new(&attachments, &pool, &cld).drain().await.unwrap();
        assert_eq!((report.dead, report.total()), (1, 1));
        let reason: String =
            sqlx::query_scalar("SELECT reason FROM cloudinary_attachment WHERE state = 'dead'").fetch_one(&pool).await.unwrap();
        assert!(reason.contains("not an asset reference"), "{reason}");
    }
}

#[cfg(feature = "sqlite")]
mod sqlite_files {
    use super::*;
    use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

    async fn open(options: SqliteConnectOptions) -> sqlx::SqlitePool {
        SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap()
    }

    #[tokio::test]
    async fn read_only_full_and_locked() {
        let database = support::sqlite().await;
        let path = database.folder.path().join("app.db");
        let attachments = Attachments::new();
        attachments.migrate(&database.pool).await.unwrap();
        let image = field("image/upload/v1/a.jpg");
        attachments.pending(&database.pool, &image).await.unwrap();

        let read_only = open(SqliteConnectOptions::new().filename(&path).read_only(true)).await;
        attachments.check(&read_only).await.unwrap();
        let error = attachments.pending(&read_only, field("b")).await.unwrap_err();
        assert!(error.to_string().contains("connect to the one that takes writes"), "{error}");

        let full = open(SqliteConnectOptions::new().filename(&path).pragma("max_page_count", "1")).await;
        let mut error = None;
        for n in 0..10_000 {
            if let Err(fault) = attachments.pending(&full, field(&format!("image/upload/{n:0200}"))).await {
                error = Some(fault);
                break;
            }
        }
        let error = error.expect("a file that is full");
        assert!(error.to_string().contains("make room, nothing was written"), "{error}");

        let busy = open(SqliteConnectOptions::new().filename(&path).busy_timeout(Duration::from_millis(50))).await;
        let tx = database.pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let error = attachments.pending(&busy, field("b")).await.unwrap_err();
        assert!(error.to_string().contains("raise the busy timeout"), "{error}");
        tx.rollback().await.unwrap();
        let noted = attachments.find(&database.pool, &image).await.unwrap().unwrap();
        assert_eq!(noted.state, AttachmentState::Pending);
    }
}
