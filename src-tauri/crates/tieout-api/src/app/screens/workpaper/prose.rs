//! A paragraph of the paper as a phrase of the window: amounts become amounts again, so that they
//! are set as figures and can be hidden.

use tieout_domain::{Currency, Money};
use tieout_report::Prose;

use crate::app::screens::find::typed_amount;
use crate::app::shapes::{AmountTone, Phrase, PhrasePart};

/// The phrase; amounts without a currency of their own are in this one.
pub(crate) fn phrase_of(prose: &Prose, currency: Currency) -> Phrase {
    let mut phrase = Phrase::new();
    for (text, is_figure) in prose.pieces() {
        let tone = if is_figure { AmountTone::Strong } else { AmountTone::Plain };
        let mut rest = text;
        while let Some((at, length, amount)) = first_amount(rest, currency) {
            push_text(&mut phrase, &rest[..at]);
            phrase.push(PhrasePart::money(amount, tone));
            rest = &rest[at + length..];
        }
        push_text(&mut phrase, rest);
    }
    phrase
}

fn push_text(phrase: &mut Phrase, text: &str) {
    match (text, phrase.last_mut()) {
        ("", _) => {}
        (text, Some(PhrasePart::Text { text: before })) => before.push_str(text),
        (text, _) => phrase.push(PhrasePart::text(text)),
    }
}

/// Where the first printed amount stands, how long it is, and what it is. Only a number with the
/// digits of its currency is an amount: `1,250.00`, `(350.00)`.
fn first_amount(text: &str, currency: Currency) -> Option<(usize, usize, Money)> {
    let mut at = 0;
    for word in text.split(' ') {
        let token = word.trim_end_matches([',', '.', ';', ':']);
        let following = text[at + word.len()..].trim_start();
        let code = following.get(..3).and_then(|code| Currency::parse(code).ok());
        let of = code.filter(|_| token.len() == word.len()).unwrap_or(currency);
        if let Some(amount) = printed(token, of) {
            return Some((at, token.len(), amount));
        }
        at += word.len() + 1;
    }
    None
}

fn printed(token: &str, currency: Currency) -> Option<Money> {
    let digits = currency.digits() as usize;
    let inner = token.trim_start_matches('(').trim_end_matches(')');
    let (_, decimals) = inner.split_once('.').unwrap_or((inner, ""));
    let is_amount = inner.starts_with(|letter: char| letter.is_ascii_digit())
        && decimals.len() == digits
        && digits > 0;
    typed_amount(token, currency).filter(|_| is_amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_a_paragraph_become_amounts() {
        let usd = Currency::parse("USD").unwrap();
        let prose = Prose::new()
            .say("Receivables are ")
            .figure("697,803.36")
            .say(" USD, of 37 deals 2 have none: (129,250.00) USD; 1.5% is 0.00.");
        let phrase = phrase_of(&prose, usd);
        let told: Vec<String> = phrase
            .iter()
            .map(|part| match part {
                PhrasePart::Text { text } | PhrasePart::Id { text, .. } => text.clone(),
                PhrasePart::Amount { amount, tone, .. } => {
                    format!("[{} {} {tone:?}]", amount.amount, amount.currency)
                }
            })
            .collect();
        let want = "Receivables are [697803.36 USD Strong] USD, of 37 deals 2 have none: \
                    [-129250.00 USD Plain] USD; 1.5% is [0.00 USD Plain].";
        assert_eq!(told.concat(), want);
    }
}
