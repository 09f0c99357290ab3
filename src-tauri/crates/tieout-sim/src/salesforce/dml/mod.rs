//! Writes: a row is converted, completed, checked, stored, and its consequences follow.

pub mod convert;
pub mod delete;
mod line;
pub mod merge;
mod opportunity;
mod other;
mod schedule;
pub mod unique;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::json::Json;
use super::org::{Fields, Org};
use super::refusal::{Refusal, Refusals};
use super::schema::{FieldKind, ObjectDef};
use super::soql::condition_holds;
use super::value::{Value, wire_instant};
use convert::{Purpose, convert};

pub use opportunity::fiscal;

/// Who writes. An ordinary user meets validation rules, locks and field-level security; the
/// control of the simulator does not.
#[derive(Clone, Copy, Debug)]
pub struct Actor<'a> {
    pub user_id: &'a str,
    pub is_ordinary: bool,
}

/// A row on its way into the store.
pub struct Draft<'a> {
    pub object: &'a Arc<ObjectDef>,
    /// Absent for a new row.
    pub old: Option<&'a Fields>,
    pub new: Fields,
    /// Names of the fields that the writer sent.
    pub given: BTreeSet<String>,
}

impl Draft<'_> {
    pub fn gave(&self, name: &str) -> bool {
        self.given.contains(name)
    }

    pub fn get(&self, name: &str) -> &Value {
        self.new.get(name).unwrap_or(&Value::Null)
    }

    pub fn old(&self, name: &str) -> &Value {
        self.old.and_then(|old| old.get(name)).unwrap_or(&Value::Null)
    }

    pub fn set(&mut self, name: &str, value: Value) {
        self.new.insert(name.to_owned(), value);
    }

    pub fn changes(&self, name: &str) -> bool {
        self.old.is_none() || self.get(name) != self.old(name)
    }
}

/// Makes a row and gives its id.
pub fn insert(
    org: &mut Org,
    actor: Actor<'_>,
    object: &Arc<ObjectDef>,
    body: &[(String, Json)],
) -> Result<String, Refusals> {
    if !object.createable {
        return Err(vec![no_access(&object.name)]);
    }
    let given = convert(org, actor, object, Purpose::Insert, body)?;
    let names = given.keys().cloned().collect();
    let mut draft = Draft { object, old: None, new: given, given: names };
    defaults(org, actor, &mut draft);
    prepare(org, &mut draft)?;
    required(&draft)?;
    check(org, actor, &draft, None)?;
    let id = org.new_id(object);
    let mut fields = draft.new;
    fields.insert("Id".to_owned(), Value::text(&id));
    stamp(org, actor, object, &mut fields, true);
    org.put_row(&object.name, &id, fields);
    follow(org, actor, object, &id, None);
    Ok(id)
}

/// Changes a row.
pub fn update(
    org: &mut Org,
    actor: Actor<'_>,
    object: &Arc<ObjectDef>,
    id: &str,
    body: &[(String, Json)],
) -> Result<(), Refusals> {
    let old = live_row(org, object, id)?.clone();
    if !object.updateable {
        return Err(vec![no_access(&object.name)]);
    }
    let given = convert(org, actor, object, Purpose::Update, body)?;
    let names = given.keys().cloned().collect();
    let mut new = old.clone();
    new.extend(given);
    let mut draft = Draft { object, old: Some(&old), new, given: names };
    prepare(org, &mut draft)?;
    required(&draft)?;
    check(org, actor, &draft, Some(id))?;
    let mut fields = draft.new;
    stamp(org, actor, object, &mut fields, false);
    org.put_row(&object.name, id, fields);
    follow(org, actor, object, id, Some(&old));
    Ok(())
}

/// The live row of this id: 404 if there is none or it is deleted.
pub fn live_row<'a>(org: &'a Org, object: &ObjectDef, id: &str) -> Result<&'a Fields, Refusals> {
    let row = org.table(&object.name).and_then(|table| table.get(id));
    let fields = row.and_then(|row| org.seen(id, row)).ok_or_else(|| vec![Refusal::not_found()])?;
    if fields.get("IsDeleted").is_some_and(Value::is_true) {
        let mut refusal = Refusal::of_write("ENTITY_IS_DELETED", "entity is deleted", []);
        refusal.status = 404;
        return Err(vec![refusal]);
    }
    Ok(fields)
}

fn no_access(object: &str) -> Refusal {
    let message = format!("entity type {object} does not support this operation");
    let mut refusal = Refusal::of_write("INSUFFICIENT_ACCESS_OR_READONLY", message, []);
    refusal.status = 403;
    refusal
}

fn defaults(org: &Org, actor: Actor<'_>, draft: &mut Draft<'_>) {
    let object = draft.object;
    for field in &object.fields {
        if field.kind == FieldKind::Bool && !draft.new.contains_key(&field.name) {
            draft.set(&field.name, Value::Bool(false));
        }
    }
    let missing =
        |draft: &Draft<'_>, name: &str| object.field(name).is_some() && draft.get(name).is_null();
    if missing(draft, "OwnerId") {
        draft.set("OwnerId", Value::text(actor.user_id));
    }
    if missing(draft, "CurrencyIsoCode") {
        draft.set("CurrencyIsoCode", Value::text(&org.config.currency));
    }
    for name in ["IsActive", "PermissionsRead"] {
        if object.field(name).is_some() && !draft.gave(name) {
            draft.set(name, Value::Bool(true));
        }
    }
}

/// Completes a draft by the rules of its object.
fn prepare(org: &mut Org, draft: &mut Draft<'_>) -> Result<(), Refusals> {
    other::check_common(org, draft)?;
    match draft.object.name.as_str() {
        "Opportunity" => opportunity::prepare(org, draft),
        "OpportunityLineItem" => line::prepare(org, draft),
        "OpportunityLineItemSchedule" => schedule::prepare(org, draft),
        "Task" => other::prepare_task(org, draft),
        "PricebookEntry" => other::prepare_pricebook_entry(org, draft),
        name if name.starts_with("Tieout_") => {
            other::number(org, draft);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn required(draft: &Draft<'_>) -> Result<(), Refusals> {
    let missing: Vec<_> = draft
        .object
        .fields
        .iter()
        .filter(|field| field.is_required() && draft.get(&field.name).is_null())
        .map(|field| field.name.clone())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("Required fields are missing: [{}]", missing.join(", "));
    Err(vec![Refusal::of_write("REQUIRED_FIELD_MISSING", message, missing)])
}

/// Locks, unique values, and the administrator's validation rules.
fn check(org: &Org, actor: Actor<'_>, draft: &Draft<'_>, id: Option<&str>) -> Result<(), Refusals> {
    if actor.is_ordinary {
        if let Some(id) = id {
            unlocked(org, id)?;
        }
        valid(org, draft)?;
    }
    unique::check(org, draft.object, id, &draft.new)
}

/// Refuses while another transaction holds the row.
pub fn unlocked(org: &Org, id: &str) -> Result<(), Refusals> {
    let switches = org.switches();
    let locked = switches.locks.iter().any(|lock| {
        lock.record_id == id && org.now < lock.until && (switches.story || !lock.story)
    });
    if !locked {
        return Ok(());
    }
    let message =
        format!("unable to obtain exclusive access to this record or 1 records: {}", &id[..15]);
    Err(vec![Refusal::of_write("UNABLE_TO_LOCK_ROW", message, [])])
}

fn valid(org: &Org, draft: &Draft<'_>) -> Result<(), Refusals> {
    let switches = org.switches();
    let rules = switches.validation_rules.iter().filter(|rule| {
        rule.active
            && (switches.story || !rule.story)
            && rule.object.eq_ignore_ascii_case(&draft.object.name)
            && (rule.on_write_of.is_empty() || rule.on_write_of.iter().any(|name| draft.gave(name)))
    });
    let mut refusals = Vec::new();
    for rule in rules {
        // A condition that names a field which is gone does not hold.
        let holds = condition_holds(org, draft.object, &draft.new, &rule.when).unwrap_or(false);
        if holds {
            let code = "FIELD_CUSTOM_VALIDATION_EXCEPTION";
            refusals.push(Refusal::of_write(code, &rule.message, []));
        }
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Writes who and when. An update moves what it must and leaves the creation alone.
pub fn stamp(org: &Org, actor: Actor<'_>, object: &ObjectDef, fields: &mut Fields, is_new: bool) {
    let mut put = |name: &str, value: Value| {
        if object.field(name).is_some() {
            fields.insert(name.to_owned(), value);
        }
    };
    if is_new {
        put("CreatedDate", Value::Instant(org.now));
        put("CreatedById", Value::text(actor.user_id));
    }
    if object.field("LastModifiedDate").is_some() {
        put("LastModifiedDate", Value::Instant(org.now));
        put("LastModifiedById", Value::text(actor.user_id));
    }
    put("SystemModstamp", Value::Instant(org.now));
}

/// What a write brings about in other rows.
fn follow(
    org: &mut Org,
    actor: Actor<'_>,
    object: &Arc<ObjectDef>,
    id: &str,
    old: Option<&Fields>,
) {
    match object.name.as_str() {
        "Opportunity" => opportunity::remember(org, actor, id, old),
        "OpportunityLineItem" => line::settle_parent(org, actor, object, id),
        "OpportunityLineItemSchedule" => schedule::settle_parent(org, actor, object, id),
        _ => {}
    }
}

/// Changes some fields of a row without asking any rule, stamps it, and lets its history follow.
pub fn force(org: &mut Org, actor: Actor<'_>, object: &Arc<ObjectDef>, id: &str, change: Fields) {
    let Some(old) = org.row(&object.name, id).cloned() else { return };
    let mut new = old.clone();
    new.extend(change);
    stamp(org, actor, object, &mut new, false);
    org.put_row(&object.name, id, new);
    if object.name == "Opportunity" {
        opportunity::remember(org, actor, id, Some(&old));
    }
}

/// `If-Unmodified-Since` (salesforce §9.1): refuses a row that was changed later.
pub fn unchanged_since(fields: &Fields, moment: jiff::Timestamp) -> Result<(), Refusals> {
    match fields.get("LastModifiedDate").and_then(Value::as_instant) {
        Some(changed) if changed > moment => {
            let message = format!("Record was modified at {}", wire_instant(changed));
            Err(vec![Refusal::new(412, "PRECONDITION_FAILED", message)])
        }
        _ => Ok(()),
    }
}
