//! What can go wrong, in words that name the thing and the remedy.

/// Everything this crate can report. sqlx hands it on inside `ColumnDecode` and `Encode`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A column holds something that is no asset reference.
    #[error("{0}; the column wants a value as image/upload/v1372180830/sample.jpg, or NULL for no image")]
    Column(#[source] cloudinary_core::Error),

    /// A value would be read back as another: an id that ends like a format, or starts like a version.
    #[error(
        "{value:?} would be read back as another asset; put the extension into format and the version into version"
    )]
    Ambiguous {
        /// The value.
        value: String,
    },

    /// A value does not fit the column.
    #[error("{value} has {bytes} bytes and a column takes {limit}; use a shorter public_id or fewer folders")]
    TooLong {
        /// The value.
        value: String,
        /// Its length in bytes.
        bytes: usize,
        /// What fits.
        limit: usize,
    },
}
