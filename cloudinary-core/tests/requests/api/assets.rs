//! Details of assets, changing, deleting, restoring, relating and publishing them.

use cloudinary_core::admin::VisualQuery;
use cloudinary_core::{Cloudinary, Result};
use serde_json::{Map, Value as Json};

use crate::given::{answered, asset, assets, eagers, given_options, number, parsed, text, texts};

pub(super) async fn perform(
    cld: &Cloudinary,
    call: &str,
    args: &[Json],
    kwargs: &Map<String, Json>,
) -> Option<Result<Json>> {
    let admin = cld.admin();
    let first = args.first().unwrap_or(&Json::Null);
    let second = args.get(1).unwrap_or(&Json::Null);
    Some(match call {
        "visual_search" => {
            let (kind, value) = kwargs.iter().next().expect("one query");
            let query = match kind.as_str() {
                "image_url" => VisualQuery::Url(text(value)),
                "image_asset_id" => VisualQuery::AssetId(text(value)),
                "text" => VisualQuery::Text(text(value)),
                // Bytes have no name of their own.
                _ => {
                    VisualQuery::File { filename: "file".to_owned(), bytes: text(&value["$bytes"]).into_bytes().into() }
                }
            };
            answered!(admin.visual_search(query))
        }
        "resource" | "resource_by_asset_id" => {
            let request = match call {
                "resource" => admin.resource(asset(first, kwargs)),
                _ => admin.resource_by_asset_id(&text(first)),
            };
            answered!(given_options!(request, kwargs,
                "exif" => exif: switch, "faces" => faces: switch, "colors" => colors: switch,
                "image_metadata" => image_metadata: switch, "media_metadata" => media_metadata: switch,
                "cinemagraph_analysis" => cinemagraph_analysis: switch, "pages" => pages: switch,
                "phash" => phash: switch, "coordinates" => coordinates: switch, "max_results" => max_results: number,
                "quality_analysis" => quality_analysis: switch, "derived_next_cursor" => derived_next_cursor: text,
                "accessibility_analysis" => accessibility_analysis: switch, "versions" => versions: switch,
                "related" => related: switch, "related_next_cursor" => related_next_cursor: text,
            ))
        }
        "update" => {
            let mut request = given_options!(admin.update(asset(first, kwargs)), kwargs,
                "moderation_status" => moderation_status: text, "raw_convert" => raw_convert: text,
                "quality_override" => quality_override: text, "ocr" => ocr: text,
                "categorization" => categorization: text, "detection" => detection: text,
                "similarity_search" => similarity_search: text, "background_removal" => background_removal: text,
                "notification_url" => notification_url: text, "asset_folder" => asset_folder: text,
                "display_name" => display_name: text, "unique_display_name" => unique_display_name: switch,
                "clear_invalid" => clear_invalid: switch, "tags" => tags: texts,
                "face_coordinates" => face_coordinates: rectangles, "custom_coordinates" => custom_coordinates: rectangle,
            );
            if let Some(Json::Object(pairs)) = kwargs.get("context") {
                request = request.context(pairs.iter().map(|(key, value)| (key, text(value))));
            }
            if let Some(Json::Object(values)) = kwargs.get("metadata") {
                request = request.metadata(values.iter().map(|(id, value)| (id, value.clone())));
            }
            if let Some(Json::Object(regions)) = kwargs.get("regions") {
                let corner = |corner: &Json| [number(&corner[0]), number(&corner[1])];
                request =
                    request.regions(regions.iter().map(|(name, corners)| {
                        (name, corners.as_array().expect("corners").iter().map(corner).collect())
                    }));
            }
            if let Some(confidence) = kwargs.get("auto_tagging") {
                request = request.auto_tagging(confidence.as_f64().expect("a number"));
            }
            if let Some(Json::Array(rules)) = kwargs.get("access_control") {
                let rule = |rule: &Json| serde_json::from_value(rule.clone()).expect("a rule");
                request = request.access_control(rules.iter().map(rule));
            }
            answered!(request)
        }
        "delete_derived_resources" => answered!(admin.delete_derived_resources(texts(first))),
        "delete_backed_up_assets" => answered!(admin.delete_backed_up_assets(&text(first), texts(second))),
        "delete_derived_by_transformation" => {
            let request = admin.delete_derived_by_transformation(assets(first, kwargs), eagers(second));
            answered!(given_options!(request, kwargs, "invalidate" => invalidate: switch))
        }
        "delete_resources"
        | "delete_resources_by_asset_ids"
        | "delete_resources_by_prefix"
        | "delete_all_resources"
        | "delete_resources_by_tag" => {
            let mut request = match call {
                "delete_resources" => admin.delete_resources(assets(first, kwargs)),
                "delete_resources_by_asset_ids" => admin.delete_resources_by_asset_ids(texts(first)),
                "delete_resources_by_prefix" => admin.delete_resources_by_prefix(&text(first)),
                "delete_resources_by_tag" => admin.delete_resources_by_tag(&text(first)),
                _ => admin.delete_all_resources(),
            };
            if let Some(resource_type) = kwargs.get("resource_type") {
                request = request.resource_type(parsed(resource_type));
            }
            if let Some(delivery_type) = kwargs.get("type") {
                request = request.delivery_type(parsed(delivery_type));
            }
            answered!(given_options!(request, kwargs,
                "keep_original" => keep_original: switch, "next_cursor" => next_cursor: text,
                "invalidate" => invalidate: switch, "batch_id" => batch_id: text,
                "transformations" => transformations: eagers,
            ))
        }
        "restore" => {
            answered!(given_options!(admin.restore(assets(first, kwargs)), kwargs, "versions" => versions: texts))
        }
        "restore_by_asset_ids" => {
            answered!(given_options!(admin.restore_by_asset_ids(texts(first)), kwargs, "versions" => versions: texts))
        }
        "add_related_assets" => answered!(admin.add_related_assets(asset(first, kwargs), columns(second))),
        "delete_related_assets" => answered!(admin.delete_related_assets(asset(first, kwargs), columns(second))),
        "add_related_assets_by_asset_ids" => {
            answered!(admin.add_related_assets_by_asset_ids(&text(first), texts(second)))
        }
        "delete_related_assets_by_asset_ids" => {
            answered!(admin.delete_related_assets_by_asset_ids(&text(first), texts(second)))
        }
        "publish_by_ids" | "publish_by_prefix" | "publish_by_tag" => {
            let mut request = match call {
                "publish_by_ids" => admin.publish_by_ids(assets(first, kwargs)),
                "publish_by_prefix" => admin.publish_by_prefix(&text(first)),
                _ => admin.publish_by_tag(&text(first)),
            };
            if let Some(resource_type) = kwargs.get("resource_type") {
                request = request.resource_type(parsed(resource_type));
            }
            if let Some(delivery_type) = kwargs.get("type") {
                request = request.delivery_type(parsed(delivery_type));
            }
            answered!(given_options!(request, kwargs,
                "overwrite" => overwrite: switch, "invalidate" => invalidate: switch,
            ))
        }
        _ => return None,
    })
}

/// Assets as `image/upload/sample`.
fn columns(value: &Json) -> Vec<cloudinary_core::AssetRef> {
    texts(value).into_iter().map(|column| parsed(&column.into())).collect()
}
