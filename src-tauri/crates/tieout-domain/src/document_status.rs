//! The canonical status of a ledger document (`finance-domain §10`).

use crate::facts::DocumentStatus;
use crate::money::{Money, MoneyError};

/// What a platform's own status word says about a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlatformWord {
    /// Not posted yet.
    Draft,
    /// Kept with its number, no longer counting.
    Void,
    /// Gone, as the change feed or a sweep says.
    Deleted,
    /// Posted, and nothing about payment (QuickBooks has no word at all).
    Posted,
    /// Posted, nothing applied.
    Open,
    /// Posted, part applied.
    PartPaid,
    /// Posted, nothing left.
    Paid,
    /// A word that we do not know.
    Unknown,
}

/// A document's status, and whether the platform's word and its amounts contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CanonicalStatus {
    /// What the document counts as.
    pub status: DocumentStatus,
    /// To be reported; the amounts were believed.
    pub disputed_by_word: bool,
}

/// The word decides draft, void, deleted and unknown; the amounts decide the rest, and a document
/// of total zero is paid. A balance beyond its total is `Unknown`.
///
/// # Errors
/// `CurrencyMismatch` for total and balance of two currencies; `OutOfRange`.
pub fn canonical_status(
    word: PlatformWord,
    total: Money,
    balance: Money,
) -> Result<CanonicalStatus, MoneyError> {
    let by_amounts = status_of_amounts(total, balance)?;
    let (status, said) = match word {
        PlatformWord::Draft => (DocumentStatus::Draft, None),
        PlatformWord::Void => (DocumentStatus::Void, None),
        PlatformWord::Deleted => (DocumentStatus::Deleted, None),
        PlatformWord::Unknown => (DocumentStatus::Unknown, None),
        PlatformWord::Posted => (by_amounts, None),
        PlatformWord::Open => (by_amounts, Some(DocumentStatus::Open)),
        PlatformWord::PartPaid => (by_amounts, Some(DocumentStatus::PartPaid)),
        PlatformWord::Paid => (by_amounts, Some(DocumentStatus::Paid)),
    };
    Ok(CanonicalStatus { status, disputed_by_word: said.is_some_and(|said| said != status) })
}

fn status_of_amounts(total: Money, balance: Money) -> Result<DocumentStatus, MoneyError> {
    let (total, balance) =
        if total.is_negative() { (total.negated()?, balance.negated()?) } else { (total, balance) };
    let against_total = balance.compare(total)?;
    Ok(if balance.is_zero() {
        DocumentStatus::Paid
    } else if balance.is_negative() || against_total.is_gt() {
        DocumentStatus::Unknown
    } else if against_total.is_eq() {
        DocumentStatus::Open
    } else {
        DocumentStatus::PartPaid
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    #[track_caller]
    fn check(word: PlatformWord, amounts: [i64; 2], want: DocumentStatus, disputed: bool) {
        let [total, balance] = amounts.map(eur);
        let status = canonical_status(word, total, balance).unwrap();
        assert_eq!((status.status, status.disputed_by_word), (want, disputed));
    }

    #[test]
    fn a_word_that_contradicts_the_amounts_is_reported() {
        check(PlatformWord::Paid, [100, 0], DocumentStatus::Paid, false);
        check(PlatformWord::Paid, [100, 40], DocumentStatus::PartPaid, true);
        check(PlatformWord::Open, [100, 0], DocumentStatus::Paid, true);
    }

    #[test]
    fn the_word_alone_decides_what_amounts_cannot_say() {
        check(PlatformWord::Deleted, [100, 100], DocumentStatus::Deleted, false);
        check(PlatformWord::Unknown, [100, 0], DocumentStatus::Unknown, false);
    }

    #[test]
    fn a_balance_beyond_the_total_is_not_believed() {
        check(PlatformWord::Posted, [100, 101], DocumentStatus::Unknown, false);
        check(PlatformWord::Posted, [100, -1], DocumentStatus::Unknown, false);
        check(PlatformWord::Posted, [0, 5], DocumentStatus::Unknown, false);
        check(PlatformWord::Posted, [-100, -40], DocumentStatus::PartPaid, false);
    }
}
