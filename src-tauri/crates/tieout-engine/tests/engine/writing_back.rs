//! Write-back: only what changed, every record for itself, nothing twice.

use jiff::civil::Date;
use tieout_connect::ports::{CrmWrite, FieldValue, WriteTarget};
use tieout_domain::Money;
use tieout_domain::effect::{EffectState, Replay};
use tieout_domain::facts::{Fact, Stream};
use tieout_domain::ids::{AccountId, DealId};
use tieout_engine::Engine;
use tieout_store::EffectKind;

use crate::support::crm::WriteFault;
use crate::support::death::DieIn;
use crate::support::facts::{
    a_customer, a_deal, a_document, account, date, deal, eur, line, money, receipt, stamp,
};
use crate::support::feeds::ReadFault;
use crate::support::*;

fn world() -> World {
    World::new(Replay::UniqueExternalId)
}

fn deal_target(id: &str) -> WriteTarget {
    WriteTarget::Deal(DealId::new(id).unwrap())
}

fn account_target(id: &str) -> WriteTarget {
    WriteTarget::Account(AccountId::new(id).unwrap())
}

fn text(text: &str) -> Option<FieldValue> {
    Some(FieldValue::Text(text.into()))
}

fn day(text: &str) -> Option<FieldValue> {
    Some(FieldValue::Date(text.parse::<Date>().unwrap()))
}

fn amount(minor: i64) -> Option<FieldValue> {
    Some(FieldValue::Amount(money(minor)))
}

/// An invoice of the deal, named by its reference.
fn billed(world: &World, id: &str, minor: i64) {
    let mut document = a_document(id, "C1", money(minor));
    document.deal_reference = Some("006D1".into());
    world.ledger.feeds.put(Fact::Document(document));
}

/// Names of the fields of one write, without the prefix.
fn names(write: &CrmWrite) -> Vec<&str> {
    let name = |field: &'_ (String, FieldValue)| -> String { field.0.clone() };
    let _ = name;
    write
        .fields
        .iter()
        .map(|(name, _)| name.trim_start_matches("Tieout_").trim_end_matches("__c"))
        .collect()
}

fn write_effects(engine: &Engine) -> Vec<String> {
    let effects = engine.effects().unwrap().into_iter();
    effects
        .filter(|effect| effect.kind == EffectKind::WriteBack)
        .map(|effect| format!("{} {}", effect.key, effect.state.as_str()))
        .collect()
}

#[test]
fn a_deal_and_its_account_show_the_truth() {
    block_on(async {
        let world = world();
        billed(&world, "1", 10_000);
        world.ledger.feeds.put(receipt("R1", "C1", "1", 4_000, "2026-07-05"));
        let mut engine = world.synced().await;
        let report = write_back(&mut engine).await;
        assert_eq!((report.compared, report.written, report.failed.len()), (2, 2, 0));
        let shows = |field: &str| world.crm.shows(&deal_target("006D1"), field);
        assert_eq!(shows("Tieout_Billing_Status__c"), text("BILLED"));
        assert_eq!(shows("Tieout_Cash_Status__c"), text("PART_PAID"));
        assert_eq!(shows("Tieout_Invoice_Numbers__c"), text("INV-1"));
        assert_eq!(shows("Tieout_Billed_Net__c"), amount(10_000));
        assert_eq!(shows("Tieout_Collected__c"), amount(4_000));
        assert_eq!(shows("Tieout_Open__c"), amount(6_000));
        assert_eq!(shows("Tieout_Due_Date__c"), day("2026-08-01"));
        assert_eq!(shows("Tieout_As_Of__c"), day("2026-07-06"));
        let shows = |field: &str| world.crm.shows(&account_target("001A"), field);
        assert_eq!(shows("Tieout_AR_Balance__c"), amount(6_000));
        assert_eq!(shows("Tieout_AR_Not_Due__c"), amount(6_000));
        assert_eq!(shows("Tieout_Last_Payment_Date__c"), day("2026-07-05"));
        assert_eq!(shows("Tieout_Overdue_Count__c"), Some(FieldValue::Count(0)));
    });
}

#[test]
fn a_second_run_writes_nothing() {
    block_on(async {
        let world = world();
        billed(&world, "1", 10_000);
        let mut engine = world.synced().await;
        write_back(&mut engine).await;
        let before = write_effects(&engine);
        world.crm.take_calls();
        for _ in 0..3 {
            // Another day, another run: neither is a figure.
            world.pass(86_400);
            sync(&mut engine).await;
            let report = write_back(&mut engine).await;
            assert_eq!((report.compared, report.written), (2, 0));
        }
        assert!(!world.crm.take_calls().contains(&"write"));
        assert_eq!(write_effects(&engine), before);
    });
}

#[test]
fn only_the_values_that_changed_are_written_and_the_stamp_with_them() {
    block_on(async {
        let world = world();
        billed(&world, "1", 10_000);
        let mut engine = world.synced().await;
        write_back(&mut engine).await;
        world.crm.take_writes();
        world.pass(3_600);
        world.ledger.feeds.put(receipt("R1", "C1", "1", 4_000, "2026-07-05"));
        sync(&mut engine).await;
        write_back(&mut engine).await;
        let writes = world.crm.take_writes();
        assert_eq!(names(&writes[0]), ["Cash_Status", "Collected", "Open", "As_Of", "Run_Id"]);
        assert_eq!(
            names(&writes[1]),
            [
                "AR_Balance",
                "AR_Not_Due",
                "Last_Payment",
                "Last_Payment_Date",
                "Avg_Days_Late",
                "As_Of",
                "Last_Synced",
                "Run_Id"
            ]
        );
    });
}

#[test]
fn a_figure_that_a_person_changed_by_hand_is_put_right() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        write_back(&mut engine).await;
        let wrong = FieldValue::Text("BILLED".into());
        world.crm.edit(&deal_target("006D1"), "Tieout_Billing_Status__c", wrong);
        assert_eq!(write_back(&mut engine).await.written, 1);
        let shown = world.crm.shows(&deal_target("006D1"), "Tieout_Billing_Status__c");
        assert_eq!(shown, text("UNBILLED"));
    });
}

#[test]
fn without_our_fields_nothing_is_written_and_nothing_fails() {
    block_on(async {
        let world = world();
        billed(&world, "1", 10_000);
        world.crm.uninstall();
        let report = write_back(&mut world.synced().await).await;
        assert_eq!((report.written, report.failed.len()), (0, 0));
        assert!(!world.crm.take_calls().contains(&"write"));
    });
}

#[test]
fn a_crm_that_is_read_only_is_not_even_asked() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        engine.crm.as_mut().unwrap().writing = false;
        world.crm.take_calls();
        assert_eq!(write_back(&mut engine).await.compared, 0);
        assert_eq!(world.crm.take_calls(), Vec::<&str>::new());
    });
}

#[test]
fn before_every_feed_was_read_once_nothing_is_written() {
    block_on(async {
        let world = world();
        world.ledger.feeds.fail(Stream::Receipts, 0, ReadFault::Unreachable);
        let mut engine = world.engine();
        sync(&mut engine).await;
        assert_eq!(write_back(&mut engine).await.compared, 0);
        sync(&mut engine).await;
        assert_eq!(write_back(&mut engine).await.written, 1);
    });
}

mod failures {
    use super::*;

    fn three_deals() -> World {
        let world = world();
        for at in 2..=3 {
            world.crm.feeds.put(deal(&format!("006D{at}"), "001A", 10_000));
            let id = format!("00k{at}");
            world.crm.feeds.put(line(&id, &format!("006D{at}"), "01t1", 10_000));
        }
        world
    }

    #[test]
    fn one_failing_record_does_not_block_the_rest_and_is_told_in_the_crm() {
        block_on(async {
            let world = three_deals();
            world.crm.fail(deal_target("006D2"), WriteFault::Refused);
            let mut engine = world.synced().await;
            let report = write_back(&mut engine).await;
            assert_eq!(report.written, 2);
            let failed: Vec<_> = report.failed.iter().map(|(it, why)| (it, why.class)).collect();
            assert_eq!(failed, [(&deal_target("006D2"), "rejected")]);
            assert_eq!(world.crm.failures(), ["rejected Opportunity 006D2: open"]);
        });
    }

    #[test]
    fn when_it_succeeds_later_the_failure_is_resolved() {
        block_on(async {
            let world = three_deals();
            world.crm.fail(deal_target("006D2"), WriteFault::Refused);
            let mut engine = world.synced().await;
            write_back(&mut engine).await;
            world.crm.recover();
            assert_eq!(write_back(&mut engine).await.written, 1);
            assert_eq!(world.crm.failures(), ["rejected Opportunity 006D2: resolved"]);
            world.crm.take_calls();
            write_back(&mut engine).await;
            assert_eq!(world.crm.take_calls(), ["mirrored"]);
        });
    }

    #[test]
    fn the_same_refusal_is_tried_ever_more_rarely_and_stays_named() {
        block_on(async {
            let world = three_deals();
            world.crm.fail(deal_target("006D2"), WriteFault::Refused);
            let mut engine = world.synced().await;
            let mut tries = Vec::new();
            for _ in 0..12 {
                let report = write_back(&mut engine).await;
                assert_eq!(report.failed.len(), 1);
                let writes = world.crm.take_writes();
                tries.push(writes.iter().any(|it| it.target == deal_target("006D2")));
                world.pass(900);
            }
            // At once, at once again, then after an hour.
            let want = [1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0].map(|tried| tried == 1);
            assert_eq!(tries, want);
        });
    }

    #[test]
    fn a_failure_record_that_cannot_be_written_stays_here_and_is_tried_again() {
        block_on(async {
            let world = three_deals();
            world.crm.fail(deal_target("006D2"), WriteFault::Refused);
            world.crm.refuse_failures();
            let mut engine = world.synced().await;
            write_back(&mut engine).await;
            assert_eq!(world.crm.failures(), Vec::<String>::new());
            let held = engine.effects().unwrap().into_iter();
            let held: Vec<EffectState> = held
                .filter(|effect| effect.kind == EffectKind::FailureRecord)
                .map(|effect| effect.state)
                .collect();
            assert_eq!(held, [EffectState::Rejected]);
            world.crm.recover();
            world.crm.fail(deal_target("006D2"), WriteFault::Refused);
            write_back(&mut engine).await;
            assert_eq!(world.crm.failures(), ["rejected Opportunity 006D2: open"]);
        });
    }

    #[test]
    fn a_record_that_is_hidden_from_us_is_named() {
        block_on(async {
            let world = three_deals();
            world.crm.hide(deal_target("006D3"));
            let report = write_back(&mut world.synced().await).await;
            assert_eq!(report.written, 2);
            assert_eq!(report.failed[0].1.class, "not_found");
            assert_eq!(world.crm.failures(), ["not_found Opportunity 006D3: open"]);
        });
    }

    #[test]
    fn a_call_that_never_left_is_tried_by_the_next_run() {
        block_on(async {
            let world = three_deals();
            world.crm.fail_whole_call(WriteFault::NotSent);
            let mut engine = world.synced().await;
            let report = write_back(&mut engine).await;
            assert_eq!((report.written, report.failed.len()), (0, 3));
            world.crm.recover();
            assert_eq!(write_back(&mut engine).await.written, 3);
            let open = write_effects(&engine);
            assert!(open.iter().all(|it| !it.ends_with("intended")), "{open:?}");
        });
    }

    #[test]
    fn no_failure_record_shows_a_customer() {
        block_on(async {
            let world = three_deals();
            world.crm.fail(deal_target("006D2"), WriteFault::Refused);
            write_back(&mut world.synced().await).await;
            let state = format!("{:?}", world.crm.failures());
            assert!(!state.contains("Harrow Creek"));
        });
    }
}

mod lost_answers {
    use super::*;

    #[test]
    fn a_write_whose_answer_was_lost_is_settled_by_comparing() {
        block_on(async {
            let world = world();
            world.crm.fail(deal_target("006D1"), WriteFault::LostAnswer);
            let mut engine = world.synced().await;
            write_back(&mut engine).await;
            assert_eq!(write_effects(&engine), ["write_back:deal/006D1:1 unknown"]);
            world.crm.recover();
            write_back(&mut engine).await;
            assert_eq!(write_effects(&engine), ["write_back:deal/006D1:1 confirmed"]);
        });
    }

    #[test]
    fn newer_figures_supersede_a_write_that_never_ended() {
        block_on(async {
            let world = world();
            world.crm.fail(deal_target("006D1"), WriteFault::NotSent);
            let mut engine = world.synced().await;
            write_back(&mut engine).await;
            world.crm.recover();
            billed(&world, "1", 10_000);
            sync(&mut engine).await;
            write_back(&mut engine).await;
            let effects = write_effects(&engine);
            assert_eq!(effects[0], "write_back:deal/006D1:1 cancelled");
            assert_eq!(effects[1], "write_back:deal/006D1:2 confirmed");
        });
    }

    #[test]
    fn dying_around_the_write_leaves_nothing_open() {
        for place in ["write-back promised", "write-back answered, not recorded"] {
            block_on(async {
                let world = world();
                let mut engine = world.synced().await;
                engine.crash_points = Box::new(DieIn(place));
                let view = engine.view_today(&books_id()).unwrap();
                let run = engine.store.runs(1).unwrap()[0].run.id.clone();
                let reconciliation = view.reconcile().unwrap();
                engine.write_back(&view, &reconciliation, None, &run).await.unwrap_err();
                let mut engine = world.engine();
                sync(&mut engine).await;
                write_back(&mut engine).await;
                let effects = write_effects(&engine);
                let open = |it: &&String| it.ends_with("sent") || it.ends_with("unknown");
                assert_eq!(effects.iter().find(open), None, "{place}");
                let shown = world.crm.shows(&deal_target("006D1"), "Tieout_Billing_Status__c");
                assert_eq!(shown, text("UNBILLED"), "{place}");
            });
        }
    }
}

mod what_has_no_row_any_more {
    use super::*;

    #[test]
    fn a_deal_that_is_lost_again_shows_nothing() {
        block_on(async {
            let world = world();
            let mut engine = world.synced().await;
            write_back(&mut engine).await;
            let mut lost = a_deal("006D1", "001A", 10_000);
            lost.won = false;
            lost.stamp = stamp("2", START);
            world.crm.feeds.put(Fact::Deal(lost));
            sync(&mut engine).await;
            assert_eq!(write_back(&mut engine).await.written, 1);
            let shown = world.crm.shows(&deal_target("006D1"), "Tieout_Billing_Status__c");
            assert_eq!(shown, Some(FieldValue::Empty));
            assert_eq!(write_back(&mut engine).await.written, 0);
        });
    }

    #[test]
    fn an_account_whose_only_invoice_was_deleted_shows_zero() {
        block_on(async {
            let world = world();
            billed(&world, "1", 10_000);
            let mut engine = world.synced().await;
            write_back(&mut engine).await;
            world.pass(60);
            world.ledger.feeds.delete(Stream::Invoices, "1");
            sync(&mut engine).await;
            write_back(&mut engine).await;
            let shown = world.crm.shows(&account_target("001A"), "Tieout_AR_Balance__c");
            assert_eq!(shown, amount(0));
        });
    }
}

mod accounts_with_several_parts {
    use super::*;

    fn row(customer: &str, currency: &str) -> WriteTarget {
        WriteTarget::LedgerAccount { key: format!("fake:1|{customer}|{currency}") }
    }

    fn number(minor: i64) -> Option<FieldValue> {
        Some(FieldValue::Number(money(minor).to_decimal()))
    }

    #[test]
    fn two_customers_in_one_currency_are_one_total_and_two_rows() {
        block_on(async {
            let world = world();
            let second = a_customer("C2", "Harrow Creek West", Some("001A"));
            world.ledger.feeds.put(Fact::Customer(second));
            billed(&world, "1", 10_000);
            let west = a_document("2", "C2", money(2_500));
            world.ledger.feeds.put(Fact::Document(west));
            let mut engine = world.synced().await;
            write_back(&mut engine).await;
            let total = world.crm.shows(&account_target("001A"), "Tieout_AR_Balance__c");
            assert_eq!(total, amount(12_500));
            assert_eq!(world.crm.shows(&row("C1", "USD"), "AR_Balance__c"), number(10_000));
            assert_eq!(world.crm.shows(&row("C2", "USD"), "AR_Balance__c"), number(2_500));
            assert_eq!(world.crm.shows(&row("C2", "USD"), "Account__c"), text("001A"));
            world.crm.take_calls();
            write_back(&mut engine).await;
            assert_eq!(world.crm.take_calls(), ["mirrored"]);
        });
    }

    #[test]
    fn another_currency_is_never_relabelled() {
        block_on(async {
            let world = world();
            world.ledger.able(|able| able.currencies.push(eur()));
            let mut second = a_customer("C2", "Harrow Creek GmbH", Some("001A"));
            second.currency = Some(eur());
            world.ledger.feeds.put(Fact::Customer(second));
            billed(&world, "1", 10_000);
            let foreign = a_document("2", "C2", Money::from_minor(700, eur()));
            world.ledger.feeds.put(Fact::Document(foreign));
            let mut engine = world.engine();
            sync(&mut engine).await;
            write_back(&mut engine).await;
            let total = world.crm.shows(&account_target("001A"), "Tieout_AR_Balance__c");
            assert!(matches!(total, None | Some(FieldValue::Empty)), "{total:?}");
            assert_eq!(world.crm.shows(&row("C1", "USD"), "AR_Balance__c"), number(10_000));
            let euros = world.crm.shows(&row("C2", "EUR"), "AR_Balance__c");
            assert_eq!(euros, Some(FieldValue::Number("7.00".parse().unwrap())));
            assert_eq!(world.crm.shows(&row("C2", "EUR"), "Currency__c"), text("EUR"));
        });
    }

    #[test]
    fn overdue_is_counted_per_account() {
        block_on(async {
            let world = world();
            world.crm.feeds.put(account("001B", "Strathmoor"));
            let mut late = a_document("5", "C1", money(900));
            late.due_on = Some(date("2026-07-01"));
            world.ledger.feeds.put(Fact::Document(late));
            write_back(&mut world.synced().await).await;
            let shows = |field: &str| world.crm.shows(&account_target("001A"), field);
            assert_eq!(shows("Tieout_AR_Overdue__c"), amount(900));
            assert_eq!(shows("Tieout_Overdue_Count__c"), Some(FieldValue::Count(1)));
            assert_eq!(shows("Tieout_Max_Days_Overdue__c"), Some(FieldValue::Count(5)));
            assert_eq!(world.crm.shows(&account_target("001B"), "Tieout_AR_Overdue__c"), None);
        });
    }
}

#[test]
fn a_cancelled_run_writes_no_further_batch() {
    block_on(async {
        let world = world();
        let mut engine = world.synced().await;
        engine.cancel.request();
        let report = write_back(&mut engine).await;
        assert_eq!((report.written, report.not_tried), (0, 1));
        assert_eq!(world.crm.take_writes(), []);
    });
}
