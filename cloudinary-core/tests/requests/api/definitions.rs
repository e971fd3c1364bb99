//! Tags, transformations, presets, folders, mappings and streaming profiles.

use cloudinary_core::admin::PutStreamingProfile;
use cloudinary_core::{Cloudinary, ResourceType, Result, UploadOptions};
use serde_json::{Map, Value as Json};

use crate::given::{answered, given_options, parsed, text, transformation, transformation_key};

pub(super) async fn perform(
    cld: &Cloudinary,
    call: &str,
    args: &[Json],
    kwargs: &Map<String, Json>,
) -> Option<Result<Json>> {
    let admin = cld.admin();
    let first = args.first().unwrap_or(&Json::Null);
    let second = args.get(1).unwrap_or(&Json::Null);
    let name = text(first);
    macro_rules! pages {
        ($request:expr $(, $name:literal => $setter:ident: $kind:ident)*) => {
            answered!(given_options!($request, kwargs,
                "max_results" => max_results: number, "next_cursor" => next_cursor: text
                $(, $name => $setter: $kind)*
            ))
        };
    }
    Some(match call {
        "tags" => {
            let resource_type = kwargs.get("resource_type").map_or(ResourceType::Image, parsed);
            pages!(admin.tags(resource_type), "prefix" => prefix: text)
        }
        "transformations" => pages!(admin.transformations(), "named" => named: switch),
        "transformation" => pages!(admin.transformation(transformation_key(first))),
        "delete_transformation" => answered!(admin.delete_transformation(transformation_key(first))),
        "update_transformation" => {
            let mut request = given_options!(admin.update_transformation(transformation_key(first)), kwargs,
                "allowed_for_strict" => allowed_for_strict: switch,
            );
            if let Some(definition) = kwargs.get("unsafe_update") {
                request = request.unsafe_update(transformation_key(definition));
            }
            answered!(request)
        }
        "create_transformation" => answered!(admin.create_transformation(&name, transformation_key(second))),
        "upload_presets" => pages!(admin.upload_presets()),
        "upload_preset" => {
            answered!(given_options!(admin.upload_preset(&name), kwargs, "max_results" => max_results: number))
        }
        "delete_upload_preset" => answered!(admin.delete_upload_preset(&name)),
        "create_upload_preset" | "update_upload_preset" => {
            let own = ["name", "unsigned", "disallow_public_id", "live"];
            let options: Map<String, Json> = kwargs
                .iter()
                .filter(|(name, _)| !own.contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let options = match UploadOptions::from_options(&options) {
                Ok(options) => options,
                Err(error) => return Some(Err(error)),
            };
            let request = match call {
                "create_upload_preset" => admin.create_upload_preset(&options),
                _ => admin.update_upload_preset(&name, &options),
            };
            answered!(given_options!(request, kwargs,
                "name" => name: text, "unsigned" => unsigned: switch,
                "disallow_public_id" => disallow_public_id: switch, "live" => live: switch,
            ))
        }
        "root_folders" => pages!(admin.root_folders()),
        "subfolders" => pages!(admin.subfolders(&name)),
        "create_folder" => answered!(admin.create_folder(&name)),
        "rename_folder" => answered!(admin.rename_folder(&name, &text(second))),
        "delete_folder" => {
            answered!(given_options!(admin.delete_folder(&name), kwargs, "skip_backup" => skip_backup: switch))
        }
        "upload_mappings" => pages!(admin.upload_mappings()),
        "upload_mapping" => answered!(admin.upload_mapping(&name)),
        "delete_upload_mapping" => answered!(admin.delete_upload_mapping(&name)),
        "update_upload_mapping" => answered!(admin.update_upload_mapping(&name, &text(&kwargs["template"]))),
        "create_upload_mapping" => answered!(admin.create_upload_mapping(&name, &text(&kwargs["template"]))),
        "list_streaming_profiles" => answered!(admin.streaming_profiles()),
        "get_streaming_profile" => answered!(admin.streaming_profile(&name)),
        "delete_streaming_profile" => answered!(admin.delete_streaming_profile(&name)),
        "create_streaming_profile" | "update_streaming_profile" => {
            let representations = kwargs.get("representations").and_then(Json::as_array);
            let representations = representations.map(|list| list.iter().map(transformation).collect::<Vec<_>>());
            let mut request = if call == "create_streaming_profile" {
                admin.create_streaming_profile(&name, representations.unwrap_or_default())
            } else {
                let request = admin.update_streaming_profile(&name);
                representations.into_iter().fold(request, PutStreamingProfile::representations)
            };
            request = given_options!(request, kwargs, "display_name" => display_name: text);
            answered!(request)
        }
        _ => return None,
    })
}
