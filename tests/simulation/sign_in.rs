//! A person's browser: signing in to both systems, past the faults.

use std::collections::BTreeMap;

use axum::body::Body;
use base64::Engine as _;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use tieout_connect::secret::Secret;
use tieout_connect::session::StoredGrant;
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::sample::{Company, salesforce_id};
use tower::ServiceExt;

use crate::network::{QUICKBOOKS, SALESFORCE};
use crate::world::World;

const REDIRECT: &str = "http://localhost:53682/quickbooks";
/// Life of an access token of QuickBooks, as its answer says.
const ACCESS_SECS: i64 = 3_600;

impl World {
    /// A person allows the product in both systems, whatever was there before.
    pub async fn sign_in(&mut self) {
        let grants = [self.sign_in_to_salesforce(), self.sign_in_to_quickbooks().await];
        for (place, grant) in self.grants.iter().zip(grants) {
            self.network.plant_secrets([grant.access.expose(), refresh_of(&grant).expose()]);
            *place.lock().unwrap() = Some(grant);
        }
    }

    fn sign_in_to_salesforce(&self) -> StoredGrant {
        let user = salesforce_id("005", 1);
        let id = format!("http://{SALESFORCE}/id/{}/{user}", Company::ORG_ID);
        let (access, refresh) = self.salesforce.sign_in();
        StoredGrant {
            access: Secret::new(access),
            refresh: Some(Secret::new(refresh)),
            previous_refresh: None,
            obtained_at: self.laptop_now(),
            expires_at: None,
            instance_url: Some(format!("http://{SALESFORCE}")),
            extra: BTreeMap::from([("id".to_owned(), id)]),
        }
    }

    async fn sign_in_to_quickbooks(&self) -> StoredGrant {
        let mut address = url::Url::parse("http://127.0.0.1:2/connect/oauth2").unwrap();
        address.query_pairs_mut().extend_pairs([
            ("client_id", QuickBooksSim::CLIENT_ID),
            ("redirect_uri", REDIRECT),
            ("response_type", "code"),
            ("scope", "com.intuit.quickbooks.accounting"),
            ("state", "s"),
        ]);
        let ask = http::Request::get(address.as_str()).header("host", QUICKBOOKS);
        let answer = self.direct(ask.body(Body::empty()).unwrap()).await.0;
        let location = answer.headers["location"].to_str().unwrap();
        let location = url::Url::parse(location).unwrap();
        let code = location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("grant_type", "authorization_code"), ("code", code.as_str())])
            .append_pair("redirect_uri", REDIRECT)
            .finish();
        let client = format!("{}:{}", QuickBooksSim::CLIENT_ID, QuickBooksSim::CLIENT_SECRET);
        let client = base64::engine::general_purpose::STANDARD.encode(client);
        let exchange = http::Request::post("/oauth2/v1/tokens/bearer")
            .header("host", QUICKBOOKS)
            .header("authorization", format!("Basic {client}"))
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(form));
        let (_, body) = self.direct(exchange.unwrap()).await;
        let tokens: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let secret = |name: &str| Secret::new(tokens[name].as_str().unwrap());
        StoredGrant {
            access: secret("access_token"),
            refresh: Some(secret("refresh_token")),
            previous_refresh: None,
            obtained_at: self.laptop_now(),
            expires_at: Some(self.laptop_now() + SignedDuration::from_secs(ACCESS_SECS)),
            instance_url: None,
            extra: BTreeMap::from([("realmId".to_owned(), self.quickbooks.realm())]),
        }
    }

    async fn direct(&self, request: http::Request<Body>) -> (http::response::Parts, Vec<u8>) {
        let response = self.quickbooks.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts, body.collect().await.unwrap().to_bytes().to_vec())
    }
}

fn refresh_of(grant: &StoredGrant) -> &Secret {
    grant.refresh.as_ref().expect("both systems give one")
}
