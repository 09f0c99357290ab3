//! Facts into matching: deals and documents of the ledger as `matching` sees them.

use std::collections::{BTreeMap, BTreeSet};

use super::population::{Agreements, is_assigned};
use super::receivables::ApplicationIndex;
use super::{Books, BooksError, Frame};
use crate::facts::{ApplicationKind, Deal, Document, DocumentStatus, LedgerDocumentKind};
use crate::identity::{Clusters, ItemIndex, ItemMapping};
use crate::ids::{DealId, DocumentId, ItemId};
use crate::matching::{
    CreditApplication, Decided, Decision, DocumentRef, MatchDeal, MatchDocument, MatchInput,
    MatchPolicy, Matches, match_documents,
};

/// Groups deals and documents of the ledger, with people's decisions first.
pub fn matches(books: &Books, frame: &Frame) -> Result<Matches, BooksError> {
    let agreements = Agreements::new(books);
    let deals = match_deals(books, frame, &agreements)?;
    let documents = match_documents_of(books);
    let clusters = Clusters::build(&books.accounts, &books.identity);
    let input = MatchInput {
        deals: &deals,
        documents: &documents,
        customers: &clusters.customers_in(&books.ledger),
        decisions: &decisions(books),
        policy: MatchPolicy {
            rounding_limit_minor: frame.limits.rounding_minor(),
            ..MatchPolicy::default()
        },
    };
    match_documents(&input).map_err(BooksError::Match)
}

fn match_deals(
    books: &Books,
    frame: &Frame,
    agreements: &Agreements<'_>,
) -> Result<Vec<MatchDeal>, BooksError> {
    let items = ItemIndex::new(&books.items);
    let assigned = books.deals.iter().filter(|deal| is_assigned(deal, frame));
    let deals = assigned.filter(|deal| deal.won || books.keys.contains_key(&deal.id));
    deals.map(|deal| match_deal(deal, books, agreements, &items)).collect()
}

fn match_deal(
    deal: &Deal,
    books: &Books,
    agreements: &Agreements<'_>,
    items: &ItemIndex<'_>,
) -> Result<MatchDeal, BooksError> {
    let mapped = agreements.lines(&deal.id).iter().filter_map(|line| {
        let product = line.product.as_ref()?;
        let product = books.products.iter().find(|known| known.id == *product)?;
        match items.map(product.external_id.as_deref()) {
            ItemMapping::Mapped(item) => Some(item),
            _ => None,
        }
    });
    Ok(MatchDeal {
        id: deal.id.clone(),
        account: deal.account.clone(),
        currency: deal.currency,
        net: agreements.contract(deal)?,
        close_date: deal.close_date,
        won: deal.won && !deal.stamp.deleted,
        order_number: deal.order_number.clone(),
        reference: deal.reference.clone(),
        stored_documents: Vec::new(),
        keys: books.keys.get(&deal.id).cloned().unwrap_or_default(),
        items: mapped.collect(),
    })
}

fn match_documents_of(books: &Books) -> Vec<MatchDocument> {
    let index = ApplicationIndex::new(books);
    let dates: BTreeMap<&DocumentId, &Document> =
        books.documents.iter().map(|document| (&document.id, document)).collect();
    let documents = books.documents.iter();
    documents.map(|document| match_document(document, &index, &dates)).collect()
}

fn match_document(
    document: &Document,
    index: &ApplicationIndex<'_>,
    by_id: &BTreeMap<&DocumentId, &Document>,
) -> MatchDocument {
    let applied = index.using(&document.id).iter();
    let applications = applied
        .filter(|application| application.kind == ApplicationKind::Credit)
        .map(|application| {
            let invoice_on = by_id.get(&application.document).map(|known| known.effective_on);
            CreditApplication {
                invoice: DocumentRef::invoice(application.document.clone()),
                amount: application.amount,
                effective_on: application
                    .applied_on
                    .max(document.effective_on)
                    .max(invoice_on.unwrap_or(document.effective_on)),
            }
        })
        .collect();
    let items: BTreeSet<ItemId> =
        document.lines.iter().filter_map(|line| line.item.clone()).collect();
    let status = if document.stamp.deleted { DocumentStatus::Deleted } else { document.status };
    MatchDocument {
        reference: DocumentRef { kind: document.kind, id: document.id.clone() },
        number: document.number.clone(),
        customer: document.customer.clone(),
        currency: document.currency,
        effective_on: document.effective_on,
        net: document.net,
        total: document.total,
        status,
        key: document.key.clone(),
        deal_reference: document.deal_reference.clone(),
        order_number: document.order_number.clone(),
        items,
        credited_invoices: Vec::new(),
        applications,
    }
}

fn decisions(books: &Books) -> Vec<Decision> {
    let kind_of = |document: &DocumentId| {
        let known = books.documents.iter().find(|known| known.id == *document);
        known.map_or(LedgerDocumentKind::Invoice, |known| known.kind)
    };
    let about_documents = books.document_decisions.iter().map(|decision| {
        let document =
            DocumentRef { kind: kind_of(&decision.document), id: decision.document.clone() };
        let deal: DealId = decision.deal.clone();
        Decision {
            decided: if decision.linked {
                Decided::Belongs { deal, document, allocated: decision.allocated }
            } else {
                Decided::DoesNotBelong { deal, document }
            },
            by: decision.by.clone(),
            reason: decision.reason.clone(),
            at: decision.at,
        }
    });
    let about_deals = books.exclusions.iter().map(|exclusion| Decision {
        decided: Decided::DealAside { deal: exclusion.deal.clone() },
        by: exclusion.by.clone(),
        reason: exclusion.reason.clone(),
        at: exclusion.at,
    });
    about_documents.chain(about_deals).collect()
}
