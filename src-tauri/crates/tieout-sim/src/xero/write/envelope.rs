//! The elements of a request, and the answer to all of them (`xero §3.2, §7.5`).

use serde_json::{Value, json};

use super::super::answer::{Answer, Content};
use super::super::call::{Body, Call};
use super::super::platform::Tenant;
use super::super::reads::is_endpoint;
use super::{Refused, Written, echo, messages};

/// Elements of one request that are taken (`xero §5`: 50 are recommended).
const ELEMENTS_MAX: usize = 500;

/// The elements of one request under the name of their list.
pub struct Elements {
    pub plural: &'static str,
    pub id_key: &'static str,
    pub bodies: Vec<Body>,
}

/// The plural envelope in any case, a bare object or a bare array.
pub fn read(call: &Call, plural: &'static str, id_key: &'static str) -> Result<Elements, Answer> {
    let nothing = || {
        let message = "No data has been processed for this endpoint. This endpoint is expecting \
                       data to be specified in JSON format.";
        Answer::bad_request(17, "NoDataProcessedException", message)
    };
    if call.body.is_empty() {
        return Err(nothing());
    }
    let unreadable = |_| {
        let message = "JSON request body could not be read: it is not well formed.";
        Answer::bad_request(14, "PostDataInvalidException", message)
    };
    let body: Value = serde_json::from_slice(&call.body).map_err(unreadable)?;
    let listed = match body {
        Value::Array(list) => list,
        Value::Object(mut members) => {
            let key = members.keys().find(|key| key.eq_ignore_ascii_case(plural)).cloned();
            match key.and_then(|key| members.remove(&key)) {
                Some(Value::Array(list)) => list,
                Some(one) => vec![one],
                None if members.is_empty() || is_other_envelope(&members) => return Err(nothing()),
                None => vec![Value::Object(members)],
            }
        }
        _ => return Err(nothing()),
    };
    let bodies: Vec<Body> = listed
        .into_iter()
        .filter_map(|one| if let Value::Object(members) = one { Some(members) } else { None })
        .collect();
    if bodies.is_empty() || bodies.len() > ELEMENTS_MAX {
        return Err(nothing());
    }
    Ok(Elements { plural, id_key, bodies })
}

/// The envelope of another endpoint.
fn is_other_envelope(members: &Body) -> bool {
    let mut keys = members.keys();
    keys.len() == 1 && keys.all(|key| is_endpoint(key))
}

/// Writes the elements and answers. `write` does one, `show` gives it as it is then.
///
/// With `summarizeErrors=false` each element stands for itself; otherwise one bad element refuses
/// them all.
pub fn answer(
    tenant: &mut Tenant,
    call: &Call,
    elements: &Elements,
    mut write: impl FnMut(&mut Tenant, &Body) -> Result<Written, Refused>,
    show: impl Fn(&Tenant, &Written) -> Value,
) -> Answer {
    let each = call.switch("summarizeErrors") == Some(false);
    // Either all of it or nothing: a single element is that by itself.
    let before = (elements.bodies.len() > 1).then(|| tenant.clone());
    let mut shown = Vec::new();
    let mut failed = Vec::new();
    for body in &elements.bodies {
        match write(tenant, body) {
            Ok(written) => {
                let mut object = show(tenant, &written);
                if each {
                    let state = if written.warnings.is_empty() { "OK" } else { "WARNING" };
                    object["StatusAttributeString"] = json!(state);
                }
                if !written.warnings.is_empty() {
                    object["Warnings"] = messages(&written.warnings);
                }
                shown.push(object);
            }
            Err(Refused::Invalid(problems)) => {
                let object = echo(body, elements.id_key, &problems, each);
                if each { shown.push(object) } else { failed.push(object) }
            }
            Err(whole) => {
                if let Some(before) = before {
                    *tenant = before;
                }
                let missing = whole == Refused::NotFound;
                return if missing { Answer::not_found() } else { Answer::broken() };
            }
        }
    }
    if failed.is_empty() {
        let body = json!({ elements.plural: shown });
        return Answer::new(200, Content::Json(body));
    }
    if let Some(before) = before {
        *tenant = before;
    }
    Answer::invalid(failed)
}
