use http::Method;

use super::*;
use crate::testing::fault;

fn answer(status: u16, body: &str) -> Response<Bytes> {
    Response::builder().status(status).body(Bytes::copy_from_slice(body.as_bytes())).unwrap()
}

fn word(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Deliver => "deliver".into(),
        Verdict::TokenRefused => "token".into(),
        Verdict::Throttled { retry_after } => format!("wait {}", retry_after.unwrap().as_secs()),
        Verdict::ServerFault => "server".into(),
        Verdict::Fail(error) => match error {
            ConnectorError::Rejected { code, field, .. } => {
                format!("rejected {code} {}", field.as_deref().unwrap_or("-"))
            }
            ConnectorError::PeriodClosed { code } => format!("closed {code}"),
            ConnectorError::NotPermitted { .. } => "not permitted".into(),
            ConnectorError::NotFound => "not found".into(),
            ConnectorError::Stale => "stale".into(),
            ConnectorError::OutcomeUnknown(_) => "unknown".into(),
            ConnectorError::Malformed { path } => format!("malformed {path}"),
            other => format!("{other:?}"),
        },
    }
}

fn read() -> Call {
    Call::get("/v3/company/1/query")
}

fn write() -> Call {
    Call::write(Method::POST, "/v3/company/1/invoice", "{}")
}

#[track_caller]
fn check(status: u16, body: &str, on_read: &str, on_write: &str) {
    let judged = |call: Call| word(&QuickBooksDialect.judge(&call, &answer(status, body)));
    assert_eq!((judged(read()).as_str(), judged(write()).as_str()), (on_read, on_write));
}

#[track_caller]
fn check_code(code: &str, on_read: &str, on_write: &str) {
    check(400, &fault(code), on_read, on_write);
    check(200, &fault(code), on_read, on_write);
}

const GATEWAY: &str = r#"{"warnings":null,"intuitObject":null,"fault":{"error":[{"message":
"message=AuthenticationFailed; errorCode=003200; statusCode=401","detail":"Token expired: AB01",
"code":"3200","element":null}],"type":"AUTHENTICATION"},"report":null,"time":1601391072830}"#;
const XML: &str = r#"<?xml version="1.0"?><IntuitResponse><Fault type="SERVICE">
<Error code="3001"><Message>ThrottleExceeded</Message></Error></Fault></IntuitResponse>"#;

#[test]
fn a_success_is_delivered() {
    check(200, r#"{"QueryResponse":{}}"#, "deliver", "deliver");
    check(200, r#"{"Fault":null,"QueryResponse":{}}"#, "deliver", "deliver");
}

#[test]
fn an_expired_token() {
    check(401, GATEWAY, "token", "token");
    check(401, "", "token", "token");
    check(401, XML, "token", "token");
    check_code("3200", "token", "token");
}

#[test]
fn a_throttle_in_any_language() {
    for body in [XML, "", "{}", r#"{"fault":{"error":[{"code":"3001"}]}}"#, "<html>"] {
        check(429, body, "wait 60", "wait 60");
    }
    check_code("3001", "wait 60", "wait 60");
    check_code("003001", "wait 60", "wait 60");
}

#[test]
fn a_named_wait_is_honoured() {
    let mut named = answer(429, XML);
    named.headers_mut().insert("retry-after", "7".parse().unwrap());
    assert_eq!(word(&QuickBooksDialect.judge(&read(), &named)), "wait 7");
}

#[test]
fn a_company_that_is_moved_or_locked() {
    for code in ["130", "140", "150"] {
        check_code(code, "wait 60", "wait 60");
        check(503, &fault(code), "wait 60", "wait 60");
    }
}

#[test]
fn a_failing_server_may_have_acted() {
    for status in [500, 502, 503, 504, 408] {
        for body in ["", "<html><body>Bad gateway</body></html>", "{", XML] {
            check(status, body, "server", "server");
        }
        check(status, &fault("10000"), "server", "server");
        check(status, &fault("6240"), "server", "server");
    }
    check_code("10000", "server", "server");
}

#[test]
fn a_page_instead_of_json_is_no_success() {
    check(200, "<html><body>Please wait</body></html>", "server", "server");
    check(200, "", "server", "server");
    check(200, r#"{"Invoice":{"Id":"2"#, "server", "server");
}

#[test]
fn wrong_company_or_environment() {
    check(403, &fault("3100"), "not permitted", "not permitted");
    check(403, &fault("3201"), "not permitted", "not permitted");
    check(403, XML, "not permitted", "not permitted");
    check(404, "<html>", "not permitted", "not permitted");
}

#[test]
fn rights_plan_and_subscription() {
    for code in ["120", "5020", "5030", "6190"] {
        check_code(code, "not permitted", "not permitted");
    }
}

#[test]
fn a_record_that_is_not_there() {
    check_code("610", "not found", "rejected 610 Line");
}

#[test]
fn a_closed_period() {
    for code in ["6200", "6210"] {
        check_code(code, &format!("closed {code}"), &format!("closed {code}"));
    }
}

#[test]
fn stale_on_a_create_means_a_closed_period() {
    check_code("5010", "stale", "closed 5010");
}

#[test]
fn a_request_id_that_is_known_must_be_asked_about() {
    check_code("600", "rejected 600 Line", "unknown");
}

#[test]
fn everything_else_is_refused_with_its_code() {
    for code in ["6140", "6240", "2500", "6000", "6070", "2010", "2020", "2050", "4000", "500"] {
        let want = format!("rejected {code} Line");
        check_code(code, &want, &want);
    }
}

#[test]
fn a_fault_without_an_error_has_no_code() {
    check(400, r#"{"Fault":{"type":"ValidationFault"}}"#, "rejected  -", "rejected  -");
    check(400, r#"{"Fault":"no"}"#, "rejected  -", "rejected  -");
    check(400, "oops", "rejected HTTP 400 -", "rejected HTTP 400 -");
}

#[test]
fn a_redirect_is_not_followed() {
    check(302, "", "malformed HTTP 302", "malformed HTTP 302");
}

#[test]
fn the_text_is_kept_for_the_person_and_not_printed() {
    let error = Fault::in_body(&Bytes::from(fault("6240"))).unwrap().into_error(Effect::Write);
    assert_eq!(error.to_string(), "refused with code 6240");
    let ConnectorError::Rejected { text, .. } = error else { panic!("refused") };
    assert_eq!(text, "Acme said no");
}

#[test]
fn the_texts_of_all_errors_are_kept() {
    let body =
        r#"{"Fault":{"Error":[{"Detail":"one","code":"2020"},{"Message":"two","code":"1"}]}}"#;
    let fault = Fault::in_body(&Bytes::from(body)).unwrap();
    assert_eq!((fault.code.as_str(), fault.text.as_str()), ("2020", "one; two"));
}
