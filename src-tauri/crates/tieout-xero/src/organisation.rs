//! The organisation itself (`xero §6.1`).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use tieout_connect::json::{Reading, Record};
use tieout_connect::ports::Answer;
use tieout_domain::Currency;

use crate::door::{Door, Raw, malformed};
use crate::request::Request;
use crate::wire::day_or_none;
use crate::zones;

const NAME: &str = "Organisations";

/// What the organisation says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Organisation {
    pub name: String,
    pub home: Currency,
    pub demo: bool,
    pub short_code: Option<String>,
    /// The later of both lock dates: a document dated on or before it is refused.
    pub closed_to: Option<Date>,
    zone: Option<&'static str>,
}

impl Organisation {
    /// One request. There is no change filter, and a lock date may move at any time, so each run
    /// reads it afresh.
    pub async fn load(door: &Door) -> Answer<Self> {
        let answered = door.read(&Request::at("/Organisation")).await?;
        read(&answered.only(NAME)?)
    }

    /// The agreed zone, else the organisation's own. `None`: its own cannot be understood.
    pub fn time_zone(&self, agreed: Option<&str>) -> Option<String> {
        let usable = |zone: &&str| TimeZone::get(zone).is_ok();
        agreed.filter(usable).or_else(|| self.zone.filter(usable)).map(str::to_owned)
    }
}

fn read(raw: &Raw) -> Answer<Organisation> {
    let value: Value = serde_json::from_str(raw.get()).map_err(|_| malformed(NAME))?;
    let read = || -> Reading<Organisation> {
        let organisation = Record::of(&value)?;
        let locks = [
            day_or_none(&organisation, "PeriodLockDate")?,
            day_or_none(&organisation, "EndOfYearLockDate")?,
        ];
        Ok(Organisation {
            name: organisation.text("Name")?,
            home: organisation.currency("BaseCurrency", None)?,
            demo: organisation.flag_or_none("IsDemoCompany")?.unwrap_or(false),
            short_code: organisation.text_or_none("ShortCode")?,
            closed_to: locks.into_iter().flatten().max(),
            zone: organisation.raw_text("Timezone")?.and_then(zones::iana),
        })
    };
    read().map_err(|error| malformed(&format!("{NAME}.{}", error.path)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    fn organisation(patch: &Value) -> Organisation {
        let mut text = json!({"Name": "Northwind Tools Ltd", "BaseCurrency": "NZD",
            "ShortCode": "!n4Qx7", "Timezone": "NEWZEALANDSTANDARDTIME"});
        for (name, value) in patch.as_object().unwrap() {
            text[name.as_str()] = value.clone();
        }
        read(&serde_json::from_str(&text.to_string()).unwrap()).unwrap()
    }

    #[test]
    fn without_lock_dates_the_books_are_open() {
        assert_eq!(organisation(&json!({})).closed_to, None);
        assert_eq!(organisation(&json!({"PeriodLockDate": ""})).closed_to, None);
    }

    #[test]
    fn the_later_lock_date_counts() {
        let locked = organisation(&json!({"PeriodLockDate": "/Date(1780185600000+0000)/",
            "EndOfYearLockDate": "/Date(1774915200000+0000)/"}));
        assert_eq!(locked.closed_to, Some(date(2026, 5, 31)));
    }

    #[test]
    fn the_zone_is_the_agreed_one_or_its_own() {
        let own = organisation(&json!({}));
        assert_eq!(own.time_zone(None).as_deref(), Some("Pacific/Auckland"));
        assert_eq!(own.time_zone(Some("Europe/Paris")).as_deref(), Some("Europe/Paris"));
        assert_eq!(own.time_zone(Some("Nowhere/Land")).as_deref(), Some("Pacific/Auckland"));
    }

    #[test]
    fn a_zone_that_nobody_knows_is_said_to_be_unknown() {
        assert_eq!(organisation(&json!({"Timezone": "MOONSTANDARDTIME"})).time_zone(None), None);
    }

    #[test]
    fn an_organisation_without_a_currency_is_no_answer() {
        let raw: Raw = serde_json::from_str(r#"{"Name":"A"}"#).unwrap();
        assert!(read(&raw).is_err());
    }
}
