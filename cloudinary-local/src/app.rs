use std::sync::Arc;

use cloudinary_core::Config;
use tokio::sync::Semaphore;

use crate::{
    admin::rate::Calls, background::Background, delivery::Makings, flights::Flights, settings::Settings, slots::Slots,
    store::Store, webhook::Webhooks,
};

/// What every request handler shares.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) settings: Arc<Settings>,
    /// How a client would be set up for this server; the URLs in answers are written with it.
    pub(crate) config: Arc<Config>,
    pub(crate) store: Arc<Store>,
    pub(crate) slots: Slots,
    pub(crate) flights: Arc<Flights>,
    pub(crate) makings: Makings,
    pub(crate) background: Background,
    pub(crate) webhooks: Webhooks,
    /// Those of the Admin API in this hour.
    pub(crate) calls: Arc<Calls>,
    /// Searches by signed URLs in this hour.
    pub(crate) searches: Arc<Calls>,
    /// Places for archives being packed.
    pub(crate) packing: Arc<Semaphore>,
}
