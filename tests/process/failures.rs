//! What can go wrong, and what a person and a script are told: the code, a next step, a page.

use tieout_store::{DatabaseKey, Store};

use crate::autopsy::database_key;
use crate::desk::Desk;
use crate::person::SigningIn;
use crate::sandbox::Sandbox;
use crate::world::{World, list};

/// A workspace that nothing was connected to yet.
fn stored() -> Desk {
    let desk = Desk::new();
    let key = DatabaseKey::new(database_key(&desk));
    drop(Store::open(&desk.workspace().join("tieout.db"), &key).expect("a new store"));
    desk
}

/// Changes the bytes of the workspace file.
fn damage(desk: &Desk, change: impl Fn(&mut Vec<u8>)) {
    let path = desk.workspace().join("tieout.db");
    let mut bytes = std::fs::read(&path).expect("the store is there");
    change(&mut bytes);
    std::fs::write(&path, bytes).expect("the store is ours");
}

#[test]
fn a_folder_without_a_workspace() {
    Desk::bare().fails(&["verify"], "TIE-1107");
}

#[test]
fn a_workspace_that_another_instance_holds() {
    let (sandbox, desk) = (Sandbox::serve(), stored());
    let at = sandbox.place("salesforce", "base_url");
    let holder = SigningIn::start(&desk, &sandbox, "salesforce", at, &[]);
    desk.fails(&["sync"], "TIE-1101");
    desk.run(&["verify"]).exits(0);
    holder.kill();
    desk.run(&["verify"]).exits(0);
}

#[test]
fn a_wrong_passphrase() {
    stored().with("TIEOUT_PASSPHRASE", Some("not this one")).fails(&["verify"], "TIE-1103");
}

#[test]
fn no_passphrase_where_one_is_needed() {
    stored().with("TIEOUT_PASSPHRASE", None).fails(&["verify"], "TIE-1103");
}

#[test]
fn a_workspace_of_a_newer_version() {
    let desk = stored();
    let hex: String = database_key(&desk).iter().map(|byte| format!("{byte:02x}")).collect();
    let db = rusqlite::Connection::open(desk.workspace().join("tieout.db")).expect("it opens");
    let newer = format!("PRAGMA key = \"x'{hex}'\"; PRAGMA user_version = 99;");
    db.execute_batch(&newer).expect("the key is right");
    drop(db);
    desk.fails(&["verify"], "TIE-1105");
}

#[test]
fn a_workspace_file_with_a_damaged_page() {
    let desk = stored();
    damage(&desk, |bytes| {
        let last_page = bytes.len() - 100;
        bytes[last_page] ^= 1;
    });
    desk.fails(&["verify"], "TIE-1106");
}

#[test]
fn a_workspace_file_that_is_cut_off() {
    let desk = stored();
    damage(&desk, |bytes| bytes.truncate(10_000));
    desk.fails(&["verify"], "TIE-1106");
}

#[test]
fn a_workspace_file_that_is_emptied_is_not_taken_for_a_new_one() {
    let desk = stored();
    damage(&desk, Vec::clear);
    desk.fails(&["verify"], "TIE-1106");
}

#[test]
fn a_workspace_without_its_key_file() {
    let desk = stored();
    std::fs::remove_file(desk.workspace().join("passphrase.key")).expect("the desk is ours");
    desk.fails(&["verify"], "TIE-1104");
    let ran = desk.run(&["verify"]);
    assert!(ran.stderr.contains("hint: Put `passphrase.key` back"), "{ran}");
}

#[test]
fn a_decision_of_nobody() {
    let desk = stored().with("USER", Some("")).with("PATH", Some("/nowhere"));
    let decide = ["decide", "006Hs0000000000IAA", "--accept", "CUTOFF"];
    desk.fails(&decide, "TIE-1001");
    let ran = desk.run(&decide);
    assert!(ran.stderr.contains("hint: Say who decides with `--actor NAME`."), "{ran}");
    desk.fails(&[&decide[..], &["--actor", "Priya Raman"]].concat(), "TIE-5005");
}

#[test]
fn a_backup_is_named_only_where_there_is_one() {
    let desk = stored();
    damage(&desk, Vec::clear);
    let without = desk.run(&["verify"]).stderr;
    assert!(!without.contains("backup"), "{without}");
    std::fs::write(desk.workspace().join("tieout.v3.backup"), "old").expect("the desk is ours");
    let with = desk.run(&["verify"]).stderr;
    assert!(with.contains("hint: Put the newest backup, `tieout.v3.backup`"), "{with}");
}

#[test]
fn nothing_connected_is_not_complete() {
    stored().fails(&["sync"], "TIE-2006");
    stored().fails(&["ar"], "TIE-5005");
}

#[test]
fn a_certificate_that_cannot_be_read() {
    let desk = Desk::new();
    let connect = ["connect", "salesforce", "--client-id", "key", "--ca"];
    desk.fails(&[&connect[..], &["nowhere.pem"]].concat(), "TIE-1002");
    std::fs::write(desk.path("garbage.pem"), "no certificate").expect("the desk is ours");
    desk.fails(&[&connect[..], &["garbage.pem"]].concat(), "TIE-1002");
}

#[test]
fn plain_http_to_another_computer() {
    let desk = Desk::new().with("TIEOUT_CLIENT_SECRET", Some("of no use"));
    for brand in ["salesforce", "quickbooks"] {
        let address = ["--client-id", "key", "--base-url", "http://books.example.com"];
        desk.fails(&[&["connect", brand], &address[..]].concat(), "TIE-2007");
    }
    desk.fails(&["sandbox", "serve", "--listen", "0.0.0.0:0"], "TIE-2007");
}

#[test]
fn an_app_without_its_id_or_secret() {
    let desk = Desk::new();
    desk.fails(&["connect", "salesforce"], "TIE-1001");
    desk.fails(&["connect", "quickbooks", "--client-id", "key"], "TIE-1001");
}

#[test]
fn what_a_workspace_with_books_refuses() {
    let world = World::synced();
    let desk = &world.desk;
    std::fs::write(desk.path("file"), "a file is no folder").expect("the desk is ours");
    let june = ["export", "--period", "2026-06", "--format"];
    let cases: [(&[&str], &str); 14] = [
        (&["deals", "--ledger", "other"], "TIE-2006"),
        (&["sync", "--connection", "other"], "TIE-2006"),
        (&["connections", "--allow-writing", "other"], "TIE-2006"),
        (&["create", "--dry-run", "--ledger", "other"], "TIE-2006"),
        (&["resync", "006Hs0000000000IAA", "--ledger", "other"], "TIE-2006"),
        (&["resync", "nonsense"], "TIE-4006"),
        (&["resync", "006Hs0000000000IAA"], "TIE-4006"),
        (&["create", "--dry-run", "006Hs0000000000IAA"], "TIE-4006"),
        (&["create"], "TIE-4007"),
        (&["effects", "--key", "no-such-key"], "TIE-4009"),
        (&[&june[..], &["pdf", "--out", "file/june.pdf"]].concat(), "TIE-1003"),
        (&[&june[..], &["csv", "--out", "file"]].concat(), "TIE-1003"),
        (&["verify", "nowhere.pdf"], "TIE-1002"),
        (&["verify", "file"], "TIE-5004"),
    ];
    for (arguments, code) in cases {
        desk.fails(arguments, code);
    }
    let step = "hint: Turn it on with `tieout connections --allow-writing quickbooks`.";
    assert!(desk.run(&["create"]).stderr.contains(step));
}

#[test]
fn a_system_that_does_not_answer() {
    let mut world = World::synced();
    world.sandbox.cut_off();
    world.desk.run(&["resync", "006Hs00000000GjIAI"]).fails_with("TIE-2008");
    let ran = world.desk.run(&["sync", "--json"]).exits(1);
    let view = ran.document();
    assert_eq!(view["complete"], false);
    let gaps = list(&view["gaps"]);
    assert!(!gaps.is_empty() && gaps.iter().all(|gap| gap["code"] == "TIE-2008"), "{ran}");
}
