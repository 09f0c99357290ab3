//! Limits of each company, the schedule, and where everything lies.

use std::path::Path;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use tieout_domain::Money;
use tieout_domain::books::{AgingBasis, Frame};
use tieout_report::print_count;
use tieout_store::{Decided, LedgerLimits};
use tieout_vault::PassphraseVault;
use ts_rs::TS;

use super::moments::{Moments, size};
use super::state::short_name;
use crate::app::home::{Home, Open};
use crate::app::preferences::Schedule;
use crate::app::reader::{Held, Reader};
use crate::app::shapes::{FactLine, Receipt, Scope, ScopeParams, Status, Tone};
use crate::app::undo::{Decision, Step};
use crate::app::writer::Writer;
use crate::codes::Code;
use crate::export::words::{amount_in, counted, listed};
use crate::failure::Failure;
use crate::views::Amount;
use crate::workspace::{BACKUP_EXTENSION, STORE_FILE, Workspace};

const LEAD: &str = "A limit decides what is flagged, never what is shown. A change takes effect at \
                    once and is recorded with your reason.";
const ALWAYS: &str = "Always flagged, whatever the limit: billed twice, missing past grace, \
                      currency or customer differs, control account differs, changed in a locked \
                      period.";
/// Longest time that a missing invoice may be tolerated.
const GRACE_DAYS_MAX: u32 = 366;
/// Longest reason that is kept.
const REASON_CHARS_MAX: usize = 2_000;

/// Everything of this workspace that can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SettingsView {
    pub workspace: Vec<FactLine>,
    pub limits: LimitsView,
    pub schedule: ScheduleView,
    pub data: Vec<FactLine>,
    pub about: Vec<FactLine>,
}

/// The limits, one column per company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LimitsView {
    pub lead: &'static str,
    pub always: &'static str,
    pub columns: Vec<LimitColumn>,
}

/// From which date a document ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AgingChoice {
    DueDate,
    InvoiceDate,
}

/// Where unapplied credits and cash stand in the aging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CreditChoice {
    /// In a column of their own.
    Separate,
    /// Negative, in the bucket of their own date.
    ByOwnDate,
    /// Used up by invoices in order of due date.
    Fifo,
}

/// The limits of one company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LimitColumn {
    pub ledger: String,
    pub label: String,
    pub currency: String,
    pub flag_amount: String,
    /// `0.50`: half a percent.
    pub flag_percent: String,
    pub rounding: String,
    pub grace_days: String,
    pub materiality: String,
    pub aging_basis: AgingChoice,
    pub credit_policy: CreditChoice,
    /// "10 deals flagged, 4 within the limit".
    pub effect: String,
    /// Net of what is flagged, in the company's own currency.
    pub effect_net: Amount,
    /// Why limits cannot be changed now.
    pub closed: Option<String>,
}

/// Minutes between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub enum Every {
    #[serde(rename = "off")]
    Off,
    #[serde(rename = "15")]
    Quarter,
    #[serde(rename = "30")]
    Half,
    #[serde(rename = "60")]
    Hour,
    #[serde(rename = "240")]
    FourHours,
}

impl From<Schedule> for Every {
    fn from(schedule: Schedule) -> Self {
        match schedule {
            Schedule::Off => Self::Off,
            Schedule::Every15 => Self::Quarter,
            Schedule::Every30 => Self::Half,
            Schedule::Every60 => Self::Hour,
            Schedule::Every240 => Self::FourHours,
        }
    }
}

/// When the program runs by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ScheduleView {
    pub every: Every,
    /// "next 10:00"; empty where nothing is planned.
    pub next: String,
    /// A run that a sleeping computer missed is made up for.
    pub catch_up: bool,
    pub status: Status,
}

/// What the settings show.
pub async fn settings(reader: &mut Reader, params: ScopeParams) -> Result<SettingsView, Failure> {
    let columns = columns(reader, &params.scope)?;
    let home = reader.home.clone();
    let workspace = reader.workspace()?;
    let moments = Moments::of(workspace)?;
    Ok(SettingsView {
        workspace: workspace_facts(&home, workspace)?,
        limits: LimitsView { lead: LEAD, always: ALWAYS, columns },
        schedule: schedule(&home, workspace, &moments)?,
        data: data_facts(workspace, &moments),
        about: vec![
            FactLine::new("Version", &home.version),
            FactLine::new("Licence", env!("CARGO_PKG_LICENSE")),
        ],
    })
}

fn columns(reader: &mut Reader, scope: &Scope) -> Result<Vec<LimitColumn>, Failure> {
    let closed = reader.home.standing().read_only;
    let closed = closed.then(|| "Another window has this workspace open.".to_owned());
    let ledgers = reader.workspace()?.engine.ledgers.iter();
    let ledgers: Vec<String> = ledgers.map(|ledger| ledger.id.to_string()).collect();
    let mut columns = Vec::new();
    for ledger in ledgers {
        let scope = Scope { ledger: Some(ledger), ..scope.clone() };
        match reader.look(&scope) {
            Ok(held) => columns.push(column(&held, closed.clone())?),
            // Connected, and nothing was read yet.
            Err(failure) if failure.code == Code::NothingToReport => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(columns)
}

fn column(held: &Held, closed: Option<String>) -> Result<LimitColumn, Failure> {
    let frame = &held.view.frame;
    let functional = frame.functional;
    let flagged = held.reconciliation.flagged(frame)?;
    let variances = flagged.iter().filter_map(|row| row.figures.map(|figures| figures.variance));
    let ours = variances.filter(|variance| variance.currency() == functional);
    let net = Money::sum(functional, ours).map_err(crate::code_of_sum("flagged variances"))?;
    let within = held.reconciliation.tolerated.count;
    Ok(LimitColumn {
        ledger: held.view.connection.to_string(),
        label: short_name(&held.view.company).to_owned(),
        currency: functional.code().to_owned(),
        flag_amount: frame.limits.absolute().to_plain(),
        flag_percent: percent(frame.limits.fraction()),
        rounding: rounding(frame).to_plain(),
        grace_days: frame.grace_days.to_string(),
        materiality: frame.materiality.to_plain(),
        aging_basis: match frame.aging_basis {
            AgingBasis::DueDate => AgingChoice::DueDate,
            AgingBasis::DocumentDate => AgingChoice::InvoiceDate,
        },
        credit_policy: match frame.credit_policy {
            tieout_domain::aging::CreditPolicy::Separate => CreditChoice::Separate,
            tieout_domain::aging::CreditPolicy::ByOwnDate => CreditChoice::ByOwnDate,
            tieout_domain::aging::CreditPolicy::Fifo => CreditChoice::Fifo,
        },
        effect: format!(
            "{} flagged, {} within the limit",
            counted(flagged.len() as u64, "deal", "deals"),
            print_count(within)
        ),
        effect_net: net.into(),
        closed,
    })
}

fn rounding(frame: &Frame) -> Money {
    Money::from_minor(i64::from(frame.limits.rounding_minor()), frame.functional)
}

/// A fraction as percent with at least two decimals.
fn percent(fraction: Decimal) -> String {
    let mut percent = (fraction * Decimal::ONE_HUNDRED).normalize();
    if percent.scale() < 2 {
        percent.rescale(2);
    }
    percent.to_string()
}

fn workspace_facts(home: &Home, workspace: &Workspace) -> Result<Vec<FactLine>, Failure> {
    let sample = home.standing().open == Open::Sample;
    let mut facts = Vec::new();
    for ledger in &workspace.engine.ledgers {
        if let Some(company) = workspace.engine.company(&ledger.id)? {
            facts.push(FactLine::new("Company", company.name));
            facts.push(FactLine::new("Currency", company.currency.code()));
            if let Some(zone) = company.time_zone.iana_name() {
                facts.push(FactLine::new("Days begin in", zone));
            }
        }
    }
    let kind = if sample { "Sample company" } else { "Your own company" };
    facts.push(FactLine::new("Kind", kind));
    facts.push(FactLine::new("Decisions are signed as", home.person()));
    Ok(facts)
}

fn schedule(
    home: &Home,
    workspace: &Workspace,
    moments: &Moments,
) -> Result<ScheduleView, Failure> {
    let every = Every::from(home.preferences().schedule);
    let next = moments.next_run(home, workspace)?;
    let status = match (every, next, home.standing().open) {
        (Every::Off, ..) => Status::new("ring", "off", Tone::Soft),
        (_, Some(_), _) => Status::new("tick", "on", Tone::Ok),
        (_, None, Open::Sample) => Status::new("ring", "off in the sample company", Tone::Soft),
        (_, None, _) => Status::new("ring", "off in this window", Tone::Soft),
    };
    let next = next.map(|at| format!("next {}", moments.moment(at))).unwrap_or_default();
    Ok(ScheduleView { every, next, catch_up: true, status })
}

fn data_facts(workspace: &Workspace, moments: &Moments) -> Vec<FactLine> {
    let folder = &workspace.folder;
    let bytes = |path: &Path| std::fs::metadata(path).map(|file| file.len()).unwrap_or_default();
    let store = folder.join(STORE_FILE);
    let key = match PassphraseVault::exists(folder) {
        true => "made from a passphrase",
        false => "in the keyring of this computer",
    };
    vec![
        FactLine::new("Folder", folder.display().to_string()),
        FactLine::new("Database", format!("{STORE_FILE}, {}, encrypted", size(bytes(&store)))),
        FactLine::new("Key", key),
        FactLine::new("Backups", backups(folder, moments)),
    ]
}

/// "3, the last 6 Jul 08:00": copies that were made before the file changed its form.
fn backups(folder: &Path, moments: &Moments) -> String {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let backups = files.filter(|it| it.path().extension().is_some_and(|it| it == BACKUP_EXTENSION));
    let made: Vec<_> = backups
        .filter_map(|it| it.metadata().and_then(|file| file.modified()).ok())
        .filter_map(|at| jiff::Timestamp::try_from(at).ok())
        .collect();
    match made.iter().max() {
        Some(last) => {
            format!("{}, the last {}", print_count(made.len() as u64), moments.moment(*last))
        }
        None => "none yet; one is made before each change of the file's form".to_owned(),
    }
}

/// Changes of one company's limits; what is not named stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "SetLimits")]
pub struct SetLimitsParams {
    pub ledger: String,
    pub changes: LimitChanges,
    pub reason: String,
}

/// What changes, as texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct LimitChanges {
    pub flag_amount: Option<String>,
    pub flag_percent: Option<String>,
    pub rounding: Option<String>,
    pub grace_days: Option<String>,
    pub materiality: Option<String>,
    pub aging_basis: Option<AgingChoice>,
    pub credit_policy: Option<CreditChoice>,
}

/// Changes limits, with a reason; it can be undone.
pub async fn set_limits(writer: &mut Writer, params: SetLimitsParams) -> Result<Receipt, Failure> {
    let reason = reason(&params.reason)?;
    let actor = writer.home.person();
    let workspace = writer.workspace()?;
    let ledger = workspace.ledger_named(Some(&params.ledger))?;
    let before = workspace.engine.limits_of(&ledger)?;
    let decided = Decided { actor, at: workspace.engine.now(), reason };
    let (after, changed) = changed(&before, &params.changes)?;
    let after = LedgerLimits { decided, ..after };
    if !workspace.engine.store.save_limits(&after)? {
        return Ok(Receipt::said("The limits are these already"));
    }
    let said = format!("Limits changed: {}", listed(&changed));
    writer.undo.decided(Decision {
        said: said.clone(),
        back: Step::Limits(Box::new(before)),
        again: Step::Limits(Box::new(after)),
    });
    Ok(Receipt { said, undo: true })
}

/// Why, for the audit trail.
pub(crate) fn reason(typed: &str) -> Result<String, Failure> {
    let kept: String = typed.trim().chars().take(REASON_CHARS_MAX).collect();
    let shown = |c: char| !c.is_whitespace() && !c.is_control();
    match kept.chars().any(shown) {
        true => Ok(kept),
        false => Err(Failure::new(Code::Usage, "the reason is empty")
            .with_hint("Say why, for everybody who reads it later.")),
    }
}

/// The limits with the changes, and what changed in words.
fn changed(
    before: &LedgerLimits,
    changes: &LimitChanges,
) -> Result<(LedgerLimits, Vec<String>), Failure> {
    let functional = before.absolute.currency();
    let mut after = before.clone();
    let mut said = Vec::new();
    if let Some(typed) = &changes.flag_amount {
        after.absolute = money(typed, functional)?;
        said.push(format!("flag above {}", amount_in(after.absolute)));
    }
    if let Some(typed) = &changes.flag_percent {
        after.fraction = fraction(typed)?;
        said.push(format!("flag above {}%", percent(after.fraction)));
    }
    if let Some(typed) = &changes.rounding {
        let limit = money(typed, functional)?;
        after.rounding_minor =
            u32::try_from(limit.minor()).map_err(|_| unusable(typed, "is too large"))?;
        said.push(format!("rounding up to {}", amount_in(limit)));
    }
    if let Some(typed) = &changes.grace_days {
        after.grace_days = days(typed)?;
        said.push(format!("grace {}", counted(after.grace_days.into(), "day", "days")));
    }
    if let Some(typed) = &changes.materiality {
        after.materiality = money(typed, functional)?;
        said.push(format!("materiality {}", amount_in(after.materiality)));
    }
    if let Some(choice) = changes.aging_basis {
        (after.aging_basis, said) = match choice {
            AgingChoice::DueDate => {
                (tieout_store::AgingBasis::DueDate, with(said, "aging by due date"))
            }
            AgingChoice::InvoiceDate => {
                (tieout_store::AgingBasis::InvoiceDate, with(said, "aging by invoice date"))
            }
        };
    }
    if let Some(choice) = changes.credit_policy {
        use tieout_store::CreditPolicy;
        (after.credit_policy, said) = match choice {
            CreditChoice::Separate => {
                (CreditPolicy::Separate, with(said, "credits in a column of their own"))
            }
            CreditChoice::ByOwnDate => {
                (CreditPolicy::ByOwnDate, with(said, "credits by their own date"))
            }
            CreditChoice::Fifo => (CreditPolicy::Fifo, with(said, "credits against the oldest")),
        };
    }
    Ok((after, said))
}

fn with(mut said: Vec<String>, words: &str) -> Vec<String> {
    said.push(words.to_owned());
    said
}

fn unusable(typed: &str, why: &str) -> Failure {
    let shown: String = typed.chars().filter(|c| !c.is_control()).take(40).collect();
    Failure::new(Code::Usage, format!("`{shown}` {why}"))
        .with_hint("Enter a number of zero or more.")
}

/// Digits as a person types them, without separators of thousands.
fn decimal(typed: &str) -> Result<Decimal, Failure> {
    let plain: String = typed.chars().filter(|c| !matches!(c, ',' | ' ' | '\u{a0}')).collect();
    let digits = plain.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number: Option<Decimal> = plain.parse().ok().filter(|_| digits);
    number.ok_or_else(|| unusable(typed, "is not a number of zero or more"))
}

fn money(typed: &str, currency: tieout_domain::Currency) -> Result<Money, Failure> {
    Money::from_decimal(decimal(typed)?, currency)
        .map_err(|_| unusable(typed, &format!("is not an amount in {currency}")))
}

fn fraction(typed: &str) -> Result<Decimal, Failure> {
    let percent = decimal(typed)?;
    if percent > Decimal::ONE_HUNDRED {
        return Err(unusable(typed, "is more than 100 percent"));
    }
    percent
        .checked_div(Decimal::ONE_HUNDRED)
        .map(|fraction| fraction.normalize())
        .ok_or_else(|| unusable(typed, "is not a percentage"))
}

fn days(typed: &str) -> Result<u32, Failure> {
    let days = typed.trim().parse::<u32>().ok().filter(|days| *days <= GRACE_DAYS_MAX);
    days.ok_or_else(|| unusable(typed, &format!("is not a number of days up to {GRACE_DAYS_MAX}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_printed_with_two_decimals() {
        assert_eq!(percent("0.005".parse().unwrap()), "0.50");
        assert_eq!(percent("0.00125".parse().unwrap()), "0.125");
        assert_eq!(percent(Decimal::ZERO), "0.00");
    }

    #[test]
    fn numbers_come_as_people_type_them_and_nothing_else_is_one() {
        let usd = tieout_domain::Currency::parse("USD").unwrap();
        assert_eq!(money("15,000.00", usd).unwrap().minor(), 1_500_000);
        for typed in ["", "-1", "1.005", "1e3", "NaN", "ten"] {
            assert!(money(typed, usd).is_err(), "{typed}");
        }
        assert_eq!(fraction("0.5").unwrap().to_string(), "0.005");
        assert!(fraction("101").is_err());
        assert!(days("367").is_err() && days("-1").is_err() && days("5").is_ok());
    }
}
