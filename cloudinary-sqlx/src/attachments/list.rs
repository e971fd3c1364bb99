//! What is noted: for a page of the app, and for the audit.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cloudinary_core::{AssetRef, ToAsset};
use serde::Serialize;
use sqlx::Pool;

use super::database::{Bound, Record};
use super::{Attachments, AttachmentsDatabase, Owner, key_of};
use crate::error::Error;

/// How many rows are read at once.
const ROWS_A_PAGE: i64 = 500;

/// What is noted of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attachment {
    /// The asset, as it was attached last.
    pub asset: AssetRef,
    /// How far it is.
    pub state: AttachmentState,
    /// The rows that hold it, or held it and may take that back.
    pub holders: Vec<Holder>,
    /// When the worker will look at it.
    pub due: Option<SystemTime>,
    /// How often it was tried to destroy it, since that last succeeded.
    pub attempts: u32,
    /// Why that failed.
    pub reason: Option<String>,
    #[serde(skip)]
    pub(super) key: String,
}

/// A row that holds an asset, or held it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Holder {
    /// The row.
    pub owner: Owner,
    /// Whether it let go of the asset.
    pub released: bool,
}

/// How far an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AttachmentState {
    /// About to be stored, or stored and held by no row yet.
    Pending,
    /// Held by a row.
    Attached,
    /// Held by no row any more; until it is due, that can be undone.
    Released,
    /// Being destroyed, or waiting for another try.
    Releasing,
    /// Destroyed, and remembered for a while.
    Destroyed,
    /// Given up: it could not be destroyed. [`Attachments::revive`] tries again.
    Dead,
}

impl Attachments {
    /// What is noted of an asset.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn find<DB: AttachmentsDatabase>(
        &self,
        pool: &Pool<DB>,
        asset: impl ToAsset,
    ) -> Result<Option<Attachment>, Error> {
        let key = key_of(&asset.to_asset());
        let mut connection = pool.acquire().await.map_err(fail)?;
        let rows =
            DB::records(&mut connection, DB::STATEMENTS.of_asset, vec![key.as_str().into()]).await.map_err(fail)?;
        Attachment::from_rows(rows)
    }

    /// The assets that are noted, in the order of their ids: up to `limit` of those after the one given.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn page<DB: AttachmentsDatabase>(
        &self,
        pool: &Pool<DB>,
        after: Option<&Attachment>,
        limit: usize,
    ) -> Result<Vec<Attachment>, Error> {
        let mut connection = pool.acquire().await.map_err(fail)?;
        // No name sorts after this within one asset.
        let last = "\u{10FFFF}".to_owned();
        let mut from =
            after.map_or_else(Default::default, |after| (after.key.clone(), last.clone(), last.clone(), last));
        let (mut found, mut of_one) = (Vec::new(), Vec::<Record>::new());
        while found.len() < limit {
            let values = vec![
                Bound::from(from.0.as_str()),
                from.1.as_str().into(),
                from.2.as_str().into(),
                from.3.as_str().into(),
                ROWS_A_PAGE.into(),
            ];
            let rows = DB::records(&mut connection, DB::STATEMENTS.page, values).await.map_err(fail)?;
            let Some(last) = rows.last() else { break };
            from = (last.asset.clone(), last.owner_table.clone(), last.owner_key.clone(), last.owner_field.clone());
            for row in rows {
                if of_one.first().is_some_and(|first| first.asset != row.asset) {
                    found.extend(Attachment::from_rows(std::mem::take(&mut of_one))?);
                }
                of_one.push(row);
            }
        }
        found.extend(Attachment::from_rows(of_one)?);
        found.truncate(limit);
        Ok(found)
    }

    /// Gives assets that could not be destroyed another round of tries, and says how many there are.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn revive<DB: AttachmentsDatabase>(&self, pool: &Pool<DB>) -> Result<u64, Error> {
        let fail = |error| Error::database("giving dead letters another try", error);
        let mut connection = pool.acquire().await.map_err(fail)?;
        DB::execute(&mut connection, DB::STATEMENTS.revive, vec![self.now().into()]).await.map_err(fail)
    }
}

fn fail(error: sqlx::Error) -> Error {
    Error::database("reading what is attached", error)
}

impl Attachment {
    /// Puts the rows of one asset together.
    fn from_rows(rows: Vec<Record>) -> Result<Option<Self>, Error> {
        let (own, holding): (Vec<Record>, Vec<Record>) = rows.into_iter().partition(Record::is_asset);
        // Both are written by one statement; of rows edited by hand, those that have no head say nothing.
        let Some(own) = own.into_iter().next() else { return Ok(None) };
        let asset = own.read_asset()?;
        let mut holders = Vec::with_capacity(holding.len());
        for row in holding {
            let owner = Owner::new(row.owner_table, row.owner_key, row.owner_field)?;
            holders.push(Holder { owner, released: row.state == "released" });
        }
        let is_held = holders.iter().any(|holder| !holder.released);
        let state = match own.state.as_str() {
            "releasing" => AttachmentState::Releasing,
            "destroyed" => AttachmentState::Destroyed,
            "dead" => AttachmentState::Dead,
            _ if is_held => AttachmentState::Attached,
            "pending" => AttachmentState::Pending,
            _ => AttachmentState::Released,
        };
        Ok(Some(Self {
            asset,
            state,
            holders,
            due: own.due_at.map(|due| UNIX_EPOCH + Duration::from_millis(u64::try_from(due).unwrap_or(0))),
            attempts: u32::try_from(own.attempts).unwrap_or(u32::MAX),
            reason: own.reason,
            key: own.asset,
        }))
    }
}
