//! The browser script, its style sheet and the page `cloudinary_cors.html`, in one router.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use sha2::{Digest, Sha256};

/// Where the files are when nothing else is said.
pub const DEFAULT_BASE: &str = "/cloudinary";

/// The page that browsers without cross-origin requests are redirected to after an upload in an iframe.
pub const CORS_PAGE: &str = "cloudinary_cors.html";

struct File {
    name: &'static str,
    media_type: &'static str,
    text: &'static str,
}

static FILES: [File; 4] = [
    File {
        name: "cloudinary.js",
        media_type: "text/javascript; charset=utf-8",
        text: include_str!("../static/cloudinary.js"),
    },
    File {
        name: "cloudinary.css",
        media_type: "text/css; charset=utf-8",
        text: include_str!("../static/cloudinary.css"),
    },
    File {
        name: CORS_PAGE,
        media_type: "text/html; charset=utf-8",
        text: include_str!("../static/cloudinary_cors.html"),
    },
    File {
        name: "cloudinary_cors.js",
        media_type: "text/javascript; charset=utf-8",
        text: include_str!("../static/cloudinary_cors.js"),
    },
];

/// A router with the files, to nest where they shall be.
///
/// They are sent with an `ETag`, `nosniff` and a policy that allows no inline script. The includes ask for the script
/// and the style sheet by their content (`?v=…`), so those may be cached for ever.
///
/// ```
/// let app: axum::Router = axum::Router::new().nest("/cloudinary", cloudinary_axum::assets::router());
/// ```
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES.iter().fold(Router::new(), |router, file| {
        let answer = move |headers: HeaderMap, uri: Uri| async move { serve(file, &headers, uri.query()) };
        router.route(&format!("/{}", file.name), get(answer))
    })
}

/// The address of a file with its content's hash, so that a new version is a new address.
pub(crate) fn versioned(name: &str) -> String {
    match FILES.iter().find(|file| file.name == name) {
        Some(file) => format!("{name}?v={}", hash(file.text)),
        None => name.to_owned(),
    }
}

fn hash(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..8])
}

fn serve(file: &'static File, headers: &HeaderMap, query: Option<&str>) -> Response {
    let hash = hash(file.text);
    let etag = format!("\"{hash}\"");
    let current = query.is_some_and(|query| query == format!("v={hash}"));
    let caching = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { file.text.into_response() };
    let set = response.headers_mut();
    set.insert(CONTENT_TYPE, HeaderValue::from_static(file.media_type));
    set.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    set.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; script-src 'self'"));
    if let Ok(etag) = HeaderValue::try_from(etag) {
        set.insert(ETAG, etag);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt as _;

    use super::*;

    async fn get(path: &str, etag: Option<&HeaderValue>) -> Response {
        let mut request = Request::get(path).body(Body::empty()).unwrap();
        if let Some(etag) = etag {
            request.headers_mut().insert(IF_NONE_MATCH, etag.clone());
        }
        router::<()>().oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn files_are_cached_by_content() {
        for (path, media_type, caching) in [
            ("/cloudinary.js".to_owned(), "text/javascript", "no-cache"),
            (format!("/{}", versioned("cloudinary.js")), "text/javascript", "immutable"),
            ("/cloudinary.js?v=old".to_owned(), "text/javascript", "no-cache"),
            ("/cloudinary_cors.html".to_owned(), "text/html", "no-cache"),
        ] {
            let response = get(&path, None).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let header = |name| response.headers()[name].to_str().unwrap();
            assert!(header(CONTENT_TYPE).starts_with(media_type), "{path}");
            assert!(header(CACHE_CONTROL).contains(caching), "{path}");
            assert_eq!(header(X_CONTENT_TYPE_OPTIONS), "nosniff");
            assert_eq!(get(&path, Some(&response.headers()[ETAG])).await.status(), StatusCode::NOT_MODIFIED);
        }
        assert_eq!(get("/../Cargo.toml", None).await.status(), StatusCode::NOT_FOUND);
    }
}
