//! Aging of receivables, in one currency, as of a date (`finance-domain §11`).

use jiff::civil::Date;

use crate::currency::Currency;
use crate::dates::{DateError, days_after, days_between};
use crate::ids::DocumentId;
use crate::money::{Money, MoneyError};

/// An age band. Day 90 belongs to 61-90; "90+" begins at day 91.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// Due on the as-of date or later.
    Current,
    /// 1 to 30 days past due.
    From1To30,
    /// 31 to 60 days past due.
    From31To60,
    /// 61 to 90 days past due.
    From61To90,
    /// 91 days past due or more.
    Over90,
}

impl Bucket {
    /// Youngest first.
    pub const ALL: [Self; 5] =
        [Self::Current, Self::From1To30, Self::From31To60, Self::From61To90, Self::Over90];

    /// The band of a number of days past due; negative and zero are current.
    pub const fn of(days_past_due: i64) -> Self {
        match days_past_due {
            ..=0 => Self::Current,
            1..=30 => Self::From1To30,
            31..=60 => Self::From31To60,
            61..=90 => Self::From61To90,
            91.. => Self::Over90,
        }
    }

    /// The customary label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::From1To30 => "1-30",
            Self::From31To60 => "31-60",
            Self::From61To90 => "61-90",
            Self::Over90 => "90+",
        }
    }
}

/// `as_of - due`; positive when the due date has passed.
pub fn days_past_due(as_of: Date, due: Date) -> i64 {
    days_between(due, as_of)
}

/// A due date, and whether we had to assume it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDate {
    /// What aging counts from on the due-date basis.
    pub on: Date,
    /// `DUE_DATE_ASSUMED`: neither a due date nor terms were given.
    pub assumed: bool,
}

/// The due date of a document (`§11 G1`): its own, else document date and terms, else the document
/// date itself, marked as assumed.
///
/// # Errors
/// Terms that lead out of the calendar.
pub fn due_date(
    due_on: Option<Date>,
    terms_days: Option<u32>,
    document_date: Date,
) -> Result<DueDate, DateError> {
    let on = match (due_on, terms_days) {
        (Some(due_on), _) => due_on,
        (None, Some(days)) => days_after(document_date, days)?,
        (None, None) => document_date,
    };
    Ok(DueDate { on, assumed: due_on.is_none() && terms_days.is_none() })
}

/// What is open on one invoice as of the date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvoice {
    /// Orders invoices of one due date under `Fifo`.
    pub id: DocumentId,
    /// The date that aging starts from: due date, or document date where the basis says so.
    pub due_on: Date,
    /// Incl. tax. Zero is allowed and changes nothing.
    pub open: Money,
}

/// What an unapplied amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnappliedKind {
    /// Of a credit memo.
    Credit,
    /// Of a receipt.
    Cash,
}

/// The part of a credit memo or receipt that is applied to nothing as of the date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unapplied {
    /// Credit or cash.
    pub kind: UnappliedKind,
    /// Its own accounting date.
    pub effective_on: Date,
    /// Positive: it lowers what the customer owes.
    pub amount: Money,
}

/// Where credits and unapplied cash are shown (`§11 G2`). The total never depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CreditPolicy {
    /// In a column of their own.
    #[default]
    Separate,
    /// Negative, in the bucket of their own accounting date.
    ByOwnDate,
    /// Used up by invoices in order of due date, then document id; for display only.
    Fifo,
}

/// One row of an aging report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aging {
    buckets: [Money; 5],
    unapplied: Money,
}

impl Aging {
    /// A row of zeros.
    pub const fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { buckets: [zero; 5], unapplied: zero }
    }

    /// Amount in a bucket.
    pub const fn bucket(&self, bucket: Bucket) -> Money {
        self.buckets[bucket as usize]
    }

    /// The column of credits and unapplied cash, zero or negative. Under `ByOwnDate` always zero;
    /// under `Fifo` what no invoice was left to take.
    pub const fn unapplied(&self) -> Money {
        self.unapplied
    }

    /// Receivables: buckets and unapplied together. May be negative.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.buckets.iter().copied().try_fold(self.unapplied, Money::checked_add)
    }

    /// The sum of two rows of one currency, column by column (`§11 G4`).
    pub fn checked_add(&self, other: &Self) -> Result<Self, MoneyError> {
        let mut sum = *self;
        sum.unapplied = sum.unapplied.checked_add(other.unapplied)?;
        for bucket in Bucket::ALL {
            sum.add(bucket, other.bucket(bucket))?;
        }
        Ok(sum)
    }

    fn add(&mut self, bucket: Bucket, amount: Money) -> Result<(), MoneyError> {
        let held = &mut self.buckets[bucket as usize];
        *held = held.checked_add(amount)?;
        Ok(())
    }
}

/// Ages what is open in `currency` as of a date.
///
/// # Errors
/// `CurrencyMismatch` for an item in another currency (`§11 G6`); `OutOfRange`.
pub fn age(
    as_of: Date,
    currency: Currency,
    invoices: &[OpenInvoice],
    unapplied: &[Unapplied],
    policy: CreditPolicy,
) -> Result<Aging, MoneyError> {
    let mut aging = Aging::zero(currency);
    let mut pool = Money::zero(currency);
    for item in unapplied {
        match policy {
            CreditPolicy::Separate | CreditPolicy::Fifo => pool = pool.checked_add(item.amount)?,
            CreditPolicy::ByOwnDate => {
                let bucket = Bucket::of(days_past_due(as_of, item.effective_on));
                aging.add(bucket, item.amount.negated()?)?;
            }
        }
    }
    let mut ordered: Vec<&OpenInvoice> = invoices.iter().collect();
    ordered.sort_by_key(|invoice| (invoice.due_on, &invoice.id));
    for invoice in ordered {
        let consumed = match policy {
            CreditPolicy::Fifo => taken_from(pool, invoice.open)?,
            CreditPolicy::Separate | CreditPolicy::ByOwnDate => Money::zero(currency),
        };
        pool = pool.checked_sub(consumed)?;
        let bucket = Bucket::of(days_past_due(as_of, invoice.due_on));
        aging.add(bucket, invoice.open.checked_sub(consumed)?)?;
    }
    aging.unapplied = pool.negated()?;
    Ok(aging)
}

/// As much of the pool as the invoice can take; a negative side takes and gives nothing.
fn taken_from(pool: Money, open: Money) -> Result<Money, MoneyError> {
    let smaller = if pool.compare(open)?.is_lt() { pool } else { open };
    Ok(if smaller.is_positive() { smaller } else { Money::zero(pool.currency()) })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::parse("EUR").unwrap())
    }

    fn invoice(id: &str, due_on: Date, minor: i64) -> OpenInvoice {
        OpenInvoice { id: DocumentId::new(id).unwrap(), due_on, open: eur(minor) }
    }

    fn cash(effective_on: Date, minor: i64) -> Unapplied {
        Unapplied { kind: UnappliedKind::Cash, effective_on, amount: eur(minor) }
    }

    const AS_OF: Date = date(2026, 6, 30);

    #[track_caller]
    fn check(
        invoices: &[OpenInvoice],
        unapplied: &[Unapplied],
        policy: CreditPolicy,
        want: [i64; 6],
    ) {
        let aging = age(AS_OF, eur(0).currency(), invoices, unapplied, policy).unwrap();
        let held = Bucket::ALL.map(|bucket| aging.bucket(bucket).minor());
        assert_eq!((held.as_slice(), aging.unapplied().minor()), (&want[..5], want[5]));
    }

    #[test]
    fn a_due_date_is_given_or_reckoned_or_assumed() {
        let issued = date(2026, 5, 10);
        let of = |due_on, terms_days| due_date(due_on, terms_days, issued);
        let due = |on, assumed| Ok(DueDate { on, assumed });
        assert_eq!(of(Some(AS_OF), Some(30)), due(AS_OF, false));
        assert_eq!(of(None, Some(30)), due(date(2026, 6, 9), false));
        assert_eq!(of(None, None), due(issued, true));
        assert_eq!(of(None, Some(u32::MAX)), Err(DateError::OutOfCalendar));
    }

    #[test]
    fn more_credit_than_invoices_stays_visible() {
        let items = [invoice("1", date(2026, 6, 1), 100)];
        check(&items, &[cash(AS_OF, 250)], CreditPolicy::Fifo, [0, 0, 0, 0, 0, -150]);
        check(&items, &[cash(AS_OF, 250)], CreditPolicy::Separate, [0, 100, 0, 0, 0, -250]);
        check(&items, &[cash(AS_OF, 250)], CreditPolicy::ByOwnDate, [-250, 100, 0, 0, 0, 0]);
    }

    #[test]
    fn the_oldest_invoice_is_consumed_first_whatever_the_order() {
        let items = [invoice("9", date(2026, 6, 29), 70), invoice("1", date(2026, 3, 1), 50)];
        check(&items, &[cash(AS_OF, 60)], CreditPolicy::Fifo, [0, 60, 0, 0, 0, 0]);
    }

    #[test]
    fn an_over_applied_invoice_gives_nothing_to_the_pool() {
        let items = [invoice("1", date(2026, 3, 1), -20), invoice("2", date(2026, 6, 29), 70)];
        check(&items, &[cash(AS_OF, 60)], CreditPolicy::Fifo, [0, 10, 0, 0, -20, 0]);
    }

    #[test]
    fn rows_of_two_currencies_do_not_add() {
        let usd = Aging::zero(Currency::parse("USD").unwrap());
        let sum = Aging::zero(eur(0).currency()).checked_add(&usd);
        assert!(matches!(sum, Err(MoneyError::CurrencyMismatch(_, _))));
    }
}
