//! Several statements in one call (`salesforce §9.4`).

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Envelope;
use tieout_connect::ports::Answer;
use tieout_connect::session::Session;

use crate::query::QueryPage;
use crate::soql::{Rows, post_to_read, query_path};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompositeBody {
    composite_response: Vec<CompositePart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompositePart {
    body: Box<RawValue>,
    http_status_code: u16,
}

/// Statements that one call may hold (`salesforce §9.4`).
pub(crate) const QUERIES_MAX: usize = 5;

/// Runs statements in one call, as if at one moment.
pub(crate) async fn composite_queries(
    session: &Session,
    statements: &[(Rows, String)],
) -> Answer<(http::HeaderMap, Vec<Answer<QueryPage>>)> {
    assert!(statements.len() <= QUERIES_MAX, "the statements of a call are our own");
    let requests: Vec<Value> = statements
        .iter()
        .enumerate()
        .map(|(position, (rows, statement))| {
            let url = query_path(*rows, statement);
            json!({ "method": "GET", "url": url, "referenceId": format!("q{position}") })
        })
        .collect();
    let body = json!({
        "allOrNone": false,
        "collateSubrequests": false,
        "compositeRequest": requests,
    });
    let response = session.call(post_to_read("/composite", body.to_string())).await?;
    let body: CompositeBody = Envelope::read(response.body(), "composite")?;
    if body.composite_response.len() != statements.len() {
        return Err(ConnectorError::Malformed { path: "compositeResponse".to_owned() });
    }
    let pages = body.composite_response.iter().enumerate().map(part_of).collect();
    Ok((response.headers().clone(), pages))
}

fn part_of((position, part): (usize, &CompositePart)) -> Answer<QueryPage> {
    let path = format!("compositeResponse[{position}]");
    QueryPage::of_part(part.http_status_code, part.body.get(), &path)
}
