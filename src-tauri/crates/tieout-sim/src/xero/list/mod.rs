//! Lists: which rows, in which order, on which page (`xero §3.5` to `§3.7`).

mod expression;
mod facts;
mod order;
mod parser;
mod tokens;

use std::cmp::Ordering;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::stamps;

pub use facts::{contact_fact, document_fact, payment_fact, plain_fact};

const PAGE_SIZE: usize = 100;
const PAGE_SIZE_MAX: usize = 1000;

/// One value of a row, as filters and orders see it.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    Text(String),
    Number(Decimal),
    /// A date or an instant, which filters do not tell apart.
    Time(Timestamp),
    Id(String),
    Flag(bool),
    Null,
}

/// One endpoint's kind of list.
#[derive(Clone, Copy)]
pub struct Shape {
    /// `Invoice`, ...: in messages about unknown fields.
    pub type_name: &'static str,
    pub paged: bool,
    /// Whether `If-Modified-Since` counts.
    pub since: bool,
    /// Fields that a very large organisation may be filtered by.
    pub optimised: &'static [&'static str],
}

/// The page that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    number: usize,
    size: usize,
    items: usize,
}

impl Page {
    /// The member `pagination`.
    pub fn shown(self) -> Value {
        json!({
            "page": self.number,
            "pageSize": self.size,
            "pageCount": self.items.div_ceil(self.size),
            "itemCount": self.items,
        })
    }
}

/// The rows of an answer.
pub struct Selected<'a, T> {
    pub rows: Vec<&'a T>,
    pub page: Option<Page>,
}

/// How a kind of row is read.
pub struct Reading<'a, T> {
    pub id: fn(&T) -> &str,
    pub updated: fn(&T) -> Timestamp,
    /// The value of a field, or `None` where the type has no such field.
    pub fact: &'a dyn Fn(&T, &str) -> Option<Fact>,
}

/// Takes the rows that the call asks for, sorted and cut to the page. `rows` are those that the
/// parameters of the endpoint itself leave.
pub fn select<'a, T>(
    call: &Call,
    rows: Vec<&'a T>,
    shape: Shape,
    high_volume: bool,
    reading: &Reading<'_, T>,
) -> Result<Selected<'a, T>, Answer> {
    let mut rows = rows;
    if shape.since
        && let Some(since) = call.header("if-modified-since").and_then(stamps::read_since)
    {
        // Only whole seconds are compared: what changed within the second of the cursor is lost.
        rows.retain(|row| stamps::whole_second((reading.updated)(row)) > since);
    }
    if let Some(text) = call.parameter("where") {
        let expression = parser::parse(text).map_err(|error| Answer::bad_filter(&error))?;
        let slow = expression.fields().iter().any(|field| !shape.optimised.contains(field));
        if high_volume && slow {
            return Err(inefficient(shape));
        }
        let mut kept = Vec::new();
        for row in rows {
            let fact = |path: &str| (reading.fact)(row, path);
            let holds = expression.holds(&fact, shape.type_name);
            if holds.map_err(|error| Answer::bad_filter(&error))? {
                kept.push(row);
            }
        }
        // A field that does not exist is refused also where there is no row.
        expression
            .check(&|path: &str| facts::exists(shape.type_name, path), shape.type_name)
            .map_err(|error| Answer::bad_filter(&error))?;
        rows = kept;
    }
    order::sort(call, &mut rows, shape, reading)?;
    Ok(cut(call, rows, shape))
}

fn inefficient(shape: Shape) -> Answer {
    let plural = format!("{}s", shape.type_name);
    let message = format!("The request is not filtering {plural} efficiently");
    Answer::bad_request(51, "HighVolumeException", &message)
}

/// Out-of-range sizes are clamped; a page past the end is empty.
fn cut<'a, T>(call: &Call, rows: Vec<&'a T>, shape: Shape) -> Selected<'a, T> {
    let asked = |name: &str| call.parameter(name).and_then(|text| text.parse::<i64>().ok());
    let implied = call.switch("summaryOnly") == Some(true) || call.parameter("Statuses").is_some();
    let (number, size) = (asked("page"), asked("pageSize"));
    if !shape.paged || (number.is_none() && size.is_none() && !implied) {
        return Selected { rows, page: None };
    }
    let number = usize::try_from(number.unwrap_or(1)).unwrap_or(1).max(1);
    let size = size.map_or(PAGE_SIZE, |size| usize::try_from(size).unwrap_or(1));
    let size = size.clamp(1, PAGE_SIZE_MAX);
    let page = Page { number, size, items: rows.len() };
    let from = (number - 1).saturating_mul(size);
    Selected { rows: rows.into_iter().skip(from).take(size).collect(), page: Some(page) }
}

/// Nothing comes first.
pub fn compare(left: &Fact, right: &Fact) -> Ordering {
    match (left, right) {
        (Fact::Text(a), Fact::Text(b)) => super::contact::folded(a).cmp(&super::contact::folded(b)),
        (Fact::Number(a), Fact::Number(b)) => a.cmp(b),
        (Fact::Time(a), Fact::Time(b)) => a.cmp(b),
        (Fact::Id(a), Fact::Id(b)) => a.cmp(b),
        (Fact::Flag(a), Fact::Flag(b)) => a.cmp(b),
        (Fact::Null, Fact::Null) => Ordering::Equal,
        (Fact::Null, _) => Ordering::Less,
        (_, Fact::Null) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}
