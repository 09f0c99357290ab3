//! Where a connector is tried: its simulator, the line to it, the stored sign-in, and the people in
//! the tool. One per brand; the rules know nothing but this.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Uri};
use jiff::{SignedDuration, Timestamp};
use tieout_connect::clock::Clock;
use tieout_connect::error::ConnectorError;
use tieout_connect::oauth::{OAuthClient, OAuthConfig, Redirect, read_pasted};
use tieout_connect::ports::{Answer, Source};
use tieout_connect::session::StoredGrant;
use tieout_connect::testing::CountedEntropy;
use tieout_domain::effect::Replay;
use tieout_domain::facts::Stream;
use tieout_sim::clock::SimClock;
use tieout_sim::fault::FaultPlan;
use tieout_tests::clock::WrongClock;

use crate::keys::Keys;
use crate::line::{Act, Inspect, Line};

/// Where every story begins.
pub const START: &str = "2026-06-10T15:30:00Z";

/// A word which we do not know, in a record that we read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// It decides what the record is worth: kept aside.
    Decides,
    /// It decides nothing: taken as it is.
    DecidesNothing,
}

/// How a missing right shows, which an empty list would hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Reading says what is not permitted.
    AtReading,
    /// The records still come, without what is hidden; the probe says what is missing.
    ByTheProbe,
}

/// What a second write with one key comes to, long after the tool forgot the request itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Later {
    /// Refused: the key is unique in the tool.
    Refused,
    /// Laid over the first: the same record again.
    Same,
    /// A second one: only asking first keeps it away, and the declared class says so.
    Second,
}

/// The set-up requests of one run, which do not grow with the records.
#[derive(Clone, Copy, Debug)]
pub struct SetUp {
    pub requests: u64,
    pub reason: &'static str,
}

/// Everything in which one brand honestly differs from another.
pub struct Brand {
    pub name: &'static str,
    pub tool: &'static str,
    /// The feed that most rules read.
    pub stream: Stream,
    /// Records of a page of that feed.
    pub page: usize,
    /// The member that holds the id of a record.
    pub id: &'static str,
    pub right: Shown,
    /// What the probe declares, and what it comes to.
    pub replay: Replay,
    pub later: Later,
    pub set_up: SetUp,
    /// Rules that this brand cannot be asked, each with the reason.
    pub cannot: &'static [(&'static str, &'static str)],
}

/// What all stands have in common.
pub struct World {
    pub clock: SimClock,
    pub line: Arc<Line>,
    pub keys: Arc<Keys>,
    pub entropy: Arc<CountedEntropy>,
}

impl World {
    pub fn start() -> Timestamp {
        START.parse().expect("an instant")
    }

    pub fn around(
        router: axum::Router,
        plan: FaultPlan,
        clock: SimClock,
        inspect: Option<Inspect>,
    ) -> Self {
        let line = Line::to(router, plan, clock.clone(), inspect);
        let keys = Keys::beside(&line);
        Self { clock, line, keys, entropy: Arc::default() }
    }

    /// The laptop's clock: right, and moved on by every wait.
    pub fn laptop(&self) -> Arc<dyn Clock> {
        Arc::new(WrongClock::new(self.clock.clone(), 0))
    }

    pub fn pass(&self, secs: i64) {
        self.clock.advance(SignedDuration::from_secs(secs));
    }

    /// Every error of every rule goes through here: none may hold a secret, in no form of its text.
    #[track_caller]
    pub fn judge(&self, error: &ConnectorError) {
        self.judge_text(&format!("{error} {error:?}"));
        let mut cause = std::error::Error::source(error);
        while let Some(deeper) = cause {
            self.judge_text(&format!("{deeper} {deeper:?}"));
            cause = deeper.source();
        }
    }

    #[track_caller]
    pub fn judge_text(&self, text: &str) {
        for secret in self.line.secrets() {
            assert!(!text.contains(&secret), "an error holds a secret: {text}");
        }
    }
}

/// One brand at its place of trial. What a method does in the tool, a person does there.
pub trait Stand: Sized + 'static {
    type Port: Source + ?Sized;

    fn brand() -> Brand;
    /// One company with whom there is business, and consent given in advance; nobody is signed in.
    fn found() -> Self;
    fn world(&self) -> &World;
    fn oauth(&self) -> OAuthConfig;
    /// A new process opens the connection.
    async fn connect(&self) -> Arc<Self::Port>;

    /// New records of the main feed, `apart_secs` between their stamps. Their ids.
    fn make(&self, count: usize, apart_secs: i64) -> Vec<String>;
    /// One record of this amount.
    fn make_of(&self, amount: &str) -> String;
    /// Somebody changes a record in a way that does not matter.
    fn touch(&self, id: &str) -> Act;
    /// A record that can be deleted.
    fn make_removable(&self) -> String;
    /// Somebody deletes it.
    fn remove(&self, id: &str) -> Act;
    /// Somebody makes a document void; only where there is such a thing.
    fn void(&self, id: &str) -> Act;
    /// A record that is stamped now and seen by readers only from `end_late` on.
    fn begin_late(&self, secs: u32);
    /// Its id.
    fn end_late(&self) -> String;
    /// The access token is not good any more.
    fn lapse(&self);
    /// A right goes whose absence could be taken for an absence of records.
    fn take_a_right_away(&self);
    /// Puts a word that nobody knows into a record.
    fn misname(record: &mut serde_json::Value, word: Word);

    /// Asks for a page of the main feed.
    fn is_page(request: &Request<Bytes>) -> bool;
    /// Writes the one thing that the rules write.
    fn is_write(request: &Request<Bytes>) -> bool;
    /// Writes it under its key.
    async fn write(&self, port: &Self::Port, attempt: u32) -> Answer<()>;
    /// Asks whether it is there.
    async fn look_up(&self, port: &Self::Port) -> Answer<bool>;
    /// How many there are in the tool.
    fn written(&self) -> usize;

    /// Asks everything else that the role can be asked.
    async fn ask_everything(&self, port: &Self::Port);

    /// Records for a first sync, `scale` times as many as an ordinary trial has: how many of each object, with the rows of a page of each.
    fn fill(&self, scale: usize) -> Vec<(&'static str, usize, usize)>;
}

/// A person allows the app in the browser, and the code is redeemed and stored.
pub async fn sign_in<S: Stand>(stand: &S) {
    let world = stand.world();
    let oauth = stand.oauth();
    let port = match &oauth.redirect {
        Redirect::Loopback { ports, .. } => ports.first().copied(),
        Redirect::Relay { .. } | Redirect::Pasted { .. } => None,
    };
    let client = OAuthClient::new(oauth, world.line.clone(), world.entropy.clone());
    let pending = client.begin(port).expect("the address can be made");
    let callback = allowed(world, &pending.authorize_url).await;
    let callback = read_pasted(&callback, pending.state()).expect("the browser brings a code");
    let signed_in = client.redeem(&pending, callback).await.expect("the code is good");
    let now = world.clock.now();
    world.keys.put(StoredGrant::first(signed_in.answer, signed_in.callback, now));
}

/// Opens the consent page; where it asks, the person allows. The address that the browser is sent
/// to.
async fn allowed(world: &World, address: &str) -> String {
    let uri: Uri = address.parse().expect("an address");
    let ask = Request::get(uri.clone()).body(Bytes::new()).expect("a request");
    let mut answer = world.line.direct(ask).await;
    if answer.status() == 200 {
        let query = uri.query().unwrap_or_default();
        let form = format!("{query}&decision=allow");
        let press = Request::post(uri.path().to_owned())
            .header("host", uri.authority().map_or("", |authority| authority.as_str()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(form));
        answer = world.line.direct(press.expect("a request")).await;
    }
    let location = answer.headers().get("location").unwrap_or_else(|| {
        panic!("{}: {}", answer.status(), String::from_utf8_lossy(answer.body()))
    });
    location.to_str().expect("an address").to_owned()
}
