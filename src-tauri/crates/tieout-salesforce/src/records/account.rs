//! `Account` (`salesforce §7 Account`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Account, Address, Stream};
use tieout_domain::ids::{AccountId, UserId};

use super::traits::traits;
use super::{Context, chosen_text, stamp};

pub(crate) fn account(record: &Record<'_>, context: Context<'_>) -> Reading<Account> {
    let only = context.organization.currency.filter(|_| {
        // With several currencies an account without a visible one has an unknown one.
        !context.organization.schema.multi_currency()
    });
    Ok(Account {
        id: record.id("Id", AccountId::new)?,
        stamp: stamp(record, "SystemModstamp")?,
        name: record.text("Name")?,
        parent: record.id_or_none("ParentId", AccountId::new)?,
        number: record.text_or_none("AccountNumber")?,
        owner: record.id_or_none("OwnerId", UserId::new)?,
        website: record.text_or_none("Website")?,
        address: address(record)?,
        tax_number: chosen_text(record, context.choices.tax_number.as_deref())?,
        currency: record.currency_or_none("CurrencyIsoCode", None)?.or(only),
        merged_into: record.id_or_none("MasterRecordId", AccountId::new)?,
        traits: traits(Stream::Accounts, record, context)?,
    })
}

/// The country's code where the organisation has one, because tax numbers need it.
fn address(record: &Record<'_>) -> Reading<Address> {
    let code = record.text_or_none("BillingCountryCode")?;
    Ok(Address {
        street: record.lines_or_none("BillingStreet")?,
        city: record.text_or_none("BillingCity")?,
        region: record.text_or_none("BillingState")?,
        postal_code: record.text_or_none("BillingPostalCode")?,
        country: match code {
            Some(code) => Some(code),
            None => record.text_or_none("BillingCountry")?,
        },
    })
}
