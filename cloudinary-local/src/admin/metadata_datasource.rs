//! The values an `enum` or a `set` chooses from.

use serde_json::{Value, json};

use super::{
    Asked,
    metadata_fields::{alone, descending, entries, find, save},
    metadata_types::{Datasource, EntryState, Field},
};
use crate::{app::App, http::ApiError};

/// `PUT /metadata_fields/{external_id}/datasource`: entries are added, or changed by their ids.
pub(super) async fn update(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let values = asked.take("values").ok_or_else(|| ApiError::missing("values"))?;
    change(app, id, asked, |datasource| {
        datasource.values = entries(&values, &datasource.values)?;
        Ok(())
    })
    .await
}

/// `DELETE /metadata_fields/{external_id}/datasource`
pub(super) async fn delete(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let wanted = asked.list("external_ids")?.ok_or_else(|| ApiError::missing("external_ids"))?;
    change(app, id, asked, |datasource| set_state(datasource, &wanted, EntryState::Inactive)).await
}

/// `POST /metadata_fields/{external_id}/datasource_restore`
pub(super) async fn restore(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let wanted = asked.list("external_ids")?.ok_or_else(|| ApiError::missing("external_ids"))?;
    change(app, id, asked, |datasource| set_state(datasource, &wanted, EntryState::Active)).await
}

/// `POST /metadata_fields/{external_id}/datasource/order`
pub(super) async fn reorder(app: &App, id: &str, asked: &mut Asked) -> Result<Value, ApiError> {
    let (by, descending) = (asked.required("order_by")?, descending(asked)?);
    if by != "value" {
        return Err(ApiError::invalid("order_by", format_args!("{by}; use value")));
    }
    change(app, id, asked, |datasource| {
        datasource.values.sort_by(|a, b| a.value.cmp(&b.value));
        if descending {
            datasource.values.reverse();
        }
        Ok(())
    })
    .await
}

async fn change(
    app: &App,
    id: &str,
    asked: &Asked,
    change: impl FnOnce(&mut Datasource) -> Result<(), ApiError>,
) -> Result<Value, ApiError> {
    asked.finish()?;
    let _alone = alone(app).await;
    let mut field: Field = find(app, id).await?;
    let datasource = field.datasource.as_mut().ok_or_else(|| {
        ApiError::bad_request(format!("Field {id} has no datasource: only an enum and a set have one"))
    })?;
    change(datasource)?;
    let told = datasource.active().map(|entry| json!({ "external_id": entry.external_id, "value": entry.value }));
    let told = json!({ "values": told.collect::<Vec<_>>() });
    save(app, &field).await?;
    Ok(told)
}

fn set_state(datasource: &mut Datasource, wanted: &[String], state: EntryState) -> Result<(), ApiError> {
    for id in wanted {
        let entry = datasource.values.iter_mut().find(|entry| entry.external_id == *id);
        let entry = entry.ok_or_else(|| ApiError::not_found(format!("External ID {id} doesn't exist")))?;
        entry.state = state;
    }
    Ok(())
}
