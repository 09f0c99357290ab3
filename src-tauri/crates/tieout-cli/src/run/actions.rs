//! Commands that change something.

use std::collections::BTreeMap;

use tieout_api::commands::{self, Choice, CreateOptions, CreateView, DecideOptions};
use tieout_api::sign_in::{self, ConnectOptions, XeroOptions};
use tieout_api::views::connections::ConnectionView;
use tieout_api::{
    Code, ExportFormat, ExportOptions, Exported, Failure, PaperSize, Workspace, export,
};

use super::grids::plain;
use super::{actor, deciding, opening};
use crate::args::{
    Brand, Common, ConnectArgs, ConnectionsArgs, CreateArgs, DecideArgs, ExportArgs, Numbers,
    Paper, ResyncArgs, Status, VerifyArgs,
};
use crate::browser::SystemBrowser;
use crate::print;
use crate::table::{Side, Table};

pub async fn connect(common: &Common, args: &ConnectArgs) -> Result<bool, Failure> {
    let mut opening = opening(common, true)?;
    if let Some(path) = &args.ca {
        let pem = std::fs::read(path).map_err(|error| {
            Failure::caused(Code::UnreadableFile, format!("`{}`", path.display()), error)
        })?;
        opening.ca_pem = Some(pem);
    }
    let mut workspace = Workspace::open(&opening).await?;
    let options = ConnectOptions {
        name: args.name.clone(),
        base_url: args.base_url.clone(),
        client_id: args.client_id.clone(),
        client_secret: args.client_secret.clone(),
        relay: args.relay.clone(),
        paste: args.paste,
        xero: XeroOptions {
            organisation: args.xero.organisation.clone(),
            scopes: args.xero.scopes.clone(),
            calls_per_day: args.xero.calls_per_day,
            own_numbers: args.xero.numbers.map(|of| of == Numbers::Own),
            approved: args.xero.status.map(|of| of == Status::Approved),
            time_zone: args.xero.time_zone.clone(),
        },
    };
    let mut browser = SystemBrowser { print_url: args.print_url };
    let connected = match args.brand {
        Brand::Salesforce => sign_in::salesforce(&mut workspace, &options, &mut browser).await?,
        Brand::Quickbooks => sign_in::quickbooks(&mut workspace, &options, &mut browser).await?,
        Brand::Xero => sign_in::xero(&mut workspace, &options, &mut browser).await?,
    };
    if common.json {
        print::json(&serde_json::json!({ "name": connected.name, "id": connected.id }));
    } else {
        print::line(&format!("Connected `{}`: {}", connected.name, connected.id));
        print::line("It only reads. Next: `tieout sync`.");
    }
    Ok(true)
}

pub async fn connections(
    workspace: &mut Workspace,
    args: &ConnectionsArgs,
    json: bool,
) -> Result<bool, Failure> {
    let who = actor(None);
    if let Some(name) = &args.allow_writing {
        commands::set_writing(workspace, name, true, &who).await?;
    }
    if let Some(name) = &args.read_only {
        commands::set_writing(workspace, name, false, &who).await?;
    }
    if let Some(name) = &args.disconnect {
        commands::disconnect(workspace, name, &who).await?;
    }
    let view = commands::connections(workspace).await?;
    if json {
        print::json(&view);
        return Ok(true);
    }
    let mut table = Table::new(&[
        ("Name", Side::Left),
        ("Company", Side::Left),
        ("Id", Side::Left),
        ("Writing", Side::Left),
        ("Signed in", Side::Left),
    ]);
    for row in &view.connections {
        table.row([
            row.name.clone(),
            row.company.clone().unwrap_or_else(|| "not read yet".into()),
            row.id.clone(),
            if row.writing { "allowed" } else { "off" }.into(),
            signed_in(row),
        ]);
    }
    print::line(&table.text());
    Ok(true)
}

fn signed_in(row: &ConnectionView) -> String {
    match (&row.finding, row.signed_in) {
        (Some(finding), _) => format!("no: {finding}"),
        (None, true) => "yes".into(),
        (None, false) => "no".into(),
    }
}

pub async fn resync(
    workspace: &mut Workspace,
    args: &ResyncArgs,
    json: bool,
) -> Result<bool, Failure> {
    let who = actor(None);
    let create = args.create.then_some(who.as_str());
    let view =
        commands::resync(workspace, &args.opportunity, create, args.ledger.as_deref()).await?;
    let created = view.created.as_ref().is_none_or(CreateView::is_complete);
    if json {
        print::json(&view);
        return Ok(view.complete && created);
    }
    match &view.after {
        Some(deal) => {
            let amount = |of: &Option<tieout_api::views::Amount>| {
                of.as_ref().map_or("unknown".into(), |it| format!("{} {}", it.amount, it.currency))
            };
            print::line(&format!("{} {}", deal.opportunity, deal.name));
            print::line(&format!("  billing   {}", deal.billing));
            print::line(&format!("  cash      {}", deal.cash));
            print::line(&format!("  verdict   {}", deal.verdict.unwrap_or("nothing to compare")));
            print::line(&format!("  billed    {}", amount(&deal.billed)));
            print::line(&format!("  open      {}", amount(&deal.open)));
        }
        None => print::line("The deal is not won, or no connected ledger takes it."),
    }
    print::line(&format!(
        "{} records changed, {} written back, {} requests",
        view.changed, view.written_back.written, view.http_requests
    ));
    print::gaps(&view.gaps);
    if let Some(created) = &view.created {
        print_created(created);
    }
    Ok(view.complete && created)
}

pub async fn create(
    workspace: &mut Workspace,
    args: &CreateArgs,
    json: bool,
) -> Result<bool, Failure> {
    let view = commands::create(
        workspace,
        &CreateOptions {
            opportunities: args.opportunities.clone(),
            further: args.further,
            dry_run: args.dry_run,
            limit: args.limit,
            actor: actor(None),
            ledger: args.ledger.clone(),
        },
    )
    .await?;
    if json {
        print::json(&view);
    } else {
        print_created(&view);
    }
    Ok(view.is_complete())
}

fn print_created(view: &CreateView) {
    for deal in &view.deals {
        let net =
            deal.net.as_ref().map_or(String::new(), |it| format!(" {} {}", it.amount, it.currency));
        let how = if deal.adopted { ", found and adopted" } else { "" };
        print::line(&format!("{}{net}: {}{how}", deal.opportunity, deal.outcome));
        for gate in &deal.gates {
            print::line(&format!("  {} {}: {}", gate.gate, gate.code, gate.what));
            print::line(&format!("    {}", gate.remedy));
        }
    }
    for sum in &view.to_create {
        let invoices = if sum.documents == 1 { "invoice" } else { "invoices" };
        let (documents, net) = (sum.documents, plain(Some(&sum.net)));
        print::line(&format!(
            "To create: {documents} {invoices}, {net} {} before tax",
            sum.net.currency
        ));
    }
    print::line(&format!(
        "{} created, {} found and adopted, {} blocked, {} with an unknown outcome",
        view.created, view.adopted, view.blocked, view.unknown
    ));
}

pub fn decide(workspace: &mut Workspace, args: &DecideArgs, json: bool) -> Result<bool, Failure> {
    let choice = match (&args.accept, &args.exclude, &args.include, &args.withdraw) {
        (Some(code), ..) => Choice::Accept(code.clone()),
        (_, Some(reason), ..) => Choice::Exclude(reason.clone()),
        (_, _, Some(reason), _) => Choice::Include(reason.clone()),
        (.., Some(code)) => Choice::Withdraw(code.clone()),
        (None, None, None, None) => {
            let detail = "say what is decided: `--accept CODE` or `--exclude REASON`, or take one \
                          back with `--withdraw CODE` or `--include REASON`";
            return Err(Failure::new(Code::Usage, detail));
        }
    };
    let view = commands::decide(
        workspace,
        &DecideOptions {
            opportunity: args.opportunity.clone(),
            choice,
            note: args.note.clone(),
            actor: deciding(args.actor.as_deref())?,
            frame: (&args.frame).into(),
        },
    )?;
    if json {
        print::json(&view);
    } else {
        print::line(&format!("{} {} ({})", view.opportunity, view.decided, view.code));
    }
    Ok(true)
}

fn written(workspace: &mut Workspace, args: &ExportArgs) -> Result<Exported, Failure> {
    export(
        workspace,
        &ExportOptions {
            period: args.period.clone(),
            format: match args.format {
                crate::args::ExportFormat::Pdf => ExportFormat::Pdf,
                crate::args::ExportFormat::Xlsx => ExportFormat::Xlsx,
                crate::args::ExportFormat::Csv => ExportFormat::Csv,
            },
            out: args.out.clone(),
            paper: match args.paper {
                Paper::A4 => PaperSize::A4,
                Paper::Letter => PaperSize::Letter,
            },
            known_at: args.known_at.clone(),
            ledger: args.ledger.clone(),
        },
    )
}

pub fn export_workpaper(
    workspace: &mut Workspace,
    args: &ExportArgs,
    json: bool,
) -> Result<bool, Failure> {
    let exported = written(workspace, args)?;
    if json {
        print::json(&exported);
        return Ok(exported.complete);
    }
    for file in &exported.files {
        print::line(&format!("{}  {} bytes  sha256 {}", file.path, file.bytes, file.hash));
    }
    for gap in &exported.gaps {
        print::line(&format!("INCOMPLETE: {gap}"));
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for total in &exported.unproved {
        *reasons.entry(&total.why).or_default() += 1;
    }
    for (why, totals) in reasons {
        let totals = if totals == 1 { "1 total".to_owned() } else { format!("{totals} totals") };
        print::line(&format!("UNPROVED, {totals}: {why}"));
    }
    if !exported.unproved.is_empty() {
        print::line(&format!(
            "Written, marked as unproved. `tieout sync --period {}` asks the sources.",
            args.period
        ));
    }
    Ok(exported.complete)
}

pub fn verify(workspace: &mut Workspace, args: &VerifyArgs, json: bool) -> Result<bool, Failure> {
    let view = match &args.file {
        Some(file) => commands::verify_file(workspace, file)?,
        None => commands::verify_workspace(workspace)?,
    };
    if json {
        print::json(&view);
    } else {
        print::line(&format!("The audit trail holds: {} entries.", view.audit_entries));
        if let (Some(file), Some(hash)) = (&view.file, &view.hash) {
            print::line(&format!("`{file}` is as it was written: sha256 {hash}"));
        }
    }
    Ok(view.verified)
}
