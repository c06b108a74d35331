//! A query checked against the schema, with everything resolved that does not depend on records: what the engines execute.

use super::{
    Condition, Context, Fault, Field, Filter, Function, Grouping, Operator, Period, Query, QueryProblem, Related, Sort, SortBy,
    Times, can_group, can_measure, can_sort, operator::has_buckets, operators, period, value,
};
use crate::{
    Id, KindSpec, Value, fold,
    records::Member,
    time::{Day, Unit, Zone},
    types::{FieldRules, FieldType, LabelledList, ListOf, MoneyValue, PlaceValue, Problem, Text, read_as},
};
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

/// The checks of one condition, of which one must hold.
struct Checks<'c, 'a> {
    compiler: &'c Compiler<'c, 'a>,
    field: Field<'a>,
    name: &'c str,
}

impl Checks<'_, '_> {
    fn of(&self, op: Operator, value: &Value) -> Compiled<Vec<Check>> {
        Ok(match (op, self.field.ty) {
            (Operator::NotEmpty, _) => vec![Check::Present],
            (Operator::Is, _) => return self.equal(value),
            (Operator::Contains, _) => vec![self.text(Match::Part, value)?],
            (Operator::StartsWith, _) => vec![self.text(Match::Start, value)?],
            (Operator::EndsWith, _) => vec![self.text(Match::End, value)?],
            (Operator::Less, _) => vec![self.numbers(None, Some((value, 1)))?],
            (Operator::AtMost, _) => vec![self.numbers(None, Some((value, 0)))?],
            (Operator::More, _) => vec![self.numbers(Some((value, 1)), None)?],
            (Operator::AtLeast, _) => vec![self.numbers(Some((value, 0)), None)?],
            (Operator::Between, _) => {
                let [least, most] = value.as_array().map_or(&[][..], Vec::as_slice) else {
                    return Err(self.wrong(Problem::NotAList));
                };
                vec![self.numbers(Some((least, 0)), Some((most, 0)))?]
            }
            (Operator::In | Operator::Before | Operator::After, _) => vec![self.period(op, value)?],
            (Operator::Past, FieldType::Instant(_)) => {
                vec![Check::Instants { from: None, until: Some(self.compiler.context.now_ms) }]
            }
            (Operator::Past, _) => {
                let Context { zone, now_ms, .. } = self.compiler.context;
                vec![Check::Overdue { today: self.compiler.today.to_string(), wall: zone.wall(*now_ms) }]
            }
            (Operator::Anniversary, _) => {
                let (Some(from), Some(to)) = self.range(value)? else { return Err(self.not_a_period()) };
                vec![Check::DayOfYear(period::anniversaries(from, to))]
            }
            (Operator::HasAny, _) => vec![Check::HasAny(self.texts(value)?)],
            (Operator::HasAll, _) => vec![Check::HasAll(self.texts(value)?)],
            (Operator::Within, _) => vec![self.within(value)?],
            // Compiled as the opposite of another.
            (Operator::Empty | Operator::IsNot | Operator::NotContains | Operator::HasNone, _) => Vec::new(),
        })
    }

    fn wrong(&self, problem: Problem) -> QueryProblem {
        QueryProblem::WrongValue { field: self.name.to_owned(), problem }
    }

    fn not_a_period(&self) -> QueryProblem {
        QueryProblem::NotAPeriod { field: self.name.to_owned() }
    }

    /// A value in the field's form; null is refused.
    fn canonical(&self, value: &Value) -> Compiled<Value> {
        let found = self.field.ty.rules().normalise(value).map_err(|problem| self.wrong(problem))?;
        if found.is_null() { Err(self.wrong(Problem::Required)) } else { Ok(found) }
    }

    fn items<'v>(&self, value: &'v Value) -> Compiled<&'v [Value]> {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        if items.is_empty() { Err(self.wrong(Problem::Required)) } else { Ok(items) }
    }

    fn equal(&self, value: &Value) -> Compiled<Vec<Check>> {
        let items = self.items(value)?;
        match self.field.ty {
            FieldType::Text(_) | FieldType::Phone(_) | FieldType::LabelledList(_) => {
                items.iter().map(|item| self.text(Match::Whole, item)).collect()
            }
            FieldType::Boolean(_) => {
                items.iter().map(|item| Ok(Check::Truth(self.canonical(item)? == Value::Bool(true)))).collect()
            }
            FieldType::Choice(_) | FieldType::Reference(_) => Ok(vec![Check::OneOf(self.texts(value)?)]),
            _ => items.iter().map(|item| self.numbers(Some((item, 0)), Some((item, 0)))).collect(),
        }
    }

    /// Choices, tags, ids; `me` and `my_team` where members are named.
    fn texts(&self, value: &Value) -> Compiled<Vec<String>> {
        let Context { me, team, .. } = self.compiler.context;
        let members = self.field.ty.refers_to() == Some(Member::KIND);
        let mut found = Vec::new();
        for item in self.items(value)? {
            match item.as_str() {
                Some("me") if members => found.push(me.to_string()),
                Some("my_team") if members => found.extend(team.iter().map(Id::to_string)),
                _ => match self.canonical(item)? {
                    Value::Array(items) => found.extend(items.iter().filter_map(Value::as_str).map(str::to_owned)),
                    one => found.extend(one.as_str().map(str::to_owned)),
                },
            }
        }
        Ok(found)
    }

    fn text(&self, how: Match, value: &Value) -> Compiled<Check> {
        let typed = Text { max: 200 }.normalise(value).map_err(|problem| self.wrong(problem))?;
        let typed = typed.as_str().ok_or_else(|| self.wrong(Problem::Required))?;
        let of_phones = |list: &LabelledList| list.of == ListOf::Phones;
        match self.field.ty {
            FieldType::Phone(_) => self.digits(how, typed),
            FieldType::LabelledList(list) if of_phones(list) => self.digits(how, typed),
            _ => Ok(Check::Text(how, fold::fold(typed))),
        }
    }

    fn digits(&self, how: Match, typed: &str) -> Compiled<Check> {
        match value::digits_of(typed) {
            digits if digits.is_empty() => Err(QueryProblem::NoDigits { field: self.name.to_owned() }),
            digits => Ok(Check::Digits(how, digits)),
        }
    }

    /// From and to a value, each with by how much it is moved inwards.
    fn numbers(&self, least: Option<(&Value, i128)>, most: Option<(&Value, i128)>) -> Compiled<Check> {
        let mut currency: Option<String> = None;
        let mut bound = |(value, inwards): (&Value, i128)| {
            let found = self.canonical(value)?;
            if let Some(money) = read_as::<MoneyValue>(&found) {
                if currency.replace(money.currency.clone()).is_some_and(|other| other != money.currency) {
                    return Err(self.wrong(Problem::NoCurrency));
                }
                return Ok(i128::from(money.minor) + inwards);
            }
            let number = value::number(self.field.ty, &value::Datum::from(&found));
            number.map(|number| number + inwards).ok_or_else(|| self.wrong(Problem::NotANumber))
        };
        let least = least.map(&mut bound).transpose()?;
        let most = most.map(|(value, inwards)| bound((value, -inwards))).transpose()?;
        Ok(match currency {
            Some(currency) => Check::Money { currency, least, most },
            None => Check::Number { least, most },
        })
    }

    fn range(&self, value: &Value) -> Compiled<(Option<Day>, Option<Day>)> {
        let period: Period = read_as(value).ok_or_else(|| self.not_a_period())?;
        Ok(period.range(self.compiler.today))
    }

    fn period(&self, op: Operator, value: &Value) -> Compiled<Check> {
        let (from, to) = match (op, self.range(value)?) {
            (Operator::Before, (Some(from), _)) => (None, Some(from.plus(-1))),
            (Operator::After, (_, Some(to))) => (Some(to.plus(1)), None),
            (Operator::In, range) if range != (None, None) => range,
            _ => return Err(self.not_a_period()),
        };
        let start = |day: Day| self.compiler.context.zone.start_of(day);
        Ok(match self.field.ty {
            FieldType::Instant(_) => Check::Instants { from: from.map(start), until: to.map(|day| start(day.plus(1))) },
            _ => Check::Days { from: from.map(|day| day.to_string()), to: to.map(|day| day.to_string()) },
        })
    }

    fn within(&self, value: &Value) -> Compiled<Check> {
        let place = read_as(&self.canonical(value)?).ok_or_else(|| self.wrong(Problem::NotAPlace))?;
        let metres = value.get("metres").and_then(Value::as_f64).filter(|metres| *metres >= 0.0);
        Ok(Check::Within { place, metres: metres.ok_or_else(|| self.wrong(Problem::NotANumber))? })
    }
}
