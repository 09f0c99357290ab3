//! The second company of the sample: an organisation of Xero beside the books in QuickBooks.

use serde_json::Value;
use tieout_api::commands::{self, CreateOptions, CreateView, FrameOptions, ResyncView};
use tieout_api::sign_in::{self, ConnectOptions, Connected, XeroOptions};
use tieout_api::views::deals::DealView;
use tieout_api::views::reconciliation::ReconciliationView;
use tieout_api::{Failure, sign_in::Browser};
use tieout_sim::fault::FaultKind;
use tieout_sim::xero::{Edit, EditKind, TruthDocument, XeroSim};

use crate::world::{ACTOR, AS_OF, World, rule};

/// Name of its connection.
pub const XERO: &str = "xero";
const CREATE_MAX: u32 = 25;

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&mut self, _: &str) {}

    fn pasted(&mut self) -> Result<String, Failure> {
        unreachable!("a sandbox answers its own consent page")
    }
}

impl World {
    /// Both companies read, and writing allowed everywhere.
    #[track_caller]
    pub fn with_xero() -> Self {
        let mut world = Self::read();
        world.sign_in_xero(XERO, XeroOptions::default()).expect("the sandbox allows it");
        let run = world.sync();
        assert!(run.run.complete, "{:?}", run.run.gaps);
        world.allow_writing(XERO);
        world
    }

    /// Signs in to Xero through its consent page, under this name.
    pub fn sign_in_xero(&mut self, name: &str, xero: XeroOptions) -> Result<Connected, Failure> {
        self.sign_in_xero_with(name, xero, &mut NoBrowser)
    }

    /// The same with a person who chooses.
    pub fn sign_in_xero_with(
        &mut self,
        name: &str,
        xero: XeroOptions,
        browser: &mut dyn Browser,
    ) -> Result<Connected, Failure> {
        let options = ConnectOptions {
            name: Some(name.into()),
            base_url: Some("http://127.0.0.1:3".into()),
            client_id: Some(XeroSim::CLIENT_ID.into()),
            xero,
            ..ConnectOptions::default()
        };
        self.ask(async |workspace| sign_in::xero(workspace, &options, browser).await)
    }

    /// One company's tie-outs at 30 June.
    #[track_caller]
    pub fn reconcile_company(&self, connection: &str) -> ReconciliationView {
        commands::reconcile(self.workspace(), &frame_of(connection)).expect("it reconciles")
    }

    /// One deal of one company at 30 June.
    #[track_caller]
    pub fn deal_of(&self, connection: &str, reference: &str) -> DealView {
        self.deal_of_on(connection, AS_OF, reference)
    }

    /// The same at another day.
    #[track_caller]
    pub fn deal_of_on(&self, connection: &str, as_of: &str, reference: &str) -> DealView {
        let id = self.deal_id(reference);
        let frame = FrameOptions { as_of: Some(as_of.into()), ..frame_of(connection) };
        let deals = commands::deals(self.workspace(), &frame, true).expect("it reconciles");
        let found = deals.deals.into_iter().find(|deal| deal.opportunity == id);
        found.unwrap_or_else(|| panic!("{reference} is no deal of {connection}"))
    }

    /// Creates the invoices of these deals in this company.
    pub fn try_create_in(
        &mut self,
        connection: &str,
        references: &[&str],
    ) -> Result<CreateView, Failure> {
        let options = CreateOptions {
            opportunities: references.iter().map(|it| self.deal_id(it)).collect(),
            further: false,
            dry_run: false,
            limit: CREATE_MAX,
            actor: ACTOR.into(),
            ledger: Some(connection.into()),
        };
        self.ask(async |workspace| commands::create(workspace, &options).await)
    }

    #[track_caller]
    pub fn create_in(&mut self, connection: &str, references: &[&str]) -> CreateView {
        self.try_create_in(connection, references).expect("it goes through whatever it finds")
    }

    /// Reads one deal again, with the documents of this company.
    #[track_caller]
    pub fn resync_in(&mut self, connection: &str, reference: &str) -> ResyncView {
        let id = self.deal_id(reference);
        self.ask(async |workspace| commands::resync(workspace, &id, None, Some(connection)).await)
            .expect("the deal is there")
    }

    /// Our key for the invoice of a deal in Xero.
    pub fn xero_key(&self, reference: &str) -> String {
        let ledger = format!("xero:{}", XeroSim::SAMPLE_TENANT);
        let (org, deal) = (tieout_sim::sample::Company::ORG_ID, self.deal_id(reference));
        tieout_sim::quickbooks::transaction_key(org, &ledger, &deal, "invoice", 1)
    }

    /// Sales invoices in Xero that carry the deal.
    #[track_caller]
    pub fn xero_invoices_of(&self, reference: &str) -> Vec<TruthDocument> {
        let truth = self.sandbox.xero.truth(None).expect("the organisation is there");
        truth.noted(&self.deal_id(reference))
    }

    /// Somebody works in Xero. Gives the record.
    #[track_caller]
    pub fn in_xero(&self, entity: &str, operation: EditKind, body: Value) -> Value {
        let edit = Edit { tenant: None, entity: entity.into(), operation, body };
        self.sandbox.xero.edit(&edit).expect("the books take the edit")
    }

    /// The next matching request to Xero suffers this.
    pub fn xero_suffers(&self, kind: FaultKind, method: &str, path: &str, body: &str) {
        self.sandbox.xero.faults().add(rule(kind, method, path, body));
    }
}

fn frame_of(connection: &str) -> FrameOptions {
    FrameOptions {
        as_of: Some(AS_OF.into()),
        ledger: Some(connection.into()),
        ..FrameOptions::default()
    }
}
