//! What the report says in a few sentences: totals, difference, explained, unexplained, verdict.

use tieout_domain::Money;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::proof::SourceMeasure;
use tieout_domain::tieouts::{TieOut, TieOutLine, TieOutStatus};
use tieout_domain::verdict::Verdict;
use tieout_report::Prose;

use super::completeness::measure_of;
use super::context::Lack;
use super::desk::{Desk, figure};
use super::sheet::does_not_add;
use super::words::{amount, amount_in, counted, listed};
use crate::failure::Failure;

/// Gaps that the conclusion names; all stand under "Exceptions".
const GAPS_NAMED_MAX: usize = 2;

/// The conclusion. An incomplete one says so first and never says that nothing differs.
pub(super) fn conclusion(desk: &Desk<'_>) -> Result<Prose, Failure> {
    let prose = incomplete(desk, Prose::new());
    let prose = balances(desk, prose)?;
    let prose = tie_outs(desk, prose);
    let prose = deals(desk, prose)?;
    Ok(verdict(desk, prose))
}

/// `Incomplete: a; b; and 3 more.`
fn incomplete(desk: &Desk<'_>, prose: Prose) -> Prose {
    let gaps = desk.gaps();
    if gaps.is_empty() {
        return prose;
    }
    prose.figure("Incomplete").say(format!(": {}. ", named(&gaps)))
}

/// The first gaps, and how many there are beside them.
pub(super) fn named(gaps: &[Lack]) -> String {
    let shown: Vec<&str> =
        gaps.iter().take(GAPS_NAMED_MAX).map(|gap| gap.what.trim_end_matches('.')).collect();
    let further = gaps.len().saturating_sub(shown.len());
    match further {
        0 => shown.join("; "),
        more => format!("{}; and {more} more under \"Exceptions\"", shown.join("; ")),
    }
}

/// Sub-ledger against control account.
fn balances(desk: &Desk<'_>, prose: Prose) -> Result<Prose, Failure> {
    let lines = &desk.reconciliation.proofs.lines;
    let control = lines.iter().find(|line| {
        line.tie_out == TieOut::ControlAccount
            && measure_of(line) == Some(SourceMeasure::ControlAccount)
    });
    let held = desk.reconciliation.receivables.total(desk.functional())?;
    let currency = desk.functional();
    let prose = prose
        .say("Receivables are ")
        .figure(amount(held))
        .say(format!(" {currency} in the sub-ledger"));
    let Some((line, source, difference)) =
        control.and_then(|line| Some((line, line.source?, line.difference?)))
    else {
        let ledger = &desk.context.ledger.name;
        return Ok(prose.say(format!("; {ledger} gave no balance of the control account. ")));
    };
    let (explained, unexplained) = explained(line, difference)?;
    Ok(prose
        .say(" and ")
        .figure(amount(source.amount))
        .say(" in the control account. Of the difference of ")
        .figure(amount(difference))
        .say(", ")
        .figure(amount(explained))
        .say(" is explained by items listed and ")
        .figure(amount(unexplained))
        .say(" is unexplained. "))
}

fn explained(line: &TieOutLine, difference: Money) -> Result<(Money, Money), Failure> {
    let items = line.explained_by.iter().map(|item| item.amount);
    let sum = Money::sum(difference.currency(), items);
    let sum = sum.map_err(does_not_add("control account"))?;
    if line.status != TieOutStatus::Explained {
        return Ok((Money::zero(difference.currency()), difference));
    }
    let rest = difference.checked_sub(sum).map_err(does_not_add("control account"))?;
    Ok((sum, rest))
}

/// How many of the five hold; a tie-out holds if each of its lines does.
fn tie_outs(desk: &Desk<'_>, prose: Prose) -> Prose {
    let failing: Vec<String> = TieOut::ALL
        .into_iter()
        .filter(|tie_out| !holds(desk, *tie_out))
        .map(|tie_out| tie_out.as_str().to_owned())
        .collect();
    let held = TieOut::ALL.len() - failing.len();
    let count = NUMBERS[held.min(NUMBERS.len() - 1)];
    match failing.len() {
        0 => prose.say(format!("{count} of five tie-outs hold. ")),
        one_or_more => {
            let do_not = if one_or_more == 1 { "does not" } else { "do not" };
            prose.say(format!("{count} of five tie-outs hold; {} {do_not}. ", listed(&failing)))
        }
    }
}

const NUMBERS: [&str; 6] = ["None", "One", "Two", "Three", "Four", "Five"];

fn holds(desk: &Desk<'_>, tie_out: TieOut) -> bool {
    let lines = desk.reconciliation.proofs.lines.iter();
    let mut ours = lines.filter(|line| line.tie_out == tie_out);
    ours.all(|line| matches!(line.status, TieOutStatus::Agreed | TieOutStatus::Explained))
}

/// Deals by verdict; open ones with what they come to in the functional currency.
fn deals(desk: &Desk<'_>, prose: Prose) -> Result<Prose, Failure> {
    let rows = &desk.reconciliation.rows;
    let of = |verdict: Verdict| rows.iter().filter(move |row| row.verdict == Some(verdict));
    let compared = rows.iter().filter(|row| row.verdict.is_some()).count() as u64;
    if compared == 0 {
        return Ok(prose.say("No deal had anything due or billed. "));
    }
    let agreeing = of(Verdict::Matched).count() + of(Verdict::MatchedInTolerance).count();
    let mut words = format!(
        "Of {} compared, {} within the limits and {}",
        counted(compared, "deal", "deals"),
        counted(agreeing as u64, "agrees", "agree"),
        counted(of(Verdict::Explained).count() as u64, "is explained", "are explained"),
    );
    for (verdict, one, many) in [
        (Verdict::Unexplained, "has no accepted reason", "have no accepted reason"),
        (Verdict::Uncertain, "is uncertain", "are uncertain"),
    ] {
        let open: Vec<&DealRow> = of(verdict).collect();
        if !open.is_empty() {
            let count = counted(open.len() as u64, one, many);
            words = format!("{words}; {count}{}", together(desk, &open)?);
        }
    }
    Ok(prose.say(format!("{words}. ")))
}

/// What open deals come to, where every amount is known and in the functional currency.
fn together(desk: &Desk<'_>, rows: &[&DealRow]) -> Result<String, Failure> {
    let known = rows
        .iter()
        .map(|row| figure(row, |it| it.variance).filter(|it| it.currency() == desk.functional()));
    let Some(known) = known.collect::<Option<Vec<Money>>>() else { return Ok(String::new()) };
    let sum = Money::sum(desk.functional(), known).map_err(does_not_add("open deals"))?;
    Ok(format!(": {}", amount_in(sum)))
}

/// The last word. Nothing is called agreed while anything is missing or open.
fn verdict(desk: &Desk<'_>, prose: Prose) -> Prose {
    let rows = desk.reconciliation.rows.iter();
    let open =
        rows.filter(|row| matches!(row.verdict, Some(Verdict::Unexplained | Verdict::Uncertain)));
    let open = open.count() as u64;
    let words = match (desk.is_complete(), desk.reconciliation.ties_out(), open) {
        (false, _, _) => "no conclusion until everything was read".to_owned(),
        (true, false, _) => "does not tie out".to_owned(),
        (true, true, 0) => "ties out".to_owned(),
        (true, true, open) => {
            let wait = counted(open, "deal waits", "deals wait");
            format!("the books tie out; {wait} for a person before sign-off")
        }
    };
    prose.say("Verdict: ").figure(words).say(".")
}
