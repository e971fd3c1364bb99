//! The images that a sprite or an animation is made of.

use super::action::{in_order, required};
use crate::asset::ResourceType;
use crate::client::{Call, Params, setter};
use crate::clock::now;
use crate::error::{Error, Result};
use crate::transformation::Transformation;

/// The order other clients write the parameters of a URL in.
const ORDER: [&str; 8] =
    ["mode", "timestamp", "async", "batch_id", "notification_url", "tag", "urls", "transformation"];

/// Images to put together, for [`generate_sprite`](crate::Cloudinary::generate_sprite) and
/// [`multi`](crate::Cloudinary::multi): all with a tag, or those at addresses.
///
/// ```
/// use cloudinary_core::{Transformation, upload::ImageSet};
/// let logos = ImageSet::tagged("logo").transformation(Transformation::new().width(50).height(50).crop("fit"));
/// let frames = ImageSet::urls(["https://example.com/1.png", "https://example.com/2.png"]).format("gif");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ImageSet(Set);

#[derive(Debug, Clone, Default, PartialEq)]
struct Set {
    resource_type: ResourceType,
    params: Params,
    transformation: Transformation,
    format: Option<String>,
}

impl Set {
    fn set(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

impl ImageSet {
    /// All images with this tag, by public id.
    pub fn tagged(tag: impl Into<String>) -> Self {
        Self(Set::default().set("tag", tag.into()))
    }

    /// The images at these addresses, in this order.
    pub fn urls<T: Into<String>>(urls: impl IntoIterator<Item = T>) -> Self {
        let urls: Vec<String> = urls.into_iter().map(Into::into).collect();
        Self(Set::default().set("urls", urls))
    }

    /// What is done to each image. Default: nothing.
    pub fn transformation(mut self, transformation: impl Into<Transformation>) -> Self {
        self.0.transformation = transformation.into();
        self
    }

    /// The format to make, as `png`, `gif`, `webp`, `mp4` or `pdf`. It is written into the last step of the
    /// transformation. Default: png for a sprite, gif for an animation.
    pub fn format(mut self, format: impl Into<String>) -> Self {
        self.0.format = Some(format.into());
        self
    }

    /// What sort of files the images are. Part of the path. Default: image.
    pub fn resource_type(mut self, resource_type: ResourceType) -> Self {
        self.0.resource_type = resource_type;
        self
    }

    setter! {
        /// Whether to answer before it is made: the service's `async`. Default: false.
        in_background: switch => "async"
    }
    setter! {
        /// The id that the notification will have. Default: one made by the service.
        batch_id: text => "batch_id"
    }
    setter! {
        /// A URL to notify when it is made. Default: the account's.
        notification_url: text => "notification_url"
    }
    setter! {
        /// When it is signed, in Unix seconds. Default: now. A URL is good for one hour from then.
        timestamp: number => "timestamp"
    }

    /// Any other parameter, by the service's name.
    pub fn param(self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        Self(self.0.set(name, value))
    }

    /// The call that makes something of them.
    pub(super) fn call(&self, action: &str) -> Result<Call> {
        let mut params = self.0.params.clone();
        match params.get("urls") {
            Some(urls) if urls.as_array().is_none_or(Vec::is_empty) => {
                return Err(Error::invalid("urls", "", "give at least one address"));
            }
            Some(_) => {}
            None => required("tag", params.get("tag").and_then(serde_json::Value::as_str).unwrap_or_default())?,
        }
        let mut transformation = self.0.transformation.clone();
        if let Some(format) = &self.0.format {
            transformation = transformation.fetch_format(format);
        }
        transformation.check()?;
        if !transformation.is_empty() {
            params.insert("transformation".to_owned(), transformation.to_string().into());
        }
        Ok(Call::upload_api(self.0.resource_type.as_str(), action, params))
    }

    /// The same as a call to be followed by a browser.
    pub(super) fn download(&self, action: &str) -> Result<Call> {
        let mut call = self.call(action)?;
        call.params.entry("timestamp").or_insert_with(|| now().into());
        call.set("mode", "download");
        call.params = in_order(call.params, &ORDER);
        Ok(call)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets() {
        let fit = || Transformation::new().width(50).crop("fit");
        for (set, expected) in [
            (ImageSet::tagged("logo"), Ok(r#"{"tag":"logo"}"#)),
            (
                ImageSet::tagged("logo").format("png").transformation(fit()),
                Ok(r#"{"tag":"logo","transformation":"c_fit,f_png,w_50"}"#),
            ),
            (ImageSet::urls(["u"]).in_background(true), Ok(r#"{"urls":["u"],"async":true}"#)),
            (ImageSet::tagged(""), Err("tag: \"\" cannot be used")),
            (ImageSet::urls([""; 0]), Err("urls: \"\" cannot be used")),
            (ImageSet::tagged("a").transformation(Transformation::new().width(f64::NAN)), Err("w: \"NaN\"")),
        ] {
            match (set.call("multi"), expected) {
                (Ok(call), Ok(params)) => assert_eq!(serde_json::to_string(&call.params).unwrap(), params),
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (found, expected) => panic!("{expected:?}: {:?}", found.map(|call| call.params)),
            }
        }
    }
}
