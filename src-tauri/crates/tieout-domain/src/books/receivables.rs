//! Receivables as of a day: what is open on each document, per Account and per currency
//! (`finance-domain §3 D6, §11`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{AgingBasis, Books, BooksError, Frame, Of};
use crate::aging::{
    Aging, Bucket, DueDate, OpenInvoice, Unapplied, UnappliedKind, age, days_past_due, due_date,
};
use crate::currency::Currency;
use crate::facts::{Document, LedgerDocumentKind, Receipt};
use crate::identity::Clusters;
use crate::ids::{AccountId, CustomerId, DocumentId};
use crate::money::Money;
use crate::open::{Applied, Settlement, applied_as_of, balance_as_of};

pub use super::applications::counts;
pub(crate) use super::applications::{ApplicationIndex, receipt_counts};

/// One invoice in receivables at the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoicePosition {
    pub document: DocumentId,
    pub number: Option<String>,
    pub customer: CustomerId,
    pub effective_on: Date,
    pub due: DueDate,
    pub net: Money,
    pub tax: Money,
    pub total: Money,
    /// Total less everything in effect at the day.
    pub open: Money,
    pub applied: Applied,
    /// Counted from the due date, whatever the aging basis.
    pub days_past_due: i64,
    pub bucket: Bucket,
    pub disputed: bool,
}

/// A credit memo or receipt of which a part is applied to nothing at the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnappliedPosition {
    pub kind: UnappliedKind,
    pub id: String,
    pub number: Option<String>,
    pub customer: CustomerId,
    pub effective_on: Date,
    pub total: Money,
    /// Positive: it lowers what the customer owes.
    pub unapplied: Money,
}

/// Receivables of one Account in one currency. Customers without an Account stand alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountReceivables {
    /// The Account with the lowest id of those that the customers are linked to.
    pub account: Option<AccountId>,
    pub name: String,
    pub customers: Vec<CustomerId>,
    pub currency: Currency,
    pub aging: Aging,
    /// Buckets, less unapplied; may be negative.
    pub receivable: Money,
    /// Open invoices at least one day past due, disputed ones included, before credits.
    pub overdue: Money,
    pub overdue_count: u64,
    pub open_invoices: u64,
    pub oldest_due: Option<Date>,
}

/// All receivables of a ledger company at one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receivables {
    pub by_account: Vec<AccountReceivables>,
    /// Every posted, not voided invoice dated at or before the day, paid ones included.
    pub invoices: Vec<InvoicePosition>,
    /// Every credit memo and receipt with something left.
    pub unapplied: Vec<UnappliedPosition>,
    /// What journals moved on a customer's receivable and no invoice took up.
    pub journal_residuals: Vec<(CustomerId, Money)>,
    /// Journal lines on the control account without a customer (`DIRECT_JOURNAL`).
    pub direct_journals: Vec<DirectJournal>,
}

/// A journal line that belongs to nobody's receivable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectJournal {
    pub journal: String,
    pub number: Option<String>,
    pub effective_on: Date,
    pub amount: Money,
    pub memo: Option<String>,
}

/// Receivables at `frame.as_of`.
pub fn receivables(books: &Books, frame: &Frame) -> Result<Receivables, BooksError> {
    let index = ApplicationIndex::new(books);
    let mut found = Receivables::default();
    for document in books.documents.iter().filter(|document| counts(document)) {
        match document.kind {
            LedgerDocumentKind::Invoice => {
                found.invoices.extend(invoice_position(document, &index, frame)?);
            }
            LedgerDocumentKind::CreditMemo => {
                found.unapplied.extend(unapplied_credit(document, &index, frame)?);
            }
            LedgerDocumentKind::CashSale => {}
        }
    }
    for receipt in books.receipts.iter().filter(|receipt| receipt_counts(receipt)) {
        found.unapplied.extend(unapplied_cash(receipt, &index, frame)?);
    }
    journals(books, frame, &mut found)?;
    found.by_account = by_account(books, frame, &found)?;
    Ok(found)
}

pub(crate) fn invoice_position(
    document: &Document,
    index: &ApplicationIndex<'_>,
    frame: &Frame,
) -> Result<Option<InvoicePosition>, BooksError> {
    let subject = document.id.as_str();
    let applications = index.of(&document.id);
    let settlements: Vec<Settlement> = applications.iter().map(Settlement::of_document).collect();
    let effective_on = document.effective_on;
    let open = balance_as_of(document.total, effective_on, &settlements, frame.as_of);
    let Some(open) = open.of(subject)? else {
        return Ok(None);
    };
    let applied = applied_as_of(document.currency, effective_on, applications, frame.as_of);
    let due = due_date(document.due_on, document.terms_days, effective_on).of(subject)?;
    let aged_from = match frame.aging_basis {
        AgingBasis::DueDate => due.on,
        AgingBasis::DocumentDate => effective_on,
    };
    Ok(Some(InvoicePosition {
        document: document.id.clone(),
        number: document.number.clone(),
        customer: document.customer.clone(),
        effective_on,
        due,
        net: document.net,
        tax: document.tax,
        total: document.total,
        open,
        applied: applied.of(subject)?,
        days_past_due: days_past_due(frame.as_of, due.on),
        bucket: Bucket::of(days_past_due(frame.as_of, aged_from)),
        disputed: document.disputed,
    }))
}

fn unapplied_credit(
    document: &Document,
    index: &ApplicationIndex<'_>,
    frame: &Frame,
) -> Result<Option<UnappliedPosition>, BooksError> {
    let settlements = index.settlements_of_credit(document);
    let left = balance_as_of(document.total, document.effective_on, &settlements, frame.as_of);
    let left = left.of(document.id.as_str())?;
    Ok(left.filter(|left| !left.is_zero()).map(|unapplied| UnappliedPosition {
        kind: UnappliedKind::Credit,
        id: document.id.to_string(),
        number: document.number.clone(),
        customer: document.customer.clone(),
        effective_on: document.effective_on,
        total: document.total,
        unapplied,
    }))
}

fn unapplied_cash(
    receipt: &Receipt,
    index: &ApplicationIndex<'_>,
    frame: &Frame,
) -> Result<Option<UnappliedPosition>, BooksError> {
    let settlements = index.settlements_of(receipt);
    let left = balance_as_of(receipt.amount, receipt.effective_on, &settlements, frame.as_of);
    let left = left.of(receipt.id.as_str())?;
    Ok(left.filter(|left| !left.is_zero()).map(|unapplied| UnappliedPosition {
        kind: UnappliedKind::Cash,
        id: receipt.id.to_string(),
        number: receipt.reference.clone(),
        customer: receipt.customer.clone(),
        effective_on: receipt.effective_on,
        total: receipt.amount,
        unapplied,
    }))
}

/// Journal lines with a customer move that customer's receivable; the part that a receipt already
/// applied to an invoice as an adjustment is counted there.
fn journals(books: &Books, frame: &Frame, found: &mut Receivables) -> Result<(), BooksError> {
    let mut residuals: BTreeMap<(CustomerId, Currency), Money> = BTreeMap::new();
    let mut add = |customer: &CustomerId, amount: Money| {
        let key = (customer.clone(), amount.currency());
        let held = residuals.get(&key).copied().unwrap_or(Money::zero(amount.currency()));
        held.checked_add(amount).map(|sum| residuals.insert(key, sum)).map(|_| ())
    };
    for journal in books.journals.iter().filter(|journal| !journal.stamp.deleted) {
        for line in journal.lines.iter().filter(|_| journal.effective_on <= frame.as_of) {
            match &line.customer {
                Some(customer) => add(customer, line.amount).of(journal.id.as_str())?,
                None => found.direct_journals.push(DirectJournal {
                    journal: journal.id.to_string(),
                    number: journal.number.clone(),
                    effective_on: journal.effective_on,
                    amount: line.amount,
                    memo: journal.memo.clone(),
                }),
            }
        }
    }
    for invoice in found.invoices.iter().filter(|it| !it.applied.adjustments.is_zero()) {
        add(&invoice.customer, invoice.applied.adjustments).of(invoice.document.as_str())?;
    }
    found.journal_residuals = residuals
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|((customer, _), amount)| (customer, amount))
        .collect();
    Ok(())
}

/// The Account that each customer's receivables are shown under: the lowest id among the Accounts
/// that it is linked to, after merges, so that a customer of two Accounts is counted once.
struct Owners<'a> {
    accounts: BTreeMap<&'a CustomerId, AccountId>,
    names: BTreeMap<&'a AccountId, &'a str>,
    customer_names: BTreeMap<&'a CustomerId, &'a str>,
}

impl<'a> Owners<'a> {
    fn new(books: &'a Books) -> Self {
        let clusters = Clusters::build(&books.accounts, &books.identity);
        let mut accounts: BTreeMap<&CustomerId, AccountId> = BTreeMap::new();
        for link in books.identity.confirmed().filter(|link| link.ledger == books.ledger) {
            let account = clusters.survivor(&link.account).unwrap_or(&link.account);
            let held = accounts.entry(&link.customer).or_insert_with(|| account.clone());
            if *account < *held {
                *held = account.clone();
            }
        }
        let names = books.accounts.iter().map(|it| (&it.id, it.name.as_str()));
        let customer_names = books.customers.iter().map(|it| (&it.id, it.name.as_str()));
        Self { accounts, names: names.collect(), customer_names: customer_names.collect() }
    }

    fn of(&self, customer: &CustomerId) -> Option<&AccountId> {
        self.accounts.get(customer)
    }

    fn name(&self, account: Option<&AccountId>, customer: Option<&CustomerId>) -> String {
        let of_account = account.and_then(|id| self.names.get(id));
        let of_customer = || customer.and_then(|id| self.customer_names.get(id));
        of_account.or_else(of_customer).map_or_else(String::new, |name| (*name).to_owned())
    }
}

fn by_account(
    books: &Books,
    frame: &Frame,
    found: &Receivables,
) -> Result<Vec<AccountReceivables>, BooksError> {
    let mut groups: BTreeMap<(Option<AccountId>, Option<CustomerId>, Currency), Group<'_>> =
        BTreeMap::new();
    let owners = Owners::new(books);
    let key = |customer: &CustomerId, currency: Currency| {
        let account = owners.of(customer).cloned();
        let alone = account.is_none().then(|| customer.clone());
        (account, alone, currency)
    };
    for invoice in &found.invoices {
        let group = groups.entry(key(&invoice.customer, invoice.total.currency())).or_default();
        group.invoices.push(invoice);
        group.customers.push(invoice.customer.clone());
    }
    for item in &found.unapplied {
        let group = groups.entry(key(&item.customer, item.unapplied.currency())).or_default();
        group.unapplied.push(Unapplied {
            kind: item.kind,
            effective_on: item.effective_on,
            amount: item.unapplied,
        });
        group.customers.push(item.customer.clone());
    }
    for (customer, amount) in &found.journal_residuals {
        let group = groups.entry(key(customer, amount.currency())).or_default();
        let lowering = amount.negated().of(customer.as_str())?;
        group.unapplied.push(Unapplied {
            kind: UnappliedKind::Credit,
            effective_on: frame.as_of,
            amount: lowering,
        });
        group.customers.push(customer.clone());
    }
    let rows = groups.into_iter().map(|((account, alone, currency), group)| {
        let name = owners.name(account.as_ref(), alone.as_ref());
        group.row(account, name, currency, frame)
    });
    let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
    rows.sort_by(|a, b| {
        let key = |row: &AccountReceivables| {
            (row.name.clone(), row.currency, row.account.clone(), row.customers.clone())
        };
        key(a).cmp(&key(b))
    });
    Ok(rows)
}

#[derive(Default)]
struct Group<'a> {
    invoices: Vec<&'a InvoicePosition>,
    unapplied: Vec<Unapplied>,
    customers: Vec<CustomerId>,
}

impl Group<'_> {
    fn row(
        mut self,
        account: Option<AccountId>,
        name: String,
        currency: Currency,
        frame: &Frame,
    ) -> Result<AccountReceivables, BooksError> {
        let open: Vec<OpenInvoice> = self
            .invoices
            .iter()
            .map(|invoice| OpenInvoice {
                id: invoice.document.clone(),
                due_on: match frame.aging_basis {
                    AgingBasis::DueDate => invoice.due.on,
                    AgingBasis::DocumentDate => invoice.effective_on,
                },
                open: invoice.open,
            })
            .collect();
        let subject = self.customers.first().map_or("", CustomerId::as_str).to_owned();
        let policy = frame.credit_policy;
        let aging = age(frame.as_of, currency, &open, &self.unapplied, policy).of(&subject)?;
        let late: Vec<&&InvoicePosition> = self
            .invoices
            .iter()
            .filter(|invoice| invoice.open.is_positive() && invoice.days_past_due >= 1)
            .collect();
        let overdue = Money::sum(currency, late.iter().map(|invoice| invoice.open)).of(&subject)?;
        let overdue_count = late.len() as u64;
        let still_open = self.invoices.iter().filter(|invoice| invoice.open.is_positive());
        let oldest_due = still_open.clone().map(|invoice| invoice.due.on).min();
        self.customers.sort();
        self.customers.dedup();
        Ok(AccountReceivables {
            account,
            name,
            customers: self.customers,
            currency,
            receivable: aging.total().of(&subject)?,
            aging,
            overdue,
            overdue_count,
            open_invoices: still_open.count() as u64,
            oldest_due,
        })
    }
}

impl Receivables {
    /// One row per currency: the sum of the Accounts' rows (`finance-domain §11 G4, G6`).
    pub fn totals(&self) -> Result<Vec<(Currency, Aging, Money)>, BooksError> {
        let mut totals: BTreeMap<Currency, Aging> = BTreeMap::new();
        for row in &self.by_account {
            let held = totals.get(&row.currency).copied().unwrap_or(Aging::zero(row.currency));
            totals.insert(row.currency, held.checked_add(&row.aging).of("all accounts")?);
        }
        totals
            .into_iter()
            .map(|(currency, aging)| Ok((currency, aging, aging.total().of("all accounts")?)))
            .collect()
    }

    /// The Account of each customer; of several, in several currencies, the first.
    pub fn by_customer(&self) -> BTreeMap<&CustomerId, &AccountReceivables> {
        let rows = self.by_account.iter().rev();
        rows.flat_map(|row| row.customers.iter().map(move |customer| (customer, row))).collect()
    }

    /// Receivables in one currency; zero where there are none.
    pub fn total(&self, currency: Currency) -> Result<Money, BooksError> {
        let rows = self.by_account.iter().filter(|row| row.currency == currency);
        Money::sum(currency, rows.map(|row| row.receivable)).of("all accounts")
    }
}
