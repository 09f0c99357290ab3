//! Settings of the organisation: name, zone, currencies (`salesforce §7 Organization, §8`).

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{Envelope, Record};
use tieout_connect::ports::Answer;
use tieout_connect::session::Session;
use tieout_domain::Currency;

use crate::config::SalesforceConfig;
use crate::describe::describe;
use crate::errors;
use crate::query::QueryPage;
use crate::schema::Schema;
use crate::soql::{Rows, get, post_to_read, query_path};

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

/// Reads everything anew: three calls, four where there is one currency.
pub(crate) async fn load(session: &Session, config: &SalesforceConfig) -> Answer<Organization> {
    let schema = describe(session).await?;
    let several = schema.multi_currency();
    let (settings, currencies) = settings(session, several).await?;
    let missing = || ConnectorError::NotPermitted {
        what: "this user cannot see the settings of the organisation".to_owned(),
    };
    let (name, sandbox, time_zone) = read_settings(settings.first().ok_or_else(missing)?)?;
    let (stated, mut currencies) = if several {
        read_currencies(&currencies)?
    } else {
        (single_currency(session).await?, Vec::new())
    };
    let currency = stated.or(config.org_currency);
    if currencies.is_empty() {
        currencies.extend(currency);
    }
    Ok(Organization { name, sandbox, time_zone, currency, currencies, schema })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompositeBody {
    composite_response: Vec<CompositePart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompositePart {
    body: Box<RawValue>,
    http_status_code: u16,
}

/// Runs statements in one call, as if at one moment. At most five (`salesforce §9.4`).
pub(crate) async fn composite_queries(
    session: &Session,
    statements: &[(Rows, String)],
) -> Answer<(http::HeaderMap, Vec<Answer<QueryPage>>)> {
    let requests: Vec<Value> = statements
        .iter()
        .enumerate()
        .map(|(position, (rows, statement))| {
            let url = query_path(*rows, statement);
            json!({ "method": "GET", "url": url, "referenceId": format!("q{position}") })
        })
        .collect();
    let body = json!({
        "allOrNone": false,
        "collateSubrequests": false,
        "compositeRequest": requests,
    });
    let response = session.call(post_to_read("/composite", body.to_string())).await?;
    let body: CompositeBody = Envelope::read(response.body(), "composite")?;
    if body.composite_response.len() != statements.len() {
        return Err(ConnectorError::Malformed { path: "compositeResponse".to_owned() });
    }
    let pages = body.composite_response.iter().enumerate().map(part_of).collect();
    Ok((response.headers().clone(), pages))
}

fn part_of((position, part): (usize, &CompositePart)) -> Answer<QueryPage> {
    let path = format!("compositeResponse[{position}]");
    if part.http_status_code == 200 {
        return QueryPage::of_text(part.body.get(), &path);
    }
    let body = serde_json::from_str(part.body.get()).unwrap_or_default();
    Err(errors::of_part(part.http_status_code, &body, &path))
}

type Records = Vec<Box<RawValue>>;

/// Rows of the organisation and, where there are several, of its currencies. Currencies that this
/// user may not see are none.
async fn settings(session: &Session, several: bool) -> Answer<(Records, Records)> {
    let mut statements = vec![(
        Rows::Existing,
        "SELECT Id, Name, OrganizationType, IsSandbox, TimeZoneSidKey FROM Organization".to_owned(),
    )];
    if several {
        let currencies = "SELECT IsoCode, IsActive, IsCorporate FROM CurrencyType";
        statements.push((Rows::Existing, currencies.to_owned()));
    }
    let (_, pages) = composite_queries(session, &statements).await?;
    let mut pages = pages.into_iter();
    let organization = pages.next().map_or(Ok(Vec::new()), |page| page.map(|page| page.records))?;
    let currencies = match pages.next() {
        None => Vec::new(),
        Some(Ok(page)) => page.records,
        Some(Err(error)) if error.is_refusal() => Vec::new(),
        Some(Err(error)) => return Err(error),
    };
    Ok((organization, currencies))
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

/// An organisation with one currency says it in one place only (`salesforce §8`).
async fn single_currency(session: &Session) -> Answer<Option<Currency>> {
    let response = match session.call(get("/connect/organization")).await {
        Ok(response) => response,
        // Not open to every user; a person can tell us instead.
        Err(error) if error.is_refusal() => return Ok(None),
        Err(error) => return Err(error),
    };
    let body: Value = Envelope::read(response.body(), "connect/organization")?;
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
