//! What a controller calls the states of a deal. The stable codes stand in details only.

use tieout_domain::books::positions::DealRow;
use tieout_domain::matching::Tier;
use tieout_domain::status::{BillingStatus, CashStatus};
use tieout_domain::verdict::Verdict;

use crate::app::shapes::{Status, Tone};

/// "Not invoiced", "Cut-off": a reason code as words.
pub(crate) fn reason_label(code: &str) -> String {
    match code {
        "CUTOFF" => return "Cut-off".to_owned(),
        "QTY" => return "Quantity".to_owned(),
        "FX_RATE" => return "Exchange rate".to_owned(),
        "CRM_AMOUNT_ERROR" => return "Deal amount wrong".to_owned(),
        "DUPLICATE_INVOICE" => return "Billed twice".to_owned(),
        "PARTIAL_BILL" => return "Part billed".to_owned(),
        _ => {}
    }
    let words = code.to_lowercase().replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

/// How the link of a document was found.
pub(crate) const fn tier_words(tier: Tier) -> &'static str {
    match tier {
        Tier::Person => "by a person",
        Tier::Key => "tier 0, certain",
        Tier::Reference => "tier 1, certain",
        Tier::OrderNumber => "tier 2, certain",
        Tier::Amount => "tier 3, by amount and date",
        Tier::Sum => "tier 4, by a sum",
        Tier::Score => "tier 5, by points",
    }
}

/// Where a deal stands, from booking to cash, in one word or two.
pub(crate) fn standing(row: &DealRow) -> Status {
    if row.outcome_unknown {
        return Status::new("diamond", "Outcome unknown", Tone::Unsure);
    }
    let billed = match row.billing {
        BillingStatus::Excluded => return Status::new("crossed_ring", "Excluded", Tone::Soft),
        BillingStatus::Blocked => {
            return Status::new("square_bar", "Blocked by a gate", Tone::Bad);
        }
        BillingStatus::InFlight => return Status::new("arc", "Promised", Tone::Soft),
        BillingStatus::Drafted => return Status::new("ring", "Drafted", Tone::Soft),
        BillingStatus::NotDue => return Status::new("ring", "Not due yet", Tone::Soft),
        BillingStatus::Unbilled => {
            return Status::new("triangle_filled", "Due, not invoiced", Tone::Warn);
        }
        BillingStatus::Reversed => {
            return Status::new("triangle_filled", "Invoice taken back", Tone::Warn);
        }
        BillingStatus::Negative => {
            return Status::new("triangle_filled", "Credited beyond the invoice", Tone::Warn);
        }
        BillingStatus::OverBilled if is_twice(row) => {
            return Status::new("two_squares", "Billed twice", Tone::Bad);
        }
        BillingStatus::OverBilled => "Billed beyond the contract",
        BillingStatus::Ahead => "Billed ahead",
        BillingStatus::PartBilled => "Part billed",
        BillingStatus::Billed => "Billed in full",
    };
    let (glyph, cash, tone) = match row.cash {
        CashStatus::None => ("ring", "", Tone::Soft),
        CashStatus::Overdue => ("triangle", ", overdue", Tone::Warn),
        CashStatus::PartPaid => ("half_disc", ", part paid", Tone::Soft),
        CashStatus::Open => ("ring", ", not due", Tone::Soft),
        CashStatus::Overpaid => ("tick", ", overpaid", Tone::Warn),
        CashStatus::Paid => ("tick", ", paid", Tone::Ok),
        CashStatus::ClosedNoCash => ("tick", ", closed without cash", Tone::Soft),
    };
    Status::new(glyph, format!("{billed}{cash}"), tone)
}

/// Two documents of one deal that bill the same.
pub(crate) fn is_twice(row: &DealRow) -> bool {
    row.zero_tolerance.contains(&"DUPLICATE_INVOICE")
}

/// What comparing a deal came to.
pub(crate) const fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Matched => "Agree exactly",
        Verdict::MatchedInTolerance => "Within limit",
        Verdict::Explained => "Explained",
        Verdict::Unexplained => "To decide",
        Verdict::Uncertain => "Uncertain",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_words() {
        assert_eq!(reason_label("NOT_INVOICED"), "Not invoiced");
        assert_eq!(reason_label("CUTOFF"), "Cut-off");
        assert_eq!(reason_label("BACKDATED_CLOSE"), "Backdated close");
    }
}
