//! What a person may accept, and what is shown of it.

use tieout_api::commands::{self, Choice, DecideOptions, DecisionView, FrameOptions};
use tieout_api::{Code, Failure};
use tieout_tests::World;

fn accept(world: &mut World, deal: &str, code: &str) -> Result<DecisionView, Failure> {
    let options = DecideOptions {
        opportunity: world.deal_id(deal),
        choice: Choice::Accept(code.into()),
        note: "looked at".into(),
        actor: "Priya Raman".into(),
        frame: FrameOptions { as_of: Some("2026-06-30".into()), ..FrameOptions::default() },
    };
    commands::decide(world.workspace_mut(), &options)
}

/// The limit is 5 cents by default.
#[test]
fn rounding_explains_no_more_than_the_rounding_limit() {
    let mut world = World::played();
    let deal = world.reconcile().flagged.into_iter().find(|it| it.variance.is_some()).unwrap();
    let reference = deal.reference.unwrap();
    let failure = accept(&mut world, &reference, "ROUNDING").expect_err("it is far more");
    assert_eq!(failure.code, Code::NotNow);
    let variance = deal.variance.unwrap();
    assert!(failure.detail.contains("at most 0.05 "), "{}", failure.detail);
    assert!(failure.detail.contains(&variance.amount), "{}", failure.detail);
    accept(&mut world, &reference, "CUTOFF").expect("another reason holds");
}
