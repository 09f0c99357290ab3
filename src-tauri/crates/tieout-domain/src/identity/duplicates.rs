//! Evidence that two records may be one customer although no key says so
//! (`finance-domain §5` failure 2, `§6 R2`).

use super::countries::country_code;
use super::folding::normalised;
use super::names::{names_unlike, normalised_name};
use super::tax_number::{self, TaxComparison, TaxNumber};
use crate::facts::{Account, Address, Customer};

/// One thing that an Account and a customer have in common. Evidence for a person only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Equal numbers of one country: on a customer beside the one that is linked.
    TaxNumber,
    /// Equal numbers, but the country of one is not known.
    TaxNumberWithoutCountry,
    /// The same name once case, accents and legal form are left out.
    Name,
    /// The Account's website and the customer's email or website share a domain.
    Domain,
    /// The same street and postal code, and names that share a word.
    Address,
}

impl Likeness {
    /// What is alike, in words that follow "the same".
    pub const fn words(self) -> &'static str {
        match self {
            Self::TaxNumber => "tax number",
            Self::TaxNumberWithoutCountry => "tax number, country unknown",
            Self::Name => "name",
            Self::Domain => "internet domain",
            Self::Address => "address and a similar name",
        }
    }
}

/// Domains that many companies share, so they say nothing about identity.
const SHARED_DOMAINS: [&str; 16] = [
    "aol.com",
    "facebook.com",
    "gmail.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "linkedin.com",
    "live.com",
    "mail.com",
    "msn.com",
    "outlook.com",
    "protonmail.com",
    "web.de",
    "yahoo.com",
];

/// Everything that an Account and a customer have in common, strongest first. Empty: unrelated.
pub fn likenesses(account: &Account, customer: &Customer) -> Vec<Likeness> {
    let mut found = Vec::new();
    match tax_numbers(account, customer) {
        TaxComparison::Same => found.push(Likeness::TaxNumber),
        TaxComparison::EqualWithoutCountry => found.push(Likeness::TaxNumberWithoutCountry),
        TaxComparison::Different | TaxComparison::Nothing => {}
    }
    if same_name(account, customer) {
        found.push(Likeness::Name);
    }
    if same_domain(account, customer) {
        found.push(Likeness::Domain);
    }
    if same_address(&account.address, &customer.address) && !unlike(account, customer) {
        found.push(Likeness::Address);
    }
    found
}

/// Compares the tax numbers of the two records within their countries.
pub fn tax_numbers(account: &Account, customer: &Customer) -> TaxComparison {
    match (&account.tax_number, &customer.tax_number) {
        (Some(ours), Some(theirs)) => tax_number::compare(
            TaxNumber { text: ours, country: account.address.country.as_deref() },
            TaxNumber { text: theirs, country: customer.address.country.as_deref() },
        ),
        _ => TaxComparison::Nothing,
    }
}

/// Whether the Account's name is unlike both names of the customer.
pub fn unlike(account: &Account, customer: &Customer) -> bool {
    names_of(customer).all(|name| names_unlike(&account.name, name))
}

fn names_of(customer: &Customer) -> impl Iterator<Item = &str> {
    [Some(customer.name.as_str()), customer.legal_name.as_deref()].into_iter().flatten()
}

fn same_name(account: &Account, customer: &Customer) -> bool {
    let ours = normalised_name(&account.name);
    !ours.is_empty() && names_of(customer).any(|name| normalised_name(name) == ours)
}

fn same_domain(account: &Account, customer: &Customer) -> bool {
    let Some(ours) = account.website.as_deref().and_then(domain) else {
        return false;
    };
    let theirs = [customer.email.as_deref(), customer.website.as_deref()];
    theirs.into_iter().flatten().filter_map(domain).any(|domain| domain == ours)
}

/// The domain of a web or email address in lower case, without `www.`. `None` for a domain that
/// many companies share and for text without a dot.
pub fn domain(address: &str) -> Option<String> {
    let text = address.trim().to_lowercase();
    let after_scheme = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let after_user = after_scheme.rsplit_once('@').map_or(after_scheme, |(_, rest)| rest);
    let host = after_user.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let tells = host.contains('.') && SHARED_DOMAINS.binary_search(&host).is_err();
    tells.then(|| host.to_owned())
}

fn same_address(a: &Address, b: &Address) -> bool {
    let both = |a: &Option<String>, b: &Option<String>| match (a, b) {
        (Some(a), Some(b)) => !normalised(a).is_empty() && normalised(a) == normalised(b),
        _ => false,
    };
    let countries =
        (a.country.as_deref().and_then(country_code), b.country.as_deref().and_then(country_code));
    let one_country = !matches!(countries, (Some(first), Some(second)) if first != second);
    both(&a.street, &b.street) && both(&a.postal_code, &b.postal_code) && one_country
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, want: Option<&str>) {
        assert_eq!(domain(address).as_deref(), want);
    }

    #[test]
    fn web_and_email_addresses_give_their_domain() {
        check("https://www.Northwind.example/about?x=1", Some("northwind.example"));
        check("billing@northwind.example", Some("northwind.example"));
        check("northwind.example:8080", Some("northwind.example"));
    }

    #[test]
    fn shared_domains_say_nothing() {
        check("someone@gmail.com", None);
        check("https://www.linkedin.com/company/x", None);
        assert!(SHARED_DOMAINS.is_sorted());
    }

    #[test]
    fn text_without_a_dot_is_no_domain() {
        check("n/a", None);
        check("", None);
    }
}
