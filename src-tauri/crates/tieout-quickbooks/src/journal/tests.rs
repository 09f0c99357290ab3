//! Journals and deposits as they come, and what becomes of them.

use serde_json::{Value, json};
use tieout_connect::json::Reading;
use tieout_domain::facts::QuarantineReason::{self, Malformed, TooPrecise, UnknownValue};
use tieout_domain::facts::{Fact, Journal};

use crate::config::FieldLabels;
use crate::entity::Entity;
use crate::testing::read_with;

fn read(entity: Entity, text: &str) -> Reading<Option<Fact>> {
    read_with(json!({}), &FieldLabels::default(), entity, text)
}

fn journal_line(amount: Value, account: &str, posting: &str, customer: Option<&str>) -> Value {
    let mut detail = json!({"PostingType": posting, "AccountRef": {"value": account}});
    if let Some(id) = customer {
        detail["Entity"] = json!({"Type": "Customer", "EntityRef": {"value": id}});
    }
    json!({"Amount": amount, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail})
}

fn journal_text(token: &str, lines: Value) -> String {
    json!({"Id": "619", "SyncToken": token, "DocNumber": "JE-0619", "TxnDate": "2026-06-19",
        "MetaData": {"LastUpdatedTime": "2026-06-19T10:00:00-07:00"}, "PrivateNote": "reclass",
        "TxnTaxDetail": {}, "Line": lines})
    .to_string()
}

#[track_caller]
fn check_journal(fact: Option<Fact>, want: &[&str]) {
    let Some(Fact::Journal(Journal { lines, applications, .. })) = fact else { panic!("{fact:?}") };
    let shown = lines.iter().map(|line| {
        let customer = line.customer.as_ref().map_or("nobody", |id| id.as_str());
        format!("{} {} {customer}", line.position, line.amount.to_plain())
    });
    assert_eq!(shown.collect::<Vec<_>>(), want);
    assert!(applications.is_empty());
}

#[test]
fn only_lines_on_receivables_count() {
    let lines = json!([
        journal_line(json!(12.40), "79", "Debit", None),
        journal_line(json!(12.40), "84", "Credit", Some("7")),
        journal_line(json!(1250), "85", "Debit", None)
    ]);
    check_journal(
        read(Entity::JournalEntry, &journal_text("0", lines)).unwrap(),
        &["2 -12.40 7", "3 1250.00 nobody"],
    );
}

#[test]
fn a_journal_beside_the_point_says_nothing_until_it_was_edited() {
    let lines = json!([journal_line(json!(1), "79", "Debit", None)]);
    assert_eq!(read(Entity::JournalEntry, &journal_text("0", lines.clone())), Ok(None));
    check_journal(read(Entity::JournalEntry, &journal_text("1", lines)).unwrap(), &[]);
}

#[test]
fn a_vendor_on_a_journal_line_is_no_customer() {
    let mut line = journal_line(json!(5), "84", "Debit", None);
    line["JournalEntryLineDetail"]["Entity"] =
        json!({"Type": "Vendor", "EntityRef": {"value": "7"}});
    check_journal(
        read(Entity::JournalEntry, &journal_text("0", json!([line]))).unwrap(),
        &["1 5.00 nobody"],
    );
}

#[track_caller]
fn journal_aside(line: Value, reason: QuarantineReason, path: &str) {
    let error = read(Entity::JournalEntry, &journal_text("0", json!([line]))).unwrap_err();
    assert_eq!((error.reason, error.path.as_str()), (reason, path));
}

#[test]
fn journal_lines_that_cannot_be_read() {
    let detail = "Line[0].JournalEntryLineDetail";
    journal_aside(
        journal_line(json!(5), "999", "Debit", None),
        UnknownValue,
        &format!("{detail}.AccountRef"),
    );
    journal_aside(
        journal_line(json!(5), "84", "Sideways", None),
        UnknownValue,
        &format!("{detail}.PostingType"),
    );
    journal_aside(journal_line(json!(5.001), "84", "Debit", None), TooPrecise, "Line[0].Amount");
    journal_aside(journal_line(Value::Null, "84", "Debit", None), Malformed, "Line[0].Amount");
}

#[test]
fn a_deposit_line_on_receivables_is_told_as_a_journal() {
    let text = |lines: Value| {
        json!({"Id": "310", "SyncToken": "0", "TxnDate": "2026-06-19", "TotalAmt": 540,
            "MetaData": {"LastUpdatedTime": "2026-06-19T10:00:00-07:00"}, "Line": lines})
        .to_string()
    };
    let banked = json!({"Amount": 500, "LinkedTxn": [{"TxnId": "301", "TxnType": "Payment", "TxnLineId": "0"}]});
    let direct = |account: &str| {
        json!({"Amount": 40, "DetailType": "DepositLineDetail",
        "DepositLineDetail": {"AccountRef": {"value": account},
                              "Entity": {"value": "7", "type": "CUSTOMER"}}})
    };
    let read = |lines| read(Entity::Deposit, &text(lines)).unwrap();
    assert_eq!(read(json!([banked, direct("79")])), None);
    let journal = read(json!([banked, direct("84")]));
    assert_eq!(journal.as_ref().map(Fact::id), Some("deposit-310"));
    check_journal(journal, &["2 -40.00 7"]);
}
