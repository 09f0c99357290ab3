//! The sample company's master rows: people, accounts, products, prices (sample sheet §2 to §4).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::deals::deals;
use super::{Sower, Values, currency, number, standard_book_id, user};
use crate::salesforce::config::{OrgConfig, RowLock, Switches, ValidationRule};
use crate::salesforce::org::Org;
use crate::salesforce::value::Value;
use crate::sample::{Company, salesforce_id};

/// Currencies beside the dollar: code, units per dollar (1 / closing rate).
const CURRENCIES: [(&str, &str); 2] = [("GBP", "0.786782"), ("EUR", "0.918695")];
/// When the master rows were made, local time.
const FOUNDED: DateTime = DateTime::constant(2025, 9, 1, 12, 0, 0, 0);
/// Until when Harrow Creek is locked in the story, local time.
const LOCKED_UNTIL: DateTime = DateTime::constant(2026, 7, 6, 9, 50, 0, 0);
/// First serial of the account owners.
const OWNERS_FROM: u64 = 10;
/// Accounts abroad that the entity alone does not tell.
const ABROAD: [(&str, &str); 2] = [("LIN", "Sweden"), ("BRO", "Netherlands")];

/// The org before its rows: several currencies, our fields, the story's refusals prepared.
pub fn sample_config(company: &Company) -> OrgConfig {
    let legal = company.entities.first().map(|entity| entity.legal.clone());
    let harrow = company.account_id("HAR").unwrap_or_default();
    let zone = TimeZone::get(&company.zone).unwrap_or(TimeZone::UTC);
    OrgConfig {
        org_name: legal.unwrap_or_default(),
        zone: company.zone.clone(),
        switches: Switches {
            multi_currency: true,
            tieout_fields: true,
            extra_fields: vec!["Opportunity.Reference__c: string(40) cun".to_owned()],
            validation_rules: vec![ValidationRule {
                name: "Billing_Status_Under_Review".to_owned(),
                object: "Opportunity".to_owned(),
                when: "Reference__c = 'D-1032'".to_owned(),
                on_write_of: vec!["Tieout_Billing_Status__c".to_owned()],
                message: "Billing status of a deal under review is set by Finance Ops – ask \
                          Jonas Beck."
                    .to_owned(),
                active: true,
                story: true,
            }],
            locks: vec![RowLock {
                record_id: harrow,
                until: local(LOCKED_UNTIL, &zone),
                story: true,
            }],
            ..Switches::default()
        },
        ..OrgConfig::default()
    }
}

/// A local moment of the sample's zone.
pub fn local(at: DateTime, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(at).compatible().unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Noon of a day, local time: when the sample's rows change.
pub fn noon(day: Date, zone: &TimeZone) -> Timestamp {
    local(day.at(12, 0, 0, 0), zone)
}

/// An amount or quantity of the shipped rows.
pub fn amount(text: &str) -> Decimal {
    text.parse().expect("the shipped rows hold decimals: a test reads them all")
}

/// A date of the shipped rows.
pub fn day(text: &str) -> Date {
    text.parse().expect("the shipped rows hold ISO dates: a test reads them all")
}

/// Ids that rows refer to.
pub struct Ids {
    /// Owner's name to user id.
    pub users: BTreeMap<String, String>,
    /// Product code and currency to price book entry and list price.
    pub prices: BTreeMap<(String, String), (String, Decimal)>,
}

/// Puts the sample's rows into an org that has its base.
pub fn sample(org: &mut Org, company: &Company) {
    let zone = org.zone();
    let at = local(FOUNDED, &zone);
    let mut sower = Sower { org, serials: BTreeMap::from([("01L", super::FIRST + 1)]) };
    for (iso, rate) in CURRENCIES {
        currency(&mut sower, at, iso, amount(rate), false);
    }
    let users = owners(&mut sower, company, at);
    accounts(&mut sower, company, at, &users);
    let prices = products(&mut sower, company, at);
    deals(&mut sower, company, &zone, &Ids { users, prices });
}

fn owners(sower: &mut Sower<'_>, company: &Company, at: Timestamp) -> BTreeMap<String, String> {
    let mut users = BTreeMap::new();
    for account in &company.accounts {
        if users.contains_key(&account.owner) {
            continue;
        }
        let id = salesforce_id("005", OWNERS_FROM + users.len() as u64);
        let (first, last) = account.owner.split_once(' ').unwrap_or(("", &account.owner));
        let initial = first.trim_end_matches('.').to_lowercase();
        let username = format!("{initial}.{}@alderquay.example", last.to_lowercase());
        user(sower, &id, at, (first, last), &username);
        users.insert(account.owner.clone(), id);
    }
    users
}

fn accounts(
    sower: &mut Sower<'_>,
    company: &Company,
    at: Timestamp,
    users: &BTreeMap<String, String>,
) {
    for account in &company.accounts {
        let id = company.account_id(&account.code).unwrap_or_default();
        let abroad = ABROAD.iter().find(|(code, _)| *code == account.code);
        let home = if account.entity == "AQ-US" { "United States" } else { "United Kingdom" };
        sower.put(
            "Account",
            &id,
            at,
            vec![
                ("Name", Value::text(&account.name)),
                ("AccountNumber", Value::text(&account.code)),
                ("Type", Value::text("Customer - Direct")),
                ("BillingCountry", Value::text(abroad.map_or(home, |(_, country)| country))),
                ("OwnerId", Value::text_or_null(users.get(&account.owner))),
                ("CurrencyIsoCode", Value::text(&account.currency)),
            ],
        );
    }
}

/// Products with one price book entry per currency that they were sold in, or else in dollars.
fn products(
    sower: &mut Sower<'_>,
    company: &Company,
    at: Timestamp,
) -> BTreeMap<(String, String), (String, Decimal)> {
    let mut prices = BTreeMap::new();
    for product in &company.products {
        let id = company.product_id(&product.code).unwrap_or_default();
        let values: Values = vec![
            ("Name", Value::text(&product.name)),
            ("ProductCode", Value::text(&product.code)),
            ("Family", Value::text(&product.kind)),
            ("IsActive", Value::Bool(true)),
            ("CurrencyIsoCode", Value::text("USD")),
            ("Tieout_External_Id__c", Value::text_or_null(product.item_us.as_ref())),
        ];
        sower.put("Product2", &id, at, values);
        for iso in ["USD", "GBP", "EUR"] {
            let list = list_price(company, &product.code, iso);
            let entry = sower.id("01u");
            sower.put(
                "PricebookEntry",
                &entry,
                at,
                vec![
                    ("Name", Value::text(&product.name)),
                    ("Pricebook2Id", Value::Text(standard_book_id())),
                    ("Product2Id", Value::text(&id)),
                    ("ProductCode", Value::text(&product.code)),
                    ("UnitPrice", number(list)),
                    ("IsActive", Value::Bool(true)),
                    ("CurrencyIsoCode", Value::text(iso)),
                ],
            );
            prices.insert((product.code.clone(), iso.to_owned()), (entry, list));
        }
    }
    prices
}

/// The price of the first sale in this currency, else of the first sale at all, else zero.
fn list_price(company: &Company, code: &str, iso: &str) -> Decimal {
    let sales = || {
        company.deals.iter().flat_map(|deal| {
            deal.lines
                .iter()
                .filter(|line| line.product == code)
                .map(move |line| (deal.currency.as_str(), amount(&line.unit_price)))
        })
    };
    let own = sales().find(|(currency, _)| *currency == iso);
    own.or_else(|| sales().next()).map_or(Decimal::ZERO, |(_, price)| price)
}
