//! What an uploaded file is, told by its bytes, never by its name.

use bytes::Bytes;
use cloudinary_pixels::{Decode, Format, Info, decode_with, probe};

use super::request::Requested;
use crate::{http::ApiError, store::ResourceType};

/// Enough bytes to tell any format.
pub(crate) const HEAD: usize = 1024;

/// Decides between image and raw.
pub(crate) fn resource_type(requested: Requested, head: &[u8]) -> Result<ResourceType, ApiError> {
    match requested {
        Requested::Image => Ok(ResourceType::Image),
        Requested::Raw => Ok(ResourceType::Raw),
        Requested::Auto if Format::sniff(head).is_some() => Ok(ResourceType::Image),
        Requested::Auto => match Format::sniff_unsupported(head).or_else(|| film(head)) {
            // The service makes images and videos of these; as raw files they would silently be something else.
            Some(kind) => Err(ApiError::bad_request(format!(
                "Unsupported file format {kind}: cloudinary-local reads jpg, png, webp and gif; upload it as raw to keep it as it is"
            ))),
            None => Ok(ResourceType::Raw),
        },
    }
}

fn film(head: &[u8]) -> Option<&'static str> {
    match head {
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some("mp4"),
        [0x1A, 0x45, 0xDF, 0xA3, ..] => Some("webm"),
        [b'O', b'g', b'g', b'S', ..] => Some("ogg"),
        [b'I', b'D', b'3', ..] => Some("mp3"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some("wav"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Some("avi"),
        _ => None,
    }
}

/// Reads an image whole: one that is cut short or damaged is refused now, not when somebody looks at it.
pub(crate) fn image(bytes: &Bytes, limits: &cloudinary_pixels::Limits) -> Result<Info, ApiError> {
    let info = probe(bytes, limits).map_err(image_fault)?;
    decode_with(bytes, limits, &Decode::default()).map_err(image_fault)?;
    Ok(info)
}

pub(crate) fn image_fault(error: cloudinary_pixels::Error) -> ApiError {
    use cloudinary_pixels::Error;
    match error {
        Error::NotAnImage | Error::Truncated(_) | Error::Corrupt { .. } => {
            ApiError::bad_request(format!("Invalid image file: {error}"))
        }
        Error::Unsupported(_) => ApiError::bad_request(format!("Unsupported image file: {error}")),
        other => ApiError::bad_request(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_decide() {
        let table: [(Requested, &[u8], Result<ResourceType, ()>); 7] = [
            (Requested::Auto, b"\x89PNG\r\n\x1A\n", Ok(ResourceType::Image)),
            (Requested::Auto, b"a,b\n", Ok(ResourceType::Raw)),
            (Requested::Auto, b"%PDF-1.7", Err(())),
            (Requested::Auto, b"\0\0\0\x18ftypmp42", Err(())),
            (Requested::Auto, b"<svg xmlns='http://www.w3.org/2000/svg'/>", Err(())),
            (Requested::Raw, b"\x89PNG\r\n\x1A\n", Ok(ResourceType::Raw)),
            (Requested::Image, b"a,b\n", Ok(ResourceType::Image)),
        ];
        for (requested, head, expected) in table {
            assert_eq!(resource_type(requested, head).map_err(drop), expected, "{requested:?} {head:?}");
        }
    }
}
