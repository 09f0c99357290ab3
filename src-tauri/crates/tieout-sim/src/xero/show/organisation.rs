//! The organisation and what its user may do (`xero §6.1`).

use serde_json::{Value, json};

use super::super::platform::Tenant;
use super::super::stamps;

/// Lock dates are absent when they are not set.
pub fn organisation(tenant: &Tenant) -> Value {
    let config = &tenant.config;
    let mut shown = json!({
        "OrganisationID": config.tenant_id,
        "APIKey": "",
        "Name": config.name,
        "LegalName": config.legal_name,
        "PaysTax": true,
        "Version": config.version,
        "OrganisationType": "COMPANY",
        "OrganisationEntityType": "COMPANY",
        "BaseCurrency": config.base_currency,
        "CountryCode": config.country,
        "IsDemoCompany": config.is_demo,
        "OrganisationStatus": "ACTIVE",
        "FinancialYearEndMonth": config.year_end.0,
        "FinancialYearEndDay": config.year_end.1,
        "SalesTaxBasis": "ACCRUALS",
        "SalesTaxPeriod": "QUARTERLY1",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Inclusive",
        "CreatedDateUTC": stamps::bare_instant(jiff::Timestamp::UNIX_EPOCH),
        "Timezone": config.windows_zone,
        "ShortCode": config.short_code,
        "Class": if config.is_demo { "DEMO" } else { "PREMIUM" },
        "Edition": "BUSINESS",
        "Addresses": [],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
    });
    let locks = [
        ("PeriodLockDate", config.period_lock_date),
        ("EndOfYearLockDate", config.end_of_year_lock_date),
    ];
    for (key, lock) in locks {
        if let Some(lock) = lock {
            shown[key] = json!(stamps::day(lock));
        }
    }
    shown
}

pub fn actions(tenant: &Tenant) -> Value {
    let config = &tenant.config;
    let allowed = |name: &str| !config.forbidden.iter().any(|one| one.eq_ignore_ascii_case(name));
    let invoices = allowed("Invoices");
    let actions = [
        ("CreateApprovedInvoice", invoices && config.approvals_left != Some(0)),
        ("CreateDraftInvoice", invoices),
        ("CreateInvoicePayment", allowed("Payments")),
        ("VoidInvoice", invoices),
        ("UpdatePaidInvoice", invoices),
        ("UseMulticurrency", tenant.books.currencies.len() > 1),
        ("AttachFilesToInvoices", true),
        ("ApproveTransactionsBeforePeriodLockDate", false),
    ];
    let shown = actions.map(|(name, allowed)| {
        json!({"Name": name, "Status": if allowed { "ALLOWED" } else { "NOT-ALLOWED" }})
    });
    json!(shown)
}
