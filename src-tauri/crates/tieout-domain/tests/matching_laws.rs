//! Laws of matching that hold for any deals, documents and decisions (`finance-domain §7`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use tieout_domain::dates::days_between;
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::{DocumentStatus, LedgerDocumentKind};
use tieout_domain::identity::CustomersOfAccount;
use tieout_domain::ids::{AccountId, CustomerId, DealId, DocumentId, IdError, ItemId};
use tieout_domain::matching::{
    ConflictReason, CreditApplication, Decided, Decision, DocumentRef, LinkKind, LinkState,
    MatchDeal, MatchDocument, MatchInput, MatchOutcome, MatchPolicy, Matches, SUM_MEMBERS_MAX,
    SUM_MEMBERS_MIN, SUM_SOLUTIONS_MAX, SumOutcome, Tier, match_documents, sum_match,
};
use tieout_domain::{Currency, Money};

const DEALS_MAX: usize = 7;
const DOCUMENTS_MAX: usize = 9;

#[derive(Clone, Debug)]
struct World {
    deals: Vec<MatchDeal>,
    documents: Vec<MatchDocument>,
    decisions: Vec<Decision>,
    policy: MatchPolicy,
}

impl World {
    fn matches(&self) -> Matches {
        let input = MatchInput {
            deals: &self.deals,
            documents: &self.documents,
            customers: &customers(),
            decisions: &self.decisions,
            policy: self.policy,
        };
        match_documents(&input).expect("amounts are small")
    }

    fn document(&self, reference: &DocumentRef) -> &MatchDocument {
        let mut known = self.documents.iter();
        known.find(|document| document.reference == *reference).expect("it came from here")
    }

    fn deal(&self, id: &DealId) -> &MatchDeal {
        self.deals.iter().find(|deal| deal.id == *id).expect("it came from here")
    }
}

/// A1 has C1; A2 has C2 and C3; A3 has no customer.
fn customers() -> CustomersOfAccount {
    let of = |account: &str, customers: &[&str]| {
        let customers = customers.iter().map(|id| named(CustomerId::new, id)).collect();
        (AccountId::new(account).expect("an id"), customers)
    };
    [of("A1", &["C1"]), of("A2", &["C2", "C3"])].into_iter().collect()
}

fn named<T>(read: impl Fn(&str) -> Result<T, IdError>, text: &str) -> T {
    read(text).expect("an id")
}

fn currency(euro: bool) -> Currency {
    Currency::parse(if euro { "EUR" } else { "USD" }).expect("a currency")
}

/// Few different amounts, so that they meet and add up often.
fn minor() -> impl Strategy<Value = i64> {
    (1_i64..8, -3_i64..4, prop::bool::weighted(0.2))
        .prop_map(|(tens, cents, off)| tens * 1000 + if off { cents } else { 0 })
}

fn day() -> impl Strategy<Value = Date> {
    (5_i8..8, 1_i8..28).prop_map(|(month, day)| date(2026, month, day))
}

fn key(number: u8) -> TransactionKey {
    TransactionKey::from_digest(&format!("AAAAAAAAAAAAAAA{number}")).expect("base32")
}

fn rarely<T: std::fmt::Debug + Clone>(
    values: impl Strategy<Value = T>,
) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.25, values)
}

fn items() -> impl Strategy<Value = BTreeSet<ItemId>> {
    prop::collection::btree_set(
        (0_u8..3).prop_map(|at| named(ItemId::new, &format!("s{at}"))),
        0..3,
    )
}

fn deal(at: usize) -> impl Strategy<Value = MatchDeal> {
    let who = (1_u8..4, prop::bool::weighted(0.1), prop::bool::weighted(0.1));
    let what = (rarely(Just(())), minor(), prop::bool::weighted(0.1), day());
    let names = (rarely(0_u8..3), rarely(0_u8..3), rarely(0_u8..4), rarely(2_u8..6), items());
    (who, what, names).prop_map(move |(who, what, names)| {
        let (account, euro, lost) = who;
        let (unknown, minor, negative, close_date) = what;
        let (order, reference, stored, own_key, items) = names;
        let currency = currency(euro);
        let signed = if negative { -minor } else { minor };
        MatchDeal {
            id: named(DealId::new, &format!("D{at}")),
            account: Some(named(AccountId::new, &format!("A{account}"))),
            currency,
            net: unknown.is_none().then(|| Money::from_minor(signed, currency)),
            close_date,
            won: !lost,
            order_number: order.map(|number| format!("PO{number}")),
            reference: reference.map(|number| format!("R{number}")),
            stored_documents: stored.map(|number| format!("N{number}")).into_iter().collect(),
            keys: own_key.map(key).into_iter().collect(),
            items,
        }
    })
}

fn status() -> impl Strategy<Value = DocumentStatus> {
    prop_oneof![
        8 => Just(DocumentStatus::Open),
        1 => Just(DocumentStatus::Draft),
        1 => Just(DocumentStatus::Paid),
        1 => Just(DocumentStatus::Void),
        1 => Just(DocumentStatus::Deleted),
        1 => Just(DocumentStatus::Unknown),
    ]
}

fn kind() -> impl Strategy<Value = LedgerDocumentKind> {
    prop_oneof![
        5 => Just(LedgerDocumentKind::Invoice),
        2 => Just(LedgerDocumentKind::CreditMemo),
        1 => Just(LedgerDocumentKind::CashSale),
    ]
}

fn invoice(at: usize) -> DocumentRef {
    DocumentRef::invoice(named(DocumentId::new, &format!("X{at}")))
}

fn document(at: usize) -> impl Strategy<Value = MatchDocument> {
    let who = (kind(), 1_u8..4, prop::bool::weighted(0.1), status());
    let what = (minor(), 0_i64..300, day());
    let names = (rarely(0_u8..3), rarely(0_u8..3), rarely(0_u8..4), rarely(2_u8..6), items());
    let credits = (rarely(0..DOCUMENTS_MAX), rarely((0..DOCUMENTS_MAX, 1_i64..100)));
    (who, what, names, credits).prop_map(move |(who, what, names, credits)| {
        let (kind, customer, euro, status) = who;
        let (minor, tax, effective_on) = what;
        let (order, reference, number, own_key, items) = names;
        let currency = currency(euro);
        let total = Money::from_minor(minor + tax, currency);
        let applications = credits.1.map(|(to, percent)| CreditApplication {
            invoice: invoice(to),
            amount: Money::from_minor((minor + tax) * percent / 100, currency),
            effective_on,
        });
        MatchDocument {
            reference: DocumentRef { kind, id: named(DocumentId::new, &format!("X{at}")) },
            number: number.map(|number| format!("N{number}")),
            customer: named(CustomerId::new, &format!("C{customer}")),
            currency,
            effective_on,
            net: Money::from_minor(minor, currency),
            total,
            status,
            key: own_key.map(key),
            deal_reference: reference.map(|number| format!("R{number}")),
            order_number: order.map(|number| format!("PO{number}")),
            items,
            credited_invoices: credits.0.map(invoice).into_iter().collect(),
            applications: applications.into_iter().collect(),
        }
    })
}

fn world() -> impl Strategy<Value = World> {
    let deals: Vec<_> = (0..DEALS_MAX).map(deal).collect();
    let documents: Vec<_> = (0..DOCUMENTS_MAX).map(document).collect();
    let said = (0_u8..4, 0..DEALS_MAX, 0..DOCUMENTS_MAX, rarely(1_i64..5000));
    let decisions = prop::collection::vec(said, 0..4);
    (deals, documents, decisions, any::<bool>()).prop_map(|(deals, documents, said, confirms)| {
        let decisions = said
            .into_iter()
            .enumerate()
            .map(|(at, (what, deal, document, share))| {
                let deal = deals[deal].id.clone();
                let net = documents[document].net;
                let document = documents[document].reference.clone();
                let allocated = share.map(|minor| Money::from_minor(minor, net.currency()));
                let decided = match what {
                    0 | 1 => Decided::Belongs { deal, document, allocated },
                    2 => Decided::DoesNotBelong { deal, document },
                    _ if at % 2 == 0 => Decided::DocumentAside { document },
                    _ => Decided::DealAside { deal },
                };
                decision(decided, at)
            })
            .collect();
        let policy = MatchPolicy { confirm_amount_in_window: confirms, ..MatchPolicy::default() };
        World { deals, documents, decisions, policy }
    })
}

fn decision(decided: Decided, at: usize) -> Decision {
    let at = Timestamp::from_second(at as i64).expect("a small instant");
    Decision { decided, by: "pat".to_owned(), reason: "seen".to_owned(), at }
}

fn is_live(status: DocumentStatus) -> bool {
    !matches!(status, DocumentStatus::Void | DocumentStatus::Deleted | DocumentStatus::Unknown)
}

/// Only amounts, dates, customers and currencies are left to decide.
fn without_names(mut world: World) -> World {
    for deal in &mut world.deals {
        (deal.order_number, deal.reference, deal.won) = (None, None, true);
        deal.stored_documents.clear();
        deal.keys.clear();
    }
    for document in &mut world.documents {
        (document.order_number, document.deal_reference, document.key) = (None, None, None);
        document.credited_invoices.clear();
        document.applications.clear();
    }
    world.decisions.clear();
    world
}

/// Tier 3 said once more, as plainly as possible.
fn is_tier_3(world: &World, deal: &MatchDeal, document: &MatchDocument) -> bool {
    let Some(net) = deal.net.filter(|_| deal.currency == document.currency) else { return false };
    let all = customers();
    let customer = deal.account.as_ref().and_then(|account| all.get(account));
    let credit = document.reference.kind == LedgerDocumentKind::CreditMemo;
    let away = net.minor().abs() - document.net.minor();
    let days = days_between(deal.close_date, document.effective_on);
    customer.is_some_and(|customers| customers.contains(&document.customer))
        && is_live(document.status)
        && net.is_negative() == credit
        && away.unsigned_abs() <= u64::from(world.policy.rounding_limit_minor)
        && (-7..=45).contains(&days)
}

fn documents_of(outcome: &MatchOutcome) -> Vec<DocumentRef> {
    match outcome {
        MatchOutcome::Ambiguous { documents, .. } => documents.clone(),
        MatchOutcome::Conflict { why: ConflictReason::PersonDecided, .. }
        | MatchOutcome::TooManyCandidates { .. }
        | MatchOutcome::DuplicateKey { .. } => Vec::new(),
        MatchOutcome::Conflict { document, .. } | MatchOutcome::Uncertain { document, .. } => {
            vec![document.clone()]
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_the_input_does_not_matter(
        (world, shuffled) in world().prop_flat_map(|world| {
            let deals = Just(world.deals.clone()).prop_shuffle();
            let documents = Just(world.documents.clone()).prop_shuffle();
            let decisions = Just(world.decisions.clone()).prop_shuffle();
            (Just(world), (deals, documents, decisions))
        }),
    ) {
        let (deals, documents, decisions) = shuffled;
        let other = World { deals, documents, decisions, ..world.clone() };
        prop_assert_eq!(world.matches(), other.matches());
    }

    #[test]
    fn no_more_is_allocated_than_the_net_and_the_rest_is_listed(world in world()) {
        let matches = world.matches();
        let mut allocated: BTreeMap<&DocumentRef, i64> = BTreeMap::new();
        for link in &matches.links {
            prop_assert!(!link.allocated.is_negative());
            *allocated.entry(&link.document).or_default() += link.allocated.minor();
        }
        let rests: BTreeMap<&DocumentRef, i64> =
            matches.remainders.iter().map(|rest| (&rest.document, rest.amount.minor())).collect();
        for (reference, sum) in allocated {
            let document = world.document(reference);
            let rest = rests.get(reference).copied().unwrap_or(0);
            let net = if is_live(document.status) { document.net.minor() } else { 0 };
            prop_assert_eq!(sum + rest, net);
        }
    }

    #[test]
    fn every_link_keeps_the_hard_constraints(world in world()) {
        for link in world.matches().links {
            let (deal, document) = (world.deal(&link.deal), world.document(&link.document));
            prop_assert_eq!(deal.currency, document.currency);
            let customers = &customers()[deal.account.as_ref().expect("all have one")];
            prop_assert!(customers.contains(&document.customer));
            let negative = deal.net.is_some_and(Money::is_negative);
            let credit = document.reference.kind == LedgerDocumentKind::CreditMemo;
            prop_assert_eq!(link.kind == LinkKind::Bills, negative == credit);
            prop_assert!(document.status != DocumentStatus::Unknown);
            prop_assert!(is_live(document.status) || link.allocated.is_zero());
        }
    }

    #[test]
    fn nothing_is_linked_twice(world in world()) {
        let matches = world.matches();
        let mut pairs = BTreeSet::new();
        let mut owners: BTreeMap<&DocumentRef, BTreeSet<&DealId>> = BTreeMap::new();
        for link in matches.links.iter().filter(|link| link.kind == LinkKind::Bills) {
            prop_assert!(pairs.insert((&link.deal, &link.document)));
            owners.entry(&link.document).or_default().insert(&link.deal);
        }
        for link in matches.links.iter().filter(|link| link.kind == LinkKind::Bills) {
            let shared = matches!(link.tier, Tier::Person | Tier::Sum);
            prop_assert!(shared || owners[&link.document].len() == 1);
        }
    }

    #[test]
    fn tier_3_takes_a_pair_if_and_only_if_both_sides_have_no_other(world in world()) {
        let world = without_names(world);
        let pairs: Vec<(&DealId, &DocumentRef)> = world
            .deals
            .iter()
            .flat_map(|deal| world.documents.iter().map(move |document| (deal, document)))
            .filter(|(deal, document)| is_tier_3(&world, deal, document))
            .map(|(deal, document)| (&deal.id, &document.reference))
            .collect();
        let ways = |deal: &DealId, document: &DocumentRef| {
            pairs.iter().filter(|pair| pair.0 == deal || pair.1 == document).count()
        };
        let unique: BTreeSet<(&DealId, &DocumentRef)> =
            pairs.iter().copied().filter(|(deal, document)| ways(deal, document) == 1).collect();
        let matches = world.matches();
        let taken: BTreeSet<(&DealId, &DocumentRef)> = matches
            .links
            .iter()
            .filter(|link| link.tier == Tier::Amount)
            .map(|link| (&link.deal, &link.document))
            .collect();
        prop_assert_eq!(taken, unique);
    }

    #[test]
    fn sums_and_scores_are_never_confirmed(world in world()) {
        for link in world.matches().links {
            let weak = matches!(link.tier, Tier::Sum | Tier::Score);
            prop_assert!(!weak || link.state == LinkState::Suggested);
        }
    }

    #[test]
    fn every_document_that_counts_is_in_exactly_one_place(world in world()) {
        let matches = world.matches();
        let linked: BTreeSet<&DocumentRef> =
            matches.links.iter().map(|link| &link.document).collect();
        let orphans: BTreeSet<&DocumentRef> = matches.orphans.iter().collect();
        let waiting: BTreeSet<DocumentRef> =
            matches.outcomes.iter().flat_map(documents_of).collect();
        for document in world.documents.iter().filter(|document| is_live(document.status)) {
            let reference = &document.reference;
            let aside = world.decisions.iter().any(|decision| {
                let Decided::DocumentAside { document } = &decision.decided else { return false };
                document == reference
            });
            let places = usize::from(linked.contains(reference))
                + usize::from(orphans.contains(reference))
                + usize::from(waiting.contains(reference));
            prop_assert!(places == 1 || (places == 0 && aside), "{reference:?}: {matches:#?}");
        }
    }

    #[test]
    fn unlinking_restores_both_sides(
        world in world(), deal in 0..DEALS_MAX, document in 0..DOCUMENTS_MAX,
    ) {
        let (deal, document) =
            (world.deals[deal].id.clone(), world.documents[document].reference.clone());
        let (deal_again, document_again) = (deal.clone(), document.clone());
        let link =
            Decided::Belongs { deal: deal_again, document: document_again, allocated: None };
        let unlink = Decided::DoesNotBelong { deal, document };
        let others: Vec<Decision> = world
            .decisions
            .iter()
            .filter(|said| !matches!(said.decided, Decided::DocumentAside { .. }))
            .cloned()
            .collect();
        let with = |said: Vec<Decision>| {
            World { decisions: others.iter().cloned().chain(said).collect(), ..world.clone() }
        };
        let never = with(vec![decision(unlink.clone(), 100)]).matches();
        let after = with(vec![decision(link, 99), decision(unlink, 100)]).matches();
        prop_assert_eq!(never, after);
    }

    #[test]
    fn sums_are_those_that_brute_force_finds(
        target in 1_i64..60, candidates in prop::collection::vec(0_i64..30, 0..10),
        tolerance in 0_u32..3,
    ) {
        let usd = currency(false);
        let mut fitting = Vec::new();
        for subset in 0_u32..1 << candidates.len() {
            let members: Vec<usize> =
                (0..candidates.len()).filter(|at| subset >> at & 1 == 1).collect();
            let sum: i64 = members.iter().map(|at| candidates[*at]).sum();
            let size = (SUM_MEMBERS_MIN..=SUM_MEMBERS_MAX).contains(&members.len());
            let positive = members.iter().all(|at| candidates[*at] > 0);
            if size && positive && (sum - target).unsigned_abs() <= u64::from(tolerance) {
                fitting.push(members);
            }
        }
        let want = match fitting.as_slice() {
            [] => SumOutcome::NoMatch,
            [members] => SumOutcome::Suggested { members: members.clone() },
            several => SumOutcome::Ambiguous {
                solutions: several.len().min(SUM_SOLUTIONS_MAX),
                more: several.len() > SUM_SOLUTIONS_MAX,
            },
        };
        let candidates: Vec<Money> =
            candidates.iter().map(|minor| Money::from_minor(*minor, usd)).collect();
        let found = sum_match(Money::from_minor(target, usd), &candidates, tolerance);
        prop_assert_eq!(found, Ok(want));
    }
}
