//! No `CLOUDINARY_URL` panics, and none that is refused or printed shows its secret.
#![no_main]

use cloudinary_core::Config;
use libfuzzer_sys::fuzz_target;

const SECRET: &str = "Xq7hush-hush7qX";

fuzz_target!(|text: &str| {
    for url in [text.to_owned(), format!("cloudinary://{text}"), format!("cloudinary://key:{SECRET}@demo?{text}")] {
        let shown = match Config::from_url(&url) {
            Ok(config) => format!("{config:?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        assert!(!shown.contains(SECRET) || text.contains(SECRET), "{shown}");
    }
});
