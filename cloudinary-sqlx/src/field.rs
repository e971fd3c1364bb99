//! The column type.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use cloudinary_core::{AssetRef, DeliveryType, MAX_COLUMN_BYTES, ToAsset, UploadResponse};
use serde::{Deserialize, Serialize};
use sqlx::database::Database;
use sqlx::decode::Decode;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::types::Type;

use crate::error::Error;

/// An asset held by a row: an [`AssetRef`] that binds to, and reads from, a text column.
///
/// Any column sqlx reads a `String` from will do, `TEXT` or `VARCHAR(255)`, which is what Django makes; not `CHAR`, which
/// pads. It is never empty: no image is `Option::None`, which is NULL. A value above 255 bytes is refused when it is
/// bound, and a value that is no reference when it is read, each saying what is wrong and what to set the column to. On
/// PostgreSQL it can be the element of an array.
///
/// In `query!` and `query_as!`, name the type: `SELECT image AS "image: CloudinaryField" …`, and bind with
/// `photo.image as _`.
///
/// ```
/// use cloudinary_sqlx::CloudinaryField;
/// let field: CloudinaryField = "image/upload/v1372180830/sample.jpg".parse()?;
/// assert_eq!(field.public_id, "sample");
/// assert_eq!(field.to_string(), "image/upload/v1372180830/sample.jpg");
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
///
/// Follows <https://cloudinary.com/documentation/django_image_and_video_upload#django_forms_and_models>.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CloudinaryField(AssetRef);

impl CloudinaryField {
    /// The asset.
    pub fn asset(&self) -> &AssetRef {
        &self.0
    }

    /// The asset, without the column around it.
    pub fn into_asset(self) -> AssetRef {
        self.0
    }
}

impl Deref for CloudinaryField {
    type Target = AssetRef;

    fn deref(&self) -> &AssetRef {
        &self.0
    }
}

impl fmt::Display for CloudinaryField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CloudinaryField {
    type Err = cloudinary_core::Error;

    fn from_str(value: &str) -> Result<Self, Self::Err> {
        value.parse().map(Self)
    }
}

impl From<AssetRef> for CloudinaryField {
    fn from(asset: AssetRef) -> Self {
        Self(asset)
    }
}

impl From<CloudinaryField> for AssetRef {
    fn from(field: CloudinaryField) -> Self {
        field.0
    }
}

impl From<&CloudinaryField> for AssetRef {
    fn from(field: &CloudinaryField) -> Self {
        field.0.clone()
    }
}

impl ToAsset for CloudinaryField {
    fn to_asset(&self) -> AssetRef {
        self.0.clone()
    }

    fn as_asset(&self) -> Cow<'_, AssetRef> {
        Cow::Borrowed(&self.0)
    }
}

impl TryFrom<&UploadResponse> for CloudinaryField {
    type Error = cloudinary_core::Error;

    fn try_from(answer: &UploadResponse) -> Result<Self, Self::Error> {
        answer.asset().map(Self)
    }
}

/// The column value of an asset, if it fits and reads back as the same.
pub(crate) fn checked(asset: &AssetRef) -> Result<String, Error> {
    let value = asset.to_string();
    if value.len() > MAX_COLUMN_BYTES {
        return Err(Error::TooLong { bytes: value.len(), value, limit: MAX_COLUMN_BYTES });
    }
    if value.parse().ok().as_ref() != Some(asset) {
        return Err(Error::Ambiguous { value });
    }
    Ok(value)
}

/// What a column value names.
#[inline]
pub(crate) fn read(text: &str) -> Result<AssetRef, Error> {
    match text.parse::<AssetRef>() {
        // A bare id to the parser.
        Ok(asset) if asset.delivery_type == DeliveryType::Upload && is_url(text) => Err(refused(text, None)),
        Ok(asset) => Ok(asset),
        Err(error) => Err(refused(text, Some(error))),
    }
}

#[inline]
fn is_url(text: &str) -> bool {
    let starts = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    starts("http://") || starts("https://")
}

/// What is wrong with a column value that is no reference, or that only a parser takes for one: a URL that somebody pasted.
#[cold]
fn refused(text: &str, source: Option<cloudinary_core::Error>) -> Error {
    let reason = "it is a URL";
    let source = source.unwrap_or_else(|| cloudinary_core::Error::InvalidAsset { value: text.to_owned(), reason });
    Error::column(text, source)
}

// For every database that has text: what holds for `String` holds for the field, TEXT and VARCHAR alike.
impl<DB: Database> Type<DB> for CloudinaryField
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <String as Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <String as Type<DB>>::compatible(ty)
    }
}

impl<'q, DB: Database> Encode<'q, DB> for CloudinaryField
where
    String: Encode<'q, DB>,
{
    fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <String as Encode<'q, DB>>::encode(checked(&self.0)?, buf)
    }
}

#[cfg(feature = "postgres")]
impl sqlx::postgres::PgHasArrayType for CloudinaryField {
    fn array_type_info() -> sqlx::postgres::PgTypeInfo {
        <String as sqlx::postgres::PgHasArrayType>::array_type_info()
    }

    fn array_compatible(ty: &sqlx::postgres::PgTypeInfo) -> bool {
        <String as sqlx::postgres::PgHasArrayType>::array_compatible(ty)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for CloudinaryField
where
    &'r str: Decode<'r, DB>,
{
    #[inline]
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let text = <&str as Decode<'r, DB>>::decode(value).map_err(Error::NoText)?;
        Ok(Self(read(text)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serialises_as_the_column_value() {
        let json = "\"image/upload/v1/a/b.jpg\"";
        let field: CloudinaryField = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&field).unwrap(), json);
    }
}
