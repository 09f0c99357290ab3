//! The `where` subset: comparisons, `&&`, `||`, `DateTime`, `guid`, and tests of texts
//! (`xero §3.7`).

use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::super::contact::folded;
use super::super::stamps;
use super::tokens::{self, Token};
use super::{Fact, compare};

/// Parentheses that may stand in each other.
const DEPTH_MAX: usize = 16;

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

/// Reads an expression; the error is the service's own text.
pub fn parse(text: &str) -> Result<Expression, String> {
    let tokens = tokens::read(text).ok_or("Syntax error")?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let expression = parser.any()?;
    if parser.at < parser.tokens.len() {
        return Err("Syntax error".to_owned());
    }
    Ok(expression)
}

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

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes(&mut self, sign: &str) -> bool {
        let there = matches!(self.tokens.get(self.at), Some(Token::Sign(one)) if *one == sign);
        self.at += usize::from(there);
        there
    }

    fn any(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.all()?];
        while self.takes("||") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.one()?];
        while self.takes("&&") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::All(parts) })
    }

    fn one(&mut self) -> Result<Expression, String> {
        if self.takes("!") {
            return Ok(Expression::Not(Box::new(self.one()?)));
        }
        if self.takes("(") {
            self.depth += 1;
            if self.depth > DEPTH_MAX {
                return Err("Expression is too deep".to_owned());
            }
            let inner = self.any()?;
            self.depth -= 1;
            return if self.takes(")") {
                Ok(inner)
            } else {
                Err("')' or operator expected".to_owned())
            };
        }
        let left = match self.operand()? {
            Left::Operand(operand) => operand,
            Left::Test(test) => return Ok(test),
        };
        for sign in ["==", "!=", "<=", ">=", "<", ">"] {
            if self.takes(sign) {
                return match self.operand()? {
                    Left::Operand(right) => Ok(Expression::Compare(left, sign, right)),
                    Left::Test(_) => Err("Expression expected".to_owned()),
                };
            }
        }
        Ok(Expression::Flag(left))
    }

    fn operand(&mut self) -> Result<Left, String> {
        let negative = self.takes("-");
        match self.next() {
            Some(Token::Text(text)) => Ok(Fact::Text(text).into()),
            Some(Token::Number(number)) => {
                let number: Decimal = number.parse().map_err(|_| "Invalid number")?;
                Ok(Fact::Number(if negative { -number } else { number }).into())
            }
            Some(Token::Name(name)) => self.named(&name),
            _ => Err("Expression expected".to_owned()),
        }
    }

    /// A field, a constant, or a call.
    fn named(&mut self, name: &str) -> Result<Left, String> {
        match name.to_ascii_lowercase().as_str() {
            "true" => return Ok(Fact::Flag(true).into()),
            "false" => return Ok(Fact::Flag(false).into()),
            "null" => return Ok(Fact::Null.into()),
            "guid" => {
                let id = self.text_argument()?;
                return Ok(Fact::Id(id.to_ascii_lowercase()).into());
            }
            "datetime" => return self.date(),
            "datetime.parse" => {
                let text = self.text_argument()?;
                let date = stamps::read_day(&text).ok_or("String was not a valid DateTime")?;
                return Ok(Fact::Time(stamps::midnight(date)).into());
            }
            _ => {}
        }
        let (path, method) = name.rsplit_once('.').unwrap_or(("", name));
        match method {
            "Contains" | "StartsWith" | "EndsWith" if !path.is_empty() => {
                let field = Operand::Field(path.trim_end_matches(".ToLower").to_owned());
                Ok(Left::Test(Expression::Test(field, method.to_owned(), self.text_argument()?)))
            }
            "ToLower" | "ToUpper" if !path.is_empty() => {
                if !(self.takes("(") && self.takes(")")) {
                    return Err("')' expected".to_owned());
                }
                self.after_call(path)
            }
            _ => Ok(Left::Operand(Operand::Field(name.to_owned()))),
        }
    }

    /// What may follow `Name.ToLower()`: another call, or nothing.
    fn after_call(&mut self, path: &str) -> Result<Left, String> {
        let field = Operand::Field(path.to_owned());
        if !self.takes(".") {
            return Ok(Left::Operand(field));
        }
        match self.next() {
            Some(Token::Name(method)) => {
                Ok(Left::Test(Expression::Test(field, method, self.text_argument()?)))
            }
            _ => Err("Identifier expected".to_owned()),
        }
    }

    fn text_argument(&mut self) -> Result<String, String> {
        let open = self.takes("(");
        match self.next() {
            Some(Token::Text(text)) if open && self.takes(")") => Ok(text),
            _ => Err("Expression expected".to_owned()),
        }
    }

    /// `DateTime(2026, 06, 01)`, maybe with a time.
    fn date(&mut self) -> Result<Left, String> {
        let wrong = || "No applicable constructor exists in type 'DateTime'".to_owned();
        let mut numbers = Vec::new();
        if !self.takes("(") {
            return Err(wrong());
        }
        loop {
            match self.next() {
                Some(Token::Number(number)) => {
                    numbers.push(number.parse::<i16>().map_err(|_| wrong())?);
                }
                _ => return Err(wrong()),
            }
            if !self.takes(",") {
                break;
            }
        }
        let [year, month, day, time @ ..] = numbers.as_slice() else { return Err(wrong()) };
        let small = |number: &i16| i8::try_from(*number).map_err(|_| wrong());
        let date = Date::new(*year, small(month)?, small(day)?).map_err(|_| wrong())?;
        let clock = |at: usize| time.get(at).map_or(Ok(0), small);
        let at = date.at(clock(0)?, clock(1)?, clock(2)?, 0).to_zoned(TimeZone::UTC);
        let at = at.map_err(|_| wrong())?;
        if self.takes(")") { Ok(Fact::Time(at.timestamp()).into()) } else { Err(wrong()) }
    }
}

/// What an operand turned out to be.
enum Left {
    Operand(Operand),
    Test(Expression),
}

impl From<Fact> for Left {
    fn from(fact: Fact) -> Self {
        Self::Operand(Operand::Constant(fact))
    }
}
