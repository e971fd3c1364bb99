//! What holds for every input, tried on random ones.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use cloudinary_core::signing::{SignatureVersion, string_to_sign};
use cloudinary_core::transformation::Step;
use cloudinary_core::{
    AssetRef, AssetUrl, Config, Crop, DeliveredAsset, DeliveryType, Flag, Gravity, Layer, Picture, PictureSource,
    ResourceType, Transformation, VideoCodec,
};
use proptest::prelude::*;

type Setter = fn(Transformation, &str) -> Transformation;

/// A setter for each parameter, which takes the value as it stands in a URL.
const SETTERS: [(&str, Setter); 41] = [
    ("a", |t, v| t.angle(v)),
    ("ac", |t, v| t.audio_codec(v)),
    ("af", |t, v| t.audio_frequency(v)),
    ("ar", |t, v| t.aspect_ratio(v)),
    ("b", |t, v| t.background(v)),
    ("bo", |t, v| match v.split_once("px_solid_") {
        Some((pixels, color)) => t.border(pixels, color),
        None => t.border(v, "black"),
    }),
    ("br", |t, v| t.bit_rate(v)),
    ("c", |t, v| t.crop(v)),
    ("co", |t, v| t.color(v)),
    ("cs", |t, v| t.color_space(v)),
    ("d", |t, v| t.default_image(v)),
    ("dl", |t, v| t.delay(v)),
    ("dn", |t, v| t.density(v)),
    ("dpr", |t, v| t.dpr(v)),
    ("du", |t, v| t.duration(v)),
    ("e", |t, v| t.effect(v)),
    ("eo", |t, v| t.end_offset(v)),
    ("f", |t, v| t.fetch_format(v)),
    ("fl", |t, v| t.flags(v.split('.'))),
    ("fn", |t, v| match v.rsplit_once(':') {
        Some(("wasm", id)) => t.wasm_function(id),
        Some(("remote", url)) => t.remote_function(decoded(url)),
        Some(("pre:remote", url)) => t.remote_pre_function(decoded(url)),
        _ => t.wasm_function(v),
    }),
    ("fps", |t, v| t.fps(v)),
    ("g", |t, v| t.gravity(v)),
    ("h", |t, v| t.height(v)),
    ("if", |t, v| t.condition(v)),
    ("ki", |t, v| t.keyframe_interval(v.parse().ok().filter(|v| *v > 0.0).unwrap_or(0.5))),
    ("l", |t, v| t.overlay(layer(v))),
    ("o", |t, v| t.opacity(v)),
    ("p", |t, v| t.prefix(v)),
    ("pg", |t, v| t.page(v)),
    ("q", |t, v| t.quality(v)),
    ("r", |t, v| t.radius(v)),
    ("so", |t, v| t.start_offset(v)),
    ("sp", |t, v| t.streaming_profile(v)),
    ("t", |t, v| t.named_transformation(v)),
    ("u", |t, v| t.underlay(layer(v))),
    ("vc", |t, v| t.video_codec(VideoCodec::from(v))),
    ("vs", |t, v| t.video_sampling(v)),
    ("w", |t, v| t.width(v)),
    ("x", |t, v| t.x(v)),
    ("y", |t, v| t.y(v)),
    ("z", |t, v| t.zoom(v)),
];

/// A URL that stands in base64 in a parameter.
fn decoded(text: &str) -> String {
    URL_SAFE.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

fn layer(text: &str) -> Layer {
    match text.strip_prefix("fetch:") {
        Some(url) => Layer::fetch(decoded(url)),
        None => Layer::from(text),
    }
}

fn set(transformation: Transformation, key: &str, value: &str) -> Option<Transformation> {
    if key.starts_with('$') {
        return Some(transformation.variable(key, value));
    }
    let (_, setter) = SETTERS.iter().find(|(known, _)| *known == key)?;
    Some(setter(transformation, value))
}

/// A value that no parameter refuses.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,4}",
        "[a-z]{1,9}(:[a-z0-9]{1,5}){0,2}",
        "[0-9]\\.[0-9]",
        "iw_div_[1-9]",
        "\\$[a-z]{2}_mul_2",
        "-[0-9]{2}"
    ]
}

/// Setters of one step, by key, and their values.
fn step() -> impl Strategy<Value = Vec<(String, String)>> {
    let key = prop_oneof![
        4 => (0..SETTERS.len()).prop_map(|at| SETTERS[at].0.to_owned()),
        1 => "\\$[a-z][a-z0-9]{0,3}",
    ];
    prop::collection::vec((key, value()), 1..6)
}

fn chain() -> impl Strategy<Value = Transformation> {
    prop::collection::vec(step(), 0..4).prop_map(|steps| {
        steps.into_iter().fold(Transformation::new(), |chain, step| {
            step.iter().fold(chain.then(), |t, (key, value)| set(t, key, value).expect("only keys with a setter"))
        })
    })
}

/// Conditions, then variables in the order they are set, then parameters by key.
fn place(key: &str) -> (u8, &str) {
    match key {
        "if" => (0, ""),
        key if key.starts_with('$') => (1, ""),
        key => (2, key),
    }
}

/// Of the paths of delivery URLs: what could be taken for something else.
const PIECES: [&str; 17] = [
    "/v0",
    "/v1",
    "/v7",
    "/v07",
    "/v%33",
    "/a_b",
    "/w_1,c_fill",
    "/if_w_gt_5",
    "/%2520",
    "/%25",
    "%20",
    "/x y",
    "/a.b",
    ".jpg",
    "/s--aaaaaaaa--",
    "//",
    "/..",
];

/// `PROPTEST_CASES` asks for more.
fn cases() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig { cases: default.cases.max(1000), failure_persistence: None, ..default }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn parsing_keeps_every_byte(text in prop_oneof![".{0,60}", "[a-z]{1,2}_[0-9a-z_:.%$!]{0,9}([,/]{1,2}[a-z$]{0,3}_?[0-9a-z]{0,5}){0,5}"]) {
        if let Ok(parsed) = text.parse::<Transformation>() {
            prop_assert_eq!(parsed.to_string(), text.trim_matches('/'));
            let again: Transformation = parsed.to_string().parse().unwrap();
            prop_assert_eq!(&again, &parsed);
            let steps: Vec<&str> = parsed.steps().map(Step::as_str).collect();
            let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
            prop_assert_eq!(steps, parts);
        }
    }

    #[test]
    fn what_setters_write_is_read_again(chain in chain()) {
        prop_assert!(chain.check().is_ok(), "{:?}", chain.check());
        let read: Transformation = chain.as_str().parse().unwrap();
        prop_assert_eq!(&read, &chain);
        prop_assert_eq!(serde_json::from_value::<Transformation>(serde_json::to_value(&chain).unwrap()).unwrap(), chain);
    }

    #[test]
    fn steps_are_sorted_and_have_each_key_once(step in step()) {
        let built = step.iter().fold(Transformation::new(), |t, (key, value)| set(t, key, value).unwrap());
        let written: Vec<&str> = built.steps().flat_map(|step| step.params().map(|param| param.key)).collect();
        let places: Vec<_> = written.iter().map(|key| place(key)).collect();
        prop_assert!(places.is_sorted(), "{}", built);
        let keys: BTreeSet<&str> = written.iter().copied().collect();
        prop_assert_eq!(keys.len(), written.len());
        let given: BTreeSet<&str> = step.iter().map(|(key, _)| key.as_str()).collect();
        prop_assert_eq!(keys, given);
    }

    #[test]
    fn the_order_of_setters_does_not_matter(step in step(), seed in any::<prop::sample::Index>()) {
        let mut unique: Vec<_> = step.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect();
        unique.retain(|(key, _)| !key.starts_with('$'));
        let build = |step: &[(String, String)]| step.iter().fold(Transformation::new(), |t, (key, value)| set(t, key, value).unwrap());
        let first = build(&unique);
        if !unique.is_empty() {
            let at = seed.index(unique.len());
            unique.rotate_left(at);
        }
        prop_assert_eq!(&build(&unique), &first);
        unique.reverse();
        prop_assert_eq!(&build(&unique), &first);
    }

    #[test]
    fn no_value_makes_a_setter_panic_or_add_a_parameter(at in 0..SETTERS.len(), value in ".{0,20}", raw in ".{0,5}") {
        let (key, setter) = SETTERS[at];
        let made = setter(Transformation::new(), &value);
        if made.check().is_ok() && !matches!(key, "l" | "u") {
            prop_assert_eq!(made.steps().count(), 1, "{}", made);
            prop_assert_eq!(made.steps().flat_map(Step::params).count(), 1, "{}", made);
        }
        let _ = setter(setter(made.raw(&raw).then(), &raw).raw(&value), &value).merge(&raw.parse().unwrap_or_default()).check();
    }

    /// Two sets have the same string only if they are the same but for `&` against `%26`: the string can be read back.
    /// That is the most that can be said, as the service itself does not tell those two apart.
    #[test]
    fn a_string_to_sign_has_one_meaning(
        params in prop::collection::btree_map("[a-c_&%26]{1,4}", prop_oneof!["[ab=&,%26|]{0,9}", ".{0,9}", "x&[a-c]=[a-c]"], 0..6)
    ) {
        let text = string_to_sign(&params, SignatureVersion::V2);
        let read: Vec<(String, String)> = text.split('&').filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).expect("every pair has a ="))
            .collect();
        let escaped = |text: &String| text.replace('&', "%26");
        let mut given: Vec<(String, String)> =
            params.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (escaped(k), escaped(v))).collect();
        given.sort_by_key(|(k, v)| format!("{k}={v}"));
        prop_assert_eq!(read, given);
    }

    #[test]
    fn no_attribute_escapes_its_quotes(
        id in ".{1,20}", names in prop::collection::vec(prop_oneof!["[a-z-]{1,8}", ".{0,8}"], 0..4),
        values in prop::collection::vec(".{0,12}|[\"'<>&;/= ]{1,12}", 4), t in "[^/]{0,20}",
    ) {
        let url = AssetUrl::new(Config::new("demo"), id.as_str()).transform(&Transformation::new().raw(&t));
        let mut image = url.clone().img_tag().alt(&values[3]);
        let mut video = url.clone().video_tag().fallback(&values[3]);
        for (name, value) in names.iter().zip(&values) {
            image = image.attr(name.clone(), value);
            video = video.attr(name.clone(), value).switch(format!("x{name}"));
        }
        let tokens = html::tokens(&image.to_string());
        prop_assert_eq!(tokens.len(), 1);
        let attributes = tokens[0].attributes();
        for (at, name) in names.iter().enumerate().filter(|(_, name)| name.bytes().all(|b| b.is_ascii_lowercase())) {
            // The last of a name counts; `src` and `alt` may be among them.
            if !names.iter().skip(at + 1).any(|later| later == name) && !name.is_empty() {
                prop_assert_eq!(attributes.get(name.as_str()), Some(&Some(values[at].as_str())), "{}", image);
            }
        }
        if !names.iter().any(|name| name == "src") {
            let src = url.to_string();
            prop_assert_eq!(attributes.get("src"), Some(&Some(src.as_str())));
        }
        let source = PictureSource::new().max_width(5).media_type(&values[0]);
        let picture = html::tokens(&Picture::new(image).source(source).to_string());
        prop_assert_eq!(html::names(&picture), ["<picture", "<source", "<img", "</picture"]);
        prop_assert_eq!(picture[1].attributes()["type"], Some(values[0].as_str()));
        let video = html::tokens(&video.to_string());
        let text: String = video.iter().filter_map(html::Token::text).collect();
        prop_assert_eq!(text, values[3].as_str());
        let names: Vec<_> = html::names(&video).into_iter().filter(|name| !name.is_empty()).collect();
        prop_assert!(names == ["<video", "<source", "<source", "<source", "</video"], "{:?}", names);
    }

    #[test]
    fn a_url_is_read_back(
        folders in prop::collection::vec("[a-zA-Z0-9_ünï日😀,()+~'-]{1,8}", 0..3), name in "[a-zA-Z0-9_ünï日😀,()+~'-]{1,8}", format in prop::option::of("[a-z0-9]{2,4}"),
        version in 1_u64..=u64::MAX, kind in 0..3_usize, delivery in 0..3_usize, chain in chain(), signed in any::<bool>(),
    ) {
        let resource_type = [ResourceType::Image, ResourceType::Video, ResourceType::Raw][kind];
        let delivery_type = [DeliveryType::Upload, DeliveryType::Private, DeliveryType::Authenticated][delivery];
        let public_id = folders.iter().chain([&name]).map(String::as_str).collect::<Vec<_>>().join("/");
        let format = format.filter(|_| resource_type != ResourceType::Raw);
        let asset = AssetRef { resource_type, delivery_type, version: Some(version), public_id, format };
        let config = Config::new("demo").credentials("key", "secret");
        let url = AssetUrl::new(&config, &asset).transform(&chain).sign(signed).to_string();
        let read = DeliveredAsset::from_url(&config, &url).unwrap();
        prop_assert_eq!(&read.asset, &asset, "{}", url);
        prop_assert_eq!(&read.transformation, &chain, "{}", url);
        prop_assert_eq!(read.signature.is_some(), signed);
        prop_assert_eq!(read.url(&config).to_string(), url);
    }

    #[test]
    fn any_url_that_is_read_is_written_alike(
        pieces in prop::collection::vec(prop_oneof![4 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => "[a-z/_.%0-9-]{1,6}"], 0..6)
    ) {
        let path = pieces.concat();
        let config = Config::new("demo").credentials("key", "secret");
        if let Ok(read) = DeliveredAsset::from_url(&config, &format!("/demo/image/upload{path}")) {
            let url = read.url(&config).to_string();
            let again = DeliveredAsset::from_url(&config, &url).unwrap();
            prop_assert_eq!(again.url(&config).to_string(), url);
        }
    }

    #[test]
    fn a_column_is_read_back(text in prop_oneof![".{0,40}", "(image/|raw/|video/|auto/)?(upload/|private/)?(v[0-9]{1,22}/)?[a-z./v0-9 ]{0,20}(\\.[a-z]{1,4})?"]) {
        if let Ok(asset) = text.parse::<AssetRef>() {
            let column = asset.to_string();
            let read = column.parse::<AssetRef>();
            prop_assert_eq!(read.ok(), Some(asset), "{}", column);
        }
    }

    #[test]
    fn configuration_keeps_its_secret(
        key in "[0-9]{3,8}", secret in "hush[A-Za-z0-9_.~-]{6,20}|hush%2[0-9A-F][a-z]{4,9}|hush[?/@:#&=% ]{1,2}hush", cloud in "[a-zA-Z0-9_-]{0,5}|.{0,5}",
        query in "([a-z_]{1,12}=[a-z0-9:/.]{0,8}&?){0,3}|(secure|timeout|cname|auth_token\\[key\\]|dpr)=.{0,5}", prefix in "cloudinary://|CLOUDINARY://|https://|",
    ) {
        let text = match Config::from_url(&format!("{prefix}{key}:{secret}@{cloud}?{query}&oauth_token=hush-hush")) {
            Ok(config) => format!("{config:?} {config:#?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        prop_assert!(!text.contains("hush"), "{}", text);
    }

    #[test]
    fn no_url_makes_the_configuration_panic(text in ".{0,40}", rest in "[a-z:@?&=/%0-9\\[\\]_]{0,60}") {
        let _ = Config::from_url(&text);
        let _ = Config::from_url(&format!("cloudinary://{rest}"));
        let _ = Config::from_url(&format!("cloudinary://k:s@demo?{rest}{text}"));
    }
}

/// Reads the transformation strings of the file that `CLOUDINARY_TRANSFORMATIONS` names, one on a line.
#[test]
fn transformations_of_others() {
    let Ok(path) = std::env::var("CLOUDINARY_TRANSFORMATIONS") else {
        println!("skipped: CLOUDINARY_TRANSFORMATIONS names no file of transformation strings");
        return;
    };
    let lines = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (mut count, mut keys, mut values, mut words) = (0, BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for line in lines.lines().filter(|line| !line.is_empty()) {
        let parsed: Transformation = line.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(parsed.to_string(), line.trim_matches('/'));
        count += 1;
        for param in parsed.steps().flat_map(Step::params) {
            let unnamed = match param.key {
                "c" => matches!(Crop::from(param.value), Crop::Other(_)),
                "g" => matches!(Gravity::from(param.value), Gravity::Other(_)),
                "fl" => param.value.split('.').any(|flag| matches!(Flag::from(flag), Flag::Other(_))),
                _ => false,
            };
            if unnamed {
                words.insert(format!("{}_{}", param.key, param.value));
            }
            match set(Transformation::new(), param.key, param.value) {
                None => drop(keys.insert(param.key.to_owned())),
                Some(made) if made.check().is_ok() && made.as_str() == format!("{}_{}", param.key, param.value) => {}
                Some(made) => drop(values.insert(format!("{}_{} becomes {made}", param.key, param.value))),
            }
        }
    }
    println!("{count} transformations; values that their setter writes otherwise: {values:#?}");
    println!("words without a name: {words:#?}");
    assert!(count > 0 && keys.is_empty(), "without a setter: {keys:?}");
}

/// As much of HTML as it takes to see where a tag ends.
mod html {
    use std::collections::BTreeMap;

    pub(crate) enum Token {
        Tag { name: String, attributes: BTreeMap<String, Option<String>> },
        Text(String),
    }

    impl Token {
        pub(crate) fn attributes(&self) -> BTreeMap<&str, Option<&str>> {
            match self {
                Self::Tag { attributes, .. } => {
                    attributes.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect()
                }
                Self::Text(_) => BTreeMap::new(),
            }
        }

        pub(crate) fn text(&self) -> Option<&str> {
            match self {
                Self::Text(text) => Some(text),
                Self::Tag { .. } => None,
            }
        }
    }

    /// The tags' names, `<img` or `</video`; text has none.
    pub(crate) fn names(tokens: &[Token]) -> Vec<&str> {
        tokens.iter().map(|token| if let Token::Tag { name, .. } = token { name.as_str() } else { "" }).collect()
    }

    pub(crate) fn tokens(mut html: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        while !html.is_empty() {
            let (token, rest) = if html.starts_with('<') { tag(html) } else { text(html) };
            tokens.push(token);
            html = rest;
        }
        tokens
    }

    fn text(html: &str) -> (Token, &str) {
        let (text, rest) = html.split_at(html.find('<').unwrap_or(html.len()));
        (Token::Text(unescape(text)), rest)
    }

    /// In the states of the standard's tokenizer, without its repairs: what needs one panics.
    fn tag(html: &str) -> (Token, &str) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        let end = html.find(|c| is_space(c) || c == '>').expect("a tag ends");
        let (name, mut rest) = html.split_at(end);
        let mut attributes = BTreeMap::new();
        loop {
            rest = rest.trim_start_matches(is_space);
            if let Some(rest) = rest.strip_prefix("/>").or_else(|| rest.strip_prefix('>')) {
                return (Token::Tag { name: name.to_owned(), attributes }, rest);
            }
            let end = rest.find(|c| is_space(c) || matches!(c, '=' | '>' | '/')).expect("an attribute ends");
            let (attribute, after) = rest.split_at(end);
            assert!(!attribute.is_empty() && !attribute.contains(['"', '\'', '<']), "{html}");
            let value = after.strip_prefix("=\"").map(|value| value.split_once('"').expect("a value has two quotes"));
            rest = value.map_or(after, |(_, rest)| rest);
            let value = value.map(|(value, _)| unescape(value));
            assert_eq!(attributes.insert(attribute.to_owned(), value), None, "{attribute} twice in {html}");
        }
    }

    fn unescape(text: &str) -> String {
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
        text.replace("&amp;", "&")
    }
}
