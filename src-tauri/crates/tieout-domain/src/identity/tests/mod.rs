//! Who is who, decision by decision.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::{Expect, expect};
use jiff::Timestamp;

use super::items::codes_of_several_products;
use super::new_customers::new_customers;
use super::*;
use crate::currency::Currency;
use crate::facts::{Account, Address, Customer, Item, Product, Stamp};
use crate::ids::{AccountId, CustomerId, DealId, ItemId, LedgerId, ProductId};

fn stamp() -> Stamp {
    Stamp { version: "1".into(), modified_at: Timestamp::UNIX_EPOCH, deleted: false }
}

fn ledger() -> LedgerId {
    LedgerId::new("qbo:1").unwrap()
}

fn account_id(id: &str) -> AccountId {
    AccountId::new(id).unwrap()
}

fn named(line: &str, name: &str) -> Option<String> {
    let words = line.split_whitespace();
    words.into_iter().find_map(|word| {
        let value = word.strip_prefix(name)?.strip_prefix('=')?;
        Some(value.replace('_', " "))
    })
}

fn address(line: &str) -> Address {
    Address {
        street: named(line, "street"),
        city: None,
        region: None,
        postal_code: named(line, "post"),
        country: named(line, "country"),
    }
}

/// `A1 name=North_Sea_Ltd tax=.. country=.. web=.. street=.. post=.. into=A2`
fn account(line: &str) -> Account {
    Account {
        id: account_id(line.split_whitespace().next().unwrap()),
        stamp: stamp(),
        name: named(line, "name").unwrap_or_default(),
        parent: None,
        number: None,
        owner: None,
        website: named(line, "web"),
        address: address(line),
        tax_number: named(line, "tax"),
        currency: None,
        merged_into: named(line, "into").map(|id| account_id(&id)),
        traits: BTreeMap::new(),
    }
}

/// `C1 name=.. account=A1 mail=.. cur=EUR inactive`, otherwise like an Account.
fn customer(line: &str) -> Customer {
    Customer {
        id: CustomerId::new(line.split_whitespace().next().unwrap()).unwrap(),
        stamp: stamp(),
        name: named(line, "name").unwrap_or_default(),
        legal_name: named(line, "legal"),
        currency: named(line, "cur").map(|code| Currency::parse(&code).unwrap()),
        address: address(line),
        email: named(line, "mail"),
        website: named(line, "web"),
        tax_number: named(line, "tax"),
        account: named(line, "account").map(|id| account_id(&id)),
        terms_days: None,
        tax_code: None,
        active: !line.contains("inactive"),
        parent: None,
    }
}

/// `A1 C1`, with `suggested`, `rejected`, `billed`, `rule`.
fn link(line: &str, at: usize) -> IdentityLink {
    let words: Vec<&str> = line.split_whitespace().collect();
    let has = |word| words.contains(&word);
    IdentityLink {
        ledger: LedgerId::new(if has("elsewhere") { "qbo:2" } else { "qbo:1" }).unwrap(),
        account: account_id(words[0]),
        customer: CustomerId::new(words[1]).unwrap(),
        standing: match () {
            () if has("suggested") => Standing::Suggested,
            () if has("rejected") => Standing::Rejected,
            () => Standing::Confirmed,
        },
        by: if has("rule") {
            LinkedBy::Rule(LookupKey::ExternalId)
        } else {
            LinkedBy::Person("pat".into())
        },
        reason: String::new(),
        at: Timestamp::from_second(at as i64).unwrap(),
        billed: has("billed"),
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty())
}

fn links(text: &str) -> IdentityLinks {
    IdentityLinks::from_history(parts(text).enumerate().map(|(at, line)| link(line, at)))
}

/// The first Account asks; the order of customers and links does not matter.
#[track_caller]
fn check(accounts: &str, customers: &str, history: &str, want: Expect) {
    let accounts: Vec<Account> = parts(accounts).map(account).collect();
    let mut customers: Vec<Customer> = parts(customers).map(customer).collect();
    let links = links(history);
    let aliases = Clusters::build(&accounts, &links).aliases(&accounts[0].id);
    let ask = |customers: &[Customer]| {
        decide_customer(&CustomerQuestion {
            account: &accounts[0],
            aliases: &aliases,
            ledger: &ledger(),
            currency: Some(Currency::parse("USD").unwrap()),
            customers,
            links: &links,
        })
    };
    let decision = ask(&customers);
    customers.reverse();
    assert_eq!(ask(&customers), decision, "the order of customers decides");
    want.assert_eq(&written(&decision));
}

fn written(decision: &CustomerDecision) -> String {
    let joined = |ids: Vec<&CustomerId>| {
        ids.into_iter().map(CustomerId::as_str).collect::<Vec<_>>().join(" ")
    };
    match decision {
        CustomerDecision::Link { customer, by } => format!("link {customer} by {}", by.as_str()),
        CustomerDecision::Create => "create".to_owned(),
        CustomerDecision::Ambiguous { by, customers } => {
            format!("ambiguous {} by {}", joined(customers.iter().collect()), by.as_str())
        }
        CustomerDecision::ProbableDuplicate { candidates } => {
            let said = candidates.iter().map(|candidate| {
                let same = candidate.likenesses.iter().map(|likeness| likeness.words());
                format!("{} ({})", candidate.customer, same.collect::<Vec<_>>().join("; "))
            });
            format!("probable duplicate {}", said.collect::<Vec<_>>().join(", "))
        }
        CustomerDecision::TaxIdConflict { customer, by } => {
            format!("tax id conflict with {customer} by {}", by.as_str())
        }
        CustomerDecision::Ask { customer, by, why } => {
            format!("ask about {customer} by {}: {why:?}", by.as_str())
        }
    }
}

// The first key with a hit decides.

#[test]
fn a_stored_link_comes_first() {
    check("A1", "C1; C2 account=A1", "A1 C1", expect!["link C1 by stored_link"]);
}

#[test]
fn then_the_external_id() {
    check(
        "A1 tax=1 country=US",
        "C1 account=A1; C2 tax=1 country=US",
        "",
        expect!["link C1 by external_id"],
    );
}

#[test]
fn then_the_tax_number_within_one_country() {
    check(
        "A1 name=North_Sea_Ltd tax=GB123 country=GB",
        "C1 name=NORTH_SEA tax=123 country=UK; C2 name=North_Seas tax=123 country=DE",
        "",
        expect!["link C1 by tax_number"],
    );
}

#[test]
fn a_shared_tax_number_with_unlike_names_is_asked_about() {
    check(
        "A1 name=North_Sea_Ltd tax=123 country=GB",
        "C1 name=Zeta_Holdings tax=123 country=GB",
        "",
        expect!["ask about C1 by tax_number: NamesUnlike"],
    );
}

#[test]
fn likeness_only_blocks_and_asks() {
    check(
        "A1 name=North_Sea_Ltd",
        "C1 name=North_Sea_GmbH; C2 name=South_Sea",
        "",
        expect!["probable duplicate C1 (name)"],
    );
    check(
        "A1 name=X web=www.sea.example",
        "C1 name=Y mail=pay@sea.example",
        "",
        expect!["probable duplicate C1 (internet domain)"],
    );
    check(
        "A1 name=North_Sea street=Pier_1 post=SW1",
        "C1 name=The_North street=PIER_1 post=sw1; C2 name=Zeta street=PIER_1 post=sw1",
        "",
        expect!["probable duplicate C1 (address and a similar name)"],
    );
    check(
        "A1 tax=DE123 country=DE",
        "C1 tax=123",
        "",
        expect!["probable duplicate C1 (tax number, country unknown)"],
    );
}

#[test]
fn without_a_hit_a_customer_is_made() {
    check("A1 name=North_Sea", "C1 name=Zeta mail=x@gmail.com", "", expect!["create"]);
}

#[test]
fn a_masked_tax_number_is_no_hit() {
    check("A1 tax=XXXXXX789 country=US", "C1 tax=XXXXXX789 country=US", "", expect!["create"]);
}

// Several hits on one key.

#[test]
fn several_hits_on_any_key_are_ambiguous() {
    check("A1", "C1 account=A1; C2 account=A1", "", expect!["ambiguous C1 C2 by external_id"]);
    check("A1", "C1; C2", "A1 C1; A1 C2", expect!["ambiguous C1 C2 by stored_link"]);
    check(
        "A1 name=N tax=1 country=US",
        "C1 tax=1 country=US; C2 tax=1 country=US",
        "",
        expect!["ambiguous C1 C2 by tax_number"],
    );
}

#[test]
fn of_several_linked_customers_the_billed_one_is_taken() {
    check("A1", "C1; C2", "A1 C1; A1 C2 billed", expect!["link C2 by stored_link"]);
}

#[test]
fn of_several_linked_customers_the_one_in_the_currency_is_taken() {
    check("A1", "C1 cur=EUR; C2 cur=USD", "A1 C1 billed; A1 C2", expect!["link C2 by stored_link"]);
    check(
        "A1",
        "C1 cur=EUR; C2 cur=GBP",
        "A1 C1; A1 C2",
        expect!["ambiguous C1 C2 by stored_link"],
    );
}

#[test]
fn one_linked_customer_in_another_currency_stays_the_customer() {
    check("A1", "C1 cur=EUR", "A1 C1", expect!["link C1 by stored_link"]);
}

// Conflicts and doubts about a hit.

#[test]
fn different_tax_numbers_are_a_conflict() {
    check(
        "A1 tax=1 country=US",
        "C1 tax=2 country=US",
        "A1 C1",
        expect!["tax id conflict with C1 by stored_link"],
    );
    check(
        "A1 tax=1 country=US",
        "C1 account=A1 tax=2 country=US",
        "",
        expect!["tax id conflict with C1 by external_id"],
    );
    check(
        "A1 tax=1 country=US",
        "C1 account=A1 tax=2 country=CA",
        "",
        expect!["link C1 by external_id"],
    );
}

#[test]
fn a_second_customer_with_the_same_tax_number_blocks_a_linked_one() {
    let (account, customers) = (
        "A1 name=Rail_Ltd tax=1 country=GB",
        "C1 name=Rail tax=1 country=GB; C2 name=Rail_UK tax=1 country=GB",
    );
    check(account, customers, "A1 C1", expect!["probable duplicate C2 (tax number)"]);
    check(account, customers, "A1 C1; A1 C2 rejected", expect!["link C1 by stored_link"]);
    check(account, customers, "A1 C1 billed; A1 C2", expect!["link C1 by stored_link"]);
}

#[test]
fn an_inactive_customer_is_asked_about() {
    check("A1", "C1 inactive", "A1 C1", expect!["ask about C1 by stored_link: Inactive"]);
    check("A1", "C1 account=A1 inactive; C2 account=A1", "", expect!["link C2 by external_id"]);
}

#[test]
fn a_rejected_pair_is_no_hit() {
    check("A1 name=North", "C1 name=North account=A1", "A1 C1 rejected", expect!["create"]);
}

#[test]
fn a_suggested_link_is_no_stored_link() {
    check(
        "A1 name=North",
        "C1 name=North",
        "A1 C1 suggested",
        expect!["probable duplicate C1 (name)"],
    );
}

#[test]
fn links_and_ids_of_merged_accounts_count() {
    check("A1; A2 into=A1", "C1", "A2 C1", expect!["link C1 by stored_link"]);
    check("A1; A2 into=A1", "C1 account=A2", "", expect!["link C1 by external_id"]);
    check("A1; A2 into=A1", "C1", "A2 C1; A1 C1 rejected", expect!["create"]);
}

#[test]
fn a_link_in_another_ledger_says_nothing() {
    check("A1", "C1", "A1 C1 elsewhere", expect!["create"]);
}

// Link history.

#[test]
fn a_rule_never_replaces_a_person_and_a_later_statement_replaces_an_earlier_one() {
    let held = |history: &str| {
        links(history).of_account(&ledger(), &account_id("A1")).next().map(|link| link.standing)
    };
    assert_eq!(held("A1 C1 rejected; A1 C1 rule"), Some(Standing::Rejected));
    assert_eq!(held("A1 C1 rejected; A1 C1"), Some(Standing::Confirmed));
    assert_eq!(held("A1 C1 rule; A1 C1 suggested rule"), Some(Standing::Suggested));
}

// Links that the records state.

/// Every new statement, whatever the order of the records.
#[track_caller]
fn check_derived(accounts: &str, customers: &str, history: &str, want: Expect) {
    let mut accounts: Vec<Account> = parts(accounts).map(account).collect();
    let mut customers: Vec<Customer> = parts(customers).map(customer).collect();
    let held = links(history);
    let derive = |accounts: &[Account], customers: &[Customer]| {
        derive_links(&ledger(), accounts, customers, &held, Timestamp::UNIX_EPOCH)
    };
    let derived = derive(&accounts, &customers);
    accounts.reverse();
    customers.reverse();
    assert_eq!(derive(&accounts, &customers), derived, "the order of records decides");
    let said = derived.iter().map(|link| {
        let (account, customer, standing) = (&link.account, &link.customer, link.standing);
        format!("{account} {customer} {standing:?}: {}\n", link.reason)
    });
    want.assert_eq(&said.collect::<String>());
}

#[test]
fn customers_that_name_an_account_are_its_own() {
    check_derived(
        "A1; A2 into=A1",
        "C1 account=A1; C2 account=A2; C3 account=A9",
        "",
        expect![[r#"
        A1 C1 Confirmed: the customer record names the Account
        A1 C2 Confirmed: the customer record names the Account
    "#]],
    );
    check_derived(
        "A1 tax=1 country=US",
        "C1 account=A1 tax=2 country=US",
        "",
        expect![[r#"
        A1 C1 Suggested: the customer record names the Account, the tax numbers differ
    "#]],
    );
}

#[test]
fn the_only_one_with_the_tax_number_is_confirmed() {
    let account = "A1 name=Rail_Ltd tax=GB123 country=United_Kingdom";
    check_derived(
        account,
        "C1 name=Rail tax=123 country=GBR",
        "",
        expect![[r#"
        A1 C1 Confirmed: the same tax number
    "#]],
    );
    check_derived(
        account,
        "C1 name=Zeta tax=123 country=GB",
        "",
        expect![[r#"
        A1 C1 Suggested: the same tax number
    "#]],
    );
    check_derived(
        account,
        "C1 name=Rail tax=123 country=GB; C2 name=Rail tax=XI123 country=GB",
        "",
        expect![[r#"
            A1 C1 Suggested: the same tax number
            A1 C2 Suggested: the same tax number
        "#]],
    );
    check_derived(
        "A1 tax=123 country=GB",
        "C1 tax=GB123",
        "",
        expect![[r#"
        A1 C1 Suggested: the same tax number, country unknown
    "#]],
    );
    check_derived(
        "A1 tax=GB123",
        "C1 tax=123 country=GB",
        "",
        expect![[r#"
        A1 C1 Suggested: the same tax number, country unknown
    "#]],
    );
    check_derived(
        account,
        "C1 name=Zeta tax=GB123",
        "",
        expect![[r#"
        A1 C1 Suggested: the same tax number, country unknown
    "#]],
    );
}

#[test]
fn likeness_is_suggested_only() {
    check_derived(
        "A1 name=North_Sea web=sea.example street=Pier_1 post=SW1",
        "C1 name=North_Sea_Ltd mail=pay@sea.example; C2 name=The_Sea street=Pier_1 post=sw1; C3",
        "",
        expect![[r#"
            A1 C1 Suggested: the same name, internet domain
            A1 C2 Suggested: the same address and a similar name
        "#]],
    );
}

#[test]
fn what_somebody_said_already_is_not_said_again() {
    check_derived(
        "A1 name=North; A2 into=A1",
        "C1 name=North; C2 account=A1; C3 name=North",
        "A1 C1 rejected; A2 C2",
        expect![[r#"
            A1 C3 Suggested: the same name
        "#]],
    );
}

// Clusters.

/// Every Account with its cluster and its customers in the ledger.
#[track_caller]
fn check_clusters(accounts: &str, history: &str, want: Expect) {
    let mut accounts: Vec<Account> = parts(accounts).map(account).collect();
    let links = links(history);
    let lines = |accounts: &[Account]| {
        let clusters = Clusters::build(accounts, &links);
        let customers = clusters.customers_in(&ledger());
        let mut text = String::new();
        for account in accounts.iter().map(|account| &account.id).collect::<BTreeSet<_>>() {
            let members: Vec<&str> = clusters.members(account).map(AccountId::as_str).collect();
            let customers: Vec<&str> =
                customers.get(account).into_iter().flatten().map(CustomerId::as_str).collect();
            let alive = clusters.survivor(account).map_or("?", AccountId::as_str);
            let (members, customers) = (members.join(" "), customers.join(" "));
            text += &format!("{account} lives as {alive}, with {members}: [{customers}]\n");
        }
        text
    };
    let got = lines(&accounts);
    accounts.reverse();
    assert_eq!(lines(&accounts), got, "the order of Accounts decides");
    want.assert_eq(&got);
}

#[test]
fn accounts_of_one_customer_are_one_cluster() {
    check_clusters(
        "A1; A2; A3",
        "A1 C1; A2 C1; A2 C2",
        expect![[r#"
            A1 lives as A1, with A1 A2: [C1 C2]
            A2 lives as A2, with A1 A2: [C1 C2]
            A3 lives as A3, with A3: []
        "#]],
    );
}

#[test]
fn suggested_and_rejected_links_join_nothing() {
    check_clusters(
        "A1; A2",
        "A1 C1; A2 C1 suggested; A2 C2 rejected",
        expect![[r#"
            A1 lives as A1, with A1: [C1]
            A2 lives as A2, with A2: []
        "#]],
    );
}

#[test]
fn merged_accounts_are_one_cluster() {
    check_clusters(
        "A1 into=A2; A2 into=A3; A3",
        "A1 C1",
        expect![[r#"
            A1 lives as A3, with A1 A2 A3: [C1]
            A2 lives as A3, with A1 A2 A3: [C1]
            A3 lives as A3, with A1 A2 A3: [C1]
        "#]],
    );
}

#[test]
fn a_circle_of_merges_is_broken_and_ends() {
    check_clusters(
        "A1 into=A2; A2 into=A1; A3",
        "A3 C1",
        expect![[r#"
            A1 lives as ?, with A1: []
            A2 lives as ?, with A2: []
            A3 lives as A3, with A3: [C1]
        "#]],
    );
    let accounts: Vec<Account> = parts("A1 into=A2; A2 into=A1").map(account).collect();
    let clusters = Clusters::build(&accounts, &IdentityLinks::default());
    assert_eq!(clusters.broken_merges().len(), 2);
}

#[test]
fn one_new_customer_for_all_deals_of_one_account() {
    let accounts: Vec<Account> = parts("A1 into=A2; A2; A3").map(account).collect();
    let clusters = Clusters::build(&accounts, &IdentityLinks::default());
    let ids: Vec<(DealId, AccountId)> = [("D1", "A2"), ("D2", "A1"), ("D3", "A3")]
        .map(|(deal, account)| (DealId::new(deal).unwrap(), account_id(account)))
        .into();
    let made = new_customers(ids.iter().map(|(deal, account)| (deal, account)), &clusters);
    let said: Vec<(&str, usize)> =
        made.iter().map(|one| (one.account.as_str(), one.deals.len())).collect();
    assert_eq!(said, [("A2", 2), ("A3", 1)]);
}

// Items.

fn item(id: &str, code: &str, active: bool) -> Item {
    Item {
        id: ItemId::new(id).unwrap(),
        stamp: stamp(),
        name: code.into(),
        code: Some(code.into()),
        kind: "Service".into(),
        active,
        tax_code: None,
    }
}

#[test]
fn an_item_is_found_by_its_exact_code() {
    let items = [item("1", " AB-1 ", true), item("2", "AB-2", false), item("3", "", true)];
    let index = ItemIndex::new(&items);
    assert_eq!(index.map(Some("AB-1\t")), ItemMapping::Mapped(items[0].id.clone()));
    assert_eq!(index.map(Some("AB-2")), ItemMapping::Inactive(items[1].id.clone()));
    assert_eq!(index.map(Some("ab-2")), ItemMapping::NoItem);
    assert_eq!(index.map(Some("ab-1")), ItemMapping::CaseCollision(vec![items[0].id.clone()]));
    assert_eq!(index.map(Some("")), ItemMapping::NoCode);
    assert_eq!(index.map(None), ItemMapping::NoCode);
}

#[test]
fn an_inactive_twin_does_not_count() {
    let items = [item("1", "AB-1", false), item("2", "AB-1", true)];
    assert_eq!(ItemIndex::new(&items).map(Some("AB-1")), ItemMapping::Mapped(items[1].id.clone()));
}

#[test]
fn one_code_on_two_products_is_listed() {
    let product = |id: &str, code: &str| Product {
        id: ProductId::new(id).unwrap(),
        stamp: stamp(),
        name: id.into(),
        code: None,
        external_id: Some(code.into()),
        family: None,
        active: true,
    };
    let products = [product("P2", "AB"), product("P1", " AB"), product("P3", "CD")];
    let twice = codes_of_several_products(&products);
    let ids: Vec<&str> = twice["AB"].iter().map(ProductId::as_str).collect();
    assert_eq!((twice.len(), ids), (1, vec!["P1", "P2"]));
}
