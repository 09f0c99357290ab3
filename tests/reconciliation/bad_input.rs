//! What a connected system should never send, and what becomes of it: the record is kept aside with
//! its place and an excerpt, or the feed is named; the run says that it is incomplete; everything
//! else goes through; the next clean run heals it.

use serde_json::json;
use tieout_api::ExportFormat;
use tieout_api::views::runs::RunView;
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::ConnectionId;
use tieout_sim::fault::FaultKind;
use tieout_sim::quickbooks::EditKind;
use tieout_store::QuarantineRow;
use tieout_tests::World;

/// A deal, and one beside it in the same page.
const DEAL: &str = "D-1042";
const OTHER_DEAL: &str = "D-1035";
/// The invoice of each.
const INVOICE: &str = "2286";
const OTHER_INVOICE: &str = "2288";
const MEMO: &str = "see contract";
/// Behind our own part of a note.
const NOTE_END: &str = " / ";

/// A payment of 38,600.00 and the journal of the sample.
const RECEIPT_TOTAL: &str = "38600.00";
const JOURNAL: &str = "JE-0619";

fn receipt(world: &World) -> String {
    let documents = world.sandbox.quickbooks.truth().documents();
    let found = documents.into_iter().find(|it| it.kind == "Payment" && it.total == RECEIPT_TOTAL);
    found.expect("the sample has it").id
}

/// Somebody puts a remark behind the note of an invoice, which holds our key.
fn remark(world: &World, number: &str, remark: &str) {
    let documents = world.sandbox.quickbooks.truth().documents();
    let id = world.document_id("Invoice", number);
    let note = documents.into_iter().find(|it| it.kind == "Invoice" && it.id == id).unwrap().note;
    let note = note.split(NOTE_END).next().unwrap_or_default().to_owned();
    let edit = json!({"Id": id, "PrivateNote": format!("{note}{NOTE_END}{remark}")});
    world.in_quickbooks("Invoice", EditKind::Update, edit);
}

/// Two deals, two invoices, a payment and a journal are edited, so that the next run reads them.
fn edited() -> World {
    let world = World::read();
    world.forward(600);
    for (reference, name) in [(DEAL, "Steam traps"), (OTHER_DEAL, "Depot air")] {
        world.in_salesforce("Opportunity", &world.deal_id(reference), json!({"Name": name}));
    }
    for number in [INVOICE, OTHER_INVOICE] {
        remark(&world, number, MEMO);
    }
    let receipt = json!({"Id": receipt(&world), "PaymentRefNum": "7731"});
    world.in_quickbooks("Payment", EditKind::Update, receipt);
    let journal = world.document_id("JournalEntry", JOURNAL);
    let journal = json!({"Id": journal, "PrivateNote": "reclass, see binder"});
    world.in_quickbooks("JournalEntry", EditKind::Update, journal);
    world.forward(60);
    world
}

fn aside(world: &World) -> Vec<QuarantineRow> {
    world.workspace().engine.store.quarantine(true).unwrap()
}

fn gap_codes(run: &RunView) -> Vec<&str> {
    run.gaps.iter().map(|gap| gap.code).collect()
}

/// The name under which a deal is recorded.
fn recorded(world: &World, reference: &str) -> String {
    world.deal_on("2026-07-02", reference).name
}

/// The remark with which an invoice is recorded.
fn memo(world: &World, number: &str) -> Option<String> {
    let id = world.document_id("Invoice", number);
    let books = ConnectionId::new("quickbooks").unwrap();
    let fact = world.workspace().engine.store.fact(&books, Stream::Invoices, &id, None).unwrap();
    match fact {
        Some(Fact::Document(document)) => {
            document.memo.and_then(|memo| memo.split(NOTE_END).nth(1).map(str::to_owned))
        }
        other => panic!("{number} is recorded as {other:?}"),
    }
}

/// The edits beside what was spoiled arrived.
#[track_caller]
fn check_the_rest(world: &World) {
    assert_eq!(recorded(world, OTHER_DEAL), "Depot air", "the rest goes through");
    assert_eq!(memo(world, OTHER_INVOICE).as_deref(), Some(MEMO), "the rest goes through");
}

/// One record comes with a member that cannot be read.
#[track_caller]
fn check(world: &mut World, id: &str, member: &str, value: &str, want: (&str, &str, &str)) {
    world.wire.set(id, member, value);
    let run = world.sync().run;
    let rows = aside(world);
    assert_eq!(rows.len(), 1, "{rows:#?}");
    let row = &rows[0];
    let (reason, path, excerpt) = want;
    assert_eq!((row.reason.as_str(), row.path.as_str()), (reason, path), "{row:#?}");
    assert_eq!((row.record_id.as_str(), row.excerpt.as_str()), (id, excerpt));
    assert!(row.raw.contains(id), "the record is kept whole");
    assert!(!run.complete);
    let named = run.gaps.iter().find(|gap| gap.code == "TIE-3002").expect("the run names it");
    assert!(named.sentence.contains(id) && named.sentence.contains(path), "{named:?}");
    check_the_rest(world);
    check_shown(world, id);
    heal(world);
}

/// The record stands among the exceptions with what is wrong with it.
#[track_caller]
fn check_shown(world: &World, id: &str) {
    let exceptions = world.exceptions().exceptions;
    let shown = exceptions.iter().find(|it| it.kind == "quarantine").expect("it is an exception");
    assert_eq!(shown.code, "TIE-3002");
    assert!(shown.subject.contains(id) && !shown.what.is_empty() && !shown.remedy.is_empty());
}

/// The next clean run takes in what was kept aside, and nothing is lost.
#[track_caller]
fn heal(world: &mut World) {
    world.heal();
    world.forward(60);
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
    assert_eq!(aside(world), []);
    check_the_rest(world);
    assert_eq!(recorded(world, DEAL), "Steam traps");
    assert_eq!(memo(world, INVOICE).as_deref(), Some(MEMO));
}

#[track_caller]
fn check_deal(member: &str, value: &str, reason: &str, excerpt: &str) {
    let mut world = edited();
    let id = world.deal_id(DEAL);
    check(&mut world, &id, member, value, (reason, member, excerpt));
}

#[track_caller]
fn check_invoice(member: &str, value: &str, reason: &str, path: &str, excerpt: &str) {
    let mut world = edited();
    let id = world.document_id("Invoice", INVOICE);
    check(&mut world, &id, member, value, (reason, path, excerpt));
}

// ---- amounts

#[test]
fn an_amount_with_too_many_decimals() {
    check_deal("Amount", "27600.001", "TOO_PRECISE", "27600.001");
}

#[test]
fn an_amount_that_no_counter_holds() {
    check_deal("Amount", "1e+30", "OUT_OF_RANGE", "1e+30");
}

#[test]
fn an_amount_that_is_a_word() {
    check_deal("Amount", "\"a lot\"", "MALFORMED", "a lot");
}

#[test]
fn an_amount_that_is_a_list() {
    check_deal("Amount", "[27600]", "MALFORMED", "[27600]");
}

#[test]
fn a_total_with_too_many_decimals() {
    check_invoice("TotalAmt", "27600.005", "TOO_PRECISE", "TotalAmt", "27600.005");
}

#[test]
fn a_total_that_is_a_word() {
    check_invoice("TotalAmt", "\"NaN\"", "MALFORMED", "TotalAmt", "NaN");
}

// ---- currencies

#[test]
fn a_currency_that_does_not_exist() {
    check_deal("CurrencyIsoCode", "\"ZZZ\"", "CURRENCY_UNKNOWN", "ZZZ");
}

#[test]
fn a_currency_that_nobody_pays_in() {
    check_deal("CurrencyIsoCode", "\"XAU\"", "CURRENCY_NOT_TRANSACTIONAL", "XAU");
}

#[test]
fn a_currency_of_an_invoice_that_does_not_exist() {
    let value = "{\"value\":\"US$\"}";
    check_invoice("CurrencyRef", value, "CURRENCY_UNKNOWN", "CurrencyRef.value", "US$");
}

// ---- dates and words

#[test]
fn a_close_date_that_does_not_exist() {
    check_deal("CloseDate", "\"2026-06-31\"", "MALFORMED", "2026-06-31");
}

#[test]
fn a_close_date_with_a_time() {
    check_deal("CloseDate", "\"2026-06-22T00:00:00Z\"", "MALFORMED", "2026-06-22T00:00:00Z");
}

#[test]
fn a_flag_that_is_a_word() {
    check_deal("IsWon", "\"yes\"", "MALFORMED", "yes");
}

#[test]
fn a_document_date_of_another_calendar() {
    check_invoice("TxnDate", "\"23/06/2026\"", "MALFORMED", "TxnDate", "23/06/2026");
}

#[test]
fn a_payment_of_an_unknown_kind_of_document() {
    let mut world = edited();
    let id = receipt(&world);
    let line = r#"[{"Amount":38600,"LinkedTxn":[{"TxnId":"2023","TxnType":"Barter"}]}]"#;
    let want = ("UNKNOWN_VALUE", "Line[0].LinkedTxn[0].TxnType", "Barter");
    check(&mut world, &id, "Line", line, want);
}

#[test]
fn a_journal_with_a_third_side() {
    let mut world = edited();
    let id = world.document_id("JournalEntry", JOURNAL);
    let line = r#"[{"Amount":1250,"DetailType":"JournalEntryLineDetail",
        "JournalEntryLineDetail":{"PostingType":"Sideways","AccountRef":{"value":"84"}}}]"#;
    let want = ("UNKNOWN_VALUE", "Line[0].JournalEntryLineDetail.PostingType", "Sideways");
    check(&mut world, &id, "Line", line, want);
}

#[test]
fn a_kind_of_line_that_nobody_knows_counts_with_its_amount() {
    let mut world = edited();
    let id = world.document_id("Invoice", INVOICE);
    let line = r#"[{"Id":"1","Amount":27600,"DetailType":"QuantumLineDetail"}]"#;
    world.wire.set(&id, "Line", line);
    assert!(world.sync().run.complete);
    assert_eq!(world.deal(DEAL).billed.unwrap().amount, "27600.00");
    heal(&mut world);
}

// ---- text

#[test]
fn half_of_a_character_is_no_text() {
    let mut world = edited();
    let id = world.deal_id(DEAL);
    world.wire.set(&id, "Name", r#""\ud800 traps""#);
    let run = world.sync().run;
    assert_eq!(gap_codes(&run), ["TIE-3002"]);
    let rows = aside(&world);
    assert_eq!((rows[0].record_id.as_str(), rows[0].reason.as_str()), (id.as_str(), "MALFORMED"));
    check_the_rest(&world);
    heal(&mut world);
}

/// A name that no rule forbids is kept, can be exported, and stops nothing.
#[track_caller]
fn check_name(json: &str, shown: &str) {
    let mut world = edited();
    world.wire.set(&world.deal_id(DEAL), "Name", json);
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
    assert_eq!(recorded(&world, DEAL), shown);
    for (format, name) in
        [(ExportFormat::Pdf, "a.pdf"), (ExportFormat::Xlsx, "a.xlsx"), (ExportFormat::Csv, "csv")]
    {
        let out = world.beside(name);
        assert!(!world.export(format, &out).is_empty());
    }
    heal(&mut world);
}

#[test]
fn control_characters_become_spaces() {
    check_name(r#""Steam\u0000traps\u0007 east\u001b[2J""#, "Steam traps  east [2J");
}

#[test]
fn a_name_of_300_characters_is_kept_whole() {
    let name = "Steam trap ".repeat(28)[..300].to_owned();
    check_name(&json!(name).to_string(), name.trim_end());
}

#[test]
fn a_name_in_every_direction_is_kept() {
    check_name(
        "\"Dampf\u{202e}fallen \u{1f600} \u{645}\u{635}\"",
        "Dampf\u{202e}fallen \u{1f600} \u{645}\u{635}",
    );
}

#[test]
fn a_formula_in_a_name_stays_text() {
    const FORMULA: &str = "=HYPERLINK(\"http://evil.example\",\"Open\")";
    check_name(&json!(FORMULA).to_string(), FORMULA);
}

// ---- ids

#[test]
fn one_id_with_two_contents_is_believed_in_neither() {
    let mut world = edited();
    let id = world.deal_id(DEAL);
    world.wire.repeat(&id, "Amount", "99999.0");
    let run = world.sync().run;
    assert!(!run.complete);
    let rows = aside(&world);
    assert!(rows.iter().all(|row| row.reason.as_str() == "DUPLICATE_ID" && row.record_id == id));
    assert_eq!(world.deal(DEAL).contract.unwrap().amount, "27600.00");
    check_the_rest(&world);
    heal(&mut world);
}

#[test]
fn one_invoice_id_with_two_contents_is_believed_in_neither() {
    let mut world = edited();
    let id = world.document_id("Invoice", INVOICE);
    world.wire.repeat(&id, "TotalAmt", "99999");
    assert!(!world.sync().run.complete);
    let rows = aside(&world);
    assert!(rows.iter().all(|row| row.reason.as_str() == "DUPLICATE_ID" && row.record_id == id));
    assert_eq!(world.deal(DEAL).billed.unwrap().amount, "27600.00");
    check_the_rest(&world);
    heal(&mut world);
}

#[test]
fn a_row_that_comes_twice_is_one_record() {
    let mut world = edited();
    let id = world.document_id("Invoice", INVOICE);
    world.wire.repeat(&id, "TotalAmt", "27600.00");
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
    heal(&mut world);
}

// ---- a record that was never seen before

#[test]
fn while_a_new_invoice_cannot_be_read_totals_say_so() {
    let mut world = edited();
    let line = json!({"DetailType": "SalesItemLineDetail", "Amount": 510,
        "SalesItemLineDetail": {"ItemRef": {"value": "11"}, "TaxCodeRef": {"value": "NON"}}});
    let body = json!({"TxnDate": "2026-06-30", "CustomerRef": {"value": "130"}, "Line": [line]});
    let made = world.in_quickbooks("Invoice", EditKind::Create, body);
    let id = made["Id"].as_str().unwrap();
    world.wire.set(id, "TotalAmt", "510.001");
    let run = world.sync().run;
    let codes = gap_codes(&run);
    assert!(codes.contains(&"TIE-3002") && codes.contains(&"TIE-3003"), "{:?}", run.gaps);
    let view = world.reconcile();
    let line = view.tie_outs.iter().find(|line| line.name == "invoices").unwrap();
    assert_eq!(
        (line.status, line.difference.as_ref().unwrap().amount.as_str()),
        ("FAILED", "510.00")
    );
    assert!(!view.ties_out);
    heal(&mut world);
    let line = world.reconcile().tie_outs;
    let line = line.iter().find(|line| line.name == "invoices").unwrap();
    assert_eq!(line.status, "AGREED");
}

#[test]
fn while_a_new_deal_cannot_be_read_totals_say_so() {
    let mut world = edited();
    let account = world.company.account_id("SAB").unwrap();
    let id = world.new_in_salesforce(
        "Opportunity",
        json!({"Name": "Vent sensors", "AccountId": account, "StageName": "Closed Won",
            "CloseDate": "2026-06-30", "Amount": 700, "CurrencyIsoCode": "USD"}),
    );
    world.wire.set(&id, "Amount", "700.005");
    let run = world.sync().run;
    let codes = gap_codes(&run);
    assert!(codes.contains(&"TIE-3002") && codes.contains(&"TIE-3003"), "{:?}", run.gaps);
    let view = world.reconcile();
    let line = view.tie_outs.iter().find(|line| line.tie_out == "T1").unwrap();
    assert_eq!(line.status, "FAILED");
    heal(&mut world);
}

#[test]
fn what_was_spoiled_on_its_way_heals_even_a_day_later() {
    let mut world = edited();
    let id = world.deal_id(DEAL);
    world.wire.set(&id, "Amount", "27600.001");
    assert!(!world.sync().run.complete);
    world.heal();
    world.forward(86_400);
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
    assert_eq!(recorded(&world, DEAL), "Steam traps");
}

#[test]
fn what_stays_spoiled_stays_named() {
    let mut world = edited();
    let id = world.deal_id(DEAL);
    world.wire.set(&id, "Amount", "27600.001");
    for _ in 0..3 {
        let run = world.sync().run;
        assert_eq!(gap_codes(&run), ["TIE-3002"]);
        world.forward(7_200);
    }
    assert_eq!(aside(&world).len(), 1);
}

// ---- answers that are no answers

/// One answer of a feed is useless: the feed is named, everything else goes through.
#[track_caller]
fn check_feed(suffer: impl FnOnce(&World), feed: &str) {
    let mut world = edited();
    suffer(&world);
    let run = world.sync().run;
    let system = if feed == "deals" { "salesforce: " } else { "quickbooks: " };
    let of_feed = format!("{feed} not read to the end");
    assert!(run.gaps.iter().any(|gap| gap.sentence.contains(&of_feed)), "{:?}", run.gaps);
    for gap in &run.gaps {
        assert!(gap.code.starts_with("TIE-") && gap.sentence.starts_with(system), "{gap:?}");
        assert!(gap.remedy.ends_with('.') && !gap.sentence.contains("outcome"), "{gap:?}");
    }
    match feed {
        "deals" => assert_eq!(memo(&world, INVOICE).as_deref(), Some(MEMO)),
        _ => assert_eq!(recorded(&world, DEAL), "Steam traps"),
    }
    heal(&mut world);
}

/// More than any number of tries.
const TRIES_MAX: u32 = 100;

#[track_caller]
fn check_deals(kind: FaultKind) {
    let suffer = |world: &World| {
        for _ in 0..TRIES_MAX {
            world.salesforce_suffers(kind, "GET", "FROM Opportunity WHERE", "");
        }
    };
    check_feed(suffer, "deals");
}

#[track_caller]
fn check_invoices(kind: FaultKind) {
    let suffer = |world: &World| {
        for _ in 0..TRIES_MAX {
            world.quickbooks_suffers(kind, "GET", "/cdc", "");
        }
    };
    check_feed(suffer, "invoices");
}

#[test]
fn half_a_page_of_deals() {
    check_deals(FaultKind::TruncatedAfter);
}

#[test]
fn half_a_page_of_invoices() {
    check_invoices(FaultKind::TruncatedAfter);
}

#[test]
fn a_web_page_instead_of_deals() {
    check_deals(FaultKind::HtmlAfter);
}

#[test]
fn a_web_page_instead_of_invoices() {
    check_invoices(FaultKind::HtmlAfter);
}

#[test]
fn a_success_with_an_error_inside_instead_of_deals() {
    check_deals(FaultKind::FaultInside);
}

#[test]
fn a_success_with_a_fault_inside_instead_of_invoices() {
    check_invoices(FaultKind::FaultInside);
}

#[test]
fn a_page_without_its_frame() {
    check_feed(
        |world| {
            let deals =
                |sent: &tieout_tests::wire::Sent| sent.path.contains("FROM Opportunity WHERE");
            world.wire.change(TRIES_MAX, deals, |_| "{\"records\": 7}".into());
        },
        "deals",
    );
}

#[test]
fn a_page_that_is_empty() {
    check_feed(
        |world| {
            let invoices = |sent: &tieout_tests::wire::Sent| sent.path.contains("/cdc");
            world.wire.change(TRIES_MAX, invoices, |_| "".into());
        },
        "invoices",
    );
}

/// What a second try can mend is not even named.
#[track_caller]
fn check_mended(kind: FaultKind) {
    let mut world = edited();
    world.salesforce_suffers(kind, "GET", "FROM Opportunity WHERE", "");
    world.quickbooks_suffers(kind, "GET", "/cdc", "");
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
    heal(&mut world);
}

#[test]
fn a_broken_connection_is_tried_again() {
    check_mended(FaultKind::DropBefore);
}

#[test]
fn a_gateway_that_is_down_for_a_moment_is_tried_again() {
    check_mended(FaultKind::Html);
}

#[test]
fn a_server_that_fails_once_is_tried_again() {
    check_mended(FaultKind::ServerErrorBefore);
}

#[test]
fn a_wish_to_wait_is_honoured() {
    check_mended(FaultKind::ThrottleWithHint);
}

#[test]
fn a_session_that_ended_is_renewed() {
    check_mended(FaultKind::Unauthorized);
}

#[test]
fn a_total_that_is_not_told_is_no_proof() {
    let mut world = edited();
    world.salesforce_suffers(FaultKind::TruncatedAfter, "POST", "/composite", "SUM%28");
    let run = world.sync().run;
    assert!(!run.complete && run.gaps[0].sentence.starts_with("salesforce: "), "{:?}", run.gaps);
    let view = world.reconcile();
    let won = view.tie_outs.iter().find(|line| line.tie_out == "T1").unwrap();
    assert_eq!((won.status, view.ties_out), ("UNPROVED", false));
    heal(&mut world);
}

#[test]
fn a_system_that_is_down_stops_only_itself() {
    let mut world = edited();
    for _ in 0..2 * TRIES_MAX {
        world.quickbooks_suffers(FaultKind::ServerErrorBefore, "", "", "");
    }
    let run = world.sync().run;
    assert!(!run.complete);
    assert!(run.gaps.iter().all(|gap| gap.sentence.starts_with("quickbooks")), "{:?}", run.gaps);
    assert_eq!(recorded(&world, DEAL), "Steam traps");
    heal(&mut world);
}

// ---- clocks

/// The laptop's clock is wrong by minutes: nothing is missed, and every total agrees.
#[track_caller]
fn check_laptop_clock(ahead_secs: i64) {
    let mut world = edited();
    world.set_laptop_clock_wrong(ahead_secs);
    assert!(world.sync().run.complete);
    check_the_rest(&world);
    for name in ["first", "second", "third"] {
        world.forward(45);
        world.in_salesforce("Opportunity", &world.deal_id(DEAL), json!({"Name": name}));
        remark(&world, INVOICE, name);
        let run = world.sync().run;
        assert!(run.complete, "{:?}", run.gaps);
        assert_eq!(recorded(&world, DEAL), name);
        assert_eq!(memo(&world, INVOICE).as_deref(), Some(name));
    }
    assert_eq!(world.outcome("D-1041"), "confirmed");
    assert_eq!(world.invoices_of("D-1041").len(), 1);
}

#[test]
fn a_laptop_that_is_seven_minutes_ahead() {
    check_laptop_clock(420);
}

#[test]
fn a_laptop_that_is_seven_minutes_behind() {
    check_laptop_clock(-420);
}

#[test]
fn a_laptop_of_another_day() {
    check_laptop_clock(-90_000);
}

/// Salesforce itself shows another time than it stamps with.
#[track_caller]
fn check_server_clock(skew_secs: i64) {
    let mut world = edited();
    world.sandbox.salesforce.switch(|it| it.date_skew_secs = skew_secs);
    assert!(world.sync().run.complete);
    world.in_salesforce("Opportunity", &world.deal_id(DEAL), json!({"Name": "later"}));
    world.forward(45);
    assert!(world.sync().run.complete);
    assert_eq!(recorded(&world, DEAL), "later");
}

#[test]
fn a_server_that_is_three_minutes_ahead() {
    check_server_clock(180);
}

#[test]
fn a_server_that_is_three_minutes_behind() {
    check_server_clock(-180);
}

/// A change is stamped now and becomes visible later, when its feed has been read.
#[test]
fn a_change_that_becomes_visible_late_is_not_missed() {
    let mut world = edited();
    world.sync();
    let edit = tieout_sim::salesforce::Edit {
        object: "Opportunity".into(),
        id: Some(world.deal_id(DEAL)),
        fields: json!({"Name": "committed late"}),
        raw: false,
        visible_after_secs: Some(90),
    };
    world.sandbox.salesforce.edit(&edit).unwrap();
    world.forward(30);
    world.sync();
    world.forward(90);
    world.sync();
    assert_eq!(recorded(&world, DEAL), "committed late");
}
