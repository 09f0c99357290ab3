//! What one moment of knowledge says against another about the same day.

use std::collections::BTreeMap;

use serde::Serialize;
use tieout_domain::Money;
use tieout_domain::books::receivables::{AccountReceivables, InvoicePosition, UnappliedPosition};
use tieout_domain::ids::CustomerId;
use ts_rs::TS;

use crate::app::reader::Held;
use crate::app::screens::charts::does_not_add;
use crate::app::screens::find::record_of;
use crate::app::screens::state::{local, short_day, short_name};
use crate::app::shapes::{Proof, Target};
use crate::export::words::counted;
use crate::failure::Failure;
use crate::views::Amount;

/// Documents that are listed.
const CHANGES_MAX: usize = 200;

/// Both states and what lies between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChangesView {
    /// "3 documents".
    pub note: String,
    pub rows: Vec<ChangeRow>,
    pub before: ChangeSum,
    pub change: ChangeSum,
    pub after: ChangeTotal,
}

/// A document that says something else now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChangeRow {
    pub id: String,
    /// "Invoice entered late".
    pub what: String,
    pub account: String,
    pub document: String,
    pub target: Option<Target>,
    /// On receivables.
    pub effect: Amount,
    pub field: String,
    pub before: Amount,
    pub after: Amount,
    /// "dated 29 Jun".
    pub dated: String,
    /// Who changed it and when, where that is known; else empty.
    pub made: String,
}

/// A labelled amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChangeSum {
    pub label: String,
    pub amount: Amount,
}

/// The state now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChangeTotal {
    pub label: String,
    pub amount: Amount,
    pub proof: Proof,
    pub marks: Vec<String>,
}

/// An amount that a document has in receivables at the day: open, or less what is unapplied.
#[derive(Clone)]
struct Part<'a> {
    kind: &'static str,
    field: &'static str,
    number: String,
    customer: &'a CustomerId,
    dated: jiff::civil::Date,
    shown: Money,
    /// What it adds to receivables.
    counts: Money,
}

/// From what was known to what is known now, in the functional currency.
pub(super) fn changes(then: &Held, now: &Held) -> Result<ChangesView, Failure> {
    let (old, new) = (parts(then)?, parts(now)?);
    let mut ids: Vec<&String> = old.keys().chain(new.keys()).collect();
    ids.sort();
    ids.dedup();
    let mut rows = Vec::new();
    for id in ids {
        rows.extend(row(now, id, old.get(id), new.get(id))?);
    }
    let functional = now.view.frame.functional;
    let before = then.reconciliation.receivables.total(functional)?;
    let after = now.reconciliation.receivables.total(functional)?;
    let change = after.checked_sub(before).map_err(does_not_add("changes"))?;
    let agreed = now.evidence.of(functional.code()).is_some_and(|it| it.receivables.agreed);
    let frame = &now.view.frame;
    let known = local(then.view.at, &frame.time_zone, frame.today);
    let note = counted(rows.len() as u64, "document", "documents");
    rows.truncate(CHANGES_MAX);
    Ok(ChangesView {
        note,
        rows,
        before: ChangeSum { label: format!("Receivables as known {known}"), amount: before.into() },
        change: ChangeSum { label: "Changes".to_owned(), amount: change.into() },
        after: ChangeTotal {
            label: "Receivables now".to_owned(),
            amount: after.into(),
            proof: if agreed { Proof::Agreed } else { Proof::Unproved },
            marks: vec!["[F]".to_owned()],
        },
    })
}

fn parts(held: &Held) -> Result<BTreeMap<String, Part<'_>>, Failure> {
    let functional = held.view.frame.functional;
    let of = &held.reconciliation.receivables;
    let mut found = BTreeMap::new();
    for invoice in of.invoices.iter().filter(|it| it.open.currency() == functional) {
        found.insert(format!("invoice {}", invoice.document), of_invoice(invoice));
    }
    for left in of.unapplied.iter().filter(|it| it.unapplied.currency() == functional) {
        found.insert(format!("unapplied {}", left.id), of_unapplied(left)?);
    }
    Ok(found)
}

fn of_invoice(of: &InvoicePosition) -> Part<'_> {
    Part {
        kind: "Invoice",
        field: "open balance",
        number: of.number.clone().unwrap_or_else(|| of.document.to_string()),
        customer: &of.customer,
        dated: of.effective_on,
        shown: of.open,
        counts: of.open,
    }
}

fn of_unapplied(of: &UnappliedPosition) -> Result<Part<'_>, Failure> {
    let counts = of.unapplied.negated().map_err(does_not_add("changes"))?;
    Ok(Part {
        kind: match of.kind {
            tieout_domain::aging::UnappliedKind::Credit => "Credit",
            tieout_domain::aging::UnappliedKind::Cash => "Payment",
        },
        field: "unapplied",
        number: of.number.clone().unwrap_or_else(|| of.id.clone()),
        customer: &of.customer,
        dated: of.effective_on,
        shown: of.unapplied,
        counts,
    })
}

fn row(
    now: &Held,
    id: &str,
    old: Option<&Part<'_>>,
    new: Option<&Part<'_>>,
) -> Result<Option<ChangeRow>, Failure> {
    let Some(part) = new.or(old) else { return Ok(None) };
    let zero = Money::zero(part.shown.currency());
    let counts = |of: Option<&Part<'_>>| of.map_or(zero, |it| it.counts);
    let shown = |of: Option<&Part<'_>>| of.map_or(zero, |it| it.shown);
    let effect = counts(new).checked_sub(counts(old)).map_err(does_not_add("changes"))?;
    if effect.is_zero() {
        return Ok(None);
    }
    let what = match (old, new) {
        (None, _) => format!("{} entered late", part.kind),
        (_, None) => format!("{} taken away", part.kind),
        _ => format!("{} changed", part.kind),
    };
    let mut accounts = now.reconciliation.receivables.by_account.iter();
    let ours = |row: &&AccountReceivables| row.customers.contains(part.customer);
    let account = accounts.find(ours);
    Ok(Some(ChangeRow {
        id: id.to_owned(),
        what,
        account: account.map(|row| short_name(&row.name).to_owned()).unwrap_or_default(),
        document: part.number.clone(),
        target: account.map(|row| Target::record("receivables", Some("invoices"), &record_of(row))),
        effect: effect.into(),
        field: part.field.to_owned(),
        before: shown(old).into(),
        after: shown(new).into(),
        dated: format!("dated {}", short_day(part.dated, &now.view)),
        made: String::new(),
    }))
}
