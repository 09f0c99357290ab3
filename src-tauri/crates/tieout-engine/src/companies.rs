//! The ledger companies beside the CRM, and which deals each of them keeps.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tieout_domain::assignment::{
    Assigning, Assignments, Bearing, Company, Held, Rule, Words, held_deals, stands,
};
use tieout_domain::books::Books;
use tieout_domain::books::linking::matches;
use tieout_domain::facts::{Document, Fact, Stream};
use tieout_domain::ids::{DealId, DocumentId, LedgerId};
use tieout_domain::matching::Matches;

use crate::decisions;
use crate::engine::{Engine, LedgerConnection};
use crate::error::EngineError;
use crate::view::LedgerView;

/// Feeds whose documents bill somebody.
const BILLING: [Stream; 2] = [Stream::Invoices, Stream::CashSales];

impl Engine {
    /// Which company keeps which deal of these books, as known at a moment.
    pub(crate) fn assignments(
        &self,
        ledger: &LedgerConnection,
        books: &Books,
        (known_at, at): (Option<Timestamp>, Timestamp),
    ) -> Result<Assignments, EngineError> {
        let companies = self.companies_known(&books.ledger, at)?;
        let alone = companies.len() == 1;
        let held = if alone { Held::new() } else { self.held(ledger, books, (known_at, at))? };
        let rules = self.store.assignment_rules_at(Some(at))?.into_iter().map(|it| Rule {
            name: it.name,
            ledger: it.ledger,
            conditions: it.conditions,
        });
        let rules: Vec<Rule> = rules.collect();
        let words = self.store.deal_assignments_at(Some(at))?;
        let words = words.into_iter().map(|it| (it.deal, it.ledger)).collect();
        let assigning =
            Assigning { companies: &companies, rules: &rules, words: &words, held: &held };
        Ok(Assignments::new(&assigning, &books.deals, &books.accounts, &books.users))
    }

    /// Every company that had a connection at the moment, and this one. An ended connection counts:
    /// what it billed stands. Of several connections of one ledger the connected ones speak.
    fn companies_known(&self, own: &LedgerId, at: Timestamp) -> Result<Vec<Company>, EngineError> {
        let made: BTreeMap<_, _> =
            self.store.connections()?.into_iter().map(|it| (it.id, it.created_at)).collect();
        let mut companies: BTreeMap<LedgerId, Company> = BTreeMap::new();
        let (connected, ended): (Vec<_>, Vec<_>) = self.ledgers.iter().partition(|it| !it.ended);
        for connection in connected.into_iter().chain(ended) {
            let ledger = connection.port.ledger();
            let there = made.get(&connection.id).is_none_or(|made| *made <= at) || ledger == own;
            if !there || companies.contains_key(ledger) {
                continue;
            }
            let probe = self.stored_probe(&connection.id)?;
            let name =
                probe.as_ref().map_or_else(|| connection.id.to_string(), |it| it.name.clone());
            companies.insert(
                ledger.clone(),
                Company {
                    ledger: ledger.clone(),
                    name,
                    currencies: probe.map(|it| it.capabilities.currencies).unwrap_or_default(),
                    ended: connection.ended,
                },
            );
        }
        Ok(companies.into_values().collect())
    }

    /// The deals that each company has billed or promised to.
    fn held(
        &self,
        own: &LedgerConnection,
        books: &Books,
        known: (Option<Timestamp>, Timestamp),
    ) -> Result<Held, EngineError> {
        let mut held = Held::new();
        for connection in &self.ledgers {
            let deals = if connection.id == own.id {
                held_deals(&Bearing {
                    deals: &books.deals,
                    documents: &books.documents,
                    promised: &books.promised,
                    keys: &books.keys,
                    decisions: &books.document_decisions,
                })
            } else {
                self.held_by(connection, books, known)?
            };
            for deal in deals {
                held.entry(deal).or_default().insert(connection.port.ledger().clone());
            }
        }
        Ok(held)
    }

    /// The deals that another company has billed or promised to.
    fn held_by(
        &self,
        connection: &LedgerConnection,
        books: &Books,
        (known_at, at): (Option<Timestamp>, Timestamp),
    ) -> Result<BTreeSet<DealId>, EngineError> {
        let mut documents: Vec<Document> = Vec::new();
        for stream in BILLING {
            let facts = self.store.facts(&connection.id, stream, known_at)?;
            documents.extend(facts.into_iter().filter_map(|fact| match fact {
                Fact::Document(document) => Some(document),
                _ => None,
            }));
        }
        let promised = self.promised(&connection.id, known_at)?;
        let bears_keys = documents.iter().any(|document| document.key.is_some());
        let keys = match bears_keys {
            true => self.keys(connection.port.ledger(), (&books.deals, &promised, &documents)),
            false => BTreeMap::new(),
        };
        Ok(held_deals(&Bearing {
            deals: &books.deals,
            documents: &documents,
            promised: &promised,
            keys: &keys,
            decisions: &decisions::document_decisions(&self.store, &connection.id, at)?,
        }))
    }

    /// Documents of other companies that may be the invoice of a deal that this one would bill: it
    /// may have been theirs, and billed by hand without a word that says so.
    pub(crate) fn billed_elsewhere(
        &self,
        view: &LedgerView,
        deals: &BTreeSet<DealId>,
    ) -> Result<BTreeMap<DealId, Words>, EngineError> {
        let mut found = BTreeMap::new();
        for connection in &self.ledgers {
            let ledger = connection.port.ledger();
            let other = *ledger != view.books.ledger && !deals.is_empty();
            if !other || self.stored_probe(&connection.id)?.is_none() {
                continue;
            }
            let LedgerView { mut books, frame, .. } = self.view_today(&connection.id)?;
            books.assignments = books.assignments.supposing(ledger, deals);
            let standing: BTreeSet<&DocumentId> =
                books.documents.iter().filter(|it| stands(it)).map(|it| &it.id).collect();
            for (deal, documents) in theirs(&matches(&books, &frame)?, deals, &standing) {
                let name = books.assignments.name(ledger);
                let what = format!(
                    "Documents of {name} may be the invoice of this deal: {}",
                    documents.into_iter().collect::<Vec<_>>().join(", ")
                );
                let remedy = "Link the right one there, or say there of each that it is not.";
                found.insert(deal, (what, remedy.to_owned()));
            }
        }
        Ok(found)
    }
}

/// Standing documents that are linked to these deals or may be, by deal.
fn theirs(
    matches: &Matches,
    deals: &BTreeSet<DealId>,
    standing: &BTreeSet<&DocumentId>,
) -> BTreeMap<DealId, BTreeSet<String>> {
    let mut found: BTreeMap<DealId, BTreeSet<String>> = BTreeMap::new();
    let mut add = |deal: &DealId, document: &DocumentId| {
        if deals.contains(deal) && standing.contains(document) {
            found.entry(deal.clone()).or_default().insert(format!("`{document}`"));
        }
    };
    for link in &matches.links {
        add(&link.deal, &link.document.id);
    }
    for (deal, documents) in matches.suspected() {
        documents.iter().for_each(|document| add(deal, document));
    }
    found
}
