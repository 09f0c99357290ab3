//! Rows on their way into the tables of a sheet.
//!
//! What is sorted and filtered by lies apart from what is shown and what is searched: a look goes
//! through all rows of the first, and through few of the others.

use std::collections::HashMap;

use rusqlite::types::{Type, Value};
use rusqlite::{Connection, params, params_from_iter};

use super::{SheetColumn, SheetKind, SheetRow, SheetValue};
use crate::error::StoreError;

/// The columns of `sheet` before those of the grid.
const OWN_COLUMNS: usize = 3;

/// Words are sorted by a number: their place among all words of the column.
pub(super) struct Filling<'a> {
    columns: &'a [SheetColumn],
    /// Per column, and per row of it. Empty where a column sorts by itself.
    places: Vec<Vec<Option<u32>>>,
}

impl<'a> Filling<'a> {
    pub(super) fn new(columns: &'a [SheetColumn], rows: &[SheetRow]) -> Result<Self, StoreError> {
        for row in rows {
            check(columns, row)?;
        }
        let places = columns.iter().enumerate();
        let places = places.map(|(at, column)| match is_placed(*column) {
            true => places_of(rows, at),
            false => Vec::new(),
        });
        Ok(Self { columns, places: places.collect() })
    }

    /// Makes the tables of the sheet in this database. Returns how many rows there are.
    pub(super) fn write(
        &self,
        db: &mut Connection,
        rows: Vec<SheetRow>,
    ) -> Result<u32, StoreError> {
        db.execute_batch(&self.tables())?;
        let width = OWN_COLUMNS + self.columns.iter().map(|it| declared(*it).len()).sum::<usize>();
        let insert = format!("INSERT INTO sheet VALUES ({})", vec!["?"; width].join(", "));
        let filling = db.transaction()?;
        let mut row_number = 0;
        {
            let mut sheet = filling.prepare(&insert)?;
            let mut shown = filling.prepare("INSERT INTO shown VALUES (?, ?, ?)")?;
            let mut words = filling.prepare("INSERT INTO words VALUES (?, ?)")?;
            for row in rows {
                words.execute(params![row_number, words_of(&row)])?;
                sheet.execute(params_from_iter(self.keys(row_number, &row)))?;
                shown.execute(params![row_number, row.id, row.shown])?;
                row_number += 1;
            }
        }
        filling.commit()?;
        Ok(row_number)
    }

    fn tables(&self) -> String {
        let cells: Vec<String> = self.columns.iter().flat_map(|it| declared(*it)).collect();
        format!(
            "PRAGMA temp_store = MEMORY;
             CREATE TABLE sheet (
               row INTEGER PRIMARY KEY, grp INTEGER NOT NULL, currency TEXT NOT NULL, {}
             ) STRICT;
             CREATE TABLE words (row INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;
             CREATE TABLE shown (
               row INTEGER PRIMARY KEY, id TEXT NOT NULL, shown TEXT NOT NULL
             ) STRICT;
             CREATE TABLE found (row INTEGER PRIMARY KEY) STRICT;",
            cells.join(", ")
        )
    }

    fn keys(&self, number: u32, row: &SheetRow) -> Vec<Value> {
        let own = [i64::from(number), i64::from(row.group)].map(Value::Integer);
        let mut keys = Vec::from(own);
        keys.push(Value::Text(row.currency.clone()));
        for (at, (column, value)) in self.columns.iter().zip(&row.values).enumerate() {
            keys.push(match value {
                SheetValue::Text(text) => Value::Text(text.clone()),
                SheetValue::Money(number) | SheetValue::Count(number) => Value::Integer(*number),
                SheetValue::Missing => Value::Null,
            });
            if is_placed(*column) {
                let place = self.places[at][number as usize];
                keys.push(place.map_or(Value::Null, |place| Value::Integer(i64::from(place))));
            }
        }
        keys
    }
}

/// The number that the column is sorted by.
pub(super) fn sorted_by(column: SheetColumn) -> String {
    if is_placed(column) { place(column) } else { column.name.to_owned() }
}

/// The columns in which no row misses anything.
pub(super) fn complete(columns: &[SheetColumn], rows: &[SheetRow]) -> Vec<&'static str> {
    let is_given = |at: usize| rows.iter().all(|row| row.values[at] != SheetValue::Missing);
    let complete = columns.iter().enumerate().filter(|(at, _)| is_given(*at));
    complete.map(|(_, column)| column.name).collect()
}

fn is_placed(column: SheetColumn) -> bool {
    matches!(column.kind, SheetKind::Text | SheetKind::Date)
}

fn place(column: SheetColumn) -> String {
    format!("{}_place", column.name)
}

/// The same place for the same words, without regard to case.
fn places_of(rows: &[SheetRow], at: usize) -> Vec<Option<u32>> {
    let mut met: HashMap<String, u32> = HashMap::new();
    let mut words: Vec<String> = Vec::new();
    let mut meet = |row: &SheetRow| {
        let SheetValue::Text(text) = &row.values[at] else { return None };
        let folded = text.to_ascii_lowercase();
        if let Some(number) = met.get(&folded) {
            return Some(*number);
        }
        let number = words.len() as u32;
        words.push(folded.clone());
        met.insert(folded, number);
        Some(number)
    };
    let met: Vec<Option<u32>> = rows.iter().map(&mut meet).collect();
    let mut order: Vec<u32> = (0..words.len() as u32).collect();
    order.sort_unstable_by(|a, b| words[*a as usize].cmp(&words[*b as usize]));
    let mut places = vec![0; words.len()];
    for (place, number) in (0..).zip(order) {
        places[number as usize] = place;
    }
    met.into_iter().map(|number| number.map(|it| places[it as usize])).collect()
}

fn words_of(row: &SheetRow) -> String {
    let mut words = String::new();
    for value in &row.values {
        if let SheetValue::Text(text) = value {
            words.push_str(&text.to_lowercase());
            words.push('\n');
        }
    }
    words
}

fn declared(column: SheetColumn) -> Vec<String> {
    let kind = match column.kind {
        SheetKind::Text | SheetKind::Date => "TEXT",
        SheetKind::Money | SheetKind::Count => "INTEGER",
    };
    let mut cells = vec![format!("{} {kind}", column.name)];
    if is_placed(column) {
        cells.push(format!("{} INTEGER", place(column)));
    }
    cells
}

fn check(columns: &[SheetColumn], row: &SheetRow) -> Result<(), StoreError> {
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
    }
    if row.values.len() != columns.len() {
        let last = columns.last().copied();
        return Err(unfit(&last.unwrap_or(SheetColumn { name: "none", kind: SheetKind::Text })));
    }
    Ok(())
}

fn unfit(column: &SheetColumn) -> StoreError {
    let kind = match column.kind {
        SheetKind::Text | SheetKind::Date => Type::Text,
        SheetKind::Money | SheetKind::Count => Type::Integer,
    };
    let cause = format!("a value of the column `{}` is of another kind", column.name);
    rusqlite::Error::FromSqlConversionFailure(0, kind, cause.into()).into()
}
