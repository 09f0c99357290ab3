//! What people in accounting do in the ledger, past the product.

use serde_json::{Value, json};
use tieout_sim::quickbooks::{Edit, EditKind, TruthDocument};

use crate::judge::account_in;
use crate::operator::cents;
use crate::world::{World, key_in};

/// Receivables, bad debts and the bank in the chart of accounts.
const RECEIVABLES: &str = "84";
const BAD_DEBTS: &str = "90";
const BANK: &str = "35";

/// Cents of a printed amount.
pub fn cents_of(text: &str) -> u64 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

fn item_line(amount: u64) -> Value {
    json!([{"Amount": cents(amount), "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "11"}}}])
}

fn applied(amount: u64, kind: &str, id: &str) -> Value {
    json!({"Amount": cents(amount), "LinkedTxn": [{"TxnId": id, "TxnType": kind}]})
}

impl World {
    pub fn in_ledger(
        &self,
        entity: &str,
        operation: EditKind,
        body: Value,
    ) -> Result<Value, String> {
        let edit = Edit { entity: entity.into(), operation, body };
        self.changed_at.set(self.clock.now());
        self.quickbooks.edit(&edit).map_err(|error| format!("{error:?}"))
    }

    /// Invoices in the ledger now.
    pub fn invoices(&self) -> Vec<TruthDocument> {
        let mut documents = self.quickbooks.truth().documents();
        documents.retain(|document| document.kind == "Invoice");
        documents
    }

    pub fn void(&self, invoice: &TruthDocument) -> Result<Value, String> {
        self.in_ledger("Invoice", EditKind::Void, json!({ "Id": invoice.id }))
    }

    pub fn delete(&self, invoice: &TruthDocument) -> Result<Value, String> {
        self.in_ledger("Invoice", EditKind::Delete, json!({ "Id": invoice.id }))
    }

    /// Moves an invoice to another day, as a person who backdates it.
    pub fn redate(&self, invoice: &TruthDocument, days: i64) -> Result<Value, String> {
        let on = invoice.on.saturating_add(jiff::Span::new().days(days)).to_string();
        self.in_ledger("Invoice", EditKind::Update, json!({"Id": invoice.id, "TxnDate": on}))
    }

    /// Documents of one kind in the ledger now.
    pub fn of_kind(&self, kind: &str) -> Vec<TruthDocument> {
        let mut documents = self.quickbooks.truth().documents();
        documents.retain(|document| document.kind == kind && !document.voided);
        documents
    }

    /// A payment of so many cents for the invoice; what is too much stays unapplied.
    pub fn pay(&self, invoice: &TruthDocument, amount: u64) -> Result<Value, String> {
        let open = amount.min(cents_of(&invoice.open));
        let mut body = json!({"CustomerRef": {"value": invoice.customer},
            "TotalAmt": cents(amount)});
        if open > 0 {
            body["Line"] = json!([applied(open, "Invoice", &invoice.id)]);
        }
        self.in_ledger("Payment", EditKind::Create, body)
    }

    /// One payment for everything that the customer of this invoice owes.
    pub fn pay_in_one_batch(&self, invoice: &TruthDocument) -> Result<Value, String> {
        let mut own = self.of_kind("Invoice");
        own.retain(|it| it.customer == invoice.customer && cents_of(&it.open) > 0);
        let total = own.iter().map(|it| cents_of(&it.open)).sum();
        let lines: Vec<Value> =
            own.iter().map(|it| applied(cents_of(&it.open), "Invoice", &it.id)).collect();
        let body = json!({"CustomerRef": {"value": invoice.customer},
            "TotalAmt": cents(total), "Line": lines});
        self.in_ledger("Payment", EditKind::Create, body)
    }

    /// Money comes before there is anything to apply it to.
    pub fn pay_early(&self, customer: &str, amount: u64) -> Result<Value, String> {
        let body = json!({"CustomerRef": {"value": customer}, "TotalAmt": cents(amount)});
        self.in_ledger("Payment", EditKind::Create, body)
    }

    /// What is left of the customer's payments is applied to the invoice.
    pub fn apply_what_is_left(&self, invoice: &TruthDocument) -> Result<Value, String> {
        let mut left = self.of_kind("Payment");
        left.retain(|it| it.customer == invoice.customer && cents_of(&it.open) > 0);
        let payment = left.iter().find(|it| it.applied_to.is_empty()).ok_or("nothing is left")?;
        let amount = cents_of(&payment.open).min(cents_of(&invoice.open));
        let lines = json!([applied(amount, "Invoice", &invoice.id)]);
        self.in_ledger("Payment", EditKind::Update, json!({"Id": payment.id, "Line": lines}))
    }

    pub fn delete_a_payment(&self, at: usize) -> Result<Value, String> {
        let payments = self.of_kind("Payment");
        let payment = payments.get(at % payments.len().max(1)).ok_or("no payment")?;
        self.in_ledger("Payment", EditKind::Delete, json!({ "Id": payment.id }))
    }

    /// A credit memo for the customer of the invoice, applied to it as far as it goes.
    pub fn credit(&self, invoice: &TruthDocument, amount: u64) -> Result<Value, String> {
        let body = json!({"CustomerRef": {"value": invoice.customer}, "Line": item_line(amount)});
        let credit = self.in_ledger("CreditMemo", EditKind::Create, body)?;
        let amount = amount.min(cents_of(&invoice.open));
        if amount == 0 {
            return Ok(credit);
        }
        let id = credit["Id"].as_str().unwrap_or_default();
        let lines = [applied(amount, "Invoice", &invoice.id), applied(amount, "CreditMemo", id)];
        let body = json!({"CustomerRef": {"value": invoice.customer}, "TotalAmt": 0,
            "Line": lines});
        self.in_ledger("Payment", EditKind::Create, body)
    }

    /// Part of a credit memo goes back to the customer as money.
    pub fn refund(&self, at: usize) -> Result<Value, String> {
        let mut credits = self.of_kind("CreditMemo");
        credits.retain(|credit| cents_of(&credit.open) > 1);
        let credit = credits.get(at % credits.len().max(1)).ok_or("no credit is left")?;
        let amount = cents_of(&credit.open) / 2;
        let body = json!({"CustomerRef": {"value": credit.customer},
            "DepositToAccountRef": {"value": BANK}, "Line": item_line(amount),
            "LinkedTxn": [{"TxnId": credit.id, "TxnType": "CreditMemo"}]});
        self.in_ledger("RefundReceipt", EditKind::Create, body)
    }

    /// What is open of the invoice is given up by a journal.
    pub fn write_off(&self, invoice: &TruthDocument) -> Result<Value, String> {
        let open = cents_of(&invoice.open);
        if open == 0 {
            return Err("nothing is open".into());
        }
        let line = |side: &str, account: &str, customer: Option<&String>| {
            let mut detail = json!({"PostingType": side, "AccountRef": {"value": account}});
            if let Some(customer) = customer {
                detail["Entity"] = json!({"Type": "Customer", "EntityRef": {"value": customer}});
            }
            json!({"Amount": cents(open), "DetailType": "JournalEntryLineDetail",
                "JournalEntryLineDetail": detail})
        };
        let lines = [
            line("Credit", RECEIVABLES, invoice.customer.as_ref()),
            line("Debit", BAD_DEBTS, None),
        ];
        let today = self.today().to_string();
        let body = json!({"TxnDate": today, "Line": lines});
        let journal = self.in_ledger("JournalEntry", EditKind::Create, body)?;
        let id = journal["Id"].as_str().unwrap_or_default();
        let lines = [applied(open, "Invoice", &invoice.id), applied(open, "JournalEntry", id)];
        let body = json!({"CustomerRef": {"value": invoice.customer}, "TotalAmt": 0,
            "Line": lines});
        self.in_ledger("Payment", EditKind::Create, body)
    }

    /// A person changes the amount of an invoice in the ledger.
    pub fn edit_the_invoice(&self, invoice: &TruthDocument, amount: u64) -> Result<Value, String> {
        let body = json!({"Id": invoice.id, "Line": item_line(amount)});
        self.in_ledger("Invoice", EditKind::Update, body)
    }

    pub fn today(&self) -> jiff::civil::Date {
        self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// The ledger's customer of a deal, as far as it carries our mark.
    fn customer_of(&self, deal: &str) -> Option<String> {
        let account = self.salesforce.truth().field("Opportunity", deal, "AccountId")?;
        let customers = self.quickbooks.truth().customers().into_iter();
        let mut own = customers.filter(|it| account_in(&it.notes).as_ref() == Some(&account));
        own.next().map(|customer| customer.id)
    }

    /// Somebody else makes the invoice of a deal by hand: the same customer, the same amount.
    pub fn key_the_same_by_hand(&self, deal: &str) -> Result<Value, String> {
        let customer = self.customer_of(deal).ok_or("no customer")?;
        let amount = self.salesforce.truth().field("Opportunity", deal, "Amount");
        let amount: rust_decimal::Decimal =
            amount.ok_or("no amount")?.parse().map_err(|error| format!("{error:?}"))?;
        self.key_by_hand(&customer, cents_of(&format!("{amount:.2}")))
    }

    /// A person keys an invoice by hand, for a customer that the ledger has.
    pub fn key_by_hand(&self, customer: &str, amount: u64) -> Result<Value, String> {
        let body = json!({"CustomerRef": {"value": customer},
            "TxnDate": self.today().to_string(), "Line": item_line(amount)});
        self.in_ledger("Invoice", EditKind::Create, body)
    }

    pub fn rename_the_customer(&self, customer: &str, to: u64) -> Result<Value, String> {
        let body = json!({"Id": customer, "DisplayName": format!("Customer of old {to}")});
        self.in_ledger("Customer", EditKind::Update, body)
    }

    /// Closes the books up to so many days before today.
    pub fn close_the_books(&self, days_ago: i64) -> Result<Value, String> {
        let day = self.today().saturating_sub(jiff::Span::new().days(days_ago)).to_string();
        let switched = self.quickbooks.switch(&json!({ "book_close_date": day }));
        switched.map(|()| json!(day)).map_err(|error| format!("{error:?}"))
    }

    /// Invoices that are there now with this key.
    pub fn carrying(&self, key: &str) -> Vec<TruthDocument> {
        let mut invoices = self.invoices();
        invoices.retain(|invoice| key_in(&invoice.note).as_deref() == Some(key));
        invoices
    }
}
