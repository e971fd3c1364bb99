//! What the smaller actions have in common: they are signed, have few parameters, and refuse the others by name.

use axum::body::Body;
use http::HeaderMap;

use super::{request::Requested, values};
use crate::{
    app::App,
    http::{ApiError, Form, Gate, auth},
    store::{AssetKey, DeliveryType, ResourceType},
    webhook::Destinations,
};

/// Parameters of every action.
const COMMON: &[&str] = &["api_key", "cloud_name", "resource_type", "signature", "timestamp"];

/// The signed parameters of an action.
pub(crate) struct Action {
    pub(crate) form: Form,
}

/// What an action's route says of its assets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    /// Parameters it carries out.
    pub(crate) done: &'static [&'static str],
    /// Switches and texts of the service that are refused here, and why.
    pub(crate) refused: &'static [(&'static str, &'static str)],
}

impl Action {
    /// Reads and checks a request's body.
    pub(crate) async fn read(
        app: &App,
        cloud: &str,
        resource_type: &str,
        headers: &HeaderMap,
        body: Body,
        named: Named,
    ) -> Result<Self, ApiError> {
        let gate = Gate { settings: &app.settings, cloud, credentials: true, known: |_| true };
        let form = Form::read(headers, body, app.store.blobs(), &gate).await?;
        Self::check(app, cloud, resource_type, headers, form, named)
    }

    /// Reads and checks what stands in a signed URL.
    pub(crate) fn read_query(
        app: &App,
        cloud: &str,
        resource_type: &str,
        headers: &HeaderMap,
        query: &str,
        named: Named,
    ) -> Result<Self, ApiError> {
        let gate = Gate { settings: &app.settings, cloud, credentials: true, known: |_| true };
        let form = Form::query(query, headers, app.store.blobs(), &gate)?;
        Self::check(app, cloud, resource_type, headers, form, named)
    }

    fn check(
        app: &App,
        cloud: &str,
        resource_type: &str,
        headers: &HeaderMap,
        form: Form,
        named: Named,
    ) -> Result<Self, ApiError> {
        if let auth::Caller::Unsigned(_) = auth::authorize(&app.settings, cloud, headers, &form.params)? {
            return Err(ApiError::missing("api_key"));
        }
        if form.file.is_some() {
            return Err(ApiError::bad_request("Unknown parameter - file"));
        }
        for (name, value) in form.params.iter().filter(|(_, value)| !value.is_empty()) {
            if named.done.contains(&name.as_str()) || COMMON.contains(&name.as_str()) {
                continue;
            }
            match named.refused.iter().find(|(refused, _)| refused == name) {
                Some(_) if matches!(value.as_str(), "0" | "false") => {}
                Some((_, why)) => {
                    return Err(ApiError::bad_request(format!(
                        "Parameter {name} is not carried out by cloudinary-local: {why}"
                    )));
                }
                None => return Err(ApiError::bad_request(format!("Unknown parameter - {name}"))),
            }
        }
        for (name, expected) in [("cloud_name", cloud), ("resource_type", resource_type)] {
            if let Some(given) = form.params.get(name).filter(|given| *given != expected) {
                return Err(ApiError::invalid(name, format_args!("{given} is not the {expected} of the URL")));
            }
        }
        Ok(Self { form })
    }

    /// A parameter that is not empty.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.form.params.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.given(name).ok_or_else(|| ApiError::missing(name))
    }

    pub(crate) fn boolean(&self, name: &str, default: bool) -> Result<bool, ApiError> {
        self.given(name).map_or(Ok(default), |text| values::boolean(name, text))
    }

    /// The items of a list that must have some.
    pub(crate) fn required_list(&self, name: &str) -> Result<Vec<String>, ApiError> {
        let items = self.form.list(name);
        if items.is_empty() { Err(ApiError::missing(name)) } else { Ok(items) }
    }

    /// The delivery type of stored assets; `upload` unless it is given.
    pub(crate) fn delivery_type(&self, name: &str) -> Result<DeliveryType, ApiError> {
        let text = self.given(name).unwrap_or("upload");
        DeliveryType::parse(text).ok_or_else(|| {
            ApiError::invalid(name, format_args!("{text}; use upload, private, authenticated, text, sprite or multi"))
        })
    }

    pub(crate) fn notification_url(&self) -> Result<Destinations, ApiError> {
        Destinations::parse("notification_url", self.given("notification_url").unwrap_or_default())
    }
}

/// The resource type of a route whose assets are stored already.
pub(crate) fn stored_type(name: &str) -> Result<ResourceType, ApiError> {
    match Requested::parse(name)? {
        Requested::Image => Ok(ResourceType::Image),
        Requested::Raw => Ok(ResourceType::Raw),
        Requested::Auto => Err(ApiError::bad_request("Invalid resource type auto")),
    }
}

pub(crate) fn missing(key: &AssetKey) -> ApiError {
    ApiError::not_found(format!("Resource not found - {}", key.public_id))
}
