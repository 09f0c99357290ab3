//! The stored form of what a probe found, so that figures can be computed without a network.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tieout_connect::ports::Capabilities;
use tieout_domain::Currency;
use tieout_domain::effect::Replay;
use tieout_domain::facts::Stream;

#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    sandbox: bool,
    /// Empty in what older versions wrote.
    #[serde(default)]
    tool: String,
    replay: String,
    replay_secs: u32,
    streams: Vec<String>,
    overlap_secs: u32,
    page_records_max: u32,
    settle_secs: u32,
    currencies: Vec<String>,
    functional_currency: String,
    one_currency_per_customer: bool,
    closed_to: Option<String>,
    drafts: bool,
    time_zone: String,
    tax_codes: Vec<String>,
    default_tax_code: Option<String>,
    own_numbers: bool,
    line_description_max: u32,
    customer_name_max: u32,
}

/// A probe as it was stored: the company's name, whether it is a sandbox, and what it can.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredProbe {
    pub name: String,
    pub sandbox: bool,
    pub capabilities: Capabilities,
}

impl StoredProbe {
    /// What people call the tool; the company where an older version did not write it.
    pub fn tool(&self) -> &str {
        if self.capabilities.tool.is_empty() { &self.name } else { &self.capabilities.tool }
    }
}

/// Writes a probe as JSON text.
pub fn to_text(name: &str, sandbox: bool, of: &Capabilities) -> String {
    let (replay, replay_secs) = match of.replay {
        Replay::NativeKey { ttl_secs } => ("native_key", ttl_secs),
        Replay::UniqueExternalId => ("unique_external_id", 0),
        Replay::MarkerSearch { visible_after_secs } => ("marker_search", visible_after_secs),
    };
    let stored = Stored {
        name: name.into(),
        sandbox,
        tool: of.tool.clone(),
        replay: replay.into(),
        replay_secs,
        streams: of.streams.iter().map(|stream| stream.as_str().into()).collect(),
        overlap_secs: of.overlap_secs,
        page_records_max: of.page_records_max,
        settle_secs: of.settle_secs,
        currencies: of.currencies.iter().map(|currency| currency.code().into()).collect(),
        functional_currency: of.functional_currency.code().into(),
        one_currency_per_customer: of.one_currency_per_customer,
        closed_to: of.closed_to.map(|date| date.to_string()),
        drafts: of.drafts,
        time_zone: of.time_zone.clone(),
        tax_codes: of.tax_codes.clone(),
        default_tax_code: of.default_tax_code.clone(),
        own_numbers: of.own_numbers,
        line_description_max: of.line_description_max,
        customer_name_max: of.customer_name_max,
    };
    serde_json::to_string(&stored).expect("strings, numbers and lists of them always serialise")
}

/// Reads what `to_text` wrote. `None`: it was written by another version; probe again.
pub fn from_text(text: &str) -> Option<StoredProbe> {
    let stored: Stored = serde_json::from_str(text).ok()?;
    let replay = match stored.replay.as_str() {
        "native_key" => Replay::NativeKey { ttl_secs: stored.replay_secs },
        "unique_external_id" => Replay::UniqueExternalId,
        "marker_search" => Replay::MarkerSearch { visible_after_secs: stored.replay_secs },
        _ => return None,
    };
    let currency = |code: &String| Currency::parse(code).ok();
    let closed_to: Option<Date> = match &stored.closed_to {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    Some(StoredProbe {
        name: stored.name,
        sandbox: stored.sandbox,
        capabilities: Capabilities {
            tool: stored.tool,
            replay,
            streams: stored
                .streams
                .iter()
                .map(|word| Stream::parse(word))
                .collect::<Option<Vec<_>>>()?,
            overlap_secs: stored.overlap_secs,
            page_records_max: stored.page_records_max,
            settle_secs: stored.settle_secs,
            currencies: stored.currencies.iter().map(currency).collect::<Option<Vec<_>>>()?,
            functional_currency: currency(&stored.functional_currency)?,
            one_currency_per_customer: stored.one_currency_per_customer,
            closed_to,
            drafts: stored.drafts,
            time_zone: stored.time_zone,
            tax_codes: stored.tax_codes,
            default_tax_code: stored.default_tax_code,
            own_numbers: stored.own_numbers,
            line_description_max: stored.line_description_max,
            customer_name_max: stored.customer_name_max,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capabilities(replay: Replay) -> Capabilities {
        Capabilities {
            tool: "Books".into(),
            replay,
            streams: Stream::ALL.to_vec(),
            overlap_secs: 600,
            page_records_max: 1_000,
            settle_secs: 60,
            currencies: vec![Currency::parse("USD").unwrap(), Currency::parse("EUR").unwrap()],
            functional_currency: Currency::parse("USD").unwrap(),
            one_currency_per_customer: true,
            closed_to: Some(jiff::civil::date(2026, 5, 31)),
            drafts: false,
            time_zone: "America/New_York".into(),
            tax_codes: vec!["TAX".into(), "NON".into()],
            default_tax_code: Some("NON".into()),
            own_numbers: true,
            line_description_max: 4_000,
            customer_name_max: 500,
        }
    }

    #[track_caller]
    fn check(replay: Replay) {
        let of = capabilities(replay);
        let stored = StoredProbe { name: "AQ-US".into(), sandbox: true, capabilities: of.clone() };
        assert_eq!(from_text(&to_text("AQ-US", true, &of)), Some(stored));
    }

    #[test]
    fn a_probe_comes_back_whole() {
        check(Replay::NativeKey { ttl_secs: 3_600 });
        check(Replay::UniqueExternalId);
        check(Replay::MarkerSearch { visible_after_secs: 60 });
    }

    #[test]
    fn what_another_version_wrote_means_probe_again() {
        let of = capabilities(Replay::UniqueExternalId);
        let text = to_text("AQ-US", true, &of).replace("unique_external_id", "telepathy");
        assert_eq!(from_text(&text), None);
        assert_eq!(from_text("{}"), None);
    }
}
