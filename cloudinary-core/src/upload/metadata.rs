//! Structured metadata of stored assets.

use serde_json::{Map, Value as Json};

use super::UploadOptions;
use super::action::{for_assets, required};
use crate::answer::ChangedAssets;
use crate::asset::ToAsset;
use crate::client::{Call, Cloudinary, Params, Request, request};
use crate::error::Result;

request! {
    /// A call that sets structured metadata of assets; `.await` it. Made by [`Cloudinary::update_metadata`].
    ///
    /// Follows <https://cloudinary.com/documentation/image_upload_api_reference#metadata>.
    pub struct UpdateMetadata -> ChangedAssets;

    /// Whether values that the fields' rules no longer allow are cleared, where they would be an error. Default: false.
    clear_invalid: switch => "clear_invalid",
}

impl Cloudinary {
    /// Sets values of structured metadata fields, by the fields' external ids; a list for a field of many values. Fields
    /// that are not named keep theirs. `.await` the answer.
    ///
    /// At most [`MAX_ASSETS_PER_CALL`](crate::upload::MAX_ASSETS_PER_CALL) assets, all of one resource and delivery type.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) without a value, for a value that is an object, and for
    /// none, too many or mixed assets; [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use serde_json::json;
    /// cld.update_metadata([("in_stock", json!(50)), ("colors", json!(["red", "blue"]))], ["albums/beach"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_metadata<K: Into<String>, V: Into<Json>>(
        &self,
        values: impl IntoIterator<Item = (K, V)>,
        assets: impl IntoIterator<Item: ToAsset>,
    ) -> UpdateMetadata {
        let values = values.into_iter().map(|(id, value)| (id.into(), value.into())).collect();
        UpdateMetadata(Request::checked(self, call(values, assets)))
    }
}

fn call(values: Map<String, Json>, assets: impl IntoIterator<Item: ToAsset>) -> Result<Call> {
    let options = Map::from_iter([("metadata".to_owned(), Json::Object(values))]);
    let options = UploadOptions::from_options(&options)?;
    let text = options.get("metadata").unwrap_or_default();
    required("metadata", text)?;
    for_assets("metadata", assets, Params::from_iter([("metadata".to_owned(), text.into())]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values() {
        for (values, expected) in [
            (json!({"a": "x=y|z", "b": 50}), Ok(r"a=x\=y\|z|b=50")),
            (json!({"a": ["r", "b"]}), Ok(r#"a=["r","b"]"#)),
            (json!({}), Err("metadata: \"\" cannot be used")),
            (json!({"a": {"b": 1}}), Err("metadata: \"{\\\"b\\\":1}\" cannot be used")),
        ] {
            match (call(values.as_object().unwrap().clone(), ["id"]), expected) {
                (Ok(call), Ok(text)) => assert_eq!(call.params["metadata"], text),
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (found, expected) => panic!("{expected:?}: {:?}", found.map(|call| call.params)),
            }
        }
    }
}
