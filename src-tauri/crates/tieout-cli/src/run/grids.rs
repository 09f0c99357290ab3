//! Commands that show something.

use tieout_api::commands::{self, FrameOptions, SyncView};
use tieout_api::views::Amount;
use tieout_api::views::deals::{DealView, DealsView, ReasonView};
use tieout_api::views::reconciliation::{ReconciliationView, TieOutView};
use tieout_api::{Failure, Workspace};

use super::grid_files;
use crate::args::{DealsArgs, FrameArgs, GridArgs, GridFormat};
use crate::print;
use crate::table::{Side, Table};

/// The word of a tie-out line without a figure of the source.
const UNPROVED: &str = "UNPROVED";
/// The word of one whose difference is listed whole.
const EXPLAINED: &str = "EXPLAINED";
/// `2026-06` of an ISO date.
const MONTH_CHARS: usize = 7;

impl From<&FrameArgs> for FrameOptions {
    fn from(args: &FrameArgs) -> Self {
        Self {
            as_of: args.as_of.clone(),
            known_at: args.known_at.clone(),
            ledger: args.ledger.clone(),
        }
    }
}

pub fn sync(view: &SyncView, json: bool) {
    if json {
        print::json(view);
        return;
    }
    let mut table = Table::new(&[
        ("Feed", Side::Left),
        ("Records", Side::Right),
        ("New", Side::Right),
        ("Changed", Side::Right),
        ("Deleted", Side::Right),
    ]);
    for feed in &view.run.feeds {
        table.row([
            format!("{} {}", feed.connection, feed.feed),
            feed.records.to_string(),
            feed.new.to_string(),
            feed.changed.to_string(),
            feed.deleted.to_string(),
        ]);
    }
    print::line(&table.text());
    print::line("");
    print::line(&completeness(view).text());
    print::line("");
    print::line(&format!(
        "{} requests; {} records written back",
        view.run.http_requests, view.written_back.written
    ));
    print::gaps(&view.run.gaps);
    for failed in &view.written_back.failed {
        print::line(&format!("not written: {} ({})", failed.record, failed.text));
    }
    print::line(if view.run.complete { "Complete." } else { "INCOMPLETE." });
}

fn completeness(view: &SyncView) -> Table {
    let mut table = Table::new(&[
        ("Total", Side::Left),
        ("From", Side::Left),
        ("To", Side::Left),
        ("Ccy", Side::Left),
        ("Source", Side::Right),
        ("Sum", Side::Right),
        ("Held", Side::Right),
        ("Sum", Side::Right),
        ("", Side::Left),
    ]);
    for line in &view.run.completeness {
        table.row([
            line.measure.replace('_', " "),
            line.from.clone(),
            line.to.clone(),
            line.currency.clone(),
            line.source_count.to_string(),
            plain(line.source_sum.as_ref()),
            line.held_count.to_string(),
            grouped(&line.held_sum.amount),
            if line.agrees { "equal" } else { "DIFFERS" }.into(),
        ]);
    }
    table
}

pub fn reconciliation(view: &ReconciliationView, json: bool) {
    if json {
        print::json(view);
        return;
    }
    print::line(&format!("{}, as of {}, as known at {}", view.company, view.as_of, view.known_at));
    print::line("");
    print::line(&tie_outs(&view.tie_outs).text());
    print::line("");
    let mut verdicts =
        Table::new(&[("Result", Side::Left), ("Deals", Side::Right), ("Net", Side::Right)]);
    for row in &view.verdicts {
        verdicts.row([row.verdict.into(), row.deals.to_string(), grouped(&row.net.amount)]);
    }
    print::line(&verdicts.text());
    if !view.flagged.is_empty() {
        print::line("");
        print::line(&flagged(&view.flagged).text());
    }
    for row in &view.unassigned {
        print::line(&format!(
            "Unassigned: {} deals, {} {}",
            row.deals,
            grouped(&row.sum.amount),
            row.currency
        ));
    }
    print::line("");
    print::line(&view.conclusion);
    print::incomplete(&view.reading);
    if view.tie_outs.iter().any(|line| line.status == UNPROVED) {
        let month = view.period_from.get(..MONTH_CHARS).unwrap_or(&view.period_from);
        print::line(&format!(
            "Some lines have no figure of the source yet: `tieout sync --period {month}` asks for it."
        ));
    }
}

pub fn tie_outs(lines: &[TieOutView]) -> Table {
    let mut table = Table::new(&[
        ("", Side::Left),
        ("Tie-out", Side::Left),
        ("Source", Side::Right),
        ("Held", Side::Right),
        ("Difference", Side::Right),
        ("", Side::Left),
    ]);
    for line in lines {
        let counted = |count: Option<u64>, amount: String| match count {
            Some(count) => format!("{count}, {amount}"),
            None => amount,
        };
        let explained: Vec<&str> =
            line.explained_by.iter().map(|item| item.reference.as_str()).collect();
        let status = match explained.as_slice() {
            items if !items.is_empty() && line.status == EXPLAINED => {
                format!("explained by {}", items.join(", "))
            }
            _ => line.status.to_lowercase(),
        };
        table.row([
            line.tie_out.into(),
            line.name.clone(),
            counted(line.source_count, plain(line.source.as_ref())),
            counted(line.held_count, grouped(&line.held.amount)),
            plain(line.difference.as_ref()),
            status,
        ]);
    }
    table
}

/// What a person accepted; where nobody did, what waits for one.
fn words_of(reasons: &[ReasonView]) -> String {
    let accepted: Vec<&str> =
        reasons.iter().filter(|it| it.accepted).map(|it| it.code.as_str()).collect();
    match (accepted.as_slice(), reasons.first()) {
        ([], Some(open)) => open.code.clone(),
        (codes, _) => codes.join(", "),
    }
}

fn flagged(deals: &[DealView]) -> Table {
    let mut table = Table::new(&[
        ("Deal", Side::Left),
        ("Account", Side::Left),
        ("Expected", Side::Right),
        ("Billed", Side::Right),
        ("Difference", Side::Right),
        ("Result", Side::Left),
        ("Reason", Side::Left),
    ]);
    for deal in deals {
        table.row([
            deal.reference.clone().unwrap_or_else(|| deal.opportunity.clone()),
            deal.account.clone(),
            plain(deal.expected.as_ref()),
            plain(deal.billed.as_ref()),
            plain(deal.variance.as_ref()),
            deal.verdict.unwrap_or_default().into(),
            words_of(&deal.reasons),
        ]);
    }
    table
}

pub fn receivables(workspace: &Workspace, args: &GridArgs, json: bool) -> Result<bool, Failure> {
    let view = commands::receivables(workspace, &(&args.frame).into())?;
    if json {
        print::json(&view);
        return Ok(view.reading.complete);
    }
    if args.format == GridFormat::Csv {
        print::whole(&grid_files::receivables(&view));
        print::warn_incomplete(&view.reading);
        return Ok(view.reading.complete);
    }
    let mut table = Table::new(&[
        ("Account", Side::Left),
        ("Ccy", Side::Left),
        ("Not due", Side::Right),
        ("1-30", Side::Right),
        ("31-60", Side::Right),
        ("61-90", Side::Right),
        ("Over 90", Side::Right),
        ("Unapplied", Side::Right),
        ("Receivable", Side::Right),
    ]);
    let accounts = view.accounts.iter().map(|row| (row.account.as_str(), &row.aging));
    let totals = view.totals.iter().map(|row| ("Total", row));
    for (name, row) in accounts.chain(totals) {
        table.row([
            name.into(),
            row.receivable.currency.clone(),
            grouped(&row.not_due.amount),
            grouped(&row.days_1_30.amount),
            grouped(&row.days_31_60.amount),
            grouped(&row.days_61_90.amount),
            grouped(&row.days_over_90.amount),
            grouped(&row.unapplied.amount),
            grouped(&row.receivable.amount),
        ]);
    }
    show(&table, &format!("Receivables as of {}, by due date", view.as_of));
    print::incomplete(&view.reading);
    Ok(view.reading.complete)
}

pub fn deals(workspace: &Workspace, args: &DealsArgs, json: bool) -> Result<bool, Failure> {
    let view = commands::deals(workspace, &(&args.grid.frame).into(), args.all)?;
    if json {
        print::json(&view);
        return Ok(view.reading.complete);
    }
    if args.grid.format == GridFormat::Csv {
        print::whole(&grid_files::deals(&view));
        print::warn_incomplete(&view.reading);
        return Ok(view.reading.complete);
    }
    show(&deal_table(&view), &format!("{} deals as of {}", view.count, view.as_of));
    for total in &view.totals {
        print::line(&format!(
            "{}: not invoiced {} net, open not due {}, part-paid {}, overdue {}; unpaid {} net",
            total.currency,
            grouped(&total.not_invoiced.amount),
            grouped(&total.open_not_due.amount),
            grouped(&total.part_paid_remainder.amount),
            grouped(&total.overdue.amount),
            grouped(&total.unpaid_net.amount),
        ));
    }
    print::incomplete(&view.reading);
    Ok(view.reading.complete)
}

fn deal_table(view: &DealsView) -> Table {
    let mut table = Table::new(&[
        ("Deal", Side::Left),
        ("Account", Side::Left),
        ("Closed", Side::Left),
        ("Billing", Side::Left),
        ("Cash", Side::Left),
        ("Not invoiced, net", Side::Right),
        ("Open, not due", Side::Right),
        ("Part-paid", Side::Right),
        ("Overdue", Side::Right),
    ]);
    for deal in &view.deals {
        table.row([
            deal.reference.clone().unwrap_or_else(|| deal.opportunity.clone()),
            deal.account.clone(),
            deal.closed.clone(),
            deal.billing.into(),
            deal.cash.into(),
            plain(deal.not_invoiced.as_ref()),
            plain(deal.open_not_due.as_ref()),
            plain(deal.part_paid_remainder.as_ref()),
            plain(deal.overdue.as_ref()),
        ]);
    }
    table
}

pub fn exceptions(workspace: &Workspace, args: &GridArgs, json: bool) -> Result<bool, Failure> {
    let view = commands::exceptions(workspace, &(&args.frame).into())?;
    let nothing = view.count == 0 && view.reading.complete;
    if json {
        print::json(&view);
        return Ok(nothing);
    }
    if args.format == GridFormat::Csv {
        print::whole(&grid_files::exceptions(&view));
        print::warn_incomplete(&view.reading);
        return Ok(nothing);
    }
    let mut table = Table::new(&[
        ("Kind", Side::Left),
        ("Code", Side::Left),
        ("Subject", Side::Left),
        ("Account", Side::Left),
        ("Ccy", Side::Left),
        ("Amount", Side::Right),
        ("What", Side::Left),
    ]);
    for row in &view.exceptions {
        table.row([
            row.kind.replace('_', " "),
            row.code.clone(),
            row.subject.clone(),
            row.account.clone(),
            row.amount.as_ref().map(|amount| amount.currency.clone()).unwrap_or_default(),
            plain(row.amount.as_ref()),
            row.what.clone(),
        ]);
    }
    let title = match view.count {
        1 => "1 thing needs a person".to_owned(),
        count => format!("{count} things need a person"),
    };
    show(&table, &title);
    print::incomplete(&view.reading);
    Ok(nothing)
}

pub(super) fn show(table: &Table, title: &str) {
    print::line(title);
    print::line("");
    print::line(&table.text());
}

/// An amount for reading: grouped, negative in parentheses; nothing where there is none.
pub(super) fn plain(amount: Option<&Amount>) -> String {
    amount.map_or_else(String::new, |amount| grouped(&amount.amount))
}

/// `-1234.50` becomes `(1,234.50)`. Only digits are moved; nothing is computed.
pub fn grouped(text: &str) -> String {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    if negative { format!("({grouped})") } else { grouped }
}

#[cfg(test)]
mod tests {
    use tieout_api::views::reconciliation::ExplainedView;

    use super::*;

    fn reason(code: &str, accepted: bool) -> ReasonView {
        ReasonView {
            code: code.into(),
            amount: Amount { amount: "350.00".into(), currency: "USD".into() },
            accepted,
            owner: None,
            note: String::new(),
            raised: "2026-07-02".into(),
            target: None,
        }
    }

    #[test]
    fn what_was_accepted_is_shown_before_what_waits() {
        let open = reason("UNEXPLAINED", false);
        assert_eq!(words_of(&[open.clone(), reason("CUTOFF", true)]), "CUTOFF");
        assert_eq!(words_of(&[open]), "UNEXPLAINED");
        assert_eq!(words_of(&[]), "");
    }

    fn line(status: &'static str) -> String {
        let amount = |text: &str| Amount { amount: text.into(), currency: "USD".into() };
        let view = TieOutView {
            tie_out: "T3",
            name: "receivables".into(),
            source_count: None,
            source: Some(amount("100.00")),
            held_count: None,
            held: amount("26450.00"),
            difference: Some(amount("-26350.00")),
            status,
            explained_by: vec![ExplainedView {
                reference: "JE-0619".into(),
                amount: amount("900.00"),
            }],
        };
        tie_outs(&[view]).text().lines().last().unwrap_or_default().to_owned()
    }

    #[test]
    fn only_what_is_explained_names_what_explains_it() {
        assert!(line("EXPLAINED").ends_with("(26,350.00)  explained by JE-0619"));
        assert!(line("FAILED").ends_with("(26,350.00)  failed"));
    }

    #[test]
    fn amounts_are_grouped_and_negatives_stand_in_parentheses() {
        assert_eq!(grouped("1234567.50"), "1,234,567.50");
        assert_eq!(grouped("-6200.00"), "(6,200.00)");
        assert_eq!(grouped("100"), "100");
        assert_eq!(grouped("0.00"), "0.00");
    }
}
