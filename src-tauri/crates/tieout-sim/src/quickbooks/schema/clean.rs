//! Turns a request's members into the stored form, or says which one is wrong.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::amount::{cents, decimal, money, plain};
use super::super::entity::Entity;
use super::super::pacific;
use super::super::refusal::Refusal;
use super::super::row::Body;
use super::{Access, LINE, LINK, Member, Shape, TAX_DETAIL, member};

/// No number of a request is larger, so that no product of two overflows.
const NUMBER_MAX: Decimal = Decimal::from_parts(3_567_587_328, 232, 0, false, 0);
/// Lines that one document takes.
const LINES_MAX: usize = 2_000;
const ADDRESS: [(&str, usize); 11] = [
    ("Line1", 500),
    ("Line2", 500),
    ("Line3", 500),
    ("Line4", 500),
    ("Line5", 500),
    ("City", 255),
    ("CountrySubDivisionCode", 255),
    ("PostalCode", 30),
    ("Country", 255),
    ("Lat", 50),
    ("Long", 50),
];

/// The writable members of `input` in stored form. A member that clears (null or empty text) stays
/// as null. The first unknown member refuses the whole request.
pub fn clean(entity: Entity, input: &Body) -> Result<Body, Refusal> {
    let mut kept = Body::new();
    for (name, value) in input {
        let known = member(entity, name).ok_or_else(|| Refusal::unknown_member(name))?;
        if known.access != Access::Ignore {
            kept.insert(name.clone(), shaped(known, value)?);
        }
    }
    Ok(kept)
}

fn shaped(member: &Member, value: &Value) -> Result<Value, Refusal> {
    let empty = value.as_str().is_some_and(|text| text.trim().is_empty());
    if value.is_null() || empty {
        return Ok(Value::Null);
    }
    let name = member.name;
    match member.shape {
        Shape::Text(max) => text(name, value, max),
        Shape::Money => number(name, value).map(|exact| money(cents(exact))),
        Shape::Number => number(name, value).map(plain),
        Shape::Flag => flag(name, value),
        Shape::Day => day(name, value),
        Shape::Ref => reference(name, value),
        Shape::Wrapped(max) => single(name, value, "value", max),
        Shape::Phone(max) => single(name, value, "FreeFormNumber", max),
        Shape::Email(max) => email(name, value, max),
        Shape::Uri(max) => single(name, value, "URI", max),
        Shape::Addr => address(name, value),
        Shape::Fields => fields(name, value),
        Shape::Lines => lines(name, value),
        Shape::Links => list(name, value)?.iter().map(|link| part(LINK, name, link)).collect(),
        Shape::Tax => part(TAX_DETAIL, name, value),
        Shape::Part(members) => part(members, name, value),
        Shape::Loose => Ok(value.clone()),
    }
}

fn text(name: &str, value: &Value, max: usize) -> Result<Value, Refusal> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return Err(Refusal::unknown_member(name)),
    };
    if text.chars().count() > max {
        return Err(Refusal::too_long(name, max));
    }
    Ok(Value::String(text))
}

fn number(name: &str, value: &Value) -> Result<Decimal, Refusal> {
    let exact = decimal(value).filter(|exact| exact.abs() <= NUMBER_MAX);
    exact.ok_or_else(|| Refusal::bad_number(name))
}

fn flag(name: &str, value: &Value) -> Result<Value, Refusal> {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(json!(true)),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(json!(false)),
        _ => Err(Refusal::bad_choice(name)),
    }
}

fn day(name: &str, value: &Value) -> Result<Value, Refusal> {
    let day = value.as_str().and_then(pacific::calendar_day);
    day.map(|day| json!(day.to_string())).ok_or_else(|| Refusal::bad_date(name))
}

fn reference(name: &str, value: &Value) -> Result<Value, Refusal> {
    let members = value.as_object().ok_or_else(|| Refusal::unknown_member(name))?;
    let unknown = members.keys().find(|key| !matches!(key.as_str(), "value" | "name" | "type"));
    if let Some(unknown) = unknown {
        return Err(Refusal::unknown_member(unknown));
    }
    match members.get("value").map(|given| text(name, given, 100)).transpose()? {
        Some(Value::String(given)) if !given.is_empty() => Ok(json!({"value": given})),
        _ => Ok(Value::Null),
    }
}

fn single(name: &str, value: &Value, inner: &str, max: usize) -> Result<Value, Refusal> {
    let members = value.as_object().ok_or_else(|| Refusal::unknown_member(name))?;
    if let Some(unknown) = members.keys().find(|key| *key != inner && *key != "Id") {
        return Err(Refusal::unknown_member(unknown));
    }
    match members.get(inner) {
        Some(given) if given.as_str() != Some("") => {
            Ok(json!({ (inner): text(name, given, max)? }))
        }
        _ => Ok(Value::Null),
    }
}

fn email(name: &str, value: &Value, max: usize) -> Result<Value, Refusal> {
    let kept = single(name, value, "Address", max)?;
    let valid = kept["Address"]
        .as_str()
        .is_none_or(|given| given.split_once('@').is_some_and(|(_, host)| host.contains('.')));
    if valid { Ok(kept) } else { Err(Refusal::business("The e-mail address is not valid")) }
}

fn address(name: &str, value: &Value) -> Result<Value, Refusal> {
    let members = value.as_object().ok_or_else(|| Refusal::unknown_member(name))?;
    let mut kept = Body::new();
    for (key, given) in members {
        if matches!(key.as_str(), "Id" | "Note" | "CountryCode") {
            continue;
        }
        let known = ADDRESS.iter().find(|(known, _)| known == key);
        let (_, max) = known.ok_or_else(|| Refusal::unknown_member(key))?;
        if given.as_str().is_some_and(|given| !given.is_empty()) {
            kept.insert(key.clone(), text(key, given, *max)?);
        }
    }
    if kept.is_empty() { Ok(Value::Null) } else { Ok(Value::Object(kept)) }
}

/// Only the values travel inwards: name and type belong to the definition.
fn fields(name: &str, value: &Value) -> Result<Value, Refusal> {
    /// `quickbooks-fields`: unverified, from memory.
    const VALUE_CHARACTERS_MAX: usize = 31;
    let mut kept = Vec::new();
    for field in list(name, value)? {
        let definition = match &field["DefinitionId"] {
            Value::String(id) if !id.is_empty() => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => continue,
        };
        match &field["StringValue"] {
            Value::String(given) if !given.is_empty() => {
                let given = text("StringValue", &json!(given), VALUE_CHARACTERS_MAX)?;
                kept.push(json!({"DefinitionId": definition, "StringValue": given}));
            }
            _ => continue,
        }
    }
    Ok(Value::Array(kept))
}

fn lines(name: &str, value: &Value) -> Result<Value, Refusal> {
    let list = list(name, value)?;
    if list.len() > LINES_MAX {
        return Err(Refusal::too_long(name, LINES_MAX));
    }
    list.iter().map(|line| part(LINE, name, line)).collect()
}

fn list<'a>(name: &str, value: &'a Value) -> Result<&'a Vec<Value>, Refusal> {
    value.as_array().ok_or_else(|| Refusal::unknown_member(name))
}

/// Like `clean` for a nested object, but members that clear are left out.
fn part(members: &[Member], name: &str, value: &Value) -> Result<Value, Refusal> {
    let given = value.as_object().ok_or_else(|| Refusal::unknown_member(name))?;
    let mut kept = Body::new();
    for (key, value) in given {
        let known = members.iter().find(|member| member.name == key);
        let known = known.ok_or_else(|| Refusal::unknown_member(key))?;
        if known.access == Access::Ignore {
            continue;
        }
        let value = shaped(known, value)?;
        if !value.is_null() {
            kept.insert(key.clone(), value);
        }
    }
    Ok(Value::Object(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_is_a_million_millions() {
        assert_eq!(NUMBER_MAX.to_string(), "1000000000000");
        assert!(number("Amount", &json!("1000000000000.01")).is_err());
        assert!(number("Amount", &json!("-1000000000000")).is_ok());
    }
}
