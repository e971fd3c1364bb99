//! Deleting what was just uploaded, with the token that the upload's answer had.

use super::DestroyResult;
use super::action::required;
use crate::client::{Auth, Call, Cloudinary, Encoding, Repeat, Request, request};

/// How long a delete token is good for after the upload, in seconds.
pub const DELETE_TOKEN_SECONDS: u64 = 600;

request! {
    /// A call that deletes an asset by a token; `.await` it. Made by [`Cloudinary::delete_by_token`].
    ///
    /// Follows <https://cloudinary.com/documentation/delete_assets#delete_assets_using_a_delete_token>.
    pub struct DeleteByToken -> DestroyResult;
}

impl Cloudinary {
    /// Deletes the asset that was uploaded with
    /// [`return_delete_token`](crate::UploadOptions::return_delete_token), by the token in that answer. It is good for
    /// [`DELETE_TOKEN_SECONDS`] and needs no key and no secret. `.await` the answer.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an empty token;
    /// [`Error::Transport`](crate::Error::Transport); [`Error::Api`](crate::Error::Api), also for a token that is too old.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary, token: &str) -> cloudinary_core::Result<()> {
    /// cld.delete_by_token(token).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_by_token(&self, token: impl Into<String>) -> DeleteByToken {
        let token = token.into();
        let call = required("token", &token).map(|()| {
            let mut call = Call::admin_api(http::Method::POST, ["delete_by_token"])
                .encoding(Encoding::Form)
                .auth(Auth::Nothing)
                .repeat(Repeat::IfRefused);
            call.set("token", token);
            call
        });
        DeleteByToken(Request::checked(self, call))
    }
}
