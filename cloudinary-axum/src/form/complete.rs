//! Accepting what the browser uploaded itself: verified, for this visitor and field, once, and checked by the facts.
//!
//! The order matters. Nothing is destroyed before this request has spent the ticket: until then a file may be another
//! row's, which an earlier request with the same ticket made.

use std::collections::BTreeMap;

use cloudinary_core::{ApiErrorKind, AssetRef, PresignedAsset, UploadOptions, UploadResponse};

use super::fields::{Fields, FileField};
use super::problem::Problem;
use super::read::Arrived;
use super::store::refused;
use super::stored::{Stored, destroy_in_background, is_same};
use super::uploaded::Uploaded;
use crate::policy::Intent;
use crate::ticket::{Claims, Refusal, Serial};
use crate::uploads::Uploads;

/// The files of a form, all of them of this visitor and field.
pub(super) struct Completed {
    pub(super) files: BTreeMap<String, Vec<Uploaded>>,
    pub(super) problems: Vec<(String, Problem)>,
    /// The names of all good tickets, by field: a form that is shown again goes on with them.
    pub(super) serials: BTreeMap<String, Serial>,
    /// The tickets that let files in, by field; to be spent when the form is accepted.
    tickets: BTreeMap<String, Claims>,
    /// Files that a later choice took the place of.
    superseded: Vec<AssetRef>,
    /// What this request stored itself; destroyed when this is dropped, but for what is accepted.
    stored: Stored,
}

pub(super) struct Completion<'a> {
    pub(super) uploads: &'a Uploads,
    pub(super) subject: Option<&'a str>,
    pub(super) fields: &'a Fields,
}

impl Completion<'_> {
    /// Verifies signatures and tickets, which needs nobody's help.
    pub(super) fn verify(
        &self,
        mut files: BTreeMap<String, Vec<Arrived>>,
        superseded: &BTreeMap<String, Vec<String>>,
        tickets: &BTreeMap<String, String>,
        stored: Stored,
    ) -> Completed {
        let mut completed = Completed {
            files: BTreeMap::new(),
            problems: Vec::new(),
            serials: BTreeMap::new(),
            tickets: BTreeMap::new(),
            superseded: Vec::new(),
            stored,
        };
        for field in &self.fields.files {
            let name = field.name.to_string();
            let claims = self.uploads.open(field, self.subject, tickets.get(&name).map_or("", String::as_str));
            if let Ok(claims) = &claims {
                completed.serials.insert(name.clone(), Serial::from(claims));
            }
            let mut kept: Vec<Uploaded> = Vec::new();
            for file in files.remove(&name).unwrap_or_default() {
                let uploaded = match file {
                    Arrived::Stored(uploaded) => uploaded,
                    Arrived::Presigned(text) => match self.verified(field, &text, &claims) {
                        Ok(asset) => {
                            completed.tickets.extend(claims.clone().ok().map(|claims| (name.clone(), claims)));
                            Uploaded::verified(asset)
                        }
                        Err(problem) => {
                            completed.problems.push((name.clone(), problem));
                            continue;
                        }
                    },
                };
                // One file twice is one file; two rows with it could not both let go of it.
                if !kept.iter().any(|known| is_same(known.asset(), uploaded.asset())) {
                    kept.push(uploaded);
                }
            }
            if kept.len() > field.max_files() {
                completed.problems.push((name.clone(), field.too_many()));
                kept.truncate(field.max_files());
            }
            for text in superseded.get(&name).into_iter().flatten() {
                // An id that the app chose is a row's already, whoever replaces the file under it.
                if let Ok(asset) = self.verified(field, text, &claims)
                    && !field.chosen_ids().contains(&asset.public_id)
                {
                    completed.tickets.extend(claims.clone().ok().map(|claims| (name.clone(), claims)));
                    completed.superseded.push(asset);
                }
            }
            completed.files.insert(name, kept);
        }
        completed
    }

    fn verified(&self, field: &FileField, text: &str, claims: &Result<Claims, Refusal>) -> Result<AssetRef, Problem> {
        let altered = |error: cloudinary_core::Error| {
            tracing::info!(field = %field.name, %error, "a presigned value was refused");
            Problem::BadReference
        };
        let config = self.uploads.client().config();
        let asset = text.parse::<PresignedAsset>().map_err(altered)?.verify(config).map_err(altered)?;
        // Type and format are not signed, so what they say is looked at too.
        if let Some(problem) = field.refuses(&asset) {
            return Err(problem);
        }
        claims.as_ref().map_err(|refusal| Problem::from(*refusal))?.covers(&asset)?;
        Ok(asset)
    }

    /// Spends the tickets, now that everything else is right, and then asks the policy and the service about each file
    /// that came by them. What they refuse is destroyed: it is nobody else's.
    pub(super) async fn accept(&self, completed: &mut Completed) {
        let mut outcomes: BTreeMap<String, Result<(), Refusal>> = BTreeMap::new();
        for (field, claims) in std::mem::take(&mut completed.tickets) {
            let outcome = match outcomes.get(&claims.serial) {
                Some(outcome) => *outcome,
                None => self.uploads.spend(&claims).await,
            };
            outcomes.insert(claims.serial.clone(), outcome);
            match outcome {
                // If the app shows the form again all the same, its field needs another ticket.
                Ok(()) => drop(completed.serials.remove(&field)),
                // Nothing was spent, and the visitor can send the form again as it is.
                Err(Refusal::Unknown) => completed.problems.push((field, Problem::ServiceFailed)),
                Err(refusal) => {
                    completed.serials.remove(&field);
                    let files = completed.files.entry(field.clone()).or_default();
                    files.retain(|file| file.response().is_some());
                    completed.problems.push((field, refusal.into()));
                }
            }
        }
        if completed.problems.is_empty() {
            let held: Vec<AssetRef> = completed.held().cloned().collect();
            for asset in completed.superseded.drain(..) {
                if !held.iter().any(|held| is_same(held, &asset)) {
                    destroy_in_background(self.uploads.client(), &asset);
                }
            }
            self.check(completed).await;
        }
        let held: Vec<AssetRef> = completed.held().cloned().collect();
        completed.stored.keep_only(held.iter());
    }

    async fn check(&self, completed: &mut Completed) {
        for field in &self.fields.files {
            let name = field.name.as_ref();
            let mut checked = Vec::new();
            for file in completed.files.remove(name).unwrap_or_default() {
                if file.response().is_some() {
                    checked.push(file);
                    continue;
                }
                match self.checked(field, file.asset()).await {
                    Ok(file) => checked.push(file),
                    Err(problem) => {
                        if problem == Problem::ServiceFailed {
                            // The file may be as good as any; the form keeps it.
                            checked.push(file);
                        } else if !field.chosen_ids().contains(&file.asset().public_id) {
                            destroy_in_background(self.uploads.client(), file.asset());
                        }
                        completed.problems.push((name.to_owned(), problem));
                    }
                }
            }
            completed.files.insert(name.to_owned(), checked);
        }
    }

    async fn checked(&self, field: &FileField, asset: &AssetRef) -> Result<Uploaded, Problem> {
        self.uploads.authorize(self.subject, &field.name, Intent::Complete).await?;
        if !field.needs_facts() {
            return Ok(Uploaded::verified(asset.clone()));
        }
        let facts = self.facts(field, asset).await?;
        // What is stored, and not what the posted value says of it.
        let asset = facts.asset().map_err(|_| Problem::BadReference)?;
        match field.refuses(&asset).or_else(|| field.refuses_facts(&facts)) {
            Some(problem) => Err(problem),
            None => Ok(Uploaded::stored(asset, facts)),
        }
    }

    /// What the service says of a file: it is asked to do nothing to it, and answers with all it knows.
    async fn facts(&self, field: &FileField, asset: &AssetRef) -> Result<UploadResponse, Problem> {
        match self.uploads.client().explicit(asset, &UploadOptions::new()).await {
            Ok(facts) => Ok(facts.into_inner()),
            Err(error) if error.api_kind() == Some(ApiErrorKind::NotFound) => Err(Problem::BadReference),
            Err(error) => Err(refused(field, &error)),
        }
    }
}

impl Completed {
    fn held(&self) -> impl Iterator<Item = &AssetRef> {
        self.files.values().flatten().map(Uploaded::asset)
    }

    /// A form that is shown again keeps its files; what it cannot keep is destroyed.
    pub(super) fn keep(mut self) {
        let held: Vec<AssetRef> = self.held().cloned().collect();
        self.stored.keep_only(held.iter());
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
