//! Accepting what the browser uploaded itself: verified, for this visitor and field, checked by the facts, and once.

use std::collections::BTreeMap;

use cloudinary_core::{AssetRef, PresignedAsset, UploadOptions, UploadResponse};

use super::fields::{Fields, FileField};
use super::problem::Problem;
use super::read::{Arrived, Received};
use super::store::refused;
use super::stored::destroy_in_background;
use super::uploaded::Uploaded;
use crate::policy::Intent;
use crate::ticket::{Claims, Refusal};
use crate::uploads::Uploads;

/// The files of a form, all of them verified.
#[derive(Default)]
pub(super) struct Completed {
    pub(super) files: BTreeMap<String, Vec<Uploaded>>,
    pub(super) problems: Vec<(String, Problem)>,
    /// The tickets that let files in, by field; to be spent when the form is accepted.
    pub(super) tickets: BTreeMap<String, Claims>,
    /// The names of all good tickets, by field: a form that is shown again goes on with them.
    pub(super) serials: BTreeMap<String, String>,
    /// Files that no row will hold once the form is accepted.
    superseded: Vec<AssetRef>,
}

pub(super) struct Completion<'a> {
    pub(super) uploads: &'a Uploads,
    pub(super) subject: Option<&'a str>,
    pub(super) fields: &'a Fields,
}

impl Completion<'_> {
    pub(super) async fn complete(&self, received: &mut Received) -> Completed {
        let mut completed = Completed::default();
        for field in &self.fields.files {
            let name = field.name.to_string();
            let arrived = received.files.remove(field.name.as_ref()).unwrap_or_default();
            let ticket = received.tickets.get(field.name.as_ref()).map_or("", String::as_str);
            let claims = self.uploads.open(field, self.subject, ticket);
            if let Ok(claims) = &claims {
                completed.serials.insert(name.clone(), claims.serial.clone());
            }
            if arrived.len() > field.max_files() {
                completed.problems.push((name.clone(), field.too_many()));
            }
            let mut files = Vec::new();
            // No more than the field takes: each may need a question to the service.
            for file in arrived.into_iter().take(field.max_files()) {
                match file {
                    Arrived::Stored(uploaded) => files.push(uploaded),
                    Arrived::Presigned(text) => match self.verify(field, &text, &claims).await {
                        Ok(uploaded) => {
                            if let Ok(claims) = &claims {
                                completed.tickets.insert(name.clone(), claims.clone());
                            }
                            files.push(uploaded);
                        }
                        Err(problem) => completed.problems.push((name.clone(), problem)),
                    },
                }
            }
            let superseded = received.superseded.get(field.name.as_ref()).into_iter().flatten();
            completed.superseded.extend(superseded.filter_map(|text| {
                let asset = text.parse::<PresignedAsset>().ok()?.verify(self.uploads.client().config()).ok()?;
                let claims = claims.as_ref().ok()?;
                claims.covers(&asset).ok()?;
                completed.tickets.entry(name.clone()).or_insert_with(|| claims.clone());
                Some(asset)
            }));
            completed.files.insert(name, files);
        }
        received.stored.keep_only(completed.files.values().flatten().map(Uploaded::asset));
        completed
    }

    async fn verify(
        &self,
        field: &FileField,
        text: &str,
        claims: &Result<Claims, Refusal>,
    ) -> Result<Uploaded, Problem> {
        let client = self.uploads.client();
        let altered = |error: cloudinary_core::Error| {
            tracing::info!(field = %field.name, %error, "a presigned value was refused");
            Problem::BadReference
        };
        let asset = text.parse::<PresignedAsset>().map_err(altered)?.verify(client.config()).map_err(altered)?;
        // Type and format are not signed, so what they say is looked at before anything is believed of the file.
        if let Some(problem) = field.refuses(&asset) {
            return Err(problem);
        }
        let claims = claims.as_ref().map_err(|refusal| Problem::from(*refusal))?;
        claims.covers(&asset)?;
        // From here on the file is known to be this visitor's, so one that is refused is destroyed.
        let reject = |problem| {
            destroy_in_background(client, &asset);
            problem
        };
        self.uploads
            .authorize(self.subject, &field.name, Intent::Complete)
            .await
            .map_err(|denied| reject(denied.into()))?;
        if !field.needs_facts() {
            return Ok(Uploaded::verified(asset));
        }
        let facts = self.facts(field, &asset).await?;
        // What is stored, and not what the posted value says of it.
        let asset = facts.asset().map_err(altered)?;
        match field.refuses(&asset).or_else(|| field.refuses_facts(&facts)) {
            Some(problem) => Err(reject(problem)),
            None => Ok(Uploaded::stored(asset, facts)),
        }
    }

    /// What the service says of a file: it is asked to do nothing to it, and answers with all it knows.
    async fn facts(&self, field: &FileField, asset: &AssetRef) -> Result<UploadResponse, Problem> {
        let answer = self.uploads.client().explicit(asset, &UploadOptions::new()).await;
        match answer {
            Ok(facts) => Ok(facts.into_inner()),
            Err(error) if error.api_kind() == Some(cloudinary_core::ApiErrorKind::NotFound) => {
                Err(Problem::BadReference)
            }
            Err(error) => Err(refused(field, &error)),
        }
    }
}

impl Completed {
    /// Spends the tickets, now that everything else is right. A field whose ticket was spent before loses its files: they
    /// are another row's.
    pub(super) async fn spend(&mut self, uploads: &Uploads) {
        let mut spent: BTreeMap<String, Result<(), Refusal>> = BTreeMap::new();
        for (field, claims) in &self.tickets {
            let outcome = match spent.get(&claims.serial) {
                Some(outcome) => *outcome,
                None => uploads.spend(claims).await,
            };
            spent.insert(claims.serial.clone(), outcome);
            if let Err(refusal) = outcome {
                self.files.remove(field);
                self.problems.push((field.clone(), refusal.into()));
            }
        }
        if self.problems.is_empty() {
            for asset in self.superseded.drain(..) {
                destroy_in_background(uploads.client(), &asset);
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Missing | Refusal::NotOurs | Refusal::OtherFile | Refusal::FromTheFuture => Self::NotYours,
            Refusal::Expired => Self::PageExpired,
            Refusal::Spent => Self::SentBefore,
            Refusal::Unknown => Self::ServiceFailed,
        }
    }
}
