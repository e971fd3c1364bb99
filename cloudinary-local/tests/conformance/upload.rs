//! Uploads: their answers, and what options do.

use cloudinary_core::upload::BreakpointSettings;
use cloudinary_core::{Crop, DeliveryType, Eager, ResourceType, Transformation, UploadOptions, UploadSource};
use cloudinary_pixels::{Color, Format};

use crate::case::{Outcome, allowed, cases};
use crate::cloud::Cloud;
use crate::pictures::{of, plain, png};

cases! {
    answers, incoming, eager, eager_later, formats, tags_and_context, face_coordinates, overwriting, keeping,
    remote_sources, data_uris, raw_files, automatic_type, delivery_types, delete_tokens, headers, moderation,
    breakpoints, in_background,
}

async fn answers(cloud: Cloud) -> Outcome {
    let done = cloud.store("a", png(40, 20), UploadOptions::new().tags(["x"])).await?;
    done.verify(cloud.cld.config())?;
    let hexadecimal = |text: &Option<String>| {
        text.as_ref().is_some_and(|text| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    assert!(hexadecimal(&done.asset_id) && hexadecimal(&done.version_id) && hexadecimal(&done.etag), "{done:?}");
    assert_eq!((done.width, done.height, done.pages), (Some(40), Some(20), Some(1)));
    assert_eq!((done.resource_type.as_str(), done.delivery_type.as_str()), ("image", "upload"));
    assert_eq!((done.format.as_deref(), done.bytes), (Some("png"), png(40, 20).len() as u64));
    assert_eq!((done.tags.as_slice(), done.placeholder), (["x".to_owned()].as_slice(), false));
    assert_eq!(done.original_filename.as_deref(), Some("picture"));
    let time = done.created_at.as_deref().unwrap_or_default();
    assert!(time.len() == 20 && time.ends_with('Z') && time.as_bytes()[10] == b'T', "{time}");
    let tail = format!("/image/upload/v{}/{}.png", done.version, done.public_id);
    assert!(done.url.ends_with(&tail) && done.secure_url.ends_with(&tail), "{done:?}");
    assert!(done.request_id().is_some_and(|id| !id.is_empty()));
    assert_eq!(cloud.get(&done.secure_url).await?.bytes, png(40, 20), "kept as it came");
    Ok(())
}

async fn incoming(cloud: Cloud) -> Outcome {
    let limit = Transformation::new().width(20).height(20).crop(Crop::Limit);
    let done = cloud.store("a", png(40, 20), UploadOptions::new().incoming(limit).format("jpg")).await?;
    assert_eq!((done.width, done.height, done.format.as_deref()), (Some(20), Some(10), Some("jpg")));
    assert_eq!(cloud.get(&done.secure_url).await?.size(), (20, 10));
    Ok(())
}

async fn eager(cloud: Cloud) -> Outcome {
    let fill: Transformation = "w_10,h_8,c_fill".parse()?;
    let fit = Transformation::new().width(10).height(10).crop(Crop::Fit);
    let options = UploadOptions::new().eager([Eager::from(fill), Eager::with_format(&fit, "jpg")]);
    let done = cloud.store("a", png(40, 20), options).await?;
    let [fill, fit] = done.eager.as_slice() else { panic!("{:?}", done.eager) };
    assert_eq!(fill.transformation, "c_fill,h_8,w_10", "sorted by the alphabet");
    assert_eq!((fill.width, fill.height, fill.format.as_deref()), (10, 8, Some("png")));
    assert_eq!((fit.width, fit.height, fit.format.as_deref()), (10, 5, Some("jpg")));
    let delivered = cloud.get(&fit.secure_url).await?;
    assert_eq!((delivered.size(), delivered.header("content-type")), ((10, 5), "image/jpeg"));
    assert_eq!(delivered.bytes.len() as u64, fit.bytes);
    Ok(())
}

async fn eager_later(cloud: Cloud) -> Outcome {
    let fill = Transformation::new().width(10).height(8).crop(Crop::Fill);
    let done = cloud.store("a", png(40, 20), UploadOptions::new().eager([fill]).eager_async(true)).await?;
    let [fill] = done.eager.as_slice() else { panic!("{:?}", done.eager) };
    assert_eq!(fill.status.as_deref(), Some("processing"));
    assert!(fill.batch_id.is_some() && fill.secure_url.contains("/c_fill,h_8,w_10/"), "{fill:?}");
    Ok(())
}

async fn formats(cloud: Cloud) -> Outcome {
    let only_jpg = || UploadOptions::new().allowed_formats(["jpg"]);
    crate::case::refused(cloud.store("a", png(4, 4), only_jpg()).await, 400, "not allowed");
    let converted = cloud.store("a", png(4, 4), only_jpg().format("jpg")).await?;
    assert_eq!(converted.format.as_deref(), Some("jpg"));
    let taken = cloud.store("b", of(Format::Jpeg, 8, 8), only_jpg()).await?;
    assert_eq!(taken.format.as_deref(), Some("jpg"));
    Ok(())
}

async fn tags_and_context(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().tags(["b", "a"]).context([("alt", "a=b|c"), ("caption", "ü")]);
    let done = cloud.store("a", png(4, 4), options).await?;
    let mut tags = done.tags.clone();
    tags.sort();
    assert_eq!(tags, ["a", "b"]);
    assert_eq!((done.context_text("alt"), done.context_text("caption")), (Some("a=b|c"), Some("ü")));
    Ok(())
}

async fn face_coordinates(cloud: Cloud) -> Outcome {
    let faces = [[120, 30, 109, 150], [121, 31, 110, 151]];
    let options = UploadOptions::new().face_coordinates(faces).faces(true);
    let done = cloud.store("a", png(241, 51), options).await?;
    // Neither side is longer than the image's.
    assert_eq!(done.faces, Some(vec![vec![120, 30, 109, 51], vec![121, 31, 110, 51]]));
    Ok(())
}

async fn overwriting(cloud: Cloud) -> Outcome {
    let first = cloud.store("a", png(4, 4), UploadOptions::new().tags(["old"])).await?;
    let second = cloud.store("a", png(8, 4), UploadOptions::new()).await?;
    assert!(!first.overwritten && second.overwritten, "{second:?}");
    assert_eq!((second.width, second.public_id.as_str()), (Some(8), first.public_id.as_str()));
    assert!(second.version >= first.version && second.tags.is_empty(), "{second:?}");
    Ok(())
}

async fn keeping(cloud: Cloud) -> Outcome {
    let first = cloud.store("a", png(4, 4), UploadOptions::new()).await?;
    let second = cloud.store("a", png(8, 4), UploadOptions::new().overwrite(false)).await?;
    assert!(second.existing && !first.existing);
    assert_eq!((second.width, second.version, &second.etag), (Some(4), first.version, &first.etag));
    Ok(())
}

async fn remote_sources(cloud: Cloud) -> Outcome {
    let there = cloud.store("there", png(12, 6), UploadOptions::new()).await?;
    let options = UploadOptions::new().public_id(cloud.id("here"));
    let here = cloud.cld.upload(UploadSource::remote(&there.secure_url)?, &options).await?;
    assert_eq!((here.width, &here.etag), (Some(12), &there.etag));
    Ok(())
}

async fn data_uris(cloud: Cloud) -> Outcome {
    // One black pixel.
    let gif = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==";
    let options = UploadOptions::new().public_id(cloud.id("a"));
    let done = cloud.cld.upload(UploadSource::data_uri(gif)?, &options).await?;
    assert_eq!((done.width, done.height, done.format.as_deref()), (Some(1), Some(1), Some("gif")));
    Ok(())
}

async fn raw_files(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id(cloud.id("notes.txt"));
    let done = cloud.cld.upload(UploadSource::bytes("notes.txt", "buy milk"), &options).await?;
    assert_eq!((done.width, done.height, done.format.as_deref(), done.bytes), (None, None, None, 8));
    assert_eq!((done.resource_type.as_str(), &done.public_id), ("raw", &cloud.id("notes.txt")));
    assert!(done.url.ends_with(&format!("/raw/upload/v{}/{}", done.version, done.public_id)), "{}", done.url);
    assert_eq!(cloud.get(&done.secure_url).await?.bytes, b"buy milk");
    Ok(())
}

async fn automatic_type(cloud: Cloud) -> Outcome {
    for (name, file, resource_type) in [("a", png(4, 4), "image"), ("b.csv", b"a,b\n1,2\n".to_vec(), "raw")] {
        let options = UploadOptions::new().resource_type(ResourceType::Auto).public_id(cloud.id(name));
        let done = cloud.cld.upload(UploadSource::bytes(name, file), &options).await?;
        assert_eq!(done.resource_type, resource_type, "{name}");
    }
    Ok(())
}

async fn delivery_types(cloud: Cloud) -> Outcome {
    for (delivery_type, name) in [(DeliveryType::Private, "private"), (DeliveryType::Authenticated, "authenticated")] {
        let done = cloud.store("a", png(4, 4), UploadOptions::new().delivery_type(delivery_type)).await?;
        assert_eq!(done.delivery_type, name);
        assert!(done.url.contains(&format!("/image/{name}/")), "{}", done.url);
    }
    Ok(())
}

async fn delete_tokens(cloud: Cloud) -> Outcome {
    let done = cloud.store("a", png(4, 4), UploadOptions::new().return_delete_token(true)).await?;
    let token = done.delete_token.clone().expect("it was asked for");
    cloud.cld.delete_by_token(token).await?;
    crate::case::refused(cloud.cld.admin().resource(done.asset()?).await, 404, "Resource not found");
    crate::case::refused(cloud.cld.delete_by_token("no such token").await, 400, "Invalid token");
    Ok(())
}

async fn headers(cloud: Cloud) -> Outcome {
    let done = cloud.store("a", png(4, 4), UploadOptions::new().headers(["X-Robots-Tag: noindex"])).await?;
    assert_eq!(cloud.get(&done.secure_url).await?.header("x-robots-tag"), "noindex");
    Ok(())
}

async fn moderation(cloud: Cloud) -> Outcome {
    let done = cloud.store("a", png(4, 4), UploadOptions::new().moderation("manual")).await?;
    let [moderation] = done.moderation.as_slice() else { panic!("{:?}", done.moderation) };
    assert_eq!((moderation.kind.as_str(), moderation.status.as_str()), ("manual", "pending"));
    Ok(())
}

async fn breakpoints(cloud: Cloud) -> Outcome {
    let settings =
        BreakpointSettings::new().create_derived(true).min_width(50).max_width(200).bytes_step(1000).max_images(5);
    let options = UploadOptions::new().responsive_breakpoints([settings]);
    let done = allowed(cloud.store("a", crate::pictures::portrait(), options).await)?;
    let [found] = done.responsive_breakpoints.as_slice() else { panic!("{done:?}") };
    let widths: Vec<u32> = found.breakpoints.iter().map(|point| point.width).collect();
    assert!(widths.is_sorted_by(|a, b| a > b) && widths.iter().all(|width| (50..=200).contains(width)), "{widths:?}");
    assert!((1..=5).contains(&widths.len()), "{widths:?}");
    let first = &found.breakpoints[0];
    assert_eq!(cloud.get(&first.secure_url).await?.size(), (first.width, first.height));
    Ok(())
}

async fn in_background(cloud: Cloud) -> Outcome {
    let done = cloud.store("a", plain(Color::rgb(9, 9, 9)), UploadOptions::new().in_background(true)).await?;
    assert_eq!((done.status.as_deref(), &done.public_id), (Some("pending"), &cloud.id("a")));
    assert!(done.batch_id.is_some(), "{done:?}");
    Ok(())
}
