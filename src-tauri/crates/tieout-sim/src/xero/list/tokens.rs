//! The words of a `where` expression.

/// One word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name, maybe with dots: `Contact.ContactID`.
    Name(String),
    Text(String),
    Number(String),
    /// `==`, `!=`, `<`, `<=`, `>`, `>=`, `&&`, `||`, `!`, `(`, `)`, `,`, `.`.
    Sign(&'static str),
}

/// Longer signs first. `=` and `<>` are other spellings.
const SIGNS: [(&str, &str); 16] = [
    ("==", "=="),
    ("!=", "!="),
    ("<>", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("&&", "&&"),
    ("||", "||"),
    ("=", "=="),
    ("<", "<"),
    (">", ">"),
    ("!", "!"),
    ("(", "("),
    (")", ")"),
    (",", ","),
    (".", "."),
    ("-", "-"),
];

/// Takes the text apart; `None` where it is none of an expression.
pub fn read(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '"' => {
                let (inner, after) = rest[1..].split_once('"')?;
                (Token::Text(inner.to_owned()), after)
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
                let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
                (word(name), after)
            }
            '0'..='9' => {
                let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
                let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
                (Token::Number(number.to_owned()), after.trim_start_matches(['m', 'M']))
            }
            _ => {
                let (sign, meant) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign))?;
                (Token::Sign(meant), &rest[sign.len()..])
            }
        };
        tokens.push(token);
        rest = after.trim_start();
    }
    Some(tokens)
}

fn word(name: &str) -> Token {
    match name.to_ascii_uppercase().as_str() {
        "AND" => Token::Sign("&&"),
        "OR" => Token::Sign("||"),
        _ => Token::Name(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        let name = |text: &str| Token::Name(text.to_owned());
        assert_eq!(
            read(r#"Type=="ACCREC" AND AmountDue >= 1.50"#).unwrap(),
            [
                name("Type"),
                Token::Sign("=="),
                Token::Text("ACCREC".to_owned()),
                Token::Sign("&&"),
                name("AmountDue"),
                Token::Sign(">="),
                Token::Number("1.50".to_owned()),
            ]
        );
        assert_eq!(read("Type==\"ACC"), None);
        assert_eq!(read("Type # 1"), None);
    }
}
