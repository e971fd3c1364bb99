//! Text that parses is kept to the byte, its steps can be read, and setters on top of it never panic.
#![no_main]

use cloudinary_core::{AssetUrl, Config, Transformation};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(parsed) = text.parse::<Transformation>() {
        assert_eq!(parsed.as_str(), text.trim_matches('/'));
        for step in parsed.steps() {
            let last = step.params().last();
            assert!(last.is_some_and(|param| step.get(param.key) == Some(param.value)));
        }
        let changed = parsed.clone().width(text).then().merge(&parsed).condition(text).overlay(text).raw(text);
        let _ = changed.check();
        let url = AssetUrl::new(&Config::new("demo").dpr(2).responsive_width(true), "a/b").transform(&parsed);
        let _ = (url.url(), url.img_tag().to_string());
    }
    // As a configuration file or a database has it: text, an option map, or a list of either.
    if let Ok(read) = serde_json::from_str::<Transformation>(text) {
        assert!(read.as_str().parse::<Transformation>().is_ok());
    }
});
