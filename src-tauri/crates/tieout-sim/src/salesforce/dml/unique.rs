//! External ids: who carries a value, and whether a value is taken.

use crate::salesforce::org::{Fields, Org};
use crate::salesforce::refusal::{Refusal, Refusals};
use crate::salesforce::schema::{FieldDef, FieldKind, ObjectDef};
use crate::salesforce::value::Value;

/// Ids of live rows whose `key` field has this value. Text matches without case unless the field
/// is case-sensitive (salesforce §9.2).
pub fn matches(org: &Org, object: &ObjectDef, key: &FieldDef, wanted: &Value) -> Vec<String> {
    let live = |fields: &Fields| !fields.get("IsDeleted").is_some_and(Value::is_true);
    let same = |value: &Value| match (value, wanted) {
        (Value::Text(one), Value::Text(two))
            if !key.case_sensitive && key.kind != FieldKind::Id =>
        {
            one.to_lowercase() == two.to_lowercase()
        }
        (one, two) => one == two && !one.is_null(),
    };
    let rows = org.rows_with(object, key, wanted).into_iter();
    rows.filter(|(_, row)| live(&row.fields) && row.fields.get(&key.name).is_some_and(same))
        .map(|(id, _)| id.clone())
        .collect()
}

/// Refuses a value of a unique field that another row carries.
pub fn check(
    org: &Org,
    object: &ObjectDef,
    own_id: Option<&str>,
    fields: &Fields,
) -> Result<(), Refusals> {
    for field in object.fields.iter().filter(|field| field.unique) {
        let Some(value) = fields.get(&field.name).filter(|value| !value.is_null()) else {
            continue;
        };
        let taken = matches(org, object, field, value);
        if let Some(other) = taken.iter().find(|id| own_id != Some(id.as_str())) {
            let message = format!(
                "duplicate value found: {} duplicates value on record with id: {}",
                field.name,
                &other[..15]
            );
            let fields = [field.name.clone()];
            return Err(vec![Refusal::of_write("DUPLICATE_VALUE", message, fields)]);
        }
    }
    Ok(())
}
