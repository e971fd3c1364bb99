//! Attaching assets to rows, in the transaction that writes the row.

use cloudinary_core::ToAsset;
use sqlx::Transaction;

use super::database::Bound;
use super::{Attachments, AttachmentsDatabase, Noted, Owner, millis};
use crate::error::Error;

/// The constraint that a statement runs into when it would attach what is being destroyed.
pub(super) const GONE: &str = "cloudinary_asset_is_gone";

impl Attachments {
    /// Notes that a row holds an asset, in the transaction that writes the row: one statement. Attaching twice is
    /// harmless.
    ///
    /// # Errors
    /// [`Error::Gone`] if the asset was released before; the transaction must then be rolled back, as after
    /// [`Error::Database`].
    pub async fn attach<DB: AttachmentsDatabase>(
        &self,
        tx: &mut Transaction<'_, DB>,
        asset: impl ToAsset,
        owner: &Owner,
    ) -> Result<(), Error> {
        self.hold(tx, &Noted::of(asset)?, owner).await
    }

    /// Notes that a row holds an asset instead of another, which is released after the commit, unless another row holds
    /// it: two statements, or one if only the version is another.
    ///
    /// # Errors
    /// As [`attach`](Self::attach) and [`detach`](Self::detach).
    pub async fn replace<DB: AttachmentsDatabase>(
        &self,
        tx: &mut Transaction<'_, DB>,
        old: impl ToAsset,
        new: impl ToAsset,
        owner: &Owner,
    ) -> Result<(), Error> {
        let (old, new) = (Noted::of(old)?, Noted::of(new)?);
        self.hold(tx, &new, owner).await?;
        if old.key == new.key {
            return Ok(());
        }
        self.let_go(tx, old, owner).await
    }

    /// Notes that a row does not hold an asset any more: one statement. After the commit and the time to undo, the asset is
    /// released, unless another row holds it. Detaching twice is harmless.
    ///
    /// # Errors
    /// [`Error::NotHeld`] if it was never attached; [`Error::Database`].
    pub async fn detach<DB: AttachmentsDatabase>(
        &self,
        tx: &mut Transaction<'_, DB>,
        asset: impl ToAsset,
        owner: &Owner,
    ) -> Result<(), Error> {
        self.let_go(tx, Noted::of(asset)?, owner).await
    }

    /// Takes a release back: the row is there again, and holds the asset. As [`attach`](Self::attach), it fails once the
    /// time to undo is over.
    ///
    /// # Errors
    /// As [`attach`](Self::attach).
    pub async fn restore<DB: AttachmentsDatabase>(
        &self,
        tx: &mut Transaction<'_, DB>,
        asset: impl ToAsset,
        owner: &Owner,
    ) -> Result<(), Error> {
        self.attach(tx, asset, owner).await
    }

    async fn hold<DB: AttachmentsDatabase>(
        &self,
        tx: &mut Transaction<'_, DB>,
        asset: &Noted,
        owner: &Owner,
    ) -> Result<(), Error> {
        let values = vec![
            Bound::from(asset.key.as_str()),
            asset.value.as_str().into(),
            asset.version.into(),
            self.now().into(),
            owner.table().into(),
            owner.key().into(),
            owner.field().into(),
        ];
        match DB::execute(tx, DB::STATEMENTS.attach, values).await {
            Ok(_) => Ok(()),
            Err(error) => Err(gone_or("attaching an asset to a row", &asset.value, error)),
        }
    }

    async fn let_go<DB: AttachmentsDatabase>(
        &self,
        tx: &mut Transaction<'_, DB>,
        asset: Noted,
        owner: &Owner,
    ) -> Result<(), Error> {
        let now = self.now();
        let values = vec![
            Bound::from(now + millis(self.undo)),
            now.into(),
            asset.key.as_str().into(),
            owner.table().into(),
            owner.key().into(),
            owner.field().into(),
        ];
        let found = DB::execute(tx, DB::STATEMENTS.detach, values)
            .await
            .map_err(|error| Error::database("detaching an asset from a row", error))?;
        // The asset's own row, and the holder's.
        if found < 2 {
            return Err(Error::NotHeld { asset: asset.value, owner: owner.to_string() });
        }
        Ok(())
    }
}

/// The error of a statement that may have been refused since the asset is going, or gone.
pub(super) fn gone_or(doing: &'static str, asset: &str, error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(fault) if fault.is_check_violation() && fault.message().contains(GONE) => {
            Error::Gone { asset: asset.to_owned() }
        }
        _ => Error::database(doing, error),
    }
}
