//! Documents and deals that may be there twice: the same money, close in time.
//!
//! Each record is compared with the one before it among those of the same deal, customer or
//! Account, so that `n` equal records make `n - 1` pairs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::population::Agreements;
use super::{Books, BooksError};
use crate::currency::Currency;
use crate::dates::days_between;
use crate::facts::{Deal, Document, DocumentStatus, LedgerDocumentKind};
use crate::identity::Clusters;
use crate::ids::{AccountId, CustomerId, DealId, DocumentId};
use crate::matching::{LinkState, Matches};
use crate::money::Money;

/// Days between two records of one amount up to which they may be one sale. A week: shorter than
/// any common billing cycle, longer than a weekend between two people.
pub const CLOSE_DAYS_MAX: i64 = 7;

/// What two records have in common besides their amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sameness {
    /// Our key of one intent.
    Key,
    Deal,
    Customer,
    Account,
    OrderNumber,
    Name,
    /// The items or products that are sold.
    Items,
    Day,
}

impl Sameness {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Deal => "deal",
            Self::Customer => "customer",
            Self::Account => "account",
            Self::OrderNumber => "order_number",
            Self::Name => "name",
            Self::Items => "items",
            Self::Day => "day",
        }
    }
}

/// Which records a pair is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Twins {
    Documents { kind: LedgerDocumentKind, first: DocumentId, second: DocumentId },
    Deals { first: DealId, second: DealId },
}

/// Two records that may be one sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicatePair {
    pub twins: Twins,
    /// Numbers of documents, references of deals.
    pub names: (Option<String>, Option<String>),
    pub dates: (Date, Date),
    pub customer: Option<CustomerId>,
    pub account: Option<AccountId>,
    /// Deals that both documents are linked to.
    pub deals: Vec<DealId>,
    /// Of the second record, as a magnitude: what is billed, or promised, once too often if they
    /// are one. A document's incl. tax, a deal's net.
    pub at_risk: Money,
    pub days_apart: i64,
    pub evidence: Vec<Sameness>,
}

/// All pairs: documents before deals, each by date and id. Void and deleted documents, deals that
/// are not won and amounts of zero are left out, and so are documents that bill different deals.
pub fn duplicates(books: &Books, matches: &Matches) -> Result<Vec<DuplicatePair>, BooksError> {
    let mut pairs = of_documents(books, matches);
    pairs.extend(of_deals(books)?);
    Ok(pairs)
}

/// Pairs of neighbours by date and id within each group.
fn neighbours<K: Ord, T>(
    groups: BTreeMap<K, Vec<&T>>,
    place: impl Fn(&T) -> (Date, &str),
) -> Vec<(&T, &T)> {
    let mut found = Vec::new();
    for mut group in groups.into_values() {
        group.sort_by(|a, b| place(a).cmp(&place(b)));
        for pair in group.windows(2) {
            if days_between(place(pair[0]).0, place(pair[1]).0) <= CLOSE_DAYS_MAX {
                found.push((pair[0], pair[1]));
            }
        }
    }
    found
}

fn is_live(document: &Document) -> bool {
    let counts = matches!(
        document.status,
        DocumentStatus::Draft
            | DocumentStatus::Open
            | DocumentStatus::PartPaid
            | DocumentStatus::Paid
    );
    counts && !document.stamp.deleted && !document.total.is_zero()
}

/// An invoice and a cash sale of the same amount are two bills.
const fn is_credit(document: &Document) -> bool {
    matches!(document.kind, LedgerDocumentKind::CreditMemo)
}

fn of_documents(books: &Books, matches: &Matches) -> Vec<DuplicatePair> {
    let mut deals: BTreeMap<&DocumentId, BTreeSet<&DealId>> = BTreeMap::new();
    for link in matches.links.iter().filter(|link| link.state == LinkState::Confirmed) {
        deals.entry(&link.document.id).or_default().insert(&link.deal);
    }
    let deals_of = |document: &Document| deals.get(&document.id);
    let mut by_customer: BTreeMap<_, Vec<&Document>> = BTreeMap::new();
    let mut by_deal: BTreeMap<_, Vec<&Document>> = BTreeMap::new();
    for document in books.documents.iter().filter(|document| is_live(document)) {
        let bill = (is_credit(document), document.currency, document.total.minor());
        by_customer.entry((bill, &document.customer)).or_default().push(document);
        for deal in deals_of(document).into_iter().flatten() {
            by_deal.entry((bill, *deal)).or_default().push(document);
        }
    }
    let pairs = neighbours(by_customer, place).into_iter().chain(neighbours(by_deal, place));
    let mut found: BTreeMap<_, DuplicatePair> = BTreeMap::new();
    for (first, second) in pairs {
        let (ours, theirs) = (deals_of(first), deals_of(second));
        let common: Vec<DealId> = match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours.is_disjoint(theirs) => continue,
            (Some(ours), Some(theirs)) => {
                ours.intersection(theirs).map(|deal| (*deal).clone()).collect()
            }
            _ => Vec::new(),
        };
        let at = (place(first), place(second));
        found.entry(at).or_insert_with(|| document_pair(first, second, common));
    }
    found.into_values().collect()
}

fn place(document: &Document) -> (Date, &str) {
    (document.effective_on, document.id.as_str())
}

fn document_pair(first: &Document, second: &Document, deals: Vec<DealId>) -> DuplicatePair {
    let items = |document: &Document| -> BTreeSet<_> {
        document.lines.iter().filter_map(|line| line.item.clone()).collect()
    };
    let (ours, theirs) = (items(first), items(second));
    let days_apart = days_between(first.effective_on, second.effective_on);
    let same_customer = first.customer == second.customer;
    let evidence = [
        (Sameness::Key, first.key.is_some() && first.key == second.key),
        (Sameness::Deal, !deals.is_empty()),
        (Sameness::Customer, same_customer),
        (
            Sameness::OrderNumber,
            first.order_number.is_some() && first.order_number == second.order_number,
        ),
        (Sameness::Items, !ours.is_empty() && ours == theirs),
        (Sameness::Day, days_apart == 0),
    ];
    DuplicatePair {
        twins: Twins::Documents {
            kind: second.kind,
            first: first.id.clone(),
            second: second.id.clone(),
        },
        names: (first.number.clone(), second.number.clone()),
        dates: (first.effective_on, second.effective_on),
        customer: same_customer.then(|| first.customer.clone()),
        account: None,
        deals,
        at_risk: second.total,
        days_apart,
        evidence: that_hold(&evidence),
    }
}

fn that_hold(evidence: &[(Sameness, bool)]) -> Vec<Sameness> {
    evidence.iter().filter(|(_, holds)| *holds).map(|(sameness, _)| *sameness).collect()
}

fn of_deals(books: &Books) -> Result<Vec<DuplicatePair>, BooksError> {
    let agreements = Agreements::new(books);
    let clusters = Clusters::build(&books.accounts, &books.identity);
    let mut by_account: BTreeMap<(AccountId, Currency, i64), Vec<&Deal>> = BTreeMap::new();
    for deal in books.deals.iter().filter(|deal| deal.won && !deal.stamp.deleted) {
        let amount = agreements.contract(deal)?.filter(|amount| !amount.is_zero());
        let Some((amount, account)) = amount.zip(deal.account.as_ref()) else { continue };
        let account = clusters.survivor(account).unwrap_or(account).clone();
        let sold = (account, amount.currency(), amount.minor());
        by_account.entry(sold).or_default().push(deal);
    }
    let products = |deal: &Deal| -> BTreeSet<_> {
        agreements.lines(&deal.id).iter().filter_map(|line| line.product.clone()).collect()
    };
    let mut found = Vec::new();
    for ((account, currency, minor), deals) in by_account {
        let group = BTreeMap::from([((), deals)]);
        for (first, second) in neighbours(group, |deal| (deal.close_date, deal.id.as_str())) {
            let (ours, theirs) = (products(first), products(second));
            let days_apart = days_between(first.close_date, second.close_date);
            let order = first.order_number.is_some() && first.order_number == second.order_number;
            let evidence = [
                (Sameness::Account, true),
                (Sameness::OrderNumber, order),
                (Sameness::Name, first.name == second.name),
                (Sameness::Items, !ours.is_empty() && ours == theirs),
                (Sameness::Day, days_apart == 0),
            ];
            found.push(DuplicatePair {
                twins: Twins::Deals { first: first.id.clone(), second: second.id.clone() },
                names: (first.reference.clone(), second.reference.clone()),
                dates: (first.close_date, second.close_date),
                customer: None,
                account: Some(account.clone()),
                deals: Vec::new(),
                at_risk: Money::from_minor(minor, currency),
                days_apart,
                evidence: that_hold(&evidence),
            });
        }
    }
    found.sort_by(|a, b| (a.dates, &a.twins).cmp(&(b.dates, &b.twins)));
    Ok(found)
}

/// What the pairs put at risk, per currency: each later record once, however many pairs it is in.
pub fn at_risk<'a>(
    pairs: impl IntoIterator<Item = &'a DuplicatePair>,
) -> Result<Vec<Money>, crate::money::MoneyError> {
    let mut later: BTreeMap<Currency, BTreeMap<&str, Money>> = BTreeMap::new();
    for pair in pairs {
        let second = match &pair.twins {
            Twins::Documents { second, .. } => second.as_str(),
            Twins::Deals { second, .. } => second.as_str(),
        };
        let of_currency = later.entry(pair.at_risk.currency()).or_default();
        of_currency.insert(second, pair.at_risk.absolute()?);
    }
    later
        .into_iter()
        .map(|(currency, amounts)| Money::sum(currency, amounts.into_values()))
        .collect()
}
