//! The declaration of a form: which fields it has, and what each may hold.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use cloudinary_core::{AssetRef, DeliveryType, ResourceType, UploadOptions, UploadResponse};
use http::request::Parts;

use super::problem::{Messages, Problem};

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
    pub(crate) messages: Messages,
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

    /// The app's own words for what is wrong, as in another language. Gets the field's name and the [`Problem`]; `None`
    /// leaves the English words.
    ///
    /// ```
    /// use cloudinary_axum::{Fields, Problem};
    /// let fields = Fields::new().messages(|_, problem| match problem {
    ///     Problem::FileRequired => Some("Bitte eine Datei wählen.".to_owned()),
    ///     _ => None,
    /// });
    /// ```
    pub fn messages(mut self, words: impl Fn(&str, &Problem) -> Option<String> + Send + Sync + 'static) -> Self {
        self.messages = Messages::new(words);
        self
    }

    /// With the options that depend on the request.
    pub(crate) fn resolved(mut self, request: &Parts) -> Self {
        self.files = self.files.into_iter().map(|field| field.resolved(request)).collect();
        self
    }

    pub(crate) fn text_named(&self, name: &str) -> Option<&TextField> {
        self.texts.iter().find(|field| field.name == name)
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
    pub(crate) label: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) attributes: Vec<(Cow<'static, str>, String)>,
}

impl TextField {
    /// A field that must not be empty, of at most [`DEFAULT_MAX_TEXT_CHARS`] characters.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            required: true,
            max_chars: DEFAULT_MAX_TEXT_CHARS,
            label: None,
            help: None,
            attributes: Vec::new(),
        }
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

    /// What [`FormView::row`](super::FormView::row) writes before it. Default: the name.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// A line of help below it.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// An attribute of the `input` element, as `placeholder`.
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    pub(crate) fn problem(&self, texts: Option<&Vec<String>>) -> Option<Problem> {
        let text = texts.and_then(|texts| texts.last()).map_or("", String::as_str);
        if self.required && text.trim().is_empty() {
            return Some(Problem::TextRequired);
        }
        let chars = text.chars().count();
        (chars > self.max_chars).then_some(Problem::TextTooLong { max_chars: self.max_chars, chars })
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
    pub(crate) label: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) editable: bool,
    rechecked: bool,
    min_dimensions: Option<(u32, u32)>,
    max_dimensions: Option<(u32, u32)>,
    aspect: Option<(f64, f64)>,
    options_for: Option<OptionsFor>,
}

/// Options that depend on the request.
#[derive(Clone)]
struct OptionsFor(Arc<ChangeOptions>);

type ChangeOptions = dyn Fn(&Parts, UploadOptions) -> UploadOptions + Send + Sync;

impl fmt::Debug for OptionsFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a closure over the request")
    }
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
            label: None,
            help: None,
            editable: false,
            rechecked: true,
            min_dimensions: None,
            max_dimensions: None,
            aspect: None,
            options_for: None,
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

    /// The largest file, in bytes. A file that comes through the server is cut off there. After a direct upload the
    /// service is asked how large the stored file is.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The least width and height in pixels, of the image as it is stored: after an incoming transformation.
    pub fn min_dimensions(mut self, width: u32, height: u32) -> Self {
        self.min_dimensions = Some((width, height));
        self
    }

    /// The most width and height in pixels, of the image as it is stored. To make larger ones smaller, and not to refuse
    /// them, use an incoming transformation with `Crop::Limit`.
    pub fn max_dimensions(mut self, width: u32, height: u32) -> Self {
        self.max_dimensions = Some((width, height));
        self
    }

    /// Width divided by height, from and to, of the image as it is stored: `aspect(1.0, 1.0)` takes squares only.
    pub fn aspect(mut self, least: f64, most: f64) -> Self {
        self.aspect = Some((least, most));
        self
    }

    /// Takes the browser's word for bytes, dimensions and aspect after a direct upload, which saves asking the service.
    /// Type and format are checked all the same. Default: the service is asked.
    pub fn trust_browser(mut self) -> Self {
        self.rechecked = false;
        self
    }

    /// Makes it the field of a form that edits something: the struct's field is a [`Change`](super::Change), nothing
    /// chosen leaves the file as it is, and a box removes it.
    pub fn editable(mut self) -> Self {
        self.editable = true;
        self.required = false;
        self
    }

    /// How the files are stored: tags, folder, incoming and eager transformations, resource and delivery type, ….
    ///
    /// Leave the public id to the service. Under one that you choose, every upload replaces the file before it, also one
    /// that is then refused.
    pub fn options(mut self, options: UploadOptions) -> Self {
        self.options = options;
        self
    }

    /// What [`FormView::row`](super::FormView::row) writes before it. Default: the name.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// A line of help below it.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Changes the options by the request, as the folder by who is logged in. Called when the field is rendered and again
    /// when it is read; what was signed for one visitor must not come out for another.
    ///
    /// ```
    /// use cloudinary_axum::FileField;
    /// let field = FileField::new("avatar").options_for(|request, options| {
    ///     match request.extensions.get::<u64>() {
    ///         Some(user) => options.folder(format!("users/{user}")),
    ///         None => options,
    ///     }
    /// });
    /// ```
    pub fn options_for(
        mut self,
        change: impl Fn(&Parts, UploadOptions) -> UploadOptions + Send + Sync + 'static,
    ) -> Self {
        self.options_for = Some(OptionsFor(Arc::new(change)));
        self
    }

    /// An attribute of the `input` element, as `style` or `aria-describedby`.
    pub fn attr(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// With the options that depend on the request.
    pub(crate) fn resolved(mut self, request: &Parts) -> Self {
        if let Some(OptionsFor(change)) = self.options_for.take() {
            self.options = change(request, std::mem::take(&mut self.options));
        }
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

    /// The ids that a file can come out under when the app chose one: a folder is put before it.
    pub(crate) fn chosen_ids(&self) -> Vec<String> {
        let Some(id) = self.options.get("public_id") else { return Vec::new() };
        let folders = ["folder", "public_id_prefix"].into_iter().filter_map(|name| self.options.get(name));
        let folders: Vec<&str> = folders.collect();
        let mut ids = vec![id.to_owned()];
        ids.extend(folders.iter().map(|folder| format!("{folder}/{id}")));
        if folders.len() > 1 {
            ids.push(format!("{}/{id}", folders.join("/")));
        }
        ids
    }

    pub(crate) fn delivery_type(&self) -> DeliveryType {
        // Only ever set from a `DeliveryType`, or by `param`; what that one gets wrong the service refuses.
        self.options.get("type").and_then(|name| name.parse().ok()).unwrap_or(DeliveryType::Upload)
    }

    /// Why an asset is not one this field may hold. A signature covers neither type nor format, so they are checked.
    pub(crate) fn refuses(&self, asset: &AssetRef) -> Option<Problem> {
        let wanted = self.options.kind();
        if wanted != ResourceType::Auto && asset.resource_type != wanted {
            return Some(Problem::WrongResourceType { wanted, found: asset.resource_type });
        }
        let wanted = self.delivery_type();
        if asset.delivery_type != wanted {
            return Some(Problem::WrongDeliveryType { wanted, found: asset.delivery_type });
        }
        let raw_extension = || asset.public_id.rsplit_once('.').map(|(_, extension)| extension);
        let format = asset.format.as_deref().or_else(raw_extension).unwrap_or_default();
        let formats = self.accepted_formats();
        let allowed = formats.is_empty() || formats.iter().any(|allowed| same_format(allowed, format));
        // An incoming `format` converts what is uploaded, so that it is the format everything ends up in.
        let converted = self.options.get("format").is_some_and(|stored| same_format(stored, format));
        (!allowed && !converted).then(|| self.wrong_format())
    }

    /// Whether the service must be asked about a direct upload.
    pub(crate) fn needs_facts(&self) -> bool {
        self.rechecked
    }

    /// Why the stored file is not one this field may hold; these are facts that only the service knows for sure.
    pub(crate) fn refuses_facts(&self, facts: &UploadResponse) -> Option<Problem> {
        if facts.bytes > self.max_bytes {
            return Some(self.too_large());
        }
        if self.min_dimensions.is_none() && self.max_dimensions.is_none() && self.aspect.is_none() {
            return None;
        }
        // What has no size is no image, whatever it is called.
        let (Some(width), Some(height)) = (facts.width, facts.height) else { return Some(Problem::NotAnImage) };
        let found = (width, height);
        if let Some(min) = self.min_dimensions
            && (found.0 < min.0 || found.1 < min.1)
        {
            return Some(Problem::TooSmall { min, found });
        }
        if let Some(max) = self.max_dimensions
            && (found.0 > max.0 || found.1 > max.1)
        {
            return Some(Problem::TooBig { max, found });
        }
        let (least, most) = self.aspect?;
        // A pixel more or less is no other shape.
        let shapes = [-0.5, 0.5].map(|pixel| (f64::from(found.0) + pixel) / f64::from(found.1));
        (shapes[1] < least || shapes[0] > most).then_some(Problem::WrongAspect { aspect: (least, most), found })
    }

    pub(crate) fn wrong_format(&self) -> Problem {
        Problem::WrongFormat { formats: self.accepted_formats().into_iter().map(str::to_owned).collect() }
    }

    pub(crate) fn too_many(&self) -> Problem {
        Problem::TooManyFiles { max_files: self.max_files() }
    }

    pub(crate) fn too_large(&self) -> Problem {
        Problem::FileTooLarge { max_bytes: Some(self.max_bytes) }
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
            assert_eq!(title.problem(texts.as_ref()).is_none(), accepted, "{texts:?}");
        }
        assert_eq!(TextField::new("x").optional().problem(None), None);
    }

    #[test]
    fn facts() {
        let field = FileField::new("image").max_bytes(100);
        let framed = FileField::new("image").min_dimensions(40, 30).max_dimensions(80, 60).aspect(1.3, 1.4);
        for (field, (bytes, width, height), expected) in [
            (&field, (100, 1, 1), None),
            (&field, (101, 1, 1), Some("too large")),
            (&framed, (1, 40, 30), None),
            (&framed, (1, 80, 60), None),
            (&framed, (1, 39, 30), Some("too small: 39 × 30")),
            (&framed, (1, 80, 61), Some("too big: 80 × 61")),
            (&framed, (1, 60, 60), Some("wrong shape: 60 × 60")),
        ] {
            let facts = serde_json::json!({"public_id": "a", "version": 1, "resource_type": "image", "type": "upload",
                "bytes": bytes, "width": width, "height": height});
            let problem =
                field.refuses_facts(&serde_json::from_value(facts).unwrap()).map(|problem| problem.to_string());
            assert_eq!(problem.is_some(), expected.is_some(), "{problem:?}");
            assert!(problem.unwrap_or_default().contains(expected.unwrap_or_default()));
        }
    }

    #[test]
    fn sizes_in_words() {
        for (bytes, expected) in [(10 * MIB, "10 MB"), (MIB + MIB / 2, "1.5 MB"), (2048, "2 KB"), (5, "5 bytes")] {
            assert_eq!(readable_bytes(bytes), expected);
        }
    }
}
