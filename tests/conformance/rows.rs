//! The rules of both roles as rows of data: a name, and what is asked of the connector.

use tieout_sim::fault::FaultKind;

use crate::line::Accident;
use crate::stand::Word;

/// How many records there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    None,
    One,
    /// Exactly what one page holds.
    Page,
    PageAndOne,
}

/// What a read comes to that meets with an accident once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadEnds {
    /// It is tried again after at least so many seconds, and is whole.
    Whole(i64),
    /// Whole, or an error: never half, and never an empty page.
    WholeOrError,
}

/// What a write comes to that meets with an accident once. It is never sent again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteEnds {
    Done,
    /// It was certainly not received, and may be sent again.
    NotReceived,
    /// Nobody knows: only asking may follow.
    Unknown {
        acted: bool,
    },
    /// It was not done, and nobody may think that it was.
    NotDone,
}

/// One accident, and what it comes to on both sides.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub accident: Accident,
    pub read: ReadEnds,
    pub write: WriteEnds,
}

/// What is asked of a connector.
#[derive(Clone, Debug)]
pub enum Rule {
    SignIn,
    SavedBeforeUse,
    OneRenewal,
    Revoked,
    Probe,
    Records(Count),
    ChangeBetweenPages,
    EqualStamps,
    Late,
    Deletion,
    Void,
    UnknownField,
    UnknownWord(Word),
    MissingRight,
    Read(Trouble),
    Write(Trouble),
    KeyTwice,
    LookUp,
    Everything,
    Amounts,
    Budget,
    NoSecret,
}

pub struct Row {
    pub name: &'static str,
    pub rule: Rule,
}

const fn row(name: &'static str, rule: Rule) -> Row {
    Row { name, rule }
}

fn troubles() -> Vec<(&'static str, &'static str, Trouble)> {
    use FaultKind as Kind;
    use ReadEnds::{Whole, WholeOrError};
    use WriteEnds::{Done, NotDone, NotReceived, Unknown};
    let unknown = |acted| Unknown { acted };
    let fault = Accident::Fault;
    let of = |accident, read, write| Trouble { accident, read, write };
    vec![
        (
            "a_read_throttled_without_a_hint",
            "a_write_throttled_without_a_hint",
            of(fault(Kind::Throttle), Whole(0), NotReceived),
        ),
        (
            "a_read_throttled_with_a_hint",
            "a_write_throttled_with_a_hint",
            of(fault(Kind::ThrottleWithHint), Whole(7), NotReceived),
        ),
        (
            "a_read_with_a_slow_body",
            "a_write_with_a_slow_body",
            of(Accident::Slow(90), Whole(90), Done),
        ),
        (
            "a_read_whose_body_never_ends",
            "a_write_whose_body_never_ends",
            of(Accident::GivenUp(120), Whole(120), unknown(true)),
        ),
        (
            "a_read_with_a_cut_body",
            "a_write_with_a_cut_body",
            of(fault(Kind::TruncatedAfter), WholeOrError, unknown(true)),
        ),
        (
            "a_read_with_an_html_body",
            "a_write_with_an_html_body",
            of(fault(Kind::HtmlAfter), Whole(0), unknown(true)),
        ),
        (
            "a_read_behind_a_broken_gateway",
            "a_write_behind_a_broken_gateway",
            of(fault(Kind::Html), Whole(0), unknown(false)),
        ),
        (
            "a_read_with_a_failure_inside_a_200",
            "a_write_with_a_failure_inside_a_200",
            of(fault(Kind::FaultInside), WholeOrError, NotDone),
        ),
        (
            "a_read_with_a_server_error",
            "a_write_with_a_server_error_before_commit",
            of(fault(Kind::ServerErrorBefore), Whole(0), unknown(false)),
        ),
        (
            "a_read_while_the_server_is_away",
            "a_write_with_a_server_error_after_commit",
            of(fault(Kind::ServerErrorAfter), WholeOrError, unknown(true)),
        ),
        (
            "a_read_without_an_answer",
            "a_write_without_an_answer",
            of(fault(Kind::DropAfter), Whole(0), unknown(true)),
        ),
        (
            "a_read_without_a_route",
            "a_write_without_a_route",
            of(Accident::NotSent, Whole(0), NotReceived),
        ),
    ]
}

/// Every rule.
pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        row("signs_in", Rule::SignIn),
        row("rotation_is_saved_before_use", Rule::SavedBeforeUse),
        row("two_calls_at_one_time_renew_once", Rule::OneRenewal),
        row("a_revoked_grant_asks_for_a_person", Rule::Revoked),
        row("the_probe_says_what_it_can", Rule::Probe),
        row("no_records", Rule::Records(Count::None)),
        row("one_record", Rule::Records(Count::One)),
        row("a_full_page", Rule::Records(Count::Page)),
        row("a_page_and_one_record", Rule::Records(Count::PageAndOne)),
        row("a_change_between_pages", Rule::ChangeBetweenPages),
        row("equal_stamps_at_the_mark", Rule::EqualStamps),
        row("a_late_record_inside_the_overlap", Rule::Late),
        row("a_deletion", Rule::Deletion),
        row("a_void", Rule::Void),
        row("an_unknown_field", Rule::UnknownField),
        row("an_unknown_word_that_decides", Rule::UnknownWord(Word::Decides)),
        row("an_unknown_word_that_decides_nothing", Rule::UnknownWord(Word::DecidesNothing)),
        row("a_missing_right_is_no_missing_record", Rule::MissingRight),
        row("one_key_twice_is_one_record", Rule::KeyTwice),
        row("what_was_written_is_found_by_its_key", Rule::LookUp),
        row("everything_that_can_be_asked_is_answered", Rule::Everything),
        row("amounts_are_exact_as_text", Rule::Amounts),
        row("a_first_sync_is_within_its_budget", Rule::Budget),
        row("no_error_holds_a_secret", Rule::NoSecret),
    ];
    for (read, write, trouble) in troubles() {
        rows.push(row(read, Rule::Read(trouble.clone())));
        rows.push(row(write, Rule::Write(trouble)));
    }
    rows
}
