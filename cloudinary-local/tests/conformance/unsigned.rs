//! Uploads without a signature, by presets.

use cloudinary_core::{UploadOptions, UploadSource};

use crate::case::{Outcome, cases, refused};
use crate::cloud::Cloud;
use crate::pictures::png;

cases! { by_a_preset, no_other_options, signed_presets, no_preset }

fn picture() -> UploadSource {
    UploadSource::bytes("picture.png", png(4, 4))
}

async fn by_a_preset(cloud: Cloud) -> Outcome {
    let (admin, name) = (cloud.cld.admin(), cloud.name("open"));
    let options = UploadOptions::new().tags(["theirs"]);
    admin.create_upload_preset(&options).name(&name).unsigned(true).await?;
    let options = UploadOptions::new().public_id(cloud.id("a")).tags(["mine"]);
    let done = cloud.cld.unsigned_upload(picture(), &name, &options).await;
    let again = cloud.cld.unsigned_upload(UploadSource::bytes("b.png", png(9, 9)), &name, &options).await;
    admin.delete_upload_preset(&name).await?;
    let mut tags = done?.tags.clone();
    tags.sort();
    assert_eq!(tags, ["mine", "theirs"]);
    assert_eq!(again?.width, Some(4), "nothing is replaced");
    Ok(())
}

async fn no_other_options(cloud: Cloud) -> Outcome {
    let (admin, name) = (cloud.cld.admin(), cloud.name("open"));
    admin.create_upload_preset(&UploadOptions::new()).name(&name).unsigned(true).await?;
    let options = UploadOptions::new().public_id(cloud.id("a")).unique_filename(false);
    let done = cloud.cld.unsigned_upload(picture(), &name, &options).await;
    admin.delete_upload_preset(&name).await?;
    refused(done, 400, "Unique filename parameter is not allowed when using unsigned upload. Only upload_preset,");
    Ok(())
}

async fn signed_presets(cloud: Cloud) -> Outcome {
    let (admin, name) = (cloud.cld.admin(), cloud.name("closed"));
    admin.create_upload_preset(&UploadOptions::new()).name(&name).await?;
    let done = cloud.cld.unsigned_upload(picture(), &name, &UploadOptions::new().public_id(cloud.id("a"))).await;
    admin.delete_upload_preset(&name).await?;
    refused(done, 400, "Upload preset must be whitelisted for unsigned uploads");
    Ok(())
}

async fn no_preset(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().public_id(cloud.id("a"));
    refused(cloud.cld.unsigned_upload(picture(), cloud.name("none"), &options).await, 400, "Upload preset not found");
    let done = cloud.cld.unsigned_upload(picture(), "", &options).await;
    refused(done, 400, "Upload preset must be specified when using unsigned upload");
    Ok(())
}
