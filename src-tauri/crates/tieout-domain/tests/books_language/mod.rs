//! A small language for a whole company: one record per line, dates as month and day of 2026.
//!
//! ```text
//! deal D1 A1 100.00 06-01 [lost|deleted]       `?`: the amount is unknown; `EUR`; won=06-20
//! line L1 D1 60.00 · due L1 07-01 30.00        a product line and its schedule
//! history D1 05-01 80.00                       the amount from that day on
//! item EDGE L1 I1                              the line and the document are of this item
//! customer C9 A1 A2                            C1 is A1 and C2 is A2 without being said
//! invoice I1 C1 100.00+20.00 06-03 ref=D1 due=07-03 [void|draft|gone|disputed]
//! credit M1 C1 40.00 06-09 ref=D1 · sale S1 C1 10.00 06-09 ref=D1
//! link D1 I1 50.00 · exclude D1                a person
//! receipt R1 C1 120.00 06-10 I1:120.00@06-12   [void]
//! use M1 I1:40.00@06-12 · refund F1 M1 10.00 06-20
//! journal J1 06-30 C1:-12.00 -:50.00 I1=12.00  lines, and what they settle
//! promise D1 sent · reason D1 PRICE -4.00 · unreadable invoices I1
//! total invoices 1 120.00                      what the source says of June
//! ```

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use rust_decimal::Decimal;
use tieout_domain::aging::CreditPolicy;
use tieout_domain::assignment::{self as domain, Assignments};
use tieout_domain::books::positions::DealRow;
use tieout_domain::books::proof::{SourceMeasure, SourceTotal};
use tieout_domain::books::reconciliation::{Reconciliation, reconcile};
use tieout_domain::books::{
    AgingBasis, Books, DocumentDecision, Exclusion, Frame, Promised, ReasonDecision, Unreadable,
};
use tieout_domain::dates::Period;
use tieout_domain::effect::EffectState;
use tieout_domain::facts::{
    Account, Address, Application, ApplicationKind, Customer, Deal, DealEvent, DealLine, Document,
    DocumentLine, DocumentStatus, Item, Journal, JournalLine, LedgerDocumentKind, Product, Receipt,
    Refund, ScheduleLine, Stamp, Stream,
};
use tieout_domain::gates::LedgerRules;
use tieout_domain::identity::{IdentityLink, IdentityLinks, LinkedBy, Standing};
use tieout_domain::ids::{
    AccountId, CustomerId, DealEventId, DealId, DealLineId, DocumentId, ItemId, JournalId,
    LedgerId, ProductId, ReceiptId, RefundId, ScheduleLineId,
};
use tieout_domain::limits::Limits;
use tieout_domain::tieouts::TieOutStatus;
use tieout_domain::{Currency, Money};

/// Books, the question, and what the sources said.
#[derive(Clone)]
pub struct Company {
    pub books: Books,
    pub frame: Frame,
    pub sources: Vec<SourceTotal>,
}

pub fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

pub fn money(text: &str) -> Money {
    Money::from_decimal(text.parse().unwrap(), usd()).unwrap()
}

fn day(text: &str) -> Date {
    format!("2026-{text}").parse().unwrap()
}

fn noon(text: &str) -> Timestamp {
    format!("2026-{text}T12:00:00Z").parse().unwrap()
}

fn stamp(deleted: bool) -> Stamp {
    Stamp { version: "1".into(), modified_at: Timestamp::UNIX_EPOCH, deleted }
}

fn named<'a>(words: &[&'a str], name: &str) -> Option<&'a str> {
    words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
}

impl Company {
    /// Reads the records, as of 30 June 2026 in the period of June.
    pub fn read(text: &str) -> Self {
        let mut company = Self { books: empty(), frame: frame(), sources: Vec::new() };
        let mut links: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (customer, account) in [("C1", "A1"), ("C2", "A2")] {
            links.insert(customer.into(), vec![account.into()]);
        }
        for line in text.split(['\n', ';']) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.first() {
                None => {}
                Some(&"customer") => {
                    let accounts = words[2..].iter().map(|&word| word.to_owned()).collect();
                    links.insert(words[1].into(), accounts);
                }
                Some(_) => company.take(&words),
            }
        }
        company.identify(&links);
        company.keep(&[usd(), Currency::parse("EUR").unwrap()])
    }

    /// The company keeps the deals of these currencies, and there is no other.
    pub fn keep(self, currencies: &[Currency]) -> Self {
        self.keep_beside(currencies, &[])
    }

    /// As `keep`, and another company enables the currencies of `other`. There is no rule.
    pub fn keep_beside(mut self, currencies: &[Currency], other: &[Currency]) -> Self {
        let company = |ledger: LedgerId, name: &str, currencies: &[Currency]| domain::Company {
            ledger,
            name: name.into(),
            currencies: currencies.to_vec(),
            ended: false,
        };
        let companies = [
            company(ledger(), "Alder Quay Instruments, Inc.", currencies),
            company(LedgerId::new("xero:2").unwrap(), "Alder Quay Ltd", other),
        ];
        let (words, held) = (BTreeMap::new(), domain::Held::new());
        let assigning =
            domain::Assigning { companies: &companies, rules: &[], words: &words, held: &held };
        self.books.assignments = Assignments::new(&assigning, &self.books.deals, &[], &[]);
        self
    }

    pub fn at(mut self, text: &str) -> Self {
        self.frame.as_of = day(text);
        self
    }

    /// The same at the end of a month of 2026, in the period of that month.
    pub fn month(mut self, month: i8) -> Self {
        self.frame.period = Period::month_of(civil::date(2026, month, 1));
        self.frame.as_of = self.frame.period.end();
        self
    }

    pub fn reconcile(&self) -> Reconciliation {
        reconcile(&self.books, &self.frame, &self.sources).expect("a small company adds up")
    }

    fn identify(&mut self, links: &BTreeMap<String, Vec<String>>) {
        let mut history = Vec::new();
        for (customer, accounts) in links {
            let id = CustomerId::new(customer).unwrap();
            self.books.customers.push(customer_record(id.clone()));
            for account in accounts {
                let account = AccountId::new(account).unwrap();
                if self.books.accounts.iter().all(|known| known.id != account) {
                    self.books.accounts.push(account_record(account.clone()));
                }
                history.push(IdentityLink {
                    ledger: self.books.ledger.clone(),
                    account,
                    customer: id.clone(),
                    standing: Standing::Confirmed,
                    by: LinkedBy::Person("Paula".into()),
                    reason: "known".into(),
                    at: Timestamp::UNIX_EPOCH,
                    billed: true,
                });
            }
        }
        self.books.identity = IdentityLinks::from_history(history);
    }

    fn take(&mut self, words: &[&str]) {
        let books = &mut self.books;
        match words[0] {
            "deal" => books.deals.push(deal(words)),
            "line" => books.deal_lines.push(deal_line(words, books.deal_lines.len())),
            "due" => books.schedule_lines.push(schedule(words, books.schedule_lines.len())),
            "item" => item(words, books),
            "history" => books.deal_events.push(event(words, books.deal_events.len())),
            "invoice" | "credit" | "sale" => books.documents.push(document(words)),
            "receipt" => books.receipts.push(receipt(words)),
            "use" => books.receipts.push(use_of_credit(words, books)),
            "refund" => books.refunds.push(refund(words)),
            "journal" => books.journals.push(journal(words)),
            "link" => books.document_decisions.push(link(words)),
            "exclude" => books.exclusions.push(exclusion(words)),
            "promise" => books.promised.push(promise(words, books.promised.len())),
            "reason" => books.reasons.push(reason(words)),
            "unreadable" => books.unreadable.push(Unreadable {
                stream: Stream::parse(words[1]).unwrap(),
                id: words[2].into(),
                reason: "MALFORMED".into(),
            }),
            "total" => self.sources.push(total(words, &self.frame)),
            other => panic!("no such record: {other}"),
        }
    }
}

/// Billing, cash, verdict, codes of zero tolerance, and whether it is unpaid.
pub fn words(row: &DealRow) -> String {
    let verdict = row.verdict.map_or("-", |verdict| verdict.as_str());
    let mut words = vec![row.billing.as_str(), row.cash.as_str(), verdict];
    words.extend(&row.zero_tolerance);
    words.extend(row.is_unpaid().then_some("unpaid"));
    words.join(" ")
}

/// Lines that neither agree nor are explained, those without a source left out.
pub fn failed(reconciliation: &Reconciliation) -> Vec<&str> {
    let lines = reconciliation.proofs.lines.iter();
    let failed = lines.filter(|line| line.status == TieOutStatus::Failed);
    failed.map(|line| line.tie_out.as_str()).collect()
}

fn ledger() -> LedgerId {
    LedgerId::new("quickbooks:1").unwrap()
}

fn empty() -> Books {
    Books {
        ledger: ledger(),
        assignments: Assignments::default(),
        users: Vec::new(),
        accounts: Vec::new(),
        products: Vec::new(),
        deals: Vec::new(),
        deal_lines: Vec::new(),
        schedule_lines: Vec::new(),
        deal_events: Vec::new(),
        customers: Vec::new(),
        items: Vec::new(),
        documents: Vec::new(),
        receipts: Vec::new(),
        refunds: Vec::new(),
        journals: Vec::new(),
        identity: IdentityLinks::default(),
        keys: BTreeMap::new(),
        exclusions: Vec::new(),
        reasons: Vec::new(),
        document_decisions: Vec::new(),
        promised: Vec::new(),
        promised_customers: Vec::new(),
        unreadable: Vec::new(),
    }
}

fn frame() -> Frame {
    Frame {
        as_of: civil::date(2026, 6, 30),
        period: Period::month_of(civil::date(2026, 6, 1)),
        time_zone: TimeZone::UTC,
        functional: usd(),
        limits: Limits::zero(usd()),
        grace_days: 5,
        materiality: Money::zero(usd()),
        aging_basis: AgingBasis::DueDate,
        rules: LedgerRules {
            ledger_name: "QuickBooks".into(),
            company: "Alder Quay Instruments, Inc.".into(),
            currencies: vec![usd()],
            closed_to: None,
            tax_codes: Vec::new(),
            default_tax_code: None,
        },
        today: civil::date(2026, 7, 2),
        credit_policy: CreditPolicy::Separate,
    }
}

fn account_record(id: AccountId) -> Account {
    Account {
        stamp: stamp(false),
        name: format!("Account {id}"),
        id,
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

fn customer_record(id: CustomerId) -> Customer {
    Customer {
        stamp: stamp(false),
        name: format!("Customer {id}"),
        id,
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
    }
}

fn deal(words: &[&str]) -> Deal {
    let code = if words.contains(&"EUR") { "EUR" } else { "USD" };
    let currency = Currency::parse(code).unwrap();
    let amount = (words[3] != "?").then(|| words[3].parse::<Decimal>().unwrap());
    Deal {
        id: DealId::new(words[1]).unwrap(),
        stamp: stamp(words.contains(&"deleted")),
        name: format!("Deal {}", words[1]),
        account: Some(AccountId::new(words[2]).unwrap()),
        stage: "Closed Won".into(),
        won: !words.contains(&"lost"),
        closed: true,
        amount: amount.map(|amount| Money::from_decimal(amount, currency).unwrap()),
        currency,
        close_date: day(words[4]),
        kind: None,
        record_type: None,
        owner: None,
        has_lines: false,
        order_number: None,
        reference: None,
        stage_changed_at: named(words, "won").map(noon),
        created_at: None,
        traits: BTreeMap::new(),
    }
}

fn deal_line(words: &[&str], at: usize) -> DealLine {
    DealLine {
        id: DealLineId::new(words[1]).unwrap(),
        stamp: stamp(false),
        deal: DealId::new(words[2]).unwrap(),
        product: None,
        product_code: None,
        description: None,
        quantity: Decimal::ONE,
        unit_price: None,
        discount: None,
        total: money(words[3]),
        service_date: None,
        position: i64::try_from(at).unwrap(),
    }
}

fn schedule(words: &[&str], at: usize) -> ScheduleLine {
    ScheduleLine {
        id: ScheduleLineId::new(&format!("S{at}")).unwrap(),
        stamp: stamp(false),
        line: DealLineId::new(words[1]).unwrap(),
        due_on: day(words[2]),
        amount: money(words[3]),
    }
}

/// A product that both sides know, on these lines, and as the only line of these documents.
fn item(words: &[&str], books: &mut Books) {
    let (code, named) = (words[1], &words[2..]);
    let (product, item) = (ProductId::new(code).unwrap(), ItemId::new(code).unwrap());
    for line in books.deal_lines.iter_mut().filter(|it| named.contains(&it.id.as_str())) {
        line.product = Some(product.clone());
    }
    for document in books.documents.iter_mut().filter(|it| named.contains(&it.id.as_str())) {
        document.lines.push(DocumentLine {
            position: 1,
            item: Some(item.clone()),
            description: None,
            quantity: Some(Decimal::ONE),
            unit_price: None,
            amount: document.net,
            tax_code: None,
        });
    }
    books.products.push(Product {
        id: product,
        stamp: stamp(false),
        name: code.into(),
        code: None,
        external_id: Some(code.into()),
        family: None,
        active: true,
    });
    books.items.push(Item {
        id: item,
        stamp: stamp(false),
        name: code.into(),
        code: Some(code.into()),
        kind: "Service".into(),
        active: true,
        tax_code: None,
    });
}

fn event(words: &[&str], at: usize) -> DealEvent {
    DealEvent {
        id: DealEventId::new(&format!("H{at}")).unwrap(),
        stamp: stamp(false),
        deal: DealId::new(words[1]).unwrap(),
        at: noon(words[2]),
        stage: "Closed Won".into(),
        amount: Some(money(words[3])),
        close_date: None,
    }
}

fn document(words: &[&str]) -> Document {
    let (net, tax) = words[3].split_once('+').unwrap_or((words[3], "0"));
    let (net, tax) = (money(net), money(tax));
    let total = net.checked_add(tax).unwrap();
    let status = match words.last() {
        Some(&"void") => DocumentStatus::Void,
        Some(&"draft") => DocumentStatus::Draft,
        _ => DocumentStatus::Open,
    };
    Document {
        id: DocumentId::new(words[1]).unwrap(),
        stamp: stamp(words.contains(&"gone")),
        kind: match words[0] {
            "invoice" => LedgerDocumentKind::Invoice,
            "credit" => LedgerDocumentKind::CreditMemo,
            _ => LedgerDocumentKind::CashSale,
        },
        number: None,
        customer: CustomerId::new(words[2]).unwrap(),
        currency: usd(),
        effective_on: day(words[4]),
        due_on: named(words, "due").map(day),
        terms_days: named(words, "due").is_none().then_some(30),
        net,
        tax,
        total,
        balance_now: total,
        status,
        key: None,
        deal_reference: named(words, "ref").map(str::to_owned),
        order_number: None,
        memo: None,
        exchange_rate: None,
        disputed: words.contains(&"disputed"),
        lines: Vec::new(),
    }
}

/// `I1:120.00@06-12`
fn applied(word: &str, on: Date, kind: ApplicationKind) -> Application {
    let (document, rest) = word.split_once(':').unwrap();
    let (amount, applied_on) =
        rest.split_once('@').map_or((rest, on), |(amount, at)| (amount, day(at)));
    Application {
        kind,
        document: DocumentId::new(document).unwrap(),
        document_kind: LedgerDocumentKind::Invoice,
        credit: None,
        amount: money(amount),
        applied_on,
        source_effective_on: on,
    }
}

fn receipt(words: &[&str]) -> Receipt {
    let on = day(words[4]);
    let applications = words[5..].iter().filter(|word| word.contains(':'));
    Receipt {
        id: ReceiptId::new(words[1]).unwrap(),
        stamp: stamp(false),
        customer: CustomerId::new(words[2]).unwrap(),
        effective_on: on,
        amount: money(words[3]),
        unapplied_now: Money::zero(usd()),
        reference: None,
        voided: words.contains(&"void"),
        applications: applications.map(|word| applied(word, on, ApplicationKind::Cash)).collect(),
    }
}

fn use_of_credit(words: &[&str], books: &Books) -> Receipt {
    let credit = DocumentId::new(words[1]).unwrap();
    let memo = books.documents.iter().find(|known| known.id == credit).unwrap();
    let settles = applied(words[2], memo.effective_on, ApplicationKind::Credit);
    Receipt {
        id: ReceiptId::new(&format!("U-{}-{}", words[1], words[2])).unwrap(),
        stamp: stamp(false),
        customer: memo.customer.clone(),
        effective_on: settles.applied_on,
        amount: Money::zero(usd()),
        unapplied_now: Money::zero(usd()),
        reference: None,
        voided: false,
        applications: vec![Application { credit: Some(credit), ..settles }],
    }
}

fn refund(words: &[&str]) -> Refund {
    Refund {
        id: RefundId::new(words[1]).unwrap(),
        stamp: stamp(false),
        number: None,
        customer: None,
        effective_on: day(words[4]),
        amount: money(words[3]),
        credit: Some(DocumentId::new(words[2]).unwrap()),
        voided: words.contains(&"void"),
    }
}

fn journal(words: &[&str]) -> Journal {
    let on = day(words[2]);
    let lines = words[3..].iter().filter_map(|word| word.split_once(':')).enumerate();
    let settled = words[3..].iter().filter_map(|word| word.split_once('='));
    Journal {
        id: JournalId::new(words[1]).unwrap(),
        stamp: stamp(false),
        number: None,
        effective_on: on,
        memo: None,
        lines: lines
            .map(|(at, (customer, amount))| JournalLine {
                position: u32::try_from(at).unwrap(),
                customer: (customer != "-").then(|| CustomerId::new(customer).unwrap()),
                amount: money(amount),
            })
            .collect(),
        applications: settled
            .map(|(document, amount)| {
                applied(&format!("{document}:{amount}"), on, ApplicationKind::Adjustment)
            })
            .collect(),
    }
}

fn link(words: &[&str]) -> DocumentDecision {
    DocumentDecision {
        deal: DealId::new(words[1]).unwrap(),
        document: DocumentId::new(words[2]).unwrap(),
        linked: true,
        allocated: words.get(3).map(|amount| money(amount)),
        by: "Paula".into(),
        reason: "read the contract".into(),
        at: Timestamp::UNIX_EPOCH,
    }
}

fn exclusion(words: &[&str]) -> Exclusion {
    Exclusion {
        deal: DealId::new(words[1]).unwrap(),
        reason: "test".into(),
        by: "Paula".into(),
        at: Timestamp::UNIX_EPOCH,
    }
}

fn promise(words: &[&str], at: usize) -> Promised {
    Promised {
        deal: DealId::new(words[1]).unwrap(),
        key: format!("K{at}"),
        state: EffectState::parse(words[2]).unwrap(),
        sequence: u32::try_from(at + 1).unwrap(),
        since: Timestamp::UNIX_EPOCH,
        error_code: None,
    }
}

fn reason(words: &[&str]) -> ReasonDecision {
    ReasonDecision {
        deal: DealId::new(words[1]).unwrap(),
        code: words[2].into(),
        amount: money(words[3]),
        accepted: true,
        owner: None,
        note: String::new(),
        raised: civil::date(2026, 6, 30),
        target: None,
        at: Timestamp::UNIX_EPOCH,
    }
}

fn total(words: &[&str], frame: &Frame) -> SourceTotal {
    SourceTotal {
        measure: SourceMeasure::parse(words[1]).unwrap(),
        currency: usd(),
        from: frame.period.start(),
        to: frame.period.end(),
        count: words[2].parse().unwrap(),
        sum: Some(money(words[3])),
        source: "report".into(),
        proof: String::new(),
    }
}
