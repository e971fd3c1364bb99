//! Assets related to each other.

use cloudinary_core::UploadOptions;

use crate::case::{Outcome, cases};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { both_ways }

async fn both_ways(cloud: Cloud) -> Outcome {
    let asset_id = cloud.store("a", png(4, 4), UploadOptions::new()).await?.asset_id.clone();
    cloud.store("b", png(4, 4), UploadOptions::new()).await?;
    let admin = cloud.cld.admin();
    let (a, b) = (cloud.id("a"), cloud.id("b"));
    let outcomes = admin.add_related_assets(a.as_str(), [&b]).await?;
    assert_eq!((outcomes.success.len(), outcomes.failed.len()), (1, 0), "{outcomes:?}");
    let details = admin.resource(b.as_str()).related(true).await?;
    let related: Vec<_> = details.related_assets.iter().map(|asset| &asset.asset_id).collect();
    assert_eq!(related, [&asset_id], "in both directions");
    let outcomes = admin.add_related_assets(a.as_str(), [cloud.id("nobody")]).await?;
    assert_eq!((outcomes.success.len(), outcomes.failed.len()), (0, 1), "{outcomes:?}");
    admin.delete_related_assets(a.as_str(), [&b]).await?;
    assert!(admin.resource(b.as_str()).related(true).await?.related_assets.is_empty());
    Ok(())
}
