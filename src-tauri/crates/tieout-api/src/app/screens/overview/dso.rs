//! How long customers take to pay, at the last month ends (`finance-domain §13`).

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use tieout_domain::books::Frame;
use tieout_domain::books::receivables::{counts, receivables};
use tieout_domain::dates::{Period, days_between};
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::ratios::dso_simple;
use tieout_domain::{Currency, Money};

use crate::app::reader::Held;
use crate::app::screens::charts::{TrendPoint, TrendView, does_not_add};
use crate::app::screens::state::short_name;
use crate::app::shapes::{Share, Target};
use crate::export::words::day;
use crate::failure::Failure;
use crate::views::date;

/// Month ends that the trend shows.
const POINTS_MAX: i32 = 6;
/// Months whose sales the receivables are held against.
const SALES_MONTHS: i32 = 3;
/// Month ends with a figure below which there is no trend.
const POINTS_MIN: usize = 2;

/// One month end: what is owed against what was sold in three months.
struct Point {
    on: Date,
    value: Option<Decimal>,
    best: Option<Decimal>,
}

/// The trend in the functional currency; `None` before two month ends have a figure. Nothing but
/// the receivables is computed anew for each month end.
pub(super) fn trend(held: &Held) -> Result<Option<TrendView>, Failure> {
    let points = month_ends(held.view.frame.as_of)
        .into_iter()
        .map(|on| point(held, on))
        .collect::<Result<Vec<_>, _>>()?;
    let known: Vec<Decimal> =
        points.iter().flat_map(|point| [point.value, point.best]).flatten().collect();
    let (Some(low), Some(high)) = (known.iter().min(), known.iter().max()) else {
        return Ok(None);
    };
    if points.iter().filter(|point| point.value.is_some()).count() < POINTS_MIN {
        return Ok(None);
    }
    let (low, high) = (low.floor(), high.ceil());
    let axis = (low, if high > low { high } else { low + Decimal::ONE });
    Ok(Some(TrendView {
        title: "Days sales outstanding".to_owned(),
        note: format!("{}, month end", short_name(&held.view.company)),
        axis: format!("axis from {} to {} days", axis.0, axis.1),
        points: points.iter().map(|point| shown(held, point, axis)).collect(),
        unit: "days",
        best_label: "at best",
    }))
}

/// The last month ends up to the day, oldest first.
fn month_ends(as_of: Date) -> Vec<Date> {
    let first = as_of.first_of_month();
    let latest = i32::from(as_of != as_of.last_of_month());
    let end = |back: i32| {
        let month = first.checked_sub(jiff::Span::new().months(back + latest)).ok()?;
        Some(month.last_of_month())
    };
    (0..POINTS_MAX).rev().filter_map(end).collect()
}

fn point(held: &Held, on: Date) -> Result<Point, Failure> {
    let books = &held.view.books;
    let frame = Frame { as_of: on, period: Period::month_of(on), ..held.view.frame.clone() };
    let currency = frame.functional;
    let owed = receivables(books, &frame)?;
    let not_overdue = owed.invoices.iter().filter(|it| it.days_past_due < 1);
    let not_overdue = not_overdue.map(|it| it.open).filter(|it| it.currency() == currency);
    let not_overdue = Money::sum(currency, not_overdue).map_err(does_not_add("DSO"))?;
    let first = on.first_of_month();
    let from = first.checked_sub(jiff::Span::new().months(SALES_MONTHS - 1)).unwrap_or(first);
    let sales = credit_sales(held, currency, from, on)?;
    let days = u32::try_from(days_between(from, on) + 1).unwrap_or_default();
    let ratio = |amount| dso_simple(amount, sales, days).map_err(does_not_add("DSO"));
    Ok(Point { on, value: ratio(owed.total(currency)?)?, best: ratio(not_overdue)? })
}

/// Invoices less credits, incl. tax like the receivables.
fn credit_sales(held: &Held, currency: Currency, from: Date, to: Date) -> Result<Money, Failure> {
    let documents = held.view.books.documents.iter().filter(|it| counts(it));
    let dated = documents.filter(|it| (from..=to).contains(&it.effective_on));
    let signed = dated.filter(|it| it.currency == currency).filter_map(|it| match it.kind {
        LedgerDocumentKind::Invoice => Some(Ok(it.total)),
        LedgerDocumentKind::CreditMemo => Some(it.total.negated()),
        LedgerDocumentKind::CashSale => None,
    });
    let signed: Result<Vec<Money>, _> = signed.collect();
    signed.and_then(|amounts| Money::sum(currency, amounts)).map_err(does_not_add("credit sales"))
}

fn shown(held: &Held, point: &Point, axis: (Decimal, Decimal)) -> TrendPoint {
    let figure = |of: Option<Decimal>| of.map_or_else(|| "n/a".to_owned(), |it| it.to_string());
    TrendPoint {
        label: point.on.strftime("%b").to_string(),
        date: day(point.on),
        value: figure(point.value),
        best: figure(point.best),
        share: point.value.and_then(|of| share(of, axis)),
        best_share: point.best.and_then(|of| share(of, axis)),
        target: Some(Target {
            ledger: Some(held.view.connection.to_string()),
            as_of: Some(date(point.on)),
            ..Target::view("receivables", "accounts")
        }),
    }
}

/// A ratio on the axis, in per mille.
fn share(of: Decimal, (low, high): (Decimal, Decimal)) -> Option<Share> {
    let place = of.checked_sub(low)?.checked_mul(Decimal::ONE_THOUSAND)?;
    let place = place.checked_div(high.checked_sub(low)?)?;
    place.round().to_i64().map(|place| place.to_string())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn only_whole_months_have_a_month_end() {
        let ends = month_ends(date(2026, 6, 30));
        assert_eq!((ends[0], ends[5]), (date(2026, 1, 31), date(2026, 6, 30)));
        let ends = month_ends(date(2026, 6, 29));
        assert_eq!((ends[0], ends[5]), (date(2025, 12, 31), date(2026, 5, 31)));
    }

    #[test]
    fn a_share_lies_on_the_axis() {
        let axis = (Decimal::from(25), Decimal::from(61));
        assert_eq!(share(Decimal::new(5_428, 2), axis).as_deref(), Some("813"));
        assert_eq!(share(Decimal::from(25), axis).as_deref(), Some("0"));
        assert_eq!(share(Decimal::from(61), axis).as_deref(), Some("1000"));
    }
}
