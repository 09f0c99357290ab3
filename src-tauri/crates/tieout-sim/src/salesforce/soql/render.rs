//! Rows of a query as Salesforce writes them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::plan::{Asked, Column, Plan, Shape};
use super::rates::{rate, to_corporate};
use super::route::{Leaf, read_any, step};
use crate::salesforce::cursor::{Cursors, Reader};
use crate::salesforce::json::Json;
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::schema::{FieldDef, FieldKind, ObjectDef};
use crate::salesforce::value::{Value, wire_double, wire_instant};

/// Parts of a compound address, by the names of their fields' endings.
const ADDRESS_PARTS: [(&str, &str); 5] = [
    ("city", "City"),
    ("country", "Country"),
    ("postalCode", "PostalCode"),
    ("state", "State"),
    ("street", "Street"),
];

/// A value in the JSON form of its field's type.
pub fn wire(value: &Value, field: &FieldDef, exponents: bool) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(yes) => Json::Bool(*yes),
        Value::Text(text) => Json::text(text),
        Value::Number(number) if field.kind == FieldKind::Int => {
            Json::int(number.trunc().normalize())
        }
        Value::Number(number) => wire_double(*number, exponents),
        Value::Date(date) => Json::text(date.to_string()),
        Value::Instant(instant) => Json::text(wire_instant(*instant)),
    }
}

/// `attributes` of a row.
pub fn attributes(object: &str, id: &str, version: &str) -> Json {
    Json::object([
        ("type", Json::text(object)),
        ("url", Json::text(format!("/services/data/{version}/sobjects/{object}/{id}"))),
    ])
}

/// One field of a row, compound addresses included.
pub fn field_value(org: &Org, fields: &Fields, field: &FieldDef) -> Json {
    if field.kind == FieldKind::Address {
        return address(fields, field.name.trim_end_matches("Address"));
    }
    wire(&org.read(fields, field), field, org.switches().exponents)
}

fn address(fields: &Fields, prefix: &str) -> Json {
    let part = |ending: &str| {
        let value = fields.get(&format!("{prefix}{ending}")).and_then(Value::as_text);
        Json::text_or_null(value)
    };
    let parts = ADDRESS_PARTS.map(|(name, ending)| (name, part(ending)));
    if parts.iter().all(|(_, value)| *value == Json::Null) {
        return Json::Null;
    }
    let unknown = ["geocodeAccuracy", "latitude", "longitude"].map(|name| (name, Json::Null));
    Json::object(parts.into_iter().chain(unknown))
}

/// Renders the rows of one plan; child pages open cursors of their own.
pub struct Renderer<'a> {
    pub asked: Asked<'a>,
    pub version: &'a str,
    pub reader: Reader<'a>,
    pub cursors: &'a mut Cursors,
}

/// Children of one relationship by the id of their parent, each list in the order of the query.
type ByParent<'a> = BTreeMap<&'a str, Vec<(&'a String, &'a Fields)>>;

impl Renderer<'_> {
    pub fn rows(&mut self, plan: &Plan) -> Vec<Json> {
        let asked = self.asked;
        let Shape::Rows(columns) = &plan.shape else { return Vec::new() };
        let families = families(asked, columns);
        let rows = plan.rows(asked);
        rows.iter().map(|(_, fields)| self.row(&plan.object, fields, columns, &families)).collect()
    }

    fn row(
        &mut self,
        object: &Arc<ObjectDef>,
        fields: &Fields,
        columns: &[Column],
        families: &[ByParent<'_>],
    ) -> Json {
        let org = self.asked.org;
        let id = fields.get("Id").and_then(Value::as_text).unwrap_or_default();
        let first = ("attributes".to_owned(), attributes(&object.name, id, self.version));
        let mut members = vec![first];
        let mut families = families.iter();
        for column in columns {
            members.push(match column {
                Column::Field(Leaf::Field(field)) => {
                    (field.name.clone(), field_value(org, fields, field))
                }
                Column::Field(Leaf::Any(field)) => {
                    let value = read_any(org, object, fields, field);
                    (field.name.clone(), wire(&value, field, false))
                }
                Column::Converted { name, field } => {
                    (name.clone(), converted(org, object, fields, field))
                }
                Column::Parent { hop, columns } => {
                    let parent = step(org, hop, fields);
                    let parent = parent.map_or(Json::Null, |(object, fields)| {
                        self.row(object, fields, columns, &[])
                    });
                    (hop.name.clone(), parent)
                }
                Column::Children { name, plan, .. } => {
                    let mine = families.next().and_then(|family| family.get(id));
                    (name.clone(), self.children(plan, mine.map_or(&[], Vec::as_slice)))
                }
            });
        }
        Json::Object(members)
    }

    /// A nested result with pages of its own; null without children (salesforce §5.2).
    fn children(&mut self, plan: &Plan, rows: &[(&String, &Fields)]) -> Json {
        let Shape::Rows(columns) = &plan.shape else { return Json::Null };
        let rows = rows.iter().skip(plan.offset).take(plan.limit.unwrap_or(usize::MAX));
        let grandchildren = families(self.asked, columns);
        let rendered: Vec<String> = rows
            .map(|(_, fields)| self.row(&plan.object, fields, columns, &grandchildren).to_string())
            .collect();
        if rendered.is_empty() {
            return Json::Null;
        }
        let switches = self.asked.org.switches();
        let reader = Reader { page_rows: switches.child_page_rows, is_child: true, ..self.reader };
        self.cursors.open(rendered, reader).render(self.version)
    }
}

/// The children of every child column, found once for all parents.
fn families<'a>(asked: Asked<'a>, columns: &'a [Column]) -> Vec<ByParent<'a>> {
    let mut families = Vec::new();
    for column in columns {
        let Column::Children { field, plan, .. } = column else { continue };
        let mut family = ByParent::new();
        for row in plan.sorted(asked.org, plan.matching(asked)) {
            if let Some(parent) = row.1.get(&field.name).and_then(Value::as_text) {
                family.entry(parent).or_default().push(row);
            }
        }
        families.push(family);
    }
    families
}

/// `convertCurrency`: into the user's currency, which is the corporate one here.
fn converted(org: &Org, object: &ObjectDef, fields: &Fields, field: &FieldDef) -> Json {
    let Some(amount) = org.read(fields, field).as_number() else { return Json::Null };
    let corporate = to_corporate(org, &object.name, fields, amount);
    let own: Decimal = corporate * rate(org, &org.config.currency, None);
    wire_double(own, org.switches().exponents)
}
