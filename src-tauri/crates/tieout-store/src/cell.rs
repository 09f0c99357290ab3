//! Between values of the domain and cells of a table.
//!
//! A record is turned into cells in the order of its columns and read back in the same order. What
//! is compared to find a changed record are cells, so precision that the store does not keep can
//! never make two readings of one record look different.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Row;
use rusqlite::types::Value;
use rust_decimal::Decimal;
use tieout_domain::facts::Traits;
use tieout_domain::ids::IdError;
use tieout_domain::{Currency, Money};

use crate::error::StoreError;

/// Cells being written, in the order of the columns.
#[derive(Default)]
pub(crate) struct Cells(Vec<Value>);

impl Cells {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn into_values(self) -> Vec<Value> {
        self.0
    }

    fn push(mut self, value: impl Into<Value>) -> Self {
        self.0.push(value.into());
        self
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.push(text.to_owned())
    }

    pub(crate) fn opt_text(self, text: Option<&str>) -> Self {
        self.push(text.map(str::to_owned))
    }

    pub(crate) fn int(self, number: i64) -> Self {
        self.push(number)
    }

    pub(crate) fn opt_int(self, number: Option<i64>) -> Self {
        self.push(number)
    }

    pub(crate) fn flag(self, flag: bool) -> Self {
        self.push(i64::from(flag))
    }

    pub(crate) fn money(self, money: Money) -> Self {
        self.push(money.minor()).push(money.currency().code().to_owned())
    }

    pub(crate) fn opt_money(self, money: Option<Money>) -> Self {
        match money {
            Some(money) => self.money(money),
            None => self.push(Value::Null).push(Value::Null),
        }
    }

    pub(crate) fn decimal(self, number: Decimal) -> Self {
        self.push(canonical(number))
    }

    pub(crate) fn opt_decimal(self, number: Option<Decimal>) -> Self {
        self.push(number.map(canonical))
    }

    pub(crate) fn date(self, date: Date) -> Self {
        self.push(date.to_string())
    }

    pub(crate) fn opt_date(self, date: Option<Date>) -> Self {
        self.push(date.map(|date| date.to_string()))
    }

    pub(crate) fn instant(self, at: Timestamp) -> Self {
        self.push(at.as_microsecond())
    }

    pub(crate) fn opt_instant(self, at: Option<Timestamp>) -> Self {
        self.push(at.map(Timestamp::as_microsecond))
    }

    /// A JSON object, or nothing where no field was chosen: as in rows that know no such column.
    pub(crate) fn traits(self, traits: &Traits) -> Self {
        let text = || serde_json::to_string(traits).expect("texts always serialise");
        self.push((!traits.is_empty()).then(text))
    }

    pub(crate) fn opt_currency(self, currency: Option<Currency>) -> Self {
        self.push(currency.map(|currency| currency.code().to_owned()))
    }
}

/// One text per number: no trailing zeros, no negative zero.
fn canonical(number: Decimal) -> String {
    if number.is_zero() { "0".to_owned() } else { number.normalize().to_string() }
}

/// Cells being read, in the order of the columns.
pub(crate) struct Reading {
    table: &'static str,
    columns: &'static [&'static str],
    next: usize,
    values: std::vec::IntoIter<Value>,
}

impl Reading {
    pub(crate) fn new(
        table: &'static str,
        columns: &'static [&'static str],
        values: Vec<Value>,
    ) -> Self {
        Self { table, columns, next: 0, values: values.into_iter() }
    }

    /// Reads the row's cells from `first` on, one per column.
    pub(crate) fn of_row(
        table: &'static str,
        columns: &'static [&'static str],
        row: &Row<'_>,
        first: usize,
    ) -> Result<Self, StoreError> {
        let values = (first..first + columns.len()).map(|at| row.get::<_, Value>(at));
        Ok(Self::new(table, columns, values.collect::<Result<_, _>>()?))
    }

    fn unreadable(&self) -> StoreError {
        let column = self.columns.get(self.next.saturating_sub(1)).copied().unwrap_or("?");
        StoreError::Unreadable { table: self.table, column }
    }

    fn take(&mut self) -> Value {
        self.next += 1;
        self.values.next().expect("a row has one cell per column")
    }

    fn parsed<T>(
        &mut self,
        text: Option<String>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        match text {
            None => Ok(None),
            Some(text) => read(&text).map(Some).ok_or_else(|| self.unreadable()),
        }
    }

    fn present<T>(&self, value: Option<T>) -> Result<T, StoreError> {
        value.ok_or_else(|| self.unreadable())
    }

    pub(crate) fn opt_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.take() {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(self.unreadable()),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        let text = self.opt_text()?;
        self.present(text)
    }

    pub(crate) fn opt_int(&mut self) -> Result<Option<i64>, StoreError> {
        match self.take() {
            Value::Null => Ok(None),
            Value::Integer(number) => Ok(Some(number)),
            _ => Err(self.unreadable()),
        }
    }

    pub(crate) fn int(&mut self) -> Result<i64, StoreError> {
        let number = self.opt_int()?;
        self.present(number)
    }

    /// An integer that must fit a narrower type.
    pub(crate) fn number<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        let number = self.int()?;
        T::try_from(number).map_err(|_| self.unreadable())
    }

    pub(crate) fn opt_number<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, StoreError> {
        match self.opt_int()? {
            None => Ok(None),
            Some(number) => T::try_from(number).map(Some).map_err(|_| self.unreadable()),
        }
    }

    pub(crate) fn flag(&mut self) -> Result<bool, StoreError> {
        Ok(self.int()? != 0)
    }

    pub(crate) fn id<T>(&mut self, make: fn(&str) -> Result<T, IdError>) -> Result<T, StoreError> {
        let id = self.opt_id(make)?;
        self.present(id)
    }

    pub(crate) fn opt_id<T>(
        &mut self,
        make: fn(&str) -> Result<T, IdError>,
    ) -> Result<Option<T>, StoreError> {
        let text = self.opt_text()?;
        self.parsed(text, |text| make(text).ok())
    }

    /// One word of a closed list.
    pub(crate) fn word<T>(
        &mut self,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let word = self.opt_word(parse)?;
        self.present(word)
    }

    pub(crate) fn opt_word<T>(
        &mut self,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let text = self.opt_text()?;
        self.parsed(text, parse)
    }

    pub(crate) fn traits(&mut self) -> Result<Traits, StoreError> {
        Ok(self.opt_word(|text| serde_json::from_str(text).ok())?.unwrap_or_default())
    }

    /// A currency is accepted whenever it was one: the date was checked when the fact was made.
    pub(crate) fn opt_currency(&mut self) -> Result<Option<Currency>, StoreError> {
        self.opt_word(|code| Currency::parse_on(code, Some(Date::MIN)).ok())
    }

    pub(crate) fn currency(&mut self) -> Result<Currency, StoreError> {
        let currency = self.opt_currency()?;
        self.present(currency)
    }

    pub(crate) fn opt_money(&mut self) -> Result<Option<Money>, StoreError> {
        let minor = self.opt_int()?;
        let currency = self.opt_currency()?;
        match (minor, currency) {
            (Some(minor), Some(currency)) => Ok(Some(Money::from_minor(minor, currency))),
            (None, None) => Ok(None),
            _ => Err(self.unreadable()),
        }
    }

    pub(crate) fn money(&mut self) -> Result<Money, StoreError> {
        let money = self.opt_money()?;
        self.present(money)
    }

    pub(crate) fn opt_decimal(&mut self) -> Result<Option<Decimal>, StoreError> {
        self.opt_word(|text| text.parse().ok())
    }

    pub(crate) fn decimal(&mut self) -> Result<Decimal, StoreError> {
        let number = self.opt_decimal()?;
        self.present(number)
    }

    pub(crate) fn opt_date(&mut self) -> Result<Option<Date>, StoreError> {
        self.opt_word(|text| text.parse().ok())
    }

    pub(crate) fn date(&mut self) -> Result<Date, StoreError> {
        let date = self.opt_date()?;
        self.present(date)
    }

    pub(crate) fn opt_instant(&mut self) -> Result<Option<Timestamp>, StoreError> {
        match self.opt_int()? {
            None => Ok(None),
            Some(at) => Timestamp::from_microsecond(at).map(Some).map_err(|_| self.unreadable()),
        }
    }

    pub(crate) fn instant(&mut self) -> Result<Timestamp, StoreError> {
        let at = self.opt_instant()?;
        self.present(at)
    }
}

/// `a, b, c`.
pub(crate) fn list(columns: &[&str]) -> String {
    columns.join(", ")
}

/// `?, ?, ?`.
pub(crate) fn places(count: usize) -> String {
    vec!["?"; count].join(", ")
}
