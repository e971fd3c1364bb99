//! Names: which are allowed, and what an upload without one is called.

use crate::{http::ApiError, ids, store::ResourceType};

const MAX_CHARS: usize = 255;
const FORBIDDEN: &[char] = &['?', '&', '#', '\\', '%', '<', '>', '+'];

/// How the uploader wants a file to be named.
#[derive(Debug, Clone, Default)]
pub(crate) struct Naming {
    pub(crate) public_id: Option<String>,
    /// Put before the id, with a slash: `folder`, `public_id_prefix` and, if asked for, `asset_folder`.
    pub(crate) prefixes: Vec<String>,
    pub(crate) use_filename: bool,
    pub(crate) unique_filename: bool,
}

impl Naming {
    /// The asset's `public_id`.
    pub(crate) fn settle(&self, resource_type: ResourceType, filename: Option<&str>) -> Result<String, ApiError> {
        let name = match &self.public_id {
            Some(id) => id.clone(),
            None => self.generate(resource_type, filename),
        };
        let mut parts = self.prefixes.clone();
        parts.push(name);
        let public_id = parts.join("/");
        check(&public_id)?;
        Ok(public_id)
    }

    fn generate(&self, resource_type: ResourceType, filename: Option<&str>) -> String {
        let (stem, extension) = split(filename.unwrap_or_default());
        let mut name = match sanitised(stem) {
            stem if self.use_filename && !stem.is_empty() => {
                if self.unique_filename {
                    format!("{stem}_{}", ids::alphanumeric(6))
                } else {
                    stem
                }
            }
            _ => ids::alphanumeric(20),
        };
        // A raw file's name is all that tells what it is.
        if let Some(extension) = extension.map(sanitised)
            && resource_type == ResourceType::Raw
            && !extension.is_empty()
        {
            name = format!("{name}.{extension}");
        }
        name
    }
}

/// Checks an id, or a folder.
pub(crate) fn check(public_id: &str) -> Result<(), ApiError> {
    let refuse =
        |reason: &str| Err(ApiError::bad_request(format!("public_id ({}) is invalid: {reason}", shown(public_id))));
    if public_id.chars().count() > MAX_CHARS {
        return Err(ApiError::bad_request("public_id is too long"));
    }
    if public_id.is_empty() {
        return refuse("it is empty");
    }
    if let Some(found) = public_id.chars().find(|c| FORBIDDEN.contains(c)) {
        return refuse(&format!("it may not contain {found}"));
    }
    if public_id.chars().any(char::is_control) {
        return refuse("it may not contain control characters");
    }
    if public_id.starts_with(' ') || public_id.ends_with(' ') {
        return refuse("it may not begin or end with a space");
    }
    for segment in public_id.split('/') {
        match segment {
            "" => return refuse("it may not begin or end with a slash, nor have two in a row"),
            "." | ".." => return refuse("it may not have a . or .. segment"),
            _ if is_version(segment) => return refuse(&format!("its part {segment} would be taken for a version")),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a path segment is `v` and digits.
pub(crate) fn is_version(segment: &str) -> bool {
    segment
        .strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Stem and extension of a file name, without any folders an old browser may have sent along.
pub(crate) fn split(filename: &str) -> (&str, Option<&str>) {
    let name = filename.rsplit(['/', '\\']).next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && !extension.is_empty() => (stem, Some(extension)),
        _ => (name, None),
    }
}

/// A file name with `_` for what an id may not have.
fn sanitised(name: &str) -> String {
    let replaced: String = name
        .chars()
        .map(|c| if c.is_whitespace() || c.is_control() || c == '/' || FORBIDDEN.contains(&c) { '_' } else { c })
        .collect();
    replaced.trim_matches('_').chars().take(200).collect()
}

fn shown(public_id: &str) -> String {
    public_id.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids() {
        let (longest, too_long) = ("x".repeat(255), "x".repeat(256));
        let table = [
            ("sample", true),
            ("a/b c/ünï", true),
            ("logo.jpg", true),
            ("...", true),
            ("v", true),
            ("a/v1x", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("", false),
            ("..", false),
            ("a/../b", false),
            ("a/./b", false),
            ("a//b", false),
            ("/a", false),
            ("a/", false),
            (" a", false),
            ("a ", false),
            ("a%2fb", false),
            ("a\0b", false),
            ("a\nb", false),
            ("a?b", false),
            ("a&b", false),
            ("a#b", false),
            ("a\\b", false),
            ("a<b", false),
            ("a>b", false),
            ("a+b", false),
            ("v12/a", false),
            ("a/v1", false),
        ];
        for (id, allowed) in table {
            assert_eq!(check(id).is_ok(), allowed, "{id:?}");
        }
    }

    #[test]
    fn names_from_file_names() {
        let table = [
            (true, false, ResourceType::Image, "logo.png", "f/logo"),
            (true, false, ResourceType::Image, "my pic (1).jpg", "f/my_pic_(1)"),
            (true, false, ResourceType::Image, "C:\\fakepath\\a.jpg", "f/a"),
            (true, false, ResourceType::Image, "üni_näme_lögö.png", "f/üni_näme_lögö"),
            (true, false, ResourceType::Raw, "sheet.xls", "f/sheet.xls"),
            (true, false, ResourceType::Raw, "README", "f/README"),
            (true, false, ResourceType::Image, "../../etc/passwd", "f/passwd"),
            (true, true, ResourceType::Image, "logo.png", "f/logo_######"),
            (true, true, ResourceType::Raw, "logo.xls", "f/logo_######.xls"),
            (false, true, ResourceType::Image, "logo.png", "f/####################"),
            (true, true, ResourceType::Image, "???.png", "f/####################"),
        ];
        for (use_filename, unique_filename, resource_type, filename, expected) in table {
            let naming = Naming { prefixes: vec!["f".into()], use_filename, unique_filename, ..Naming::default() };
            let id = naming.settle(resource_type, Some(filename)).unwrap();
            let fits = id.chars().count() == expected.chars().count()
                && id.chars().zip(expected.chars()).all(|(c, e)| e == c || e == '#' && c.is_ascii_alphanumeric());
            assert!(fits, "{filename}: {id}, not {expected}");
        }
    }
}
