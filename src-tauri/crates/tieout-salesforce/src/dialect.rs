//! How Salesforce answers: statuses, error bodies, HTML pages (`salesforce §2.9, §3.4, §10`).

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Response, StatusCode};
use serde_json::Value;
use tieout_connect::budget::DailyUse;
use tieout_connect::error::ConnectorError;
use tieout_connect::session::{Call, Dialect, Verdict, retry_after};

use crate::errors::{Refusal, class_of, refusals_of};
use crate::limits;

/// How long we leave the organisation alone once its day is used up.
const DAY_SPENT_PAUSE: Duration = Duration::from_secs(3_600);
/// Answered while a scratch organisation expires and by overloaded servers (`salesforce §3.4`).
const ENHANCE_YOUR_CALM: u16 = 420;

/// Sessions that no renewal heals. Salesforce gives them the code of an ordinary expiry, so this
/// is the one place where its English text decides (`salesforce §2.9`).
const SESSIONS_BEYOND_RENEWAL: [(&str, &str); 2] = [
    (
        "This session is not valid for use with the REST API",
        "the profile of this user demands a high-assurance session or forbids the API",
    ),
    ("Connected app is not attached to Agent", "the sign-in app is not attached to its agent"),
];

pub(crate) struct SalesforceDialect;

impl Dialect for SalesforceDialect {
    fn judge(&self, _call: &Call, response: &Response<Bytes>) -> Verdict {
        let status = response.status();
        if status.is_success() {
            return if is_page(response) { Verdict::ServerFault } else { Verdict::Deliver };
        }
        let body: Option<Value> = serde_json::from_slice(response.body()).ok();
        let refusals = body.as_ref().and_then(refusals_of);
        let first = refusals.and_then(|all| all.into_iter().next());
        match status.as_u16() {
            401 => unauthorized(first),
            406 | 429 | ENHANCE_YOUR_CALM => {
                Verdict::Throttled { retry_after: retry_after(response.headers()) }
            }
            412 => Verdict::Fail(ConnectorError::Stale),
            500.. => Verdict::ServerFault,
            _ => refused(status, response, first),
        }
    }

    fn daily_use(&self, headers: &HeaderMap) -> Option<DailyUse> {
        limits::daily_use(headers)
    }
}

fn unauthorized(refusal: Option<Refusal>) -> Verdict {
    let Some(refusal) = refusal else { return Verdict::TokenRefused };
    if refusal.code != "INVALID_SESSION_ID" {
        return Verdict::Fail(class_of(refusal));
    }
    let beyond = SESSIONS_BEYOND_RENEWAL.iter().find(|(text, _)| refusal.message.contains(text));
    match beyond {
        Some((_, what)) => Verdict::Fail(ConnectorError::NotPermitted { what: (*what).to_owned() }),
        None => Verdict::TokenRefused,
    }
}

fn refused(status: StatusCode, response: &Response<Bytes>, first: Option<Refusal>) -> Verdict {
    match first {
        Some(refusal) if refusal.code == "REQUEST_LIMIT_EXCEEDED" => {
            limit_exceeded(response.headers(), refusal)
        }
        Some(refusal) => Verdict::Fail(class_of(refusal)),
        None if status == StatusCode::NOT_FOUND => Verdict::Fail(ConnectorError::NotFound),
        None if status == StatusCode::MULTIPLE_CHOICES => Verdict::Fail(ConnectorError::Rejected {
            code: "MULTIPLE_CHOICES".to_owned(),
            field: None,
            text: "more than one record has this external id".to_owned(),
        }),
        None => Verdict::Fail(ConnectorError::Malformed { path: format!("status {status}") }),
    }
}

/// One code for "the day is used up" and "too many long requests at one time"; the header tells.
fn limit_exceeded(headers: &HeaderMap, refusal: Refusal) -> Verdict {
    let spent = limits::daily_use(headers).is_some_and(|report| report.used >= report.limit);
    Verdict::Fail(if spent {
        ConnectorError::BudgetSpent { retry_after: Some(DAY_SPENT_PAUSE) }
    } else {
        class_of(refusal)
    })
}

/// An HTML page with status 200: maintenance, or the wrong host.
fn is_page(response: &Response<Bytes>) -> bool {
    let html = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"));
    html || response.body().first() == Some(&b'<')
}

#[cfg(test)]
mod tests {
    use http::Method;
    use tieout_connect::testing::json_answer;

    use super::*;

    fn judge(response: &Response<Bytes>) -> String {
        let call = Call::write(Method::PATCH, "/x", "{}");
        match SalesforceDialect.judge(&call, response) {
            Verdict::Deliver => "deliver".to_owned(),
            Verdict::TokenRefused => "token refused".to_owned(),
            Verdict::Throttled { retry_after } => format!("throttled {retry_after:?}"),
            Verdict::ServerFault => "server fault".to_owned(),
            Verdict::Fail(error) => error.to_string(),
        }
    }

    #[track_caller]
    fn check(status: u16, body: &str, want: &str) {
        assert_eq!(judge(&json_answer(status, body).unwrap()), want);
    }

    fn body(code: &str, message: &str) -> String {
        format!(r#"[{{"message":"{message}","errorCode":"{code}"}}]"#)
    }

    #[test]
    fn successes_are_delivered() {
        check(200, r#"{"records":[]}"#, "deliver");
        check(201, "{}", "deliver");
        check(204, "", "deliver");
    }

    #[test]
    fn a_page_instead_of_an_answer_is_a_fault() {
        check(200, "<html>Down for maintenance</html>", "server fault");
        check(503, "<html>", "server fault");
    }

    #[test]
    fn an_expired_session_can_be_renewed() {
        check(401, &body("INVALID_SESSION_ID", "Session expired or invalid"), "token refused");
        check(401, "", "token refused");
    }

    #[test]
    fn some_sessions_no_renewal_heals() {
        check(
            401,
            &body("INVALID_SESSION_ID", "This session is not valid for use with the REST API"),
            "not permitted: the profile of this user demands a high-assurance session or forbids \
             the API",
        );
        check(
            401,
            &body("INVALID_JWT_FORMAT", "x"),
            "not permitted: the sign-in app issues tokens that this interface refuses \
             (INVALID_JWT_FORMAT)",
        );
    }

    #[test]
    fn too_many_long_requests_are_waited_for() {
        check(403, &body("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests"), "asked to wait");
    }

    #[test]
    fn a_used_up_day_is_told_by_the_header() {
        let mut answer = json_answer(403, &body("REQUEST_LIMIT_EXCEEDED", "")).unwrap();
        answer.headers_mut().insert("sforce-limit-info", "api-usage=15000/15000".parse().unwrap());
        assert_eq!(judge(&answer), "our share of the daily calls is used up");
    }

    #[test]
    fn soft_refusals_are_waited_for() {
        for status in [406, 420, 429] {
            check(status, "", "throttled None");
        }
    }

    #[test]
    fn a_500_with_a_code_is_still_a_fault() {
        check(500, &body("UNKNOWN_EXCEPTION", "ErrorId: 1"), "server fault");
        check(503, &body("SERVER_UNAVAILABLE", ""), "server fault");
    }

    #[test]
    fn definite_answers() {
        check(404, &body("NOT_FOUND", ""), "not found");
        check(404, "", "not found");
        check(412, "", "the record changed meanwhile");
        check(
            300,
            r#"["/services/data/v66.0/sobjects/X/001"]"#,
            "refused with code MULTIPLE_CHOICES",
        );
        check(302, "", "unexpected answer at status 302 Found");
        check(
            410,
            &body("GONE", ""),
            "not permitted: the API version of this program was retired (GONE)",
        );
    }
}
