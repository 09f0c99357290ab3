//! From the settings of an organisation to what it can do.

use jiff::{SignedDuration, Timestamp};
use tieout_connect::ports::Capabilities;
use tieout_domain::effect::Replay;

use crate::config::Agreement;
use crate::kind::{ROWS_MAX, STREAMS};
use crate::lists::Lists;
use crate::organisation::Organisation;

/// How long the tool answers a repeat of our idempotency value with the first answer
/// (`xero §7.2`).
pub(crate) const IDEMPOTENCY_SECS: u32 = 360;
/// How far each read looks back (`xero §3.5`).
const OVERLAP_SECS: u32 = 600;
const SETTLE_SECS: u32 = 60;
const DESCRIPTION_CHARS_MAX: u32 = 4_000;
pub(crate) const CUSTOMER_NAME_CHARS_MAX: u32 = 255;
/// The zone of an organisation that says none which we know; the probe names it as missing.
pub(crate) const UNKNOWN_ZONE: &str = "Etc/UTC";
/// What people call this tool.
const TOOL: &str = "Xero";

/// The mark that a lower bound was made from.
pub(crate) fn marked_before(since: Timestamp) -> Timestamp {
    let overlap = SignedDuration::from_secs(i64::from(OVERLAP_SECS));
    since.checked_add(overlap).unwrap_or(since)
}

/// Everything in which this organisation differs from others.
pub(crate) fn capabilities(
    organisation: &Organisation,
    lists: &Lists,
    agreement: &Agreement,
) -> Capabilities {
    let mut currencies = lists.currencies.clone();
    if !currencies.contains(&organisation.home) {
        currencies.push(organisation.home);
    }
    let zone = organisation.time_zone(agreement.time_zone.as_deref());
    Capabilities {
        tool: TOOL.into(),
        replay: if agreement.own_numbers {
            Replay::UniqueExternalId
        } else {
            Replay::NativeKey { ttl_secs: IDEMPOTENCY_SECS }
        },
        streams: STREAMS.to_vec(),
        overlap_secs: OVERLAP_SECS,
        page_records_max: ROWS_MAX,
        settle_secs: SETTLE_SECS,
        currencies,
        functional_currency: organisation.home,
        one_currency_per_customer: false,
        closed_to: organisation.closed_to,
        drafts: true,
        time_zone: zone.unwrap_or_else(|| UNKNOWN_ZONE.to_owned()),
        tax_codes: lists.tax_codes.clone(),
        // Without one the tool takes that of the item, the contact or the account.
        default_tax_code: None,
        own_numbers: agreement.own_numbers,
        line_description_max: DESCRIPTION_CHARS_MAX,
        customer_name_max: CUSTOMER_NAME_CHARS_MAX,
    }
}
