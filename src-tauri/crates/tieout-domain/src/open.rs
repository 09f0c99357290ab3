//! What is open as of a date (`finance-domain §3 D6`).

use jiff::civil::Date;

use crate::currency::Currency;
use crate::facts::{Application, ApplicationKind};
use crate::money::{Money, MoneyError};

/// One application, seen from the document or receipt whose balance it lowers.
///
/// Seen from an invoice the counterpart is the payment, credit or adjustment; seen from a credit
/// memo or receipt it is the invoice or refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Positive.
    pub amount: Money,
    /// The application's own date.
    pub applied_on: Date,
    /// Accounting date of the other side.
    pub counterpart_effective_on: Date,
}

impl Settlement {
    /// As the settled document sees the application.
    pub const fn of_document(application: &Application) -> Self {
        Self {
            amount: application.amount,
            applied_on: application.applied_on,
            counterpart_effective_on: application.source_effective_on,
        }
    }

    /// As the receipt or credit memo sees it. `document_effective_on`: the settled document's
    /// accounting date.
    pub const fn of_source(application: &Application, document_effective_on: Date) -> Self {
        Self {
            amount: application.amount,
            applied_on: application.applied_on,
            counterpart_effective_on: document_effective_on,
        }
    }

    /// The latest of its own date and of the accounting dates of both sides.
    pub fn takes_effect_on(&self, own_effective_on: Date) -> Date {
        self.applied_on.max(self.counterpart_effective_on).max(own_effective_on)
    }
}

/// Original total less the settlements in effect at `as_of`: the open amount of an invoice, the
/// unapplied part of a credit memo or receipt. `None` before its accounting date, when it is not in
/// receivables at all.
///
/// A void document has no balance at any date: leave it out.
///
/// # Errors
/// `CurrencyMismatch` for a settlement in another currency; `OutOfRange`.
pub fn balance_as_of(
    total: Money,
    effective_on: Date,
    settlements: &[Settlement],
    as_of: Date,
) -> Result<Option<Money>, MoneyError> {
    if effective_on > as_of {
        return Ok(None);
    }
    let in_effect = settlements.iter().filter(|it| it.takes_effect_on(effective_on) <= as_of);
    let balance = in_effect.map(|it| it.amount).try_fold(total, Money::checked_sub)?;
    Ok(Some(balance))
}

/// What is applied to one document at a date, by kind (`finance-domain §8` C, K, W).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Cash received.
    pub cash: Money,
    /// Credit memos.
    pub credits: Money,
    /// Write-offs, discounts taken, withholding and other non-cash adjustments.
    pub adjustments: Money,
    /// Cash returned; only a credit memo is settled by it.
    pub refunds: Money,
}

/// Sums the applications to one document that are in effect at `as_of`.
///
/// # Errors
/// `CurrencyMismatch` for an application in another currency; `OutOfRange`.
pub fn applied_as_of(
    currency: Currency,
    effective_on: Date,
    applications: &[Application],
    as_of: Date,
) -> Result<Applied, MoneyError> {
    let zero = Money::zero(currency);
    let mut applied = Applied { cash: zero, credits: zero, adjustments: zero, refunds: zero };
    for application in applications {
        if Settlement::of_document(application).takes_effect_on(effective_on) > as_of {
            continue;
        }
        let sum = match application.kind {
            ApplicationKind::Cash => &mut applied.cash,
            ApplicationKind::Credit => &mut applied.credits,
            ApplicationKind::Adjustment => &mut applied.adjustments,
            ApplicationKind::Refund => &mut applied.refunds,
        };
        *sum = sum.checked_add(application.amount)?;
    }
    Ok(applied)
}

impl Applied {
    /// All kinds together: what `balance_as_of` subtracts.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.cash
            .checked_add(self.credits)?
            .checked_add(self.adjustments)?
            .checked_add(self.refunds)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::facts::LedgerDocumentKind;
    use crate::ids::DocumentId;

    const INVOICED: Date = date(2026, 5, 10);

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    fn application(kind: ApplicationKind, minor: i64, applied_on: Date) -> Application {
        Application {
            kind,
            document: DocumentId::new("145").unwrap(),
            document_kind: LedgerDocumentKind::Invoice,
            credit: None,
            amount: eur(minor),
            applied_on,
            source_effective_on: date(2026, 4, 28),
        }
    }

    #[test]
    fn a_deposit_is_unapplied_cash_until_the_invoice_exists() {
        let deposit = application(ApplicationKind::Cash, 500, date(2026, 4, 28));
        let used = [Settlement::of_source(&deposit, INVOICED)];
        let unapplied = |as_of| balance_as_of(eur(500), date(2026, 4, 28), &used, as_of);
        assert_eq!(unapplied(date(2026, 4, 27)), Ok(None));
        assert_eq!(unapplied(date(2026, 5, 9)), Ok(Some(eur(500))));
        assert_eq!(unapplied(INVOICED), Ok(Some(eur(0))));
    }

    #[test]
    fn both_sides_of_an_application_move_on_one_day() {
        let credit = application(ApplicationKind::Credit, 300, date(2026, 6, 1));
        let invoice = Settlement::of_document(&credit).takes_effect_on(INVOICED);
        let memo = Settlement::of_source(&credit, INVOICED).takes_effect_on(date(2026, 4, 28));
        assert_eq!((invoice, memo), (date(2026, 6, 1), date(2026, 6, 1)));
    }

    #[test]
    fn a_deposit_is_not_applied_before_the_invoice_exists() {
        let deposit = application(ApplicationKind::Cash, 500, date(2026, 4, 28));
        let effect = Settlement::of_document(&deposit).takes_effect_on(INVOICED);
        assert_eq!(effect, INVOICED);
        let deposits = [deposit];
        let applied = |as_of| applied_as_of(eur(0).currency(), INVOICED, &deposits, as_of);
        assert_eq!(applied(date(2026, 5, 9)).unwrap().cash, eur(0));
        assert_eq!(applied(INVOICED).unwrap().cash, eur(500));
    }

    #[test]
    fn kinds_are_kept_apart_and_sum_to_what_is_subtracted() {
        let applications = [
            application(ApplicationKind::Cash, 100, date(2026, 5, 1)),
            application(ApplicationKind::Credit, 20, date(2026, 6, 1)),
            application(ApplicationKind::Adjustment, 3, date(2026, 6, 30)),
            application(ApplicationKind::Cash, 999, date(2026, 7, 1)),
        ];
        let as_of = date(2026, 6, 30);
        let applied = applied_as_of(eur(0).currency(), INVOICED, &applications, as_of).unwrap();
        assert_eq!((applied.cash, applied.credits), (eur(100), eur(20)));
        assert_eq!((applied.adjustments, applied.refunds), (eur(3), eur(0)));
        let settlements = applications.each_ref().map(Settlement::of_document);
        let open = balance_as_of(eur(1190), INVOICED, &settlements, as_of).unwrap().unwrap();
        assert_eq!(open.checked_add(applied.total().unwrap()), Ok(eur(1190)));
    }

    #[test]
    fn an_application_in_another_currency_is_refused() {
        let mut cash = application(ApplicationKind::Cash, 100, INVOICED);
        cash.amount = Money::from_minor(100, Currency::parse("USD").unwrap());
        let open = balance_as_of(eur(1), INVOICED, &[Settlement::of_document(&cash)], INVOICED);
        assert!(matches!(open, Err(MoneyError::CurrencyMismatch(_, _))));
    }
}
