//! K6 and K9: a reader can recompute the decision by hand.

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::language::Case;
use crate::matching::Link;

/// The evidence of the link of a deal and a document.
#[track_caller]
fn check(deals: &str, documents: &str, link: &str, want: Expect) {
    let matches = Case::read(deals, documents).matches();
    let named = |found: &&Link| format!("{} {}", found.deal, found.document.id) == link;
    want.assert_eq(&written(matches.links.iter().find(named).expect("the case has the link")));
}

fn written(link: &Link) -> String {
    let evidence = &link.evidence;
    let mut text = format!("{}/{}\n", evidence.rule.id(), evidence.version);
    for compared in &evidence.compared {
        let sides = [&compared.deal, &compared.document, &compared.difference];
        let said: Vec<&str> = sides.iter().map(|side| side.as_str()).collect();
        let said = said.join(" | ");
        let said = said.trim_end_matches(" | ");
        writeln!(text, "{}: {said}", compared.field.as_str()).unwrap();
    }
    if let Some(difference) = evidence.difference {
        writeln!(text, "difference {difference} of {} allowed", evidence.tolerance_minor).unwrap();
    }
    for part in &evidence.score {
        writeln!(text, "{:+} {}: {}", part.points, part.part, part.because).unwrap();
    }
    if !evidence.score.is_empty() {
        writeln!(text, "= {}", evidence.score_total()).unwrap();
    }
    for lost in &evidence.competitors {
        writeln!(text, "not {} {}: {}", lost.deal, lost.document.id, lost.lost.sentence()).unwrap();
    }
    text
}

#[test]
fn of_our_key() {
    check(
        "D1 A1 100.00 2026-06-01 key=2; D2 A1 70.00 2026-06-01 ref=D-2",
        "I1 C1 60.00 2026-06-03 key=2 ref=D-2",
        "D1 I1",
        expect![[r#"
            our-key/1
            key: TIE-AAAAAAAAAAAAAAA2 | TIE-AAAAAAAAAAAAAAA2
            customer: A1 | C1
            currency: USD | USD
            net: 100.00 USD | 60.00 USD | (40.00) USD
            date: 1 Jun 2026 | 3 Jun 2026 | 2 days
            difference -40.00 USD of 0 allowed
            not D2 I1: named by weaker evidence: deal-reference
        "#]],
    );
}

#[test]
fn of_an_order_number_with_every_rival() {
    check(
        "D1 A1 100.00 2026-06-01 po=7; D2 A1 100.00 2026-06-01 po=8",
        "I1 C1 100.00 2026-06-03 po=7; I2 C1 100.00 2026-06-03 po=9; I3 C1 90.00 2026-06-03 po=7; \
         I4 C1 100.00 2026-06-03 po=7 void; I5 C1 100.00 2026-06-03 po=7 EUR",
        "D1 I1",
        expect![[r#"
            order-number-and-net/1
            customer: A1 | C1
            currency: USD | USD
            order_number: 7 | 7
            net: 100.00 USD | 100.00 USD
            date: 1 Jun 2026 | 3 Jun 2026 | 2 days
            difference 0.00 USD of 0 allowed
            not D1 I2: another order number
            not D1 I3: net differs by (10.00) USD
            not D1 I4: void, deleted or of unknown status
            not D1 I5: in another currency
            not D2 I1: another order number
        "#]],
    );
}

#[test]
fn of_a_net_in_the_window() {
    check(
        "D1 A1 100.00 2026-06-01; D2 A1 100.00 2026-06-01 key=2; refuse D1 I4",
        "I1 C1 100.03 2026-06-03; I2 C1 100.00 2026-09-03; I3 C1 100.00 2026-06-03 key=2; \
         I4 C1 100.00 2026-06-03",
        "D1 I1",
        expect![[r#"
            net-in-window/1
            customer: A1 | C1
            currency: USD | USD
            order_number: 
            net: 100.00 USD | 100.03 USD | 0.03 USD
            date: 1 Jun 2026 | 3 Jun 2026 | 2 days
            difference 0.03 USD of 5 allowed
            not D1 I2: dated 94 days after the close date
            not D1 I3: already linked by tier 0
            not D1 I4: a person said that it does not belong
            not D2 I1: already linked by tier 0
        "#]],
    );
}

#[test]
fn of_a_sum() {
    check(
        "D1 A1 100.00 2026-06-01 po=7",
        "I1 C1 33.33 2026-06-03 po=7; I2 C1 33.33 2026-06-03 po=7; I3 C1 33.33 2026-06-03 po=7; \
         I4 C1 50.00 2026-06-03",
        "D1 I1",
        expect![[r#"
            sum-of-documents/1
            customer: A1 | C1
            currency: USD | USD
            order_number: 7 | 7
            net: 100.00 USD | 33.33 USD | (66.67) USD
            date: 1 Jun 2026 | 3 Jun 2026 | 2 days
            difference -0.01 USD of 5 allowed
            not D1 I4: not part of the only sum that fits
        "#]],
    );
}

#[test]
fn of_a_score() {
    check(
        "D1 A1 100.00 2026-06-01 items=s,t",
        "I1 C1 96.00 2026-06-03 items=s,t; I2 C1 300.00 2026-06-03 items=t",
        "D1 I1",
        expect![[r#"
            scored/1
            customer: A1 | C1
            currency: USD | USD
            items: s t | s t
            net: 100.00 USD | 96.00 USD | (4.00) USD
            order_number: 
            date: 1 Jun 2026 | 3 Jun 2026 | 2 days
            difference -4.00 USD of 0 allowed
            -200 start: most pairs of one customer do not belong together
            +250 items: all 2 items the same
            +150 net: net within 5 percent
            +0 order_number: no order number on one side
            +100 date: dated 2 days after the close date
            = 300
            not D1 I2: scores only -280
        "#]],
    );
}

#[test]
fn of_a_person() {
    check(
        "D1 A1 100.00 2026-06-01 key=2; link D1 I1 40.00",
        "I1 C1 60.00 2026-06-03",
        "D1 I1",
        expect![[r#"
            person-linked/1
            customer: A1 | C1
            currency: USD | USD
            net: 100.00 USD | 60.00 USD | (40.00) USD
            date: 1 Jun 2026 | 3 Jun 2026 | 2 days
            difference -40.00 USD of 0 allowed
        "#]],
    );
}

#[test]
fn of_an_applied_credit_memo() {
    check(
        "D1 A1 100.00 2026-06-01; link D1 M1 5.00; refuse D1 M1; D2 A1 70.00 2026-06-01 key=2",
        "I1 C1 70.00 2026-06-03 no=101 key=2; M1 C1 50.00 2026-06-09 no=C-9 total=60.00 \
         applied=I1:24.00",
        "D2 M1",
        expect![[r#"
            credit-applied/1
            applied: 101 | C-9 | 24.00 USD
            customer: A1 | C1
            currency: USD | USD
        "#]],
    );
}
