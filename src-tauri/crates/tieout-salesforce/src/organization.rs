//! Settings of the organisation: name, zone, currencies (`salesforce §7 Organization, §8`).

use serde_json::Value;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{Envelope, Record};
use tieout_connect::ports::Answer;
use tieout_connect::session::Session;
use tieout_domain::Currency;

use crate::batch::{BatchPart, batch};
use crate::config::{SalesforceConfig, api_path};
use crate::describe::{describe_paths, schema_of};
use crate::schema::Schema;
use crate::soql::{Rows, get, query_path};

const SETTINGS: &str =
    "SELECT Id, Name, OrganizationType, IsSandbox, TimeZoneSidKey FROM Organization";
/// Only where there are several currencies does this object exist.
const CURRENCIES: &str = "SELECT IsoCode, IsActive, IsCorporate FROM CurrencyType";
const ORGANIZATION_PATH: &str = "/connect/organization";

/// What reading and writing need to know about the organisation.
#[derive(Debug)]
pub(crate) struct Organization {
    pub name: String,
    pub sandbox: bool,
    /// IANA name.
    pub time_zone: String,
    /// The corporate currency, or the only one. `None`: the organisation does not say and nobody
    /// told us.
    pub currency: Option<Currency>,
    /// Every currency that deals can be in.
    pub currencies: Vec<Currency>,
    pub schema: Schema,
}

impl Organization {
    /// The currency of records that carry none of their own.
    pub fn only_currency(&self) -> Answer<Currency> {
        self.currency.ok_or_else(|| ConnectorError::NotPermitted {
            what: "the currency of this Salesforce organisation is not known; enter it in the \
                   settings of the connection"
                .to_owned(),
        })
    }
}

/// Reads everything anew, in one call where the organisation allows it.
pub(crate) async fn load(session: &Session, config: &SalesforceConfig) -> Answer<Organization> {
    let mut paths: Vec<String> = describe_paths().collect();
    paths.push(query_path(Rows::Existing, SETTINGS));
    paths.push(query_path(Rows::Existing, CURRENCIES));
    paths.push(api_path(ORGANIZATION_PATH));
    let mut parts = batch(session, &paths).await?.into_iter();
    let schema = schema_of(&mut parts)?;
    let [settings, currencies, only]: [BatchPart; 3] = parts
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| ConnectorError::Malformed { path: "batch.results".to_owned() })?;
    let settings = settings.page("Organization")?.records;
    let missing = || ConnectorError::NotPermitted {
        what: "this user cannot see the settings of the organisation".to_owned(),
    };
    let (name, sandbox, time_zone) = read_settings(settings.first().ok_or_else(missing)?)?;
    let (stated, mut currencies) = if schema.multi_currency() {
        several_currencies(&currencies)?
    } else {
        (single_currency(session, &only).await?, Vec::new())
    };
    let currency = stated.or(config.org_currency);
    if currencies.is_empty() {
        currencies.extend(currency);
    }
    Ok(Organization { name, sandbox, time_zone, currency, currencies, schema })
}

fn read_settings(raw: &RawValue) -> Answer<(String, bool, String)> {
    let value = parsed(raw, "Organization")?;
    let read = || {
        let record = Record::of(&value)?;
        let zone = record.text_or_none("TimeZoneSidKey")?.unwrap_or_else(|| "UTC".to_owned());
        Ok((record.text("Name")?, record.flag_or_none("IsSandbox")?.unwrap_or(false), zone))
    };
    read().map_err(|error| at("Organization", error))
}

/// Currencies that this user may not see are none.
fn several_currencies(part: &BatchPart) -> Answer<(Option<Currency>, Vec<Currency>)> {
    match part.page("CurrencyType") {
        Ok(page) => read_currencies(&page.records),
        Err(error) if error.is_refusal() => Ok((None, Vec::new())),
        Err(error) => Err(error),
    }
}

/// The corporate currency and all active ones. A code that is no currency is left out: deals in it
/// are quarantined one by one.
fn read_currencies(raw: &[Box<RawValue>]) -> Answer<(Option<Currency>, Vec<Currency>)> {
    let (mut corporate, mut active) = (None, Vec::new());
    for raw in raw {
        let value = parsed(raw, "CurrencyType")?;
        let read = || {
            let record = Record::of(&value)?;
            let currency = record.currency("IsoCode", None).ok();
            let corporate = record.flag_or_none("IsCorporate")?.unwrap_or(false);
            Ok((currency, corporate, record.flag_or_none("IsActive")?.unwrap_or(true)))
        };
        let (currency, is_corporate, is_active) =
            read().map_err(|error| at("CurrencyType", error))?;
        let Some(currency) = currency else { continue };
        if is_corporate {
            corporate = Some(currency);
        }
        if is_active {
            active.push(currency);
        }
    }
    Ok((corporate, active))
}

/// An organisation with one currency says it in one place only (`salesforce §8`). Where a batch
/// does not take that address, it is asked alone.
async fn single_currency(session: &Session, part: &BatchPart) -> Answer<Option<Currency>> {
    let body: Value = if part.status_code == 200 {
        parsed(&part.result, "connect/organization")?
    } else {
        match session.call(get(ORGANIZATION_PATH)).await {
            Ok(response) => Envelope::read(response.body(), "connect/organization")?,
            // Not open to every user; a person can tell us instead.
            Err(error) if error.is_refusal() => return Ok(None),
            Err(error) => return Err(error),
        }
    };
    let code = body.pointer("/features/defaultCurrencyIsoCode").and_then(Value::as_str);
    Ok(code.and_then(|code| Currency::parse(code).ok()))
}

fn parsed(raw: &RawValue, path: &str) -> Answer<Value> {
    let malformed = |_| ConnectorError::Malformed { path: path.to_owned() };
    serde_json::from_str(raw.get()).map_err(malformed)
}

fn at(object: &str, error: tieout_connect::json::ReadError) -> ConnectorError {
    ConnectorError::Malformed { path: format!("{object}.{}", error.path) }
}
