//! Every statement of the attachments is run on every database: a new one that no test runs fails this.
#![cfg(feature = "attachments")]

mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, SystemTime};

use cloudinary_core::client::RetryPolicy;
use cloudinary_core::{Cloudinary, Config, ResourceType};
use cloudinary_local::LocalServer;
use cloudinary_sqlx::attachments::{
    AttachmentState, Attachments, AttachmentsDatabase, Audit, Owner, TableColumn, Worker,
};
use support::{field, on_each_database};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// What sqlx says that it ran.
static RUN: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// One database at a time, since all write to one log.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
static LISTEN: Once = Once::new();

struct Listener;

impl<S: tracing::Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            event.record(&mut Statement);
        }
    }
}

struct Statement;

impl Visit for Statement {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "db.statement" {
            RUN.lock().unwrap().push(value.trim().to_owned());
        }
    }
}

/// The names of the statements that were not run since the log was emptied.
fn never_run<DB: AttachmentsDatabase>() -> Vec<&'static str> {
    let run = RUN.lock().unwrap();
    let statements = DB::STATEMENTS;
    let was_run = |part: &dyn Fn(&str) -> bool| run.iter().any(|statement| part(statement));
    let mut missing: Vec<&str> = statements
        .all()
        .into_iter()
        .filter(|(_, statement)| {
            let (prepared, _) = DB::prepare(*statement, Vec::new());
            !was_run(&|text| text == prepared.as_str())
        })
        .map(|(name, _)| name)
        .collect();
    let quoted = |name| format!("{quote}{name}{quote}", quote = statements.quote);
    for (name, template, column) in [
        ("key", statements.key, "id"),
        ("text", statements.text, "image"),
        ("json_image", statements.json_image, "image"),
        ("like", statements.like.1, ""),
    ] {
        if !was_run(&|text| text.contains(&template.replace("{}", &quoted(column)))) {
            missing.push(name);
        }
    }
    missing
}

fn owner(table: &str, id: i64) -> Owner {
    Owner::new(table, id, "image").unwrap()
}

on_each_database! {
    async fn each_is_run(pool) {
        let _turn = TURN.lock().await;
        LISTEN.call_once(|| tracing_subscriber::registry().with(Listener).init());
        RUN.lock().unwrap().clear();

        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let ahead = Arc::new(AtomicU64::new(0));
        let clock = ahead.clone();
        let attachments = Attachments::new()
            .column(TableColumn::new("photo", "id", "image"))
            .column(TableColumn::new("poster", "id", "image").json())
            .clock(move || SystemTime::now() + Duration::from_hours(clock.load(Ordering::SeqCst)));
        attachments.migrate(&pool).await.unwrap();
        for table in ["CREATE TABLE photo (id BIGINT PRIMARY KEY, image VARCHAR(255))", "CREATE TABLE poster (id BIGINT PRIMARY KEY, image JSON)"] {
            sqlx::query(table).execute(&pool).await.unwrap();
        }
        let worker = Worker::new(&attachments, &pool, &cld);

        // Held by two rows, of which one lets go; then by none.
        let options = cloudinary_core::UploadOptions::new().resource_type(ResourceType::Raw);
        let options = attachments.reserve(&pool, &options).await.unwrap();
        let asset = cld.upload(b"bytes".to_vec(), &options).await.unwrap().asset().unwrap();
        attachments.pending(&pool, &asset).await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        attachments.attach(&mut tx, &asset, &owner("photo", 1)).await.unwrap();
        attachments.attach(&mut tx, &asset, &owner("photo", 2)).await.unwrap();
        attachments.detach(&mut tx, &asset, &owner("photo", 1)).await.unwrap();
        tx.commit().await.unwrap();
        ahead.fetch_add(1, Ordering::SeqCst);
        assert_eq!(worker.drain().await.unwrap().kept, 1);
        let mut tx = pool.begin().await.unwrap();
        attachments.detach(&mut tx, &asset, &owner("photo", 2)).await.unwrap();
        tx.commit().await.unwrap();
        ahead.fetch_add(1, Ordering::SeqCst);

        // A service that is away, and is back.
        let away = Config::new("demo").credentials("key", "secret").upload_prefix("http://127.0.0.1:9");
        let away = Cloudinary::new(away).unwrap().with_retry(RetryPolicy::never());
        assert_eq!(Worker::new(&attachments, &pool, &away).max_attempts(1).drain().await.unwrap().dead, 1);
        assert_eq!(attachments.revive(&pool).await.unwrap(), 1);
        assert_eq!(worker.drain().await.unwrap().destroyed, 1);
        assert!(attachments.find(&pool, &asset).await.unwrap().is_some());

        // Stopped in the middle of a batch.
        let at_once = attachments.clone().claim_within(Duration::ZERO);
        for n in 0..200 {
            at_once.pending(&pool, field(&format!("raw/upload/v1/stopped-{n}"))).await.unwrap();
        }
        let running = worker.clone().batch(200).concurrency(1).spawn();
        while attachments.find(&pool, field("raw/upload/stopped-0")).await.unwrap().unwrap().state == AttachmentState::Pending {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(running.stop().await.missing < 200);
        sqlx::query("DELETE FROM cloudinary_attachment WHERE asset LIKE 'raw/upload/stopped-%'").execute(&pool).await.unwrap();
        assert_eq!(attachments.page(&pool, None, 10).await.unwrap().len(), 1);
        assert!(Audit::new(&attachments, &pool, &cld).resource_types([ResourceType::Raw]).run().await.unwrap().is_clean());
        ahead.fetch_add(24 * 8, Ordering::SeqCst);
        assert_eq!(worker.drain().await.unwrap().forgotten, 1);
        assert!(attachments.find(&pool, field("image/upload/other")).await.unwrap().is_none());

        // Nothing of this database may reach the log of the next.
        pool.close().await;
        assert_eq!(never_run::<DB>(), [""; 0]);
    }
}
