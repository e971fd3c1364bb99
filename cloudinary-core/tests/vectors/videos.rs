//! `video`.

use cloudinary_core::transformation::is_option;
use cloudinary_core::{AssetRef, Result, Transformation, VideoSource};
use serde_json::{Value as Json, json};

use crate::record::Input;
use crate::settings::text;

impl Input<'_> {
    pub(crate) fn video(&self) -> Result<Json> {
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
}
