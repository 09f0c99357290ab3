use http::Method;
use serde_json::json;

use super::*;

const DIALECT: XeroDialect = XeroDialect { calls_per_day: 5_000 };

fn judged(call: &Call, status: u16, headers: &[(&'static str, &str)], body: &str) -> Verdict {
    let mut response = Response::new(Bytes::copy_from_slice(body.as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    DIALECT.judge(call, &response)
}

fn read() -> Call {
    Call::get("/api.xro/2.0/Invoices")
}

fn write() -> Call {
    Call::write(Method::PUT, "/api.xro/2.0/Invoices", "{}")
}

#[track_caller]
fn check(call: &Call, status: u16, body: &str, want: &str) {
    check_with(call, status, &[], body, want);
}

#[track_caller]
fn check_with(call: &Call, status: u16, headers: &[(&'static str, &str)], body: &str, want: &str) {
    let got = match judged(call, status, headers, body) {
        Verdict::Deliver => "deliver".to_owned(),
        Verdict::TokenRefused => "token refused".to_owned(),
        Verdict::ServerFault => "server fault".to_owned(),
        Verdict::Throttled { retry_after } => {
            format!("wait {}", retry_after.unwrap_or_default().as_secs())
        }
        Verdict::Fail(ConnectorError::BudgetSpent { retry_after }) => {
            format!("day spent {}", retry_after.unwrap_or_default().as_secs())
        }
        Verdict::Fail(ConnectorError::Rejected { code, text, .. }) => {
            format!("refused {code}: {text}")
        }
        Verdict::Fail(error) => error.to_string(),
    };
    assert_eq!(got, want, "{status} {body}");
}

fn problem(detail: &str) -> String {
    json!({"Type": null, "Title": "Unauthorized", "Status": 401, "Detail": detail}).to_string()
}

#[test]
fn one_object_or_list_is_an_answer() {
    check(&read(), 200, r#" {"Status":"OK"} "#, "deliver");
    check(&read(), 200, "[]", "deliver");
    check(&write(), 204, "", "deliver");
}

#[test]
fn a_success_that_is_no_json_is_none() {
    for body in ["<Response><Status>OK</Status></Response>", "<html>", "", r#"{"Invoices":[{"#] {
        check(&read(), 200, body, "server fault");
        check(&write(), 200, body, "server fault");
    }
}

#[test]
fn an_expired_token_is_renewed() {
    check(&read(), 401, &problem("TokenExpired: token expired at 06/20/2026"), "token refused");
    check(&read(), 401, &problem("AuthenticationUnsuccessful"), "token refused");
    check(&read(), 401, "", "token refused");
}

#[test]
fn a_missing_scope_is_no_token_matter() {
    let want = format!("not permitted: {SCOPE_MISSING}");
    check(&read(), 401, &problem("AuthorizationUnsuccessful"), &want);
    check(&read(), 401, r#"{"detail":"AuthorizationUnsuccessful"}"#, &want);
    check(&write(), 401, r#"{"DETAIL":"AuthorizationUnsuccessful"}"#, &want);
}

#[test]
fn an_organisation_that_is_not_connected() {
    let body = r#"{"title":"Forbidden","status":403,"detail":"AuthenticationUnsuccessful"}"#;
    check(&read(), 403, body, &format!("not permitted: {NOT_CONNECTED}"));
}

#[test]
fn a_role_that_lacks_a_right() {
    check(&read(), 403, "", &format!("not permitted: {ROLE_LACKS}"));
    check(&read(), 403, r#"{"Detail":"No reports"}"#, &format!("not permitted: {ROLE_LACKS}"));
}

#[test]
fn a_page_that_says_not_found_is_not_found() {
    check(
        &read(),
        404,
        "<html>The resource you're looking for cannot be found</html>",
        "not found",
    );
}

#[test]
fn the_minute_is_waited_for() {
    let headers = [("x-rate-limit-problem", "Minute"), ("retry-after", "26")];
    check_with(&write(), 429, &headers, "", "wait 26");
}

#[test]
fn too_many_at_one_time_names_no_wait() {
    check_with(&read(), 429, &[("x-rate-limit-problem", "concurrent")], "", "wait 5");
}

#[test]
fn the_day_ends_the_run() {
    let day = [("x-rate-limit-problem", "day"), ("retry-after", "40000")];
    check_with(&read(), 429, &day, "", "day spent 40000");
    let silent = [("x-daylimit-remaining", "0"), ("x-minlimit-remaining", "60")];
    check_with(&read(), 429, &silent, "", "day spent 3600");
}

#[test]
fn calls_of_the_day_are_counted_from_what_is_left() {
    let mut headers = HeaderMap::new();
    headers.insert(DAY_LEFT, "4700".parse().unwrap());
    assert_eq!(DIALECT.daily_use(&headers), Some(DailyUse { used: 300, limit: 5_000 }));
    headers.insert(DAY_LEFT, "6000".parse().unwrap());
    assert_eq!(DIALECT.daily_use(&headers), Some(DailyUse { used: 0, limit: 5_000 }));
    assert_eq!(DIALECT.daily_use(&HeaderMap::new()), None);
}

#[test]
fn maintenance_is_waited_for_by_reads_only() {
    check(&read(), 503, "The Xero API is currently offline for maintenance", "wait 300");
    check(&write(), 503, "The Xero API is currently offline for maintenance", "server fault");
}

#[test]
fn what_a_failing_server_did_is_not_known() {
    check(&write(), 500, r#"{"Title":"An error occurred","Status":500}"#, "server fault");
    check(&read(), 502, "<html>bad gateway</html>", "server fault");
}

#[test]
fn messages_are_collected_wherever_they_lie() {
    let body = json!({"ErrorNumber": 10, "Type": "ValidationException",
        "Message": "A validation exception occurred",
        "Elements": [{"ValidationErrors": [{"Message": "Account code must be specified"}],
            "Contact": {"ValidationErrors": [{"Description": "Archived"}]},
            "LineItems": [{"ValidationErrors": [{"Message": "Account code must be specified"},
                                                {"Message": "Tax rate must be valid"}]}]}]});
    let Verdict::Fail(ConnectorError::Rejected { code, text, .. }) =
        judged(&write(), 400, &[], &body.to_string())
    else {
        panic!("refused")
    };
    let mut said: Vec<&str> = text.split("; ").collect();
    said.sort_unstable();
    assert_eq!(code, "10");
    assert_eq!(said, ["Account code must be specified", "Archived", "Tax rate must be valid"]);
}

#[test]
fn other_refusals_say_their_number() {
    let body = r#"{"ErrorNumber":16,"Type":"QueryParseException","Message":"Expression expected"}"#;
    check(&read(), 400, body, "refused 16: Expression expected");
}

#[test]
fn an_idempotency_value_with_another_body_says_nothing_of_the_first() {
    let body = r#"{"Message":"Idempotency Key: X is used with a different request."}"#;
    check(&write(), 400, body, "server fault");
    check(&write(), 400, "<html>", "server fault");
    check(&read(), 400, "<html>", "refused HTTP 400: ");
}

#[test]
fn an_error_without_end_is_read_to_a_limit() {
    let line = json!({"ValidationErrors": [{"Message": "no"}]});
    let element = json!({"LineItems": vec![line; 20_000]});
    assert_eq!(Refusal::of_element(&element).text, "no");
}
