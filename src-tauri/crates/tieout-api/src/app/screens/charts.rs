//! What a chart needs: places on an axis as whole per mille, made here from the amounts, so that
//! the page never reads an amount as a number.

use serde::Serialize;
use tieout_domain::aging::{Aging, Bucket};
use tieout_domain::{Currency, Money, MoneyError};
use ts_rs::TS;

use super::receivables::percent;
use crate::app::shapes::{Phrase, Proof, Share, Target};
use crate::codes::Code;
use crate::failure::Failure;
use crate::views::Amount;

/// The whole of an axis.
const WHOLE: i128 = 1_000;

/// How a step of a bridge is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// From zero, solid.
    Total,
    /// Grey.
    Step,
    /// The other three are hatched in their colour.
    Missing,
    Blocked,
    Unknown,
}

/// One step of a bridge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BridgeStep {
    pub id: String,
    /// At most 16 letters.
    pub label: String,
    /// Second line: "6 deals"; empty where there is none.
    pub note: String,
    pub kind: StepKind,
    pub amount: Amount,
    /// Lower and upper edge of the bar.
    pub low: Share,
    pub high: Share,
    /// Where the connector leaves to the right.
    pub level: Share,
    pub target: Option<Target>,
}

/// Steps that together are one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BridgeBracket {
    pub first: &'static str,
    pub last: &'static str,
    pub sentence: Phrase,
}

/// From one total to another, each step footed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BridgeView {
    /// For the title of the picture and the caption of its table, without amounts.
    pub title: String,
    pub currency: String,
    /// Where zero lies on the axis.
    pub zero: Share,
    pub steps: Vec<BridgeStep>,
    pub bracket: Option<BridgeBracket>,
}

/// A step before it has its place.
pub(crate) struct Draft {
    pub id: String,
    pub label: String,
    pub note: String,
    pub kind: StepKind,
    pub amount: Money,
    pub target: Option<Target>,
}

/// Amounts that cannot be combined.
pub(crate) fn does_not_add(subject: &'static str) -> impl Fn(MoneyError) -> Failure {
    move |error| Failure::caused(Code::DoesNotFoot, subject, error)
}

/// The bridge over these steps.
///
/// # Errors
/// `DoesNotFoot` where the steps do not lead to each total.
pub(crate) fn bridge(
    title: String,
    currency: Currency,
    drafts: Vec<Draft>,
    bracket: Option<BridgeBracket>,
) -> Result<BridgeView, Failure> {
    let zero = Money::zero(currency);
    let mut level = zero;
    let mut edges = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        let before = level;
        level = match draft.kind {
            StepKind::Total if at == 0 || draft.amount == level => draft.amount,
            StepKind::Total => {
                let detail = format!("the steps up to `{}` do not make it", draft.label);
                return Err(Failure::new(Code::DoesNotFoot, detail));
            }
            _ => level.checked_add(draft.amount).map_err(does_not_add("the bridge"))?,
        };
        let from = if draft.kind == StepKind::Total { zero } else { before };
        edges.push((from.minor().min(level.minor()), from.minor().max(level.minor()), level));
    }
    let axis = Axis::over(edges.iter().flat_map(|(low, high, _)| [*low, *high]));
    let steps = drafts.into_iter().zip(edges).map(|(draft, (low, high, level))| BridgeStep {
        id: draft.id,
        label: draft.label,
        note: draft.note,
        kind: draft.kind,
        amount: draft.amount.into(),
        low: axis.share(low),
        high: axis.share(high),
        level: axis.share(level.minor()),
        target: draft.target,
    });
    Ok(BridgeView {
        title,
        currency: currency.code().to_owned(),
        zero: axis.share(0),
        steps: steps.collect(),
        bracket,
    })
}

/// An axis that always shows zero.
pub(crate) struct Axis {
    low: i128,
    high: i128,
}

impl Axis {
    pub(crate) fn over(values: impl Iterator<Item = i64>) -> Self {
        let mut axis = Self { low: 0, high: 0 };
        for value in values {
            axis.low = axis.low.min(value.into());
            axis.high = axis.high.max(value.into());
        }
        axis
    }

    /// Where a value lies, half up.
    pub(crate) fn share(&self, value: i64) -> Share {
        let width = self.high - self.low;
        if width == 0 {
            return "0".to_owned();
        }
        let doubled = (i128::from(value) - self.low) * WHOLE * 2 + width;
        (doubled / (width * 2)).to_string()
    }
}

/// Shares of a whole that add up to 1,000 exactly: what rounding leaves goes to the parts that lost
/// most. All zero where there is no whole; a part below zero has none.
pub(crate) fn shares(parts: &[i64]) -> Vec<Share> {
    let parts: Vec<i128> = parts.iter().map(|part| i128::from(*part).max(0)).collect();
    let whole: i128 = parts.iter().sum();
    if whole == 0 {
        return vec!["0".to_owned(); parts.len()];
    }
    let mut shares: Vec<i128> = parts.iter().map(|part| part * WHOLE / whole).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(parts[*at] * WHOLE % whole), *at));
    let left = WHOLE - shares.iter().sum::<i128>();
    for at in order.into_iter().take(usize::try_from(left).unwrap_or_default()) {
        shares[at] += 1;
    }
    shares.into_iter().map(|share| share.to_string()).collect()
}

/// How late: one of five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "Bucket")]
pub enum BucketId {
    NotDue,
    #[serde(rename = "days_1_30")]
    Days1To30,
    #[serde(rename = "days_31_60")]
    Days31To60,
    #[serde(rename = "days_61_90")]
    Days61To90,
    #[serde(rename = "days_over_90")]
    DaysOver90,
}

/// The bands in order, with their printed names.
const BUCKETS: [(Bucket, BucketId, &str); 5] = [
    (Bucket::Current, BucketId::NotDue, "Not yet due"),
    (Bucket::From1To30, BucketId::Days1To30, "1–30 days"),
    (Bucket::From31To60, BucketId::Days31To60, "31–60 days"),
    (Bucket::From61To90, BucketId::Days61To90, "61–90 days"),
    (Bucket::Over90, BucketId::DaysOver90, "Over 90 days"),
];

/// A band with its printed name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BucketLabel {
    pub id: BucketId,
    pub label: &'static str,
}

/// One band of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AgingSegment {
    pub bucket: BucketId,
    pub amount: Amount,
    /// Of the open invoices, together 1000.
    pub share: Share,
    pub target: Option<Target>,
}

/// One currency. Currencies are never added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AgingColumn {
    pub currency: String,
    /// "54% late"; empty where nothing is open.
    pub late: String,
    /// One per band, in their order.
    pub segments: Vec<AgingSegment>,
    pub unapplied: Amount,
    pub receivable: Amount,
    pub proof: Proof,
    pub marks: Vec<String>,
}

/// Receivables by age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AgingView {
    /// "by due date".
    pub basis: String,
    pub buckets: Vec<BucketLabel>,
    pub columns: Vec<AgingColumn>,
}

pub(crate) fn bucket_labels() -> Vec<BucketLabel> {
    BUCKETS.iter().map(|(_, id, label)| BucketLabel { id: *id, label }).collect()
}

/// The column of one currency.
pub(crate) fn aging_column(
    aging: &Aging,
    receivable: Money,
    agreed: bool,
    target: &Target,
) -> AgingColumn {
    let open: Vec<i64> = BUCKETS.iter().map(|(of, ..)| aging.bucket(*of).minor()).collect();
    let all: i64 = open.iter().sum();
    let late = percent(all - open[0], all).map(|percent| format!("{percent}% late"));
    let segments = BUCKETS.iter().zip(shares(&open)).map(|((of, id, _), share)| AgingSegment {
        bucket: *id,
        amount: aging.bucket(*of).into(),
        share,
        target: Some(target.clone()),
    });
    let (proof, marks): (_, &[&str]) =
        if agreed { (Proof::Agreed, &["[A]", "[F]"]) } else { (Proof::Unproved, &["[F]"]) };
    AgingColumn {
        currency: receivable.currency().code().to_owned(),
        late: late.unwrap_or_default(),
        segments: segments.collect(),
        unapplied: aging.unapplied().into(),
        receivable: receivable.into(),
        proof,
        marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
    }
}

/// A figure over several month ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrendView {
    pub title: String,
    /// "Alder Quay Instruments, month end".
    pub note: String,
    /// Stated, because the axis does not begin at zero: "axis from 25 to 61 days".
    pub axis: String,
    pub points: Vec<TrendPoint>,
    /// After the last figure: "days".
    pub unit: &'static str,
    pub best_label: &'static str,
}

/// One month end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrendPoint {
    pub label: String,
    /// "30 Jun 2026".
    pub date: String,
    /// "54.28"; "n/a" without a denominator.
    pub value: String,
    pub best: String,
    /// `null`: the figure is n/a, and the line is interrupted.
    pub share: Option<Share>,
    pub best_share: Option<Share>,
    pub target: Option<Target>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("USD").unwrap())
    }

    fn draft(id: &'static str, kind: StepKind, minor: i64) -> Draft {
        let (label, note) = (id.to_owned(), String::new());
        Draft { id: id.to_owned(), label, note, kind, amount: usd(minor), target: None }
    }

    #[test]
    fn a_bridge_places_every_step_between_its_levels() {
        let drafts = vec![
            draft("from", StepKind::Total, 1_000),
            draft("less", StepKind::Step, -1_500),
            draft("more", StepKind::Missing, 900),
            draft("to", StepKind::Total, 400),
        ];
        let view = bridge(String::new(), usd(0).currency(), drafts, None).unwrap();
        let places: Vec<(&str, &str, &str)> = view
            .steps
            .iter()
            .map(|step| (step.low.as_str(), step.high.as_str(), step.level.as_str()))
            .collect();
        assert_eq!(view.zero, "333");
        let want = [
            ("333", "1000", "1000"),
            ("0", "1000", "0"),
            ("0", "600", "600"),
            ("333", "600", "600"),
        ];
        assert_eq!(places, want);
    }

    #[test]
    fn steps_that_do_not_lead_to_the_total_are_no_bridge() {
        let drafts = vec![
            draft("from", StepKind::Total, 1_000),
            draft("less", StepKind::Step, -400),
            draft("to", StepKind::Total, 601),
        ];
        let failure = bridge(String::new(), usd(0).currency(), drafts, None).unwrap_err();
        assert_eq!(failure.code, Code::DoesNotFoot);
    }

    #[test]
    fn shares_add_up_to_the_whole() {
        #[track_caller]
        fn check(parts: &[i64], want: &[&str]) {
            assert_eq!(shares(parts), want);
        }
        check(&[1, 1, 1], &["334", "333", "333"]);
        check(&[0, 0], &["0", "0"]);
        check(&[-5, 10], &["0", "1000"]);
        check(&[i64::MAX, i64::MAX], &["500", "500"]);
    }
}
