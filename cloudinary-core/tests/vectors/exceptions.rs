//! What is different on purpose, and errors in other words.

use serde_json::Value as Json;

use crate::record::Input;
use crate::settings::truthy;

impl Input<'_> {
    /// The decision by which the record's output is not ours.
    pub(crate) fn excepted(&self) -> Option<&'static str> {
        let anywhere = self.record["kwargs"].to_string();
        if anywhere.contains(r#""duration":"auto""#) {
            return Some("a duration that is no number is an error, not dropped");
        }
        if anywhere.contains(r#""offset":"auto.."#) {
            return Some("an offset range from auto is written, not dropped");
        }
        if anywhere.contains(r#""raw_transformation":"e_x/l_y""#) && !self.record["config"]["dpr"].is_null() {
            return Some("a dpr in the configuration reaches every step, those of raw text too");
        }
        let kwargs = &self.record["kwargs"];
        let by_parameter = truthy(kwargs.get("use_fetch_format"))
            || truthy(self.record["config"].get("use_fetch_format"))
            || kwargs["type"] == "fetch";
        if by_parameter && self.kind() == "CloudinaryResource.video" && kwargs["source_types"].is_string() {
            return Some("a format that is a parameter is one for a single source of a video too");
        }
        if !self.kind().starts_with("CloudinaryResource.") {
            return None;
        }
        let html = self.record["expected"].as_str().unwrap_or_default();
        let attribute = |name: &str| html.split('>').next().is_some_and(|tag| tag.contains(&format!(" {name}")));
        if attribute("$") || attribute("responsive") || attribute("hidpi") {
            return Some("an option of a transformation or of the tag never becomes an attribute");
        }
        if attribute("width=\"i") || attribute("height=\"i") {
            return Some("width and height attributes are whole pixels");
        }
        if !self.record["kwargs"]["attributes"]["src"].is_null() {
            return Some("an attribute that is set wins, src too");
        }
        if self.record["kwargs"]["fallback_content"].as_str().is_some_and(|text| text.contains('<')) {
            return Some("every text is escaped, the fallback of a video too");
        }
        None
    }
}

/// Whether our error is of what that library complains of, in our words; of two faults either may come first.
pub(crate) fn same_trouble(ours: &str, theirs: &Json) -> bool {
    const TROUBLES: [(&str, &str); 8] = [
        ("url_suffix should not", "url_suffix"),
        ("URL Suffix only", "url_suffix"),
        ("Root path only", "use_root_path|url_suffix"),
        ("either expiration or duration", "expiration or a duration|acl"),
        ("either acl or url", "acl"),
        ("font_size for text", "font_size"),
        ("font_family for text", "font_family"),
        ("Must supply api_secret", "api_secret"),
    ];
    let theirs = theirs.as_str().unwrap_or_default();
    let trouble = TROUBLES.iter().find(|(theirs_has, _)| theirs.contains(theirs_has));
    trouble.is_none_or(|(_, ours_has)| ours_has.split('|').any(|word| ours.contains(word)))
}
