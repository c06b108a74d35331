//! A question while somebody makes it: it may be unfinished, and each of its parts has a number that stays its own while
//! others come and go, so that a screen can stand on it.

use super::{
    Aggregate, Condition, Context, Fault, Field, Filter, Grouping, Operator, Query, Related, Sort, SortBy, Times, VERSION,
    compile, operators,
};
use crate::{
    FieldSpec, KindSpec, Schema, Value,
    spec::{Place, RootRule},
    time::Day,
};
use serde_json::json;
use std::collections::BTreeMap;

/// A part of the conditions of a [`Sketch`].
pub type PartId = u32;

/// The outermost group of conditions.
pub const ROOT: PartId = 0;

#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    from: String,
    parts: BTreeMap<PartId, Part>,
    /// The number of the next part.
    next: PartId,
    pub sort: Vec<Sort>,
    pub group: Vec<Grouping>,
    pub show: Vec<Aggregate>,
    pub columns: Vec<String>,
    pub limit: Option<u32>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Conditions on records of one kind.
    Group { of: String, how: How, parts: Vec<PartId> },
    /// Without a field until one is chosen.
    Condition(Condition),
    /// Related records, and the group of what is asked of them.
    Related { kind: Option<String>, field: String, times: Times, filter: PartId },
}

/// How the parts of a group are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    All,
    Any,
    None,
    NotAll,
}

impl How {
    pub const ALL: [How; 4] = [How::All, How::Any, How::None, How::NotAll];
}

impl Sketch {
    /// Everything of a kind, by its title.
    pub fn of(schema: &Schema, kind: &str) -> Sketch {
        let query = Query::of(kind);
        let title =
            schema.kind(kind).and_then(|kind| Some((kind, Field::title(kind)?))).filter(|(_, title)| super::can_sort(title.ty));
        Sketch::read(schema, &title.map_or(query.clone(), |(kind, _)| query.sort(&kind.title)))
    }

    /// A question to be changed.
    pub fn read(schema: &Schema, query: &Query) -> Sketch {
        let Query { from, sort, group, show, columns, limit, .. } = query.clone();
        let mut sketch = Sketch { from, parts: BTreeMap::new(), next: ROOT, sort, group, show, columns, limit };
        sketch.put_group(schema, &query.from, &query.filter);
        sketch
    }

    /// The kind of record asked about.
    pub fn from(&self) -> &str {
        &self.from
    }

    pub fn part(&self, id: PartId) -> Option<&Part> {
        self.parts.get(&id)
    }

    /// Whether the answer is groups rather than records.
    pub fn is_grouped(&self) -> bool {
        !self.group.is_empty() || !self.show.is_empty()
    }

    /// The question, and where in it each part stands, as a [`Fault`] names it.
    pub fn query(&self) -> (Query, Vec<(String, PartId)>) {
        let mut places = Vec::new();
        let filter = self.filter(ROOT, "filter", &mut places).unwrap_or_default();
        let Sketch { from, sort, group, show, columns, limit, .. } = self.clone();
        (Query { v: VERSION, from, filter, sort, group, show, columns, limit }, places)
    }

    /// What is not right yet, with the part that it is about where it is one.
    pub fn faults(&self, context: &Context) -> Vec<(Option<PartId>, Fault)> {
        let (query, places) = self.query();
        let part = |fault: &Fault| places.iter().find(|(place, _)| *place == fault.place).map(|(_, part)| *part);
        let found = compile(&query, context).err().unwrap_or_default();
        found.into_iter().map(|fault| (part(&fault), fault)).collect()
    }

    /// What is finished of the conditions, to count by; without order, groups and limit.
    pub fn counting(&self, context: &Context) -> Query {
        let unfinished: Vec<PartId> = self.faults(context).into_iter().filter_map(|(part, _)| part).collect();
        let mut finished = self.clone();
        unfinished.into_iter().for_each(|part| finished.remove(part));
        Query { limit: Some(1), ..Query::of(&self.from).filter(finished.query().0.filter) }
    }

    fn filter(&self, id: PartId, place: &str, places: &mut Vec<(String, PartId)>) -> Option<Filter> {
        match self.parts.get(&id)? {
            Part::Condition(condition) => {
                places.push((format!("{place}.field"), id));
                Some(Filter::Field(condition.clone()))
            }
            Part::Related { kind, field, times, filter } => {
                places.push((format!("{place}.related"), id));
                let inner = self.filter(*filter, &format!("{place}.related.where"), places).unwrap_or_default();
                Some(Filter::Related(Related {
                    kind: kind.clone(),
                    field: field.clone(),
                    filter: Box::new(inner),
                    times: *times,
                }))
            }
            Part::Group { how, parts, .. } => {
                let way = match how {
                    How::All => "all",
                    How::Any => "any",
                    How::None => "not.any",
                    How::NotAll => "not.all",
                };
                let mut filters = Vec::new();
                for part in parts {
                    // A group that nothing is in asks nothing.
                    filters.extend(self.filter(*part, &format!("{place}.{way}[{}]", filters.len()), places));
                }
                let group = match how {
                    _ if filters.is_empty() => return None,
                    How::All | How::NotAll => Filter::All(filters),
                    How::Any | How::None => Filter::Any(filters),
                };
                Some(if matches!(how, How::None | How::NotAll) { Filter::Not(Box::new(group)) } else { group })
            }
        }
    }

    fn put(&mut self, part: Part) -> PartId {
        let id = self.next;
        self.next += 1;
        self.parts.insert(id, part);
        id
    }

    fn put_group(&mut self, schema: &Schema, kind: &str, filter: &Filter) -> PartId {
        let (how, filters) = match filter {
            Filter::All(filters) => (How::All, filters.as_slice()),
            Filter::Any(filters) => (How::Any, filters.as_slice()),
            Filter::Not(inner) => match inner.as_ref() {
                Filter::All(filters) => (How::NotAll, filters.as_slice()),
                Filter::Any(filters) => (How::None, filters.as_slice()),
                one => (How::None, std::slice::from_ref(one)),
            },
            one => (How::All, std::slice::from_ref(one)),
        };
        let id = self.put(Part::Group { of: kind.to_owned(), how, parts: Vec::new() });
        let parts: Vec<PartId> = filters.iter().map(|filter| self.put_filter(schema, kind, filter)).collect();
        self.parts.insert(id, Part::Group { of: kind.to_owned(), how, parts });
        id
    }

    fn put_filter(&mut self, schema: &Schema, kind: &str, filter: &Filter) -> PartId {
        match filter {
            Filter::Field(condition) => self.put(Part::Condition(condition.clone())),
            Filter::Related(Related { kind: other, field, filter, times }) => {
                let of = other.clone().or_else(|| related_kind(schema, kind, field)).unwrap_or_default();
                let id = self.put(Part::Condition(blank()));
                let filter = self.put_group(schema, &of, filter);
                self.parts.insert(id, Part::Related { kind: other.clone(), field: field.clone(), times: *times, filter });
                id
            }
            group => self.put_group(schema, kind, group),
        }
    }

    /// Asks about another kind of record: what was asked about the first does not fit it.
    pub fn choose_kind(&mut self, schema: &Schema, kind: &str) {
        *self = Sketch::of(schema, kind);
    }

    /// Adds a condition, without a field yet, to a group.
    pub fn add_condition(&mut self, group: PartId) -> PartId {
        let id = self.put(Part::Condition(blank()));
        self.join(group, id);
        id
    }

    /// Adds a group with a first condition to a group.
    pub fn add_group(&mut self, group: PartId) -> PartId {
        let Some(Part::Group { of, .. }) = self.parts.get(&group) else { return group };
        let id = self.put(Part::Group { of: of.clone(), how: How::Any, parts: Vec::new() });
        self.join(group, id);
        self.add_condition(id);
        id
    }

    fn join(&mut self, group: PartId, id: PartId) {
        if let Some(Part::Group { parts, .. }) = self.parts.get_mut(&group) {
            parts.push(id);
        }
    }

    /// Takes a part away with all that is in it; the outermost group is only emptied.
    pub fn remove(&mut self, id: PartId) {
        let mut gone = vec![id];
        while let Some(id) = gone.pop() {
            match self.parts.get_mut(&id) {
                Some(Part::Group { parts, .. }) => gone.append(parts),
                Some(Part::Related { filter, .. }) => gone.push(*filter),
                _ => {}
            }
            if id != ROOT {
                self.parts.remove(&id);
            }
        }
        for part in self.parts.values_mut() {
            if let Part::Group { parts, .. } = part {
                parts.retain(|part| *part != id);
            }
        }
    }

    pub fn choose_how(&mut self, group: PartId, chosen: How) {
        if let Some(Part::Group { how, .. }) = self.parts.get_mut(&group) {
            *how = chosen;
        }
    }

    /// Asks about a field: with the operator there was where it fits and its value where that fits too.
    pub fn choose_field(&mut self, schema: &Schema, id: PartId, name: &str) {
        let Some(field) = self.kind_at(id).and_then(|kind| Field::find(schema.kind(kind)?, name)) else { return };
        let before = self.parts.get(&id).and_then(|part| match part {
            Part::Condition(condition) => Some(condition.clone()),
            _ => None,
        });
        let same = |condition: &Condition| {
            let known = self.kind_at(id).and_then(|kind| Field::find(schema.kind(kind)?, &condition.field));
            known.is_some_and(|known| known.ty == field.ty)
        };
        let kept = before.filter(same).unwrap_or_else(|| Condition { op: operators(field.ty)[0], ..blank() });
        self.replace(id, Part::Condition(Condition { field: name.to_owned(), ..kept }));
    }

    /// Asks about records of `kind` whose `field` names this one, or without a kind about those that its own `field` names.
    pub fn choose_related(&mut self, schema: &Schema, id: PartId, kind: Option<&str>, field: &str) {
        let Some(own) = self.kind_at(id).map(str::to_owned) else { return };
        let Some(of) = kind.map(str::to_owned).or_else(|| related_kind(schema, &own, field)) else { return };
        let filter = self.put(Part::Group { of, how: How::All, parts: Vec::new() });
        let kind = kind.map(str::to_owned);
        self.replace(id, Part::Related { kind, field: field.to_owned(), times: Times::Some, filter });
    }

    fn replace(&mut self, id: PartId, part: Part) {
        if let Some(Part::Related { filter, .. }) = self.parts.insert(id, part) {
            self.remove(filter);
        }
    }

    /// Compares with another operator; a value of another shape is dropped.
    pub fn choose_operator(&mut self, schema: &Schema, id: PartId, op: Operator) {
        let kind = self.kind_at(id).and_then(|kind| schema.kind(kind));
        let Some((Part::Condition(condition), kind)) = self.parts.get(&id).cloned().zip(kind) else { return };
        let Some(ty) = Field::find(kind, &condition.field).map(|field| field.ty) else { return };
        let value = if op.takes(ty) == condition.op.takes(ty) { condition.value } else { Value::Null };
        self.parts.insert(id, Part::Condition(Condition { op, value, ..condition }));
    }

    pub fn set_value(&mut self, id: PartId, value: Value) {
        if let Some(Part::Condition(condition)) = self.parts.get_mut(&id) {
            condition.value = value;
        }
    }

    pub fn choose_times(&mut self, id: PartId, chosen: Times) {
        if let Some(Part::Related { times, .. }) = self.parts.get_mut(&id) {
            *times = chosen;
        }
    }

    /// The kind of record that a part asks about: that of the group it stands in.
    pub fn kind_at(&self, id: PartId) -> Option<&str> {
        let around = self.parts.iter().find_map(|(around, part)| match part {
            Part::Group { of, parts, .. } if *around == id || parts.contains(&id) => Some(of),
            _ => None,
        });
        around.map(String::as_str)
    }

    /// Keeps of the order what there is still to sort by, after groups or figures came or went.
    pub fn settle_order(&mut self) {
        let (grouped, groups, figures) = (self.is_grouped(), self.group.len(), self.show.len());
        self.sort.retain(|sort| match &sort.by {
            SortBy::Field(_) => !grouped,
            SortBy::Group(at) => *at < groups,
            SortBy::Value(at) => *at < figures,
        });
        if grouped && self.show.is_empty() {
            self.show.push(Aggregate { of: super::Function::Count, field: None });
        }
    }
}

/// The kinds of record that a field of a kind or a field of another can lead to: kind (none for the own field) and field.
pub fn relations(schema: &Schema, kind: &str) -> Vec<(Option<String>, String)> {
    let names = |field: &FieldSpec| field.place != Place::Hidden;
    let own = schema.kind(kind).into_iter().flat_map(|kind| &kind.fields);
    let own = own.filter(|field| names(field) && field.ty.refers_to().is_some()).map(|field| (None, field.name.to_string()));
    let others = schema.kinds.iter().filter(|other| is_asked_about(other)).flat_map(|other| {
        let naming = other.fields.iter().filter(|field| names(field) && field.ty.refers_to() == Some(kind));
        naming.map(|field| (Some(other.name.to_string()), field.name.to_string()))
    });
    others.chain(own).collect()
}

/// Whether people ask about records of a kind: not about what is one member's own, nor about questions.
pub fn is_asked_about(kind: &KindSpec) -> bool {
    !matches!(kind.root, RootRule::Member(_) | RootRule::Shared(_))
}

/// A question about the records of one group of an answer: `keys` are the group's.
pub fn within(schema: &Schema, query: &Query, keys: &[Value]) -> Query {
    let is_set = |field: &str| schema.field(&query.from, field).is_some_and(FieldSpec::is_set);
    let condition = |(grouping, key): (&Grouping, &Value)| match (&grouping.bucket, key) {
        (_, Value::Null) => Filter::empty(&grouping.field),
        (Some(bucket), Value::String(day)) => {
            let first = Day::parse(day);
            let last = first.map(|first| bucket.next(first).plus(-1));
            Filter::field(&grouping.field, Operator::In, json!({ "between": { "from": first, "to": last } }))
        }
        (_, key) if is_set(&grouping.field) => Filter::field(&grouping.field, Operator::HasAny, json!([key])),
        (_, key) => Filter::field(&grouping.field, Operator::Is, key.clone()),
    };
    let conditions = query.group.iter().zip(keys).map(condition);
    let filter =
        Filter::All([query.filter.clone()].into_iter().filter(|filter| !filter.is_everything()).chain(conditions).collect());
    Query { columns: query.columns.clone(), ..Query::of(&query.from).filter(filter) }
}

fn blank() -> Condition {
    Condition { field: String::new(), op: Operator::Is, value: Value::Null }
}

fn related_kind(schema: &Schema, kind: &str, field: &str) -> Option<String> {
    Field::find(schema.kind(kind)?, field)?.ty.refers_to().map(str::to_owned)
}

#[cfg(test)]
mod tests;
