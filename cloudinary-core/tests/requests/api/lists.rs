//! Lists of assets.

use cloudinary_core::admin::Direction;
use cloudinary_core::{Cloudinary, Result};
use serde_json::{Map, Value as Json};

use crate::given::{answered, assets, given_options, parsed, text, texts};

pub(crate) async fn perform(
    cld: &Cloudinary,
    call: &str,
    args: &[Json],
    kwargs: &Map<String, Json>,
) -> Option<Result<Json>> {
    let admin = cld.admin();
    let first = args.first().unwrap_or(&Json::Null);
    let second = args.get(1).unwrap_or(&Json::Null);
    let list = match call {
        "resources" => admin.resources(),
        "resources_by_tag" => admin.resources_by_tag(&text(first)),
        "resources_by_moderation" => admin.resources_by_moderation(&text(first), &text(second)),
        "resources_by_ids" => admin.resources_by_ids(assets(first, kwargs)),
        "resources_by_asset_ids" => admin.resources_by_asset_ids(texts(first)),
        "resources_by_asset_folder" => admin.resources_by_asset_folder(&text(first)),
        "resources_by_context" => {
            let value = kwargs.get("value").or(args.get(1)).map(text);
            admin.resources_by_context(&text(first), value.as_deref())
        }
        _ => return None,
    };
    let mut list = given_options!(list, kwargs,
        "prefix" => prefix: text, "start_at" => start_at: text, "max_results" => max_results: number,
        "next_cursor" => next_cursor: text, "tags" => tags: switch, "context" => context: switch,
        "metadata" => metadata: switch, "moderations" => moderations: switch, "fields" => fields: texts,
    );
    if let Some(direction) = kwargs.get("direction") {
        list = list.direction(match text(direction).as_str() {
            "asc" => Direction::Asc,
            _ => Direction::Desc,
        });
    }
    if let Some(resource_type) = kwargs.get("resource_type") {
        list = list.resource_type(parsed(resource_type));
    }
    if let ("resources", Some(delivery_type)) = (call, kwargs.get("type")) {
        list = list.delivery_type(parsed(delivery_type));
    }
    Some(answered!(list))
}
