//! How the system or a person tells a serving process to stop.

use std::io;

/// Listened for from the moment it is made: whoever reads our first line cannot be too early.
#[cfg(unix)]
pub struct StopRequest {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopRequest {
    pub fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let (terminate, interrupt) = (SignalKind::terminate(), SignalKind::interrupt());
        Ok(Self { terminate: signal(terminate)?, interrupt: signal(interrupt)? })
    }

    pub async fn told(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// See the one for Unix; elsewhere there is only Ctrl-C.
#[cfg(not(unix))]
pub struct StopRequest;

#[cfg(not(unix))]
impl StopRequest {
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    pub async fn told(self) {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::warn!(%error, "Ctrl-C cannot be listened for");
        }
    }
}
