//! What is there, what is missing, and who must do what about it.

use serde::Deserialize;
use tieout_connect::json::Envelope;
use tieout_connect::ports::{Answer, Capabilities, Missing, Probe};
use tieout_connect::session::{Call, Session};
use tieout_domain::Currency;
use tieout_domain::effect::Replay;
use tieout_domain::facts::Stream;

use crate::config::{API_VERSION, FieldChoices, SalesforceConfig};
use crate::describe::{LEDGER_ACCOUNT, SYNC_ERROR};
use crate::organization::Organization;
use crate::schema::Schema;
use crate::shapes::{NEEDED, RECORD_TYPE, STREAMS, object_of, shape_of, trait_names};
use crate::soql::ours;
use crate::totals::AMOUNT_NUMBER;
use crate::visibility::{Visibility, visibility_of};
use crate::write::{ACCOUNT_FIELDS, DEAL_FIELDS, TASK_TOKEN};

/// What people call this tool.
const TOOL: &str = "Salesforce";
/// Rows become visible up to minutes after their own change time (`salesforce §6`).
const OVERLAP_SECS: u32 = 600;
const SETTLE_SECS: u32 = 120;
const PAGE_RECORDS_MAX: u32 = 2_000;
/// Length of an Account's name (`salesforce §7`).
const NAME_CHARS_MAX: u32 = 255;

const ADMINISTRATOR: &str = "The Salesforce administrator";

/// The whole answer of a probe.
pub(crate) async fn probe(
    session: &Session,
    config: &SalesforceConfig,
    organization: &Organization,
    user: &str,
) -> Answer<Probe> {
    // Without it nothing can be said about any amount; a currency is never assumed.
    let currency = organization.only_currency()?;
    let mut missing = Vec::new();
    missing.extend(version_missing(&versions(session).await?));
    missing.extend(feeds_missing(&organization.schema, &config.fields));
    missing.extend(visibility_missing(visibility_of(session, user).await?));
    missing.extend(choices_missing(&organization.schema, &config.fields));
    missing.extend(traits_missing(&organization.schema, &config.fields));
    missing.extend(write_back_missing(&organization.schema));
    Ok(Probe {
        name: organization.name.clone(),
        sandbox: organization.sandbox,
        capabilities: capabilities(organization, currency, &config.fields),
        missing,
    })
}

fn capabilities(
    organization: &Organization,
    functional_currency: Currency,
    choices: &FieldChoices,
) -> Capabilities {
    let schema = &organization.schema;
    let there = |stream: &Stream| matches!(shape_of(*stream, schema, choices), Ok(Some(_)));
    Capabilities {
        tool: TOOL.into(),
        replay: Replay::UniqueExternalId,
        streams: STREAMS.into_iter().filter(there).collect(),
        overlap_secs: OVERLAP_SECS,
        page_records_max: PAGE_RECORDS_MAX,
        settle_secs: SETTLE_SECS,
        currencies: organization.currencies.clone(),
        functional_currency,
        one_currency_per_customer: false,
        closed_to: None,
        drafts: false,
        time_zone: organization.time_zone.clone(),
        tax_codes: Vec::new(),
        default_tax_code: None,
        own_numbers: false,
        line_description_max: NAME_CHARS_MAX,
        customer_name_max: NAME_CHARS_MAX,
    }
}

#[derive(Deserialize)]
struct Version {
    version: String,
}

async fn versions(session: &Session) -> Answer<Vec<String>> {
    let response = session.call(ours(Call::get("/services/data"))).await?;
    let versions: Vec<Version> = Envelope::read(response.body(), "services/data")?;
    Ok(versions.into_iter().map(|version| version.version).collect())
}

fn version_missing(versions: &[String]) -> Option<Missing> {
    let there = versions.iter().any(|version| version == API_VERSION);
    (!there).then(|| Missing {
        what: format!("This organisation does not offer version {API_VERSION} of its interface."),
        remedy: "Install the current version of Tieout.".to_owned(),
        blocks_reading: true,
    })
}

fn feeds_missing(schema: &Schema, choices: &FieldChoices) -> Vec<Missing> {
    let missing = |stream: Stream| {
        let object = object_of(stream)?;
        let what = match shape_of(stream, schema, choices) {
            Ok(Some(_)) => return None,
            Ok(None) => format!("{object} is switched off or not visible to this user."),
            Err(error) => format!("{object} cannot be read: {error}."),
        };
        let remedy =
            format!("{ADMINISTRATOR} gives this user read access to {object} and its fields.");
        Some(Missing { what, remedy, blocks_reading: NEEDED.contains(&stream) })
    };
    // Schedules exist only where the organisation uses them.
    let expected = STREAMS.into_iter().filter(|stream| *stream != Stream::ScheduleLines);
    expected.filter_map(missing).collect()
}

fn visibility_missing(visibility: Visibility) -> Option<Missing> {
    let (what, remedy) = match visibility {
        Visibility::All => return None,
        Visibility::Shared(objects) => (
            format!("This user sees only shared records of {}.", objects.join(", ")),
            format!("{ADMINISTRATOR} grants this user \"View All\" on {}.", objects.join(", ")),
        ),
        Visibility::Unknown => (
            "Whether this user sees every Account, Opportunity and product could not be checked."
                .to_owned(),
            format!(
                "{ADMINISTRATOR} confirms that this user has \"View All\" on Account, Opportunity \
                 and Product2."
            ),
        ),
    };
    Some(Missing { what, remedy, blocks_reading: false })
}

/// Fields that a person chose and that are not there. The default of the deal reference is only a
/// guess, so its absence is no complaint.
fn choices_missing(schema: &Schema, choices: &FieldChoices) -> Vec<Missing> {
    let guessed = FieldChoices::default().deal_reference;
    let reference = choices.deal_reference.as_ref().filter(|name| Some(*name) != guessed.as_ref());
    let chosen = [
        ("Opportunity", reference, "the customer's reference of a deal"),
        ("Opportunity", choices.order_number.as_ref(), "the order number of a deal"),
        ("Account", choices.tax_number.as_ref(), "the tax number of an Account"),
        ("Product2", Some(&choices.item_code), "the item code of a product"),
    ];
    let missing = |(object, name, use_of_it): (&str, Option<&String>, &str)| {
        let name =
            name.filter(|name| schema.object(object).is_some() && !schema.has(object, name))?;
        Some(Missing {
            what: format!("{object}.{name}, {use_of_it}, is missing or not visible to this user."),
            remedy: format!("{ADMINISTRATOR} adds the field or makes it visible to this user."),
            blocks_reading: false,
        })
    };
    chosen.into_iter().filter_map(missing).collect()
}

/// Fields that rules of assignment ask for: without them nobody knows whose the deals are.
fn traits_missing(schema: &Schema, choices: &FieldChoices) -> Vec<Missing> {
    let streams = [Stream::Deals, Stream::Accounts, Stream::Users];
    let named = streams.into_iter().flat_map(|stream| {
        let names = trait_names(stream, choices).iter().map(String::as_str);
        names.map(move |name| (stream, name))
    });
    let record_type = choices.traits.record_type.then_some((Stream::Deals, RECORD_TYPE));
    let missing = |(stream, name): (Stream, &str)| {
        let object = object_of(stream).filter(|object| schema.object(object).is_some())?;
        schema.path(object, name).is_none().then(|| Missing {
            what: format!(
                "{object}.{name}, which a rule of assignment asks for, is missing or not visible \
                 to this user."
            ),
            remedy: format!(
                "{ADMINISTRATOR} makes the field visible to this user, or change the rule."
            ),
            blocks_reading: false,
        })
    };
    named.chain(record_type).filter_map(missing).collect()
}

/// What the set-up step adds to the organisation (`salesforce §14.1`). Reading works without it.
fn write_back_missing(schema: &Schema) -> Vec<Missing> {
    let mut missing = Vec::new();
    for (object, fields) in [("Account", ACCOUNT_FIELDS), ("Opportunity", DEAL_FIELDS)] {
        let absent: Vec<&str> = fields
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| !schema.field(object, name).is_some_and(|field| field.updateable))
            .collect();
        if !absent.is_empty() {
            missing.push(write_back(format!(
                "Figures cannot be written to {object}; missing or not editable by this user: {}.",
                absent.join(", ")
            )));
        }
    }
    for (object, use_of_it) in
        [(LEDGER_ACCOUNT, "receivables per company"), (SYNC_ERROR, "failure records")]
    {
        if !schema.object(object).is_some_and(|found| found.createable) {
            missing.push(write_back(format!(
                "{object}, for {use_of_it}, is missing or this user may not create its records."
            )));
        }
    }
    if !schema.has("Task", TASK_TOKEN) {
        missing.push(write_back(format!(
            "Overdue tasks cannot be created; Task.{TASK_TOKEN} is missing or not visible."
        )));
    }
    if schema.multi_currency() && !schema.has("Opportunity", AMOUNT_NUMBER) {
        missing.push(write_back(format!(
            "Salesforce cannot add won deals per currency; Opportunity.{AMOUNT_NUMBER} is missing."
        )));
    }
    missing
}

fn write_back(what: String) -> Missing {
    let remedy = format!(
        "{ADMINISTRATOR} runs the set-up of Tieout and assigns the permission set \
         Tieout_Integration to this user."
    );
    Missing { what, remedy, blocks_reading: false }
}

#[cfg(test)]
mod tests;
