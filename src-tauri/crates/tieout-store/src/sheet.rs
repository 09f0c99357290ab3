//! Rows of a grid in a database of their own, in memory: sorted, filtered, paged and added by SQL.
//!
//! A grid of a hundred thousand rows is filled once per state of the books; each look at it is one
//! query. Nothing here is kept, and nothing here is a source of figures: amounts come in as whole
//! minor units and go out as sums of them.

use std::collections::BTreeMap;

use rusqlite::types::{Type, Value};
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::error::StoreError;

/// Rows that one page may have.
pub const PAGE_ROWS_MAX: u32 = 1_000;
/// Columns that one sort may name.
const SORT_KEYS_MAX: usize = 4;
/// Conditions that one filter may have.
const CONDITIONS_MAX: usize = 16;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetKind {
    /// Words; sorted without regard to case.
    Text,
    /// Whole minor units in the currency of the row. Currencies never mix: such a column is sorted
    /// by currency first and added per currency.
    Money,
    /// A whole number.
    Count,
    /// ISO text.
    Date,
}

/// A column that can be sorted and filtered by. The name is ours, never typed by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SheetColumn {
    pub name: &'static str,
    pub kind: SheetKind,
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetValue {
    Text(String),
    /// Minor units.
    Money(i64),
    Count(i64),
    /// Missing: it sorts last in both directions and counts in no sum.
    Missing,
}

/// A row as it is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Position of its group; groups stand in this order whatever the sort.
    pub group: u32,
    /// Identifies the row.
    pub id: String,
    /// ISO 4217 code of its amounts.
    pub currency: String,
    /// One value per column.
    pub values: Vec<SheetValue>,
    /// What a reader gets back.
    pub shown: String,
}

/// How a column is compared with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Is,
    IsNot,
    Contains,
    AtLeast,
    AtMost,
}

/// One condition. An amount is given as minor units in decimal text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub column: &'static str,
    pub comparison: Comparison,
    pub value: String,
}

/// Which rows, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetQuery {
    /// Column and whether it descends, the most important first.
    pub sort: Vec<(&'static str, bool)>,
    pub conditions: Vec<Condition>,
    /// Found anywhere in a text of the row.
    pub text: String,
    pub offset: u32,
    pub limit: u32,
}

/// Rows of one group that the filter lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupCount {
    pub group: u32,
    pub first: u32,
    pub count: u32,
}

/// Sums of one currency over rows that the filter lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrencySum {
    /// `None`: over all groups.
    pub group: Option<u32>,
    pub currency: String,
    pub rows: u32,
    /// One per money column, in minor units. `None`: a row has no amount there.
    pub sums: Vec<(&'static str, Option<i64>)>,
}

/// A look at the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetPage {
    /// Rows that the filter lets through.
    pub total: u32,
    /// Rows without any filter.
    pub unfiltered: u32,
    pub rows: Vec<String>,
    pub groups: Vec<GroupCount>,
    /// Per group and currency, then over all groups per currency.
    pub sums: Vec<CurrencySum>,
}

/// A grid's rows.
pub struct Sheet {
    db: Connection,
    columns: Vec<SheetColumn>,
    rows_filled: u32,
}

impl Sheet {
    /// A sheet with these rows.
    ///
    /// # Errors
    /// An error of the database; `Unreadable` for a row whose values do not fit the columns.
    pub fn fill(
        columns: &[SheetColumn],
        rows: impl IntoIterator<Item = SheetRow>,
    ) -> Result<Self, StoreError> {
        let mut db = Connection::open_in_memory()?;
        let cells: Vec<String> = columns.iter().map(declared).collect();
        db.execute_batch(&format!(
            "PRAGMA temp_store = MEMORY;
             CREATE TABLE sheet (
               grp INTEGER NOT NULL, id TEXT NOT NULL, currency TEXT NOT NULL,
               shown TEXT NOT NULL, words TEXT NOT NULL, {}
             ) STRICT;",
            cells.join(", ")
        ))?;
        let marks = vec!["?"; columns.len() + 5].join(", ");
        let insert = format!("INSERT INTO sheet VALUES ({marks})");
        let filling = db.transaction()?;
        let mut rows_filled = 0;
        {
            let mut statement = filling.prepare(&insert)?;
            for row in rows {
                statement.execute(params_from_iter(stored(columns, row)?))?;
                rows_filled += 1;
            }
        }
        filling.commit()?;
        Ok(Self { db, columns: columns.to_vec(), rows_filled })
    }

    /// The column with a name that came from outside.
    pub fn column(&self, name: &str) -> Option<SheetColumn> {
        self.columns.iter().copied().find(|column| column.name == name)
    }

    /// A page with the counts and sums of everything that the filter lets through.
    ///
    /// # Errors
    /// An error of the database, a sum beyond its range among them.
    pub fn page(&self, query: &SheetQuery) -> Result<SheetPage, StoreError> {
        let filter = self.filter(query);
        let mut sums = self.sums(&filter)?;
        let groups = groups(&sums);
        sums.extend(together(&sums)?);
        Ok(SheetPage {
            total: groups.iter().map(|group| group.count).sum(),
            unfiltered: self.rows_filled,
            rows: self.rows(query, &filter)?,
            groups,
            sums,
        })
    }

    /// Where a row stands under a query.
    pub fn position(&self, query: &SheetQuery, id: &str) -> Result<Option<u32>, StoreError> {
        let filter = self.filter(query);
        let sql = format!(
            "SELECT at FROM (SELECT id, row_number() OVER (ORDER BY {}) - 1 AS at FROM sheet {})
             WHERE id = ?",
            self.order(query),
            filter.sql()
        );
        let mut values = filter.values;
        values.push(Value::Text(id.to_owned()));
        let found = self.db.query_row(&sql, params_from_iter(values), |row| row.get(0));
        Ok(found.optional()?)
    }

    /// Sums over the rows with these ids, per currency.
    pub fn sums_of(&self, ids: &[String]) -> Result<Vec<CurrencySum>, StoreError> {
        let marks = vec!["?"; ids.len()].join(", ");
        let values = ids.iter().cloned().map(Value::Text).collect();
        let filter = Filter { conditions: vec![format!("id IN ({marks})")], values };
        together(&self.sums(&filter)?)
    }

    /// Finds the rows of the page by their keys alone, then fetches what is shown of those few.
    fn rows(&self, query: &SheetQuery, filter: &Filter) -> Result<Vec<String>, StoreError> {
        let (filter_sql, order) = (filter.sql(), self.order(query));
        let sql = format!(
            "SELECT shown FROM sheet WHERE rowid IN
               (SELECT rowid FROM sheet {filter_sql} ORDER BY {order} LIMIT ? OFFSET ?)
             ORDER BY {order}"
        );
        let mut values = filter.values.clone();
        values.push(Value::Integer(i64::from(query.limit.min(PAGE_ROWS_MAX))));
        values.push(Value::Integer(i64::from(query.offset)));
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Per group and currency, in the order of the groups.
    fn sums(&self, filter: &Filter) -> Result<Vec<CurrencySum>, StoreError> {
        let money = || self.columns.iter().filter(|column| column.kind == SheetKind::Money);
        let sums: String =
            money().map(|it| format!(", count({0}), coalesce(sum({0}), 0)", it.name)).collect();
        let sql = format!(
            "SELECT grp, currency, count(*){sums} FROM sheet {} GROUP BY grp, currency
             ORDER BY grp, currency",
            filter.sql()
        );
        let mut statement = self.db.prepare_cached(&sql)?;
        let read = statement.query_map(params_from_iter(&filter.values), |row| {
            let rows: u32 = row.get(2)?;
            let mut sums = Vec::new();
            for (at, column) in money().enumerate() {
                let given: u32 = row.get(3 + 2 * at)?;
                let sum: i64 = row.get(4 + 2 * at)?;
                sums.push((column.name, (given == rows).then_some(sum)));
            }
            Ok(CurrencySum { group: Some(row.get(0)?), currency: row.get(1)?, rows, sums })
        })?;
        Ok(read.collect::<Result<_, _>>()?)
    }

    fn order(&self, query: &SheetQuery) -> String {
        let mut order = vec!["grp".to_owned()];
        for (name, descends) in query.sort.iter().take(SORT_KEYS_MAX) {
            let Some(column) = self.column(name) else { continue };
            if column.kind == SheetKind::Money {
                order.push("currency".to_owned());
            }
            let case = if column.kind == SheetKind::Text { " COLLATE NOCASE" } else { "" };
            let direction = if *descends { "DESC" } else { "ASC" };
            order.push(format!("{}{case} {direction} NULLS LAST", column.name));
        }
        order.push("rowid".to_owned());
        order.join(", ")
    }

    fn filter(&self, query: &SheetQuery) -> Filter {
        let mut filter = Filter::default();
        for condition in query.conditions.iter().take(CONDITIONS_MAX) {
            if let Some(column) = self.column(condition.column) {
                filter.add(column, condition);
            }
        }
        let words = query.text.trim().to_lowercase();
        if !words.is_empty() {
            filter.conditions.push("instr(words, ?) > 0".to_owned());
            filter.values.push(Value::Text(words));
        }
        filter
    }
}

/// The groups that the sums are of, one behind the other.
fn groups(sums: &[CurrencySum]) -> Vec<GroupCount> {
    let mut groups: Vec<GroupCount> = Vec::new();
    let mut first = 0;
    for sum in sums {
        let group = sum.group.unwrap_or_default();
        match groups.last_mut() {
            Some(last) if last.group == group => last.count += sum.rows,
            _ => groups.push(GroupCount { group, first, count: sum.rows }),
        }
        first += sum.rows;
    }
    groups
}

/// The same over all groups, per currency.
fn together(sums: &[CurrencySum]) -> Result<Vec<CurrencySum>, StoreError> {
    let mut all: BTreeMap<&str, CurrencySum> = BTreeMap::new();
    for sum in sums {
        let Some(held) = all.get_mut(sum.currency.as_str()) else {
            all.insert(&sum.currency, CurrencySum { group: None, ..sum.clone() });
            continue;
        };
        held.rows += sum.rows;
        for (column, (_, more)) in sum.sums.iter().enumerate() {
            let so_far = &mut held.sums[column].1;
            *so_far = match (*so_far, *more) {
                (Some(one), Some(other)) => {
                    let out = rusqlite::Error::IntegralValueOutOfRange(column, other);
                    Some(one.checked_add(other).ok_or(out)?)
                }
                _ => None,
            };
        }
    }
    Ok(all.into_values().collect())
}

#[derive(Default)]
struct Filter {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Filter {
    fn sql(&self) -> String {
        match self.conditions.as_slice() {
            [] => String::new(),
            some => format!("WHERE {}", some.join(" AND ")),
        }
    }

    fn add(&mut self, column: SheetColumn, condition: &Condition) {
        let name = column.name;
        let text = matches!(column.kind, SheetKind::Text);
        let folded = if text { format!("lower({name})") } else { name.to_owned() };
        let asked = if text { "lower(?)" } else { "?" };
        self.conditions.push(match condition.comparison {
            Comparison::Is => format!("{folded} = {asked}"),
            Comparison::IsNot => format!("{folded} IS NOT {asked}"),
            Comparison::Contains => format!("instr(lower({name}), lower(?)) > 0"),
            Comparison::AtLeast => format!("{folded} >= {asked}"),
            Comparison::AtMost => format!("{folded} <= {asked}"),
        });
        let number = matches!(column.kind, SheetKind::Money | SheetKind::Count);
        let typed = condition.value.parse::<i64>();
        self.values.push(match (number && condition.comparison != Comparison::Contains, typed) {
            (true, Ok(value)) => Value::Integer(value),
            // Compared with a number, words equal nothing.
            _ => Value::Text(condition.value.clone()),
        });
    }
}

fn declared(column: &SheetColumn) -> String {
    let kind = match column.kind {
        SheetKind::Text | SheetKind::Date => "TEXT",
        SheetKind::Money | SheetKind::Count => "INTEGER",
    };
    format!("{} {kind}", column.name)
}

fn stored(columns: &[SheetColumn], row: SheetRow) -> Result<Vec<Value>, StoreError> {
    let mut words = String::new();
    let mut values = Vec::with_capacity(columns.len() + 5);
    let mut cells = Vec::with_capacity(columns.len());
    for (column, value) in columns.iter().zip(&row.values) {
        let fits = matches!(
            (column.kind, value),
            (SheetKind::Text | SheetKind::Date, SheetValue::Text(_))
                | (SheetKind::Money, SheetValue::Money(_))
                | (SheetKind::Count, SheetValue::Count(_))
                | (_, SheetValue::Missing)
        );
        if !fits {
            return Err(unfit(column));
        }
        cells.push(match value {
            SheetValue::Text(text) => {
                words.push_str(&text.to_lowercase());
                words.push('\n');
                Value::Text(text.clone())
            }
            SheetValue::Money(number) | SheetValue::Count(number) => Value::Integer(*number),
            SheetValue::Missing => Value::Null,
        });
    }
    if row.values.len() != columns.len() {
        let last = columns.last().copied();
        return Err(unfit(&last.unwrap_or(SheetColumn { name: "none", kind: SheetKind::Text })));
    }
    values.push(Value::Integer(i64::from(row.group)));
    values.extend([row.id, row.currency, row.shown, words].map(Value::Text));
    values.extend(cells);
    Ok(values)
}

fn unfit(column: &SheetColumn) -> StoreError {
    let kind = match column.kind {
        SheetKind::Text | SheetKind::Date => Type::Text,
        SheetKind::Money | SheetKind::Count => Type::Integer,
    };
    let cause = format!("a value of the column `{}` is of another kind", column.name);
    rusqlite::Error::FromSqlConversionFailure(0, kind, cause.into()).into()
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
