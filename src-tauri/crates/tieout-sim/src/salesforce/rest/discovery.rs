//! Versions, resources, limits, counts, organisation (salesforce §4, §8).

use super::{Call, NEWEST_VERSION, OLDEST_VERSION};
use crate::salesforce::http::Reply;
use crate::salesforce::json::Json;
use crate::salesforce::org::Org;
use crate::salesforce::value::Value;

/// Spring '18, whose label carries a typographic quote.
const CURLY_VERSION: u32 = 42;

/// GET `/services/data`, oldest first.
pub fn versions() -> Reply {
    let version = |number: u32| {
        Json::object([
            ("label", Json::text(label(number))),
            ("url", Json::text(format!("/services/data/v{number}.0"))),
            ("version", Json::text(format!("{number}.0"))),
        ])
    };
    Reply::json(200, Json::list((OLDEST_VERSION..=NEWEST_VERSION).map(version)))
}

/// Three releases a year: v64 is Summer '25, v65 Winter '26, v66 Spring '26.
fn label(number: u32) -> String {
    let since_winter_26 = i64::from(number) - 65;
    let season = ["Winter", "Spring", "Summer"]
        [usize::try_from(since_winter_26.rem_euclid(3)).unwrap_or_default()];
    let year = 26 + since_winter_26.div_euclid(3);
    let quote = if number == CURLY_VERSION { '\u{2019}' } else { '\'' };
    format!("{season} {quote}{year}")
}

/// GET `/services/data/vNN.0`.
pub fn resources(org: &Org, call: &Call) -> Reply {
    let names = ["sobjects", "query", "queryAll", "composite", "limits", "recent", "connect"];
    let identity = format!("{}/id/{}/{}", call.base, org.config.org_id, call.session.user_id);
    let resources = names.map(|name| (name, Json::text(call.url(name))));
    Reply::json(
        200,
        Json::object(resources.into_iter().chain([("identity", Json::text(identity))])),
    )
}

/// GET `/limits`.
pub fn limits(org: &Org) -> Reply {
    let daily = org.switches().daily_limit;
    let rows = [
        ("ConcurrentAsyncGetReportInstances", 200, 200),
        ("DailyApiRequests", daily, daily.saturating_sub(org.used())),
        ("DailyBulkApiBatches", 15_000, 15_000),
        ("DailyBulkV2QueryFileStorageMB", 976_562, 976_562),
        ("DailyBulkV2QueryJobs", 10_000, 10_000),
        ("DailyDeliveredPlatformEvents", 10_000, 10_000),
        ("DataStorageMB", 5, 5),
        ("FileStorageMB", 20, 20),
        ("HourlyPublishedPlatformEvents", 50_000, 50_000),
        ("PermissionSets", 1500, 1499),
    ];
    let limit = |max: u32, left: u32| {
        Json::object([("Max", Json::int(max)), ("Remaining", Json::int(left))])
    };
    Reply::json(200, Json::object(rows.map(|(name, max, left)| (name, limit(max, left)))))
}

/// GET `/limits/recordCount?sObjects=A,B`: objects without rows are left out.
pub fn record_count(org: &Org, call: &Call) -> Reply {
    let wanted = call.param("sObjects").map(|names| names.split(',').collect::<Vec<_>>());
    let mut counts = Vec::new();
    for object in org.schema.objects() {
        let asked = wanted.as_ref().is_none_or(|names| {
            names.iter().any(|name| name.trim().eq_ignore_ascii_case(&object.name))
        });
        let rows = org.seen_rows(&object.name);
        let live = rows
            .iter()
            .filter(|(_, fields)| !fields.get("IsDeleted").is_some_and(Value::is_true))
            .count();
        if asked && live > 0 {
            counts.push(Json::object([
                ("count", Json::int(live)),
                ("name", Json::text(&object.name)),
            ]));
        }
    }
    Reply::json(200, Json::object([("sObjects", Json::List(counts))]))
}

/// GET `/connect/organization`: the only source of a single-currency org's code.
pub fn organization(org: &Org) -> Reply {
    let features = Json::object([
        ("chatter", Json::Bool(true)),
        ("defaultCurrencyIsoCode", Json::text(&org.config.currency)),
        ("multiCurrency", Json::Bool(org.switches().multi_currency)),
        ("publisherActions", Json::Bool(true)),
    ]);
    Reply::json(
        200,
        Json::object([
            ("accessTimeout", Json::int(120)),
            ("features", features),
            ("name", Json::text(&org.config.org_name)),
            ("orgId", Json::text(&org.config.org_id)),
        ]),
    )
}
