//! Deleting one asset.

use cloudinary_core::{Crop, DestroyResult, ResourceType, Transformation, UploadOptions, UploadSource};

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { twice, with_derived, raw_files, by_asset_id }

async fn twice(cloud: Cloud) -> Outcome {
    cloud.store("a", png(4, 4), UploadOptions::new()).await?;
    assert_eq!(cloud.cld.destroy(cloud.id("a")).invalidate(true).await?, DestroyResult::Deleted);
    assert_eq!(cloud.cld.destroy(cloud.id("a")).await?, DestroyResult::NotFound);
    refused(cloud.cld.admin().resource(cloud.id("a")).await, 404, "Resource not found");
    Ok(())
}

async fn with_derived(cloud: Cloud) -> Outcome {
    let small = Transformation::new().width(2).height(2).crop(Crop::Fill);
    let stored = cloud.store("a", png(4, 4), UploadOptions::new().eager([&small])).await?;
    cloud.cld.destroy(stored.asset()?).await?;
    // Nothing of it was delivered before, so no cache has it.
    assert_eq!(cloud.get(&stored.eager[0].secure_url).await?.status, 404);
    Ok(())
}

async fn raw_files(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id(cloud.id("a.txt"));
    let stored = cloud.cld.upload(UploadSource::bytes("a.txt", "a"), &options).await?;
    assert_eq!(cloud.cld.destroy(cloud.id("a.txt")).await?, DestroyResult::NotFound, "no image has that id");
    assert_eq!(cloud.cld.destroy(stored.asset()?).await?, DestroyResult::Deleted);
    Ok(())
}

async fn by_asset_id(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(4, 4), UploadOptions::new()).await?;
    let asset_id = stored.asset_id.clone().expect("each has one");
    assert_eq!(cloud.cld.destroy_by_asset_id(&asset_id).await?, DestroyResult::Deleted);
    refused(cloud.cld.admin().resource(cloud.id("a")).await, 404, "Resource not found");
    Ok(())
}
