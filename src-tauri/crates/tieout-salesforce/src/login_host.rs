//! The host that a person signs in at.

use tieout_connect::endpoint::{BaseUrl, EndpointError};
use url::Url;

/// A login host: production, sandbox, or the organisation's own My Domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginHost(BaseUrl);

/// Why a text is not a login host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginHostError {
    /// Not an address, or one that breaks the encryption rule.
    #[error("the login host cannot be used")]
    Address(#[from] EndpointError),
}

const LIGHTNING_SUFFIX: &str = ".lightning.force.com";
const MY_DOMAIN_SUFFIX: &str = ".my.salesforce.com";

impl LoginHost {
    /// Reads what people paste: with or without `https://`, with a path behind it, or the address
    /// of the Lightning pages, which is not an API host and is rewritten (`salesforce §1`).
    pub fn parse(text: &str) -> Result<Self, LoginHostError> {
        let trimmed = text.trim();
        let with_scheme =
            if trimmed.contains("://") { trimmed.to_owned() } else { format!("https://{trimmed}") };
        let url = Url::parse(&with_scheme).map_err(|_| EndpointError::Unreadable)?;
        let host = url.host_str().ok_or(EndpointError::Unreadable)?;
        let host = match host.strip_suffix(LIGHTNING_SUFFIX) {
            Some(domain) => format!("{domain}{MY_DOMAIN_SUFFIX}"),
            None => host.to_owned(),
        };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let user = if url.username().is_empty() { "" } else { "user@" };
        Ok(Self(BaseUrl::parse(&format!("{}://{user}{host}{port}", url.scheme()))?))
    }

    /// `https://login.salesforce.com`, for production and Developer Edition.
    pub fn production() -> Self {
        Self(BaseUrl::parse("https://login.salesforce.com").expect("a valid address of our own"))
    }

    /// `https://test.salesforce.com`, for sandboxes.
    pub fn sandbox() -> Self {
        Self(BaseUrl::parse("https://test.salesforce.com").expect("a valid address of our own"))
    }

    /// Scheme, host and port.
    pub fn base(&self) -> &BaseUrl {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        assert_eq!(LoginHost::parse(text).unwrap().base().as_str(), want);
    }

    #[test]
    fn a_bare_host_gets_https() {
        check(" acme.my.salesforce.com ", "https://acme.my.salesforce.com");
    }

    #[test]
    fn a_pasted_page_is_cut_to_its_host() {
        check(
            "https://acme.my.salesforce.com/secur/frontdoor.jsp?sid=1#x",
            "https://acme.my.salesforce.com",
        );
    }

    #[test]
    fn a_lightning_page_is_rewritten() {
        check(
            "https://acme.lightning.force.com/lightning/r/Opportunity/006/view",
            "https://acme.my.salesforce.com",
        );
        check(
            "https://acme--uat.sandbox.lightning.force.com",
            "https://acme--uat.sandbox.my.salesforce.com",
        );
    }

    #[test]
    fn a_sandbox_of_ours_is_plain_http_on_this_computer() {
        check("http://127.0.0.1:8017", "http://127.0.0.1:8017");
    }

    #[test]
    fn plain_http_elsewhere_is_refused() {
        assert!(LoginHost::parse("http://acme.my.salesforce.com").is_err());
        assert!(LoginHost::parse("https://me@acme.my.salesforce.com").is_err());
        assert!(LoginHost::parse("").is_err());
    }

    #[test]
    fn the_two_general_hosts() {
        assert_eq!(LoginHost::production().base().host(), "login.salesforce.com");
        assert_eq!(LoginHost::sandbox().base().host(), "test.salesforce.com");
    }
}
