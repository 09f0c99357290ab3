use serde_json::{Value, json};
use tieout_connect::ports::Ledger;
use tieout_connect::testing::{ScriptedAnswer, json_answer};
use tieout_domain::ids::AccountId;

use super::*;
use crate::testing::{
    ACCOUNT, CONTACT, Rig, contact, currency, envelope, not_found, one_page, own_numbers,
    parameter, path_of, rig, single,
};

const OTHER: &str = "7c1d0000-0000-4000-8000-000000000002";

fn proposal(name: &str) -> ProposedCustomer {
    ProposedCustomer {
        account: AccountId::new(ACCOUNT).unwrap(),
        name: name.to_owned(),
        currency: currency("NZD"),
        address: Address {
            street: Some("1 Quay\nPier 2".to_owned()),
            city: Some("Lyttelton".to_owned()),
            ..Address::default()
        },
    }
}

/// An organisation that knows this contact by our number, and finds these by name.
fn company(numbered: Option<Value>, named: Vec<Value>) -> Rig {
    rig(own_numbers(), move |request| {
        let path = path_of(request);
        if path == format!("/Contacts/{ACCOUNT}") {
            return Some(numbered.as_ref().map_or_else(not_found, |it| single(Kind::Contact, it)));
        }
        (path == "/Contacts").then(|| one_page(Kind::Contact, &named))
    })
}

async fn candidates(rig: &Rig, name: &str) -> Vec<String> {
    let found = rig.xero.customer_candidates(&proposal(name)).await.unwrap();
    found.into_iter().map(|customer| customer.id.to_string()).collect()
}

#[tokio::test]
async fn our_number_and_the_name_are_looked_for() {
    let named = vec![contact(json!({})), contact(json!({"ContactID": OTHER, "ContactNumber": ""}))];
    let rig = company(Some(contact(json!({}))), named);
    assert_eq!(candidates(&rig, "Harbour Mills Ltd").await, [CONTACT, OTHER]);
    let search = rig.transport.requests().into_iter().find(|it| path_of(it) == "/Contacts");
    let search = search.unwrap();
    assert_eq!(parameter(&search, "searchTerm").as_deref(), Some("Harbour Mills Ltd"));
    assert_eq!(parameter(&search, "includeArchived").as_deref(), Some("true"));
    assert_eq!(parameter(&search, "where"), None, "a name never enters a filter");
}

#[tokio::test]
async fn part_of_a_name_is_no_name() {
    let named = vec![
        contact(json!({"Name": "Harbour Mills Ltd Trust"})),
        contact(json!({"ContactID": OTHER, "Name": "HARBOUR  mills ltd"})),
    ];
    assert_eq!(candidates(&company(None, named), " Harbour Mills Ltd").await, [OTHER]);
}

#[tokio::test]
async fn an_archived_contact_is_a_candidate_and_says_so() {
    let rig = company(None, vec![contact(json!({"ContactStatus": "ARCHIVED"}))]);
    let found = rig.xero.customer_candidates(&proposal("Harbour Mills Ltd")).await.unwrap();
    assert!(!found[0].active);
}

fn creating(answer: impl Fn() -> ScriptedAnswer + Send + Sync + 'static) -> Rig {
    rig(own_numbers(), move |request| (request.method() == "PUT").then(&answer))
}

#[tokio::test]
async fn a_contact_carries_the_accounts_id_as_its_number() {
    let rig = creating(|| {
        let answer = contact(json!({"StatusAttributeString": "OK", "HasValidationErrors": false}));
        json_answer(200, &envelope("Contacts", &[answer], None))
    });
    let customer = rig.xero.create_customer(&proposal("Harbour Mills Ltd")).await.unwrap();
    assert_eq!(customer.account.unwrap().as_str(), ACCOUNT);
    let request = rig.transport.requests().into_iter().find(|it| it.method() == "PUT").unwrap();
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(
        body,
        json!({"Contacts": [{"Name": "Harbour Mills Ltd", "ContactNumber": ACCOUNT,
            "Addresses": [{"AddressType": "STREET", "AddressLine1": "1 Quay",
                           "AddressLine2": "Pier 2", "City": "Lyttelton"}]}]})
    );
    assert!(!request.headers().contains_key("idempotency-key"));
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_refusal() {
    let rig = creating(|| {
        let element = json!({"StatusAttributeString": "ERROR", "ValidationErrors":
            [{"Message": "The contact name X is already assigned to another contact."}]});
        json_answer(200, &envelope("Contacts", &[element], None))
    });
    let error = rig.xero.create_customer(&proposal("Harbour Mills Ltd")).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Rejected { .. }), "{error:?}");
}

#[tokio::test]
async fn a_name_that_xero_cannot_hold_is_never_mended() {
    let rig = creating(|| json_answer(200, "{}"));
    for name in ["", "  ", "A <b>", "A  B", "A\tB", &"x".repeat(256)] {
        let error = rig.xero.create_customer(&proposal(name)).await.unwrap_err();
        assert!(error.is_refusal(), "{name}: {error:?}");
    }
    assert!(rig.transport.requests().iter().all(|request| request.method() == "GET"));
}
