//! A slow second opinion about every record and every balance: from the simulators' truth, by plain
//! sums, without a line of the product's arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::Value;
use tieout_domain::books::reconciliation::Reconciliation;
use tieout_domain::facts::{DocumentStatus, Fact, Stream};
use tieout_domain::ids::ConnectionId;
use tieout_sim::quickbooks::TruthDocument;

use crate::judge::account_in;
use crate::planted::Planted;
use crate::world::World;

/// Kinds of the ledger and the feeds that bring them.
const KINDS: [(&str, Stream); 6] = [
    ("Invoice", Stream::Invoices),
    ("CreditMemo", Stream::CreditMemos),
    ("SalesReceipt", Stream::CashSales),
    ("Payment", Stream::Receipts),
    ("RefundReceipt", Stream::Refunds),
    ("JournalEntry", Stream::Journals),
];

/// What both sides say about one record, as text.
type Told = BTreeMap<String, String>;

fn decimal(text: &str) -> Decimal {
    text.parse::<Decimal>().unwrap().normalize()
}

impl World {
    /// Every record is held here as it is there, or kept aside; nothing is held that is gone.
    pub fn check_records(&mut self) {
        let documents = self.quickbooks.truth().documents();
        let ledger = self.ledger.clone();
        for (kind, stream) in KINDS {
            let there = documents.iter().filter(|document| document.kind == kind);
            let there = there.map(|it| (it.id.clone(), told_of_document(it))).collect();
            self.compare(&ledger, stream, there, told_of_ledger_fact);
        }
        let crm = self.crm.clone();
        let org = self.salesforce.truth().document(None, None);
        for (object, stream, tell) in [
            ("Opportunity", Stream::Deals, told_of_opportunity as fn(&Value) -> String),
            ("OpportunityLineItem", Stream::DealLines, told_of_line),
            ("Account", Stream::Accounts, told_of_account),
        ] {
            let rows = org["records"][object].as_array().into_iter().flatten();
            let live = rows.filter(|row| row["IsDeleted"] != Value::Bool(true));
            let there = live.map(|row| (text(row, "Id"), tell(row))).collect();
            self.compare(&crm, stream, there, told_of_crm_fact);
        }
    }

    fn compare(
        &mut self,
        connection: &ConnectionId,
        stream: Stream,
        mut there: Told,
        tell: fn(&Fact) -> Option<String>,
    ) {
        let store = &self.engine().store;
        let mut aside = store.quarantine(true).unwrap();
        aside.retain(|row| row.connection == *connection && row.stream == stream);
        let aside: BTreeSet<String> = aside.into_iter().map(|row| row.record_id).collect();
        there.retain(|id, _| !aside.contains(id));
        let facts = store.facts(connection, stream, None).unwrap();
        let here = facts.iter().filter_map(|fact| Some((fact.id().to_owned(), tell(fact)?)));
        let here: Told = here.filter(|(id, _)| !aside.contains(id)).collect();
        assert_eq!(here, there, "{stream:?} here, and there");
    }

    /// What each customer owes now. Without journals, two ways of adding it up must agree.
    fn owed(&self) -> BTreeMap<String, Decimal> {
        let truth = self.quickbooks.truth();
        let owed = truth.open_by_customer(jiff::civil::Date::MAX);
        let mut owed: BTreeMap<String, Decimal> =
            owed.into_iter().map(|(customer, sum)| (customer, decimal(&sum))).collect();
        owed.retain(|_, sum| !sum.is_zero());
        let documents = truth.documents();
        if !documents.iter().any(|document| document.kind == "JournalEntry") {
            assert_eq!(owed, added_up(&documents), "the simulator contradicts itself");
        }
        owed
    }

    /// The Account that lives on after all merges.
    fn survivor(&self, account: &str) -> String {
        let mut last = account.to_owned();
        while let Some(into) = self.salesforce.truth().field("Account", &last, "MasterRecordId") {
            last = into;
        }
        last
    }

    /// The Account of each customer that carries our mark.
    fn accounts_of_customers(&self) -> BTreeMap<String, String> {
        let customers = self.quickbooks.truth().customers().into_iter();
        let marked = customers.filter_map(|it| Some((it.id, account_in(&it.notes)?)));
        marked.map(|(customer, account)| (customer, self.survivor(&account))).collect()
    }

    /// Receivables by Account as everybody can add them up.
    fn receivables_there(&self) -> BTreeMap<String, Decimal> {
        let accounts = self.accounts_of_customers();
        let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
        for (customer, amount) in self.owed() {
            let account = accounts.get(&customer).cloned().unwrap_or_default();
            *sums.entry(account).or_default() += amount;
        }
        sums.retain(|_, sum| !sum.is_zero());
        sums
    }

    /// AR per Account here, and added up from the ledger's own documents.
    pub fn check_receivables(&self, reconciliation: &Reconciliation) {
        let mut here: BTreeMap<String, Decimal> = BTreeMap::new();
        for row in &reconciliation.receivables.by_account {
            let account = row.account.as_ref().map(ToString::to_string).unwrap_or_default();
            *here.entry(account).or_default() += decimal(&row.receivable.to_plain());
        }
        here.retain(|_, sum| !sum.is_zero());
        assert_eq!(here, self.receivables_there(), "receivables here, and in the ledger");
    }

    /// What stands in the CRM equals its source.
    pub fn check_written_back(&self, reconciliation: &Reconciliation) {
        let there = self.receivables_there();
        let truth = self.salesforce.truth();
        for account in truth.ids("Account") {
            let shown = truth.field("Account", &account, "Tieout_AR_Balance__c");
            let shown = shown.map_or(Decimal::ZERO, |text| decimal(&text));
            let owed = there.get(&account).copied().unwrap_or_default();
            assert_eq!(shown, owed, "{account} shows another balance than the ledger has");
        }
        for row in &reconciliation.rows {
            let deal = row.deal.as_str();
            if !truth.ids("Opportunity").iter().any(|known| known == deal) {
                continue;
            }
            let shown = truth.field("Opportunity", deal, "Tieout_Billing_Status__c");
            assert_eq!(shown.as_deref(), Some(row.billing.as_str()), "{deal} shows another status");
            let open = truth.field("Opportunity", deal, "Tieout_Open__c");
            let open = open.map(|text| decimal(&text));
            let want = row.figures.as_ref().map(|figures| decimal(&figures.open.to_plain()));
            assert_eq!(open, want, "{deal} shows another open amount");
        }
    }

    /// No secret and no customer stands in a file of the workspace.
    pub fn check_files(&mut self) {
        let planted = Planted::new(&self.planted());
        for entry in std::fs::read_dir(self.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            assert!(!planted.is_in(&bytes), "{} holds a secret", path.display());
        }
    }

    /// Tokens that went over the wire, the client's secret, and every customer's name.
    pub fn planted(&self) -> BTreeSet<String> {
        let mut texts = self.network.secrets();
        texts.insert(tieout_sim::quickbooks::QuickBooksSim::CLIENT_SECRET.to_owned());
        let truth = self.salesforce.truth();
        let names = truth.ids("Account").into_iter();
        texts.extend(names.filter_map(|account| truth.field("Account", &account, "Name")));
        texts
    }
}

/// Open invoices less what is left of credits and cash.
fn added_up(documents: &[TruthDocument]) -> BTreeMap<String, Decimal> {
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for document in documents {
        let sign = match document.kind.as_str() {
            "Invoice" => Decimal::ONE,
            "CreditMemo" | "Payment" => Decimal::NEGATIVE_ONE,
            _ => continue,
        };
        let Some(customer) = &document.customer else { continue };
        *sums.entry(customer.clone()).or_default() += sign * decimal(&document.open);
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

fn told_of_document(document: &TruthDocument) -> String {
    let journal = document.kind == "JournalEntry";
    let amounts = if journal {
        String::new()
    } else {
        format!("{} open {}", decimal(&document.total), decimal(&document.open))
    };
    format!("{} {} {amounts}{}", document.kind, document.on, voided(document.voided))
}

fn voided(voided: bool) -> &'static str {
    if voided { " voided" } else { "" }
}

/// `None`: it is gone.
fn told_of_ledger_fact(fact: &Fact) -> Option<String> {
    let told = |gone: bool, text: String| (!gone).then_some(text);
    match fact {
        Fact::Document(it) => {
            let kind = match fact.stream() {
                Stream::Invoices => "Invoice",
                Stream::CreditMemos => "CreditMemo",
                _ => "SalesReceipt",
            };
            let (total, open) =
                (decimal(&it.total.to_plain()), decimal(&it.balance_now.to_plain()));
            let void = voided(it.status == DocumentStatus::Void);
            let text = format!("{kind} {} {total} open {open}{void}", it.effective_on);
            told(it.stamp.deleted, text)
        }
        Fact::Receipt(it) => {
            let (total, open) =
                (decimal(&it.amount.to_plain()), decimal(&it.unapplied_now.to_plain()));
            let void = voided(it.voided);
            told(it.stamp.deleted, format!("Payment {} {total} open {open}{void}", it.effective_on))
        }
        Fact::Refund(it) => {
            let total = decimal(&it.amount.to_plain());
            let text = format!("RefundReceipt {} {total} open 0", it.effective_on);
            told(it.stamp.deleted, text + voided(it.voided))
        }
        Fact::Journal(it) => told(it.stamp.deleted, format!("JournalEntry {} ", it.effective_on)),
        Fact::Gone(_) => None,
        other => panic!("a ledger told {other:?}"),
    }
}

fn text(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap_or_default().to_owned()
}

fn told_of_opportunity(row: &Value) -> String {
    let amount = row["Amount"].as_str().map(decimal);
    let of = |name| text(row, name);
    format!(
        "{} {} {} {} {amount:?} {}",
        of("StageName"),
        of("CloseDate"),
        of("AccountId"),
        of("OwnerId"),
        of("CurrencyIsoCode")
    )
}

fn told_of_line(row: &Value) -> String {
    format!("{} {}", text(row, "OpportunityId"), decimal(&text(row, "TotalPrice")))
}

fn told_of_account(row: &Value) -> String {
    text(row, "Name")
}

fn told_of_crm_fact(fact: &Fact) -> Option<String> {
    let told = |gone: bool, text: String| (!gone).then_some(text);
    match fact {
        Fact::Deal(it) => {
            let account = it.account.as_ref().map(ToString::to_string).unwrap_or_default();
            let owner = it.owner.as_ref().map(ToString::to_string).unwrap_or_default();
            let amount = it.amount.map(|amount| decimal(&amount.to_plain()));
            let (day, currency) = (it.close_date, it.currency.code());
            let text = format!("{} {day} {account} {owner} {amount:?} {currency}", it.stage);
            told(it.stamp.deleted, text)
        }
        Fact::DealLine(it) => {
            told(it.stamp.deleted, format!("{} {}", it.deal, decimal(&it.total.to_plain())))
        }
        Fact::Account(it) => told(it.stamp.deleted, it.name.clone()),
        Fact::Gone(_) => None,
        other => panic!("a CRM told {other:?}"),
    }
}
