//! `GET` of every endpoint.

use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::api::Visit;
use super::document::{Document, Kind};
use super::guid::is_guid;
use super::list::{Page, Reading, Shape, plain_fact, select};
use super::show::{self, Balances, Place, Showing};
use super::write::document::numbered;
use super::write::item::find as find_item;
use super::{lists, notes, stamps};

/// The endpoints that have documents, and their kinds.
pub const DOCUMENTS: [Kind; 5] =
    [Kind::Invoice, Kind::CreditNote, Kind::Overpayment, Kind::Prepayment, Kind::BankTransaction];

const OTHERS: [&str; 13] = [
    "Accounts",
    "BatchPayments",
    "BrandingThemes",
    "Contacts",
    "Currencies",
    "Items",
    "Journals",
    "ManualJournals",
    "Organisation",
    "Payments",
    "Reports",
    "TaxRates",
    "TrackingCategories",
];

/// Whether the name is that of an endpoint, for which a scope is needed.
pub fn is_endpoint(name: &str) -> bool {
    kind_of(name).is_some() || OTHERS.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// The kind of document of an endpoint.
pub fn kind_of(name: &str) -> Option<Kind> {
    DOCUMENTS.into_iter().find(|kind| kind.plural().eq_ignore_ascii_case(name))
}

pub fn answer(visit: &Visit<'_>, path: &[&str]) -> Answer {
    let [first, rest @ ..] = path else { return Answer::not_found() };
    match (kind_of(first), rest) {
        (Some(kind), []) => lists::documents(visit, kind),
        (Some(kind), [id]) => document(visit, kind, id),
        (Some(kind), [id, part, more @ ..]) => part_of(visit, kind, id, part, more),
        (None, rest) => other(visit, &first.to_ascii_lowercase(), rest),
    }
}

/// The list of an answer, with its page.
pub fn listed(plural: &str, rows: Vec<Value>, page: Option<Page>) -> Answer {
    let mut body = json!({ plural: rows });
    if let Some(page) = page {
        body["pagination"] = page.shown();
    }
    Answer::new(200, Content::Json(body))
}

impl Visit<'_> {
    pub fn showing(&self, place: Place) -> Showing<'_> {
        Showing {
            books: &self.tenant.books,
            places: self.call.unit_places(),
            place,
            omit_keys: self.app.omit_keys,
        }
    }

    pub fn balances(&self) -> Balances {
        Balances::new(&self.tenant.books, stamps::day_in(self.now, &self.tenant.config.zone))
    }
}

/// By id, and sales documents also by number.
fn find<'a>(visit: &'a Visit<'_>, kind: Kind, id: &str) -> Option<&'a Document> {
    let books = &visit.tenant.books;
    let by_id = books.document(kind, &id.to_ascii_lowercase());
    let has_number = matches!(kind, Kind::Invoice | Kind::CreditNote);
    by_id.or_else(|| numbered(books, kind, id).filter(|_| has_number))
}

fn document(visit: &Visit<'_>, kind: Kind, id: &str) -> Answer {
    let Some(found) = find(visit, kind, id) else { return Answer::not_found() };
    if kind == Kind::Invoice && visit.call.accepts("application/pdf") {
        let page = format!("%PDF-1.4\n% {} {}\n%%EOF\n", found.number, found.total);
        return Answer::new(200, Content::File("application/pdf".to_owned(), page.into_bytes()));
    }
    let shown = show::document(visit.showing(Place::Single), found);
    listed(kind.plural(), vec![shown], None)
}

fn part_of(visit: &Visit<'_>, kind: Kind, id: &str, part: &str, more: &[&str]) -> Answer {
    let Some(found) = find(visit, kind, id) else { return Answer::not_found() };
    match part.to_ascii_lowercase().as_str() {
        "onlineinvoice" if kind == Kind::Invoice && more.is_empty() => {
            let url = format!("https://in.xero.com/{}", found.id.replace('-', ""));
            listed("OnlineInvoices", vec![json!({"OnlineInvoiceUrl": url})], None)
        }
        _ => notes::read(visit, &found.id, part, more),
    }
}

fn other(visit: &Visit<'_>, endpoint: &str, rest: &[&str]) -> Answer {
    let books = &visit.tenant.books;
    match (endpoint, rest) {
        ("contacts", []) => lists::contacts(visit),
        ("contacts", [id]) => contact(visit, id),
        ("payments", []) => lists::payments(visit),
        ("payments", [id]) => match books.payments.get(&id.to_ascii_lowercase()) {
            Some(payment) => {
                let shown = show::payment(visit.showing(Place::Single), payment);
                listed("Payments", vec![shown], None)
            }
            None => Answer::not_found(),
        },
        ("batchpayments", [] | [_]) => batches(visit, rest.first().copied()),
        ("items", [id]) => match find_item(books, id) {
            Some(item) => {
                listed("Items", vec![show::item(visit.showing(Place::Single), item)], None)
            }
            None => Answer::not_found(),
        },
        ("items", []) => items(visit),
        ("accounts", [] | [_]) => accounts(visit, rest.first().copied()),
        ("contacts" | "items" | "payments" | "batchpayments", [id, part, more @ ..]) => {
            notes::read(visit, &id.to_ascii_lowercase(), part, more)
        }
        ("organisation" | "organisations", _) => organisation(visit, rest),
        (_, []) => settings(visit, endpoint),
        _ => Answer::not_found(),
    }
}

/// Lists that have neither pages nor stamps.
fn settings(visit: &Visit<'_>, endpoint: &str) -> Answer {
    let books = &visit.tenant.books;
    match endpoint {
        "taxrates" => {
            listed("TaxRates", books.tax_rates.iter().map(show::tax_rate).collect(), None)
        }
        "currencies" => {
            let rows = books.currencies.iter().map(|code| show::currency(code));
            listed("Currencies", rows.collect(), None)
        }
        "brandingthemes" => {
            let rows = books.themes.iter().enumerate().map(|(at, theme)| show::theme(theme, at));
            listed("BrandingThemes", rows.collect(), None)
        }
        "trackingcategories" => {
            listed("TrackingCategories", books.tracking.iter().map(show::category).collect(), None)
        }
        _ => Answer::not_found(),
    }
}

fn organisation(visit: &Visit<'_>, rest: &[&str]) -> Answer {
    match rest {
        [] => listed("Organisations", vec![show::organisation(visit.tenant)], None),
        [part] if part.eq_ignore_ascii_case("Actions") => {
            let actions = show::actions(visit.tenant);
            Answer::new(200, Content::Json(json!({"Actions": actions})))
        }
        _ => Answer::not_found(),
    }
}

/// By id or by `ContactNumber`; archived ones as well.
fn contact(visit: &Visit<'_>, id: &str) -> Answer {
    let books = &visit.tenant.books;
    let by_id = books.contacts.get(&id.to_ascii_lowercase()).filter(|_| is_guid(id));
    match by_id.or_else(|| books.contact_by_number(id)) {
        Some(found) => {
            let shown = show::contact(visit.showing(Place::Single), found, &visit.balances());
            listed("Contacts", vec![shown], None)
        }
        None => Answer::not_found(),
    }
}

/// Whole, whatever page is asked for (`xero §3.6`).
const PLAIN: Shape = Shape { type_name: "Item", paged: false, since: true, optimised: &[] };

fn items(visit: &Visit<'_>) -> Answer {
    let rows = visit.tenant.books.items.values().collect();
    let reading = Reading {
        id: |item: &super::contact::Item| &item.id,
        updated: |item| item.updated,
        fact: &|item, path| {
            let texts = [("Code", item.code.as_str()), ("Name", &item.name), ("ItemID", &item.id)];
            plain_fact(&texts, item.updated, path)
        },
    };
    match select(visit.call, rows, PLAIN, false, &reading) {
        Ok(found) => {
            let showing = visit.showing(Place::Unpaged);
            listed("Items", found.rows.iter().map(|item| show::item(showing, item)).collect(), None)
        }
        Err(refused) => refused,
    }
}

fn accounts(visit: &Visit<'_>, id: Option<&str>) -> Answer {
    let books = &visit.tenant.books;
    if let Some(id) = id {
        return match books.account(&id.to_ascii_lowercase()) {
            Some(found) => listed("Accounts", vec![show::account(found)], None),
            None => Answer::not_found(),
        };
    }
    let reading = Reading {
        id: |account: &super::chart::Account| &account.id,
        updated: |account| account.updated,
        fact: &|account, path| {
            let texts = [
                ("Code", account.code.as_str()),
                ("Name", &account.name),
                ("Type", &account.kind),
                ("Status", if account.archived { "ARCHIVED" } else { "ACTIVE" }),
                ("SystemAccount", &account.system),
                ("TaxType", &account.tax_type),
                ("AccountID", &account.id),
            ];
            plain_fact(&texts, account.updated, path)
        },
    };
    let shape = Shape { type_name: "Account", ..PLAIN };
    match select(visit.call, books.accounts.iter().collect(), shape, false, &reading) {
        Ok(found) => listed("Accounts", found.rows.into_iter().map(show::account).collect(), None),
        Err(refused) => refused,
    }
}

fn batches(visit: &Visit<'_>, id: Option<&str>) -> Answer {
    let books = &visit.tenant.books;
    let showing = visit.showing(Place::Single);
    if let Some(id) = id {
        return match books.batches.get(&id.to_ascii_lowercase()) {
            Some(found) => listed("BatchPayments", vec![show::batch(showing, found)], None),
            None => Answer::not_found(),
        };
    }
    let reading = Reading {
        id: |batch: &super::document::Batch| &batch.id,
        updated: |batch| batch.updated,
        fact: &|batch, path| plain_fact(&[], batch.updated, path),
    };
    let shape = Shape { type_name: "BatchPayment", ..PLAIN };
    match select(visit.call, books.batches.values().collect(), shape, false, &reading) {
        Ok(found) => {
            let rows = found.rows.iter().map(|batch| show::batch(showing, batch));
            listed("BatchPayments", rows.collect(), None)
        }
        Err(refused) => refused,
    }
}
