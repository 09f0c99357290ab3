//! Figures as fields of CRM records (`salesforce §14.1`).

use jiff::civil::Date;
use tieout_connect::ports::FieldValue;
use tieout_domain::Money;
use tieout_domain::books::positions::DealRow;
use tieout_domain::facts::LedgerDocumentKind;

use crate::holdings::Figures;
use crate::view::LedgerView;

/// Longest list of invoice numbers that the CRM's field takes.
const INVOICE_NUMBERS_MAX: usize = 255;

/// What a deal shows. The default shows nothing.
#[derive(Default)]
pub(crate) struct DealShown {
    billing: Option<&'static str>,
    cash: Option<&'static str>,
    numbers: String,
    billed: Option<Money>,
    collected: Option<Money>,
    open: Option<Money>,
    due: Option<Date>,
    paid: Option<Date>,
}

impl DealShown {
    /// What a deal's row says as of its day.
    pub fn of(view: &LedgerView, row: &DealRow) -> Self {
        let invoices = row.documents.iter().filter(|document| {
            document.kind == LedgerDocumentKind::Invoice && !document.after_as_of
        });
        let open = invoices.clone().filter(|invoice| !invoice.open.is_zero());
        let figures = row.figures.as_ref();
        Self {
            billing: Some(row.billing.as_str()),
            cash: Some(row.cash.as_str()),
            due: open.filter_map(|invoice| invoice.due_on).min(),
            numbers: joined(invoices.filter_map(|invoice| invoice.number.as_deref())),
            billed: figures.map(|figures| figures.billed),
            collected: figures.map(|figures| figures.collected),
            open: figures.map(|figures| figures.open),
            paid: view.paid_on(row),
        }
    }
}

pub(crate) fn deal_fields(shown: &DealShown) -> Vec<(String, FieldValue)> {
    let word =
        |of: Option<&str>| of.map_or(FieldValue::Empty, |word| FieldValue::Text(word.into()));
    let amount = |of: Option<Money>| of.map_or(FieldValue::Empty, FieldValue::Amount);
    let date = |of: Option<Date>| of.map_or(FieldValue::Empty, FieldValue::Date);
    let numbers = Some(shown.numbers.as_str()).filter(|numbers| !numbers.is_empty());
    vec![
        field("Tieout_Billing_Status__c", word(shown.billing)),
        field("Tieout_Cash_Status__c", word(shown.cash)),
        field("Tieout_Invoice_Numbers__c", word(numbers)),
        field("Tieout_Billed_Net__c", amount(shown.billed)),
        field("Tieout_Collected__c", amount(shown.collected)),
        field("Tieout_Open__c", amount(shown.open)),
        field("Tieout_Due_Date__c", date(shown.due)),
        field("Tieout_Paid_Date__c", date(shown.paid)),
    ]
}

/// The receivables figures under the names that they have on a ledger account row. `None`: a rate
/// is missing, so nothing is told.
pub(crate) fn figure_fields(
    figures: Option<&Figures>,
    amount: impl Fn(Money) -> FieldValue,
) -> Vec<(&'static str, FieldValue)> {
    let money = |of: fn(&Figures) -> Money| figures.map_or(FieldValue::Empty, |it| amount(of(it)));
    let whole =
        |of: fn(&Figures) -> i64| figures.map_or(FieldValue::Empty, |it| FieldValue::Count(of(it)));
    let date = |of: fn(&Figures) -> Option<Date>| {
        figures.and_then(of).map_or(FieldValue::Empty, FieldValue::Date)
    };
    let paid = figures.and_then(|figures| figures.last_payment);
    let late = figures.and_then(|figures| figures.days_late);
    vec![
        ("AR_Balance__c", money(|it| it.receivable)),
        ("AR_Overdue__c", money(|it| it.rollup.overdue_amount)),
        ("AR_Not_Due__c", money(|it| it.rollup.due_not_overdue)),
        (
            "Overdue_Count__c",
            whole(|it| i64::try_from(it.rollup.overdue_count).unwrap_or(i64::MAX)),
        ),
        ("Max_Days_Overdue__c", whole(|it| it.rollup.max_days_overdue)),
        ("Oldest_Due__c", date(|it| it.rollup.oldest_due_date)),
        ("Last_Payment__c", paid.map_or(FieldValue::Empty, |paid| amount(paid.amount))),
        (
            "Last_Payment_Date__c",
            paid.map_or(FieldValue::Empty, |paid| FieldValue::Date(paid.effective_on)),
        ),
        ("Credits_12M__c", money(|it| it.credits)),
        ("Unapplied_Credits__c", money(|it| it.rollup.unapplied_credits)),
        ("Unapplied_Cash__c", money(|it| it.rollup.unapplied_cash)),
        ("Avg_Days_Late__c", late.map_or(FieldValue::Empty, FieldValue::Number)),
    ]
}

pub(crate) fn field(name: &str, value: FieldValue) -> (String, FieldValue) {
    (name.into(), value)
}

/// Numbers separated by commas, as many as fit; what does not fit is said.
fn joined<'a>(numbers: impl Iterator<Item = &'a str>) -> String {
    let numbers: Vec<&str> = numbers.collect();
    let all = numbers.join(", ");
    if all.chars().count() <= INVOICE_NUMBERS_MAX {
        return all;
    }
    let mut kept = String::new();
    for (at, number) in numbers.iter().enumerate() {
        let rest = format!(" and {} more", numbers.len() - at);
        if kept.chars().count() + number.chars().count() + 2 + rest.len() > INVOICE_NUMBERS_MAX {
            return kept + &rest;
        }
        if at > 0 {
            kept.push_str(", ");
        }
        kept.push_str(number);
    }
    kept
}

/// Text that a field takes; what is left out is shown by an ellipsis.
pub(crate) fn cut(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    text.chars().take(chars_max - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numbers: &[&str], want: &str) {
        assert_eq!(joined(numbers.iter().copied()), want);
    }

    #[test]
    fn invoice_numbers_stand_side_by_side() {
        check(&[], "");
        check(&["INV-1"], "INV-1");
        check(&["INV-1", "INV-2"], "INV-1, INV-2");
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let numbers: Vec<String> = (1_000..1_100).map(|at| format!("INV-{at}")).collect();
        let all = joined(numbers.iter().map(String::as_str));
        assert!(all.starts_with("INV-1000, INV-1001, "));
        assert!(all.ends_with(" and 76 more"), "{all}");
        assert!(all.chars().count() <= INVOICE_NUMBERS_MAX);
    }

    #[test]
    fn a_cut_text_shows_that_it_was_cut() {
        assert_eq!(cut("Müller", 6), "Müller");
        assert_eq!(cut("Müllers", 6), "Mülle…");
    }
}
