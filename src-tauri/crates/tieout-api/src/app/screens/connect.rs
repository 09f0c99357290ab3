//! Signing in from the window.

/// The sign-in that is under way.
#[derive(Default)]
pub(crate) struct SignIn {}

impl SignIn {
    pub(crate) fn cancel(&self) {}
}
