//! What the palette finds: deals, Accounts and documents by words, ids and exact amounts.

mod by_amount;

pub(crate) use self::by_amount::typed_amount;

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use tieout_domain::Money;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::receivables::{AccountReceivables, InvoicePosition};
use tieout_domain::facts::{Document, LedgerDocumentKind, Receipt};
use tieout_domain::ids::CustomerId;
use ts_rs::TS;

use super::receivables::{account_id, lateness};
use super::state::short_name;
use super::words::standing;
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{Scope, Target};
use crate::codes::Code;
use crate::commands::frame;
use crate::export::words::amount;
use crate::failure::Failure;
use crate::views::{Amount, date};

/// Longest text that is looked for.
const TEXT_CHARS_MAX: usize = 200;
/// Records of one group.
const FOUND_MAX: usize = 8;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindParams {
    pub text: String,
}

/// What kind of thing was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    Deal,
    Account,
    Document,
    /// A total that belongs to no single record.
    Amount,
}

/// One thing that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FoundView {
    pub kind: FoundKind,
    /// "Invoice 2275".
    pub label: String,
    /// "Kestrel Ridge Aerospace, 11 d late".
    pub note: String,
    pub amount: Option<Amount>,
    pub target: Target,
}

/// Things of one kind, best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FoundGroup {
    pub title: String,
    pub found: Vec<FoundView>,
}

/// Everything that fits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct FindView {
    pub groups: Vec<FoundGroup>,
}

/// Looks in every company as of its last month end.
pub async fn find(reader: &mut Reader, params: FindParams) -> Result<FindView, Failure> {
    let typed: String = params.text.trim().chars().take(TEXT_CHARS_MAX).collect();
    let mut groups: Vec<FoundGroup> = Vec::new();
    if typed.is_empty() {
        return Ok(FindView { groups });
    }
    let ledgers = companies(reader);
    let several = ledgers.len() > 1;
    for ledger in ledgers {
        let Some(held) = books_of(reader, &ledger)? else { continue };
        let desk = Desk { held: &held, ledger: several.then_some(ledger.as_str()) };
        for group in desk.find(&typed)? {
            match groups.iter_mut().find(|it| it.title == group.title) {
                Some(known) => known.found.extend(group.found),
                None => groups.push(group),
            }
        }
    }
    for group in &mut groups {
        group.found.truncate(FOUND_MAX);
    }
    groups.retain(|group| !group.found.is_empty());
    Ok(FindView { groups })
}

fn companies(reader: &Reader) -> Vec<String> {
    let ledgers = reader.opened().map(|workspace| workspace.engine.ledgers.as_slice());
    ledgers.unwrap_or_default().iter().map(|ledger| ledger.id.to_string()).collect()
}

/// The books of a company; `None` where nothing was read yet.
fn books_of(reader: &mut Reader, ledger: &str) -> Result<Option<Rc<Held>>, Failure> {
    let workspace = reader.workspace()?;
    let id = workspace.ledger_named(Some(ledger))?;
    let as_of = frame::last_month_end(workspace, &id, None)?;
    let scope = Scope { ledger: Some(ledger.to_owned()), as_of: date(as_of), known_at: None };
    match reader.look(&scope) {
        Ok(held) => Ok(Some(held)),
        Err(failure) if failure.code == Code::NothingToReport => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// One company's books while they are looked through.
struct Desk<'a> {
    held: &'a Held,
    /// Where there are several companies, a target names its own.
    ledger: Option<&'a str>,
}

/// A document of the books of one of the two kinds.
#[derive(Clone, Copy)]
enum Paper<'a> {
    Document(&'a Document),
    Receipt(&'a Receipt),
}

impl Paper<'_> {
    fn customer(&self) -> &CustomerId {
        match self {
            Self::Document(of) => &of.customer,
            Self::Receipt(of) => &of.customer,
        }
    }

    /// The number that people know, else the id.
    fn number(&self) -> &str {
        match self {
            Self::Document(of) => of.number.as_deref().unwrap_or(of.id.as_str()),
            Self::Receipt(of) => of.reference.as_deref().unwrap_or(of.id.as_str()),
        }
    }

    fn id(&self) -> &str {
        match self {
            Self::Document(of) => of.id.as_str(),
            Self::Receipt(of) => of.id.as_str(),
        }
    }

    fn label(&self) -> String {
        let kind = match self {
            Self::Receipt(_) => "Payment",
            Self::Document(of) => match of.kind {
                LedgerDocumentKind::Invoice => "Invoice",
                LedgerDocumentKind::CreditMemo => "Credit",
                LedgerDocumentKind::CashSale => "Cash sale",
            },
        };
        format!("{kind} {}", self.number())
    }

    const fn total(&self) -> Money {
        match self {
            Self::Document(of) => of.total,
            Self::Receipt(of) => of.amount,
        }
    }
}

impl Desk<'_> {
    fn find(&self, typed: &str) -> Result<Vec<FoundGroup>, Failure> {
        let mut groups = Vec::new();
        if let Some(money) = by_amount::typed_amount(typed, self.held.evidence.functional) {
            let title = format!("Amounts equal to {}", amount(money));
            groups.push(FoundGroup { title, found: self.amounts(typed)? });
        }
        let words: Vec<String> = typed.to_lowercase().split_whitespace().map(Into::into).collect();
        groups.push(FoundGroup { title: "Deals".into(), found: self.deals(&words) });
        groups.push(FoundGroup { title: "Accounts".into(), found: self.accounts(&words) });
        groups.push(FoundGroup { title: "Documents".into(), found: self.documents(&words) });
        Ok(groups)
    }

    fn deals(&self, words: &[String]) -> Vec<FoundView> {
        let rows = self.held.reconciliation.rows.iter();
        let text = |row: &&DealRow| {
            let reference = row.reference.as_deref().unwrap_or_default();
            format!("{} {} {reference} {}", row.name, row.account_name, row.deal)
        };
        best(rows, words, text).into_iter().map(|row| self.deal(row, None)).collect()
    }

    fn accounts(&self, words: &[String]) -> Vec<FoundView> {
        let rows = self.held.reconciliation.receivables.by_account.iter();
        let text = |row: &&AccountReceivables| {
            let customers: Vec<&str> = row.customers.iter().map(|it| it.as_str()).collect();
            format!("{} {} {}", row.name, account_id(row), customers.join(" "))
        };
        let note = |row: &AccountReceivables| format!("receivable, {}", row.currency);
        let found = best(rows, words, text).into_iter();
        found.map(|row| self.account(row, row.receivable, note(row))).collect()
    }

    /// By number and id alone: the words of an Account would bring all its documents.
    fn documents(&self, words: &[String]) -> Vec<FoundView> {
        let text = |paper: &Paper<'_>| format!("{} {}", paper.label(), paper.id());
        let named = |word: &String| word.chars().any(|letter| letter.is_ascii_digit());
        if !words.iter().any(named) {
            return Vec::new();
        }
        let found = best(self.papers(), words, text).into_iter();
        found.map(|paper| self.paper(&paper, paper.total(), None)).collect()
    }

    fn papers(&self) -> impl Iterator<Item = Paper<'_>> {
        let books = &self.held.view.books;
        let documents = books.documents.iter().map(Paper::Document);
        documents.chain(books.receipts.iter().filter(|it| !it.voided).map(Paper::Receipt))
    }

    fn deal(&self, row: &DealRow, of: Option<(Money, &str)>) -> FoundView {
        let contract = row.figures.as_ref().map(|figures| figures.contract);
        let shown = of.map(|(money, _)| money).or(contract);
        let word = match of {
            Some((_, word)) => word.to_owned(),
            None => standing(row).word,
        };
        let reference = row.reference.as_ref().map(|it| format!("{it}, ")).unwrap_or_default();
        FoundView {
            kind: FoundKind::Deal,
            label: format!("{}, {}", short_name(&row.account_name), row.name),
            note: format!("{reference}{word}"),
            amount: shown.map(Amount::from),
            target: self.target("deals", "all", Some(row.deal.as_str())),
        }
    }

    fn account(&self, row: &AccountReceivables, shown: Money, note: String) -> FoundView {
        FoundView {
            kind: FoundKind::Account,
            label: row.name.clone(),
            note,
            amount: Some(shown.into()),
            target: self.target("receivables", "accounts", Some(&record_of(row))),
        }
    }

    fn paper(&self, paper: &Paper<'_>, shown: Money, word: Option<&str>) -> FoundView {
        let mut accounts = self.held.reconciliation.receivables.by_account.iter();
        let ours = |row: &&AccountReceivables| {
            row.customers.contains(paper.customer()) && row.currency == shown.currency()
        };
        let account = accounts.find(ours);
        let open = self.open(paper);
        let view = match (paper, open) {
            (Paper::Document(_), Some(_)) => "invoices",
            _ if self.is_unapplied(paper) => "unapplied",
            _ => "accounts",
        };
        let name = account.map(|row| short_name(&row.name).to_owned());
        let late = open.map(|it| lateness(it.days_past_due, it.due.on, self.held).word);
        let parts = [name, late, word.map(str::to_owned)];
        FoundView {
            kind: FoundKind::Document,
            label: paper.label(),
            note: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
            amount: Some(shown.into()),
            target: self.target("receivables", view, account.map(record_of).as_deref()),
        }
    }

    /// The open invoice that this document is.
    fn open(&self, paper: &Paper<'_>) -> Option<&InvoicePosition> {
        let Paper::Document(document) = paper else { return None };
        let mut invoices = self.held.reconciliation.receivables.invoices.iter();
        invoices.find(|it| {
            it.document == document.id
                && document.kind == LedgerDocumentKind::Invoice
                && !it.open.is_zero()
        })
    }

    fn is_unapplied(&self, paper: &Paper<'_>) -> bool {
        let mut left = self.held.reconciliation.receivables.unapplied.iter();
        left.any(|it| it.id == paper.id() && it.customer == *paper.customer())
    }

    fn target(&self, screen: &'static str, view: &str, record: Option<&str>) -> Target {
        Target {
            record: record.map(str::to_owned),
            ledger: self.ledger.map(str::to_owned),
            ..Target::view(screen, view)
        }
    }
}

/// How the receivables screen names the drawer of an Account.
pub(crate) fn record_of(row: &AccountReceivables) -> String {
    format!("{} {}", account_id(row), row.currency)
}

/// Those in whose text every word stands: first those where every word begins one.
fn best<T>(all: impl Iterator<Item = T>, words: &[String], text: impl Fn(&T) -> String) -> Vec<T> {
    let mut found: Vec<(usize, T)> = all
        .filter_map(|one| {
            let text = text(&one).to_lowercase();
            let inside = words.iter().all(|word| text.contains(word.as_str()));
            let begins = |word: &&String| text.split_whitespace().any(|it| it.starts_with(*word));
            inside.then(|| (words.len() - words.iter().filter(begins).count(), one))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(FOUND_MAX).map(|(_, one)| one).collect()
}
