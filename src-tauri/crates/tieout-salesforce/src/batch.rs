//! Several reads in one call, each with an answer of its own (`salesforce §4.3`).

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use tieout_connect::error::ConnectorError;
use tieout_connect::json::Envelope;
use tieout_connect::ports::Answer;
use tieout_connect::session::Session;

use crate::errors;
use crate::query::QueryPage;
use crate::soql::post_to_read;

/// Reads that one batch may hold.
const PARTS_MAX: usize = 25;

#[derive(Deserialize)]
struct BatchBody {
    results: Vec<BatchPart>,
}

/// The answer to one read of a batch.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BatchPart {
    pub status_code: u16,
    pub result: Box<RawValue>,
}

impl BatchPart {
    /// Why this part was not answered.
    pub fn refusal(&self, path: &str) -> ConnectorError {
        errors::of_part_text(self.status_code, self.result.get(), path)
    }

    /// The rows that a query answered.
    pub fn page(&self, path: &str) -> Answer<QueryPage> {
        QueryPage::of_part(self.status_code, self.result.get(), path)
    }
}

/// Reads these paths in one call. The answers are in the order of the paths.
pub(crate) async fn batch(session: &Session, paths: &[String]) -> Answer<Vec<BatchPart>> {
    assert!(paths.len() <= PARTS_MAX, "a batch is made by our own code");
    let requests: Vec<_> =
        paths.iter().map(|path| json!({ "method": "GET", "url": path })).collect();
    let body = json!({ "haltOnError": false, "batchRequests": requests }).to_string();
    let response = session.call(post_to_read("/composite/batch", body)).await?;
    let body: BatchBody = Envelope::read(response.body(), "batch")?;
    if body.results.len() != paths.len() {
        return Err(ConnectorError::Malformed { path: "batch.results".to_owned() });
    }
    Ok(body.results)
}
