//! The program is killed while it renews a sign-in. The next one goes on by itself, or says that a
//! person has to sign in again; no deal gets two invoices and none is lost (`finance-domain §6 R4`).

use serde_json::json;

use crate::kills::kill_at;
use crate::line::{Line, Moment};
use crate::world::{World, list, text};

const MOMENTS: [Moment; 3] = [Moment::OnItsWay, Moment::Answered, Moment::HalfAnswered];
/// Where tokens are renewed.
const TOKEN_OF_QUICKBOOKS: (&str, &str) = ("POST", "/oauth2/v1/tokens/bearer");
const TOKEN_OF_SALESFORCE: (&str, &str) = ("POST", "/services/oauth2/token");

/// A world with one deal more for each moment, where every renewal brings a new refresh token.
fn prepared() -> (World, Line, Line, Vec<String>) {
    let (world, salesforce, quickbooks) = World::behind_lines();
    world.sandbox.switch("quickbooks", &json!({ "rotate_every_refresh": true }));
    for number in 0..MOMENTS.len() {
        world.win_a_deal("D-1041", &format!("Flow array {number}"));
    }
    world.desk.run(&["sync"]).exits(0);
    world.allow_writing("quickbooks");
    let deals = world.ready();
    (world, salesforce, quickbooks, deals)
}

#[test]
fn a_kill_while_the_sign_in_to_quickbooks_is_renewed_costs_nothing() {
    let (world, _salesforce, quickbooks, deals) = prepared();
    for (moment, deal) in MOMENTS.into_iter().zip(&deals) {
        world.sandbox.fault("quickbooks", "", "/v3/company", "unauthorized", 1);
        kill_at(&world, &quickbooks, &["create", deal], TOKEN_OF_QUICKBOOKS, moment);
        world.desk.run(&["create", deal]).exits(0);
        has_one_invoice(&world, deal);
    }
}

/// Salesforce ends a sign-in whose used-up token comes back, so a person may be needed.
#[test]
fn a_kill_while_the_sign_in_to_salesforce_is_renewed_costs_at_most_a_new_sign_in() {
    let (world, salesforce, _quickbooks, deals) = prepared();
    for (moment, deal) in MOMENTS.into_iter().zip(&deals) {
        world.sandbox.fault("salesforce", "", "/services/data", "unauthorized", 1);
        kill_at(&world, &salesforce, &["sync"], TOKEN_OF_SALESFORCE, moment);
        let again = world.desk.run(&["sync"]);
        if again.code != Some(0) {
            assert_ne!(moment, Moment::OnItsWay, "nothing had happened yet: {again}");
            assert!(again.to_string().contains("sign-in"), "{again}");
            world.connect_at("salesforce", &salesforce.address(), &[]);
            world.desk.run(&["sync"]).exits(0);
        }
        world.desk.run(&["create", deal]).exits(0);
        has_one_invoice(&world, deal);
    }
}

fn has_one_invoice(world: &World, deal: &str) {
    let view = world.desk.document(&["effects"]);
    let mut own = list(&view["effects"]).iter().filter(|effect| effect["opportunity"] == *deal);
    let key = text(&own.next().expect("a promise of the deal")["key"]);
    assert!(own.next().is_none(), "{deal} was promised twice");
    assert_eq!(world.sandbox.documents_noted(&key).len(), 1, "{deal}");
}
