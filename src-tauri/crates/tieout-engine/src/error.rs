//! What can stop an engine operation as a whole. What goes wrong with one record, one page or one
//! effect is part of the run's outcome instead.

use tieout_connect::error::ConnectorError;
use tieout_store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("the workspace could not be read or written")]
    Store(#[from] StoreError),
    #[error("a connected system did not do what was asked")]
    Connector(#[from] ConnectorError),
    #[error("a figure could not be computed")]
    Money(#[from] tieout_domain::MoneyError),
    #[error("the books could not be reconciled")]
    Books(#[from] tieout_domain::books::BooksError),
    #[error("{wanted} documents would be created; one run may create {limit}")]
    WriteLimit { wanted: usize, limit: u32 },
    #[error("no run has read the books yet")]
    NothingToReport,
    /// A stored payload cannot be read: the file was changed by something else.
    #[error("the stored promise `{key}` cannot be read")]
    Payload { key: String },
    #[error("there is no connection named `{0}`")]
    NoSuchConnection(String),
    #[error("there is no deal `{0}` here")]
    NoSuchDeal(String),
    #[error("there is no promised effect `{0}`")]
    NoSuchEffect(String),
    #[error("an effect in state `{state}` cannot be {wanted}")]
    NotNow { state: &'static str, wanted: &'static str },
    /// What was typed names no record of the ledger, or several.
    #[error("{0}")]
    NoSuchRecord(String),
    /// A person's word that the two records contradict.
    #[error("{0}")]
    LinkRefused(String),
    #[error("no person has said anything about the two, so there is nothing to take back")]
    NothingSaid,
    #[error("this connection is read-only until writing is turned on")]
    ReadOnly,
    /// The process was told to die here: only tests ask for it.
    #[error("stopped at the crash point `{0}`")]
    Died(&'static str),
    #[error("a formula could not be applied: {0}")]
    Rule(String),
}
