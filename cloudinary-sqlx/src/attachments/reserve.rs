//! Assets on their way to a row.

use cloudinary_core::{AssetRef, DeliveryType, ResourceType, ToAsset, UploadOptions};
use rand::distr::{Alphanumeric, SampleString as _};
use sqlx::Pool;

use super::database::Bound;
use super::hold::gone_or;
use super::{Attachments, AttachmentsDatabase, Noted, millis};
use crate::error::Error;

/// Characters of a public id made here: more than 100 bits.
const ID_CHARS: usize = 20;

impl Attachments {
    /// Notes an asset before it is uploaded, and gives the options to upload it with: the same, with a public id. Should
    /// the upload, the row or the app fail at any moment from here on, the asset is released in the end.
    ///
    /// A public id in the options is kept, and so are folder and prefix. An upload of resource type `auto` is noted as
    /// image, video and raw. Whatever names the asset (public id, folder, prefix, resource and delivery type) has to be in
    /// the options before, and must not be changed after.
    ///
    /// # Errors
    /// [`Error::TooLong`] if a column could not hold the asset, [`Error::Gone`] if an asset with that id is being
    /// destroyed right now, [`Error::Database`], and [`Error::Service`] for options that can never work or would ignore
    /// the public id: a preset of the account may put another folder before it, so it has to be named `upload_preset`
    /// only if it does not.
    pub async fn reserve<DB: AttachmentsDatabase>(
        &self,
        pool: &Pool<DB>,
        options: &UploadOptions,
    ) -> Result<UploadOptions, Error> {
        options.check()?;
        let options = match options.get("public_id") {
            Some(_) => options.clone(),
            None => options.clone().public_id(Alphanumeric.sample_string(&mut rand::rng(), ID_CHARS).to_lowercase()),
        };
        let doing = "reserving an asset";
        let mut connection = pool.acquire().await.map_err(|error| Error::database(doing, error))?;
        let now = self.now();
        for asset in expected(&options)? {
            let noted = Noted::new(&asset)?;
            let values = vec![
                Bound::from(noted.key.as_str()),
                noted.value.as_str().into(),
                (now + millis(self.claim)).into(),
                now.into(),
            ];
            DB::execute(&mut connection, DB::STATEMENTS.reserve, values)
                .await
                .map_err(|error| gone_or(doing, &noted.value, error))?;
        }
        Ok(options)
    }

    /// Notes an asset that is stored already and held by no row yet, as a direct upload is when its form has to be shown
    /// again.
    ///
    /// # Errors
    /// [`Error::Gone`] if it was released before; [`Error::Database`].
    pub async fn pending<DB: AttachmentsDatabase>(&self, pool: &Pool<DB>, asset: impl ToAsset) -> Result<(), Error> {
        self.pending_until(pool, asset, self.now() + millis(self.claim)).await
    }

    pub(super) async fn pending_until<DB: AttachmentsDatabase>(
        &self,
        pool: &Pool<DB>,
        asset: impl ToAsset,
        due: i64,
    ) -> Result<(), Error> {
        let doing = "noting a pending asset";
        let noted = Noted::of(asset)?;
        let mut connection = pool.acquire().await.map_err(|error| Error::database(doing, error))?;
        let values = vec![
            Bound::from(noted.key.as_str()),
            noted.value.as_str().into(),
            noted.version.into(),
            due.into(),
            self.now().into(),
        ];
        match DB::execute(&mut connection, DB::STATEMENTS.pending, values).await {
            Ok(_) => Ok(()),
            Err(error) => Err(gone_or(doing, &noted.value, error)),
        }
    }
}

/// What an upload with a public id will be stored as.
fn expected(options: &UploadOptions) -> Result<Vec<AssetRef>, Error> {
    let delivery_type = match options.get("type") {
        Some(name) => name.parse::<DeliveryType>()?,
        None => DeliveryType::Upload,
    };
    let is_on = |name| matches!(options.get(name), Some("1" | "true"));
    let asset_folder = options.get("asset_folder").filter(|_| is_on("use_asset_folder_as_public_id_prefix"));
    let parts = [options.get("folder"), asset_folder, options.get("public_id_prefix"), options.get("public_id")];
    let parts: Vec<&str> = parts.into_iter().flatten().map(|part| part.trim_matches('/')).collect();
    let public_id = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    let kinds = match options.kind() {
        ResourceType::Auto => vec![ResourceType::Image, ResourceType::Video, ResourceType::Raw],
        kind => vec![kind],
    };
    Ok(kinds
        .into_iter()
        .map(|resource_type| AssetRef {
            resource_type,
            delivery_type,
            version: None,
            public_id: public_id.clone(),
            format: None,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_uploads_will_be_stored_as() {
        let options = || UploadOptions::new().public_id("id");
        for (options, keys) in [
            (options(), vec!["image/upload/id"]),
            (options().folder("/a/b/").public_id_prefix("c"), vec!["image/upload/a/b/c/id"]),
            (options().asset_folder("x"), vec!["image/upload/id"]),
            (
                options().asset_folder("x").param("use_asset_folder_as_public_id_prefix", "true").unwrap(),
                vec!["image/upload/x/id"],
            ),
            (options().delivery_type(DeliveryType::Private).resource_type(ResourceType::Raw), vec!["raw/private/id"]),
            (options().resource_type(ResourceType::Auto), vec!["image/upload/id", "video/upload/id", "raw/upload/id"]),
        ] {
            let found: Vec<String> = expected(&options).unwrap().iter().map(super::super::key_of).collect();
            assert_eq!(found, keys);
        }
    }
}
