//! What a connection is made of, and our part of what the tool allows (`xero §2.5`, `§5`).

use std::sync::Arc;

use tieout_connect::budget::{BudgetLimits, DailyShare};
use tieout_connect::cancel::Cancel;
use tieout_connect::clock::{Clock, Entropy};
use tieout_connect::session::{Base, RenewalPolicy, Session, SessionParts, TokenStore};
use tieout_connect::transport::Transport;

use crate::config::App;
use crate::errors::XeroDialect;

/// Renewed five minutes before the token's half hour ends (`xero §2.5`).
const RENEW_EARLY_SECS: u32 = 300;
/// How long a replaced refresh token still works.
const PREVIOUS_TOKEN_SECS: u32 = 30 * 60;
/// Calls of a day that are left for what a person asks for.
const RESERVED_CALLS: u32 = 200;

/// Our part of the minute, below the tool's 60 and its five at one time (`xero §5`).
const IN_FLIGHT_MAX: usize = 4;
const PER_MINUTE_MAX: u32 = 50;

/// The budget of one organisation. All calls of the day are ours: other apps have their own.
pub fn budget(calls_per_day: u32) -> BudgetLimits {
    let ours = calls_per_day.saturating_sub(RESERVED_CALLS).saturating_mul(100);
    let percent = ours / calls_per_day.max(1);
    BudgetLimits {
        in_flight_max: IN_FLIGHT_MAX,
        writes_in_flight_max: 1,
        per_minute_max: Some(PER_MINUTE_MAX),
        daily: Some(DailyShare { ours_percent: percent, everybody_percent: percent }),
    }
}

/// What a connection is made of besides the organisation.
pub struct Wiring {
    pub transport: Arc<dyn Transport>,
    /// One per person and app, shared by all organisations of the two: see `grant_key`.
    pub store: Arc<dyn TokenStore>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub cancel: Cancel,
}

/// The session of an app; it reaches every organisation that the sign-in covers.
pub(crate) fn session(app: &App, wiring: Wiring) -> Session {
    Session::new(SessionParts {
        transport: wiring.transport,
        oauth: app.oauth(),
        store: wiring.store,
        clock: wiring.clock,
        entropy: wiring.entropy,
        dialect: Arc::new(XeroDialect { calls_per_day: app.daily_calls() }),
        base: Base::Fixed(app.environment().api()),
        renewal: RenewalPolicy {
            early_secs: Some(RENEW_EARLY_SECS),
            previous_lives_secs: PREVIOUS_TOKEN_SECS,
        },
        budget: budget(app.daily_calls()),
        cancel: wiring.cancel,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hundred_calls_of_a_day_are_left_for_people() {
        let share = |calls| budget(calls).daily.unwrap().ours_percent;
        assert_eq!(share(5_000), 96);
        assert_eq!(share(1_000), 80);
    }

    #[test]
    fn the_minute_is_never_used_up() {
        let budget = budget(5_000);
        assert_eq!((budget.in_flight_max, budget.per_minute_max), (4, Some(50)));
    }
}
