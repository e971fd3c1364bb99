//! Rows that nobody attached, as another program writes them: what they hold is spared, however they say it.
#![cfg(feature = "attachments")]

mod support;

use std::time::{Duration, SystemTime};

use cloudinary_core::client::RetryPolicy;
use cloudinary_core::{Cloudinary, Config, ResourceType};
use cloudinary_local::LocalServer;
use cloudinary_sqlx::attachments::{Attachments, AttachmentsDatabase, Audit, Owner, Sweeper, TableColumn, Worker};
use support::{field, on_each_database, sql};

const UUID: &str = "f47ac10b-58cc-4372-a567-0e02b2c3d479";

/// Two days from now, when whatever is pending is due.
fn later(column: TableColumn) -> Attachments {
    Attachments::new().column(column).clock(|| SystemTime::now() + Duration::from_hours(48))
}

fn photo() -> TableColumn {
    TableColumn::new("photo", "id", "image")
}

fn poster() -> TableColumn {
    TableColumn::new("poster", "id", "image").json()
}

/// A service that does not answer: what the worker would destroy fails.
fn away() -> Cloudinary {
    let config = Config::new("demo").credentials("key", "secret").upload_prefix("http://127.0.0.1:9");
    Cloudinary::new(config).unwrap().with_retry(RetryPolicy::never())
}

/// Whether the worker spares the one asset that is due.
async fn is_spared<DB: AttachmentsDatabase>(pool: &sqlx::Pool<DB>, column: TableColumn) -> bool {
    let report = Worker::new(&later(column), pool, &away()).drain().await.unwrap();
    assert_eq!(report.total(), 1, "{report:?}");
    report.kept == 1
}

async fn service() -> (LocalServer, Cloudinary) {
    let server = LocalServer::start().await.unwrap();
    let cld = server.cloudinary().unwrap();
    (server, cld)
}

on_each_database! {
    async fn whatever_version_and_format_they_say(pool) {
        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        sqlx::query(sql!("CREATE TABLE photo (id BIGINT NOT NULL PRIMARY KEY, image VARCHAR(255))")).execute(&pool).await.unwrap();
        for (noted, held, spared) in [
            // Reserved, so that the version was not known.
            ("image/upload/o'neill 50%_!", "image/upload/v1372180830/o'neill 50%_!.jpg", true),
            ("raw/upload/日本.pdf", "raw/upload/v7/日本.pdf", true),
            ("image/upload/v1/a.jpg", "image/upload/v2/a.png", true),
            ("image/upload/v1/a.jpg", "a", true),
            ("image/upload/v1/a.jpg", "a.png", true),
            ("image/upload/v1/a.jpg", "v3/a", true),
            ("image/upload/v1/a.jpg", "image/upload/v1/A.jpg", false),
            ("image/upload/v1/a.jpg", "image/upload/v1/b/a.jpg", false),
            ("image/upload/v1/a_c.jpg", "image/upload/v1/abc.jpg", false),
            ("image/upload/v1/a.jpg", "raw/upload/v1/a.jpg", false),
        ] {
            sqlx::query("DELETE FROM photo").execute(&pool).await.unwrap();
            sqlx::query("DELETE FROM cloudinary_attachment").execute(&pool).await.unwrap();
            attachments.pending(&pool, field(noted)).await.unwrap();
            sqlx::query(sql!("INSERT INTO photo VALUES (1, ?)")).bind(held).execute(&pool).await.unwrap();
            assert_eq!(is_spared(&pool, photo()).await, spared, "{noted} {held}");
        }
    }

    async fn with_keys_that_are_uuids(pool) {
        let kind = match <DB as sqlx::Database>::NAME { "PostgreSQL" => "UUID", "SQLite" => "BLOB", _ => "BINARY(16)" };
        let key = if kind == "UUID" { format!("'{UUID}'") } else { format!("x'{}'", UUID.replace('-', "")) };
        let (_server, cld) = service().await;
        let attachments = later(photo());
        attachments.migrate(&pool).await.unwrap();
        sqlx::query(sql!(&format!("CREATE TABLE photo (id {kind} PRIMARY KEY, image VARCHAR(255))"))).execute(&pool).await.unwrap();
        sqlx::query(sql!(&format!("INSERT INTO photo VALUES ({key}, 'image/upload/v1/a.jpg')"))).execute(&pool).await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        attachments.attach(&mut tx, field("image/upload/v1/a.jpg"), &Owner::new("photo", UUID, "image").unwrap()).await.unwrap();
        tx.commit().await.unwrap();
        let report = Audit::new(&attachments, &pool, &cld).resource_types([ResourceType::Image]).run().await.unwrap();
        assert_eq!(report.rows_without_assets.len(), 1);
        assert_eq!((report.rows_without_holds, report.holds_without_rows, report.unreadable), (vec![], vec![], vec![]));
        Sweeper::new(&attachments, &pool, &cld, "tag").resource_types([ResourceType::Image]).dry_run().await.unwrap();
        sqlx::query("DELETE FROM cloudinary_attachment").execute(&pool).await.unwrap();
        Attachments::new().pending(&pool, field("image/upload/v1/a.jpg")).await.unwrap();
        assert!(is_spared(&pool, photo()).await);
    }

    async fn with_keys_of_sixteen_digits(pool) {
        let (_server, cld) = service().await;
        later(photo()).migrate(&pool).await.unwrap();
        sqlx::query(sql!("CREATE TABLE photo (id BIGINT PRIMARY KEY, image VARCHAR(255))")).execute(&pool).await.unwrap();
        sqlx::query("INSERT INTO photo VALUES (1234567890123456, 'image/upload/v1/a.jpg')").execute(&pool).await.unwrap();
        let audit = Audit::new(&later(photo()), &pool, &cld).resource_types([ResourceType::Image]);
        let report = audit.run().await.unwrap();
        assert_eq!(report.rows_without_assets[0].row.as_ref().unwrap().key(), "1234567890123456");
        assert_eq!(audit.attach_rows().await.unwrap(), 0, "its asset is gone");
    }

    async fn json_that_holds_no_image(pool) {
        let (_server, cld) = service().await;
        later(poster()).migrate(&pool).await.unwrap();
        let json = match <DB as sqlx::Database>::NAME { "SQLite" => "TEXT", "PostgreSQL" => "JSONB", _ => "JSON" };
        sqlx::query(sql!(&format!("CREATE TABLE poster (id BIGINT PRIMARY KEY, image {json})"))).execute(&pool).await.unwrap();
        // Only SQLite keeps what is no JSON.
        let broken = if json == "TEXT" { "{broken" } else { "[]" };
        for (id, value) in [(1, r#"{"width": 5}"#), (2, broken), (3, r#"{"image": ""}"#), (4, r#"{"image": "image/upload/v2/a.jpg"}"#)] {
            sqlx::query(sql!(&format!("INSERT INTO poster VALUES ({id}, '{value}')"))).execute(&pool).await.unwrap();
        }
        Attachments::new().pending(&pool, field("image/upload/v1/a.jpg")).await.unwrap();
        assert!(is_spared(&pool, poster()).await);
        let report = Audit::new(&later(poster()), &pool, &cld).resource_types([ResourceType::Image]).run().await.unwrap();
        let keys: Vec<&str> = report.unreadable.iter().map(|finding| finding.row.as_ref().unwrap().key()).collect();
        assert_eq!((report.rows, keys), (4, vec!["1", "2", "3"]));
        assert!(report.unreadable[0].reason.contains("member \"image\""), "{}", report.unreadable[0].reason);
    }

    async fn in_a_table_that_is_not_there(pool) {
        Attachments::new().migrate(&pool).await.unwrap();
        Attachments::new().pending(&pool, field("a")).await.unwrap();
        let error = Worker::new(&later(photo()), &pool, &away()).drain().await.unwrap_err().to_string();
        assert!(error.contains("photo.image") && error.contains("TableColumn") && !error.contains("migrate"), "{error}");
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn without_a_key_or_without_text() {
    let database = support::sqlite().await;
    let pool = &database.pool;
    let (_server, cld) = service().await;
    Attachments::new().migrate(pool).await.unwrap();
    sqlx::query("CREATE TABLE photo (id TEXT PRIMARY KEY, image)").execute(pool).await.unwrap();
    Attachments::new().pending(pool, field("image/upload/v1/a.jpg")).await.unwrap();
    sqlx::query("INSERT INTO photo VALUES (NULL, 'image/upload/v1/a.jpg'), ('k', CAST(x'ff61' AS TEXT)), ('n', 42)")
        .execute(pool)
        .await
        .unwrap();
    assert!(is_spared(pool, photo()).await);
    Sweeper::new(&later(photo()), pool, &cld, "tag").resource_types([ResourceType::Image]).dry_run().await.unwrap();
    let report = Audit::new(&later(photo()), pool, &cld).resource_types([ResourceType::Image]).run().await.unwrap();
    let reasons: Vec<&str> = report.unreadable.iter().map(|finding| finding.reason.as_str()).collect();
    assert!(matches!(reasons[..], [key, text] if key.contains("the key") && text.contains("UTF-8")), "{reasons:?}");
}

#[cfg(feature = "mysql")]
#[tokio::test]
async fn in_a_charset_that_lacks_the_letters() {
    let Some(pool) = support::mysql("rows-in-latin1").await else { return };
    Attachments::new().migrate(&pool).await.unwrap();
    sqlx::query("CREATE TABLE photo (id BIGINT PRIMARY KEY, image VARCHAR(255) CHARACTER SET latin1)")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query("INSERT INTO photo VALUES (1, 'image/upload/v1/ünï.jpg')").execute(&pool).await.unwrap();
    for (noted, spared) in [("image/upload/ünï", true), ("image/upload/日本", false)] {
        sqlx::query("DELETE FROM cloudinary_attachment").execute(&pool).await.unwrap();
        Attachments::new().pending(&pool, field(noted)).await.unwrap();
        assert_eq!(is_spared(&pool, photo()).await, spared, "{noted}");
    }
}
