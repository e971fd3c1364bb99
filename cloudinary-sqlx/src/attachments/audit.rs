//! The audit: rows, what is noted, and the service, compared.

use std::collections::{BTreeMap, BTreeSet};

use cloudinary_core::{AssetRef, Cloudinary, ResourceType};
use serde::Serialize;
use sqlx::Pool;

use super::list::{Attachment, AttachmentState};
use super::{Attachments, AttachmentsDatabase, Owner, key_of, stored};
use crate::error::Error;
use crate::field;

/// Compares the rows of the columns that [`Attachments::column`] names, what is noted, and what the service has stored,
/// both ways. Everything is read into memory.
///
/// What is on its way is no finding: assets that are pending, waiting to be released, or being destroyed. Whatever looks
/// wrong is looked at twice, so that an app may be running meanwhile.
///
/// ```no_run
/// # async fn example(pool: sqlx::SqlitePool, cld: cloudinary_core::Cloudinary) -> Result<(), Box<dyn std::error::Error>> {
/// use cloudinary_sqlx::attachments::{Attachments, Audit, TableColumn};
///
/// let attachments = Attachments::new().column(TableColumn::new("photo", "id", "image"));
/// let report = Audit::new(&attachments, &pool, &cld).prefix("albums/").run().await?;
/// println!("{}", serde_json::to_string_pretty(&report)?);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Audit<DB: AttachmentsDatabase> {
    attachments: Attachments,
    pool: Pool<DB>,
    cld: Cloudinary,
    prefix: String,
    kinds: stored::Kinds,
}

/// What an audit found. Each list is sorted, and empty if all is well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditReport {
    /// How many rows hold an asset.
    pub rows: u64,
    /// How many assets the service has.
    pub assets: u64,
    /// How many assets are on their way: to a row, or to be destroyed.
    pub on_their_way: u64,
    /// Rows whose asset the service does not have.
    pub rows_without_assets: Vec<Finding>,
    /// Assets that no row holds and nobody will release.
    pub assets_without_rows: Vec<Finding>,
    /// Rows that hold an asset and did not attach it. [`Audit::attach_rows`] does.
    pub rows_without_holds: Vec<Finding>,
    /// Rows that attached an asset and do not hold it, or are not there.
    pub holds_without_rows: Vec<Finding>,
    /// Rows that hold something that is no asset.
    pub unreadable: Vec<Finding>,
    /// Assets that could not be destroyed and were given up.
    pub dead: Vec<Finding>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The asset, or what stands in its place.
    pub asset: String,
    /// The row, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<Owner>,
    /// What is wrong.
    pub reason: String,
}

impl AuditReport {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.lists().iter().all(|list| list.is_empty())
    }

    fn lists(&self) -> [&Vec<Finding>; 6] {
        [
            &self.rows_without_assets,
            &self.assets_without_rows,
            &self.rows_without_holds,
            &self.holds_without_rows,
            &self.unreadable,
            &self.dead,
        ]
    }

    fn lists_mut(&mut self) -> [&mut Vec<Finding>; 6] {
        [
            &mut self.rows_without_assets,
            &mut self.assets_without_rows,
            &mut self.rows_without_holds,
            &mut self.holds_without_rows,
            &mut self.unreadable,
            &mut self.dead,
        ]
    }
}

/// A row of the app, and what it holds.
type Row = (Owner, String);

impl<DB: AttachmentsDatabase> Audit<DB> {
    /// An audit of everything that the service has stored.
    pub fn new(attachments: &Attachments, pool: &Pool<DB>, cld: &Cloudinary) -> Self {
        Self {
            attachments: attachments.clone(),
            pool: pool.clone(),
            cld: cld.clone(),
            prefix: String::new(),
            kinds: stored::Kinds::default(),
        }
    }

    /// Only assets whose public id begins so, where others share the account.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Only assets of these resource types. Default: image, video and raw.
    pub fn resource_types(mut self, kinds: impl IntoIterator<Item = ResourceType>) -> Self {
        self.kinds = stored::Kinds::only(kinds);
        self
    }

    /// Compares.
    ///
    /// # Errors
    /// [`Error::Service`], [`Error::Database`].
    pub async fn run(&self) -> Result<AuditReport, Error> {
        let mut report = self.compare().await?;
        if report.is_clean() {
            return Ok(report);
        }
        // What was true at one moment and not at the other was only moving.
        let mut again = self.compare().await?;
        for (first, second) in report.lists_mut().into_iter().zip(again.lists_mut()) {
            second.retain(|finding| first.contains(finding));
        }
        Ok(again)
    }

    /// Attaches the rows that hold an asset and did not attach it, as those that are older than the tables, and says how
    /// many there were. Rows whose asset is gone are left alone.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn attach_rows(&self) -> Result<u64, Error> {
        let mut attached = 0;
        let report = self.run().await?;
        let gone: BTreeSet<_> = report.rows_without_assets.iter().map(|finding| &finding.row).collect();
        for finding in &report.rows_without_holds {
            let (Some(owner), Ok(asset)) = (&finding.row, field::read(&finding.asset)) else { continue };
            if gone.contains(&finding.row) {
                continue;
            }
            let fail = |error| Error::database("attaching rows that are older", error);
            let mut tx = self.pool.begin().await.map_err(fail)?;
            match self.attachments.attach(&mut tx, &asset, owner).await {
                Ok(()) => {
                    tx.commit().await.map_err(fail)?;
                    attached += 1;
                }
                Err(Error::Gone { .. }) => tx.rollback().await.map_err(fail)?,
                Err(error) => return Err(error),
            }
        }
        Ok(attached)
    }

    async fn compare(&self) -> Result<AuditReport, Error> {
        let stored = stored::with_prefix(&self.cld, &self.prefix, &self.kinds).await?;
        let mut assets = BTreeMap::new();
        for resource in &stored {
            let asset = resource.asset()?;
            assets.insert(key_of(&asset), asset.to_string());
        }
        let noted = self.noted().await?;
        let mut report = AuditReport { assets: assets.len() as u64, ..AuditReport::default() };
        let (rows, mut held) = self.rows(&mut report).await?;
        held.extend(self.check_rows(&rows, &assets, &noted, &mut report));
        self.check_notes(&rows, &assets, &noted, &mut report);
        check_assets(&assets, &noted, &held, &mut report);
        report.lists_mut().into_iter().for_each(|list| list.sort());
        Ok(report)
    }

    /// Every row has its asset, and attached it. Gives what the rows hold.
    fn check_rows(
        &self,
        rows: &[Row],
        assets: &BTreeMap<String, String>,
        noted: &BTreeMap<String, Attachment>,
        report: &mut AuditReport,
    ) -> BTreeSet<String> {
        let mut held = BTreeSet::new();
        for (owner, value) in rows {
            let asset = match field::read(value) {
                Ok(asset) => asset,
                Err(error) => {
                    report.unreadable.push(finding(value, Some(owner), error.to_string()));
                    continue;
                }
            };
            let key = key_of(&asset);
            if self.lists(&asset) && !assets.contains_key(&key) {
                let reason = match noted.get(&key).map(|attachment| attachment.state) {
                    Some(AttachmentState::Destroyed) => "it was released and destroyed",
                    _ => "the service does not have it",
                };
                report.rows_without_assets.push(finding(value, Some(owner), reason));
            }
            if !noted.get(&key).is_some_and(|attachment| attachment.is_held_by(owner)) {
                report.rows_without_holds.push(finding(value, Some(owner), "the row did not attach it"));
            }
            held.insert(key);
        }
        held
    }

    /// Whether the service would have been asked for it.
    fn lists(&self, asset: &AssetRef) -> bool {
        self.kinds.contains(asset.resource_type)
            && stored::DELIVERY_TYPES.contains(&asset.delivery_type)
            && asset.public_id.starts_with(&self.prefix)
    }

    async fn noted(&self) -> Result<BTreeMap<String, Attachment>, Error> {
        const AT_ONCE: usize = 1000;
        let mut noted = BTreeMap::new();
        let mut last: Option<Attachment> = None;
        loop {
            let page = self.attachments.page(&self.pool, last.as_ref(), AT_ONCE).await?;
            let Some(end) = page.last() else { return Ok(noted) };
            last = Some(end.clone());
            noted.extend(page.into_iter().map(|attachment| (attachment.key.clone(), attachment)));
        }
    }

    /// The rows, and what is held by those that cannot be told apart.
    async fn rows(&self, report: &mut AuditReport) -> Result<(Vec<Row>, BTreeSet<String>), Error> {
        let mut connection =
            self.pool.acquire().await.map_err(|error| Error::database("reading the app's columns", error))?;
        let (mut rows, mut held) = (Vec::new(), BTreeSet::new());
        for column in &self.attachments.columns {
            for (key, value) in column.rows::<DB>(&mut connection).await? {
                report.rows += 1;
                let text = value.as_deref().unwrap_or_default();
                match Owner::new(column.table(), key.unwrap_or_default(), column.field()) {
                    Ok(owner) if text.contains(char::REPLACEMENT_CHARACTER) => {
                        report.unreadable.push(finding(text, Some(&owner), "it is not UTF-8"));
                    }
                    Ok(owner) if value.is_none() => {
                        let reason =
                            "the JSON has no member \"image\"; set it to {\"image\": \"…\"}, or the column to NULL";
                        report.unreadable.push(finding("", Some(&owner), reason));
                    }
                    Ok(owner) => rows.push((owner, text.to_owned())),
                    Err(error) => {
                        report.unreadable.push(finding(text, None, format!("a row of {column}: {error}")));
                        held.extend(field::read(text).ok().as_ref().map(key_of));
                    }
                }
            }
        }
        Ok((rows, held))
    }

    /// Every row that is noted to hold an asset does.
    fn check_notes(
        &self,
        rows: &[Row],
        assets: &BTreeMap<String, String>,
        noted: &BTreeMap<String, Attachment>,
        report: &mut AuditReport,
    ) {
        let holds: BTreeSet<(&Owner, String)> =
            rows.iter().filter_map(|(owner, value)| Some((owner, key_of(&field::read(value).ok()?)))).collect();
        let is_read = |owner: &Owner| {
            let mut columns = self.attachments.columns.iter();
            columns.any(|column| column.table() == owner.table() && column.field() == owner.field())
        };
        for attachment in noted.values() {
            let value = attachment.asset.to_string();
            for holder in attachment.holders.iter().filter(|holder| !holder.released) {
                let owner = &holder.owner;
                if !is_read(owner) {
                    // The row is not looked at; whether its asset is there can be told all the same.
                    if self.lists(&attachment.asset) && !assets.contains_key(&attachment.key) {
                        report.rows_without_assets.push(finding(&value, Some(owner), "the service does not have it"));
                    }
                } else if !holds.contains(&(owner, attachment.key.clone())) {
                    let reason = "it is attached to this row, which does not hold it or is not there";
                    report.holds_without_rows.push(finding(&value, Some(owner), reason));
                }
            }
            match attachment.state {
                AttachmentState::Dead => {
                    let reason = attachment.reason.as_deref().unwrap_or("it could not be destroyed");
                    report.dead.push(finding(&value, None, reason));
                }
                AttachmentState::Pending | AttachmentState::Released | AttachmentState::Releasing => {
                    report.on_their_way += u64::from(attachment.due.is_some());
                }
                AttachmentState::Attached | AttachmentState::Destroyed => {}
            }
        }
    }
}

fn finding(asset: &str, row: Option<&Owner>, reason: impl Into<String>) -> Finding {
    Finding { asset: asset.to_owned(), row: row.cloned(), reason: reason.into() }
}

/// Every asset has a row that holds it, or will be released.
fn check_assets(
    assets: &BTreeMap<String, String>,
    noted: &BTreeMap<String, Attachment>,
    held: &BTreeSet<String>,
    report: &mut AuditReport,
) {
    for (key, value) in assets {
        if held.contains(key) {
            continue;
        }
        let reason = match noted.get(key).map(|attachment| (attachment.state, attachment.due)) {
            Some((AttachmentState::Destroyed, _)) => "it was destroyed, and is there again",
            // Reported as such, held by a row of a table that is not compared, or on its way.
            Some((AttachmentState::Dead | AttachmentState::Attached, _) | (_, Some(_))) => continue,
            Some((_, None)) => {
                "no row holds it, and no time is noted to release it at; attach and detach it, or destroy it by hand"
            }
            None => "no row holds it, and nothing is noted of it",
        };
        report.assets_without_rows.push(finding(value, None, reason));
    }
}

impl Attachment {
    fn is_held_by(&self, owner: &Owner) -> bool {
        self.holders.iter().any(|holder| !holder.released && holder.owner == *owner)
    }
}
