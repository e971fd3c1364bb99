//! Searches as signed URLs, for browsers and caches.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Map, Value as Json};

use super::Search;
use crate::client::Params;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::signing::sign_search;
use crate::upload::ascii_json;
use crate::url::AssetUrl;

/// How long caches keep the answer of a search URL when nothing else is said, in seconds.
pub const DEFAULT_TTL_SECONDS: u32 = 300;

impl Search {
    /// A signed URL that answers this search to whoever has it, and whose answer caches keep for `ttl` seconds:
    /// [`DEFAULT_TTL_SECONDS`], say. It is delivered by the CDN, so it costs no call of the Admin API.
    ///
    /// # Errors
    /// As [`Cloudinary::search`](crate::Cloudinary::search); [`Error::InvalidParameter`] for a `ttl` of 0;
    /// [`Error::MissingConfig`] without a secret.
    ///
    /// ```
    /// use cloudinary_core::{Cloudinary, Config, search::field};
    /// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
    /// let url = cld.search(field("tags").is("kitten")).max_results(30).to_url(300)?;
    /// assert!(url.starts_with("https://res.cloudinary.com/demo/search/") && url.contains("/300/eyJleHByZXNz"));
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/cacheable_search_urls>.
    pub fn to_url(self, ttl: u32) -> Result<String> {
        let (client, call) = self.0.into_call()?;
        url(client.config(), call.params, ttl)
    }
}

fn url(config: &Config, mut query: Params, ttl: u32) -> Result<String> {
    if ttl == 0 {
        return Err(Error::invalid("ttl", "0", "give the seconds for which the URL is good"));
    }
    let secret = config.require_api_secret()?;
    let cursor = query.shift_remove("next_cursor");
    let query = URL_SAFE.encode(ascii_json(&sorted(Json::Object(query))));
    let signature = sign_search(ttl, &query, secret);
    let mut url = format!("{}/search/{signature}/{ttl}/{query}", AssetUrl::base(config));
    if let Some(cursor) = cursor.as_ref().and_then(Json::as_str).filter(|cursor| !cursor.is_empty()) {
        url.push('/');
        url.push_str(cursor);
    }
    Ok(url)
}

/// With the names of every object in order: the form that is signed.
fn sorted(value: Json) -> Json {
    match value {
        Json::Object(object) => {
            let mut pairs: Vec<(String, Json)> =
                object.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
            Json::Object(Map::from_iter(pairs))
        }
        Json::Array(items) => items.into_iter().map(sorted).collect(),
        scalar => scalar,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_in_order() {
        let value = json!({"b": [{"z": 1, "a": {"y": 2, "x": 3}}], "a": null});
        assert_eq!(sorted(value).to_string(), r#"{"a":null,"b":[{"a":{"x":3,"y":2},"z":1}]}"#);
    }

    #[test]
    fn refused() {
        let config = Config::new("demo").credentials("key", "secret");
        assert!(url(&config, Params::new(), 0).unwrap_err().to_string().starts_with("ttl: \"0\""));
        assert!(url(&Config::new("demo"), Params::new(), 1).is_err());
    }
}
