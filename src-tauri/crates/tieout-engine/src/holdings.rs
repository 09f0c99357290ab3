//! Receivables of one ledger by customer, and the figures of any group of customers
//! (`finance-domain §11`).

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use tieout_domain::aging::{OpenInvoice, Unapplied};
use tieout_domain::books::receivables::{AccountReceivables, Receivables, counts};
use tieout_domain::facts::{ApplicationKind, Document, LedgerDocumentKind};
use tieout_domain::ids::{AccountId, CustomerId, DocumentId};
use tieout_domain::rollup::{
    AccountRollup, CashApplication, DatedAmount, account_rollup, average_days_late, credits_issued,
    last_payment,
};
use tieout_domain::{Currency, Money, MoneyError};

use crate::view::LedgerView;

/// Everything that one customer owes or paid, in every currency.
#[derive(Default)]
struct Held {
    invoices: Vec<OpenInvoice>,
    unapplied: Vec<Unapplied>,
    /// What journals moved and no invoice took up.
    residuals: Vec<Money>,
    payments: Vec<DatedAmount>,
    credits: Vec<DatedAmount>,
    cash: Vec<CashApplication>,
}

/// One ledger's receivables, found by customer.
pub(crate) struct Holdings<'a> {
    by_customer: BTreeMap<&'a CustomerId, Held>,
    by_account: BTreeMap<&'a AccountId, Vec<&'a AccountReceivables>>,
}

/// Customers of one ledger in one currency that stand under one Account.
#[derive(Clone, Copy)]
pub(crate) struct Share<'a> {
    holdings: &'a Holdings<'a>,
    pub customers: &'a [CustomerId],
    pub currency: Currency,
}

/// The receivables figures of a group of customers in one currency. Amounts incl. tax.
pub(crate) struct Figures {
    /// Open invoices less unapplied credits and cash, with what journals moved.
    pub receivable: Money,
    pub rollup: AccountRollup,
    pub last_payment: Option<DatedAmount>,
    /// Issued in the trailing twelve months.
    pub credits: Money,
    /// Average, one decimal.
    pub days_late: Option<Decimal>,
}

impl<'a> Holdings<'a> {
    pub fn of(view: &'a LedgerView, receivables: &'a Receivables) -> Self {
        let mut held = Self { by_customer: BTreeMap::new(), by_account: BTreeMap::new() };
        for row in &receivables.by_account {
            if let Some(account) = &row.account {
                held.by_account.entry(account).or_default().push(row);
            }
        }
        for invoice in &receivables.invoices {
            held.customer(&invoice.customer).invoices.push(OpenInvoice {
                id: invoice.document.clone(),
                due_on: invoice.due.on,
                open: invoice.open,
            });
        }
        for item in &receivables.unapplied {
            held.customer(&item.customer).unapplied.push(Unapplied {
                kind: item.kind,
                effective_on: item.effective_on,
                amount: item.unapplied,
            });
        }
        for (customer, amount) in &receivables.journal_residuals {
            held.customer(customer).residuals.push(*amount);
        }
        held.take_documents(view);
        held
    }

    fn customer(&mut self, customer: &'a CustomerId) -> &mut Held {
        self.by_customer.entry(customer).or_default()
    }

    /// Payments, credit memos, and the cash applied to invoices, dated.
    fn take_documents(&mut self, view: &'a LedgerView) {
        let mut documents: BTreeMap<&DocumentId, &'a Document> = BTreeMap::new();
        for document in &view.books.documents {
            documents.insert(&document.id, document);
            if document.kind == LedgerDocumentKind::CreditMemo && counts(document) {
                self.customer(&document.customer).credits.push(DatedAmount {
                    effective_on: document.effective_on,
                    amount: document.total,
                });
            }
        }
        let receipts =
            view.books.receipts.iter().filter(|receipt| !receipt.voided && !receipt.stamp.deleted);
        for receipt in receipts {
            self.customer(&receipt.customer)
                .payments
                .push(DatedAmount { effective_on: receipt.effective_on, amount: receipt.amount });
            for application in &receipt.applications {
                let paid = documents.get(&application.document);
                let (ApplicationKind::Cash, Some(invoice)) = (application.kind, paid) else {
                    continue;
                };
                self.customer(&invoice.customer).cash.push(CashApplication {
                    amount: application.amount,
                    due_on: invoice.due_on.unwrap_or(invoice.effective_on),
                    applied_on: application.applied_on,
                });
            }
        }
    }

    /// The parts of one Account, one per currency.
    pub fn shares(&'a self, account: &AccountId) -> Vec<Share<'a>> {
        let rows = self.by_account.get(account).map_or(&[][..], Vec::as_slice);
        let share = |row: &&'a AccountReceivables| Share {
            holdings: self,
            customers: &row.customers,
            currency: row.currency,
        };
        rows.iter().map(share).collect()
    }
}

impl<'a> Share<'a> {
    /// One customer of the share alone.
    pub fn only(&self, customer: &'a CustomerId) -> Self {
        Self { customers: std::slice::from_ref(customer), ..*self }
    }
}

impl Figures {
    /// The figures of these customers together, as far as they are in the currency.
    pub fn of(shares: &[Share<'_>], as_of: Date, currency: Currency) -> Result<Self, MoneyError> {
        let held: Vec<&Held> = shares
            .iter()
            .filter(|share| share.currency == currency)
            .flat_map(|share| {
                let by_customer = &share.holdings.by_customer;
                share.customers.iter().filter_map(|customer| by_customer.get(customer))
            })
            .collect();
        let invoices = all(&held, |it| &it.invoices, |it| it.open.currency() == currency);
        let unapplied = all(&held, |it| &it.unapplied, |it| it.amount.currency() == currency);
        let payments = all(&held, |it| &it.payments, |it| it.amount.currency() == currency);
        let credits = all(&held, |it| &it.credits, |it| it.amount.currency() == currency);
        let cash = all(&held, |it| &it.cash, |it| it.amount.currency() == currency);
        let residuals = all(&held, |it| &it.residuals, |it| it.currency() == currency);
        let rollup = account_rollup(as_of, currency, &invoices, &unapplied)?;
        let moved = Money::sum(currency, residuals)?;
        Ok(Self {
            receivable: rollup.ar_balance.checked_add(moved)?,
            rollup,
            last_payment: last_payment(as_of, &payments)?,
            credits: credits_issued(as_of, currency, &credits)?,
            days_late: average_days_late(as_of, currency, &cash)?,
        })
    }
}

fn all<T: Clone>(
    held: &[&Held],
    of: impl Fn(&Held) -> &Vec<T>,
    fits: impl Fn(&T) -> bool,
) -> Vec<T> {
    held.iter().flat_map(|held| of(held).iter().filter(|it| fits(it)).cloned()).collect()
}
