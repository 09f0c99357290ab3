//! What every section asks: who is who, where a record has a page, what a source agreed with.

use std::collections::BTreeMap;

use tieout_domain::books::positions::{DealRow, LinkedDocument};
use tieout_domain::books::proof::SourceMeasure;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::dates::{date_in_zone, days_between};
use tieout_domain::facts::{Deal, Document, LedgerDocumentKind, Stream};
use tieout_domain::figures::DealFigures;
use tieout_domain::ids::{CustomerId, DealId, DocumentId};
use tieout_domain::matching::DocumentRef;
use tieout_domain::{Currency, Money};
use tieout_engine::LedgerView;
use tieout_report::{Cell, print_moment};

use super::completeness::Compared;
use super::context::{Context, Lack};
use super::sheet::link;
use super::witness::Witness;
use super::words;
use crate::codes::Code;
use crate::views::deals::stream_of;

/// One report at work.
pub(super) struct Desk<'a> {
    pub(super) view: &'a LedgerView,
    pub(super) reconciliation: &'a Reconciliation,
    pub(super) context: &'a Context<'a>,
    pub(super) compared: &'a [Compared<'a>],
    pub(super) witness: Witness<'a>,
    deals: BTreeMap<&'a DealId, &'a Deal>,
    documents: BTreeMap<(LedgerDocumentKind, &'a DocumentId), &'a Document>,
    rows: BTreeMap<&'a DealId, &'a DealRow>,
    accounts: BTreeMap<&'a CustomerId, &'a str>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        view: &'a LedgerView,
        reconciliation: &'a Reconciliation,
        context: &'a Context<'a>,
        compared: &'a [Compared<'a>],
    ) -> Self {
        let books = &view.books;
        let names = (context.crm.name.as_str(), context.ledger.name.as_str());
        let complete = context.gaps.is_empty() && books.unreadable.is_empty();
        let customers = books.customers.iter().map(|it| (&it.id, it.name.as_str()));
        let accounts = reconciliation.receivables.by_account.iter();
        let accounts = accounts
            .flat_map(|row| row.customers.iter().map(|customer| (customer, row.name.as_str())));
        Self {
            view,
            reconciliation,
            context,
            compared,
            witness: Witness::new(view, reconciliation, compared, names, complete),
            deals: books.deals.iter().map(|deal| (&deal.id, deal)).collect(),
            documents: books.documents.iter().map(|it| ((it.kind, &it.id), it)).collect(),
            rows: reconciliation.rows.iter().map(|row| (&row.deal, row)).collect(),
            accounts: customers.chain(accounts).collect(),
        }
    }

    /// The currency whose totals the tie-outs prove; its rows stand first.
    pub(super) const fn functional(&self) -> Currency {
        self.view.frame.functional
    }

    pub(super) fn is_complete(&self) -> bool {
        self.context.gaps.is_empty() && self.view.books.unreadable.is_empty()
    }

    /// Why the data is incomplete, with the number of unreadable records where no run told it.
    pub(super) fn gaps(&self) -> Vec<Lack> {
        let mut gaps = self.context.gaps.clone();
        let aside = self.view.books.unreadable.len() as u64;
        if gaps.is_empty() && aside > 0 {
            let records = words::counted(aside, "record is", "records are");
            let what = format!("{records} kept aside because they cannot be read");
            gaps.push(Lack::new(what, Code::RecordQuarantined.next_step()));
        }
        gaps
    }

    /// When the sources were read, in the entity's zone.
    pub(super) fn read_at(&self) -> Option<String> {
        let at = self.context.read_at?;
        Some(print_moment(&words::zoned(at, &self.view.frame.time_zone)))
    }

    /// The day up to which ages are counted: that of the moment of knowledge.
    pub(super) fn known_on(&self) -> jiff::civil::Date {
        date_in_zone(self.view.at, &self.view.frame.time_zone)
    }

    /// Days from a day to the day of knowledge; none for a day that is yet to come.
    pub(super) fn age(&self, since: jiff::civil::Date) -> u64 {
        u64::try_from(days_between(since, self.known_on())).unwrap_or_default()
    }

    /// The system that states a measure.
    pub(super) fn system_of(&self, measure: SourceMeasure) -> &str {
        match measure {
            SourceMeasure::WonDeals => &self.context.crm.name,
            _ => &self.context.ledger.name,
        }
    }

    /// The currency of a deal, also of one whose amount is unknown.
    pub(super) fn currency_of(&self, row: &DealRow) -> Currency {
        let known = self.deals.get(&row.deal).map(|deal| deal.currency);
        let figured = row.figures.as_ref().map(|figures| figures.contract.currency());
        known.or(figured).unwrap_or_else(|| self.functional())
    }

    pub(super) fn row(&self, deal: &DealId) -> Option<&'a DealRow> {
        self.rows.get(deal).copied()
    }

    pub(super) fn document(&self, of: &DocumentRef) -> Option<&'a Document> {
        self.documents.get(&(of.kind, &of.id)).copied()
    }

    /// The Account that a customer's receivables are shown under, else the customer itself.
    pub(super) fn account_of(&self, customer: &CustomerId) -> &'a str {
        self.accounts.get(customer).copied().unwrap_or_default()
    }

    /// How a deal is called: its reference, else its id.
    pub(super) fn deal_word(&self, deal: &DealId) -> String {
        let reference = self.deals.get(deal).and_then(|deal| deal.reference.clone());
        reference.unwrap_or_else(|| deal.to_string())
    }

    /// A deal as a link to its page.
    pub(super) fn deal_cell(&self, deal: &DealId) -> Cell {
        link(self.deal_word(deal), (self.context.link)(Stream::Deals, deal.as_str()))
    }

    /// A ledger document as a link to its page: its number, else its id.
    pub(super) fn document_cell(&self, of: &DocumentRef, number: Option<&str>) -> Cell {
        let words = number.unwrap_or(of.id.as_str());
        link(words, (self.context.link)(stream_of(of.kind), of.id.as_str()))
    }

    /// Numbers of the deal's documents that count at the as-of day.
    pub(super) fn document_words(&self, row: &DealRow) -> String {
        let number =
            |it: &LinkedDocument| it.number.clone().unwrap_or_else(|| it.document.to_string());
        let counting = row.documents.iter().filter(|document| !document.after_as_of);
        counting.map(number).collect::<Vec<_>>().join(", ")
    }
}

/// What a document is called.
pub(super) const fn kind_word(kind: LedgerDocumentKind) -> &'static str {
    match kind {
        LedgerDocumentKind::Invoice => "Invoice",
        LedgerDocumentKind::CreditMemo => "Credit",
        LedgerDocumentKind::CashSale => "Cash sale",
    }
}

/// Picks one figure of a deal.
pub(super) type Figure = fn(&DealFigures) -> Money;

/// One figure of a deal; `None` where its amount is unknown.
pub(super) fn figure(row: &DealRow, of: Figure) -> Option<Money> {
    row.figures.as_ref().map(of)
}
