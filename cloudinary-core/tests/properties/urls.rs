//! Delivery URLs and column values, written and read.

use cloudinary_core::{AssetRef, AssetUrl, Config, DeliveredAsset, DeliveryType, ResourceType};
use proptest::prelude::*;

use crate::cases;
use crate::setters::chain;

/// Of the paths of delivery URLs: what could be taken for something else.
const PIECES: [&str; 17] = [
    "/v0",
    "/v1",
    "/v7",
    "/v07",
    "/v%33",
    "/a_b",
    "/w_1,c_fill",
    "/if_w_gt_5",
    "/%2520",
    "/%25",
    "%20",
    "/x y",
    "/a.b",
    ".jpg",
    "/s--aaaaaaaa--",
    "//",
    "/..",
];

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_url_is_read_back(
        folders in prop::collection::vec("[a-zA-Z0-9_ünï日😀,()+~'-]{1,8}", 0..3), name in "[a-zA-Z0-9_ünï日😀,()+~'-]{1,8}", format in prop::option::of("[a-z0-9]{2,4}"),
        version in 1_u64..=u64::MAX, kind in 0..3_usize, delivery in 0..3_usize, chain in chain(), signed in any::<bool>(),
    ) {
        let resource_type = [ResourceType::Image, ResourceType::Video, ResourceType::Raw][kind];
        let delivery_type = [DeliveryType::Upload, DeliveryType::Private, DeliveryType::Authenticated][delivery];
        let public_id = folders.iter().chain([&name]).map(String::as_str).collect::<Vec<_>>().join("/");
        let format = format.filter(|_| resource_type != ResourceType::Raw);
        let asset = AssetRef { resource_type, delivery_type, version: Some(version), public_id, format: format.map(Into::into) };
        let config = Config::new("demo").credentials("key", "secret");
        let url = AssetUrl::new(&config, &asset).transform(&chain).sign(signed).to_string();
        let read = DeliveredAsset::from_url(&config, &url).unwrap();
        prop_assert_eq!(&read.asset, &asset, "{}", url);
        prop_assert_eq!(&read.transformation, &chain, "{}", url);
        prop_assert_eq!(read.signature.is_some(), signed);
        prop_assert_eq!(read.url(&config).to_string(), url);
    }

    #[test]
    fn any_url_that_is_read_is_written_alike(
        pieces in prop::collection::vec(prop_oneof![4 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => "[a-z/_.%0-9-]{1,6}"], 0..6)
    ) {
        let path = pieces.concat();
        let config = Config::new("demo").credentials("key", "secret");
        if let Ok(read) = DeliveredAsset::from_url(&config, &format!("/demo/image/upload{path}")) {
            let url = read.url(&config).to_string();
            let again = DeliveredAsset::from_url(&config, &url).unwrap();
            prop_assert_eq!(again.url(&config).to_string(), url);
        }
    }

    #[test]
    fn a_column_is_read_back(text in prop_oneof![".{0,40}", "(image/|raw/|video/|auto/)?(upload/|private/)?(v[0-9]{1,22}/)?[a-z./v0-9 ]{0,20}(\\.[a-z]{1,4})?"]) {
        if let Ok(asset) = text.parse::<AssetRef>() {
            let column = asset.to_string();
            let read = column.parse::<AssetRef>();
            prop_assert_eq!(read.ok(), Some(asset), "{}", column);
        }
    }
}
