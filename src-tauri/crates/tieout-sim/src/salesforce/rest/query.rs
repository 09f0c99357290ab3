//! Queries and their further pages (salesforce §5.1).

use super::{Answer, Call};
use crate::salesforce::cursor::{Found, Reader};
use crate::salesforce::http::Reply;
use crate::salesforce::org::Org;
use crate::salesforce::refusal::Refusal;
use crate::salesforce::soql;

/// What `batchSize` may ask for.
const BATCH_ROWS: std::ops::RangeInclusive<usize> = 200..=2000;

pub fn query(org: &mut Org, call: &Call, all_rows: bool) -> Answer {
    let Some(text) = call.param("q") else {
        let message = "A query must be specified: use the q parameter";
        return Err(vec![Refusal::new(400, "MALFORMED_QUERY", message)]);
    };
    let reader = Reader {
        session: &call.session.token,
        user_id: &call.session.user_id,
        now: org.now,
        page_rows: page_rows(org, call),
        uneven: org.switches().uneven_pages,
        is_child: false,
    };
    let request = soql::Call { text, all_rows, version: &call.version, reader };
    let json = soql::answer(org, request).map_err(|refusal| vec![refusal])?;
    Ok(Reply::json(200, json))
}

/// The org's limit, and what the caller would like within Salesforce's own bounds.
fn page_rows(org: &Org, call: &Call) -> usize {
    let options = call.header("sforce-query-options").unwrap_or_default();
    let asked = options.split(',').find_map(|option| {
        let (name, value) = option.split_once('=')?;
        if !name.trim().eq_ignore_ascii_case("batchSize") {
            return None;
        }
        value.trim().parse::<usize>().ok()
    });
    let most = *BATCH_ROWS.end();
    let asked = asked.map_or(most, |rows| rows.clamp(*BATCH_ROWS.start(), most));
    asked.min(org.switches().page_rows)
}

/// A further page: served under `/query/` for both kinds of query.
pub fn more(org: &mut Org, call: &Call, locator: &str) -> Answer {
    let now = org.now;
    match org.cursors.page(locator, &call.session.token, now) {
        Found::Page(page) => Ok(Reply::json(200, page.render(&call.version))),
        Found::OtherSession => Err(vec![Refusal::session("Session expired or invalid")]),
        Found::Dead => {
            let message = "invalid query locator";
            Err(vec![Refusal::new(400, "INVALID_QUERY_LOCATOR", message)])
        }
    }
}
