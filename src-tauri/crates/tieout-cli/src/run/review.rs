//! Commands with which a person looks into matters and says what is right.

use tieout_api::commands::{self, LinkOptions, RehearseOptions};
use tieout_api::views::deals::GateView;
use tieout_api::views::links::LinkView;
use tieout_api::views::rehearsal::{RehearsalView, SumView};
use tieout_api::{Code, Failure, LinkSubject, Word, Workspace};

use super::deciding;
use super::grids::plain;
use crate::args::{LinkArgs, RehearseArgs};
use crate::print;
use crate::table::{Side, Table};

pub fn link(workspace: &mut Workspace, args: &LinkArgs, json: bool) -> Result<bool, Failure> {
    let subject = match (&args.invoice, &args.customer) {
        (Some(invoice), _) => LinkSubject::Document(invoice.clone()),
        (None, Some(customer)) => LinkSubject::Customer(customer.clone()),
        (None, None) => {
            return Err(Failure::new(Code::Usage, "neither --invoice nor --customer"));
        }
    };
    let options = LinkOptions {
        opportunity: args.opportunity.clone(),
        subject,
        word: match (args.not, args.undo) {
            (true, _) => Word::IsNot,
            (false, true) => Word::Withdrawn,
            (false, false) => Word::Is,
        },
        reason: args.reason.clone(),
        actor: deciding(args.actor.as_deref())?,
        ledger: args.ledger.clone(),
    };
    let view = commands::link(workspace, &options)?;
    if json {
        print::json(&view);
    } else {
        print_link(&view);
    }
    Ok(true)
}

fn print_link(view: &LinkView) {
    let subject = &view.subject;
    let name = subject.name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
    let before = view.said_before.unwrap_or("nothing");
    print::line(&format!(
        "{} and {} {}{name}: {}",
        view.opportunity,
        subject.kind.replace('_', " "),
        subject.id,
        view.said.replace('_', " "),
    ));
    if view.changed {
        print::line(&format!("  a person had said before: {}", before.replace('_', " ")));
    } else {
        print::line("  this held already; nothing was changed");
    }
    if view.billing_before != view.billing {
        let told = |billing: Option<&'static str>| billing.unwrap_or("in no population");
        let (before, now) = (told(view.billing_before), told(view.billing));
        print::line(&format!("  billing: {before} -> {now}"));
    }
    for gate in &view.cleared {
        print::line(&format!("  opened: {}: {}", gate.code, gate.what));
    }
    for GateView { code, what, remedy, .. } in &view.gates {
        print::line(&format!("  still closed: {code}: {what}"));
        print::line(&format!("    {remedy}"));
    }
}

pub fn rehearse(workspace: &Workspace, args: &RehearseArgs, json: bool) -> Result<bool, Failure> {
    let options = RehearseOptions {
        from: args.from.clone(),
        to: args.to.clone(),
        ledger: args.ledger.clone(),
    };
    let view = commands::rehearse(workspace, &options)?;
    if json {
        print::json(&view);
    } else {
        print_rehearsal(&view);
    }
    Ok(true)
}

fn print_rehearsal(view: &RehearsalView) {
    print::line(&format!(
        "Deals of {} won from {} to {}, as a create run of {} would meet them:",
        view.company, view.from, view.to, view.as_of
    ));
    print::line("");
    let fates = view.fates.iter().map(|fate| (fate.fate, &fate.sums));
    print::line(&sum_table("Fate", fates.chain([("won, together", &view.won)])).text());
    for sum in &view.to_create {
        let (documents, net) = (sum.deals, plain(Some(&sum.sum)));
        print::line("");
        print::line(&format!("To create: {documents} invoices, {net} {} net", sum.currency));
    }
    if !view.matched_by.is_empty() {
        let tiers = view.matched_by.iter().map(|tier| (tier.tier, &tier.sums));
        print::line("");
        print::line(&sum_table("Matched by tier", tiers).text());
    }
    for of in &view.evidence {
        let (fate, tier, rule) = (of.fate, of.tier, of.rule);
        print::line(&format!("{fate}, tier {tier}, {rule}: {} documents", of.documents));
    }
    for gate in &view.gates {
        print::line(&format!("stopped by {}: {} deals", gate.code, gate.deals));
    }
    for deal in view.deals.iter().filter(|deal| matches!(deal.fate, "blocked" | "ambiguous")) {
        print::line("");
        print::line(&format!("{} {}: {}", deal.opportunity, deal.name, deal.fate));
        for gate in &deal.gates {
            print::line(&format!("  {}: {}", gate.code, gate.what));
            print::line(&format!("    {}", gate.remedy));
        }
    }
    print::line("");
    print::line("Nothing was written.");
    if !view.writing {
        print::line(&format!(
            "Writing is off; `tieout connections --allow-writing {}` turns it on.",
            view.ledger
        ));
    }
}

fn sum_table<'a>(
    head: &'static str,
    rows: impl Iterator<Item = (&'a str, &'a Vec<SumView>)>,
) -> Table {
    let mut table = Table::new(&[
        (head, Side::Left),
        ("Deals", Side::Right),
        ("Contract", Side::Right),
        ("Ccy", Side::Left),
        ("Without amount", Side::Right),
    ]);
    for (name, sums) in rows {
        for sum in sums {
            table.row([
                name.replace('_', " "),
                sum.deals.to_string(),
                plain(Some(&sum.sum)),
                sum.currency.clone(),
                sum.without_amount.to_string(),
            ]);
        }
    }
    table
}
