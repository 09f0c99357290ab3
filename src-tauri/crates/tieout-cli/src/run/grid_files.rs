//! The grids as CSV.

use tieout_api::views::Amount;
use tieout_api::views::deals::{DealView, DealsView};
use tieout_api::views::exceptions::{ExceptionView, ExceptionsView};
use tieout_api::views::receivables::{AccountRow, ReceivablesView};

use crate::csv::{Field, csv};

/// Receivables per Account and currency.
pub fn receivables(view: &ReceivablesView) -> String {
    let header = [
        "account",
        "account_id",
        "customer_ids",
        "currency",
        "not_due",
        "days_1_30",
        "days_31_60",
        "days_61_90",
        "days_over_90",
        "unapplied",
        "receivable",
        "overdue",
        "overdue_invoices",
        "open_invoices",
        "oldest_due",
    ];
    let row = |of: &AccountRow| {
        let figure = |amount: &Amount| Field::figure(&amount.amount);
        [
            Field::words(&of.account),
            Field::maybe(of.account_id.as_ref()),
            Field::words(of.customer_ids.join(" ")),
            Field::words(&of.currency),
            figure(&of.aging.not_due),
            figure(&of.aging.days_1_30),
            figure(&of.aging.days_31_60),
            figure(&of.aging.days_61_90),
            figure(&of.aging.days_over_90),
            figure(&of.aging.unapplied),
            figure(&of.aging.receivable),
            figure(&of.overdue),
            Field::figure(of.overdue_invoices),
            Field::figure(of.open_invoices),
            Field::figure(of.oldest_due.as_deref().unwrap_or_default()),
        ]
    };
    csv(header, view.accounts.iter().map(row).collect())
}

/// Deals from booking to cash.
pub fn deals(view: &DealsView) -> String {
    let header = [
        "deal",
        "opportunity",
        "account",
        "account_id",
        "name",
        "closed",
        "billing",
        "cash",
        "verdict",
        "excluded",
        "currency",
        "contract",
        "expected",
        "invoiced",
        "billed",
        "variance",
        "not_invoiced",
        "open_not_due",
        "part_paid_remainder",
        "overdue",
        "unpaid_net",
        "age_days",
        "document_ids",
    ];
    let row = |of: &DealView| {
        let ids: Vec<&str> = of.documents.iter().map(|document| document.id.as_str()).collect();
        let currency = of.contract.as_ref().map(|amount| amount.currency.as_str());
        [
            Field::maybe(of.reference.as_ref()),
            Field::words(&of.opportunity),
            Field::words(&of.account),
            Field::maybe(of.account_id.as_ref()),
            Field::words(&of.name),
            Field::figure(&of.closed),
            Field::words(of.billing),
            Field::words(of.cash),
            Field::words(of.verdict.unwrap_or_default()),
            Field::maybe(of.excluded.as_ref()),
            Field::words(currency.unwrap_or_default()),
            Field::amount(of.contract.as_ref()),
            Field::amount(of.expected.as_ref()),
            Field::amount(of.invoiced.as_ref()),
            Field::amount(of.billed.as_ref()),
            Field::amount(of.variance.as_ref()),
            Field::amount(of.not_invoiced.as_ref()),
            Field::amount(of.open_not_due.as_ref()),
            Field::amount(of.part_paid_remainder.as_ref()),
            Field::amount(of.overdue.as_ref()),
            Field::amount(of.unpaid_net.as_ref()),
            Field::figure(of.age_days),
            Field::words(ids.join(" ")),
        ]
    };
    csv(header, view.deals.iter().map(row).collect())
}

/// What needs a person.
pub fn exceptions(view: &ExceptionsView) -> String {
    let header = [
        "kind",
        "code",
        "subject",
        "reference",
        "opportunity",
        "account",
        "account_id",
        "currency",
        "amount",
        "age_days",
        "what",
        "remedy",
    ];
    let row = |of: &ExceptionView| {
        let currency = of.amount.as_ref().map(|amount| amount.currency.as_str());
        [
            Field::words(of.kind),
            Field::words(&of.code),
            Field::words(&of.subject),
            Field::maybe(of.reference.as_ref()),
            Field::maybe(of.opportunity.as_ref()),
            Field::words(&of.account),
            Field::maybe(of.account_id.as_ref()),
            Field::words(currency.unwrap_or_default()),
            Field::amount(of.amount.as_ref()),
            Field::figure(of.age_days.map(|days| days.to_string()).unwrap_or_default()),
            Field::words(&of.what),
            Field::words(&of.remedy),
        ]
    };
    csv(header, view.exceptions.iter().map(row).collect())
}
