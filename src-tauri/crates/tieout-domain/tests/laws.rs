//! Laws of the domain, over random companies.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use rust_decimal::Decimal;

use tieout_domain::aging::{
    Bucket, CreditPolicy, OpenInvoice, Unapplied, UnappliedKind, age, days_past_due,
};
use tieout_domain::allocate::allocate;
use tieout_domain::amount::read_amount;
use tieout_domain::figures::{DealInvoice, DealPosition, InvoiceAmounts, deal_figures};
use tieout_domain::fx::{ForeignPayment, Rate, remeasure};
use tieout_domain::ids::{DealId, DocumentId};
use tieout_domain::limits::{LimitPolicy, LimitTest, Limits, aggregate};
use tieout_domain::open::{Settlement, balance_as_of};
use tieout_domain::rounding::{prorate, round_half_up};
use tieout_domain::schedule::{ScheduleItem, expected_to_date};
use tieout_domain::shares::{Allocation, share_invoice};
use tieout_domain::status::{BillingPosition, BillingStatus, billing_status};
use tieout_domain::tieouts::RollForward;
use tieout_domain::verdict::{Verdict, VerdictInput, verdict};
use tieout_domain::{Currency, Money, MoneyError};

const AS_OF: Date = date(2026, 6, 30);

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency")
}

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, currency("EUR"))
}

fn total_of(amounts: impl IntoIterator<Item = Money>) -> Money {
    Money::sum(currency("EUR"), amounts).expect("a sum in EUR")
}

fn any_currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec!["EUR", "USD", "GBP", "JPY", "KWD", "CLF", "XOF"]).prop_map(currency)
}

fn two_currencies() -> impl Strategy<Value = (Currency, Currency)> {
    (any_currency(), any_currency()).prop_filter("two different ones", |(a, b)| a != b)
}

/// Within two years of the as-of date, either side.
fn any_date() -> impl Strategy<Value = Date> {
    (-730_i64..730).prop_map(|days| AS_OF.saturating_add(days.days()))
}

fn any_weight() -> impl Strategy<Value = Decimal> {
    (0_i64..1_000_000, 0_u32..9).prop_map(|(digits, scale)| Decimal::new(digits, scale))
}

/// A total and what is applied to it: cash, credits and adjustments never exceed the total.
fn any_invoice() -> impl Strategy<Value = InvoiceAmounts> {
    let parts = (0_i64..50_000_000, 0_i64..30_000_000, 0..=100_i64, 0..=100_i64, 0..=100_i64);
    parts.prop_map(|(net, tax, cash, credits, adjustments)| {
        let total = net + tax;
        let cash = total * cash / 100;
        let credits = (total - cash) * credits / 100;
        let adjustments = (total - cash - credits) * adjustments / 100;
        InvoiceAmounts {
            net: eur(net),
            total: eur(total),
            cash: eur(cash),
            credits: eur(credits),
            adjustments: eur(adjustments),
        }
    })
}

fn any_limits() -> impl Strategy<Value = Limits> {
    let policy = prop::sample::select(vec![LimitPolicy::Both, LimitPolicy::Either]);
    (0_i64..100_000, 0_i64..200, policy, 0_u32..10).prop_map(
        |(absolute, permille, policy, rounding)| {
            Limits::new(eur(absolute), Decimal::new(permille, 3), policy, rounding)
                .expect("limits of zero or more")
        },
    )
}

fn in_eur(limits: &Limits) -> LimitTest<'_> {
    LimitTest { limits, rate: Some(Rate::one(currency("EUR"))) }
}

proptest! {
    #[test]
    fn parts_sum_to_the_whole(
        minor in any::<i64>(), weights in prop::collection::vec(any_weight(), 1..12),
    ) {
        let parts = allocate(eur(minor), &weights).expect("parts");
        prop_assert_eq!(parts.len(), weights.len());
        let sum: i128 = parts.iter().map(|part| i128::from(part.minor())).sum();
        prop_assert_eq!(sum, i128::from(minor));
    }

    #[test]
    fn a_negative_whole_is_shared_like_the_positive_one(
        minor in 0..i64::MAX, weights in prop::collection::vec(any_weight(), 1..12),
    ) {
        let parts = allocate(eur(minor), &weights).expect("parts");
        let mirrored = allocate(eur(-minor), &weights).expect("parts");
        for (part, mirror) in parts.into_iter().zip(mirrored) {
            prop_assert_eq!(part.negated(), Ok(mirror));
        }
    }

    /// Only a tie of remainders looks at the position, and a tie moves one minor unit.
    #[test]
    fn the_order_of_weights_matters_to_ties_alone(
        minor in 0..1_000_000_000_i64, weights in prop::collection::vec(0..1_000_i64, 1..12),
    ) {
        let reversed: Vec<i64> = weights.iter().rev().copied().collect();
        let share = |weights: &[i64]| {
            let weights: Vec<Decimal> = weights.iter().map(|w| Decimal::from(*w)).collect();
            allocate(eur(minor), &weights).expect("parts")
        };
        let (parts, mut turned) = (share(&weights), share(&reversed));
        turned.reverse();
        let whole: i64 = weights.iter().sum();
        let rest = |weight: &i64| if whole == 0 { 0 } else { minor * weight % whole };
        let mut rests: Vec<i64> = weights.iter().map(rest).collect();
        rests.sort_unstable();
        let tied = rests.windows(2).any(|pair| pair[0] == pair[1]);
        for (part, other) in parts.iter().zip(&turned) {
            prop_assert!(part.minor().abs_diff(other.minor()) <= u64::from(tied));
        }
    }

    #[test]
    fn a_part_is_within_one_unit_of_its_exact_share(
        minor in 0..1_000_000_000_i64, weights in prop::collection::vec(1..1_000_i64, 1..12),
    ) {
        let decimals: Vec<Decimal> = weights.iter().map(|w| Decimal::from(*w)).collect();
        let whole: i64 = weights.iter().sum();
        for (part, weight) in allocate(eur(minor), &decimals).expect("parts").iter().zip(&weights) {
            let floor = minor * weight / whole;
            prop_assert!(part.minor() == floor || part.minor() == floor + 1);
        }
    }

    #[test]
    fn rounding_goes_to_the_nearest_and_away_from_zero(
        digits in -1_000_000_000_i64..1_000_000_000, scale in 0_u32..8, to in 0_u32..5,
    ) {
        let value = Decimal::new(digits, scale);
        let rounded = round_half_up(value, to).expect("a decimal");
        prop_assert_eq!(rounded.scale(), to);
        let twice_off = (rounded - value).abs() * Decimal::TWO;
        let unit = Decimal::new(1, to);
        prop_assert!(twice_off < unit || twice_off == unit && rounded.abs() > value.abs());
        prop_assert_eq!(round_half_up(-value, to).expect("a decimal"), -rounded);
    }

    #[test]
    fn a_printed_amount_reads_back_as_itself(minor in any::<i64>(), currency in any_currency()) {
        let amount = Money::from_minor(minor, currency);
        prop_assert_eq!(read_amount(&amount.to_plain(), currency), Ok(amount));
        prop_assert_eq!(read_amount(&format!("{}e0", amount.to_plain()), currency), Ok(amount));
    }

    #[test]
    fn no_two_currencies_ever_add(
        (a, b) in two_currencies(), x in any::<i32>(), y in any::<i32>(),
    ) {
        let (one, other) = (Money::from_minor(x.into(), a), Money::from_minor(y.into(), b));
        let mixed = Err(MoneyError::CurrencyMismatch(a, b));
        prop_assert_eq!(one.checked_add(other), mixed.clone());
        prop_assert_eq!(one.checked_sub(other), mixed.clone());
        prop_assert_eq!(Money::sum(a, [one, other]), mixed.clone());
        prop_assert!(one.compare(other).is_err());
        prop_assert!(prorate(one, one, other).is_err());
        prop_assert!(prorate(one, other, one).is_err());
        prop_assert!(Rate::one(a).translate(other).is_err());
        prop_assert!(aggregate([other], one).is_err());
        let settlement =
            Settlement { amount: other, applied_on: AS_OF, counterpart_effective_on: AS_OF };
        prop_assert!(balance_as_of(one, AS_OF, &[settlement], AS_OF).is_err());
        let items = [one, other].map(|amount| ScheduleItem { due_on: AS_OF, amount });
        prop_assert!(expected_to_date(Some(one), &items, AS_OF).is_err());
    }

    #[test]
    fn a_report_refuses_a_second_currency_wherever_it_stands(
        (a, b) in two_currencies(), place in 0_usize..7, minor in any::<i32>(),
    ) {
        let one = Money::from_minor(minor.into(), a);
        let mut lines = [one; 7];
        lines[place] = Money::from_minor(minor.into(), b);
        let [opening, invoices, credits, cash, write_offs, refunds, fx] = lines;
        let closing =
            RollForward { opening, invoices, credits, cash, write_offs, refunds, fx }.closing();
        prop_assert!(closing.is_err());
        let unapplied =
            Unapplied { kind: UnappliedKind::Cash, effective_on: AS_OF, amount: lines[place] };
        for policy in [CreditPolicy::Separate, CreditPolicy::ByOwnDate, CreditPolicy::Fifo] {
            prop_assert!(age(AS_OF, a, &[], &[unapplied], policy).is_err());
        }
    }

    #[test]
    fn buckets_and_unapplied_sum_to_the_same_total_under_every_policy(
        invoices in prop::collection::vec((any_date(), -1_000..1_000_000_i64), 0..20),
        unapplied in prop::collection::vec((any_date(), 0..1_000_000_i64, any::<bool>()), 0..10),
    ) {
        let invoice = |(position, (due_on, minor)): (usize, &(Date, i64))| OpenInvoice {
            id: DocumentId::new(&format!("I{position}")).expect("an id"),
            due_on: *due_on,
            open: eur(*minor),
        };
        let invoices: Vec<OpenInvoice> = invoices.iter().enumerate().map(invoice).collect();
        let item = |(effective_on, minor, cash): &(Date, i64, bool)| Unapplied {
            kind: if *cash { UnappliedKind::Cash } else { UnappliedKind::Credit },
            effective_on: *effective_on,
            amount: eur(*minor),
        };
        let unapplied: Vec<Unapplied> = unapplied.iter().map(item).collect();
        let owed = total_of(invoices.iter().map(|it| it.open));
        let total = owed.checked_sub(total_of(unapplied.iter().map(|it| it.amount)));
        for policy in [CreditPolicy::Separate, CreditPolicy::ByOwnDate, CreditPolicy::Fifo] {
            let aging = age(AS_OF, currency("EUR"), &invoices, &unapplied, policy).expect("a row");
            let buckets = total_of(Bucket::ALL.map(|bucket| aging.bucket(bucket)));
            prop_assert_eq!(buckets.checked_add(aging.unapplied()), total.clone());
            prop_assert_eq!(aging.total(), total.clone());
            prop_assert!(!aging.unapplied().is_positive());
        }
    }

    #[test]
    fn an_older_due_date_is_never_in_a_younger_bucket(a in any_date(), b in any_date()) {
        let bucket = |due| Bucket::of(days_past_due(AS_OF, due));
        prop_assert!(bucket(a.min(b)) >= bucket(a.max(b)));
        prop_assert_eq!(bucket(a) == Bucket::Current, a >= AS_OF);
    }

    #[test]
    fn one_more_application_never_raises_what_is_open(
        total in 0..1_000_000_i64,
        effective_on in any_date(),
        applied in prop::collection::vec((0..1_000_000_i64, any_date(), any_date()), 1..8),
        (one_day, other_day) in (any_date(), any_date()),
    ) {
        let settlement = |(minor, applied_on, counterpart): &(i64, Date, Date)| Settlement {
            amount: eur(*minor),
            applied_on: *applied_on,
            counterpart_effective_on: *counterpart,
        };
        let settlements: Vec<Settlement> = applied.iter().map(settlement).collect();
        let open = |count: usize, as_of| {
            balance_as_of(eur(total), effective_on, &settlements[..count], as_of)
                .expect("one currency")
                .map(Money::minor)
        };
        let (early, late) = (one_day.min(other_day), one_day.max(other_day));
        for count in 1..=settlements.len() {
            prop_assert_eq!(open(count, late).is_some(), effective_on <= late);
            prop_assert!(open(count, late) <= open(count - 1, late));
        }
        if let Some(before) = open(settlements.len(), early) {
            prop_assert!(open(settlements.len(), late).is_some_and(|after| after <= before));
        }
    }

    #[test]
    fn an_application_moves_both_its_sides_on_one_day(
        applied_on in any_date(), invoice_on in any_date(), payment_on in any_date(),
    ) {
        let seen = |counterpart_effective_on| Settlement {
            amount: eur(1),
            applied_on,
            counterpart_effective_on,
        };
        let invoice_moves = seen(payment_on).takes_effect_on(invoice_on);
        prop_assert_eq!(invoice_moves, seen(invoice_on).takes_effect_on(payment_on));
        prop_assert_eq!(invoice_moves, applied_on.max(invoice_on).max(payment_on));
    }

    #[test]
    fn a_deal_foots_from_booking_to_cash(
        contract in -100_000_000..100_000_000_i64,
        expected in 0..=120_i64,
        invoices in prop::collection::vec((any_invoice(), any_date()), 0..6),
        credited in 0..1_000_000_i64,
        limits in any_limits(),
    ) {
        let sign = if contract < 0 { -1 } else { 1 };
        let signed = |amount: Money| eur(amount.minor() * sign);
        let mirrored = |(amounts, due_on): &(InvoiceAmounts, Date)| {
            let amounts = InvoiceAmounts {
                net: signed(amounts.net),
                total: signed(amounts.total),
                cash: signed(amounts.cash),
                credits: signed(amounts.credits),
                adjustments: signed(amounts.adjustments),
            };
            DealInvoice::whole(&amounts, *due_on).expect("an invoice")
        };
        let invoices: Vec<DealInvoice> = invoices.iter().map(mirrored).collect();
        let position = DealPosition {
            contract: eur(contract),
            expected: eur(contract * expected / 100),
            invoices: &invoices,
            credited_net: eur(credited * sign),
        };
        let figures = deal_figures(&position, AS_OF, &in_eur(&limits)).expect("figures");
        prop_assert_eq!(figures.cross_foots(), Ok(true));
        let across = [
            figures.contract.checked_sub(figures.expected),
            figures.expected.checked_sub(figures.invoiced),
            Ok(figures.credited),
            Ok(figures.open_net),
            Ok(figures.settled_net),
        ];
        prop_assert_eq!(total_of(across.map(|part| part.expect("a part"))), eur(contract));
        let open = total_of(invoices.iter().map(|invoice| invoice.open().expect("open")));
        prop_assert_eq!(figures.open, open);
        prop_assert_eq!(total_of([figures.variance, figures.backlog]), figures.not_due);
    }

    #[test]
    fn every_column_of_a_shared_invoice_foots(
        invoice in any_invoice(),
        claims in prop::collection::vec(1..1_000_i64, 0..8),
        claimed in 0..=100_i64,
    ) {
        let claimed = eur(invoice.net.minor() * claimed / 100);
        let weights: Vec<Decimal> = claims.iter().map(|claim| Decimal::from(*claim)).collect();
        let nets = if weights.is_empty() { Vec::new() } else {
            allocate(claimed, &weights).expect("parts")
        };
        let allocation = |(position, net): (usize, &Money)| Allocation {
            deal: DealId::new(&format!("D{}", 9 - position)).expect("an id"),
            net: *net,
        };
        let allocations: Vec<Allocation> = nets.iter().enumerate().map(allocation).collect();
        let shares = share_invoice(&invoice, &allocations).expect("shares");
        for pair in shares.windows(2) {
            prop_assert!(pair[1].deal.is_none() || pair[0].deal < pair[1].deal);
        }
        prop_assert_eq!(total_of(shares.iter().map(|it| it.amounts.net)), invoice.net);
        prop_assert_eq!(total_of(shares.iter().map(|it| it.amounts.total)), invoice.total);
        prop_assert_eq!(total_of(shares.iter().map(|it| it.amounts.cash)), invoice.cash);
        prop_assert_eq!(total_of(shares.iter().map(|it| it.open)), invoice.open().expect("open"));
        let open_net = total_of(shares.iter().map(|it| it.open_net));
        prop_assert_eq!(open_net, invoice.open_net().expect("open net"));
    }

    /// The conditions of `finance-domain §8 V7`, each without "first match wins".
    #[test]
    fn a_group_has_exactly_one_verdict(
        complete in any::<bool>(),
        has_rate in any::<bool>(),
        zero_tolerance in any::<bool>(),
        variance in -300..300_i64,
        base in 0..10_000_i64,
        limits in any_limits(),
        split in prop::option::of(-300..300_i64),
        exact in any::<bool>(),
    ) {
        let accepted: Vec<Money> = match (split, exact) {
            (None, _) => Vec::new(),
            (Some(part), true) => vec![eur(part), eur(variance - part)],
            (Some(part), false) => vec![eur(part)],
        };
        let rate = has_rate.then(|| Rate::one(currency("EUR")));
        let test = LimitTest { limits: &limits, rate };
        let input = VerdictInput {
            complete,
            variance: eur(variance),
            base: eur(base),
            accepted: &accepted,
            zero_tolerance,
        };
        let flagged = test.exceeds(eur(variance), eur(base)).expect("one currency");
        let certain = complete && has_rate;
        let sum: i64 = accepted.iter().map(|amount| amount.minor()).sum();
        let reasoned = !accepted.is_empty() && sum == variance;
        let needs_reason = zero_tolerance || flagged;
        let holds = [
            (Verdict::Uncertain, !certain),
            (Verdict::Matched, certain && !zero_tolerance && variance == 0),
            (
                Verdict::MatchedInTolerance,
                certain && !zero_tolerance && variance != 0 && !flagged,
            ),
            (Verdict::Explained, certain && needs_reason && reasoned),
            (Verdict::Unexplained, certain && needs_reason && !reasoned),
        ];
        let holding: Vec<Verdict> =
            holds.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| name).collect();
        prop_assert_eq!(holding, vec![verdict(&input, &test).expect("one currency")]);
    }

    #[test]
    fn a_larger_difference_is_flagged_when_a_smaller_one_is(
        a in -100_000..100_000_i64, b in -100_000..100_000_i64, base in -100_000..100_000_i64,
        limits in any_limits(),
    ) {
        let (small, large) = if a.abs() <= b.abs() { (a, b) } else { (b, a) };
        let flagged = |x| in_eur(&limits).exceeds(eur(x), eur(base)).expect("one currency");
        prop_assert!(!flagged(small) || flagged(large));
        prop_assert_eq!(flagged(a), flagged(-a));
    }

    #[test]
    fn what_both_limits_flag_either_flags(
        x in -100_000..100_000_i64, base in -100_000..100_000_i64, absolute in 0..10_000_i64,
        permille in 0..100_i64,
    ) {
        let flagged = |policy| {
            let limits = Limits::new(eur(absolute), Decimal::new(permille, 3), policy, 5);
            in_eur(&limits.expect("limits")).exceeds(eur(x), eur(base)).expect("one currency")
        };
        prop_assert!(!flagged(LimitPolicy::Both) || flagged(LimitPolicy::Either));
    }

    #[test]
    fn a_mirrored_deal_has_the_same_billing_status(
        contract in 1..1_000_i64, expected in 0..1_200_i64, invoiced in 0..1_200_i64,
        billed in -100..1_200_i64, posted in 0..3_u32, drafts in 0..2_u32, limits in any_limits(),
    ) {
        let status = |sign: i64| -> BillingStatus {
            let position = BillingPosition {
                contract: Some(eur(contract * sign)),
                expected: Some(eur(expected * sign)),
                invoiced: eur(invoiced * sign),
                billed: eur(billed * sign),
                posted,
                drafts,
                excluded: false,
                in_flight: false,
                gate_failing: false,
            };
            billing_status(&position, &in_eur(&limits)).expect("one currency")
        };
        prop_assert_eq!(status(1), status(-1));
    }

    #[test]
    fn a_foreign_receivable_rolls_forward_to_the_cent(
        total in 1..10_000_000_i64,
        booked in 1..3_000_000_i64,
        payments in prop::collection::vec((0..=100_i64, 1..3_000_000_i64), 0..6),
        clears in any::<bool>(),
        closing in 1..3_000_000_i64,
    ) {
        let rate = |millionths: i64| {
            let value = Decimal::new(millionths, 6);
            Rate::new(currency("EUR"), currency("USD"), value).expect("a rate")
        };
        let mut left = total;
        let mut applied = Vec::new();
        for (position, (percent, settlement)) in payments.iter().enumerate() {
            let last = position + 1 == payments.len();
            let part = if last && clears { left } else { left * percent / 100 };
            left -= part;
            applied.push(ForeignPayment { applied: eur(part), settlement: rate(*settlement) });
        }
        let held = remeasure(eur(total), rate(booked), &applied, Some(rate(closing)));
        let held = held.expect("gains");
        let relieved: i64 = held.payments.iter().map(|it| it.relieved.minor()).sum();
        let cash: i64 = held.payments.iter().map(|it| it.cash.minor()).sum();
        let unrealised = held.unrealised.expect("a rate").minor();
        let closing = held.closing.expect("a rate").minor();
        prop_assert_eq!(held.booked.minor() - relieved + unrealised, closing);
        prop_assert_eq!(cash - relieved, held.realised_total.minor());
        prop_assert_eq!(held.open, eur(left));
        if left == 0 && !applied.is_empty() {
            prop_assert_eq!((held.carrying_before.minor(), closing, unrealised), (0, 0, 0));
        }
    }
}
