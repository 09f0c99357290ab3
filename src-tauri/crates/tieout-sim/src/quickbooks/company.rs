//! The company's own object and its preferences (`quickbooks §3.8`).

use serde_json::{Value, json};

use super::accounts::currency_name;
use super::books::Books;
use super::config::TaxMode;
use super::entity::Entity;
use super::pacific;

/// The one object of a company entity.
pub fn object(books: &Books, entity: Entity) -> Value {
    match entity {
        Entity::Preferences => preferences(books),
        _ => company_info(books),
    }
}

fn company_info(books: &Books) -> Value {
    let config = &books.config;
    let address = json!({"Id": "1", "Line1": "123 Sierra Way", "City": "San Pablo",
        "Country": "USA", "CountrySubDivisionCode": "CA", "PostalCode": "87999"});
    json!({
        "CompanyName": config.company_name,
        "LegalName": config.legal_name,
        "CompanyAddr": address,
        "CustomerCommunicationAddr": address,
        "LegalAddr": address,
        "PrimaryPhone": {},
        "CompanyStartDate": pacific::day(books.opened).to_string(),
        "FiscalYearStartMonth": "January",
        "Country": config.country,
        "Email": {"Address": "books@example.com"},
        "WebAddr": {},
        "SupportedLanguages": "en",
        "DefaultTimeZone": "America/Los_Angeles",
        "NameValue": [
            {"Name": "NeoEnabled", "Value": "true"},
            {"Name": "SubscriptionStatus", "Value": "SUBSCRIBED"},
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
        ],
        "domain": "QBO",
        "sparse": false,
        "Id": "1",
        "SyncToken": "0",
        "MetaData": meta_data(books),
    })
}

fn preferences(books: &Books) -> Value {
    let config = &books.config;
    json!({
        "AccountingInfoPrefs": accounting(books),
        "ProductAndServicesPrefs": {"ForSales": true, "QuantityOnHand": true,
            "QuantityWithPriceAndRate": true, "ForPurchase": true},
        "SalesFormsPrefs": sales_forms(books),
        "EmailMessagesPrefs": {},
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": true},
        "TimeTrackingPrefs": {"UseServices": false},
        "TaxPrefs": tax(books),
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": config.multi_currency,
            "HomeCurrency": {"value": config.home_currency,
                "name": currency_name(&config.home_currency)},
        },
        "ReportPrefs": {"ReportBasis": "Accrual",
            "CalcAgingReportFromTxnDate": config.age_from_txn_date},
        "OtherPrefs": {"NameValue": []},
        "domain": "QBO",
        "sparse": false,
        "Id": "1",
        "SyncToken": "0",
        "MetaData": meta_data(books),
    })
}

fn accounting(books: &Books) -> Value {
    let mut prefs = json!({
        "UseAccountNumbers": books.config.receivable_number.is_some(),
        "TrackDepartments": true,
        "ClassTrackingPerTxn": true,
        "ClassTrackingPerTxnLine": false,
        "FirstMonthOfFiscalYear": "January",
        "CustomerTerminology": "Customers",
    });
    if let Some(day) = books.config.book_close_date {
        prefs["BookCloseDate"] = json!(day.to_string());
    }
    prefs
}

fn sales_forms(books: &Books) -> Value {
    let config = &books.config;
    let mut prefs = json!({
        "CustomTxnNumbers": config.custom_txn_numbers,
        "AllowDeposit": config.allow_deposit,
        "AllowDiscount": true,
        "AllowEstimates": true,
        "AllowServiceDate": false,
        "AllowShipping": false,
        "AutoApplyCredit": false,
        "AutoApplyPayments": false,
        "DefaultTerms": {"value": "3"},
        "ETransactionPaymentEnabled": false,
        "UsingProgressInvoicing": false,
        "CustomField": custom_fields(books),
    });
    if let Some(item) = &config.default_item {
        prefs["DefaultItem"] = json!({"value": item});
    }
    prefs
}

/// Definitions of the legacy custom fields: which of the three are on, then their names.
fn custom_fields(books: &Books) -> Value {
    let names = &books.config.sales_custom_fields;
    let used: Vec<Value> = (1..=3usize)
        .map(|at| {
            json!({"Name": format!("SalesFormsPrefs.UseSalesCustom{at}"), "Type": "BooleanType",
                "BooleanValue": at <= names.len()})
        })
        .collect();
    let named: Vec<Value> = (1..)
        .zip(names)
        .map(|(at, name): (usize, &String)| {
            json!({"Name": format!("SalesFormsPrefs.SalesCustomName{at}"), "Type": "StringType",
                "StringValue": name})
        })
        .collect();
    json!([{"CustomField": used}, {"CustomField": named}])
}

fn tax(books: &Books) -> Value {
    let mode = books.config.tax_mode;
    let mut prefs = json!({
        "UsingSalesTax": mode != TaxMode::Off,
        "PartnerTaxEnabled": mode == TaxMode::UsAutomated,
    });
    if let Some(code) = &books.config.default_tax_code {
        prefs["TaxGroupCodeRef"] = json!({"value": code});
    }
    prefs
}

fn meta_data(books: &Books) -> Value {
    let stamp = pacific::stamp(books.opened);
    json!({"CreateTime": stamp, "LastUpdatedTime": stamp})
}
