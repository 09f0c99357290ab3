//! Exact numbers: read from their own text, printed with a fixed number of places (`xero §3.3`).

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Number, Value};

/// A JSON number or a number in a text, exactly. `None` for anything else or out of range.
pub fn decimal(value: &Value) -> Option<Decimal> {
    let exact = |text: &str| text.parse().ok().or_else(|| Decimal::from_scientific(text).ok());
    match value {
        Value::Number(number) => exact(&number.to_string()),
        Value::String(text) => exact(text.trim()),
        _ => None,
    }
}

/// Half up, away from zero (`xero §7.6`).
pub fn rounded(amount: Decimal, places: u32) -> Decimal {
    amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// Two places, half up.
pub fn cents(amount: Decimal) -> Decimal {
    rounded(amount, 2)
}

/// The text with exactly so many places.
pub fn fixed_text(amount: Decimal, places: u32) -> String {
    let mut exact = rounded(amount, places);
    exact.rescale(places);
    if exact.is_zero() {
        exact.set_sign_positive(true);
    }
    exact.to_string()
}

/// Text of an amount: two places.
pub fn two_places(amount: Decimal) -> String {
    fixed_text(amount, 2)
}

/// A raw JSON number with exactly so many places.
pub fn fixed(amount: Decimal, places: u32) -> Value {
    let number: Number = fixed_text(amount, places).parse().expect("a decimal's text is a number");
    Value::Number(number)
}

/// An amount as the wire prints it: `90.00`.
pub fn money(amount: Decimal) -> Value {
    fixed(amount, 2)
}

/// A rate of exchange as the wire prints it: `1.0000000000`.
pub fn rate(amount: Decimal) -> Value {
    fixed(amount, 10)
}

/// A decimal in a snapshot: its text.
pub mod as_text {
    use rust_decimal::Decimal;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(amount: &Decimal, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(amount)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

/// The same for one that may be absent.
pub mod as_text_option {
    use rust_decimal::Decimal;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(amount: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
        amount.map(|amount| amount.to_string()).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, as_money: &str, as_rate: &str) {
        let exact: Decimal = given.parse().unwrap();
        assert_eq!(money(exact).to_string(), as_money);
        assert_eq!(rate(exact).to_string(), as_rate);
    }

    #[test]
    fn numbers_have_their_fixed_places() {
        check("90", "90.00", "90.0000000000");
        check("1.005", "1.01", "1.0050000000");
        check("-0.001", "0.00", "-0.0010000000");
        check("-2.345", "-2.35", "-2.3450000000");
    }

    #[test]
    fn numbers_are_read_from_their_text() {
        let read: Value = serde_json::from_str(r#"{"a":980.10,"b":1e3,"c":"7.50"}"#).unwrap();
        assert_eq!(decimal(&read["a"]), "980.10".parse().ok());
        assert_eq!(decimal(&read["b"]), "1000".parse().ok());
        assert_eq!(decimal(&read["c"]), "7.50".parse().ok());
        assert_eq!(decimal(&read["d"]), None);
    }
}
