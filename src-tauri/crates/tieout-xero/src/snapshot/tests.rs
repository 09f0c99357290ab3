use serde_json::json;
use tieout_connect::ports::Ledger;

use super::*;
use crate::config::Agreement;
use crate::testing::{
    CONTACT, CREDIT, INVOICE, PAYMENT, Rig, TIME, contact, credit_note, instant, invoice,
    not_found, one_page, parameter, path_of, payment, rig, single,
};

fn company() -> Rig {
    rig(Agreement::default(), |request| match path_of(request) {
        "/Invoices" => Some(one_page(Kind::Invoice, &[invoice(json!({}))])),
        "/CreditNotes" => Some(one_page(Kind::CreditNote, &[credit_note(json!({}))])),
        "/Payments" => Some(one_page(Kind::Payment, &[payment(json!({"Status": "DELETED"}))])),
        path if path.ends_with(CONTACT) => Some(single(Kind::Contact, &contact(json!({})))),
        path if path.starts_with("/Contacts/") => Some(not_found()),
        _ => None,
    })
}

async fn snapshot(rig: &Rig) -> CustomerSnapshot {
    rig.xero.customer(&CustomerId::new(CONTACT).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_customer_with_its_documents_and_payments() {
    let rig = company();
    let snapshot = snapshot(&rig).await;
    assert_eq!(snapshot.customer.unwrap().id.as_str(), CONTACT);
    let ids: Vec<&str> = snapshot.facts.iter().map(Fact::id).collect();
    assert_eq!(ids, [INVOICE, CREDIT, &format!("credit-{CREDIT}"), PAYMENT]);
    assert_eq!(snapshot.server_time, instant(TIME));
}

#[tokio::test]
async fn a_payment_that_was_reversed_comes_too() {
    let facts = snapshot(&company()).await.facts;
    let receipt = facts.iter().find_map(|fact| match fact {
        Fact::Receipt(receipt) if receipt.id.as_str() == PAYMENT => Some(receipt),
        _ => None,
    });
    assert!(receipt.unwrap().voided);
}

#[tokio::test]
async fn four_questions_say_all_of_it() {
    let rig = company();
    snapshot(&rig).await;
    let before = rig.transport.requests().len();
    snapshot(&rig).await;
    let asked = &rig.transport.requests()[before..];
    assert_eq!(asked.len(), 4);
    assert_eq!(parameter(&asked[1], "ContactIDs").as_deref(), Some(CONTACT));
    let wanted = format!("Invoice.InvoiceID==guid(\"{INVOICE}\")");
    assert_eq!(parameter(&asked[3], "where"), Some(wanted));
}

#[tokio::test]
async fn a_customer_that_is_not_there_is_not_found() {
    for id in ["7c1d0000-0000-4000-8000-00000000ffff", "no-guid"] {
        let answer = company().xero.customer(&CustomerId::new(id).unwrap()).await;
        assert!(matches!(answer, Err(ConnectorError::NotFound)), "{id}");
    }
}
