//! A person's word on which document or customer is the right one.

use tieout_engine::{LinkReport, LinkRequest, LinkSubject, Linked, Word};

use super::decide::{NO_ACTOR, not_blank};
use super::sync::deal_id;
use crate::failure::Failure;
use crate::views::deals::{GateView, kind_word};
use crate::views::links::{LinkView, LinkedView};
use crate::workspace::Workspace;

/// What is said, about which records.
#[derive(Clone, Debug)]
pub struct LinkOptions {
    pub opportunity: String,
    pub subject: LinkSubject,
    pub word: Word,
    pub reason: String,
    pub actor: String,
    pub ledger: Option<String>,
}

impl LinkOptions {
    fn check(&self) -> Result<(), Failure> {
        not_blank(&self.actor, NO_ACTOR)?;
        not_blank(&self.reason, "`--reason` is empty: say why, for the audit trail")?;
        match &self.subject {
            LinkSubject::Document(id) => {
                not_blank(id, "`--invoice` is empty: name a document by its id or number")
            }
            LinkSubject::Customer(id) => {
                not_blank(id, "`--customer` is empty: name a customer by its id")
            }
        }
    }
}

/// Keeps the word, with its audit entry, and tells what it changed.
pub fn link(workspace: &mut Workspace, options: &LinkOptions) -> Result<LinkView, Failure> {
    options.check()?;
    let request = LinkRequest {
        ledger: workspace.ledger_named(options.ledger.as_deref())?,
        deal: deal_id(&options.opportunity)?,
        subject: options.subject.clone(),
        word: options.word,
        actor: options.actor.clone(),
        reason: options.reason.clone(),
    };
    let report = workspace.engine.link(&request)?;
    Ok(link_view(&request, report))
}

fn link_view(request: &LinkRequest, report: LinkReport) -> LinkView {
    let stands: Vec<GateView> = report.stands.gates.iter().map(GateView::from).collect();
    let stood = report.stood.gates.iter().map(GateView::from);
    LinkView {
        opportunity: request.deal.to_string(),
        subject: match report.linked {
            Linked::Document { kind, id, number } => LinkedView {
                kind: kind_word(kind),
                id: id.to_string(),
                name: number,
                account_id: None,
            },
            Linked::Customer { account, id, name } => LinkedView {
                kind: "customer",
                id: id.to_string(),
                name: Some(name),
                account_id: Some(account.to_string()),
            },
        },
        said_before: report.before.map(word),
        said: word(request.word),
        changed: report.changed,
        billing_before: report.stood.billing.map(|status| status.as_str()),
        billing: report.stands.billing.map(|status| status.as_str()),
        cleared: stood.filter(|gate| !stands.contains(gate)).collect(),
        gates: stands,
    }
}

const fn word(of: Word) -> &'static str {
    match of {
        Word::Is => "linked",
        Word::IsNot => "kept_apart",
        Word::Withdrawn => "withdrawn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Code;

    #[track_caller]
    fn check_refused(subject: LinkSubject, reason: &str, actor: &str, missing: &str) {
        let options = LinkOptions {
            opportunity: "006000000000001AAA".into(),
            subject,
            word: Word::Is,
            reason: reason.into(),
            actor: actor.into(),
            ledger: None,
        };
        let failure = options.check().unwrap_err();
        assert_eq!(failure.code, Code::Usage);
        assert!(failure.detail.contains(missing), "{}", failure.detail);
    }

    #[test]
    fn empty_words_are_refused_with_what_is_missing() {
        check_refused(LinkSubject::Document(" ".into()), "seen", "Priya", "`--invoice`");
        check_refused(LinkSubject::Customer(String::new()), "seen", "Priya", "`--customer`");
        check_refused(LinkSubject::Document("7".into()), "\t", "Priya", "`--reason`");
        check_refused(LinkSubject::Customer("7".into()), "seen", " ", "`--actor`");
    }
}
