//! Opening a page in the person's browser: only pages of connected systems, and the sign-in page.

use tieout_domain::facts::Stream;
use url::Url;

use super::connect::OpenLinkParams;
use crate::app::home::Open;
use crate::app::reader::Reader;
use crate::app::shapes::Receipt;
use crate::codes::Code;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// Opens a link that a reply gave.
pub async fn open_link(reader: &mut Reader, params: OpenLinkParams) -> Result<Receipt, Failure> {
    let sign_in = reader.home.sign_in.link();
    if sign_in.as_deref() != Some(params.link.as_str()) {
        if reader.home.standing().open == Open::Sample {
            let detail = "records of the sample company have no page: they exist here only";
            return Err(Failure::new(Code::NotNow, detail));
        }
        refuse_foreign(reader.workspace()?, &params.link)?;
    }
    reader.home.desktop.open_address(&params.link);
    Ok(Receipt::said("Opened in your browser"))
}

/// A page of a connected system, by its scheme, host and port.
fn refuse_foreign(workspace: &Workspace, link: &str) -> Result<(), Failure> {
    let engine = &workspace.engine;
    let crm = engine.crm.iter().filter_map(|crm| crm.port.deep_link(Stream::Deals, "0"));
    let ledgers = engine.ledgers.iter();
    let ledgers = ledgers.filter_map(|ledger| ledger.port.deep_link(Stream::Invoices, "0"));
    let known: Vec<String> = crm.chain(ledgers).collect();
    match is_of(&known, link) {
        true => Ok(()),
        false => Err(Failure::new(Code::UnsafeAddress, "no connected system has this address")),
    }
}

fn is_of(known: &[String], link: &str) -> bool {
    let Ok(link) = Url::parse(link) else { return false };
    let plain = link.username().is_empty() && link.password().is_none();
    let web = matches!(link.scheme(), "https" | "http");
    let same = |text: &String| Url::parse(text).is_ok_and(|of| of.origin() == link.origin());
    plain && web && known.iter().any(same)
}

#[cfg(test)]
mod tests {
    use super::is_of;

    #[test]
    fn only_pages_of_connected_systems_are_opened() {
        let known = ["https://acme.my.salesforce.com/0".to_owned()];
        assert!(is_of(&known, "https://acme.my.salesforce.com/006Hs000001"));
        for foreign in [
            "https://acme.my.salesforce.com.evil.example/006",
            "https://evil.example/?https://acme.my.salesforce.com/0",
            "https://acme.my.salesforce.com@evil.example/",
            "https://user@acme.my.salesforce.com/",
            "http://acme.my.salesforce.com/006",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "",
        ] {
            assert!(!is_of(&known, foreign), "{foreign}");
        }
    }
}
