//! The canonical text of a proposal: what the content hash is made from (`finance-domain §6 R4`).

use std::fmt::Write as _;

use super::proposal::{Proposal, ProposalLine};

/// First line of the text; the number rises when the form changes.
const FORM: &str = "tieout proposal 1";

/// The whole content as UTF-8 text, one field a line, equal for equal content and never equal for
/// different content. It holds no key, attempt or time: those are not content.
pub fn content_text(proposal: &Proposal) -> String {
    let mut text = format!("{FORM}\n");
    let optional = |value: Option<&str>| value.map_or_else(|| "-".to_owned(), quoted);
    let date = |value: Option<jiff::civil::Date>| {
        value.map_or_else(|| "-".to_owned(), |date| date.to_string())
    };
    let mut field = |name: &str, value: &str| {
        writeln!(text, "{name} {value}").expect("writing to a string does not fail");
    };
    field("kind", proposal.kind.as_str());
    field("deal", &quoted(proposal.deal.as_str()));
    field("customer", &optional(proposal.customer.as_ref().map(|customer| customer.as_str())));
    field("currency", proposal.currency.code());
    field("effective_on", &proposal.effective_on.to_string());
    field("due_on", &date(proposal.due_on));
    field("order_number", &optional(proposal.order_number.as_deref()));
    field("net", &proposal.net.to_plain());
    for line in &proposal.lines {
        field("line", &line_text(line, optional, date));
    }
    text
}

fn line_text(
    line: &ProposalLine,
    optional: impl Fn(Option<&str>) -> String,
    date: impl Fn(Option<jiff::civil::Date>) -> String,
) -> String {
    let decimal = |value: Option<rust_decimal::Decimal>| {
        value.map_or_else(|| "-".to_owned(), |value| value.normalize().to_string())
    };
    [
        quoted(line.line.as_str()),
        quoted(line.item.as_str()),
        optional(line.description.as_deref()),
        decimal(Some(line.quantity)),
        decimal(line.unit_price),
        line.amount.to_plain(),
        optional(line.tax_code.as_deref()),
        date(line.service_date),
    ]
    .join(" ")
}

/// Text between quotation marks, with the marks, backslashes and control characters escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.extend(c.escape_unicode()),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
