//! Exchange rates and the gains that they make (`finance-domain §12`).
//!
//! Computed and shown beside the tool's own revaluation; never posted (`§12 X4`).

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::currency::Currency;
use crate::dates::days_between;
use crate::exact::Exact;
use crate::money::{Money, MoneyError};
use crate::rounding::decimal_of_units;

/// A rate older than this on the day asked for is missing (`§12 X3`).
pub const RATE_AGE_DAYS_MAX: i64 = 7;

/// Decimals of a rate that was quoted the other way round.
const INVERTED_RATE_DIGITS: u32 = 18;

/// Functional units per one document unit, with the pair named: the only way across currencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    document: Currency,
    functional: Currency,
    value: Decimal,
}

/// A number that is no exchange rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Zero or below, or an inverse that rounds to zero.
    #[error("an exchange rate is above zero")]
    NotPositive,
    /// A rate other than one from a currency to itself.
    #[error("a currency exchanges for itself at one")]
    SameCurrency,
    /// A quote too small to be inverted.
    #[error("the inverse of the exchange rate cannot be held")]
    OutOfRange,
}

impl Rate {
    /// A positive rate from `document` to `functional`; one, when both are the same.
    pub fn new(
        document: Currency,
        functional: Currency,
        value: Decimal,
    ) -> Result<Self, RateError> {
        if value <= Decimal::ZERO {
            return Err(RateError::NotPositive);
        }
        if document == functional && value != Decimal::ONE {
            return Err(RateError::SameCurrency);
        }
        Ok(Self { document, functional, value })
    }

    /// From a quote of document units per one functional unit. Divided at the moment of use, to 18
    /// decimals; the result is not to be stored (`§12 X3`).
    pub fn from_inverse_quote(
        document: Currency,
        functional: Currency,
        quote: Decimal,
    ) -> Result<Self, RateError> {
        if quote <= Decimal::ZERO {
            return Err(RateError::NotPositive);
        }
        let units = Exact::integer(1).divided_half_up(&quote.into(), INVERTED_RATE_DIGITS);
        let value = decimal_of_units(units, INVERTED_RATE_DIGITS);
        Self::new(document, functional, value.map_err(|_| RateError::OutOfRange)?)
    }

    /// The rate of a currency to itself.
    pub const fn one(currency: Currency) -> Self {
        Self { document: currency, functional: currency, value: Decimal::ONE }
    }

    /// The currency that is translated.
    pub const fn document(self) -> Currency {
        self.document
    }

    /// The currency that it is translated into.
    pub const fn functional(self) -> Currency {
        self.functional
    }

    /// Functional units per one document unit, above zero.
    pub const fn value(self) -> Decimal {
        self.value
    }

    /// The amount in functional currency, rounded once, half-up.
    ///
    /// # Errors
    /// `CurrencyMismatch` unless the amount is in the rate's document currency; `OutOfRange`.
    pub fn translate(self, amount: Money) -> Result<Money, MoneyError> {
        self.unrounded(amount)?.to_money(self.functional)
    }

    /// The amount in functional currency before any rounding, for comparisons.
    pub(crate) fn unrounded(self, amount: Money) -> Result<Exact, MoneyError> {
        amount.compare(Money::zero(self.document))?;
        Ok(Exact::from(amount).times(&self.value.into()))
    }
}

/// A rate that a source published for a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedRate {
    /// The day it was published for.
    pub on: Date,
    /// The rate with its pair.
    pub rate: Rate,
}

/// The latest rate of the pair dated at or before `day` and at most `RATE_AGE_DAYS_MAX` days old.
/// `None` is a missing rate: the cell stays blank and the total incomplete (`§12 X5`), never 1.0.
pub fn rate_for_day(
    rates: &[DatedRate],
    document: Currency,
    functional: Currency,
    day: Date,
) -> Option<DatedRate> {
    if document == functional {
        return Some(DatedRate { on: day, rate: Rate::one(document) });
    }
    let of_pair =
        |it: &&DatedRate| (it.rate.document, it.rate.functional) == (document, functional);
    let usable = |it: &&DatedRate| (0..=RATE_AGE_DAYS_MAX).contains(&days_between(it.on, day));
    rates.iter().filter(of_pair).filter(usable).max_by_key(|it| it.on).copied()
}

/// Cash applied to a foreign document at the rate of its own day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignPayment {
    /// In document currency.
    pub applied: Money,
    /// Rate of the day of the payment.
    pub settlement: Rate,
}

/// A payment in functional currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledPayment {
    /// `round(applied x settlement)`.
    pub cash: Money,
    /// `round(applied x booked)`, or all that is left when the payment clears the document.
    pub relieved: Money,
    /// `cash - relieved`; positive is a gain.
    pub realised: Money,
}

/// A foreign receivable, remeasured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remeasurement {
    /// The document at its booked rate, functional currency.
    pub booked: Money,
    /// In the order given.
    pub payments: Vec<SettledPayment>,
    /// Still open, document currency.
    pub open: Money,
    /// Booked less relieved, functional currency.
    pub carrying_before: Money,
    /// `round(open x closing)`. `None` without a closing rate.
    pub closing: Option<Money>,
    /// `closing - carrying_before`; positive is a gain. `None` without a closing rate.
    pub unrealised: Option<Money>,
    /// Sum of the payments' realised gains.
    pub realised_total: Money,
}

/// Why a foreign receivable could not be remeasured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemeasureError {
    /// Applications beyond the document's total, or of the other sign.
    #[error("more is applied to the document than its total")]
    OverApplied,
    /// A rate of another pair, or an amount that cannot be held.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Realised and unrealised gains of one document (`§12 X3`): every functional amount is rounded
/// once and gains are differences of rounded amounts, so that the roll-forward foots.
///
/// # Errors
/// `OverApplied`; `CurrencyMismatch` when a rate is not of the document's pair; `OutOfRange`.
pub fn remeasure(
    document_total: Money,
    booked: Rate,
    payments: &[ForeignPayment],
    closing: Option<Rate>,
) -> Result<Remeasurement, RemeasureError> {
    let booked_amount = booked.translate(document_total)?;
    let (mut open, mut carrying) = (document_total, booked_amount);
    let mut realised_total = Money::zero(booked.functional);
    let mut settled = Vec::with_capacity(payments.len());
    for payment in payments {
        open = open.checked_sub(payment.applied)?;
        if open.is_negative() || payment.applied.is_negative() {
            return Err(RemeasureError::OverApplied);
        }
        let cash = payment.settlement.translate(payment.applied)?;
        let relieved = if open.is_zero() { carrying } else { booked.translate(payment.applied)? };
        let realised = cash.checked_sub(relieved)?;
        carrying = carrying.checked_sub(relieved)?;
        realised_total = realised_total.checked_add(realised)?;
        settled.push(SettledPayment { cash, relieved, realised });
    }
    let closing = closing.map(|rate| rate.translate(open)).transpose()?;
    let unrealised = closing.map(|amount| amount.checked_sub(carrying)).transpose()?;
    Ok(Remeasurement {
        booked: booked_amount,
        payments: settled,
        open,
        carrying_before: carrying,
        closing,
        unrealised,
        realised_total,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn eur_usd(text: &str) -> Rate {
        Rate::new(currency("EUR"), currency("USD"), text.parse().unwrap()).unwrap()
    }

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, currency("EUR"))
    }

    #[track_caller]
    fn check_day(day: Date, want: Option<Date>) {
        let rates = [date(2026, 6, 19), date(2026, 6, 26), date(2026, 7, 1)]
            .map(|on| DatedRate { on, rate: eur_usd("1.1") });
        let found = rate_for_day(&rates, currency("EUR"), currency("USD"), day);
        assert_eq!(found.map(|rate| rate.on), want);
    }

    #[test]
    fn the_latest_rate_that_is_not_too_old_is_taken() {
        check_day(date(2026, 6, 30), Some(date(2026, 6, 26)));
        check_day(date(2026, 7, 8), Some(date(2026, 7, 1)));
        check_day(date(2026, 7, 9), None);
        check_day(date(2026, 6, 18), None);
    }

    #[test]
    fn a_currency_needs_no_rate_to_itself_but_another_pair_is_none() {
        let rates = [DatedRate { on: date(2026, 6, 30), rate: eur_usd("1.1") }];
        let found =
            |from, to| rate_for_day(&rates, currency(from), currency(to), date(2026, 6, 30));
        assert_eq!(found("GBP", "GBP").map(|it| it.rate), Some(Rate::one(currency("GBP"))));
        assert_eq!(found("USD", "EUR"), None);
        assert_eq!(found("GBP", "USD"), None);
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        let rate = |to, value: Decimal| Rate::new(currency("EUR"), currency(to), value);
        assert_eq!(rate("USD", Decimal::ZERO), Err(RateError::NotPositive));
        assert_eq!(rate("EUR", Decimal::TWO), Err(RateError::SameCurrency));
        let inverse = |quote| Rate::from_inverse_quote(currency("EUR"), currency("USD"), quote);
        assert_eq!(inverse(Decimal::ZERO), Err(RateError::NotPositive));
        assert_eq!(inverse(Decimal::MAX), Err(RateError::NotPositive));
    }

    #[test]
    fn a_quote_the_other_way_round_is_divided_when_used() {
        let rate =
            Rate::from_inverse_quote(currency("JPY"), currency("USD"), "151.37".parse().unwrap());
        let amount = Money::from_minor(151_370, currency("JPY"));
        assert_eq!(rate.unwrap().translate(amount).unwrap().to_string(), "1000.00 USD");
    }

    #[test]
    fn a_rate_of_another_pair_translates_nothing() {
        let gbp = Money::from_minor(1, currency("GBP"));
        assert!(matches!(eur_usd("1.1").translate(gbp), Err(MoneyError::CurrencyMismatch(_, _))));
    }

    #[test]
    fn without_a_closing_rate_the_cell_is_blank() {
        let remeasured = remeasure(eur(100), eur_usd("1.1"), &[], None).unwrap();
        assert_eq!((remeasured.closing, remeasured.unrealised), (None, None));
    }

    #[test]
    fn more_than_the_document_cannot_be_applied() {
        let payment = ForeignPayment { applied: eur(101), settlement: eur_usd("1.1") };
        let remeasured = remeasure(eur(100), eur_usd("1.1"), &[payment], None);
        assert_eq!(remeasured, Err(RemeasureError::OverApplied));
    }
}
