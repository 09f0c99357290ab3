//! Whatever is written, three ways of adding receivables agree (`quickbooks §12.3`).

use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::{Value, json};
use tieout_sim::quickbooks::{Edit, EditKind};

use crate::desk::{Desk, number};

#[derive(Clone, Debug)]
enum Act {
    Invoice {
        customer: usize,
        cents: u32,
        day: u8,
    },
    Credit {
        customer: usize,
        cents: u32,
        day: u8,
    },
    /// Cash and an application to the n-th invoice, if that works.
    Pay {
        customer: usize,
        cents: u32,
        day: u8,
        invoice: usize,
    },
    /// The n-th credit memo on the n-th invoice.
    Apply {
        credit: usize,
        invoice: usize,
        cents: u32,
        day: u8,
    },
    Refund {
        credit: usize,
        cents: u32,
        day: u8,
    },
    Journal {
        customer: usize,
        cents: u32,
        day: u8,
        credit: bool,
    },
    Bank {
        customer: usize,
        cents: u32,
        day: u8,
    },
    Void {
        kind: bool,
        nth: usize,
    },
    Delete {
        kind: usize,
        nth: usize,
    },
    Change {
        invoice: usize,
        cents: u32,
    },
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let customer = 0..3usize;
    let cents = 1..50_000u32;
    let day = 1..28u8;
    let nth = 0..8usize;
    let act = prop_oneof![
        4 => (customer.clone(), cents.clone(), day.clone())
            .prop_map(|(customer, cents, day)| Act::Invoice { customer, cents, day }),
        2 => (customer.clone(), cents.clone(), day.clone())
            .prop_map(|(customer, cents, day)| Act::Credit { customer, cents, day }),
        4 => (customer.clone(), cents.clone(), day.clone(), nth.clone())
            .prop_map(|(customer, cents, day, invoice)| Act::Pay { customer, cents, day, invoice }),
        3 => (nth.clone(), nth.clone(), cents.clone(), day.clone())
            .prop_map(|(credit, invoice, cents, day)| Act::Apply { credit, invoice, cents, day }),
        1 => (nth.clone(), cents.clone(), day.clone())
            .prop_map(|(credit, cents, day)| Act::Refund { credit, cents, day }),
        2 => (customer.clone(), cents.clone(), day.clone(), any::<bool>())
            .prop_map(|(customer, cents, day, credit)| Act::Journal { customer, cents, day, credit }),
        1 => (customer, cents.clone(), day)
            .prop_map(|(customer, cents, day)| Act::Bank { customer, cents, day }),
        1 => (any::<bool>(), nth.clone()).prop_map(|(kind, nth)| Act::Void { kind, nth }),
        1 => (0..5usize, nth.clone()).prop_map(|(kind, nth)| Act::Delete { kind, nth }),
        1 => (nth, cents).prop_map(|(invoice, cents)| Act::Change { invoice, cents }),
    ];
    prop::collection::vec(act, 1..40)
}

fn amount(cents: u32) -> Value {
    number(&format!("{}.{:02}", cents / 100, cents % 100))
}

struct Office {
    desk: Desk,
    customers: Vec<String>,
}

impl Office {
    fn open() -> Self {
        let desk = Desk::new();
        let customers = ["A", "B", "C"].iter().map(|name| desk.customer(name)).collect();
        Self { desk, customers }
    }

    fn nth(&self, entity: &str, nth: usize) -> Option<Value> {
        let rows = self.desk.rows(&format!("SELECT * FROM {entity} ORDERBY Id"));
        rows.into_iter().nth(nth)
    }

    /// Refusals are fine: what counts is that the books stay whole.
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of act")]
    fn act(&self, act: &Act) {
        let desk = &self.desk;
        let date = |day: u8| format!("2026-01-{day:02}");
        let line = |cents: u32| {
            json!([{"Amount": amount(cents), "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}])
        };
        let link = |cents: u32, kind: &str, id: &Value| {
            json!({"Amount": amount(cents),
            "LinkedTxn": [{"TxnId": id, "TxnType": kind}]})
        };
        match *act {
            Act::Invoice { customer, cents, day } | Act::Credit { customer, cents, day } => {
                let path =
                    if matches!(act, Act::Invoice { .. }) { "/invoice" } else { "/creditmemo" };
                desk.post(
                    path,
                    json!({"CustomerRef": {"value": self.customers[customer]},
                    "TxnDate": date(day), "Line": line(cents)}),
                );
            }
            Act::Pay { customer, cents, day, invoice } => {
                let lines: Vec<Value> = self
                    .nth("Invoice", invoice)
                    .map(|found| link(cents / 2 + 1, "Invoice", &found["Id"]))
                    .into_iter()
                    .collect();
                desk.post(
                    "/payment",
                    json!({"CustomerRef": {"value": self.customers[customer]},
                    "TotalAmt": amount(cents), "TxnDate": date(day), "Line": lines}),
                );
            }
            Act::Apply { credit, invoice, cents, day } => {
                let (Some(credit), Some(invoice)) =
                    (self.nth("CreditMemo", credit), self.nth("Invoice", invoice))
                else {
                    return;
                };
                let lines = json!([
                    link(cents, "Invoice", &invoice["Id"]),
                    link(cents, "CreditMemo", &credit["Id"])
                ]);
                desk.post(
                    "/payment",
                    json!({"CustomerRef": credit["CustomerRef"], "TotalAmt": 0,
                    "TxnDate": date(day), "Line": lines}),
                );
            }
            Act::Refund { credit, cents, day } => {
                let Some(credit) = self.nth("CreditMemo", credit) else { return };
                desk.post(
                    "/refundreceipt",
                    json!({"CustomerRef": credit["CustomerRef"],
                    "TxnDate": date(day), "DepositToAccountRef": {"value": "35"},
                    "Line": line(cents),
                    "LinkedTxn": [{"TxnId": credit["Id"], "TxnType": "CreditMemo"}]}),
                );
            }
            Act::Journal { customer, cents, day, credit } => {
                let posting = |side: &str, account: &str, named: bool| {
                    let mut detail = json!({"PostingType": side, "AccountRef": {"value": account}});
                    if named {
                        detail["Entity"] = json!({"Type": "Customer",
                            "EntityRef": {"value": self.customers[customer]}});
                    }
                    json!({"Amount": amount(cents), "JournalEntryLineDetail": detail})
                };
                let (own, other) = if credit { ("Credit", "Debit") } else { ("Debit", "Credit") };
                desk.post(
                    "/journalentry",
                    json!({"TxnDate": date(day),
                    "Line": [posting(own, "84", true), posting(other, "90", false)]}),
                );
            }
            Act::Bank { customer, cents, day } => {
                let detail = json!({"AccountRef": {"value": "84"},
                    "Entity": {"value": self.customers[customer], "type": "CUSTOMER"}});
                desk.post(
                    "/deposit",
                    json!({"DepositToAccountRef": {"value": "35"},
                    "TxnDate": date(day),
                    "Line": [{"Amount": amount(cents), "DepositLineDetail": detail}]}),
                );
            }
            Act::Void { kind, nth } => {
                self.undo(if kind { "Invoice" } else { "Payment" }, nth, EditKind::Void)
            }
            Act::Delete { kind, nth } => {
                let kinds = ["Invoice", "Payment", "CreditMemo", "RefundReceipt", "JournalEntry"];
                self.undo(kinds[kind], nth, EditKind::Delete);
            }
            Act::Change { invoice, cents } => {
                let Some(found) = self.nth("Invoice", invoice) else { return };
                desk.post(
                    "/invoice",
                    json!({"Id": found["Id"], "SyncToken": found["SyncToken"],
                    "sparse": true, "Line": line(cents)}),
                );
            }
        }
    }

    fn undo(&self, entity: &str, nth: usize, operation: EditKind) {
        if let Some(found) = self.nth(entity, nth) {
            let body = json!({"Id": found["Id"]});
            let _ = self.desk.sim.edit(&Edit { entity: entity.to_owned(), operation, body });
        }
    }

    fn report_total(&self, name: &str, on: Date) -> i64 {
        let report = self.desk.get(&format!("/reports/{name}?report_date={on}")).json();
        let rows = report["Rows"]["Row"].as_array().unwrap();
        cents(
            &rows.last().unwrap()["Summary"]["ColData"].as_array().unwrap().last().unwrap()["value"],
        )
    }

    fn control(&self, on: Date) -> i64 {
        let report = self.desk.get(&format!("/reports/TrialBalance?end_date={on}")).json();
        let rows = report["Rows"]["Row"].as_array().unwrap();
        let row = rows.iter().find(|row| row["ColData"][0]["id"] == "84");
        row.map_or(0, |row| cents(&row["ColData"][1]["value"]) - cents(&row["ColData"][2]["value"]))
    }

    /// The sum of documents until a day, from the objects alone.
    fn sum_of_objects(&self, on: Date) -> i64 {
        let mut sum = 0;
        for (entity, sign) in
            [("Invoice", 1), ("CreditMemo", -1), ("Payment", -1), ("RefundReceipt", 1)]
        {
            let statement =
                format!("SELECT * FROM {entity} WHERE TxnDate <= '{on}' MAXRESULTS 1000");
            let rows = self.desk.rows(&statement);
            let counted = rows
                .iter()
                .filter(|row| entity != "RefundReceipt" || row.get("LinkedTxn").is_some());
            sum += sign * counted.map(|row| cents(&row["TotalAmt"])).sum::<i64>();
        }
        for row in self.desk.rows(&format!("SELECT * FROM JournalEntry WHERE TxnDate <= '{on}'")) {
            let line = &row["Line"][0];
            let debit = line["JournalEntryLineDetail"]["PostingType"] == "Debit";
            sum += if debit { cents(&line["Amount"]) } else { -cents(&line["Amount"]) };
        }
        let deposits = self.desk.rows(&format!("SELECT * FROM Deposit WHERE TxnDate <= '{on}'"));
        sum - deposits.iter().map(|row| cents(&row["TotalAmt"])).sum::<i64>()
    }

    /// What the customers owe now by their own balances.
    fn sum_of_customers(&self) -> i64 {
        self.desk.rows("SELECT * FROM Customer").iter().map(|row| cents(&row["Balance"])).sum()
    }

    fn nothing_is_overapplied(&self) {
        for (entity, member) in
            [("Invoice", "Balance"), ("CreditMemo", "RemainingCredit"), ("Payment", "UnappliedAmt")]
        {
            for row in self.desk.rows(&format!("SELECT * FROM {entity} MAXRESULTS 1000")) {
                let (open, total) = (cents(&row[member]), cents(&row["TotalAmt"]));
                assert!((0..=total).contains(&open), "{entity}: {row}");
            }
        }
    }
}

fn cents(value: &Value) -> i64 {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if text.is_empty() || text == "null" {
        return 0;
    }
    let (whole, part) = text.split_once('.').unwrap_or((&text, "00"));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let whole: i64 = whole.trim_start_matches('-').parse().unwrap();
    sign * (whole * 100 + part.parse::<i64>().unwrap())
}

fn holds(acts: &[Act]) {
    let office = Office::open();
    for act in acts {
        office.act(act);
    }
    for on in ["2026-01-07", "2026-01-14", "2026-01-28"] {
        let on: Date = on.parse().unwrap();
        let expected = office.sum_of_objects(on);
        assert_eq!(office.report_total("AgedReceivables", on), expected, "aging on {on}");
        assert_eq!(office.report_total("AgedReceivableDetail", on), expected, "detail on {on}");
        assert_eq!(office.report_total("CustomerBalance", on), expected, "balances on {on}");
        assert_eq!(office.control(on), expected, "control account on {on}");
    }
    let end: Date = "2026-01-28".parse().unwrap();
    assert_eq!(office.sum_of_customers(), office.sum_of_objects(end));
    let snapshot = office.desk.sim.snapshot();
    office.desk.sim.restore(&snapshot).unwrap();
    assert_eq!(office.desk.sim.snapshot(), snapshot);
    office.nothing_is_overapplied();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn reports_accounts_objects_and_balances_agree(acts in acts()) {
        holds(&acts);
    }
}

#[test]
fn an_invoice_dated_after_its_payment_leaves_the_payment_unapplied_until_then() {
    let office = Office::open();
    office.act(&Act::Invoice { customer: 0, cents: 10_000, day: 20 });
    office.act(&Act::Pay { customer: 0, cents: 10_000, day: 5, invoice: 0 });
    let on = |day: &str| office.report_total("AgedReceivables", day.parse().unwrap());
    assert_eq!((on("2026-01-04"), on("2026-01-10"), on("2026-01-20")), (0, -10_000, 0));
}
