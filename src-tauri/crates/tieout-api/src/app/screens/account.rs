//! One Account in one currency: what is open, what came in, and how the two sides are linked.

use serde::{Deserialize, Serialize};
use tieout_domain::Money;
use tieout_domain::aging::{Bucket, UnappliedKind};
use tieout_domain::books::receivables::{AccountReceivables, InvoicePosition};
use tieout_domain::facts::{ApplicationKind, Stream};
use tieout_domain::identity::{IdentityLink, LinkedBy, Standing};
use tieout_domain::ids::CustomerId;
use ts_rs::TS;

use super::receivables::{account_id, lateness};
use super::state::short_day;
use super::systems::Systems;
use super::words::standing;
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{FactLine, OpenIn, Proof, Scope, Status, Tone};
use crate::code_of_sum;
use crate::codes::Code;
use crate::export::words::counted;
use crate::failure::Failure;
use crate::views::date;

/// Payments that the drawer lists; the grid has all.
const PAYMENTS_MAX: usize = 20;

/// Which Account, in which currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AccountParams {
    pub scope: Scope,
    pub account: String,
    pub currency: String,
}

/// A total with what its rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProvedTotal {
    pub amount: String,
    pub proof: Proof,
    pub marks: Vec<String>,
}

/// One band of the aging bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AgingBand {
    pub band: usize,
    pub label: &'static str,
    pub amount: String,
    /// Of the whole bar; all bands together are 1000.
    pub permille: i64,
}

/// One open invoice of the Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountInvoice {
    pub number: String,
    pub dated: String,
    pub deal: Option<String>,
    pub opportunity: Option<String>,
    pub lateness: Status,
    pub open: String,
    /// Total incl. tax where a part is settled.
    pub of: Option<String>,
    pub links: Vec<OpenIn>,
}

/// The open invoices, footed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountInvoices {
    pub note: String,
    pub rows: Vec<AccountInvoice>,
    pub total: ProvedTotal,
}

/// A payment or a credit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountLine {
    pub label: String,
    pub amount: String,
}

/// Payments or credits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountLines {
    pub note: String,
    pub rows: Vec<AccountLine>,
}

/// A deal of the Account that is not paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountDeal {
    pub opportunity: String,
    pub name: String,
    pub status: Status,
    pub open: String,
}

/// Deals of the Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountDeals {
    pub note: String,
    pub rows: Vec<AccountDeal>,
}

/// What Salesforce is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ShownField {
    pub label: &'static str,
    pub text: Option<String>,
    pub amount: Option<String>,
    pub marks: Vec<String>,
}

/// The figures on the Account's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ShownFields {
    pub note: String,
    pub rows: Vec<ShownField>,
}

/// A customer that the Account is linked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LinkedCustomer {
    pub id: String,
    pub name: String,
    /// Who or what linked them.
    pub by: String,
    pub links: Vec<OpenIn>,
}

/// The link between the systems.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LinkedCustomers {
    pub status: Status,
    pub note: String,
    pub rows: Vec<LinkedCustomer>,
}

/// The drawer of an Account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct AccountView {
    pub id: String,
    /// With the legal form.
    pub name: String,
    pub currency: String,
    pub links: Vec<OpenIn>,
    /// "30 Jun 2026, as known now".
    pub note: String,
    pub aging: Vec<AgingBand>,
    pub unapplied: Option<String>,
    pub receivable: ProvedTotal,
    pub invoices: AccountInvoices,
    pub payments: AccountLines,
    pub credits: AccountLines,
    pub deals: AccountDeals,
    pub salesforce: ShownFields,
    pub customers: LinkedCustomers,
    #[ts(as = "Vec<FactLine>")]
    pub facts: Vec<FactLine>,
}

const BANDS: [(Bucket, &str); 5] = [
    (Bucket::Current, "Not yet due"),
    (Bucket::From1To30, "1–30 days late"),
    (Bucket::From31To60, "31–60 days late"),
    (Bucket::From61To90, "61–90 days late"),
    (Bucket::Over90, "Over 90 days late"),
];

/// The drawer.
pub async fn account(reader: &mut Reader, params: AccountParams) -> Result<AccountView, Failure> {
    let held = reader.look(&params.scope)?;
    let systems = Systems::of(reader.workspace()?, &held)?;
    let wanted = |row: &&AccountReceivables| {
        account_id(row) == params.account && row.currency.code() == params.currency
    };
    let row = held.reconciliation.receivables.by_account.iter().find(wanted);
    let row = row.ok_or_else(|| {
        Failure::new(Code::NoSuchRecord, "the Account has no receivables on this day")
    })?;
    let of = Of { held: &held, systems: &systems, row };
    let as_of = crate::export::words::day(held.view.frame.as_of);
    let known = if params.scope.known_at.is_some() { "then" } else { "now" };
    let crm = row.account.iter().map(|id| systems.in_crm(Stream::Accounts, id.as_str()));
    let books = row.customers.iter().map(|id| systems.in_books(Stream::Customers, id.as_str()));
    let unapplied = row.aging.unapplied();
    Ok(AccountView {
        id: account_id(row),
        name: row.name.clone(),
        currency: row.currency.code().to_owned(),
        links: crm.chain(books).collect(),
        note: format!("{as_of}, as known {known}"),
        aging: bands(row),
        unapplied: (!unapplied.is_zero()).then(|| unapplied.to_plain()),
        receivable: of.proved(row.receivable),
        invoices: of.invoices()?,
        payments: of.payments(),
        credits: of.credits(),
        deals: of.deals(),
        salesforce: of.shown(),
        customers: of.customers(),
        facts: vec![FactLine::new("Open invoices", row.open_invoices.to_string())],
    })
}

/// Shares of the bar that add to a thousand: the largest band takes what rounding leaves.
fn bands(row: &AccountReceivables) -> Vec<AgingBand> {
    let minor = |bucket: Bucket| i128::from(row.aging.bucket(bucket).minor().max(0));
    let whole: i128 = BANDS.iter().map(|(bucket, _)| minor(*bucket)).sum();
    let mut bands: Vec<AgingBand> = BANDS
        .iter()
        .enumerate()
        .filter(|(_, (bucket, _))| !row.aging.bucket(*bucket).is_zero())
        .map(|(band, (bucket, label))| AgingBand {
            band,
            label,
            amount: row.aging.bucket(*bucket).to_plain(),
            permille: if whole > 0 { (minor(*bucket) * 1000 / whole) as i64 } else { 0 },
        })
        .collect();
    let given: i64 = bands.iter().map(|band| band.permille).sum();
    if whole > 0
        && let Some(largest) = bands.iter_mut().max_by_key(|band| band.permille)
    {
        largest.permille += 1000 - given;
    }
    bands
}

struct Of<'a> {
    held: &'a Held,
    systems: &'a Systems,
    row: &'a AccountReceivables,
}

impl Of<'_> {
    /// The receivable of one Account is a part of a total that was agreed: it is as good as that.
    fn proved(&self, amount: Money) -> ProvedTotal {
        let evidence = self.held.evidence.of(self.row.currency.code());
        let agreed = evidence.is_some_and(|it| it.receivables.agreed);
        ProvedTotal {
            amount: amount.to_plain(),
            proof: if agreed { Proof::Agreed } else { Proof::Unproved },
            marks: if agreed { vec!["[A]".into(), "[F]".into()] } else { vec!["[F]".into()] },
        }
    }

    fn ours(&self, customer: &CustomerId) -> bool {
        self.row.customers.contains(customer)
    }

    fn invoices(&self) -> Result<AccountInvoices, Failure> {
        let all = self.held.reconciliation.receivables.invoices.iter();
        let mut open: Vec<&InvoicePosition> = all
            .filter(|it| self.ours(&it.customer) && !it.open.is_zero())
            .filter(|it| it.open.currency() == self.row.currency)
            .collect();
        open.sort_by_key(|it| (it.due.on, it.document.clone()));
        let sum = Money::sum(self.row.currency, open.iter().map(|it| it.open));
        let sum = sum.map_err(code_of_sum("open invoices"))?;
        let rows: Vec<AccountInvoice> = open.iter().map(|it| self.invoice(it)).collect();
        let count = rows.len() as u64;
        Ok(AccountInvoices {
            note: format!("{}, oldest due first", counted(count, "invoice", "invoices")),
            rows,
            total: self.proved(sum),
        })
    }

    fn invoice(&self, of: &InvoicePosition) -> AccountInvoice {
        let deals = &self.held.reconciliation.rows;
        let deal =
            deals.iter().find(|row| row.documents.iter().any(|it| it.document == of.document));
        AccountInvoice {
            number: of.number.clone().unwrap_or_else(|| of.document.to_string()),
            dated: date(of.effective_on),
            deal: deal.map(|row| row.name.clone()),
            opportunity: deal.map(|row| row.deal.to_string()),
            lateness: lateness(of.days_past_due, of.due.on, self.held),
            open: of.open.to_plain(),
            of: (of.open != of.total).then(|| of.total.to_plain()),
            links: vec![self.systems.in_books(Stream::Invoices, of.document.as_str())],
        }
    }

    fn payments(&self) -> AccountLines {
        let receipts = self.held.view.books.receipts.iter();
        let as_of = self.held.view.frame.as_of;
        let mut ours: Vec<_> = receipts
            .filter(|it| self.ours(&it.customer) && !it.voided && !it.stamp.deleted)
            .filter(|it| it.effective_on <= as_of && !it.amount.is_zero())
            .filter(|it| it.amount.currency() == self.row.currency)
            .collect();
        ours.sort_by_key(|it| std::cmp::Reverse((it.effective_on, it.id.clone())));
        let total = ours.len();
        let rows = ours.into_iter().take(PAYMENTS_MAX).map(|receipt| {
            let day = short_day(receipt.effective_on, &self.held.view);
            let reference = receipt.reference.as_ref().map(|it| format!(", {it}"));
            let cash = receipt.applications.iter().filter(|it| it.kind == ApplicationKind::Cash);
            let to: Vec<String> = cash.map(|it| self.number(it.document.as_str())).collect();
            let to = if to.is_empty() { String::new() } else { format!(", to {}", to.join(", ")) };
            AccountLine {
                label: format!("{day}{}{to}", reference.unwrap_or_default()),
                amount: receipt.amount.to_plain(),
            }
        });
        let rows: Vec<AccountLine> = rows.collect();
        let note = match total > rows.len() {
            true => format!("the last {} of {total}", rows.len()),
            false => counted(total as u64, "payment", "payments"),
        };
        AccountLines { note, rows }
    }

    fn number(&self, document: &str) -> String {
        let mut documents = self.held.view.books.documents.iter();
        let found = documents.find(|it| it.id.as_str() == document);
        found.and_then(|it| it.number.clone()).unwrap_or_else(|| document.to_owned())
    }

    fn credits(&self) -> AccountLines {
        let unapplied = self.held.reconciliation.receivables.unapplied.iter();
        let ours = unapplied
            .filter(|it| self.ours(&it.customer) && it.total.currency() == self.row.currency);
        let rows: Vec<AccountLine> = ours
            .map(|it| {
                let day = short_day(it.effective_on, &self.held.view);
                let number = it.number.clone().unwrap_or_else(|| it.id.clone());
                let kind = match it.kind {
                    UnappliedKind::Credit => "credit",
                    UnappliedKind::Cash => "payment",
                };
                AccountLine {
                    label: format!("{day}, {kind} {number}, not applied"),
                    amount: it.unapplied.negated().unwrap_or(it.unapplied).to_plain(),
                }
            })
            .collect();
        AccountLines { note: counted(rows.len() as u64, "document", "documents"), rows }
    }

    fn deals(&self) -> AccountDeals {
        let rows = self.held.reconciliation.rows.iter();
        let ours = rows.filter(|row| row.account.is_some() && row.account == self.row.account);
        let unpaid = ours.filter(|row| row.is_unpaid());
        let in_currency = unpaid.filter_map(|row| {
            let figures = row.figures.as_ref()?;
            (figures.open.currency() == self.row.currency).then_some((row, figures.open))
        });
        let rows: Vec<AccountDeal> = in_currency
            .map(|(row, open)| AccountDeal {
                opportunity: row.deal.to_string(),
                name: row.name.clone(),
                status: standing(row),
                open: open.to_plain(),
            })
            .collect();
        AccountDeals { note: counted(rows.len() as u64, "unpaid deal", "unpaid deals"), rows }
    }

    /// What the write-back puts on the Account's page, computed from the same figures.
    fn shown(&self) -> ShownFields {
        let amount = |label, amount: Money| ShownField {
            label,
            text: None,
            amount: Some(amount.to_plain()),
            marks: Vec::new(),
        };
        let oldest = self.row.oldest_due.map(|due| short_day(due, &self.held.view));
        let rows = vec![
            amount("AR balance", self.row.receivable),
            amount("Overdue", self.row.overdue),
            ShownField {
                label: "Oldest due date",
                text: Some(oldest.unwrap_or_else(|| "none".to_owned())),
                amount: None,
                marks: Vec::new(),
            },
        ];
        let note = match self.row.account {
            Some(_) => "as of this day; Salesforce shows today's",
            None => "no Account is linked, so Salesforce shows nothing",
        };
        ShownFields { note: note.to_owned(), rows }
    }

    fn customers(&self) -> LinkedCustomers {
        let customers = &self.held.view.books.customers;
        let rows: Vec<LinkedCustomer> = self
            .row
            .customers
            .iter()
            .map(|id| {
                let name = customers.iter().find(|it| it.id == *id).map(|it| it.name.clone());
                LinkedCustomer {
                    id: id.to_string(),
                    name: name.unwrap_or_default(),
                    by: self.linked_by(id).unwrap_or_else(|| "not linked".to_owned()),
                    links: vec![self.systems.in_books(Stream::Customers, id.as_str())],
                }
            })
            .collect();
        let (status, note) = match (&self.row.account, rows.len()) {
            (None, _) => (
                Status::new("half_square", "Not linked", Tone::Warn),
                "No Account of Salesforce is linked to this customer.".to_owned(),
            ),
            (Some(_), 1) => (Status::new("tick", "Linked", Tone::Ok), "one customer".to_owned()),
            (Some(_), several) => (
                Status::new("tick", "Linked", Tone::Ok),
                format!("{several} customers are one Account"),
            ),
        };
        LinkedCustomers { status, note, rows }
    }

    fn linked_by(&self, customer: &CustomerId) -> Option<String> {
        let links = self.held.view.books.identity.iter();
        let ours = |link: &&IdentityLink| {
            Some(&link.account) == self.row.account.as_ref()
                && link.customer == *customer
                && link.standing == Standing::Confirmed
        };
        let link = links.into_iter().find(ours)?;
        Some(match &link.by {
            LinkedBy::Person(name) => format!("by {name}"),
            LinkedBy::Rule(key) => format!("by rule, {}", key.as_str().replace('_', " ")),
        })
    }
}
