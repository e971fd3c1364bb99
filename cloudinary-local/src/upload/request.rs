//! The parameters of an upload, checked and typed.

use cloudinary_core::Transformation;
use cloudinary_pixels::Format;

use super::{
    breakpoints::{self, Breakpoints},
    edits::Edits,
    parameters, public_id,
    public_id::Naming,
    values,
};
use crate::{
    analysis::Analyses,
    delivery,
    http::{ApiError, Caller, Params},
    pipeline::Plan,
    settings::Settings,
    store::{DeliveryType, ResourceType},
    webhook::Destinations,
};

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
#[derive(Debug, Clone)]
pub(crate) struct UploadRequest {
    pub(crate) requested: Requested,
    pub(crate) delivery_type: DeliveryType,
    pub(crate) naming: Naming,
    pub(crate) overwrite: bool,
    pub(crate) filename_override: Option<String>,
    pub(crate) discard_original_filename: bool,
    pub(crate) use_filename_as_display_name: bool,
    pub(crate) folder: Option<String>,
    pub(crate) edits: Edits,
    pub(crate) allowed_formats: Vec<String>,
    pub(crate) format: Option<Format>,
    pub(crate) incoming: Option<Transformation>,
    pub(crate) eager: Vec<Eager>,
    /// The eager ones are made after the answer.
    pub(crate) eager_async: bool,
    /// All is done after the answer.
    pub(crate) in_background: bool,
    pub(crate) notification_url: Destinations,
    pub(crate) eager_notification_url: Destinations,
    pub(crate) analyses: Analyses,
    pub(crate) faces: bool,
    pub(crate) breakpoints: Vec<Breakpoints>,
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
                preset.check_public_id(&params)?;
                preset.over(params)
            }
            Caller::Trusted => match params.get("upload_preset").filter(|name| !name.is_empty()) {
                Some(name) => {
                    let preset = settings.preset(name)?;
                    preset.check_public_id(&params)?;
                    preset.under(params)
                }
                None => params,
            },
        };
        Reader { settings, params }.read(requested)
    }

    /// The background work of this upload tells its end there.
    pub(crate) fn eager_destinations(&self) -> Destinations {
        self.eager_notification_url.clone().or(&self.notification_url)
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
        if let Some(folder) = folder.as_deref().filter(|folder| !folder.is_empty()) {
            public_id::check(folder)?;
        }
        let edits = Edits::read(&self.params)?;
        let mut prefixes: Vec<String> = folder.iter().cloned().collect();
        if self.boolean("use_asset_folder_as_public_id_prefix", false)? {
            prefixes.extend(edits.asset_folder.iter().cloned());
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
            folder,
            edits,
            allowed_formats: self.allowed_formats()?,
            format: self.text("format").map(|name| image_format("format", name)).transpose()?,
            incoming: self.text("transformation").map(|text| self.transformation(text)).transpose()?,
            eager: self.eager()?,
            eager_async: self.boolean("eager_async", false)?,
            in_background: self.boolean("async", false)?,
            notification_url: self.destinations("notification_url")?,
            eager_notification_url: self.destinations("eager_notification_url")?,
            analyses: Analyses {
                colors: self.boolean("colors", false)?,
                exif: self.boolean("exif", false)?,
                image_metadata: self.boolean("image_metadata", false)?,
                media_metadata: self.boolean("media_metadata", false)?,
                phash: self.boolean("phash", false)?,
                quality_analysis: self.boolean("quality_analysis", false)?,
            },
            faces: self.boolean("faces", false)?,
            breakpoints: self.breakpoints()?,
            return_delete_token: self.boolean("return_delete_token", false)?,
        })
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn boolean(&self, name: &str, default: bool) -> Result<bool, ApiError> {
        self.text(name).map_or(Ok(default), |text| values::boolean(name, text))
    }

    fn destinations(&self, name: &str) -> Result<Destinations, ApiError> {
        Destinations::parse(name, self.text(name).unwrap_or_default())
    }

    fn delivery_type(&self) -> Result<DeliveryType, ApiError> {
        let name = self.text("type").unwrap_or("upload");
        DeliveryType::parse_uploaded(name)
            .ok_or_else(|| ApiError::invalid("type", format_args!("{name}; use upload, private or authenticated")))
    }

    fn allowed_formats(&self) -> Result<Vec<String>, ApiError> {
        let Some(text) = self.text("allowed_formats") else { return Ok(Vec::new()) };
        let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
        let formats: Vec<String> = names.map(normal_format).collect();
        if formats.is_empty() {
            // Nothing named must not mean that everything is allowed.
            return Err(ApiError::invalid("allowed_formats", "it names no format"));
        }
        Ok(formats)
    }

    fn eager(&self) -> Result<Vec<Eager>, ApiError> {
        eager(self.settings, "eager", self.text("eager").unwrap_or_default())
    }

    fn breakpoints(&self) -> Result<Vec<Breakpoints>, ApiError> {
        let Some(text) = self.text("responsive_breakpoints") else { return Ok(Vec::new()) };
        breakpoints::parse(text, &|steps| self.transformation(steps))
    }

    fn transformation(&self, text: &str) -> Result<Transformation, ApiError> {
        transformation(self.settings, text)
    }
}

/// `c_fill,w_150/png|t_name`: transformations parted by `|`, each with a format at its end or not.
pub(crate) fn eager(settings: &Settings, parameter: &str, text: &str) -> Result<Vec<Eager>, ApiError> {
    let items = text.split('|').map(str::trim).filter(|item| !item.is_empty());
    let eager: Vec<Eager> = items.map(|one| one_eager(settings, one)).collect::<Result<_, _>>()?;
    let most = settings.limits.eager_max;
    if eager.len() > most {
        return Err(ApiError::invalid(parameter, format_args!("at most {most} transformations")));
    }
    Ok(eager)
}

/// `c_fill,w_150/e_sepia/png`: a last part that is no step is the format.
fn one_eager(settings: &Settings, text: &str) -> Result<Eager, ApiError> {
    // A slash at the end says expressly that there is no format.
    let text = text.strip_suffix('/').unwrap_or(text);
    let (steps, last) = text.rsplit_once('/').unwrap_or(("", text));
    if cloudinary_core::transformation::is_step(last) {
        return Ok(Eager { transformation: transformation(settings, text)?, format: None });
    }
    if last.contains(['_', ',']) {
        return Err(ApiError::bad_request(format!("Invalid transformation component - {last}")));
    }
    let format = Format::from_extension(last)
        .ok_or_else(|| ApiError::bad_request(format!("Invalid extension in transformation: {last}")))?;
    Ok(Eager { transformation: transformation(settings, steps)?, format: Some(format) })
}

/// A transformation that can be carried out, in its one spelling.
pub(crate) fn transformation(settings: &Settings, text: &str) -> Result<Transformation, ApiError> {
    let transformation = delivery::canonical(text)?;
    Plan::parse(&transformation, &|name| settings.named_transformation(name))?;
    Ok(transformation)
}

pub(crate) fn image_format(parameter: &str, name: &str) -> Result<Format, ApiError> {
    Format::from_extension(name)
        .ok_or_else(|| ApiError::invalid(parameter, format_args!("{name} is not one of jpg, png, webp and gif")))
}

/// `JPEG` and `jpg` are the same.
pub(crate) fn normal_format(name: &str) -> String {
    Format::from_extension(name).map_or_else(|| name.to_ascii_lowercase(), |format| format.extension().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_aliases() {
        for (name, expected) in [("jpeg", "jpg"), ("JPG", "jpg"), ("png", "png"), ("TXT", "txt")] {
            assert_eq!(normal_format(name), expected);
        }
    }
}
