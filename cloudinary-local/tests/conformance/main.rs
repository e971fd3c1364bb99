//! What an app sees of the service through the client: asked of this server, and of the real service where that is
//! wanted. The expectations are those of the real service; a case never asks which of both it talks to, but for how long
//! it may have to wait.
//!
//! ```text
//! cargo test -p cloudinary-local --test conformance            # this server
//! cargo test -p cloudinary-local --test conformance rename     # cases with the word in their names
//! CLOUDINARY_LIVE=1 CLOUDINARY_URL=cloudinary://… cargo test -p cloudinary-local --test conformance
//! ```
//!
//! The last asks the real service too. All it makes there is under a name of the run, and is deleted at the end. What the
//! account may not have is skipped, by name.

mod admin_account;
mod admin_delete;
mod admin_folders;
mod admin_metadata_fields;
mod admin_related;
mod admin_resources;
mod admin_streaming_profiles;
mod admin_transformations;
mod admin_triggers;
mod admin_update;
mod admin_upload_mappings;
mod admin_upload_presets;
mod analysis;
mod archive;
mod case;
mod chunked;
mod cloud;
mod context;
mod delivery;
mod destroy;
mod errors;
mod explicit;
mod names;
mod pictures;
mod rename;
mod resize;
mod search;
mod signed_urls;
mod tags;
mod unsigned;
mod upload;

use std::process::ExitCode;

use futures_util::{StreamExt as _, stream};

use self::case::{Case, End};
use self::cloud::Cloud;

/// How many cases are asked at one time.
const AT_A_TIME: usize = 4;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let cases: Vec<Case> = [
        admin_account::cases(),
        admin_delete::cases(),
        admin_folders::cases(),
        admin_metadata_fields::cases(),
        admin_related::cases(),
        admin_resources::cases(),
        admin_streaming_profiles::cases(),
        admin_transformations::cases(),
        admin_triggers::cases(),
        admin_update::cases(),
        admin_upload_mappings::cases(),
        admin_upload_presets::cases(),
        analysis::cases(),
        archive::cases(),
        chunked::cases(),
        context::cases(),
        delivery::cases(),
        destroy::cases(),
        errors::cases(),
        explicit::cases(),
        names::cases(),
        rename::cases(),
        resize::cases(),
        search::cases(),
        signed_urls::cases(),
        tags::cases(),
        unsigned::cases(),
        upload::cases(),
    ]
    .into_iter()
    .flatten()
    .filter(|case| words.is_empty() || words.iter().any(|word| case.name().contains(word)))
    .collect();

    let mut failed = ask(&Cloud::local().await, &cases).await;
    match Cloud::real() {
        Some(cloud) => failed += ask(&cloud, &cases).await,
        None => println!("the real service was not asked: set CLOUDINARY_LIVE=1 and CLOUDINARY_URL"),
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Asks a cloud all cases, cleans up, and gives how many failed.
async fn ask(cloud: &Cloud, cases: &[Case]) -> usize {
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), 0);
    let mut ends = stream::iter(cases)
        .map(|case| async move { (case.name(), case.ask(cloud.for_case(case.name())).await) })
        .buffer_unordered(AT_A_TIME);
    while let Some((name, end)) = ends.next().await {
        match end {
            End::Passed => passed += 1,
            End::Skipped(reason) => {
                println!("{} {name}: skipped: {reason}", cloud.title());
                skipped += 1;
            }
            End::Failed(reason) => {
                println!("{} {name}: FAILED: {reason}", cloud.title());
                failed.push(name);
            }
        }
    }
    for problem in cloud.clean_up().await {
        println!("{}: could not clean up: {problem}", cloud.title());
    }
    println!("{}: {passed} passed, {} failed, {skipped} skipped", cloud.title(), failed.len());
    failed.len()
}
