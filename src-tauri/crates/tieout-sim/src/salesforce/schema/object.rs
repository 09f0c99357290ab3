//! One object: its traits and its fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field::FieldDef;

/// An object in the notation of the sheet. `traits` are words: `create update delete merge`,
/// `audit` (who and when made and changed), `stamp` (SystemModstamp alone), `deleted` (IsDeleted),
/// `currency` (CurrencyIsoCode where the org has several), `usercurrency` (a user's own).
#[derive(Clone, Copy, Debug)]
pub struct ObjectSpec {
    pub name: &'static str,
    pub plural: &'static str,
    pub prefix: &'static str,
    pub traits: &'static str,
    pub fields: &'static [&'static str],
}

const AUDIT: &[&str] = &[
    "CreatedDate: datetime d",
    "CreatedById: reference(User) d",
    "LastModifiedDate: datetime d",
    "LastModifiedById: reference(User) d",
    "SystemModstamp: datetime d",
];
const STAMP: &[&str] = &["SystemModstamp: datetime d"];
const DELETED: &[&str] = &["IsDeleted: boolean d"];
const CURRENCY: &[&str] = &["CurrencyIsoCode: picklist(3) cund"];
const USER_CURRENCY: &[&str] =
    &["DefaultCurrencyIsoCode: picklist(3) cun", "CurrencyIsoCode: picklist(3) cund"];

/// An object as this org has it.
#[derive(Clone, Debug)]
pub struct ObjectDef {
    pub name: String,
    pub plural: String,
    pub prefix: String,
    pub createable: bool,
    pub updateable: bool,
    pub deletable: bool,
    pub mergeable: bool,
    pub fields: Vec<Arc<FieldDef>>,
    by_name: BTreeMap<String, usize>,
}

impl ObjectDef {
    /// The object with the system fields that its traits and the org's currencies call for.
    pub fn of(spec: &ObjectSpec, multi_currency: bool) -> Self {
        let has = |word: &str| spec.traits.split(' ').any(|known| known == word);
        let mut object = Self {
            name: spec.name.to_owned(),
            plural: spec.plural.to_owned(),
            prefix: spec.prefix.to_owned(),
            createable: has("create"),
            updateable: has("update"),
            deletable: has("delete"),
            mergeable: has("merge"),
            fields: Vec::new(),
            by_name: BTreeMap::new(),
        };
        object.add(&["Id: id d"]);
        object.add(if has("deleted") { DELETED } else { &[] });
        object.add(spec.fields);
        object.add(if has("currency") && multi_currency { CURRENCY } else { &[] });
        object.add(if has("usercurrency") && multi_currency { USER_CURRENCY } else { &[] });
        object.add(if has("audit") { AUDIT } else { &[] });
        object.add(if has("stamp") { STAMP } else { &[] });
        object
    }

    pub fn add(&mut self, lines: &[&str]) {
        for line in lines {
            let field = FieldDef::read(line).expect("the shipped catalogue is in the notation");
            self.add_field(field);
        }
    }

    pub fn add_field(&mut self, field: FieldDef) {
        self.by_name.insert(field.name.to_ascii_lowercase(), self.fields.len());
        self.fields.push(Arc::new(field));
    }

    /// The field of this name in any case.
    pub fn field(&self, name: &str) -> Option<&Arc<FieldDef>> {
        self.by_name.get(&name.to_ascii_lowercase()).map(|at| &self.fields[*at])
    }

    /// The reference field whose relationship has this name, in any case.
    pub fn relationship(&self, name: &str) -> Option<&Arc<FieldDef>> {
        self.fields.iter().find(|field| {
            field.relationship.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name))
        })
    }

    pub fn name_field(&self) -> Option<&Arc<FieldDef>> {
        self.fields.iter().find(|field| field.name_field)
    }

    pub fn label(&self) -> String {
        self.name.strip_suffix("__c").map_or(self.name.clone(), |stem| stem.replace('_', " "))
    }

    pub fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }

    /// Whether rows carry an `IsDeleted` flag, that is, whether they can be in the recycle bin.
    pub fn keeps_deleted(&self) -> bool {
        self.field("IsDeleted").is_some()
    }
}
