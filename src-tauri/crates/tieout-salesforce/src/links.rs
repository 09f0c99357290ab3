//! Addresses of records for a person.

use tieout_domain::facts::Stream;
use tieout_domain::salesforce_id::salesforce_id_18;

/// The form without host surgery: Salesforce leads on to the user's own interface
/// (`salesforce §15`). History rows and schedules have no page.
pub(crate) fn deep_link(instance_url: &str, stream: Stream, id: &str) -> Option<String> {
    let has_page = matches!(
        stream,
        Stream::Accounts | Stream::Products | Stream::Deals | Stream::DealLines | Stream::Users
    );
    let id = salesforce_id_18(id).ok().filter(|_| has_page)?;
    Some(format!("{}/{id}", instance_url.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stream: Stream, id: &str, want: Option<&str>) {
        assert_eq!(deep_link("https://acme.my.salesforce.com/", stream, id).as_deref(), want);
    }

    #[test]
    fn a_deal_has_a_page() {
        let want = Some("https://acme.my.salesforce.com/006Hs00001AsDfGIAV");
        check(Stream::Deals, "006Hs00001AsDfGIAV", want);
        check(Stream::Deals, "006Hs00001AsDfG", want);
    }

    #[test]
    fn history_has_none_and_strange_ids_have_none() {
        check(Stream::DealEvents, "006Hs00001AsDfGIAV", None);
        check(Stream::Deals, "../../logout", None);
        check(Stream::Invoices, "006Hs00001AsDfGIAV", None);
    }
}
