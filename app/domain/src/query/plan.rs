//! A query checked against the schema, with everything resolved that does not depend on records: what the engines execute.

mod checks;

use super::{
    Condition, Context, Fault, Field, Filter, Function, Grouping, Query, QueryProblem, Related, Sort, SortBy, Times, can_group,
    can_measure, can_sort, operator::has_buckets, operators,
};
use crate::{
    KindSpec,
    sorting::set,
    time::{Day, Unit, Zone},
    types::PlaceValue,
};
use checks::Checks;
use std::collections::BTreeSet;

/// What is to be done.
#[derive(Clone, Debug)]
pub struct Plan<'a> {
    pub kind: &'a KindSpec,
    pub test: Test<'a>,
    /// The conditions on related records, those within others before them.
    pub relations: Vec<Relation<'a>>,
    /// The order of records.
    pub sort: Vec<Order<'a>>,
    /// The order of groups.
    pub group_sort: Vec<Sort>,
    pub group: Vec<Dimension<'a>>,
    pub show: Vec<Measure<'a>>,
    /// At least 1.
    pub limit: Option<usize>,
    pub zone: &'a Zone,
    is_grouped: bool,
}

impl Plan<'_> {
    /// Whether the answer is groups rather than records.
    pub fn is_grouped(&self) -> bool {
        self.is_grouped
    }

    /// The kinds whose records the answer depends on, each once.
    pub fn kinds(&self) -> BTreeSet<&str> {
        let titles = self.sort.iter().filter_map(|order| order.title).map(|(kind, _)| kind);
        set([self.kind]
            .into_iter()
            .chain(self.relations.iter().map(|relation| relation.kind))
            .chain(titles)
            .map(|kind| &*kind.name))
    }

    /// The same records, only counted.
    pub(super) fn counting(&self) -> Self {
        let (sort, group, show) = Default::default();
        Plan { sort, group, show, limit: Some(1), is_grouped: false, ..self.clone() }
    }
}

#[derive(Clone, Debug)]
pub enum Test<'a> {
    All(Vec<Test<'a>>),
    Any(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
    Field(Field<'a>, Check),
    /// A place in [`Plan::relations`].
    Related(usize),
}

/// What is asked of a value. All of them fail where there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    Present,
    /// Of the folded text.
    Text(Match, String),
    /// Of any of the numbers.
    Digits(Match, String),
    /// The text as stored is one of these.
    OneOf(Vec<String>),
    Truth(bool),
    /// Both included, in the unit of [`super::Partial::sum`].
    Number {
        least: Option<i128>,
        most: Option<i128>,
    },
    Money {
        currency: String,
        least: Option<i128>,
        most: Option<i128>,
    },
    /// Both days included, `2026-11-24`; a partial date counts as its first day.
    Days {
        from: Option<String>,
        to: Option<String>,
    },
    /// UTC milliseconds; `until` is not included.
    Instants {
        from: Option<i64>,
        until: Option<i64>,
    },
    /// A day before `today`, or a day and time before `wall`.
    Overdue {
        today: String,
        wall: String,
    },
    /// One of these days of the year.
    DayOfYear(BTreeSet<String>),
    /// A set has one of, all of these.
    HasAny(Vec<String>),
    HasAll(Vec<String>),
    Within {
        place: PlaceValue,
        metres: f64,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    Whole,
    Part,
    Start,
    End,
}

/// A condition on related records.
#[derive(Clone, Debug)]
pub struct Relation<'a> {
    /// The kind of the related records.
    pub kind: &'a KindSpec,
    /// The reference: of the related records, or `forward` of the record itself.
    pub field: Field<'a>,
    pub forward: bool,
    pub test: Test<'a>,
    pub times: Times,
}

#[derive(Clone, Debug)]
pub struct Order<'a> {
    pub field: Field<'a>,
    pub descending: bool,
    /// For a reference: the kind it names, and the field that is its title.
    pub title: Option<(&'a KindSpec, Field<'a>)>,
}

#[derive(Clone, Debug)]
pub struct Dimension<'a> {
    pub field: Field<'a>,
    /// For days and moments.
    pub bucket: Option<Unit>,
    pub with_empty: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Measure<'a> {
    pub function: Function,
    /// None for `count`.
    pub field: Option<Field<'a>>,
}

/// Checks a query and makes the plan of it.
///
/// # Errors
/// Everything that is wrong with it, each with its place.
pub fn compile<'a>(query: &Query, context: &Context<'a>) -> Result<Plan<'a>, Vec<Fault>> {
    let Some(kind) = context.schema.kind(&query.from) else {
        return Err(vec![Fault::new("from", QueryProblem::UnknownKind(query.from.clone()))]);
    };
    let today = context.zone.day(context.now_ms);
    let mut compiler = Compiler { context, today, relations: Vec::new(), faults: Vec::new() };
    let test = compiler.filter(kind, &query.filter, "filter");
    let group = compiler.each("group", &query.group, |compiler, grouping| compiler.dimension(kind, grouping));
    if query.group.len() > 2 {
        compiler.faults.push(Fault::new("group", QueryProblem::TooManyGroups));
    }
    let show = compiler.each("show", &query.show, |compiler, show| compiler.measure(kind, show.of, show.field.as_deref()));
    let sort = compiler.each("sort", &query.sort, |compiler, sort| compiler.order(kind, query, sort));
    for (at, column) in query.columns.iter().enumerate() {
        compiler.find(kind, column).map_err(|problem| compiler.faults.push(Fault::new(format!("columns[{at}]"), problem))).ok();
    }
    if !compiler.faults.is_empty() {
        return Err(compiler.faults);
    }
    Ok(Plan {
        kind,
        test,
        relations: compiler.relations,
        sort: sort.into_iter().flatten().collect(),
        group_sort: if query.is_grouped() { query.sort.clone() } else { Vec::new() },
        group,
        show,
        limit: query.limit.map(|limit| limit.max(1) as usize),
        zone: context.zone,
        is_grouped: query.is_grouped(),
    })
}

struct Compiler<'c, 'a> {
    context: &'c Context<'a>,
    today: Day,
    relations: Vec<Relation<'a>>,
    faults: Vec<Fault>,
}

type Compiled<T> = Result<T, QueryProblem>;

impl<'a> Compiler<'_, 'a> {
    /// The parts of a list that are right; what is wrong becomes a fault.
    fn each<T, U>(&mut self, name: &str, items: &[T], one: impl Fn(&Self, &T) -> Compiled<U>) -> Vec<U> {
        let mut found = Vec::new();
        for (at, item) in items.iter().enumerate() {
            match one(self, item) {
                Ok(item) => found.push(item),
                Err(problem) => self.faults.push(Fault::new(format!("{name}[{at}]"), problem)),
            }
        }
        found
    }

    fn find(&self, kind: &'a KindSpec, name: &str) -> Compiled<Field<'a>> {
        Field::find(kind, name).ok_or_else(|| QueryProblem::UnknownField { kind: kind.name.to_string(), field: name.to_owned() })
    }

    fn filter(&mut self, kind: &'a KindSpec, filter: &Filter, place: &str) -> Test<'a> {
        let mut each = |name: &str, filters: &[Filter]| {
            filters.iter().enumerate().map(|(at, filter)| self.filter(kind, filter, &format!("{place}.{name}[{at}]"))).collect()
        };
        let tested = match filter {
            Filter::All(filters) => return Test::All(each("all", filters)),
            Filter::Any(filters) => return Test::Any(each("any", filters)),
            Filter::Not(filter) => return Test::Not(Box::new(self.filter(kind, filter, &format!("{place}.not")))),
            Filter::Field(condition) => self.condition(kind, condition).map_err(|problem| (format!("{place}.field"), problem)),
            Filter::Related(related) => {
                let place = format!("{place}.related");
                self.related(kind, related, &place).map_err(|problem| (place, problem))
            }
        };
        tested.unwrap_or_else(|(place, problem)| {
            self.faults.push(Fault::new(place, problem));
            Test::Any(Vec::new())
        })
    }

    fn related(&mut self, kind: &'a KindSpec, related: &Related, place: &str) -> Compiled<Test<'a>> {
        let named = |name: &str| self.context.schema.kind(name).ok_or_else(|| QueryProblem::UnknownKind(name.to_owned()));
        let not_related = |kind: &str| QueryProblem::NotRelated { field: related.field.clone(), kind: kind.to_owned() };
        let (other, field) = match &related.kind {
            Some(other) => {
                let other = named(other)?;
                let field = self.find(other, &related.field)?;
                (
                    other,
                    Some(field)
                        .filter(|field| field.ty.refers_to() == Some(&kind.name))
                        .ok_or_else(|| not_related(&kind.name))?,
                )
            }
            None => {
                let field = self.find(kind, &related.field)?;
                (named(field.ty.refers_to().ok_or_else(|| not_related("any kind"))?)?, field)
            }
        };
        let test = self.filter(other, &related.filter, &format!("{place}.where"));
        self.relations.push(Relation { kind: other, field, forward: related.kind.is_none(), test, times: related.times });
        Ok(Test::Related(self.relations.len() - 1))
    }

    fn condition(&self, kind: &'a KindSpec, condition: &Condition) -> Compiled<Test<'a>> {
        let field = self.find(kind, &condition.field)?;
        let fits = operators(field.ty);
        if !fits.contains(&condition.op) {
            return Err(QueryProblem::WrongOperator { field: condition.field.clone(), fits: fits.to_vec() });
        }
        let (op, negated) = condition.op.negates().map_or((condition.op, false), |opposite| (opposite, true));
        let mut checks = Checks { compiler: self, field, name: &condition.field }.of(op, &condition.value)?;
        let test = match (checks.pop(), checks.is_empty()) {
            (Some(check), true) => Test::Field(field, check),
            (last, _) => Test::Any(checks.into_iter().chain(last).map(|check| Test::Field(field, check)).collect()),
        };
        Ok(if negated { Test::Not(Box::new(test)) } else { test })
    }

    fn dimension(&self, kind: &'a KindSpec, grouping: &Grouping) -> Compiled<Dimension<'a>> {
        let field = self.find(kind, &grouping.field)?;
        let bucket = if has_buckets(field.ty) { grouping.bucket.or(Some(Unit::Day)) } else { None };
        match can_group(field.ty) && grouping.bucket.is_some() <= bucket.is_some() {
            true => Ok(Dimension { field, bucket, with_empty: grouping.with_empty }),
            false => Err(QueryProblem::NotGroupable { field: grouping.field.clone() }),
        }
    }

    fn measure(&self, kind: &'a KindSpec, function: Function, field: Option<&str>) -> Compiled<Measure<'a>> {
        let Some(name) = field else {
            return match function {
                Function::Count => Ok(Measure { function, field: None }),
                _ => Err(QueryProblem::UnknownField { kind: kind.name.to_string(), field: String::new() }),
            };
        };
        let field = self.find(kind, name)?;
        match can_measure(function, field.ty) {
            true => Ok(Measure { function, field: Some(field) }),
            false => Err(QueryProblem::NotMeasurable { field: name.to_owned() }),
        }
    }

    fn order(&self, kind: &'a KindSpec, query: &Query, sort: &Sort) -> Compiled<Option<Order<'a>>> {
        let name = match &sort.by {
            SortBy::Group(at) if *at < query.group.len() => return Ok(None),
            SortBy::Value(at) if *at < query.show.len() => return Ok(None),
            SortBy::Field(name) if !query.is_grouped() => name,
            _ => return Err(QueryProblem::NoSuchOrder),
        };
        let field = self.find(kind, name)?;
        let named = field.ty.refers_to().and_then(|kind| self.context.schema.kind(kind));
        let title = named.and_then(|kind| Some((kind, Field::title(kind).filter(|title| title.ty.refers_to().is_none())?)));
        match can_sort(field.ty) && (title.is_some() || field.ty.refers_to().is_none()) {
            true => Ok(Some(Order { field, descending: sort.descending, title })),
            false => Err(QueryProblem::NotSortable { field: name.clone() }),
        }
    }
}
