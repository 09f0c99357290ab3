//! What comes to the port that waits for the browser, and what a person pastes.

use std::cell::RefCell;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as PlainListener};
use std::time::Duration;

use tieout_connect::cancel::Cancel;
use tieout_connect::oauth::{CallbackAnswer, Listener, WaitLimits, read_pasted};
use tieout_connect::secret::Secret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::wire::runtime_with_sockets;

const STATE: &str = "right-state";
const CODE_MARK: &str = "planted-code";
/// Nobody waits that long for an answer from this computer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How often a free port is looked for.
const BIND_TRIES: usize = 20;

struct Port {
    runtime: Runtime,
    address: SocketAddr,
    waiting: JoinHandle<()>,
}

thread_local! {
    static PORT: RefCell<Option<Port>> = const { RefCell::new(None) };
}

/// A first letter `P` says that the rest was pasted; anything else came to the port.
pub fn run(input: &[u8]) {
    match input {
        [b'P', rest @ ..] => pasted(&String::from_utf8_lossy(rest)),
        [_, rest @ ..] => requested(rest),
        [] => {}
    }
}

fn pasted(text: &str) {
    let Ok(callback) = read_pasted(text, &Secret::new(STATE)) else { return };
    assert!(callback.extra.keys().all(|name| name != "code" && name != "state"));
    // Names of parameters are shown, and only those.
    let in_a_name = callback.extra.keys().any(|name| name.contains(CODE_MARK));
    assert!(in_a_name || !format!("{callback:?}").contains(CODE_MARK), "the code is shown");
}

/// Sends the bytes and hangs up. The port answers in HTTP or not at all, and goes on.
fn requested(request: &[u8]) {
    PORT.with(|cell| {
        let mut port = cell.borrow_mut();
        if port.as_ref().is_none_or(|port| port.waiting.is_finished()) {
            *port = Some(Port::open());
        }
        let port = port.as_ref().expect("it was just opened");
        let answer = port.runtime.block_on(exchange(port.address, request));
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 "), "{answer}");
        assert!(!answer.contains(CODE_MARK) && !answer.contains(STATE), "{answer}");
    });
}

impl Port {
    fn open() -> Self {
        let runtime = runtime_with_sockets();
        let listener = (0..BIND_TRIES).find_map(|_| {
            // Somebody else may take the port before the listener does.
            let free = PlainListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
            runtime.block_on(Listener::bind(&[free.ok()?.port()])).ok()
        });
        let listener = listener.expect("a free port");
        let address = (Ipv4Addr::LOCALHOST, listener.port()).into();
        let waiting = runtime.spawn(wait(listener));
        Self { runtime, address, waiting }
    }
}

/// A right answer or a refusal ends the wait; the next case opens another port.
async fn wait(listener: Listener) {
    let limits = WaitLimits {
        wait: Duration::from_secs(86_400),
        request_timeout: ANSWER_TIMEOUT,
        requests_max: usize::MAX,
    };
    let (state, cancel) = (Secret::new(STATE), Cancel::new());
    let answer = CallbackAnswer::OwnPage;
    let _ = listener.wait("/callback", &state, &answer, limits, &cancel).await;
}

async fn exchange(address: SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("somebody listens there");
    let mut answer = Vec::new();
    let exchanged = async {
        // The port may hang up as soon as it has seen enough.
        let _ = stream.write_all(request).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut answer).await;
        // One moment more, so that a wait that ended is seen to have ended.
        tokio::task::yield_now().await;
    };
    let exchanged = tokio::time::timeout(ANSWER_TIMEOUT, exchanged).await;
    assert!(exchanged.is_ok(), "the port answers nothing and does not hang up");
    answer
}
