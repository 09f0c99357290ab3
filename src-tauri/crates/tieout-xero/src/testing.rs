//! An organisation that answers from a script, for the tests of this crate. Whatever the script
//! does not know fails the test loudly.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use serde_json::{Value, json};
use tieout_connect::cancel::Cancel;
use tieout_connect::endpoint::BaseUrl;
use tieout_connect::json::{Reading, Record};
use tieout_connect::ports::Read;
use tieout_connect::secret::Secret;
use tieout_connect::session::StoredGrant;
use tieout_connect::testing::{
    CountedEntropy, MemoryStore, ScriptedAnswer, ScriptedTransport, VirtualClock, json_answer,
};
use tieout_domain::Currency;
use tieout_domain::facts::Fact;

use crate::config::{Agreement, App, Company, Environment};
use crate::kind::Kind;
use crate::reading::{Context, facts_of};
use crate::scopes::Scopes;
use crate::{Wiring, Xero};

pub(crate) const TENANT: &str = "9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f";
pub(crate) const NOW: &str = "2026-07-06T16:42:00Z";
/// The server's time of every scripted answer: 2026-07-06T16:41:59.4Z.
pub(crate) const TIME_MS: i64 = 1_783_356_119_400;
pub(crate) const TIME: &str = "2026-07-06T16:41:59.4Z";
pub(crate) const KEY: &str = "TIE-YIO2VH22ILF65RQE";
pub(crate) const DEAL: &str = "006Hs00001AsDfGIAV";
pub(crate) const ACCOUNT: &str = "001Hs00000AbCdEIAV";
pub(crate) const INVOICE: &str = "b7a0d1c2-3e4f-4a5b-9c6d-7e8f90a1b2c3";
pub(crate) const CONTACT: &str = "7c1d0f2e-0b1a-4c2d-8e3f-405162738495";
pub(crate) const CREDIT: &str = "55ee0000-0000-4000-8000-000000000001";
pub(crate) const PAYMENT: &str = "90aa0000-0000-4000-8000-000000000001";
pub(crate) const ITEM: &str = "0e1f0000-0000-4000-8000-000000000001";
pub(crate) const DEBTORS: &str = "9af40000-0000-4000-8000-000000000001";

pub(crate) fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Members replaced or, if null, taken away.
pub(crate) fn patched(mut record: Value, patch: Value) -> Value {
    for (name, value) in patch.as_object().unwrap() {
        record[name.as_str()] = value.clone();
    }
    record.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    record
}

/// A number as the wire writes it, digits and all.
pub(crate) fn raw_number(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// An invoice of 2,500.00 and 375.00 tax.
pub(crate) fn invoice(patch: Value) -> Value {
    patched(
        json!({
            "Type": "ACCREC", "InvoiceID": INVOICE, "InvoiceNumber": KEY, "Reference": DEAL,
            "Payments": [], "CreditNotes": [], "Prepayments": [], "Overpayments": [],
            "AmountDue": raw_number("2875.00"), "AmountPaid": raw_number("0.00"),
            "AmountCredited": raw_number("0.00"), "CurrencyRate": raw_number("1.0000000000"),
            "HasErrors": false, "IsDiscounted": false,
            "Contact": {"ContactID": CONTACT, "Name": "Harbour Mills Ltd"},
            "DateString": "2026-06-01T00:00:00", "Date": "/Date(1780272000000+0000)/",
            "DueDateString": "2026-07-01T00:00:00", "DueDate": "/Date(1782864000000+0000)/",
            "Status": "AUTHORISED", "LineAmountTypes": "Exclusive",
            "LineItems": [{"ItemCode": "LIC-PRO", "Description": "Licence Pro, 12 months",
                "UnitAmount": raw_number("1250.0000"), "TaxType": "OUTPUT2",
                "TaxAmount": raw_number("375.00"), "LineAmount": raw_number("2500.00"),
                "AccountCode": "200", "Item": {"ItemID": ITEM, "Name": "Licence", "Code": "LIC-PRO"},
                "Quantity": raw_number("2.0000")}],
            "SubTotal": raw_number("2500.00"), "TotalTax": raw_number("375.00"),
            "Total": raw_number("2875.00"), "CurrencyCode": "NZD",
            "UpdatedDateUTC": "/Date(1780301730047+0000)/"
        }),
        patch,
    )
}

/// A credit note of 250.00 of which 100.00 is used for the invoice.
pub(crate) fn credit_note(patch: Value) -> Value {
    patched(
        json!({
            "Type": "ACCRECCREDIT", "CreditNoteID": CREDIT, "ID": CREDIT, "CreditNoteNumber": "CN-0007",
            "Reference": "", "RemainingCredit": raw_number("150.00"),
            "Allocations": [{"AllocationID": "a5be", "Amount": raw_number("100.00"),
                "Date": "/Date(1781913600000+0000)/",
                "Invoice": {"InvoiceID": INVOICE, "InvoiceNumber": KEY, "Payments": []}}],
            "Payments": [], "Contact": {"ContactID": CONTACT},
            "Date": "/Date(1780617600000+0000)/", "Status": "AUTHORISED",
            "LineAmountTypes": "Exclusive", "LineItems": [], "SubTotal": raw_number("250.00"),
            "TotalTax": raw_number("0.00"), "Total": raw_number("250.00"), "CurrencyCode": "NZD",
            "UpdatedDateUTC": "/Date(1781913600123+0000)/"
        }),
        patch,
    )
}

/// A payment of 875.00 as a list shows it: the invoice beside it is a stub, the rate is 0.
pub(crate) fn payment(patch: Value) -> Value {
    patched(
        json!({
            "PaymentID": PAYMENT, "Date": "/Date(1781913600000+0000)/",
            "Amount": raw_number("875.00"), "BankAmount": raw_number("875.00"),
            "CurrencyRate": raw_number("0.0000000000"), "PaymentType": "ACCRECPAYMENT",
            "Status": "AUTHORISED", "Reference": "BACS 9", "IsReconciled": "false",
            "Account": {"AccountID": "1111", "Code": ""},
            "Invoice": {"Type": "ACCREC", "InvoiceID": INVOICE, "InvoiceNumber": KEY,
                "Contact": {"ContactID": CONTACT, "Name": "Harbour Mills Ltd"},
                "CurrencyCode": "NZD", "Payments": [], "LineItems": []},
            "UpdatedDateUTC": "/Date(1781913600200+0000)/"
        }),
        patch,
    )
}

/// An overpayment of 50.00, unused.
pub(crate) fn overpayment(patch: Value) -> Value {
    patched(
        json!({
            "OverpaymentID": "66ff0000-0000-4000-8000-000000000001", "Type": "RECEIVE-OVERPAYMENT",
            "Contact": {"ContactID": CONTACT}, "Date": "/Date(1781913600000+0000)/",
            "Status": "AUTHORISED", "LineItems": [], "SubTotal": raw_number("50.00"),
            "TotalTax": raw_number("0.00"), "Total": raw_number("50.00"),
            "RemainingCredit": raw_number("50.00"), "Allocations": [], "CurrencyCode": "NZD",
            "UpdatedDateUTC": "/Date(1781913600300+0000)/"
        }),
        patch,
    )
}

pub(crate) fn contact(patch: Value) -> Value {
    patched(
        json!({
            "ContactID": CONTACT, "ContactNumber": ACCOUNT, "AccountNumber": "HM-77",
            "Name": "Harbour Mills Ltd", "EmailAddress": "ap@harbourmills.example",
            "ContactStatus": "ACTIVE",
            "Addresses": [{"AddressType": "STREET", "AddressLine1": "1 Quay", "City": "Lyttelton",
                           "PostalCode": "8082", "Country": "NZ"}, {"AddressType": "POBOX"}],
            "Phones": [{"PhoneType": "DEFAULT"}],
            "PaymentTerms": {"Sales": {"Day": 30, "Type": "DAYSAFTERBILLDATE"}},
            "UpdatedDateUTC": "/Date(1780301700000+0000)/"
        }),
        patch,
    )
}

/// An answer with its envelope; `pages` are pageCount and itemCount.
pub(crate) fn envelope(name: &str, records: &[Value], pages: Option<(u32, u64)>) -> String {
    let mut answer = json!({"Id": "0d4b", "Status": "OK", "ProviderName": "Tieout",
        "DateTimeUTC": format!("/Date({TIME_MS})/"), name: records});
    if let Some((page_count, item_count)) = pages {
        answer["pagination"] = json!({"page": 1, "pageSize": records.len(),
            "pageCount": page_count, "itemCount": item_count});
    }
    answer.to_string()
}

/// A list of one page.
pub(crate) fn one_page(kind: Kind, records: &[Value]) -> ScriptedAnswer {
    let pages = Some((1, records.len() as u64));
    json_answer(200, &envelope(kind.name(), records, pages))
}

/// A single read.
pub(crate) fn single(kind: Kind, record: &Value) -> ScriptedAnswer {
    json_answer(200, &envelope(kind.name(), std::slice::from_ref(record), None))
}

/// What the tool says when there is no such record.
pub(crate) fn not_found() -> ScriptedAnswer {
    let page = "<html>The resource you're looking for cannot be found</html>";
    Ok(Response::builder().status(404).body(Bytes::from(page)).unwrap())
}

/// The settings of the scripted organisation.
fn setting(path: &str) -> Option<ScriptedAnswer> {
    let organisation = json!({"OrganisationID": TENANT, "Name": "Northwind Tools Ltd",
        "BaseCurrency": "NZD", "ShortCode": "!n4Qx7", "IsDemoCompany": false,
        "Timezone": "NEWZEALANDSTANDARDTIME", "PeriodLockDate": "/Date(1780185600000+0000)/"});
    let (name, records) = match path {
        "/Organisation" => ("Organisations", vec![organisation]),
        "/Organisation/Actions" => (
            "Actions",
            vec![
                json!({"Name": "CreateDraftInvoice", "Status": "ALLOWED"}),
                json!({"Name": "VoidInvoice", "Status": "NOT-ALLOWED"}),
            ],
        ),
        "/Accounts" => (
            "Accounts",
            vec![
                json!({"AccountID": DEBTORS, "Code": "610", "SystemAccount": "DEBTORS"}),
                json!({"AccountID": "1111", "Code": "200", "SystemAccount": ""}),
            ],
        ),
        "/Currencies" => ("Currencies", vec![json!({"Code": "NZD"}), json!({"Code": "EUR"})]),
        "/TaxRates" => (
            "TaxRates",
            vec![json!({"TaxType": "OUTPUT2", "Status": "ACTIVE", "CanApplyToRevenue": true})],
        ),
        "/Items" => (
            "Items",
            vec![json!({"ItemID": ITEM, "Code": "LIC-PRO", "Name": "Licence Pro",
                "IsSold": true, "UpdatedDateUTC": "/Date(1780301700000+0000)/",
                "SalesDetails": {"UnitPrice": 1250, "AccountCode": "200", "TaxType": "OUTPUT2"}})],
        ),
        _ => return None,
    };
    Some(json_answer(200, &envelope(name, &records, None)))
}

/// A connection to the scripted organisation.
pub(crate) struct Rig {
    pub transport: Arc<ScriptedTransport>,
    pub clock: Arc<VirtualClock>,
    pub store: Arc<MemoryStore>,
    pub xero: Xero,
}

/// The path of an accounting call without its version, or of another call as it is.
pub(crate) fn path_of(request: &Request<Bytes>) -> &str {
    let path = request.uri().path();
    path.strip_prefix("/api.xro/2.0").unwrap_or(path)
}

/// A connection whose organisation answers from this script first, then with its settings.
pub(crate) fn rig(
    agreement: Agreement,
    script: impl Fn(&Request<Bytes>) -> Option<ScriptedAnswer> + Send + Sync + 'static,
) -> Rig {
    let transport = ScriptedTransport::new();
    transport.on(script);
    transport.on(|request| setting(path_of(request)));
    connect(transport, agreement, grant("access", None))
}

/// With own numbers and links back.
pub(crate) fn own_numbers() -> Agreement {
    Agreement { own_numbers: true, ..tool_numbers() }
}

/// With the tool's numbers and links back.
pub(crate) fn tool_numbers() -> Agreement {
    let pages = BaseUrl::parse("https://example.my.salesforce.com").unwrap();
    Agreement { deal_pages: Some(pages), ..Agreement::default() }
}

pub(crate) fn app() -> App {
    let base = BaseUrl::parse("http://127.0.0.1:4040").unwrap();
    App::new(Environment::At(base), "0A1B2C3D4E5F", Scopes::default()).unwrap()
}

pub(crate) fn grant(access: &str, scope: Option<&str>) -> StoredGrant {
    let scope = scope.map(|scope| ("scope".to_owned(), scope.to_owned()));
    StoredGrant {
        access: Secret::new(access),
        refresh: Some(Secret::new("refresh")),
        previous_refresh: None,
        obtained_at: instant(NOW),
        expires_at: Some(instant("2026-07-06T17:12:00Z")),
        instance_url: None,
        extra: BTreeMap::from_iter(scope),
    }
}

pub(crate) fn wiring(
    transport: Arc<ScriptedTransport>,
    store: Arc<MemoryStore>,
    clock: Arc<VirtualClock>,
) -> Wiring {
    Wiring {
        transport,
        store,
        clock,
        entropy: Arc::new(CountedEntropy::default()),
        cancel: Cancel::new(),
    }
}

/// A connection over a transport that has its script already.
pub(crate) fn connect(
    transport: Arc<ScriptedTransport>,
    agreement: Agreement,
    grant: StoredGrant,
) -> Rig {
    let (clock, store) = (VirtualClock::at(NOW), MemoryStore::with(grant));
    let parts = wiring(transport.clone(), store.clone(), clock.clone());
    let company = Company::new(app(), TENANT).unwrap();
    Rig { xero: Xero::new(company, agreement, parts), transport, clock, store }
}

/// A parameter of a request, decoded.
pub(crate) fn parameter(request: &Request<Bytes>, name: &str) -> Option<String> {
    let query = request.uri().query()?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")))?;
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail) {
            let digits = [*high, *low];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    Some(String::from_utf8(bytes).unwrap())
}

/// The organisation of the tests: New Zealand dollars, and euros too.
pub(crate) fn context() -> Context {
    Context { home: currency("NZD"), one_currency: false }
}

pub(crate) fn read(kind: Kind, record: &Value) -> Reading<Vec<Fact>> {
    read_in(context(), kind, record)
}

pub(crate) fn read_in(context: Context, kind: Kind, record: &Value) -> Reading<Vec<Fact>> {
    // Through text, so that every number keeps the digits it is written with.
    let value: Value = serde_json::from_str(&record.to_string()).unwrap();
    facts_of(kind, &Record::of(&value)?, context)
}

/// `<feed> <id>`, `gone <feed> <id>`, or `<reason> <id> at <path>`.
pub(crate) fn shown(read: &Read) -> String {
    match read {
        Read::Fact(fact) => {
            let gone = if matches!(fact.as_ref(), Fact::Gone(_)) { "gone " } else { "" };
            format!("{gone}{} {}", fact.stream().as_str(), fact.id())
        }
        Read::Quarantined(q) => {
            format!("{} {} {} at {}", q.reason.as_str(), q.stream.as_str(), q.id, q.path)
        }
    }
}
