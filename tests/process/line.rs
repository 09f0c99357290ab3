//! A network line between the program and a simulator that can be listened to and cut.
//!
//! It carries one request at a time, as HTTP/1.1 without pipelining does, and can hold one at a
//! chosen moment until the test has done something.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tieout_tests::http;

/// The version of a client that waits for the end of the connection.
pub const CLOSING: &[u8] = b" HTTP/1.0\r\n";

/// Where a request is when the line holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It was sent and has not arrived.
    OnItsWay,
    /// It was answered, and nothing of the answer has come back.
    Answered,
    /// Half of the answer has come back.
    HalfAnswered,
}

/// Tells the test that a request is held, and waits to be let go. What was held is lost.
struct Hold {
    /// How the request begins, such as `POST`, and a part of its address.
    method: &'static str,
    path: &'static str,
    moment: Moment,
    reached: SyncSender<()>,
    released: Receiver<()>,
}

/// The test's end of a hold.
pub struct Held {
    pub reached: Receiver<()>,
    /// Dropping it, or sending, lets the line go on.
    pub release: SyncSender<()>,
}

#[derive(Default)]
struct State {
    heard: Mutex<Vec<u8>>,
    hold: Mutex<Option<Hold>>,
    /// How long each request is on its way.
    delay: Mutex<Duration>,
}

pub struct Line {
    address: SocketAddr,
    state: Arc<State>,
}

impl Line {
    /// A line to this base address. It lives as long as the test.
    pub fn to(base: &str) -> Self {
        let far: SocketAddr = http::split(base).0.parse().expect("simulators have an address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it was bound");
        let state = Arc::new(State::default());
        let shared = state.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let state = shared.clone();
                std::thread::spawn(move || carry(near, far, &state));
            }
        });
        Self { address, state }
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that went over the line so far, both ways.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.state.heard.lock().expect("no holder panics")).into_owned()
    }

    /// Holds the next request of this kind at this moment.
    pub fn hold(&self, method: &'static str, path: &'static str, moment: Moment) -> Held {
        let (reached, test_reached) = sync_channel(1);
        let (test_release, released) = sync_channel(1);
        let hold = Hold { method, path, moment, reached, released };
        *self.state.hold.lock().expect("no holder panics") = Some(hold);
        Held { reached: test_reached, release: test_release }
    }

    /// From now on each request is on its way for so long.
    pub fn slow_down(&self, delay: Duration) {
        *self.state.delay.lock().expect("no holder panics") = delay;
    }

    /// Holds nothing any more.
    pub fn let_all_pass(&self) {
        *self.state.hold.lock().expect("no holder panics") = None;
    }
}

impl State {
    fn hear(&self, bytes: &[u8]) {
        self.heard.lock().expect("no holder panics").extend_from_slice(bytes);
    }

    /// The hold that this request meets.
    fn hold_for(&self, request: &[u8]) -> Option<Hold> {
        let head = String::from_utf8_lossy(request);
        let line = head.lines().next().unwrap_or_default();
        let mut hold = self.hold.lock().expect("no holder panics");
        hold.take_if(|hold| line.starts_with(hold.method) && line.contains(hold.path))
    }
}

impl Hold {
    fn wait(self) {
        // A test that has given up lets go by dropping its end.
        let _ = self.reached.send(());
        let _ = self.released.recv();
    }
}

fn carry(near: TcpStream, far: SocketAddr, state: &State) {
    // Either side may go away at any time; then this connection is over.
    let _ = try_carry(near, far, state);
}

fn try_carry(mut near: TcpStream, far: SocketAddr, state: &State) -> std::io::Result<()> {
    let mut far = TcpStream::connect(far)?;
    let mut requests = BufReader::new(near.try_clone()?);
    let mut answers = BufReader::new(far.try_clone()?);
    while let Some(request) = message(&mut requests)? {
        state.hear(&request);
        let hold = state.hold_for(&request);
        let moment = hold.as_ref().map(|hold| hold.moment);
        if moment == Some(Moment::OnItsWay) {
            hold.into_iter().for_each(Hold::wait);
            return Ok(());
        }
        let delay = *state.delay.lock().expect("no holder panics");
        std::thread::sleep(delay);
        far.write_all(&request)?;
        let Some(answer) = message(&mut answers)? else { return Ok(()) };
        state.hear(&answer);
        if moment == Some(Moment::HalfAnswered) {
            near.write_all(&answer[..answer.len() / 2])?;
        }
        if hold.is_some() {
            hold.into_iter().for_each(Hold::wait);
            return Ok(());
        }
        near.write_all(&answer)?;
        if request.windows(CLOSING.len()).any(|window| window == CLOSING) {
            return Ok(());
        }
    }
    Ok(())
}

/// One message with its head; `None` when the other side has nothing more to say.
pub fn message(from: &mut BufReader<TcpStream>) -> std::io::Result<Option<Vec<u8>>> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let start = message.len();
        if from.read_until(b'\n', &mut message)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&message[start..]).to_ascii_lowercase();
        assert!(!line.starts_with("transfer-encoding"), "neither side sends in chunks");
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length is a number");
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let start = message.len();
    message.resize(start + length, 0);
    from.read_exact(&mut message[start..])?;
    Ok(Some(message))
}
