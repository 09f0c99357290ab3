use serde_json::json;
use tieout_connect::ports::Ledger;

use super::*;
use crate::config::Agreement;
use crate::testing::{
    CREDIT, INVOICE, PAYMENT, Rig, credit_note, invoice, not_found, overpayment, path_of, payment,
    rig, single,
};

fn company() -> Rig {
    rig(Agreement::default(), |request| {
        let path = path_of(request);
        Some(if path.ends_with(INVOICE) {
            single(Kind::Invoice, &invoice(json!({"Status": "DELETED"})))
        } else if path.ends_with(CREDIT) {
            single(Kind::CreditNote, &credit_note(json!({})))
        } else if path.ends_with(PAYMENT) {
            single(Kind::Payment, &payment(json!({})))
        } else if path.starts_with("/Overpayments/") {
            single(Kind::Overpayment, &overpayment(json!({})))
        } else if path.starts_with("/Invoices/") {
            not_found()
        } else {
            return None;
        })
    })
}

async fn receipt_of(id: &str) -> Option<String> {
    let id = ReceiptId::new(id).unwrap();
    let receipt = company().xero.receipt(&id).await.unwrap();
    receipt.map(|receipt| receipt.id.to_string())
}

#[tokio::test]
async fn a_deleted_document_is_there_and_says_so() {
    let id = DocumentId::new(INVOICE).unwrap();
    let document = company().xero.document(LedgerDocumentKind::Invoice, &id).await.unwrap();
    assert!(document.unwrap().stamp.deleted);
}

#[tokio::test]
async fn a_document_that_is_not_there_is_none() {
    let id = DocumentId::new("other").unwrap();
    let document = company().xero.document(LedgerDocumentKind::Invoice, &id).await.unwrap();
    assert_eq!(document, None);
    let sale = company().xero.document(LedgerDocumentKind::CashSale, &id).await.unwrap();
    assert_eq!(sale, None);
}

#[tokio::test]
async fn every_sort_of_receipt_is_found_at_its_own_address() {
    for id in [
        PAYMENT.to_owned(),
        format!("credit-{CREDIT}"),
        "overpayment-66ff0000-0000-4000-8000-000000000001".to_owned(),
    ] {
        assert_eq!(receipt_of(&id).await.as_deref(), Some(id.as_str()));
    }
}
