//! What the actions share: the assets they are for, the order of parameters, names that may not be empty.

use serde_json::Value as Json;

use crate::asset::{AssetRef, ToAsset};
use crate::client::{Call, Params};
use crate::error::{Error, Result};

/// The most assets that one call changes; the service's limit.
pub const MAX_ASSETS_PER_CALL: usize = 1000;

/// A call for one asset, whose id goes by `id_parameter`.
pub(super) fn for_asset(action: &str, id_parameter: &str, asset: &AssetRef, mut params: Params) -> Result<Call> {
    required(id_parameter, &asset.public_id)?;
    params.insert(id_parameter.to_owned(), asset.public_id.clone().into());
    params.insert("type".to_owned(), asset.delivery_type.as_str().into());
    Ok(Call::upload_api(asset.resource_type.as_str(), action, params))
}

/// A call for many assets. The service takes them by id only, so all must be of one resource and delivery type.
pub(super) fn for_assets(action: &str, assets: impl IntoIterator<Item: ToAsset>, mut params: Params) -> Result<Call> {
    let mut kind = None;
    let mut ids: Vec<Json> = Vec::new();
    for asset in assets {
        let asset = asset.to_asset();
        required("public_ids", &asset.public_id)?;
        let this = (asset.resource_type, asset.delivery_type);
        if *kind.get_or_insert(this) != this {
            let remedy = "the assets of one call are of one resource type and delivery type; make a call for each kind";
            return Err(Error::invalid("public_ids", &asset.to_string(), remedy));
        }
        ids.push(asset.public_id.into());
    }
    let Some((resource_type, delivery_type)) = kind else {
        return Err(Error::invalid("public_ids", "", "name at least one asset"));
    };
    if ids.len() > MAX_ASSETS_PER_CALL {
        let remedy = format!("one call is for at most {MAX_ASSETS_PER_CALL} assets");
        return Err(Error::invalid("public_ids", &format!("{} assets", ids.len()), remedy));
    }
    params.insert("public_ids".to_owned(), ids.into());
    params.insert("type".to_owned(), delivery_type.as_str().into());
    Ok(Call::upload_api(resource_type.as_str(), action, params))
}

/// Refuses an empty name.
pub(super) fn required(parameter: &str, value: &str) -> Result<()> {
    if value.is_empty() { Err(Error::invalid(parameter, value, "it may not be empty")) } else { Ok(()) }
}

/// The parameters in a fixed order, so that the same options make the same URL however they were set.
pub(super) fn in_order(mut params: Params, order: &[&str]) -> Params {
    let mut ordered = Params::new();
    for name in order {
        if let Some(value) = params.shift_remove(*name) {
            ordered.insert((*name).to_owned(), value);
        }
    }
    ordered.append(&mut params);
    ordered
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_assets() {
        let video: AssetRef = "video/upload/dog.mp4".parse().unwrap();
        let too_many = vec!["a"; MAX_ASSETS_PER_CALL + 1];
        for (assets, expected) in [
            (vec![AssetRef::image("a"), AssetRef::image("b/c")], Ok(json!(["a", "b/c"]))),
            (vec![AssetRef::image("a"), video], Err("public_ids: \"video/upload/dog.mp4\" cannot be used")),
            (vec![], Err("public_ids: \"\" cannot be used; name at least one asset")),
            (vec![AssetRef::image("")], Err("public_ids: \"\" cannot be used; it may not be empty")),
            (too_many.into_iter().map(AssetRef::image).collect(), Err("public_ids: \"1001 assets\" cannot be used")),
        ] {
            match (for_assets("tags", &assets, Params::new()), expected) {
                (Ok(call), Ok(ids)) => {
                    assert_eq!((&call.params["public_ids"], &call.params["type"]), (&ids, &json!("upload")));
                }
                (Err(error), Err(text)) => assert!(error.to_string().starts_with(text), "{error}"),
                (Ok(_), Err(text)) => panic!("it should say {text}"),
                (Err(error), Ok(_)) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn order() {
        let params = json!({"z": 1, "c": 2, "a": 3}).as_object().unwrap().clone();
        assert_eq!(serde_json::to_string(&in_order(params, &["a", "b", "c"])).unwrap(), r#"{"a":3,"c":2,"z":1}"#);
    }
}
