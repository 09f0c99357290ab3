//! One HTTP exchange with whatever connected. Answers hold fixed text only and echo nothing.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};

use super::super::callback::{Callback, read_query};
use super::super::config::CallbackAnswer;
use super::super::error::OAuthError;
use crate::secret::Secret;

/// Largest request head that is read. Codes are up to 512 characters, cookies of `localhost` more.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Bytes read and thrown away after an answer, so that it is not lost in a reset.
const DRAIN_BYTES_MAX: usize = 64 * 1024;
/// Where our own closing page lives.
const CLOSING_PATH: &str = "/signed-in";

const CLOSING_TEXT: &str = "You can close this window and go back to Tieout.";
const REFUSED_TEXT: &str = "The sign-in was refused. You can close this window; Tieout says more.";
const STRANGE_TEXT: &str = "This is not the answer to the sign-in that Tieout is waiting for.";

/// What the port serves.
pub(super) struct Site {
    path: String,
    state: Secret,
    answer: CallbackAnswer,
    /// Set by the first callback with the right state; later ones are strangers.
    answered: AtomicBool,
    found: mpsc::Sender<Result<Callback, OAuthError>>,
    /// Turns true when the browser has its last page, or was sent to one elsewhere.
    closed: watch::Sender<bool>,
}

struct Reply {
    status: &'static str,
    text: &'static str,
    /// Complete header lines.
    headers: String,
    /// Whether the browser needs nothing more from this computer.
    is_last: bool,
}

impl Site {
    pub fn new(
        path: &str,
        state: Secret,
        answer: CallbackAnswer,
        found: mpsc::Sender<Result<Callback, OAuthError>>,
        closed: watch::Sender<bool>,
    ) -> Self {
        let answered = AtomicBool::new(false);
        Self { path: path.to_owned(), state, answer, answered, found, closed }
    }

    /// Whether the wait has ended, with a code or with a refusal.
    pub fn is_answered(&self) -> bool {
        self.answered.load(Ordering::Acquire)
    }

    fn reply(&self, method: &str, target: &str) -> Reply {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        match method {
            "OPTIONS" => preflight(),
            "GET" if path == self.path => self.callback(query),
            "GET" if path == CLOSING_PATH && self.is_answered() => {
                Reply { is_last: true, ..page("200 OK", CLOSING_TEXT) }
            }
            "GET" => page("404 Not Found", "There is nothing here."),
            _ => page("405 Method Not Allowed", "Only GET is answered."),
        }
    }

    fn callback(&self, query: &str) -> Reply {
        let read = read_query(query, &self.state);
        if matches!(read, Err(OAuthError::WrongState | OAuthError::NoCode))
            || self.answered.swap(true, Ordering::AcqRel)
        {
            return page("400 Bad Request", STRANGE_TEXT);
        }
        let reply = match (&read, &self.answer) {
            (Err(_), _) => page("200 OK", REFUSED_TEXT),
            (Ok(_), CallbackAnswer::Page) => page("200 OK", CLOSING_TEXT),
            (Ok(_), CallbackAnswer::SendTo(endpoint)) => sent_to(endpoint.as_str()),
            (Ok(_), CallbackAnswer::OwnPage) => sent_to(CLOSING_PATH),
        };
        let comes_back = read.is_ok() && matches!(self.answer, CallbackAnswer::OwnPage);
        // Handed on before the browser is answered: a browser that hangs does not hold it back.
        let _ = self.found.try_send(read);
        Reply { is_last: !comes_back, ..reply }
    }
}

/// Reads one request and answers it.
pub(super) async fn serve_one(mut stream: TcpStream, site: &Site) {
    let reply = match read_head(&mut stream).await {
        Head::Complete(head) => match request_line(&head) {
            Some((method, target)) => site.reply(method, target),
            None => page("400 Bad Request", "That is not a web request."),
        },
        Head::TooLarge => page("431 Request Header Fields Too Large", "Too large."),
        Head::Broken => return,
    };
    // A browser that left early does not take the code back.
    let _ = write(&mut stream, &reply).await;
    if reply.is_last {
        site.closed.send_replace(true);
    }
}

enum Head {
    Complete(String),
    TooLarge,
    Broken,
}

async fn read_head(stream: &mut TcpStream) -> Head {
    let mut head = Vec::new();
    let mut chunk = [0_u8; 2_048];
    while head.len() < HEAD_BYTES_MAX {
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return Head::Broken,
            Ok(count) => head.extend_from_slice(&chunk[..count]),
        }
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            head.truncate(end);
            return Head::Complete(String::from_utf8_lossy(&head).into_owned());
        }
    }
    Head::TooLarge
}

/// Method and target of `GET /path HTTP/1.1`.
fn request_line(head: &str) -> Option<(&str, &str)> {
    let mut words = head.lines().next()?.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let plain = words.next().is_none() && version.starts_with("HTTP/1.");
    (plain && (target.starts_with('/') || target == "*")).then_some((method, target))
}

async fn write(stream: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    let body = if reply.text.is_empty() { String::new() } else { html(reply.text) };
    let head = format!(
        "HTTP/1.1 {}\r\nContent-Length: {}\r\nContent-Type: text/html; charset=utf-8\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n\
         {}Connection: close\r\n\r\n",
        reply.status,
        body.len(),
        reply.headers,
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await?;
    let mut rest = stream.take(u64::try_from(DRAIN_BYTES_MAX).unwrap_or(u64::MAX));
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await.map(drop)
}

fn html(text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Tieout</title>\
         <p>{text}</p></html>"
    )
}

fn page(status: &'static str, text: &'static str) -> Reply {
    Reply { status, text, headers: String::new(), is_last: false }
}

fn sent_to(address: &str) -> Reply {
    let headers = format!("Location: {address}\r\n");
    Reply { status: "302 Found", text: "", headers, is_last: false }
}

/// Browsers ask before they let a public page open one of this computer (`salesforce §2.2`).
fn preflight() -> Reply {
    let headers = "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: GET\r\n\
                   Access-Control-Allow-Private-Network: true\r\n";
    Reply { status: "204 No Content", text: "", headers: headers.to_owned(), is_last: false }
}
