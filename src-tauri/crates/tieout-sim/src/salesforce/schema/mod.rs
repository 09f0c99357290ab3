//! The objects and fields of one org, as its switches have them.

pub mod custom;
pub mod field;
pub mod object;
pub mod standard;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

pub use field::{FieldDef, FieldKind};
pub use object::ObjectDef;

use super::config::Switches;
use object::ObjectSpec;

/// Everything that describe knows.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    objects: BTreeMap<String, Arc<ObjectDef>>,
    /// `object.field` in lower case, hidden by field-level security.
    hidden: Vec<String>,
    /// Descriptions by what they depend on: long, asked for in every run, and always the same.
    rendered: Arc<Mutex<BTreeMap<String, Rendered>>>,
}

/// A long text and the tag of its content.
#[derive(Clone, Debug)]
pub struct Rendered {
    pub text: Arc<str>,
    pub tag: Arc<str>,
}

/// A child relationship of a parent: who points to it with which field, under which name.
#[derive(Clone, Debug)]
pub struct ChildRelationship {
    pub name: Option<String>,
    pub child: Arc<ObjectDef>,
    pub field: Arc<FieldDef>,
}

impl Schema {
    /// Whether both lead to the same schema.
    pub fn is_same(one: &Switches, other: &Switches) -> bool {
        let flags = |it: &Switches| (it.multi_currency, it.dated_rates, it.tieout_fields);
        flags(one) == flags(other)
            && one.extra_fields == other.extra_fields
            && one.hidden_fields == other.hidden_fields
    }

    pub fn of(switches: &Switches) -> Self {
        let mut schema = Schema {
            objects: BTreeMap::new(),
            hidden: switches.hidden_fields.iter().map(|name| name.to_ascii_lowercase()).collect(),
            rendered: Arc::default(),
        };
        let multi = switches.multi_currency;
        schema.add_objects(standard::OBJECTS, multi);
        if multi {
            schema.add_objects(standard::CURRENCY_OBJECTS, multi);
        }
        if multi && switches.dated_rates {
            schema.add_objects(standard::DATED_RATE_OBJECTS, multi);
        }
        if switches.tieout_fields {
            schema.add_objects(custom::CUSTOM_OBJECTS, multi);
            for (object, fields) in custom::ADDED_FIELDS {
                schema.add_fields(object, fields);
            }
            if multi {
                schema.add_fields(custom::AMOUNT_MIRROR.0, custom::AMOUNT_MIRROR.1);
            }
        }
        for line in &switches.extra_fields {
            if let Some((object, field)) = Self::read_extra(line) {
                schema.add_field(object, field);
            }
        }
        schema.fill_failure_states();
        schema
    }

    /// Reads one line of [`Switches::extra_fields`].
    pub fn read_extra(line: &str) -> Option<(&str, FieldDef)> {
        let (object, field) = line.split_once('.')?;
        Some((object, FieldDef::read(field)?))
    }

    fn add_field(&mut self, object: &str, field: FieldDef) {
        if let Some(object) = self.objects.get_mut(&object.to_ascii_lowercase()) {
            Arc::make_mut(object).add_field(field);
        }
    }

    fn add_objects(&mut self, specs: &[ObjectSpec], multi_currency: bool) {
        for spec in specs {
            let object = ObjectDef::of(spec, multi_currency);
            self.objects.insert(spec.name.to_ascii_lowercase(), Arc::new(object));
        }
    }

    fn add_fields(&mut self, object: &str, lines: &[&str]) {
        if let Some(object) = self.objects.get_mut(&object.to_ascii_lowercase()) {
            Arc::make_mut(object).add(lines);
        }
    }

    fn fill_failure_states(&mut self) {
        let Some(object) = self.objects.get_mut("tieout_sync_error__c") else { return };
        let object = Arc::make_mut(object);
        for field in &mut object.fields {
            if field.name == "State__c" {
                Arc::make_mut(field).values =
                    custom::FAILURE_STATES.iter().map(|state| (*state).to_owned()).collect();
            }
        }
    }

    /// The object of this name in any case.
    pub fn object(&self, name: &str) -> Option<&Arc<ObjectDef>> {
        self.objects.get(&name.to_ascii_lowercase())
    }

    pub fn objects(&self) -> impl Iterator<Item = &Arc<ObjectDef>> {
        self.objects.values()
    }

    /// The object whose ids begin as `id` does.
    pub fn object_of_id(&self, id: &str) -> Option<&Arc<ObjectDef>> {
        self.objects.values().find(|object| id.starts_with(object.prefix.as_str()))
    }

    /// Whether the user may see this field at all.
    pub fn shows(&self, object: &ObjectDef, field: &FieldDef) -> bool {
        self.hidden.is_empty() || {
            let name = format!("{}.{}", object.name, field.name).to_ascii_lowercase();
            !self.hidden.contains(&name)
        }
    }

    /// The field of this name, if the user may see it.
    pub fn field<'a>(&self, object: &'a ObjectDef, name: &str) -> Option<&'a Arc<FieldDef>> {
        object.field(name).filter(|field| self.shows(object, field))
    }

    /// The text that was rendered under this key, or a new one.
    pub fn rendered(&self, key: &str, render: impl FnOnce() -> Rendered) -> Rendered {
        let mut rendered = self.rendered.lock().expect("no holder of the texts panics");
        rendered.entry(key.to_owned()).or_insert_with(render).clone()
    }

    /// The fields that the user may see, in the order of describe.
    pub fn fields<'a>(&'a self, object: &'a ObjectDef) -> impl Iterator<Item = &'a Arc<FieldDef>> {
        object.fields.iter().filter(|field| self.shows(object, field))
    }

    /// Everything that refers to `parent`.
    pub fn children(&self, parent: &str) -> Vec<ChildRelationship> {
        let mut children = Vec::new();
        for child in self.objects.values() {
            for field in &child.fields {
                if field.reference_to.iter().any(|target| target == parent) {
                    children.push(ChildRelationship {
                        name: field.child_relationship.clone(),
                        child: Arc::clone(child),
                        field: Arc::clone(field),
                    });
                }
            }
        }
        children
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Schema {
        let switches = Switches {
            multi_currency: true,
            dated_rates: true,
            tieout_fields: true,
            ..Switches::default()
        };
        Schema::of(&switches)
    }

    #[test]
    fn the_catalogue_is_in_the_notation() {
        assert_eq!(full().objects().count(), 24);
        assert!(full().object("opportunity").is_some());
    }

    #[test]
    fn currency_fields_exist_only_with_several_currencies() {
        let single = Schema::of(&Switches::default());
        let opportunity = single.object("Opportunity").expect("always there");
        assert!(opportunity.field("CurrencyIsoCode").is_none());
        assert!(single.object("CurrencyType").is_none());
        let several = full();
        let opportunity = several.object("Opportunity").expect("always there");
        assert!(opportunity.field("currencyisocode").is_some());
        assert!(opportunity.field("Tieout_Amount_Number__c").is_some());
    }

    #[test]
    fn a_prefix_belongs_to_one_object() {
        let schema = full();
        let mut prefixes: Vec<_> = schema.objects().map(|object| &object.prefix).collect();
        prefixes.sort();
        prefixes.dedup();
        assert_eq!(prefixes.len(), 24);
    }
}
