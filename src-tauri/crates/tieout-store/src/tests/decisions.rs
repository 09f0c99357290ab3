//! Decisions: the last word counts, every word is kept and audited.

use expect_test::{Expect, expect};
use tieout_domain::assignment::{Condition, Property};
use tieout_domain::facts::{LedgerDocumentKind, Stream};
use tieout_domain::ids::{AccountId, CustomerId, DealId, DocumentId, ItemId, LedgerId, ProductId};

use super::support::*;
use crate::{
    AgingBasis, AssignmentRule, CreditPolicy, DealAssignment, DealDocumentLink, Exclusion,
    IdentityLink, ItemMapping, LedgerLimits, LimitPolicy, LinkVerdict, ReasonItem, ReasonStanding,
    Store, StoreError,
};

fn identity(at: &str, linked: bool) -> IdentityLink {
    IdentityLink {
        account: AccountId::new("a1").unwrap(),
        connection: books(),
        customer: CustomerId::new("c1").unwrap(),
        linked,
        basis: "tax_number".into(),
        decided: decided("ann", at),
    }
}

fn mapping(item: &str) -> ItemMapping {
    ItemMapping {
        connection: books(),
        product: ProductId::new("p1").unwrap(),
        item: ItemId::new(item).unwrap(),
        active: true,
        decided: decided("ann", "06-11"),
    }
}

fn link(at: &str, verdict: LinkVerdict) -> DealDocumentLink {
    DealDocumentLink {
        deal: DealId::new("d1").unwrap(),
        connection: books(),
        document_kind: LedgerDocumentKind::Invoice,
        document: DocumentId::new("1").unwrap(),
        verdict,
        allocated: Some(usd(4_000)),
        decided: decided("ann", at),
    }
}

fn exclusion(at: &str, excluded: bool) -> Exclusion {
    Exclusion {
        connection: crm(),
        stream: Stream::Deals,
        record: "d1".into(),
        excluded,
        decided: decided("ann", at),
    }
}

fn reason(at: &str, standing: ReasonStanding) -> ReasonItem {
    ReasonItem {
        id: "i1".into(),
        deal: Some(DealId::new("d1").unwrap()),
        connection: books(),
        document: Some((LedgerDocumentKind::Invoice, DocumentId::new("1").unwrap())),
        code: "PARTIAL_BILL".into(),
        amount: usd(-8_000),
        owner: "ben".into(),
        note: "second milestone in July".into(),
        evidence: None,
        raised: date("06-11"),
        target: Some(date("07-31")),
        standing,
        decided: decided("ann", at),
    }
}

fn limits(at: &str, absolute: i64) -> LedgerLimits {
    LedgerLimits {
        connection: books(),
        absolute: usd(absolute),
        fraction: "0.010".parse().unwrap(),
        policy: LimitPolicy::Both,
        rounding_minor: 5,
        grace_days: 5,
        materiality: usd(1_000_000),
        aging_basis: AgingBasis::DueDate,
        credit_policy: CreditPolicy::Separate,
        decided: decided("ann", at),
    }
}

fn rule(active: bool) -> AssignmentRule {
    let condition = |property: &str, values: &[&str]| Condition {
        property: Property::parse(property).unwrap(),
        any_of: values.iter().map(|value| (*value).to_owned()).collect(),
    };
    AssignmentRule {
        name: "region".into(),
        ledger: LedgerId::new("qbo:1").unwrap(),
        conditions: vec![
            condition("deal.Region__c", &["EMEA", "a \"quoted\" one", ""]),
            condition("billing-country", &["DE"]),
            condition("billing-country", &["DE", "AT"]),
        ],
        active,
        decided: decided("ann", "06-11"),
    }
}

fn assignment(at: &str, ledger: &str, active: bool) -> DealAssignment {
    DealAssignment {
        deal: DealId::new("d1").unwrap(),
        ledger: LedgerId::new(ledger).unwrap(),
        active,
        decided: decided("ann", at),
    }
}

/// One decision of every kind.
pub(super) fn decide_everything(store: &mut Store) {
    assert!(store.save_identity_link(&identity("06-11", true)).unwrap());
    assert!(store.save_item_mapping(&mapping("i1")).unwrap());
    assert!(store.save_deal_document_link(&link("06-11", LinkVerdict::Link)).unwrap());
    assert!(store.save_exclusion(&exclusion("06-11", true)).unwrap());
    assert!(store.save_reason(&reason("06-11", ReasonStanding::Proposed)).unwrap());
    assert!(store.save_limits(&limits("06-11", 100)).unwrap());
    assert!(store.save_assignment_rule(&rule(true)).unwrap());
    assert!(store.save_deal_assignment(&assignment("06-11", "qbo:1", true)).unwrap());
}

#[test]
fn everything_comes_back_as_it_was_decided() {
    let mut bench = Bench::new();
    decide_everything(&mut bench.store);
    let store = &bench.store;
    assert_eq!(store.identity_links_at(None).unwrap(), [identity("06-11", true)]);
    assert_eq!(store.item_mappings_at(None).unwrap(), [mapping("i1")]);
    assert_eq!(store.deal_document_links_at(None).unwrap(), [link("06-11", LinkVerdict::Link)]);
    assert_eq!(store.exclusions_at(None).unwrap(), [exclusion("06-11", true)]);
    assert_eq!(store.reasons_at(None).unwrap(), [reason("06-11", ReasonStanding::Proposed)]);
    assert_eq!(store.limits_at(&books(), None).unwrap(), Some(limits("06-11", 100)));
    assert_eq!(store.limits_at(&crm(), None).unwrap(), None);
    assert_eq!(store.assignment_rules_at(None).unwrap(), [rule(true)]);
    let assigned = store.deal_assignments_at(None).unwrap();
    assert_eq!(assigned, [assignment("06-11", "qbo:1", true)]);
}

#[test]
fn deciding_the_same_again_writes_nothing() {
    let mut bench = Bench::new();
    decide_everything(&mut bench.store);
    let entries = bench.store.verify_audit().unwrap().entries;
    assert!(!bench.store.save_identity_link(&identity("06-12", true)).unwrap());
    assert!(!bench.store.save_limits(&limits("06-12", 100)).unwrap());
    assert_eq!(bench.store.identity_link_history().unwrap().len(), 1);
    assert_eq!(bench.store.verify_audit().unwrap().entries, entries);
}

#[test]
fn the_last_word_counts_and_every_word_is_kept() {
    let mut bench = Bench::new();
    bench.store.save_item_mapping(&mapping("i1")).unwrap();
    bench.store.save_item_mapping(&mapping("i2")).unwrap();
    assert_eq!(bench.store.item_mappings_at(None).unwrap(), [mapping("i2")]);
    assert_eq!(bench.store.item_mapping_history().unwrap(), [mapping("i1"), mapping("i2")]);
}

#[test]
fn a_pair_that_was_taken_apart_stays_known_as_such() {
    let mut bench = Bench::new();
    bench.store.save_identity_link(&identity("06-11", true)).unwrap();
    bench.store.save_identity_link(&identity("06-12", false)).unwrap();
    assert_eq!(bench.store.identity_links_at(None).unwrap(), [identity("06-12", false)]);
}

#[test]
fn a_pair_about_which_a_word_was_withdrawn_is_as_if_nothing_had_been_said() {
    let mut bench = Bench::new();
    let withdrawn =
        IdentityLink { basis: IdentityLink::WITHDRAWN.into(), ..identity("06-13", false) };
    bench.store.save_identity_link(&identity("06-12", false)).unwrap();
    bench.store.save_identity_link(&withdrawn).unwrap();
    assert_eq!(bench.store.identity_links_at(None).unwrap(), []);
    let before = bench.store.identity_links_at(Some(time("06-12"))).unwrap();
    assert_eq!(before, [identity("06-12", false)]);
    assert_eq!(bench.store.audit(1).unwrap()[0].action, "identity_link.withdrawn");
}

#[test]
fn what_is_taken_back_says_nothing_any_more() {
    let mut bench = Bench::new();
    let store = &mut bench.store;
    store.save_deal_document_link(&link("06-11", LinkVerdict::Link)).unwrap();
    store.save_deal_document_link(&link("06-12", LinkVerdict::Unlink)).unwrap();
    store.save_exclusion(&exclusion("06-11", true)).unwrap();
    store.save_exclusion(&exclusion("06-12", false)).unwrap();
    store.save_reason(&reason("06-11", ReasonStanding::Accepted)).unwrap();
    store.save_reason(&reason("06-12", ReasonStanding::Withdrawn)).unwrap();
    store.save_assignment_rule(&rule(true)).unwrap();
    store.save_assignment_rule(&rule(false)).unwrap();
    store.save_deal_assignment(&assignment("06-11", "qbo:1", true)).unwrap();
    store.save_deal_assignment(&assignment("06-12", "qbo:1", false)).unwrap();
    assert_eq!(store.deal_document_links_at(None).unwrap(), []);
    assert_eq!(store.exclusions_at(None).unwrap(), []);
    assert_eq!(store.reasons_at(None).unwrap(), []);
    assert_eq!(store.assignment_rules_at(None).unwrap(), []);
    assert_eq!(store.deal_assignments_at(None).unwrap(), []);
    assert_eq!(store.deal_document_link_history().unwrap().len(), 2);
    assert_eq!(store.exclusion_history().unwrap().len(), 2);
    assert_eq!(store.reason_history().unwrap().len(), 2);
    assert_eq!(store.assignment_rule_history().unwrap().len(), 2);
    assert_eq!(store.deal_assignment_history().unwrap().len(), 2);
}

#[test]
fn an_excluded_pair_is_remembered() {
    let mut bench = Bench::new();
    bench.store.save_deal_document_link(&link("06-11", LinkVerdict::Exclude)).unwrap();
    let held = bench.store.deal_document_links_at(None).unwrap();
    assert_eq!(held, [link("06-11", LinkVerdict::Exclude)]);
}

#[test]
fn decisions_have_the_second_time_axis_too() {
    let mut bench = Bench::new();
    bench.store.save_limits(&limits("06-11", 100)).unwrap();
    bench.store.save_limits(&limits("06-20", 900)).unwrap();
    let absolute = |at: Option<&str>| {
        let limits = bench.store.limits_at(&books(), at.map(time)).unwrap();
        limits.map(|limits| limits.absolute.minor())
    };
    assert_eq!(absolute(Some("06-10")), None);
    assert_eq!(absolute(Some("06-11")), Some(100));
    assert_eq!(absolute(Some("06-19")), Some(100));
    assert_eq!(absolute(None), Some(900));
    assert_eq!(bench.store.limits_history().unwrap().len(), 2);
}

#[test]
fn a_deal_goes_to_another_company_by_one_more_word() {
    let mut bench = Bench::new();
    let store = &mut bench.store;
    store.save_deal_assignment(&assignment("06-11", "qbo:1", true)).unwrap();
    store.save_deal_assignment(&assignment("06-20", "xero:2", true)).unwrap();
    let at = |at: Option<&str>| store.deal_assignments_at(at.map(time)).unwrap();
    assert_eq!(at(Some("06-10")), []);
    assert_eq!(at(Some("06-19")), [assignment("06-11", "qbo:1", true)]);
    assert_eq!(at(None), [assignment("06-20", "xero:2", true)]);
}

#[test]
fn the_audit_trail_tells_what_a_rule_said() {
    check_audit(
        |store| {
            store
                .save_assignment_rule(&AssignmentRule { conditions: vec![], ..rule(true) })
                .unwrap();
            store.save_assignment_rule(&rule(false)).unwrap();
            store.save_deal_assignment(&assignment("06-11", "qbo:1", true)).unwrap();
        },
        expect![[r#"
            ann assignment_rule.set [region] ledger: none -> qbo:1; conditions: none -> []; active: none -> 1; reason: checked by phone
            ann assignment_rule.removed [region] conditions: [] -> [{"deal.Region__c":["EMEA","a \"quoted\" one",""]},{"billing-country":["DE"]},{"billing-country":["DE","AT"]}]; active: 1 -> 0; reason: checked by phone
            ann deal_assignment.assigned [d1] ledger: none -> qbo:1; active: none -> 1; reason: checked by phone"#]],
    );
}

#[test]
fn a_decision_about_a_connection_that_is_not_there_is_refused() {
    let mut bench = Bench::new();
    let nobody = tieout_domain::ids::ConnectionId::new("nobody").unwrap();
    let elsewhere = Exclusion { connection: nobody, ..exclusion("06-11", true) };
    let saved = bench.store.save_exclusion(&elsewhere);
    assert!(matches!(saved, Err(StoreError::UnknownReference(_))));
    assert_eq!(bench.store.verify_audit().unwrap().entries, 0);
}

#[track_caller]
fn check_audit(decide: impl Fn(&mut Store), want: Expect) {
    let mut bench = Bench::new();
    decide(&mut bench.store);
    let lines: Vec<String> = bench
        .store
        .audit(10)
        .unwrap()
        .into_iter()
        .rev()
        .map(|entry| {
            format!("{} {} [{}] {}", entry.actor, entry.action, entry.subject, entry.detail)
        })
        .collect();
    want.assert_eq(&lines.join("\n"));
}

#[test]
fn the_audit_trail_shows_before_and_after() {
    check_audit(
        |store| {
            store.save_limits(&limits("06-11", 0)).unwrap();
            store.save_limits(&limits("06-12", 500)).unwrap();
        },
        expect![[r#"
            ann ledger_limits.set [books] absolute_minor: none -> 0; absolute_currency: none -> USD; fraction: none -> 0.01; policy: none -> both; rounding_minor: none -> 5; grace_days: none -> 5; materiality_minor: none -> 1000000; materiality_currency: none -> USD; aging_basis: none -> due_date; credit_policy: none -> separate; reason: checked by phone
            ann ledger_limits.set [books] absolute_minor: 0 -> 500; reason: checked by phone"#]],
    );
}

#[test]
fn the_audit_trail_names_pair_and_reason() {
    check_audit(
        |store| {
            store.save_identity_link(&identity("06-11", true)).unwrap();
            store.save_identity_link(&identity("06-12", false)).unwrap();
        },
        expect![[r#"
            ann identity_link.linked [a1 books c1] linked: none -> 1; basis: none -> tax_number; reason: checked by phone
            ann identity_link.unlinked [a1 books c1] linked: 1 -> 0; reason: checked by phone"#]],
    );
}
