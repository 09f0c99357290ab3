//! Many documents at once, as an old file has them (`xero §14.17`): dates near today, stamps of
//! years ago, several currencies, and a quarter of the payments deleted.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::call::Body;
use super::document::Kind;
use super::platform::Tenant;
use super::write::{Author, Writing, document, payment};

/// Days that the documents are spread over.
const DAYS: i64 = 360;
/// Contacts that the documents are spread over.
const CONTACTS: u32 = 40;
/// Seconds between the stamps.
const STEP: i64 = 61;

/// What to add.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    pub invoices: u32,
    /// The last document date.
    pub until: Date,
    /// The first stamp; the others follow it closely.
    pub stamped: Timestamp,
}

/// Adds them. Every second invoice has a payment, every fourth payment is deleted.
pub fn fill(tenant: &mut Tenant, bulk: &Bulk) {
    let mut now = bulk.stamped;
    let account = tenant.books.bank(&tenant.config.base_currency).id.clone();
    for serial in 0..bulk.invoices {
        now = now.checked_add(SignedDuration::from_secs(STEP)).unwrap_or(now);
        let author = Author::Clerk;
        let mut writing = Writing { tenant, now, author, places: 4, create_only: true };
        let body = invoice(&mut writing, serial, bulk.until);
        let Ok(written) = document::save(&mut writing, Kind::Invoice, &body, None) else {
            continue;
        };
        if serial % 2 == 0 {
            pay(&mut writing, &written.id, &account, serial % 8 == 0);
        }
    }
}

fn invoice(writing: &mut Writing<'_>, serial: u32, until: Date) -> Body {
    let back = i64::from(serial) % DAYS;
    let date = until.checked_sub(SignedDuration::from_hours(24 * back)).unwrap_or(until);
    let due = date.checked_add(SignedDuration::from_hours(24 * 30)).unwrap_or(date);
    let currencies = &writing.tenant.books.currencies;
    let currency = currencies[serial as usize % currencies.len()].clone();
    let price = Decimal::new(i64::from(serial % 997) * 137 + 1001, 2);
    members(json!({
        "Type": "ACCREC",
        "Status": "AUTHORISED",
        "InvoiceNumber": format!("OLD-{serial:05}"),
        "Contact": {"Name": format!("Old Customer {:02}", serial % CONTACTS)},
        "Date": date.to_string(),
        "DueDate": due.to_string(),
        "CurrencyCode": currency,
        "LineItems": [{"Description": "Old goods", "Quantity": "1", "UnitAmount": price.to_string(),
            "AccountCode": "200"}],
    }))
}

/// A half is paid, and maybe taken back.
fn pay(writing: &mut Writing<'_>, id: &str, account: &str, deleted: bool) {
    let document = &writing.tenant.books.documents[id];
    let half = super::exact::cents(document.total / Decimal::TWO);
    let date = document.date;
    let body = members(json!({
        "Invoice": {"InvoiceID": id},
        "Account": {"AccountID": account},
        "Date": date.to_string(),
        "Amount": half.to_string(),
    }));
    let paid = payment::create(writing, &body, None);
    if let (Ok(paid), true) = (paid, deleted) {
        let payment = writing.tenant.books.payments[&paid.id].clone();
        // The payment was made a moment ago: nothing can stand in the way.
        let _ = payment::take_back(writing, &payment);
    }
}

fn members(value: Value) -> Body {
    if let Value::Object(members) = value { members } else { Body::new() }
}
