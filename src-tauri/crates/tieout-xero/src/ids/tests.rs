use serde_json::json;
use tieout_connect::ports::Source;

use crate::kind::Kind;
use crate::testing::{
    CREDIT, INVOICE, PAYMENT, credit_note, invoice, one_page, overpayment, parameter, path_of,
    payment, rig,
};
use tieout_domain::facts::Stream;

const OTHER: &str = "90aa0000-0000-4000-8000-000000000002";

#[tokio::test]
async fn invoices_are_listed_in_short_form() {
    let rig = rig(crate::Agreement::default(), |request| {
        (path_of(request) == "/Invoices").then(|| one_page(Kind::Invoice, &[invoice(json!({}))]))
    });
    assert_eq!(rig.xero.ids(Stream::Invoices).await.unwrap(), Some(vec![INVOICE.to_owned()]));
    let [request] = rig.transport.requests().try_into().unwrap();
    assert_eq!(parameter(&request, "summaryOnly").as_deref(), Some("true"));
    assert_eq!(parameter(&request, "pageSize").as_deref(), Some("1000"));
}

#[tokio::test]
async fn ids_are_those_that_the_facts_have() {
    let rig = rig(crate::Agreement::default(), |request| {
        Some(match path_of(request) {
            "/Payments" => one_page(
                Kind::Payment,
                &[
                    payment(json!({})),
                    payment(json!({"PaymentID": OTHER, "PaymentType": "ARCREDITPAYMENT"})),
                    payment(json!({"PaymentID": "x", "PaymentType": "ACCPAYPAYMENT"})),
                ],
            ),
            "/Overpayments" => one_page(
                Kind::Overpayment,
                &[
                    overpayment(json!({"OverpaymentID": "66ff"})),
                    overpayment(json!({"OverpaymentID": "77", "Type": "SPEND-OVERPAYMENT"})),
                ],
            ),
            "/Prepayments" => one_page(Kind::Prepayment, &[]),
            "/CreditNotes" => one_page(
                Kind::CreditNote,
                &[
                    credit_note(json!({})),
                    credit_note(json!({"CreditNoteID": "unused", "Allocations": []})),
                ],
            ),
            _ => return None,
        })
    });
    let receipts = rig.xero.ids(Stream::Receipts).await.unwrap().unwrap();
    let mut want =
        vec![PAYMENT.to_owned(), format!("credit-{CREDIT}"), "overpayment-66ff".to_owned()];
    want.sort_unstable();
    assert_eq!(receipts, want);
    assert_eq!(rig.xero.ids(Stream::Refunds).await.unwrap(), Some(vec![OTHER.to_owned()]));
}
