//! The objects and fields that this user can see in this organisation (`salesforce §4.3`).

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a describe says about one field, as far as we act on it. A field hidden from this user is
/// not in a describe at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct FieldTraits {
    name: String,
    pub createable: bool,
    pub updateable: bool,
    pub filterable: bool,
    pub aggregatable: bool,
    pub external_id: bool,
    /// Under which name queries follow it to the record that it points at.
    relationship_name: Option<String>,
}

/// One object of the organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ObjectTraits {
    pub fields: BTreeMap<String, FieldTraits>,
    /// Whether deletions can be asked for.
    pub replicateable: bool,
    pub createable: bool,
}

/// Every object that we asked about and can see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schema {
    objects: BTreeMap<String, ObjectTraits>,
}

#[derive(Deserialize)]
struct ObjectBody {
    fields: Vec<FieldTraits>,
    #[serde(default)]
    replicateable: bool,
    #[serde(default)]
    createable: bool,
}

impl Schema {
    /// Takes in the body of a describe. `false`: it is not one.
    pub fn add(&mut self, object: &str, describe: &str) -> bool {
        let Ok(body) = serde_json::from_str::<ObjectBody>(describe) else { return false };
        let fields = body.fields.into_iter().map(|field| (field.name.clone(), field)).collect();
        let ObjectBody { replicateable, createable, .. } = body;
        self.objects.insert(object.to_owned(), ObjectTraits { fields, replicateable, createable });
        true
    }

    /// `None`: missing, switched off, or not visible to this user.
    pub fn object(&self, name: &str) -> Option<&ObjectTraits> {
        self.objects.get(name)
    }

    pub fn field(&self, object: &str, field: &str) -> Option<&FieldTraits> {
        self.object(object)?.fields.get(field)
    }

    pub fn has(&self, object: &str, field: &str) -> bool {
        self.field(object, field).is_some()
    }

    /// The field as queries name it, whatever the case of `name`; one dot leads to the record that
    /// a field points at. `None`: missing, or not visible to this user. Whether the other record
    /// has the field is not known here.
    pub fn path(&self, object: &str, name: &str) -> Option<String> {
        let fields = &self.object(object)?.fields;
        let Some((parent, field)) = name.split_once('.') else {
            return fields.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
        };
        let mut names = fields.values().filter_map(|known| known.relationship_name.as_deref());
        let parent = names.find(|known| known.eq_ignore_ascii_case(parent))?;
        Some(format!("{parent}.{field}"))
    }

    /// Several currencies are switched on exactly where deals have a currency of their own
    /// (`salesforce §8`).
    pub fn multi_currency(&self) -> bool {
        self.has("Opportunity", "CurrencyIsoCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIBE: &str = r#"{"name":"Opportunity","replicateable":true,"createable":true,
        "fields":[{"name":"Id","length":18,"filterable":true,"type":"id"},
                  {"name":"Amount","updateable":true,"createable":true,"aggregatable":true,
                   "precision":18,"defaultValue":null,"picklistValues":[{"active":true}]}]}"#;

    #[test]
    fn a_describe_becomes_traits() {
        let mut schema = Schema::default();
        assert!(schema.add("Opportunity", DESCRIBE));
        let amount = schema.field("Opportunity", "Amount").unwrap();
        assert!(amount.updateable && amount.aggregatable && !amount.filterable);
        assert!(schema.object("Opportunity").unwrap().replicateable);
    }

    #[test]
    fn a_path_is_spelt_as_the_describe_spells_it() {
        let mut schema = Schema::default();
        let describe = r#"{"fields":[{"name":"Region__c","relationshipName":null},
            {"name":"UserRoleId","relationshipName":"UserRole"}]}"#;
        assert!(schema.add("User", describe));
        let path = |name| schema.path("User", name);
        assert_eq!(path("region__C").as_deref(), Some("Region__c"));
        assert_eq!(path("userrole.Name").as_deref(), Some("UserRole.Name"));
        assert_eq!(path("Profile.Name"), None);
        assert_eq!(path("Segment__c"), None);
    }

    #[test]
    fn what_is_not_described_is_not_there() {
        let mut schema = Schema::default();
        schema.add("Opportunity", DESCRIBE);
        assert!(!schema.has("Opportunity", "Secret__c"));
        assert!(schema.object("OpportunityLineItem").is_none());
        assert!(!schema.multi_currency());
    }

    #[test]
    fn another_body_is_not_a_describe() {
        assert!(!Schema::default().add("X", "[]"));
        assert!(!Schema::default().add("X", r#"{"name":"X"}"#));
    }
}
