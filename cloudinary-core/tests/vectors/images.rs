//! `img` and `picture`.

use cloudinary_core::transformation::is_option;
use cloudinary_core::{ImgTag, Picture, PictureSource, Result, Srcset, Transformation};
use serde_json::{Map, Value as Json, json};

use crate::record::Input;
use crate::settings::{text, truthy};

impl Input<'_> {
    /// Splits keyword arguments into those of a URL and the HTML attributes, in the order they win there.
    pub(crate) fn tag_parts(mut kwargs: Map<String, Json>) -> (Map<String, Json>, Vec<(String, Json)>) {
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

    pub(crate) fn image(&self, mut kwargs: Map<String, Json>) -> Result<ImgTag> {
        let own_step = kwargs.iter().any(|(name, _)| is_option(name) && name != "transformation");
        let srcset = kwargs.shift_remove("srcset").unwrap_or_default();
        let client_hints = kwargs.shift_remove("client_hints");
        let (kwargs, mut attributes) = Self::tag_parts(kwargs);
        let url = self.asset_url(self.asset()?, kwargs)?;
        let mut tag = url.img_tag().size_attributes(own_step);
        if let Some(hints) = client_hints {
            tag = tag.client_hints(truthy(Some(&hints)));
        }
        tag = match srcset {
            Json::Object(own) => tag.srcset(self.srcset(&own)?),
            Json::String(text) => {
                attributes.insert(0, ("srcset".to_owned(), json!(text)));
                tag.without_srcset()
            }
            _ => tag,
        };
        for (name, value) in attributes {
            tag = match value {
                Json::Bool(true) => tag.switch(name),
                Json::String(text) if name == "responsive_placeholder" => tag.responsive_placeholder(text),
                value => tag.attr(name, text(&value)),
            };
        }
        Ok(tag)
    }

    pub(crate) fn picture(&self) -> Result<Json> {
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

    pub(crate) fn srcset(&self, options: &Map<String, Json>) -> Result<Srcset> {
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
}
