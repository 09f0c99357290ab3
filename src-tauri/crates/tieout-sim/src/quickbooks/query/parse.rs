//! Reads tokens into a statement.

use super::super::refusal::Refusal;
use super::tokens::{Kind, Token, tokens};

/// A whole statement; names are as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub select: Select,
    pub entity: String,
    pub conditions: Vec<Condition>,
    pub order: Vec<(String, Direction)>,
    /// From 1.
    pub start: Option<u64>,
    pub max: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Select {
    All,
    Count,
    Members(Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub member: String,
    pub operator: Operator,
    pub values: Vec<Literal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Equal,
    Less,
    More,
    AtMost,
    AtLeast,
    In,
    Like,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    Text(String),
    Flag(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

pub fn parse(statement: &str) -> Result<Statement, Refusal> {
    let tokens = tokens(statement)?;
    let mut reader = Reader { tokens: &tokens, at: 0, end: statement.chars().count() + 1 };
    reader.statement()
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    end: usize,
}

impl Reader<'_> {
    fn statement(&mut self) -> Result<Statement, Refusal> {
        self.expect_word("SELECT")?;
        let select = self.select()?;
        self.expect_word("FROM")?;
        let entity = self.word()?;
        let mut statement = Statement {
            select,
            entity,
            conditions: Vec::new(),
            order: Vec::new(),
            start: None,
            max: None,
        };
        if self.takes_word("WHERE") {
            statement.conditions.push(self.condition()?);
            while self.takes_word("AND") {
                statement.conditions.push(self.condition()?);
            }
        }
        while self.at < self.tokens.len() {
            self.tail(&mut statement)?;
        }
        Ok(statement)
    }

    /// `ORDERBY`, `STARTPOSITION` and `MAXRESULTS` come in any order.
    fn tail(&mut self, statement: &mut Statement) -> Result<(), Refusal> {
        if self.takes_word("ORDERBY") {
            statement.order = self.order()?;
        } else if self.takes_word("ORDER") {
            self.expect_word("BY")?;
            statement.order = self.order()?;
        } else if self.takes_word("STARTPOSITION") && statement.start.is_none() {
            statement.start = Some(self.number()?);
        } else if self.takes_word("MAXRESULTS") && statement.max.is_none() {
            statement.max = Some(self.number()?);
        } else {
            return Err(self.unexpected());
        }
        Ok(())
    }

    fn select(&mut self) -> Result<Select, Refusal> {
        if self.takes_word("COUNT") {
            for sign in ["(", "*", ")"] {
                self.expect_sign(sign)?;
            }
            return Ok(Select::Count);
        }
        let mut members = Vec::new();
        let mut all = false;
        loop {
            if self.takes_sign("*") {
                all = true;
            } else {
                members.push(self.word()?);
            }
            if !self.takes_sign(",") {
                break;
            }
        }
        Ok(if all { Select::All } else { Select::Members(members) })
    }

    fn condition(&mut self) -> Result<Condition, Refusal> {
        let member = self.word()?;
        let operator = self.operator()?;
        let values = if operator == Operator::In { self.list()? } else { vec![self.literal()?] };
        Ok(Condition { member, operator, values })
    }

    fn operator(&mut self) -> Result<Operator, Refusal> {
        if self.takes_word("IN") {
            return Ok(Operator::In);
        }
        if self.takes_word("LIKE") {
            return Ok(Operator::Like);
        }
        let signs = [
            ("=", Operator::Equal),
            ("<", Operator::Less),
            (">", Operator::More),
            ("<=", Operator::AtMost),
            (">=", Operator::AtLeast),
        ];
        let found = signs.into_iter().find(|(sign, _)| self.takes_sign(sign));
        found.map(|(_, operator)| operator).ok_or_else(|| self.unexpected())
    }

    fn list(&mut self) -> Result<Vec<Literal>, Refusal> {
        self.expect_sign("(")?;
        let mut values = vec![self.literal()?];
        while self.takes_sign(",") {
            values.push(self.literal()?);
        }
        self.expect_sign(")")?;
        Ok(values)
    }

    /// Text in quotes, or a boolean without them. A bare number is an error.
    fn literal(&mut self) -> Result<Literal, Refusal> {
        if let Some(Kind::Quoted(text)) = self.peek() {
            let literal = Literal::Text(text.clone());
            self.at += 1;
            return Ok(literal);
        }
        if self.takes_word("true") {
            return Ok(Literal::Flag(true));
        }
        if self.takes_word("false") {
            return Ok(Literal::Flag(false));
        }
        Err(self.unexpected())
    }

    fn order(&mut self) -> Result<Vec<(String, Direction)>, Refusal> {
        let mut order = Vec::new();
        loop {
            let member = self.word()?;
            let direction = if self.takes_word("DESC") {
                Direction::Descending
            } else {
                self.takes_word("ASC");
                Direction::Ascending
            };
            order.push((member, direction));
            if !self.takes_sign(",") {
                return Ok(order);
            }
        }
    }

    fn number(&mut self) -> Result<u64, Refusal> {
        let number = match self.peek() {
            Some(Kind::Number(text)) => text.parse().ok(),
            _ => None,
        };
        let number = number.ok_or_else(|| self.unexpected())?;
        self.at += 1;
        Ok(number)
    }

    fn word(&mut self) -> Result<String, Refusal> {
        match self.peek() {
            Some(Kind::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn peek(&self) -> Option<&Kind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        let found =
            matches!(self.peek(), Some(Kind::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.at += usize::from(found);
        found
    }

    fn takes_sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Some(Kind::Sign(sign)) if sign == wanted);
        self.at += usize::from(found);
        found
    }

    fn expect_word(&mut self, wanted: &str) -> Result<(), Refusal> {
        if self.takes_word(wanted) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn expect_sign(&mut self, wanted: &str) -> Result<(), Refusal> {
        if self.takes_sign(wanted) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> Refusal {
        match self.tokens.get(self.at) {
            Some(token) => Refusal::query_syntax(&token.kind.shown(), token.column),
            None => Refusal::query_syntax("<EOF>", self.end),
        }
    }
}
