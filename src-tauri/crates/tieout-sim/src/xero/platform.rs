//! The app and its organisations: what a snapshot holds.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::books::Books;
use super::config::{AppConfig, TenantConfig};
use super::edit::Scheduled;
use super::idempotency::Replays;
use super::limiter::Limiter;
use super::oauth::Grants;

/// Everything that a restart must not lose.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Platform {
    pub config: AppConfig,
    pub tenants: Vec<Tenant>,
    pub grants: Grants,
    pub replays: Replays,
    pub schedule: Vec<Scheduled>,
    /// What people do right after the next page of a list was read.
    pub between_pages: Vec<super::edit::Edit>,
    /// Scheduled edits that the books refused.
    pub failed_edits: Vec<String>,
    /// Answers given so far; makes the ids of answers.
    pub answers: u64,
}

/// One organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tenant {
    pub config: TenantConfig,
    pub books: Books,
    pub limiter: Limiter,
}

impl Tenant {
    pub fn new(config: TenantConfig, opened: Timestamp) -> Self {
        let books = Books::new(&config, opened);
        Self { limiter: Limiter::of(&config.tenant_id), config, books }
    }
}

impl Platform {
    pub fn new(config: AppConfig, tenants: Vec<Tenant>) -> Self {
        Self {
            config,
            tenants,
            grants: Grants::default(),
            replays: Replays::default(),
            schedule: Vec::new(),
            between_pages: Vec::new(),
            failed_edits: Vec::new(),
            answers: 0,
        }
    }

    pub fn tenant(&self, id: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| tenant.config.tenant_id.eq_ignore_ascii_case(id))
    }

    pub fn tenant_mut(&mut self, id: &str) -> Option<&mut Tenant> {
        self.tenants.iter_mut().find(|tenant| tenant.config.tenant_id.eq_ignore_ascii_case(id))
    }
}
