//! What the workpaper promises, on a small company and by its totals.

mod story;

use tieout_domain::Money;
use tieout_domain::books::proof::SourceMeasure;
use tieout_domain::books::{Promised, Unreadable};
use tieout_domain::effect::EffectState;
use tieout_domain::facts::Stream;
use tieout_domain::ids::DealId;
use tieout_engine::LedgerView;
use tieout_report::{Cell, Paper, Proof, Report, TickMark, Value, csv_files, pdf, xlsx};

use story::{END, deal, invoice, keep, money, reason, report, report_with, section, sums, view};

/// A sum in words: `690.00 USD, proved` or the reason why not.
#[track_caller]
fn check_sum(report: &Report, id: &str, column: &str, want: &[(&str, &str)]) {
    let found = sums(section(report, id), column).into_iter().map(|sum| {
        let value = match sum.value {
            Value::Money(money) => format!("{} {}", money.to_plain(), money.currency()),
            Value::Count(count) => count.to_string(),
        };
        let proof = match &sum.proof {
            Proof::Proved { .. } => "proved".to_owned(),
            Proof::Unproved { why } => why.clone(),
        };
        (value, proof)
    });
    let found: Vec<(String, String)> = found.collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, want, "{id}.{column}");
}

fn say(source: SourceMeasure, minor: i64, view: &mut LedgerView) {
    for total in view.sources.iter_mut().filter(|total| total.measure == source) {
        total.sum = total.sum.map(|sum| Money::from_minor(minor, sum.currency()));
    }
}

fn unproved(report: &Report) -> Vec<String> {
    let mut found = Vec::new();
    for section in &report.sections {
        for sum in section.totals.iter().flat_map(|line| &line.sums) {
            if let Proof::Unproved { why } = &sum.proof {
                found.push(format!("{}.{}: {why}", section.id, sum.column));
            }
        }
    }
    found
}

#[test]
fn every_section_foots_and_every_writer_takes_it() {
    let report = report(&view());
    report.check().unwrap();
    for paper in [Paper::A4, Paper::Letter] {
        assert!(pdf(&report, paper).unwrap().starts_with(b"%PDF"));
        assert!(!xlsx(&report, paper).unwrap().is_empty());
    }
    assert!(csv_files(&report).unwrap().len() > report.sections.len());
}

#[test]
fn where_every_source_agrees_every_total_is_proved() {
    assert_eq!(unproved(&report(&view())), Vec::<String>::new());
}

#[test]
fn the_totals_are_those_of_the_story() {
    let report = report(&view());
    check_sum(&report, "receivables-by-account", "receivable", &[("690.00 USD", "proved")]);
    check_sum(&report, "open-invoices", "open", &[("720.00 USD", "proved")]);
    check_sum(&report, "unapplied", "unapplied", &[("30.00 USD", "proved")]);
    check_sum(&report, "ar-roll-forward", "amount", &[("690.00 USD", "proved")]);
    check_sum(&report, "bookings-to-billings", "amount", &[("550.00 USD", "proved")]);
    check_sum(
        &report,
        "deal-detail",
        "contract",
        &[("1800.00 USD", "proved"), ("80.00 USD", "proved"), ("1880.00 USD", "proved")],
    );
    check_sum(
        &report,
        "deals-against-invoices",
        "net",
        &[("-550.00 USD", "proved"), ("-630.00 USD", "proved")],
    );
    check_sum(&report, "reconciling-items", "variance", &[("-550.00 USD", "proved")]);
    check_sum(&report, "by-reason", "absolute", &[("550.00 USD", "proved")]);
    check_sum(&report, "unpaid-closed-won", "not_invoiced", &[("550.00 USD", "proved")]);
    check_sum(&report, "unpaid-closed-won", "unpaid_net", &[("1200.00 USD", "proved")]);
    check_sum(&report, "orphans", "net", &[("70.00 USD", "proved")]);
    check_sum(&report, "exclusions", "contract", &[("80.00 USD", "proved")]);
}

#[test]
fn the_conclusion_tells_totals_difference_explained_and_verdict() {
    assert_eq!(
        report(&view()).conclusion.plain(),
        "Receivables are 690.00 USD in the sub-ledger and 702.50 in the control account. Of the \
         difference of 12.50, 12.50 is explained by items listed and 0.00 is unexplained. Five of \
         five tie-outs hold. Of 3 deals compared, 1 agrees within the limits and 1 is \
         explained; 1 has no accepted reason: (500.00) USD. Verdict: the books tie out; 1 deal \
         waits for a person before sign-off."
    );
}

#[test]
fn a_failing_tie_out_leaves_the_aging_total_unproved() {
    let mut view = view();
    say(SourceMeasure::AgedReceivables, 69_001, &mut view);
    let report = report(&view);
    let why = "QuickBooks states aged receivables of 690.01 USD at 30 Jun 2026; here they come to \
               690.00 USD.";
    for column in ["not_due", "days_1_30", "unapplied", "receivable"] {
        assert!(
            sums(section(&report, "receivables-by-account"), column)
                .iter()
                .all(|sum| !sum.proof.is_proved())
        );
    }
    check_sum(&report, "receivables-by-account", "receivable", &[("690.00 USD", why)]);
    check_sum(&report, "open-invoices", "open", &[("720.00 USD", why)]);
    check_sum(&report, "ar-roll-forward", "amount", &[("690.00 USD", why)]);
    assert!(report.conclusion.plain().contains("Four of five tie-outs hold; T3 does not"));
    assert!(report.conclusion.plain().ends_with("Verdict: does not tie out."));
}

#[test]
fn a_source_that_was_not_asked_proves_nothing() {
    let mut view = view();
    view.sources.retain(|total| total.measure != SourceMeasure::AgedReceivables);
    let report = report(&view);
    let why = "QuickBooks gave no aged receivables at 30 Jun 2026.";
    check_sum(&report, "receivables-by-account", "receivable", &[("690.00 USD", why)]);
    let tie_outs = section(&report, "tie-outs");
    let line = tie_outs.rows.iter().find(|row| row.cells[8] == Cell::text("UNPROVED")).unwrap();
    assert_eq!(line.cells[4], Cell::Flagged("not stated".to_owned()));
    assert_eq!(line.marks, []);
}

#[test]
fn a_lost_deal_is_seen_in_everything_that_hangs_on_deals() {
    let mut view = view();
    for total in view.sources.iter_mut().filter(|it| it.measure == SourceMeasure::WonDeals) {
        total.count += 1;
    }
    let report = report(&view);
    let why = "Salesforce has 5 records of won deals to 30 Jun 2026 for 1,880.00 USD; held are 4 \
               for 1,880.00 USD.";
    check_sum(&report, "unpaid-closed-won", "not_invoiced", &[("550.00 USD", why)]);
    check_sum(
        &report,
        "deal-detail",
        "expected",
        &[("1800.00 USD", why), ("80.00 USD", why), ("1880.00 USD", why)],
    );
    check_sum(&report, "receivables-by-account", "receivable", &[("690.00 USD", "proved")]);
    let rows = &section(&report, "completeness").rows;
    assert!(rows.iter().any(|row| row.marks == [TickMark::Exception]));
}

#[test]
fn a_source_that_cannot_add_leaves_sums_unproved_and_says_so() {
    let mut view = view();
    for total in view.sources.iter_mut().filter(|it| it.measure == SourceMeasure::WonDeals) {
        total.sum = None;
    }
    let report = report(&view);
    let why = "Salesforce counts its won deals but states no sum.";
    check_sum(
        &report,
        "deal-detail",
        "contract",
        &[("1800.00 USD", why), ("80.00 USD", why), ("1880.00 USD", why)],
    );
    let completeness = section(&report, "completeness");
    let result = completeness.column("result").unwrap();
    let counted =
        completeness.rows.iter().filter(|row| row.cells[result] == Cell::text("COUNT AGREED"));
    assert!(counted.clone().count() > 0);
    assert!(counted.clone().all(|row| row.marks.is_empty()));
}

/// The ledger also keeps EUR: D-5 is invoiced there.
fn two_currencies() -> LedgerView {
    let mut view = view();
    let eur = money(0, "EUR").currency();
    keep(&mut view, &[money(0, "USD").currency(), eur]);
    let due = jiff::civil::date(2026, 7, 20);
    let euro = invoice("2004", "C2", Some("D-5"), money(40_000, "EUR"), END, due);
    view.books.documents.push(euro);
    view
}

#[test]
fn several_currencies_have_a_total_each_and_none_together() {
    let report = report(&two_currencies());
    report.check().unwrap();
    for section in &report.sections {
        for line in &section.totals {
            let money = line.sums.iter().filter_map(|sum| match sum.value {
                Value::Money(money) => Some(money.currency()),
                Value::Count(_) => None,
            });
            let currencies: std::collections::BTreeSet<_> = money.collect();
            assert!(currencies.len() <= 1, "{} {}", section.id, line.label);
        }
    }
    let not_stated = "QuickBooks states its aged receivables in USD only, not EUR.";
    check_sum(
        &report,
        "receivables-by-account",
        "receivable",
        &[("690.00 USD", "proved"), ("400.00 EUR", not_stated)],
    );
    let labels: Vec<&str> =
        section(&report, "unpaid-closed-won").totals.iter().map(|it| it.label.as_str()).collect();
    assert_eq!(labels, ["USD: 3 deals", "EUR: 1 deal"]);
}

#[test]
fn an_incomplete_run_is_said_first_and_leaves_deals_unproved() {
    let gaps = ["salesforce: deal lines not read to the end", "second", "third"];
    let report = report_with(&view(), &gaps);
    assert_eq!(report.status, "Draft, incomplete: 3 reasons");
    let conclusion = report.conclusion.plain();
    assert!(
        conclusion.starts_with(
            "Incomplete: salesforce: deal lines not read to the end; second; and 1 more under \
             \"Exceptions\". "
        ),
        "{conclusion}"
    );
    assert!(conclusion.ends_with("Verdict: no conclusion until everything was read."));
    let why = "the last run is incomplete, so lines of deals may be missing.";
    check_sum(&report, "unpaid-closed-won", "unpaid_net", &[("1200.00 USD", why)]);
    check_sum(&report, "receivables-by-account", "receivable", &[("690.00 USD", "proved")]);
    let incomplete = Cell::text("Incomplete run");
    let told = section(&report, "exceptions").rows.iter();
    assert_eq!(told.filter(|row| row.cells[0] == incomplete).count(), 3);
    assert!(report.basis.iter().any(|fact| fact.label == "Incomplete"));
}

#[test]
fn an_unreadable_record_makes_the_report_incomplete() {
    let mut view = view();
    view.books.unreadable.push(Unreadable {
        stream: Stream::Receipts,
        id: "9".to_owned(),
        reason: "MALFORMED".to_owned(),
    });
    let report = report(&view);
    assert_eq!(report.status, "Draft, incomplete: 1 reason");
    assert!(report.conclusion.plain().starts_with("Incomplete: 1 record is kept aside"));
}

#[test]
fn a_deal_without_an_amount_is_flagged_and_leaves_a_gap_in_its_total() {
    let mut view = view();
    view.books.deals.push(deal("D-6", "001A", None, END));
    keep(&mut view, &[money(0, "USD").currency()]);
    for total in view.sources.iter_mut() {
        let usd_deals = total.measure == SourceMeasure::WonDeals && total.currency.code() == "USD";
        total.count += u64::from(usd_deals);
    }
    let report = report(&view);
    report.check().unwrap();
    let detail = section(&report, "deal-detail");
    let unknown = Cell::Flagged("unknown".to_owned());
    assert!(detail.rows.iter().any(|row| row.cells[4] == unknown));
    let why = "1 value is missing from the sum.";
    check_sum(
        &report,
        "deal-detail",
        "contract",
        &[("1800.00 USD", why), ("80.00 USD", "proved"), ("1880.00 USD", why)],
    );
    assert_eq!(detail.totals[0].marks, [TickMark::Footed]);
    assert!(report.conclusion.plain().contains("; 1 is uncertain. Verdict"));
    let items = section(&report, "reconciling-items");
    let code = items.column("code").unwrap();
    assert_eq!(items.rows[0].cells[code], Cell::text("AMOUNT_MISSING"));
}

/// What the items of D-2, short of 500.00, are split into: code, standing, amount.
#[track_caller]
fn check_parts(reasons: &[(&str, i64, bool)], want: &[(&str, &str, i64)]) {
    let mut view = view();
    let given = reasons
        .iter()
        .map(|(code, minor, accepted)| reason("D-2", code, money(*minor, "USD"), *accepted));
    view.books.reasons.extend(given);
    let report = report(&view);
    report.check().unwrap();
    let items = section(&report, "reconciling-items");
    let at = |key: &str| items.column(key).unwrap();
    let first = items
        .rows
        .iter()
        .position(|row| matches!(&row.cells[at("deal")], Cell::Link { text, .. } if text == "D-2"));
    let first = first.unwrap();
    let rows = &items.rows[first..first + want.len()];
    for (row, (code, standing, minor)) in rows.iter().zip(want) {
        assert_eq!(row.cells[at("code")], Cell::text(*code));
        assert_eq!(row.cells[at("accepted")], Cell::text(*standing));
        assert_eq!(row.cells[at("item")], Cell::Money(money(*minor, "USD")));
    }
    check_sum(&report, "reconciling-items", "item", &[("-550.00 USD", "proved")]);
    check_sum(&report, "by-reason", "net", &[("-550.00 USD", "proved")]);
}

#[test]
fn a_difference_that_the_facts_explain_is_proposed() {
    check_parts(&[], &[("NOT_INVOICED", "proposed", -50_000)]);
}

#[test]
fn a_difference_that_nothing_explains_is_unexplained() {
    let mut view = view();
    let mut reconciliation = view.reconcile().unwrap();
    let short = reconciliation.rows.iter_mut().find(|row| row.deal.as_str() == "006D-2").unwrap();
    short.proposed.clear();
    view.books.reasons.clear();
    let report = story::report_of(&view, &reconciliation, &[]);
    let items = section(&report, "reconciling-items");
    assert_eq!(items.rows[0].cells[items.column("code").unwrap()], Cell::text("UNEXPLAINED"));
    assert_eq!(items.rows[0].marks, [TickMark::Exception]);
}

#[test]
fn an_accepted_reason_takes_its_part_and_the_rest_stays_visible() {
    check_parts(
        &[("CUTOFF", -20_000, true)],
        &[("CUTOFF", "accepted", -20_000), ("UNEXPLAINED", "open", -30_000)],
    );
}

#[test]
fn proposals_stand_for_the_rest_only_if_they_make_exactly_that() {
    check_parts(&[("SYNC_LAG", -50_000, false)], &[("SYNC_LAG", "proposed", -50_000)]);
    check_parts(
        &[("CUTOFF", -20_000, false), ("SYNC_LAG", -50_000, false)],
        &[("NOT_INVOICED", "proposed", -50_000)],
    );
}

#[test]
fn reasons_beyond_the_difference_leave_a_rest_with_the_other_sign() {
    check_parts(
        &[("CUTOFF", -60_000, true)],
        &[("CUTOFF", "accepted", -60_000), ("UNEXPLAINED", "open", 10_000)],
    );
}

#[test]
fn an_exclusion_stands_with_who_and_why_and_an_orphan_with_its_amount() {
    let report = report(&view());
    let excluded = section(&report, "exclusions");
    let row = &excluded.rows[0];
    assert_eq!(row.cells[4], Cell::text("INTERCOMPANY"));
    assert_eq!(row.cells[5], Cell::text("P. Raman"));
    assert_eq!(row.marks, [TickMark::ManualDecision]);
    let orphans = section(&report, "orphans");
    assert_eq!(orphans.rows.len(), 1);
    assert_eq!(orphans.rows[0].cells[6], Cell::text("ORPHAN_INVOICE"));
}

#[test]
fn deals_of_no_connected_ledger_are_counted_and_agreed_to_the_crm() {
    let report = report(&view());
    let unassigned = section(&report, "unassigned");
    assert_eq!(unassigned.rows[0].cells[0], Cell::text("EUR"));
    assert_eq!(unassigned.rows[0].cells[3], Cell::Money(money(90_000, "EUR")));
    assert_eq!(unassigned.rows[0].marks, [TickMark::AgreedToCrm]);
    check_sum(&report, "unassigned", "deals", &[("1", "proved")]);
}

#[test]
fn a_journal_without_a_customer_explains_the_control_account() {
    let report = report(&view());
    let tie_outs = section(&report, "tie-outs");
    let listed = tie_outs.rows.iter().find(|row| row.cells[2] == Cell::text("JE-0619"));
    let listed = listed.unwrap();
    assert_eq!(listed.cells[7], Cell::Money(money(1_250, "USD")));
    assert_eq!(listed.marks, [TickMark::Explained]);
    assert_eq!(
        listed.note.as_deref(),
        Some("JE-0619, 19 Jun 2026, DIRECT_JOURNAL, a journal without a customer: reclass")
    );
}

#[test]
fn an_unknown_outcome_is_uncertain_and_named() {
    let mut view = view();
    view.books.promised.push(Promised {
        deal: DealId::new("006D-2").unwrap(),
        key: "TIE-AAAABBBBCCCCDDDD".to_owned(),
        state: EffectState::Unknown,
        sequence: 1,
        since: story::at("2026-07-06T16:21:00Z"),
        error_code: None,
    });
    let report = report(&view);
    assert!(report.conclusion.plain().contains("1 is uncertain: (500.00) USD"));
    let rows = &section(&report, "won-not-invoiced").rows;
    let what = rows.iter().flat_map(|row| &row.cells).find_map(|cell| match cell {
        Cell::Text(text) if text.contains("TIE-AAAABBBBCCCCDDDD") => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(
        what,
        Some("Invoice promised under TIE-AAAABBBBCCCCDDDD: unknown since 6 Jul 2026 09:21 PDT")
    );
}

#[test]
fn marks_stand_only_where_both_sides_were_compared() {
    let report = report(&view());
    let rows = &section(&report, "completeness").rows;
    assert!(rows.iter().all(|row| !row.marks.is_empty()));
    let all: Vec<TickMark> = report
        .sections
        .iter()
        .flat_map(|section| section.rows.iter().flat_map(|row| row.marks.clone()))
        .collect();
    assert!(!all.contains(&TickMark::AgreedToPriorWorkpaper));
}

#[test]
fn the_same_moment_gives_the_same_bytes() {
    let (one, two) = (report(&view()), report(&view()));
    assert_eq!(one, two);
    assert_eq!(pdf(&one, Paper::A4).unwrap(), pdf(&two, Paper::A4).unwrap());
    assert_eq!(xlsx(&one, Paper::Letter).unwrap(), xlsx(&two, Paper::Letter).unwrap());
    assert_eq!(csv_files(&one).unwrap(), csv_files(&two).unwrap());
    assert_eq!(one.content_hash.len(), 64);
}

#[test]
fn another_order_of_the_facts_gives_the_same_report() {
    let mut turned = view();
    turned.books.deals.reverse();
    turned.books.documents.reverse();
    turned.books.receipts.reverse();
    turned.sources.reverse();
    assert_eq!(report(&turned).content_hash, report(&view()).content_hash);
}

#[test]
fn an_empty_ledger_has_a_report_too() {
    let mut view = view();
    view.books.deals.clear();
    view.books.documents.clear();
    view.books.receipts.clear();
    view.books.journals.clear();
    view.books.reasons.clear();
    view.books.exclusions.clear();
    view.sources.clear();
    view.run = None;
    let report = report_with(&view, &["no run has fetched the control totals of the sources"]);
    report.check().unwrap();
    assert!(report.conclusion.plain().contains("No deal had anything due or billed."));
    pdf(&report, Paper::Letter).unwrap();
}

#[test]
fn links_lead_to_both_systems() {
    let report = report(&view());
    let rows = &section(&report, "linked-documents").rows;
    let urls: Vec<&str> = rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter_map(|cell| match cell {
            Cell::Link { url, .. } => Some(url.as_str()),
            _ => None,
        })
        .collect();
    assert!(urls.contains(&"https://books.example/deals/006D-1"));
    assert!(urls.contains(&"https://books.example/invoices/doc-2001"));
}

#[test]
fn the_parameters_name_every_source() {
    let report = report(&view());
    let told: Vec<&str> = report.parameters.iter().map(|fact| fact.label.as_str()).collect();
    for label in [
        "Won deals, June 2026",
        "Won deals, all to 30 Jun 2026",
        "Invoices, June 2026",
        "Aged receivables, 30 Jun 2026",
        "Control account, 30 Jun 2026",
    ] {
        assert!(told.contains(&label), "{label} in {told:?}");
    }
}
