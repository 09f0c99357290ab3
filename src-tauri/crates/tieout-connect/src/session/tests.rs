use std::collections::BTreeMap;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use super::*;
use crate::budget::DailyUse;
use crate::endpoint::Endpoint;
use crate::oauth::{AuthIn, CallbackAnswer, Redirect, RevokeBody};
use crate::testing::{CountedEntropy, MemoryStore, ScriptedTransport, VirtualClock, json_answer};

/// 401 is a refused token, 403 a definite no, 429 and 5xx as everywhere.
struct PlainDialect;

impl Dialect for PlainDialect {
    fn judge(&self, _call: &Call, response: &Response<Bytes>) -> Verdict {
        match response.status() {
            StatusCode::UNAUTHORIZED => Verdict::TokenRefused,
            StatusCode::FORBIDDEN => {
                Verdict::Fail(ConnectorError::NotPermitted { what: "this".to_owned() })
            }
            StatusCode::TOO_MANY_REQUESTS => {
                Verdict::Throttled { retry_after: retry_after(response.headers()) }
            }
            status if status.is_server_error() => Verdict::ServerFault,
            _ => Verdict::Deliver,
        }
    }

    fn daily_use(&self, headers: &HeaderMap) -> Option<DailyUse> {
        let used = headers.get("x-used")?.to_str().ok()?.parse().ok()?;
        Some(DailyUse { used, limit: 100 })
    }
}

struct World {
    session: Arc<Session>,
    transport: Arc<ScriptedTransport>,
    store: Arc<MemoryStore>,
    clock: Arc<VirtualClock>,
    cancel: Cancel,
}

fn oauth() -> OAuthConfig {
    OAuthConfig {
        authorize_url: Endpoint::parse("https://login.example/authorize").unwrap(),
        token_url: Endpoint::parse("https://login.example/token").unwrap(),
        revoke_url: Some(Endpoint::parse("https://login.example/revoke").unwrap()),
        client_id: "app".to_owned(),
        client_secret: None,
        scopes: Vec::new(),
        pkce: true,
        auth_in: AuthIn::Body,
        redirect: Redirect::Loopback { ports: Vec::new(), path: "/cb".to_owned() },
        answer: CallbackAnswer::Page,
        authorize_params: Vec::new(),
        token_headers: Vec::new(),
        revoke_body: RevokeBody::Form,
        busy_descriptions: vec!["busy".to_owned()],
    }
}

fn grant(access: &str, refresh: &str) -> StoredGrant {
    StoredGrant {
        access: Secret::new(access),
        refresh: Some(Secret::new(refresh)),
        previous_refresh: None,
        obtained_at: "2026-07-06T16:00:00Z".parse().unwrap(),
        expires_at: None,
        instance_url: Some("https://acme.example".to_owned()),
        extra: BTreeMap::from([("realmId".to_owned(), "9130".to_owned())]),
    }
}

fn world_of(grant: StoredGrant, renewal: RenewalPolicy) -> World {
    let transport = ScriptedTransport::new();
    let store = MemoryStore::with(grant);
    let clock = VirtualClock::at("2026-07-06T16:42:00Z");
    let cancel = Cancel::new();
    let session = session(&transport, &store, &clock, &cancel, renewal);
    World { session, transport, store, clock, cancel }
}

fn session(
    transport: &Arc<ScriptedTransport>,
    store: &Arc<MemoryStore>,
    clock: &Arc<VirtualClock>,
    cancel: &Cancel,
    renewal: RenewalPolicy,
) -> Arc<Session> {
    let daily = Some(crate::budget::DailyShare { ours_percent: 90, everybody_percent: 80 });
    let (in_flight_max, writes_in_flight_max) = (50, 50);
    Arc::new(Session::new(SessionParts {
        transport: transport.clone(),
        oauth: oauth(),
        store: store.clone(),
        clock: clock.clone(),
        entropy: Arc::new(CountedEntropy::default()),
        dialect: Arc::new(PlainDialect),
        base: Base::Instance,
        renewal,
        budget: BudgetLimits { in_flight_max, writes_in_flight_max, per_minute_max: None, daily },
        cancel: cancel.clone(),
    }))
}

const ROTATING: RenewalPolicy = RenewalPolicy { early_secs: None, previous_lives_secs: 0 };
const LENIENT: RenewalPolicy = RenewalPolicy { early_secs: Some(300), previous_lives_secs: 86_400 };

fn world() -> World {
    world_of(grant("a1", "r1"), ROTATING)
}

impl World {
    /// A tool with rotation: refresh token `rN` gives `aN+1` and `rN+1` once; only the newest
    /// access token is good.
    fn rotates(&self) {
        let living = Arc::new(AtomicU64::new(1));
        let api = living.clone();
        self.transport.on(move |request| {
            if request.uri().path() != "/token" {
                return None;
            }
            let now = living.load(Ordering::SeqCst);
            let body = String::from_utf8_lossy(request.body()).into_owned();
            if !body.contains(&format!("refresh_token=r{now}")) {
                return Some(json_answer(400, r#"{"error":"invalid_grant"}"#));
            }
            let next = living.fetch_add(1, Ordering::SeqCst) + 1;
            Some(json_answer(200, &token(&format!("a{next}"), &format!("r{next}"))))
        });
        self.transport.on(move |request| {
            let good = format!("Bearer a{}", api.load(Ordering::SeqCst));
            let sent = request.headers()["authorization"].to_str().unwrap() == good;
            Some(json_answer(if sent { 200 } else { 401 }, "{}"))
        });
    }

    async fn read(&self) -> Result<Response<Bytes>, ConnectorError> {
        self.session.call(Call::get("/data")).await
    }

    async fn write(&self) -> Result<Response<Bytes>, ConnectorError> {
        self.session.call(Call::write(Method::POST, "/data", "{}")).await
    }

    fn lines(&self) -> Vec<String> {
        self.transport.lines()
    }
}

fn token(access: &str, refresh: &str) -> String {
    format!(r#"{{"access_token":"{access}","refresh_token":"{refresh}","token_type":"Bearer"}}"#)
}

#[track_caller]
fn check(outcome: Result<Response<Bytes>, ConnectorError>, want: &str) {
    let got = match outcome {
        Ok(answer) => answer.status().as_u16().to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(got, want);
}

#[tokio::test]
async fn a_call_carries_the_token_to_the_instance() {
    let world = world();
    world.transport.push(json_answer(200, "{}"));
    check(world.read().await, "200");
    let request = &world.transport.requests()[0];
    assert_eq!(request.uri(), "https://acme.example/data");
    assert_eq!(request.headers()["authorization"], "Bearer a1");
    assert_eq!(request.headers()["accept"], "application/json");
    assert!(request.headers()["authorization"].is_sensitive());
}

#[tokio::test]
async fn a_path_cannot_carry_the_token_elsewhere() {
    let world = world();
    for path in ["//evil.example/x", "https://evil.example/x", "@evil.example/x"] {
        check(
            world.session.call(Call::write(Method::GET, path, "")).await,
            "the request was not sent",
        );
    }
    assert!(world.lines().is_empty());
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_request_replayed_once() {
    let world = world();
    world.transport.push(json_answer(401, "[]"));
    world.transport.push(json_answer(200, &token("a2", "r2")));
    world.transport.push(json_answer(200, "{}"));
    check(world.write().await, "200");
    assert_eq!(world.lines(), ["POST /data", "POST /token", "POST /data"]);
    assert_eq!(world.store.stored().unwrap().refresh, Some(Secret::new("r2")));
    assert_eq!(world.session.requests_sent(), 3);
}

#[tokio::test]
async fn a_second_refusal_is_final() {
    let world = world();
    world.transport.push(json_answer(401, "[]"));
    world.transport.push(json_answer(200, &token("a2", "r2")));
    world.transport.push(json_answer(401, "[]"));
    check(world.read().await, "sign-in needed");
    assert_eq!(world.lines().len(), 3);
}

#[tokio::test]
async fn a_read_that_fails_after_its_renewal_is_not_renewed_again() {
    let world = world();
    world.transport.push(json_answer(401, "[]"));
    world.transport.push(json_answer(200, &token("a2", "r2")));
    world.transport.push(json_answer(503, ""));
    world.transport.push(json_answer(401, "[]"));
    check(world.read().await, "sign-in needed");
    assert_eq!(world.lines().iter().filter(|line| *line == "POST /token").count(), 1);
}

#[tokio::test]
async fn twenty_refused_calls_make_one_renewal() {
    // The access token in the store is already dead at the tool.
    let world = world_of(grant("a0", "r1"), ROTATING);
    world.rotates();
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let session = world.session.clone();
            tokio::spawn(async move { session.call(Call::get("/data")).await })
        })
        .collect();
    for call in calls {
        check(call.await.unwrap(), "200");
    }
    let lines = world.lines();
    assert_eq!(lines.iter().filter(|line| *line == "POST /token").count(), 1);
    assert_eq!(world.store.saves(), 1);
}

#[tokio::test]
async fn two_processes_make_one_renewal() {
    let world = world();
    world.rotates();
    let stale = MemoryStore::with(grant("a0", "r1"));
    let first = session(&world.transport, &stale, &world.clock, &world.cancel, ROTATING);
    let second = session(&world.transport, &stale, &world.clock, &world.cancel, ROTATING);
    // Both have the dead token in memory before either renews it.
    assert_eq!(first.grant().await.unwrap(), second.grant().await.unwrap());
    let (one, two) = tokio::join!(first.call(Call::get("/1")), second.call(Call::get("/2")));
    check(one, "200");
    check(two, "200");
    assert_eq!(world.lines().iter().filter(|line| *line == "POST /token").count(), 1);
}

#[tokio::test]
async fn a_token_that_was_not_stored_is_never_used() {
    let world = world();
    world.rotates();
    world.store.fail_saves(100);
    world.transport.push(json_answer(401, "[]"));
    check(world.write().await, "the request was not sent");
    check(world.write().await, "the request was not sent");
    let used: Vec<_> = world
        .transport
        .requests()
        .iter()
        .filter_map(|request| request.headers().get("authorization").cloned())
        .collect();
    assert_eq!(used, ["Bearer a1", "Bearer a1"]);
}

#[tokio::test]
async fn a_token_that_was_not_stored_is_stored_later_and_not_asked_for_again() {
    let world = world();
    world.rotates();
    world.store.fail_saves(1);
    world.transport.push(json_answer(401, "[]"));
    check(world.write().await, "the request was not sent");
    world.transport.push(json_answer(401, "[]"));
    check(world.write().await, "200");
    assert_eq!(world.store.stored().unwrap().access, Secret::new("a2"));
    assert_eq!(world.lines().iter().filter(|line| *line == "POST /token").count(), 1);
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_lose_the_rotated_token() {
    let world = world();
    world.rotates();
    world.transport.push(json_answer(401, "[]"));
    let session = world.session.clone();
    let call = tokio::spawn(async move { session.call(Call::get("/data")).await });
    while world.lines().len() < 2 {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.store.stored().unwrap().refresh, Some(Secret::new("r2")));
}

#[tokio::test]
async fn a_dead_grant_needs_a_person_and_is_not_asked_for_again() {
    let world = world();
    world.transport.on(|request| match request.uri().path() {
        "/token" => Some(json_answer(400, r#"{"error":"invalid_grant"}"#)),
        _ => Some(json_answer(401, "[]")),
    });
    check(world.read().await, "sign-in needed");
    check(world.read().await, "sign-in needed");
    assert_eq!(world.lines(), ["GET /data", "POST /token", "GET /data"]);
    assert!(world.store.stored().is_some(), "kept until a person signs in again");
}

#[tokio::test]
async fn a_new_sign_in_is_picked_up_from_the_store() {
    let world = world();
    world.transport.on(|request| {
        let good = request.headers().get("authorization")?.to_str().unwrap() == "Bearer new";
        Some(json_answer(if good { 200 } else { 401 }, "[]"))
    });
    world.session.grant().await.unwrap();
    world.store.save(&grant("new", "r9")).await.unwrap();
    check(world.read().await, "200");
    assert_eq!(world.lines(), ["GET /data", "GET /data"]);
}

#[tokio::test]
async fn without_a_stored_grant_a_person_must_sign_in() {
    let world = world();
    world.store.clear().await.unwrap();
    check(world.read().await, "sign-in needed");
    assert!(world.lines().is_empty());
}

#[tokio::test]
async fn a_renewal_under_way_elsewhere_is_waited_for() {
    let world = world();
    world.transport.push(json_answer(401, "[]"));
    let busy = r#"{"error":"invalid_grant","error_description":"busy"}"#;
    world.transport.push(json_answer(400, busy));
    world.transport.push(json_answer(400, busy));
    world.transport.push(json_answer(200, &token("a2", "r2")));
    world.transport.push(json_answer(200, "{}"));
    check(world.write().await, "200");
    assert_eq!(world.clock.slept(), [1, 2].map(Duration::from_secs));
}

#[tokio::test]
async fn a_renewal_without_an_answer_is_repeated_once_with_the_same_token() {
    let world = world();
    world.transport.push(json_answer(401, "[]"));
    for _ in 0..2 {
        world.transport.push(Err(TransportError::NoAnswer("reset".into())));
    }
    check(world.write().await, "the request was not sent");
    assert_eq!(world.lines(), ["POST /data", "POST /token", "POST /token"]);
}

#[tokio::test]
async fn the_token_before_is_tried_where_it_still_lives() {
    let mut grant = grant("a1", "r2");
    grant.previous_refresh = Some((Secret::new("r1"), "2026-07-06T10:00:00Z".parse().unwrap()));
    let world = world_of(grant, LENIENT);
    world.transport.push(json_answer(401, "[]"));
    world.transport.push(json_answer(400, r#"{"error":"invalid_grant"}"#));
    world.transport.push(json_answer(200, &token("a3", "r3")));
    world.transport.push(json_answer(200, "{}"));
    check(world.write().await, "200");
    let stored = world.store.stored().unwrap();
    assert_eq!(stored.refresh, Some(Secret::new("r3")));
    assert_eq!(stored.previous_refresh.unwrap().0, Secret::new("r2"));
}

#[tokio::test]
async fn the_token_before_is_left_alone_where_it_is_dead() {
    let mut grant = grant("a1", "r2");
    grant.previous_refresh = Some((Secret::new("r1"), "2026-07-05T10:00:00Z".parse().unwrap()));
    let world = world_of(grant, LENIENT);
    world.transport.push(json_answer(401, "[]"));
    world.transport.push(json_answer(400, r#"{"error":"invalid_grant"}"#));
    check(world.write().await, "sign-in needed");
    assert_eq!(world.lines(), ["POST /data", "POST /token"]);
}

#[tokio::test]
async fn a_token_about_to_end_is_renewed_first() {
    let ends =
        |text: &str| StoredGrant { expires_at: Some(text.parse().unwrap()), ..grant("a1", "r1") };
    let world = world_of(ends("2026-07-06T16:47:01Z"), LENIENT);
    world.transport.push(json_answer(200, "{}"));
    check(world.read().await, "200");
    assert_eq!(world.lines(), ["GET /data"]);
    let world = world_of(ends("2026-07-06T16:47:00Z"), LENIENT);
    world.transport.push(json_answer(200, &token("a2", "r2")));
    world.transport.push(json_answer(200, "{}"));
    check(world.read().await, "200");
    assert_eq!(world.lines(), ["POST /token", "GET /data"]);
}

#[tokio::test]
async fn a_cursor_is_never_replayed_with_another_token() {
    let world = world();
    world.transport.push(json_answer(401, "[]"));
    world.transport.push(json_answer(200, &token("a2", "r2")));
    let next = Call::get("/query/0r8-2000").renewal(Renewal::CursorLost);
    check(world.session.call(next).await, "the page cursor is no longer valid");
    assert_eq!(world.lines(), ["GET /query/0r8-2000", "POST /token"]);
}

#[tokio::test]
async fn a_call_that_must_not_renew_does_not() {
    let world = world();
    world.transport.push(json_answer(401, "[]"));
    check(world.session.call(Call::get("/x").renewal(Renewal::Never)).await, "sign-in needed");
    assert_eq!(world.lines(), ["GET /x"]);
}

#[tokio::test]
async fn the_instance_may_move_with_a_renewal() {
    let world = world();
    world.transport.push(json_answer(401, "[]"));
    let moved = r#"{"access_token":"a2","instance_url":"https://moved.example"}"#;
    world.transport.push(json_answer(200, moved));
    world.transport.push(json_answer(200, "{}"));
    check(world.read().await, "200");
    assert_eq!(world.transport.requests()[2].uri(), "https://moved.example/data");
    let stored = world.store.stored().unwrap();
    assert_eq!(stored.refresh, Some(Secret::new("r1")), "kept where none is returned");
    assert_eq!(stored.extra["realmId"], "9130");
}

#[tokio::test]
async fn a_read_is_tried_five_times() {
    let world = world();
    world.transport.on(|_| Some(json_answer(503, "")));
    check(world.read().await, "the outcome is unknown");
    assert_eq!(world.lines().len(), READ_TRIES_MAX);
    let ceilings = [500, 1_000, 2_000, 4_000].map(Duration::from_millis);
    let slept = world.clock.slept();
    assert_eq!(slept.len(), ceilings.len());
    assert!(slept.iter().zip(ceilings).all(|(slept, ceiling)| *slept <= ceiling), "{slept:?}");
}

#[tokio::test]
async fn a_read_survives_a_lost_answer_and_a_throttle() {
    let world = world();
    world.transport.push(Err(TransportError::NoAnswer("reset".into())));
    world.transport.push(Err(TransportError::NotSent("refused".into())));
    world.transport.push(json_answer(429, ""));
    world.transport.push(json_answer(200, "{}"));
    check(world.read().await, "200");
}

#[tokio::test]
async fn the_tools_own_wait_is_honoured() {
    let world = world();
    let mut throttled = json_answer(429, "").unwrap();
    throttled.headers_mut().insert("retry-after", "7".parse().unwrap());
    world.transport.push(Ok(throttled));
    world.transport.push(json_answer(200, "{}"));
    check(world.read().await, "200");
    assert_eq!(world.clock.slept(), [Duration::from_secs(7)]);
}

#[tokio::test]
async fn a_wait_of_an_hour_is_the_callers_to_decide() {
    let world = world();
    let mut throttled = json_answer(429, "").unwrap();
    throttled.headers_mut().insert("retry-after", "3600".parse().unwrap());
    world.transport.push(Ok(throttled));
    let error = world.read().await.unwrap_err();
    let want = Some(Duration::from_secs(3_600));
    assert!(matches!(error, ConnectorError::Throttled { retry_after } if retry_after == want));
}

#[tokio::test]
async fn a_definite_no_is_not_tried_again() {
    let world = world();
    world.transport.push(json_answer(403, "[]"));
    check(world.read().await, "not permitted: this");
    assert_eq!(world.lines().len(), 1);
}

#[tokio::test]
async fn a_write_is_sent_once_whatever_happens() {
    type Case = (fn() -> Result<Response<Bytes>, TransportError>, &'static str, bool);
    let cases: [Case; 6] = [
        (|| Err(TransportError::NotSent("refused".into())), "the request was not sent", true),
        (|| Err(TransportError::NoAnswer("reset".into())), "the outcome is unknown", false),
        (|| Err(TransportError::TooLarge), "the outcome is unknown", false),
        (|| json_answer(500, ""), "the outcome is unknown", false),
        (|| json_answer(503, ""), "the outcome is unknown", false),
        (|| json_answer(429, ""), "asked to wait", true),
    ];
    for (answer, want, certain) in cases {
        let world = world();
        world.transport.push(answer());
        let error = world.write().await.unwrap_err();
        assert_eq!((error.to_string().as_str(), error.certainly_not_received()), (want, certain));
        assert_eq!(world.lines().len(), 1, "{want}");
        assert!(world.clock.slept().is_empty());
    }
}

#[tokio::test]
async fn a_cancelled_read_stops_waiting() {
    let world = world();
    let cancel = world.cancel.clone();
    world.transport.on(move |_| {
        cancel.cancel();
        Some(json_answer(503, ""))
    });
    check(world.read().await, "cancelled");
    assert_eq!(world.lines().len(), 1);
}

#[tokio::test]
async fn the_days_share_stops_us_before_anything_is_sent() {
    let world = world();
    let mut answer = json_answer(200, "{}").unwrap();
    answer.headers_mut().insert("x-used", "80".parse().unwrap());
    world.transport.push(Ok(answer));
    check(world.read().await, "200");
    check(world.write().await, "our share of the daily calls is used up");
    assert_eq!(world.lines().len(), 1);
    assert_eq!(world.session.budget_use().reported, Some(DailyUse { used: 80, limit: 100 }));
}

#[tokio::test]
async fn an_idle_grant_is_kept_alive() {
    let world = world();
    world.rotates();
    assert!(!world.session.renew_if_older(20 * 86_400).await.unwrap());
    world.clock.advance(Duration::from_secs(21 * 86_400));
    assert!(world.session.renew_if_older(20 * 86_400).await.unwrap());
    assert_eq!(world.store.stored().unwrap().refresh, Some(Secret::new("r2")));
}

#[tokio::test]
async fn disconnecting_forgets_even_when_the_tool_fails() {
    let world = world();
    world.transport.push(json_answer(503, ""));
    assert!(world.session.disconnect().await.unwrap().is_err());
    assert!(world.store.stored().is_none());
    check(world.read().await, "sign-in needed");
    let revoked = String::from_utf8_lossy(world.transport.requests()[0].body()).into_owned();
    assert_eq!(revoked, "token=r1");
}

#[tokio::test]
async fn no_error_and_no_grant_prints_a_token() {
    let world = world_of(grant("access-1", "refresh-1"), ROTATING);
    world.transport.on(|request| match request.uri().path() {
        "/token" => Some(json_answer(400, r#"{"error":"invalid_grant","error_description":"x"}"#)),
        _ => Some(json_answer(401, "[]")),
    });
    let error = world.read().await.unwrap_err();
    let shown = format!("{error} {error:?} {:?}", world.session.grant().await.unwrap());
    for secret in ["access-1", "refresh-1", "9130"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
