//! Customers (`quickbooks §3.2`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Address, Customer};
use tieout_domain::ids::CustomerId;

use crate::note;
use crate::reading::{Context, plain_name, reference, reference_text, stamp};

const STREET_LINES: [&str; 5] = ["Line1", "Line2", "Line3", "Line4", "Line5"];

pub(crate) fn read(record: &Record<'_>, context: Context<'_>) -> Reading<Customer> {
    let active = record.flag_or_none("Active")?.unwrap_or(true);
    let currency = match record.record_or_none("CurrencyRef")? {
        Some(reference) => reference.currency_or_none("value", None)?,
        None => None,
    };
    let notes = record.lines_or_none("Notes")?;
    let terms = reference_text(record, "SalesTermRef")?;
    Ok(Customer {
        id: record.id("Id", CustomerId::new)?,
        stamp: stamp(record)?,
        name: plain_name(&record.text("DisplayName")?, active),
        legal_name: record.text_or_none("CompanyName")?,
        currency,
        address: match record.record_or_none("BillAddr")? {
            Some(address) => read_address(&address)?,
            None => Address::default(),
        },
        email: nested_text(record, "PrimaryEmailAddr", "Address")?,
        website: nested_text(record, "WebAddr", "URI")?,
        tax_number: record.text_or_none("PrimaryTaxIdentifier")?,
        account: notes.as_deref().and_then(note::account_of),
        terms_days: terms.and_then(|id| context.books.term_days(&id)),
        tax_code: reference_text(record, "DefaultTaxCodeRef")?,
        active,
        parent: reference(record, "ParentRef", CustomerId::new)?,
    })
}

fn read_address(address: &Record<'_>) -> Reading<Address> {
    let mut street = Vec::new();
    for line in STREET_LINES {
        street.extend(address.text_or_none(line)?);
    }
    Ok(Address {
        street: Some(street.join("\n")).filter(|street| !street.is_empty()),
        city: address.text_or_none("City")?,
        region: address.text_or_none("CountrySubDivisionCode")?,
        postal_code: address.text_or_none("PostalCode")?,
        country: address.text_or_none("Country")?,
    })
}

fn nested_text(record: &Record<'_>, field: &str, inner: &str) -> Reading<Option<String>> {
    match record.record_or_none(field)? {
        Some(nested) => nested.text_or_none(inner),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests;
