//! A person's wish to stop, seen by every wait.

use tokio::sync::watch;

/// Clones share one wish. Waits of this crate end with `Cancelled` once it is given.
#[derive(Clone, Debug)]
pub struct Cancel {
    wish: watch::Sender<bool>,
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl Cancel {
    /// Nobody has asked to stop yet.
    pub fn new() -> Self {
        Self { wish: watch::Sender::new(false) }
    }

    /// Asks every holder of a clone to stop at its next wait.
    pub fn cancel(&self) {
        self.wish.send_replace(true);
    }

    /// Whether somebody has asked to stop. It is never taken back.
    pub fn is_cancelled(&self) -> bool {
        *self.wish.borrow()
    }

    /// Waits until somebody cancels.
    pub async fn cancelled(&self) {
        let mut seen = self.wish.subscribe();
        // Cannot fail: `self` holds the sender for as long as this waits.
        let _ = seen.wait_for(|stop| *stop).await;
    }

    /// Runs `work` until it ends (`Some`) or somebody cancels (`None`).
    pub async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.cancelled() => None,
            done = work => Some(done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_ends_is_handed_on() {
        assert_eq!(Cancel::new().unless_cancelled(async { 7 }).await, Some(7));
    }

    #[tokio::test]
    async fn a_wish_given_before_stops_at_once() {
        let cancel = Cancel::new();
        cancel.clone().cancel();
        assert!(cancel.is_cancelled());
        assert_eq!(cancel.unless_cancelled(async { 7 }).await, None);
    }

    #[tokio::test]
    async fn a_wish_given_meanwhile_ends_the_wait() {
        let cancel = Cancel::new();
        let other = cancel.clone();
        let (stopped, ()) =
            tokio::join!(cancel.unless_cancelled(std::future::pending::<()>()), async {
                other.cancel()
            });
        assert_eq!(stopped, None);
    }
}
