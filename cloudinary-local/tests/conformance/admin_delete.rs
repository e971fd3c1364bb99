//! Deleting many, and bringing back.

use cloudinary_core::admin::RestoredAsset;
use cloudinary_core::{Crop, Transformation, UploadOptions};

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { by_ids, by_prefix, by_tag, derived_only, restoring, without_backup }

async fn by_ids(cloud: Cloud) -> Outcome {
    let small = Transformation::new().width(2).crop(Crop::Scale);
    cloud.store("a", png(4, 4), UploadOptions::new().eager([small])).await?;
    let deletion = cloud.cld.admin().delete_resources([cloud.id("a"), cloud.id("nobody")]).await?;
    assert_eq!(
        (deletion.deleted[&cloud.id("a")].as_str(), deletion.deleted[&cloud.id("nobody")].as_str()),
        ("deleted", "not_found")
    );
    let counts = &deletion.deleted_counts[&cloud.id("a")];
    assert_eq!((counts.original, counts.derived, deletion.partial), (1, 1, false));
    refused(cloud.cld.admin().resource(cloud.id("a")).await, 404, "Resource not found");
    Ok(())
}

async fn by_prefix(cloud: Cloud) -> Outcome {
    for name in ["x/a", "x/b", "y/a"] {
        cloud.store(name, png(4, 4), UploadOptions::new()).await?;
    }
    let deletion = cloud.cld.admin().delete_resources_by_prefix(&cloud.id("x/")).await?;
    assert_eq!(deletion.deleted.keys().collect::<Vec<_>>(), [&cloud.id("x/a"), &cloud.id("x/b")]);
    cloud.cld.admin().resource(cloud.id("y/a")).await?;
    Ok(())
}

async fn by_tag(cloud: Cloud) -> Outcome {
    let tag = cloud.name("tag");
    cloud.store("a", png(4, 4), UploadOptions::new().tags([&tag])).await?;
    cloud.store("b", png(4, 4), UploadOptions::new()).await?;
    let deletion = cloud.cld.admin().delete_resources_by_tag(&tag).await?;
    assert_eq!(deletion.deleted.keys().collect::<Vec<_>>(), [&cloud.id("a")]);
    Ok(())
}

async fn derived_only(cloud: Cloud) -> Outcome {
    let sizes = [2, 3].map(|width| Transformation::new().width(width).crop(Crop::Scale));
    cloud.store("a", png(4, 4), UploadOptions::new().eager(&sizes)).await?;
    cloud.cld.admin().delete_derived_by_transformation([cloud.id("a")], [&sizes[0]]).await?;
    let details = cloud.cld.admin().resource(cloud.id("a")).await?;
    let left: Vec<_> = details.derived.iter().map(|derived| derived.transformation.as_str()).collect();
    assert_eq!(left, ["c_scale,w_3"]);
    Ok(())
}

async fn restoring(cloud: Cloud) -> Outcome {
    cloud.store("a", png(8, 4), UploadOptions::new().backup(true)).await?;
    cloud.cld.admin().delete_resources([cloud.id("a")]).await?;
    let left = cloud.cld.admin().resource(cloud.id("a")).await?;
    assert_eq!((left.bytes, left.placeholder), (0, true));
    let restored = cloud.cld.admin().restore([cloud.id("a")]).await?;
    let RestoredAsset::Back(back) = &restored.assets[&cloud.id("a")] else { panic!("{restored:?}") };
    assert_eq!((back.bytes, back.placeholder), (png(8, 4).len() as u64, false));
    Ok(())
}

async fn without_backup(cloud: Cloud) -> Outcome {
    cloud.store("a", png(8, 4), UploadOptions::new().backup(false)).await?;
    cloud.cld.admin().delete_resources([cloud.id("a")]).await?;
    let restored = cloud.cld.admin().restore([cloud.id("a")]).await?;
    let RestoredAsset::Failed { error } = &restored.assets[&cloud.id("a")] else { panic!("{restored:?}") };
    assert_eq!(error, "no_backup");
    Ok(())
}
