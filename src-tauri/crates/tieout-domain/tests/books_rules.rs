//! Figures of a small company, rule by rule (`finance-domain §3, §8, §10, §11, §14`).

#![allow(clippy::unwrap_used, reason = "a case that cannot be read is a broken test")]

mod books_language;

use books_language::{Company, failed, money, words};
use tieout_domain::books::duplicates::{DuplicatePair, Twins, at_risk, duplicates};
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::rehearsal::{Ahead, rehearse};
use tieout_domain::tieouts::{TieOut, TieOutStatus};

fn row(company: &Company, deal: &str) -> DealRow {
    let rows = company.reconcile().rows;
    rows.into_iter().find(|row| row.deal.as_str() == deal).expect("the deal has a row")
}

/// Billing status, cash status, verdict and what is raised for deal `D1` at the end of June.
#[track_caller]
fn check(records: &str, want: &str) {
    assert_eq!(words(&row(&Company::read(records), "D1")), want);
}

/// The same at another day.
#[track_caller]
fn check_at(records: &str, on: &str, want: &str) {
    assert_eq!(words(&row(&Company::read(records).at(on), "D1")), want);
}

/// The receivable of the ledger at a day, and no roll-forward or bridge that fails.
#[track_caller]
fn owed(records: &str, on: &str, want: &str) {
    let company = Company::read(records).at(on);
    let reconciliation = company.reconcile();
    let total = reconciliation.receivables.total(books_language::usd()).unwrap();
    assert_eq!(total, money(want));
    assert_eq!(failed(&reconciliation), Vec::<&str>::new());
}

const SOLD: &str = "deal D1 A1 100.00 06-01;";

#[test]
fn an_invoice_bills_a_deal() {
    check(&format!("{SOLD} invoice I1 C1 100.00+20.00 06-03 ref=D1"), "BILLED OPEN MATCHED unpaid");
}

#[test]
fn a_deal_without_a_document_past_its_grace_is_never_tolerated() {
    check(SOLD, "BLOCKED NONE UNEXPLAINED NOT_INVOICED unpaid");
    check("deal D1 A1 100.00 06-25", "BLOCKED NONE UNEXPLAINED unpaid");
    check("deal D1 A1 100.00 06-24", "BLOCKED NONE UNEXPLAINED NOT_INVOICED unpaid");
}

#[test]
fn a_downsell_is_mirrored_in_all_it_raises() {
    let down = "deal D1 A1 -100.00 06-01;";
    check(down, "BLOCKED NONE UNEXPLAINED NOT_INVOICED unpaid");
    let credited = format!("{down} credit M1 C1 100.00 06-03 ref=D1;");
    check(&credited, "BILLED OPEN MATCHED unpaid");
    check(&format!("{credited} refund F1 M1 100.00 06-20"), "BILLED PAID MATCHED");
    check(&format!("{credited} refund F1 M1 40.00 06-20"), "BILLED PART_PAID MATCHED unpaid");
    check_at(
        &format!("{credited} refund F1 M1 100.00 06-20"),
        "06-19",
        "BILLED OPEN MATCHED unpaid",
    );
}

#[test]
fn leakage_of_a_downsell_has_its_own_sign() {
    let leakage = row(&Company::read("deal D1 A1 -100.00 06-01"), "D1").leakage;
    assert_eq!(leakage, Some(money("-100.00")));
}

#[test]
fn an_unknown_amount_is_blocked_and_uncertain() {
    check("deal D1 A1 ? 06-01", "BLOCKED NONE UNCERTAIN unpaid");
    check("deal D1 A1 ? 06-01; invoice I1 C1 9.00 06-03 ref=D1", "BLOCKED OPEN UNCERTAIN unpaid");
}

#[test]
fn an_uncertain_deal_without_figures_is_flagged() {
    let company = Company::read("deal D1 A1 ? 06-01");
    assert_eq!(company.reconcile().flagged(&company.frame).unwrap().len(), 1);
}

#[test]
fn a_deal_of_nothing_is_excluded_until_a_document_is_linked() {
    check("deal D1 A1 0.00 06-01", "EXCLUDED NONE -");
    check(
        "deal D1 A1 0.00 06-01; invoice I1 C1 9.00 06-03 ref=D1",
        "OVER_BILLED OPEN UNEXPLAINED unpaid",
    );
}

#[test]
fn a_schedule_says_what_is_expected() {
    let two = "deal D1 A1 100.00 06-01; line L1 D1 100.00; due L1 06-01 40.00; due L1 07-01 60.00;";
    check(&format!("{two} invoice I1 C1 40.00 06-03 ref=D1"), "BILLED OPEN MATCHED unpaid");
    check(&format!("{two} invoice I1 C1 100.00 06-03 ref=D1"), "AHEAD OPEN UNEXPLAINED unpaid");
    check("deal D1 A1 100.00 06-01; line L1 D1 100.00; due L1 07-01 100.00", "NOT_DUE NONE -");
}

#[test]
fn an_effect_under_way_decides_the_status() {
    check(&format!("{SOLD} promise D1 intended"), "IN_FLIGHT NONE UNEXPLAINED NOT_INVOICED unpaid");
    check(&format!("{SOLD} promise D1 unknown"), "IN_FLIGHT NONE UNCERTAIN NOT_INVOICED unpaid");
    let later = "deal D1 A1 100.00 06-01; line L1 D1 100.00; due L1 07-01 100.00;";
    check(&format!("{later} promise D1 sent"), "IN_FLIGHT NONE UNCERTAIN unpaid");
}

/// Codes of the gates that fail for `D1`.
#[track_caller]
fn gates(records: &str, want: &[&str]) {
    let gates = row(&Company::read(records), "D1").gates;
    let codes: Vec<&str> = gates.iter().map(|finding| finding.detail.code()).collect();
    assert_eq!(codes, want);
}

#[test]
fn a_document_that_was_made_and_not_read_yet_is_not_made_again() {
    gates(&format!("{SOLD} promise D1 confirmed"), &["NO_LINES", "ALREADY_CREATED"]);
    let later = "invoice I1 C1 100.00 07-02 ref=D1";
    gates(&format!("{SOLD} promise D1 confirmed; {later}"), &["NO_LINES"]);
    gates(&format!("{SOLD} promise D1 rejected; promise D1 cancelled"), &["NO_LINES"]);
    gates(&format!("{SOLD} promise D1 rejected"), &["NO_LINES", "REJECTED"]);
}

#[test]
fn a_document_that_may_be_the_invoice_stands_against_a_new_one() {
    let twins = "deal D1 A1 100.00 06-01; deal D2 A1 100.00 06-01; invoice I1 C1 100.00 06-03;";
    gates(twins, &["NO_LINES", "POSSIBLE_INVOICE"]);
    gates(&format!("{twins} link D2 I1"), &["NO_LINES"]);
}

#[test]
fn a_deleted_document_stands_against_nothing() {
    gates(&format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1 gone"), &["NO_LINES"]);
}

#[test]
fn a_void_document_was_never_issued_and_was_posted() {
    check(
        &format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1 void"),
        "REVERSED CLOSED_NO_CASH UNEXPLAINED unpaid",
    );
}

#[test]
fn a_draft_is_on_its_way_and_a_deleted_document_is_gone() {
    check(
        &format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1 draft"),
        "DRAFTED NONE UNEXPLAINED NOT_INVOICED unpaid",
    );
    check(
        &format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1 gone"),
        "BLOCKED NONE UNEXPLAINED NOT_INVOICED unpaid",
    );
}

#[test]
fn a_deal_that_is_no_longer_won_stays_once_it_was_posted() {
    let lost = "deal D1 A1 100.00 06-01 lost; link D1 I1;";
    check(&format!("{lost} invoice I1 C1 100.00 06-03"), "OVER_BILLED OPEN UNEXPLAINED");
    let named = "deal D1 A1 100.00 06-01 lost; invoice I1 C1 100.00 06-03 ref=D1";
    check(named, "OVER_BILLED OPEN UNEXPLAINED");
    let company = Company::read(&format!("{lost} invoice I1 C1 100.00 06-03 draft"));
    assert!(company.reconcile().rows.is_empty());
    let credited = format!("{named}; credit M1 C1 40.00 06-09 ref=D1");
    let lost = row(&Company::read(&credited), "D1");
    assert_eq!(words(&lost), "OVER_BILLED OPEN UNEXPLAINED");
    let said: Vec<_> = lost.proposed.iter().map(|it| (it.code.as_str(), it.amount)).collect();
    let want = [("CREDIT_ISSUED", money("-40.00")), ("AMENDED_AFTER_INVOICE", money("100.00"))];
    assert_eq!(said, want);
    let alone = "deal D1 A1 100.00 06-01 lost; invoice I1 C1 100.00 06-03;
        credit M1 C1 40.00 06-09 ref=D1";
    let reconciliation = Company::read(alone).reconcile();
    assert!(reconciliation.rows.is_empty());
    assert_eq!(reconciliation.matches.orphans.len(), 2);
}

#[test]
fn fully_credited_is_reversed_and_a_reason_explains_it() {
    let credited =
        format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1; credit M1 C1 100.00 06-09 ref=D1;");
    let used = format!("{credited} use M1 I1:100.00@06-10;");
    check(&used, "REVERSED CLOSED_NO_CASH UNEXPLAINED");
    check(&format!("{used} reason D1 CREDIT_ISSUED -100.00"), "REVERSED CLOSED_NO_CASH EXPLAINED");
}

#[test]
fn an_applied_credit_follows_its_invoice_from_its_date() {
    let part = format!(
        "{SOLD} invoice I1 C1 100.00 06-03 ref=D1; credit M1 C1 40.00 06-09; use M1 I1:30.00@06-12"
    );
    let billed = |on| row(&Company::read(&part).at(on), "D1").figures.unwrap().billed;
    assert_eq!(billed("06-11"), money("100.00"));
    assert_eq!(billed("06-12"), money("70.00"));
}

#[test]
fn facts_suggest_a_reason() {
    let company = Company::read(&format!(
        "{SOLD} invoice I1 C1 100.00 06-03 ref=D1; credit M1 C1 40.00 06-09 ref=D1"
    ));
    let proposed = row(&company, "D1").proposed;
    let said: Vec<_> = proposed.iter().map(|it| (it.code.as_str(), it.amount)).collect();
    assert_eq!(said, [("CREDIT_ISSUED", money("-40.00"))]);
}

/// Code, amount and evidence of every reason that is proposed for `D1`.
#[track_caller]
fn proposed(records: &str, want: &[(&str, &str, &str)]) {
    let proposed = row(&Company::read(records), "D1").proposed;
    let said: Vec<_> =
        proposed.iter().map(|it| (it.code.as_str(), it.amount, it.evidence.as_str())).collect();
    let want: Vec<_> =
        want.iter().map(|(code, amount, why)| (*code, money(amount), *why)).collect();
    assert_eq!(said, want);
}

#[test]
fn a_document_that_was_voided_or_deleted_is_the_first_reason() {
    let late = "deal D1 A1 100.00 05-28 won=06-03;";
    let void = "Document I1 of 3 Jun 2026 was voided in the ledger.";
    proposed(
        &format!("{late} invoice I1 C1 0.00 06-03 ref=D1 void"),
        &[("VOIDED_LATER", "-100.00", void)],
    );
    let gone = "Document I1 of 3 Jun 2026 over 60.00 USD was deleted in the ledger.";
    let backdated = "Close date 28 May 2026, stage changed to won on 3 Jun 2026.";
    proposed(
        &format!("{late} invoice I1 C1 60.00 06-03 ref=D1 gone"),
        &[("DELETED", "-60.00", gone), ("BACKDATED_CLOSE", "-40.00", backdated)],
    );
    let down = "deal D1 A1 -100.00 06-01; credit I1 C1 0.00 06-03 ref=D1 void";
    proposed(down, &[("VOIDED_LATER", "100.00", void)]);
    proposed(
        &format!("{late} invoice I1 C1 60.00 07-03 ref=D1 gone"),
        &[("BACKDATED_CLOSE", "-100.00", backdated)],
    );
    let again = "invoice I1 C1 0.00 06-03 ref=D1 void; invoice I2 C1 100.00 06-04 ref=D1";
    proposed(&format!("{late} {again}"), &[]);
}

#[test]
fn an_explained_deal_wants_no_proposal() {
    let company =
        Company::read(&format!("{SOLD} invoice I1 C1 60.00 06-03 ref=D1; reason D1 PRICE -40.00"));
    assert!(row(&company, "D1").proposed.is_empty());
}

#[test]
fn cash_follows_the_invoice() {
    let billed = format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1 due=06-30;");
    check(
        &format!("{billed} receipt R1 C1 40.00 06-10 I1:40.00"),
        "BILLED PART_PAID MATCHED unpaid",
    );
    check(&format!("{billed} receipt R1 C1 100.00 06-10 I1:100.00"), "BILLED PAID MATCHED");
    check(
        &format!("{billed} receipt R1 C1 100.00 06-10 I1:100.00 void"),
        "BILLED OPEN MATCHED unpaid",
    );
    check_at(&billed, "07-01", "BILLED OVERDUE MATCHED unpaid");
    check(&format!("{SOLD} sale S1 C1 100.00 06-03 ref=D1"), "BILLED PAID MATCHED");
}

#[test]
fn unapplied_cash_of_one_deal_is_counted_at_the_day() {
    let billed = format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1;");
    let more = format!("{billed} invoice I2 C1 20.00 06-04; receipt R1 C1 120.00 06-10 I1:100.00");
    check(&more, "BILLED OVERPAID MATCHED");
    let later = format!("{more} I2:20.00@07-05");
    check(&later, "BILLED OVERPAID MATCHED");
    check_at(&later, "07-05", "BILLED PAID MATCHED");
}

#[test]
fn cash_on_a_shared_invoice_is_tied_to_no_deal() {
    check(
        "deal D1 A1 50.00 06-01; deal D2 A1 50.00 06-01; invoice I1 C1 100.00 06-03;
         link D1 I1 50.00; link D2 I1 50.00; receipt R1 C1 120.00 06-10 I1:100.00",
        "BILLED PAID MATCHED",
    );
}

#[test]
fn roundings_of_a_settled_shared_invoice_are_nothing_open() {
    let shared = "deal D1 A1 100.00 06-01; deal D2 A1 100.00 06-01; deal D3 A1 100.00 06-01;
        invoice I1 C1 300.00 06-03; link D1 I1 100.00; link D2 I1 100.00; link D3 I1 100.00;
        receipt R1 C1 100.00 06-10 I1:100.00; journal J1 06-11 C1:-200.00 I1=200.00";
    for deal in ["D1", "D2", "D3"] {
        assert_eq!(words(&row(&Company::read(shared), deal)), "BILLED PAID MATCHED");
    }
}

#[test]
fn a_record_that_cannot_be_read_leaves_its_deal_uncertain() {
    let billed =
        format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1; receipt R1 C1 9.00 06-10 I1:9.00;");
    check(&format!("{billed} unreadable invoices I1"), "BILLED PART_PAID UNCERTAIN unpaid");
    check(&format!("{billed} unreadable receipts R1"), "BILLED PART_PAID UNCERTAIN unpaid");
    check(&format!("{billed} unreadable customers I1"), "BILLED PART_PAID MATCHED unpaid");
}

#[test]
fn a_deal_in_another_currency_has_no_rate_and_is_uncertain() {
    check("deal D1 A1 100.00 06-01 EUR", "BLOCKED NONE UNCERTAIN NOT_INVOICED unpaid");
}

#[test]
fn a_deposit_is_unapplied_until_its_invoice() {
    let deposit = "receipt R1 C1 500.00 04-28 I1:500.00; invoice I1 C1 1000.00+190.00 05-10;";
    owed(deposit, "05-09", "-500.00");
    owed(deposit, "05-10", "690.00");
}

#[test]
fn what_was_applied_to_a_void_document_is_unapplied() {
    owed(
        "invoice I1 C1 100.00 06-03 void; receipt R1 C1 100.00 06-10 I1:100.00",
        "06-30",
        "-100.00",
    );
    owed(
        "invoice I1 C1 100.00 06-03; credit M1 C1 40.00 06-05 void; use M1 I1:40.00@06-06",
        "06-30",
        "100.00",
    );
}

#[test]
fn a_refund_uses_up_a_credit_memo_that_counts() {
    owed("credit M1 C1 40.00 06-05; refund F1 M1 15.00 06-20", "06-30", "-25.00");
    owed("credit M1 C1 40.00 06-05 void; refund F1 M1 15.00 06-20", "06-30", "0.00");
    owed("credit M1 C1 40.00 06-05; refund F1 M1 15.00 05-20", "06-30", "-25.00");
}

#[test]
fn a_write_off_is_counted_once() {
    owed("invoice I1 C1 100.00 06-03; journal J1 06-20 C1:-12.00 I1=12.00", "06-30", "88.00");
    owed("invoice I1 C1 100.00 06-03; journal J1 06-20 C1:-12.00", "06-30", "88.00");
    owed("invoice I1 C1 100.00 06-03; journal J1 06-20 -:50.00", "06-30", "100.00");
}

#[test]
fn the_middle_of_a_period_rolls_forward_too() {
    owed("invoice I1 C1 100.00 06-03; invoice I2 C1 50.00 06-20", "06-10", "100.00");
    owed("invoice I1 C1 100.00 06-03; invoice I2 C1 50.00 07-03", "07-10", "150.00");
}

#[test]
fn a_customer_of_two_accounts_is_counted_once() {
    let company = Company::read(
        "customer C1 A1 A2; customer C2 A2; customer C3 A2; invoice I1 C1 10.00 06-03;
         invoice I2 C2 20.00 06-03; invoice I3 C3 30.00 06-03",
    );
    let receivables = company.reconcile().receivables;
    let rows: Vec<_> = receivables
        .by_account
        .iter()
        .map(|row| (row.name.as_str(), row.customers.len(), row.receivable))
        .collect();
    assert_eq!(rows, [("Account A1", 1, money("10.00")), ("Account A2", 2, money("50.00"))]);
}

#[track_caller]
fn ledger_line(records: &str, name: &str, want: TieOutStatus) {
    let reconciliation = Company::read(records).reconcile();
    let line = reconciliation.proofs.lines.iter().find(|line| line.name == name).unwrap();
    assert_eq!((line.tie_out, line.status), (TieOut::LedgerCompleteness, want));
}

#[test]
fn a_source_counts_its_void_documents_and_so_are_ours() {
    let void = "invoice I1 C1 100.00 06-03; invoice I2 C1 0.00 06-04 void;";
    ledger_line(&format!("{void} total invoices 2 100.00"), "invoices", TieOutStatus::Agreed);
    ledger_line(&format!("{void} total invoices 1 100.00"), "invoices", TieOutStatus::Failed);
    let refunded = "credit M1 C1 9.00 06-03; refund F1 M1 9.00 06-04 void;";
    ledger_line(&format!("{refunded} total refunds 1 9.00"), "refunds", TieOutStatus::Agreed);
}

/// Opening, closing and agreement of the bridge.
#[track_caller]
fn bridge(records: &str, want: [&str; 2]) {
    let reconciliation = Company::read(records).reconcile();
    let bridge = reconciliation.proofs.bridge;
    assert_eq!([bridge.opening, bridge.closing().unwrap()], want.map(money));
    assert_eq!(failed(&reconciliation), Vec::<&str>::new());
}

#[test]
fn the_bridge_starts_from_what_was_not_billed_before() {
    bridge("deal D1 A1 100.00 05-01; invoice I1 C1 40.00 05-20 ref=D1", ["60.00", "60.00"]);
    bridge("deal D1 A1 100.00 06-10; invoice I1 C1 40.00 05-20 ref=D1", ["0.00", "60.00"]);
    bridge("deal D1 A1 100.00 05-01; invoice I1 C1 140.00 06-20 ref=D1", ["100.00", "-40.00"]);
}

#[test]
fn the_bridge_knows_what_the_amount_was() {
    bridge(
        "deal D1 A1 100.00 05-01; history D1 05-01 80.00; history D1 06-10 100.00",
        ["80.00", "100.00"],
    );
    bridge(
        "deal D1 A1 100.00 05-01; history D1 05-01 80.00; history D1 07-01 100.00",
        ["80.00", "80.00"],
    );
}

/// Opening, change and closing of the bridge of each month.
#[track_caller]
fn months(records: &str, want: &[(i8, [&str; 3])]) {
    for (month, want) in want {
        let reconciliation = Company::read(records).month(*month).reconcile();
        let bridge = reconciliation.proofs.bridge;
        let change = bridge.increases.checked_sub(bridge.reductions).unwrap();
        assert_eq!([bridge.opening, change, bridge.closing().unwrap()], want.map(money));
        assert_eq!(failed(&reconciliation), Vec::<&str>::new());
    }
}

#[test]
fn a_change_of_the_amount_counts_in_its_own_month() {
    let reduced = "deal D1 A1 90.00 03-02; history D1 02-01 100.00; history D1 03-02 100.00;
        history D1 06-16 90.00; line L1 D1 90.00; invoice I1 C1 30.00 05-20 ref=D1";
    let want = [
        (3, ["0.00", "0.00", "100.00"]),
        (4, ["100.00", "0.00", "100.00"]),
        (5, ["100.00", "0.00", "70.00"]),
        (6, ["70.00", "-10.00", "60.00"]),
        (7, ["60.00", "0.00", "60.00"]),
    ];
    months(reduced, &want);
    // An amount of the history that is beside the lines all along moves nothing.
    let beside = "deal D1 A1 100.00 03-02; line L1 D1 100.00; history D1 03-02 95.00;
        history D1 05-10 95.00";
    months(beside, &[(3, ["0.00", "0.00", "100.00"]), (6, ["100.00", "0.00", "100.00"])]);
}

#[test]
fn what_was_offered_before_it_was_won_is_no_amount_of_the_deal() {
    let late = "deal D1 A1 90.00 05-28 won=06-03; history D1 05-01 100.00; history D1 06-03 90.00";
    months(late, &[(5, ["0.00", "0.00", "90.00"]), (6, ["90.00", "0.00", "90.00"])]);
}

#[test]
fn a_change_after_the_day_is_listed_with_the_bridge() {
    let reduced = "deal D1 A1 90.00 05-01; history D1 05-01 100.00; history D1 07-03 90.00";
    let line = |month| {
        let lines = Company::read(reduced).month(month).reconcile().proofs.lines;
        let line = lines.into_iter().find(|line| line.tie_out == TieOut::Bridge).unwrap();
        let listed = line.explained_by.into_iter().map(|item| (item.reference, item.amount));
        (line.status, line.held.amount, listed.collect::<Vec<_>>())
    };
    let change = vec![("D1".to_owned(), money("10.00"))];
    assert_eq!(line(6), (TieOutStatus::Explained, money("90.00"), change));
    assert_eq!(line(7), (TieOutStatus::Agreed, money("90.00"), Vec::new()));
}

#[test]
fn the_bridge_leaves_out_what_is_in_no_sum() {
    bridge("deal D1 A1 ? 05-01; invoice I1 C1 40.00 06-20 ref=D1", ["0.00", "0.00"]);
    bridge("deal D1 A1 100.00 05-01; exclude D1", ["0.00", "0.00"]);
    bridge("deal D1 A1 100.00 05-01 lost; invoice I1 C1 40.00 06-20; link D1 I1", ["0.00", "0.00"]);
}

/// The fate of deal `D1` and its gates, where a create run meets it as its row says.
#[track_caller]
fn rehearsed(records: &str, want: &str) {
    check_fate(&Company::read(records), want);
}

#[track_caller]
fn check_fate(company: &Company, want: &str) {
    let it = company.reconcile();
    let ready = it.billable().map(|row| (row.deal.clone(), Ahead::Create(money("1.00"))));
    let blocked = it.blocked().map(|row| (row.deal.clone(), Ahead::Blocked(row.gates.clone())));
    let ahead = ready.chain(blocked).collect();
    let june = company.frame.period;
    let picture = (it.rows.as_slice(), &it.matches);
    let told = rehearse(&company.books, &company.frame, picture, &ahead, june).unwrap();
    assert!(told.foots().unwrap());
    let deal = told.deals.iter().find(|deal| deal.deal.as_str() == "D1");
    let words = deal.map(|deal| {
        let tier = deal.tier.map(|tier| format!(" {}", tier.as_str())).unwrap_or_default();
        let documents: Vec<&str> = deal.documents.iter().map(|id| id.as_str()).collect();
        format!("{}{tier} {}", deal.fate.as_str(), documents.join(" "))
    });
    assert_eq!(words.as_deref().map_or("none", str::trim_end), want);
}

#[test]
fn every_won_deal_of_the_time_has_one_fate() {
    rehearsed(SOLD, "blocked");
    rehearsed(&format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1"), "matched 1 I1");
    rehearsed(&format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1 void"), "matched 1 I1");
    rehearsed(&format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1 draft"), "matched 1 I1");
    rehearsed(&format!("{SOLD} invoice I1 C1 100.00 06-03 ref=D1 gone"), "blocked");
    rehearsed(&format!("{SOLD} invoice I1 C1 100.00 06-03"), "ambiguous I1");
    rehearsed(
        &format!("{SOLD} invoice I1 C1 100.00 06-03; invoice I2 C1 100.00 06-04"),
        "ambiguous I1 I2",
    );
    rehearsed(&format!("{SOLD} invoice I1 C1 99.00 06-03; link D1 I1"), "matched M I1");
    rehearsed(&format!("{SOLD} promise D1 sent"), "promised");
    rehearsed(&format!("{SOLD} exclude D1"), "excluded");
    rehearsed("deal D1 A1 0.00 06-01", "excluded");
    rehearsed("deal D1 A1 ? 06-01", "blocked");
    rehearsed("deal D1 A1 100.00 06-01; line L1 D1 100.00; due L1 09-01 100.00", "not_due");
}

#[test]
fn a_deal_that_no_ledger_takes_is_counted_too() {
    let company = Company::read("deal D1 A1 100.00 06-01 EUR").keep(&[books_language::usd()]);
    check_fate(&company, "unassigned");
}

#[test]
fn a_deal_that_another_company_keeps_is_counted_too() {
    let (usd, euro) = (books_language::usd(), tieout_domain::Currency::parse("EUR").unwrap());
    let company = Company::read("deal D1 A1 100.00 06-01 EUR").keep_beside(&[usd], &[euro]);
    check_fate(&company, "elsewhere");
    assert!(company.reconcile().unassigned.is_empty());
}

/// While a deal could be this company's, nobody can say that all of its deals are billed.
#[test]
fn a_deal_that_two_companies_could_keep_fails_the_completeness_of_both() {
    let usd = books_language::usd();
    let records = "deal D1 A1 100.00 06-01; deal D2 A1 ? 06-02; deal D3 A1 10.00 07-01";
    let company = Company::read(records).keep_beside(&[usd], &[usd]);
    let reconciliation = company.reconcile();
    assert!(reconciliation.rows.is_empty());
    assert_eq!(failed(&reconciliation), ["T1"]);
    let line = &reconciliation.proofs.lines[1];
    assert_eq!(
        (line.name.as_str(), line.difference),
        ("deals with a company", Some(money("100.00")))
    );
    assert_eq!(line.source.and_then(|total| total.count), Some(2));
    let [unassigned] = reconciliation.unassigned.as_slice() else { panic!("one currency") };
    assert_eq!(
        (unassigned.count, unassigned.sum, unassigned.without_amount),
        (2, money("100.00"), 1)
    );
    let reasons: Vec<_> =
        unassigned.reasons.iter().map(|it| (it.why.as_str(), it.deals.count)).collect();
    assert_eq!(reasons, [("CONTESTED", 2)]);
    check_fate(&Company::read("deal D1 A1 100.00 06-01").keep_beside(&[usd], &[usd]), "unassigned");
}

#[test]
fn a_deal_that_cannot_be_this_companys_is_no_matter_of_its_completeness() {
    let usd = books_language::usd();
    let company = Company::read("deal D1 A1 100.00 06-01; deal D2 A1 50.00 06-02 EUR").keep(&[usd]);
    let reconciliation = company.reconcile();
    assert_eq!(failed(&reconciliation), Vec::<&str>::new());
    assert_eq!(reconciliation.unassigned[0].reasons[0].why.as_str(), "CURRENCY_NOWHERE");
}

#[test]
fn a_deal_that_is_not_won_in_the_time_has_no_fate() {
    rehearsed("deal D1 A1 100.00 06-01 lost", "none");
    rehearsed("deal D1 A1 100.00 05-31", "none");
    rehearsed("deal D1 A1 100.00 06-01 deleted", "none");
}

fn pairs(records: &str) -> Vec<DuplicatePair> {
    let company = Company::read(records);
    duplicates(&company.books, &company.reconcile().matches).unwrap()
}

/// `I1=I2 customer+day`, one after the other.
#[track_caller]
fn twins(records: &str, want: &[&str]) {
    let found: Vec<String> = pairs(records)
        .iter()
        .map(|pair| {
            let ids = match &pair.twins {
                Twins::Documents { first, second, .. } => format!("{first}={second}"),
                Twins::Deals { first, second } => format!("{first}={second}"),
            };
            let evidence: Vec<&str> = pair.evidence.iter().map(|of| of.as_str()).collect();
            format!("{ids} {}", evidence.join("+"))
        })
        .collect();
    assert_eq!(found, want, "{records}");
}

#[test]
fn documents_of_one_customer_and_amount_close_in_time_are_a_pair() {
    let one = "invoice I1 C1 100.00 06-03";
    twins(&format!("{one}; invoice I2 C1 100.00 06-03"), &["I1=I2 customer+day"]);
    twins(&format!("{one}; invoice I2 C1 100.00 06-10"), &["I1=I2 customer"]);
    twins(&format!("{one}; invoice I2 C1 100.00 06-11"), &[]);
    twins(&format!("{one}; invoice I2 C1 100.01 06-03"), &[]);
    twins(&format!("{one}; invoice I2 C2 100.00 06-03"), &[]);
    twins(&format!("{one}; invoice I2 C1 90.00+10.00 06-03"), &["I1=I2 customer+day"]);
    twins(&format!("{one}; sale S1 C1 100.00 06-04"), &["I1=S1 customer"]);
    twins(&format!("{one}; credit M1 C1 100.00 06-03"), &[]);
    twins("credit M1 C1 9.00 06-03; credit M2 C1 9.00 06-04", &["M1=M2 customer"]);
}

#[test]
fn what_is_void_gone_or_free_is_no_duplicate() {
    for state in ["void", "gone"] {
        twins(&format!("invoice I1 C1 9.00 06-03; invoice I2 C1 9.00 06-03 {state}"), &[]);
    }
    twins("invoice I1 C1 0.00 06-03; invoice I2 C1 0.00 06-03", &[]);
    twins("invoice I1 C1 9.00 06-03; invoice I2 C1 9.00 06-03 draft", &["I1=I2 customer+day"]);
}

#[test]
fn documents_of_one_deal_are_a_pair_and_those_of_two_deals_are_not() {
    let invoices = "invoice I1 C1 100.00 06-03 ref=D1; invoice I2 C1 100.00 06-04";
    twins(&format!("{SOLD} {invoices} ref=D1"), &["I1=I2 deal+customer"]);
    twins(&format!("{SOLD} deal D2 A1 100.00 04-01; {invoices} ref=D2"), &[]);
    let branches = "customer C9 A1; invoice I1 C1 100.00 06-03 ref=D1; \
                    invoice I2 C9 100.00 06-04 ref=D1";
    twins(&format!("{SOLD} {branches}"), &["I1=I2 deal"]);
}

#[test]
fn won_deals_of_one_account_and_amount_close_in_time_are_a_pair() {
    twins(&format!("{SOLD} deal D2 A1 100.00 06-04"), &["D1=D2 account"]);
    twins(&format!("{SOLD} deal D2 A1 100.00 06-09"), &[]);
    twins(&format!("{SOLD} deal D2 A2 100.00 06-01"), &[]);
    twins(&format!("{SOLD} deal D2 A1 100.00 06-01 lost"), &[]);
    twins(&format!("{SOLD} deal D2 A1 100.00 06-01 deleted"), &[]);
    twins(&format!("{SOLD} deal D2 A1 100.00 06-01 EUR"), &[]);
    twins("deal D1 A1 ? 06-01; deal D2 A1 ? 06-01", &[]);
}

#[test]
fn of_three_equal_records_two_are_at_risk() {
    let three = "invoice I1 C1 9.00 06-03; invoice I2 C1 9.00 06-04; invoice I3 C1 9.00 06-05";
    twins(three, &["I1=I2 customer", "I2=I3 customer"]);
    assert_eq!(at_risk(&pairs(three)).unwrap(), [money("18.00")]);
}

/// A deal was changed to another currency, and its lines were not read since.
#[test]
fn lines_in_another_currency_than_their_deal_stop_no_other_figure() {
    let euro = tieout_domain::Currency::parse("EUR").unwrap();
    for deal_in_euro in [false, true] {
        let records =
            "deal D1 A1 100.00 06-01; line L1 D1 60.00; line L2 D1 40.00; due L1 07-01 60.00;
            deal D2 A2 50.00 06-01; invoice I1 C1 40.00+0.00 06-03 ref=D1";
        let mut company = Company::read(records);
        let sixty = tieout_domain::Money::from_decimal(60.into(), euro).unwrap();
        if deal_in_euro {
            company.books.deals[0].currency = euro;
            company.books.deals[0].amount = Some(sixty);
        } else {
            company.books.deal_lines[0].total = sixty;
        }
        let rows = company.reconcile().rows;
        let deals: Vec<&str> = rows.iter().map(|row| row.deal.as_str()).collect();
        assert_eq!(deals, ["D1", "D2"]);
    }
}

/// The same deal was invoiced before, and its line is of the invoice's item: the two are not
/// compared, and no reason comes of them.
#[test]
fn lines_in_another_currency_than_their_deal_explain_nothing() {
    let records = "deal D1 A1 100.00 06-01; line L1 D1 100.00;
        invoice I1 C1 40.00 06-03 ref=D1; item EDGE L1 I1";
    let compared = "`EDGE`: sold for 100.00 USD, invoiced for 40.00 USD.";
    proposed(records, &[("PRICE", "-60.00", compared)]);
    let mut company = Company::read(records);
    let euro = tieout_domain::Currency::parse("EUR").unwrap();
    let total = tieout_domain::Money::from_decimal(90.into(), euro).unwrap();
    company.books.deal_lines[0].total = total;
    let said: Vec<_> = row(&company, "D1").proposed.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(said, ["PARTIAL_BILL"]);
}
