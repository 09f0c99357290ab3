//! Once: whatever is sent twice under one key, and found by it.

use tieout_domain::effect::Replay;

use crate::driver::Trial;
use crate::stand::{Later, Stand};

const DAY_SECS: i64 = 86_400;

pub async fn twice<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let (stand, port) = (&trial.stand, trial.port.as_ref());
    stand.write(port, 1).await.expect("written");
    let again = stand.write(port, 1).await;
    if let Err(error) = &again {
        stand.world().judge(error);
        assert!(error.is_refusal(), "a second one is refused or is the first: {error:?}");
    }
    assert_eq!(stand.written(), 1);

    stand.world().pass(DAY_SECS);
    let later = stand.write(port, 2).await;
    match S::brand().later {
        Later::Refused => {
            let error = later.expect_err("the key is taken");
            stand.world().judge(&error);
            assert!(error.is_refusal(), "{error:?}");
        }
        Later::Same => later.expect("laid over the first"),
        // No number stands in the way: the declared class forbids to send without asking first.
        Later::Second => {
            later.expect("the tool takes it for another one");
            assert_eq!(stand.written(), 2, "if nobody asks");
            let declared = S::brand().replay;
            assert!(!matches!(declared, Replay::UniqueExternalId), "{declared:?}");
            return;
        }
    }
    assert_eq!(stand.written(), 1);
}

pub async fn look_up<S: Stand>() {
    let trial = Trial::<S>::begin().await;
    let (stand, port) = (&trial.stand, trial.port.as_ref());
    trial.stand.make(2, 1);
    assert!(!stand.look_up(port).await.expect("asked"), "others are not taken for ours");
    stand.write(port, 1).await.expect("written");
    assert!(stand.look_up(port).await.expect("asked"));
    let another = stand.connect().await;
    assert!(stand.look_up(another.as_ref()).await.expect("asked"), "a new process finds it too");
}
