//! What was found about the organisation, and what is missing, in plain words.

use serde_json::Value;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::{Answer, Missing, Probe};

use crate::Xero;
use crate::config::{Agreement, Environment};
use crate::door::malformed;
use crate::lists::Lists;
use crate::organisation::Organisation;
use crate::request::Request;
use crate::scopes::NEEDS;
use crate::settings::{UNKNOWN_ZONE, capabilities};
use crate::tenants::is_connected;

/// Actions of the user that creating needs, with what cannot be done without each.
const ACTIONS: [(&str, &str, NeededFor); 3] = [
    ("CreateDraftInvoice", "Invoices cannot be created as drafts", NeededFor::Drafts),
    ("CreateApprovedInvoice", "Invoices cannot be created as approved", NeededFor::Approved),
    ("UseMulticurrency", "Invoices in foreign currencies cannot be created", NeededFor::Foreign),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NeededFor {
    Drafts,
    Approved,
    Foreign,
}

/// Signs in if needed, reads the organisation afresh and says what is missing. Where the tool shuts
/// us out, the list of connections says whether the organisation is still there.
pub(crate) async fn probe(xero: &Xero) -> Answer<Probe> {
    let organisation = match xero.reload_organisation().await {
        Err(ConnectorError::NotPermitted { what }) => return Err(shut_out(xero, what).await),
        other => other?,
    };
    let lists = xero.lists().await?;
    let mut missing = missing_scopes(xero).await?;
    missing.extend(missing_actions(xero, &lists).await?);
    missing.extend(missing_settings(&organisation, &lists, xero.agreement()));
    let simulated = matches!(xero.company().app().environment(), Environment::At(_));
    Ok(Probe {
        name: organisation.name.clone(),
        sandbox: organisation.demo || simulated,
        capabilities: capabilities(&organisation, &lists, xero.agreement()),
        missing,
    })
}

async fn shut_out(xero: &Xero, what: String) -> ConnectorError {
    match is_connected(xero.session(), xero.company()).await {
        Ok(false) => ConnectorError::NotPermitted {
            what:
                "the organisation is not connected any more: sign in to Xero again and choose it. \
                   A demo company that was replaced is another organisation"
                    .to_owned(),
        },
        // The first answer stands: it says more than a list that could not be read.
        Ok(true) | Err(_) => ConnectorError::NotPermitted { what },
    }
}

/// What the sign-in was allowed, as the tool said when it gave the token. Where it did not say,
/// nothing is claimed to be missing.
async fn missing_scopes(xero: &Xero) -> Answer<Vec<Missing>> {
    let grant = xero.session().grant().await?;
    let Some(allowed) = grant.extra.get("scope") else { return Ok(Vec::new()) };
    let is_allowed = |scope: &&str| allowed.split_whitespace().any(|known| known == *scope);
    let wanted = |writes: bool| !writes || xero.company().app().scopes().may_create();
    let lacking =
        NEEDS.iter().filter(|need| wanted(need.writes) && !need.scopes.iter().any(is_allowed));
    Ok(lacking
        .map(|need| Missing {
            what: need.what.to_owned(),
            remedy: format!(
                "Sign in to Xero again and allow everything that is listed; the app needs the scope \
                 {}",
                need.scopes[0]
            ),
            blocks_reading: need.blocks_reading,
        })
        .collect())
}

/// What the role of the user does not allow. Only what creating needs is asked.
async fn missing_actions(xero: &Xero, lists: &Lists) -> Answer<Vec<Missing>> {
    if !xero.company().app().scopes().may_create() {
        return Ok(Vec::new());
    }
    let answered = xero.door().read(&Request::at("/Organisation/Actions")).await?;
    let mut refused = Vec::new();
    for raw in answered.records("Actions")? {
        let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed("Actions"))?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("Status").eq_ignore_ascii_case("NOT-ALLOWED") {
            refused.push(text("Name").to_owned());
        }
    }
    let approved = xero.agreement().approval == crate::config::Approval::Approved;
    let matters = |of: NeededFor| match of {
        NeededFor::Drafts => !approved,
        NeededFor::Approved => approved,
        NeededFor::Foreign => lists.currencies.len() > 1,
    };
    let lacking =
        ACTIONS.iter().filter(|(name, _, of)| matters(*of) && refused.iter().any(|it| it == name));
    Ok(lacking
        .map(|(name, what, _)| Missing {
            what: (*what).to_owned(),
            remedy: format!(
                "In Xero, give the user who connected Tieout a role that allows {name}, or sign in \
                 as another user"
            ),
            blocks_reading: false,
        })
        .collect())
}

/// Settings that take a part of the product away. None of them stops reading.
fn missing_settings(
    organisation: &Organisation,
    lists: &Lists,
    agreement: &Agreement,
) -> Vec<Missing> {
    let mut missing = Vec::new();
    if lists.debtors.is_empty() {
        missing.push(part_off(
            "Receivables cannot be tied out: the organisation has no accounts receivable account",
            "Check the chart of accounts in Xero",
        ));
    }
    if organisation.time_zone(agreement.time_zone.as_deref()).is_none() {
        missing.push(part_off(
            &format!("The organisation's time zone is not known; {UNKNOWN_ZONE} is taken instead"),
            "Set the time zone of this connection, or of the organisation in Xero",
        ));
    }
    let linkable = agreement.deal_pages.as_ref().is_some_and(|at| at.as_str().starts_with("https"));
    if !agreement.own_numbers && !linkable {
        missing.push(part_off(
            "Invoices cannot be created under Xero's own numbers: nothing would carry their key",
            "Let Tieout number its invoices, or set the https address of the deals' pages",
        ));
    }
    missing
}

fn part_off(what: &str, remedy: &str) -> Missing {
    Missing { what: what.to_owned(), remedy: remedy.to_owned(), blocks_reading: false }
}

#[cfg(test)]
mod tests;
