//! The tiers of `finance-domain §7`.

use expect_test::expect;

use super::check;

// Tier 0: our key.

#[test]
fn our_key_confirms() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-09-09 key=2",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
        "#]],
    );
}

#[test]
fn our_key_confirms_another_amount_too() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 60.00 2026-06-03 key=2",
        expect![[r#"
            D1 <- I1 60.00 tier 0 our-key
        "#]],
    );
}

#[test]
fn our_key_needs_no_amount_on_the_deal() {
    check(
        "D1 A1 ? 2026-06-01 key=2",
        "I1 C1 60.00 2026-06-03 key=2",
        expect![[r#"
            D1 <- I1 60.00 tier 0 our-key
        "#]],
    );
}

#[test]
fn two_documents_with_one_key_both_bill_and_are_said_to_be_duplicates() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2; I2 C1 100.00 2026-06-03 key=2",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
            D1 <- I2 100.00 tier 0 our-key
            DUPLICATE_KEY D1 I1 I2
        "#]],
    );
}

#[test]
fn a_voided_document_of_ours_stays_linked_and_bills_nothing() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2 void",
        expect![[r#"
            D1 <- I1 0.00 tier 0 our-key
        "#]],
    );
}

#[test]
fn a_deleted_document_of_ours_stays_linked_and_bills_nothing() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2 deleted",
        expect![[r#"
            D1 <- I1 0.00 tier 0 our-key
        "#]],
    );
}

#[test]
fn a_draft_of_ours_is_linked() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2 draft",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
        "#]],
    );
}

#[test]
fn a_status_that_nobody_understands_is_uncertain() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 100.00 2026-06-03 key=2 unknown",
        expect![[r#"
            UNCERTAIN D1 I1
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 100.00 2026-06-03 unknown",
        expect![[r#"
            UNCERTAIN - I1
        "#]],
    );
}

#[test]
fn a_key_of_nobody_is_no_evidence() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 33.00 2026-06-03 key=3",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn a_deal_that_is_no_longer_won_keeps_its_document() {
    check(
        "D1 A1 100.00 2026-06-01 key=2 lost",
        "I1 C1 100.00 2026-06-03 key=2; I2 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
            orphan I2
        "#]],
    );
}

#[test]
fn a_credit_memo_alone_takes_nothing_back_from_a_deal_that_is_no_longer_won() {
    const LOST: &str = "D1 A1 100.00 2026-06-01 ref=D-1 key=2 lost";
    check(
        LOST,
        "I1 C1 100.00 2026-06-03; M1 C1 40.00 2026-06-09 ref=D-1; M2 C1 9.00 2026-06-09 key=2",
        expect![[r#"
            orphan I1 M1 M2
        "#]],
    );
    check(
        LOST,
        "I1 C1 100.00 2026-06-03 ref=D-1; M1 C1 40.00 2026-06-09 ref=D-1; \
         M2 C1 9.00 2026-06-09 key=2",
        expect![[r#"
            D1 <- I1 100.00 tier 1 deal-reference
            D1 -> M1 40.00 tier 1 deal-reference
            D1 -> M2 9.00 tier 0 our-key
        "#]],
    );
}

// Tier 1: references.

#[test]
fn a_deal_reference_confirms() {
    check(
        "D1 A1 100.00 2026-06-01 ref=D-1",
        "I1 C1 40.00 2026-09-09 ref=D-1",
        expect![[r#"
            D1 <- I1 40.00 tier 1 deal-reference
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01 ref=D-1",
        "I1 C1 40.00 2026-09-09 ref=D1",
        expect![[r#"
            D1 <- I1 40.00 tier 1 deal-reference
        "#]],
    );
}

#[test]
fn a_short_salesforce_id_is_the_same_reference() {
    check(
        "006Hs00001AsDfGIAV A1 100.00 2026-06-01",
        "I1 C1 40.00 2026-09-09 ref=006Hs00001AsDfG",
        expect![[r#"
            006Hs00001AsDfGIAV <- I1 40.00 tier 1 deal-reference
        "#]],
    );
}

#[test]
fn several_documents_that_name_one_deal_are_all_its_invoices() {
    check(
        "D1 A1 210.00 2026-06-01 ref=D-1",
        "I1 C1 105.00 2026-06-03 ref=D-1; I2 C1 105.00 2026-07-03 ref=D-1",
        expect![[r#"
            D1 <- I1 105.00 tier 1 deal-reference
            D1 <- I2 105.00 tier 1 deal-reference
        "#]],
    );
}

#[test]
fn a_reference_beside_our_key_is_a_second_invoice() {
    check(
        "D1 A1 100.00 2026-06-01 ref=D-1 key=2",
        "I1 C1 100.00 2026-06-03 key=2; I2 C1 100.00 2026-06-03 ref=D-1",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
            D1 <- I2 100.00 tier 1 deal-reference
        "#]],
    );
}

#[test]
fn a_number_stored_on_the_deal_confirms() {
    check(
        "D1 A1 100.00 2026-06-01 stored=101",
        "I1 C1 40.00 2026-09-09 no=101",
        expect![[r#"
            D1 <- I1 40.00 tier 1 stored-document
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01 stored=I1",
        "I1 C1 40.00 2026-09-09 no=101",
        expect![[r#"
            D1 <- I1 40.00 tier 1 stored-document
        "#]],
    );
}

#[test]
fn a_reference_that_two_deals_have_is_ambiguous() {
    check(
        "D1 A1 100.00 2026-06-01 ref=D-1; D2 A1 70.00 2026-06-01 ref=D-1",
        "I1 C1 100.00 2026-06-03 ref=D-1",
        expect![[r#"
            AMBIGUOUS tier 1 D1 D2 | I1 | 2 ways
        "#]],
    );
}

#[test]
fn a_number_that_two_documents_have_is_ambiguous() {
    check(
        "D1 A1 100.00 2026-06-01 stored=101",
        "I1 C1 40.00 2026-06-03 no=101; I2 C1 60.00 2026-06-03 no=101",
        expect![[r#"
            AMBIGUOUS tier 1 D1 | I1 I2 | 2 ways
        "#]],
    );
}

#[test]
fn a_reference_settles_which_of_two_numbers_is_meant() {
    check(
        "D1 A1 100.00 2026-06-01 stored=101",
        "I1 C1 40.00 2026-06-03 no=101 ref=D1; I2 C1 61.00 2026-06-03 no=101",
        expect![[r#"
            D1 <- I1 40.00 tier 1 deal-reference
            orphan I2
        "#]],
    );
}

#[test]
fn a_document_named_by_two_deals_is_ambiguous() {
    check(
        "D1 A1 100.00 2026-06-01; D2 A1 100.00 2026-06-01 stored=101",
        "I1 C1 100.00 2026-06-03 no=101 ref=D1",
        expect![[r#"
            AMBIGUOUS tier 1 D1 D2 | I1 | 2 ways
        "#]],
    );
}

#[test]
fn our_key_is_stronger_than_a_reference_to_another_deal() {
    check(
        "D1 A1 100.00 2026-06-01 key=2; D2 A1 70.00 2026-06-01 ref=D-2",
        "I1 C1 100.00 2026-06-03 key=2 ref=D-2",
        expect![[r#"
            D1 <- I1 100.00 tier 0 our-key
        "#]],
    );
}

// Tier 2: order number and net.

#[test]
fn order_number_and_equal_net_confirm() {
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 100.00 2027-06-03 po=7",
        expect![[r#"
            D1 <- I1 100.00 tier 2 order-number-and-net
        "#]],
    );
}

#[test]
fn order_numbers_are_compared_exactly_after_trimming() {
    check(
        "D1 A1 100.00 2026-06-01 po=PO-7",
        "I1 C1 100.00 2027-06-03 po=po-7",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn a_cent_off_is_not_tier_2() {
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 100.01 2026-06-03 po=7",
        expect![[r#"
            D1 <- I1 100.01 tier 3 net-in-window suggested
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 100.01 2027-06-03 po=7",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn a_negative_deal_takes_a_credit_memo_and_no_invoice() {
    check(
        "D1 A1 -100.00 2026-06-01 po=7",
        "I1 C1 100.00 2026-06-03 po=7; M1 C1 100.00 2026-06-03 po=7",
        expect![[r#"
            D1 <- M1 100.00 tier 2 order-number-and-net
            orphan I1
        "#]],
    );
}

// Tier 3: net in the window.

#[test]
fn equal_net_in_the_window_is_suggested() {
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- I1 100.00 tier 3 net-in-window suggested
        "#]],
    );
}

#[test]
fn policy_may_confirm_it() {
    check(
        "D1 A1 100.00 2026-06-01; confirm-tier-3",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- I1 100.00 tier 3 net-in-window
        "#]],
    );
}

#[test]
fn the_rounding_limit_itself_passes() {
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 100.05 2026-06-03",
        expect![[r#"
            D1 <- I1 100.05 tier 3 net-in-window suggested
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 99.94 2026-06-03",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn both_ends_of_the_window_belong_to_it() {
    check(
        "D1 A1 100.00 2026-06-10",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- I1 100.00 tier 3 net-in-window suggested
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-10",
        "I1 C1 100.00 2026-06-02",
        expect![[r#"
            orphan I1
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-10",
        "I1 C1 100.00 2026-07-25",
        expect![[r#"
            D1 <- I1 100.00 tier 3 net-in-window suggested
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-10",
        "I1 C1 100.00 2026-07-26",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn what_is_billed_already_is_not_looked_for() {
    check(
        "D1 A1 100.00 2026-06-01 key=2",
        "I1 C1 60.00 2026-06-03 key=2; I2 C1 40.00 2026-06-09; I3 C1 100.00 2026-06-09",
        expect![[r#"
            D1 <- I1 60.00 tier 0 our-key
            D1 <- I2 40.00 tier 3 net-in-window suggested
            orphan I3
        "#]],
    );
}

#[test]
fn a_cash_sale_is_an_invoice() {
    check(
        "D1 A1 100.00 2026-06-01",
        "S1 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- S1 100.00 tier 3 net-in-window suggested
        "#]],
    );
}

// Tier 4: sums.

#[test]
fn two_invoices_add_up_to_a_deal() {
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 60.00 2026-06-03; I2 C1 40.00 2026-06-04",
        expect![[r#"
            D1 <- I1 60.00 tier 4 sum-of-documents suggested
            D1 <- I2 40.00 tier 4 sum-of-documents suggested
        "#]],
    );
}

#[test]
fn two_deals_add_up_to_an_invoice() {
    check(
        "D1 A1 60.00 2026-06-01; D2 A1 40.00 2026-06-01",
        "I1 C1 100.00 2026-06-03",
        expect![[r#"
            D1 <- I1 60.00 tier 4 sum-of-deals suggested
            D2 <- I1 40.00 tier 4 sum-of-deals suggested
        "#]],
    );
}

#[test]
fn sums_without_an_order_number_are_exact() {
    check(
        "D1 A1 100.00 2026-06-01",
        "I1 C1 33.33 2026-06-03; I2 C1 33.33 2026-06-03; I3 C1 33.33 2026-06-03",
        expect![[r#"
            orphan I1 I2 I3
        "#]],
    );
}

#[test]
fn one_rounding_limit_for_the_group_that_carries_the_order_number() {
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 33.33 2026-06-03 po=7; I2 C1 33.33 2026-06-03 po=7; I3 C1 33.33 2026-06-03 po=7",
        expect![[r#"
            D1 <- I1 33.33 tier 4 sum-of-documents suggested
            D1 <- I2 33.33 tier 4 sum-of-documents suggested
            D1 <- I3 33.33 tier 4 sum-of-documents suggested
        "#]],
    );
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 33.33 2026-06-03 po=7; I2 C1 33.33 2026-06-03 po=7; I3 C1 33.33 2026-06-03",
        expect![[r#"
            orphan I1 I2 I3
        "#]],
    );
}

#[test]
fn a_rounded_invoice_over_several_deals_is_shared_whole() {
    check(
        "D1 A1 33.33 2026-06-01 po=7; D2 A1 33.33 2026-06-01 po=7; D3 A1 33.33 2026-06-01 po=7",
        "I1 C1 100.00 2026-06-03 po=7",
        expect![[r#"
            D1 <- I1 33.34 tier 4 sum-of-deals suggested
            D2 <- I1 33.33 tier 4 sum-of-deals suggested
            D3 <- I1 33.33 tier 4 sum-of-deals suggested
        "#]],
    );
}

// Tier 5: scored.

#[test]
fn shared_items_and_a_near_amount_are_suggested() {
    check(
        "D1 A1 100.00 2026-06-01 items=s,t",
        "I1 C1 96.00 2026-06-03 items=s,t",
        expect![[r#"
            D1 <- I1 96.00 tier 5 scored suggested
        "#]],
    );
}

#[test]
fn far_amounts_score_too_low() {
    check(
        "D1 A1 100.00 2026-06-01 items=s,t",
        "I1 C1 30.00 2026-06-03 items=s",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn without_a_common_item_nothing_is_scored() {
    check(
        "D1 A1 100.00 2026-06-01 items=s",
        "I1 C1 99.00 2026-06-03 items=t",
        expect![[r#"
            orphan I1
        "#]],
    );
}

#[test]
fn two_likely_documents_are_ambiguous_whatever_they_score() {
    check(
        "D1 A1 100.00 2026-06-01 items=s",
        "I1 C1 99.00 2026-06-03 items=s; I2 C1 81.00 2026-06-03 items=s",
        expect![[r#"
            AMBIGUOUS tier 5 D1 | I1 I2 | 2 ways
        "#]],
    );
}
