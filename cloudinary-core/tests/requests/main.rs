//! Makes the calls that `PyPI` `cloudinary` made, and compares the requests that they send.
//!
//! `scripts/requests/run` records, names the recordings in `CLOUDINARY_REQUESTS` and runs this. Each difference is printed
//! with both requests; the last line counts. What is different on purpose stands in `exceptions.rs`, with the reason.

mod api;
mod compare;
mod exceptions;
mod given;
mod request;
mod search;
mod server;
mod upload;

use std::collections::BTreeMap;
use std::process::ExitCode;

use cloudinary_core::client::RetryPolicy;
use cloudinary_core::{Cloudinary, Config, Result};
use serde_json::{Map, Value as Json};

use self::request::Request;
use self::server::Server;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Ok(path) = std::env::var("CLOUDINARY_REQUESTS") else {
        println!("skipped: CLOUDINARY_REQUESTS names no recordings; scripts/requests/run makes them and runs this");
        return ExitCode::SUCCESS;
    };
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let cases: Vec<Case> = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let server = Server::start().await;
    let (mut passed, mut failed, mut excepted) = (0, 0, BTreeMap::<&str, usize>::new());
    for case in &cases {
        match case.run(&server).await {
            Ok(reasons) => {
                passed += 1;
                for reason in reasons {
                    *excepted.entry(reason).or_default() += 1;
                }
            }
            Err(differences) => {
                failed += 1;
                println!("FAILED {}\n{differences}", case.title());
            }
        }
    }
    for (reason, count) in excepted {
        println!("excepted in {count}: {reason}");
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A call, and what the Python client made of it.
#[derive(serde::Deserialize)]
struct Case {
    call: String,
    #[serde(default)]
    args: Vec<Json>,
    #[serde(default)]
    kwargs: Map<String, Json>,
    #[serde(default)]
    config: Map<String, Json>,
    answer: Json,
    requests: Vec<Request>,
    returned: Option<Json>,
    raised: Option<String>,
}

impl Case {
    fn title(&self) -> String {
        let (args, kwargs) = (Json::from(self.args.clone()), Json::from(self.kwargs.clone()));
        format!("{} {args} {kwargs}", self.call)
    }

    /// The reasons of the exceptions that were made; or the differences.
    async fn run(&self, server: &Server) -> Result<Vec<&'static str>, String> {
        if let Some(reason) = exceptions::whole_case(&self.call, &self.args, &self.kwargs) {
            return Ok(vec![reason]);
        }
        let cld = self.client(server)?;
        server.expect(self.answer.to_string());
        let outcome = perform(&cld, &self.call, &self.args, &self.kwargs).await;
        let requests = server.take();
        let outcome = outcome.ok_or("  nothing here makes this call")?;
        match (&outcome, &self.raised) {
            (Ok(_), Some(raised)) => return Err(format!("  it was to fail: {raised}")),
            // Not every answer that is enough for the other client is for this one.
            (Err(error), None) => return Err(format!("  error: {error}")),
            _ => {}
        }
        let reasons = compare::requests(&self.call, &self.requests, &requests)?;
        if let (Some(expected), Ok(got)) = (&self.returned, &outcome) {
            compare::returned(expected, got)?;
        }
        Ok(reasons)
    }

    fn client(&self, server: &Server) -> Result<Cloudinary, String> {
        let mut url = "cloudinary://key:secret@demo".to_owned();
        for (at, (name, value)) in self.config.iter().enumerate() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            url.push(if at == 0 { '?' } else { '&' });
            url.extend([name.as_str(), "=", &value]);
        }
        let config = Config::from_url(&url).map_err(|error| error.to_string())?.upload_prefix(server.url());
        let cld = Cloudinary::new(config).map_err(|error| error.to_string())?;
        Ok(cld.with_retry(RetryPolicy::never()))
    }
}

async fn perform(cld: &Cloudinary, call: &str, args: &[Json], kwargs: &Map<String, Json>) -> Option<Result<Json>> {
    if let Some(outcome) = api::perform(cld, call, args, kwargs).await {
        return Some(outcome);
    }
    if let Some(outcome) = search::perform(cld, call, args).await {
        return Some(outcome);
    }
    upload::perform(cld, call, args, kwargs).await
}
