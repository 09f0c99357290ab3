//! The receivables figures of one Account (`finance-domain §11`), in one currency, as of a date.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::aging::{OpenInvoice, Unapplied, UnappliedKind, days_past_due};
use crate::currency::Currency;
use crate::dates::{days_between, in_trailing_months};
use crate::exact::Exact;
use crate::money::{Money, MoneyError};
use crate::rounding::decimal_of_units;

/// The window of credits issued and of average days late.
pub const TRAILING_MONTHS: u32 = 12;

const DAYS_LATE_DIGITS: u32 = 1;

/// What an Account owes. Amounts incl. tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountRollup {
    /// Open invoices less unapplied credits and cash; may be negative, never clipped.
    pub ar_balance: Money,
    /// Open invoices at least one day past due, disputed ones included, before credits.
    pub overdue_amount: Money,
    /// Number of open invoices at least one day past due.
    pub overdue_count: u64,
    /// Open invoices that are not past due.
    pub due_not_overdue: Money,
    /// Over open invoices; `None` without any.
    pub oldest_due_date: Option<Date>,
    /// Of the oldest due date; zero when nothing is overdue.
    pub max_days_overdue: i64,
    /// Positive.
    pub unapplied_credits: Money,
    /// Positive.
    pub unapplied_cash: Money,
}

/// Rolls up what is open and unapplied. An invoice with nothing open is passed over.
///
/// # Errors
/// `CurrencyMismatch` for an item in another currency; `OutOfRange`.
pub fn account_rollup(
    as_of: Date,
    currency: Currency,
    invoices: &[OpenInvoice],
    unapplied: &[Unapplied],
) -> Result<AccountRollup, MoneyError> {
    let zero = Money::zero(currency);
    let (mut overdue_amount, mut due_not_overdue, mut overdue_count) = (zero, zero, 0);
    let mut oldest_due_date: Option<Date> = None;
    for invoice in invoices.iter().filter(|invoice| !invoice.open.is_zero()) {
        if days_past_due(as_of, invoice.due_on) >= 1 {
            overdue_amount = overdue_amount.checked_add(invoice.open)?;
            overdue_count += 1;
        } else {
            due_not_overdue = due_not_overdue.checked_add(invoice.open)?;
        }
        let oldest = oldest_due_date.map_or(invoice.due_on, |oldest| oldest.min(invoice.due_on));
        oldest_due_date = Some(oldest);
    }
    let sum_of = |kind| {
        Money::sum(currency, unapplied.iter().filter(|it| it.kind == kind).map(|it| it.amount))
    };
    let (unapplied_credits, unapplied_cash) =
        (sum_of(UnappliedKind::Credit)?, sum_of(UnappliedKind::Cash)?);
    let ar_balance = overdue_amount
        .checked_add(due_not_overdue)?
        .checked_sub(unapplied_credits)?
        .checked_sub(unapplied_cash)?;
    let max_days_overdue = oldest_due_date.map_or(0, |due| days_past_due(as_of, due).max(0));
    Ok(AccountRollup {
        ar_balance,
        overdue_amount,
        overdue_count,
        due_not_overdue,
        oldest_due_date,
        max_days_overdue,
        unapplied_credits,
        unapplied_cash,
    })
}

/// An amount with its accounting date: a payment received, or a credit memo issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedAmount {
    /// Accounting date.
    pub effective_on: Date,
    /// Incl. tax, positive.
    pub amount: Money,
}

/// The latest payment date up to `as_of` and the sum of all payments on it. The caller leaves out
/// refunds and voided payments; a receipt without cash, which only ties a credit, is no payment,
/// nor is one below zero, which gives back money that was received on account.
///
/// # Errors
/// `CurrencyMismatch` among the payments of that date; `OutOfRange`.
pub fn last_payment(
    as_of: Date,
    payments: &[DatedAmount],
) -> Result<Option<DatedAmount>, MoneyError> {
    let counts = |it: &&DatedAmount| it.effective_on <= as_of && it.amount.is_positive();
    let mut last: Option<DatedAmount> = None;
    for payment in payments.iter().filter(counts) {
        last = Some(match last {
            Some(held) if held.effective_on > payment.effective_on => held,
            Some(held) if held.effective_on == payment.effective_on => {
                DatedAmount { amount: held.amount.checked_add(payment.amount)?, ..held }
            }
            _ => *payment,
        });
    }
    Ok(last)
}

/// Credits issued in the trailing twelve months, applied or not.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn credits_issued(
    as_of: Date,
    currency: Currency,
    credits: &[DatedAmount],
) -> Result<Money, MoneyError> {
    let in_window =
        credits.iter().filter(|it| in_trailing_months(it.effective_on, as_of, TRAILING_MONTHS));
    Money::sum(currency, in_window.map(|it| it.amount))
}

/// Cash applied to an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashApplication {
    /// The weight.
    pub amount: Money,
    /// Of the invoice.
    pub due_on: Date,
    /// Own date of the application.
    pub applied_on: Date,
}

/// Average days late, weighted by amount, over the trailing twelve months; one decimal, half-up.
/// Early payments count negative. `None` without an application.
///
/// # Errors
/// `CurrencyMismatch` for an application in another currency; `OutOfRange`.
pub fn average_days_late(
    as_of: Date,
    currency: Currency,
    applications: &[CashApplication],
) -> Result<Option<Decimal>, MoneyError> {
    let mut weight = Money::zero(currency);
    let mut weighted = Exact::integer(0);
    for cash in applications {
        weight.compare(cash.amount)?;
        if !in_trailing_months(cash.applied_on, as_of, TRAILING_MONTHS) {
            continue;
        }
        weight = weight.checked_add(cash.amount)?;
        let days = Exact::integer(days_between(cash.due_on, cash.applied_on).into());
        weighted = weighted.plus(&Exact::from(cash.amount).times(&days));
    }
    if weight.is_zero() {
        return Ok(None);
    }
    let units = weighted.divided_half_up(&weight.into(), DAYS_LATE_DIGITS);
    decimal_of_units(units, DAYS_LATE_DIGITS).map(Some)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::ids::DocumentId;

    const AS_OF: Date = date(2026, 6, 30);

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    fn dated(effective_on: Date, minor: i64) -> DatedAmount {
        DatedAmount { effective_on, amount: eur(minor) }
    }

    #[test]
    fn an_account_in_credit_is_negative() {
        let unapplied =
            [Unapplied { kind: UnappliedKind::Credit, effective_on: AS_OF, amount: eur(620) }];
        let rollup = account_rollup(AS_OF, eur(0).currency(), &[], &unapplied).unwrap();
        assert_eq!((rollup.ar_balance, rollup.oldest_due_date), (eur(-620), None));
        assert_eq!((rollup.max_days_overdue, rollup.overdue_count), (0, 0));
    }

    #[test]
    fn what_is_not_open_has_no_due_date() {
        let invoice = |id: &str, due_on, minor| OpenInvoice {
            id: DocumentId::new(id).unwrap(),
            due_on,
            open: eur(minor),
        };
        let invoices = [invoice("1", date(2026, 1, 1), 0), invoice("2", date(2026, 7, 9), 5)];
        let rollup = account_rollup(AS_OF, eur(0).currency(), &invoices, &[]).unwrap();
        assert_eq!(rollup.oldest_due_date, Some(date(2026, 7, 9)));
        assert_eq!((rollup.max_days_overdue, rollup.overdue_count), (0, 0));
    }

    #[test]
    fn the_last_payment_is_all_of_its_day() {
        let payments = [
            dated(date(2026, 6, 9), 100),
            dated(date(2026, 6, 20), 30),
            dated(date(2026, 6, 20), 12),
            dated(date(2026, 6, 25), 0),
            dated(date(2026, 6, 26), -12),
            dated(date(2026, 7, 1), 900),
        ];
        assert_eq!(last_payment(AS_OF, &payments), Ok(Some(dated(date(2026, 6, 20), 42))));
        assert_eq!(last_payment(date(2026, 6, 8), &payments), Ok(None));
    }

    #[test]
    fn credits_count_for_a_year() {
        let credits = [dated(date(2025, 6, 30), 1), dated(date(2025, 7, 1), 20), dated(AS_OF, 300)];
        assert_eq!(credits_issued(AS_OF, eur(0).currency(), &credits), Ok(eur(320)));
    }

    #[test]
    fn nobody_who_never_paid_is_on_time() {
        assert_eq!(average_days_late(AS_OF, eur(0).currency(), &[]), Ok(None));
    }

    #[test]
    fn early_payers_are_negative_and_rounded_away_from_zero() {
        let cash =
            |minor, applied_on| CashApplication { amount: eur(minor), due_on: AS_OF, applied_on };
        let applications = [cash(3, date(2026, 6, 29)), cash(1, AS_OF)];
        let average = average_days_late(AS_OF, eur(0).currency(), &applications).unwrap().unwrap();
        assert_eq!(average.to_string(), "-0.8");
    }
}
