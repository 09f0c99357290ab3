//! Cuts a statement into tokens.

use super::super::refusal::Refusal;

/// One token with its column, which starts at 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub column: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or key word; dots are part of it.
    Word(String),
    /// Text between single quotes, escapes undone.
    Quoted(String),
    /// A number without quotes: only good for paging.
    Number(String),
    /// `*`, `,`, `(`, `)`, `=`, `<`, `>`, `<=`, `>=` and what else stands alone.
    Sign(String),
}

impl Kind {
    /// The token as error texts show it.
    pub fn shown(&self) -> String {
        match self {
            Kind::Word(text) | Kind::Sign(text) => text.clone(),
            Kind::Quoted(text) => format!("'{text}'"),
            Kind::Number(text) => format!("<INTEGER> \"{text} \""),
        }
    }
}

/// Longest statement that is read.
const STATEMENT_CHARACTERS_MAX: usize = 200_000;

pub fn tokens(statement: &str) -> Result<Vec<Token>, Refusal> {
    let text: Vec<char> = statement.chars().collect();
    if text.len() > STATEMENT_CHARACTERS_MAX {
        return Err(Refusal::query_syntax("<EOF>", STATEMENT_CHARACTERS_MAX));
    }
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(first) = text.get(at) {
        if first.is_whitespace() || *first == ';' {
            at += 1;
            continue;
        }
        let column = at + 1;
        let kind = match first {
            '\'' => quoted(&text, &mut at)?,
            first if first.is_ascii_digit() => {
                Kind::Number(taken(&text, &mut at, |c| c.is_ascii_digit() || c == '.'))
            }
            first if first.is_alphabetic() || *first == '_' => {
                let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
                Kind::Word(taken(&text, &mut at, in_word))
            }
            '<' | '>' | '!' if text.get(at + 1) == Some(&'=') => {
                at += 2;
                Kind::Sign(format!("{first}="))
            }
            other => {
                at += 1;
                Kind::Sign(other.to_string())
            }
        };
        all.push(Token { kind, column });
    }
    Ok(all)
}

fn taken(text: &[char], at: &mut usize, belongs: impl Fn(char) -> bool) -> String {
    let start = *at;
    while text.get(*at).is_some_and(|c| belongs(*c)) {
        *at += 1;
    }
    text[start..*at].iter().collect()
}

/// A backslash takes the next character as it is; doubling a quote is not the way.
fn quoted(text: &[char], at: &mut usize) -> Result<Kind, Refusal> {
    let start = *at;
    let mut inner = String::new();
    *at += 1;
    loop {
        match text.get(*at) {
            Some('\'') => break,
            Some('\\') => {
                inner.extend(text.get(*at + 1));
                *at += 2;
            }
            Some(other) => {
                inner.push(*other);
                *at += 1;
            }
            None => return Err(Refusal::query_syntax("<EOF>", start + 1)),
        }
    }
    *at += 1;
    Ok(Kind::Quoted(inner))
}
