//! Accounts, tax rates, currencies, themes and tracking, and what a new organisation has of them.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::books::Books;
use super::config::TenantConfig;
use super::exact::as_text;
use super::guid::Guid;

/// One account (`xero §6.12`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Account {
    pub id: Guid,
    /// Bank accounts may have none.
    pub code: String,
    pub name: String,
    /// `BANK`, `REVENUE`, ...
    pub kind: String,
    pub tax_type: String,
    pub takes_payments: bool,
    /// `DEBTORS`, ... or empty.
    pub system: String,
    /// Of bank accounts only.
    pub currency: Option<String>,
    pub archived: bool,
    pub updated: Timestamp,
}

impl Account {
    /// `ASSET`, `EQUITY`, `EXPENSE`, `LIABILITY` or `REVENUE`.
    pub fn class(&self) -> &'static str {
        match self.kind.as_str() {
            "BANK" | "CURRENT" | "FIXED" | "INVENTORY" | "NONCURRENT" | "PREPAYMENT" => "ASSET",
            "CURRLIAB" | "LIABILITY" | "TERMLIAB" | "PAYG" => "LIABILITY",
            "EQUITY" => "EQUITY",
            "REVENUE" | "SALES" | "OTHERINCOME" => "REVENUE",
            _ => "EXPENSE",
        }
    }

    pub fn is_bank(&self) -> bool {
        self.kind == "BANK"
    }

    /// Lines cannot be coded to bank accounts and control accounts.
    pub fn takes_lines(&self) -> bool {
        let control = matches!(self.system.as_str(), "DEBTORS" | "CREDITORS");
        !self.archived && !self.is_bank() && !control
    }

    /// Bank accounts, and others that are opened for it.
    pub fn takes_money(&self) -> bool {
        !self.archived && (self.is_bank() || self.takes_payments)
    }
}

/// One tax rate (`xero §6.13`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaxRate {
    pub name: String,
    pub tax_type: String,
    /// Percent.
    #[serde(with = "as_text")]
    pub rate: Decimal,
    pub for_revenue: bool,
    pub for_expenses: bool,
}

impl TaxRate {
    /// Whether lines to an account of that class may have it.
    pub fn applies_to(&self, class: &str) -> bool {
        match class {
            "REVENUE" => self.for_revenue,
            "EXPENSE" => self.for_expenses,
            _ => true,
        }
    }
}

/// A tracking category with its options.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Category {
    pub id: Guid,
    pub name: String,
    /// Id and name.
    pub options: Vec<(Guid, String)>,
}

/// Code, name, type, tax by default, system account.
type Opening = (&'static str, &'static str, &'static str, Tax, &'static str);

/// What stands for the country's own tax type.
#[derive(Clone, Copy)]
enum Tax {
    None,
    Output,
    Input,
}

const ACCOUNTS: [Opening; 19] = [
    ("090", "Business Bank Account", "BANK", Tax::None, ""),
    ("200", "Sales", "REVENUE", Tax::Output, ""),
    ("260", "Other Revenue", "REVENUE", Tax::Output, ""),
    ("310", "Cost of Goods Sold", "DIRECTCOSTS", Tax::Input, ""),
    ("425", "Freight & Courier", "EXPENSE", Tax::Input, ""),
    ("429", "General Expenses", "EXPENSE", Tax::Input, ""),
    ("497", "Bank Revaluations", "EXPENSE", Tax::None, "BANKCURRENCYGAIN"),
    ("498", "Unrealised Currency Gains", "EXPENSE", Tax::None, "UNREALISEDCURRENCYGAIN"),
    ("499", "Realised Currency Gains", "EXPENSE", Tax::None, "REALISEDCURRENCYGAIN"),
    ("610", "Accounts Receivable", "CURRENT", Tax::None, "DEBTORS"),
    ("620", "Prepayments", "CURRENT", Tax::None, ""),
    ("800", "Accounts Payable", "CURRLIAB", Tax::None, "CREDITORS"),
    ("820", "Sales Tax", "CURRLIAB", Tax::None, "GST"),
    ("835", "Revenue Received in Advance", "CURRLIAB", Tax::None, ""),
    ("840", "Historical Adjustment", "CURRLIAB", Tax::None, "HISTORICAL"),
    ("860", "Rounding", "CURRLIAB", Tax::None, "ROUNDING"),
    ("877", "Tracking Transfers", "CURRLIAB", Tax::None, "TRACKINGTRANSFERS"),
    ("880", "Owner Funds Introduced", "EQUITY", Tax::None, ""),
    ("960", "Retained Earnings", "EQUITY", Tax::None, "RETAINEDEARNINGS"),
];

/// The account that takes payments without being a bank account.
const OPEN_FOR_PAYMENTS: &str = "880";
/// Where a bank account of a foreign currency gets its code from: the next ones are after it.
const FOREIGN_BANK_FROM: usize = 91;

/// Everything that a new organisation has before its first document.
pub fn install(books: &mut Books, config: &TenantConfig, opened: Timestamp) {
    books.tax_rates = tax_rates(config);
    for (code, name, kind, tax, system) in ACCOUNTS {
        let tax_type = match tax {
            Tax::None => "NONE",
            Tax::Output => output(&config.country),
            Tax::Input => input(&config.country),
        };
        let account = Account {
            id: books.guids.next(),
            code: code.to_owned(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            tax_type: tax_type.to_owned(),
            takes_payments: code == OPEN_FOR_PAYMENTS,
            system: system.to_owned(),
            currency: (kind == "BANK").then(|| config.base_currency.clone()),
            archived: false,
            updated: opened,
        };
        books.accounts.push(account);
    }
    books.themes.push((books.guids.next(), "Standard".to_owned()));
    books.themes.push((books.guids.next(), "Special".to_owned()));
    let options = ["North", "South"].map(|name| (books.guids.next(), name.to_owned()));
    let id = books.guids.next();
    books.tracking.push(Category { id, name: "Region".to_owned(), options: options.to_vec() });
    books.currencies = vec![config.base_currency.clone()];
    subscribe(books, config, opened);
}

/// Currencies that the organisation gets, each with a bank account.
pub fn subscribe(books: &mut Books, config: &TenantConfig, opened: Timestamp) {
    for currency in &config.currencies {
        if books.currencies.contains(currency) {
            continue;
        }
        let code = format!("{:03}", FOREIGN_BANK_FROM + books.currencies.len() - 1);
        books.currencies.push(currency.clone());
        let account = Account {
            id: books.guids.next(),
            code,
            name: format!("{currency} Account"),
            kind: "BANK".to_owned(),
            tax_type: "NONE".to_owned(),
            takes_payments: false,
            system: String::new(),
            currency: Some(currency.clone()),
            archived: false,
            updated: opened,
        };
        books.accounts.push(account);
    }
}

fn output(country: &str) -> &'static str {
    match country {
        "NZ" | "GB" => "OUTPUT2",
        _ => "OUTPUT",
    }
}

fn input(country: &str) -> &'static str {
    match country {
        "NZ" | "GB" => "INPUT2",
        _ => "INPUT",
    }
}

/// Name, type, percent, sales, purchases.
type Rate = (&'static str, &'static str, u32, bool, bool);

/// The rates of the country; the same code means another rate elsewhere (`xero §6.13`).
fn tax_rates(config: &TenantConfig) -> Vec<TaxRate> {
    const NZ: [Rate; 3] = [
        ("15% GST on Income", "OUTPUT2", 15, true, false),
        ("15% GST on Expenses", "INPUT2", 15, false, true),
        ("Zero Rated", "ZERORATED", 0, true, true),
    ];
    const GB: [Rate; 6] = [
        ("20% (VAT on Income)", "OUTPUT2", 20, true, false),
        ("20% (VAT on Expenses)", "INPUT2", 20, false, true),
        ("5% (VAT on Income)", "RROUTPUT", 5, true, false),
        ("Zero Rated Income", "ZERORATEDOUTPUT", 0, true, false),
        ("Exempt Income", "EXEMPTOUTPUT", 0, true, false),
        ("Zero Rated EC Goods Income", "ECZROUTPUT", 0, true, false),
    ];
    const AU: [Rate; 4] = [
        ("GST on Income", "OUTPUT", 10, true, false),
        ("GST on Expenses", "INPUT", 10, false, true),
        ("GST Free Income", "EXEMPTOUTPUT", 0, true, false),
        ("BAS Excluded", "BASEXCLUDED", 0, true, true),
    ];
    const OTHER: [Rate; 2] =
        [("Tax on Sales", "OUTPUT", 0, true, false), ("Tax on Purchases", "INPUT", 0, false, true)];
    let own: &[Rate] = match config.country.as_str() {
        "NZ" => &NZ,
        "GB" => &GB,
        "AU" => &AU,
        _ => &OTHER,
    };
    let none: Rate = ("No Tax", "NONE", 0, true, true);
    let rates = own.iter().chain([&none]).map(|(name, tax_type, percent, sales, purchases)| {
        let set = own == OTHER && *tax_type == "OUTPUT";
        let rate = if set { config.sales_tax_percent.parse() } else { Ok(Decimal::from(*percent)) };
        TaxRate {
            name: (*name).to_owned(),
            tax_type: (*tax_type).to_owned(),
            rate: rate.unwrap_or_default(),
            for_revenue: *sales,
            for_expenses: *purchases,
        }
    });
    rates.collect()
}
