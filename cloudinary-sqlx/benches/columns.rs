//! What the column type and the attachments cost: decoding 100,000 rows as `CloudinaryField` and as `String`, attaching
//! within a transaction and the bare insert, and how many assets a minute the worker releases.
//!
//! SQLite always; PostgreSQL and MySQL or MariaDB where `CLOUDINARY_TEST_POSTGRES` and `CLOUDINARY_TEST_MYSQL` say.
//! `cargo bench -p cloudinary-sqlx --all-features --bench columns`; it fails if a promise is broken.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use cloudinary_core::{ResourceType, UploadOptions};
use cloudinary_local::LocalServer;
use cloudinary_sqlx::CloudinaryField;
use cloudinary_sqlx::attachments::{Attachments, Owner, Worker};

#[path = "../tests/support/mod.rs"]
mod support;

const ROWS: usize = 100_000;
const MOST_DECODE: f64 = 1.15;
const MOST_ATTACH: f64 = 1.5;
const LEAST_RELEASES: f64 = 2000.0;

/// The median of many.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// How often the first goes into the second: each pair was timed in turn, so that a busy machine is unfair to both alike.
fn ratio(first: &[f64], second: &[f64]) -> f64 {
    median(first.iter().zip(second).map(|(first, second)| second / first).collect())
}

struct Promises(bool);

impl Promises {
    fn check(&mut self, what: &str, value: f64, holds: bool) {
        println!("{what}: {value:.2}{}", if holds { "" } else { "  BROKEN" });
        self.0 &= holds;
    }
}

/// Assets that a worker releases.
const RELEASES: usize = 300;

macro_rules! bench {
    ($name:literal, $database:ty, $pool:expr, $promises:expr) => {{
        type DB = $database;
        let pool = $pool;
        sqlx::query("CREATE TABLE photo (id BIGINT NOT NULL PRIMARY KEY, image VARCHAR(255) NOT NULL)")
            .execute(&pool)
            .await
            .unwrap();
        for start in (0..ROWS).step_by(1000) {
            let mut insert = sqlx::QueryBuilder::<DB>::new("INSERT INTO photo (id, image) ");
            insert.push_values(start..start + 1000, |mut row, n| {
                row.push_bind(n as i64)
                    .push_bind(format!("image/upload/v{}/albums/2026/photo-{n:08}.jpg", 1_372_180_830 + n));
            });
            insert.build().execute(&pool).await.unwrap();
        }
        let (mut texts, mut fields) = (Vec::new(), Vec::new());
        // By one connection: a pool hands out its connections in turn, and of SQLite's one can take a fifth longer than the
        // next, whatever it decodes. Each is first as often as the other.
        let mut connection = pool.acquire().await.unwrap();
        for round in 0..30 {
            for is_field in [round % 2 == 0, round % 2 != 0] {
                let start = Instant::now();
                if is_field {
                    let rows: Vec<CloudinaryField> =
                        sqlx::query_scalar("SELECT image FROM photo").fetch_all(&mut *connection).await.unwrap();
                    fields.push(start.elapsed().as_secs_f64());
                    assert_eq!(rows.len(), ROWS);
                } else {
                    let rows: Vec<String> =
                        sqlx::query_scalar("SELECT image FROM photo").fetch_all(&mut *connection).await.unwrap();
                    texts.push(start.elapsed().as_secs_f64());
                    assert_eq!(rows.len(), ROWS);
                }
            }
        }
        drop(connection);
        let times = ratio(&texts, &fields);
        let (text, field) = (median(texts), median(fields));
        println!("{}: {ROWS} rows as String {:.0} ms, as CloudinaryField {:.0} ms", $name, text * 1e3, field * 1e3);
        $promises.check(concat!($name, ": decode, times String"), times, times <= MOST_DECODE);

        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        let (mut bare, mut attached) = (Vec::new(), Vec::new());
        for n in 0..300_i64 {
            for attach in [false, true] {
                let id = 1_000_000 + 2 * n + i64::from(attach);
                let image: CloudinaryField = format!("image/upload/v1/attached-{id}.jpg").parse().unwrap();
                let start = Instant::now();
                let mut tx = pool.begin().await.unwrap();
                sqlx::query(sqlx::AssertSqlSafe(support::dialect::<DB>("INSERT INTO photo (id, image) VALUES (?, ?)")))
                    .bind(id)
                    .bind(&image)
                    .execute(&mut *tx)
                    .await
                    .unwrap();
                if attach {
                    attachments.attach(&mut tx, &image, &Owner::new("photo", id, "image").unwrap()).await.unwrap();
                }
                tx.commit().await.unwrap();
                if attach { &mut attached } else { &mut bare }.push(start.elapsed().as_secs_f64());
            }
        }
        let times = ratio(&bare, &attached);
        let (bare, attached) = (median(bare), median(attached));
        println!("{}: insert {:.2} ms, insert and attach {:.2} ms", $name, bare * 1e3, attached * 1e3);
        $promises.check(concat!($name, ": attach, times the bare insert"), times, times <= MOST_ATTACH);

        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let at_once = Attachments::new().undo_for(Duration::ZERO);
        let owner = Owner::new("photo", 1, "image").unwrap();
        for n in 0..RELEASES {
            let options = UploadOptions::new().public_id(format!("release-{n}")).resource_type(ResourceType::Raw);
            let image = CloudinaryField::try_from(&*cld.upload(b"a file".to_vec(), &options).await.unwrap()).unwrap();
            let mut tx = pool.begin().await.unwrap();
            at_once.attach(&mut tx, &image, &owner).await.unwrap();
            at_once.detach(&mut tx, &image, &owner).await.unwrap();
            tx.commit().await.unwrap();
        }
        let start = Instant::now();
        let report = Worker::new(&at_once, &pool, &cld).drain().await.unwrap();
        assert_eq!(report.destroyed, RELEASES as u64);
        let a_minute = RELEASES as f64 / start.elapsed().as_secs_f64() * 60.0;
        $promises.check(concat!($name, ": releases a minute"), a_minute, a_minute >= LEAST_RELEASES);
    }};
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut promises = Promises(true);
    let database = support::sqlite().await;
    bench!("SQLite", sqlx::Sqlite, database.pool.clone(), promises);
    #[cfg(feature = "postgres")]
    if let Some(pool) = support::postgres("bench").await {
        bench!("PostgreSQL", sqlx::Postgres, pool, promises);
    }
    #[cfg(feature = "mysql")]
    if let Some(pool) = support::mysql("bench").await {
        bench!("MariaDB", sqlx::MySql, pool, promises);
    }
    if promises.0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
