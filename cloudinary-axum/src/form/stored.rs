//! What a request has stored so far: gone again unless the request is read to its end.

use cloudinary_core::client::BoxFuture;
use cloudinary_core::upload::Upload;
use cloudinary_core::{Answer, AssetRef, Cloudinary, Error, UploadResponse};
use tokio::runtime::Handle;

use super::loan::End;

/// Deletes, when it is dropped, whatever it still holds: nobody else knows of it.
pub(super) struct Stored {
    client: Cloudinary,
    assets: Vec<AssetRef>,
}

impl Stored {
    pub(super) fn new(client: &Cloudinary) -> Self {
        Self { client: client.clone(), assets: Vec::new() }
    }

    /// Uploads, to the end if the service may have all of the file, also when the visitor leaves meanwhile. `end` is that
    /// of a file that is still on its way.
    pub(super) async fn upload(
        &mut self,
        upload: Upload,
        end: Option<End>,
    ) -> Result<(AssetRef, UploadResponse), Error> {
        let upload = Some(upload.into_future());
        let mut pending = Pending { client: self.client.clone(), upload, end };
        let answer = match &mut pending.upload {
            Some(upload) => upload.await,
            None => return Err(Error::Config("the upload was taken away".to_owned())),
        };
        pending.upload = None;
        let answer = answer?;
        let asset = answer.asset()?;
        self.assets.push(asset.clone());
        Ok((asset, answer.into_inner()))
    }

    /// Deletes one at once, since its field cannot hold it; to the end, also when the visitor leaves meanwhile.
    pub(super) async fn reject(&mut self, asset: &AssetRef) {
        let deletion = tokio::spawn(destroy(self.client.clone(), asset.clone()));
        self.assets.retain(|stored| stored != asset);
        if let Err(error) = deletion.await {
            tracing::warn!(%asset, %error, "a file that no form holds could not be deleted");
        }
    }

    /// Lets go of those that have an owner now.
    pub(super) fn let_go_of(&mut self, has_an_owner: impl Fn(&AssetRef) -> bool) {
        self.assets.retain(|stored| !has_an_owner(stored));
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        for asset in self.assets.drain(..) {
            in_background(destroy(self.client.clone(), asset));
        }
    }
}

/// An upload under way. When nobody waits for it any more, it is ended if its file is not whole, and else its result is
/// deleted.
struct Pending {
    client: Cloudinary,
    /// `None` when it has answered.
    upload: Option<BoxFuture<'static, Result<Answer<UploadResponse>, Error>>>,
    end: Option<End>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        let Some(upload) = self.upload.take() else { return };
        if self.end.as_ref().is_some_and(End::withhold) {
            return;
        }
        let client = self.client.clone();
        in_background(async move {
            if let Ok(answer) = upload.await
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

/// Goes on with something for a request that is over.
pub(super) fn in_background(work: impl Future<Output = ()> + Send + 'static) {
    match Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn(work)),
        Err(error) => tracing::warn!(%error, "what a request left behind stays as it is"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use cloudinary_core::client::{Body, BoxFuture, Transport, TransportError};
    use cloudinary_core::{Config, UploadOptions, UploadSource};
    use http::{Request, Response};
    use tokio::time::{sleep, timeout};

    use super::*;

    /// A service that takes its time, and counts requests: those begun, those answered, and those over,
    /// which are given up if they were not answered.
    #[derive(Debug, Clone, Default)]
    struct Slow {
        begun: Arc<AtomicUsize>,
        answered: Arc<AtomicUsize>,
        over: Arc<AtomicUsize>,
    }

    const SLOW: Duration = Duration::from_mins(1);

    struct UnderWay(Slow);

    impl Drop for UnderWay {
        fn drop(&mut self) {
            self.0.over.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Transport for Slow {
        fn send(&self, _: Request<Body>) -> BoxFuture<'_, Result<Response<Body>, TransportError>> {
            let under_way = UnderWay(self.clone());
            self.begun.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                sleep(SLOW / 2).await;
                under_way.0.answered.fetch_add(1, Ordering::SeqCst);
                Ok(Response::new(
                    r#"{"result":"ok","public_id":"a","version":1,"resource_type":"image","type":"upload"}"#.into(),
                ))
            })
        }
    }

    impl Slow {
        fn counts(&self) -> [usize; 3] {
            [&self.begun, &self.answered, &self.over].map(|count| count.load(Ordering::SeqCst))
        }

        fn client(&self) -> Cloudinary {
            Cloudinary::with_transport(Config::new("demo").credentials("key", "secret"), self.clone())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_rejected_is_deleted_though_the_visitor_leaves() {
        let service = Slow::default();
        let asset: AssetRef = "image/upload/v1/a.jpg".parse().unwrap();
        let mut stored = Stored::new(&service.client());
        stored.assets.push(asset.clone());
        assert!(timeout(Duration::from_secs(1), stored.reject(&asset)).await.is_err());
        drop(stored);
        sleep(SLOW).await;
        assert_eq!(service.counts(), [1, 1, 1], "deleted, and once only");
    }

    /// An upload whose file the request did not give to its end is ended; one that has it may be stored, and then is
    /// deleted.
    #[tokio::test(start_paused = true)]
    async fn uploads_of_visitors_who_left() {
        for (whole, expected) in [(false, [1, 0, 1]), (true, [2, 2, 2])] {
            let service = Slow::default();
            let mut stored = Stored::new(&service.client());
            let end = End::default();
            let source = UploadSource::bytes("a.jpg", "a");
            let upload = stored.upload(service.client().upload(source, &UploadOptions::new()), Some(end.clone()));
            assert!(!whole || end.take());
            assert!(timeout(Duration::from_secs(1), upload).await.is_err());
            sleep(SLOW * 2).await;
            assert_eq!(service.counts(), expected, "whole: {whole}");
        }
    }
}
