//! Structured metadata: fields and rules.

use cloudinary_core::admin::{
    Direction, MetadataFieldDefinition, MetadataFieldOrder, MetadataRuleDefinition, MetadataType, RuleCondition,
    RuleResult, Validation,
};
use cloudinary_core::{Cloudinary, Result};
use serde_json::{Map, Value as Json};

use crate::given::{answered, given_options, text, texts};

pub(super) async fn perform(
    cld: &Cloudinary,
    call: &str,
    args: &[Json],
    kwargs: &Map<String, Json>,
) -> Option<Result<Json>> {
    let admin = cld.admin();
    let first = args.first().unwrap_or(&Json::Null);
    let second = args.get(1).unwrap_or(&Json::Null);
    let id = text(first);
    let direction = || {
        let direction = kwargs.get("direction").or(args.last().filter(|last| is_direction(last)))?;
        Some(if text(direction) == "desc" { Direction::Desc } else { Direction::Asc })
    };
    Some(match call {
        "list_metadata_fields" => answered!(admin.metadata_fields()),
        "metadata_field_by_field_id" => answered!(admin.metadata_field(&id)),
        "add_metadata_field" => answered!(admin.create_metadata_field(&field(first))),
        "update_metadata_field" => answered!(admin.update_metadata_field(&id, &field(second))),
        "delete_metadata_field" => answered!(admin.delete_metadata_field(&id)),
        "delete_datasource_entries" => answered!(admin.delete_datasource_entries(&id, texts(second))),
        "update_metadata_field_datasource" => {
            answered!(admin.update_metadata_field_datasource(&id, entries(second)))
        }
        "restore_metadata_field_datasource" => {
            answered!(admin.restore_metadata_field_datasource(&id, texts(second)))
        }
        "reorder_metadata_field_datasource" => {
            answered!(admin.reorder_metadata_field_datasource(&id, direction()))
        }
        "reorder_metadata_fields" => {
            let order_by = match id.as_str() {
                "label" => MetadataFieldOrder::Label,
                "external_id" => MetadataFieldOrder::ExternalId,
                _ => MetadataFieldOrder::CreatedAt,
            };
            answered!(admin.reorder_metadata_fields(order_by, direction()))
        }
        "list_metadata_rules" => answered!(admin.metadata_rules()),
        "add_metadata_rule" => answered!(admin.create_metadata_rule(&rule(first))),
        "update_metadata_rule" => answered!(admin.update_metadata_rule(&id, &rule(second))),
        "delete_metadata_rule" => answered!(admin.delete_metadata_rule(&id)),
        _ => return None,
    })
}

fn is_direction(value: &Json) -> bool {
    ["asc", "desc"].contains(&text(value).as_str())
}

fn entries(values: &Json) -> Vec<(String, String)> {
    let entry = |entry: &Json| (entry.get("external_id").map(text).unwrap_or_default(), text(&entry["value"]));
    values.as_array().expect("entries").iter().map(entry).collect()
}

fn field(given: &Json) -> MetadataFieldDefinition {
    let given = given.as_object().expect("a field");
    let mut field = match given.get("type") {
        Some(kind) => {
            let kind = match text(kind).as_str() {
                "string" => MetadataType::String,
                "integer" => MetadataType::Integer,
                "date" => MetadataType::Date,
                "enum" => MetadataType::Enum,
                _ => MetadataType::Set,
            };
            MetadataFieldDefinition::new(kind, text(&given["label"]))
        }
        None => MetadataFieldDefinition::changes(),
    };
    if let Some(values) = given.get("datasource") {
        field = field.datasource(entries(&values["values"]));
    }
    if let Some(rule) = given.get("validation") {
        field = field.validation(validation(rule));
    }
    given_options!(field, given,
        "external_id" => external_id: text, "label" => label: text, "mandatory" => mandatory: switch,
        "restrictions" => restrictions: json, "default_value" => default_value: json,
        "default_disabled" => default_disabled: switch,
        "allow_dynamic_list_values" => allow_dynamic_list_values: switch,
    )
}

fn validation(rule: &Json) -> Validation {
    let (value, equals) = (rule["value"].clone(), rule["equals"].as_bool().unwrap_or(false));
    match text(&rule["type"]).as_str() {
        "greater_than" if equals => Validation::at_least(value),
        "greater_than" => Validation::greater_than(value),
        "less_than" if equals => Validation::at_most(value),
        "less_than" => Validation::less_than(value),
        "strlen" => Validation::length(crate::given::number(&rule["min"])..=crate::given::number(&rule["max"])),
        _ => Validation::all(rule["rules"].as_array().expect("rules").iter().map(validation)),
    }
}

fn rule(given: &Json) -> MetadataRuleDefinition {
    let given = given.as_object().expect("a rule");
    let mut rule = given_options!(MetadataRuleDefinition::changes(), given,
        "external_id" => external_id: text, "name" => name: text, "metadata_field_id" => metadata_field_id: text,
    );
    if let Some(given) = given.get("condition") {
        rule = rule.condition(condition(given));
    }
    if let Some(given) = given.get("result") {
        rule = rule.result(result(given));
    }
    if let Some(state) = given.get("state") {
        rule = rule.active(text(state) == "active");
    }
    rule
}

fn condition(given: &Json) -> RuleCondition {
    let conditions = |list: &Json| list.as_array().expect("conditions").iter().map(condition).collect::<Vec<_>>();
    let field = given.get("metadata_field_id").map(text).unwrap_or_default();
    if let Some(list) = given.get("and") {
        RuleCondition::all(conditions(list))
    } else if let Some(list) = given.get("or") {
        RuleCondition::any(conditions(list))
    } else if let Some(value) = given.get("equals") {
        RuleCondition::equals(&field, value.clone())
    } else if let Some(values) = given.get("includes") {
        RuleCondition::includes(&field, texts(values))
    } else {
        RuleCondition::populated(&field, given["populated"].as_bool().expect("a boolean"))
    }
}

fn result(given: &Json) -> RuleResult {
    let mut result = RuleResult::new();
    match given.get("activate_values") {
        Some(Json::String(_)) => result = result.activate_all_values(),
        Some(values) => result = result.activate_values(texts(&values["external_ids"])),
        None => {}
    }
    if let Some(value) = given.get("apply_value") {
        result = result.apply_value(value["value"].clone());
    }
    given_options!(result, given, "enable" => enable: switch, "set_mandatory" => set_mandatory: switch)
}
