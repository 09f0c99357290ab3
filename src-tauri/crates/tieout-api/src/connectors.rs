//! From stored connections to connectors: the one place where a brand becomes a port.

use std::sync::Arc;

use tieout_connect::cancel::Cancel;
use tieout_connect::endpoint::BaseUrl;
use tieout_connect::ports::Ledger;
use tieout_connect::session::TokenStore;
use tieout_domain::ids::ConnectionId;
use tieout_engine::{CrmConnection, LedgerConnection};
use tieout_quickbooks::{Endpoints, QuickBooks};
use tieout_salesforce::{HEARTBEAT_SECS, Salesforce, SalesforceParts};
use tieout_store::{ConnectionRecord, Role};
use tieout_xero::Xero;

use crate::failure::Failure;
use crate::grants::GrantFile;
use crate::settings::{self, QuickBooksSettings, SalesforceSettings, Settings, XeroSettings};
use crate::workspace::Workspace;

/// Pages that a browser anywhere can open.
const PUBLIC: &str = "https://";

/// Connectors where more than their port is needed.
#[derive(Default)]
pub(crate) struct Connectors {
    /// `None`: there is none, or it ended.
    salesforce: Option<Arc<Salesforce>>,
    xero: Vec<(ConnectionId, Arc<Xero>)>,
}

impl Workspace {
    /// Builds the connectors of all stored connections anew, ended ones too: their figures stay.
    pub async fn connect_all(&mut self) -> Result<(), Failure> {
        self.engine.crm = None;
        self.engine.ledgers.clear();
        self.connectors = Connectors::default();
        for record in self.engine.store.connections()? {
            self.connect(&record).await?;
        }
        Ok(())
    }

    async fn connect(&mut self, record: &ConnectionRecord) -> Result<(), Failure> {
        match Settings::of(record)? {
            Settings::Salesforce(settings) => self.connect_salesforce(record, &settings).await,
            Settings::QuickBooks(settings) => self.connect_quickbooks(record, &settings),
            Settings::Xero(settings) => self.connect_xero(record, &settings).await,
        }
    }

    async fn connect_salesforce(
        &mut self,
        record: &ConnectionRecord,
        settings: &SalesforceSettings,
    ) -> Result<(), Failure> {
        let parts = SalesforceParts {
            transport: self.transport.clone(),
            store: Arc::new(self.grant_named(record.id.as_str())),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            cancel: Cancel::new(),
        };
        let org = settings.org()?;
        let config = settings.config(&self.engine.store.assignment_rules_at(None)?)?;
        let port = Arc::new(Salesforce::open(config, org, parts).await?);
        let (id, writing) = (record.id.clone(), record.writing);
        let ended = record.disconnected_at.is_some();
        self.connectors.salesforce = Some(port.clone()).filter(|_| !ended);
        self.engine.crm = Some(CrmConnection { id, port, writing, ended });
        Ok(())
    }

    fn connect_quickbooks(
        &mut self,
        record: &ConnectionRecord,
        settings: &QuickBooksSettings,
    ) -> Result<(), Failure> {
        let company = settings.company()?;
        let endpoints = Endpoints::known(company.app().environment());
        let wiring = tieout_quickbooks::Wiring {
            transport: self.transport.clone(),
            store: Arc::new(self.grant_named(record.id.as_str())),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            cancel: Cancel::new(),
            endpoints,
        };
        let port = QuickBooks::new(company, settings.agreement(), wiring);
        self.take_ledger(record, Arc::new(port));
        Ok(())
    }

    async fn connect_xero(
        &mut self,
        record: &ConnectionRecord,
        settings: &XeroSettings,
    ) -> Result<(), Failure> {
        let port = Arc::new(self.xero_of(settings).await?);
        self.connectors.xero.push((record.id.clone(), port.clone()));
        self.take_ledger(record, port);
        Ok(())
    }

    fn take_ledger(&mut self, record: &ConnectionRecord, port: Arc<dyn Ledger>) {
        let (id, writing) = (record.id.clone(), record.writing);
        let ended = record.disconnected_at.is_some();
        self.engine.ledgers.push(LedgerConnection { id, port, writing, ended });
    }

    /// The connector of one organisation of Xero. All that share a sign-in share its file too.
    pub(crate) async fn xero_of(&self, settings: &XeroSettings) -> Result<Xero, Failure> {
        let agreement = settings.agreement(self.deal_pages().await?)?;
        let store = Arc::new(self.grant_named(&settings.grant));
        Ok(Xero::new(settings.company()?, agreement, self.xero_wiring(store)))
    }

    /// What a connector of Xero is made of besides the organisation.
    pub(crate) fn xero_wiring(&self, store: Arc<dyn TokenStore>) -> tieout_xero::Wiring {
        tieout_xero::Wiring {
            transport: self.transport.clone(),
            store,
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            cancel: Cancel::new(),
        }
    }

    /// Where the pages of deals are, as the sign-in of the CRM said it. A sign-in that cannot be
    /// read says nothing; the connection itself tells why.
    async fn deal_pages(&self) -> Result<Option<BaseUrl>, Failure> {
        let records = self.engine.store.connections()?;
        let Some(crm) = records.iter().find(|record| record.role == Role::Crm) else {
            return Ok(None);
        };
        let grant = self.grant_of(crm)?.load().await.ok().flatten();
        let instance = grant.and_then(|grant| grant.instance_url);
        let public = instance.filter(|address| address.starts_with(PUBLIC));
        Ok(public.and_then(|address| BaseUrl::parse(&address).ok()))
    }

    /// Keeps what a run learnt about organisations of Xero: the short code that their pages are
    /// found by, and where their documents link back to.
    pub(crate) fn keep_learnt(&mut self) -> Result<(), Failure> {
        for record in self.engine.store.connections()? {
            let ours = self.connectors.xero.iter().find(|(id, _)| *id == record.id);
            let Some((_, xero)) = ours else { continue };
            let before: XeroSettings = settings::from_text(&record.settings)?;
            let pages = xero.agreement().deal_pages.as_ref().map(ToString::to_string);
            let settings = settings::to_text(&XeroSettings {
                short_code: xero.short_code(),
                deal_pages: pages,
                ..before
            });
            if settings != record.settings {
                let changed = ConnectionRecord { settings, ..record };
                self.engine.store.save_connection(&changed)?;
            }
        }
        Ok(())
    }

    /// Renews a sign-in that has not been used for long, before it dies of that
    /// (`salesforce §2.6`). A failure is left to the run, which says what is wrong.
    pub async fn keep_alive(&self) {
        if let Some(salesforce) = &self.connectors.salesforce {
            let renewed = salesforce.session().renew_if_older(HEARTBEAT_SECS).await;
            if let Err(error) = renewed {
                tracing::warn!(%error, "an old sign-in could not be renewed");
            }
        }
    }

    /// The sealed sign-in of a connection, which it may share with others.
    pub fn grant_of(&self, record: &ConnectionRecord) -> Result<GrantFile, Failure> {
        Ok(self.grant_named(&Settings::of(record)?.grant(&record.id)))
    }

    /// The sealed sign-in with this name.
    pub(crate) fn grant_named(&self, name: &str) -> GrantFile {
        GrantFile::new(&self.folder, name, self.key().token_key())
    }

    /// Whether another connection that has not ended uses the same sign-in.
    pub(crate) fn shares_grant(&self, record: &ConnectionRecord) -> Result<bool, Failure> {
        let own = Settings::of(record)?.grant(&record.id);
        for other in self.engine.store.connections()? {
            let living = other.disconnected_at.is_none() && other.id != record.id;
            if living && Settings::of(&other)?.grant(&other.id) == own {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
