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
    /// When it was made and won.
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

    /// What a later reduction takes away, else zero.
    fn cut(&self) -> Decimal {
        self.reduced.map_or(Decimal::ZERO, |(_, by)| by)
    }
}

fn line_total(line: &SampleLine) -> Decimal {
    amount(&line.quantity) * amount(&line.unit_price)
}

/// A deal is made open, then won, then perhaps reduced: each at its time. What a reduction takes
/// away lies on the last line and on the last date until then.
fn put(sower: &mut Sower<'_>, company: &Company, ids: &Ids, sale: &Sale<'_>) {
    let (first, total) = (sale.total() + sale.cut(), sale.total());
    let opening = if sale.won.is_some() { OPEN_STAGE } else { sale.stage };
    let mut values = stage_values(opening, first);
    values.extend([
        ("AccountId", Value::text_or_null(company.account_id(&sale.account.code))),
        ("Name", Value::text(sale.name)),
        ("Reference__c", Value::text(sale.reference)),
        ("CloseDate", Value::Date(day(sale.close))),
        ("HasOpportunityLineItem", Value::Bool(true)),
        ("Pricebook2Id", Value::Text(standard_book_id())),
        ("OwnerId", Value::text_or_null(ids.users.get(sale.owner))),
        ("CurrencyIsoCode", Value::text(sale.currency)),
    ]);
    values.extend(fiscal(day(sale.close)));
    sower.put("Opportunity", &sale.id, sale.made, values);
    put_history(sower, sale, (sale.made, opening, first), Value::Null);
    let lines = put_lines(sower, company, ids, sale);
    let Some(won) = sale.won else { return };
    let mut values = stage_values(sale.stage, first);
    values.push(("LastStageChangeDate", Value::Instant(won)));
    sower.change("Opportunity", &sale.id, won, values);
    put_history(sower, sale, (won, sale.stage, first), number(first));
    let last_date = put_schedule(sower, sale, won, &lines);
    let Some((at, _)) = sale.reduced else { return };
    sower.change("Opportunity", &sale.id, at, stage_values(sale.stage, total));
    put_history(sower, sale, (at, sale.stage, total), number(first));
    if let (Some((id, _)), Some(line)) = (lines.last(), sale.lines.last()) {
        sower.change("OpportunityLineItem", id, at, price_values(line, Decimal::ZERO));
    }
    if let Some((id, share)) = last_date {
        let values = vec![("Revenue", number(share))];
        sower.change("OpportunityLineItemSchedule", &id, at, values);
    }
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
        ("Amount", number(total)),
        ("ExpectedRevenue", number(expected)),
    ]
}

/// Price and totals of a line; `more` is on top of its total.
fn price_values(line: &SampleLine, more: Decimal) -> Values {
    let quantity = amount(&line.quantity);
    let total = line_total(line) + more;
    vec![
        ("Quantity", number(quantity)),
        ("UnitPrice", number((total / quantity).normalize())),
        ("TotalPrice", number(total)),
        ("Subtotal", number(total)),
    ]
}

/// The lines' ids and final totals, in the order of the deal.
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
        let is_last = order + 1 == sale.lines.len();
        let mut values = price_values(line, if is_last { sale.cut() } else { Decimal::ZERO });
        values.extend([
            ("OpportunityId", Value::text(&sale.id)),
            ("SortOrder", number(order as u64 + 1)),
            ("PricebookEntryId", Value::text_or_null(price.map(|(entry, _)| entry))),
            ("Product2Id", Value::text_or_null(company.product_id(&line.product))),
            ("ProductCode", Value::text(&line.product)),
            ("Name", Value::Text(format!("{} {name}", sale.name))),
            ("ListPrice", price.map_or(Value::Null, |(_, list)| number(*list))),
            ("HasRevenueSchedule", Value::Bool(!sale.schedule.is_empty())),
            ("CurrencyIsoCode", Value::text(sale.currency)),
        ]);
        sower.put("OpportunityLineItem", &id, sale.made, values);
        lines.push((id, line_total(line)));
    }
    lines
}

/// Fills the dated amounts over the lines in order: per line they add to its total price, per
/// date to the deal's schedule. Gives the last row and its final amount.
fn put_schedule(
    sower: &mut Sower<'_>,
    sale: &Sale<'_>,
    at: Timestamp,
    lines: &[(String, Decimal)],
) -> Option<(String, Decimal)> {
    let mut open = lines.to_vec();
    let mut shares = Vec::new();
    for dated in sale.schedule {
        let mut left = amount(&dated.amount);
        for (line, rest) in &mut open {
            let share = left.min(*rest);
            if share.is_zero() {
                continue;
            }
            left -= share;
            *rest -= share;
            shares.push((line.clone(), day(&dated.on), share));
        }
    }
    let mut last = None;
    for (order, (line, on, share)) in shares.iter().enumerate() {
        let id = sower.id("00o");
        let more = if order + 1 == shares.len() { sale.cut() } else { Decimal::ZERO };
        let values = vec![
            ("OpportunityLineItemId", Value::text(line)),
            ("Type", Value::text("Revenue")),
            ("Revenue", number(*share + more)),
            ("ScheduleDate", Value::Date(*on)),
            ("CurrencyIsoCode", Value::text(sale.currency)),
        ];
        sower.put("OpportunityLineItemSchedule", &id, at, values);
        last = Some((id, *share));
    }
    last
}

/// A history row of a moment: the stage and amount that were true then, and the amount before.
fn put_history(
    sower: &mut Sower<'_>,
    sale: &Sale<'_>,
    (at, stage, total): (Timestamp, &'static str, Decimal),
    before: Value,
) {
    let id = sower.id("008");
    let close = Value::Date(day(sale.close));
    let mut values = stage_values(stage, total);
    values.extend([
        ("OpportunityId", Value::text(&sale.id)),
        ("CloseDate", close.clone()),
        ("PrevCloseDate", if before.is_null() { Value::Null } else { close }),
        ("PrevAmount", before),
        ("CurrencyIsoCode", Value::text(sale.currency)),
    ]);
    sower.put("OpportunityHistory", &id, at, values);
}
