//! The vector file, read strictly: an input field that nobody reads fails its case.

use std::cell::RefCell;
use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

const VECTORS: &str = include_str!("../finance-vectors.json");

fn groups() -> Map<String, Value> {
    let mut file: Value = serde_json::from_str(VECTORS).expect("the vector file is JSON");
    match file["groups"].take() {
        Value::Object(groups) => groups,
        _ => panic!("the vector file has groups"),
    }
}

/// Names of all groups, sorted.
pub fn group_names() -> Vec<String> {
    let mut names: Vec<String> = groups().into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names
}

/// Runs every case of a group: what `compute` makes of the input is the whole expected output.
#[track_caller]
pub fn run(group: &str, compute: impl Fn(&Fields<'_>) -> Value) {
    let groups = groups();
    let cases = groups[group].as_array().expect("a group is a list of cases");
    assert!(!cases.is_empty(), "{group} has no cases");
    for case in cases {
        let name = case["name"].as_str().expect("a case has a name");
        let fields = Fields::of(name, &case["in"]);
        assert_eq!(compute(&fields), case["out"], "{group}: {name}");
    }
}

/// An object of a case's input.
pub struct Fields<'a> {
    name: &'a str,
    object: &'a Map<String, Value>,
    read: RefCell<BTreeSet<String>>,
}

impl<'a> Fields<'a> {
    fn of(name: &'a str, value: &'a Value) -> Self {
        let object = value.as_object().expect("an object");
        Self { name, object, read: RefCell::default() }
    }

    pub fn case_name(&self) -> &'a str {
        self.name
    }

    pub fn has(&self, key: &str) -> bool {
        self.object.contains_key(key)
    }

    fn get(&self, key: &str) -> Option<&'a Value> {
        self.read.borrow_mut().insert(key.to_owned());
        self.object.get(key).filter(|value| !value.is_null())
    }

    fn value(&self, key: &str) -> &'a Value {
        self.get(key).unwrap_or_else(|| panic!("{}: no {key}", self.name))
    }

    pub fn text(&self, key: &str) -> &'a str {
        self.value(key).as_str().expect("text")
    }

    pub fn optional_text(&self, key: &str) -> Option<&'a str> {
        self.get(key).map(|value| value.as_str().expect("text"))
    }

    pub fn decimal(&self, key: &str) -> Decimal {
        self.text(key).parse().expect("a decimal")
    }

    pub fn date(&self, key: &str) -> Date {
        self.text(key).parse().expect("a date")
    }

    pub fn integer(&self, key: &str) -> i64 {
        self.value(key).as_i64().expect("an integer")
    }

    pub fn integer_or_zero(&self, key: &str) -> i64 {
        if self.has(key) { self.integer(key) } else { 0 }
    }

    /// A flag that is not there is not set.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value.as_bool().expect("a flag"))
    }

    pub fn list(&self, key: &str) -> &'a [Value] {
        self.value(key).as_array().expect("a list")
    }

    pub fn object(&self, key: &str) -> Fields<'a> {
        Fields::of(self.name, self.value(key))
    }

    pub fn objects(&self, key: &str) -> Vec<Fields<'a>> {
        self.list(key).iter().map(|value| Fields::of(self.name, value)).collect()
    }
}

impl Drop for Fields<'_> {
    fn drop(&mut self) {
        let read = self.read.borrow();
        let unread: Vec<&String> = self.object.keys().filter(|key| !read.contains(*key)).collect();
        if !std::thread::panicking() {
            assert!(unread.is_empty(), "{}: nobody reads {unread:?}", self.name);
        }
    }
}
