//! Why a run is not complete: for each kind of gap what is missing, and what to do about it.

use tieout_connect::error::ConnectorError;
use tieout_domain::Money;
use tieout_domain::dates::in_words;
use tieout_domain::facts::Stream;
use tieout_domain::ids::ConnectionId;

use crate::compare::{Compared, measure_word};
use crate::problem::Problem;

/// Why a run is not complete, for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A connection could not be used at all.
    Connection { connection: ConnectionId, problem: Problem },
    /// A feed was not read to its end.
    Feed { connection: ConnectionId, stream: Stream, problem: Problem },
    /// A record is kept aside.
    Quarantined {
        connection: ConnectionId,
        stream: Stream,
        id: String,
        reason: String,
        path: String,
    },
    /// A total of the source differs from ours.
    Total { connection: ConnectionId, compared: Box<Compared> },
    /// A permission or setting is missing.
    Missing { connection: ConnectionId, what: String, remedy: String },
}

impl Gap {
    /// A connection whose part of the run a person cancelled.
    pub(crate) fn cancelled(connection: &ConnectionId) -> Self {
        let problem = Problem::from(&ConnectorError::Cancelled);
        Self::Connection { connection: connection.clone(), problem }
    }

    /// What is missing and where, without a full stop. Holds no customer data.
    pub fn sentence(&self) -> String {
        match self {
            Self::Connection { connection, problem } => {
                format!("{connection}: {}", reading(problem))
            }
            Self::Feed { connection, stream, problem } => {
                let (feed, what) = (feed(*stream), reading(problem));
                match problem.class {
                    "lost_records" | "not_listed" => format!("{connection}: {feed}: {what}"),
                    _ => format!("{connection}: {feed} not read to the end: {what}"),
                }
            }
            Self::Quarantined { connection, stream, id, reason, path } => format!(
                "{connection}: {} record `{id}` is kept aside: {reason} at `{path}`",
                feed(*stream)
            ),
            Self::Total { connection, compared } => total_sentence(connection, compared),
            Self::Missing { connection, what, .. } => format!("{connection}: {what}"),
        }
    }

    /// What to do about it, as sentences.
    pub fn remedy(&self) -> String {
        match self {
            Self::Connection { problem, .. } | Self::Feed { problem, .. } => {
                remedy_of(problem).to_owned()
            }
            Self::Quarantined { .. } => {
                "Correct this record in its own system; the next run takes it in by itself."
                    .to_owned()
            }
            Self::Total { compared, .. } if compared.source_count > compared.held_count => {
                "Check that the signed-in user sees all records, then read everything again."
                    .to_owned()
            }
            Self::Total { compared, .. } if compared.source_count < compared.held_count => {
                "Read everything again: that finds records which were deleted there.".to_owned()
            }
            Self::Total { .. } => {
                "Read everything again. If it stays, compare the amounts of these dates record by \
                 record."
                    .to_owned()
            }
            Self::Missing { remedy, .. } => ended(remedy),
        }
    }

    /// Both, as a run keeps them: what on the first line, what to do on the second.
    pub(crate) fn kept(&self) -> String {
        format!("{}\n{}", self.sentence(), self.remedy())
    }
}

/// What went wrong while something was read or asked. A class that speaks of a write has other
/// words here: a read that got no answer has no outcome that anybody must find out.
fn reading(problem: &Problem) -> String {
    let words = match problem.class {
        "not_reachable" => "it could not be reached",
        "no_answer" => "it gave no answer that could be used",
        "throttled" => "it asked us to wait longer than one run may",
        "budget_spent" => "our share of its calls for today is used up",
        "sign_in_needed" => "it wants a new sign-in",
        "cursor_lost" => "it forgot the page that came next, again and again",
        "stale" => "the record changed while it was read",
        "not_found" => "the record is not there, or this user does not see it",
        "cancelled" => "stopped by a person before its end",
        _ => return problem.text.clone(),
    };
    words.to_owned()
}

fn remedy_of(problem: &Problem) -> &'static str {
    match problem.class {
        "not_reachable" => "Check the network, then run again: reading goes on where it stopped.",
        "no_answer" => {
            "Run again: nothing was changed, and reading goes on where it stopped. If it stays, \
             that system is in trouble: look at its status page."
        }
        "throttled" => "Run again in some minutes: reading goes on where it stopped.",
        "budget_spent" => "Run again tomorrow: reading goes on where it stopped.",
        "sign_in_needed" => "Sign in to this connection again, then run again.",
        "not_permitted" => "Ask the administrator of that system for exactly this permission.",
        "cursor_lost" => "Run again: the feed is read from its mark.",
        "malformed" => {
            "Run again. If it stays, send this line to support: it holds no customer data."
        }
        "cancelled" => "Run again: it goes on where it stopped.",
        "lost_records" => "Read everything again: a full run brings them.",
        "not_listed" => {
            "Check that the signed-in user still sees these records, then read everything again."
        }
        "left_out" => "Start a whole run: one deal at a time reads only a few customers.",
        "damaged" => "Restore the newest backup, or decide by hand what becomes of this promise.",
        "quarantined" => "Correct the records in their own system; the next run takes them in.",
        "stale" | "not_found" => "Run again: it is read as it stands then.",
        _ => "Run again. If it stays, look the code up in the help of that system.",
    }
}

/// `deal lines`
fn feed(stream: Stream) -> String {
    stream.as_str().replace('_', " ")
}

fn ended(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

fn total_sentence(connection: &ConnectionId, compared: &Compared) -> String {
    let source_sum = compared.source_sum.map_or("?".into(), Money::in_words);
    format!(
        "{connection}: {} in {} from {} to {}: the source has {} of {}, here are {} of {}",
        measure_word(compared.measure).replace('_', " "),
        compared.currency,
        in_words(compared.range.from),
        in_words(compared.range.to),
        compared.source_count,
        source_sum,
        compared.held_count,
        compared.held_sum.in_words(),
    )
}

#[cfg(test)]
mod tests {
    use tieout_connect::error::BoxError;

    use super::*;

    fn of_feed(error: &ConnectorError) -> Gap {
        let connection = ConnectionId::new("books").unwrap();
        Gap::Feed { connection, stream: Stream::CreditMemos, problem: Problem::from(error) }
    }

    fn cause() -> BoxError {
        "cut off".into()
    }

    fn errors() -> Vec<ConnectorError> {
        let code = || "6000".to_owned();
        vec![
            ConnectorError::NotSent(cause()),
            ConnectorError::OutcomeUnknown(cause()),
            ConnectorError::Throttled { retry_after: None },
            ConnectorError::BudgetSpent { retry_after: None },
            ConnectorError::SignInNeeded,
            ConnectorError::NotPermitted { what: "View All".into() },
            ConnectorError::Rejected { code: code(), field: None, text: String::new() },
            ConnectorError::CursorLost,
            ConnectorError::Malformed { path: "records[0]".into() },
            ConnectorError::Cancelled,
            ConnectorError::NotFound,
        ]
    }

    #[test]
    fn a_read_without_an_answer_is_not_told_like_a_write() {
        let gap = of_feed(&ConnectorError::OutcomeUnknown(cause()));
        assert_eq!(
            gap.sentence(),
            "books: credit memos not read to the end: it gave no answer that could be used"
        );
        assert!(gap.remedy().starts_with("Run again: nothing was changed"));
    }

    #[test]
    fn every_kind_of_failed_read_has_its_own_words_and_its_own_remedy() {
        let told: std::collections::BTreeSet<String> =
            errors().iter().map(|error| of_feed(error).sentence()).collect();
        assert_eq!(told.len(), errors().len(), "{told:#?}");
        for error in errors() {
            let gap = of_feed(&error);
            assert!(!gap.sentence().contains("outcome"), "{}", gap.sentence());
            assert!(gap.remedy().ends_with('.'), "{}", gap.remedy());
        }
        let remedies: std::collections::BTreeSet<String> =
            errors().iter().map(|error| of_feed(error).remedy()).collect();
        assert_eq!(remedies.len(), errors().len(), "{remedies:#?}");
    }

    #[test]
    fn a_gap_is_kept_with_its_remedy_on_a_line_of_its_own() {
        let connection = ConnectionId::new("books").unwrap();
        let (what, remedy) = ("no access to reports".into(), "allow them".into());
        let gap = Gap::Missing { connection, what, remedy };
        assert_eq!(gap.kept(), "books: no access to reports\nallow them.");
    }
}
