//! The column on `SQLite`.

use cloudinary_sqlx::CloudinaryField;
use sqlx::SqlitePool;

#[derive(Debug, sqlx::FromRow)]
struct Photo {
    id: i64,
    image: CloudinaryField,
    cover: Option<CloudinaryField>,
}

async fn database() -> SqlitePool {
    // One connection, since each of an in-memory database is its own.
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await.unwrap();
    sqlx::query("CREATE TABLE photo (id INTEGER PRIMARY KEY, image VARCHAR(255) NOT NULL UNIQUE, cover TEXT)")
        .execute(&pool)
        .await
        .unwrap();
    pool
}

fn field(value: &str) -> CloudinaryField {
    value.parse().unwrap()
}

#[tokio::test]
async fn values_round_trip() {
    let pool = database().await;
    let values = [
        ("image/upload/v1372180830/sample.jpg", None),
        ("raw/upload/v9/sheet.xls", Some("image/private/v1/a/b/ünï.png")),
        ("video/authenticated/v2/dog.mp4", Some("image/upload/no-version")),
    ];
    for (image, cover) in values {
        sqlx::query("INSERT INTO photo (image, cover) VALUES (?, ?)")
            .bind(field(image))
            .bind(cover.map(field))
            .execute(&pool)
            .await
            .unwrap();
    }
    let photos: Vec<Photo> =
        sqlx::query_as("SELECT id, image, cover FROM photo ORDER BY id").fetch_all(&pool).await.unwrap();
    for (photo, (image, cover)) in photos.iter().zip(values) {
        assert_eq!(photo.image, field(image), "{}", photo.id);
        assert_eq!(photo.cover, cover.map(field));
    }
    let stored: Vec<String> = sqlx::query_scalar("SELECT image FROM photo ORDER BY id").fetch_all(&pool).await.unwrap();
    assert_eq!(stored, values.map(|(image, _)| image));

    let found: i64 = sqlx::query_scalar("SELECT count(*) FROM photo WHERE image = ?")
        .bind(field("raw/upload/v9/sheet.xls"))
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(found, 1);
}

#[tokio::test]
async fn what_django_or_a_hand_wrote_is_read() {
    let pool = database().await;
    for (value, expected) in [
        ("sample", "image/upload/sample"),
        ("v12/folder/sample.jpg", "image/upload/v12/folder/sample.jpg"),
        ("image/upload/v1/a.jpg", "image/upload/v1/a.jpg"),
    ] {
        let read: CloudinaryField = sqlx::query_scalar("SELECT ?").bind(value).fetch_one(&pool).await.unwrap();
        assert_eq!(read.to_string(), expected);
    }
}

#[tokio::test]
async fn broken_values_say_what_is_wrong() {
    let pool = database().await;
    for (value, expected) in [("", "it is empty"), ("image/upload/../x", "'..' segment"), ("a\nb", "control character")]
    {
        let error =
            sqlx::query_scalar::<_, CloudinaryField>("SELECT ?").bind(value).fetch_one(&pool).await.unwrap_err();
        assert!(error.to_string().contains(expected) && error.to_string().contains("or NULL"), "{error}");
    }
    let long = cloudinary_core::AssetRef::image("x".repeat(250));
    let error = sqlx::query("SELECT ?").bind(CloudinaryField::from(long)).execute(&pool).await.unwrap_err();
    assert!(error.to_string().contains("263 bytes"), "{error}");
    for id in ["sample.jpg", "v12/x", "", "a/../b"] {
        let asset = cloudinary_core::AssetRef::image(id);
        let error = sqlx::query("SELECT ?").bind(CloudinaryField::from(asset)).execute(&pool).await.unwrap_err();
        assert!(error.to_string().contains("read back as another"), "{id}: {error}");
    }
}

/// Checked at compile time against `tests/schema.sql`, as recorded in `.sqlx`.
#[tokio::test]
async fn checked_queries() {
    let pool = database().await;
    let image = field("image/upload/v1/a.jpg");
    sqlx::query!("INSERT INTO photo (image, cover) VALUES (?, ?)", image as _, None::<CloudinaryField> as _)
        .execute(&pool)
        .await
        .unwrap();
    let photo = sqlx::query_as!(
        Photo,
        r#"SELECT id AS "id!", image AS "image: CloudinaryField", cover AS "cover: CloudinaryField" FROM photo"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!((photo.image, photo.cover), (image, None));
}
