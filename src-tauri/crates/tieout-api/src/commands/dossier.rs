//! One promised effect in words: what was sent, what was asked, what may be decided.

use tieout_connect::ports::{ProposedDocument, ProposedLine};
use tieout_domain::effect::EffectState;
use tieout_engine::{Answer, Decision, Dossier, GIVEN_UP, Question, questions, sends};
use tieout_store::{Effect, EffectEvent, EffectKind};

use crate::views::deals::kind_word;
use crate::views::effects::{
    DecisionChoice, DossierView, EffectView, PromisedDocumentView, PromisedLineView, QuestionView,
};
use crate::views::{Amount, amount, date, instant};

pub(super) fn dossier_view(
    effect: &Effect,
    history: &[EffectEvent],
    dossier: &Dossier,
    view: &EffectView,
) -> DossierView {
    let sent: Vec<String> = sends(history).into_iter().map(instant).collect();
    let asked: Vec<QuestionView> = questions(history).iter().map(question_view).collect();
    let mut told = DossierView {
        deal: dossier.deal.as_ref().map(|deal| deal.name.clone()),
        reference: dossier.deal.as_ref().and_then(|deal| deal.reference.clone()),
        document: dossier.document.as_ref().map(|document| document_view(document, dossier)),
        sent,
        asked,
        asked_next_at: (effect.state == EffectState::Unknown)
            .then(|| effect.next_ask_at.map(instant))
            .flatten(),
        choices: choices(effect),
        sentences: Vec::new(),
    };
    told.sentences = sentences(effect, dossier, &told, view);
    told
}

fn document_view(document: &ProposedDocument, dossier: &Dossier) -> PromisedDocumentView {
    PromisedDocumentView {
        kind: kind_word(document.kind),
        customer_id: document.customer.to_string(),
        customer: dossier.customer.clone(),
        dated: date(document.effective_on),
        due: document.due_on.map(date),
        order_number: document.order_number.clone(),
        net: amount(dossier.net),
        lines: document.lines.iter().map(line_view).collect(),
    }
}

fn line_view(line: &ProposedLine) -> PromisedLineView {
    PromisedLineView {
        item: line.item.to_string(),
        description: line.description.clone(),
        quantity: line.quantity.normalize().to_string(),
        unit_price: line.unit_price.map(|price| price.normalize().to_string()),
        amount: line.amount.into(),
    }
}

fn question_view(question: &Question) -> QuestionView {
    let (answer, detail) = match &question.answer {
        Answer::Found(id) => ("found", id.clone()),
        Answer::NotFound => ("not_found", None),
        Answer::None(why) => ("no_answer", Some(why.clone())),
    };
    QuestionView { at: instant(question.at), answer, detail }
}

fn sentences(
    effect: &Effect,
    dossier: &Dossier,
    told: &DossierView,
    view: &EffectView,
) -> Vec<String> {
    let mut found = vec![subject(effect, dossier, told)];
    if let Some(document) = &told.document {
        found.extend(document.lines.iter().map(line_words));
    }
    found.push(match told.sent.as_slice() {
        [] => "It was never sent.".into(),
        [once] => format!("It was sent once, at {once}."),
        [first, .., last] => {
            format!("It was sent {} times, first at {first}, last at {last}.", told.sent.len())
        }
    });
    found.push(standing(effect, view));
    found.extend(told.asked.iter().map(asked_words));
    match (&told.asked_next_at, told.asked.as_slice()) {
        (Some(next), []) => {
            found.push(format!("It was not asked about yet; the first run after {next} asks."));
        }
        (Some(next), _) => found.push(format!("The first run after {next} asks again.")),
        (None, _) => {}
    }
    found
}

fn subject(effect: &Effect, dossier: &Dossier, told: &DossierView) -> String {
    let what = effect.kind.as_str().replace('_', " ");
    let deal = match (&effect.deal, &told.deal) {
        (Some(id), Some(name)) => {
            let reference = told.reference.as_ref().map(|it| format!("{it}, ")).unwrap_or_default();
            format!(" for the deal `{name}` ({reference}{id})")
        }
        (Some(id), None) => format!(" for the deal {id}"),
        (None, _) => String::new(),
    };
    let account = dossier.account.as_ref();
    let account = account.map(|(id, name)| format!(", Account `{name}` ({id})"));
    let Some(document) = &told.document else {
        return format!("A {what}{deal}{}.", account.unwrap_or_default());
    };
    let customer = document.customer.as_ref().map(|it| format!("`{it}` ")).unwrap_or_default();
    let net = document.net.as_ref().map_or_else(|| "an unknown amount".into(), words);
    let due = document.due.as_ref().map(|it| format!(", due {it}")).unwrap_or_default();
    format!(
        "An {}{deal}, to customer {customer}({}): {net} before tax, dated {}{due}.",
        document.kind.replace('_', " "),
        document.customer_id,
        document.dated,
    )
    .replace("An credit", "A credit")
}

fn line_words(line: &PromisedLineView) -> String {
    let described = line.description.as_ref().map(|it| format!(" `{it}`")).unwrap_or_default();
    let price = line.unit_price.as_ref().map(|it| format!(" at {it}")).unwrap_or_default();
    format!("- {} x item {}{described}{price}: {}", line.quantity, line.item, words(&line.amount))
}

fn words(amount: &Amount) -> String {
    format!("{} {}", amount.amount, amount.currency)
}

fn standing(effect: &Effect, view: &EffectView) -> String {
    let text = effect.error_text.as_deref().unwrap_or("no reason was given");
    let result = effect.result_id.as_deref().unwrap_or("without an id");
    match effect.state {
        EffectState::Intended => match effect.not_before {
            Some(at) => format!("It waits to be sent, not before {at}: {text}."),
            None => "It waits to be sent by the next run.".into(),
        },
        EffectState::Sent => "It is on its way, or the program ended while it was.".into(),
        EffectState::Unknown => format!("Nobody knows whether it arrived: {text}."),
        EffectState::Confirmed if view.adopted => {
            format!("It was found as {result} and linked.")
        }
        EffectState::Confirmed => format!("It is there as {result}."),
        EffectState::Conflict => {
            format!("Document {result} carries its key, and its content is another.")
        }
        EffectState::Rejected if effect.error_code.as_deref() == Some(GIVEN_UP) => {
            format!("A person gave it up: {text}.")
        }
        EffectState::Rejected => format!("It was refused: {text}."),
        EffectState::Cancelled => "A person withdrew it before it was sent.".into(),
    }
}

fn asked_words(question: &QuestionView) -> String {
    let detail = question.detail.as_deref().unwrap_or("without an id");
    match question.answer {
        "found" => format!("Asked at {}: found as {detail}.", question.at),
        "not_found" => format!("Asked at {}: not found.", question.at),
        _ => format!("Asked at {}: no answer, {detail}.", question.at),
    }
}

fn choices(effect: &Effect) -> Vec<DecisionChoice> {
    let open = Decision::ALL.into_iter().filter(|it| it.leads_to(effect.state).is_some());
    open.map(|decision| choice(decision, effect)).collect()
}

fn choice(decision: Decision, effect: &Effect) -> DecisionChoice {
    let document = effect.kind == EffectKind::Document;
    let (word, does, risk) = match (decision, effect.state) {
        (Decision::SendAgain, EffectState::Unknown) => (
            "send-again",
            "The next run sends the same content once more under the same key. A tool that can be \
             asked is asked for the key before.",
            if document {
                "If it is there after all and the tool does not show it, there will be two. Look \
                 in the tool first: for the key in the note, and for customer and amount."
            } else {
                "If it is there after all and the tool does not show it, there will be two. Look \
                 in the tool first."
            },
        ),
        (Decision::SendAgain, _) => (
            "send-again",
            "It is promised again under the same key; the next run sends it if the gates let it \
             pass and the deal still asks for the same content.",
            "If the cause is still there, it is refused again.",
        ),
        (Decision::GiveUp, EffectState::Unknown) => (
            "give-up",
            "Nothing is sent or asked any more. Who wants it later asks for it by name.",
            "If it is there after all, it stays there; a document is then read and counted by its \
             key.",
        ),
        (Decision::GiveUp, _) => (
            "give-up",
            "It is not sent. Who wants it later asks for it by name.",
            "Until then the deal has no document.",
        ),
        (Decision::Accept, _) => (
            "accept",
            "The document that carries the key counts as the deal's, with its own content.",
            "If it is another sale's, the deal is not billed any more; a difference in the amount \
             shows as a variance.",
        ),
    };
    DecisionChoice { decision: word, does, risk }
}
