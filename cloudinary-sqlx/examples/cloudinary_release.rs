//! The worker, the sweeper and the audit as a command, for cron:
//!
//! ```text
//! cloudinary_release release
//! cloudinary_release sweep TAG [--dry-run] [--column photo.id.image]…
//! cloudinary_release audit [--prefix albums/] [--column photo.id.image]…
//! ```
//!
//! `DATABASE_URL` says which database, `CLOUDINARY_URL` which cloud. What was done is printed as JSON; an audit that finds
//! something ends with status 1. Copy it into an app, with the app's own times and columns.

use std::error::Error;
use std::process::ExitCode;

use cloudinary_core::Cloudinary;
use cloudinary_sqlx::attachments::{Attachments, AttachmentsDatabase, Audit, Sweeper, TableColumn, Worker};
use sqlx::Pool;

type Fault = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cloudinary_release: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<bool, Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let url = std::env::var("DATABASE_URL").map_err(|_| "DATABASE_URL is not set")?;
    match url.split(':').next() {
        #[cfg(feature = "sqlite")]
        Some("sqlite") => work(&sqlx::SqlitePool::connect(&url).await?, &arguments).await,
        #[cfg(feature = "postgres")]
        Some("postgres" | "postgresql") => work(&sqlx::PgPool::connect(&url).await?, &arguments).await,
        #[cfg(feature = "mysql")]
        Some("mysql" | "mariadb") => work(&sqlx::MySqlPool::connect(&url).await?, &arguments).await,
        _ => Err("DATABASE_URL: this program was built for other databases; choose its features".into()),
    }
}

async fn work<DB: AttachmentsDatabase>(pool: &Pool<DB>, arguments: &[String]) -> Result<bool, Fault> {
    let cld = Cloudinary::from_env()?;
    let mut attachments = Attachments::new();
    let (mut words, mut prefix, mut dry_run) = (Vec::new(), String::new(), false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--dry-run" => dry_run = true,
            "--prefix" => prefix.clone_from(rest.next().ok_or("--prefix needs the beginning of the public ids")?),
            "--column" => {
                let column = rest.next().ok_or("--column needs table.key.column")?;
                let parts: Vec<&str> = column.rsplitn(3, '.').collect();
                let [field, key, table] = parts[..] else { return Err("--column needs table.key.column".into()) };
                attachments = attachments.column(TableColumn::new(table, key, field));
            }
            option if option.starts_with('-') => return Err(format!("unknown option {option}").into()),
            word => words.push(word),
        }
    }
    attachments.check(pool).await?;
    match words[..] {
        ["release"] => {
            print(&Worker::new(&attachments, pool, &cld).drain().await?)?;
            Ok(true)
        }
        ["sweep", tag] => {
            let sweeper = Sweeper::new(&attachments, pool, &cld, tag);
            print(&if dry_run { sweeper.dry_run().await? } else { sweeper.sweep().await? })?;
            Ok(true)
        }
        ["audit"] => {
            let report = Audit::new(&attachments, pool, &cld).prefix(prefix).run().await?;
            print(&report)?;
            Ok(report.is_clean())
        }
        _ => Err("say release, sweep TAG, or audit".into()),
    }
}

fn print(report: &impl serde::Serialize) -> Result<(), Fault> {
    println!("{}", serde_json::to_string_pretty(report)?);
    Ok(())
}
