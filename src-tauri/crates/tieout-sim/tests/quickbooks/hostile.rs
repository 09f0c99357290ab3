//! Whatever is sent, the answer is one of the API and the company lives on.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::desk::{Desk, invoice_body, number, payment_body};

/// Any JSON, with a liking for what members of documents look like.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "-?[0-9]{1,30}(\\.[0-9]{1,30})?(e-?[0-9]{1,3})?"
            .prop_filter_map("a number", |text| { serde_json::from_str(&text).ok() }),
        ".{0,30}".prop_map(Value::from),
        Just(json!("9999-12-31")),
        Just(json!({"value": "1"})),
        Just(json!([{"TxnId": "1", "TxnType": "Invoice"}])),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(member(), inner, 0..4)
                .prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

fn member() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "Id",
        "SyncToken",
        "sparse",
        "Line",
        "Amount",
        "DetailType",
        "SalesItemLineDetail",
        "DiscountLineDetail",
        "DiscountPercent",
        "GroupLineDetail",
        "ItemRef",
        "Qty",
        "UnitPrice",
        "TaxCodeRef",
        "CustomerRef",
        "TxnDate",
        "DueDate",
        "ExchangeRate",
        "CurrencyRef",
        "TxnTaxDetail",
        "TotalTax",
        "TotalAmt",
        "LinkedTxn",
        "TxnId",
        "TxnType",
        "CustomField",
        "DocNumber",
        "PrivateNote",
        "BillAddr",
        "Deposit",
        "value",
        "DisplayName",
        "Balance",
        "ParentRef",
        "Active",
        "JournalEntryLineDetail",
        "DepositLineDetail",
        "AccountRef",
    ]);
    prop_oneof![9 => known.prop_map(str::to_owned), 1 => ".{0,8}"]
}

const PATHS: [&str; 8] = [
    "/invoice",
    "/payment",
    "/creditmemo",
    "/refundreceipt",
    "/deposit",
    "/journalentry",
    "/customer",
    "/item",
];

#[track_caller]
fn lives(desk: &Desk, status: u16, what: &str) {
    assert!(matches!(status, 200 | 400), "{status}: {what}");
    assert_eq!(desk.get("/companyinfo/1").status, 200);
    assert_eq!(desk.get("/reports/BalanceSheet").status, 200);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn odd_bodies_get_an_answer(
        path in prop::sample::select(PATHS.to_vec()),
        changes in prop::collection::vec((member(), any_json()), 1..4),
    ) {
        let desk = Desk::with(json!({"multi_currency": true, "allow_deposit": true}));
        let customer = desk.customer("Acme");
        desk.invoice(&customer, "100.00", "2026-02-01");
        let mut body = match path {
            "/payment" => payment_body(&customer, "10.00", &[("10.00", "Invoice", "1")]),
            _ => invoice_body(&customer, "10.00", "2026-02-01"),
        };
        body["DepositToAccountRef"] = json!({"value": "35"});
        for (name, value) in changes {
            body[name] = value;
        }
        let answer = desk.post(path, body.clone());
        lives(&desk, answer.status, &body.to_string());
    }

    #[test]
    fn odd_statements_get_an_answer(tail in ".{0,60}", words in prop::collection::vec(
        prop::sample::select(vec!["select", "*", "from", "Invoice", "where", "TotalAmt", "=", "'1'",
            "in", "(", ")", ",", "like", "'%'", "orderby", "startposition", "1", "\\", "'"]), 0..12))
    {
        let desk = Desk::new();
        let statement = format!("{} {tail}", words.join(" "));
        let answer = desk.asked(&statement);
        lives(&desk, answer.status, &statement);
    }
}

#[test]
fn the_largest_numbers_multiply_without_harm() {
    let desk = Desk::new();
    let customer = desk.customer("Acme");
    let mut body = invoice_body(&customer, "1000000000000", "2026-02-01");
    body["Line"][0]["SalesItemLineDetail"]["Qty"] = number("1000000000000");
    body["Line"][0]["SalesItemLineDetail"]["UnitPrice"] = number("1000000000000");
    desk.refused("/invoice", body.clone(), "6070");
    body["Line"][0]["SalesItemLineDetail"]["Qty"] = number("1000000000001");
    desk.refused("/invoice", body, "2080");
}

#[test]
fn bodies_that_are_no_json_are_refused() {
    let desk = Desk::new();
    let bearer = desk.bearer();
    let headers = [("authorization", bearer.as_str()), ("accept", "application/json")];
    let path = format!("/v3/company/{}/invoice", desk.sim.realm());
    for body in ["", "null", "[]", "{", "<xml/>", "\u{0}"] {
        assert_eq!(desk.send("POST", &path, &headers, body).code(), (400, "2010".to_owned()));
    }
    assert_eq!(desk.send("PUT", &path, &headers, "{}").code(), (400, "500".to_owned()));
    assert_eq!(desk.send("GET", "/nonsense", &[], "").status, 404);
}
