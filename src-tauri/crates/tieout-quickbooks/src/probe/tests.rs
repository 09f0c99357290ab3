use serde_json::{Value, json};
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::Source;
use tieout_connect::testing::{ScriptedTransport, json_answer};
use tieout_domain::effect::Replay;
use tieout_domain::facts::Stream;

use super::*;
use crate::config::Agreement;
use crate::testing::{Script, company_answer, connect, fault, multi_currency, preferences, rig_of};

async fn probe_of(patch: Value, agreement: Agreement) -> Probe {
    rig_of(Script::default(), patch, agreement).quickbooks.probe().await.unwrap()
}

#[tokio::test]
async fn a_us_company() {
    let probe = probe_of(json!({}), Agreement::default()).await;
    assert_eq!((probe.name.as_str(), probe.sandbox), ("Alder Quay", true));
    assert_eq!(probe.missing, []);
    let able = probe.capabilities;
    assert_eq!(able.replay, Replay::MarkerSearch { visible_after_secs: 60 });
    assert_eq!(able.streams.len(), 8);
    assert_eq!(able.streams[0], Stream::Customers);
    assert_eq!(able.functional_currency.code(), "USD");
    assert_eq!(able.closed_to.unwrap().to_string(), "2026-05-31");
    assert_eq!(able.tax_codes, ["TAX", "NON"]);
    assert_eq!(able.default_tax_code.as_deref(), Some("NON"));
    assert_eq!(able.time_zone, "America/Los_Angeles");
    assert_eq!((able.overlap_secs, able.page_records_max, able.settle_secs), (600, 1000, 60));
    assert!(!able.drafts && !able.own_numbers && able.one_currency_per_customer);
}

#[tokio::test]
async fn own_numbers_make_the_request_id_worth_something() {
    let agreement = Agreement { own_numbers: true, ..Agreement::default() };
    let able = probe_of(json!({}), agreement).await.capabilities;
    assert_eq!(able.replay, Replay::NativeKey { ttl_secs: 3600 });
}

#[tokio::test]
async fn without_sales_tax_there_are_no_codes() {
    let able = probe_of(json!({"TaxPrefs": {"UsingSalesTax": false}}), Agreement::default()).await;
    assert_eq!((able.capabilities.tax_codes.len(), able.capabilities.default_tax_code), (0, None));
}

#[tokio::test]
async fn elsewhere_the_codes_are_those_of_the_list() {
    let transport = ScriptedTransport::new();
    transport.on(|request| {
        request
            .uri()
            .path()
            .contains("/companyinfo/")
            .then(|| json_answer(200, &company_answer("GB")))
    });
    transport.on(|request| {
        let settings = json!({"Preferences": [preferences(multi_currency())]});
        let lists = json!({"BatchItemResponse": [
            {"bId": "q0", "QueryResponse": settings},
            {"bId": "q1", "QueryResponse": {}}, {"bId": "q2", "QueryResponse": {}},
            {"bId": "q3", "QueryResponse": {"TaxCode": [{"Id": "5"}]}},
            {"bId": "q4", "QueryResponse": {"CompanyCurrency": [{"Code": "EUR"}]}}]});
        request.uri().path().ends_with("/batch").then(|| json_answer(200, &lists.to_string()))
    });
    let probe = connect(transport, Agreement::default()).quickbooks.probe().await.unwrap();
    assert_eq!(probe.capabilities.tax_codes, ["5"]);
    assert_eq!(probe.capabilities.default_tax_code, None);
    assert_eq!(probe.capabilities.currencies.len(), 2);
    let words: Vec<&str> = probe.missing.iter().map(|missing| missing.what.as_str()).collect();
    assert!(words[0].contains("no account of type Accounts Receivable"), "{words:?}");
}

#[tokio::test]
async fn what_is_missing_is_said_in_plain_words() {
    let forms = json!({"SalesFormsPrefs": {"AllowDeposit": true}});
    let missing = probe_of(forms, Agreement::default()).await.missing;
    let words: Vec<&str> = missing.iter().map(|missing| missing.what.as_str()).collect();
    assert_eq!(words.len(), 3);
    assert!(words[0].starts_with("Invoices with a deposit"));
    assert!(missing[1].remedy.contains("`Opportunity`"));
    assert!(missing[2].remedy.contains("`Dispute`"));
    assert!(missing.iter().all(|missing| !missing.blocks_reading));
}

#[tokio::test]
async fn what_blocks_everything_is_said_by_the_error() {
    for (status, code, words) in [
        (403, "3100", "the other environment"),
        (400, "120", "administrator"),
        (400, "6190", "subscription"),
    ] {
        let transport = ScriptedTransport::new();
        transport.on(move |_| Some(json_answer(status, &fault(code))));
        let error = connect(transport, Agreement::default()).quickbooks.probe().await.unwrap_err();
        let ConnectorError::NotPermitted { what } = error else { panic!("{error:?}") };
        assert!(what.contains(words), "{what}");
    }
}

#[tokio::test]
async fn a_probe_reads_afresh() {
    let rig = rig_of(Script::default(), json!({}), Agreement::default());
    rig.quickbooks.probe().await.unwrap();
    assert_eq!(rig.quickbooks.requests_sent(), 2);
    rig.quickbooks.probe().await.unwrap();
    assert_eq!(rig.quickbooks.requests_sent(), 4);
}
