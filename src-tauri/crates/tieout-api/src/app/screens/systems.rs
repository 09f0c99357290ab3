//! Where records of the two sides have a page, and what people call the systems.

use std::sync::Arc;

use tieout_connect::ports::{Crm, Ledger};
use tieout_domain::facts::{LedgerDocumentKind, Stream};

use crate::app::reader::Held;
use crate::app::shapes::OpenIn;
use crate::failure::Failure;
use crate::views::deals::stream_of;
use crate::workspace::Workspace;

/// Both sides of a scope.
pub(crate) struct Systems {
    crm: Option<Arc<dyn Crm>>,
    ledger: Arc<dyn Ledger>,
    /// "Salesforce".
    pub crm_name: String,
    /// "QuickBooks".
    pub books_name: String,
}

/// What a person calls the CRM where none has been asked yet.
const CRM_NAME: &str = "Salesforce";

impl Systems {
    pub(crate) fn of(workspace: &Workspace, held: &Held) -> Result<Self, Failure> {
        let engine = &workspace.engine;
        let ledger = engine.ledger(&held.view.connection)?.port.clone();
        let crm = engine.crm.as_ref();
        let tool = |id| Ok::<_, Failure>(engine.company(id)?.map(|company| company.tool));
        let crm_name = crm.map(|crm| tool(&crm.id)).transpose()?.flatten();
        Ok(Self {
            crm: crm.map(|crm| crm.port.clone()),
            ledger,
            crm_name: crm_name.unwrap_or_else(|| CRM_NAME.to_owned()),
            books_name: tool(&held.view.connection)?
                .unwrap_or_else(|| held.view.connection.to_string()),
        })
    }

    /// A record of the CRM.
    pub(crate) fn in_crm(&self, stream: Stream, id: &str) -> OpenIn {
        let link = self.crm.as_ref().and_then(|crm| crm.deep_link(stream, id));
        OpenIn { system: self.crm_name.clone(), link }
    }

    /// A record of the books.
    pub(crate) fn in_books(&self, stream: Stream, id: &str) -> OpenIn {
        OpenIn { system: self.books_name.clone(), link: self.ledger.deep_link(stream, id) }
    }

    pub(crate) fn document(&self, kind: LedgerDocumentKind, id: &str) -> OpenIn {
        self.in_books(stream_of(kind), id)
    }
}
