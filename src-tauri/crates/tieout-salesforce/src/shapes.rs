//! Which fields of which object make up each feed (`salesforce §5.5`). Only described fields are
//! asked for; a missing one that we cannot do without is said in plain words.

use tieout_connect::error::ConnectorError;
use tieout_connect::ports::Answer;
use tieout_domain::facts::Stream;

use crate::config::FieldChoices;
use crate::schema::Schema;
use crate::soql::Rows;

/// How one feed is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub object: &'static str,
    /// Selected fields, in a fixed order; parents as `Opportunity.CurrencyIsoCode`.
    pub fields: Vec<String>,
    /// The field that says when a record last changed.
    pub cursor: &'static str,
    pub rows: Rows,
}

/// Feeds in the order in which they must be read: what is pointed at comes first.
pub(crate) const STREAMS: [Stream; 7] = [
    Stream::Users,
    Stream::Accounts,
    Stream::Products,
    Stream::Deals,
    Stream::DealLines,
    Stream::ScheduleLines,
    Stream::DealEvents,
];

/// Feeds without which there is nothing to reconcile.
pub(crate) const NEEDED: [Stream; 2] = [Stream::Accounts, Stream::Deals];

/// The object of a feed. `None`: not a feed of a CRM.
pub(crate) const fn object_of(stream: Stream) -> Option<&'static str> {
    match stream {
        Stream::Users => Some("User"),
        Stream::Accounts => Some("Account"),
        Stream::Products => Some("Product2"),
        Stream::Deals => Some("Opportunity"),
        Stream::DealLines => Some("OpportunityLineItem"),
        Stream::ScheduleLines => Some("OpportunityLineItemSchedule"),
        Stream::DealEvents => Some("OpportunityHistory"),
        _ => None,
    }
}

const fn required(stream: Stream) -> &'static [&'static str] {
    match stream {
        Stream::Users => &["Id", "Name", "IsActive", "SystemModstamp"],
        Stream::Accounts | Stream::Products => &["Id", "Name", "SystemModstamp"],
        Stream::Deals => &[
            "Id",
            "Name",
            "AccountId",
            "StageName",
            "IsWon",
            "IsClosed",
            "Amount",
            "CloseDate",
            "HasOpportunityLineItem",
            "SystemModstamp",
        ],
        Stream::DealLines => &["Id", "OpportunityId", "Quantity", "TotalPrice", "SystemModstamp"],
        Stream::ScheduleLines => {
            &["Id", "OpportunityLineItemId", "ScheduleDate", "Revenue", "SystemModstamp"]
        }
        Stream::DealEvents => {
            &["Id", "OpportunityId", "StageName", "Amount", "CloseDate", "CreatedDate"]
        }
        _ => &[],
    }
}

const fn wanted(stream: Stream) -> &'static [&'static str] {
    match stream {
        Stream::Accounts => &[
            "ParentId",
            "AccountNumber",
            "OwnerId",
            "Website",
            "BillingStreet",
            "BillingCity",
            "BillingState",
            "BillingPostalCode",
            "BillingCountry",
            "BillingCountryCode",
            "MasterRecordId",
        ],
        Stream::Products => &["ProductCode", "Family", "IsActive"],
        Stream::Deals => &["Type", "OwnerId", "LastStageChangeDate", "CreatedDate"],
        Stream::DealLines => &[
            "Product2Id",
            "ProductCode",
            "Description",
            "UnitPrice",
            "Discount",
            "ServiceDate",
            "SortOrder",
        ],
        _ => &[],
    }
}

/// The record whose currency a record without one of its own takes on.
const fn currency_parent(stream: Stream) -> Option<&'static str> {
    match stream {
        Stream::DealLines | Stream::DealEvents => Some("Opportunity"),
        Stream::ScheduleLines => Some("OpportunityLineItem"),
        _ => None,
    }
}

/// Field names that a person chose, for this feed.
fn chosen(stream: Stream, choices: &FieldChoices) -> Vec<&str> {
    let names = match stream {
        Stream::Accounts => vec![choices.tax_number.as_deref()],
        Stream::Products => vec![Some(choices.item_code.as_str())],
        Stream::Deals => {
            vec![choices.deal_reference.as_deref(), choices.order_number.as_deref()]
        }
        _ => Vec::new(),
    };
    names.into_iter().flatten().collect()
}

/// Where the record type of a deal is named.
pub(crate) const RECORD_TYPE: &str = "RecordType.Name";

/// The names that rules look at on records of a feed, as a person wrote them.
pub(crate) fn trait_names(stream: Stream, choices: &FieldChoices) -> &[String] {
    match stream {
        Stream::Deals => &choices.traits.deal,
        Stream::Accounts => &choices.traits.account,
        Stream::Users => &choices.traits.owner,
        _ => &[],
    }
}

/// Those of them that the organisation shows, as queries name them.
pub(crate) fn trait_fields(stream: Stream, schema: &Schema, choices: &FieldChoices) -> Vec<String> {
    let Some(object) = object_of(stream) else { return Vec::new() };
    let names = trait_names(stream, choices).iter();
    names.filter_map(|name| schema.path(object, name)).collect()
}

/// The path to the record type, where it is wanted and the organisation has any.
pub(crate) fn record_type_field(schema: &Schema, choices: &FieldChoices) -> Option<String> {
    schema.path("Opportunity", RECORD_TYPE).filter(|_| choices.traits.record_type)
}

/// The shape of a feed. `Ok(None)`: this organisation has no such object, or hides it whole.
pub(crate) fn shape_of(
    stream: Stream,
    schema: &Schema,
    choices: &FieldChoices,
) -> Answer<Option<Shape>> {
    let Some(object) = object_of(stream) else { return Ok(None) };
    if schema.object(object).is_none() {
        return Ok(None);
    }
    let missing: Vec<&str> =
        required(stream).iter().copied().filter(|field| !schema.has(object, field)).collect();
    if !missing.is_empty() {
        let what = format!(
            "fields of {object} are missing or not visible to this user: {}",
            missing.join(", ")
        );
        return Err(ConnectorError::NotPermitted { what });
    }
    let mut fields: Vec<String> =
        required(stream).iter().map(|field| (*field).to_owned()).collect();
    let optional = wanted(stream).iter().copied().chain(chosen(stream, choices));
    for field in optional.chain(["CurrencyIsoCode", "IsDeleted"]) {
        if schema.has(object, field) && !fields.iter().any(|known| known == field) {
            fields.push(field.to_owned());
        }
    }
    let of_deal = record_type_field(schema, choices).filter(|_| stream == Stream::Deals);
    for field in trait_fields(stream, schema, choices).into_iter().chain(of_deal) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    let own_currency = schema.has(object, "CurrencyIsoCode");
    if let (true, false, Some(parent)) =
        (schema.multi_currency(), own_currency, currency_parent(stream))
    {
        fields.push(format!("{parent}.CurrencyIsoCode"));
    }
    let cursor = if stream == Stream::DealEvents { "CreatedDate" } else { "SystemModstamp" };
    // Users are never deleted and have no flag for it (`salesforce §7 User`).
    let rows = if schema.has(object, "IsDeleted") { Rows::All } else { Rows::Existing };
    Ok(Some(Shape { object, fields, cursor, rows }))
}

impl Shape {
    /// `SELECT … FROM …`
    pub fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.fields.join(", "), self.object)
    }

    /// `ORDER BY`, unique and therefore stable.
    pub fn order(&self) -> String {
        format!(" ORDER BY {}, Id", self.cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::TraitChoices;
    use crate::fixtures::{schema, schema_without};

    fn shape(stream: Stream, schema: &Schema) -> Shape {
        shape_of(stream, schema, &FieldChoices::default()).unwrap().unwrap()
    }

    #[test]
    fn only_described_fields_are_asked_for() {
        let fields = shape(Stream::Deals, &schema(&[])).fields;
        assert!(fields.contains(&"LastStageChangeDate".to_owned()));
        assert!(!fields.contains(&"Reference__c".to_owned()));
        assert!(!fields.contains(&"CurrencyIsoCode".to_owned()));
        let fields = shape(Stream::Deals, &schema(&["Opportunity.Reference__c"])).fields;
        assert!(fields.contains(&"Reference__c".to_owned()));
    }

    #[test]
    fn a_hidden_field_that_we_need_is_named() {
        let schema = schema_without("Opportunity", "Amount");
        let error = shape_of(Stream::Deals, &schema, &FieldChoices::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "not permitted: fields of Opportunity are missing or not visible to this user: Amount"
        );
    }

    #[test]
    fn an_object_that_is_switched_off_is_no_feed() {
        let shape = shape_of(Stream::DealLines, &Schema::default(), &FieldChoices::default());
        assert_eq!(shape.unwrap(), None);
        let ledger = shape_of(Stream::Invoices, &schema(&[]), &FieldChoices::default());
        assert_eq!(ledger.unwrap(), None);
    }

    #[test]
    fn with_several_currencies_each_record_has_one() {
        let several = schema(&["Opportunity.CurrencyIsoCode", "Account.CurrencyIsoCode"]);
        let of = |stream| shape(stream, &several).fields.last().unwrap().clone();
        assert_eq!(of(Stream::DealEvents), "Opportunity.CurrencyIsoCode");
        assert_eq!(of(Stream::ScheduleLines), "OpportunityLineItem.CurrencyIsoCode");
        assert!(shape(Stream::Deals, &several).fields.contains(&"CurrencyIsoCode".to_owned()));
    }

    /// Another shape has the feed read again, so that a rule finds what it asks for.
    #[test]
    fn what_rules_look_at_is_asked_for_where_it_is_visible() {
        let schema = schema(&[
            "Opportunity.Region__c",
            "Opportunity.RecordTypeId",
            "Account.Segment__c",
            "User.UserRoleId",
        ]);
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let traits = TraitChoices {
            deal: names(&["region__c", "Absent__c", "Name"]),
            account: names(&["Segment__c"]),
            owner: names(&["UserRole.Name"]),
            record_type: true,
        };
        let choices = FieldChoices { traits, ..FieldChoices::default() };
        let select = |stream| shape_of(stream, &schema, &choices).unwrap().unwrap().select();
        let deals = select(Stream::Deals);
        assert!(deals.contains(", Region__c, RecordType.Name FROM"), "{deals}");
        assert!(!deals.contains("Absent__c") && deals.matches(" Name,").count() == 1, "{deals}");
        assert!(select(Stream::Accounts).contains("Segment__c"));
        assert!(select(Stream::Users).contains("UserRole.Name"));
        assert!(!shape(Stream::Deals, &schema).select().contains("RecordType"));
    }

    #[test]
    fn deleted_rows_are_read_where_they_can_be() {
        assert_eq!(shape(Stream::Deals, &schema(&[])).rows, Rows::All);
        assert_eq!(shape(Stream::Users, &schema(&[])).rows, Rows::Existing);
    }

    #[test]
    fn history_has_no_change_time_but_that_of_its_making() {
        assert_eq!(shape(Stream::DealEvents, &schema(&[])).order(), " ORDER BY CreatedDate, Id");
        assert_eq!(shape(Stream::Deals, &schema(&[])).order(), " ORDER BY SystemModstamp, Id");
    }
}
