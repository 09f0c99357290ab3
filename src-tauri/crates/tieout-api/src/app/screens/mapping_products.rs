//! Products of the CRM and the items that they are in each company.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rust_decimal::Decimal;
use serde::Serialize;
use tieout_domain::Money;
use tieout_domain::books::positions::DealRow;
use tieout_domain::facts::{Deal, DealLine, Item, Product};
use tieout_domain::gates::{GateDetail, NamedLine};
use tieout_domain::identity::{ItemIndex, ItemMapping, names_unlike};
use tieout_domain::ids::{DealId, DealLineId, ProductId};
use tieout_domain::status::BillingStatus;
use ts_rs::TS;

use super::mapping::{Sums, label, of_all, shares, won_deals};
use crate::app::reader::Held;
use crate::app::shapes::{
    AmountTone, Phrase, PhrasePart, Proof, ProvedAmount, Share, Status, Target, Tone,
};
use crate::export::words::counted;
use crate::failure::Failure;
use crate::views::Amount;

/// Items that are offered as candidates of one product.
const CANDIDATES_MAX: usize = 5;
/// Letters that the codes of two records share before it says anything.
const CODE_SHARED_MIN: usize = 4;

/// Products and their items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProductMapping {
    /// Products that still wait.
    pub open: u64,
    pub coverage: Vec<Coverage>,
    pub companies: Vec<MappingCompany>,
    pub rows: Vec<ProductRow>,
    /// One per currency; currencies are never added.
    pub totals: Vec<ProductTotal>,
}

/// A column of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MappingCompany {
    pub ledger: String,
    pub label: String,
}

/// How many products are mapped in one company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Coverage {
    pub label: String,
    /// "9 of 10".
    pub counted: String,
    /// "90%", rounded down.
    pub percent: String,
    pub share: Share,
    /// "mapped, 164,250.00 USD blocked".
    pub sentence: Phrase,
}

/// One product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProductRow {
    pub id: String,
    pub code: String,
    pub name: String,
    /// One per company.
    pub items: Vec<ProductItem>,
    /// Lines of won deals up to the day.
    pub won: Vec<Amount>,
    /// Contracts of the deals that it stops.
    pub blocked: Vec<Amount>,
    /// Lines of open Opportunities; `null` where none were read.
    pub at_risk: Option<Vec<Amount>>,
    pub detail: ProductDetail,
}

/// The item of a product in one company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProductItem {
    pub code: Option<String>,
    /// `null`: mapped.
    pub status: Option<Status>,
}

/// A totals row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProductTotal {
    pub currency: String,
    pub won: Amount,
    pub won_proof: Proof,
    pub blocked: Amount,
    pub blocked_proof: Proof,
    pub marks: Vec<&'static str>,
}

/// One product in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProductDetail {
    pub status: Status,
    pub sentence: String,
    pub waits: Vec<ProductWait>,
    pub waits_totals: Vec<ProvedAmount>,
    pub candidates: Vec<ItemCandidate>,
    pub remedy: String,
}

/// Money that waits for a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProductWait {
    pub label: String,
    pub note: String,
    pub amount: Amount,
    pub target: Target,
}

/// An item that may be the one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ItemCandidate {
    pub code: String,
    pub name: String,
    pub evidence: Vec<String>,
}

/// Everything that the rows ask, prepared once.
struct Desk<'a> {
    held: &'a [Rc<Held>],
    lines: BTreeMap<&'a ProductId, Vec<&'a DealLine>>,
    won: BTreeSet<&'a DealId>,
    open: BTreeMap<&'a DealId, &'a Deal>,
    /// Deals that a product stops, with the row of their company.
    blocked: BTreeMap<ProductId, Vec<(&'a DealRow, &'a Held)>>,
}

pub(crate) fn products(held: &[Rc<Held>]) -> Result<ProductMapping, Failure> {
    let Some(first) = held.first() else {
        return Ok(ProductMapping {
            open: 0,
            coverage: Vec::new(),
            companies: Vec::new(),
            rows: Vec::new(),
            totals: Vec::new(),
        });
    };
    let desk = Desk::new(held, first);
    let all = first.view.books.products.iter();
    let mut listed: Vec<&Product> = all.filter(|it| it.active && !it.stamp.deleted).collect();
    listed.sort_by(|a, b| (code(a), &a.id).cmp(&(code(b), &b.id)));
    let indexes: Vec<ItemIndex<'_>> =
        held.iter().map(|held| ItemIndex::new(&held.view.books.items)).collect();
    let mut rows = Vec::new();
    let mut mapped = vec![0_u64; held.len()];
    for product in &listed {
        let found: Vec<ItemMapping> =
            indexes.iter().map(|index| index.map(product.external_id.as_deref())).collect();
        for (count, of) in mapped.iter_mut().zip(&found) {
            *count += u64::from(matches!(of, ItemMapping::Mapped(_)));
        }
        rows.push(desk.row(product, &found)?);
    }
    rows.sort_by_key(|row| row.items.iter().all(|item| item.status.is_none()));
    let is_open = |row: &&ProductRow| row.items.iter().any(|item| item.status.is_some());
    Ok(ProductMapping {
        open: rows.iter().filter(is_open).count() as u64,
        coverage: desk.coverage(&mapped, listed.len() as u64)?,
        companies: held
            .iter()
            .map(|held| MappingCompany {
                ledger: held.view.connection.to_string(),
                label: label(held),
            })
            .collect(),
        totals: desk.totals()?,
        rows,
    })
}

fn code(product: &Product) -> &str {
    let code = product.external_id.as_deref().or(product.code.as_deref());
    code.map(str::trim).unwrap_or_default()
}

impl<'a> Desk<'a> {
    fn new(held: &'a [Rc<Held>], first: &'a Held) -> Self {
        let mut lines: BTreeMap<&ProductId, Vec<&DealLine>> = BTreeMap::new();
        let all = first.view.books.deal_lines.iter().filter(|line| !line.stamp.deleted);
        for line in all {
            if let Some(product) = &line.product {
                lines.entry(product).or_default().push(line);
            }
        }
        let open = first.view.books.deals.iter();
        let open = open.filter(|deal| !deal.closed && !deal.won && !deal.stamp.deleted);
        let of_line: BTreeMap<&DealLineId, &ProductId> = first
            .view
            .books
            .deal_lines
            .iter()
            .filter_map(|line| Some((&line.id, line.product.as_ref()?)))
            .collect();
        let mut blocked: BTreeMap<ProductId, Vec<(&DealRow, &Held)>> = BTreeMap::new();
        for held in held {
            let stopped = held.reconciliation.rows.iter();
            for row in stopped.filter(|row| row.billing == BillingStatus::Blocked) {
                let lines = row.gates.iter().filter_map(|gate| line_of(&gate.detail));
                let products: BTreeSet<&ProductId> =
                    lines.filter_map(|line| of_line.get(&line.id).copied()).collect();
                for product in products {
                    blocked.entry(product.clone()).or_default().push((row, held.as_ref()));
                }
            }
        }
        Self {
            held,
            lines,
            won: won_deals(first).into_iter().map(|deal| &deal.id).collect(),
            open: open.map(|deal| (&deal.id, deal)).collect(),
            blocked,
        }
    }

    fn row(&self, product: &Product, found: &[ItemMapping]) -> Result<ProductRow, Failure> {
        let lines = self.lines.get(&product.id).map_or(&[][..], Vec::as_slice);
        let mut won = Sums::default();
        let mut at_risk = Sums::default();
        let mut open_deals = BTreeSet::new();
        for line in lines {
            if self.won.contains(&line.deal) {
                won.add(line.total)?;
            }
            if self.open.contains_key(&line.deal) {
                open_deals.insert(&line.deal);
                at_risk.add(line.total)?;
            }
        }
        let mut blocked = Sums::default();
        let mut waits = Vec::new();
        for (row, held) in self.blocked.get(&product.id).into_iter().flatten() {
            let Some(figures) = &row.figures else { continue };
            blocked.add(figures.contract)?;
            waits.push(blocked_wait(row, held, lines, figures.contract));
        }
        let mut waiting = Sums::default();
        for amount in blocked.moneys().chain(at_risk.moneys()) {
            waiting.add(amount)?;
        }
        if !open_deals.is_empty() {
            let count = open_deals.len() as u64;
            waits.extend(at_risk.moneys().map(|amount| ProductWait {
                label: counted(count, "open Opportunity", "open Opportunities"),
                note: "lines with this product".to_owned(),
                amount: amount.into(),
                target: Target::view("deals", "all"),
            }));
        }
        let items: Vec<ProductItem> =
            found.iter().zip(self.held).map(|(of, held)| item(product, of, held)).collect();
        let open = items.iter().any(|item| item.status.is_some());
        let proved = |amount: Money| ProvedAmount { amount: amount.into(), proof: Proof::Sum };
        Ok(ProductRow {
            id: product.id.to_string(),
            code: code(product).to_owned(),
            name: product.name.clone(),
            won: won.amounts(),
            blocked: blocked.amounts(),
            at_risk: (!self.open.is_empty()).then(|| at_risk.amounts()),
            detail: ProductDetail {
                status: detail_status(&items, self.held),
                sentence: sentence(product),
                waits,
                waits_totals: waiting.moneys().map(proved).collect(),
                candidates: if open { self.candidates(product) } else { Vec::new() },
                remedy: remedy(&items, found),
            },
            items,
        })
    }

    /// Active items that look alike, with what is alike. Nobody is linked by it.
    fn candidates(&self, product: &Product) -> Vec<ItemCandidate> {
        let mut found: Vec<(usize, ItemCandidate)> = Vec::new();
        for held in self.held {
            let items = held.view.books.items.iter();
            for item in items.filter(|item| item.active && !item.stamp.deleted) {
                let evidence = alike(product, item);
                let Some(code) = item.code.clone().filter(|_| !evidence.is_empty()) else {
                    continue;
                };
                let name = item.name.clone();
                found.push((evidence.len(), ItemCandidate { code, name, evidence }));
            }
        }
        found.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.code.cmp(&other.code)));
        found.into_iter().map(|(_, candidate)| candidate).take(CANDIDATES_MAX).collect()
    }

    fn coverage(&self, mapped: &[u64], all: u64) -> Result<Vec<Coverage>, Failure> {
        let mut coverage = Vec::new();
        for (held, count) in self.held.iter().zip(mapped) {
            let (share, percent) = shares(*count, all);
            let mut blocked = Sums::default();
            for row in self.blocked_rows(held) {
                if let Some(figures) = &row.figures {
                    blocked.add(figures.contract)?;
                }
            }
            let mut sentence = vec![PhrasePart::text("mapped")];
            for amount in blocked.moneys() {
                sentence.push(PhrasePart::text(", "));
                sentence.push(PhrasePart::money(amount, AmountTone::Gap));
                sentence.push(PhrasePart::text(format!(" {} blocked", amount.currency())));
            }
            coverage.push(Coverage {
                label: label(held),
                counted: of_all(*count, all),
                percent,
                share,
                sentence,
            });
        }
        Ok(coverage)
    }

    /// Deals of one company that any product stops, each once.
    fn blocked_rows(&self, of: &Held) -> Vec<&'a DealRow> {
        let mut seen = BTreeSet::new();
        let rows = self.blocked.values().flatten();
        let ours = rows.filter(|(_, held)| held.view.connection == of.view.connection);
        ours.map(|(row, _)| *row).filter(|row| seen.insert(&row.deal)).collect()
    }

    /// Each blocked deal counts once, also where two of its products stop it.
    fn totals(&self) -> Result<Vec<ProductTotal>, Failure> {
        let mut won = Sums::default();
        for line in self.lines.values().flatten().filter(|line| self.won.contains(&line.deal)) {
            won.add(line.total)?;
        }
        let mut blocked = Sums::default();
        for held in self.held {
            for row in self.blocked_rows(held) {
                if let Some(figures) = &row.figures {
                    blocked.add(figures.contract)?;
                }
            }
        }
        let row = |sum: Money| ProductTotal {
            currency: sum.currency().code().to_owned(),
            won: sum.into(),
            won_proof: Proof::Sum,
            blocked: blocked.of(sum.currency()).into(),
            blocked_proof: Proof::Sum,
            marks: vec!["[F]"],
        };
        Ok(won.moneys().map(row).collect())
    }
}

/// The line that a gate is about, where it is about a product.
fn line_of(detail: &GateDetail) -> Option<&NamedLine> {
    match detail {
        GateDetail::NoItemCode { line }
        | GateDetail::NoItem { line, .. }
        | GateDetail::ItemInactive { line, .. }
        | GateDetail::ItemDuplicate { line, .. }
        | GateDetail::ItemCaseCollision { line, .. } => Some(line),
        _ => None,
    }
}

fn blocked_wait(row: &DealRow, held: &Held, lines: &[&DealLine], contract: Money) -> ProductWait {
    let ours = lines.iter().filter(|line| line.deal == row.deal);
    let notes: Vec<String> = ours
        .map(|line| {
            let quantity = line.quantity.normalize();
            let price = line.unit_price.map(|price| format!(" × {}", price_words(line, price)));
            format!("this product, {quantity}{}", price.unwrap_or_default())
        })
        .collect();
    let target = Target::record("deals", Some("blocked"), row.deal.as_str());
    ProductWait {
        label: row.name.clone(),
        note: notes.join("; "),
        amount: contract.into(),
        target: Target { ledger: Some(held.view.connection.to_string()), ..target },
    }
}

/// A price in the digits of its currency, or with all that it has.
fn price_words(line: &DealLine, price: Decimal) -> String {
    match Money::from_decimal(price, line.total.currency()) {
        Ok(money) => crate::export::words::amount(money),
        Err(_) => price.normalize().to_string(),
    }
}

fn item(product: &Product, of: &ItemMapping, held: &Held) -> ProductItem {
    let open = |code: Option<String>, glyph, word: &str, tone| ProductItem {
        code,
        status: Some(Status::new(glyph, word, tone)),
    };
    let wanted = product.external_id.clone().filter(|code| !code.trim().is_empty());
    match of {
        ItemMapping::Mapped(id) => {
            let item = held.view.books.items.iter().find(|item| item.id == *id);
            ProductItem { code: item.and_then(|item| item.code.clone()), status: None }
        }
        ItemMapping::NoCode => open(None, "square_bar", "not mapped", Tone::Bad),
        ItemMapping::NoItem => open(wanted, "square_bar", "no such item", Tone::Bad),
        ItemMapping::Inactive(_) => open(wanted, "triangle", "inactive", Tone::Warn),
        ItemMapping::Duplicate(_) => open(wanted, "two_squares", "several items", Tone::Bad),
        ItemMapping::CaseCollision(_) => {
            open(wanted, "two_squares", "differs in case only", Tone::Bad)
        }
    }
}

fn detail_status(items: &[ProductItem], held: &[Rc<Held>]) -> Status {
    let mut open = items.iter().zip(held);
    let open = open.find_map(|(item, held)| Some((item.status.clone()?, held)));
    match open {
        Some((status, held)) => {
            let rules = &held.view.frame.rules;
            let word = format!("{} in {} for {}", status.word, rules.ledger_name, label(held));
            Status { word: capital(&word), ..status }
        }
        None => Status::new("tick", "Mapped", Tone::Ok),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn sentence(product: &Product) -> String {
    match &product.family {
        Some(family) => format!("{}, {family}", product.name),
        None => product.name.clone(),
    }
}

fn remedy(items: &[ProductItem], found: &[ItemMapping]) -> String {
    if items.iter().all(|item| item.status.is_none()) {
        return String::new();
    }
    let inactive = found.iter().any(|of| matches!(of, ItemMapping::Inactive(_)));
    let first = match inactive {
        true => {
            "Switch the item on in the books, or enter another code on the product in \
                 Salesforce."
        }
        false => "Enter the code of its item on the product in Salesforce.",
    };
    format!("{first} The next run reads it. Nothing is sent without your approval.")
}

/// What a product and an item have in common.
fn alike(product: &Product, item: &Item) -> Vec<String> {
    let mut evidence = Vec::new();
    if !names_unlike(&product.name, &item.name) {
        evidence.push("the names share a word".to_owned());
    }
    let ours = product.external_id.as_deref().or(product.code.as_deref()).unwrap_or_default();
    let shared = shared_letters(ours, item.code.as_deref().unwrap_or_default());
    if shared >= CODE_SHARED_MIN {
        evidence.push(format!("the codes share {shared} letters in a row"));
    }
    evidence
}

/// The longest run of letters and digits that both codes hold, whatever their case.
fn shared_letters(one: &str, other: &str) -> usize {
    let fold = |text: &str| text.trim().to_lowercase().chars().collect::<Vec<char>>();
    let (one, other) = (fold(one), fold(other));
    let mut longest = 0;
    let mut before = vec![0; other.len() + 1];
    for a in &one {
        let mut now = vec![0; other.len() + 1];
        for (at, b) in other.iter().enumerate() {
            if a == b && a.is_alphanumeric() {
                now[at + 1] = before[at] + 1;
                longest = longest.max(now[at + 1]);
            }
        }
        before = now;
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::shared_letters;

    #[test]
    fn codes_are_alike_by_letters_in_a_row() {
        assert_eq!(shared_letters("AQ-EDGE-AI", "EDGE-INF"), 4);
        assert_eq!(shared_letters("probe-s", "PROBE-S"), 5);
        assert_eq!(shared_letters("", "EDGE"), 0);
    }
}
