//! Which image a layer is.

use cloudinary_pixels::Format;
use percent_encoding::percent_decode_str;

use super::LayerRef;
use super::error::PipelineError;
use crate::store::{DeliveryType, ResourceType};

/// Kinds of layers that the service has and this server has not.
pub(super) const OTHER_KINDS: [(&str, &str); 7] = [
    ("text:", "A text layer"),
    ("subtitles:", "A subtitles layer"),
    ("video:", "A video layer"),
    ("audio:", "An audio layer"),
    ("fetch:", "A layer from a remote URL"),
    ("lut:", "A look-up table layer"),
    ("raw:", "A raw layer"),
];

/// Reads `logo`, `folder:logo`, `image:private:folder:logo.png`.
pub(crate) fn parse(text: &str) -> Result<LayerRef, PipelineError> {
    if let Some((_, name)) = OTHER_KINDS.iter().find(|(prefix, _)| text.starts_with(prefix)) {
        return Err(PipelineError::Unsupported(format!("{name} ({text})")));
    }
    let text = text.strip_prefix("image:").unwrap_or(text);
    let (delivery_type, id) = match text.split_once(':') {
        Some(("upload", id)) => (DeliveryType::Upload, id),
        Some(("private", id)) => (DeliveryType::Private, id),
        Some(("authenticated", id)) => (DeliveryType::Authenticated, id),
        _ => (DeliveryType::Upload, text),
    };
    let id = percent_decode_str(id).decode_utf8().map_err(|_| PipelineError::invalid("overlay", text))?;
    let id = id.replace(':', "/");
    // Images are stored without their extension; it may be written all the same.
    let id = match id.rsplit_once('.') {
        Some((stem, extension)) if Format::from_extension(extension).is_some() => stem,
        _ => &id,
    };
    if id.is_empty() || id.starts_with('/') || id.ends_with('/') || id.chars().any(char::is_control) {
        return Err(PipelineError::invalid("overlay", text));
    }
    Ok(LayerRef { resource_type: ResourceType::Image, delivery_type, public_id: id.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (text, expected) in [
            ("logo", Ok((DeliveryType::Upload, "logo"))),
            ("a:b:c.png", Ok((DeliveryType::Upload, "a/b/c"))),
            ("image:private:a:b", Ok((DeliveryType::Private, "a/b"))),
            ("authenticated:x.y", Ok((DeliveryType::Authenticated, "x.y"))),
            ("caf%C3%A9", Ok((DeliveryType::Upload, "café"))),
            ("", Err("Invalid overlay in transformation: ")),
            (":a", Err("Invalid overlay in transformation: :a")),
            ("a%00b", Err("Invalid overlay in transformation: a%00b")),
            ("text:Arial_20:Hi", Err("A text layer (text:Arial_20:Hi) is not supported by the local media server")),
        ] {
            let got = parse(text).map(|key| (key.delivery_type, key.public_id)).map_err(|error| error.to_string());
            assert_eq!(got, expected.map(|(kind, id)| (kind, id.to_owned())).map_err(str::to_owned), "{text}");
        }
    }
}
