//! What was sold or billed twice, and what was never billed.

use tieout_api::commands::{self, DuplicatesOptions, PairWord};
use tieout_api::views::duplicates::{DuplicatesView, TwinView};
use tieout_api::views::leakage::LeakageView;
use tieout_api::{Failure, Workspace};

use super::deciding;
use super::grids::{plain, show};
use crate::args::{DuplicatesArgs, LeakageArgs};
use crate::print;
use crate::table::{Side, Table};

pub fn duplicates(
    workspace: &mut Workspace,
    args: &DuplicatesArgs,
    json: bool,
) -> Result<bool, Failure> {
    let decides = args.clear.is_some() || args.reopen.is_some();
    let who = if decides { deciding(args.actor.as_deref())? } else { String::new() };
    let word = |pair: &Vec<String>, cleared| PairWord {
        pair: (pair[0].clone(), pair[1].clone()),
        cleared,
        reason: args.reason.clone().unwrap_or_default(),
        actor: who.clone(),
    };
    let cleared = args.clear.as_ref().map(|pair| word(pair, true));
    let options = DuplicatesOptions {
        word: cleared.or_else(|| args.reopen.as_ref().map(|pair| word(pair, false))),
        ledger: args.ledger.clone(),
    };
    let view = commands::duplicates(workspace, &options)?;
    if json {
        print::json(&view);
    } else {
        print_duplicates(&view);
    }
    Ok(view.open == 0)
}

fn print_duplicates(view: &DuplicatesView) {
    let mut table = Table::new(&[
        ("Kind", Side::Left),
        ("First", Side::Whole),
        ("Second", Side::Whole),
        ("Of", Side::Left),
        ("At risk", Side::Right),
        ("Ccy", Side::Left),
        ("Days", Side::Right),
        ("The same", Side::Left),
        ("Cleared by", Side::Left),
    ]);
    for pair in &view.pairs {
        table.row([
            pair.kind.replace('_', " "),
            twin(&pair.first),
            twin(&pair.second),
            pair.name.clone().unwrap_or_default(),
            plain(Some(&pair.at_risk)),
            pair.at_risk.currency.clone(),
            pair.days_apart.to_string(),
            pair.evidence.join(", ").replace('_', " "),
            pair.cleared.as_ref().map_or_else(|| "nobody".into(), |it| it.by.clone()),
        ]);
    }
    show(&table, &format!("{} pairs, {} that nobody has cleared", view.count, view.open));
    for (what, sums) in [("documents", &view.documents_at_risk), ("deals", &view.deals_at_risk)] {
        for sum in sums {
            print::line(&format!("At risk, {what}: {} {}", plain(Some(sum)), sum.currency));
        }
    }
}

fn twin(of: &TwinView) -> String {
    let name = of.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    format!("{}{name} {}", of.id, of.dated)
}

pub fn leakage(workspace: &Workspace, args: &LeakageArgs, json: bool) -> Result<bool, Failure> {
    let view = commands::leakage(workspace, &(&args.frame).into(), args.part)?;
    if json {
        print::json(&view);
    } else {
        print_leakage(&view);
    }
    Ok(view.count == 0)
}

fn print_leakage(view: &LeakageView) {
    let mut table = Table::new(&[
        ("Deal", Side::Left),
        ("Opportunity", Side::Whole),
        ("Account", Side::Left),
        ("Closed", Side::Left),
        ("Days", Side::Right),
        ("Not invoiced", Side::Right),
        ("Ccy", Side::Left),
        ("Why", Side::Left),
    ]);
    for deal in &view.deals {
        table.row([
            deal.reference.clone().unwrap_or_default(),
            deal.opportunity.clone(),
            deal.account.clone(),
            deal.closed.clone(),
            deal.age_days.to_string(),
            deal.leakage.as_ref().map_or_else(|| "unknown".into(), |it| plain(Some(it))),
            deal.leakage.as_ref().map(|it| it.currency.clone()).unwrap_or_default(),
            deal.reason.clone(),
        ]);
    }
    let (count, on, grace) = (view.count, &view.as_of, view.grace_days);
    show(&table, &format!("{count} deals due at {on} for more than {grace} days, not invoiced"));
    for total in &view.totals {
        print::line(&format!("Total: {} {} before tax", plain(Some(total)), total.currency));
    }
}
