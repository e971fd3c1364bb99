//! Signed URLs of originals: of private assets, and of older versions.

use super::action::{for_asset, in_order, required};
use crate::asset::AssetRef;
use crate::client::{Auth, Call, Cloudinary, Params};
use crate::clock::now;
use crate::error::Result;

/// The order other clients write the parameters of a URL in.
const ORDER: [&str; 6] = ["timestamp", "public_id", "format", "type", "attachment", "expires_at"];

/// A signed URL of an original, whatever its delivery type. Made by [`Cloudinary::private_download`].
///
/// Follows <https://cloudinary.com/documentation/image_upload_api_reference#download>.
#[must_use = "the URL is made by `url`"]
pub struct PrivateDownload {
    client: Cloudinary,
    call: Result<Call>,
}

impl PrivateDownload {
    /// The format to download in, as `jpg`. Default: the asset's, if it names one, or as it was uploaded.
    pub fn format(self, format: impl Into<String>) -> Self {
        self.set("format", format.into())
    }

    /// Whether the browser saves it, where it would show it. Default: false.
    pub fn attachment(self, attachment: bool) -> Self {
        self.set("attachment", attachment)
    }

    /// When the URL stops working, in Unix seconds. Default: one hour from its timestamp.
    pub fn expires_at(self, seconds: i64) -> Self {
        self.set("expires_at", seconds)
    }

    /// When it is signed, in Unix seconds. Default: now.
    pub fn timestamp(self, seconds: i64) -> Self {
        self.set("timestamp", seconds)
    }

    /// The URL.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an empty id;
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret.
    pub fn url(self) -> Result<String> {
        let mut call = self.call?;
        call.params.entry("timestamp").or_insert_with(|| now().into());
        call.params = in_order(call.params, &ORDER);
        call.download_url(self.client.config())
    }

    fn set(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        if let Ok(call) = &mut self.call {
            call.set(name, value);
        }
        self
    }
}

impl std::fmt::Debug for PrivateDownload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateDownload").finish_non_exhaustive()
    }
}

impl Cloudinary {
    /// A signed URL that downloads the original of an asset, also of a private or authenticated one. Finish it with
    /// [`url`](PrivateDownload::url).
    ///
    /// ```
    /// use cloudinary_core::{AssetRef, Cloudinary, Config};
    /// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
    /// let asset: AssetRef = "image/private/v7/contract.pdf".parse()?;
    /// let url = cld.private_download(&asset).attachment(true).timestamp(1_700_000_000).url()?;
    /// assert!(url.starts_with(
    ///     "https://api.cloudinary.com/v1_1/demo/image/download?timestamp=1700000000&public_id=contract&format=pdf&type=private&attachment=1"
    /// ));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn private_download(&self, asset: impl Into<AssetRef>) -> PrivateDownload {
        let asset = asset.into();
        let params = asset.format.clone().map(|format| ("format".to_owned(), format.into()));
        let call = for_asset("download", "public_id", &asset, Params::from_iter(params));
        PrivateDownload { client: self.clone(), call }
    }

    /// A signed URL that downloads a backup of an asset: one of the versions that the asset's details list. Signed at
    /// `timestamp`, in Unix seconds, or now.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an empty id;
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret.
    ///
    /// ```
    /// use cloudinary_core::{Cloudinary, Config};
    /// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
    /// let url = cld.download_backup_url("62c2a18d622be7e190d21df8e05b1416", "26fe6d95df856f6ae12f5678be94516a", None)?;
    /// assert!(url.starts_with("https://api.cloudinary.com/v1_1/demo/download_backup?timestamp="));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn download_backup_url(&self, asset_id: &str, version_id: &str, timestamp: Option<i64>) -> Result<String> {
        required("asset_id", asset_id)?;
        required("version_id", version_id)?;
        let mut call = Call::admin_api(http::Method::GET, ["download_backup"]).auth(Auth::Signature);
        call.set("timestamp", timestamp.unwrap_or_else(now));
        call.set("asset_id", asset_id);
        call.set("version_id", version_id);
        call.download_url(self.config())
    }
}
