//! Creating, changing, voiding and deleting objects (`quickbooks §3, §4.7`).

mod applied;
mod deposit;
mod journal;
mod lists;
mod names;
mod numbering;
mod payment;
pub mod rates;
mod references;
mod sales;
mod sales_lines;
mod settle;
mod tax;
mod undo;

pub use undo::is_voided;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::amount::{flag, text};
use super::books::Books;
use super::entity::Entity;
use super::ledger;
use super::refusal::Refusal;
use super::row::{Body, Row, RowId};
use super::{schema, show};

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A client of the API: every rule holds.
    Api,
    /// A person in the product itself: may use a closed period, post to receivables without a
    /// customer, choose ids and need not know sync tokens.
    Clerk,
}

/// What is to be done with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Create, or update where the object has an id.
    Save,
    Void,
    Delete,
}

/// One write under way.
pub struct Writing<'b> {
    pub books: &'b mut Books,
    pub now: Timestamp,
    pub author: Author,
    /// `include=allowduplicatedocnum`.
    pub allow_duplicate_number: bool,
}

impl<'b> Writing<'b> {
    pub fn new(books: &'b mut Books, now: Timestamp, author: Author) -> Self {
        Self { books, now, author, allow_duplicate_number: false }
    }

    /// Does it and returns the object as the API shows it.
    pub fn perform(
        &mut self,
        entity: Entity,
        operation: Operation,
        input: &Body,
    ) -> Result<Value, Refusal> {
        if entity == Entity::ExchangeRate && operation == Operation::Save {
            return rates::store(self, input);
        }
        if entity.is_company() || entity == Entity::ExchangeRate || self.is_fixed(entity) {
            return Err(Refusal::unsupported(entity.name()));
        }
        let id = given_id(entity, input)?;
        match (operation, id) {
            (Operation::Save, None) => {
                let id = self.books.next_id(entity);
                self.create(entity, id, input)
            }
            (Operation::Save, Some(id)) => self.update(entity, &id, input),
            (Operation::Void, Some(id)) => undo::void(self, entity, &id, input),
            (Operation::Delete, Some(id)) => undo::delete(self, entity, &id, input),
            (_, None) => Err(Refusal::missing("Id")),
        }
    }

    /// Tax codes, rates and agencies are not made through this API.
    fn is_fixed(&self, entity: Entity) -> bool {
        self.author == Author::Api
            && matches!(entity, Entity::TaxCode | Entity::TaxRate | Entity::TaxAgency)
    }

    /// A new object under an id that is not in use.
    pub fn create(&mut self, entity: Entity, id: RowId, input: &Body) -> Result<Value, Refusal> {
        let mut draft = schema::clean(entity, &without_frame(input))?;
        draft.retain(|_, value| !value.is_null());
        let body = self.complete(entity, draft, None)?;
        self.check_period(entity, &body)?;
        let mut row = Row::new(self.stamp(), body);
        number_lines(&mut row);
        self.books.reserve_id(entity, &id);
        settle::commit(self, entity, &id, Some(row));
        names::open_balance(self, entity, &id, input)?;
        Ok(self.shown(entity, &id))
    }

    fn update(&mut self, entity: Entity, id: &RowId, input: &Body) -> Result<Value, Refusal> {
        let old = self.current(entity, id, input)?;
        let cleaned = schema::clean(entity, &without_frame(input))?;
        let sparse = flag(input, "sparse") || text(input, "sparse") == Some("true");
        let draft = if sparse {
            patched(entity, &old.body, cleaned)
        } else {
            replaced(entity, &old.body, cleaned)
        };
        let body = self.complete(entity, draft, Some((id, &old)))?;
        let mut row = Row { body, ..old.clone() };
        number_lines(&mut row);
        settle::mirror(self.books, entity, id, &mut row.body);
        if row.body == old.body {
            return Ok(self.shown(entity, id));
        }
        self.check_period(entity, &old.body)?;
        self.check_period(entity, &row.body)?;
        applied::check(self, entity, id, &old.body, &row.body)?;
        row.token += 1;
        row.updated = self.stamp();
        if names::closes(entity, &old.body, &row.body) {
            names::balance_out(self, id, &mut row.body)?;
        }
        settle::commit(self, entity, id, Some(row));
        Ok(self.shown(entity, id))
    }

    /// The stored row, if the request names it with its current token.
    fn current(&self, entity: Entity, id: &RowId, input: &Body) -> Result<Row, Refusal> {
        let row = self.books.get(entity, id.as_str()).ok_or_else(Refusal::not_found)?;
        if self.author == Author::Clerk {
            return Ok(row.clone());
        }
        let token = match input.get("SyncToken") {
            Some(Value::String(token)) => token.clone(),
            Some(Value::Number(token)) => token.to_string(),
            _ => return Err(Refusal::missing("SyncToken")),
        };
        if token == row.token.to_string() { Ok(row.clone()) } else { Err(Refusal::stale()) }
    }

    /// Fills in what the server decides and checks what it insists on.
    fn complete(
        &mut self,
        entity: Entity,
        draft: Body,
        old: Option<(&RowId, &Row)>,
    ) -> Result<Body, Refusal> {
        match entity {
            Entity::Payment => payment::complete(self, draft, old),
            Entity::Deposit => deposit::complete(self, draft, old),
            Entity::JournalEntry => journal::complete(self, draft),
            entity if entity.is_sales_form() => sales::complete(self, entity, draft, old),
            entity if entity.is_name() => names::complete(self, entity, draft, old),
            entity => lists::complete(self, entity, draft, old),
        }
    }

    /// Documents of a closed period are locked (`quickbooks §4.12`).
    fn check_period(&self, entity: Entity, body: &Body) -> Result<(), Refusal> {
        let closed = self.books.config.book_close_date.filter(|_| self.author == Author::Api);
        let locked = |day: Date| entity.is_transaction() && ledger::date(body) <= day;
        if closed.is_some_and(locked) {
            return Err(Refusal::closed_period(self.books.config.closed_period_as_5010));
        }
        Ok(())
    }

    fn stamp(&self) -> Timestamp {
        super::pacific::whole_second(self.now)
    }

    fn today(&self) -> Date {
        super::pacific::day(self.now)
    }

    fn shown(&self, entity: Entity, id: &RowId) -> Value {
        let row = self.books.get(entity, id.as_str());
        row.map_or(Value::Null, |row| show::object(self.books, entity, id, row))
    }
}

/// The id of an object to change. US companies have tax codes whose id is a word.
fn given_id(entity: Entity, input: &Body) -> Result<Option<RowId>, Refusal> {
    let id = match input.get("Id") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(id)) if id.is_empty() => return Ok(None),
        Some(Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
    };
    let digits = id.bytes().all(|byte| byte.is_ascii_digit());
    if digits || entity == Entity::TaxCode {
        Ok(Some(RowId::new(id)))
    } else {
        Err(Refusal::bad_id(&id))
    }
}

fn without_frame(input: &Body) -> Body {
    let mut members = input.clone();
    for name in ["Id", "SyncToken", "sparse"] {
        members.remove(name);
    }
    members
}

/// Sparse: only what is sent changes, arrays as a whole.
fn patched(entity: Entity, old: &Body, cleaned: Body) -> Body {
    let mut draft = old.clone();
    for (name, value) in cleaned {
        if is_once(entity, &name) {
            continue;
        }
        if value.is_null() {
            draft.remove(&name);
        } else {
            draft.insert(name, value);
        }
    }
    draft
}

/// Full: what is not sent is cleared or made anew, only the document number survives
/// (`quickbooks §4.7`).
fn replaced(entity: Entity, old: &Body, cleaned: Body) -> Body {
    let mut draft = cleaned;
    draft.retain(|name, value| !value.is_null() && !is_once(entity, name));
    for (name, value) in old {
        let survives = name == "DocNumber" && !draft.contains_key(name);
        if survives || is_once(entity, name) {
            draft.insert(name.clone(), value.clone());
        }
    }
    draft
}

fn is_once(entity: Entity, name: &str) -> bool {
    schema::member(entity, name).is_some_and(|member| member.access == schema::Access::Once)
}

/// Lines keep the id that they are sent with; new ones get the next that was never used
/// (`quickbooks §3.4`). Lines that only link documents have none.
fn number_lines(row: &mut Row) {
    let mut used = row.lines_used;
    let Some(lines) = row.body.get_mut("Line").and_then(Value::as_array_mut) else { return };
    let mut place = 0u64;
    for line in lines.iter_mut().filter_map(Value::as_object_mut) {
        let numbered = matches!(
            text(line, "DetailType"),
            Some(
                "SalesItemLineDetail"
                    | "DescriptionOnly"
                    | "GroupLineDetail"
                    | "JournalEntryLineDetail"
                    | "DepositLineDetail"
            )
        );
        if !numbered {
            line.remove("Id");
            continue;
        }
        place += 1;
        let sent = text(line, "Id").and_then(|id| id.parse::<u64>().ok());
        let id = sent.filter(|id| (1..=row.lines_used).contains(id)).unwrap_or(used + 1);
        used = used.max(id);
        line.insert("Id".to_owned(), json!(id.to_string()));
        line.insert("LineNum".to_owned(), json!(place));
    }
    row.lines_used = used;
}
