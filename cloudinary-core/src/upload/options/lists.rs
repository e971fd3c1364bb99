//! Options that are lists or maps.

use serde_json::{Map, Value as Json};

use super::super::option_map::ascii_json;
use super::{UploadOptions, context_pair, joined};

impl UploadOptions {
    /// Tags to find it by: at most 1000, of 255 characters each, without commas.
    pub fn tags<T: AsRef<str>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        self.listed("tags", tags, ",", "a tag has no comma; give each by itself")
    }

    /// Texts kept with it, as `alt` and `caption`: at most 1000. Keys have no `=` and no `|`.
    pub fn context<K: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        self.pairs("context", pairs)
    }

    /// Values of structured metadata fields, by their external ids.
    pub fn metadata<K: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        self.pairs("metadata", pairs)
    }

    /// Formats to accept, as `jpg`; others are refused, or converted where `format` is set. Default: all.
    pub fn allowed_formats<T: AsRef<str>>(self, formats: impl IntoIterator<Item = T>) -> Self {
        self.listed("allowed_formats", formats, ",", "a format has no comma; give each by itself")
    }

    /// Headers to send when the asset is delivered: `Link` and `X-Robots-Tag` only.
    pub fn headers<T: AsRef<str>>(self, headers: impl IntoIterator<Item = T>) -> Self {
        self.listed("headers", headers, "\n", "a header has one line; give each by itself")
    }

    /// Faces as `[x, y, width, height]` in pixels, in place of those the service would find.
    pub fn face_coordinates(self, faces: impl IntoIterator<Item = [u32; 4]>) -> Self {
        self.set("face_coordinates", joined(faces.into_iter().map(rectangle), "|"))
    }

    /// The interesting part as `[x, y, width, height]` in pixels, for gravity `custom`.
    pub fn custom_coordinates(self, region: [u32; 4]) -> Self {
        self.set("custom_coordinates", rectangle(region))
    }

    /// Named parts of the image, for gravities and effects that take a region: each by two corners of a rectangle, or by
    /// the three or more of a polygon, as `[x, y]` in pixels.
    ///
    /// ```
    /// use cloudinary_core::UploadOptions;
    /// let options = UploadOptions::new().regions([("plate", [[10, 20], [110, 60]])]);
    /// assert_eq!(options.get("regions"), Some(r#"{"plate":[[10,20],[110,60]]}"#));
    /// ```
    pub fn regions<K, P>(self, regions: impl IntoIterator<Item = (K, P)>) -> Self
    where
        K: Into<String>,
        P: IntoIterator<Item = [u32; 2]>,
    {
        let mut named = Map::new();
        let mut options = self;
        for (name, corners) in regions {
            let (name, corners): (String, Vec<[u32; 2]>) = (name.into(), corners.into_iter().collect());
            let impossible = name.is_empty() || corners.len() < 2;
            options = options.refuse_if(impossible, "regions", &name, "a region has a name and at least two corners");
            named.insert(name, corners.into_iter().map(|[x, y]| Json::from(vec![x, y])).collect());
        }
        let text = if named.is_empty() { String::new() } else { ascii_json(&Json::Object(named)) };
        options.set("regions", text)
    }

    fn listed<T: AsRef<str>>(
        self,
        name: &'static str,
        items: impl IntoIterator<Item = T>,
        separator: &str,
        remedy: &str,
    ) -> Self {
        let mut options = self;
        let mut texts = Vec::new();
        for item in items {
            let item = item.as_ref();
            options = options.refuse_if(item.contains(separator), name, item, remedy);
            texts.push(item.to_owned());
        }
        options.set(name, joined(texts, separator))
    }

    fn pairs<K: AsRef<str>, V: AsRef<str>>(self, name: &'static str, pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut options = self;
        let mut texts = Vec::new();
        for (key, value) in pairs {
            let key = key.as_ref();
            let impossible = key.is_empty() || key.contains(['=', '|']);
            options = options.refuse_if(impossible, name, key, "a key is not empty and has no \"=\" and no \"|\"");
            texts.push(context_pair(key, value.as_ref()));
        }
        options.set(name, joined(texts, "|"))
    }
}

fn rectangle([x, y, width, height]: [u32; 4]) -> String {
    format!("{x},{y},{width},{height}")
}
