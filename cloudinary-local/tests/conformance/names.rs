//! What uploads are called.

use cloudinary_core::{ApiErrorKind, Error, UploadOptions, UploadSource};

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { random, after_the_file, after_the_file_only, of_other_scripts, streams, overridden, folders, too_long, with_bad_characters }

fn is_random(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

async fn random(cloud: Cloud) -> Outcome {
    let done = cloud.cld.upload(UploadSource::bytes("a.png", png(4, 4)), &UploadOptions::new()).await?;
    cloud.stray(&done)?;
    assert!(is_random(&done.public_id, 20), "{}", done.public_id);
    Ok(())
}

async fn after_the_file(cloud: Cloud) -> Outcome {
    let name = cloud.name("logo");
    let source = UploadSource::bytes(format!("{name}.png"), png(4, 4));
    let done = cloud.cld.upload(source, &UploadOptions::new().use_filename(true)).await?;
    cloud.stray(&done)?;
    let rest = done.public_id.strip_prefix(&format!("{name}_"));
    assert!(rest.is_some_and(|rest| is_random(&rest.to_lowercase(), 6)), "{}", done.public_id);
    Ok(())
}

async fn after_the_file_only(cloud: Cloud) -> Outcome {
    let name = cloud.name("logo");
    let source = UploadSource::bytes(format!("{name}.png"), png(4, 4));
    let done = cloud.cld.upload(source, &UploadOptions::new().use_filename(true).unique_filename(false)).await?;
    cloud.stray(&done)?;
    assert_eq!((&done.public_id, done.original_filename.as_ref()), (&name, Some(&name)));
    Ok(())
}

async fn of_other_scripts(cloud: Cloud) -> Outcome {
    let source = UploadSource::bytes("ünï_näme_lögö.png", png(4, 4));
    let done = cloud.cld.upload(source, &UploadOptions::new().public_id(cloud.id("ünï"))).await?;
    assert_eq!(done.original_filename.as_deref(), Some("ünï_näme_lögö"));
    assert_eq!(done.public_id, cloud.id("ünï"));
    assert_eq!(cloud.get(&cloud.cld.image(done.asset()?).url()?).await?.size(), (4, 4));
    Ok(())
}

async fn streams(cloud: Cloud) -> Outcome {
    let picture = png(4, 4);
    let length = picture.len() as u64;
    let source = UploadSource::reader("stream", std::io::Cursor::new(picture)).with_length(length);
    let done = cloud.cld.upload(source, &UploadOptions::new().public_id(cloud.id("a"))).await?;
    assert_eq!(done.original_filename.as_deref(), Some("stream"));
    Ok(())
}

async fn overridden(cloud: Cloud) -> Outcome {
    let name = cloud.name("override");
    let options =
        UploadOptions::new().filename_override(format!("{name}.png")).use_filename(true).unique_filename(false);
    let done = cloud.cld.upload(UploadSource::bytes("other.png", png(4, 4)), &options).await?;
    cloud.stray(&done)?;
    assert_eq!((&done.public_id, done.original_filename.as_ref()), (&name, Some(&name)));
    Ok(())
}

async fn folders(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().folder(cloud.folder());
    let done = cloud.cld.upload(UploadSource::bytes("a.png", png(4, 4)), &options.clone().public_id("a")).await?;
    assert_eq!(done.public_id, cloud.id("a"));
    let done = cloud.cld.upload(UploadSource::bytes("a.png", png(4, 4)), &options).await?;
    let rest = done.public_id.strip_prefix(&format!("{}/", cloud.folder()));
    assert!(rest.is_some_and(|rest| is_random(rest, 20)), "{}", done.public_id);
    Ok(())
}

async fn too_long(cloud: Cloud) -> Outcome {
    refused(cloud.store(&"x".repeat(256), png(4, 4), UploadOptions::new()).await, 400, "too long");
    Ok(())
}

async fn with_bad_characters(cloud: Cloud) -> Outcome {
    for bad in ["a?b", "a&b", "a#b", "a\\b", "a<b", "a "] {
        let done = cloud.store(bad, png(4, 4), UploadOptions::new()).await;
        let kind = done.as_ref().err().and_then(Error::api_kind);
        assert_eq!(kind, Some(ApiErrorKind::BadRequest), "{bad}: {done:?}");
    }
    Ok(())
}
