//! Calls of the Admin API.

use reqwest::Method;
use serde_json::Value;

use super::{Answer, Harness};

impl Harness {
    /// One call; `path` may have a query.
    pub(crate) async fn admin(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let config = self.server.config();
        let key = config.require_api_key().expect("a key").to_owned();
        let secret = config.require_api_secret().expect("a secret").expose().to_owned();
        let mut request = self.http.request(method, self.api(path)).basic_auth(key, Some(secret));
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub(crate) async fn admin_get(&self, path: &str) -> Answer {
        self.admin(Method::GET, path, None).await
    }

    pub(crate) async fn admin_post(&self, path: &str, body: Value) -> Answer {
        self.admin(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn admin_put(&self, path: &str, body: Value) -> Answer {
        self.admin(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn admin_delete(&self, path: &str, body: Value) -> Answer {
        self.admin(Method::DELETE, path, Some(body)).await
    }
}

impl Answer {
    /// What a list of the answer has under a name, in order.
    pub(crate) fn column(&self, list: &str, name: &str) -> Vec<String> {
        let items = self.json[list].as_array().unwrap_or_else(|| panic!("no list {list} in {}", self.json));
        items.iter().map(|item| item[name].as_str().unwrap_or_default().to_owned()).collect()
    }
}
