//! Faults that a control call injects into the next matching requests.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

/// What goes wrong with one request. `After` variants act once the simulator has committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429 in the brand's own JSON.
    Throttle,
    /// 429 with a `Retry-After` of 7 seconds.
    ThrottleWithHint,
    /// 429 with the XML body that QuickBooks was recorded with.
    ThrottleXml,
    /// 500 in the brand's own JSON, nothing done.
    ServerErrorBefore,
    /// 503 after the write was done.
    ServerErrorAfter,
    /// 502 with an HTML body, nothing done.
    Html,
    /// 200 with an HTML body after the write was done.
    HtmlAfter,
    /// 200 whose JSON body stops in the middle, after the write was done.
    TruncatedAfter,
    /// The connection is closed without an answer, nothing done.
    DropBefore,
    /// The connection is closed without an answer after the write was done.
    DropAfter,
    /// A 200 that holds a fault.
    FaultInside,
    /// The session is refused once (401).
    Unauthorized,
}

/// One rule: the next `times` requests whose method and path match suffer `kind`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FaultRule {
    /// Upper-case method, or empty for any.
    #[serde(default)]
    pub method: String,
    /// A part of the path with query, or empty for any.
    #[serde(default)]
    pub path_contains: String,
    /// A part of the request body, or empty for any.
    #[serde(default)]
    pub body_contains: String,
    pub kind: FaultKind,
    pub times: u32,
}

/// The rules in force; clones share them.
#[derive(Clone, Debug, Default)]
pub struct FaultPlan {
    rules: Arc<Mutex<Vec<FaultRule>>>,
}

impl FaultPlan {
    pub fn add(&self, rule: FaultRule) {
        self.lock().push(rule);
    }

    pub fn clear(&self) {
        self.lock().clear();
    }

    /// Takes the fault for this request, if one is due, and counts its rule down.
    pub fn take(&self, method: &str, path_and_query: &str, body: &[u8]) -> Option<FaultKind> {
        let mut rules = self.lock();
        let text = String::from_utf8_lossy(body);
        let at = rules.iter().position(|rule| {
            (rule.method.is_empty() || rule.method == method)
                && path_and_query.contains(&rule.path_contains)
                && text.contains(&rule.body_contains)
        })?;
        let kind = rules[at].kind;
        rules[at].times = rules[at].times.saturating_sub(1);
        if rules[at].times == 0 {
            rules.remove(at);
        }
        Some(kind)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<FaultRule>> {
        self.rules.lock().expect("no holder of the fault plan panics")
    }
}
