//! What every org has, and the rows of the sample company.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::org::{Org, Planned};
use super::value::{Value, whole_seconds};
use crate::sample::salesforce_id;

mod deals;
mod sample;

pub use sample::{sample, sample_config};

/// Name, closed, won, forecast category, its label, probability (salesforce §7).
const STAGES: [(&str, bool, bool, &str, &str, i64); 10] = [
    ("Prospecting", false, false, "Pipeline", "Pipeline", 10),
    ("Qualification", false, false, "Pipeline", "Pipeline", 10),
    ("Needs Analysis", false, false, "Pipeline", "Pipeline", 20),
    ("Value Proposition", false, false, "Pipeline", "Pipeline", 50),
    ("Id. Decision Makers", false, false, "Pipeline", "Pipeline", 60),
    ("Perception Analysis", false, false, "Pipeline", "Pipeline", 70),
    ("Proposal/Price Quote", false, false, "Pipeline", "Pipeline", 75),
    ("Negotiation/Review", false, false, "Pipeline", "Pipeline", 90),
    ("Closed Won", true, true, "Closed", "Closed", 100),
    ("Closed Lost", true, false, "Omitted", "Omitted", 0),
];

/// Objects whose full view the integration user has.
const SYNCED: [&str; 6] =
    ["Account", "Opportunity", "OpportunityLineItem", "Product2", "PricebookEntry", "Task"];
/// First serial of the sample's own rows.
const FIRST: u64 = 1000;

/// The integration user.
pub fn user_id() -> String {
    salesforce_id("005", 1)
}

/// Whoever edits through the control.
pub fn other_user_id() -> String {
    salesforce_id("005", 2)
}

fn standard_book_id() -> String {
    salesforce_id("01s", 1)
}

/// Rows being put straight into the store, by one user at given moments.
struct Sower<'a> {
    org: &'a mut Org,
    serials: BTreeMap<&'static str, u64>,
}

impl Sower<'_> {
    fn id(&mut self, prefix: &'static str) -> String {
        let serial = self.serials.entry(prefix).or_insert(FIRST);
        *serial += 1;
        salesforce_id(prefix, *serial - 1)
    }

    /// Puts a row that was made at `at`.
    fn put(&mut self, object: &str, id: &str, at: Timestamp, values: Values) {
        let made = [
            ("Id", Value::text(id)),
            ("CreatedDate", Value::Instant(whole_seconds(at))),
            ("CreatedById", Value::text(other_user_id())),
            ("IsDeleted", Value::Bool(false)),
        ];
        let values = made.into_iter().chain(values).collect();
        self.change(object, id, at, values);
    }

    /// Lays values over a row at `at` and stamps it.
    fn change(&mut self, object: &str, id: &str, at: Timestamp, values: Values) {
        let Some(def) = self.org.schema.object(object).cloned() else { return };
        let at = whole_seconds(at);
        let stamps = [
            ("LastModifiedDate", Value::Instant(at)),
            ("LastModifiedById", Value::text(other_user_id())),
            ("SystemModstamp", Value::Instant(at)),
        ];
        let known = |name: &str| def.field(name).is_some();
        let fields = values.into_iter().chain(stamps).filter(|(name, _)| known(name));
        let fields = fields.map(|(name, value)| (name.to_owned(), value)).collect();
        let (object, id) = (object.to_owned(), id.to_owned());
        self.org.plan(Planned { at, object, id, fields });
    }
}

type Values = Vec<(&'static str, Value)>;

fn number(value: impl Into<Decimal>) -> Value {
    Value::Number(value.into())
}

/// Users, stages, price book, currencies and permissions: what an org has before any business.
pub fn base(org: &mut Org) {
    let at = org.now;
    let config = org.config.clone();
    let mut sower = Sower { org, serials: BTreeMap::new() };
    sower.put(
        "Organization",
        &config.org_id,
        at,
        vec![
            ("Name", Value::text(&config.org_name)),
            ("OrganizationType", Value::text("Developer Edition")),
            ("InstanceName", Value::text("USA9S")),
            ("IsSandbox", Value::Bool(config.is_sandbox)),
            ("FiscalYearStartMonth", number(1)),
            ("TimeZoneSidKey", Value::text(&config.zone)),
            ("DefaultLocaleSidKey", Value::text("en_US")),
            ("LanguageLocaleKey", Value::text("en_US")),
        ],
    );
    let profile = salesforce_id("00e", 1);
    sower.put("Profile", &profile, at, vec![("Name", Value::text("System Administrator"))]);
    user(&mut sower, &user_id(), at, ("Tieout", "Integration"), &config.username);
    user(&mut sower, &other_user_id(), at, ("Jonas", "Beck"), "j.beck@alderquay.example");
    stages(&mut sower, at);
    sower.put(
        "Pricebook2",
        &standard_book_id(),
        at,
        vec![
            ("Name", Value::text("Standard Price Book")),
            ("IsActive", Value::Bool(true)),
            ("IsStandard", Value::Bool(true)),
        ],
    );
    permissions(&mut sower, at, &profile);
    currency(&mut sower, at, &config.currency, Decimal::ONE, true);
}

fn user(sower: &mut Sower<'_>, id: &str, at: Timestamp, name: (&str, &str), username: &str) {
    let zone = Value::text(&sower.org.config.zone);
    let currency = Value::text(&sower.org.config.currency);
    sower.put(
        "User",
        id,
        at,
        vec![
            ("Username", Value::text(username)),
            ("FirstName", Value::text(name.0)),
            ("LastName", Value::text(name.1)),
            ("Name", Value::Text(format!("{} {}", name.0, name.1))),
            ("Email", Value::text(username)),
            ("Alias", Value::Text(name.1.to_lowercase().chars().take(8).collect())),
            ("IsActive", Value::Bool(true)),
            ("UserType", Value::text("Standard")),
            ("ProfileId", Value::Text(salesforce_id("00e", 1))),
            ("TimeZoneSidKey", zone),
            ("LocaleSidKey", Value::text("en_US")),
            ("LanguageLocaleKey", Value::text("en_US")),
            ("DefaultCurrencyIsoCode", currency.clone()),
            ("CurrencyIsoCode", currency),
        ],
    );
}

fn stages(sower: &mut Sower<'_>, at: Timestamp) {
    for (order, (name, closed, won, category, label, probability)) in STAGES.iter().enumerate() {
        let id = sower.id("01J");
        sower.put(
            "OpportunityStage",
            &id,
            at,
            vec![
                ("MasterLabel", Value::text(*name)),
                ("ApiName", Value::text(*name)),
                ("IsActive", Value::Bool(true)),
                ("SortOrder", number(order as u64 + 1)),
                ("IsClosed", Value::Bool(*closed)),
                ("IsWon", Value::Bool(*won)),
                ("ForecastCategory", Value::text(*category)),
                ("ForecastCategoryName", Value::text(*label)),
                ("DefaultProbability", number(*probability)),
            ],
        );
    }
}

fn permissions(sower: &mut Sower<'_>, at: Timestamp, profile: &str) {
    let owned = salesforce_id("0PS", 1);
    let ours = salesforce_id("0PS", 2);
    let mut rights: Values = vec![
        ("Name", Value::text("X00e_System_Administrator")),
        ("Label", Value::text("System Administrator")),
        ("ProfileId", Value::text(profile)),
        ("IsOwnedByProfile", Value::Bool(true)),
    ];
    for right in [
        "PermissionsApiEnabled",
        "PermissionsModifyMetadata",
        "PermissionsCustomizeApplication",
        "PermissionsModifyAllData",
        "PermissionsViewAllData",
        "PermissionsViewSetup",
    ] {
        rights.push((right, Value::Bool(true)));
    }
    sower.put("PermissionSet", &owned, at, rights);
    sower.put(
        "PermissionSet",
        &ours,
        at,
        vec![
            ("Name", Value::text("Tieout_Integration")),
            ("Label", Value::text("Tieout Integration")),
        ],
    );
    for set in [&owned, &ours] {
        let id = sower.id("0Pa");
        sower.put(
            "PermissionSetAssignment",
            &id,
            at,
            vec![("PermissionSetId", Value::text(set)), ("AssigneeId", Value::Text(user_id()))],
        );
    }
    for object in SYNCED {
        let id = sower.id("110");
        let mut values: Values =
            vec![("ParentId", Value::text(&ours)), ("SobjectType", Value::text(object))];
        for right in ["PermissionsRead", "PermissionsEdit", "PermissionsViewAllRecords"] {
            values.push((right, Value::Bool(true)));
        }
        sower.put("ObjectPermissions", &id, at, values);
    }
}

/// Rates exist even while the org has one currency: the schema then hides the object.
fn currency(sower: &mut Sower<'_>, at: Timestamp, iso: &str, rate: Decimal, corporate: bool) {
    let id = sower.id("01L");
    let values = [
        ("Id", Value::text(&id)),
        ("IsoCode", Value::text(iso)),
        ("ConversionRate", Value::Number(rate)),
        ("DecimalPlaces", number(2)),
        ("IsActive", Value::Bool(true)),
        ("IsCorporate", Value::Bool(corporate)),
        ("CreatedDate", Value::Instant(at)),
        ("LastModifiedDate", Value::Instant(at)),
        ("SystemModstamp", Value::Instant(at)),
    ];
    let fields = values.map(|(name, value)| (name.to_owned(), value)).into();
    sower.org.plan(Planned { at, object: "CurrencyType".to_owned(), id, fields });
}
