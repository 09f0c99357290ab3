//! Laws of the language: no text breaks the parser, and LIKE agrees with a naive reading.

use proptest::collection::vec;
use proptest::prelude::*;

use super::ast::{Expr, SelectItem};
use super::parser::{parse, parse_condition};
use super::text::{like, pattern, plain};

/// Pieces of queries, good and bad.
fn words() -> impl Strategy<Value = String> {
    let words = [
        "SELECT",
        "FROM",
        "WHERE",
        "AND",
        "OR",
        "NOT",
        "IN",
        "LIKE",
        "GROUP BY",
        "ORDER BY",
        "LIMIT",
        "OFFSET",
        "HAVING",
        "COUNT()",
        "SUM(Amount)",
        "Id",
        "Account.Name",
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<=",
        "'a'",
        "'",
        "\\",
        "2026-07-06",
        "2026-07-06T00:00:00Z",
        "TODAY",
        "LAST_N_DAYS:3",
        "5",
        "-1.5e3",
        "USD5",
        "null",
        "true",
        ".",
        ":",
        "é",
        "NULLS LAST",
    ];
    vec(prop::sample::select(words.to_vec()), 0..40).prop_map(|words| words.join(" "))
}

/// LIKE by trying every split: slow, short, and plainly right.
fn naive_like(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|at| naive_like(rest, &text[at..])),
        ['_', rest @ ..] => !text.is_empty() && naive_like(rest, &text[1..]),
        [letter, rest @ ..] => text.first() == Some(letter) && naive_like(rest, &text[1..]),
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_parser(text in ".*") {
        let _ = parse(&text);
        let _ = parse_condition(&text);
    }

    #[test]
    fn no_sequence_of_tokens_breaks_the_parser(text in words()) {
        if let Err(fault) = parse(&text) {
            // The place lies in the text, and the message can be laid out.
            let _ = fault.refusal(&text);
        }
    }

    #[test]
    fn like_agrees_with_the_naive_reading(raw in "[ab%_]{0,8}", text in "[ab]{0,10}") {
        let letters: Vec<char> = raw.chars().collect();
        let expected = naive_like(&letters, &text.chars().collect::<Vec<_>>());
        prop_assert_eq!(like(&pattern(&raw), &text), expected);
    }

    #[test]
    fn an_escaped_text_stands_for_itself(text in "[a-z'\\\\%_ ]{0,12}") {
        let raw = text.replace('\\', "\\\\").replace('\'', "\\'");
        prop_assert_eq!(plain(&raw), text);
    }
}

#[test]
fn a_condition_is_a_tree_of_its_connectives() {
    let tree = parse_condition("(a = 1 OR b = 2) AND NOT c = 3").expect("readable");
    let Expr::And(terms) = tree else { panic!("AND is on top") };
    assert!(matches!(&terms[..], [Expr::Or(_), Expr::Not(_)]));
}

#[test]
fn keywords_may_stand_in_any_case_and_fields_may_be_called_like_them() {
    let query = parse("select Id, Type, Limit__c from Account where Type = 'x' limit 1");
    let query = query.expect("readable");
    assert_eq!((query.select.len(), query.limit), (3, Some(1)));
    assert!(matches!(&query.select[1], SelectItem::Field { alias: None, .. }));
}
