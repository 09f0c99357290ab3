//! Lines as `inv1 100`, `cm2 30`, `je 5`, `dep 5`, `chk 5`; parts as `cash inv1 100`.

use proptest::prelude::*;
use tieout_domain::Currency;

use super::*;

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::parse("USD").unwrap())
}

fn link(text: &str) -> Link {
    let (to, amount) = text.split_once(' ').unwrap();
    let id = |prefix: &str| DocumentId::new(to.strip_prefix(prefix).unwrap()).unwrap();
    let to = match to {
        "je" => Linked::Journal,
        "dep" => Linked::OtherCredit,
        "chk" => Linked::OtherDebit,
        _ if to.starts_with("inv") => Linked::Invoice(id("inv")),
        _ => Linked::CreditMemo(id("cm")),
    };
    Link { to, amount: usd(amount.parse().unwrap()) }
}

fn shown(part: &Settled) -> String {
    let amount = part.amount.minor();
    let document = &part.document;
    match (part.kind, &part.credit) {
        (ApplicationKind::Cash, None) => format!("cash inv{document} {amount}"),
        (ApplicationKind::Credit, Some(credit)) => format!("cm{credit} inv{document} {amount}"),
        (ApplicationKind::Adjustment, None) => format!("adjust inv{document} {amount}"),
        (ApplicationKind::Refund, Some(_)) => format!("refund cm{document} {amount}"),
        other => panic!("no such part: {other:?}"),
    }
}

#[track_caller]
fn check(cash: i64, lines: &[&str], want: &[&str]) {
    let links: Vec<Link> = lines.iter().map(|text| link(text)).collect();
    let settled = settle(usd(cash), &links).unwrap();
    assert_eq!(settled.iter().map(shown).collect::<Vec<_>>(), want);
}

#[track_caller]
fn unbalanced(cash: i64, lines: &[&str]) {
    let links: Vec<Link> = lines.iter().map(|text| link(text)).collect();
    assert_eq!(settle(usd(cash), &links), Err(SettleError::Unbalanced));
}

#[test]
fn nothing_applied() {
    check(0, &[], &[]);
}

#[test]
fn cash_on_one_invoice() {
    check(500, &["inv1 500"], &["cash inv1 500"]);
}

#[test]
fn cash_on_two_invoices() {
    check(500, &["inv1 200", "inv2 300"], &["cash inv1 200", "cash inv2 300"]);
}

#[test]
fn a_payment_of_zero_ties_a_credit() {
    check(0, &["inv1 50", "cm9 50"], &["cm9 inv1 50"]);
}

#[test]
fn a_payment_of_zero_ties_a_journal() {
    check(0, &["inv1 1240", "je 1240"], &["adjust inv1 1240"]);
}

#[test]
fn credits_are_taken_up_in_the_order_of_the_invoices_and_cash_covers_the_rest() {
    check(
        130,
        &["inv1 100", "cm9 120", "inv2 150"],
        &["cm9 inv1 100", "cm9 inv2 20", "cash inv2 130"],
    );
}

#[test]
fn credit_then_adjustment_then_cash() {
    check(60, &["inv1 100", "je 10", "cm9 30"], &["cm9 inv1 30", "adjust inv1 10", "cash inv1 60"]);
}

#[test]
fn two_credits_on_one_invoice() {
    check(0, &["cm8 30", "cm9 20", "inv1 50"], &["cm8 inv1 30", "cm9 inv1 20"]);
}

#[test]
fn two_lines_of_one_invoice_are_one_part() {
    check(70, &["inv1 30", "inv1 40"], &["cash inv1 70"]);
}

#[test]
fn a_journal_that_is_paid_touches_no_document() {
    check(150, &["inv1 100", "je 50"], &["cash inv1 100"]);
}

#[test]
fn money_paid_out_uses_up_a_credit() {
    check(0, &["cm9 80", "chk 80"], &["refund cm9 80"]);
}

#[test]
fn a_deposit_straight_to_receivables_is_an_adjustment() {
    check(0, &["inv1 40", "dep 40"], &["adjust inv1 40"]);
}

#[test]
fn what_does_not_come_out_even_is_not_guessed() {
    unbalanced(100, &["inv1 120"]);
    unbalanced(100, &["inv1 80"]);
    unbalanced(0, &["inv1 50", "cm9 60"]);
    unbalanced(10, &["inv1 100", "je 40", "cm9 20"]);
    unbalanced(5, &[]);
}

#[test]
fn two_currencies_are_not_mixed() {
    let eur = Money::from_minor(100, Currency::parse("EUR").unwrap());
    let links = [Link { to: Linked::Journal, amount: eur }];
    assert_eq!(settle(usd(0), &links), Err(SettleError::Amount(AmountError)));
}

fn amounts(count: usize) -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::vec(1_i64..10_000, 0..count)
}

proptest! {
    /// Every invoice gets exactly what its lines state, and every credit gives exactly that.
    #[test]
    fn nothing_is_made_or_lost(
        invoices in amounts(6), credits in amounts(4), journals in amounts(3), order in any::<u64>()
    ) {
        let debits: i64 = invoices.iter().sum();
        let others: i64 = credits.iter().chain(&journals).sum();
        prop_assume!(debits >= others);
        let mut links: Vec<Link> = Vec::new();
        for (at, amount) in invoices.iter().enumerate() {
            links.push(link(&format!("inv{at} {amount}")));
        }
        for (at, amount) in credits.iter().enumerate() {
            links.push(link(&format!("cm{at} {amount}")));
        }
        for amount in &journals {
            links.push(link(&format!("je {amount}")));
        }
        let length = links.len().max(1);
        let turn = usize::try_from(order % (length as u64)).unwrap();
        links.rotate_left(turn);
        let settled = settle(usd(debits - others), &links).unwrap();
        for (at, amount) in invoices.iter().enumerate() {
            let id = at.to_string();
            let of_invoice = settled.iter().filter(|part| part.document.as_str() == id);
            prop_assert_eq!(of_invoice.map(|part| part.amount.minor()).sum::<i64>(), *amount);
        }
        for (at, amount) in credits.iter().enumerate() {
            let id = Some(DocumentId::new(&at.to_string()).unwrap());
            let of_credit = settled.iter().filter(|part| part.credit == id);
            prop_assert_eq!(of_credit.map(|part| part.amount.minor()).sum::<i64>(), *amount);
        }
        let cash = settled.iter().filter(|part| part.kind == ApplicationKind::Cash);
        prop_assert_eq!(cash.map(|part| part.amount.minor()).sum::<i64>(), debits - others);
    }
}
