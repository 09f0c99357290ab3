//! History, attachments and e-mail of documents and lists (`xero §6.15`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::api::Visit;
use super::call;
use super::guid::Guid;
use super::reads::{kind_of, listed};
use super::stamps;
use super::write;
use super::write::document::numbered;

const NOTE_CHARACTERS_MAX: usize = 2500;
const ATTACHMENTS_MAX: usize = 10;
const ATTACHMENT_BYTES_MAX: usize = 10 * 1024 * 1024;
const FORBIDDEN_IN_NAMES: [char; 11] = ['<', '>', ':', '"', '/', '\\', '|', '?', '*', '+', '\0'];

/// A note; never changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Note {
    pub text: String,
    pub at: Timestamp,
}

/// A file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attachment {
    pub id: Guid,
    pub name: String,
    pub kind: String,
    pub bytes: Vec<u8>,
    pub online: bool,
}

/// `History`, `Attachments` or a file.
pub fn read(visit: &Visit<'_>, id: &str, part: &str, more: &[&str]) -> Answer {
    let books = &visit.tenant.books;
    match (part.to_ascii_lowercase().as_str(), more) {
        ("history", []) => {
            let notes = books.notes.get(id).into_iter().flatten();
            listed("HistoryRecords", notes.map(shown_note).collect(), None)
        }
        ("attachments", []) => {
            let files = books.attachments.get(id).into_iter().flatten();
            listed("Attachments", files.map(shown_file).collect(), None)
        }
        ("attachments", [name]) => {
            let files = books.attachments.get(id);
            let found = files
                .and_then(|files| files.iter().find(|file| file.name == *name || file.id == *name));
            match found {
                Some(file) => {
                    Answer::new(200, Content::File(file.kind.clone(), file.bytes.clone()))
                }
                None => Answer::not_found(),
            }
        }
        _ => Answer::not_found(),
    }
}

/// Adds a note or a file, or sends an e-mail. `at`: the endpoint and the id.
pub fn write(visit: &mut Visit<'_>, at: (&str, &str), part: &str, more: &[&str]) -> Answer {
    let Some(id) = resolved(visit, at) else { return Answer::not_found() };
    match (part.to_ascii_lowercase().as_str(), more) {
        ("history", []) => add_note(visit, &id),
        ("attachments", [name]) => add_file(visit, &id, name),
        ("email", []) if at.0.eq_ignore_ascii_case("Invoices") => email(visit, &id),
        _ => Answer::not_found(),
    }
}

/// The id of something that is there.
fn resolved(visit: &Visit<'_>, (endpoint, id): (&str, &str)) -> Option<Guid> {
    let books = &visit.tenant.books;
    let own = id.to_ascii_lowercase();
    if let Some(kind) = kind_of(endpoint) {
        let found = books.document(kind, &own).or_else(|| numbered(books, kind, id));
        return found.map(|document| document.id.clone());
    }
    let known = books.contacts.contains_key(&own)
        || books.items.contains_key(&own)
        || books.payments.contains_key(&own)
        || books.batches.contains_key(&own);
    known.then_some(own)
}

fn add_note(visit: &mut Visit<'_>, id: &str) -> Answer {
    let elements = match write::read(visit.call, "HistoryRecords", "Details") {
        Ok(elements) => elements,
        Err(refused) => return refused,
    };
    let mut shown = Vec::new();
    for body in &elements.bodies {
        let text = call::text(body, "Details").unwrap_or_default();
        if text.is_empty() || text.chars().count() > NOTE_CHARACTERS_MAX {
            let message = "Details must have between 1 and 2500 characters";
            return Answer::bad_request(10, "ValidationException", message);
        }
        let note = Note { text: text.to_owned(), at: visit.now };
        shown.push(shown_note(&note));
        visit.tenant.books.notes.entry(id.to_owned()).or_default().push(note);
    }
    listed("HistoryRecords", shown, None)
}

/// A file of the same name is overwritten.
fn add_file(visit: &mut Visit<'_>, id: &str, name: &str) -> Answer {
    let call = visit.call;
    let books = &mut visit.tenant.books;
    let files = books.attachments.get(id).map_or(0, Vec::len);
    let known = books.attachments.get(id).into_iter().flatten().any(|file| file.name == name);
    let refusal = if name.contains(FORBIDDEN_IN_NAMES) {
        Some("The file name is not valid")
    } else if call.body.is_empty() || call.body.len() > ATTACHMENT_BYTES_MAX {
        Some("The file is empty or too large")
    } else if files >= ATTACHMENTS_MAX && !known {
        Some("A document can have at most 10 attachments")
    } else {
        None
    };
    if let Some(message) = refusal {
        return Answer::bad_request(10, "ValidationException", message);
    }
    let file = Attachment {
        id: books.guids.next(),
        name: name.to_owned(),
        kind: call.header("content-type").unwrap_or("application/octet-stream").to_owned(),
        bytes: call.body.to_vec(),
        online: call.switch("IncludeOnline") == Some(true),
    };
    let shown = shown_file(&file);
    let files = books.attachments.entry(id.to_owned()).or_default();
    files.retain(|known| known.name != name);
    files.push(file);
    listed("Attachments", vec![shown], None)
}

/// 204, and the invoice counts as sent. Not from a demo company (`xero §2.11`).
fn email(visit: &mut Visit<'_>, id: &str) -> Answer {
    if visit.tenant.config.is_demo {
        let message = "The daily email limit has been reached";
        return Answer::bad_request(10, "ValidationException", message);
    }
    let now = visit.now;
    if let Some(document) = visit.tenant.books.documents.get_mut(id) {
        document.sent = true;
        document.updated = now;
    }
    Answer::empty(204)
}

fn shown_note(note: &Note) -> Value {
    json!({
        "Changes": "Note",
        "DateUTC": stamps::instant(note.at),
        "DateUTCString": stamps::second_text(note.at).trim_end_matches('Z'),
        "User": "System Generated",
        "Details": note.text,
    })
}

fn shown_file(file: &Attachment) -> Value {
    json!({
        "AttachmentID": file.id,
        "FileName": file.name,
        "MimeType": file.kind,
        "ContentLength": file.bytes.len(),
        "IncludeOnline": file.online,
    })
}
