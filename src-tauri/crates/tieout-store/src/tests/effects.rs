//! Effects: promised once, moved only as the domain allows, never forgotten.

use expect_test::{Expect, expect};
use tieout_domain::effect::EffectState::{
    self, Cancelled, Confirmed, Conflict, Intended, Rejected, Sent, Unknown,
};
use tieout_domain::facts::Stream;

use super::support::*;
use crate::{Effect, EffectFilter, EffectKind, EffectMove, Intended as Promise, Store, StoreError};

/// A move with everything that any target state asks for.
fn step(day: &str) -> EffectMove {
    EffectMove {
        result_id: Some("145".into()),
        error_code: Some("6140".into()),
        ..EffectMove::at(time(day), "step")
    }
}

fn bench() -> Bench {
    let mut bench = Bench::new();
    assert_eq!(bench.store.intend(&effect("k1")).unwrap(), Promise::New);
    bench
}

fn go(store: &mut Store, path: &[EffectState]) {
    for pair in path.windows(2) {
        store.move_effect("k1", pair[0], pair[1], &step("06-11")).unwrap();
    }
}

fn held(store: &Store) -> Effect {
    store.effect("k1").unwrap().unwrap()
}

/// A way from `intended` to each state.
fn way_to(state: EffectState) -> Vec<EffectState> {
    match state {
        Intended => vec![Intended],
        Cancelled => vec![Intended, Cancelled],
        Sent => vec![Intended, Sent],
        other => vec![Intended, Sent, other],
    }
}

#[test]
fn every_move_is_allowed_exactly_when_the_domain_allows_it() {
    for from in EffectState::ALL {
        for to in EffectState::ALL {
            let mut bench = bench();
            go(&mut bench.store, &way_to(from));
            let before = (held(&bench.store), bench.store.effect_history("k1").unwrap());
            let moved = bench.store.move_effect("k1", from, to, &step("06-12"));
            if from.may_become(to) {
                moved.unwrap();
                assert_eq!(held(&bench.store).state, to);
            } else {
                assert!(matches!(moved, Err(StoreError::IllegalMove { .. })), "{from:?} {to:?}");
                let after = (held(&bench.store), bench.store.effect_history("k1").unwrap());
                assert_eq!(before, after, "{from:?} {to:?}");
            }
        }
    }
}

#[test]
fn a_move_from_a_state_that_somebody_else_has_left_is_refused() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent, Unknown]);
    let late = bench.store.move_effect("k1", Sent, Confirmed, &step("06-12"));
    assert!(matches!(late, Err(StoreError::IllegalMove { found: Unknown, .. })));
}

#[test]
fn a_batch_is_durable_as_a_whole_or_not_at_all() {
    let mut bench = bench();
    for commits in [false, true] {
        let mut batch = bench.store.effect_batch().unwrap();
        assert_eq!(batch.intend(&effect("k2")).unwrap(), Promise::New);
        batch.move_effect("k2", Intended, Sent, &step("06-11")).unwrap();
        batch.move_effect("k1", Intended, Sent, &step("06-11")).unwrap();
        if commits {
            batch.commit().unwrap();
        } else {
            drop(batch);
        }
        let second = bench.store.effect("k2").unwrap().map(|effect| effect.state);
        assert_eq!(second, commits.then_some(Sent));
        assert_eq!(held(&bench.store).state, if commits { Sent } else { Intended });
        assert_eq!(bench.store.verify_audit().unwrap().broken_at, None);
    }
}

#[test]
fn a_key_is_promised_once() {
    let mut bench = bench();
    let other = Effect { content_hash: "hash-2".into(), ..effect("k1") };
    let Promise::Exists(before) = bench.store.intend(&other).unwrap() else { panic!("twice") };
    assert_eq!(*before, effect("k1"));
    assert_eq!(bench.store.effect_history("k1").unwrap().len(), 1);
}

#[test]
fn what_may_have_been_sent_is_no_promise() {
    let mut bench = Bench::new();
    let sent = Effect { state: Sent, ..effect("k1") };
    assert!(matches!(bench.store.intend(&sent), Err(StoreError::ContentFrozen { .. })));
}

#[test]
fn a_document_without_its_company_is_refused() {
    let mut bench = Bench::new();
    let nowhere = Effect { ledger: None, ..effect("k1") };
    assert!(matches!(bench.store.intend(&nowhere), Err(StoreError::Refused(_))));
}

#[test]
fn the_content_may_be_replaced_until_a_first_byte_may_have_left() {
    let mut bench = bench();
    bench.store.replace_content("k1", time("06-11"), "hash-2", "{\"a\":1}").unwrap();
    assert_eq!(held(&bench.store).content_hash, "hash-2");
    go(&mut bench.store, &[Intended, Sent]);
    let frozen = bench.store.replace_content("k1", time("06-12"), "hash-3", "{}");
    assert!(matches!(frozen, Err(StoreError::ContentFrozen { .. })));
}

/// `first sent, last sent, attempts` after a path.
#[track_caller]
fn check_sends(path: &[EffectState], want: Expect) {
    let mut bench = bench();
    for (day, pair) in (11..).zip(path.windows(2)) {
        let at = format!("06-{day}");
        bench.store.move_effect("k1", pair[0], pair[1], &step(&at)).unwrap();
    }
    let effect = held(&bench.store);
    let day = |at: Option<jiff::Timestamp>| {
        at.map_or_else(|| "never".to_owned(), |at| at.strftime("%m-%d").to_string())
    };
    want.assert_eq(&format!(
        "{} {} {}",
        day(effect.first_sent_at),
        day(effect.last_sent_at),
        effect.attempts
    ));
}

#[test]
fn the_first_send_is_remembered() {
    check_sends(&[Intended, Sent], expect!["06-11 06-11 1"]);
    check_sends(&[Intended, Sent, Unknown, Intended, Sent], expect!["06-11 06-14 2"]);
}

#[test]
fn a_send_that_was_certainly_not_received_is_no_first_send() {
    check_sends(&[Intended, Sent, Intended], expect!["never 06-11 1"]);
    check_sends(&[Intended, Sent, Intended, Sent], expect!["06-13 06-13 2"]);
}

#[test]
fn after_an_unknown_outcome_the_first_send_stays() {
    check_sends(&[Intended, Sent, Unknown, Intended, Sent, Intended], expect!["06-11 06-14 2"]);
}

#[test]
fn content_that_was_certainly_not_received_may_be_replaced() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent, Intended]);
    bench.store.replace_content("k1", time("06-12"), "hash-2", "{}").unwrap();
}

fn again(bench: &mut Bench, hash: &str) -> Result<(), StoreError> {
    bench.store.promise_again("k1", hash, "{\"b\":2}", &step("06-13"))
}

/// A refusal that says for certain that nothing came to be raises the attempt group.
fn refuse(bench: &mut Bench) {
    let definite = EffectMove { attempt_group: Some(2), ..step("06-12") };
    bench.store.move_effect("k1", Sent, Rejected, &definite).unwrap();
}

#[test]
fn a_refused_promise_may_be_corrected_under_its_key() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent]);
    refuse(&mut bench);
    again(&mut bench, "hash-2").unwrap();
    let effect = held(&bench.store);
    assert_eq!((effect.state, effect.content_hash.as_str()), (Intended, "hash-2"));
    assert_eq!((effect.attempt_group, effect.first_sent_at), (2, None));
}

#[test]
fn a_withdrawn_promise_may_be_corrected() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Cancelled]);
    again(&mut bench, "hash-2").unwrap();
    assert_eq!(held(&bench.store).attempt_group, 1);
}

#[test]
fn what_a_person_gave_up_in_doubt_keeps_its_content() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent, Unknown, Rejected]);
    let before = held(&bench.store);
    assert!(matches!(again(&mut bench, "hash-2"), Err(StoreError::ContentFrozen { .. })));
    assert_eq!(held(&bench.store), before);
    let (hash, payload) = (before.content_hash.as_str(), before.payload.as_str());
    bench.store.promise_again("k1", hash, payload, &step("06-13")).unwrap();
    assert_eq!(held(&bench.store).first_sent_at, before.first_sent_at);
}

#[test]
fn a_refusal_after_an_unknown_outcome_leaves_the_content_frozen() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent, Unknown, Intended, Sent]);
    refuse(&mut bench);
    assert!(matches!(again(&mut bench, "hash-2"), Err(StoreError::ContentFrozen { .. })));
}

#[test]
fn only_what_was_refused_or_withdrawn_is_promised_again() {
    for state in [Intended, Sent, Unknown, Confirmed, Conflict] {
        let mut bench = bench();
        go(&mut bench.store, &way_to(state));
        let before = held(&bench.store);
        assert!(matches!(again(&mut bench, "hash-2"), Err(StoreError::IllegalMove { .. })));
        assert_eq!(held(&bench.store), before, "{state:?}");
    }
}

#[test]
fn the_attempt_group_stays_after_a_lost_answer_and_never_falls() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent]);
    let group = |number| EffectMove { attempt_group: Some(number), ..step("06-12") };
    bench.store.move_effect("k1", Sent, Intended, &group(2)).unwrap();
    let fell = bench.store.move_effect("k1", Intended, Sent, &group(1));
    assert!(matches!(fell, Err(StoreError::AttemptGroup { .. })));
    go(&mut bench.store, &[Intended, Sent, Unknown]);
    let rose = bench.store.move_effect("k1", Unknown, Intended, &group(3));
    assert!(matches!(rose, Err(StoreError::AttemptGroup { .. })));
    assert_eq!(held(&bench.store).attempt_group, 2);
}

#[test]
fn a_confirmed_document_has_an_id_and_a_refusal_has_a_reason() {
    for to in [Confirmed, Rejected] {
        let mut bench = bench();
        let bare = EffectMove::at(time("06-12"), "no proof");
        bench.store.move_effect("k1", Intended, Sent, &bare).unwrap();
        let moved = bench.store.move_effect("k1", Sent, to, &bare);
        assert!(matches!(moved, Err(StoreError::Refused(_))), "{to:?} {moved:?}");
        assert_eq!(held(&bench.store).state, Sent);
    }
}

#[test]
fn a_confirmation_and_the_document_are_stored_together() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent]);
    let fact = invoice_fact("145", "0", "06-12", 100);
    bench.store.settle_effect("k1", Sent, Confirmed, &step("06-12"), &fact).unwrap();
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap(), [fact]);
    assert_eq!(held(&bench.store).result_id.as_deref(), Some("145"));
}

#[test]
fn a_confirmation_that_is_refused_stores_no_document() {
    let mut bench = bench();
    let fact = invoice_fact("145", "0", "06-12", 100);
    let moved = bench.store.settle_effect("k1", Sent, Confirmed, &step("06-12"), &fact);
    assert!(matches!(moved, Err(StoreError::IllegalMove { .. })));
    assert_eq!(bench.store.facts(&books(), Stream::Invoices, None).unwrap(), []);
}

#[test]
fn asking_is_noted_without_a_move() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent, Unknown]);
    bench.store.note_ask("k1", time("06-12"), "not found", time("06-13"), Some(1)).unwrap();
    bench.store.note_ask("k1", time("06-13"), "no answer", time("06-14"), None).unwrap();
    let effect = held(&bench.store);
    assert_eq!((effect.state, effect.empty_answers), (Unknown, 1));
    assert_eq!(effect.next_ask_at, Some(time("06-14")));
    let history = bench.store.effect_history("k1").unwrap();
    assert_eq!(history.len(), 5);
    assert_eq!((history[3].from, history[3].to), (Some(Unknown), Unknown));
}

#[test]
fn only_an_unknown_outcome_is_asked_about() {
    let mut bench = bench();
    let asked = bench.store.note_ask("k1", time("06-12"), "not found", time("06-13"), None);
    assert!(matches!(asked, Err(StoreError::IllegalMove { .. })));
    let nobody = bench.store.note_ask("k9", time("06-12"), "not found", time("06-13"), None);
    assert!(matches!(nobody, Err(StoreError::NoSuchEffect { .. })));
}

#[test]
fn what_was_sent_when_the_program_ended_is_unknown() {
    let mut bench = bench();
    bench.store.intend(&effect("k2")).unwrap();
    go(&mut bench.store, &[Intended, Sent]);
    let mut store = Store::open(&bench.path(), &key()).unwrap();
    assert_eq!(store.recover_sent(time("06-12")).unwrap(), ["k1"]);
    assert_eq!(store.recover_sent(time("06-12")).unwrap(), Vec::<String>::new());
    let effect = held(&store);
    assert_eq!((effect.state, effect.next_ask_at), (Unknown, Some(time("06-12"))));
    assert_eq!(store.effect("k2").unwrap().unwrap().state, Intended);
}

#[test]
fn history_shows_every_step() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent, Unknown]);
    let lines: Vec<String> = bench
        .store
        .effect_history("k1")
        .unwrap()
        .into_iter()
        .map(|event| {
            let from = event.from.map_or("nothing", EffectState::as_str);
            format!(
                "{from} -> {}: {} (attempt {})",
                event.to.as_str(),
                event.detail,
                event.attempts
            )
        })
        .collect();
    expect![[r#"
        nothing -> intended: promised (attempt 0)
        intended -> sent: step (attempt 1)
        sent -> unknown: step (attempt 1)"#]]
    .assert_eq(&lines.join("\n"));
    assert_eq!(bench.store.audit(1).unwrap()[0].detail, "sent -> unknown: step");
}

#[test]
fn effects_are_found_by_every_part_of_the_filter() {
    let mut bench = bench();
    let task = Effect {
        kind: EffectKind::Task,
        connection: crm(),
        document_kind: None,
        deal: None,
        ..effect("k2")
    };
    bench.store.intend(&task).unwrap();
    go(&mut bench.store, &[Intended, Sent]);
    let keys = |filter: EffectFilter| -> Vec<String> {
        bench.store.effects(&filter).unwrap().into_iter().map(|effect| effect.key).collect()
    };
    let all = EffectFilter::default;
    assert_eq!(keys(all()), ["k1", "k2"]);
    assert_eq!(keys(EffectFilter { limit: Some(1), ..all() }), ["k1"]);
    assert_eq!(keys(EffectFilter { connection: Some(crm()), ..all() }), ["k2"]);
    assert_eq!(keys(EffectFilter { kind: Some(EffectKind::Document), ..all() }), ["k1"]);
    assert_eq!(keys(EffectFilter { states: vec![Sent, Conflict], ..all() }), ["k1"]);
    let deal = tieout_domain::ids::DealId::new("d1").unwrap();
    assert_eq!(keys(EffectFilter { deal: Some(deal), ..all() }), ["k1"]);
    assert_eq!(bench.store.in_flight(&books()).unwrap().len(), 1);
}

#[test]
fn what_is_settled_is_not_in_flight() {
    let mut bench = bench();
    go(&mut bench.store, &[Intended, Sent, Confirmed]);
    assert_eq!(bench.store.in_flight(&books()).unwrap(), []);
}
