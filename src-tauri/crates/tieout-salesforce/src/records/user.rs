//! `User` (`salesforce §7 User`): never deleted, only made inactive.

use tieout_connect::json::{Reading, Record};
use tieout_domain::facts::{Stream, User};
use tieout_domain::ids::UserId;

use super::traits::traits;
use super::{Context, stamp};

pub(super) fn user(record: &Record<'_>, context: Context<'_>) -> Reading<User> {
    Ok(User {
        id: record.id("Id", UserId::new)?,
        stamp: stamp(record, "SystemModstamp")?,
        name: record.text("Name")?,
        active: record.flag("IsActive")?,
        traits: traits(Stream::Users, record, context)?,
    })
}
