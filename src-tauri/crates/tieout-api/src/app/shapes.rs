//! Shapes that several screens share. Amounts cross as text; a printed total never crosses without
//! what its rule says.

use std::marker::PhantomData;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use tieout_domain::Money;
use ts_rs::TS;

use crate::commands::FrameOptions;
use crate::views::Amount;
use crate::views::reading::ReadingView;

/// A command without parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(type = "Record<string, never>")]
pub struct Nothing {}

/// Which company, as of which day, as known when. The period is the month of `as_of`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct Scope {
    /// Name of the ledger connection; `null`: the only one.
    pub ledger: Option<String>,
    /// ISO date.
    pub as_of: String,
    /// RFC 3339 instant; `null`: now.
    pub known_at: Option<String>,
}

impl Scope {
    /// The same with everything that is known now.
    pub(crate) fn as_known_now(&self) -> Self {
        Self { known_at: None, ..self.clone() }
    }
}

impl From<&Scope> for FrameOptions {
    fn from(scope: &Scope) -> Self {
        Self {
            as_of: Some(scope.as_of.clone()),
            known_at: scope.known_at.clone(),
            ledger: scope.ledger.clone(),
        }
    }
}

/// Parameters of a screen that needs the scope alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScopeParams {
    pub scope: Scope,
}

/// One key of a sort.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SortKey {
    pub column: String,
    pub descending: bool,
}

/// How a column is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FilterOp {
    Is,
    IsNot,
    Contains,
    AtLeast,
    AtMost,
}

/// One filter chip. An amount is decimal text, a day ISO text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Filter {
    pub column: String,
    pub op: FilterOp,
    pub value: String,
}

/// A window of a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GridQuery {
    pub sort: Vec<SortKey>,
    pub filters: Vec<Filter>,
    pub text: String,
    pub offset: u32,
    pub limit: u32,
}

/// What the rule under a total says. `agreed`: re-added here and agreed to its source, a double
/// rule. `unproved`: a dashed rule. `sum`: re-added here, and there is nothing to compare it with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    Agreed,
    Unproved,
    Sum,
}

/// One figure of a totals row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TotalCell {
    pub column: String,
    pub amount: String,
    pub proof: Proof,
}

/// A totals row: one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GridTotal {
    pub label: String,
    pub currency: String,
    pub count: u32,
    /// Checks that ran: `[A]`, `[F]`.
    pub marks: Vec<String>,
    /// What the totals were agreed to, or why not.
    pub why: String,
    pub cells: Vec<TotalCell>,
}

/// A group of rows: positions `first` to `first + count` of the filtered order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GridGroup {
    pub key: String,
    pub label: String,
    pub note: String,
    pub glyph: String,
    pub first: u32,
    pub count: u32,
    /// The main figure of the group, per currency.
    pub sums: Vec<Amount>,
    pub totals: Option<GridTotal>,
}

/// A page of a grid, with the counts and totals of everything that the filter lets through.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GridPage<R: TS> {
    pub total: u32,
    pub unfiltered: u32,
    pub offset: u32,
    #[ts(as = "Vec<R>")]
    pub rows: Vec<WrittenRow<R>>,
    pub groups: Vec<GridGroup>,
    pub totals: Vec<GridTotal>,
    pub reading: ReadingView,
    pub as_of: String,
    pub known_at: String,
}

/// A row as it was written when the sheet was filled.
#[derive(Clone, Debug)]
pub struct WrittenRow<R>(Box<RawValue>, PhantomData<R>);

impl<R> WrittenRow<R> {
    pub(crate) fn new(text: String) -> serde_json::Result<Self> {
        Ok(Self(RawValue::from_string(text)?, PhantomData))
    }

    pub(crate) fn text(&self) -> &str {
        self.0.get()
    }
}

impl<R> Serialize for WrittenRow<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Reply of each local decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Receipt {
    /// What was done, for the toast.
    pub said: String,
    /// Whether `undo` takes it back.
    pub undo: bool,
}

impl Receipt {
    pub(crate) fn said(said: impl Into<String>) -> Self {
        Self { said: said.into(), undo: false }
    }
}

/// A place in the window. The window turns it into an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Target {
    /// `overview`, `receivables`, `deals`, `reconciliation`, `workpapers`, `activity`,
    /// `connections` or `settings`.
    pub screen: &'static str,
    /// Tab or saved view, `null` for the first.
    pub view: Option<String>,
    /// Id of the record whose drawer opens.
    pub record: Option<String>,
    /// Company and day to look at; `null` leaves the scope as it is.
    pub ledger: Option<String>,
    pub as_of: Option<String>,
}

impl Target {
    pub(crate) const fn screen(screen: &'static str) -> Self {
        Self { screen, view: None, record: None, ledger: None, as_of: None }
    }

    pub(crate) fn view(screen: &'static str, view: &str) -> Self {
        Self { view: Some(view.to_owned()), ..Self::screen(screen) }
    }

    pub(crate) fn record(screen: &'static str, view: Option<&str>, record: &str) -> Self {
        Self {
            view: view.map(str::to_owned),
            record: Some(record.to_owned()),
            ..Self::screen(screen)
        }
    }
}

/// How an amount inside a sentence is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AmountTone {
    Plain,
    Strong,
    /// Money that should have been invoiced.
    Gap,
}

/// A piece of a sentence, so that amounts can be set as figures and hidden.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PhrasePart {
    Text {
        text: String,
    },
    Amount {
        amount: Amount,
        tone: AmountTone,
        target: Option<Target>,
    },
    /// Number of a document, code of a product.
    Id {
        text: String,
        target: Option<Target>,
    },
}

/// A sentence in pieces.
pub type Phrase = Vec<PhrasePart>;

impl PhrasePart {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    pub(crate) fn money(amount: Money, tone: AmountTone) -> Self {
        Self::Amount { amount: amount.into(), tone, target: None }
    }
}

/// Which of the semantic colours; shape and word carry the meaning as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Ok,
    Warn,
    Bad,
    Unsure,
    Soft,
}

/// Shape, word and colour, always the three together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Status {
    /// Name of a glyph of the design's table: `tick`, `ring`, `half`, `late`, `missing`, `blocked`,
    /// `unknown`, `incomplete`, `twice`, `suspended`, `running`, `flag`, `excluded`, `ahead`.
    pub glyph: &'static str,
    pub word: String,
    pub tone: Tone,
}

impl Status {
    pub(crate) fn new(glyph: &'static str, word: impl Into<String>, tone: Tone) -> Self {
        Self { glyph, word: word.into(), tone }
    }
}

/// A printed total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProvedAmount {
    pub amount: Amount,
    pub proof: Proof,
}

/// One value with a name, ready to print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "Fact")]
pub struct FactLine {
    pub label: String,
    pub value: String,
}

impl FactLine {
    pub(crate) fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

/// A place on an axis in per mille, as text: `0` to `1000`. Never an amount.
pub type Share = String;

/// A system in which a record can be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OpenIn {
    /// "Salesforce", "QuickBooks".
    pub system: String,
    /// `null`: the record has no address there.
    pub link: Option<String>,
}
