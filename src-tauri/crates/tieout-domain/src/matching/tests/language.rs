//! A small language for matching: deals, documents and decisions as lines of words, results as
//! lines of text.
//!
//! ```text
//! D1 A1 100.00 2026-06-01 po=7 ref=D-1 stored=101 key=1 items=s,t     a deal (`?` amount unknown)
//! I1 C1 100.00 2026-06-03 no=101 po=7 ref=D-1 key=1 items=s           I invoice, M credit memo
//! M1 C1 40.00 2026-06-09 of=I1 applied=I1:48.00 total=48.00           S cash sale
//! link D1 I1 40.00 · refuse D1 I1 · aside I1 · aside D1               a person, among the deals
//! ```
//! Account A1 is customer C1, A2 is C2 and C2b. `EUR`, `void`, `draft`, `lost` are flags.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::Timestamp;

use crate::currency::Currency;
use crate::effect::TransactionKey;
use crate::facts::{DocumentStatus, LedgerDocumentKind};
use crate::identity::CustomersOfAccount;
use crate::ids::{AccountId, CustomerId, DealId, DocumentId, ItemId};
use crate::matching::{
    CreditApplication, Decided, Decision, DocumentRef, Link, LinkKind, LinkState, MatchDeal,
    MatchDocument, MatchInput, MatchOutcome, MatchPolicy, Matches, match_documents,
};
use crate::money::Money;

/// Everything that a case says.
#[derive(Default)]
pub(super) struct Case {
    pub(super) deals: Vec<MatchDeal>,
    pub(super) documents: Vec<MatchDocument>,
    pub(super) decisions: Vec<Decision>,
    pub(super) policy: MatchPolicy,
}

impl Case {
    /// Reads deals and decisions from the first text, documents from the second.
    pub(super) fn read(deals: &str, documents: &str) -> Self {
        let mut case = Self::default();
        for (at, line) in lines(deals).enumerate() {
            match line[0] {
                "link" | "refuse" | "aside" => case.decisions.push(decision(&line, at)),
                "confirm-tier-3" => case.policy.confirm_amount_in_window = true,
                _ => case.deals.push(deal(&line)),
            }
        }
        case.documents = lines(documents).map(|line| document(&line)).collect();
        case
    }

    pub(super) fn matches(&self) -> Matches {
        match_documents(&MatchInput {
            deals: &self.deals,
            documents: &self.documents,
            customers: &customers(),
            decisions: &self.decisions,
            policy: self.policy,
        })
        .expect("the amounts of a case are small")
    }
}

fn lines(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.split(['\n', ';'])
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|words| !words.is_empty())
}

fn customers() -> CustomersOfAccount {
    let of = |account: &str, customers: &[&str]| {
        let customers = customers.iter().map(|id| CustomerId::new(id).unwrap()).collect();
        (AccountId::new(account).unwrap(), customers)
    };
    [of("A1", &["C1"]), of("A2", &["C2", "C2b"])].into_iter().collect()
}

fn currency(line: &[&str]) -> Currency {
    Currency::parse(if line.contains(&"EUR") { "EUR" } else { "USD" }).unwrap()
}

fn money(text: &str, currency: Currency) -> Money {
    Money::from_decimal(text.parse().unwrap(), currency).unwrap()
}

fn named<'a>(line: &[&'a str], name: &str) -> Option<&'a str> {
    line.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
}

fn text(line: &[&str], name: &str) -> Option<String> {
    named(line, name).map(str::to_owned)
}

fn many<'a>(line: &[&'a str], name: &str) -> impl Iterator<Item = &'a str> {
    named(line, name).into_iter().flat_map(|values| values.split(','))
}

fn key(word: &str) -> TransactionKey {
    TransactionKey::from_digest(&format!("{}{word}", "A".repeat(16 - word.len()))).unwrap()
}

fn items(line: &[&str]) -> BTreeSet<ItemId> {
    many(line, "items").map(|item| ItemId::new(item).unwrap()).collect()
}

fn deal(line: &[&str]) -> MatchDeal {
    let currency = currency(line);
    MatchDeal {
        id: DealId::new(line[0]).unwrap(),
        account: (line[1] != "-").then(|| AccountId::new(line[1]).unwrap()),
        currency,
        net: (line[2] != "?").then(|| money(line[2], currency)),
        close_date: line[3].parse().unwrap(),
        won: !line.contains(&"lost"),
        order_number: text(line, "po"),
        reference: text(line, "ref"),
        stored_documents: many(line, "stored").map(str::to_owned).collect(),
        keys: many(line, "key").map(key).collect(),
        items: items(line),
    }
}

/// The kind of a document is the first letter of its id.
pub(super) fn reference(id: &str) -> DocumentRef {
    let kind = match id.chars().next() {
        Some('I') => LedgerDocumentKind::Invoice,
        Some('M') => LedgerDocumentKind::CreditMemo,
        Some('S') => LedgerDocumentKind::CashSale,
        other => panic!("no kind of document: {other:?}"),
    };
    DocumentRef { kind, id: DocumentId::new(id).unwrap() }
}

fn document(line: &[&str]) -> MatchDocument {
    let currency = currency(line);
    let net = money(line[2], currency);
    let effective_on = line[3].parse().unwrap();
    let flag = |word| line.contains(&word);
    let status = match () {
        () if flag("draft") => DocumentStatus::Draft,
        () if flag("void") => DocumentStatus::Void,
        () if flag("deleted") => DocumentStatus::Deleted,
        () if flag("unknown") => DocumentStatus::Unknown,
        () => DocumentStatus::Open,
    };
    let applications = many(line, "applied").map(|applied| {
        let mut parts = applied.split(':');
        let (invoice, amount) = (parts.next().unwrap(), parts.next().unwrap());
        let on = parts.next().map_or(effective_on, |on| on.parse().unwrap());
        CreditApplication {
            invoice: reference(invoice),
            amount: money(amount, currency),
            effective_on: on,
        }
    });
    MatchDocument {
        reference: reference(line[0]),
        number: text(line, "no"),
        customer: CustomerId::new(line[1]).unwrap(),
        currency,
        effective_on,
        net,
        total: named(line, "total").map_or(net, |total| money(total, currency)),
        status,
        key: named(line, "key").map(key),
        deal_reference: text(line, "ref"),
        order_number: text(line, "po"),
        items: items(line),
        credited_invoices: many(line, "of").map(reference).collect(),
        applications: applications.collect(),
    }
}

fn decision(line: &[&str], at: usize) -> Decision {
    let deal = |at: usize| DealId::new(line[at]).unwrap();
    let decided = match line[0] {
        "link" => Decided::Belongs {
            deal: deal(1),
            document: reference(line[2]),
            allocated: line.get(3).map(|amount| money(amount, currency(line))),
        },
        "refuse" => Decided::DoesNotBelong { deal: deal(1), document: reference(line[2]) },
        _ if line[1].starts_with('D') => Decided::DealAside { deal: deal(1) },
        _ => Decided::DocumentAside { document: reference(line[1]) },
    };
    let at = Timestamp::from_second(i64::try_from(at).unwrap()).unwrap();
    Decision { decided, by: "pat".to_owned(), reason: "seen".to_owned(), at }
}

fn ids<T: ToString>(ids: impl IntoIterator<Item = T>) -> String {
    ids.into_iter().map(|id| id.to_string()).collect::<Vec<_>>().join(" ")
}

fn document_ids(documents: &[DocumentRef]) -> String {
    ids(documents.iter().map(|document| &document.id))
}

/// One line per link, outcome, remainder and orphan.
pub(super) fn written(matches: &Matches) -> String {
    let mut text = String::new();
    matches.links.iter().for_each(|link| writeln!(text, "{}", link_line(link)).unwrap());
    for outcome in &matches.outcomes {
        writeln!(text, "{}", outcome_line(outcome)).unwrap();
    }
    for rest in &matches.remainders {
        writeln!(text, "rest {} {}", rest.document.id, rest.amount.to_plain()).unwrap();
    }
    if !matches.orphans.is_empty() {
        writeln!(text, "orphan {}", document_ids(&matches.orphans)).unwrap();
    }
    text
}

fn link_line(link: &Link) -> String {
    let arrow = match link.kind {
        LinkKind::Bills => "<-",
        LinkKind::Credits => "->",
    };
    let state = match link.state {
        LinkState::Confirmed => "",
        LinkState::Suggested => " suggested",
    };
    format!(
        "{} {arrow} {} {} tier {} {}{state}",
        link.deal,
        link.document.id,
        link.allocated.to_plain(),
        link.tier.as_str(),
        link.evidence.rule.id()
    )
}

fn outcome_line(outcome: &MatchOutcome) -> String {
    let code = outcome.code();
    match outcome {
        MatchOutcome::Ambiguous { tier, deals, documents, ways, more } => {
            let more = if *more { " or more" } else { "" };
            let (tier, deals) = (tier.as_str(), ids(deals));
            format!("{code} tier {tier} {deals} | {} | {ways} ways{more}", document_ids(documents))
        }
        MatchOutcome::TooManyCandidates { tier, deals, documents, candidates } => {
            let for_whom = ids([ids(deals), document_ids(documents)]);
            format!("{code} tier {} {} {candidates}", tier.as_str(), for_whom.trim())
        }
        MatchOutcome::Conflict { tier, deal, document, why } => {
            format!("{code} tier {} {deal} {} {}", tier.as_str(), document.id, why.as_str())
        }
        MatchOutcome::Uncertain { deal, document } => {
            format!("{code} {} {}", deal.as_ref().map_or("-", |deal| deal.as_str()), document.id)
        }
        MatchOutcome::DuplicateKey { deal, documents } => {
            format!("{code} {deal} {}", document_ids(documents))
        }
    }
}
