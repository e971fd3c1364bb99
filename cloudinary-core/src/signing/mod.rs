//! The four signatures: of API requests, delivery URLs, API responses and notifications.
//!
//! All are plain digests over text that ends with the API secret, as the service defines them; none is an HMAC.
//! They follow <https://cloudinary.com/documentation/authentication_signatures>.

mod algorithm;
mod notification;
mod request;
mod response;
#[cfg(feature = "client")]
mod search;
mod url;

use subtle::ConstantTimeEq;

pub use self::algorithm::SignatureAlgorithm;
pub use self::notification::{
    NOTIFICATION_WINDOW_SECONDS, sign_notification, verify_notification, verify_signed_message,
};
pub use self::request::{SignatureVersion, UNSIGNED_PARAMETERS, sign_params, string_to_sign};
pub use self::response::{sign_response, verify_response};
#[cfg(feature = "client")]
pub(crate) use self::search::sign_search;
pub use self::url::sign_url;
pub(crate) use self::url::{UrlSignature, UrlSigner};

/// Whether two signatures are equal, in a time that does not depend on where they differ.
///
/// ```
/// use cloudinary_core::signing::signatures_equal;
/// assert!(signatures_equal("912d90b6", "912d90b6") && !signatures_equal("912d90b6", "912d90b7"));
/// ```
pub fn signatures_equal(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}
