use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;
use tieout_connect::ports::{Page, Source};
use tieout_connect::testing::{ScriptedAnswer, json_answer};
use tieout_domain::facts::QuarantineReason;

use super::*;
use crate::config::Agreement;
use crate::testing::{
    CREDIT, INVOICE, PAYMENT, Rig, TIME, contact, credit_note, envelope, instant, invoice,
    not_found, one_page, overpayment, parameter, path_of, payment, raw_number, rig, shown, single,
};

const OTHER: &str = "b7a00000-0000-4000-8000-000000000002";

fn first(stream: Stream, since: Option<&str>) -> ReadRequest {
    ReadRequest { stream, since: since.map(instant), token: None }
}

fn words(page: &Page) -> Vec<String> {
    page.records.iter().map(shown).collect()
}

/// Answers one path with pages in their order; the last one stays.
fn paged(path: &'static str, pages: Vec<String>) -> Rig {
    let asked = AtomicU32::new(0);
    rig(Agreement::default(), move |request| {
        if path_of(request) != path {
            return None;
        }
        let at = asked.fetch_add(1, Ordering::SeqCst) as usize;
        Some(json_answer(200, &pages[at.min(pages.len() - 1)]))
    })
}

async fn read_all(rig: &Rig, stream: Stream) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut request = first(stream, None);
    loop {
        let page = rig.xero.read(&request).await.unwrap();
        request.token = page.next.clone();
        pages.push(page);
        if request.token.is_none() {
            return pages;
        }
        assert!(pages.len() < 20, "a feed ends");
    }
}

fn list_calls(rig: &Rig, path: &str) -> Vec<http::Request<bytes::Bytes>> {
    let listed = |request: &http::Request<bytes::Bytes>| path_of(request) == path;
    rig.transport.requests().into_iter().filter(listed).collect()
}

#[tokio::test]
async fn a_first_read_never_asks_for_changes_only() {
    let rig = paged("/Invoices", vec![envelope("Invoices", &[invoice(json!({}))], Some((1, 1)))]);
    let pages = read_all(&rig, Stream::Invoices).await;
    assert_eq!(words(&pages[0]), [format!("invoices {INVOICE}")]);
    let [request] = list_calls(&rig, "/Invoices").try_into().unwrap();
    assert!(!request.headers().contains_key("if-modified-since"));
    let asked = |name| parameter(&request, name).unwrap();
    assert_eq!(asked("where"), r#"Type=="ACCREC""#);
    assert_eq!(
        (asked("page"), asked("pageSize"), asked("unitdp")),
        ("1".into(), "200".into(), "4".into())
    );
    assert_eq!(asked("order"), "InvoiceID ASC");
}

#[tokio::test]
async fn a_later_read_asks_for_changes_to_the_second() {
    let rig = paged("/Invoices", vec![envelope("Invoices", &[], Some((0, 0)))]);
    let page =
        rig.xero.read(&first(Stream::Invoices, Some("2026-07-06T16:02:11.7Z"))).await.unwrap();
    assert_eq!((page.records.len(), page.next), (0, None));
    let [request] = list_calls(&rig, "/Invoices").try_into().unwrap();
    assert_eq!(request.headers()["if-modified-since"], "2026-07-06T16:02:10");
}

#[tokio::test]
async fn a_page_is_marked_by_the_servers_time_and_the_records_stamps() {
    let rig = paged("/Invoices", vec![envelope("Invoices", &[invoice(json!({}))], Some((1, 1)))]);
    let page = rig.xero.read(&first(Stream::Invoices, None)).await.unwrap();
    assert_eq!(page.server_time, instant(TIME));
    assert_eq!(page.mark, Some(instant("2026-06-01T08:15:30.047Z")));
    assert_eq!(page.total, Some(1));
}

#[tokio::test]
async fn a_demo_document_with_an_old_stamp_is_read_like_any_other() {
    let old = json!({"UpdatedDateUTC": "/Date(1230768000000+0000)/"});
    let rig = paged("/Invoices", vec![envelope("Invoices", &[invoice(old)], Some((1, 1)))]);
    assert_eq!(words(&read_all(&rig, Stream::Invoices).await[0]).len(), 1);
}

#[tokio::test]
async fn pages_follow_the_tools_own_count() {
    let page = |id: &str| envelope("Invoices", &[invoice(json!({"InvoiceID": id}))], Some((2, 2)));
    let rig = paged("/Invoices", vec![page(INVOICE), page(OTHER)]);
    assert_eq!(read_all(&rig, Stream::Invoices).await.len(), 2);
    assert_eq!(list_calls(&rig, "/Invoices").len(), 2, "no page past the end is asked for");
}

#[tokio::test]
async fn a_list_that_comes_short_of_its_count_is_begun_again() {
    let page = |id: &str| envelope("Invoices", &[invoice(json!({"InvoiceID": id}))], Some((2, 3)));
    let rig = paged("/Invoices", vec![page(INVOICE), page(OTHER)]);
    let mut request = first(Stream::Invoices, None);
    request.token = rig.xero.read(&request).await.unwrap().next;
    let error = rig.xero.read(&request).await.unwrap_err();
    assert!(matches!(error, ConnectorError::CursorLost), "{error:?}");
}

#[tokio::test]
async fn a_row_that_is_new_while_we_read_is_left_to_the_next_read() {
    let page = |id: &str, count| {
        envelope("Invoices", &[invoice(json!({"InvoiceID": id}))], Some((2, count)))
    };
    let rig = paged("/Invoices", vec![page(INVOICE, 2), page(OTHER, 3)]);
    assert_eq!(read_all(&rig, Stream::Invoices).await.len(), 2);
}

#[tokio::test]
async fn a_page_that_comes_again_ends_the_read() {
    let page = envelope("Invoices", &[invoice(json!({}))], Some((9, 9)));
    let rig = paged("/Invoices", vec![page]);
    let mut request = first(Stream::Invoices, None);
    request.token = rig.xero.read(&request).await.unwrap().next;
    let error = rig.xero.read(&request).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn receipts_are_payments_and_money_on_account() {
    let rig = rig(Agreement::default(), |request| match path_of(request) {
        "/Payments" => Some(one_page(Kind::Payment, &[payment(json!({}))])),
        "/Overpayments" => Some(one_page(Kind::Overpayment, &[overpayment(json!({}))])),
        "/Prepayments" => Some(one_page(Kind::Prepayment, &[])),
        _ => None,
    });
    let pages = read_all(&rig, Stream::Receipts).await;
    let words: Vec<String> = pages.iter().flat_map(words).collect();
    assert_eq!(
        words,
        [
            format!("receipts {PAYMENT}"),
            "receipts overpayment-66ff0000-0000-4000-8000-000000000001".to_owned()
        ]
    );
    assert_eq!(pages.len(), 3);
}

#[tokio::test]
async fn refunds_come_with_the_payments_and_their_feed_asks_nothing() {
    let back = payment(json!({"PaymentType": "ARCREDITPAYMENT"}));
    let rig = rig(Agreement::default(), move |request| match path_of(request) {
        "/Payments" => Some(one_page(Kind::Payment, std::slice::from_ref(&back))),
        "/Overpayments" => Some(one_page(Kind::Overpayment, &[])),
        "/Prepayments" => Some(one_page(Kind::Prepayment, &[])),
        _ => None,
    });
    let pages = read_all(&rig, Stream::Receipts).await;
    assert_eq!(words(&pages[0]), [format!("refunds {PAYMENT}")]);
    let before = rig.xero.requests_sent();
    let page = rig.xero.read(&first(Stream::Refunds, None)).await.unwrap();
    assert_eq!((page.records.len(), page.next.is_none()), (0, true));
    assert_eq!(page.server_time, instant(TIME));
    assert_eq!(rig.xero.requests_sent(), before);
}

#[tokio::test]
async fn a_credit_note_brings_what_it_is_used_for() {
    let rig = paged(
        "/CreditNotes",
        vec![envelope("CreditNotes", &[credit_note(json!({}))], Some((1, 1)))],
    );
    let pages = read_all(&rig, Stream::CreditMemos).await;
    assert_eq!(
        words(&pages[0]),
        [format!("credit_memos {CREDIT}"), format!("receipts credit-{CREDIT}")]
    );
}

#[tokio::test]
async fn archived_contacts_are_read_too() {
    let rig = paged("/Contacts", vec![envelope("Contacts", &[contact(json!({}))], Some((1, 1)))]);
    read_all(&rig, Stream::Customers).await;
    let [request] = list_calls(&rig, "/Contacts").try_into().unwrap();
    assert_eq!(parameter(&request, "includeArchived").as_deref(), Some("true"));
    assert_eq!(parameter(&request, "pageSize").as_deref(), Some("1000"));
}

#[tokio::test]
async fn items_come_whole_and_are_not_paged() {
    let rig = rig(Agreement::default(), |_| None);
    assert_eq!(read_all(&rig, Stream::Items).await.len(), 1);
    let [request] = list_calls(&rig, "/Items").try_into().unwrap();
    assert_eq!((parameter(&request, "page"), parameter(&request, "order")), (None, None));
}

/// Rows of a page of this kind: `rows` of them in all, each with an id of its own.
fn page_of(kind: Kind, rows: u64, request: &http::Request<bytes::Bytes>) -> ScriptedAnswer {
    let asked = |name| parameter(request, name).unwrap().parse::<u64>().unwrap();
    let (page, size) = (asked("page"), asked("pageSize"));
    let record = |at: u64| {
        let id = json!({kind.id_field(): format!("00000000-0000-4000-8000-{at:012}")});
        match kind {
            Kind::Contact => contact(id),
            Kind::CreditNote => credit_note(id),
            Kind::Payment => payment(id),
            Kind::Overpayment => overpayment(id),
            _ => invoice(id),
        }
    };
    let records: Vec<_> = ((page - 1) * size..rows.min(page * size)).map(record).collect();
    let pages = u32::try_from(rows.div_ceil(size)).unwrap();
    json_answer(200, &envelope(kind.name(), &records, Some((pages, rows))))
}

#[tokio::test]
async fn a_first_read_asks_for_as_many_pages_as_there_are() {
    let rows = |kind| match kind {
        Kind::Contact => 1_001,
        Kind::Invoice => 401,
        Kind::CreditNote => 200,
        Kind::Payment => 1_000,
        Kind::Overpayment => 1,
        _ => 0,
    };
    let rig = rig(Agreement::default(), move |request| {
        let kinds = crate::kind::STREAMS.into_iter().flat_map(Kind::of_stream).copied();
        let kind = kinds.into_iter().find(|it| path_of(request) == format!("/{}", it.name()))?;
        kind.page_rows().map(|_| page_of(kind, rows(kind), request))
    });
    rig.xero.context().await.unwrap();
    let settings = rig.xero.requests_sent();
    let mut records = 0;
    for stream in crate::kind::STREAMS {
        let pages = read_all(&rig, stream).await;
        records += pages.iter().map(|page| page.records.len()).sum::<usize>();
    }
    // Contacts 2, items 1, invoices 3, and one of each other kind.
    assert_eq!(rig.xero.requests_sent() - settings, 10);
    // Every credit note of the script is used, which is one more record each.
    assert_eq!(records, 1_001 + 1 + 401 + 2 * 200 + 1_000 + 1);
}

/// The filters and bounds of what a read of a feed asks for, from this mark less the overlap.
async fn asked(stream: Stream, path: &'static str, since: &str) -> Vec<(Option<String>, bool)> {
    let rig = rig(Agreement::default(), move |request| {
        let kinds = Kind::of_stream(stream).iter();
        let kind = kinds.copied().find(|kind| path_of(request) == format!("/{}", kind.name()))?;
        Some(one_page(kind, &[]))
    });
    let mut request = first(stream, Some(since));
    loop {
        request.token = rig.xero.read(&request).await.unwrap().next;
        if request.token.is_none() {
            break;
        }
    }
    let bounded = |it: &http::Request<bytes::Bytes>| it.headers().contains_key("if-modified-since");
    list_calls(&rig, path).iter().map(|it| (parameter(it, "where"), bounded(it))).collect()
}

#[tokio::test]
async fn the_first_read_of_a_day_reads_what_is_open_again() {
    let all = |of: &str| (Some(format!("Type==\"{of}\"")), true);
    let open = |of: &str| (Some(format!("Type==\"{of}\"&&Status==\"AUTHORISED\"")), false);
    let yesterday = "2026-07-05T23:49:59Z";
    assert_eq!(
        asked(Stream::Invoices, "/Invoices", yesterday).await,
        [all("ACCREC"), open("ACCREC")]
    );
    assert_eq!(
        asked(Stream::CreditMemos, "/CreditNotes", yesterday).await,
        [all("ACCRECCREDIT"), open("ACCRECCREDIT")]
    );
    assert_eq!(asked(Stream::Receipts, "/Overpayments", yesterday).await, [(None, false)]);
    assert_eq!(asked(Stream::Receipts, "/Payments", yesterday).await, [(None, true)]);
}

#[tokio::test]
async fn later_reads_of_the_day_read_changes_only() {
    let today = "2026-07-05T23:50:00Z";
    assert_eq!(asked(Stream::Invoices, "/Invoices", today).await.len(), 1);
    assert_eq!(asked(Stream::Receipts, "/Overpayments", today).await, [(None, true)]);
}

#[tokio::test]
async fn a_feed_that_xero_does_not_have_is_said_so() {
    let rig = rig(Agreement::default(), |_| None);
    let error = rig.xero.read(&first(Stream::Journals, None)).await.unwrap_err();
    assert_eq!(error.to_string(), "not permitted: Xero has no journals");
}

/// One invoice in the list, and what its own address answers.
fn in_part(
    list: serde_json::Value,
    own: impl Fn() -> ScriptedAnswer + Send + Sync + 'static,
) -> Rig {
    rig(Agreement::default(), move |request| match path_of(request) {
        "/Invoices" => Some(one_page(Kind::Invoice, std::slice::from_ref(&list))),
        path if path.ends_with(INVOICE) => Some(own()),
        _ => None,
    })
}

#[tokio::test]
async fn what_a_list_leaves_out_is_looked_for_at_the_record_itself() {
    let partial = invoice(json!({"AmountDue": null}));
    let rig = in_part(partial, || single(Kind::Invoice, &invoice(json!({}))));
    let page = rig.xero.read(&first(Stream::Invoices, None)).await.unwrap();
    assert_eq!(words(&page), [format!("invoices {INVOICE}")]);
}

#[tokio::test]
async fn a_record_that_stays_unreadable_is_kept_aside_as_it_came() {
    let rig = in_part(invoice(json!({"AmountDue": null})), not_found);
    let page = rig.xero.read(&first(Stream::Invoices, None)).await.unwrap();
    assert_eq!(words(&page), [format!("MALFORMED invoices {INVOICE} at AmountDue")]);
}

#[tokio::test]
async fn a_rate_that_a_list_shows_as_0_is_looked_for_at_the_record_itself() {
    let foreign =
        |rate: &str| invoice(json!({"CurrencyCode": "EUR", "CurrencyRate": raw_number(rate)}));
    let own = foreign("0.5000000000");
    let rig = in_part(foreign("0.0000000000"), move || single(Kind::Invoice, &own));
    let page = rig.xero.read(&first(Stream::Invoices, None)).await.unwrap();
    let [Read::Fact(fact)] = &page.records[..] else { panic!("{:?}", page.records) };
    let Fact::Document(document) = fact.as_ref() else { panic!("{fact:?}") };
    assert_eq!(document.exchange_rate.unwrap().to_string(), "2");
}

#[tokio::test]
async fn a_rate_that_nobody_knows_stays_unknown() {
    let foreign = invoice(json!({"CurrencyCode": "EUR", "CurrencyRate": null}));
    let own = foreign.clone();
    let rig = in_part(foreign, move || single(Kind::Invoice, &own));
    let page = rig.xero.read(&first(Stream::Invoices, None)).await.unwrap();
    let [Read::Fact(fact)] = &page.records[..] else { panic!("{:?}", page.records) };
    assert!(matches!(fact.as_ref(), Fact::Document(document) if document.exchange_rate.is_none()));
}

#[test]
fn an_unreadable_payment_is_kept_aside_where_its_fact_would_stand() {
    let raw = |patch| -> Raw { serde_json::from_str(&payment(patch).to_string()).unwrap() };
    let records = [
        raw(json!({"PaymentType": "ARCREDITPAYMENT", "Amount": raw_number("1.001")})),
        raw(json!({"PaymentID": OTHER, "Amount": "n/a"})),
    ];
    let reads = facts_within(Kind::Payment, &records, crate::testing::context());
    let words: Vec<String> = reads.iter().map(shown).collect();
    assert_eq!(
        words,
        [
            format!("TOO_PRECISE refunds {PAYMENT} at Amount"),
            format!("MALFORMED receipts {OTHER} at Amount")
        ]
    );
}

#[test]
fn an_unreadable_overpayment_has_the_id_of_its_receipt() {
    let record = overpayment(json!({"Status": "LATER"}));
    let raw: Raw = serde_json::from_str(&record.to_string()).unwrap();
    let reads = facts_within(Kind::Overpayment, &[raw], crate::testing::context());
    let [Read::Quarantined(aside)] = &reads[..] else { panic!("{reads:?}") };
    assert_eq!(aside.reason, QuarantineReason::UnknownValue);
    assert_eq!(aside.id, "overpayment-66ff0000-0000-4000-8000-000000000001");
}
