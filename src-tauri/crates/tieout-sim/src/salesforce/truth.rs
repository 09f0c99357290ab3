//! What the org holds, past every rule of visibility: for assertions, never for the product.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value as Tree, json};

use super::SalesforceSim;
use super::ids::full_id;
use super::org::{Fields, Org};
use super::value::Value;

/// A live view of one org's rows.
#[derive(Clone, Debug)]
pub struct Truth {
    sim: SalesforceSim,
}

/// Won deals of one currency. `sum` is in that currency; deals without amount add nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WonTotal {
    pub count: usize,
    pub sum: Decimal,
}

impl Truth {
    pub(super) fn of(sim: SalesforceSim) -> Self {
        Self { sim }
    }

    /// Live rows of an object; 0 for one that is not there.
    pub fn count(&self, object: &str) -> usize {
        live(&self.sim.lock(), object).count()
    }

    /// Ids of live rows, in order.
    pub fn ids(&self, object: &str) -> Vec<String> {
        let org = self.sim.lock();
        live(&org, object).filter_map(|row| row.get("Id")?.plain()).collect()
    }

    /// Ids of live rows whose `field` reads `text`, in order.
    pub fn find(&self, object: &str, field: &str, text: &str) -> Vec<String> {
        let org = self.sim.lock();
        live(&org, object)
            .filter(|row| row.get(field).and_then(Value::plain).as_deref() == Some(text))
            .filter_map(|row| row.get("Id")?.plain())
            .collect()
    }

    /// One field of a row, deleted rows included: numbers without trailing zeros, moments in UTC.
    /// Nothing for null, for no such row and for no such field.
    pub fn field(&self, object: &str, id: &str, name: &str) -> Option<String> {
        let id = full_id(id)?;
        self.sim.lock().row(object, &id)?.get(name)?.plain()
    }

    /// Won deals by currency with close dates in `from..=to`; a missing end is open.
    pub fn won(&self, from: Option<Date>, to: Option<Date>) -> BTreeMap<String, WonTotal> {
        won(&self.sim.lock(), from, to)
    }

    /// Deletions so far as (object, id), oldest first.
    pub fn deletions(&self) -> Vec<(String, String)> {
        let org = self.sim.lock();
        let told = org.rows.deletions.iter();
        told.map(|deletion| (deletion.object.clone(), deletion.id.clone())).collect()
    }

    /// API requests counted in the last 24 hours.
    pub fn requests_used(&self) -> u32 {
        self.sim.lock().used()
    }

    /// Everything as one JSON document: totals of won deals, counts, and all rows.
    pub fn document(&self, from: Option<Date>, to: Option<Date>) -> Tree {
        let org = self.sim.lock();
        let totals = won(&org, from, to).into_iter().map(|(currency, total)| {
            let sum = format!("{:.2}", total.sum);
            (currency, json!({ "count": total.count, "sum": sum }))
        });
        let mut objects = Map::new();
        let mut records = Map::new();
        for (object, table) in &org.rows.tables {
            let all = table.len();
            let live = live(&org, object).count();
            objects.insert(object.clone(), json!({ "count": live, "deleted": all - live }));
            let rows = table.values().map(|row| tree(&row.fields)).collect();
            records.insert(object.clone(), Tree::Array(rows));
        }
        json!({
            "now": org.now.to_string(),
            "won": totals.collect::<Map<_, _>>(),
            "objects": objects,
            "records": records,
            "requests_used": org.used(),
        })
    }
}

fn tree(fields: &Fields) -> Tree {
    let member = |(name, value): (&String, &Value)| {
        let value = match value {
            Value::Bool(yes) => Tree::Bool(*yes),
            other => other.plain().map_or(Tree::Null, Tree::String),
        };
        (name.clone(), value)
    };
    Tree::Object(fields.iter().map(member).collect())
}

fn live<'a>(org: &'a Org, object: &str) -> impl Iterator<Item = &'a Fields> {
    let rows = org.table(object).into_iter().flat_map(|table| table.values());
    rows.map(|row| &row.fields).filter(|row| !row.get("IsDeleted").is_some_and(Value::is_true))
}

fn won(org: &Org, from: Option<Date>, to: Option<Date>) -> BTreeMap<String, WonTotal> {
    let mut totals: BTreeMap<String, WonTotal> = BTreeMap::new();
    for deal in
        live(org, "Opportunity").filter(|deal| deal.get("IsWon").is_some_and(Value::is_true))
    {
        let close = deal.get("CloseDate").and_then(Value::as_date);
        let after = from.is_none_or(|from| close.is_some_and(|close| close >= from));
        let before = to.is_none_or(|to| close.is_some_and(|close| close <= to));
        if !after || !before {
            continue;
        }
        let currency = deal.get("CurrencyIsoCode").and_then(Value::as_text);
        let total = totals.entry(currency.unwrap_or(&org.config.currency).to_owned()).or_default();
        total.count += 1;
        total.sum += deal.get("Amount").and_then(Value::as_number).unwrap_or_default();
    }
    totals
}
