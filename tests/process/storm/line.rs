//! Lines to both simulators on which, by seeded chance, requests and answers are lost, cut, held or
//! delivered late, and on which a trap tells when the program is at a chosen moment.

use std::io::{BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tieout_tests::http;

use crate::chance::Chance;
use crate::line::{CLOSING, message};

/// How many requests in a thousand suffer something while the weather is bad.
const WRITES_HIT_PERMILLE: u64 = 400;
const READS_HIT_PERMILLE: u64 = 60;
/// Longest that a request or an answer is held on its way.
const HELD_MS_MAX: u64 = 150;
/// Calls of the program that only read, although they are not sent with `GET`.
const READS: [&str; 3] = ["/query", "/batch", "/composite"];

/// Where the program is when the trap springs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// The request left the program and is lost.
    Lost,
    /// The request left the program, and arrives when the program is dead.
    Late,
    /// It was acted on, and nothing of the answer has come back.
    Answered,
    /// Half of the answer has come back.
    HalfAnswered,
    /// The whole answer has come back: it is read, judged and recorded now.
    Delivered,
    /// The request waits, and goes its way when it is let go.
    Held,
}

impl Moment {
    /// The moments of a kill.
    pub const OF_A_KILL: [Self; 5] =
        [Self::Lost, Self::Late, Self::Answered, Self::HalfAnswered, Self::Delivered];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Lost => "request lost",
            Self::Late => "request delivered after death",
            Self::Answered => "answer lost",
            Self::HalfAnswered => "answer cut",
            Self::Delivered => "answer being recorded",
            Self::Held => "request held",
        }
    }
}

/// Which request springs the trap, and when.
#[derive(Clone, Copy, Debug)]
pub struct Trap {
    pub moment: Moment,
    /// Only requests that change something count.
    pub writes_only: bool,
    /// How many of them pass before.
    pub after: u64,
}

/// What becomes of a request on its way.
#[derive(Clone, Copy, Debug)]
enum Fault {
    HungUpBefore,
    AnswerLost,
    AnswerCut,
    RequestHeld,
    AnswerHeld,
}

const FAULTS: [Fault; 5] = [
    Fault::HungUpBefore,
    Fault::AnswerLost,
    Fault::AnswerCut,
    Fault::RequestHeld,
    Fault::AnswerHeld,
];

struct Set {
    trap: Trap,
    sprung: Sender<()>,
}

struct State {
    chance: Chance,
    bad_weather: bool,
    trap: Option<Set>,
    /// Whether a request that the trap caught may go on.
    released: bool,
    under_way: usize,
    faults: u64,
}

#[derive(Clone)]
struct Shared {
    state: Arc<(Mutex<State>, Condvar)>,
}

pub struct StormLine {
    shared: Shared,
}

impl StormLine {
    /// Fair weather until told otherwise.
    pub fn new(seed: u64) -> Self {
        let state = State {
            chance: Chance::of(seed),
            bad_weather: false,
            trap: None,
            released: true,
            under_way: 0,
            faults: 0,
        };
        Self { shared: Shared { state: Arc::new((Mutex::new(state), Condvar::new())) } }
    }

    /// The address of a line to this base address. It lives as long as the test.
    pub fn to(&self, base: &str) -> String {
        let far: SocketAddr = http::split(base).0.parse().expect("simulators have an address");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it was bound");
        let shared = self.shared.clone();
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let shared = shared.clone();
                // Either side may go away at any time; then this connection is over.
                std::thread::spawn(move || drop(shared.carry(near, far)));
            }
        });
        format!("http://{address}")
    }

    pub fn bad_weather(&self, bad: bool) {
        self.shared.lock().bad_weather = bad;
    }

    /// Sets a trap and says when it has sprung. What it caught waits for `release`.
    pub fn set(&self, trap: Trap) -> Receiver<()> {
        let (sprung, told) = channel();
        let mut state = self.shared.lock();
        state.trap = Some(Set { trap, sprung });
        state.released = false;
        told
    }

    /// Takes the trap away, lets go what it caught, and waits until nothing is on its way.
    pub fn release(&self) {
        let (lock, changed) = &*self.shared.state;
        let mut state = lock.lock().expect("no holder panics");
        state.trap = None;
        state.released = true;
        changed.notify_all();
        while state.under_way > 0 {
            state = changed.wait(state).expect("no holder panics");
        }
    }

    /// Requests that suffered something so far.
    pub fn faults(&self) -> u64 {
        self.shared.lock().faults
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.0.lock().expect("no holder panics")
    }

    fn carry(&self, near: TcpStream, far: SocketAddr) -> std::io::Result<()> {
        let mut far = TcpStream::connect(far)?;
        let mut requests = BufReader::new(near.try_clone()?);
        let mut answers = BufReader::new(far.try_clone()?);
        while let Some(request) = message(&mut requests)? {
            self.lock().under_way += 1;
            let carried = self.exchange(&request, &near, &mut far, &mut answers);
            self.lock().under_way -= 1;
            self.state.1.notify_all();
            if !carried? || is_closing(&request) {
                break;
            }
        }
        near.shutdown(Shutdown::Both)
    }

    /// Carries one request and its answer. False: the connection ends here.
    fn exchange(
        &self,
        request: &[u8],
        mut near: &TcpStream,
        far: &mut TcpStream,
        answers: &mut BufReader<TcpStream>,
    ) -> std::io::Result<bool> {
        let (caught, fault, held) = self.fate(request);
        let moment = caught.as_ref().map(|set| set.trap.moment);
        match (moment, fault) {
            (Some(Moment::Lost), _) => {
                self.spring(caught);
                return Ok(false);
            }
            (Some(Moment::Late), _) => {
                self.spring(caught);
                far.write_all(request)?;
                message(answers)?;
                return Ok(false);
            }
            (Some(Moment::Held), _) => {
                self.spring(caught);
                return self.pass(request, near, far, answers);
            }
            (_, Some(Fault::HungUpBefore)) => return Ok(false),
            (_, Some(Fault::RequestHeld)) => std::thread::sleep(held),
            _ => {}
        }
        far.write_all(request)?;
        let Some(answer) = message(answers)? else { return Ok(false) };
        let half = &answer[..answer.len() / 2];
        match (moment, fault) {
            (Some(Moment::Answered), _) => {
                self.spring(caught);
                return Ok(false);
            }
            (Some(Moment::HalfAnswered), _) => {
                near.write_all(half)?;
                self.spring(caught);
                return Ok(false);
            }
            (Some(_), _) => {
                near.write_all(&answer)?;
                self.spring(caught);
                return Ok(true);
            }
            (None, Some(Fault::AnswerLost)) => return Ok(false),
            (None, Some(Fault::AnswerCut)) => {
                near.write_all(half)?;
                return Ok(false);
            }
            (None, Some(Fault::AnswerHeld)) => std::thread::sleep(held),
            (None, _) => {}
        }
        near.write_all(&answer)?;
        Ok(true)
    }

    /// Carries a request that nothing more will happen to.
    fn pass(
        &self,
        request: &[u8],
        mut near: &TcpStream,
        far: &mut TcpStream,
        answers: &mut BufReader<TcpStream>,
    ) -> std::io::Result<bool> {
        far.write_all(request)?;
        let Some(answer) = message(answers)? else { return Ok(false) };
        near.write_all(&answer)?;
        Ok(true)
    }

    /// What this request meets: the trap, or the weather, or nothing.
    fn fate(&self, request: &[u8]) -> (Option<Set>, Option<Fault>, Duration) {
        let writes = changes_something(request);
        let mut state = self.lock();
        let held = Duration::from_millis(state.chance.below(HELD_MS_MAX));
        if let Some(set) = &mut state.trap
            && (writes || !set.trap.writes_only)
        {
            if set.trap.after == 0 {
                return (state.trap.take(), None, held);
            }
            set.trap.after -= 1;
        }
        let permille = if writes { WRITES_HIT_PERMILLE } else { READS_HIT_PERMILLE };
        let hit = state.chance.permille(permille) && state.bad_weather;
        let fault = state.chance.pick(&FAULTS).copied().filter(|_| hit);
        state.faults += u64::from(hit);
        (None, fault, held)
    }

    /// Tells the test, and waits until the program is dead, unless all was delivered.
    fn spring(&self, caught: Option<Set>) {
        let Some(set) = caught else { return };
        // A test that does not wait any more has killed the program already.
        let _ = set.sprung.send(());
        if set.trap.moment == Moment::Delivered {
            return;
        }
        let (lock, changed) = &*self.state;
        let mut state = lock.lock().expect("no holder panics");
        while !state.released {
            state = changed.wait(state).expect("no holder panics");
        }
    }
}

fn changes_something(request: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&request[..request.len().min(300)]);
    let line = head.lines().next().unwrap_or_default();
    !line.starts_with("GET ") && !READS.iter().any(|part| line.contains(part))
}

fn is_closing(request: &[u8]) -> bool {
    request.windows(CLOSING.len()).any(|window| window == CLOSING)
}
