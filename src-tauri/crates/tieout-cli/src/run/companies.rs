//! Which company keeps which deal.

use tieout_api::commands::{self, AssignOptions, Assigning, FrameOptions};
use tieout_api::views::companies::{AssignView, CompaniesView, RuleView};
use tieout_api::views::reconciliation::UnassignedView;
use tieout_api::{Code, Failure, Workspace};

use super::deciding;
use super::grids::plain;
use crate::args::{AssignArgs, CompaniesArgs};
use crate::print;
use crate::table::{Side, Table};

pub fn companies(workspace: &Workspace, args: &CompaniesArgs, json: bool) -> Result<bool, Failure> {
    let options =
        FrameOptions { as_of: args.as_of.clone(), known_at: args.known_at.clone(), ledger: None };
    let view = commands::companies(workspace, &options)?;
    if json {
        print::json(&view);
    } else {
        print_companies(&view);
    }
    Ok(view.complete)
}

fn print_companies(view: &CompaniesView) {
    let mut table = Table::new(&[
        ("Company", Side::Left),
        ("Connection", Side::Whole),
        ("Ledger", Side::Whole),
        ("Deals", Side::Right),
        ("Contract", Side::Right),
        ("Ccy", Side::Left),
    ]);
    for company in &view.companies {
        let gone = if company.connected { "" } else { " (disconnected)" };
        let name = format!("{}{gone}", company.company);
        let (connections, ledger) = (company.connections.join(" "), company.ledger.clone());
        if company.keeps.is_empty() {
            let none = String::new;
            table.row([name, connections, ledger, "0".into(), none(), none()]);
            continue;
        }
        for kept in &company.keeps {
            table.row([
                name.clone(),
                connections.clone(),
                ledger.clone(),
                kept.deals.to_string(),
                plain(Some(&kept.sum)),
                kept.currency.clone(),
            ]);
        }
    }
    print::line(&format!("Deals won by {}:", view.as_of));
    print::line("");
    print::line(&table.text());
    print::line("");
    if view.rules.is_empty() {
        print::line("No rules: each currency belongs to the one company that enables it.");
    }
    for rule in &view.rules {
        print::line(&rule_line(rule));
    }
    for word in &view.assigned {
        print::line(&format!(
            "{}: {}, says {}: {}",
            word.opportunity, word.company, word.by, word.reason
        ));
    }
    print_unassigned(&view.unassigned);
    print::line("");
    print::line(&view.conclusion);
}

fn rule_line(rule: &RuleView) -> String {
    let conditions: Vec<String> = rule
        .conditions
        .iter()
        .map(|it| format!("{} is {}", it.property, it.any_of.join(" or ")))
        .collect();
    let takes = match conditions.is_empty() {
        true => "takes what no other rule takes".to_owned(),
        false => format!("if {}", conditions.join(", and ")),
    };
    format!("Rule {}: {} {takes} ({}: {})", rule.name, rule.company, rule.by, rule.reason)
}

/// Every reason with its deals, so that none is out of sight.
fn print_unassigned(rows: &[UnassignedView]) {
    for row in rows {
        for reason in &row.reasons {
            print::line("");
            print::line(&format!(
                "Unassigned: {} deals, {} {}, {}: {}",
                reason.deals,
                plain(Some(&reason.sum)),
                row.currency,
                reason.code,
                reason.what
            ));
            print::line(&format!("  {}", reason.remedy));
            print::line(&format!("  {}", reason.opportunities.join(" ")));
        }
    }
}

pub async fn assign(
    workspace: &mut Workspace,
    args: &AssignArgs,
    json: bool,
) -> Result<bool, Failure> {
    let nothing =
        || Failure::new(Code::Usage, "neither an Opportunity nor --rule, or no --company");
    let what = match (&args.rule, &args.opportunity, &args.company) {
        (Some(name), _, Some(company)) => Assigning::Rule {
            name: name.clone(),
            company: company.clone(),
            when: args.when.clone(),
        },
        (Some(name), _, None) if args.undo => Assigning::NoRule { name: name.clone() },
        (None, Some(deal), Some(company)) => {
            Assigning::Deal { opportunity: deal.clone(), company: company.clone() }
        }
        (None, Some(deal), None) if args.undo => Assigning::NoDeal { opportunity: deal.clone() },
        _ => return Err(nothing()),
    };
    let (reason, actor) = (args.reason.clone(), deciding(args.actor.as_deref())?);
    let view = commands::assign(workspace, &AssignOptions { what, reason, actor }).await?;
    if json {
        print::json(&view);
    } else {
        print_assigned(&view);
    }
    Ok(true)
}

fn print_assigned(view: &AssignView) {
    print::line(&format!("{} {}: {} {}", view.subject, view.name, view.said, view.company));
    if !view.changed {
        print::line("  this held already; nothing was changed");
    }
    print::line(&format!("  deals that changed their company: {}", view.moved));
    for field in &view.reads {
        print::line(&format!("  {field} is read by the next `tieout sync`; until then nobody"));
        print::line("  keeps deals that depend on it");
    }
    print_unassigned(&view.unassigned);
}
