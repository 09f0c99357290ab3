use serde_json::json;
use tieout_connect::ports::Source;
use tieout_connect::testing::json_answer;
use tieout_domain::effect::Replay;
use tieout_domain::facts::Stream;

use super::*;
use crate::config::Approval;
use crate::testing::{TENANT, connect, envelope, grant, own_numbers, path_of, rig, tool_numbers};

fn missing(probe: &Probe) -> Vec<&str> {
    probe.missing.iter().map(|missing| missing.what.as_str()).collect()
}

#[tokio::test]
async fn an_organisation_with_everything_it_needs() {
    let probe = rig(own_numbers(), |_| None).xero.probe().await.unwrap();
    assert_eq!(probe.name, "Northwind Tools Ltd");
    assert!(probe.sandbox, "a simulator has no real money");
    assert_eq!(missing(&probe), [""; 0]);
    let can = probe.capabilities;
    assert_eq!(can.replay, Replay::UniqueExternalId);
    assert_eq!(
        (can.time_zone.as_str(), can.functional_currency.code()),
        ("Pacific/Auckland", "NZD")
    );
    assert_eq!(can.closed_to, Some(jiff::civil::date(2026, 5, 31)));
    assert_eq!((can.currencies.len(), can.one_currency_per_customer), (2, false));
    assert_eq!((can.tax_codes, can.default_tax_code), (vec!["OUTPUT2".to_owned()], None));
    assert!(can.streams.contains(&Stream::Refunds) && can.drafts && can.own_numbers);
}

#[tokio::test]
async fn under_the_tools_numbers_our_key_is_known_for_six_minutes() {
    let probe = rig(tool_numbers(), |_| None).xero.probe().await.unwrap();
    assert_eq!(probe.capabilities.replay, Replay::NativeKey { ttl_secs: 360 });
}

#[tokio::test]
async fn numbers_without_a_place_for_the_key_are_named() {
    let probe = rig(Agreement::default(), |_| None).xero.probe().await.unwrap();
    let [missing] = &probe.missing[..] else { panic!("{:?}", probe.missing) };
    assert!(missing.what.contains("own numbers") && !missing.blocks_reading);
}

#[tokio::test]
async fn a_scope_that_was_not_allowed_is_named_with_its_remedy() {
    let allowed = "openid accounting.settings.read accounting.contacts accounting.invoices";
    let transport = rig(own_numbers(), |_| None).transport;
    let again = connect(transport, own_numbers(), grant("access", Some(allowed)));
    let probe = again.xero.probe().await.unwrap();
    assert_eq!(
        missing(&probe),
        [
            "Payments, overpayments and prepayments cannot be read",
            "Receivables cannot be tied out to the trial balance",
            "Receivables cannot be tied out to the balance sheet"
        ]
    );
    assert!(probe.missing[0].blocks_reading && !probe.missing[1].blocks_reading);
    assert!(probe.missing[0].remedy.contains("accounting.payments.read"));
}

#[tokio::test]
async fn a_right_that_the_role_lacks_is_named_where_it_matters() {
    let refusing = |request: &http::Request<bytes::Bytes>| {
        (path_of(request) == "/Organisation/Actions").then(|| {
            let actions = ["CreateDraftInvoice", "CreateApprovedInvoice", "UseMulticurrency"];
            let refused = actions.map(|name| json!({"Name": name, "Status": "NOT-ALLOWED"}));
            json_answer(200, &envelope("Actions", &refused, None))
        })
    };
    let drafts = rig(own_numbers(), refusing).xero.probe().await.unwrap();
    assert_eq!(
        missing(&drafts),
        [
            "Invoices cannot be created as drafts",
            "Invoices in foreign currencies cannot be created"
        ]
    );
    let approving = Agreement { approval: Approval::Approved, ..own_numbers() };
    let approved = rig(approving, refusing).xero.probe().await.unwrap();
    assert_eq!(missing(&approved)[0], "Invoices cannot be created as approved");
}

/// An organisation that answers 403, beside this list of connections.
async fn shut(connections: serde_json::Value) -> String {
    let rig = rig(own_numbers(), move |request| match path_of(request) {
        "/Organisation" => Some(json_answer(
            403,
            r#"{"Title":"Forbidden","Status":403,"Detail":"AuthenticationUnsuccessful"}"#,
        )),
        "/connections" => Some(json_answer(200, &connections.to_string())),
        _ => None,
    });
    rig.xero.probe().await.unwrap_err().to_string()
}

#[tokio::test]
async fn the_list_of_connections_says_that_an_organisation_left() {
    assert!(shut(json!([])).await.contains("choose it"));
    let here = json!([{"id": "4f0c6f8b-52a1-4b7d-9a55-2f7f0f4d8c01", "tenantId": TENANT,
                       "tenantType": "ORGANISATION"}]);
    assert!(!shut(here).await.contains("choose it"));
}

#[tokio::test]
async fn each_probe_reads_the_lock_dates_afresh_and_the_lists_once() {
    let rig = rig(own_numbers(), |_| None);
    rig.xero.probe().await.unwrap();
    rig.xero.probe().await.unwrap();
    let lines = rig.transport.lines();
    let asked = |path: &str| lines.iter().filter(|line| line.ends_with(path)).count();
    assert_eq!((asked("/Organisation"), asked("/Accounts")), (2, 1));
}

#[tokio::test]
async fn links_need_the_short_code_of_a_probe() {
    let rig = rig(own_numbers(), |_| None);
    assert_eq!(rig.xero.deep_link(Stream::Invoices, "1"), None);
    rig.xero.probe().await.unwrap();
    assert_eq!(rig.xero.short_code().as_deref(), Some("!n4Qx7"));
    assert!(rig.xero.deep_link(Stream::Invoices, "1").unwrap().contains("shortcode=!n4Qx7"));
}
