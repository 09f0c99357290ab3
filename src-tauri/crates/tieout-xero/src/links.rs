//! Web addresses of records, for a person (`xero §12`).

use tieout_domain::facts::Stream;

use crate::kind::{Kind, receipt_record};
use crate::request::encoded;

const PAGES: &str = "https://go.xero.com";

/// The page of a record, by way of the sign-in of its organisation: a browser that is in another
/// one would show the wrong record. `None`: there is no page of its own.
pub(crate) fn deep_link(short_code: &str, stream: Stream, id: &str) -> Option<String> {
    let within = |page: &str, parameter: &str, id: &str| {
        Some(format!(
            "{PAGES}/organisationlogin/default.aspx?shortcode={}&redirecturl={page}?{parameter}={}",
            short_code.replace(|c: char| !c.is_ascii_alphanumeric() && c != '!', ""),
            encoded(id)
        ))
    };
    match stream {
        Stream::Invoices => within("/AccountsReceivable/View.aspx", "InvoiceID", id),
        Stream::CreditMemos => credit_note(id, within),
        Stream::Customers => {
            Some(format!("{PAGES}/app/{}/contacts/contact/{}", encoded(short_code), encoded(id)))
        }
        Stream::Receipts | Stream::Refunds => match receipt_record(id) {
            (Kind::CreditNote, own) => credit_note(own, within),
            (Kind::Payment, own) => within("/Bank/ViewTransaction.aspx", "bankTransactionID", own),
            _ => None,
        },
        _ => None,
    }
}

fn credit_note(id: &str, within: impl Fn(&str, &str, &str) -> Option<String>) -> Option<String> {
    within("/AccountsReceivable/ViewCreditNote.aspx", "creditNoteID", id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stream: Stream, id: &str, want: Option<&str>) {
        assert_eq!(deep_link("!n4Qx7", stream, id).as_deref(), want);
    }

    #[test]
    fn an_invoice_by_way_of_its_organisation() {
        check(
            Stream::Invoices,
            "b7a0",
            Some(
                "https://go.xero.com/organisationlogin/default.aspx?shortcode=!n4Qx7\
                 &redirecturl=/AccountsReceivable/View.aspx?InvoiceID=b7a0",
            ),
        );
    }

    #[test]
    fn a_credit_note_is_one_of_receivables() {
        let want = Some(
            "https://go.xero.com/organisationlogin/default.aspx?shortcode=!n4Qx7\
             &redirecturl=/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=55ee",
        );
        check(Stream::CreditMemos, "55ee", want);
        check(Stream::Receipts, "credit-55ee", want);
    }

    #[test]
    fn a_contact_has_the_short_code_in_its_path() {
        check(
            Stream::Customers,
            "7c1d",
            Some("https://go.xero.com/app/%21n4Qx7/contacts/contact/7c1d"),
        );
    }

    #[test]
    fn a_payment() {
        check(
            Stream::Receipts,
            "90aa",
            Some(
                "https://go.xero.com/organisationlogin/default.aspx?shortcode=!n4Qx7\
                 &redirecturl=/Bank/ViewTransaction.aspx?bankTransactionID=90aa",
            ),
        );
    }

    #[test]
    fn what_has_no_page_has_no_link() {
        check(Stream::Items, "0e1f", None);
        check(Stream::Receipts, "overpayment-66ff", None);
    }

    #[test]
    fn an_id_cannot_leave_its_parameter() {
        let link = deep_link("!a&b", Stream::Invoices, "1&shortcode=x").unwrap();
        assert!(link.contains("shortcode=!ab&"), "{link}");
        assert!(link.ends_with("InvoiceID=1%26shortcode%3Dx"), "{link}");
    }
}
