//! Nothing that is sent breaks the service.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::desk::{Desk, approved, number};

const ENDPOINTS: [&str; 8] = [
    "Invoices",
    "CreditNotes",
    "Contacts",
    "Items",
    "Payments",
    "BatchPayments",
    "BankTransactions",
    "Currencies",
];

#[track_caller]
fn survives(desk: &Desk, method: &str, path: &str, body: &str) {
    let answer = desk.api(method, path, &[], body);
    assert!(answer.status < 500 || answer.status == 501, "{path} {body}: {}", answer.text);
    assert_eq!(desk.get("/Organisation").status, 200);
}

#[test]
fn huge_and_tiny_numbers_are_refused_or_kept() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    for text in
        ["1e27", "9999999999999", "-9999999999999", "1e-28", "0", "79228162514264337593543950335"]
    {
        for key in
            ["Quantity", "UnitAmount", "LineAmount", "TaxAmount", "DiscountRate", "DiscountAmount"]
        {
            let mut body = approved(&contact, "10", "2026-01-15");
            body["CurrencyCode"] = json!("EUR");
            body["LineItems"][0][key] = number(text);
            for rate in ["1", text] {
                body["CurrencyRate"] = number(rate);
                survives(&desk, "PUT", "/Invoices?unitdp=4", &body.to_string());
            }
        }
    }
    survives(&desk, "GET", "/Reports/TrialBalance", "");
    survives(&desk, "GET", "/Contacts", "");
}

#[test]
fn strange_dates_are_no_dates() {
    let desk = Desk::new();
    let contact = desk.contact("Acme");
    for date in
        ["2026-02-30", "-9999-01-01", "9999-12-31", "/Date(99999999999999999)/", "é", "2026"]
    {
        let mut body = approved(&contact, "10", date);
        body["DueDate"] = json!(date);
        survives(&desk, "PUT", "/Invoices", &body.to_string());
        survives(
            &desk,
            "GET",
            &format!("/Reports/TrialBalance?date={}", date.replace('é', "%C3%A9")),
            "",
        );
    }
    survives(&desk, "GET", "/Invoices?page=1", "");
}

#[test]
fn strange_paths_and_parameters_are_answered() {
    let desk = Desk::new();
    desk.invoice(&desk.contact("Acme"), "10");
    for path in [
        "/",
        "//",
        "/Invoices/%FF",
        "/Invoices/a/b/c/d",
        "/Invoices?page=-1&pageSize=99999999999999999999",
        "/Invoices?page=9223372036854775807&pageSize=1000",
        "/Invoices?where=!!!!!!!!!!!!!!!!!!!!!!!!true",
        "/Invoices?where=%22",
        "/Invoices?order=,,,",
        "/Invoices?IDs=,,,",
        "/Contacts?searchTerm=%00",
        "/Reports",
        "/Reports/Nothing",
        "/CreditNotes/x/Allocations",
    ] {
        for method in ["GET", "PUT", "POST", "DELETE"] {
            survives(&desk, method, path, "");
        }
    }
    assert_eq!(desk.api("PATCH", "/Invoices", &[], "").status, 405);
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| json!(number)),
        prop::sample::select(vec![
            "",
            "ACCREC",
            "AUTHORISED",
            "VOIDED",
            "200",
            "610",
            "090",
            "EUR",
            "2026-01-15",
            "Acme",
            "RECEIVE-OVERPAYMENT",
            "DELETED",
            "1.005"
        ])
        .prop_map(|text| json!(text)),
    ]
}

fn object() -> impl Strategy<Value = Value> {
    let keys = vec![
        "Type",
        "Status",
        "Contact",
        "Name",
        "Code",
        "LineItems",
        "Invoice",
        "Account",
        "BankAccount",
        "Amount",
        "Quantity",
        "UnitAmount",
        "AccountCode",
        "TaxType",
        "Date",
        "DueDate",
        "CurrencyCode",
        "CurrencyRate",
        "Payments",
        "SalesDetails",
        "Tracking",
        "ContactStatus",
    ];
    scalar().prop_recursive(3, 24, 6, move |inner| {
        let key = prop::sample::select(keys.clone()).prop_map(str::to_owned);
        let members = prop::collection::btree_map(key, inner.clone(), 0..6);
        prop_oneof![
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
            prop::collection::vec(inner, 0..3).prop_map(Value::Array),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_body_is_answered(
        bodies in prop::collection::vec((0usize..8, any::<bool>(), object()), 1..12),
    ) {
        let desk = Desk::new();
        for (endpoint, create, body) in bodies {
            let method = if create { "PUT" } else { "POST" };
            let path = format!("/{}?summarizeErrors={create}", ENDPOINTS[endpoint]);
            let answer = desk.api(method, &path, &[], &body.to_string());
            // 500 is the service's own word for an invoice without contact and lines.
            prop_assert!(answer.status <= 500, "{}", answer.text);
            prop_assert_eq!(desk.get("/Organisation").status, 200);
        }
        let report = desk.get("/Reports/TrialBalance").json();
        let sections = report["Reports"][0]["Rows"].as_array().unwrap();
        let total = &sections.last().unwrap()["Rows"][0]["Cells"];
        prop_assert_eq!(&total[3]["Value"], &total[4]["Value"]);
    }
}
