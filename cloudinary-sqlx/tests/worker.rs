//! The worker: many at once, failures, dead letters, stopping.
#![cfg(feature = "attachments")]

mod support;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cloudinary_core::client::{Body, BoxFuture, RetryPolicy, Transport, TransportError};
use cloudinary_core::{Cloudinary, Config};
use cloudinary_sqlx::attachments::{AttachmentState, Attachments, Owner, Worker};
use http_body_util::BodyExt as _;
use support::{field, on_each_database};

/// A service that counts what it is asked to destroy, and fails now and then.
#[derive(Debug, Clone, Default)]
struct Service {
    destroyed: Arc<Mutex<HashMap<String, u32>>>,
    /// Every n-th call fails, half of those after it was carried out; 0 for none, 1 for all.
    fails: u32,
    calls: Arc<Mutex<u32>>,
    slow: Duration,
}

impl Service {
    fn client(&self) -> Cloudinary {
        Cloudinary::with_transport(Config::new("demo").credentials("key", "secret"), self.clone())
            .with_retry(RetryPolicy::never())
    }

    fn counts(&self) -> HashMap<String, u32> {
        self.destroyed.lock().unwrap().clone()
    }
}

impl Transport for Service {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            assert!(request.uri().path().ends_with("/raw/destroy"), "{}", request.uri());
            tokio::time::sleep(self.slow).await;
            let body = request.into_body().collect().await.unwrap().to_bytes();
            let text = String::from_utf8_lossy(&body);
            let at = ["asset-", "race-"].iter().find_map(|name| text.find(name)).expect("a public id of this test");
            let id: String = text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            let call = {
                let mut calls = self.calls.lock().unwrap();
                *calls += 1;
                *calls
            };
            let fails = self.fails > 0 && call % self.fails == 0;
            if !fails || call % 2 == 0 && self.fails > 1 {
                *self.destroyed.lock().unwrap().entry(id).or_default() += 1;
            }
            let (status, body) =
                if fails { (500, r#"{"error":{"message":"out of order"}}"#) } else { (200, r#"{"result":"ok"}"#) };
            let response = http::Response::builder().status(status).header("content-type", "application/json");
            Ok(response.body(Body::from(body)).unwrap())
        })
    }
}

/// Assets that were held by a row and are due now.
macro_rules! released {
    ($attachments:expr, $pool:expr, $count:expr) => {{
        let owner = Owner::new("photo", 1, "image").unwrap();
        let mut tx = $pool.begin().await.unwrap();
        for n in 0..$count {
            let asset = field(&format!("raw/upload/v1/asset-{n}"));
            $attachments.attach(&mut tx, &asset, &owner).await.unwrap();
            $attachments.detach(&mut tx, &asset, &owner).await.unwrap();
        }
        tx.commit().await.unwrap();
    }};
}

fn at_once() -> Attachments {
    Attachments::new().undo_for(Duration::ZERO)
}

on_each_database! {
    async fn two_workers_and_a_thousand_releases(pool) {
        let attachments = at_once();
        attachments.migrate(&pool).await.unwrap();
        released!(attachments, pool, 1000);
        let service = Service { fails: 7, ..Service::default() };
        let one = Worker::new(&attachments, &pool, &service.client()).backoff(Duration::ZERO, Duration::ZERO);
        let (a, b) = (one.clone(), one.clone().batch(17));
        let (a, b) = tokio::join!(tokio::spawn(async move { a.drain().await }), tokio::spawn(async move { b.drain().await }));
        let (a, b) = (a.unwrap().unwrap(), b.unwrap().unwrap());
        assert!(a.destroyed > 0 && b.destroyed > 0, "both worked: {a:?} {b:?}");
        let rest = one.drain().await.unwrap();
        assert_eq!(a.destroyed + b.destroyed + rest.destroyed, 1000);
        let counts = service.counts();
        assert_eq!(counts.len(), 1000, "none is missed");
        // Twice only where the service did it and said that it had not.
        let more = counts.values().map(|count| u64::from(count - 1)).sum::<u64>();
        assert!(more <= a.failed + b.failed + rest.failed, "{more}");
        assert_eq!(attachments.page(&pool, None, 2000).await.unwrap().iter().filter(|noted| noted.state == AttachmentState::Destroyed).count(), 1000);
    }

    async fn failures_wait_longer_and_end_as_dead_letters(pool) {
        let attachments = at_once();
        attachments.migrate(&pool).await.unwrap();
        released!(attachments, pool, 1);
        let service = Service { fails: 1, ..Service::default() };
        let worker = |cld: &Cloudinary| Worker::new(&attachments, &pool, cld).max_attempts(3).backoff(Duration::ZERO, Duration::ZERO);
        let slow = worker(&service.client()).backoff(Duration::from_secs(1000), Duration::from_secs(1000));
        assert_eq!(slow.drain().await.unwrap().failed, 1);
        assert_eq!(slow.drain().await.unwrap().total(), 0, "it waits");
        let noted = attachments.find(&pool, field("raw/upload/v1/asset-0")).await.unwrap().unwrap();
        let wait = noted.due.unwrap().duration_since(std::time::SystemTime::now()).unwrap().as_secs();
        assert!((490..=1000).contains(&wait), "{wait}");
        assert_eq!((noted.state, noted.attempts), (AttachmentState::Releasing, 1));
        assert!(noted.reason.unwrap().contains("out of order"));

        // As if the wait were over.
        let later = at_once().clock(|| std::time::SystemTime::now() + Duration::from_secs(1001));
        let worker = Worker::new(&later, &pool, &service.client()).max_attempts(3).backoff(Duration::ZERO, Duration::ZERO);
        let report = worker.drain().await.unwrap();
        assert_eq!((report.failed, report.dead), (1, 1));
        let noted = attachments.find(&pool, field("raw/upload/v1/asset-0")).await.unwrap().unwrap();
        assert_eq!((noted.state, noted.due), (AttachmentState::Dead, None));
        assert_eq!(worker.drain().await.unwrap().total(), 0);
        assert_eq!(attachments.revive(&pool).await.unwrap(), 1);
        let healthy = Service::default();
        assert_eq!(Worker::new(&attachments, &pool, &healthy.client()).drain().await.unwrap().destroyed, 1);
    }

    async fn what_a_dead_worker_had_taken_is_taken_over(pool) {
        let attachments = at_once();
        attachments.migrate(&pool).await.unwrap();
        released!(attachments, pool, 3);
        let stuck = Service { slow: Duration::from_hours(1), ..Service::default() };
        let doomed = Worker::new(&attachments, &pool, &stuck.client()).lease(Duration::from_secs(2));
        assert!(tokio::time::timeout(Duration::from_secs(1), doomed.drain()).await.is_err());
        let healthy = Service::default();
        let worker = Worker::new(&attachments, &pool, &healthy.client());
        let mut report = worker.drain().await.unwrap();
        for _ in 0..100 {
            if report.destroyed == 3 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            let more = worker.drain().await.unwrap();
            report.destroyed += more.destroyed;
        }
        assert_eq!(report.destroyed, 3);
        assert_eq!(healthy.counts().len(), 3);
    }

    async fn what_took_too_long_is_left_to_who_took_it_over(pool) {
        let attachments = at_once();
        attachments.migrate(&pool).await.unwrap();
        released!(attachments, pool, 3);
        let slow = Service { slow: Duration::from_millis(1500), ..Service::default() };
        let fast = Service { slow: Duration::ZERO, ..slow.clone() };
        let late = Worker::new(&attachments, &pool, &slow.client()).lease(Duration::from_secs(1)).concurrency(1);
        let late = tokio::spawn(async move { late.drain().await });
        tokio::time::sleep(Duration::from_millis(1200)).await;
        Worker::new(&attachments, &pool, &fast.client()).drain().await.unwrap();
        assert_eq!(fast.counts().len(), 3);
        // By now the ids may be in use again. Only the call that was under way is made twice.
        late.await.unwrap().unwrap();
        assert_eq!(fast.counts().values().sum::<u32>(), 4);
    }

    async fn what_was_not_tried_counts_for_nothing(pool) {
        let attachments = at_once();
        attachments.migrate(&pool).await.unwrap();
        released!(attachments, pool, 3);
        let slow = Service { slow: Duration::from_millis(700), ..Service::default() };
        // With one try each, a batch that takes longer than the lease would give up what it never began.
        let worker = Worker::new(&attachments, &pool, &slow.client()).lease(Duration::from_secs(1)).concurrency(1);
        let report = worker.max_attempts(1).drain().await.unwrap();
        assert!(report.destroyed == 3 && report.dead == 0 && report.left > 0, "{report:?}");
        assert!(slow.counts().values().all(|count| *count == 1));
    }

    async fn in_the_background_and_stopped(pool) {
        let attachments = at_once();
        attachments.migrate(&pool).await.unwrap();
        released!(attachments, pool, 40);
        let service = Service { slow: Duration::from_millis(50), ..Service::default() };
        let worker = Worker::new(&attachments, &pool, &service.client()).concurrency(2).poll(Duration::from_millis(20));
        let running = worker.clone().spawn();
        while service.counts().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let first = running.stop().await;
        assert!(first.destroyed > 0 && first.destroyed < 40, "{first:?}");
        assert_eq!(service.counts().len() as u64, first.destroyed, "what was under way was waited for");
        // The rest is free at once, and that it was taken counts for nothing.
        let tried: i64 = sqlx::query_scalar("SELECT count(*) FROM cloudinary_attachment WHERE state = 'releasing' AND attempts > 0").fetch_one(&pool).await.unwrap();
        assert_eq!(tried, 0);
        assert_eq!(worker.drain().await.unwrap().destroyed + first.destroyed, 40);
        assert!(service.counts().values().all(|count| *count == 1));
    }

    async fn attaching_while_it_is_released(pool) {
        let attachments = at_once();
        attachments.migrate(&pool).await.unwrap();
        let service = Service::default();
        let worker = Worker::new(&attachments, &pool, &service.client());
        let mut held = Vec::new();
        // Each asset is taken back at the moment it may be destroyed: one of the two happens, never both.
        for n in 0..40 {
            let (asset, owner) = (field(&format!("raw/upload/v1/race-{n}")), Owner::new("photo", n, "image").unwrap());
            let mut tx = pool.begin().await.unwrap();
            attachments.attach(&mut tx, &asset, &owner).await.unwrap();
            attachments.detach(&mut tx, &asset, &owner).await.unwrap();
            tx.commit().await.unwrap();
            let restore = async {
                let mut tx = pool.begin().await.unwrap();
                match attachments.restore(&mut tx, &asset, &owner).await {
                    Ok(()) => tx.commit().await.map(|()| true).unwrap(),
                    Err(cloudinary_sqlx::Error::Gone { .. }) => tx.rollback().await.map(|()| false).unwrap(),
                    Err(error) => panic!("{error}"),
                }
            };
            let drain = worker.clone();
            let (restored, report) = tokio::join!(restore, tokio::spawn(async move { drain.drain().await }));
            report.unwrap().unwrap();
            if restored {
                held.push(asset.public_id.clone());
            }
        }
        worker.drain().await.unwrap();
        let destroyed = service.counts();
        assert!(held.iter().all(|id| !destroyed.contains_key(id)), "{held:?} {destroyed:?}");
        assert_eq!(held.len() + destroyed.len(), 40);
    }

    async fn a_clock_that_goes_back_while_it_runs(pool) {
        use std::sync::atomic::{AtomicBool, Ordering};
        let ahead = Arc::new(AtomicBool::new(true));
        let clock = ahead.clone();
        let attachments = at_once().clock(move || {
            let years = if clock.load(Ordering::SeqCst) { 20 } else { 0 };
            std::time::SystemTime::now() + Duration::from_hours(years * 365 * 24)
        });
        attachments.migrate(&pool).await.unwrap();
        let service = Service::default();
        let worker = Worker::new(&attachments, &pool, &service.client()).poll(Duration::from_millis(20));
        let running = worker.spawn();
        // Let go of in twenty years, as the clock says; it is put right, and what was written is due soon, not then.
        let lately = attachments.clone().undo_for(Duration::from_secs(1));
        tokio::time::sleep(Duration::from_millis(200)).await;
        released!(lately, pool, 5);
        ahead.store(false, Ordering::SeqCst);
        let mut tries = 0;
        while service.counts().len() < 5 {
            tries += 1;
            assert!(tries < 600, "they wait for twenty years");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(running.stop().await.destroyed, 5);
    }
}

/// Connections that a database ends, as it does when it is restarted, until every asset is destroyed.
#[cfg(any(feature = "postgres", feature = "mysql"))]
macro_rules! ended_connections {
    ($pool:expr, $end:expr) => {{
        let pool = $pool;
        let attachments = at_once();
        attachments.migrate(&pool).await.unwrap();
        let one = field("image/upload/v1/one.jpg");
        let mut tx = pool.begin().await.unwrap();
        attachments.attach(&mut tx, &one, &Owner::new("photo", 1, "image").unwrap()).await.unwrap();
        $end(pool.clone()).await;
        let other = attachments.attach(&mut tx, field("other"), &Owner::new("photo", 2, "image").unwrap()).await;
        let error = other.unwrap_err().to_string();
        assert!(error.contains("try again") && error.contains("rolled back"), "{error}");
        drop(tx);
        assert!(attachments.find(&pool, &one).await.unwrap().is_none(), "it was rolled back");

        released!(attachments, pool, 60);
        let service = Service { slow: Duration::from_millis(10), ..Service::default() };
        let running = Worker::new(&attachments, &pool, &service.client())
            .batch(10)
            .concurrency(2)
            .poll(Duration::from_millis(20))
            .lease(Duration::from_secs(1))
            .backoff(Duration::from_millis(20), Duration::from_millis(50))
            .spawn();
        let mut left = usize::MAX;
        for round in 0..600 {
            if round < 20 {
                $end(pool.clone()).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            if let Ok(noted) = attachments.page(&pool, None, 100).await {
                assert_eq!(noted.len(), 60);
                left = noted.iter().filter(|noted| noted.state != AttachmentState::Destroyed).count();
                if left == 0 {
                    break;
                }
            }
        }
        assert_eq!(left, 0, "none is left over");
        running.stop().await;
        assert_eq!(service.counts().len(), 60);
    }};
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_ends_connections() {
    let Some(pool) = support::postgres("ends-connections").await else { return };
    ended_connections!(pool, async |pool: sqlx::PgPool| {
        // Its own connection may be the one that was ended.
        let _ = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .execute(&pool)
        .await;
    });
}

#[cfg(feature = "mysql")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mysql_ends_connections() {
    let Some(pool) = support::mysql("ends-connections").await else { return };
    ended_connections!(pool, async |pool: sqlx::MySqlPool| {
        let others = "SELECT CAST(id AS SIGNED) FROM information_schema.processlist WHERE db = database() AND id <> connection_id()";
        let others: Vec<i64> = sqlx::query_scalar(others).fetch_all(&pool).await.unwrap_or_default();
        for other in others {
            let _ = sqlx::query(sqlx::AssertSqlSafe(format!("KILL {other}"))).execute(&pool).await;
        }
    });
}
