//! Every upload parameter the service knows, and what becomes of it here. The "Differences" table is made from this
//! list.

use crate::http::{ApiError, Params};

/// What becomes of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handling {
    /// It does what the service does.
    Done,
    /// It is accepted, and there is nothing it could do here, for the reason given.
    NothingToDo(&'static str),
    /// A switch that is only accepted when off.
    OffOnly(&'static str),
    /// Refused, for the reason given.
    Refused(&'static str),
    /// What an add-on of the service does: refused by the names of these add-ons, and else as the service refuses what
    /// it does not know, where `{}` stands for the value.
    AddOn(&'static [&'static str], &'static str),
}

use Handling::{AddOn, Done, NothingToDo, OffOnly, Refused};

const ADD_ON: &str = "it needs an add-on of the service";
const NO_ANALYSIS: &str = "this analysis is not carried out";
const NO_VIDEO: &str = "video is not carried out";

/// All parameters of `upload`, by name.
pub(crate) const PARAMETERS: &[(&str, Handling)] = &[
    ("access_control", Done),
    ("access_mode", Done),
    ("accessibility_analysis", OffOnly(NO_ANALYSIS)),
    ("allowed_formats", Done),
    ("api_key", Done),
    ("asset_folder", Done),
    ("async", Done),
    ("auto_chaptering", OffOnly(NO_VIDEO)),
    ("auto_tagging", Refused("it needs an add-on that finds categories")),
    ("auto_transcription", Refused(NO_VIDEO)),
    (
        "background_removal",
        AddOn(&["cloudinary_ai", "pixelz", "remove_the_background"], "Background removal is invalid"),
    ),
    ("backup", Done),
    ("batch_id", Refused("batches are named by the server")),
    ("callback", Done),
    (
        "categorization",
        AddOn(
            &[
                "adv_tagging",
                "aws_rek_tagging",
                "aws_rek_face",
                "google_tagging",
                "google_video_tagging",
                "imagga_tagging",
            ],
            "Categorization {} is not valid",
        ),
    ),
    ("cinemagraph_analysis", OffOnly(NO_ANALYSIS)),
    ("cloud_name", Done),
    ("colors", Done),
    ("context", Done),
    ("custom_coordinates", Done),
    (
        "detection",
        AddOn(
            &[
                "adv_face",
                "aws_rek_face",
                "captioning",
                "cld-fashion",
                "cld-text",
                "coco",
                "lvis",
                "openimages",
                "unidet",
                "human-anatomy",
                "iqa",
                "watermark-detection",
            ],
            "Detection invalid model '{}'",
        ),
    ),
    ("discard_original_filename", Done),
    ("display_name", Done),
    ("eager", Done),
    ("eager_async", Done),
    ("eager_notification_url", Done),
    ("eval", Refused("no script of an uploader is run")),
    ("exif", Done),
    ("face_coordinates", Done),
    ("faces", Done),
    ("file", Done),
    ("filename_override", Done),
    ("folder", Done),
    ("format", Done),
    ("headers", Done),
    ("image_metadata", Done),
    ("invalidate", NothingToDo("there is no CDN; a new version is delivered at once")),
    ("manifest_json", Refused(NO_VIDEO)),
    ("manifest_transformation", Refused(NO_VIDEO)),
    ("media_metadata", Done),
    ("metadata", Done),
    ("moderation", Done),
    ("notification_url", Done),
    ("ocr", AddOn(&["adv_ocr"], "Ocr is invalid")),
    ("on_success", Refused("no script of an uploader is run")),
    ("overwrite", Done),
    ("phash", Done),
    ("proxy", Refused("remote files are fetched without a proxy")),
    ("public_id", Done),
    ("public_id_prefix", Done),
    ("quality_analysis", Done),
    ("quality_override", Refused("use q_ in the transformation")),
    (
        "raw_convert",
        AddOn(&["aspose", "extract_text", "google_speech", "azure_video_indexer"], "Raw convert is invalid"),
    ),
    ("regions", Refused("named regions are not carried out")),
    ("resource_type", Done),
    ("responsive_breakpoints", Done),
    ("return_delete_token", Done),
    ("signature", Done),
    ("similarity_search", AddOn(&["visual_search"], "Similarity search is invalid")),
    ("source", NothingToDo("it only tells the service which widget sent the file")),
    ("tags", Done),
    ("template", Refused(NO_VIDEO)),
    ("template_vars", Refused(NO_VIDEO)),
    ("timestamp", Done),
    ("transformation", Done),
    ("type", Done),
    ("unique_display_name", OffOnly("display names need not be unique")),
    ("unique_filename", Done),
    ("upload_preset", Done),
    ("use_asset_folder_as_public_id_prefix", Done),
    ("use_filename", Done),
    ("use_filename_as_display_name", Done),
    ("visual_search", Refused(ADD_ON)),
];

/// What an unsigned request may send itself; the rest its preset decides.
const UNSIGNED: &[&str] = &[
    "upload_preset",
    "callback",
    "public_id",
    "folder",
    "asset_folder",
    "tags",
    "context",
    "metadata",
    "face_coordinates",
    "custom_coordinates",
    "source",
    "filename_override",
    "manifest_transformation",
    "manifest_json",
    "template",
    "template_vars",
    "regions",
    "public_id_prefix",
];

/// Also sent with unsigned requests, but no upload parameters to the service.
const TRANSPORT: &[&str] = &["cloud_name", "file", "resource_type", "timestamp"];

/// Whether the service has a parameter of this name; `tags[]` and `tags[0]` are `tags`.
pub(crate) fn is_known(name: &str) -> bool {
    let name = name.split('[').next().unwrap_or(name);
    PARAMETERS.binary_search_by(|(known, _)| (*known).cmp(name)).is_ok()
}

/// The add-ons that carry out a parameter.
pub(crate) fn add_ons(name: &str) -> &'static [&'static str] {
    let known = PARAMETERS.binary_search_by(|(known, _)| (*known).cmp(name)).ok();
    match known.and_then(|index| PARAMETERS.get(index)) {
        Some((_, AddOn(names, _))) => names,
        _ => &[],
    }
}

/// Refuses what is unknown, and what is known but not carried out, by name.
pub(crate) fn check_known(params: &Params) -> Result<(), ApiError> {
    for (name, value) in params {
        let Ok(index) = PARAMETERS.binary_search_by(|(known, _)| (*known).cmp(name)) else {
            return Err(ApiError::bad_request(format!("Unknown parameter - {name}")));
        };
        let handling = PARAMETERS.get(index).map_or(Done, |(_, handling)| *handling);
        let refused = match handling {
            AddOn(names, otherwise) if !value.is_empty() => return Err(add_on(names, otherwise, value)),
            Done | NothingToDo(_) | AddOn(..) => None,
            OffOnly(reason) => (!matches!(value.as_str(), "" | "0" | "false")).then_some(reason),
            Refused(reason) => (!value.is_empty()).then_some(reason),
        };
        if let Some(reason) = refused {
            return Err(ApiError::bad_request(format!(
                "Parameter {name} is not carried out by cloudinary-local: {reason}"
            )));
        }
    }
    Ok(())
}

/// `aspose`, `cld-text:v2`, `adv_ocr:document`: the add-on stands before the colon, in a list before the comma.
fn add_on(names: &[&str], otherwise: &str, value: &str) -> ApiError {
    let wanted = value.split([',', ':']).next().unwrap_or_default();
    if names.contains(&wanted) {
        ApiError::no_add_on(wanted)
    } else {
        ApiError::bad_request(otherwise.replace("{}", value))
    }
}

/// Refuses what only a signed request may send, one sentence a parameter.
pub(crate) fn check_unsigned(params: &Params) -> Result<(), ApiError> {
    let allowed = format!("Only {} upload parameters are allowed.", UNSIGNED.join(", "));
    let sentences: Vec<String> = params
        .iter()
        .filter(|(name, value)| {
            !value.is_empty() && !UNSIGNED.contains(&name.as_str()) && !TRANSPORT.contains(&name.as_str())
        })
        .map(|(name, _)| format!("{} parameter is not allowed when using unsigned upload. {allowed}", humanised(name)))
        .collect();
    if sentences.is_empty() { Ok(()) } else { Err(ApiError::bad_request(sentences.join(", "))) }
}

/// `unique_filename` → `Unique filename`.
fn humanised(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_list_is_sorted() {
        assert!(PARAMETERS.is_sorted_by(|(a, _), (b, _)| a < b), "look-ups need it");
    }

    #[test]
    fn every_parameter_has_its_answer() {
        let table = [
            (vec![("tags", "a"), ("overwrite", "1")], None),
            (vec![("exif", "0"), ("async", "false"), ("moderation", "")], None),
            (vec![("publik_id", "a")], Some("Unknown parameter - publik_id")),
            (vec![("colors", "1")], None),
            (vec![("eval", "a()")], Some("Parameter eval is not carried out by cloudinary-local: ")),
            (vec![("ocr", "adv_ocr:document")], Some("You don't have an active subscription for adv_ocr: ")),
            (vec![("raw_convert", "illegal")], Some("Raw convert is invalid")),
            (vec![("categorization", "illegal")], Some("Categorization illegal is not valid")),
            (vec![("detection", "illegal")], Some("Detection invalid model 'illegal'")),
            (vec![("background_removal", "illegal")], Some("Background removal is invalid")),
        ];
        for (pairs, expected) in table {
            let checked = check_known(&params(&pairs)).map_err(|error| error.message);
            match expected {
                None => assert_eq!(checked, Ok(()), "{pairs:?}"),
                Some(text) => assert!(checked.unwrap_err().starts_with(text), "{pairs:?}"),
            }
        }
    }

    #[test]
    fn unsigned_requests_may_send_little() {
        assert_eq!(check_unsigned(&params(&[("upload_preset", "a"), ("tags", "b"), ("timestamp", "1")])), Ok(()));
        let message = check_unsigned(&params(&[("overwrite", "1"), ("unique_filename", "0")])).unwrap_err().message;
        assert!(
            message.starts_with("Overwrite parameter is not allowed when using unsigned upload. Only upload_preset, ")
        );
        assert!(message.contains("allowed., Unique filename parameter is not allowed"), "{message}");
        assert!(message.ends_with("regions, public_id_prefix upload parameters are allowed."), "{message}");
    }
}
