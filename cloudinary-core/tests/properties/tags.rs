//! Tags, read as a browser reads them.

use cloudinary_core::{AssetUrl, Config, Picture, PictureSource, Transformation};
use proptest::prelude::*;

use crate::{cases, html};

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_attribute_escapes_its_quotes(
        id in ".{1,20}", names in prop::collection::vec(prop_oneof!["[a-z-]{1,8}", ".{0,8}"], 0..4),
        values in prop::collection::vec(".{0,12}|[\"'<>&;/= ]{1,12}", 4), t in "[^/]{0,20}",
    ) {
        let url = AssetUrl::new(Config::new("demo"), id.as_str()).transform(Transformation::new().raw(&t));
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
}
