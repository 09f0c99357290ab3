//! A person's word on which document belongs to a deal, and on which customer its Account is
//! (`finance-domain §4, §7` tier M).

use tieout_domain::books::{Books, DocumentDecision};
use tieout_domain::facts::{Customer, Deal, Document, LedgerDocumentKind};
use tieout_domain::gates::GateFinding;
use tieout_domain::identity::Clusters;
use tieout_domain::ids::{AccountId, ConnectionId, CustomerId, DealId, DocumentId};
use tieout_domain::matching::{ConflictReason, MatchOutcome, Tier};
use tieout_domain::status::BillingStatus;
use tieout_store::{DealDocumentLink, Decided, IdentityLink, LinkVerdict};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::plan::find_deal;
use crate::view::LedgerView;

/// The basis of an identity link that a person made.
const BY_PERSON: &str = "person";

/// What a person says about two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// They belong together.
    Is,
    /// They do not, whatever a rule suggests.
    IsNot,
    /// What a person said before no longer holds; rules may speak again.
    Withdrawn,
}

/// The record that the word is about, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkSubject {
    /// Id or number of a document of the ledger; `id:` or `number:` before it says which.
    Document(String),
    /// Id of a customer of the ledger, for the deal's Account.
    Customer(String),
}

/// One word of a person.
#[derive(Clone, Debug)]
pub struct LinkRequest {
    pub ledger: ConnectionId,
    pub deal: DealId,
    pub subject: LinkSubject,
    pub word: Word,
    pub actor: String,
    pub reason: String,
}

/// The record that the word turned out to be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Linked {
    Document { kind: LedgerDocumentKind, id: DocumentId, number: Option<String> },
    Customer { account: AccountId, id: CustomerId, name: String },
}

/// Where the deal stood at one moment.
#[derive(Clone, Debug, Default)]
pub struct DealStanding {
    /// `None`: it is in no population today.
    pub billing: Option<BillingStatus>,
    pub gates: Vec<GateFinding>,
}

/// What a word changed.
#[derive(Clone, Debug)]
pub struct LinkReport {
    pub linked: Linked,
    /// What a person had said before.
    pub before: Option<Word>,
    /// False: it already held.
    pub changed: bool,
    pub stood: DealStanding,
    pub stands: DealStanding,
}

impl Engine {
    /// Keeps a person's word, with its audit entry, and says what it changed. Refused: a record
    /// that is not here, and a word that the two records contradict.
    pub fn link(&mut self, request: &LinkRequest) -> Result<LinkReport, EngineError> {
        let view = self.view_today(&request.ledger)?;
        let deal = find_deal(&view, &request.deal)?;
        let stood = standing(&view, &deal.id)?;
        let (linked, before, changed) = match &request.subject {
            LinkSubject::Document(typed) => {
                let document = document_named(&view.books, typed)?;
                let (before, changed) = self.say_document(&view, deal, document, request)?;
                let (kind, id) = (document.kind, document.id.clone());
                (Linked::Document { kind, id, number: document.number.clone() }, before, changed)
            }
            LinkSubject::Customer(typed) => {
                let account = account_of(&view.books, deal)?;
                let customer = customer_named(&view.books, typed)?;
                let about = (deal, &account, customer);
                let (before, changed) = self.say_customer(about, request)?;
                let (id, name) = (customer.id.clone(), customer.name.clone());
                (Linked::Customer { account, id, name }, before, changed)
            }
        };
        let stands = standing(&self.view_today(&request.ledger)?, &request.deal)?;
        Ok(LinkReport { linked, before, changed, stood, stands })
    }

    fn say_document(
        &mut self,
        view: &LedgerView,
        deal: &Deal,
        document: &Document,
        request: &LinkRequest,
    ) -> Result<(Option<Word>, bool), EngineError> {
        let held = self.store.deal_document_links_at(None)?.into_iter().find(|it| {
            (&it.deal, &it.connection, &it.document) == (&deal.id, &request.ledger, &document.id)
                && it.document_kind == document.kind
        });
        let before = held.as_ref().map(|it| match it.verdict {
            LinkVerdict::Link => Word::Is,
            LinkVerdict::Exclude => Word::IsNot,
            LinkVerdict::Unlink => Word::Withdrawn,
        });
        let verdict = match request.word {
            Word::Is => {
                check_pair(view, deal, document, request)?;
                LinkVerdict::Link
            }
            Word::IsNot => LinkVerdict::Exclude,
            Word::Withdrawn if before.is_none() => return Err(EngineError::NothingSaid),
            Word::Withdrawn => LinkVerdict::Unlink,
        };
        let changed = self.store.save_deal_document_link(&DealDocumentLink {
            deal: deal.id.clone(),
            connection: request.ledger.clone(),
            document_kind: document.kind,
            document: document.id.clone(),
            verdict,
            allocated: None,
            decided: self.decided(request),
        })?;
        Ok((before, changed))
    }

    /// A customer that is linked although it was linked before is the one that is billed from now
    /// on, where another one was linked since.
    fn say_customer(
        &mut self,
        (deal, account, customer): (&Deal, &AccountId, &Customer),
        request: &LinkRequest,
    ) -> Result<(Option<Word>, bool), EngineError> {
        let held = self.store.identity_links_at(None)?;
        let of_account: Vec<&IdentityLink> = held
            .iter()
            .filter(|it| it.connection == request.ledger && it.account == *account)
            .collect();
        let said = of_account.iter().find(|it| it.customer == customer.id);
        let before = said.map(|it| if it.linked { Word::Is } else { Word::IsNot });
        let word = |linked: bool, basis: &str| IdentityLink {
            account: account.clone(),
            connection: request.ledger.clone(),
            customer: customer.id.clone(),
            linked,
            basis: basis.into(),
            decided: self.decided(request),
        };
        let saying: Vec<IdentityLink> = match request.word {
            Word::Is => {
                check_customer(deal, customer)?;
                let last = of_account.iter().rfind(|it| it.linked);
                let overtaken = last.is_some_and(|it| it.customer != customer.id);
                let anew = before == Some(Word::Is) && overtaken;
                let withdrawn = anew.then(|| word(false, IdentityLink::WITHDRAWN));
                withdrawn.into_iter().chain([word(true, BY_PERSON)]).collect()
            }
            Word::IsNot => vec![word(false, BY_PERSON)],
            Word::Withdrawn if before.is_none() => return Err(EngineError::NothingSaid),
            Word::Withdrawn => vec![word(false, IdentityLink::WITHDRAWN)],
        };
        let mut changed = false;
        for word in &saying {
            changed |= self.store.save_identity_link(word)?;
        }
        Ok((before, changed))
    }

    fn decided(&self, request: &LinkRequest) -> Decided {
        let (actor, reason) = (request.actor.clone(), request.reason.clone());
        Decided { actor, at: self.clock.now(), reason }
    }
}

fn standing(view: &LedgerView, deal: &DealId) -> Result<DealStanding, EngineError> {
    let rows = view.reconcile()?.rows;
    let row = rows.into_iter().find(|row| row.deal == *deal);
    Ok(row.map_or_else(DealStanding::default, |row| DealStanding {
        billing: Some(row.billing),
        gates: row.gates,
    }))
}

/// The document of this id or number. A number that is another document's id is not guessed at.
fn document_named<'a>(books: &'a Books, typed: &str) -> Result<&'a Document, EngineError> {
    let typed = typed.trim();
    let (by_id, by_number) = match (typed.strip_prefix("id:"), typed.strip_prefix("number:")) {
        (Some(id), _) => (Some(id), None),
        (None, Some(number)) => (None, Some(number)),
        (None, None) => (Some(typed), Some(typed)),
    };
    let found: Vec<&Document> = books
        .documents
        .iter()
        .filter(|it| {
            let id = by_id.is_some_and(|id| it.id.as_str() == id);
            id || by_number.is_some() && it.number.as_deref() == by_number
        })
        .collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(EngineError::NoSuchRecord(format!(
            "no document with the id or number `{typed}` was read from the ledger"
        ))),
        several => {
            let ids: Vec<String> = several.iter().map(|it| format!("`id:{}`", it.id)).collect();
            let ids = ids.join(", ");
            let text = format!("several documents answer to `{typed}`; write one of {ids}");
            Err(EngineError::NoSuchRecord(text))
        }
    }
}

fn customer_named<'a>(books: &'a Books, typed: &str) -> Result<&'a Customer, EngineError> {
    let typed = typed.trim();
    let found = books.customers.iter().find(|it| it.id.as_str() == typed);
    found.ok_or_else(|| {
        let text = format!("no customer with the id `{typed}` was read from the ledger");
        EngineError::NoSuchRecord(text)
    })
}

/// The Account that lives on after all merges: its links are those that count.
fn account_of(books: &Books, deal: &Deal) -> Result<AccountId, EngineError> {
    let account = deal.account.clone().ok_or_else(|| {
        EngineError::LinkRefused("the deal has no Account that a customer could be".into())
    })?;
    let clusters = Clusters::build(&books.accounts, &books.identity);
    Ok(clusters.survivor(&account).cloned().unwrap_or(account))
}

/// Tries the word in books of its own: what breaks a hard constraint is refused, since it would
/// count in no figure and leave the deal where it is.
fn check_pair(
    view: &LedgerView,
    deal: &Deal,
    document: &Document,
    request: &LinkRequest,
) -> Result<(), EngineError> {
    if document.stamp.deleted {
        return Err(refused("the ledger has deleted this document"));
    }
    let mut trial = view.clone();
    trial
        .books
        .document_decisions
        .retain(|it| (&it.deal, &it.document) != (&deal.id, &document.id));
    trial.books.document_decisions.push(DocumentDecision {
        deal: deal.id.clone(),
        document: document.id.clone(),
        linked: true,
        allocated: None,
        by: request.actor.clone(),
        reason: request.reason.clone(),
        at: view.at,
    });
    let matches = trial.reconcile()?.matches;
    for outcome in &matches.outcomes {
        match outcome {
            MatchOutcome::Conflict { tier: Tier::Person, deal: of, document: which, why }
                if (of, &which.id) == (&deal.id, &document.id) =>
            {
                return Err(refused(&contradiction(*why, deal, document)));
            }
            MatchOutcome::Uncertain { document: which, .. } if which.id == document.id => {
                return Err(refused("the document's status is not understood"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn contradiction(why: ConflictReason, deal: &Deal, document: &Document) -> String {
    match why {
        ConflictReason::Currency => {
            format!("the deal is in {}, the document in {}", deal.currency, document.currency)
        }
        ConflictReason::Customer => format!(
            "the document is for customer `{}`, who is not linked to the deal's Account; \
             link the customer first if it is the same company",
            document.customer
        ),
        ConflictReason::Sign => {
            "an invoice cannot bill a deal with a negative amount; a credit memo can".into()
        }
        ConflictReason::OverAllocated | ConflictReason::PersonDecided => {
            "more of the document would be given away than it has".into()
        }
    }
}

fn check_customer(deal: &Deal, customer: &Customer) -> Result<(), EngineError> {
    if customer.stamp.deleted {
        return Err(refused("the ledger has deleted this customer"));
    }
    match customer.currency {
        Some(currency) if currency != deal.currency => {
            let (ours, id) = (deal.currency, &customer.id);
            let text = format!("the deal is in {ours}, customer `{id}` is billed in {currency}");
            Err(refused(&text))
        }
        _ => Ok(()),
    }
}

fn refused(why: &str) -> EngineError {
    EngineError::LinkRefused(why.to_owned())
}
