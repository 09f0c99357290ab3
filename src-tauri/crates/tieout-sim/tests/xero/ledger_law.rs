//! Whatever is done, the ledger balances and the subledger is the control account.

use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};
use tieout_sim::xero::{Edit, EditKind};

use crate::desk::{Desk, number};

/// One act of a person, with which of the known documents and how much.
#[derive(Clone, Debug)]
struct Act {
    kind: u8,
    which: usize,
    cents: i64,
    day: i8,
    currency: usize,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = (0u8..9, 0usize..64, 1i64..200_000, 1i8..28, 0usize..3)
        .prop_map(|(kind, which, cents, day, currency)| Act { kind, which, cents, day, currency });
    prop::collection::vec(act, 1..40)
}

struct World {
    desk: Desk,
    invoices: Vec<Value>,
    credits: Vec<Value>,
    payments: Vec<Value>,
    allocations: Vec<Value>,
}

impl World {
    fn new() -> Self {
        let desk = Desk::new();
        for (date, rate) in
            [("2025-12-01", "0.61"), ("2026-01-11", "0.5713"), ("2026-01-21", "0.64")]
        {
            let body = json!({"CurrencyCode": "EUR", "Date": date, "Rate": number(rate)});
            desk.person("Rate", EditKind::Create, body);
        }
        Self { desk, invoices: vec![], credits: vec![], payments: vec![], allocations: vec![] }
    }

    /// What the books refuse is simply not done.
    fn tried(&self, entity: &str, operation: EditKind, body: Value) -> Option<Value> {
        let edit = Edit { tenant: None, entity: entity.to_owned(), operation, body };
        self.desk.sim.edit(&edit).ok()
    }

    fn act(&mut self, act: &Act) {
        let amount = number(&format!("{}.{:02}", act.cents / 100, act.cents % 100));
        let date = format!("2026-01-{:02}", act.day);
        let currency = ["NZD", "EUR", "EUR"][act.currency];
        let document = |kind: &str| {
            json!({"Type": kind, "Status": "AUTHORISED", "Contact": {"Name": "Acme"},
                "Date": date, "DueDate": "2026-02-14", "CurrencyCode": currency,
                "LineItems": [{"Description": "Goods", "Quantity": "1.5", "UnitAmount": amount,
                    "AccountCode": "200"}]})
        };
        let pick = |list: &[Value]| list.get(act.which % list.len().max(1)).cloned();
        let (new, gone) = (EditKind::Create, EditKind::Delete);
        match act.kind {
            0 | 1 => self.invoices.extend(self.tried("Invoice", new, document("ACCREC"))),
            2 => self.credits.extend(self.tried("CreditNote", new, document("ACCRECCREDIT"))),
            3 => {
                let mut body = document("RECEIVE-OVERPAYMENT");
                let bank = if currency == "NZD" { "090" } else { "091" };
                body["BankAccount"] = json!({ "Code": bank });
                self.credits.extend(self.tried("BankTransaction", new, body));
            }
            4 | 5 => {
                let Some(invoice) = pick(&self.invoices) else { return };
                let body = json!({"Invoice": {"InvoiceID": invoice["InvoiceID"]}, "Date": date,
                    "Account": {"Code": "090"}, "Amount": amount});
                self.payments.extend(self.tried("Payment", new, body));
            }
            6 => {
                let (Some(credit), Some(invoice)) = (pick(&self.credits), pick(&self.invoices))
                else {
                    return;
                };
                let body = json!({"CreditNoteID": credit["CreditNoteID"],
                    "OverpaymentID": credit["OverpaymentID"], "Date": date, "Amount": amount,
                    "Invoice": {"InvoiceID": invoice["InvoiceID"]}});
                self.allocations.extend(self.tried("Allocation", new, body));
            }
            7 => {
                let (payment, allocation) = (pick(&self.payments), pick(&self.allocations));
                if let Some(payment) = payment {
                    self.tried("Payment", gone, json!({"PaymentID": payment["PaymentID"]}));
                }
                if let Some(one) = allocation {
                    self.tried("Allocation", gone, json!({"AllocationID": one["AllocationID"]}));
                }
            }
            _ => {
                let Some(invoice) = pick(&self.invoices) else { return };
                let body = json!({"InvoiceID": invoice["InvoiceID"]});
                self.tried("Invoice", EditKind::Void, body);
            }
        }
    }
}

fn check(world: &World) {
    let truth = world.desk.sim.truth(None).unwrap();
    let last: Date = "2026-12-31".parse().unwrap();
    assert_eq!(truth.control_balance(last), truth.open_receivables(last));
    let report = world.desk.get("/Reports/TrialBalance?date=2026-01-20").json();
    let total = report["Reports"][0]["Rows"].as_array().unwrap().last().unwrap()["Rows"][0].clone();
    assert_eq!(total["Cells"][1]["Value"], total["Cells"][2]["Value"]);
    assert_eq!(total["Cells"][3]["Value"], total["Cells"][4]["Value"]);
    for document in truth.documents() {
        let open: rust_decimal::Decimal = document.open.parse().unwrap();
        assert!(open >= rust_decimal::Decimal::ZERO, "{document:?}");
        let paid = document.status == "PAID";
        assert_eq!(paid, document.status != "VOIDED" && open.is_zero(), "{document:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_balances_and_the_subledger_is_the_control_account(acts in acts()) {
        let mut world = World::new();
        for act in &acts {
            world.act(act);
        }
        check(&world);
    }
}
