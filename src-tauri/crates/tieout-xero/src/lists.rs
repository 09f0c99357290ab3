//! Lists of an organisation that writing and tying out depend on (`xero §6.12` to `§6.14`).

use serde_json::Value;
use tieout_connect::json::{ReadError, Reading, Record};
use tieout_connect::ports::Answer;
use tieout_domain::Currency;

use crate::door::{Door, Raw, malformed};
use crate::request::Request;

const ACCOUNTS: &str = "Accounts";
const CURRENCIES: &str = "Currencies";
const TAX_RATES: &str = "TaxRates";
/// The control account of receivables is found by this word and never by its code, which anybody
/// can change.
const DEBTORS: &str = "DEBTORS";
const ACTIVE: &str = "ACTIVE";

/// Accounts, currencies and tax codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    /// Ids of the control accounts of receivables.
    pub debtors: Vec<String>,
    /// What documents can be in. A code that we do not know is left out.
    pub currencies: Vec<Currency>,
    /// Codes that a sales line can carry. The same code means different rates in two organisations.
    pub tax_codes: Vec<String>,
}

impl Lists {
    /// Three requests; none of the lists is paged.
    pub async fn load(door: &Door) -> Answer<Self> {
        let mut lists = Self::default();
        for name in [ACCOUNTS, CURRENCIES, TAX_RATES] {
            let answered = door.read(&Request::at(format!("/{name}"))).await?;
            for raw in answered.records(name)? {
                lists.take(name, &raw)?;
            }
        }
        lists.currencies.sort();
        lists.currencies.dedup();
        Ok(lists)
    }

    fn take(&mut self, name: &str, raw: &Raw) -> Answer<()> {
        let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(name))?;
        let within = |error: ReadError| malformed(&format!("{name}.{}", error.path));
        let record = Record::of(&value).map_err(within)?;
        self.take_record(name, &record).map_err(within)
    }

    fn take_record(&mut self, name: &str, record: &Record<'_>) -> Reading<()> {
        match name {
            ACCOUNTS => {
                if record.raw_text("SystemAccount")? == Some(DEBTORS) {
                    self.debtors.push(record.text("AccountID")?.to_ascii_lowercase());
                }
            }
            CURRENCIES => self.currencies.extend(record.currency("Code", None).ok()),
            _ => {
                let active = record.raw_text("Status")?.is_none_or(|status| status == ACTIVE);
                if active && record.flag_or_none("CanApplyToRevenue")?.unwrap_or(true) {
                    self.tax_codes.push(record.text("TaxType")?);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn taken(name: &str, records: &[Value]) -> Lists {
        let mut lists = Lists::default();
        for record in records {
            lists.take(name, &serde_json::from_str(&record.to_string()).unwrap()).unwrap();
        }
        lists
    }

    #[test]
    fn the_control_account_is_known_by_its_role_not_its_code() {
        let lists = taken(
            ACCOUNTS,
            &[
                json!({"AccountID": "9AF4", "Code": "860", "SystemAccount": "DEBTORS"}),
                json!({"AccountID": "1111", "Code": "610", "SystemAccount": ""}),
                json!({"AccountID": "2222", "Code": "800", "SystemAccount": "CREDITORS"}),
            ],
        );
        assert_eq!(lists.debtors, ["9af4"]);
    }

    #[test]
    fn only_active_rates_for_sales_are_offered() {
        let lists = taken(
            TAX_RATES,
            &[
                json!({"TaxType": "OUTPUT2", "Status": "ACTIVE", "CanApplyToRevenue": true}),
                json!({"TaxType": "INPUT2", "Status": "ACTIVE", "CanApplyToRevenue": false}),
                json!({"TaxType": "TAX001", "Status": "ARCHIVED", "CanApplyToRevenue": true}),
            ],
        );
        assert_eq!(lists.tax_codes, ["OUTPUT2"]);
    }

    #[test]
    fn a_currency_that_we_do_not_know_is_left_out() {
        let lists = taken(CURRENCIES, &[json!({"Code": "NZD"}), json!({"Code": "QQQ"})]);
        assert_eq!(lists.currencies.len(), 1);
    }
}
