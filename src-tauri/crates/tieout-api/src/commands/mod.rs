//! What a person or a script can ask for. Each command takes an open workspace and returns a
//! document of `views`.

mod assign;
mod companies;
mod connections;
mod create;
mod decide;
mod dossier;
mod duplicates;
mod effects;
pub(crate) mod exceptions;
pub(crate) mod frame;
mod grids;
mod leakage;
mod link;
mod rehearse;
mod sync;
pub(crate) mod verify;

pub use assign::{AssignOptions, Assigning, assign};
pub use companies::companies;
pub use connections::{connections, disconnect, set_writing};
pub use create::{CreateOptions, CreateView, PlannedView, create};
pub use decide::{Choice, DecideOptions, DecisionView, decide};
pub use duplicates::{DuplicatesOptions, PairWord, duplicates};
pub use effects::{EffectsOptions, Resolution, check_kind, check_state, effects};
pub use exceptions::exceptions;
pub use frame::{FrameOptions, check_date, check_moment, check_month};
pub use grids::{deals, receivables, reconcile};
pub use leakage::leakage;
pub use link::{LinkOptions, link};
pub use rehearse::{RehearseOptions, rehearse};
pub use sync::{ResyncView, SyncOptions, SyncView, WriteBackView, resync, sync};
pub use verify::{VerifyView, verify_file, verify_workspace};

pub(crate) use grids::{reading, reconciliation_view};
pub(crate) use sync::{deal_id, run_sync};
