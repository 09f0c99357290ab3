//! Customers and suppliers, and the items that are sold (`xero §6.2, §6.3`).

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::call::Body;
use super::exact::as_text_option;
use super::guid::Guid;

/// One contact. Members that only come and go are kept as they were sent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Contact {
    pub id: Guid,
    pub name: String,
    pub number: String,
    pub account_number: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub company_number: String,
    pub tax_number: String,
    pub default_currency: String,
    pub receivable_tax_type: String,
    pub sales_account: String,
    pub website: String,
    pub archived: bool,
    /// The contact that this one was merged into.
    pub merged_to: Option<Guid>,
    /// Members of the address of each type that was sent.
    pub addresses: Vec<Body>,
    pub phones: Vec<Body>,
    pub persons: Vec<Body>,
    pub payment_terms: Option<Body>,
    pub updated: Timestamp,
}

/// One item.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Item {
    pub id: Guid,
    pub code: String,
    pub name: String,
    pub description: String,
    pub purchase_description: String,
    pub sold: bool,
    pub purchased: bool,
    pub sales: Details,
    pub purchase: Details,
    pub updated: Timestamp,
}

/// Price and account of one side of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    #[serde(with = "as_text_option")]
    pub unit_price: Option<Decimal>,
    pub account_code: String,
    pub tax_type: String,
}

/// Small and capital letters and accents make no difference (`xero §3.7`).
pub fn folded(text: &str) -> String {
    const ACCENTS: [(&str, char); 8] = [
        ("àáâãäåāą", 'a'),
        ("çćč", 'c'),
        ("èéêëēęě", 'e'),
        ("ìíîïī", 'i'),
        ("ñńň", 'n'),
        ("òóôõöøō", 'o'),
        ("ùúûüūů", 'u'),
        ("ýÿ", 'y'),
    ];
    let plain =
        |c: char| ACCENTS.iter().find(|(some, _)| some.contains(c)).map_or(c, |(_, to)| *to);
    text.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_accents() {
        assert_eq!(folded("Ångström Élan"), folded("angstrom ELAN"));
        assert_ne!(folded("Alder"), folded("Older"));
    }
}
