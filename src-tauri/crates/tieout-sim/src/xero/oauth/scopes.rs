//! Which scope opens which endpoint (`xero §2.8`).

use super::super::config::ScopeFamily;

const IDENTITY: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Scopes that came in March 2026.
const GRANULAR: [&str; 16] = [
    "accounting.invoices",
    "accounting.invoices.read",
    "accounting.payments",
    "accounting.payments.read",
    "accounting.banktransactions",
    "accounting.banktransactions.read",
    "accounting.manualjournals",
    "accounting.manualjournals.read",
    "accounting.reports.aged.read",
    "accounting.reports.balancesheet.read",
    "accounting.reports.banksummary.read",
    "accounting.reports.budgetsummary.read",
    "accounting.reports.executivesummary.read",
    "accounting.reports.profitandloss.read",
    "accounting.reports.trialbalance.read",
    "accounting.reports.taxreports.read",
];

/// Scopes that they replace.
const BROAD: [&str; 3] =
    ["accounting.transactions", "accounting.transactions.read", "accounting.reports.read"];

/// Scopes that every app may have.
const COMMON: [&str; 8] = [
    "accounting.settings",
    "accounting.settings.read",
    "accounting.contacts",
    "accounting.contacts.read",
    "accounting.attachments",
    "accounting.attachments.read",
    "accounting.budgets.read",
    "accounting.reports.tenninetynine.read",
];

/// Whether the app may ask for this scope at all.
pub fn known(family: ScopeFamily, scope: &str) -> bool {
    let granular = family != ScopeFamily::Broad && GRANULAR.contains(&scope);
    let broad = family != ScopeFamily::Granular && BROAD.contains(&scope);
    granular || broad || IDENTITY.contains(&scope) || COMMON.contains(&scope)
}

/// Whether a token with these scopes may read (or write) there. `path` is what follows `2.0`.
pub fn allows(scopes: &str, path: &[&str], writes: bool) -> bool {
    let granted: Vec<&str> = scopes.split(' ').collect();
    needed(path).iter().any(|scope| {
        let read = format!("{scope}.read");
        granted.contains(scope) || (!writes && granted.contains(&read.as_str()))
    })
}

/// Scopes of which one is enough, without `.read`. None: no scope opens it.
fn needed(path: &[&str]) -> &'static [&'static str] {
    let at = |index: usize| path.get(index).map(|part| part.to_ascii_lowercase());
    if at(2).as_deref() == Some("attachments") {
        return &["accounting.attachments"];
    }
    match at(0).unwrap_or_default().as_str() {
        "invoices" | "creditnotes" | "quotes" | "purchaseorders" => {
            &["accounting.invoices", "accounting.transactions"]
        }
        "items" => &["accounting.invoices", "accounting.transactions", "accounting.settings"],
        "payments" | "batchpayments" | "overpayments" | "prepayments" => {
            &["accounting.payments", "accounting.transactions"]
        }
        "banktransactions" => &["accounting.banktransactions", "accounting.transactions"],
        "contacts" | "contactgroups" => &["accounting.contacts"],
        "accounts" | "brandingthemes" | "currencies" | "organisation" | "organisations"
        | "taxrates" | "trackingcategories" | "users" => &["accounting.settings"],
        "reports" => report(&at(1).unwrap_or_default()),
        _ => &[],
    }
}

fn report(name: &str) -> &'static [&'static str] {
    match name {
        "trialbalance" => &["accounting.reports.trialbalance", "accounting.reports"],
        "balancesheet" => &["accounting.reports.balancesheet", "accounting.reports"],
        "agedreceivablesbycontact" => &["accounting.reports.aged", "accounting.reports"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_endpoint_has_its_scope() {
        assert!(allows("accounting.invoices.read", &["Invoices"], false));
        assert!(!allows("accounting.invoices.read", &["Invoices"], true));
        assert!(allows("accounting.transactions", &["creditnotes"], true));
        assert!(allows("accounting.invoices", &["Items"], true));
        assert!(!allows("accounting.invoices", &["Payments"], false));
        assert!(allows(
            "accounting.reports.aged.read",
            &["Reports", "AgedReceivablesByContact"],
            false
        ));
        assert!(!allows("accounting.reports.aged.read", &["Reports", "TrialBalance"], false));
        assert!(!allows("accounting.invoices", &["Invoices", "id", "Attachments"], false));
        assert!(!allows("accounting.transactions", &["Journals"], false));
    }

    #[test]
    fn the_families_differ_in_the_replaced_scopes() {
        assert!(known(ScopeFamily::Granular, "accounting.invoices"));
        assert!(!known(ScopeFamily::Granular, "accounting.transactions"));
        assert!(!known(ScopeFamily::Broad, "accounting.invoices"));
        assert!(known(ScopeFamily::Both, "accounting.reports.read"));
        assert!(!known(ScopeFamily::Both, "accounting.journals.read"));
    }
}
