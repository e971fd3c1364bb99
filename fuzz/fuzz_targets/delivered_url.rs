//! A delivery URL that can be read is written as one that reads the same.
#![no_main]

use cloudinary_core::{Config, DeliveredAsset};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let config = Config::new("demo").credentials("key", "secret");
    for url in
        [text.to_owned(), format!("/demo/{text}"), format!("https://res.cloudinary.com/demo/image/upload/{text}")]
    {
        if let Ok(read) = DeliveredAsset::from_url(&config, &url) {
            let written = read.url(&config).to_string();
            let again = DeliveredAsset::from_url(&config, &written);
            let again = again.unwrap_or_else(|error| panic!("{url:?} is written {written:?}: {error}"));
            assert_eq!(again.url(&config).to_string(), written, "from {url:?}");
        }
    }
});
