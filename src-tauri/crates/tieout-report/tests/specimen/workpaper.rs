//! The sample company's workpaper for June.

use TickMark::*;
use tieout_report::*;

use super::{money, proved, total, usd};

fn zoned(text: &str) -> jiff::Zoned {
    text.parse().expect("the specimen is legal")
}

pub fn workpaper() -> Report {
    Report {
        id: "WP-2026-06-US".to_owned(),
        title: "Receivables workpaper".to_owned(),
        subtitle: String::new(),
        entity: "AQ-US".to_owned(),
        legal_name: "Alder Quay Instruments, Inc.".to_owned(),
        period: "June 2026".to_owned(),
        as_of: jiff::civil::date(2026, 6, 30),
        known_at: zoned("2026-07-06T09:42:00-07:00[America/Los_Angeles]"),
        currency: "USD".to_owned(),
        basis: vec![
            Fact::new("Books", "QuickBooks Online, 9130 3571 2046"),
            Fact::new("CRM", "Salesforce, org 00D5g 00000 7kQ2"),
            Fact::new("Basis", "Net of tax; due date; credits kept apart"),
            Fact::new("Limits", "250.00 or 0.5%; materiality 15,000.00"),
        ],
        status: "Version 3, draft".to_owned(),
        conclusion: conclusion(),
        sign_off: Some(sign_off()),
        sections: vec![
            tie_outs(),
            results(),
            items(),
            by_reason(),
            within_limit(),
            roll_forward(),
            bridge(),
            aging(),
        ],
        parameters: parameters(),
        definitions: vec![
            Fact::new("NOT_INVOICED", "Won, due, nothing billed."),
            Fact::new(
                "DIRECT_JOURNAL",
                "Journal posted to the control account with no customer document.",
            ),
        ],
        run_id: "4,182".to_owned(),
        product_version: "1.0.0".to_owned(),
        generated_at: zoned("2026-07-06T09:44:00-07:00[America/Los_Angeles]"),
        content_hash: "9b1e44c70d52a1f86c3307be91d45a209b1e44c70d52a1f86c3307be91d45a20".to_owned(),
        negatives: Negatives::Brackets,
    }
}

fn conclusion() -> Prose {
    Prose::new()
        .say("Receivables are ")
        .figure("697,803.36")
        .say(" in the sub-ledger and ")
        .figure("699,053.36")
        .say(" in control account 1200. The difference of ")
        .figure("1,250.00")
        .say(" is explained by one journal; ")
        .figure("0.00")
        .say(
            " is unexplained. Five of five tie-outs hold. Of 37 deals compared, 27 agree or \
             differ within the limit, 8 are explained, 1 has no reason yet (350.00) and 1 is \
             uncertain (128,900.00).",
        )
}

fn sign_off() -> SignOff {
    let line = |version: &str, role: &str, signed, state: &str| Signature {
        version: version.to_owned(),
        role: role.to_owned(),
        signed,
        state: state.to_owned(),
        comment: String::new(),
    };
    let signed = |by: &str, at: &str, proved_by: &str| {
        Some(Signed { by: by.into(), at: zoned(at), proved_by: proved_by.into() })
    };
    let controller = signed(
        "Priya Raman, Controller",
        "2026-07-02T17:40:00-07:00[America/Los_Angeles]",
        "passphrase, key 4f a1 09",
    );
    let officer = signed(
        "Tom Aldous, CFO",
        "2026-07-06T07:55:00-07:00[America/Los_Angeles]",
        "signature file, key c2 77 e0",
    );
    SignOff {
        signatures: vec![
            line("3", "Prepared", None, "open"),
            line("3", "Reviewed", None, "open"),
            line("2", "Prepared", controller, "suspended 6 Jul 09:31"),
            line("2", "Reviewed", officer, "suspended 6 Jul 09:31"),
        ],
        override_reason: None,
    }
}

fn parameters() -> Vec<Fact> {
    vec![
        Fact::new(
            "Salesforce",
            "Opportunity, won, by close date; query, API 66.0, as p.raman; 53 expected, 53 read at \
             09:30:04",
        ),
        Fact::new(
            "QuickBooks",
            "Invoice, from 1 Nov 2025; query, minor version 75; 39 expected, 39 read at 09:30:19",
        ),
        Fact::new("Rules", "R0 v3, R1 v2, R2 v2, R3 v4"),
    ]
}

fn count(number: &str) -> Cell {
    number.parse().map_or(Cell::Empty, Cell::Count)
}

const TIE_OUTS: [[&str; 9]; 9] = [
    [
        "T1",
        "CRM completeness",
        "Salesforce: won deals",
        "13",
        "651960.00",
        "13",
        "651960.00",
        "0",
        "09:30",
    ],
    [
        "T2",
        "Books completeness",
        "QuickBooks: invoices",
        "13",
        "354059.76",
        "13",
        "354059.76",
        "0",
        "09:30",
    ],
    ["", "", "credits", "1", "6200.00", "1", "6200.00", "0", ""],
    ["", "", "payments", "10", "397540.00", "10", "397540.00", "0", ""],
    ["", "", "refunds", "1", "2150.00", "1", "2150.00", "0", ""],
    ["", "", "write-offs", "1", "12.40", "1", "12.40", "0", ""],
    [
        "T3",
        "Sub-ledger to control",
        "Account 1200",
        "",
        "699053.36",
        "",
        "697803.36",
        "1250.00",
        "09:30",
    ],
    [
        "T4",
        "AR roll-forward",
        "Opening and movements",
        "",
        "697803.36",
        "",
        "697803.36",
        "0",
        "09:31",
    ],
    [
        "T5",
        "Bookings to billings",
        "Opening and movements",
        "",
        "875685.04",
        "",
        "875685.04",
        "0",
        "09:31",
    ],
];

fn tie_outs() -> Section {
    let columns = vec![
        Column::new("number", "No.", Kind::Code).tone(Tone::Quiet),
        Column::new("tie_out", "Tie-out", Kind::Text).tone(Tone::Strong),
        Column::new("source", "Source", Kind::Text),
        Column::new("source_rows", "Rows", Kind::Count).tone(Tone::Quiet),
        Column::new("source_says", "Source says", Kind::Money),
        Column::new("held_rows", "Rows", Kind::Count).tone(Tone::Quiet),
        Column::new("held", "Tieout holds", Kind::Money),
        Column::new("difference", "Difference", Kind::Money).tone(Tone::Strong),
        Column::new("read", "Read", Kind::Text).tone(Tone::Quiet).weight(0),
    ];
    let marks: [&[TickMark]; 9] = [
        &[AgreedToCrm, Footed],
        &[AgreedToLedger, Footed],
        &[],
        &[],
        &[],
        &[],
        &[AgreedToGeneralLedger, Explained],
        &[AgreedToPriorWorkpaper, Footed, Recomputed],
        &[Footed, CrossFooted],
    ];
    let row = |(texts, marks): (&[&str; 9], &&[TickMark])| {
        let [number, name, source, rows, says, held_rows, held, difference, read] = *texts;
        let row = Row::new(vec![
            Cell::text(number),
            Cell::text(name),
            Cell::text(source),
            count(rows),
            usd(says),
            count(held_rows),
            usd(held),
            usd(difference),
            Cell::text(read),
        ]);
        if number.is_empty() { row.part() } else { row.marked(marks) }
    };
    let mut rows: Vec<Row> = TIE_OUTS.iter().zip(&marks).map(row).collect();
    rows[6].note = Some(
        "[E] JE-0619, 19 Jun 2026, 1,250.00: reclass posted to 1200 without a customer. Code \
         DIRECT_JOURNAL. Owner M. Velez, target 10 Jul 2026. Unexplained after this item: 0.00."
            .to_owned(),
    );
    Section::new("five-tie-outs", "Five tie-outs", columns, rows)
}

fn results() -> Section {
    let columns = vec![
        Column::new("result", "Result", Kind::Text),
        Column::new("deals", "Deals", Kind::Count),
        Column::new("net", "Net difference", Kind::Money),
        Column::new("absolute", "Absolute", Kind::Money),
    ];
    let row = |result: &str, deals: u64, net: &str, absolute: &str, mark: TickMark| {
        Row::new(vec![Cell::text(result), Cell::Count(deals), usd(net), usd(absolute)])
            .marked(&[mark])
    };
    let rows = vec![
        row("Agree exactly", 23, "0", "0", Recomputed),
        row("Within the limit", 4, "-85.04", "395.04", WithinTolerance),
        row("Explained by items listed", 8, "-294350.00", "397850.00", Explained),
        row("No reason yet", 1, "-350.00", "350.00", Exception),
        row("Uncertain, outcome not known", 1, "-128900.00", "128900.00", Exception),
    ];
    let mut section =
        Section::new("deals-against-invoices", "Deals against invoices", columns, rows);
    section.totals.push(total(
        "All deals with something due or billed",
        Rank::Total,
        0..5,
        vec![
            proved("deals", 37),
            proved("net", money("-423685.04", "USD")),
            proved("absolute", money("527495.04", "USD")),
        ],
        &[Footed, CrossFooted],
    ));
    section.span = Span::Natural;
    section
}

const ITEMS: [[&str; 10]; 10] = [
    [
        "D-1039",
        "Northgate Municipal Transit",
        "Gateway swap",
        "31500.00",
        "31150.00",
        "-350.00",
        "UNEXPLAINED",
        "Matched on 2 Jul; invoice edited 6 Jul 09:19",
        "no owner",
        "0 d",
    ],
    [
        "D-1034",
        "Quillan Pharma",
        "GMP monitoring",
        "128900.00",
        "0",
        "-128900.00",
        "SYNC_FAILED",
        "Outcome unknown since 6 Jul 09:21",
        "P. Raman",
        "0 d, 6 Jul",
    ],
    [
        "D-1033",
        "Sable Point Energy",
        "Compressor station",
        "164250.00",
        "0",
        "-164250.00",
        "NOT_INVOICED",
        "Blocked: AQ-EDGE-AI has no item in QuickBooks",
        "J. Beck",
        "24 d, 7 Jul",
    ],
    [
        "D-1030",
        "Kestrel Ridge Aerospace",
        "Test cell instrumentation",
        "236800.00",
        "118400.00",
        "-118400.00",
        "NOT_INVOICED",
        "Second milestone accepted by customer 18 Jun",
        "M. Velez",
        "17 d, 8 Jul",
    ],
    [
        "D-1041",
        "Sable Point Energy",
        "Flare stack sensors",
        "52700.00",
        "0",
        "-52700.00",
        "BACKDATED_CLOSE",
        "Close date 30 Jun, stage changed 2 Jul 11:20",
        "P. Raman",
        "4 d, 7 Jul",
    ],
    [
        "D-1045",
        "Vantry Logistics, Inc.",
        "Trailer sensors",
        "0",
        "33000.00",
        "33000.00",
        "BILLED_AHEAD",
        "First half billed 20 days before schedule",
        "M. Velez",
        "11 d, 15 Jul",
    ],
    [
        "D-1032",
        "Osprey Medical Devices",
        "Replacement probes",
        "18750.00",
        "37500.00",
        "18750.00",
        "DUPLICATE_INVOICE",
        "Two invoices, one deal; 2279 to be voided",
        "M. Velez",
        "33 d, 7 Jul",
    ],
    [
        "D-1031",
        "Dunmore Paper Mills",
        "Boiler sensors",
        "41300.00",
        "35100.00",
        "-6200.00",
        "CREDIT_ISSUED",
        "CM-0318, four damaged units",
        "M. Velez",
        "18 d, 15 Jul",
    ],
    [
        "D-1043",
        "Tamarack Foods Co.",
        "Dock sensors",
        "43200.00",
        "40800.00",
        "-2400.00",
        "QTY",
        "18 arrays sold, 17 billed at 2,400.00",
        "M. Velez",
        "21 d, 10 Jul",
    ],
    [
        "D-1003",
        "Tamarack Foods Co.",
        "Cold chain pilot",
        "27900.00",
        "25750.00",
        "-2150.00",
        "REFUND",
        "CM-0311 refunded 11 Jun",
        "M. Velez",
        "53 d, 11 Jun",
    ],
];

fn items() -> Section {
    let columns = vec![
        Column::new("deal", "Deal", Kind::Link).tone(Tone::Quiet),
        Column::new("account", "Account", Kind::Text).tone(Tone::Strong),
        Column::new("name", "Deal name", Kind::Text).under("account"),
        Column::new("expected", "Expected", Kind::Money),
        Column::new("billed", "Billed", Kind::Money),
        Column::new("difference", "Difference", Kind::Money).tone(Tone::Strong),
        Column::new("reason", "Reason, note", Kind::Code).weight(2),
        Column::new("explanation", "Note", Kind::Text).under("reason"),
        Column::new("owner", "Owner, age, due", Kind::Text).weight(0),
        Column::new("age", "Age, due", Kind::Text).under("owner"),
        Column::new("evidence", "Evidence", Kind::Code).omitted(),
    ];
    let rows = ITEMS
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let marks: &[TickMark] =
                if at < 2 { &[Exception] } else { &[Explained, ManualDecision] };
            let url = format!("https://alderquay.my.salesforce.com/0065g000{at:03}AAA");
            Row::new(vec![
                Cell::Link { text: item[0].to_owned(), url },
                Cell::text(item[1]),
                Cell::text(item[2]),
                usd(item[3]),
                usd(item[4]),
                usd(item[5]),
                Cell::text(item[6]),
                Cell::text(item[7]),
                Cell::text(item[8]),
                Cell::text(item[9]),
                Cell::text(format!("ev-{at:04}")),
            ])
            .marked(marks)
        })
        .collect();
    let mut section = Section::new("reconciling-items", "Reconciling items", columns, rows);
    section.columns[0].weight = 0;
    section.notes.push(
        "Deal currency, net of tax. Age counts from the day raised to 6 Jul 2026. The first \
         two items stand in the way of sign-off."
            .to_owned(),
    );
    section.totals.push(total(
        "10 items",
        Rank::Total,
        0..10,
        vec![
            proved("expected", money("745300.00", "USD")),
            proved("billed", money("321700.00", "USD")),
            proved("difference", money("-423600.00", "USD")),
        ],
        &[Footed, CrossFooted],
    ));
    section
}

fn by_reason() -> Section {
    let columns = vec![
        Column::new("code", "Code", Kind::Code).weight(2),
        Column::new("items", "Items", Kind::Count),
        Column::new("net", "Net", Kind::Money),
        Column::new("absolute", "Absolute", Kind::Money),
    ];
    let row = |code: &str, items: u64, net: &str, absolute: &str| {
        Row::new(vec![Cell::text(code), Cell::Count(items), usd(net), usd(absolute)])
    };
    let rows = vec![
        row("NOT_INVOICED", 2, "-282650.00", "282650.00"),
        row("SYNC_FAILED", 1, "-128900.00", "128900.00"),
        row("BACKDATED_CLOSE", 1, "-52700.00", "52700.00"),
        row("BILLED_AHEAD", 1, "33000.00", "33000.00"),
        row("DUPLICATE_INVOICE", 1, "18750.00", "18750.00"),
        row("CREDIT_ISSUED", 1, "-6200.00", "6200.00"),
        row("QTY", 1, "-2400.00", "2400.00"),
        row("REFUND", 1, "-2150.00", "2150.00"),
        row("UNEXPLAINED", 1, "-350.00", "350.00"),
    ];
    let mut section = Section::new("by-reason", "By reason", columns, rows);
    section.totals.push(total(
        "",
        Rank::Total,
        0..9,
        vec![
            proved("items", 10),
            proved("net", money("-423600.00", "USD")),
            proved("absolute", money("527100.00", "USD")),
        ],
        &[],
    ));
    section.span = Span::Half;
    section
}

fn within_limit() -> Section {
    let columns = vec![
        Column::new("account", "Account, deal", Kind::Text),
        Column::new("deal", "Deal", Kind::Text).under("account"),
        Column::new("difference", "Difference", Kind::Money),
    ];
    let row = |account: &str, deal: &str, difference: &str| {
        Row::new(vec![Cell::text(account), Cell::text(deal), usd(difference)])
    };
    let rows = vec![
        row("Vantry Logistics, Inc.", "Premium support renewal, D-1038", "-240.00")
            .marked(&[WithinTolerance]),
        row("Osprey Medical Devices", "Calibration days, D-1044", "135.00")
            .marked(&[WithinTolerance]),
        row("Harrow Creek Water District", "Pump station spares, D-1036", "20.00")
            .marked(&[WithinTolerance]),
        row("Tamarack Foods Co.", "Probe calibration, D-1037", "-0.04").marked(&[WithinTolerance]),
        row("Absolute, signs ignored", "", "395.04").marked(&[Footed]),
        row("Period materiality", "", "15000.00"),
    ];
    let mut section = Section::new("within-limit", "Within the limit, together", columns, rows);
    section.totals.push(total(
        "4 deals, net",
        Rank::Total,
        0..4,
        vec![proved("difference", money("-85.04", "USD"))],
        &[Footed],
    ));
    section.span = Span::Half;
    section
}

fn movements(
    id: &str,
    title: &str,
    lines: &[(&str, &str, TickMark)],
    closing: (&str, &str),
) -> Section {
    let columns =
        vec![Column::new("line", "Line", Kind::Text), Column::new("amount", "Amount", Kind::Money)];
    let row = |(text, amount, mark): &(&str, &str, TickMark)| {
        Row::new(vec![Cell::text(*text), usd(amount)]).marked(&[*mark])
    };
    let mut section = Section::new(id, title, columns, lines.iter().map(row).collect());
    let sums = vec![proved("amount", money(closing.1, "USD"))];
    section.totals.push(total(closing.0, Rank::Total, 0..lines.len(), sums, &[Footed]));
    section.span = Span::Half;
    section
}

fn roll_forward() -> Section {
    let lines = [
        ("Opening, 31 May 2026", "745346.00", AgreedToPriorWorkpaper),
        ("Invoices, 13", "354059.76", AgreedToLedger),
        ("Credits, 1", "-6200.00", AgreedToLedger),
        ("Payments, 10", "-397540.00", AgreedToLedger),
        ("Write-offs, 1", "-12.40", AgreedToLedger),
        ("Refunds, 1", "2150.00", AgreedToLedger),
    ];
    movements("ar-roll-forward", "AR roll-forward", &lines, ("Closing, 30 Jun 2026", "697803.36"))
}

fn bridge() -> Section {
    let lines = [
        ("Backlog, 31 May 2026", "566550.00", AgreedToPriorWorkpaper),
        ("Won in June, 13", "651960.00", AgreedToCrm),
        ("Billed in June, net of credits", "-338824.96", AgreedToLedger),
        ("Reduced, D-1010", "-4000.00", AgreedToCrm),
    ];
    movements(
        "bookings-to-billings",
        "Bookings to billings",
        &lines,
        ("Backlog, 30 Jun 2026", "875685.04"),
    )
}

const AGING: [(&str, [&str; 7]); 9] = [
    ("Vantry Logistics, Inc.", ["56760.00", "108200.00", "0", "0", "33600.00", "0", "198560.00"]),
    ("Tamarack Foods Co.", ["57934.76", "0", "42910.50", "30383.10", "0", "0", "131228.36"]),
    ("Kestrel Ridge Aerospace", ["0", "118400.00", "0", "0", "0", "-15000.00", "103400.00"]),
    ("Northgate Municipal Transit", ["93850.00", "0", "0", "0", "0", "0", "93850.00"]),
    ("Osprey Medical Devices", ["46035.00", "0", "0", "0", "21450.00", "0", "67485.00"]),
    ("Harrow Creek Water District", ["51880.00", "0", "0", "0", "0", "0", "51880.00"]),
    ("Quillan Pharma", ["0", "0", "0", "30000.00", "0", "0", "30000.00"]),
    ("Sable Point Energy", ["27600.00", "0", "0", "0", "0", "0", "27600.00"]),
    ("Dunmore Paper Mills", ["0", "0", "0", "0", "0", "-6200.00", "-6200.00"]),
];

fn aging() -> Section {
    let buckets = ["Not yet due", "1-30", "31-60", "61-90", "Over 90", "Unapplied", "Receivable"];
    let keys = ["not_due", "d1_30", "d31_60", "d61_90", "over_90", "unapplied", "receivable"];
    let sums =
        ["334059.76", "226600.00", "42910.50", "60383.10", "55050.00", "-21200.00", "697803.36"];
    let mut columns = vec![Column::new("customer", "Customer", Kind::Text)];
    for (key, title) in keys.iter().zip(buckets) {
        let tone = if *key == "receivable" { Tone::Strong } else { Tone::Plain };
        columns.push(Column::new(*key, title, Kind::Money).tone(tone));
    }
    let rows = AGING
        .iter()
        .map(|(customer, amounts)| {
            let mut cells = vec![Cell::text(*customer)];
            cells.extend(amounts.iter().map(|amount| usd(amount)));
            Row::new(cells)
        })
        .collect();
    let mut section =
        Section::new("aging-by-customer", "Aging by customer, due date", columns, rows);
    let sums = keys.iter().zip(sums).map(|(key, sum)| proved(key, money(sum, "USD"))).collect();
    section.totals.push(total("Sub-ledger", Rank::Total, 0..9, sums, &[Footed, CrossFooted]));
    section
}
