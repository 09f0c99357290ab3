//! Cuts a query into tokens, each with its place.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::fault::QueryFault;

/// Longest query that is read, in bytes (salesforce §5.1).
pub const QUERY_BYTES_MAX: usize = 100_000;
/// Longest string in a condition (salesforce §5.1).
const TEXT_CHARS_MAX: usize = 4000;

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Word(String),
    Number(Decimal),
    /// `USD5000`: an amount of a currency.
    Amount(String, Decimal),
    /// The text between the quotes, escapes still in it.
    Text(String),
    Date(Date),
    Instant(Timestamp),
    Symbol(&'static str),
    End,
}

/// A token and the offset at which it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub token: Token,
    pub at: usize,
}

impl Token {
    /// How an error message quotes the token.
    pub fn quote(&self) -> String {
        match self {
            Token::Word(word) => format!("'{word}'"),
            Token::Number(number) => format!("'{number}'"),
            Token::Amount(code, number) => format!("'{code}{number}'"),
            Token::Text(text) => format!("'{text}'"),
            Token::Date(date) => format!("'{date}'"),
            Token::Instant(instant) => format!("'{instant}'"),
            Token::Symbol(symbol) => format!("'{symbol}'"),
            Token::End => "'<EOF>'".to_owned(),
        }
    }
}

/// All tokens, the last one [`Token::End`].
pub fn tokens(query: &str) -> Result<Vec<Placed>, QueryFault> {
    if query.len() > QUERY_BYTES_MAX {
        return Err(QueryFault::malformed("SOQL statement is too long", 0));
    }
    let mut at = 0;
    let mut tokens = Vec::new();
    while let Some(letter) = query[at..].chars().next() {
        if letter.is_whitespace() {
            at += letter.len_utf8();
            continue;
        }
        let (token, length) = token(&query[at..], at)?;
        tokens.push(Placed { token, at });
        at += length;
    }
    tokens.push(Placed { token: Token::End, at });
    Ok(tokens)
}

/// The token at the start of `rest`, and its length.
fn token(rest: &str, at: usize) -> Result<(Token, usize), QueryFault> {
    const SYMBOLS: [&str; 12] = ["<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ",", ".", ":"];
    let first = rest.chars().next().unwrap_or(' ');
    if first == '\'' {
        return text(rest, at);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        return Ok(word(rest));
    }
    let signed = (first == '-' || first == '+')
        && rest[1..].starts_with(|next: char| next.is_ascii_digit() || next == '.');
    let fraction = first == '.' && rest[1..].starts_with(|next: char| next.is_ascii_digit());
    if first.is_ascii_digit() || signed || fraction {
        return number_or_date(rest, at);
    }
    match SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
        Some("<>") => Ok((Token::Symbol("!="), 2)),
        Some(symbol) => Ok((Token::Symbol(symbol), symbol.len())),
        None => Err(QueryFault::malformed(
            format!("line 1:{at} no viable alternative at character '{first}'"),
            at,
        )),
    }
}

fn word(rest: &str) -> (Token, usize) {
    let length = rest
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .unwrap_or(rest.len());
    let word = &rest[..length];
    if let Some((code, digits)) = word.split_at_checked(3) {
        let is_code = code.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_code && digits.starts_with(|digit: char| digit.is_ascii_digit()) {
            let fraction = fraction_length(&rest[length..]);
            if let Ok(number) = rest[3..length + fraction].parse() {
                return (Token::Amount(code.to_owned(), number), length + fraction);
            }
        }
    }
    (Token::Word(word.to_owned()), length)
}

fn fraction_length(rest: &str) -> usize {
    let Some(digits) = rest.strip_prefix('.') else { return 0 };
    let length = digits.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(digits.len());
    if length == 0 { 0 } else { length + 1 }
}

fn text(rest: &str, at: usize) -> Result<(Token, usize), QueryFault> {
    let mut escaped = false;
    for (offset, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => {
                if !"'\\nNrRtTbBfF\"_%uU".contains(letter) {
                    let message = format!("Illegal escape sequence: \\{letter}");
                    return Err(QueryFault::malformed(message, at + offset - 1));
                }
                escaped = false;
            }
            '\\' => escaped = true,
            '\'' => {
                let inner = &rest[1..offset];
                if inner.chars().count() > TEXT_CHARS_MAX {
                    return Err(QueryFault::malformed("string literal is too long", at));
                }
                return Ok((Token::Text(inner.to_owned()), offset + 1));
            }
            _ => {}
        }
    }
    Err(QueryFault::malformed("line breaks not allowed in string literals or unclosed string", at))
}

fn number_or_date(rest: &str, at: usize) -> Result<(Token, usize), QueryFault> {
    if is_date(rest) {
        return date(rest, at);
    }
    let mut length = 1;
    let bytes = rest.as_bytes();
    while let Some(byte) = bytes.get(length) {
        let exponent = matches!(bytes[length - 1], b'e' | b'E');
        let belongs = byte.is_ascii_digit()
            || matches!(byte, b'.' | b'e' | b'E')
            || (exponent && matches!(byte, b'+' | b'-'));
        if !belongs {
            break;
        }
        length += 1;
    }
    let number = crate::salesforce::json::decimal(&rest[..length]);
    let number = number.ok_or_else(|| QueryFault::unexpected(&rest[..length], at))?;
    Ok((Token::Number(number), length))
}

/// Four digits, dash, two digits, dash, two digits.
fn is_date(rest: &str) -> bool {
    let shape = b"dddd-dd-dd";
    rest.len() >= shape.len()
        && rest.bytes().zip(shape).all(|(byte, want)| match want {
            b'd' => byte.is_ascii_digit(),
            dash => byte == *dash,
        })
}

/// `2026-10-31`, or with a time and `Z` or an offset with colon (salesforce §5.3).
fn date(rest: &str, at: usize) -> Result<(Token, usize), QueryFault> {
    let day = rest[..10].parse::<Date>().map_err(|_| bad_date(&rest[..10], at))?;
    if !rest[10..].starts_with(['T', 't']) {
        return Ok((Token::Date(day), 10));
    }
    let tail = &rest[11..];
    let belongs = |letter: char| letter.is_ascii_digit() || "Zz:.+-".contains(letter);
    let length = 11 + tail.find(|letter| !belongs(letter)).unwrap_or(tail.len());
    let text = &rest[..length];
    let has_zone = text.ends_with(['Z', 'z'])
        || text.get(length.saturating_sub(6)..).is_some_and(|zone| {
            zone.starts_with(['+', '-']) && zone.as_bytes().get(3) == Some(&b':')
        });
    let instant = text.parse::<Timestamp>().ok().filter(|_| has_zone);
    instant.map(|instant| (Token::Instant(instant), length)).ok_or_else(|| bad_date(text, at))
}

fn bad_date(text: &str, at: usize) -> QueryFault {
    QueryFault::malformed(format!("Invalid date or dateTime literal: {text}"), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expected: &[Token]) {
        let found: Vec<_> =
            tokens(query).expect("readable").into_iter().map(|placed| placed.token).collect();
        assert_eq!(found[..found.len() - 1], *expected);
    }

    #[track_caller]
    fn refused(query: &str) {
        assert_eq!(tokens(query).expect_err("refused").code, "MALFORMED_QUERY");
    }

    #[test]
    fn every_kind_of_token_is_cut() {
        let word = |text: &str| Token::Word(text.to_owned());
        check("a.B__c>=", &[word("a"), Token::Symbol("."), word("B__c"), Token::Symbol(">=")]);
        check("<>", &[Token::Symbol("!=")]);
        check("-1.50", &[Token::Number("-1.50".parse().expect("a decimal"))]);
        check("1e3", &[Token::Number("1000".parse().expect("a decimal"))]);
        check("USD5000.5", &[Token::Amount("USD".to_owned(), "5000.5".parse().expect("one"))]);
        check(r"'O\'Neil'", &[Token::Text(r"O\'Neil".to_owned())]);
        check("2026-10-31", &[Token::Date(Date::constant(2026, 10, 31))]);
        let instant = Token::Instant("2026-10-31T21:59:59Z".parse().expect("an instant"));
        check("2026-10-31T23:59:59+02:00", std::slice::from_ref(&instant));
        check("2026-10-31T21:59:59Z", &[instant]);
    }

    #[test]
    fn bad_text_is_refused() {
        refused("'open");
        refused(r"'\x'");
        refused("2026-13-01");
        refused("2026-10-31T23:59:59+0200");
        refused("2026-10-31T23:59:59");
        refused("a ; b");
        refused(&"x".repeat(QUERY_BYTES_MAX + 1));
    }
}
