//! Rows of a grid in a database of their own, in memory: sorted, filtered, paged and added by SQL.
//!
//! A grid of a hundred thousand rows is filled once per state of the books and never changed; what
//! was found for a question is therefore true for as long as the sheet is there. Nothing here is a
//! source of figures: amounts come in as whole minor units and go out as sums of them.

mod filling;
mod filter;
mod sums;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use self::filling::Filling;
use self::filter::Filter;
use self::sums::{groups, together};
use crate::error::StoreError;

/// Rows that one page may have.
pub const PAGE_ROWS_MAX: u32 = 1_000;
/// Columns that one sort may name.
const SORT_KEYS_MAX: usize = 4;
/// Questions whose answers are kept, the pages of one list and of those looked at before it. An
/// answer takes four bytes a row.
const ANSWERS_KEPT_MAX: usize = 8;

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
    /// What need not be asked of every row: it is the same in all of them.
    one_group: bool,
    one_currency: bool,
    /// Columns in which no row misses anything.
    complete: Vec<&'static str>,
    answers: RefCell<VecDeque<Rc<Answer>>>,
}

/// What a question comes to, whatever page of it is looked at.
struct Answer {
    /// Without offset and limit.
    question: SheetQuery,
    /// The rows that the filter lets through, in their order.
    rows: Vec<u32>,
    groups: Vec<GroupCount>,
    sums: Rc<[CurrencySum]>,
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
        let rows: Vec<SheetRow> = rows.into_iter().collect();
        let same = |other: fn(&SheetRow, &SheetRow) -> bool| {
            rows.windows(2).all(|pair| other(&pair[0], &pair[1]))
        };
        let (one_group, one_currency) =
            (same(|a, b| a.group == b.group), same(|a, b| a.currency == b.currency));
        let mut db = Connection::open_in_memory()?;
        let filling = Filling::new(columns, &rows)?;
        let complete = filling::complete(columns, &rows);
        Ok(Self {
            rows_filled: filling.write(&mut db, rows)?,
            db,
            columns: columns.to_vec(),
            one_group,
            one_currency,
            complete,
            answers: RefCell::default(),
        })
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
        let answer = self.answer(query)?;
        let rows = answer.rows.iter().skip(query.offset as usize);
        let rows = rows.take(query.limit.min(PAGE_ROWS_MAX) as usize);
        let mut shown = self.db.prepare_cached("SELECT shown FROM shown WHERE row = ?")?;
        let rows = rows.map(|row| shown.query_row([row], |found| found.get(0)));
        Ok(SheetPage {
            total: answer.groups.iter().map(|group| group.count).sum(),
            unfiltered: self.rows_filled,
            rows: rows.collect::<Result<_, _>>()?,
            groups: answer.groups.clone(),
            sums: answer.sums.to_vec(),
        })
    }

    /// Where a row stands under a query.
    ///
    /// # Errors
    /// An error of the database.
    pub fn position(&self, query: &SheetQuery, id: &str) -> Result<Option<u32>, StoreError> {
        let answer = self.answer(query)?;
        let sql = "SELECT row FROM shown WHERE id = ?";
        let row: Option<u32> = self.db.query_row(sql, [id], |found| found.get(0)).optional()?;
        let at = row.and_then(|row| answer.rows.iter().position(|it| *it == row));
        // A sheet has fewer rows than numbers for them.
        Ok(at.map(|at| at as u32))
    }

    /// Sums over the rows with these ids, per currency.
    ///
    /// # Errors
    /// An error of the database, a sum beyond its range among them.
    pub fn sums_of(&self, ids: &[String]) -> Result<Vec<CurrencySum>, StoreError> {
        let marks = vec!["?"; ids.len()].join(", ");
        let find = format!("INSERT INTO found SELECT row FROM shown WHERE id IN ({marks})");
        self.find(&find, ids.iter().cloned().map(Value::Text))?;
        together(&self.sums(true)?)
    }

    /// What the question comes to, found when the first of its pages is asked for.
    fn answer(&self, query: &SheetQuery) -> Result<Rc<Answer>, StoreError> {
        let question = SheetQuery { offset: 0, limit: 0, ..query.clone() };
        let mut answers = self.answers.borrow_mut();
        let answer = match answers.iter().position(|kept| kept.question == question) {
            Some(at) => answers.remove(at),
            None => None,
        };
        let answer = match answer {
            Some(answer) => answer,
            None => {
                let filter = Filter::of(self, &question);
                let alike = answers.iter().find(|kept| kept.passes_as(&question));
                Rc::new(self.found(question, &filter, alike.map(|kept| kept.sums.clone()))?)
            }
        };
        answers.push_front(answer.clone());
        answers.truncate(ANSWERS_KEPT_MAX);
        Ok(answer)
    }

    /// `sums`: those of the same filter, where they are known from another order.
    fn found(
        &self,
        question: SheetQuery,
        filter: &Filter,
        sums: Option<Rc<[CurrencySum]>>,
    ) -> Result<Answer, StoreError> {
        let filtered = !filter.is_empty();
        if filtered {
            self.find(&filter.find(), filter.values.iter().cloned())?;
        }
        let sums = match sums {
            Some(sums) => sums,
            None => {
                let mut sums = self.sums(filtered)?;
                sums.extend(together(&sums)?);
                sums.into()
            }
        };
        let rows = self.ordered(&question, filtered)?;
        Ok(Answer { question, rows, groups: groups(&sums), sums })
    }

    /// Puts rows into `found`, in place of those before.
    fn find(&self, find: &str, values: impl Iterator<Item = Value>) -> Result<(), StoreError> {
        self.db.execute("DELETE FROM found", [])?;
        self.db.prepare_cached(find)?.execute(params_from_iter(values))?;
        Ok(())
    }

    fn ordered(&self, question: &SheetQuery, filtered: bool) -> Result<Vec<u32>, StoreError> {
        let (from, order) = (from(filtered), self.order(question));
        let sql = format!("SELECT sheet.row FROM {from} ORDER BY {order}");
        let mut statement = self.db.prepare_cached(&sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A key that is the same in all rows is left out: what is sorted by one number sorts fastest.
    fn order(&self, query: &SheetQuery) -> String {
        let mut order = Vec::new();
        if !self.one_group {
            order.push("grp".to_owned());
        }
        for (name, descends) in query.sort.iter().take(SORT_KEYS_MAX) {
            let Some(column) = self.column(name) else { continue };
            if column.kind == SheetKind::Money && !self.one_currency {
                order.push("currency".to_owned());
            }
            let direction = if *descends { "DESC" } else { "ASC" };
            let last = if self.complete.contains(name) { "" } else { " NULLS LAST" };
            order.push(format!("{} {direction}{last}", filling::sorted_by(column)));
        }
        order.push("sheet.row".to_owned());
        order.join(", ")
    }
}

impl Answer {
    /// Whether the filter of a question lets the same rows through.
    fn passes_as(&self, question: &SheetQuery) -> bool {
        self.question.conditions == question.conditions && self.question.text == question.text
    }
}

fn from(filtered: bool) -> &'static str {
    if filtered { "found CROSS JOIN sheet ON sheet.row = found.row" } else { "sheet" }
}

#[cfg(test)]
mod tests;
