use serde_json::Value;
use tieout_connect::json::Record;
use tieout_domain::facts::{Fact, Stream};

use super::*;
use crate::config::{FieldChoices, TraitChoices};
use crate::fixtures::organization;

fn choices() -> FieldChoices {
    FieldChoices {
        deal_reference: Some("Reference__c".to_owned()),
        order_number: Some("PO__c".to_owned()),
        tax_number: Some("VAT__c".to_owned()),
        item_code: "Tieout_External_Id__c".to_owned(),
        traits: TraitChoices {
            deal: names(&["Region__c", "Renewal__c", "Score__c", "Absent__c"]),
            account: names(&["Segment__c"]),
            owner: names(&["UserRole.Name"]),
            record_type: true,
        },
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn read(stream: Stream, text: &str, extra: &[&str]) -> Result<Option<Fact>, String> {
    let (organization, choices) = (organization(extra), choices());
    let context = Context { organization: &organization, choices: &choices };
    let value: Value = serde_json::from_str(text).unwrap();
    let record = Record::of(&value).unwrap();
    fact_of(stream, &record, context)
        .map_err(|error| format!("{} at {}", error.reason.as_str(), error.path))
}

fn one(stream: Stream, text: &str, extra: &[&str]) -> Fact {
    read(stream, text, extra).unwrap().unwrap()
}

#[track_caller]
fn refused(stream: Stream, text: &str, extra: &[&str], want: &str) {
    assert_eq!(read(stream, text, extra), Err(want.to_owned()));
}

const SEVERAL: &[&str] = &["Opportunity.CurrencyIsoCode", "Account.CurrencyIsoCode"];

const DEAL: &str = r#"{"attributes":{"type":"Opportunity",
    "url":"/services/data/v66.0/sobjects/Opportunity/006Hs00001AsDfGIAV"},
    "Id":"006Hs00001AsDfGIAV","Name":"Harrow Creek, sensors","AccountId":"001Hs00002QwErTIAV",
    "StageName":"Gewonnen!","IsWon":true,"IsClosed":true,"Amount":12500.0,"CloseDate":"2026-06-30",
    "Type":"New Customer","OwnerId":"005Hs00000XyZ12IAF","HasOpportunityLineItem":true,
    "LastStageChangeDate":"2026-07-02T16:01:05.000+0000",
    "CreatedDate":"2026-05-01T07:25:37.000+0000",
    "Reference__c":"D-1034","PO__c":4500012345,"SystemModstamp":"2026-07-02T16:01:06.000+0000",
    "IsDeleted":false}"#;

fn deal_with(from: &str, to: &str) -> String {
    assert!(DEAL.contains(from), "{from}");
    DEAL.replace(from, to)
}

fn deal_of(text: &str, extra: &[&str]) -> tieout_domain::facts::Deal {
    match one(Stream::Deals, text, extra) {
        Fact::Deal(deal) => deal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_deal_is_read_whole() {
    let deal = deal_of(DEAL, &[]);
    assert_eq!(deal.id.as_str(), "006Hs00001AsDfGIAV");
    assert_eq!(deal.amount.unwrap().to_string(), "12500.00 USD");
    assert_eq!(deal.reference.as_deref(), Some("D-1034"));
    assert_eq!(deal.order_number.as_deref(), Some("4500012345"));
    assert_eq!(deal.stamp.version, "2026-07-02T16:01:06.000+0000");
    assert_eq!(deal.stamp.modified_at.to_string(), "2026-07-02T16:01:06Z");
    assert_eq!(deal.stage_changed_at.unwrap().to_string(), "2026-07-02T16:01:05Z");
    assert!(deal.has_lines && !deal.stamp.deleted);
}

const TRAITS: &[&str] = &[
    "Opportunity.Region__c",
    "Opportunity.Renewal__c",
    "Opportunity.Score__c",
    "Opportunity.RecordTypeId",
    "Account.Segment__c",
    "User.UserRoleId",
];

#[test]
fn what_rules_look_at_is_read_as_text() {
    let told = r#""Region__c":"EMEA","Renewal__c":true,"Score__c":7.5,"IsDeleted":false,
        "RecordType":{"attributes":{"type":"RecordType"},"Name":"Channel"}"#;
    let deal = deal_of(&deal_with("\"IsDeleted\":false", told), TRAITS);
    assert_eq!(deal.record_type.as_deref(), Some("Channel"));
    let traits: Vec<(&str, &str)> =
        deal.traits.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(traits, [("Region__c", "EMEA"), ("Renewal__c", "true"), ("Score__c", "7.5")]);
}

/// Empty is a value; what was not sent or is not visible is not known.
#[test]
fn an_empty_trait_is_not_an_unread_one() {
    let none = r#""Region__c":null,"RecordType":null,"IsDeleted":false"#;
    let deal = deal_of(&deal_with("\"IsDeleted\":false", none), TRAITS);
    assert_eq!(deal.record_type.as_deref(), Some(""));
    assert_eq!(deal.traits.get("Region__c").map(String::as_str), Some(""));
    assert_eq!(deal.traits.len(), 1);
    let hidden = deal_of(DEAL, &[]);
    assert_eq!((hidden.record_type, hidden.traits.len()), (None, 0));
}

#[test]
fn the_role_of_an_owner_is_read_through_the_record_that_it_points_at() {
    let user = r#"{"Id":"005Hs00000XyZ12IAF","Name":"Ann","IsActive":true,
        "SystemModstamp":"2026-07-02T16:01:06.000+0000",
        "UserRole":{"attributes":{"type":"UserRole"},"Name":"EMEA Sales"}}"#;
    let Fact::User(user) = one(Stream::Users, user, TRAITS) else { panic!("no user") };
    assert_eq!(user.traits.get("UserRole.Name").map(String::as_str), Some("EMEA Sales"));
}

#[test]
fn won_is_what_the_stage_table_says_never_its_name() {
    assert!(deal_of(DEAL, &[]).won);
    let lost = deal_with("\"IsWon\":true", "\"IsWon\":false").replace("Gewonnen!", "Closed Won");
    assert!(!deal_of(&lost, &[]).won);
}

#[test]
fn an_amount_in_exponent_form_is_exact() {
    let deal = deal_of(&deal_with("12500.0", "3.5E8"), &[]);
    assert_eq!(deal.amount.unwrap().to_string(), "350000000.00 USD");
}

#[test]
fn no_amount_is_unknown_not_zero() {
    assert_eq!(deal_of(&deal_with("12500.0", "null"), &[]).amount, None);
}

#[test]
fn an_amount_with_too_many_decimals_is_refused() {
    refused(Stream::Deals, &deal_with("12500.0", "12500.005"), &[], "TOO_PRECISE at Amount");
}

#[test]
fn with_several_currencies_each_deal_has_its_own() {
    let yen = deal_with("\"Amount\":12500.0", "\"Amount\":350,\"CurrencyIsoCode\":\"JPY\"");
    assert_eq!(deal_of(&yen, SEVERAL).amount.unwrap().to_string(), "350 JPY");
    let half = yen.replace("350", "350.5");
    refused(Stream::Deals, &half, SEVERAL, "TOO_PRECISE at Amount");
    let gold = yen.replace("JPY", "XAU");
    refused(Stream::Deals, &gold, SEVERAL, "CURRENCY_NOT_TRANSACTIONAL at CurrencyIsoCode");
    refused(Stream::Deals, DEAL, SEVERAL, "MALFORMED at CurrencyIsoCode");
}

#[test]
fn a_withdrawn_currency_is_good_on_an_old_deal() {
    let kuna = deal_with("\"Amount\":12500.0", "\"Amount\":10,\"CurrencyIsoCode\":\"HRK\"");
    refused(Stream::Deals, &kuna, SEVERAL, "CURRENCY_UNKNOWN at CurrencyIsoCode");
    let old = kuna.replace("2026-06-30", "2022-12-31");
    assert_eq!(deal_of(&old, SEVERAL).amount.unwrap().to_string(), "10.00 HRK");
}

#[test]
fn a_deleted_deal_is_a_fact() {
    assert!(deal_of(&deal_with("\"IsDeleted\":false", "\"IsDeleted\":true"), &[]).stamp.deleted);
}

#[test]
fn a_deleted_deal_that_cannot_be_read_is_still_a_deletion() {
    let text = deal_with("\"IsDeleted\":false", "\"IsDeleted\":true").replace("12500.0", "1.0005");
    let Fact::Gone(gone) = one(Stream::Deals, &text, &[]) else { panic!("gone") };
    assert_eq!((gone.id.as_str(), gone.stream), ("006Hs00001AsDfGIAV", Stream::Deals));
}

#[test]
fn a_deal_without_a_close_date_is_refused() {
    refused(Stream::Deals, &deal_with("\"2026-06-30\"", "null"), &[], "MALFORMED at CloseDate");
}

const LINE: &str = r#"{"Id":"00kHs00000ZxCvBIAV","OpportunityId":"006Hs00001AsDfGIAV",
    "Product2Id":"01tHs00000AbCdEIAV","ProductCode":"SEN-1","Name":"Deal Sensor","Quantity":2.5,
    "UnitPrice":19.999,"TotalPrice":45.0,"Discount":10.0,"ServiceDate":"2026-07-01",
    "Description":"First half","SortOrder":3,"SystemModstamp":"2026-07-02T16:01:06.000+0000",
    "IsDeleted":false}"#;

#[test]
fn a_line_keeps_its_agreed_price_and_its_discount_as_a_fraction() {
    let Fact::DealLine(line) = one(Stream::DealLines, LINE, &[]) else { panic!("line") };
    assert_eq!(line.quantity.to_string(), "2.5");
    assert_eq!(line.unit_price.unwrap().to_string(), "19.999");
    assert_eq!(line.discount.unwrap().to_string(), "0.1");
    assert_eq!((line.total.to_string().as_str(), line.position), ("45.00 USD", 3));
    assert_eq!(line.description.as_deref(), Some("First half"));
}

#[test]
fn a_line_takes_its_deals_currency() {
    let euro = LINE.replace(
        "\"IsDeleted\":false",
        r#""Opportunity":{"attributes":{"type":"Opportunity"},"CurrencyIsoCode":"EUR"}"#,
    );
    let Fact::DealLine(line) = one(Stream::DealLines, &euro, SEVERAL) else { panic!("line") };
    assert_eq!(line.total.to_string(), "45.00 EUR");
    refused(Stream::DealLines, LINE, SEVERAL, "MALFORMED at Opportunity");
}

#[test]
fn a_line_without_a_total_is_refused() {
    let text = LINE.replace("\"TotalPrice\":45.0", "\"TotalPrice\":null");
    refused(Stream::DealLines, &text, &[], "MALFORMED at TotalPrice");
}

#[test]
fn a_schedule_line() {
    let text = r#"{"Id":"00oHs00000AbCdEIAV","OpportunityLineItemId":"00kHs00000ZxCvBIAV",
        "ScheduleDate":"2026-09-30","Revenue":15.0,
        "SystemModstamp":"2026-07-02T16:01:06.000+0000"}"#;
    let Fact::ScheduleLine(part) = one(Stream::ScheduleLines, text, &[]) else { panic!("part") };
    assert_eq!(
        (part.amount.to_string().as_str(), part.due_on.to_string().as_str()),
        ("15.00 USD", "2026-09-30")
    );
}

const EVENT: &str = r#"{"Id":"008Hs00000AbCdEIAV","OpportunityId":"006Hs00001AsDfGIAV",
    "StageName":"Closed Won","Amount":100,"CloseDate":"2026-06-30",
    "CreatedDate":"2026-07-02T16:01:05.000+0000"}"#;

#[test]
fn a_row_of_history_holds_from_its_making_on() {
    let Fact::DealEvent(event) = one(Stream::DealEvents, EVENT, &[]) else { panic!("event") };
    assert_eq!(event.at.to_string(), "2026-07-02T16:01:05Z");
    assert_eq!(event.amount.unwrap().to_string(), "100.00 USD");
}

#[test]
fn history_without_an_amount_needs_no_currency() {
    let text = EVENT.replace("\"Amount\":100", "\"Amount\":null");
    let Fact::DealEvent(event) = one(Stream::DealEvents, &text, SEVERAL) else { panic!("event") };
    assert_eq!(event.amount, None);
    refused(Stream::DealEvents, EVENT, SEVERAL, "MALFORMED at Opportunity");
}

const ACCOUNT: &str = r#"{"Id":"001Hs00002QwErTIAV","Name":"Wexcombe\u0000 Rail","ParentId":null,
    "AccountNumber":"A-7","OwnerId":"005Hs00000XyZ12IAF","Website":"wexcombe.example",
    "BillingStreet":"1 High St\r\nUnit 2","BillingCity":"Leeds","BillingState":null,
    "BillingPostalCode":"LS1","BillingCountry":"United Kingdom","MasterRecordId":null,
    "VAT__c":"GB 123 4567 89","SystemModstamp":"2026-07-02T16:01:06.000+0000","IsDeleted":false}"#;

fn account_of(text: &str, extra: &[&str]) -> tieout_domain::facts::Account {
    match one(Stream::Accounts, text, extra) {
        Fact::Account(account) => account,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_account_is_read_whole() {
    let account = account_of(ACCOUNT, &[]);
    assert_eq!(account.name, "Wexcombe  Rail");
    assert_eq!(account.tax_number.as_deref(), Some("GB 123 4567 89"));
    assert_eq!(account.address.street.as_deref(), Some("1 High St\nUnit 2"));
    assert_eq!(account.address.country.as_deref(), Some("United Kingdom"));
    assert_eq!(account.currency.unwrap().code(), "USD");
}

#[test]
fn the_country_code_counts_where_there_is_one() {
    let text = ACCOUNT.replace("\"BillingState\":null", "\"BillingCountryCode\":\"GB\"");
    assert_eq!(account_of(&text, &[]).address.country.as_deref(), Some("GB"));
}

#[test]
fn with_several_currencies_an_account_without_one_has_none() {
    assert_eq!(account_of(ACCOUNT, SEVERAL).currency, None);
}

#[test]
fn the_loser_of_a_merge_names_the_winner() {
    let text =
        ACCOUNT.replace("\"MasterRecordId\":null", "\"MasterRecordId\":\"001Hs00002QwErUIAV\"");
    assert_eq!(account_of(&text, &[]).merged_into.unwrap().as_str(), "001Hs00002QwErUIAV");
}

#[test]
fn a_product_carries_the_item_code() {
    let text = r#"{"Id":"01tHs00000AbCdEIAV","Name":"Sensor","ProductCode":"SEN-1","Family":null,
        "IsActive":false,"Tieout_External_Id__c":"SENSOR-01",
        "SystemModstamp":"2026-07-02T16:01:06.000+0000","IsDeleted":false}"#;
    let Fact::Product(product) = one(Stream::Products, text, &[]) else { panic!("product") };
    assert_eq!(product.external_id.as_deref(), Some("SENSOR-01"));
    assert!(!product.active);
}

#[test]
fn a_user() {
    let text = r#"{"Id":"005Hs00000XyZ12IAF","Name":"L. Okafor","IsActive":true,
        "SystemModstamp":"2026-07-02T16:01:06.000+0000"}"#;
    let Fact::User(user) = one(Stream::Users, text, &[]) else { panic!("user") };
    assert_eq!((user.name.as_str(), user.active), ("L. Okafor", true));
}
