//! What each source counts and adds by itself, beside what is held: completeness is proved per
//! measure, currency and range of dates (`finance-domain §14` T1 and T2, §15).

use std::collections::BTreeSet;

use jiff::civil::Date;
use tieout_domain::books::Frame;
use tieout_domain::books::proof::{ProofInput, SourceMeasure, SourceTotal};
use tieout_domain::books::receivables::Receivables;
use tieout_domain::dates::Period;
use tieout_domain::matching::Matches;
use tieout_domain::tieouts::{ControlTotal, TieOut, TieOutLine};
use tieout_domain::{Currency, Money};
use tieout_engine::LedgerView;
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::desk::Desk;
use super::sheet::{Sheet, text};
use super::words;
use crate::codes::Code;
use crate::failure::Failure;

/// A total that begins this many days before the period counts everything that was ever dated.
const EVER_DAYS: i64 = 3_650;

/// One total of a source beside the same records as they are held now.
pub(super) struct Compared<'a> {
    pub(super) source: &'a SourceTotal,
    pub(super) held_count: u64,
    pub(super) held: Money,
    pub(super) result: Agreement,
}

/// What comparing with a source came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Count and sum are equal.
    Agreed,
    /// The counts are equal; the source states no sum.
    CountOnly,
    Differs,
}

impl Agreement {
    const fn word(self) -> &'static str {
        match self {
            Self::Agreed => "AGREED",
            Self::CountOnly => "COUNT AGREED",
            Self::Differs => "DIFFERS",
        }
    }
}

impl Compared<'_> {
    /// How far apart the two sums are; `None` where the source states none.
    fn difference(&self) -> Result<Option<Money>, Failure> {
        let apart = |sum: Money| sum.checked_sub(self.held);
        self.source.sum.map(apart).transpose().map_err(super::sheet::does_not_add("completeness"))
    }
}

/// Whether a range that begins on this day covers everything that was ever dated before its end.
pub(super) fn is_ever(from: Date, period: Period) -> bool {
    tieout_domain::dates::days_between(from, period.start()) >= EVER_DAYS
}

/// Every counted total of the sources beside what is held, by the rules of the tie-outs.
pub(super) fn compare(view: &LedgerView) -> Result<Vec<Compared<'_>>, Failure> {
    let counted = view.sources.iter().filter(|total| is_counted(total.measure));
    let asked: BTreeSet<(Date, Date, Currency)> =
        counted.clone().map(|total| (total.from, total.to, total.currency)).collect();
    let mut compared = Vec::new();
    for (from, to, currency) in asked {
        let lines = lines(view, (from, to), currency)?;
        let of_range =
            counted.clone().filter(|it| (it.from, it.to, it.currency) == (from, to, currency));
        for source in of_range {
            let held = held(&lines, source.measure)?;
            let held_count = held.count.unwrap_or_default();
            let result = agreement(source, held_count, held.amount);
            compared.push(Compared { source, held_count, held: held.amount, result });
        }
    }
    let period = view.frame.period;
    compared.sort_by_key(|it| {
        let source = it.source;
        let other = source.currency != view.frame.functional;
        let outside = (source.from, source.to) != (period.start(), period.end());
        (outside, source.to, source.from, source.measure, other, source.currency)
    });
    Ok(compared)
}

const fn is_counted(measure: SourceMeasure) -> bool {
    !matches!(measure, SourceMeasure::AgedReceivables | SourceMeasure::ControlAccount)
}

/// The completeness lines of the tie-outs, for another range and currency. They count records
/// alone: deals, links and balances, which only the other lines need, are left out.
fn lines(
    view: &LedgerView,
    (from, to): (Date, Date),
    currency: Currency,
) -> Result<Vec<TieOutLine>, Failure> {
    let period = Period::new(from, to).map_err(|error| {
        Failure::caused(Code::DamagedFile, "a stored total ends before it starts", error)
    })?;
    let frame = Frame { period, functional: currency, ..view.frame.clone() };
    let proofs = ProofInput {
        books: &view.books,
        frame: &frame,
        matches: &Matches::default(),
        rows: &[],
        receivables: &Receivables::default(),
        sources: &view.sources,
    }
    .prove()?;
    Ok(proofs.lines)
}

fn held(lines: &[TieOutLine], measure: SourceMeasure) -> Result<ControlTotal, Failure> {
    let of_measure = lines.iter().find(|line| measure_of(line) == Some(measure));
    of_measure.map(|line| line.held).ok_or_else(|| {
        Failure::new(Code::Unexpected, format!("nothing holds `{}`", measure.as_str()))
    })
}

/// The measure that a completeness line is about.
pub(super) fn measure_of(line: &TieOutLine) -> Option<SourceMeasure> {
    if matches!(line.tie_out, TieOut::RollForward | TieOut::Bridge) {
        return None;
    }
    SourceMeasure::parse(&line.name.replace(' ', "_"))
}

fn agreement(source: &SourceTotal, held_count: u64, held: Money) -> Agreement {
    match (source.count == held_count, source.sum) {
        (true, Some(sum)) if sum == held => Agreement::Agreed,
        (true, None) => Agreement::CountOnly,
        _ => Agreement::Differs,
    }
}

/// What a measure is called.
pub(super) const fn measure_name(measure: SourceMeasure) -> &'static str {
    match measure {
        SourceMeasure::WonDeals => "Won deals",
        SourceMeasure::Invoices => "Invoices",
        SourceMeasure::CreditMemos => "Credits",
        SourceMeasure::Receipts => "Payments",
        SourceMeasure::Refunds => "Refunds",
        SourceMeasure::Adjustments => "Journal write-offs",
        SourceMeasure::AgedReceivables => "Aged receivables",
        SourceMeasure::ControlAccount => "Control account",
    }
}

/// The table of all control totals. Differences are printed only where there is one.
pub(super) fn section(desk: &Desk<'_>) -> Result<Section, Failure> {
    let apart = desk.compared.iter().any(|it| it.result == Agreement::Differs);
    let difference = Column::new("difference", "Difference", Kind::Money).tone(Tone::Strong);
    let columns = vec![
        Column::new("system", "System", Kind::Text).tone(Tone::Strong).unbroken(),
        Column::new("records", "Records", Kind::Text).unbroken(),
        Column::new("dated", "Dated", Kind::Text).unbroken(),
        Column::new("source_count", "Source counts", Kind::Count),
        Column::new("source_sum", "Source adds", Kind::Money),
        Column::new("held_count", "Held", Kind::Count),
        Column::new("held_sum", "Held adds", Kind::Money),
        if apart { difference } else { difference.omitted() },
        Column::new("result", "Result", Kind::Code),
        Column::new("query", "Query or report", Kind::Text).omitted(),
        Column::new("proof", "How it was added", Kind::Text).omitted(),
    ];
    let mut sheet = Sheet::new("completeness", "Completeness", columns)
        .note(format!(
            "Counts and sums that each system computed by itself{}, beside the records that are \
             held. Won deals net of tax, ledger documents incl. tax.",
            desk.read_at().map(|at| format!(", read {at}")).unwrap_or_default()
        ))
        .or_else("No run has fetched a control total yet: nothing is known to be complete.");
    for compared in desk.compared {
        sheet.push(row(desk, compared)?);
    }
    Ok(sheet.finish())
}

fn row(desk: &Desk<'_>, compared: &Compared<'_>) -> Result<Row, Failure> {
    let source = compared.source;
    let period = desk.view.frame.period;
    let dated = words::range(source.from, source.to, period, is_ever(source.from, period));
    let not_stated = || Cell::Flagged("not stated".to_owned());
    let row = Row::new(vec![
        text(desk.system_of(source.measure)),
        text(measure_name(source.measure)),
        text(dated),
        Cell::Count(source.count),
        source.sum.map_or_else(not_stated, Cell::Money),
        Cell::Count(compared.held_count),
        Cell::Money(compared.held),
        compared.difference()?.map_or(Cell::Empty, Cell::Money),
        text(compared.result.word()),
        text(&source.source),
        text(&source.proof),
    ]);
    Ok(row.marked(marks(source.measure, compared.result)))
}

/// `[S]` or `[A]` only where count and sum were compared and are equal. QuickBooks-like tools
/// state no total of adjustments: that one is read again and re-added.
pub(super) const fn marks(measure: SourceMeasure, result: Agreement) -> &'static [TickMark] {
    match (result, measure) {
        (Agreement::Agreed, SourceMeasure::WonDeals) => &[TickMark::AgreedToCrm],
        (Agreement::Agreed, SourceMeasure::Adjustments) => &[TickMark::Recomputed],
        (Agreement::Agreed, _) => &[TickMark::AgreedToLedger],
        (Agreement::CountOnly, _) => &[],
        (Agreement::Differs, _) => &[TickMark::Exception],
    }
}
