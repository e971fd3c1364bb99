//! A field that holds files: which it takes, and how they are stored.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use cloudinary_core::{AssetRef, DeliveryType, ResourceType, UploadOptions, UploadResponse};
use http::request::Parts;

use super::fields::MIB;
use super::problem::Problem;
use super::uploaded::Uploaded;
use super::words::Words;

/// The largest file a field takes unless it says otherwise, in bytes.
pub const DEFAULT_MAX_FILE_BYTES: u64 = 10 * MIB;
/// The most files a field of many takes unless it says otherwise.
pub const DEFAULT_MAX_FILES: usize = 20;

/// How many forms in a row must have the file last until the next is taken to have it there too. Where pages differ,
/// one wrong guess costs as much as many right ones save.
const FORMS_TO_TRUST: u8 = 3;

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
    pub(crate) words: Words,
    pub(crate) editable: bool,
    rechecked: bool,
    min_dimensions: Option<(u32, u32)>,
    max_dimensions: Option<(u32, u32)>,
    aspect: Option<(f64, f64)>,
    options_for: Option<OptionsFor>,
    /// How many forms in a row had its file for their last part; not counted beyond what is asked.
    came_last: Arc<AtomicU8>,
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
            words: Words::default(),
            editable: false,
            rechecked: true,
            min_dimensions: None,
            max_dimensions: None,
            aspect: None,
            options_for: None,
            came_last: Arc::default(),
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

    /// Whether its file is likely to be the last part of a form, as it was in the forms before.
    pub(super) fn comes_last(&self) -> bool {
        self.many.is_none() && self.came_last.load(Ordering::Relaxed) >= FORMS_TO_TRUST
    }

    /// Remembers it for the next time.
    pub(super) fn note_whether_last(&self, is_last: bool) {
        let count = |before: u8| Some(if is_last { FORMS_TO_TRUST.min(before.saturating_add(1)) } else { 0 });
        // Never an error, since the count always has a next.
        let _ = self.came_last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count);
    }

    /// Whether options depend on the request.
    pub(super) fn asks_the_request(&self) -> bool {
        self.options_for.is_some()
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
        self.formats_to_accept().collect()
    }

    fn formats_to_accept(&self) -> impl Iterator<Item = &str> {
        let listed = self.options.get("allowed_formats").filter(|_| self.formats.is_empty()).unwrap_or_default();
        let listed = listed.split(',').map(str::trim).filter(|format| !format.is_empty());
        self.formats.iter().map(String::as_str).chain(listed)
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

    /// Whether a file that was stored may be in the place of another: its id was chosen by the app, or by the name of the
    /// visitor's file.
    pub(crate) fn may_replace(&self, stored: &Uploaded) -> bool {
        let is_set = |name, value| self.options.get(name) == Some(value);
        let is_named = is_set("use_filename", "1") && is_set("unique_filename", "0");
        let says_so = stored.response().is_some_and(|answer| answer.existing || answer.overwritten);
        is_named || says_so || self.chosen_ids().contains(&stored.asset().public_id)
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
        let mut formats = self.formats_to_accept().peekable();
        let allowed = formats.peek().is_none() || formats.any(|allowed| same_format(allowed, format));
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

fn same_format<'a>(a: &'a str, b: &'a str) -> bool {
    const OTHER_NAMES: [(&str, &str); 3] = [("jpeg", "jpg"), ("jpe", "jpg"), ("tiff", "tif")];
    let canonical = |format| {
        let other_name = OTHER_NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(format));
        other_name.map_or(format, |(_, canonical)| *canonical)
    };
    canonical(a).eq_ignore_ascii_case(canonical(b))
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
            (&field, "image/upload/v1/a.JPE", true),
            (&field, "image/upload/v1/a.PNG", true),
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
    fn files_that_come_last() {
        let (field, many) = (FileField::new("image"), FileField::new("images").many());
        let forms = [
            (true, false),
            (true, false),
            (true, true),
            (true, true),
            (false, false),
            (true, false),
            (false, false),
            (true, false),
            (true, false),
            (true, true),
        ];
        for (at, (is_last, expected)) in forms.into_iter().enumerate() {
            // What one request learns, the next one knows.
            field.clone().note_whether_last(is_last);
            many.note_whether_last(is_last);
            assert_eq!((field.comes_last(), many.comes_last()), (expected, false), "form {at}");
        }
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
}
