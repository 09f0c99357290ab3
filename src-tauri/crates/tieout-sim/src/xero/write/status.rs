//! Which state follows which (`xero §6.6`).

use super::super::call::{self, Body};
use super::super::document::{Document, Kind, Status};
use super::{Author, Problems, Refused, Writing, Written};

/// The state of a new document, DRAFT by default.
pub fn initial(writing: &Writing<'_>, kind: Kind, body: &Body, problems: &mut Problems) -> Status {
    let asked = call::text(body, "Status").map_or(Some(Status::Draft), Status::parse);
    match asked {
        Some(status @ (Status::Draft | Status::Submitted | Status::Authorised)) => {
            check_approval(writing, status, problems);
            status
        }
        _ => {
            problems.add(format!("{} not of valid status for creation", kind.singular()));
            Status::Draft
        }
    }
}

/// The plan of the organisation caps approvals.
fn check_approval(writing: &Writing<'_>, status: Status, problems: &mut Problems) {
    let spent = writing.tenant.config.approvals_left == Some(0);
    if status == Status::Authorised && spent && writing.author == Author::App {
        problems.add("You have reached the limit of invoices you can approve");
    }
}

/// An approval was used up.
pub fn count_approval(writing: &mut Writing<'_>, status: Status) {
    if let (Status::Authorised, Some(left)) = (status, &mut writing.tenant.config.approvals_left) {
        *left = left.saturating_sub(1);
    }
}

pub fn invalid(kind: Kind) -> Refused {
    format!("{} not of valid status for modification", kind.singular()).into()
}

/// Whether a document may go from its state to the other. PAID is never asked for.
pub fn check_move(old: &Document, to: Status) -> Result<(), Refused> {
    let allowed = match old.status {
        Status::Draft | Status::Submitted => {
            matches!(to, Status::Draft | Status::Submitted | Status::Authorised)
        }
        Status::Authorised => to == Status::Authorised,
        Status::Paid => matches!(to, Status::Paid | Status::Authorised),
        Status::Voided | Status::Deleted => false,
    };
    if allowed { Ok(()) } else { Err(invalid(old.kind)) }
}

/// DELETED is for drafts, VOIDED for what was approved and has nothing applied.
pub fn end(
    writing: &mut Writing<'_>,
    mut document: Document,
    to: Status,
) -> Result<Written, Refused> {
    let fits = match document.status {
        Status::Draft | Status::Submitted => to == Status::Deleted,
        Status::Authorised | Status::Paid => to == Status::Voided,
        Status::Voided | Status::Deleted => false,
    };
    if !fits {
        return Err(invalid(document.kind));
    }
    if writing.tenant.books.is_applied(&document) {
        return Err("This document cannot be edited as it has a payment or credit note allocated \
                    to it."
            .into());
    }
    let open_before = Some(writing.tenant.books.open(&document));
    document.status = to;
    let id = document.id.clone();
    writing.store(document);
    Ok(Written { id, warnings: Vec::new(), open_before })
}

/// A person ends a document of any kind.
pub fn void(writing: &mut Writing<'_>, id: &str, to: Status) -> Result<Written, Refused> {
    let document = writing.tenant.books.documents.get(id).ok_or(Refused::NotFound)?.clone();
    let mut problems = Problems::default();
    writing.check_lock(document.date, &mut problems);
    problems.into_result()?;
    end(writing, document, to)
}
