//! Tags of what is stored.

use cloudinary_core::{ResourceType, UploadOptions};

use crate::case::{Outcome, cases};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { adding, removing, replacing, removing_all, exclusive, listing }

async fn two(cloud: &Cloud, tags: &[&str]) -> Result<[String; 2], cloudinary_core::Error> {
    for name in ["a", "b"] {
        cloud.store(name, png(4, 4), UploadOptions::new().tags(tags)).await?;
    }
    Ok([cloud.id("a"), cloud.id("b")])
}

async fn tags_of(cloud: &Cloud, id: &str) -> Result<Vec<String>, cloudinary_core::Error> {
    Ok(cloud.cld.admin().resource(id).await?.tags.clone())
}

async fn adding(cloud: Cloud) -> Outcome {
    let [a, b] = two(&cloud, &["y"]).await?;
    let changed = cloud.cld.add_tag("x", [&a, &b, &cloud.id("nobody")]).await?;
    let mut ids = changed.public_ids.clone();
    ids.sort();
    assert_eq!(ids, [a.clone(), b], "only those that are there");
    assert_eq!(tags_of(&cloud, &a).await?, ["x", "y"], "by the alphabet");
    assert!(cloud.cld.add_tag("x", [cloud.id("nobody")]).await?.public_ids.is_empty());
    Ok(())
}

async fn removing(cloud: Cloud) -> Outcome {
    let [a, b] = two(&cloud, &["x", "y"]).await?;
    let changed = cloud.cld.remove_tag("x", [&a]).await?;
    assert_eq!(changed.public_ids.iter().collect::<Vec<_>>(), [&a]);
    assert_eq!((tags_of(&cloud, &a).await?, tags_of(&cloud, &b).await?.len()), (vec!["y".to_owned()], 2));
    Ok(())
}

async fn replacing(cloud: Cloud) -> Outcome {
    let [a, _] = two(&cloud, &["x", "y"]).await?;
    cloud.cld.replace_tag("z", [&a]).await?;
    assert_eq!(tags_of(&cloud, &a).await?, ["z"]);
    Ok(())
}

async fn removing_all(cloud: Cloud) -> Outcome {
    let [a, b] = two(&cloud, &["x", "y"]).await?;
    cloud.cld.remove_all_tags([&a, &b]).await?;
    assert!(tags_of(&cloud, &a).await?.is_empty() && tags_of(&cloud, &b).await?.is_empty());
    Ok(())
}

async fn exclusive(cloud: Cloud) -> Outcome {
    let tag = cloud.name("cover");
    let [a, b] = two(&cloud, &[&tag]).await?;
    cloud.cld.add_tag(&tag, [&b]).exclusive(true).await?;
    assert_eq!((tags_of(&cloud, &a).await?, tags_of(&cloud, &b).await?), (vec![], vec![tag]));
    Ok(())
}

async fn listing(cloud: Cloud) -> Outcome {
    let tag = cloud.name("listed");
    two(&cloud, &[&tag]).await?;
    let tags = cloud.cld.admin().tags(ResourceType::Image).prefix(&tag).await?;
    assert_eq!(tags.tags, [tag]);
    Ok(())
}
