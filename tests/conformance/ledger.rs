//! What the rules write into a ledger: one invoice under its key.

use tieout_connect::key::transaction_key;
use tieout_connect::ports::{Answer, Ledger, ProposedDocument, ProposedLine};
use tieout_domain::effect::{DocumentKind, Intent};
use tieout_domain::facts::LedgerDocumentKind;
use tieout_domain::ids::{CrmOrgId, CustomerId, DealId, ItemId, LedgerId};
use tieout_domain::{Currency, Money};

const ORG: &str = "00DHs00000AbCdEMAV";
const DEAL: &str = "006Hs00001AsDfGIAV";

/// For whom, in which ledger.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    pub ledger: &'a str,
    pub customer: &'a str,
    pub item: &'a str,
    pub currency: &'a str,
}

pub fn proposal(terms: Terms<'_>) -> ProposedDocument {
    let deal = DealId::new(DEAL).expect("an id");
    let intent = Intent {
        org: CrmOrgId::new(ORG).expect("an id"),
        ledger: LedgerId::new(terms.ledger).expect("an id"),
        deal: deal.clone(),
        kind: DocumentKind::Invoice,
        sequence: 1,
    };
    let currency = Currency::parse(terms.currency).expect("a currency");
    let line = ProposedLine {
        item: ItemId::new(terms.item).expect("an id"),
        description: Some("Edge controller".to_owned()),
        quantity: "3".parse().expect("a number"),
        unit_price: Some("70.05".parse().expect("a number")),
        amount: Money::from_decimal("210.15".parse().expect("a number"), currency).expect("money"),
        tax_code: None,
        service_date: None,
    };
    ProposedDocument {
        kind: LedgerDocumentKind::Invoice,
        key: transaction_key(&intent),
        deal,
        customer: CustomerId::new(terms.customer).expect("an id"),
        currency,
        effective_on: "2026-06-10".parse().expect("a day"),
        due_on: Some("2026-07-10".parse().expect("a day")),
        order_number: None,
        lines: vec![line],
        exchange_rate: None,
    }
}

pub async fn write(port: &dyn Ledger, terms: Terms<'_>, attempt: u32) -> Answer<()> {
    let proposal = proposal(terms);
    let document = port.create(&proposal, attempt).await?;
    assert_eq!(document.key, Some(proposal.key));
    assert_eq!(document.net.to_plain(), "210.15", "as promised");
    Ok(())
}

pub async fn look_up(port: &dyn Ledger, terms: Terms<'_>) -> Answer<bool> {
    let proposal = proposal(terms);
    let found = port.find(&proposal).await?;
    if let Some(document) = &found {
        assert_eq!(document.key, Some(proposal.key), "what was asked for was found");
    }
    Ok(found.is_some())
}
