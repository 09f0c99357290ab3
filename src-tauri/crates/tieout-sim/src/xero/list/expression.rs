//! What a `where` expression means for a row (`xero §3.7`).

use std::cmp::Ordering;

use super::super::contact::folded;
use super::{Fact, compare};

/// A condition on a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Operand, &'static str, Operand),
    /// Field, `Contains`, `StartsWith` or `EndsWith`, text.
    Test(Operand, String, String),
    Flag(Operand),
}

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    Field(String),
    Constant(Fact),
}

type Lookup<'a> = &'a dyn Fn(&str) -> Option<Fact>;

impl Expression {
    /// Whether the row fulfils it.
    pub fn holds(&self, fact: Lookup<'_>, kind: &str) -> Result<bool, String> {
        Ok(match self {
            Self::All(parts) => {
                for part in parts {
                    if !part.holds(fact, kind)? {
                        return Ok(false);
                    }
                }
                true
            }
            Self::Any(parts) => {
                for part in parts {
                    if part.holds(fact, kind)? {
                        return Ok(true);
                    }
                }
                false
            }
            Self::Not(inner) => !inner.holds(fact, kind)?,
            Self::Flag(operand) => operand.value(fact, kind)? == Fact::Flag(true),
            Self::Test(operand, test, wanted) => match operand.value(fact, kind)? {
                Fact::Text(text) => tested(&folded(&text), test, &folded(wanted)),
                _ => false,
            },
            Self::Compare(left, sign, right) => {
                compared(&left.value(fact, kind)?, sign, &right.value(fact, kind)?)?
            }
        })
    }

    /// Refuses fields that the type has not.
    pub fn check(&self, exists: &dyn Fn(&str) -> bool, kind: &str) -> Result<(), String> {
        match self.fields().into_iter().find(|field| !exists(field)) {
            Some(field) => Err(unknown(field, kind)),
            None => Ok(()),
        }
    }

    /// Every field that is looked at.
    pub fn fields(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::fields).collect(),
            Self::Not(inner) => inner.fields(),
            Self::Compare(left, _, right) => {
                left.field().into_iter().chain(right.field()).collect()
            }
            Self::Test(operand, ..) | Self::Flag(operand) => operand.field().into_iter().collect(),
        }
    }
}

impl Operand {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Field(path) => Some(path),
            Self::Constant(_) => None,
        }
    }

    fn value(&self, fact: Lookup<'_>, kind: &str) -> Result<Fact, String> {
        match self {
            Self::Constant(fact) => Ok(fact.clone()),
            Self::Field(path) => fact(path).ok_or_else(|| unknown(path, kind)),
        }
    }
}

fn unknown(field: &str, kind: &str) -> String {
    format!("No property or field '{field}' exists in type '{kind}'")
}

fn tested(text: &str, test: &str, wanted: &str) -> bool {
    match test {
        "StartsWith" => text.starts_with(wanted),
        "EndsWith" => text.ends_with(wanted),
        _ => text.contains(wanted),
    }
}

fn compared(left: &Fact, sign: &str, right: &Fact) -> Result<bool, String> {
    let same_kind = std::mem::discriminant(left) == std::mem::discriminant(right);
    let null = matches!(left, Fact::Null) || matches!(right, Fact::Null);
    if !same_kind && !null {
        return Err(format!("Operator '{sign}' incompatible with operand types"));
    }
    let order = compare(left, right);
    if null && !matches!(sign, "==" | "!=") {
        return Ok(false);
    }
    Ok(match sign {
        "==" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        "<" => order == Ordering::Less,
        "<=" => order != Ordering::Greater,
        ">" => order == Ordering::Greater,
        _ => order != Ordering::Less,
    })
}
