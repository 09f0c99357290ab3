//! Whatever fact goes in comes out the same, and reading it again appends nothing.

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use rust_decimal::Decimal;
use tieout_domain::effect::TransactionKey;
use tieout_domain::facts::*;
use tieout_domain::ids::*;
use tieout_domain::{Currency, Money};

use super::support::{Bench, books, run, time};
use crate::{CursorProgress, RecordedPage};

fn text() -> impl Strategy<Value = String> {
    "\\PC{0,12}|a\u{0}b|'; DROP TABLE fact_deal; --"
}

fn words() -> impl Strategy<Value = Option<String>> {
    option::of(text())
}

macro_rules! id {
    ($name:ident) => {
        "[ -~]{1,18}".prop_map(|text| $name::new(&text).unwrap())
    };
}

fn currency() -> impl Strategy<Value = Currency> {
    // A withdrawn currency stays readable for ever.
    prop::sample::select(vec!["USD", "JPY", "KWD", "CLF", "HRK"])
        .prop_map(|code| Currency::parse_on(code, Some(Date::constant(2010, 1, 1))).unwrap())
}

fn money() -> impl Strategy<Value = Money> {
    (any::<i64>(), currency()).prop_map(|(minor, currency)| Money::from_minor(minor, currency))
}

fn decimal() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0_u32..=28).prop_map(|(digits, scale)| Decimal::new(digits, scale))
}

fn day() -> impl Strategy<Value = Date> {
    (0_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap())
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (-62_000_000_000_000_000_i64..250_000_000_000_000_000)
        .prop_map(|at| Timestamp::from_microsecond(at).unwrap())
}

fn stamp() -> impl Strategy<Value = Stamp> {
    (text(), instant(), any::<bool>()).prop_map(|(version, modified_at, deleted)| Stamp {
        version,
        modified_at,
        deleted,
    })
}

fn address() -> impl Strategy<Value = Address> {
    (words(), words(), words(), words(), words()).prop_map(
        |(street, city, region, postal_code, country)| Address {
            street,
            city,
            region,
            postal_code,
            country,
        },
    )
}

fn document_kind() -> impl Strategy<Value = LedgerDocumentKind> {
    use LedgerDocumentKind::{CashSale, CreditMemo, Invoice};
    prop::sample::select(vec![Invoice, CreditMemo, CashSale])
}

fn status() -> impl Strategy<Value = DocumentStatus> {
    use DocumentStatus::{Deleted, Draft, Open, Paid, PartPaid, Unknown, Void};
    prop::sample::select(vec![Draft, Open, PartPaid, Paid, Void, Deleted, Unknown])
}

prop_compose! {
    fn application()(
        kind in prop::sample::select(vec![
            ApplicationKind::Cash,
            ApplicationKind::Credit,
            ApplicationKind::Adjustment,
            ApplicationKind::Refund,
        ]),
        document in id!(DocumentId),
        document_kind in document_kind(),
        credit in option::of(id!(DocumentId)),
        amount in money(),
        applied_on in day(),
        source_effective_on in day(),
    ) -> Application {
        Application {
            kind, document, document_kind, credit, amount, applied_on, source_effective_on,
        }
    }
}

prop_compose! {
    fn line()(
        position in any::<u32>(),
        item in option::of(id!(ItemId)),
        description in words(),
        quantity in option::of(decimal()),
        unit_price in option::of(decimal()),
        amount in money(),
        tax_code in words(),
    ) -> DocumentLine {
        DocumentLine { position, item, description, quantity, unit_price, amount, tax_code }
    }
}

fn traits() -> impl Strategy<Value = Traits> {
    prop::collection::btree_map(text(), text(), 0..3)
}

prop_compose! {
    fn account()(
        id in id!(AccountId), stamp in stamp(), name in text(),
        parent in option::of(id!(AccountId)), owner in option::of(id!(UserId)),
        (number, website, tax_number) in (words(), words(), words()),
        address in address(), currency in option::of(currency()),
        merged_into in option::of(id!(AccountId)), traits in traits(),
    ) -> Fact {
        Fact::Account(Account {
            id, stamp, name, parent, number, owner, website, address, tax_number, currency,
            merged_into, traits,
        })
    }
}

prop_compose! {
    fn product()(
        id in id!(ProductId), stamp in stamp(), name in text(),
        (code, external_id, family) in (words(), words(), words()), active in any::<bool>(),
    ) -> Fact {
        Fact::Product(Product { id, stamp, name, code, external_id, family, active })
    }
}

prop_compose! {
    fn deal()(
        id in id!(DealId), stamp in stamp(), (name, stage) in (text(), text()),
        account in option::of(id!(AccountId)), owner in option::of(id!(UserId)),
        (won, closed, has_lines) in any::<(bool, bool, bool)>(),
        amount in option::of(money()), currency in currency(), close_date in day(),
        (kind, order_number, reference) in (words(), words(), words()),
        (record_type, traits) in (words(), traits()),
        (stage_changed_at, created_at) in (option::of(instant()), option::of(instant())),
    ) -> Fact {
        Fact::Deal(Deal {
            id, stamp, name, account, stage, won, closed, amount, currency, close_date, kind,
            owner, has_lines, order_number, reference, stage_changed_at, created_at, record_type,
            traits,
        })
    }
}

prop_compose! {
    fn deal_line()(
        id in id!(DealLineId), stamp in stamp(), deal in id!(DealId),
        product in option::of(id!(ProductId)), (product_code, description) in (words(), words()),
        quantity in decimal(),
        (unit_price, discount) in (option::of(decimal()), option::of(decimal())),
        total in money(), service_date in option::of(day()), position in any::<i64>(),
    ) -> Fact {
        Fact::DealLine(DealLine {
            id, stamp, deal, product, product_code, description, quantity, unit_price, discount,
            total, service_date, position,
        })
    }
}

fn small() -> impl Strategy<Value = Fact> {
    let schedule = (id!(ScheduleLineId), stamp(), id!(DealLineId), day(), money()).prop_map(
        |(id, stamp, line, due_on, amount)| {
            Fact::ScheduleLine(ScheduleLine { id, stamp, line, due_on, amount })
        },
    );
    let event = (
        id!(DealEventId),
        stamp(),
        id!(DealId),
        instant(),
        text(),
        option::of(money()),
        option::of(day()),
    )
        .prop_map(|(id, stamp, deal, at, stage, amount, close_date)| {
            Fact::DealEvent(DealEvent { id, stamp, deal, at, stage, amount, close_date })
        });
    let user = (id!(UserId), stamp(), text(), any::<bool>(), traits()).prop_map(
        |(id, stamp, name, active, traits)| Fact::User(User { id, stamp, name, active, traits }),
    );
    let item = (id!(ItemId), stamp(), text(), words(), text(), any::<bool>(), words()).prop_map(
        |(id, stamp, name, code, kind, active, tax_code)| {
            Fact::Item(Item { id, stamp, name, code, kind, active, tax_code })
        },
    );
    prop_oneof![schedule, event, user, item]
}

prop_compose! {
    fn customer()(
        id in id!(CustomerId), stamp in stamp(), name in text(),
        (legal_name, email, website) in (words(), words(), words()),
        (tax_number, tax_code) in (words(), words()),
        currency in option::of(currency()), address in address(),
        account in option::of(id!(AccountId)), terms_days in any::<Option<u32>>(),
        active in any::<bool>(), parent in option::of(id!(CustomerId)),
    ) -> Fact {
        Fact::Customer(Customer {
            id, stamp, name, legal_name, currency, address, email, website, tax_number, account,
            terms_days, tax_code, active, parent,
        })
    }
}

prop_compose! {
    fn document()(
        id in id!(DocumentId), stamp in stamp(), kind in document_kind(), status in status(),
        (number, deal_reference, order_number, memo) in (words(), words(), words(), words()),
        customer in id!(CustomerId), currency in currency(), effective_on in day(),
        due_on in option::of(day()), terms_days in any::<Option<u32>>(),
        (net, tax, total, balance_now) in (money(), money(), money(), money()),
        (keyed, disputed) in any::<(bool, bool)>(), exchange_rate in option::of(decimal()),
        lines in vec(line(), 0..3),
    ) -> Fact {
        let key = keyed.then(|| TransactionKey::parse("TIE-YIO2VH22ILF65RQE").unwrap());
        Fact::Document(Document {
            id, stamp, kind, number, customer, currency, effective_on, due_on, terms_days, net,
            tax, total, balance_now, status, key, deal_reference, order_number, memo,
            exchange_rate, disputed, lines,
        })
    }
}

prop_compose! {
    fn receipt()(
        id in id!(ReceiptId), stamp in stamp(), customer in id!(CustomerId),
        effective_on in day(), (amount, unapplied_now) in (money(), money()),
        reference in words(), voided in any::<bool>(), applications in vec(application(), 0..3),
    ) -> Fact {
        Fact::Receipt(Receipt {
            id, stamp, customer, effective_on, amount, unapplied_now, reference, voided,
            applications,
        })
    }
}

prop_compose! {
    fn refund()(
        id in id!(RefundId), stamp in stamp(), number in words(),
        customer in option::of(id!(CustomerId)), effective_on in day(), amount in money(),
        credit in option::of(id!(DocumentId)), voided in any::<bool>(),
    ) -> Fact {
        Fact::Refund(Refund { id, stamp, number, customer, effective_on, amount, credit, voided })
    }
}

prop_compose! {
    fn journal()(
        id in id!(JournalId), stamp in stamp(), number in words(), effective_on in day(),
        memo in words(), applications in vec(application(), 0..3),
        lines in vec((any::<u32>(), option::of(id!(CustomerId)), money()), 0..3),
    ) -> Fact {
        let lines = lines
            .into_iter()
            .map(|(position, customer, amount)| JournalLine { position, customer, amount })
            .collect();
        Fact::Journal(Journal { id, stamp, number, effective_on, memo, lines, applications })
    }
}

fn fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        account(),
        product(),
        deal(),
        deal_line(),
        small(),
        customer(),
        document(),
        receipt(),
        refund(),
        journal(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_fact_comes_back_as_it_went_in(facts in vec(fact(), 20)) {
        let mut bench = Bench::new();
        for fact in facts {
            let record = |bench: &mut Bench| {
                let page = RecordedPage {
                    connection: &books(),
                    run: &run(),
                    stream: fact.stream(),
                    observed_at: time("06-11"),
                    facts: std::slice::from_ref(&fact),
                    quarantined: &[],
                    progress: CursorProgress::Unmoved,
                };
                bench.store.record(page).unwrap()
            };
            record(&mut bench);
            let held = bench.store.fact(&books(), fact.stream(), fact.id(), None).unwrap();
            prop_assert_eq!(held.as_ref(), Some(&fact));
            prop_assert_eq!(record(&mut bench).unchanged, 1);
        }
    }
}
