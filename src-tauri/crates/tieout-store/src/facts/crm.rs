//! Facts of the CRM as cells.

use rusqlite::types::Value;
use tieout_domain::facts::{
    Account, Address, Deal, DealEvent, DealLine, Product, ScheduleLine, Stamp, User,
};
use tieout_domain::ids::{
    AccountId, DealEventId, DealId, DealLineId, IdError, ProductId, ScheduleLineId, UserId,
};

use super::form::Layout;
use crate::cell::{Cells, Reading};
use crate::error::StoreError;

const fn plain(table: &'static str, columns: &'static [&'static str]) -> Layout {
    Layout { table, columns, kind: None, children: &[] }
}

pub(super) const ACCOUNTS: Layout = plain(
    "fact_account",
    &[
        "name",
        "parent",
        "number",
        "owner",
        "website",
        "street",
        "city",
        "region",
        "postal_code",
        "country",
        "tax_number",
        "currency",
        "merged_into",
        "traits",
    ],
);
pub(super) const PRODUCTS: Layout =
    plain("fact_product", &["name", "code", "external_id", "family", "active"]);
pub(super) const DEALS: Layout = plain(
    "fact_deal",
    &[
        "name",
        "account",
        "stage",
        "won",
        "closed",
        "amount_minor",
        "amount_currency",
        "currency",
        "close_date",
        "deal_kind",
        "owner",
        "has_lines",
        "order_number",
        "reference",
        "stage_changed_at",
        "created_at",
        "record_type",
        "traits",
    ],
);
pub(super) const DEAL_LINES: Layout = plain(
    "fact_deal_line",
    &[
        "deal",
        "product",
        "product_code",
        "description",
        "quantity",
        "unit_price",
        "discount",
        "total_minor",
        "total_currency",
        "service_date",
        "position",
    ],
);
pub(super) const SCHEDULE_LINES: Layout =
    plain("fact_schedule_line", &["line", "due_on", "amount_minor", "amount_currency"]);
pub(super) const DEAL_EVENTS: Layout = plain(
    "fact_deal_event",
    &["deal", "at", "stage", "amount_minor", "amount_currency", "close_date"],
);
pub(super) const USERS: Layout = plain("fact_crm_user", &["name", "active", "traits"]);

/// The id column is checked like any other cell.
pub(super) fn key<T>(
    table: &'static str,
    id: &str,
    make: fn(&str) -> Result<T, IdError>,
) -> Result<T, StoreError> {
    make(id).map_err(|_| StoreError::Unreadable { table, column: "id" })
}

pub(super) fn address_cells(cells: Cells, address: &Address) -> Cells {
    cells
        .opt_text(address.street.as_deref())
        .opt_text(address.city.as_deref())
        .opt_text(address.region.as_deref())
        .opt_text(address.postal_code.as_deref())
        .opt_text(address.country.as_deref())
}

pub(super) fn address(cells: &mut Reading) -> Result<Address, StoreError> {
    Ok(Address {
        street: cells.opt_text()?,
        city: cells.opt_text()?,
        region: cells.opt_text()?,
        postal_code: cells.opt_text()?,
        country: cells.opt_text()?,
    })
}

pub(super) fn account_cells(account: &Account) -> Vec<Value> {
    let named = Cells::new()
        .text(&account.name)
        .opt_text(account.parent.as_ref().map(AccountId::as_str))
        .opt_text(account.number.as_deref())
        .opt_text(account.owner.as_ref().map(UserId::as_str))
        .opt_text(account.website.as_deref());
    address_cells(named, &account.address)
        .opt_text(account.tax_number.as_deref())
        .opt_currency(account.currency)
        .opt_text(account.merged_into.as_ref().map(AccountId::as_str))
        .traits(&account.traits)
        .into_values()
}

pub(super) fn account(id: &str, stamp: Stamp, cells: &mut Reading) -> Result<Account, StoreError> {
    Ok(Account {
        id: key(ACCOUNTS.table, id, AccountId::new)?,
        stamp,
        name: cells.text()?,
        parent: cells.opt_id(AccountId::new)?,
        number: cells.opt_text()?,
        owner: cells.opt_id(UserId::new)?,
        website: cells.opt_text()?,
        address: address(cells)?,
        tax_number: cells.opt_text()?,
        currency: cells.opt_currency()?,
        merged_into: cells.opt_id(AccountId::new)?,
        traits: cells.traits()?,
    })
}

pub(super) fn product_cells(product: &Product) -> Vec<Value> {
    Cells::new()
        .text(&product.name)
        .opt_text(product.code.as_deref())
        .opt_text(product.external_id.as_deref())
        .opt_text(product.family.as_deref())
        .flag(product.active)
        .into_values()
}

pub(super) fn product(id: &str, stamp: Stamp, cells: &mut Reading) -> Result<Product, StoreError> {
    Ok(Product {
        id: key(PRODUCTS.table, id, ProductId::new)?,
        stamp,
        name: cells.text()?,
        code: cells.opt_text()?,
        external_id: cells.opt_text()?,
        family: cells.opt_text()?,
        active: cells.flag()?,
    })
}

pub(super) fn deal_cells(deal: &Deal) -> Vec<Value> {
    Cells::new()
        .text(&deal.name)
        .opt_text(deal.account.as_ref().map(AccountId::as_str))
        .text(&deal.stage)
        .flag(deal.won)
        .flag(deal.closed)
        .opt_money(deal.amount)
        .text(deal.currency.code())
        .date(deal.close_date)
        .opt_text(deal.kind.as_deref())
        .opt_text(deal.owner.as_ref().map(UserId::as_str))
        .flag(deal.has_lines)
        .opt_text(deal.order_number.as_deref())
        .opt_text(deal.reference.as_deref())
        .opt_instant(deal.stage_changed_at)
        .opt_instant(deal.created_at)
        .opt_text(deal.record_type.as_deref())
        .traits(&deal.traits)
        .into_values()
}

pub(super) fn deal(id: &str, stamp: Stamp, cells: &mut Reading) -> Result<Deal, StoreError> {
    Ok(Deal {
        id: key(DEALS.table, id, DealId::new)?,
        stamp,
        name: cells.text()?,
        account: cells.opt_id(AccountId::new)?,
        stage: cells.text()?,
        won: cells.flag()?,
        closed: cells.flag()?,
        amount: cells.opt_money()?,
        currency: cells.currency()?,
        close_date: cells.date()?,
        kind: cells.opt_text()?,
        owner: cells.opt_id(UserId::new)?,
        has_lines: cells.flag()?,
        order_number: cells.opt_text()?,
        reference: cells.opt_text()?,
        stage_changed_at: cells.opt_instant()?,
        created_at: cells.opt_instant()?,
        record_type: cells.opt_text()?,
        traits: cells.traits()?,
    })
}

pub(super) fn deal_line_cells(line: &DealLine) -> Vec<Value> {
    Cells::new()
        .text(line.deal.as_str())
        .opt_text(line.product.as_ref().map(ProductId::as_str))
        .opt_text(line.product_code.as_deref())
        .opt_text(line.description.as_deref())
        .decimal(line.quantity)
        .opt_decimal(line.unit_price)
        .opt_decimal(line.discount)
        .money(line.total)
        .opt_date(line.service_date)
        .int(line.position)
        .into_values()
}

pub(super) fn deal_line(
    id: &str,
    stamp: Stamp,
    cells: &mut Reading,
) -> Result<DealLine, StoreError> {
    Ok(DealLine {
        id: key(DEAL_LINES.table, id, DealLineId::new)?,
        stamp,
        deal: cells.id(DealId::new)?,
        product: cells.opt_id(ProductId::new)?,
        product_code: cells.opt_text()?,
        description: cells.opt_text()?,
        quantity: cells.decimal()?,
        unit_price: cells.opt_decimal()?,
        discount: cells.opt_decimal()?,
        total: cells.money()?,
        service_date: cells.opt_date()?,
        position: cells.int()?,
    })
}

pub(super) fn schedule_line_cells(line: &ScheduleLine) -> Vec<Value> {
    Cells::new().text(line.line.as_str()).date(line.due_on).money(line.amount).into_values()
}

pub(super) fn schedule_line(
    id: &str,
    stamp: Stamp,
    cells: &mut Reading,
) -> Result<ScheduleLine, StoreError> {
    Ok(ScheduleLine {
        id: key(SCHEDULE_LINES.table, id, ScheduleLineId::new)?,
        stamp,
        line: cells.id(DealLineId::new)?,
        due_on: cells.date()?,
        amount: cells.money()?,
    })
}

pub(super) fn deal_event_cells(event: &DealEvent) -> Vec<Value> {
    Cells::new()
        .text(event.deal.as_str())
        .instant(event.at)
        .text(&event.stage)
        .opt_money(event.amount)
        .opt_date(event.close_date)
        .into_values()
}

pub(super) fn deal_event(
    id: &str,
    stamp: Stamp,
    cells: &mut Reading,
) -> Result<DealEvent, StoreError> {
    Ok(DealEvent {
        id: key(DEAL_EVENTS.table, id, DealEventId::new)?,
        stamp,
        deal: cells.id(DealId::new)?,
        at: cells.instant()?,
        stage: cells.text()?,
        amount: cells.opt_money()?,
        close_date: cells.opt_date()?,
    })
}

pub(super) fn user_cells(user: &User) -> Vec<Value> {
    Cells::new().text(&user.name).flag(user.active).traits(&user.traits).into_values()
}

pub(super) fn user(id: &str, stamp: Stamp, cells: &mut Reading) -> Result<User, StoreError> {
    Ok(User {
        id: key(USERS.table, id, UserId::new)?,
        stamp,
        name: cells.text()?,
        active: cells.flag()?,
        traits: cells.traits()?,
    })
}
