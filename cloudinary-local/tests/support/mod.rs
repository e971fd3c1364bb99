//! A server, a client that can misbehave, and small images.
#![allow(dead_code, reason = "each test binary uses a part of it")]

mod admin;

use std::{
    sync::Once,
    time::{SystemTime, UNIX_EPOCH},
};

use cloudinary_core::signing::{SignatureAlgorithm, SignatureVersion, sign_params};
use cloudinary_local::{Builder, LocalServer};
use cloudinary_pixels::{Bitmap, Color, Encode, Format, Picture, encode};
use reqwest::{
    Client, RequestBuilder, Response,
    multipart::{Form, Part},
};
use serde_json::Value;

pub(crate) type Params<'a> = &'a [(&'a str, &'a str)];

/// A server and a plain HTTP client for it.
pub(crate) struct Harness {
    pub(crate) server: LocalServer,
    pub(crate) http: Client,
}

/// A status and a JSON body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) cld_error: Option<String>,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let cld_error =
            response.headers().get("x-cld-error").map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        assert!(response.headers().contains_key("x-request-id"), "every answer has an id");
        Self { status: response.status().as_u16(), cld_error, json: response.json().await.unwrap_or_default() }
    }

    pub(crate) fn message(&self) -> &str {
        self.json["error"]["message"].as_str().unwrap_or_default()
    }

    pub(crate) fn str(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap_or_else(|| panic!("{name} is no text in {}", self.json))
    }
}

/// A client that follows no redirect.
pub(crate) fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        rustls::crypto::ring::default_provider().install_default().expect("no other is installed");
    });
    Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client")
}

pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64
}

impl Harness {
    pub(crate) async fn start() -> Self {
        Self::with(LocalServer::builder()).await
    }

    pub(crate) async fn with(builder: Builder) -> Self {
        Self { server: builder.start().await.expect("the server starts"), http: client() }
    }

    pub(crate) fn api(&self, path: &str) -> String {
        format!("{}/v1_1/local/{path}", self.server.url())
    }

    /// The parameters with timestamp, key and signature.
    pub(crate) fn signed(&self, params: Params<'_>) -> Vec<(String, String)> {
        self.signed_at(params, now())
    }

    pub(crate) fn signed_at(&self, params: Params<'_>, timestamp: i64) -> Vec<(String, String)> {
        let config = self.server.config();
        let mut all: Vec<(String, String)> =
            params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        all.push(("timestamp".to_owned(), timestamp.to_string()));
        let pairs = all.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let secret = config.require_api_secret().expect("a secret");
        let signature = sign_params(pairs, secret, SignatureAlgorithm::Sha1, SignatureVersion::V2);
        all.push(("signature".to_owned(), signature));
        all.push(("api_key".to_owned(), config.require_api_key().expect("a key").to_owned()));
        all
    }

    /// A multipart upload of these very fields.
    pub(crate) fn post(&self, path: &str, params: &[(String, String)], file: Option<(&[u8], &str)>) -> RequestBuilder {
        let mut form = Form::new();
        for (name, value) in params {
            form = form.text(name.clone(), value.clone());
        }
        if let Some((bytes, filename)) = file {
            form = form.part("file", Part::bytes(bytes.to_vec()).file_name(filename.to_owned()));
        }
        self.http.post(self.api(path)).multipart(form)
    }

    pub(crate) async fn upload_as(
        &self,
        resource_type: &str,
        params: Params<'_>,
        bytes: &[u8],
        filename: &str,
    ) -> Answer {
        let path = format!("{resource_type}/upload");
        let request = self.post(&path, &self.signed(params), Some((bytes, filename)));
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub(crate) async fn upload(&self, params: Params<'_>, bytes: &[u8], filename: &str) -> Answer {
        self.upload_as("image", params, bytes, filename).await
    }

    pub(crate) async fn destroy(&self, params: Params<'_>) -> Answer {
        let request = self.post("image/destroy", &self.signed(params), None);
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.server.url())).send().await.expect("an answer")
    }
}

/// A picture of four colours in one format.
pub(crate) fn picture(format: Format, width: u32, height: u32) -> Vec<u8> {
    let bitmap = Bitmap::from_fn(width, height, |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => [200, 30, 30, 255],
        (false, true) => [30, 200, 30, 255],
        (true, false) => [30, 30, 200, 255],
        (false, false) => [200, 200, 30, 255],
    });
    encode(&Picture::still(bitmap), format, &Encode::default()).expect("it encodes")
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    picture(Format::Png, width, height)
}

pub(crate) fn plain(color: Color) -> Vec<u8> {
    encode(&Picture::still(Bitmap::filled(8, 8, color)), Format::Png, &Encode::default()).expect("it encodes")
}

/// A PNG header that claims a size, with nothing behind it.
pub(crate) fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = png(4, 4);
    png.splice(16..24, width.to_be_bytes().into_iter().chain(height.to_be_bytes()));
    let crc = crc32(&png[12..29]);
    png.splice(29..33, crc.to_be_bytes());
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}
