//! One ledger's books with the frame to look at them in.

use jiff::Timestamp;
use jiff::civil::Date;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::proof::SourceTotal;
use tieout_domain::books::reconciliation::{Reconciliation, reconcile};
use tieout_domain::books::{Books, Frame};
use tieout_domain::facts::Application;
use tieout_domain::ids::{ConnectionId, DocumentId, RunId};

use crate::error::EngineError;

/// As of which day, and as known when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownAt {
    pub as_of: Date,
    /// `None`: now.
    pub known_at: Option<Timestamp>,
}

/// One ledger's books with the frame to look at them in.
#[derive(Clone, Debug)]
pub struct LedgerView {
    pub connection: ConnectionId,
    pub company: String,
    pub sandbox: bool,
    pub books: Books,
    pub frame: Frame,
    pub sources: Vec<SourceTotal>,
    /// The moment of knowledge.
    pub at: Timestamp,
    /// The run that fetched the source totals.
    pub run: Option<RunId>,
}

impl LedgerView {
    /// Reconciles these books.
    pub fn reconcile(&self) -> Result<Reconciliation, EngineError> {
        Ok(reconcile(&self.books, &self.frame, &self.sources)?)
    }

    /// The last day on which anything was applied to a fully paid deal's invoices.
    pub fn paid_on(&self, row: &DealRow) -> Option<Date> {
        let paid = row
            .figures
            .as_ref()
            .is_some_and(|figures| figures.open.is_zero() && !figures.billed_incl_tax.is_zero());
        let of_deal = |id: &DocumentId| row.documents.iter().any(|it| it.document == *id);
        let dates = self.applications().filter(|application| {
            of_deal(&application.document) && application.applied_on <= self.frame.as_of
        });
        if paid { dates.map(|application| application.applied_on).max() } else { None }
    }

    fn applications(&self) -> impl Iterator<Item = &Application> {
        self.books
            .receipts
            .iter()
            .filter(|receipt| !receipt.voided && !receipt.stamp.deleted)
            .flat_map(|receipt| &receipt.applications)
    }
}
