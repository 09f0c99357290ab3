//! Gates that stop a deal, as the window says them: a few words for a column, a sentence for the
//! drawer, a remedy that names what the window has.

use tieout_domain::effect::EffectState;
use tieout_domain::gates::{GateDetail, GateFinding, NamedLine};

use crate::export::words::typeset;

/// What is wrong, as a sentence without a full stop.
pub(crate) fn what(finding: &GateFinding) -> String {
    typeset(finding.sentence.what.trim_end_matches('.'))
}

/// What to do about it. The window offers no further document of one deal: that it was made in the
/// books is told by linking it.
pub(crate) fn remedy(finding: &GateFinding, books: &str) -> String {
    match &finding.detail {
        GateDetail::AlreadyCreated => {
            format!("If it is gone from {books}: make it there again and link it to this deal.")
        }
        GateDetail::AlreadyInvoiced { .. } => format!(
            "If they were voided or credited in full: make the new one in {books} and link it to \
             this deal."
        ),
        _ => typeset(&finding.sentence.remedy),
    }
}

/// The line of the deal, where it is about one: "Line 2, Sensor".
pub(crate) fn line(finding: &GateFinding) -> Option<String> {
    let NamedLine { place, product, .. } = finding.detail.line()?;
    let product = product.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
    Some(format!("Line {place}{product}"))
}

/// A few words for a column; the cause first, since a long name is what a column cuts.
pub(crate) fn short(finding: &GateFinding, books: &str) -> String {
    let detail = &finding.detail;
    let short = of_deal(detail).or_else(|| of_line(detail, books));
    short.or_else(|| of_books(detail, books)).unwrap_or_else(|| what(finding))
}

fn of_deal(detail: &GateDetail) -> Option<String> {
    let words = match detail {
        GateDetail::NotOfThisCompany { .. } => "not given to this company",
        GateDetail::NotWon => "not won in Salesforce",
        GateDetail::DealDeleted => "deleted in Salesforce",
        GateDetail::NotReadAgain => "could not be read again",
        GateDetail::AmountMissing => "no amount and no lines",
        GateDetail::AmountZero => "the amount is zero",
        GateDetail::WrongSign { credit_memo: false, .. } => "the amount is negative",
        GateDetail::WrongSign { credit_memo: true, .. } => "the amount is positive",
        GateDetail::LinesDoNotAdd { .. } => "lines and amount differ",
        GateDetail::LinesOutOfRange => "the lines are too large",
        GateDetail::NothingDue { .. } => "nothing is due yet",
        GateDetail::NoLines => "no product line",
        GateDetail::LinesNotRead => "no line was read",
        GateDetail::AccountMissing => "no Account",
        GateDetail::CustomerAmbiguous { .. } => "several linked customers",
        GateDetail::ProbableDuplicate { .. } => "a customer looks like it",
        GateDetail::TaxIdConflict { .. } => "two different tax numbers",
        GateDetail::CustomerNamesUnlike { .. } => "one tax number, unlike names",
        GateDetail::CustomerRefused { state: EffectState::Cancelled } => {
            "new customer was withdrawn"
        }
        GateDetail::CustomerRefused { .. } => "new customer was refused",
        GateDetail::EffectInFlight { state: EffectState::Unknown } => "sent, no answer yet",
        GateDetail::EffectInFlight { .. } => "on its way",
        GateDetail::IdempConflict => "another document has our key",
        GateDetail::PromiseOutdated => "changed since it was promised",
        GateDetail::AlreadyCreated => "created already",
        GateDetail::AlreadyInvoiced { .. } => "invoiced already",
        GateDetail::PossibleInvoice { .. } => "may be invoiced already",
        _ => return None,
    };
    Some(words.to_owned())
}

fn of_line(detail: &GateDetail, books: &str) -> Option<String> {
    let line = detail.line()?;
    let named = line.product.clone().unwrap_or_else(|| format!("line {}", line.place));
    Some(match detail {
        GateDetail::LineWithoutProduct { .. } => format!("no product in line {}", line.place),
        GateDetail::ProductNotRead { .. } => format!("product not read: {named}"),
        GateDetail::NoItemCode { .. } | GateDetail::NoItem { .. } => {
            format!("no {books} item: {named}")
        }
        GateDetail::ItemInactive { code, .. } => format!("inactive item {code}"),
        GateDetail::ItemDuplicate { code, .. } => format!("several items {code}"),
        GateDetail::ItemCaseCollision { code, .. } => format!("items differ in case: {code}"),
        GateDetail::LineCurrency { currency, .. } => {
            format!("line {} is in {currency}", line.place)
        }
        GateDetail::TaxCodeUnmapped { code, .. } => format!("no {books} tax code {code}"),
        _ => return None,
    })
}

fn of_books(detail: &GateDetail, books: &str) -> Option<String> {
    Some(match detail {
        GateDetail::CustomerInactive { .. } => format!("customer is inactive in {books}"),
        GateDetail::CurrencyNotEnabled { currency } => format!("{currency} is off in {books}"),
        GateDetail::CustomerCurrency { deal, customer } => {
            format!("deal in {deal}, customer in {customer}")
        }
        GateDetail::BooksClosed { closed_to, .. } => {
            format!("books closed to {}", crate::export::words::day(*closed_to))
        }
        GateDetail::EffectRejected => format!("{books} refused it"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use tieout_domain::gates::{Gate, Sentence};
    use tieout_domain::ids::{DealLineId, DocumentId};

    use super::*;

    /// A finding of the sample's kind; words of the domain stand in code marks.
    fn finding(detail: GateDetail) -> GateFinding {
        let sentence = Sentence {
            what: "The item `A` is inactive".into(),
            place: String::new(),
            remedy: "Map `A`.".into(),
        };
        GateFinding { gate: Gate::Sku, detail, subject: String::new(), sentence }
    }

    fn line() -> NamedLine {
        let id = DealLineId::new("L1").unwrap();
        NamedLine { id, place: 2, product: Some("Edge add-on".into()) }
    }

    #[test]
    fn the_cause_stands_before_the_name() {
        let of = |detail| short(&finding(detail), "QuickBooks");
        assert_eq!(of(GateDetail::NoItemCode { line: line() }), "no QuickBooks item: Edge add-on");
        assert_eq!(of(GateDetail::EffectRejected), "QuickBooks refused it");
    }

    #[test]
    fn a_remedy_offers_only_what_the_window_has() {
        let documents = vec![DocumentId::new("7").unwrap()];
        let remedy = remedy(&finding(GateDetail::AlreadyInvoiced { documents }), "QuickBooks");
        assert!(remedy.ends_with("link it to this deal."), "{remedy}");
        let other = finding(GateDetail::NoItemCode { line: line() });
        assert_eq!(super::remedy(&other, "QuickBooks"), "Map “A”.");
        assert_eq!(super::line(&other).as_deref(), Some("Line 2, Edge add-on"));
    }
}
