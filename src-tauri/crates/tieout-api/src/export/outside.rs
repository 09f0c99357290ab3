//! What stands outside the comparison, always listed: documents without a deal, excluded deals,
//! what people decided about links, deals that no connected ledger takes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tieout_domain::books::DocumentDecision;
use tieout_domain::books::population::{Unassigned, UnassignedReason};
use tieout_domain::books::positions::DealRow;
use tieout_domain::dates::date_in_zone;
use tieout_domain::facts::{Document, LedgerDocumentKind};
use tieout_domain::ids::DocumentId;
use tieout_domain::matching::DocumentRef;
use tieout_domain::{Currency, Money};
use tieout_report::{Cell, Column, Kind, Row, Section, Span, TickMark, Tone};

use super::desk::{Desk, figure, kind_word};
use super::scope::{exclusion_words, is_excluded};
use super::sheet::{Line, Sheet, by_currency, label, money, text};
use super::words::{counted, day};
use crate::failure::Failure;

/// A document, or a part of one, that belongs to no deal.
struct Orphan<'a> {
    reference: &'a DocumentRef,
    document: &'a Document,
    /// Net of tax, what belongs to no deal.
    net: Money,
    open: Option<Money>,
    why: &'static str,
}

/// Documents with no deal up to the as-of day, and remainders of shared ones.
pub(super) fn orphans(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("document", "Document", Kind::Link).weight(0).unbroken(),
        Column::new("kind", "Kind", Kind::Text).weight(0),
        Column::new("account", "Account", Kind::Text).tone(Tone::Strong),
        Column::new("dated", "Dated", Kind::Date),
        Column::new("net", "Net, no deal", Kind::Money),
        Column::new("open", "Open, incl. tax", Kind::Money),
        Column::new("code", "Code", Kind::Code),
        Column::new("memo", "Memo in the books", Kind::Text).under("account"),
        Column::new("document_id", "Document id", Kind::Code).omitted(),
    ];
    let as_of = desk.view.frame.as_of;
    let (counting, later) = found(desk);
    let mut sheet = Sheet::new("orphans", "Documents without a deal", columns)
        .or_else("Every document belongs to a deal.");
    if later > 0 {
        sheet = sheet.note(format!(
            "{} dated after {} beside these.",
            counted(later, "document is", "documents are"),
            day(as_of)
        ));
    }
    let groups = by_currency(counting, |it| it.net.currency(), desk.functional());
    for (currency, orphans) in &groups {
        let start = sheet.len();
        for orphan in orphans {
            sheet.push(orphan_row(desk, orphan));
        }
        let documents = desk.witness.documents(*currency);
        let words = counted(orphans.len() as u64, "document", "documents");
        let line = Line::over(label(words, *currency, groups.len()), start..sheet.len(), *currency)
            .sum("net", &documents)
            .sum("open", &documents.and(&desk.witness.receivables(*currency)));
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

/// Those that count by the as-of day, and how many are dated later.
fn found<'a>(desk: &Desk<'a>) -> (Vec<Orphan<'a>>, u64) {
    let matches = &desk.reconciliation.matches;
    let invoices = desk.reconciliation.receivables.invoices.iter();
    let open: BTreeMap<&DocumentId, Money> =
        invoices.map(|invoice| (&invoice.document, invoice.open)).collect();
    let open_of = |reference: &DocumentRef| match reference.kind {
        LedgerDocumentKind::Invoice => open.get(&reference.id).copied(),
        LedgerDocumentKind::CreditMemo | LedgerDocumentKind::CashSale => None,
    };
    let alone = matches.orphans.iter().filter_map(|reference| {
        let document = desk.document(reference)?;
        let (net, open) = (document.net, open_of(reference));
        Some(Orphan { reference, document, net, open, why: "ORPHAN_INVOICE" })
    });
    let remainders = matches.remainders.iter().filter(|rest| !rest.amount.is_zero());
    let remainders = remainders.filter_map(|rest| {
        let document = desk.document(&rest.document)?;
        let (reference, net) = (&rest.document, rest.amount);
        Some(Orphan { reference, document, net, open: None, why: "REMAINDER" })
    });
    let as_of = desk.view.frame.as_of;
    let all: Vec<Orphan<'_>> = alone.chain(remainders).collect();
    let (counting, later): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|it| it.document.effective_on <= as_of);
    (counting, later.len() as u64)
}

fn orphan_row(desk: &Desk<'_>, orphan: &Orphan<'_>) -> Row {
    let document = orphan.document;
    Row::new(vec![
        desk.document_cell(orphan.reference, document.number.as_deref()),
        text(kind_word(document.kind)),
        text(desk.account_of(&document.customer)),
        Cell::Date(document.effective_on),
        Cell::Money(orphan.net),
        orphan.open.map_or(Cell::Empty, Cell::Money),
        text(orphan.why),
        text(document.memo.clone().unwrap_or_default()),
        text(document.id.as_str()),
    ])
    .marked(&[TickMark::Exception])
}

/// Deals that a person or a rule left out, with who and why.
pub(super) fn exclusions(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("deal", "Deal", Kind::Link).tone(Tone::Quiet).weight(0).unbroken(),
        Column::new("account", "Account, deal", Kind::Text).tone(Tone::Strong),
        Column::new("name", "Deal name", Kind::Text).under("account"),
        Column::new("closed", "Closed", Kind::Date),
        Column::new("reason", "Why", Kind::Text),
        Column::new("by", "By", Kind::Text).weight(0),
        Column::new("on", "On", Kind::Date),
        Column::new("contract", "Contract, net", Kind::Money).tone(Tone::Strong),
    ];
    let mut sheet = Sheet::new("exclusions", "Excluded deals", columns)
        .note(
            "Left out of the comparison and of the backlog; counted in completeness and listed \
             under \"Deal detail\".",
        )
        .or_else("No deal is excluded.");
    let rows = desk.reconciliation.rows.iter().filter(|row| is_excluded(row));
    let groups = by_currency(rows, |row| desk.currency_of(row), desk.functional());
    for (currency, rows) in &groups {
        let start = sheet.len();
        for row in rows {
            sheet.push(exclusion_row(desk, row));
        }
        let words = counted(rows.len() as u64, "deal", "deals");
        let line = Line::over(label(words, *currency, groups.len()), start..sheet.len(), *currency)
            .sum("contract", &desk.witness.deals(*currency));
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

fn exclusion_row(desk: &Desk<'_>, row: &DealRow) -> Row {
    let decided = row.exclusion.as_ref();
    let on = |at: Timestamp| Cell::Date(date_in_zone(at, &desk.view.frame.time_zone));
    let line = Row::new(vec![
        desk.deal_cell(&row.deal),
        text(&row.account_name),
        text(&row.name),
        Cell::Date(row.close_date),
        text(exclusion_words(row)),
        text(decided.map_or("rule", |it| it.by.as_str())),
        decided.map_or(Cell::Empty, |it| on(it.at)),
        money(figure(row, |it| it.contract)),
    ]);
    if decided.is_some() { line.marked(&[TickMark::ManualDecision]) } else { line }
}

/// What people decided about deals and documents, against or beyond the rules.
pub(super) fn decisions(desk: &Desk<'_>) -> Section {
    let columns = vec![
        Column::new("deal", "Deal", Kind::Link).tone(Tone::Quiet).weight(0).unbroken(),
        Column::new("document", "Document", Kind::Link).weight(0).unbroken(),
        Column::new("decision", "Decision", Kind::Text).weight(0),
        Column::new("allocated", "Share, net", Kind::Money),
        Column::new("reason", "Why", Kind::Text),
        Column::new("by", "By", Kind::Text).weight(0),
        Column::new("on", "On", Kind::Date),
    ];
    let mut sheet = Sheet::new("link-decisions", "Links decided by people", columns)
        .or_else("No link was made or refused by a person.");
    for decision in &desk.view.books.document_decisions {
        sheet.push(decision_row(desk, decision));
    }
    sheet.finish()
}

fn decision_row(desk: &Desk<'_>, decision: &DocumentDecision) -> Row {
    let document = decided_document(desk, decision);
    let number =
        document.as_ref().and_then(|of| desk.document(of)).and_then(|it| it.number.clone());
    let cell = match &document {
        Some(of) => desk.document_cell(of, number.as_deref()),
        None => text(decision.document.as_str()),
    };
    Row::new(vec![
        desk.deal_cell(&decision.deal),
        cell,
        text(if decision.linked { "linked" } else { "kept apart" }),
        decision.allocated.map_or(Cell::Empty, Cell::Money),
        text(&decision.reason),
        text(&decision.by),
        Cell::Date(date_in_zone(decision.at, &desk.view.frame.time_zone)),
    ])
    .marked(&[TickMark::ManualDecision])
}

/// A decision names a document without its kind: the one that is known counts.
fn decided_document(desk: &Desk<'_>, decision: &DocumentDecision) -> Option<DocumentRef> {
    let kinds =
        [LedgerDocumentKind::Invoice, LedgerDocumentKind::CreditMemo, LedgerDocumentKind::CashSale];
    let references = kinds.map(|kind| DocumentRef { kind, id: decision.document.clone() });
    references.into_iter().find(|reference| desk.document(reference).is_some())
}

/// Won deals that no company keeps, and why: counted and added, never dropped.
pub(super) fn unassigned(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("currency", "Currency", Kind::Code).weight(0),
        Column::new("deals", "Won deals", Kind::Count),
        Column::new("without_amount", "Without amount", Kind::Count),
        Column::new("sum", "Sum, net", Kind::Money).tone(Tone::Strong),
        Column::new("ids", "Opportunity ids", Kind::Code).omitted(),
        Column::new("why", "Why", Kind::Text).omitted(),
    ];
    let mut sheet = Sheet::new("unassigned", "Won deals that no connected ledger keeps", columns)
        .note(format!("Won up to {}, per currency.", day(desk.view.frame.as_of)))
        .or_else("Every won deal belongs to a connected ledger.")
        .span(Span::Natural);
    let mut agreed = true;
    for of in &desk.reconciliation.unassigned {
        let stated = desk.witness.agrees_to_crm(of.currency);
        agreed &= stated;
        let ids: Vec<&str> = of.deals.iter().map(|id| id.as_str()).collect();
        let marks: &[TickMark] = if stated { &[TickMark::AgreedToCrm] } else { &[] };
        let row = Row::new(vec![
            text(of.currency.code()),
            Cell::Count(of.count),
            Cell::Count(of.without_amount),
            Cell::Money(of.sum),
            text(ids.join(" ")),
            text(reasons(desk, of)),
        ]);
        sheet.push(row.marked(marks));
    }
    if sheet.len() > 0 {
        let not = format!("{} gave no total for each of these.", desk.context.crm.name);
        let by = format!("count and sum of {} per currency", desk.context.crm.name);
        let standing = super::witness::Standing::Agreed(by.clone()).and_checked(agreed, &by, &not);
        let currency: Currency = desk.functional();
        let rows = 0..sheet.len();
        sheet.rule_off(Line::over("All", rows, currency).sum("deals", &standing))?;
    }
    Ok(sheet.finish())
}

/// Why no company keeps them, each reason once.
fn reasons(desk: &Desk<'_>, of: &Unassigned) -> String {
    let words = |it: &UnassignedReason| {
        let (what, _) = desk.view.books.assignments.words(&it.why);
        format!("{}: {what}", counted(it.deals.count, "deal", "deals"))
    };
    of.reasons.iter().map(words).collect::<Vec<_>>().join("; ")
}
