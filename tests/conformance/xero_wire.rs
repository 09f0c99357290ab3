//! What a request to Xero may look like, written from the wire sheet and from nothing of ours: the
//! line to Xero stops every request that Xero would refuse or silently misread.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use serde_json::{Map, Value};

use crate::line::target;

type Checked = Result<(), String>;

const QUERY_CHARS_MAX: usize = 2_000;
const IDS_MAX: usize = 40;
const IDEMPOTENCY_CHARS_MAX: usize = 128;
const ELEMENTS_MAX: usize = 50;

/// A list with what it understands (`xero §3.5` to `§3.9`).
struct List {
    name: &'static str,
    paged: bool,
    /// Rows carry unit prices, which have two places unless four are asked for.
    lines: bool,
    since: bool,
    parameters: &'static [&'static str],
    /// Fields that a filter may name; others time out in large organisations.
    fields: &'static [&'static str],
}

const LISTS: [List; 11] = [
    List {
        name: "Invoices",
        paged: true,
        lines: true,
        since: true,
        parameters: &[
            "where",
            "order",
            "IDs",
            "InvoiceNumbers",
            "ContactIDs",
            "Statuses",
            "summaryOnly",
            "searchTerm",
            "createdByMyApp",
            "includeArchived",
        ],
        fields: &[
            "Status",
            "Type",
            "Contact.ContactID",
            "Contact.Name",
            "Contact.ContactNumber",
            "Reference",
            "InvoiceNumber",
            "InvoiceID",
            "AmountPaid",
            "Date",
            "DueDate",
            "AmountDue",
        ],
    },
    List {
        name: "CreditNotes",
        paged: true,
        lines: true,
        since: true,
        parameters: &["where", "order"],
        fields: &["Status", "Type", "Date", "Reference", "Contact.ContactID", "Contact.Name"],
    },
    List {
        name: "Payments",
        paged: true,
        lines: false,
        since: true,
        parameters: &["where", "order"],
        fields: &["PaymentType", "Status", "Date", "Invoice.InvoiceID", "Reference", "PaymentID"],
    },
    List {
        name: "Overpayments",
        paged: true,
        lines: true,
        since: true,
        parameters: &["where", "order", "References"],
        // Not listed in the sheet; taken as those of the other documents.
        fields: &["Contact.ContactID", "Date", "Status"],
    },
    List {
        name: "Prepayments",
        paged: true,
        lines: true,
        since: true,
        parameters: &["where", "order", "InvoiceNumbers"],
        // Not listed in the sheet; taken as those of the other documents.
        fields: &["Contact.ContactID", "Date", "Status"],
    },
    List {
        name: "Contacts",
        paged: true,
        lines: false,
        since: true,
        parameters: &["where", "order", "IDs", "includeArchived", "summaryOnly", "searchTerm"],
        fields: &["Name", "EmailAddress", "AccountNumber"],
    },
    List {
        name: "Items",
        paged: false,
        lines: true,
        since: true,
        parameters: &["where", "order"],
        fields: &[],
    },
    plain("Accounts", true),
    plain("Currencies", false),
    plain("TaxRates", false),
    plain("Organisation", false),
];

const fn plain(name: &'static str, since: bool) -> List {
    List { name, paged: false, lines: false, since, parameters: &[], fields: &[] }
}

/// Whether Xero would take this request and read it as it is meant.
pub fn check(request: &Request<Bytes>) -> Checked {
    let path = request.uri().path();
    match (request.method(), path.strip_prefix("/api.xro/2.0/")) {
        (&Method::POST, None) => identity(path, request),
        (&Method::GET, None) if path == "/connections" => bearer(request.headers()),
        (&Method::DELETE, None) if path.starts_with("/connections/") => bearer(request.headers()),
        (_, None) => Err(format!("{} {path} is no address of the sheet", request.method())),
        (method, Some(rest)) => {
            accounting(method, rest, request).map_err(|why| format!("{}: {why}", target(request)))
        }
    }
}

fn require(holds: bool, what: &str) -> Checked {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn bearer(headers: &HeaderMap) -> Checked {
    let value = header(headers, "authorization").unwrap_or_default();
    require(value.strip_prefix("Bearer ").is_some_and(|it| !it.is_empty()), "a bearer token")
}

/// The token endpoint and the revocation (`xero §2.4` to `§2.6`).
fn identity(path: &str, request: &Request<Bytes>) -> Checked {
    let kind = header(request.headers(), "content-type").unwrap_or_default();
    require(kind.starts_with("application/x-www-form-urlencoded"), "tokens are asked by form")?;
    let form: Vec<(String, String)> =
        url::form_urlencoded::parse(request.body()).into_owned().collect();
    let of = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    require(of("client_secret").is_none(), "an app with PKCE has no secret")?;
    require(of("client_id").is_some_and(|id| id.len() == 32), "the app names itself")?;
    match (path, of("grant_type")) {
        ("/connect/revocation", None) => require(of("token").is_some(), "a token to revoke"),
        ("/connect/token", Some("refresh_token")) => {
            require(of("refresh_token").is_some(), "a refresh token")
        }
        ("/connect/token", Some("authorization_code")) => {
            let verifier = of("code_verifier").map_or(0, str::len);
            require((43..=128).contains(&verifier), "a verifier of 43 to 128 characters")?;
            require(of("code").is_some(), "a code")?;
            let redirect = of("redirect_uri").unwrap_or_default();
            require(redirect.starts_with("http://localhost:"), "a redirect to localhost")
        }
        _ => Err(format!("{path} is no address of the identity service")),
    }
}

fn accounting(method: &Method, rest: &str, request: &Request<Bytes>) -> Checked {
    let headers = request.headers();
    bearer(headers)?;
    require(header(headers, "xero-tenant-id").is_some_and(is_guid), "a tenant id")?;
    require(header(headers, "accept") == Some("application/json"), "XML comes unless asked")?;
    let query = request.uri().query().unwrap_or_default();
    require(query.len() <= QUERY_CHARS_MAX, "the query is too long")?;
    let parameters: Vec<(String, String)> =
        url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if *method == Method::GET {
        require(header(headers, "idempotency-key").is_none(), "keys are for writes")?;
        require(request.body().is_empty(), "a read has no body")?;
        return read(rest, &parameters, header(headers, "if-modified-since"));
    }
    require(header(headers, "if-modified-since").is_none(), "a write has no lower bound")?;
    require(header(headers, "content-type") == Some("application/json"), "the type of the body")?;
    let key = header(headers, "idempotency-key").unwrap_or_default();
    require(key.len() <= IDEMPOTENCY_CHARS_MAX, "the idempotency key is too long")?;
    require(*method == Method::PUT, "POST overwrites what exists")?;
    write(rest, &parameters, request.body())
}

fn read(rest: &str, parameters: &[(String, String)], since: Option<&str>) -> Checked {
    let parts: Vec<&str> = rest.split('/').collect();
    match parts[..] {
        ["Reports", "TrialBalance" | "BalanceSheet"] => return report(parameters),
        ["Organisation", "Actions"] => return require(parameters.is_empty(), "no parameters"),
        _ => {}
    }
    let [name, id @ ..] = &parts[..] else { return Err("an endpoint".to_owned()) };
    let known = LISTS.iter().find(|list| list.name == *name);
    let list = known.ok_or_else(|| format!("{name} is no endpoint"))?;
    require(id.len() <= 1, "one id")?;
    require(since.is_none() || (list.since && id.is_empty()), "changes cannot be asked here")?;
    require(since.is_none_or(is_moment), "an instant in UTC without a zone")?;
    let has = |name: &str| parameters.iter().any(|(known, _)| known == name);
    require(!list.lines || has("unitdp"), "prices would come with two places")?;
    require(!list.paged || !id.is_empty() || has("page"), "an unpaged list comes without lines")?;
    for (name, value) in parameters {
        let own = match name.as_str() {
            "unitdp" => list.lines,
            "page" | "pageSize" => list.paged && id.is_empty(),
            other => list.parameters.contains(&other) && id.is_empty(),
        };
        require(own, &format!("{name} means nothing here"))?;
        parameter(list, name, value).map_err(|why| format!("{name}={value}: {why}"))?;
    }
    Ok(())
}

fn parameter(list: &List, name: &str, value: &str) -> Checked {
    let number = value.parse::<u32>().ok();
    let listed: Vec<&str> = value.split(',').collect();
    match name {
        "unitdp" => require(value == "4", "four places"),
        "page" => require(number.is_some_and(|it| it >= 1), "pages begin at 1"),
        "pageSize" => require(number.is_some_and(|it| (1..=1_000).contains(&it)), "1 to 1000"),
        "summaryOnly" | "includeArchived" | "createdByMyApp" => {
            require(matches!(value, "true" | "false"), "a switch")
        }
        "IDs" | "ContactIDs" => {
            require(listed.len() <= IDS_MAX && listed.iter().all(|id| is_guid(id)), "a few ids")
        }
        "InvoiceNumbers" => {
            require(listed.len() <= IDS_MAX && listed.iter().all(|it| !it.is_empty()), "numbers")
        }
        "order" => {
            let words: Vec<&str> = value.split(' ').collect();
            require(matches!(words[..], [_, "ASC" | "DESC"]), "a field and a direction")
        }
        "where" => filter(list, value),
        _ => Ok(()),
    }
}

/// Conditions of optimised fields with literals of the sheet; no text of people.
fn filter(list: &List, text: &str) -> Checked {
    for condition in text.split("&&").flat_map(|part| part.split("||")) {
        let condition = condition.trim_start_matches('(').trim();
        let at = condition.find(['=', '!', '<', '>']).ok_or("a comparison")?;
        let (field, rest) = condition.split_at(at);
        require(list.fields.contains(&field), &format!("{field} is not optimised"))?;
        let operators = ["==", "!=", "<=", ">=", "<", ">"];
        let literal = operators.iter().find_map(|operator| rest.strip_prefix(operator));
        let literal = literal.ok_or("an operator")?;
        require(is_literal(literal), &format!("{literal} is no literal"))?;
    }
    Ok(())
}

fn is_literal(text: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let inside = |prefix: &str, end: &str| {
        let rest = text.strip_prefix(prefix)?;
        rest.strip_suffix(&format!("{end})")).or_else(|| rest.strip_suffix(end))
    };
    if let Some(id) = inside("guid(\"", "\")") {
        return is_guid(id);
    }
    if let Some(date) = inside("DateTime(", ")") {
        let parts: Vec<&str> = date.split(", ").collect();
        return parts.len() == 3 && parts.iter().all(|part| part.parse::<u16>().is_ok());
    }
    match inside("\"", "\"") {
        Some(word) => plain(word),
        None => text.parse::<rust_decimal::Decimal>().is_ok(),
    }
}

fn report(parameters: &[(String, String)]) -> Checked {
    for (name, value) in parameters {
        match name.as_str() {
            "date" => require(is_day(value), "a day")?,
            "standardLayout" | "paymentsOnly" => {
                require(matches!(value.as_str(), "true" | "false"), "a switch")?;
            }
            "periods" | "timeframe" => {}
            other => return Err(format!("{other} means nothing here")),
        }
    }
    Ok(())
}

fn write(rest: &str, parameters: &[(String, String)], body: &Bytes) -> Checked {
    let of = |name: &str| parameters.iter().find(|(key, _)| key == name).map(|(_, it)| it.as_str());
    require(of("summarizeErrors") == Some("false"), "each element answers for itself")?;
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let members = body.as_object().filter(|members| members.len() == 1).ok_or("an envelope")?;
    let elements = members.get(rest).and_then(Value::as_array).ok_or("the plural, in its case")?;
    require((1..=ELEMENTS_MAX).contains(&elements.len()), "1 to 50 elements")?;
    for element in elements {
        let element = element.as_object().ok_or("an object")?;
        match rest {
            "Invoices" => {
                require(of("unitdp") == Some("4"), "prices would be rounded to two places")?;
                invoice(element)?;
            }
            "Contacts" => contact(element)?,
            other => return Err(format!("nothing is written to {other}")),
        }
    }
    Ok(())
}

/// Required members, then each by its kind; others are errors, since Xero would drop or refuse
/// them.
fn members(
    object: &Map<String, Value>,
    required: &[&str],
    kind: impl Fn(&str, &Value) -> Option<bool>,
) -> Checked {
    for name in required {
        require(object.contains_key(*name), &format!("{name} is missing"))?;
    }
    for (name, value) in object {
        match kind(name, value) {
            Some(true) => {}
            Some(false) => return Err(format!("{name} is {value}")),
            None => return Err(format!("{name} is no member")),
        }
    }
    Ok(())
}

fn invoice(invoice: &Map<String, Value>) -> Checked {
    let mut required = vec!["Type", "Status", "Contact", "Date", "LineAmountTypes", "LineItems"];
    if invoice.get("Status").and_then(Value::as_str) == Some("AUTHORISED") {
        required.push("DueDate");
    }
    members(invoice, &required, |name, value| {
        let text = value.as_str();
        Some(match name {
            "Type" => text == Some("ACCREC"),
            "Status" => matches!(text, Some("DRAFT" | "SUBMITTED" | "AUTHORISED")),
            "InvoiceNumber" | "Reference" => is_text(value, 255),
            // Anything more would change the contact.
            "Contact" => value.as_object().is_some_and(|contact| {
                contact.len() == 1
                    && contact.get("ContactID").and_then(Value::as_str).is_some_and(is_guid)
            }),
            "Date" | "DueDate" => text.is_some_and(is_day),
            "LineAmountTypes" => matches!(text, Some("Exclusive" | "Inclusive" | "NoTax")),
            "CurrencyCode" => text.is_some_and(|code| {
                code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
            }),
            "CurrencyRate" => is_number(value, 10),
            "Url" => text.is_some_and(|url| url.starts_with("https://") && !url.contains("xero")),
            "LineItems" => value.as_array().is_some_and(|lines| !lines.is_empty()),
            _ => return None,
        })
    })?;
    for line in invoice["LineItems"].as_array().into_iter().flatten() {
        line_item(line.as_object().ok_or("a line")?)?;
    }
    Ok(())
}

fn line_item(line: &Map<String, Value>) -> Checked {
    members(line, &["Description"], |name, value| {
        Some(match name {
            "Description" => is_text(value, 4_000),
            "ItemCode" => is_text(value, 30),
            "AccountCode" => is_text(value, 10),
            "TaxType" => is_text(value, 50),
            "Quantity" | "UnitAmount" => is_number(value, 4),
            _ => return None,
        })
    })
}

fn contact(contact: &Map<String, Value>) -> Checked {
    members(contact, &["Name"], |name, value| {
        Some(match name {
            "Name" => {
                let name = value.as_str().unwrap_or_default();
                is_text(value, 255)
                    && name.trim() == name
                    && !name.contains("  ")
                    && !name.contains(['<', '>'])
            }
            "ContactNumber" | "AccountNumber" | "TaxNumber" => is_text(value, 50),
            "EmailAddress" => is_text(value, 255),
            "Addresses" => value.as_array().is_some_and(|all| all.iter().all(is_address)),
            _ => return None,
        })
    })
}

fn is_address(value: &Value) -> bool {
    const LINES: [&str; 8] = [
        "AddressLine1",
        "AddressLine2",
        "AddressLine3",
        "AddressLine4",
        "City",
        "Region",
        "PostalCode",
        "Country",
    ];
    value.as_object().is_some_and(|address| {
        let kind = address.get("AddressType").and_then(Value::as_str);
        matches!(kind, Some("POBOX" | "STREET"))
            && address.iter().all(|(name, value)| {
                name == "AddressType" || (LINES.contains(&name.as_str()) && is_text(value, 500))
            })
    })
}

fn is_text(value: &Value, chars_max: usize) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty() && text.chars().count() <= chars_max)
}

/// A bare number with at most so many decimals, and no exponent.
fn is_number(value: &Value, decimals_max: u32) -> bool {
    let Value::Number(number) = value else { return false };
    let read = number.to_string().parse::<rust_decimal::Decimal>();
    read.is_ok_and(|number| number.normalize().scale() <= decimals_max)
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

fn is_moment(text: &str) -> bool {
    text.len() == 19 && text.parse::<jiff::civil::DateTime>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TENANT: &str = "9d3e2a51-7c44-4e0b-a1b7-5f1a2c3d4e5f";
    const INVOICE: &str = r#"{"Invoices":[{"Type":"ACCREC","Status":"DRAFT","InvoiceNumber":"TIE-YIO2VH22ILF65RQE","Reference":"006Hs00001AsDfGIAV","Contact":{"ContactID":"7c1d0f2e-0b1a-4c2d-8e3f-405162738495"},"Date":"2026-06-01","DueDate":"2026-07-01","LineAmountTypes":"Exclusive","CurrencyCode":"NZD","Url":"https://example.my.salesforce.com/006Hs00001AsDfGIAV","LineItems":[{"ItemCode":"LIC-PRO","Description":"Licence Pro","Quantity":2,"UnitAmount":1250.00,"AccountCode":"200","TaxType":"OUTPUT2"}]}]}"#;

    fn asked(method: &str, path: &str, since: Option<&str>, body: &str) -> Checked {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:3/api.xro/2.0/{path}"))
            .header("authorization", "Bearer x")
            .header("xero-tenant-id", TENANT)
            .header("accept", "application/json");
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        if let Some(since) = since {
            request = request.header("if-modified-since", since);
        }
        check(&request.body(Bytes::from(body.to_owned())).unwrap())
    }

    #[track_caller]
    fn taken(path: &str) {
        assert_eq!(asked("GET", path, None, ""), Ok(()));
    }

    #[track_caller]
    fn refused(path: &str, why: &str) {
        let error = asked("GET", path, None, "").unwrap_err();
        assert!(error.contains(why), "{error}");
    }

    #[track_caller]
    fn refused_body(from: &str, to: &str, why: &str) {
        assert!(INVOICE.contains(from));
        let body = INVOICE.replace(from, to);
        let path = "Invoices?summarizeErrors=false&unitdp=4";
        let error = asked("PUT", path, None, &body).unwrap_err();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn the_reads_of_the_sheet() {
        taken("Invoices?where=Type%3D%3D%22ACCREC%22&page=1&pageSize=200&unitdp=4");
        taken("Contacts?page=1&pageSize=1000&includeArchived=true");
        taken("Items?unitdp=4");
        taken("Reports/TrialBalance?date=2026-06-30");
        taken("Organisation/Actions");
    }

    #[test]
    fn reads_that_would_be_misread() {
        refused("Invoices?unitdp=4", "an unpaged list");
        refused("Invoices?page=1", "two places");
        refused("Invoices?unitdp=4&page=0", "pages begin at 1");
        refused("Payments?page=1&pageSize=5000", "1 to 1000");
        refused("Accounts?page=1", "means nothing here");
        refused("Invoices?unitdp=4&page=1&where=Total%3E1", "not optimised");
        refused("Invoices?unitdp=4&page=1&where=Reference%3D%3D%22a%22b%22", "no literal");
        refused("Quotes?page=1", "no endpoint");
        let since = asked("GET", "TaxRates", Some("2026-06-20T03:02:11"), "").unwrap_err();
        assert!(since.contains("changes cannot be asked"), "{since}");
        let zoned = asked("GET", "Payments?page=1", Some("2026-06-20T03:02:11Z"), "").unwrap_err();
        assert!(zoned.contains("without a zone"), "{zoned}");
    }

    #[test]
    fn the_invoice_of_the_sheet() {
        assert_eq!(asked("PUT", "Invoices?summarizeErrors=false&unitdp=4", None, INVOICE), Ok(()));
        let posted = asked("POST", "Invoices?summarizeErrors=false&unitdp=4", None, INVOICE);
        assert!(posted.unwrap_err().contains("overwrites"));
    }

    #[test]
    fn invoices_that_would_be_refused_or_misread() {
        refused_body("\"DRAFT\"", "\"OPEN\"", "Status is");
        refused_body("\"2026-06-01\"", "\"06/01/2026\"", "Date is");
        refused_body("\"Exclusive\"", "\"Net\"", "LineAmountTypes is");
        refused_body("1250.00", "1250.00001", "UnitAmount is");
        refused_body("1250.00", "\"1250.00\"", "UnitAmount is");
        refused_body("\"Invoices\"", "\"invoices\"", "the plural");
        refused_body("\"NZD\"", "\"nzd\"", "CurrencyCode is");
        refused_body(",\"Date\":\"2026-06-01\"", "", "Date is missing");
        refused_body("\"Quantity\":2", "\"Qty\":2", "Qty is no member");
        refused_body("\"ContactID\":", "\"Name\":\"x\",\"ContactID\":", "Contact is");
        refused_body("https://example.my.salesforce.com", "http://a.example", "Url is");
    }
}
