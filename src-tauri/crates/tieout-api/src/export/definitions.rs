//! The words and codes that stand in this report, explained once.

use std::collections::BTreeSet;

use tieout_domain::matching::Tier;
use tieout_domain::reasons::ReasonCode;
use tieout_domain::status::{BillingStatus, CashStatus};
use tieout_domain::verdict::Verdict;
use tieout_report::Fact;

use super::desk::Desk;
use super::parts::Item;

/// Figures first, then the verdicts, statuses, tiers and codes that are used.
pub(super) fn facts(desk: &Desk<'_>, items: &[Item<'_>]) -> Vec<Fact> {
    let mut facts: Vec<Fact> =
        FIGURES.iter().map(|(label, text)| Fact::new(*label, *text)).collect();
    let rows = &desk.reconciliation.rows;
    let verdicts: BTreeSet<Verdict> = rows.iter().filter_map(|row| row.verdict).collect();
    facts.extend(verdicts.into_iter().map(|it| Fact::new(it.as_str(), verdict(it))));
    let billing: BTreeSet<BillingStatus> = rows.iter().map(|row| row.billing).collect();
    facts.extend(billing.into_iter().map(|it| Fact::new(it.as_str(), billing_words(it))));
    let cash: BTreeSet<CashStatus> = rows.iter().map(|row| row.cash).collect();
    facts.extend(cash.into_iter().map(|it| Fact::new(it.as_str(), cash_words(it))));
    let tiers: BTreeSet<Tier> =
        rows.iter().flat_map(|row| &row.documents).map(|document| document.tier).collect();
    facts.extend(tiers.into_iter().map(|it| Fact::new(format!("Tier {}", it.as_str()), tier(it))));
    let told: BTreeSet<String> = facts.iter().map(|fact| fact.label.clone()).collect();
    let codes = codes(desk, items).into_iter().filter(|code| !told.contains(code.as_str()));
    facts.extend(codes.map(|code| Fact::new(code.as_str(), meaning(code))));
    facts
}

const FIGURES: [(&str, &str); 10] = [
    ("A", "Contract amount, net: the sum of the lines, else the amount of the deal."),
    ("E", "Expected to date, net: schedule lines due by the as-of day, or A without a schedule."),
    ("I", "Invoiced, net, before credits."),
    ("B", "Billed, net: I less linked credits."),
    ("B - E", "Difference. Negative: under-billed."),
    ("G", "Billed incl. tax."),
    ("C", "Cash collected on these invoices."),
    ("K", "Credits applied to them."),
    ("W", "Write-offs, discounts, withholding and other non-cash adjustments."),
    ("O", "Open, incl. tax: G - C - K - W."),
];

/// Reason codes of the reconciling items and of the lists that use one.
fn codes(desk: &Desk<'_>, items: &[Item<'_>]) -> BTreeSet<ReasonCode> {
    let of_items = items.iter().flat_map(|item| &item.parts).map(|part| part.code.as_str());
    let raised = desk.reconciliation.rows.iter().flat_map(|row| row.zero_tolerance.iter().copied());
    let mut codes: BTreeSet<ReasonCode> =
        of_items.chain(raised).filter_map(ReasonCode::parse).collect();
    if !desk.reconciliation.matches.orphans.is_empty() {
        codes.insert(ReasonCode::OrphanInvoice);
    }
    if !desk.reconciliation.receivables.direct_journals.is_empty() {
        codes.insert(ReasonCode::DirectJournal);
    }
    codes
}

fn meaning(code: ReasonCode) -> String {
    match code.clears() {
        "none" => format!("{}.", code.meaning()),
        clears => format!("{}. Expected to clear: {clears}.", code.meaning()),
    }
}

const fn verdict(of: Verdict) -> &'static str {
    match of {
        Verdict::Uncertain => {
            "An input is missing or unreadable, has no rate, or an outcome is unknown."
        }
        Verdict::Matched => "Billed is what was expected.",
        Verdict::MatchedInTolerance => "The difference is within the limits.",
        Verdict::Explained => "Accepted reasons add up to exactly the difference.",
        Verdict::Unexplained => "Beyond the limits, or never tolerated, and not explained.",
    }
}

const fn billing_words(of: BillingStatus) -> &'static str {
    match of {
        BillingStatus::Excluded => "Left out by a person, or a deal of zero without documents.",
        BillingStatus::InFlight => "An invoice is promised or sent, or its outcome is unknown.",
        BillingStatus::Blocked => "Due, and a gate or the last refusal stands against it.",
        BillingStatus::Drafted => "Nothing posted, a draft waits.",
        BillingStatus::NotDue => "Nothing posted and nothing due.",
        BillingStatus::Unbilled => "Due, and nothing posted.",
        BillingStatus::Reversed => "Posted, and nothing of it left.",
        BillingStatus::Negative => "Credited more than invoiced.",
        BillingStatus::OverBilled => "Billed beyond the contract amount and the limits.",
        BillingStatus::Ahead => "Billed before the schedule, within the contract amount.",
        BillingStatus::PartBilled => "Invoiced less than expected to date, beyond the limits.",
        BillingStatus::Billed => "Invoiced as expected.",
    }
}

const fn cash_words(of: CashStatus) -> &'static str {
    match of {
        CashStatus::None => "No posted invoice.",
        CashStatus::Overdue => "An open invoice is past due.",
        CashStatus::PartPaid => "Open, partly paid, not past due.",
        CashStatus::Open => "Open, nothing paid, not past due.",
        CashStatus::Overpaid => "Nothing open, unapplied cash belongs to the deal.",
        CashStatus::Paid => "Nothing open, cash was collected.",
        CashStatus::ClosedNoCash => "Nothing open, closed by credit or write-off.",
    }
}

const fn tier(of: Tier) -> &'static str {
    match of {
        Tier::Person => "Linked by a person, with a reason.",
        Tier::Key => "Our transaction key stands on the document.",
        Tier::Reference => "An agreed field names the deal or the document.",
        Tier::OrderNumber => "Same customer, currency, order number and exact net.",
        Tier::Amount => "Same customer and currency, net within rounding, date in the window.",
        Tier::Sum => "A sum of several that fits in only one way.",
        Tier::Score => "Scored by items and amount.",
    }
}
