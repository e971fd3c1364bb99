//! The searches of `cloudinary.search` and `cloudinary.search_folders`.

use cloudinary_core::search::{Aggregation, DEFAULT_TTL_SECONDS, Direction};
use cloudinary_core::{Cloudinary, Result};
use serde_json::Value as Json;

use super::given::{answered, number, text, texts};

/// Both searches have the same setters.
macro_rules! steps {
    ($search:expr, $args:expr) => {{
        let mut search = $search;
        for (name, given) in steps($args) {
            search = match name {
                "sort_by" => search.sort_by(text(&given[0]), direction(given.get(1))),
                "aggregate" => aggregations(&given[0]).into_iter().fold(search, |search, one| search.aggregate(one)),
                "with_field" => texts(&given[0]).into_iter().fold(search, |search, one| search.with_field(one)),
                "fields" => search.fields(texts(&given[0])),
                "max_results" => search.max_results(number(&given[0])),
                "next_cursor" => search.next_cursor(text(&given[0])),
                "expression" | "ttl" | "to_url" | "execute" => search,
                other => panic!("no step {other}"),
            };
        }
        search
    }};
}

pub(crate) async fn perform(cld: &Cloudinary, call: &str, args: &[Json]) -> Option<Result<Json>> {
    Some(match call {
        "search.Search" if last_step(args) == Some("to_url") => url(cld, args).map(Json::from),
        "search.Search" => {
            let search = steps!(cld.search(expression(args)), args);
            answered!(search)
        }
        "search_folders.SearchFolders" => {
            let search = steps!(cld.search_folders(expression(args)), args);
            answered!(search)
        }
        _ => return None,
    })
}

/// The name and the arguments of each step.
fn steps(args: &[Json]) -> impl Iterator<Item = (&str, &[Json])> {
    args.iter().filter_map(|step| {
        let (name, arguments) = step.as_array()?.split_first()?;
        Some((name.as_str()?, arguments))
    })
}

fn last_step(args: &[Json]) -> Option<&str> {
    steps(args).last().map(|(name, _)| name)
}

fn expression(args: &[Json]) -> String {
    steps(args).filter(|(name, _)| *name == "expression").last().map(|(_, given)| text(&given[0])).unwrap_or_default()
}

fn url(cld: &Cloudinary, args: &[Json]) -> Result<String> {
    let mut search = steps!(cld.search(expression(args)), args);
    let mut ttl = DEFAULT_TTL_SECONDS;
    for (name, given) in steps(args) {
        match (name, given) {
            ("ttl" | "to_url", [seconds]) => ttl = number(seconds),
            ("to_url", [seconds, cursor]) => {
                ttl = number(seconds);
                search = search.next_cursor(text(cursor));
            }
            _ => {}
        }
    }
    search.to_url(ttl)
}

fn direction(given: Option<&Json>) -> Direction {
    if given.and_then(Json::as_str) == Some("asc") { Direction::Asc } else { Direction::Desc }
}

fn aggregations(given: &Json) -> Vec<Aggregation> {
    match given {
        Json::Array(items) => items.iter().flat_map(aggregations).collect(),
        Json::Object(ranges) => {
            let items = ranges["ranges"].as_array().expect("ranges");
            vec![items.iter().fold(Aggregation::ranges(text(&ranges["type"])), |aggregation, range| {
                aggregation.range(text(&range["key"]), range["from"].as_i64(), range["to"].as_i64())
            })]
        }
        name => vec![text(name).into()],
    }
}
