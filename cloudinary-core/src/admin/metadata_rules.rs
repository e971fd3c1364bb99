//! Conditional metadata: rules by which one field's value decides about another field.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::{Admin, Done, delete, get, named, post, put};
use crate::answer::record;
use crate::client::{Call, request};
use crate::error::{Error, Result};

record! {
    /// The rules there are.
    pub struct MetadataRules {
        /// The rules.
        metadata_rules: Vec<MetadataRule>,
    }
}

record! {
    /// A rule.
    pub struct MetadataRule {
        /// Its id.
        external_id: Option<String>,
        /// Its name for people.
        name: Option<String>,
        /// The field that it decides about.
        metadata_field_id: Option<String>,
        /// When it holds, as the service writes it.
        condition: Option<Json>,
        /// What it does then, as the service writes it.
        result: Option<Json>,
        /// `active` or `inactive`.
        state: Option<String>,
        /// Its place among the rules.
        position: Option<i64>,
    }
}

/// When a rule holds.
///
/// Follows <https://cloudinary.com/documentation/conditional_metadata_rules_api>.
///
/// ```
/// use cloudinary_core::admin::RuleCondition;
/// let condition = RuleCondition::all([
///     RuleCondition::equals("season", "summer"),
///     RuleCondition::populated("place", true),
/// ]);
/// assert_eq!(serde_json::to_value(condition).unwrap()["and"][1]["populated"], true);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct RuleCondition(Json);

impl RuleCondition {
    /// A field has this value.
    pub fn equals(metadata_field_id: &str, value: impl Into<Json>) -> Self {
        Self(json!({"metadata_field_id": metadata_field_id, "equals": value.into()}))
    }

    /// A field of several values has all of these among them.
    pub fn includes(metadata_field_id: &str, values: impl IntoIterator<Item: Into<String>>) -> Self {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        Self(json!({"metadata_field_id": metadata_field_id, "includes": values}))
    }

    /// A field has a value, or none.
    pub fn populated(metadata_field_id: &str, populated: bool) -> Self {
        Self(json!({"metadata_field_id": metadata_field_id, "populated": populated}))
    }

    /// All of these hold.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(json!({"and": conditions.into_iter().map(|condition| condition.0).collect::<Vec<_>>()}))
    }

    /// One of these holds.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self(json!({"or": conditions.into_iter().map(|condition| condition.0).collect::<Vec<_>>()}))
    }
}

impl From<Json> for RuleCondition {
    /// As the service writes it.
    fn from(condition: Json) -> Self {
        Self(condition)
    }
}

/// What a rule does when it holds.
///
/// ```
/// use cloudinary_core::admin::RuleResult;
/// let result = RuleResult::new().enable(true).activate_values(["beach", "sea"]).set_mandatory(true);
/// assert_eq!(
///     serde_json::to_string(&result).unwrap(),
///     r#"{"enable":true,"activate_values":{"external_ids":["beach","sea"]},"set_mandatory":true}"#,
/// );
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct RuleResult(Map<String, Json>);

impl RuleResult {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the field can be filled in.
    pub fn enable(self, enable: bool) -> Self {
        self.set("enable", enable)
    }

    /// All entries of the field's datasource can be chosen.
    pub fn activate_all_values(self) -> Self {
        self.set("activate_values", "all")
    }

    /// Only these entries of the field's datasource can be chosen.
    pub fn activate_values(self, external_ids: impl IntoIterator<Item: Into<String>>) -> Self {
        let ids: Vec<String> = external_ids.into_iter().map(Into::into).collect();
        self.set("activate_values", json!({"external_ids": ids}))
    }

    /// The field gets this value.
    pub fn apply_value(self, value: impl Into<Json>) -> Self {
        self.set("apply_value", json!({"value": value.into()}))
    }

    /// Whether the field must be filled in.
    pub fn set_mandatory(self, mandatory: bool) -> Self {
        self.set("set_mandatory", mandatory)
    }

    /// Any other part, as the service writes it.
    pub fn set(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

/// What to make a rule like, or what to change of one. What is not given stays, or has the service's default.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MetadataRuleDefinition {
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata_field_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<RuleCondition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<RuleResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
}

impl MetadataRuleDefinition {
    /// A new rule about a field.
    pub fn new(
        name: impl Into<String>,
        metadata_field_id: impl Into<String>,
        condition: RuleCondition,
        result: RuleResult,
    ) -> Self {
        Self::changes().name(name).metadata_field_id(metadata_field_id).condition(condition).result(result)
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
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The field that it decides about.
    pub fn metadata_field_id(mut self, metadata_field_id: impl Into<String>) -> Self {
        self.metadata_field_id = Some(metadata_field_id.into());
        self
    }

    /// When it holds.
    pub fn condition(mut self, condition: RuleCondition) -> Self {
        self.condition = Some(condition);
        self
    }

    /// What it does then.
    pub fn result(mut self, result: RuleResult) -> Self {
        self.result = Some(result);
        self
    }

    /// Whether it is in force. Default: true.
    pub fn active(mut self, active: bool) -> Self {
        self.state = Some(if active { "active" } else { "inactive" });
        self
    }

    fn put_into(&self, mut call: Call) -> Result<Call> {
        match serde_json::to_value(self) {
            Ok(Json::Object(fields)) if !fields.is_empty() => {
                call.params.extend(fields);
                Ok(call)
            }
            _ => Err(Error::invalid("rule", "", "give at least one thing to change")),
        }
    }
}

request! {
    /// A call that lists metadata rules; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#get_metadata_rules>.
    pub struct ListMetadataRules -> MetadataRules;
}

request! {
    /// A call that makes or changes a metadata rule; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#create_a_metadata_rule>.
    pub struct PutMetadataRule -> MetadataRule;
}

request! {
    /// A call that deletes a metadata rule; `.await` it.
    ///
    /// Follows <https://cloudinary.com/documentation/admin_api#delete_a_metadata_rule_by_id>.
    pub struct DeleteMetadataRule -> Done;
}

impl Admin {
    /// Lists the metadata rules.
    pub fn metadata_rules(&self) -> ListMetadataRules {
        ListMetadataRules(self.request(get(&["metadata_rules"])))
    }

    /// Makes a metadata rule.
    ///
    /// ```no_run
    /// # async fn example(cld: cloudinary_core::Cloudinary) -> cloudinary_core::Result<()> {
    /// use cloudinary_core::admin::{MetadataRuleDefinition, RuleCondition, RuleResult};
    /// let summer = RuleCondition::equals("season", "summer");
    /// let places = RuleResult::new().enable(true).activate_values(["beach", "sea"]);
    /// let rule = MetadataRuleDefinition::new("Places in summer", "place", summer, places);
    /// cld.admin().create_metadata_rule(&rule).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_metadata_rule(&self, definition: &MetadataRuleDefinition) -> PutMetadataRule {
        PutMetadataRule(self.checked(definition.put_into(post(&["metadata_rules"]))))
    }

    /// Changes a metadata rule.
    pub fn update_metadata_rule(&self, external_id: &str, changes: &MetadataRuleDefinition) -> PutMetadataRule {
        let call = named("external_id", external_id).and_then(|id| changes.put_into(put(&["metadata_rules", id])));
        PutMetadataRule(self.checked(call))
    }

    /// Deletes a metadata rule.
    pub fn delete_metadata_rule(&self, external_id: &str) -> DeleteMetadataRule {
        DeleteMetadataRule(self.checked(named("external_id", external_id).map(|id| delete(&["metadata_rules", id]))))
    }
}
