//! From what was sold to what is owed, each step footed (`sample-company §9`).

use jiff::civil::{Date, date};
use tieout_domain::books::positions::DealRow;
use tieout_domain::figures::DealFigures;
use tieout_domain::status::BillingStatus;
use tieout_domain::{Currency, Money};

use super::Range;
use crate::app::reader::Held;
use crate::app::screens::charts::{
    BridgeBracket, BridgeView, Draft, StepKind, bridge as placed, does_not_add,
};
use crate::app::shapes::{AmountTone, PhrasePart, Target};
use crate::export::words::{counted, day};
use crate::failure::Failure;

/// The first day of the range that ends with the as-of day.
pub(crate) fn first_day(range: Range, as_of: Date) -> Date {
    match range {
        Range::Month => as_of.first_of_month(),
        Range::Quarter => date(as_of.year(), (as_of.month() - 1) / 3 * 3 + 1, 1),
        Range::Year => as_of.first_of_year(),
    }
}

/// The won deals of the range with an amount in the functional currency, and what they come to.
pub(crate) struct Sold<'a> {
    rows: Vec<(&'a DealRow, &'a DealFigures)>,
    currency: Currency,
    /// Deals of the range in another currency, or without an amount.
    pub beside: Vec<&'a DealRow>,
}

/// What is due and has no invoice stands in one of three steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    Missing,
    Blocked,
    Unknown,
}

impl Gap {
    fn of(row: &DealRow) -> Self {
        if row.outcome_unknown {
            Self::Unknown
        } else if row.billing == BillingStatus::Blocked {
            Self::Blocked
        } else {
            Self::Missing
        }
    }
}

impl<'a> Sold<'a> {
    pub(crate) fn of(held: &'a Held, range: Range) -> Self {
        let from = first_day(range, held.view.frame.as_of);
        let currency = held.view.frame.functional;
        let rows = held.reconciliation.rows.iter();
        let won = rows.filter(|row| {
            row.won && row.close_date >= from && row.billing != BillingStatus::Excluded
        });
        let mut sold = Self { rows: Vec::new(), currency, beside: Vec::new() };
        for row in won {
            match row.figures.as_ref() {
                Some(of) if of.contract.currency() == currency => sold.rows.push((row, of)),
                _ => sold.beside.push(row),
            }
        }
        sold
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The sum of one figure.
    pub(crate) fn sum(&self, figure: fn(&DealFigures) -> Money) -> Result<Money, Failure> {
        self.add(self.rows.iter().map(|(_, of)| figure(of)))
    }

    fn add(&self, amounts: impl Iterator<Item = Money>) -> Result<Money, Failure> {
        Money::sum(self.currency, amounts).map_err(does_not_add("the deals of the range"))
    }

    /// What is due and not invoiced, and the deals that it is of.
    fn gap(&self, gap: Gap) -> Result<(Money, u64), Failure> {
        let of = |(row, of): &(&DealRow, &DealFigures)| {
            let counts = Gap::of(row) == gap && !of.not_invoiced.is_zero();
            counts.then_some(of.not_invoiced)
        };
        let amounts: Vec<Money> = self.rows.iter().filter_map(of).collect();
        let count = amounts.len() as u64;
        Ok((self.add(amounts.into_iter())?, count))
    }

    /// Everything that should be invoiced by now and is not.
    pub(crate) fn not_invoiced(&self) -> Result<Money, Failure> {
        self.sum(|it| it.not_invoiced)
    }
}

fn less(amount: Money) -> Result<Money, Failure> {
    amount.negated().map_err(does_not_add("the bridge"))
}

fn apart(one: Money, other: Money) -> Result<Money, Failure> {
    one.checked_sub(other).map_err(does_not_add("the bridge"))
}

/// The steps with their amounts; those of one deal's figures foot because the figures do.
pub(crate) fn bridge(held: &Held, range: Range, sold: &Sold<'_>) -> Result<BridgeView, Failure> {
    let not_invoiced = sold.not_invoiced()?;
    let sentence = vec![
        PhrasePart::money(not_invoiced, AmountTone::Plain),
        PhrasePart::text(" should be invoiced by now"),
    ];
    let bracket = BridgeBracket { first: "missing", last: "unknown", sentence };
    let mut drafts = to_invoiced(sold)?;
    drafts.extend(to_receivables(held, sold)?);
    let words = match range {
        Range::Month => "month to date",
        Range::Quarter => "quarter to date",
        Range::Year => "year to date",
    };
    let bracket = (!not_invoiced.is_zero()).then_some(bracket);
    placed(format!("Closed Won to receivables, {words}"), sold.currency, drafts, bracket)
}

/// From the contracts to what was billed, net of tax.
fn to_invoiced(sold: &Sold<'_>) -> Result<Vec<Draft>, Failure> {
    let deals = |count: u64| counted(count, "deal", "deals");
    let step = |id: &str, label: &str, note: String, kind, amount, target| Draft {
        id: id.to_owned(),
        label: label.to_owned(),
        note,
        kind,
        amount,
        target: Some(target),
    };
    let view = |view| Target::view("deals", view);
    let (missing, missing_deals) = sold.gap(Gap::Missing)?;
    let (blocked, blocked_deals) = sold.gap(Gap::Blocked)?;
    let (unknown, unknown_deals) = sold.gap(Gap::Unknown)?;
    let difference = |of: &DealFigures| of.variance.checked_add(of.not_invoiced);
    let differences: Result<Vec<Money>, _> =
        sold.rows.iter().map(|(_, of)| difference(of)).collect();
    let differences = differences.map_err(does_not_add("the bridge"))?;
    let differing = differences.iter().filter(|it| !it.is_zero()).count() as u64;
    let differing = format!("{}, net", deals(differing));
    let won = sold.sum(|it| it.contract)?;
    let billed = sold.sum(|it| it.billed)?;
    let later = less(sold.sum(|it| it.not_due)?)?;
    Ok(vec![
        step("won", "Closed Won", deals(sold.rows.len() as u64), StepKind::Total, won, view("all")),
        step("scheduled", "Due later", "by schedule".into(), StepKind::Step, later, view("all")),
        step(
            "missing",
            "Not invoiced",
            deals(missing_deals),
            StepKind::Missing,
            less(missing)?,
            view("not_invoiced"),
        ),
        step(
            "blocked",
            "Blocked",
            deals(blocked_deals),
            StepKind::Blocked,
            less(blocked)?,
            view("blocked"),
        ),
        step(
            "unknown",
            "Outcome unknown",
            deals(unknown_deals),
            StepKind::Unknown,
            less(unknown)?,
            Target::screen("activity"),
        ),
        step(
            "other",
            "Differences",
            differing,
            StepKind::Step,
            sold.add(differences.into_iter())?,
            Target::screen("reconciliation"),
        ),
        step(
            "billed",
            "Invoiced, net",
            String::new(),
            StepKind::Total,
            billed,
            Target::view("receivables", "invoices"),
        ),
    ])
}

/// From what was billed to what all customers owe, incl. tax.
fn to_receivables(held: &Held, sold: &Sold<'_>) -> Result<Vec<Draft>, Failure> {
    let receivables = held.reconciliation.receivables.total(sold.currency)?;
    let tax = apart(sold.sum(|it| it.billed_incl_tax)?, sold.sum(|it| it.invoiced)?)?;
    let collected = less(sold.sum(|it| it.collected)?)?;
    let earlier = earlier(held, sold)?;
    let step = |id: &str, label: &str, note: String, amount, view| Draft {
        id: id.to_owned(),
        label: label.to_owned(),
        note,
        kind: StepKind::Step,
        amount,
        target: Some(Target::view("receivables", view)),
    };
    let owed = step("ar", "Receivables", day(held.view.frame.as_of), receivables, "accounts");
    Ok(vec![
        step("tax", "Tax", String::new(), tax, "invoices"),
        step("collected", "Collected", String::new(), collected, "invoices"),
        step("older", "Earlier deals", "less unapplied".into(), earlier, "unapplied"),
        Draft { kind: StepKind::Total, ..owed },
    ])
}

/// What is owed beside the deals of the range, computed from the documents and not as what is left
/// over: open invoices of other deals or of none, less what is unapplied; and the credits of these
/// deals that settle an invoice less or more than they take back.
fn earlier(held: &Held, sold: &Sold<'_>) -> Result<Money, Failure> {
    let of = &held.reconciliation.receivables;
    let ours = |amount: &Money| amount.currency() == sold.currency;
    let open = sold.add(of.invoices.iter().map(|it| it.open).filter(ours))?;
    let unapplied = sold.add(of.unapplied.iter().map(|it| it.unapplied).filter(ours))?;
    let journals = sold.add(of.journal_residuals.iter().map(|(_, it)| *it).filter(ours))?;
    let credited = sold.sum(|it| it.credited)?;
    let applied = sold.sum(|it| it.credits_applied)?;
    let adjusted = sold.sum(|it| it.adjustments)?;
    let beside = apart(apart(open, sold.sum(|it| it.open)?)?, unapplied)?;
    let credits = apart(apart(credited, applied)?, adjusted)?;
    let sum = beside.checked_add(journals).and_then(|sum| sum.checked_add(credits));
    sum.map_err(does_not_add("the bridge"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_begins_with_its_month_quarter_or_year() {
        let as_of = date(2026, 6, 30);
        assert_eq!(first_day(Range::Month, as_of), date(2026, 6, 1));
        assert_eq!(first_day(Range::Quarter, as_of), date(2026, 4, 1));
        assert_eq!(first_day(Range::Quarter, date(2026, 12, 31)), date(2026, 10, 1));
        assert_eq!(first_day(Range::Year, as_of), date(2026, 1, 1));
    }
}
