//! Structured metadata: which fields assets have.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::metadata_validation::Validation;
use super::{Admin, Direction, Done, delete, get, named, names, post, put, with};
use crate::answer::{record, tolerant};
use crate::client::{Call, Repeat, request};
use crate::error::{Error, Result};

/// What the values of a field are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MetadataType {
    /// Texts.
    String,
    /// Whole numbers.
    Integer,
    /// Days, as `2026-01-31`.
    Date,
    /// One entry of the field's datasource.
    Enum,
    /// Several entries of the field's datasource.
    Set,
    /// One that this crate does not know, by the service's name.
    #[serde(untagged)]
    Other(String),
}

tolerant!(MetadataType);

record! {
    /// A field that assets have.
    pub struct MetadataField {
        /// Its id, by which values are given.
        external_id: String,
        /// What its values are.
        field_type: Option<MetadataType> as "type",
        /// Its name for people.
        label: Option<String>,
        /// Whether each asset must have a value.
        mandatory: bool,
        /// The value of assets that are given none.
        default_value: Option<Json>,
        /// What values it takes.
        validation: Option<Validation>,
        /// The entries to choose from.
        datasource: Option<DataSource>,
        /// Who may not change it, by the service's names.
        restrictions: Option<Json>,
        /// Whether the default is switched off.
        default_disabled: bool,
        /// Whether uploads may add entries.
        allow_dynamic_list_values: bool,
    }
}

record! {
    /// The fields there are.
    pub struct MetadataFields {
        /// The fields, in their order.
        metadata_fields: Vec<MetadataField>,
    }
}

record! {
    /// Entries to choose from.
    pub struct DataSource {
        /// The entries, in their order.
        values: Vec<DataSourceEntry>,
    }
}

record! {
    /// The entries of a field after a change.
    pub struct DataSourceValues {
        /// The entries, in their order.
        values: Vec<DataSourceEntry>,
        /// What was done, in some answers.
        message: Option<String>,
    }
}

record! {
    /// An entry to choose.
    pub struct DataSourceEntry {
        /// Its id, by which values name it.
        external_id: String,
        /// What people see.
        value: Option<String>,
        /// `active`, or `inactive` for one that was deleted.
        state: Option<String>,
    }
}

/// What to make a field like, or what to change of one. What is not given stays, or has the service's default.
///
/// ```
/// use cloudinary_core::admin::{MetadataFieldDefinition, MetadataType, Validation};
/// let price = MetadataFieldDefinition::new(MetadataType::Integer, "Price")
///     .external_id("price")
///     .mandatory(true)
///     .default_value(0)
///     .validation(Validation::at_least(0));
/// assert_eq!(serde_json::to_value(&price).unwrap()["validation"]["type"], "greater_than");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MetadataFieldDefinition {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    field_type: Option<MetadataType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mandatory: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restrictions: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_value: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_disabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation: Option<Validation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    datasource: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allow_dynamic_list_values: Option<bool>,
}

impl MetadataFieldDefinition {
    /// A new field.
    pub fn new(field_type: MetadataType, label: impl Into<String>) -> Self {
        Self { field_type: Some(field_type), label: Some(label.into()), ..Self::default() }
    }

    /// No change yet.
    pub fn changes() -> Self {
        Self::default()
    }

    /// Its id. Default: made by the service.
    pub fn external_id(mut self, external_id: impl Into<String>) -> Self {
        self.external_id = Some(external_id.into());
        self
    }

    /// Its name for people.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Whether each asset must have a value. Default: false.
    pub fn mandatory(mut self, mandatory: bool) -> Self {
        self.mandatory = Some(mandatory);
        self
    }

    /// Who may not change it, as `{"readonly_ui": true}`.
    pub fn restrictions(mut self, restrictions: impl Into<Json>) -> Self {
        self.restrictions = Some(restrictions.into());
        self
    }

    /// The value of assets that are given none; `Json::Null` takes it away. A set has a list of entries' ids.
    pub fn default_value(mut self, value: impl Into<Json>) -> Self {
        self.default_value = Some(value.into());
        self
    }

    /// Whether the default is switched off. Default: false.
    pub fn default_disabled(mut self, disabled: bool) -> Self {
        self.default_disabled = Some(disabled);
        self
    }

    /// What values it takes.
    pub fn validation(mut self, validation: Validation) -> Self {
        self.validation = Some(validation);
        self
    }

    /// The entries to choose from, as ids and what people see; for `Enum` and `Set`.
    pub fn datasource<K: Into<String>, V: Into<String>>(mut self, entries: impl IntoIterator<Item = (K, V)>) -> Self {
        self.datasource = Some(serde_json::json!({"values": entries_json(entries)}));
        self
    }

    /// Whether uploads may add entries. Default: false.
    pub fn allow_dynamic_list_values(mut self, allow: bool) -> Self {
        self.allow_dynamic_list_values = Some(allow);
        self
    }

    fn put_into(&self, mut call: Call) -> Result<Call> {
        match serde_json::to_value(self) {
            Ok(Json::Object(fields)) if fields.is_empty() => {
                Err(Error::invalid("field", "", "give at least one thing to change"))
            }
            Ok(Json::Object(fields)) => {
                call.params.extend(fields);
                Ok(call)
            }
            other => {
                let reason = other.err().map(|error| error.to_string()).unwrap_or_default();
                Err(Error::invalid("field", "", format!("it cannot be sent: {reason}")))
            }
        }
    }
}

fn entries_json<K: Into<String>, V: Into<String>>(entries: impl IntoIterator<Item = (K, V)>) -> Json {
    let entry = |(id, value): (K, V)| -> Json {
        let (id, value) = (id.into(), value.into());
        // Without an id the service makes one.
        if id.is_empty() {
            serde_json::json!({"value": value})
        } else {
            serde_json::json!({"external_id": id, "value": value})
        }
    };
    entries.into_iter().map(entry).collect()
}

/// By what fields are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetadataFieldOrder {
    /// Their names for people.
    Label,
    /// Their ids.
    ExternalId,
    /// When they were made.
    CreatedAt,
}

impl MetadataFieldOrder {
    /// The service's name, as `external_id`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::ExternalId => "external_id",
            Self::CreatedAt => "created_at",
        }
    }
}

request! {
    /// A call that lists or orders metadata fields; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_metadata_fields>.
    pub struct ListMetadataFields -> MetadataFields;
}

request! {
    /// A call that tells of a metadata field; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_a_metadata_field_by_external_id>.
    pub struct GetMetadataField -> MetadataField;
}

request! {
    /// A call that makes or changes a metadata field; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#create_a_metadata_field>.
    pub struct PutMetadataField -> MetadataField;
}

request! {
    /// A call that deletes a metadata field; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#delete_a_metadata_field_by_external_id>.
    pub struct DeleteMetadataField -> Done;
}

request! {
    /// A call that changes the entries of a metadata field; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#update_a_metadata_field_datasource>.
    pub struct PutDataSource -> DataSourceValues;
}

impl Admin {
    /// Lists the metadata fields.
    pub fn metadata_fields(&self) -> ListMetadataFields {
        ListMetadataFields(self.request(get(&["metadata_fields"])))
    }

    /// A metadata field.
    pub fn metadata_field(&self, external_id: &str) -> GetMetadataField {
        GetMetadataField(self.checked(field(external_id, |id| get(&["metadata_fields", id]))))
    }

    /// Makes a metadata field.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::admin::{MetadataFieldDefinition, MetadataType};
    /// let season = MetadataFieldDefinition::new(MetadataType::Enum, "Season")
    ///     .datasource([("summer", "Summer"), ("winter", "Winter")]);
    /// let field = cld.admin().create_metadata_field(&season).await?;
    /// println!("{}", field.external_id);
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_metadata_field(&self, definition: &MetadataFieldDefinition) -> PutMetadataField {
        PutMetadataField(self.checked(definition.put_into(post(&["metadata_fields"]))))
    }

    /// Changes a metadata field. Its type stays.
    pub fn update_metadata_field(&self, external_id: &str, changes: &MetadataFieldDefinition) -> PutMetadataField {
        let call = field(external_id, |id| put(&["metadata_fields", id])).and_then(|call| changes.put_into(call));
        PutMetadataField(self.checked(call))
    }

    /// Deletes a metadata field. Its id cannot be used again for another type.
    pub fn delete_metadata_field(&self, external_id: &str) -> DeleteMetadataField {
        DeleteMetadataField(self.checked(field(external_id, |id| delete(&["metadata_fields", id]))))
    }

    /// Changes entries of a metadata field, or adds them: ids, and what people see.
    pub fn update_metadata_field_datasource<K: Into<String>, V: Into<String>>(
        &self,
        external_id: &str,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> PutDataSource {
        let call = field(external_id, |id| put(&["metadata_fields", id, "datasource"])).and_then(|call| {
            let entries = entries_json(entries);
            if entries.as_array().is_none_or(Vec::is_empty) {
                return Err(Error::invalid("values", "", "give at least one"));
            }
            Ok(with(call, "values", entries))
        });
        PutDataSource(self.checked(call))
    }

    /// Deletes entries of a metadata field, by their ids; assets keep them, and they can be restored.
    pub fn delete_datasource_entries(
        &self,
        external_id: &str,
        entries: impl IntoIterator<Item: Into<String>>,
    ) -> PutDataSource {
        let call = field(external_id, |id| delete(&["metadata_fields", id, "datasource"]));
        PutDataSource(self.checked(call.and_then(|call| of_entries(call, entries))))
    }

    /// Restores deleted entries of a metadata field, by their ids.
    pub fn restore_metadata_field_datasource(
        &self,
        external_id: &str,
        entries: impl IntoIterator<Item: Into<String>>,
    ) -> PutDataSource {
        let call = field(external_id, |id| post(&["metadata_fields", id, "datasource_restore"]).repeat(Repeat::Safe));
        PutDataSource(self.checked(call.and_then(|call| of_entries(call, entries))))
    }

    /// Orders the entries of a metadata field by what people see. Default: ascending.
    pub fn reorder_metadata_field_datasource(&self, external_id: &str, direction: Option<Direction>) -> PutDataSource {
        let call = field(external_id, |id| post(&["metadata_fields", id, "datasource", "order"]).repeat(Repeat::Safe));
        PutDataSource(self.checked(call.map(|call| ordered(call, "value", direction))))
    }

    /// Orders the metadata fields. Default: ascending.
    pub fn reorder_metadata_fields(
        &self,
        order_by: MetadataFieldOrder,
        direction: Option<Direction>,
    ) -> ListMetadataFields {
        let call = ordered(put(&["metadata_fields", "order"]), order_by.as_str(), direction);
        ListMetadataFields(self.request(call))
    }
}

fn field(external_id: &str, call: impl FnOnce(&str) -> Call) -> Result<Call> {
    named("external_id", external_id).map(call)
}

fn of_entries(call: Call, entries: impl IntoIterator<Item: Into<String>>) -> Result<Call> {
    Ok(with(call, "external_ids", names("external_ids", entries)?))
}

fn ordered(call: Call, order_by: &str, direction: Option<Direction>) -> Call {
    let call = with(call, "order_by", order_by);
    direction.into_iter().fold(call, |call, direction| with(call, "direction", direction.as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn definitions() {
        let season = MetadataFieldDefinition::new(MetadataType::Set, "Season")
            .datasource([("s", "Summer"), ("", "Winter")])
            .default_value(vec!["s"]);
        for (definition, expected) in [
            (
                season,
                json!({"type": "set", "label": "Season", "default_value": ["s"],
                    "datasource": {"values": [{"external_id": "s", "value": "Summer"}, {"value": "Winter"}]}}),
            ),
            (MetadataFieldDefinition::changes().default_value(Json::Null), json!({"default_value": null})),
        ] {
            assert_eq!(serde_json::to_value(definition).unwrap(), expected);
        }
        assert!(MetadataFieldDefinition::changes().put_into(post(&["metadata_fields"])).is_err());
    }

    #[test]
    fn fields() {
        let field: MetadataField = serde_json::from_value(json!({
            "external_id": "season", "type": "enum", "label": "Season", "mandatory": false, "default_value": null,
            "validation": null, "datasource": {"values": [{"external_id": "s", "value": "Summer", "state": "active"}]},
        }))
        .unwrap();
        assert_eq!(field.field_type, Some(MetadataType::Enum));
        assert_eq!(field.datasource.unwrap().values[0].value.as_deref(), Some("Summer"));
        let newer: MetadataField = serde_json::from_value(json!({"external_id": "x", "type": "colour"})).unwrap();
        assert_eq!(newer.field_type, Some(MetadataType::Other("colour".to_owned())));
        assert_eq!(serde_json::to_value(newer).unwrap()["type"], "colour");
    }
}
