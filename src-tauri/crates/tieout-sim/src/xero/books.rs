//! The books of one organisation.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::chart::{self, Account, Category, TaxRate};
use super::config::TenantConfig;
use super::contact::{Contact, Item, folded};
use super::document::{Allocation, Batch, Document, Kind, Payment};
use super::guid::{Guid, Guids};
use super::notes::{Attachment, Note};

/// Lists, documents and what applies them to each other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Books {
    pub base_currency: String,
    pub guids: Guids,
    pub accounts: Vec<Account>,
    pub tax_rates: Vec<TaxRate>,
    pub currencies: Vec<String>,
    /// Id and name, the default first.
    pub themes: Vec<(Guid, String)>,
    pub tracking: Vec<Category>,
    pub contacts: BTreeMap<Guid, Contact>,
    pub items: BTreeMap<Guid, Item>,
    pub documents: BTreeMap<Guid, Document>,
    pub payments: BTreeMap<Guid, Payment>,
    pub batches: BTreeMap<Guid, Batch>,
    pub allocations: BTreeMap<Guid, Allocation>,
    pub notes: BTreeMap<Guid, Vec<Note>>,
    pub attachments: BTreeMap<Guid, Vec<Attachment>>,
    /// Foreign units per base unit as text, by currency and day: the provider's day rates.
    pub rates: BTreeMap<String, BTreeMap<Date, String>>,
    /// The next automatic numbers of invoices and credit notes.
    pub next_invoice: u32,
    pub next_credit: u32,
}

/// What was applied to a document, or from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    pub paid: Decimal,
    pub credited: Decimal,
}

impl Books {
    pub fn new(config: &TenantConfig, opened: Timestamp) -> Self {
        let mut books = Self {
            base_currency: config.base_currency.clone(),
            guids: Guids::new(&config.tenant_id),
            accounts: Vec::new(),
            tax_rates: Vec::new(),
            currencies: Vec::new(),
            themes: Vec::new(),
            tracking: Vec::new(),
            contacts: BTreeMap::new(),
            items: BTreeMap::new(),
            documents: BTreeMap::new(),
            payments: BTreeMap::new(),
            batches: BTreeMap::new(),
            allocations: BTreeMap::new(),
            notes: BTreeMap::new(),
            attachments: BTreeMap::new(),
            rates: BTreeMap::new(),
            next_invoice: 1,
            next_credit: 1,
        };
        chart::install(&mut books, config, opened);
        books
    }

    pub fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    pub fn account_by_code(&self, code: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| !code.is_empty() && account.code == code)
    }

    /// The account that Xero itself posts to.
    pub fn system(&self, name: &str) -> &Account {
        let found = self.accounts.iter().find(|account| account.system == name);
        found.expect("every chart of accounts begins with the system accounts")
    }

    /// The bank account of a currency, else the first one.
    pub fn bank(&self, currency: &str) -> &Account {
        let mut banks = self.accounts.iter().filter(|account| account.is_bank());
        let own = banks.clone().find(|account| account.currency.as_deref() == Some(currency));
        own.or_else(|| banks.next()).expect("every chart of accounts begins with a bank account")
    }

    pub fn tax_rate(&self, tax_type: &str) -> Option<&TaxRate> {
        self.tax_rates.iter().find(|rate| rate.tax_type == tax_type)
    }

    pub fn item_by_code(&self, code: &str) -> Option<&Item> {
        self.items.values().find(|item| item.code == code)
    }

    /// The one active contact of that name.
    pub fn active_contact(&self, name: &str) -> Option<&Contact> {
        let wanted = folded(name);
        self.contacts.values().find(|known| !known.archived && folded(&known.name) == wanted)
    }

    pub fn contact_by_number(&self, number: &str) -> Option<&Contact> {
        let mut all = self.contacts.values();
        all.find(|known| !number.is_empty() && known.number == number)
    }

    /// Documents of one kind in order of id.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Document> {
        self.documents.values().filter(move |document| document.kind == kind)
    }

    /// A document of that kind by id.
    pub fn document(&self, kind: Kind, id: &str) -> Option<&Document> {
        self.documents.get(id).filter(|document| document.kind == kind)
    }

    /// The live payments of a document, in order of their making.
    pub fn payments_of(&self, document: &Document) -> impl Iterator<Item = &Payment> {
        let all = document.payments.iter().filter_map(|id| self.payments.get(id));
        all.filter(|payment| !payment.deleted)
    }

    pub fn allocations_of(&self, document: &Document) -> impl Iterator<Item = &Allocation> {
        document.allocations.iter().filter_map(|id| self.allocations.get(id))
    }

    /// Payments and credits until the end of the day; `None` is all of them.
    pub fn applied(&self, document: &Document, on: Option<Date>) -> Applied {
        let in_time = |date: Date| on.is_none_or(|on| date <= on);
        let payments = self.payments_of(document).filter(|payment| in_time(payment.date));
        let credits = self.allocations_of(document).filter(|credit| in_time(credit.date));
        Applied {
            paid: payments.map(|payment| payment.amount).sum(),
            credited: credits.map(|credit| credit.amount).sum(),
        }
    }

    /// `AmountDue` or `RemainingCredit`: nothing when voided or deleted (`xero §9.1`).
    pub fn open(&self, document: &Document) -> Decimal {
        if !document.status.is_live() || document.kind == Kind::BankTransaction {
            return Decimal::ZERO;
        }
        let applied = self.applied(document, None);
        document.total - applied.paid - applied.credited
    }

    /// Whether payments or credits stand in the way of a change.
    pub fn is_applied(&self, document: &Document) -> bool {
        let paid = self.payments_of(document).next().is_some();
        paid || self.allocations_of(document).next().is_some()
    }

    /// The day rate: foreign units per base unit. One where the provider has none.
    pub fn rate_on(&self, currency: &str, day: Date) -> Decimal {
        if currency == self.base_currency {
            return Decimal::ONE;
        }
        let known = self.rates.get(currency).and_then(|by_day| by_day.range(..=day).next_back());
        known.and_then(|(_, rate)| rate.parse().ok()).unwrap_or(Decimal::ONE)
    }

    /// In base currency: foreign amounts are divided (`xero §9.4`).
    pub fn in_base(amount: Decimal, rate: Decimal) -> Decimal {
        super::exact::cents(amount.checked_div(rate).unwrap_or(amount))
    }
}
