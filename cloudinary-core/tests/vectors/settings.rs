//! The configuration of a record, and the options that stand for one.

use cloudinary_core::{AuthToken, Config, Result, Transformation};
use serde_json::{Map, Value as Json};

pub(crate) fn truthy(value: Option<&Json>) -> bool {
    !matches!(value, None | Some(Json::Null | Json::Bool(false)))
}

pub(crate) fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(crate) fn auth_token(options: &Map<String, Json>) -> AuthToken {
    let mut token = AuthToken::new("");
    for (name, value) in options {
        let number = || value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or_default();
        token = match (name.as_str(), value) {
            (_, Json::Null) => token,
            ("key", value) => token.key(text(value)),
            ("token_name", value) => token.name(text(value)),
            ("ip", value) => token.ip(text(value)),
            ("acl", Json::Array(patterns)) => patterns.iter().fold(token, |token, pattern| token.acl(text(pattern))),
            ("acl", value) => token.acl(text(value)),
            ("start_time", _) => token.start_time(number()),
            ("expiration", _) => token.expiration(number()),
            ("duration", _) => token.duration(number()),
            ("set_url_signature", value) => token.with_url_signature(truthy(Some(value))),
            _ => token,
        };
    }
    token
}

/// How a key of that library's configuration is written in ours; `None` for keys that are no settings.
pub(crate) fn setting(name: &str) -> Option<&'static str> {
    [
        "cloud_name",
        "api_key",
        "api_secret",
        "secure",
        "secure_distribution",
        "private_cdn",
        "cname",
        "cdn_subdomain",
        "secure_cdn_subdomain",
        "shorten",
        "use_root_path",
        "sign_url",
        "long_url_signature",
        "force_version",
        "signature_algorithm",
        "signature_version",
        "upload_preset",
        "dpr",
        "responsive_width",
        "use_fetch_format",
        "client_hints",
        "responsive_placeholder",
    ]
    .into_iter()
    .find(|known| *known == name)
}

pub(crate) fn config<'a>(settings: impl Iterator<Item = (&'a String, &'a Json)>) -> Result<Config> {
    let mut variables = vec![("CLOUDINARY_SECURE".to_owned(), "false".to_owned())];
    let mut step = None;
    for (name, value) in settings {
        match (name.as_str(), value) {
            ("responsive_width_transformation", Json::Object(options)) => {
                step = Some(Transformation::from_options(options)?);
            }
            ("srcset", Json::Object(parts)) => {
                for (part, value) in parts {
                    let text = match value {
                        Json::Array(widths) => widths.iter().map(text).collect::<Vec<_>>().join(","),
                        value => text(value),
                    };
                    variables.push((format!("CLOUDINARY_SRCSET[{part}]"), text));
                }
            }
            (name, value) if setting(name).is_some() && !value.is_null() => {
                variables.push((format!("CLOUDINARY_{}", name.to_uppercase()), text(value)));
            }
            _ => {}
        }
    }
    let config = Config::from_variables(variables)?;
    Ok(match step {
        Some(step) => config.responsive_width_transformation(step),
        None => config,
    })
}
