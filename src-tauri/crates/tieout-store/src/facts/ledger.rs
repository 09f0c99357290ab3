//! Facts of the ledgers as cells.

use rusqlite::types::Value;
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::{
    Application, Customer, Document, DocumentLine, Item, Journal, JournalLine, LedgerDocumentKind,
    Receipt, Refund, Stamp, Stream,
};
use tieout_domain::ids::{
    AccountId, CustomerId, DocumentId, ItemId, JournalId, ReceiptId, RefundId,
};

use super::crm::{address, address_cells, key};
use super::form::{ChildLayout, ChildRows, Layout};
use crate::cell::{Cells, Reading};
use crate::error::StoreError;
use crate::words::{APPLICATION_KINDS, DOCUMENT_KINDS, DOCUMENT_STATUSES};

pub(super) const CUSTOMERS: Layout = Layout {
    table: "fact_customer",
    columns: &[
        "name",
        "legal_name",
        "currency",
        "street",
        "city",
        "region",
        "postal_code",
        "country",
        "email",
        "website",
        "tax_number",
        "account",
        "terms_days",
        "tax_code",
        "active",
        "parent",
    ],
    kind: None,
    children: &[],
};
pub(super) const ITEMS: Layout = Layout {
    table: "fact_item",
    columns: &["name", "code", "item_kind", "active", "tax_code"],
    kind: None,
    children: &[],
};
pub(super) const INVOICES: Layout = documents("invoice");
pub(super) const CREDIT_MEMOS: Layout = documents("credit_memo");
pub(super) const CASH_SALES: Layout = documents("cash_sale");
pub(super) const RECEIPTS: Layout = Layout {
    table: "fact_receipt",
    columns: &[
        "customer",
        "effective_on",
        "amount_minor",
        "amount_currency",
        "unapplied_minor",
        "unapplied_currency",
        "reference",
        "voided",
    ],
    kind: None,
    children: &[ChildLayout { table: "fact_receipt_application", columns: APPLICATION_COLUMNS }],
};
pub(super) const REFUNDS: Layout = Layout {
    table: "fact_refund",
    columns: &[
        "number",
        "customer",
        "effective_on",
        "amount_minor",
        "amount_currency",
        "credit",
        "voided",
    ],
    kind: None,
    children: &[],
};
pub(super) const JOURNALS: Layout = Layout {
    table: "fact_journal",
    columns: &["number", "effective_on", "memo"],
    kind: None,
    children: &[
        ChildLayout { table: "fact_journal_line", columns: JOURNAL_LINE_COLUMNS },
        ChildLayout { table: "fact_journal_application", columns: APPLICATION_COLUMNS },
    ],
};

const LINE_COLUMNS: &[&str] = &[
    "position",
    "item",
    "description",
    "quantity",
    "unit_price",
    "amount_minor",
    "amount_currency",
    "tax_code",
];
const JOURNAL_LINE_COLUMNS: &[&str] = &["position", "customer", "amount_minor", "amount_currency"];
const APPLICATION_COLUMNS: &[&str] = &[
    "kind",
    "document",
    "document_kind",
    "credit",
    "amount_minor",
    "amount_currency",
    "applied_on",
    "source_effective_on",
];

const fn documents(kind: &'static str) -> Layout {
    Layout {
        table: "fact_document",
        columns: &[
            "number",
            "customer",
            "currency",
            "effective_on",
            "due_on",
            "terms_days",
            "net_minor",
            "net_currency",
            "tax_minor",
            "tax_currency",
            "total_minor",
            "total_currency",
            "balance_minor",
            "balance_currency",
            "status",
            "transaction_key",
            "deal_reference",
            "order_number",
            "memo",
            "exchange_rate",
            "disputed",
        ],
        kind: Some(kind),
        children: &[ChildLayout { table: "fact_document_line", columns: LINE_COLUMNS }],
    }
}

pub(super) fn customer_cells(customer: &Customer) -> Vec<Value> {
    let named = Cells::new()
        .text(&customer.name)
        .opt_text(customer.legal_name.as_deref())
        .opt_currency(customer.currency);
    address_cells(named, &customer.address)
        .opt_text(customer.email.as_deref())
        .opt_text(customer.website.as_deref())
        .opt_text(customer.tax_number.as_deref())
        .opt_text(customer.account.as_ref().map(AccountId::as_str))
        .opt_int(customer.terms_days.map(i64::from))
        .opt_text(customer.tax_code.as_deref())
        .flag(customer.active)
        .opt_text(customer.parent.as_ref().map(CustomerId::as_str))
        .into_values()
}

pub(super) fn customer(
    id: &str,
    stamp: Stamp,
    cells: &mut Reading,
) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: key(CUSTOMERS.table, id, CustomerId::new)?,
        stamp,
        name: cells.text()?,
        legal_name: cells.opt_text()?,
        currency: cells.opt_currency()?,
        address: address(cells)?,
        email: cells.opt_text()?,
        website: cells.opt_text()?,
        tax_number: cells.opt_text()?,
        account: cells.opt_id(AccountId::new)?,
        terms_days: cells.opt_number()?,
        tax_code: cells.opt_text()?,
        active: cells.flag()?,
        parent: cells.opt_id(CustomerId::new)?,
    })
}

pub(super) fn item_cells(item: &Item) -> Vec<Value> {
    Cells::new()
        .text(&item.name)
        .opt_text(item.code.as_deref())
        .text(&item.kind)
        .flag(item.active)
        .opt_text(item.tax_code.as_deref())
        .into_values()
}

pub(super) fn item(id: &str, stamp: Stamp, cells: &mut Reading) -> Result<Item, StoreError> {
    Ok(Item {
        id: key(ITEMS.table, id, ItemId::new)?,
        stamp,
        name: cells.text()?,
        code: cells.opt_text()?,
        kind: cells.text()?,
        active: cells.flag()?,
        tax_code: cells.opt_text()?,
    })
}

pub(super) fn document_cells(document: &Document) -> Vec<Value> {
    Cells::new()
        .opt_text(document.number.as_deref())
        .text(document.customer.as_str())
        .text(document.currency.code())
        .date(document.effective_on)
        .opt_date(document.due_on)
        .opt_int(document.terms_days.map(i64::from))
        .money(document.net)
        .money(document.tax)
        .money(document.total)
        .money(document.balance_now)
        .text(DOCUMENT_STATUSES.word(document.status))
        .opt_text(document.key.as_ref().map(TransactionKey::as_str))
        .opt_text(document.deal_reference.as_deref())
        .opt_text(document.order_number.as_deref())
        .opt_text(document.memo.as_deref())
        .opt_decimal(document.exchange_rate)
        .flag(document.disputed)
        .into_values()
}

pub(super) fn document(
    stream: Stream,
    id: &str,
    stamp: Stamp,
    cells: &mut Reading,
    lines: ChildRows,
) -> Result<Document, StoreError> {
    Ok(Document {
        id: key(INVOICES.table, id, DocumentId::new)?,
        stamp,
        kind: match stream {
            Stream::CreditMemos => LedgerDocumentKind::CreditMemo,
            Stream::CashSales => LedgerDocumentKind::CashSale,
            _ => LedgerDocumentKind::Invoice,
        },
        number: cells.opt_text()?,
        customer: cells.id(CustomerId::new)?,
        currency: cells.currency()?,
        effective_on: cells.date()?,
        due_on: cells.opt_date()?,
        terms_days: cells.opt_number()?,
        net: cells.money()?,
        tax: cells.money()?,
        total: cells.money()?,
        balance_now: cells.money()?,
        status: cells.word(|word| DOCUMENT_STATUSES.parse(word))?,
        key: cells.opt_word(|text| TransactionKey::parse(text).ok())?,
        deal_reference: cells.opt_text()?,
        order_number: cells.opt_text()?,
        memo: cells.opt_text()?,
        exchange_rate: cells.opt_decimal()?,
        disputed: cells.flag()?,
        lines: read_rows(lines, "fact_document_line", LINE_COLUMNS, line)?,
    })
}

pub(super) fn line_rows(lines: &[DocumentLine]) -> ChildRows {
    let row = |line: &DocumentLine| {
        Cells::new()
            .int(i64::from(line.position))
            .opt_text(line.item.as_ref().map(ItemId::as_str))
            .opt_text(line.description.as_deref())
            .opt_decimal(line.quantity)
            .opt_decimal(line.unit_price)
            .money(line.amount)
            .opt_text(line.tax_code.as_deref())
            .into_values()
    };
    lines.iter().map(row).collect()
}

fn line(cells: &mut Reading) -> Result<DocumentLine, StoreError> {
    Ok(DocumentLine {
        position: cells.number()?,
        item: cells.opt_id(ItemId::new)?,
        description: cells.opt_text()?,
        quantity: cells.opt_decimal()?,
        unit_price: cells.opt_decimal()?,
        amount: cells.money()?,
        tax_code: cells.opt_text()?,
    })
}

pub(super) fn receipt_cells(receipt: &Receipt) -> Vec<Value> {
    Cells::new()
        .text(receipt.customer.as_str())
        .date(receipt.effective_on)
        .money(receipt.amount)
        .money(receipt.unapplied_now)
        .opt_text(receipt.reference.as_deref())
        .flag(receipt.voided)
        .into_values()
}

pub(super) fn receipt(
    id: &str,
    stamp: Stamp,
    cells: &mut Reading,
    applications: ChildRows,
) -> Result<Receipt, StoreError> {
    Ok(Receipt {
        id: key(RECEIPTS.table, id, ReceiptId::new)?,
        stamp,
        customer: cells.id(CustomerId::new)?,
        effective_on: cells.date()?,
        amount: cells.money()?,
        unapplied_now: cells.money()?,
        reference: cells.opt_text()?,
        voided: cells.flag()?,
        applications: read_applications("fact_receipt_application", applications)?,
    })
}

pub(super) fn refund_cells(refund: &Refund) -> Vec<Value> {
    Cells::new()
        .opt_text(refund.number.as_deref())
        .opt_text(refund.customer.as_ref().map(CustomerId::as_str))
        .date(refund.effective_on)
        .money(refund.amount)
        .opt_text(refund.credit.as_ref().map(DocumentId::as_str))
        .flag(refund.voided)
        .into_values()
}

pub(super) fn refund(id: &str, stamp: Stamp, cells: &mut Reading) -> Result<Refund, StoreError> {
    Ok(Refund {
        id: key(REFUNDS.table, id, RefundId::new)?,
        stamp,
        number: cells.opt_text()?,
        customer: cells.opt_id(CustomerId::new)?,
        effective_on: cells.date()?,
        amount: cells.money()?,
        credit: cells.opt_id(DocumentId::new)?,
        voided: cells.flag()?,
    })
}

pub(super) fn journal_cells(journal: &Journal) -> Vec<Value> {
    Cells::new()
        .opt_text(journal.number.as_deref())
        .date(journal.effective_on)
        .opt_text(journal.memo.as_deref())
        .into_values()
}

pub(super) fn journal(
    id: &str,
    stamp: Stamp,
    cells: &mut Reading,
    lines: ChildRows,
    applications: ChildRows,
) -> Result<Journal, StoreError> {
    Ok(Journal {
        id: key(JOURNALS.table, id, JournalId::new)?,
        stamp,
        number: cells.opt_text()?,
        effective_on: cells.date()?,
        memo: cells.opt_text()?,
        lines: read_rows(lines, "fact_journal_line", JOURNAL_LINE_COLUMNS, journal_line)?,
        applications: read_applications("fact_journal_application", applications)?,
    })
}

pub(super) fn journal_line_rows(lines: &[JournalLine]) -> ChildRows {
    let row = |line: &JournalLine| {
        Cells::new()
            .int(i64::from(line.position))
            .opt_text(line.customer.as_ref().map(CustomerId::as_str))
            .money(line.amount)
            .into_values()
    };
    lines.iter().map(row).collect()
}

fn journal_line(cells: &mut Reading) -> Result<JournalLine, StoreError> {
    Ok(JournalLine {
        position: cells.number()?,
        customer: cells.opt_id(CustomerId::new)?,
        amount: cells.money()?,
    })
}

pub(super) fn application_rows(applications: &[Application]) -> ChildRows {
    let row = |application: &Application| {
        Cells::new()
            .text(APPLICATION_KINDS.word(application.kind))
            .text(application.document.as_str())
            .text(DOCUMENT_KINDS.word(application.document_kind))
            .opt_text(application.credit.as_ref().map(DocumentId::as_str))
            .money(application.amount)
            .date(application.applied_on)
            .date(application.source_effective_on)
            .into_values()
    };
    applications.iter().map(row).collect()
}

fn read_applications(table: &'static str, rows: ChildRows) -> Result<Vec<Application>, StoreError> {
    read_rows(rows, table, APPLICATION_COLUMNS, |cells| {
        Ok(Application {
            kind: cells.word(|word| APPLICATION_KINDS.parse(word))?,
            document: cells.id(DocumentId::new)?,
            document_kind: cells.word(|word| DOCUMENT_KINDS.parse(word))?,
            credit: cells.opt_id(DocumentId::new)?,
            amount: cells.money()?,
            applied_on: cells.date()?,
            source_effective_on: cells.date()?,
        })
    })
}

fn read_rows<T>(
    rows: ChildRows,
    table: &'static str,
    columns: &'static [&'static str],
    read: impl Fn(&mut Reading) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(|row| read(&mut Reading::new(table, columns, row))).collect()
}
