//! What a promise is about and what became of it, for a person who has to decide.

use jiff::Timestamp;
use tieout_connect::ports::ProposedDocument;
use tieout_domain::Money;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{Deal, Fact, Stream};
use tieout_store::{Effect, EffectEvent, EffectKind};

use crate::effects::DECIDED;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::origin::READ;
use crate::payload;

/// The records that a promise names, as far as they were read, and what it says.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    pub deal: Option<Deal>,
    /// Name of the customer that the document is for.
    pub customer: Option<String>,
    /// Of a customer's promise the id and name of the Account.
    pub account: Option<(String, String)>,
    /// Of a document's promise what was or is to be sent.
    pub document: Option<ProposedDocument>,
    /// Its lines together, before tax.
    pub net: Option<Money>,
}

/// A question about an unknown outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub at: Timestamp,
    pub answer: Answer,
}

/// What the ledger said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A document with our key: its id.
    Found(Option<String>),
    /// It shows none.
    NotFound,
    /// Nothing that says so: why.
    None(String),
}

/// What `note_ask` keeps of an empty answer.
pub const NOT_FOUND: &str = "not found";

impl Engine {
    /// Everything that is known about the promise.
    pub fn dossier(&self, effect: &Effect) -> Result<Dossier, EngineError> {
        let mut dossier = Dossier::default();
        if let (Some(deal), Some(crm)) = (&effect.deal, &self.crm) {
            let fact = self.store.fact(&crm.id, Stream::Deals, deal.as_str(), None)?;
            dossier.deal = fact.and_then(|fact| match fact {
                Fact::Deal(deal) => Some(deal),
                _ => None,
            });
        }
        match effect.kind {
            EffectKind::Document => {
                dossier.document = payload::from_text(&effect.payload);
                if let Some(document) = &dossier.document {
                    let id = document.customer.as_str();
                    let fact = self.store.fact(&effect.connection, Stream::Customers, id, None)?;
                    dossier.customer = fact.and_then(name_of);
                    dossier.net = Some(payload::net_total(document)?);
                }
            }
            EffectKind::Customer => {
                if let Some(crm) = &self.crm {
                    let id = &effect.payload;
                    let fact = self.store.fact(&crm.id, Stream::Accounts, id, None)?;
                    dossier.account = fact.and_then(name_of).map(|name| (id.clone(), name));
                }
            }
            EffectKind::WriteBack | EffectKind::Task | EffectKind::FailureRecord => {}
        }
        Ok(dossier)
    }
}

fn name_of(fact: Fact) -> Option<String> {
    match fact {
        Fact::Customer(customer) => Some(customer.name),
        Fact::Account(account) => Some(account.name),
        _ => None,
    }
}

/// When it was sent, oldest first.
pub fn sends(history: &[EffectEvent]) -> Vec<Timestamp> {
    let left = history.iter().filter(|event| {
        let from = event.from == Some(EffectState::Intended);
        from && event.to == EffectState::Sent && event.detail != READ
    });
    left.map(|event| event.at).collect()
}

/// When the ledger was asked about an unknown outcome, and what it said, oldest first.
pub fn questions(history: &[EffectEvent]) -> Vec<Question> {
    let asked = history
        .iter()
        .filter(|event| event.from == Some(EffectState::Unknown) && event.detail != DECIDED);
    asked
        .map(|event| {
            let answer = match event.to {
                EffectState::Unknown if event.detail != NOT_FOUND => {
                    Answer::None(event.detail.clone())
                }
                EffectState::Confirmed | EffectState::Conflict => {
                    Answer::Found(event.result_id.clone())
                }
                _ => Answer::NotFound,
            };
            Question { at: event.at, answer }
        })
        .collect()
}
