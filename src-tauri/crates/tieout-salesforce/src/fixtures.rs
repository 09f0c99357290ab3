//! Recorded shapes for the tests of this crate: describes, settings, sign-ins.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Request;
use serde_json::{Value, json};
use tieout_connect::cancel::Cancel;
use tieout_connect::secret::Secret;
use tieout_connect::session::StoredGrant;
use tieout_connect::testing::{
    CountedEntropy, MemoryStore, ScriptedAnswer, ScriptedTransport, VirtualClock, json_answer,
};
use tieout_domain::Currency;

use crate::config::SalesforceConfig;
use crate::connector::{Salesforce, SalesforceParts};
use crate::login_host::LoginHost;
use crate::organization::Organization;
use crate::schema::Schema;

/// Objects of a plain organisation with the fields that we look at.
const OBJECTS: [(&str, &str); 8] = [
    (
        "Account",
        "Id Name ParentId AccountNumber OwnerId Website BillingStreet BillingCity BillingState \
         BillingPostalCode BillingCountry MasterRecordId SystemModstamp IsDeleted",
    ),
    (
        "Opportunity",
        "Id Name AccountId StageName IsWon IsClosed Amount CloseDate Type OwnerId Pricebook2Id \
         HasOpportunityLineItem LastStageChangeDate CreatedDate SystemModstamp IsDeleted",
    ),
    (
        "OpportunityLineItem",
        "Id OpportunityId Product2Id ProductCode Name Quantity UnitPrice TotalPrice Discount \
         ServiceDate Description SortOrder SystemModstamp IsDeleted",
    ),
    (
        "OpportunityLineItemSchedule",
        "Id OpportunityLineItemId ScheduleDate Revenue Quantity Type SystemModstamp IsDeleted",
    ),
    (
        "OpportunityHistory",
        "Id OpportunityId StageName Amount CloseDate CreatedDate SystemModstamp IsDeleted",
    ),
    ("Product2", "Id Name ProductCode StockKeepingUnit IsActive Family SystemModstamp IsDeleted"),
    ("User", "Id Name Email IsActive SystemModstamp"),
    ("Task", "Id WhatId OwnerId Subject ActivityDate Status Priority Description IsDeleted"),
];

/// In the order in which the connector asks.
const ASKED: [&str; 10] = [
    "Account",
    "Opportunity",
    "OpportunityLineItem",
    "OpportunityLineItemSchedule",
    "OpportunityHistory",
    "Product2",
    "User",
    "Task",
    "Tieout_Ledger_Account__c",
    "Tieout_Sync_Error__c",
];

fn fields_of(object: &str, extra: &[&str]) -> Vec<String> {
    let standard = OBJECTS.iter().find(|(name, _)| *name == object);
    let mut fields: Vec<String> = standard
        .map(|(_, fields)| fields.split_whitespace().map(str::to_owned).collect())
        .unwrap_or_default();
    let added = extra.iter().filter_map(|name| name.split_once('.'));
    fields.extend(added.filter(|(of, _)| *of == object).map(|(_, field)| field.to_owned()));
    fields
}

fn describe_of(object: &str, fields: &[String]) -> Value {
    let fields: Vec<Value> = fields
        .iter()
        .map(|name| {
            let custom = name.ends_with("__c") || matches!(name.as_str(), "WhatId" | "Subject");
            json!({
                "name": name, "type": "string", "length": 255, "filterable": true,
                "createable": custom, "updateable": custom, "aggregatable": true,
                "externalId": name.ends_with("Key__c") || name.ends_with("_Id__c"),
                "relationshipName": name.strip_suffix("Id").filter(|rest| !rest.is_empty()),
                "picklistValues": [], "defaultValue": null,
            })
        })
        .collect();
    json!({ "name": object, "replicateable": true, "createable": true, "fields": fields })
}

/// The schema of a plain organisation and `extra` fields, each as `Object.Field`. An object that
/// has extra fields only exists with these.
pub(crate) fn schema(extra: &[&str]) -> Schema {
    let mut schema = Schema::default();
    for object in ASKED {
        let fields = fields_of(object, extra);
        if !fields.is_empty() {
            assert!(schema.add(object, &describe_of(object, &fields).to_string()));
        }
    }
    schema
}

/// A plain organisation whose user cannot see one field.
pub(crate) fn schema_without(object: &str, field: &str) -> Schema {
    let mut schema = schema(&[]);
    let fields: Vec<String> =
        fields_of(object, &[]).into_iter().filter(|name| name != field).collect();
    assert!(schema.add(object, &describe_of(object, &fields).to_string()));
    schema
}

/// An organisation with one currency, or with several where deals have one.
pub(crate) fn organization(extra: &[&str]) -> Organization {
    let currency = Currency::parse("USD").unwrap();
    Organization {
        name: "Alder Quay Instruments".to_owned(),
        sandbox: false,
        time_zone: "America/Los_Angeles".to_owned(),
        currency: Some(currency),
        currencies: vec![currency],
        schema: schema(extra),
    }
}

/// The answers to the describes, in the order in which the connector asks.
fn describe_parts(extra: &[&str]) -> Vec<(u16, String)> {
    let part = |object: &&str| {
        let fields = fields_of(object, extra);
        if fields.is_empty() {
            let error = json!([{
                "errorCode": "NOT_FOUND", "message": "The requested resource does not exist"
            }]);
            (404, error.to_string())
        } else {
            (200, describe_of(object, &fields).to_string())
        }
    };
    ASKED.iter().map(part).collect()
}

fn batch_of(parts: &[(u16, String)]) -> String {
    let results: Vec<String> = parts
        .iter()
        .map(|(status, result)| format!(r#"{{"statusCode":{status},"result":{result}}}"#))
        .collect();
    format!(r#"{{"hasErrors":false,"results":[{}]}}"#, results.join(","))
}

/// A query answer whose records are given as JSON texts.
pub(crate) fn page(records: &[&str], next: Option<&str>, total: usize) -> String {
    let next = next.map(|next| format!(r#","nextRecordsUrl":"{next}""#)).unwrap_or_default();
    let done = next.is_empty();
    let records = records.join(",");
    format!(r#"{{"totalSize":{total},"done":{done}{next},"records":[{records}]}}"#)
}

/// A composite answer of query answers, or of errors where a status is given.
pub(crate) fn composite(parts: &[(u16, &str)]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .enumerate()
        .map(|(position, (status, body))| {
            let reference = format!("q{position}");
            format!(
                r#"{{"body":{body},"httpHeaders":{{}},"httpStatusCode":{status},
                    "referenceId":"{reference}"}}"#
            )
        })
        .collect();
    format!(r#"{{"compositeResponse":[{}]}}"#, parts.join(","))
}

/// A signed-in connector over a script.
pub(crate) struct World {
    pub salesforce: Salesforce,
    pub transport: Arc<ScriptedTransport>,
    pub clock: Arc<VirtualClock>,
}

pub(crate) fn grant() -> StoredGrant {
    let id = "https://login.salesforce.com/id/00DHs00000AbCdEMAV/005Hs00000XyZ12IAF";
    StoredGrant {
        access: Secret::new("00D!a1"),
        refresh: Some(Secret::new("r1")),
        previous_refresh: None,
        obtained_at: "2026-07-06T16:00:00Z".parse().unwrap(),
        expires_at: None,
        instance_url: Some("https://acme.my.salesforce.com".to_owned()),
        extra: BTreeMap::from([("id".to_owned(), id.to_owned())]),
    }
}

/// A world whose organisation has these extra fields; everything about its settings is answered.
pub(crate) async fn world(extra: &[&str]) -> World {
    let world = bare_world().await;
    world.settings(extra);
    world
}

pub(crate) async fn bare_world() -> World {
    let transport = ScriptedTransport::new();
    let clock = VirtualClock::at("2026-07-06T16:42:00Z");
    let mut config = SalesforceConfig::new(LoginHost::production(), "3MVG9");
    config.fields.tax_number = Some("VAT__c".to_owned());
    config.fields.order_number = Some("PO__c".to_owned());
    let parts = SalesforceParts {
        transport: transport.clone(),
        store: MemoryStore::with(grant()),
        clock: clock.clone(),
        entropy: Arc::new(CountedEntropy::default()),
        cancel: Cancel::new(),
    };
    let org = Salesforce::org_of(&grant()).unwrap();
    let salesforce = Salesforce::open(config, org, parts).await.unwrap();
    World { salesforce, transport, clock }
}

impl World {
    /// Answers the questions about the organisation.
    pub fn settings(&self, extra: &[&str]) {
        let only = r#"{"features":{"multiCurrency":false,"defaultCurrencyIsoCode":"USD"}}"#;
        self.settings_saying(extra, (200, only));
    }

    /// Answers the questions about the organisation, and its only currency with this.
    pub fn settings_saying(&self, extra: &[&str], only_currency: (u16, &str)) {
        let organization = r#"{"attributes":{"type":"Organization"},"Id":"00DHs00000AbCdEMAV",
            "Name":"Alder Quay Instruments","IsSandbox":true,
            "TimeZoneSidKey":"America/Los_Angeles"}"#;
        let currencies = page(
            &[
                r#"{"IsoCode":"USD","IsActive":true,"IsCorporate":true}"#,
                r#"{"IsoCode":"EUR","IsActive":true,"IsCorporate":false}"#,
                r#"{"IsoCode":"GBP","IsActive":false,"IsCorporate":false}"#,
                r#"{"IsoCode":"ZZZ","IsActive":true,"IsCorporate":false}"#,
            ],
            None,
            4,
        );
        let mut parts = describe_parts(extra);
        parts.push((200, page(&[organization], None, 1)));
        parts.push((200, currencies));
        parts.push((only_currency.0, only_currency.1.to_owned()));
        let answer = batch_of(&parts);
        self.transport.on(move |request| {
            let asked = request.uri().path() == "/services/data/v66.0/composite/batch";
            asked.then(|| json_answer(200, &answer))
        });
    }

    /// Answers requests whose line contains a text.
    pub fn on(
        &self,
        part: &'static str,
        answer: impl Fn() -> ScriptedAnswer + Send + Sync + 'static,
    ) {
        self.transport.on(move |request| line(request).contains(part).then(&answer));
    }

    /// Requests beyond those about the organisation, decoded.
    pub fn asked(&self) -> Vec<String> {
        let lines = self.transport.requests().iter().map(line).collect::<Vec<_>>();
        lines.into_iter().filter(|line| !line.contains("/composite/batch")).collect()
    }
}

/// Method, path, query and body of a request, decoded, without host and version.
pub(crate) fn line(request: &Request<bytes::Bytes>) -> String {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let text = format!("{} {target} {}", request.method(), String::from_utf8_lossy(request.body()));
    let decoded = text.replace('+', " ");
    let mut out = Vec::new();
    let bytes = decoded.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match (bytes[at], hex.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    let text = String::from_utf8_lossy(&out).replace("/services/data/v66.0", "");
    text.trim_end().to_owned()
}
