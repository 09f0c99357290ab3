//! The rules K1 to K8 of `finance-domain §7`, and credit memos.

use expect_test::expect;

use super::check;

// K1: hard constraints.

#[test]
fn another_currency_never_pairs() {
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 100.00 2026-06-03 po=7 EUR",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn our_key_in_another_currency_is_a_conflict() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2 EUR",
        expect![[r#"
            CONFLICT tier 0 D1 I1 CURRENCY_MISMATCH
        "#]],
    );
}

#[test]
fn another_customer_never_pairs() {
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C2 100.00 2026-06-03 po=7",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn our_key_on_another_customer_is_a_conflict() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C2 100.00 2026-06-03 key=2",
        expect![[r#"
            CONFLICT tier 0 D1 I1 CUSTOMER_MISMATCH
        "#]],
    );
}

#[test]
fn a_conflict_keeps_both_sides_out_of_weaker_tiers() {
    check(
        "D1 A1 100.00 2026-06-01 ref=D-1; D2 A2 100.00 2026-06-01",
        "I1 C2 100.00 2026-06-03 ref=D-1; I2 C1 100.00 2026-06-03",
        expect![[r#"
            CONFLICT tier 1 D1 I1 CUSTOMER_MISMATCH
            orphan I2
        "#]],
    );
}

#[test]
fn a_deal_without_an_account_is_nobodys_customer() {
    check(
        "D1 - 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2",
        expect![[r#"
            CONFLICT tier 0 D1 I1 CUSTOMER_MISMATCH
        "#]],
    );
    check(
        "D1 - 100.00 2026-06-01 po=7",
        "I1 C1 100.00 2026-06-03 po=7",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn every_customer_of_the_cluster_is_the_same_customer() {
    check(
        "D1 A2 100.00 2026-06-01 po=7; D2 A2 70.00 2026-06-01 po=8",
        "I1 C2 100.00 2026-06-03 po=7; I2 C2b 70.00 2026-06-03 po=8",
        expect![[r#"
            D1 <- I1 100.00 tier 2 order-number-and-net
            D2 <- I2 70.00 tier 2 order-number-and-net
        "#]],
    );
}

#[test]
fn an_invoice_for_a_negative_deal_is_a_conflict() {
    check(
        "D1 A1 -100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2",
        expect![[r#"
            CONFLICT tier 0 D1 I1 SIGN_MISMATCH
        "#]],
    );
}

#[test]
fn voided_and_deleted_documents_are_no_candidates() {
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 100.00 2026-06-03 po=7 void; I2 C1 100.00 2026-06-03 po=7 deleted",
        expect![],
    );
}

#[test]
fn a_document_is_consumed_by_the_stronger_tier() {
    check(
        "D1 A1 100.00 2026-06-01 key=2; D2 A1 100.00 2026-06-01 po=7",
        "I1 C1 100.00 2026-06-03 key=2 po=7",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
        "#]],
    );
}

#[test]
fn a_free_document_of_ours_is_linked_with_nothing() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 0.00 2026-06-03 key=2",
        expect![[r#"
            D1 <- I1 0.00 tier 0 our-key
        "#]],
    );
}

// K2: no greedy first-wins.

#[test]
fn two_documents_for_one_deal_are_ambiguous() {
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 100.00 2026-06-03; I2 C1 100.00 2026-06-04",
        expect![[r#"
            AMBIGUOUS tier 3 D1 | I1 I2 | 2 ways
        "#]],
    );
}

#[test]
fn two_deals_for_one_document_are_ambiguous() {
    check(
        "D1 A1 100.00 2026-06-01; D2 A1 100.00 2026-06-02",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            AMBIGUOUS tier 3 D1 D2 | I1 | 2 ways
        "#]],
    );
}

#[test]
fn the_exact_one_does_not_win_over_the_one_within_rounding() {
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 100.00 2026-06-03; I2 C1 100.03 2026-06-03",
        expect![[r#"
            AMBIGUOUS tier 3 D1 | I1 I2 | 2 ways
        "#]],
    );
}

#[test]
fn ambiguity_reaches_everything_that_hangs_together() {
    check(
        "D1 A1 100.00 2026-06-01 po=7; D2 A1 100.00 2026-06-01 po=7; D3 A1 50.00 2026-06-01 po=9",
        "I1 C1 100.00 2026-06-03 po=7; I2 C1 100.00 2026-06-03 po=7; I3 C1 50.00 2026-06-03 po=9",
        expect![[r#"
            D3 <- I3 50.00 tier 2 order-number-and-net
            AMBIGUOUS tier 2 D1 D2 | I1 I2 | 4 ways
        "#]],
    );
}

#[test]
fn what_is_ambiguous_is_not_settled_by_a_weaker_tier() {
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 100.00 2026-06-03 po=7; I2 C1 100.00 2027-06-03 po=7",
        expect![[r#"
            AMBIGUOUS tier 2 D1 | I1 I2 | 2 ways
        "#]],
    );
}

#[test]
fn one_sum_taken_by_two_deals_is_ambiguous() {
    check(
        "D1 A1 100.00 2026-06-01; D2 A1 100.00 2026-01-01",
        "I1 C1 60.00 2026-06-03; I2 C1 40.00 2026-06-03",
        expect![[r#"
            AMBIGUOUS tier 4 D1 D2 | I1 I2 | 2 ways
        "#]],
    );
}

#[test]
fn a_sum_that_shares_one_document_with_another_sum_is_ambiguous() {
    check(
        "D1 A1 100.00 2026-06-01; D2 A1 90.00 2026-06-01",
        "I1 C1 60.00 2026-06-03; I2 C1 40.00 2026-06-03; I3 C1 30.00 2026-06-03",
        expect![[r#"
            AMBIGUOUS tier 4 D1 D2 | I1 I2 I3 | 2 ways
        "#]],
    );
}

// K3: sums.

#[test]
fn two_sums_for_one_deal_are_ambiguous() {
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 60.00 2026-06-03; I2 C1 40.00 2026-06-03; I3 C1 70.00 2026-06-03; \
         I4 C1 30.00 2026-06-03",
        expect![[r#"
            AMBIGUOUS tier 4 D1 | I1 I2 I3 I4 | 2 ways
        "#]],
    );
}

#[test]
fn twenty_five_candidates_are_too_many() {
    let documents: String = (1..=25).map(|at| format!("I{at:02} C1 9.00 2026-06-03;")).collect();
    check(
        "D1 A1 1.00 2026-06-01",
        &documents,
        expect![[r#"
            TOO_MANY_CANDIDATES tier 4 D1 25
            orphan I01 I02 I03 I04 I05 I06 I07 I08 I09 I10 I11 I12 I13 I14 I15 I16 I17 I18 I19 I20 I21 I22 I23 I24 I25
        "#]],
    );
}

// K4, tier M: many-to-many and everything else by hand.

#[test]
fn a_person_links_many_to_many() {
    check(
        "D1 A1 100.00 2026-06-01; D2 A1 50.00 2026-06-01; \
         link D1 I1 70.00; link D2 I1 10.00; link D1 I2 30.00; link D2 I2",
        "I1 C1 90.00 2026-06-03; I2 C1 60.00 2026-06-03",
        expect![[r#"
            D1 <- I1 70.00 tier M person-linked
            D1 <- I2 30.00 tier M person-linked
            D2 <- I1 10.00 tier M person-linked
            D2 <- I2 30.00 tier M person-linked
            rest I1 10.00
        "#]],
    );
}

#[test]
fn without_amounts_a_document_is_shared_by_what_is_open() {
    check(
        "D1 A1 200.00 2026-06-01; D2 A1 100.00 2026-06-01; link D1 I1; link D2 I1",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- I1 66.67 tier M person-linked
            D2 <- I1 33.33 tier M person-linked
        "#]],
    );
}

#[test]
fn a_person_cannot_give_away_more_than_the_net() {
    check(
        "D1 A1 100.00 2026-06-01; link D1 I1 90.01",
        "I1 C1 90.00 2026-06-03",
        expect![[r#"
            CONFLICT tier M D1 I1 OVER_ALLOCATED
        "#]],
    );
}

#[test]
fn hard_constraints_bind_a_person_too() {
    check(
        "D1 A1 100.00 2026-06-01; link D1 I1",
        "I1 C2 100.00 2026-06-03",
        expect![[r#"
            CONFLICT tier M D1 I1 CUSTOMER_MISMATCH
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01; link D1 I1",
        "I1 C1 100.00 2026-06-03 EUR",
        expect![[r#"
            CONFLICT tier M D1 I1 CURRENCY_MISMATCH
        "#]],
    );
}

#[test]
fn what_a_person_leaves_over_is_a_remainder_and_no_candidate() {
    check(
        "D1 A1 60.00 2026-06-01; D2 A1 40.00 2026-06-01; link D1 I1 60.00",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- I1 60.00 tier M person-linked
            rest I1 40.00
        "#]],
    );
}

#[test]
fn documents_and_deals_that_are_set_aside_take_no_part() {
    check("D1 A1 100.00 2026-06-01; aside I1", "I1 C1 100.00 2026-06-03", expect![]);
    check(
        "D1 A1 100.00 2026-06-01; aside D1",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            orphan I1
        "#]],
    );
}

// K5: a person's decision is never replaced.

#[test]
fn a_key_does_not_replace_a_persons_link() {
    check(
        "D1 A1 100.00 2026-06-01 key=2; D2 A1 100.00 2026-06-01; link D2 I1",
        "I1 C1 100.00 2026-06-03 key=2",
        expect![[r#"
            D2 <- I1 100.00 tier M person-linked
            CONFLICT tier 0 D1 I1 PERSON_DECIDED
        "#]],
    );
}

#[test]
fn a_key_does_not_replace_a_persons_refusal() {
    check(
        "D1 A1 100.00 2026-06-01 key=2; refuse D1 I1",
        "I1 C1 100.00 2026-06-03 key=2",
        expect![[r#"
            CONFLICT tier 0 D1 I1 PERSON_DECIDED
            orphan I1
        "#]],
    );
}

#[test]
fn a_reference_does_not_replace_what_a_person_set_aside() {
    check(
        "D1 A1 100.00 2026-06-01; aside I1",
        "I1 C1 100.00 2026-06-03 ref=D1",
        expect![[r#"
            CONFLICT tier 1 D1 I1 PERSON_DECIDED
        "#]],
    );
}

#[test]
fn a_person_agrees_with_the_key() {
    check(
        "D1 A1 100.00 2026-06-01 key=2; link D1 I1 40.00",
        "I1 C1 100.00 2026-06-03 key=2",
        expect![[r#"
            D1 <- I1 40.00 tier M person-linked
            rest I1 60.00
        "#]],
    );
}

#[test]
fn a_refused_pair_leaves_the_other_one_unique() {
    check(
        "D1 A1 100.00 2026-06-01; refuse D1 I1",
        "I1 C1 100.00 2026-06-03; I2 C1 100.00 2026-06-04",
        expect![[r#"
            D1 <- I2 100.00 tier 3 net-in-window suggested
            orphan I1
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01 stored=101; refuse D1 I1",
        "I1 C1 40.00 2026-06-03 no=101; I2 C1 60.00 2026-06-03 no=101",
        expect![[r#"
            D1 <- I2 60.00 tier 1 stored-document
            CONFLICT tier 1 D1 I1 PERSON_DECIDED
            orphan I1
        "#]],
    );
}

// K7: unlinking restores both sides.

#[test]
fn the_later_decision_holds() {
    check(
        "D1 A1 100.00 2026-06-01; D2 A1 100.00 2026-01-01; link D2 I1; refuse D2 I1",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- I1 100.00 tier 3 net-in-window suggested
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01; refuse D1 I1; link D1 I1",
        "I1 C1 100.00 2026-09-03",
        expect![[r#"
            D1 <- I1 100.00 tier M person-linked
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01; aside I1; link D1 I1",
        "I1 C1 100.00 2026-09-03",
        expect![[r#"
            D1 <- I1 100.00 tier M person-linked
        "#]],
    );
    check("D1 A1 100.00 2026-06-01; link D1 I1; aside I1", "I1 C1 100.00 2026-06-03", expect![]);
}

// Credit memos.

#[test]
fn a_credit_memo_is_linked_by_our_key() {
    check(
        "D1 A1 100.00 2026-06-01 key=2,3",
        "M1 C1 40.00 2026-06-09 key=3",
        expect![[r#"
            D1 -> M1 40.00 tier 0 our-key
        "#]],
    );
}

#[test]
fn a_credit_memo_is_linked_by_the_agreed_reference() {
    check(
        "D1 A1 100.00 2026-06-01 ref=D-1",
        "M1 C1 40.00 2026-06-09 ref=D-1",
        expect![[r#"
            D1 -> M1 40.00 tier 1 deal-reference
        "#]],
    );
}

#[test]
fn a_credit_memo_follows_the_invoice_that_it_names() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2; M1 C1 40.00 2026-06-09 of=I1",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
            D1 -> M1 40.00 tier 1 credit-of-invoice
        "#]],
    );
}

#[test]
fn a_credit_memo_of_a_shared_invoice_is_shared_alike() {
    check(
        "D1 A1 200.00 2026-06-01; D2 A1 100.00 2026-06-01; link D1 I1 200.00; link D2 I1 50.00",
        "I1 C1 300.00 2026-06-03; M1 C1 30.00 2026-06-09 of=I1",
        expect![[r#"
            D1 <- I1 200.00 tier M person-linked
            D1 -> M1 20.00 tier 1 credit-of-invoice
            D2 <- I1 50.00 tier M person-linked
            D2 -> M1 5.00 tier 1 credit-of-invoice
            rest I1 50.00
            rest M1 5.00
        "#]],
    );
}

#[test]
fn only_the_applied_share_of_a_credit_memo_follows() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2; \
         M1 C1 50.00 2026-06-09 total=60.00 applied=I1:24.00:2026-07-01",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
            D1 -> M1 20.00 tier 1 credit-applied
            rest M1 30.00
        "#]],
    );
}

#[test]
fn a_credit_memo_applied_to_two_deals_foots() {
    check(
        "D1 A1 100.00 2026-06-01 key=2; D2 A1 100.00 2026-06-01 key=3",
        "I1 C1 100.00 2026-06-03 key=2; I2 C1 100.00 2026-06-03 key=3; \
         M1 C1 0.05 2026-06-09 total=0.06 applied=I1:0.03,I2:0.03",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
            D1 -> M1 0.03 tier 1 credit-applied
            D2 <- I2 100.00 tier 0 our-key
            D2 -> M1 0.02 tier 1 credit-applied
        "#]],
    );
}

#[test]
fn a_credit_memo_of_a_suggested_invoice_is_suggested() {
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 100.00 2026-06-03; M1 C1 40.00 2026-06-09 of=I1",
        expect![[r#"
            D1 <- I1 100.00 tier 3 net-in-window suggested
            D1 -> M1 40.00 tier 1 credit-of-invoice suggested
        "#]],
    );
}

#[test]
fn a_credit_memo_without_a_link_is_an_orphan() {
    check(
        "D1 A1 100.00 2026-06-01",
        "M1 C1 100.00 2026-06-09 po=7; M2 C1 10.00 2026-06-09 applied=I9:10.00",
        expect![[r#"
            orphan M1 M2
        "#]],
    );
}

#[test]
fn a_credit_memo_does_not_open_the_deal_again() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2; M1 C1 100.00 2026-06-09 of=I1; I2 C1 100.00 2026-06-10",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
            D1 -> M1 100.00 tier 1 credit-of-invoice
            orphan I2
        "#]],
    );
}

#[test]
fn ids_are_unique_within_one_kind_only() {
    let documents = "I1 C1 100.00 2026-06-03 key=2; M1 C1 40.00 2026-06-09";
    check(
        "D1 A1 100.00 2026-06-01 key=2 stored=M1",
        documents,
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
            orphan M1
        "#]],
    );
}
