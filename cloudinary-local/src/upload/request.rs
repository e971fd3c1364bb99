//! The parameters of an upload, checked and typed.

use std::collections::BTreeMap;

use cloudinary_core::Transformation;
use cloudinary_pixels::Format;

use super::{parameters, public_id, public_id::Naming};
use crate::{
    delivery,
    http::{ApiError, Caller, Params},
    pipeline::Plan,
    settings::Settings,
    store::{DeliveryType, Details, ResourceType},
};

const MAX_TAGS: usize = 1000;
const MAX_TAG_CHARS: usize = 255;
const MAX_CONTEXT_PAIRS: usize = 1000;

/// What kind of file the uploader says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requested {
    Image,
    Raw,
    /// The content tells.
    Auto,
}

impl Requested {
    pub(crate) fn parse(name: &str) -> Result<Self, ApiError> {
        match name {
            "auto" => Ok(Self::Auto),
            "video" => Err(ApiError::bad_request(
                "Resource type video is not carried out by cloudinary-local; upload it as raw",
            )),
            name => match ResourceType::parse(name) {
                Some(ResourceType::Image) => Ok(Self::Image),
                Some(ResourceType::Raw) => Ok(Self::Raw),
                None => Err(ApiError::bad_request(format!("Invalid resource type {name}"))),
            },
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Raw => "raw",
            Self::Auto => "auto",
        }
    }
}

/// A transformation to be made during the upload.
#[derive(Debug, Clone)]
pub(crate) struct Eager {
    pub(crate) transformation: Transformation,
    pub(crate) format: Option<Format>,
}

/// An upload, as it was asked for.
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own")]
#[derive(Debug)]
pub(crate) struct UploadRequest {
    pub(crate) requested: Requested,
    pub(crate) delivery_type: DeliveryType,
    pub(crate) naming: Naming,
    pub(crate) overwrite: bool,
    pub(crate) filename_override: Option<String>,
    pub(crate) discard_original_filename: bool,
    pub(crate) use_filename_as_display_name: bool,
    pub(crate) details: Details,
    pub(crate) allowed_formats: Vec<String>,
    pub(crate) format: Option<Format>,
    pub(crate) incoming: Option<Transformation>,
    pub(crate) eager: Vec<Eager>,
    pub(crate) faces: bool,
    pub(crate) return_delete_token: bool,
}

impl UploadRequest {
    /// Checks every parameter. The caller has been let in already.
    pub(crate) fn parse(
        settings: &Settings,
        caller: &Caller,
        requested: Requested,
        params: Params,
    ) -> Result<Self, ApiError> {
        parameters::check_known(&params)?;
        check_repeated(&params, "cloud_name", &settings.cloud_name)?;
        check_repeated(&params, "resource_type", requested.as_str())?;
        let params = match caller {
            Caller::Unsigned(preset) => {
                parameters::check_unsigned(&params)?;
                preset.over(params)
            }
            Caller::Trusted => match params.get("upload_preset").filter(|name| !name.is_empty()) {
                Some(name) => settings.preset(name)?.under(params),
                None => params,
            },
        };
        Reader { settings, params }.read(requested)
    }
}

/// What is said in the path may be said again, but not otherwise.
fn check_repeated(params: &Params, name: &str, expected: &str) -> Result<(), ApiError> {
    match params.get(name) {
        Some(given) if given != expected => {
            Err(ApiError::invalid(name, format_args!("{given} is not the {expected} of the URL")))
        }
        _ => Ok(()),
    }
}

struct Reader<'a> {
    settings: &'a Settings,
    params: Params,
}

impl Reader<'_> {
    fn read(&self, requested: Requested) -> Result<UploadRequest, ApiError> {
        let folder = self.text("folder").map(|folder| folder.trim_matches('/').to_owned());
        let asset_folder = self.text("asset_folder").map(|folder| folder.trim_matches('/').to_owned());
        for folder in [&folder, &asset_folder].into_iter().flatten().filter(|folder| !folder.is_empty()) {
            public_id::check(folder)?;
        }
        let display_name = self.text("display_name").map(str::to_owned);
        if display_name.as_ref().is_some_and(|name| name.contains('/')) {
            return Err(ApiError::bad_request("Display name cannot contain slashes"));
        }
        let mut prefixes: Vec<String> = folder.iter().cloned().collect();
        if self.boolean("use_asset_folder_as_public_id_prefix", false)? {
            prefixes.extend(asset_folder.iter().cloned());
        }
        prefixes.extend(self.text("public_id_prefix").map(|prefix| prefix.trim_matches('/').to_owned()));
        prefixes.retain(|prefix| !prefix.is_empty());
        Ok(UploadRequest {
            requested,
            delivery_type: self.delivery_type()?,
            naming: Naming {
                public_id: self.text("public_id").map(str::to_owned),
                prefixes,
                use_filename: self.boolean("use_filename", false)?,
                unique_filename: self.boolean("unique_filename", true)?,
            },
            overwrite: self.boolean("overwrite", true)?,
            filename_override: self.text("filename_override").map(str::to_owned),
            discard_original_filename: self.boolean("discard_original_filename", false)?,
            use_filename_as_display_name: self.boolean("use_filename_as_display_name", false)?,
            details: Details {
                tags: self.tags()?,
                context: self.context()?,
                face_coordinates: self.coordinates("face_coordinates")?,
                custom_coordinates: self.coordinates("custom_coordinates")?,
                display_name,
                asset_folder,
                folder,
                ..Details::default()
            },
            allowed_formats: self.allowed_formats()?,
            format: self.text("format").map(|name| image_format("format", name)).transpose()?,
            incoming: self.text("transformation").map(|text| self.transformation(text)).transpose()?,
            eager: self.eager()?,
            faces: self.boolean("faces", false)?,
            return_delete_token: self.boolean("return_delete_token", false)?,
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn boolean(&self, name: &str, default: bool) -> Result<bool, ApiError> {
        match self.text(name) {
            None => Ok(default),
            Some("1" | "true") => Ok(true),
            Some("0" | "false") => Ok(false),
            Some(other) => Err(ApiError::invalid(name, format_args!("{other} is neither true nor false"))),
        }
    }

    fn list(&self, name: &str, separator: char) -> impl Iterator<Item = &str> {
        self.text(name).unwrap_or_default().split(separator).map(str::trim).filter(|item| !item.is_empty())
    }

    fn delivery_type(&self) -> Result<DeliveryType, ApiError> {
        let name = self.text("type").unwrap_or("upload");
        DeliveryType::parse_uploaded(name)
            .ok_or_else(|| ApiError::invalid("type", format_args!("{name}; use upload, private or authenticated")))
    }

    fn allowed_formats(&self) -> Result<Vec<String>, ApiError> {
        let formats: Vec<String> = self.list("allowed_formats", ',').map(normal_format).collect();
        if formats.is_empty() && self.text("allowed_formats").is_some() {
            // Nothing named must not mean that everything is allowed.
            return Err(ApiError::invalid("allowed_formats", "it names no format"));
        }
        Ok(formats)
    }

    fn tags(&self) -> Result<Vec<String>, ApiError> {
        let mut tags: Vec<String> = Vec::new();
        for tag in self.list("tags", ',') {
            if tag.chars().count() > MAX_TAG_CHARS {
                return Err(ApiError::invalid("tags", "a tag may have 255 characters at most"));
            }
            if !tags.iter().any(|known| known == tag) {
                tags.push(tag.to_owned());
            }
        }
        if tags.len() > MAX_TAGS {
            return Err(ApiError::invalid("tags", "an asset may have 1000 tags at most"));
        }
        Ok(tags)
    }

    fn context(&self) -> Result<BTreeMap<String, String>, ApiError> {
        let pairs = split_context(self.text("context").unwrap_or_default())?;
        if pairs.len() > MAX_CONTEXT_PAIRS {
            return Err(ApiError::invalid("context", "an asset may have 1000 pairs at most"));
        }
        Ok(pairs)
    }

    fn coordinates(&self, name: &str) -> Result<Vec<[u32; 4]>, ApiError> {
        self.list(name, '|')
            .map(|rectangle| {
                let numbers: Option<Vec<u32>> = rectangle.split(',').map(|number| number.trim().parse().ok()).collect();
                numbers
                    .and_then(|numbers| <[u32; 4]>::try_from(numbers).ok())
                    .ok_or_else(|| ApiError::invalid(name, format_args!("{rectangle} is not x,y,width,height")))
            })
            .collect()
    }

    fn eager(&self) -> Result<Vec<Eager>, ApiError> {
        let eager: Vec<Eager> = self.list("eager", '|').map(|one| self.one_eager(one)).collect::<Result<_, _>>()?;
        let most = self.settings.limits.eager_max;
        if eager.len() > most {
            return Err(ApiError::invalid("eager", format_args!("at most {most} transformations")));
        }
        Ok(eager)
    }

    /// `c_fill,w_150/e_sepia/png`: a last part that is no step is the format.
    fn one_eager(&self, text: &str) -> Result<Eager, ApiError> {
        let (steps, last) = text.rsplit_once('/').unwrap_or(("", text));
        if cloudinary_core::transformation::is_step(last) {
            return Ok(Eager { transformation: self.transformation(text)?, format: None });
        }
        if last.contains(['_', ',']) {
            return Err(ApiError::bad_request(format!("Invalid transformation component - {last}")));
        }
        let format = Format::from_extension(last)
            .ok_or_else(|| ApiError::bad_request(format!("Invalid extension in transformation: {last}")))?;
        Ok(Eager { transformation: self.transformation(steps)?, format: Some(format) })
    }

    fn transformation(&self, text: &str) -> Result<Transformation, ApiError> {
        let transformation = delivery::canonical(text)?;
        Plan::parse(&transformation, &|name| self.settings.named_transformation(name))?;
        Ok(transformation)
    }
}

fn image_format(parameter: &str, name: &str) -> Result<Format, ApiError> {
    Format::from_extension(name)
        .ok_or_else(|| ApiError::invalid(parameter, format_args!("{name} is not one of jpg, png, webp and gif")))
}

/// `JPEG` and `jpg` are the same.
pub(crate) fn normal_format(name: &str) -> String {
    Format::from_extension(name).map_or_else(|| name.to_ascii_lowercase(), |format| format.extension().to_owned())
}

/// `alt=My image|caption=a\|b`: pairs parted by `|`, with `\=` and `\|` for the characters themselves.
fn split_context(text: &str) -> Result<BTreeMap<String, String>, ApiError> {
    let mut pairs = BTreeMap::new();
    let mut key = None;
    let mut part = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next() {
            Some('\\') => part.extend(characters.next()),
            Some('=') if key.is_none() => key = Some(std::mem::take(&mut part)),
            Some('|') | None => {
                let ended = characters.as_str().is_empty();
                let value = std::mem::take(&mut part);
                match key.take() {
                    Some(key) if !key.trim().is_empty() => {
                        pairs.insert(key.trim().to_owned(), value);
                    }
                    None if value.is_empty() => {}
                    _ => return Err(ApiError::invalid("context", format_args!("{text} is not key=value|key=value"))),
                }
                if ended {
                    return Ok(pairs);
                }
            }
            Some(other) => part.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_pairs() {
        type Pairs<'a> = &'a [(&'a str, &'a str)];
        let table: [(&str, Option<Pairs<'_>>); 7] = [
            ("", Some(&[])),
            ("alt=My image|caption=Sea", Some(&[("alt", "My image"), ("caption", "Sea")])),
            (r"a=1\=2|b=3\|4", Some(&[("a", "1=2"), ("b", "3|4")])),
            ("a=1=2", Some(&[("a", "1=2")])),
            ("a=", Some(&[("a", "")])),
            ("a", None),
            ("=b", None),
        ];
        for (text, expected) in table {
            let expected = expected.map(|pairs| {
                pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>()
            });
            assert_eq!(split_context(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn formats_have_aliases() {
        for (name, expected) in [("jpeg", "jpg"), ("JPG", "jpg"), ("png", "png"), ("TXT", "txt")] {
            assert_eq!(normal_format(name), expected);
        }
    }
}
