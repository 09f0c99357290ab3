//! The whole schema as a snapshot, and rules that every table keeps.

use expect_test::expect_file;
use tieout_domain::facts::*;
use tieout_domain::ids::*;

use super::support::*;
use crate::TotalRow;

/// The schema as SQLite holds it. A change here needs a migration of its own once a version is
/// released; run with `UPDATE_EXPECT=1` to write it anew.
#[test]
fn the_schema_is_the_reviewed_one() {
    let bench = Bench::new();
    let sql =
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name";
    let mut query = bench.store.db.prepare(sql).unwrap();
    let parts: Vec<String> =
        query.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    expect_file!["schema.snapshot.sql"].assert_eq(&(parts.join(";\n\n") + ";\n"));
}

#[test]
fn every_table_is_strict() {
    let bench = Bench::new();
    let loose: i64 = bench
        .store
        .db
        .query_row(
            "SELECT count(*) FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(loose, 0);
}

#[test]
fn no_column_holds_a_binary_fraction() {
    let bench = Bench::new();
    let real: i64 = bench
        .store
        .db
        .query_row(
            "SELECT count(*) FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
             WHERE t.schema = 'main' AND c.type NOT IN ('TEXT', 'INTEGER', 'BLOB')
                 AND t.name NOT LIKE 'sqlite_%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(real, 0);
}

/// Thousands of records are read by their own index, never by reading every version of all.
#[test]
fn records_are_searched_by_their_id() {
    let bench = Bench::new();
    for stream in Stream::ALL {
        let layout = crate::facts::layout(stream);
        for sql in [layout.select_latest(), layout.select_known()] {
            let plan = format!("EXPLAIN QUERY PLAN {sql}");
            let mut query = bench.store.db.prepare(&plan).unwrap();
            let parameters = vec![""; query.parameter_count()];
            let lines: Vec<String> = query
                .query_map(rusqlite::params_from_iter(parameters), |row| row.get(3))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            let searches: Vec<&String> = lines
                .iter()
                .filter(|line| line.contains("SEARCH") || line.contains("SCAN"))
                .collect();
            assert!(!searches.is_empty());
            for line in searches {
                assert!(line.contains("sqlite_autoindex"), "{}: {line}", stream.as_str());
            }
        }
    }
}

pub(super) fn total() -> TotalRow {
    TotalRow {
        connection: books(),
        measure: "invoices".into(),
        currency: usd(0).currency(),
        from: date("06-01"),
        to: date("06-30"),
        source_count: 1,
        source_sum: None,
        held_count: 1,
        held_sum: usd(1),
        proof: String::new(),
        source: String::new(),
    }
}

/// One record of every feed, with rows in every child table.
#[expect(clippy::too_many_lines, reason = "one block for each kind of row")]
pub(super) fn record_every_kind(bench: &mut Bench) {
    let deal = DealId::new("d1").unwrap();
    let applications = receipt("1", 5).applications;
    let facts = [
        Fact::Account(account("a1", CUSTOMER_NAME)),
        Fact::Product(Product {
            id: ProductId::new("p1").unwrap(),
            stamp: stamp("1", "06-01"),
            name: "Licence".into(),
            code: None,
            external_id: None,
            family: None,
            active: true,
        }),
        Fact::Deal(Deal {
            id: deal.clone(),
            stamp: stamp("1", "06-01"),
            name: "Renewal".into(),
            account: None,
            stage: "Closed Won".into(),
            won: true,
            closed: true,
            amount: None,
            currency: usd(0).currency(),
            close_date: date("06-01"),
            kind: None,
            record_type: None,
            owner: None,
            has_lines: true,
            order_number: None,
            reference: None,
            stage_changed_at: None,
            created_at: None,
            traits: Traits::new(),
        }),
        Fact::DealLine(DealLine {
            id: DealLineId::new("l1").unwrap(),
            stamp: stamp("1", "06-01"),
            deal: deal.clone(),
            product: None,
            product_code: None,
            description: None,
            quantity: "1".parse().unwrap(),
            unit_price: None,
            discount: None,
            total: usd(100),
            service_date: None,
            position: 1,
        }),
        Fact::ScheduleLine(ScheduleLine {
            id: ScheduleLineId::new("s1").unwrap(),
            stamp: stamp("1", "06-01"),
            line: DealLineId::new("l1").unwrap(),
            due_on: date("06-30"),
            amount: usd(100),
        }),
        Fact::DealEvent(DealEvent {
            id: DealEventId::new("e1").unwrap(),
            stamp: stamp("1", "06-01"),
            deal,
            at: time("06-01"),
            stage: "Closed Won".into(),
            amount: None,
            close_date: None,
        }),
        Fact::User(User {
            id: UserId::new("u1").unwrap(),
            stamp: stamp("1", "06-01"),
            name: "Ann".into(),
            active: true,
            traits: Traits::new(),
        }),
        Fact::Customer(Customer {
            id: CustomerId::new("c1").unwrap(),
            stamp: stamp("1", "06-01"),
            name: CUSTOMER_NAME.into(),
            legal_name: None,
            currency: None,
            address: Address::default(),
            email: None,
            website: None,
            tax_number: None,
            account: None,
            terms_days: None,
            tax_code: None,
            active: true,
            parent: None,
        }),
        Fact::Item(Item {
            id: ItemId::new("i1").unwrap(),
            stamp: stamp("1", "06-01"),
            name: "Licence".into(),
            code: None,
            kind: "Service".into(),
            active: true,
            tax_code: None,
        }),
        invoice_fact("1", "1", "06-10", 100),
        Fact::Receipt(receipt("1", 5)),
        Fact::Refund(Refund {
            id: RefundId::new("1").unwrap(),
            stamp: stamp("1", "06-01"),
            number: None,
            customer: None,
            effective_on: date("06-01"),
            amount: usd(5),
            credit: None,
            voided: false,
        }),
        Fact::Journal(Journal {
            id: JournalId::new("1").unwrap(),
            stamp: stamp("1", "06-01"),
            number: None,
            effective_on: date("06-01"),
            memo: None,
            lines: vec![JournalLine { position: 1, customer: None, amount: usd(5) }],
            applications,
        }),
    ];
    assert_eq!(bench.observe("06-11", &facts).new, facts.len() as u64);
}
