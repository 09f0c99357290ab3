//! The program is killed while it creates invoices, wherever it happens to be, and started again:
//! every deal ends with exactly one invoice (`finance-domain §6 R4`).

use std::process::{Child, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::line::{Line, Moment};
use crate::world::{World, list, text};

/// Longest time until a held moment is reached, or the program has ended without it.
const REACHED_WITHIN: Duration = Duration::from_secs(20);
/// How often it is looked whether the program has ended without reaching the moment.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// How long each request is on its way while kills are timed by the clock: one invoice takes two.
const SLOW_LINE: Duration = Duration::from_millis(100);
/// Rounds after which everything must be settled.
const SETTLED_AFTER_ROUNDS: usize = 5;

const QUERY: (&str, &str) = ("GET", "/query");
const INVOICE: (&str, &str) = ("POST", "/invoice");

/// Kills of `create` while this request of it is at this moment.
const OF_CREATE: [((&str, &str), Moment); 18] = [
    (QUERY, Moment::OnItsWay),
    (QUERY, Moment::Answered),
    (INVOICE, Moment::OnItsWay),
    (INVOICE, Moment::Answered),
    (INVOICE, Moment::OnItsWay),
    (INVOICE, Moment::HalfAnswered),
    (INVOICE, Moment::OnItsWay),
    (INVOICE, Moment::OnItsWay),
    (INVOICE, Moment::Answered),
    (QUERY, Moment::HalfAnswered),
    (INVOICE, Moment::Answered),
    (INVOICE, Moment::HalfAnswered),
    (INVOICE, Moment::OnItsWay),
    (INVOICE, Moment::Answered),
    (INVOICE, Moment::OnItsWay),
    (INVOICE, Moment::Answered),
    (INVOICE, Moment::OnItsWay),
    (INVOICE, Moment::HalfAnswered),
];
/// Kills of `create` so many milliseconds after its start, wherever it is then.
const AFTER_MS: [u64; 12] = [5, 20, 35, 50, 65, 80, 95, 110, 125, 140, 155, 170];
/// Kills of `sync` while it sends again what a person has decided to send again.
const OF_SYNC: [Moment; 4] =
    [Moment::OnItsWay, Moment::Answered, Moment::HalfAnswered, Moment::OnItsWay];
const KILLS_MIN: usize = 25;

#[test]
fn a_program_killed_again_and_again_leaves_one_invoice_per_deal() {
    let (world, _salesforce, quickbooks) = World::behind_lines();
    for number in 0..OF_CREATE.len() + AFTER_MS.len() {
        world.win_a_deal("D-1041", &format!("Flow array {number}"));
    }
    world.desk.run(&["sync"]).exits(0);
    world.allow_writing("quickbooks");
    let before = world.sandbox.invoices();
    let deals = world.ready();
    let mut killed = 0;
    for ((request, moment), deal) in OF_CREATE.into_iter().zip(&deals) {
        kill_at(&world, &quickbooks, &["create", deal], request, moment);
        killed += 1;
    }
    for moment in OF_SYNC {
        decide(&world);
        kill_at(&world, &quickbooks, &["sync"], INVOICE, moment);
        killed += 1;
    }
    quickbooks.slow_down(SLOW_LINE);
    for (after_ms, deal) in AFTER_MS.into_iter().zip(&deals[OF_CREATE.len()..]) {
        killed += usize::from(kill_after(&world, deal, Duration::from_millis(after_ms)));
    }
    quickbooks.slow_down(Duration::ZERO);
    assert!(killed >= KILLS_MIN, "only {killed} kills hit a living program");
    settle(&world);
    each_deal_has_one_invoice(&world, &deals, before);
}

/// Kills the program while a request of it is held at this moment.
pub fn kill_at(
    world: &World,
    line: &Line,
    arguments: &[&str],
    (method, path): (&'static str, &'static str),
    moment: Moment,
) {
    let held = line.hold(method, path, moment);
    let mut program = start(world, arguments);
    let started = Instant::now();
    let hit = loop {
        match held.reached.recv_timeout(LOOK_EVERY) {
            Ok(()) => break true,
            Err(RecvTimeoutError::Disconnected) => break false,
            Err(RecvTimeoutError::Timeout) => {
                let ended = program.try_wait().expect("it is ours").is_some();
                if ended || started.elapsed() > REACHED_WITHIN {
                    break false;
                }
            }
        }
    };
    assert!(hit, "{arguments:?} never came to {method} {path} {moment:?}");
    kill(&mut program);
    // Only now the line lets go: the program never learned what became of its request.
    drop(held.release);
    line.let_all_pass();
}

/// Kills the program so long after its start. Says whether it was still running.
fn kill_after(world: &World, deal: &str, after: Duration) -> bool {
    let mut program = start(world, &["create", deal]);
    std::thread::sleep(after);
    let lives = program.try_wait().expect("it is ours").is_none();
    kill(&mut program);
    lives
}

fn start(world: &World, arguments: &[&str]) -> Child {
    let mut command = world.desk.command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

fn kill(program: &mut Child) {
    program.kill().expect("it is ours");
    program.wait().expect("it ends");
}

/// Asks about unknown outcomes, looks in QuickBooks where the answer is "not found", and decides
/// that it is sent again, as a person would.
fn decide(world: &World) {
    let view = world.desk.document(&["effects", "--ask"]);
    let effects = list(&view["effects"]);
    assert!(effects.iter().all(|effect| effect["state"] != "sent"), "{view}");
    for effect in effects.iter().filter(|effect| effect["state"] == "unknown") {
        let key = text(&effect["key"]);
        let there = world.sandbox.documents_noted(&key);
        assert!(there.is_empty(), "it is there and was not found: {effect}");
        let reason = ["--reason", "looked in QuickBooks: not there"];
        let decided = ["effects", "--resolve", &key, "--decision", "send-again"];
        world.desk.run(&[&decided[..], &reason[..]].concat()).exits(1);
    }
}

/// Runs on until nothing is open and nothing is missing.
fn settle(world: &World) {
    for _ in 0..SETTLED_AFTER_ROUNDS {
        decide(world);
        world.desk.run(&["sync"]).exits(0);
        let created = world.desk.document(&["create", "--limit", "100"]);
        let settled = world.desk.run(&["effects"]).code == Some(0);
        if settled && created["created"] == 0 && world.ready().is_empty() {
            return;
        }
    }
    panic!("not settled: {}", world.desk.run(&["effects"]));
}

fn each_deal_has_one_invoice(world: &World, deals: &[String], before: u64) {
    let view = world.desk.document(&["effects"]);
    for deal in deals {
        let own = list(&view["effects"]).iter().filter(|effect| effect["opportunity"] == **deal);
        let keys: Vec<String> = own.map(|effect| text(&effect["key"])).collect();
        assert_eq!(keys.len(), 1, "{deal}: {keys:?}");
        assert_eq!(world.sandbox.documents_noted(&keys[0]).len(), 1, "{deal}");
    }
    let made = world.sandbox.invoices() - before;
    assert_eq!(made, u64::try_from(deals.len()).expect("few deals"));
    world.desk.run(&["verify"]).exits(0);
    let sync = world.desk.document(&["sync"]);
    assert_eq!(sync["complete"], true, "{sync}");
}
