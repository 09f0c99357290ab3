//! Contacts (`xero §6.2`).

use serde_json::{Value, json};

use super::super::call::Body;
use super::super::contact::Contact;
use super::super::exact::money;
use super::super::stamps;
use super::balances::Balance;
use super::{Balances, Place, Showing, put_if_any};

/// The slots that always come back.
const ADDRESSES: [&str; 2] = ["STREET", "POBOX"];
const PHONES: [&str; 4] = ["DDI", "DEFAULT", "FAX", "MOBILE"];

/// One contact by itself.
pub fn contact(showing: Showing<'_>, contact: &Contact, balances: &Balances) -> Value {
    let mut shown = names(contact);
    let texts = [
        ("ContactNumber", &contact.number),
        ("AccountNumber", &contact.account_number),
        ("FirstName", &contact.first_name),
        ("LastName", &contact.last_name),
        ("CompanyNumber", &contact.company_number),
        ("TaxNumber", &contact.tax_number),
        ("DefaultCurrency", &contact.default_currency),
        ("Website", &contact.website),
    ];
    for (key, text) in texts {
        put_if_any(&mut shown, key, text);
    }
    shown["EmailAddress"] = json!(contact.email);
    shown["Phones"] = slots(&contact.phones, "PhoneType", &PHONES);
    shown["HasAttachments"] = json!(showing.books.attachments.contains_key(&contact.id));
    shown["HasValidationErrors"] = json!(false);
    if let Some(other) = &contact.merged_to {
        shown["MergedToContactID"] = json!(other);
    }
    if let Some(terms) = &contact.payment_terms {
        shown["PaymentTerms"] = json!(terms);
    }
    if showing.place == Place::Summary {
        return shown;
    }
    let own = balances.of(&contact.id);
    shown["Addresses"] = slots(&contact.addresses, "AddressType", &ADDRESSES);
    shown["ContactGroups"] = json!([]);
    shown["ContactPersons"] = json!(contact.persons);
    shown["IsCustomer"] = json!(own.is_customer);
    shown["IsSupplier"] = json!(own.is_supplier);
    shown["SalesTrackingCategories"] = json!([]);
    shown["PurchasesTrackingCategories"] = json!([]);
    put_if_any(&mut shown, "AccountsReceivableTaxType", &contact.receivable_tax_type);
    put_if_any(&mut shown, "SalesDefaultAccountCode", &contact.sales_account);
    if !own.is_empty() && showing.place != Place::Written {
        let side = |side: Balance| {
            let (outstanding, overdue) = (money(side.outstanding), money(side.overdue));
            json!({"Outstanding": outstanding, "Overdue": overdue})
        };
        shown["Balances"] = json!({
            "AccountsReceivable": side(own.receivable),
            "AccountsPayable": side(own.payable),
        });
    }
    shown
}

/// A contact inside a document: id and name in lists, more in single reads.
pub fn nested(showing: Showing<'_>, id: &str) -> Value {
    let Some(contact) = showing.books.contacts.get(id) else { return json!({"ContactID": id}) };
    let empty: [Value; 0] = [];
    if showing.is_list() {
        return json!({
            "ContactID": contact.id,
            "Name": contact.name,
            "Addresses": empty,
            "Phones": empty,
            "ContactGroups": empty,
            "ContactPersons": empty,
            "HasValidationErrors": false,
        });
    }
    let mut shown = names(contact);
    put_if_any(&mut shown, "ContactNumber", &contact.number);
    shown["EmailAddress"] = json!(contact.email);
    shown["Addresses"] = slots(&contact.addresses, "AddressType", &ADDRESSES);
    shown["Phones"] = slots(&contact.phones, "PhoneType", &PHONES);
    shown["ContactGroups"] = json!(empty);
    shown["ContactPersons"] = json!(contact.persons);
    shown["SalesTrackingCategories"] = json!(empty);
    shown["PurchasesTrackingCategories"] = json!(empty);
    shown["HasValidationErrors"] = json!(false);
    shown
}

fn names(contact: &Contact) -> Value {
    json!({
        "ContactID": contact.id,
        "ContactStatus": if contact.archived { "ARCHIVED" } else { "ACTIVE" },
        "Name": contact.name,
        "UpdatedDateUTC": stamps::instant(contact.updated),
    })
}

/// Every slot, filled or not.
fn slots(filled: &[Body], kind: &str, names: &[&str]) -> Value {
    let slot = |name: &&str| {
        let own = filled.iter().find(|slot| slot.get(kind).and_then(Value::as_str) == Some(*name));
        own.map_or_else(|| json!({ kind: name }), |own| json!(own))
    };
    names.iter().map(slot).collect()
}
