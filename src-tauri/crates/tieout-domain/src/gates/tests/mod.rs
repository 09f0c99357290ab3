//! One deal in order, and what each gate says when something about it is not.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::*;
use crate::facts::{Item, Stamp};
use crate::identity::{AskReason, Candidate, LookupKey};
use crate::ids::{AccountId, CustomerId, DealId, ItemId, ScheduleLineId};
use crate::money::Money;

/// Everything that the gates look at, for the tests to spoil.
struct World {
    moment: Moment,
    kind: DocumentKind,
    outside: Option<(String, String)>,
    deal: Deal,
    lines: Vec<DealLine>,
    schedule: Vec<ScheduleLine>,
    products: BTreeMap<ProductId, Product>,
    items: Vec<Item>,
    customer: Option<GateCustomer>,
    rules: LedgerRules,
    tax_codes: BTreeMap<DealLineId, String>,
    proposed_on: Date,
    billed_through: Option<Date>,
    customer_promise: Option<EffectState>,
    effect: Option<EffectState>,
    linked: Vec<DocumentId>,
    suspected: Vec<DocumentId>,
}

fn usd(minor: i64) -> Money {
    Money::from_minor(minor, Currency::parse("USD").unwrap())
}

fn eur() -> Currency {
    Currency::parse("EUR").unwrap()
}

fn stamp() -> Stamp {
    Stamp { version: "1".into(), modified_at: Timestamp::UNIX_EPOCH, deleted: false }
}

fn documents(ids: &[&str]) -> Vec<DocumentId> {
    ids.iter().map(|id| DocumentId::new(id).unwrap()).collect()
}

fn customers(ids: &[&str]) -> Vec<CustomerId> {
    ids.iter().map(|id| CustomerId::new(id).unwrap()).collect()
}

fn deal() -> Deal {
    Deal {
        id: DealId::new("D1").unwrap(),
        stamp: stamp(),
        name: "Compressor station".into(),
        account: Some(AccountId::new("A1").unwrap()),
        stage: "Closed Won".into(),
        won: true,
        closed: true,
        amount: Some(usd(120_000)),
        currency: usd(0).currency(),
        close_date: date(2026, 6, 12),
        kind: None,
        record_type: None,
        owner: None,
        has_lines: true,
        order_number: Some(" PO 7 ".into()),
        reference: None,
        stage_changed_at: None,
        created_at: None,
        traits: BTreeMap::new(),
    }
}

fn line(at: i64, quantity: &str, price: &str, total: i64) -> DealLine {
    DealLine {
        id: DealLineId::new(&format!("L{at}")).unwrap(),
        stamp: stamp(),
        deal: DealId::new("D1").unwrap(),
        product: Some(ProductId::new(&format!("P{at}")).unwrap()),
        product_code: None,
        description: None,
        quantity: quantity.parse().unwrap(),
        unit_price: Some(price.parse().unwrap()),
        discount: None,
        total: usd(total),
        service_date: None,
        position: at,
    }
}

fn product(at: i64, name: &str, code: &str) -> Product {
    Product {
        id: ProductId::new(&format!("P{at}")).unwrap(),
        stamp: stamp(),
        name: name.into(),
        code: None,
        external_id: Some(code.into()),
        family: None,
        active: true,
    }
}

fn item(id: &str, code: &str) -> Item {
    Item {
        id: ItemId::new(id).unwrap(),
        stamp: stamp(),
        name: code.into(),
        code: Some(code.into()),
        kind: "Service".into(),
        active: true,
        tax_code: None,
    }
}

fn part(line: &str, due_on: Date, minor: i64) -> ScheduleLine {
    ScheduleLine {
        id: ScheduleLineId::new(&format!("{line}-{due_on}")).unwrap(),
        stamp: stamp(),
        line: DealLineId::new(line).unwrap(),
        due_on,
        amount: usd(minor),
    }
}

impl World {
    fn in_order() -> Self {
        let products = [product(1, "Sensor", "SENS"), product(2, "Gateway", " GATE ")];
        Self {
            moment: Moment::Propose,
            kind: DocumentKind::Invoice,
            outside: None,
            deal: deal(),
            lines: vec![line(1, "2", "500", 100_000), line(2, "4", "50.00", 20_000)],
            schedule: Vec::new(),
            products: products.into_iter().map(|one| (one.id.clone(), one)).collect(),
            items: vec![item("31", "SENS"), item("32", "GATE")],
            customer: Some(GateCustomer {
                decision: CustomerDecision::Link {
                    customer: CustomerId::new("C1").unwrap(),
                    by: LookupKey::StoredLink,
                },
                currency: Some(usd(0).currency()),
                terms_days: Some(30),
            }),
            rules: LedgerRules {
                ledger_name: "QuickBooks".into(),
                company: "Alder Quay Instruments, Inc.".into(),
                currencies: vec![usd(0).currency()],
                closed_to: Some(date(2026, 5, 31)),
                tax_codes: vec!["TAX".into(), "NON".into()],
                default_tax_code: Some("NON".into()),
            },
            tax_codes: BTreeMap::new(),
            proposed_on: date(2026, 6, 15),
            billed_through: None,
            customer_promise: None,
            effect: None,
            linked: Vec::new(),
            suspected: Vec::new(),
        }
    }

    fn ask<T>(&self, question: impl FnOnce(&GateInput<'_>) -> T) -> T {
        let items = ItemIndex::new(&self.items);
        question(&GateInput {
            moment: self.moment,
            kind: self.kind,
            customer_promise: self.customer_promise,
            deal: &self.deal,
            outside: self.outside.as_ref(),
            lines: &self.lines,
            schedule: &self.schedule,
            products: &self.products,
            items: &items,
            customer: self.customer.as_ref(),
            rules: &self.rules,
            tax_codes: &self.tax_codes,
            proposed_on: self.proposed_on,
            billed_through: self.billed_through,
            effect: self.effect,
            linked: &self.linked,
            suspected: &self.suspected,
        })
    }

    fn decide(&mut self, decision: CustomerDecision) {
        self.customer.as_mut().unwrap().decision = decision;
    }
}

/// Spoils a deal in order; gate, code and record of each finding, then its words.
#[track_caller]
fn check(spoil: impl FnOnce(&mut World), want: Expect) {
    let mut world = World::in_order();
    spoil(&mut world);
    let findings = world.ask(check_all);
    let said = findings.iter().map(|found| {
        let (gate, code) = (found.gate.as_str(), found.detail.code());
        let Sentence { what, remedy, .. } = &found.sentence;
        format!("{gate} {code} {}\n  {what}\n  {remedy}\n", found.subject)
    });
    want.assert_eq(&said.collect::<String>());
}

fn check_all(input: &GateInput<'_>) -> Vec<GateFinding> {
    super::check(input)
}

/// Spoils a deal in order; the canonical text of what it proposes.
#[track_caller]
fn check_proposal(spoil: impl FnOnce(&mut World), want: Expect) {
    let mut world = World::in_order();
    spoil(&mut world);
    want.assert_eq(&content_text(&world.ask(propose).unwrap()));
}

#[test]
fn a_deal_in_order_has_no_finding() {
    check(|_| {}, expect![]);
}

#[test]
fn a_deal_of_another_company_is_refused() {
    let words = ("It could belong to `A` and `B`", "Add a rule that says which.");
    check(
        |world| world.outside = Some((words.0.into(), words.1.into())),
        expect![[r#"
            GATE_COMPANY NOT_OF_THIS_COMPANY D1
              It could belong to `A` and `B`
              Add a rule that says which.
        "#]],
    );
}

#[test]
fn all_failing_gates_are_reported_at_once() {
    check(
        |world| {
            world.deal.won = false;
            world.deal.amount = Some(usd(130_000));
            world.items.clear();
            world.customer = None;
            world.rules.currencies.clear();
            world.rules.tax_codes = vec!["TAX".into()];
            world.proposed_on = date(2026, 5, 31);
            world.effect = Some(EffectState::Conflict);
        },
        expect![[r#"
            GATE_DEAL NOT_WON D1
              The deal is not won
              Set its stage to a won stage in Salesforce, or leave it out.
            GATE_AMOUNT LINES_DO_NOT_ADD D1
              The lines add up to 1,200.00 USD, the deal says 1,300.00 USD
              Correct the lines or the amount in Salesforce.
            GATE_SKU NO_ITEM L1
              QuickBooks company `Alder Quay Instruments, Inc.` has no item with the code `SENS`
              Map the product to an existing item, or add the item in QuickBooks.
            GATE_TAX TAX_CODE_UNMAPPED L1
              QuickBooks has no tax code `NON`
              Map the tax code, or correct it on the line.
            GATE_SKU NO_ITEM L2
              QuickBooks company `Alder Quay Instruments, Inc.` has no item with the code `GATE`
              Map the product to an existing item, or add the item in QuickBooks.
            GATE_TAX TAX_CODE_UNMAPPED L2
              QuickBooks has no tax code `NON`
              Map the tax code, or correct it on the line.
            GATE_CUSTOMER ACCOUNT_MISSING D1
              The deal has no Account, or the Account has not been read
              Choose the Account in Salesforce, then resync the deal.
            GATE_CCY CURRENCY_NOT_ENABLED D1
              USD is not enabled in QuickBooks
              Enable it in QuickBooks, or correct the deal. Nothing is converted.
            GATE_BOOKS BOOKS_CLOSED D1
              The document would be dated 31 May 2026, the books are closed to 31 May 2026
              Use the first open day 1 Jun 2026, or hold the document.
            GATE_IDEMP IDEMP_CONFLICT D1
              QuickBooks has a document with our key and other content
              Compare the two and decide which one holds.
        "#]],
    );
}

#[test]
fn a_finding_says_what_where_and_what_to_do() {
    let mut world = World::in_order();
    world.items.truncate(1);
    world.deal.name = "A customer's name".into();
    let finding = world.ask(check_all).remove(0);
    expect!["QuickBooks company `Alder Quay Instruments, Inc.` has no item with the code `GATE` (line 2 `Gateway` of deal `D1`, 1,200.00 USD). Map the product to an existing item, or add the item in QuickBooks."].assert_eq(&finding.sentence.to_string());
    assert!(!format!("{finding:?}").contains("customer's name"));
}

// The deal and its amounts.

#[test]
fn not_won_or_deleted() {
    check(
        |world| world.deal.won = false,
        expect![[r#"
            GATE_DEAL NOT_WON D1
              The deal is not won
              Set its stage to a won stage in Salesforce, or leave it out.
        "#]],
    );
    check(
        |world| world.deal.stamp.deleted = true,
        expect![[r#"
            GATE_DEAL DEAL_DELETED D1
              The deal is deleted in Salesforce
              Restore it there, or leave it out.
        "#]],
    );
}

#[test]
fn the_amount_is_missing() {
    check(
        |world| {
            world.deal.amount = None;
            world.deal.has_lines = false;
            world.lines.clear();
        },
        expect![[r#"
            GATE_AMOUNT AMOUNT_MISSING D1
              The deal has no amount and no lines
              Enter product lines in Salesforce.
            GATE_SKU NO_LINES D1
              The deal has no product line, so there is nothing to put on a document
              Add product lines in Salesforce, or bill it by hand and link the invoice.
        "#]],
    );
}

#[test]
fn lines_speak_for_a_deal_without_an_amount() {
    check(|world| world.deal.amount = None, expect![]);
}

#[test]
fn lines_that_do_not_add_up() {
    check(
        |world| world.deal.amount = Some(usd(120_001)),
        expect![[r#"
            GATE_AMOUNT LINES_DO_NOT_ADD D1
              The lines add up to 1,200.00 USD, the deal says 1,200.01 USD
              Correct the lines or the amount in Salesforce.
        "#]],
    );
}

#[test]
fn deleted_lines_do_not_count() {
    check(
        |world| world.lines[1].stamp.deleted = true,
        expect![[r#"
            GATE_AMOUNT LINES_DO_NOT_ADD D1
              The lines add up to 1,000.00 USD, the deal says 1,200.00 USD
              Correct the lines or the amount in Salesforce.
        "#]],
    );
}

#[test]
fn a_deal_of_nothing() {
    check(
        |world| {
            world.deal.amount = Some(usd(0));
            world.lines = vec![line(1, "1", "0", 0)];
        },
        expect![[r#"
            GATE_AMOUNT ZERO_AMOUNT D1
              The deal's amount is zero
              Correct it in Salesforce, or exclude the deal.
        "#]],
    );
}

#[test]
fn a_negative_deal_is_not_invoiced_and_a_positive_one_not_credited() {
    let negative = |world: &mut World| {
        world.deal.amount = Some(usd(-100_000));
        world.lines = vec![line(1, "-2", "500", -100_000)];
    };
    check(
        negative,
        expect![[r#"
            GATE_AMOUNT WRONG_SIGN D1
              The deal's amount (1,000.00) USD is negative: an invoice cannot be negative
              Ask for a credit memo instead.
        "#]],
    );
    check(
        |world| world.kind = DocumentKind::CreditMemo,
        expect![[r#"
            GATE_AMOUNT WRONG_SIGN D1
              The deal's amount 1,200.00 USD is positive: a credit memo would reverse it
              Ask for an invoice instead.
        "#]],
    );
    check_proposal(
        |world| {
            negative(world);
            world.kind = DocumentKind::CreditMemo;
        },
        expect![[r#"
            tieout proposal 1
            kind credit_memo
            deal "D1"
            customer "C1"
            currency USD
            effective_on 2026-06-15
            due_on 2026-07-15
            order_number "PO 7"
            net 1000.00
            line "L1" "31" - 2 500 1000.00 "NON" -
        "#]],
    );
}

// R1: products and items.

#[test]
fn no_lines() {
    check(
        |world| {
            world.lines.clear();
            world.deal.has_lines = false;
        },
        expect![[r#"
            GATE_SKU NO_LINES D1
              The deal has no product line, so there is nothing to put on a document
              Add product lines in Salesforce, or bill it by hand and link the invoice.
        "#]],
    );
}

#[test]
fn lines_that_were_never_read() {
    check(
        |world| world.lines.clear(),
        expect![[r#"
            GATE_SKU LINES_NOT_READ D1
              Salesforce says that the deal has lines, and none has been read
              Resync the deal.
        "#]],
    );
}

#[test]
fn one_unmapped_line_blocks_the_whole_deal() {
    check(
        |world| world.items.truncate(1),
        expect![[r#"
            GATE_SKU NO_ITEM L2
              QuickBooks company `Alder Quay Instruments, Inc.` has no item with the code `GATE`
              Map the product to an existing item, or add the item in QuickBooks.
        "#]],
    );
}

#[test]
fn a_line_without_a_product_or_with_an_unknown_one() {
    check(
        |world| world.lines[0].product = None,
        expect![[r#"
            GATE_SKU LINE_WITHOUT_PRODUCT L1
              The line names no product
              Choose a product for it in Salesforce.
        "#]],
    );
    check(
        |world| world.products.clear(),
        expect![[r#"
            GATE_SKU PRODUCT_NOT_READ L1
              The product of the line is deleted or has not been read
              Start a run, or choose an existing product in Salesforce.
            GATE_SKU PRODUCT_NOT_READ L2
              The product of the line is deleted or has not been read
              Start a run, or choose an existing product in Salesforce.
        "#]],
    );
}

#[test]
fn a_product_without_a_code() {
    check(
        |world| world.products.values_mut().for_each(|one| one.external_id = Some("  ".into())),
        expect![[r#"
            GATE_SKU NO_ITEM_CODE L1
              The product `Sensor` names no item of QuickBooks company `Alder Quay Instruments, Inc.`
              Enter the code of its item on the product in Salesforce, then start a run.
            GATE_SKU NO_ITEM_CODE L2
              The product `Gateway` names no item of QuickBooks company `Alder Quay Instruments, Inc.`
              Enter the code of its item on the product in Salesforce, then start a run.
        "#]],
    );
}

#[test]
fn an_inactive_item() {
    check(
        |world| world.items[0].active = false,
        expect![[r#"
            GATE_SKU ITEM_INACTIVE L1
              The item `SENS` is inactive in QuickBooks
              Activate it in QuickBooks, or map the product to another item.
        "#]],
    );
}

#[test]
fn codes_that_differ_in_case_are_shown_to_a_person() {
    check(
        |world| world.items[0] = item("31", "Sens"),
        expect![[r#"
            GATE_SKU ITEM_CASE_COLLISION L1
              Item codes in QuickBooks differ from `SENS` only in upper and lower case
              Give the items different codes, or correct the product's code.
        "#]],
    );
    check(
        |world| world.items.push(item("33", "sens")),
        expect![[r#"
            GATE_SKU ITEM_CASE_COLLISION L1
              Item codes in QuickBooks differ from `SENS` only in upper and lower case
              Give the items different codes, or correct the product's code.
        "#]],
    );
}

#[test]
fn an_inactive_item_in_another_case_is_no_collision() {
    check(
        |world| {
            world.items.push(Item { active: false, ..item("33", "sens") });
        },
        expect![],
    );
}

#[test]
fn two_items_with_one_code() {
    check(
        |world| world.items.push(item("33", " SENS")),
        expect![[r#"
            GATE_SKU ITEM_DUPLICATE L1
              QuickBooks has 2 active items with the code `SENS`
              Leave one of them active in QuickBooks.
        "#]],
    );
}

// R2: the customer.

#[test]
fn the_account_is_missing() {
    check(
        |world| world.deal.account = None,
        expect![[r#"
            GATE_CUSTOMER ACCOUNT_MISSING D1
              The deal has no Account, or the Account has not been read
              Choose the Account in Salesforce, then resync the deal.
        "#]],
    );
    check(
        |world| world.customer = None,
        expect![[r#"
            GATE_CUSTOMER ACCOUNT_MISSING D1
              The deal has no Account, or the Account has not been read
              Choose the Account in Salesforce, then resync the deal.
        "#]],
    );
}

#[test]
fn a_customer_that_is_made_first_is_no_obstacle() {
    check(|world| world.decide(CustomerDecision::Create), expect![]);
}

#[test]
fn every_doubt_about_the_customer_blocks() {
    let (one, by) = (|| CustomerId::new("C1").unwrap(), LookupKey::TaxNumber);
    let ambiguous = CustomerDecision::Ambiguous { by, customers: customers(&["C1", "C2"]) };
    check(
        |world| world.decide(ambiguous),
        expect![[r#"
            GATE_CUSTOMER CUSTOMER_AMBIGUOUS D1
              Customers of QuickBooks that are linked to this Account: `C1`, `C2`
              Say which one is billed.
        "#]],
    );
    let candidates = vec![Candidate { customer: one(), likenesses: Vec::new() }];
    let duplicate = CustomerDecision::ProbableDuplicate { candidates };
    check(
        |world| world.decide(duplicate),
        expect![[r#"
            GATE_CUSTOMER PROBABLE_DUPLICATE D1
              Customers of QuickBooks that look like this Account: `C1`
              Link the right one, or say of each that it is not.
        "#]],
    );
    let conflict = CustomerDecision::TaxIdConflict { customer: one(), by: LookupKey::StoredLink };
    check(
        |world| world.decide(conflict),
        expect![[r#"
            GATE_CUSTOMER TAXID_CONFLICT C1
              Account and customer `C1` have different tax numbers
              Correct the wrong one, or link another customer.
        "#]],
    );
    let unlike = CustomerDecision::Ask { customer: one(), by, why: AskReason::NamesUnlike };
    check(
        |world| world.decide(unlike),
        expect![[r#"
            GATE_CUSTOMER NAMES_UNLIKE C1
              Customer `C1` has the Account's tax number and an unlike name
              Confirm that they are the same, or say that they are not.
        "#]],
    );
    let inactive = CustomerDecision::Ask { customer: one(), by, why: AskReason::Inactive };
    check(
        |world| world.decide(inactive),
        expect![[r#"
            GATE_CUSTOMER CUSTOMER_INACTIVE C1
              Customer `C1` is inactive in QuickBooks
              Activate it in QuickBooks, or link another customer.
        "#]],
    );
}

// R3: currency and tax.

#[test]
fn a_currency_that_the_ledger_does_not_have() {
    check(
        |world| world.rules.currencies = vec![eur()],
        expect![[r#"
            GATE_CCY CURRENCY_NOT_ENABLED D1
              USD is not enabled in QuickBooks
              Enable it in QuickBooks, or correct the deal. Nothing is converted.
        "#]],
    );
}

#[test]
fn a_customer_in_another_currency() {
    check(
        |world| world.customer.as_mut().unwrap().currency = Some(eur()),
        expect![[r#"
            GATE_CCY CUSTOMER_CURRENCY D1
              The deal is in USD, the customer in EUR
              Link a customer in USD, or correct the deal. Nothing is converted.
        "#]],
    );
}

#[test]
fn a_line_in_another_currency() {
    check(
        |world| world.lines[0].total = Money::from_minor(100_000, eur()),
        expect![[r#"
            GATE_CCY LINE_CURRENCY L1
              The line is in EUR, the deal in USD
              Correct the currency in Salesforce. Nothing is converted.
        "#]],
    );
}

#[test]
fn a_tax_code_that_the_ledger_does_not_have() {
    check(
        |world| {
            world.tax_codes.insert(DealLineId::new("L2").unwrap(), "VAT20".into());
        },
        expect![[r#"
            GATE_TAX TAX_CODE_UNMAPPED L2
              QuickBooks has no tax code `VAT20`
              Map the tax code, or correct it on the line.
        "#]],
    );
}

#[test]
fn a_ledger_without_codes_finds_its_own_tax() {
    check(|world| world.rules.tax_codes.clear(), expect![]);
}

// D7: closed books.

#[test]
fn the_closing_date_itself_is_closed() {
    check(
        |world| world.proposed_on = date(2026, 5, 31),
        expect![[r#"
            GATE_BOOKS BOOKS_CLOSED D1
              The document would be dated 31 May 2026, the books are closed to 31 May 2026
              Use the first open day 1 Jun 2026, or hold the document.
        "#]],
    );
    check(|world| world.proposed_on = date(2026, 6, 1), expect![]);
}

#[test]
fn a_date_is_chosen_and_never_shifted_silently() {
    let (close, closed) = (date(2026, 5, 20), Some(date(2026, 5, 31)));
    let chosen = |choice, closed| chosen_date(choice, close, closed);
    assert_eq!(chosen(DateChoice::CloseDate, closed), Ok(close));
    assert_eq!(chosen(DateChoice::FirstOpenDay, closed), Ok(date(2026, 6, 1)));
    assert_eq!(chosen(DateChoice::FirstOpenDay, None), Ok(close));
    assert_eq!(chosen(DateChoice::FirstOpenDay, Some(date(2026, 5, 19))), Ok(close));
    assert_eq!(chosen(DateChoice::On(date(2026, 6, 9)), closed), Ok(date(2026, 6, 9)));
    assert_eq!(chosen(DateChoice::FirstOpenDay, Some(Date::MAX)), Err(DateError));
}

// R4: one document for one intent.

#[test]
fn an_effect_of_the_same_intent_blocks() {
    check(
        |world| world.effect = Some(EffectState::Intended),
        expect![[r#"
            GATE_IDEMP IN_FLIGHT D1
              This document is already on its way
              Wait for its outcome.
        "#]],
    );
    check(
        |world| world.effect = Some(EffectState::Unknown),
        expect![[r#"
            GATE_IDEMP OUTCOME_UNKNOWN D1
              QuickBooks did not answer when this document was sent: it may exist
              Wait until it is found by its key. It is never sent blindly again.
        "#]],
    );
    check(
        |world| world.effect = Some(EffectState::Conflict),
        expect![[r#"
            GATE_IDEMP IDEMP_CONFLICT D1
              QuickBooks has a document with our key and other content
              Compare the two and decide which one holds.
        "#]],
    );
    check(
        |world| world.effect = Some(EffectState::Rejected),
        expect![[r#"
            GATE_IDEMP REJECTED D1
              QuickBooks refused this document
              Correct what it objected to, then ask for the document again.
        "#]],
    );
    check(
        |world| world.effect = Some(EffectState::Confirmed),
        expect![[r#"
            GATE_IDEMP ALREADY_CREATED D1
              This document was created already
              If it is gone from QuickBooks: start a run, then ask for a further document.
        "#]],
    );
    check(|world| world.effect = Some(EffectState::Cancelled), expect![]);
}

#[test]
fn its_own_promise_does_not_stop_the_sending() {
    check(
        |world| {
            world.effect = Some(EffectState::Intended);
            world.moment = Moment::Send;
        },
        expect![],
    );
}

#[test]
fn a_deal_that_is_invoiced_already() {
    check(
        |world| world.linked = documents(&["2278"]),
        expect![[r#"
            GATE_IDEMP ALREADY_INVOICED D1
              Documents that are linked to this deal already: `2278`
              If they were voided or credited in full: start a run, then ask for a further one.
        "#]],
    );
}

#[test]
fn a_new_customer_that_was_refused_or_withdrawn() {
    let created = |state: EffectState| {
        move |world: &mut World| {
            world.decide(CustomerDecision::Create);
            world.customer_promise = Some(state);
        }
    };
    check(created(EffectState::Unknown), expect![]);
    check(
        created(EffectState::Rejected),
        expect![[r#"
        GATE_CUSTOMER CUSTOMER_REFUSED D1
          QuickBooks refused the new customer for this Account
          Correct the Account or link a customer, then ask for the invoice by name.
    "#]],
    );
    check(
        created(EffectState::Cancelled),
        expect![[r#"
        GATE_CUSTOMER CUSTOMER_REFUSED D1
          A person withdrew the new customer of QuickBooks for this Account
          Link a customer, or ask for the invoice of this deal by name.
    "#]],
    );
}

#[test]
fn a_customer_that_was_refused_once_and_is_there_now() {
    check(|world| world.customer_promise = Some(EffectState::Rejected), expect![]);
}

#[test]
fn a_document_that_may_be_the_invoice() {
    check(
        |world| world.suspected = documents(&["2279"]),
        expect![[r#"
            GATE_IDEMP POSSIBLE_INVOICE D1
              Documents that may be the invoice of this deal: `2279`
              Link the right one, or say of each that it is not.
        "#]],
    );
}

// What is proposed.

#[test]
fn a_proposal_states_price_and_quantity_where_they_multiply() {
    check_proposal(
        |_| {},
        expect![[r#"
            tieout proposal 1
            kind invoice
            deal "D1"
            customer "C1"
            currency USD
            effective_on 2026-06-15
            due_on 2026-07-15
            order_number "PO 7"
            net 1200.00
            line "L1" "31" - 2 500 1000.00 "NON" -
            line "L2" "32" - 4 50 200.00 "NON" -
        "#]],
    );
}

#[test]
fn a_discount_goes_into_the_price_or_the_amount_stands_alone() {
    check_proposal(
        |world| {
            world.lines = vec![
                DealLine { discount: Some("0.1".parse().unwrap()), ..line(1, "2", "500", 90_000) },
                line(2, "3", "66.66", 20_000),
            ];
            world.deal.amount = Some(usd(110_000));
        },
        expect![[r#"
            tieout proposal 1
            kind invoice
            deal "D1"
            customer "C1"
            currency USD
            effective_on 2026-06-15
            due_on 2026-07-15
            order_number "PO 7"
            net 1100.00
            line "L1" "31" - 2 450 900.00 "NON" -
            line "L2" "32" - 3 - 200.00 "NON" -
        "#]],
    );
}

#[test]
fn a_schedule_bills_what_is_due_and_not_billed_yet() {
    let scheduled = |world: &mut World| {
        world.schedule = vec![
            part("L1", date(2026, 6, 1), 40_000),
            part("L1", date(2026, 9, 1), 35_000),
            part("L1", date(2026, 12, 1), 25_000),
        ];
    };
    check_proposal(
        scheduled,
        expect![[r#"
            tieout proposal 1
            kind invoice
            deal "D1"
            customer "C1"
            currency USD
            effective_on 2026-06-15
            due_on 2026-07-15
            order_number "PO 7"
            net 600.00
            line "L1" "31" - 1 - 400.00 "NON" -
            line "L2" "32" - 4 50 200.00 "NON" -
        "#]],
    );
    check_proposal(
        |world| {
            scheduled(world);
            world.billed_through = Some(date(2026, 6, 15));
            world.proposed_on = date(2026, 9, 1);
        },
        expect![[r#"
            tieout proposal 1
            kind invoice
            deal "D1"
            customer "C1"
            currency USD
            effective_on 2026-09-01
            due_on 2026-10-01
            order_number "PO 7"
            net 350.00
            line "L1" "31" - 1 - 350.00 "NON" -
        "#]],
    );
    check(
        |world| {
            scheduled(world);
            world.billed_through = Some(date(2026, 6, 15));
            world.proposed_on = date(2026, 8, 31);
        },
        expect![[r#"
            GATE_AMOUNT NOTHING_DUE D1
              Nothing of the schedule is due by 31 Aug 2026
              Wait for the next date of the schedule, or choose a later document date.
        "#]],
    );
}

#[test]
fn text_of_the_content_cannot_be_forged_by_a_description() {
    check_proposal(
        |world| {
            world.customer = Some(GateCustomer {
                decision: CustomerDecision::Create,
                currency: None,
                terms_days: None,
            });
            world.lines[0].description = Some("a\" \\ \nnet 1.00".into());
            world.lines[0].service_date = Some(date(2026, 7, 1));
        },
        expect![[r#"
            tieout proposal 1
            kind invoice
            deal "D1"
            customer -
            currency USD
            effective_on 2026-06-15
            due_on -
            order_number "PO 7"
            net 1200.00
            line "L1" "31" "a\" \\ \u{a}net 1.00" 2 500 1000.00 "NON" 2026-07-01
            line "L2" "32" - 4 50 200.00 "NON" -
        "#]],
    );
}

#[test]
fn nothing_is_proposed_while_a_gate_fails() {
    let mut world = World::in_order();
    world.linked = documents(&["2278"]);
    let error = world.ask(propose).unwrap_err();
    assert_eq!(error.to_string(), "gates are failing: 1");
    assert!(matches!(error, ProposalError::Gates(_)));
}

#[test]
fn every_detail_has_a_code_and_words() {
    let (line, code) = (named_line, || "SENS".to_owned());
    let one = || CustomerId::new("C1").unwrap();
    let on = date(2026, 6, 1);
    let details = [
        GateDetail::NotWon,
        GateDetail::DealDeleted,
        GateDetail::NotReadAgain,
        GateDetail::NotOfThisCompany { what: "It is not".into(), remedy: "Assign it.".into() },
        GateDetail::AmountMissing,
        GateDetail::AmountZero,
        GateDetail::WrongSign { amount: usd(1), credit_memo: true },
        GateDetail::WrongSign { amount: usd(-1), credit_memo: false },
        GateDetail::LinesDoNotAdd { lines: usd(1), deal: usd(2) },
        GateDetail::LinesOutOfRange,
        GateDetail::NothingDue { on },
        GateDetail::NoLines,
        GateDetail::LinesNotRead,
        GateDetail::LineWithoutProduct { line: line() },
        GateDetail::ProductNotRead { line: line() },
        GateDetail::NoItemCode { line: line() },
        GateDetail::NoItem { line: line(), code: code() },
        GateDetail::ItemInactive { line: line(), code: code(), item: item("1", "a").id },
        GateDetail::ItemDuplicate { line: line(), code: code(), items: Vec::new() },
        GateDetail::ItemCaseCollision { line: line(), code: code(), items: Vec::new() },
        GateDetail::AccountMissing,
        GateDetail::CustomerAmbiguous { customers: customers(&["C1", "C2"]) },
        GateDetail::ProbableDuplicate { customers: customers(&["C1"; 7]) },
        GateDetail::TaxIdConflict { customer: one() },
        GateDetail::CustomerNamesUnlike { customer: one() },
        GateDetail::CustomerInactive { customer: one() },
        GateDetail::CustomerRefused { state: EffectState::Rejected },
        GateDetail::CustomerRefused { state: EffectState::Cancelled },
        GateDetail::CurrencyNotEnabled { currency: eur() },
        GateDetail::CustomerCurrency { deal: eur(), customer: eur() },
        GateDetail::LineCurrency { line: line(), currency: eur() },
        GateDetail::TaxCodeUnmapped { line: line(), code: code() },
        GateDetail::BooksClosed { on, closed_to: on, first_open: None },
        GateDetail::EffectInFlight { state: EffectState::Sent },
        GateDetail::EffectInFlight { state: EffectState::Unknown },
        GateDetail::IdempConflict,
        GateDetail::PromiseOutdated,
        GateDetail::EffectRejected,
        GateDetail::AlreadyCreated,
        GateDetail::AlreadyInvoiced { documents: documents(&["1"]) },
        GateDetail::PossibleInvoice { documents: documents(&["1"]) },
    ];
    let codes: std::collections::BTreeSet<&str> =
        details.iter().map(|detail| detail.code()).collect();
    assert_eq!(codes.len(), details.len() - 2, "the signs share one, and refusals");
    let world = World::in_order();
    for detail in details {
        let words = world.ask(|input| super::sentences::sentence(input, &detail));
        assert!(words.remedy.ends_with('.') && !words.what.ends_with('.'), "{words}");
    }
}

fn named_line() -> NamedLine {
    NamedLine { id: DealLineId::new("L1").unwrap(), place: 1, product: Some("Sensor".into()) }
}
