//! A part of the workpaper as a file of its own: the rows of a grid with its control totals.

use tieout_report::{Prose, Section, canonical};

use super::Draft;
use super::report::{status_words, unproved};
use super::words::counted;
use crate::codes::Code;
use crate::commands::verify::hash;
use crate::failure::Failure;

impl Draft {
    /// Only these sections, under a title of their own. Everything that says on what the figures
    /// rest stays; what the whole workpaper concludes does not belong to a part of it.
    pub(crate) fn only(mut self, name: &str, title: &str, ids: &[&str]) -> Result<Self, Failure> {
        let report = &mut self.report;
        report.sections.retain(|section| ids.contains(&section.id.as_str()));
        if report.sections.len() != ids.len() {
            let detail = format!("the workpaper lacks a part of `{name}`");
            return Err(Failure::new(Code::Unexpected, detail));
        }
        report.id = format!("{}-{}", report.id, name.to_uppercase());
        report.title = title.to_owned();
        report.subtitle = "A part of the receivables workpaper".to_owned();
        Ok(self.concluded())
    }

    /// One grid under the filters and in the order that the window shows.
    pub(crate) fn shown(mut self, name: &str, title: &str, section: Section) -> Self {
        let report = &mut self.report;
        report.id = format!("{}-{}-AS-SHOWN", report.id, name.to_uppercase());
        report.title = format!("{title}, as shown");
        report.subtitle = section.notes.join(" ");
        report.sections = vec![section];
        self.concluded()
    }

    /// What a part of the workpaper says of itself.
    fn concluded(mut self) -> Self {
        let report = &mut self.report;
        report.sign_off = None;
        let open = unproved(&report.sections);
        report.status = status_words(self.gaps.len() as u64, open.len() as u64);
        let rows = report.sections.iter().map(|section| section.rows.len() as u64).sum();
        let mut conclusion = Prose::new();
        if let Some(gap) = self.gaps.first() {
            conclusion = conclusion.figure("Incomplete").say(format!(": {gap}. "));
        }
        let proved = match open.first() {
            None => "Every total is proved.".to_owned(),
            Some(first) => {
                let are = counted(open.len() as u64, "total is", "totals are");
                format!("{are} not proved: {}", first.why)
            }
        };
        report.conclusion = conclusion.say(format!("{}. {proved}", counted(rows, "row", "rows")));
        report.content_hash = String::new();
        report.content_hash = hash(canonical(report).as_bytes());
        self
    }
}
