//! What needs a person: gaps of the runs, operations without an outcome, refused ones, documents
//! that could not be matched, records that could not be read.

use tieout_domain::books::Unreadable;
use tieout_domain::effect::EffectState;
use tieout_domain::ids::DealId;
use tieout_domain::matching::{DocumentRef, Link, LinkState, MatchOutcome};
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::context::Waiting;
use super::desk::{Desk, kind_word};
use super::sheet::{Sheet, text};
use super::words::{amount_in, moment};
use crate::codes::Code;

/// One exception on its way into the table.
struct Exception {
    kind: &'static str,
    code: String,
    subject: String,
    account: String,
    since: String,
    what: String,
    remedy: String,
}

/// All of them, the ones that make figures uncertain first.
pub(super) fn section(desk: &Desk<'_>) -> Section {
    let columns = vec![
        Column::new("kind", "Kind, code", Kind::Text).tone(Tone::Strong).weight(0),
        Column::new("code", "Code", Kind::Code).under("kind"),
        Column::new("subject", "Record", Kind::Code).weight(1),
        Column::new("account", "Account", Kind::Text).under("subject"),
        Column::new("since", "Since", Kind::Text).weight(0),
        Column::new("what", "What, what to do", Kind::Text).weight(4),
        Column::new("remedy", "What to do", Kind::Text).under("what"),
    ];
    let mut sheet = Sheet::new("exceptions", "Exceptions", columns)
        .note("Gates of deals that are not invoiced stand under \"Won, not invoiced\".")
        .or_else("Nothing was refused, unreadable, unmatched or of unknown outcome.");
    let gaps = desk.gaps();
    let incomplete = gaps.iter().map(|sentence| gap(sentence));
    let waiting = desk.context.waiting.iter().map(|effect| operation(desk, effect));
    let unreadable = desk.view.books.unreadable.iter().map(quarantined);
    let matches = &desk.reconciliation.matches;
    let undecided = matches.outcomes.iter().map(|outcome| undecided(desk, outcome));
    let suggested = matches.links.iter().filter(|link| link.state == LinkState::Suggested);
    let suggested = suggested.map(|link| suggestion(desk, link));
    let all = incomplete.chain(waiting).chain(unreadable).chain(undecided).chain(suggested);
    for exception in all {
        sheet.push(row(exception));
    }
    sheet.finish()
}

fn row(exception: Exception) -> Row {
    let Exception { kind, code, subject, account, since, what, remedy } = exception;
    let cells: Vec<Cell> = vec![
        text(kind),
        text(code),
        text(subject),
        text(account),
        text(since),
        text(what),
        text(remedy),
    ];
    Row::new(cells).marked(&[TickMark::Exception])
}

fn gap(sentence: &str) -> Exception {
    Exception {
        kind: "Incomplete run",
        code: Code::RunIncomplete.as_str().to_owned(),
        subject: String::new(),
        account: String::new(),
        since: String::new(),
        what: sentence.to_owned(),
        remedy: Code::RunIncomplete.next_step().to_owned(),
    }
}

fn operation(desk: &Desk<'_>, effect: &Waiting) -> Exception {
    let (kind, code) = match effect.state {
        EffectState::Unknown | EffectState::Sent => ("Unknown outcome", Some(Code::OutcomeUnknown)),
        EffectState::Rejected => ("Refused", Some(Code::RefusedByLedger)),
        EffectState::Conflict => ("Conflict", Some(Code::KeyConflict)),
        EffectState::Intended | EffectState::Confirmed | EffectState::Cancelled => {
            ("Waiting", None)
        }
    };
    let zone = &desk.view.frame.time_zone;
    let subject = match &effect.deal {
        Some(deal) => format!("{} {}", desk.deal_word(deal), effect.key),
        None => effect.key.clone(),
    };
    let said = [effect.error_code.as_deref(), effect.error_text.as_deref()];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    let times = super::words::counted(u64::from(effect.attempts), "time", "times");
    let mut what = format!("{}, sent {times}", effect.what);
    if !said.is_empty() {
        what = format!("{what}: {}", said.join(", "));
    }
    let next = effect.next_at.map(|at| format!(" Next: {}.", moment(at, zone)));
    let step = code.map_or("It is sent with the next run.", Code::next_step);
    Exception {
        kind,
        code: code.map_or_else(|| effect.state.as_str().to_owned(), |it| it.as_str().to_owned()),
        account: effect.deal.as_ref().map(|deal| account_of(desk, deal)).unwrap_or_default(),
        subject,
        since: moment(effect.since, zone),
        what,
        remedy: format!("{step}{}", next.unwrap_or_default()),
    }
}

fn account_of(desk: &Desk<'_>, deal: &DealId) -> String {
    desk.row(deal).map(|row| row.account_name.clone()).unwrap_or_default()
}

fn quarantined(record: &Unreadable) -> Exception {
    Exception {
        kind: "Unreadable record",
        code: record.reason.clone(),
        subject: format!("{} {}", record.stream.as_str().replace('_', " "), record.id),
        account: String::new(),
        since: String::new(),
        what: "Kept whole and counted, in no figure.".to_owned(),
        remedy: Code::RecordQuarantined.next_step().to_owned(),
    }
}

fn undecided(desk: &Desk<'_>, outcome: &MatchOutcome) -> Exception {
    let (what, deals, documents): (String, Vec<&DealId>, Vec<&DocumentRef>) = match outcome {
        MatchOutcome::Ambiguous { tier, deals, documents, ways, more } => {
            let least = if *more { "at least " } else { "" };
            let what = format!("{least}{ways} ways to pair under tier {}", tier.as_str());
            (what, deals.iter().collect(), documents.iter().collect())
        }
        MatchOutcome::TooManyCandidates { tier, deals, documents, candidates } => {
            let what = format!("{candidates} candidates under tier {}", tier.as_str());
            (what, deals.iter().collect(), documents.iter().collect())
        }
        MatchOutcome::Conflict { tier, deal, document, why } => {
            let what = format!("evidence of tier {} against {}", tier.as_str(), why.as_str());
            (what, vec![deal], vec![document])
        }
        MatchOutcome::Uncertain { deal, document } => {
            let what = "the status of the document is not understood".to_owned();
            (what, deal.iter().collect(), vec![document])
        }
        MatchOutcome::DuplicateKey { deal, documents } => {
            let what = "several documents carry the key of one invoice".to_owned();
            (what, vec![deal], documents.iter().collect())
        }
    };
    let words = deals.iter().map(|deal| desk.deal_word(deal));
    let subject: Vec<String> =
        words.chain(documents.iter().map(|document| document_word(desk, document))).collect();
    Exception {
        kind: "Not matched",
        code: outcome.code().to_owned(),
        subject: subject.join(", "),
        account: deals.first().map(|deal| account_of(desk, deal)).unwrap_or_default(),
        since: String::new(),
        what,
        remedy: "Look at the candidates; link or keep apart with `tieout decide`.".to_owned(),
    }
}

fn suggestion(desk: &Desk<'_>, link: &Link) -> Exception {
    let document = document_word(desk, &link.document);
    Exception {
        kind: "Suggested link",
        code: format!("tier {}", link.tier.as_str()),
        subject: format!("{}, {document}", desk.deal_word(&link.deal)),
        account: account_of(desk, &link.deal),
        since: String::new(),
        what: format!("{} net would belong to the deal; in no figure", amount_in(link.allocated)),
        remedy: "Link or keep apart with `tieout decide`.".to_owned(),
    }
}

fn document_word(desk: &Desk<'_>, of: &DocumentRef) -> String {
    let number = desk.document(of).and_then(|document| document.number.clone());
    let number = number.unwrap_or_else(|| of.id.to_string());
    format!("{} {number}", kind_word(of.kind).to_lowercase())
}
