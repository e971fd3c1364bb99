//! Transformations: built, parsed, and both.

use std::collections::{BTreeMap, BTreeSet};

use cloudinary_core::transformation::Step;
use cloudinary_core::{Crop, Flag, Gravity, Transformation};
use proptest::prelude::*;

use crate::cases;
use crate::setters::{SETTERS, chain, set, step};

/// Conditions, then variables in the order they are set, then parameters by key.
fn place(key: &str) -> (u8, &str) {
    match key {
        "if" => (0, ""),
        key if key.starts_with('$') => (1, ""),
        key => (2, key),
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn parsing_keeps_every_byte(text in prop_oneof![".{0,60}", "[a-z]{1,2}_[0-9a-z_:.%$!]{0,9}([,/]{1,2}[a-z$]{0,3}_?[0-9a-z]{0,5}){0,5}"]) {
        if let Ok(parsed) = text.parse::<Transformation>() {
            prop_assert_eq!(parsed.to_string(), text.trim_matches('/'));
            let again: Transformation = parsed.to_string().parse().unwrap();
            prop_assert_eq!(&again, &parsed);
            let steps: Vec<&str> = parsed.steps().map(Step::as_str).collect();
            let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
            prop_assert_eq!(steps, parts);
        }
    }

    #[test]
    fn what_setters_write_is_read_again(chain in chain()) {
        prop_assert!(chain.check().is_ok(), "{:?}", chain.check());
        let read: Transformation = chain.as_str().parse().unwrap();
        prop_assert_eq!(&read, &chain);
        prop_assert_eq!(serde_json::from_value::<Transformation>(serde_json::to_value(&chain).unwrap()).unwrap(), chain);
    }

    #[test]
    fn steps_are_sorted_and_have_each_key_once(step in step()) {
        let built = step.iter().fold(Transformation::new(), |t, (key, value)| set(t, key, value).unwrap());
        let written: Vec<&str> = built.steps().flat_map(|step| step.params().map(|param| param.key)).collect();
        let places: Vec<_> = written.iter().map(|key| place(key)).collect();
        prop_assert!(places.is_sorted(), "{}", built);
        let keys: BTreeSet<&str> = written.iter().copied().collect();
        prop_assert_eq!(keys.len(), written.len());
        let given: BTreeSet<&str> = step.iter().map(|(key, _)| key.as_str()).collect();
        prop_assert_eq!(keys, given);
    }

    #[test]
    fn the_order_of_setters_does_not_matter(step in step(), seed in any::<prop::sample::Index>()) {
        let mut unique: Vec<_> = step.into_iter().collect::<BTreeMap<_, _>>().into_iter().collect();
        unique.retain(|(key, _)| !key.starts_with('$'));
        let build = |step: &[(String, String)]| step.iter().fold(Transformation::new(), |t, (key, value)| set(t, key, value).unwrap());
        let first = build(&unique);
        if !unique.is_empty() {
            let at = seed.index(unique.len());
            unique.rotate_left(at);
        }
        prop_assert_eq!(&build(&unique), &first);
        unique.reverse();
        prop_assert_eq!(&build(&unique), &first);
    }

    #[test]
    fn no_value_makes_a_setter_panic_or_add_a_parameter(at in 0..SETTERS.len(), value in ".{0,20}", raw in ".{0,5}") {
        let (key, setter) = SETTERS[at];
        let made = setter(Transformation::new(), &value);
        if made.check().is_ok() && !matches!(key, "l" | "u") {
            prop_assert_eq!(made.steps().count(), 1, "{}", made);
            prop_assert_eq!(made.steps().flat_map(Step::params).count(), 1, "{}", made);
        }
        let _ = setter(setter(made.raw(&raw).then(), &raw).raw(&value), &value).merge(&raw.parse().unwrap_or_default()).check();
    }
}

/// Reads the transformation strings of the file that `CLOUDINARY_TRANSFORMATIONS` names, one on a line.
#[test]
fn transformations_of_others() {
    let Ok(path) = std::env::var("CLOUDINARY_TRANSFORMATIONS") else {
        println!("skipped: CLOUDINARY_TRANSFORMATIONS names no file of transformation strings");
        return;
    };
    let lines = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let (mut count, mut keys, mut values, mut words) = (0, BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for line in lines.lines().filter(|line| !line.is_empty()) {
        let parsed: Transformation = line.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(parsed.to_string(), line.trim_matches('/'));
        count += 1;
        for param in parsed.steps().flat_map(Step::params) {
            let unnamed = match param.key {
                "c" => matches!(Crop::from(param.value), Crop::Other(_)),
                "g" => matches!(Gravity::from(param.value), Gravity::Other(_)),
                "fl" => param.value.split('.').any(|flag| matches!(Flag::from(flag), Flag::Other(_))),
                _ => false,
            };
            if unnamed {
                words.insert(format!("{}_{}", param.key, param.value));
            }
            match set(Transformation::new(), param.key, param.value) {
                None => drop(keys.insert(param.key.to_owned())),
                Some(made) if made.check().is_ok() && made.as_str() == format!("{}_{}", param.key, param.value) => {}
                Some(made) => drop(values.insert(format!("{}_{} becomes {made}", param.key, param.value))),
            }
        }
    }
    println!("{count} transformations; values that their setter writes otherwise: {values:#?}");
    println!("words without a name: {words:#?}");
    assert!(count > 0 && keys.is_empty(), "without a setter: {keys:?}");
}
