//! A person's word on which invoice belongs to a deal, which customer its Account is, and on what
//! was decided before.

use serde_json::{Value, json};
use tieout_api::commands::{self, Choice, DecideOptions, DecisionView, FrameOptions, LinkOptions};
use tieout_api::views::links::LinkView;
use tieout_api::{Code, Failure, LinkSubject, Word};
use tieout_sim::quickbooks::EditKind;
use tieout_tests::{ACTOR, AS_OF, World};

/// Won, due, no invoice, every gate passes: 52,700.00, Sable Point Energy.
const DEAL: &str = "D-1041";
/// Its customer in QuickBooks.
const CUSTOMER: &str = "130";

fn say(
    world: &mut World,
    subject: LinkSubject,
    word: Word,
    reason: &str,
) -> Result<LinkView, Failure> {
    let options = LinkOptions {
        opportunity: world.deal_id(DEAL),
        subject,
        word,
        reason: reason.into(),
        actor: ACTOR.into(),
        ledger: None,
    };
    commands::link(world.workspace_mut(), &options)
}

#[track_caller]
fn document(world: &mut World, id: &str, word: Word) -> LinkView {
    let subject = LinkSubject::Document(id.into());
    say(world, subject, word, "checked with the project lead").expect("the word is taken")
}

#[track_caller]
fn customer(world: &mut World, id: &str, word: Word) -> LinkView {
    let subject = LinkSubject::Customer(id.into());
    say(world, subject, word, "checked with the project lead").expect("the word is taken")
}

#[track_caller]
fn check_refused(world: &mut World, subject: LinkSubject, word: Word, code: Code, named: &str) {
    let before = world.workspace().engine.store.verify_audit().unwrap().entries;
    let failure = say(world, subject, word, "checked").unwrap_err();
    assert_eq!(failure.code, code, "{failure}");
    assert!(failure.detail.contains(named), "{failure}");
    assert_eq!(world.workspace().engine.store.verify_audit().unwrap().entries, before);
}

/// Somebody bills the customer by hand, without a word about the deal.
fn billed_by_hand(world: &World, customer: &str, amount: u32) -> String {
    let body = json!({
        "TxnDate": "2026-07-02", "DueDate": "2026-08-01", "CustomerRef": {"value": customer},
        "Line": [{"DetailType": "SalesItemLineDetail", "Amount": amount,
            "SalesItemLineDetail": {"ItemRef": {"value": "12"}, "TaxCodeRef": {"value": "NON"}}}],
    });
    id(&world.in_quickbooks("Invoice", EditKind::Create, body))
}

fn new_customer(world: &World, name: &str, notes: &str) -> String {
    let body = json!({"DisplayName": name, "CompanyName": name, "Notes": notes});
    id(&world.in_quickbooks("Customer", EditKind::Create, body))
}

fn id(record: &Value) -> String {
    record["Id"].as_str().unwrap().to_owned()
}

#[track_caller]
fn read(world: &mut World) {
    world.forward(600);
    let run = world.sync().run;
    assert!(run.complete, "{:?}", run.gaps);
}

/// What stops the deal: the codes of its gates, asked for by name.
fn stops(world: &mut World) -> Vec<&'static str> {
    let view = world.create(&[DEAL]);
    view.deals[0].gates.iter().map(|gate| gate.code).collect()
}

fn last_audit(world: &World) -> (String, String, String) {
    let entry = world.workspace().engine.store.audit(1).unwrap().remove(0);
    (entry.actor, entry.action, entry.detail)
}

// ---- invoices

fn possibly_billed() -> (World, String) {
    let mut world = World::read();
    let invoice = billed_by_hand(&world, CUSTOMER, 52_700);
    read(&mut world);
    assert_eq!(stops(&mut world), ["POSSIBLE_INVOICE"]);
    (world, invoice)
}

#[test]
fn an_invoice_that_a_person_links_bills_the_deal() {
    let (mut world, invoice) = possibly_billed();
    let view = document(&mut world, &invoice, Word::Is);
    assert_eq!((view.said_before, view.said, view.changed), (None, "linked", true));
    assert_eq!((view.billing_before, view.billing), (Some("BLOCKED"), Some("BILLED")));
    assert_eq!(view.cleared.iter().map(|gate| gate.code).collect::<Vec<_>>(), ["POSSIBLE_INVOICE"]);
    assert!(view.gates.is_empty(), "{:?}", view.gates);
    let (actor, action, detail) = last_audit(&world);
    assert_eq!((actor.as_str(), action.as_str()), (ACTOR, "deal_document_link.linked"));
    assert!(detail.contains("checked with the project lead"), "{detail}");

    let deal = world.deal_on("2026-07-31", DEAL);
    assert_eq!((deal.documents[0].id.as_str(), deal.documents[0].tier), (invoice.as_str(), "M"));
    assert_eq!(stops(&mut world), ["ALREADY_INVOICED"]);
    let id = world.deal_id(DEAL);
    assert!(world.create(&[]).deals.iter().all(|it| it.opportunity != id));
    assert_eq!(world.invoices_of(DEAL).len(), 0, "nothing of ours");
    let again = document(&mut world, &invoice, Word::Is);
    assert_eq!((again.said_before, again.changed), (Some("linked"), false));
}

#[test]
fn a_deal_whose_possible_invoice_is_another_ones_is_created() {
    let (mut world, invoice) = possibly_billed();
    let view = document(&mut world, &invoice, Word::IsNot);
    assert_eq!((view.said, view.billing), ("kept_apart", Some("UNBILLED")));
    assert_eq!(world.outcome(DEAL), "confirmed");
    assert_eq!(world.invoices_of(DEAL).len(), 1);
}

#[test]
fn a_word_that_is_taken_back_leaves_the_question_open_again() {
    let (mut world, invoice) = possibly_billed();
    document(&mut world, &invoice, Word::IsNot);
    let view = document(&mut world, &invoice, Word::Withdrawn);
    assert_eq!((view.said_before, view.said), (Some("kept_apart"), "withdrawn"));
    assert_eq!(stops(&mut world), ["POSSIBLE_INVOICE"]);
    assert_eq!(last_audit(&world).1, "deal_document_link.unlinked");
    let nothing = LinkSubject::Document(invoice);
    check_refused(&mut world, nothing, Word::Withdrawn, Code::NotNow, "nothing to take back");
}

#[test]
fn an_invoice_is_named_by_its_number_too() {
    let (mut world, invoice) = possibly_billed();
    let body = json!({"Id": invoice, "DocNumber": "H-77"});
    world.in_quickbooks("Invoice", EditKind::Update, body);
    read(&mut world);
    let view = document(&mut world, "H-77", Word::Is);
    assert_eq!((view.subject.id.as_str(), view.subject.kind), (invoice.as_str(), "invoice"));
}

#[test]
fn a_number_that_is_another_documents_id_is_not_guessed_at() {
    let (mut world, invoice) = possibly_billed();
    let other = world.document_id("Invoice", "2286");
    let body = json!({"Id": invoice, "DocNumber": other});
    world.in_quickbooks("Invoice", EditKind::Update, body);
    read(&mut world);
    let subject = LinkSubject::Document(other.clone());
    let named = format!("`id:{invoice}`");
    check_refused(&mut world, subject, Word::Is, Code::NoSuchRecord, &named);
    let view = document(&mut world, &format!("number:{other}"), Word::Is);
    assert_eq!(view.subject.id, invoice);
}

#[test]
fn what_cannot_belong_together_is_refused() {
    let mut world = World::read();
    let other = new_customer(&world, "Ridgeline Pumps", "");
    let invoice = billed_by_hand(&world, &other, 52_700);
    read(&mut world);
    let subject = LinkSubject::Document(invoice);
    check_refused(&mut world, subject.clone(), Word::Is, Code::LinkRefused, &other);
    customer(&mut world, &other, Word::Is);
    let view = say(&mut world, subject, Word::Is, "now it is the same company").unwrap();
    assert_eq!(view.billing, Some("BILLED"));
}

#[test]
fn what_was_never_read_is_refused() {
    let mut world = World::read();
    let (document, customer) =
        (LinkSubject::Document("H-99".into()), LinkSubject::Customer("99999".into()));
    check_refused(&mut world, document, Word::Is, Code::NoSuchRecord, "`H-99`");
    check_refused(&mut world, customer, Word::IsNot, Code::NoSuchRecord, "`99999`");
    let blank = say(&mut world, LinkSubject::Customer(CUSTOMER.into()), Word::Is, " ");
    assert_eq!(blank.unwrap_err().code, Code::Usage);
}

// ---- customers

#[test]
fn of_two_customers_the_one_that_a_person_links_last_is_billed() {
    let mut world = World::read();
    let account = "001Hs00000000GEIAY";
    let note = format!("tieout:account={account}");
    let other = new_customer(&world, "Sable Point Energy West", &note);
    read(&mut world);
    assert_eq!(stops(&mut world), ["CUSTOMER_AMBIGUOUS"]);
    let view = customer(&mut world, CUSTOMER, Word::Is);
    assert_eq!(view.subject.account_id.as_deref(), Some(account));
    assert_eq!((view.cleared[0].code, view.gates.len()), ("CUSTOMER_AMBIGUOUS", 0));
    world.forward(60);
    customer(&mut world, &other, Word::Is);
    world.forward(60);
    let again = customer(&mut world, CUSTOMER, Word::Is);
    assert_eq!((again.said_before, again.changed), (Some("linked"), true), "billed again");
    assert_eq!(world.outcome(DEAL), "confirmed");
    assert_eq!(billed_customer(&world), CUSTOMER);
}

fn billed_customer(world: &World) -> String {
    let id = &world.invoices_of(DEAL)[0].id;
    let invoice = world.workspace().engine.store.effects(&Default::default()).unwrap();
    let ours = invoice.into_iter().find(|it| it.result_id.as_ref() == Some(id)).unwrap();
    let payload: Value = serde_json::from_str(&ours.payload).unwrap();
    payload["customer"].as_str().unwrap().to_owned()
}

/// The deal's Account is new, and QuickBooks has a customer of that name.
fn probably_known() -> (World, String) {
    let mut world = World::read();
    let account = world.new_in_salesforce("Account", json!({"Name": "Ridgeline Pumps"}));
    let deal = world.deal_id(DEAL);
    world.in_salesforce("Opportunity", &deal, json!({"AccountId": account}));
    let known = new_customer(&world, "Ridgeline Pumps, Inc.", "");
    read(&mut world);
    assert_eq!(stops(&mut world), ["PROBABLE_DUPLICATE"]);
    (world, known)
}

#[test]
fn a_probable_duplicate_that_is_the_customer_is_billed() {
    let (mut world, known) = probably_known();
    let view = customer(&mut world, &known, Word::Is);
    assert_eq!(view.cleared[0].code, "PROBABLE_DUPLICATE");
    assert_eq!(last_audit(&world).1, "identity_link.linked");
    assert_eq!(world.outcome(DEAL), "confirmed");
    assert_eq!(billed_customer(&world), known);
}

#[test]
fn a_probable_duplicate_that_is_not_the_customer_leads_to_a_new_one() {
    let (mut world, known) = probably_known();
    customer(&mut world, &known, Word::IsNot);
    assert_eq!(world.outcome(DEAL), "confirmed");
    assert_ne!(billed_customer(&world), known);
}

#[test]
fn a_word_about_a_customer_is_taken_back() {
    let (mut world, known) = probably_known();
    customer(&mut world, &known, Word::Is);
    let view = customer(&mut world, &known, Word::Withdrawn);
    assert_eq!((view.said_before, view.gates[0].code), (Some("linked"), "PROBABLE_DUPLICATE"));
    assert_eq!(stops(&mut world), ["PROBABLE_DUPLICATE"]);
    let subject = LinkSubject::Customer(known);
    check_refused(&mut world, subject, Word::Withdrawn, Code::NotNow, "nothing to take back");
}

// ---- what was decided before

fn decide(
    world: &mut World,
    reference: &str,
    choice: Choice,
    note: &str,
) -> Result<DecisionView, Failure> {
    let options = DecideOptions {
        opportunity: world.deal_id(reference),
        choice,
        note: note.into(),
        actor: ACTOR.into(),
        frame: FrameOptions { as_of: Some(AS_OF.into()), ..FrameOptions::default() },
    };
    commands::decide(world.workspace_mut(), &options)
}

#[test]
fn a_deal_that_was_left_out_is_taken_in_again() {
    let mut world = World::read();
    let excluded = world.company.excluded[0].reference.clone();
    assert_eq!(world.deal(&excluded).billing, "EXCLUDED");
    let view = decide(&mut world, &excluded, Choice::Include("sold on".into()), "").unwrap();
    assert_eq!((view.decided, view.changed), ("included", true));
    assert_ne!(world.deal(&excluded).billing, "EXCLUDED");
    assert_eq!(last_audit(&world).1, "exclusion.included");
    let again = decide(&mut world, &excluded, Choice::Include("sold on".into()), "");
    assert_eq!(again.unwrap_err().code, Code::NotNow);
}

#[test]
fn a_reason_that_was_accepted_is_withdrawn() {
    let mut world = World::played();
    let (reference, code) = ("D-1043", "QTY");
    assert_eq!(world.deal(reference).verdict, Some("EXPLAINED"));
    let choice = Choice::Withdraw(code.into());
    let view = decide(&mut world, reference, choice.clone(), "recounted").unwrap();
    assert_eq!((view.decided, view.amount.unwrap().amount.as_str()), ("withdrawn", "-2400.00"));
    assert_eq!(world.deal(reference).verdict, Some("UNEXPLAINED"));
    assert_eq!(last_audit(&world).1, "accepted_reason.withdrawn");
    let again = decide(&mut world, reference, choice, "recounted");
    assert_eq!(again.unwrap_err().code, Code::NotNow);
}
