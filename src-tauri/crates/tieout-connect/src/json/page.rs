//! From an answer to facts: every record of a page becomes a fact or is kept whole.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use tieout_domain::facts::{Fact, QuarantineReason, Quarantined, Stream};

use super::text::excerpt;
use super::{ReadError, Reading, Record};
use crate::error::ConnectorError;
use crate::ports::Read;

/// The outer object of an answer. A body that is no JSON of the expected shape is `Malformed`.
pub struct Envelope;

impl Envelope {
    /// Reads the body into `T`, whose records should be `Box<RawValue>` so that one bad record
    /// cannot spoil the page. `path` names the answer in the error.
    pub fn read<T: DeserializeOwned>(body: &Bytes, path: &str) -> Result<T, ConnectorError> {
        // Bytes that are no UTF-8 would condemn a whole page; replaced, they condemn one record.
        let text = String::from_utf8_lossy(body);
        serde_json::from_str(&text).map_err(|_| ConnectorError::Malformed { path: path.to_owned() })
    }
}

/// Turns the records of one answer into facts. `id_field` is the field that names a record.
///
/// A record that says nothing to us is `Ok(None)`. Two records with one id: equal copies after the
/// first are quarantined as `DUPLICATE_ID`; if the copies differ, all of them are, since choosing
/// one would be a guess.
pub fn read_records<R: AsRef<RawValue>>(
    stream: Stream,
    records: &[R],
    id_field: &str,
    read: impl Fn(&Record<'_>) -> Reading<Option<Fact>>,
) -> Vec<Read> {
    let texts: Vec<&str> = records.iter().map(|record| record.as_ref().get()).collect();
    let ids: Vec<Option<String>> = texts.iter().map(|text| id_of(text, id_field)).collect();
    let contradicting = contradicting_ids(&ids, &texts);
    let mut seen = BTreeSet::new();
    let mut out = Vec::with_capacity(texts.len());
    for (position, (text, id)) in texts.iter().zip(&ids).enumerate() {
        let shown_id = id.clone().unwrap_or_else(|| format!("record[{position}]"));
        let duplicate = id.as_ref().is_some_and(|id| contradicting.contains(id.as_str()))
            || !seen.insert(shown_id.clone());
        let reading = if duplicate {
            Err(ReadError {
                path: id_field.to_owned(),
                reason: QuarantineReason::DuplicateId,
                excerpt: excerpt(&shown_id),
            })
        } else {
            read_one(text, &read)
        };
        out.extend(fact_or_quarantined(stream, &shown_id, text, reading));
    }
    out
}

/// The fact, nothing, or the record kept whole with its reason.
pub fn fact_or_quarantined(
    stream: Stream,
    id: &str,
    raw: &str,
    reading: Reading<Option<Fact>>,
) -> Option<Read> {
    match reading {
        Ok(fact) => fact.map(|fact| Read::Fact(Box::new(fact))),
        Err(error) => Some(Read::Quarantined(Box::new(quarantined(stream, id, raw, error)))),
    }
}

/// A record that is kept whole because of `error`.
pub fn quarantined(stream: Stream, id: &str, raw: &str, error: ReadError) -> Quarantined {
    let ReadError { path, reason, excerpt } = error;
    Quarantined { stream, id: id.to_owned(), reason, path, excerpt, raw: raw.to_owned() }
}

fn read_one(
    text: &str,
    read: impl Fn(&Record<'_>) -> Reading<Option<Fact>>,
) -> Reading<Option<Fact>> {
    let value: Value = serde_json::from_str(text).map_err(|_| ReadError {
        path: String::new(),
        reason: QuarantineReason::Malformed,
        excerpt: excerpt(text),
    })?;
    read(&Record::of(&value)?)
}

/// The id of a record, even where another field of it cannot be read.
fn id_of(text: &str, id_field: &str) -> Option<String> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    let id: String = serde_json::from_str(fields.get(id_field)?.get()).ok()?;
    let clean: String = id.chars().filter(|c| !c.is_control()).collect();
    Some(clean).filter(|id| !id.is_empty())
}

/// Ids that occur with more than one content.
fn contradicting_ids(ids: &[Option<String>], texts: &[&str]) -> BTreeSet<String> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut contradicting = BTreeSet::new();
    for (id, text) in ids.iter().zip(texts) {
        let Some(id) = id else { continue };
        let known = first.entry(id).or_insert(text);
        if known != text {
            contradicting.insert(id.clone());
        }
    }
    contradicting
}

#[cfg(test)]
mod tests {
    use tieout_domain::facts::{Gone, Quarantined};

    use super::*;

    fn gone(record: &Record<'_>) -> Reading<Option<Fact>> {
        if record.has("Skip") {
            return Ok(None);
        }
        Ok(Some(Fact::Gone(Gone {
            stream: Stream::Deals,
            id: record.text("Id")?,
            deleted_at: record.instant("At")?,
        })))
    }

    fn read(text: &str) -> Vec<Read> {
        let body = Bytes::copy_from_slice(text.as_bytes());
        let records: Vec<Box<RawValue>> = Envelope::read(&body, "page").unwrap();
        read_records(Stream::Deals, &records, "Id", gone)
    }

    #[track_caller]
    fn check(text: &str, want: &[&str]) {
        let got: Vec<String> = read(text)
            .iter()
            .map(|read| match read {
                Read::Fact(fact) => format!("fact {}", fact.id()),
                Read::Quarantined(q) => format!("{} {} at {}", q.reason.as_str(), q.id, q.path),
            })
            .collect();
        assert_eq!(got, want);
    }

    const A: &str = r#"{"Id":"a","At":"2026-07-01T00:00:00Z"}"#;

    #[test]
    fn a_record_becomes_a_fact() {
        check(&format!("[{A}]"), &["fact a"]);
    }

    #[test]
    fn a_poisoned_record_does_not_stop_the_rest() {
        check(
            &format!(r#"[{{"Id":"x","At":"soon"}},{A},7,{{"Id":"y","At":"\ud800"}}]"#),
            &["MALFORMED x at At", "fact a", "MALFORMED record[2] at ", "MALFORMED y at "],
        );
    }

    #[test]
    fn a_record_that_says_nothing_to_us_is_left_out() {
        check(r#"[{"Id":"s","Skip":true}]"#, &[]);
    }

    #[test]
    fn an_equal_copy_is_quarantined_and_the_first_stays() {
        check(&format!("[{A},{A}]"), &["fact a", "DUPLICATE_ID a at Id"]);
    }

    #[test]
    fn contradicting_copies_are_both_quarantined() {
        let other = A.replace("07-01", "07-02");
        check(&format!("[{A},{other}]"), &["DUPLICATE_ID a at Id", "DUPLICATE_ID a at Id"]);
    }

    #[test]
    fn ids_are_compared_byte_by_byte() {
        let other = A.replace("\"a\"", "\"A\"");
        check(&format!("[{A},{other}]"), &["fact a", "fact A"]);
    }

    #[test]
    fn the_record_is_kept_as_it_came() {
        let text = r#"[{"Id":"x", "At" : "3.50E2"}]"#;
        let Read::Quarantined(q) = &read(text)[0] else { panic!("quarantined") };
        let Quarantined { raw, excerpt, .. } = q.as_ref();
        assert_eq!((raw.as_str(), excerpt.as_str()), (r#"{"Id":"x", "At" : "3.50E2"}"#, "3.50E2"));
    }

    #[test]
    fn a_body_that_is_no_json_is_malformed() {
        let body = Bytes::from_static(b"<html>Down for maintenance</html>");
        let answer: Result<Vec<Box<RawValue>>, _> = Envelope::read(&body, "page");
        assert!(matches!(answer, Err(ConnectorError::Malformed { path }) if path == "page"));
    }

    #[test]
    fn bytes_that_are_no_text_spoil_only_their_record() {
        let body = Bytes::from_static(b"[{\"Id\":\"a\",\"At\":\"\xff\"}]");
        let records: Vec<Box<RawValue>> = Envelope::read(&body, "page").unwrap();
        assert_eq!(read_records(Stream::Deals, &records, "Id", gone).len(), 1);
    }
}
