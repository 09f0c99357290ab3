//! The Salesforce connector: a source of facts and the target of the write-back.
//!
//! One file per endpoint or subject. Facts of the wire are in `salesforce.md`; what could not be
//! verified there and is relied on here is listed in `src-tauri/docs/live-checks.md`.

mod batch;
mod composite;
mod config;
mod connector;
mod deleted;
mod describe;
mod dialect;
mod errors;
mod ids;
mod limits;
mod links;
mod login_host;
mod organization;
mod probe;
mod query;
mod read;
mod records;
mod schema;
mod shapes;
mod single;
mod soql;
mod token;
mod totals;
mod visibility;
mod write;

pub use config::{
    API_VERSION, CALLBACK_PATH, CALLBACK_PORTS, FieldChoices, HEARTBEAT_SECS, SalesforceConfig,
    TraitChoices,
};
pub use connector::{Salesforce, SalesforceParts};
pub use login_host::{LoginHost, LoginHostError};

#[cfg(test)]
mod fixtures;
