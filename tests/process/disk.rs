//! A full disk: told as such, and nothing is lost.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::desk::{Desk, Ran, TIEOUT};
use crate::world::World;

/// Space for the workspace as it was connected, and not for what a first run reads.
const TIGHT_KIB: u32 = 400;

/// Fills a tiny file system of our own, then gives it room.
const ON_A_TINY_DISK: &str = r#"
mount -t tmpfs -o size="$TIGHT"k tmpfs "$DISK" && cp -a "$WORKSPACE/." "$DISK" || exit 77
"$TIEOUT" sync --json --workspace "$DISK" > full.out 2> full.err; echo $? > full.code
mount -o remount,size=64m "$DISK" || exit 77
cp -a "$DISK/." "$WORKSPACE"
"#;

/// Where nobody may mount: files that may not grow, as under a quota.
const UNDER_A_LIMIT: &str = r#"
trap '' XFSZ
( ulimit -f "$TIGHT"; exec "$TIEOUT" sync --json --workspace "$WORKSPACE" ) > full.out 2> full.err
echo $? > full.code
"#;

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let world = World::connected();
    let desk = &world.desk;
    std::fs::create_dir(desk.path("disk")).expect("the desk is ours");
    let own = ["--mount", "--"];
    let own_user = ["--user", "--map-root-user", "--mount", "--"];
    let done = in_shell(desk, "unshare", &own, ON_A_TINY_DISK)
        || in_shell(desk, "unshare", &own_user, ON_A_TINY_DISK)
        || in_shell(desk, "env", &[], UNDER_A_LIMIT);
    assert!(done, "there was no way to run out of space here");
    let ran = full(desk);
    ran.fails_with("TIE-1102");
    assert_eq!(ran.document()["error"]["code"], "TIE-1102");
    nothing_is_lost(&world);
}

#[test]
fn a_spent_quota_is_a_full_disk() {
    let world = World::connected();
    assert!(in_shell(&world.desk, "env", &[], UNDER_A_LIMIT));
    full(&world.desk).fails_with("TIE-1102");
    nothing_is_lost(&world);
}

/// Runs a script with the program's own environment; false where this computer does not let us.
fn in_shell(desk: &Desk, wrapper: &str, flags: &[&str], script: &str) -> bool {
    let program = desk.command(&[]);
    let environment = program.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let mut command = Command::new(wrapper);
    command.args(flags).args(["sh", "-c", script]).env_clear().envs(environment);
    command.env("TIEOUT", Path::new(TIEOUT)).env("TIGHT", TIGHT_KIB.to_string());
    command.env("WORKSPACE", desk.workspace()).env("DISK", desk.path("disk"));
    command.current_dir(desk.path("")).status().is_ok_and(|status| status.success())
}

/// The run that had no space.
fn full(desk: &Desk) -> Ran {
    let read = |name: &str| std::fs::read_to_string(desk.path(name)).expect("the script wrote it");
    let code = read("full.code").trim().parse().ok();
    Ran::told("sync on a full disk", code, read("full.out"), read("full.err"))
}

/// With space again the same workspace goes on, whole.
fn nothing_is_lost(world: &World) {
    world.desk.run(&["verify"]).exits(0);
    let sync = world.desk.document(&["sync", "--period", "2026-06"]);
    assert_eq!(sync["complete"], true, "{sync}");
    let truth = world.sandbox.truth("quickbooks", "?to=2026-06-30");
    let view = world.desk.document(&["reconcile", "--as-of", "2026-06-30"]);
    let held: &Value = &view["receivables"][0]["receivable"]["amount"];
    assert_eq!(*held, truth["open_receivables"]);
}
