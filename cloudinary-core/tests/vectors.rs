//! Runs recorded inputs and outputs of `PyPI` `cloudinary` against this crate.
//!
//! `cargo test -p cloudinary-core --test vectors` runs every file of `tests/vectors/`, or those named in
//! `CLOUDINARY_VECTORS`, separated by `:`. Each failure is printed with input, expected and got; the last line counts.
//! Kinds of record that this crate has no counterpart for yet are counted as skipped, by kind.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use cloudinary_core::signing::{
    NOTIFICATION_WINDOW_SECONDS, SignatureAlgorithm, SignatureVersion, sign_params, string_to_sign,
    verify_notification, verify_response, verify_signed_message,
};
use cloudinary_core::transformation::is_option;
use cloudinary_core::{
    AssetRef, AssetUrl, AuthToken, Config, ImgTag, Picture, PictureSource, Result, Secret, SignedUpload, Srcset,
    Transformation, UploadOptions, Value, VideoSource,
};
use serde_json::{Map, Value as Json, json};

fn main() -> ExitCode {
    let mut tally = Tally::default();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file: Json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let records = file["vectors"].as_array().unwrap_or_else(|| panic!("{}: no vectors", path.display()));
        for record in records {
            tally.run(record);
        }
    }
    tally.report()
}

fn files() -> Vec<PathBuf> {
    if let Ok(named) = std::env::var("CLOUDINARY_VECTORS") {
        return named.split(':').map(PathBuf::from).collect();
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("tests/vectors is part of the crate")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    /// Neither passed nor failed: records of behaviour that is different on purpose.
    excepted: BTreeMap<&'static str, usize>,
    skipped: BTreeMap<String, usize>,
}

impl Tally {
    fn run(&mut self, record: &Json) {
        let input = Input { record };
        if let Some(decision) = input.excepted() {
            *self.excepted.entry(decision).or_default() += 1;
            return;
        }
        let Some(outcome) = input.run() else {
            *self.skipped.entry(input.kind().to_owned()).or_default() += 1;
            return;
        };
        let raises = record.get("raises");
        let matches = match (&outcome, raises) {
            (Err(error), Some(raises)) => same_trouble(&error.to_string(), &raises["message"]),
            (Ok(got), None) => *got == input.expected(),
            _ => false,
        };
        if matches {
            self.passed += 1;
            return;
        }
        self.failed += 1;
        println!("FAILED {}", input.kind());
        println!(
            "  input    {}",
            json!({"args": record["args"], "kwargs": record["kwargs"], "config": record["config"], "self": record["self"]})
        );
        println!("  expected {}", raises.cloned().unwrap_or_else(|| input.expected()));
        match outcome {
            Ok(got) => println!("  got      {got}"),
            Err(error) => println!("  got      error: {error}"),
        }
    }

    fn report(&self) -> ExitCode {
        for (decision, count) in &self.excepted {
            println!("excepted {count}: {decision}");
        }
        for (kind, count) in &self.skipped {
            println!("skipped {count} of {kind}");
        }
        let skipped: usize = self.skipped.values().sum();
        println!("{} passed, {} failed, {skipped} skipped", self.passed, self.failed);
        if self.failed == 0 && self.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

struct Input<'a> {
    record: &'a Json,
}

impl Input<'_> {
    fn kind(&self) -> &str {
        self.record["fn"].as_str().unwrap_or("?")
    }

    /// The decision by which the record's output is not ours.
    fn excepted(&self) -> Option<&'static str> {
        let anywhere = self.record["kwargs"].to_string();
        if anywhere.contains(r#""duration":"auto""#) {
            return Some("a duration that is no number is an error, not dropped");
        }
        if anywhere.contains(r#""offset":"auto.."#) {
            return Some("an offset range from auto is written, not dropped");
        }
        if anywhere.contains(r#""raw_transformation":"e_x/l_y""#) && !self.record["config"]["dpr"].is_null() {
            return Some("a dpr in the configuration reaches every step, those of raw text too");
        }
        let kwargs = &self.record["kwargs"];
        let by_parameter = truthy(kwargs.get("use_fetch_format"))
            || truthy(self.record["config"].get("use_fetch_format"))
            || kwargs["type"] == "fetch";
        if by_parameter && kwargs["responsive_width"] == true && truthy(kwargs.get("format")) {
            return Some("a format that is a parameter stands in the last step, be it the responsive one");
        }
        if by_parameter && self.kind() == "CloudinaryResource.video" && kwargs["source_types"].is_string() {
            return Some("a format that is a parameter is one for a single source of a video too");
        }
        if !self.kind().starts_with("CloudinaryResource.") {
            return None;
        }
        let html = self.record["expected"].as_str().unwrap_or_default();
        let attribute = |name: &str| html.split('>').next().is_some_and(|tag| tag.contains(&format!(" {name}")));
        if attribute("$") || attribute("responsive") || attribute("hidpi") {
            return Some("an option of a transformation or of the tag never becomes an attribute");
        }
        if attribute("width=\"i") || attribute("height=\"i") {
            return Some("width and height attributes are whole pixels");
        }
        if !self.record["kwargs"]["attributes"]["src"].is_null() {
            return Some("an attribute that is set wins, src too");
        }
        if self.record["kwargs"]["fallback_content"].as_str().is_some_and(|text| text.contains('<')) {
            return Some("every text is escaped, the fallback of a video too");
        }
        None
    }

    /// What we give for the record; `None` for a kind we have no counterpart for.
    fn run(&self) -> Option<Result<Json>> {
        Some(match self.kind() {
            "utils.generate_transformation_string" => self.transformation(),
            "utils.normalize_expression" => Ok(self.expression()),
            "utils.cloudinary_url" => self.url().map(|url| json!(url)),
            "utils.build_upload_params" => self.upload_params(),
            "utils.api_sign_request" => self.signature(),
            "utils.api_string_to_sign" => {
                self.signature_version().map(|version| json!(string_to_sign(self.params(), version)))
            }
            "utils.verify_api_response_signature" => Ok(self.response_verifies()),
            "utils.verify_notification_signature" => Ok(self.notification_verifies()),
            "utils.verify_notification" => Ok(self.message_verifies()),
            "CloudinaryResource.url" => {
                self.asset().and_then(|asset| Ok(json!(AssetUrl::new(&self.config()?, asset).url()?)))
            }
            "CloudinaryResource.get_prep_value" => self.asset().map(|asset| json!(asset.to_string())),
            "CloudinaryResource.get_presigned" => {
                self.asset().and_then(|asset| Ok(json!(asset.presigned(&self.config()?)?.to_string())))
            }
            "CloudinaryResource.image" => self.image(self.kwargs()).map(|tag| json!(tag.to_string())),
            "CloudinaryResource.picture" => self.picture(),
            "CloudinaryResource.video_thumbnail" => self.video_thumbnail(),
            "CloudinaryResource.video" => self.video(),
            "auth_token.generate" => self.auth_token(),
            _ => return None,
        })
    }

    /// The recorded output, less what has no counterpart: the leftover options behind a URL are that library's
    /// HTML attributes, and unset upload parameters are never sent.
    fn expected(&self) -> Json {
        let expected = &self.record["expected"];
        match self.kind() {
            "utils.generate_transformation_string" | "utils.cloudinary_url" => expected[0].clone(),
            "utils.build_upload_params" => {
                let params = expected.as_object().into_iter().flatten().filter_map(|(name, value)| {
                    let text = match value {
                        Json::Null => return None,
                        Json::Bool(value) => u8::from(*value).to_string(),
                        Json::String(text) => text.clone(),
                        Json::Array(items) => {
                            items.iter().map(|item| item.as_str().unwrap_or("?")).collect::<Vec<_>>().join(",")
                        }
                        other => other.to_string(),
                    };
                    (!text.is_empty()).then(|| (name.clone(), Json::String(text)))
                });
                Json::Object(params.collect())
            }
            _ => expected.clone(),
        }
    }

    fn kwargs(&self) -> Map<String, Json> {
        self.record["kwargs"].as_object().cloned().unwrap_or_default()
    }

    /// The record's configuration on that library's defaults.
    fn config(&self) -> Result<Config> {
        config(self.record["config"].as_object().into_iter().flatten())
    }

    fn transformation(&self) -> Result<Json> {
        let transformation = Transformation::from_options(&self.options(self.kwargs()))?;
        let url = AssetUrl::new(&self.config()?, "x").transform(&transformation);
        Ok(json!(url.effective_transformation().as_str()))
    }

    /// The transformation options among keyword arguments. What is none becomes an HTML attribute there, or is dropped
    /// inside a nested transformation. A `dpr` of that library's configuration reaches each map, empty ones too.
    fn options(&self, kwargs: Map<String, Json>) -> Map<String, Json> {
        let mut options: Map<String, Json> = kwargs.into_iter().filter(|(name, _)| is_option(name)).collect();
        if let Some(dpr) = self.record["config"].get("dpr")
            && !options.contains_key("dpr")
        {
            options.insert("dpr".to_owned(), dpr.clone());
        }
        if let Some(value) = options.get_mut("transformation") {
            *value = self.nested(std::mem::take(value));
        }
        options
    }

    fn nested(&self, value: Json) -> Json {
        match value {
            Json::Object(mut inner) => {
                let format = inner.shift_remove("format");
                let mut options = self.options(inner);
                options.extend(format.map(|format| ("format".to_owned(), format)));
                Json::Object(options)
            }
            Json::Array(items) if items.iter().any(Json::is_object) => {
                let items = items.into_iter().map(|item| match item {
                    Json::String(name) => self.nested(json!({"transformation": name})),
                    item => self.nested(item),
                });
                Json::Array(items.collect())
            }
            other => other,
        }
    }

    fn expression(&self) -> Json {
        match &self.record["args"][0] {
            Json::String(text) => match Value::from(text.as_str()) {
                Value::Text(text) => Json::String(text),
                other => panic!("text became {other:?}"),
            },
            other => other.clone(),
        }
    }

    fn url(&self) -> Result<String> {
        let id = self.record["args"][0].as_str().unwrap_or_default();
        self.url_of(AssetRef::image(id), self.kwargs())
    }

    fn asset(&self) -> Result<AssetRef> {
        let own = &self.record["self"];
        let text = |name: &str| own[name].as_str().filter(|text| !text.is_empty());
        let mut asset = AssetRef::image(text("public_id").unwrap_or_default());
        asset.format = text("format").map(str::to_owned);
        asset.version = text("version").and_then(|version| version.parse().ok());
        if let Some(kind) = text("resource_type") {
            asset.resource_type = kind.parse()?;
        }
        if let Some(kind) = text("type") {
            asset.delivery_type = kind.parse()?;
        }
        Ok(asset)
    }

    fn url_of(&self, asset: AssetRef, kwargs: Map<String, Json>) -> Result<String> {
        if asset.public_id.is_empty() {
            return Ok(String::new());
        }
        self.asset_url(asset, kwargs)?.url()
    }

    fn asset_url(&self, mut asset: AssetRef, kwargs: Map<String, Json>) -> Result<AssetUrl> {
        let mut settings = self.record["config"].as_object().cloned().unwrap_or_default();
        let mut transformation = Map::new();
        let mut suffix = None;
        let mut token = settings.shift_remove("auth_token").unwrap_or_default();
        for (name, value) in kwargs {
            let text = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match name.as_str() {
                "type" => asset.delivery_type = text().parse()?,
                "resource_type" => asset.resource_type = text().parse()?,
                "version" if !value.is_null() => asset.version = text().parse().ok(),
                "format" if !value.is_null() => asset.format = Some(text()),
                "url_suffix" if !value.is_null() => suffix = Some(text()),
                "auth_token" => match (&mut token, value) {
                    (Json::Object(token), Json::Object(own)) => token.extend(own),
                    (token, value) => *token = value,
                },
                name if is_option(name) => {
                    transformation.insert(name.to_owned(), value);
                }
                // Options of a single URL there are options of a configuration here.
                _ => {
                    settings.insert(name, value);
                }
            }
        }
        let transformation = Transformation::from_options(&self.options(transformation))?;
        let mut url = AssetUrl::new(&config(settings.iter())?, asset).transform(&transformation);
        if let Json::Object(token) = token {
            url = url.auth_token(auth_token(&token));
        }
        if let Some(suffix) = suffix {
            url = url.suffix(suffix);
        }
        Ok(url)
    }

    /// Splits keyword arguments into those of a URL and the HTML attributes, in the order they win there.
    fn tag_parts(mut kwargs: Map<String, Json>) -> (Map<String, Json>, Vec<(String, Json)>) {
        let own = match kwargs.shift_remove("attributes") {
            Some(Json::Object(own)) => own,
            _ => Map::new(),
        };
        let mut attributes = Vec::new();
        kwargs.retain(|name, value| {
            let known = is_option(name) || Self::is_url_option(name);
            if !known {
                attributes.push((name.clone(), value.take()));
            }
            known
        });
        attributes.extend(own);
        (kwargs, attributes)
    }

    fn image(&self, mut kwargs: Map<String, Json>) -> Result<ImgTag> {
        let own_step = kwargs.iter().any(|(name, _)| is_option(name) && name != "transformation");
        let mut srcset = match &self.record["config"]["srcset"] {
            Json::Object(srcset) => srcset.clone(),
            _ => Map::new(),
        };
        let mut srcset_text = None;
        match kwargs.shift_remove("srcset") {
            Some(Json::Object(own)) => srcset.extend(own),
            Some(Json::String(text)) => srcset_text = Some(text),
            _ => {}
        }
        let client_hints = kwargs.shift_remove("client_hints");
        let (kwargs, mut attributes) = Self::tag_parts(kwargs);
        let url = self.asset_url(self.asset()?, kwargs)?;
        let mut tag = url.img_tag().size_attributes(own_step);
        if let Some(hints) = client_hints {
            tag = tag.client_hints(truthy(Some(&hints)));
        }
        if srcset_text.is_none() {
            tag = tag.srcset(self.srcset(&srcset)?);
        }
        if let Some(text) = srcset_text {
            attributes.insert(0, ("srcset".to_owned(), json!(text)));
        }
        for (name, value) in attributes {
            tag = match value {
                Json::Bool(true) => tag.switch(name),
                Json::String(text) if name == "responsive_placeholder" => tag.responsive_placeholder(text),
                value => tag.attr(name, text(&value)),
            };
        }
        Ok(tag)
    }

    fn picture(&self) -> Result<Json> {
        let mut kwargs = self.kwargs();
        let sources = kwargs.shift_remove("sources").unwrap_or_default();
        let mut picture = Picture::new(self.image(kwargs)?);
        for source in sources.as_array().into_iter().flatten() {
            let pixels = |name: &str| source[name].as_u64().map(|width| width as u32);
            let own = json!({"transformation": self.nested(source["transformation"].clone())});
            let own = own.as_object().cloned().unwrap_or_default();
            let mut made = PictureSource::new().transformation(Transformation::from_options(&own)?);
            if let Some(width) = pixels("min_width") {
                made = made.min_width(width);
            }
            if let Some(width) = pixels("max_width") {
                made = made.max_width(width);
            }
            picture = picture.source(made);
        }
        Ok(json!(picture.to_string()))
    }

    fn video_thumbnail(&self) -> Result<Json> {
        let mut kwargs = self.kwargs();
        kwargs.entry("format").or_insert_with(|| json!("jpg"));
        self.url_of(self.asset()?, kwargs).map(|url| json!(url))
    }

    fn srcset(&self, options: &Map<String, Json>) -> Result<Srcset> {
        let number =
            |name: &str| options.get(name).and_then(Json::as_u64).and_then(|number| u32::try_from(number).ok());
        let mut srcset = match options.get("breakpoints").and_then(Json::as_array) {
            Some(widths) => Srcset::widths(widths.iter().filter_map(Json::as_u64).map(|width| width as u32)),
            None => match (number("min_width"), number("max_width"), number("max_images")) {
                (Some(min), Some(max), Some(images)) => Srcset::range(min, max, images),
                _ => Srcset::default(),
            },
        };
        srcset = match options.get("transformation") {
            Some(Json::String(text)) => srcset.transformation(Transformation::new().raw(text)),
            Some(Json::Object(map)) => srcset.transformation(Transformation::from_options(&self.options(map.clone()))?),
            _ => srcset,
        };
        Ok(if options.get("sizes") == Some(&Json::Bool(true)) { srcset.with_sizes() } else { srcset })
    }

    fn video(&self) -> Result<Json> {
        let mut kwargs = self.kwargs();
        let mut take = |name: &str| kwargs.shift_remove(name).filter(|value| !value.is_null());
        let (sources, types) = (take("sources"), take("source_types"));
        let own = take("source_transformation").unwrap_or_default();
        let (poster, fallback) = (take("poster"), take("fallback_content"));
        let (width, height) = (take("html_width"), take("html_height"));
        let (kwargs, mut attributes) = Self::tag_parts(kwargs);
        for (name, value) in [("width", width), ("height", height)] {
            if let Some(value) = value {
                attributes.insert(0, (name.to_owned(), value));
            }
        }
        let own_step = kwargs.iter().any(|(name, _)| is_option(name) && name != "transformation");
        let mut tag = self.asset_url(self.asset()?, kwargs)?.video_tag().size_attributes(own_step);
        for (name, value) in attributes {
            tag = match value {
                Json::Bool(true) => tag.switch(name),
                value => tag.attr(name, text(&value)),
            };
        }
        let transformation = |map: &Json| match map {
            Json::Object(map) => Transformation::from_options(map),
            _ => Ok(Transformation::new()),
        };
        for source in sources.iter().filter_map(Json::as_array).flatten() {
            let codecs = match &source["codecs"] {
                Json::Array(codecs) => codecs.iter().map(text).collect(),
                Json::String(codecs) => vec![codecs.clone()],
                _ => Vec::new(),
            };
            let own = transformation(&source["transformations"])?;
            tag = tag.source(VideoSource::new(text(&source["type"])).codecs(codecs).transformation(own));
        }
        if sources.is_none() {
            let defaults = json!(["webm", "mp4", "ogv"]);
            let named = types.as_ref().unwrap_or(&defaults).as_array().filter(|types| !types.is_empty());
            let formats =
                if types.as_ref().is_some_and(Json::is_string) { None } else { named.or(defaults.as_array()) };
            for format in formats.into_iter().flatten() {
                let own = transformation(&own[text(format)])?;
                tag = tag.source(VideoSource::new(text(format)).transformation(own));
            }
        }
        if let (None, Some(Json::String(format))) = (&sources, &types) {
            tag = tag.only_source(format);
        }
        tag = match poster {
            None => tag,
            Some(Json::String(url)) if url.is_empty() => tag.without_poster(),
            Some(Json::Bool(false)) => tag.without_poster(),
            Some(Json::String(url)) => tag.poster(url),
            Some(Json::Object(mut map)) => match map.shift_remove("public_id") {
                Some(id) => {
                    let url = self.asset_url(AssetRef::image(text(&id)), map)?;
                    tag.poster(url.url()?)
                }
                None => tag.poster_transformation(Transformation::from_options(&self.options(map))?),
            },
            Some(other) => panic!("a poster of {other}"),
        };
        tag = tag.fallback(fallback.as_ref().map(text).unwrap_or_default());
        Ok(json!(tag.to_string()))
    }

    fn auth_token(&self) -> Result<Json> {
        let kwargs = self.kwargs();
        let now = self.record["now"].as_i64().unwrap_or_default();
        let token = auth_token(&kwargs);
        Ok(json!(match kwargs.get("url").and_then(Json::as_str) {
            Some(url) => token.generate_for(url, now)?,
            None => token.generate(now)?,
        }))
    }

    fn is_url_option(name: &str) -> bool {
        const OWN: [&str; 6] = ["type", "resource_type", "version", "format", "url_suffix", "auth_token"];
        OWN.contains(&name) || setting(name).is_some()
    }

    fn upload_params(&self) -> Result<Json> {
        let known = |name: &str| is_option(name) || cloudinary_core::upload::UPLOAD_PARAMETERS.contains(&name);
        let mut kwargs: Map<String, Json> = self.kwargs().into_iter().filter(|(name, _)| known(name)).collect();
        if let Some(value) = kwargs.get_mut("transformation") {
            *value = self.nested(std::mem::take(value));
        }
        match kwargs.get_mut("eager") {
            // Text is a whole transformation here, not the name of one.
            Some(Json::Array(items)) => items.iter_mut().for_each(|item| *item = self.nested(std::mem::take(item))),
            Some(one) => *one = self.nested(std::mem::take(one)),
            None => {}
        }
        let options = UploadOptions::from_options(&kwargs)?;
        let now = self.record["now"].as_i64().expect("a record of upload parameters freezes the clock");
        let upload = SignedUpload::unsigned(&self.config()?, &options, now)?;
        Ok(Json::Object(upload.fields.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()))
    }

    /// The parameters to sign, in the form they are sent; unset and false ones are not.
    fn params(&self) -> Vec<(String, String)> {
        let params = self.record["args"][0].as_object().cloned().unwrap_or_default();
        let falsy = |value: &Json| matches!(value, Json::Null | Json::Bool(false)) || value.as_f64() == Some(0.0);
        let sent = params.iter().filter(|(_, value)| !falsy(value)).map(|(name, value)| {
            let text = match value {
                Json::Array(items) => items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(","),
                value => text(value),
            };
            (name.clone(), text)
        });
        sent.collect()
    }

    fn signature_version(&self) -> Result<SignatureVersion> {
        self.record["kwargs"]["signature_version"].to_string().parse()
    }

    fn signature(&self) -> Result<Json> {
        let secret = Secret::from(self.record["args"][1].as_str().unwrap_or_default());
        let algorithm: SignatureAlgorithm = self.record["kwargs"]["algorithm"].as_str().unwrap_or("sha1").parse()?;
        Ok(json!(sign_params(self.params(), &secret, algorithm, self.signature_version()?)))
    }

    fn api_secret(&self) -> Secret {
        Secret::from(self.record["config"]["api_secret"].as_str().unwrap_or_default())
    }

    fn response_verifies(&self) -> Json {
        let arg = |at: usize| self.record["args"][at].as_str().unwrap_or_default();
        json!(verify_response(arg(0), arg(1), arg(2), &self.api_secret()))
    }

    fn notification_verifies(&self) -> Json {
        let args = &self.record["args"];
        let (body, signature) = (args[0].as_str().unwrap_or_default(), args[2].as_str().unwrap_or_default());
        let timestamp = args[1].as_i64().expect("a notification has a timestamp");
        let window = NOTIFICATION_WINDOW_SECONDS;
        let checked =
            verify_notification(body.as_bytes(), timestamp, signature, &self.api_secret(), self.frozen_now(), window);
        json!(checked.is_ok())
    }

    fn message_verifies(&self) -> Json {
        let message = self.record["args"][0].to_string();
        let checked =
            verify_signed_message(&message, &self.api_secret(), self.frozen_now(), NOTIFICATION_WINDOW_SECONDS);
        json!(checked.is_ok())
    }

    fn frozen_now(&self) -> i64 {
        self.record["now"].as_i64().expect("a record of a notification freezes the clock")
    }
}

/// Whether our error is of what that library complains of, in our words; of two faults either may come first.
fn same_trouble(ours: &str, theirs: &Json) -> bool {
    const TROUBLES: [(&str, &str); 8] = [
        ("url_suffix should not", "url_suffix"),
        ("URL Suffix only", "url_suffix"),
        ("Root path only", "use_root_path|url_suffix"),
        ("either expiration or duration", "expiration or a duration|acl"),
        ("either acl or url", "acl"),
        ("font_size for text", "font_size"),
        ("font_family for text", "font_family"),
        ("Must supply api_secret", "api_secret"),
    ];
    let theirs = theirs.as_str().unwrap_or_default();
    let trouble = TROUBLES.iter().find(|(theirs_has, _)| theirs.contains(theirs_has));
    trouble.is_none_or(|(_, ours_has)| ours_has.split('|').any(|word| ours.contains(word)))
}

fn truthy(value: Option<&Json>) -> bool {
    !matches!(value, None | Some(Json::Null | Json::Bool(false)))
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn auth_token(options: &Map<String, Json>) -> AuthToken {
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
fn setting(name: &str) -> Option<&'static str> {
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
    ]
    .into_iter()
    .find(|known| *known == name)
}

fn config<'a>(settings: impl Iterator<Item = (&'a String, &'a Json)>) -> Result<Config> {
    let mut variables = vec![("CLOUDINARY_SECURE".to_owned(), "false".to_owned())];
    for (name, value) in settings {
        if let Some(name) = setting(name)
            && !value.is_null()
        {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            variables.push((format!("CLOUDINARY_{}", name.to_uppercase()), text));
        }
    }
    Config::from_variables(variables)
}
