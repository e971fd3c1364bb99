//! The calls of `cloudinary.uploader`, and the signed URLs of `cloudinary.utils`.

use cloudinary_core::upload::{ArchiveOptions, ImageSet, SlideshowManifest};
use cloudinary_core::{AssetRef, Cloudinary, Eager, Result, Transformation, UploadOptions, UploadSource};
use serde_json::{Map, Value as Json, json};

use super::given::{answered, asset, assets, given_options, parsed, text, texts};

/// When the recorded URLs were signed.
const NOW: u32 = 1_700_000_000;

pub(crate) async fn perform(
    cld: &Cloudinary,
    call: &str,
    args: &[Json],
    kwargs: &Map<String, Json>,
) -> Option<Result<Json>> {
    let first = args.first().unwrap_or(&Json::Null);
    let second = args.get(1).unwrap_or(&Json::Null);
    Some(match call {
        "uploader.upload" | "uploader.upload_image" | "uploader.upload_resource" | "uploader.upload_large" => {
            match (source(first), UploadOptions::from_options(kwargs)) {
                (Ok(source), Ok(options)) => answered!(cld.upload(source, &options)),
                (Err(error), _) | (_, Err(error)) => Err(error),
            }
        }
        "uploader.unsigned_upload" => match (source(first), UploadOptions::from_options(kwargs)) {
            (Ok(source), Ok(options)) => answered!(cld.unsigned_upload(source, text(second), &options)),
            (Err(error), _) | (_, Err(error)) => Err(error),
        },
        "uploader.destroy" => {
            answered!(given_options!(cld.destroy(asset(first, kwargs)), kwargs, "invalidate" => invalidate: switch))
        }
        "uploader.rename" => {
            let mut rename = given_options!(cld.rename(asset(first, kwargs), text(second)), kwargs,
                "overwrite" => overwrite: switch, "invalidate" => invalidate: switch, "context" => context: switch,
                "metadata" => metadata: switch,
            );
            if let Some(delivery_type) = kwargs.get("to_type") {
                rename = rename.to_type(parsed(delivery_type));
            }
            answered!(rename)
        }
        "uploader.explicit" => match UploadOptions::from_options(kwargs) {
            Ok(options) => answered!(cld.explicit(asset(first, kwargs), &options)),
            Err(error) => Err(error),
        },
        "uploader.add_tag" => {
            let add = given_options!(cld.add_tag(texts(first).join(","), assets(second, kwargs)), kwargs,
                "exclusive" => exclusive: switch,
            );
            answered!(if first.is_array() { add.param("tag", first.clone()) } else { add })
        }
        "uploader.remove_tag" => answered!(cld.remove_tag(text(first), assets(second, kwargs))),
        "uploader.replace_tag" => answered!(cld.replace_tag(text(first), assets(second, kwargs))),
        "uploader.remove_all_tags" => answered!(cld.remove_all_tags(assets(first, kwargs))),
        "uploader.add_context" => {
            let pairs = first.as_object()?.iter().map(|(key, value)| (key.clone(), text(value)));
            answered!(cld.add_context(pairs, assets(second, kwargs)))
        }
        "uploader.remove_all_context" => answered!(cld.remove_all_context(assets(first, kwargs))),
        "uploader.update_metadata" => {
            let update = cld.update_metadata(first.as_object()?.clone(), assets(second, kwargs));
            answered!(given_options!(update, kwargs, "clear_invalid" => clear_invalid: switch))
        }
        "uploader.text" => answered!(given_options!(cld.text(text(first)), kwargs,
            "public_id" => public_id: text, "font_family" => font_family: text, "font_size" => font_size: number,
            "font_color" => font_color: text, "text_align" => text_align: text, "font_weight" => font_weight: text,
            "font_style" => font_style: text, "background" => background: text, "opacity" => opacity: number,
            "text_decoration" => text_decoration: text,
        )),
        "uploader.explode" => match transformation(kwargs, &["format", "notification_url", "type"]) {
            Ok(pages) => answered!(given_options!(cld.explode(asset(first, kwargs), &pages), kwargs,
                "format" => format: text, "notification_url" => notification_url: text,
            )),
            Err(error) => Err(error),
        },
        "uploader.create_slideshow" => slideshow(cld, kwargs).await,
        "uploader.generate_sprite" => match images(first, kwargs) {
            Ok(images) => answered!(cld.generate_sprite(&images)),
            Err(error) => Err(error),
        },
        "uploader.multi" => match images(first, kwargs) {
            Ok(images) => answered!(cld.multi(&images)),
            Err(error) => Err(error),
        },
        "uploader.create_archive" => match archive(kwargs) {
            Ok(options) => answered!(cld.create_archive(&options)),
            Err(error) => Err(error),
        },
        "uploader.create_zip" => match archive(kwargs) {
            Ok(options) => answered!(cld.create_zip(&options)),
            Err(error) => Err(error),
        },
        call => return url(cld, call, args, kwargs).map(|url| url.map(Json::from)),
    })
}

fn source(given: &Json) -> Result<UploadSource> {
    match given {
        Json::String(uri) if uri.starts_with("data:") => UploadSource::data_uri(uri),
        Json::String(url) => UploadSource::remote(url),
        given => {
            // Bytes without a name are called so by the other client too.
            let (name, content) = match given["$file"].as_array().map(Vec::as_slice) {
                Some([name, content]) => (text(name), text(content)),
                _ => ("file".to_owned(), text(&given["$bytes"])),
            };
            Ok(UploadSource::bytes(name, content.into_bytes()))
        }
    }
}

/// The calls that send nothing and give a signed URL.
fn url(cld: &Cloudinary, call: &str, args: &[Json], kwargs: &Map<String, Json>) -> Option<Result<String>> {
    let first = args.first().unwrap_or(&Json::Null);
    let images = || images(first, kwargs).map(|images| images.timestamp(NOW));
    let archive = || archive(kwargs).map(|options| options.timestamp(NOW));
    Some(match call {
        "uploader.download_generated_sprite" => images().and_then(|images| cld.download_sprite_url(&images)),
        "uploader.download_multi" => images().and_then(|images| cld.download_multi_url(&images)),
        "utils.download_archive_url" => archive().and_then(|options| cld.download_archive_url(&options)),
        "utils.download_zip_url" => archive().and_then(|options| cld.download_zip_url(&options)),
        "utils.download_folder" => archive().and_then(|options| cld.download_folder_url(text(first), &options)),
        "utils.download_backedup_asset" => cld.download_backup_url(&text(first), &text(&args[1]), Some(NOW.into())),
        "utils.private_download_url" => {
            let download = cld.private_download(asset(first, kwargs)).format(text(&args[1])).timestamp(NOW.into());
            let mut download = given_options!(download, kwargs, "attachment" => attachment: switch);
            if let Some(seconds) = kwargs.get("expires_at").and_then(Json::as_i64) {
                download = download.expires_at(seconds);
            }
            download.url()
        }
        _ => return None,
    })
}

/// What is not one of these options is part of a transformation.
fn transformation(kwargs: &Map<String, Json>, options: &[&str]) -> Result<Transformation> {
    let others = kwargs.iter().filter(|(name, _)| !options.contains(&name.as_str()));
    Transformation::from_options(&others.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn images(tag: &Json, kwargs: &Map<String, Json>) -> Result<ImageSet> {
    let options = ["tag", "urls", "async", "batch_id", "notification_url", "mode", "resource_type", "format"];
    let images = match kwargs.get("urls") {
        Some(urls) => ImageSet::urls(texts(urls)),
        None => ImageSet::tagged(kwargs.get("tag").unwrap_or(tag).as_str().unwrap_or_default()),
    };
    let images = images.transformation(transformation(kwargs, &options)?);
    let images = given_options!(images, kwargs,
        "async" => in_background: switch, "batch_id" => batch_id: text, "notification_url" => notification_url: text,
        "format" => format: text,
    );
    Ok(match kwargs.get("resource_type") {
        Some(resource_type) => images.resource_type(parsed(resource_type)),
        None => images,
    })
}

fn archive(kwargs: &Map<String, Json>) -> Result<ArchiveOptions> {
    let mut options = given_options!(ArchiveOptions::new(), kwargs,
        "tags" => tags: texts, "public_ids" => public_ids: texts, "prefixes" => prefixes: texts,
        "allow_missing" => allow_missing: switch, "async" => in_background: switch, "batch_id" => batch_id: text,
        "expires_at" => expires_at: number, "flatten_folders" => flatten_folders: switch,
        "flatten_transformations" => flatten_transformations: switch, "keep_derived" => keep_derived: switch,
        "notification_url" => notification_url: text, "phash" => phash: switch,
        "skip_transformation_name" => skip_transformation_name: switch, "target_format" => target_format: text,
        "target_asset_folder" => target_asset_folder: text, "target_public_id" => target_public_id: text,
        "target_tags" => target_tags: texts, "use_original_filename" => use_original_filename: switch,
        "timestamp" => timestamp: number,
    );
    if let Some(names) = kwargs.get("fully_qualified_public_ids") {
        options = options.assets(texts(names).iter().map(|name| name.parse::<AssetRef>()).collect::<Result<Vec<_>>>()?);
    }
    options = match kwargs.get("resource_type") {
        Some(kind) if kind == "all" => options.all_resource_types(),
        Some(kind) => options.resource_type(parsed(kind)),
        None => options,
    };
    if let Some(delivery_type) = kwargs.get("type") {
        options = options.delivery_type(parsed(delivery_type));
    }
    if let Some(mode) = kwargs.get("mode") {
        options = options.param("mode", mode.clone());
    }
    Ok(match kwargs.get("transformations") {
        Some(Json::Array(items)) => options.transformations(items.iter().map(eager).collect::<Result<Vec<_>>>()?),
        Some(one) => options.transformations([eager(one)?]),
        None => options,
    })
}

fn eager(given: &Json) -> Result<Eager> {
    let mut map = given.as_object().cloned().unwrap_or_default();
    let format = map.shift_remove("format");
    let transformation = Transformation::from_options(&map)?;
    Ok(match format {
        Some(format) => Eager::with_format(&transformation, &text(&format)),
        None => transformation.into(),
    })
}

async fn slideshow(cld: &Cloudinary, kwargs: &Map<String, Json>) -> Result<Json> {
    let whole = |name: &str| kwargs.get(name).and_then(Json::as_object).map(Transformation::from_options).transpose();
    let manifest = match kwargs.get("manifest_json") {
        Some(manifest) => SlideshowManifest::Json(manifest.clone()),
        None => SlideshowManifest::Transformation(whole("manifest_transformation")?.unwrap_or_default()),
    };
    let mut slideshow = given_options!(cld.create_slideshow(manifest), kwargs,
        "overwrite" => overwrite: switch, "public_id" => public_id: text, "notification_url" => notification_url: text,
        "upload_preset" => upload_preset: text, "tags" => tags: texts,
    );
    if let Some(transformation) = whole("transformation")? {
        slideshow = slideshow.transformation(transformation);
    }
    answered!(slideshow).map(|answer| json!(answer))
}
