//! The engine: one workspace's store and its connected systems. It knows ports, never brands.

use std::sync::Arc;

use jiff::Timestamp;
use tieout_connect::clock::Clock;
use tieout_connect::ports::{Capabilities, Crm, Ledger, Source};
use tieout_domain::ids::{ConnectionId, RunId};
use tieout_store::{Role, Store};

use crate::error::EngineError;
use crate::progress::{Cancel, CrashPoints, Immortal, Observer, Silent};

/// The connected system of record for revenue.
pub struct CrmConnection {
    pub id: ConnectionId,
    pub port: Arc<dyn Crm>,
    /// Whether Tieout may write figures back.
    pub writing: bool,
    /// Disconnected: what was read stays and is shown, and nothing is sent.
    pub ended: bool,
}

/// One connected ledger company.
pub struct LedgerConnection {
    pub id: ConnectionId,
    pub port: Arc<dyn Ledger>,
    /// Whether Tieout may create documents.
    pub writing: bool,
    /// Disconnected: what was read stays and is shown, and nothing is sent.
    pub ended: bool,
}

/// Makes run ids. They only have to differ.
pub trait RunIds {
    fn next(&self, now: Timestamp) -> RunId;
}

/// A workspace at work.
pub struct Engine {
    pub store: Store,
    pub crm: Option<CrmConnection>,
    pub ledgers: Vec<LedgerConnection>,
    pub clock: Arc<dyn Clock>,
    pub run_ids: Box<dyn RunIds>,
    pub observer: Box<dyn Observer>,
    pub cancel: Cancel,
    pub crash_points: Box<dyn CrashPoints>,
}

impl Engine {
    /// An engine without connections that tells nobody and never dies on purpose.
    pub fn new(store: Store, clock: Arc<dyn Clock>, run_ids: Box<dyn RunIds>) -> Self {
        Self {
            store,
            crm: None,
            ledgers: Vec::new(),
            clock,
            run_ids,
            observer: Box::new(Silent),
            cancel: Cancel::default(),
            crash_points: Box::new(Immortal),
        }
    }

    /// The connection with this id.
    pub fn ledger(&self, id: &ConnectionId) -> Result<&LedgerConnection, EngineError> {
        self.ledgers
            .iter()
            .find(|ledger| ledger.id == *id)
            .ok_or_else(|| EngineError::NoSuchConnection(id.to_string()))
    }

    /// Every connection that has not ended as a source of facts, the CRM first.
    pub(crate) fn sources(&self) -> Vec<(ConnectionId, SourcePort)> {
        let crm = self.crm.iter().filter(|crm| !crm.ended);
        let crm = crm.map(|crm| (crm.id.clone(), SourcePort::Crm(crm.port.clone())));
        let ledgers = self
            .ledgers
            .iter()
            .filter(|ledger| !ledger.ended)
            .map(|ledger| (ledger.id.clone(), SourcePort::Ledger(ledger.port.clone())));
        crm.chain(ledgers).collect()
    }

    /// Whether any connection has not ended.
    pub fn is_connected(&self) -> bool {
        !self.sources().is_empty()
    }

    /// The ledgers that have not ended.
    pub fn connected_ledgers(&self) -> Vec<ConnectionId> {
        self.ledger_ports().into_iter().map(|(id, _)| id).collect()
    }

    /// HTTP requests that all connections have sent so far.
    pub fn requests_sent(&self) -> u64 {
        self.sources().iter().map(|(_, port)| port.source().requests_sent()).sum()
    }
}

/// A connection in either role.
#[derive(Clone)]
pub(crate) enum SourcePort {
    Crm(Arc<dyn Crm>),
    Ledger(Arc<dyn Ledger>),
}

impl SourcePort {
    pub(crate) const fn role(&self) -> Role {
        match self {
            Self::Crm(_) => Role::Crm,
            Self::Ledger(_) => Role::Ledger,
        }
    }

    pub(crate) fn source(&self) -> &dyn Source {
        match self {
            Self::Crm(port) => port.as_ref(),
            Self::Ledger(port) => port.as_ref(),
        }
    }
}

/// What a probe found, kept for the run.
#[derive(Clone, Debug)]
pub(crate) struct Probed {
    pub connection: ConnectionId,
    pub capabilities: Capabilities,
}
