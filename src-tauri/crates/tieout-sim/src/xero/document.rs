//! Sales and purchase documents: everything with lines (`xero §6.4` to `§6.11`).

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exact::{as_text, as_text_option};
use super::guid::Guid;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    Invoice,
    CreditNote,
    Overpayment,
    Prepayment,
    BankTransaction,
}

impl Kind {
    /// Kinds that reduce what is owed.
    pub fn is_credit(self) -> bool {
        matches!(self, Self::CreditNote | Self::Overpayment | Self::Prepayment)
    }

    /// The endpoint, which is also the key of its list.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Invoice => "Invoices",
            Self::CreditNote => "CreditNotes",
            Self::Overpayment => "Overpayments",
            Self::Prepayment => "Prepayments",
            Self::BankTransaction => "BankTransactions",
        }
    }

    pub fn singular(self) -> &'static str {
        self.plural().trim_end_matches('s')
    }

    /// The member that holds the id.
    pub fn id_key(self) -> &'static str {
        match self {
            Self::Invoice => "InvoiceID",
            Self::CreditNote => "CreditNoteID",
            Self::Overpayment => "OverpaymentID",
            Self::Prepayment => "PrepaymentID",
            Self::BankTransaction => "BankTransactionID",
        }
    }

    /// `Type`, on the sales side or on the purchase side.
    pub fn type_name(self, sales: bool) -> &'static str {
        match (self, sales) {
            (Self::Invoice, true) => "ACCREC",
            (Self::Invoice, false) => "ACCPAY",
            (Self::CreditNote, true) => "ACCRECCREDIT",
            (Self::CreditNote, false) => "ACCPAYCREDIT",
            (Self::Overpayment, true) => "RECEIVE-OVERPAYMENT",
            (Self::Overpayment, false) => "SPEND-OVERPAYMENT",
            (Self::Prepayment, true) => "RECEIVE-PREPAYMENT",
            (Self::Prepayment, false) => "SPEND-PREPAYMENT",
            (Self::BankTransaction, true) => "RECEIVE",
            (Self::BankTransaction, false) => "SPEND",
        }
    }
}

/// The states of `xero §6.6`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    Draft,
    Submitted,
    Authorised,
    Paid,
    Voided,
    Deleted,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "DRAFT",
            Self::Submitted => "SUBMITTED",
            Self::Authorised => "AUTHORISED",
            Self::Paid => "PAID",
            Self::Voided => "VOIDED",
            Self::Deleted => "DELETED",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Draft,
            Self::Submitted,
            Self::Authorised,
            Self::Paid,
            Self::Voided,
            Self::Deleted,
        ];
        all.into_iter().find(|status| status.name() == text)
    }

    /// In the ledger.
    pub fn is_posted(self) -> bool {
        matches!(self, Self::Authorised | Self::Paid)
    }

    /// Neither voided nor deleted.
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Voided | Self::Deleted)
    }
}

/// How line amounts stand to tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AmountTypes {
    Exclusive,
    Inclusive,
    NoTax,
}

impl AmountTypes {
    pub fn name(self) -> &'static str {
        match self {
            Self::Exclusive => "Exclusive",
            Self::Inclusive => "Inclusive",
            Self::NoTax => "NoTax",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Exclusive, Self::Inclusive, Self::NoTax].into_iter().find(|one| one.name() == text)
    }
}

/// A category and its option, by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracked {
    pub category: Guid,
    pub option: Guid,
}

/// One line (`xero §6.5`). Without a quantity it is only a description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub id: Guid,
    pub description: String,
    #[serde(with = "as_text_option")]
    pub quantity: Option<Decimal>,
    #[serde(with = "as_text")]
    pub unit: Decimal,
    pub item_code: Option<String>,
    /// Id of the account.
    pub account: Option<Guid>,
    pub tax_type: Option<String>,
    #[serde(with = "as_text")]
    pub tax: Decimal,
    #[serde(with = "as_text")]
    pub amount: Decimal,
    #[serde(with = "as_text_option")]
    pub discount_rate: Option<Decimal>,
    #[serde(with = "as_text_option")]
    pub discount_amount: Option<Decimal>,
    pub tracking: Vec<Tracked>,
}

impl Line {
    /// Without tax.
    pub fn net(&self, types: AmountTypes) -> Decimal {
        if types == AmountTypes::Inclusive { self.amount - self.tax } else { self.amount }
    }
}

/// One document. What is paid and open follows from payments and allocations.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document {
    pub id: Guid,
    pub kind: Kind,
    /// Customers' side; otherwise suppliers'.
    pub sales: bool,
    pub number: String,
    pub reference: String,
    pub contact: Guid,
    pub date: Date,
    pub due: Option<Date>,
    pub amount_types: AmountTypes,
    pub lines: Vec<Line>,
    pub status: Status,
    #[serde(with = "as_text")]
    pub sub_total: Decimal,
    #[serde(with = "as_text")]
    pub total_tax: Decimal,
    #[serde(with = "as_text")]
    pub total: Decimal,
    /// `RoundingAmount`; part of the total.
    #[serde(with = "as_text")]
    pub rounding: Decimal,
    pub currency: String,
    /// Foreign units per unit of the base currency (`xero §9.4`).
    #[serde(with = "as_text")]
    pub rate: Decimal,
    pub theme: Option<Guid>,
    pub url: String,
    pub sent: bool,
    pub expected_payment: Option<Date>,
    /// Stays behind when the payment goes (`xero §6.4`).
    pub fully_paid_on: Option<Date>,
    /// The bank account of money that came or went with the document itself.
    pub bank: Option<Guid>,
    /// The bank transaction that an overpayment or prepayment was made by.
    pub bank_transaction: Option<Guid>,
    pub reconciled: bool,
    /// Made through the API.
    pub by_app: bool,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// Payments to it or refunds of it, deleted ones included.
    pub payments: Vec<Guid>,
    /// Allocations from it or to it.
    pub allocations: Vec<Guid>,
}

/// Money paid to a document or refunded from it (`xero §6.9`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Payment {
    pub id: Guid,
    pub document: Guid,
    pub date: Date,
    /// In the document's currency.
    #[serde(with = "as_text")]
    pub amount: Decimal,
    /// In the bank account's currency.
    #[serde(with = "as_text")]
    pub bank_amount: Decimal,
    #[serde(with = "as_text")]
    pub rate: Decimal,
    pub account: Guid,
    pub reference: String,
    pub batch: Option<Guid>,
    pub deleted: bool,
    pub reconciled: bool,
    pub by_app: bool,
    pub updated: Timestamp,
}

/// One bank line that pays several invoices.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Batch {
    pub id: Guid,
    pub account: Guid,
    pub date: Date,
    pub reference: String,
    pub payments: Vec<Guid>,
    pub deleted: bool,
    pub updated: Timestamp,
}

/// A credit applied to an invoice (`xero §6.8`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Allocation {
    pub id: Guid,
    pub from: Guid,
    pub to: Guid,
    #[serde(with = "as_text")]
    pub amount: Decimal,
    pub date: Date,
}
