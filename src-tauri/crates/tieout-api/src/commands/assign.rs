//! Rules that give deals to companies, and a person's word on the company of one deal.

use std::collections::BTreeSet;

use tieout_domain::assignment::{Condition, Property};
use tieout_domain::books::population::is_won_by;
use tieout_domain::ids::{DealId, LedgerId};
use tieout_engine::LedgerView;
use tieout_store::{AssignmentRule, DealAssignment, Decided};

use super::companies::{any_view, name_of, unassigned};
use super::decide::{NO_ACTOR, not_blank};
use super::frame::FrameOptions;
use super::sync::deal_id;
use crate::codes::Code;
use crate::failure::Failure;
use crate::settings::trait_choices;
use crate::views::companies::AssignView;
use crate::workspace::Workspace;

/// Rules of one workspace.
const RULES_MAX: usize = 200;
/// Conditions of one rule.
const CONDITIONS_MAX: usize = 20;
/// Values of one condition.
const VALUES_MAX: usize = 500;

/// What is said.
#[derive(Clone, Debug)]
pub enum Assigning {
    /// Sets a rule, or changes it. Each condition is `PROPERTY=VALUE,VALUE`; without any the
    /// company takes what no other rule takes.
    Rule { name: String, company: String, when: Vec<String> },
    /// Takes a rule away.
    NoRule { name: String },
    /// Gives one deal to a company, whatever the rules say.
    Deal { opportunity: String, company: String },
    /// Leaves the deal to the rules again.
    NoDeal { opportunity: String },
}

/// One word, who says it and why.
#[derive(Clone, Debug)]
pub struct AssignOptions {
    pub what: Assigning,
    pub reason: String,
    pub actor: String,
}

/// Keeps the word, with its audit entry, and tells what it changed.
pub async fn assign(
    workspace: &mut Workspace,
    options: &AssignOptions,
) -> Result<AssignView, Failure> {
    not_blank(&options.actor, NO_ACTOR)?;
    not_blank(&options.reason, "`--reason` is empty: say why, for the audit trail")?;
    let before = any_view(workspace, &today(workspace))?;
    let read_before = fields_read(workspace)?;
    let said = match &options.what {
        Assigning::Rule { name, company, when } => {
            set_rule(workspace, options, name, company, when)?
        }
        Assigning::NoRule { name } => remove_rule(workspace, options, name)?,
        Assigning::Deal { opportunity, company } => {
            assign_deal(workspace, &before, options, opportunity, company)?
        }
        Assigning::NoDeal { opportunity } => leave_deal(workspace, options, opportunity)?,
    };
    // What is read of the CRM depends on the rules.
    workspace.connect_all().await?;
    let after = any_view(workspace, &today(workspace))?;
    let read = fields_read(workspace)?;
    Ok(AssignView {
        company: name_of(&after.books.assignments, &said.ledger),
        ledger: said.ledger.to_string(),
        subject: said.subject,
        name: said.name,
        said: said.word,
        changed: said.changed,
        moved: moved(&before, &after),
        unassigned: unassigned(&after)?,
        reads: read.difference(&read_before).cloned().collect(),
    })
}

/// What was kept.
struct Said {
    subject: &'static str,
    name: String,
    word: &'static str,
    ledger: LedgerId,
    changed: bool,
}

/// Deals won by today, so that one that is closed this month counts.
fn today(workspace: &Workspace) -> FrameOptions {
    let now = workspace.engine.now().to_zoned(jiff::tz::TimeZone::UTC);
    FrameOptions { as_of: Some(now.date().to_string()), ..FrameOptions::default() }
}

fn decided(workspace: &Workspace, options: &AssignOptions) -> Decided {
    let (actor, reason) = (options.actor.clone(), options.reason.clone());
    Decided { actor, at: workspace.engine.now(), reason }
}

fn set_rule(
    workspace: &mut Workspace,
    options: &AssignOptions,
    name: &str,
    company: &str,
    when: &[String],
) -> Result<Said, Failure> {
    not_blank(name, "`--rule` is empty: give the rule a name")?;
    let name = name.trim().to_owned();
    let ledger = company_named(workspace, company)?;
    let conditions = when.iter().map(|text| condition(text)).collect::<Result<Vec<_>, _>>()?;
    if conditions.len() > CONDITIONS_MAX {
        let detail = format!("a rule has at most {CONDITIONS_MAX} conditions");
        return Err(Failure::new(Code::Usage, detail));
    }
    let held = workspace.engine.store.assignment_rules_at(None)?;
    if held.len() >= RULES_MAX && held.iter().all(|rule| rule.name != name) {
        let detail = format!("there are {RULES_MAX} rules already");
        return Err(Failure::new(Code::NotNow, detail));
    }
    let rule = AssignmentRule {
        name: name.clone(),
        ledger: ledger.clone(),
        conditions,
        active: true,
        decided: decided(workspace, options),
    };
    let changed = workspace.engine.store.save_assignment_rule(&rule)?;
    Ok(Said { subject: "rule", name, word: "set", ledger, changed })
}

fn remove_rule(
    workspace: &mut Workspace,
    options: &AssignOptions,
    name: &str,
) -> Result<Said, Failure> {
    let name = name.trim().to_owned();
    let held = workspace.engine.store.assignment_rules_at(None)?;
    let rule = held.into_iter().find(|rule| rule.name == name).ok_or_else(|| {
        let detail = format!("there is no rule `{name}`");
        Failure::new(Code::NotNow, detail).with_hint("`tieout companies` lists the rules.")
    })?;
    let ledger = rule.ledger.clone();
    let removed = AssignmentRule { active: false, decided: decided(workspace, options), ..rule };
    let changed = workspace.engine.store.save_assignment_rule(&removed)?;
    Ok(Said { subject: "rule", name, word: "removed", ledger, changed })
}

fn assign_deal(
    workspace: &mut Workspace,
    view: &LedgerView,
    options: &AssignOptions,
    opportunity: &str,
    company: &str,
) -> Result<Said, Failure> {
    let deal = deal_id(opportunity)?;
    let ledger = company_named(workspace, company)?;
    if view.books.deals.iter().all(|known| known.id != deal) {
        return Err(Failure::new(Code::NoSuchDeal, format!("no deal `{deal}` was read")));
    }
    let word = DealAssignment {
        deal: deal.clone(),
        ledger: ledger.clone(),
        active: true,
        decided: decided(workspace, options),
    };
    let changed = workspace.engine.store.save_deal_assignment(&word)?;
    Ok(Said { subject: "deal", name: deal.to_string(), word: "assigned", ledger, changed })
}

fn leave_deal(
    workspace: &mut Workspace,
    options: &AssignOptions,
    opportunity: &str,
) -> Result<Said, Failure> {
    let deal = deal_id(opportunity)?;
    let held = workspace.engine.store.deal_assignments_at(None)?;
    let word = held.into_iter().find(|word| word.deal == deal).ok_or_else(|| {
        Failure::new(Code::NotNow, "no person has assigned this deal, so there is nothing to undo")
    })?;
    let ledger = word.ledger.clone();
    let undone = DealAssignment { active: false, decided: decided(workspace, options), ..word };
    let changed = workspace.engine.store.save_deal_assignment(&undone)?;
    Ok(Said { subject: "deal", name: deal.to_string(), word: "withdrawn", ledger, changed })
}

/// A company by the name of a connection, by its ledger id, or by its own name where only one has
/// it.
fn company_named(workspace: &Workspace, text: &str) -> Result<LedgerId, Failure> {
    let text = text.trim();
    let ledgers = &workspace.engine.ledgers;
    let named = ledgers.iter().find(|it| it.id.as_str() == text);
    if let Some(found) = named.or(ledgers.iter().find(|it| it.port.ledger().as_str() == text)) {
        return Ok(found.port.ledger().clone());
    }
    let mut found: BTreeSet<LedgerId> = BTreeSet::new();
    for connection in ledgers {
        let probed = workspace.engine.company(&connection.id)?;
        if probed.is_some_and(|it| it.name.eq_ignore_ascii_case(text)) {
            found.insert(connection.port.ledger().clone());
        }
    }
    match (found.pop_first(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (None, _) => Err(Failure::new(Code::NoSuchConnection, format!("`{text}`"))),
        (Some(_), false) => {
            let detail = format!("several companies are called `{text}`");
            let hint = "Name one by its connection: `tieout companies` lists them.";
            Err(Failure::new(Code::Usage, detail).with_hint(hint))
        }
    }
}

/// `PROPERTY=VALUE,VALUE`; a backslash takes the next character as it is.
pub(super) fn condition(text: &str) -> Result<Condition, Failure> {
    let (property, values) = text.split_once('=').ok_or_else(|| {
        let detail = format!("`{text}` is no condition; write it like `currency=USD,CAD`");
        Failure::new(Code::Usage, detail)
    })?;
    let property = Property::parse(property.trim())
        .map_err(|error| Failure::caused(Code::Usage, error.to_string(), error))?;
    let any_of = values_of(values);
    if any_of.len() > VALUES_MAX {
        let detail = format!("a condition has at most {VALUES_MAX} values");
        return Err(Failure::new(Code::Usage, detail));
    }
    Ok(Condition { property, any_of })
}

fn values_of(text: &str) -> Vec<String> {
    let (mut values, mut last) = (Vec::new(), String::new());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => last.extend(characters.next()),
            ',' => values.push(std::mem::take(&mut last)),
            other => last.push(other),
        }
    }
    values.push(last);
    values.into_iter().map(|value| value.trim().to_owned()).collect()
}

/// Fields of the CRM that the rules have read.
fn fields_read(workspace: &Workspace) -> Result<BTreeSet<String>, Failure> {
    let rules = workspace.engine.store.assignment_rules_at(None)?;
    let choices = trait_choices(&rules);
    let named = |object: &str, fields: &[String]| {
        fields.iter().map(|field| format!("{object}.{field}")).collect::<Vec<_>>()
    };
    let mut read = BTreeSet::new();
    read.extend(named("Opportunity", &choices.deal));
    read.extend(named("Account", &choices.account));
    read.extend(named("User", &choices.owner));
    if choices.record_type {
        read.insert("Opportunity.RecordType".to_owned());
    }
    Ok(read)
}

/// Won deals that another company keeps than before, or none.
fn moved(before: &LedgerView, after: &LedgerView) -> u64 {
    let keeper = |view: &LedgerView, deal: &DealId| {
        view.books.assignments.of(deal).and_then(|outcome| outcome.keeper().cloned())
    };
    let won = after.books.deals.iter().filter(|deal| is_won_by(deal, after.frame.as_of));
    won.filter(|deal| keeper(before, &deal.id) != keeper(after, &deal.id)).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str, values: &[&str]) {
        let condition = condition(text).unwrap();
        assert_eq!(condition.property.to_string(), want);
        assert_eq!(condition.any_of, values);
    }

    #[test]
    fn a_condition_is_a_property_and_its_values() {
        check("currency=USD, cad", "currency", &["USD", "cad"]);
        check("deal.Region__c=EMEA", "deal.Region__c", &["EMEA"]);
        check(
            r"account.Industry=Food\, Beverage,Arms",
            "account.Industry",
            &["Food, Beverage", "Arms"],
        );
        check("billing-state=", "billing-state", &[""]);
    }

    #[test]
    fn what_is_no_condition_is_refused_with_how_to_write_it() {
        for text in ["USD", "region=EMEA", "deal.=x", "deal.A B=x"] {
            let failure = condition(text).unwrap_err();
            assert_eq!(failure.code, Code::Usage, "{text}");
            assert!(failure.detail.contains("currency"), "{}", failure.detail);
        }
    }
}
