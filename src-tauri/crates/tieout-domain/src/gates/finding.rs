//! What a gate found: a stable code, the record it is about, and words for a person.

use jiff::civil::Date;

use crate::currency::Currency;
use crate::effect::EffectState;
use crate::ids::{CustomerId, DealLineId, DocumentId, ItemId};
use crate::money::Money;

/// A rule that must hold before anything is written (`finance-domain §6`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// The deal itself: won, and not deleted.
    Deal,
    /// The company keeps the deal: no other one, and not nobody.
    Company,
    /// The amounts of the deal: known, of the right sign, adding up.
    Amount,
    /// R1, every line has one active item.
    Sku,
    /// R2, the customer is known beyond doubt.
    Customer,
    /// R3, the currency is allowed and nothing is converted.
    Currency,
    /// R3, every tax code is known to the ledger.
    Tax,
    /// D7, the books are open on the date of the document.
    Books,
    /// R4, no second document for one intent.
    Idempotency,
}

impl Gate {
    /// Stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deal => "GATE_DEAL",
            Self::Company => "GATE_COMPANY",
            Self::Amount => "GATE_AMOUNT",
            Self::Sku => "GATE_SKU",
            Self::Customer => "GATE_CUSTOMER",
            Self::Currency => "GATE_CCY",
            Self::Tax => "GATE_TAX",
            Self::Books => "GATE_BOOKS",
            Self::Idempotency => "GATE_IDEMP",
        }
    }

    /// What it stands before, in words.
    pub const fn guards(self) -> &'static str {
        match self {
            Self::Deal => "the deal",
            Self::Company => "the company",
            Self::Amount => "the amount",
            Self::Sku => "products",
            Self::Customer => "the customer",
            Self::Currency => "the currency",
            Self::Tax => "tax",
            Self::Books => "closed books",
            Self::Idempotency => "second invoices",
        }
    }
}

/// A line as sentences name it. Product names are the company's own and may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLine {
    pub id: DealLineId,
    /// Place on the deal, from 1.
    pub place: usize,
    /// Name of the product, or the description of the line.
    pub product: Option<String>,
}

/// What exactly fails, with the values that a sentence and a screen need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GateDetail {
    NotWon,
    DealDeleted,
    /// Another company keeps it, or none does.
    NotOfThisCompany {
        what: String,
        remedy: String,
    },
    /// It could not be read again before a document would have been made of it.
    NotReadAgain,
    AmountMissing,
    /// A deal of amount zero is billed to nobody.
    AmountZero,
    /// An invoice for a negative deal, or a credit memo for a positive one.
    WrongSign {
        amount: Money,
        credit_memo: bool,
    },
    LinesDoNotAdd {
        lines: Money,
        deal: Money,
    },
    /// The amounts of the lines cannot be added: too large.
    LinesOutOfRange,
    /// Nothing of the schedule is due by the date of the document.
    NothingDue {
        on: Date,
    },
    NoLines,
    /// The CRM says that the deal has lines, and none has been read.
    LinesNotRead,
    LineWithoutProduct {
        line: NamedLine,
    },
    ProductNotRead {
        line: NamedLine,
    },
    NoItemCode {
        line: NamedLine,
    },
    NoItem {
        line: NamedLine,
        code: String,
    },
    ItemInactive {
        line: NamedLine,
        code: String,
        item: ItemId,
    },
    ItemDuplicate {
        line: NamedLine,
        code: String,
        items: Vec<ItemId>,
    },
    ItemCaseCollision {
        line: NamedLine,
        code: String,
        items: Vec<ItemId>,
    },
    AccountMissing,
    CustomerAmbiguous {
        customers: Vec<CustomerId>,
    },
    ProbableDuplicate {
        customers: Vec<CustomerId>,
    },
    TaxIdConflict {
        customer: CustomerId,
    },
    CustomerNamesUnlike {
        customer: CustomerId,
    },
    CustomerInactive {
        customer: CustomerId,
    },
    /// No customer is or resembles the Account, and the one that we would make was refused or
    /// withdrawn.
    CustomerRefused {
        state: EffectState,
    },
    CurrencyNotEnabled {
        currency: Currency,
    },
    CustomerCurrency {
        deal: Currency,
        customer: Currency,
    },
    LineCurrency {
        line: NamedLine,
        currency: Currency,
    },
    TaxCodeUnmapped {
        line: NamedLine,
        code: String,
    },
    BooksClosed {
        on: Date,
        closed_to: Date,
        first_open: Option<Date>,
    },
    /// An effect of this intent is on its way or has an unknown outcome.
    EffectInFlight {
        state: EffectState,
    },
    IdempConflict,
    /// The deal asks for other content than was promised and not sent yet.
    PromiseOutdated,
    EffectRejected,
    AlreadyCreated,
    AlreadyInvoiced {
        documents: Vec<DocumentId>,
    },
    PossibleInvoice {
        documents: Vec<DocumentId>,
    },
}

impl GateDetail {
    /// The gate that this detail belongs to.
    pub const fn gate(&self) -> Gate {
        match self {
            Self::NotWon | Self::DealDeleted | Self::NotReadAgain => Gate::Deal,
            Self::NotOfThisCompany { .. } => Gate::Company,
            Self::AmountMissing
            | Self::AmountZero
            | Self::WrongSign { .. }
            | Self::LinesDoNotAdd { .. }
            | Self::LinesOutOfRange
            | Self::NothingDue { .. } => Gate::Amount,
            Self::NoLines
            | Self::LinesNotRead
            | Self::LineWithoutProduct { .. }
            | Self::ProductNotRead { .. }
            | Self::NoItemCode { .. }
            | Self::NoItem { .. }
            | Self::ItemInactive { .. }
            | Self::ItemDuplicate { .. }
            | Self::ItemCaseCollision { .. } => Gate::Sku,
            Self::AccountMissing
            | Self::CustomerAmbiguous { .. }
            | Self::ProbableDuplicate { .. }
            | Self::TaxIdConflict { .. }
            | Self::CustomerNamesUnlike { .. }
            | Self::CustomerInactive { .. }
            | Self::CustomerRefused { .. } => Gate::Customer,
            Self::CurrencyNotEnabled { .. }
            | Self::CustomerCurrency { .. }
            | Self::LineCurrency { .. } => Gate::Currency,
            Self::TaxCodeUnmapped { .. } => Gate::Tax,
            Self::BooksClosed { .. } => Gate::Books,
            Self::EffectInFlight { .. }
            | Self::IdempConflict
            | Self::PromiseOutdated
            | Self::EffectRejected
            | Self::AlreadyCreated
            | Self::AlreadyInvoiced { .. }
            | Self::PossibleInvoice { .. } => Gate::Idempotency,
        }
    }

    /// The line that it is about.
    pub const fn line(&self) -> Option<&NamedLine> {
        match self {
            Self::LineWithoutProduct { line }
            | Self::ProductNotRead { line }
            | Self::NoItemCode { line }
            | Self::NoItem { line, .. }
            | Self::ItemInactive { line, .. }
            | Self::ItemDuplicate { line, .. }
            | Self::ItemCaseCollision { line, .. }
            | Self::LineCurrency { line, .. }
            | Self::TaxCodeUnmapped { line, .. } => Some(line),
            _ => None,
        }
    }

    /// Stable code of the detail.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotWon => "NOT_WON",
            Self::DealDeleted => "DEAL_DELETED",
            Self::NotOfThisCompany { .. } => "NOT_OF_THIS_COMPANY",
            Self::NotReadAgain => "NOT_READ_AGAIN",
            Self::AmountMissing => "AMOUNT_MISSING",
            Self::AmountZero => "ZERO_AMOUNT",
            Self::WrongSign { .. } => "WRONG_SIGN",
            Self::LinesDoNotAdd { .. } => "LINES_DO_NOT_ADD",
            Self::LinesOutOfRange => "OUT_OF_RANGE",
            Self::NothingDue { .. } => "NOTHING_DUE",
            Self::NoLines => "NO_LINES",
            Self::LinesNotRead => "LINES_NOT_READ",
            Self::LineWithoutProduct { .. } => "LINE_WITHOUT_PRODUCT",
            Self::ProductNotRead { .. } => "PRODUCT_NOT_READ",
            Self::NoItemCode { .. } => "NO_ITEM_CODE",
            Self::NoItem { .. } => "NO_ITEM",
            Self::ItemInactive { .. } => "ITEM_INACTIVE",
            Self::ItemDuplicate { .. } => "ITEM_DUPLICATE",
            Self::ItemCaseCollision { .. } => "ITEM_CASE_COLLISION",
            Self::AccountMissing => "ACCOUNT_MISSING",
            Self::CustomerAmbiguous { .. } => "CUSTOMER_AMBIGUOUS",
            Self::ProbableDuplicate { .. } => "PROBABLE_DUPLICATE",
            Self::TaxIdConflict { .. } => "TAXID_CONFLICT",
            Self::CustomerNamesUnlike { .. } => "NAMES_UNLIKE",
            Self::CustomerInactive { .. } => "CUSTOMER_INACTIVE",
            Self::CustomerRefused { .. } => "CUSTOMER_REFUSED",
            Self::CurrencyNotEnabled { .. } => "CURRENCY_NOT_ENABLED",
            Self::CustomerCurrency { .. } => "CUSTOMER_CURRENCY",
            Self::LineCurrency { .. } => "LINE_CURRENCY",
            Self::TaxCodeUnmapped { .. } => "TAX_CODE_UNMAPPED",
            Self::BooksClosed { .. } => "BOOKS_CLOSED",
            Self::EffectInFlight { state: EffectState::Unknown } => "OUTCOME_UNKNOWN",
            Self::EffectInFlight { .. } => "IN_FLIGHT",
            Self::IdempConflict => "IDEMP_CONFLICT",
            Self::PromiseOutdated => "PROMISE_OUTDATED",
            Self::EffectRejected => "REJECTED",
            Self::AlreadyCreated => "ALREADY_CREATED",
            Self::AlreadyInvoiced { .. } => "ALREADY_INVOICED",
            Self::PossibleInvoice { .. } => "POSSIBLE_INVOICE",
        }
    }
}

/// A finding in words: what is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub what: String,
    pub place: String,
    pub remedy: String,
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}). {}", self.what, self.place, self.remedy)
    }
}

/// One failing gate. For the person at this computer: it may name the company's products, it never
/// names a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateFinding {
    pub gate: Gate,
    pub detail: GateDetail,
    /// Id of the record that the finding is about: a deal, a line or a customer.
    pub subject: String,
    pub sentence: Sentence,
}
