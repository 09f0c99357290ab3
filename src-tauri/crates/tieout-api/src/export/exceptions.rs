//! What needs a person: gaps of the runs, operations without an outcome, refused ones, documents
//! that could not be matched, records that could not be read, and everything else that
//! `tieout exceptions` lists.

use tieout_domain::Money;
use tieout_domain::books::Unreadable;
use tieout_domain::effect::EffectState;
use tieout_domain::ids::DealId;
use tieout_domain::matching::{DocumentRef, Link, LinkState, MatchOutcome};
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::context::{Lack, Waiting};
use super::desk::{Desk, kind_word};
use super::sheet::{Sheet, text};
use super::words::{amount_in, moment, typeset};
use crate::codes::Code;
use crate::commands::exceptions as listed;

/// One exception on its way into the table.
#[derive(Default)]
struct Exception {
    kind: &'static str,
    code: String,
    subject: String,
    /// Ids of deal, document or record, as `tieout exceptions` names them.
    id: String,
    account: String,
    amount: Option<Money>,
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
        Column::new("id", "Record id", Kind::Code).omitted(),
        Column::new("account", "Account", Kind::Text).under("subject"),
        Column::new("amount", "Amount", Kind::Money),
        Column::new("since", "Since", Kind::Text).weight(0),
        Column::new("what", "What, what to do", Kind::Text).weight(4),
        Column::new("remedy", "What to do", Kind::Text).under("what"),
    ];
    let mut sheet = Sheet::new("exceptions", "Exceptions", columns)
        .note(
            "Amounts net of tax, never added: of a deal what is billed less what is expected, of \
             a document what is in it.",
        )
        .or_else("Nothing needs a person.");
    let gaps = desk.gaps();
    let incomplete = gaps.iter().map(gap);
    let waiting = desk.context.waiting.iter().map(|effect| operation(desk, effect));
    let unreadable = desk.view.books.unreadable.iter().map(quarantined);
    let matches = &desk.reconciliation.matches;
    let undecided = matches.outcomes.iter().map(|outcome| undecided(desk, outcome));
    let suggested = matches.links.iter().filter(|link| link.state == LinkState::Suggested);
    let suggested = suggested.map(|link| suggestion(desk, link));
    let of_books = of_books(desk);
    let all = incomplete.chain(waiting).chain(unreadable).chain(undecided).chain(suggested);
    for exception in all.chain(of_books) {
        sheet.push(row(exception));
    }
    sheet.finish()
}

/// What follows from the books alone, as `tieout exceptions` tells it.
fn of_books<'a>(desk: &'a Desk<'_>) -> impl Iterator<Item = Exception> + 'a {
    let (view, reconciliation) = (desk.view, desk.reconciliation);
    let deals = listed::of_deals(reconciliation).into_iter();
    let orphans = listed::of_orphans(view, reconciliation).into_iter();
    let all = deals.chain(orphans).chain(listed::of_unassigned(view, reconciliation));
    all.map(|matter| Exception {
        kind: match matter.kind {
            "variance" => "Variance",
            "blocked" => "Blocked deal",
            "orphan" => "Document without a deal",
            _ => "Unassigned deals",
        },
        code: matter.code,
        subject: matter.reference.unwrap_or_else(|| matter.subject.clone()),
        id: matter.subject,
        account: matter.account,
        amount: matter.amount,
        since: matter.age_days.map(counted_days).unwrap_or_default(),
        what: matter.what,
        remedy: matter.remedy,
    })
}

fn counted_days(days: i64) -> String {
    super::words::counted(u64::try_from(days).unwrap_or_default(), "day", "days")
}

fn row(of: Exception) -> Row {
    let cells: Vec<Cell> = vec![
        text(of.kind),
        text(of.code),
        text(of.subject),
        text(of.id),
        text(of.account),
        of.amount.map_or(Cell::Empty, Cell::Money),
        text(of.since),
        text(typeset(&of.what)),
        text(typeset(&of.remedy)),
    ];
    Row::new(cells).marked(&[TickMark::Exception])
}

fn gap(lack: &Lack) -> Exception {
    Exception {
        kind: "Incomplete run",
        code: Code::RunIncomplete.as_str().to_owned(),
        what: lack.what.clone(),
        remedy: lack.remedy.clone(),
        ..Exception::default()
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
    let step = match code {
        Some(Code::OutcomeUnknown) => "It is asked about, never sent blindly.",
        Some(code) => code.next_step(),
        None => "It is sent with the next run.",
    };
    Exception {
        kind,
        code: code.map_or_else(|| effect.state.as_str().to_owned(), |it| it.as_str().to_owned()),
        account: effect.deal.as_ref().map(|deal| account_of(desk, deal)).unwrap_or_default(),
        subject,
        id: effect.key.clone(),
        since: moment(effect.since, zone),
        what,
        remedy: format!("{step}{}", next.unwrap_or_default()),
        ..Exception::default()
    }
}

fn account_of(desk: &Desk<'_>, deal: &DealId) -> String {
    desk.row(deal).map(|row| row.account_name.clone()).unwrap_or_default()
}

fn quarantined(record: &Unreadable) -> Exception {
    Exception {
        kind: "Unreadable record",
        code: Code::RecordQuarantined.as_str().to_owned(),
        subject: format!("{} {}", record.stream.as_str().replace('_', " "), record.id),
        id: record.id.clone(),
        what: format!("{}: kept whole and counted, in no figure.", record.reason),
        remedy: Code::RecordQuarantined.next_step().to_owned(),
        ..Exception::default()
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
        id: documents.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(", "),
        account: deals.first().map(|deal| account_of(desk, deal)).unwrap_or_default(),
        what,
        remedy: "Look at the candidates, then link or keep apart.".to_owned(),
        ..Exception::default()
    }
}

fn suggestion(desk: &Desk<'_>, link: &Link) -> Exception {
    let document = document_word(desk, &link.document);
    Exception {
        kind: "Suggested link",
        code: format!("tier {}", link.tier.as_str()),
        subject: format!("{}, {document}", desk.deal_word(&link.deal)),
        id: link.document.id.to_string(),
        account: account_of(desk, &link.deal),
        what: format!("{} net would belong to the deal; in no figure", amount_in(link.allocated)),
        remedy: "Link or keep apart.".to_owned(),
        ..Exception::default()
    }
}

fn document_word(desk: &Desk<'_>, of: &DocumentRef) -> String {
    let number = desk.document(of).and_then(|document| document.number.clone());
    let number = number.unwrap_or_else(|| of.id.to_string());
    format!("{} {number}", kind_word(of.kind).to_lowercase())
}
