//! Deleting what was just uploaded, with the token that the upload's answer had.

use super::DestroyResult;
use super::action::required;
use crate::client::{Auth, Call, Cloudinary, Encoding, Repeat, Request, request};
use crate::error::Result;

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
        DeleteByToken(Request::checked(self, call(token.into())))
    }
}

fn call(token: String) -> Result<Call> {
    required("token", &token)?;
    let call = Call::admin_api(http::Method::POST, ["delete_by_token"]).encoding(Encoding::Form).auth(Auth::Nothing);
    // A token is good for once.
    let mut call = call.repeat(Repeat::IfRefused);
    call.set("token", token);
    Ok(call)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn tokens_need_no_key() {
        let config = Config::new("demo");
        let mut call = call("t&1".to_owned()).unwrap();
        let (request, _) = call.request(&config, None).unwrap();
        assert_eq!(request.uri(), "https://api.cloudinary.com/v1_1/demo/delete_by_token");
        assert_eq!((request.method(), request.headers().get("authorization")), (&http::Method::POST, None));
        let body = String::from_utf8(request.body().as_bytes().unwrap().to_vec()).unwrap();
        assert!(body.contains("name=\"token\"\r\n\r\nt&1\r\n") && !body.contains("signature"), "{body}");
        assert!(super::call(String::new()).is_err());
    }
}
