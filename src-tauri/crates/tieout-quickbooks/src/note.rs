//! What we write into notes, and read from them (`quickbooks §3.9`).

use tieout_connect::json::{Reading, Record};
use tieout_domain::effect::TransactionKey;
use tieout_domain::ids::{AccountId, DealId};

const KEY_TAG: &str = "tieout:";
/// The word of a document's note that names its deal.
const DEAL_TAG: &str = "opp=";
const ACCOUNT_TAG: &str = "tieout:account=";
/// The word that a void puts into the note, before what stood there.
const VOIDED: &str = "Voided";

/// The private note of a document of ours.
pub(crate) fn document_note(key: &TransactionKey, deal: &DealId) -> String {
    format!("{KEY_TAG}{key} {DEAL_TAG}{deal}")
}

/// The line of a customer's notes that names its CRM account.
pub(crate) fn customer_note(account: &AccountId) -> String {
    format!("{ACCOUNT_TAG}{account}")
}

/// Our key from a private note, wherever it stands: a void puts its own word in front.
pub(crate) fn key_of(note: &str) -> Option<TransactionKey> {
    tagged(note, KEY_TAG).find_map(|word| TransactionKey::parse(word).ok())
}

/// The deal that a private note of ours names: the word right behind our key, and no other.
pub(crate) fn deal_of(note: &str) -> Option<DealId> {
    note.match_indices(KEY_TAG).find_map(|(at, _)| {
        let mut words = note[at + KEY_TAG.len()..].split_whitespace();
        TransactionKey::parse(words.next()?).ok()?;
        DealId::new(words.next()?.strip_prefix(DEAL_TAG)?).ok()
    })
}

/// The CRM account that a customer's notes name.
pub(crate) fn account_of(notes: &str) -> Option<AccountId> {
    tagged(notes, ACCOUNT_TAG).find_map(|word| AccountId::new(word).ok())
}

/// A void leaves a document of total zero whose note says so; there is no status of its own.
pub(crate) fn says_voided(note: Option<&str>) -> bool {
    note.is_some_and(|note| note.contains(VOIDED))
}

/// The value of a custom field of a sales form under its label; empty is none.
pub(crate) fn custom_field(record: &Record<'_>, label: &str) -> Reading<Option<String>> {
    for field in record.records("CustomField")? {
        let named = field.text_or_none("Name")?.is_some_and(|name| name.trim() == label);
        if named {
            return value_of(&field);
        }
    }
    Ok(None)
}

fn value_of(field: &Record<'_>) -> Reading<Option<String>> {
    if let Some(flag) = field.flag_or_none("BooleanValue")? {
        return Ok(flag.then(|| "true".to_owned()));
    }
    if let Some(number) = field.decimal_or_none("NumberValue")? {
        return Ok(Some(number.normalize().to_string()));
    }
    let text = match field.text_or_none("StringValue")? {
        Some(text) => Some(text),
        None => field.text_or_none("DateValue")?,
    };
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// The words that follow each occurrence of a tag, up to the next white space.
fn tagged<'a>(text: &'a str, tag: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(tag)
        .filter_map(move |(at, _)| text[at + tag.len()..].split_whitespace().next())
        .map(|word| word.trim_end_matches([',', ';', '.']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "TIE-4WIP5NPYZH6ZVQOB";

    #[track_caller]
    fn check_key(note: &str, want: Option<&str>) {
        assert_eq!(key_of(note).as_ref().map(TransactionKey::as_str), want);
    }

    #[test]
    fn a_note_is_read_back() {
        let key = TransactionKey::parse(KEY).unwrap();
        let note = document_note(&key, &DealId::new("0065g00000AbCdEAAV").unwrap());
        assert_eq!(note, "tieout:TIE-4WIP5NPYZH6ZVQOB opp=0065g00000AbCdEAAV");
        check_key(&note, Some(KEY));
    }

    #[test]
    fn a_void_in_front_does_not_hide_the_key() {
        check_key("Voided - tieout:TIE-4WIP5NPYZH6ZVQOB opp=x", Some(KEY));
        check_key("Voided\ntieout:TIE-4WIP5NPYZH6ZVQOB", Some(KEY));
    }

    #[test]
    fn what_a_person_added_does_not_hide_the_key() {
        check_key("paid late; tieout:TIE-4WIP5NPYZH6ZVQOB, call Amy", Some(KEY));
    }

    #[test]
    fn the_deal_stands_right_behind_the_key() {
        let deal = |note: &str| deal_of(note).map(|deal| deal.to_string());
        let named = Some("0065g00000AbCdEAAV".to_owned());
        assert_eq!(deal("Voided - tieout:TIE-4WIP5NPYZH6ZVQOB opp=0065g00000AbCdEAAV"), named);
        assert_eq!(deal("tieout:x tieout:TIE-4WIP5NPYZH6ZVQOB opp=0065g00000AbCdEAAV"), named);
        assert_eq!(deal("opp=0065g00000AbCdEAAV"), None);
        assert_eq!(deal("tieout:TIE-4WIP5NPYZH6ZVQOB see opp=0065g00000AbCdEAAV"), None);
        assert_eq!(deal("tieout:TIE-4WIP5NPYZH6ZVQOB opp="), None);
    }

    #[test]
    fn half_a_key_is_no_key() {
        check_key("tieout:TIE-4WIP5NPY", None);
        check_key("tieout:", None);
        check_key("TIE-4WIP5NPYZH6ZVQOB", None);
    }

    #[test]
    fn a_customer_names_its_account() {
        let account = AccountId::new("0015g00000XyZabAAF").unwrap();
        let notes = format!("Net 30 agreed\n{}\n", customer_note(&account));
        assert_eq!(account_of(&notes), Some(account));
        assert_eq!(account_of("tieout:account="), None);
    }
}
