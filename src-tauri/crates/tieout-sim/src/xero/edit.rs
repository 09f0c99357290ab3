//! What people do inside the product: at once or at a set time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::books::Books;
use super::call::{self, Body};
use super::document::{Kind, Status};
use super::platform::{Platform, Tenant};
use super::show::{self, Balances, Place, Showing};
use super::write::{
    Author, Refused, Writing, Written, allocation, bank, batch, contact, document, item, payment,
    void,
};
use super::{chart, exact, stamps};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditKind {
    /// A new object, with members as on the wire.
    Create,
    /// Only the members in the body change. Contacts can be restored from the archive so.
    Update,
    /// An approved document ends.
    Void,
    /// A draft, a payment, an allocation or an item goes.
    Delete,
    /// `{"ContactID": loser, "MergedToContactID": winner}`.
    Merge,
    /// A payment is matched to a bank line: only the payment gets a stamp.
    Reconcile,
    /// The due date of an invoice moves without a stamp.
    MoveDueDate,
}

/// One edit by a person who works in the product.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Edit {
    /// By default the first organisation.
    #[serde(default)]
    pub tenant: Option<String>,
    /// `Invoice`, `Payment`, `Contact`, ...; `Rate` for a day rate.
    pub entity: String,
    pub operation: EditKind,
    /// Members as on the wire.
    pub body: Value,
}

/// An edit that will have happened at `at`, whenever the books are looked at after that.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scheduled {
    pub at: Timestamp,
    pub edit: Edit,
}

/// Does the edit as of `at`, and shows the object as a single read would.
pub fn perform(platform: &mut Platform, edit: &Edit, at: Timestamp) -> Result<Value, Refused> {
    let tenant = match &edit.tenant {
        Some(id) => platform.tenant_mut(id),
        None => platform.tenants.first_mut(),
    };
    let tenant = tenant.ok_or(Refused::NotFound)?;
    let Value::Object(body) = &edit.body else { return Err(Refused::Broken) };
    let create_only = edit.operation == EditKind::Create;
    let mut writing = Writing { tenant, now: at, author: Author::Clerk, places: 4, create_only };
    match edit.operation {
        EditKind::Merge => merge(&mut writing, body),
        EditKind::Reconcile => reconcile(&mut writing, body),
        EditKind::MoveDueDate => move_due_date(&mut writing, body),
        EditKind::Void | EditKind::Delete => end(&mut writing, &edit.entity, body, edit.operation),
        EditKind::Create | EditKind::Update => save(&mut writing, &edit.entity, body),
    }
}

/// Does every scheduled edit whose time has come, in order of time. One that the books refuse is
/// noted and dropped.
pub fn catch_up(platform: &mut Platform, now: Timestamp) {
    let (mut due, later): (Vec<Scheduled>, Vec<Scheduled>) =
        std::mem::take(&mut platform.schedule).into_iter().partition(|edit| edit.at <= now);
    platform.schedule = later;
    due.sort_by_key(|scheduled| scheduled.at);
    for scheduled in due {
        noted(platform, &scheduled.edit, scheduled.at);
    }
}

/// Does the next edit that waited for a page to be read.
pub fn between_pages(platform: &mut Platform, now: Timestamp) {
    if !platform.between_pages.is_empty() {
        let edit = platform.between_pages.remove(0);
        noted(platform, &edit, now);
    }
}

fn noted(platform: &mut Platform, edit: &Edit, at: Timestamp) {
    if let Err(refused) = perform(platform, edit, at) {
        platform.failed_edits.push(format!("{at} {}: {}", edit.entity, reason(&refused)));
    }
}

/// Why an edit was refused, as text.
pub fn reason(refused: &Refused) -> String {
    match refused {
        Refused::Invalid(problems) => problems.all().join(" "),
        Refused::NotFound => "there is no such object".to_owned(),
        Refused::Broken => "the members are no object".to_owned(),
    }
}

fn save(writing: &mut Writing<'_>, entity: &str, body: &Body) -> Result<Value, Refused> {
    let written = match entity {
        "Invoice" => document::save(writing, Kind::Invoice, body, None),
        "CreditNote" => document::save(writing, Kind::CreditNote, body, None),
        "BankTransaction" | "Overpayment" | "Prepayment" => bank::save(writing, body, None),
        "Contact" => contact::save(writing, body, None),
        "Item" => item::save(writing, body, None),
        "Payment" => payment::create(writing, body, None),
        "BatchPayment" => batch::save(writing, body, None),
        "Allocation" => allocate(writing, body),
        "Account" => return account(writing, body),
        "Rate" => return day_rate(writing.books(), body),
        _ => return Err(format!("{entity} is no entity").into()),
    };
    Ok(shown(writing.tenant, writing.now, &written?))
}

/// A credit is named by the member that its kind has for the id.
fn allocate(writing: &mut Writing<'_>, body: &Body) -> Result<Written, Refused> {
    let kinds = [Kind::CreditNote, Kind::Overpayment, Kind::Prepayment];
    let named = kinds.into_iter().find_map(|kind| Some((kind, call::text(body, kind.id_key())?)));
    let (kind, credit) = named.ok_or("A credit must be named")?;
    allocation::create(writing, kind, credit, body)
}

fn end(
    writing: &mut Writing<'_>,
    entity: &str,
    body: &Body,
    operation: EditKind,
) -> Result<Value, Refused> {
    let id = |key: &str| call::text(body, key).unwrap_or_default().to_owned();
    match entity {
        "Payment" => {
            let known = writing.tenant.books.payments.get(&id("PaymentID"));
            let payment = known.ok_or(Refused::NotFound)?.clone();
            payment::take_back(writing, &payment)?;
            Ok(shown(
                writing.tenant,
                writing.now,
                &Written { id: payment.id, ..Written::default() },
            ))
        }
        "Allocation" => {
            let key = id("AllocationID");
            let known = writing.tenant.books.allocations.get(&key).ok_or(Refused::NotFound)?;
            let from = known.from.clone();
            allocation::delete(writing, &from, &key).map(|gone| json!({"AllocationID": gone.id}))
        }
        "Item" => {
            let books = writing.books();
            let key = item::find(books, &id("ItemID")).map(|item| item.id.clone());
            let gone = key.and_then(|key| books.items.remove(&key)).ok_or(Refused::NotFound)?;
            Ok(json!({"ItemID": gone.id}))
        }
        _ => {
            let keys =
                ["InvoiceID", "CreditNoteID", "OverpaymentID", "PrepaymentID", "BankTransactionID"];
            let key = keys.into_iter().find_map(|key| call::text(body, key));
            let to = if operation == EditKind::Void { Status::Voided } else { Status::Deleted };
            let written = void(writing, key.unwrap_or_default(), to)?;
            Ok(shown(writing.tenant, writing.now, &written))
        }
    }
}

/// Documents move; the loser stays as an archived shell that names the winner (`xero §6.2`).
fn merge(writing: &mut Writing<'_>, body: &Body) -> Result<Value, Refused> {
    let now = writing.now;
    let of = |key: &str| call::text(body, key).unwrap_or_default().to_owned();
    let (loser, winner) = (of("ContactID"), of("MergedToContactID"));
    let books = writing.books();
    if loser == winner || !books.contacts.contains_key(&winner) {
        return Err(Refused::NotFound);
    }
    let shell = books.contacts.get_mut(&loser).ok_or(Refused::NotFound)?;
    shell.archived = true;
    shell.merged_to = Some(winner.clone());
    shell.updated = now;
    for document in books.documents.values_mut().filter(|document| document.contact == loser) {
        document.contact.clone_from(&winner);
        document.updated = now;
    }
    if let Some(winner) = books.contacts.get_mut(&winner) {
        winner.updated = now;
    }
    Ok(shown(writing.tenant, now, &Written { id: loser, ..Written::default() }))
}

fn reconcile(writing: &mut Writing<'_>, body: &Body) -> Result<Value, Refused> {
    let id = call::text(body, "PaymentID").unwrap_or_default().to_owned();
    let now = writing.now;
    let payment = writing.books().payments.get_mut(&id).ok_or(Refused::NotFound)?;
    payment.reconciled = call::flag(body, "IsReconciled").unwrap_or(true);
    payment.updated = now;
    Ok(shown(writing.tenant, now, &Written { id, ..Written::default() }))
}

fn move_due_date(writing: &mut Writing<'_>, body: &Body) -> Result<Value, Refused> {
    let id = call::text(body, "InvoiceID").unwrap_or_default().to_owned();
    let due = call::date(body, "DueDate").ok_or("DueDate must be a date")?;
    let now = writing.now;
    writing.books().documents.get_mut(&id).ok_or(Refused::NotFound)?.due = Some(due);
    Ok(shown(writing.tenant, now, &Written { id, ..Written::default() }))
}

/// A new account; `Code`, `Name` and `Type` as on the wire.
fn account(writing: &mut Writing<'_>, body: &Body) -> Result<Value, Refused> {
    let text = |key: &str| call::text(body, key).unwrap_or_default().to_owned();
    let updated = writing.now;
    let books = writing.books();
    let account = chart::Account {
        id: books.guids.next(),
        code: text("Code"),
        name: text("Name"),
        kind: text("Type"),
        tax_type: call::text(body, "TaxType").unwrap_or("NONE").to_owned(),
        takes_payments: call::flag(body, "EnablePaymentsToAccount").unwrap_or(false),
        system: String::new(),
        currency: call::text(body, "CurrencyCode").map(str::to_owned),
        archived: false,
        updated,
    };
    if account.name.is_empty() || account.kind.is_empty() {
        return Err("An account needs a name and a type".into());
    }
    let object = show::account(&account);
    books.accounts.push(account);
    Ok(object)
}

/// The provider's rate of a day: `{"CurrencyCode", "Date", "Rate"}`, foreign units per base unit.
fn day_rate(books: &mut Books, body: &Body) -> Result<Value, Refused> {
    let currency = call::text(body, "CurrencyCode").ok_or("CurrencyCode must be specified")?;
    let date = call::date(body, "Date").ok_or("Date must be a date")?;
    let rate = call::number(body, "Rate").ok_or("Rate must be a number")?;
    books.rates.entry(currency.to_owned()).or_default().insert(date, rate.to_string());
    Ok(json!({"CurrencyCode": currency, "Date": stamps::day(date), "Rate": exact::rate(rate)}))
}

/// Whatever has this id.
fn shown(tenant: &Tenant, now: Timestamp, written: &Written) -> Value {
    let books = &tenant.books;
    let showing = Showing { books, places: 4, place: Place::Single, omit_keys: false };
    let id = &written.id;
    if let Some(document) = books.documents.get(id) {
        show::document(showing, document)
    } else if let Some(payment) = books.payments.get(id) {
        show::payment(showing, payment)
    } else if let Some(contact) = books.contacts.get(id) {
        let today = stamps::day_in(now, &tenant.config.zone);
        show::contact(showing, contact, &Balances::new(books, today))
    } else if let Some(item) = books.items.get(id) {
        show::item(showing, item)
    } else if let Some(batch) = books.batches.get(id) {
        show::batch(showing, batch)
    } else {
        show::allocation(showing, id)
    }
}
