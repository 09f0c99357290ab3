//! The ledger companies beside the CRM, and which deals each of them keeps.

use std::collections::BTreeSet;

use tieout_domain::assignment::{Assignments, Company};
use tieout_domain::books::population::{Unassigned, won_total};
use tieout_domain::ids::LedgerId;
use tieout_domain::{Currency, Money};
use tieout_engine::LedgerView;

use super::frame::{FrameOptions, view};
use super::grids::counted;
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::companies::{
    AssignedView, CompaniesView, CompanyView, ConditionView, KeptView, RuleView,
};
use crate::views::reconciliation::{UnassignedView, unassigned_view};
use crate::views::{date, instant};
use crate::workspace::Workspace;

/// The companies, the rules, and the won deals of no company, over all companies.
pub fn companies(workspace: &Workspace, options: &FrameOptions) -> Result<CompaniesView, Failure> {
    let view = any_view(workspace, options)?;
    let assignments = &view.books.assignments;
    let unassigned = unassigned(&view)?;
    let open: u64 = unassigned.iter().map(|row| row.deals).sum();
    let known = Some(view.at);
    let rules = workspace.engine.store.assignment_rules_at(known)?;
    let words = workspace.engine.store.deal_assignments_at(known)?;
    let companies = assignments.companies().iter();
    Ok(CompaniesView {
        as_of: date(view.frame.as_of),
        known_at: instant(view.at),
        companies: companies
            .map(|company| company_view(workspace, &view, company))
            .collect::<Result<_, _>>()?,
        rules: rules
            .into_iter()
            .map(|rule| RuleView {
                company: name_of(assignments, &rule.ledger),
                conditions: rule
                    .conditions
                    .into_iter()
                    .map(|it| ConditionView {
                        property: it.property.to_string(),
                        any_of: it.any_of,
                    })
                    .collect(),
                ledger: rule.ledger.to_string(),
                name: rule.name,
                by: rule.decided.actor,
                at: instant(rule.decided.at),
                reason: rule.decided.reason,
            })
            .collect(),
        assigned: words
            .into_iter()
            .map(|word| AssignedView {
                opportunity: word.deal.to_string(),
                company: name_of(assignments, &word.ledger),
                ledger: word.ledger.to_string(),
                by: word.decided.actor,
                at: instant(word.decided.at),
                reason: word.decided.reason,
            })
            .collect(),
        complete: open == 0,
        conclusion: conclusion(open),
        unassigned,
    })
}

fn conclusion(open: u64) -> String {
    match open {
        0 => "Every won deal has a company.".to_owned(),
        open => format!(
            "{} no company: nothing is billed for them, and not all of the workspace ties out.",
            counted(open, "won deal has", "won deals have")
        ),
    }
}

/// The books of any ledger: which company keeps a deal is the same from each of them.
pub(super) fn any_view(
    workspace: &Workspace,
    options: &FrameOptions,
) -> Result<LedgerView, Failure> {
    let ledgers = &workspace.engine.ledgers;
    let connected =
        ledgers.iter().filter(|it| !it.ended).chain(ledgers.iter().filter(|it| it.ended));
    let mut not_read = None;
    for connection in connected {
        let ledger = Some(connection.id.to_string());
        match view(workspace, &FrameOptions { ledger, ..options.clone() }) {
            Err(failure) if failure.code == Code::NothingToReport => not_read = Some(failure),
            outcome => return outcome,
        }
    }
    Err(not_read.unwrap_or_else(|| {
        Failure::new(Code::NothingToReport, "no ledger is connected, so no deal has a company")
    }))
}

/// Won deals that no company keeps.
pub(super) fn unassigned(view: &LedgerView) -> Result<Vec<UnassignedView>, Failure> {
    let rows = tieout_domain::books::population::unassigned(&view.books, &view.frame)?;
    let told = |row: &Unassigned| unassigned_view(&view.books.assignments, row);
    Ok(rows.iter().map(told).collect())
}

/// The name of a company; its ledger id where no connection of it is known any more.
pub(super) fn name_of(assignments: &Assignments, ledger: &LedgerId) -> String {
    let known = assignments.companies().iter().find(|company| company.ledger == *ledger);
    known.map_or_else(|| ledger.to_string(), |company| company.name.clone())
}

fn company_view(
    workspace: &Workspace,
    view: &LedgerView,
    company: &Company,
) -> Result<CompanyView, Failure> {
    let ledgers = workspace.engine.ledgers.iter();
    let connections = ledgers.filter(|it| *it.port.ledger() == company.ledger);
    Ok(CompanyView {
        connections: connections.map(|it| it.id.to_string()).collect(),
        ledger: company.ledger.to_string(),
        company: company.name.clone(),
        connected: !company.ended,
        currencies: company.currencies.iter().map(|it| it.code().to_owned()).collect(),
        keeps: kept(view, &company.ledger)?,
    })
}

fn kept(view: &LedgerView, ledger: &LedgerId) -> Result<Vec<KeptView>, Failure> {
    let books = &view.books;
    let currencies: BTreeSet<Currency> = books.deals.iter().map(|deal| deal.currency).collect();
    let mut kept: Vec<(Currency, (u64, Money))> = Vec::new();
    for currency in currencies {
        let at = (view.frame.as_of, currency);
        let ours = won_total(books, at, |it| books.assignments.keeps(ledger, &it.id))?;
        kept.push((currency, ours));
    }
    let told = kept.into_iter().filter(|(_, (deals, _))| *deals > 0);
    Ok(told
        .map(|(currency, (deals, sum))| KeptView {
            currency: currency.code().to_owned(),
            deals,
            sum: sum.into(),
        })
        .collect())
}
