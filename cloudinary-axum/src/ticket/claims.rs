//! What a ticket says, and the seal on it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cloudinary_core::{AssetRef, DeliveryType, ResourceType, Secret};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// How many lifetimes a serial can go on, when a form with mistakes is shown again and again.
pub(super) const RENEWALS: i64 = 24;

/// As many as the digest has.
const SEAL_BYTES: usize = 32;

/// How far the clocks of two servers of one app may be apart, in seconds.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// What a ticket is for. It is sealed in, but does not travel: the server knows it when the ticket comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope<'a> {
    pub(crate) subject: Option<&'a str>,
    pub(crate) field: &'a str,
    pub(crate) resource_type: ResourceType,
    pub(crate) delivery_type: DeliveryType,
    pub(crate) formats: Vec<&'a str>,
}

/// What travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// A random name: it is a part of the public id of every file uploaded with the ticket, and what is spent.
    #[serde(rename = "s")]
    pub(crate) serial: String,
    /// When the serial was made, in Unix seconds. A form that is shown again goes on with it, but not for ever.
    #[serde(rename = "b")]
    pub(crate) born: i64,
    /// When it ends, in Unix seconds.
    #[serde(rename = "e")]
    pub(crate) expires: i64,
    /// Files of an earlier ticket that a form, shown again, carries on.
    #[serde(rename = "k", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) kept: Vec<String>,
}

/// Why a ticket does not let a file in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Missing,
    /// Altered, made up, or for another subject or field.
    NotOurs,
    Expired,
    /// It ends later than any ticket that is made now.
    FromTheFuture,
    /// It is for other files.
    OtherFile,
    /// It let a file in before.
    Spent,
    /// Whether it did cannot be found out.
    Unknown,
}

/// The key that seals tickets, worked in already.
#[derive(Clone)]
pub(crate) struct TicketKey(Hmac<Sha256>);

impl std::fmt::Debug for TicketKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TicketKey([redacted])")
    }
}

impl TicketKey {
    pub(crate) fn new(secret: &Secret) -> Self {
        // A key of any length is good for an HMAC, so this cannot fail.
        let mut mac = Hmac::new_from_slice(secret.expose().as_bytes())
            .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
        seal_part(&mut mac, "cloudinary-axum ticket v1");
        Self(mac)
    }

    pub(crate) fn seal(&self, claims: &Claims, scope: &Scope<'_>) -> String {
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
        let seal = self.mac(&payload, scope).finalize().into_bytes();
        format!("{payload}.{}", URL_SAFE_NO_PAD.encode(seal))
    }

    pub(crate) fn open(&self, ticket: &str, scope: &Scope<'_>, now: i64, lifetime: i64) -> Result<Claims, Refusal> {
        let claims = self.unseal(ticket, scope)?;
        if claims.expires < now {
            Err(Refusal::Expired)
        } else if claims.expires > now.saturating_add(lifetime).saturating_add(CLOCK_SKEW_SECONDS) {
            Err(Refusal::FromTheFuture)
        } else {
            Ok(claims)
        }
    }

    /// What a ticket of this scope says, however old it is.
    pub(crate) fn unseal(&self, ticket: &str, scope: &Scope<'_>) -> Result<Claims, Refusal> {
        if ticket.is_empty() {
            return Err(Refusal::Missing);
        }
        let (payload, seal) = ticket.split_once('.').ok_or(Refusal::NotOurs)?;
        let mut bytes = [0; SEAL_BYTES];
        let length = URL_SAFE_NO_PAD.decode_slice(seal, &mut bytes).map_err(|_| Refusal::NotOurs)?;
        // In constant time.
        self.mac(payload, scope).verify_slice(&bytes[..length]).map_err(|_| Refusal::NotOurs)?;
        let claims = URL_SAFE_NO_PAD.decode(payload).map_err(|_| Refusal::NotOurs)?;
        serde_json::from_slice(&claims).map_err(|_| Refusal::NotOurs)
    }

    fn mac(&self, payload: &str, scope: &Scope<'_>) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        let mut part = |text: &str| seal_part(&mut mac, text);
        part(payload);
        part(if scope.subject.is_some() { "subject" } else { "anyone" });
        part(scope.subject.unwrap_or_default());
        part(scope.field);
        part(scope.resource_type.as_str());
        part(scope.delivery_type.as_str());
        part(&scope.formats.join(","));
        mac
    }
}

/// With its length before it, so that no two scopes read the same.
fn seal_part(mac: &mut Hmac<Sha256>, text: &str) {
    mac.update(&(text.len() as u64).to_be_bytes());
    mac.update(text.as_bytes());
}

impl Claims {
    /// The ticket of a field that is rendered now.
    pub(crate) fn new(serial: String, born: i64, kept: Vec<String>, now: i64, lifetime: i64) -> Self {
        let last = born.saturating_add(lifetime.saturating_mul(RENEWALS));
        Self { serial, born, expires: now.saturating_add(lifetime).min(last), kept }
    }

    /// Until when it must be remembered that the serial is spent: no ticket of it is good any later.
    pub(crate) fn remembered_until(&self, lifetime: i64) -> i64 {
        let last = self.born.saturating_add(lifetime.saturating_mul(RENEWALS));
        last.max(self.expires).saturating_add(2 * CLOCK_SKEW_SECONDS)
    }

    /// Whether a file was uploaded with this ticket: the service signed a public id with the serial in it.
    pub(crate) fn covers(&self, asset: &AssetRef) -> Result<(), Refusal> {
        let under_serial = asset.public_id.split('/').rev().skip(1).any(|part| part == self.serial);
        if under_serial || self.kept.contains(&asset.public_id) { Ok(()) } else { Err(Refusal::OtherFile) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn scope(subject: Option<&'static str>) -> Scope<'static> {
        Scope {
            subject,
            field: "image",
            resource_type: ResourceType::Image,
            delivery_type: DeliveryType::Upload,
            formats: vec!["jpg", "png"],
        }
    }

    fn claims() -> Claims {
        Claims { serial: "abc".to_owned(), born: NOW, expires: NOW + 3600, kept: vec!["old/x".to_owned()] }
    }

    #[test]
    fn only_its_own_scope_opens_a_ticket() {
        let key = TicketKey::new(&Secret::from("secret"));
        let ticket = key.seal(&claims(), &scope(Some("ann")));
        assert_eq!(key.open(&ticket, &scope(Some("ann")), NOW, 3600), Ok(claims()));
        let ann = || scope(Some("ann"));
        for (other, what) in [
            (scope(Some("bob")), "another subject"),
            (scope(None), "no subject"),
            (Scope { field: "avatar", ..ann() }, "another field"),
            (Scope { resource_type: ResourceType::Raw, ..ann() }, "another resource type"),
            (Scope { delivery_type: DeliveryType::Private, ..ann() }, "another delivery type"),
            (Scope { formats: vec!["jpg"], ..ann() }, "other formats"),
        ] {
            assert_eq!(key.open(&ticket, &other, NOW, 3600), Err(Refusal::NotOurs), "{what}");
        }
        let other_key = TicketKey::new(&Secret::from("other"));
        assert_eq!(other_key.open(&ticket, &ann(), NOW, 3600), Err(Refusal::NotOurs));
        assert_ne!(key.seal(&claims(), &scope(None)), key.seal(&claims(), &scope(Some(""))));
    }

    #[test]
    fn altered_tickets() {
        let key = TicketKey::new(&Secret::from("secret"));
        let ticket = key.seal(&claims(), &scope(None));
        for at in 0..ticket.len() {
            let mut bytes = ticket.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(bytes).unwrap();
            assert!(key.open(&altered, &scope(None), NOW, 3600).is_err(), "{altered}");
        }
        for (text, expected) in
            [("", Refusal::Missing), (".", Refusal::NotOurs), ("ü.é", Refusal::NotOurs), ("a", Refusal::NotOurs)]
        {
            assert_eq!(key.open(text, &scope(None), NOW, 3600), Err(expected), "{text}");
        }
    }

    #[test]
    fn times_and_files() {
        let key = TicketKey::new(&Secret::from("secret"));
        for (expires, expected) in [
            (NOW - 1, Err(Refusal::Expired)),
            (NOW, Ok(())),
            (NOW + 3660, Ok(())),
            (NOW + 3661, Err(Refusal::FromTheFuture)),
            (i64::MAX, Err(Refusal::FromTheFuture)),
        ] {
            let ticket = key.seal(&Claims { expires, ..claims() }, &scope(None));
            assert_eq!(key.open(&ticket, &scope(None), NOW, 3600).map(|_| ()), expected, "{expires}");
        }
        for (id, covered) in [
            ("abc/x", true),
            ("album/abc/x", true),
            ("abc", false),
            ("x/abc", false),
            ("abcd/x", false),
            ("old/x", true),
        ] {
            assert_eq!(claims().covers(&AssetRef::image(id)).is_ok(), covered, "{id}");
        }
        // A day after it was made, a serial goes on no more; and it is remembered for longer than that.
        for (now, expires) in
            [(NOW, NOW + 3600), (NOW + 20 * 3600, NOW + 21 * 3600), (NOW + 30 * 3600, NOW + 24 * 3600)]
        {
            let claims = Claims::new("abc".to_owned(), NOW, Vec::new(), now, 3600);
            assert_eq!(claims.expires, expires);
            assert!(claims.remembered_until(3600) > NOW + 24 * 3600);
        }
    }
}
