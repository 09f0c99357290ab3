//! Batch payments: one bank line for several invoices (`xero §6.9`).

use super::super::call::{self, Body};
use super::super::document::Batch;
use super::{Problems, Refused, Writing, Written, payment};

/// Creates a batch with its payments, or deletes it with them.
pub fn save(writing: &mut Writing<'_>, body: &Body, id: Option<&str>) -> Result<Written, Refused> {
    match id.or_else(|| call::text(body, "BatchPaymentID")) {
        Some(id) => delete(writing, body, id),
        None => create(writing, body),
    }
}

fn create(writing: &mut Writing<'_>, body: &Body) -> Result<Written, Refused> {
    let parts = call::objects(body, "Payments").unwrap_or_default();
    let Some(account) = body.get("Account").filter(|_| !parts.is_empty()) else {
        return Err("A batch needs an account and payments".into());
    };
    let before = writing.tenant.clone();
    let id = writing.books().guids.next();
    let date = call::date(body, "Date").unwrap_or_else(|| writing.today());
    let mut payments = Vec::new();
    for part in parts {
        let mut one = part.clone();
        one.insert("Account".to_owned(), account.clone());
        one.insert("Date".to_owned(), date.to_string().into());
        match payment::create(writing, &one, Some(&id)) {
            Ok(written) => payments.push(written.id),
            Err(refused) => {
                *writing.tenant = before;
                return Err(refused);
            }
        }
    }
    let account = writing.tenant.books.payments[&payments[0]].account.clone();
    let reference = call::text(body, "Reference").unwrap_or_default().to_owned();
    let updated = writing.now;
    let batch =
        Batch { id: id.clone(), account, date, reference, payments, deleted: false, updated };
    writing.books().batches.insert(id.clone(), batch);
    Ok(Written { id, ..Written::default() })
}

fn delete(writing: &mut Writing<'_>, body: &Body, id: &str) -> Result<Written, Refused> {
    let id = id.to_ascii_lowercase();
    let batch = writing.tenant.books.batches.get(&id).ok_or(Refused::NotFound)?.clone();
    if call::text(body, "Status") != Some("DELETED") || batch.deleted {
        return Err("Only Status accepted for updates".into());
    }
    let mut problems = Problems::default();
    writing.check_lock(batch.date, &mut problems);
    problems.into_result()?;
    for part in &batch.payments {
        let one = writing.tenant.books.payments[part].clone();
        payment::take_back(writing, &one)?;
    }
    let now = writing.now;
    if let Some(stored) = writing.books().batches.get_mut(&id) {
        stored.deleted = true;
        stored.updated = now;
    }
    Ok(Written { id, ..Written::default() })
}
