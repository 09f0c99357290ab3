//! Facts into matching: deals and documents of the ledger as `matching` sees them.

use std::collections::{BTreeMap, BTreeSet};

use super::applications::is_deleted;
use super::population::Agreements;
use super::receivables::ApplicationIndex;
use super::{Books, BooksError, Frame};
use crate::facts::{
    ApplicationKind, Deal, DealLine, Document, DocumentStatus, LedgerDocumentKind, Product,
};
use crate::identity::{Clusters, ItemIndex, ItemMapping};
use crate::ids::{DealId, DocumentId, ItemId, ProductId};
use crate::matching::{
    CreditApplication, Decided, Decision, DocumentRef, MatchDeal, MatchDocument, MatchInput,
    MatchPolicy, Matches, match_documents,
};
use crate::salesforce_id::salesforce_id_18;

/// The item of the ledger that each deal line sells, where its product is mapped to one.
pub(super) struct ProductItems<'a> {
    products: BTreeMap<&'a ProductId, &'a Product>,
    items: ItemIndex<'a>,
}

impl<'a> ProductItems<'a> {
    pub(super) fn new(books: &'a Books) -> Self {
        let products = books.products.iter().map(|product| (&product.id, product));
        Self { products: products.collect(), items: ItemIndex::new(&books.items) }
    }

    pub(super) fn of(&self, line: &DealLine) -> Option<ItemId> {
        let product = self.products.get(line.product.as_ref()?)?;
        match self.items.map(product.external_id.as_deref()) {
            ItemMapping::Mapped(item) => Some(item),
            _ => None,
        }
    }
}

/// Groups deals and documents of the ledger, with people's decisions first.
pub fn matches(books: &Books, frame: &Frame) -> Result<Matches, BooksError> {
    let agreements = Agreements::new(books);
    let deals = match_deals(books, &agreements)?;
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

fn match_deals(books: &Books, agreements: &Agreements<'_>) -> Result<Vec<MatchDeal>, BooksError> {
    let items = ProductItems::new(books);
    let assigned = books.deals.iter().filter(|deal| books.keeps(&deal.id));
    let named = named_deals(books);
    let deals = assigned.filter(|deal| {
        let reference = deal.reference.as_deref().map(str::trim);
        deal.won
            || books.keys.contains_key(&deal.id)
            || named.contains(deal.id.as_str())
            || reference.is_some_and(|reference| named.contains(reference))
    });
    deals.map(|deal| match_deal(deal, books, agreements, &items)).collect()
}

/// What documents and people call deals: one that is no longer won may still be billed.
fn named_deals(books: &Books) -> BTreeSet<String> {
    let references = books.documents.iter().filter_map(|it| it.deal_reference.as_deref());
    let references = references.flat_map(|reference| {
        let long = salesforce_id_18(reference.trim()).ok();
        [Some(reference.trim().to_owned()), long].into_iter().flatten()
    });
    let decided = books.document_decisions.iter().map(|it| it.deal.to_string());
    references.chain(decided).collect()
}

fn match_deal(
    deal: &Deal,
    books: &Books,
    agreements: &Agreements<'_>,
    items: &ProductItems<'_>,
) -> Result<MatchDeal, BooksError> {
    let mapped = agreements.lines(&deal.id).iter().filter_map(|line| items.of(line));
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
    let documents = books.documents.iter();
    documents.map(|document| match_document(document, &index)).collect()
}

fn match_document(document: &Document, index: &ApplicationIndex<'_>) -> MatchDocument {
    let applied = index.using(&document.id).iter();
    let applications = applied
        .filter(|application| application.kind == ApplicationKind::Credit)
        .map(|application| {
            let invoice_on = index.document(&application.document).map(|it| it.effective_on);
            CreditApplication {
                invoice: DocumentRef::invoice(application.document.clone()),
                amount: application.amount,
                effective_on: application
                    .applied_on
                    .max(application.source_effective_on)
                    .max(document.effective_on)
                    .max(invoice_on.unwrap_or(document.effective_on)),
            }
        })
        .collect();
    let items: BTreeSet<ItemId> =
        document.lines.iter().filter_map(|line| line.item.clone()).collect();
    let status = if is_deleted(document) { DocumentStatus::Deleted } else { document.status };
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
    let kinds: BTreeMap<&DocumentId, LedgerDocumentKind> =
        books.documents.iter().map(|document| (&document.id, document.kind)).collect();
    let kind_of =
        |document: &DocumentId| kinds.get(document).copied().unwrap_or(LedgerDocumentKind::Invoice);
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
