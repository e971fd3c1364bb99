//! What is signed.

use cloudinary_core::AuthToken;
use cloudinary_core::signing::{SignatureVersion, string_to_sign};
use proptest::prelude::*;

use crate::cases;

proptest! {
    #![proptest_config(cases())]

    /// Two sets have the same string only if they are the same but for `&` against `%26`: the string can be read back.
    /// That is the most that can be said, as the service itself does not tell those two apart.
    #[test]
    fn a_string_to_sign_has_one_meaning(
        params in prop::collection::btree_map("[a-c_&%26]{1,4}", prop_oneof!["[ab=&,%26|]{0,9}", ".{0,9}", "x&[a-c]=[a-c]"], 0..6)
    ) {
        let text = string_to_sign(&params, SignatureVersion::V2);
        let read: Vec<(String, String)> = text.split('&').filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).expect("every pair has a ="))
            .collect();
        let escaped = |text: &String| text.replace('&', "%26");
        let mut given: Vec<(String, String)> =
            params.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (escaped(k), escaped(v))).collect();
        given.sort_by_key(|(k, v)| format!("{k}={v}"));
        prop_assert_eq!(read, given);
    }

    #[test]
    fn a_token_has_the_parts_it_was_given(
        name in ".{0,6}|[a-z_]{1,6}", ip in prop::option::of(".{0,9}|[0-9]{1,3}(\\.[0-9]{1,3}){3}"), acl in prop::collection::vec(".{0,12}|/[a-z*~=&;\n]{1,6}", 0..3),
        start in prop::option::of(any::<i64>()), duration in any::<i64>(), path in ".{0,12}|/[a-z~=&;]{1,9}", now in any::<i64>(),
    ) {
        let mut token = acl.iter().fold(AuthToken::new("00ff").name(&name).duration(duration), AuthToken::acl);
        if let Some(ip) = &ip {
            token = token.ip(ip);
        }
        if let Some(start) = start {
            token = token.start_time(start);
        }
        if let Ok(made) = token.generate_for(&path, now) {
            let (made_name, parts) = made.split_once('=').unwrap();
            prop_assert_eq!(made_name, name);
            let parts: Vec<&str> = parts.split('~').map(|part| part.split_once('=').unwrap().0).collect();
            let given = [ip.map(|_| "ip"), start.map(|_| "st"), Some("exp"), (!acl.is_empty()).then_some("acl"), Some("hmac")];
            prop_assert_eq!(parts, given.into_iter().flatten().collect::<Vec<_>>(), "{}", made);
            prop_assert!(!made.chars().any(|c| c.is_control() || matches!(c, ';' | ' ' | '"' | '&' | '#')), "{}", made);
        }
    }
}
