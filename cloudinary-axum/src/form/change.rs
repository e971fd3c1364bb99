//! What an edit does to a file that is already there.

use serde::de::{Deserialize, Deserializer, Error as _};

use super::uploaded::Uploaded;

/// What became of the file of a form that edits something: the struct's field is of this type, and the [`FileField`] is
/// [`editable`](super::FileField::editable).
///
/// Nothing chosen leaves the file as it is; the box that the field renders beside it removes it; a new file replaces it.
/// A file and the box together replace it: the visitor chose something.
///
/// [`FileField`]: super::FileField
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Change {
    /// Nothing was chosen.
    #[default]
    Unchanged,
    /// The box was ticked.
    Removed,
    /// A new file is there.
    Replaced(Uploaded),
}

impl Change {
    /// What the row holds after the edit.
    pub fn apply<T: From<Uploaded>>(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Unchanged => old,
            Self::Removed => None,
            Self::Replaced(uploaded) => Some(uploaded.into()),
        }
    }
}

/// Told to the deserializer, which knows whether the box was ticked.
pub(super) const NAME: &str = "cloudinary_axum::Change";
/// The variants, in the order of the enum.
pub(super) const VARIANTS: [&str; 3] = ["Unchanged", "Removed", "Replaced"];

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum(NAME, &VARIANTS, ChangeVisitor)
    }
}

struct ChangeVisitor;

impl<'de> serde::de::Visitor<'de> for ChangeVisitor {
    type Value = Change;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an editable file field of a FormData")
    }

    fn visit_enum<A: serde::de::EnumAccess<'de>>(self, access: A) -> Result<Change, A::Error> {
        use serde::de::VariantAccess as _;
        let (variant, content) = access.variant::<String>()?;
        match variant.as_str() {
            "Unchanged" => content.unit_variant().map(|()| Change::Unchanged),
            "Removed" => content.unit_variant().map(|()| Change::Removed),
            // `Uploaded` looks at where it comes from itself.
            "Replaced" => content.newtype_variant().map(Change::Replaced),
            other => Err(A::Error::unknown_variant(other, &VARIANTS)),
        }
    }
}
