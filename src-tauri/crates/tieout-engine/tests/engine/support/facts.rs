//! Facts with everything that the gates ask for.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_domain::facts::{
    Account, Address, Application, ApplicationKind, Customer, Deal, DealLine, Document,
    DocumentLine, DocumentStatus, Fact, Item, LedgerDocumentKind, Product, QuarantineReason,
    Quarantined, Receipt, ScheduleLine, Stamp, Stream, Traits,
};
use tieout_domain::ids::{
    AccountId, CustomerId, DealId, DealLineId, DocumentId, ItemId, ProductId, ReceiptId,
    ScheduleLineId,
};
use tieout_domain::{Currency, Money};

pub const CHANGED: &str = "2026-07-02T10:00:00Z";

pub fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

pub fn eur() -> Currency {
    Currency::parse("EUR").unwrap()
}

pub fn money(minor: i64) -> Money {
    Money::from_minor(minor, usd())
}

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn stamp(version: &str, at: &str) -> Stamp {
    Stamp { version: version.into(), modified_at: time(at), deleted: false }
}

pub fn account(id: &str, name: &str) -> Fact {
    Fact::Account(Account {
        id: AccountId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        name: name.into(),
        parent: None,
        number: None,
        owner: None,
        website: None,
        address: Address::default(),
        tax_number: None,
        currency: Some(usd()),
        merged_into: None,
        traits: Traits::new(),
    })
}

pub fn product(id: &str, code: &str) -> Fact {
    Fact::Product(Product {
        id: ProductId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        name: format!("Product {code}"),
        code: None,
        external_id: Some(code.into()),
        family: None,
        active: true,
    })
}

pub fn deal(id: &str, account: &str, minor: i64) -> Fact {
    Fact::Deal(a_deal(id, account, minor))
}

pub fn a_deal(id: &str, account: &str, minor: i64) -> Deal {
    Deal {
        id: DealId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        name: format!("Deal {id}"),
        account: Some(AccountId::new(account).unwrap()),
        stage: "Closed Won".into(),
        won: true,
        closed: true,
        amount: Some(money(minor)),
        currency: usd(),
        close_date: date("2026-07-01"),
        kind: None,
        record_type: None,
        owner: None,
        has_lines: true,
        order_number: None,
        reference: None,
        stage_changed_at: Some(time("2026-07-01T12:00:00Z")),
        created_at: Some(time("2026-05-01T12:00:00Z")),
        traits: Traits::new(),
    }
}

pub fn line(id: &str, deal: &str, product: &str, minor: i64) -> Fact {
    Fact::DealLine(DealLine {
        id: DealLineId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        deal: DealId::new(deal).unwrap(),
        product: Some(ProductId::new(product).unwrap()),
        product_code: None,
        description: Some("Sensors".into()),
        quantity: Decimal::ONE,
        unit_price: Some(money(minor).to_decimal()),
        discount: None,
        total: money(minor),
        service_date: None,
        position: 1,
    })
}

pub fn schedule(id: &str, line: &str, due: &str, minor: i64) -> Fact {
    Fact::ScheduleLine(ScheduleLine {
        id: ScheduleLineId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        line: DealLineId::new(line).unwrap(),
        due_on: date(due),
        amount: money(minor),
    })
}

pub fn customer(id: &str, name: &str, account: Option<&str>) -> Fact {
    Fact::Customer(a_customer(id, name, account))
}

pub fn a_customer(id: &str, name: &str, account: Option<&str>) -> Customer {
    Customer {
        id: CustomerId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        name: name.into(),
        legal_name: None,
        currency: Some(usd()),
        address: Address::default(),
        email: None,
        website: None,
        tax_number: None,
        account: account.map(|account| AccountId::new(account).unwrap()),
        terms_days: Some(30),
        tax_code: None,
        active: true,
        parent: None,
    }
}

pub fn item(id: &str, code: &str) -> Fact {
    Fact::Item(Item {
        id: ItemId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        name: format!("Item {code}"),
        code: Some(code.into()),
        kind: "Service".into(),
        active: true,
        tax_code: None,
    })
}

/// An invoice that somebody wrote by hand.
pub fn invoice(id: &str, customer: &str, minor: i64) -> Fact {
    Fact::Document(a_document(id, customer, money(minor)))
}

pub fn a_document(id: &str, customer: &str, net: Money) -> Document {
    Document {
        id: DocumentId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        kind: LedgerDocumentKind::Invoice,
        number: Some(format!("INV-{id}")),
        customer: CustomerId::new(customer).unwrap(),
        currency: net.currency(),
        effective_on: date("2026-07-02"),
        due_on: Some(date("2026-08-01")),
        terms_days: None,
        net,
        tax: Money::zero(net.currency()),
        total: net,
        balance_now: net,
        status: DocumentStatus::Open,
        key: None,
        deal_reference: None,
        order_number: None,
        memo: None,
        exchange_rate: None,
        disputed: false,
        lines: vec![DocumentLine {
            position: 1,
            item: None,
            description: None,
            quantity: None,
            unit_price: None,
            amount: net,
            tax_code: None,
        }],
    }
}

/// Cash for one invoice.
pub fn receipt(id: &str, customer: &str, invoice: &str, minor: i64, on: &str) -> Fact {
    Fact::Receipt(Receipt {
        id: ReceiptId::new(id).unwrap(),
        stamp: stamp("1", CHANGED),
        customer: CustomerId::new(customer).unwrap(),
        effective_on: date(on),
        amount: money(minor),
        unapplied_now: money(0),
        reference: None,
        voided: false,
        applications: vec![Application {
            kind: ApplicationKind::Cash,
            document: DocumentId::new(invoice).unwrap(),
            document_kind: LedgerDocumentKind::Invoice,
            credit: None,
            amount: money(minor),
            applied_on: date(on),
            source_effective_on: date(on),
        }],
    })
}

pub fn unreadable(stream: Stream, id: &str) -> Quarantined {
    Quarantined {
        stream,
        id: id.into(),
        reason: QuarantineReason::TooPrecise,
        path: "TotalAmt".into(),
        excerpt: "10.005".into(),
        raw: r#"{"TotalAmt":10.005}"#.into(),
    }
}
