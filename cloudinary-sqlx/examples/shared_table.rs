//! The app of ours in the test of a table that a Django project shares; `scripts/django/run` calls it:
//!
//! ```text
//! shared_table dump        reads each row, and prints as JSON what it read and how it renders it
//! shared_table rewrite     reads each row, and writes what it read
//! shared_table insert      inserts the rows that come as JSON, one a line: [title, image, sheet, secret]
//! ```

use std::error::Error;
use std::io::BufRead as _;

use cloudinary_core::{AssetUrl, Config, Transformation};
use cloudinary_sqlx::CloudinaryField;

#[derive(sqlx::FromRow)]
struct Photo {
    id: i64,
    title: String,
    image: Option<CloudinaryField>,
    sheet: Option<CloudinaryField>,
    secret: Option<CloudinaryField>,
}

type Fault = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let url = std::env::var("DATABASE_URL")?;
    let command = std::env::args().nth(1).unwrap_or_default();
    // Both take numbered placeholders.
    macro_rules! work {
        ($pool:expr) => {{
            let pool = $pool;
            match command.as_str() {
                "dump" => {
                    for photo in read!(&pool) {
                        println!("{}", dump(&photo));
                    }
                }
                "rewrite" => {
                    for photo in read!(&pool) {
                        sqlx::query("UPDATE gallery_photo SET image = $1, sheet = $2, secret = $3 WHERE id = $4")
                            .bind(&photo.image)
                            .bind(&photo.sheet)
                            .bind(&photo.secret)
                            .bind(photo.id)
                            .execute(&pool)
                            .await?;
                    }
                }
                "insert" => {
                    for line in std::io::stdin().lock().lines() {
                        let (title, image, sheet, secret): (
                            String,
                            Option<CloudinaryField>,
                            Option<CloudinaryField>,
                            Option<CloudinaryField>,
                        ) = serde_json::from_str(&line?)?;
                        sqlx::query("INSERT INTO gallery_photo (title, image, sheet, secret) VALUES ($1, $2, $3, $4)")
                            .bind(title)
                            .bind(image)
                            .bind(sheet)
                            .bind(secret)
                            .execute(&pool)
                            .await?;
                    }
                }
                other => return Err(format!("unknown command {other:?}").into()),
            }
        }};
    }
    macro_rules! read {
        ($pool:expr) => {
            sqlx::query_as::<_, Photo>("SELECT id, title, image, sheet, secret FROM gallery_photo ORDER BY id")
                .fetch_all($pool)
                .await?
        };
    }
    if url.starts_with("sqlite:") {
        work!(sqlx::SqlitePool::connect(&url).await?);
    } else {
        work!(sqlx::PgPool::connect(&url).await?);
    }
    Ok(())
}

fn dump(photo: &Photo) -> serde_json::Value {
    let show = |field: &Option<CloudinaryField>| {
        field.as_ref().map(|field| {
            let url = AssetUrl::new(Config::new("demo"), field);
            let small = Transformation::new().width(100).height(50).crop("fill");
            serde_json::json!({
                "value": field.to_string(),
                "url": url.to_string(),
                "small": url.transform(&small).to_string(),
            })
        })
    };
    serde_json::json!({
        "id": photo.id,
        "title": photo.title,
        "image": show(&photo.image),
        "sheet": show(&photo.sheet),
        "secret": show(&photo.secret),
    })
}
