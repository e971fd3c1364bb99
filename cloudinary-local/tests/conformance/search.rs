//! Searches.

use cloudinary_core::search::{Direction, SearchPage, field};
use cloudinary_core::{Answer, UploadOptions};

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { by_tag, order_and_pages, fields, folders, wrong_expressions, urls }

/// Three pictures under a tag, once they can be found.
async fn three(cloud: &Cloud) -> Result<(String, Answer<SearchPage>), cloudinary_core::Error> {
    let tag = cloud.name("tag");
    for (name, width) in [("a", 30), ("b", 20), ("c", 10)] {
        let options = UploadOptions::new().tags([&tag]).context([("stage", name)]);
        cloud.store(name, png(width, 10), options).await?;
    }
    let page = cloud
        .found_at_last(async || {
            let page = cloud.cld.search(field("tags").is(&tag)).await?;
            Ok(Some(page).filter(|page| page.resources.len() == 3))
        })
        .await?;
    Ok((tag, page))
}

async fn by_tag(cloud: Cloud) -> Outcome {
    let (tag, page) = three(&cloud).await?;
    assert_eq!((page.total_count, page.next_cursor.as_ref()), (Some(3), None));
    assert!(page.time.is_some());
    for resource in &page.resources {
        let asset = resource.asset()?;
        assert!(asset.public_id.starts_with(&cloud.folder()) && asset.version.is_some(), "{asset}");
    }
    let narrow = cloud.cld.search(field("tags").is(&tag).and(field("width").under(25))).await?;
    assert_eq!(narrow.total_count, Some(2));
    let not = cloud.cld.search(field("tags").is(&tag).and(!field("width").is(10))).await?;
    assert_eq!(not.total_count, Some(2));
    Ok(())
}

async fn order_and_pages(cloud: Cloud) -> Outcome {
    let (tag, _) = three(&cloud).await?;
    let search = || cloud.cld.search(field("tags").is(&tag)).sort_by("public_id", Direction::Desc).max_results(2);
    let first = search().await?;
    assert_eq!((&first.resources[0].public_id, &first.resources[1].public_id), (&cloud.id("c"), &cloud.id("b")));
    let second = search().next_cursor(first.next_cursor.clone().expect("there is one more")).await?;
    assert_eq!((&second.resources[0].public_id, second.resources.len()), (&cloud.id("a"), 1));
    Ok(())
}

async fn fields(cloud: Cloud) -> Outcome {
    let (tag, plain) = three(&cloud).await?;
    assert!(plain.resources.iter().all(|resource| resource.tags.is_empty()), "only if asked for");
    let search = cloud.cld.search(field("tags").is(&tag)).sort_by("public_id", Direction::Asc);
    let page = search.with_field("tags").with_field("context").await?;
    let first = &page.resources[0];
    assert_eq!(
        (first.tags.as_slice(), first.context.as_ref()),
        ([tag].as_slice(), Some(&serde_json::json!({"stage": "a"})))
    );
    Ok(())
}

async fn folders(cloud: Cloud) -> Outcome {
    let path = cloud.id("found");
    cloud.cld.admin().create_folder(&path).await?;
    let expression = field("path").is(&path);
    let found = cloud
        .found_at_last(async || {
            let page = cloud.cld.search_folders(&expression).await?;
            Ok(page.folders.first().map(|folder| folder.path.clone()))
        })
        .await?;
    assert_eq!(found, path);
    Ok(())
}

async fn wrong_expressions(cloud: Cloud) -> Outcome {
    refused(cloud.cld.search("width>").await, 400, "");
    refused(cloud.cld.search("(tags:a").await, 400, "");
    Ok(())
}

async fn urls(cloud: Cloud) -> Outcome {
    let (tag, _) = three(&cloud).await?;
    let url = cloud.cld.search(field("tags").is(&tag)).to_url(300)?;
    let delivered = cloud.get(&url).await?;
    assert_eq!(delivered.status, 200, "{delivered:?}");
    let page: SearchPage = serde_json::from_slice(&delivered.bytes)?;
    assert_eq!(page.resources.len(), 3);
    Ok(())
}
