//! Many assets in one file: archives, sprites, animations.

use cloudinary_core::upload::{ArchiveOptions, ImageSet};
use cloudinary_core::{Answer, Crop, Transformation, UploadOptions};

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { archives, archives_of_derived, downloads, nothing_to_archive, sprites, animations }

async fn two(cloud: &Cloud) -> Result<String, cloudinary_core::Error> {
    let tag = cloud.name("tag");
    cloud.store("a", png(20, 10), UploadOptions::new().tags([&tag])).await?;
    cloud.store("b", png(10, 10), UploadOptions::new().tags([&tag])).await?;
    Ok(tag)
}

async fn archives(cloud: Cloud) -> Outcome {
    let options = ArchiveOptions::new().tags([two(&cloud).await?]).target_public_id(cloud.id("archive"));
    let archive = cloud.cld.create_zip(&options).await?;
    assert_eq!((archive.file_count, archive.resource_count), (Some(2), Some(2)));
    assert_eq!(archive.public_id, Some(cloud.id("archive.zip")));
    let delivered = cloud.get(archive.secure_url.as_deref().unwrap_or_default()).await?;
    assert_eq!((delivered.status, &delivered.bytes[..2]), (200, &b"PK"[..]));
    Ok(())
}

async fn archives_of_derived(cloud: Cloud) -> Outcome {
    let sizes = [5, 6].map(|width| Transformation::new().width(width).crop(Crop::Scale));
    let options = ArchiveOptions::new().tags([two(&cloud).await?]).transformations(sizes);
    let archive = cloud.cld.create_zip(&options.target_public_id(cloud.id("archive"))).await?;
    assert_eq!((archive.file_count, archive.resource_count), (Some(4), Some(2)));
    Ok(())
}

async fn downloads(cloud: Cloud) -> Outcome {
    let url = cloud.cld.download_zip_url(&ArchiveOptions::new().tags([two(&cloud).await?]))?;
    let delivered = cloud.get(&url).await?;
    assert_eq!((delivered.status, delivered.bytes.get(..2)), (200, Some(&b"PK"[..])));
    Ok(())
}

async fn nothing_to_archive(cloud: Cloud) -> Outcome {
    let answer = cloud.cld.create_zip(&ArchiveOptions::new().tags([cloud.name("nobody")])).await;
    let error = answer.map(Answer::into_inner).expect_err("there is nothing to put in");
    assert!(error.api_kind().is_some(), "{error}");
    Ok(())
}

async fn sprites(cloud: Cloud) -> Outcome {
    let tag = two(&cloud).await?;
    let sprite = cloud.cld.generate_sprite(&ImageSet::tagged(&tag)).await?;
    assert_eq!((sprite.public_id.as_ref(), sprite.image_infos.len()), (Some(&tag), 2));
    for (address, content) in [
        (&sprite.secure_css_url, "text/css"),
        (&sprite.secure_image_url, "image/png"),
        (&sprite.secure_json_url, "application/json"),
    ] {
        let delivered = cloud.get(address.as_deref().unwrap_or_default()).await?;
        assert_eq!(delivered.status, 200, "{address:?}");
        assert!(delivered.header("content-type").starts_with(content), "{address:?}: {delivered:?}");
    }
    let small = Transformation::new().width(4).height(4).crop(Crop::Fill);
    let small = cloud.cld.generate_sprite(&ImageSet::tagged(&tag).transformation(small)).await?;
    assert!(small.image_infos.values().all(|part| (part.width, part.height) == (4, 4)), "{small:?}");
    refused(cloud.cld.generate_sprite(&ImageSet::tagged(cloud.name("nobody"))).await, 404, "");
    Ok(())
}

async fn animations(cloud: Cloud) -> Outcome {
    let tag = two(&cloud).await?;
    let animation = cloud.cld.multi(&ImageSet::tagged(&tag)).await?;
    assert_eq!(animation.public_id.as_ref(), Some(&tag));
    let address = animation.secure_url.as_deref().unwrap_or_default();
    assert!(address.contains("/image/multi/"), "{address}");
    let delivered = cloud.get(address).await?;
    assert_eq!((delivered.header("content-type"), delivered.bytes.get(..4)), ("image/gif", Some(&b"GIF8"[..])));
    Ok(())
}
