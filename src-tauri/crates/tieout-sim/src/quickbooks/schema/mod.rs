//! Which members each entity has, and of what shape (`quickbooks-fields.md`).

mod clean;
mod lists;
mod names;
mod transactions;

use super::entity::Entity;

/// The JSON form of one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text of at most so many characters.
    Text(usize),
    /// An amount: kept with two decimals.
    Money,
    /// A price, quantity, percentage or rate: kept without trailing zeros.
    Number,
    Flag,
    Day,
    /// `{"value", "name"}`.
    Ref,
    /// `{"value"}` of at most so many characters.
    Wrapped(usize),
    /// `{"FreeFormNumber"}`.
    Phone(usize),
    /// `{"Address"}`.
    Email(usize),
    /// `{"URI"}`.
    Uri(usize),
    Addr,
    /// `CustomField[]`.
    Fields,
    /// `Line[]`.
    Lines,
    /// `LinkedTxn[]`.
    Links,
    /// `TxnTaxDetail`.
    Tax,
    /// An object with these members.
    Part(&'static [Member]),
    /// Kept as sent.
    Loose,
}

/// Who may write a member, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Write,
    /// Effective when the object is made, ignored afterwards.
    Once,
    /// The server's own: ignored in requests.
    Ignore,
}

/// One member of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: &'static str,
    pub shape: Shape,
    pub access: Access,
    /// May stand in WHERE and ORDERBY.
    pub asked: bool,
}

const fn m(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, access: Access::Write, asked: false }
}

/// A member of the schema that the server sets or does not use.
const fn ignored(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, access: Access::Ignore, asked: false }
}

impl Member {
    const fn once(self) -> Self {
        Member { access: Access::Once, ..self }
    }

    const fn asked(self) -> Self {
        Member { asked: true, ..self }
    }
}

/// Members of every entity besides `Id`, `SyncToken` and `sparse`.
const COMMON: &[Member] = &[
    ignored("MetaData", Shape::Loose),
    ignored("AttachableRef", Shape::Loose),
    ignored("domain", Shape::Text(20)),
    ignored("status", Shape::Text(20)),
];

fn parts(entity: Entity) -> &'static [&'static [Member]] {
    match entity {
        Entity::Customer => &[names::NAME_BASE, names::CUSTOMER],
        Entity::Vendor => &[names::NAME_BASE, names::VENDOR],
        Entity::Employee => &[names::NAME_BASE, names::EMPLOYEE],
        Entity::Item => &[lists::ITEM],
        Entity::Account => &[lists::ACCOUNT],
        Entity::Term => &[lists::TERM],
        Entity::PaymentMethod => &[lists::PAYMENT_METHOD],
        Entity::TaxCode => &[lists::TAX_CODE],
        Entity::TaxRate => &[lists::TAX_RATE],
        Entity::TaxAgency => &[lists::TAX_AGENCY],
        Entity::Class => &[lists::CLASS],
        Entity::Department => &[lists::DEPARTMENT],
        Entity::CompanyCurrency => &[lists::COMPANY_CURRENCY],
        Entity::ExchangeRate => &[lists::EXCHANGE_RATE],
        Entity::Invoice => &[transactions::ANY, transactions::SALES, transactions::INVOICE],
        Entity::CreditMemo => &[transactions::ANY, transactions::SALES, transactions::CREDIT_MEMO],
        Entity::SalesReceipt | Entity::RefundReceipt => &[transactions::ANY, transactions::SALES],
        Entity::Payment => &[transactions::ANY, transactions::PAYMENT],
        Entity::Deposit => &[transactions::ANY, transactions::DEPOSIT],
        Entity::JournalEntry => &[transactions::ANY, transactions::JOURNAL_ENTRY],
        Entity::CompanyInfo | Entity::Preferences => &[],
    }
}

/// All members of an entity besides `Id`, `SyncToken` and `sparse`.
pub fn members(entity: Entity) -> impl Iterator<Item = &'static Member> {
    COMMON.iter().chain(parts(entity).iter().flat_map(|part| part.iter()))
}

/// The member of that name; the case must be right, as in a request.
pub fn member(entity: Entity, name: &str) -> Option<&'static Member> {
    members(entity).find(|member| member.name == name)
}

/// The member of that name in any case, as in a query.
pub fn asked_member(entity: Entity, name: &str) -> Option<&'static Member> {
    members(entity).find(|member| member.name.eq_ignore_ascii_case(name))
}

pub use clean::clean;
use transactions::{LINE, LINK, TAX_DETAIL};
