//! The UK entity of the sample company, row by row.
//!
//! Every document is an edit of a clerk at the moment that the rows give. What lies before the
//! clock's time is done at once, the rest when the clock gets there: both take the same way.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::config::{AppConfig, TenantConfig};
use super::edit::{self, Edit, EditKind, Scheduled};
use super::platform::{Platform, Tenant};
use crate::quickbooks::transaction_key;
use crate::sample::{Company, SampleAccount, SampleDeal, SampleInvoice, SampleReceipt};

/// The entity of the rows that keeps its books here.
const ENTITY: &str = "AQ-UK";
/// The first day of the books.
const OPENED: &str = "2024-01-02T09:00";
/// The number after the last one that the rows use.
const NEXT_NUMBER: u32 = 393;
const MADE_BY_US: &str = "Tieout";
/// Euros per pound: the rows translate with 0.8564 pounds per euro.
const EUROS_PER_POUND: &str = "1.1676786548";
/// Where the deals are looked at.
const CRM_HOST: &str = "alderquay.my.salesforce.com";
/// The VAT number that two contacts share.
const SHARED_TAX_NUMBER: &str = "GB218441073";
/// The second contact of Wexcombe, made by hand.
const TWIN: (&str, &str, &str) = ("C-2219", "Wexcombe Rail", "2026-06-08T11:20");
/// An item that is no longer sold, and since when.
const RETIRED: (&str, &str) = ("PROBE-S", "2026-07-02T12:00");
/// The contact that is set to another currency than its account.
const WRONG_CURRENCY: (&str, &str) = ("BRO", "GBP");
/// Money for INV-0388 that the rows do not have: number, amount, date, and when it was entered.
const LATE_MONEY: (&str, &str, &str, &str) =
    ("INV-0388", "4560.00", "2026-06-30", "2026-07-06T09:20");

/// The app with the one organisation at `now`.
pub fn platform(company: &Company, now: Timestamp) -> Platform {
    let zone = TimeZone::get(&company.zone).unwrap_or(TimeZone::UTC);
    let desk = Desk { company, zone };
    let opened = desk.moment(OPENED);
    let mut tenant = Tenant::new(config(company), opened);
    tenant.books.next_invoice = NEXT_NUMBER;
    let mut platform = Platform::new(AppConfig::default(), vec![tenant]);
    platform.schedule = desk.masters();
    platform.schedule.extend(desk.documents());
    edit::catch_up(&mut platform, now);
    platform
}

fn config(company: &Company) -> TenantConfig {
    let uk = company.entities.iter().find(|entity| entity.code == ENTITY);
    let uk = uk.expect("the rows have a UK entity");
    TenantConfig {
        tenant_id: super::XeroSim::SAMPLE_TENANT.to_owned(),
        name: uk.legal.clone(),
        legal_name: uk.legal.clone(),
        short_code: "!aQk42".to_owned(),
        base_currency: uk.functional.clone(),
        country: "GB".to_owned(),
        version: "UK".to_owned(),
        zone: uk.zone.clone(),
        windows_zone: "GMTSTANDARDTIME".to_owned(),
        year_end: (12, 31),
        period_lock_date: uk.books_closed_to.parse().ok(),
        currencies: vec!["EUR".to_owned()],
        ..TenantConfig::default()
    }
}

struct Desk<'c> {
    company: &'c Company,
    zone: TimeZone,
}

impl Desk<'_> {
    /// A local time of the rows.
    fn moment(&self, text: &str) -> Timestamp {
        let local: DateTime = text.parse().expect("the rows have local times");
        let zoned = local.to_zoned(self.zone.clone());
        zoned.expect("the rows' times are in range").timestamp()
    }

    fn at(&self, when: &str, entity: &str, operation: EditKind, body: Value) -> Scheduled {
        let edit = Edit { tenant: None, entity: entity.to_owned(), operation, body };
        Scheduled { at: self.moment(when), edit }
    }

    fn created(&self, when: &str, entity: &str, body: Value) -> Scheduled {
        self.at(when, entity, EditKind::Create, body)
    }

    fn account(&self, code: &str) -> &SampleAccount {
        let found = self.company.accounts.iter().find(|account| account.code == code);
        found.expect("documents name accounts of the rows")
    }

    /// Rates, contacts and items.
    fn masters(&self) -> Vec<Scheduled> {
        let rate = json!({"CurrencyCode": "EUR", "Date": "2024-01-01", "Rate": EUROS_PER_POUND});
        let mut all = vec![self.created(OPENED, "Rate", rate)];
        let accounts = self.company.accounts.iter().filter(|account| account.entity == ENTITY);
        all.extend(accounts.map(|account| self.contact(account)));
        let (number, name, when) = TWIN;
        let twin = json!({"Name": name, "AccountNumber": number, "TaxNumber": SHARED_TAX_NUMBER,
            "DefaultCurrency": "GBP"});
        all.push(self.created(when, "Contact", twin));
        for product in &self.company.products {
            if let Some(code) = &product.item_uk {
                let item = json!({"Code": code, "Name": product.name, "Description": product.name,
                    "SalesDetails": {"AccountCode": "200"}});
                all.push(self.created(OPENED, "Item", item));
            }
        }
        let (code, when) = RETIRED;
        let retired = json!({"Code": code, "IsSold": false});
        all.push(self.at(when, "Item", EditKind::Update, retired));
        all
    }

    fn contact(&self, account: &SampleAccount) -> Scheduled {
        let shared = account.code == "WEX";
        let own = format!("GB{}", 300_000_000 + account.name.len() * 1_111_111);
        let currency = match WRONG_CURRENCY {
            (code, currency) if code == account.code => currency,
            _ => &account.currency,
        };
        let contact = json!({
            "Name": account.name,
            "ContactNumber": self.company.account_id(&account.code),
            "AccountNumber": account.customers.first(),
            "TaxNumber": if shared { SHARED_TAX_NUMBER } else { &own },
            "DefaultCurrency": currency,
            "AccountsReceivableTaxType": tax_type(account),
            "PaymentTerms": {"Sales": {"Day": account.terms_days, "Type": "DAYSAFTERBILLDATE"}},
        });
        self.created(OPENED, "Contact", contact)
    }

    fn documents(&self) -> Vec<Scheduled> {
        let company = self.company;
        let mut sequences = BTreeMap::new();
        let own = company.invoices.iter().filter(|invoice| invoice.entity == ENTITY);
        let mut all: Vec<Scheduled> =
            own.map(|invoice| self.invoice(invoice, &mut sequences)).collect();
        let receipts = company.receipts.iter().filter(|receipt| receipt.entity == ENTITY);
        all.extend(receipts.map(|receipt| self.payment(receipt)));
        let (number, amount, on, when) = LATE_MONEY;
        let body = paid(number, amount, on, "GBP");
        all.push(self.created(when, "Payment", body));
        all
    }

    fn invoice(&self, invoice: &SampleInvoice, sequences: &mut BTreeMap<String, u32>) -> Scheduled {
        let account = self.account(&invoice.account);
        let mut body = json!({
            "Type": "ACCREC",
            "Status": "AUTHORISED",
            "InvoiceNumber": invoice.number,
            "Contact": {"ContactNumber": self.company.account_id(&account.code)},
            "Date": invoice.on,
            "DueDate": invoice.due,
            "CurrencyCode": invoice.currency,
            "LineAmountTypes": "Exclusive",
            "LineItems": self.lines(invoice),
        });
        if let Some(deal) = invoice.deal.as_ref().and_then(|it| self.company.deal_id(it)) {
            body["Reference"] = json!(deal);
            if invoice.made_by == MADE_BY_US {
                let sequence = sequences.entry(deal.clone()).or_default();
                *sequence += 1;
                let ledger = format!("xero:{}", super::XeroSim::SAMPLE_TENANT);
                let key = transaction_key(Company::ORG_ID, &ledger, &deal, "invoice", *sequence);
                body["Url"] = json!(format!("https://{CRM_HOST}/{deal}?tieout={key}"));
            }
        }
        self.created(&invoice.known_at, "Invoice", body)
    }

    /// The deal's own lines, with what the clerk added, or one line of the first product.
    fn lines(&self, invoice: &SampleInvoice) -> Vec<Value> {
        let tax = tax_type(self.account(&invoice.account));
        let deal = invoice.deal.as_ref().and_then(|reference| {
            self.company.deals.iter().find(|deal| deal.reference == *reference)
        });
        let deal = deal.expect("the entity's invoices belong to deals of the rows");
        let rest = decimal(&invoice.net) - decimal(&deal.amount);
        if !rest.is_zero() && invoice.note.is_empty() {
            return vec![self.line(first_product(deal), "1", &invoice.net, tax)];
        }
        let sold = deal.lines.iter();
        let mut lines: Vec<Value> = sold
            .map(|sold| self.line(&sold.product, &sold.quantity, &sold.unit_price, tax))
            .collect();
        if !invoice.note.is_empty() {
            lines.push(json!({"Description": invoice.note, "Quantity": "1",
                "UnitAmount": rest.to_string(), "AccountCode": "260", "TaxType": tax}));
        }
        lines
    }

    fn line(&self, product: &str, quantity: &str, price: &str, tax: &str) -> Value {
        let known = self.company.products.iter().find(|known| known.code == product);
        let item = known.and_then(|known| known.item_uk.as_deref());
        json!({"ItemCode": item, "Quantity": quantity, "UnitAmount": price, "AccountCode": "200",
            "TaxType": tax})
    }

    fn payment(&self, receipt: &SampleReceipt) -> Scheduled {
        let number = receipt.invoice.as_deref().expect("the entity's receipts name an invoice");
        let body = paid(number, &receipt.amount, &receipt.on, &receipt.currency);
        self.created(&receipt.known_at, "Payment", body)
    }
}

/// Money to the bank account of the currency: the first one, or the one after it.
fn paid(number: &str, amount: &str, on: &str, currency: &str) -> Value {
    let account = if currency == "GBP" { "090" } else { "091" };
    json!({"Invoice": {"InvoiceNumber": number}, "Account": {"Code": account}, "Date": on,
        "Amount": amount})
}

fn first_product(deal: &SampleDeal) -> &str {
    deal.lines.first().map_or("", |line| &line.product)
}

fn tax_type(account: &SampleAccount) -> &'static str {
    if account.tax_rate == "0" { "ZERORATEDOUTPUT" } else { "OUTPUT2" }
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("the rows have decimal texts")
}
