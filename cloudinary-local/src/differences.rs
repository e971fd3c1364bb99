use std::fmt::Write as _;

use crate::{
    pipeline,
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
    ("API actions", "`upload`, `destroy`, `delete_by_token` and `ping`; others answer 404"),
    ("`destroy` by `asset_id`", "refused"),
    ("authentication by OAuth, delivery by token or cookie", "refused"),
];

/// The "Differences" table of the README, in Markdown: what the server does otherwise than the real service.
///
/// ```
/// assert!(cloudinary_local::differences().contains("| `ocr` |"));
/// ```
pub fn differences() -> String {
    let mut table = String::from("| what | here |\n| --- | --- |\n");
    for (what, here) in GENERAL {
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
        };
        let _ = writeln!(table, "| `{name}` | {here} |");
    }
    table
}
