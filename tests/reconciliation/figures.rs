//! Every figure of the sample company's AQ-US, to the cent (`sample-company` 5 to 16).

use std::fmt::Debug;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use tieout_api::views::Amount;
use tieout_domain::Money;
use tieout_domain::dates::Period;
use tieout_domain::limits::Limits;
use tieout_engine::{KnownAt, LedgerView};
use tieout_tests::expected::{figures, rows, text};
use tieout_tests::{AS_OF, World, cheap_key, opening, play};

/// Both lists in the same order of their text: order is not what these tests are about.
#[track_caller]
fn check_rows(found: impl IntoIterator<Item = Value>, want: impl IntoIterator<Item = Value>) {
    let sorted = |rows: Vec<Value>| {
        let mut rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
        rows.sort();
        rows
    };
    let (found, want) = (sorted(found.into_iter().collect()), sorted(want.into_iter().collect()));
    assert!(!want.is_empty(), "the fixture has rows");
    for (found, want) in found.iter().zip(&want) {
        assert_eq!(found, want);
    }
    assert_eq!(found.len(), want.len());
}

/// Only these members of an expected row.
fn only(row: &Value, members: &[&str]) -> Value {
    members.iter().map(|member| ((*member).to_owned(), row[*member].clone())).collect()
}

/// The amount in US dollars, which is all that AQ-US has.
#[track_caller]
fn usd(amount: &Amount) -> String {
    assert_eq!(amount.currency, "USD");
    amount.amount.clone()
}

#[track_caller]
fn some<T: Clone + Debug>(value: &Option<T>) -> T {
    value.clone().expect("the figure is there")
}

fn books(world: &World) -> LedgerView {
    let ledger = world.workspace().ledger_named(None).unwrap();
    let frame = KnownAt { as_of: AS_OF.parse().unwrap(), known_at: None };
    world.workspace().engine.view(&ledger, frame).unwrap()
}

// ---- 5: deals

#[test]
fn every_deal_has_its_figures_and_states() {
    let world = World::played();
    let found = world.deals(true).deals.into_iter().filter(|deal| deal.excluded.is_none());
    let found = found.map(|deal| {
        json!({
            "reference": deal.reference, "account": deal.account, "name": deal.name,
            "closed": deal.closed,
            "contract": usd(&some(&deal.contract)), "expected": usd(&some(&deal.expected)),
            "billed": usd(&some(&deal.billed)), "open": usd(&some(&deal.open)),
            "billing": deal.billing, "cash": deal.cash, "verdict": deal.verdict,
        })
    });
    let want = rows("deals");
    assert_eq!(want.len(), 38);
    check_rows(found, want);
}

#[test]
fn every_deal_adds_up() {
    // A = (A - E) + (E - I) + credited + open net + settled net
    for deal in World::played().deals(true).deals {
        let of = |amount: &Option<Amount>| some(amount).amount.parse::<Decimal>().unwrap();
        let (contract, expected) = (of(&deal.contract), of(&deal.expected));
        let (invoiced, billed) = (of(&deal.invoiced), of(&deal.billed));
        let parts = [
            contract - expected,
            expected - invoiced,
            invoiced - billed,
            of(&deal.open_net),
            of(&deal.settled_net),
        ];
        assert_eq!(parts.iter().sum::<Decimal>(), contract, "{}", deal.name);
    }
}

#[test]
fn the_intercompany_deal_is_listed_as_excluded() {
    let excluded = World::played().reconcile().excluded;
    let found = excluded.into_iter().map(|deal| {
        json!({"reference": deal.reference, "amount": usd(&some(&deal.contract)),
            "reason": deal.excluded})
    });
    check_rows(found, rows("excluded"));
}

#[test]
fn deals_of_the_other_company_are_unassigned_with_count_and_sum() {
    let unassigned = World::played().reconcile().unassigned;
    let found = unassigned.into_iter().map(|row| {
        assert_eq!(row.currency, row.sum.currency);
        json!({"currency": row.currency, "deals": row.deals, "sum": row.sum.amount})
    });
    check_rows(found, rows("unassigned"));
}

#[test]
fn a_blocked_deal_says_what_is_missing_in_which_company_of_which_tool() {
    let exceptions = World::played().exceptions().exceptions;
    let blocked = exceptions.iter().find(|it| it.kind == "blocked").unwrap();
    let company = "QuickBooks company `Alder Quay Instruments, Inc.`";
    assert!(blocked.what.starts_with("The product `"), "{blocked:?}");
    assert!(blocked.what.ends_with(&format!("names no item of {company}")), "{blocked:?}");
    assert!(blocked.remedy.ends_with("then start a run."), "{blocked:?}");
}

// ---- 6: invoices

#[test]
fn every_open_invoice_has_its_open_balance() {
    let found = World::played().receivables().invoices.into_iter().map(|invoice| {
        json!({"number": invoice.number, "account": invoice.account, "dated": invoice.dated,
            "due": invoice.due, "total": usd(&invoice.total), "open": usd(&invoice.open)})
    });
    let want = rows("invoices").into_iter().filter(|row| text(row, "open") != "0.00");
    let members = ["number", "account", "dated", "due", "total", "open"];
    check_rows(found, want.map(|row| only(&row, &members)));
}

#[test]
fn every_invoice_is_linked_to_its_deal_and_no_other() {
    let world = World::played();
    let deals = world.deals(true).deals;
    let found = deals.iter().flat_map(|deal| {
        let invoices = deal.documents.iter().filter(|it| it.kind == "invoice" && !it.after_as_of);
        invoices
            .map(|it| json!({"number": it.number, "deal": deal.reference, "open": usd(&it.open)}))
    });
    let want = rows("invoices").into_iter().filter(|row| !row["deal"].is_null());
    check_rows(found, want.map(|row| only(&row, &["number", "deal", "open"])));
}

#[test]
fn the_invoice_without_a_deal_is_an_orphan() {
    let world = World::played();
    let orphan = world.document_id("Invoice", "2285");
    assert_eq!(world.reconcile().orphans, [orphan]);
}

// ---- 8: receivables

fn aging(row: &tieout_api::views::receivables::AgingRow) -> Value {
    json!({
        "not_due": usd(&row.not_due), "days_1_30": usd(&row.days_1_30),
        "days_31_60": usd(&row.days_31_60), "days_61_90": usd(&row.days_61_90),
        "days_over_90": usd(&row.days_over_90), "unapplied": usd(&row.unapplied),
        "receivable": usd(&row.receivable),
    })
}

#[test]
fn every_account_has_its_aging_row() {
    let found = World::played().receivables().accounts.into_iter().map(|row| {
        let mut found = aging(&row.aging);
        found["account"] = row.account.into();
        found
    });
    check_rows(found, rows("aging"));
}

#[test]
fn the_aging_total_is_receivables() {
    let totals = World::played().receivables().totals;
    check_rows(totals.iter().map(aging), [figures()["aging_total"].clone()]);
}

#[test]
fn two_customers_of_one_account_are_one_row() {
    let accounts = World::played().receivables().accounts;
    let osprey: Vec<_> =
        accounts.iter().filter(|row| row.account == "Osprey Medical Devices").collect();
    assert_eq!(osprey.len(), 1);
    assert_eq!(osprey[0].customer_ids.len(), 2);
}

// ---- 10: results

#[test]
fn results_are_counted_with_their_net() {
    let verdicts = World::played().reconcile().verdicts;
    let found = verdicts
        .into_iter()
        .map(|row| json!({"verdict": row.verdict, "deals": row.deals, "net": usd(&row.net)}));
    check_rows(found, rows("verdicts"));
}

#[test]
fn every_difference_has_its_verdict_and_reason() {
    let deals = World::played().deals(true).deals;
    let found = deals.iter().filter(|deal| deal.verdict.is_some()).filter_map(|deal| {
        let difference = usd(&some(&deal.variance));
        let reason = deal.reasons.first();
        (difference != "0.00").then(|| {
            json!({
                "reference": deal.reference, "expected": usd(&some(&deal.expected)),
                "billed": usd(&some(&deal.billed)), "difference": difference,
                "verdict": deal.verdict, "code": reason.map(|it| &it.code),
                "accepted": reason.is_some_and(|it| it.accepted),
                "owner": reason.and_then(|it| it.owner.as_ref()),
                "raised": reason.map(|it| &it.raised),
                "target": reason.and_then(|it| it.target.as_ref()),
                "note": reason.map(|it| &it.note),
            })
        })
    });
    check_rows(found, rows("differences"));
}

/// What the flag limit would flag at another amount, the share kept at half a percent.
#[track_caller]
fn check_limit(limit: &str) {
    let mut view = books(&World::played());
    let now = view.frame.limits;
    let absolute = Money::from_decimal(limit.parse().unwrap(), view.frame.functional).unwrap();
    let limits = Limits::new(absolute, now.fraction(), now.policy(), now.rounding_minor());
    view.frame.limits = limits.unwrap();
    let reconciliation = view.reconcile().unwrap();
    let flagged = reconciliation.flagged(&view.frame).unwrap();
    let flagged = flagged.iter().filter_map(|row| row.figures.as_ref());
    let amounts: Vec<Decimal> =
        flagged.map(|it| it.variance.to_decimal()).filter(|it| !it.is_zero()).collect();
    let found = json!({
        "limit": limit, "items": amounts.len(),
        "net": amounts.iter().sum::<Decimal>().to_string(),
        "absolute": amounts.iter().map(Decimal::abs).sum::<Decimal>().to_string(),
    });
    let want = rows("what_if").into_iter().find(|row| text(row, "limit") == limit);
    assert_eq!(found, want.expect("the fixture has the limit"));
}

#[test]
fn at_a_limit_of_zero_only_the_share_and_rounding_tolerate() {
    check_limit("0.00");
}

#[test]
fn at_a_limit_of_100() {
    check_limit("100.00");
}

#[test]
fn at_the_limit_of_the_entity() {
    check_limit("250.00");
}

#[test]
fn at_a_limit_of_500() {
    check_limit("500.00");
}

#[test]
fn at_a_limit_of_1000() {
    check_limit("1000.00");
}

#[test]
fn at_a_limit_of_5000_zero_tolerance_and_uncertainty_stay() {
    check_limit("5000.00");
}

// ---- 11: tie-outs

/// Every line of the tie-outs now or as signed, with the parts of T4 and T5.
#[track_caller]
fn check_tie_outs(found: &tieout_api::views::reconciliation::ReconciliationView, state: &str) {
    let lines = found.tie_outs.iter().map(|line| {
        assert_eq!(line.source_count, line.held_count, "{}", line.name);
        let explained = line.explained_by.first().map(|it| &it.reference);
        assert!(line.explained_by.len() <= 1);
        json!({
            "tie_out": line.tie_out, "name": line.name, "count": line.source_count,
            "source": usd(&some(&line.source)), "held": usd(&line.held),
            "difference": usd(&some(&line.difference)), "status": line.status,
            "explained_by": explained,
        })
    });
    check_rows(lines, rows(&format!("{state}.lines")));
    let of = &found.roll_forward;
    let roll_forward = json!({
        "opening": usd(&of.opening), "invoices": usd(&of.invoices), "credits": usd(&of.credits),
        "cash": usd(&of.cash), "write_offs": usd(&of.write_offs), "refunds": usd(&of.refunds),
        "closing": usd(&some(&of.closing)),
    });
    assert_eq!(roll_forward, figures()[state]["roll_forward"]);
    let of = &found.bridge;
    let bridge = json!({
        "opening": usd(&of.opening), "new_won": usd(&of.new_won), "billed": usd(&of.billed),
        "reductions": usd(&of.reductions), "closing": usd(&some(&of.closing)),
    });
    assert_eq!(bridge, figures()[state]["bridge"]);
    assert_eq!((usd(&of.increases), usd(&of.scope)), ("0.00".into(), "0.00".into()));
    assert!(found.ties_out);
}

#[test]
fn the_five_tie_outs_as_known_now() {
    check_tie_outs(&World::played().reconcile(), "now");
}

#[test]
fn the_five_tie_outs_as_signed() {
    check_tie_outs(&World::played().reconcile_known("2026-07-02T17:40"), "as_signed");
}

#[test]
fn the_demonstration_tells_what_the_sample_says() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("workspace");
    std::fs::create_dir(&workspace).unwrap();
    cheap_key(&workspace);
    let report = play(&opening(&workspace), &folder.path().join("reports"));
    assert!(report.first_run && report.complete);
    assert_eq!((report.created, report.unknown_outcomes), (1, 1));
    check_tie_outs(&report.reconciliation, "now");
    check_tie_outs(&report.as_signed, "as_signed");
    assert_eq!(report.truth.len(), 24);
    assert!(report.truth.iter().all(|line| line.equal), "{:#?}", report.truth);
    assert!(report.files.iter().all(|file| std::path::Path::new(&file.path).is_file()));
}

#[test]
fn the_period_is_june() {
    let view = books(&World::played());
    assert_eq!(view.frame.period, Period::month_of(AS_OF.parse().unwrap()));
}

// ---- 12: completeness

#[test]
fn up_to_30_june_each_source_counts_what_is_held() {
    let mut world = World::played();
    let run = world.sync().run;
    let lines = run.completeness.iter().filter(|line| {
        line.to == AS_OF && line.from.as_str() < "2000" && line.measure != "adjustments"
    });
    let found = lines.map(|line| {
        assert!(line.agrees);
        json!({
            "measure": line.measure, "currency": line.currency,
            "source_count": line.source_count, "source_sum": some(&line.source_sum).amount,
            "held_count": line.held_count, "held_sum": line.held_sum.amount,
        })
    });
    check_rows(found, rows("completeness"));
}

// ---- 16: unpaid Closed Won

#[test]
fn unpaid_closed_won_in_its_columns() {
    let totals = World::played().deals(false).totals;
    let found = totals.iter().map(|it| {
        json!({
            "deals": it.deals, "not_invoiced": usd(&it.not_invoiced),
            "open_not_due": usd(&it.open_not_due),
            "part_paid_remainder": usd(&it.part_paid_remainder), "overdue": usd(&it.overdue),
            "unpaid_net": usd(&it.unpaid_net),
        })
    });
    check_rows(found, [figures()["unpaid"].clone()]);
}

#[test]
fn every_unpaid_deal_has_its_columns() {
    let found = World::played().deals(false).deals.into_iter().map(|deal| {
        json!({
            "reference": deal.reference, "not_invoiced": usd(&some(&deal.not_invoiced)),
            "open_not_due": usd(&some(&deal.open_not_due)),
            "part_paid_remainder": usd(&some(&deal.part_paid_remainder)),
            "overdue": usd(&some(&deal.overdue)), "unpaid_net": usd(&some(&deal.unpaid_net)),
        })
    });
    check_rows(found, rows("unpaid_rows"));
}
