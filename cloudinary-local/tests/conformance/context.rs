//! Contextual texts of what is stored.

use std::collections::BTreeMap;

use cloudinary_core::UploadOptions;

use crate::case::{Outcome, cases};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { adding, removing_all }

async fn adding(cloud: Cloud) -> Outcome {
    cloud.store("a", png(4, 4), UploadOptions::new().context([("alt", "old"), ("more", "kept")])).await?;
    let changed = cloud.cld.add_context([("alt", "a=b|c")], [cloud.id("a"), cloud.id("nobody")]).await?;
    assert_eq!(changed.public_ids, [cloud.id("a")]);
    let details = cloud.cld.admin().resource(cloud.id("a")).await?;
    assert_eq!(details.context_texts(), BTreeMap::from([("alt", "a=b|c"), ("more", "kept")]));
    assert_eq!(details.context.as_ref().map(|context| &context["custom"]["alt"]), Some(&"a=b|c".into()));
    Ok(())
}

async fn removing_all(cloud: Cloud) -> Outcome {
    cloud.store("a", png(4, 4), UploadOptions::new().context([("alt", "old")])).await?;
    cloud.cld.remove_all_context([cloud.id("a")]).await?;
    let details = cloud.cld.admin().resource(cloud.id("a")).await?;
    assert!(details.context_texts().is_empty(), "{:?}", details.context);
    Ok(())
}
