//! The lists that a company has from its first day.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::accounts;
use super::amount::{decimal, named, plain};
use super::books::Books;
use super::config::TaxMode;
use super::entity::Entity;
use super::row::{Body, Row, RowId};

/// The company's own tax code and its rate.
pub const OWN_TAX_CODE: &str = "2";
const OWN_TAX_RATE: &str = "3";
/// The stub of automated sales tax.
pub const AUTOMATED_TAX_CODE: &str = "3";
const AUTOMATED_TAX_RATE: &str = "4";
const AUTOMATED_PERCENT: &str = "8.25";
/// Codes outside the US: full, zero and exempt.
pub const FULL_TAX_CODE: &str = "10";
pub const ZERO_TAX_CODE: &str = "11";
pub const EXEMPT_TAX_CODE: &str = "12";
const VAT_CODES: [(&str, &str, &str, &str); 3] = [
    (FULL_TAX_CODE, "10", "20.0% S", "20"),
    (ZERO_TAX_CODE, "11", "0.0% Z", "0"),
    (EXEMPT_TAX_CODE, "12", "Exempt", "0"),
];
const AGENCY: &str = "1";

const ACCOUNTS: [(&str, &str, &str, &str); 12] = [
    (accounts::SERVICES, "Services", "Income", "ServiceFeeIncome"),
    (accounts::RETAINED_EARNINGS, "Retained Earnings", "Equity", "RetainedEarnings"),
    (accounts::UNDEPOSITED_FUNDS, "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    (accounts::OPENING_BALANCE, "Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    (accounts::CHECKING, "Checking", "Bank", "Checking"),
    (accounts::PRODUCT_INCOME, "Sales of Product Income", "Income", "SalesOfProductIncome"),
    (accounts::COST_OF_GOODS, "Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    (accounts::INVENTORY, "Inventory Asset", "Other Current Asset", "Inventory"),
    (accounts::DISCOUNTS, "Discounts given", "Income", "DiscountsRefundsGiven"),
    (accounts::TAX_PAYABLE, "Sales Tax Payable", "Other Current Liability", "SalesTaxPayable"),
    (accounts::BAD_DEBTS, "Bad debts", "Expense", "BadDebts"),
    (accounts::EXCHANGE_GAIN, "Exchange Gain or Loss", "Other Expense", "ExchangeGainOrLoss"),
];
const TERMS: [(&str, &str, u32); 5] = [
    ("1", "Due on receipt", 0),
    ("2", "Net 15", 15),
    ("3", "Net 30", 30),
    ("4", "Net 60", 60),
    ("5", "Net 45", 45),
];
const PAYMENT_METHODS: [(&str, &str, &str); 4] = [
    ("1", "Cash", "NON_CREDIT_CARD"),
    ("2", "Check", "NON_CREDIT_CARD"),
    ("3", "Credit Card", "CREDIT_CARD"),
    ("4", "Wire transfer", "NON_CREDIT_CARD"),
];

/// Accounts, terms, payment methods and tax codes of a new company.
pub fn install(books: &mut Books, at: Timestamp) {
    install_accounts(books, at);
    for (id, name, days) in TERMS {
        let term = json!({"Name": name, "Active": true, "Type": "STANDARD", "DueDays": days,
            "DiscountDays": 0});
        put(books, Entity::Term, id, term, at);
    }
    for (id, name, kind) in PAYMENT_METHODS {
        let method = json!({"Name": name, "Active": true, "Type": kind});
        put(books, Entity::PaymentMethod, id, method, at);
    }
    install_taxes(books, at);
}

/// The two items of a new company: `1` is the default one.
pub fn install_items(books: &mut Books, at: Timestamp) {
    for (id, name) in [("1", "Services"), ("2", "Hours")] {
        let item = json!({"Name": name, "FullyQualifiedName": name, "Active": true,
            "Type": "Service", "Taxable": false, "TrackQtyOnHand": false, "UnitPrice": 0,
            "IncomeAccountRef": {"value": accounts::SERVICES, "name": "Services"}});
        put(books, Entity::Item, id, item, at);
    }
}

fn install_accounts(books: &mut Books, at: Timestamp) {
    let home = books.config.home_currency.clone();
    let currency = named(&home, accounts::currency_name(&home));
    for (id, name, kind, sub_type) in ACCOUNTS {
        let mut account = accounts::body_of(name, kind, sub_type);
        account.insert("CurrencyRef".to_owned(), currency.clone());
        put(books, Entity::Account, id, Value::Object(account), at);
    }
    let name = books.config.receivable_name.clone();
    let mut control = accounts::body_of(&name, accounts::RECEIVABLE_TYPE, "AccountsReceivable");
    control.insert("CurrencyRef".to_owned(), currency);
    if let Some(number) = books.config.receivable_number.clone() {
        control.insert("AcctNum".to_owned(), json!(number));
    }
    put(books, Entity::Account, accounts::RECEIVABLE, Value::Object(control), at);
}

/// Tax codes of the company's mode that are not there yet: a switch of the mode adds them.
pub fn install_taxes(books: &mut Books, at: Timestamp) {
    if books.get(Entity::TaxAgency, AGENCY).is_none() {
        let agency = json!({"DisplayName": "Department of Revenue", "TaxTrackedOnSales": true,
            "TaxTrackedOnPurchases": false});
        put(books, Entity::TaxAgency, AGENCY, agency, at);
    }
    match books.config.tax_mode {
        TaxMode::Off => {}
        TaxMode::UsManual => {
            install_us_codes(books, at);
            let percent = books.config.sales_tax_percent.clone();
            let name = format!("Sales tax {percent}%");
            install_code(books, OWN_TAX_CODE, OWN_TAX_RATE, &name, &percent, at);
        }
        TaxMode::UsAutomated => {
            install_us_codes(books, at);
            let name = "Automated Sales Tax";
            let (code, rate) = (AUTOMATED_TAX_CODE, AUTOMATED_TAX_RATE);
            install_code(books, code, rate, name, AUTOMATED_PERCENT, at);
        }
        TaxMode::Vat => {
            for (code, rate, name, percent) in VAT_CODES {
                install_code(books, code, rate, name, percent, at);
            }
        }
    }
}

/// The two words that US lines take. They are listed, but their ids are no numbers.
fn install_us_codes(books: &mut Books, at: Timestamp) {
    for (id, taxable) in [("TAX", true), ("NON", false)] {
        if books.get(Entity::TaxCode, id).is_none() {
            let code = json!({"Name": id, "Description": id, "Active": true, "Hidden": false,
                "Taxable": taxable, "TaxGroup": false, "TaxCodeConfigType": "SYSTEM_GENERATED",
                "SalesTaxRateList": {"TaxRateDetail": []},
                "PurchaseTaxRateList": {"TaxRateDetail": []}});
            put(books, Entity::TaxCode, id, code, at);
        }
    }
}

fn install_code(
    books: &mut Books,
    code: &str,
    rate: &str,
    name: &str,
    percent: &str,
    at: Timestamp,
) {
    if books.get(Entity::TaxCode, code).is_some() {
        return;
    }
    let value = decimal(&json!(percent)).unwrap_or_default();
    let rate_row = json!({"Name": name, "Description": name, "Active": true,
        "RateValue": plain(value), "AgencyRef": {"value": AGENCY}, "SpecialTaxType": "NONE",
        "DisplayType": "ReadOnly"});
    put(books, Entity::TaxRate, rate, rate_row, at);
    let detail = json!({"TaxRateRef": named(rate, name), "TaxTypeApplicable": "TaxOnAmount",
        "TaxOrder": 0});
    let code_row = json!({"Name": name, "Description": name, "Active": true, "Hidden": false,
        "Taxable": true, "TaxGroup": true, "TaxCodeConfigType": "USER_DEFINED",
        "SalesTaxRateList": {"TaxRateDetail": [detail]},
        "PurchaseTaxRateList": {"TaxRateDetail": []}});
    put(books, Entity::TaxCode, code, code_row, at);
}

fn put(books: &mut Books, entity: Entity, id: &str, members: Value, at: Timestamp) {
    let Value::Object(body) = members else { return };
    let body: Body = body;
    let id = RowId::new(id);
    books.reserve_id(entity, &id);
    books.put(entity, &id, Row::new(at, body));
}
