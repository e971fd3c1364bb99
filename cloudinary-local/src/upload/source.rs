//! The places a file may come from: the request's own file part, a data URI, another server.

use base64::Engine as _;

use super::too_large;
use crate::{
    app::App,
    http::{ApiError, FileField},
    store::Spooled,
};

/// A file that has come whole.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) content: Spooled,
    pub(crate) filename: Option<String>,
}

pub(crate) async fn receive(app: &App, file: FileField) -> Result<Received, ApiError> {
    let limits = &app.settings.limits;
    let most = limits.image_max_bytes.max(limits.raw_max_bytes);
    match file {
        FileField::Part { content, filename } => Ok(Received { content, filename }),
        FileField::TooLarge(length) => Err(too_large(length, most)),
        FileField::Text(text) => match text.split_once(':').map(|(scheme, _)| scheme) {
            Some("data") => {
                let bytes = data_uri(&text)?;
                if bytes.len() as u64 > most {
                    return Err(too_large(bytes.len() as u64, most));
                }
                Ok(Received { content: app.store.blobs().receive_bytes(&bytes).await?, filename: None })
            }
            Some("http" | "https") => fetch(app, &text).await,
            Some(scheme @ ("ftp" | "s3" | "gs")) => {
                Err(ApiError::bad_request(format!("Remote files by {scheme} are not carried out by cloudinary-local")))
            }
            _ => Err(ApiError::bad_request("Invalid file parameter: it is no file, no data URI and no URL")),
        },
    }
}

#[cfg(feature = "remote")]
async fn fetch(app: &App, url: &str) -> Result<Received, ApiError> {
    super::remote::fetch(app, url).await
}

#[cfg(not(feature = "remote"))]
async fn fetch(_: &App, _: &str) -> Result<Received, ApiError> {
    std::future::ready(Err(ApiError::bad_request(
        "Remote files are not carried out: cloudinary-local was built without its feature remote",
    )))
    .await
}

/// The bytes of `data:image/png;base64,…`; without `;base64` the text is percent-encoded.
fn data_uri(text: &str) -> Result<Vec<u8>, ApiError> {
    let invalid = |reason: &str| ApiError::bad_request(format!("Invalid data URI: {reason}"));
    let (head, data) = text.split_once(',').ok_or_else(|| invalid("it has no comma"))?;
    if !head.ends_with(";base64") {
        return Ok(percent_encoding::percent_decode_str(data).collect());
    }
    let mut data = data.as_bytes().to_vec();
    data.retain(|byte| !byte.is_ascii_whitespace());
    base64::engine::general_purpose::STANDARD.decode(data).map_err(|error| invalid(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::data_uri;

    #[test]
    fn data_uris() {
        let table: [(&str, Option<&[u8]>); 6] = [
            ("data:image/png;base64,aGk=", Some(b"hi")),
            ("data:;base64,aG\r\nk=", Some(b"hi")),
            ("data:text/plain,hi%20you", Some(b"hi you")),
            ("data:,", Some(b"")),
            ("data:image/png;base64,a", None),
            ("data:image/png;base64", None),
        ];
        for (text, expected) in table {
            assert_eq!(data_uri(text).ok().as_deref(), expected, "{text}");
        }
    }
}
