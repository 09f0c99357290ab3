//! SOQL: lexer, parser, checked plan, evaluation (salesforce §5).

mod ast;
mod dates;
mod fault;
mod group;
mod lexer;
mod parser;
mod plan;
mod rates;
pub mod render;
mod route;
mod test;
mod text;

use std::sync::Arc;

use super::cursor::Reader;
use super::json::Json;
use super::org::{Fields, Org};
use super::refusal::Refusal;
use super::schema::ObjectDef;
use plan::{Asked, Plan, Shape};
use render::Renderer;
use route::Scope;

pub use fault::QueryFault;

/// A query as a call brings it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    pub text: &'a str,
    /// `queryAll`: deleted rows too.
    pub all_rows: bool,
    /// `v66.0`
    pub version: &'a str,
    pub reader: Reader<'a>,
}

/// Runs a query and gives its first page, or the refusal that quotes it.
pub fn answer(org: &mut Org, call: Call<'_>) -> Result<Json, Refusal> {
    run(org, call).map_err(|fault| fault.refusal(call.text))
}

fn run(org: &mut Org, call: Call<'_>) -> Result<Json, QueryFault> {
    let query = parser::parse(call.text)?;
    // The cursors are lent out while rows are read from the org.
    let mut cursors = std::mem::take(&mut org.cursors);
    let asked = Asked { org, all_rows: call.all_rows };
    let result = plan::plan(asked, &query).and_then(|plan| match &plan.shape {
        Shape::Count => Ok(counted(asked, &plan)),
        Shape::Groups(groups) => groups.run(asked, &plan).map(whole),
        Shape::Rows(_) => {
            let (version, reader) = (call.version, call.reader);
            let mut renderer = Renderer { asked, version, reader, cursors: &mut cursors };
            let rows = renderer.rows(&plan);
            let rows = rows.iter().map(Json::to_string).collect();
            Ok(cursors.open(rows, reader).render(version))
        }
    });
    org.cursors = cursors;
    result
}

fn counted(asked: Asked<'_>, plan: &Plan) -> Json {
    let count = plan.matching(asked).len().min(plan.limit.unwrap_or(usize::MAX));
    page_of(count, Vec::new())
}

fn whole(rows: Vec<Json>) -> Json {
    page_of(rows.len(), rows)
}

fn page_of(total: usize, rows: Vec<Json>) -> Json {
    Json::object([
        ("totalSize", Json::int(total)),
        ("done", Json::Bool(true)),
        ("records", Json::List(rows)),
    ])
}

/// Whether a condition holds for a row: for validation rules.
pub fn condition_holds(
    org: &Org,
    object: &Arc<ObjectDef>,
    fields: &Fields,
    condition: &str,
) -> Result<bool, QueryFault> {
    if condition.trim().is_empty() {
        return Ok(true);
    }
    let expr = parser::parse_condition(condition)?;
    let scope = Scope { schema: &org.schema, object, alias: None };
    let test = test::resolve(Asked { org, all_rows: true }, scope, &expr)?;
    Ok(test.holds(org, object, fields))
}

#[cfg(test)]
mod tests;
