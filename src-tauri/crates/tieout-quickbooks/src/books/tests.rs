use serde_json::json;

use super::*;
use crate::config::Agreement;
use crate::testing::{Script, books, door, multi_currency, rig_of};

#[tokio::test]
async fn settings_are_one_request() {
    let rig = rig_of(Script::default(), json!({}), Agreement::default());
    let books = Books::load(door(&rig)).await.unwrap();
    assert_eq!(rig.transport.requests().len(), 1);
    assert_eq!(books.home.code(), "USD");
    assert_eq!(books.closed_to, Some(jiff::civil::date(2026, 5, 31)));
    assert_eq!(books.receivable_accounts(), ["84", "85"]);
    assert_eq!(books.account_kind("79"), Some(AccountKind::Other));
    assert_eq!(books.account_kind("1"), None);
    assert_eq!(books.term_days("3"), Some(30));
    assert_eq!(books.tax_codes, ["5"]);
    assert_eq!(books.currencies.iter().map(|c| c.code().to_owned()).collect::<Vec<_>>(), ["USD"]);
}

#[tokio::test]
async fn preferences_that_a_query_does_not_give_come_from_their_address() {
    let rig =
        rig_of(Script::default().with("FROM Preferences", "{}"), json!({}), Agreement::default());
    let settings = json!({"Preferences": crate::testing::preferences(json!({}))}).to_string();
    rig.transport.on(move |request| {
        let own = request.uri().path().ends_with("/preferences");
        own.then(|| tieout_connect::testing::json_answer(200, &settings))
    });
    assert_eq!(Books::load(door(&rig)).await.unwrap().home.code(), "USD");
    assert_eq!(rig.transport.requests().len(), 2);
}

#[tokio::test]
async fn a_refused_list_of_currencies_hurts_only_who_has_several() {
    let refused = |patch| async move {
        let transport = tieout_connect::testing::ScriptedTransport::new();
        let settings = json!({"Preferences": [crate::testing::preferences(patch)]});
        let fault = json!({"Error": [{"Message": "x", "code": "4000"}], "type": "ValidationFault"});
        let batch = json!({"BatchItemResponse": [
            {"bId": "q0", "QueryResponse": settings},
            {"bId": "q1", "QueryResponse": {}}, {"bId": "q2", "QueryResponse": {}},
            {"bId": "q3", "QueryResponse": {}}, {"bId": "q4", "Fault": fault}]});
        transport.on(move |_| Some(tieout_connect::testing::json_answer(200, &batch.to_string())));
        let rig = crate::testing::connect(transport, Agreement::default());
        Books::load(door(&rig)).await
    };
    assert!(refused(json!({})).await.is_ok());
    assert!(refused(multi_currency()).await.is_err());
}

#[tokio::test]
async fn only_custom_fields_that_are_on_count() {
    let fields = books(json!({})).await.custom_fields;
    assert_eq!(fields.get("Opportunity").map(String::as_str), Some("1"));
    assert_eq!(fields.get("Dispute").map(String::as_str), Some("2"));
    assert_eq!(fields.get("Order"), None);
}

#[tokio::test]
async fn several_currencies_are_listed() {
    let books = books(multi_currency()).await;
    let codes: Vec<String> = books.currencies.iter().map(|c| c.code().to_owned()).collect();
    assert_eq!(codes, ["EUR", "USD"]);
}

#[tokio::test]
async fn absent_switches_are_off() {
    let books =
        books(json!({"SalesFormsPrefs": {}, "TaxPrefs": {}, "AccountingInfoPrefs": {}})).await;
    assert!(!books.custom_numbers && !books.sales_tax && !books.allows_deposit_inside);
    assert_eq!(books.closed_to, None);
}

#[tokio::test]
async fn a_company_without_a_home_currency_is_no_answer() {
    let rig = rig_of(Script::default(), json!({"CurrencyPrefs": {}}), Agreement::default());
    let error = Books::load(door(&rig)).await.unwrap_err();
    let ConnectorError::Malformed { path } = error else { panic!("{error:?}") };
    assert_eq!(path, "Preferences.CurrencyPrefs.HomeCurrency");
}

#[tokio::test]
async fn a_long_chart_of_accounts_is_read_to_its_end() {
    let account = |id: usize| format!(r#"{{"Id":"{id}","AccountType":"Income"}}"#);
    let page = |ids: std::ops::Range<usize>| {
        crate::testing::rows(Entity::Account, &ids.map(account).collect::<Vec<_>>())
    };
    let script = Script::default()
        .with("STARTPOSITION 1001", page(1000..1003))
        .with("FROM Account", page(0..1000));
    let rig = rig_of(script, json!({}), Agreement::default());
    let books = Books::load(door(&rig)).await.unwrap();
    assert_eq!(books.account_kind("1002"), Some(AccountKind::Other));
}
