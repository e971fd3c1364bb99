//! `responsive_breakpoints`: the widths at which a smaller image is worth having, told by the bytes each step saves.

use cloudinary_core::Transformation;
use cloudinary_pixels::Format;
use serde::Deserialize;
use serde_json::{Value, json};

use super::request::image_format;
use crate::{
    app::App,
    delivery,
    http::ApiError,
    store::{Asset, Derived},
    urls,
};

/// The most sets of widths one request may ask for.
const MAX_SETS: usize = 10;

/// One set of widths to be found.
#[derive(Debug, Clone)]
pub(crate) struct Breakpoints {
    bytes_step: u64,
    min_width: u32,
    max_width: u32,
    max_images: usize,
    transformation: Transformation,
    format: Option<Format>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Derived images are kept within their limits anyway, and made again when they are asked for.
    #[serde(rename = "create_derived")]
    _create_derived: bool,
    bytes_step: Option<u64>,
    min_width: Option<u32>,
    max_width: Option<u32>,
    max_images: Option<usize>,
    #[serde(default)]
    transformation: String,
    #[serde(default)]
    format: String,
}

/// Reads the JSON of the parameter: one set, or a list of them.
pub(crate) fn parse(
    text: &str,
    transformation: &dyn Fn(&str) -> Result<Transformation, ApiError>,
) -> Result<Vec<Breakpoints>, ApiError> {
    let invalid = |reason: String| ApiError::invalid("responsive_breakpoints", reason);
    let given: Value = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
    let sets = match given {
        Value::Array(sets) => sets,
        one => vec![one],
    };
    if sets.len() > MAX_SETS {
        return Err(invalid(format!("at most {MAX_SETS} sets")));
    }
    sets.into_iter()
        .map(|set| {
            let asked: Asked = serde_json::from_value(set).map_err(|error| invalid(error.to_string()))?;
            let found = Breakpoints {
                bytes_step: asked.bytes_step.unwrap_or(20_000),
                min_width: asked.min_width.unwrap_or(50),
                max_width: asked.max_width.unwrap_or(1000),
                max_images: asked.max_images.unwrap_or(20),
                transformation: transformation(&asked.transformation)?,
                format: Some(asked.format.as_str())
                    .filter(|name| !name.is_empty())
                    .map(|name| image_format("responsive_breakpoints", name))
                    .transpose()?,
            };
            if found.bytes_step == 0 || found.min_width == 0 || found.min_width > found.max_width {
                return Err(invalid(
                    "bytes_step and min_width are 1 at least, max_width is not below min_width".into(),
                ));
            }
            if !(3..=200).contains(&found.max_images) {
                return Err(invalid("max_images is from 3 to 200".into()));
            }
            Ok(found)
        })
        .collect()
}

/// Finds the widths of each set, in the words of the answer.
pub(crate) async fn find(app: &App, asset: &Asset, sets: &[Breakpoints]) -> Result<Value, ApiError> {
    let mut found = Vec::new();
    for set in sets {
        let whole = delivery::derive(app, asset, &set.transformation, set.format).await?.derived;
        let widest = whole.width.min(set.max_width);
        let mut images = vec![set.at(app, asset, widest).await?];
        if set.min_width < widest {
            images.push(set.at(app, asset, set.min_width).await?);
        }
        // The largest gap first, so that whatever max_images leaves out is the least.
        while images.len() < set.max_images {
            let Some(index) = widest_gap(&images, set.bytes_step) else { break };
            let width = match images.get(index..index + 2) {
                Some([wide, narrow]) => u32::midpoint(wide.derived.width, narrow.derived.width),
                _ => break,
            };
            images.insert(index + 1, set.at(app, asset, width).await?);
        }
        let breakpoints: Vec<Value> = images.iter().map(|image| image.told(app, asset)).collect();
        found.push(json!({ "transformation": set.transformation.as_str(), "breakpoints": breakpoints }));
    }
    Ok(found.into())
}

/// The place of the pair, widest first, with the most bytes between it, if that is more than a step.
fn widest_gap(images: &[AtWidth], bytes_step: u64) -> Option<usize> {
    let gaps = images.windows(2).enumerate().filter_map(|(index, pair)| match pair {
        [wide, narrow] if wide.derived.width > narrow.derived.width + 1 => {
            Some((wide.derived.bytes.saturating_sub(narrow.derived.bytes), index))
        }
        _ => None,
    });
    gaps.max().filter(|(bytes, _)| *bytes > bytes_step).map(|(_, index)| index)
}

/// The image at one of the widths.
#[derive(Debug)]
struct AtWidth {
    transformation: Transformation,
    derived: Derived,
}

impl Breakpoints {
    async fn at(&self, app: &App, asset: &Asset, width: u32) -> Result<AtWidth, ApiError> {
        let scale = format!("c_scale,w_{width}");
        let text =
            if self.transformation.is_empty() { scale } else { format!("{}/{scale}", self.transformation.as_str()) };
        let transformation = delivery::canonical(&text)?;
        let derived = delivery::derive(app, asset, &transformation, self.format).await?.derived;
        Ok(AtWidth { transformation, derived })
    }
}

impl AtWidth {
    fn told(&self, app: &App, asset: &Asset) -> Value {
        let url = urls::delivery(&app.config, asset, Some(&self.transformation), Some(&self.derived.format));
        json!({
            "transformation": self.transformation.as_str(),
            "width": self.derived.width,
            "height": self.derived.height,
            "bytes": self.derived.bytes,
            "url": url,
            "secure_url": url,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_widths() {
        let table = [
            (r#"{"create_derived":false}"#, Some((20_000, 50, 1000, 20))),
            (
                r#"[{"create_derived":true,"bytes_step":5,"min_width":7,"max_width":9,"max_images":3}]"#,
                Some((5, 7, 9, 3)),
            ),
            (r#"{"create_derived":true,"min_width":9,"max_width":7}"#, None),
            (r#"{"create_derived":true,"max_images":2}"#, None),
            (r#"{"create_derived":true,"max_images":201}"#, None),
            (r#"{"create_derived":true,"bytes_step":0}"#, None),
            (r#"{"create_derived":true,"steps":3}"#, None),
            (r#"{"create_derived":true,"format":"exe"}"#, None),
            ("{}", None),
            ("3", None),
        ];
        for (text, expected) in table {
            let found = parse(text, &|steps| delivery::canonical(steps)).ok().and_then(|mut sets| sets.pop());
            let found = found.map(|set| (set.bytes_step, set.min_width, set.max_width, set.max_images));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn the_largest_gap_is_halved() {
        let at = |width, bytes| AtWidth {
            transformation: Transformation::default(),
            derived: Derived { format: String::new(), width, height: 1, bytes, blob: String::new(), created_at: 0 },
        };
        let images = [at(1000, 90_000), at(500, 60_000), at(50, 1000)];
        assert_eq!(widest_gap(&images, 20_000), Some(1));
        assert_eq!(widest_gap(&images, 60_000), None);
        assert_eq!(widest_gap(&[at(51, 90_000), at(50, 1)], 1), None, "there is no width between");
    }
}
