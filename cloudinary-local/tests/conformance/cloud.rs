//! The service that is asked: this server, or the real one.

use std::{
    env,
    sync::{Arc, Mutex, Once, PoisonError},
    time::Duration,
};

use cloudinary_core::{
    Answer, ApiErrorKind, AssetRef, Cloudinary, DeliveryType, ResourceType, UploadOptions, UploadResponse, UploadSource,
};
use cloudinary_local::LocalServer;
use futures_util::TryStreamExt as _;
use reqwest::{Client, header::HeaderMap};

/// How long the real service may take until a search finds what was stored.
const SEARCH_LAG: Duration = Duration::from_mins(1);

/// A client of a cloud, and names that nothing else there has.
#[derive(Clone)]
pub(crate) struct Cloud {
    pub(crate) cld: Cloudinary,
    http: Client,
    /// `conformance-4f2a…`; all names begin with it.
    run: String,
    case: &'static str,
    /// What has a name of the service's making.
    strays: Arc<Mutex<Vec<AssetRef>>>,
    /// Present for this server, which stops with it.
    server: Option<Arc<LocalServer>>,
}

/// What an address delivered.
#[derive(Debug)]
pub(crate) struct Delivered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Delivered {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Width and height of the picture.
    pub(crate) fn size(&self) -> (u32, u32) {
        assert_eq!(self.status, 200, "{:?}", self.header("x-cld-error"));
        let limits = cloudinary_pixels::Limits::default();
        cloudinary_pixels::decode(&self.bytes, &limits).expect("a picture").size()
    }
}

impl Cloud {
    pub(crate) async fn local() -> Self {
        // Remote sources of the cases are on this server.
        let server = LocalServer::builder().allow_private_remotes(true).start().await.expect("the server starts");
        let cld = server.cloudinary().expect("a client");
        Self { server: Some(Arc::new(server)), ..Self::of(cld) }
    }

    /// The real service, if it is to be asked.
    pub(crate) fn real() -> Option<Self> {
        if env::var("CLOUDINARY_LIVE").as_deref() != Ok("1") {
            return None;
        }
        Some(Self::of(Cloudinary::from_env().expect("CLOUDINARY_LIVE=1 needs a CLOUDINARY_URL")))
    }

    fn of(cld: Cloudinary) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            rustls::crypto::ring::default_provider().install_default().expect("no other is installed");
        });
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let run = format!("conformance-{:08x}", rand::random::<u32>());
        Self { cld, http, run, case: "", strays: Arc::default(), server: None }
    }

    pub(crate) fn title(&self) -> &'static str {
        if self.server.is_some() { "cloudinary-local" } else { "the real service" }
    }

    pub(crate) fn for_case(&self, case: &'static str) -> Self {
        Self { case, ..self.clone() }
    }

    /// A public id of this case.
    pub(crate) fn id(&self, name: &str) -> String {
        format!("{}/{name}", self.folder())
    }

    /// What the public ids of this case begin with.
    pub(crate) fn folder(&self) -> String {
        format!("{}/{}", self.run, self.case.replace("::", "-"))
    }

    /// A name of this case for what has no folders: a tag, a preset, a transformation.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{}_{}_{name}", self.run.replace('-', "_"), self.case.replace("::", "_"))
    }

    /// Stores a picture under a public id of this case.
    pub(crate) async fn store(
        &self,
        name: &str,
        picture: Vec<u8>,
        options: UploadOptions,
    ) -> cloudinary_core::Result<Answer<UploadResponse>> {
        self.cld.upload(UploadSource::bytes("picture.png", picture), &options.public_id(self.id(name))).await
    }

    /// Has an asset deleted at the end, whose name the service made.
    pub(crate) fn stray(&self, answer: &UploadResponse) -> cloudinary_core::Result<AssetRef> {
        let asset = answer.asset()?;
        self.strays.lock().unwrap_or_else(PoisonError::into_inner).push(asset.clone());
        Ok(asset)
    }

    pub(crate) async fn get(&self, url: &str) -> Result<Delivered, reqwest::Error> {
        let answer = self.http.get(url).send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Delivered { status, headers, bytes: answer.bytes().await?.to_vec() })
    }

    /// Asks again for a while, as what was stored is found by searches only seconds later.
    pub(crate) async fn found_at_last<T>(
        &self,
        ask: impl AsyncFn() -> cloudinary_core::Result<Option<T>>,
    ) -> cloudinary_core::Result<T> {
        let patience = if self.server.is_some() { Duration::ZERO } else { SEARCH_LAG };
        let begun = std::time::Instant::now();
        loop {
            if let Some(found) = ask().await? {
                return Ok(found);
            }
            assert!(begun.elapsed() < patience, "it was not found within {patience:?}");
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }

    /// Deletes all that the run has made, and gives what could not be.
    pub(crate) async fn clean_up(&self) -> Vec<cloudinary_core::Error> {
        let admin = self.cld.admin();
        let mut problems = Vec::new();
        let strays = std::mem::take(&mut *self.strays.lock().unwrap_or_else(PoisonError::into_inner));
        for asset in strays {
            problems.extend(self.cld.destroy(&asset).await.err());
        }
        for (resource_type, delivery_type) in [
            (ResourceType::Image, DeliveryType::Upload),
            (ResourceType::Image, DeliveryType::Private),
            (ResourceType::Image, DeliveryType::Authenticated),
            (ResourceType::Raw, DeliveryType::Upload),
        ] {
            let deletion = admin.delete_resources_by_prefix(&self.run);
            problems.extend(deletion.resource_type(resource_type).delivery_type(delivery_type).await.err());
        }
        // Those of sprites and animations begin with their tag, as self.name() makes it.
        for delivery_type in [DeliveryType::Sprite, DeliveryType::Multi] {
            let deletion = admin.delete_resources_by_prefix(&self.run.replace('-', "_"));
            problems.extend(deletion.delivery_type(delivery_type).await.err());
        }
        self.delete_definitions(&mut problems).await;
        let folder = admin.delete_folder(&self.run).await.err();
        problems.extend(folder.filter(|error| error.api_kind() != Some(ApiErrorKind::NotFound)));
        problems
    }

    /// Deletes what a case that failed on its way may have left defined in the account.
    async fn delete_definitions(&self, problems: &mut Vec<cloudinary_core::Error>) {
        let admin = self.cld.admin();
        let run = self.run.replace('-', "_");
        let presets: cloudinary_core::Result<Vec<_>> =
            admin.upload_presets().max_results(500).stream().try_collect().await;
        for name in kept(presets, problems).into_iter().filter_map(|preset| preset.name) {
            if name.starts_with(&run) {
                problems.extend(admin.delete_upload_preset(&name).await.err());
            }
        }
        let transformations: cloudinary_core::Result<Vec<_>> =
            admin.transformations().named(true).max_results(500).stream().try_collect().await;
        for transformation in kept(transformations, problems) {
            if let Some(name) = transformation.name.strip_prefix("t_").filter(|name| name.starts_with(&run)) {
                problems.extend(admin.delete_transformation(name).await.err());
            }
        }
        let fields = admin.metadata_fields().await.map(|fields| fields.metadata_fields.clone());
        for field in kept(fields, problems) {
            if field.external_id.starts_with(&run) {
                problems.extend(admin.delete_metadata_field(&field.external_id).await.err());
            }
        }
    }
}

/// The list; without one, nothing, and the problem is noted.
fn kept<T>(list: cloudinary_core::Result<Vec<T>>, problems: &mut Vec<cloudinary_core::Error>) -> Vec<T> {
    list.unwrap_or_else(|error| {
        problems.push(error);
        Vec::new()
    })
}
