//! A query whose every name is known and allowed, ready to run.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::ast::{Operand, Order, Path, Query, SelectItem, Which};
use super::fault::QueryFault;
use super::group::{Groups, group_plan};
use super::route::{Hop, Leaf, Route, Scope};
use super::test::{Test, key, order_with_null, resolve};
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::schema::{FieldDef, FieldKind, ObjectDef};
use crate::salesforce::value::Value;

/// Rows that `FIELDS()` may return at most.
const ALL_FIELDS_ROWS_MAX: usize = 200;

/// The org that is asked, and whether deleted rows are wanted (`queryAll`).
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub org: &'a Org,
    pub all_rows: bool,
}

#[derive(Clone, Debug)]
pub struct Plan {
    pub object: Arc<ObjectDef>,
    pub shape: Shape,
    pub filter: Option<Test>,
    /// Empty for grouped queries, which sort their groups.
    pub sorts: Vec<Sort>,
    pub limit: Option<usize>,
    pub offset: usize,
}

#[derive(Clone, Debug)]
pub enum Shape {
    Count,
    Rows(Vec<Column>),
    Groups(Box<Groups>),
}

/// One member of a record in the answer.
#[derive(Clone, Debug)]
pub enum Column {
    Field(Leaf),
    Converted { name: String, field: Arc<FieldDef> },
    Parent { hop: Hop, columns: Vec<Column> },
    Children { name: String, field: Arc<FieldDef>, plan: Box<Plan> },
}

#[derive(Clone, Debug)]
pub struct Sort {
    pub route: Route,
    pub descending: bool,
    pub nulls_last: bool,
}

/// Checks a query against the schema.
pub fn plan(asked: Asked<'_>, query: &Query) -> Result<Plan, QueryFault> {
    let schema = &asked.org.schema;
    let object = schema.object(&query.from.text);
    let object = object.ok_or_else(|| QueryFault::no_object(&query.from.text, query.from.at))?;
    plan_on(asked, query, object)
}

fn plan_on(asked: Asked<'_>, query: &Query, object: &Arc<ObjectDef>) -> Result<Plan, QueryFault> {
    let scope = Scope { schema: &asked.org.schema, object, alias: query.alias.as_deref() };
    let filter = query.filter.as_ref().map(|filter| resolve(asked, scope, filter)).transpose()?;
    let grouped = !query.group.is_empty()
        || query.having.is_some()
        || query.select.iter().any(|item| matches!(item, SelectItem::Aggregate { .. }));
    let counts = query.select.contains(&SelectItem::CountRows);
    let mut sorts = Vec::new();
    let shape = if counts {
        count_shape(query)?
    } else if grouped {
        Shape::Groups(Box::new(group_plan(asked, scope, query)?))
    } else {
        sorts = query.order.iter().map(|order| sort(scope, order)).collect::<Result<_, _>>()?;
        Shape::Rows(columns(asked, scope, query)?)
    };
    Ok(Plan {
        object: Arc::clone(object),
        shape,
        filter,
        sorts,
        limit: query.limit,
        offset: query.offset.map_or(0, |(offset, _)| offset),
    })
}

fn count_shape(query: &Query) -> Result<Shape, QueryFault> {
    let alone = query.select.len() == 1 && query.group.is_empty() && query.order.is_empty();
    if alone { Ok(Shape::Count) } else { Err(QueryFault::unexpected("'COUNT'", query.from.at)) }
}

fn sort(scope: Scope<'_>, order: &Order) -> Result<Sort, QueryFault> {
    let Operand::Path(path) = &order.by else {
        let message = "aggregates can only be ordered by in grouped queries";
        return Err(QueryFault::malformed(message, 0));
    };
    let route = scope.route(path)?;
    if !route.field().is_sortable() {
        let name = &route.field().name;
        let message = format!("field '{name}' can not be sorted in a query call");
        return Err(QueryFault::field(message, path.at));
    }
    Ok(Sort { route, descending: order.descending, nulls_last: order.nulls_last })
}

fn columns(asked: Asked<'_>, scope: Scope<'_>, query: &Query) -> Result<Vec<Column>, QueryFault> {
    let mut columns = Vec::new();
    for item in &query.select {
        match item {
            SelectItem::Field { alias: Some(_), path } => {
                let message = "only aggregate expressions use field aliasing";
                return Err(QueryFault::malformed(message, path.at));
            }
            SelectItem::Field { path, .. } => {
                let route = scope.route(path)?;
                add(&mut columns, &route.hops, route.leaf.clone(), path)?;
            }
            SelectItem::Converted { path, alias } => {
                columns.push(converted(asked.org, scope, path, alias.as_deref())?);
            }
            SelectItem::Children(children) => columns.push(child_column(asked, scope, children)?),
            SelectItem::AllFields { which, at } => {
                if query.limit.is_none_or(|limit| limit > ALL_FIELDS_ROWS_MAX) {
                    let message = "The SOQL FIELDS function must have a LIMIT of at most 200";
                    return Err(QueryFault::malformed(message, *at));
                }
                add_all(&mut columns, scope, *which);
            }
            SelectItem::Aggregate { .. } | SelectItem::CountRows => {}
        }
    }
    Ok(columns)
}

/// Puts a field under its parents, which are made where they do not stand yet.
fn add(columns: &mut Vec<Column>, hops: &[Hop], leaf: Leaf, path: &Path) -> Result<(), QueryFault> {
    let Some((hop, rest)) = hops.split_first() else {
        if columns.iter().any(|column| is_same(column, &leaf)) {
            let message = format!("duplicate field selected: {}", path.steps.join("."));
            return Err(QueryFault::field(message, path.at));
        }
        columns.push(Column::Field(leaf));
        return Ok(());
    };
    let known = columns.iter_mut().find_map(|column| match column {
        Column::Parent { hop: known, columns } if known.name == hop.name => Some(columns),
        _ => None,
    });
    if let Some(columns) = known {
        return add(columns, rest, leaf, path);
    }
    let mut inner = Vec::new();
    add(&mut inner, rest, leaf, path)?;
    columns.push(Column::Parent { hop: hop.clone(), columns: inner });
    Ok(())
}

fn is_same(column: &Column, leaf: &Leaf) -> bool {
    let name = |leaf: &Leaf| match leaf {
        Leaf::Field(field) | Leaf::Any(field) => field.name.clone(),
    };
    matches!(column, Column::Field(known) if name(known) == name(leaf))
}

fn add_all(columns: &mut Vec<Column>, scope: Scope<'_>, which: Which) {
    for field in scope.schema.fields(scope.object) {
        let wanted = match which {
            Which::All => true,
            Which::Standard => !field.is_custom(),
            Which::Custom => field.is_custom(),
        };
        let leaf = Leaf::Field(Arc::clone(field));
        if wanted && !columns.iter().any(|column| is_same(column, &leaf)) {
            columns.push(Column::Field(leaf));
        }
    }
}

fn converted(
    org: &Org,
    scope: Scope<'_>,
    path: &Path,
    alias: Option<&str>,
) -> Result<Column, QueryFault> {
    let route = scope.route(path)?;
    let field = Arc::clone(route.field());
    let can = org.switches().multi_currency && field.kind == FieldKind::Currency;
    if !can || !route.hops.is_empty() {
        let message = format!("field '{}' cannot be converted", path.steps.join("."));
        return Err(QueryFault::field(message, path.at));
    }
    Ok(Column::Converted { name: alias.unwrap_or(&field.name).to_owned(), field })
}

fn child_column(asked: Asked<'_>, scope: Scope<'_>, query: &Query) -> Result<Column, QueryFault> {
    let name = &query.from.text;
    let is_wanted = |known: &Option<String>| {
        known.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name))
    };
    let children = scope.schema.children(&scope.object.name);
    let child = children.into_iter().find(|child| is_wanted(&child.name));
    let child = child.ok_or_else(|| QueryFault::no_relationship(name, query.from.at))?;
    let plan = plan_on(asked, query, &child.child)?;
    if !matches!(plan.shape, Shape::Rows(_)) {
        let message = "aggregates are not allowed in child queries";
        return Err(QueryFault::malformed(message, query.from.at));
    }
    let name = child.name.unwrap_or_default();
    Ok(Column::Children { name, field: child.field, plan: Box::new(plan) })
}

/// The ids that a semi-join's inner query finds, as keys of equality.
pub fn id_set(asked: Asked<'_>, query: &Query) -> Result<BTreeSet<String>, QueryFault> {
    let plan = plan(asked, query)?;
    let one = match &plan.shape {
        Shape::Rows(columns) => match columns.as_slice() {
            [Column::Field(Leaf::Field(field))] => Some(Arc::clone(field)),
            _ => None,
        },
        _ => None,
    };
    let field = one.filter(|field| matches!(field.kind, FieldKind::Id | FieldKind::Reference));
    let message = "The inner select must select exactly one ID or reference field";
    let field = field.ok_or_else(|| QueryFault::malformed(message, query.from.at))?;
    let rows = plan.rows(asked);
    let values = rows.iter().map(|(_, fields)| asked.org.read(fields, &field));
    Ok(values.filter(|value| !value.is_null()).map(|value| key(&field, &value)).collect())
}

impl Plan {
    /// The rows that match, sorted and cut.
    pub fn rows<'a>(&'a self, asked: Asked<'a>) -> Vec<(&'a String, &'a Fields)> {
        let rows = self.matching(asked);
        let rows = self.sorted(asked.org, rows);
        rows.into_iter().skip(self.offset).take(self.limit.unwrap_or(usize::MAX)).collect()
    }

    /// The rows that match, in the order of their ids.
    pub fn matching<'a>(&'a self, asked: Asked<'a>) -> Vec<(&'a String, &'a Fields)> {
        let mut rows = match self.filter.as_ref().and_then(Test::demands) {
            None => asked.org.seen_rows(&self.object.name),
            Some((field, ids)) => self.rows_of(asked.org, field, &ids),
        };
        rows.retain(|(_, fields)| self.takes(asked, fields));
        rows
    }

    /// The rows that may have one of these ids, in the order of their own ids.
    fn rows_of<'a>(
        &self,
        org: &'a Org,
        field: &FieldDef,
        ids: &[Value],
    ) -> Vec<(&'a String, &'a Fields)> {
        let table = org.table(&self.object.name);
        let mut rows = BTreeMap::new();
        for id in ids {
            if field.kind == FieldKind::Id {
                let row = id.as_text().and_then(|id| table?.get_key_value(id));
                rows.extend(row);
            } else {
                rows.extend(org.rows_with(&self.object, field, id));
            }
        }
        rows.into_iter().filter_map(|(id, row)| Some((id, org.seen(id, row)?))).collect()
    }

    fn takes(&self, asked: Asked<'_>, fields: &Fields) -> bool {
        let deleted = fields.get("IsDeleted").is_some_and(Value::is_true);
        (asked.all_rows || !deleted)
            && self.filter.as_ref().is_none_or(|test| test.holds(asked.org, &self.object, fields))
    }

    /// The rows in the order of the query; ties stay in the order of their ids.
    pub fn sorted<'a>(
        &self,
        org: &Org,
        rows: Vec<(&'a String, &'a Fields)>,
    ) -> Vec<(&'a String, &'a Fields)> {
        if self.sorts.is_empty() {
            return rows;
        }
        let keys = |fields: &Fields| -> Vec<Value> {
            self.sorts.iter().map(|sort| sort.route.read(org, &self.object, fields)).collect()
        };
        let mut keyed: Vec<_> = rows.into_iter().map(|row| (keys(row.1), row)).collect();
        keyed.sort_by(|one, two| {
            let pairs = one.0.iter().zip(&two.0).zip(&self.sorts);
            pairs
                .map(|((one, two), sort)| {
                    let order = order_with_null(one, two, sort.route.field());
                    let nulls = one.is_null() || two.is_null();
                    directed(order, nulls, sort.descending, sort.nulls_last)
                })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        keyed.into_iter().map(|(_, row)| row).collect()
    }
}

/// Turns an order into a direction; nulls stand where they are told, whatever the direction.
pub fn directed(order: Ordering, nulls: bool, descending: bool, nulls_last: bool) -> Ordering {
    match (nulls, nulls_last, descending) {
        (true, true, _) | (false, _, true) => order.reverse(),
        _ => order,
    }
}
