//! What the program says about itself.

use crate::desk::Desk;

/// Every command that does something, with what its help must name.
const COMMANDS: [&str; 22] = [
    "demo",
    "sandbox serve",
    "connect",
    "connections",
    "companies",
    "assign",
    "sync",
    "resync",
    "rehearse",
    "create",
    "reconcile",
    "ar",
    "deals",
    "exceptions",
    "leakage",
    "duplicates",
    "link",
    "decide",
    "export",
    "verify",
    "effects",
    "completions",
];

#[test]
fn the_help_of_every_command_says_what_it_prints_and_shows_an_example() {
    for name in COMMANDS {
        let words: Vec<&str> = name.split(' ').chain(["--help"]).collect();
        let ran = Desk::bare().run(&words).exits(0);
        assert!(ran.stdout.contains(&format!("Usage: tieout {name}")), "{ran}");
        let prints = ran.stdout.contains("Prints ") || name == "completions";
        assert!(prints && ran.stdout.contains("Example"), "{ran}");
        assert!(ran.stdout.contains(&format!("\n  tieout {name}")), "{ran}");
    }
}

#[test]
fn no_command_is_missing_from_the_list_above() {
    let ran = Desk::bare().run(&["--help"]).exits(0);
    let listed = ran.stdout.split("Commands:\n").nth(1).expect("a list of commands");
    let names = listed.lines().map_while(|line| {
        (!line.is_empty()).then(|| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')))
    });
    for name in names.flatten().filter_map(|line| line.split(' ').next()) {
        let known = name == "help" || COMMANDS.iter().any(|it| it.split(' ').next() == Some(name));
        assert!(known, "`{name}` is not in the list of this test");
    }
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = Desk::bare().run(&["completions", shell]).exits(0);
        for word in ["reconcile", "known-at", "allow-writing"] {
            assert!(ran.stdout.contains(word), "{shell} does not complete `{word}`");
        }
    }
}

/// Somebody who reads the first lines only, as `head` does.
#[test]
fn completions_into_a_pipe_that_closes_early() {
    let desk = Desk::bare();
    let mut command = desk.command(&["completions", "bash"]);
    let streams = (std::process::Stdio::piped(), std::process::Stdio::piped());
    let mut program = command.stdout(streams.0).stderr(streams.1).spawn().expect("it starts");
    drop(program.stdout.take());
    let ended = program.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert!(ended.status.success());
}

#[test]
fn a_decision_without_a_choice_names_both() {
    let ran = Desk::bare().run(&["decide", "006", "--json"]).exits(2);
    let detail = ran.document()["error"]["detail"].to_string();
    assert!(detail.contains("--accept") && detail.contains("--exclude"), "{ran}");
}

#[test]
fn the_version_is_printed() {
    let ran = Desk::bare().run(&["--version"]).exits(0);
    assert_eq!(ran.stdout.trim(), concat!("tieout ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_unknown_flag_is_a_usage_failure() {
    let ran = Desk::bare().run(&["sync", "--nonsense", "--json"]).exits(2);
    assert_eq!(ran.document()["error"]["code"], "TIE-1001");
    ran.shows_the_way_out("TIE-1001");
    let ran = Desk::bare().run(&["nonsense"]).exits(2);
    assert_eq!(ran.stdout, "");
    ran.shows_the_way_out("TIE-1001");
}

#[test]
fn a_date_that_is_none_is_a_usage_failure_before_anything_is_opened() {
    let export = ["export", "--format", "pdf", "--out", "june.pdf", "--period"];
    let cases: [(&[&str], &str); 6] = [
        (&["ar", "--as-of", "2026-06-31"], "2026-06-30"),
        (&["deals", "--as-of", "nonsense"], "2026-06-30"),
        (&["reconcile", "--known-at", "yesterday"], "2026-07-02T17:40-07:00"),
        (&["decide", "006", "--accept", "CUTOFF", "--as-of", "June"], "2026-06-30"),
        (&["sync", "--period", "2026-13"], "2026-06"),
        (&[&export[..], &["June"]].concat(), "2026-06"),
    ];
    for (arguments, example) in cases {
        Desk::bare().fails(arguments, "TIE-1001");
        let ran = Desk::bare().run(arguments).exits(2);
        assert!(ran.stderr.contains(&format!("write it like `{example}`")), "{ran}");
    }
}
