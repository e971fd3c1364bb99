//! `fl_attachment[:name]`: the one parameter that changes an answer's headers and no pixel.

use cloudinary_core::Transformation;

use super::path::{canonical, decode};
use crate::{http::ApiError, store::Asset};

/// The file is to be saved, under this name if the URL gives one.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Attachment {
    name: Option<String>,
}

impl Attachment {
    /// Without a name it is that of the asset.
    pub(crate) fn named(name: Option<&str>) -> Self {
        Self { name: name.map(str::to_owned) }
    }
}

/// Takes the flag out of a transformation.
pub(super) fn take(transformation: &Transformation) -> Result<(Option<Attachment>, Transformation), ApiError> {
    let mut attachment = None;
    let mut steps = Vec::new();
    for step in transformation.steps() {
        let mut params = Vec::new();
        for param in step.params() {
            if param.key != "fl" {
                params.push(format!("{}_{}", param.key, param.value));
                continue;
            }
            let mut others = Vec::new();
            for flag in param.value.split('.') {
                match flag.split_once(':') {
                    // Escaped twice, so that its dots part no flags.
                    Some(("attachment", name)) => attachment = Some(Attachment { name: Some(decode(name)) }),
                    None if flag == "attachment" => attachment = Some(Attachment::default()),
                    _ => others.push(flag),
                }
            }
            if !others.is_empty() {
                params.push(format!("fl_{}", others.join(".")));
            }
        }
        if !params.is_empty() {
            steps.push(params.join(","));
        }
    }
    match attachment {
        Some(_) => Ok((attachment, canonical(&steps.join("/"))?)),
        None => Ok((None, transformation.clone())),
    }
}

/// `name.ext`: the name of the flag or of the asset, and the extension of what is delivered.
pub(super) fn file_name(attachment: &Attachment, asset: &Asset, extension: Option<&str>) -> String {
    let own = asset.key.public_id.rsplit('/').next().unwrap_or_default();
    match (attachment.name.as_deref(), extension.or(asset.file.format.as_deref())) {
        (name, Some(extension)) => format!("{}.{extension}", name.unwrap_or(own)),
        (None, None) => own.to_owned(),
        (Some(name), None) => match own.rsplit_once('.') {
            Some((_, extension)) => format!("{name}.{extension}"),
            None => name.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_taken_out() {
        let table = [
            ("fl_attachment", Some(None), ""),
            ("fl_attachment:tree", Some(Some("tree")), ""),
            ("fl_attachment,w_100", Some(None), "w_100"),
            ("w_100/fl_attachment:a.progressive", Some(Some("a")), "w_100/fl_progressive"),
            ("fl_attachment:v1%2E2%2C 3%", Some(Some("v1.2, 3%")), ""),
            ("e_sepia:50,w_1", None, "e_sepia:50,w_1"),
        ];
        for (text, expected, rest) in table {
            let (attachment, transformation) = take(&text.parse().unwrap()).unwrap();
            let expected = expected.map(|name: Option<&str>| Attachment { name: name.map(str::to_owned) });
            assert_eq!(attachment, expected, "{text}");
            assert_eq!(transformation.as_str(), rest, "{text}");
        }
    }
}
