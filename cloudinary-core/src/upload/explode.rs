//! All pages of a document, or all frames of an animation, as images.

use super::action::for_asset;
use crate::answer::StartedJob;
use crate::asset::{AssetRef, DeliveryType};
use crate::client::{Call, Cloudinary, Params, Request, request};
use crate::error::{Error, Result};
use crate::transformation::Transformation;

request! {
    /// A call that makes an image of each page; `.await` it. Made by [`Cloudinary::explode`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#explode>.
    pub struct Explode -> StartedJob;

    /// The format of the images, as `jpg`. Default: png.
    format: text => "format",
    /// A URL to notify when all are made. Default: the account's.
    notification_url: text => "notification_url",
}

impl Cloudinary {
    /// Makes the derived images of all pages of a PDF, or of all frames of an animated GIF. The transformation says `all`
    /// for its page. The work goes on after the answer, which `.await` gives.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a transformation that is broken or empty; [`Error::MissingConfig`] without key or
    /// secret; [`Error::Transport`] and [`Error::Api`].
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::{AssetRef, Transformation};
    /// let pages = Transformation::new().width(800).crop("limit").page("all");
    /// let job = cld.explode(AssetRef::image("report"), &pages).format("jpg").await?;
    /// assert_eq!(job.status, "processing");
    /// # Ok(())
    /// # }
    /// ```
    pub fn explode(&self, asset: impl Into<AssetRef>, transformation: &Transformation) -> Explode {
        Explode(Request::checked(self, call(&asset.into(), transformation)))
    }
}

fn call(asset: &AssetRef, transformation: &Transformation) -> Result<Call> {
    transformation.check()?;
    if transformation.is_empty() {
        return Err(Error::invalid("transformation", "", "give one with the page `all`"));
    }
    let params = Params::from_iter([("transformation".to_owned(), transformation.to_string().into())]);
    let mut call = for_asset("explode", "public_id", asset, params)?;
    // Other clients never name the type here, and for most assets it need not be named.
    if asset.delivery_type == DeliveryType::Upload {
        call.params.shift_remove("type");
    }
    Ok(call)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transformations() {
        let private: AssetRef = "image/private/report.pdf".parse().unwrap();
        for (asset, transformation, expected) in [
            (AssetRef::image("report"), Transformation::new().page("all"), Ok(None)),
            (private, Transformation::new().page("all"), Ok(Some("private"))),
            (AssetRef::image("report"), Transformation::new(), Err("transformation: \"\"")),
            (AssetRef::image("report"), Transformation::new().width(f64::NAN), Err("w: \"NaN\"")),
        ] {
            match (call(&asset, &transformation), expected) {
                (Ok(call), Ok(kind)) => assert_eq!(call.params.get("type").and_then(|kind| kind.as_str()), kind),
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (found, expected) => panic!("{expected:?}: {:?}", found.map(|call| call.params)),
            }
        }
    }
}
