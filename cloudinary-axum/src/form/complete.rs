//! Accepting a form: once; and what the browser uploaded itself only if it is verified, for this visitor and field, and
//! checked by the facts.
//!
//! The order matters. Nothing that came by a ticket is destroyed before this request has spent it: until then a file may
//! be another row's, which an earlier request with the same ticket made.

use cloudinary_core::{ApiErrorKind, AssetRef, PresignedAsset, UploadOptions, UploadResponse};

use super::fields::Fields;
use super::file_field::FileField;
use super::held::Held;
use super::problem::Problem;
use super::read::{Arrived, ReceivedFiles};
use super::spending::Spending;
use super::store::refused;
use super::stored::{Stored, destroy_in_background, is_same};
use super::uploaded::Uploaded;
use crate::policy::Intent;
use crate::ticket::{Claims, Once, Refusal, Serial};
use crate::uploads::Uploads;

/// The files of a form, all of them of this visitor and field.
pub(super) struct Completed {
    /// For each file field, in their order.
    pub(super) fields: Vec<Held>,
    pub(super) problems: Vec<(String, Problem)>,
    /// Whether the service's answers have joined the files since they were verified.
    pub(super) has_facts: bool,
    /// What came with a form that brings a file, by the positions of the fields; to be spent when it is accepted.
    tickets: Vec<(usize, Once)>,
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
    pub(super) fn verify(&self, files: Vec<ReceivedFiles>, stored: Stored) -> Completed {
        let mut completed = Completed {
            fields: Vec::with_capacity(files.len()),
            problems: Vec::new(),
            has_facts: false,
            tickets: Vec::new(),
            superseded: Vec::new(),
            stored,
        };
        let mut brings_files = false;
        for (at, (field, received)) in self.fields.files.iter().zip(files).enumerate() {
            let problem = |problem| (field.name.to_string(), problem);
            let claims = self.uploads.open(field, self.subject, &received.ticket);
            let serial = claims.as_ref().ok().map(Serial::from);
            let mut ticket_counts = false;
            let mut kept: Vec<Uploaded> = Vec::new();
            for file in received.arrived {
                let uploaded = match file {
                    Arrived::Stored(uploaded) => uploaded,
                    Arrived::Presigned(text) => match self.verified(field, &text, &claims) {
                        Ok(asset) => {
                            ticket_counts = true;
                            Uploaded::verified(asset)
                        }
                        Err(wrong) => {
                            completed.problems.push(problem(wrong));
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
                completed.problems.push(problem(field.too_many()));
                kept.truncate(field.max_files());
            }
            for text in received.superseded {
                // An id that the app chose is a row's already, whoever replaces the file under it.
                if let Ok(asset) = self.verified(field, &text, &claims)
                    && !field.chosen_ids().contains(&asset.public_id)
                {
                    ticket_counts = true;
                    completed.superseded.push(asset);
                }
            }
            brings_files |= ticket_counts || !kept.is_empty();
            let vouching = claims.as_ref().ok().filter(|_| ticket_counts);
            let once = self.uploads.once(field, self.subject, &received.ticket, vouching);
            completed.tickets.extend(once.map(|once| (at, once)));
            completed.fields.push(Held { files: kept, serial, cleared: received.cleared, denied: false });
        }
        if !brings_files {
            // The same texts, or a box that is ticked, once more change nothing; another text may be meant.
            completed.tickets.clear();
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
    pub(super) async fn accept(&self, completed: &mut Completed, spending: &mut Spending) {
        match self.spend(&completed.tickets, spending).await {
            Ok(()) => {
                for (at, _) in &completed.tickets {
                    // If the app shows the form again all the same, its field needs another ticket.
                    completed.fields.get_mut(*at).into_iter().for_each(|held| held.serial = None);
                }
                for asset in std::mem::take(&mut completed.superseded) {
                    if !completed.held().any(|held| is_same(held, &asset)) {
                        destroy_in_background(self.uploads.client(), &asset);
                    }
                }
                self.check(completed).await;
            }
            Err((at, refusal)) => {
                // It did not let the form in, so that whoever has it next may.
                spending.give_back().await;
                self.refuse(completed, at, refusal);
                let name = self.fields.files.get(at).map(|field| field.name.to_string());
                completed.problems.push((name.unwrap_or_default(), refusal.into()));
            }
        }
        completed.let_go();
    }

    /// Every ticket of the form, in the order of the fields and no further than the first that is refused: of two
    /// requests with the same form, one gets through.
    async fn spend(&self, tickets: &[(usize, Once)], spending: &mut Spending) -> Result<(), (usize, Refusal)> {
        for (nth, (at, once)) in tickets.iter().enumerate() {
            // Two fields may go on with one ticket, which is spent once.
            if !tickets[..nth].iter().any(|(_, before)| before.name == once.name) {
                spending.spend(once).await.map_err(|refusal| (*at, refusal))?;
            }
        }
        Ok(())
    }

    /// Takes from the fields what the form that is shown again cannot have.
    fn refuse(&self, completed: &mut Completed, at: usize, refusal: Refusal) {
        match refusal {
            // Nothing was spent, and the visitor can send the form again as it is.
            Refusal::Unknown => {}
            Refusal::Spent => {
                for (field, held) in self.fields.files.iter().zip(&mut completed.fields) {
                    held.serial = None;
                    let files = std::mem::take(&mut held.files);
                    // What was stored by now is destroyed, unless it took the place of what was accepted.
                    let replacing: Vec<_> = files.iter().filter(|file| field.may_replace(file)).collect();
                    completed.stored.let_go_of(|stored| replacing.iter().any(|file| is_same(file.asset(), stored)));
                }
            }
            _ => {
                if let Some(held) = completed.fields.get_mut(at) {
                    held.serial = None;
                    held.files.retain(|file| file.response().is_some());
                }
            }
        }
    }

    async fn check(&self, completed: &mut Completed) {
        for (field, held) in self.fields.files.iter().zip(&mut completed.fields) {
            let mut checked = Vec::with_capacity(held.files.len());
            for file in std::mem::take(&mut held.files) {
                if file.response().is_some() {
                    checked.push(file);
                    continue;
                }
                match self.checked(field, file.asset()).await {
                    Ok(None) => checked.push(file),
                    Ok(Some(file)) => {
                        completed.has_facts = true;
                        checked.push(file);
                    }
                    Err(problem) => {
                        if problem == Problem::ServiceFailed {
                            // The file may be as good as any; the form keeps it.
                            checked.push(file);
                        } else if !field.chosen_ids().contains(&file.asset().public_id) {
                            destroy_in_background(self.uploads.client(), file.asset());
                        }
                        completed.problems.push((field.name.to_string(), problem));
                    }
                }
            }
            held.files = checked;
        }
    }

    /// The file with the facts about it, where its field needs them.
    async fn checked(&self, field: &FileField, asset: &AssetRef) -> Result<Option<Uploaded>, Problem> {
        self.uploads.authorize(self.subject, &field.name, Intent::Complete).await?;
        if !field.needs_facts() {
            return Ok(None);
        }
        let facts = self.facts(field, asset).await?;
        // What is stored, and not what the posted value says of it.
        let asset = facts.asset().map_err(|_| Problem::BadReference)?;
        match field.refuses(&asset).or_else(|| field.refuses_facts(&facts)) {
            Some(problem) => Err(problem),
            None => Ok(Some(Uploaded::stored(asset, facts))),
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
        self.fields.iter().flat_map(|held| &held.files).map(Uploaded::asset)
    }

    /// A form that is shown again keeps its files; what it cannot keep is destroyed.
    pub(super) fn keep(mut self) -> Vec<Held> {
        self.let_go();
        self.fields
    }

    /// What the fields hold is no longer this request's alone.
    fn let_go(&mut self) {
        let fields = &self.fields;
        self.stored
            .let_go_of(|stored| fields.iter().flat_map(|held| &held.files).any(|file| is_same(file.asset(), stored)));
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
