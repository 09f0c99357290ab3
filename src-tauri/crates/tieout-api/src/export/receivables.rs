//! Who owes what, how late: aging by Account, open invoices, and what is applied to nothing.

use std::collections::BTreeMap;

use jiff::civil::Date;
use tieout_domain::aging::{Aging, Bucket, CreditPolicy, UnappliedKind};
use tieout_domain::books::AgingBasis;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::receivables::{AccountReceivables, InvoicePosition, UnappliedPosition};
use tieout_domain::facts::{LedgerDocumentKind, Stream};
use tieout_domain::ids::DocumentId;
use tieout_domain::matching::DocumentRef;
use tieout_domain::{Currency, Money};
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::desk::Desk;
use super::sheet::{Line, Sheet, by_currency, date, does_not_add, label, link, text};
use super::witness::Standing;
use super::words::{counted, day};
use crate::failure::Failure;

/// Bucket, key, heading.
const BUCKETS: [(Bucket, &str, &str); 5] = [
    (Bucket::Current, "not_due", "Not due"),
    (Bucket::From1To30, "days_1_30", "1-30"),
    (Bucket::From31To60, "days_31_60", "31-60"),
    (Bucket::From61To90, "days_61_90", "61-90"),
    (Bucket::Over90, "days_over_90", "90+"),
];

/// Aging by Account with one total per currency.
pub(super) fn by_account(desk: &Desk<'_>) -> Result<Section, Failure> {
    let mut columns = vec![
        Column::new("account", "Account", Kind::Link).tone(Tone::Strong),
        Column::new("several", "Several customers", Kind::Code).under("account"),
    ];
    columns.extend(BUCKETS.map(|(_, key, title)| Column::new(key, title, Kind::Money).weight(0)));
    columns.extend([
        Column::new("unapplied", "Unapplied", Kind::Money).weight(0),
        Column::new("receivable", "Receivable", Kind::Money).tone(Tone::Strong).weight(0),
        Column::new("customers", "Customers in the books", Kind::Code).omitted(),
        Column::new("open_invoices", "Open invoices", Kind::Count).omitted(),
        Column::new("overdue", "Overdue, before credits", Kind::Money).omitted(),
        Column::new("overdue_invoices", "Overdue invoices", Kind::Count).omitted(),
        Column::new("oldest_due", "Oldest due date", Kind::Date).omitted(),
    ]);
    let mut sheet = Sheet::new("receivables-by-account", "Receivables by Account", columns)
        .note(format!(
            "Incl. tax, aged by {} as of {}; credits and unapplied cash {}. An Account with \
             several customers in the books names them; each is counted once.",
            basis_words(desk.view.frame.aging_basis),
            day(desk.view.frame.as_of),
            policy_words(desk.view.frame.credit_policy),
        ))
        .or_else("Nobody owes anything.");
    let receivables = &desk.reconciliation.receivables;
    let totals = receivables.totals()?;
    let groups = by_currency(&receivables.by_account, |row| row.currency, desk.functional());
    for (currency, rows) in &groups {
        let start = sheet.len();
        for row in rows {
            sheet.push(account_row(desk, row));
        }
        let total = totals.iter().find(|(of, ..)| of == currency);
        let Some((_, aging, receivable)) = total else { continue };
        let range = start..sheet.len();
        let line = aging_line(desk, (*currency, aging, *receivable), range, groups.len())?;
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

/// What days are counted from.
pub(super) const fn basis_words(basis: AgingBasis) -> &'static str {
    match basis {
        AgingBasis::DueDate => "due date",
        AgingBasis::DocumentDate => "document date",
    }
}

/// Where credits and unapplied cash stand.
pub(super) const fn policy_words(policy: CreditPolicy) -> &'static str {
    match policy {
        CreditPolicy::Separate => "in a column of their own",
        CreditPolicy::ByOwnDate => "in the column of their own date",
        CreditPolicy::Fifo => "used up by the oldest invoices",
    }
}

fn account_row(desk: &Desk<'_>, row: &AccountReceivables) -> Row {
    let account = row.account.as_ref();
    let url = account.and_then(|id| (desk.context.link)(Stream::Accounts, id.as_str()));
    let customers: Vec<&str> = row.customers.iter().map(|it| it.as_str()).collect();
    let several = if customers.len() > 1 { customers.join(", ") } else { String::new() };
    let mut cells = vec![link(&row.name, url), text(several)];
    cells.extend(BUCKETS.map(|(bucket, ..)| Cell::Money(row.aging.bucket(bucket))));
    cells.extend([
        Cell::Money(row.aging.unapplied()),
        Cell::Money(row.receivable),
        text(customers.join(", ")),
        Cell::Count(row.open_invoices),
        Cell::Money(row.overdue),
        Cell::Count(row.overdue_count),
        date(row.oldest_due),
    ]);
    Row::new(cells)
}

/// The receivable must be what the ledger itself says (T3); the columns must cross-foot to it and,
/// where credits stand apart, be what the single invoices make.
fn aging_line<'a>(
    desk: &Desk<'_>,
    (currency, aging, receivable): (Currency, &Aging, Money),
    rows: std::ops::Range<usize>,
    groups: usize,
) -> Result<Line<'a>, Failure> {
    let stated = desk.witness.receivables(currency);
    let across = aging.total().map_err(does_not_add("aging"))? == receivable;
    let by = "cross-footed to the receivable";
    let columns = stated.and_checked(across, by, "the columns do not cross-foot.");
    let invoices = desk.reconciliation.receivables.invoices.iter();
    let ours = invoices.filter(|it| it.open.currency() == currency && !it.open.is_zero());
    let open: Vec<&InvoicePosition> = ours.collect();
    let late: Vec<Money> = open
        .iter()
        .filter(|it| it.open.is_positive() && it.days_past_due >= 1)
        .map(|it| it.open)
        .collect();
    let overdue = Money::sum(currency, late.iter().copied()).map_err(does_not_add("aging"))?;
    let separate = desk.view.frame.credit_policy == CreditPolicy::Separate;
    let mut line = Line::over(label("Receivables", currency, groups), rows, currency);
    for (bucket, key, _) in BUCKETS {
        let of_invoices = open_in(desk, currency, bucket)?;
        let expected = if separate { of_invoices } else { aging.bucket(bucket) };
        line = line.sum_of(key, expected, &columns);
    }
    let marks: &[TickMark] = match (&stated, across) {
        (Standing::Agreed(_), true) => &[TickMark::AgreedToLedger, TickMark::CrossFooted],
        (Standing::Not(_), true) => &[TickMark::CrossFooted],
        (_, false) => &[TickMark::Exception],
    };
    Ok(line
        .sum_of("unapplied", aging.unapplied(), &columns)
        .sum_of("receivable", receivable, &stated)
        .sum_of("open_invoices", open.len() as u64, &stated)
        .sum_of("overdue", overdue, &stated)
        .sum_of("overdue_invoices", late.len() as u64, &stated)
        .marked(marks))
}

fn open_in(desk: &Desk<'_>, currency: Currency, bucket: Bucket) -> Result<Money, Failure> {
    let invoices = desk.reconciliation.receivables.invoices.iter();
    let of_bucket = invoices.filter(|it| it.open.currency() == currency && it.bucket == bucket);
    Money::sum(currency, of_bucket.map(|it| it.open)).map_err(does_not_add("aging"))
}

/// Every invoice with something open, in the order of its due date.
pub(super) fn open_invoices(desk: &Desk<'_>) -> Result<Section, Failure> {
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
    Journal(&'a tieout_domain::ids::CustomerId, Money),
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
