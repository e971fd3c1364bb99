//! Configurations, of which none shows its secret.

use cloudinary_core::Config;
use proptest::prelude::*;

use crate::cases;

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn configuration_keeps_its_secret(
        key in "[0-9]{3,8}", secret in "hush[A-Za-z0-9_.~-]{6,20}|hush%2[0-9A-F][a-z]{4,9}|hush[?/@:#&=% ]{1,2}hush", cloud in "[a-zA-Z0-9_-]{0,5}|.{0,5}",
        query in "([a-z_]{1,12}=[a-z0-9:/.]{0,8}&?){0,3}|(secure|timeout|cname|auth_token\\[key\\]|dpr)=.{0,5}", prefix in "cloudinary://|CLOUDINARY://|https://|",
    ) {
        let text = match Config::from_url(&format!("{prefix}{key}:{secret}@{cloud}?{query}&oauth_token=hush-hush")) {
            Ok(config) => format!("{config:?} {config:#?}"),
            Err(error) => format!("{error} {error:?}"),
        };
        prop_assert!(!text.contains("hush"), "{}", text);
    }

    #[test]
    fn no_url_makes_the_configuration_panic(text in ".{0,40}", rest in "[a-z:@?&=/%0-9\\[\\]_]{0,60}") {
        let _ = Config::from_url(&text);
        let _ = Config::from_url(&format!("cloudinary://{rest}"));
        let _ = Config::from_url(&format!("cloudinary://k:s@demo?{rest}{text}"));
    }
}
