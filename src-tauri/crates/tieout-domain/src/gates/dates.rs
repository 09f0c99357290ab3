//! Which date a document gets (`finance-domain §3 D7`): chosen by a person, never shifted silently.

use jiff::civil::Date;

/// What to do about the date of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateChoice {
    /// The close date of the deal.
    CloseDate,
    /// A date that a person or the schedule names.
    On(Date),
    /// The first day after the closed books; adds reason `CUTOFF` where it changes the date.
    FirstOpenDay,
}

/// The chosen date does not exist: the calendar ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the books are closed to the end of the calendar")]
pub struct DateError;

/// The first day on which the ledger takes documents. `None` at the end of the calendar.
pub fn first_open_day(closed_to: Date) -> Option<Date> {
    closed_to.tomorrow().ok()
}

/// The date of the document. It may lie in the closed books: the gate says so.
///
/// # Errors
/// The first open day does not exist.
pub fn chosen_date(
    choice: DateChoice,
    close_date: Date,
    closed_to: Option<Date>,
) -> Result<Date, DateError> {
    match (choice, closed_to) {
        (DateChoice::On(date), _) => Ok(date),
        (DateChoice::FirstOpenDay, Some(closed)) if close_date <= closed => {
            first_open_day(closed).ok_or(DateError)
        }
        (DateChoice::CloseDate | DateChoice::FirstOpenDay, _) => Ok(close_date),
    }
}
