use std::fmt::Write as _;

use crate::{
    admin, pipeline,
    upload::parameters::{Handling, PARAMETERS},
};

/// What is not a parameter and still differs.
const GENERAL: &[(&str, &str)] = &[
    ("resource type `video`", "refused; `raw` keeps a film as it is"),
    ("image formats but jpg, png, webp and gif", "refused as `image` and `auto`; `raw` keeps them as they are"),
    ("other delivery types than `upload`, `private`, `authenticated`", "refused"),
    ("an unknown upload parameter", "refused: `Unknown parameter - <name>`"),
    ("a parameter given twice, other than as a list", "refused"),
    ("a timestamp more than an hour ahead", "refused as stale"),
    ("`secure_url`", "the same as `url`: one address serves both"),
    ("`Cache-Control`", "a month only for URLs with the asset's current version; others are asked for again"),
    ("raw files that a browser would run (HTML, SVG, XML, scripts)", "delivered to be saved, in a sandbox"),
    (
        "pieces of a chunked upload",
        "in any order; the same piece again changes nothing; all of one public_id and type; kept for 24 hours",
    ),
    ("`version`", "the time of the upload, or later: no two uploads have the same"),
    ("`callback`", "followed only to origins the server was told of"),
    ("public ids", "no `.` or `..` part, no control characters"),
    ("remote files", "by http and https only, and not from private networks unless allowed"),
    ("`create_slideshow`", "refused: video is not carried out"),
    ("`text`", "refused: no fonts come with it"),
    ("an add-on of the service", "refused with 420, as to who is not subscribed to it"),
    ("`explicit`", "of stored assets only; other upload parameters than those it carries out are refused"),
    (
        "notifications",
        "signed with SHA-1; sent again after 3, 6 and 9 minutes; forgotten when the server stops; not to private \
         networks unless allowed",
    ),
    ("`async`", "the file is received before the answer, and the rest is lost if the server is killed"),
    ("`access_control`", "a rule for tokens closes an asset to everybody, as no token is read"),
    ("`image_metadata`", "EXIF, IPTC, `grayscale` and `semi_transparent`; no XMP and no `illustration_score`"),
    ("`colors`, `phash`, `quality_analysis`", "of the same kind, not the same numbers"),
    ("`multi`", "GIF only, 100 ms an image, 100 images at most, each in the middle of the largest size"),
    ("`sprite`", "one image below the other, 100 at most"),
    ("`explode`", "the frames of GIFs"),
    ("archives", "a transformed image is in a folder named by its transformation, `/` as `-`; no more than 4 GiB"),
    ("backups", "kept for assets uploaded with `backup`; one that is destroyed stays as a placeholder"),
    ("authentication by OAuth, delivery by token or cookie", "refused"),
];

/// The "Differences" table of the README, in Markdown: what the server does otherwise than the real service.
///
/// ```
/// assert!(cloudinary_local::differences().contains("| `ocr` |"));
/// ```
pub fn differences() -> String {
    let mut table = String::from("| what | here |\n| --- | --- |\n");
    for (what, here) in GENERAL.iter().chain(admin::DIFFERENCES) {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {what} | {here} |");
    }
    for (what, here) in pipeline::differences() {
        let _ = writeln!(table, "| {what} | {here} |");
    }
    for (name, handling) in PARAMETERS {
        let here = match handling {
            Handling::Done => continue,
            Handling::NothingToDo(why) => format!("accepted: {why}"),
            Handling::OffOnly(why) => format!("refused unless off: {why}"),
            Handling::Refused(why) => format!("refused: {why}"),
            Handling::AddOn(..) => "refused: it needs an add-on of the service".to_owned(),
        };
        let _ = writeln!(table, "| `{name}` | {here} |");
    }
    table
}
