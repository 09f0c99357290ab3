//! Open invoices one by one, and what is applied to nothing: together they make the receivables.

use std::collections::BTreeMap;

use jiff::civil::Date;
use tieout_domain::aging::UnappliedKind;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::receivables::{InvoicePosition, UnappliedPosition};
use tieout_domain::facts::{LedgerDocumentKind, Stream};
use tieout_domain::ids::{CustomerId, DocumentId};
use tieout_domain::matching::DocumentRef;
use tieout_domain::{Currency, Money};
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::desk::Desk;
use super::sheet::{Line, Sheet, by_currency, does_not_add, label, link, text};
use super::witness::Standing;
use super::words::{counted, day};
use crate::failure::Failure;

/// Every invoice with something open, in the order of its due date.
pub(super) fn invoices(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("invoice", "Invoice", Kind::Link).weight(0).unbroken(),
        Column::new("account", "Account", Kind::Text).tone(Tone::Strong),
        Column::new("deals", "Deal", Kind::Code).tone(Tone::Quiet),
        Column::new("dated", "Dated", Kind::Date),
        Column::new("due", "Due", Kind::Date),
        Column::new("days_late", "Days late", Kind::Count),
        Column::new("bucket", "Aging column", Kind::Text).omitted(),
        Column::new("total", "Total", Kind::Money),
        Column::new("open", "Open", Kind::Money).tone(Tone::Strong),
        Column::new("remark", "Remark", Kind::Text).under("account"),
        Column::new("invoice_id", "Invoice id", Kind::Code).omitted(),
        Column::new("customer_id", "Customer id", Kind::Code).omitted(),
    ];
    let mut sheet = Sheet::new("open-invoices", "Open invoices", columns)
        .note(format!("Incl. tax, open as of {}.", day(desk.view.frame.as_of)))
        .or_else("No invoice is open.");
    let deals = deals_of_documents(desk);
    let invoices = desk.reconciliation.receivables.invoices.iter();
    let mut open: Vec<&InvoicePosition> = invoices.filter(|it| !it.open.is_zero()).collect();
    open.sort_by_key(|it| (it.due.on, &it.number, &it.document));
    let groups = by_currency(open, |it| it.open.currency(), desk.functional());
    for (currency, invoices) in &groups {
        let start = sheet.len();
        for invoice in invoices {
            sheet.push(invoice_row(desk, invoice, &deals));
        }
        let (standing, open) = parts_of_receivables(desk, *currency)?;
        let words = counted(invoices.len() as u64, "invoice", "invoices");
        let line = Line::over(label(words, *currency, groups.len()), start..sheet.len(), *currency)
            .sum("total", &desk.witness.documents(*currency))
            .sum_of("open", open, &standing);
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

/// The deals that each invoice belongs to.
fn deals_of_documents<'a>(desk: &Desk<'a>) -> BTreeMap<&'a DocumentId, Vec<&'a DealRow>> {
    let mut deals: BTreeMap<&DocumentId, Vec<&DealRow>> = BTreeMap::new();
    for row in &desk.reconciliation.rows {
        let invoices = row.documents.iter().filter(|it| it.kind == LedgerDocumentKind::Invoice);
        for document in invoices {
            deals.entry(&document.document).or_default().push(row);
        }
    }
    deals
}

fn invoice_row(
    desk: &Desk<'_>,
    invoice: &InvoicePosition,
    deals: &BTreeMap<&DocumentId, Vec<&DealRow>>,
) -> Row {
    let reference = DocumentRef::invoice(invoice.document.clone());
    let deals = deals.get(&invoice.document).map(Vec::as_slice).unwrap_or_default();
    let words: Vec<String> = deals.iter().map(|row| desk.deal_word(&row.deal)).collect();
    let late = u64::try_from(invoice.days_past_due).unwrap_or_default();
    let mut remarks = Vec::new();
    if invoice.disputed {
        remarks.push("disputed");
    }
    if invoice.due.assumed {
        remarks.push("due date assumed");
    }
    let marks: &[TickMark] = if deals.is_empty() { &[TickMark::Exception] } else { &[] };
    if deals.is_empty() {
        remarks.push("no deal");
    }
    Row::new(vec![
        desk.document_cell(&reference, invoice.number.as_deref()),
        text(desk.account_of(&invoice.customer)),
        text(words.join(", ")),
        Cell::Date(invoice.effective_on),
        Cell::Date(invoice.due.on),
        if late == 0 { Cell::Empty } else { Cell::Count(late) },
        text(if late == 0 { "not due" } else { invoice.bucket.as_str() }),
        Cell::Money(invoice.total),
        Cell::Money(invoice.open),
        text(remarks.join(", ")),
        text(invoice.document.as_str()),
        text(invoice.customer.as_str()),
    ])
    .marked(marks)
}

/// Open invoices and what is unapplied must make the receivable that the ledger agreed with.
fn parts_of_receivables(desk: &Desk<'_>, currency: Currency) -> Result<(Standing, Money), Failure> {
    let receivables = &desk.reconciliation.receivables;
    let sum = |amounts: Vec<Money>| {
        let ours = amounts.into_iter().filter(|it| it.currency() == currency);
        Money::sum(currency, ours)
    };
    let open = sum(receivables.invoices.iter().map(|it| it.open).collect());
    let unapplied = sum(receivables.unapplied.iter().map(|it| it.unapplied).collect());
    let journals = sum(receivables.journal_residuals.iter().map(|(_, it)| *it).collect());
    let both = open.and_then(|open| {
        let made = open.checked_sub(unapplied?)?.checked_add(journals?)?;
        Ok((open, made))
    });
    let (open, made) = both.map_err(does_not_add("open invoices"))?;
    let standing = desk.witness.receivables(currency).and_checked(
        made == receivables.total(currency)?,
        "open invoices less unapplied make the receivable",
        "open invoices less unapplied do not make the receivable.",
    );
    Ok((standing, open))
}

/// Credits, payments and customer journals of which a part is applied to nothing.
pub(super) fn unapplied(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("document", "Document", Kind::Link).weight(0).unbroken(),
        Column::new("kind", "Kind", Kind::Text).weight(0),
        Column::new("account", "Account", Kind::Text).tone(Tone::Strong),
        Column::new("dated", "Dated", Kind::Date),
        Column::new("age", "Days", Kind::Count),
        Column::new("total", "Total", Kind::Money),
        Column::new("unapplied", "Unapplied", Kind::Money).tone(Tone::Strong),
    ];
    let mut sheet = Sheet::new("unapplied", "Unapplied credits and cash", columns)
        .note(format!(
            "Incl. tax, as of {}. A positive amount lowers what the customer owes.",
            day(desk.view.frame.as_of)
        ))
        .or_else("Every credit and payment is applied.");
    let receivables = &desk.reconciliation.receivables;
    let currency_of = |it: &Item<'_>| match it {
        Item::Left(position) => position.unapplied.currency(),
        Item::Journal(_, amount) => amount.currency(),
    };
    let left = receivables.unapplied.iter().map(Item::Left);
    let journals = receivables.journal_residuals.iter();
    let items = left.chain(journals.map(|(customer, amount)| Item::Journal(customer, *amount)));
    let mut items: Vec<Item<'_>> = items.collect();
    items.sort_by(|a, b| a.place().cmp(&b.place()));
    let groups = by_currency(items, currency_of, desk.functional());
    for (currency, items) in &groups {
        let start = sheet.len();
        for item in items {
            sheet.push(unapplied_row(desk, item)?);
        }
        let (standing, _) = parts_of_receivables(desk, *currency)?;
        let words = counted(items.len() as u64, "item", "items");
        let line = Line::over(label(words, *currency, groups.len()), start..sheet.len(), *currency)
            .sum("unapplied", &standing);
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

/// What lowers a customer's receivable and no invoice took up.
enum Item<'a> {
    Left(&'a UnappliedPosition),
    /// Positive raises the receivable.
    Journal(&'a CustomerId, Money),
}

impl Item<'_> {
    /// Oldest first, journals last.
    fn place(&self) -> (bool, Option<Date>, &str) {
        match self {
            Self::Left(position) => (false, Some(position.effective_on), &position.id),
            Self::Journal(customer, _) => (true, None, customer.as_str()),
        }
    }
}

fn unapplied_row(desk: &Desk<'_>, item: &Item<'_>) -> Result<Row, Failure> {
    let cells = match item {
        Item::Left(it) => {
            let (kind, stream) = match it.kind {
                UnappliedKind::Credit => ("Credit", Stream::CreditMemos),
                UnappliedKind::Cash => ("Payment", Stream::Receipts),
            };
            let words = it.number.clone().unwrap_or_else(|| it.id.clone());
            let days = tieout_domain::dates::days_between(it.effective_on, desk.view.frame.as_of);
            vec![
                link(words, (desk.context.link)(stream, &it.id)),
                text(kind),
                text(desk.account_of(&it.customer)),
                Cell::Date(it.effective_on),
                Cell::Count(u64::try_from(days).unwrap_or_default()),
                Cell::Money(it.total),
                Cell::Money(it.unapplied),
            ]
        }
        Item::Journal(customer, amount) => {
            let lowering = amount.negated().map_err(does_not_add(customer.as_str()))?;
            vec![
                Cell::Empty,
                text("Journal"),
                text(desk.account_of(customer)),
                Cell::Empty,
                Cell::Empty,
                Cell::Empty,
                Cell::Money(lowering),
            ]
        }
    };
    Ok(Row::new(cells))
}
