//! The connector itself: one signed-in organisation.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tieout_connect::cancel::Cancel;
use tieout_connect::clock::{Clock, Entropy};
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{
    Answer, ControlTotal, Crm, CrmWrite, DateRange, DealSnapshot, Page, Probe, ReadRequest, Source,
};
use tieout_connect::session::{Base, Session, SessionParts, StoredGrant, TokenStore};
use tieout_connect::transport::Transport;
use tieout_domain::facts::Stream;
use tieout_domain::ids::{AccountId, CrmOrgId, DealId};
use tieout_domain::salesforce_id::salesforce_id_18;

use crate::config::{BUDGET, RENEWAL, SalesforceConfig};
use crate::dialect::SalesforceDialect;
use crate::errors::nothing_sent;
use crate::organization::{self, Organization};
use crate::shapes::shape_of;
use crate::{ids, links, probe, read, single, totals, write};

/// How long the settings and the fields of the organisation are believed.
const ORGANIZATION_LIFE_SECS: i64 = 3_600;

/// Everything outside that a connection uses.
pub struct SalesforceParts {
    pub transport: Arc<dyn Transport>,
    pub store: Arc<dyn TokenStore>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub cancel: Cancel,
}

/// One Salesforce organisation, read as one user.
pub struct Salesforce {
    config: SalesforceConfig,
    session: Session,
    org: CrmOrgId,
    instance_url: Mutex<String>,
    known: tokio::sync::Mutex<Option<(Timestamp, Arc<Organization>)>>,
}

impl Salesforce {
    /// Opens the connection to an organisation. Nothing is sent. Without a stored sign-in every
    /// call says `SignInNeeded`, and what was read before can still be shown.
    pub async fn open(
        config: SalesforceConfig,
        org: CrmOrgId,
        parts: SalesforceParts,
    ) -> Answer<Self> {
        let oauth = config.oauth().map_err(|error| ConnectorError::NotSent(error.into()))?;
        let session = Session::new(SessionParts {
            transport: parts.transport,
            oauth,
            store: parts.store,
            clock: parts.clock,
            entropy: parts.entropy,
            dialect: Arc::new(SalesforceDialect),
            base: Base::Instance,
            renewal: RENEWAL,
            budget: BUDGET,
            cancel: parts.cancel,
        });
        let instance_url = match session.grant().await {
            Ok(grant) => grant.instance_url.unwrap_or_default(),
            Err(ConnectorError::SignInNeeded) => String::new(),
            Err(error) => return Err(error),
        };
        let (instance_url, known) = (Mutex::new(instance_url), tokio::sync::Mutex::new(None));
        Ok(Self { config, session, org, instance_url, known })
    }

    /// The session, for its budget, its heartbeat and its end.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Organisation of a stored sign-in, to confirm that a second one is the same.
    pub fn org_of(grant: &StoredGrant) -> Answer<CrmOrgId> {
        identity_of(grant).map(|(org, _)| org)
    }

    async fn organization(&self) -> Answer<Arc<Organization>> {
        let mut known = self.known.lock().await;
        let now = self.session.clock().now();
        let life = SignedDuration::from_secs(ORGANIZATION_LIFE_SECS);
        if let Some((read_at, organization)) = known.as_ref()
            && now.duration_since(*read_at) < life
        {
            return Ok(organization.clone());
        }
        let organization = Arc::new(organization::load(&self.session, &self.config).await?);
        *known = Some((now, organization.clone()));
        Ok(organization)
    }

    async fn organization_anew(&self) -> Answer<Arc<Organization>> {
        *self.known.lock().await = None;
        self.organization().await
    }

    async fn note_instance(&self) -> Answer<()> {
        if let Some(url) = self.session.grant().await?.instance_url {
            *self.instance_url.lock().expect("no holder of the address panics") = url;
        }
        Ok(())
    }
}

/// The identity address ends in organisation and user (`salesforce §2.5`).
fn identity_of(grant: &StoredGrant) -> Answer<(CrmOrgId, String)> {
    let read = || {
        let address = grant.extra.get("id")?;
        let mut ends = address.trim_end_matches('/').rsplit('/');
        let user = salesforce_id_18(ends.next()?).ok()?;
        let org = salesforce_id_18(ends.next()?).ok()?;
        Some((CrmOrgId::new(&org).ok()?, user))
    };
    read().ok_or_else(|| ConnectorError::Malformed { path: "id".to_owned() })
}

#[async_trait]
impl Source for Salesforce {
    async fn probe(&self) -> Answer<Probe> {
        let organization = self.organization_anew().await?;
        let (_, user) = identity_of(&self.session.grant().await?)?;
        let probe = probe::probe(&self.session, &self.config, &organization, &user).await?;
        self.note_instance().await?;
        Ok(probe)
    }

    async fn read(&self, request: &ReadRequest) -> Answer<Page> {
        let organization = self.organization().await?;
        read::read_page(&self.session, &self.config, &organization, request).await
    }

    async fn ids(&self, stream: Stream) -> Answer<Option<Vec<String>>> {
        let organization = self.organization().await?;
        ids::ids_of(&self.session, &organization.schema, stream).await
    }

    async fn shape(&self, stream: Stream) -> Answer<Option<String>> {
        let organization = self.organization().await?;
        let shape = shape_of(stream, &organization.schema, &self.config.fields)?;
        Ok(shape.map(|shape| shape.select()))
    }

    fn requests_sent(&self) -> u64 {
        self.session.requests_sent()
    }

    fn deep_link(&self, stream: Stream, id: &str) -> Option<String> {
        let instance_url = self.instance_url.lock().expect("no holder of the address panics");
        links::deep_link(&instance_url, stream, id)
    }
}

#[async_trait]
impl Crm for Salesforce {
    fn org(&self) -> &CrmOrgId {
        &self.org
    }

    async fn won_totals(&self, range: DateRange) -> Answer<Vec<ControlTotal>> {
        let organization = self.organization().await?;
        totals::won_totals(&self.session, &organization, range).await
    }

    async fn deal(&self, id: &DealId) -> Answer<DealSnapshot> {
        let organization = self.organization().await?;
        single::read_deal(&self.session, &self.config, &organization, id).await
    }

    async fn mirrored(
        &self,
        deals: &[DealId],
        accounts: &[AccountId],
        ledger_account_keys: &[String],
    ) -> Answer<Vec<CrmWrite>> {
        let organization = self.organization().await?;
        write::mirrored(&self.session, &organization, deals, accounts, ledger_account_keys).await
    }

    async fn write(&self, writes: &[CrmWrite]) -> Answer<Vec<Answer<()>>> {
        let organization = self.organization().await.map_err(nothing_sent)?;
        write::write(&self.session, &organization.schema, writes).await
    }
}

#[cfg(test)]
mod tests;
