//! Commands with which a person looks into matters and says what is right.

use tieout_api::commands::{self, LinkOptions};
use tieout_api::views::deals::GateView;
use tieout_api::views::links::LinkView;
use tieout_api::{Code, Failure, LinkSubject, Word, Workspace};

use super::actor;
use crate::args::LinkArgs;
use crate::print;

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
        actor: actor(args.actor.as_deref()),
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
