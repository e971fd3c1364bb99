//! What a request has stored so far: gone again unless the request is read to its end.

use cloudinary_core::upload::Upload;
use cloudinary_core::{Answer, AssetRef, Cloudinary, Error, UploadResponse};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Deletes, when it is dropped, whatever it still holds: nobody else knows of it.
pub(super) struct Stored {
    client: Cloudinary,
    assets: Vec<AssetRef>,
}

impl Stored {
    pub(super) fn new(client: &Cloudinary) -> Self {
        Self { client: client.clone(), assets: Vec::new() }
    }

    /// Carries an upload out. It runs in a task of its own, so that its answer is not lost when the visitor leaves.
    pub(super) async fn upload(&mut self, upload: Upload) -> Result<(AssetRef, UploadResponse), Error> {
        let mut pending = Pending { client: self.client.clone(), task: Some(tokio::spawn(upload.into_future())) };
        let answer = match pending.task.as_mut() {
            Some(task) => task.await,
            None => return Err(Error::Config("the upload was taken away".to_owned())),
        };
        pending.task = None;
        let answer = answer.map_err(|error| Error::Config(format!("the upload was ended: {error}")))??;
        let asset = answer.asset()?;
        self.assets.push(asset.clone());
        Ok((asset, answer.into_inner()))
    }

    /// Deletes one at once, since its field cannot hold it.
    pub(super) async fn reject(&mut self, asset: &AssetRef) {
        self.assets.retain(|stored| stored != asset);
        destroy(self.client.clone(), asset.clone()).await;
    }

    /// Lets go of those that have an owner now.
    pub(super) fn keep_only<'a>(&mut self, owned: impl Iterator<Item = &'a AssetRef>) {
        let owned: Vec<&AssetRef> = owned.collect();
        self.assets.retain(|stored| !owned.iter().any(|owned| is_same(owned, stored)));
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        for asset in self.assets.drain(..) {
            in_background(destroy(self.client.clone(), asset));
        }
    }
}

/// An upload under way; its result is deleted when nobody waits for it any more.
struct Pending {
    client: Cloudinary,
    task: Option<JoinHandle<Result<Answer<UploadResponse>, Error>>>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        let Some(task) = self.task.take() else { return };
        let client = self.client.clone();
        in_background(async move {
            if let Ok(Ok(answer)) = task.await
                && let Ok(asset) = answer.asset()
            {
                destroy(client, asset).await;
            }
        });
    }
}

/// Whether two are one file to the service, which deletes by id: versions of it do not count.
pub(super) fn is_same(a: &AssetRef, b: &AssetRef) -> bool {
    (a.resource_type, a.delivery_type, &a.public_id) == (b.resource_type, b.delivery_type, &b.public_id)
}

/// Deletes a file that nobody will hold.
pub(super) fn destroy_in_background(client: &Cloudinary, asset: &AssetRef) {
    in_background(destroy(client.clone(), asset.clone()));
}

async fn destroy(client: Cloudinary, asset: AssetRef) {
    if let Err(error) = client.destroy(&asset).await {
        tracing::warn!(%asset, %error, "a file that no form holds could not be deleted");
    }
}

fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    match Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn(work)),
        Err(error) => tracing::warn!(%error, "files that no form holds are left with the media service"),
    }
}
