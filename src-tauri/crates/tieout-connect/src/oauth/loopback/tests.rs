use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinHandle;

use super::*;
use crate::endpoint::Endpoint;

const STATE: &str = "c3RhdGUtb2YtMTI4LWJpdA";
const GOOD: &str = "GET /cb?code=x1&state=c3RhdGUtb2YtMTI4LWJpdA&realmId=9130 HTTP/1.1\r\n\r\n";

struct Waiting {
    port: u16,
    cancel: Cancel,
    result: JoinHandle<Result<(Callback, ClosingPage), OAuthError>>,
}

fn quick() -> WaitLimits {
    WaitLimits {
        wait: Duration::from_secs(20),
        request_timeout: Duration::from_millis(300),
        requests_max: 50,
    }
}

/// Ports that were free a moment ago.
fn free_ports(count: usize) -> Vec<u16> {
    let bound: Vec<_> =
        (0..count).map(|_| std::net::TcpListener::bind("127.0.0.1:0").unwrap()).collect();
    bound.iter().map(|listener| listener.local_addr().unwrap().port()).collect()
}

async fn waiting_with(limits: WaitLimits, answer: CallbackAnswer) -> Waiting {
    let listener = Listener::bind(&free_ports(5)).await.unwrap();
    let (port, cancel) = (listener.port(), Cancel::new());
    let stop = cancel.clone();
    let result = tokio::spawn(async move {
        listener.wait("/cb", &Secret::new(STATE), &answer, limits, &stop).await
    });
    Waiting { port, cancel, result }
}

async fn waiting() -> Waiting {
    waiting_with(quick(), CallbackAnswer::Page).await
}

async fn say(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

impl Waiting {
    async fn answer(&self, request: &str) -> String {
        say(self.port, request).await
    }

    async fn get(&self, target: &str) -> String {
        let answer =
            self.answer(&format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")).await;
        answer.lines().next().unwrap_or_default().to_owned()
    }

    /// After whatever happened before, the right callback still gets through.
    async fn still_works(self) {
        let answer = self.answer(GOOD).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        let (callback, _) = self.result.await.unwrap().unwrap();
        assert_eq!(callback.code.expose(), "x1");
        assert_eq!(callback.extra["realmId"], "9130");
    }
}

#[tokio::test]
async fn the_right_callback_ends_the_wait() {
    waiting().await.still_works().await;
}

#[tokio::test]
async fn the_page_echoes_nothing() {
    let waiting = waiting().await;
    let answer = waiting.answer(GOOD).await;
    assert!(answer.contains("You can close this window"), "{answer}");
    for part in ["x1", STATE, "9130"] {
        assert!(!answer.contains(part), "{part} in {answer}");
    }
    assert!(answer.contains("Cache-Control: no-store"));
    assert!(answer.contains("Content-Security-Policy: default-src 'none'"));
}

#[tokio::test]
async fn icons_and_unknown_paths_are_not_there() {
    let waiting = waiting().await;
    assert_eq!(waiting.get("/favicon.ico").await, "HTTP/1.1 404 Not Found");
    assert_eq!(waiting.get("/").await, "HTTP/1.1 404 Not Found");
    assert_eq!(waiting.get("/cb/more?code=x1").await, "HTTP/1.1 404 Not Found");
    assert_eq!(waiting.get("/signed-in").await, "HTTP/1.1 404 Not Found");
    waiting.still_works().await;
}

#[tokio::test]
async fn a_preflight_is_let_through() {
    let waiting = waiting().await;
    let answer = waiting
        .answer("OPTIONS /cb HTTP/1.1\r\nAccess-Control-Request-Private-Network: true\r\n\r\n")
        .await;
    assert!(answer.starts_with("HTTP/1.1 204 No Content"), "{answer}");
    assert!(answer.contains("Access-Control-Allow-Private-Network: true"), "{answer}");
    waiting.still_works().await;
}

#[tokio::test]
async fn a_wrong_state_is_refused_and_the_wait_goes_on() {
    let waiting = waiting().await;
    assert_eq!(waiting.get("/cb?code=evil&state=wrong").await, "HTTP/1.1 400 Bad Request");
    assert_eq!(waiting.get("/cb?code=evil").await, "HTTP/1.1 400 Bad Request");
    assert_eq!(waiting.get("/cb?error=access_denied").await, "HTTP/1.1 400 Bad Request");
    assert_eq!(waiting.get(&format!("/cb?state={STATE}")).await, "HTTP/1.1 400 Bad Request");
    waiting.still_works().await;
}

#[tokio::test]
async fn only_get_is_answered() {
    let waiting = waiting().await;
    let answer = waiting.answer("POST /cb?code=x HTTP/1.1\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
    waiting.still_works().await;
}

#[tokio::test]
async fn garbage_is_answered_or_dropped() {
    let waiting = waiting().await;
    assert!(waiting.answer("\u{16}\u{3}\u{1}hello\r\n\r\n").await.starts_with("HTTP/1.1 400"));
    assert!(waiting.answer("GET http://evil/ HTTP/1.1\r\n\r\n").await.starts_with("HTTP/1.1 400"));
    assert!(waiting.answer("GET\r\n\r\n").await.starts_with("HTTP/1.1 400"));
    let huge = format!("GET /cb?{} HTTP/1.1\r\n", "x".repeat(40_000));
    let answer = waiting.answer(&huge).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    waiting.still_works().await;
}

#[tokio::test]
async fn slow_and_silent_clients_hold_nobody_up() {
    let waiting = waiting().await;
    let mut silent = Vec::new();
    for _ in 0..CONNECTIONS_MAX {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, waiting.port)).await.unwrap();
        stream.write_all(b"GET /cb?co").await.unwrap();
        silent.push(stream);
    }
    waiting.still_works().await;
}

#[tokio::test]
async fn a_browser_that_leaves_before_its_answer_does_not_take_the_code_along() {
    let waiting = waiting().await;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, waiting.port)).await.unwrap();
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    drop(stream);
    assert!(waiting.result.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_second_callback_is_a_stranger() {
    let waiting = waiting().await;
    assert!(waiting.answer(GOOD).await.starts_with("HTTP/1.1 200"));
    assert!(waiting.answer(GOOD).await.starts_with("HTTP/1.1 400"));
}

#[tokio::test]
async fn a_refusal_ends_the_wait_with_its_code() {
    let waiting = waiting().await;
    let line = waiting.get(&format!("/cb?error=access_denied&state={STATE}")).await;
    assert_eq!(line, "HTTP/1.1 200 OK");
    let error = waiting.result.await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "the sign-in was refused with code access_denied");
}

#[tokio::test]
async fn where_the_brand_demands_it_the_browser_is_sent_on() {
    let page = Endpoint::parse("https://tieout.example/done").unwrap();
    let waiting = waiting_with(quick(), CallbackAnswer::SendTo(page)).await;
    let answer = waiting.answer(GOOD).await;
    assert!(answer.starts_with("HTTP/1.1 302 Found"), "{answer}");
    assert!(answer.contains("\r\nLocation: https://tieout.example/done\r\n"), "{answer}");
    assert!(!answer.contains("x1"));
}

#[tokio::test]
async fn our_own_page_can_be_fetched_after_the_code_came() {
    let waiting = waiting_with(quick(), CallbackAnswer::OwnPage).await;
    let answer = waiting.answer(GOOD).await;
    assert!(answer.contains("\r\nLocation: /signed-in\r\n"), "{answer}");
    let port = waiting.port;
    assert!(waiting.result.await.unwrap().is_ok());
    let page = say(port, "GET /signed-in HTTP/1.1\r\n\r\n").await;
    assert!(page.contains("You can close this window"), "{page}");
}

#[tokio::test]
async fn a_program_that_ends_after_its_page_was_shown_has_shown_it() {
    let waiting = waiting_with(quick(), CallbackAnswer::OwnPage).await;
    waiting.answer(GOOD).await;
    let port = waiting.port;
    let (_, closing) = waiting.result.await.unwrap().unwrap();
    assert!(!*closing.0.borrow());
    let browser = tokio::spawn(say(port, "GET /signed-in HTTP/1.1\r\n\r\n"));
    let mut closed = closing.0.clone();
    closing.shown().await;
    assert!(*closed.borrow_and_update(), "nobody asked for it in time");
    assert!(browser.await.unwrap().contains("You can close this window"));
}

#[tokio::test]
async fn nobody_comes_in_time() {
    let limits = WaitLimits { wait: Duration::from_millis(20), ..quick() };
    let waiting = waiting_with(limits, CallbackAnswer::Page).await;
    assert!(matches!(waiting.result.await.unwrap(), Err(OAuthError::TimedOut)));
}

#[tokio::test]
async fn a_person_cancels_and_the_port_is_free_again() {
    let waiting = waiting().await;
    waiting.cancel.cancel();
    assert!(matches!(waiting.result.await.unwrap(), Err(OAuthError::Cancelled)));
    let mut again = Listener::bind(&[waiting.port]).await;
    for _ in 0..100 {
        if again.is_ok() {
            break;
        }
        tokio::task::yield_now().await;
        again = Listener::bind(&[waiting.port]).await;
    }
    assert_eq!(again.unwrap().port(), waiting.port);
}

#[tokio::test]
async fn a_flood_ends_the_wait() {
    let limits = WaitLimits { requests_max: 3, ..quick() };
    let waiting = waiting_with(limits, CallbackAnswer::Page).await;
    for _ in 0..3 {
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, waiting.port)).await;
    }
    assert!(matches!(waiting.result.await.unwrap(), Err(OAuthError::Flooded)));
}

#[tokio::test]
async fn a_taken_port_is_passed_over() {
    let ports = free_ports(2);
    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, ports[0])).await.unwrap();
    assert_eq!(Listener::bind(&ports).await.unwrap().port(), ports[1]);
}

#[tokio::test]
async fn all_ports_taken_says_which() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Listener::bind(&[port]).await.unwrap_err();
    assert_eq!(error.to_string(), format!("no free port to receive the sign-in: [{port}]"));
}

#[tokio::test]
async fn both_loopback_addresses_are_answered() {
    let waiting = waiting().await;
    let Ok(mut stream) = TcpStream::connect((Ipv6Addr::LOCALHOST, waiting.port)).await else {
        // A computer without IPv6 has only one.
        return;
    };
    stream.write_all(GOOD.as_bytes()).await.unwrap();
    assert!(waiting.result.await.unwrap().is_ok());
}
