//! Hard constraints: they hold at every tier (`finance-domain §7 K1`).

use super::board::Board;
use super::output::{ConflictReason, LinkKind};
use crate::facts::{DocumentStatus, LedgerDocumentKind};

/// Whether a document counts: drafts do, since they are on their way.
pub(super) const fn is_live(status: DocumentStatus) -> bool {
    matches!(
        status,
        DocumentStatus::Draft
            | DocumentStatus::Open
            | DocumentStatus::PartPaid
            | DocumentStatus::Paid
    )
}

/// What explicit evidence for a pair leads to.
pub(super) enum Standing {
    /// The document counts with what is left of its net.
    Counts(LinkKind),
    /// Known to be the deal's, but voided or deleted: linked with nothing allocated.
    CountsNothing(LinkKind),
    /// Its status is not understood.
    Uncertain,
    Conflict(ConflictReason),
}

/// Tests a pair that a key, a reference or a person names.
pub(super) fn explicit(board: &Board<'_>, deal: usize, document: usize) -> Standing {
    let (ours, theirs) = (board.deals[deal].deal, board.documents[document].document);
    if theirs.status == DocumentStatus::Unknown {
        return Standing::Uncertain;
    }
    if ours.currency != theirs.currency {
        return Standing::Conflict(ConflictReason::Currency);
    }
    if !same_customer(board, deal, document) {
        return Standing::Conflict(ConflictReason::Customer);
    }
    let Some(kind) = kind_for(board, deal, document) else {
        return Standing::Conflict(ConflictReason::Sign);
    };
    if is_live(theirs.status) { Standing::Counts(kind) } else { Standing::CountsNothing(kind) }
}

/// Tests a pair that only amounts, dates and items suggest: an invoice for a positive deal, a
/// credit memo for a negative one.
pub(super) fn pairs(board: &Board<'_>, deal: usize, document: usize) -> bool {
    let (ours, theirs) = (board.deals[deal].deal, board.documents[document].document);
    ours.currency == theirs.currency
        && same_customer(board, deal, document)
        && kind_for(board, deal, document) == Some(LinkKind::Bills)
}

/// The document's customer has a confirmed link to the deal's Account or its cluster.
pub(super) fn same_customer(board: &Board<'_>, deal: usize, document: usize) -> bool {
    let customer = &board.documents[document].document.customer;
    board.customers_of(deal).is_some_and(|customers| customers.contains(customer))
}

/// Which way the document acts on the deal; `None` for an invoice of a negative deal.
fn kind_for(board: &Board<'_>, deal: usize, document: usize) -> Option<LinkKind> {
    let negative = board.deals[deal].deal.net.is_some_and(|net| net.is_negative());
    match (board.documents[document].document.reference.kind, negative) {
        (LedgerDocumentKind::CreditMemo, true) => Some(LinkKind::Bills),
        (LedgerDocumentKind::CreditMemo, false) => Some(LinkKind::Credits),
        (LedgerDocumentKind::Invoice | LedgerDocumentKind::CashSale, false) => {
            Some(LinkKind::Bills)
        }
        (LedgerDocumentKind::Invoice | LedgerDocumentKind::CashSale, true) => None,
    }
}
