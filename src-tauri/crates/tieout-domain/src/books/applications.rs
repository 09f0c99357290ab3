//! What settles what: applications and refunds of a ledger, found by document
//! (`finance-domain §3 D6, §7 K8`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Books;
use crate::facts::{Application, ApplicationKind, Document, DocumentStatus, Receipt, Refund};
use crate::ids::DocumentId;
use crate::open::Settlement;

/// Whether a document counts in receivables: posted, not void, not deleted.
pub fn counts(document: &Document) -> bool {
    is_posted(document)
        && !matches!(document.status, DocumentStatus::Void | DocumentStatus::Unknown)
}

/// Whether a document is or was posted; a void one was, a draft is not.
pub(crate) fn is_posted(document: &Document) -> bool {
    !is_deleted(document) && document.status != DocumentStatus::Draft
}

/// By the record's own deletion or by its status word.
pub(crate) fn is_deleted(document: &Document) -> bool {
    document.stamp.deleted || document.status == DocumentStatus::Deleted
}

pub(crate) fn receipt_counts(receipt: &Receipt) -> bool {
    !receipt.stamp.deleted && !receipt.voided
}

/// Applications and refunds of a ledger, as far as both of their sides count. What was applied to
/// or from a document that counts as never issued is in effect on neither side.
pub(crate) struct ApplicationIndex<'a> {
    documents: BTreeMap<&'a DocumentId, &'a Document>,
    by_document: BTreeMap<&'a DocumentId, Vec<Application>>,
    by_credit: BTreeMap<&'a DocumentId, Vec<&'a Application>>,
    refunds: BTreeMap<&'a DocumentId, Vec<&'a Refund>>,
}

impl<'a> ApplicationIndex<'a> {
    pub(crate) fn new(books: &'a Books) -> Self {
        let documents = books.documents.iter().map(|document| (&document.id, document));
        let mut index = Self {
            documents: documents.collect(),
            by_document: BTreeMap::new(),
            by_credit: BTreeMap::new(),
            refunds: BTreeMap::new(),
        };
        let receipts = books.receipts.iter().filter(|receipt| receipt_counts(receipt));
        let journals = books.journals.iter().filter(|journal| !journal.stamp.deleted);
        let all = receipts
            .flat_map(|receipt| &receipt.applications)
            .chain(journals.flat_map(|journal| &journal.applications));
        for application in all.filter(|application| index.in_force(application)).collect::<Vec<_>>()
        {
            let credit_on = application.credit.as_ref().and_then(|id| index.documents.get(id));
            let mut seen = application.clone();
            if let Some(credit) = credit_on {
                seen.source_effective_on = seen.source_effective_on.max(credit.effective_on);
            }
            index.by_document.entry(&application.document).or_default().push(seen);
            if let Some(credit) = &application.credit {
                index.by_credit.entry(credit).or_default().push(application);
            }
        }
        let refunds = books.refunds.iter().filter(|it| !it.voided && !it.stamp.deleted);
        for refund in refunds {
            if let Some(credit) = refund.credit.as_ref().filter(|credit| index.is_issued(credit)) {
                index.refunds.entry(credit).or_default().push(refund);
            }
        }
        index
    }

    /// What settles a document.
    pub(crate) fn of(&self, document: &DocumentId) -> &[Application] {
        self.by_document.get(document).map_or(&[], Vec::as_slice)
    }

    /// What a credit memo is used for.
    pub(crate) fn using(&self, credit: &DocumentId) -> &[&'a Application] {
        self.by_credit.get(credit).map_or(&[], Vec::as_slice)
    }

    /// Cash returned that uses up a credit memo.
    pub(crate) fn refunds_of(&self, credit: &DocumentId) -> &[&'a Refund] {
        self.refunds.get(credit).map_or(&[], Vec::as_slice)
    }

    /// Every refund that uses up a credit memo that counts, with the day on which it does.
    pub(crate) fn refunds(&self) -> impl Iterator<Item = (&'a Refund, Date)> {
        self.refunds.iter().flat_map(|(credit, refunds)| {
            let issued = self.documents.get(credit).map(|document| document.effective_on);
            refunds.iter().map(move |refund| {
                let own = refund.effective_on;
                (*refund, issued.map_or(own, |issued| own.max(issued)))
            })
        })
    }

    /// What lowers the unapplied part of a receipt.
    pub(crate) fn settlements_of(&self, receipt: &Receipt) -> Vec<Settlement> {
        let cash = receipt.applications.iter().filter(|it| it.kind == ApplicationKind::Cash);
        cash.filter(|application| self.in_force(application))
            .map(|application| self.of_source(application, receipt.effective_on))
            .collect()
    }

    /// What lowers the unapplied part of a credit memo.
    pub(crate) fn settlements_of_credit(&self, credit: &Document) -> Vec<Settlement> {
        let used = self.using(&credit.id).iter();
        let used = used.map(|application| self.of_source(application, credit.effective_on));
        let refunds = self.refunds_of(&credit.id).iter().map(|refund| Settlement {
            amount: refund.amount,
            applied_on: refund.effective_on,
            counterpart_effective_on: refund.effective_on,
        });
        used.chain(refunds).collect()
    }

    /// An application as its source sees it; a document that was not read takes the source's date.
    fn of_source(&self, application: &Application, source_on: Date) -> Settlement {
        let document_on = self.documents.get(&application.document).map(|it| it.effective_on);
        let seen = Settlement::of_source(application, document_on.unwrap_or(source_on));
        // Both sides of an application move on one day.
        Settlement { applied_on: seen.applied_on.max(application.source_effective_on), ..seen }
    }

    /// Both sides count, as far as they are known.
    pub(crate) fn in_force(&self, application: &Application) -> bool {
        let credit = application.credit.as_ref();
        self.is_issued(&application.document) && credit.is_none_or(|id| self.is_issued(id))
    }

    fn is_issued(&self, id: &DocumentId) -> bool {
        self.documents
            .get(id)
            .is_none_or(|document| is_posted(document) && document.status != DocumentStatus::Void)
    }

    pub(crate) fn document(&self, id: &DocumentId) -> Option<&'a Document> {
        self.documents.get(id).copied()
    }
}
