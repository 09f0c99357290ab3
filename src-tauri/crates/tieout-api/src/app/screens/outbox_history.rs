//! The life of one promise in words. Every attempt has its own line.

use tieout_domain::effect::EffectState;
use tieout_engine::{DECIDED, Dossier, NOT_FOUND, READ};
use tieout_store::{Effect, EffectEvent, EffectKind};

use super::moments::Moments;
use super::outbox::EffectHistoryLine;
use crate::app::shapes::{AmountTone, Phrase, PhrasePart, Tone};
use crate::export::words::counted;

/// What the words rest on.
pub(crate) struct Told<'a> {
    pub moments: &'a Moments,
    pub effect: &'a Effect,
    pub dossier: &'a Dossier,
    /// "QuickBooks".
    pub tool: String,
    pub approved_by: Option<String>,
}

type Line = (&'static str, Tone, String, Phrase);

pub(crate) fn history(told: &Told<'_>, events: &[EffectEvent]) -> Vec<EffectHistoryLine> {
    events
        .iter()
        .map(|event| {
            let (glyph, tone, title, detail) = line(told, event);
            let at = told.moments.exact(event.at);
            EffectHistoryLine { at, glyph, tone, title, detail }
        })
        .collect()
}

fn words(text: impl Into<String>) -> Phrase {
    let text = text.into();
    if text.is_empty() { Vec::new() } else { vec![PhrasePart::text(text)] }
}

fn line(told: &Told<'_>, event: &EffectEvent) -> Line {
    use EffectState::{Cancelled, Confirmed, Conflict, Intended, Rejected, Sent, Unknown};
    let by_person = event.detail == DECIDED;
    match (event.from, event.to) {
        (None, _) => promised(told),
        (_, Sent) if event.detail == READ => {
            let title = "A document with this key was read".to_owned();
            ("dot", Tone::Soft, title, Vec::new())
        }
        (_, Sent) => ("dot", Tone::Soft, format!("Sent to {}", told.tool), content(told)),
        (Some(Unknown), Unknown) => asked(told, event),
        (_, Unknown) => {
            ("diamond", Tone::Unsure, "No answer".to_owned(), words(may_exist(told, event)))
        }
        (Some(Conflict), Confirmed) => {
            ("tick", Tone::Ok, "Accepted by a person".to_owned(), words(note(event)))
        }
        (_, Confirmed) => confirmed(told, event, by_person),
        (_, Conflict) => {
            let title = "A document carries the key with another content".to_owned();
            ("square_bar", Tone::Bad, title, document(event))
        }
        (_, Rejected) if by_person => {
            ("crossed_ring", Tone::Soft, "Given up by a person".to_owned(), words(note(event)))
        }
        (_, Rejected) => refused(told, event),
        (_, Cancelled) if by_person => {
            ("crossed_ring", Tone::Soft, "Withdrawn by a person".to_owned(), words(note(event)))
        }
        (_, Cancelled) => {
            ("crossed_ring", Tone::Soft, "Not needed any more".to_owned(), words(&event.detail))
        }
        (Some(Intended), Intended) => {
            let title = "The promise was brought up to date".to_owned();
            ("dot", Tone::Soft, title, content(told))
        }
        (Some(Sent), Intended) => not_received(told, event),
        (_, Intended) if by_person => {
            let title = "A person wants it sent again".to_owned();
            ("dot", Tone::Soft, title, words(note(event)))
        }
        (Some(Unknown), Intended) => {
            let title = "Asked for the key: not found".to_owned();
            ("diamond", Tone::Unsure, title, words("The same key may be sent again"))
        }
        (_, Intended) => ("dot", Tone::Soft, "Promised again".to_owned(), words(&event.detail)),
    }
}

fn note(event: &EffectEvent) -> String {
    event.note.clone().unwrap_or_default()
}

fn promised(told: &Told<'_>) -> Line {
    let title = match &told.approved_by {
        Some(_) => "Approved, promise recorded",
        None => "Promise recorded",
    };
    let who = told.approved_by.as_ref().map(|who| format!("{who}, ")).unwrap_or_default();
    let detail = match told.effect.kind {
        EffectKind::Document | EffectKind::Customer => vec![
            PhrasePart::text(format!("{who}key ")),
            PhrasePart::Id { text: told.effect.key.clone(), target: None },
        ],
        _ => Vec::new(),
    };
    ("dot", Tone::Soft, title.to_owned(), detail)
}

/// What is sent: "1 invoice, 4 lines, net 128,900.00".
fn content(told: &Told<'_>) -> Phrase {
    let Some(document) = &told.dossier.document else { return Vec::new() };
    let lines = counted(document.lines.len() as u64, "line", "lines");
    let mut phrase = vec![PhrasePart::text(format!("1 invoice, {lines}, net "))];
    phrase.extend(told.dossier.net.map(|net| PhrasePart::money(net, AmountTone::Plain)));
    phrase
}

fn may_exist(told: &Told<'_>, event: &EffectEvent) -> String {
    let what = match told.effect.kind {
        EffectKind::Document => "The invoice may or may not exist",
        EffectKind::Customer => "The customer may or may not exist",
        _ => "The record may or may not be written; the next run compares it",
    };
    match &event.error_text {
        Some(text) => format!("{what}: {text}"),
        None => what.to_owned(),
    }
}

fn asked(told: &Told<'_>, event: &EffectEvent) -> Line {
    if event.detail == NOT_FOUND {
        let lag = format!("Weak evidence, {} search can lag", told.tool);
        ("diamond", Tone::Unsure, "Asked for the key: not found".to_owned(), words(lag))
    } else {
        let title = "Asked for the key: no answer".to_owned();
        ("diamond", Tone::Unsure, title, words(&event.detail))
    }
}

fn confirmed(told: &Told<'_>, event: &EffectEvent, by_person: bool) -> Line {
    let title = match (event.from, told.effect.kind) {
        _ if by_person => "Found and linked by a person".to_owned(),
        (Some(EffectState::Unknown), EffectKind::Document) => {
            "Asked for the key: one exists, adopted".to_owned()
        }
        (Some(EffectState::Unknown), _) => "The record shows it".to_owned(),
        (_, EffectKind::Document) => format!("{} made the invoice", told.tool),
        (_, EffectKind::Customer) => format!("{} made the customer", told.tool),
        _ => format!("{} took it", told.tool),
    };
    let mut detail = document(event);
    if by_person && event.note.is_some() {
        detail.push(PhrasePart::text(format!(", {}", note(event))));
    }
    ("tick", Tone::Ok, title, detail)
}

fn document(event: &EffectEvent) -> Phrase {
    match &event.result_id {
        Some(id) => {
            vec![PhrasePart::text("Id "), PhrasePart::Id { text: id.clone(), target: None }]
        }
        None => Vec::new(),
    }
}

/// Words of another system stand after a colon, as it gave them.
fn refused(told: &Told<'_>, event: &EffectEvent) -> Line {
    let said = event.error_text.as_deref().unwrap_or_default();
    let title = match said {
        "" => format!("{} refused", told.tool),
        said => format!("{} refused: “{said}”", told.tool),
    };
    let code = event.error_code.as_ref().map(|code| format!("Code {code}")).unwrap_or_default();
    ("square_bar", Tone::Bad, title, words(code))
}

fn not_received(told: &Told<'_>, event: &EffectEvent) -> Line {
    let title = format!("Not received by {}", told.tool);
    let why = event.error_text.clone().unwrap_or_default();
    ("triangle", Tone::Warn, title, words(why))
}
