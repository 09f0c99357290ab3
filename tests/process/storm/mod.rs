//! The program is killed hundreds of times, at moments that follow from a seed, while the line to
//! both simulators loses, cuts and holds what goes over it. Then it is let run in peace: no deal
//! has two invoices, and every one has its own (`finance-domain §6 R4`).

pub mod line;
mod tally;

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::autopsy::{self, Found};
use crate::chance::Chance;
use crate::desk::Desk;
use crate::sandbox::Sandbox;
use crate::storm::line::{Moment, StormLine, Trap};
use crate::storm::tally::Tally;
use crate::world::{World, list, text};

/// How many kills in all; each world takes its share. `TIEOUT_KILLS` asks for more or fewer.
const KILLS: u64 = 200;
const KILLS_OF_A_WORLD: u64 = 50;
/// The seed of the first world; `TIEOUT_KILL_SEED` asks for another.
const FIRST_SEED: u64 = 1;
/// Worlds that live at the same time.
const SIDE_BY_SIDE: usize = 2;
/// Longest time until a trap springs; then the program is killed wherever it is.
const SPRUNG_WITHIN: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Latest moment of a kill by the clock alone: a command seldom takes longer.
const KILL_MS_MAX: u64 = 300;
/// A sync sends more than so many requests.
const SYNC_REQUESTS: u64 = 16;
/// Latest moment of a kill after an answer came back.
const RECORDING_US_MAX: u64 = 12_000;
/// Deals that wait for an invoice at any time.
const DEALS_OPEN_MIN: usize = 4;
/// Rounds of a person after which everything must be settled.
const SETTLED_AFTER_ROUNDS: usize = 8;
/// Longest that a promise which was certainly not received waits by itself, and a bit.
const WAITED_OUT: Duration = Duration::from_secs(31);

/// Rounds in a hundred whose command is not killed, and suffers the line alone.
const SPARED_PERCENT: u64 = 15;
/// Every so many deals, one is of an Account that has no customer yet. None looks like another.
const NEW_ACCOUNT_EVERY: usize = 5;
const NEW_ACCOUNTS: [(&str, &str, &str); 6] = [
    ("Osprey Weirs", "12 Quay Road", "San Pablo"),
    ("Birch Hollow Dental", "480 Juniper Lane", "Bozeman"),
    ("Cobalt Yard Bakery", "9 Mill Street", "Duluth"),
    ("Tarn Ferries", "77 Harbour Walk", "Astoria"),
    ("Larkspur Looms", "3301 Weaver Avenue", "Lowell"),
    ("Quill & Compass Maps", "15 Meridian Place", "Santa Fe"),
];

/// A deal of the story whose account and product the new deals share.
const LIKE: &str = "D-1041";
const LOOKED: &str = "looked in QuickBooks: not there";

#[test]
fn no_storm_of_kills_and_losses_makes_a_second_invoice() {
    let asked = |name: &str, usual| {
        std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
    };
    let kills: u64 = asked("TIEOUT_KILLS", KILLS);
    let first: u64 = asked("TIEOUT_KILL_SEED", FIRST_SEED);
    let (next, ends) = (AtomicU64::new(first), first + kills.div_ceil(KILLS_OF_A_WORLD));
    let (started, tally) = (Instant::now(), Mutex::new(Tally::default()));
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= ends {
                        return;
                    }
                    let of_it = live(seed);
                    tally.lock().expect("no holder panics").add(&of_it);
                }
            });
        }
    });
    let tally = tally.into_inner().expect("no holder panics");
    eprintln!("{tally}\nin {} s", started.elapsed().as_secs());
    assert!(tally.kills >= kills, "{tally}");
    // Without these the storm would have missed what it is about.
    assert!(tally.sent * 10 >= tally.kills, "hardly a kill met a promise that was sent: {tally}");
    assert!(tally.open_runs * 4 >= tally.kills, "hardly a kill met a run: {tally}");
    assert!(tally.faults * 10 >= tally.kills, "hardly anything was lost on the line: {tally}");
}

/// One world from its first kill to its last check.
fn live(seed: u64) -> Tally {
    let _replay = Replay(seed);
    let mut storm = Storm::begin(seed);
    while storm.tally.kills < KILLS_OF_A_WORLD {
        storm.round();
    }
    storm.line.bad_weather(false);
    storm.settle();
    storm.check();
    storm.tally.worlds = 1;
    storm.tally.faults = storm.line.faults();
    storm.tally.clone()
}

/// Says how to see a failing world again.
struct Replay(u64);

impl Drop for Replay {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "\nkilled under seed {seed}; again with:\n\
                 TIEOUT_KILL_SEED={seed} TIEOUT_KILLS={KILLS_OF_A_WORLD} cargo test \
                 -p tieout-tests --test process -- --exact --nocapture \
                 storm::no_storm_of_kills_and_losses_makes_a_second_invoice",
                seed = self.0
            );
        }
    }
}

struct Storm {
    world: World,
    line: StormLine,
    chance: Chance,
    key: [u8; 32],
    /// Every deal that was won in this storm.
    deals: Vec<String>,
    /// The id of the invoice of each of them that has one.
    made: BTreeMap<String, String>,
    /// What the last command left on the disk.
    found: Found,
    /// Invoices that were there before.
    before: u64,
    tally: Tally,
    story: Vec<String>,
}

impl Drop for Storm {
    /// A failed check tells what happened before it.
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("\n{}", self.story.join("\n"));
        }
    }
}

impl Storm {
    fn begin(seed: u64) -> Self {
        let line = StormLine::new(seed);
        let world = World { sandbox: Sandbox::serve(), desk: Desk::new() };
        for brand in ["salesforce", "quickbooks"] {
            let address = line.to(world.sandbox.place(brand, "base_url"));
            world.connect_at(brand, &address, &[]);
        }
        // Under every second seed QuickBooks forgets our request ids, so that nothing but our own
        // questions stands between a lost answer and a second invoice.
        let remembers = seed.is_multiple_of(2);
        world.sandbox.switch("quickbooks", &json!({ "replay_request_ids": remembers }));
        world.desk.run(&["sync"]).exits(0);
        world.allow_writing("quickbooks");
        world.allow_writing("salesforce");
        // What the story itself still misses is invoiced in peace.
        world.desk.run(&["create", "--limit", "100"]);
        let key = autopsy::database_key(&world.desk);
        let before = world.sandbox.invoices();
        let mut storm = Self {
            found: autopsy::of(&world.desk, &key),
            world,
            line,
            chance: Chance::of(seed),
            key,
            deals: Vec::new(),
            made: BTreeMap::new(),
            before,
            tally: Tally::default(),
            story: Vec::new(),
        };
        storm.win_deals();
        storm.world.desk.run(&["sync"]).exits(0);
        storm
    }

    /// Sees to it that enough deals wait for an invoice.
    fn win_deals(&mut self) {
        let missing = (2 * DEALS_OPEN_MIN).saturating_sub(self.open_deals().len());
        for _ in 0..missing {
            let number = self.deals.len();
            let is_new = number.is_multiple_of(NEW_ACCOUNT_EVERY);
            let next = NEW_ACCOUNTS.get(number / NEW_ACCOUNT_EVERY).filter(|_| is_new);
            let account = next.map(|account| self.new_account(*account));
            let name = format!("Flow array {number}");
            let deal = self.world.win_a_deal_of(account.as_deref(), LIKE, &name);
            self.deals.push(deal);
            self.tally.deals += 1;
        }
    }

    fn new_account(&self, (name, street, city): (&str, &str, &str)) -> String {
        let fields = json!({
            "Name": name, "CurrencyIsoCode": "USD", "BillingStreet": street, "BillingCity": city,
            "BillingCountry": "United States",
        });
        self.world.sandbox.edit("Account", None, &fields)
    }

    /// Deals of the storm that no invoice in QuickBooks named when it was last looked.
    fn open_deals(&self) -> Vec<String> {
        self.deals.iter().filter(|deal| !self.made.contains_key(*deal)).cloned().collect()
    }

    /// Looks at the invoices in QuickBooks, by the deal that their note names. There are never two
    /// of one deal, at any time.
    fn look(&mut self) {
        let truth = self.world.sandbox.truth("quickbooks", "");
        self.made.clear();
        for document in list(&truth["documents"]) {
            let note = document["note"].as_str().unwrap_or_default();
            let Some((_, deal)) = note.split_once(" opp=") else { continue };
            let deal = deal.split_whitespace().next().unwrap_or_default().to_owned();
            // The story has notes of its own.
            if !self.deals.contains(&deal) {
                continue;
            }
            let id = text(&document["id"]);
            let other = self.made.insert(deal.clone(), id.clone());
            assert_eq!(other, None, "{deal} has a second invoice, {id}");
        }
    }

    /// One command and its end.
    fn round(&mut self) {
        if self.open_deals().len() < DEALS_OPEN_MIN {
            self.win_deals();
        }
        let (name, arguments) = self.command();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.line.bad_weather(self.chance.permille(700));
        let spared = self.chance.below(100) < SPARED_PERCENT;
        let (moment, hit) = match spared {
            true => ("spared", self.world.desk.run(&arguments).code.is_none()),
            false => self.kill(name, &arguments),
        };
        self.story.push(format!("{name}, {moment}{}", if hit { "" } else { ", ended before" }));
        let before = std::mem::replace(&mut self.found, autopsy::of(&self.world.desk, &self.key));
        match hit {
            true => self.tally.count(name, moment, before, self.found.clone()),
            false => self.tally.survived += 1,
        }
        self.look();
    }

    /// What is run and killed.
    fn command(&mut self) -> (&'static str, Vec<String>) {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let deal = self.chance.pick(&self.open_deals()).cloned().expect("some are always open");
        match self.chance.below(100) {
            0..15 => ("create one", owned(&["create", &deal])),
            15..40 => ("create all", owned(&["create", "--limit", "100"])),
            40..60 => ("sync", owned(&["sync"])),
            60..73 => ("resync and create", owned(&["resync", &deal, "--create"])),
            73..83 => match self.undecided().first() {
                Some(key) => ("send again", decision(key)),
                None => ("ask", owned(&["effects", "--ask"])),
            },
            _ => ("ask", owned(&["effects", "--ask"])),
        }
    }

    /// Runs the command and kills it. Says by which moment, and whether it was still running.
    fn kill(&mut self, name: &str, arguments: &[&str]) -> (&'static str, bool) {
        let by_the_clock = self.chance.permille(200);
        let writes_only = name.contains("create") && self.chance.permille(700);
        let passing = match (name, writes_only) {
            ("sync", _) => SYNC_REQUESTS,
            ("create all", true) | (_, false) => 3,
            _ => 1,
        };
        let trap = Trap {
            moment: *self.chance.pick(&Moment::OF_A_KILL).expect("there are some"),
            writes_only,
            after: self.chance.below(passing),
        };
        let clock = Duration::from_millis(self.chance.below(KILL_MS_MAX));
        let recording = Duration::from_micros(self.chance.below(RECORDING_US_MAX));
        let told = (!by_the_clock).then(|| self.line.set(trap));
        let mut program = start(&self.world.desk, arguments);
        let mut moment = "by the clock";
        match told {
            None => std::thread::sleep(clock),
            Some(told) => {
                let begun = Instant::now();
                while ended(&mut program).is_none() && begun.elapsed() < SPRUNG_WITHIN {
                    if told.recv_timeout(LOOK_EVERY).is_ok() {
                        moment = trap.moment.word();
                        if trap.moment == Moment::Delivered {
                            std::thread::sleep(recording);
                        }
                        break;
                    }
                }
            }
        }
        let lives = ended(&mut program).is_none();
        program.kill().expect("it is ours");
        program.wait().expect("it ends");
        self.line.release();
        (moment, lives)
    }

    /// Keys of unknown outcomes that a person does not find in QuickBooks.
    fn undecided(&self) -> Vec<String> {
        let view = self.world.desk.document(&["effects"]);
        let creates = |effect: &&Value| {
            effect["state"] == "unknown"
                && ["document", "customer"].iter().any(|it| effect["kind"] == *it)
        };
        let unknown = list(&view["effects"]).iter().filter(creates);
        let keys = unknown.map(|effect| text(&effect["key"]));
        keys.filter(|key| self.world.sandbox.documents_noted(key).is_empty()).collect()
    }

    /// What a person does once the storm is over: asks, looks, decides, syncs, creates.
    fn settle(&mut self) {
        for round in 0..SETTLED_AFTER_ROUNDS {
            self.world.desk.document(&["effects", "--ask"]);
            for key in self.undecided() {
                let decided = decision(&key);
                let words: Vec<&str> = decided.iter().map(String::as_str).collect();
                self.world.desk.run(&words);
                self.tally.decisions += 1;
            }
            self.world.desk.document(&["sync"]);
            let created = self.world.desk.document(&["create", "--limit", "200"]);
            self.look();
            if created["created"] == 0 && self.open_deals().is_empty() && self.is_settled() {
                return;
            }
            if round + 2 == SETTLED_AFTER_ROUNDS {
                std::thread::sleep(WAITED_OUT);
            }
        }
    }

    fn is_settled(&self) -> bool {
        self.world.desk.run(&["effects"]).code == Some(0)
    }

    fn check(&mut self) {
        let desk = &self.world.desk;
        desk.run(&["verify"]).exits(0);
        let view = desk.document(&["effects"]);
        let mut missing = 0;
        for deal in &self.deals {
            let own = |it: &&Value| it["kind"] == "document" && it["opportunity"] == **deal;
            let promises: Vec<&Value> = list(&view["effects"]).iter().filter(own).collect();
            let [promise] = promises.as_slice() else {
                let why = desk.run(&["create", deal, "--dry-run"]);
                panic!("{deal} has not one promise but {promises:?}: {why}");
            };
            match self.made.get(deal) {
                Some(id) => {
                    assert_eq!(promise["state"], "confirmed", "{promise}");
                    assert!(text(&promise["result_id"]).ends_with(id.as_str()), "{promise}");
                }
                None => {
                    waits_visibly(desk, deal, promise);
                    missing += 1;
                }
            }
        }
        self.tally.waiting += missing;
        let invoices = u64::try_from(self.deals.len()).expect("few deals") - missing;
        assert_eq!(self.world.sandbox.invoices(), self.before + invoices);
        self.totals_are_equal();
    }

    /// The last sync is complete, and what is held is what QuickBooks holds, to the cent.
    fn totals_are_equal(&self) {
        let sync = self.world.desk.document(&["sync"]);
        assert_eq!(sync["complete"], true, "{sync}");
        assert_eq!(sync["written_back"]["failed"], json!([]), "{sync}");
        let truth = self.world.sandbox.truth("quickbooks", "");
        let line = list(&sync["completeness"]).iter().find(|line| {
            line["measure"] == "invoices" && line["currency"] == "USD" && line["to"] == "2199-12-31"
        });
        let line = line.expect("a total of all invoices");
        assert_eq!(line["held_count"], truth["invoices"]["all"]["count"], "{line}");
        assert_eq!(line["held_sum"]["amount"], truth["invoices"]["all"]["sum"], "{line}");
        let again = self.world.desk.document(&["sync"]);
        assert_eq!(again["written_back"]["written"], 0, "written back twice: {again}");
    }
}

/// A deal without an invoice is in the list of what needs a person, or says when it goes on.
fn waits_visibly(desk: &Desk, deal: &str, promise: &Value) {
    assert!(promise["state"] != "confirmed" && promise["state"] != "sent", "{promise}");
    let told = !promise["error_code"].is_null() || !promise["next_at"].is_null();
    assert!(told, "nothing says why {deal} waits: {promise}");
    assert_eq!(desk.run(&["effects"]).code, Some(1), "{promise}");
}

fn decision(key: &str) -> Vec<String> {
    let words = ["effects", "--resolve", key, "--decision", "send-again", "--reason", LOOKED];
    words.map(str::to_owned).into()
}

fn start(desk: &Desk, arguments: &[&str]) -> Child {
    let mut command = desk.command(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

fn ended(program: &mut Child) -> Option<std::process::ExitStatus> {
    program.try_wait().expect("it is ours")
}
