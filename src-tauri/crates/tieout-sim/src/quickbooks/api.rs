//! The accounting API: paths, operations and envelopes (`quickbooks §2`).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::books::{Books, Replay};
use super::call::Call;
use super::entity::Entity;
use super::oauth::Bearer;
use super::refusal::Refusal;
use super::row::{Body, RowId};
use super::write::{Author, Operation, Writing, rates};
use super::{batch, cdc, company, pacific, query, reports, show};

/// Characters of a `requestid` (`quickbooks §4.8`).
const REQUEST_ID_CHARACTERS_MAX: usize = 50;
/// Answers that are kept for replay; the service's own retention is unknown.
const REPLAYS_MAX: usize = 100_000;

/// Answers a request below `/v3/company/{realm}`; `path` holds what follows.
pub fn answer(
    books: &mut Books,
    call: &Call,
    realm: &str,
    path: &[&str],
    now: Timestamp,
) -> Answer {
    match books.grants.bearer(call.header("authorization"), now) {
        Bearer::Unknown => return Answer::unauthenticated(now),
        Bearer::Of(own) if own != realm => return Answer::unauthorized(now),
        Bearer::Of(_) => {}
    }
    let answered = match (call.method.as_str(), path) {
        (_, ["query"]) => statement(books, call, now),
        ("GET", ["cdc"]) => captured(books, call, now),
        ("POST", ["batch"]) => batched(books, call, now),
        ("GET", ["reports", name]) => reports::report(books, name, call, now).map(Answer::report),
        ("GET", ["exchangerate"]) => exchange_rate(books, call, now),
        ("GET", ["invoice", id, "pdf"]) => pdf(books, id),
        ("POST", ["invoice", id, "send"]) => send(books, id, call, now),
        ("GET", ["preferences"]) => object(books, Entity::Preferences, "1", now),
        ("GET", [entity, id]) => match Entity::parse(entity) {
            Some(entity) => object(books, entity, id, now),
            None => Err(no_resource(call)),
        },
        ("POST", [entity]) => match Entity::parse(entity) {
            Some(entity) => write(books, entity, call, now),
            None => Err(no_resource(call)),
        },
        _ => Err(no_resource(call)),
    };
    answered.unwrap_or_else(|refusal| Answer::refused(&refusal, now))
}

fn no_resource(call: &Call) -> Refusal {
    let what = format!("Could not find resource for relative : {} of full path", call.path);
    Refusal::unsupported(&what)
}

fn object(books: &Books, entity: Entity, id: &str, now: Timestamp) -> Result<Answer, Refusal> {
    if entity.is_company() {
        let own = entity == Entity::Preferences || id == books.config.realm || id == "1";
        let shown = own.then(|| company::object(books, entity)).ok_or_else(Refusal::not_found)?;
        return Ok(Answer::success(json!({(entity.name()): shown}), now));
    }
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    if !digits && entity != Entity::TaxCode {
        return Err(Refusal::bad_id(id));
    }
    let row = books.get(entity, id).ok_or_else(Refusal::not_found)?;
    let shown = show::object(books, entity, &RowId::new(id), row);
    Ok(Answer::success(json!({(entity.name()): shown}), now))
}

/// Without a statement the service was seen to answer 200 with a fault in it.
fn statement(books: &Books, call: &Call, now: Timestamp) -> Result<Answer, Refusal> {
    let posted = String::from_utf8_lossy(&call.body).into_owned();
    let asked = match call.parameter("query") {
        Some(asked) => asked.to_owned(),
        None if call.method == "POST" => posted,
        None => String::new(),
    };
    if asked.trim().is_empty() {
        let refusal = Refusal { status: 200, ..Refusal::application_error() };
        return Ok(Answer::refused(&refusal, now));
    }
    let found = query::run(books, &asked)?;
    Ok(Answer::success(json!({"QueryResponse": found}), now))
}

fn captured(books: &Books, call: &Call, now: Timestamp) -> Result<Answer, Refusal> {
    let entities = call.parameter("entities").ok_or_else(|| Refusal::missing("entities"))?;
    let since = call.parameter("changedSince").ok_or_else(|| Refusal::missing("changedSince"))?;
    let changes = cdc::changes(books, entities, since, now)?;
    Ok(Answer::success(json!({"CDCResponse": changes}), now))
}

fn batched(books: &mut Books, call: &Call, now: Timestamp) -> Result<Answer, Refusal> {
    let answers = batch::run(books, &members(call)?, request_id(call)?, now)?;
    Ok(Answer::success(json!({"BatchItemResponse": answers}), now))
}

fn exchange_rate(books: &Books, call: &Call, now: Timestamp) -> Result<Answer, Refusal> {
    let source = call.parameter("sourcecurrencycode");
    let source = source.ok_or_else(|| Refusal::missing("sourcecurrencycode"))?;
    let day = call.parameter("asofdate").and_then(pacific::calendar_day);
    let rate = rates::read(books, source, day.unwrap_or_else(|| pacific::day(now)), now)?;
    Ok(Answer::success(json!({"ExchangeRate": rate}), now))
}

fn write(
    books: &mut Books,
    entity: Entity,
    call: &Call,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let operation = operation(entity, call)?;
    let key = request_id(call)?.map(|id| format!("{}/{id}", entity.name()));
    let input = members(call)?;
    let stored = replayed(books, key.as_deref(), |books| {
        let mut writing = Writing::new(books, now, Author::Api);
        writing.allow_duplicate_number = includes(call, "allowduplicatedocnum");
        writing.perform(entity, operation, &input)
    })?;
    Ok(Answer::success(json!({(entity.name()): stored}), now))
}

/// The three spellings of void: `operation=void` is for invoices, `include=void` with or without
/// `operation=update` for the others (`quickbooks §2`).
fn operation(entity: Entity, call: &Call) -> Result<Operation, Refusal> {
    match call.parameter("operation") {
        None | Some("" | "create" | "update") if includes(call, "void") => Ok(Operation::Void),
        None | Some("" | "create" | "update") => Ok(Operation::Save),
        Some("delete") => Ok(Operation::Delete),
        Some("void") if entity == Entity::Invoice => Ok(Operation::Void),
        Some(other) => Err(Refusal::unsupported(&format!("{other} of {}", entity.name()))),
    }
}

fn includes(call: &Call, wanted: &str) -> bool {
    let given = call.parameter("include").unwrap_or_default();
    given.split(',').any(|include| include.trim().eq_ignore_ascii_case(wanted))
}

fn request_id(call: &Call) -> Result<Option<&str>, Refusal> {
    let id = call.parameter("requestid").filter(|id| !id.is_empty());
    match id {
        Some(id) if id.chars().count() > REQUEST_ID_CHARACTERS_MAX => {
            Err(Refusal::too_long("requestid", REQUEST_ID_CHARACTERS_MAX))
        }
        id => Ok(id),
    }
}

fn members(call: &Call) -> Result<Body, Refusal> {
    serde_json::from_slice(&call.body).map_err(|_| Refusal::unknown_member("request body"))
}

/// Does `act` once per key: a repeat gets the stored first answer, refusals included, and nothing
/// happens again. A failed server is not an answer to keep.
pub fn replayed(
    books: &mut Books,
    key: Option<&str>,
    act: impl FnOnce(&mut Books) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let Some(key) = key.filter(|_| books.config.replay_request_ids) else { return act(books) };
    if let Some(first) = books.replays.get(key) {
        return match &first.refusal {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(first.stored.clone()),
        };
    }
    let done = act(books);
    if books.replays.len() < REPLAYS_MAX {
        let first = match &done {
            Ok(stored) => Replay { stored: stored.clone(), refusal: None },
            Err(refusal) => Replay { stored: Value::Null, refusal: Some(refusal.clone()) },
        };
        books.replays.insert(key.to_owned(), first);
    }
    done
}

/// The service prints the form; a stub of a document is enough to be told apart.
fn pdf(books: &Books, id: &str) -> Result<Answer, Refusal> {
    books.get(Entity::Invoice, id).ok_or_else(Refusal::not_found)?;
    let bytes = format!("%PDF-1.4\n% invoice {id}\n%%EOF\n").into_bytes();
    Ok(Answer::new(200, Content::Pdf(bytes)))
}

fn send(books: &mut Books, id: &str, call: &Call, now: Timestamp) -> Result<Answer, Refusal> {
    let row_id = RowId::new(id);
    let row = books.row_mut(Entity::Invoice, &row_id).ok_or_else(Refusal::not_found)?;
    if let Some(address) = call.parameter("sendTo") {
        row.body.insert("BillEmail".to_owned(), json!({"Address": address}));
    }
    if !row.body.contains_key("BillEmail") {
        return Err(Refusal::business("An e-mail address is needed to send the form"));
    }
    row.body.insert("EmailStatus".to_owned(), json!("EmailSent"));
    let delivery = json!({"DeliveryType": "Email", "DeliveryTime": pacific::stamp(now)});
    row.body.insert("DeliveryInfo".to_owned(), delivery);
    row.token += 1;
    row.updated = pacific::whole_second(now);
    object(books, Entity::Invoice, id, now)
}
