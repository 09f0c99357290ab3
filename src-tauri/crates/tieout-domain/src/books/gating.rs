//! The gates of one deal, asked with everything that the books know.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::population::Agreements;
use super::{Books, Frame};
use crate::effect::{DocumentKind, EffectState};
use crate::facts::{Account, Deal, DealLine, Product, ScheduleLine};
use crate::gates::{GateCustomer, GateFinding, GateInput, Moment, Proposal, ProposalError};
use crate::identity::{Clusters, CustomerDecision, CustomerQuestion, ItemIndex, decide_customer};
use crate::ids::{AccountId, DealLineId, DocumentId, ProductId};

/// What the gates need of the whole books, prepared once for many deals.
pub struct GateKeeper<'a> {
    books: &'a Books,
    frame: &'a Frame,
    agreements: Agreements<'a>,
    accounts: BTreeMap<&'a AccountId, &'a Account>,
    items: ItemIndex<'a>,
    products: BTreeMap<ProductId, Product>,
    clusters: Clusters,
    tax_codes: BTreeMap<DealLineId, String>,
    promised_customers: BTreeMap<&'a AccountId, EffectState>,
}

/// One intended document to ask the gates about.
pub struct Intention<'a> {
    pub deal: &'a Deal,
    pub moment: Moment,
    /// The date that the document would carry.
    pub proposed_on: Date,
    /// Earlier documents of this deal bill the schedule up to this date, it included.
    pub billed_through: Option<Date>,
    pub effect: Option<EffectState>,
    /// A person asked for this very deal: a refused or withdrawn customer is no obstacle then.
    pub by_name: bool,
    /// Documents of the deal that stand against another one.
    pub linked: &'a [DocumentId],
    pub suspected: &'a [DocumentId],
}

impl<'a> GateKeeper<'a> {
    pub fn new(books: &'a Books, frame: &'a Frame) -> Self {
        let products =
            books.products.iter().map(|product| (product.id.clone(), product.clone())).collect();
        Self {
            books,
            frame,
            agreements: Agreements::new(books),
            accounts: books.accounts.iter().map(|account| (&account.id, account)).collect(),
            items: ItemIndex::new(&books.items),
            products,
            clusters: Clusters::build(&books.accounts, &books.identity),
            tax_codes: BTreeMap::new(),
            promised_customers: books
                .promised_customers
                .iter()
                .map(|it| (&it.account, it.state))
                .collect(),
        }
    }

    /// Every gate that fails for the intention, all at once.
    pub fn findings(&self, intention: &Intention<'_>) -> Vec<GateFinding> {
        self.ask(intention, crate::gates::check)
    }

    /// The document of a deal whose gates all pass.
    pub fn propose(&self, intention: &Intention<'_>) -> Result<Proposal, ProposalError> {
        self.ask(intention, crate::gates::propose)
    }

    /// Which customer of the ledger the deal's Account is.
    pub fn customer(&self, deal: &Deal) -> Option<GateCustomer> {
        let id = deal.account.as_ref()?;
        let survivor = self.clusters.survivor(id).unwrap_or(id);
        let account = *self.accounts.get(survivor)?;
        let decision = decide_customer(&CustomerQuestion {
            account,
            aliases: &self.clusters.aliases(survivor),
            ledger: &self.books.ledger,
            currency: Some(deal.currency),
            customers: &self.books.customers,
            links: &self.books.identity,
        });
        let chosen = match &decision {
            CustomerDecision::Link { customer, .. } => {
                self.books.customers.iter().find(|known| known.id == *customer)
            }
            _ => None,
        };
        Some(GateCustomer {
            currency: chosen.and_then(|customer| customer.currency),
            terms_days: chosen.and_then(|customer| customer.terms_days),
            decision,
        })
    }

    /// Where the promise of a customer for the deal's Account stands, as long as the ledger has
    /// none that is or resembles it.
    pub fn customer_promise(&self, deal: &Deal) -> Option<EffectState> {
        let state = self.promise_of(deal)?;
        let decision = self.customer(deal)?.decision;
        (decision == CustomerDecision::Create).then_some(state)
    }

    /// Of the Account that lives on, or of one that was merged into it.
    fn promise_of(&self, deal: &Deal) -> Option<EffectState> {
        if self.promised_customers.is_empty() {
            return None;
        }
        let id = deal.account.as_ref()?;
        let survivor = self.clusters.survivor(id).unwrap_or(id);
        let merged = self.clusters.aliases(survivor);
        let mut accounts = std::iter::once(survivor).chain(&merged);
        accounts.find_map(|account| self.promised_customers.get(account).copied())
    }

    fn ask<T>(&self, intention: &Intention<'_>, question: impl Fn(&GateInput<'_>) -> T) -> T {
        let lines = self.agreements.lines(&intention.deal.id).iter();
        let lines: Vec<DealLine> = lines.map(|line| (*line).clone()).collect();
        let rows = lines.iter().flat_map(|line| self.agreements.rows(&line.id));
        let schedule: Vec<ScheduleLine> = rows.map(|row| (*row).clone()).collect();
        let customer = self.customer(intention.deal);
        let promised = if intention.by_name { None } else { self.promise_of(intention.deal) };
        let books = self.books;
        let outside = books.assignments.outside(&books.ledger, &intention.deal.id);
        question(&GateInput {
            moment: intention.moment,
            kind: DocumentKind::Invoice,
            deal: intention.deal,
            outside: outside.as_ref(),
            lines: &lines,
            schedule: &schedule,
            products: &self.products,
            items: &self.items,
            customer: customer.as_ref(),
            customer_promise: promised,
            rules: &self.frame.rules,
            tax_codes: &self.tax_codes,
            proposed_on: intention.proposed_on,
            billed_through: intention.billed_through,
            effect: intention.effect,
            linked: intention.linked,
            suspected: intention.suspected,
        })
    }
}
