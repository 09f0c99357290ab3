//! Which won deals are not paid, and why: one grid, grouped by what is in the way.

use serde::{Deserialize, Serialize};
use tieout_domain::books::leaks::{Leaks, leaks};
use tieout_domain::books::positions::DealRow;
use tieout_domain::facts::Stream;
use tieout_domain::figures::DealFigures;
use tieout_domain::status::{BillingStatus, CashStatus};
use tieout_domain::{Currency, Money};
use tieout_store::{SheetColumn, SheetKind, SheetRow, SheetValue};
use ts_rs::TS;

use super::gate_words;
use super::state::{short_day, short_name};
use super::systems::Systems;
use super::words::{is_twice, standing};
use crate::app::grid::{GridWords, GroupWords, Look, maybe, money, page, row, sheet, text};
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{
    AmountTone, GridPage, GridQuery, OpenIn, Phrase, PhrasePart, Scope, Status,
};
use crate::code_of_sum;
use crate::export::words::counted;
use crate::failure::Failure;
use crate::views::date;

/// The views of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DealsTab {
    Unpaid,
    NotInvoiced,
    /// Due for more than the grace days and never invoiced.
    Leakage,
    Blocked,
    All,
    Excluded,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealsParams {
    pub scope: Scope,
    pub view: DealsTab,
    pub query: GridQuery,
}

/// One deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DealGridRow {
    /// Id of the Opportunity.
    pub key: String,
    /// The customer's own reference, else the id.
    pub reference: String,
    /// Without the legal form.
    pub account: String,
    pub name: String,
    pub closed: String,
    pub age_days: i64,
    pub currency: String,
    /// Net of tax; the next three incl. tax. `null`: the deal's amount is unknown.
    pub not_invoiced: Option<String>,
    pub not_due: Option<String>,
    pub part_paid: Option<String>,
    pub overdue: Option<String>,
    /// Takes the place of the three invoice columns.
    pub why: Option<String>,
    /// The same as whole sentences, where that says more.
    pub why_in_full: Option<String>,
    pub contract: Option<String>,
    pub status: Status,
    pub disputed: bool,
    pub links: Vec<OpenIn>,
}

/// How many deals each view has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct DealCounts {
    pub unpaid: usize,
    pub not_invoiced: usize,
    pub leakage: usize,
    pub blocked: usize,
    pub all: usize,
    pub excluded: usize,
}

/// The screen.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DealsView {
    pub sentence: Phrase,
    pub counts: DealCounts,
    pub grid: GridPage<DealGridRow>,
}

pub(crate) const COLUMNS: [SheetColumn; 10] = [
    SheetColumn { name: "account", kind: SheetKind::Text },
    SheetColumn { name: "name", kind: SheetKind::Text },
    SheetColumn { name: "reference", kind: SheetKind::Text },
    SheetColumn { name: "closed", kind: SheetKind::Date },
    SheetColumn { name: "age_days", kind: SheetKind::Count },
    SheetColumn { name: "not_invoiced", kind: SheetKind::Money },
    SheetColumn { name: "not_due", kind: SheetKind::Money },
    SheetColumn { name: "part_paid", kind: SheetKind::Money },
    SheetColumn { name: "overdue", kind: SheetKind::Money },
    SheetColumn { name: "contract", kind: SheetKind::Money },
];

/// What is in the way of a deal's cash, in the order in which it presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Unknown,
    Blocked,
    Missing,
    Twice,
    Overdue,
    PartPaid,
    Open,
    NotDue,
    Settled,
    Excluded,
}

impl Way {
    const ALL: [Self; 10] = [
        Self::Unknown,
        Self::Blocked,
        Self::Missing,
        Self::Twice,
        Self::Overdue,
        Self::PartPaid,
        Self::Open,
        Self::NotDue,
        Self::Settled,
        Self::Excluded,
    ];

    pub(crate) fn of(row: &DealRow) -> Self {
        let short = row.figures.as_ref().is_some_and(|it| !it.not_invoiced.is_zero());
        match (row.billing, row.cash) {
            (BillingStatus::Excluded, _) => Self::Excluded,
            _ if row.outcome_unknown => Self::Unknown,
            (BillingStatus::Blocked, _) => Self::Blocked,
            (BillingStatus::OverBilled, _) if is_twice(row) => Self::Twice,
            _ if short => Self::Missing,
            (BillingStatus::Unbilled | BillingStatus::Reversed | BillingStatus::InFlight, _) => {
                Self::Missing
            }
            (_, CashStatus::Overdue) => Self::Overdue,
            (_, CashStatus::PartPaid) => Self::PartPaid,
            (_, CashStatus::Open) => Self::Open,
            (BillingStatus::NotDue | BillingStatus::Drafted, _) => Self::NotDue,
            _ => Self::Settled,
        }
    }

    fn words(self) -> GroupWords {
        let (key, label, note, glyph) = match self {
            Self::Unknown => {
                ("unknown", "Outcome unknown", "never sent again without an answer", "diamond")
            }
            Self::Blocked => {
                ("blocked", "Blocked by a gate", "nothing is created until fixed", "square_bar")
            }
            Self::Missing => ("missing", "Due, not fully invoiced", "", "triangle_filled"),
            Self::Twice => ("twice", "Billed twice", "", "two_squares"),
            Self::Overdue => ("overdue", "Invoiced, overdue", "", "triangle"),
            Self::PartPaid => ("part_paid", "Invoiced, part paid", "", "half_disc"),
            Self::Open => ("open", "Invoiced, not due", "", "ring"),
            Self::NotDue => ("not_due", "Not due yet", "", "ring"),
            Self::Settled => ("settled", "Paid or closed", "", "tick"),
            Self::Excluded => ("excluded", "Excluded", "in no comparison", "crossed_ring"),
        };
        GroupWords { key: key.to_owned(), label: label.into(), note: note.into(), glyph }
    }
}

impl DealsTab {
    const fn sheet(self) -> &'static str {
        match self {
            Self::Unpaid => "deals unpaid",
            Self::NotInvoiced => "deals not invoiced",
            Self::Leakage => "deals leakage",
            Self::Blocked => "deals blocked",
            Self::All => "deals",
            Self::Excluded => "deals excluded",
        }
    }

    /// The deals of this view.
    fn rows(self, held: &Held) -> Result<Vec<&DealRow>, Failure> {
        let rows = &held.reconciliation.rows;
        let only = |shows: fn(&DealRow) -> bool| rows.iter().filter(|row| shows(row)).collect();
        Ok(match self {
            Self::Unpaid => only(DealRow::is_unpaid),
            Self::NotInvoiced => only(|row| {
                row.is_unpaid()
                    && matches!(Way::of(row), Way::Unknown | Way::Blocked | Way::Missing)
            }),
            Self::Leakage => {
                let found = leaking(held)?;
                found.rows.into_iter().chain(found.without_amount).collect()
            }
            Self::Blocked => only(|row| Way::of(row) == Way::Blocked),
            Self::All => only(|row| row.won),
            Self::Excluded => only(|row| row.billing == BillingStatus::Excluded),
        })
    }
}

/// The screen.
pub async fn deals(reader: &mut Reader, params: DealsParams) -> Result<DealsView, Failure> {
    let held = reader.look(&params.scope)?;
    let systems = Systems::of(reader.workspace()?, &held)?;
    let grid = grid(&held, &systems, (params.view, &params.query), page)?;
    let sentence = match params.view {
        DealsTab::Leakage => leakage_sentence(&held)?,
        _ => sentence(&held)?,
    };
    Ok(DealsView { sentence, counts: counts(&held)?, grid })
}

/// Deals of which nothing was invoiced and something should have been, as `tieout leakage` has it.
fn leaking(held: &Held) -> Result<Leaks<'_>, Failure> {
    Ok(leaks(&held.reconciliation.rows, false, held.view.frame.grace_days)?)
}

/// The deals of a view under a query.
pub(crate) fn grid(
    held: &Held,
    systems: &Systems,
    (tab, query): (DealsTab, &GridQuery),
    look: Look<DealGridRow>,
) -> Result<GridPage<DealGridRow>, Failure> {
    let sheet = sheet(held, tab.sheet(), &COLUMNS, || {
        let mut rows = tab.rows(held)?;
        rows.sort_by_key(|row| (Way::of(row), std::cmp::Reverse(pressing(row))));
        rows.into_iter().map(|it| deal_row(held, systems, it)).collect()
    })?;
    let groups: Vec<GroupWords> = Way::ALL.into_iter().map(Way::words).collect();
    let words = GridWords {
        groups: &groups,
        main: "not_invoiced",
        counted: &|count| counted(u64::from(count), "deal", "deals"),
        proof: &|column, currency| {
            // What a leak comes to has no second source to agree with.
            let evidence = held.evidence.of(currency).filter(|_| tab != DealsTab::Leakage)?;
            match column {
                "contract" => Some(evidence.deals.clone()),
                "not_invoiced" => Some(evidence.billing.clone()),
                _ => Some(evidence.unpaid.clone()),
            }
        },
        marks: &|currency| {
            let agreed = held.evidence.of(currency).is_some_and(|it| it.unpaid.agreed);
            if agreed { vec!["[S]".into(), "[A]".into()] } else { Vec::new() }
        },
        totals_in_groups: false,
    };
    look(held, &sheet, query, &words)
}

fn counts(held: &Held) -> Result<DealCounts, Failure> {
    let of = |tab: DealsTab| Ok::<_, Failure>(tab.rows(held)?.len());
    Ok(DealCounts {
        unpaid: of(DealsTab::Unpaid)?,
        not_invoiced: of(DealsTab::NotInvoiced)?,
        leakage: of(DealsTab::Leakage)?,
        blocked: of(DealsTab::Blocked)?,
        all: of(DealsTab::All)?,
        excluded: of(DealsTab::Excluded)?,
    })
}

/// "Due for more than 5 days on 30 Jun and never invoiced: 82,000.00 USD."
fn leakage_sentence(held: &Held) -> Result<Phrase, Failure> {
    let found = leaking(held)?;
    let day = short_day(held.view.frame.as_of, &held.view);
    let grace = counted(held.view.frame.grace_days.into(), "day", "days");
    if found.rows.is_empty() && found.without_amount.is_empty() {
        let text =
            format!("No won deal was due for more than {grace} on {day} and never invoiced.");
        return Ok(vec![PhrasePart::text(text)]);
    }
    let text = format!("Due for more than {grace} on {day} and never invoiced, net of tax: ");
    let mut phrase = vec![PhrasePart::text(text)];
    for (at, sum) in found.totals.iter().enumerate() {
        if at > 0 {
            phrase.push(PhrasePart::text(", "));
        }
        phrase.push(PhrasePart::money(*sum, AmountTone::Gap));
        phrase.push(PhrasePart::text(format!(" {}", sum.currency())));
    }
    let unknown = match found.without_amount.len() as u64 {
        0 => ".".to_owned(),
        some => format!(". {} without a known amount.", counted(some, "deal", "deals")),
    };
    phrase.push(PhrasePart::text(unknown));
    Ok(phrase)
}

/// "Unpaid on 30 Jun, net of tax: 1,170,978.54 USD. 11 deals overdue."
fn sentence(held: &Held) -> Result<Phrase, Failure> {
    let day = short_day(held.view.frame.as_of, &held.view);
    let mut phrase = vec![PhrasePart::text(format!("Unpaid on {day}, net of tax: "))];
    let sums = unpaid_sums(held)?;
    if sums.is_empty() {
        return Ok(vec![PhrasePart::text(format!("No won deal is unpaid on {day}."))]);
    }
    for (at, sum) in sums.iter().enumerate() {
        if at > 0 {
            phrase.push(PhrasePart::text(", "));
        }
        phrase.push(PhrasePart::money(*sum, AmountTone::Strong));
        phrase.push(PhrasePart::text(format!(" {}", sum.currency())));
    }
    let rows = held.reconciliation.rows.iter();
    let late = rows.filter(|row| row.is_unpaid() && row.cash == CashStatus::Overdue).count();
    let late = counted(late as u64, "deal", "deals");
    let unknown = held.reconciliation.unpaid().filter(|row| row.figures.is_none()).count();
    let unknown = match unknown {
        0 => String::new(),
        some => format!(" {} without a known amount.", counted(some as u64, "deal", "deals")),
    };
    phrase.push(PhrasePart::text(format!(". {late} overdue.{unknown}")));
    Ok(phrase)
}

/// What is unpaid net of tax, the functional currency first.
pub(crate) fn unpaid_sums(held: &Held) -> Result<Vec<Money>, Failure> {
    let mut by: std::collections::BTreeMap<Currency, Vec<Money>> = Default::default();
    for figures in held.reconciliation.unpaid().filter_map(|row| row.figures.as_ref()) {
        by.entry(figures.contract.currency()).or_default().push(figures.unpaid_net);
    }
    let mut sums = Vec::new();
    for (currency, amounts) in by {
        sums.push(Money::sum(currency, amounts).map_err(code_of_sum("unpaid deals"))?);
    }
    let functional = held.evidence.functional;
    sums.sort_by_key(|sum| (sum.currency() != functional, sum.currency()));
    Ok(sums)
}

/// The largest amount of the deal that is not settled, in minor units.
fn pressing(row: &DealRow) -> i64 {
    row.figures.as_ref().map_or(i64::MAX, |figures| figures.unpaid_net.minor())
}

fn deal_row(held: &Held, systems: &Systems, of: &DealRow) -> Result<SheetRow, Failure> {
    let figure = |pick: fn(&DealFigures) -> Money| of.figures.as_ref().map(pick);
    let plain = |amount: Option<Money>| amount.map(Money::to_plain);
    let currency = currency_of(held, of);
    let shown = DealGridRow {
        key: of.deal.to_string(),
        reference: of.reference.clone().unwrap_or_else(|| of.deal.to_string()),
        account: short_name(&of.account_name).to_owned(),
        name: of.name.clone(),
        closed: date(of.close_date),
        age_days: of.age_days,
        currency: currency.code().to_owned(),
        not_invoiced: plain(figure(|it| it.not_invoiced)),
        not_due: plain(figure(|it| it.open_not_due)),
        part_paid: plain(figure(|it| it.part_paid_remainder)),
        overdue: plain(figure(|it| it.overdue)),
        why: why(held, of),
        why_in_full: why_in_full(of),
        contract: plain(figure(|it| it.contract)),
        status: standing(of),
        disputed: of.disputed,
        links: links(systems, of),
    };
    let values = vec![
        text(&shown.account),
        text(&shown.name),
        maybe(of.reference.clone()),
        text(&shown.closed),
        SheetValue::Count(of.age_days),
        money(figure(|it| it.not_invoiced)),
        money(figure(|it| it.open_not_due)),
        money(figure(|it| it.part_paid_remainder)),
        money(figure(|it| it.overdue)),
        money(figure(|it| it.contract)),
    ];
    row(Way::of(of) as u32, shown.key.clone(), currency.code(), values, &shown)
}

/// The deal in the CRM, and its latest document in the books.
pub(crate) fn links(systems: &Systems, of: &DealRow) -> Vec<OpenIn> {
    let deal = systems.in_crm(Stream::Deals, of.deal.as_str());
    let last = of.documents.last();
    let document = last.map(|it| systems.document(it.kind, it.document.as_str()));
    std::iter::once(deal).chain(document).collect()
}

/// The currency of a deal, also of one whose amount is unknown.
pub(crate) fn currency_of(held: &Held, row: &DealRow) -> Currency {
    let figured = row.figures.as_ref().map(|figures| figures.contract.currency());
    let known = || {
        let mut deals = held.view.books.deals.iter();
        deals.find(|deal| deal.id == row.deal).map(|deal| deal.currency)
    };
    figured.or_else(known).unwrap_or(held.evidence.functional)
}

/// Every gate that stops the deal, where it has no invoice that counts.
fn why_in_full(row: &DealRow) -> Option<String> {
    let stopped = !row.outcome_unknown && row.documents.iter().all(|it| it.after_as_of);
    let gates: Vec<String> =
        row.gates.iter().map(|gate| format!("{}.", gate_words::what(gate))).collect();
    (stopped && !gates.is_empty()).then(|| gates.join(" "))
}

/// Why the deal has no invoice that counts; `None` where it has one.
pub(crate) fn why(held: &Held, row: &DealRow) -> Option<String> {
    if row.documents.iter().any(|it| !it.after_as_of) {
        return None;
    }
    if row.outcome_unknown {
        return Some("sent, and the books did not answer".to_owned());
    }
    if let Some(gate) = row.gates.first() {
        let more = match row.gates.len() {
            1 => String::new(),
            several => format!(", {} more", several - 1),
        };
        let books = &held.view.frame.rules.ledger_name;
        return Some(format!("{}{more}", gate_words::short(gate, books)));
    }
    if let Some(later) = row.documents.first() {
        let number = later.number.clone().unwrap_or_else(|| later.document.to_string());
        return Some(format!(
            "invoice {number} is dated {}",
            short_day(later.effective_on, &held.view)
        ));
    }
    match (row.billing, row.won_on) {
        (BillingStatus::NotDue, _) => Some("nothing is due yet".to_owned()),
        (_, Some(won)) if won > row.close_date => Some(format!(
            "closed {}, stage changed {}",
            short_day(row.close_date, &held.view),
            short_day(won, &held.view)
        )),
        (BillingStatus::Unbilled, _) => Some("ready: no gate stands against it".to_owned()),
        _ => None,
    }
}
