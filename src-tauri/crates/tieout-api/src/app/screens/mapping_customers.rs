//! Accounts of the CRM and the customers that they are in each company.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Serialize;
use tieout_domain::books::gating::GateKeeper;
use tieout_domain::books::positions::DealRow;
use tieout_domain::facts::{Account, Address, Customer, Deal};
use tieout_domain::gates::Gate;
use tieout_domain::identity::duplicates::{Likeness, likenesses, tax_numbers};
use tieout_domain::identity::tax_number::TaxComparison;
use tieout_domain::identity::{
    AskReason, CustomerDecision, LinkedBy, LookupKey, Standing, names_unlike,
};
use tieout_domain::ids::{AccountId, CustomerId};
use ts_rs::TS;

use super::mapping::Sums;
use super::moments::Moments;
use super::receivables::account_key;
use super::state::short_name;
use crate::app::reader::Held;
use crate::app::shapes::{Status, Target, Tone};
use crate::failure::Failure;
use crate::views::Amount;
use crate::workspace::Workspace;

/// Accounts that the window lists.
const ROWS_MAX: usize = 2_000;
/// Candidates of one Account.
const CANDIDATES_MAX: usize = 10;

/// Accounts and their customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CustomerMapping {
    pub open: u64,
    pub rows: Vec<CustomerRow>,
}

/// One Account in one company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CustomerRow {
    pub account: String,
    pub name: String,
    pub ledger: String,
    pub company: String,
    pub status: Status,
    pub links: Vec<CustomerLink>,
    /// Best first.
    pub candidates: Vec<CustomerCandidate>,
    /// Contracts of the deals that wait for the link.
    pub at_risk: Vec<Amount>,
    pub target: Target,
}

/// A linked customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CustomerLink {
    pub customer: String,
    pub name: String,
    /// "certain" or "by a person".
    pub tier: &'static str,
    /// Empty where the records themselves state it.
    pub since: String,
    pub who: String,
    /// It has documents.
    pub in_use: bool,
}

/// A customer that may be the Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CustomerCandidate {
    pub customer: String,
    pub name: String,
    pub evidence: Vec<LinkEvidence>,
}

/// A field with both raw values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "Evidence")]
pub struct LinkEvidence {
    pub field: &'static str,
    pub crm: String,
    pub books: String,
    pub result: Status,
}

pub(crate) fn customers(
    workspace: &Workspace,
    held: &[Rc<Held>],
) -> Result<CustomerMapping, Failure> {
    let moments = Moments::of(workspace)?;
    let mut rows = Vec::new();
    for held in held {
        rows.extend(of_company(held, &moments)?);
    }
    rows.sort_by_key(|row| (!is_open(row), row.name.clone()));
    let open = rows.iter().filter(|row| is_open(row)).count() as u64;
    rows.truncate(ROWS_MAX);
    Ok(CustomerMapping { open, rows })
}

fn is_open(row: &CustomerRow) -> bool {
    !matches!(row.status.tone, Tone::Ok | Tone::Soft)
}

/// Accounts with a won deal of this company.
fn of_company(held: &Held, moments: &Moments) -> Result<Vec<CustomerRow>, Failure> {
    let books = &held.view.books;
    let keeper = GateKeeper::new(books, &held.view.frame);
    let deals: BTreeMap<_, &Deal> = books.deals.iter().map(|deal| (&deal.id, deal)).collect();
    let mut by_account: BTreeMap<&AccountId, Vec<&DealRow>> = BTreeMap::new();
    for row in held.reconciliation.rows.iter().filter(|row| row.won) {
        if let Some(account) = &row.account {
            by_account.entry(account).or_default().push(row);
        }
    }
    let accounts: BTreeMap<_, &Account> = books.accounts.iter().map(|it| (&it.id, it)).collect();
    let mut found = Vec::new();
    for (id, rows) in by_account {
        let Some(account) = accounts.get(id) else { continue };
        let asked = rows.iter().filter_map(|row| deals.get(&row.deal));
        let decisions: Vec<CustomerDecision> = asked
            .filter_map(|deal| keeper.customer(deal))
            .map(|customer| customer.decision)
            .collect();
        let worst = decisions.into_iter().max_by_key(weight);
        let Some(decision) = worst else { continue };
        found.push(customer_row(held, moments, account, &rows, &decision)?);
    }
    Ok(found)
}

/// Deals of one Account in two currencies may meet two answers: the one that waits is shown.
const fn weight(decision: &CustomerDecision) -> u8 {
    match decision {
        CustomerDecision::Link { .. } => 0,
        CustomerDecision::Create => 1,
        _ => 2,
    }
}

fn customer_row(
    held: &Held,
    moments: &Moments,
    account: &Account,
    rows: &[&DealRow],
    decision: &CustomerDecision,
) -> Result<CustomerRow, Failure> {
    let mut at_risk = Sums::default();
    let waiting = rows.iter().filter(|row| row.gates.iter().any(|it| it.gate == Gate::Customer));
    for row in waiting {
        if let Some(figures) = &row.figures {
            at_risk.add(figures.contract)?;
        }
    }
    let mut receivables = held.reconciliation.receivables.by_account.iter();
    let ours = receivables.find(|row| row.account.as_ref() == Some(&account.id));
    let target = match ours {
        Some(row) => Target::record("receivables", Some("accounts"), &account_key(row)),
        None => Target::view("receivables", "accounts"),
    };
    let links = links(held, moments, account);
    let candidates = candidates(held, account, decision).into_iter().take(CANDIDATES_MAX);
    Ok(CustomerRow {
        account: account.id.to_string(),
        name: short_name(&account.name).to_owned(),
        ledger: held.view.connection.to_string(),
        company: super::mapping::label(held),
        status: status(decision),
        links,
        candidates: candidates.collect(),
        at_risk: at_risk.amounts(),
        target: Target { ledger: Some(held.view.connection.to_string()), ..target },
    })
}

fn status(decision: &CustomerDecision) -> Status {
    match decision {
        CustomerDecision::Link { .. } => Status::new("tick", "Linked", Tone::Ok),
        CustomerDecision::Create => Status::new("ring", "Made with the first invoice", Tone::Soft),
        CustomerDecision::Ambiguous { by: LookupKey::StoredLink, customers } => {
            let word = format!("{} linked: choose the one for new invoices", customers.len());
            Status::new("triangle", word, Tone::Warn)
        }
        CustomerDecision::Ambiguous { customers, .. } => {
            Status::new("square_bar", format!("{} candidates", customers.len()), Tone::Bad)
        }
        CustomerDecision::ProbableDuplicate { .. } => {
            Status::new("diamond", "May be there already", Tone::Unsure)
        }
        CustomerDecision::TaxIdConflict { .. } => {
            Status::new("square_bar", "Tax numbers differ", Tone::Bad)
        }
        CustomerDecision::Ask { why: AskReason::NamesUnlike, .. } => {
            Status::new("square_bar", "Names differ", Tone::Bad)
        }
        CustomerDecision::Ask { why: AskReason::Inactive, .. } => {
            Status::new("square_bar", "Customer is inactive", Tone::Bad)
        }
    }
}

fn links(held: &Held, moments: &Moments, account: &Account) -> Vec<CustomerLink> {
    let books = &held.view.books;
    let ours = books.identity.of_account(&books.ledger, &account.id);
    ours.filter(|link| link.standing == Standing::Confirmed)
        .map(|link| {
            let (tier, who, since) = match &link.by {
                LinkedBy::Person(name) => ("by a person", name.clone(), moments.since(link.at)),
                LinkedBy::Rule(_) => ("certain", "Tieout".to_owned(), String::new()),
            };
            CustomerLink {
                name: name_of(held, &link.customer),
                in_use: books
                    .documents
                    .iter()
                    .any(|it| it.customer == link.customer && !it.stamp.deleted),
                customer: link.customer.to_string(),
                tier,
                since,
                who,
            }
        })
        .collect()
}

fn customer_of<'a>(held: &'a Held, id: &CustomerId) -> Option<&'a Customer> {
    held.view.books.customers.iter().find(|customer| customer.id == *id)
}

fn name_of(held: &Held, id: &CustomerId) -> String {
    customer_of(held, id).map_or_else(|| id.to_string(), |customer| customer.name.clone())
}

/// Those that the decision is about, then those that the records suggest.
fn candidates(
    held: &Held,
    account: &Account,
    decision: &CustomerDecision,
) -> Vec<CustomerCandidate> {
    let books = &held.view.books;
    let mut ids: Vec<CustomerId> = match decision {
        CustomerDecision::Link { .. } | CustomerDecision::Create => Vec::new(),
        CustomerDecision::Ambiguous { customers, .. } => customers.clone(),
        CustomerDecision::ProbableDuplicate { candidates } => {
            candidates.iter().map(|candidate| candidate.customer.clone()).collect()
        }
        CustomerDecision::TaxIdConflict { customer, .. }
        | CustomerDecision::Ask { customer, .. } => vec![customer.clone()],
    };
    let suggested = books.identity.of_account(&books.ledger, &account.id);
    let suggested = suggested.filter(|link| link.standing == Standing::Suggested);
    ids.extend(suggested.map(|link| link.customer.clone()));
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    let mut found: Vec<(usize, CustomerCandidate)> = ids
        .iter()
        .filter_map(|id| customer_of(held, id))
        .map(|customer| {
            let alike = likenesses(account, customer).len();
            let candidate = CustomerCandidate {
                customer: customer.id.to_string(),
                name: customer.name.clone(),
                evidence: evidence(account, customer),
            };
            (alike, candidate)
        })
        .collect();
    found.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.customer.cmp(&other.customer)));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// What speaks for it and against it, with both raw values.
fn evidence(account: &Account, customer: &Customer) -> Vec<LinkEvidence> {
    let alike = likenesses(account, customer);
    let raw = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut rows = vec![
        LinkEvidence {
            field: "Name",
            crm: account.name.clone(),
            books: customer.name.clone(),
            result: name_result(account, customer, &alike),
        },
        LinkEvidence {
            field: "Tax number",
            crm: raw(&account.tax_number),
            books: raw(&customer.tax_number),
            result: match tax_numbers(account, customer) {
                TaxComparison::Same => Status::new("tick", "equal", Tone::Ok),
                TaxComparison::EqualWithoutCountry => {
                    Status::new("diamond", "equal, country unknown", Tone::Unsure)
                }
                TaxComparison::Different => Status::new("square_bar", "differs", Tone::Bad),
                TaxComparison::Nothing => Status::new("ring", "nothing to compare", Tone::Soft),
            },
        },
        LinkEvidence {
            field: "Website or email",
            crm: raw(&account.website),
            books: raw(&customer.website.clone().or_else(|| customer.email.clone())),
            result: shared(alike.contains(&Likeness::Domain)),
        },
        LinkEvidence {
            field: "Address",
            crm: address(&account.address),
            books: address(&customer.address),
            result: shared(alike.contains(&Likeness::Address)),
        },
    ];
    rows.retain(|row| !row.crm.is_empty() || !row.books.is_empty());
    if let Some(currency) = customer.currency {
        rows.push(LinkEvidence {
            field: "Currency",
            crm: account.currency.map(|it| it.to_string()).unwrap_or_default(),
            books: currency.to_string(),
            result: match account.currency {
                Some(ours) if ours == currency => Status::new("tick", "equal", Tone::Ok),
                Some(_) => Status::new("triangle", "differs", Tone::Warn),
                None => Status::new("ring", "nothing to compare", Tone::Soft),
            },
        });
    }
    rows
}

fn name_result(account: &Account, customer: &Customer, alike: &[Likeness]) -> Status {
    if account.name == customer.name {
        Status::new("tick", "equal", Tone::Ok)
    } else if alike.contains(&Likeness::Name) {
        Status::new("tick", "equal without legal form", Tone::Ok)
    } else if names_unlike(&account.name, &customer.name) {
        Status::new("square_bar", "share no word", Tone::Bad)
    } else {
        Status::new("triangle", "differs", Tone::Warn)
    }
}

fn shared(same: bool) -> Status {
    match same {
        true => Status::new("tick", "equal", Tone::Ok),
        false => Status::new("triangle", "differs", Tone::Warn),
    }
}

fn address(of: &Address) -> String {
    let parts = [&of.street, &of.postal_code, &of.city, &of.country];
    let parts: Vec<&str> = parts.into_iter().filter_map(|part| part.as_deref()).collect();
    parts.join(", ")
}
