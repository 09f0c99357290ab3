//! The sample's deals with lines, schedules and history (sample sheet §5).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;

use super::sample::{Ids, amount, day, local, noon};
use super::{STAGES, Sower, Values, number, standard_book_id};
use crate::salesforce::dml::fiscal;
use crate::salesforce::value::Value;
use crate::sample::{Company, Dated, SampleAccount, SampleDeal, SampleLine};

const OPEN_STAGE: &str = "Prospecting";
const PIPELINE_STAGE: &str = "Negotiation/Review";
const WON_STAGE: &str = "Closed Won";
/// Days between a deal's creation and its close date.
const DEAL_DAYS: i64 = 30;
/// Days before today at which an open deal was made at the latest.
const PIPELINE_DAYS: i64 = 7;
/// The product of deals that are excluded: the sample tells their amount alone.
const EXCLUDED_PRODUCT: &str = "AQ-ONB-PKG";

/// One deal on its way into the store.
struct Sale<'a> {
    id: String,
    reference: &'a str,
    name: &'a str,
    account: &'a SampleAccount,
    owner: &'a str,
    currency: &'a str,
    close: &'a str,
    stage: &'static str,
    lines: Vec<SampleLine>,
    schedule: &'a [Dated],
    /// When it was made, won and last changed.
    made: Timestamp,
    won: Option<Timestamp>,
    /// A later reduction: when, and by how much.
    reduced: Option<(Timestamp, Decimal)>,
}

pub fn deals(sower: &mut Sower<'_>, company: &Company, zone: &TimeZone, ids: &Ids) {
    for deal in &company.deals {
        let sale = won_sale(company, deal, zone);
        put(sower, company, ids, &sale);
    }
    for deal in &company.excluded {
        let won = Some(noon(day(&deal.close), zone));
        let line = single_line(EXCLUDED_PRODUCT, &deal.amount);
        let row = (deal.reference.as_str(), deal.name.as_str(), deal.close.as_str());
        let sale = plain_sale(company, &deal.account, row, line, zone);
        put(sower, company, ids, &Sale { stage: WON_STAGE, won, ..sale });
    }
    for deal in &company.pipeline {
        let line = single_line(&deal.product, &deal.amount);
        let row = (deal.reference.as_str(), deal.name.as_str(), deal.close.as_str());
        let sale = plain_sale(company, &deal.account, row, line, zone);
        put(sower, company, ids, &sale);
    }
}

fn account<'a>(company: &'a Company, code: &str) -> &'a SampleAccount {
    let mut accounts = company.accounts.iter();
    accounts.find(|account| account.code == code).expect("every deal names an account of the sheet")
}

fn single_line(product: &str, price: &str) -> SampleLine {
    SampleLine {
        product: product.to_owned(),
        quantity: "1".to_owned(),
        unit_price: price.to_owned(),
    }
}

fn won_sale<'a>(company: &'a Company, deal: &'a SampleDeal, zone: &TimeZone) -> Sale<'a> {
    let close = day(&deal.close);
    let changed = deal.stage_changed.as_ref().map(|text| {
        let at: DateTime = text.parse().expect("the shipped rows hold local moments");
        local(at, zone)
    });
    let reduced = deal.reduced.as_ref();
    Sale {
        id: company.deal_id(&deal.reference).unwrap_or_default(),
        reference: &deal.reference,
        name: &deal.name,
        account: account(company, &deal.account),
        owner: &deal.owner,
        currency: &deal.currency,
        close: &deal.close,
        stage: WON_STAGE,
        lines: deal.lines.clone(),
        schedule: if is_plain(deal) { &[] } else { &deal.schedule },
        made: noon(close.saturating_sub(DEAL_DAYS.days()), zone),
        won: Some(changed.unwrap_or_else(|| noon(close, zone))),
        reduced: reduced.map(|cut| (noon(day(&cut.on), zone), amount(&cut.by))),
    }
}

/// One date, and that the close date: such a deal has no schedule rows.
fn is_plain(deal: &SampleDeal) -> bool {
    matches!(deal.schedule.as_slice(), [one] if one.on == deal.close)
}

/// A deal of one line, open until told otherwise; `row` is reference, name, close date.
fn plain_sale<'a>(
    company: &'a Company,
    code: &str,
    row: (&'a str, &'a str, &'a str),
    line: SampleLine,
    zone: &TimeZone,
) -> Sale<'a> {
    let account = account(company, code);
    let now: DateTime = company.now.parse().expect("the sheet's today is a local moment");
    let latest = now.date().saturating_sub(PIPELINE_DAYS.days());
    let made = day(row.2).saturating_sub(DEAL_DAYS.days()).min(latest);
    Sale {
        id: company.deal_id(row.0).unwrap_or_default(),
        reference: row.0,
        name: row.1,
        account,
        owner: &account.owner,
        currency: &account.currency,
        close: row.2,
        stage: PIPELINE_STAGE,
        lines: vec![line],
        schedule: &[],
        made: noon(made, zone),
        won: None,
        reduced: None,
    }
}

impl Sale<'_> {
    fn total(&self) -> Decimal {
        self.lines.iter().map(line_total).sum()
    }

    fn changed(&self) -> Timestamp {
        let won = self.won.unwrap_or(self.made);
        self.reduced.map_or(won, |(at, _)| at.max(won))
    }

    /// Amount before a later reduction.
    fn first_total(&self) -> Decimal {
        self.total() + self.reduced.map_or(Decimal::ZERO, |(_, by)| by)
    }
}

fn line_total(line: &SampleLine) -> Decimal {
    amount(&line.quantity) * amount(&line.unit_price)
}

fn put(sower: &mut Sower<'_>, company: &Company, ids: &Ids, sale: &Sale<'_>) {
    let lines = put_lines(sower, company, ids, sale);
    put_schedule(sower, sale, &lines);
    put_history(sower, sale);
    let mut values = stage_values(sale.stage, sale.total());
    values.extend([
        ("AccountId", Value::text_or_null(company.account_id(&sale.account.code))),
        ("Name", Value::text(sale.name)),
        ("Reference__c", Value::text(sale.reference)),
        ("Amount", number(sale.total())),
        ("CloseDate", Value::Date(day(sale.close))),
        ("HasOpportunityLineItem", Value::Bool(true)),
        ("Pricebook2Id", Value::Text(standard_book_id())),
        ("OwnerId", Value::text_or_null(ids.users.get(sale.owner))),
        ("CurrencyIsoCode", Value::text(sale.currency)),
        ("LastStageChangeDate", sale.won.map_or(Value::Null, Value::Instant)),
    ]);
    values.extend(fiscal(day(sale.close)));
    sower.put("Opportunity", &sale.id, (sale.made, sale.changed()), values);
}

/// What follows from a stage and an amount.
fn stage_values(name: &'static str, total: Decimal) -> Values {
    let stage = STAGES.iter().find(|stage| stage.0 == name);
    let (_, closed, won, category, label, percent) = stage.expect("the three stages are known");
    let expected = total * Decimal::from(*percent) / Decimal::ONE_HUNDRED;
    vec![
        ("StageName", Value::text(name)),
        ("IsClosed", Value::Bool(*closed)),
        ("IsWon", Value::Bool(*won)),
        ("ForecastCategory", Value::text(*category)),
        ("ForecastCategoryName", Value::text(*label)),
        ("Probability", number(*percent)),
        ("ExpectedRevenue", number(expected)),
    ]
}

/// The lines' ids and totals, in the order of the deal.
fn put_lines(
    sower: &mut Sower<'_>,
    company: &Company,
    ids: &Ids,
    sale: &Sale<'_>,
) -> Vec<(String, Decimal)> {
    let mut lines = Vec::new();
    for (order, line) in sale.lines.iter().enumerate() {
        let id = sower.id("00k");
        let product = company.products.iter().find(|product| product.code == line.product);
        let name = product.map_or("", |product| product.name.as_str());
        let price = ids.prices.get(&(line.product.clone(), sale.currency.to_owned()));
        let total = line_total(line);
        let at = (sale.made, sale.changed());
        sower.put(
            "OpportunityLineItem",
            &id,
            at,
            vec![
                ("OpportunityId", Value::text(&sale.id)),
                ("SortOrder", number(order as u64 + 1)),
                ("PricebookEntryId", Value::text_or_null(price.map(|(entry, _)| entry))),
                ("Product2Id", Value::text_or_null(company.product_id(&line.product))),
                ("ProductCode", Value::text(&line.product)),
                ("Name", Value::Text(format!("{} {name}", sale.name))),
                ("Quantity", number(amount(&line.quantity))),
                ("UnitPrice", number(amount(&line.unit_price))),
                ("TotalPrice", number(total)),
                ("Subtotal", number(total)),
                ("ListPrice", price.map_or(Value::Null, |(_, list)| number(*list))),
                ("HasRevenueSchedule", Value::Bool(!sale.schedule.is_empty())),
                ("CurrencyIsoCode", Value::text(sale.currency)),
            ],
        );
        lines.push((id, total));
    }
    lines
}

/// Fills the dated amounts over the lines in order: per line they add to its total price, per
/// date to the deal's schedule.
fn put_schedule(sower: &mut Sower<'_>, sale: &Sale<'_>, lines: &[(String, Decimal)]) {
    let mut open: Vec<(&String, Decimal)> = lines.iter().map(|(id, total)| (id, *total)).collect();
    for dated in sale.schedule {
        let mut left = amount(&dated.amount);
        for (line, rest) in &mut open {
            let share = left.min(*rest);
            if share.is_zero() {
                continue;
            }
            left -= share;
            *rest -= share;
            let id = sower.id("00o");
            sower.put(
                "OpportunityLineItemSchedule",
                &id,
                (sale.made, sale.changed()),
                vec![
                    ("OpportunityLineItemId", Value::text(line.as_str())),
                    ("Type", Value::text("Revenue")),
                    ("Revenue", number(share)),
                    ("ScheduleDate", Value::Date(day(&dated.on))),
                    ("CurrencyIsoCode", Value::text(sale.currency)),
                ],
            );
        }
    }
}

/// One row when the deal was made, one when it was won, one when it was reduced; each holds what
/// was true then.
fn put_history(sower: &mut Sower<'_>, sale: &Sale<'_>) {
    let first = sale.first_total();
    let opening = if sale.won.is_some() { OPEN_STAGE } else { sale.stage };
    let mut rows = vec![(sale.made, opening, first, Value::Null)];
    rows.extend(sale.won.map(|at| (at, WON_STAGE, first, number(first))));
    rows.extend(sale.reduced.map(|(at, _)| (at, sale.stage, sale.total(), number(first))));
    for (at, stage, total, before) in rows {
        let id = sower.id("008");
        let keep = ["StageName", "Probability", "ExpectedRevenue", "ForecastCategory"];
        let mut values = stage_values(stage, total);
        values.retain(|(name, _)| keep.contains(name));
        let close = Value::Date(day(sale.close));
        let close_before = if before.is_null() { Value::Null } else { close.clone() };
        values.extend([
            ("OpportunityId", Value::text(&sale.id)),
            ("Amount", number(total)),
            ("CloseDate", close),
            ("PrevAmount", before),
            ("PrevCloseDate", close_before),
            ("CurrencyIsoCode", Value::text(sale.currency)),
        ]);
        sower.put("OpportunityHistory", &id, (at, at), values);
    }
}
