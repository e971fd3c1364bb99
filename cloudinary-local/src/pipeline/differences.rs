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
        ("`g_auto`, `c_auto`".to_owned(), "the center; `c_auto` is `c_fill`, `c_auto_pad` is `c_pad`".to_owned()),
        (
            "`w_auto`, `dpr_auto`".to_owned(),
            "no client hints are read: the width stays as it is, and dpr is 1".to_owned(),
        ),
        ("`bo_`".to_owned(), "outside the image, which grows by it on each side".to_owned()),
        ("`c_thumb` by `g_face`".to_owned(), "shows 1.8 times the face, 1.4 times the box around several".to_owned()),
        (
            "effects, `q_`".to_owned(),
            "the strengths mean the same, the curves are not the same to the pixel".to_owned(),
        ),
        ("`f_`, `q_` and flags of the output inside a layer".to_owned(), "refused".to_owned()),
        (
            "layers".to_owned(),
            "20 at most, three deep; steps and layers together pass through 400 megapixels at most".to_owned(),
        ),
        ("`q_auto`".to_owned(), format!("does not look at the image: {levels}")),
        ("`f_auto`".to_owned(), "webp for clients that take it, but for GIFs; else the image's own".to_owned()),
        ("`pg_`".to_owned(), "one frame of a GIF by its number; ranges and names are refused".to_owned()),
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
