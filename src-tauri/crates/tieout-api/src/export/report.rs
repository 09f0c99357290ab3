//! The workpaper of a period: the reconciliation of one ledger in the order of
//! `finance-domain §14`.

use std::collections::BTreeSet;

use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::facts::Stream;
use tieout_engine::LedgerView;
use tieout_report::{Fact, Negatives, Proof, Report, Section, SignOff, Signature, canonical};

use super::completeness;
use super::conclusion::{conclusion, named};
use super::context::{Context, System};
use super::desk::Desk;
use super::{
    Unproved, deals, definitions, exceptions, items, movements, open_items, outside, parameters,
    parts, receivables, results, tie_outs, unpaid, words,
};
use crate::commands::verify::hash;
use crate::failure::Failure;

/// The report of a reconciliation. A pure function: the same view, reconciliation and context give
/// the same report, and so the same bytes. Every total was re-added here; it is called proved only
/// if an independent total of the same run agreed with it (`witness`).
///
/// # Errors
/// `DoesNotFoot` if amounts cannot be combined.
pub(crate) fn workpaper(
    view: &LedgerView,
    reconciliation: &Reconciliation,
    context: &Context<'_>,
) -> Result<Report, Failure> {
    let compared = completeness::compare(view)?;
    let desk = Desk::new(view, reconciliation, context, &compared);
    let items = parts::items(&desk)?;
    let sections = sections(&desk, &items)?;
    let frame = &view.frame;
    let mut report = Report {
        id: id(view),
        title: "Receivables workpaper".to_owned(),
        subtitle: "Closed Won against invoices, receivables and their proofs".to_owned(),
        entity: view.connection.to_string(),
        legal_name: view.company.clone(),
        period: words::period(frame.period),
        as_of: frame.as_of,
        known_at: words::zoned(view.at, &frame.time_zone),
        currency: currencies(&desk),
        basis: basis(&desk),
        status: status(&desk, &sections),
        conclusion: conclusion(&desk)?,
        sign_off: Some(open_sign_off()),
        sections,
        parameters: parameters::facts(&desk),
        definitions: definitions::facts(&desk, &items),
        run_id: view.run.as_ref().map_or_else(|| "none".to_owned(), ToString::to_string),
        product_version: context.product_version.to_owned(),
        generated_at: words::zoned(context.generated_at, &frame.time_zone),
        content_hash: String::new(),
        negatives: Negatives::Brackets,
    };
    report.content_hash = hash(canonical(&report).as_bytes());
    Ok(report)
}

fn sections(desk: &Desk<'_>, items: &[parts::Item<'_>]) -> Result<Vec<Section>, Failure> {
    Ok(vec![
        tie_outs::section(desk)?,
        completeness::section(desk)?,
        results::by_verdict(desk)?,
        items::by_reason(desk, items)?,
        results::within_limits(desk)?,
        items::section(desk, items)?,
        deals::detail(desk)?,
        deals::links(desk),
        unpaid::closed_won(desk)?,
        unpaid::not_invoiced(desk)?,
        receivables::by_account(desk)?,
        open_items::invoices(desk)?,
        open_items::unapplied(desk)?,
        movements::receivables(desk)?,
        movements::backlog(desk)?,
        outside::orphans(desk)?,
        outside::exclusions(desk)?,
        outside::decisions(desk),
        outside::unassigned(desk)?,
        exceptions::section(desk),
    ])
}

/// `WP-2026-06-QUICKBOOKS`: the same for every rendering of one ledger's period.
fn id(view: &LedgerView) -> String {
    let connection = view.connection.as_str().to_uppercase();
    let period = view.frame.period;
    if period == tieout_domain::dates::Period::month_of(period.start()) {
        format!("WP-{}-{connection}", period.start().strftime("%Y-%m"))
    } else {
        format!("WP-{}-{connection}", period.end())
    }
}

/// The functional currency, then every other one in which an amount of the ledger stands.
fn currencies(desk: &Desk<'_>) -> String {
    let rows = desk.reconciliation.rows.iter().map(|row| desk.currency_of(row));
    let accounts = desk.reconciliation.receivables.by_account.iter().map(|row| row.currency);
    let mut others: BTreeSet<_> = rows.chain(accounts).collect();
    others.remove(&desk.functional());
    let all = std::iter::once(desk.functional()).chain(others);
    all.map(|currency| currency.code().to_owned()).collect::<Vec<_>>().join(", ")
}

/// On what the figures rest; for an incomplete report what is missing.
fn basis(desk: &Desk<'_>) -> Vec<Fact> {
    let frame = &desk.view.frame;
    let sandbox = if desk.view.sandbox { ", sandbox" } else { "" };
    let books = format!("{}{sandbox}", system(&desk.context.ledger));
    let aging = receivables::basis_words(frame.aging_basis);
    let credits = receivables::policy_words(frame.credit_policy);
    let mut facts = vec![
        Fact::new("Books", books),
        Fact::new("CRM", system(&desk.context.crm)),
        Fact::new("Basis", format!("Deals net of tax; aging by {aging}; credits {credits}")),
        Fact::new("Limits", parameters::limits(desk)),
    ];
    let gaps = desk.gaps();
    if !gaps.is_empty() {
        facts.push(Fact::new("Incomplete", named(&gaps)));
    }
    facts
}

fn system(of: &System) -> String {
    match (of.name.as_str(), of.company_id.as_str()) {
        ("", _) => "none connected".to_owned(),
        (name, "") => name.to_owned(),
        (name, id) => format!("{name}, {id}"),
    }
}

/// Stands on every page: what the paper is worth.
fn status(desk: &Desk<'_>, sections: &[Section]) -> String {
    status_words(desk.gaps().len() as u64, unproved(sections).len() as u64)
}

pub(super) fn status_words(gaps: u64, unproved: u64) -> String {
    match (gaps, unproved) {
        (0, 0) => "Draft, not signed".to_owned(),
        (0, count) => format!("Draft, unproved: {}", words::counted(count, "total", "totals")),
        (count, _) => {
            format!("Draft, incomplete: {}", words::counted(count, "reason", "reasons"))
        }
    }
}

/// Every total that is not proved.
pub(super) fn unproved(sections: &[Section]) -> Vec<Unproved> {
    let mut found = Vec::new();
    for section in sections {
        for line in &section.totals {
            found.extend(line.sums.iter().filter_map(|sum| match &sum.proof {
                Proof::Proved { .. } => None,
                Proof::Unproved { why } => Some(Unproved {
                    section: section.id.clone(),
                    line: line.label.clone(),
                    column: sum.column.clone(),
                    why: why.clone(),
                }),
            }));
        }
    }
    found
}

/// Nobody signs inside the product yet: both roles are left as blanks to sign on.
fn open_sign_off() -> SignOff {
    let open = |role: &str| Signature {
        version: "Draft".to_owned(),
        role: role.to_owned(),
        signed: None,
        state: "open".to_owned(),
        comment: String::new(),
    };
    SignOff { signatures: vec![open("Prepared"), open("Reviewed")], override_reason: None }
}

/// Whether records of a feed live in the CRM.
pub(super) const fn is_of_crm(stream: Stream) -> bool {
    matches!(
        stream,
        Stream::Accounts
            | Stream::Products
            | Stream::Deals
            | Stream::DealLines
            | Stream::ScheduleLines
            | Stream::DealEvents
            | Stream::Users
    )
}
