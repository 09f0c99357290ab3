//! A month from sign-in to verified files, over sockets, compared with what is really there.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::desk::Desk;
use crate::world::{World, list, text};

const AS_OF: &str = "2026-06-30";
/// A deal of the story that is won, and whose items and customer are known.
const DEAL: &str = "006Hs00000000GjIAI";
/// One for the deal, one per customer, one question, one for the mirror, one to write it.
const RESYNC_REQUESTS_MAX: u64 = 6;

#[test]
fn a_month_from_sign_in_to_verified_files() {
    let world = World::connected();
    everything_is_read(&world);
    receivables_are_those_of_quickbooks(&world);
    deals_are_those_of_salesforce(&world);
    the_month_is_compared(&world);
    exceptions_are_listed(&world);
    nothing_is_created_before_a_person_allows_it(&world);
    world.allow_writing("quickbooks");
    one_invoice_is_created_once(&world);
    the_rest_is_created_once(&world);
    figures_are_written_back_once(&world);
    effects_are_found_and_read_whole(&world.desk);
    files_are_written_and_verified(&world);
}

fn everything_is_read(world: &World) {
    world.desk.run(&["sync"]).exits(0);
    let june = world.desk.run(&["reconcile", "--as-of", AS_OF]).exits(1);
    assert!(june.stdout.contains("`tieout sync --period 2026-06`"), "{june}");
    let view = world.desk.document(&["sync", "--period", "2026-06"]);
    assert_eq!(view["complete"], true, "{view}");
    let lines = list(&view["completeness"]);
    assert!(lines.iter().all(|line| line["agrees"] == true), "{view}");
    let ever = |measure: &str, currency: &str| {
        let line = lines.iter().find(|line| {
            line["measure"] == measure && line["currency"] == currency && line["to"] == "2199-12-31"
        });
        let line = line.unwrap_or_else(|| panic!("no total of {measure} in {currency}"));
        (line["held_count"].clone(), line["held_sum"]["amount"].clone())
    };
    let books = world.sandbox.truth("quickbooks", "");
    let pairs = [
        ("invoices", "invoices"),
        ("credit_memos", "credit_memos"),
        ("receipts", "payments"),
        ("refunds", "refunds"),
        ("adjustments", "write_offs"),
    ];
    for (measure, name) in pairs {
        let all = &books[name]["all"];
        assert_eq!(ever(measure, "USD"), (all["count"].clone(), all["sum"].clone()), "{name}");
    }
    let won = world.sandbox.truth("salesforce", "")["won"].clone();
    for (currency, total) in won.as_object().expect("currencies") {
        let want = (total["count"].clone(), total["sum"].clone());
        assert_eq!(ever("won_deals", currency), want, "{currency}");
    }
    let again = world.desk.document(&["sync", "--period", "2026-06"]);
    let changed = |feed: &Value| feed["new"] != 0 || feed["changed"] != 0 || feed["deleted"] != 0;
    assert!(!list(&again["feeds"]).iter().any(changed), "{again}");
}

fn receivables_are_those_of_quickbooks(world: &World) {
    let truth = world.sandbox.truth("quickbooks", &format!("?to={AS_OF}"));
    let view = world.desk.document(&["ar", "--as-of", AS_OF]);
    assert_eq!(view["totals"][0]["receivable"]["amount"], truth["open_receivables"]);
    let mut compared = 0;
    for account in list(&view["accounts"]) {
        if let [customer] = list(&account["customer_ids"]).as_slice() {
            let customer = customer.as_str().expect("an id");
            let id = customer.rsplit([':', '/']).next().unwrap_or(customer);
            let open = &truth["open_by_customer"][id];
            assert_eq!(account["aging"]["receivable"]["amount"], *open, "{account}");
            compared += 1;
        }
    }
    assert!(compared > 4, "only {compared} accounts could be compared");
    let rows = records(&world.desk, &["ar"], 0, list(&view["accounts"]).len());
    for (row, account) in rows.iter().zip(list(&view["accounts"])) {
        assert_eq!(row["account_id"], account["account_id"].as_str().unwrap_or_default());
        assert_eq!(row["currency"], account["currency"]);
        assert_eq!(row["receivable"], account["aging"]["receivable"]["amount"]);
        let customers = list(&account["customer_ids"]).iter().map(text).collect::<Vec<_>>();
        assert_eq!(row["customer_ids"], customers.join(" "));
    }
}

/// The records of a grid as CSV, by their header; plain figures, no totals among them.
#[track_caller]
fn records(desk: &Desk, grid: &[&str], exit: i32, count: usize) -> Vec<BTreeMap<String, String>> {
    let ran = desk.run(&[grid, &["--as-of", AS_OF, "--format", "csv"]].concat()).exits(exit);
    let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
    let rows: Vec<BTreeMap<String, String>> =
        reader.deserialize().map(|row| row.expect("a record as wide as its header")).collect();
    assert_eq!(rows.len(), count, "{ran}");
    rows
}

fn deals_are_those_of_salesforce(world: &World) {
    let truth = world.sandbox.truth("salesforce", "");
    let view = world.desk.document(&["deals", "--all", "--as-of", AS_OF]);
    assert_eq!(view["count"], list(&view["deals"]).len());
    let won: Vec<&Value> = list(&truth["records"]["Opportunity"])
        .iter()
        .filter(|row| row["IsWon"] == true && row["IsDeleted"] == false)
        .collect();
    let rows = records(&world.desk, &["deals", "--all"], 0, list(&view["deals"]).len());
    for (row, deal) in rows.iter().zip(list(&view["deals"])) {
        assert_eq!(
            (&row["opportunity"], &row["name"]),
            (&text(&deal["opportunity"]), &text(&deal["name"]))
        );
        for figure in ["contract", "billed", "not_invoiced", "overdue", "unpaid_net"] {
            assert_eq!(row[figure], deal[figure]["amount"].as_str().unwrap_or_default(), "{deal}");
        }
        assert_eq!(row["currency"], deal["contract"]["currency"].as_str().unwrap_or_default());
    }
    for deal in list(&view["deals"]) {
        let row = won.iter().find(|row| row["Id"] == deal["opportunity"]);
        let row = row.unwrap_or_else(|| panic!("not won in Salesforce: {deal}"));
        assert_eq!(row["Name"], deal["name"]);
        assert_eq!(row["CloseDate"], deal["closed"]);
    }
    let unpaid = world.desk.document(&["deals", "--as-of", AS_OF]);
    assert!(list(&unpaid["deals"]).len() < list(&view["deals"]).len());
}

fn the_month_is_compared(world: &World) {
    let ran = world.desk.run(&["reconcile", "--as-of", AS_OF, "--json"]);
    let view = ran.document();
    assert_eq!(ran.code, Some(if view["ties_out"] == true { 0 } else { 1 }), "{ran}");
    let truth = world.sandbox.truth("quickbooks", "?from=2026-06-01&to=2026-06-30");
    let line = |name: &str| {
        let lines = list(&view["tie_outs"]).iter();
        lines.filter(|line| line["name"] == name).cloned().collect::<Vec<_>>()
    };
    for (name, kind) in [("invoices", "invoices"), ("receipts", "payments")] {
        let own = &truth[kind]["period"];
        let [line] = line(name).try_into().expect("one line");
        let line: Value = line;
        assert_eq!(line["held_count"], own["count"], "{line}");
        assert_eq!(line["held"]["amount"], own["sum"], "{line}");
        assert_eq!(line["source"]["amount"], own["sum"], "{line}");
    }
    let [control] = line("control account").try_into().expect("one line");
    let control: Value = control;
    assert_eq!(control["source"]["amount"], truth["control_balance"]);
    let compared: u64 = list(&view["verdicts"]).iter().filter_map(|it| it["deals"].as_u64()).sum();
    assert!(compared > 30, "{view}");
}

fn exceptions_are_listed(world: &World) {
    let ran = world.desk.run(&["exceptions", "--as-of", AS_OF, "--json"]).exits(1);
    let view = ran.document();
    let rows = list(&view["exceptions"]);
    assert_eq!(view["count"], rows.len());
    assert!(rows.iter().any(|row| row["kind"] == "blocked"), "{ran}");
    assert!(rows.iter().all(|row| !text(&row["what"]).is_empty()), "{ran}");
    let records = records(&world.desk, &["exceptions"], 1, rows.len());
    for (record, row) in records.iter().zip(rows) {
        for member in ["kind", "code", "subject", "account"] {
            assert_eq!(record[member], text(&row[member]), "{row}");
        }
        let amount = &row["amount"];
        assert_eq!(record["amount"], amount["amount"].as_str().unwrap_or_default());
        assert_eq!(record["currency"], amount["currency"].as_str().unwrap_or_default());
    }
    let effects = world.desk.run(&["effects", "--json"]).exits(0).document();
    assert_eq!(effects["count"], 0);
}

fn nothing_is_created_before_a_person_allows_it(world: &World) {
    let before = world.sandbox.invoices();
    let view = world.desk.run(&["create", "--dry-run", DEAL, "--json"]).exits(0).document();
    assert_eq!(view["deals"][0]["outcome"], "ready");
    assert_eq!(view["http_requests"], 0);
    world.desk.fails(&["create", DEAL], "TIE-4007");
    assert_eq!(world.sandbox.invoices(), before);
    assert_eq!(world.desk.document(&["effects"])["count"], 0);
}

fn one_invoice_is_created_once(world: &World) {
    let before = world.sandbox.invoices();
    let view = world.desk.run(&["create", DEAL, "--json"]).exits(0).document();
    assert_eq!(view["created"], 1, "{view}");
    let key = text(&view["deals"][0]["key"]);
    let documents = world.sandbox.documents_noted(&key);
    assert_eq!(documents.len(), 1, "{documents:?}");
    assert_eq!(documents[0]["total"], view["deals"][0]["net"]["amount"], "it bears no tax");
    let again = world.desk.document(&["create", DEAL]);
    assert_eq!(again["created"], 0, "{again}");
    assert_eq!(world.sandbox.invoices(), before + 1);
    let effects = world.desk.run(&["effects", "--key", &key, "--json"]).exits(0).document();
    assert_eq!(effects["effects"][0]["state"], "confirmed");
    assert_eq!(effects["effects"][0]["result_id"], documents[0]["id"]);
    let resync = world.desk.run(&["resync", DEAL, "--json"]).exits(0).document();
    assert!(resync["http_requests"].as_u64().expect("a count") <= RESYNC_REQUESTS_MAX);
    assert_eq!(resync["after"]["billing"], "BILLED", "{resync}");
}

fn the_rest_is_created_once(world: &World) {
    let before = world.sandbox.invoices();
    let ready = world.ready();
    assert!(!ready.is_empty());
    let view = world.desk.document(&["create"]);
    assert_eq!(view["created"], ready.len(), "{view}");
    assert_eq!(world.desk.document(&["create"])["created"], 0);
    let made = world.sandbox.invoices() - before;
    assert_eq!(made, u64::try_from(ready.len()).expect("few deals"));
}

fn effects_are_found_and_read_whole(desk: &Desk) {
    let document = |effect: &Value| effect["kind"] == "document";
    let all = desk.document(&["effects"]);
    let filtered = desk.document(&["effects", "--kind", "document", "--state", "confirmed"]);
    let documents = list(&all["effects"]).iter().filter(|it| document(it)).count();
    assert!(documents > 1 && list(&filtered["effects"]).iter().all(document));
    assert_eq!(filtered["count"], documents);
    let of_deal = desk.document(&["effects", "--kind", "document", "--deal", DEAL]);
    assert_eq!(of_deal["count"], 1);
    let none = desk.document(&["effects", "--state", "rejected"]);
    assert_eq!(none["count"], 0);
    desk.fails(&["effects", "--state", "lost"], "TIE-1001");
    desk.fails(&["effects", "--kind", "invoice"], "TIE-1001");

    let table = desk.run(&["effects"]).exits(0).stdout;
    let mut longest = String::new();
    for key in list(&all["effects"]).iter().map(|it| text(&it["key"])) {
        assert!(table.contains(&key), "{key} is cut");
        longest = if key.len() > longest.len() { key } else { longest };
    }
    let one = desk.run(&["effects", &longest]).exits(0).stdout;
    assert!(one.starts_with(&longest) && one.contains(" -> confirmed: "), "{one}");
}

fn figures_are_written_back_once(world: &World) {
    let silent = world.desk.document(&["sync"]);
    assert_eq!(silent["written_back"]["written"], 0, "writing to Salesforce is not allowed yet");
    world.allow_writing("salesforce");
    let first = world.desk.document(&["sync"]);
    assert_eq!(first["written_back"]["failed"], Value::Array(Vec::new()), "{first}");
    assert_ne!(first["written_back"]["written"], 0, "{first}");
    let second = world.desk.document(&["sync"]);
    assert_eq!(second["written_back"]["written"], 0, "{second}");
}

fn files_are_written_and_verified(world: &World) {
    world.desk.run(&["sync", "--period", "2026-06"]).exits(0);
    for (format, name) in [("pdf", "june.pdf"), ("xlsx", "june.xlsx"), ("csv", "june-csv")] {
        let arguments = ["export", "--period", "2026-06", "--format", format, "--out", name];
        let view = world.desk.run(&[&arguments[..], &["--json"]].concat()).exits(0).document();
        let files = list(&view["files"]);
        assert!(!files.is_empty(), "{format}");
        for file in files.iter().take(2) {
            let path = text(&file["path"]);
            let checked = world.desk.run(&["verify", &path, "--json"]).exits(0).document();
            assert_eq!(checked["hash"], file["hash"]);
        }
    }
    changed_files_are_found_out(&world.desk);
    a_month_that_was_never_read_is_written_and_not_complete(&world.desk);
    world.desk.run(&["verify"]).exits(0);
}

fn a_month_that_was_never_read_is_written_and_not_complete(desk: &Desk) {
    let never = ["export", "--period", "2026-05", "--format", "csv", "--out", "never", "--json"];
    let view = desk.run(&never).exits(1).document();
    assert_eq!(view["complete"], false);
    assert!(list(&view["unproved"]).iter().any(|it| it["section"] == "receivables-by-account"));
    let totals = desk.path("never").join("11-receivables-by-account.totals.csv");
    let totals = std::fs::read_to_string(totals).expect("it was written all the same");
    assert!(totals.contains(",unproved,"), "{totals}");
    let print = ["export", "--period", "2026-05", "--format", "pdf", "--out", "never.pdf"];
    let ran = desk.run(&print).exits(1);
    assert!(ran.stdout.contains("UNPROVED") && ran.stdout.contains("--period 2026-05"), "{ran}");
    let pages = std::fs::read(desk.path("never.pdf")).expect("it was written all the same");
    let first = tieout_tests::print::pages(&pages).remove(0);
    assert!(first.contains("Draft, unproved: "), "{first}");
}

fn changed_files_are_found_out(desk: &Desk) {
    let pdf = std::fs::read(desk.path("june.pdf")).expect("it was written");
    let changed: Vec<u8> = [&pdf[..pdf.len() - 1], b"!"].concat();
    std::fs::write(desk.path("changed.pdf"), changed).expect("the desk is ours");
    desk.fails(&["verify", "changed.pdf"], "TIE-5004");
}

#[test]
fn an_answer_that_is_lost_is_asked_for_and_never_sent_blindly() {
    let world = World::synced();
    world.allow_writing("quickbooks");
    let before = world.sandbox.invoices();
    world.sandbox.fault("quickbooks", "POST", "/invoice", "drop_after", 1);
    let view = world.desk.run(&["create", DEAL, "--json"]).exits(1).document();
    assert_eq!(view["unknown"], 1, "{view}");
    assert_eq!(world.sandbox.invoices(), before + 1);
    world.desk.run(&["effects"]).exits(1);
    let exceptions = world.desk.document(&["exceptions"]);
    let unknown = |row: &&Value| row["kind"] == "unknown_outcome";
    assert_eq!(list(&exceptions["exceptions"]).iter().filter(unknown).count(), 1);
    let view = world.desk.run(&["effects", "--ask", "--json"]).exits(0).document();
    assert_eq!(view["effects"][0]["state"], "confirmed", "{view}");
    world.desk.run(&["sync"]).exits(0);
    assert_eq!(world.desk.document(&["create", DEAL])["created"], 0);
    assert_eq!(world.sandbox.invoices(), before + 1);
}

#[test]
fn a_request_that_never_arrived_is_sent_again_by_a_person() {
    let world = World::synced();
    world.allow_writing("quickbooks");
    let before = world.sandbox.invoices();
    world.sandbox.fault("quickbooks", "POST", "/invoice", "drop_before", 1);
    let view = world.desk.run(&["create", DEAL, "--json"]).exits(1).document();
    let key = text(&view["deals"][0]["key"]);
    let asked = world.desk.run(&["effects", "--ask", "--json"]).exits(1).document();
    assert_eq!(asked["effects"][0]["state"], "unknown", "not found is weak evidence");
    let reason = ["--decision", "send-again", "--reason", "looked: not there"];
    world.desk.run(&[&["effects", "--resolve", &key], &reason[..]].concat()).exits(1);
    world.desk.run(&["sync"]).exits(0);
    let view = world.desk.run(&["effects", "--key", &key, "--json"]).exits(0).document();
    assert_eq!(view["effects"][0]["state"], "confirmed", "{view}");
    assert_eq!(world.sandbox.invoices(), before + 1);
}
