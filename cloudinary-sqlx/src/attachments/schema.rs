//! The tables of the attachments.

use sqlx::Pool;

use super::{Attachments, AttachmentsDatabase};
use crate::error::Error;

/// The version of the tables that this crate reads and writes; the last statement of each migration notes it.
const SCHEMA_VERSION: i64 = 1;

impl Attachments {
    /// Makes the tables, or brings them up to date. What was done is noted in a table of its own,
    /// `cloudinary_migrations`, beside the app's. The files in this crate's folder `migrations` can be added to the app's
    /// migrations instead; then [`check`](Self::check) is what to call at the start.
    ///
    /// # Errors
    /// As [`check`](Self::check), [`Error::SchemaLost`], and [`Error::Migrate`].
    pub async fn migrate<DB: AttachmentsDatabase>(&self, pool: &Pool<DB>) -> Result<(), Error> {
        match self.check(pool).await {
            Ok(()) => return Ok(()),
            Err(Error::SchemaMissing | Error::SchemaHalfApplied) => {}
            Err(Error::SchemaVersion { found, known, .. }) if found < known => {}
            Err(error) => return Err(error),
        }
        match DB::migrate(pool).await {
            // Nothing was left to do, and it is not right.
            Ok(()) => match self.check(pool).await {
                Err(Error::SchemaMissing | Error::SchemaHalfApplied) => Err(Error::SchemaLost),
                checked => checked,
            },
            Err(sqlx::migrate::MigrateError::Dirty(_)) => Err(Error::SchemaHalfApplied),
            Err(error) => Err(Error::Migrate(error)),
        }
    }

    /// Checks that the tables are there, whole, and of this crate's version.
    ///
    /// # Errors
    /// [`Error::SchemaMissing`], [`Error::SchemaHalfApplied`], [`Error::SchemaVersion`], [`Error::Database`].
    pub async fn check<DB: AttachmentsDatabase>(&self, pool: &Pool<DB>) -> Result<(), Error> {
        let fail = |error| Error::database("looking at the tables of the attachments", error);
        let mut connection = pool.acquire().await.map_err(fail)?;
        let tables = DB::pairs(&mut connection, DB::STATEMENTS.tables.to_owned(), Vec::new()).await.map_err(fail)?;
        let has = |name: &str| tables.iter().any(|(table, _)| table.as_deref() == Some(name));
        match (has("cloudinary_attachment"), has("cloudinary_schema")) {
            (false, false) => return Err(Error::SchemaMissing),
            (true, true) => {}
            _ => return Err(Error::SchemaHalfApplied),
        }
        let rows =
            DB::pairs(&mut connection, DB::STATEMENTS.schema_version.to_owned(), Vec::new()).await.map_err(fail)?;
        let version = rows.first().and_then(|(version, _)| version.as_deref()?.parse::<i64>().ok());
        match version {
            None => Err(Error::SchemaHalfApplied),
            Some(SCHEMA_VERSION) => Ok(()),
            Some(found) => Err(Error::SchemaVersion {
                found,
                known: SCHEMA_VERSION,
                remedy: if found > SCHEMA_VERSION {
                    "update this crate in every program that uses the database"
                } else {
                    "call Attachments::migrate"
                },
            }),
        }
    }
}
