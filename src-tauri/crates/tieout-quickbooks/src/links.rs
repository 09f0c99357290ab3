//! Web addresses of records, for a person (`quickbooks §10`).

use tieout_domain::facts::Stream;

use crate::entity::{Entity, record_of};
use crate::query::encoded;

/// The page of a record. The company is always named: a browser that is signed in to another
/// company would show the wrong record. `None`: there is no page of its own.
pub(crate) fn deep_link(host: &str, realm: &str, stream: Stream, id: &str) -> Option<String> {
    let (entity, own) = record_of(stream, id)?;
    let (page, parameter) = match entity {
        Entity::Customer => ("customerdetail", "nameId"),
        Entity::Invoice => ("invoice", "txnId"),
        Entity::CreditMemo => ("creditmemo", "txnId"),
        Entity::SalesReceipt => ("salesreceipt", "txnId"),
        Entity::Payment => ("recvpayment", "txnId"),
        Entity::RefundReceipt => ("refundreceipt", "txnId"),
        Entity::JournalEntry => ("journal", "txnId"),
        Entity::Deposit => ("deposit", "txnId"),
        _ => return None,
    };
    Some(format!("{host}/app/{page}?{parameter}={}&companyId={}", encoded(own), encoded(realm)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stream: Stream, id: &str, want: Option<&str>) {
        let link = deep_link("https://app.qbo.intuit.com", "913", stream, id);
        assert_eq!(link.as_deref(), want);
    }

    #[test]
    fn an_invoice() {
        check(
            Stream::Invoices,
            "266",
            Some("https://app.qbo.intuit.com/app/invoice?txnId=266&companyId=913"),
        );
    }

    #[test]
    fn a_customer() {
        check(
            Stream::Customers,
            "72",
            Some("https://app.qbo.intuit.com/app/customerdetail?nameId=72&companyId=913"),
        );
    }

    #[test]
    fn a_deposit_among_the_journals() {
        check(
            Stream::Journals,
            "deposit-310",
            Some("https://app.qbo.intuit.com/app/deposit?txnId=310&companyId=913"),
        );
    }

    #[test]
    fn an_item_has_no_page() {
        check(Stream::Items, "31", None);
    }

    #[test]
    fn an_id_cannot_leave_its_parameter() {
        check(
            Stream::Receipts,
            "1&companyId=2",
            Some(
                "https://app.qbo.intuit.com/app/recvpayment?txnId=1%26companyId%3D2&companyId=913",
            ),
        );
    }
}
