//! Addresses of calls: path, parameters, filters (`xero §3.7`).

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use tieout_connect::error::ConnectorError;
use tieout_connect::ports::Answer;

use crate::kind::Kind;
use crate::wire::modified_since;

/// Longest query string; from about 2,000 characters on the answer is an HTML 404.
const QUERY_CHARS_MAX: usize = 1_900;

/// One read of the accounting API.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    path: String,
    parameters: Vec<(&'static str, String)>,
    /// Value of `If-Modified-Since`.
    pub since: Option<String>,
}

impl Request {
    /// A read at a path below the version.
    pub fn at(path: impl Into<String>) -> Self {
        Self { path: path.into(), parameters: Vec::new(), since: None }
    }

    /// A list of one kind, with four places for unit prices where it has any.
    pub fn list(kind: Kind) -> Self {
        Self::at(format!("/{}", kind.name())).four_places(kind)
    }

    /// One record by its id, number or code.
    pub fn one(kind: Kind, id: &str) -> Self {
        Self::at(format!("/{}/{}", kind.name(), encoded(id))).four_places(kind)
    }

    fn four_places(self, kind: Kind) -> Self {
        if kind.has_lines() { self.with("unitdp", "4") } else { self }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    /// One page, from 1. Unpaged lists come without lines (`xero §3.6`).
    pub fn page(self, number: u32, rows: u32) -> Self {
        self.with("page", number.to_string()).with("pageSize", rows.to_string())
    }

    pub fn filtered(self, filter: &Filter) -> Self {
        if filter.0.is_empty() { self } else { self.with("where", filter.0.join("&&")) }
    }

    /// Only what changed at this moment or later.
    pub fn changed_since(mut self, since: Option<Timestamp>) -> Self {
        self.since = since.map(modified_since);
        self
    }

    /// Path and query, refused where the tool could not take it.
    pub fn target(&self) -> Answer<String> {
        let mut query = String::new();
        for (name, value) in &self.parameters {
            let mark = if query.is_empty() { '?' } else { '&' };
            let _ = write!(query, "{mark}{name}={}", encoded(value));
        }
        if query.len() > QUERY_CHARS_MAX {
            return Err(ConnectorError::Malformed { path: "query".to_owned() });
        }
        Ok(format!("{}{query}", self.path))
    }

    /// The request in words, for a workpaper.
    pub fn shown(&self) -> String {
        let parameters = self.parameters.iter().map(|(name, value)| format!("{name}={value}"));
        format!("GET {} {}", self.path, parameters.collect::<Vec<_>>().join(" "))
    }
}

/// Conditions joined by `&&`. Texts of people never enter one: there is no dependable way to put a
/// quote into a literal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter(Vec<String>);

impl Filter {
    /// The rows of a kind that are about receivables.
    pub fn of(kind: Kind) -> Self {
        Self(kind.filter().map(str::to_owned).into_iter().collect())
    }

    pub fn equal(self, field: &str, word: &'static str) -> Self {
        self.and(format!("{field}==\"{word}\""))
    }

    pub fn unequal(self, field: &str, word: &'static str) -> Self {
        self.and(format!("{field}!=\"{word}\""))
    }

    /// A value from outside, which must be letters and digits only.
    pub fn equal_code(self, field: &str, code: &str) -> Answer<Self> {
        if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(ConnectorError::Malformed { path: field.to_owned() });
        }
        Ok(self.and(format!("{field}==\"{code}\"")))
    }

    /// A GUID.
    pub fn equal_guid(self, field: &str, id: &str) -> Answer<Self> {
        Ok(self.and(guid_condition(field, id)?))
    }

    /// One of several GUIDs.
    pub fn one_of(self, field: &str, ids: &[&str]) -> Answer<Self> {
        let conditions: Answer<Vec<String>> =
            ids.iter().map(|id| guid_condition(field, id)).collect();
        let joined = conditions?.join("||");
        Ok(self.and(if ids.len() > 1 { format!("({joined})") } else { joined }))
    }

    /// Both ends included.
    pub fn dated(self, from: Date, to: Date) -> Self {
        self.and(format!("Date>={}", date_literal(from))).and(format!("Date<={}", date_literal(to)))
    }

    fn and(mut self, condition: String) -> Self {
        self.0.push(condition);
        self
    }
}

fn guid_condition(field: &str, id: &str) -> Answer<String> {
    if !is_guid(id) {
        return Err(ConnectorError::Malformed { path: field.to_owned() });
    }
    Ok(format!("{field}==guid(\"{id}\")"))
}

fn date_literal(date: Date) -> String {
    format!("DateTime({}, {:02}, {:02})", date.year(), date.month(), date.day())
}

/// `7c1d0f2e-0b1a-4c2d-8e3f-405162738495`.
pub(crate) fn is_guid(text: &str) -> bool {
    const DASHES: [usize; 4] = [8, 13, 18, 23];
    let fits = |(at, byte): (usize, u8)| {
        if DASHES.contains(&at) { byte == b'-' } else { byte.is_ascii_hexdigit() }
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// Percent-encodes everything but unreserved characters.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ID: &str = "7c1d0f2e-0b1a-4c2d-8e3f-405162738495";

    #[test]
    fn a_page_of_changed_invoices() {
        let request = Request::list(Kind::Invoice)
            .filtered(&Filter::of(Kind::Invoice))
            .page(2, 200)
            .changed_since(Some("2026-06-20T03:02:11.5Z".parse().unwrap()));
        assert_eq!(
            request.target().unwrap(),
            "/Invoices?unitdp=4&where=Type%3D%3D%22ACCREC%22&page=2&pageSize=200"
        );
        assert_eq!(request.since.as_deref(), Some("2026-06-20T03:02:10"));
    }

    #[test]
    fn a_period_includes_both_ends() {
        let filter = Filter::of(Kind::Invoice)
            .unequal("Status", "DELETED")
            .dated(date(2026, 6, 1), date(2026, 6, 30));
        assert_eq!(
            filter.0.join("&&"),
            r#"Type=="ACCREC"&&Status!="DELETED"&&Date>=DateTime(2026, 06, 01)&&Date<=DateTime(2026, 06, 30)"#
        );
    }

    #[test]
    fn a_text_of_people_cannot_enter_a_filter() {
        assert!(Filter::default().equal_code("Reference", r#"x"||true"#).is_err());
        assert!(Filter::default().equal_code("Reference", "").is_err());
        assert!(Filter::default().equal_guid("InvoiceID", "7c1d").is_err());
        assert!(Filter::default().equal_code("Reference", "006Hs00001AsDfGIAV").is_ok());
    }

    #[test]
    fn several_ids_are_one_condition() {
        let filter = Filter::default().one_of("Invoice.InvoiceID", &[ID, ID]).unwrap();
        let one = format!("Invoice.InvoiceID==guid(\"{ID}\")");
        assert_eq!(filter.0, [format!("({one}||{one})")]);
    }

    #[test]
    fn a_query_that_the_tool_cannot_take_is_not_sent() {
        assert!(Request::at("/Invoices").with("IDs", "x".repeat(2_000)).target().is_err());
    }

    #[test]
    fn an_id_cannot_leave_its_place_in_the_path() {
        let request = Request::one(Kind::Contact, "../x?y");
        assert_eq!(request.target().unwrap(), "/Contacts/..%2Fx%3Fy");
    }

    #[test]
    fn a_guid_has_its_dashes() {
        assert!(is_guid(ID));
        assert!(!is_guid(&ID.replace('-', "0")));
        assert!(!is_guid("TIE-YIO2VH22ILF65RQE"));
    }
}
