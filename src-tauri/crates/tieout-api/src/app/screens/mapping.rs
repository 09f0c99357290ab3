//! Which product and which customer of the one side is which of the other, and what money waits.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use tieout_domain::books::population::is_won_by;
use tieout_domain::facts::Deal;
use tieout_domain::gates::GateDetail;
use tieout_domain::{Currency, Money};
use tieout_engine::{LinkSubject, Word};
use tieout_report::print_count;
use ts_rs::TS;

use super::decisions::say;
use super::mapping_customers::{CustomerMapping, customers};
use super::mapping_products::{ProductMapping, products};
use super::settings::reason;
use super::state::short_name;
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{Receipt, Scope, ScopeParams, Status, Target, Tone};
use crate::app::writer::Writer;
use crate::codes::Code;
use crate::export::words::{counted, typeset};
use crate::failure::Failure;
use crate::views::Amount;

/// The reason of a link that a person made in the list of customers without further words.
const CHOSEN: &str = "chosen by a person in the list of customers";

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MappingView {
    pub products: ProductMapping,
    pub customers: CustomerMapping,
    pub taxes: PlainMapping,
    pub currencies: PlainMapping,
}

/// A short list, with what to do about an open row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PlainMapping {
    pub open: u64,
    pub rows: Vec<PlainMappingRow>,
}

/// One tax code or currency of one company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PlainMappingRow {
    pub id: String,
    pub name: String,
    pub company: String,
    pub maps_to: String,
    pub status: Status,
    pub deals: u64,
    pub amounts: Vec<Amount>,
    pub remedy: String,
    pub target: Option<Target>,
}

/// The screen, over all companies that were read.
pub async fn mapping(reader: &mut Reader, params: ScopeParams) -> Result<MappingView, Failure> {
    let held = all_held(reader, &params.scope)?;
    let workspace = reader.workspace()?;
    Ok(MappingView {
        products: products(&held)?,
        customers: customers(workspace, &held)?,
        taxes: taxes(&held)?,
        currencies: currencies(&held)?,
    })
}

/// The books of every company that was read, or of the one that the scope names.
fn all_held(reader: &mut Reader, scope: &Scope) -> Result<Vec<Rc<Held>>, Failure> {
    let ledgers = reader.workspace()?.engine.ledgers.iter();
    let ledgers: Vec<String> = match &scope.ledger {
        Some(one) => vec![one.clone()],
        None => ledgers.map(|ledger| ledger.id.to_string()).collect(),
    };
    let mut held = Vec::new();
    for ledger in ledgers {
        match reader.look(&Scope { ledger: Some(ledger), ..scope.clone() }) {
            Ok(books) => held.push(books),
            // Connected, and nothing was read yet.
            Err(failure) if failure.code == Code::NothingToReport => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(held)
}

/// What a company is called in lists.
pub(crate) fn label(held: &Held) -> String {
    short_name(&held.view.company).to_owned()
}

/// Sums per currency, in the order of the codes.
#[derive(Default)]
pub(crate) struct Sums(BTreeMap<Currency, Money>);

impl Sums {
    pub(crate) fn add(&mut self, amount: Money) -> Result<(), Failure> {
        let currency = amount.currency();
        let sum = self.0.entry(currency).or_insert(Money::zero(currency));
        *sum = sum.checked_add(amount).map_err(crate::code_of_sum("mapped amounts"))?;
        Ok(())
    }

    pub(crate) fn amounts(&self) -> Vec<Amount> {
        self.0.values().map(|sum| Amount::from(*sum)).collect()
    }

    pub(crate) fn moneys(&self) -> impl Iterator<Item = Money> {
        self.0.values().copied()
    }

    pub(crate) fn of(&self, currency: Currency) -> Money {
        self.0.get(&currency).copied().unwrap_or_else(|| Money::zero(currency))
    }
}

/// Won deals of the day with their contract amounts, each once.
fn won(held: &Held) -> impl Iterator<Item = &Deal> {
    let day = held.view.frame.as_of;
    held.view.books.deals.iter().filter(move |deal| is_won_by(deal, day))
}

fn contract_of(deals: impl Iterator<Item = Money>) -> Result<(u64, Vec<Amount>), Failure> {
    let mut sums = Sums::default();
    let mut count = 0;
    for amount in deals {
        count += 1;
        sums.add(amount)?;
    }
    Ok((count, sums.amounts()))
}

/// Lines carry no tax code of their own, so each takes the company's.
fn taxes(held: &[Rc<Held>]) -> Result<PlainMapping, Failure> {
    let mut mapping = PlainMapping { open: 0, rows: Vec::new() };
    for held in held {
        let rules = &held.view.frame.rules;
        let ledger = held.view.connection.to_string();
        let figures = held.reconciliation.rows.iter().filter(|row| row.won);
        let contracts = figures.filter_map(|row| row.figures.map(|figures| figures.contract));
        let (deals, amounts) = contract_of(contracts)?;
        let maps_to = match &rules.default_tax_code {
            Some(code) => code.clone(),
            None => format!("no code: {} decides", rules.ledger_name),
        };
        mapping.rows.push(PlainMappingRow {
            id: format!("{ledger}|default"),
            name: "Lines without a code of their own".to_owned(),
            company: label(held),
            maps_to,
            status: Status::new("tick", "Mapped", Tone::Ok),
            deals,
            amounts,
            remedy: String::new(),
            target: None,
        });
        for (code, (remedy, deals)) in unmapped_taxes(held) {
            mapping.open += 1;
            let target = Target::view("deals", "blocked");
            mapping.rows.push(PlainMappingRow {
                id: format!("{ledger}|{code}"),
                name: code,
                company: label(held),
                maps_to: String::new(),
                status: Status::new("square_bar", "Not mapped", Tone::Bad),
                deals,
                amounts: Vec::new(),
                remedy,
                target: Some(Target { ledger: Some(ledger.clone()), ..target }),
            });
        }
    }
    Ok(mapping)
}

/// Codes that a gate stops deals for: what to do, and how many deals.
fn unmapped_taxes(held: &Held) -> BTreeMap<String, (String, u64)> {
    let mut found: BTreeMap<String, (String, u64)> = BTreeMap::new();
    for row in &held.reconciliation.rows {
        for finding in &row.gates {
            if let GateDetail::TaxCodeUnmapped { code, .. } = &finding.detail {
                let remedy = || (typeset(&finding.sentence.remedy), 0);
                found.entry(code.clone()).or_insert_with(remedy).1 += 1;
            }
        }
    }
    found
}

/// Which company keeps which currency; one that no company keeps is open.
fn currencies(held: &[Rc<Held>]) -> Result<PlainMapping, Failure> {
    let mut mapping = PlainMapping { open: 0, rows: Vec::new() };
    let mut kept: BTreeSet<Currency> = BTreeSet::new();
    for held in held {
        for currency in &held.view.frame.rules.currencies {
            kept.insert(*currency);
            let of = held.reconciliation.rows.iter().filter(|row| row.won);
            let of = of.filter_map(|row| row.figures.map(|figures| figures.contract));
            let (deals, amounts) = contract_of(of.filter(|it| it.currency() == *currency))?;
            if deals == 0 && *currency != held.view.frame.functional {
                continue;
            }
            mapping.rows.push(PlainMappingRow {
                id: format!("{}|{currency}", held.view.connection),
                name: currency.to_string(),
                company: label(held),
                maps_to: "Accounts receivable".to_owned(),
                status: Status::new("tick", "Kept", Tone::Ok),
                deals,
                amounts,
                remedy: String::new(),
                target: Some(Target::view("deals", "all")),
            });
        }
    }
    let Some(first) = held.first() else { return Ok(mapping) };
    for row in &first.reconciliation.unassigned {
        if kept.contains(&row.currency) {
            continue;
        }
        mapping.open += 1;
        mapping.rows.push(PlainMappingRow {
            id: format!("|{}", row.currency),
            name: row.currency.to_string(),
            company: String::new(),
            maps_to: String::new(),
            status: Status::new("square_bar", "No company keeps it", Tone::Bad),
            deals: row.count,
            amounts: vec![row.sum.into()],
            remedy: format!(
                "{} in {} stand in no comparison. Connect the company that keeps {}.",
                counted(row.count, "won deal", "won deals"),
                row.currency,
                row.currency
            ),
            target: None,
        });
    }
    Ok(mapping)
}

/// A share of a whole in per mille and in percent, rounded down: it never says all too early.
pub(crate) fn shares(part: u64, whole: u64) -> (String, String) {
    if whole == 0 {
        return ("1000".to_owned(), "n/a".to_owned());
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    ((part * 1_000 / whole).to_string(), format!("{}%", part * 100 / whole))
}

/// `9 of 10`.
pub(crate) fn of_all(part: u64, whole: u64) -> String {
    format!("{} of {}", print_count(part), print_count(whole))
}

/// Which customer of the books is said to be an Account, or not to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct CustomerWord {
    pub account: String,
    pub ledger: String,
    pub customer: String,
    /// Why; without one the log says where it was chosen.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Links one customer of the books to an Account.
pub async fn link_customer(writer: &mut Writer, params: CustomerWord) -> Result<Receipt, Failure> {
    say_customer(writer, params, Word::Is)
}

/// Says that a customer is not the Account.
pub async fn unlink_customer(
    writer: &mut Writer,
    params: CustomerWord,
) -> Result<Receipt, Failure> {
    say_customer(writer, params, Word::IsNot)
}

/// The word is kept about the Account; a deal of it in the customer's currency carries it there.
fn say_customer(writer: &mut Writer, params: CustomerWord, word: Word) -> Result<Receipt, Failure> {
    let why = match params.reason.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => reason(text)?,
        None => CHOSEN.to_owned(),
    };
    let workspace = writer.workspace()?;
    let ledger = workspace.ledger_named(Some(&params.ledger))?;
    let view = workspace.engine.view_today(&ledger)?;
    let known = view.books.customers.iter().find(|it| it.id.as_str() == params.customer);
    let currency = known.and_then(|customer| customer.currency);
    let of_account = |deal: &&Deal| {
        let ours = deal.account.as_ref().is_some_and(|it| it.as_str() == params.account);
        ours && !deal.stamp.deleted
    };
    let fits = |deal: &&Deal| currency.is_none_or(|currency| currency == deal.currency);
    let mut deals = view.books.deals.iter().filter(of_account);
    let deal = deals.clone().find(fits).or_else(|| deals.next()).ok_or_else(|| {
        Failure::new(Code::NoSuchRecord, "this Account has no Opportunity that was read")
    })?;
    let (opportunity, as_of) = (deal.id.to_string(), view.frame.today.to_string());
    let scope = Scope { ledger: Some(ledger.to_string()), as_of, known_at: None };
    say(writer, scope, opportunity, LinkSubject::Customer(params.customer), word, why)
}

/// The won deals of the day, for other parts of the screen.
pub(crate) fn won_deals(held: &Held) -> Vec<&Deal> {
    won(held).collect()
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn a_share_is_rounded_down() {
        assert_eq!(shares(9, 10), ("900".to_owned(), "90%".to_owned()));
        assert_eq!(shares(999, 1_000), ("999".to_owned(), "99%".to_owned()));
        assert_eq!(shares(0, 0).1, "n/a");
    }
}
