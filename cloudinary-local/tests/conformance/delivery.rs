//! What delivery URLs answer with.

use cloudinary_core::{DeliveryType, Flag, Gravity, Layer, Transformation, UploadOptions};

use crate::case::{Outcome, cases};
use crate::cloud::{Cloud, Delivered};
use crate::pictures::png;

cases! { originals, formats, versions, missing, wrong_transformations, attachments, layers, custom_gravity, private_images, authenticated_images }

/// A stored picture, transformed by a text as it stands in a URL.
async fn transformed(
    cloud: &Cloud,
    text: &str,
    format: &str,
) -> Result<Delivered, Box<dyn std::error::Error + Send + Sync>> {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new()).await?;
    let url = cloud.cld.image(stored.asset()?).transform(Transformation::new().raw(text)).format(format).url()?;
    Ok(cloud.get(&url).await?)
}

async fn originals(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new()).await?;
    let delivered = cloud.get(&stored.secure_url).await?;
    assert_eq!((delivered.status, &delivered.bytes), (200, &png(40, 20)));
    assert_eq!((delivered.header("content-type"), delivered.header("access-control-allow-origin")), ("image/png", "*"));
    for name in ["etag", "last-modified", "cache-control"] {
        assert!(!delivered.header(name).is_empty(), "{name}: {delivered:?}");
    }
    Ok(())
}

async fn formats(cloud: Cloud) -> Outcome {
    for (format, content_type) in
        [("png", "image/png"), ("jpg", "image/jpeg"), ("webp", "image/webp"), ("gif", "image/gif")]
    {
        let delivered = transformed(&cloud, "c_scale,w_10", format).await?;
        assert_eq!((delivered.size(), delivered.header("content-type")), ((10, 5), content_type), "{format}");
    }
    Ok(())
}

async fn versions(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new()).await?;
    let mut asset = stored.asset()?;
    // Any version serves the newest.
    asset.version = Some(1);
    assert_eq!(cloud.get(&cloud.cld.image(&asset).url()?).await?.size(), (40, 20));
    Ok(())
}

async fn missing(cloud: Cloud) -> Outcome {
    let delivered = cloud.get(&cloud.cld.image(cloud.id("nobody")).format("png").url()?).await?;
    assert_eq!(delivered.status, 404);
    assert!(delivered.header("x-cld-error").starts_with("Resource not found - "), "{delivered:?}");
    assert!(delivered.header("x-cld-error").contains("nobody"), "{delivered:?}");
    Ok(())
}

async fn wrong_transformations(cloud: Cloud) -> Outcome {
    for (text, words) in [
        ("w_abc", "Invalid width in transformation: abc"),
        ("c_fill,w_0", ""),
        ("c_nonsense,w_10", ""),
        ("t_nobody_made_this_one", "nobody_made_this_one"),
        ("l_nobody_stored_this_one", "nobody_stored_this_one"),
    ] {
        let delivered = transformed(&cloud, text, "png").await?;
        let missing_layer = text.starts_with("l_") && delivered.status == 404;
        assert!(delivered.status == 400 || missing_layer, "{text}: {delivered:?}");
        let said = delivered.header("x-cld-error");
        assert!(!said.is_empty() && said.contains(words), "{text}: {said}");
    }
    Ok(())
}

async fn attachments(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new()).await?;
    let saved = Transformation::new().flags([Flag::attachment("holiday")]);
    let delivered = cloud.get(&cloud.cld.image(stored.asset()?).transform(saved).url()?).await?;
    // A dot may be escaped.
    let disposition = delivered.header("content-disposition").replace("%2E", ".");
    assert!(disposition.starts_with("attachment") && disposition.contains("holiday.png"), "{disposition}");
    Ok(())
}

async fn layers(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new()).await?;
    let mark = cloud.store("mark", png(4, 4), UploadOptions::new()).await?;
    let marked = Transformation::new().overlay(Layer::asset(mark.asset()?)).gravity(Gravity::SouthEast).x(5).y(5);
    assert_eq!(cloud.get(&cloud.cld.image(stored.asset()?).transform(marked).url()?).await?.size(), (40, 20));
    Ok(())
}

async fn custom_gravity(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new().custom_coordinates([5, 6, 20, 10])).await?;
    let part = Transformation::new().crop("crop").gravity(Gravity::Custom);
    assert_eq!(cloud.get(&cloud.cld.image(stored.asset()?).transform(part).url()?).await?.size(), (20, 10));
    Ok(())
}

async fn private_images(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new().delivery_type(DeliveryType::Private)).await?;
    let image = cloud.cld.image(stored.asset()?);
    assert_eq!(cloud.get(&image.url()?).await?.status, 401, "the original needs a signature");
    let small = Transformation::new().width(10).crop("scale");
    assert_eq!(cloud.get(&image.transform(small).url()?).await?.size(), (10, 5), "derived images do not");
    Ok(())
}

async fn authenticated_images(cloud: Cloud) -> Outcome {
    let stored = cloud.store("a", png(40, 20), UploadOptions::new().delivery_type(DeliveryType::Authenticated)).await?;
    let image = cloud.cld.image(stored.asset()?);
    assert_eq!(cloud.get(&image.url()?).await?.status, 401);
    let small = Transformation::new().width(10).crop("scale");
    let small = image.transform(small);
    assert_eq!(cloud.get(&small.url()?).await?.status, 401);
    assert_eq!(cloud.get(&small.signed_url()?).await?.size(), (10, 5));
    Ok(())
}
