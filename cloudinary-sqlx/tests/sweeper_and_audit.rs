//! The sweeper and the audit, on each database, against a real media server.
#![cfg(feature = "attachments")]

mod support;

use std::time::{Duration, SystemTime};

use cloudinary_core::{Cloudinary, DeliveryType, ResourceType, UploadOptions};
use cloudinary_local::LocalServer;
use cloudinary_sqlx::CloudinaryField;
use cloudinary_sqlx::attachments::{AttachmentState, Attachments, Audit, Owner, Sweeper, TableColumn, Worker};
use support::{field, on_each_database, sql};

const PHOTO: &str = "CREATE TABLE photo (id BIGINT NOT NULL PRIMARY KEY, image VARCHAR(255) NOT NULL)";
const TAG: &str = "directly_uploaded";
/// What the embedded server stores; it refuses to list videos.
const KINDS: [ResourceType; 2] = [ResourceType::Image, ResourceType::Raw];

async fn upload(cld: &Cloudinary, public_id: &str, options: UploadOptions) -> CloudinaryField {
    let options = options.public_id(public_id).resource_type(ResourceType::Raw);
    CloudinaryField::try_from(&*cld.upload(b"some bytes".to_vec(), &options).await.unwrap()).unwrap()
}

fn owner(id: i64) -> Owner {
    Owner::new("photo", id, "image").unwrap()
}

/// Two days from now.
fn later() -> Attachments {
    Attachments::new()
        .column(TableColumn::new("photo", "id", "image"))
        .clock(|| SystemTime::now() + Duration::from_hours(48))
}

on_each_database! {
    async fn uploads_that_nobody_claimed(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let now = Attachments::new().column(TableColumn::new("photo", "id", "image"));
        now.migrate(&pool).await.unwrap();
        sqlx::query(sql!(PHOTO)).execute(&pool).await.unwrap();
        let tagged = || UploadOptions::new().tags([TAG, "other"]);
        let unclaimed = upload(&cld, "form/unclaimed", tagged()).await;
        let private = upload(&cld, "form/unclaimed", tagged().delivery_type(DeliveryType::Private)).await;
        let attached = upload(&cld, "form/attached", tagged()).await;
        let in_column = upload(&cld, "form/in-column", tagged()).await;
        let pending = upload(&cld, "form/pending", tagged()).await;
        upload(&cld, "form/not-tagged", UploadOptions::new().tags(["other", "directly_uploaded_not"])).await;

        let mut tx = pool.begin().await.unwrap();
        now.attach(&mut tx, &attached, &owner(1)).await.unwrap();
        tx.commit().await.unwrap();
        sqlx::query(sql!("INSERT INTO photo VALUES (?, ?)")).bind(1_i64).bind(&attached).execute(&pool).await.unwrap();
        // Another program wrote this row, a version later.
        let other = in_column.to_string().replace("upload/v", "upload/v1");
        sqlx::query(sql!("INSERT INTO photo VALUES (?, ?)")).bind(2_i64).bind(other).execute(&pool).await.unwrap();
        later().pending(&pool, &pending).await.unwrap();

        let young = Sweeper::new(&now, &pool, &cld, TAG).resource_types(KINDS).dry_run().await.unwrap();
        assert_eq!((young.tagged, young.young, young.released.len()), (5, 5, 0));

        let sweeper = Sweeper::new(&later(), &pool, &cld, TAG).resource_types(KINDS);
        let dry = sweeper.dry_run().await.unwrap();
        assert!(dry.dry_run);
        assert_eq!((dry.tagged, dry.young, dry.noted, dry.in_columns), (5, 0, 1, 2));
        let mut found: Vec<String> = dry.released.iter().map(|swept| swept.asset.to_string()).collect();
        found.sort();
        let mut expected = [private.to_string(), unclaimed.to_string()];
        expected.sort();
        assert_eq!(found, expected);
        assert!(dry.released[0].reason.contains(TAG), "{}", dry.released[0].reason);
        let worker = Worker::new(&later(), &pool, &cld);
        assert_eq!(worker.drain().await.unwrap().total(), 0, "a dry run changes nothing");

        let swept = sweeper.sweep().await.unwrap();
        assert_eq!(swept.released, dry.released);
        assert_eq!(worker.drain().await.unwrap().destroyed, 2);
        assert!(sweeper.sweep().await.unwrap().released.is_empty());
    }

    async fn an_upload_that_cannot_be_noted_does_not_keep_the_others(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let attachments = Attachments::new().clock(|| SystemTime::now() + Duration::from_hours(48));
        attachments.migrate(&pool).await.unwrap();
        let long = upload(&cld, &"a".repeat(245), UploadOptions::new().tags([TAG])).await;
        let other = upload(&cld, "b", UploadOptions::new().tags([TAG])).await;
        let sweeper = Sweeper::new(&attachments, &pool, &cld, TAG).resource_types(KINDS);
        for report in [sweeper.dry_run().await.unwrap(), sweeper.sweep().await.unwrap()] {
            assert_eq!((report.released.len(), report.refused.len()), (1, 1));
            assert_eq!((&report.released[0].asset, &report.refused[0].asset), (other.asset(), long.asset()));
            assert!(report.refused[0].reason.contains("a column takes 255"), "{}", report.refused[0].reason);
        }
        assert_eq!(Worker::new(&attachments, &pool, &cld).drain().await.unwrap().destroyed, 1);
    }

    async fn notes_that_lead_nowhere(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let attachments = Attachments::new();
        attachments.migrate(&pool).await.unwrap();
        let stray = upload(&cld, "a/stray", UploadOptions::new()).await;
        let mut tx = pool.begin().await.unwrap();
        attachments.attach(&mut tx, &stray, &owner(1)).await.unwrap();
        attachments.attach(&mut tx, field("raw/upload/v1/a/gone"), &owner(2)).await.unwrap();
        tx.commit().await.unwrap();
        sqlx::query("DELETE FROM cloudinary_attachment WHERE owner_key = '1'").execute(&pool).await.unwrap();
        let report = Audit::new(&attachments, &pool, &cld).resource_types(KINDS).run().await.unwrap();
        assert_eq!(report.assets_without_rows.len(), 1, "nobody holds it, and nothing is due");
        assert_eq!(report.assets_without_rows[0].asset, stray.to_string());
        assert_eq!(report.on_their_way, 0);
        // Though the table is not read.
        assert_eq!(report.rows_without_assets.len(), 1);
        assert_eq!(report.rows_without_assets[0].row, Some(owner(2)));
    }

    async fn a_worker_that_sweeps(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let attachments = later();
        attachments.migrate(&pool).await.unwrap();
        sqlx::query(sql!(PHOTO)).execute(&pool).await.unwrap();
        let first = upload(&cld, "form/first", UploadOptions::new().tags([TAG])).await;
        let sweeper = Sweeper::new(&attachments, &pool, &cld, TAG).resource_types(KINDS).every(Duration::ZERO);
        let worker = Worker::new(&attachments, &pool, &cld).poll(Duration::from_millis(20)).sweep(sweeper);
        assert_eq!(worker.drain().await.unwrap().total(), 0, "only in the background");
        let running = worker.spawn();
        let gone = async |asset: &CloudinaryField| {
            let noted = attachments.find(&pool, asset).await.unwrap();
            noted.is_some_and(|noted| noted.state == AttachmentState::Destroyed)
        };
        // At the start, and again.
        for asset in [first, upload(&cld, "form/second", UploadOptions::new().tags([TAG])).await] {
            let mut tries = 0;
            while !gone(&asset).await {
                tries += 1;
                assert!(tries < 600, "{asset} was not swept");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        assert_eq!(running.stop().await.destroyed, 2);
    }

    async fn rows_notes_and_the_service(pool) {
        let server = LocalServer::start().await.unwrap();
        let cld = server.cloudinary().unwrap();
        let attachments = later();
        attachments.migrate(&pool).await.unwrap();
        sqlx::query(sql!(PHOTO)).execute(&pool).await.unwrap();
        let audit = Audit::new(&attachments, &pool, &cld).prefix("a/").resource_types(KINDS);
        assert!(audit.run().await.unwrap().is_clean());

        let mut tx = pool.begin().await.unwrap();
        let good = upload(&cld, "a/good", UploadOptions::new()).await;
        let older = upload(&cld, "a/older", UploadOptions::new()).await;
        for (id, image, attach) in [
            (1_i64, good.to_string(), true),
            (2, older.to_string(), false),
            (3, "raw/upload/v1/a/lost".to_owned(), true),
            (4, "raw/upload/v1/b/elsewhere".to_owned(), true),
            (5, "a\tbroken".to_owned(), false),
        ] {
            sqlx::query(sql!("INSERT INTO photo VALUES (?, ?)")).bind(id).bind(&image).execute(&mut *tx).await.unwrap();
            if attach {
                attachments.attach(&mut tx, field(&image), &owner(id)).await.unwrap();
            }
        }
        attachments.attach(&mut tx, &good, &owner(77)).await.unwrap();
        tx.commit().await.unwrap();
        upload(&cld, "a/stray", UploadOptions::new()).await;
        upload(&cld, "c/of-others", UploadOptions::new()).await;
        let pending = upload(&cld, "a/pending", UploadOptions::new()).await;
        attachments.pending(&pool, &pending).await.unwrap();

        let report = audit.run().await.unwrap();
        let assets = |list: &[cloudinary_sqlx::attachments::Finding]| {
            list.iter().map(|finding| format!("{} {}", finding.row.as_ref().map_or("-", Owner::key), finding.asset)).collect::<Vec<_>>()
        };
        assert_eq!((report.rows, report.assets, report.on_their_way), (5, 4, 1));
        assert_eq!(assets(&report.rows_without_assets), ["3 raw/upload/v1/a/lost"]);
        assert_eq!(report.assets_without_rows.len(), 1);
        assert!(report.assets_without_rows[0].asset.ends_with("/a/stray"));
        assert_eq!(assets(&report.rows_without_holds), [format!("2 {older}")]);
        assert_eq!(assets(&report.holds_without_rows), [format!("77 {good}")]);
        assert_eq!(assets(&report.unreadable), ["5 a\tbroken"]);
        assert!(!report.is_clean());
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["rows_without_assets"][0]["row"]["key"], "3");

        assert_eq!(audit.attach_rows().await.unwrap(), 1);
        assert!(audit.run().await.unwrap().rows_without_holds.is_empty());
    }
}
