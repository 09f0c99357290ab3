//! Which company keeps which deal of the sample, and rules that say so.

use tieout_api::commands::{self, AssignOptions, Assigning, FrameOptions};
use tieout_api::views::companies::{AssignView, CompaniesView};
use tieout_api::{Code, Failure};
use tieout_tests::{ACTOR, AS_OF, World};

fn companies(world: &mut World) -> CompaniesView {
    let options = FrameOptions { as_of: Some(AS_OF.into()), ..FrameOptions::default() };
    commands::companies(world.workspace_mut(), &options).expect("it was read")
}

fn assign(world: &mut World, what: Assigning) -> Result<AssignView, Failure> {
    let options =
        AssignOptions { what, reason: "as agreed with the auditor".into(), actor: ACTOR.into() };
    world.ask(async |workspace| commands::assign(workspace, &options).await)
}

fn rule(name: &str, when: &[&str]) -> Assigning {
    let when = when.iter().map(|text| (*text).to_owned()).collect();
    Assigning::Rule { name: name.into(), company: "quickbooks".into(), when }
}

fn no_rule(name: &str) -> Assigning {
    Assigning::NoRule { name: name.into() }
}

/// The codes of why deals have no company, with their numbers.
fn reasons(view: &CompaniesView) -> Vec<(String, &'static str, u64)> {
    let rows = view.unassigned.iter();
    rows.flat_map(|row| row.reasons.iter().map(|it| (row.currency.clone(), it.code, it.deals)))
        .collect()
}

#[test]
fn deals_of_the_company_that_is_not_connected_keep_the_workspace_from_tying_out() {
    let mut world = World::played();
    let view = companies(&mut world);
    let nowhere = "CURRENCY_NOWHERE";
    assert_eq!(reasons(&view), [("EUR".into(), nowhere, 3), ("GBP".into(), nowhere, 11)]);
    assert!(!view.complete && view.conclusion.starts_with("14 won deals have no company"));
    let [company] = view.companies.as_slice() else { panic!("{:?}", view.companies) };
    assert_eq!(
        (company.connections.as_slice(), company.connected),
        (&["quickbooks".into()][..], true)
    );
    assert_eq!(company.keeps.len(), 1);
    assert!(world.reconcile().ties_out, "the figures of the connected company are its own");
}

#[test]
fn a_deal_that_no_rule_takes_fails_the_tie_outs_until_one_does() {
    let mut world = World::played();
    let before = world.reconcile();
    let told = assign(&mut world, rule("euros", &["currency=eur"])).unwrap();
    assert!(told.changed && told.moved > 0, "{told:?}");
    let without = world.reconcile();
    assert!(!without.ties_out);
    let line = without.tie_outs.iter().find(|line| line.name == "deals with a company").unwrap();
    assert_eq!((line.tie_out, line.status), ("T1", "FAILED"));
    let codes = reasons(&companies(&mut world));
    assert!(codes.iter().any(|(currency, code, _)| (&**currency, *code) == ("USD", "NO_RULE")));
    assert!(
        codes
            .iter()
            .any(|(currency, code, _)| (&**currency, *code) == ("EUR", "CURRENCY_NOT_ENABLED"))
    );
    assign(&mut world, rule("rest", &[])).unwrap();
    assert_eq!(world.reconcile().tie_outs, before.tie_outs);
    assign(&mut world, no_rule("rest")).unwrap();
    assign(&mut world, no_rule("euros")).unwrap();
    let after = world.reconcile();
    assert_eq!((after.tie_outs, after.verdicts), (before.tie_outs, before.verdicts));
}

/// A feed is read again when what it consists of changes.
#[test]
fn a_field_that_a_rule_asks_for_is_read_by_the_next_run() {
    let mut world = World::played();
    let when = ["deal.NextStep=", "owner.UserRole.Name=", "account.Industry="];
    let told = assign(&mut world, rule("everything", &when)).unwrap();
    assert_eq!(told.reads, ["Account.Industry", "Opportunity.NextStep", "User.UserRole.Name"]);
    assert!(reasons(&companies(&mut world)).iter().all(|(_, code, _)| *code == "NOT_READ"));
    let run = world.sync();
    assert!(run.run.complete, "{:?}", run.run.gaps);
    let codes = reasons(&companies(&mut world));
    assert!(codes.iter().all(|(_, code, _)| *code == "CURRENCY_NOT_ENABLED"), "{codes:?}");
    assert!(world.reconcile().ties_out);
}

#[test]
fn what_nobody_can_keep_is_refused() {
    let mut world = World::played();
    let nowhere = Assigning::Rule { name: "x".into(), company: "xero".into(), when: Vec::new() };
    assert_eq!(assign(&mut world, nowhere).unwrap_err().code, Code::NoSuchConnection);
    let odd = assign(&mut world, rule("x", &["region=EMEA"])).unwrap_err();
    assert_eq!(odd.code, Code::Usage);
    assert_eq!(assign(&mut world, no_rule("x")).unwrap_err().code, Code::NotNow);
    let opportunity = world.deal_id("D-1042");
    let undo = Assigning::NoDeal { opportunity: opportunity.clone() };
    assert_eq!(assign(&mut world, undo.clone()).unwrap_err().code, Code::NotNow);
    let word = Assigning::Deal { opportunity, company: "Alder Quay Instruments, Inc.".into() };
    let told = assign(&mut world, word.clone()).unwrap();
    assert_eq!((told.said, told.moved), ("assigned", 0));
    assert!(!assign(&mut world, word).unwrap().changed);
    assert_eq!(assign(&mut world, undo).unwrap().said, "withdrawn");
}
