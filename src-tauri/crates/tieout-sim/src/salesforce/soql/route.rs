//! Names resolved against the schema, and read along references.

use std::sync::Arc;

use super::ast::Path;
use super::fault::QueryFault;
use crate::salesforce::org::{Fields, Org};
use crate::salesforce::schema::{FieldDef, ObjectDef, Schema};
use crate::salesforce::value::Value;

/// One step to a parent.
#[derive(Clone, Debug)]
pub struct Hop {
    pub field: Arc<FieldDef>,
    /// The relationship's name as describe spells it.
    pub name: String,
    /// Absent where the parent may be of several kinds.
    pub target: Option<Arc<ObjectDef>>,
}

/// The field at the end of a path.
#[derive(Clone, Debug)]
pub enum Leaf {
    Field(Arc<FieldDef>),
    /// `Id`, `Name` or `Type` of a parent of any kind.
    Any(Arc<FieldDef>),
}

#[derive(Clone, Debug)]
pub struct Route {
    pub hops: Vec<Hop>,
    pub leaf: Leaf,
    pub at: usize,
}

impl Route {
    pub fn field(&self) -> &Arc<FieldDef> {
        match &self.leaf {
            Leaf::Field(field) | Leaf::Any(field) => field,
        }
    }

    /// The row at the end of the hops, and its object.
    pub fn walk<'a>(
        &'a self,
        org: &'a Org,
        object: &'a Arc<ObjectDef>,
        fields: &'a Fields,
    ) -> Option<(&'a Arc<ObjectDef>, &'a Fields)> {
        let mut place = (object, fields);
        for hop in &self.hops {
            place = step(org, hop, place.1)?;
        }
        Some(place)
    }

    /// The value, null where a parent is missing or not visible.
    pub fn read(&self, org: &Org, object: &Arc<ObjectDef>, fields: &Fields) -> Value {
        let Some((object, fields)) = self.walk(org, object, fields) else { return Value::Null };
        match &self.leaf {
            Leaf::Field(field) => org.read(fields, field),
            Leaf::Any(field) => read_any(org, object, fields, field),
        }
    }
}

/// Follows one reference.
pub fn step<'a>(
    org: &'a Org,
    hop: &'a Hop,
    fields: &Fields,
) -> Option<(&'a Arc<ObjectDef>, &'a Fields)> {
    let id = fields.get(&hop.field.name)?.as_text()?;
    let target = match &hop.target {
        Some(target) => target,
        None => org.schema.object_of_id(id)?,
    };
    Some((target, org.seen_by_id(&target.name, id)?))
}

/// `Id`, `Name` and `Type` of a row of any object.
pub fn read_any(org: &Org, object: &ObjectDef, fields: &Fields, field: &FieldDef) -> Value {
    match field.name.as_str() {
        "Type" => Value::text(&object.name),
        "Name" => object.name_field().map_or(Value::Null, |name| org.read(fields, name)),
        _ => fields.get("Id").cloned().unwrap_or(Value::Null),
    }
}

/// Where names are looked up: the object of the query, and what it is called in the query.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub schema: &'a Schema,
    pub object: &'a Arc<ObjectDef>,
    pub alias: Option<&'a str>,
}

impl Scope<'_> {
    /// The route of a path, or why there is none.
    pub fn route(&self, path: &Path) -> Result<Route, QueryFault> {
        let mut steps = path.steps.as_slice();
        if steps.len() > 1 && self.is_own_name(&steps[0]) {
            steps = &steps[1..];
        }
        let mut object = Arc::clone(self.object);
        let mut hops = Vec::new();
        while let [step, rest @ ..] = steps {
            if rest.is_empty() {
                break;
            }
            let hop = self.hop(&object, step, path.at)?;
            let target = hop.target.clone();
            hops.push(hop);
            steps = rest;
            match target {
                Some(target) => object = target,
                None => return any_leaf(hops, rest, path.at),
            }
        }
        let name = &steps[0];
        let field = self.schema.field(&object, name);
        let field = field.ok_or_else(|| QueryFault::no_column(name, &object.name, path.at))?;
        let leaf = Leaf::Field(Arc::clone(field));
        Ok(Route { hops, leaf, at: path.at })
    }

    fn is_own_name(&self, name: &str) -> bool {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        match self.alias {
            Some(alias) => is(alias),
            None => is(&self.object.name) && self.object.relationship(name).is_none(),
        }
    }

    fn hop(&self, object: &ObjectDef, name: &str, at: usize) -> Result<Hop, QueryFault> {
        let unknown = || QueryFault::no_relationship(name, at);
        let field = object.relationship(name).filter(|field| self.schema.shows(object, field));
        let field = Arc::clone(field.ok_or_else(unknown)?);
        let target = match field.reference_to.as_slice() {
            [one] => Some(Arc::clone(self.schema.object(one).ok_or_else(unknown)?)),
            _ => None,
        };
        let name = field.relationship.clone().unwrap_or_default();
        Ok(Hop { field, name, target })
    }
}

fn any_leaf(hops: Vec<Hop>, rest: &[String], at: usize) -> Result<Route, QueryFault> {
    let line = match rest {
        [name] if name.eq_ignore_ascii_case("Id") => "Id: id -",
        [name] if name.eq_ignore_ascii_case("Name") => "Name: string(255) -",
        [name] if name.eq_ignore_ascii_case("Type") => "Type: picklist -",
        _ => return Err(QueryFault::no_column(&rest.join("."), "Name", at)),
    };
    let field = FieldDef::read(line).expect("the three lines are in the notation");
    Ok(Route { hops, leaf: Leaf::Any(Arc::new(field)), at })
}
