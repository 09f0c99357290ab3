//! What the confirmed links of a deal come to at a day: its shares of documents
//! (`finance-domain §4, §8 I, G, C, K, W`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::applications::{ApplicationIndex, counts, is_deleted};
use super::positions::{LinkedDocument, Standing};
use super::receivables::invoice_position;
use super::{BooksError, Frame, Of};
use crate::facts::{Deal, Document, DocumentStatus, LedgerDocumentKind};
use crate::figures::{DealInvoice, InvoiceAmounts};
use crate::ids::{DealId, DocumentId};
use crate::matching::{Link, LinkKind, LinkState, Matches};
use crate::money::Money;
use crate::shares::{Allocation, InvoiceShare, share_invoice};

/// What the confirmed links of a deal come to at the day.
pub(super) struct Billed {
    pub(super) invoices: Vec<DealInvoice>,
    pub(super) documents: Vec<LinkedDocument>,
    pub(super) invoiced: Money,
    pub(super) credited_net: Money,
    /// Linked documents that are or were posted, void ones included.
    pub(super) posted: u32,
    /// Those of them that bill the deal.
    pub(super) posted_invoices: u32,
    pub(super) drafts: u32,
    pub(super) disputed: bool,
    /// Incl. tax, of documents that are open as a whole: roundings of shares are nothing open.
    pub(super) open: Money,
    pub(super) any_overdue: bool,
}

/// A billing document shared over its deals.
struct Shared {
    shares: Vec<InvoiceShare>,
    due_on: Date,
    /// Nothing is open on the document as a whole.
    settled: bool,
}

/// The confirmed links of a ledger, and the shares that they make.
pub(super) struct Billing<'a> {
    frame: &'a Frame,
    index: ApplicationIndex<'a>,
    links: BTreeMap<&'a DealId, Vec<&'a Link>>,
    shared: BTreeMap<&'a DocumentId, Shared>,
    /// Deals that a document bills.
    billed_to: BTreeMap<&'a DocumentId, Vec<&'a DealId>>,
}

impl<'a> Billing<'a> {
    pub(super) fn new(
        index: ApplicationIndex<'a>,
        frame: &'a Frame,
        matches: &'a Matches,
    ) -> Result<Self, BooksError> {
        let mut billing = Self {
            frame,
            index,
            links: BTreeMap::new(),
            shared: BTreeMap::new(),
            billed_to: BTreeMap::new(),
        };
        for link in matches.links.iter().filter(|link| link.state == LinkState::Confirmed) {
            billing.links.entry(&link.deal).or_default().push(link);
            if link.kind == LinkKind::Bills {
                billing.billed_to.entry(&link.document.id).or_default().push(&link.deal);
            }
        }
        billing.share_documents()?;
        Ok(billing)
    }

    pub(super) const fn index(&self) -> &ApplicationIndex<'a> {
        &self.index
    }

    pub(super) fn links(&self, deal: &DealId) -> &[&'a Link] {
        self.links.get(deal).map_or(&[], Vec::as_slice)
    }

    pub(super) fn document(&self, link: &Link) -> Option<&'a Document> {
        self.index.document(&link.document.id)
    }

    /// Whether the document bills this deal and no other.
    pub(super) fn bills_only(&self, document: &DocumentId, deal: &DealId) -> bool {
        let deals = self.billed_to.get(document);
        deals.is_some_and(|deals| deals.iter().all(|other| *other == deal))
    }

    /// Shares every linked document over its deals, so that each column sums to the document.
    fn share_documents(&mut self) -> Result<(), BooksError> {
        let mut allocations: BTreeMap<&'a DocumentId, Vec<Allocation>> = BTreeMap::new();
        for link in self.links.values().flatten().filter(|link| link.kind == LinkKind::Bills) {
            let allocation = Allocation { deal: link.deal.clone(), net: link.allocated };
            allocations.entry(&link.document.id).or_default().push(allocation);
        }
        for (id, allocations) in allocations {
            let document = self.index.document(id).filter(|document| counts(document));
            let Some(document) = document else { continue };
            let Some((amounts, due_on)) = self.amounts(document)? else { continue };
            let shares = share_invoice(&amounts, &allocations)
                .map_err(|source| BooksError::Share { subject: id.to_string(), source })?;
            let settled = amounts.open().of(id.as_str())?.is_zero();
            self.shared.insert(id, Shared { shares, due_on, settled });
        }
        Ok(())
    }

    /// The document as a whole at the day, and when it is due; `None` before its date. A cash sale
    /// is billed and collected at once. A credit memo is billed to a negative deal: paid by a
    /// refund, settled by what it is applied to, and never overdue.
    fn amounts(&self, document: &Document) -> Result<Option<(InvoiceAmounts, Date)>, BooksError> {
        let (subject, as_of) = (document.id.as_str(), self.frame.as_of);
        let zero = Money::zero(document.currency);
        let whole = |cash, credits, adjustments| InvoiceAmounts {
            net: document.net,
            total: document.total,
            cash,
            credits,
            adjustments,
        };
        if document.effective_on > as_of {
            return Ok(None);
        }
        Ok(Some(match document.kind {
            LedgerDocumentKind::Invoice => {
                let Some(position) = invoice_position(document, &self.index, self.frame)? else {
                    return Ok(None);
                };
                let applied = position.applied;
                let amounts = whole(applied.cash, applied.credits, applied.adjustments);
                (amounts, position.due.on)
            }
            LedgerDocumentKind::CashSale => {
                let due_on = document.due_on.unwrap_or(document.effective_on);
                (whole(document.total, zero, zero), due_on)
            }
            LedgerDocumentKind::CreditMemo => {
                let used = self.index.settlements_of_credit(document);
                let used =
                    used.iter().filter(|it| it.takes_effect_on(document.effective_on) <= as_of);
                let used = Money::sum(document.currency, used.map(|it| it.amount)).of(subject)?;
                let refunds = self.index.refunds_of(&document.id).iter();
                let refunds = refunds.filter(|it| it.effective_on <= as_of).map(|it| it.amount);
                let refunded = Money::sum(document.currency, refunds).of(subject)?;
                let applied = used.checked_sub(refunded).of(subject)?;
                (whole(refunded, applied, zero), as_of)
            }
        }))
    }

    /// Everything that is linked to the deal.
    pub(super) fn of(&self, deal: &Deal) -> Result<Billed, BooksError> {
        let zero = Money::zero(deal.currency);
        let mut billed = Billed {
            invoices: Vec::new(),
            documents: Vec::new(),
            invoiced: zero,
            credited_net: zero,
            posted: 0,
            posted_invoices: 0,
            drafts: 0,
            disputed: false,
            open: zero,
            any_overdue: false,
        };
        for link in self.links(&deal.id) {
            if let Some(document) = self.document(link) {
                self.add(deal, link, document, &mut billed)?;
            }
        }
        Ok(billed)
    }

    fn add(
        &self,
        deal: &Deal,
        link: &Link,
        document: &Document,
        billed: &mut Billed,
    ) -> Result<(), BooksError> {
        let subject = deal.id.as_str();
        let after_as_of = link.effective_on > self.frame.as_of;
        let mut linked = LinkedDocument {
            document: document.id.clone(),
            kind: document.kind,
            number: document.number.clone(),
            effective_on: link.effective_on,
            due_on: document.due_on,
            net: link.allocated,
            open: Money::zero(deal.currency),
            tier: link.tier,
            after_as_of,
            standing: standing(document),
        };
        if is_deleted(document) {
            // The ledger has it no more, and so it is neither on its way nor was it a bill.
        } else if document.status == DocumentStatus::Draft {
            billed.drafts += 1;
        } else if !after_as_of {
            billed.posted += 1;
            billed.posted_invoices += u32::from(link.kind == LinkKind::Bills);
            billed.disputed |= document.disputed;
        }
        if !after_as_of && counts(document) {
            match link.kind {
                LinkKind::Credits => {
                    let credited = billed.credited_net.checked_add(link.allocated);
                    billed.credited_net = credited.of(subject)?;
                }
                LinkKind::Bills => linked.open = self.add_share(deal, document, billed)?,
            }
        }
        billed.documents.push(linked);
        Ok(())
    }

    /// Adds the deal's share of a billing document; of a credit memo with negative amounts. What
    /// is open on the share comes back.
    fn add_share(
        &self,
        deal: &Deal,
        document: &Document,
        billed: &mut Billed,
    ) -> Result<Money, BooksError> {
        let subject = deal.id.as_str();
        let shared = self.shared.get(&document.id);
        let share = shared.and_then(|shared| {
            let share = shared.shares.iter().find(|share| share.deal.as_ref() == Some(&deal.id));
            Some((shared, share?))
        });
        let Some((shared, share)) = share else { return Ok(Money::zero(deal.currency)) };
        let whole = DealInvoice {
            net: share.amounts.net,
            total: share.amounts.total,
            cash: share.amounts.cash,
            credits: share.amounts.credits,
            adjustments: share.amounts.adjustments,
            open_net: share.open_net,
            due_on: shared.due_on,
        };
        let invoice = match document.kind {
            LedgerDocumentKind::CreditMemo => whole.negated().of(subject)?,
            LedgerDocumentKind::Invoice | LedgerDocumentKind::CashSale => whole,
        };
        let open = invoice.open().of(subject)?;
        if !shared.settled {
            billed.open = billed.open.checked_add(open).of(subject)?;
            billed.any_overdue |= open.is_positive() && invoice.due_on < self.frame.as_of;
        }
        billed.invoiced = billed.invoiced.checked_add(invoice.net).of(subject)?;
        billed.invoices.push(invoice);
        Ok(open)
    }
}

fn standing(document: &Document) -> Standing {
    match document.status {
        _ if is_deleted(document) => Standing::Deleted,
        DocumentStatus::Draft => Standing::Draft,
        DocumentStatus::Void => Standing::Void,
        _ => Standing::Posted,
    }
}
