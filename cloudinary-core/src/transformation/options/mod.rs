//! Transformations from option maps, as the other SDKs take them: `{"width": 150, "crop": "fill"}`.
//!
//! So that transformations can live in a configuration file or a database, and move over from a Django app. Values
//! are written as those SDKs write them, unchecked but for their shape.

mod layer;
mod names;
mod seconds;
mod value;
mod variables;

use serde_json::{Map, Value as Json};

use self::layer::layer;
pub use self::names::is_option;
use self::names::{Form, OPTIONS};
use self::seconds::{offset, range, range_text, split_range};
use self::value::{border, custom_function, is_unset, scalar, scalars, video_codec};
use self::variables::with_variables;
use super::value::float;
use super::{Crop, Transformation, expression};
use crate::config::Config;
use crate::error::{Error, Result};

/// How deep `transformation` inside `transformation` may go: 8 levels.
///
/// ```
/// use cloudinary_core::transformation::{MAX_OPTION_DEPTH, Transformation};
/// let nested = |levels| {
///     let deepest = r#"{"width": 5}"#.to_owned();
///     (0..levels).fold(deepest, |inner, _| format!(r#"{{"transformation": {inner}}}"#))
/// };
/// assert_eq!(serde_json::from_str::<Transformation>(&nested(MAX_OPTION_DEPTH)).unwrap().to_string(), "w_5");
/// assert!(serde_json::from_str::<Transformation>(&nested(MAX_OPTION_DEPTH + 1)).is_err());
/// ```
pub const MAX_OPTION_DEPTH: usize = 8;

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
    ///
    /// What uploads to a Django app ask for, and what it shows:
    ///
    /// ```
    /// use cloudinary_core::Transformation;
    /// for (options, expected) in [
    ///     (r#"{"crop": "limit", "width": 1000, "height": 1000}"#, "c_limit,h_1000,w_1000"),
    ///     (r#"{"crop": "fill", "width": 150, "height": 100}"#, "c_fill,h_100,w_150"),
    ///     (r#"{"crop": "fill", "width": 150, "height": 230}"#, "c_fill,h_230,w_150"),
    ///     (r#"{"width": 120, "height": 80, "crop": "fill"}"#, "c_fill,h_80,w_120"),
    ///     (r#"{"width": 400, "height": 300, "x": 50, "y": 80, "crop": "crop"}"#, "c_crop,h_300,w_400,x_50,y_80"),
    ///     (r#"{"width": 150, "height": 100, "crop": "thumb", "gravity": "face"}"#, "c_thumb,g_face,h_100,w_150"),
    ///     (r#"{"width": 100, "height": 150, "crop": "fit"}"#, "c_fit,h_150,w_100"),
    ///     (r#"{"transformation": "jpg_with_quality_30"}"#, "t_jpg_with_quality_30"),
    ///     (r#"{"width": 0.2, "crop": "scale"}"#, "c_scale,w_0.2"),
    ///     (r#"{"effect": "hue:30"}"#, "e_hue:30"),
    ///     (
    ///         r#"{"transformation": [
    ///             {"width": 1000, "height": 1000, "crop": "limit"},
    ///             {"overlay": "my_watermark", "flags": "relative", "width": 0.5}
    ///         ]}"#,
    ///         "c_limit,h_1000,w_1000/fl_relative,l_my_watermark,w_0.5",
    ///     ),
    ///     (
    ///         r#"{"transformation": [
    ///             {"width": 100, "height": 120, "crop": "limit"},
    ///             {"crop": "crop", "x": 5, "y": 10, "width": 40, "height": 10}
    ///         ]}"#,
    ///         "c_limit,h_120,w_100/c_crop,h_10,w_40,x_5,y_10",
    ///     ),
    ///     (
    ///         r#"{"overlay": "text:bold_dark:Hello+World", "gravity": "south_east", "x": 5, "y": 5}"#,
    ///         "g_south_east,l_text:bold_dark:Hello+World,x_5,y_5",
    ///     ),
    /// ] {
    ///     let options = serde_json::from_str(options).unwrap();
    ///     assert_eq!(Transformation::from_options(&options)?.to_string(), expected);
    /// }
    /// # Ok::<(), cloudinary_core::Error>(())
    /// ```
    ///
    /// Follows <https://cloudinary.com/documentation/django_image_and_video_upload>.
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
        if name.starts_with('$') {
            continue;
        }
        let Some((_, key, form)) = OPTIONS.iter().find(|(option, ..)| option == name) else {
            return Err(Error::unknown_option(name, OPTIONS.iter().map(|(option, ..)| *option)));
        };
        // An empty border is the default one, and a layer that names nothing is a mistake.
        let counts = matches!(name.as_str(), "border" | "overlay" | "underlay") && value.is_object();
        if is_unset(value) && !counts {
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
            step.put(key, &text);
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
            Json::Object(map) => {
                let mut effects = map.iter();
                let (Some((effect, level)), None) = (effects.next(), effects.next()) else {
                    return Err(Error::invalid(name, &value.to_string(), "a step has one effect; give each its own"));
                };
                expression::normalize(&format!("{effect}:{}", scalar(name, level)?))
            }
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
            let (width, height) = size
                .split_once('x')
                .filter(|sides| *sides != ("", ""))
                .ok_or_else(|| Error::invalid("size", &size, "write it as 150x100"))?;
            for (key, side) in [("w", width), ("h", height)] {
                if !side.is_empty() {
                    step.put(key, &expression::normalize(side));
                }
            }
            return Ok(step);
        }
        "offset" => {
            let (start, end) = split_range(value)?;
            step.put("so", &range_text("offset", &start)?);
            step.put("eo", &range_text("offset", &end)?);
            return Ok(step);
        }
        "transformation" => {
            // Maps became steps of their own before; names alone are a parameter of this step.
            let names = match value {
                Json::Object(_) => return Ok(step),
                Json::Array(items) if items.iter().any(Json::is_object) => return Ok(step),
                value => scalars(name, value)?.join("."),
            };
            step.put("t", &names);
            return Ok(step);
        }
        "responsive_width" if !value.is_boolean() => {
            return Err(Error::invalid(name, &value.to_string(), "give true or false"));
        }
        // Written last, by the caller.
        _ => return Ok(step),
    };
    if !text.is_empty() {
        step.put(key, &text);
    }
    Ok(step)
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
            (r#"{"baseline": "cutout", "dynamic_range": "hdr"}"#, "bl_cutout,dr_hdr"),
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
            (r#"{"widht": null}"#, "did you mean \"width\""),
            (r#"{"overlay": {"public_id": "a", "font_size": 3}}"#, "font_size"),
            (r#"{"overlay": {"public_id": "a", "opacity": 3}}"#, "opacity"),
            (r#"{"overlay": {"public_id": "a", "url": "http://a"}}"#, "public_id"),
            (r#"{"overlay": {"url": "http://a", "type": "private", "public_id": "a"}}"#, "url"),
            (r#"{"underlay": {"text": "a", "text_style": "b", "font_size": 3}}"#, "font_size"),
            (r#"{"underlay": {"text": "a", "text_style": "b", "format": "png"}}"#, "format"),
            (r#"{"border": {"colour": "red"}}"#, "width, color"),
            (r#"{"custom_function": {"function_type": "wasm", "source": "a", "x": 1}}"#, "function_type, source"),
            (r#"{"video_codec": {"codec": "h264", "level": "3.1"}}"#, "profile"),
            (r#"{"video_codec": {"codec": "h264", "profile": "a", "b_frames": false}}"#, "level"),
            (r#"{"video_codec": {"codec": "h264", "bframes": false}}"#, "bframes"),
            (r#"{"effect": {"sepia": 5, "blur": 5}}"#, "one effect"),
            (r#"{"responsive_width": "yes"}"#, "true or false"),
            (r#"{"size": "x"}"#, "150x100"),
            (r#"{"$a,b": 1}"#, "$a,b"),
            (r#"{"$": 1}"#, "variable"),
            (r#"{"variables": [["$a/b", 3]]}"#, "$a/b"),
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
