use serde_json::{Value, json};
use tieout_connect::error::Action;
use tieout_connect::ports::Ledger;
use tieout_connect::testing::{ScriptedAnswer, json_answer};
use tieout_connect::transport::TransportError;
use tieout_domain::facts::DocumentStatus;

use super::*;
use crate::body::tests::proposal;
use crate::config::Agreement;
use crate::testing::{
    DEAL, INVOICE, KEY, Rig, envelope, invoice, own_numbers, parameter, path_of, rig, tool_numbers,
};

/// What a write answers: less than a read, with a word about itself.
fn written(patch: Value) -> Value {
    let answer = invoice(json!({"Status": "DRAFT", "StatusAttributeString": "OK",
        "Payments": null, "CreditNotes": null, "AmountCredited": null}));
    crate::testing::patched(answer, patch)
}

fn success(patch: Value) -> ScriptedAnswer {
    json_answer(200, &envelope("Invoices", &[written(patch)], None))
}

fn company(
    agreement: Agreement,
    answer: impl Fn() -> ScriptedAnswer + Send + Sync + 'static,
) -> Rig {
    rig(agreement, move |request| (request.method() == "PUT").then(&answer))
}

fn writes(rig: &Rig) -> Vec<http::Request<bytes::Bytes>> {
    rig.transport.requests().into_iter().filter(|request| request.method() == "PUT").collect()
}

async fn refused(answer: impl Fn() -> ScriptedAnswer + Send + Sync + 'static) -> ConnectorError {
    let rig = company(own_numbers(), answer);
    let error = rig.xero.create(&proposal(), 1).await.unwrap_err();
    assert_eq!(writes(&rig).len(), 1, "a create is sent once");
    error
}

fn element(patch: Value) -> ScriptedAnswer {
    let element = crate::testing::patched(
        json!({"InvoiceID": NO_ID, "StatusAttributeString": "ERROR", "HasErrors": true,
            "ValidationErrors": [{"Message": "Invoice # must be unique."}]}),
        patch,
    );
    json_answer(200, &envelope("Invoices", &[element], None))
}

#[tokio::test]
async fn an_invoice_is_put_once_with_its_idempotency_value() {
    let rig = company(own_numbers(), || success(json!({})));
    let document = rig.xero.create(&proposal(), 2).await.unwrap();
    assert_eq!((document.id.as_str(), document.status), (INVOICE, DocumentStatus::Draft));
    assert_eq!(document.total.to_plain(), "2875.00", "as the tool has it");
    let [request] = writes(&rig).try_into().unwrap();
    assert_eq!(path_of(&request), "/Invoices");
    assert_eq!(request.headers()["idempotency-key"], format!("{KEY}.2"));
    assert_eq!(parameter(&request, "summarizeErrors").as_deref(), Some("false"));
    assert_eq!(parameter(&request, "unitdp").as_deref(), Some("4"));
}

#[tokio::test]
async fn under_the_tools_number_the_link_proves_that_it_is_ours() {
    let link = format!("https://example.my.salesforce.com/{DEAL}?tieout={KEY}");
    let patch = json!({"InvoiceNumber": "INV-0045", "Url": link});
    let rig = company(tool_numbers(), move || success(patch.clone()));
    let document = rig.xero.create(&proposal(), 1).await.unwrap();
    assert_eq!(document.number.as_deref(), Some("INV-0045"));
}

#[tokio::test]
async fn a_refused_element_inside_a_success_is_a_refusal() {
    let error = refused(|| element(json!({}))).await;
    let ConnectorError::Rejected { code, text, .. } = error else { panic!("{error:?}") };
    assert_eq!((code.as_str(), text.as_str()), ("10", "Invoice # must be unique."));
}

#[tokio::test]
async fn an_element_without_its_word_is_judged_by_its_errors() {
    assert!(refused(|| element(json!({"StatusAttributeString": null}))).await.is_refusal());
    let silent = json!({"StatusAttributeString": null, "HasErrors": false});
    assert!(refused(move || element(silent.clone())).await.is_refusal());
}

#[tokio::test]
async fn a_warning_is_no_refusal() {
    let patch = json!({"StatusAttributeString": "WARNING", "Warnings": [{"Message": "Account"}]});
    let rig = company(own_numbers(), move || success(patch.clone()));
    assert!(rig.xero.create(&proposal(), 1).await.is_ok());
}

#[tokio::test]
async fn after_these_answers_only_asking_helps() {
    let answers: [(u16, String); 9] = [
        (500, r#"{"Title":"An error occurred","Status":500}"#.into()),
        (502, "<html>bad gateway</html>".into()),
        (503, "The Xero API is currently offline for maintenance".into()),
        (200, "<Response><Status>OK</Status></Response>".into()),
        (200, String::new()),
        (200, r#"{"Status":"OK"}"#.into()),
        (200, envelope("Invoices", &[written(json!({"Total": "n/a"}))], None)),
        (200, envelope("Invoices", &[written(json!({"InvoiceNumber": "INV-1"}))], None)),
        (400, r#"{"Message":"Idempotency Key: X is used with a different request."}"#.into()),
    ];
    for (status, body) in answers {
        let shown = format!("{status} {body}");
        let error = refused(move || json_answer(status, &body)).await;
        assert_eq!(error.action(), Action::AskFirst, "{shown}: {error:?}");
        assert!(!error.certainly_not_received() && !error.is_refusal(), "{shown}");
    }
}

#[tokio::test]
async fn an_accepted_element_without_an_id_says_nothing() {
    let error = refused(|| success(json!({"InvoiceID": NO_ID}))).await;
    assert_eq!(error.action(), Action::AskFirst);
}

#[tokio::test]
async fn a_lost_answer_is_an_unknown_outcome() {
    let error = refused(|| Err(TransportError::NoAnswer("reset".into()))).await;
    assert!(matches!(error, ConnectorError::OutcomeUnknown(_)));
}

#[tokio::test]
async fn a_throttle_was_not_received() {
    let limited = || {
        let answer = http::Response::builder().status(429).header("retry-after", "26");
        Ok(answer.header("x-rate-limit-problem", "minute").body(bytes::Bytes::new()).unwrap())
    };
    let error = refused(limited).await;
    assert!(error.certainly_not_received(), "{error:?}");
}

#[tokio::test]
async fn a_refusal_inside_the_closed_books_is_a_matter_of_the_period() {
    let rig = company(own_numbers(), || element(json!({})));
    let closed = ProposedDocument { effective_on: jiff::civil::date(2026, 5, 31), ..proposal() };
    let error = rig.xero.create(&closed, 1).await.unwrap_err();
    assert!(matches!(error, ConnectorError::PeriodClosed { .. }), "{error:?}");
}

#[tokio::test]
async fn what_cannot_be_read_before_means_that_nothing_was_sent() {
    let rig = rig(own_numbers(), |request| {
        (path_of(request) == "/Items").then(|| json_answer(200, "<html>"))
    });
    let error = rig.xero.create(&proposal(), 1).await.unwrap_err();
    assert!(error.certainly_not_received(), "{error:?}");
    assert_eq!(writes(&rig).len(), 0);
}

#[tokio::test]
async fn an_item_that_is_gone_is_looked_for_once_more_and_refused() {
    let rig = company(own_numbers(), || success(json!({})));
    let mut proposal = proposal();
    proposal.lines[0].item = tieout_domain::ids::ItemId::new("gone").unwrap();
    assert!(rig.xero.create(&proposal, 1).await.unwrap_err().is_refusal());
    let items = rig.transport.lines().iter().filter(|line| line.contains("/Items")).count();
    assert_eq!((items, writes(&rig).len()), (2, 0));
}

#[tokio::test]
async fn only_invoices_are_created() {
    let rig = company(own_numbers(), || success(json!({})));
    let credit = ProposedDocument { kind: LedgerDocumentKind::CreditMemo, ..proposal() };
    let error = rig.xero.create(&credit, 1).await.unwrap_err();
    assert!(matches!(error, ConnectorError::NotPermitted { .. }));
    assert_eq!(rig.transport.requests().len(), 0);
}

#[tokio::test]
async fn a_currency_that_is_not_known_is_looked_for_once_more_and_refused() {
    let rig = company(own_numbers(), || success(json!({})));
    let foreign = ProposedDocument { currency: crate::testing::currency("USD"), ..proposal() };
    assert!(rig.xero.create(&foreign, 1).await.unwrap_err().is_refusal());
    let lists = rig.transport.lines().iter().filter(|line| line.contains("/Currencies")).count();
    assert_eq!((lists, writes(&rig).len()), (2, 0));
}

#[tokio::test]
async fn what_was_sent_never_looks_as_if_it_was_not() {
    // After the write nothing else can be read any more.
    let rig = company(own_numbers(), || success(json!({})));
    rig.xero.create(&proposal(), 1).await.unwrap();
    let lines = rig.transport.lines();
    assert!(lines.last().unwrap().starts_with("PUT /api.xro/2.0/Invoices"), "{lines:?}");
}
