//! Why a request was not done, in the codes of `quickbooks §4.12`.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::entity::Entity;

/// One fault. Clients decide on `code`; the texts follow the recorded ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub status: u16,
    pub kind: Cow<'static, str>,
    pub code: u32,
    pub message: Cow<'static, str>,
    pub detail: String,
    pub element: String,
}

const NOT_FOUND: &str = "Object Not Found : Something you're trying to use has been made inactive. \
    Check the fields with accounts, customers, items, vendors or employees.";
const STALE: &str = "Stale Object Error : You and Pat Doe were working on this at the same time. \
    Pat Doe finished before you did, so your work was not saved.";

impl Refusal {
    fn validation(code: u32, message: &'static str, detail: String) -> Self {
        let kind = Cow::Borrowed("ValidationFault");
        let message = Cow::Borrowed(message);
        Self { status: 400, kind, code, message, detail, element: String::new() }
    }

    fn at(mut self, element: &str) -> Self {
        element.clone_into(&mut self.element);
        self
    }

    /// 500: the path or the operation does not exist.
    pub fn unsupported(what: &str) -> Self {
        let detail = format!("Operation {what} is not supported.");
        Self::validation(500, "Unsupported Operation", detail)
    }

    /// 610: unknown, deleted or inactive.
    pub fn not_found() -> Self {
        Self::validation(610, "Object Not Found", NOT_FOUND.to_owned())
    }

    /// 620: a transaction that cannot be linked in this way.
    pub fn not_linkable(detail: &str) -> Self {
        Self::validation(620, "Transaction cannot be linked", detail.to_owned())
    }

    /// 2010: a member that the schema does not know.
    pub fn unknown_member(name: &str) -> Self {
        let detail = format!("Property Name:{name} specified is unsupported or invalid");
        Self::validation(2010, "Request has invalid or unsupported property", detail)
    }

    /// 2020: something required is absent.
    pub fn missing(name: &str) -> Self {
        let message = "Required param missing, need to supply the required value for the API";
        let detail = format!("Required parameter {name} is missing in the request");
        Self::validation(2020, message, detail).at(name)
    }

    /// 2030: an id that is not a number.
    pub fn bad_id(given: &str) -> Self {
        let detail = format!("Id should be a valid number. Supplied value:{given}");
        Self::validation(2030, "Invalid ID", detail).at("Id")
    }

    /// 2050: a text over its limit.
    pub fn too_long(name: &str, max: usize) -> Self {
        let message = "String length specified does not match the supported length";
        let detail = format!("Max {max} characters are supported for {name}");
        Self::validation(2050, message, detail).at(name)
    }

    /// 2080: not a number.
    pub fn bad_number(name: &str) -> Self {
        let detail = format!("The number supplied for {name} has an illegal format");
        Self::validation(2080, "Invalid Number", detail).at(name)
    }

    /// 2090: not a date \[memory for the code\].
    pub fn bad_date(name: &str) -> Self {
        let detail = format!("The date supplied for {name} has an illegal format");
        Self::validation(2090, "Invalid Date", detail).at(name)
    }

    /// 2170: not one of the enumerated values.
    pub fn bad_choice(name: &str) -> Self {
        let detail = format!("The value supplied for {name} is not one of the accepted ones");
        Self::validation(2170, "Invalid Enumeration", detail).at(name)
    }

    /// 2500: a reference to a row that does not exist.
    pub fn bad_reference(entity: Entity, id: &str) -> Self {
        let word = entity.reference_word();
        let detail = format!("Invalid Reference Id : {word} element id {id} not found");
        Self::validation(2500, "Invalid Reference Id", detail)
    }

    /// 4000: the statement cannot be parsed.
    pub fn query_syntax(found: &str, column: usize) -> Self {
        let detail = format!(
            "QueryParserError: Encountered \" {found} \" at line 1, column {column}.\n\
             Was expecting one of: the next part of a statement"
        );
        Self::validation(4000, "Error parsing query", detail)
    }

    /// 4001: the statement names something that cannot be asked for.
    pub fn query_meaning(detail: &str) -> Self {
        Self::validation(4001, "Invalid query", format!("QueryValidationError: {detail}"))
    }

    /// 5010: somebody else was faster.
    pub fn stale() -> Self {
        Self::validation(5010, "Stale Object Error", STALE.to_owned())
    }

    /// 6000: a rule of the books is broken.
    pub fn business(detail: &str) -> Self {
        let message = "A business validation error has occurred while processing your request";
        Self::validation(6000, message, format!("Business Validation Error: {detail}"))
    }

    /// 6070: price times quantity is not the amount.
    pub fn amount_off(supplied: &str) -> Self {
        let detail = format!(
            "Amount calculation incorrect in the request. : Amount is not equal to UnitPrice * Qty. \
             Supplied value:{supplied}"
        );
        Self::validation(6070, "Amount calculation incorrect in the request.", detail)
    }

    /// 6090: a discount line that does not fit its document.
    pub fn discount_off() -> Self {
        let detail = "The discount line of the request is not valid".to_owned();
        Self::validation(6090, "Invalid discount line", detail)
    }

    /// 6100: US lines take `TAX` or `NON` only.
    pub fn us_tax_code(given: &str) -> Self {
        let detail = format!("Line tax code must be TAX or NON. Supplied value:{given}");
        Self::validation(6100, "Invalid Line Tax Code", detail)
    }

    /// 6140: the document number is taken.
    pub fn duplicate_number(number: &str, entity: Entity, id: &str) -> Self {
        let name = entity.name();
        let detail = format!(
            "Duplicate Document Number Error : You must specify a different number. This number \
             has already been used. DocNumber={number} is assigned to TxnType={name} with TxnId={id}"
        );
        Self::validation(6140, "Duplicate Document Number Error", detail)
    }

    /// 6210, or 5010 where the company answers so (`quickbooks §4.12`): the books are closed.
    pub fn closed_period(as_5010: bool) -> Self {
        let message = "Account Period Closed, Cannot Update Through Services API";
        let detail = "The account period has closed and the account books cannot be updated \
            through the QBO Services API. Please use the QBO website to make these changes.";
        let code = if as_5010 { 5010 } else { 6210 };
        let message = if as_5010 { "Account Period Closed" } else { message };
        Self::validation(code, message, detail.to_owned())
    }

    /// 6240: the name is taken in one of the three name lists or among siblings.
    pub fn duplicate_name() -> Self {
        let detail = "The name supplied already exists. : null".to_owned();
        Self::validation(6240, "Duplicate Name Exists Error", detail)
    }

    /// 6540: a banked payment is not changed.
    pub fn deposited() -> Self {
        let detail = "A transaction that was already deposited cannot be changed".to_owned();
        Self::validation(6540, "Deposited Transaction cannot be changed", detail)
    }

    /// More items than one batch takes \[memory for the code\].
    pub fn batch_too_long(max: usize) -> Self {
        let detail = format!("A batch takes at most {max} items");
        Self::validation(1040, "Batch limit exceeded", detail)
    }

    /// 10000: the server failed.
    pub fn application_error() -> Self {
        Self {
            status: 500,
            kind: Cow::Borrowed("SystemFault"),
            code: 10000,
            message: Cow::Borrowed(
                "An application error has occurred while processing your request",
            ),
            detail: "System Failure Error: Unknown".to_owned(),
            element: String::new(),
        }
    }

    /// The `Fault` object.
    pub fn to_json(&self) -> Value {
        json!({
            "Error": [{
                "Message": self.message,
                "Detail": self.detail,
                "code": self.code.to_string(),
                "element": self.element,
            }],
            "type": self.kind,
        })
    }
}
