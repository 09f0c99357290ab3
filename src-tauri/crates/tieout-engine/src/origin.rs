//! Whether a confirmed document came to be by the answer to our request, or was found in the
//! ledger and linked.

use tieout_domain::effect::EffectState;
use tieout_store::EffectEvent;

/// The note of a send that met its own document: nothing was created by it.
pub(crate) const FOUND: &str = "the document was there before it was sent";
/// The note of a promise that was kept by a document that came by reading.
pub const READ: &str = "a document with our key was read";

/// True for a document that was found by its key: after an answer was lost, before it was sent, or
/// by reading. False for one whose creation was answered, and for what is not confirmed.
pub fn is_adopted(history: &[EffectEvent]) -> bool {
    let Some(at) = history.iter().rposition(|event| event.to == EffectState::Confirmed) else {
        return false;
    };
    let before = at.checked_sub(1).and_then(|before| history.get(before));
    history[at].from == Some(EffectState::Unknown)
        || history[at].detail == FOUND
        || before.is_some_and(|event| event.detail == READ)
}

#[cfg(test)]
mod tests {
    use EffectState::{Confirmed, Intended, Sent, Unknown};

    use super::*;

    #[track_caller]
    fn check(steps: &[(EffectState, &str)], want: bool) {
        let mut from = None;
        let mut history = Vec::new();
        for (to, detail) in steps {
            history.push(EffectEvent {
                key: String::new(),
                at: jiff::Timestamp::UNIX_EPOCH,
                from,
                to: *to,
                detail: (*detail).to_owned(),
                note: None,
                attempt_group: 1,
                attempts: 1,
                empty_answers: 0,
                result_id: None,
                error_code: None,
                error_text: None,
                run: None,
            });
            from = Some(*to);
        }
        assert_eq!(is_adopted(&history), want, "{steps:?}");
    }

    #[test]
    fn what_our_request_was_answered_for_is_created() {
        check(&[(Intended, ""), (Sent, "sent"), (Confirmed, "as promised")], false);
        check(&[(Intended, ""), (Sent, "sent"), (Unknown, "")], false);
        let twice =
            [(Sent, "sent"), (Unknown, ""), (Intended, ""), (Sent, "sent"), (Confirmed, "")];
        check(&twice, false);
    }

    #[test]
    fn what_was_found_is_adopted() {
        check(&[(Sent, "sent"), (Unknown, ""), (Confirmed, "as promised")], true);
        check(&[(Intended, ""), (Sent, READ), (Confirmed, "as promised")], true);
        check(&[(Intended, ""), (Sent, "sent"), (Confirmed, FOUND)], true);
    }
}
