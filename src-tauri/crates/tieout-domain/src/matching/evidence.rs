//! Why a link holds, so that a reader can recompute it by hand (`finance-domain §7 K6, K9`).
//!
//! Run and data snapshot are the caller's: it stores them beside the evidence.

use jiff::Timestamp;

use super::input::DocumentRef;
use super::output::Tier;
use crate::ids::DealId;
use crate::money::Money;

/// The rule that made a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    PersonLinked,
    OurKey,
    DealReference,
    StoredDocument,
    CreditOfInvoice,
    CreditApplied,
    OrderNumberAndNet,
    NetInWindow,
    SumOfDocuments,
    SumOfDeals,
    Scored,
}

impl Rule {
    /// Stable name.
    pub const fn id(self) -> &'static str {
        match self {
            Self::PersonLinked => "person-linked",
            Self::OurKey => "our-key",
            Self::DealReference => "deal-reference",
            Self::StoredDocument => "stored-document",
            Self::CreditOfInvoice => "credit-of-invoice",
            Self::CreditApplied => "credit-applied",
            Self::OrderNumberAndNet => "order-number-and-net",
            Self::NetInWindow => "net-in-window",
            Self::SumOfDocuments => "sum-of-documents",
            Self::SumOfDeals => "sum-of-deals",
            Self::Scored => "scored",
        }
    }

    /// Rises when the rule decides differently than before.
    pub const fn version(self) -> u32 {
        1
    }

    /// The tier that the rule belongs to.
    pub const fn tier(self) -> Tier {
        match self {
            Self::PersonLinked => Tier::Person,
            Self::OurKey => Tier::Key,
            Self::DealReference
            | Self::StoredDocument
            | Self::CreditOfInvoice
            | Self::CreditApplied => Tier::Reference,
            Self::OrderNumberAndNet => Tier::OrderNumber,
            Self::NetInWindow => Tier::Amount,
            Self::SumOfDocuments | Self::SumOfDeals => Tier::Sum,
            Self::Scored => Tier::Score,
        }
    }
}

/// A field that was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Key,
    DealReference,
    StoredDocument,
    Customer,
    Currency,
    OrderNumber,
    Net,
    Date,
    Items,
    Invoice,
    Applied,
}

impl Field {
    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::DealReference => "deal_reference",
            Self::StoredDocument => "stored_document",
            Self::Customer => "customer",
            Self::Currency => "currency",
            Self::OrderNumber => "order_number",
            Self::Net => "net",
            Self::Date => "date",
            Self::Items => "items",
            Self::Invoice => "invoice",
            Self::Applied => "applied",
        }
    }
}

/// One field with both raw values. Empty: the side has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub field: Field,
    pub deal: String,
    pub document: String,
    /// In the field's own unit (an amount, days); empty where the values are equal or not counted.
    pub difference: String,
}

/// Why a candidate is not the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    OtherCurrency,
    NotLive,
    /// Linked at a tier that is at least as strong, to this or another deal.
    Taken(Tier),
    /// Names this deal or document too, by weaker evidence.
    WeakerEvidence(Rule),
    RefusedByPerson,
    /// Waits for a person in an outcome.
    Undecided,
    OrderNumberDiffers,
    NetDiffers(Money),
    OutsideWindow {
        days_after_close: i64,
    },
    NotInTheOnlySum,
    ScoreTooLow(i32),
}

impl Lost {
    /// In words, for the evidence card.
    pub fn sentence(&self) -> String {
        match self {
            Self::OtherCurrency => "in another currency".to_owned(),
            Self::NotLive => "void, deleted or of unknown status".to_owned(),
            Self::Taken(tier) => format!("already linked by tier {}", tier.as_str()),
            Self::WeakerEvidence(rule) => format!("named by weaker evidence: {}", rule.id()),
            Self::RefusedByPerson => "a person said that it does not belong".to_owned(),
            Self::Undecided => "waits for a person".to_owned(),
            Self::OrderNumberDiffers => "another order number".to_owned(),
            Self::NetDiffers(by) => format!("net differs by {}", by.in_words()),
            Self::OutsideWindow { days_after_close } => {
                format!("dated {days_after_close} days after the close date")
            }
            Self::NotInTheOnlySum => "not part of the only sum that fits".to_owned(),
            Self::ScoreTooLow(points) => format!("scores only {points}"),
        }
    }
}

/// A pair that competed with the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Competitor {
    pub deal: DealId,
    pub document: DocumentRef,
    pub lost: Lost,
}

/// One additive contribution to a score (K9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScorePart {
    /// What contributed: `start`, or the name of a field.
    pub part: &'static str,
    /// Hundredths of a natural-logarithm odds unit.
    pub points: i32,
    pub because: String,
}

/// Who decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Rule,
    Person { by: String, reason: String, at: Timestamp },
}

/// The record behind one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub rule: Rule,
    pub version: u32,
    pub actor: Actor,
    pub compared: Vec<Compared>,
    /// Net of the document less the open net of the deal, where both were compared.
    pub difference: Option<Money>,
    /// Minor units that the difference was allowed to have.
    pub tolerance_minor: u32,
    pub competitors: Vec<Competitor>,
    /// Competitors beyond the number that is kept.
    pub competitors_left_out: usize,
    pub score: Vec<ScorePart>,
}

impl Evidence {
    /// Sum of the score parts; zero for a rule that does not score.
    pub fn score_total(&self) -> i32 {
        self.score.iter().map(|part| part.points).sum()
    }
}
