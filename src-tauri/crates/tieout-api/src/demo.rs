//! The sample company from sign-in to reports, as its story tells it (`sample-company §1`).
//!
//! The first run plays the story: the books of 2 July, three late changes by the clerks, one
//! invoice without an answer, one created. Every further run finds nothing to do.

mod unfinished;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::Serialize;
use tieout_domain::facts::Stream;
use tieout_domain::ids::{ConnectionId, DealId};
use tieout_domain::{Currency, Money};
use tieout_engine::{Cancel, KnownAt, LedgerView, Observer, RunReport};
use tieout_sim::fault::{FaultKind, FaultRule};
use tieout_sim::quickbooks::QuickBooksSim;
use tieout_sim::sample::{Company, Decision};
use tieout_store::{
    AgingBasis, CreditPolicy, Decided, Exclusion, LedgerLimits, LimitPolicy, ReasonItem,
    ReasonStanding,
};

use crate::codes::Code;
use crate::commands::{
    self, CreateOptions, CreateView, FrameOptions, SyncOptions, WriteBackView, reconciliation_view,
    run_sync, set_writing,
};
use crate::export::{ExportFormat, ExportOptions, PaperSize, Written, export};
use crate::failure::Failure;
use crate::sandbox::{QUICKBOOKS_AUTHORITY, SALESFORCE_AUTHORITY, Sandbox};
use crate::sign_in::{self, Browser, ConnectOptions};
use crate::views::reconciliation::ReconciliationView;
use crate::views::runs::RunView;
use crate::workspace::{Opening, Workspace};

/// The people of the story.
const CONTROLLER: &str = "Priya Raman";
const PERIOD: &str = "2026-06";
const AS_OF: &str = "2026-06-30";
/// The deal whose invoice was sent at 09:21 and never answered.
const UNANSWERED: &str = "D-1034";
/// Documents that the demo may create in one run.
const CREATE_MAX: u32 = 25;
/// Turns of the runtime in which a signal wakes its listener and the listener notes the wish.
const SIGNAL_TURNS: u32 = 3;

/// One count and sum, as Tieout holds it and as the simulator itself counts it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthLine {
    pub system: &'static str,
    pub measure: String,
    pub currency: String,
    pub held_count: u64,
    pub held_sum: String,
    pub simulator_count: u64,
    pub simulator_sum: String,
    pub equal: bool,
}

/// What the demo did and what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoReport {
    /// False: an earlier demo already played the story in this workspace.
    pub first_run: bool,
    pub complete: bool,
    /// Documents that this run created.
    pub created: usize,
    /// Records that this run wrote back to Salesforce.
    pub written_back: u64,
    pub unknown_outcomes: usize,
    pub runs: Vec<RunView>,
    pub creation: CreateView,
    pub write_back: WriteBackView,
    pub reconciliation: ReconciliationView,
    /// As the workpaper was prepared on 2 July.
    pub as_signed: ReconciliationView,
    pub truth: Vec<TruthLine>,
    pub files: Vec<Written>,
}

/// Nobody looks at a browser here: the sandbox's consent page is answered in process.
struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&mut self, _: &str) {}

    fn pasted(&mut self) -> Result<String, Failure> {
        Err(Failure::new(Code::SignInRefused, "nobody pastes an address in the demo"))
    }
}

/// Where the demo writes, and who listens to it.
pub struct DemoOptions {
    /// Folder for PDF, XLSX and CSV.
    pub out: PathBuf,
    pub cancel: Cancel,
    pub observer: Box<dyn Observer>,
    /// Takes one line for the person who started the demo.
    pub tell: fn(&str),
}

/// Plays or continues the story in the workspace and writes PDF, XLSX and CSV into `out`.
pub async fn demo(opening: &Opening, options: DemoOptions) -> Result<DemoReport, Failure> {
    let company = Company::alder_quay();
    let clock = StoryClock::new(&company)?;
    let beginning = clock.at("2026-07-02T17:30")?;
    let first_run = unfinished::begin(opening, options.tell)?;
    let sandbox = match first_run {
        true => Sandbox::sample(beginning),
        false => Sandbox::load_state(&opening.folder)?,
    };
    let mut workspace = Workspace::open_sandbox(opening, sandbox).await?;
    unfinished::refuse_real(&workspace.engine.store.connections()?)?;
    // Not before it opened: a mistyped passphrase must not cost the sample.
    Sandbox::mark_unfinished(&opening.folder)?;
    workspace.engine.observer = options.observer;
    workspace.engine.cancel = options.cancel;
    let mut story = Story {
        workspace: &mut workspace,
        company,
        clock,
        runs: Vec::new(),
        written: WriteBackView::default(),
    };
    if first_run {
        // A story that stops halfway is not saved: no later demo could go on with it, and the mark
        // that stays behind lets the next one begin anew.
        story.play().await?;
    }
    let report = story.end(first_run, &options.out).await;
    workspace.save_sandbox()?;
    Sandbox::mark_finished(&workspace.folder)?;
    report
}

/// Local times of the story.
struct StoryClock {
    zone: TimeZone,
}

impl StoryClock {
    fn new(company: &Company) -> Result<Self, Failure> {
        let zone = TimeZone::get(&company.zone)
            .map_err(|error| Failure::caused(Code::Unexpected, "the zone of the story", error))?;
        Ok(Self { zone })
    }

    fn at(&self, local: &str) -> Result<Timestamp, Failure> {
        let parsed: Result<DateTime, _> = local.parse();
        let instant = parsed.and_then(|local| local.to_zoned(self.zone.clone()));
        instant.map(|zoned| zoned.timestamp()).map_err(|error| {
            Failure::caused(Code::Unexpected, format!("`{local}` in the story"), error)
        })
    }
}

struct Story<'a> {
    workspace: &'a mut Workspace,
    company: Company,
    clock: StoryClock,
    runs: Vec<RunReport>,
    written: WriteBackView,
}

impl Story<'_> {
    /// The story up to the day it ends on.
    async fn play(&mut self) -> Result<(), Failure> {
        self.connect().await?;
        self.second_of_july().await?;
        self.sixth_of_july().await
    }

    /// A later demo reads once more before it shows what there is.
    async fn end(mut self, first_run: bool, out: &Path) -> Result<DemoReport, Failure> {
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
        if creation.created > 0 {
            self.sync("demo").await?;
        }
        let view = self.view(None)?;
        let reconciliation = view.reconcile()?;
        let signed_at = self.clock.at(&self.company.signed_at)?;
        let signed = self.view(Some(signed_at))?;
        let as_signed = reconciliation_view(&signed, &signed.reconcile()?)?;
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
            reconciliation: reconciliation_view(&view, &reconciliation)?,
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

    fn view(&self, known_at: Option<Timestamp>) -> Result<LedgerView, Failure> {
        let ledger = self.ledger()?;
        let as_of = AS_OF.parse().map_err(|error| {
            Failure::caused(Code::Unexpected, "the as-of day of the story", error)
        })?;
        Ok(self.workspace.engine.view(&ledger, KnownAt { as_of, known_at })?)
    }

    fn ledger(&self) -> Result<ConnectionId, Failure> {
        self.workspace.ledger_named(None)
    }

    fn deal(&self, reference: &str) -> Result<DealId, Failure> {
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

    fn limits(&mut self) -> Result<(), Failure> {
        let entity = self.company.entities.first().cloned();
        let Some(entity) = entity else { return Ok(()) };
        let currency = currency(&entity.functional)?;
        let limits = LedgerLimits {
            connection: self.ledger()?,
            absolute: money(&entity.flag_abs, currency)?,
            fraction: decimal(&entity.flag_pct)?,
            policy: LimitPolicy::Both,
            rounding_minor: tieout_domain::limits::ROUNDING_MINOR_DEFAULT,
            grace_days: tieout_domain::schedule::GRACE_DAYS_DEFAULT,
            materiality: money(&entity.materiality, currency)?,
            aging_basis: AgingBasis::DueDate,
            credit_policy: CreditPolicy::Separate,
            decided: Decided {
                actor: CONTROLLER.into(),
                at: self.workspace.engine.now(),
                reason: "limits of the entity".into(),
            },
        };
        self.workspace.engine.store.save_limits(&limits)?;
        Ok(())
    }

    fn exclusions(&mut self) -> Result<(), Failure> {
        let crm = self.workspace.engine.crm.as_ref().map(|crm| crm.id.clone());
        let Some(connection) = crm else { return Ok(()) };
        for excluded in self.company.excluded.clone() {
            let decided = Decided {
                actor: excluded.by.clone(),
                at: self.clock.at(&format!("{}T12:00", excluded.on))?,
                reason: excluded.reason.clone(),
            };
            self.workspace.engine.store.save_exclusion(&Exclusion {
                connection: connection.clone(),
                stream: Stream::Deals,
                record: self.deal(&excluded.reference)?.to_string(),
                excluded: true,
                decided,
            })?;
        }
        Ok(())
    }

    /// What people decided about variances by this moment: the amount is the variance at 30 June.
    fn reasons(&mut self, local: &str) -> Result<(), Failure> {
        let at = self.clock.at(local)?;
        let view = self.view(None)?;
        let reconciliation = view.reconcile()?;
        for decision in self.company.decisions.clone() {
            let raised = self.clock.at(&format!("{}T00:00", decision.raised))?;
            let deal = self.deal(&decision.deal)?;
            let row = reconciliation.rows.iter().find(|row| row.deal == deal);
            let variance = row.and_then(|row| row.figures.as_ref()).map(|it| it.variance);
            let (Some(variance), true) = (variance, raised <= at) else { continue };
            self.save_reason(&decision, deal, variance, at)?;
        }
        Ok(())
    }

    fn save_reason(
        &mut self,
        decision: &Decision,
        deal: DealId,
        amount: Money,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let day = |text: &str| {
            text.parse().map_err(|error| {
                Failure::caused(Code::Unexpected, format!("`{text}` in the story"), error)
            })
        };
        let connection = self.ledger()?;
        let standing =
            if decision.accepted { ReasonStanding::Accepted } else { ReasonStanding::Proposed };
        self.workspace.engine.store.save_reason(&ReasonItem {
            id: format!("{connection}|{deal}|{}", decision.code),
            deal: Some(deal),
            connection,
            document: None,
            code: decision.code.clone(),
            amount,
            owner: decision.owner.clone().unwrap_or_default(),
            note: decision.note.clone(),
            evidence: None,
            raised: day(&decision.raised)?,
            target: decision.target.as_deref().map(day).transpose()?,
            standing,
            decided: Decided {
                actor: decision.owner.clone().unwrap_or_else(|| "engine".into()),
                at,
                reason: decision.note.clone(),
            },
        })?;
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

    /// Every control total of the last run beside what the simulators themselves count.
    fn truth(&self) -> Vec<TruthLine> {
        let (Some(sandbox), Some(report)) = (&self.workspace.sandbox, self.runs.last()) else {
            return Vec::new();
        };
        let lines = report.totals.iter().filter_map(|(_, compared)| {
            let (system, counted) = counted_by_simulator(sandbox, compared)?;
            let held_sum = compared.held_sum.to_plain();
            let equal =
                counted.0 == compared.held_count && same_amount(&counted.1, compared.held_sum);
            Some(TruthLine {
                system,
                measure: format!(
                    "{} {} to {}",
                    tieout_engine::measure_word(compared.measure),
                    compared.range.from,
                    compared.range.to
                ),
                currency: compared.currency.code().into(),
                held_count: compared.held_count,
                held_sum,
                simulator_count: counted.0,
                simulator_sum: counted.1,
                equal,
            })
        });
        lines.collect()
    }
}

fn counted_by_simulator(
    sandbox: &Sandbox,
    compared: &tieout_engine::Compared,
) -> Option<(&'static str, (u64, String))> {
    use tieout_connect::ports::Measure;
    let range = compared.range;
    if compared.measure == Measure::WonDeals {
        let won = sandbox.salesforce.truth().won(Some(range.from), Some(range.to));
        let total = won.get(compared.currency.code())?;
        return Some(("Salesforce", (total.count as u64, total.sum.to_string())));
    }
    let truth = sandbox.quickbooks.truth();
    let period = (range.from, range.to);
    let total = match compared.measure {
        Measure::Invoices => truth.invoices(Some(period)),
        Measure::CreditMemos => truth.credit_memos(Some(period)),
        Measure::Receipts => truth.payments(Some(period)),
        Measure::Refunds => truth.refunds(Some(period)),
        Measure::Adjustments => truth.write_offs(Some(period)),
        Measure::WonDeals | Measure::AgedReceivables | Measure::ControlAccount => return None,
    };
    Some(("QuickBooks", (total.count, total.sum)))
}

fn same_amount(text: &str, money: Money) -> bool {
    text.parse::<Decimal>().is_ok_and(|amount| amount == money.to_decimal())
}

fn currency(code: &str) -> Result<Currency, Failure> {
    Currency::parse(code).map_err(|error| Failure::caused(Code::Unexpected, "a currency", error))
}

fn decimal(text: &str) -> Result<Decimal, Failure> {
    text.parse().map_err(|error| Failure::caused(Code::Unexpected, "a number", error))
}

fn money(text: &str, currency: Currency) -> Result<Money, Failure> {
    Money::from_decimal(decimal(text)?, currency)
        .map_err(|error| Failure::caused(Code::Unexpected, "an amount", error))
}

/// The frame of the story, for commands that follow the demo.
impl From<&DemoReport> for FrameOptions {
    fn from(_: &DemoReport) -> Self {
        Self { as_of: Some(AS_OF.into()), ..Self::default() }
    }
}
