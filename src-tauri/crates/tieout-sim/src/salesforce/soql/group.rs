//! Aggregates and GROUP BY.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use super::ast::{Aggregate, Expr, Function, Op, Operand, Path, Query, SelectItem};
use super::fault::QueryFault;
use super::plan::{Asked, Plan, directed};
use super::rates::to_corporate;
use super::render::wire;
use super::route::{Route, Scope};
use super::test::{compare, constant, key, order_with_null};
use crate::salesforce::json::Json;
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::schema::{FieldDef, FieldKind};
use crate::salesforce::value::Value;

/// Digits of an average.
const AVERAGE_DIGITS: u32 = 6;
/// Groups that a query may have: it cannot be paged (salesforce §5.1).
const GROUPS_MAX: usize = 2000;

/// What the columns, HAVING and ORDER BY of a grouped query look at.
#[derive(Clone, Debug)]
pub struct Groups {
    keys: Vec<Route>,
    sources: Vec<Source>,
    /// Name in the answer, and which source it shows.
    columns: Vec<(String, usize)>,
    having: Option<Having>,
    sorts: Vec<(usize, bool, bool)>,
}

#[derive(Clone, Debug)]
enum Source {
    Key(usize),
    Aggregate { function: Function, route: Route, corporate: bool, field: Arc<FieldDef> },
}

#[derive(Clone, Debug)]
enum Having {
    And(Vec<Having>),
    Or(Vec<Having>),
    Not(Box<Having>),
    Compare(usize, Op, Value),
}

/// Checks the select list, HAVING and ORDER BY of a grouped query.
pub fn group_plan(asked: Asked<'_>, scope: Scope<'_>, query: &Query) -> Result<Groups, QueryFault> {
    let keys =
        query.group.iter().map(|path| group_key(scope, path)).collect::<Result<Vec<_>, _>>()?;
    let sources = (0..keys.len()).map(Source::Key).collect();
    let mut groups = Groups { keys, sources, columns: Vec::new(), having: None, sorts: Vec::new() };
    let mut unnamed = 0;
    for item in &query.select {
        match item {
            SelectItem::Field { path, alias } => {
                let at = groups.key_of(scope, path)?;
                let last = groups.keys[at].field().name.clone();
                groups.columns.push((alias.clone().unwrap_or(last), at));
            }
            SelectItem::Aggregate { aggregate, alias } => {
                let at = groups.add(asked.org, scope, aggregate)?;
                let name = alias.clone().unwrap_or_else(|| {
                    unnamed += 1;
                    format!("expr{}", unnamed - 1)
                });
                groups.columns.push((name, at));
            }
            _ => {
                let message = "Grouped query must select fields and aggregates only";
                return Err(QueryFault::malformed(message, query.from.at));
            }
        }
    }
    if let Some(having) = &query.having {
        groups.having = Some(groups.having_of(asked.org, scope, having)?);
    }
    for order in &query.order {
        let at = match &order.by {
            Operand::Path(path) => groups.key_of(scope, path)?,
            Operand::Aggregate(aggregate) => groups.add(asked.org, scope, aggregate)?,
        };
        groups.sorts.push((at, order.descending, order.nulls_last));
    }
    Ok(groups)
}

fn group_key(scope: Scope<'_>, path: &Path) -> Result<Route, QueryFault> {
    let route = scope.route(path)?;
    if route.field().is_groupable() {
        return Ok(route);
    }
    let name = &route.field().name;
    let message = format!("field '{name}' can not be grouped in a query call");
    Err(QueryFault::malformed(message, path.at))
}

impl Groups {
    /// The grouping that a plain field of the query names.
    fn key_of(&self, scope: Scope<'_>, path: &Path) -> Result<usize, QueryFault> {
        let route = scope.route(path)?;
        let steps = |route: &Route| -> Vec<String> {
            let hops = route.hops.iter().map(|hop| hop.name.clone());
            hops.chain([route.field().name.clone()]).collect()
        };
        let wanted = steps(&route);
        self.keys.iter().position(|key| steps(key) == wanted).ok_or_else(|| {
            let message = format!("Field must be grouped or aggregated: {}", path.steps.join("."));
            QueryFault::malformed(message, path.at)
        })
    }

    fn add(
        &mut self,
        org: &Org,
        scope: Scope<'_>,
        aggregate: &Aggregate,
    ) -> Result<usize, QueryFault> {
        let route = scope.route(&aggregate.path)?;
        let field = Arc::clone(route.field());
        let sums = matches!(aggregate.function, Function::Sum | Function::Avg);
        if (sums && !field.kind.is_number()) || !field.is_aggregatable() {
            let message = format!("field {} does not support aggregate operator", field.name);
            return Err(QueryFault::malformed(message, aggregate.path.at));
        }
        let counts = matches!(aggregate.function, Function::Count | Function::CountDistinct);
        let corporate =
            org.switches().multi_currency && field.kind == FieldKind::Currency && !counts;
        let function = aggregate.function;
        self.sources.push(Source::Aggregate { function, route, corporate, field });
        Ok(self.sources.len() - 1)
    }

    fn having_of(
        &mut self,
        org: &Org,
        scope: Scope<'_>,
        expr: &Expr,
    ) -> Result<Having, QueryFault> {
        match expr {
            Expr::And(terms) => Ok(Having::And(self.havings_of(org, scope, terms)?)),
            Expr::Or(terms) => Ok(Having::Or(self.havings_of(org, scope, terms)?)),
            Expr::Not(inner) => Ok(Having::Not(Box::new(self.having_of(org, scope, inner)?))),
            Expr::Compare { left, op, right, at } => {
                let source = match left {
                    Operand::Path(path) => self.key_of(scope, path)?,
                    Operand::Aggregate(aggregate) => self.add(org, scope, aggregate)?,
                };
                let value = constant(&self.shown(source), right, *at)?;
                Ok(Having::Compare(source, *op, value))
            }
            _ => Err(QueryFault::malformed("HAVING takes comparisons only", 0)),
        }
    }

    fn havings_of(
        &mut self,
        org: &Org,
        scope: Scope<'_>,
        terms: &[Expr],
    ) -> Result<Vec<Having>, QueryFault> {
        terms.iter().map(|term| self.having_of(org, scope, term)).collect()
    }

    /// The field whose type a source's values have.
    fn shown(&self, source: usize) -> Arc<FieldDef> {
        match &self.sources[source] {
            Source::Key(at) => Arc::clone(self.keys[*at].field()),
            Source::Aggregate { function, field, .. } => match function {
                Function::Min | Function::Max => Arc::clone(field),
                Function::Sum | Function::Avg => number_field("double(18,2)"),
                Function::Count | Function::CountDistinct => number_field("int(9,0)"),
            },
        }
    }

    /// The groups of the rows, each rendered; one group without GROUP BY.
    pub fn run(&self, asked: Asked<'_>, plan: &Plan) -> Result<Vec<Json>, QueryFault> {
        let mut groups: BTreeMap<Vec<String>, Vec<&Fields>> = BTreeMap::new();
        if self.keys.is_empty() {
            groups.insert(Vec::new(), Vec::new());
        }
        for (_, fields) in plan.matching(asked) {
            let named = self
                .keys
                .iter()
                .map(|route| key(route.field(), &route.read(asked.org, &plan.object, fields)));
            groups.entry(named.collect()).or_default().push(fields);
        }
        let mut rows: Vec<Vec<Value>> = groups
            .values()
            .map(|rows| self.sources.iter().map(|s| s.value(asked.org, plan, self, rows)).collect())
            .collect();
        rows.retain(|row| self.having.as_ref().is_none_or(|having| having.holds(self, row)));
        rows.sort_by(|one, two| {
            let orders = self.sorts.iter().map(|(at, descending, nulls_last)| {
                let (one, two) = (&one[*at], &two[*at]);
                let order = order_with_null(one, two, &self.shown(*at));
                directed(order, one.is_null() || two.is_null(), *descending, *nulls_last)
            });
            orders.into_iter().find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        });
        if rows.len() > GROUPS_MAX {
            return Err(QueryFault {
                code: "EXCEEDED_ID_LIMIT",
                message: "Aggregate query does not support queryMore(), use LIMIT to restrict \
                          the results to a single batch"
                    .to_owned(),
                at: None,
            });
        }
        let rows = rows.into_iter().skip(plan.offset).take(plan.limit.unwrap_or(usize::MAX));
        Ok(rows.map(|row| self.render(asked.org, &row)).collect())
    }

    fn render(&self, org: &Org, row: &[Value]) -> Json {
        let attributes = Json::object([("type", Json::text("AggregateResult"))]);
        let columns = self.columns.iter().map(|(name, at)| {
            (name.clone(), wire(&row[*at], &self.shown(*at), org.switches().exponents))
        });
        Json::object([("attributes".to_owned(), attributes)].into_iter().chain(columns))
    }
}

fn number_field(kind: &str) -> Arc<FieldDef> {
    let line = format!("expr: {kind} -");
    Arc::new(FieldDef::read(&line).expect("both lines are in the notation"))
}

impl Source {
    fn value(&self, org: &Org, plan: &Plan, groups: &Groups, rows: &[&Fields]) -> Value {
        let (function, route, corporate) = match self {
            Source::Key(at) => {
                let first = rows.first();
                return first.map_or(Value::Null, |fields| {
                    groups.keys[*at].read(org, &plan.object, fields)
                });
            }
            Source::Aggregate { function, route, corporate, .. } => (function, route, *corporate),
        };
        let values = rows.iter().map(|fields| {
            let value = route.read(org, &plan.object, fields);
            match (corporate, value.as_number(), route.walk(org, &plan.object, fields)) {
                (true, Some(amount), Some((object, owner))) => {
                    Value::Number(to_corporate(org, &object.name, owner, amount))
                }
                _ => value,
            }
        });
        let values: Vec<_> = values.filter(|value| !value.is_null()).collect();
        fold(*function, route.field(), values)
    }
}

fn fold(function: Function, field: &FieldDef, values: Vec<Value>) -> Value {
    let count = Decimal::from(values.len());
    let by_field = |one: &Value, two: &Value| order_with_null(one, two, field);
    let sum = || values.iter().filter_map(Value::as_number).sum::<Decimal>();
    match function {
        Function::Count => Value::Number(count),
        Function::CountDistinct => {
            let distinct: BTreeSet<_> = values.iter().map(|value| key(field, value)).collect();
            Value::Number(Decimal::from(distinct.len()))
        }
        _ if values.is_empty() => Value::Null,
        Function::Sum => Value::Number(sum()),
        Function::Avg => Value::Number((sum() / count).round_dp(AVERAGE_DIGITS)),
        Function::Min => values.into_iter().min_by(by_field).unwrap_or(Value::Null),
        Function::Max => values.into_iter().max_by(by_field).unwrap_or(Value::Null),
    }
}

impl Having {
    fn holds(&self, groups: &Groups, row: &[Value]) -> bool {
        match self {
            Having::And(terms) => terms.iter().all(|term| term.holds(groups, row)),
            Having::Or(terms) => terms.iter().any(|term| term.holds(groups, row)),
            Having::Not(inner) => !inner.holds(groups, row),
            Having::Compare(at, op, value) => compare(*op, &row[*at], value, &groups.shown(*at)),
        }
    }
}
