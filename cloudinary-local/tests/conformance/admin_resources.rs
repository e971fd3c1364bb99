//! Lists and details of what is stored.

use cloudinary_core::admin::Direction;
use cloudinary_core::{AssetRef, Crop, ResourceType, Transformation, UploadOptions, UploadSource};
use futures_util::TryStreamExt as _;

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { by_prefix, pages, by_ids, by_asset_ids, by_tag, by_context, by_moderation, raw_files, details, derived, missing }

async fn three(cloud: &Cloud, options: impl Fn() -> UploadOptions) -> Result<[String; 3], cloudinary_core::Error> {
    for name in ["a", "b", "c"] {
        cloud.store(name, png(4, 4), options()).await?;
    }
    Ok(["a", "b", "c"].map(|name| cloud.id(name)))
}

async fn by_prefix(cloud: Cloud) -> Outcome {
    let ids = three(&cloud, || UploadOptions::new().tags(["x"]).context([("k", "v")])).await?;
    let list = || cloud.cld.admin().resources().prefix(cloud.folder());
    let page = list().tags(true).context(true).await?;
    let mut found: Vec<_> = page.resources.iter().map(|resource| resource.public_id.clone()).collect();
    found.sort();
    assert_eq!(found, ids);
    for resource in &page.resources {
        assert_eq!((resource.tags.as_slice(), resource.context_texts()["k"]), (["x".to_owned()].as_slice(), "v"));
        assert_eq!(
            (resource.width, resource.format.as_deref(), resource.bytes),
            (Some(4), Some("png"), png(4, 4).len() as u64)
        );
        assert!(resource.asset_id.is_some() && resource.secure_url.is_some() && resource.created_at.is_some());
    }
    assert!(list().await?.resources.iter().all(|resource| resource.tags.is_empty()), "only if asked for");
    Ok(())
}

async fn pages(cloud: Cloud) -> Outcome {
    let ids = three(&cloud, UploadOptions::new).await?;
    let list = || cloud.cld.admin().resources().prefix(cloud.folder()).max_results(2);
    let first = list().await?;
    let cursor = first.next_cursor.clone().expect("there are more");
    let second = list().next_cursor(cursor).await?;
    assert_eq!((first.resources.len(), second.resources.len(), &second.next_cursor), (2, 1, &None));
    let all: Vec<_> = list().stream().map_ok(|resource| resource.public_id).try_collect().await?;
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(sorted, ids);
    Ok(())
}

async fn by_ids(cloud: Cloud) -> Outcome {
    let [a, b, _] = three(&cloud, UploadOptions::new).await?;
    let page = cloud.cld.admin().resources_by_ids([&a, &b, &cloud.id("nobody")]).await?;
    let mut found: Vec<_> = page.resources.iter().map(|resource| resource.public_id.clone()).collect();
    found.sort();
    assert_eq!(found, [a, b]);
    Ok(())
}

async fn by_asset_ids(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(4, 4), UploadOptions::new()).await?;
    let asset_id = stored.asset_id.clone().expect("each has one");
    let page = cloud.cld.admin().resources_by_asset_ids([&asset_id]).await?;
    assert_eq!(page.resources[0].public_id, cloud.id("a"));
    let details = cloud.cld.admin().resource_by_asset_id(&asset_id).await?;
    assert_eq!(details.public_id, cloud.id("a"));
    Ok(())
}

async fn by_tag(cloud: Cloud) -> Outcome {
    let tag = cloud.name("tag");
    three(&cloud, || UploadOptions::new().tags([&tag])).await?;
    let list = cloud.cld.admin().resources_by_tag(&tag).direction(Direction::Asc).max_results(10);
    assert_eq!(list.await?.resources.len(), 3);
    assert!(cloud.cld.admin().resources_by_tag(&cloud.name("nobody")).await?.resources.is_empty());
    Ok(())
}

async fn by_context(cloud: Cloud) -> Outcome {
    let key = cloud.name("key");
    cloud.store("a", png(4, 4), UploadOptions::new().context([(&key, "one")])).await?;
    cloud.store("b", png(4, 4), UploadOptions::new().context([(&key, "two")])).await?;
    assert_eq!(cloud.cld.admin().resources_by_context(&key, None).await?.resources.len(), 2);
    let page = cloud.cld.admin().resources_by_context(&key, Some("two")).await?;
    assert_eq!(page.resources.iter().map(|resource| &resource.public_id).collect::<Vec<_>>(), [&cloud.id("b")]);
    Ok(())
}

async fn by_moderation(cloud: Cloud) -> Outcome {
    cloud.store("a", png(4, 4), UploadOptions::new().moderation("manual")).await?;
    let page =
        cloud.cld.admin().resources_by_moderation("manual", "pending").moderations(true).max_results(500).await?;
    let found = page.resources.iter().find(|resource| resource.public_id == cloud.id("a")).expect("it waits");
    assert_eq!(
        (found.moderation_kind.as_deref(), found.moderation_status.as_deref()),
        (Some("manual"), Some("pending"))
    );
    Ok(())
}

async fn raw_files(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id(cloud.id("a.txt"));
    let stored = cloud.cld.upload(UploadSource::bytes("a.txt", "a"), &options).await?;
    let details = cloud.cld.admin().resource(stored.asset()?).await?;
    assert_eq!((details.resource_type.as_str(), details.bytes, details.width), ("raw", 1, None));
    let list = cloud.cld.admin().resources().resource_type(ResourceType::Raw);
    assert_eq!(list.prefix(cloud.folder()).await?.resources.len(), 1);
    Ok(())
}

async fn details(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new().tags(["b", "a"])).await?;
    let details = cloud.cld.admin().resource(stored.asset()?).await?;
    assert_eq!((details.asset()?, &details.asset_id), (stored.asset()?, &stored.asset_id));
    assert_eq!((details.width, details.height, details.bytes), (Some(40), Some(20), stored.bytes));
    assert_eq!(details.tags, ["a", "b"], "by the alphabet");
    assert!(details.derived.is_empty() && details.colors.is_empty() && details.context.is_none());
    Ok(())
}

async fn derived(cloud: Cloud) -> Outcome {
    let fill = Transformation::new().width(10).height(10).crop(Crop::Fill);
    cloud.store("a", png(40, 20), UploadOptions::new().eager([fill])).await?;
    let details = cloud.cld.admin().resource(cloud.id("a")).await?;
    let [derived] = details.derived.as_slice() else { panic!("{:?}", details.derived) };
    assert_eq!((derived.transformation.as_str(), derived.format.as_deref()), ("c_fill,h_10,w_10", Some("png")));
    let id = derived.id.clone().expect("to delete it by");
    let deletion = cloud.cld.admin().delete_derived_resources([&id]).await?;
    assert_eq!(deletion.deleted[&id], "deleted");
    assert!(cloud.cld.admin().resource(cloud.id("a")).await?.derived.is_empty());
    Ok(())
}

async fn missing(cloud: Cloud) -> Outcome {
    let words = format!("Resource not found - {}", cloud.id("nobody"));
    refused(cloud.cld.admin().resource(AssetRef::image(cloud.id("nobody"))).await, 404, &words);
    Ok(())
}
