//! The lines of a document: what they cost, where they go and how they are taxed
//! (`xero §6.5, §7.4, §7.6`).

use rust_decimal::Decimal;

use super::super::books::Books;
use super::super::call::{self, Body};
use super::super::contact::Details;
use super::super::document::{AmountTypes, Document, Line, Status, Tracked};
use super::super::exact::{cents, fixed_text, rounded};
use super::amounts::{LINE_AMOUNT_MAX, line_amount, tax_on};
use super::{Problems, Writing};

/// Categories that a line may have.
const TRACKING_MAX: usize = 2;

/// Replaces the document's lines by the sent ones: those with an id keep what is not sent, those
/// without are new, and lines that are not sent are gone. Returns warnings.
pub fn replace(
    writing: &mut Writing<'_>,
    document: &mut Document,
    sent: &[&Body],
    problems: &mut Problems,
) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut lines = Vec::new();
    for (at, body) in sent.iter().enumerate() {
        let known = call::text(body, "LineItemID")
            .and_then(|id| document.lines.iter().find(|line| line.id.eq_ignore_ascii_case(id)));
        let old = known.cloned();
        let mut line = match &old {
            Some(line) => line.clone(),
            None => fresh(writing.books().guids.next()),
        };
        let mut building = Building {
            books: &writing.tenant.books,
            document,
            places: writing.places,
            lenient: document.status == Status::Draft,
            at,
            problems,
            warnings: &mut warnings,
        };
        building.text_and_item(&mut line, body, old.is_some());
        building.account(&mut line, body);
        building.tracking(&mut line, body);
        building.amount(&mut line, body, old.as_ref());
        building.tax(&mut line, body, old.as_ref());
        let free = line.quantity.is_some() && line.amount.is_zero();
        if free && writing.tenant.config.zero_lines_lose_account {
            line.account = None;
        }
        lines.push(line);
    }
    document.lines = lines;
    warnings
}

/// A line with nothing in it.
pub fn fresh(id: String) -> Line {
    Line {
        id,
        description: String::new(),
        quantity: None,
        unit: Decimal::ZERO,
        item_code: None,
        account: None,
        tax_type: None,
        tax: Decimal::ZERO,
        amount: Decimal::ZERO,
        discount_rate: None,
        discount_amount: None,
        tracking: Vec::new(),
    }
}

struct Building<'a> {
    books: &'a Books,
    document: &'a Document,
    places: u32,
    lenient: bool,
    at: usize,
    problems: &'a mut Problems,
    warnings: &'a mut Vec<String>,
}

impl Building<'_> {
    fn wrong(&mut self, message: impl Into<String>) {
        self.problems.at_line(self.at, message);
    }

    fn side(&self, line: &Line) -> Option<&Details> {
        let item = self.books.item_by_code(line.item_code.as_deref()?)?;
        Some(if self.document.sales { &item.sales } else { &item.purchase })
    }

    /// The item fills what is not sent.
    fn text_and_item(&mut self, line: &mut Line, body: &Body, known: bool) {
        if let Some(text) = call::text(body, "Description") {
            text.clone_into(&mut line.description);
        }
        let Some(code) = call::text(body, "ItemCode") else { return };
        let Some(item) = self.books.item_by_code(code) else {
            self.wrong(format!("Item code '{code}' is not valid"));
            return;
        };
        line.item_code = Some(code.to_owned());
        let text = if self.document.sales { &item.description } else { &item.purchase_description };
        if line.description.is_empty() && !known {
            text.clone_into(&mut line.description);
        }
    }

    fn account(&mut self, line: &mut Line, body: &Body) {
        let code = call::text(body, "AccountCode");
        let id = call::text(body, "AccountID");
        if code.is_none() && id.is_none() {
            if line.account.is_none() {
                let own =
                    self.side(line).and_then(|side| self.books.account_by_code(&side.account_code));
                let contact = self.books.contacts.get(&self.document.contact);
                let usual = contact.filter(|_| self.document.sales && line.item_code.is_some());
                let usual =
                    usual.and_then(|known| self.books.account_by_code(&known.sales_account));
                line.account = own.or(usual).map(|account| account.id.clone());
            }
            return;
        }
        let found = match (id, code) {
            (Some(id), _) => self.books.account(id),
            (None, Some(code)) => self.books.account_by_code(code),
            (None, None) => None,
        };
        let named = code.or(id).unwrap_or_default().to_owned();
        match found.filter(|account| account.takes_lines()) {
            Some(account) => line.account = Some(account.id.clone()),
            None if self.lenient && found.is_none() => {
                line.account = None;
                self.warnings.push(format!(
                    "Account code '{named}' has been removed as it does not match a recognised \
                     account"
                ));
            }
            None => {
                self.wrong(format!("Account code '{named}' is not a valid code for this document."))
            }
        }
    }

    fn tracking(&mut self, line: &mut Line, body: &Body) {
        let Some(sent) = call::objects(body, "Tracking") else { return };
        let mut tracked = Vec::new();
        for one in &sent {
            let same = |key: &str, id_key: &str, id: &str, name: &str| {
                call::text(one, id_key).map_or_else(
                    || call::text(one, key).is_some_and(|text| text.eq_ignore_ascii_case(name)),
                    |text| text.eq_ignore_ascii_case(id),
                )
            };
            let categories = &self.books.tracking;
            let category = categories
                .iter()
                .find(|known| same("Name", "TrackingCategoryID", &known.id, &known.name));
            let option = category.and_then(|category| {
                let mut options = category.options.iter();
                options.find(|(id, name)| same("Option", "TrackingOptionID", id, name))
            });
            match (category, option) {
                (Some(category), Some((option, _))) => {
                    tracked.push(Tracked { category: category.id.clone(), option: option.clone() });
                }
                _ => self.wrong("The tracking category or option does not exist"),
            }
        }
        if tracked.len() > TRACKING_MAX {
            self.wrong("A line can have at most two tracking categories");
        }
        line.tracking = tracked;
    }

    fn amount(&mut self, line: &mut Line, body: &Body, old: Option<&Line>) {
        let sent_amount = call::number(body, "LineAmount");
        let price = self.side(line).and_then(|side| side.unit_price);
        let unit = call::number(body, "UnitAmount");
        let quantity = call::number(body, "Quantity");
        self.discount(line, body);
        let priced = unit.or(if old.is_none() { price } else { None });
        match quantity.or(line.quantity) {
            Some(quantity) => line.quantity = Some(rounded(quantity, 4)),
            None if priced.is_some() || sent_amount.is_some() => line.quantity = Some(Decimal::ONE),
            None => return,
        }
        let quantity = line.quantity.unwrap_or(Decimal::ONE);
        match (priced, sent_amount) {
            (Some(unit), _) => line.unit = rounded(unit, self.places),
            (None, Some(amount)) if old.is_none() => {
                line.unit = rounded(amount.checked_div(quantity).unwrap_or(amount), self.places);
            }
            _ => {}
        }
        line.amount = line_amount(line);
        if let Some(sent) = sent_amount.filter(|sent| *sent != line.amount) {
            let (sent, own) = (fixed_text(sent, 2), fixed_text(line.amount, 2));
            self.wrong(format!(
                "The line total {sent} does not match the expected line total {own}"
            ));
        }
        if line.amount.abs() > LINE_AMOUNT_MAX {
            self.wrong("The line amount is too large");
        }
    }

    fn discount(&mut self, line: &mut Line, body: &Body) {
        let rate = call::number(body, "DiscountRate").filter(|rate| !rate.is_zero());
        let amount = call::number(body, "DiscountAmount").filter(|amount| !amount.is_zero());
        if (rate.is_some() || amount.is_some()) && !self.document.sales {
            self.wrong("Discounts are only for sales invoices");
            return;
        }
        if rate.is_some_and(|rate| rate < Decimal::ZERO || rate > Decimal::ONE_HUNDRED) {
            self.wrong("The discount rate must be between 0 and 100");
            return;
        }
        if body.contains_key("DiscountRate") || body.contains_key("DiscountAmount") {
            (line.discount_rate, line.discount_amount) = match rate {
                Some(rate) => (Some(rate), None),
                None => (None, amount),
            };
        }
    }

    /// From the line, the item, the contact or the account, in that order (`xero §6.5`).
    fn tax(&mut self, line: &mut Line, body: &Body, old: Option<&Line>) {
        if line.quantity.is_none() {
            return;
        }
        let types = self.document.amount_types;
        if types == AmountTypes::NoTax {
            line.tax_type = Some("NONE".to_owned());
            line.tax = Decimal::ZERO;
            return;
        }
        let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
        let contact = self.books.contacts.get(&self.document.contact);
        let account = line.account.as_ref().and_then(|id| self.books.account(id));
        let chosen = call::text(body, "TaxType")
            .map(str::to_owned)
            .or_else(|| line.tax_type.clone())
            .or_else(|| self.side(line).and_then(|side| filled(&side.tax_type)))
            .or_else(|| {
                contact
                    .filter(|_| self.document.sales)
                    .and_then(|known| filled(&known.receivable_tax_type))
            })
            .or_else(|| account.and_then(|account| filled(&account.tax_type)));
        let Some(chosen) = chosen else { return };
        let Some(rate) = self.books.tax_rate(&chosen) else {
            self.wrong(format!(
                "The TaxType code '{chosen}' does not exist or cannot be used for this type of \
                 transaction."
            ));
            return;
        };
        if let Some(account) = account.filter(|account| !rate.applies_to(account.class())) {
            let code = &account.code;
            self.wrong(format!(
                "The TaxType code '{chosen}' cannot be used with account code '{code}'."
            ));
        }
        let same = old
            .is_some_and(|old| old.amount == line.amount && old.tax_type.as_ref() == Some(&chosen));
        line.tax_type = Some(chosen);
        match call::number(body, "TaxAmount") {
            Some(sent) => line.tax = cents(sent),
            None if same => {}
            None => line.tax = tax_on(line.amount, rate.rate, types),
        }
    }
}
