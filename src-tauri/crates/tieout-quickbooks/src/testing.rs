//! A company that answers from a script, for the tests of this crate. Whatever the script does not
//! know fails the test loudly.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};
use tieout_connect::cancel::Cancel;
use tieout_connect::endpoint::BaseUrl;
use tieout_connect::json::{Reading, Record};
use tieout_connect::ports::Read;
use tieout_connect::secret::Secret;
use tieout_connect::session::StoredGrant;
use tieout_connect::testing::{
    CountedEntropy, MemoryStore, ScriptedAnswer, ScriptedTransport, VirtualClock, json_answer,
};
use tieout_domain::Currency;
use tieout_domain::facts::Fact;

use crate::books::Books;
use crate::config::{Agreement, App, Company, Environment, FieldLabels, RedirectKind};
use crate::discovery::Endpoints;
use crate::door::{Door, Raw};
use crate::entity::Entity;
use crate::reading::{Context, fact_of};
use crate::{QuickBooks, Wiring};

pub(crate) const REALM: &str = "9130347957983546";
pub(crate) const NOW: &str = "2026-07-06T16:42:00Z";
pub(crate) const TIME: &str = "2026-07-06T09:41:59.120-07:00";
/// Accounts of the scripted company: 84 and 85 are receivables.
const ACCOUNTS: &str = r#"{"Account":[
    {"Id":"84","AccountType":"Accounts Receivable"},{"Id":"85","AccountType":"Accounts Receivable"},
    {"Id":"79","AccountType":"Income"},{"Id":"35","AccountType":"Bank"}]}"#;
const TERMS: &str = r#"{"Term":[{"Id":"3","Name":"Net 30","Type":"STANDARD","DueDays":30},
    {"Id":"9","Name":"EOM","Type":"DATE_DRIVEN","DayOfMonthDue":31}]}"#;
const TAX_CODES: &str = r#"{"TaxCode":[{"Id":"5","Name":"20% S","Active":true},
    {"Id":"6","Name":"Old","Active":false},{"Id":"7","Name":"H","Active":true,"Hidden":true}]}"#;

pub(crate) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn raw(text: &str) -> Raw {
    serde_json::from_str(text).unwrap()
}

/// Preferences of a US company in dollars; `patch` replaces whole groups.
pub(crate) fn preferences(patch: Value) -> Value {
    let mut groups = json!({
        "CurrencyPrefs": {"MultiCurrencyEnabled": false, "HomeCurrency": {"value": "USD"}},
        "SalesFormsPrefs": {"CustomTxnNumbers": false, "CustomField": [
            {"CustomField": [
                {"Name": "SalesFormsPrefs.UseSalesCustom1", "Type": "BooleanType", "BooleanValue": true},
                {"Name": "SalesFormsPrefs.UseSalesCustom2", "Type": "BooleanType", "BooleanValue": true},
                {"Name": "SalesFormsPrefs.UseSalesCustom3", "Type": "BooleanType", "BooleanValue": false}]},
            {"CustomField": [
                {"Name": "SalesFormsPrefs.SalesCustomName1", "Type": "StringType", "StringValue": "Opportunity"},
                {"Name": "SalesFormsPrefs.SalesCustomName2", "Type": "StringType", "StringValue": "Dispute"},
                {"Name": "SalesFormsPrefs.SalesCustomName3", "Type": "StringType", "StringValue": "Order"}]}]},
        "TaxPrefs": {"UsingSalesTax": true, "PartnerTaxEnabled": true},
        "AccountingInfoPrefs": {"BookCloseDate": "2026-05-31"},
    });
    for (name, group) in patch.as_object().unwrap() {
        groups[name.as_str()] = group.clone();
    }
    groups
}

/// Preferences of a company that keeps several currencies.
pub(crate) fn multi_currency() -> Value {
    json!({"CurrencyPrefs": {"MultiCurrencyEnabled": true, "HomeCurrency": {"value": "USD"}}})
}

/// What the scripted company answers to statements: the first entry whose words are in it.
#[derive(Clone, Default)]
pub(crate) struct Script {
    pub answers: Vec<(&'static str, String)>,
}

impl Script {
    /// Answers statements that hold `words` with this `QueryResponse`.
    pub fn with(mut self, words: &'static str, response: impl Into<String>) -> Self {
        self.answers.push((words, response.into()));
        self
    }

    /// Answers before everything else, unless a test has its own answer to just these words.
    fn first(mut self, words: &'static str, response: String) -> Self {
        if !self.answers.iter().any(|(known, _)| *known == words) {
            self.answers.insert(0, (words, response));
        }
        self
    }

    fn answer(&self, statement: &str) -> String {
        let known = self.answers.iter().find(|(words, _)| statement.contains(words));
        let settings = [
            ("FROM Account", ACCOUNTS),
            ("FROM Term", TERMS),
            ("FROM TaxCode", TAX_CODES),
            ("FROM CompanyCurrency", r#"{"CompanyCurrency":[{"Code":"EUR","Active":true}]}"#),
        ];
        let setting = || settings.iter().find(|(words, _)| statement.contains(words));
        match known.map(|(_, response)| response.as_str()) {
            Some(response) => response.to_owned(),
            None => match setting() {
                Some((_, response)) => (*response).to_owned(),
                None => panic!("nobody answers: {statement}"),
            },
        }
    }
}

/// A connection to the scripted company.
pub(crate) struct Rig {
    pub transport: Arc<ScriptedTransport>,
    pub clock: Arc<VirtualClock>,
    pub quickbooks: QuickBooks,
}

/// A rig with default settings.
pub(crate) fn rig(script: Script) -> Rig {
    rig_of(script, json!({}), Agreement::default())
}

pub(crate) fn rig_of(script: Script, patch: Value, agreement: Agreement) -> Rig {
    let transport = ScriptedTransport::new();
    let settings = json!({"Preferences": [preferences(patch)]}).to_string();
    let script = script.first("FROM Preferences", settings);
    transport.on(move |request| {
        let path = request.uri().path();
        let query = |text: &str| script.answer(text);
        if path.contains("/companyinfo/") {
            Some(json_answer(200, &company_answer("US")))
        } else if path.ends_with("/query") {
            let response = query(&statement(request));
            Some(json_answer(200, &format!(r#"{{"QueryResponse":{response},"time":"{TIME}"}}"#)))
        } else if path.ends_with("/batch") {
            Some(batch_answer(request, query))
        } else {
            None
        }
    });
    connect(transport, agreement)
}

pub(crate) fn company_answer(country: &str) -> String {
    json!({"CompanyInfo": {"CompanyName": "Alder Quay", "Country": country, "Id": "1"}, "time": TIME})
        .to_string()
}

/// A connection over a transport that has its script already.
pub(crate) fn connect(transport: Arc<ScriptedTransport>, agreement: Agreement) -> Rig {
    let clock = VirtualClock::at(NOW);
    let base = BaseUrl::parse("http://127.0.0.1:4040").unwrap();
    let environment = Environment::At(base);
    let endpoints = Endpoints::known(&environment);
    let app =
        App::new(environment, "client", Secret::new("secret"), RedirectKind::Loopback).unwrap();
    let grant = StoredGrant {
        access: Secret::new("access"),
        refresh: Some(Secret::new("refresh")),
        previous_refresh: None,
        obtained_at: instant(NOW),
        expires_at: Some(instant("2026-07-06T17:42:00Z")),
        instance_url: None,
        extra: BTreeMap::new(),
    };
    let wiring = Wiring {
        transport: transport.clone(),
        store: MemoryStore::with(grant),
        clock: clock.clone(),
        entropy: Arc::new(CountedEntropy::default()),
        cancel: Cancel::new(),
        endpoints,
    };
    let company = Company::new(app, REALM).unwrap();
    Rig { quickbooks: QuickBooks::new(company, agreement, wiring), transport, clock }
}

/// The statement of a query request.
pub(crate) fn statement(request: &Request<Bytes>) -> String {
    parameter(request, "query").expect("a statement")
}

/// A parameter of a request, decoded.
pub(crate) fn parameter(request: &Request<Bytes>, name: &str) -> Option<String> {
    let query = request.uri().query()?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")))?;
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail) {
            let digits = [*high, *low];
            let digits = std::str::from_utf8(&digits).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    Some(String::from_utf8(bytes).unwrap())
}

/// Statements of a batch request.
pub(crate) fn batch_statements(request: &Request<Bytes>) -> Vec<String> {
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    let items = body["BatchItemRequest"].as_array().unwrap();
    items.iter().map(|item| item["Query"].as_str().unwrap().to_owned()).collect()
}

fn batch_answer(request: &Request<Bytes>, query: impl Fn(&str) -> String) -> ScriptedAnswer {
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    let items = body["BatchItemRequest"].as_array().unwrap();
    let answers: Vec<String> = items
        .iter()
        .map(|item| {
            let response = query(item["Query"].as_str().unwrap());
            format!(r#"{{"bId":{},"QueryResponse":{response}}}"#, item["bId"])
        })
        .collect();
    json_answer(200, &format!(r#"{{"BatchItemResponse":[{}],"time":"{TIME}"}}"#, answers.join(",")))
}

/// Settings of the scripted company, loaded over the wire.
pub(crate) async fn books(patch: Value) -> Books {
    let rig = rig_of(Script::default(), patch, Agreement::default());
    Books::load(door(&rig)).await.unwrap()
}

pub(crate) fn door(rig: &Rig) -> &Door {
    rig.quickbooks.door()
}

/// Reads one record with the settings of the scripted company.
pub(crate) fn read_with(
    patch: Value,
    labels: &FieldLabels,
    entity: Entity,
    text: &str,
) -> Reading<Option<Fact>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let books = runtime.block_on(books(patch));
    let value: Value = serde_json::from_str(text).unwrap();
    let context = Context { books: &books, labels, line_codes_are_flags: true };
    Record::of(&value).and_then(|record| fact_of(entity, &record, context))
}

/// `fact <id>` or `<reason> <id> at <path>`.
pub(crate) fn shown(read: &Read) -> String {
    match read {
        Read::Fact(fact) => format!("{} {}", fact_word(fact), fact.id()),
        Read::Quarantined(q) => format!("{} {} at {}", q.reason.as_str(), q.id, q.path),
    }
}

fn fact_word(fact: &Fact) -> &'static str {
    if matches!(fact, Fact::Gone(_)) { "gone" } else { "fact" }
}

/// An invoice of 1,000.00 and 70.56 tax, with members replaced or, if null, taken away.
pub(crate) fn invoice(patch: Value) -> String {
    patched(
        json!({
            "Id": "266", "SyncToken": "0",
            "MetaData": {"CreateTime": "2026-02-03T09:20:00-08:00",
                         "LastUpdatedTime": "2026-02-03T09:20:00-08:00"},
            "DocNumber": "1045", "TxnDate": "2026-02-03", "DueDate": "2026-03-05",
            "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
            "PrivateNote": "tieout:TIE-4WIP5NPYZH6ZVQOB opp=0065g00000AbCdEAAV",
            "LinkedTxn": [],
            "CustomField": [{"DefinitionId": "1", "Name": "Opportunity", "Type": "StringType",
                             "StringValue": "0065g00000AbCdEAAV"}],
            "Line": [{"Id": "1", "LineNum": 1, "Amount": 1000.00, "Description": "Seats",
                      "DetailType": "SalesItemLineDetail",
                      "SalesItemLineDetail": {"ItemRef": {"value": "31"}, "UnitPrice": 50, "Qty": 20,
                                              "TaxCodeRef": {"value": "TAX"}}},
                     {"Amount": 1000.00, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}],
            "TxnTaxDetail": {"TotalTax": 70.56},
            "CustomerRef": {"value": "72", "name": "Northwind"},
            "SalesTermRef": {"value": "3"},
            "TotalAmt": 1070.56, "Balance": 1070.56
        }),
        patch,
    )
}

/// A record with members replaced or, if null, taken away.
pub(crate) fn patched(mut record: Value, patch: Value) -> String {
    for (name, value) in patch.as_object().unwrap() {
        record[name.as_str()] = value.clone();
    }
    record.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    record.to_string()
}

/// `QueryResponse` with these records of one kind.
pub(crate) fn rows(entity: Entity, records: &[String]) -> String {
    format!(
        r#"{{"{}":[{}],"startPosition":1,"maxResults":{}}}"#,
        entity.name(),
        records.join(","),
        records.len()
    )
}

/// A fault of the application with one error.
pub(crate) fn fault(code: &str) -> String {
    format!(
        r#"{{"Fault":{{"Error":[{{"Message":"m","Detail":"Acme said no","code":"{code}","element":"Line"}}],"type":"ValidationFault"}},"time":"{TIME}"}}"#
    )
}
