//! A column value that parses is written and read again as the same asset.
#![no_main]

use cloudinary_core::{AssetRef, Config, MAX_COLUMN_BYTES, PresignedAsset};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(asset) = text.parse::<AssetRef>() {
        let column = asset.to_string();
        // The types that a bare id leaves out can make it too long.
        if column.len() <= MAX_COLUMN_BYTES {
            assert_eq!(column.parse::<AssetRef>().expect("what is written can be read"), asset);
        }
    }
    if let Ok(posted) = text.parse::<PresignedAsset>() {
        assert_eq!(posted.to_string().parse::<PresignedAsset>().expect("what is written can be read"), posted);
        assert!(posted.verify(&Config::new("demo").credentials("key", "a secret nobody guesses")).is_err());
    }
});
