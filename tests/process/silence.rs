//! The most talkative logs hold no secret and no name.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::desk::PASSPHRASE;
use crate::world::{World, list, text};

/// Commands that touch everything once, each logged as loudly as it can.
const COMMANDS: [&[&str]; 16] = [
    &["connections"],
    &["connections", "--allow-writing", "quickbooks"],
    &["connections", "--allow-writing", "salesforce"],
    &["sync", "--period", "2026-06"],
    &["create", "--dry-run"],
    &["create"],
    &["resync", "006Hs00000000GjIAI"],
    &["sync", "--full"],
    &["reconcile", "--as-of", "2026-06-30"],
    &["ar", "--as-of", "2026-06-30"],
    &["deals", "--all"],
    &["exceptions"],
    &["effects", "--ask"],
    &["export", "--period", "2026-06", "--format", "xlsx", "--out", "june.xlsx"],
    &["verify", "june.xlsx"],
    &["verify"],
];
/// Secrets that a sign-in and the runs after it must have used: an access and a refresh token and a
/// code for each side, and a client secret.
const SECRETS_MIN: usize = 7;

#[test]
fn logs_hold_no_secret_and_no_name() {
    let (mut world, salesforce, quickbooks) = World::behind_lines();
    world.desk = world.desk.with("TIEOUT_LOG", Some("trace"));
    let mut logs = String::new();
    for brand in ["salesforce", "quickbooks"] {
        let line = if brand == "salesforce" { &salesforce } else { &quickbooks };
        logs += &world.connect_at(brand, &line.address(), &["-vvv"]).stderr;
    }
    for arguments in COMMANDS {
        let ran = world.desk.run(&[arguments, &["-vvv"]].concat());
        assert!(ran.code.is_some_and(|code| code < 2), "{ran}");
        logs += &ran.stderr;
    }
    assert!(logs.lines().count() > 100, "nothing was logged");
    for told in ["answered request_no=", "an effect moved", "the run ended", "connected connection"]
    {
        assert!(logs.contains(told), "no log says `{told}`");
    }

    let heard = salesforce.heard() + &quickbooks.heard();
    let secrets = secrets(&world, &heard);
    assert!(secrets.len() >= SECRETS_MIN, "only {} secrets were heard", secrets.len());
    for secret in secrets {
        assert!(!logs.contains(&secret), "a log holds the secret `{}…`", &secret[..4]);
    }
    for name in names(&world, &heard) {
        let found = logs.lines().find(|line| line.contains(&name));
        assert_eq!(found, None, "a log names `{name}`");
    }
}

/// Everything that would let somebody in.
fn secrets(world: &World, heard: &str) -> BTreeSet<String> {
    let marks = [
        ("\"access_token\":\"", '"'),
        ("\"refresh_token\":\"", '"'),
        ("Bearer ", '\r'),
        ("Basic ", '\r'),
        ("code=", '&'),
        ("code_verifier=", '&'),
        ("refresh_token=", '&'),
    ];
    let found = marks.iter().flat_map(|(start, end)| all_after(heard, start, *end));
    let mut secrets: BTreeSet<String> = found.filter(|it| it.len() > 8).collect();
    secrets.insert(text(&world.sandbox.places["quickbooks"]["client_secret"]));
    secrets.insert(PASSPHRASE.to_owned());
    secrets
}

/// Customers, deals and people, as both sides call them.
fn names(world: &World, heard: &str) -> BTreeSet<String> {
    let truth = world.sandbox.truth("salesforce", "");
    let of = |object: &str| list(&truth["records"][object]).clone();
    let rows = ["Account", "Opportunity"].into_iter().flat_map(of);
    let named = rows.filter_map(|row: Value| row["Name"].as_str().map(str::to_owned));
    let displayed = all_after(heard, "\"DisplayName\":\"", '"');
    let names: BTreeSet<String> = named.chain(displayed).filter(|it| it.len() > 3).collect();
    assert!(names.len() > 20, "there are names in the story");
    names
}

fn all_after<'a>(text: &'a str, start: &'a str, end: char) -> impl Iterator<Item = String> + 'a {
    let pieces = text.split(start).skip(1);
    pieces.map(move |rest| rest.split([end, '\n']).next().unwrap_or_default().to_owned())
}
