//! Records that may be there twice: the duplicate radar, and a person's word on one pair.

use serde::{Deserialize, Serialize};
use tieout_domain::Money;
use tieout_domain::books::duplicates::{CLOSE_DAYS_MAX, DuplicatePair, Sameness, Twins, at_risk};
use tieout_domain::facts::Stream;
use tieout_engine::FoundPair;
use tieout_store::{Decided, Exclusion};
use ts_rs::TS;

use super::decisions::{decided, kept};
use super::settings::reason;
use super::state::{short_day, short_name};
use super::systems::Systems;
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{OpenIn, Receipt, Scope, ScopeParams};
use crate::app::undo::{Decision, Step};
use crate::app::writer::Writer;
use crate::code_of_sum;
use crate::commands::{FrameOptions, frame};
use crate::export::words::{counted, listed};
use crate::failure::Failure;
use crate::views::Amount;
use crate::views::deals::{kind_word, stream_of};

/// Pairs that the window lists; the rest is counted.
const SHOWN_MAX: usize = 300;

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TwinRecord {
    pub id: String,
    /// Number of the document or reference of the deal, else its id.
    pub name: String,
    pub dated: String,
    pub link: OpenIn,
}

/// Two records of one amount, close in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PairRow {
    /// "invoice", "credit memo", "sales receipt" or "deal".
    pub kind: String,
    pub first: TwinRecord,
    pub second: TwinRecord,
    /// Account or customer; empty where neither is known.
    pub name: String,
    /// What the later one would be too much.
    pub at_risk: Amount,
    /// "3 days apart", "on one day".
    pub apart: String,
    /// "same customer, same items".
    pub evidence: String,
    /// Who said that they are two, and why; `null` while nobody did.
    pub cleared: Option<String>,
}

/// All pairs of a company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PairsView {
    /// What is listed, and how much is at risk.
    pub sentence: String,
    /// Pairs that nobody has cleared.
    pub open: u64,
    /// Open pairs first, documents before deals.
    pub rows: Vec<PairRow>,
    /// Pairs beyond those that are listed.
    pub more: u64,
}

/// A person's word on one pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PairWord {
    pub scope: Scope,
    pub first: String,
    pub second: String,
    /// They are two; false takes such a word back.
    pub cleared: bool,
    pub reason: String,
}

/// Every pair as of the day.
pub async fn duplicates(reader: &mut Reader, params: ScopeParams) -> Result<PairsView, Failure> {
    let held = reader.look(&params.scope)?;
    let workspace = reader.workspace()?;
    let systems = Systems::of(workspace, &held)?;
    let matches = &held.reconciliation.matches;
    let mut found = workspace.engine.duplicates_beside(&held.view, matches)?;
    let is_deal = |it: &FoundPair| matches!(it.pair.twins, Twins::Deals { .. });
    found.sort_by_key(|it| (it.cleared.is_some(), is_deal(it)));
    let open = open_pairs(&found);
    let rows = found.iter().take(SHOWN_MAX).map(|it| pair_row(&held, &systems, it));
    Ok(PairsView {
        sentence: sentence(&held, &open)?,
        open: open.len() as u64,
        rows: rows.collect(),
        more: found.len().saturating_sub(SHOWN_MAX) as u64,
    })
}

/// Pairs that nobody has said anything about.
pub(crate) fn open_pairs(found: &[FoundPair]) -> Vec<&DuplicatePair> {
    found.iter().filter(|it| it.cleared.is_none()).map(|it| &it.pair).collect()
}

/// What the later documents of these pairs are too much, per currency.
pub(crate) fn documents_at_risk(open: &[&DuplicatePair]) -> Result<Vec<Money>, Failure> {
    let documents = open.iter().copied().filter(|it| matches!(it.twins, Twins::Documents { .. }));
    at_risk(documents).map_err(code_of_sum("amounts at risk"))
}

fn sentence(held: &Held, open: &[&DuplicatePair]) -> Result<String, Failure> {
    let what = format!(
        "One amount twice for one customer or Account, at most {CLOSE_DAYS_MAX} days apart."
    );
    if open.is_empty() {
        let day = short_day(held.view.frame.as_of, &held.view);
        return Ok(format!("{what} No pair waits for a word on {day}."));
    }
    let pairs = counted(open.len() as u64, "pair waits", "pairs wait");
    let sums = documents_at_risk(open)?;
    let sums: Vec<String> = sums.into_iter().map(|it| Amount::from(it).in_words()).collect();
    let risk = match sums.is_empty() {
        true => String::new(),
        false => format!(" The later documents come to {}.", listed(&sums)),
    };
    Ok(format!("{what} {pairs} for your word.{risk}"))
}

fn pair_row(held: &Held, systems: &Systems, found: &FoundPair) -> PairRow {
    let pair = &found.pair;
    let (kind, first, second, stream) = match &pair.twins {
        Twins::Documents { kind, first, second } => {
            let kind_word = kind_word(*kind).replace('_', " ");
            (kind_word, first.to_string(), second.to_string(), stream_of(*kind))
        }
        Twins::Deals { first, second } => {
            ("deal".to_owned(), first.to_string(), second.to_string(), Stream::Deals)
        }
    };
    let record = |id: String, name: &Option<String>, dated| TwinRecord {
        name: name.clone().unwrap_or_else(|| id.clone()),
        dated: crate::views::date(dated),
        link: match stream {
            Stream::Deals => systems.in_crm(stream, &id),
            _ => systems.in_books(stream, &id),
        },
        id,
    };
    PairRow {
        kind,
        first: record(first, &pair.names.0, pair.dates.0),
        second: record(second, &pair.names.1, pair.dates.1),
        name: name_of(held, pair),
        at_risk: pair.at_risk.into(),
        apart: match pair.days_apart.unsigned_abs() {
            0 => "on one day".to_owned(),
            days => format!("{} apart", counted(days, "day", "days")),
        },
        evidence: listed(&pair.evidence.iter().map(|of| words(*of)).collect::<Vec<_>>()),
        cleared: found.cleared.as_ref().map(|it| format!("{}: {}", it.by, it.reason)),
    }
}

fn name_of(held: &Held, pair: &DuplicatePair) -> String {
    let books = &held.view.books;
    let customer = books.customers.iter().find(|it| Some(&it.id) == pair.customer.as_ref());
    let deal = books.deals.iter().find(|it| Some(&it.id) == pair.deals.first());
    let account = pair.account.as_ref().or_else(|| deal.and_then(|deal| deal.account.as_ref()));
    let account = books.accounts.iter().find(|it| Some(&it.id) == account);
    let name = account.map(|it| it.name.as_str()).or(customer.map(|it| it.name.as_str()));
    name.map(short_name).unwrap_or_default().to_owned()
}

fn words(of: Sameness) -> String {
    let words = match of {
        Sameness::Key => "same key of ours",
        Sameness::Deal => "same deal",
        Sameness::Customer => "same customer",
        Sameness::Account => "same Account",
        Sameness::OrderNumber => "same order number",
        Sameness::Name => "same name",
        Sameness::Items => "same items",
        Sameness::Day => "same day",
    };
    words.to_owned()
}

/// Says that a pair is two sales, or takes that back.
pub async fn clear_pair(writer: &mut Writer, params: PairWord) -> Result<Receipt, Failure> {
    let why = reason(&params.reason)?.to_owned();
    let actor = writer.home.person();
    let workspace = writer.workspace()?;
    let view = frame::view(workspace, &FrameOptions::from(&params.scope))?;
    let word: Decided = decided(workspace, &actor, &why);
    let pair = (params.first.as_str(), params.second.as_str());
    let changed = workspace.engine.clear_duplicate(&view, pair, params.cleared, word)?;
    let said = match params.cleared {
        true => "Kept as two",
        false => "The word on this pair was taken back",
    };
    let after = workspace.engine.store.exclusion_history()?.into_iter().next_back();
    let Some(after) = after.filter(|_| changed) else {
        return Ok(Receipt::said(said));
    };
    let back = Exclusion { excluded: !after.excluded, ..after.clone() };
    let (back, again) = (Step::Exclusion(back), Step::Exclusion(after));
    Ok(kept(writer, Decision { said: said.to_owned(), back, again }))
}
