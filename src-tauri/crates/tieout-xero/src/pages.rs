//! Reading lists page by page (`xero §3.6`).

use tieout_connect::ports::Answer;

use crate::door::{Answered, Door, Raw, malformed};
use crate::kind::Kind;
use crate::request::Request;

/// Whether another page follows page `number`. The tool's own count decides; where it says none, a
/// page that is not full is the last.
pub(crate) fn follows(answered: &Answered, number: u32, rows: u32, got: usize) -> bool {
    if got == 0 {
        return false;
    }
    match answered.pages {
        Some(pages) => number < pages.page_count,
        None => u32::try_from(got).is_ok_and(|got| got >= rows),
    }
}

/// Rows of a list, and whether all of them are here.
pub(crate) struct Rows {
    pub records: Vec<Raw>,
    /// Pages were left out because there are more than were asked for.
    pub cut: bool,
}

/// Up to `pages_max` pages of a list.
pub(crate) async fn some_pages(
    door: &Door,
    kind: Kind,
    request: &Request,
    rows: u32,
    pages_max: u32,
) -> Answer<Rows> {
    let mut records = Vec::new();
    for number in 1..=pages_max {
        let answered = door.read(&request.clone().page(number, rows)).await?;
        let page = answered.records(kind.name())?;
        let more = follows(&answered, number, rows, page.len());
        records.extend(page);
        if !more {
            return Ok(Rows { records, cut: false });
        }
    }
    Ok(Rows { records, cut: true })
}

/// All pages of a list. More than `pages_max` are an error: whoever asks must be told of all rows
/// or of none.
pub(crate) async fn all_pages(
    door: &Door,
    kind: Kind,
    request: &Request,
    rows: u32,
    pages_max: u32,
) -> Answer<Rows> {
    let rows = some_pages(door, kind, request, rows, pages_max).await?;
    if rows.cut { Err(malformed("too many pages")) } else { Ok(rows) }
}
