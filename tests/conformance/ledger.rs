//! What the rules write into a ledger: one invoice under its key.

use tieout_connect::key::transaction_key;
use tieout_connect::ports::{
    Answer, DateRange, Ledger, Measure, ProposedCustomer, ProposedDocument, ProposedLine,
};
use tieout_domain::effect::{DocumentKind, Intent};
use tieout_domain::facts::{Address, Fact, LedgerDocumentKind, Stream};
use tieout_domain::ids::{
    AccountId, CrmOrgId, CustomerId, DealId, DocumentId, ItemId, LedgerId, ReceiptId,
};
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

/// Everything that a ledger can be asked, and was not asked by another rule.
pub async fn ask_everything(port: &dyn Ledger, terms: Terms<'_>, made: &[String]) {
    let invoice = LedgerDocumentKind::Invoice;
    let id = DocumentId::new(&made[0]).expect("an id");
    let document = port.document(invoice, &id).await.expect("read").expect("it is there");
    assert_eq!(document.total.to_plain(), "100.00");
    let customer = CustomerId::new(terms.customer).expect("an id");
    let snapshot = port.customer(&customer).await.expect("read");
    let documents = snapshot.facts.iter().filter(|fact| matches!(fact, Fact::Document(_)));
    assert_eq!(documents.count(), made.len());
    assert!(snapshot.quarantined.is_empty() && snapshot.customer.is_some());
    ask_for_nobody(port, made).await;
    ask_for_totals(port, made).await;
    make_a_customer(port, terms).await;
    let link = port.deep_link(Stream::Invoices, &made[0]).expect("there is a page");
    assert!(link.starts_with("https://") && link.contains(&made[0]), "{link}");
}

/// What never was is no error and no record.
async fn ask_for_nobody(port: &dyn Ledger, made: &[String]) {
    let other = made[0].replace(|c: char| c.is_ascii_digit(), "7");
    let nobody = if made.contains(&other) { "999999".to_owned() } else { other };
    let id = DocumentId::new(&nobody).expect("an id");
    let found = port.document(LedgerDocumentKind::Invoice, &id).await;
    assert!(found.expect("asked").is_none());
    let id = ReceiptId::new(&nobody).expect("an id");
    assert!(port.receipt(&id).await.expect("asked").is_none());
}

async fn ask_for_totals(port: &dyn Ledger, made: &[String]) {
    let (from, to) = ("2026-06-01".parse(), "2026-06-30".parse());
    let range = DateRange { from: from.expect("a day"), to: to.expect("a day") };
    let totals = port.period_totals(range).await.expect("counted");
    let invoices = totals.iter().filter(|total| total.measure == Measure::Invoices);
    assert_eq!(invoices.map(|total| total.count).sum::<u64>(), made.len() as u64, "{totals:?}");
    let balances = port.balance_totals(range.to).await.expect("counted");
    let control = balances.iter().find(|total| total.measure == Measure::ControlAccount);
    let sum = control.and_then(|total| total.sum).expect("the control account has a balance");
    assert_eq!(sum.to_plain(), "200.00", "{balances:?}");
}

/// A customer is made once: asked for, made, refused a second time, found.
async fn make_a_customer(port: &dyn Ledger, terms: Terms<'_>) {
    let text = |text: &str| Some(text.to_owned());
    let proposal = ProposedCustomer {
        account: AccountId::new("001Hs00000AbCdEIAV").expect("an id"),
        name: "Linden Works".to_owned(),
        currency: Currency::parse(terms.currency).expect("a currency"),
        address: Address { street: text("1 Quay"), city: text("Lyttelton"), ..Address::default() },
    };
    assert!(port.customer_candidates(&proposal).await.expect("asked").is_empty());
    let customer = port.create_customer(&proposal).await.expect("made");
    assert_eq!(customer.name, proposal.name);
    let again = port.create_customer(&proposal).await.expect_err("the name is taken");
    assert!(again.is_refusal(), "{again:?}");
    let known = port.customer_candidates(&proposal).await.expect("asked");
    assert_eq!(known.iter().map(|known| &known.id).collect::<Vec<_>>(), [&customer.id]);
}
