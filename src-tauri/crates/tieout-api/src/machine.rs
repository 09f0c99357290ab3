//! The machine behind the ports: its clock and its randomness. Nobody else asks for them.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tieout_connect::clock::{Clock, Entropy};
use tieout_sim::clock::SimClock;

/// The clock of this computer.
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// The clock of a sandbox workspace: waiting moves it on.
pub struct SandboxClock(pub SimClock);

#[async_trait]
impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        let by = jiff::SignedDuration::try_from(duration).unwrap_or(jiff::SignedDuration::ZERO);
        self.0.advance(by);
    }
}

/// The operating system's random source.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has a random source");
    }
}

/// The zone of this computer: for a window that no company has told its own yet.
pub fn time_zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::system()
}

/// Variables with the name of the person at this computer. Who became root by `sudo` is still the
/// person that they were before.
const USER_VARIABLES: [&str; 4] = ["SUDO_USER", "USER", "USERNAME", "LOGNAME"];

/// The name of the person at this computer.
pub fn account_name() -> Option<String> {
    let named = |name: &&str| std::env::var(name).ok();
    let shown = |name: &String| !name.trim().is_empty();
    USER_VARIABLES.iter().filter_map(named).find(shown).or_else(|| account().filter(shown))
}

/// The account that this process runs under, where no variable names it.
fn account() -> Option<String> {
    let (program, arguments): (_, &[&str]) =
        if cfg!(target_os = "windows") { ("whoami", &[]) } else { ("id", &["-un"]) };
    let output = std::process::Command::new(program).args(arguments).output().ok()?;
    let name = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    Some(name.trim().to_owned())
}
