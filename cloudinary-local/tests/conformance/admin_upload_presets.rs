//! Upload presets.

use cloudinary_core::UploadOptions;
use futures_util::TryStreamExt as _;

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { from_making_to_deleting, signed_requests_win }

async fn from_making_to_deleting(cloud: Cloud) -> Outcome {
    let (admin, name) = (cloud.cld.admin(), cloud.name("preset"));
    let made = admin.create_upload_preset(&UploadOptions::new().tags(["a", "b"]).format("jpg")).name(&name).await?;
    assert_eq!(made.name.as_ref(), Some(&name));
    let told = admin.upload_preset(&name).await;
    admin.update_upload_preset(&name, &UploadOptions::new().colors(true)).unsigned(true).await?;
    let changed = admin.upload_preset(&name).await;
    let all: cloudinary_core::Result<Vec<_>> = admin.upload_presets().max_results(500).stream().try_collect().await;
    admin.delete_upload_preset(&name).await?;
    let told = told?;
    assert_eq!(
        (told.unsigned, &told.settings["format"], &told.settings["tags"]),
        (false, &"jpg".into(), &serde_json::json!(["a", "b"]))
    );
    let changed = changed?;
    assert_eq!((changed.unsigned, &changed.settings["colors"]), (true, &true.into()));
    assert!(all?.iter().any(|preset| preset.name.as_ref() == Some(&name)));
    refused(admin.upload_preset(&name).await, 404, "");
    Ok(())
}

async fn signed_requests_win(cloud: Cloud) -> Outcome {
    let (admin, name) = (cloud.cld.admin(), cloud.name("preset"));
    admin.create_upload_preset(&UploadOptions::new().format("jpg").tags(["theirs"])).name(&name).await?;
    let options = || UploadOptions::new().upload_preset(&name);
    let theirs = cloud.store("a", png(4, 4), options()).await;
    let mine = cloud.store("b", png(4, 4), options().format("webp")).await;
    admin.delete_upload_preset(&name).await?;
    let theirs = theirs?;
    assert_eq!((theirs.format.as_deref(), theirs.tags.as_slice()), (Some("jpg"), ["theirs".to_owned()].as_slice()));
    assert_eq!(mine?.format.as_deref(), Some("webp"));
    Ok(())
}
