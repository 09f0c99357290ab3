//! Conditions, checked against the schema and then asked of rows.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::ast::{Expr, Literal, Op, Operand, Path};
use super::dates::{Days, days};
use super::fault::QueryFault;
use super::plan::{Asked, id_set};
use super::rates::{literal_to_corporate, to_corporate};
use super::route::{Route, Scope};
use super::text::{Piece, like, pattern, plain};
use crate::salesforce::ids::full_id;
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::schema::{FieldDef, FieldKind, ObjectDef};
use crate::salesforce::value::Value;

#[derive(Clone, Debug)]
pub enum Test {
    And(Vec<Test>),
    Or(Vec<Test>),
    Not(Box<Test>),
    Field(Box<Route>, Check),
}

#[derive(Clone, Debug)]
pub enum Check {
    Against(Op, Value),
    Days(Op, Value, Value),
    Like(Vec<Piece>),
    OneOf {
        keys: BTreeSet<String>,
        negated: bool,
    },
    /// Compared in corporate currency.
    Corporate(Op, Decimal),
    Includes {
        sets: Vec<Vec<String>>,
        negated: bool,
    },
}

/// Checks a condition: every field exists, can be filtered, and meets a literal of its type.
pub fn resolve(asked: Asked<'_>, scope: Scope<'_>, expr: &Expr) -> Result<Test, QueryFault> {
    let all = |terms: &[Expr]| -> Result<Vec<Test>, QueryFault> {
        terms.iter().map(|term| resolve(asked, scope, term)).collect()
    };
    match expr {
        Expr::And(terms) => Ok(Test::And(all(terms)?)),
        Expr::Or(terms) => Ok(Test::Or(all(terms)?)),
        Expr::Not(inner) => Ok(Test::Not(Box::new(resolve(asked, scope, inner)?))),
        Expr::Compare { left: Operand::Path(path), op, right, .. } => {
            let route = filterable(scope, path)?;
            let check = against(asked.org, &route, *op, right)?;
            Ok(Test::Field(Box::new(route), check))
        }
        Expr::Compare { at, .. } => {
            Err(QueryFault::malformed("aggregates are not allowed in WHERE", *at))
        }
        Expr::In { path, negated, set, .. } => {
            let route = filterable(scope, path)?;
            let keys = keys(&route, set)?;
            Ok(Test::Field(Box::new(route), Check::OneOf { keys, negated: *negated }))
        }
        Expr::InQuery { path, negated, query } => {
            let route = filterable(scope, path)?;
            if !matches!(route.field().kind, FieldKind::Id | FieldKind::Reference) {
                let message =
                    format!("field '{}' cannot be used in a semi join", path.steps.join("."));
                return Err(QueryFault::malformed(message, path.at));
            }
            let keys = id_set(asked, query)?;
            Ok(Test::Field(Box::new(route), Check::OneOf { keys, negated: *negated }))
        }
        Expr::Includes { path, negated, sets } => {
            let route = filterable(scope, path)?;
            let sets = sets.iter().map(|set| includes(&route, set)).collect::<Result<_, _>>()?;
            Ok(Test::Field(Box::new(route), Check::Includes { sets, negated: *negated }))
        }
    }
}

fn filterable(scope: Scope<'_>, path: &Path) -> Result<Route, QueryFault> {
    let route = scope.route(path)?;
    if route.field().filterable {
        return Ok(route);
    }
    let name = &route.field().name;
    Err(QueryFault::field(format!("field '{name}' can not be filtered in a query call"), path.at))
}

fn includes(route: &Route, literal: &Literal) -> Result<Vec<String>, QueryFault> {
    match literal {
        Literal::Text(text) => Ok(plain(text).split(';').map(str::to_lowercase).collect()),
        _ => Err(wrong_type(route.field(), route.at)),
    }
}

fn against(org: &Org, route: &Route, op: Op, literal: &Literal) -> Result<Check, QueryFault> {
    let field = route.field();
    let orders = matches!(op, Op::Lt | Op::Le | Op::Gt | Op::Ge);
    match (literal, op) {
        (Literal::Text(text), Op::Like) if field.kind.is_text() => Ok(Check::Like(pattern(text))),
        (_, Op::Like) => Err(bad_operator(route)),
        _ if orders && field.kind == FieldKind::Bool => Err(bad_operator(route)),
        (Literal::Relative(word, count), _) => relative(org, route, op, word, *count),
        (Literal::Amount(iso, amount), _) => {
            if !org.switches().multi_currency || field.kind != FieldKind::Currency {
                return Err(wrong_type(field, route.at));
            }
            Ok(Check::Corporate(op, literal_to_corporate(org, iso, *amount)))
        }
        _ => Ok(Check::Against(op, constant(field, literal, route.at)?)),
    }
}

fn relative(
    org: &Org,
    route: &Route,
    op: Op,
    word: &str,
    count: Option<i64>,
) -> Result<Check, QueryFault> {
    let zone = org.zone();
    let today = org.now.to_zoned(zone.clone()).date();
    let bad = || QueryFault::malformed(format!("Invalid date literal: {word}"), route.at);
    let Days { from, until } = days(word, count, today).ok_or_else(bad)?;
    match route.field().kind {
        FieldKind::Date => Ok(Check::Days(op, Value::Date(from), Value::Date(until))),
        FieldKind::DateTime => {
            let midnight = |day: jiff::civil::Date| {
                let start = day.to_zoned(zone.clone()).map_err(|_| bad())?;
                Ok(Value::Instant(start.timestamp()))
            };
            Ok(Check::Days(op, midnight(from)?, midnight(until)?))
        }
        _ => Err(wrong_type(route.field(), route.at)),
    }
}

fn keys(route: &Route, set: &[Literal]) -> Result<BTreeSet<String>, QueryFault> {
    let mut keys = BTreeSet::new();
    for literal in set {
        if let Literal::Relative(..) | Literal::Amount(..) = literal {
            return Err(wrong_type(route.field(), route.at));
        }
        keys.insert(key(route.field(), &constant(route.field(), literal, route.at)?));
    }
    Ok(keys)
}

/// The literal as a value of the field's type.
pub fn constant(field: &FieldDef, literal: &Literal, at: usize) -> Result<Value, QueryFault> {
    match (literal, field.kind) {
        (Literal::Null, _) => Ok(Value::Null),
        (Literal::Text(text), FieldKind::Id | FieldKind::Reference) => {
            let text = plain(text);
            match full_id(&text) {
                Some(id) => Ok(Value::Text(id)),
                None => Err(QueryFault {
                    code: "INVALID_QUERY_FILTER_OPERATOR",
                    message: format!("invalid ID field: {text}"),
                    at: Some(at),
                }),
            }
        }
        (Literal::Text(text), kind) if kind.is_text() => Ok(Value::Text(plain(text))),
        (Literal::Bool(yes), FieldKind::Bool) => Ok(Value::Bool(*yes)),
        (Literal::Number(number), kind) if kind.is_number() => Ok(Value::Number(*number)),
        (Literal::Date(date), FieldKind::Date) => Ok(Value::Date(*date)),
        (Literal::Instant(instant), FieldKind::DateTime) => Ok(Value::Instant(*instant)),
        _ => Err(wrong_type(field, at)),
    }
}

fn wrong_type(field: &FieldDef, at: usize) -> QueryFault {
    let (kind, quotes) = match field.kind {
        FieldKind::Bool => ("boolean", "should not be enclosed in quotes"),
        FieldKind::Date => ("date", "should not be enclosed in quotes"),
        FieldKind::DateTime => ("dateTime", "should not be enclosed in quotes"),
        kind if kind.is_number() => ("double", "should not be enclosed in quotes"),
        _ => ("string", "should be enclosed in quotes"),
    };
    let name = &field.name;
    QueryFault::field(
        format!("value of filter criterion for field '{name}' must be of type {kind} and {quotes}"),
        at,
    )
}

fn bad_operator(route: &Route) -> QueryFault {
    QueryFault {
        code: "INVALID_QUERY_FILTER_OPERATOR",
        message: format!("invalid operator on {} field", route.field().kind.wire_name()),
        at: Some(route.at),
    }
}

impl Test {
    /// The ids that a condition demands of the row's own id or of one of its references: rows
    /// without one of them cannot hold.
    pub fn demands(&self) -> Option<(&FieldDef, Vec<Value>)> {
        match self {
            Test::And(terms) => terms.iter().find_map(Test::demands),
            Test::Field(route, check) if route.hops.is_empty() && is_id(route.field()) => {
                Some((route.field().as_ref(), check.demanded()?))
            }
            _ => None,
        }
    }

    pub fn holds(&self, org: &Org, object: &Arc<ObjectDef>, fields: &Fields) -> bool {
        match self {
            Test::And(terms) => terms.iter().all(|term| term.holds(org, object, fields)),
            Test::Or(terms) => terms.iter().any(|term| term.holds(org, object, fields)),
            Test::Not(inner) => !inner.holds(org, object, fields),
            Test::Field(route, check) => {
                let value = route.read(org, object, fields);
                match check {
                    Check::Corporate(op, amount) => {
                        let place = route.walk(org, object, fields);
                        let corporate = place.zip(value.as_number()).map(|(place, amount)| {
                            Value::Number(to_corporate(org, &place.0.name, place.1, amount))
                        });
                        let left = corporate.unwrap_or(Value::Null);
                        compare(*op, &left, &Value::Number(*amount), route.field())
                    }
                    check => check.holds(&value, route.field()),
                }
            }
        }
    }
}

impl Check {
    fn demanded(&self) -> Option<Vec<Value>> {
        match self {
            Check::Against(Op::Eq, Value::Text(id)) => Some(vec![Value::text(id)]),
            Check::OneOf { keys, negated: false } => {
                keys.iter().map(|key| key.strip_prefix('t').map(Value::text)).collect()
            }
            _ => None,
        }
    }

    fn holds(&self, value: &Value, field: &FieldDef) -> bool {
        match self {
            Check::Against(op, constant) => compare(*op, value, constant, field),
            Check::Days(op, from, until) => match op {
                Op::Lt => compare(Op::Lt, value, from, field),
                Op::Ge => compare(Op::Ge, value, from, field),
                Op::Le => compare(Op::Lt, value, until, field),
                Op::Gt => compare(Op::Ge, value, until, field),
                Op::Ne => !within(value, from, until, field),
                _ => within(value, from, until, field),
            },
            Check::Like(pieces) => value.as_text().is_some_and(|text| like(pieces, text)),
            Check::OneOf { keys, negated } => keys.contains(&key(field, value)) != *negated,
            Check::Includes { sets, negated } => {
                let chosen = value.as_text().unwrap_or_default().to_lowercase();
                let chosen: Vec<_> = chosen.split(';').collect();
                let any = sets
                    .iter()
                    .any(|set| set.iter().all(|wanted| chosen.contains(&wanted.as_str())));
                any != *negated
            }
            Check::Corporate(..) => false,
        }
    }
}

fn within(value: &Value, from: &Value, until: &Value, field: &FieldDef) -> bool {
    compare(Op::Ge, value, from, field) && compare(Op::Lt, value, until, field)
}

/// Compares as SOQL does: text without case, null equal to null alone and ordered with nothing.
pub fn compare(op: Op, value: &Value, constant: &Value, field: &FieldDef) -> bool {
    let equal = key(field, value) == key(field, constant);
    let ordered = |wanted: fn(Ordering) -> bool| {
        !value.is_null() && !constant.is_null() && wanted(order(value, constant, field))
    };
    match op {
        Op::Eq => equal,
        Op::Ne => !equal,
        Op::Lt => ordered(Ordering::is_lt),
        Op::Le => ordered(Ordering::is_le),
        Op::Gt => ordered(Ordering::is_gt),
        Op::Ge => ordered(Ordering::is_ge),
        Op::Like => false,
    }
}

/// Ids and case-sensitive text by their bytes, all else without case.
fn order(one: &Value, two: &Value, field: &FieldDef) -> Ordering {
    match (one, two) {
        (Value::Text(one), Value::Text(two)) if is_exact(field) => one.cmp(two),
        (Value::Text(one), Value::Text(two)) => one.to_lowercase().cmp(&two.to_lowercase()),
        _ => one.order(two),
    }
}

/// Order of two values of one field, null below everything.
pub fn order_with_null(one: &Value, two: &Value, field: &FieldDef) -> Ordering {
    if one.is_null() || two.is_null() { one.order(two) } else { order(one, two, field) }
}

fn is_exact(field: &FieldDef) -> bool {
    field.case_sensitive || is_id(field)
}

fn is_id(field: &FieldDef) -> bool {
    matches!(field.kind, FieldKind::Id | FieldKind::Reference)
}

/// What equality looks at.
pub fn key(field: &FieldDef, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) if is_exact(field) => format!("t{text}"),
        Value::Text(text) => format!("t{}", text.to_lowercase()),
        other => format!("v{}", other.plain().unwrap_or_default()),
    }
}
