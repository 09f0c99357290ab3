//! One invoice shared by several deals (`finance-domain §4`).

use crate::allocate::{AllocateError, allocate};
use crate::figures::{InvoiceAmounts, open_amount};
use crate::ids::DealId;
use crate::money::{Money, MoneyError};

/// A link's allocated amount, net of tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// The deal that the link leads to.
    pub deal: DealId,
    /// Zero or more.
    pub net: Money,
}

/// What of the invoice belongs to one deal, or to none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceShare {
    /// `None` is the remainder that no deal claims: listed, not lost.
    pub deal: Option<DealId>,
    /// Net, total, cash, credits and adjustments of this share; its open amount is derived.
    pub amounts: InvoiceAmounts,
    /// `total - cash - credits - adjustments` of this share, incl. tax.
    pub open: Money,
    /// The share of the invoice's open amount net of tax.
    pub open_net: Money,
}

/// Why an invoice could not be shared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// Allocations out of a document are at most its net total.
    #[error("more is allocated than the document's net total")]
    OverAllocated,
    /// Documents are stored positive, and so are allocations.
    #[error("a net total or an allocation is negative")]
    Negative,
    /// A column could not be shared.
    #[error(transparent)]
    Allocate(#[from] AllocateError),
    /// Two currencies, or a sum that an amount cannot hold.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Shares an invoice: deals in ascending id, the unallocated remainder (if any) last. Amounts incl.
/// tax follow the allocated net by largest remainder; each column sums to the invoice's figure.
pub fn share_invoice(
    invoice: &InvoiceAmounts,
    allocations: &[Allocation],
) -> Result<Vec<InvoiceShare>, ShareError> {
    let currency = invoice.net.currency();
    let mut nets: Vec<(Option<DealId>, Money)> =
        allocations.iter().map(|it| (Some(it.deal.clone()), it.net)).collect();
    nets.sort_by(|a, b| a.0.cmp(&b.0));
    if invoice.net.is_negative() || nets.iter().any(|(_, net)| net.is_negative()) {
        return Err(ShareError::Negative);
    }
    let allocated = Money::sum(currency, nets.iter().map(|(_, net)| *net))?;
    let remainder = invoice.net.checked_sub(allocated)?;
    if remainder.is_negative() {
        return Err(ShareError::OverAllocated);
    }
    if remainder.is_positive() || nets.is_empty() {
        nets.push((None, remainder));
    }
    let weights: Vec<_> = nets.iter().map(|(_, net)| net.to_decimal()).collect();
    let shared = |amount: Money| allocate(amount, &weights);
    let columns = Columns {
        total: shared(invoice.total)?,
        cash: shared(invoice.cash)?,
        credits: shared(invoice.credits)?,
        adjustments: shared(invoice.adjustments)?,
        open_net: shared(invoice.open_net()?)?,
    };
    nets.into_iter()
        .enumerate()
        .map(|(position, (deal, net))| columns.share(position, deal, net))
        .collect()
}

/// The shared amounts, each in the order of the shares.
struct Columns {
    total: Vec<Money>,
    cash: Vec<Money>,
    credits: Vec<Money>,
    adjustments: Vec<Money>,
    open_net: Vec<Money>,
}

impl Columns {
    fn share(
        &self,
        position: usize,
        deal: Option<DealId>,
        net: Money,
    ) -> Result<InvoiceShare, ShareError> {
        let amounts = InvoiceAmounts {
            net,
            total: self.total[position],
            cash: self.cash[position],
            credits: self.credits[position],
            adjustments: self.adjustments[position],
        };
        let InvoiceAmounts { total, cash, credits, adjustments, .. } = amounts;
        let open = open_amount(total, cash, credits, adjustments)?;
        Ok(InvoiceShare { deal, amounts, open, open_net: self.open_net[position] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    fn invoice(net: i64, total: i64, cash: i64) -> InvoiceAmounts {
        InvoiceAmounts {
            net: eur(net),
            total: eur(total),
            cash: eur(cash),
            credits: eur(0),
            adjustments: eur(0),
        }
    }

    fn to(deal: &str, minor: i64) -> Allocation {
        Allocation { deal: DealId::new(deal).unwrap(), net: eur(minor) }
    }

    #[test]
    fn open_net_of_the_shares_is_that_of_the_invoice() {
        let whole = invoice(30_000, 36_000, 10_000);
        let shares = share_invoice(&whole, &[to("C", 10_000), to("A", 10_000), to("B", 10_000)]);
        let shares = shares.unwrap();
        let deals: Vec<_> = shares.iter().map(|it| it.deal.as_ref().unwrap().as_str()).collect();
        assert_eq!(deals, ["A", "B", "C"]);
        let open_net = Money::sum(eur(0).currency(), shares.iter().map(|it| it.open_net));
        assert_eq!(open_net, whole.open_net());
    }

    #[test]
    fn an_invoice_of_no_deal_is_all_remainder() {
        let shares = share_invoice(&invoice(100, 119, 0), &[]).unwrap();
        assert_eq!((shares.len(), shares[0].deal.as_ref(), shares[0].open), (1, None, eur(119)));
    }

    #[test]
    fn no_more_than_the_net_total_can_be_allocated() {
        let shares = share_invoice(&invoice(100, 119, 0), &[to("A", 60), to("B", 41)]);
        assert_eq!(shares, Err(ShareError::OverAllocated));
    }

    #[test]
    fn a_negative_allocation_is_refused() {
        let shares = share_invoice(&invoice(100, 119, 0), &[to("A", -1)]);
        assert_eq!(shares, Err(ShareError::Negative));
    }
}
