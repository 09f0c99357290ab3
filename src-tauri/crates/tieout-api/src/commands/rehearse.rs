//! A rehearsal before the first write.

use jiff::civil::Date;
use tieout_domain::dates::{Period, months_back};

use super::frame::day;
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::date;
use crate::views::rehearsal::{
    EvidenceView, GateCount, RehearsalView, RehearsedView, TierView, fate_views, sum_views,
};
use crate::workspace::Workspace;

/// Full months that are rehearsed where no dates are given.
const MONTHS: u32 = 3;

/// Over which won deals to rehearse.
#[derive(Clone, Debug, Default)]
pub struct RehearseOptions {
    /// First close date. `None`: the first day of the third last full month.
    pub from: Option<String>,
    /// Last close date. `None`: the last day of the last full month.
    pub to: Option<String>,
    pub ledger: Option<String>,
}

/// Says what creating would do with the deals won in the time. Writes nothing and sends nothing.
pub fn rehearse(
    workspace: &Workspace,
    options: &RehearseOptions,
) -> Result<RehearsalView, Failure> {
    let connection = workspace.ledger_named(options.ledger.as_deref())?;
    let view = workspace.engine.view_today(&connection)?;
    let period = period(options, view.frame.today)?;
    let rehearsal = workspace.engine.rehearse(&view, period)?;
    if !rehearsal.foots()? {
        let detail = "the fates of the deals do not add up to the won total";
        return Err(Failure::new(Code::DoesNotFoot, detail));
    }
    let tiers = rehearsal.tiers.iter();
    let gates = rehearsal.gates.iter();
    let evidence = rehearsal.evidence.iter();
    Ok(RehearsalView {
        writing: workspace.engine.ledger(&connection)?.writing,
        ledger: connection.to_string(),
        company: view.company,
        from: date(period.start()),
        to: date(period.end()),
        as_of: date(view.frame.as_of),
        won: sum_views(&rehearsal.won),
        fates: fate_views(&rehearsal),
        to_create: sum_views(&rehearsal.to_create),
        matched_by: tiers
            .map(|(tier, sums)| TierView { tier: tier.as_str(), sums: sum_views(sums) })
            .collect(),
        evidence: evidence
            .map(|(of, documents)| EvidenceView {
                fate: of.fate.as_str(),
                tier: of.tier.as_str(),
                rule: of.rule,
                documents: *documents,
            })
            .collect(),
        gates: gates.map(|(code, deals)| GateCount { code, deals: *deals }).collect(),
        deals: rehearsal.deals.iter().map(RehearsedView::from).collect(),
    })
}

fn period(options: &RehearseOptions, today: Date) -> Result<Period, Failure> {
    let this_month = today.first_of_month();
    let from = match &options.from {
        Some(text) => day(text)?,
        None => months_back(this_month, MONTHS)
            .map_err(|error| Failure::caused(Code::Usage, "no month lies that early", error))?,
    };
    let to = match &options.to {
        Some(text) => day(text)?,
        None => this_month.yesterday().unwrap_or(this_month),
    };
    Period::new(from, to).map_err(|error| {
        let detail = format!("`{from}` to `{to}` is no time: it ends before it begins");
        Failure::caused(Code::Usage, detail, error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: Option<&str>, to: Option<&str>, today: &str, want: (&str, &str)) {
        let text = |of: Option<&str>| of.map(str::to_owned);
        let options = RehearseOptions { from: text(from), to: text(to), ledger: None };
        let period = period(&options, today.parse().unwrap()).unwrap();
        assert_eq!((date(period.start()).as_str(), date(period.end()).as_str()), want);
    }

    #[test]
    fn without_dates_the_last_three_full_months_are_meant() {
        check(None, None, "2026-07-06", ("2026-04-01", "2026-06-30"));
        check(None, None, "2026-02-28", ("2025-11-01", "2026-01-31"));
        check(Some("2026-06-15"), None, "2026-07-06", ("2026-06-15", "2026-06-30"));
        check(None, Some("2026-07-06"), "2026-07-06", ("2026-04-01", "2026-07-06"));
    }

    #[test]
    fn a_time_that_ends_before_it_begins_is_refused() {
        let options = RehearseOptions { from: Some("2026-07-01".into()), ..Default::default() };
        let failure = period(&options, "2026-07-06".parse().unwrap()).unwrap_err();
        assert_eq!(failure.code, Code::Usage);
    }
}
