//! The declaration of a form: which fields it has, and what each may hold.

use std::borrow::Cow;

use cloudinary_core::{AssetRef, DeliveryType, ResourceType, UploadOptions};

/// Bytes in a mebibyte, to write limits with: `10 * MIB`.
pub const MIB: u64 = 1024 * 1024;
/// The largest file a field takes unless it says otherwise, in bytes.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 10 * MIB;
/// The longest text a field takes unless it says otherwise, in characters.
pub const DEFAULT_MAX_TEXT_CHARS: usize = 1000;
/// The most files a field of many takes unless it says otherwise.
pub const DEFAULT_MAX_FILES: usize = 20;
/// The most parts, or pairs, a form may have.
pub const MAX_FORM_PARTS: usize = 1000;
/// The most bytes all the text of a form may have together.
pub const MAX_FORM_TEXT_BYTES: u64 = 2 * MIB;
/// How many bytes beyond its limits a form may send and still get a page that says what was too large. Past that the
/// connection is closed, since some page would have to wait for all of it.
pub const MAX_EXCESS_BYTES: u64 = 64 * MIB;

/// The fields of a form, declared once: rendering, both upload flows and validation come from them.
///
/// ```
/// use cloudinary_axum::{Fields, FileField, MIB, TextField};
/// use cloudinary_core::UploadOptions;
/// let fields = Fields::new()
///     .text(TextField::new("title").max_chars(200))
///     .file(FileField::new("image").formats(["jpg", "png"]).max_bytes(5 * MIB).options(UploadOptions::new().folder("album")));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pub(crate) files: Vec<FileField>,
    pub(crate) texts: Vec<TextField>,
}

impl Fields {
    /// No fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field that holds a file.
    pub fn file(mut self, field: FileField) -> Self {
        self.files.push(field);
        self
    }

    /// Adds a field that holds text. Text fields that are not declared are taken too, but not validated.
    pub fn text(mut self, field: TextField) -> Self {
        self.texts.push(field);
        self
    }

    pub(crate) fn file_named(&self, name: &str) -> Option<&FileField> {
        self.files.iter().find(|field| field.name == name)
    }

    /// The most bytes a request may have: what the fields allow, the text, and some excess to answer politely to.
    pub(crate) fn max_body_bytes(&self) -> u64 {
        let files = self.files.iter().map(|field| field.max_bytes.saturating_mul(field.max_files() as u64));
        files.fold(MAX_FORM_TEXT_BYTES + MAX_EXCESS_BYTES, u64::saturating_add)
    }
}

/// A field that holds text.
#[derive(Debug, Clone)]
pub struct TextField {
    pub(crate) name: Cow<'static, str>,
    pub(crate) required: bool,
    pub(crate) max_chars: usize,
}

impl TextField {
    /// A field that must not be empty, of at most [`DEFAULT_MAX_TEXT_CHARS`] characters.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self { name: name.into(), required: true, max_chars: DEFAULT_MAX_TEXT_CHARS }
    }

    /// Lets it be empty.
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// The longest text, in characters.
    pub fn max_chars(mut self, chars: usize) -> Self {
        self.max_chars = chars;
        self
    }

    pub(crate) fn fault(&self, texts: Option<&Vec<String>>) -> Option<String> {
        let text = texts.and_then(|texts| texts.last()).map_or("", String::as_str);
        if self.required && text.trim().is_empty() {
            return Some("This field is required.".to_owned());
        }
        let chars = text.chars().count();
        (chars > self.max_chars).then(|| format!("Use at most {} characters; these are {chars}.", self.max_chars))
    }
}

/// A field that holds a file, or many.
#[derive(Debug, Clone)]
pub struct FileField {
    pub(crate) name: Cow<'static, str>,
    pub(crate) required: bool,
    pub(crate) many: Option<usize>,
    pub(crate) formats: Vec<String>,
    pub(crate) max_bytes: u64,
    pub(crate) options: UploadOptions,
    pub(crate) attributes: Vec<(Cow<'static, str>, String)>,
}

impl FileField {
    /// A field that must hold one image, of at most [`DEFAULT_MAX_FILE_BYTES`].
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            required: true,
            many: None,
            formats: Vec::new(),
            max_bytes: DEFAULT_MAX_FILE_BYTES,
            options: UploadOptions::new(),
            attributes: Vec::new(),
        }
    }

    /// Lets it be empty; the struct's field is an `Option<Uploaded>` or a `Vec<Uploaded>`.
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Lets it hold up to [`DEFAULT_MAX_FILES`] files; the struct's field is a `Vec<Uploaded>`.
    pub fn many(self) -> Self {
        self.at_most(DEFAULT_MAX_FILES)
    }

    /// Lets it hold up to so many files.
    pub fn at_most(mut self, files: usize) -> Self {
        self.many = Some(files.max(1));
        self
    }

    /// The formats to accept, as `jpg`. They are signed, so that a direct upload cannot get around them. Default: the
    /// `allowed_formats` of the options, else all the service takes.
    pub fn formats<T: Into<String>>(mut self, formats: impl IntoIterator<Item = T>) -> Self {
        self.formats = formats.into_iter().map(|format| format.into().to_ascii_lowercase()).collect();
        self
    }

    /// The largest file, in bytes. The server keeps to it for files that come through it; a direct upload is checked by
    /// the script in the browser only, and beyond that by the limits of the account.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// How the files are stored: tags, folder, incoming and eager transformations, resource and delivery type, ….
    pub fn options(mut self, options: UploadOptions) -> Self {
        self.options = options;
        self
    }

    /// An attribute of the `input` element, as `style` or `aria-describedby`.
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    pub(crate) fn max_files(&self) -> usize {
        self.many.unwrap_or(1)
    }

    /// The options with the formats in them, as both flows send them.
    pub(crate) fn upload_options(&self) -> UploadOptions {
        self.options.clone().allowed_formats(self.accepted_formats())
    }

    /// The formats, wherever they were given.
    pub(crate) fn accepted_formats(&self) -> Vec<&str> {
        if self.formats.is_empty() {
            let listed = self.options.get("allowed_formats").unwrap_or_default();
            return listed.split(',').map(str::trim).filter(|format| !format.is_empty()).collect();
        }
        self.formats.iter().map(String::as_str).collect()
    }

    /// Why an asset is not one this field may hold. A signature covers neither type nor format, so they are checked.
    pub(crate) fn refuses(&self, asset: &AssetRef) -> Option<String> {
        let wanted = self.options.kind();
        if wanted != ResourceType::Auto && asset.resource_type != wanted {
            return Some(format!("This field takes files of type {wanted}, not {}.", asset.resource_type));
        }
        let delivery = self.options.get("type").unwrap_or(DeliveryType::Upload.as_str());
        if asset.delivery_type.as_str() != delivery {
            return Some(format!("This field takes files of delivery type {delivery}, not {}.", asset.delivery_type));
        }
        let raw_extension = || asset.public_id.rsplit_once('.').map(|(_, extension)| extension);
        let format = asset.format.as_deref().or_else(raw_extension).unwrap_or_default();
        let formats = self.accepted_formats();
        let allowed = formats.is_empty() || formats.iter().any(|allowed| same_format(allowed, format));
        // An incoming `format` converts what is uploaded, so that it is the format everything ends up in.
        let converted = self.options.get("format").is_some_and(|stored| same_format(stored, format));
        (!allowed && !converted).then(|| self.wrong_format())
    }

    pub(crate) fn wrong_format(&self) -> String {
        match self.accepted_formats().as_slice() {
            [] => "This kind of file cannot be used. Choose another.".to_owned(),
            formats => format!("Choose a file in one of these formats: {}.", formats.join(", ")),
        }
    }

    pub(crate) fn too_many(&self) -> String {
        match self.max_files() {
            1 => "Choose one file only.".to_owned(),
            most => format!("Choose at most {most} files."),
        }
    }

    pub(crate) fn too_large(&self) -> String {
        format!("This file is too large. Choose one of at most {}.", readable_bytes(self.max_bytes))
    }
}

fn same_format(a: &str, b: &str) -> bool {
    let canonical = |format: &str| match format.to_ascii_lowercase().as_str() {
        "jpeg" | "jpe" => "jpg".to_owned(),
        "tiff" => "tif".to_owned(),
        other => other.to_owned(),
    };
    canonical(a) == canonical(b)
}

pub(crate) fn readable_bytes(bytes: u64) -> String {
    match bytes {
        bytes if bytes >= MIB && bytes % MIB == 0 => format!("{} MB", bytes / MIB),
        bytes if bytes >= MIB => format!("{:.1} MB", bytes as f64 / MIB as f64),
        bytes if bytes >= 1024 => format!("{} KB", bytes / 1024),
        bytes => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_a_field_may_hold() {
        let field = FileField::new("image").formats(["jpg", "png"]);
        let private = FileField::new("image").options(UploadOptions::new().delivery_type(DeliveryType::Private));
        let any = FileField::new("image").options(UploadOptions::new().resource_type(ResourceType::Auto));
        let listed = FileField::new("image").options(UploadOptions::new().allowed_formats(["jpg", "png"]));
        let converting = field.clone().options(UploadOptions::new().format("webp"));
        for (field, asset, accepted) in [
            (&field, "image/upload/v1/a.jpg", true),
            (&field, "image/upload/v1/a.jpeg", true),
            (&field, "image/upload/v1/a.gif", false),
            (&field, "image/upload/v1/a", false),
            (&field, "raw/upload/v1/a.jpg", false),
            (&field, "image/private/v1/a.jpg", false),
            (&private, "image/private/v1/a.jpg", true),
            (&private, "image/upload/v1/a.jpg", false),
            (&any, "raw/upload/v1/a.xls", true),
            (&converting, "image/upload/v1/a.webp", true),
            (&listed, "image/upload/v1/a.png", true),
            (&listed, "image/upload/v1/a.svg", false),
        ] {
            assert_eq!(field.refuses(&asset.parse().unwrap()).is_none(), accepted, "{asset}");
        }
    }

    #[test]
    fn text_rules() {
        let title = TextField::new("title").max_chars(3);
        for (texts, accepted) in
            [(None, false), (Some(vec![" "]), false), (Some(vec!["ünï"]), true), (Some(vec!["long"]), false)]
        {
            let texts = texts.map(|texts| texts.into_iter().map(str::to_owned).collect());
            assert_eq!(title.fault(texts.as_ref()).is_none(), accepted, "{texts:?}");
        }
        assert_eq!(TextField::new("x").optional().fault(None), None);
    }

    #[test]
    fn sizes_in_words() {
        for (bytes, expected) in [(10 * MIB, "10 MB"), (MIB + MIB / 2, "1.5 MB"), (2048, "2 KB"), (5, "5 bytes")] {
            assert_eq!(readable_bytes(bytes), expected);
        }
    }
}
