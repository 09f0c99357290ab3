//! A store in a folder of its own, and records to put into it.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Connection;
use tempfile::TempDir;
use tieout_domain::effect::{DocumentKind, EffectState};
use tieout_domain::facts::{
    Account, Address, Application, ApplicationKind, Document, DocumentLine, DocumentStatus, Fact,
    Gone, LedgerDocumentKind, QuarantineReason, Quarantined, Receipt, Stamp, Stream, Traits,
};
use tieout_domain::ids::{
    AccountId, ConnectionId, CrmOrgId, CustomerId, DealId, DocumentId, LedgerId, ReceiptId, RunId,
};
use tieout_domain::{Currency, Money};

use crate::{
    ConnectionRecord, CursorProgress, DatabaseKey, Decided, Effect, EffectKind, RecordOutcome,
    RecordedPage, Role, RunRecord, Store, StoreError,
};

/// A name that must never be found in a file.
pub(super) const CUSTOMER_NAME: &str = "Nordlicht Optik GmbH";
pub(super) const KEY_BYTES: [u8; 32] = [0xA7; 32];

pub(super) fn key() -> DatabaseKey {
    DatabaseKey::new(KEY_BYTES)
}

pub(super) struct Bench {
    pub(super) folder: TempDir,
    pub(super) store: Store,
}

impl Bench {
    /// With a CRM `crm`, a ledger `books` and a run `r1`.
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(&folder.path().join("workspace.db"), &key()).unwrap();
        for (id, role) in [("crm", Role::Crm), ("books", Role::Ledger)] {
            store.save_connection(&connection_record(id, role)).unwrap();
        }
        store.start_run(&run_record("r1")).unwrap();
        Self { folder, store }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("workspace.db")
    }

    /// A second connection that knows the key and none of our rules.
    pub(super) fn raw(&self) -> Connection {
        let raw = Connection::open(self.path()).unwrap();
        raw.execute_batch(&key().pragma()).unwrap();
        raw
    }

    /// Records facts of the ledger observed at a moment, outside any feed.
    pub(super) fn observe(&mut self, at: &str, facts: &[Fact]) -> RecordOutcome {
        self.record(at, facts, &[], CursorProgress::Unmoved)
    }

    pub(super) fn record(
        &mut self,
        at: &str,
        facts: &[Fact],
        quarantined: &[Quarantined],
        progress: CursorProgress,
    ) -> RecordOutcome {
        self.try_record(at, facts, quarantined, progress).unwrap()
    }

    pub(super) fn try_record(
        &mut self,
        at: &str,
        facts: &[Fact],
        quarantined: &[Quarantined],
        progress: CursorProgress,
    ) -> Result<RecordOutcome, StoreError> {
        self.store.record(RecordedPage {
            connection: &books(),
            run: &run(),
            stream: Stream::Invoices,
            observed_at: time(at),
            facts,
            quarantined,
            progress,
        })
    }
}

pub(super) fn connection_record(id: &str, role: Role) -> ConnectionRecord {
    ConnectionRecord {
        id: ConnectionId::new(id).unwrap(),
        brand: "brand".into(),
        role,
        name: "Company".into(),
        settings: "{}".into(),
        created_at: time("06-01"),
        writing: true,
        disconnected_at: None,
    }
}

pub(super) fn run_record(id: &str) -> RunRecord {
    RunRecord {
        id: RunId::new(id).unwrap(),
        kind: "sync".into(),
        started_at: time("06-01"),
        trigger: "button".into(),
    }
}

pub(super) fn crm() -> ConnectionId {
    ConnectionId::new("crm").unwrap()
}

pub(super) fn books() -> ConnectionId {
    ConnectionId::new("books").unwrap()
}

pub(super) fn run() -> RunId {
    RunId::new("r1").unwrap()
}

/// Noon UTC of a day in 2026 (`06-30`), or a whole time of that year (`06-30T12:00:01`).
pub(super) fn time(text: &str) -> Timestamp {
    let clock = if text.contains('T') { "" } else { "T12:00:00" };
    format!("2026-{text}{clock}Z").parse().unwrap()
}

pub(super) fn date(text: &str) -> Date {
    format!("2026-{text}").parse().unwrap()
}

pub(super) fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::parse("USD").unwrap())
}

pub(super) fn stamp(version: &str, modified: &str) -> Stamp {
    Stamp { version: version.into(), modified_at: time(modified), deleted: false }
}

pub(super) fn account(id: &str, name: &str) -> Account {
    Account {
        id: AccountId::new(id).unwrap(),
        stamp: stamp("1", "06-01"),
        name: name.into(),
        parent: None,
        number: None,
        owner: None,
        website: None,
        address: Address::default(),
        tax_number: None,
        currency: None,
        merged_into: None,
        traits: Traits::new(),
    }
}

/// An invoice of one line whose net is its total.
pub(super) fn invoice(id: &str, version: &str, modified: &str, total: i64) -> Document {
    Document {
        id: DocumentId::new(id).unwrap(),
        stamp: stamp(version, modified),
        kind: LedgerDocumentKind::Invoice,
        number: Some(format!("INV-{id}")),
        customer: CustomerId::new("c1").unwrap(),
        currency: usd(0).currency(),
        effective_on: date("06-10"),
        due_on: Some(date("07-10")),
        terms_days: Some(30),
        net: usd(total),
        tax: usd(0),
        total: usd(total),
        balance_now: usd(total),
        status: DocumentStatus::Open,
        key: None,
        deal_reference: None,
        order_number: None,
        memo: Some(CUSTOMER_NAME.into()),
        exchange_rate: None,
        disputed: false,
        lines: vec![DocumentLine {
            position: 1,
            item: None,
            description: Some("Licence".into()),
            quantity: Some("1".parse().unwrap()),
            unit_price: None,
            amount: usd(total),
            tax_code: None,
        }],
    }
}

pub(super) fn invoice_fact(id: &str, version: &str, modified: &str, total: i64) -> Fact {
    Fact::Document(invoice(id, version, modified, total))
}

pub(super) fn receipt(id: &str, amount: i64) -> Receipt {
    Receipt {
        id: ReceiptId::new(id).unwrap(),
        stamp: stamp("1", "06-20"),
        customer: CustomerId::new("c1").unwrap(),
        effective_on: date("06-20"),
        amount: usd(amount),
        unapplied_now: usd(0),
        reference: None,
        voided: false,
        applications: vec![Application {
            kind: ApplicationKind::Cash,
            document: DocumentId::new("1").unwrap(),
            document_kind: LedgerDocumentKind::Invoice,
            credit: None,
            amount: usd(amount),
            applied_on: date("06-20"),
            source_effective_on: date("06-20"),
        }],
    }
}

pub(super) fn gone(stream: Stream, id: &str, at: &str) -> Fact {
    Fact::Gone(Gone { stream, id: id.into(), deleted_at: time(at) })
}

pub(super) fn quarantined(id: &str, raw: &str) -> Quarantined {
    Quarantined {
        stream: Stream::Invoices,
        id: id.into(),
        reason: QuarantineReason::TooPrecise,
        path: "TotalAmt".into(),
        excerpt: "10.005".into(),
        raw: raw.into(),
    }
}

pub(super) fn decided(actor: &str, at: &str) -> Decided {
    Decided { actor: actor.into(), at: time(at), reason: "checked by phone".into() }
}

/// A promised invoice of deal `d1`.
pub(super) fn effect(key: &str) -> Effect {
    Effect {
        key: key.into(),
        kind: EffectKind::Document,
        connection: books(),
        org: CrmOrgId::new("org").unwrap(),
        ledger: Some(LedgerId::new("qbo:1").unwrap()),
        deal: Some(DealId::new("d1").unwrap()),
        document_kind: Some(DocumentKind::Invoice),
        sequence: 1,
        content_hash: "hash-1".into(),
        payload: "{}".into(),
        state: EffectState::Intended,
        attempt_group: 1,
        created_at: time("06-10"),
        first_sent_at: None,
        last_sent_at: None,
        not_before: None,
        next_ask_at: None,
        empty_answers: 0,
        attempts: 0,
        result_id: None,
        error_code: None,
        error_text: None,
        run: run(),
    }
}
