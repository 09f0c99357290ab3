//! Records that nobody can read, and people who put them right.

use std::collections::BTreeSet;

use bytes::Bytes;
use serde_json::{Value, json};
use tieout_domain::facts::Stream;
use tieout_sim::quickbooks::{EditKind, TruthDocument};

use crate::world::World;

const INVOICE: &str = "Invoice";
const DEAL: &str = "Opportunity";
/// What stands there instead of a date.
const NO_DATE: &str = "the first of next month";

/// The answer with these records made unreadable.
pub fn spoil(body: Bytes, records: &BTreeSet<(&'static str, String)>) -> Bytes {
    let Ok(mut tree) = serde_json::from_slice::<Value>(&body) else { return body };
    let mut any = false;
    for (kind, id) in records {
        any |= walk(&mut tree, "", kind, id);
    }
    if any { Bytes::from(tree.to_string()) } else { body }
}

/// QuickBooks names the kind of its records around them, Salesforce inside each.
fn walk(tree: &mut Value, around: &str, kind: &str, id: &str) -> bool {
    match tree {
        Value::Array(rows) => {
            let mut any = false;
            for row in rows {
                any |= walk(row, around, kind, id);
            }
            any
        }
        Value::Object(members) => {
            let inside = members.get("attributes").and_then(|it| it["type"].as_str());
            let is_kind = inside.unwrap_or(around) == kind;
            let is_it = is_kind && members.get("Id").and_then(Value::as_str) == Some(id);
            let mut any = false;
            for (name, value) in members.iter_mut() {
                if is_it && matches!(name.as_str(), "TxnDate" | "CloseDate") {
                    *value = json!(NO_DATE);
                    any = true;
                } else {
                    any |= walk(value, name, kind, id);
                }
            }
            any
        }
        _ => false,
    }
}

impl World {
    /// Somebody changes the invoice, and from then on it cannot be read.
    pub fn spoil_the_invoice(&self, invoice: &TruthDocument) -> Result<Value, String> {
        let touched = self.redate(invoice, 0)?;
        self.network.spoil(INVOICE, &invoice.id);
        Ok(touched)
    }

    /// Somebody changes the deal, and from then on it cannot be read.
    pub fn spoil_the_deal(&self, deal: &str) -> Result<String, String> {
        let touched = self.touch_the_deal(deal)?;
        self.network.spoil(DEAL, deal);
        Ok(touched)
    }

    fn touch_the_deal(&self, deal: &str) -> Result<String, String> {
        self.in_crm(DEAL, Some(deal), json!({ "NextStep": self.clock.now().to_string() }))
    }

    /// People put right whatever could not be read.
    pub fn mend(&self) {
        let mended = self.network.mend();
        if mended.iter().any(|(kind, _)| *kind == INVOICE) {
            // What is locked cannot be put right.
            self.close_the_books(1_000).unwrap();
        }
        for (kind, id) in mended {
            let touched = match kind {
                INVOICE => {
                    let body = json!({"Id": id, "CustomerMemo": {"value": "as it should be"}});
                    self.in_ledger(INVOICE, EditKind::Update, body).map(|_| id.clone())
                }
                _ => self.touch_the_deal(&id),
            };
            self.say(format!("{kind} {id} is put right: {touched:?}"));
        }
    }

    /// What cannot be read is kept aside whole, and named.
    pub fn check_kept_aside(&mut self) {
        let aside = self.engine().store.quarantine(true).unwrap();
        for (kind, id) in self.network.spoilt() {
            let stream = if kind == INVOICE { Stream::Invoices } else { Stream::Deals };
            let is_there = match kind {
                INVOICE => self.invoices().iter().any(|invoice| invoice.id == id),
                _ => self.salesforce.truth().ids(DEAL).contains(&id),
            };
            let is_aside = aside.iter().any(|row| row.stream == stream && row.record_id == id);
            assert!(!is_there || is_aside, "{kind} {id} cannot be read and is not kept aside");
        }
    }
}
