//! Answers a statement from the books.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::amount::decimal;
use super::super::books::Books;
use super::super::entity::Entity;
use super::super::pacific;
use super::super::refusal::Refusal;
use super::super::row::{Row, RowId};
use super::super::schema::{self, Shape};
use super::super::{company, show};
use super::parse::{Condition, Direction, Literal, Operator, Select, Statement, parse};

/// Rows of a page where the statement does not say (`quickbooks §4.1`).
const PAGE_ROWS_DEFAULT: u64 = 100;
/// Rows of a page whatever the statement says.
const PAGE_ROWS_MAX: u64 = 1_000;

/// The `QueryResponse` object.
pub fn run(books: &Books, statement: &str) -> Result<Value, Refusal> {
    let statement = parse(statement)?;
    let entity = Entity::parse(&statement.entity).filter(|entity| *entity != Entity::ExchangeRate);
    let entity = entity.ok_or_else(|| {
        Refusal::query_meaning(&format!("invalid context declaration: {}", statement.entity))
    })?;
    if entity.is_company() {
        return Ok(json!({
            (entity.name()): [company::object(books, entity)],
            "startPosition": 1,
            "maxResults": 1,
        }));
    }
    let conditions: Result<Vec<Test>, Refusal> =
        statement.conditions.iter().map(|condition| Test::new(entity, condition)).collect();
    let conditions = conditions?;
    let order = orders(entity, &statement)?;
    check_members(entity, &statement.select)?;
    let mut rows: Vec<(&RowId, &Row)> = books
        .all(entity)
        .filter(|(id, row)| conditions.iter().all(|test| test.holds(id, row)))
        .filter(|(_, row)| shows_inactive(&conditions) || is_listed(row))
        .collect();
    if statement.select == Select::Count {
        return Ok(json!({"totalCount": rows.len()}));
    }
    rows.sort_by(|a, b| compared(&order, *a, *b));
    page(books, entity, &statement, &rows)
}

fn page(
    books: &Books,
    entity: Entity,
    statement: &Statement,
    rows: &[(&RowId, &Row)],
) -> Result<Value, Refusal> {
    let start = statement.start.unwrap_or(1);
    if start == 0 {
        return Err(Refusal::query_meaning("STARTPOSITION must be 1 or more"));
    }
    let asked = statement.max.unwrap_or(PAGE_ROWS_DEFAULT).min(PAGE_ROWS_MAX);
    let extra = u64::from(books.config.page_repeats_row && asked > 0);
    let skipped = usize::try_from(start - 1).unwrap_or(usize::MAX);
    let taken = usize::try_from(asked + extra).unwrap_or(usize::MAX);
    let shown: Vec<Value> = rows
        .iter()
        .skip(skipped)
        .take(taken)
        .map(|(id, row)| projected(&statement.select, show::object(books, entity, id, row)))
        .collect();
    if shown.is_empty() {
        return Ok(json!({}));
    }
    let count = shown.len();
    Ok(json!({(entity.name()): shown, "startPosition": start, "maxResults": count}))
}

/// `SELECT Id, DocNumber`: the named members with the frame around them.
fn projected(select: &Select, object: Value) -> Value {
    let Select::Members(members) = select else { return object };
    let Value::Object(mut all) = object else { return object };
    all.retain(|name, _| {
        let frame = matches!(name.as_str(), "domain" | "sparse");
        let top = |member: &String| member.split('.').next().unwrap_or_default().to_owned();
        frame || members.iter().any(|member| top(member).eq_ignore_ascii_case(name))
    });
    Value::Object(all)
}

fn check_members(entity: Entity, select: &Select) -> Result<(), Refusal> {
    let Select::Members(members) = select else { return Ok(()) };
    for member in members {
        let top = member.split('.').next().unwrap_or_default();
        let frame = ["Id", "SyncToken"].iter().any(|name| name.eq_ignore_ascii_case(top));
        if !frame && schema::asked_member(entity, top).is_none() {
            return Err(unknown(entity, member));
        }
    }
    Ok(())
}

/// What a condition or an order looks at.
#[derive(Clone, Copy, Debug)]
enum Place {
    Id,
    Created,
    Updated,
    Member(&'static str, Shape),
}

/// A value of a row, comparable with others of the same place.
#[derive(Clone, Debug, PartialEq)]
enum Worth {
    Absent,
    Flag(bool),
    Number(Decimal),
    Text(String),
}

impl Place {
    fn find(entity: Entity, name: &str) -> Result<Self, Refusal> {
        let is = |wanted: &str| wanted.eq_ignore_ascii_case(name);
        if is("Id") {
            return Ok(Place::Id);
        }
        if is("MetaData.CreateTime") {
            return Ok(Place::Created);
        }
        if is("MetaData.LastUpdatedTime") {
            return Ok(Place::Updated);
        }
        match schema::asked_member(entity, name) {
            Some(member) if member.asked => Ok(Place::Member(member.name, member.shape)),
            Some(member) => {
                let detail = format!("property '{}' is not queryable", member.name);
                Err(Refusal::query_meaning(&detail))
            }
            None => Err(unknown(entity, name)),
        }
    }

    fn worth(self, id: &RowId, row: &Row) -> Worth {
        match self {
            Place::Id => number_or_text(id.as_str()),
            Place::Created => Worth::Number(row.created.as_second().into()),
            Place::Updated => Worth::Number(row.updated.as_second().into()),
            Place::Member(name, shape) => match row.body.get(name) {
                None | Some(Value::Null) => Worth::Absent,
                Some(value) => stored(value, shape),
            },
        }
    }

    /// The worth of a literal for this place.
    fn literal(self, literal: &Literal) -> Result<Worth, Refusal> {
        let bad = |text: &str| {
            Refusal::query_meaning(&format!("value '{text}' does not fit the property"))
        };
        let given = match literal {
            Literal::Flag(flag) => return Ok(Worth::Flag(*flag)),
            Literal::Text(text) => text,
        };
        match self {
            Place::Id => Ok(number_or_text(given)),
            Place::Created | Place::Updated => {
                let at = pacific::moment(given).ok_or_else(|| bad(given))?;
                Ok(Worth::Number(at.as_second().into()))
            }
            Place::Member(_, Shape::Money | Shape::Number) => {
                let number = decimal(&json!(given)).ok_or_else(|| bad(given))?;
                Ok(Worth::Number(number))
            }
            Place::Member(_, Shape::Flag) => match given.to_lowercase().as_str() {
                "true" => Ok(Worth::Flag(true)),
                "false" => Ok(Worth::Flag(false)),
                _ => Err(bad(given)),
            },
            Place::Member(_, Shape::Day) => {
                let day = pacific::calendar_day(given).ok_or_else(|| bad(given))?;
                Ok(Worth::Text(day.to_string()))
            }
            Place::Member(..) => Ok(Worth::Text(given.clone())),
        }
    }
}

fn number_or_text(id: &str) -> Worth {
    id.parse::<u64>().map_or_else(|_| Worth::Text(id.to_owned()), |id| Worth::Number(id.into()))
}

fn stored(value: &Value, shape: Shape) -> Worth {
    match (shape, value) {
        (Shape::Money | Shape::Number, value) => {
            decimal(value).map_or(Worth::Absent, Worth::Number)
        }
        (Shape::Ref, value) => text_of(&value["value"]),
        (Shape::Email(_), value) => text_of(&value["Address"]),
        (_, Value::Bool(flag)) => Worth::Flag(*flag),
        (_, value) => text_of(value),
    }
}

fn text_of(value: &Value) -> Worth {
    value.as_str().map_or(Worth::Absent, |text| Worth::Text(text.to_owned()))
}

fn unknown(entity: Entity, name: &str) -> Refusal {
    let detail = format!("Property {name} not found for Entity {}", entity.name());
    Refusal::query_meaning(&detail)
}

struct Test {
    place: Place,
    operator: Operator,
    values: Vec<Worth>,
}

impl Test {
    fn new(entity: Entity, condition: &Condition) -> Result<Self, Refusal> {
        let place = Place::find(entity, &condition.member)?;
        let values: Result<Vec<Worth>, Refusal> =
            condition.values.iter().map(|literal| place.literal(literal)).collect();
        Ok(Self { place, operator: condition.operator, values: values? })
    }

    fn holds(&self, id: &RowId, row: &Row) -> bool {
        let worth = self.place.worth(id, row);
        let compared = |value: &Worth| order_of(&worth, value);
        let first = self.values.first();
        match self.operator {
            Operator::Equal | Operator::In => {
                self.values.iter().any(|value| compared(value) == Some(Ordering::Equal))
            }
            Operator::Less => first.and_then(compared) == Some(Ordering::Less),
            Operator::More => first.and_then(compared) == Some(Ordering::Greater),
            Operator::AtMost => {
                matches!(first.and_then(compared), Some(Ordering::Less | Ordering::Equal))
            }
            Operator::AtLeast => {
                matches!(first.and_then(compared), Some(Ordering::Greater | Ordering::Equal))
            }
            Operator::Like => match (&worth, first) {
                (Worth::Text(text), Some(Worth::Text(pattern))) => {
                    like(&text.to_lowercase(), &pattern.to_lowercase())
                }
                _ => false,
            },
        }
    }
}

/// Texts compare without case (`quickbooks §4.1`); an absent member equals nothing.
fn order_of(a: &Worth, b: &Worth) -> Option<Ordering> {
    match (a, b) {
        (Worth::Flag(a), Worth::Flag(b)) => Some(a.cmp(b)),
        (Worth::Number(a), Worth::Number(b)) => Some(a.cmp(b)),
        (Worth::Text(a), Worth::Text(b)) => Some(a.to_lowercase().cmp(&b.to_lowercase())),
        _ => None,
    }
}

/// `%` stands for any run of characters; there is no other wildcard.
fn like(text: &str, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split('%').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return text == pattern };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn is_listed(row: &Row) -> bool {
    row.body.get("Active") != Some(&json!(false))
}

/// A condition on `Active` decides by itself; without one, inactive rows are hidden.
fn shows_inactive(conditions: &[Test]) -> bool {
    conditions.iter().any(|test| matches!(test.place, Place::Member("Active", _)))
}

fn orders(entity: Entity, statement: &Statement) -> Result<Vec<(Place, Direction)>, Refusal> {
    if !statement.order.is_empty() {
        let places = statement
            .order
            .iter()
            .map(|(name, direction)| Ok((Place::find(entity, name)?, *direction)));
        return places.collect();
    }
    if entity.is_transaction() {
        return Ok(vec![(Place::Updated, Direction::Descending)]);
    }
    let full = schema::asked_member(entity, "FullyQualifiedName");
    let name = full.map(|member| member.name).or(entity.name_member()).unwrap_or("Name");
    Ok(vec![(Place::Member(name, Shape::Text(0)), Direction::Ascending)])
}

/// In the given order, ties by id. Texts sort by their bytes (`quickbooks §4.3`).
fn compared(
    order: &[(Place, Direction)],
    (a_id, a): (&RowId, &Row),
    (b_id, b): (&RowId, &Row),
) -> Ordering {
    for (place, direction) in order {
        let by_place = sorted(&place.worth(a_id, a), &place.worth(b_id, b));
        let by_place = match direction {
            Direction::Ascending => by_place,
            Direction::Descending => by_place.reverse(),
        };
        if by_place != Ordering::Equal {
            return by_place;
        }
    }
    match order.first() {
        Some((_, Direction::Descending)) => b_id.cmp(a_id),
        _ => a_id.cmp(b_id),
    }
}

fn sorted(a: &Worth, b: &Worth) -> Ordering {
    match (a, b) {
        (Worth::Text(a), Worth::Text(b)) => a.cmp(b),
        (Worth::Absent, Worth::Absent) => Ordering::Equal,
        (Worth::Absent, _) => Ordering::Less,
        (_, Worth::Absent) => Ordering::Greater,
        (a, b) => order_of(a, b).unwrap_or(Ordering::Equal),
    }
}
