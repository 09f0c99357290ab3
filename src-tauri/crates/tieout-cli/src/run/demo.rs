//! What the demo shows on a terminal.

use tieout_api::DemoReport;

use super::grids::{grouped, tie_outs};
use crate::print;
use crate::table::{Side, Table};

pub fn print(report: &DemoReport, json: bool) {
    if json {
        print::json(report);
        return;
    }
    let view = &report.reconciliation;
    print::line(&format!("{}: June 2026, as of {}", view.company, view.as_of));
    print::line("");
    print::line(&format!(
        "Created {} invoice(s) now, wrote back {} record(s), {} outcome(s) not known yet.",
        report.created, report.written_back, report.unknown_outcomes
    ));
    print::line("");
    print::line(&tie_outs(&view.tie_outs).text());
    print::line("");
    let mut verdicts =
        Table::new(&[("Result", Side::Left), ("Deals", Side::Right), ("Net", Side::Right)]);
    for row in &view.verdicts {
        verdicts.row([row.verdict.into(), row.deals.to_string(), grouped(&row.net.amount)]);
    }
    print::line(&verdicts.text());
    print::line("");
    for row in &view.unassigned {
        print::line(&format!(
            "Unassigned until their company is connected: {} deals, {} {}",
            row.deals,
            grouped(&row.sum.amount),
            row.currency
        ));
    }
    let differing = report.truth.iter().filter(|line| !line.equal).count();
    print::line(&format!(
        "{} control totals are equal to what the simulators count themselves; {differing} differ.",
        report.truth.len() - differing
    ));
    for run in &report.runs {
        print::gaps(&run.gaps);
    }
    for failed in &report.write_back.failed {
        print::line(&format!("not written: {} ({})", failed.record, failed.text));
    }
    print::line("");
    print::line(&view.conclusion);
    print::line("");
    for file in &report.files {
        print::line(&format!("wrote {}", file.path));
    }
}
