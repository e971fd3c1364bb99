//! Where the app itself is reached.

use http::header::HOST;
use http::request::Parts;

use crate::assets::CORS_PAGE;

#[derive(Debug, Clone)]
pub(crate) struct Site {
    origins: Vec<String>,
    pub(crate) assets: String,
    pub(crate) trusts_forwarded: bool,
}

impl Default for Site {
    fn default() -> Self {
        Self { origins: Vec::new(), assets: "/cloudinary".to_owned(), trusts_forwarded: false }
    }
}

impl Site {
    pub(crate) fn set_origins<T: Into<String>>(&mut self, origins: impl IntoIterator<Item = T>) {
        self.origins =
            origins.into_iter().map(|origin| origin.into().trim_end_matches('/').to_ascii_lowercase()).collect();
    }

    /// The page on the origin that the visitor asked for. It is signed, so a host the request made up never gets in.
    pub(crate) fn callback(&self, request: &Parts) -> Option<String> {
        if self.origins.is_empty() {
            return None;
        }
        let header = |name: &str| request.headers.get(name)?.to_str().ok();
        // A proxy appends to what it was sent, so the last value is its own.
        let forwarded = |name| header(name).filter(|_| self.trusts_forwarded)?.rsplit(',').next().map(str::trim);
        let authority = request.uri.authority().map(http::uri::Authority::as_str);
        let host = forwarded("x-forwarded-host").or_else(|| header(HOST.as_str())).or(authority)?.to_ascii_lowercase();
        let scheme = forwarded("x-forwarded-proto");
        let origin = self.origins.iter().find(|origin| {
            origin.split_once("://").is_some_and(|(listed_scheme, listed)| {
                listed == host && scheme.is_none_or(|scheme| scheme.eq_ignore_ascii_case(listed_scheme))
            })
        })?;
        Some(format!("{origin}{}/{CORS_PAGE}", self.assets.trim_end_matches('/')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callbacks() {
        let page = "https://photos.example.com/cloudinary/cloudinary_cors.html";
        for (trusts, headers, expected) in [
            (false, vec![("host", "photos.example.com")], Some(page)),
            (false, vec![("host", "PHOTOS.example.com")], Some(page)),
            (false, vec![("host", "evil.example.com")], None),
            (false, vec![("host", "x"), ("x-forwarded-host", "photos.example.com")], None),
            (true, vec![("host", "x"), ("x-forwarded-host", "photos.example.com")], Some(page)),
            (true, vec![("x-forwarded-host", "evil, photos.example.com"), ("x-forwarded-proto", "https")], Some(page)),
            (true, vec![("x-forwarded-host", "photos.example.com"), ("x-forwarded-proto", "http")], None),
            (true, vec![("x-forwarded-host", "photos.example.com, evil")], None),
            (false, vec![], None),
        ] {
            let mut site = Site { trusts_forwarded: trusts, ..Site::default() };
            site.set_origins(["http://localhost:3000", "https://photos.example.com/"]);
            let mut request = http::Request::builder().uri("/upload");
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let (parts, ()) = request.body(()).unwrap().into_parts();
            assert_eq!(site.callback(&parts).as_deref(), expected, "{headers:?}");
        }
    }
}
