//! The client on its own: the same files straight to the service.

use std::path::Path;

use cloudinary_core::{Cloudinary, ResourceType, UploadOptions};
use futures_util::{StreamExt as _, TryStreamExt as _};

/// All uploads by one process, as curl makes them.
#[tokio::main]
pub(crate) async fn upload_all(file: &str, uploads: &str, at_once: &str) {
    let number = |text: &str| text.parse::<usize>().expect("a number");
    let cld = Cloudinary::from_env().expect("CLOUDINARY_URL");
    let options = UploadOptions::new().resource_type(ResourceType::Raw);
    let all = (0..number(uploads)).map(|_| cld.upload(Path::new(file), &options).into_future());
    let all = futures_util::stream::iter(all).buffer_unordered(number(at_once));
    all.try_for_each(|_| async { Ok(()) }).await.expect("an upload");
}
