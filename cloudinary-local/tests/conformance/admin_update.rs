//! Changes of what is known of an asset.

use cloudinary_core::UploadOptions;

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { tags_and_context, moderation, coordinates, add_ons, missing }

async fn tags_and_context(cloud: Cloud) -> Outcome {
    cloud.store("a", png(4, 4), UploadOptions::new().tags(["old"])).await?;
    let details = cloud.cld.admin().update(cloud.id("a")).tags(["b", "a"]).context([("alt", "a=b|c")]).await?;
    let mut tags = details.tags.clone();
    tags.sort();
    assert_eq!(
        (tags.as_slice(), details.context_texts()["alt"]),
        (["a".to_owned(), "b".to_owned()].as_slice(), "a=b|c")
    );
    Ok(())
}

async fn moderation(cloud: Cloud) -> Outcome {
    cloud.store("a", png(4, 4), UploadOptions::new().moderation("manual")).await?;
    for status in ["approved", "rejected"] {
        let details = cloud.cld.admin().update(cloud.id("a")).moderation_status(status).await?;
        assert_eq!(details.moderation.first().map(|moderation| moderation.status.as_str()), Some(status));
    }
    Ok(())
}

async fn coordinates(cloud: Cloud) -> Outcome {
    cloud.store("a", png(40, 20), UploadOptions::new()).await?;
    let admin = cloud.cld.admin();
    admin.update(cloud.id("a")).face_coordinates([[1, 2, 3, 4]]).custom_coordinates([5, 6, 7, 8]).await?;
    let details = admin.resource(cloud.id("a")).coordinates(true).await?;
    let kept = details.coordinates.as_ref().expect("they were asked for");
    assert_eq!((&kept.faces, &kept.custom), (&vec![vec![1, 2, 3, 4]], &vec![vec![5, 6, 7, 8]]));
    Ok(())
}

async fn add_ons(cloud: Cloud) -> Outcome {
    cloud.store("a", png(4, 4), UploadOptions::new()).await?;
    let update = || cloud.cld.admin().update(cloud.id("a"));
    refused(update().raw_convert("illegal").await, 400, "Illegal value");
    refused(update().categorization("illegal").await, 400, "Illegal value");
    refused(update().detection("illegal").await, 400, "Illegal value");
    refused(update().background_removal("illegal").await, 400, "Illegal value");
    Ok(())
}

async fn missing(cloud: Cloud) -> Outcome {
    refused(cloud.cld.admin().update(cloud.id("nobody")).tags(["a"]).await, 404, "Resource not found");
    Ok(())
}
