//! Effects that were promised earlier: asking about them, sending what never left, and what a
//! person decides.

use std::sync::Arc;

use tieout_connect::error::Action;
use tieout_connect::key::content_hash;
use tieout_connect::ports::Ledger;
use tieout_domain::books::gating::{GateKeeper, Intention};
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{Document, Fact, Stream};
use tieout_domain::gates::{
    GateDetail, GateFinding, Moment, Proposal, ProposalError, Sentence, content_text,
};
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_store::{Effect, EffectFilter, EffectKind, EffectMove};

use crate::drive::{Driver, Timing, is_due};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::payload;
use crate::plan::{find_deal, standing_against};
use crate::problem::Problem;
use crate::run::Gap;
use crate::view::LedgerView;

/// Promised documents that one run sends again; the rest waits for the next run.
const SENT_AGAIN_MAX: usize = 200;
/// The code of an effect that a person gave up.
pub const GIVEN_UP: &str = "given_up";
/// The note of a step that a person took.
pub const DECIDED: &str = "decided by a person";
/// Feeds of the CRM without which no document is proposed and no figure is written.
const CRM_NEEDED: [Stream; 5] =
    [Stream::Accounts, Stream::Products, Stream::Deals, Stream::DealLines, Stream::ScheduleLines];

/// What a person decides about an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The person has looked and found nothing: the same key may be sent again.
    SendAgain,
    /// It is not to be sent, or nothing came to be.
    GiveUp,
    /// The document that carries our key holds, although its content is not what was promised.
    Accept,
}

impl Decision {
    pub const ALL: [Self; 3] = [Self::SendAgain, Self::GiveUp, Self::Accept];

    /// Where it leads from a state. `None`: it cannot be decided there.
    pub const fn leads_to(self, from: EffectState) -> Option<EffectState> {
        use EffectState::{Cancelled, Confirmed, Conflict, Intended, Rejected, Unknown};
        match (from, self) {
            (Unknown | Rejected | Cancelled, Self::SendAgain) => Some(Intended),
            (Unknown, Self::GiveUp) => Some(Rejected),
            (Intended, Self::GiveUp) => Some(Cancelled),
            (Conflict, Self::Accept) => Some(Confirmed),
            _ => None,
        }
    }

    const fn as_words(self) -> &'static str {
        match self {
            Self::SendAgain => "sent again",
            Self::GiveUp => "given up",
            Self::Accept => "accepted as it is",
        }
    }
}

impl Engine {
    /// Every promised effect, in the order in which they were promised.
    pub fn effects(&self) -> Result<Vec<Effect>, EngineError> {
        Ok(self.store.effects(&EffectFilter::default())?)
    }

    /// Asks about every unknown outcome now, whenever the next question was planned.
    pub async fn ask_now(&mut self) -> Result<(), EngineError> {
        let unknown = self.store.effects(&EffectFilter {
            kind: Some(EffectKind::Document),
            states: vec![EffectState::Unknown],
            ..EffectFilter::default()
        })?;
        if unknown.is_empty() {
            return Ok(());
        }
        let mut run = self.begin("ask", "person")?;
        let before = self.requests_sent();
        let unanswered = self.ask_all(Timing::Now, &run.run).await?;
        run.gaps.extend(unanswered);
        run.http_requests = self.requests_sent() - before;
        self.end(run)?;
        Ok(())
    }

    /// Asks every ledger about its unknown outcomes, and says what got no answer.
    pub(crate) async fn ask_all(
        &mut self,
        timing: Timing,
        run: &RunId,
    ) -> Result<Vec<Gap>, EngineError> {
        let mut gaps = Vec::new();
        for (connection, port) in self.ledger_ports() {
            let unknown = self.promised_documents(&connection, EffectState::Unknown)?;
            gaps.extend(self.ask_each(&connection, &port, &unknown, timing, run).await?);
        }
        Ok(gaps)
    }

    /// Asks about these effects one by one. An answer that says that the next would fail too ends
    /// it; a promise that cannot be read does not stop the others.
    pub(crate) async fn ask_each(
        &mut self,
        connection: &ConnectionId,
        port: &Arc<dyn Ledger>,
        effects: &[Effect],
        timing: Timing,
        run: &RunId,
    ) -> Result<Vec<Gap>, EngineError> {
        let mut gaps = Vec::new();
        for effect in effects {
            if self.cancel.requested() {
                gaps.push(Gap::cancelled(connection));
                break;
            }
            let unanswered =
                match self.driver(connection, port, run)?.ask(&effect.key, timing).await {
                    Ok(unanswered) => unanswered,
                    Err(EngineError::Payload { key }) => {
                        let text = format!("the stored promise `{key}` cannot be read");
                        let problem = Problem { class: "damaged", text };
                        gaps.push(Gap::Connection { connection: connection.clone(), problem });
                        continue;
                    }
                    Err(error) => return Err(error),
                };
            let Some(error) = unanswered else { continue };
            let problem = Problem::from(&error);
            gaps.push(Gap::Connection { connection: connection.clone(), problem });
            if matches!(error.action(), Action::SignIn | Action::RetryLater | Action::Stop) {
                break;
            }
        }
        Ok(gaps)
    }

    /// Sends what was promised and never left: after a crash, a throttle, or an answered question.
    ///
    /// Gates are asked again, and the deal must still ask for what was promised, unless a document
    /// with that content may exist already: then only the same content may follow. What is held
    /// back stays intended and waits for a person. Returns what was driven, and where to.
    pub async fn send_promised(
        &mut self,
        ledger: &ConnectionId,
        run: &RunId,
    ) -> Result<Vec<(String, EffectState)>, EngineError> {
        self.send_due(ledger, |_| true, Timing::WhenDue, run).await
    }

    /// Settles promises of documents that reading has brought meanwhile, whatever became of them in
    /// the ledger: a question by the promised date would miss one that was moved.
    pub(crate) fn adopt_read_documents(
        &mut self,
        ledger: &ConnectionId,
        run: &RunId,
    ) -> Result<(), EngineError> {
        let mut waiting = self.promised_documents(ledger, EffectState::Unknown)?;
        waiting.extend(self.promised_documents(ledger, EffectState::Intended)?);
        if waiting.is_empty() || self.stored_probe(ledger)?.is_none() {
            return Ok(());
        }
        let port = self.ledger(ledger)?.port.clone();
        let held = self.store.facts(ledger, Stream::Invoices, None)?;
        for effect in waiting {
            let document = held.iter().find_map(|fact| match fact {
                Fact::Document(it) if !it.stamp.deleted && carries(it, &effect.key) => Some(it),
                _ => None,
            });
            if let Some(document) = document {
                self.driver(ledger, &port, run)?.adopt(&effect.key, document)?;
            }
        }
        Ok(())
    }

    /// The same, for the effects that are wanted.
    pub(crate) async fn send_due(
        &mut self,
        ledger: &ConnectionId,
        wanted: impl Fn(&Effect) -> bool,
        timing: Timing,
        run: &RunId,
    ) -> Result<Vec<(String, EffectState)>, EngineError> {
        let mut sent = Vec::new();
        let mut due = self.promised_documents(ledger, EffectState::Intended)?;
        let now = self.clock.now();
        due.retain(|effect| is_due(effect, timing, now) && wanted(effect));
        if due.is_empty() || self.refuses_writing(ledger)? || !self.is_read(ledger)? {
            return Ok(sent);
        }
        let view = self.view_today(ledger)?;
        let reconciliation = view.reconcile()?;
        let port = self.ledger(ledger)?.port.clone();
        for effect in due.into_iter().take(SENT_AGAIN_MAX) {
            if self.cancel.requested() {
                break;
            }
            let state = if let Some(document) = carrying(&view, &effect.key) {
                self.driver(ledger, &port, run)?.adopt(&effect.key, document)?
            } else if held_at_send(&view, &reconciliation, &effect).is_empty() {
                self.driver(ledger, &port, run)?.send(&effect.key, timing).await?
            } else {
                tracing::warn!(key = %effect.key, "the gates hold a promised document back");
                continue;
            };
            sent.push((effect.key, state));
        }
        Ok(sent)
    }

    /// Whether nothing may be created: the ledger is read-only, or a side is disconnected, and then
    /// nobody knows how things stand there.
    pub(crate) fn refuses_writing(&self, ledger: &ConnectionId) -> Result<bool, EngineError> {
        let ledger = self.ledger(ledger)?;
        let crm_ended = self.crm.as_ref().is_some_and(|crm| crm.ended);
        Ok(!ledger.writing || ledger.ended || crm_ended)
    }

    /// A person looked and decides about an effect that cannot go on by itself.
    pub fn resolve(
        &mut self,
        key: &str,
        decision: Decision,
        actor: &str,
        reason: &str,
    ) -> Result<EffectState, EngineError> {
        let effect =
            self.store.effect(key)?.ok_or_else(|| EngineError::NoSuchEffect(key.into()))?;
        let (state, wanted) = (effect.state.as_str(), decision.as_words());
        let to = decision.leads_to(effect.state).ok_or(EngineError::NotNow { state, wanted })?;
        let now = self.clock.now();
        let decided = EffectMove {
            note: Some(reason.into()),
            error_code: (to == EffectState::Rejected).then(|| GIVEN_UP.to_owned()),
            error_text: (to == EffectState::Rejected).then(|| reason.to_owned()),
            ..EffectMove::at(now, DECIDED)
        };
        self.store.append_audit(now, actor, "effect.resolved", key, reason)?;
        self.store.move_effect(key, effect.state, to, &decided)?;
        Ok(to)
    }

    /// Promised documents of a ledger in one state.
    pub(crate) fn promised_documents(
        &self,
        ledger: &ConnectionId,
        state: EffectState,
    ) -> Result<Vec<Effect>, EngineError> {
        Ok(self.store.effects(&EffectFilter {
            connection: Some(ledger.clone()),
            kind: Some(EffectKind::Document),
            states: vec![state],
            ..EffectFilter::default()
        })?)
    }

    /// Whether every feed that writing rests on was read to its end at least once. Before that, a
    /// document that is there may look as if it were missing.
    pub(crate) fn is_read(&self, ledger: &ConnectionId) -> Result<bool, EngineError> {
        let crm = self.crm.as_ref().map(|crm| crm.id.clone());
        for connection in crm.iter().chain([ledger]) {
            let Some(probe) = self.stored_probe(connection)? else {
                return Ok(false);
            };
            let needed = |stream: &Stream| connection == ledger || CRM_NEEDED.contains(stream);
            for stream in probe.capabilities.streams.into_iter().filter(needed) {
                let cursor = self.store.cursor(connection, stream)?;
                if cursor.and_then(|cursor| cursor.mark).is_none() {
                    return Ok(false);
                }
            }
        }
        Ok(crm.is_some())
    }

    pub(crate) fn ledger_ports(&self) -> Vec<(ConnectionId, Arc<dyn Ledger>)> {
        let connected = self.ledgers.iter().filter(|ledger| !ledger.ended);
        connected.map(|ledger| (ledger.id.clone(), ledger.port.clone())).collect()
    }

    pub(crate) fn driver<'a>(
        &'a mut self,
        connection: &ConnectionId,
        port: &'a Arc<dyn Ledger>,
        run: &'a RunId,
    ) -> Result<Driver<'a>, EngineError> {
        let probe = self.stored_probe(connection)?.ok_or(EngineError::NothingToReport)?;
        Ok(Driver {
            store: &mut self.store,
            ledger: port.as_ref(),
            replay: probe.capabilities.replay,
            clock: self.clock.as_ref(),
            crash_points: self.crash_points.as_ref(),
            run,
        })
    }
}

/// A document that was read and carries this key.
pub(crate) fn carrying<'a>(view: &'a LedgerView, key: &str) -> Option<&'a Document> {
    let documents = view.books.documents.iter().filter(|document| !document.stamp.deleted);
    documents.into_iter().find(|document| carries(document, key))
}

fn carries(document: &Document, key: &str) -> bool {
    document.key.as_ref().is_some_and(|carried| carried.as_str() == key)
}

/// The gates that hold a promised document back, at the date that it carries; a deal that has
/// changed before anything can have been received is a matter for a person.
pub(crate) fn held_at_send(
    view: &LedgerView,
    reconciliation: &Reconciliation,
    effect: &Effect,
) -> Vec<GateFinding> {
    let deal = effect.deal.as_ref().and_then(|deal| find_deal(view, deal).ok());
    let Some((deal, promised)) = deal.zip(payload::from_text(&effect.payload)) else {
        return vec![held(effect, GateDetail::DealDeleted, "The deal is not here any more")];
    };
    let row = reconciliation.rows.iter().find(|row| row.deal == deal.id);
    let linked = row.map(|row| standing_against(row, effect.sequence > 1)).unwrap_or_default();
    let due = GateKeeper::new(&view.books, &view.frame).propose(&Intention {
        deal,
        moment: Moment::Send,
        proposed_on: promised.effective_on,
        billed_through: None,
        effect: Some(effect.state),
        by_name: false,
        linked: &linked,
        suspected: row.map_or(&[], |row| &row.suspected),
    });
    match due {
        Err(ProposalError::Gates(findings)) => findings,
        Err(error) => vec![held(effect, GateDetail::PromiseOutdated, &error.to_string())],
        Ok(_) if row.is_none() => {
            vec![held(effect, GateDetail::NotWon, "The deal is not among those to be billed")]
        }
        Ok(due) if effect.first_sent_at.is_none() && hash_of(&due) != effect.content_hash => {
            let what = "The deal has changed since its invoice was promised, and nothing was sent";
            vec![held(effect, GateDetail::PromiseOutdated, what)]
        }
        Ok(_) => Vec::new(),
    }
}

fn held(effect: &Effect, detail: GateDetail, what: &str) -> GateFinding {
    let deal = effect.deal.as_ref().map_or_else(String::new, ToString::to_string);
    GateFinding {
        gate: detail.gate(),
        subject: deal.clone(),
        sentence: Sentence {
            what: what.to_owned(),
            place: format!("Opportunity {deal}"),
            remedy: "Withdraw the promise, or put the deal right and create again".into(),
        },
        detail,
    }
}

/// The content hash of a proposal (`finance-domain §6 R4`).
pub(crate) fn hash_of(proposal: &Proposal) -> String {
    content_hash(content_text(proposal).as_bytes())
}
