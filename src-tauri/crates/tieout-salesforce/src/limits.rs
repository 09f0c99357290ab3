//! The organisation's daily calls, as every answer reports them (`salesforce §3.2`).

use http::HeaderMap;
use tieout_connect::budget::DailyUse;

const HEADER: &str = "sforce-limit-info";

/// Reads `api-usage=22/15000`, with or without a part about this app behind it.
pub(crate) fn daily_use(headers: &HeaderMap) -> Option<DailyUse> {
    let text = headers.get(HEADER)?.to_str().ok()?;
    let usage = text.split([';', ',']).find_map(|part| part.trim().strip_prefix("api-usage="))?;
    let (used, limit) = usage.split_once('/')?;
    let limit: u64 = limit.trim().parse().ok()?;
    (limit > 0).then_some(DailyUse { used: used.trim().parse().ok()?, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: Option<(u64, u64)>) {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, text.parse().unwrap());
        assert_eq!(daily_use(&headers), want.map(|(used, limit)| DailyUse { used, limit }));
    }

    #[test]
    fn the_plain_form() {
        check("api-usage=22/15000", Some((22, 15_000)));
    }

    #[test]
    fn the_form_with_a_quota_of_the_app() {
        check("api-usage=25/5000; per-app-api-usage=17/250(appName=sample)", Some((25, 5_000)));
    }

    #[test]
    fn nonsense_is_no_report() {
        for text in ["", "api-usage=", "api-usage=1", "api-usage=1/0", "api-usage=a/b"] {
            check(text, None);
        }
    }
}
