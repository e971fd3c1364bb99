//! The account: whether it answers, what it uses, how it is set up.

use cloudinary_core::Answer;

use crate::case::{Outcome, cases};
use crate::cloud::Cloud;

cases! { ping, limits, usage, config, resource_types }

fn check_limits<T>(answer: &Answer<T>) {
    let limit = answer.rate_limit().expect("every answer of the Admin API tells it");
    assert!(limit.limit > 0 && limit.remaining <= limit.limit && limit.reset.is_some(), "{limit:?}");
    assert!(answer.request_id().is_some_and(|id| !id.is_empty()));
}

async fn ping(cloud: Cloud) -> Outcome {
    assert_eq!(cloud.cld.admin().ping().await?.status, "ok");
    Ok(())
}

async fn limits(cloud: Cloud) -> Outcome {
    check_limits(&cloud.cld.admin().ping().await?);
    check_limits(&cloud.cld.admin().resources().await?);
    Ok(())
}

async fn usage(cloud: Cloud) -> Outcome {
    let usage = cloud.cld.admin().usage().await?;
    assert!(usage.plan.is_some() && usage.last_updated.is_some(), "{usage:?}");
    for (name, item) in
        [("transformations", &usage.transformations), ("objects", &usage.objects), ("storage", &usage.storage)]
    {
        assert!(item.as_ref().is_some_and(|item| item.usage.is_some()), "{name}: {usage:?}");
    }
    assert!(usage.bandwidth.is_some(), "{usage:?}");
    assert!(usage.requests.is_some() && usage.resources.is_some() && usage.derived_resources.is_some(), "{usage:?}");
    for name in ["image_max_size_bytes", "raw_max_size_bytes", "image_max_px"] {
        assert!(usage.media_limits.get(name).is_some_and(|limit| *limit > 0), "{name}: {usage:?}");
    }
    Ok(())
}

async fn config(cloud: Cloud) -> Outcome {
    let config = cloud.cld.admin().config().settings(true).await?;
    assert_eq!(config.cloud_name.as_deref(), Some(cloud.cld.config().cloud_name.as_str()));
    let mode = config.settings.as_ref().and_then(|settings| settings.folder_mode.as_deref());
    assert!(matches!(mode, Some("fixed" | "dynamic")), "{config:?}");
    assert!(cloud.cld.admin().config().await?.settings.is_none(), "only if asked for");
    Ok(())
}

async fn resource_types(cloud: Cloud) -> Outcome {
    let types = cloud.cld.admin().resource_types().await?.resource_types.clone();
    assert!(types.iter().any(|name| name == "image"), "{types:?}");
    Ok(())
}
