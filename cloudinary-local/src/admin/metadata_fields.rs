//! The fields of structured metadata.

use serde_json::{Map, Value, json};

use super::{
    Asked, conflict,
    metadata_types::{Datasource, Entry, EntryState, Field, FieldType},
};
use crate::{app::App, http::ApiError, ids, store::Kind};

/// The most values an `enum` or a `set` may have, as with the service.
const MOST_ENTRIES: usize = 3000;

/// `GET /metadata_fields`
pub(super) async fn list(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    let fields = all(app).await?;
    Ok(json!({ "metadata_fields": fields.iter().map(told).collect::<Vec<_>>() }))
}

/// `GET /metadata_fields/{external_id}`
pub(super) async fn details(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    find(app, id).await.map(|field| told(&field))
}

/// `POST /metadata_fields`
pub(super) async fn create(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let _alone = alone(app).await;
    let kind = FieldType::parse(&asked.required("type")?)?;
    let external_id = asked.given("external_id")?.unwrap_or_else(|| ids::alphanumeric(20));
    if !external_id.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c)) {
        return Err(ApiError::invalid(
            "external_id",
            format_args!("{external_id} may have letters, digits, _ - and . only"),
        ));
    }
    let there = all(app).await?;
    let mut field = Field {
        external_id,
        kind,
        label: asked.required("label")?,
        mandatory: false,
        default_value: Value::Null,
        default_disabled: false,
        validation: Value::Null,
        restrictions: Map::new(),
        allow_dynamic_list_values: false,
        datasource: None,
        created_at: ids::now(),
        position: there.iter().map(|field| field.position + 1).max().unwrap_or_default(),
    };
    if let Some(datasource) = asked.take("datasource") {
        if !kind.has_datasource() {
            return Err(ApiError::invalid("datasource", "only an enum and a set have one"));
        }
        field.datasource = Some(Datasource { values: entries(&datasource["values"], &[])? });
    } else if kind.has_datasource() {
        return Err(ApiError::missing("datasource"));
    }
    apply(&mut field, asked)?;
    let body = serde_json::to_value(&field).map_err(crate::store::StoreError::from)?;
    if !app.store.define(Kind::MetadataField, &field.external_id, &body, field.created_at).await? {
        return Err(conflict(format!("external id {} already exists", field.external_id)));
    }
    Ok(told(&field))
}

/// `PUT /metadata_fields/{external_id}`
pub(super) async fn update(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let _alone = alone(app).await;
    let mut field = find(app, id).await?;
    // Clients send whole fields back; neither can be changed.
    asked.ignore(&["external_id", "type"]);
    if let Some(label) = asked.given("label")? {
        field.label = label;
    }
    if let Some(datasource) = asked.take("datasource") {
        if !field.kind.has_datasource() {
            return Err(ApiError::invalid("datasource", "only an enum and a set have one"));
        }
        let there = field.datasource.take().unwrap_or_default().values;
        field.datasource = Some(Datasource { values: entries(&datasource["values"], &there)? });
    }
    apply(&mut field, asked)?;
    save(app, &field).await?;
    Ok(told(&field))
}

/// `DELETE /metadata_fields/{external_id}`: with its values in all assets.
pub(super) async fn delete(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    let _alone = alone(app).await;
    if !app.store.undefine(Kind::MetadataField, id).await? {
        return Err(missing(id));
    }
    app.store.forget_metadata(id).await?;
    Ok(json!({ "message": "ok" }))
}

/// `PUT /metadata_fields/order`
pub(super) async fn reorder(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let (by, descending) = (asked.required("order_by")?, descending(asked)?);
    asked.finish()?;
    let _alone = alone(app).await;
    let mut fields = all(app).await?;
    match by.as_str() {
        "label" => fields.sort_by(|a, b| a.label.cmp(&b.label)),
        "external_id" => fields.sort_by(|a, b| a.external_id.cmp(&b.external_id)),
        "created_at" => fields.sort_by_key(|field| field.created_at),
        other => {
            return Err(ApiError::invalid("order_by", format_args!("{other}; use label, external_id or created_at")));
        }
    }
    if descending {
        fields.reverse();
    }
    for (position, field) in fields.iter_mut().enumerate() {
        field.position = position as i64;
        save(app, field).await?;
    }
    Ok(json!({ "metadata_fields": fields.iter().map(told).collect::<Vec<_>>() }))
}

/// All fields, in their order.
pub(super) async fn all(app: &App) -> Result<Vec<Field>, ApiError> {
    let read = |body| serde_json::from_value::<Field>(body).map_err(crate::store::StoreError::from);
    let definitions = app.store.definitions(Kind::MetadataField).await?;
    let mut fields = definitions.into_iter().map(|field| read(field.body)).collect::<Result<Vec<_>, _>>()?;
    fields.sort_by_key(|field| field.position);
    Ok(fields)
}

pub(super) async fn find(app: &App, id: &str) -> Result<Field, ApiError> {
    let found = app.store.definition(Kind::MetadataField, id).await?.ok_or_else(|| missing(id))?;
    Ok(serde_json::from_value(found.body).map_err(crate::store::StoreError::from)?)
}

pub(super) async fn save(app: &App, field: &Field) -> Result<(), ApiError> {
    let body = serde_json::to_value(field).map_err(crate::store::StoreError::from)?;
    if app.store.redefine(Kind::MetadataField, &field.external_id, &body).await? {
        Ok(())
    } else {
        Err(missing(&field.external_id))
    }
}

/// Changes of fields read them first; one waits for the other.
pub(super) async fn alone(app: &App) -> tokio::sync::OwnedMutexGuard<()> {
    app.flights.alone("metadata_fields").await
}

pub(super) fn descending(asked: &mut Asked) -> Result<bool, ApiError> {
    match asked.given("direction")?.as_deref() {
        None | Some("asc") => Ok(false),
        Some("desc") => Ok(true),
        Some(other) => Err(ApiError::invalid("direction", format_args!("{other}; use asc or desc"))),
    }
}

/// The entries of a request, with new ids where none are given; `there` are the field's own, which a given id names.
pub(super) fn entries(values: &Value, there: &[Entry]) -> Result<Vec<Entry>, ApiError> {
    let invalid = |reason: &str| ApiError::invalid("datasource", reason);
    let values = values.as_array().ok_or_else(|| invalid("it has no list of values"))?;
    let mut entries: Vec<Entry> = there.to_vec();
    for value in values {
        let external_id = value["external_id"].as_str().filter(|id| !id.is_empty());
        let text = value["value"].as_str().filter(|text| !text.is_empty());
        let known = entries.iter_mut().find(|entry| Some(entry.external_id.as_str()) == external_id);
        match (known, text) {
            (Some(known), Some(text)) => {
                text.clone_into(&mut known.value);
                known.state = EntryState::Active;
            }
            (None, Some(text)) => entries.push(Entry {
                external_id: external_id.map_or_else(|| ids::alphanumeric(20), str::to_owned),
                value: text.to_owned(),
                state: EntryState::Active,
            }),
            (_, None) => return Err(invalid("each entry must have a value")),
        }
    }
    if entries.len() > MOST_ENTRIES {
        return Err(invalid(&format!("at most {MOST_ENTRIES} values")));
    }
    Ok(entries)
}

/// What can be set and changed alike.
fn apply(field: &mut Field, asked: &mut Asked) -> Result<(), ApiError> {
    if let Some(mandatory) = asked.switch("mandatory")? {
        field.mandatory = mandatory;
    }
    if let Some(disabled) = asked.switch("default_disabled")? {
        field.default_disabled = disabled;
    }
    if let Some(dynamic) = asked.switch("allow_dynamic_list_values")? {
        field.allow_dynamic_list_values = dynamic;
    }
    match asked.take("restrictions") {
        None => {}
        Some(Value::Object(restrictions)) => {
            let known = |(name, value): (&String, &Value)| name == "readonly_ui" && value.is_boolean();
            if !restrictions.iter().all(known) {
                return Err(ApiError::invalid("restrictions", "it may have readonly_ui, true or false"));
            }
            field.restrictions = restrictions;
        }
        Some(_) => return Err(ApiError::invalid("restrictions", "it must be an object")),
    }
    if let Some(validation) = asked.take("validation") {
        field.validation = validation;
    }
    field.check_validation()?;
    if let Some(default) = asked.take("default_value") {
        field.default_value = default;
    }
    if !field.default_value.is_null() {
        field.default_value = field.checked(&field.default_value)?;
    }
    asked.finish()
}

/// The field as the service tells it: entries that were deleted are not told.
fn told(field: &Field) -> Value {
    let mut told = json!({
        "type": field.kind,
        "external_id": field.external_id,
        "label": field.label,
        "mandatory": field.mandatory,
        "default_value": field.default_value,
        "default_disabled": field.default_disabled,
        "validation": field.validation,
        "restrictions": field.restrictions,
        "allow_dynamic_list_values": field.allow_dynamic_list_values,
    });
    if let Some(datasource) = &field.datasource {
        told["datasource"] = json!({ "values": datasource.values });
    }
    told
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!("External ID {id} doesn't exist"))
}
