//! Reading and writing the members of a JSON object: exact numbers, texts and references.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Number, Value, json};

use super::row::Body;

/// A JSON number or a number in a text, exactly. `None` for anything else or out of range.
pub fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => exact(&number.to_string()),
        Value::String(text) => exact(text.trim()),
        _ => None,
    }
}

fn exact(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

/// Two decimals, half up (`quickbooks §9`).
pub fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// An amount as the wire prints it: two decimals, zero as `0`.
pub fn money(amount: Decimal) -> Value {
    if amount.is_zero() {
        return json!(0);
    }
    let mut exact = cents(amount);
    exact.rescale(2);
    number(&exact.to_string())
}

/// A price, quantity or rate as the wire prints it: without trailing zeros.
pub fn plain(amount: Decimal) -> Value {
    number(&amount.normalize().to_string())
}

fn number(text: &str) -> Value {
    let number: Number = text.parse().expect("a decimal's text is a JSON number");
    Value::Number(number)
}

/// The text of an amount in reports and texts: two decimals.
pub fn two_places(amount: Decimal) -> String {
    let mut exact = cents(amount);
    exact.rescale(2);
    exact.to_string()
}

/// The amount in a member; absent is zero.
pub fn amount(body: &Body, member: &str) -> Decimal {
    body.get(member).and_then(decimal).unwrap_or_default()
}

/// The number in a member, if it is there.
pub fn number_at(body: &Body, member: &str) -> Option<Decimal> {
    body.get(member).and_then(decimal)
}

pub fn text<'a>(body: &'a Body, member: &str) -> Option<&'a str> {
    body.get(member).and_then(Value::as_str)
}

pub fn flag(body: &Body, member: &str) -> bool {
    body.get(member).and_then(Value::as_bool).unwrap_or(false)
}

/// The `value` of a reference.
pub fn reference<'a>(body: &'a Body, member: &str) -> Option<&'a str> {
    body.get(member)?.get("value")?.as_str()
}

/// The members of an object in a member; absent is an empty object.
pub fn object<'a>(body: &'a Body, member: &str) -> Option<&'a Map<String, Value>> {
    body.get(member).and_then(Value::as_object)
}

/// The objects in an array member; absent is none.
pub fn objects<'a>(body: &'a Body, member: &str) -> impl Iterator<Item = &'a Body> + use<'a> {
    let list = body.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_object)
}

/// A reference with a name.
pub fn named(value: &str, name: &str) -> Value {
    json!({"value": value, "name": name})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, as_money: &str, as_plain: &str) {
        let exact: Decimal = given.parse().unwrap();
        assert_eq!(money(exact).to_string(), as_money);
        assert_eq!(plain(exact).to_string(), as_plain);
    }

    #[test]
    fn amounts_have_two_decimals_and_prices_no_trailing_zeros() {
        check("100", "100.00", "100");
        check("337.5", "337.50", "337.5");
        check("0.00", "0", "0");
        check("-6200", "-6200.00", "-6200");
        check("1.005", "1.01", "1.005");
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
