//! Tickets: who may complete which direct upload; and each form only once.
//!
//! The media service signs every answer, so a presigned value proves that the file is there, but not who put it there: a
//! value seen on one page could be posted to another form, by another visitor, or twice. A ticket closes that. The server
//! puts it beside the field it renders; it names the subject, the field, the prefix that the signed upload parameters
//! force on the public id, the resource and delivery type, and when it ends. The request that completes the upload must
//! bring it back, and it is spent by the first form that is accepted.
//!
//! A file that comes with the form itself needs nobody to vouch for it. Where a ticket comes beside it, that is spent all
//! the same, so that a form counts once whichever way its files came.

mod claims;
mod once;
mod store;

pub use self::store::{MAX_SPENT_TICKETS, MemoryTickets, TicketStore, TicketStoreError};

pub(crate) use self::claims::{Claims, Refusal, Scope, TicketKey};
pub(crate) use self::once::Once;

/// The name that the files of one rendered form share, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Serial {
    pub(crate) name: String,
    pub(crate) born: i64,
}

impl Serial {
    /// Letters and digits of a name; nobody guesses it.
    const CHARACTERS: usize = 20;

    pub(crate) fn new(now: i64) -> Self {
        Self { name: crate::random::name(Self::CHARACTERS), born: now }
    }
}

impl From<&Claims> for Serial {
    fn from(claims: &Claims) -> Self {
        Self { name: claims.serial.clone(), born: claims.born }
    }
}

/// How long a ticket is good for unless [`Uploads::ticket_lifetime`](crate::Uploads::ticket_lifetime) says otherwise: an
/// hour, as long as the service takes the signature beside it.
pub const DEFAULT_TICKET_LIFETIME: std::time::Duration = std::time::Duration::from_hours(1);
