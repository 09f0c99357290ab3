//! The rows of Alder Quay Instruments, the sample company. Both simulators are seeded from them.

use serde::Deserialize;

const ROWS: &str = include_str!("../sample/company.json");

/// All rows. Amounts are text in document currency; dates are ISO text; `known_at` is local time
/// of `zone` without offset.
#[derive(Clone, Debug, Deserialize)]
pub struct Company {
    pub now: String,
    pub signed_at: String,
    pub zone: String,
    pub entities: Vec<Entity>,
    pub accounts: Vec<SampleAccount>,
    pub products: Vec<SampleProduct>,
    pub deals: Vec<SampleDeal>,
    pub excluded: Vec<ExcludedDeal>,
    pub pipeline: Vec<PipelineDeal>,
    pub invoices: Vec<SampleInvoice>,
    pub receipts: Vec<SampleReceipt>,
    pub credits: Vec<SampleCredit>,
    pub refunds: Vec<SampleRefund>,
    pub journals: Vec<SampleJournal>,
    pub decisions: Vec<Decision>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Entity {
    pub code: String,
    pub legal: String,
    pub tool: String,
    pub functional: String,
    pub zone: String,
    pub control: String,
    pub books_closed_to: String,
    pub flag_abs: String,
    pub flag_pct: String,
    pub materiality: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleAccount {
    pub code: String,
    pub name: String,
    pub entity: String,
    pub currency: String,
    pub terms_days: u32,
    pub tax_rate: String,
    /// Customer numbers in the books, oldest first.
    pub customers: Vec<String>,
    pub owner: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleProduct {
    pub code: String,
    pub name: String,
    pub kind: String,
    pub item_us: Option<String>,
    pub item_uk: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleDeal {
    #[serde(rename = "ref")]
    pub reference: String,
    pub account: String,
    pub name: String,
    pub close: String,
    pub currency: String,
    pub entity: String,
    pub amount: String,
    pub owner: String,
    pub schedule: Vec<Dated>,
    pub lines: Vec<SampleLine>,
    pub reduced: Option<Reduction>,
    /// When the stage changed to Closed Won, where that is later than the close date says.
    pub stage_changed: Option<String>,
    pub disputed: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Dated {
    pub on: String,
    pub amount: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleLine {
    pub product: String,
    pub quantity: String,
    pub unit_price: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Reduction {
    pub on: String,
    pub by: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct ExcludedDeal {
    #[serde(rename = "ref")]
    pub reference: String,
    pub account: String,
    pub name: String,
    pub close: String,
    pub amount: String,
    pub currency: String,
    pub entity: String,
    pub reason: String,
    pub by: String,
    pub on: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct PipelineDeal {
    #[serde(rename = "ref")]
    pub reference: String,
    pub account: String,
    pub name: String,
    pub close: String,
    pub amount: String,
    pub product: String,
    pub entity: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleInvoice {
    pub number: String,
    pub account: String,
    pub deal: Option<String>,
    pub on: String,
    pub due: String,
    pub net: String,
    pub tax: String,
    pub total: String,
    pub entity: String,
    pub currency: String,
    /// `Tieout` or `manual`.
    pub made_by: String,
    pub note: String,
    pub known_at: String,
    /// An edit in the accounting tool: the figures above are those after it.
    pub edited: Option<Edit>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Edit {
    pub at: String,
    pub net_before: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleReceipt {
    /// `payment` or `writeoff`.
    pub kind: String,
    pub account: String,
    pub on: String,
    pub amount: String,
    pub currency: String,
    pub entity: String,
    pub invoice: Option<String>,
    pub reference: Option<String>,
    pub known_at: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleCredit {
    pub number: String,
    pub account: String,
    pub deal: String,
    pub on: String,
    pub net: String,
    pub tax: String,
    pub total: String,
    pub currency: String,
    pub entity: String,
    pub note: String,
    pub known_at: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleRefund {
    pub number: String,
    pub account: String,
    pub credit: String,
    pub on: String,
    pub amount: String,
    pub currency: String,
    pub entity: String,
    pub known_at: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleJournal {
    pub number: String,
    pub entity: String,
    pub on: String,
    pub amount: String,
    pub note: String,
    pub known_at: String,
}

/// What a person of the sample company decided about a deal's variance.
#[derive(Clone, Debug, Deserialize)]
pub struct Decision {
    pub deal: String,
    pub code: String,
    pub accepted: bool,
    pub owner: Option<String>,
    pub raised: String,
    pub target: Option<String>,
    pub note: String,
}

impl Company {
    /// The rows as shipped with this crate.
    pub fn alder_quay() -> Self {
        serde_json::from_str(ROWS).expect("the shipped rows have this shape: a test reads them")
    }
}

/// Salesforce's own id form: 15 characters and 3 of checksum (`salesforce §15`).
pub fn salesforce_id(prefix: &str, serial: u64) -> String {
    const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const CHECK: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let mut tail = [b'0'; 7];
    let mut rest = serial;
    for place in tail.iter_mut().rev() {
        *place = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    let mut id = format!("{prefix}Hs000");
    id.extend(tail.iter().map(|byte| char::from(*byte)));
    let groups = id.as_bytes().chunks(5).map(|group| {
        let bits = group
            .iter()
            .enumerate()
            .fold(0usize, |bits, (at, byte)| bits | (usize::from(byte.is_ascii_uppercase()) << at));
        char::from(CHECK[bits])
    });
    let checksum: String = groups.collect();
    id + &checksum
}

/// Serial numbers of the sample company's Salesforce ids. Fixed: both simulators must agree on the
/// Opportunity ids that invoices carry.
impl Company {
    /// The 18-character id of the sample organisation.
    pub const ORG_ID: &'static str = "00DHs00000AbCdEMAV";
    /// The sample QuickBooks company.
    pub const QUICKBOOKS_REALM: &'static str = "9130347215600001";

    pub fn account_id(&self, code: &str) -> Option<String> {
        let at = self.accounts.iter().position(|account| account.code == code)?;
        Some(salesforce_id("001", 1000 + at as u64))
    }

    pub fn product_id(&self, code: &str) -> Option<String> {
        let at = self.products.iter().position(|product| product.code == code)?;
        Some(salesforce_id("01t", 1000 + at as u64))
    }

    /// Deals, then excluded deals, then pipeline, in the order of the file.
    pub fn deal_id(&self, reference: &str) -> Option<String> {
        let references = self
            .deals
            .iter()
            .map(|deal| &deal.reference)
            .chain(self.excluded.iter().map(|deal| &deal.reference))
            .chain(self.pipeline.iter().map(|deal| &deal.reference));
        let at = references.into_iter().position(|known| known == reference)?;
        Some(salesforce_id("006", 1000 + at as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rows_are_readable_and_complete() {
        let company = Company::alder_quay();
        assert_eq!(company.deals.len(), 52);
        assert_eq!(company.invoices.len(), 51);
        assert_eq!(company.accounts.len(), 14);
    }

    #[test]
    fn ids_carry_the_checksum_of_salesforce() {
        let id = salesforce_id("006", 1000);
        assert_eq!(id.len(), 18);
        assert!(Company::alder_quay().deal_id("D-1034").is_some());
    }
}
