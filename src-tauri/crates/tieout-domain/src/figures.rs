//! The figures of one deal, from booking to cash (`finance-domain §8, §10`).

use jiff::civil::Date;

use crate::aging::days_past_due;
use crate::limits::LimitTest;
use crate::money::{Money, MoneyError};
use crate::rounding::prorate;
use crate::status::BillingStatus;

/// A posted, not voided invoice of the deal, or the deal's share of a shared one, as of the date.
///
/// For a negative deal its credit memos, with all amounts negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DealInvoice {
    /// Allocated net.
    pub net: Money,
    /// Incl. tax.
    pub total: Money,
    /// Cash in effect.
    pub cash: Money,
    /// Credits in effect, incl. tax.
    pub credits: Money,
    /// Write-offs, discounts taken, withholding and other non-cash adjustments in effect.
    pub adjustments: Money,
    /// The open amount net of tax; of a share, what is allocated to it.
    pub open_net: Money,
    /// The date that aging starts from.
    pub due_on: Date,
}

/// The amounts of one invoice, whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvoiceAmounts {
    /// Net of tax.
    pub net: Money,
    /// Incl. tax, like everything below.
    pub total: Money,
    /// Cash in effect.
    pub cash: Money,
    /// Credits in effect.
    pub credits: Money,
    /// Non-cash adjustments in effect.
    pub adjustments: Money,
}

impl InvoiceAmounts {
    /// `total - cash - credits - adjustments`.
    pub fn open(&self) -> Result<Money, MoneyError> {
        open_amount(self.total, self.cash, self.credits, self.adjustments)
    }

    /// `round(open x net / total)` in document currency (`§10`).
    pub fn open_net(&self) -> Result<Money, MoneyError> {
        prorate(self.open()?, self.net, self.total)
    }
}

impl DealInvoice {
    /// An invoice that belongs to one deal alone.
    pub fn whole(amounts: &InvoiceAmounts, due_on: Date) -> Result<Self, MoneyError> {
        Ok(Self {
            net: amounts.net,
            total: amounts.total,
            cash: amounts.cash,
            credits: amounts.credits,
            adjustments: amounts.adjustments,
            open_net: amounts.open_net()?,
            due_on,
        })
    }

    /// `total - cash - credits - adjustments`, incl. tax.
    pub fn open(&self) -> Result<Money, MoneyError> {
        open_amount(self.total, self.cash, self.credits, self.adjustments)
    }

    pub(crate) fn negated(&self) -> Result<Self, MoneyError> {
        Ok(Self {
            net: self.net.negated()?,
            total: self.total.negated()?,
            cash: self.cash.negated()?,
            credits: self.credits.negated()?,
            adjustments: self.adjustments.negated()?,
            open_net: self.open_net.negated()?,
            due_on: self.due_on,
        })
    }
}

pub(crate) fn open_amount(
    total: Money,
    cash: Money,
    credits: Money,
    adjustments: Money,
) -> Result<Money, MoneyError> {
    total.checked_sub(cash)?.checked_sub(credits)?.checked_sub(adjustments)
}

/// A deal with everything that is linked to it, in the deal's currency, as of one date.
#[derive(Clone, Copy, Debug)]
pub struct DealPosition<'a> {
    /// `A`, net.
    pub contract: Money,
    /// `E`, net.
    pub expected: Money,
    /// Posted and not void, with an accounting date up to the as-of date.
    pub invoices: &'a [DealInvoice],
    /// Net of linked credit memos with an accounting date up to the as-of date: positive for a
    /// positive deal.
    pub credited_net: Money,
}

/// Every figure of a deal. Net amounts and amounts incl. tax are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DealFigures {
    /// `A`, net.
    pub contract: Money,
    /// `E`, net.
    pub expected: Money,
    /// `I`, net.
    pub invoiced: Money,
    /// `I - B`, net.
    pub credited: Money,
    /// `B`, net.
    pub billed: Money,
    /// `G`, incl. tax.
    pub billed_incl_tax: Money,
    /// `C`, incl. tax.
    pub collected: Money,
    /// `K`, incl. tax.
    pub credits_applied: Money,
    /// `W`, incl. tax.
    pub adjustments: Money,
    /// `O = G - C - K - W`, incl. tax; the sum of the three columns below.
    pub open: Money,
    /// `B - E`; negative is under-billed.
    pub variance: Money,
    /// `A - E`.
    pub not_due: Money,
    /// `A - B`, signed.
    pub backlog: Money,
    /// `E - I` where that is a shortfall beyond the limits, else zero; net.
    pub not_invoiced: Money,
    /// Column: open invoices not past due, no cash received; incl. tax.
    pub open_not_due: Money,
    /// Column: open invoices not past due, cash received; incl. tax.
    pub part_paid_remainder: Money,
    /// Column: open invoices past due, part-paid or not; incl. tax.
    pub overdue: Money,
    /// The open amount net of tax.
    pub open_net: Money,
    /// `B - open_net`.
    pub settled_net: Money,
    /// `not_invoiced + open_net`: the headline of "Unpaid Closed Won".
    pub unpaid_net: Money,
}

/// Computes the figures of a deal. A negative deal is computed with all signs mirrored and comes
/// back with its own.
///
/// # Errors
/// `CurrencyMismatch` for an amount in another currency; `OutOfRange`.
pub fn deal_figures(
    position: &DealPosition<'_>,
    as_of: Date,
    test: &LimitTest<'_>,
) -> Result<DealFigures, MoneyError> {
    if !position.contract.is_negative() {
        return figures_of_positive(position, as_of, test);
    }
    let invoices: Vec<DealInvoice> =
        position.invoices.iter().map(DealInvoice::negated).collect::<Result<_, _>>()?;
    let mirrored = DealPosition {
        contract: position.contract.negated()?,
        expected: position.expected.negated()?,
        invoices: &invoices,
        credited_net: position.credited_net.negated()?,
    };
    figures_of_positive(&mirrored, as_of, test)?.map(Money::negated)
}

fn figures_of_positive(
    position: &DealPosition<'_>,
    as_of: Date,
    test: &LimitTest<'_>,
) -> Result<DealFigures, MoneyError> {
    let DealPosition { contract, expected, credited_net, .. } = *position;
    let sums = InvoiceSums::of(contract, position.invoices, as_of)?;
    let billed = sums.net.checked_sub(credited_net)?;
    let shortfall = expected.checked_sub(sums.net)?;
    let counts = shortfall.is_positive() && test.exceeds(shortfall, expected)?;
    let not_invoiced = if counts { shortfall } else { Money::zero(contract.currency()) };
    Ok(DealFigures {
        contract,
        expected,
        invoiced: sums.net,
        credited: credited_net,
        billed,
        billed_incl_tax: sums.total,
        collected: sums.cash,
        credits_applied: sums.credits,
        adjustments: sums.adjustments,
        open: open_amount(sums.total, sums.cash, sums.credits, sums.adjustments)?,
        variance: billed.checked_sub(expected)?,
        not_due: contract.checked_sub(expected)?,
        backlog: contract.checked_sub(billed)?,
        not_invoiced,
        open_not_due: sums.open_not_due,
        part_paid_remainder: sums.part_paid_remainder,
        overdue: sums.overdue,
        open_net: sums.open_net,
        settled_net: billed.checked_sub(sums.open_net)?,
        unpaid_net: not_invoiced.checked_add(sums.open_net)?,
    })
}

/// Column totals over a deal's invoices.
struct InvoiceSums {
    net: Money,
    total: Money,
    cash: Money,
    credits: Money,
    adjustments: Money,
    open_net: Money,
    open_not_due: Money,
    part_paid_remainder: Money,
    overdue: Money,
}

impl InvoiceSums {
    fn of(contract: Money, invoices: &[DealInvoice], as_of: Date) -> Result<Self, MoneyError> {
        let zero = Money::zero(contract.currency());
        let mut sums = Self {
            net: zero,
            total: zero,
            cash: zero,
            credits: zero,
            adjustments: zero,
            open_net: zero,
            open_not_due: zero,
            part_paid_remainder: zero,
            overdue: zero,
        };
        for invoice in invoices {
            sums.net = sums.net.checked_add(invoice.net)?;
            sums.total = sums.total.checked_add(invoice.total)?;
            sums.cash = sums.cash.checked_add(invoice.cash)?;
            sums.credits = sums.credits.checked_add(invoice.credits)?;
            sums.adjustments = sums.adjustments.checked_add(invoice.adjustments)?;
            sums.open_net = sums.open_net.checked_add(invoice.open_net)?;
            let column = sums.column_of(invoice, as_of);
            *column = column.checked_add(invoice.open()?)?;
        }
        Ok(sums)
    }

    /// Overdue before part-paid, as in the cash status, so that every invoice is in one column.
    fn column_of(&mut self, invoice: &DealInvoice, as_of: Date) -> &mut Money {
        if days_past_due(as_of, invoice.due_on) >= 1 {
            &mut self.overdue
        } else if invoice.cash.is_zero() {
            &mut self.open_not_due
        } else {
            &mut self.part_paid_remainder
        }
    }
}

impl DealFigures {
    /// Whether a won deal of this billing status belongs to "Unpaid Closed Won" (`§10`).
    pub fn is_unpaid(&self, status: BillingStatus) -> bool {
        let open = if self.contract.is_negative() {
            self.open.is_negative()
        } else {
            self.open.is_positive()
        };
        match status {
            BillingStatus::Excluded => false,
            BillingStatus::InFlight | BillingStatus::Drafted | BillingStatus::Blocked => true,
            _ => open || !self.not_invoiced.is_zero(),
        }
    }

    /// Whether `A = (A - E) + (E - I) + credited + open_net + settled_net`, and the three columns
    /// add up to `O`.
    ///
    /// # Errors
    /// `OutOfRange`.
    pub fn cross_foots(&self) -> Result<bool, MoneyError> {
        let across = self
            .not_due
            .checked_add(self.expected.checked_sub(self.invoiced)?)?
            .checked_add(self.credited)?
            .checked_add(self.open_net)?
            .checked_add(self.settled_net)?;
        let columns =
            self.open_not_due.checked_add(self.part_paid_remainder)?.checked_add(self.overdue)?;
        Ok(across == self.contract && columns == self.open)
    }

    fn map(&self, change: impl Fn(Money) -> Result<Money, MoneyError>) -> Result<Self, MoneyError> {
        Ok(Self {
            contract: change(self.contract)?,
            expected: change(self.expected)?,
            invoiced: change(self.invoiced)?,
            credited: change(self.credited)?,
            billed: change(self.billed)?,
            billed_incl_tax: change(self.billed_incl_tax)?,
            collected: change(self.collected)?,
            credits_applied: change(self.credits_applied)?,
            adjustments: change(self.adjustments)?,
            open: change(self.open)?,
            variance: change(self.variance)?,
            not_due: change(self.not_due)?,
            backlog: change(self.backlog)?,
            not_invoiced: change(self.not_invoiced)?,
            open_not_due: change(self.open_not_due)?,
            part_paid_remainder: change(self.part_paid_remainder)?,
            overdue: change(self.overdue)?,
            open_net: change(self.open_net)?,
            settled_net: change(self.settled_net)?,
            unpaid_net: change(self.unpaid_net)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::currency::Currency;
    use crate::fx::Rate;
    use crate::limits::Limits;

    const AS_OF: Date = date(2026, 6, 30);

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    fn invoice(net: i64, total: i64, cash: i64, due_on: Date) -> DealInvoice {
        let amounts = InvoiceAmounts {
            net: eur(net),
            total: eur(total),
            cash: eur(cash),
            credits: eur(0),
            adjustments: eur(0),
        };
        DealInvoice::whole(&amounts, due_on).unwrap()
    }

    fn figures(contract: i64, expected: i64, invoices: &[DealInvoice]) -> DealFigures {
        let position = DealPosition {
            contract: eur(contract),
            expected: eur(expected),
            invoices,
            credited_net: eur(0),
        };
        let limits = Limits::zero(eur(0).currency());
        let rate = Some(Rate::one(eur(0).currency()));
        deal_figures(&position, AS_OF, &LimitTest { limits: &limits, rate }).unwrap()
    }

    #[test]
    fn a_downsell_is_the_mirror_of_a_sale() {
        let due = date(2026, 7, 15);
        let sale = figures(10_000, 10_000, &[invoice(6_000, 7_140, 3_000, due)]);
        let downsell = figures(-10_000, -10_000, &[invoice(-6_000, -7_140, -3_000, due)]);
        assert_eq!(downsell, sale.map(Money::negated).unwrap());
        assert_eq!(downsell.not_invoiced, eur(-4_000));
        assert!(downsell.is_unpaid(BillingStatus::PartBilled));
    }

    #[test]
    fn each_open_invoice_is_in_one_column() {
        let held = figures(
            30_000,
            30_000,
            &[
                invoice(10_000, 10_000, 1, date(2026, 6, 29)),
                invoice(10_000, 10_000, 20, AS_OF),
                invoice(10_000, 10_000, 0, AS_OF),
            ],
        );
        assert_eq!(held.overdue, eur(9_999));
        assert_eq!(held.part_paid_remainder, eur(9_980));
        assert_eq!(held.open_not_due, eur(10_000));
        assert_eq!(held.cross_foots(), Ok(true));
    }

    #[test]
    fn a_document_free_of_charge_has_nothing_open() {
        assert_eq!(invoice(0, 0, 0, AS_OF).open_net, eur(0));
    }

    #[test]
    fn the_status_can_make_a_deal_unpaid_or_leave_it_out() {
        let paid = figures(100, 100, &[invoice(100, 119, 119, AS_OF)]);
        assert!(!paid.is_unpaid(BillingStatus::Billed));
        assert!(paid.is_unpaid(BillingStatus::InFlight));
        let open = figures(100, 100, &[invoice(100, 119, 0, AS_OF)]);
        assert!(open.is_unpaid(BillingStatus::Billed));
        assert!(!open.is_unpaid(BillingStatus::Excluded));
    }
}
