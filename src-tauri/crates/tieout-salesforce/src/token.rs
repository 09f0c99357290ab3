//! Where a feed goes on: a page behind a locator, a place in the order, or the deletions.

use jiff::Timestamp;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, PageToken};

use crate::soql::instant;

/// Rows per page once a whole answer was too much for the organisation.
pub(crate) const KEYSET_ROWS_MAX: u32 = 1_000;
/// Rows per page below which we give up.
pub(crate) const KEYSET_ROWS_MIN: u32 = 125;

/// The next page of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// The path that the last page named.
    Locator(String),
    /// The rows behind one row, at most so many.
    Keyset { rows: u32, after: Option<RowPlace> },
    /// What was deleted between two moments.
    Deletions { from: Timestamp, to: Timestamp },
}

/// A place in the order of change time and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowPlace {
    pub at: Timestamp,
    pub id: String,
}

impl Next {
    pub fn to_token(&self) -> PageToken {
        PageToken(match self {
            Self::Locator(path) => format!("locator|{path}"),
            Self::Keyset { rows, after: None } => format!("rows|{rows}"),
            Self::Keyset { rows, after: Some(place) } => {
                format!("rows|{rows}|{}|{}", place.at, place.id)
            }
            Self::Deletions { from, to } => format!("deleted|{from}|{to}"),
        })
    }

    /// Reads a token of this connector; another one is a cursor that is lost.
    pub fn parse(token: &PageToken) -> Answer<Self> {
        Self::read(&token.0).ok_or(ConnectorError::CursorLost)
    }

    fn read(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once('|')?;
        match kind {
            "locator" => Some(Self::Locator(rest.to_owned())),
            "rows" => {
                let mut parts = rest.splitn(3, '|');
                let rows = parts.next()?.parse().ok()?;
                let after = match (parts.next(), parts.next()) {
                    (None, None) => None,
                    (at, id) => Some(RowPlace { at: at?.parse().ok()?, id: id?.to_owned() }),
                };
                Some(Self::Keyset { rows, after })
            }
            "deleted" => {
                let (from, to) = rest.split_once('|')?;
                Some(Self::Deletions { from: from.parse().ok()?, to: to.parse().ok()? })
            }
            _ => None,
        }
    }
}

impl RowPlace {
    /// The condition for the rows behind this one. Thousands of rows may share a second, so the
    /// id decides among them (`salesforce §6`).
    pub fn condition(&self, cursor: &str) -> String {
        let (at, id) = (instant(self.at), crate::soql::text(&self.id));
        format!("({cursor} > {at} OR ({cursor} = {at} AND Id > {id}))")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn place() -> RowPlace {
        RowPlace { at: at("2026-07-06T16:42:00Z"), id: "006Hs00001AsDfGIAV".to_owned() }
    }

    #[test]
    fn every_token_survives_its_text() {
        for next in [
            Next::Locator("/services/data/v66.0/query/0r8Hs-2000".to_owned()),
            Next::Keyset { rows: 500, after: None },
            Next::Keyset { rows: 500, after: Some(place()) },
            Next::Deletions { from: at("2026-07-01T00:00:00Z"), to: at("2026-07-02T00:00:00Z") },
        ] {
            assert_eq!(Next::parse(&next.to_token()).unwrap(), next);
        }
    }

    #[test]
    fn a_strange_token_is_a_lost_cursor() {
        for text in [
            "",
            "x",
            "locator",
            "rows|x",
            "rows|5|now|006",
            "rows|5|2026-07-06T16:42:00Z",
            "deleted|a|b",
        ] {
            let outcome = Next::parse(&PageToken(text.to_owned()));
            assert!(matches!(outcome, Err(ConnectorError::CursorLost)), "{text}");
        }
    }

    #[test]
    fn rows_of_one_second_are_told_apart_by_id() {
        assert_eq!(
            place().condition("SystemModstamp"),
            "(SystemModstamp > 2026-07-06T16:42:00Z OR (SystemModstamp = 2026-07-06T16:42:00Z AND \
             Id > '006Hs00001AsDfGIAV'))"
        );
    }
}
