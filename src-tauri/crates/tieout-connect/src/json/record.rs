//! One wire record, read field by field. `null`, an absent field and an empty text are all "none".

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use tieout_domain::amount::{read_amount, read_decimal};
use tieout_domain::facts::QuarantineReason::{self, Malformed};
use tieout_domain::ids::IdError;
use tieout_domain::{Currency, Money};

use super::text::{Clean, excerpt, lines, one_line};
use super::{ReadError, Reading};

/// Most records that one nested list may hold.
const LIST_RECORDS_MAX: usize = 20_000;

/// A JSON object with its place in the record it came from.
#[derive(Clone, Debug)]
pub struct Record<'a> {
    fields: &'a Map<String, Value>,
    path: String,
}

impl<'a> Record<'a> {
    /// The whole record. Anything but an object is `Malformed`.
    pub fn of(value: &'a Value) -> Reading<Self> {
        Self::at(value, String::new())
    }

    fn at(value: &'a Value, path: String) -> Reading<Self> {
        match value {
            Value::Object(fields) => Ok(Self { fields, path }),
            other => Err(ReadError { path, reason: Malformed, excerpt: shown(other) }),
        }
    }

    /// The place of a field of this record: `Line[2].Amount`.
    pub fn path_of(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    /// An error at a field, for rules that only the connector knows, such as an unknown word.
    pub fn error(&self, field: &str, reason: QuarantineReason) -> ReadError {
        let excerpt = self.value(field).map(shown).unwrap_or_default();
        ReadError { path: self.path_of(field), reason, excerpt }
    }

    /// The value as it came; `None` for an absent field and for `null`.
    pub fn value(&self, field: &str) -> Option<&'a Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    /// Whether the field is there and not `null`.
    pub fn has(&self, field: &str) -> bool {
        self.value(field).is_some()
    }

    /// Whether the record tells the field at all, `null` or not.
    pub fn tells(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// An identifier. Control characters or a wrong length are `Malformed`: ids are never mended.
    pub fn id<T>(&self, field: &str, make: impl FnOnce(&str) -> Result<T, IdError>) -> Reading<T> {
        self.required(field, self.id_or_none(field, make)?)
    }

    /// As `id`, where the field may be empty.
    pub fn id_or_none<T>(
        &self,
        field: &str,
        make: impl FnOnce(&str) -> Result<T, IdError>,
    ) -> Reading<Option<T>> {
        let Some(text) = self.raw_text(field)? else {
            return Ok(None);
        };
        make(text).map(Some).map_err(|_| self.error(field, Malformed))
    }

    /// One line of text; control characters become spaces, which is logged without the text.
    pub fn text(&self, field: &str) -> Reading<String> {
        self.required(field, self.text_or_none(field)?)
    }

    /// As `text`, where the field may be empty.
    pub fn text_or_none(&self, field: &str) -> Reading<Option<String>> {
        self.cleaned(field, one_line)
    }

    /// Text of several lines, or none.
    pub fn lines_or_none(&self, field: &str) -> Reading<Option<String>> {
        self.cleaned(field, lines)
    }

    /// An exact decimal, from a number or from a text that holds nothing but one.
    pub fn decimal(&self, field: &str) -> Reading<Decimal> {
        self.required(field, self.decimal_or_none(field)?)
    }

    /// As `decimal`, where the field may be empty.
    pub fn decimal_or_none(&self, field: &str) -> Reading<Option<Decimal>> {
        let Some(text) = self.number_text(field)? else {
            return Ok(None);
        };
        let number = read_decimal(&text).map_err(|reason| self.error(field, reason))?;
        Ok(Some(number))
    }

    /// An amount that its currency represents exactly. Unknown is never zero.
    pub fn money(&self, field: &str, currency: Currency) -> Reading<Money> {
        self.required(field, self.money_or_none(field, currency)?)
    }

    /// As `money`, where the field may be empty.
    pub fn money_or_none(&self, field: &str, currency: Currency) -> Reading<Option<Money>> {
        let Some(text) = self.number_text(field)? else {
            return Ok(None);
        };
        let amount = read_amount(&text, currency);
        amount.map(Some).map_err(|error| self.error(field, error.into()))
    }

    /// A currency code; a withdrawn one is accepted on a document dated before its month.
    pub fn currency(&self, field: &str, on: Option<Date>) -> Reading<Currency> {
        let code = self.required(field, self.raw_text(field)?)?;
        Currency::parse_on(code, on).map_err(|error| self.error(field, error.into()))
    }

    /// As `currency`, where the field may be empty.
    pub fn currency_or_none(&self, field: &str, on: Option<Date>) -> Reading<Option<Currency>> {
        if self.raw_text(field)?.is_none() { Ok(None) } else { self.currency(field, on).map(Some) }
    }

    /// A calendar date `2026-03-08`, without time and zone.
    pub fn date(&self, field: &str) -> Reading<Date> {
        self.required(field, self.date_or_none(field)?)
    }

    /// As `date`, where the field may be empty.
    pub fn date_or_none(&self, field: &str) -> Reading<Option<Date>> {
        let Some(text) = self.raw_text(field)? else {
            return Ok(None);
        };
        let plain = text.len() == "2026-03-08".len();
        let date = text.parse::<Date>().ok().filter(|_| plain);
        date.map(Some).ok_or_else(|| self.error(field, Malformed))
    }

    /// An instant with an offset: `2026-05-01T07:25:37.000+0000`, `…-07:00` or `…Z`.
    pub fn instant(&self, field: &str) -> Reading<Timestamp> {
        self.required(field, self.instant_or_none(field)?)
    }

    /// As `instant`, where the field may be empty.
    pub fn instant_or_none(&self, field: &str) -> Reading<Option<Timestamp>> {
        let Some(text) = self.raw_text(field)? else {
            return Ok(None);
        };
        let instant = text.parse::<Timestamp>().ok().filter(|_| text.contains('T'));
        instant.map(Some).ok_or_else(|| self.error(field, Malformed))
    }

    /// `true` or `false`, nothing else.
    pub fn flag(&self, field: &str) -> Reading<bool> {
        self.required(field, self.flag_or_none(field)?)
    }

    /// As `flag`, where the field may be empty.
    pub fn flag_or_none(&self, field: &str) -> Reading<Option<bool>> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.error(field, Malformed)),
        }
    }

    /// A whole number; `30.0` and `3E1` are whole.
    pub fn whole(&self, field: &str) -> Reading<i64> {
        self.required(field, self.whole_or_none(field)?)
    }

    /// As `whole`, where the field may be empty.
    pub fn whole_or_none(&self, field: &str) -> Reading<Option<i64>> {
        let Some(number) = self.decimal_or_none(field)? else {
            return Ok(None);
        };
        if !number.fract().is_zero() {
            return Err(self.error(field, Malformed));
        }
        i64::try_from(number).map(Some).map_err(|_| self.error(field, QuarantineReason::OutOfRange))
    }

    /// A nested object.
    pub fn record(&self, field: &str) -> Reading<Record<'a>> {
        self.required(field, self.record_or_none(field)?)
    }

    /// As `record`, where the field may be empty.
    pub fn record_or_none(&self, field: &str) -> Reading<Option<Record<'a>>> {
        self.value(field).map(|value| Record::at(value, self.path_of(field))).transpose()
    }

    /// A list of objects; an absent list is empty.
    pub fn records(&self, field: &str) -> Reading<Vec<Record<'a>>> {
        let items = match self.value(field) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.error(field, Malformed)),
        };
        if items.len() > LIST_RECORDS_MAX {
            return Err(self.error(field, QuarantineReason::OutOfRange));
        }
        let path = self.path_of(field);
        let at = |(position, item)| Record::at(item, format!("{path}[{position}]"));
        items.iter().enumerate().map(at).collect()
    }

    /// The text as it came, without any mending; none if empty.
    pub fn raw_text(&self, field: &str) -> Reading<Option<&'a str>> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.error(field, Malformed)),
        }
    }

    /// The literal text of a number, or a text that should hold one.
    fn number_text(&self, field: &str) -> Reading<Option<String>> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.error(field, Malformed)),
        }
    }

    fn required<T>(&self, field: &str, value: Option<T>) -> Reading<T> {
        value.ok_or_else(|| self.error(field, Malformed))
    }

    fn cleaned(
        &self,
        field: &str,
        clean: impl FnOnce(&str) -> Result<Clean, QuarantineReason>,
    ) -> Reading<Option<String>> {
        let Some(text) = self.raw_text(field)? else {
            return Ok(None);
        };
        let clean = clean(text).map_err(|reason| self.error(field, reason))?;
        if clean.replaced {
            tracing::warn!(path = %self.path_of(field), "control characters replaced by spaces");
        }
        Ok(Some(clean.text))
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => excerpt(text),
        other => excerpt(&other.to_string()),
    }
}

#[cfg(test)]
mod tests;
