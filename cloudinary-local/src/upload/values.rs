//! Values of parameters that are more than a text, as the SDKs write them.

use std::collections::BTreeMap;

use http::HeaderValue;
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::format_description};

use crate::{
    http::ApiError,
    store::{AccessMode, AccessRule, Moderation},
};

const MAX_TAGS: usize = 1000;
const MAX_TAG_CHARS: usize = 255;
const MAX_CONTEXT_PAIRS: usize = 1000;
const MAX_HEADERS_BYTES: usize = 4096;

/// Moderations that an add-on of the service does.
const MODERATION_ADD_ONS: &[&str] =
    &["aws_rek", "aws_rek_video", "duplicate", "google_video_moderation", "metascan", "perception_point", "webpurify"];

/// `1`, `0`, `true` or `false`.
pub(crate) fn boolean(name: &str, text: &str) -> Result<bool, ApiError> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        other => Err(ApiError::invalid(name, format_args!("{other} is neither true nor false"))),
    }
}

/// `a,b`: each once, in their order.
pub(crate) fn tags(text: &str) -> Result<Vec<String>, ApiError> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > MAX_TAG_CHARS {
            return Err(ApiError::invalid("tags", "a tag may have 255 characters at most"));
        }
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    check_tag_count(tags.len())?;
    Ok(tags)
}

pub(crate) fn check_tag_count(count: usize) -> Result<(), ApiError> {
    if count > MAX_TAGS { Err(ApiError::invalid("tags", "an asset may have 1000 tags at most")) } else { Ok(()) }
}

/// `alt=My image|caption=a\|b`
pub(crate) fn context(text: &str) -> Result<BTreeMap<String, String>, ApiError> {
    let pairs = pairs("context", text)?;
    check_context_count(pairs.len())?;
    Ok(pairs)
}

pub(crate) fn check_context_count(count: usize) -> Result<(), ApiError> {
    if count > MAX_CONTEXT_PAIRS {
        return Err(ApiError::invalid("context", "an asset may have 1000 pairs at most"));
    }
    Ok(())
}

/// Pairs parted by `|`, with `\=` and `\|` for the characters themselves.
pub(crate) fn pairs(name: &str, text: &str) -> Result<BTreeMap<String, String>, ApiError> {
    let mut pairs = BTreeMap::new();
    let mut key = None;
    let mut part = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next() {
            Some('\\') => part.extend(characters.next()),
            Some('=') if key.is_none() => key = Some(std::mem::take(&mut part)),
            Some('|') | None => {
                let ended = characters.as_str().is_empty();
                let value = std::mem::take(&mut part);
                match key.take() {
                    Some(key) if !key.trim().is_empty() => {
                        pairs.insert(key.trim().to_owned(), value);
                    }
                    None if value.is_empty() => {}
                    _ => return Err(ApiError::invalid(name, format_args!("{text} is not key=value|key=value"))),
                }
                if ended {
                    return Ok(pairs);
                }
            }
            Some(other) => part.push(other),
        }
    }
}

/// `x,y,width,height|…`
pub(crate) fn coordinates(name: &str, text: &str) -> Result<Vec<[u32; 4]>, ApiError> {
    text.split('|')
        .map(str::trim)
        .filter(|rectangle| !rectangle.is_empty())
        .map(|rectangle| {
            let numbers: Option<Vec<u32>> = rectangle.split(',').map(|number| number.trim().parse().ok()).collect();
            numbers
                .and_then(|numbers| <[u32; 4]>::try_from(numbers).ok())
                .ok_or_else(|| ApiError::invalid(name, format_args!("{rectangle} is not x,y,width,height")))
        })
        .collect()
}

/// `manual`; what an add-on does is refused by its name.
pub(crate) fn moderation(text: &str) -> Result<Vec<Moderation>, ApiError> {
    if text == "manual" {
        return Ok(vec![Moderation { kind: text.to_owned(), status: "pending".to_owned(), updated_at: None }]);
    }
    for kind in text.split('|').map(|kind| kind.split(':').next().unwrap_or_default()) {
        if MODERATION_ADD_ONS.contains(&kind) {
            return Err(ApiError::no_add_on(kind));
        }
    }
    Err(ApiError::bad_request(format!("Moderation {text} moderation is not valid")))
}

/// `Link: …` and `X-Robots-Tag: …`, each on a line.
pub(crate) fn headers(text: &str) -> Result<Vec<(String, String)>, ApiError> {
    if text.len() > MAX_HEADERS_BYTES {
        return Err(ApiError::invalid("headers", format_args!("at most {MAX_HEADERS_BYTES} bytes")));
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| ApiError::invalid("headers", format_args!("{line} is not Name: value")))?;
            let (name, value) = (name.trim(), value.trim());
            let known = ["Link", "X-Robots-Tag"].into_iter().find(|known| known.eq_ignore_ascii_case(name));
            let known = known
                .ok_or_else(|| ApiError::invalid("headers", format_args!("{name} is none of Link and X-Robots-Tag")))?;
            HeaderValue::from_str(value)
                .map_err(|_| ApiError::invalid("headers", format_args!("{name} has characters no header may have")))?;
            Ok((known.to_owned(), value.to_owned()))
        })
        .collect()
}

pub(crate) fn access_mode(text: &str) -> Result<AccessMode, ApiError> {
    match text {
        "public" => Ok(AccessMode::Public),
        "authenticated" => Ok(AccessMode::Authenticated),
        other => Err(ApiError::invalid("access_mode", format_args!("{other}; use public or authenticated"))),
    }
}

/// `[{"access_type":"token"},{"access_type":"anonymous","start":"…","end":"…"}]`, times as they are told in answers.
pub(crate) fn access_control(text: &str) -> Result<Vec<AccessRule>, ApiError> {
    let invalid = |reason: String| ApiError::invalid("access_control", reason);
    let one_or_many: serde_json::Value = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
    let many = match one_or_many {
        serde_json::Value::Array(_) => one_or_many,
        one => serde_json::Value::Array(vec![one]),
    };
    let rules: Vec<AccessRule> = serde_json::from_value(many).map_err(|error| invalid(error.to_string()))?;
    rules
        .into_iter()
        .map(|mut rule| {
            if !matches!(rule.access_type.as_str(), "token" | "anonymous") {
                return Err(invalid(format!("{} is neither token nor anonymous", rule.access_type)));
            }
            for time in [&mut rule.start, &mut rule.end].into_iter().flatten() {
                *time = moment(time).ok_or_else(|| invalid(format!("{time} is no time")))?;
            }
            if rule.access_type == "token" && (rule.start.is_some() || rule.end.is_some()) {
                return Err(invalid("only an anonymous rule has a start and an end".to_owned()));
            }
            Ok(rule)
        })
        .collect()
}

/// A time in the two ways the SDKs write it, as `2019-02-22T14:20:57Z`.
fn moment(text: &str) -> Option<String> {
    let spaced = format_description!(
        "[year]-[month]-[day] [hour]:[minute]:[second] [offset_hour sign:mandatory][offset_minute]"
    );
    let short = format_description!("[year]-[month]-[day] [hour]:[minute] [offset_hour sign:mandatory][offset_minute]");
    let time = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(text, &spaced))
        .or_else(|_| OffsetDateTime::parse(text, &short))
        .ok()?;
    time.to_offset(UtcOffset::UTC).replace_nanosecond(0).ok()?.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_pairs() {
        type Pairs<'a> = &'a [(&'a str, &'a str)];
        let table: [(&str, Option<Pairs<'_>>); 7] = [
            ("", Some(&[])),
            ("alt=My image|caption=Sea", Some(&[("alt", "My image"), ("caption", "Sea")])),
            (r"a=1\=2|b=3\|4", Some(&[("a", "1=2"), ("b", "3|4")])),
            ("a=1=2", Some(&[("a", "1=2")])),
            ("a=", Some(&[("a", "")])),
            ("a", None),
            ("=b", None),
        ];
        for (text, expected) in table {
            let expected = expected.map(|pairs| {
                pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<BTreeMap<_, _>>()
            });
            assert_eq!(context(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn moderations() {
        let table = [
            ("manual", Ok("pending")),
            ("illegal", Err((400, "Moderation illegal moderation is not valid"))),
            ("aws_rek:hate", Err((420, "You don't have an active subscription for aws_rek"))),
            ("manual|webpurify", Err((420, "You don't have an active subscription for webpurify"))),
        ];
        for (text, expected) in table {
            match (moderation(text), expected) {
                (Ok(found), Ok(status)) => assert_eq!(found.first().map(|one| one.status.as_str()), Some(status)),
                (Err(error), Err((status, message))) => {
                    assert_eq!(error.status.as_u16(), status, "{text}");
                    assert!(error.message.starts_with(message), "{text}: {}", error.message);
                }
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }

    #[test]
    fn delivered_headers() {
        let table = [
            (
                "Link: <a>; rel=next\nx-robots-tag:noindex",
                Some(vec![("Link", "<a>; rel=next"), ("X-Robots-Tag", "noindex")]),
            ),
            ("", Some(vec![])),
            ("Set-Cookie: a=b", None),
            ("Link", None),
            ("Link: a\u{1}b", None),
        ];
        for (text, expected) in table {
            let owned =
                |pairs: Vec<(&str, &str)>| pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            assert_eq!(headers(text).ok(), expected.map(owned) as Option<Vec<_>>, "{text}");
        }
    }

    #[test]
    fn access_rules() {
        let rule = |access_type: &str, start: Option<&str>| AccessRule {
            access_type: access_type.to_owned(),
            start: start.map(str::to_owned),
            end: None,
        };
        let table = [
            (r#"{"access_type":"token"}"#, Some(vec![rule("token", None)])),
            (
                r#"[{"access_type":"token"},{"access_type":"anonymous","start":"2019-02-22 16:20:57 +0200"}]"#,
                Some(vec![rule("token", None), rule("anonymous", Some("2019-02-22T14:20:57Z"))]),
            ),
            (
                r#"[{"access_type":"anonymous","start":"2019-02-22T16:20:57.123Z"}]"#,
                Some(vec![rule("anonymous", Some("2019-02-22T16:20:57Z"))]),
            ),
            (r#"[{"access_type":"nobody"}]"#, None),
            (r#"[{"access_type":"anonymous","from":"now"}]"#, None),
            (r#"[{"access_type":"anonymous","start":"now"}]"#, None),
            (r#"[{"access_type":"token","start":"2019-02-22T16:20:57Z"}]"#, None),
            ("token", None),
        ];
        for (text, expected) in table {
            assert_eq!(access_control(text).ok(), expected, "{text}");
        }
    }
}
