//! Which company keeps a deal, as a specification in a small language.
//!
//! ```text
//! companies  A USD EUR; B USD              what each enables; `-` before a name: disconnected
//! rules      eu A country=de,at type=new; rest B      without conditions: what no other takes
//! deal       USD country=de type=new state=? deal.X=1  `?`: was not read
//! ```

use proptest::prelude::*;

use super::*;
use crate::books::{DocumentDecision, Promised};
use crate::effect::{EffectState, TransactionKey};
use crate::facts::{Address, Document, DocumentStatus, LedgerDocumentKind, Stamp};
use crate::ids::{CustomerId, DocumentId};
use crate::money::Money;

fn ledger(name: &str) -> LedgerId {
    LedgerId::new(name).unwrap()
}

fn stamp() -> Stamp {
    Stamp { version: "1".into(), modified_at: jiff::Timestamp::UNIX_EPOCH, deleted: false }
}

fn parts(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.split(';')
        .map(|part| part.split_whitespace().collect())
        .filter(|it: &Vec<_>| !it.is_empty())
}

fn companies(text: &str) -> Vec<Company> {
    let company = |words: Vec<&str>| {
        let name = words[0].trim_start_matches('-');
        let currencies = words[1..].iter().map(|code| Currency::parse(code).unwrap());
        Company {
            ledger: ledger(name),
            name: name.into(),
            currencies: currencies.collect(),
            ended: words[0].starts_with('-'),
        }
    };
    parts(text).map(company).collect()
}

fn property(word: &str) -> Property {
    match word {
        "country" => Property::BillingCountry,
        "state" => Property::BillingState,
        other => Property::parse(other).unwrap(),
    }
}

fn rules(text: &str) -> Vec<Rule> {
    let condition = |word: &&str| {
        let (name, values) = word.split_once('=').unwrap();
        let any_of = values.split(',').map(|value| value.replace('_', " ")).collect();
        Condition { property: property(name), any_of }
    };
    let rule = |words: Vec<&str>| Rule {
        name: words[0].into(),
        ledger: ledger(words[1]),
        conditions: words[2..].iter().map(condition).collect(),
    };
    parts(text).map(rule).collect()
}

/// A deal with its Account and owner.
struct Sale {
    deal: Deal,
    account: Account,
    owner: User,
}

fn sale(text: &str) -> Sale {
    let mut words = text.split_whitespace();
    let currency = Currency::parse(words.next().unwrap()).unwrap();
    let mut sale = Sale { deal: deal(currency), account: account(), owner: owner() };
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        let read = (value != "?").then(|| value.replace('_', " "));
        match (property(name), read) {
            (Property::Kind, read) => sale.deal.kind = read,
            (Property::RecordType, read) => sale.deal.record_type = read,
            (Property::BillingCountry, read) => sale.account.address.country = read,
            (Property::BillingState, read) => sale.account.address.region = read,
            (Property::Deal(field), Some(read)) => drop(sale.deal.traits.insert(field, read)),
            (Property::Account(field), Some(read)) => {
                drop(sale.account.traits.insert(field, read));
            }
            (Property::Owner(field), Some(read)) => drop(sale.owner.traits.insert(field, read)),
            _ => {}
        }
    }
    sale
}

fn deal(currency: Currency) -> Deal {
    Deal {
        id: DealId::new("D1").unwrap(),
        stamp: stamp(),
        name: "Renewal".into(),
        account: Some(AccountId::new("A1").unwrap()),
        stage: "Closed Won".into(),
        won: true,
        closed: true,
        amount: Some(Money::from_minor(100, currency)),
        currency,
        close_date: jiff::civil::date(2026, 6, 1),
        kind: None,
        record_type: None,
        owner: Some(UserId::new("U1").unwrap()),
        has_lines: false,
        order_number: None,
        reference: Some("D-1042".into()),
        stage_changed_at: None,
        created_at: None,
        traits: BTreeMap::new(),
    }
}

fn account() -> Account {
    Account {
        id: AccountId::new("A1").unwrap(),
        stamp: stamp(),
        name: "Harrow Creek Ltd".into(),
        parent: None,
        number: None,
        owner: None,
        website: None,
        address: Address::default(),
        tax_number: None,
        currency: None,
        merged_into: None,
        traits: BTreeMap::new(),
    }
}

fn owner() -> User {
    User {
        id: UserId::new("U1").unwrap(),
        stamp: stamp(),
        name: "Ann".into(),
        active: true,
        traits: BTreeMap::new(),
    }
}

/// Everything that decides; what is left out is empty.
#[derive(Clone, Copy, Default)]
struct Case<'a> {
    companies: &'a str,
    rules: &'a str,
    word: &'a str,
    /// Companies that hold the deal.
    held: &'a str,
    deal: &'a str,
}

impl Case<'_> {
    fn outcome(&self) -> Outcome {
        let sale = sale(self.deal);
        let word = Some(self.word).filter(|word| !word.is_empty());
        let words = word.map(|word| (sale.deal.id.clone(), ledger(word))).into_iter().collect();
        let holders: BTreeSet<LedgerId> = self.held.split_whitespace().map(ledger).collect();
        let held = BTreeMap::from([(sale.deal.id.clone(), holders)]);
        let (companies, rules) = (companies(self.companies), rules(self.rules));
        let assigning =
            Assigning { companies: &companies, rules: &rules, words: &words, held: &held };
        assigning.outcome(&Subject {
            deal: &sale.deal,
            account: Some(&sale.account),
            owner: Some(&sale.owner),
        })
    }

    #[track_caller]
    fn check(self, want: &str) {
        let told = match self.outcome() {
            Outcome::Kept { ledger, by } => format!("{ledger} by {}", by.as_str()),
            Outcome::Unkept(why) => {
                let about = why.companies().into_iter().map(|it| format!(" {it}"));
                let about = about.collect::<String>();
                let property = match &why {
                    Unkept::NotRead(property) => format!(" {property}"),
                    _ => String::new(),
                };
                format!("{}{property}{about}", why.as_str())
            }
        };
        assert_eq!(told, want);
    }
}

// ---- Without any rule

#[test]
fn one_company_keeps_the_deals_of_its_currencies() {
    let alone = Case { companies: "A USD EUR", ..Case::default() };
    Case { deal: "USD", ..alone }.check("A by currency");
    Case { deal: "EUR", ..alone }.check("A by currency");
    Case { deal: "GBP", ..alone }.check("CURRENCY_NOWHERE");
}

#[test]
fn of_several_companies_the_only_one_with_the_currency_keeps_the_deal() {
    let two = Case { companies: "A USD; B GBP EUR", ..Case::default() };
    Case { deal: "USD", ..two }.check("A by currency");
    Case { deal: "GBP", ..two }.check("B by currency");
    Case { deal: "JPY", ..two }.check("CURRENCY_NOWHERE");
}

#[test]
fn a_currency_of_two_companies_is_contested() {
    let two = Case { companies: "A USD; B USD", deal: "USD", ..Case::default() };
    two.check("CONTESTED A B");
}

/// What it billed by hand may still stand there.
#[test]
fn a_company_that_was_disconnected_still_contests() {
    Case { companies: "-A USD; B USD", deal: "USD", ..Case::default() }.check("CONTESTED A B");
    Case { companies: "-A USD; B EUR", deal: "USD", ..Case::default() }.check("A by currency");
}

#[test]
fn two_connections_of_one_ledger_are_one_company() {
    Case { companies: "A USD; A USD", deal: "USD", ..Case::default() }.check("A by currency");
}

#[test]
fn without_a_company_nobody_keeps_anything() {
    Case { deal: "USD", ..Case::default() }.check("CURRENCY_NOWHERE");
}

// ---- Rules

const TWO: Case<'_> = Case { companies: "A USD; B USD", rules: "", word: "", held: "", deal: "" };

#[track_caller]
fn ruled(rules: &str, deal: &str, want: &str) {
    Case { rules, deal, ..TWO }.check(want);
}

#[test]
fn a_rule_takes_the_deals_for_which_all_its_conditions_hold() {
    let rule = "eu B country=de,at type=new_business";
    ruled(rule, "USD country=DE type=New_Business", "B by rule");
    ruled(rule, "USD country=at type=new_business", "B by rule");
    ruled(rule, "USD country=de type=renewal", "NO_RULE");
    ruled(rule, "USD country=us type=new_business", "NO_RULE");
    ruled(rule, "USD type=new_business", "NO_RULE");
}

#[test]
fn case_and_spaces_around_a_value_do_not_matter() {
    ruled("one A deal.Region__c=_EMEA_", "USD deal.Region__c=emea__", "A by rule");
    ruled("one A deal.region__C=emea", "USD deal.Region__c=EMEA", "A by rule");
    ruled("one A country=österreich", "USD country=ÖSTERREICH", "A by rule");
    ruled("one A deal.Region__c=emea", "USD deal.Region__c=em_ea", "NO_RULE");
}

#[test]
fn every_property_can_decide() {
    ruled("one A currency=usd", "USD", "A by rule");
    ruled("one A record-type=channel", "USD record-type=Channel", "A by rule");
    ruled("one A state=ca", "USD state=CA", "A by rule");
    ruled("one A account.Segment__c=x", "USD account.Segment__c=x", "A by rule");
    ruled("one A owner.UserRole.Name=emea", "USD owner.UserRole.Name=EMEA", "A by rule");
}

#[test]
fn an_empty_value_means_that_the_record_has_none() {
    ruled("one A country=", "USD", "A by rule");
    ruled("one A country=", "USD country=de", "NO_RULE");
    ruled("one A deal.X=", "USD deal.X=", "A by rule");
}

#[test]
fn rules_of_two_companies_that_both_hold_contest_the_deal() {
    ruled("one A country=de; two B type=new", "USD country=de type=new", "CONTESTED A B");
    ruled("one A country=de; two A type=new", "USD country=de type=new", "A by rule");
}

#[test]
fn a_rule_without_conditions_takes_what_no_other_takes() {
    let rules = "eu B country=de; rest A";
    ruled(rules, "USD country=de", "B by rule");
    ruled(rules, "USD country=us", "A by otherwise");
    ruled("rest A; rest2 B", "USD", "CONTESTED A B");
}

#[test]
fn with_rules_the_currency_alone_gives_nothing() {
    Case { companies: "A USD; B EUR", rules: "one B currency=eur", deal: "USD", ..TWO }
        .check("NO_RULE");
}

#[test]
fn a_company_that_does_not_enable_the_currency_keeps_nothing_in_it() {
    let two = Case { companies: "A USD; B EUR", rules: "one B country=de", ..TWO };
    Case { deal: "USD country=de", ..two }.check("CURRENCY_NOT_ENABLED B");
    Case { deal: "EUR country=de", ..two }.check("B by rule");
    Case { word: "C", deal: "EUR", ..two }.check("CURRENCY_NOT_ENABLED C");
}

#[test]
fn a_company_that_was_disconnected_keeps_what_rules_give_it() {
    Case {
        companies: "-A USD; B USD",
        rules: "old A type=old; rest B",
        deal: "USD type=old",
        ..TWO
    }
    .check("A by rule");
}

/// A rule about a field that was not read yet must not send its deals to whoever takes the rest.
#[test]
fn what_was_not_read_decides_nothing() {
    let rules = "eu B deal.Region__c=emea; rest A";
    ruled(rules, "USD", "NOT_READ deal.Region__c");
    ruled(rules, "USD deal.Region__c=", "A by otherwise");
    ruled("one B record-type=x; rest A", "USD record-type=?", "NOT_READ record-type");
    ruled("one B deal.X=1; two A country=de", "USD country=de", "NOT_READ deal.X");
}

#[test]
fn what_was_not_read_and_could_change_nothing_is_no_obstacle() {
    ruled("one B deal.X=1 country=de; rest A", "USD country=us", "A by otherwise");
    ruled("one A deal.X=1; two A country=de", "USD country=de", "A by rule");
    ruled("one A country=de; two B country=de; c C deal.X=1", "USD country=de", "CONTESTED A B");
}

#[test]
fn an_account_or_owner_that_was_not_read_has_unknown_properties() {
    let sale = sale("USD");
    let alone = Subject { deal: &sale.deal, account: None, owner: None };
    let of = |text| rules(text)[0].holds(&alone);
    assert_eq!(of("one A country=de"), Err(Property::BillingCountry));
    assert_eq!(of("one A owner.Region__c=de"), Err(Property::Owner("Region__c".into())));
    let deal = Deal { account: None, owner: None, ..sale.deal.clone() };
    let without = Subject { deal: &deal, ..alone };
    assert_eq!(rules("one A country=")[0].holds(&without), Ok(true));
    assert_eq!(rules("one A owner.Region__c=de")[0].holds(&without), Ok(false));
}

// ---- A person's word

#[test]
fn a_persons_word_overrides_the_rules() {
    let two = Case { rules: "one A country=de", deal: "USD country=de", ..TWO };
    Case { word: "B", ..two }.check("B by person");
    Case { word: "B", rules: "", ..two }.check("B by person");
    Case { word: "B", rules: "one A deal.X=1", ..two }.check("B by person");
}

// ---- What was billed or promised

#[test]
fn what_a_company_has_billed_stays_with_it() {
    let held = Case { held: "A", deal: "USD country=de", ..TWO };
    held.check("A by held");
    Case { rules: "one A country=de", ..held }.check("A by rule");
    Case { rules: "one A country=us", ..held }.check("A by held");
    Case { rules: "one A country=de; two B country=de", ..held }.check("A by held");
}

#[test]
fn what_was_billed_and_is_given_to_another_is_contested() {
    let held = Case { held: "A", deal: "USD country=de", ..TWO };
    Case { rules: "one B country=de", ..held }.check("HELD_ELSEWHERE A B");
    Case { rules: "rest B", ..held }.check("HELD_ELSEWHERE A B");
    Case { word: "B", ..held }.check("HELD_ELSEWHERE A B");
    Case { rules: "one B deal.X=1", ..held }.check("NOT_READ deal.X");
}

#[test]
fn a_currency_that_was_changed_after_billing_moves_nothing() {
    let two = Case { companies: "A USD; B EUR", held: "A", deal: "EUR", ..TWO };
    two.check("HELD_ELSEWHERE A B");
    Case { deal: "GBP", ..two }.check("CURRENCY_NOT_ENABLED A");
}

#[test]
fn what_two_companies_have_billed_is_nobodys() {
    let both = Case { held: "A B", deal: "USD", ..TWO };
    both.check("HELD_BY_SEVERAL A B");
    Case { rules: "rest A", ..both }.check("HELD_BY_SEVERAL A B");
    Case { word: "A", ..both }.check("HELD_BY_SEVERAL A B");
}

fn document(words: &str) -> Document {
    let mut words = words.split_whitespace();
    let kind = match words.next().unwrap() {
        "invoice" => LedgerDocumentKind::Invoice,
        "credit" => LedgerDocumentKind::CreditMemo,
        _ => LedgerDocumentKind::CashSale,
    };
    let usd = Currency::parse("USD").unwrap();
    let mut document = Document {
        id: DocumentId::new("1").unwrap(),
        stamp: stamp(),
        kind,
        number: None,
        customer: CustomerId::new("C1").unwrap(),
        currency: usd,
        effective_on: jiff::civil::date(2026, 6, 2),
        due_on: None,
        terms_days: None,
        net: Money::from_minor(100, usd),
        tax: Money::zero(usd),
        total: Money::from_minor(100, usd),
        balance_now: Money::from_minor(100, usd),
        status: DocumentStatus::Open,
        key: None,
        deal_reference: None,
        order_number: None,
        memo: None,
        exchange_rate: None,
        disputed: false,
        lines: Vec::new(),
    };
    for word in words {
        match word.split_once('=') {
            Some(("key", _)) => document.key = Some(key()),
            Some((_, reference)) => document.deal_reference = Some(reference.into()),
            None if word == "void" => document.status = DocumentStatus::Void,
            None if word == "draft" => document.status = DocumentStatus::Draft,
            None => document.stamp.deleted = true,
        }
    }
    document
}

fn key() -> TransactionKey {
    TransactionKey::parse("TIE-X7E3SVACC4K5GTKP").unwrap()
}

/// Whether a company with this document, promise and word of a person holds the deal.
fn is_held(documents: &[&str], promise: Option<EffectState>, linked: Option<bool>) -> bool {
    let deal = sale("USD").deal;
    let documents: Vec<Document> = documents.iter().map(|words| document(words)).collect();
    let promised = promise.map(|state| Promised {
        deal: deal.id.clone(),
        key: key().to_string(),
        state,
        sequence: 1,
        since: jiff::Timestamp::UNIX_EPOCH,
        error_code: None,
    });
    let decided = linked.map(|linked| DocumentDecision {
        deal: deal.id.clone(),
        document: DocumentId::new("1").unwrap(),
        linked,
        allocated: None,
        by: "Ann".into(),
        reason: "seen".into(),
        at: jiff::Timestamp::UNIX_EPOCH,
    });
    let held = held_deals(&Bearing {
        deals: std::slice::from_ref(&deal),
        documents: &documents,
        promised: promised.as_slice(),
        keys: &BTreeMap::from([(deal.id.clone(), vec![key()])]),
        decisions: decided.as_slice(),
    });
    held.contains(&deal.id)
}

#[test]
fn a_document_with_our_key_holds_its_deal_while_it_stands() {
    assert!(is_held(&["invoice key=1"], None, None));
    assert!(is_held(&["invoice key=1 draft"], None, None));
    assert!(is_held(&["sale key=1"], None, None));
    assert!(!is_held(&["invoice key=1 void"], None, None));
    assert!(!is_held(&["invoice key=1 deleted"], None, None));
    assert!(!is_held(&["credit key=1"], None, None));
    assert!(!is_held(&["invoice"], None, None));
}

#[test]
fn a_promise_holds_its_deal_until_nothing_can_come_of_it() {
    use EffectState::{Cancelled, Confirmed, Conflict, Intended, Rejected, Sent, Unknown};
    for state in [Intended, Sent, Unknown, Conflict, Confirmed] {
        assert!(is_held(&[], Some(state), None), "{state:?}");
    }
    for state in [Rejected, Cancelled] {
        assert!(!is_held(&[], Some(state), None), "{state:?}");
    }
    assert!(is_held(&["invoice key=1"], Some(Confirmed), None));
    assert!(!is_held(&["invoice key=1 void"], Some(Confirmed), None));
    assert!(is_held(&["invoice key=1 void"], Some(Unknown), None));
}

#[test]
fn a_document_that_names_the_deal_holds_it_unless_a_person_keeps_them_apart() {
    assert!(is_held(&["invoice ref=D1"], None, None));
    assert!(is_held(&["invoice ref=d-1042"], None, None));
    assert!(!is_held(&["invoice ref=D-1043"], None, None));
    assert!(!is_held(&["invoice ref=D1"], None, Some(false)));
    assert!(!is_held(&["invoice ref=D1 void"], None, None));
}

#[test]
fn a_document_that_a_person_linked_holds_its_deal() {
    assert!(is_held(&["invoice"], None, Some(true)));
    assert!(!is_held(&["invoice void"], None, Some(true)));
}

// ---- Properties as text

#[test]
fn a_property_is_written_as_it_is_read() {
    for word in ["currency", "type", "record-type", "billing-country", "billing-state"] {
        assert_eq!(Property::parse(word).unwrap().to_string(), word);
    }
    for word in ["deal.Region__c", "account.Industry", "owner.UserRole.Name"] {
        assert_eq!(Property::parse(word).unwrap().to_string(), word);
    }
}

#[test]
fn what_could_not_be_asked_for_as_it_is_names_nothing() {
    for word in
        ["", "region", "deal.", "deal.a b", "deal.A.B.C", "deal.1x", "line.Total", "deal.'x"]
    {
        assert!(Property::parse(word).is_err(), "{word}");
    }
    assert!(Property::parse(&format!("deal.{}", "x".repeat(101))).is_err());
}

// ---- Words for a person

#[test]
fn every_reason_has_words_that_name_the_companies() {
    let several = || BTreeSet::from([ledger("A"), ledger("B")]);
    let assignments =
        Assignments { companies: companies("-A USD; B USD"), outcomes: BTreeMap::new() };
    for why in [
        Unkept::CurrencyNowhere,
        Unkept::NoRule,
        Unkept::CurrencyNotEnabled(ledger("A")),
        Unkept::NotRead(Property::Deal("Region__c".into())),
        Unkept::Contested(several()),
        Unkept::HeldElsewhere { holder: ledger("A"), wanted: BTreeSet::from([ledger("B")]) },
        Unkept::HeldBySeveral(several()),
    ] {
        let (what, remedy) = assignments.words(&why);
        assert!(remedy.ends_with('.') && !what.ends_with('.'), "{what} {remedy}");
        for company in why.companies() {
            assert!(what.contains(&assignments.name(company)), "{what}");
        }
    }
    assert_eq!(assignments.name(&ledger("A")), "`A` (disconnected)");
}

#[test]
fn only_what_could_be_a_companys_keeps_it_from_being_proved() {
    let could_be = |why: &Unkept| why.could_be_of(&ledger("A"));
    assert!(could_be(&Unkept::NoRule));
    assert!(could_be(&Unkept::Contested(BTreeSet::from([ledger("A"), ledger("B")]))));
    assert!(!could_be(&Unkept::Contested(BTreeSet::from([ledger("B"), ledger("C")]))));
    assert!(!could_be(&Unkept::CurrencyNowhere));
    assert!(!could_be(&Unkept::CurrencyNotEnabled(ledger("A"))));
}

// ---- Laws

fn some_rules() -> impl Strategy<Value = String> {
    let value = prop::sample::select(vec!["de", "us", "de,us", ""]);
    let name = prop::sample::select(vec!["country", "type", "deal.X", "record-type", "currency"]);
    let condition = (name, value).prop_map(|(name, value)| format!("{name}={value}"));
    let rule = (0_usize..4, prop::collection::vec(condition, 0..3));
    prop::collection::vec(rule, 0..5).prop_map(|rules| {
        let rules = rules.into_iter().enumerate().map(|(at, (company, conditions))| {
            format!("r{at} {} {}", ["A", "B", "C", "A"][company], conditions.join(" "))
        });
        rules.collect::<Vec<_>>().join(";")
    })
}

fn some_deal() -> impl Strategy<Value = String> {
    let value = || prop::sample::select(vec!["de", "us", "fr", "?"]);
    let currency = prop::sample::select(vec!["USD", "EUR", "GBP"]);
    (currency, value(), value(), value(), value()).prop_map(|(currency, a, b, c, d)| {
        format!("{currency} country={a} type={b} deal.X={c} record-type={d}")
    })
}

fn some_names() -> impl Strategy<Value = String> {
    prop::sample::subsequence(vec!["A", "B", "C"], 0..=3).prop_map(|names| names.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Each company asks for itself; whatever the rules, the deal and its past, at most one is told
    /// that it keeps the deal, and it has been billed or promised in no other.
    #[test]
    fn at_most_one_company_keeps_a_deal(
        rules in some_rules(),
        deal in some_deal(),
        held in some_names(),
        word in prop::sample::select(vec!["", "A", "B", "C"]),
        connected in prop::sample::select(vec!["A USD", "A USD; B USD", "A USD EUR; -B USD; C EUR"]),
    ) {
        let case =
            Case { companies: connected, rules: &rules, word, held: &held, deal: &deal };
        let sale = sale(&deal);
        let outcomes = BTreeMap::from([(sale.deal.id.clone(), case.outcome())]);
        let assignments = Assignments { companies: companies(connected), outcomes };
        let names = ["A", "B", "C"];
        let keepers: Vec<&str> = names
            .into_iter()
            .filter(|name| assignments.keeps(&ledger(name), &sale.deal.id))
            .collect();
        prop_assert!(keepers.len() <= 1, "{keepers:?}");
        for keeper in keepers {
            prop_assert!(held.split_whitespace().all(|holder| holder == keeper), "{keeper} {held}");
            let company = companies(connected).into_iter().find(|it| it.name == keeper);
            let enabled = company.is_some_and(|it| it.currencies.contains(&sale.deal.currency));
            prop_assert!(enabled, "{keeper} does not enable it");
        }
        for name in names {
            let told = assignments.outside(&ledger(name), &sale.deal.id).is_none();
            prop_assert_eq!(told, assignments.keeps(&ledger(name), &sale.deal.id));
        }
    }
}
