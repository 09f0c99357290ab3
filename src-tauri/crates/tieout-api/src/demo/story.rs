//! The story, day by day.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use tieout_domain::ids::{ConnectionId, DealId};
use tieout_engine::{KnownAt, LedgerView, RunReport};
use tieout_sim::fault::{FaultKind, FaultRule};
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::sample::Company;

use super::{AS_OF, CONTROLLER, DemoReport, PERIOD};
use crate::codes::Code;
use crate::commands::{
    self, CreateOptions, CreateView, SyncOptions, WriteBackView, reconciliation_view, run_sync,
    set_writing,
};
use crate::export::{ExportFormat, ExportOptions, PaperSize, Written, export};
use crate::failure::Failure;
use crate::sandbox::{QUICKBOOKS_AUTHORITY, SALESFORCE_AUTHORITY};
use crate::sign_in::{self, Browser, ConnectOptions};
use crate::views::runs::RunView;
use crate::workspace::Workspace;

/// The deal whose invoice was sent at 09:21 and never answered.
const UNANSWERED: &str = "D-1034";
/// Documents that the demo may create in one run.
const CREATE_MAX: u32 = 25;
/// Turns of the runtime in which a signal wakes its listener and the listener notes the wish.
const SIGNAL_TURNS: u32 = 3;

/// Nobody looks at a browser here: the sandbox's consent page is answered in process.
struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&mut self, _: &str) {}

    fn pasted(&mut self) -> Result<String, Failure> {
        Err(Failure::new(Code::SignInRefused, "nobody pastes an address in the demo"))
    }
}

/// Local times of the story.
pub(super) struct StoryClock {
    zone: TimeZone,
}

impl StoryClock {
    pub(super) fn new(company: &Company) -> Result<Self, Failure> {
        let zone = TimeZone::get(&company.zone)
            .map_err(|error| Failure::caused(Code::Unexpected, "the zone of the story", error))?;
        Ok(Self { zone })
    }

    pub(super) fn at(&self, local: &str) -> Result<Timestamp, Failure> {
        let parsed: Result<DateTime, _> = local.parse();
        let instant = parsed.and_then(|local| local.to_zoned(self.zone.clone()));
        instant.map(|zoned| zoned.timestamp()).map_err(|error| {
            Failure::caused(Code::Unexpected, format!("`{local}` in the story"), error)
        })
    }
}

/// The story at work in its workspace.
pub(super) struct Story<'a> {
    pub(super) workspace: &'a mut Workspace,
    pub(super) company: Company,
    pub(super) clock: StoryClock,
    pub(super) runs: Vec<RunReport>,
    pub(super) written: WriteBackView,
}

impl Story<'_> {
    /// The story up to the day it ends on.
    pub(super) async fn play(&mut self) -> Result<(), Failure> {
        self.connect().await?;
        self.second_of_july().await?;
        self.sixth_of_july().await
    }

    /// A later demo reads once more before it shows what there is.
    pub(super) async fn end(mut self, first_run: bool, out: &Path) -> Result<DemoReport, Failure> {
        if !first_run {
            self.forward(60)?;
            self.sync("demo").await?;
        }
        self.close(first_run, out).await
    }

    /// Ends the demo where a person asked it to stop. The simulators answer in this process without
    /// a pause, so the signal is given time to arrive.
    async fn unless_stopped(&self) -> Result<(), Failure> {
        for _ in 0..SIGNAL_TURNS {
            tokio::task::yield_now().await;
        }
        if self.workspace.engine.cancel.requested() {
            return Err(Failure::new(Code::Interrupted, "the demo was stopped before its end"));
        }
        Ok(())
    }

    /// Signs in to both sides through their consent pages.
    async fn connect(&mut self) -> Result<(), Failure> {
        let salesforce = ConnectOptions {
            base_url: Some(format!("http://{SALESFORCE_AUTHORITY}")),
            client_id: Some(tieout_sim::salesforce::CLIENT_ID.into()),
            ..ConnectOptions::default()
        };
        sign_in::salesforce(self.workspace, &salesforce, &mut NoBrowser).await?;
        let quickbooks = ConnectOptions {
            base_url: Some(format!("http://{QUICKBOOKS_AUTHORITY}")),
            client_id: Some(QuickBooksSim::CLIENT_ID.into()),
            client_secret: Some(QuickBooksSim::CLIENT_SECRET.into()),
            ..ConnectOptions::default()
        };
        sign_in::quickbooks(self.workspace, &quickbooks, &mut NoBrowser).await?;
        Ok(())
    }

    /// The books as the workpaper of June was prepared.
    async fn second_of_july(&mut self) -> Result<(), Failure> {
        self.limits()?;
        self.exclusions()?;
        self.sync("start").await?;
        self.reasons("2026-07-02T17:35")?;
        self.forward_to("2026-07-06T09:21:14")
    }

    /// One invoice without an answer, the clerks' late changes, and one invoice that is created.
    async fn sixth_of_july(&mut self) -> Result<(), Failure> {
        set_writing(self.workspace, "quickbooks", true, CONTROLLER).await?;
        set_writing(self.workspace, "salesforce", true, CONTROLLER).await?;
        let unanswered = self.deal(UNANSWERED)?;
        self.lose_the_next_invoice_of(&unanswered);
        self.create(vec![unanswered.to_string()]).await?;
        for asked in ["2026-07-06T09:22:20", "2026-07-06T09:30:00"] {
            self.forward_to(asked)?;
            match asked {
                "2026-07-06T09:30:00" => self.sync("schedule").await?,
                _ => self.workspace.engine.ask_now().await?,
            }
        }
        self.reasons("2026-07-06T09:31")?;
        self.forward_to("2026-07-06T09:32:20")?;
        self.workspace.engine.ask_now().await?;
        let now = self.company.now.clone();
        self.forward_to(&now)
    }

    /// Creates what is missing, reads once more, reconciles, compares with the simulators, writes.
    async fn close(mut self, first_run: bool, out: &Path) -> Result<DemoReport, Failure> {
        let creation = self.create(Vec::new()).await?;
        self.forward(20)?;
        if creation.created + creation.adopted > 0 {
            self.sync("demo").await?;
        }
        let view = self.view(None)?;
        let reconciliation = view.reconcile()?;
        let signed_at = self.clock.at(&self.company.signed_at)?;
        let signed = self.view(Some(signed_at))?;
        let as_signed = reconciliation_view(self.workspace, &signed, &signed.reconcile()?)?;
        let truth = self.truth();
        let files = self.files(out).await?;
        let unknown_outcomes = self.unknown_outcomes()?;
        let complete = self.runs.last().is_some_and(RunReport::is_complete)
            && self.written.failed.is_empty()
            && truth.iter().all(|line| line.equal);
        Ok(DemoReport {
            first_run,
            complete,
            created: creation.created,
            written_back: self.written.written,
            unknown_outcomes,
            runs: self.runs.iter().map(RunView::from).collect(),
            creation,
            write_back: self.written,
            reconciliation: reconciliation_view(self.workspace, &view, &reconciliation)?,
            as_signed,
            truth,
            files,
        })
    }

    async fn sync(&mut self, trigger: &str) -> Result<(), Failure> {
        let options = SyncOptions { period: Some(PERIOD.into()), ..SyncOptions::default() };
        let (report, written) = run_sync(self.workspace, &options, trigger).await?;
        self.written.append(written);
        self.runs.push(report);
        self.unless_stopped().await
    }

    async fn create(&mut self, opportunities: Vec<String>) -> Result<CreateView, Failure> {
        let options = CreateOptions {
            opportunities,
            further: false,
            dry_run: false,
            limit: CREATE_MAX,
            actor: CONTROLLER.into(),
            ledger: None,
        };
        let created = commands::create(self.workspace, &options).await?;
        self.unless_stopped().await?;
        Ok(created)
    }

    pub(super) fn view(&self, known_at: Option<Timestamp>) -> Result<LedgerView, Failure> {
        let ledger = self.ledger()?;
        let as_of = AS_OF.parse().map_err(|error| {
            Failure::caused(Code::Unexpected, "the as-of day of the story", error)
        })?;
        Ok(self.workspace.engine.view(&ledger, KnownAt { as_of, known_at })?)
    }

    pub(super) fn ledger(&self) -> Result<ConnectionId, Failure> {
        self.workspace.ledger_named(None)
    }

    pub(super) fn deal(&self, reference: &str) -> Result<DealId, Failure> {
        let id = self.company.deal_id(reference).unwrap_or_default();
        DealId::new(&id).map_err(|error| {
            Failure::caused(Code::Unexpected, format!("`{reference}` in the story"), error)
        })
    }

    /// The tool receives nothing and answers nothing: from here this cannot be told apart from an
    /// invoice that was created and whose answer was lost.
    fn lose_the_next_invoice_of(&self, deal: &DealId) {
        if let Some(sandbox) = &self.workspace.sandbox {
            sandbox.quickbooks.faults().add(FaultRule {
                method: "POST".into(),
                path_contains: "/invoice".into(),
                body_contains: deal.to_string(),
                kind: FaultKind::DropBefore,
                times: 1,
            });
        }
    }

    fn forward(&self, secs: i64) -> Result<(), Failure> {
        if let Some(sandbox) = &self.workspace.sandbox {
            sandbox.clock.advance(jiff::SignedDuration::from_secs(secs));
        }
        Ok(())
    }

    fn forward_to(&self, local: &str) -> Result<(), Failure> {
        let at = self.clock.at(local)?;
        if let Some(sandbox) = &self.workspace.sandbox {
            sandbox.clock.advance_to(at);
        }
        Ok(())
    }

    fn unknown_outcomes(&self) -> Result<usize, Failure> {
        let effects = self.workspace.engine.effects()?;
        let unknown = tieout_domain::effect::EffectState::Unknown;
        Ok(effects.iter().filter(|effect| effect.state == unknown).count())
    }

    async fn files(&mut self, out: &Path) -> Result<Vec<Written>, Failure> {
        let mut files = Vec::new();
        for (format, name) in [
            (ExportFormat::Pdf, "aq-us-2026-06.pdf"),
            (ExportFormat::Xlsx, "aq-us-2026-06.xlsx"),
            (ExportFormat::Csv, "aq-us-2026-06-csv"),
        ] {
            self.unless_stopped().await?;
            let options = ExportOptions {
                period: PERIOD.into(),
                format,
                out: out.join(name),
                paper: PaperSize::Letter,
                known_at: None,
                ledger: None,
            };
            files.extend(export(self.workspace, &options)?.files);
        }
        Ok(files)
    }
}
