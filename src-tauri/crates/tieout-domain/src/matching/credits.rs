//! Credit memos that follow an invoice (`finance-domain §8` B): by an explicit reference to a
//! linked invoice, or by being applied to one, and then only the applied share at that date.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::board::{Board, Placed};
use super::compare;
use super::constraints::{self, Standing};
use super::evidence::{Compared, Field, Rule};
use super::input::CreditApplication;
use super::output::{ConflictReason, LinkKind, LinkState, MatchError};
use crate::allocate::allocate;
use crate::facts::LedgerDocumentKind;
use crate::money::Money;

/// A part of a credit memo that goes where an invoice went.
struct Part {
    credit: usize,
    invoice: usize,
    /// Net of tax.
    amount: Money,
    effective_on: Date,
    rule: Rule,
    /// What the ledger says about the two, for the evidence.
    compared: Compared,
}

/// Links credit memos to the deals of invoices that are linked by now. Called again when weaker
/// tiers have linked more invoices; nothing is followed twice.
pub(super) fn follow_invoices(board: &mut Board<'_>) -> Result<(), MatchError> {
    let credits: Vec<usize> = (0..board.documents.len())
        .filter(|at| {
            let kind = board.documents[*at].document.reference.kind;
            kind == LedgerDocumentKind::CreditMemo && board.is_free_document(*at)
        })
        .collect();
    for credit in credits {
        let named = named_parts(board, credit)?;
        let parts = if named.is_empty() { applied_parts(board, credit)? } else { named };
        for part in parts {
            settle_part(board, &part)?;
        }
    }
    Ok(())
}

/// The invoices that an explicit field names take all that is left, by their nets.
fn named_parts(board: &Board<'_>, credit: usize) -> Result<Vec<Part>, MatchError> {
    let slot = &board.documents[credit];
    let invoices: Vec<usize> = slot
        .document
        .credited_invoices
        .iter()
        .filter_map(|invoice| board.document_place(invoice))
        .filter(|invoice| may_follow(board, credit, *invoice))
        .collect();
    if invoices.is_empty() {
        return Ok(Vec::new());
    }
    let left = Money::from_minor(slot.open, slot.document.net.currency());
    let weights: Vec<Decimal> =
        invoices.iter().map(|at| board.documents[*at].document.net.to_decimal().abs()).collect();
    let parts = invoices.iter().zip(allocate(left, &weights)?).map(|(invoice, amount)| Part {
        credit,
        invoice: *invoice,
        amount,
        effective_on: slot.document.effective_on,
        rule: Rule::CreditOfInvoice,
        compared: compared(board, credit, *invoice, Field::Invoice, String::new()),
    });
    Ok(parts.collect())
}

/// The net shares of all applications foot with the unapplied rest to the net of the memo.
fn applied_parts(board: &Board<'_>, credit: usize) -> Result<Vec<Part>, MatchError> {
    let document = board.documents[credit].document;
    // An application in another currency has no share that could be computed without a rate.
    let applications: Vec<&CreditApplication> = document
        .applications
        .iter()
        .filter(|application| application.amount.currency() == document.total.currency())
        .collect();
    let applied = Money::sum(document.total.currency(), applications.iter().map(|at| at.amount))?;
    let unapplied = document.total.checked_sub(applied)?.to_decimal().max(Decimal::ZERO);
    let amounts = applications.iter().map(|at| at.amount.to_decimal().abs());
    let weights: Vec<Decimal> = amounts.chain([unapplied]).collect();
    let shares = allocate(document.net, &weights)?;
    let parts = applications.iter().zip(shares).filter_map(|(application, amount)| {
        let invoice = board.document_place(&application.invoice)?;
        may_follow(board, credit, invoice).then(|| Part {
            credit,
            invoice,
            amount,
            effective_on: application.effective_on,
            rule: Rule::CreditApplied,
            compared: compared(
                board,
                credit,
                invoice,
                Field::Applied,
                application.amount.in_words(),
            ),
        })
    });
    Ok(parts.collect())
}

/// The invoice bills some deal, and this credit memo was not followed to it before.
fn may_follow(board: &Board<'_>, credit: usize, invoice: usize) -> bool {
    let bills = board.links_of(invoice).any(|link| link.kind == LinkKind::Bills);
    bills && !board.followed.contains(&(credit, invoice))
}

fn compared(
    board: &Board<'_>,
    credit: usize,
    invoice: usize,
    field: Field,
    applied: String,
) -> Compared {
    let name = |at: usize| {
        let document = board.documents[at].document;
        document.number.clone().unwrap_or_else(|| document.reference.id.to_string())
    };
    Compared { field, deal: name(invoice), document: name(credit), difference: applied }
}

/// Shares a part like the invoice is shared: deals in ascending order, what the invoice allocates
/// to nobody last.
fn settle_part(board: &mut Board<'_>, part: &Part) -> Result<(), MatchError> {
    board.followed.insert((part.credit, part.invoice));
    let shares: Vec<(usize, Money, LinkState)> = {
        let mut bills: Vec<&Placed> =
            board.links_of(part.invoice).filter(|link| link.kind == LinkKind::Bills).collect();
        bills.sort_by_key(|link| link.deal);
        let rest = Decimal::from(board.documents[part.invoice].open.max(0));
        let allocated = bills.iter().map(|link| Decimal::from(link.allocated.minor().max(0)));
        let weights: Vec<Decimal> = allocated.chain([rest]).collect();
        let shares = allocate(part.amount, &weights)?;
        bills.iter().zip(shares).map(|(link, share)| (link.deal, share, link.state)).collect()
    };
    for (deal, share, state) in shares {
        let open = board.documents[part.credit].open;
        let share = Money::from_minor(share.minor().min(open), share.currency());
        if share.is_positive() {
            link_share(board, part, deal, share, state);
        }
    }
    Ok(())
}

fn link_share(board: &mut Board<'_>, part: &Part, deal: usize, share: Money, state: LinkState) {
    let (credit, tier) = (part.credit, part.rule.tier());
    if board.refused.contains(&(deal, credit)) {
        board.conflict(tier, deal, credit, ConflictReason::PersonDecided);
        return;
    }
    let kind = match constraints::explicit(board, deal, credit) {
        Standing::Counts(kind) => kind,
        Standing::Conflict(why) => return board.conflict(tier, deal, credit, why),
        // A free document counts, so neither of the others can be here.
        Standing::CountsNothing(_) | Standing::Uncertain => return,
    };
    let fields = [Field::Customer, Field::Currency];
    let mut evidence = compare::evidence(board, part.rule, (deal, credit), &fields);
    evidence.compared.insert(0, part.compared.clone());
    let effective_on = part.effective_on;
    board.link(Placed {
        deal,
        document: credit,
        kind,
        allocated: share,
        effective_on,
        state,
        evidence,
    });
}
