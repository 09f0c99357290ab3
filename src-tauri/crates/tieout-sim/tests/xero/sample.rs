//! The UK entity of the sample company, against the figures of its own rows.

use jiff::civil::Date;
use serde_json::json;
use tieout_sim::xero::{CountAndSum, Kind};

use crate::desk::{Desk, id, printed};

/// 6 July 2026, 09:42 in Los Angeles.
const NOW: &str = "2026-07-06T16:42:00Z";
/// Noon of 1 July there: before the late payment.
const EARLY: &str = "2026-07-01T21:00:00Z";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn sum(count: u64, sum: &str) -> CountAndSum {
    CountAndSum { count, sum: sum.to_owned() }
}

#[test]
fn no_row_is_refused() {
    assert_eq!(Desk::sample(NOW).sim.failed_edits(), [""; 0]);
}

#[test]
fn invoices_and_payments_add_up_to_the_rows() {
    let truth = Desk::sample(NOW).sim.truth(None).unwrap();
    let all = Some((Date::MIN, day("2026-06-30")));
    let invoices = truth.sales(Kind::Invoice, None);
    assert_eq!(invoices["GBP"], sum(10, "341460.00"));
    assert_eq!(invoices["EUR"], sum(2, "89000.00"));
    let payments = truth.receipts(all);
    assert_eq!(payments["GBP"], sum(4, "156960.00"));
    assert_eq!(payments["EUR"], sum(2, "51000.00"));
}

#[test]
fn receivables_are_those_of_the_rows_less_the_late_payment() {
    let truth = Desk::sample(NOW).sim.truth(None).unwrap();
    let june = day("2026-06-30");
    assert_eq!(truth.control_balance(june), "201923.20");
    assert_eq!(truth.open_receivables(june), "201923.20");
    let before = Desk::sample(EARLY).sim.truth(None).unwrap();
    assert_eq!(before.control_balance(june), "206483.20");
    let open = before.open_by_currency(june);
    assert_eq!((open["GBP"].as_str(), open["EUR"].as_str()), ("173940.00", "38000.00"));
}

#[test]
fn what_happens_later_is_not_there_yet() {
    let desk = Desk::sample("2026-06-12T19:00:00Z");
    assert_eq!(desk.get("/Invoices/INV-0389").status, 404);
    desk.clock.advance_to("2026-06-18T19:00:00Z".parse().unwrap());
    desk.sign_in();
    let invoice = desk.get("/Invoices/INV-0389").one();
    assert_eq!(
        (printed(&invoice, "SubTotal"), printed(&invoice, "Total")),
        ("21750.00".into(), "26100.00".into())
    );
}

#[test]
fn contacts_carry_their_account_and_two_share_a_tax_number() {
    let desk = Desk::sample(NOW);
    let contacts = desk.get("/Contacts?page=1").rows();
    assert_eq!(contacts.len(), 6);
    let of =
        |number: &str| contacts.iter().find(|contact| contact["AccountNumber"] == number).unwrap();
    assert_eq!(of("C-2215")["TaxNumber"], of("C-2219")["TaxNumber"]);
    assert_eq!(of("C-2234")["DefaultCurrency"], "GBP");
    assert_eq!(of("C-2230")["DefaultCurrency"], "EUR");
    assert_eq!(id(of("C-2207"), "ContactNumber").len(), 18);
    assert!(of("C-2219").get("ContactNumber").is_none());
}

#[test]
fn our_invoices_carry_key_and_deal_and_manual_ones_only_the_deal() {
    let desk = Desk::sample(NOW);
    let ours = desk.get("/Invoices/INV-0385").one();
    let url = id(&ours, "Url");
    assert!(url.contains(&id(&ours, "Reference")) && url.contains("?tieout=TIE-"), "{url}");
    let manual = desk.get("/Invoices/INV-0381").one();
    assert!(manual.get("Url").is_none());
    assert_eq!(id(&manual, "Reference").len(), 18);
}

#[test]
fn one_item_is_no_longer_sold() {
    let sold = |at: &str| Desk::sample(at).get("/Items/PROBE-S").one()["IsSold"].clone();
    assert_eq!((sold("2026-07-01T19:00:00Z"), sold(NOW)), (json!(true), json!(false)));
}

#[test]
fn the_books_are_closed_to_the_end_of_may() {
    let desk = Desk::sample(NOW);
    let own = desk.get("/Organisation").one();
    assert_eq!(
        (own["Name"].clone(), own["BaseCurrency"].clone()),
        (json!("Alder Quay Instruments Ltd"), json!("GBP"))
    );
    assert_eq!(own["PeriodLockDate"], "/Date(1780185600000+0000)/");
}
