//! Ending a sign-in at the tool.

use std::sync::Arc;

use tieout_connect::oauth::{OAuthClient, OAuthConfig};
use tieout_connect::session::TokenStore;
use tieout_quickbooks::Endpoints;
use tieout_store::ConnectionRecord;

use super::oauth_of;
use crate::failure::Failure;
use crate::settings::{Settings, XeroSettings};
use crate::workspace::Workspace;

/// Ends the access of this connection at the tool. What other connections use stays.
pub(crate) async fn end(workspace: &Workspace, record: &ConnectionRecord) -> Result<(), Failure> {
    let Ok(Some(grant)) = workspace.grant_of(record)?.load().await else { return Ok(()) };
    let oauth = match Settings::of(record)? {
        Settings::Salesforce(settings) => oauth_of(&settings)?,
        Settings::QuickBooks(settings) => {
            let app = settings.app()?;
            app.oauth(&Endpoints::known(app.environment()))
        }
        Settings::Xero(settings) => return leave(workspace, record, &settings).await,
    };
    let token = grant.refresh.as_ref().unwrap_or(&grant.access);
    Ok(client(workspace, oauth).revoke(token).await?)
}

fn client(workspace: &Workspace, oauth: OAuthConfig) -> OAuthClient {
    OAuthClient::new(oauth, workspace.transport.clone(), Arc::clone(&workspace.entropy))
}

/// One organisation leaves. Revoking would end every organisation of the same person and app, also
/// those that are used elsewhere: it follows only when none is left (`xero §2.6`).
async fn leave(
    workspace: &Workspace,
    record: &ConnectionRecord,
    settings: &XeroSettings,
) -> Result<(), Failure> {
    let xero = workspace.xero_of(settings).await?;
    let left = xero.leave().await?;
    if left.remaining > 0 || workspace.shares_grant(record)? {
        return Ok(());
    }
    Ok(xero.session().disconnect().await??)
}
