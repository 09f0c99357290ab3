//! What a person allows at the sign-in (`xero §2.8`).

/// What the product may do with the organisation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Reads, and creates invoices and contacts.
    #[default]
    ReadAndCreate,
    /// Only reads.
    ReadOnly,
}

/// Which names the app knows: those made since March 2026 know the granular ones only, older ones
/// may still have the broad ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    #[default]
    Granular,
    Broad,
}

/// The scopes that an app asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

/// Sign-in and renewal.
const IDENTITY: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// Something that the product needs, with the scopes that cover it, the preferred one first.
pub(crate) struct Need {
    pub scopes: &'static [&'static str],
    /// What cannot be done without it.
    pub what: &'static str,
    pub blocks_reading: bool,
    pub writes: bool,
}

/// In the order in which they are shown.
pub(crate) const NEEDS: [Need; 8] = [
    Need {
        scopes: &["accounting.settings.read", "accounting.settings"],
        what: "The organisation's settings cannot be read",
        blocks_reading: true,
        writes: false,
    },
    Need {
        scopes: &["accounting.contacts.read", "accounting.contacts"],
        what: "Customers cannot be read",
        blocks_reading: true,
        writes: false,
    },
    Need {
        scopes: &[
            "accounting.invoices.read",
            "accounting.invoices",
            "accounting.transactions.read",
            "accounting.transactions",
        ],
        what: "Invoices, credit notes and items cannot be read",
        blocks_reading: true,
        writes: false,
    },
    Need {
        scopes: &[
            "accounting.payments.read",
            "accounting.payments",
            "accounting.transactions.read",
            "accounting.transactions",
        ],
        what: "Payments, overpayments and prepayments cannot be read",
        blocks_reading: true,
        writes: false,
    },
    Need {
        scopes: &["accounting.reports.trialbalance.read", "accounting.reports.read"],
        what: "Receivables cannot be tied out to the trial balance",
        blocks_reading: false,
        writes: false,
    },
    Need {
        scopes: &["accounting.reports.balancesheet.read", "accounting.reports.read"],
        what: "Receivables cannot be tied out to the balance sheet",
        blocks_reading: false,
        writes: false,
    },
    Need {
        scopes: &["accounting.invoices", "accounting.transactions"],
        what: "Invoices cannot be created",
        blocks_reading: false,
        writes: true,
    },
    Need {
        scopes: &["accounting.contacts"],
        what: "Customers cannot be created",
        blocks_reading: false,
        writes: true,
    },
];

impl Scopes {
    /// What we need, under the names that the app knows.
    pub fn of(names: Names, access: Access) -> Self {
        let wanted: &[&str] = match (names, access) {
            (Names::Granular, Access::ReadAndCreate) => &[
                "accounting.settings.read",
                "accounting.contacts",
                "accounting.invoices",
                "accounting.payments.read",
                "accounting.reports.balancesheet.read",
                "accounting.reports.trialbalance.read",
            ],
            (Names::Granular, Access::ReadOnly) => &[
                "accounting.settings.read",
                "accounting.contacts.read",
                "accounting.invoices.read",
                "accounting.payments.read",
                "accounting.reports.balancesheet.read",
                "accounting.reports.trialbalance.read",
            ],
            (Names::Broad, Access::ReadAndCreate) => &[
                "accounting.settings.read",
                "accounting.contacts",
                "accounting.transactions",
                "accounting.reports.read",
            ],
            (Names::Broad, Access::ReadOnly) => &[
                "accounting.settings.read",
                "accounting.contacts.read",
                "accounting.transactions.read",
                "accounting.reports.read",
            ],
        };
        Self(IDENTITY.iter().chain(wanted).map(|scope| (*scope).to_owned()).collect())
    }

    /// Scopes as a customer wrote them, separated by blanks. Renewal is always asked for: without
    /// it a person would sign in every half hour.
    pub fn custom(text: &str) -> Self {
        let mut scopes: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        for needed in ["openid", "offline_access"] {
            if !scopes.iter().any(|scope| scope == needed) {
                scopes.push(needed.to_owned());
            }
        }
        Self(scopes)
    }

    pub(crate) fn list(&self) -> &[String] {
        &self.0
    }

    /// Whether anything is asked for that creates.
    pub(crate) fn may_create(&self) -> bool {
        NEEDS
            .iter()
            .filter(|need| need.writes)
            .any(|need| need.scopes.iter().any(|scope| self.0.iter().any(|asked| asked == scope)))
    }
}

impl Default for Scopes {
    fn default() -> Self {
        Self::of(Names::default(), Access::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(scopes: &Scopes) -> String {
        scopes.list().join(" ")
    }

    /// Every need of this access is covered by one of the scopes.
    #[track_caller]
    fn check_covers(names: Names, access: Access) {
        let scopes = Scopes::of(names, access);
        for need in NEEDS.iter().filter(|need| access == Access::ReadAndCreate || !need.writes) {
            let covered = need.scopes.iter().any(|scope| scopes.list().contains(&(*scope).into()));
            assert!(covered, "{}: {}", need.what, text(&scopes));
        }
        assert_eq!(scopes.may_create(), access == Access::ReadAndCreate);
    }

    #[test]
    fn what_is_asked_for_covers_what_is_needed() {
        for names in [Names::Granular, Names::Broad] {
            check_covers(names, Access::ReadAndCreate);
            check_covers(names, Access::ReadOnly);
        }
    }

    #[test]
    fn reading_alone_asks_for_nothing_that_writes() {
        for names in [Names::Granular, Names::Broad] {
            for scope in Scopes::of(names, Access::ReadOnly).list() {
                assert!(!scope.starts_with("accounting.") || scope.ends_with(".read"), "{scope}");
            }
        }
    }

    #[test]
    fn payments_are_never_written() {
        assert!(!text(&Scopes::default()).split(' ').any(|scope| scope == "accounting.payments"));
    }

    #[test]
    fn scopes_of_a_customer_can_always_be_renewed() {
        assert_eq!(
            text(&Scopes::custom(" accounting.transactions  offline_access ")),
            "accounting.transactions offline_access openid"
        );
    }
}
