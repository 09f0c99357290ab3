//! What each contact owes and is owed, in base currency, from the documents (`xero §6.2`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::super::books::Books;
use super::super::document::Kind;
use super::super::guid::Guid;

/// One side of a contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub outstanding: Decimal,
    pub overdue: Decimal,
}

/// Both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    pub receivable: Balance,
    pub payable: Balance,
    pub is_customer: bool,
    pub is_supplier: bool,
}

impl Own {
    pub fn is_empty(&self) -> bool {
        self.receivable == Balance::default() && self.payable == Balance::default()
    }
}

/// All contacts at once.
pub struct Balances {
    by_contact: BTreeMap<Guid, Own>,
}

impl Balances {
    /// As of today. Invoices due before today are overdue.
    pub fn new(books: &Books, today: Date) -> Self {
        let mut by_contact: BTreeMap<Guid, Own> = BTreeMap::new();
        for document in books.documents.values() {
            let own = by_contact.entry(document.contact.clone()).or_default();
            own.is_customer |= document.sales && document.kind != Kind::BankTransaction;
            own.is_supplier |= !document.sales && document.kind != Kind::BankTransaction;
            if !document.status.is_posted() || document.kind == Kind::BankTransaction {
                continue;
            }
            let open = Books::in_base(books.open(document), document.rate);
            let open = if document.kind.is_credit() { -open } else { open };
            let side = if document.sales { &mut own.receivable } else { &mut own.payable };
            side.outstanding += open;
            let late = document.due.is_some_and(|due| due < today);
            if late && document.kind == Kind::Invoice {
                side.overdue += open;
            }
        }
        Self { by_contact }
    }

    pub fn of(&self, contact: &str) -> Own {
        self.by_contact.get(contact).copied().unwrap_or_default()
    }
}
