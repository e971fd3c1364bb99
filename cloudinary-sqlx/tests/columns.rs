//! The column types on each database.

mod support;

use cloudinary_sqlx::{CloudinaryField, CloudinaryImage};
use support::{field, on_each_database, sql};

#[derive(Debug, sqlx::FromRow)]
struct Photo {
    id: i64,
    image: CloudinaryField,
    cover: Option<CloudinaryField>,
}

const TABLE: &str =
    "CREATE TABLE photo (id BIGINT NOT NULL PRIMARY KEY, image VARCHAR(255) NOT NULL UNIQUE, cover TEXT)";

on_each_database! {
    async fn values_round_trip(pool) {
        sqlx::query(sql!(TABLE)).execute(&pool).await.unwrap();
        let values = [
            ("image/upload/v1372180830/sample.jpg", None),
            ("raw/upload/v9/sheet.xls", Some("image/private/v1/a/b/ünï.png")),
            ("video/authenticated/v2/dog.mp4", Some("image/upload/no-version")),
            ("image/upload/v3/folder/o'neill \"quoted\" 100%_.webp", Some("image/upload/v1/日本/写真.jpg")),
        ];
        for (id, (image, cover)) in (1_i64..).zip(values) {
            sqlx::query(sql!("INSERT INTO photo (id, image, cover) VALUES (?, ?, ?)"))
                .bind(id)
                .bind(field(image))
                .bind(cover.map(field))
                .execute(&pool)
                .await
                .unwrap();
        }
        let photos: Vec<Photo> =
            sqlx::query_as("SELECT id, image, cover FROM photo ORDER BY id").fetch_all(&pool).await.unwrap();
        assert_eq!(photos.len(), values.len());
        for (photo, (image, cover)) in photos.iter().zip(values) {
            assert_eq!(photo.image, field(image), "{}", photo.id);
            assert_eq!(photo.cover, cover.map(field));
        }
        let stored: Vec<String> =
            sqlx::query_scalar("SELECT image FROM photo ORDER BY id").fetch_all(&pool).await.unwrap();
        assert_eq!(stored, values.map(|(image, _)| image), "the bytes");
    }

    async fn conditions(pool) {
        sqlx::query(sql!(TABLE)).execute(&pool).await.unwrap();
        for (id, image) in [(1_i64, "image/upload/v1/albums/a.jpg"), (2, "image/upload/v1/albums/b.jpg"), (3, "raw/upload/v1/c.xls")] {
            sqlx::query(sql!("INSERT INTO photo (id, image) VALUES (?, ?)")).bind(id).bind(field(image)).execute(&pool).await.unwrap();
        }
        for (condition, value, expected) in [
            ("image = ?", "image/upload/v1/albums/b.jpg", vec![2_i64]),
            ("image <> ?", "image/upload/v1/albums/b.jpg", vec![1, 3]),
            ("image LIKE ?", "image/upload/%", vec![1, 2]),
            ("image LIKE ?", "%/albums/b.%", vec![2]),
            ("image IN (?)", "raw/upload/v1/c.xls", vec![3]),
            ("cover IS NULL AND image > ?", "image/upload/v1/albums/a.jpg", vec![2, 3]),
        ] {
            let statement = format!("SELECT id FROM photo WHERE {condition} ORDER BY id");
            let found: Vec<i64> = if condition.contains("LIKE") {
                sqlx::query_scalar(sql!(&statement)).bind(value).fetch_all(&pool).await.unwrap()
            } else {
                sqlx::query_scalar(sql!(&statement)).bind(field(value)).fetch_all(&pool).await.unwrap()
            };
            assert_eq!(found, expected, "{condition} {value}");
        }
        let twice = sqlx::query(sql!("INSERT INTO photo (id, image) VALUES (?, ?)"))
            .bind(4_i64)
            .bind(field("image/upload/v1/albums/a.jpg"))
            .execute(&pool)
            .await
            .unwrap_err();
        assert!(twice.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation), "{twice}");
        let updated = sqlx::query(sql!("UPDATE photo SET cover = image, image = ? WHERE image = ?"))
            .bind(field("image/upload/v2/albums/a.jpg"))
            .bind(field("image/upload/v1/albums/a.jpg"))
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(updated.rows_affected(), 1);
    }

    async fn broken_values_say_what_is_wrong_and_what_to_write(pool) {
        sqlx::query(sql!("CREATE TABLE broken (image TEXT)")).execute(&pool).await.unwrap();
        for (value, expected) in [
            ("", "set the column to NULL"),
            ("image/upload/../x", "'..' segment"),
            (" image/upload/v1/a.jpg", "set the column to 'image/upload/v1/a.jpg'"),
            ("a\nb", "control character"),
            ("https://res.cloudinary.com/demo/image/upload/v1/a.jpg?x", "set the column to 'image/upload/v1/a.jpg'"),
            ("https://res.cloudinary.com/demo/image/upload/v1/a.jpg", "it is a URL; set the column to 'image/upload/v1/a.jpg'"),
            ("http://example.com/a.jpg", "it is a URL"),
            (&"x".repeat(256), "longer than 255 bytes"),
        ] {
            sqlx::query("DELETE FROM broken").execute(&pool).await.unwrap();
            sqlx::query(sql!("INSERT INTO broken (image) VALUES (?)")).bind(value).execute(&pool).await.unwrap();
            let error = sqlx::query_scalar::<_, CloudinaryField>("SELECT image FROM broken").fetch_one(&pool).await.unwrap_err();
            assert!(error.to_string().contains(expected), "{value:?}: {error}");
            assert!(error.to_string().contains("column"), "{value:?}: {error}");
            // Also where NULL would be allowed.
            assert!(sqlx::query_scalar::<_, Option<CloudinaryField>>("SELECT image FROM broken").fetch_one(&pool).await.is_err());
        }
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM broken").fetch_one(&pool).await.unwrap();
        assert_eq!(kept, 1, "reading changes nothing");
    }

    async fn values_that_do_not_fit_are_refused_by_name(pool) {
        sqlx::query(sql!("CREATE TABLE fits (image TEXT)")).execute(&pool).await.unwrap();
        let long = cloudinary_core::AssetRef::image("x".repeat(250));
        let long_in_bytes = cloudinary_core::AssetRef::image("日".repeat(100));
        for (asset, expected) in [(long, "263 bytes and a column takes 255"), (long_in_bytes, "313 bytes and a column takes 255")] {
            let error = sqlx::query(sql!("INSERT INTO fits (image) VALUES (?)"))
                .bind(CloudinaryField::from(asset))
                .execute(&pool)
                .await
                .unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
        for id in ["sample.jpg", "v12/x", "", "a/../b"] {
            let asset = CloudinaryField::from(cloudinary_core::AssetRef::image(id));
            let error = sqlx::query(sql!("INSERT INTO fits (image) VALUES (?)")).bind(&asset).execute(&pool).await.unwrap_err();
            assert!(error.to_string().contains("read back as another"), "{id}: {error}");
            let image = CloudinaryImage::from(asset);
            let error = sqlx::query(sql!("INSERT INTO fits (image) VALUES (?)")).bind(image).execute(&pool).await.unwrap_err();
            assert!(error.to_string().contains("read back as another"), "{id}: {error}");
        }
        let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM fits").fetch_one(&pool).await.unwrap();
        assert_eq!(kept, 0);
    }

    async fn json_column(pool) {
        let json = match <DB as sqlx::Database>::NAME { "SQLite" => "TEXT", "PostgreSQL" => "JSONB", _ => "JSON" };
        sqlx::query(sql!(&format!("CREATE TABLE picture (id BIGINT PRIMARY KEY, image {json})"))).execute(&pool).await.unwrap();
        let answer: cloudinary_core::UploadResponse = serde_json::from_str(
            r##"{"public_id": "日本/beach", "version": 7, "format": "jpg", "resource_type": "image", "type": "upload", "width": 1200,
                "height": 800, "bytes": 90000, "asset_id": "b5e6d2b39ba3e0869d67141ba7dba6cf", "colors": [["#0A6EB4", 60.0]]}"##,
        )
        .unwrap();
        let image = CloudinaryImage::try_from(&answer).unwrap();
        assert!(image.placeholder().is_some());
        for (id, value) in [(1_i64, Some(image.clone())), (2, None), (3, Some(field("image/upload/v1/a.jpg").into()))] {
            sqlx::query(sql!("INSERT INTO picture (id, image) VALUES (?, ?)")).bind(id).bind(value.clone()).execute(&pool).await.unwrap();
            let read: Option<CloudinaryImage> =
                sqlx::query_scalar(sql!("SELECT image FROM picture WHERE id = ?")).bind(id).fetch_one(&pool).await.unwrap();
            assert_eq!(read, value);
        }
        for (broken, expected) in [(r#"{"image": ""}"#, "it is empty"), (r#"{"image": "a", "size": 1}"#, "size"), ("[]", "no image")] {
            let cast = if <DB as sqlx::Database>::NAME == "PostgreSQL" { "CAST(? AS JSONB)" } else { "?" };
            sqlx::query(sql!(&format!("UPDATE picture SET image = {cast} WHERE id = 1"))).bind(broken).execute(&pool).await.unwrap();
            let error = sqlx::query_scalar::<_, CloudinaryImage>("SELECT image FROM picture WHERE id = 1").fetch_one(&pool).await.unwrap_err();
            assert!(error.to_string().contains(expected), "{broken}: {error}");
        }
    }

    async fn a_column_that_is_too_short_loses_nothing(pool) {
        sqlx::query(sql!("CREATE TABLE short (image VARCHAR(30))")).execute(&pool).await.unwrap();
        let image = field("image/upload/v1372180830/a-longer-name.jpg");
        let written = sqlx::query(sql!("INSERT INTO short (image) VALUES (?)")).bind(&image).execute(&pool).await;
        let rows: Vec<CloudinaryField> = sqlx::query_scalar("SELECT image FROM short").fetch_all(&pool).await.unwrap();
        match written {
            // SQLite does not count.
            Ok(_) => assert_eq!(rows, [image]),
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains("too long"), "{text}");
                assert!(rows.is_empty());
            }
        }
    }
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn arrays_on_postgres() {
    let Some(pool) = support::postgres("arrays").await else { return };
    for kind in ["TEXT", "VARCHAR(255)"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE TABLE album_{} (images {kind}[] NOT NULL)", kind.len())))
            .execute(&pool)
            .await
            .unwrap();
        let table = format!("album_{}", kind.len());
        let images = vec![field("image/upload/v1/a.jpg"), field("raw/upload/v1/日.xls")];
        sqlx::query(sqlx::AssertSqlSafe(format!("INSERT INTO {table} (images) VALUES ($1)")))
            .bind(&images)
            .execute(&pool)
            .await
            .unwrap();
        let read: Vec<CloudinaryField> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT images FROM {table}")))
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(read, images);
        let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "SELECT count(*) FROM {table} WHERE images @> $1::{kind}[]"
        )))
        .bind(&images[..1])
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(found, 1);
    }
    let some: Vec<Option<CloudinaryField>> =
        sqlx::query_scalar("SELECT ARRAY['a', NULL]::text[]").fetch_one(&pool).await.unwrap();
    assert_eq!(some, [Some(field("a")), None]);
    let any: i64 =
        sqlx::query_scalar("SELECT count(*) FROM (VALUES ('image/upload/a'), ('b')) AS v(image) WHERE image = ANY($1)")
            .bind(vec![field("a")])
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(any, 1);
    let error = sqlx::query_scalar::<_, Vec<CloudinaryField>>("SELECT ARRAY['a', '']::text[]")
        .fetch_one(&pool)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("it is empty"), "{error}");
    // CHAR pads; the error says what the value should be.
    let error = sqlx::query_scalar::<_, CloudinaryField>("SELECT 'image/upload/v1/a.jpg'::char(40)")
        .fetch_one(&pool)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("set the column to 'image/upload/v1/a.jpg'"), "{error}");
}

#[cfg(feature = "mysql")]
#[tokio::test]
async fn text_types_and_foreign_charsets_on_mysql() {
    let Some(pool) = support::mysql("charsets").await else { return };
    sqlx::query(
        "CREATE TABLE kinds (a VARCHAR(255) COLLATE utf8mb4_bin, b TINYTEXT, c MEDIUMTEXT, d LONGTEXT, e CHAR(100), \
         f VARCHAR(255) CHARACTER SET latin1)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let image = field("image/upload/v1/ünï.jpg");
    sqlx::query("INSERT INTO kinds VALUES (?, ?, ?, ?, ?, ?)")
        .bind(&image)
        .bind(&image)
        .bind(&image)
        .bind(&image)
        .bind(&image)
        .bind(&image)
        .execute(&pool)
        .await
        .unwrap();
    for column in ["a", "b", "c", "d", "e", "f"] {
        let read: CloudinaryField = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT {column} FROM kinds")))
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(read, image, "{column}");
    }
    let error =
        sqlx::query("UPDATE kinds SET f = ?").bind(field("image/upload/v1/日本.jpg")).execute(&pool).await.unwrap_err();
    let text = error.to_string();
    // MariaDB and MySQL.
    assert!(text.contains("Incorrect string value") || text.contains("Conversion from collation"), "{text}");
    let kept: CloudinaryField = sqlx::query_scalar("SELECT f FROM kinds").fetch_one(&pool).await.unwrap();
    assert_eq!(kept, image);
    let error = sqlx::query_scalar::<_, CloudinaryField>("SELECT CAST(a AS BINARY) FROM kinds")
        .fetch_one(&pool)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("not compatible"), "{error}");
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn bytes_that_are_no_text_on_sqlite() {
    let database = support::sqlite().await;
    for (value, expected) in [
        ("CAST(x'696d6167ff' AS TEXT)", "cannot be read as text"),
        ("x'61'", "not compatible"),
        ("42", "not compatible"),
    ] {
        let error = sqlx::query_scalar::<_, CloudinaryField>(sqlx::AssertSqlSafe(format!("SELECT {value}")))
            .fetch_one(&database.pool)
            .await
            .unwrap_err();
        assert!(error.to_string().contains(expected), "{value}: {error}");
    }
    for (value, expected) in
        [("sample", "image/upload/sample"), ("v12/folder/sample.jpg", "image/upload/v12/folder/sample.jpg")]
    {
        let read: CloudinaryField = sqlx::query_scalar("SELECT ?").bind(value).fetch_one(&database.pool).await.unwrap();
        assert_eq!(read.to_string(), expected, "what Django or a hand wrote is read");
    }
}
