//! A disk that is full at every moment of creating an invoice: before the promise, between promise
//! and answer, and when the answer is to be recorded.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::autopsy;
use crate::desk::{Desk, Ran, TIEOUT};
use crate::world::{World, list, text};

/// How much room there is beside the workspace, from nothing to more than enough.
const ROOM_KIB_MAX: usize = 240;
const ROOM_KIB_STEP: usize = 12;
const LOOKED: [&str; 4] = ["--decision", "send-again", "--reason", "looked: not there"];

/// A tiny file system of our own, which gets more room afterwards.
const ON_A_TINY_DISK: &str = r#"
mount -t tmpfs -o size=64m tmpfs "$DISK" && cp -a "$WORKSPACE/." "$DISK" || exit 77
used=$(df -k --output=used "$DISK" | tail -1)
mount -o remount,size=$((used + ROOM))k "$DISK" || exit 77
"$TIEOUT" create "$DEAL" --json --workspace "$DISK" > full.out 2> full.err; echo $? > full.code
mount -o remount,size=64m "$DISK" || exit 77
find "$WORKSPACE" -mindepth 1 -delete && cp -a "$DISK/." "$WORKSPACE"
"#;

/// Where nobody may mount: files that may not grow, as under a quota. The journal grows from
/// nothing, so the limit is on it; blocks are of 512 bytes.
const UNDER_A_LIMIT: &str = r#"
trap '' XFSZ
( ulimit -f $((ROOM * 2)); exec "$TIEOUT" create "$DEAL" --json --workspace "$WORKSPACE" ) \
    > full.out 2> full.err
echo $? > full.code
"#;

/// What a run on a full disk had come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    NothingPromised,
    Promised,
    InvoiceThere,
    Done,
}

#[test]
fn a_disk_that_is_full_at_any_moment_of_a_create_makes_no_second_invoice() {
    let world = World::connected();
    let rooms: Vec<usize> = (0..=ROOM_KIB_MAX).step_by(ROOM_KIB_STEP).collect();
    for room in &rooms {
        world.win_a_deal("D-1041", &format!("Flow array {room}"));
    }
    world.desk.run(&["sync"]).exits(0);
    world.allow_writing("quickbooks");
    std::fs::create_dir(world.desk.path("disk")).expect("the desk is ours");
    let deals = world.ready();
    assert!(deals.len() >= rooms.len(), "{deals:?}");
    let mut stages = Vec::new();
    for (room, deal) in rooms.into_iter().zip(&deals) {
        stages.push(full_at(&world, deal, room));
    }
    for stage in [Stage::NothingPromised, Stage::Promised, Stage::InvoiceThere, Stage::Done] {
        assert!(stages.contains(&stage), "no disk was full at {stage:?}: {stages:?}");
    }
    world.desk.run(&["verify"]).exits(0);
    let sync = world.desk.document(&["sync"]);
    assert_eq!(sync["complete"], true, "{sync}");
}

/// Creates one invoice with so much room, then gives room and lets a person settle it.
fn full_at(world: &World, deal: &str, room: usize) -> Stage {
    let desk = &world.desk;
    let before = world.sandbox.invoices();
    let done = in_shell(desk, "unshare", &["--mount", "--"], ON_A_TINY_DISK, deal, room)
        || in_shell(
            desk,
            "unshare",
            &["--user", "--map-root-user", "--mount", "--"],
            ON_A_TINY_DISK,
            deal,
            room,
        )
        || in_shell(desk, "env", &[], UNDER_A_LIMIT, deal, room);
    assert!(done, "there was no way to run out of space here");
    let ran = ran(desk);
    let there = world.sandbox.invoices() - before;
    assert!(there <= 1, "{ran}");
    let found = autopsy::of(desk, &autopsy::database_key(desk));
    let promised = found.sent + found.unknown + found.intended;
    if ran.code == Some(0) {
        assert_eq!((there, promised), (1, 0), "{ran}");
        return Stage::Done;
    }
    ran.fails_with("TIE-1102");
    let settled = found.confirmed.iter().any(|confirmed| confirmed == deal);
    let known = promised == 1 || settled;
    assert!(there == 0 || known, "an invoice without a promise on the disk: {ran}");
    settle(world, deal);
    assert_eq!(world.sandbox.invoices(), before + 1, "with {room} KiB: {ran}");
    match (there, promised) {
        (1, _) => Stage::InvoiceThere,
        (_, 0) => Stage::NothingPromised,
        _ => Stage::Promised,
    }
}

/// What a person does once there is room: asks, decides what is not there, creates.
fn settle(world: &World, deal: &str) {
    let desk = &world.desk;
    let view = desk.document(&["effects", "--ask"]);
    let unknown = |effect: &&Value| effect["state"] == "unknown";
    for effect in list(&view["effects"]).iter().filter(unknown) {
        let key = text(&effect["key"]);
        assert!(world.sandbox.documents_noted(&key).is_empty(), "it is there: {effect}");
        desk.run(&[&["effects", "--resolve", &key], &LOOKED[..]].concat());
    }
    let confirmed =
        |effect: &Value| effect["opportunity"] == *deal && effect["state"] == "confirmed";
    if !list(&view["effects"]).iter().any(confirmed) {
        desk.run(&["create", deal]).exits(0);
    }
}

/// Runs a script with the program's own environment; false where this computer does not let us.
fn in_shell(
    desk: &Desk,
    wrapper: &str,
    flags: &[&str],
    script: &str,
    deal: &str,
    room: usize,
) -> bool {
    let program = desk.command(&[]);
    let environment = program.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let mut command = Command::new(wrapper);
    command.args(flags).args(["sh", "-c", script]).env_clear().envs(environment);
    command.env("TIEOUT", Path::new(TIEOUT)).env("ROOM", room.to_string()).env("DEAL", deal);
    command.env("WORKSPACE", desk.workspace()).env("DISK", desk.path("disk"));
    command.current_dir(desk.path("")).status().is_ok_and(|status| status.success())
}

fn ran(desk: &Desk) -> Ran {
    let read = |name: &str| std::fs::read_to_string(desk.path(name)).expect("the script wrote it");
    let code = read("full.code").trim().parse().ok();
    Ran::told("create on a full disk", code, read("full.out"), read("full.err"))
}
