//! Reads tokens into a tree, by recursive descent with a bounded depth.

use super::ast::{
    Aggregate, Expr, Function, Literal, Name, Op, Operand, Order, Path, Query, SelectItem, Which,
};
use super::fault::QueryFault;
use super::lexer::{Placed, Token, tokens};

/// Deepest nesting of parentheses and sub-queries.
const DEPTH_MAX: usize = 32;
/// Parent steps of a path (salesforce §5.2).
const PARENTS_MAX: usize = 5;
/// Child sub-queries of a query (salesforce §5.2).
const CHILD_QUERIES_MAX: usize = 20;
/// Largest OFFSET (salesforce §5.1).
const OFFSET_MAX: usize = 2000;

type Parsed<T> = Result<T, QueryFault>;

/// Words that end a list of names and are no alias.
const KEYWORDS: [&str; 14] = [
    "from", "where", "group", "having", "order", "limit", "offset", "for", "with", "using", "all",
    "and", "or", "not",
];

/// The tree of a whole query.
pub fn parse(query: &str) -> Parsed<Query> {
    let mut parser = Parser::of(query)?;
    let query = parser.query()?;
    parser.end()?;
    Ok(query)
}

/// The tree of a condition alone, as validation rules hold it.
pub fn parse_condition(text: &str) -> Parsed<Expr> {
    let mut parser = Parser::of(text)?;
    let condition = parser.condition()?;
    parser.end()?;
    Ok(condition)
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    depth: usize,
}

impl Parser {
    fn of(text: &str) -> Parsed<Self> {
        Ok(Self { tokens: tokens(text)?, next: 0, depth: 0 })
    }

    fn peek(&self) -> &Token {
        &self.tokens[self.next].token
    }

    fn at(&self) -> usize {
        self.tokens[self.next].at
    }

    fn peek_word(&self) -> Option<String> {
        match self.peek() {
            Token::Word(word) => Some(word.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// Takes the next token; the end stays where it is.
    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn take_if_symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(next) if *next == symbol);
        if found {
            self.take();
        }
        found
    }

    fn take_if_word(&mut self, word: &str) -> bool {
        let found = self.peek_word().is_some_and(|next| next == word);
        if found {
            self.take();
        }
        found
    }

    fn unexpected<T>(&self) -> Parsed<T> {
        Err(QueryFault::unexpected(&self.peek().quote(), self.at()))
    }

    fn want_symbol(&mut self, symbol: &str) -> Parsed<()> {
        if self.take_if_symbol(symbol) { Ok(()) } else { self.unexpected() }
    }

    fn want_word(&mut self, word: &str) -> Parsed<()> {
        if self.take_if_word(word) { Ok(()) } else { self.unexpected() }
    }

    fn end(&self) -> Parsed<()> {
        if *self.peek() == Token::End { Ok(()) } else { self.unexpected() }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEPTH_MAX {
            return Err(QueryFault::malformed("query is nested too deeply", self.at()));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn query(&mut self) -> Parsed<Query> {
        self.want_word("select")?;
        let mut select = vec![self.select_item()?];
        while self.take_if_symbol(",") {
            select.push(self.select_item()?);
        }
        let children = select.iter().filter(|item| matches!(item, SelectItem::Children(_)));
        if children.count() > CHILD_QUERIES_MAX {
            return Err(QueryFault::malformed("too many child relationships", self.at()));
        }
        self.want_word("from")?;
        let from = self.name()?;
        let alias = self.alias();
        let filter = if self.take_if_word("where") { Some(self.condition()?) } else { None };
        let group = self.group()?;
        let having = if self.take_if_word("having") { Some(self.condition()?) } else { None };
        let order = self.order()?;
        let limit = if self.take_if_word("limit") { Some(self.count()?) } else { None };
        let offset = self.offset()?;
        if self.take_if_word("for") && !self.take_if_word("view") && !self.take_if_word("reference")
        {
            return self.unexpected();
        }
        Ok(Query { select, from, alias, filter, group, having, order, limit, offset })
    }

    fn name(&mut self) -> Parsed<Name> {
        let at = self.at();
        match self.peek() {
            Token::Word(_) => match self.take() {
                Token::Word(text) => Ok(Name { text, at }),
                _ => self.unexpected(),
            },
            _ => self.unexpected(),
        }
    }

    fn alias(&mut self) -> Option<String> {
        let word = self.peek_word()?;
        if KEYWORDS.contains(&word.as_str()) {
            return None;
        }
        match self.take() {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    fn path(&mut self) -> Parsed<Path> {
        let first = self.name()?;
        let mut steps = vec![first.text];
        while self.take_if_symbol(".") {
            steps.push(self.name()?.text);
        }
        if steps.len() > PARENTS_MAX + 1 {
            return Err(QueryFault::malformed("too many relationship levels", first.at));
        }
        Ok(Path { steps, at: first.at })
    }

    fn select_item(&mut self) -> Parsed<SelectItem> {
        let at = self.at();
        if self.take_if_symbol("(") {
            let children = self.deeper(Self::query)?;
            self.want_symbol(")")?;
            return Ok(SelectItem::Children(Box::new(children)));
        }
        let path = self.path()?;
        if *self.peek() != Token::Symbol("(") {
            return Ok(SelectItem::Field { path, alias: self.alias() });
        }
        let function = path.steps[0].to_ascii_lowercase();
        self.want_symbol("(")?;
        if function == "count" && self.take_if_symbol(")") {
            return Ok(SelectItem::CountRows);
        }
        let inner = self.path()?;
        self.want_symbol(")")?;
        if function == "fields" {
            return Ok(SelectItem::AllFields { which: which(&inner)?, at });
        }
        if function == "convertcurrency" {
            return Ok(SelectItem::Converted { path: inner, alias: self.alias() });
        }
        let function = function_of(&path)?;
        let aggregate = Aggregate { function, path: inner };
        Ok(SelectItem::Aggregate { aggregate, alias: self.alias() })
    }

    fn operand(&mut self) -> Parsed<Operand> {
        let path = self.path()?;
        if !self.take_if_symbol("(") {
            return Ok(Operand::Path(path));
        }
        let function = function_of(&path)?;
        let inner = self.path()?;
        self.want_symbol(")")?;
        Ok(Operand::Aggregate(Aggregate { function, path: inner }))
    }

    /// AND and OR may not meet on one level without parentheses: Salesforce refuses that.
    fn condition(&mut self) -> Parsed<Expr> {
        let first = self.term()?;
        let word = match self.peek_word() {
            Some(word) if word == "and" || word == "or" => word,
            _ => return Ok(first),
        };
        let mut terms = vec![first];
        while self.take_if_word(&word) {
            terms.push(self.term()?);
        }
        if self.peek_word().is_some_and(|next| next == "and" || next == "or") {
            return self.unexpected();
        }
        Ok(if word == "and" { Expr::And(terms) } else { Expr::Or(terms) })
    }

    fn term(&mut self) -> Parsed<Expr> {
        if self.take_if_word("not") {
            return Ok(Expr::Not(Box::new(self.deeper(Self::term)?)));
        }
        if self.take_if_symbol("(") {
            let inner = self.deeper(Self::condition)?;
            self.want_symbol(")")?;
            return Ok(inner);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Parsed<Expr> {
        let at = self.at();
        let left = self.operand()?;
        let negated = self.take_if_word("not");
        if let Operand::Path(path) = &left {
            if self.take_if_word("in") {
                return self.set(path.clone(), negated, at);
            }
            for (word, excluded) in [("includes", false), ("excludes", true)] {
                if !negated && self.take_if_word(word) {
                    let sets = self.literals()?;
                    return Ok(Expr::Includes { path: path.clone(), negated: excluded, sets });
                }
            }
        }
        if negated {
            return self.unexpected();
        }
        let op = self.op()?;
        let right = self.literal()?;
        Ok(Expr::Compare { left, op, right, at })
    }

    fn op(&mut self) -> Parsed<Op> {
        let op = match self.peek() {
            Token::Symbol("=") => Op::Eq,
            Token::Symbol("!=") => Op::Ne,
            Token::Symbol("<") => Op::Lt,
            Token::Symbol("<=") => Op::Le,
            Token::Symbol(">") => Op::Gt,
            Token::Symbol(">=") => Op::Ge,
            Token::Word(word) if word.eq_ignore_ascii_case("like") => Op::Like,
            _ => return self.unexpected(),
        };
        self.take();
        Ok(op)
    }

    fn set(&mut self, path: Path, negated: bool, at: usize) -> Parsed<Expr> {
        let next = self.tokens.get(self.next + 1).map(|placed| &placed.token);
        let is_query =
            matches!(next, Some(Token::Word(word)) if word.eq_ignore_ascii_case("select"));
        if *self.peek() == Token::Symbol("(") && is_query {
            self.want_symbol("(")?;
            let query = Box::new(self.deeper(Self::query)?);
            self.want_symbol(")")?;
            return Ok(Expr::InQuery { path, negated, query });
        }
        let set = self.literals()?;
        Ok(Expr::In { path, negated, set, at })
    }

    fn literals(&mut self) -> Parsed<Vec<Literal>> {
        self.want_symbol("(")?;
        let mut literals = vec![self.literal()?];
        while self.take_if_symbol(",") {
            literals.push(self.literal()?);
        }
        self.want_symbol(")")?;
        Ok(literals)
    }

    fn literal(&mut self) -> Parsed<Literal> {
        let literal = match self.peek().clone() {
            Token::Text(text) => Literal::Text(text),
            Token::Number(number) => Literal::Number(number),
            Token::Amount(code, number) => Literal::Amount(code, number),
            Token::Date(date) => Literal::Date(date),
            Token::Instant(instant) => Literal::Instant(instant),
            Token::Word(word) => match word.to_ascii_lowercase().as_str() {
                "null" => Literal::Null,
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                _ if super::dates::is_relative(&word) => return self.relative(&word),
                _ => return self.unexpected(),
            },
            _ => return self.unexpected(),
        };
        self.take();
        Ok(literal)
    }

    fn relative(&mut self, word: &str) -> Parsed<Literal> {
        self.take();
        let word = word.to_ascii_uppercase();
        if !super::dates::takes_number(&word) {
            return Ok(Literal::Relative(word, None));
        }
        self.want_symbol(":")?;
        let count = i64::try_from(self.count()?).unwrap_or(i64::MAX);
        Ok(Literal::Relative(word, Some(count)))
    }

    fn group(&mut self) -> Parsed<Vec<Path>> {
        let mut paths = Vec::new();
        if self.take_if_word("group") {
            self.want_word("by")?;
            paths.push(self.path()?);
            while self.take_if_symbol(",") {
                paths.push(self.path()?);
            }
        }
        Ok(paths)
    }

    fn order(&mut self) -> Parsed<Vec<Order>> {
        let mut orders = Vec::new();
        if self.take_if_word("order") {
            self.want_word("by")?;
            orders.push(self.order_item()?);
            while self.take_if_symbol(",") {
                orders.push(self.order_item()?);
            }
        }
        Ok(orders)
    }

    fn order_item(&mut self) -> Parsed<Order> {
        let by = self.operand()?;
        let descending = self.take_if_word("desc") || !self.take_if_ascending();
        let mut nulls_last = false;
        if self.take_if_word("nulls") {
            nulls_last = self.take_if_word("last");
            if !nulls_last {
                self.want_word("first")?;
            }
        }
        Ok(Order { by, descending, nulls_last })
    }

    /// Takes an optional ASC; always true, so that the absence of DESC reads as ascending.
    fn take_if_ascending(&mut self) -> bool {
        self.take_if_word("asc");
        true
    }

    fn count(&mut self) -> Parsed<usize> {
        let count = match self.peek() {
            Token::Number(number) => number.to_string().parse().ok(),
            _ => None,
        };
        match count {
            Some(count) => {
                self.take();
                Ok(count)
            }
            None => self.unexpected(),
        }
    }

    fn offset(&mut self) -> Parsed<Option<(usize, usize)>> {
        if !self.take_if_word("offset") {
            return Ok(None);
        }
        let at = self.at();
        let offset = self.count()?;
        if offset > OFFSET_MAX {
            return Err(QueryFault {
                code: "NUMBER_OUTSIDE_VALID_RANGE",
                message: format!("Maximum SOQL offset allowed is {OFFSET_MAX}"),
                at: Some(at),
            });
        }
        Ok(Some((offset, at)))
    }
}

fn which(path: &Path) -> Parsed<Which> {
    match path.steps[0].to_ascii_lowercase().as_str() {
        "all" => Ok(Which::All),
        "standard" => Ok(Which::Standard),
        "custom" => Ok(Which::Custom),
        other => Err(QueryFault::unexpected(&format!("'{other}'"), path.at)),
    }
}

fn function_of(path: &Path) -> Parsed<Function> {
    match (path.steps.len(), path.steps[0].to_ascii_lowercase().as_str()) {
        (1, "count") => Ok(Function::Count),
        (1, "count_distinct") => Ok(Function::CountDistinct),
        (1, "sum") => Ok(Function::Sum),
        (1, "avg") => Ok(Function::Avg),
        (1, "min") => Ok(Function::Min),
        (1, "max") => Ok(Function::Max),
        _ => Err(QueryFault::unexpected("'('", path.at)),
    }
}
