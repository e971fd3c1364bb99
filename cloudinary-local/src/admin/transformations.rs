//! Transformations: those with a name, which URLs call `t_{name}`, and those something was derived by.

use std::collections::BTreeMap;

use cloudinary_core::Transformation;
use serde_json::{Value, json};

use super::{Asked, conflict, cursor, resources::told, transformation_info};
use crate::{
    app::App,
    delivery,
    http::ApiError,
    ids,
    pipeline::Plan,
    store::{Definition, Kind},
};

/// What a request speaks of.
struct Found {
    /// As it is listed: `t_thumb`, or the steps.
    name: String,
    definition: Option<Definition>,
    /// The steps, those of named ones spelled out.
    expanded: String,
    /// What the steps are told by.
    text: String,
    /// How many kept results there are.
    used: u64,
}

/// `GET /transformations`, with `transformation` the details of that one
pub(super) async fn list_or_details(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let wanted = asked.given("transformation")?;
    let (most, after) = (asked.max_results()?, asked.given("next_cursor")?);
    if let Some(wanted) = wanted {
        asked.finish()?;
        return details(app, &wanted, most, after.as_deref()).await;
    }
    let named = asked.switch("named")?;
    asked.finish()?;
    let used = app.store.derived_transformations().await?;
    let mut listed: BTreeMap<String, Value> = BTreeMap::new();
    for text in &used {
        listed.insert(text.clone(), json!({ "name": text, "allowed_for_strict": false, "used": true, "named": false }));
    }
    for definition in app.store.definitions(Kind::Transformation).await? {
        let steps = definition.body["steps"].as_str().unwrap_or_default();
        let is_named = is_named(&definition);
        let name = if is_named { format!("t_{}", definition.name) } else { definition.name.clone() };
        let used = used.contains(&expanded(app, if is_named { &name } else { steps })?);
        let told = json!({
            "name": name,
            "allowed_for_strict": definition.body["allowed_for_strict"],
            "used": used,
            "named": is_named,
        });
        listed.insert(name, told);
    }
    let wanted = listed.into_values().filter(|one| named.is_none_or(|named| one["named"] == named));
    let name = |one: &Value| one["name"].as_str().unwrap_or_default().to_owned();
    let list = format!("transformations {named:?}");
    let (page, next) = cursor::page(&list, wanted.collect(), after.as_deref(), most, name)?;
    let mut answer = json!({ "transformations": page });
    if let Some(next) = next {
        answer["next_cursor"] = next.into();
    }
    Ok(answer)
}

async fn details(app: &App, wanted: &str, most: u32, after: Option<&str>) -> Result<Value, ApiError> {
    let found = find(app, wanted).await?;
    let list = format!("derived by {}", found.expanded);
    let after = after.map(|cursor| cursor::read::<i64>(&list, cursor)).transpose()?;
    let derived = app.store.derived_by(&found.expanded, after.unwrap_or_default(), most).await?;
    let mut answer = json!({
        "name": found.name,
        "allowed_for_strict":
            found.definition.as_ref().is_some_and(|definition| definition.body["allowed_for_strict"] == true),
        "used": found.used > 0,
        "named": found.definition.as_ref().is_some_and(is_named),
        "info": transformation_info::steps(&found.text),
        "derived": derived.iter().map(|(asset, derived)| told::derived_elsewhere(app, asset, derived)).collect::<Vec<_>>(),
    });
    if let Some((_, last)) = derived.last().filter(|_| derived.len() == most as usize) {
        answer["next_cursor"] = cursor::write(&list, &last.id)?.into();
    }
    Ok(answer)
}

/// `POST /transformations`
pub(super) async fn create(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let (name, text) = (asked.required("name")?, asked.required("transformation")?);
    let strict = asked.switch("allowed_for_strict")?.unwrap_or(true);
    asked.finish()?;
    let steps = checked(app, &text)?;
    let body = json!({ "steps": steps, "named": name != text, "allowed_for_strict": strict });
    let unnamed = name == text;
    let name = if unnamed { steps.clone() } else { plain(&name)?.to_owned() };
    let taken = !unnamed && app.settings.named.get(&name).is_some();
    if taken || !app.store.define(Kind::Transformation, &name, &body, ids::now()).await? {
        return Err(conflict(format!("Transformation {name} already exists")));
    }
    if !unnamed {
        app.settings.named.set(&name, parsed(&steps)?);
    }
    Ok(json!({ "message": "created" }))
}

/// `PUT /transformations`
pub(super) async fn update(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let wanted = asked.required("transformation")?;
    let (strict, unsafe_update) = (asked.switch("allowed_for_strict")?, asked.given("unsafe_update")?);
    asked.finish()?;
    let _alone = app.flights.alone("transformations").await;
    let found = find(app, &wanted).await?;
    let there = found.definition.is_some();
    let mut definition = found.definition.unwrap_or_else(|| Definition {
        id: 0,
        name: found.expanded.clone(),
        body: json!({ "steps": found.expanded, "named": false, "allowed_for_strict": false }),
        created_at: ids::now(),
    });
    if let Some(strict) = strict {
        definition.body["allowed_for_strict"] = strict.into();
    }
    if let Some(text) = unsafe_update {
        if !is_named(&definition) {
            return Err(ApiError::invalid("unsafe_update", "only a named transformation can be changed"));
        }
        let steps = checked(app, &text)?;
        let new = parsed(&steps)?;
        // One that ends in itself would never end.
        Plan::parse(&parsed(&format!("t_{}", definition.name))?, &|name| {
            if name == definition.name { Some(new.clone()) } else { app.settings.named_transformation(name) }
        })?;
        definition.body["steps"] = steps.into();
        app.settings.named.set(&definition.name, new);
    }
    if there {
        app.store.redefine(Kind::Transformation, &definition.name, &definition.body).await?;
    } else {
        app.store.define(Kind::Transformation, &definition.name, &definition.body, definition.created_at).await?;
    }
    Ok(json!({ "message": "updated" }))
}

/// `DELETE /transformations`: with what was derived by it.
pub(super) async fn delete(app: &App, asked: &mut Asked) -> Result<Value, ApiError> {
    let wanted = asked.required("transformation")?;
    asked.ignore(&["invalidate"]);
    asked.finish()?;
    let found = find(app, &wanted).await?;
    app.store.delete_derived_by(&found.expanded).await?;
    if let Some(definition) = found.definition {
        app.store.undefine(Kind::Transformation, &definition.name).await?;
        if is_named(&definition) {
            app.settings.named.remove(&definition.name);
        }
    }
    Ok(json!({ "message": "deleted" }))
}

/// Puts those of an earlier run where URLs find them; one that the program defines itself stays as that says.
pub(crate) async fn restore(app: &App) -> Result<(), ApiError> {
    for definition in app.store.definitions(Kind::Transformation).await?.iter().filter(|one| is_named(one)) {
        if app.settings.named.get(&definition.name).is_none() {
            let steps = definition.body["steps"].as_str().unwrap_or_default();
            app.settings.named.set(&definition.name, parsed(steps)?);
        }
    }
    Ok(())
}

/// By name (`thumb` or `t_thumb`), or by steps something was derived by.
async fn find(app: &App, wanted: &str) -> Result<Found, ApiError> {
    let missing = || ApiError::not_found(format!("Can't find transformation {wanted}"));
    let short = wanted.strip_prefix("t_").unwrap_or(wanted);
    for name in [wanted, short] {
        if let Some(steps) = app.settings.named_transformation(name) {
            let definition = app.store.definition(Kind::Transformation, name).await?;
            let text = steps.as_str().to_owned();
            // The name is a part of what results are kept under.
            let expanded = expanded(app, &format!("t_{name}"))?;
            let used = app.store.count_derived_by(&expanded).await?;
            // What the program itself defines is no record, and has no switches.
            return Ok(Found { name: format!("t_{name}"), definition, expanded, text, used });
        }
    }
    let Ok(text) = ordered(wanted) else { return Err(missing()) };
    let definition = app.store.definition(Kind::Transformation, &text).await?;
    let expanded = expanded(app, &text).map_err(|_| missing())?;
    let used = app.store.count_derived_by(&expanded).await?;
    if definition.is_none() && used == 0 {
        return Err(missing());
    }
    Ok(Found { name: text.clone(), definition, expanded, text, used })
}

/// The name of a transformation, without the `t_` it is called by.
fn plain(name: &str) -> Result<&str, ApiError> {
    let name = name.strip_prefix("t_").unwrap_or(name);
    if name.is_empty() || name.contains(['/', ',', '.']) {
        return Err(ApiError::invalid("name", format_args!("{name} may not be empty nor have / , or .")));
    }
    Ok(name)
}

/// The steps in order, checked; a format behind them is refused, as `t_` has none.
fn checked(app: &App, text: &str) -> Result<String, ApiError> {
    let steps = ordered(text)?;
    Plan::parse(&parsed(&steps)?, &|name| app.settings.named_transformation(name))?;
    if let (_, Some(format)) = split(&steps) {
        // It counts for the kept results only; in a URL the extension tells it.
        cloudinary_pixels::Format::from_extension(format)
            .ok_or_else(|| ApiError::bad_request(format!("Invalid extension in transformation: {format}")))?;
    }
    Ok(steps)
}

/// The parameters of each step in order, and the format if there is one.
fn ordered(text: &str) -> Result<String, ApiError> {
    let (steps, format) = split(text);
    let steps = delivery::canonical(steps)?;
    Ok(match format {
        Some(format) if steps.is_empty() => format.to_owned(),
        Some(format) => format!("{}/{format}", steps.as_str()),
        None => steps.as_str().to_owned(),
    })
}

/// `c_scale,w_5/png`: a last part that is no step is the format.
pub(super) fn split(text: &str) -> (&str, Option<&str>) {
    let text = text.strip_suffix('/').unwrap_or(text);
    let (steps, last) = text.rsplit_once('/').unwrap_or(("", text));
    if last.is_empty() || last.contains(['_', ',']) || cloudinary_core::transformation::is_step(last) {
        (text, None)
    } else {
        (steps, Some(last))
    }
}

fn parsed(text: &str) -> Result<Transformation, ApiError> {
    delivery::canonical(split(text).0)
}

/// What results are kept under: the steps spelled out, and the extension.
pub(super) fn expanded(app: &App, text: &str) -> Result<String, ApiError> {
    let (steps, format) = split(text);
    let plan = Plan::parse(&delivery::canonical(steps)?, &|name| app.settings.named_transformation(name))?;
    Ok(match format {
        Some(format) if plan.expanded.is_empty() => format.to_owned(),
        Some(format) => format!("{}/{format}", plan.expanded),
        None => plan.expanded,
    })
}

fn is_named(definition: &Definition) -> bool {
    definition.body["named"] == true
}
