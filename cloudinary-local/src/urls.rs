//! The URLs the server writes: core's own grammar, wired to the server's address.

use std::sync::Arc;

use cloudinary_core::{AssetRef, AssetUrl, Config, Transformation};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    Error,
    settings::Settings,
    store::{Asset, DeliveryType, ResourceType},
};

/// Checks a public URL: a scheme and a host, nothing behind.
pub(crate) fn check_public(url: &str) -> Result<String, Error> {
    let refuse = |reason: &str| Error::Setting { name: "public_url", reason: format!("{url} {reason}") };
    let parsed = url::Url::parse(url).map_err(|error| refuse(&format!("is no URL: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
        return Err(refuse("must be http://host or https://host"));
    }
    if parsed.path() != "/" || parsed.query().is_some() || parsed.fragment().is_some() || !parsed.username().is_empty()
    {
        return Err(refuse("must end after the host and the port"));
    }
    Ok(parsed.origin().ascii_serialization())
}

/// A client configuration for the server at `public_url`.
pub(crate) fn client_config(settings: &Settings) -> Config {
    let config = Config::new(&settings.cloud_name)
        .credentials(&settings.api_key, settings.api_secret.expose())
        .upload_prefix(&settings.public_url);
    match settings.public_url.split_once("://") {
        Some(("https", host)) => config.secure(true).secure_distribution(host),
        Some((_, host)) => config.secure(false).cname(host),
        None => config,
    }
}

/// The `CLOUDINARY_URL` of the server, secret included.
pub(crate) fn cloudinary_url(settings: &Settings) -> String {
    let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let host = match settings.public_url.split_once("://") {
        Some(("https", host)) => format!("secure_distribution={host}"),
        Some((_, host)) => format!("cname={host}"),
        None => String::new(),
    };
    format!(
        "cloudinary://{}:{}@{}?upload_prefix={}&{host}",
        escape(&settings.api_key),
        escape(settings.api_secret.expose()),
        settings.cloud_name,
        settings.public_url,
    )
}

/// The delivery URL of an asset, or of something derived from it; signed where the asset needs it.
pub(crate) fn delivery(
    config: &Arc<Config>,
    asset: &Asset,
    transformation: Option<&Transformation>,
    format: Option<&str>,
) -> String {
    let reference = AssetRef {
        resource_type: match asset.key.resource_type {
            ResourceType::Image => cloudinary_core::ResourceType::Image,
            ResourceType::Raw => cloudinary_core::ResourceType::Raw,
        },
        delivery_type: match asset.key.delivery_type {
            DeliveryType::Upload => cloudinary_core::DeliveryType::Upload,
            DeliveryType::Private => cloudinary_core::DeliveryType::Private,
            DeliveryType::Authenticated => cloudinary_core::DeliveryType::Authenticated,
            DeliveryType::Text => cloudinary_core::DeliveryType::Text,
            DeliveryType::Sprite => cloudinary_core::DeliveryType::Sprite,
            DeliveryType::Multi => cloudinary_core::DeliveryType::Multi,
        },
        version: u64::try_from(asset.version).ok(),
        public_id: asset.key.public_id.clone(),
        format: format.map(|format| format.to_owned().into()),
    };
    let url = AssetUrl::new(Arc::clone(config), reference).sign(!asset.key.delivery_type.is_open());
    match transformation {
        Some(transformation) => url.transform(transformation).to_string(),
        None => url.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::check_public;

    #[test]
    fn public_urls() {
        let table = [
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("http://127.0.0.1:8080/", Some("http://127.0.0.1:8080")),
            ("https://media.example.com", Some("https://media.example.com")),
            ("http://[::1]:80/", Some("http://[::1]")),
            ("http://host/path", None),
            ("ftp://host", None),
            ("host:80", None),
            ("", None),
        ];
        for (url, expected) in table {
            assert_eq!(check_public(url).ok().as_deref(), expected, "{url}");
        }
    }
}
