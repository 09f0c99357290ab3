//! Documents of the sample company as edits at the rows' times.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::accounts;
use super::super::edit::{Edit, EditKind, Scheduled};
use super::super::key::transaction_key;
use super::super::opening::OWN_TAX_CODE;
use super::lines::{line, number, of_invoice, reduced};
use super::masters::{ADJUSTMENT, customer_id};
use super::{ENTITY, at};
use crate::sample::{
    Company, SampleAccount, SampleCredit, SampleInvoice, SampleJournal, SampleReceipt, SampleRefund,
};

/// The invoice that was keyed by hand for Osprey's second customer.
const KEYED_TWICE: &str = "2279";
const DISPUTED: &str = "disputed";
const MADE_BY_US: &str = "Tieout";

/// Every document of the entity. Ids are fixed here, so that later documents can name earlier ones
/// before they exist.
pub fn edits(company: &Company) -> Vec<Scheduled> {
    let mut desk =
        Desk { company, last_id: 2000, ids: BTreeMap::new(), sequences: BTreeMap::new() };
    let mut all = Vec::new();
    for invoice in company.invoices.iter().filter(|invoice| invoice.entity == ENTITY) {
        all.extend(desk.invoice(invoice));
    }
    for credit in company.credits.iter().filter(|credit| credit.entity == ENTITY) {
        all.push(desk.credit(credit));
    }
    for receipt in company.receipts.iter().filter(|receipt| receipt.entity == ENTITY) {
        match receipt.kind.as_str() {
            "writeoff" => all.extend(desk.write_off(receipt)),
            _ => all.push(desk.payment(receipt)),
        }
    }
    for refund in company.refunds.iter().filter(|refund| refund.entity == ENTITY) {
        all.push(desk.refund(refund));
    }
    for journal in company.journals.iter().filter(|journal| journal.entity == ENTITY) {
        all.push(desk.journal(journal));
    }
    all
}

struct Desk<'c> {
    company: &'c Company,
    last_id: u64,
    /// Ids by document number.
    ids: BTreeMap<String, String>,
    /// Invoices that the product made, by deal.
    sequences: BTreeMap<String, u32>,
}

fn edit(entity: &str, operation: EditKind, body: Value) -> Edit {
    Edit { entity: entity.to_owned(), operation, body }
}

fn created(known_at: &str, entity: &str, body: Value) -> Scheduled {
    at(known_at, edit(entity, EditKind::Create, body))
}

impl Desk<'_> {
    fn next_id(&mut self) -> String {
        self.last_id += 1;
        self.last_id.to_string()
    }

    fn id_of(&self, number: &str) -> &str {
        self.ids.get(number).expect("documents name earlier ones of the rows")
    }

    fn account(&self, code: &str) -> &SampleAccount {
        let account = self.company.accounts.iter().find(|account| account.code == code);
        account.expect("documents name accounts of the rows")
    }

    fn customer(&self, code: &str, number: &str) -> String {
        let account = self.account(code);
        let later = number == KEYED_TWICE && account.customers.len() > 1;
        customer_id(account, usize::from(later)).to_owned()
    }

    fn deal_id(&self, reference: &str) -> String {
        self.company.deal_id(reference).expect("documents name deals of the rows")
    }

    fn invoice(&mut self, invoice: &SampleInvoice) -> Vec<Scheduled> {
        let id = self.next_id();
        self.ids.insert(invoice.number.clone(), id.clone());
        let first_net = invoice.edited.as_ref().map_or(&invoice.net, |edited| &edited.net_before);
        let mut body = json!({
            "Id": id,
            "DocNumber": invoice.number,
            "TxnDate": invoice.on,
            "DueDate": invoice.due,
            "CustomerRef": {"value": self.customer(&invoice.account, &invoice.number)},
            "Line": of_invoice(self.company, invoice, first_net),
        });
        if invoice.tax != "0.00" {
            body["TxnTaxDetail"] = json!({"TxnTaxCodeRef": {"value": OWN_TAX_CODE}});
        }
        self.link(invoice, &mut body);
        let mut all = vec![created(&invoice.known_at, "Invoice", body)];
        if let Some(edited) = &invoice.edited {
            let lines = reduced(self.company, invoice, &edited.net_before);
            let change = json!({"Id": self.id_of(&invoice.number), "Line": lines});
            all.push(at(&edited.at, edit("Invoice", EditKind::Update, change)));
        }
        all
    }

    /// Our own invoices carry the key in their note; those that people made carry the deal's id in
    /// the custom field, if they belong to a deal.
    fn link(&mut self, invoice: &SampleInvoice, body: &mut Value) {
        let mut fields = Vec::new();
        if let Some(reference) = &invoice.deal {
            let deal = self.deal_id(reference);
            if invoice.made_by == MADE_BY_US {
                let sequence = self.sequences.entry(reference.clone()).or_default();
                *sequence += 1;
                let ledger = format!("qbo:{}", Company::QUICKBOOKS_REALM);
                let key = transaction_key(Company::ORG_ID, &ledger, &deal, "invoice", *sequence);
                body["PrivateNote"] = json!(format!("tieout:{key} opp={deal}"));
            } else {
                fields.push(json!({"DefinitionId": "1", "StringValue": deal}));
            }
        }
        if invoice.note == DISPUTED {
            fields.push(json!({"DefinitionId": "2", "StringValue": DISPUTED}));
        }
        body["CustomField"] = Value::Array(fields);
    }

    fn credit(&mut self, credit: &SampleCredit) -> Scheduled {
        let id = self.next_id();
        self.ids.insert(credit.number.clone(), id.clone());
        let deal = self.deal_id(&credit.deal);
        let body = json!({
            "Id": id,
            "DocNumber": credit.number,
            "TxnDate": credit.on,
            "CustomerRef": {"value": self.customer(&credit.account, "")},
            "PrivateNote": credit.note,
            "CustomField": [{"DefinitionId": "1", "StringValue": deal}],
            "Line": [line(ADJUSTMENT, &credit.net, "NON", None)],
        });
        created(&credit.known_at, "CreditMemo", body)
    }

    fn payment(&mut self, receipt: &SampleReceipt) -> Scheduled {
        let mut body = json!({
            "Id": self.next_id(),
            "TxnDate": receipt.on,
            "CustomerRef": {"value": self.customer(&receipt.account, "")},
            "TotalAmt": number(&receipt.amount),
            "PaymentMethodRef": {"value": "2"},
        });
        if let Some(reference) = &receipt.reference {
            body["PaymentRefNum"] = json!(reference);
            body["PaymentMethodRef"] = json!({"value": "4"});
        }
        if let Some(invoice) = &receipt.invoice {
            body["Line"] = json!([self.applied(&receipt.amount, "Invoice", invoice)]);
        }
        created(&receipt.known_at, "Payment", body)
    }

    fn applied(&self, amount: &str, kind: &str, number_of: &str) -> Value {
        let link = json!([{"TxnId": self.id_of(number_of), "TxnType": kind}]);
        json!({"Amount": number(amount), "LinkedTxn": link})
    }

    /// A journal credits receivables; a payment of zero ties it to the invoice.
    fn write_off(&mut self, receipt: &SampleReceipt) -> Vec<Scheduled> {
        let invoice = receipt.invoice.as_deref().expect("a write-off names its invoice");
        let journal = format!("WO-{invoice}");
        let id = self.next_id();
        self.ids.insert(journal.clone(), id.clone());
        let customer = self.customer(&receipt.account, "");
        let body = json!({
            "Id": id,
            "DocNumber": journal,
            "TxnDate": receipt.on,
            "PrivateNote": format!("Write-off of the remainder of {invoice}"),
            "Line": [
                posting("Debit", accounts::BAD_DEBTS, &receipt.amount, None),
                posting("Credit", accounts::RECEIVABLE, &receipt.amount, Some(&customer)),
            ],
        });
        let tie = json!({
            "Id": self.next_id(),
            "TxnDate": receipt.on,
            "CustomerRef": {"value": customer},
            "TotalAmt": 0,
            "Line": [
                self.applied(&receipt.amount, "Invoice", invoice),
                self.applied(&receipt.amount, "JournalEntry", &journal),
            ],
        });
        vec![
            created(&receipt.known_at, "JournalEntry", body),
            created(&receipt.known_at, "Payment", tie),
        ]
    }

    fn refund(&mut self, refund: &SampleRefund) -> Scheduled {
        let body = json!({
            "Id": self.next_id(),
            "DocNumber": refund.number,
            "TxnDate": refund.on,
            "CustomerRef": {"value": self.customer(&refund.account, "")},
            "DepositToAccountRef": {"value": accounts::CHECKING},
            "LinkedTxn": [{"TxnId": self.id_of(&refund.credit), "TxnType": "CreditMemo"}],
            "Line": [line(ADJUSTMENT, &refund.amount, "NON", None)],
        });
        created(&refund.known_at, "RefundReceipt", body)
    }

    /// A person posted to receivables without naming a customer.
    fn journal(&mut self, journal: &SampleJournal) -> Scheduled {
        let body = json!({
            "Id": self.next_id(),
            "DocNumber": journal.number,
            "TxnDate": journal.on,
            "PrivateNote": journal.note,
            "Line": [
                posting("Debit", accounts::RECEIVABLE, &journal.amount, None),
                posting("Credit", accounts::SERVICES, &journal.amount, None),
            ],
        });
        created(&journal.known_at, "JournalEntry", body)
    }
}

fn posting(side: &str, account: &str, amount: &str, customer: Option<&str>) -> Value {
    let mut detail = json!({"PostingType": side, "AccountRef": {"value": account}});
    if let Some(customer) = customer {
        detail["Entity"] = json!({"Type": "Customer", "EntityRef": {"value": customer}});
    }
    json!({
        "Amount": number(amount),
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": detail,
    })
}
