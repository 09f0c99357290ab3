//! Every deal from booking to cash, and the documents that its figures come from.

use std::collections::BTreeMap;
use std::ops::Range;

use tieout_domain::books::positions::{DealRow, LinkedDocument};
use tieout_domain::figures::DealFigures;
use tieout_domain::ids::{DealId, DocumentId};
use tieout_domain::matching::{Actor, DocumentRef, Link, LinkState, Tier};
use tieout_domain::tieouts::TieOut;
use tieout_domain::{Currency, Money};
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::desk::{Desk, Figure, figure, kind_word};
use super::results::cross_foots as cross_foots_together;
use super::scope::{Scope, exclusion_words, in_order, within};
use super::sheet::{Line, Sheet, by_currency, date, does_not_add, label, money, text};
use super::witness::Standing;
use super::words::counted;
use crate::failure::Failure;

/// Amounts of a deal: key, heading, figure.
const FIGURES: [(&str, &str, Figure); 10] = [
    ("contract", "A contract", |it| it.contract),
    ("expected", "E expected", |it| it.expected),
    ("invoiced", "I invoiced", |it| it.invoiced),
    ("billed", "B billed", |it| it.billed),
    ("variance", "B - E", |it| it.variance),
    ("billed_incl_tax", "G incl. tax", |it| it.billed_incl_tax),
    ("collected", "C cash", |it| it.collected),
    ("credits", "K credits", |it| it.credits_applied),
    ("adjustments", "W other", |it| it.adjustments),
    ("open", "O open", |it| it.open),
];

/// All deals of the ledger, excluded ones included, so that the contract amounts are those that
/// the CRM adds.
pub(super) fn detail(desk: &Desk<'_>) -> Result<Section, Failure> {
    let mut columns = vec![
        Column::new("deal", "Deal", Kind::Link).tone(Tone::Quiet).weight(0).unbroken(),
        Column::new("account", "Account, deal", Kind::Text).tone(Tone::Strong),
        Column::new("name", "Deal name", Kind::Text).under("account"),
        Column::new("closed", "Closed", Kind::Date).omitted(),
    ];
    columns.extend(FIGURES.map(|(key, title, _)| Column::new(key, title, Kind::Money).weight(0)));
    columns.extend([
        Column::new("billing", "Billing, cash, verdict", Kind::Code),
        Column::new("cash", "Cash status", Kind::Code).under("billing"),
        Column::new("verdict", "Verdict", Kind::Code).under("billing"),
        Column::new("opportunity", "Opportunity id", Kind::Code).omitted(),
        Column::new("won_on", "Stage changed on", Kind::Date).omitted(),
        Column::new("not_due", "A - E not due", Kind::Money).omitted(),
        Column::new("backlog", "A - B backlog", Kind::Money).omitted(),
        Column::new("leakage", "Past grace, not invoiced", Kind::Money).omitted(),
        Column::new("excluded", "Excluded because", Kind::Text).under("billing"),
    ]);
    let mut sheet = Sheet::new("deal-detail", "Deal detail", columns)
        .note(
            "A to B net of tax, G to O incl. tax; the two are never added. O = G - C - K - W. \
             Marks: [X] the deal cross-foots, A = (A - E) + (E - I) + credited + open + settled. \
             First the deals that are compared, then those with nothing due or billed, last the \
             excluded ones.",
        )
        .or_else("No deal was won by the as-of day.");
    let rows = desk.reconciliation.rows.iter();
    let groups = by_currency(rows, |row| desk.currency_of(row), desk.functional());
    for (currency, rows) in &groups {
        let rows = in_order(rows);
        let start = sheet.len();
        for row in &rows {
            sheet.push(detail_row(desk, row)?);
        }
        let group = Detail { desk, currency: *currency, groups: groups.len(), start };
        group.rule_off(&mut sheet, &rows)?;
    }
    Ok(sheet.finish())
}

fn detail_row(desk: &Desk<'_>, row: &DealRow) -> Result<Row, Failure> {
    let mut cells = vec![
        desk.deal_cell(&row.deal),
        text(&row.account_name),
        text(&row.name),
        Cell::Date(row.close_date),
    ];
    cells.extend(FIGURES.map(|(_, _, of)| money(figure(row, of))));
    cells.extend([
        text(row.billing.as_str()),
        text(row.cash.as_str()),
        text(row.verdict.map_or("", |verdict| verdict.as_str())),
        text(row.deal.as_str()),
        date(row.won_on),
        money(figure(row, |it| it.not_due)),
        money(figure(row, |it| it.backlog)),
        row.leakage.map_or(Cell::Empty, Cell::Money),
        text(exclusion_words(row)),
    ]);
    let crossed = cross_foots(row)?;
    let marks: &[TickMark] =
        if crossed { &[TickMark::CrossFooted] } else { &[TickMark::Exception] };
    Ok(Row::new(cells).marked(marks))
}

/// Whether the deal cross-foots; one whose amount is unknown does not.
pub(super) fn cross_foots(row: &DealRow) -> Result<bool, Failure> {
    let figures = row.figures.as_ref().map(DealFigures::cross_foots);
    figures.unwrap_or(Ok(false)).map_err(does_not_add(row.deal.as_str()))
}

/// The lines of sums under the deals of one currency.
struct Detail<'a> {
    desk: &'a Desk<'a>,
    currency: Currency,
    groups: usize,
    /// Position of the first of these deals.
    start: usize,
}

/// What other computations make of the deals of a line.
#[derive(Default)]
struct Elsewhere {
    contract: Option<Money>,
    backlog: Option<Money>,
}

impl Detail<'_> {
    /// All of them; and where some are not compared, what leads there: the deals of the front
    /// table, those of the backlog, the excluded ones.
    fn rule_off(&self, sheet: &mut Sheet, rows: &[&DealRow]) -> Result<(), Failure> {
        let compared = within(rows, Scope::Compared).len();
        let (all, kept) = (rows.len(), rows.len() - within(rows, Scope::Excluded).len());
        if compared > 0 && compared < kept {
            let line = self.line("compared", rows, 0..compared, Elsewhere::default())?;
            sheet.rule_off(line.subtotal())?;
        }
        if kept > 0 && kept < all {
            let words = if compared == kept { "compared" } else { "not excluded" };
            let backlog = self.bridged();
            let elsewhere = Elsewhere { backlog, ..Elsewhere::default() };
            sheet.rule_off(self.line(words, rows, 0..kept, elsewhere)?.subtotal())?;
            let line = self.line("excluded", rows, kept..all, Elsewhere::default())?;
            sheet.rule_off(line.subtotal())?;
        }
        let contract = self.desk.witness.deals_sum(self.currency);
        let backlog = if kept == all { self.bridged() } else { None };
        sheet.rule_off(self.line("", rows, 0..all, Elsewhere { contract, backlog })?)
    }

    /// The backlog that the bridge from bookings to billings comes to.
    fn bridged(&self) -> Option<Money> {
        let mut lines = self.desk.reconciliation.proofs.lines.iter();
        let bridge = lines.find(|line| line.tie_out == TieOut::Bridge)?;
        Some(bridge.held.amount).filter(|amount| amount.currency() == self.currency)
    }

    fn line(
        &self,
        words: &str,
        rows: &[&DealRow],
        range: Range<usize>,
        elsewhere: Elsewhere,
    ) -> Result<Line<'static>, Failure> {
        let (witness, rows) = (&self.desk.witness, &rows[range.clone()]);
        let billing = cross_footed(witness.billing(self.currency), rows)?;
        let cash = cross_footed(witness.settlement(self.currency), rows)?;
        let deals = format!("{} {words}", counted(rows.len() as u64, "deal", "deals"));
        let label = label(deals.trim_end(), self.currency, self.groups);
        let range = self.start + range.start..self.start + range.end;
        let mut line = Line::over(label, range, self.currency);
        for (position, (key, ..)) in FIGURES.iter().enumerate() {
            let expected = match *key {
                "contract" => elsewhere.contract,
                "variance" => cross_foots_together(rows, self.currency)?,
                _ => None,
            };
            let standing = match position {
                0 => witness.deals(self.currency),
                _ if position < NET_FIGURES => billing.clone(),
                _ => cash.clone(),
            };
            line = line.sum_to(key, expected, &standing);
        }
        line =
            line.sum_to("not_due", None, &billing).sum_to("backlog", elsewhere.backlog, &billing);
        Ok(line.marked(crossed_marks(rows)?))
    }
}

/// How many of `FIGURES` are net of tax.
const NET_FIGURES: usize = 5;

/// Holds only if every one of these deals cross-foots from contract to cash.
pub(super) fn cross_footed(standing: Standing, rows: &[&DealRow]) -> Result<Standing, Failure> {
    let mut broken = 0;
    for row in rows {
        broken += u64::from(!cross_foots(row)?);
    }
    let do_not = counted(broken, "deal does not cross-foot.", "deals do not cross-foot.");
    Ok(standing.and_checked(broken == 0, "every deal cross-foots", &do_not))
}

/// `[X]` for a total only if every deal under it cross-foots.
pub(super) fn crossed_marks(rows: &[&DealRow]) -> Result<&'static [TickMark], Failure> {
    for row in rows {
        if !cross_foots(row)? {
            return Ok(&[]);
        }
    }
    Ok(&[TickMark::CrossFooted])
}

/// Which document belongs to which deal, by which rule, with links to both systems.
pub(super) fn links(desk: &Desk<'_>) -> Section {
    let columns = vec![
        Column::new("deal", "Deal", Kind::Link).tone(Tone::Quiet).weight(0).unbroken(),
        Column::new("account", "Account", Kind::Text).tone(Tone::Strong),
        Column::new("document", "Number", Kind::Link).weight(0).unbroken(),
        Column::new("kind", "Kind", Kind::Text).weight(0),
        Column::new("dated", "Dated", Kind::Date),
        Column::new("due", "Due", Kind::Date).omitted(),
        Column::new("net", "Share, net", Kind::Money),
        Column::new("open", "Open, incl. tax", Kind::Money),
        Column::new("tier", "Tier", Kind::Code),
        Column::new("rule", "Rule", Kind::Code),
        Column::new("decided_by", "Decided by", Kind::Text).under("rule"),
        Column::new("version", "Version of the rule", Kind::Code).omitted(),
        Column::new("counts", "Counts", Kind::Text).under("dated"),
        Column::new("document_id", "Document id", Kind::Code).omitted(),
    ];
    let mut sheet = Sheet::new("linked-documents", "Deals and their documents", columns)
        .note(
            "Confirmed links only. Share: what of the document's net belongs to the deal; a \
             credit takes billing back.",
        )
        .or_else("No document is linked to a deal.");
    let links = desk.reconciliation.matches.links.iter();
    let confirmed = links.filter(|link| link.state == LinkState::Confirmed);
    let rules: BTreeMap<(&DealId, &DocumentId), &Link> =
        confirmed.map(|link| ((&link.deal, &link.document.id), link)).collect();
    for row in &desk.reconciliation.rows {
        for document in &row.documents {
            let rule = rules.get(&(&row.deal, &document.document)).copied();
            sheet.push(link_row(desk, row, document, rule));
        }
    }
    sheet.finish()
}

fn link_row(desk: &Desk<'_>, row: &DealRow, document: &LinkedDocument, link: Option<&Link>) -> Row {
    let reference = DocumentRef { kind: document.kind, id: document.document.clone() };
    let by_hand = document.tier == Tier::Person;
    let actor = link.map(|link| match &link.evidence.actor {
        Actor::Rule => String::new(),
        Actor::Person { by, reason, .. } => format!("{by}: {reason}"),
    });
    let rule = link.map_or("", |link| link.evidence.rule.id());
    let version = link.map(|link| link.evidence.version.to_string());
    let marks: &[TickMark] = if by_hand { &[TickMark::ManualDecision] } else { &[] };
    let counts = if document.after_as_of { "not yet counted" } else { "" };
    Row::new(vec![
        desk.deal_cell(&row.deal),
        text(&row.account_name),
        desk.document_cell(&reference, document.number.as_deref()),
        text(kind_word(document.kind)),
        Cell::Date(document.effective_on),
        date(document.due_on),
        Cell::Money(document.net),
        Cell::Money(document.open),
        text(document.tier.as_str()),
        text(rule),
        text(actor.unwrap_or_default()),
        text(version.unwrap_or_default()),
        text(counts),
        text(document.document.as_str()),
    ])
    .marked(marks)
}
