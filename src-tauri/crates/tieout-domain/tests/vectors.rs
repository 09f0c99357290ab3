//! Every worked example of `finance-domain`: `finance-vectors.json`, group by group.
//!
//! A group here turns a case's input into the whole of its output, which must equal the expected
//! output to the letter. An input field that a group does not read is a failure, too.

mod vector_file;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use tieout_domain::aging::{
    Bucket, CreditPolicy, OpenInvoice, Unapplied, UnappliedKind, age, days_past_due,
};
use tieout_domain::allocate::allocate as shared_over;
use tieout_domain::amount::read_amount_with_code;
use tieout_domain::dates::months_back as date_months_back;
use tieout_domain::document_status::{PlatformWord, canonical_status as document_status};
use tieout_domain::effect::{After, DocumentKind, Intent, Replay, TransactionKey};
use tieout_domain::facts::DocumentStatus;
use tieout_domain::figures::{DealInvoice, DealPosition, InvoiceAmounts};
use tieout_domain::fx::{ForeignPayment, Rate, remeasure};
use tieout_domain::ids::{CrmOrgId, DealId, DocumentId, LedgerId};
use tieout_domain::limits::{LimitPolicy, LimitTest, Limits, ROUNDING_MINOR_DEFAULT, aggregate};
use tieout_domain::line::{self, TaxedLine, expected_tax};
use tieout_domain::open::{Settlement, balance_as_of};
use tieout_domain::ratios::{self, Collection, CountBack, SalesMonth};
use tieout_domain::rollup::{self, CashApplication};
use tieout_domain::rounding;
use tieout_domain::salesforce_id::salesforce_id_18;
use tieout_domain::schedule::{self, ScheduleItem};
use tieout_domain::shares::{Allocation, share_invoice};
use tieout_domain::status::{self, BillingPosition, CashPosition};
use tieout_domain::tasks::stage_reached;
use tieout_domain::tieouts::{BacklogItem, Bridge, RollForward, closing_backlog};
use tieout_domain::verdict::{VerdictInput, verdict as verdict_of};
use tieout_domain::{Currency, Money};

use vector_file::{Fields, group_names, run};

/// Groups that `vectors_matching.rs` runs.
const MATCHING_GROUPS: [&str; 3] = ["name_unlike", "sum_match", "tax_number"];

/// One test per group, and the list of them.
macro_rules! groups {
    ($($name:ident),+ $(,)?) => {
        const GROUPS: &[&str] = &[$(stringify!($name)),+];
        mod group {
            $(#[test] fn $name() { super::run(stringify!($name), super::$name); })+
        }
    };
}

groups!(
    account_rollup,
    after_not_found,
    aggregation,
    aging_bucket,
    aging_policy,
    allocate,
    average_days_late,
    billing_status,
    bridge,
    canonical_status,
    cash_status,
    deal_figures,
    dso_count_back,
    expected_to_date,
    fx,
    lag,
    leakage,
    line_amount,
    months_back,
    open_as_of,
    ratio,
    read_amount,
    roll_forward,
    round_half_up,
    salesforce_id,
    shared_invoice,
    task_stage,
    tax_rounding,
    transaction_key,
    variance_limit,
    verdict,
);

#[test]
fn every_group_of_the_file_is_run_somewhere() {
    let mut run_here_or_there: Vec<&str> = [GROUPS, &MATCHING_GROUPS].concat();
    run_here_or_there.sort_unstable();
    assert_eq!(group_names(), run_here_or_there);
}

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("the vectors name a currency")
}

fn eur() -> Currency {
    currency("EUR")
}

/// Any currency with that many digits.
fn currency_of_digits(digits: u32) -> Currency {
    currency(match digits {
        0 => "JPY",
        2 => "EUR",
        3 => "KWD",
        _ => panic!("no currency chosen for {digits} digits"),
    })
}

impl Fields<'_> {
    /// In the vectors' one two-digit currency.
    fn money(&self, key: &str) -> Money {
        self.money_in(key, eur())
    }

    fn money_in(&self, key: &str, currency: Currency) -> Money {
        Money::from_decimal(self.decimal(key), currency).expect("an amount")
    }

    fn money_or_zero(&self, key: &str) -> Money {
        if self.has(key) { self.money(key) } else { Money::zero(eur()) }
    }

    fn optional_money(&self, key: &str) -> Option<Money> {
        self.optional_text(key).map(|_| self.money(key))
    }
}

fn text(amount: Money) -> Value {
    amount.to_plain().into()
}

fn texts(amounts: &[Money]) -> Value {
    amounts.iter().map(|amount| amount.to_plain()).collect()
}

fn money_of(value: &Value, currency: Currency) -> Money {
    let amount: Decimal = value.as_str().expect("decimal text").parse().expect("a decimal");
    Money::from_decimal(amount, currency).expect("an amount")
}

fn limits_of(fields: &Fields<'_>, functional: Currency) -> Limits {
    let policy = match fields.optional_text("mode") {
        None | Some("both") => LimitPolicy::Both,
        Some("either") => LimitPolicy::Either,
        Some(other) => panic!("unknown mode {other}"),
    };
    let absolute = fields.money_in("abs", functional);
    Limits::new(absolute, fields.decimal("pct"), policy, ROUNDING_MINOR_DEFAULT).expect("limits")
}

fn in_eur(limits: &Limits) -> LimitTest<'_> {
    LimitTest { limits, rate: Some(Rate::one(eur())) }
}

fn read_amount(fields: &Fields<'_>) -> Value {
    match read_amount_with_code(fields.text("text"), fields.text("currency"), None) {
        Ok(amount) => json!({ "minor": amount.minor() }),
        Err(reason) => json!({ "error": reason.as_str() }),
    }
}

fn round_half_up(fields: &Fields<'_>) -> Value {
    let digits = u32::try_from(fields.integer("digits")).expect("digits");
    let rounded = rounding::round_half_up(fields.decimal("value"), digits).expect("a decimal");
    json!({ "value": rounded.to_string() })
}

fn line_amount(fields: &Fields<'_>) -> Value {
    let (quantity, price) = (fields.decimal("quantity"), fields.decimal("unit_price"));
    let currency = currency(fields.text("currency"));
    let amount = line::line_amount(quantity, price, fields.decimal("discount"), currency);
    json!({ "amount": text(amount.expect("an amount")) })
}

fn tax_rounding(fields: &Fields<'_>) -> Value {
    let (currency, rate) = (currency(fields.text("currency")), fields.decimal("rate"));
    let taxed = |net: &Value| TaxedLine { net: money_of(net, currency), rate };
    let lines: Vec<TaxedLine> = fields.list("lines").iter().map(taxed).collect();
    let tax = expected_tax(currency, &lines).expect("tax");
    json!({
        "per_line": texts(&tax.per_line),
        "line_method": text(tax.line_method),
        "document_method": text(tax.document_method),
    })
}

fn allocate(fields: &Fields<'_>) -> Value {
    let currency = currency_of_digits(u32::try_from(fields.integer("digits")).expect("digits"));
    let weight = |weight: &Value| weight.as_str().expect("text").parse().expect("a weight");
    let weights: Vec<Decimal> = fields.list("weights").iter().map(weight).collect();
    let parts = shared_over(fields.money_in("total", currency), &weights).expect("parts");
    json!({ "parts": texts(&parts) })
}

fn aging_bucket(fields: &Fields<'_>) -> Value {
    let days = days_past_due(fields.date("as_of"), fields.date("due"));
    json!({ "days_past_due": days, "bucket": Bucket::of(days).as_str() })
}

fn open_as_of(fields: &Fields<'_>) -> Value {
    let document = fields.object("document");
    let settlement = |it: Fields<'_>| Settlement {
        amount: it.money("amount"),
        applied_on: it.date("applied_on"),
        counterpart_effective_on: it.date("source_effective_on"),
    };
    let settlements: Vec<Settlement> =
        fields.objects("applications").into_iter().map(settlement).collect();
    let open = balance_as_of(
        document.money("total"),
        document.date("effective_on"),
        &settlements,
        fields.date("as_of"),
    );
    json!({ "open": open.expect("one currency").map(text) })
}

fn schedule_of(fields: &Fields<'_>) -> Vec<ScheduleItem> {
    let item = |pair: &Value| ScheduleItem {
        due_on: pair[0].as_str().expect("date text").parse().expect("a date"),
        amount: money_of(&pair[1], eur()),
    };
    fields.list("schedule").iter().map(item).collect()
}

fn expected_to_date(fields: &Fields<'_>) -> Value {
    let contract = fields.optional_money("contract");
    let as_of = fields.date("as_of");
    let expected = schedule::expected_to_date(contract, &schedule_of(fields), as_of);
    let expected = expected.expect("one currency").expect("a known amount");
    // The vectors write a sum over nothing without decimals.
    json!({ "expected": if expected.is_zero() { "0".into() } else { text(expected) } })
}

fn leakage(fields: &Fields<'_>) -> Value {
    let grace_days = u32::try_from(fields.integer("grace_days")).expect("days");
    let (schedule, invoiced) = (schedule_of(fields), fields.money("invoiced"));
    let lost = schedule::leakage(&schedule, invoiced, fields.date("as_of"), grace_days);
    json!({ "leakage": text(lost.expect("one currency")) })
}

fn variance_limit(fields: &Fields<'_>) -> Value {
    let rate = match fields.optional_text("rate") {
        Some(rate) => Rate::new(eur(), currency("USD"), rate.parse().expect("a decimal")),
        None => Ok(Rate::one(eur())),
    }
    .expect("a rate");
    let limits = limits_of(fields, rate.functional());
    let test = LimitTest { limits: &limits, rate: Some(rate) };
    let flag = test.exceeds(fields.money("difference"), fields.money("base"));
    json!({ "flag": flag.expect("one currency") })
}

fn billing_status(fields: &Fields<'_>) -> Value {
    let count = |key| u32::try_from(fields.integer_or_zero(key)).expect("a count");
    let position = BillingPosition {
        contract: fields.optional_money("contract"),
        expected: fields.optional_money("expected"),
        invoiced: fields.money("invoiced"),
        billed: fields.money("billed"),
        posted: count("posted"),
        drafts: count("drafts"),
        excluded: fields.flag("excluded"),
        in_flight: fields.flag("in_flight"),
        gate_failing: fields.flag("gate_failing"),
    };
    let limits = limits_of(&fields.object("limits"), eur());
    let status = status::billing_status(&position, &in_eur(&limits)).expect("one currency");
    json!({ "status": status.as_str() })
}

fn cash_status(fields: &Fields<'_>) -> Value {
    let position = CashPosition {
        posted_invoices: u32::try_from(fields.integer("posted_documents")).expect("a count"),
        open: fields.money("open"),
        collected: fields.money("collected"),
        any_open_invoice_overdue: fields.flag("any_open_invoice_overdue"),
        unapplied_cash_tied: fields.money("unapplied_cash_tied"),
    };
    json!({ "status": status::cash_status(&position).as_str() })
}

fn verdict(fields: &Fields<'_>) -> Value {
    let reasons = fields.list("accepted_reason_amounts");
    let accepted: Vec<Money> = reasons.iter().map(|amount| money_of(amount, eur())).collect();
    let input = VerdictInput {
        complete: fields.flag("complete"),
        variance: fields.money("variance"),
        base: fields.money("base"),
        accepted: &accepted,
        zero_tolerance: fields.flag("zero_tolerance"),
    };
    let limits = limits_of(&fields.object("limits"), eur());
    json!({ "verdict": verdict_of(&input, &in_eur(&limits)).expect("one currency").as_str() })
}

fn aggregation(fields: &Fields<'_>) -> Value {
    let mut variances = Vec::new();
    for pair in fields.list("sub_limit_variances") {
        let times = usize::try_from(pair[1].as_u64().expect("a count")).expect("a count");
        variances.extend(vec![money_of(&pair[0], eur()); times]);
    }
    let sums = aggregate(variances, fields.money("period_materiality")).expect("one currency");
    json!({
        "count": sums.count,
        "net_sum": text(sums.net_sum),
        "absolute_sum": text(sums.absolute_sum),
        "alert": sums.alert,
    })
}

fn deal_figures(fields: &Fields<'_>) -> Value {
    let mut invoices = Vec::new();
    let mut credited_net = Money::zero(eur());
    for invoice in fields.objects("invoices") {
        let amounts = InvoiceAmounts {
            net: invoice.money("net"),
            total: invoice.money("total"),
            cash: invoice.money("cash"),
            credits: invoice.money("credits"),
            adjustments: invoice.money("adjustments"),
        };
        credited_net = credited_net.checked_add(invoice.money("credit_net")).expect("a sum");
        invoices.push(DealInvoice::whole(&amounts, invoice.date("due")).expect("an invoice"));
    }
    let position = DealPosition {
        contract: fields.money("contract"),
        expected: fields.money("expected"),
        invoices: &invoices,
        credited_net,
    };
    let limits = limits_of(&fields.object("limits"), eur());
    let as_of = fields.date("as_of");
    let figures = tieout_domain::figures::deal_figures(&position, as_of, &in_eur(&limits));
    let figures = figures.expect("one currency");
    assert_eq!(figures.cross_foots(), Ok(true));
    json!({
        "invoiced_net": text(figures.invoiced),
        "credited_net": text(figures.credited),
        "billed_net": text(figures.billed),
        "variance": text(figures.variance),
        "not_due_net": text(figures.not_due),
        "not_invoiced_net": text(figures.not_invoiced),
        "open_not_due": text(figures.open_not_due),
        "part_paid_remainder": text(figures.part_paid_remainder),
        "overdue": text(figures.overdue),
        "open": text(figures.open),
        "open_net": text(figures.open_net),
        "settled_net": text(figures.settled_net),
        "unpaid_closed_won_net": text(figures.unpaid_net),
    })
}

fn shared_invoice(fields: &Fields<'_>) -> Value {
    assert_eq!(fields.integer("digits"), 2);
    let invoice = InvoiceAmounts {
        net: fields.money("net"),
        total: fields.money("total"),
        cash: fields.money("cash"),
        credits: fields.money("credits"),
        adjustments: fields.money_or_zero("adjustments"),
    };
    let allocation = |pair: &Value| Allocation {
        deal: DealId::new(pair[0].as_str().expect("an id")).expect("an id"),
        net: money_of(&pair[1], eur()),
    };
    let allocations: Vec<Allocation> =
        fields.list("allocated_net").iter().map(allocation).collect();
    let shares = share_invoice(&invoice, &allocations).expect("shares");
    let row = |share: &tieout_domain::shares::InvoiceShare| {
        json!({
            "deal": share.deal.as_ref().map_or("unallocated", |deal| deal.as_str()),
            "total": text(share.amounts.total),
            "cash": text(share.amounts.cash),
            "credits": text(share.amounts.credits),
            "open": text(share.open),
        })
    };
    json!({ "rows": shares.iter().map(row).collect::<Vec<_>>() })
}

fn invoices_of(fields: &Fields<'_>) -> Vec<OpenInvoice> {
    let invoice = |it: Fields<'_>| OpenInvoice {
        id: DocumentId::new(it.text("id")).expect("an id"),
        due_on: it.date("due"),
        open: it.money("open"),
    };
    fields.objects("invoices").into_iter().map(invoice).collect()
}

fn unapplied_of(fields: &Fields<'_>) -> Vec<Unapplied> {
    let item = |it: Fields<'_>| {
        it.text("id");
        Unapplied {
            kind: match it.text("kind") {
                "credit" => UnappliedKind::Credit,
                "cash" => UnappliedKind::Cash,
                other => panic!("unknown kind {other}"),
            },
            effective_on: it.date("date"),
            amount: it.money("unapplied"),
        }
    };
    fields.objects("credits_and_cash").into_iter().map(item).collect()
}

fn aging_policy(fields: &Fields<'_>) -> Value {
    let policy = match fields.text("policy") {
        "separate" => CreditPolicy::Separate,
        "by_own_date" => CreditPolicy::ByOwnDate,
        "fifo" => CreditPolicy::Fifo,
        other => panic!("unknown policy {other}"),
    };
    let (invoices, unapplied) = (invoices_of(fields), unapplied_of(fields));
    let aging = age(fields.date("as_of"), eur(), &invoices, &unapplied, policy);
    let aging = aging.expect("one currency");
    let bucket = |bucket: Bucket| (bucket.as_str().to_owned(), text(aging.bucket(bucket)));
    json!({
        "buckets": Bucket::ALL.into_iter().map(bucket).collect::<serde_json::Map<_, _>>(),
        "unapplied": text(aging.unapplied()),
        "total": text(aging.total().expect("a sum")),
    })
}

fn account_rollup(fields: &Fields<'_>) -> Value {
    let (invoices, unapplied) = (invoices_of(fields), unapplied_of(fields));
    let rollup = rollup::account_rollup(fields.date("as_of"), eur(), &invoices, &unapplied);
    let rollup = rollup.expect("one currency");
    json!({
        "ar_balance": text(rollup.ar_balance),
        "overdue_amount": text(rollup.overdue_amount),
        "overdue_count": rollup.overdue_count,
        "due_not_overdue": text(rollup.due_not_overdue),
        "oldest_due_date": rollup.oldest_due_date.map(|date| date.to_string()),
        "max_days_overdue": rollup.max_days_overdue,
        "unapplied_credits": text(rollup.unapplied_credits),
        "unapplied_cash": text(rollup.unapplied_cash),
    })
}

fn average_days_late(fields: &Fields<'_>) -> Value {
    let application = |it: Fields<'_>| CashApplication {
        amount: it.money("amount"),
        due_on: it.date("due"),
        applied_on: it.date("applied_on"),
    };
    let applications: Vec<CashApplication> =
        fields.objects("applications").into_iter().map(application).collect();
    let average = rollup::average_days_late(fields.date("as_of"), eur(), &applications);
    json!({ "average_days_late": average.expect("one currency").map(|days| days.to_string()) })
}

fn months_back(fields: &Fields<'_>) -> Value {
    let months = u32::try_from(fields.integer("months")).expect("months");
    let date: Date = date_months_back(fields.date("date"), months).expect("a date");
    json!({ "date": date.to_string() })
}

fn fx(fields: &Fields<'_>) -> Value {
    let digits = fields.integer("functional_digits");
    let functional = currency(if digits == 2 { "USD" } else { "JPY" });
    assert_eq!(i64::from(functional.digits()), digits);
    let rate =
        |it: &Fields<'_>, key| Rate::new(eur(), functional, it.decimal(key)).expect("a rate");
    let payment = |it: Fields<'_>| ForeignPayment {
        applied: it.money("amount"),
        settlement: rate(&it, "rate"),
    };
    let payments: Vec<ForeignPayment> =
        fields.objects("payments").into_iter().map(payment).collect();
    let (total, booked) = (fields.money("document_total"), rate(fields, "booked_rate"));
    let closing = rate(fields, "closing_rate");
    let held = remeasure(total, booked, &payments, Some(closing)).expect("gains");
    let settled = |it: &tieout_domain::fx::SettledPayment| {
        json!({
            "cash": text(it.cash),
            "relieved": text(it.relieved),
            "realised": text(it.realised),
        })
    };
    json!({
        "booked": text(held.booked),
        "payments": held.payments.iter().map(settled).collect::<Vec<_>>(),
        "open": text(held.open),
        "carrying_before": text(held.carrying_before),
        "closing": held.closing.map(text),
        "unrealised": held.unrealised.map(text),
        "realised_total": text(held.realised_total),
    })
}

fn ratio(fields: &Fields<'_>) -> Value {
    let days = || u32::try_from(fields.integer("days")).expect("days");
    let sales = fields.money("credit_sales");
    let name = fields.case_name().split(',').next().expect("a name");
    let value = match name {
        "dso_simple" => ratios::dso_simple(fields.money("ending_ar"), sales, days()),
        "best_possible_dso" => ratios::dso_simple(fields.money("not_overdue_ar"), sales, days()),
        "average_days_delinquent" => ratios::average_days_delinquent(
            fields.money("ending_ar"),
            fields.money("not_overdue_ar"),
            sales,
            days(),
        ),
        "collection_effectiveness" => ratios::collection_effectiveness(&Collection {
            beginning: fields.money("beginning_ar"),
            credit_sales: sales,
            ending: fields.money("ending_ar"),
            ending_not_overdue: fields.money("ending_not_overdue"),
        }),
        other => panic!("unknown ratio {other}"),
    };
    json!({ "value": value.expect("one currency").map(|value| value.to_string()) })
}

fn dso_count_back(fields: &Fields<'_>) -> Value {
    let month = |it: Fields<'_>| SalesMonth {
        credit_sales: it.money("credit_sales"),
        days: u32::try_from(it.integer("days")).expect("days"),
    };
    let months: Vec<SalesMonth> =
        fields.objects("months_newest_first").into_iter().map(month).collect();
    match ratios::dso_count_back(fields.money("ending_ar"), &months).expect("one currency") {
        CountBack::Days(days) => json!({ "days": days.to_string(), "complete": true }),
        CountBack::MoreThan(_) => json!({ "days": null, "complete": false }),
    }
}

fn lag(fields: &Fields<'_>) -> Value {
    let days: Vec<i64> =
        fields.list("days").iter().map(|days| days.as_i64().expect("days")).collect();
    let lag = ratios::lag(&days).expect("a decimal").expect("some days");
    json!({ "median": lag.median.to_string(), "p90": lag.percentile_90 })
}

fn roll_forward(fields: &Fields<'_>) -> Value {
    let lines = RollForward {
        opening: fields.money("opening"),
        invoices: fields.money("invoices"),
        credits: fields.money("credits"),
        cash: fields.money("cash"),
        write_offs: fields.money("write_offs"),
        refunds: fields.money("refunds"),
        fx: fields.money("fx"),
    };
    json!({ "closing": text(lines.closing().expect("one currency")) })
}

fn bridge(fields: &Fields<'_>) -> Value {
    let closing = if fields.has("deals") {
        let item = |it: Fields<'_>| BacklogItem {
            contract: it.money("contract"),
            billed: it.money("billed"),
        };
        closing_backlog(eur(), fields.objects("deals").into_iter().map(item))
    } else {
        let lines = Bridge {
            opening: fields.money("opening"),
            new_won: fields.money("new_won"),
            increases: fields.money("increases"),
            billed: fields.money("billed_net"),
            reductions: fields.money("reductions"),
            scope_in: fields.money("scope_in"),
            scope_out: fields.money("scope_out"),
        };
        lines.closing()
    };
    json!({ "closing": text(closing.expect("one currency")) })
}

/// The hash itself is made outside the domain; its text and the key's form are made here.
fn transaction_key(fields: &Fields<'_>) -> Value {
    let intent = Intent {
        org: CrmOrgId::new(fields.text("crm_org")).expect("an id"),
        ledger: LedgerId::new(fields.text("ledger")).expect("an id"),
        deal: DealId::new(fields.text("opportunity")).expect("an id"),
        kind: match fields.text("kind") {
            "invoice" => DocumentKind::Invoice,
            "credit_memo" => DocumentKind::CreditMemo,
            other => panic!("unknown kind {other}"),
        },
        sequence: u32::try_from(fields.integer("sequence")).expect("a sequence"),
    };
    let digest = Sha256::digest(intent.canonical_text().as_bytes());
    let base32 = data_encoding::BASE32_NOPAD.encode(&digest[..10]);
    json!({ "key": TransactionKey::from_digest(&base32).expect("a key").as_str() })
}

fn salesforce_id(fields: &Fields<'_>) -> Value {
    json!({ "id18": salesforce_id_18(fields.text("id15")).expect("an id") })
}

fn task_stage(fields: &Fields<'_>) -> Value {
    let stage = |stage: &Value| u32::try_from(stage.as_u64().expect("days")).expect("days");
    let stages: Vec<u32> = fields.list("stages").iter().map(stage).collect();
    json!({ "stage": stage_reached(fields.integer("days_past_due"), &stages) })
}

fn canonical_status(fields: &Fields<'_>) -> Value {
    let word = match (fields.flag("void"), fields.flag("draft")) {
        (true, _) => PlatformWord::Void,
        (false, true) => PlatformWord::Draft,
        (false, false) => PlatformWord::Posted,
    };
    let canonical = document_status(word, fields.money("total"), fields.money("balance"));
    let word = match canonical.expect("one currency").status {
        DocumentStatus::Draft => "draft",
        DocumentStatus::Open => "open",
        DocumentStatus::PartPaid => "part_paid",
        DocumentStatus::Paid => "paid",
        DocumentStatus::Void => "void",
        DocumentStatus::Deleted => "deleted",
        DocumentStatus::Unknown => "unknown",
    };
    json!({ "status": word })
}

fn after_not_found(fields: &Fields<'_>) -> Value {
    let secs = |key| u32::try_from(fields.integer(key)).expect("seconds");
    let replay = match fields.text("class") {
        "NativeKey" => Replay::NativeKey { ttl_secs: secs("ttl_secs") },
        "UniqueExternalId" => Replay::UniqueExternalId,
        "MarkerSearch" => Replay::MarkerSearch { visible_after_secs: secs("visible_after_secs") },
        other => panic!("unknown class {other}"),
    };
    let age_secs = u64::from(secs("seconds_since_first_send"));
    let answers = secs("counted_empty_answers");
    let action = match tieout_domain::effect::after_not_found(replay, age_secs, answers) {
        After::SendAgainSameKey => "send_again_same_key",
        After::Wait => "wait",
        After::AskAPerson => "ask_a_person",
    };
    json!({ "action": action })
}
