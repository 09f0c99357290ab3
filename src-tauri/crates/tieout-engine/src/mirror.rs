//! What the CRM should show: billing and cash status on deals, receivables on Accounts
//! (`finance-domain §11`, `salesforce §14.1`).

use std::collections::BTreeSet;

use tieout_connect::ports::{CrmWrite, FieldValue, WriteTarget};
use tieout_domain::books::receivables::{AccountReceivables, Receivables};
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::identity::Clusters;
use tieout_domain::ids::{AccountId, CustomerId, DealId, RunId};
use tieout_domain::{Currency, Money};

use crate::error::EngineError;
use crate::holdings::{Figures, Holdings, Share};
use crate::shown::{DealShown, cut, deal_fields, field, figure_fields};
use crate::view::LedgerView;

/// Longest name that the CRM's field takes.
const NAME_MAX: usize = 255;
/// What names carry on standard objects only.
const STANDARD_PREFIX: &str = "Tieout_";

/// One ledger's figures beside what the other ledgers hold of the same Accounts.
pub(crate) struct Mirror<'a> {
    pub view: &'a LedgerView,
    pub reconciliation: &'a Reconciliation,
    /// Other connected ledgers with receivables.
    pub others: &'a [(LedgerView, Receivables)],
    /// Accounts are left alone while another ledger's part of their totals is not known.
    pub accounts: bool,
    /// Currency of an Account that names none.
    pub org_currency: Currency,
    /// Records that were written before: what has no row any more is cleared.
    pub written: BTreeSet<WriteTarget>,
    pub run: &'a RunId,
}

impl Mirror<'_> {
    /// Everything that the CRM should show, or with `only` what belongs to that deal. Each record
    /// once.
    pub fn writes(&self, only: Option<&DealId>) -> Result<Vec<CrmWrite>, EngineError> {
        let rows = &self.reconciliation.rows;
        let chosen = |deal: &DealId| only.is_none_or(|only| only == deal);
        let mut writes: Vec<CrmWrite> = rows
            .iter()
            .filter(|row| chosen(&row.deal))
            .map(|row| self.deal_write(&DealShown::of(self.view, row), &row.deal))
            .collect();
        let cleared = self.cleared_deals().filter(|deal| chosen(deal));
        writes.extend(cleared.map(|deal| self.deal_write(&DealShown::default(), deal)));
        if self.accounts {
            self.account_writes(only, &mut writes)?;
        }
        Ok(writes)
    }

    fn deal_write(&self, shown: &DealShown, deal: &DealId) -> CrmWrite {
        self.stamped(WriteTarget::Deal(deal.clone()), deal_fields(shown))
    }

    /// Deals of this ledger that showed figures and are in no population any more.
    fn cleared_deals(&self) -> impl Iterator<Item = &DealId> {
        let rows: BTreeSet<&DealId> =
            self.reconciliation.rows.iter().map(|row| &row.deal).collect();
        let known = self.view.books.deals.iter().filter(move |deal| {
            let listed = rows.contains(&deal.id);
            !deal.stamp.deleted && !listed && self.view.books.keeps(&deal.id)
        });
        known
            .map(|deal| &deal.id)
            .filter(|deal| self.written.contains(&WriteTarget::Deal((*deal).clone())))
    }

    fn account_writes(
        &self,
        only: Option<&DealId>,
        writes: &mut Vec<CrmWrite>,
    ) -> Result<(), EngineError> {
        let own = Holdings::of(self.view, &self.reconciliation.receivables);
        let others: Vec<Holdings<'_>> =
            self.others.iter().map(|(view, held)| Holdings::of(view, held)).collect();
        for account in self.accounts_of(only) {
            let mut shares = own.shares(&account);
            let ours = shares.len();
            shares.extend(others.iter().flat_map(|holdings| holdings.shares(&account)));
            let currency = self.currency_of(&account);
            let told = shares.iter().all(|share| share.currency == currency);
            let total = if told { Some(self.figures(&shares, currency)?) } else { None };
            let fields = figure_fields(total.as_ref(), FieldValue::Amount);
            let fields = fields.into_iter().map(|(name, value)| (standard(name), value)).collect();
            writes.push(self.stamped(WriteTarget::Account(account.clone()), fields));
            let parts = shares.iter().map(|share| share.customers.len()).sum::<usize>();
            for share in &shares[..ours] {
                for customer in share.customers {
                    let target = self.row_target(customer, share.currency);
                    if parts > 1 || !told || self.written.contains(&target) {
                        writes.push(self.row_write(&account, customer, share, target)?);
                    }
                }
            }
        }
        Ok(())
    }

    /// Accounts with receivables in this ledger, and those that showed some and have none anywhere.
    fn accounts_of(&self, only: Option<&DealId>) -> Vec<AccountId> {
        let held = &self.reconciliation.receivables.by_account;
        if let Some(deal) = only {
            let deal = self.view.books.deals.iter().find(|known| known.id == *deal);
            let account = deal.and_then(|deal| deal.account.as_ref());
            return account.map_or(Vec::new(), |account| self.accounts_near(account, held));
        }
        let mut accounts: BTreeSet<AccountId> =
            held.iter().filter_map(|row| row.account.clone()).collect();
        let elsewhere = self.others.iter().flat_map(|(_, held)| &held.by_account);
        let elsewhere: BTreeSet<&AccountId> =
            elsewhere.filter_map(|row| row.account.as_ref()).collect();
        let known = self.view.books.accounts.iter().filter(|account| !account.stamp.deleted);
        let cleared = known.map(|account| &account.id).filter(|id| {
            let shown = self.written.contains(&WriteTarget::Account((*id).clone()));
            shown && !elsewhere.contains(id)
        });
        accounts.extend(cleared.cloned().collect::<Vec<_>>());
        accounts.into_iter().collect()
    }

    /// The Accounts under which the customers of this Account's cluster stand.
    fn accounts_near(&self, account: &AccountId, held: &[AccountReceivables]) -> Vec<AccountId> {
        let books = &self.view.books;
        let clusters = Clusters::build(&books.accounts, &books.identity);
        let customers = clusters.customers_in(&books.ledger).remove(account).unwrap_or_default();
        let near = held.iter().filter(|row| {
            row.account.as_ref() == Some(account)
                || row.customers.iter().any(|customer| customers.contains(customer))
        });
        let accounts: BTreeSet<AccountId> = near.filter_map(|row| row.account.clone()).collect();
        accounts.into_iter().collect()
    }

    /// CRM amounts take the currency of their record.
    fn currency_of(&self, account: &AccountId) -> Currency {
        let known = self.view.books.accounts.iter().find(|known| known.id == *account);
        known.and_then(|account| account.currency).unwrap_or(self.org_currency)
    }

    fn figures(&self, shares: &[Share<'_>], currency: Currency) -> Result<Figures, EngineError> {
        Ok(Figures::of(shares, self.view.frame.as_of, currency)?)
    }

    fn row_target(&self, customer: &CustomerId, currency: Currency) -> WriteTarget {
        let ledger = &self.view.books.ledger;
        WriteTarget::LedgerAccount { key: format!("{ledger}|{customer}|{}", currency.code()) }
    }

    /// One customer of an Account in one currency, with its figures as plain numbers: an amount
    /// would take the Account's currency.
    fn row_write(
        &self,
        account: &AccountId,
        customer: &CustomerId,
        share: &Share<'_>,
        target: WriteTarget,
    ) -> Result<CrmWrite, EngineError> {
        let figures = self.figures(&[share.only(customer)], share.currency)?;
        let customers = &self.view.books.customers;
        let name = customers.iter().find(|known| known.id == *customer);
        let text = |text: &str| FieldValue::Text(text.to_owned());
        let mut fields = vec![
            field("Account__c", text(account.as_str())),
            field("Ledger__c", text(self.view.books.ledger.as_str())),
            field("Customer_Id__c", text(customer.as_str())),
            field(
                "Customer_Name__c",
                name.map_or(FieldValue::Empty, |known| text(&cut(&known.name, NAME_MAX))),
            ),
            field("Currency__c", text(share.currency.code())),
        ];
        let number = |amount: Money| FieldValue::Number(amount.to_decimal());
        let figures = figure_fields(Some(&figures), number);
        fields.extend(figures.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Ok(self.stamped(target, fields))
    }

    fn stamped(&self, target: WriteTarget, mut fields: Vec<(String, FieldValue)>) -> CrmWrite {
        let stands_alone = matches!(target, WriteTarget::LedgerAccount { .. });
        let name = |name: &str| if stands_alone { name.to_owned() } else { standard(name) };
        fields.push((name("As_Of__c"), FieldValue::Date(self.view.frame.as_of)));
        if matches!(target, WriteTarget::Account(_)) {
            fields.push((name("Last_Synced__c"), FieldValue::Instant(self.view.at)));
        }
        fields.push((name("Run_Id__c"), FieldValue::Text(self.run.to_string())));
        CrmWrite { target, fields }
    }
}

fn standard(name: &str) -> String {
    format!("{STANDARD_PREFIX}{name}")
}
