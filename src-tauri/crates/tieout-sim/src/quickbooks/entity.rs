//! The entities of the API and what is common to groups of them.

use serde::{Deserialize, Serialize};

/// One kind of object with its own path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Entity {
    Customer,
    Vendor,
    Employee,
    Item,
    Account,
    Term,
    PaymentMethod,
    TaxCode,
    TaxRate,
    TaxAgency,
    Class,
    Department,
    CompanyCurrency,
    Invoice,
    CreditMemo,
    SalesReceipt,
    RefundReceipt,
    Payment,
    Deposit,
    JournalEntry,
    ExchangeRate,
    CompanyInfo,
    Preferences,
}

impl Entity {
    /// Every entity.
    pub const ALL: [Entity; 23] = [
        Entity::Customer,
        Entity::Vendor,
        Entity::Employee,
        Entity::Item,
        Entity::Account,
        Entity::Term,
        Entity::PaymentMethod,
        Entity::TaxCode,
        Entity::TaxRate,
        Entity::TaxAgency,
        Entity::Class,
        Entity::Department,
        Entity::CompanyCurrency,
        Entity::Invoice,
        Entity::CreditMemo,
        Entity::SalesReceipt,
        Entity::RefundReceipt,
        Entity::Payment,
        Entity::Deposit,
        Entity::JournalEntry,
        Entity::ExchangeRate,
        Entity::CompanyInfo,
        Entity::Preferences,
    ];

    /// The name as the wire spells it.
    pub fn name(self) -> &'static str {
        match self {
            Entity::Customer => "Customer",
            Entity::Vendor => "Vendor",
            Entity::Employee => "Employee",
            Entity::Item => "Item",
            Entity::Account => "Account",
            Entity::Term => "Term",
            Entity::PaymentMethod => "PaymentMethod",
            Entity::TaxCode => "TaxCode",
            Entity::TaxRate => "TaxRate",
            Entity::TaxAgency => "TaxAgency",
            Entity::Class => "Class",
            Entity::Department => "Department",
            Entity::CompanyCurrency => "CompanyCurrency",
            Entity::Invoice => "Invoice",
            Entity::CreditMemo => "CreditMemo",
            Entity::SalesReceipt => "SalesReceipt",
            Entity::RefundReceipt => "RefundReceipt",
            Entity::Payment => "Payment",
            Entity::Deposit => "Deposit",
            Entity::JournalEntry => "JournalEntry",
            Entity::ExchangeRate => "ExchangeRate",
            Entity::CompanyInfo => "CompanyInfo",
            Entity::Preferences => "Preferences",
        }
    }

    /// Reads a name in any case: paths are lower case, some clients write camel case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.name().eq_ignore_ascii_case(text))
    }

    /// Invoice, credit memo, sales receipt and refund receipt: documents with item lines.
    pub fn is_sales_form(self) -> bool {
        matches!(
            self,
            Entity::Invoice | Entity::CreditMemo | Entity::SalesReceipt | Entity::RefundReceipt
        )
    }

    /// Documents with a date that post to accounts.
    pub fn is_transaction(self) -> bool {
        self.is_sales_form()
            || matches!(self, Entity::Payment | Entity::Deposit | Entity::JournalEntry)
    }

    /// Customer, vendor and employee share one name space (`quickbooks §3.2`).
    pub fn is_name(self) -> bool {
        matches!(self, Entity::Customer | Entity::Vendor | Entity::Employee)
    }

    /// The company itself: one object, made by the set-up and not by a write.
    pub fn is_company(self) -> bool {
        matches!(self, Entity::CompanyInfo | Entity::Preferences)
    }

    /// CDC does not know these (`quickbooks §4.4`).
    pub fn is_in_cdc(self) -> bool {
        !matches!(
            self,
            Entity::TaxCode
                | Entity::TaxRate
                | Entity::TaxAgency
                | Entity::ExchangeRate
                | Entity::CompanyInfo
                | Entity::Preferences
        )
    }

    /// The member that names a row of a list, if rows of this entity have a name.
    pub fn name_member(self) -> Option<&'static str> {
        match self {
            Entity::Customer | Entity::Vendor | Entity::Employee | Entity::TaxAgency => {
                Some("DisplayName")
            }
            Entity::CompanyCurrency => Some("Code"),
            Entity::CompanyInfo | Entity::Preferences | Entity::ExchangeRate => None,
            entity if entity.is_transaction() => None,
            _ => Some("Name"),
        }
    }

    /// The sequence that new ids are drawn from: no id of one sequence repeats (`quickbooks §3.1`).
    pub fn sequence(self) -> &'static str {
        if self.is_transaction() {
            "transactions"
        } else if self.is_name() {
            "names"
        } else {
            self.name()
        }
    }

    /// The word of error 2500 for a reference to this entity (`quickbooks §4.12`).
    pub fn reference_word(self) -> &'static str {
        match self {
            Entity::Item => "Items",
            Entity::Account => "Accounts",
            Entity::Class => "Klasses",
            Entity::Department => "Depts",
            Entity::Term => "Terms",
            Entity::PaymentMethod => "PaymentMethods",
            Entity::TaxCode => "TaxCodes",
            Entity::TaxRate => "TaxRates",
            entity if entity.is_transaction() => "Transactions",
            _ => "Names",
        }
    }
}
