//! What is found out about an image.

use cloudinary_core::UploadOptions;

use crate::case::{Outcome, allowed, cases};
use crate::cloud::Cloud;
use crate::pictures::{plain, portrait};

cases! { faces, colors, hashes, metadata, quality, afterwards }

async fn faces(cloud: Cloud) -> Outcome {
    let done = cloud.store("a", portrait(), UploadOptions::new().faces(true)).await?;
    let faces = done.faces.clone().expect("they were asked for");
    assert!(!faces.is_empty(), "there is one");
    for face in faces {
        let [x, y, width, height] = face[..] else { panic!("{face:?}") };
        assert!(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 512 && y + height <= 512, "{face:?}");
    }
    let none =
        cloud.store("b", plain(cloudinary_pixels::Color::rgb(1, 2, 3)), UploadOptions::new().faces(true)).await?;
    assert_eq!(none.faces, Some(vec![]));
    Ok(())
}

async fn colors(cloud: Cloud) -> Outcome {
    let done = cloud.store("a", portrait(), UploadOptions::new().colors(true)).await?;
    let colors = &done.colors;
    assert!((1..=32).contains(&colors.len()), "{}", colors.len());
    for color in colors {
        assert!(color.color.len() == 7 && color.color.starts_with('#'), "{color:?}");
    }
    assert!(colors.windows(2).all(|pair| pair[0].percent >= pair[1].percent), "the largest first: {colors:?}");
    let google = &done.predominant.as_ref().expect("it comes with them").google;
    assert!(!google.is_empty() && google.iter().map(|share| share.percent).sum::<f64>() < 101.0, "{google:?}");
    Ok(())
}

async fn hashes(cloud: Cloud) -> Outcome {
    let done = cloud.store("a", portrait(), UploadOptions::new().phash(true)).await?;
    let phash = done.phash.as_deref().unwrap_or_default();
    assert!(phash.len() == 16 && phash.bytes().all(|b| b.is_ascii_hexdigit()), "{phash:?}");
    Ok(())
}

async fn metadata(cloud: Cloud) -> Outcome {
    let photo = include_bytes!("../../../examples/photo_album/photos/spaniels.jpg").to_vec();
    let done = cloud.store("a", photo, UploadOptions::new().exif(true).image_metadata(true)).await?;
    assert!(done.exif.contains_key("Orientation") || done.image_metadata.contains_key("Orientation"), "{done:?}");
    Ok(())
}

async fn quality(cloud: Cloud) -> Outcome {
    let done = allowed(cloud.store("a", portrait(), UploadOptions::new().quality_analysis(true)).await)?;
    let focus = done.quality_analysis.as_ref().and_then(|quality| quality.focus);
    assert!(focus.is_some_and(|focus| (0.0..=1.0).contains(&focus)), "{focus:?}");
    Ok(())
}

async fn afterwards(cloud: Cloud) -> Outcome {
    cloud.store("a", portrait(), UploadOptions::new()).await?;
    let details = cloud.cld.admin().resource(cloud.id("a")).colors(true).faces(true).phash(true).await?;
    assert!(!details.colors.is_empty() && details.faces.as_ref().is_some_and(|faces| !faces.is_empty()));
    assert_eq!(details.phash.as_deref().map(str::len), Some(16));
    Ok(())
}
