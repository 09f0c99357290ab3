//! Open query cursors: they die with age, with their session, and when a user holds too many
//! (salesforce §5.1).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::json::Json;
use super::value::as_text;
use crate::sample::salesforce_id;

/// Idle life of a locator.
const IDLE_SECS: i64 = 15 * 60;
/// Cursors that one user may hold; the oldest is dropped.
const OPEN_MAX: usize = 10;

/// Rows of a query that were not handed out yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cursor {
    pub locator: String,
    /// The access token that opened it.
    pub session: String,
    pub user_id: String,
    #[serde(with = "as_text")]
    pub used: Timestamp,
    /// All rows, rendered.
    pub rows: Vec<String>,
    /// Rows of a page at most.
    pub page_rows: usize,
    /// Whether each page is one row shorter than the one before.
    pub uneven: bool,
    /// Child cursors belong to their parent's and do not count by themselves.
    pub is_child: bool,
}

/// All open cursors, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cursors {
    open: Vec<Cursor>,
    serial: u64,
}

/// What a page call finds.
#[derive(Debug)]
pub enum Found {
    Page(Page),
    /// Too old, dropped, or never there.
    Dead,
    /// Opened by another session.
    OtherSession,
}

/// One page of rendered rows and the way to the next one.
#[derive(Debug)]
pub struct Page {
    pub rows: Vec<String>,
    pub total: usize,
    /// Locator with offset, absent on the last page.
    pub next: Option<String>,
}

/// Who asks, and how large pages may be.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub session: &'a str,
    pub user_id: &'a str,
    pub now: Timestamp,
    pub page_rows: usize,
    pub uneven: bool,
    pub is_child: bool,
}

impl Cursors {
    /// Hands out the first page and keeps the rest, if any.
    pub fn open(&mut self, rows: Vec<String>, reader: Reader<'_>) -> Page {
        let page_rows = reader.page_rows.max(1);
        if rows.len() <= page_rows {
            return Page { total: rows.len(), rows, next: None };
        }
        self.serial += 1;
        let cursor = Cursor {
            locator: salesforce_id("0r8", self.serial),
            session: reader.session.to_owned(),
            user_id: reader.user_id.to_owned(),
            used: reader.now,
            rows,
            page_rows,
            uneven: reader.uneven,
            is_child: reader.is_child,
        };
        let page = cursor.page(0);
        self.open.push(cursor);
        self.drop_oldest(reader.user_id);
        page
    }

    fn drop_oldest(&mut self, user_id: &str) {
        let counts = |cursor: &Cursor| cursor.user_id == user_id && !cursor.is_child;
        while self.open.iter().filter(|cursor| counts(cursor)).count() > OPEN_MAX {
            let Some(at) = self.open.iter().position(counts) else { return };
            self.open.remove(at);
        }
    }

    /// The page at `locator-offset`.
    pub fn page(&mut self, text: &str, session: &str, now: Timestamp) -> Found {
        let oldest = now.saturating_sub(SignedDuration::from_secs(IDLE_SECS));
        let oldest = oldest.unwrap_or(Timestamp::MIN);
        self.open.retain(|cursor| cursor.used >= oldest);
        let Some((locator, offset)) = text.rsplit_once('-') else { return Found::Dead };
        let Ok(offset) = offset.parse::<usize>() else { return Found::Dead };
        match self.open.iter_mut().find(|cursor| cursor.locator == locator) {
            Some(cursor) if cursor.session != session => Found::OtherSession,
            Some(cursor) if offset < cursor.rows.len() => {
                cursor.used = now;
                Found::Page(cursor.page(offset))
            }
            _ => Found::Dead,
        }
    }
}

impl Cursor {
    fn page(&self, from: usize) -> Page {
        let shorter = if self.uneven { from / self.page_rows } else { 0 };
        let length = self.page_rows.saturating_sub(shorter).max(1);
        let to = (from + length).min(self.rows.len());
        Page {
            rows: self.rows[from..to].to_vec(),
            total: self.rows.len(),
            next: (to < self.rows.len()).then(|| format!("{}-{to}", self.locator)),
        }
    }
}

impl Page {
    /// The page as a query result of this version, such as `v66.0`.
    pub fn render(self, version: &str) -> Json {
        let mut members =
            vec![("totalSize", Json::int(self.total)), ("done", Json::Bool(self.next.is_none()))];
        if let Some(next) = self.next {
            members.push((
                "nextRecordsUrl",
                Json::text(format!("/services/data/{version}/query/{next}")),
            ));
        }
        members
            .push(("records", Json::list(self.rows.into_iter().map(|row| Json::Raw(row.into())))));
        Json::object(members)
    }
}
