//! The members of a document's head (`xero §6.4`).

use rust_decimal::Decimal;

use super::super::call::{self, Body};
use super::super::document::{AmountTypes, Document, Kind, Line, Status};
use super::super::exact::cents;
use super::super::guid::is_guid;
use super::{Author, Problems, Writing};

/// Largest difference that `RoundingAmount` may make.
const ROUNDING_MAX: Decimal = Decimal::from_parts(10, 0, 0, false, 2);

/// How many times the day's rate a rate may be without a warning.
const RATE_TIMES_MAX: Decimal = Decimal::TEN;

/// A document with nothing in it yet.
pub fn blank(writing: &mut Writing<'_>, kind: Kind, sales: bool) -> Document {
    let (date, now, by_app) = (writing.today(), writing.now, writing.author == Author::App);
    let books = writing.books();
    let inclusive = kind == Kind::BankTransaction || kind == Kind::Prepayment;
    Document {
        id: books.guids.next(),
        kind,
        sales,
        number: String::new(),
        reference: String::new(),
        contact: String::new(),
        date,
        due: None,
        amount_types: if inclusive { AmountTypes::Inclusive } else { AmountTypes::Exclusive },
        lines: Vec::new(),
        status: Status::Draft,
        sub_total: Decimal::ZERO,
        total_tax: Decimal::ZERO,
        total: Decimal::ZERO,
        rounding: Decimal::ZERO,
        currency: books.base_currency.clone(),
        rate: Decimal::ONE,
        theme: books.themes.first().map(|(id, _)| id.clone()),
        url: String::new(),
        sent: false,
        expected_payment: None,
        fully_paid_on: None,
        bank: None,
        bank_transaction: None,
        reconciled: false,
        by_app,
        created: now,
        updated: now,
        payments: Vec::new(),
        allocations: Vec::new(),
    }
}

/// Takes the sent members of the head over. Contact, status, number and lines are not among them.
pub fn fill(writing: &Writing<'_>, document: &mut Document, body: &Body, problems: &mut Problems) {
    let (had_date, had_currency) = (document.date, document.currency.clone());
    dates(document, body, problems);
    if let Some(types) = call::text(body, "LineAmountTypes") {
        match AmountTypes::parse(types) {
            Some(types) => document.amount_types = types,
            None => problems.add("LineAmountTypes must be Exclusive, Inclusive or NoTax"),
        }
    }
    let bill = document.kind == Kind::Invoice && !document.sales;
    if body.contains_key("Reference") && !bill {
        document.reference = call::text(body, "Reference").unwrap_or_default().to_owned();
    }
    if let Some(theme) = call::text(body, "BrandingThemeID").filter(|theme| is_guid(theme)) {
        document.theme = Some(theme.to_owned());
    }
    if let Some(sent) = call::flag(body, "SentToContact") {
        document.sent = sent;
    }
    if body.contains_key("Url") {
        document.url = call::text(body, "Url").unwrap_or_default().to_owned();
        let proper = document.url.is_empty() || document.url.starts_with("https://");
        if !proper || document.url.to_ascii_lowercase().contains("xero") {
            problems.add("Url must be a valid https address");
        }
    }
    currency(writing, document, body, problems);
    let moved = document.date != had_date || document.currency != had_currency;
    let fixed = call::number(body, "CurrencyRate").filter(|rate| !rate.is_zero());
    let fresh = document.lines.is_empty();
    match fixed {
        Some(rate) if rate < Decimal::ZERO => problems.add("CurrencyRate must be positive"),
        Some(rate) => document.rate = rate,
        None if moved || fresh => {
            document.rate = writing.tenant.books.rate_on(&document.currency, document.date);
        }
        None => {}
    }
    if writing.tenant.config.rounding_amounts
        && let Some(rounding) = call::number(body, "RoundingAmount")
    {
        document.rounding = cents(rounding);
        if rounding.abs() > ROUNDING_MAX {
            problems.add("RoundingAmount must be between -0.10 and 0.10");
        }
    }
}

/// A rate that is far from the day's is only warned about (`xero §7.7`).
pub fn rate_warning(writing: &Writing<'_>, document: &Document) -> Option<String> {
    let usual = writing.tenant.books.rate_on(&document.currency, document.date);
    let times = document.rate.checked_div(usual)?;
    let far = times > RATE_TIMES_MAX || times * RATE_TIMES_MAX < Decimal::ONE;
    far.then(|| "The currency rate is far from the rate of the day".to_owned())
}

fn dates(document: &mut Document, body: &Body, problems: &mut Problems) {
    for key in ["Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate"] {
        let Some(text) = call::text(body, key) else { continue };
        match (key, super::super::stamps::read_day(text)) {
            ("Date", Some(date)) => document.date = date,
            ("DueDate", due @ Some(_)) => document.due = due,
            (_, day @ Some(_)) => document.expected_payment = day,
            (_, None) => problems.add(format!("The {key} is not a valid date")),
        }
    }
}

fn currency(writing: &Writing<'_>, document: &mut Document, body: &Body, problems: &mut Problems) {
    let Some(currency) = call::text(body, "CurrencyCode") else { return };
    if writing.tenant.books.currencies.iter().any(|known| known == currency) {
        currency.clone_into(&mut document.currency);
    } else {
        problems.add(format!("Organisation is not subscribed to currency {currency}"));
    }
}

/// Works the sums out from the lines (`xero §7.6`).
pub fn add_up(document: &mut Document) {
    let types = document.amount_types;
    document.total_tax = document.lines.iter().map(|line| line.tax).sum();
    document.sub_total = document.lines.iter().map(|line| line.net(types)).sum();
    document.total = document.sub_total + document.total_tax + document.rounding;
}

/// What an approved document needs (`xero §6.6`).
pub fn check_complete(document: &Document, problems: &mut Problems) {
    if matches!(document.status, Status::Draft) {
        return;
    }
    if document.kind == Kind::Invoice && document.due.is_none() {
        problems.add("Invoice not of valid status for creation: DueDate must be specified");
    }
    if document.lines.is_empty() {
        problems.add("One or more line items must be specified");
    }
    for (at, line) in document.lines.iter().enumerate() {
        check_line(line, at, problems);
    }
    if document.total < Decimal::ZERO {
        problems.add("The document total cannot be negative");
    }
}

fn check_line(line: &Line, at: usize, problems: &mut Problems) {
    if line.description.is_empty() {
        problems.at_line(at, "Description must be specified");
    }
    if line.quantity.is_none() {
        return;
    }
    if line.account.is_none() {
        problems.at_line(at, "Account code must be specified");
    }
    if line.tax_type.is_none() {
        problems.at_line(at, "Tax rate must be valid");
    }
}
