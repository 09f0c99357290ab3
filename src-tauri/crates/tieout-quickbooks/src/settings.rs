//! From the settings of a company to what it can do.

use tieout_connect::ports::Capabilities;
use tieout_domain::effect::Replay;

use crate::about::About;
use crate::books::{Books, TAXED, UNTAXED};
use crate::config::Agreement;
use crate::entity::STREAMS;
use crate::query::PAGE_ROWS_MAX;

/// How long the tool is trusted to know a request id. The real time is unknown
/// (`quickbooks §4.8`).
const REQUEST_ID_SECS: u32 = 3_600;
/// When a new document can be found by its note at the latest (`quickbooks §4.8`).
const VISIBLE_AFTER_SECS: u32 = 60;
/// How far each read looks back (`quickbooks §4.6`).
const OVERLAP_SECS: u32 = 600;
const SETTLE_SECS: u32 = 60;
const DESCRIPTION_CHARS_MAX: u32 = 4_000;
pub(crate) const CUSTOMER_NAME_CHARS_MAX: u32 = 500;

/// What people call this tool.
const TOOL: &str = "QuickBooks";

/// Everything in which this company differs from others.
pub(crate) fn capabilities(books: &Books, about: &About, agreement: &Agreement) -> Capabilities {
    let flags = about.line_codes_are_flags();
    let (tax_codes, default_tax_code) = match (books.sales_tax, flags) {
        (false, _) => (Vec::new(), None),
        // The server would fill in the same for a line without a code.
        (true, true) => (vec![TAXED.to_owned(), UNTAXED.to_owned()], Some(UNTAXED.to_owned())),
        (true, false) => (books.tax_codes.clone(), None),
    };
    Capabilities {
        tool: TOOL.into(),
        replay: if agreement.own_numbers {
            Replay::NativeKey { ttl_secs: REQUEST_ID_SECS }
        } else {
            Replay::MarkerSearch { visible_after_secs: VISIBLE_AFTER_SECS }
        },
        streams: STREAMS.to_vec(),
        overlap_secs: OVERLAP_SECS,
        page_records_max: PAGE_ROWS_MAX,
        settle_secs: SETTLE_SECS,
        currencies: books.currencies.clone(),
        functional_currency: books.home,
        one_currency_per_customer: true,
        closed_to: books.closed_to,
        drafts: false,
        time_zone: about.time_zone(agreement.time_zone.as_deref()),
        tax_codes,
        default_tax_code,
        own_numbers: agreement.own_numbers,
        line_description_max: DESCRIPTION_CHARS_MAX,
        customer_name_max: CUSTOMER_NAME_CHARS_MAX,
    }
}
