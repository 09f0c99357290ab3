//! Records and totals with exactly an amount, whatever its sign.

use rust_decimal::Decimal;
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::receivables::AccountReceivables;
use tieout_domain::tieouts::TieOutLine;
use tieout_domain::{Currency, Money};

use super::{Desk, FOUND_MAX, FoundKind, FoundView, Paper};
use crate::app::shapes::Target;
use crate::export::tie_out_name;
use crate::failure::Failure;

/// `118400`, `118,400.00`, `(350.00)`, `118400 USD`, as an amount of this currency. `None`: it is
/// none, or it has more digits than the currency.
pub(crate) fn typed_amount(typed: &str, currency: Currency) -> Option<Money> {
    let code = typed.get(typed.len().saturating_sub(3)..).unwrap_or_default();
    let is_code = code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_alphabetic());
    if is_code && !code.eq_ignore_ascii_case(currency.code()) {
        return None;
    }
    let number = if is_code { &typed[..typed.len() - 3] } else { typed }.trim();
    let brackets = number.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let plain: String = brackets
        .unwrap_or(number)
        .chars()
        .filter(|letter| !matches!(letter, ',' | ' ' | '\u{a0}' | '\u{202f}' | '\''))
        .collect();
    let decimal: Decimal = plain.parse().ok()?;
    let decimal = if brackets.is_some() { -decimal } else { decimal };
    Money::from_decimal(decimal, currency).ok()
}

/// What is looked for, in the currency of each amount that it is compared with.
struct Wanted<'a>(&'a str);

impl Wanted<'_> {
    fn is(&self, amount: Money) -> bool {
        let wanted = typed_amount(self.0, amount.currency());
        !amount.is_zero()
            && wanted.is_some_and(|it| it.minor().unsigned_abs() == amount.minor().unsigned_abs())
    }
}

impl Desk<'_> {
    /// Deals, then documents, Accounts and totals.
    pub(super) fn amounts(&self, typed: &str) -> Result<Vec<FoundView>, Failure> {
        let wanted = Wanted(typed);
        let receivables = &self.held.reconciliation.receivables;
        let deals = self.held.reconciliation.rows.iter();
        let deals = deals.filter_map(|row| self.deal_with(row, &wanted));
        let papers = self.papers().filter_map(|paper| self.paper_with(&paper, &wanted));
        let accounts = receivables.by_account.iter();
        let accounts = accounts.filter_map(|row| self.account_with(row, &wanted));
        let lines = self.held.reconciliation.proofs.lines.iter();
        let lines = lines.filter_map(|line| self.line_with(line, &wanted));
        let mut found: Vec<FoundView> =
            deals.chain(papers).chain(accounts).chain(lines).take(FOUND_MAX).collect();
        let totals = receivables.totals()?;
        let totals = totals.iter().filter(|(_, _, total)| wanted.is(*total));
        found.extend(totals.map(|(currency, _, total)| FoundView {
            kind: FoundKind::Amount,
            label: format!("Receivables, {currency}"),
            note: self.held.view.company.clone(),
            amount: Some((*total).into()),
            target: self.target("receivables", "accounts", None),
        }));
        Ok(found)
    }

    fn deal_with(&self, row: &DealRow, wanted: &Wanted<'_>) -> Option<FoundView> {
        let figures = row.figures.as_ref()?;
        let named = [
            (figures.not_invoiced, "not invoiced"),
            (figures.open, "open, incl. tax"),
            (figures.variance, "billed less expected"),
            (figures.contract, "contract, net of tax"),
            (figures.billed, "billed, net of tax"),
        ];
        let (money, word) = named.into_iter().find(|(money, _)| wanted.is(*money))?;
        Some(self.deal(row, Some((money, word))))
    }

    fn paper_with(&self, paper: &Paper<'_>, wanted: &Wanted<'_>) -> Option<FoundView> {
        let open = self.open(paper).map(|it| (it.open, "open"));
        let net = match paper {
            Paper::Document(document) => Some((document.net, "net of tax")),
            Paper::Receipt(_) => None,
        };
        let total = match paper {
            Paper::Document(_) => (paper.total(), "total incl. tax"),
            Paper::Receipt(_) => (paper.total(), "received"),
        };
        let named = [open, Some(total), net].into_iter().flatten();
        let (money, word) = named.into_iter().find(|(money, _)| wanted.is(*money))?;
        Some(self.paper(paper, money, Some(word)))
    }

    fn account_with(&self, row: &AccountReceivables, wanted: &Wanted<'_>) -> Option<FoundView> {
        let named = [(row.receivable, "receivable"), (row.overdue, "late")];
        let (money, word) = named.into_iter().find(|(money, _)| wanted.is(*money))?;
        Some(self.account(row, money, word.to_owned()))
    }

    fn line_with(&self, line: &TieOutLine, wanted: &Wanted<'_>) -> Option<FoundView> {
        let source = line.source.map(|it| (it.amount, "the source says"));
        let difference = line.difference.map(|it| (it, "difference"));
        let named = [source, Some((line.held.amount, "Tieout holds")), difference];
        let (money, word) = named.into_iter().flatten().find(|(money, _)| wanted.is(*money))?;
        Some(FoundView {
            kind: FoundKind::Amount,
            label: format!("{} {}", line.tie_out.as_str(), tie_out_name(line.tie_out)),
            note: word.to_owned(),
            amount: Some(money.into()),
            target: Target {
                ledger: self.ledger.map(str::to_owned),
                ..Target::screen("workpapers")
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, want: Option<i64>) {
        let usd = Currency::parse("USD").unwrap();
        assert_eq!(typed_amount(typed, usd).map(Money::minor), want, "{typed}");
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        check("118400", Some(11_840_000));
        check("118,400.00", Some(11_840_000));
        check("118 400.5 usd", Some(11_840_050));
        check("(350.00)", Some(-35_000));
        check("-350", Some(-35_000));
    }

    #[test]
    fn what_is_no_amount_of_the_currency_is_none() {
        for typed in ["", "USD", "D-1027", "1.005", "118400 EUR", "1.2.3", "Ünal", "é"] {
            check(typed, None);
        }
    }
}
