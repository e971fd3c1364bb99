//! Folders.

use cloudinary_core::UploadOptions;

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { making_and_deleting, not_empty, missing }

async fn making_and_deleting(cloud: Cloud) -> Outcome {
    let (admin, path) = (cloud.cld.admin(), cloud.id("new/deeper"));
    let made = admin.create_folder(&path).await?;
    assert_eq!((made.success, made.name.as_deref(), made.path.as_ref()), (true, Some("deeper"), Some(&path)));
    let page = admin.subfolders(&cloud.id("new")).await?;
    assert_eq!((page.folders.len(), page.folders[0].name.as_str(), &page.folders[0].path), (1, "deeper", &path));
    assert!(admin.root_folders().max_results(500).await?.folders.iter().any(|folder| path.starts_with(&folder.path)));
    let deleted = admin.delete_folder(&cloud.id("new")).await?;
    assert!(deleted.deleted.contains(&cloud.id("new")), "{deleted:?}");
    // Those above it were made with it, and stay.
    assert!(admin.subfolders(&cloud.folder()).await?.folders.is_empty());
    Ok(())
}

async fn not_empty(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().asset_folder(cloud.folder());
    cloud.store("a", png(4, 4), options).await?;
    refused(cloud.cld.admin().delete_folder(&cloud.folder()).await, 400, "");
    Ok(())
}

async fn missing(cloud: Cloud) -> Outcome {
    let words = format!("Can't find folder with path {}", cloud.id("nobody"));
    refused(cloud.cld.admin().subfolders(&cloud.id("nobody")).await, 404, &words);
    refused(cloud.cld.admin().delete_folder(&cloud.id("nobody")).await, 404, &words);
    Ok(())
}
