//! What the selected rows come to: the page hands over their amounts, and nothing is added there.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tieout_domain::rounding::prorate;
use tieout_domain::{Currency, Money};
use ts_rs::TS;

use crate::app::reader::Reader;
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::Amount;

/// Amounts of one selection.
const AMOUNTS_MAX: usize = 50_000;

/// What is selected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SelectionParams {
    pub amounts: Vec<Amount>,
}

/// Currencies are never added to each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SelectionSum {
    pub count: usize,
    /// One per currency, by code.
    pub sums: Vec<Amount>,
    /// Where everything is in one currency.
    pub average: Option<Amount>,
}

/// Adds.
pub async fn selection_sum(
    _: &mut Reader,
    params: SelectionParams,
) -> Result<SelectionSum, Failure> {
    summed(&params.amounts)
}

fn summed(amounts: &[Amount]) -> Result<SelectionSum, Failure> {
    if amounts.len() > AMOUNTS_MAX {
        let detail = format!("at most {AMOUNTS_MAX} amounts can be selected at once");
        return Err(Failure::new(Code::Usage, detail));
    }
    let mut by_currency = BTreeMap::<&str, Money>::new();
    for amount in amounts {
        let money = read(amount)?;
        let sum = by_currency.entry(&amount.currency).or_insert(Money::zero(money.currency()));
        *sum = sum.checked_add(money).map_err(too_large)?;
    }
    let average = match by_currency.values().collect::<Vec<_>>().as_slice() {
        [sum] => Some(average(**sum, amounts.len())?),
        _ => None,
    };
    Ok(SelectionSum {
        count: amounts.len(),
        sums: by_currency.into_values().map(Amount::from).collect(),
        average: average.map(Amount::from),
    })
}

/// Half up to the digits of the currency.
fn average(sum: Money, count: usize) -> Result<Money, Failure> {
    let units = |of: usize| Money::from_minor(of as i64, sum.currency());
    prorate(sum, units(1), units(count)).map_err(too_large)
}

/// The canonical text of an amount as money.
fn read(amount: &Amount) -> Result<Money, Failure> {
    let unreadable = || {
        let detail = format!("`{} {}` is not an amount", amount.amount, amount.currency);
        Failure::new(Code::Usage, detail)
    };
    let currency = Currency::parse(&amount.currency).map_err(|_| unreadable())?;
    let decimal: Decimal = amount.amount.parse().map_err(|_| unreadable())?;
    Money::from_decimal(decimal, currency).map_err(|_| unreadable())
}

fn too_large(error: tieout_domain::MoneyError) -> Failure {
    Failure::caused(Code::DoesNotFoot, "the selected amounts", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str, currency: &str) -> Amount {
        Amount { amount: text.to_owned(), currency: currency.to_owned() }
    }

    #[track_caller]
    fn check(amounts: &[Amount], sums: &[Amount], average: Option<Amount>) {
        let found = summed(amounts).unwrap();
        assert_eq!((found.sums.as_slice(), found.average), (sums, average));
        assert_eq!(found.count, amounts.len());
    }

    #[test]
    fn one_currency_has_a_sum_and_an_average() {
        let selected = [amount("100.00", "USD"), amount("50.01", "USD"), amount("-0.01", "USD")];
        check(&selected, &[amount("150.00", "USD")], Some(amount("50.00", "USD")));
        let thirds = [amount("0.01", "USD"), amount("0.00", "USD"), amount("0.01", "USD")];
        check(&thirds, &[amount("0.02", "USD")], Some(amount("0.01", "USD")));
        let negative = [amount("-0.01", "USD"), amount("0.00", "USD")];
        check(&negative, &[amount("-0.01", "USD")], Some(amount("-0.01", "USD")));
    }

    #[test]
    fn currencies_are_never_added() {
        let selected = [amount("100.00", "USD"), amount("7", "JPY"), amount("1.00", "USD")];
        check(&selected, &[amount("7", "JPY"), amount("101.00", "USD")], None);
    }

    #[test]
    fn nothing_comes_to_nothing() {
        check(&[], &[], None);
    }

    #[test]
    fn what_is_no_amount_is_said() {
        for (text, currency) in [("1,000.00", "USD"), ("0.001", "USD"), ("1.5", "JPY"), ("1", "?")]
        {
            let failure = summed(&[amount(text, currency)]).unwrap_err();
            assert_eq!(failure.code, Code::Usage, "{text} {currency}");
            assert!(failure.detail.contains(text));
        }
        let large = amount("92233720368547758.07", "USD");
        assert_eq!(summed(&[large.clone(), large]).unwrap_err().code, Code::DoesNotFoot);
    }
}
