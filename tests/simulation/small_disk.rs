//! A disk that is really full: the operating system lets no file of this process grow further.

use std::process::Command;

use tieout_domain::effect::EffectState;
use tieout_engine::EngineError;
use tieout_store::StoreError;

use crate::world::{Class, World};

/// Set in the process whose files may not grow.
const INSIDE: &str = "TIEOUT_ON_A_SMALL_DISK";
/// Largest file of that process, in blocks of 512 bytes: more than a new store needs.
const BLOCKS: &str = "4096";
/// Runs after which the journal has certainly reached that size.
const RUNS_MAX: u64 = 200;
/// The signal that comes with the refusal is ignored, as SQLite wants it.
const SCRIPT: &str = "trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"";

#[cfg(unix)]
#[test]
fn nothing_is_sent_from_a_full_disk() {
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        return runtime.block_on(until_it_is_full());
    }
    let program = std::env::current_exe().unwrap();
    let mut inside = Command::new("/bin/sh");
    inside.args(["-c", SCRIPT, BLOCKS]).arg(program);
    inside.args(["--exact", "small_disk::nothing_is_sent_from_a_full_disk", "--nocapture"]);
    let status = inside.env(INSIDE, "yes").status().unwrap();
    assert!(status.success(), "the process on the small disk failed: {status}");
}

async fn until_it_is_full() {
    let mut world = World::new(Class::MarkerSearch, true).await;
    for at in 0..RUNS_MAX {
        world.close_a_deal(0, 1_000 + at);
        let deals = world.won_deals();
        let run = world.try_everything().await;
        match run {
            Ok(()) => continue,
            Err(EngineError::Store(StoreError::DiskFull(_))) => {
                world.say(format!("full after {} deals", deals.len()));
                return check_full(&mut world).await;
            }
            Err(other) => panic!("a full disk is told as {other:?}"),
        }
    }
    panic!("the disk was never full");
}

/// Whatever is in the ledger was promised first, and what was stored is still there.
async fn check_full(world: &mut World) {
    world.count_invoices();
    world.check_never_two();
    world.restart().await;
    let effects = world.documents_promised();
    for invoice in world.invoices() {
        let key = crate::world::key_in(&invoice.note).unwrap();
        let effect = effects.iter().find(|effect| effect.key == key);
        let state = effect.map(|effect| effect.state);
        let left = state.is_some_and(|state| state != EffectState::Intended);
        assert!(left, "{key} is in the ledger and here {state:?}");
    }
    let verdict = world.engine().store.verify_audit().unwrap();
    assert_eq!(verdict.broken_at, None, "the audit chain is broken");
}
