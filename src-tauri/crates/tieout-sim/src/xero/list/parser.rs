//! The `where` subset: comparisons, `&&`, `||`, `DateTime`, `guid`, and tests of texts
//! (`xero §3.7`).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::super::stamps;
use super::Fact;
use super::expression::{Expression, Operand};
use super::tokens::{self, Token};

/// Parentheses that may stand in each other.
const DEPTH_MAX: usize = 16;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, message: &str) {
        assert_eq!(parse(text).unwrap_err(), message);
    }

    #[test]
    fn and_binds_closer_than_or() {
        let whole = parse("A == 1 || B == 2 && C == 3").unwrap();
        let Expression::Any(parts) = whole else { panic!("no alternative: {whole:?}") };
        assert_eq!(parts[1], parse("(B == 2 && C == 3)").unwrap());
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        refused("A ==", "Expression expected");
        refused("(A == 1", "')' or operator expected");
        refused("A == 1 B", "Syntax error");
        refused("A == \"x", "Syntax error");
        refused(&format!("{}A{}", "(".repeat(17), ")".repeat(17)), "Expression is too deep");
        let date = "No applicable constructor exists in type 'DateTime'";
        refused("Date == DateTime(2026, 13, 01)", date);
        refused("Date == DateTime(2026)", date);
    }
}
