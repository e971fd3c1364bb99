//! Uploads in chunks.

use cloudinary_core::upload::MIN_CHUNK_BYTES;
use cloudinary_core::{ResourceType, UploadOptions, UploadSource};
use futures_util::stream;

use crate::case::{Outcome, cases};
use crate::cloud::Cloud;
use crate::pictures::noise;

cases! { raw_files, images, streams_of_unknown_length }

fn bytes() -> Vec<u8> {
    (0..MIN_CHUNK_BYTES + 100_000).map(|at| (at * at % 251) as u8).collect()
}

async fn raw_files(cloud: Cloud) -> Outcome {
    let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id(cloud.id("a.bin")).tags(["kept"]);
    let upload = cloud.cld.upload(UploadSource::bytes("a.bin", bytes()), &options).chunk_bytes(MIN_CHUNK_BYTES);
    let done = upload.await?;
    assert_eq!((done.bytes, &done.public_id, done.tags.len()), (bytes().len() as u64, &cloud.id("a.bin"), 1));
    assert!(cloud.get(&done.secure_url).await?.bytes == bytes(), "what was sent is delivered");
    Ok(())
}

async fn images(cloud: Cloud) -> Outcome {
    let picture = noise(1400, 1400);
    assert!(picture.len() as u64 > MIN_CHUNK_BYTES);
    let name = cloud.name("large");
    let options =
        UploadOptions::new().filename_override(format!("{name}.png")).use_filename(true).unique_filename(false);
    let source = UploadSource::bytes("other.png", picture);
    let done = cloud.cld.upload(source, &options.tags(["kept"])).chunk_bytes(MIN_CHUNK_BYTES).await?;
    cloud.stray(&done)?;
    assert_eq!((done.width, done.height, done.resource_type.as_str()), (Some(1400), Some(1400), "image"));
    assert_eq!((&done.public_id, done.original_filename.as_ref(), done.tags.len()), (&name, Some(&name), 1));
    Ok(())
}

async fn streams_of_unknown_length(cloud: Cloud) -> Outcome {
    let pieces: Vec<std::io::Result<Vec<u8>>> = bytes().chunks(100_000).map(|piece| Ok(piece.to_vec())).collect();
    let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id(cloud.id("a.bin"));
    let upload = cloud.cld.upload(UploadSource::stream("a.bin", stream::iter(pieces)), &options);
    let done = upload.chunk_bytes(MIN_CHUNK_BYTES).await?;
    assert_eq!(done.bytes, bytes().len() as u64);
    Ok(())
}
