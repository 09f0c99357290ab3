//! The arithmetic of the five tie-outs (`finance-domain §14`).

use crate::currency::Currency;
use crate::money::{Money, MoneyError};

/// T4, the receivables roll-forward: incl. tax, by accounting date, one currency.
///
/// Every line is the positive amount of its documents; the sum gives it its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollForward {
    /// Must equal the prior locked closing.
    pub opening: Money,
    /// Issued in the period.
    pub invoices: Money,
    /// Issued in the period, applied or not.
    pub credits: Money,
    /// Cash received, applied and unapplied.
    pub cash: Money,
    /// And other non-cash adjustments.
    pub write_offs: Money,
    /// Cash returned.
    pub refunds: Money,
    /// Signed; zero in document currency.
    pub fx: Money,
}

impl RollForward {
    /// `opening + invoices - credits - cash - write-offs + refunds + fx`.
    ///
    /// # Errors
    /// `CurrencyMismatch`; `OutOfRange`.
    pub fn closing(&self) -> Result<Money, MoneyError> {
        self.opening
            .checked_add(self.invoices)?
            .checked_sub(self.credits)?
            .checked_sub(self.cash)?
            .checked_sub(self.write_offs)?
            .checked_add(self.refunds)?
            .checked_add(self.fx)
    }
}

/// T5, from bookings to billings: net, document currency.
///
/// Every line is positive where its name says what it does; the sum gives it its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bridge {
    /// Opening backlog.
    pub opening: Money,
    /// Deals won in the period.
    pub new_won: Money,
    /// Of deals won earlier.
    pub increases: Money,
    /// Net of credits.
    pub billed: Money,
    /// Lost or reduced.
    pub reductions: Money,
    /// Deals moved into scope.
    pub scope_in: Money,
    /// Deals moved out of scope.
    pub scope_out: Money,
}

impl Bridge {
    /// Closing backlog.
    ///
    /// # Errors
    /// `CurrencyMismatch`; `OutOfRange`.
    pub fn closing(&self) -> Result<Money, MoneyError> {
        self.opening
            .checked_add(self.new_won)?
            .checked_add(self.increases)?
            .checked_sub(self.billed)?
            .checked_sub(self.reductions)?
            .checked_add(self.scope_in)?
            .checked_sub(self.scope_out)
    }
}

/// A deal's contract and billed amount, net.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BacklogItem {
    /// `A`.
    pub contract: Money,
    /// `B`.
    pub billed: Money,
}

/// The sum of the signed per-deal `A - B`, which the bridge's closing must equal. An over-billed
/// deal is a negative line, not zero.
///
/// # Errors
/// `CurrencyMismatch`; `OutOfRange`.
pub fn closing_backlog(
    currency: Currency,
    deals: impl IntoIterator<Item = BacklogItem>,
) -> Result<Money, MoneyError> {
    deals.into_iter().try_fold(Money::zero(currency), |sum, deal| {
        sum.checked_add(deal.contract)?.checked_sub(deal.billed)
    })
}

/// Which proof a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieOut {
    /// Won deals: the CRM's own count and sum against ours.
    CrmCompleteness,
    /// Invoices, credits, payments: the ledger's own count and sum against ours.
    LedgerCompleteness,
    /// Control account against the sub-ledger.
    ControlAccount,
    /// Roll-forward of receivables.
    RollForward,
    /// Bookings to billings.
    Bridge,
}

impl TieOut {
    /// In the order of the workpaper.
    pub const ALL: [Self; 5] = [
        Self::CrmCompleteness,
        Self::LedgerCompleteness,
        Self::ControlAccount,
        Self::RollForward,
        Self::Bridge,
    ];

    /// The short name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CrmCompleteness => "T1",
            Self::LedgerCompleteness => "T2",
            Self::ControlAccount => "T3",
            Self::RollForward => "T4",
            Self::Bridge => "T5",
        }
    }
}

/// What a tie-out line proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieOutStatus {
    /// Both totals and both counts are equal, or differ by no more than the line allows.
    Agreed,
    /// They differ, and listed items add up to exactly the difference.
    Explained,
    /// They differ, and part of the difference is listed nowhere.
    Failed,
    /// The source gave no total: nothing is proved.
    Unproved,
}

impl TieOutStatus {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agreed => "AGREED",
            Self::Explained => "EXPLAINED",
            Self::Failed => "FAILED",
            Self::Unproved => "UNPROVED",
        }
    }
}

/// A total and what stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ControlTotal {
    /// The sum.
    pub amount: Money,
    /// The number of records, where they are countable.
    pub count: Option<u64>,
}

/// A part of a difference that is listed, e.g. a journal on the control account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedItem {
    /// How a reader finds it: a document number, a reason code.
    pub reference: String,
    /// In the sign of `source - held`.
    pub amount: Money,
}

/// One comparison of two independently obtained totals in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TieOutLine {
    /// The proof that the line belongs to.
    pub tie_out: TieOut,
    /// What is compared: `invoices`, `control account 1200`.
    pub name: String,
    /// What the source itself computed. `None`: it could not or did not.
    pub source: Option<ControlTotal>,
    /// What the local copy holds.
    pub held: ControlTotal,
    /// `source - held`. `None` without a source.
    pub difference: Option<Money>,
    /// What the line proves.
    pub status: TieOutStatus,
    /// The listed parts of the difference.
    pub explained_by: Vec<ListedItem>,
}

/// The two sides of a line before they are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The proof that the line belongs to.
    pub tie_out: TieOut,
    /// What is compared.
    pub name: String,
    /// What the source itself computed.
    pub source: Option<ControlTotal>,
    /// What the local copy holds.
    pub held: ControlTotal,
    /// Zero, except for T1 proved by recomputing the CRM's own conversion: half a minor unit per
    /// deal, rounded down.
    pub tolerance_minor: u32,
    /// The listed parts of the difference.
    pub explained_by: Vec<ListedItem>,
}

impl TieOutLine {
    /// Compares. Where both sides have a count, the counts must be equal too, or as many items
    /// listed as the counts differ by.
    ///
    /// # Errors
    /// `CurrencyMismatch` between the sides or the listed items; `OutOfRange`.
    pub fn compare(comparison: Comparison) -> Result<Self, MoneyError> {
        let Comparison { tie_out, name, source, held, tolerance_minor, explained_by } = comparison;
        let difference = source.map(|it| it.amount.checked_sub(held.amount)).transpose()?;
        let status = match (source, difference) {
            (Some(source), Some(difference)) => {
                let records = records_apart(source, held);
                status_of(difference, records, u64::from(tolerance_minor), &explained_by)?
            }
            _ => TieOutStatus::Unproved,
        };
        Ok(Self { tie_out, name, source, held, difference, status, explained_by })
    }
}

/// How far the counts are apart; sides without a count are not.
fn records_apart(source: ControlTotal, held: ControlTotal) -> u64 {
    match (source.count, held.count) {
        (Some(source), Some(held)) => source.abs_diff(held),
        _ => 0,
    }
}

fn status_of(
    difference: Money,
    records_apart: u64,
    tolerance_minor: u64,
    listed: &[ListedItem],
) -> Result<TieOutStatus, MoneyError> {
    let sum = Money::sum(difference.currency(), listed.iter().map(|item| item.amount))?;
    if records_apart == 0 && difference.minor().unsigned_abs() <= tolerance_minor {
        return Ok(TieOutStatus::Agreed);
    }
    let enough_listed = u64::try_from(listed.len()).is_ok_and(|items| items >= records_apart);
    let explained = !listed.is_empty() && enough_listed && sum == difference;
    Ok(if explained { TieOutStatus::Explained } else { TieOutStatus::Failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("USD").unwrap())
    }

    #[track_caller]
    fn check(
        source: Option<(i64, u64)>,
        held: (i64, u64),
        tolerance_minor: u32,
        listed: &[i64],
        want: TieOutStatus,
    ) {
        let total = |(minor, count)| ControlTotal { amount: usd(minor), count: Some(count) };
        let item =
            |minor: &i64| ListedItem { reference: "JE-0619".to_owned(), amount: usd(*minor) };
        let line = TieOutLine::compare(Comparison {
            tie_out: TieOut::LedgerCompleteness,
            name: "payments".to_owned(),
            source: source.map(total),
            held: total(held),
            tolerance_minor,
            explained_by: listed.iter().map(item).collect(),
        });
        assert_eq!(line.unwrap().status, want);
    }

    #[test]
    fn equal_totals_and_counts_agree() {
        check(Some((39_754_000, 10)), (39_754_000, 10), 0, &[], TieOutStatus::Agreed);
    }

    #[test]
    fn equal_sums_over_different_counts_do_not_agree() {
        check(Some((100, 2)), (100, 1), 0, &[], TieOutStatus::Failed);
        check(Some((100, 2)), (100, 1), 0, &[0], TieOutStatus::Explained);
    }

    #[test]
    fn a_difference_is_explained_by_items_that_add_up_to_it() {
        check(Some((69_905_336, 1)), (69_780_336, 1), 0, &[125_000], TieOutStatus::Explained);
        check(Some((69_905_336, 1)), (69_780_336, 1), 0, &[124_999], TieOutStatus::Failed);
        check(Some((156_960, 4)), (152_400, 3), 0, &[], TieOutStatus::Failed);
    }

    #[test]
    fn a_recomputed_conversion_may_differ_by_its_roundings() {
        check(Some((103, 6)), (100, 6), 3, &[], TieOutStatus::Agreed);
        check(Some((104, 6)), (100, 6), 3, &[], TieOutStatus::Failed);
    }

    #[test]
    fn without_a_source_nothing_is_proved() {
        check(None, (0, 0), 0, &[], TieOutStatus::Unproved);
    }

    #[test]
    fn sides_of_two_currencies_are_not_compared() {
        let eur = Money::zero(Currency::parse("EUR").unwrap());
        let total = |amount| ControlTotal { amount, count: None };
        let line = TieOutLine::compare(Comparison {
            tie_out: TieOut::ControlAccount,
            name: "control account".to_owned(),
            source: Some(total(eur)),
            held: total(usd(0)),
            tolerance_minor: 0,
            explained_by: Vec::new(),
        });
        assert!(matches!(line, Err(MoneyError::CurrencyMismatch(_, _))));
    }
}
