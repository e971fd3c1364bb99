//! The grammar of delivery URLs:
//! `/{cloud}/{resource_type}/{type}/[s--signature--/][step/…][v123/]{public_id}[.ext]`.

use cloudinary_core::{Transformation, transformation::is_step};
use cloudinary_pixels::Format;
use percent_encoding::percent_decode_str;

use crate::{
    http::ApiError,
    store::{DeliveryType, ResourceType},
    upload::is_version,
};

/// What a delivery URL asks for.
#[derive(Debug, PartialEq)]
pub(crate) struct DeliveryPath {
    pub(crate) cloud: String,
    pub(crate) resource_type: ResourceType,
    pub(crate) delivery_type: DeliveryType,
    /// With its dashes: `s--abcdefgh--`.
    pub(crate) signature: Option<String>,
    /// What the signature is made over: transformation and source as they stand in the URL, without the version.
    pub(crate) signed: String,
    pub(crate) transformation: Transformation,
    pub(crate) version: Option<i64>,
    /// `public_id[.ext]`
    pub(crate) source: String,
}

impl DeliveryPath {
    /// Reads the path of a URL, still percent-encoded.
    pub(crate) fn parse(path: &str) -> Result<Self, ApiError> {
        let nothing = || ApiError::not_found(format!("Resource not found - {}", decode(path.trim_start_matches('/'))));
        let mut segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let kind = segments.get(1).copied().ok_or_else(nothing)?;
        let (resource_type, delivery_type, taken, suffixed) = match kind {
            "iu" => (ResourceType::Image, DeliveryType::Upload, 2, false),
            "images" => (ResourceType::Image, DeliveryType::Upload, 2, true),
            "private_images" => (ResourceType::Image, DeliveryType::Private, 2, true),
            "authenticated_images" => (ResourceType::Image, DeliveryType::Authenticated, 2, true),
            "files" => (ResourceType::Raw, DeliveryType::Upload, 2, true),
            "video" | "videos" => return Err(not_carried_out("Resource type", "video")),
            _ => {
                let resource_type = ResourceType::parse(kind).ok_or_else(nothing)?;
                let name = segments.get(2).copied().ok_or_else(nothing)?;
                match DeliveryType::parse(name) {
                    Some(delivery_type) => (resource_type, delivery_type, 3, false),
                    None if name.parse::<cloudinary_core::DeliveryType>().is_ok() => {
                        return Err(not_carried_out("Delivery type", name));
                    }
                    None => return Err(nothing()),
                }
            }
        };
        let cloud = decode(segments.first().copied().unwrap_or_default());
        let mut rest = segments.split_off(taken);
        let signature = take_first(&mut rest, is_signature).map(str::to_owned);
        let mut steps = Vec::new();
        while let Some(step) = take_first(&mut rest, |segment| is_step(&decode(segment))) {
            steps.push(step);
        }
        let version = take_first(&mut rest, is_version).and_then(|version| version.get(1..)?.parse().ok());
        let source = if suffixed { without_suffix(&rest) } else { rest.join("/") };
        if source.is_empty() {
            return Err(nothing());
        }
        let signed = steps.iter().copied().chain([source.as_str()]).collect::<Vec<_>>().join("/");
        let transformation = canonical(&decode(&steps.join("/")))?;
        Ok(Self {
            cloud,
            resource_type,
            delivery_type,
            signature,
            signed,
            transformation,
            version,
            source: decode(&source),
        })
    }

    /// The ids this may speak of, each with the extension that is left over.
    pub(crate) fn candidates(&self) -> Vec<(&str, Option<&str>)> {
        let mut candidates = Vec::new();
        if self.resource_type == ResourceType::Image
            && let Some((stem, extension)) = self.source.rsplit_once('.')
            && !stem.is_empty()
            && !stem.ends_with('/')
            && (1..=5).contains(&extension.len())
            && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            candidates.push((stem, Some(extension)));
        }
        // What is no format of ours is rather a part of the id.
        let known =
            candidates.iter().any(|(_, extension)| extension.is_some_and(|e| Format::from_extension(e).is_some()));
        candidates.insert(if known { candidates.len() } else { 0 }, (&self.source, None));
        candidates
    }
}

/// The first segment, if it is what is looked for; the last one never is, as it belongs to the id.
fn take_first<'a>(segments: &mut Vec<&'a str>, wanted: impl Fn(&str) -> bool) -> Option<&'a str> {
    let first = segments.first().copied().filter(|first| segments.len() > 1 && wanted(first))?;
    segments.remove(0);
    Some(first)
}

/// `id/words.jpg` → `id.jpg`: the words are for search engines.
fn without_suffix(segments: &[&str]) -> String {
    match segments.split_last() {
        Some((words, id)) if !id.is_empty() => {
            let extension = words.rfind('.').and_then(|dot| words.get(dot..)).unwrap_or_default();
            format!("{}{extension}", id.join("/"))
        }
        _ => segments.join("/"),
    }
}

fn is_signature(segment: &str) -> bool {
    segment.strip_prefix("s--").and_then(|rest| rest.strip_suffix("--")).is_some_and(|inner| !inner.is_empty())
}

pub(super) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn not_carried_out(what: &str, name: &str) -> ApiError {
    ApiError::bad_request(format!("{what} {name} is not carried out by cloudinary-local"))
}

/// A transformation with the parameters of each step in the service's order, so that what is the same is stored once.
pub(crate) fn canonical(text: &str) -> Result<Transformation, ApiError> {
    let steps: Vec<String> = text.split('/').filter(|step| !step.is_empty()).map(ordered).collect();
    let text = steps.join("/");
    text.parse().map_err(|error: cloudinary_core::Error| {
        ApiError::bad_request(format!("Invalid transformation component - {error}"))
    })
}

/// Conditions come first, then variables in the order they are set, then the rest by name.
fn ordered(step: &str) -> String {
    let mut params: Vec<&str> = step.split(',').collect();
    params.sort_by_key(|param| {
        let key = param.split('_').next().unwrap_or_default();
        match key {
            "if" => (0, ""),
            key if key.starts_with('$') => (1, ""),
            key => (2, key),
        }
    });
    params.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        // path, transformation, version, source, signed
        let table = [
            ("/demo/image/upload/sample.jpg", "", None, "sample.jpg", "sample.jpg"),
            ("/demo/image/upload/v12/a/b.jpg", "", Some(12), "a/b.jpg", "a/b.jpg"),
            ("/demo/image/upload/w_10,c_crop/v1/a/b", "c_crop,w_10", Some(1), "a/b", "w_10,c_crop/a/b"),
            ("/demo/image/upload/w_10/e_sepia/a.png", "w_10/e_sepia", None, "a.png", "w_10/e_sepia/a.png"),
            ("/demo/image/upload/s--abcdefgh--/w_1/v3/a", "w_1", Some(3), "a", "w_1/a"),
            ("/demo/image/upload/my%20pic%20%C3%BC.jpg", "", None, "my pic ü.jpg", "my%20pic%20%C3%BC.jpg"),
            (
                "/demo/image/upload/l_text:Arial_20:a%252Cb/a",
                "l_text:Arial_20:a%2Cb",
                None,
                "a",
                "l_text:Arial_20:a%252Cb/a",
            ),
            ("/demo/image/upload/v1/my_folder/a", "", Some(1), "my_folder/a", "my_folder/a"),
            ("/demo/image/upload/w_10", "", None, "w_10", "w_10"),
            ("/demo/image/upload/v7", "", None, "v7", "v7"),
            ("/demo/iu/a.jpg", "", None, "a.jpg", "a.jpg"),
            ("/demo/images/w_9/v2/folder/a/nice-words.jpg", "w_9", Some(2), "folder/a.jpg", "w_9/folder/a.jpg"),
            ("/demo/images/a/nice-words", "", None, "a", "a"),
            ("/demo/image/upload/../../etc/passwd", "", None, "../../etc/passwd", "../../etc/passwd"),
        ];
        for (path, transformation, version, source, signed) in table {
            let read = DeliveryPath::parse(path).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(read.transformation.as_str(), transformation, "{path}");
            assert_eq!((read.version, read.source.as_str(), read.signed.as_str()), (version, source, signed), "{path}");
        }
        for (path, status) in [
            ("/", 404),
            ("/demo", 404),
            ("/demo/image", 404),
            ("/demo/image/upload", 404),
            ("/demo/image/upload/", 404),
            ("/demo/image/sideways/a", 404),
            ("/demo/image/fetch/http://a/b.jpg", 400),
            ("/demo/video/upload/a", 400),
        ] {
            assert_eq!(DeliveryPath::parse(path).unwrap_err().status.as_u16(), status, "{path}");
        }
    }

    #[test]
    fn ids_and_extensions() {
        type Candidates<'a> = &'a [(&'a str, Option<&'a str>)];
        let table: [(&str, Candidates<'_>); 5] = [
            ("a.jpg", &[("a", Some("jpg")), ("a.jpg", None)]),
            ("a", &[("a", None)]),
            ("a/.jpg", &[("a/.jpg", None)]),
            ("a.b/c", &[("a.b/c", None)]),
            ("a.b.png", &[("a.b", Some("png")), ("a.b.png", None)]),
        ];
        for (source, expected) in table {
            let path = DeliveryPath::parse(&format!("/demo/image/upload/{source}")).unwrap();
            assert_eq!(path.candidates(), expected, "{source}");
        }
    }

    #[test]
    fn the_same_steps_have_one_spelling() {
        let table = [
            ("w_660,h_400,c_pad,b_blue", "b_blue,c_pad,h_400,w_660"),
            ("w_1,if_w_gt_5,$b_2,$a_1", "if_w_gt_5,$b_2,$a_1,w_1"),
            ("/w_1//e_sepia/", "w_1/e_sepia"),
            ("e_a,e_b", "e_a,e_b"),
        ];
        for (text, expected) in table {
            assert_eq!(canonical(text).unwrap().as_str(), expected, "{text}");
        }
    }
}
