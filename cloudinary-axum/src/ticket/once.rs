//! What makes a rendered form count once.

use sha2::{Digest as _, Sha256};

use super::claims::{Claims, RENEWALS};

/// What is spent by a form that brings a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Once {
    /// What is spent, and can be a second time only by the same form.
    pub(crate) name: String,
    /// Until when that is remembered, in Unix seconds.
    pub(crate) until: i64,
    /// When it is too late to spend it, in Unix seconds. A file that came with the form itself is never too late.
    pub(crate) ends: Option<i64>,
}

impl Once {
    /// By a ticket that vouches for a direct upload.
    pub(crate) fn vouching(claims: &Claims, lifetime: i64) -> Self {
        Self { name: claims.serial.clone(), until: claims.remembered_until(lifetime), ends: Some(claims.expires) }
    }

    /// By a ticket beside a file that came with the form itself: nothing has to be vouched for, so that an old one will
    /// do, and one of a visitor who was somebody else when the page was made, before logging in or without cookies. One
    /// that cannot be opened is spent as it stands; nobody else has that text.
    pub(crate) fn beside(ticket: &str, claims: Option<&Claims>, now: i64, lifetime: i64) -> Self {
        let name = match claims {
            Some(claims) => claims.serial.clone(),
            None => format!("form {}", hex::encode(&Sha256::digest(ticket)[..16])),
        };
        let a_day = now.saturating_add(lifetime.saturating_mul(RENEWALS));
        let until = claims.map_or(a_day, |claims| claims.remembered_until(lifetime).max(a_day));
        Self { name, until, ends: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_times() {
        let claims = |born| Claims { serial: "abc".to_owned(), born, expires: born + 3600, kept: Vec::new() };
        let vouching = Once::vouching(&claims(0), 3600);
        assert_eq!((vouching.name.as_str(), vouching.ends), ("abc", Some(3600)));
        // A ticket of either kind is the same ticket.
        for (born, now) in [(0, 0), (0, 10_000_000), (10_000_000, 0)] {
            let beside = Once::beside("x", Some(&claims(born)), now, 3600);
            assert_eq!((beside.name.as_str(), beside.ends), ("abc", None));
            assert!(beside.until >= now + 24 * 3600 && beside.until >= claims(born).remembered_until(3600));
        }
        let unknown = |ticket| Once::beside(ticket, None, 0, 3600);
        assert_eq!(unknown("x"), unknown("x"));
        assert_ne!(unknown("x").name, unknown("y").name);
        assert_eq!((unknown("").name.len(), unknown("").until), (37, 24 * 3600));
    }
}
