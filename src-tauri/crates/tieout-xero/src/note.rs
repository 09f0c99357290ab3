//! Our key and the deal on a document: its number, its link back and its reference (`xero §7.3`).

use tieout_connect::endpoint::BaseUrl;
use tieout_domain::effect::TransactionKey;
use tieout_domain::ids::DealId;
use tieout_domain::salesforce_id::salesforce_id_18;

const KEY_PARAMETER: &str = "tieout=";
/// First characters of the id of a deal.
const DEAL_PREFIX: &str = "006";
/// First characters of the id of an Account.
const ACCOUNT_PREFIX: &str = "001";
const LONG_ID: usize = 18;
/// A link must not contain this word (`xero §6.4`).
const FORBIDDEN: &str = "xero";

/// `https://example.my.salesforce.com/006Hs00001AsDfGIAV?tieout=TIE-YIO2VH22ILF65RQE`. `None`: the
/// tool would refuse the address, which must be https and must not name it.
pub(crate) fn link(pages: &BaseUrl, deal: &DealId, key: &TransactionKey) -> Option<String> {
    let link = format!("{pages}/{deal}?{KEY_PARAMETER}{key}");
    let fits = link.starts_with("https://") && !link.to_ascii_lowercase().contains(FORBIDDEN);
    fits.then_some(link)
}

/// Our key from a link back.
pub(crate) fn key_of_link(url: &str) -> Option<TransactionKey> {
    let (_, query) = url.split_once('?')?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(KEY_PARAMETER))?;
    TransactionKey::parse(value).ok()
}

/// The deal that a link back names as the last part of its path.
pub(crate) fn deal_of_link(url: &str) -> Option<String> {
    key_of_link(url)?;
    let path = url.split('?').next()?;
    deal_id(path.rsplit('/').next()?)
}

/// The deal that a reference names, wherever it stands.
pub(crate) fn deal_in(reference: &str) -> Option<String> {
    words(reference).find_map(deal_id)
}

/// What a reference says besides the deal: an order number.
pub(crate) fn beside_deal(reference: &str) -> Option<String> {
    let rest: Vec<&str> =
        reference.split_whitespace().filter(|word| deal_in(word).is_none()).collect();
    Some(rest.join(" ")).filter(|text| !text.is_empty())
}

/// The Account whose id a contact carries as its number.
pub(crate) fn account_id(number: &str) -> Option<String> {
    record_id(number.trim(), ACCOUNT_PREFIX)
}

fn deal_id(word: &str) -> Option<String> {
    record_id(word, DEAL_PREFIX)
}

/// The long form only: the last three characters prove that nobody mistyped it.
fn record_id(word: &str, prefix: &str) -> Option<String> {
    if word.len() != LONG_ID || !word.starts_with(prefix) {
        return None;
    }
    salesforce_id_18(word).ok()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "TIE-YIO2VH22ILF65RQE";
    const DEAL: &str = "006Hs00001AsDfGIAV";

    fn link_at(base: &str) -> Option<String> {
        let pages = BaseUrl::parse(base).unwrap();
        link(&pages, &DealId::new(DEAL).unwrap(), &TransactionKey::parse(KEY).unwrap())
    }

    #[test]
    fn a_link_is_read_back() {
        let link = link_at("https://example.my.salesforce.com").unwrap();
        assert_eq!(
            link,
            "https://example.my.salesforce.com/006Hs00001AsDfGIAV?tieout=TIE-YIO2VH22ILF65RQE"
        );
        assert_eq!(key_of_link(&link).unwrap().as_str(), KEY);
        assert_eq!(deal_of_link(&link).as_deref(), Some(DEAL));
    }

    #[test]
    fn a_link_that_would_be_refused_is_none() {
        assert_eq!(link_at("http://127.0.0.1:4040"), None);
        assert_eq!(link_at("https://xero-sync.example"), None);
    }

    #[test]
    fn a_link_of_others_says_nothing() {
        for url in ["https://a.example/006Hs00001AsDfGIAV", "https://a.example/?tieout=TIE-1", ""] {
            assert_eq!(key_of_link(url), None, "{url}");
            assert_eq!(deal_of_link(url), None, "{url}");
        }
    }

    #[test]
    fn a_reference_names_its_deal_wherever_it_stands() {
        for reference in [DEAL, "PO 4711 / 006Hs00001AsDfGIAV", "opp=006Hs00001AsDfGIAV;x"] {
            assert_eq!(deal_in(reference).as_deref(), Some(DEAL), "{reference}");
        }
    }

    #[test]
    fn a_mistyped_id_is_no_deal() {
        for reference in ["006Hs00001AsDfGIAX", "006Hs00001AsDfG", "PO 4711", ""] {
            assert_eq!(deal_in(reference), None, "{reference}");
        }
    }

    #[test]
    fn what_stands_beside_the_deal_is_an_order_number() {
        assert_eq!(beside_deal("PO 4711 006Hs00001AsDfGIAV").as_deref(), Some("PO 4711"));
        assert_eq!(beside_deal("PO-88").as_deref(), Some("PO-88"));
        assert_eq!(beside_deal(DEAL), None);
    }
}
