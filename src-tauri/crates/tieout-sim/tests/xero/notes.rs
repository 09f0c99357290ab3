//! History, attachments, PDF, online invoices and e-mail (`xero §6.15`).

use serde_json::json;

use crate::desk::{Desk, id};

fn company() -> (Desk, String) {
    let desk = Desk::new();
    let invoice = desk.invoice(&desk.contact("Acme"), "10");
    let path = format!("/Invoices/{}", id(&invoice, "InvoiceID"));
    (desk, path)
}

#[test]
fn notes_are_added_and_stay() {
    let (desk, path) = company();
    let note = json!({"HistoryRecords": [{"Details": "Matched to 006Hs00001AsDfGIAV"}]});
    let made = desk.put(&format!("{path}/History"), note).one();
    assert_eq!(
        (made["User"].clone(), made["Changes"].clone()),
        (json!("System Generated"), json!("Note"))
    );
    let read = desk.get(&format!("{path}/History")).one();
    assert_eq!(read["Details"], "Matched to 006Hs00001AsDfGIAV");
    let long = json!({"HistoryRecords": [{"Details": "x".repeat(2501)}]});
    assert_eq!(desk.put(&format!("{path}/History"), long).status, 400);
}

#[test]
fn files_are_attached_and_overwritten_by_name() {
    let (desk, path) = company();
    let kind = [("content-type", "text/plain")];
    let put = |name: &str, text: &str| {
        desk.api("PUT", &format!("{path}/Attachments/{name}"), &kind, text)
    };
    assert_eq!(put("deal.txt", "one").one()["ContentLength"], 3);
    put("deal.txt", "three").one();
    let listed = desk.get(&format!("{path}/Attachments")).one();
    assert_eq!(
        (listed["FileName"].clone(), listed["ContentLength"].clone()),
        (json!("deal.txt"), json!(5))
    );
    assert_eq!(desk.get(&format!("{path}/Attachments/deal.txt")).text, "three");
    assert_eq!(desk.get(&path).one()["HasAttachments"], true);
    assert_eq!(put("a%3Ab.txt", "x").status, 400);
    for at in 0..9 {
        assert_eq!(put(&format!("{at}.txt"), "x").status, 200);
    }
    assert_eq!(put("eleventh.txt", "x").status, 400);
}

#[test]
fn an_invoice_has_a_pdf_and_an_online_page() {
    let (desk, path) = company();
    let pdf = desk.api("GET", &path, &[("accept", "application/pdf")], "");
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    assert!(pdf.text.starts_with("%PDF-"));
    let online = desk.get(&format!("{path}/OnlineInvoice")).one();
    assert!(online["OnlineInvoiceUrl"].as_str().unwrap().starts_with("https://"));
}

#[test]
fn an_e_mail_answers_204_and_none_leaves_a_demo_company() {
    let (desk, path) = company();
    assert_eq!(desk.post(&format!("{path}/Email"), json!({})).status, 204);
    assert_eq!(desk.get(&path).one()["SentToContact"], true);
    desk.sim.switch_tenant(None, &json!({"is_demo": true})).unwrap();
    assert_eq!(desk.post(&format!("{path}/Email"), json!({})).status, 400);
}
