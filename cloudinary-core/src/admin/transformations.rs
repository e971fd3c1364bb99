//! Transformations: those in use, and named ones.

use serde_json::Value as Json;

use super::{Admin, Done, delete, get, named, post, put, with};
use crate::answer::record;
use crate::client::{Call, Page, pages, request};
use crate::error::{Error, Result};
use crate::transformation::Transformation;
use crate::upload::{Eager, UploadOptions};

/// Which transformation: a [`Transformation`], one with a format, or a name or text as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransformationKey(Inner);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Inner {
    Text(String),
    Eager(Eager),
}

impl TransformationKey {
    fn text(self) -> Result<String> {
        let text = match self.0 {
            Inner::Text(text) => text,
            Inner::Eager(eager) => {
                let options = UploadOptions::new().eager([eager]);
                options.check()?;
                options.get("eager").unwrap_or_default().to_owned()
            }
        };
        if text.is_empty() {
            return Err(Error::invalid("transformation", "", "it must not be empty"));
        }
        Ok(text)
    }
}

impl From<&str> for TransformationKey {
    fn from(text: &str) -> Self {
        Self(Inner::Text(text.to_owned()))
    }
}

impl From<String> for TransformationKey {
    fn from(text: String) -> Self {
        Self(Inner::Text(text))
    }
}

impl From<&Transformation> for TransformationKey {
    fn from(transformation: &Transformation) -> Self {
        Self(Inner::Eager(transformation.into()))
    }
}

impl From<Transformation> for TransformationKey {
    fn from(transformation: Transformation) -> Self {
        Self(Inner::Eager(transformation.into()))
    }
}

impl From<Eager> for TransformationKey {
    fn from(eager: Eager) -> Self {
        Self(Inner::Eager(eager))
    }
}

record! {
    /// A page of transformations.
    pub struct TransformationPage {
        /// The transformations.
        transformations: Vec<TransformationSummary>,
        /// Where the next page begins; absent on the last.
        next_cursor: Option<String>,
    }
}

record! {
    /// A transformation, in a list.
    pub struct TransformationSummary {
        /// Its text; `t_` and the name for a named one.
        name: String,
        /// Whether it may be used where transformations are restricted.
        allowed_for_strict: bool,
        /// Whether anything was derived by it.
        used: bool,
        /// Whether it is a named one.
        named: bool,
    }
}

impl Page for TransformationPage {
    type Item = TransformationSummary;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<TransformationSummary> {
        self.transformations
    }
}

record! {
    /// A transformation, and what was derived by it.
    pub struct TransformationDetails {
        /// Its text; `t_` and the name for a named one.
        name: String,
        /// Whether it may be used where transformations are restricted.
        allowed_for_strict: bool,
        /// Whether anything was derived by it.
        used: bool,
        /// Whether it is a named one.
        named: bool,
        /// Its steps, each an object of options.
        info: Vec<Json>,
        /// What was derived by it, a page of them.
        derived: Vec<DerivedAsset>,
        /// Where the next page of derived assets begins; absent on the last.
        next_cursor: Option<String>,
    }
}

record! {
    /// An asset derived by a transformation.
    pub struct DerivedAsset {
        /// The id of the original.
        public_id: String,
        /// `image`, `video` or `raw`.
        resource_type: Option<String>,
        /// The delivery type of the original, as `upload`.
        delivery_type: Option<String> as "type",
        /// Its format, as `jpg`.
        format: Option<String>,
        /// Its size in bytes.
        bytes: u64,
        /// Its id, to delete it by.
        id: Option<String>,
        /// Its `http` address.
        url: Option<String>,
        /// Its `https` address.
        secure_url: Option<String>,
    }
}

impl Page for TransformationDetails {
    type Item = DerivedAsset;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<DerivedAsset> {
        self.derived
    }
}

request! {
    /// A call that lists transformations; `.await` one page, or [`stream`](Self::stream) them all.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_transformations>.
    pub struct ListTransformations -> TransformationPage;

    /// Whether to list only named ones. Default: false.
    named: switch => "named",
    /// How many a page has: 1 to 500. Default: 10.
    max_results: number => "max_results",
    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
}

pages!(ListTransformations of TransformationSummary);

request! {
    /// A call that tells of a transformation and what was derived by it; `.await` one page, or
    /// [`stream`](Self::stream) all that was derived.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_transformation_details>.
    pub struct GetTransformation -> TransformationDetails;

    /// How many derived assets a page has: 1 to 500. Default: 10.
    max_results: number => "max_results",
    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
}

pages!(GetTransformation of DerivedAsset);

request! {
    /// A call that changes how a transformation may be used, or what a named one does; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#update_transformation>.
    pub struct UpdateTransformation -> Done;

    /// Whether it may be used where transformations are restricted.
    allowed_for_strict: switch => "allowed_for_strict",
}

impl UpdateTransformation {
    /// What the named transformation does from now on. What it has derived so far stays as it is.
    pub fn unsafe_update(self, transformation: impl Into<TransformationKey>) -> Self {
        let text = transformation.into().text().map(Json::from);
        Self(self.0.try_set("unsafe_update", text))
    }
}

request! {
    /// A call that makes or deletes a transformation; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#create_a_named_transformation>.
    pub struct ChangeTransformation -> Done;

    /// Whether a new one may be used where transformations are restricted. Default: false.
    allowed_for_strict: switch => "allowed_for_strict",
    /// Whether copies in caches must go when one is deleted; that can take an hour. Default: false.
    invalidate: switch => "invalidate",
}

impl Admin {
    /// Lists the transformations that are named or were used.
    pub fn transformations(&self) -> ListTransformations {
        ListTransformations(self.request(get(&["transformations"])))
    }

    /// A transformation, and what was derived by it. A named one goes by its name.
    pub fn transformation(&self, transformation: impl Into<TransformationKey>) -> GetTransformation {
        GetTransformation(self.checked(about(get, transformation)))
    }

    /// Makes a named transformation.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::{Crop, Transformation};
    /// let card = Transformation::new().width(400).height(300).crop(Crop::Fill);
    /// cld.admin().create_transformation("card", card).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_transformation(&self, name: &str, definition: impl Into<TransformationKey>) -> ChangeTransformation {
        let call = named("name", name).and_then(|name| Ok(with(about(post, definition)?, "name", name)));
        ChangeTransformation(self.checked(call))
    }

    /// Changes how a transformation may be used, or what a named one does.
    pub fn update_transformation(&self, transformation: impl Into<TransformationKey>) -> UpdateTransformation {
        UpdateTransformation(self.checked(about(put, transformation)))
    }

    /// Deletes a transformation, and all that was derived by it.
    pub fn delete_transformation(&self, transformation: impl Into<TransformationKey>) -> ChangeTransformation {
        ChangeTransformation(self.checked(about(delete, transformation)))
    }
}

fn about(call: impl FnOnce(&[&str]) -> Call, transformation: impl Into<TransformationKey>) -> Result<Call> {
    Ok(with(call(&["transformations"]), "transformation", transformation.into().text()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        let fill = Transformation::new().width(5).crop("fill");
        for (key, expected) in [
            (TransformationKey::from("t_card"), Some("t_card")),
            (TransformationKey::from(&fill), Some("c_fill,w_5")),
            (TransformationKey::from(Eager::with_format(&fill, "png")), Some("c_fill,w_5/png")),
            (TransformationKey::from(""), None),
            (TransformationKey::from(Transformation::new()), None),
            (TransformationKey::from(Transformation::new().width(f64::NAN)), None),
        ] {
            assert_eq!(key.text().ok().as_deref(), expected);
        }
    }
}
