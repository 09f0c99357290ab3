//! The US entity of the sample company, row by row.
//!
//! Every document is an edit of a clerk at the moment that the rows give. What lies before the
//! clock's time is done at once, the rest when the clock gets there: both take the same way.

mod documents;
mod lines;
mod masters;

use jiff::Timestamp;

use super::books::Books;
use super::config::CompanyConfig;
use super::edit::{self, Scheduled};
use super::{opening, pacific};
use crate::sample::Company;

/// The entity of the rows that keeps its books here.
const ENTITY: &str = "AQ-US";
/// The first day of the books.
const OPENED: &str = "2024-01-02T09:00";
/// The number after the last one that the rows use.
const NEXT_NUMBER: u64 = 2290;

/// The company's books at `now`.
pub fn books(company: &Company, now: Timestamp) -> Books {
    let opened = moment(OPENED);
    let mut books = Books::new(config(company), opened);
    books.next_number = NEXT_NUMBER;
    opening::install(&mut books, opened);
    masters::install(&mut books, company, opened);
    books.schedule = documents::edits(company);
    edit::catch_up(&mut books, now);
    books
}

fn config(company: &Company) -> CompanyConfig {
    let us = company.entities.iter().find(|entity| entity.code == ENTITY);
    let us = us.expect("the rows have a US entity");
    let (number, name) = us.control.split_once(' ').expect("the control account has a number");
    CompanyConfig {
        realm: Company::QUICKBOOKS_REALM.to_owned(),
        company_name: us.legal.clone(),
        legal_name: us.legal.clone(),
        home_currency: us.functional.clone(),
        sales_tax_percent: "8.9".to_owned(),
        book_close_date: us.books_closed_to.parse().ok(),
        receivable_number: Some(number.to_owned()),
        receivable_name: name.to_owned(),
        default_item: Some(masters::ADJUSTMENT.to_owned()),
        sales_custom_fields: vec!["Opportunity".to_owned(), "Dispute".to_owned()],
        ..CompanyConfig::default()
    }
}

/// A local time of the rows.
fn moment(text: &str) -> Timestamp {
    pacific::moment(text).expect("the rows have local times")
}

/// An edit at a local time of the rows.
fn at(known_at: &str, edit: edit::Edit) -> Scheduled {
    Scheduled { at: moment(known_at), edit }
}
