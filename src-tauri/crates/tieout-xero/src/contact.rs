//! Contacts (`xero §6.2`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Address, Customer};
use tieout_domain::ids::{AccountId, CustomerId};

use crate::note;
use crate::reading::{list, nested, stamp};

const STREET_LINES: [&str; 4] = ["AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4"];
/// Both slots always come, mostly empty. The first of these that holds anything is taken: the
/// postal one stands on invoices, the street one is what we write.
const SLOTS: [&str; 2] = ["POBOX", "STREET"];
const ACTIVE: &str = "ACTIVE";
/// The one kind of terms that is a number of days from the invoice.
const DAYS_AFTER_BILL: &str = "DAYSAFTERBILLDATE";

/// A contact keeps no currency: its default is no rule, and each document has its own.
pub(crate) fn read(record: &Record<'_>) -> Reading<Customer> {
    Ok(Customer {
        id: record.id("ContactID", CustomerId::new)?,
        stamp: stamp(record, false)?,
        name: record.text("Name")?,
        legal_name: None,
        currency: None,
        address: address(record)?,
        email: record.text_or_none("EmailAddress")?,
        website: record.text_or_none("Website")?,
        tax_number: record.text_or_none("TaxNumber")?,
        account: account(record)?,
        terms_days: terms_days(record)?,
        tax_code: record.text_or_none("AccountsReceivableTaxType")?,
        active: record.raw_text("ContactStatus")?.is_none_or(|status| status == ACTIVE),
        parent: None,
    })
}

/// The CRM's Account, where the contact's number is the id of one; other numbers are the
/// customer's own.
fn account(record: &Record<'_>) -> Reading<Option<AccountId>> {
    let number = record.raw_text("ContactNumber")?;
    Ok(number.and_then(note::account_id).and_then(|id| AccountId::new(&id).ok()))
}

fn address(record: &Record<'_>) -> Reading<Address> {
    let slots = list(record, "Addresses")?;
    for wanted in SLOTS {
        for slot in &slots {
            if slot.raw_text("AddressType")? == Some(wanted) {
                let address = read_address(slot)?;
                if address != Address::default() {
                    return Ok(address);
                }
            }
        }
    }
    Ok(Address::default())
}

fn read_address(slot: &Record<'_>) -> Reading<Address> {
    let mut street = Vec::new();
    for line in STREET_LINES {
        street.extend(slot.text_or_none(line)?);
    }
    Ok(Address {
        street: Some(street.join("\n")).filter(|street| !street.is_empty()),
        city: slot.text_or_none("City")?,
        region: slot.text_or_none("Region")?,
        postal_code: slot.text_or_none("PostalCode")?,
        country: slot.text_or_none("Country")?,
    })
}

fn terms_days(record: &Record<'_>) -> Reading<Option<u32>> {
    let Some(terms) = nested(record, "PaymentTerms")? else { return Ok(None) };
    let Some(sales) = nested(&terms, "Sales")? else { return Ok(None) };
    if sales.raw_text("Type")? != Some(DAYS_AFTER_BILL) {
        return Ok(None);
    }
    Ok(sales.whole_or_none("Day")?.and_then(|days| u32::try_from(days).ok()))
}
