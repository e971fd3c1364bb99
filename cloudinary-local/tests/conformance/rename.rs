//! Other public ids.

use cloudinary_core::{AssetRef, DeliveryType, UploadOptions};
use cloudinary_pixels::Format;

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::{of, png};

cases! { renames, missing, taken, other_types }

async fn renames(cloud: Cloud) -> Outcome {
    let stored = cloud.store("old", png(8, 4), UploadOptions::new()).await?;
    let renamed = cloud.cld.rename(stored.asset()?, cloud.id("new")).await?;
    assert_eq!((&renamed.public_id, renamed.width), (&cloud.id("new"), Some(8)));
    assert_eq!(renamed.asset_id, stored.asset_id);
    assert_eq!(cloud.get(&renamed.secure_url).await?.size(), (8, 4));
    refused(cloud.cld.admin().resource(cloud.id("old")).await, 404, "Resource not found");
    Ok(())
}

async fn missing(cloud: Cloud) -> Outcome {
    let words = format!("Resource not found - {}", cloud.id("nobody"));
    refused(cloud.cld.rename(cloud.id("nobody"), cloud.id("b")).await, 404, &words);
    Ok(())
}

async fn taken(cloud: Cloud) -> Outcome {
    cloud.store("a", of(Format::Jpeg, 8, 8), UploadOptions::new()).await?;
    cloud.store("b", png(4, 4), UploadOptions::new()).await?;
    refused(cloud.cld.rename(cloud.id("a"), cloud.id("b")).await, 400, "");
    assert_eq!(cloud.cld.admin().resource(cloud.id("b")).await?.format.as_deref(), Some("png"), "nothing has changed");
    cloud.cld.rename(cloud.id("a"), cloud.id("b")).overwrite(true).await?;
    assert_eq!(cloud.cld.admin().resource(cloud.id("b")).await?.format.as_deref(), Some("jpg"));
    refused(cloud.cld.admin().resource(cloud.id("a")).await, 404, "Resource not found");
    Ok(())
}

async fn other_types(cloud: Cloud) -> Outcome {
    cloud.store("a", png(4, 4), UploadOptions::new()).await?;
    let private =
        cloud.cld.rename(AssetRef::image(cloud.id("a")), cloud.id("a")).to_type(DeliveryType::Private).await?;
    assert_eq!(private.delivery_type, "private");
    refused(cloud.cld.admin().resource(cloud.id("a")).await, 404, "Resource not found");
    Ok(())
}
