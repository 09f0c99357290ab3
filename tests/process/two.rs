//! Two programs on one workspace at the same time: the second says so and changes nothing.

use std::process::Stdio;
use std::sync::Barrier;
use std::time::Duration;

use crate::autopsy;
use crate::desk::{Desk, Ran};
use crate::sandbox::Sandbox;
use crate::storm::line::{Moment, StormLine, Trap};
use crate::world::{World, text};

const DEAL: &str = "006Hs00000000GjIAI";
/// Programs that are started at once.
const AT_ONCE: usize = 6;
/// Longest time until the first program sends its invoice.
const SENT_WITHIN: Duration = Duration::from_secs(20);

fn world_behind(line: &StormLine) -> World {
    let world = World { sandbox: Sandbox::serve(), desk: Desk::new() };
    for brand in ["salesforce", "quickbooks"] {
        let address = line.to(world.sandbox.place(brand, "base_url"));
        world.connect_at(brand, &address, &[]);
    }
    world.desk.run(&["sync"]).exits(0);
    world.allow_writing("quickbooks");
    world
}

#[test]
fn a_second_program_does_not_touch_what_the_first_one_has_sent() {
    let line = StormLine::new(1);
    let world = world_behind(&line);
    let desk = &world.desk;
    let before = world.sandbox.invoices();
    let sent = line.set(Trap { moment: Moment::Held, writes_only: true, after: 0 });
    let mut command = desk.command(&["create", DEAL, "--json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let first = command.spawn().expect("the program starts");
    sent.recv_timeout(SENT_WITHIN).expect("the first program sends its invoice");
    let commands: [&[&str]; 5] = [
        &["create", DEAL],
        &["create"],
        &["sync"],
        &["effects", "--ask"],
        &["resync", DEAL, "--create"],
    ];
    for arguments in commands {
        desk.fails(arguments, "TIE-1101");
    }
    desk.run(&["verify"]).exits(0);
    let view = desk.run(&["effects", "--json"]).exits(1).document();
    assert_eq!(view["effects"][0]["state"], "sent", "a reader changes nothing: {view}");
    let found = autopsy::of(desk, &autopsy::database_key(desk));
    assert_eq!((found.sent, found.unknown), (1, 0), "{found:?}");
    line.release();
    let output = first.wait_with_output().expect("it ends");
    let view = Ran::new(&["create"], &output).exits(0).document();
    assert_eq!(view["created"], 1, "{view}");
    assert_eq!(world.sandbox.documents_noted(&text(&view["deals"][0]["key"])).len(), 1);
    assert_eq!(world.sandbox.invoices(), before + 1);
    desk.run(&["verify"]).exits(0);
}

#[test]
fn programs_that_start_at_once_make_one_invoice() {
    let world = World::synced();
    world.allow_writing("quickbooks");
    let before = world.sandbox.invoices();
    let barrier = Barrier::new(AT_ONCE);
    let ended: Vec<Ran> = std::thread::scope(|scope| {
        let start = || {
            barrier.wait();
            world.desk.run(&["create", DEAL])
        };
        let started: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(start)).collect();
        started.into_iter().map(|it| it.join().expect("it was waited for")).collect()
    });
    for ran in &ended {
        if ran.code != Some(0) {
            ran.fails_with("TIE-1101");
        }
    }
    assert!(ended.iter().any(|ran| ran.code == Some(0)), "nobody came through");
    assert_eq!(world.sandbox.invoices(), before + 1);
}
