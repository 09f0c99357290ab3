//! Who owes what and how late: aging by Account (`finance-domain §11`).

use tieout_domain::aging::{Aging, Bucket, CreditPolicy};
use tieout_domain::books::AgingBasis;
use tieout_domain::books::receivables::{AccountReceivables, InvoicePosition};
use tieout_domain::facts::Stream;
use tieout_domain::{Currency, Money};
use tieout_report::{Cell, Column, Kind, Row, Section, TickMark, Tone};

use super::desk::Desk;
use super::sheet::{Line, Sheet, by_currency, date, does_not_add, label, link, text};
use super::witness::Standing;
use super::words::day;
use crate::failure::Failure;

/// Bucket, key, heading.
const BUCKETS: [(Bucket, &str, &str); 5] = [
    (Bucket::Current, "not_due", "Not due"),
    (Bucket::From1To30, "days_1_30", "1-30"),
    (Bucket::From31To60, "days_31_60", "31-60"),
    (Bucket::From61To90, "days_61_90", "61-90"),
    (Bucket::Over90, "days_over_90", "90+"),
];

/// Aging by Account with one total per currency.
pub(super) fn by_account(desk: &Desk<'_>) -> Result<Section, Failure> {
    let mut columns = vec![
        Column::new("account", "Account", Kind::Link).tone(Tone::Strong),
        Column::new("several", "Several customers", Kind::Code).under("account"),
    ];
    columns.extend(BUCKETS.map(|(_, key, title)| Column::new(key, title, Kind::Money).weight(0)));
    columns.extend([
        Column::new("unapplied", "Unapplied", Kind::Money).weight(0),
        Column::new("receivable", "Receivable", Kind::Money).tone(Tone::Strong).weight(0),
        Column::new("customers", "Customers in the books", Kind::Code).omitted(),
        Column::new("open_invoices", "Open invoices", Kind::Count).omitted(),
        Column::new("overdue", "Overdue, before credits", Kind::Money).omitted(),
        Column::new("overdue_invoices", "Overdue invoices", Kind::Count).omitted(),
        Column::new("oldest_due", "Oldest due date", Kind::Date).omitted(),
    ]);
    let mut sheet = Sheet::new("receivables-by-account", "Receivables by Account", columns)
        .note(format!(
            "Incl. tax, aged by {} as of {}; credits and unapplied cash {}. An Account with \
             several customers in the books names them; each is counted once.",
            basis_words(desk.view.frame.aging_basis),
            day(desk.view.frame.as_of),
            policy_words(desk.view.frame.credit_policy),
        ))
        .or_else("Nobody owes anything.");
    let receivables = &desk.reconciliation.receivables;
    let totals = receivables.totals()?;
    let groups = by_currency(&receivables.by_account, |row| row.currency, desk.functional());
    for (currency, rows) in &groups {
        let start = sheet.len();
        for row in rows {
            sheet.push(account_row(desk, row));
        }
        let total = totals.iter().find(|(of, ..)| of == currency);
        let Some((_, aging, receivable)) = total else { continue };
        let range = start..sheet.len();
        let line = aging_line(desk, (*currency, aging, *receivable), range, groups.len())?;
        sheet.rule_off(line)?;
    }
    Ok(sheet.finish())
}

/// What days are counted from.
pub(super) const fn basis_words(basis: AgingBasis) -> &'static str {
    match basis {
        AgingBasis::DueDate => "due date",
        AgingBasis::DocumentDate => "document date",
    }
}

/// Where credits and unapplied cash stand.
pub(super) const fn policy_words(policy: CreditPolicy) -> &'static str {
    match policy {
        CreditPolicy::Separate => "in a column of their own",
        CreditPolicy::ByOwnDate => "in the column of their own date",
        CreditPolicy::Fifo => "used up by the oldest invoices",
    }
}

fn account_row(desk: &Desk<'_>, row: &AccountReceivables) -> Row {
    let account = row.account.as_ref();
    let url = account.and_then(|id| (desk.context.link)(Stream::Accounts, id.as_str()));
    let customers: Vec<&str> = row.customers.iter().map(|it| it.as_str()).collect();
    let several = if customers.len() > 1 { customers.join(", ") } else { String::new() };
    let mut cells = vec![link(&row.name, url), text(several)];
    cells.extend(BUCKETS.map(|(bucket, ..)| Cell::Money(row.aging.bucket(bucket))));
    cells.extend([
        Cell::Money(row.aging.unapplied()),
        Cell::Money(row.receivable),
        text(customers.join(", ")),
        Cell::Count(row.open_invoices),
        Cell::Money(row.overdue),
        Cell::Count(row.overdue_count),
        date(row.oldest_due),
    ]);
    Row::new(cells)
}

/// The receivable must be what the ledger itself says (T3); the columns must cross-foot to it and,
/// where credits stand apart, be what the single invoices make.
fn aging_line<'a>(
    desk: &Desk<'_>,
    (currency, aging, receivable): (Currency, &Aging, Money),
    rows: std::ops::Range<usize>,
    groups: usize,
) -> Result<Line<'a>, Failure> {
    let stated = desk.witness.receivables(currency);
    let across = aging.total().map_err(does_not_add("aging"))? == receivable;
    let by = "cross-footed to the receivable";
    let columns = stated.and_checked(across, by, "the columns do not cross-foot.");
    let invoices = desk.reconciliation.receivables.invoices.iter();
    let ours = invoices.filter(|it| it.open.currency() == currency && !it.open.is_zero());
    let open: Vec<&InvoicePosition> = ours.collect();
    let late: Vec<Money> = open
        .iter()
        .filter(|it| it.open.is_positive() && it.days_past_due >= 1)
        .map(|it| it.open)
        .collect();
    let overdue = Money::sum(currency, late.iter().copied()).map_err(does_not_add("aging"))?;
    let separate = desk.view.frame.credit_policy == CreditPolicy::Separate;
    let mut line = Line::over(label("Receivables", currency, groups), rows, currency);
    for (bucket, key, _) in BUCKETS {
        let of_invoices = open_in(desk, currency, bucket)?;
        let expected = if separate { of_invoices } else { aging.bucket(bucket) };
        line = line.sum_of(key, expected, &columns);
    }
    let marks: &[TickMark] = match (&stated, across) {
        (Standing::Agreed(_), true) => &[TickMark::AgreedToLedger, TickMark::CrossFooted],
        (Standing::Not(_), true) => &[TickMark::CrossFooted],
        (_, false) => &[TickMark::Exception],
    };
    Ok(line
        .sum_of("unapplied", aging.unapplied(), &columns)
        .sum_of("receivable", receivable, &stated)
        .sum_of("open_invoices", open.len() as u64, &stated)
        .sum_of("overdue", overdue, &stated)
        .sum_of("overdue_invoices", late.len() as u64, &stated)
        .marked(marks))
}

fn open_in(desk: &Desk<'_>, currency: Currency, bucket: Bucket) -> Result<Money, Failure> {
    let invoices = desk.reconciliation.receivables.invoices.iter();
    let of_bucket = invoices.filter(|it| it.open.currency() == currency && it.bucket == bucket);
    Money::sum(currency, of_bucket.map(|it| it.open)).map_err(does_not_add("aging"))
}
