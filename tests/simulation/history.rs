//! Random histories: everything that people, the network and the machine do, in an order that
//! follows from a seed.

use tieout_domain::ids::DealId;
use tieout_tests::trace;

use crate::chance::Chance;
use crate::coverage::did;
use crate::planted::Planted;
use crate::world::{Class, Skew, World};

/// Steps of a history, at least, and how many more it may have: most are short, since most of what
/// can go wrong needs few steps, and some are long.
const STEPS: [(u64, u64); 4] = [(2, 5), (2, 5), (5, 8), (10, 14)];
/// A look-up misses an invoice for less than the wait after which its answer counts.
const STALE_SECS_MAX: u64 = 55;
/// Crash points of one step, about.
const CRASH_POINTS: u64 = 40;
/// A place of death is rare that was passed less often than this.
const RARE: u64 = 5;
/// Rare places that one step passes, about.
const RARE_PLACES: u64 = 8;
/// What people in accounting do when they delete an invoice.
const DELETED: u64 = 1;
/// Clocks of the servers are wrong by less than this.
const SKEW_SECS_MAX: u64 = 240;
/// One history in so many is listened to while it lives: hearing every log line takes its time.
const LISTENED_EVERY: u64 = 16;

/// A long transaction in the CRM, shorter than what the connector waits for.
const LATE_COMMIT_SECS_MAX: u64 = 60;

/// How bad the network of a history is, in faults per thousand requests.
const WEATHERS: [u64; 4] = [0, 20, 80, 250];

struct History {
    chance: Chance,
    world: World,
    has_copy: bool,
}

/// Lives one history, and listens to some.
pub fn live(seed: u64) {
    let lived = || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(History::live(seed))
    };
    if !seed.is_multiple_of(LISTENED_EVERY) {
        lived();
        return;
    }
    let (world, heard) = trace::during(lived);
    let planted = Planted::new(&world.planted());
    assert!(!planted.is_in(heard.as_bytes()), "a log line holds a secret");
}

impl History {
    async fn live(seed: u64) -> World {
        let mut chance = Chance::of(seed);
        let class = *chance.pick(&Class::ALL).unwrap();
        let permille = *chance.pick(&WEATHERS).unwrap();
        let skew = Skew {
            salesforce_secs: within(&mut chance, SKEW_SECS_MAX),
            quickbooks_secs: within(&mut chance, SKEW_SECS_MAX),
        };
        let mut world = World::with_clocks(class, chance.below(4) > 0, skew).await;
        world.say(format!("{class:?}, {permille} faults in 1,000 requests, {skew:?}"));
        if chance.permille(300) {
            let every_time = serde_json::json!({ "rotate_every_refresh": true });
            world.quickbooks.switch(&every_time).unwrap();
        }
        if chance.permille(400) {
            let rows = usize::try_from(1 + chance.below(4)).unwrap();
            world.salesforce.switch(|switches| {
                switches.page_rows = rows;
                switches.uneven_pages = true;
            });
            world.say(format!("pages of {rows} rows"));
        }
        if chance.permille(200) {
            let secs = u32::try_from(1 + chance.below(LATE_COMMIT_SECS_MAX)).unwrap();
            world.late_secs = secs;
            world.say(format!("changes are seen {secs} s after their stamp"));
        }
        world.close_a_deal(0, 100_000);
        // Some begin in peace, so that there is an invoice to do things with.
        let begins_in_peace = chance.permille(700);
        let weather = Chance::of(chance.next());
        if permille > 0 && !begins_in_peace {
            world.network.weather(weather.clone(), permille);
        }
        world.sync(false).await;
        if begins_in_peace {
            world.create(&[]).await;
        }
        if permille > 0 {
            world.network.weather(weather, permille);
        }
        let (least, more) = *chance.pick(&STEPS).unwrap();
        let steps = least + chance.below(more);
        let mut history = Self { chance, world, has_copy: false };
        for _ in 0..steps {
            history.step().await;
            history.world.count_invoices();
            history.world.check_never_two();
        }
        let mut world = history.world;
        world.come_to_rest().await;
        world.check_at_rest();
        world.a_person_decides().await;
        world
    }

    async fn step(&mut self) {
        match self.chance.below(24) {
            0..5 => self.in_crm(),
            5..11 => self.in_ledger(),
            11..15 => self.machine().await,
            _ => self.product().await,
        }
    }

    fn in_crm(&mut self) {
        let (account, amount) = (self.chance.below(3), 1_000 + self.chance.below(500_000));
        let at = usize::try_from(account).unwrap();
        let won = self.world.won_deals();
        let kind = self.chance.below(18);
        let Some(deal) = self.chance.pick(&won).filter(|_| kind >= 5) else {
            let deal = self.world.close_a_deal(at, amount);
            did("a deal is won");
            return self.world.say(format!("{deal} is won with {amount} cents"));
        };
        let days = within(&mut self.chance, 40);
        let world = &self.world;
        let (what, done) = match kind {
            5 => ("a deal gets another amount", world.change_an_amount(deal, amount)),
            6 => ("a deal gets a line", world.add_a_line(deal, amount)),
            7 => ("a deal loses a line", world.delete_a_line(deal)),
            8 => ("a deal is opened again", world.reopen_the_deal(deal)),
            9 => ("a deal is deleted", world.delete_the_deal(deal)),
            10 => ("a deal is split", world.split_the_deal(deal, amount)),
            11 => ("a deal gets another owner", world.change_the_owner(deal, amount)),
            12 => ("a deal gets another account", world.change_the_account(deal, at)),
            13 => ("a close date moves", world.move_the_close_date(deal, days)),
            14 => ("an account is renamed", world.rename_an_account(at, amount)),
            15 => ("a deal gets another currency", world.change_the_currency(deal, amount)),
            16 => ("a deal becomes unreadable", world.spoil_the_deal(deal)),
            _ => ("two accounts are merged", world.merge_accounts(at)),
        };
        did(if done.is_ok() { what } else { "people were refused" });
        self.world.say(format!("{what}: {deal} {account} {amount} {done:?}"));
    }

    fn in_ledger(&mut self) {
        let amount = 1_000 + self.chance.below(200_000);
        let at = usize::try_from(self.chance.below(5)).unwrap();
        let (invoices, deals) = (self.world.invoices(), self.world.won_deals());
        let kind = self.chance.below(20);
        let deal = self.chance.pick(&deals).cloned().unwrap_or_default();
        let Some(invoice) = self.chance.pick(&invoices) else { return };
        let open = crate::clerk::cents_of(&invoice.open);
        let customer = invoice.customer.clone().unwrap_or_default();
        let world = &self.world;
        let (what, done) = match kind {
            0 => ("an invoice is voided", world.void(invoice)),
            DELETED => ("an invoice is deleted", world.delete(invoice)),
            2 => ("an invoice is backdated", world.redate(invoice, -20)),
            3 => ("an invoice is paid in part", world.pay(invoice, open / 2 + 1)),
            4 => ("an invoice is overpaid", world.pay(invoice, open + 5_000)),
            5 => ("the books are closed", world.close_the_books(3)),
            6 => ("the books are opened", world.close_the_books(60)),
            7 => ("an invoice is keyed by hand", world.key_by_hand(&customer, amount)),
            8 => ("the same invoice is keyed by hand", world.key_the_same_by_hand(&deal)),
            9 => ("one payment for all", world.pay_in_one_batch(invoice)),
            10 => ("money comes early", world.pay_early(&customer, amount)),
            11 => ("what is left is applied", world.apply_what_is_left(invoice)),
            12 => ("a payment is deleted", world.delete_a_payment(at)),
            13 | 14 => ("an invoice is credited", world.credit(invoice, amount)),
            15 => ("a credit is refunded", world.refund(at)),
            16 => ("an invoice is written off", world.write_off(invoice)),
            17 => ("a customer is renamed", world.rename_the_customer(&customer, amount)),
            18 => ("an invoice becomes unreadable", world.spoil_the_invoice(invoice)),
            _ => ("an invoice is edited", world.edit_the_invoice(invoice, amount)),
        };
        did(if done.is_ok() { what } else { "people were refused" });
        let done = done.map(|_| "done");
        self.world.say(format!("{what}: {} {amount} {done:?}", invoice.id));
        if kind == DELETED && done.is_ok() {
            self.world.note_deleted(&invoice.id);
        }
    }

    async fn machine(&mut self) {
        let what = match self.chance.below(16) {
            0 => {
                self.world.restart().await;
                "the program is started again"
            }
            1 => {
                let days = 1 + self.chance.below(6);
                self.world.sleep(i64::try_from(days * 86_400).unwrap());
                "the machine sleeps for days"
            }
            2 => {
                self.world.set_clock_wrong(within(&mut self.chance, 600));
                "the laptop's clock is set"
            }
            3 => {
                self.world.keep_a_copy();
                self.has_copy = true;
                "a copy of the store is kept"
            }
            4 if self.has_copy => {
                // Taking a copy back takes a person a while.
                self.world.sleep(900);
                self.world.restore_the_copy().await;
                // Nobody reads first: what the copy has forgotten is asked for before it is sent.
                if self.chance.permille(600) {
                    self.world.create(&[]).await;
                }
                "the copy takes the place of the store"
            }
            5 => {
                let secs = i64::try_from(self.chance.below(STALE_SECS_MAX)).unwrap();
                self.world.network.stale(secs);
                "look-ups fall behind"
            }
            6 => {
                self.world.start_twice();
                "the program is started twice"
            }
            7 if self.chance.permille(500) => {
                self.world.start_on_a_full_disk().await;
                self.world.sync(false).await;
                self.world.create(&[]).await;
                self.world.make_room().await;
                "the program starts on a full disk"
            }
            8 => {
                self.world.salesforce.end_sessions();
                self.world.salesforce.switch(|switches| switches.refresh_busy = 2);
                "another renewal of the tokens is under way"
            }
            10 => {
                self.world.mend();
                "people put right what cannot be read"
            }
            9 => {
                self.world.end();
                self.world.sign_in().await;
                self.world.start().await;
                "a person signs in again"
            }
            _ => {
                let secs = i64::try_from(20 + self.chance.below(1_500)).unwrap();
                self.world.sleep(secs);
                "a while passes"
            }
        };
        did(what);
        self.world.say(what);
    }

    async fn product(&mut self) {
        if self.world.sign_in_needed && self.chance.permille(600) {
            self.world.end();
            self.world.sign_in().await;
            self.world.start().await;
            self.world.say("a person signs in, as asked");
            did("a person signs in, as asked");
        }
        let at = u32::try_from(self.chance.below(CRASH_POINTS)).unwrap();
        let passed_before = u32::try_from(self.chance.below(RARE)).unwrap();
        let after = u32::try_from(self.chance.below(RARE_PLACES)).unwrap();
        match self.chance.below(24) {
            0..3 => self.world.die_at(Some(at)),
            3 => self.world.fill_at(at),
            4..11 => self.world.end_at_a_rare_place(passed_before, after, false),
            11 => self.world.end_at_a_rare_place(passed_before, after, true),
            _ => self.world.die_at(None),
        }
        let deals = self.world.won_deals();
        let deal = self.chance.pick(&deals).map(|deal| DealId::new(deal).unwrap());
        match (self.chance.below(10), deal) {
            (0..4, _) => drop(self.world.sync(false).await),
            (4, _) => drop(self.world.sync(true).await),
            (5..8, _) => {
                let lived = self.world.create(&[]).await.is_some();
                // People ask again when nothing happened, and nobody reads first.
                if !lived && self.chance.permille(500) {
                    self.world.create(&[]).await;
                }
            }
            (8, Some(deal)) => drop(self.world.create(&[deal]).await),
            (_, Some(deal)) => self.world.resync(&deal).await,
            (_, None) => drop(self.world.sync(false).await),
        }
        if self.world.disk_is_full() {
            self.world.make_room().await;
        }
        self.world.die_at(None);
    }
}

/// From `-most` to `most`.
fn within(chance: &mut Chance, most: u64) -> i64 {
    i64::try_from(chance.below(2 * most + 1)).unwrap() - i64::try_from(most).unwrap()
}
