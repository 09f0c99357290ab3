//! Variances and the reasons that are proposed for them.

use expect_test::{Expect, expect};
use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::*;
use crate::currency::Currency;
use crate::dates::Period;
use crate::effect::{EffectState, TransactionKey};
use crate::facts::{DealLine, Document, DocumentLine, DocumentStatus, LedgerDocumentKind, Stamp};
use crate::gates::Gate;
use crate::ids::{CustomerId, DealId, DealLineId, DocumentId, ItemId};
use crate::matching::{ConflictReason, LinkKind};
use crate::money::Money;
use crate::schedule::ScheduleItem;

const AS_OF: Date = date(2026, 6, 30);

fn money(text: &str) -> Money {
    let usd = Currency::parse("USD").unwrap();
    Money::from_decimal(text.replace(',', "").parse().unwrap(), usd).unwrap()
}

fn stamp() -> Stamp {
    Stamp { version: "1".into(), modified_at: Timestamp::UNIX_EPOCH, deleted: false }
}

fn named<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
}

fn item(word: &str) -> Option<ItemId> {
    (word != "-").then(|| ItemId::new(word).unwrap())
}

/// `item quantity price total`, and `disc=0.1`.
fn deal_line(text: &str) -> (DealLine, Option<ItemId>) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = DealLine {
        id: DealLineId::new("L").unwrap(),
        stamp: stamp(),
        deal: DealId::new("D1").unwrap(),
        product: None,
        product_code: None,
        description: Some(words[0].to_owned()),
        quantity: words[1].parse().unwrap(),
        unit_price: Some(words[2].parse().unwrap()),
        discount: named(text, "disc").map(|fraction| fraction.parse().unwrap()),
        total: money(words[3]),
        service_date: None,
        position: 1,
    };
    (line, item(words[0]))
}

/// `item quantity amount`, `-` for none.
fn document_line(at: usize, text: &str) -> DocumentLine {
    let words: Vec<&str> = text.split_whitespace().collect();
    DocumentLine {
        position: u32::try_from(at).unwrap(),
        item: item(words[0]),
        description: Some(words[0].to_owned()),
        quantity: words[1].parse().ok(),
        unit_price: None,
        amount: money(words[2]),
        tax_code: None,
    }
}

/// A document with its link: `I1 2026-06-03 100.00 ours share=50.00 back=20.00 | line | line`.
struct Linked {
    document: Document,
    allocated: Money,
    refunded: Money,
}

fn linked(text: &str) -> Linked {
    let mut parts = text.split('|');
    let head = parts.next().unwrap();
    let words: Vec<&str> = head.split_whitespace().collect();
    let net = money(words[2]);
    let credit = words[0].starts_with('M');
    let key = || TransactionKey::parse("TIE-AAAAAAAAAAAAAAAA").unwrap();
    let document = Document {
        id: DocumentId::new(words[0]).unwrap(),
        stamp: stamp(),
        kind: if credit { LedgerDocumentKind::CreditMemo } else { LedgerDocumentKind::Invoice },
        number: None,
        customer: CustomerId::new("C1").unwrap(),
        currency: net.currency(),
        effective_on: words[1].parse().unwrap(),
        due_on: None,
        terms_days: None,
        net,
        tax: money("0"),
        total: named(head, "total").map_or(net, money),
        balance_now: net,
        status: DocumentStatus::Open,
        key: words.contains(&"ours").then(key),
        deal_reference: None,
        order_number: None,
        memo: None,
        exchange_rate: None,
        disputed: false,
        lines: parts.enumerate().map(|(at, line)| document_line(at, line)).collect(),
    };
    Linked {
        allocated: named(head, "share").map_or(net, money),
        refunded: money(named(head, "back").unwrap_or("0")),
        document,
    }
}

fn conflicts(figures: &str) -> Vec<ConflictReason> {
    match named(figures, "conflict") {
        Some("customer") => vec![ConflictReason::Customer],
        Some("currency") => vec![ConflictReason::Currency],
        Some("person") => vec![ConflictReason::PersonDecided],
        _ => Vec::new(),
    }
}

fn schedule(figures: &str) -> Vec<ScheduleItem> {
    let parts = named(figures, "schedule").into_iter().flat_map(|text| text.split(','));
    let item = |part: &str| {
        let (on, amount) = part.split_once(':').unwrap();
        ScheduleItem { due_on: on.parse().unwrap(), amount: money(amount) }
    };
    parts.map(item).collect()
}

/// `A=100 E=100 I=90 B=90 close=.. won=.. effect=.. gate=ccy conflict=.. before=.. W=..`, deal
/// lines between `;`, documents between `;`. As of 30 June 2026, rounding limit 5.
#[track_caller]
fn check(figures: &str, lines: &str, documents: &str, want: Expect) {
    let amount = |name: &str| money(named(figures, name).unwrap_or("0"));
    let of = |text: &str| -> Vec<String> {
        let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let deal_lines: Vec<_> = of(lines).iter().map(|line| deal_line(line)).collect();
    let linked: Vec<_> = of(documents).iter().map(|text| linked(text)).collect();
    let negative = amount("A").is_negative();
    let documents: Vec<ReasonDocument<'_>> = linked
        .iter()
        .map(|linked| {
            let credit = linked.document.kind == LedgerDocumentKind::CreditMemo;
            ReasonDocument {
                document: &linked.document,
                kind: if credit == negative { LinkKind::Bills } else { LinkKind::Credits },
                allocated: linked.allocated,
                effective_on: linked.document.effective_on,
                refunded: linked.refunded,
            }
        })
        .collect();
    let lines: Vec<ReasonLine<'_>> =
        deal_lines.iter().map(|(line, item)| ReasonLine { line, item: item.clone() }).collect();
    let close_date = named(figures, "close").map_or(date(2026, 6, 1), |on| on.parse().unwrap());
    let variance = amount("B").checked_sub(amount("E")).unwrap();
    let input = ReasonInput {
        as_of: AS_OF,
        contract: amount("A"),
        expected: amount("E"),
        invoiced: amount("I"),
        billed: amount("B"),
        written_off: amount("W"),
        won: !figures.contains("lost"),
        close_date,
        close_period: Period::month_of(close_date),
        became_won_on: named(figures, "won").map(|on| on.parse().unwrap()),
        contract_when_posted: named(figures, "before").map(money),
        schedule: &schedule(figures),
        lines: &lines,
        documents: &documents,
        ended: &[],
        effect: named(figures, "effect").map(|word| EffectState::parse(word).unwrap()),
        failing: if figures.contains("gate=ccy") {
            &[Gate::Currency]
        } else if figures.contains("gate=sku") {
            &[Gate::Sku]
        } else {
            &[]
        },
        conflicts: &conflicts(figures),
        rounding_limit_minor: 5,
    };
    let proposals = propose(&input).unwrap();
    let mut text: String = proposals
        .iter()
        .map(|one| {
            let beside = match one.bears_on {
                BearsOn::Variance => "",
                BearsOn::NotDue => " not due",
                BearsOn::Settlement => " settled",
            };
            format!("{} {}{beside}: {}\n", one.code, one.amount.to_plain(), one.evidence)
        })
        .collect();
    let left = unexplained(variance, &proposals).unwrap();
    if !left.is_zero() {
        text += &format!("unexplained {}\n", left.to_plain());
    }
    want.assert_eq(&text);
}

#[test]
fn no_difference_no_reason() {
    check("A=100 E=100 I=100 B=100", "", "I1 2026-06-03 100", expect![]);
}

#[test]
fn the_rounding_limit_itself_is_rounding() {
    check(
        "A=100 E=100 I=99.95 B=99.95",
        "",
        "I1 2026-06-03 99.95",
        expect![[r#"
            ROUNDING -0.05: Within the rounding limit.
        "#]],
    );
    check(
        "A=100 E=100 I=100.05 B=100.05",
        "",
        "I1 2026-06-03 100.05",
        expect![[r#"
            ROUNDING 0.05: Within the rounding limit.
        "#]],
    );
}

#[test]
fn what_is_not_due_is_scheduled() {
    check(
        "A=120 E=40 I=40 B=40 schedule=2026-05-01:40,2026-08-01:40,2026-07-15:40",
        "",
        "I1 2026-05-03 40",
        expect![[r#"
            SCHEDULED 80.00 not due: The next part of the schedule is due on 15 Jul 2026.
        "#]],
    );
}

// Invoiced less than expected.

#[test]
fn never_invoiced() {
    check(
        "A=100 E=100",
        "",
        "",
        expect![[r#"
            NOT_INVOICED -100.00: Due since 1 Jun 2026, nothing is invoiced.
        "#]],
    );
    check(
        "A=100 E=100 gate=sku",
        "",
        "",
        expect![[r#"
            NOT_INVOICED -100.00: Due since 1 Jun 2026, nothing is invoiced; stopped by the gate for products.
        "#]],
    );
}

#[test]
fn an_unknown_outcome_comes_before_everything() {
    check(
        "A=100 E=100 effect=unknown won=2026-07-02",
        "",
        "",
        expect![[r#"
            SYNC_FAILED -100.00: The document was sent and its outcome is unknown.
        "#]],
    );
    check(
        "A=100 E=100 effect=rejected",
        "",
        "",
        expect![[r#"
            SYNC_FAILED -100.00: The ledger refused the document.
        "#]],
    );
    check(
        "A=100 E=100 effect=conflict",
        "",
        "",
        expect![[r#"
            SYNC_FAILED -100.00: The ledger has a document with our key, other content.
        "#]],
    );
    check(
        "A=100 E=100 effect=cancelled",
        "",
        "",
        expect![[r#"
            NOT_INVOICED -100.00: Due since 1 Jun 2026, nothing is invoiced.
        "#]],
    );
}

#[test]
fn closed_before_its_stage_changed() {
    check(
        "A=100 E=100 close=2026-06-30 won=2026-07-02",
        "",
        "",
        expect![[r#"
            BACKDATED_CLOSE -100.00: Close date 30 Jun 2026, stage changed to won on 2 Jul 2026.
        "#]],
    );
    check(
        "A=100 E=100 close=2026-06-20 won=2026-06-29",
        "",
        "",
        expect![[r#"
            NOT_INVOICED -100.00: Due since 20 Jun 2026, nothing is invoiced.
        "#]],
    );
}

#[test]
fn invoiced_after_the_day() {
    check(
        "A=100 E=100 close=2026-06-29",
        "",
        "I1 2026-07-01 100",
        expect![[r#"
            CUTOFF -100.00: Closed on 29 Jun 2026, document I1 is dated 1 Jul 2026.
        "#]],
    );
    check(
        "A=100 E=100 close=2026-06-29",
        "",
        "I1 2026-07-01 40",
        expect![[r#"
            CUTOFF -40.00: Closed on 29 Jun 2026, document I1 is dated 1 Jul 2026.
            NOT_INVOICED -60.00: Due since 29 Jun 2026, nothing is invoiced.
        "#]],
    );
    check(
        "A=100 E=100 close=2026-06-29",
        "",
        "I1 2026-07-01 140",
        expect![[r#"
            CUTOFF -100.00: Closed on 29 Jun 2026, document I1 is dated 1 Jul 2026.
        "#]],
    );
}

#[test]
fn the_currency_gate_names_its_own_reason() {
    check(
        "A=100 E=100 gate=ccy",
        "",
        "",
        expect![[r#"
            CURRENCY_MISMATCH -100.00: The currency gate blocks the invoice: nothing is converted.
        "#]],
    );
}

#[test]
fn a_conflict_takes_the_shortfall_with_it() {
    check(
        "A=100 E=100 conflict=customer",
        "",
        "",
        expect![[r#"
            CUSTOMER_MISMATCH -100.00: Our key or number stands on a document of another customer: it counts for nothing until a person decides.
        "#]],
    );
    check(
        "A=100 E=100 conflict=currency",
        "",
        "",
        expect![[r#"
            CURRENCY_MISMATCH -100.00: Documents in different currency: it counts for nothing until a person decides.
        "#]],
    );
    check(
        "A=100 E=100 conflict=person",
        "",
        "",
        expect![[r#"
            NOT_INVOICED -100.00: Due since 1 Jun 2026, nothing is invoiced.
        "#]],
    );
}

#[test]
fn a_conflict_without_a_shortfall_stays_open() {
    check(
        "A=100 E=100 I=100 B=100 conflict=customer",
        "",
        "I1 2026-06-03 100",
        expect![[r#"
            CUSTOMER_MISMATCH 0.00: Our key or number stands on a document of another customer: it counts for nothing until a person decides.
        "#]],
    );
}

#[test]
fn a_milestone_that_is_not_invoiced() {
    check(
        "A=236 E=236 I=118 B=118 schedule=2026-05-20:118,2026-06-18:118",
        "s 1 236 236",
        "I1 2026-05-20 118 | s 1 118",
        expect![[r#"
            NOT_INVOICED -118.00: A part of the schedule of 118.00 USD is not invoiced.
        "#]],
    );
}

#[test]
fn a_deposit_without_comparable_lines() {
    check(
        "A=100 E=100 I=30 B=30",
        "s 1 100 100",
        "I1 2026-06-03 30 | deposit 1 30",
        expect![[r#"
            PARTIAL_BILL -70.00: 30.00 USD of 100.00 USD is invoiced.
        "#]],
    );
}

#[test]
fn a_deal_that_grew_after_it_was_invoiced() {
    check(
        "A=120 E=120 I=100 B=100 before=100",
        "",
        "I1 2026-06-03 100",
        expect![[r#"
            AMENDED_AFTER_INVOICE -20.00: The deal was 100.00 USD when it was invoiced, it is 120.00 USD now.
        "#]],
    );
    check(
        "A=120 E=120 I=90 B=90 before=100",
        "",
        "I1 2026-06-03 90",
        expect![[r#"
            AMENDED_AFTER_INVOICE -20.00: The deal was 100.00 USD when it was invoiced, it is 120.00 USD now.
            PARTIAL_BILL -10.00: 90.00 USD of 120.00 USD is invoiced.
        "#]],
    );
}

// Lines.

#[test]
fn quantity() {
    check(
        "A=43200 E=43200 I=40800 B=40800",
        "s 18 2400 43200",
        "I1 2026-06-15 40800 | s 17 40800",
        expect![[r#"
            QTY -2400.00: `s`: 18 sold, 17 invoiced.
        "#]],
    );
}

#[test]
fn price() {
    check(
        "A=100 E=100 I=90 B=90",
        "s 10 10 100",
        "I1 2026-06-15 90 | s 10 90",
        expect![[r#"
            PRICE -10.00: `s`: sold for 100.00 USD, invoiced for 90.00 USD.
        "#]],
    );
    check(
        "A=100 E=100 I=90 B=90",
        "s 10 10 100",
        "I1 2026-06-15 90 | s - 90",
        expect![[r#"
            PRICE -10.00: `s`: sold for 100.00 USD, invoiced for 90.00 USD.
        "#]],
    );
}

#[test]
fn quantity_and_price_together() {
    check(
        "A=100 E=100 I=72 B=72",
        "s 10 10 100",
        "I1 2026-06-15 72 | s 8 72",
        expect![[r#"
            QTY -20.00: `s`: 10 sold, 8 invoiced.
            PRICE -8.00: `s`: sold for 100.00 USD, invoiced for 72.00 USD.
        "#]],
    );
}

#[test]
fn a_discount_on_the_invoice_only() {
    check(
        "A=22000 E=22000 I=21750 B=21750",
        "s 10 1900 19000; p 1 3000 3000",
        "I1 2026-06-17 21750 | s 10 19000 | p 1 3000 | discount - -250",
        expect![[r#"
            DISCOUNT -250.00: A discount that the deal does not have: `discount` (250.00) USD.
        "#]],
    );
}

#[test]
fn a_discount_of_the_deal_that_the_invoice_forgot() {
    check(
        "A=90 E=90 I=100 B=100",
        "s 10 10 90 disc=0.1",
        "I1 2026-06-17 100 | s 10 100",
        expect![[r#"
            DISCOUNT 10.00: `s`: sold for 90.00 USD, invoiced for 100.00 USD.
        "#]],
    );
}

#[test]
fn a_charge_that_is_no_product_of_the_deal() {
    check(
        "A=8400 E=8400 I=8535 B=8535",
        "s 8 1050 8400",
        "I1 2026-06-12 8535 | s 8 8400 | shipping - 135",
        expect![[r#"
            SHIPPING_FEE 135.00: A charge that is no product of the deal: `shipping` 135.00 USD.
        "#]],
    );
}

#[test]
fn a_product_that_is_on_no_invoice() {
    check(
        "A=100 E=100 I=60 B=60",
        "s 6 10 60; t 4 10 40",
        "I1 2026-06-12 60 | s 6 60",
        expect![[r#"
            PARTIAL_BILL -40.00: `t` is sold and on no invoice.
        "#]],
    );
}

#[test]
fn lines_over_several_invoices_are_added() {
    check(
        "A=100 E=100 I=90 B=90",
        "s 6 10 60; s 4 10 40",
        "I1 2026-06-12 50 | s 5 50; I2 2026-06-20 40 | s 4 40",
        expect![[r#"
            QTY -10.00: `s`: 10 sold, 9 invoiced.
        "#]],
    );
}

#[test]
fn a_shared_document_is_not_compared_by_lines() {
    check(
        "A=100 E=100 I=110 B=110",
        "s 10 10 100",
        "I1 2026-06-12 150 share=110 | s 15 150",
        expect![[r#"
            unexplained 10.00
        "#]],
    );
}

// Invoiced more than expected.

#[test]
fn two_documents_for_one_intent() {
    check(
        "A=18750 E=18750 I=37500 B=37500",
        "s 125 150 18750",
        "I2 2026-06-03 18750 | s 125 18750; I1 2026-06-03 18750 ours | s 125 18750",
        expect![[r#"
            DUPLICATE_INVOICE 18750.00: I2 of 3 Jun 2026 repeats I1 of 3 Jun 2026: the same net, 0 days apart.
        "#]],
    );
}

#[test]
fn instalments_within_the_contract_are_no_duplicates() {
    check("A=200 E=200 I=200 B=200", "", "I1 2026-06-03 100; I2 2026-06-05 100", expect![]);
}

#[test]
fn equal_documents_far_apart_are_no_duplicates() {
    check(
        "A=100 E=100 I=200 B=200",
        "",
        "I1 2026-05-03 100; I2 2026-06-03 100",
        expect![[r#"
            unexplained 100.00
        "#]],
    );
}

#[test]
fn billed_before_the_schedule() {
    check(
        "A=66 E=0 I=33 B=33 schedule=2026-07-15:33,2026-09-15:33",
        "",
        "I1 2026-06-25 33",
        expect![[r#"
            BILLED_AHEAD 33.00: Invoiced before the schedule, next due on 15 Jul 2026.
            SCHEDULED 66.00 not due: The next part of the schedule is due on 15 Jul 2026.
        "#]],
    );
}

#[test]
fn beyond_the_contract_is_not_ahead() {
    check(
        "A=66 E=0 I=70 B=70 schedule=2026-07-15:33,2026-09-15:33",
        "",
        "I1 2026-06-25 70",
        expect![[r#"
            BILLED_AHEAD 66.00: Invoiced before the schedule, next due on 15 Jul 2026.
            SCHEDULED 66.00 not due: The next part of the schedule is due on 15 Jul 2026.
            unexplained 4.00
        "#]],
    );
}

#[test]
fn a_deal_that_shrank_after_it_was_invoiced() {
    check(
        "A=40 E=40 I=44 B=44 before=44",
        "",
        "I1 2026-06-03 44",
        expect![[r#"
            AMENDED_AFTER_INVOICE 4.00: The deal was 44.00 USD when it was invoiced, it is 40.00 USD now.
        "#]],
    );
}

#[test]
fn a_deal_that_is_no_longer_won() {
    check(
        "A=0 E=0 I=44 B=44 lost",
        "",
        "I1 2026-06-03 44",
        expect![[r#"
            AMENDED_AFTER_INVOICE 44.00: The deal is no longer won, and it is invoiced.
        "#]],
    );
}

// Credits and settlements.

#[test]
fn a_credit_memo() {
    check(
        "A=41 E=41 I=41 B=35",
        "",
        "I1 2026-06-03 41; M1 2026-06-18 6",
        expect![[r#"
            CREDIT_ISSUED -6.00: Credit memo M1 of 18 Jun 2026.
        "#]],
    );
}

#[test]
fn a_credit_memo_that_was_paid_back() {
    check(
        "A=41 E=41 I=41 B=35",
        "",
        "I1 2026-06-03 41; M1 2026-06-18 6 back=6",
        expect![[r#"
            REFUND -6.00: Credit memo M1 of 18 Jun 2026 was paid back.
        "#]],
    );
    check(
        "A=41 E=41 I=41 B=35",
        "",
        "I1 2026-06-03 41; M1 2026-06-18 6 total=7.20 back=3.60",
        expect![[r#"
            REFUND -3.00: Credit memo M1 of 18 Jun 2026 was paid back.
            CREDIT_ISSUED -3.00: Credit memo M1 of 18 Jun 2026.
        "#]],
    );
}

#[test]
fn a_credit_memo_and_a_shortfall_are_told_apart() {
    check(
        "A=100 E=100 I=90 B=84",
        "s 10 10 100",
        "I1 2026-06-03 90 | s 9 90; M1 2026-06-18 6",
        expect![[r#"
            CREDIT_ISSUED -6.00: Credit memo M1 of 18 Jun 2026.
            QTY -10.00: `s`: 10 sold, 9 invoiced.
        "#]],
    );
}

#[test]
fn a_write_off_is_settled_and_no_variance() {
    check(
        "A=100 E=100 I=100 B=100 W=0.12",
        "",
        "I1 2026-06-03 100",
        expect![[r#"
            WRITE_OFF 0.12 settled: Adjustments without cash settle the documents of the deal.
        "#]],
    );
}

#[test]
fn a_negative_deal_is_mirrored() {
    check(
        "A=-100 E=-100",
        "",
        "",
        expect![[r#"
            NOT_INVOICED 100.00: Due since 1 Jun 2026, nothing is invoiced.
        "#]],
    );
    check(
        "A=-100 E=-100 I=-99.97 B=-99.97",
        "",
        "M1 2026-06-03 99.97",
        expect![[r#"
            ROUNDING 0.03: Within the rounding limit.
        "#]],
    );
}

#[test]
fn what_nothing_explains_stays_unexplained() {
    check(
        "A=100 E=100 I=103 B=103",
        "",
        "I1 2026-06-03 103",
        expect![[r#"
            unexplained 3.00
        "#]],
    );
}

#[test]
fn a_shared_document_that_bills_too_little_stays_unexplained() {
    check(
        "A=100 E=100 I=90 B=90",
        "s 10 10 100",
        "I1 2026-06-12 150 share=90 | s 15 150",
        expect![[r#"
            unexplained -10.00
        "#]],
    );
}
