//! Billing and cash status of a deal (`finance-domain §10`).

use crate::limits::LimitTest;
use crate::money::{Money, MoneyError};

/// How far the billing of a deal is. A deal has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BillingStatus {
    /// Left out by a rule or by a person, or a deal of zero without documents.
    Excluded,
    /// A document-creating operation is intended, sent or of unknown outcome.
    InFlight,
    /// The amount is unknown, or money is due and a gate or the last create stands against it.
    Blocked,
    /// Nothing posted, at least one draft.
    Drafted,
    /// Nothing posted and nothing due.
    NotDue,
    /// Due, and nothing posted.
    Unbilled,
    /// Posted, and nothing of it left: voided or credited in full.
    Reversed,
    /// Credited more than invoiced.
    Negative,
    /// Billed beyond the contract amount and the limits.
    OverBilled,
    /// Billed before the schedule, beyond the limits, within the contract amount.
    Ahead,
    /// Invoiced less than expected to date, beyond the limits.
    PartBilled,
    /// Invoiced as expected; also when later credited in part.
    Billed,
}

impl BillingStatus {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Excluded => "EXCLUDED",
            Self::InFlight => "IN_FLIGHT",
            Self::Blocked => "BLOCKED",
            Self::Drafted => "DRAFTED",
            Self::NotDue => "NOT_DUE",
            Self::Unbilled => "UNBILLED",
            Self::Reversed => "REVERSED",
            Self::Negative => "NEGATIVE",
            Self::OverBilled => "OVER_BILLED",
            Self::Ahead => "AHEAD",
            Self::PartBilled => "PART_BILLED",
            Self::Billed => "BILLED",
        }
    }
}

/// What the billing status depends on. Amounts net of tax, in the deal's currency, as of one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillingPosition {
    /// `A`. Unknown is not zero. Zero for a deal that is no longer won.
    pub contract: Option<Money>,
    /// `E`. Unknown is not zero.
    pub expected: Option<Money>,
    /// `I`. For a negative deal its credit memos, negative.
    pub invoiced: Money,
    /// `B`. For a negative deal its credit memos, negative.
    pub billed: Money,
    /// Linked documents that are or were posted; a voided one counts.
    pub posted: u32,
    /// Linked drafts.
    pub drafts: u32,
    /// By rule or by a person.
    pub excluded: bool,
    /// A document-creating operation is intended, sent or of unknown outcome.
    pub in_flight: bool,
    /// A gate fails, or the last create was rejected or in conflict.
    pub gate_failing: bool,
}

/// The billing status: first match of the table in `§10` wins. A negative deal is judged with all
/// signs mirrored.
///
/// # Errors
/// `CurrencyMismatch` for amounts of two currencies; `OutOfRange`.
pub fn billing_status(
    position: &BillingPosition,
    test: &LimitTest<'_>,
) -> Result<BillingStatus, MoneyError> {
    let free_of_charge = position.contract.is_some_and(Money::is_zero);
    let linked = position.posted > 0 || position.drafts > 0;
    if position.excluded || (free_of_charge && !linked) {
        return Ok(BillingStatus::Excluded);
    }
    if position.in_flight {
        return Ok(BillingStatus::InFlight);
    }
    let (Some(contract), Some(expected)) = (position.contract, position.expected) else {
        return Ok(BillingStatus::Blocked);
    };
    if position.posted == 0 {
        return Ok(status_without_posted(position, expected));
    }
    let mirrored = |amount: Money| {
        if contract.is_negative() { amount.negated() } else { Ok(amount) }
    };
    let amounts = NetAmounts {
        contract: mirrored(contract)?,
        expected: mirrored(expected)?,
        invoiced: mirrored(position.invoiced)?,
        billed: mirrored(position.billed)?,
    };
    status_of_posted(&amounts, test)
}

const fn status_without_posted(position: &BillingPosition, expected: Money) -> BillingStatus {
    if position.drafts > 0 {
        BillingStatus::Drafted
    } else if expected.is_zero() {
        BillingStatus::NotDue
    } else if position.gate_failing {
        BillingStatus::Blocked
    } else {
        BillingStatus::Unbilled
    }
}

/// The net amounts of a deal whose contract is zero or more.
struct NetAmounts {
    contract: Money,
    expected: Money,
    invoiced: Money,
    billed: Money,
}

fn status_of_posted(
    amounts: &NetAmounts,
    test: &LimitTest<'_>,
) -> Result<BillingStatus, MoneyError> {
    let above = |more: Money, less: Money, base: Money| {
        let excess = more.checked_sub(less)?;
        Ok(excess.is_positive() && test.exceeds(excess, base)?)
    };
    let NetAmounts { contract, expected, invoiced, billed } = *amounts;
    Ok(if billed.is_zero() {
        BillingStatus::Reversed
    } else if billed.is_negative() {
        BillingStatus::Negative
    } else if above(billed, contract, contract)? {
        BillingStatus::OverBilled
    } else if above(billed, expected, expected)? {
        BillingStatus::Ahead
    } else if above(expected, invoiced, expected)? {
        BillingStatus::PartBilled
    } else {
        BillingStatus::Billed
    })
}

/// Where the cash of a deal stands. `DISPUTED` is a flag beside it, not a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CashStatus {
    /// No posted invoice.
    None,
    /// Something is open and an open invoice is past due, part-paid or not.
    Overdue,
    /// Something is open, something was collected, nothing is past due.
    PartPaid,
    /// Something is open and nothing was collected.
    Open,
    /// Nothing is open and unapplied cash belongs to this deal alone.
    Overpaid,
    /// Nothing is open and cash was collected.
    Paid,
    /// Nothing is open and no cash was collected: credits or write-offs only.
    ClosedNoCash,
}

impl CashStatus {
    /// The stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Overdue => "OVERDUE",
            Self::PartPaid => "PART_PAID",
            Self::Open => "OPEN",
            Self::Overpaid => "OVERPAID",
            Self::Paid => "PAID",
            Self::ClosedNoCash => "CLOSED_NO_CASH",
        }
    }
}

/// What the cash status depends on. Amounts incl. tax, in the deal's currency, as of one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CashPosition {
    /// Linked invoices that are or were posted.
    pub posted_invoices: u32,
    /// `O`.
    pub open: Money,
    /// `C`.
    pub collected: Money,
    /// An open invoice has a due date before the as-of date.
    pub any_open_invoice_overdue: bool,
    /// Unapplied cash of receipts whose applications all belong to this deal.
    pub unapplied_cash_tied: Money,
}

/// The cash status; first match wins. An open amount below zero is nothing open.
pub const fn cash_status(position: &CashPosition) -> CashStatus {
    if position.posted_invoices == 0 {
        CashStatus::None
    } else if position.open.is_positive() {
        if position.any_open_invoice_overdue {
            CashStatus::Overdue
        } else if position.collected.is_positive() {
            CashStatus::PartPaid
        } else {
            CashStatus::Open
        }
    } else if position.unapplied_cash_tied.is_positive() {
        CashStatus::Overpaid
    } else if position.collected.is_positive() {
        CashStatus::Paid
    } else {
        CashStatus::ClosedNoCash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;
    use crate::fx::Rate;
    use crate::limits::Limits;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    /// A, E, I, B in minor units and the number of posted documents.
    #[track_caller]
    fn check(amounts: [i64; 4], posted: u32, want: BillingStatus) {
        let [contract, expected, invoiced, billed] = amounts.map(eur);
        let position = BillingPosition {
            contract: Some(contract),
            expected: Some(expected),
            invoiced,
            billed,
            posted,
            drafts: 0,
            excluded: false,
            in_flight: false,
            gate_failing: false,
        };
        let limits = Limits::zero(eur(0).currency());
        let rate = Some(Rate::one(eur(0).currency()));
        let test = LimitTest { limits: &limits, rate };
        assert_eq!(billing_status(&position, &test), Ok(want));
    }

    #[test]
    fn a_deal_of_nothing_without_documents_is_excluded() {
        check([0, 0, 0, 0], 0, BillingStatus::Excluded);
        check([0, 0, 0, 0], 1, BillingStatus::Reversed);
    }

    #[test]
    fn a_downsell_is_judged_by_its_credit_memos() {
        check([-10_000, -10_000, -4_000, -4_000], 1, BillingStatus::PartBilled);
        check([-10_000, -4_000, -8_000, -8_000], 1, BillingStatus::Ahead);
        check([-10_000, -10_000, 0, 2_000], 1, BillingStatus::Negative);
        check([-10_000, 0, 0, 0], 0, BillingStatus::NotDue);
    }

    #[test]
    fn an_over_applied_deal_has_nothing_open() {
        let position = CashPosition {
            posted_invoices: 1,
            open: eur(-5),
            collected: eur(105),
            any_open_invoice_overdue: true,
            unapplied_cash_tied: eur(0),
        };
        assert_eq!(cash_status(&position), CashStatus::Paid);
    }
}
