//! Web addresses that a request may go to: https, or plain http to this very computer.

use std::fmt;

use url::{Host, Url};

/// Why an address is refused before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// No address, or one without a host.
    #[error("not a web address")]
    Unreadable,
    /// Anything but https, unless the host is this computer.
    #[error("only https is allowed for {host}")]
    NotEncrypted { host: String },
    /// It would end up in logs and in other programs' hands.
    #[error("a web address must not carry a user name or password")]
    Credentials,
    /// A path appended to it would end up inside the query.
    #[error("a base address must not carry a query or fragment")]
    NotABase,
    /// A path that would leave the base it is joined to.
    #[error("the path leads away from {host}")]
    OtherHost { host: String },
}

/// Whether the host of the address is this computer: 127.0.0.0/8, ::1 or `localhost`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// The one rule about encryption (`design §4`): https everywhere, plain http to loopback only.
pub fn require_allowed(url: &Url) -> Result<(), EndpointError> {
    let host = url.host_str().ok_or(EndpointError::Unreadable)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EndpointError::Credentials);
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        _ => Err(EndpointError::NotEncrypted { host: host.to_owned() }),
    }
}

/// A complete address, such as a token endpoint.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Endpoint {
    /// Reads an address and applies the encryption rule. A fragment is dropped.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let mut url = Url::parse(text.trim()).map_err(|_| EndpointError::Unreadable)?;
        require_allowed(&url)?;
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The address in parts.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The address as it is sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Host and port as shown in the list of hosts contacted.
    pub fn authority(&self) -> &str {
        self.0.authority()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::secret::loggable_url(self.0.as_str()))
    }
}

/// Scheme, host, port and an optional path prefix that paths are appended to.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads a base address; trailing slashes are dropped, a query or fragment is refused.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text.trim()).map_err(|_| EndpointError::Unreadable)?;
        require_allowed(&url)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::NotABase);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// Appends a path with optional query. The path must begin with one slash and cannot lead to
    /// another host, so that a token is never sent to a place that an answer made up.
    pub fn join(&self, path_and_query: &str) -> Result<Endpoint, EndpointError> {
        let other = || EndpointError::OtherHost { host: self.host().to_owned() };
        if !path_and_query.starts_with('/') || path_and_query.starts_with("//") {
            return Err(other());
        }
        let endpoint = Endpoint::parse(&format!("{}{path_and_query}", self.0))?;
        let base = Url::parse(&self.0).map_err(|_| EndpointError::Unreadable)?;
        if endpoint.0.origin() == base.origin() { Ok(endpoint) } else { Err(other()) }
    }

    /// Host without port.
    pub fn host(&self) -> &str {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        match authority.rfind(':') {
            Some(at) if !authority.ends_with(']') => &authority[..at],
            _ => authority,
        }
    }

    /// Without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn allowed(text: &str) {
        Endpoint::parse(text).expect("allowed");
    }

    #[track_caller]
    fn refused(text: &str, want: EndpointError) {
        assert_eq!(Endpoint::parse(text), Err(want));
    }

    fn not_encrypted(host: &str) -> EndpointError {
        EndpointError::NotEncrypted { host: host.to_owned() }
    }

    #[test]
    fn https_is_allowed() {
        allowed("https://login.salesforce.com/services/oauth2/token");
    }

    #[test]
    fn plain_http_is_allowed_to_this_computer() {
        allowed("http://localhost:1717/cb");
        allowed("http://127.0.0.1:1717/cb");
        allowed("http://127.9.8.7/cb");
        allowed("http://[::1]:1717/cb");
    }

    #[test]
    fn plain_http_is_refused_elsewhere() {
        refused("http://login.salesforce.com/", not_encrypted("login.salesforce.com"));
        refused("http://localhost.evil.example/", not_encrypted("localhost.evil.example"));
        refused("http://10.0.0.1/", not_encrypted("10.0.0.1"));
        refused("http://[::2]/", not_encrypted("[::2]"));
    }

    #[test]
    fn other_schemes_are_refused() {
        refused("ftp://localhost/", not_encrypted("localhost"));
        refused("file:///etc/passwd", EndpointError::Unreadable);
        refused("not an address", EndpointError::Unreadable);
    }

    #[test]
    fn a_password_in_the_address_is_refused() {
        refused("https://me:pw@login.salesforce.com/", EndpointError::Credentials);
    }

    #[test]
    fn a_base_takes_paths_and_queries() {
        let base = BaseUrl::parse("http://127.0.0.1:8080/qbo/").expect("base");
        let joined = base.join("/v3/company/1/query?q=a").expect("joined");
        assert_eq!(joined.as_str(), "http://127.0.0.1:8080/qbo/v3/company/1/query?q=a");
        assert_eq!(base.host(), "127.0.0.1");
    }

    #[test]
    fn a_path_cannot_lead_to_another_host() {
        let base = BaseUrl::parse("https://acme.my.salesforce.com").expect("base");
        for path in [
            "@evil.example/x",
            ".evil.example/x",
            "//evil.example/x",
            "https://evil.example",
            ":81/x",
        ] {
            assert!(base.join(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_base_has_no_query() {
        assert_eq!(BaseUrl::parse("https://a.example/?x=1"), Err(EndpointError::NotABase));
    }

    #[test]
    fn a_host_is_shown_without_its_port() {
        assert_eq!(BaseUrl::parse("https://[::1]:99/x").expect("base").host(), "[::1]");
        assert_eq!(BaseUrl::parse("https://a.example:99/x").expect("base").host(), "a.example");
        assert_eq!(BaseUrl::parse("https://[::1]").expect("base").host(), "[::1]");
    }
}
