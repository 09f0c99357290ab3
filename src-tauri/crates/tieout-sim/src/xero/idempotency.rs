//! First answers by `Idempotency-Key`, for six minutes (`xero §7.2`).

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::call::Call;

const KEPT: SignedDuration = SignedDuration::from_mins(6);
const KEY_CHARACTERS_MAX: usize = 128;

/// The keys of the app.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Replays {
    by_key: BTreeMap<String, Replay>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Replay {
    first: Timestamp,
    request: String,
    answer: Answer,
}

impl Replays {
    /// What a key has to say before the request is looked at: the first answer, or a refusal.
    pub fn earlier(&mut self, call: &Call, now: Timestamp) -> Option<Answer> {
        let key = key(call)?;
        if key.chars().count() > KEY_CHARACTERS_MAX {
            let message = "The Idempotency Key is longer than 128 characters.";
            return Some(Answer::bad_request(0, "BadRequestException", message));
        }
        self.by_key.retain(|_, replay| now.duration_since(replay.first) < KEPT);
        let replay = self.by_key.get(key)?;
        if replay.request == request(call) {
            return Some(replay.answer.clone());
        }
        let message = format!("Idempotency Key: {key} is used with a different request.");
        Some(Answer::bad_request(0, "BadRequestException", &message))
    }

    /// Keeps the first answer, also an error.
    pub fn keep(&mut self, call: &Call, answer: &Answer, now: Timestamp) {
        if let Some(key) = key(call) {
            let replay = Replay { first: now, request: request(call), answer: answer.clone() };
            self.by_key.insert(key.to_owned(), replay);
        }
    }
}

/// Only writes have a key.
fn key(call: &Call) -> Option<&str> {
    let writes = matches!(call.method.as_str(), "PUT" | "POST" | "PATCH");
    call.header("idempotency-key").filter(|key| writes && !key.is_empty())
}

fn request(call: &Call) -> String {
    let body = Sha256::digest(&call.body);
    let hex: String = body.iter().map(|byte| format!("{byte:02x}")).collect();
    let tenant = call.header("xero-tenant-id").unwrap_or_default();
    format!("{tenant} {} {}?{} {hex}", call.method, call.path, call.query)
}
