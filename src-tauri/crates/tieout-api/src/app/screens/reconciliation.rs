//! Which differences are mine to explain: the worklist of variances by verdict.

use serde::{Deserialize, Serialize};
use tieout_domain::books::positions::DealRow;
use tieout_domain::figures::DealFigures;
use tieout_domain::reasons::ReasonCode;
use tieout_domain::verdict::Verdict;
use tieout_domain::{Currency, Money};
use tieout_store::{SheetColumn, SheetKind, SheetRow, SheetValue};
use ts_rs::TS;

use super::deals::{currency_of, links};
use super::decisions::target;
use super::state::{short_day, short_name};
use super::systems::Systems;
use super::words::{reason_label, verdict_words};
use crate::app::grid::{GridWords, GroupWords, Look, maybe, money, page, row, sheet, text};
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{
    AmountTone, GridPage, GridQuery, OpenIn, Phrase, PhrasePart, Proof, Scope, Status, Tone,
};
use crate::export::words::{counted, typeset};
use crate::failure::Failure;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReconciliationParams {
    pub scope: Scope,
    pub query: GridQuery,
}

/// One term of a proposal's arithmetic: the first, less each of the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProposalTerm {
    pub amount: String,
    pub label: String,
}

/// A proposal, as arithmetic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProposalProof {
    pub sentence: Phrase,
    pub terms: Vec<ProposalTerm>,
    pub leaves: String,
    pub proof: Proof,
}

/// A document that can be unlinked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LinkedNumber {
    pub document: String,
    pub number: String,
}

/// One compared deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReconRow {
    /// Id of the Opportunity.
    pub key: String,
    /// Without the legal form.
    pub account: String,
    pub name: String,
    /// `null`: the deal's amount is unknown.
    pub expected: Option<String>,
    pub billed: Option<String>,
    /// Billed less expected.
    pub difference: Option<String>,
    pub currency: String,
    pub reason: Status,
    /// Code of the proposal that `accept_reason` takes.
    pub proposed: Option<String>,
    pub owner: String,
    pub note: String,
    pub age_days: Option<i64>,
    pub target: Option<String>,
    pub proof: Option<ProposalProof>,
    pub decidable: bool,
    pub documents: Vec<LinkedNumber>,
    pub links: Vec<OpenIn>,
}

/// Deals of one verdict, for the strip above the grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct VerdictCount {
    pub key: &'static str,
    pub label: &'static str,
    pub count: usize,
    /// `total`, `limit`, `step`, `bad` or `unsure`.
    pub look: &'static str,
}

/// A reason that a person may choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ReasonChoice {
    pub code: &'static str,
    pub label: String,
}

/// The screen.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReconciliationView {
    pub sentence: Phrase,
    pub verdicts: Vec<VerdictCount>,
    pub grid: GridPage<ReconRow>,
    pub reasons: Vec<ReasonChoice>,
    /// Who owns an item already, and who decides here.
    pub people: Vec<String>,
}

pub(crate) const COLUMNS: [SheetColumn; 9] = [
    SheetColumn { name: "account", kind: SheetKind::Text },
    SheetColumn { name: "name", kind: SheetKind::Text },
    SheetColumn { name: "expected", kind: SheetKind::Money },
    SheetColumn { name: "billed", kind: SheetKind::Money },
    SheetColumn { name: "difference", kind: SheetKind::Money },
    SheetColumn { name: "reason", kind: SheetKind::Text },
    SheetColumn { name: "owner", kind: SheetKind::Text },
    SheetColumn { name: "age_days", kind: SheetKind::Count },
    SheetColumn { name: "target", kind: SheetKind::Date },
];

/// Verdicts in the order of the work: what waits for a person first. An uncertain deal is decided
/// by a person as well.
const ORDER: [Verdict; 5] = [
    Verdict::Unexplained,
    Verdict::Uncertain,
    Verdict::Explained,
    Verdict::MatchedInTolerance,
    Verdict::Matched,
];

/// The screen.
pub async fn reconciliation(
    reader: &mut Reader,
    params: ReconciliationParams,
) -> Result<ReconciliationView, Failure> {
    let held = reader.look(&params.scope)?;
    let systems = Systems::of(reader.workspace()?, &held)?;
    let grid = grid(&held, &systems, &params.query, page)?;
    Ok(ReconciliationView {
        sentence: sentence(&held),
        verdicts: verdicts(&held),
        grid,
        reasons: ReasonCode::all()
            .map(|code| ReasonChoice { code: code.as_str(), label: reason_label(code.as_str()) })
            .collect(),
        people: people(&held, &reader.home.person()),
    })
}

/// The compared deals under a query.
pub(crate) fn grid(
    held: &Held,
    systems: &Systems,
    query: &GridQuery,
    look: Look<ReconRow>,
) -> Result<GridPage<ReconRow>, Failure> {
    let sheet = sheet(held, "reconciliation", &COLUMNS, || {
        let rows = held.reconciliation.rows.iter();
        let mut rows: Vec<(&DealRow, Verdict)> =
            rows.filter_map(|row| Some((row, row.verdict?))).collect();
        rows.sort_by_key(|(row, _)| std::cmp::Reverse(size(row)));
        let rows = rows.into_iter();
        rows.map(|(of, verdict)| recon_row(held, systems, of, verdict)).collect()
    })?;
    let groups: Vec<GroupWords> = ORDER.iter().map(|verdict| group(*verdict)).collect();
    let words = GridWords {
        groups: &groups,
        main: "difference",
        counted: &|count| counted(u64::from(count), "deal", "deals"),
        proof: &|_, currency| Some(held.evidence.of(currency)?.billing.clone()),
        marks: &|currency| {
            let agreed = held.evidence.of(currency).is_some_and(|it| it.billing.agreed);
            if agreed { vec!["[F]".to_owned()] } else { Vec::new() }
        },
        totals_in_groups: false,
    };
    look(held, &sheet, query, &words)
}

fn sentence(held: &Held) -> Phrase {
    let compared = held.reconciliation.rows.iter().filter(|row| row.verdict.is_some()).count();
    let day = short_day(held.view.frame.as_of, &held.view);
    vec![PhrasePart::text(format!(
        "{} with something due or billed by {day}, compared in their own currency, net of tax.",
        counted(compared as u64, "deal", "deals")
    ))]
}

fn verdicts(held: &Held) -> Vec<VerdictCount> {
    let shown = [
        (Verdict::Matched, "matched", "total"),
        (Verdict::MatchedInTolerance, "in_tolerance", "limit"),
        (Verdict::Explained, "explained", "step"),
        (Verdict::Unexplained, "unexplained", "bad"),
        (Verdict::Uncertain, "uncertain", "unsure"),
    ];
    shown
        .into_iter()
        .map(|(verdict, key, look)| {
            let rows = held.reconciliation.rows.iter();
            let count = rows.filter(|row| row.verdict == Some(verdict)).count();
            VerdictCount { key, label: verdict_words(verdict), count, look }
        })
        .collect()
}

fn people(held: &Held, here: &str) -> Vec<String> {
    let owners = held.reconciliation.rows.iter().flat_map(|row| &row.reasons);
    let mut people: Vec<String> = owners.filter_map(|reason| reason.owner.clone()).collect();
    people.push(here.to_owned());
    people.sort();
    people.dedup();
    people.retain(|name| !name.trim().is_empty());
    people
}

fn group(verdict: Verdict) -> GroupWords {
    let (key, note, glyph) = match verdict {
        Verdict::Unexplained => ("unexplained", "press A to accept a proposal", "triangle_filled"),
        Verdict::Uncertain => ("uncertain", "an input is missing or unknown", "diamond"),
        Verdict::Explained => ("explained", "", "dot"),
        Verdict::MatchedInTolerance => ("in_tolerance", "", "tick"),
        Verdict::Matched => ("matched", "", "tick"),
    };
    GroupWords {
        key: key.to_owned(),
        label: verdict_words(verdict).to_owned(),
        note: note.to_owned(),
        glyph,
    }
}

/// The size of the difference, for the first order of the list.
fn size(row: &DealRow) -> i64 {
    row.figures.as_ref().map_or(i64::MAX, |figures| figures.variance.minor().saturating_abs())
}

fn recon_row(
    held: &Held,
    systems: &Systems,
    of: &DealRow,
    verdict: Verdict,
) -> Result<SheetRow, Failure> {
    let figure = |pick: fn(&DealFigures) -> Money| of.figures.as_ref().map(pick);
    let plain = |amount: Option<Money>| amount.map(Money::to_plain);
    let currency: Currency = currency_of(held, of);
    let open = matches!(verdict, Verdict::Unexplained | Verdict::Uncertain);
    let given = of.reasons.iter().max_by_key(|reason| (reason.accepted, reason.raised));
    // What nobody knows yet has no reason: the books are asked first.
    let waits = verdict == Verdict::Unexplained;
    let proposal = of.proposed.first().filter(|_| waits);
    let shown = ReconRow {
        key: of.deal.to_string(),
        account: short_name(&of.account_name).to_owned(),
        name: of.name.clone(),
        expected: plain(figure(|it| it.expected)),
        billed: plain(figure(|it| it.billed)),
        difference: plain(figure(|it| it.variance)),
        currency: currency.code().to_owned(),
        reason: reason(of, verdict),
        proposed: proposal.map(|it| it.code.as_str().to_owned()),
        owner: given.and_then(|it| it.owner.clone()).unwrap_or_default(),
        note: given.map(|it| it.note.clone()).unwrap_or_default(),
        age_days: (verdict != Verdict::Matched).then_some(of.age_days),
        target: target(given.and_then(|it| it.target)),
        proof: proposal.map(|_| proof(of)).transpose()?.flatten(),
        decidable: open || verdict == Verdict::Explained,
        documents: of
            .documents
            .iter()
            .map(|it| LinkedNumber {
                document: it.document.to_string(),
                number: it.number.clone().unwrap_or_else(|| it.document.to_string()),
            })
            .collect(),
        links: links(systems, of),
    };
    let values = vec![
        text(&shown.account),
        text(&shown.name),
        money(figure(|it| it.expected)),
        money(figure(|it| it.billed)),
        money(figure(|it| it.variance)),
        text(&shown.reason.word),
        text(&shown.owner),
        SheetValue::Count(of.age_days),
        maybe(shown.target.clone()),
    ];
    let place = ORDER.iter().position(|it| *it == verdict).unwrap_or_default() as u32;
    row(place, shown.key.clone(), currency.code(), values, &shown)
}

/// Why it differs, as far as anybody said or the facts suggest.
fn reason(of: &DealRow, verdict: Verdict) -> Status {
    let accepted: Vec<&str> = of
        .reasons
        .iter()
        .filter(|reason| reason.accepted)
        .map(|reason| reason.code.as_str())
        .collect();
    match verdict {
        Verdict::Matched => Status::new("tick", "agrees", Tone::Soft),
        Verdict::MatchedInTolerance => Status::new("", "within limit", Tone::Soft),
        Verdict::Uncertain if of.outcome_unknown => {
            Status::new("diamond", "Outcome unknown", Tone::Unsure)
        }
        Verdict::Uncertain => Status::new("diamond", "Uncertain", Tone::Unsure),
        Verdict::Explained => match accepted.as_slice() {
            [] => Status::new("dot", "Explained", Tone::Soft),
            [one] => Status::new("", reason_label(one), Tone::Soft),
            [one, ..] => {
                let more = accepted.len() - 1;
                Status::new("", format!("{} and {more} more", reason_label(one)), Tone::Soft)
            }
        },
        Verdict::Unexplained => match of.proposed.first() {
            Some(proposal) => {
                Status::new("", format!("{}?", reason_label(proposal.code.as_str())), Tone::Soft)
            }
            None => Status::new("triangle_filled", "No reason yet", Tone::Bad),
        },
    }
}

/// Expected less billed less what each proposal explains; what is left.
fn proof(of: &DealRow) -> Result<Option<ProposalProof>, Failure> {
    let Some(figures) = &of.figures else { return Ok(None) };
    let Some(first) = of.proposed.first() else { return Ok(None) };
    let sum = crate::code_of_sum("a proposal");
    let mut left = figures.expected.checked_sub(figures.billed).map_err(&sum)?;
    let mut terms = vec![
        ProposalTerm { amount: figures.expected.to_plain(), label: "expected".to_owned() },
        ProposalTerm { amount: figures.billed.to_plain(), label: "billed".to_owned() },
    ];
    for proposal in &of.proposed {
        let short = proposal.amount.negated().map_err(&sum)?;
        left = left.checked_sub(short).map_err(&sum)?;
        let label = reason_label(proposal.code.as_str()).to_lowercase();
        terms.push(ProposalTerm { amount: short.to_plain(), label });
    }
    let sentence = vec![
        PhrasePart::text(format!(
            "Proposed: {}. ",
            reason_label(first.code.as_str()).to_lowercase()
        )),
        PhrasePart::text(typeset(&first.evidence)),
        PhrasePart::text(" It explains "),
        PhrasePart::money(first.amount, AmountTone::Strong),
        PhrasePart::text("."),
    ];
    let proof = if left.is_zero() { Proof::Agreed } else { Proof::Unproved };
    Ok(Some(ProposalProof { sentence, terms, leaves: left.to_plain(), proof }))
}
