//! As much of a web client as a person's browser and the control address need here.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// Nobody here waits longer for an answer.
const TIMEOUT: Duration = Duration::from_secs(30);

pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

pub fn get(address: &str) -> Answer {
    exchange("GET", address, "", "")
}

pub fn post_json(address: &str, body: &Value) -> Answer {
    exchange("POST", address, "application/json", &body.to_string())
}

pub fn post_form(address: &str, fields: &[(String, String)]) -> Answer {
    let pair = |(name, value): &(String, String)| format!("{}={}", encoded(name), encoded(value));
    let body: Vec<String> = fields.iter().map(pair).collect();
    exchange("POST", address, "application/x-www-form-urlencoded", &body.join("&"))
}

/// Host with port, and the rest, of a plain address.
pub fn split(address: &str) -> (&str, &str) {
    let rest = address.strip_prefix("http://").expect("only plain http is spoken here");
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

/// HTTP/1.0, so that the answer is never sent in chunks and ends with the connection.
fn exchange(method: &str, address: &str, kind: &str, body: &str) -> Answer {
    let (host, path) = split(address);
    let path = if path.is_empty() { "/" } else { path };
    let mut stream = TcpStream::connect(host).expect("somebody listens there");
    stream.set_read_timeout(Some(TIMEOUT)).expect("a time limit");
    let head = format!(
        "{method} {path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("the request leaves");
    stream.write_all(body.as_bytes()).expect("the request leaves");
    let mut text = Vec::new();
    stream.read_to_end(&mut text).expect("an answer comes");
    let text = String::from_utf8(text).expect("answers are text");
    let (head, body) = text.split_once("\r\n\r\n").expect("an answer has a head");
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).expect("a status");
    let location = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("location").then(|| value.to_owned())
    });
    Answer { status, location, body: body.to_owned() }
}

fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
