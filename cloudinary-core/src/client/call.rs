//! One call of an API: where it goes, what it carries, who vouches for it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request};
use serde_json::{Map, Value as Json};

use super::multipart::{FileFault, FilePart, Multipart, Watch};
use super::retry::Repeat;
use super::transport::Body;
use crate::clock::now;
use crate::config::{Config, DEFAULT_UPLOAD_PREFIX, Secret};
use crate::error::{Error, Result};
use crate::escape::escape_unless;
use crate::transformation::Value;

/// Parameters in their order.
pub(crate) type Params = Map<String, Json>;

/// How a call proves who makes it. A bearer token, where there is one, takes the place of both key and signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Auth {
    /// The parameters are signed: the Upload API.
    Signature,
    /// Key and secret travel as basic authentication: the Admin API.
    Key,
    /// Neither.
    Nothing,
}

/// Where the parameters stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// In the URL; lists as `name[]`.
    Query,
    /// In a JSON object.
    Json,
    /// In a form; lists as `name[]`, booleans as 1 and 0.
    Form,
    /// In a form; lists as `name[0]`.
    IndexedForm,
}

/// One call.
pub(crate) struct Call {
    /// What messages call it, as `image/upload`.
    pub(crate) action: String,
    method: Method,
    path: String,
    pub(crate) params: Params,
    encoding: Encoding,
    auth: Auth,
    pub(crate) repeat: Repeat,
    pub(crate) file: Option<FilePart>,
    /// What the form calls the file.
    file_field: &'static str,
    watch: Option<Watch>,
    headers: HeaderMap,
}

impl Call {
    /// A signed call of the Upload API: `/v1_1/{cloud}/{resource_type}/{action}`.
    pub(crate) fn upload_api(resource_type: &str, action: &str, params: Params) -> Self {
        Self {
            action: format!("{resource_type}/{action}"),
            method: Method::POST,
            path: format!("v1_1/\0/{resource_type}/{action}"),
            params,
            encoding: Encoding::Form,
            auth: Auth::Signature,
            repeat: Repeat::Safe,
            file: None,
            file_field: "file",
            watch: None,
            headers: HeaderMap::new(),
        }
    }

    /// A call of the Admin API: `/v1_1/{cloud}/{path…}`. GET carries its parameters in the URL, the others in JSON.
    pub(crate) fn admin_api<S: AsRef<str>>(method: Method, path: impl IntoIterator<Item = S>) -> Self {
        Self::admin_in("v1_1/\0", method, path)
    }

    /// A call of the newer Admin API: `/v2/{cloud}/{path…}`.
    pub(crate) fn admin_v2<S: AsRef<str>>(method: Method, path: impl IntoIterator<Item = S>) -> Self {
        Self::admin_in("v2/\0", method, path)
    }

    /// A call of a module of the newer Admin API: `/v2/{module}/{cloud}/{path…}`.
    pub(crate) fn module_v2<S: AsRef<str>>(module: &str, method: Method, path: impl IntoIterator<Item = S>) -> Self {
        Self::admin_in(&format!("v2/{module}/\0"), method, path)
    }

    fn admin_in<S: AsRef<str>>(base: &str, method: Method, path: impl IntoIterator<Item = S>) -> Self {
        let mut text = base.to_owned();
        let mut action = method.to_string();
        for (at, part) in path.into_iter().enumerate() {
            // A part may be an id with folders, whose slashes stay; everything else that could end the path does not.
            text.push('/');
            action.push(if at == 0 { ' ' } else { '/' });
            escape_unless(&mut text, part.as_ref(), |b| b.is_ascii_alphanumeric() || b"_.-/:".contains(&b));
            action.push_str(part.as_ref());
        }
        let get = method == Method::GET;
        Self {
            action,
            method,
            path: text,
            params: Params::new(),
            encoding: if get { Encoding::Query } else { Encoding::Json },
            auth: Auth::Key,
            repeat: if get { Repeat::Safe } else { Repeat::IfRefused },
            file: None,
            file_field: "file",
            watch: None,
            headers: HeaderMap::new(),
        }
    }

    /// Other than the API's usual way.
    pub(crate) fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Other than the API's usual way.
    pub(crate) fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    /// Whether it may be made again.
    pub(crate) fn repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// With a file.
    pub(crate) fn file(mut self, file: FilePart) -> Self {
        self.file = Some(file);
        self
    }

    /// With a file by another name than `file`.
    pub(crate) fn file_as(mut self, field: &'static str, file: FilePart) -> Self {
        self.file_field = field;
        self.file(file)
    }

    /// With somebody to tell how much of the file has gone.
    pub(crate) fn watch(mut self, watch: Option<Watch>) -> Self {
        self.watch = watch;
        self
    }

    /// The same call once more, for the next page; without the file, of which there is one.
    pub(crate) fn again(&self) -> Self {
        Self {
            action: self.action.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            params: self.params.clone(),
            encoding: self.encoding,
            auth: self.auth,
            repeat: self.repeat,
            file: None,
            file_field: "file",
            watch: None,
            headers: self.headers.clone(),
        }
    }

    /// A part of the path behind the cloud's name, counted from 0, as it is sent.
    pub(crate) fn part(&self, at: usize) -> Option<&str> {
        self.path.split_once('\0')?.1.split('/').nth(at + 1)
    }

    /// Replaces a part of the path, or adds one right behind the last. Parts are counted as in [`part`](Self::part).
    pub(crate) fn set_part(&mut self, at: usize, part: &str) {
        let Some((base, path)) = self.path.split_once('\0') else { return };
        let mut parts: Vec<&str> = path.split('/').skip(1).collect();
        match parts.get_mut(at) {
            Some(old) => *old = part,
            None => parts.push(part),
        }
        let path = parts.join("/");
        self.action = format!("{} {path}", self.method);
        self.path = format!("{base}\0/{path}");
    }

    /// Adds a header.
    pub(crate) fn header(&mut self, name: HeaderName, value: &str) -> Result<()> {
        let value = header_value(name.as_str(), value)?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Adds or replaces a parameter.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.params.insert(name.to_owned(), value.into());
    }

    /// Whether a token would be sent.
    pub(crate) fn takes_token(&self) -> bool {
        self.auth != Auth::Nothing
    }

    /// The address without parameters.
    pub(crate) fn url(&self, config: &Config) -> String {
        let prefix = config.upload_prefix.as_deref().unwrap_or(DEFAULT_UPLOAD_PREFIX);
        format!("{prefix}/{}", self.path.replace('\0', &config.cloud_name))
    }

    /// The request, made anew for each try: a signature is good for an hour only, and a file is read again.
    pub(crate) fn request(&mut self, config: &Config, token: Option<&Secret>) -> Result<(Request<Body>, FileFault)> {
        let mut url = self.url(config);
        let mut headers = self.headers.clone();
        let mut fault = FileFault::default();
        let body = match self.encoding {
            Encoding::Query => {
                push_query(&mut url, &flat(&self.params, "[]", &|value| if value { "true" } else { "false" }));
                Body::from("")
            }
            Encoding::Json => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                Body::from(serde_json::to_vec(&self.params).unwrap_or_default())
            }
            Encoding::Form | Encoding::IndexedForm => {
                let fields = self.fields(config, token.is_some())?;
                let form = Multipart::new(&fields, self.file_field, &mut self.file, self.watch.as_ref())?;
                headers.insert(CONTENT_TYPE, header_value("content-type", &form.content_type)?);
                headers.insert(CONTENT_LENGTH, form.length.into());
                fault = form.fault;
                form.body
            }
        };
        let authorization = match (token, self.auth) {
            (_, Auth::Nothing) | (None, Auth::Signature) => None,
            (Some(token), _) => Some(format!("Bearer {}", token.expose())),
            (None, Auth::Key) => {
                let (key, secret) = (config.require_api_key()?, config.require_api_secret()?);
                Some(format!("Basic {}", STANDARD.encode(format!("{key}:{}", secret.expose()))))
            }
        };
        if let Some(authorization) = authorization {
            let mut value = HeaderValue::from_str(&authorization).map_err(|_| {
                Error::Config("the token or key has characters that no HTTP header can carry".to_owned())
            })?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(&url)
            .body(body)
            .map_err(|error| Error::Config(format!("upload_prefix does not make a URL: {error}")))?;
        *request.headers_mut() = headers;
        Ok((request, fault))
    }

    fn fields(&self, config: &Config, has_token: bool) -> Result<Vec<(String, String)>> {
        let list = if self.encoding == Encoding::IndexedForm { "[0]" } else { "[]" };
        let switch = |value| if value { "1" } else { "0" };
        if self.auth != Auth::Signature {
            return Ok(flat(&self.params, list, &switch));
        }
        let mut params = self.params.clone();
        params.entry("timestamp").or_insert_with(|| now().into());
        let mut fields = flat(&params, list, &switch);
        if !has_token {
            // A list is signed as its items with commas between them, whatever form it is sent in.
            let texts: Vec<(String, String)> =
                params.iter().map(|(name, value)| (name.clone(), joined(value, &switch))).collect();
            fields.push(("signature".to_owned(), config.sign_params(texts)?));
            fields.push(("api_key".to_owned(), config.require_api_key()?.to_owned()));
        }
        Ok(fields)
    }

    /// A URL that carries the signed call in itself, for a browser to follow; `mode=download`.
    pub(crate) fn download_url(&self, config: &Config) -> Result<String> {
        let mut url = self.url(config);
        push_query(&mut url, &self.fields(config, false)?);
        Ok(url)
    }
}

fn header_value(name: &str, text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|_| Error::invalid(name, text, "it cannot stand in an HTTP header"))
}

/// Names and texts, lists spread out; empty values stand for unset.
fn flat(params: &Params, list: &str, switch: &dyn Fn(bool) -> &'static str) -> Vec<(String, String)> {
    let mut fields = Vec::with_capacity(params.len() + 3);
    for (name, value) in params {
        match value {
            Json::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let suffix = if list == "[0]" { format!("[{at}]") } else { list.to_owned() };
                    fields.push((format!("{name}{suffix}"), text(item, switch)));
                }
            }
            value => {
                let text = text(value, switch);
                if !text.is_empty() {
                    fields.push((name.clone(), text));
                }
            }
        }
    }
    fields
}

fn joined(value: &Json, switch: &dyn Fn(bool) -> &'static str) -> String {
    match value {
        Json::Array(items) => items.iter().map(|item| text(item, switch)).collect::<Vec<_>>().join(","),
        value => text(value, switch),
    }
}

fn text(value: &Json, switch: &dyn Fn(bool) -> &'static str) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(value) => switch(*value).to_owned(),
        Json::String(text) => text.clone(),
        Json::Number(number) if number.is_f64() => {
            Value::from(number.as_f64().unwrap_or_default()).with_str(str::to_owned)
        }
        other => other.to_string(),
    }
}

fn push_query(url: &mut String, fields: &[(String, String)]) {
    for (at, (name, value)) in fields.iter().enumerate() {
        url.push(if at == 0 { '?' } else { '&' });
        push_query_text(url, name);
        url.push('=');
        push_query_text(url, value);
    }
}

fn push_query_text(url: &mut String, text: &str) {
    for (at, word) in text.split(' ').enumerate() {
        if at > 0 {
            url.push('+');
        }
        escape_unless(url, word, |b| b.is_ascii_alphanumeric() || b"_.-~".contains(&b));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn params(json: &Json) -> Params {
        json.as_object().unwrap().clone()
    }

    #[test]
    fn addresses() {
        let config = Config::new("demo").credentials("k", "s");
        for (call, expected) in [
            (Call::upload_api("image", "tags", Params::new()), "v1_1/demo/image/tags"),
            (
                Call::admin_api(Method::GET, ["resources", "image", "upload", "a b/ü?#%"]),
                "v1_1/demo/resources/image/upload/a%20b/%C3%BC%3F%23%25",
            ),
            (Call::admin_v2(Method::POST, ["analysis", "analyze", "uri"]), "v2/demo/analysis/analyze/uri"),
            (Call::module_v2("notifications", Method::GET, ["triggers"]), "v2/notifications/demo/triggers"),
        ] {
            assert_eq!(call.url(&config), format!("https://api.cloudinary.com/{expected}"));
        }
    }

    #[test]
    fn queries() {
        let config = Config::new("demo").credentials("k", "s");
        let fields = flat(
            &params(&json!({"a": ["x y", "z&"], "b": true, "c": 7, "d": null, "e": "", "f": 0.5, "g": "~*"})),
            "[]",
            &|value| if value { "true" } else { "false" },
        );
        let mut url = String::new();
        push_query(&mut url, &fields);
        assert_eq!(url, "?a%5B%5D=x+y&a%5B%5D=z%26&b=true&c=7&f=0.5&g=~%2A");
        let call = Call::upload_api(
            "image",
            "tags",
            params(&json!({"public_ids": ["a", "b"], "timestamp": 1, "command": "add"})),
        );
        let fields = call.fields(&config, false).unwrap();
        let signature = config.sign_params([("command", "add"), ("public_ids", "a,b"), ("timestamp", "1")]).unwrap();
        assert!(
            fields.contains(&("public_ids[]".into(), "a".into())) && fields.contains(&("signature".into(), signature))
        );
    }
}
