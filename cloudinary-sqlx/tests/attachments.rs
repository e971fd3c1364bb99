//! Attaching, replacing, detaching and releasing, on each database, against a real media server.
#![cfg(feature = "attachments")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloudinary_core::{AssetRef, Cloudinary, UploadOptions};
use cloudinary_local::LocalServer;
use cloudinary_sqlx::CloudinaryField;
use cloudinary_sqlx::Error;
use cloudinary_sqlx::attachments::{AttachmentState, Attachments, Owner, TableColumn, Worker};
use support::{field, on_each_database, sql};

const PHOTO: &str = "CREATE TABLE photo (id BIGINT NOT NULL PRIMARY KEY, image VARCHAR(255) NOT NULL)";

/// Bytes that the server takes as a raw file.
async fn upload(cld: &Cloudinary, options: &UploadOptions) -> CloudinaryField {
    let options = options.clone().resource_type(cloudinary_core::ResourceType::Raw);
    CloudinaryField::try_from(&*cld.upload(b"some bytes".to_vec(), &options).await.unwrap()).unwrap()
}

fn raw() -> UploadOptions {
    UploadOptions::new().folder("albums").resource_type(cloudinary_core::ResourceType::Raw)
}

fn owner(id: i64) -> Owner {
    Owner::new("photo", id, "image").unwrap()
}

async fn exists(cld: &Cloudinary, asset: &AssetRef) -> bool {
    // Storing nothing over it tells whether it is there.
    let options = UploadOptions::new()
        .public_id(&asset.public_id)
        .overwrite(false)
        .resource_type(asset.resource_type)
        .delivery_type(asset.delivery_type);
    let answer = cld.upload(b"probe".to_vec(), &options).await.unwrap();
    if !answer.existing {
        cld.destroy(asset).await.unwrap();
    }
    answer.existing
}

/// A clock that a test turns.
#[derive(Clone)]
struct Clock(Arc<AtomicI64>);

impl Clock {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        Self(Arc::new(AtomicI64::new(now as i64)))
    }

    fn turn(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    fn on(&self, attachments: Attachments) -> Attachments {
        let clock = self.clone();
        attachments.clock(move || UNIX_EPOCH + Duration::from_secs(clock.0.load(Ordering::SeqCst) as u64))
    }
}

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;

on_each_database! {
    async fn the_life_of_an_asset(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let clock = Clock::new();
        let attachments = clock.on(Attachments::new());
        attachments.migrate(&pool).await.unwrap();
        attachments.migrate(&pool).await.unwrap();
        sqlx::query(sql!(PHOTO)).execute(&pool).await.unwrap();
        let worker = Worker::new(&attachments, &pool, &cld);

        let options = attachments.reserve(&pool, &raw()).await.unwrap();
        let first = upload(&cld, &options).await;
        let reserved = attachments.find(&pool, &first).await.unwrap().unwrap();
        assert_eq!(reserved.state, AttachmentState::Pending, "the id that was reserved is the one it got");

        let mut tx = pool.begin().await.unwrap();
        sqlx::query(sql!("INSERT INTO photo VALUES (?, ?)")).bind(1_i64).bind(&first).execute(&mut *tx).await.unwrap();
        attachments.attach(&mut tx, &first, &owner(1)).await.unwrap();
        tx.commit().await.unwrap();
        clock.turn(2 * DAY);
        assert_eq!(worker.drain().await.unwrap().total(), 0);
        let attached = attachments.find(&pool, &first).await.unwrap().unwrap();
        assert_eq!((attached.state, attached.asset, attached.holders.len()), (AttachmentState::Attached, first.asset().clone(), 1));

        // Replaced: the old one goes after the time to undo.
        let options = attachments.reserve(&pool, &raw()).await.unwrap();
        let second = upload(&cld, &options).await;
        let mut tx = pool.begin().await.unwrap();
        sqlx::query(sql!("UPDATE photo SET image = ? WHERE id = ?")).bind(&second).bind(1_i64).execute(&mut *tx).await.unwrap();
        attachments.replace(&mut tx, &first, &second, &owner(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(attachments.find(&pool, &first).await.unwrap().unwrap().state, AttachmentState::Released);
        assert_eq!(worker.drain().await.unwrap().total(), 0);
        clock.turn(11 * MINUTE);
        assert_eq!(worker.drain().await.unwrap().destroyed, 1);
        assert!(!exists(&cld, &first).await);
        assert!(exists(&cld, &second).await);
        assert_eq!(attachments.find(&pool, &first).await.unwrap().unwrap().state, AttachmentState::Destroyed);

        // Deleted, undone, deleted.
        for undo in [true, false] {
            let mut tx = pool.begin().await.unwrap();
            attachments.detach(&mut tx, &second, &owner(1)).await.unwrap();
            attachments.detach(&mut tx, &second, &owner(1)).await.unwrap();
            tx.commit().await.unwrap();
            clock.turn(9 * MINUTE);
            if undo {
                let mut tx = pool.begin().await.unwrap();
                attachments.restore(&mut tx, &second, &owner(1)).await.unwrap();
                tx.commit().await.unwrap();
            }
            clock.turn(2 * MINUTE);
            let report = worker.drain().await.unwrap();
            assert_eq!((report.kept, report.destroyed), if undo { (1, 0) } else { (0, 1) });
            assert_eq!(exists(&cld, &second).await, undo);
        }
        // Too late.
        let mut tx = pool.begin().await.unwrap();
        let error = attachments.restore(&mut tx, &second, &owner(1)).await.unwrap_err();
        assert!(matches!(error, Error::Gone { .. }), "{error}");
        tx.rollback().await.unwrap();
        let error = attachments.pending(&pool, &second).await.unwrap_err();
        assert!(matches!(error, Error::Gone { .. }), "{error}");

        // Remembered for a week, then forgotten.
        clock.turn(8 * DAY);
        let report = worker.drain().await.unwrap();
        assert_eq!((report.forgotten, report.total()), (2, 2));
        assert!(attachments.page(&pool, None, 10).await.unwrap().is_empty());
    }

    async fn a_row_that_fails_releases_the_asset(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let clock = Clock::new();
        let attachments = clock.on(Attachments::new());
        attachments.migrate(&pool).await.unwrap();
        sqlx::query(sql!(PHOTO)).execute(&pool).await.unwrap();
        let image = upload(&cld, &attachments.reserve(&pool, &raw()).await.unwrap()).await;
        let never_sent = attachments.reserve(&pool, &UploadOptions::new().resource_type(cloudinary_core::ResourceType::Auto)).await.unwrap();
        assert!(never_sent.get("public_id").is_some());
        let direct = upload(&cld, &raw()).await;
        attachments.pending(&pool, &direct).await.unwrap();

        let mut tx = pool.begin().await.unwrap();
        attachments.attach(&mut tx, &image, &owner(1)).await.unwrap();
        attachments.attach(&mut tx, &direct, &owner(2)).await.unwrap();
        let failed = sqlx::query(sql!("INSERT INTO photo (id) VALUES (?)")).bind(1_i64).execute(&mut *tx).await;
        assert!(failed.is_err());
        tx.rollback().await.unwrap();

        let worker = Worker::new(&attachments, &pool, &cld);
        assert_eq!(worker.drain().await.unwrap().total(), 0, "not before its time");
        clock.turn(DAY + 1);
        let report = worker.drain().await.unwrap();
        // Auto is noted as each of three types, of which the embedded server refuses to destroy videos.
        assert_eq!((report.destroyed, report.missing + report.failed), (2, 3), "{report:?}");
        assert!(!exists(&cld, &image).await && !exists(&cld, &direct).await);

        // An upload that ended after all this time is found when the note would be forgotten.
        let late = upload(&cld, &never_sent).await;
        clock.turn(8 * DAY);
        let report = worker.drain().await.unwrap();
        assert_eq!(report.destroyed, 1, "{report:?}");
        assert!(!exists(&cld, &late).await);
        let left = attachments.page(&pool, None, 10).await.unwrap();
        assert!(left.iter().all(|noted| noted.asset.resource_type == cloudinary_core::ResourceType::Video), "{left:?}");
    }

    async fn held_until_the_last_row_lets_go(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let clock = Clock::new();
        let attachments = clock.on(Attachments::new().column(TableColumn::new("photo", "id", "image")));
        attachments.migrate(&pool).await.unwrap();
        sqlx::query(sql!(PHOTO)).execute(&pool).await.unwrap();
        let worker = Worker::new(&attachments, &pool, &cld);
        let image = upload(&cld, &raw()).await;
        for id in [1, 2] {
            let mut tx = pool.begin().await.unwrap();
            attachments.attach(&mut tx, &image, &owner(id)).await.unwrap();
            attachments.attach(&mut tx, &image, &owner(id)).await.unwrap();
            tx.commit().await.unwrap();
        }
        let detach = async |id| {
            let mut tx = pool.begin().await.unwrap();
            attachments.detach(&mut tx, &image, &owner(id)).await.unwrap();
            tx.commit().await.unwrap();
            clock.turn(11 * MINUTE);
            worker.drain().await.unwrap()
        };
        assert_eq!(detach(1).await.kept, 1);
        // A row that another program wrote holds it too.
        sqlx::query(sql!("INSERT INTO photo VALUES (?, ?)")).bind(9_i64).bind(image.to_string()).execute(&pool).await.unwrap();
        assert_eq!(detach(2).await.kept, 1);
        assert!(exists(&cld, &image).await);
        sqlx::query("DELETE FROM photo").execute(&pool).await.unwrap();
        clock.turn(2 * DAY);
        assert_eq!(worker.drain().await.unwrap().destroyed, 1);
        assert!(!exists(&cld, &image).await);

        let mut tx = pool.begin().await.unwrap();
        let stranger = field("raw/upload/v1/never-attached");
        let error = attachments.detach(&mut tx, &stranger, &owner(1)).await.unwrap_err();
        assert!(matches!(error, Error::NotHeld { .. }) && error.to_string().contains("photo/1/image"), "{error}");
        tx.rollback().await.unwrap();
    }

    async fn versions_of_one_id(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let clock = Clock::new();
        let attachments = clock.on(Attachments::new());
        attachments.migrate(&pool).await.unwrap();
        let worker = Worker::new(&attachments, &pool, &cld);
        let fixed = || raw().public_id("avatar");
        let first = upload(&cld, &attachments.reserve(&pool, &fixed()).await.unwrap()).await;
        assert_eq!(first.public_id, "albums/avatar");
        let mut tx = pool.begin().await.unwrap();
        attachments.attach(&mut tx, &first, &owner(1)).await.unwrap();
        tx.commit().await.unwrap();
        attachments.reserve(&pool, &fixed()).await.unwrap();
        let second = CloudinaryField::from(AssetRef { version: first.version.map(|version| version + 5), ..first.asset().clone() });
        let mut tx = pool.begin().await.unwrap();
        attachments.replace(&mut tx, &first, &second, &owner(1)).await.unwrap();
        tx.commit().await.unwrap();
        clock.turn(2 * DAY);
        worker.drain().await.unwrap();
        assert!(exists(&cld, &first).await, "the id is still held");
        // Gone; and stored again, later, under the same id.
        let mut tx = pool.begin().await.unwrap();
        attachments.detach(&mut tx, &second, &owner(1)).await.unwrap();
        tx.commit().await.unwrap();
        clock.turn(DAY);
        assert_eq!(worker.drain().await.unwrap().destroyed, 1);
        clock.turn(DAY);
        let later = CloudinaryField::from(AssetRef { version: Some(clock.0.load(Ordering::SeqCst) as u64), ..first.asset().clone() });
        let mut tx = pool.begin().await.unwrap();
        assert!(matches!(attachments.attach(&mut tx, &second, &owner(1)).await, Err(Error::Gone { .. })));
        tx.rollback().await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        attachments.attach(&mut tx, &later, &owner(1)).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn a_clock_that_goes_back_loses_nothing(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let clock = Clock::new();
        let attachments = clock.on(Attachments::new());
        attachments.migrate(&pool).await.unwrap();
        let worker = Worker::new(&attachments, &pool, &cld);
        clock.turn(20 * 365 * DAY);
        let ahead = upload(&cld, &attachments.reserve(&pool, &raw()).await.unwrap()).await;
        clock.turn(-20 * 365 * DAY);
        assert_eq!(worker.drain().await.unwrap().total(), 0, "its day is counted from now");
        clock.turn(DAY + 1);
        assert_eq!(worker.drain().await.unwrap().destroyed, 1);
        assert!(!exists(&cld, &ahead).await);
        // Before 1970, and at the end of time.
        let never = Attachments::new().clock(|| UNIX_EPOCH - Duration::from_secs(5)).undo_for(Duration::MAX);
        never.pending(&pool, field("raw/upload/v1/a")).await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        never.attach(&mut tx, field("raw/upload/v1/a"), &owner(1)).await.unwrap();
        never.detach(&mut tx, field("raw/upload/v1/a"), &owner(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(worker.drain().await.unwrap().total(), 0);
    }

    async fn pages(pool) {
        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        let mut tx = pool.begin().await.unwrap();
        for n in 0..30 {
            for id in 0..(n % 3) {
                attachments.attach(&mut tx, field(&format!("image/upload/v1/Ünï {n:02}.jpg")), &owner(id)).await.unwrap();
            }
        }
        // More holders than are read at once.
        for id in 0..600 {
            attachments.attach(&mut tx, field("image/upload/v1/many.jpg"), &owner(id)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (mut all, mut last) = (Vec::new(), None);
        loop {
            let page = attachments.page(&pool, last.as_ref(), 7).await.unwrap();
            assert!(page.len() <= 7);
            let Some(end) = page.last() else { break };
            last = Some(end.clone());
            all.extend(page);
        }
        assert_eq!(all.len(), 21);
        assert_eq!(all.iter().map(|attachment| attachment.holders.len()).sum::<usize>(), 30 + 600);
        assert_eq!(attachments.page(&pool, None, 100).await.unwrap(), all);
        assert!(serde_json::to_string(&all[0]).unwrap().contains(r#""state":"attached""#));
    }
}
