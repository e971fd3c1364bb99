//! Transformations from option maps, as the other SDKs take them: `{"width": 150, "crop": "fill"}`.
//!
//! So that transformations can live in a configuration file or a database, and move over from a Django app. Values
//! are written as those SDKs write them, unchecked but for their shape.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::{Map, Value as Json};

use super::layer::escaped_text;
use super::value::float;
use super::{Crop, Transformation, expression};
use crate::config::Config;
use crate::error::{Error, Result};

/// How deep `transformation` inside `transformation` may go.
pub const MAX_OPTION_DEPTH: usize = 8;

/// How an option's value is written.
#[derive(Clone, Copy)]
enum Form {
    /// A number or an expression.
    Expression,
    /// As it is.
    Plain,
    /// A colour: `#` becomes `rgb:`.
    Color,
    /// One or many, joined by dots.
    Dotted,
    /// Seconds, or a percentage, of a video.
    Range,
    /// As `Range`, but other values stay as they are.
    Offset,
    /// Has a function of its own.
    Own,
}

/// Option name, URL key, form.
const OPTIONS: [(&str, &str, Form); 47] = [
    ("angle", "a", Form::Own),
    ("aspect_ratio", "ar", Form::Expression),
    ("audio_codec", "ac", Form::Plain),
    ("audio_frequency", "af", Form::Plain),
    ("background", "b", Form::Color),
    ("bit_rate", "br", Form::Plain),
    ("border", "bo", Form::Own),
    ("color", "co", Form::Color),
    ("color_space", "cs", Form::Plain),
    ("crop", "c", Form::Plain),
    ("custom_function", "fn", Form::Own),
    ("custom_pre_function", "fn", Form::Own),
    ("default_image", "d", Form::Plain),
    ("delay", "dl", Form::Plain),
    ("density", "dn", Form::Plain),
    ("dpr", "dpr", Form::Expression),
    ("duration", "du", Form::Range),
    ("effect", "e", Form::Own),
    ("end_offset", "eo", Form::Offset),
    ("fetch_format", "f", Form::Plain),
    ("flags", "fl", Form::Dotted),
    ("fps", "fps", Form::Own),
    ("gravity", "g", Form::Plain),
    ("height", "h", Form::Expression),
    ("if", "if", Form::Expression),
    ("keyframe_interval", "ki", Form::Own),
    ("offset", "", Form::Own),
    ("opacity", "o", Form::Expression),
    ("overlay", "l", Form::Own),
    ("page", "pg", Form::Plain),
    ("prefix", "p", Form::Plain),
    ("quality", "q", Form::Expression),
    ("radius", "r", Form::Own),
    ("raw_transformation", "", Form::Own),
    ("responsive_width", "", Form::Own),
    ("size", "", Form::Own),
    ("start_offset", "so", Form::Offset),
    ("streaming_profile", "sp", Form::Plain),
    ("transformation", "", Form::Own),
    ("underlay", "u", Form::Own),
    ("variables", "", Form::Own),
    ("video_codec", "vc", Form::Own),
    ("video_sampling", "vs", Form::Plain),
    ("width", "w", Form::Expression),
    ("x", "x", Form::Expression),
    ("y", "y", Form::Expression),
    ("zoom", "z", Form::Expression),
];

/// Whether a name is a transformation option, a variable such as `$size` included.
///
/// ```
/// use cloudinary_core::transformation::is_option;
/// assert!(is_option("crop") && is_option("$size"));
/// assert!(!is_option("public_id"));
/// ```
pub fn is_option(name: &str) -> bool {
    name.starts_with('$') || OPTIONS.iter().any(|(option, ..)| *option == name)
}

impl Transformation {
    /// A transformation from the option map the other SDKs take. `null` and `""` stand for unset. `responsive_width`
    /// appends the usual responsive step, `c_limit,w_auto`; for a configured one there is
    /// [`from_options_with`](Self::from_options_with).
    ///
    /// # Errors
    /// [`Error::UnknownOption`] for a name that is not a transformation option, [`Error::InvalidParameter`] for a
    /// value of the wrong shape, and for text that can never be part of a URL's path.
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// let options = serde_json::json!({"width": 0.5, "effect": ["sepia", 50], "transformation": [{"angle": 20}]});
    /// let transformation = Transformation::from_options(options.as_object().unwrap())?;
    /// assert_eq!(transformation.to_string(), "a_20/e_sepia:50,w_0.5");
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn from_options(options: &Map<String, Json>) -> Result<Self> {
        checked(from_map(options, &Self::responsive_step(), 0)?)
    }

    /// As [`from_options`](Self::from_options), with a configuration's
    /// [`responsive_width_transformation`](Config::responsive_width_transformation). For the options of one URL see
    /// [`AssetUrl::transform_options`](crate::AssetUrl::transform_options).
    ///
    /// # Errors
    /// As [`from_options`](Self::from_options).
    ///
    /// ```
    /// use cloudinary_core::{Config, Transformation};
    /// let config = Config::new("demo").responsive_width_transformation(Transformation::new().crop("pad").width("auto"));
    /// let options = serde_json::json!({"effect": "sepia", "responsive_width": true});
    /// let transformation = Transformation::from_options_with(options.as_object().unwrap(), &config)?;
    /// assert_eq!(transformation.to_string(), "e_sepia/c_pad,w_auto");
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    pub fn from_options_with(options: &Map<String, Json>, config: &Config) -> Result<Self> {
        checked(from_map(options, &config.responsive_width_transformation, 0)?)
    }

    /// What `responsive_width` appends unless a configuration says otherwise.
    pub(crate) fn responsive_step() -> Self {
        Self::new().crop(Crop::Limit).width("auto")
    }
}

fn checked(made: Transformation) -> Result<Transformation> {
    made.as_str().parse::<Transformation>()?;
    Ok(made)
}

/// A string, a map, or a list of either.
pub(super) fn from_json(value: &Json) -> Result<Transformation> {
    match value {
        Json::String(text) => text.parse(),
        Json::Object(options) => Transformation::from_options(options),
        Json::Array(items) => {
            let mut chain = Transformation::new();
            for item in items {
                chain = chain.append(&from_json(item)?);
            }
            Ok(chain)
        }
        other => Err(Error::invalid("transformation", &other.to_string(), "give a string, a map or a list of them")),
    }
}

fn from_map(options: &Map<String, Json>, responsive: &Transformation, depth: usize) -> Result<Transformation> {
    if depth > MAX_OPTION_DEPTH {
        return Err(Error::invalid("transformation", "…", "it is nested more than 8 levels deep"));
    }
    let mut step = base_transformations(options.get("transformation"), responsive, depth)?.then();
    step = with_variables(step, options)?;
    let is_set = |name: &str| options.get(name).is_some_and(|value| !is_unset(value));
    for (name, value) in options {
        // An empty border is the default one, and a layer that names nothing is a mistake.
        let counts = matches!(name.as_str(), "border" | "overlay" | "underlay") && value.is_object();
        if (is_unset(value) && !counts) || name.starts_with('$') {
            continue;
        }
        let overruled = match name.as_str() {
            "width" | "height" => is_set("size"),
            "start_offset" | "end_offset" => is_set("offset"),
            "custom_pre_function" => is_set("custom_function"),
            _ => false,
        };
        if overruled {
            continue;
        }
        let Some((_, key, form)) = OPTIONS.iter().find(|(option, ..)| option == name) else {
            return Err(Error::unknown_option(name, OPTIONS.iter().map(|(option, ..)| *option)));
        };
        let text = match form {
            Form::Expression => expression::normalize(&scalar(name, value)?),
            Form::Plain => scalar(name, value)?,
            Form::Color => scalar(name, value)?.replace('#', "rgb:"),
            Form::Dotted => scalars(name, value)?.join("."),
            Form::Range => range(name, value)?,
            Form::Offset => offset(name, value)?,
            Form::Own => {
                step = own(step, name, key, value)?;
                continue;
            }
        };
        if !text.is_empty() {
            step.put(key, &[&text]);
        }
    }
    if let Some(raw) = options.get("raw_transformation").filter(|raw| !is_unset(raw)) {
        step = step.raw(scalar("raw_transformation", raw)?);
    }
    if options.get("responsive_width") == Some(&Json::Bool(true)) {
        step = step.append(responsive);
    }
    Ok(step)
}

fn is_unset(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// What comes before the map's own step: names joined by dots, or steps of their own as soon as one is a map.
fn base_transformations(value: Option<&Json>, responsive: &Transformation, depth: usize) -> Result<Transformation> {
    let items: Vec<&Json> = match value {
        Some(Json::Array(items)) => items.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    };
    let mut base = Transformation::new();
    if !items.iter().any(|item| item.is_object()) {
        return Ok(base);
    }
    for item in items {
        base = match item {
            Json::Object(options) => base.append(&from_map(options, responsive, depth + 1)?),
            name => base.append(&Transformation::named(&scalar("transformation", name)?)),
        };
    }
    Ok(base)
}

/// The options that are neither a number nor a word.
fn own(mut step: Transformation, name: &str, key: &str, value: &Json) -> Result<Transformation> {
    let text = match name {
        "angle" => expression::normalize(&scalars(name, value)?.join(".")),
        "radius" => {
            let corners = scalars(name, value)?;
            if corners.len() > 4 {
                return Err(Error::invalid("radius", &corners.join(":"), "give one to four corners"));
            }
            corners.iter().map(|corner| expression::normalize(corner)).collect::<Vec<_>>().join(":")
        }
        "effect" => match value {
            Json::Object(map) => match map.iter().next() {
                Some((effect, level)) => expression::normalize(&format!("{effect}:{}", scalar(name, level)?)),
                None => String::new(),
            },
            value => expression::normalize(&scalars(name, value)?.join(":")),
        },
        "border" => border(value)?,
        "fps" => match value {
            Json::Array(_) => {
                scalars(name, value)?.iter().map(|f| expression::normalize(f)).collect::<Vec<_>>().join("-")
            }
            value => scalar(name, value)?,
        },
        "keyframe_interval" => match value {
            Json::Number(number) => match number.as_f64() {
                Some(seconds) if seconds > 0.0 => float(seconds),
                _ => return Err(Error::invalid(name, &number.to_string(), "it is a number of seconds above 0")),
            },
            value => scalar(name, value)?,
        },
        "custom_function" => custom_function(value)?,
        "custom_pre_function" => format!("pre:{}", custom_function(value)?),
        "video_codec" => video_codec(value)?,
        "overlay" | "underlay" => layer(name, value)?,
        "size" => {
            let size = scalar(name, value)?;
            let (width, height) =
                size.split_once('x').ok_or_else(|| Error::invalid("size", &size, "write it as 150x100"))?;
            for (key, side) in [("w", width), ("h", height)] {
                if !side.is_empty() {
                    step.put(key, &[&expression::normalize(side)]);
                }
            }
            return Ok(step);
        }
        "offset" => {
            let (start, end) = split_range(value)?;
            step.put("so", &[&range_text("offset", &start)?]);
            step.put("eo", &[&range_text("offset", &end)?]);
            return Ok(step);
        }
        "transformation" => {
            // Maps became steps of their own before; names alone are a parameter of this step.
            let names = match value {
                Json::Object(_) => return Ok(step),
                Json::Array(items) if items.iter().any(Json::is_object) => return Ok(step),
                value => scalars(name, value)?.join("."),
            };
            step.put("t", &[&names]);
            return Ok(step);
        }
        "responsive_width" if !value.is_boolean() => {
            return Err(Error::invalid(name, &value.to_string(), "give true or false"));
        }
        // Written last, by the caller.
        _ => return Ok(step),
    };
    if !text.is_empty() {
        step.put(key, &[&text]);
    }
    Ok(step)
}

fn scalar(name: &str, value: &Json) -> Result<String> {
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(match number.as_f64() {
            Some(number) if !value.is_i64() && !value.is_u64() => float(number),
            _ => number.to_string(),
        }),
        other => Err(Error::invalid(name, &other.to_string(), "give a string or a number")),
    }
}

fn scalars(name: &str, value: &Json) -> Result<Vec<String>> {
    match value {
        Json::Array(items) => items.iter().map(|item| scalar(name, item)).collect(),
        value => Ok(vec![scalar(name, value)?]),
    }
}

fn border(value: &Json) -> Result<String> {
    let Json::Object(border) = value else {
        return scalar("border", value);
    };
    let width = border.get("width").map_or(Ok("2".to_owned()), |width| scalar("border", width))?;
    let color = border.get("color").map_or(Ok("black".to_owned()), |color| scalar("border", color))?;
    Ok(format!("{width}px_solid_{}", color.replace('#', "rgb:")))
}

fn custom_function(value: &Json) -> Result<String> {
    let Json::Object(function) = value else {
        return scalar("custom_function", value);
    };
    let field = |field: &str| match function.get(field) {
        Some(value) => scalar("custom_function", value),
        None => Err(Error::invalid("custom_function", "", format!("it needs {field}"))),
    };
    let (kind, source) = (field("function_type")?, field("source")?);
    Ok(if kind == "remote" { format!("remote:{}", URL_SAFE.encode(source)) } else { format!("{kind}:{source}") })
}

fn video_codec(value: &Json) -> Result<String> {
    let Json::Object(codec) = value else {
        return scalar("video_codec", value);
    };
    let part = |name: &str| codec.get(name).map(|value| scalar("video_codec", value)).transpose();
    let mut text = part("codec")?.ok_or_else(|| Error::invalid("video_codec", &value.to_string(), "it needs codec"))?;
    if let Some(profile) = part("profile")? {
        text = format!("{text}:{profile}");
        if let Some(level) = part("level")? {
            text = format!("{text}:{level}");
            if codec.get("b_frames") == Some(&Json::Bool(false)) {
                text.push_str(":bframes_no");
            }
        }
    }
    Ok(text)
}

/// Sets the `$name` options by name, then those of `variables` in their order. One that is set again keeps both
/// places, since another may be made from its first value.
fn with_variables(mut step: Transformation, options: &Map<String, Json>) -> Result<Transformation> {
    let mut all: Vec<String> = Vec::new();
    for (name, value) in options.iter().filter(|(name, value)| name.starts_with('$') && !is_unset(value)) {
        all.push(format!("{name}_{}", expression::normalize(&scalar(name, value)?)));
    }
    all.sort_unstable();
    let pairs = match options.get("variables") {
        Some(Json::Array(pairs)) => pairs.as_slice(),
        Some(value) if !is_unset(value) => {
            return Err(Error::invalid("variables", &value.to_string(), "give a list of [\"$name\", value]"));
        }
        _ => &[],
    };
    for pair in pairs {
        match pair.as_array().map(Vec::as_slice) {
            Some([Json::String(name), value]) if name.starts_with('$') => {
                all.push(format!("{name}_{}", expression::normalize(&scalar("variables", value)?)));
            }
            _ => return Err(Error::invalid("variables", &pair.to_string(), "give [\"$name\", value]")),
        }
    }
    let text = all.join(",");
    if let Some((first, rest)) = text.split_once('_') {
        step.put(first, &[rest]);
    }
    Ok(step)
}

fn range(name: &str, value: &Json) -> Result<String> {
    range_text(name, &scalar(name, value)?)
}

/// `3.5`, `35p` and `35%`; the last is written `35p`.
fn range_text(name: &str, text: &str) -> Result<String> {
    if name == "offset" && text == "auto" {
        return Ok(text.to_owned());
    }
    parse_range(text).ok_or_else(|| Error::invalid(name, text, "give seconds, as 3.5, or a percentage, as 35p"))
}

fn parse_range(text: &str) -> Option<String> {
    let (number, percent) = match text.strip_suffix(['%', 'p', 'P']) {
        Some(number) => (number, "p"),
        None => (text, ""),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (digits(whole) && digits(fraction)).then(|| format!("{number}{percent}"))
}

fn offset(name: &str, value: &Json) -> Result<String> {
    let text = scalar(name, value)?;
    Ok(expression::normalize(&parse_range(&text).unwrap_or(text)))
}

fn split_range(value: &Json) -> Result<(String, String)> {
    match (value, value.as_array().map(Vec::as_slice)) {
        (_, Some([start, .., end])) => Ok((scalar("offset", start)?, scalar("offset", end)?)),
        (Json::String(text), _) => text
            .split_once("..")
            .map(|(start, end)| (start.to_owned(), end.to_owned()))
            .ok_or_else(|| Error::invalid("offset", text, "write it as 3..10")),
        (other, _) => Err(Error::invalid("offset", &other.to_string(), "give [start, end] or \"start..end\"")),
    }
}

/// A layer from text, kept but for `fetch:URL`, or from a map.
fn layer(name: &str, value: &Json) -> Result<String> {
    let map = match value {
        Json::String(text) => return Ok(text_layer(text)),
        Json::Object(map) => map,
        other => return Err(Error::invalid(name, &other.to_string(), "give a string or a map")),
    };
    let field = |field: &str| match map.get(field) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => scalar(name, value).map(Some),
    };
    let (text, url) = (field("text")?, field("url")?);
    let mut resource_type = field("resource_type")?;
    let mut delivery_type = field("type")?;
    if text.is_some() && resource_type.is_none() {
        resource_type = Some("text".to_owned());
    }
    if url.is_some() && delivery_type.is_none() {
        delivery_type = Some("fetch".to_owned());
    }
    let is_text = resource_type.as_deref() == Some("text");
    let is_fetch = delivery_type.as_deref() == Some("fetch");
    let public_id = match (field("public_id")?, field("format")?) {
        (Some(id), Some(format)) => Some(format!("{id}.{format}")),
        (id, _) => id,
    };
    if public_id.is_none() && !is_text && !is_fetch {
        return Err(Error::invalid(name, &value.to_string(), "it needs a public_id"));
    }
    let mut parts = Vec::new();
    parts.extend(resource_type.clone().filter(|kind| kind != "image"));
    parts.extend(delivery_type.filter(|kind| kind != "upload"));
    if is_text || resource_type.as_deref() == Some("subtitles") {
        if public_id.is_none() && text.is_none() {
            return Err(Error::invalid(name, &value.to_string(), "it needs a text or a public_id"));
        }
        parts.extend(text_style(name, map)?);
        parts.extend(public_id.map(|id| id.replace('/', ":")));
        parts.extend(text.map(|text| escaped_text(&text)));
    } else if is_fetch {
        parts.push(URL_SAFE.encode(url.unwrap_or_default()));
    } else {
        parts.extend(public_id.map(|id| id.replace('/', ":")));
    }
    Ok(parts.join(":"))
}

fn text_layer(text: &str) -> String {
    if let Some(url) = text.strip_prefix("fetch:") {
        return format!("fetch:{}", URL_SAFE.encode(url));
    }
    let head = text.char_indices().nth(12).map_or(text, |(end, _)| &text[..end]);
    match head.find(":fetch:") {
        Some(at) => {
            let mut parts = text.splitn(3, ':');
            let kind = parts.next().unwrap_or_default();
            let url = parts.nth(1).unwrap_or(&text[at..]);
            if kind == "image" {
                format!("fetch:{}", URL_SAFE.encode(url))
            } else {
                format!("{kind}:fetch:{}", URL_SAFE.encode(url))
            }
        }
        None => text.to_owned(),
    }
}

/// `Arial_20_bold`, or the style given whole as `text_style`.
fn text_style(name: &str, map: &Map<String, Json>) -> Result<Option<String>> {
    let field = |field: &str| match map.get(field) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => scalar(name, value).map(Some),
    };
    if let Some(style) = field("text_style")?
        && !style.trim().is_empty()
    {
        return Ok(Some(style));
    }
    let mut words = Vec::new();
    for (option, default) in [
        ("font_weight", "normal"),
        ("font_style", "normal"),
        ("text_decoration", "none"),
        ("text_align", ""),
        ("stroke", "none"),
    ] {
        words.extend(field(option)?.filter(|word| word != default));
    }
    for (option, prefix) in [
        ("letter_spacing", "letter_spacing"),
        ("line_spacing", "line_spacing"),
        ("font_antialiasing", "antialias"),
        ("font_hinting", "hinting"),
    ] {
        words.extend(field(option)?.map(|value| format!("{prefix}_{value}")));
    }
    match (field("font_family")?, field("font_size")?) {
        (Some(family), Some(size)) => {
            words.insert(0, format!("{family}_{size}"));
            Ok(Some(words.join("_")))
        }
        (None, None) if words.is_empty() => Ok(None),
        (None, _) => Err(Error::invalid(name, "text", "it needs font_family")),
        (_, None) => Err(Error::invalid(name, "text", "it needs font_size")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps() {
        for (options, expected) in [
            (r#"{"width": 100, "height": 150, "crop": "fit"}"#, "c_fit,h_150,w_100"),
            (r#"{"transformation": "jpg_with_quality_30"}"#, "t_jpg_with_quality_30"),
            (r#"{"transformation": ["a", "b"], "width": 1}"#, "t_a.b,w_1"),
            (
                r#"[{"width": 1000, "crop": "limit"}, {"overlay": "logo", "flags": "relative", "width": 0.5}]"#,
                "c_limit,w_1000/fl_relative,l_logo,w_0.5",
            ),
            (r#"{"transformation": [{"angle": 5}, "named"], "crop": "fill"}"#, "a_5/t_named/c_fill"),
            (r##"{"border": {"color": "#fff"}, "background": "", "x": null}"##, "bo_2px_solid_rgb:fff"),
            (r#"{"dpr": 2.0, "radius": [1, 2]}"#, "dpr_2.0,r_1:2"),
            (r#"{"overlay": {"text": "a/b", "font_family": "Arial", "font_size": 18}}"#, "l_text:Arial_18:a%252Fb"),
            (r#"{"offset": "2..35%"}"#, "eo_35p,so_2"),
            (r#"{"offset": [0, 1.5, 9]}"#, "eo_9,so_0"),
            (r#"{"size": "100x", "height": 5, "border": {}}"#, "bo_2px_solid_black,w_100"),
            (r#"{"custom_function": "wasm:a", "custom_pre_function": "wasm:b"}"#, "fn_wasm:a"),
            (
                r#"{"$a": 1, "$a1": 2, "if": "end", "x": 1, "variables": [["$b", "$a * 2"], ["$a", 5]]}"#,
                "if_end,$a1_2,$a_1,$b_$a_mul_2,$a_5,x_1",
            ),
            (r#""w_5/e_sepia""#, "w_5/e_sepia"),
        ] {
            let value: Json = serde_json::from_str(options).unwrap();
            assert_eq!(from_json(&value).unwrap().to_string(), expected, "{options}");
        }
    }

    #[test]
    fn refused_maps() {
        for (options, expected) in [
            (r#"{"widht": 100}"#, "did you mean \"width\""),
            (r#"{"width": true}"#, "give a string or a number"),
            (r#"{"overlay": {"font_size": 3}}"#, "needs a public_id"),
            (r#"{"underlay": {}}"#, "needs a public_id"),
            (r#"{"overlay": {"public_id": "what?"}}"#, "escape ?, #"),
            (r#"{"transformation": [{"raw_transformation": "a\nb"}]}"#, "escape ?, #"),
            (r#"{"variables": [["a", 3]]}"#, "variables"),
            (r#"{"radius": [1,2,3,4,5]}"#, "one to four"),
            ("5", "a string, a map"),
        ] {
            let value: Json = serde_json::from_str(options).unwrap();
            let error = from_json(&value).unwrap_err().to_string();
            assert!(error.contains(expected), "{options}: {error}");
        }
        let deep = (0..20).fold("{}".to_owned(), |inner, _| format!(r#"{{"transformation": {inner}}}"#));
        assert!(serde_json::from_str::<Transformation>(&deep).is_err());
    }
}
