//! A JSON body as typed fields, refused where Salesforce refuses it.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::Actor;
use crate::salesforce::ids::full_id;
use crate::salesforce::json::{Json, decimal};
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::schema::{FieldDef, FieldKind, ObjectDef};
use crate::salesforce::value::{Value, read_instant};

/// What the fields are for: a new row takes other fields than an old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Insert,
    Update,
}

/// Reads the members of a body. `attributes`, `id` and `Id` are the caller's business.
pub fn convert(
    org: &Org,
    actor: Actor<'_>,
    object: &ObjectDef,
    purpose: Purpose,
    body: &[(String, Json)],
) -> Result<Fields, Refusals> {
    let mut fields = Fields::new();
    let mut closed = Vec::new();
    for (name, json) in body {
        if name == "attributes" || name.eq_ignore_ascii_case("id") {
            continue;
        }
        if let (Json::Object(_), Some(field)) = (json, object.relationship(name)) {
            let id = by_external_id(org, field, json)?;
            fields.insert(field.name.clone(), Value::Text(id));
            continue;
        }
        let field = object
            .field(name)
            .filter(|field| !actor.is_ordinary || org.schema.shows(object, field));
        let Some(field) = field else {
            let message = format!("No such column '{name}' on sobject of type {}", object.name);
            return Err(vec![Refusal::of_write("INVALID_FIELD", message, [])]);
        };
        let open = match purpose {
            Purpose::Insert => field.createable,
            Purpose::Update => field.updateable,
        };
        if !open {
            closed.push(field.name.clone());
            continue;
        }
        fields.insert(field.name.clone(), value(org, object, field, json)?);
    }
    if closed.is_empty() { Ok(fields) } else { Err(vec![closed_fields(closed)]) }
}

fn closed_fields(closed: Vec<String>) -> Refusal {
    let message = format!(
        "Unable to create/update fields: {}. Please check the security settings of this field and \
         verify that it is read/write for your profile or permission set.",
        closed.join(", ")
    );
    Refusal::of_write("INVALID_FIELD_FOR_INSERT_UPDATE", message, closed)
}

/// A lookup set through the parent's external id (salesforce §9.3).
fn by_external_id(org: &Org, field: &FieldDef, json: &Json) -> Result<String, Refusals> {
    let target = field.reference_to.first().and_then(|name| org.schema.object(name));
    let member = json.members().iter().find(|(name, _)| name != "attributes");
    let found = target.zip(member).and_then(|(target, (name, json))| {
        let key = target.field(name).filter(|key| key.id_lookup)?;
        let wanted = value(org, target, key, json).ok()?;
        super::unique::matches(org, target, key, &wanted).into_iter().next()
    });
    found.ok_or_else(|| {
        let name = member.map_or("", |(name, _)| name);
        let message = format!("Foreign key external ID not found for field {name}");
        vec![Refusal::of_write("INVALID_FIELD", message, [])]
    })
}

/// One JSON value as a value of the field's type.
pub fn value(
    org: &Org,
    object: &ObjectDef,
    field: &FieldDef,
    json: &Json,
) -> Result<Value, Refusals> {
    if matches!(json, Json::Null) || json.as_text() == Some("") {
        return Ok(if field.kind == FieldKind::Bool { Value::Bool(false) } else { Value::Null });
    }
    let read = match field.kind {
        FieldKind::Bool => boolean(json).map(Value::Bool),
        FieldKind::Int | FieldKind::Double | FieldKind::Currency | FieldKind::Percent => {
            return number(field, json).map(Value::Number);
        }
        FieldKind::Date => date(json).map(Value::Date),
        FieldKind::DateTime => json.as_text().and_then(read_instant).map(Value::Instant),
        FieldKind::Reference | FieldKind::Id => {
            return reference(org, field, json).map(Value::Text);
        }
        FieldKind::Address | FieldKind::AnyType => None,
        _ => return text(object, field, json).map(Value::Text),
    };
    read.ok_or_else(|| vec![unreadable(field, json)])
}

fn unreadable(field: &FieldDef, json: &Json) -> Refusal {
    let token = match json {
        Json::Text(_) => "VALUE_STRING",
        Json::Number(_) => "VALUE_NUMBER",
        Json::Bool(_) => "VALUE_BOOLEAN",
        Json::List(_) => "START_ARRAY",
        _ => "START_OBJECT",
    };
    let kind = field.kind.wire_name();
    let shown = json.as_text().map_or_else(|| json.to_string(), str::to_owned);
    let message = format!(
        "Cannot deserialize instance of {kind} from {token} value {shown} or request may be \
         missing a required field at [line:1, column:1]"
    );
    Refusal::new(400, "JSON_PARSER_ERROR", message)
}

fn boolean(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(yes) => Some(*yes),
        Json::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn date(json: &Json) -> Option<Date> {
    json.as_text()?.get(..10)?.parse().ok()
}

fn number(field: &FieldDef, json: &Json) -> Result<Decimal, Refusals> {
    let read = json.as_decimal().or_else(|| json.as_text().and_then(decimal));
    let number = read.ok_or_else(|| vec![unreadable(field, json)])?;
    let whole_digits = field.precision.saturating_sub(field.scale);
    let limit = 10_i128.checked_pow(whole_digits).unwrap_or(i128::MAX);
    let whole = number.trunc().abs();
    if field.precision > 0 && whole >= Decimal::from_i128_with_scale(limit.min(MAX_WHOLE), 0) {
        let message =
            format!("{}: value outside of valid range on numeric field: {number}", field.label);
        let fields = [field.name.clone()];
        return Err(vec![Refusal::of_write("NUMBER_OUTSIDE_VALID_RANGE", message, fields)]);
    }
    Ok(number
        .round_dp_with_strategy(field.scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
}

/// Below the largest decimal; larger limits do not occur.
const MAX_WHOLE: i128 = 10_i128.pow(24);

fn text(object: &ObjectDef, field: &FieldDef, json: &Json) -> Result<String, Refusals> {
    let text = match json {
        Json::Text(text) => text.clone(),
        Json::Number(text) => text.clone(),
        Json::Bool(yes) => yes.to_string(),
        _ => return Err(vec![unreadable(field, json)]),
    };
    let named = [field.name.clone()];
    if field.length > 0 && text.chars().count() > field.length as usize {
        let message =
            format!("{}: data value too large: {text} (max length={})", field.label, field.length);
        return Err(vec![Refusal::of_write("STRING_TOO_LONG", message, named)]);
    }
    if is_restricted(object, field) && !field.values.contains(&text) {
        let message = format!("{}: bad value for restricted picklist field: {text}", field.label);
        let code = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST";
        return Err(vec![Refusal::of_write(code, message, named)]);
    }
    Ok(text)
}

/// Standard picklists take any text through the API; ours are restricted.
pub fn is_restricted(object: &ObjectDef, field: &FieldDef) -> bool {
    field.kind == FieldKind::Picklist && object.is_custom() && !field.values.is_empty()
}

fn reference(org: &Org, field: &FieldDef, json: &Json) -> Result<String, Refusals> {
    let Some(text) = json.as_text() else { return Err(vec![unreadable(field, json)]) };
    let named = || [field.name.clone()];
    let Some(id) = full_id(text) else {
        let message = format!("{}: id value of incorrect type: {text}", field.label);
        return Err(vec![Refusal::of_write("MALFORMED_ID", message, named())]);
    };
    if field.kind == FieldKind::Id {
        return Ok(id);
    }
    let target = org.schema.object_of_id(&id);
    let fits = target.is_none_or(|target| field.reference_to.contains(&target.name));
    if !fits {
        let message = format!("{}: id value of incorrect type: {text}", field.label);
        return Err(vec![Refusal::of_write("FIELD_INTEGRITY_EXCEPTION", message, named())]);
    }
    let Some(target) = target else { return Ok(id) };
    match org.seen_by_id(&target.name, &id) {
        Some(fields) if fields.get("IsDeleted").is_some_and(Value::is_true) => {
            let message = "entity is deleted";
            Err(vec![Refusal::of_write("ENTITY_IS_DELETED", message, named())])
        }
        Some(_) => Ok(id),
        None => {
            let message = "invalid cross reference id";
            Err(vec![Refusal::of_write("INVALID_CROSS_REFERENCE_KEY", message, named())])
        }
    }
}
