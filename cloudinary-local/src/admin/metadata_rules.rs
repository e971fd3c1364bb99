//! Conditional rules of structured metadata. They are checked, kept and told; uploads are not changed by them.

use serde_json::{Map, Value, json};

use super::{Asked, conflict, metadata_fields};
use crate::{
    app::App,
    http::ApiError,
    ids,
    store::{Definition, Kind},
};

/// How deep conditions may lie in one another.
const MOST_DEPTH: usize = 8;

/// `GET /metadata_rules`
pub(super) async fn list(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    let rules = app.store.definitions(Kind::MetadataRule).await?;
    Ok(json!({ "metadata_rules": rules.iter().enumerate().map(|(place, rule)| told(rule, place)).collect::<Vec<_>>() }))
}

/// `POST /metadata_rules`
pub(super) async fn create(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let external_id = asked.given("external_id")?.unwrap_or_else(ids::hex_id);
    let mut rule = Map::new();
    for required in ["metadata_field_id", "name"] {
        rule.insert(required.to_owned(), asked.required(required)?.into());
    }
    for required in ["condition", "result"] {
        rule.insert(required.to_owned(), asked.take(required).ok_or_else(|| ApiError::missing(required))?);
    }
    rule.insert("state".to_owned(), asked.given("state")?.unwrap_or_else(|| "active".to_owned()).into());
    asked.finish()?;
    let rule = Value::Object(rule);
    check(app, &rule).await?;
    if !app.store.define(Kind::MetadataRule, &external_id, &rule, ids::now()).await? {
        return Err(conflict(format!("external id {external_id} already exists")));
    }
    find(app, &external_id).await
}

/// `PUT /metadata_rules/{external_id}`
pub(super) async fn update(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let _alone = app.flights.alone("metadata_rules").await;
    let there = app.store.definition(Kind::MetadataRule, id).await?.ok_or_else(|| missing(id))?;
    let mut rule = there.body;
    asked.ignore(&["external_id"]);
    for name in ["metadata_field_id", "name", "state"] {
        if let Some(text) = asked.given(name)? {
            rule[name] = text.into();
        }
    }
    for name in ["condition", "result"] {
        // An empty one says nothing.
        if let Some(value) = asked.take(name).filter(|value| *value != json!({})) {
            rule[name] = value;
        }
    }
    asked.finish()?;
    check(app, &rule).await?;
    app.store.redefine(Kind::MetadataRule, id, &rule).await?;
    find(app, id).await
}

/// `DELETE /metadata_rules/{external_id}`
pub(super) async fn delete(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    asked.finish()?;
    if app.store.undefine(Kind::MetadataRule, id).await? { Ok(json!({ "success": true })) } else { Err(missing(id)) }
}

async fn find(app: &App, id: &str) -> Result<Value, ApiError> {
    let rules = app.store.definitions(Kind::MetadataRule).await?;
    let place = rules.iter().position(|rule| rule.name == id).ok_or_else(|| missing(id))?;
    rules.get(place).map(|rule| told(rule, place)).ok_or_else(|| missing(id))
}

async fn check(app: &App, rule: &Value) -> Result<(), ApiError> {
    let fields = metadata_fields::all(app).await?;
    let known = |id: &str| fields.iter().any(|field| field.external_id == id);
    let field = rule["metadata_field_id"].as_str().unwrap_or_default();
    if !known(field) {
        return Err(ApiError::bad_request(format!("Metadata External IDs do not exist: {:?}", [field])));
    }
    if !matches!(rule["state"].as_str(), Some("active" | "inactive")) {
        return Err(ApiError::invalid("state", format_args!("{}; use active or inactive", rule["state"])));
    }
    check_condition(&rule["condition"], &known, 0)?;
    check_result(&rule["result"])
}

fn check_condition(condition: &Value, known: &dyn Fn(&str) -> bool, depth: usize) -> Result<(), ApiError> {
    let invalid = |reason: &str| ApiError::invalid("condition", reason);
    if depth > MOST_DEPTH {
        return Err(invalid("its parts lie too deep in one another"));
    }
    for joined in ["and", "or"] {
        if !condition[joined].is_null() {
            let parts = condition[joined].as_array().filter(|parts| !parts.is_empty());
            let parts = parts.ok_or_else(|| invalid("and and or need a list of conditions"))?;
            return parts.iter().try_for_each(|part| check_condition(part, known, depth + 1));
        }
    }
    let field = condition["metadata_field_id"].as_str().ok_or_else(|| invalid("it names no metadata_field_id"))?;
    if !known(field) {
        return Err(ApiError::bad_request(format!("Metadata External IDs do not exist: {:?}", [field])));
    }
    let tests = ["equals", "includes", "populated"].iter().filter(|test| !condition[**test].is_null()).count();
    if tests == 1 { Ok(()) } else { Err(invalid("it needs one of equals, includes and populated")) }
}

fn check_result(result: &Value) -> Result<(), ApiError> {
    const KNOWN: [&str; 4] = ["enable", "activate_values", "apply_value", "set_mandatory"];
    let invalid = |reason: &str| ApiError::invalid("result", reason);
    let parts = result.as_object().filter(|parts| !parts.is_empty()).ok_or_else(|| invalid("it must be an object"))?;
    match parts.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        None => Ok(()),
        Some(other) => Err(invalid(&format!("{other} is none of {}", KNOWN.join(", ")))),
    }
}

fn told(rule: &Definition, place: usize) -> Value {
    let mut told = rule.body.clone();
    told["external_id"] = rule.name.clone().into();
    told["position"] = (place + 1).into();
    told
}

fn missing(id: &str) -> ApiError {
    ApiError::not_found(format!("Rule with external ID {id} doesn't exist"))
}
