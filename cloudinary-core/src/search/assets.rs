//! Finding assets.

use http::Method;
use serde_json::{Map, Value as Json};

use super::Expression;
use super::query::query;
use crate::admin::Resource;
use crate::answer::record;
use crate::client::{Call, Cloudinary, Page, Repeat, Request, pages, request};

record! {
    /// A page of found assets.
    pub struct SearchPage {
        /// The assets.
        resources: Vec<Resource>,
        /// How many were found in all.
        total_count: Option<u64>,
        /// How long the search took, in milliseconds.
        time: Option<u64>,
        /// Where the next page begins; absent on the last.
        next_cursor: Option<String>,
        /// The counts asked for, by field.
        aggregations: Map<String, Json>,
    }
}

impl Page for SearchPage {
    type Item = Resource;

    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref().filter(|cursor| !cursor.is_empty())
    }

    fn into_items(self) -> Vec<Resource> {
        self.resources
    }
}

request! {
    /// A search for assets; `.await` one page, [`stream`](Self::stream) all results, or make a URL of it with
    /// [`to_url`](Self::to_url). Made by [`Cloudinary::search`].
    ///
    /// Follows <https://cloudinary.com/documentation/search_method>.
    pub struct Search -> SearchPage;

    /// Where to begin: the `next_cursor` of the page before.
    next_cursor: text => "next_cursor",
}

query!(Search);
pages!(Search of Resource);

impl Cloudinary {
    /// Searches for assets: by an expression made of [`field`](crate::search::field)s, or by a text in the service's own
    /// language, which must not have in it what a visitor typed. What was just stored may take some seconds to be found.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`](crate::Error::InvalidParameter) for an expression or a count that can never work;
    /// [`Error::MissingConfig`](crate::Error::MissingConfig) without key or secret;
    /// [`Error::Transport`](crate::Error::Transport) and [`Error::Api`](crate::Error::Api).
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary, typed: &str) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::search::{Direction, field};
    /// let page = cld.search(field("tags").is(typed)).sort_by("created_at", Direction::Desc).max_results(30).await?;
    /// for resource in &page.resources {
    ///     println!("{}", resource.asset()?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn search(&self, expression: impl Into<Expression>) -> Search {
        Search(request(self, "resources", &expression.into()))
    }
}

pub(super) fn request<T>(client: &Cloudinary, what: &str, expression: &Expression) -> Request<T> {
    let mut call = Call::admin_api(Method::POST, [what, "search"]).repeat(Repeat::Safe);
    let text = expression.to_string();
    if !text.is_empty() {
        call.set("expression", text);
    }
    Request::checked(client, expression.check().map(|()| call))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures_util::TryStreamExt as _;

    use super::super::field;
    use super::*;
    use crate::client::{Body, BoxFuture, Transport, TransportError};
    use crate::config::Config;

    #[test]
    fn answers() {
        let json = r#"{"total_count":"2","time":7,"next_cursor":"c","resources":[{"public_id":"a","version":"3",
            "resource_type":"image","type":"upload","format":"jpg"}],"aggregations":{"format":{"png":10}},"x":1}"#;
        let page: SearchPage = serde_json::from_str(json).unwrap();
        assert_eq!((page.total_count, page.next_cursor()), (Some(2), Some("c")));
        assert_eq!(page.aggregations["format"]["png"], 10);
        assert_eq!(
            (&page.more["x"], page.resources[0].asset().unwrap().to_string().as_str()),
            (&1.into(), "image/upload/v3/a.jpg")
        );
        let empty: SearchPage = serde_json::from_str(r#"{"total_count":0,"resources":null,"next_cursor":""}"#).unwrap();
        assert_eq!((empty.next_cursor(), empty.resources.len()), (None, 0));
    }

    /// Answers with pages in turn, and keeps the bodies of the requests.
    #[derive(Debug, Clone, Default)]
    struct Pages(Arc<Mutex<Vec<String>>>);

    impl Transport for Pages {
        fn send(&self, request: http::Request<Body>) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
            let body = request.body().as_bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let mut bodies = self.0.lock().unwrap();
            bodies.push(body.unwrap_or_default());
            let cursor =
                if bodies.len() < 3 { "\"c\"".replace('c', &bodies.len().to_string()) } else { "null".to_owned() };
            let page = format!(r#"{{"resources":[{{"public_id":"p{}"}}],"next_cursor":{cursor}}}"#, bodies.len());
            Box::pin(async move { Ok(http::Response::new(Body::from(page))) })
        }
    }

    #[tokio::test]
    async fn cursors() {
        let pages = Pages::default();
        let cld = Cloudinary::with_transport(Config::new("demo").credentials("key", "secret"), pages.clone());
        let found: Vec<Resource> = cld.search("x").max_results(1).stream().try_collect().await.unwrap();
        assert_eq!(found.iter().map(|resource| resource.public_id.as_str()).collect::<Vec<_>>(), ["p1", "p2", "p3"]);
        let expected = [
            r#"{"expression":"x","max_results":1}"#,
            r#"{"expression":"x","max_results":1,"next_cursor":"1"}"#,
            r#"{"expression":"x","max_results":1,"next_cursor":"2"}"#,
        ];
        assert_eq!(*pages.0.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn what_cannot_be_asked_is_not() {
        let pages = Pages::default();
        let cld = Cloudinary::with_transport(Config::new("demo").credentials("key", "secret"), pages.clone());
        for (search, expected) in [
            (cld.search(field("width").over(f64::NAN)), "width: \"NaN\""),
            (cld.search("x").max_results(501), "max_results: \"501\""),
        ] {
            assert!(search.await.unwrap_err().to_string().starts_with(expected), "{expected}");
        }
        assert!(pages.0.lock().unwrap().is_empty());
    }
}
