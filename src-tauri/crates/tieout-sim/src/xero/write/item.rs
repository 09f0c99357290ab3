//! Items (`xero §6.3`).

use super::super::call::{self, Body};
use super::super::contact::{Details, Item};
use super::super::exact::rounded;
use super::{Problems, Refused, Writing, Written};

const CODE_CHARACTERS_MAX: usize = 30;
const NAME_CHARACTERS_MAX: usize = 50;

/// Creates or changes one item. `id` is that of the path: an id or a code.
pub fn save(writing: &mut Writing<'_>, body: &Body, id: Option<&str>) -> Result<Written, Refused> {
    let books = &writing.tenant.books;
    let given = id.or_else(|| call::text(body, "ItemID"));
    let code = call::text(body, "Code");
    let known = match given {
        Some(id) => Some(find(books, id).ok_or(Refused::NotFound)?),
        None => code.and_then(|code| books.item_by_code(code)),
    };
    let mut problems = Problems::default();
    if let Some(known) = known.filter(|_| writing.create_only) {
        return Err(exists(&known.code).into());
    }
    let mut item = match known.cloned() {
        Some(known) => known,
        None => Item {
            id: writing.books().guids.next(),
            sold: true,
            purchased: true,
            ..Item::default()
        },
    };
    fill(&mut item, body, writing.places);
    check(writing, &item, &mut problems);
    problems.into_result()?;
    item.updated = writing.now;
    let id = item.id.clone();
    writing.books().items.insert(id.clone(), item);
    Ok(Written { id, ..Written::default() })
}

/// By id or by code.
pub fn find<'a>(books: &'a super::super::books::Books, id: &str) -> Option<&'a Item> {
    books.items.get(&id.to_ascii_lowercase()).or_else(|| books.item_by_code(id))
}

fn exists(code: &str) -> String {
    format!("Price List Item with Code '{code}' already exists")
}

fn fill(item: &mut Item, body: &Body, places: u32) {
    let texts = [
        ("Code", &mut item.code),
        ("Name", &mut item.name),
        ("Description", &mut item.description),
        ("PurchaseDescription", &mut item.purchase_description),
    ];
    for (key, member) in texts {
        if let Some(value) = body.get(key) {
            value.as_str().unwrap_or_default().clone_into(member);
        }
    }
    item.sold = call::flag(body, "IsSold").unwrap_or(item.sold);
    item.purchased = call::flag(body, "IsPurchased").unwrap_or(item.purchased);
    for (key, side) in [("SalesDetails", &mut item.sales), ("PurchaseDetails", &mut item.purchase)]
    {
        if let Some(sent) = call::object(body, key) {
            *side = details(sent, places);
        }
    }
}

/// The whole block: what is not sent is cleared.
fn details(sent: &Body, places: u32) -> Details {
    let text = |key: &str| call::text(sent, key).unwrap_or_default().to_owned();
    Details {
        unit_price: call::number(sent, "UnitPrice").map(|price| rounded(price, places)),
        account_code: text("AccountCode"),
        tax_type: text("TaxType"),
    }
}

fn check(writing: &Writing<'_>, item: &Item, problems: &mut Problems) {
    let books = &writing.tenant.books;
    if item.code.is_empty() {
        problems.add("Code must be specified");
    }
    if item.code.chars().count() > CODE_CHARACTERS_MAX {
        problems.add("Price List Item Code can have at most 30 characters");
    }
    if item.name.chars().count() > NAME_CHARACTERS_MAX {
        problems.add("Price List Item Name can have at most 50 characters");
    }
    if books.item_by_code(&item.code).is_some_and(|other| other.id != item.id) {
        problems.add(exists(&item.code));
    }
    for side in [&item.sales, &item.purchase] {
        let account = &side.account_code;
        if !account.is_empty() && books.account_by_code(account).is_none_or(|it| !it.takes_lines())
        {
            problems.add("Account must be valid");
        }
        if !side.tax_type.is_empty() && books.tax_rate(&side.tax_type).is_none() {
            problems.add("Tax rate must be valid");
        }
    }
}
