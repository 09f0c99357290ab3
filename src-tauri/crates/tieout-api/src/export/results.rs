//! What comparing every deal came to: by verdict, and what the limits tolerated together.

use std::collections::BTreeMap;

use tieout_domain::books::positions::DealRow;
use tieout_domain::status::BillingStatus;
use tieout_domain::verdict::Verdict;
use tieout_domain::{Currency, Money};
use tieout_report::{Cell, Column, Kind, Row, Section, Span, TickMark, Tone};

use super::desk::{Desk, figure};
use super::scope::{Scope, exclusion_words, within};
use super::sheet::{Line, Sheet, by_currency, does_not_add, label, money, text};
use super::witness::Standing;
use super::words::{amount_in, counted};
use crate::failure::Failure;

/// Verdicts in the order of the summary.
pub(super) const VERDICTS: [Verdict; 5] = [
    Verdict::Matched,
    Verdict::MatchedInTolerance,
    Verdict::Explained,
    Verdict::Unexplained,
    Verdict::Uncertain,
];

/// What a verdict says, in words.
pub(super) const fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Matched => "Agree exactly",
        Verdict::MatchedInTolerance => "Within the limits",
        Verdict::Explained => "Explained by items listed",
        Verdict::Unexplained => "No accepted reason yet",
        Verdict::Uncertain => "Uncertain",
    }
}

const fn verdict_mark(verdict: Verdict) -> TickMark {
    match verdict {
        Verdict::Matched => TickMark::Recomputed,
        Verdict::MatchedInTolerance => TickMark::WithinTolerance,
        Verdict::Explained => TickMark::Explained,
        Verdict::Unexplained | Verdict::Uncertain => TickMark::Exception,
    }
}

/// Deals by verdict: how many, their differences with signs and without; then the deals that are
/// not compared, so that the last line is that of the detail.
pub(super) fn by_verdict(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("result", "Result", Kind::Text),
        Column::new("verdict", "Verdict", Kind::Code).tone(Tone::Quiet),
        Column::new("deals", "Deals", Kind::Count),
        Column::new("net", "Net difference", Kind::Money),
        Column::new("absolute", "Absolute", Kind::Money),
    ];
    let mut sheet = Sheet::new("deals-against-invoices", "Deals against invoices", columns)
        .note("Difference: billed less expected to date, net of tax. Negative is under-billed.")
        .note("The last line is that of \"Deal detail\"; what lies between is listed here.")
        .or_else("No deal was won by the as-of day.")
        .span(Span::Natural);
    let rows = desk.reconciliation.rows.iter();
    let groups = by_currency(rows, |row| desk.currency_of(row), desk.functional());
    for (currency, rows) in &groups {
        let group = Group { desk, rows, currency: *currency, groups: groups.len() };
        group.push(&mut sheet)?;
    }
    Ok(sheet.finish())
}

/// All won deals of one currency on their way into the front table.
struct Group<'a> {
    desk: &'a Desk<'a>,
    rows: &'a [&'a DealRow],
    currency: Currency,
    groups: usize,
}

impl Group<'_> {
    fn push(&self, sheet: &mut Sheet) -> Result<(), Failure> {
        let start = sheet.len();
        let compared = within(self.rows, Scope::Compared);
        for verdict in VERDICTS {
            let of: Vec<&DealRow> =
                compared.iter().copied().filter(|row| row.verdict == Some(verdict)).collect();
            if !of.is_empty() {
                let (words, code) = (verdict_words(verdict), verdict.as_str());
                let row = result_row(words, code, &of, self.currency)?;
                sheet.push(row.marked(&[verdict_mark(verdict)]));
            }
        }
        if !compared.is_empty() {
            let words = "All deals with something due or billed";
            self.line(sheet, words, start, &compared)?;
        }
        let beside = sheet.len();
        self.push_beside(sheet)?;
        if sheet.len() > beside {
            self.line(sheet, "All won deals, as under \"Deal detail\"", start, self.rows)?;
        }
        Ok(())
    }

    /// The deals that are not compared; excluded ones by reason.
    fn push_beside(&self, sheet: &mut Sheet) -> Result<(), Failure> {
        let idle = within(self.rows, Scope::Idle);
        if !idle.is_empty() {
            sheet.push(result_row("Nothing due, nothing billed", "", &idle, self.currency)?);
        }
        let mut reasons: BTreeMap<&str, Vec<&DealRow>> = BTreeMap::new();
        for row in within(self.rows, Scope::Excluded) {
            reasons.entry(exclusion_words(row)).or_default().push(row);
        }
        for (reason, rows) in reasons {
            let decided = rows.iter().any(|row| row.exclusion.is_some());
            let marks: &[TickMark] = if decided { &[TickMark::ManualDecision] } else { &[] };
            let words = format!("Excluded: {reason}");
            let row = result_row(&words, BillingStatus::Excluded.as_str(), &rows, self.currency)?;
            sheet.push(row.marked(marks));
        }
        Ok(())
    }

    /// A total over the rows from `start`, proved against these deals one by one.
    fn line(
        &self,
        sheet: &mut Sheet,
        words: &str,
        start: usize,
        rows: &[&DealRow],
    ) -> Result<(), Failure> {
        let witness = &self.desk.witness;
        let all = self.rows.len() as u64;
        let across = cross_foots(rows, self.currency)?;
        let crossed = witness.billing(self.currency).and_checked(
            across.is_some(),
            "billed less expected of the same deals",
            "billed less expected of the same deals is another figure.",
        );
        let counted = witness.deals(self.currency).and_checked(
            witness.deals_count(self.currency) == Some(all),
            &format!("{} of the {all} listed under \"Deal detail\"", rows.len()),
            "\"Deal detail\" lists another number of deals.",
        );
        let label = label(words, self.currency, self.groups);
        let marks: &[TickMark] = if across.is_some() { &[TickMark::CrossFooted] } else { &[] };
        let line = Line::over(label, start..sheet.len(), self.currency)
            .sum_of("deals", rows.len() as u64, &counted)
            .sum("absolute", &crossed)
            .sum_to("net", across, &crossed)
            .marked(marks);
        sheet.rule_off(line)
    }
}

/// Sum of billed less sum of expected; `None` where an amount is unknown.
pub(super) fn cross_foots(rows: &[&DealRow], currency: Currency) -> Result<Option<Money>, Failure> {
    let column = |of: fn(&tieout_domain::figures::DealFigures) -> Money| {
        rows.iter().map(|row| figure(row, of)).collect::<Option<Vec<Money>>>()
    };
    let (Some(billed), Some(expected)) = (column(|it| it.billed), column(|it| it.expected)) else {
        return Ok(None);
    };
    let sum = |amounts| Money::sum(currency, amounts);
    let net = sum(billed).and_then(|billed| billed.checked_sub(sum(expected)?));
    net.map(Some).map_err(does_not_add("deals against invoices"))
}

fn result_row(
    words: &str,
    code: &str,
    rows: &[&DealRow],
    currency: Currency,
) -> Result<Row, Failure> {
    let variances: Option<Vec<Money>> =
        rows.iter().map(|row| figure(row, |it| it.variance)).collect();
    let sums = variances.map(|variances| sums_of(&variances, currency)).transpose()?;
    Ok(Row::new(vec![
        text(words),
        text(code),
        Cell::Count(rows.len() as u64),
        money(sums.map(|(net, _)| net)),
        money(sums.map(|(_, absolute)| absolute)),
    ]))
}

/// Net and absolute sum.
pub(super) fn sums_of(amounts: &[Money], currency: Currency) -> Result<(Money, Money), Failure> {
    let net = Money::sum(currency, amounts.iter().copied());
    let absolute = amounts
        .iter()
        .try_fold(Money::zero(currency), |sum, amount| sum.checked_add(amount.absolute()?));
    let both = net.and_then(|net| Ok((net, absolute?)));
    both.map_err(does_not_add("variances"))
}

/// Differences that the limits tolerated, together (`finance-domain §8 V4`).
pub(super) fn within_limits(desk: &Desk<'_>) -> Result<Section, Failure> {
    let columns = vec![
        Column::new("account", "Account, deal", Kind::Text),
        Column::new("deal", "Deal", Kind::Text).under("account"),
        Column::new("difference", "Difference", Kind::Money),
        Column::new("absolute", "Absolute", Kind::Money).omitted(),
    ];
    let mut sheet = Sheet::new("within-limits", "Within the limits, together", columns)
        .or_else("No difference was tolerated.")
        .note(materiality(desk))
        .span(Span::Half);
    let rows = desk.reconciliation.rows.iter();
    let tolerated = rows.filter(|row| row.verdict == Some(Verdict::MatchedInTolerance));
    let groups = by_currency(tolerated, |row| desk.currency_of(row), desk.functional());
    for (currency, rows) in &groups {
        let start = sheet.len();
        for row in rows {
            let variance = figure(row, |it| it.variance);
            let size = variance.map(Money::absolute).transpose();
            let size = size.map_err(does_not_add(row.deal.as_str()))?;
            let deal = format!("{}, {}", row.name, desk.deal_word(&row.deal));
            let cells = vec![text(&row.account_name), text(deal), money(variance), money(size)];
            sheet.push(Row::new(cells).marked(&[TickMark::WithinTolerance]));
        }
        let line = within_line(desk, rows.len(), *currency, start..sheet.len(), groups.len());
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

fn within_line<'a>(
    desk: &Desk<'_>,
    deals: usize,
    currency: Currency,
    rows: std::ops::Range<usize>,
    groups: usize,
) -> Line<'a> {
    let words = counted(deals as u64, "deal", "deals");
    let standing: Standing = desk.witness.billing(currency);
    let line = Line::over(label(words, currency, groups), rows, currency);
    if currency != desk.functional() {
        return line.sum("difference", &standing).sum("absolute", &standing);
    }
    let together = desk.reconciliation.tolerated;
    let marks: &[TickMark] = if together.alert { &[TickMark::Exception] } else { &[] };
    line.sum_of("difference", together.net_sum, &standing)
        .sum_of("absolute", together.absolute_sum, &standing)
        .marked(marks)
}

fn materiality(desk: &Desk<'_>) -> String {
    let together = desk.reconciliation.tolerated;
    let materiality = amount_in(desk.view.frame.materiality);
    let outcome = if together.alert { "exceed" } else { "stay within" };
    format!(
        "Signs ignored, small differences come to {} and {outcome} the period materiality of \
         {materiality}.",
        amount_in(together.absolute_sum)
    )
}
