//! Who may reach an asset, and when.

use serde_json::{Map, Value as Json};

use super::super::AccessRule;
use super::super::option_map::ascii_json;
use super::UploadOptions;

impl UploadOptions {
    /// By which rules it may be reached: it is delivered if one of them allows it. Default: by everybody.
    ///
    /// ```
    /// use cloudinary_core::UploadOptions;
    /// use cloudinary_core::upload::AccessRule;
    /// let open_day = AccessRule::anonymous().starting("2030-05-01T09:00Z").ending("2030-05-02T17:00Z");
    /// let options = UploadOptions::new().access_control([AccessRule::token(), open_day]);
    /// assert_eq!(
    ///     options.get("access_control"),
    ///     Some(r#"[{"access_type":"token"},{"access_type":"anonymous","start":"2030-05-01T09:00Z","end":"2030-05-02T17:00Z"}]"#),
    /// );
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/control_access_to_media#access_controlled_media_assets>.
    pub fn access_control(self, rules: impl IntoIterator<Item = AccessRule>) -> Self {
        let mut options = self;
        let mut list = Vec::new();
        for rule in rules {
            let mut sent = Map::new();
            sent.insert("access_type".to_owned(), rule.access_type.into());
            for (name, time) in [("start", rule.start), ("end", rule.end)] {
                let Some(time) = time else { continue };
                let remedy = "give a date and time as 2030-05-01T09:00Z";
                options = options.refuse_if(!is_date(&time), "access_control", &time, remedy);
                sent.insert(name.to_owned(), time.into());
            }
            sent.extend(rule.more);
            list.push(Json::Object(sent));
        }
        let text = if list.is_empty() { String::new() } else { ascii_json(&Json::Array(list)) };
        options.set("access_control", text)
    }
}

/// Whether a text begins with a date of ISO 8601.
fn is_date(text: &str) -> bool {
    let text = text.as_bytes();
    text.len() >= 10
        && text[..10].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
