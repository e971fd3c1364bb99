use cloudinary_core::UploadOptions;

use super::parameters;
use crate::{
    Error,
    http::{ApiError, Params},
};

/// A named set of upload parameters; it may be open to uploads without a signature.
///
/// Parameters are given by the names and in the form the API takes them.
///
/// ```
/// use cloudinary_local::UploadPreset;
///
/// let preset = UploadPreset::unsigned("album")
///     .parameter("folder", "albums")
///     .parameter("allowed_formats", "jpg,png,webp")
///     .parameter("transformation", "c_limit,h_1000,w_1000");
/// assert_eq!(preset.name(), "album");
/// ```
#[derive(Debug, Clone)]
pub struct UploadPreset {
    name: String,
    unsigned: bool,
    public_id_disallowed: bool,
    params: Params,
}

impl UploadPreset {
    /// A preset that anybody who knows its name may upload with.
    pub fn unsigned(name: impl Into<String>) -> Self {
        Self { name: name.into(), unsigned: true, public_id_disallowed: false, params: Params::new() }
    }

    /// A preset for signed uploads only.
    pub fn signed(name: impl Into<String>) -> Self {
        Self { name: name.into(), unsigned: false, public_id_disallowed: false, params: Params::new() }
    }

    /// Sets an upload parameter. An unknown one is reported when the server starts.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.params.insert(name.into(), value.into());
        self
    }

    /// Sets the parameters of upload options.
    pub fn options(mut self, options: &UploadOptions) -> Self {
        self.params.extend(options.params().map(|(name, value)| (name.to_owned(), value.to_owned())));
        self
    }

    /// The preset's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it may be used without a signature.
    pub fn is_unsigned(&self) -> bool {
        self.unsigned
    }

    pub(crate) fn with_unsigned(mut self, unsigned: bool) -> Self {
        self.unsigned = unsigned;
        self
    }

    pub(crate) fn with_public_id_disallowed(mut self, disallowed: bool) -> Self {
        self.public_id_disallowed = disallowed;
        self
    }

    pub(crate) fn is_public_id_disallowed(&self) -> bool {
        self.public_id_disallowed
    }

    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        parameters::check_known(&self.params).map_err(|error| Error::Setting {
            name: "upload_presets",
            reason: format!("{}: {}", self.name, error.message),
        })
    }

    /// Some presets keep uploaders from naming files themselves.
    pub(crate) fn check_public_id(&self, request: &Params) -> Result<(), ApiError> {
        if self.public_id_disallowed && request.get("public_id").is_some_and(|id| !id.is_empty()) {
            let reason = format!("public_id parameter is not allowed by upload preset {}", self.name);
            return Err(ApiError::bad_request(reason));
        }
        Ok(())
    }

    /// The parameters that hold when a signed request names this preset: the request's own win.
    pub(crate) fn under(&self, request: Params) -> Params {
        let mut merged = self.params.clone();
        merged.extend(request);
        merged
    }

    /// The parameters that hold for an unsigned request: the preset's win, but tags and context are joined. Nothing is
    /// ever overwritten.
    pub(crate) fn over(&self, request: Params) -> Params {
        let mut merged = request;
        for (name, value) in &self.params {
            let separator = match name.as_str() {
                "tags" => ",",
                "context" | "metadata" => "|",
                _ => "",
            };
            match merged.get_mut(name) {
                Some(own) if !separator.is_empty() && !own.is_empty() => *own = format!("{value}{separator}{own}"),
                _ => {
                    merged.insert(name.clone(), value.clone());
                }
            }
        }
        merged.insert("overwrite".to_owned(), "0".to_owned());
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wins() {
        let preset = UploadPreset::unsigned("p").parameter("folder", "theirs").parameter("tags", "a,b");
        let request: Params = [("folder", "mine"), ("tags", "c"), ("public_id", "x")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        let (under, over) = (preset.under(request.clone()), preset.over(request));
        assert_eq!([&under["folder"], &under["tags"]], ["mine", "c"]);
        assert_eq!(
            [&over["folder"], &over["tags"], &over["public_id"], &over["overwrite"]],
            ["theirs", "a,b,c", "x", "0"]
        );
    }
}
