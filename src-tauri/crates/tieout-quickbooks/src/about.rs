//! The company itself (`quickbooks §3.8`).

use jiff::tz::TimeZone;
use serde_json::Value;
use tieout_connect::json::{Reading, Record};
use tieout_connect::ports::Answer;

use crate::door::{Door, Raw, malformed};

/// Times of answers are US Pacific in every recording (`quickbooks §8`); a company that says
/// nothing of its own is taken to be there.
const ZONE: &str = "America/Los_Angeles";
/// Words of a subscription under which nothing can be written any more.
const ENDED: [&str; 4] = ["EXPIRED", "CANCELLED", "CANCELED", "SUSPENDED"];

/// What the company says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct About {
    pub name: String,
    country: Option<String>,
    zone: Option<String>,
    pub subscription_ended: bool,
}

impl About {
    /// One request, the cheapest test of a connection.
    pub async fn load(door: &Door, realm: &str) -> Answer<Self> {
        let answer = door.named(&format!("/companyinfo/{realm}"), "CompanyInfo").await?;
        read(&answer)
    }

    /// Lines of a US company carry `TAX` or `NON`; everybody else's carry a tax code of the list.
    pub fn line_codes_are_flags(&self) -> bool {
        matches!(self.country.as_deref(), Some("US" | "USA"))
    }

    /// The agreed zone, else the company's own, else the one of all recordings. Never a name that
    /// we cannot compute with.
    pub fn time_zone(&self, agreed: Option<&str>) -> String {
        let usable = |zone: &&str| TimeZone::get(zone).is_ok();
        let zone = agreed.filter(usable).or_else(|| self.zone.as_deref().filter(usable));
        zone.unwrap_or(ZONE).to_owned()
    }
}

fn read(raw: &Raw) -> Answer<About> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed("CompanyInfo"))?;
    let read = || -> Reading<About> {
        let company = Record::of(&value)?;
        let mut subscription_ended = false;
        for pair in company.records("NameValue")? {
            if pair.raw_text("Name")? == Some("SubscriptionStatus") {
                let status = pair.text_or_none("Value")?.unwrap_or_default();
                subscription_ended = ENDED.contains(&status.to_uppercase().as_str());
            }
        }
        Ok(About {
            name: company.text("CompanyName")?,
            country: company.text_or_none("Country")?,
            zone: company.text_or_none("DefaultTimeZone")?,
            subscription_ended,
        })
    };
    read().map_err(|error| malformed(&format!("CompanyInfo.{}", error.path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(text: &str) -> About {
        read(&serde_json::from_str::<Raw>(text).unwrap()).unwrap()
    }

    #[track_caller]
    fn check_zone(own: &str, agreed: Option<&str>, want: &str) {
        let text = format!(r#"{{"CompanyName":"Acme","DefaultTimeZone":"{own}"}}"#);
        assert_eq!(about(&text).time_zone(agreed), want);
    }

    #[test]
    fn the_agreed_zone_comes_first() {
        check_zone("Europe/Paris", Some("Europe/London"), "Europe/London");
    }

    #[test]
    fn then_the_companys_own() {
        check_zone("Europe/Paris", None, "Europe/Paris");
        check_zone("Europe/Paris", Some("Nowhere/Land"), "Europe/Paris");
    }

    #[test]
    fn else_pacific_time() {
        check_zone("", None, "America/Los_Angeles");
        check_zone("GMT-08:00 Pacific", None, "America/Los_Angeles");
    }

    #[test]
    fn a_us_company_flags_its_lines() {
        assert!(about(r#"{"CompanyName":"A","Country":"US"}"#).line_codes_are_flags());
        assert!(!about(r#"{"CompanyName":"A","Country":"GB"}"#).line_codes_are_flags());
        assert!(!about(r#"{"CompanyName":"A"}"#).line_codes_are_flags());
    }

    #[test]
    fn an_ended_subscription_is_seen() {
        let with = |status: &str| {
            about(&format!(
                r#"{{"CompanyName":"A","NameValue":[{{"Name":"SubscriptionStatus","Value":"{status}"}}]}}"#
            ))
            .subscription_ended
        };
        assert!(with("expired"));
        assert!(!with("SUBSCRIBED"));
    }

    #[test]
    fn a_company_without_a_name_is_no_answer() {
        let raw: Raw = serde_json::from_str("{}").unwrap();
        assert!(read(&raw).is_err());
    }
}
