//! A workspace of the sample company with both systems in this process, on one virtual clock.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, civil};
use serde_json::Value;
use tempfile::TempDir;
use tieout_api::commands::{
    self, Choice, CreateOptions, CreateView, DecideOptions, EffectsOptions, FrameOptions,
    Resolution, ResyncView, SyncOptions, SyncView,
};
use tieout_api::sign_in::{self, Browser, ConnectOptions};
use tieout_api::views::deals::{DealView, DealsView};
use tieout_api::views::effects::EffectView;
use tieout_api::views::exceptions::ExceptionsView;
use tieout_api::views::receivables::ReceivablesView;
use tieout_api::views::reconciliation::ReconciliationView;
use tieout_api::{
    Cancel, DemoOptions, DemoReport, ExportFormat, ExportOptions, Failure, Opening, PaperSize,
    Sandbox, Workspace, Written, demo, export,
};
use tieout_connect::transport::Transport;
use tieout_engine::Silent;
use tieout_sim::fault::{FaultKind, FaultRule};
use tieout_sim::quickbooks::{Edit as BooksEdit, EditKind, QuickBooksSim, TruthDocument};
use tieout_sim::salesforce::Edit as OrgEdit;
use tieout_sim::sample::Company;
use tieout_vault::{Argon2Cost, KeySource, PassphraseVault, system_entropy};
use zeroize::Zeroizing;

use crate::clock::WrongClock;
use crate::prepared::{self, Stage};
use crate::wire::Wire;

/// The period of the sample.
pub const PERIOD: &str = "2026-06";
/// Its last day.
pub const AS_OF: &str = "2026-06-30";
/// What opens every workspace of a test.
pub const PASSPHRASE: &str = "seven brass keys on a ring";

/// Who asks.
pub const ACTOR: &str = "Priya Raman";
const CREATE_MAX: u32 = 25;
const START: &str = "2026-07-02T17:30";
/// Stretching a passphrase is slow on purpose; here nothing depends on that.
const CHEAP: Argon2Cost = Argon2Cost { memory_kib: 64, passes: 1, lanes: 1 };

/// One workspace, the two systems it is connected to, and the wire between them.
///
/// The simulators outlive the workspace: `close` and `reopen` are a process that ends and another
/// that begins.
pub struct World {
    pub sandbox: Sandbox,
    pub company: Company,
    pub wire: Wire,
    workspace: Option<Workspace>,
    clock_ahead_secs: i64,
    runtime: tokio::runtime::Runtime,
    folder: PathBuf,
    /// Removed at the end.
    keep: Option<TempDir>,
}

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&mut self, _: &str) {}

    fn pasted(&mut self) -> Result<String, Failure> {
        unreachable!("a sandbox answers its own consent page")
    }
}

impl World {
    /// A world at a stage of the story.
    pub fn at(stage: Stage) -> Self {
        let keep = TempDir::new().expect("a folder for the test");
        let folder = keep.path().join("workspace");
        prepared::copy(stage, &folder);
        let sandbox = Sandbox::load(&folder).expect("the simulators' state was saved");
        let mut world = Self::around(sandbox, folder);
        world.keep = Some(keep);
        world
    }

    /// Signed in, nothing read.
    pub fn connected() -> Self {
        Self::at(Stage::Connected)
    }

    /// Not even signed in: a workspace that was made a moment ago.
    pub fn fresh() -> Self {
        let keep = TempDir::new().expect("a folder for the test");
        let folder = keep.path().join("workspace");
        std::fs::create_dir(&folder).expect("a folder for the workspace");
        cheap_key(&folder);
        let mut world = Self::around(Sandbox::sample(local(START)), folder);
        world.keep = Some(keep);
        world
    }

    /// Everything read once on 2 July.
    pub fn read() -> Self {
        Self::at(Stage::Read)
    }

    /// After the demonstration on 6 July.
    pub fn played() -> Self {
        Self::at(Stage::Played)
    }

    fn around(sandbox: Sandbox, folder: PathBuf) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let mut world = Self {
            company: Company::alder_quay(),
            wire: Wire::new(sandbox.network()),
            sandbox,
            workspace: None,
            clock_ahead_secs: 0,
            runtime: runtime.expect("a runtime starts"),
            folder,
            keep: None,
        };
        world.reopen();
        world
    }

    /// Plays the story up to a stage in `folder` and leaves the workspace there, closed.
    pub(crate) fn make(stage: Stage, folder: &Path) {
        cheap_key(folder);
        if stage == Stage::Played {
            play(&opening(folder), &folder.join("../played-reports"));
            return;
        }
        let sandbox = Sandbox::sample(local(START));
        let mut world = Self::around(sandbox, folder.to_owned());
        world.sign_in();
        if stage == Stage::Read {
            let run = world.sync();
            assert!(run.run.complete, "{:?}", run.run.gaps);
            world.allow_writing("salesforce");
            world.allow_writing("quickbooks");
            world.exclude_the_intercompany_deal();
        }
        world.close();
    }

    /// Signs in to both sides through their consent pages.
    pub fn sign_in(&mut self) {
        let crm = ConnectOptions {
            base_url: Some("http://127.0.0.1:1".into()),
            client_id: Some(tieout_sim::salesforce::CLIENT_ID.into()),
            ..ConnectOptions::default()
        };
        let books = ConnectOptions {
            base_url: Some("http://127.0.0.1:2".into()),
            client_id: Some(QuickBooksSim::CLIENT_ID.into()),
            client_secret: Some(QuickBooksSim::CLIENT_SECRET.into()),
            ..ConnectOptions::default()
        };
        self.ask(async |workspace| {
            sign_in::salesforce(workspace, &crm, &mut NoBrowser).await?;
            sign_in::quickbooks(workspace, &books, &mut NoBrowser).await
        })
        .expect("the sandbox allows it");
    }

    fn exclude_the_intercompany_deal(&mut self) {
        let excluded = self.company.excluded[0].clone();
        let options = DecideOptions {
            opportunity: self.deal_id(&excluded.reference),
            choice: Choice::Exclude(excluded.reason.clone()),
            note: excluded.reason,
            actor: excluded.by,
            frame: june(),
        };
        commands::decide(self.workspace_mut(), &options).expect("the deal is there");
    }

    /// Lets Tieout write to this connection.
    pub fn allow_writing(&mut self, connection: &str) {
        self.set_writing(connection, true);
    }

    /// Whether Tieout may write to this connection from now on.
    pub fn set_writing(&mut self, connection: &str, on: bool) {
        self.ask(async |workspace| commands::set_writing(workspace, connection, on, ACTOR).await)
            .expect("the connection is there");
    }

    // ---- the process

    /// The folder of the workspace.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path beside the workspace.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.with_file_name(name)
    }

    #[track_caller]
    pub fn workspace(&self) -> &Workspace {
        self.workspace.as_ref().expect("the workspace is open")
    }

    #[track_caller]
    pub fn workspace_mut(&mut self) -> &mut Workspace {
        self.workspace.as_mut().expect("the workspace is open")
    }

    /// The process ends in an orderly way: the simulators' state is saved.
    pub fn close(&mut self) {
        if let Some(workspace) = self.workspace.take() {
            workspace.save_sandbox().expect("the workspace's folder can be written");
        }
    }

    /// The process dies: nothing more is said or saved.
    pub fn die(&mut self) {
        self.workspace = None;
    }

    /// A new process opens the workspace; the systems stand where they stood.
    pub fn reopen(&mut self) {
        self.workspace = None;
        let opening = opening(&self.folder);
        let opened = Workspace::open_sandbox(&opening, self.sandbox.clone());
        let mut workspace = self.runtime.block_on(opened).expect("the workspace opens");
        self.wire = self.wire.before(workspace.transport.clone());
        workspace.transport = Arc::new(self.wire.clone()) as Arc<dyn Transport>;
        if self.clock_ahead_secs != 0 {
            let clock = WrongClock::new(self.sandbox.clock.clone(), self.clock_ahead_secs);
            workspace.clock = Arc::new(clock);
            workspace.engine.clock = workspace.clock.clone();
        }
        self.runtime.block_on(workspace.connect_all()).expect("the connections open");
        self.workspace = Some(workspace);
    }

    /// From now on the laptop's clock differs from the servers' by so much.
    pub fn set_laptop_clock_wrong(&mut self, ahead_secs: i64) {
        self.clock_ahead_secs = ahead_secs;
        self.reopen();
    }

    /// Runs something with the open workspace.
    #[track_caller]
    pub fn ask<T>(&mut self, what: impl AsyncFnOnce(&mut Workspace) -> T) -> T {
        let workspace = self.workspace.as_mut().expect("the workspace is open");
        self.runtime.block_on(what(workspace))
    }

    /// Waits for a future of the test's own.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    // ---- time

    pub fn now(&self) -> Timestamp {
        self.sandbox.clock.now()
    }

    pub fn forward(&self, secs: i64) {
        self.sandbox.clock.advance(SignedDuration::from_secs(secs));
    }

    /// To a local time of the story: `2026-07-06T09:30`.
    pub fn forward_to(&self, at: &str) {
        self.sandbox.clock.advance_to(local(at));
    }

    // ---- commands

    pub fn try_sync(&mut self, options: &SyncOptions) -> Result<SyncView, Failure> {
        self.ask(async |workspace| commands::sync(workspace, options).await)
    }

    /// An incremental run over everything.
    #[track_caller]
    pub fn sync(&mut self) -> SyncView {
        let options = SyncOptions { period: Some(PERIOD.into()), ..SyncOptions::default() };
        self.try_sync(&options).expect("a run goes through whatever it finds")
    }

    /// A run that reads everything again.
    #[track_caller]
    pub fn sync_full(&mut self) -> SyncView {
        let options =
            SyncOptions { period: Some(PERIOD.into()), full: true, ..SyncOptions::default() };
        self.try_sync(&options).expect("a run goes through whatever it finds")
    }

    /// Creates the invoices of these deals; of all that are ready if none is named.
    pub fn try_create(&mut self, references: &[&str]) -> Result<CreateView, Failure> {
        let options = CreateOptions {
            opportunities: references.iter().map(|it| self.deal_id(it)).collect(),
            further: false,
            dry_run: false,
            limit: CREATE_MAX,
            actor: ACTOR.into(),
            ledger: None,
        };
        self.ask(async |workspace| commands::create(workspace, &options).await)
    }

    #[track_caller]
    pub fn create(&mut self, references: &[&str]) -> CreateView {
        self.try_create(references).expect("a create run goes through whatever it finds")
    }

    /// What became of the one deal: `confirmed`, `unknown`, …
    #[track_caller]
    pub fn outcome(&mut self, reference: &str) -> &'static str {
        let view = self.create(&[reference]);
        assert_eq!(view.deals.len(), 1, "{view:?}");
        view.deals[0].outcome
    }

    #[track_caller]
    pub fn resync(&mut self, reference: &str) -> ResyncView {
        let id = self.deal_id(reference);
        self.ask(async |workspace| commands::resync(workspace, &id, None, None).await)
            .expect("the deal is there")
    }

    #[track_caller]
    pub fn reconcile(&self) -> ReconciliationView {
        self.reconcile_in(&june())
    }

    /// As known at a local time of the story.
    #[track_caller]
    pub fn reconcile_known(&self, at: &str) -> ReconciliationView {
        self.reconcile_in(&known(at))
    }

    #[track_caller]
    fn reconcile_in(&self, frame: &FrameOptions) -> ReconciliationView {
        commands::reconcile(self.workspace(), frame).expect("the books reconcile")
    }

    #[track_caller]
    pub fn receivables(&self) -> ReceivablesView {
        commands::receivables(self.workspace(), &june()).expect("the books reconcile")
    }

    #[track_caller]
    pub fn deals(&self, all: bool) -> DealsView {
        commands::deals(self.workspace(), &june(), all).expect("the books reconcile")
    }

    /// One deal at 30 June.
    #[track_caller]
    pub fn deal(&self, reference: &str) -> DealView {
        self.deal_in(&june(), reference)
    }

    /// One deal as of another day.
    #[track_caller]
    pub fn deal_on(&self, as_of: &str, reference: &str) -> DealView {
        let frame = FrameOptions { as_of: Some(as_of.into()), ..FrameOptions::default() };
        self.deal_in(&frame, reference)
    }

    #[track_caller]
    fn deal_in(&self, frame: &FrameOptions, reference: &str) -> DealView {
        let id = self.deal_id(reference);
        let deals = commands::deals(self.workspace(), frame, true).expect("the books reconcile");
        let found = deals.deals.into_iter().find(|deal| deal.opportunity == id);
        found.unwrap_or_else(|| panic!("{reference} is in no population"))
    }

    #[track_caller]
    pub fn exceptions(&self) -> ExceptionsView {
        commands::exceptions(self.workspace(), &june()).expect("the books reconcile")
    }

    /// Every promised effect, newest first.
    #[track_caller]
    pub fn effects(&mut self) -> Vec<EffectView> {
        let options = EffectsOptions::default();
        self.ask(async |workspace| commands::effects(workspace, &options).await)
            .expect("the effects are readable")
            .effects
    }

    /// The promise of the deal's invoice.
    #[track_caller]
    pub fn promise(&mut self, reference: &str) -> EffectView {
        let id = self.deal_id(reference);
        let mut found = self.effects();
        found.retain(|it| it.kind == "document" && it.opportunity.as_ref() == Some(&id));
        assert_eq!(found.len(), 1, "one promise for {reference}");
        found.remove(0)
    }

    /// A person decides that a promise may be sent again.
    #[track_caller]
    pub fn send_again(&mut self, key: &str) {
        let resolve = Resolution {
            key: key.into(),
            decision: tieout_api::Decision::SendAgain,
            reason: "it is not in the books".into(),
            actor: ACTOR.into(),
        };
        let options = EffectsOptions { resolve: Some(resolve), ..EffectsOptions::default() };
        self.ask(async |workspace| commands::effects(workspace, &options).await)
            .expect("the promise waits for a person");
    }

    /// Asks about every unknown outcome at once.
    #[track_caller]
    pub fn ask_about_unknown(&mut self) {
        let options = EffectsOptions { ask: true, ..EffectsOptions::default() };
        self.ask(async |workspace| commands::effects(workspace, &options).await)
            .expect("asking goes through whatever it finds");
    }

    #[track_caller]
    pub fn export(&mut self, format: ExportFormat, out: &Path) -> Vec<Written> {
        let options = ExportOptions {
            period: PERIOD.into(),
            format,
            out: out.to_owned(),
            paper: PaperSize::Letter,
            known_at: None,
            ledger: None,
        };
        export(self.workspace_mut(), &options).expect("the workpaper is written").files
    }

    // ---- the sample company

    /// The Opportunity's id.
    #[track_caller]
    pub fn deal_id(&self, reference: &str) -> String {
        self.company.deal_id(reference).unwrap_or_else(|| panic!("{reference} is of the sample"))
    }

    /// The id of a document of QuickBooks by its number.
    #[track_caller]
    pub fn document_id(&self, kind: &str, number: &str) -> String {
        let documents = self.sandbox.quickbooks.truth().documents();
        let found = documents
            .into_iter()
            .find(|it| it.kind == kind && it.number.as_deref() == Some(number));
        found.unwrap_or_else(|| panic!("{kind} {number} is in the books")).id
    }

    /// Our key for the invoice of a deal.
    pub fn key(&self, reference: &str) -> String {
        let ledger = format!("qbo:{}", Company::QUICKBOOKS_REALM);
        let deal = self.deal_id(reference);
        tieout_sim::quickbooks::transaction_key(Company::ORG_ID, &ledger, &deal, "invoice", 1)
    }

    /// Documents in QuickBooks that carry our key for the deal.
    pub fn invoices_of(&self, reference: &str) -> Vec<TruthDocument> {
        self.sandbox.quickbooks.truth().noted(&self.key(reference))
    }

    // ---- other people, and the network

    /// Somebody changes a record in Salesforce.
    #[track_caller]
    pub fn in_salesforce(&self, object: &str, id: &str, fields: Value) {
        self.org_edit(object, Some(id), fields, false);
    }

    /// As `in_salesforce`, past every rule of the org and without a trace in its history.
    #[track_caller]
    pub fn behind_salesforce(&self, object: &str, id: &str, fields: Value) {
        self.org_edit(object, Some(id), fields, true);
    }

    /// Somebody makes a record in Salesforce. Gives its id.
    #[track_caller]
    pub fn new_in_salesforce(&self, object: &str, fields: Value) -> String {
        self.org_edit(object, None, fields, false)
    }

    #[track_caller]
    fn org_edit(&self, object: &str, id: Option<&str>, fields: Value, raw: bool) -> String {
        let edit = OrgEdit {
            object: object.into(),
            id: id.map(str::to_owned),
            fields,
            raw,
            visible_after_secs: None,
        };
        self.sandbox.salesforce.edit(&edit).expect("the org takes the edit")
    }

    /// Somebody works in QuickBooks. Gives the record.
    #[track_caller]
    pub fn in_quickbooks(&self, entity: &str, operation: EditKind, body: Value) -> Value {
        let edit = BooksEdit { entity: entity.into(), operation, body };
        self.sandbox.quickbooks.edit(&edit).expect("the books take the edit")
    }

    /// The next matching request to QuickBooks suffers this.
    pub fn quickbooks_suffers(&self, kind: FaultKind, method: &str, path: &str, body: &str) {
        self.sandbox.quickbooks.faults().add(rule(kind, method, path, body));
    }

    /// The next matching request to Salesforce suffers this.
    pub fn salesforce_suffers(&self, kind: FaultKind, method: &str, path: &str, body: &str) {
        self.sandbox.salesforce.faults().add(rule(kind, method, path, body));
    }

    /// Both systems are well again.
    pub fn heal(&self) {
        self.sandbox.quickbooks.faults().clear();
        self.sandbox.salesforce.faults().clear();
        self.wire.heal();
    }
}

pub(crate) fn rule(kind: FaultKind, method: &str, path: &str, body: &str) -> FaultRule {
    FaultRule {
        method: method.into(),
        path_contains: path.into(),
        body_contains: body.into(),
        kind,
        times: 1,
    }
}

/// A local time of the sample company.
#[track_caller]
pub fn local(at: &str) -> Timestamp {
    let zone = TimeZone::get(&Company::alder_quay().zone).expect("the zone of the sample");
    let at: civil::DateTime = at.parse().expect("a local time");
    at.to_zoned(zone).expect("a time that exists there").timestamp()
}

fn june() -> FrameOptions {
    FrameOptions { as_of: Some(AS_OF.into()), ..FrameOptions::default() }
}

fn known(at: &str) -> FrameOptions {
    FrameOptions { known_at: Some(local(at).to_string()), ..june() }
}

/// How a workspace of a test opens.
pub fn opening(folder: &Path) -> Opening {
    Opening {
        folder: folder.to_owned(),
        passphrase: Some(Zeroizing::new(PASSPHRASE.into())),
        create: true,
        ca_pem: None,
    }
}

/// A key that costs nothing to open, where a new workspace will look for one.
pub fn cheap_key(folder: &Path) {
    let passphrase = Zeroizing::new(PASSPHRASE.to_owned());
    let vault = PassphraseVault::with_cost(folder, passphrase, CHEAP);
    vault.create(&system_entropy).expect("a key file can be written");
}

/// The demonstration, once.
#[track_caller]
pub fn play(opening: &Opening, out: &Path) -> DemoReport {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    let options = DemoOptions {
        out: out.to_owned(),
        cancel: Cancel::default(),
        observer: Box::new(Silent),
        tell: |_| {},
    };
    runtime.block_on(demo(opening, options)).expect("the demonstration goes through")
}
