//! `query!` and `query_as!`, checked at compile time against `tests/schema.sql`, as recorded in `.sqlx`.
#![cfg(feature = "sqlite")]

mod support;

use cloudinary_sqlx::CloudinaryField;
use support::field;

#[derive(Debug)]
struct Photo {
    id: i64,
    image: CloudinaryField,
    cover: Option<CloudinaryField>,
}

#[tokio::test]
async fn checked_queries() {
    let database = support::sqlite().await;
    let pool = &database.pool;
    sqlx::raw_sql(include_str!("schema.sql")).execute(pool).await.unwrap();
    let image = field("image/upload/v1/a.jpg");
    sqlx::query!("INSERT INTO photo (image, cover) VALUES (?, ?)", image as _, None::<CloudinaryField> as _)
        .execute(pool)
        .await
        .unwrap();
    let photo = sqlx::query_as!(
        Photo,
        r#"SELECT id AS "id!", image AS "image: CloudinaryField", cover AS "cover: CloudinaryField" FROM photo"#
    )
    .fetch_one(pool)
    .await
    .unwrap();
    assert_eq!((photo.id, photo.image, photo.cover), (1, image, None));
}
