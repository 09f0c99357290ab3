//! Which rows carry a value: for external ids and for references, so that a large org stays quick.

use std::collections::{BTreeMap, BTreeSet};

use super::org::Fields;
use super::schema::{FieldDef, FieldKind, ObjectDef};
use super::value::Value;

/// Ids by value, by field, by object. Follows the rows and is never stored.
#[derive(Clone, Debug, Default)]
pub struct Index {
    ids: BTreeMap<(String, String), BTreeMap<String, BTreeSet<String>>>,
}

/// Keys, and references to anything but users: those would list half the org under one name.
fn is_indexed(field: &FieldDef) -> bool {
    let is_key = field.id_lookup && field.kind != FieldKind::Id;
    let is_link = field.kind == FieldKind::Reference && field.reference_to != ["User"];
    is_key || is_link || field.unique
}

/// What the index looks at: text without case, the callers look closer.
fn key(value: &Value) -> Option<String> {
    value.plain().map(|text| text.to_lowercase())
}

impl Index {
    /// Takes the values of a row in (`puts`) or out.
    fn note(&mut self, object: &ObjectDef, id: &str, fields: &Fields, puts: bool) {
        for field in object.fields.iter().filter(|field| is_indexed(field)) {
            let Some(key) = fields.get(&field.name).and_then(key) else { continue };
            let place = (object.name.clone(), field.name.clone());
            let ids = self.ids.entry(place).or_default().entry(key).or_default();
            if puts {
                ids.insert(id.to_owned());
            } else {
                ids.remove(id);
            }
        }
    }

    pub fn put(&mut self, object: &ObjectDef, id: &str, fields: &Fields) {
        self.note(object, id, fields, true);
    }

    pub fn take(&mut self, object: &ObjectDef, id: &str, fields: &Fields) {
        self.note(object, id, fields, false);
    }

    /// Ids of the rows whose field may have this value, in order; nothing if the field is not
    /// indexed.
    pub fn find(&self, object: &ObjectDef, field: &FieldDef, value: &Value) -> Option<Vec<String>> {
        if !is_indexed(field) {
            return None;
        }
        let values = self.ids.get(&(object.name.clone(), field.name.clone()));
        let ids = values.zip(key(value)).and_then(|(values, key)| values.get(&key));
        Some(ids.map(|ids| ids.iter().cloned().collect()).unwrap_or_default())
    }
}
