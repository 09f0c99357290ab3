//! Under which limits and from which sources the figures were made (`finance-domain §15`).

use std::collections::BTreeSet;

use jiff::civil::Date;
use tieout_domain::books::proof::SourceMeasure;
use tieout_domain::limits::LimitPolicy;
use tieout_report::{Fact, print_percent};

use super::completeness::{is_ever, measure_name};
use super::desk::Desk;
use super::receivables::{basis_words, policy_words};
use super::words::{amount, amount_in, counted, day, moment, range};

/// Limits, policies, moments, versions, then the source of every control total.
pub(super) fn facts(desk: &Desk<'_>) -> Vec<Fact> {
    let frame = &desk.view.frame;
    let zone = frame.time_zone.iana_name().unwrap_or("UTC");
    let codes: Vec<&str> = frame.rules.currencies.iter().map(|currency| currency.code()).collect();
    let closed = frame.rules.closed_to;
    let closed = closed.map_or("Not closed".to_owned(), |to| format!("Up to {}", day(to)));
    let run = desk.view.run.as_ref().map_or("none", |run| run.as_str());
    let known = moment(desk.view.at, &frame.time_zone);
    let mut facts = vec![
        Fact::new("Variance limit", limits(desk)),
        Fact::new("Rounding limit", rounding(desk)),
        Fact::new("Period materiality", amount_in(frame.materiality)),
        Fact::new("Grace", format!("{} before a missing invoice counts", days(frame.grace_days))),
        Fact::new("Aging", format!("By {}", basis_words(frame.aging_basis))),
        Fact::new("Credits and cash", format!("Shown {}", policy_words(frame.credit_policy))),
        Fact::new("Rounding", "Half up, away from zero on ties; amounts are whole minor units"),
        Fact::new("Time zone", zone),
        Fact::new("Currencies of the ledger", codes.join(", ")),
        Fact::new("Books closed", closed),
        Fact::new("As known", known),
        Fact::new("Run of the totals", run),
        Fact::new("Totals read", desk.read_at().unwrap_or_else(|| "never".to_owned())),
        Fact::new("Product", format!("Tieout {}", desk.context.product_version)),
    ];
    facts.extend(sources(desk));
    facts
}

/// `larger of 250.00 USD and 0.5% of the base`.
pub(super) fn limits(desk: &Desk<'_>) -> String {
    let limits = &desk.view.frame.limits;
    let share = print_percent(limits.fraction(), tieout_report::Negatives::Minus);
    let of = match limits.policy() {
        LimitPolicy::Both => "larger",
        LimitPolicy::Either => "smaller",
    };
    format!("The {of} of {} and {share} of the base", amount_in(limits.absolute()))
}

fn rounding(desk: &Desk<'_>) -> String {
    let minor = i64::from(desk.view.frame.limits.rounding_minor());
    let limit = tieout_domain::Money::from_minor(minor, desk.functional());
    format!("{} {}", amount(limit), desk.functional())
}

fn days(count: u32) -> String {
    counted(u64::from(count), "day", "days")
}

/// One line per query or report; a query that answers for several currencies stands once. How it
/// proves its total stands with the first of its ranges.
fn sources(desk: &Desk<'_>) -> Vec<Fact> {
    let period = desk.view.frame.period;
    let told: BTreeSet<_> = desk
        .view
        .sources
        .iter()
        .map(|it| {
            let outside = (it.from, it.to) != (period.start(), period.end());
            (it.measure, outside, it.to, it.from, it.source.as_str(), it.proof.as_str())
        })
        .collect();
    let mut before = None;
    told.into_iter()
        .map(|(measure, _, to, from, query, proof)| {
            let again = before.replace((measure, proof)) == Some((measure, proof));
            source(desk, measure, (from, to), query, if again { "" } else { proof })
        })
        .collect()
}

fn source(
    desk: &Desk<'_>,
    measure: SourceMeasure,
    (from, to): (Date, Date),
    query: &str,
    proof: &str,
) -> Fact {
    let system = desk.system_of(measure);
    let period = desk.view.frame.period;
    let dated = match measure {
        SourceMeasure::AgedReceivables | SourceMeasure::ControlAccount => day(to),
        _ => range(from, to, period, is_ever(from, period)),
    };
    let query = query.trim_end_matches('.');
    let text = match proof.trim_end_matches('.') {
        "" => format!("{system}: {query}."),
        proof => format!("{system}: {query}. Proof: {proof}."),
    };
    Fact::new(format!("{}, {dated}", measure_name(measure)), text)
}
