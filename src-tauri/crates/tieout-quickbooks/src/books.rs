//! Settings and lists of a company that reading and writing depend on (`quickbooks §3.7`, `§3.8`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::{ReadError, Reading, Record};
use tieout_connect::ports::Answer;
use tieout_domain::Currency;

use crate::door::{Door, Raw, Rows, malformed};
use crate::entity::Entity;
use crate::query::{PAGE_ROWS_MAX, Select};

/// The line tax code of a taxed line in a US company; it is no row of the tax code list.
pub(crate) const TAXED: &str = "TAX";
/// The line tax code of an untaxed line in a US company.
pub(crate) const UNTAXED: &str = "NON";
/// Account type whose accounts are the receivables control accounts, one per currency.
const RECEIVABLE: &str = "Accounts Receivable";
/// Asked in one batch; the preferences come first.
const LISTS: [Entity; 5] =
    [Entity::Preferences, Entity::Account, Entity::Term, Entity::TaxCode, Entity::CompanyCurrency];
/// Pages that one list of settings may have.
const LIST_PAGES_MAX: u32 = 50;
/// Names of the preferences that switch on and label the custom fields of sales forms.
const FIELD_SWITCH: &str = "SalesFormsPrefs.UseSalesCustom";
const FIELD_LABEL: &str = "SalesFormsPrefs.SalesCustomName";

/// Whether an account is a control account of receivables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountKind {
    Receivable,
    Other,
}

/// Everything of the settings that a reader needs, as of one moment.
#[derive(Clone, Debug)]
pub(crate) struct Books {
    pub loaded_at: Timestamp,
    pub home: Currency,
    pub multi_currency: bool,
    /// Last day of the closed books.
    pub closed_to: Option<Date>,
    /// The server leaves the number of a document empty unless one is sent.
    pub custom_numbers: bool,
    pub sales_tax: bool,
    /// Money can be taken inside an invoice.
    pub allows_deposit_inside: bool,
    /// Labels of the custom fields that are switched on, with their definition id.
    pub custom_fields: BTreeMap<String, String>,
    accounts: BTreeMap<String, AccountKind>,
    term_days: BTreeMap<String, u32>,
    pub tax_codes: Vec<String>,
    pub currencies: Vec<Currency>,
}

impl Books {
    /// One request where the lists are short.
    pub async fn load(door: &Door) -> Answer<Self> {
        let now = door.session().clock().now();
        let selects = LISTS.map(Select::all);
        let mut pages = door.batch_each(&selects).await?.into_iter();
        let settings = pages.next().ok_or_else(|| malformed("Preferences"))?;
        let preferences = preferences(door, settings).await?;
        let mut books = Self { loaded_at: now, ..read_preferences(&preferences)? };
        for (kind, first) in LISTS[1..].iter().zip(pages) {
            if *kind == Entity::CompanyCurrency && !books.multi_currency {
                // A company with one currency may refuse the question.
                continue;
            }
            for record in rest_of_list(door, *kind, first?.records).await? {
                books.take(*kind, &record)?;
            }
        }
        Ok(books)
    }

    pub fn account_kind(&self, id: &str) -> Option<AccountKind> {
        self.accounts.get(id).copied()
    }

    /// Ids of the control accounts.
    pub fn receivable_accounts(&self) -> Vec<&str> {
        let receivable = |kind: &AccountKind| *kind == AccountKind::Receivable;
        self.accounts
            .iter()
            .filter(|(_, kind)| receivable(kind))
            .map(|(id, _)| id.as_str())
            .collect()
    }

    /// Days until a document with these terms is due; none for terms by day of month.
    pub fn term_days(&self, id: &str) -> Option<u32> {
        self.term_days.get(id).copied()
    }

    fn take(&mut self, kind: Entity, raw: &Raw) -> Answer<()> {
        let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(kind.name()))?;
        let record = Record::of(&value).map_err(|error| within(kind.name(), &error))?;
        self.take_record(kind, &record).map_err(|error| within(kind.name(), &error))
    }

    fn take_record(&mut self, kind: Entity, record: &Record<'_>) -> Reading<()> {
        match kind {
            Entity::Account => {
                let receivable = record.raw_text("AccountType")? == Some(RECEIVABLE);
                let kind = if receivable { AccountKind::Receivable } else { AccountKind::Other };
                self.accounts.insert(record.text("Id")?, kind);
            }
            Entity::Term => {
                let days = record.whole_or_none("DueDays")?;
                let days = days.and_then(|days| u32::try_from(days).ok());
                self.term_days.extend(days.map(|days| Ok((record.text("Id")?, days))).transpose()?);
            }
            Entity::TaxCode => {
                let active = record.flag_or_none("Active")?.unwrap_or(true);
                let hidden = record.flag_or_none("Hidden")?.unwrap_or(false);
                if active && !hidden {
                    self.tax_codes.push(record.text("Id")?);
                }
            }
            Entity::CompanyCurrency => {
                // A code that we do not know cannot be offered; documents in it are quarantined.
                let active = record.flag_or_none("Active")?.unwrap_or(true);
                if let (true, Ok(currency)) = (active, record.currency("Code", None)) {
                    self.currencies.push(currency);
                    self.currencies.sort();
                    self.currencies.dedup();
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The preferences out of the batch; where a query does not give them, from their own address.
async fn preferences(door: &Door, queried: Answer<Rows>) -> Answer<Raw> {
    match queried {
        Ok(Rows { records, .. }) => match records.into_iter().next() {
            Some(preferences) => Ok(preferences),
            None => door.named("/preferences", "Preferences").await,
        },
        Err(error) if error.is_refusal() => door.named("/preferences", "Preferences").await,
        Err(error) => Err(error),
    }
}

/// The pages after the first one of a list of settings.
async fn rest_of_list(door: &Door, kind: Entity, first: Vec<Raw>) -> Answer<Vec<Raw>> {
    let mut records = first;
    let mut last_page = records.len();
    let mut pages = 1;
    while last_page >= PAGE_ROWS_MAX as usize {
        if pages >= LIST_PAGES_MAX {
            return Err(malformed(kind.name()));
        }
        pages += 1;
        let start = u32::try_from(records.len() + 1).map_err(|_| malformed(kind.name()))?;
        let page = door.rows(&Select::all(kind).starting_at(start)).await?;
        last_page = page.records.len();
        records.extend(page.records);
    }
    Ok(records)
}

fn within(name: &str, error: &ReadError) -> ConnectorError {
    ConnectorError::Malformed { path: format!("{name}.{}", error.path) }
}

fn read_preferences(raw: &Raw) -> Answer<Books> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed("Preferences"))?;
    let read = || -> Reading<Books> {
        let preferences = Record::of(&value)?;
        let currency = preferences.record("CurrencyPrefs")?;
        let home = currency.record("HomeCurrency")?.currency("value", None)?;
        Ok(Books {
            loaded_at: Timestamp::UNIX_EPOCH,
            home,
            multi_currency: currency.flag_or_none("MultiCurrencyEnabled")?.unwrap_or(false),
            closed_to: match preferences.record_or_none("AccountingInfoPrefs")? {
                Some(accounting) => accounting.date_or_none("BookCloseDate")?,
                None => None,
            },
            custom_numbers: switch(&preferences, "SalesFormsPrefs", "CustomTxnNumbers")?,
            sales_tax: switch(&preferences, "TaxPrefs", "UsingSalesTax")?,
            allows_deposit_inside: switch(&preferences, "SalesFormsPrefs", "AllowDeposit")?,
            custom_fields: custom_fields(&preferences)?,
            accounts: BTreeMap::new(),
            term_days: BTreeMap::new(),
            tax_codes: Vec::new(),
            currencies: vec![home],
        })
    };
    read().map_err(|error| within("Preferences", &error))
}

/// A switch that is off where it is absent.
fn switch(preferences: &Record<'_>, group: &str, field: &str) -> Reading<bool> {
    match preferences.record_or_none(group)? {
        Some(group) => Ok(group.flag_or_none(field)?.unwrap_or(false)),
        None => Ok(false),
    }
}

/// Labels of the custom fields that are on. The digit at the end of a preference's name is the
/// definition id that documents use.
fn custom_fields(preferences: &Record<'_>) -> Reading<BTreeMap<String, String>> {
    let mut on = Vec::new();
    let mut labels = Vec::new();
    let Some(forms) = preferences.record_or_none("SalesFormsPrefs")? else {
        return Ok(BTreeMap::new());
    };
    for group in forms.records("CustomField")? {
        for field in group.records("CustomField")? {
            let name = field.text_or_none("Name")?.unwrap_or_default();
            if let Some(digit) = name.strip_prefix(FIELD_SWITCH) {
                if field.flag_or_none("BooleanValue")?.unwrap_or(false) {
                    on.push(digit.to_owned());
                }
            } else if let Some(digit) = name.strip_prefix(FIELD_LABEL) {
                labels.extend(
                    field.text_or_none("StringValue")?.map(|label| (label, digit.to_owned())),
                );
            }
        }
    }
    let is_on = |(_, digit): &(String, String)| on.contains(digit);
    Ok(labels
        .into_iter()
        .filter(is_on)
        .map(|(label, digit)| (label.trim().to_owned(), digit))
        .collect())
}

#[cfg(test)]
mod tests;
