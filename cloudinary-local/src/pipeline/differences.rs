//! What transformations do otherwise than the service's, for the "Differences" table.

use super::{component, effect, layer, output};

/// Rows of the table: what, and what becomes of it here.
pub(crate) fn differences() -> Vec<(String, String)> {
    let list =
        |names: &mut dyn Iterator<Item = &str>| names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let refused =
        |what: &str, names: &mut dyn Iterator<Item = &str>| (what.to_owned(), format!("refused: {}", list(names)));
    let levels = output::AUTO_QUALITY.map(|(name, quality)| format!("`q_{name}` is {quality}")).join(", ");
    vec![
        ("`g_auto`".to_owned(), "the center".to_owned()),
        ("`q_auto`".to_owned(), format!("does not look at the image: {levels}")),
        ("`f_auto`".to_owned(), "webp for clients that take it, but for GIFs; else the image's own".to_owned()),
        ("color profiles".to_owned(), "ignored: colors are taken as sRGB".to_owned()),
        ("conditions (`if_`), variables (`$`) and expressions".to_owned(), "refused".to_owned()),
        refused("crop modes", &mut component::OTHER_CROPS.into_iter()),
        refused("effects", &mut effect::LEFT_TO_THE_SERVICE.into_iter()),
        refused("flags", &mut component::OTHER_FLAGS.into_iter()),
        refused("formats", &mut output::OTHER_FORMATS.into_iter()),
        refused("layers", &mut layer::OTHER_KINDS.into_iter().map(|(prefix, _)| prefix.trim_end_matches(':'))),
        refused("parameters of a transformation", &mut component::LEFT_TO_THE_SERVICE.into_iter()),
    ]
}
