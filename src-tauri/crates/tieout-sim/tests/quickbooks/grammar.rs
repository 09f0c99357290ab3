//! The query language (`quickbooks §4.1` to `§4.3`), one line each.

use std::sync::OnceLock;

use serde_json::json;
use tieout_sim::quickbooks::{Edit, EditKind};

use crate::desk::Desk;

/// Three active customers, one inactive, three invoices.
fn desk() -> Desk {
    let desk = Desk::new();
    for (name, given) in [("acme", "Ann"), ("Zed & Sons", "Bo"), ("Amy's Bird Sanctuary", "Cy")] {
        desk.write(
            "/customer",
            json!({"DisplayName": name, "GivenName": given,
            "PrimaryEmailAddr": {"Address": format!("{given}@x.example")}}),
        );
    }
    for (amount, day) in
        [("100.00", "2026-01-05"), ("300.00", "2026-01-20"), ("50.5", "2026-02-01")]
    {
        desk.pass("1m");
        desk.invoice("1", amount, day);
    }
    let gone = desk.customer("Gone");
    desk.sparse("customer", &gone, json!({"Active": false}));
    desk
}

thread_local! {
    static DESK: OnceLock<Desk> = const { OnceLock::new() };
}

fn with_desk<T>(use_it: impl FnOnce(&Desk) -> T) -> T {
    DESK.with(|cell| use_it(cell.get_or_init(desk)))
}

/// The ids that a statement finds, in order.
#[track_caller]
fn finds(statement: &str, ids: &[&str]) {
    let rows = with_desk(|desk| desk.rows(statement));
    let found: Vec<&str> = rows.iter().map(|row| row["Id"].as_str().unwrap()).collect();
    assert_eq!(found, ids, "{statement}");
}

#[track_caller]
fn counts(statement: &str, total: u64) {
    let found = with_desk(|desk| desk.query(statement));
    assert_eq!(found, json!({"totalCount": total}), "{statement}");
}

#[track_caller]
fn fails(statement: &str, code: &str) {
    let found = with_desk(|desk| desk.asked(statement).code());
    assert_eq!(found, (400, code.to_owned()), "{statement}");
}

#[test]
fn names_sort_by_their_bytes_and_documents_by_last_change() {
    finds("SELECT * FROM Customer", &["3", "2", "1"]);
    finds("SELECT * FROM Invoice", &["3", "2", "1"]);
}

#[test]
fn key_words_and_names_are_read_in_any_case() {
    finds("select * from customer where active = true startposition 1 maxresults 1", &["3"]);
    finds("SELECT * FROM customer WHERE displayname = 'ACME'", &["1"]);
    finds("Select * From Invoice Where totalamt > '60' orderby totalamt", &["1", "2"]);
}

#[test]
fn values_stand_in_single_quotes() {
    finds("SELECT * FROM Invoice WHERE TotalAmt > '100.00'", &["2"]);
    finds("SELECT * FROM Invoice WHERE Id = '2'", &["2"]);
    finds("SELECT * FROM Invoice WHERE CustomerRef = '1' AND TxnDate = '2026-01-05'", &["1"]);
    fails("SELECT * FROM Invoice WHERE TotalAmt > 100", "4000");
    fails("SELECT * FROM Invoice WHERE Id IN (1, 2)", "4000");
}

#[test]
fn booleans_stand_bare() {
    finds("SELECT * FROM Customer WHERE Active = false", &["4"]);
    finds("SELECT * FROM Customer WHERE Active = True", &["3", "2", "1"]);
    finds("SELECT * FROM Customer WHERE Active IN (true,false)", &["3", "4", "2", "1"]);
}

#[test]
fn all_comparisons() {
    finds("SELECT * FROM Invoice WHERE TxnDate >= '2026-01-20'", &["3", "2"]);
    finds("SELECT * FROM Invoice WHERE TxnDate > '2026-01-20'", &["3"]);
    finds("SELECT * FROM Invoice WHERE TxnDate <= '2026-01-20'", &["2", "1"]);
    finds("SELECT * FROM Invoice WHERE TxnDate < '2026-01-20'", &["1"]);
    finds("SELECT * FROM Invoice WHERE Id IN ('1','3','9')", &["3", "1"]);
}

#[test]
fn like_knows_the_percent_sign_only() {
    finds("SELECT * FROM Customer WHERE DisplayName LIKE 'a%'", &["3", "1"]);
    finds("SELECT * FROM Customer WHERE DisplayName LIKE '%s%d%'", &["3"]);
    finds("SELECT * FROM Customer WHERE DisplayName LIKE '%sons'", &["2"]);
    finds("SELECT * FROM Customer WHERE DisplayName LIKE 'a_me'", &[]);
    finds("SELECT * FROM Invoice WHERE DocNumber LIKE '100%'", &["3", "2", "1"]);
}

#[test]
fn apostrophes_are_escaped_by_a_backslash() {
    finds(r"SELECT * FROM Customer WHERE DisplayName = 'Amy\'s Bird Sanctuary'", &["3"]);
    finds("SELECT * FROM Customer WHERE DisplayName = 'Zed & Sons'", &["2"]);
    fails("SELECT * FROM Customer WHERE DisplayName = 'Amy''s Bird Sanctuary'", "4000");
    fails("SELECT * FROM Customer WHERE DisplayName = 'Amy", "4000");
}

#[test]
fn inactive_rows_are_hidden_until_asked_for() {
    finds("SELECT * FROM Customer WHERE DisplayName LIKE 'Gone%'", &[]);
    let all =
        "SELECT * FROM Customer WHERE DisplayName = 'Gone (deleted)' AND Active IN (true,false)";
    finds(all, &["4"]);
    counts("SELECT COUNT(*) FROM Customer", 3);
    counts("SELECT COUNT(*) FROM Customer WHERE Active IN (true, false)", 4);
}

#[test]
fn order_is_given_with_one_word_or_two() {
    finds("SELECT * FROM Invoice ORDERBY TotalAmt DESC", &["2", "1", "3"]);
    finds("SELECT * FROM Invoice ORDER BY TotalAmt", &["3", "1", "2"]);
    finds("SELECT * FROM Invoice ORDERBY MetaData.LastUpdatedTime ASC", &["1", "2", "3"]);
    finds("SELECT * FROM Customer ORDERBY GivenName DESC", &["3", "2", "1"]);
}

#[test]
fn paging_clauses_come_in_any_order() {
    finds("SELECT * FROM Invoice ORDERBY Id STARTPOSITION 2 MAXRESULTS 1", &["2"]);
    finds("SELECT * FROM Invoice ORDERBY Id MAXRESULTS 1 STARTPOSITION 2", &["2"]);
    finds("SELECT * FROM Invoice STARTPOSITION 4", &[]);
    fails("SELECT * FROM Invoice STARTPOSITION 0", "4001");
    fails("SELECT * FROM Invoice MAXRESULTS 'x'", "4000");
}

#[test]
fn times_are_read_with_any_offset() {
    finds(
        "SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime >= '2026-02-03T09:17:42-08:00'",
        &["3", "2"],
    );
    finds("SELECT * FROM Invoice WHERE MetaData.LastUpdatedTime >= '2026-02-03T17:18:42Z'", &["3"]);
    finds("SELECT * FROM Invoice WHERE MetaData.CreateTime < '2026-02-03T18:17:42+01:00'", &["1"]);
    finds("SELECT * FROM Invoice WHERE MetaData.CreateTime > '2026-02-03'", &["3", "2", "1"]);
    fails("SELECT * FROM Invoice WHERE MetaData.CreateTime > 'yesterday'", "4001");
}

#[test]
fn what_cannot_be_filtered_is_4001() {
    fails("SELECT * FROM Invoice WHERE PrivateNote = 'x'", "4001");
    fails("SELECT * FROM Invoice WHERE CustomField = 'x'", "4001");
    fails("SELECT * FROM Invoice WHERE DepartmentRef = '1'", "4001");
    fails("SELECT * FROM Customer WHERE AcctNum = '1'", "4001");
    fails("SELECT * FROM Customer WHERE Notes LIKE '%x%'", "4001");
    fails("SELECT * FROM Payment WHERE UnappliedAmt > '0'", "4001");
    fails("SELECT * FROM Invoice WHERE Nonsense = '1'", "4001");
    fails("SELECT * FROM Invoice ORDERBY PrivateNote", "4001");
    fails("SELECT Nonsense FROM Invoice", "4001");
    fails("SELECT * FROM Custmoer", "4001");
}

#[test]
fn what_is_not_in_the_language_is_4000() {
    fails("SELECT * FROM Invoice WHERE Id = '1' OR Id = '2'", "4000");
    fails("SELECT * FROM Invoice WHERE Id != '1'", "4000");
    fails("SELECT * FROM Invoice WHERE NOT Id = '1'", "4000");
    fails("SELECT * FROM Invoice WHERE DueDate IS NULL", "4000");
    fails("SELECT * FROM Invoice GROUP BY Id", "4000");
    fails("SELECT SUM(TotalAmt) FROM Invoice", "4000");
    fails("DELETE FROM Invoice", "4000");
    fails("SELECT * FROM", "4000");
}

#[test]
fn a_projection_keeps_the_named_members() {
    let found = with_desk(|desk| desk.query("SELECT Id, DocNumber FROM Invoice WHERE Id = '1'"));
    let row = json!({"Id": "1", "DocNumber": "1001", "domain": "QBO", "sparse": false});
    assert_eq!(found["Invoice"], json!([row]));
}

#[test]
fn a_star_with_more_names_is_a_star() {
    let found = with_desk(|desk| desk.query("SELECT *, Sku FROM Item MAXRESULTS 1"));
    assert_eq!(found["Item"][0]["Type"], "Service");
}

#[test]
fn an_empty_answer_is_an_empty_object() {
    let found = with_desk(|desk| desk.query("SELECT * FROM Payment"));
    assert_eq!(found, json!({}));
}

#[test]
fn a_page_tells_its_start_and_its_length() {
    let found = with_desk(|desk| desk.query("SELECT * FROM Invoice STARTPOSITION 2 MAXRESULTS 5"));
    assert_eq!((&found["startPosition"], &found["maxResults"]), (&json!(2), &json!(2)));
}

#[test]
fn the_statement_may_be_posted() {
    let desk = Desk::new();
    desk.customer("Posted");
    let bearer = desk.bearer();
    for kind in ["application/text", "text/plain"] {
        let headers = [
            ("authorization", bearer.as_str()),
            ("accept", "application/json"),
            ("content-type", kind),
        ];
        let path = format!("/v3/company/{}/query?minorversion=75", desk.sim.realm());
        let found = desk.send("POST", &path, &headers, "select count(*) from Customer").json();
        assert_eq!(found["QueryResponse"]["totalCount"], 1);
    }
}

#[test]
fn without_a_statement_a_fault_comes_with_200() {
    let desk = Desk::new();
    let answer = desk.get("/query");
    assert_eq!(answer.code(), (200, "10000".to_owned()));
}

#[test]
fn a_page_has_100_rows_by_default_and_1000_at_most() {
    let desk = Desk::new();
    let rows = |statement: &str| desk.rows(statement).len();
    for at in 0..1001 {
        desk.sim
            .edit(&Edit {
                entity: "PaymentMethod".to_owned(),
                operation: EditKind::Create,
                body: json!({"Name": format!("M{at}")}),
            })
            .unwrap();
    }
    assert_eq!(rows("SELECT * FROM PaymentMethod"), 100);
    assert_eq!(rows("SELECT * FROM PaymentMethod MAXRESULTS 2000"), 1000);
    desk.sim.switch(&json!({"page_repeats_row": true})).unwrap();
    assert_eq!(rows("SELECT * FROM PaymentMethod MAXRESULTS 100"), 101);
}
