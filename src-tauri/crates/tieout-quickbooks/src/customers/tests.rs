use serde_json::{Value, json};
use tieout_connect::ports::Ledger;
use tieout_connect::testing::json_answer;
use tieout_domain::ids::AccountId;

use super::*;
use crate::config::Agreement;
use crate::testing::{
    Rig, Script, batch_statements, currency, fault, multi_currency, patched, rig, rig_of, rows,
};

fn proposal(name: &str) -> ProposedCustomer {
    ProposedCustomer {
        account: AccountId::new("0015g00000XyZabAAF").unwrap(),
        name: name.to_owned(),
        currency: currency("USD"),
        address: Address {
            street: Some("1 High St\nUnit 2".to_owned()),
            city: Some("Leeds".to_owned()),
            region: None,
            postal_code: Some("LS1".to_owned()),
            country: Some("GB".to_owned()),
        },
    }
}

fn customer(patch: Value) -> String {
    let base = json!({"Id": "72", "SyncToken": "0", "DisplayName": "Acme", "Active": true,
        "MetaData": {"LastUpdatedTime": "2026-02-03T09:15:42-08:00"}});
    patched(base, patch)
}

const EXACT: &str = "FROM Customer WHERE Active IN (true,false) AND DisplayName = 'Acme'";
const INACTIVE: &str = "DisplayName = 'Acme (deleted)'";

fn company(exact: &str, inactive: &str, vendor: &str, employee: &str) -> Rig {
    rig(Script::default()
        .with(INACTIVE, inactive)
        .with(EXACT, exact)
        .with("FROM Vendor", vendor)
        .with("FROM Employee", employee))
}

#[tokio::test]
async fn candidates_are_asked_for_in_one_request() {
    let found = rows(Entity::Customer, &[customer(json!({}))]);
    let rig = company(&found, "{}", "{}", "{}");
    let candidates = rig.quickbooks.customer_candidates(&proposal("Acme")).await.unwrap();
    assert_eq!(candidates.len(), 1);
    assert_eq!(batch_statements(&rig.transport.requests()[0]).len(), 2);
}

#[tokio::test]
async fn an_inactive_customer_is_a_candidate() {
    let inactive = customer(json!({"Id": "9", "Active": false, "DisplayName": "Acme (deleted)",
        "Notes": "tieout:account=0015g00000XyZabAAF"}));
    let rig = company("{}", &rows(Entity::Customer, &[inactive]), "{}", "{}");
    let [found] =
        rig.quickbooks.customer_candidates(&proposal("Acme")).await.unwrap().try_into().unwrap();
    assert_eq!((found.name.as_str(), found.active), ("Acme", false));
    assert_eq!(found.account.unwrap().as_str(), "0015g00000XyZabAAF");
}

#[tokio::test]
async fn a_vendor_of_the_name_is_no_candidate() {
    let rig = company("{}", "{}", r#"{"Vendor":[{"Id":"5"}]}"#, "{}");
    assert_eq!(rig.quickbooks.customer_candidates(&proposal("Acme")).await.unwrap(), []);
}

#[tokio::test]
async fn nobody_of_the_name() {
    let rig = company("{}", "{}", "{}", "{}");
    assert_eq!(rig.quickbooks.customer_candidates(&proposal(" Acme ")).await.unwrap(), []);
}

#[tokio::test]
async fn a_candidate_that_cannot_be_read_is_an_error() {
    let odd = rows(Entity::Customer, &[customer(json!({"CurrencyRef": {"value": "ZZZ"}}))]);
    let rig = company(&odd, "{}", "{}", "{}");
    assert!(rig.quickbooks.customer_candidates(&proposal("Acme")).await.is_err());
}

fn creating(rig: Rig, status: u16, body: String) -> Rig {
    rig.transport.on(move |request| {
        request.uri().path().ends_with("/customer").then(|| json_answer(status, &body))
    });
    rig
}

fn sent(rig: &Rig) -> Option<Value> {
    let requests = rig.transport.requests();
    let create = requests.iter().find(|request| request.uri().path().ends_with("/customer"))?;
    Some(serde_json::from_slice(create.body()).unwrap())
}

#[tokio::test]
async fn a_customer_is_created_with_our_mark() {
    let rig = rig_of(Script::default(), multi_currency(), Agreement::default());
    let rig = creating(rig, 200, format!(r#"{{"Customer":{}}}"#, customer(json!({}))));
    let created = rig.quickbooks.create_customer(&proposal("Acme")).await.unwrap();
    assert_eq!(created.id.as_str(), "72");
    assert_eq!(
        sent(&rig).unwrap(),
        json!({"DisplayName": "Acme", "CompanyName": "Acme",
            "BillAddr": {"Line1": "1 High St", "Line2": "Unit 2", "City": "Leeds",
                         "PostalCode": "LS1", "Country": "GB"},
            "CurrencyRef": {"value": "USD"}, "Notes": "tieout:account=0015g00000XyZabAAF"})
    );
}

#[tokio::test]
async fn one_currency_is_not_named() {
    let rig =
        creating(rig(Script::default()), 200, format!(r#"{{"Customer":{}}}"#, customer(json!({}))));
    rig.quickbooks.create_customer(&proposal("Acme")).await.unwrap();
    assert_eq!(sent(&rig).unwrap().get("CurrencyRef"), None);
}

#[tokio::test]
async fn a_taken_name_says_who_has_it() {
    let vendor = r#"{"Vendor":[{"Id":"5"}]}"#;
    let rig = creating(company("{}", "{}", vendor, "{}"), 400, fault("6240"));
    let error = rig.quickbooks.create_customer(&proposal("Acme")).await.unwrap_err();
    let ConnectorError::Rejected { code, field, .. } = error else { panic!("{error:?}") };
    assert_eq!((code.as_str(), field.as_deref()), ("6240", Some("Vendor")));
}

#[tokio::test]
async fn names_that_the_tool_cannot_hold_are_not_sent() {
    for name in ["Acme: West", "Acme\tWest", " ", &"x".repeat(501)] {
        let rig = rig(Script::default());
        let error = rig.quickbooks.create_customer(&proposal(name)).await.unwrap_err();
        assert!(error.is_refusal(), "{name}");
        assert_eq!(sent(&rig), None);
    }
}

#[tokio::test]
async fn another_currency_is_not_sent_where_there_is_one() {
    let rig = rig(Script::default());
    let foreign = ProposedCustomer { currency: currency("EUR"), ..proposal("Acme") };
    assert!(rig.quickbooks.create_customer(&foreign).await.unwrap_err().is_refusal());
    assert_eq!(sent(&rig), None);
}

#[tokio::test]
async fn a_name_cannot_leave_its_statement() {
    let rig = rig(Script::default().with("FROM ", "{}"));
    let name = r"O'Brien' OR Id > '0 \";
    rig.quickbooks.customer_candidates(&proposal(name)).await.unwrap();
    let statements = batch_statements(&rig.transport.requests()[0]);
    assert!(
        statements[0].contains(r"DisplayName = 'O\'Brien\' OR Id > \'0 \\' "),
        "{}",
        statements[0]
    );
}

#[test]
fn a_long_street_keeps_all_its_lines() {
    let address = Address { street: Some("a\nb\nc\nd\ne\nf".to_owned()), ..Address::default() };
    let members = super::address(&address).unwrap();
    assert_eq!(members["Line5"], "e, f");
    assert!(super::address(&Address::default()).is_none());
}
