//! Describe: what objects and fields there are (salesforce §4.3).

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::records::http_date;
use super::{Answer, Call, known_object};
use crate::salesforce::http::Reply;
use crate::salesforce::json::Json;
use crate::salesforce::org::Org;
use crate::salesforce::schema::{FieldDef, FieldKind, ObjectDef, Rendered};

/// When the org's metadata last changed, as far as `Last-Modified` tells.
const CHANGED: &str = "Thu, 01 Jan 2026 00:00:00 GMT";

/// Where the values of picklists come from that rows define.
const STAGES: (&str, &str) = ("OpportunityStage", "ApiName");
const CURRENCIES: (&str, &str) = ("CurrencyType", "IsoCode");

/// GET `/sobjects`.
pub fn global(org: &Org, call: &Call) -> Answer {
    let objects = org.schema.objects().map(|object| Json::object(head(call, object)));
    let body = Json::object([
        ("encoding", Json::text("UTF-8")),
        ("maxBatchSize", Json::int(200)),
        ("sobjects", Json::list(objects)),
    ]);
    Ok(conditional(call, tagged(body.to_string())))
}

/// GET `/sobjects/X`.
pub fn basic(call: &Call, object: &ObjectDef) -> Reply {
    Reply::json(
        200,
        Json::object([
            ("objectDescribe", Json::object(head(call, object))),
            ("recentItems", Json::List(Vec::new())),
        ]),
    )
}

/// GET `/sobjects/X/describe`.
pub fn object(org: &Org, call: &Call, name: &str) -> Answer {
    let object = known_object(org, name)?;
    let place = call.url(&format!("sobjects/{}/describe", object.name));
    let key = [vec![call.base.clone(), place], column(org, STAGES), column(org, CURRENCIES)]
        .concat()
        .join("|");
    let body = org.schema.rendered(&key, || tagged(whole(org, call, &object).to_string()));
    Ok(conditional(call, body))
}

fn whole(org: &Org, call: &Call, object: &Arc<ObjectDef>) -> Json {
    let mut members = head(call, object);
    let fields = org.schema.fields(object).map(|field| described(org, object, field));
    let children = org.schema.children(&object.name).into_iter().map(|child| {
        Json::object([
            ("cascadeDelete", Json::Bool(false)),
            ("childSObject", Json::text(&child.child.name)),
            ("deprecatedAndHidden", Json::Bool(false)),
            ("field", Json::text(&child.field.name)),
            ("junctionIdListNames", Json::List(Vec::new())),
            ("junctionReferenceTo", Json::List(Vec::new())),
            ("relationshipName", Json::text_or_null(child.name)),
            ("restrictedDelete", Json::Bool(false)),
        ])
    });
    let none = || Json::List(Vec::new());
    members.extend([
        ("actionOverrides", none()),
        ("childRelationships", Json::list(children)),
        ("fields", Json::list(fields)),
        ("namedLayoutInfos", none()),
        ("recordTypeInfos", Json::list([master_record_type(call, object)])),
        ("sobjectDescribeOption", Json::text("FULL")),
        ("supportedScopes", none()),
    ]);
    Json::object(members)
}

fn master_record_type(call: &Call, object: &ObjectDef) -> Json {
    let layout = call.url(&format!("sobjects/{}/describe/layouts/012000000000000AAA", object.name));
    Json::object([
        ("active", Json::Bool(true)),
        ("available", Json::Bool(true)),
        ("defaultRecordTypeMapping", Json::Bool(true)),
        ("developerName", Json::text("Master")),
        ("master", Json::Bool(true)),
        ("name", Json::text("Master")),
        ("recordTypeId", Json::text("012000000000000AAA")),
        ("urls", Json::object([("layout", Json::text(layout))])),
    ])
}

fn tagged(text: String) -> Rendered {
    let digest = Sha256::digest(&text);
    let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Rendered { text: text.into(), tag: format!("\"{tag}\"").into() }
}

/// 304 where the caller's copy is still good.
fn conditional(call: &Call, body: Rendered) -> Reply {
    let Rendered { text, tag } = body;
    let changed = http_date(CHANGED).unwrap_or(Timestamp::UNIX_EPOCH);
    let same_tag = call.header("if-none-match").map(|known| known.contains(&*tag));
    let since = call.header("if-modified-since").and_then(http_date);
    let fresh = same_tag.unwrap_or_else(|| since.is_some_and(|since| since >= changed));
    let reply = if fresh { Reply::empty(304) } else { Reply::json(200, Json::Raw(text)) };
    reply.with("etag", &*tag).with("last-modified", CHANGED)
}

/// What global and full describe share.
fn head(call: &Call, object: &ObjectDef) -> Vec<(&'static str, Json)> {
    let path = |rest: &str| Json::text(call.url(&format!("sobjects/{}{rest}", object.name)));
    let page = |rest: &str| Json::text(format!("{}/{{ID}}{rest}", call.base));
    let urls = Json::object([
        ("describe", path("/describe")),
        ("layouts", path("/describe/layouts")),
        ("rowTemplate", path("/{ID}")),
        ("sobject", path("")),
        ("uiDetailTemplate", page("")),
        ("uiEditTemplate", page("/e")),
    ]);
    let yes = |flag: bool| Json::Bool(flag);
    vec![
        ("activateable", yes(false)),
        ("associateEntityType", Json::Null),
        ("createable", yes(object.createable)),
        ("custom", yes(object.is_custom())),
        ("customSetting", yes(false)),
        ("deepCloneable", yes(false)),
        ("deletable", yes(object.deletable)),
        ("deprecatedAndHidden", yes(false)),
        ("feedEnabled", yes(false)),
        ("hasSubtypes", yes(false)),
        ("isInterface", yes(false)),
        ("isSubtype", yes(false)),
        ("keyPrefix", Json::text(&object.prefix)),
        ("label", Json::text(object.label())),
        ("labelPlural", Json::text(&object.plural)),
        ("layoutable", yes(true)),
        ("mergeable", yes(object.mergeable)),
        ("mruEnabled", yes(true)),
        ("name", Json::text(&object.name)),
        ("queryable", yes(true)),
        ("replicateable", yes(true)),
        ("retrieveable", yes(true)),
        ("searchable", yes(true)),
        ("triggerable", yes(true)),
        ("undeletable", yes(object.keeps_deleted())),
        ("updateable", yes(object.updateable)),
        ("urls", urls),
    ]
}

fn described(org: &Org, object: &ObjectDef, field: &Arc<FieldDef>) -> Json {
    let yes = |flag: bool| Json::Bool(flag);
    let is_system = !field.is_custom() && !field.createable && !field.updateable;
    let is_reference = field.kind == FieldKind::Reference;
    let byte_length = if field.kind.is_text() { field.length * 3 } else { field.length };
    let digits = if field.kind == FieldKind::Int { field.precision } else { 0 };
    let precision = if field.kind == FieldKind::Int { 0 } else { field.precision };
    let formula = field.formula.as_ref();
    Json::object([
        ("aggregatable", yes(field.is_aggregatable())),
        ("autoNumber", yes(field.auto_number)),
        ("byteLength", Json::int(byte_length)),
        ("calculated", yes(formula.is_some())),
        ("calculatedFormula", Json::text_or_null(formula)),
        ("caseSensitive", yes(field.case_sensitive)),
        ("compoundFieldName", compound_of(object, field)),
        ("createable", yes(field.createable)),
        ("custom", yes(field.is_custom())),
        ("defaultValue", default_of(field)),
        ("defaultedOnCreate", yes(field.defaulted)),
        ("deprecatedAndHidden", yes(false)),
        ("digits", Json::int(digits)),
        ("encrypted", yes(false)),
        ("externalId", yes(field.external_id)),
        ("extraTypeInfo", Json::Null),
        ("filterable", yes(field.filterable)),
        ("groupable", yes(field.is_groupable())),
        ("htmlFormatted", yes(false)),
        ("idLookup", yes(field.id_lookup)),
        ("inlineHelpText", Json::Null),
        ("label", Json::text(&field.label)),
        ("length", Json::int(field.length)),
        ("name", Json::text(&field.name)),
        ("nameField", yes(field.name_field)),
        ("nillable", yes(field.nillable)),
        ("permissionable", yes(!is_system && !field.is_required() && field.kind != FieldKind::Id)),
        ("picklistValues", picklist_values(org, field)),
        ("polymorphicForeignKey", yes(is_reference && field.reference_to.len() > 1)),
        ("precision", Json::int(precision)),
        ("referenceTo", Json::list(field.reference_to.iter().map(Json::text))),
        ("relationshipName", Json::text_or_null(field.relationship.as_ref())),
        ("restrictedPicklist", yes(is_restricted(object, field))),
        ("scale", Json::int(field.scale)),
        ("soapType", Json::text(field.kind.soap_name())),
        ("sortable", yes(field.is_sortable())),
        ("type", Json::text(field.kind.wire_name())),
        ("unique", yes(field.unique)),
        ("updateable", yes(field.updateable)),
        ("writeRequiresMasterRead", yes(false)),
    ])
}

fn is_restricted(object: &ObjectDef, field: &FieldDef) -> bool {
    let currency = matches!(field.name.as_str(), "CurrencyIsoCode" | "DefaultCurrencyIsoCode");
    currency || crate::salesforce::dml::convert::is_restricted(object, field)
}

fn compound_of(object: &ObjectDef, field: &FieldDef) -> Json {
    let of_address = ["Billing", "Shipping"]
        .into_iter()
        .find(|prefix| field.name.starts_with(prefix) && field.kind != FieldKind::Address);
    match of_address {
        Some(prefix) if object.name == "Account" => Json::text(format!("{prefix}Address")),
        _ => Json::Null,
    }
}

fn default_of(field: &FieldDef) -> Json {
    if field.kind == FieldKind::Bool { Json::Bool(false) } else { Json::Null }
}

/// One column of a table, in the order of its rows.
fn column(org: &Org, (table, name): (&str, &str)) -> Vec<String> {
    let rows = org.table(table).into_iter().flat_map(|table| table.values());
    rows.filter_map(|row| row.fields.get(name)?.as_text().map(str::to_owned)).collect()
}

fn picklist_values(org: &Org, field: &FieldDef) -> Json {
    let picks = matches!(field.kind, FieldKind::Picklist | FieldKind::Combobox);
    let values = match field.name.as_str() {
        _ if !picks => Vec::new(),
        "StageName" => column(org, STAGES),
        "CurrencyIsoCode" | "DefaultCurrencyIsoCode" | "IsoCode" => column(org, CURRENCIES),
        _ => field.values.clone(),
    };
    Json::list(values.into_iter().map(|value| {
        Json::object([
            ("active", Json::Bool(true)),
            ("defaultValue", Json::Bool(false)),
            ("label", Json::text(&value)),
            ("validFor", Json::Null),
            ("value", Json::Text(value)),
        ])
    }))
}
