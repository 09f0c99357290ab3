//! The key in the keyring of the operating system: a real Secret Service, never a personal one.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::desk::Desk;
use crate::sandbox::Sandbox;
use crate::world::World;

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
/// Starts a keyring whose collection is open, says where the bus is, and stays until its input
/// ends. The data folder is the test's own.
const SESSION: &str = "printf 'tests' | gnome-keyring-daemon --unlock --components=secrets \
                       >/dev/null && echo \"$DBUS_SESSION_BUS_ADDRESS\" && exec cat >/dev/null";

/// A bus with an unlocked keyring: the one that `cargo xtask test` has started, or our own.
struct Session {
    bus: String,
    own: Option<Child>,
    _data: tempfile::TempDir,
}

impl Session {
    fn find_or_start() -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let given = std::env::var("TIEOUT_TEST_KEYRING").ok().and(std::env::var(BUS).ok());
        if let Some(bus) = given {
            return Self { bus, own: None, _data: data };
        }
        let mut own = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", SESSION])
            .env("XDG_DATA_HOME", data.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`dbus` is installed (cargo xtask setup)");
        let mut bus = String::new();
        BufReader::new(own.stdout.take().expect("its output is ours"))
            .read_line(&mut bus)
            .expect("the session says where its bus is");
        assert!(!bus.trim().is_empty(), "`gnome-keyring` is installed (cargo xtask setup)");
        Self { bus: bus.trim().to_owned(), own: Some(own), _data: data }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(mut own) = self.own.take() {
            drop(own.stdin.take());
            let _ = own.wait();
        }
    }
}

#[test]
fn a_workspace_without_a_passphrase_opens_through_the_keyring() {
    let session = Session::find_or_start();
    let desk = Desk::bare().with("TIEOUT_PASSPHRASE", None).with(BUS, Some(&session.bus));
    let world = World { sandbox: Sandbox::serve(), desk };
    world.connect("salesforce");
    assert!(!world.desk.workspace().join("passphrase.key").exists());
    world.desk.run(&["verify"]).exits(0);
    let view = world.desk.document(&["connections"]);
    assert_eq!(view["connections"][0]["signed_in"], true);

    let desk = world.desk.with(BUS, Some("unix:path=/nonexistent/bus"));
    desk.fails(&["verify"], "TIE-1104");
    let desk = desk.with(BUS, Some(&session.bus));
    desk.run(&["verify"]).exits(0);
    std::fs::rename(desk.workspace(), desk.path("moved")).expect("the desk is ours");
    let moved = desk.elsewhere(&desk.path("moved"), &["verify"]).status();
    assert!(
        moved.expect("the program starts").success(),
        "the key belongs to the folder's content"
    );
}
