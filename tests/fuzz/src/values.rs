//! Texts out of bodies, headers and files: amounts, decimals, currencies, dates, ids, addresses,
//! stored sign-ins. Besides not failing, each must keep its law.

use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use serde_json::Value;
use tieout_connect::endpoint::{BaseUrl, is_loopback, require_allowed};
use tieout_connect::json::{Record, excerpt, quarantined};
use tieout_connect::mark::server_time;
use tieout_connect::session::{StoredGrant, retry_after};
use tieout_domain::Currency;
use tieout_domain::amount::{read_amount, read_amount_with_code, read_decimal};
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::Stream;
use tieout_domain::ids::DealId;
use tieout_domain::salesforce_id::salesforce_id_18;
use tieout_salesforce::LoginHost;

/// Currencies with no, two, three and four decimals.
const CURRENCIES: [&str; 4] = ["JPY", "USD", "KWD", "CLF"];
/// What an excerpt shows at most.
const EXCERPT_CHARS_MAX: usize = 80;

/// What a text is read as, in the order of their letters.
const READERS: [fn(&str); 8] =
    [amount, decimal, currency, record, salesforce_id, grant, address, header];

/// One letter that says what the rest is read as, then the text.
pub fn run(input: &[u8]) {
    let [letter, rest @ ..] = input else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    READERS[usize::from(letter.wrapping_sub(b'A')) % READERS.len()](text);
}

/// An amount says again what it was read from, and is what a decimal of the same text is.
fn amount(text: &str) {
    for code in CURRENCIES {
        let currency = Currency::parse(code).expect("a currency");
        let Ok(money) = read_amount(text, currency) else { continue };
        assert_eq!(read_amount(&money.to_plain(), currency), Ok(money), "{text}");
        if let Ok(plain) = text.parse::<Decimal>() {
            assert_eq!(money.to_decimal(), plain, "{text} {code}");
        }
        let read = read_amount_with_code(text, code, None);
        assert_eq!(read, Ok(money), "{text}");
    }
}

fn decimal(text: &str) {
    let Ok(number) = read_decimal(text) else { return };
    assert_eq!(read_decimal(&number.to_string()), Ok(number), "{text}");
    // The library cuts off places before it moves the point.
    let has_exponent = text.contains(['e', 'E']);
    if let Some(plain) = text.parse::<Decimal>().ok().filter(|_| !has_exponent) {
        assert_eq!(number, plain, "{text}");
    }
}

fn currency(text: &str) {
    for on in [None, Some(date(1999, 1, 1)), Some(date(2026, 6, 30))] {
        if let Ok(currency) = Currency::parse_on(text, on) {
            assert_eq!(currency.code(), text);
        }
    }
    if let Ok(key) = TransactionKey::parse(text) {
        assert_eq!(key.as_str(), text);
    }
    let shown = excerpt(text);
    assert!(shown.chars().count() <= EXCERPT_CHARS_MAX, "{shown}");
    assert!(!shown.chars().any(char::is_control), "{shown:?}");
}

/// Each field of a record, read as everything.
fn record(text: &str) {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return };
    let Ok(record) = Record::of(&value) else { return };
    fields(&record, &value, 4);
}

fn fields(record: &Record<'_>, value: &Value, depth: usize) {
    let usd = Currency::parse("USD").expect("a currency");
    for name in value.as_object().into_iter().flat_map(|map| map.keys()) {
        let date: Option<Date> = record.date(name).ok();
        let instant: Option<Timestamp> = record.instant(name).ok();
        if let (Some(date), Some(text)) = (date, value[name].as_str()) {
            assert!(text.starts_with(&date.to_string()), "{text} is read as {date}");
        }
        if let (Some(instant), Some(text)) = (instant, value[name].as_str()) {
            let again = serde_json::json!({ "at": instant.to_string() });
            let again = Record::of(&again).and_then(|record| record.instant("at"));
            assert_eq!(again.ok(), Some(instant), "{text}");
        }
        let _ = (record.text(name), record.lines_or_none(name), record.flag(name));
        let _ = (record.decimal(name), record.money(name, usd), record.whole(name));
        let _ = (record.currency(name, date), record.id(name, DealId::new), record.raw_text(name));
        for reason in [record.date(name).err(), record.decimal(name).err()].into_iter().flatten() {
            quarantined(Stream::Deals, "id", "{}", reason);
        }
        if depth == 0 {
            continue;
        }
        if let (Ok(inner), Some(value)) = (record.record(name), record.value(name)) {
            fields(&inner, value, depth - 1);
        }
        let list = value[name].as_array().map(Vec::as_slice).unwrap_or_default();
        for (inner, value) in record.records(name).unwrap_or_default().iter().zip(list) {
            fields(inner, value, depth - 1);
        }
    }
}

/// The long form of an id is its own long form.
fn salesforce_id(text: &str) {
    if let Ok(long) = salesforce_id_18(text) {
        assert_eq!(long.len(), 18);
        assert_eq!(salesforce_id_18(&long).as_ref(), Ok(&long));
        assert_eq!(long[..15], text[..15]);
    }
}

/// A sign-in that could be read is written as it will be read.
fn grant(text: &str) {
    if let Ok(grant) = StoredGrant::from_bytes(text.as_bytes()) {
        let bytes = grant.to_bytes();
        let again = StoredGrant::from_bytes(&bytes).expect("our own bytes");
        assert!(again == grant, "{again:?}");
        assert_eq!(*again.to_bytes(), *bytes);
    }
}

/// Nothing is sent in the open to another computer, and no path leads to another host.
fn address(text: &str) {
    if let Ok(host) = LoginHost::parse(text) {
        is_safe(host.base());
    }
    let (base, path) = text.split_once(' ').unwrap_or((text, "/services/data"));
    let Ok(base) = BaseUrl::parse(base) else { return };
    is_safe(&base);
    if let Ok(endpoint) = base.join(path) {
        let origin = url::Url::parse(base.as_str()).expect("it was read").origin();
        assert_eq!(endpoint.url().origin(), origin, "{text}");
        require_allowed(endpoint.url()).expect("an endpoint is allowed");
    }
}

fn is_safe(base: &BaseUrl) {
    let url = url::Url::parse(base.as_str()).expect("it was read");
    assert!(url.scheme() == "https" || is_loopback(&url), "{url}");
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
}

fn header(text: &str) {
    let Ok(value) = HeaderValue::from_str(text) else { return };
    let mut headers = HeaderMap::new();
    headers.insert(http::header::DATE, value.clone());
    headers.insert(http::header::RETRY_AFTER, value);
    server_time(&headers, Timestamp::UNIX_EPOCH);
    retry_after(&headers);
    headers.insert(http::header::DATE, HeaderValue::from_static("Mon, 06 Jul 2026 16:42:00 GMT"));
    retry_after(&headers);
}
