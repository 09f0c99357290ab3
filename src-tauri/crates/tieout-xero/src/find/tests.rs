use serde_json::{Value, json};
use tieout_connect::ports::Ledger;
use tieout_domain::facts::DocumentStatus;

use super::*;
use crate::body::tests::proposal;
use crate::config::Agreement;
use crate::testing::{
    DEAL, INVOICE, KEY, Rig, invoice, one_page, own_numbers, parameter, path_of, rig, tool_numbers,
};

fn link() -> String {
    format!("https://example.my.salesforce.com/{DEAL}?tieout={KEY}")
}

/// An organisation with this invoice under our number, and this one under the deal's reference.
fn company(agreement: Agreement, by_number: Vec<Value>, by_deal: Vec<Value>) -> Rig {
    rig(agreement, move |request| {
        if path_of(request) != "/Invoices" {
            return None;
        }
        let numbered = parameter(request, "InvoiceNumbers").is_some();
        Some(one_page(Kind::Invoice, if numbered { &by_number } else { &by_deal }))
    })
}

async fn found(rig: &Rig) -> Option<String> {
    rig.xero.find(&proposal()).await.unwrap().map(|document| document.id.to_string())
}

fn asked(rig: &Rig) -> Vec<String> {
    let calls = rig.transport.requests();
    let listed = calls.iter().filter(|request| path_of(request) == "/Invoices");
    listed
        .map(|request| {
            parameter(request, "InvoiceNumbers").or(parameter(request, "where")).unwrap()
        })
        .collect()
}

#[tokio::test]
async fn our_number_is_asked_for_first() {
    let rig = company(own_numbers(), vec![invoice(json!({}))], Vec::new());
    assert_eq!(found(&rig).await.as_deref(), Some(INVOICE));
    assert_eq!(asked(&rig), [KEY]);
}

#[tokio::test]
async fn a_number_that_a_person_changed_does_not_hide_it() {
    let renamed = invoice(json!({"InvoiceNumber": "INV-7", "Url": link()}));
    let rig = company(own_numbers(), Vec::new(), vec![renamed]);
    assert_eq!(found(&rig).await.as_deref(), Some(INVOICE));
    assert_eq!(asked(&rig), [KEY.to_owned(), format!(r#"Type=="ACCREC"&&Reference=="{DEAL}""#)]);
}

#[tokio::test]
async fn another_invoice_of_the_deal_is_not_ours() {
    let other = link().replace("YIO2VH22ILF65RQE", "GHM43UDXZQ5IYJ5Z");
    let others = vec![
        invoice(json!({"InvoiceNumber": "INV-8", "Url": other})),
        invoice(json!({"InvoiceNumber": "INV-9"})),
    ];
    assert_eq!(found(&company(tool_numbers(), Vec::new(), others)).await, None);
}

#[tokio::test]
async fn a_number_that_only_begins_like_ours_is_not_ours() {
    let longer = invoice(json!({"InvoiceNumber": format!("{KEY}-1")}));
    assert_eq!(found(&company(own_numbers(), vec![longer], Vec::new())).await, None);
}

#[tokio::test]
async fn the_number_of_a_bill_is_the_suppliers() {
    let bill = invoice(json!({"Type": "ACCPAY"}));
    assert_eq!(found(&company(own_numbers(), vec![bill], Vec::new())).await, None);
}

#[tokio::test]
async fn a_void_or_deleted_invoice_is_found_because_its_number_is_used_up() {
    for (word, status) in [("VOIDED", DocumentStatus::Void), ("DELETED", DocumentStatus::Deleted)] {
        let rig = company(own_numbers(), vec![invoice(json!({"Status": word}))], Vec::new());
        assert_eq!(rig.xero.find(&proposal()).await.unwrap().unwrap().status, status);
    }
}

#[tokio::test]
async fn one_that_cannot_be_read_is_there_all_the_same() {
    let odd = invoice(json!({"Total": "n/a"}));
    let rig = company(own_numbers(), vec![odd], Vec::new());
    assert!(rig.xero.find(&proposal()).await.is_err());
}

#[tokio::test]
async fn without_a_link_the_number_alone_decides() {
    let numbered = Agreement { own_numbers: true, ..Agreement::default() };
    let rig = company(numbered, Vec::new(), Vec::new());
    assert_eq!(found(&rig).await, None);
    assert_eq!(asked(&rig), [KEY]);
}
