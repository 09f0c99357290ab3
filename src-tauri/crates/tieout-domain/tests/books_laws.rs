//! Laws of the books over random small companies.

#![allow(clippy::unwrap_used, reason = "a case that cannot be read is a broken test")]

mod books_language;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use books_language::{Company, failed, usd, words};
use proptest::prelude::*;
use tieout_domain::Money;
use tieout_domain::books::duplicates::{CLOSE_DAYS_MAX, duplicates};
use tieout_domain::books::rehearsal::{Ahead, rehearse};
use tieout_domain::dates::Period;
use tieout_domain::effect::EffectState;
use tieout_domain::ids::DealId;

/// A day of May, June or July.
fn day() -> impl Strategy<Value = String> {
    (5_u32..=7, 1_u32..=30).prop_map(|(month, day)| format!("{month:02}-{day:02}"))
}

/// Cents as text.
fn amount(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// One invoice or credit memo: of which deal, how much, when, and what happens to it.
#[derive(Clone, Debug)]
struct Paper {
    cents: u32,
    tax: u32,
    on: String,
    deal: u32,
    state: u32,
    paid: u32,
    paid_on: String,
    applied_on: String,
}

fn paper() -> impl Strategy<Value = Paper> {
    let amounts = (1_u32..90_000, 0_u32..9_000, 0_u32..=120);
    let rest = (0_u32..6, 0_u32..8, day(), day(), day());
    (amounts, rest).prop_map(|((cents, tax, paid), (deal, state, on, paid_on, applied_on))| Paper {
        cents,
        tax,
        on,
        deal,
        state,
        paid,
        paid_on,
        applied_on,
    })
}

fn deals() -> impl Strategy<Value = String> {
    let deal = (any::<bool>(), 1_u32..90_000, day(), day(), 0_u32..8);
    prop::collection::vec(deal, 4).prop_map(|deals| {
        let mut text = String::new();
        for (at, (down, cents, closed, changed, state)) in deals.into_iter().enumerate() {
            let sign = if down && at == 3 { "-" } else { "" };
            let flag = if state == 0 { "lost" } else { "" };
            let sum = if state == 1 { "?".to_owned() } else { format!("{sign}{}", amount(cents)) };
            writeln!(text, "deal D{at} A{} {sum} {closed} {flag}", at % 2 + 1).unwrap();
            if state > 4 {
                writeln!(text, "history D{at} {closed} {sign}{}", amount(cents / 2 + 1)).unwrap();
                writeln!(text, "history D{at} {changed} {sign}{}", amount(cents)).unwrap();
            }
            if state == 7 {
                writeln!(text, "exclude D{at}").unwrap();
            }
        }
        text
    })
}

/// A company with payments, deposits, credits, refunds, write-offs and void documents.
fn company() -> impl Strategy<Value = String> {
    (deals(), prop::collection::vec(paper(), 0..12)).prop_map(|(deals, papers)| {
        let mut text = deals;
        for (at, paper) in papers.iter().enumerate() {
            write_paper(&mut text, at, paper);
        }
        text
    })
}

fn write_paper(text: &mut String, at: usize, paper: &Paper) {
    let Paper { cents, tax, on, deal, state, paid, paid_on, applied_on } = paper;
    let flag = ["", "", "", "", "", "void", "draft", "gone"][*state as usize];
    let kind = if at % 4 == 3 { "credit" } else { "invoice" };
    let customer = deal % 2 + 1;
    let (net, tax) = (amount(*cents), amount(*tax));
    writeln!(text, "{kind} I{at} C{customer} {net}+{tax} {on} ref=D{deal} {flag}").unwrap();
    let part = amount(cents * (*paid).min(100) / 100);
    let received = amount(cents * paid / 100 + 1);
    match (at % 4, paid % 3) {
        (3, 0) => writeln!(text, "refund F{at} I{at} {part} {paid_on}").unwrap(),
        (3, _) => writeln!(text, "use I{at} I{}:{part}@{applied_on}", at - 1).unwrap(),
        (_, 0) => {
            writeln!(text, "journal J{at} {paid_on} C{customer}:-{part} I{at}={part}").unwrap();
        }
        _ => {
            let applied = format!("I{at}:{part}@{applied_on}");
            writeln!(text, "receipt R{at} C{customer} {received} {paid_on} {applied}").unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn receivables_by_account_sum_to_the_documents(text in company(), on in day()) {
        let receivables = Company::read(&text).at(&on).reconcile().receivables;
        let invoices = receivables.invoices.iter().map(|it| it.open);
        let unapplied = receivables.unapplied.iter().map(|it| it.unapplied);
        let journals = receivables.journal_residuals.iter().map(|(_, amount)| *amount);
        let sum = Money::sum(usd(), invoices.chain(journals)).unwrap();
        let sum = sum.checked_sub(Money::sum(usd(), unapplied).unwrap()).unwrap();
        prop_assert_eq!(receivables.total(usd()).unwrap(), sum);
    }

    #[test]
    fn roll_forward_and_bridge_close_on_what_is_held(text in company(), on in day()) {
        let reconciliation = Company::read(&text).at(&on).reconcile();
        prop_assert_eq!(failed(&reconciliation), Vec::<&str>::new(), "{}", text);
    }

    #[test]
    fn the_bridge_of_a_month_starts_where_the_last_one_ended(text in company()) {
        let company = Company::read(&text);
        let bridge = |month| company.clone().month(month).reconcile().proofs.bridge;
        for month in 4..=7 {
            let (before, after) = (bridge(month), bridge(month + 1));
            prop_assert_eq!(before.closing(), Ok(after.opening), "{} of {}", month, text);
        }
    }

    #[test]
    fn figures_cross_foot(text in company(), on in day()) {
        for row in Company::read(&text).at(&on).reconcile().rows {
            if let Some(figures) = row.figures {
                prop_assert_eq!(figures.cross_foots(), Ok(true), "{} of {}", row.deal, text);
            }
        }
    }

    #[test]
    fn the_fates_of_won_deals_add_up_whatever_a_create_run_would_do(
        text in company(), on in day(), choices in prop::collection::vec(0_u32..3, 4),
    ) {
        let mut company = Company::read(&text).at(&on);
        let reconciliation = company.reconcile();
        let looked_at = reconciliation.billable().chain(reconciliation.blocked());
        let ahead: BTreeMap<DealId, Ahead> = looked_at
            .zip(&choices)
            .map(|(row, choice)| {
                let contract = row.figures.map_or(Money::zero(usd()), |it| it.contract);
                let ahead = match choice {
                    0 => Ahead::Create(contract),
                    1 => Ahead::Blocked(row.gates.clone()),
                    _ => Ahead::Promised(EffectState::Cancelled),
                };
                (row.deal.clone(), ahead)
            })
            .collect();
        let period = Period::new("2026-05-10".parse().unwrap(), "2026-07-15".parse().unwrap());
        let period = period.unwrap();
        let told = |company: &Company| {
            let it = company.reconcile();
            let picture = (it.rows.as_slice(), &it.matches);
            let told = rehearse(&company.books, &company.frame, picture, &ahead, period).unwrap();
            assert!(told.foots().unwrap(), "{text}");
            let fates: Vec<_> = told.deals.iter().map(|it| (it.deal.clone(), it.fate)).collect();
            let counted: u64 = told.won.iter().map(|sum| sum.deals).sum();
            assert_eq!(u64::try_from(fates.len()).unwrap(), counted);
            (fates, told.fates, told.tiers, told.evidence, told.gates)
        };
        let before = told(&company);
        company.books.deals.reverse();
        company.books.documents.reverse();
        prop_assert_eq!(told(&company), before);
    }

    #[test]
    fn duplicates_do_not_depend_on_the_order_of_the_input(
        papers in prop::collection::vec((1_u32..4, 1_u32..3, 1_u32..20, 0_u32..3), 0..12),
    ) {
        let mut text = String::from("deal D1 A1 1.00 06-01\ndeal D2 A1 1.00 06-02\n");
        for (at, (cents, customer, on, deal)) in papers.iter().enumerate() {
            let of = if *deal == 0 { String::new() } else { format!("ref=D{deal}") };
            writeln!(text, "invoice I{at} C{customer} 0.0{cents} 06-{on:02} {of}").unwrap();
        }
        let mut company = Company::read(&text);
        let found = |company: &Company| {
            duplicates(&company.books, &company.reconcile().matches).unwrap()
        };
        let before = found(&company);
        company.books.documents.reverse();
        company.books.deals.reverse();
        prop_assert_eq!(found(&company), before.clone());
        let half = company.books.documents.len() / 2;
        company.books.documents.rotate_left(half);
        prop_assert_eq!(found(&company), before.clone());
        for pair in before {
            prop_assert!((0..=CLOSE_DAYS_MAX).contains(&pair.days_apart));
        }
    }

    #[test]
    fn the_order_of_the_input_decides_nothing(text in company()) {
        let mut company = Company::read(&text);
        let written = |company: &Company| {
            let it = company.reconcile();
            let rows: Vec<String> =
                it.rows.iter().map(|row| format!("{} {} {:?}", row.deal, words(row), row.figures)).collect();
            (rows, it.receivables.by_account, it.proofs.lines, it.proofs.bridge)
        };
        let before = written(&company);
        company.books.deals.reverse();
        company.books.documents.reverse();
        company.books.receipts.reverse();
        company.books.refunds.reverse();
        company.books.journals.reverse();
        company.books.deal_events.reverse();
        company.books.customers.reverse();
        company.books.accounts.reverse();
        prop_assert_eq!(written(&company), before);
    }
}
