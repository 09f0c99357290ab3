//! What a person is told about a promise whose outcome is not known, and what may be decided.

use serde_json::json;
use tieout_api::commands::{self, EffectsOptions};
use tieout_api::views::effects::{DossierView, EffectView};
use tieout_sim::fault::FaultKind;
use tieout_sim::quickbooks::EditKind;
use tieout_tests::World;

/// Won, due, no invoice, every gate passes: 52,700.00, Sable Point Energy.
const DEAL: &str = "D-1041";

fn effects(world: &mut World, options: &EffectsOptions) -> Vec<EffectView> {
    let view = world.ask(async |workspace| commands::effects(workspace, options).await);
    view.expect("the effects are readable").effects
}

fn one(world: &mut World) -> (EffectView, DossierView) {
    let options = EffectsOptions { key: Some(world.key(DEAL)), ..EffectsOptions::default() };
    let effect = effects(world, &options).remove(0);
    let dossier = effect.dossier.clone().expect("one effect is told in words");
    (effect, dossier)
}

fn waiting(world: &mut World) -> Vec<EffectView> {
    effects(world, &EffectsOptions { waiting: true, ..EffectsOptions::default() })
}

fn decisions(dossier: &DossierView) -> Vec<&str> {
    dossier.choices.iter().map(|choice| choice.decision).collect()
}

/// The server forgets request ids, so only asking and a person can end what is not known.
fn unknown() -> World {
    let mut world = World::read();
    world.sandbox.quickbooks.switch(&json!({"replay_request_ids": false})).unwrap();
    let deal = world.deal_id(DEAL);
    world.quickbooks_suffers(FaultKind::DropBefore, "POST", "/invoice", &deal);
    assert_eq!(world.outcome(DEAL), "unknown");
    world
}

#[test]
fn an_unknown_outcome_is_told_whole() {
    let mut world = unknown();
    let (effect, dossier) = one(&mut world);
    assert_eq!(effect.amount.as_ref().map(|it| it.amount.as_str()), Some("52700.00"));
    let document = dossier.document.as_ref().unwrap();
    assert_eq!((document.customer_id.as_str(), document.kind), ("130", "invoice"));
    assert_eq!(document.customer.as_deref(), Some("Sable Point Energy"));
    assert_eq!(dossier.reference.as_deref(), Some(DEAL));
    let lines = document.lines.iter().map(|line| line.amount.amount.as_str());
    assert_eq!(lines.collect::<Vec<_>>(), ["41600.00", "2100.00", "9000.00"]);
    assert_eq!(dossier.sent, [effect.first_sent_at.clone().unwrap()]);
    assert_eq!((dossier.asked.len(), decisions(&dossier)), (0, vec!["send-again", "give-up"]));
    assert!(dossier.choices.iter().all(|it| !it.does.is_empty() && !it.risk.is_empty()));
    let told = dossier.sentences.join("\n");
    let next = dossier.asked_next_at.clone().unwrap();
    for words in ["52700.00 USD", "`Sable Point Energy` (130)", "sent once", "Nobody knows", &next]
    {
        assert!(told.contains(words), "{words}: {told}");
    }

    world.forward(120);
    world.ask_about_unknown();
    let (_, dossier) = one(&mut world);
    assert_eq!((dossier.asked.len(), dossier.asked[0].answer), (1, "not_found"));
    assert_ne!(dossier.asked_next_at, Some(next));
    assert!(dossier.sentences.join("\n").contains("not found."), "{dossier:#?}");
}

#[test]
fn a_question_without_an_answer_is_told_as_such() {
    let mut world = unknown();
    world.quickbooks_suffers(FaultKind::ServerErrorBefore, "GET", "/query", "");
    for _ in 0..5 {
        world.quickbooks_suffers(FaultKind::DropBefore, "GET", "/query", "");
    }
    world.ask_about_unknown();
    world.heal();
    let (_, dossier) = one(&mut world);
    assert_eq!(dossier.asked.iter().map(|it| it.answer).collect::<Vec<_>>(), ["no_answer"]);
    assert!(dossier.asked[0].detail.is_some());
}

#[test]
fn what_is_sent_again_is_counted_and_then_settled() {
    let mut world = unknown();
    world.send_again(&world.key(DEAL));
    let (_, dossier) = one(&mut world);
    assert_eq!(decisions(&dossier), ["give-up"]);
    assert!(dossier.asked.is_empty(), "a decision is no question");
    world.sync();
    let (effect, dossier) = one(&mut world);
    assert_eq!((effect.state, dossier.sent.len()), ("confirmed", 2));
    assert!(decisions(&dossier).is_empty() && dossier.asked_next_at.is_none());
}

#[test]
fn a_conflict_may_be_accepted() {
    let mut world = World::read();
    let note = format!("tieout:{} opp={}", world.key(DEAL), world.deal_id(DEAL));
    let body = json!({"TxnDate": "2026-07-02", "CustomerRef": {"value": "130"},
        "PrivateNote": note,
        "Line": [{"DetailType": "SalesItemLineDetail", "Amount": 50_000,
            "SalesItemLineDetail": {"ItemRef": {"value": "12"}, "TaxCodeRef": {"value": "NON"}}}]});
    world.in_quickbooks("Invoice", EditKind::Create, body);
    assert_eq!(world.outcome(DEAL), "conflict");
    let (effect, dossier) = one(&mut world);
    assert_eq!(decisions(&dossier), ["accept"]);
    let told = dossier.sentences.join("\n");
    assert!(told.contains(&effect.result_id.unwrap()) && told.contains("content"), "{told}");
}

#[test]
fn what_waits_is_listed_oldest_first_and_of_one_day_largest_first() {
    let mut world = World::read();
    world.sandbox.quickbooks.switch(&json!({"book_close_date": "2026-07-31"})).unwrap();
    let refused = world.create(&[]);
    assert!(refused.deals.iter().filter(|it| it.outcome == "rejected").count() >= 3);
    let amounts = |effects: &[EffectView]| -> Vec<i64> {
        let documents = effects.iter().filter(|it| it.kind == "document");
        let minor = |it: &EffectView| it.amount.as_ref().unwrap().amount.replace('.', "");
        documents.map(|it| minor(it).parse().unwrap()).collect()
    };
    let listed = waiting(&mut world);
    let (largest_first, mut sorted) = (amounts(&listed), amounts(&listed));
    sorted.sort_by_key(|minor| std::cmp::Reverse(*minor));
    assert_eq!(largest_first, sorted);
    assert!(listed.iter().all(|it| it.state == "rejected" && it.age_days == 0));

    world.forward(3 * 86_400);
    assert!(waiting(&mut world).iter().all(|it| it.age_days == 3));
    world.sandbox.quickbooks.switch(&json!({"book_close_date": "2026-05-31"})).unwrap();
    assert_eq!(world.outcome(DEAL), "confirmed");
    let key = world.key(DEAL);
    assert!(waiting(&mut world).iter().all(|it| it.key != key), "what is settled waits no more");
}
