//! Fields that rules of assignment chose, whatever their type.

use serde_json::Value;
use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Stream, Traits};

use super::Context;
use crate::shapes::trait_fields;

/// The chosen fields that the organisation shows; empty where the record has none. A field that is
/// not shown is left out: nobody knows its value.
pub(super) fn traits(stream: Stream, record: &Record<'_>, context: Context<'_>) -> Reading<Traits> {
    let mut traits = Traits::new();
    for path in trait_fields(stream, &context.organization.schema, context.choices) {
        if let Some(text) = trait_text(record, &path)? {
            traits.insert(path, text);
        }
    }
    Ok(traits)
}

/// The text at a field, or at a field of the record that it points at. `None`: it was not sent.
pub(super) fn trait_text(record: &Record<'_>, path: &str) -> Reading<Option<String>> {
    let Some((parent, field)) = path.split_once('.') else {
        if !record.tells(path) {
            return Ok(None);
        }
        return Ok(Some(match record.value(path) {
            Some(Value::Bool(flag)) => flag.to_string(),
            Some(Value::Number(number)) => number.to_string(),
            _ => record.text_or_none(path)?.unwrap_or_default(),
        }));
    };
    match record.record_or_none(parent)? {
        Some(parent) => trait_text(&parent, field),
        None if record.tells(parent) => Ok(Some(String::new())),
        None => Ok(None),
    }
}
