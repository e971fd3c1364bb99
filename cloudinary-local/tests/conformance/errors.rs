//! What is refused, with which status and words.

use cloudinary_core::{Cloudinary, Config, ResourceType, Transformation, UploadOptions, UploadSource};

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! {
    wrong_secret, wrong_key, old_timestamp, empty_files, no_images, transformations, add_ons, remote_sources, metadata,
    display_names, wrong_key_of_the_admin_api,
}

fn with_credentials(cloud: &Cloud, key: &str, secret: &str) -> cloudinary_core::Result<Cloudinary> {
    Cloudinary::new(Config::clone(cloud.cld.config()).credentials(key, secret))
}

fn picture() -> UploadSource {
    UploadSource::bytes("picture.png", png(4, 4))
}

async fn wrong_secret(cloud: Cloud) -> Outcome {
    let wrong = with_credentials(&cloud, cloud.cld.config().require_api_key()?, "not_the_secret")?;
    let options = UploadOptions::new().public_id(cloud.id("a")).timestamp(now());
    let done = wrong.upload(picture(), &options).await;
    let signed = format!("String to sign - 'public_id={}&timestamp=", cloud.id("a"));
    refused(done, 401, &signed);
    let done = wrong.upload(picture(), &options).await;
    refused(done, 401, "Invalid Signature ");
    Ok(())
}

fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |now| now.as_secs() as i64)
}

async fn wrong_key(cloud: Cloud) -> Outcome {
    let wrong = with_credentials(&cloud, "111111111111111", "secret")?;
    refused(wrong.upload(picture(), &UploadOptions::new().public_id(cloud.id("a"))).await, 401, "api");
    Ok(())
}

async fn wrong_key_of_the_admin_api(cloud: Cloud) -> Outcome {
    let wrong = with_credentials(&cloud, cloud.cld.config().require_api_key()?, "not_the_secret")?;
    refused(wrong.admin().ping().await, 401, "api_secret mismatch");
    Ok(())
}

async fn old_timestamp(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().public_id(cloud.id("a")).timestamp(now() - 2 * 3600);
    refused(cloud.cld.upload(picture(), &options).await, 400, "Stale request - reported time is ");
    Ok(())
}

async fn empty_files(cloud: Cloud) -> Outcome {
    refused(cloud.store("a", Vec::new(), UploadOptions::new()).await, 400, "empty");
    Ok(())
}

async fn no_images(cloud: Cloud) -> Outcome {
    refused(cloud.store("a", b"a,b\n1,2\n".to_vec(), UploadOptions::new()).await, 400, "Invalid image file");
    Ok(())
}

async fn transformations(cloud: Cloud) -> Outcome {
    for (text, words) in [("w_abc", "Invalid"), ("t_nobody_made_this_one", "nobody_made_this_one")] {
        let transformation = Transformation::new().raw(text);
        let eager = UploadOptions::new().eager([&transformation]);
        refused(cloud.store("a", png(4, 4), eager).await, 400, words);
        let incoming = UploadOptions::new().incoming(&transformation);
        refused(cloud.store("a", png(4, 4), incoming).await, 400, words);
    }
    // Nothing of it was stored.
    refused(cloud.cld.admin().resource(cloud.id("a")).await, 404, "Resource not found");
    Ok(())
}

async fn add_ons(cloud: Cloud) -> Outcome {
    for (options, words) in [
        (UploadOptions::new().raw_convert("illegal"), "Raw convert is invalid"),
        (UploadOptions::new().categorization("illegal"), "is not valid"),
        (UploadOptions::new().detection("illegal"), "Detection invalid model 'illegal'"),
        (UploadOptions::new().background_removal("illegal"), "is invalid"),
        (UploadOptions::new().moderation("illegal"), "is not valid"),
    ] {
        // Conversions are for raw files.
        let raw = options.get("raw_convert").is_some();
        let kind = if raw { ResourceType::Raw } else { ResourceType::Image };
        refused(cloud.store("a", png(4, 4), options.resource_type(kind)).await, 400, words);
    }
    Ok(())
}

async fn remote_sources(cloud: Cloud) -> Outcome {
    let nothing = cloud.cld.image(cloud.id("nothing")).format("png").url()?;
    let options = UploadOptions::new().public_id(cloud.id("a"));
    refused(cloud.cld.upload(UploadSource::remote(&nothing)?, &options).await, 400, "Error in loading http");
    Ok(())
}

async fn metadata(cloud: Cloud) -> Outcome {
    let id = cloud.name("none");
    let options = UploadOptions::new().metadata([(&id, "x")]);
    let words = format!("Metadata External IDs do not exist: [\"{id}\"]");
    refused(cloud.store("a", png(4, 4), options).await, 400, &words);
    Ok(())
}

async fn display_names(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().display_name("a/b");
    refused(cloud.store("a", png(4, 4), options).await, 400, "Display name cannot contain slashes");
    Ok(())
}
