//! Items and the small lists (`xero §6.3, §6.12` to `§6.14`).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::chart::{Account, Category, TaxRate};
use super::super::contact::{Details, Item};
use super::super::exact::fixed;
use super::super::stamps;
use super::{Showing, put_if_any};

pub fn item(showing: Showing<'_>, item: &Item) -> Value {
    let details = |side: &Details| {
        let mut shown = json!({});
        if let Some(price) = side.unit_price {
            shown["UnitPrice"] = fixed(price, showing.places);
        }
        put_if_any(&mut shown, "AccountCode", &side.account_code);
        put_if_any(&mut shown, "TaxType", &side.tax_type);
        shown
    };
    let mut shown = json!({
        "ItemID": item.id,
        "Code": item.code,
        "IsSold": item.sold,
        "IsPurchased": item.purchased,
        "IsTrackedAsInventory": false,
        "SalesDetails": details(&item.sales),
        "PurchaseDetails": details(&item.purchase),
        "UpdatedDateUTC": stamps::instant(item.updated),
    });
    put_if_any(&mut shown, "Name", &item.name);
    put_if_any(&mut shown, "Description", &item.description);
    put_if_any(&mut shown, "PurchaseDescription", &item.purchase_description);
    shown
}

/// Empty texts where there is no value, no code where a bank account has none.
pub fn account(account: &Account) -> Value {
    let mut shown = json!({
        "AccountID": account.id,
        "Name": account.name,
        "Status": if account.archived { "ARCHIVED" } else { "ACTIVE" },
        "Type": account.kind,
        "TaxType": account.tax_type,
        "Class": account.class(),
        "EnablePaymentsToAccount": account.takes_payments,
        "ShowInExpenseClaims": false,
        "BankAccountType": if account.is_bank() { "BANK" } else { "" },
        "SystemAccount": account.system,
        "ReportingCode": "",
        "HasAttachments": false,
        "AddToWatchlist": false,
        "UpdatedDateUTC": stamps::instant(account.updated),
    });
    put_if_any(&mut shown, "Code", &account.code);
    if account.is_bank() {
        shown["BankAccountNumber"] = json!("01-0123-0123456-00");
        shown["CurrencyCode"] = json!(account.currency);
    }
    shown
}

pub fn tax_rate(rate: &TaxRate) -> Value {
    let shown = fixed(rate.rate, 4);
    let reported = match (rate.for_revenue, rate.for_expenses) {
        (true, false) => "OUTPUT",
        (false, true) => "INPUT",
        _ => "NONE",
    };
    json!({
        "Name": rate.name,
        "TaxType": rate.tax_type,
        "ReportTaxType": reported,
        "CanApplyToAssets": true,
        "CanApplyToEquity": true,
        "CanApplyToExpenses": rate.for_expenses,
        "CanApplyToLiabilities": true,
        "CanApplyToRevenue": rate.for_revenue,
        "DisplayTaxRate": shown,
        "EffectiveRate": shown,
        "Status": "ACTIVE",
        "TaxComponents": [
            {"Name": rate.name, "Rate": shown, "IsCompound": false, "IsNonRecoverable": false},
        ],
    })
}

pub fn currency(code: &str) -> Value {
    let name = match code {
        "AUD" => "Australian Dollar",
        "EUR" => "Euro",
        "GBP" => "British Pound",
        "NZD" => "New Zealand Dollar",
        "SEK" => "Swedish Krona",
        "USD" => "US Dollar",
        _ => code,
    };
    json!({"Code": code, "Description": name})
}

pub fn theme((id, name): &(String, String), at: usize) -> Value {
    json!({
        "BrandingThemeID": id,
        "Name": name,
        "Type": "INVOICE",
        "SortOrder": at,
        "CreatedDateUTC": stamps::instant(Timestamp::UNIX_EPOCH),
    })
}

pub fn category(category: &Category) -> Value {
    let options: Vec<Value> = category
        .options
        .iter()
        .map(|(id, name)| {
            json!({"TrackingOptionID": id, "Name": name, "Status": "ACTIVE",
                "HasValidationErrors": false, "IsDeleted": false, "IsArchived": false,
                "IsActive": true})
        })
        .collect();
    json!({
        "TrackingCategoryID": category.id,
        "Name": category.name,
        "Status": "ACTIVE",
        "Options": options,
    })
}
