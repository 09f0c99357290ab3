//! QuickBooks as a ledger of the third replay class: it refuses a second document with our number,
//! as other tools refuse a second one with our id, and nothing else keeps one away.

use async_trait::async_trait;
use jiff::civil::Date;
use tieout_connect::ports::{
    Answer, ControlTotal, CustomerSnapshot, DateRange, Ledger, Page, Probe, ProposedCustomer,
    ProposedDocument, ReadRequest, Source,
};
use tieout_domain::effect::Replay;
use tieout_domain::facts::{Customer, Document, LedgerDocumentKind, Receipt, Stream};
use tieout_domain::ids::{CustomerId, DocumentId, LedgerId, ReceiptId};
use tieout_quickbooks::QuickBooks;

pub struct Unique(pub QuickBooks);

#[async_trait]
impl Source for Unique {
    async fn probe(&self) -> Answer<Probe> {
        let mut probe = self.0.probe().await?;
        probe.capabilities.replay = Replay::UniqueExternalId;
        Ok(probe)
    }

    async fn read(&self, request: &ReadRequest) -> Answer<Page> {
        self.0.read(request).await
    }

    async fn ids(&self, stream: Stream) -> Answer<Option<Vec<String>>> {
        self.0.ids(stream).await
    }

    async fn shape(&self, stream: Stream) -> Answer<Option<String>> {
        self.0.shape(stream).await
    }

    fn requests_sent(&self) -> u64 {
        self.0.requests_sent()
    }

    fn deep_link(&self, stream: Stream, id: &str) -> Option<String> {
        self.0.deep_link(stream, id)
    }
}

#[async_trait]
impl Ledger for Unique {
    fn ledger(&self) -> &LedgerId {
        self.0.ledger()
    }

    async fn period_totals(&self, range: DateRange) -> Answer<Vec<ControlTotal>> {
        self.0.period_totals(range).await
    }

    async fn balance_totals(&self, as_of: Date) -> Answer<Vec<ControlTotal>> {
        self.0.balance_totals(as_of).await
    }

    async fn create(&self, proposal: &ProposedDocument, attempt_group: u32) -> Answer<Document> {
        self.0.create(proposal, attempt_group).await
    }

    async fn find(&self, proposal: &ProposedDocument) -> Answer<Option<Document>> {
        self.0.find(proposal).await
    }

    async fn customer_candidates(&self, proposal: &ProposedCustomer) -> Answer<Vec<Customer>> {
        self.0.customer_candidates(proposal).await
    }

    async fn create_customer(&self, proposal: &ProposedCustomer) -> Answer<Customer> {
        self.0.create_customer(proposal).await
    }

    async fn customer(&self, id: &CustomerId) -> Answer<CustomerSnapshot> {
        self.0.customer(id).await
    }

    async fn document(
        &self,
        kind: LedgerDocumentKind,
        id: &DocumentId,
    ) -> Answer<Option<Document>> {
        self.0.document(kind, id).await
    }

    async fn receipt(&self, id: &ReceiptId) -> Answer<Option<Receipt>> {
        self.0.receipt(id).await
    }
}
