//! Writing: one element at a time, each wholly or not at all (`xero §7`).

pub mod allocation;
mod amounts;
pub mod bank;
pub mod batch;
pub mod contact;
pub mod document;
mod edits;
mod envelope;
mod fields;
pub mod item;
mod lines;
pub mod payment;
mod status;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::books::Books;
use super::call::Body;
use super::document::{Document, Status};
use super::guid::Guid;
use super::platform::Tenant;
use super::stamps;

pub use envelope::{answer, read};
pub use status::void;

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The app, through the API.
    App,
    /// A person in the product, an adviser: the period lock does not bind him (`xero §6.1`).
    Clerk,
}

/// One write and its circumstances.
pub struct Writing<'a> {
    pub tenant: &'a mut Tenant,
    pub now: Timestamp,
    pub author: Author,
    /// Places of unit prices.
    pub places: u32,
    /// `PUT`: nothing that exists may change.
    pub create_only: bool,
}

/// What is wrong with an element, where it is wrong (`xero §4.1`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    pub element: Vec<String>,
    pub contact: Vec<String>,
    pub lines: BTreeMap<usize, Vec<String>>,
}

/// Why an element was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    Invalid(Problems),
    /// An id that is unknown: the whole request fails with 404 (`xero §7.5`).
    NotFound,
    /// 500: an element without contact and lines (`xero §4.4`).
    Broken,
}

/// An element that was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub id: Guid,
    pub warnings: Vec<String>,
    /// What a voided document had open: its echo still shows that (`xero §6.6`).
    pub open_before: Option<Decimal>,
}

impl Problems {
    pub fn is_empty(&self) -> bool {
        self.element.is_empty() && self.contact.is_empty() && self.lines.is_empty()
    }

    pub fn add(&mut self, message: impl Into<String>) {
        self.element.push(message.into());
    }

    pub fn at_line(&mut self, at: usize, message: impl Into<String>) {
        self.lines.entry(at).or_default().push(message.into());
    }

    pub fn into_result(self) -> Result<(), Refused> {
        if self.is_empty() { Ok(()) } else { Err(Refused::Invalid(self)) }
    }

    /// The messages of all places, those of the element itself included.
    pub fn all(&self) -> Vec<String> {
        let lines = self.lines.values().flatten();
        self.element.iter().chain(&self.contact).chain(lines).cloned().collect()
    }
}

impl From<&str> for Refused {
    fn from(message: &str) -> Self {
        Self::from(message.to_owned())
    }
}

impl From<String> for Refused {
    fn from(message: String) -> Self {
        Self::Invalid(Problems { element: vec![message], ..Problems::default() })
    }
}

impl Writing<'_> {
    pub fn books(&mut self) -> &mut Books {
        &mut self.tenant.books
    }

    /// Today where the organisation is.
    pub fn today(&self) -> Date {
        stamps::day_in(self.now, &self.tenant.config.zone)
    }

    /// Refused by a lock date: dated on or before it (`xero §6.1`).
    pub fn check_lock(&self, date: Date, problems: &mut Problems) {
        let config = &self.tenant.config;
        let period = config.period_lock_date.filter(|_| self.author == Author::App);
        let locks =
            [(period, "period lock date"), (config.end_of_year_lock_date, "end of year lock date")];
        for (lock, name) in locks {
            if let Some(lock) = lock.filter(|lock| date <= *lock) {
                let until = stamps::long_day(lock);
                problems.add(format!("The document date cannot be before the {name}, {until}."));
            }
        }
    }

    /// Stores a changed document, with its stamp.
    pub fn store(&mut self, mut document: Document) {
        document.updated = self.now;
        self.books().documents.insert(document.id.clone(), document);
    }

    /// PAID at nothing open, AUTHORISED again when something is; moves the stamp (`xero §9.2`).
    pub fn settle(&mut self, id: &str) {
        let books = &mut self.tenant.books;
        let Some(document) = books.documents.get(id) else { return };
        let open = books.open(document);
        let dates = books.payments_of(document).map(|payment| payment.date);
        let latest = dates.chain(books.allocations_of(document).map(|one| one.date)).max();
        let latest = latest.unwrap_or(document.date);
        if let Some(document) = books.documents.get_mut(id) {
            document.updated = self.now;
            match document.status {
                Status::Authorised if open.is_zero() => {
                    document.status = Status::Paid;
                    document.fully_paid_on = Some(latest);
                }
                Status::Paid if !open.is_zero() => document.status = Status::Authorised,
                _ => {}
            }
        }
    }
}

/// An element as it was asked for, with what is wrong in it (`xero §7.5`).
pub fn echo(asked: &Body, id_key: &str, problems: &Problems, with_attribute: bool) -> Value {
    let mut echo = asked.clone();
    echo.entry(id_key.to_owned()).or_insert_with(|| json!(super::guid::ZERO));
    echo.insert("HasErrors".to_owned(), json!(true));
    if with_attribute {
        echo.insert("StatusAttributeString".to_owned(), json!("ERROR"));
    }
    if !problems.contact.is_empty()
        && let Some(contact) = echo.get_mut("Contact").and_then(Value::as_object_mut)
    {
        contact.insert("HasValidationErrors".to_owned(), json!(true));
        contact.insert("ValidationErrors".to_owned(), messages(&problems.contact));
    }
    for (at, texts) in &problems.lines {
        let lines = echo.get_mut("LineItems").and_then(Value::as_array_mut);
        if let Some(line) =
            lines.and_then(|lines| lines.get_mut(*at)).and_then(Value::as_object_mut)
        {
            line.insert("ValidationErrors".to_owned(), messages(texts));
        }
    }
    echo.insert("ValidationErrors".to_owned(), messages(&problems.all()));
    Value::Object(echo)
}

/// `[{"Message": ...}]`.
pub fn messages(texts: &[String]) -> Value {
    texts.iter().map(|text| json!({"Message": text})).collect()
}
