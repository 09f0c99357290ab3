//! The figures of the sample company as its model computes them, not as the product does.

use serde_json::Value;

const FIGURES: &str = include_str!("../fixtures/sample_company_expected.json");

/// The committed figures.
pub fn figures() -> Value {
    serde_json::from_str(FIGURES).expect("the committed figures are JSON")
}

/// The rows of a list, or of a list inside an object: `now.lines`.
#[track_caller]
pub fn rows(path: &str) -> Vec<Value> {
    let mut found = figures();
    for step in path.split('.') {
        found = found[step].take();
    }
    match found {
        Value::Array(rows) => rows,
        other => panic!("`{path}` is no list: {other}"),
    }
}

/// The text of a member. Null and absent are an empty text.
pub fn text<'a>(row: &'a Value, member: &str) -> &'a str {
    row[member].as_str().unwrap_or_default()
}
