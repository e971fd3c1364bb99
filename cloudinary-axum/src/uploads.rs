//! What an app's state holds for its upload forms.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::FromRef;
use cloudinary_core::{Cloudinary, Secret, UploadOptions};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::request::Parts;
use sha2::Sha256;

use crate::form::{Fields, FileField, Forms, UploadForm};
use crate::journal::{JournalError, UploadJournal};
use crate::policy::{Anybody, Attempt, Denied, Intent, UploadPolicy};
use crate::site::Site;
use crate::ticket::{
    Claims, DEFAULT_TICKET_LIFETIME, MemoryTickets, Once, Refusal, Scope, Serial, TicketKey, TicketStore,
    TicketStoreError,
};

/// The client, who may upload, which tickets are spent, and where the app itself is. Forms get it from the app's state;
/// cloning it is cheap.
///
/// ```
/// use axum::extract::FromRef;
/// use cloudinary_axum::Uploads;
/// use cloudinary_core::{Cloudinary, Config};
///
/// #[derive(Clone, FromRef)]
/// struct App { cld: Cloudinary, uploads: Uploads }
///
/// let cld = Cloudinary::new(Config::new("demo").credentials("key", "secret"))?;
/// let app = App { uploads: Uploads::new(cld.clone()).origins(["https://photos.example.com"]), cld };
/// # Ok::<(), cloudinary_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Uploads {
    rules: Arc<Rules>,
}

#[derive(Clone)]
struct Rules {
    client: Cloudinary,
    forms: Arc<Forms>,
    policy: Arc<dyn UploadPolicy>,
    spent: Arc<dyn TicketStore>,
    journal: Option<Arc<dyn UploadJournal>>,
    key: TicketKey,
    lifetime: Duration,
    site: Site,
    clock: Arc<dyn Fn() -> i64 + Send + Sync>,
}

impl fmt::Debug for Uploads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uploads")
            .field("policy", &self.rules.policy)
            .field("spent", &self.rules.spent)
            .field("lifetime", &self.rules.lifetime)
            .field("site", &self.rules.site)
            .finish_non_exhaustive()
    }
}

impl Uploads {
    /// With the defaults: anybody may upload, and tickets are spent in memory.
    ///
    /// Tickets are sealed with a key made from the API secret, so that all servers of an app with the same secret know
    /// each other's. Without a secret the key is random.
    pub fn new(client: Cloudinary) -> Self {
        let key = derived_key(&client);
        let rules = Rules {
            client,
            forms: Arc::default(),
            policy: Arc::new(Anybody),
            spent: Arc::new(MemoryTickets::default()),
            journal: None,
            key,
            lifetime: DEFAULT_TICKET_LIFETIME,
            site: Site::default(),
            clock: Arc::new(system_clock),
        };
        Self { rules: Arc::new(rules) }
    }

    /// Who may upload.
    pub fn policy(mut self, policy: impl UploadPolicy) -> Self {
        Arc::make_mut(&mut self.rules).policy = Arc::new(policy);
        self
    }

    /// Where spent tickets are remembered. Default: [`MemoryTickets`], which a restart forgets and other processes do not
    /// see; an app of several processes, or one that minds that a ticket of the last hour works once more after a
    /// restart, gives a store in its database.
    pub fn ticket_store(mut self, store: impl TicketStore) -> Self {
        Arc::make_mut(&mut self.rules).spent = Arc::new(store);
        self
    }

    /// Where files are noted before they are stored. Default: nowhere.
    pub fn journal(mut self, journal: impl UploadJournal) -> Self {
        Arc::make_mut(&mut self.rules).journal = Some(Arc::new(journal));
        self
    }

    /// The key that seals tickets, in place of the one made from the API secret.
    pub fn ticket_key(mut self, key: impl Into<Secret>) -> Self {
        Arc::make_mut(&mut self.rules).key = TicketKey::new(&key.into());
        self
    }

    /// How long a rendered form is good for direct uploads. Default: [`DEFAULT_TICKET_LIFETIME`], as long as the service
    /// takes the signature beside it; a shorter time leaves slow visitors out, a longer one has no use. That a form was
    /// sent is remembered for 24 times as long.
    pub fn ticket_lifetime(mut self, lifetime: Duration) -> Self {
        Arc::make_mut(&mut self.rules).lifetime = lifetime;
        self
    }

    /// The origins that the app is reached under, as `https://photos.example.com`. A browser that uploads by way of an
    /// iframe is sent back to `cloudinary_cors.html` on the one the visitor asked for; without any, such browsers post
    /// the file with the form. A host that is not listed never gets into a signed parameter.
    pub fn origins<T: Into<String>>(mut self, origins: impl IntoIterator<Item = T>) -> Self {
        Arc::make_mut(&mut self.rules).site.set_origins(origins);
        self
    }

    /// Where [`assets::router`](crate::assets::router) is mounted. Default: `/cloudinary`.
    pub fn assets_at(mut self, path: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.rules).site.assets = path.into();
        self
    }

    /// Believes `X-Forwarded-Host` and `X-Forwarded-Proto`. Only behind a proxy that sets them: anybody can send them.
    pub fn trust_forwarded_headers(mut self) -> Self {
        Arc::make_mut(&mut self.rules).site.trusts_forwarded = true;
        self
    }

    /// Another clock, in Unix seconds, for tests.
    pub fn clock(mut self, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.rules).clock = Arc::new(clock);
        self
    }

    /// The client.
    pub fn client(&self) -> &Cloudinary {
        &self.rules.client
    }

    /// The fields of a form.
    pub(crate) fn fields_of<T: UploadForm>(&self) -> Arc<Fields> {
        self.rules.forms.fields_of::<T>()
    }

    pub(crate) fn now(&self) -> i64 {
        (self.rules.clock)()
    }

    pub(crate) fn subject(&self, request: &Parts) -> Option<String> {
        self.rules.policy.subject(request)
    }

    pub(crate) async fn authorize(&self, subject: Option<&str>, field: &str, intent: Intent) -> Result<(), Denied> {
        self.rules.policy.authorize(&Attempt { subject, field, intent }).await
    }

    /// The options to store a file with, once it is noted.
    pub(crate) async fn reserve(&self, options: UploadOptions) -> Result<UploadOptions, JournalError> {
        match &self.rules.journal {
            Some(journal) => journal.reserve(options).await,
            None => Ok(options),
        }
    }

    /// The absolute address of the page that iframes are sent back to.
    pub(crate) fn callback(&self, request: &Parts) -> Option<String> {
        self.rules.site.callback(request)
    }

    pub(crate) fn seal(&self, field: &FileField, subject: Option<&str>, serial: &Serial, kept: Vec<String>) -> String {
        let claims = Claims::new(serial.name.clone(), serial.born, kept, self.now(), self.lifetime());
        self.rules.key.seal(&claims, &scope(field, subject))
    }

    pub(crate) fn open(&self, field: &FileField, subject: Option<&str>, ticket: &str) -> Result<Claims, Refusal> {
        if ticket.is_empty() {
            return Err(Refusal::Missing);
        }
        self.rules.key.open(ticket, &scope(field, subject), self.now(), self.lifetime())
    }

    fn lifetime(&self) -> i64 {
        // A century is for ever, and leaves room to add.
        i64::try_from(self.rules.lifetime.as_secs()).unwrap_or(i64::MAX).min(3_153_600_000)
    }

    /// Whether something is seen for the first time.
    pub(crate) async fn first_seen(&self, what: &str, expires: i64) -> Result<bool, TicketStoreError> {
        self.rules.spent.spend(what, expires, self.now()).await
    }

    /// What to spend for a form with this ticket, if it came with one. `vouching` are the claims of one that lets a
    /// direct upload in.
    pub(crate) fn once(
        &self,
        field: &FileField,
        subject: Option<&str>,
        ticket: &str,
        vouching: Option<&Claims>,
    ) -> Option<Once> {
        if let Some(claims) = vouching {
            return Some(Once::vouching(claims, self.lifetime()));
        }
        match self.rules.key.unseal(ticket, &scope(field, subject)) {
            Ok(claims) => Some(Once::beside(ticket, Some(&claims), self.now(), self.lifetime())),
            Err(Refusal::Missing) => None,
            Err(_) => Some(Once::beside(ticket, None, self.now(), self.lifetime())),
        }
    }

    /// Spends a ticket; of two requests with the same one, one gets through.
    pub(crate) async fn spend(&self, once: &Once) -> Result<(), Refusal> {
        // The service may have taken its time since the ticket was opened.
        if once.ends.is_some_and(|ends| ends < self.now()) {
            return Err(Refusal::Expired);
        }
        match self.rules.spent.spend(&once.name, once.until, self.now()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::Spent),
            Err(error) => {
                tracing::error!(%error, "a form cannot be accepted");
                Err(Refusal::Unknown)
            }
        }
    }

    /// Makes tickets good again that were spent for nothing.
    pub(crate) async fn give_back(&self, names: Vec<String>) {
        for name in names {
            if let Err(error) = self.rules.spent.give_back(&name).await {
                tracing::warn!(%error, "a ticket stays spent for a form that was not accepted");
            }
        }
    }
}

impl From<Cloudinary> for Uploads {
    fn from(client: Cloudinary) -> Self {
        Self::new(client)
    }
}

impl FromRef<Uploads> for Cloudinary {
    fn from_ref(uploads: &Uploads) -> Self {
        uploads.client().clone()
    }
}

fn scope<'a>(field: &'a FileField, subject: Option<&'a str>) -> Scope<'a> {
    Scope {
        subject,
        field: &field.name,
        resource_type: field.options.kind(),
        delivery_type: field.delivery_type(),
        formats: field.accepted_formats(),
    }
}

/// A key for tickets alone: whoever learns it could sign nothing else.
fn derived_key(client: &Cloudinary) -> TicketKey {
    let material = match &client.config().api_secret {
        Some(secret) => secret.expose().to_owned(),
        None => crate::random::name(64),
    };
    let mut mac = Hmac::<Sha256>::new_from_slice(material.as_bytes())
        .unwrap_or_else(|_| unreachable!("HMAC takes keys of any length"));
    mac.update(b"cloudinary-axum: the key of tickets");
    TicketKey::new(&Secret::from(hex::encode(mac.finalize().into_bytes())))
}

fn system_clock() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX))
}
