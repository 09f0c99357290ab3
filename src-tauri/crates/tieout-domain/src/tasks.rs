//! Which overdue task an invoice deserves (`finance-domain §16`).

use crate::money::{Money, MoneyError};

/// Days past due at which a task is created, unless an entity differs.
pub const STAGES_DEFAULT: [u32; 4] = [1, 15, 30, 60];

/// The highest stage reached, in any order of the stages: an invoice first seen at 45 days gets
/// stage 30, not three tasks. `None` when none is reached or nothing is past due.
pub fn stage_reached(days_past_due: i64, stages: &[u32]) -> Option<u32> {
    let reached = |stage: &u32| days_past_due >= 1 && days_past_due >= i64::from(*stage);
    stages.iter().copied().filter(reached).max()
}

/// An invoice that may deserve a task, re-read just before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverdueInvoice {
    /// Positive when the due date has passed.
    pub days_past_due: i64,
    /// Incl. tax, at the moment of re-reading.
    pub open: Money,
    /// Receivables of the Account in the invoice's currency, after unapplied credits and cash.
    pub account_balance: Money,
    /// Contested by the customer.
    pub disputed: bool,
    /// The Account wants no tasks.
    pub opted_out: bool,
}

/// The stage of the task to create. Never for what is disputed, opted out, paid, owed by an Account
/// in credit, or open for less than `minimum`.
///
/// # Errors
/// `CurrencyMismatch` unless all amounts are in one currency.
pub fn task_stage(
    invoice: &OverdueInvoice,
    minimum: Money,
    stages: &[u32],
) -> Result<Option<u32>, MoneyError> {
    let large_enough = invoice.open.is_positive() && invoice.open.compare(minimum)?.is_ge();
    let in_debt = invoice.account_balance.compare(Money::zero(minimum.currency()))?.is_gt();
    let wanted = large_enough && in_debt && !invoice.disputed && !invoice.opted_out;
    Ok(if wanted { stage_reached(invoice.days_past_due, stages) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    #[track_caller]
    fn check(change: impl Fn(&mut OverdueInvoice), want: Option<u32>) {
        let mut invoice = OverdueInvoice {
            days_past_due: 45,
            open: eur(5_000),
            account_balance: eur(5_000),
            disputed: false,
            opted_out: false,
        };
        change(&mut invoice);
        assert_eq!(task_stage(&invoice, eur(1_000), &STAGES_DEFAULT), Ok(want));
    }

    #[test]
    fn an_invoice_first_seen_late_gets_one_task() {
        check(|_| (), Some(30));
    }

    #[test]
    fn some_invoices_never_get_a_task() {
        check(|invoice| invoice.disputed = true, None);
        check(|invoice| invoice.opted_out = true, None);
        check(|invoice| invoice.open = eur(0), None);
        check(|invoice| invoice.account_balance = eur(-1), None);
    }

    #[test]
    fn the_minimum_itself_is_enough() {
        check(|invoice| invoice.open = eur(1_000), Some(30));
        check(|invoice| invoice.open = eur(999), None);
    }

    #[test]
    fn the_order_of_stages_does_not_matter() {
        assert_eq!(stage_reached(45, &[60, 30, 1, 15]), Some(30));
        assert_eq!(stage_reached(0, &[0]), None);
    }
}
