//! Core's own client against the server, as an app uses both.

mod support;

use cloudinary_core::{
    ApiErrorKind, Cloudinary, Crop, Error, ResourceType, Transformation, UploadOptions, UploadSource,
};
use cloudinary_local::{Limits, LocalServer};
use support::{client, png};

#[tokio::test]
async fn upload_show_destroy() {
    let server = LocalServer::start().await.unwrap();
    let cld = server.cloudinary().unwrap();
    let thumbnail = Transformation::new().width(10).height(5).crop(Crop::Fill);
    let options = UploadOptions::new().folder("albums").tags(["new"]).eager([thumbnail.clone()]);
    let done = cld.upload(UploadSource::bytes("a.png", png(40, 40)), &options).await.unwrap();
    done.verify(cld.config()).expect("the answer is signed");
    assert_eq!((done.eager.len(), done.eager[0].width, done.eager[0].height), (1, 10, 5));
    let asset = done.asset().unwrap();
    let url = cld.image(&asset).transform(&thumbnail).to_string();
    assert!(url.starts_with(server.url()), "{url}");
    let image = client().get(&url).send().await.unwrap();
    assert_eq!((image.status().as_u16(), &image.headers()["content-type"]), (200, &"image/png".parse().unwrap()));
    cld.destroy(&asset).await.unwrap();
    assert_eq!(client().get(&url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_stream_of_unknown_length_comes_in_pieces() {
    let limits = Limits { raw_max_bytes: 64 << 20, ..Limits::default() };
    let server = LocalServer::builder().limits(limits).start().await.unwrap();
    let cld = server.cloudinary().unwrap();
    let piece = bytes::Bytes::from(vec![42_u8; 1 << 20]);
    for pieces in [0_usize, 1, 5, 12, 13] {
        let parts: Vec<Result<bytes::Bytes, std::io::Error>> = (0..pieces).map(|_| Ok(piece.clone())).collect();
        let source = UploadSource::stream("big.bin", futures_util::stream::iter(parts));
        let options = UploadOptions::new().resource_type(ResourceType::Raw).public_id("big.bin");
        let sent = cld.upload(source, &options).chunk_bytes(6 << 20).await;
        if pieces == 0 {
            let Err(Error::Api { kind, message, .. }) = sent else { panic!("an empty file is refused: {sent:?}") };
            assert_eq!((kind, message.as_str()), (ApiErrorKind::BadRequest, "Empty file"));
            continue;
        }
        assert_eq!(sent.unwrap().bytes, (pieces << 20) as u64, "{pieces}");
        let stored = client().get(cld.raw("big.bin").to_string()).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(stored.len(), pieces << 20);
    }
}

#[tokio::test]
async fn refusals_arrive_typed() {
    let server = LocalServer::start().await.unwrap();
    let config = server.config();
    let key = config.api_key.clone().unwrap();
    let wrong = Cloudinary::new(config.credentials(key, "wrong")).unwrap();
    let refused = wrong.upload(UploadSource::bytes("a.png", png(4, 4)), &UploadOptions::new()).await;
    let Err(Error::Api { kind, message, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(kind, ApiErrorKind::Unauthorized);
    assert!(message.starts_with("Invalid Signature"), "{message}");
}

#[tokio::test]
async fn files_are_fetched_from_other_servers() {
    let origin = LocalServer::start().await.unwrap();
    let source = origin.cloudinary().unwrap();
    let options = UploadOptions::new().public_id("my pic");
    source.upload(UploadSource::bytes("a.png", png(6, 6)), &options).await.unwrap();
    let url = source.image("my pic").format("png").to_string();

    let careful = LocalServer::start().await.unwrap();
    let refused =
        careful.cloudinary().unwrap().upload(UploadSource::remote(&url).unwrap(), &UploadOptions::new()).await;
    let Err(Error::Api { kind, message, .. }) = refused else { panic!("loopback is off limits: {refused:?}") };
    assert_eq!(kind, ApiErrorKind::BadRequest);
    assert_eq!(message, format!("Error in loading {url} - its host is this machine or in a private network"));

    let open = LocalServer::builder().allow_private_remotes(true).start().await.unwrap();
    let cld = open.cloudinary().unwrap();
    let options = UploadOptions::new().use_filename(true).unique_filename(false);
    let done = cld.upload(UploadSource::remote(&url).unwrap(), &options).await.unwrap();
    assert_eq!((done.public_id.as_str(), done.width), ("my_pic", Some(6)));
    let missing = url.replace("my%20pic", "nothing");
    let refused = cld.upload(UploadSource::remote(&missing).unwrap(), &UploadOptions::new()).await;
    assert!(refused.unwrap_err().to_string().contains("404 Not Found"));
}
