//! Filters as they are typed, made into the conditions of a query.

use crate::{
    FieldSpec, KindSpec, Lang, Schema, Value, fold,
    query::{CREATED_AT, CREATED_BY, Field, Filter, Operator, Period, Times, operators},
    records::Member,
    spec::RootRule,
    time::{Day, Unit},
    types::FieldType,
};
use serde_json::json;

/// One filter of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedFilter {
    /// Of a field: its id or its label in any language, as [`TypedFilter::name`] writes it.
    pub(super) name: String,
    pub(super) comparison: Comparison,
    /// Empty while it is being typed.
    pub(super) value: String,
    pub(super) negated: bool,
    /// As it was typed: what a view shows of it.
    pub typed: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Is,
    IsNot,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// What people call the kinds' own and the system's fields.
const KIND: [&str; 4] = ["kind", "类型", "種類", "种类"];
const CREATED: [(&str, &str); 8] = [
    ("created", CREATED_AT),
    ("createdat", CREATED_AT),
    ("创建时间", CREATED_AT),
    ("建立時間", CREATED_AT),
    ("createdby", CREATED_BY),
    ("by", CREATED_BY),
    ("创建人", CREATED_BY),
    ("建立者", CREATED_BY),
];
const NOTHING: [&str; 6] = ["none", "empty", "无", "無", "空", "没有"];
const SOMETHING: [&str; 5] = ["any", "some", "*", "有", "任意"];
const ME: [&str; 3] = ["me", "我", "自己"];
const MY_TEAM: [&str; 5] = ["team", "myteam", "my_team", "我的团队", "我的團隊"];
const OVER: [&str; 5] = ["overdue", "past", "逾期", "过期", "過期"];

/// The condition on records of a kind in which all filters hold; `None` where one of them cannot.
///
/// A filter is on a field of the kind itself; else of the record it belongs to; else on one record that belongs to it, on which
/// all filters of that sort hold: `stage:customer due:<today` is an account with such a follow-up, and such a follow-up of an account.
pub fn lower(schema: &Schema, kind: &KindSpec, filters: &[TypedFilter], today: Day) -> Option<Filter> {
    let (mut all, mut of_children) = (Vec::new(), Vec::new());
    for filter in filters {
        match own(kind, filter, schema, today) {
            Some(own) => all.push(own?),
            None => match through_root(schema, kind, filter, today) {
                Some(root) => all.push(root?),
                None => of_children.push(filter),
            },
        }
    }
    if !of_children.is_empty() {
        all.push(of_child(schema, kind, &of_children, today)?);
    }
    Some(Filter::All(all))
}

/// `None` where the kind has no such field; `Some(None)` where the field cannot have such a value.
type Lowered = Option<Option<Filter>>;

fn own(kind: &KindSpec, filter: &TypedFilter, schema: &Schema, today: Day) -> Lowered {
    if KIND.contains(&filter.name.as_str()) {
        let is = filter.values().any(|value| named(&kind.name, &kind.label.0, value));
        return Some((is != filter.negates()).then(Filter::default));
    }
    let field = field_named(kind, &filter.name)?;
    Some(filter.condition(kind, field, schema, today))
}

fn through_root(schema: &Schema, kind: &KindSpec, filter: &TypedFilter, today: Day) -> Lowered {
    let RootRule::Through(reference) = &kind.root else { return None };
    let root = schema.kind(kind.field(reference)?.ty.refers_to()?)?;
    let field = field_named(root, &filter.name)?;
    Some(filter.condition(root, field, schema, today).map(|condition| Filter::refers(reference, Times::Some, condition)))
}

fn of_child(schema: &Schema, kind: &KindSpec, filters: &[&TypedFilter], today: Day) -> Option<Filter> {
    let is_child = |child: &&KindSpec| match &child.root {
        RootRule::Through(field) => child.field(field).and_then(|field| field.ty.refers_to()) == Some(&kind.name),
        _ => false,
    };
    schema.kinds.iter().filter(is_child).find_map(|child| {
        let conditions = filters.iter().map(|filter| own(child, filter, schema, today)?).collect::<Option<Vec<_>>>()?;
        let RootRule::Through(reference) = &child.root else { return None };
        Some(Filter::referred(&child.name, reference, Times::Some, Filter::All(conditions)))
    })
}

/// A field that a filter can name.
fn field_named<'a>(kind: &'a KindSpec, name: &str) -> Option<&'a str> {
    if let Some((_, field)) = CREATED.iter().find(|(word, _)| *word == name) {
        return Some(field);
    }
    let is = |field: &&FieldSpec| named(&field.name, &field.label.0, name);
    kind.fields.iter().find(is).map(|field| field.name.as_ref())
}

/// Whether somebody who types `name` means the thing with this id and these labels.
fn named(id: &str, labels: &[std::borrow::Cow<'static, str>; 3], name: &str) -> bool {
    TypedFilter::name(id) == name || labels.iter().any(|label| TypedFilter::name(label) == TypedFilter::name(name))
}

fn is_one_of(words: &[&str], value: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

impl TypedFilter {
    /// How names are compared: folded, without spaces and lines.
    pub(super) fn name(text: &str) -> String {
        let mut name = fold::fold(text);
        name.retain(|c| !matches!(c, ' ' | '_' | '-'));
        name
    }

    /// Whether any kind has a field of this name.
    pub(super) fn is_known(schema: &Schema, name: &str) -> bool {
        KIND.contains(&name) || schema.kinds.iter().any(|kind| field_named(kind, name).is_some())
    }

    fn negates(&self) -> bool {
        self.negated != (self.comparison == Comparison::IsNot)
    }

    fn values(&self) -> impl Iterator<Item = &str> {
        self.value.split([',', '、', '|']).map(str::trim).filter(|value| !value.is_empty())
    }

    fn condition(&self, kind: &KindSpec, name: &str, schema: &Schema, today: Day) -> Option<Filter> {
        let ty = Field::find(kind, name)?.ty;
        let mut any = self.values().map(|value| self.one(name, ty, value, schema, today)).collect::<Option<Vec<_>>>()?;
        let mut condition = if any.len() == 1 { any.remove(0) } else { Filter::Any(any) };
        // What is due is still to do.
        if matches!(ty, FieldType::Due(_)) && kind.field("done_at").is_some() && !is_one_of(&NOTHING, &self.value) {
            condition = Filter::All(vec![condition, Filter::empty("done_at")]);
        }
        Some(if self.negates() { Filter::Not(Box::new(condition)) } else { condition })
    }

    fn one(&self, name: &str, ty: &FieldType, value: &str, schema: &Schema, today: Day) -> Option<Filter> {
        let is = |op, value: Value| Some(Filter::field(name, op, value));
        if is_one_of(&NOTHING, value) {
            return is(Operator::Empty, Value::Null);
        }
        if is_one_of(&SOMETHING, value) {
            return is(Operator::NotEmpty, Value::Null);
        }
        let members = ty.refers_to() == Some(Member::KIND);
        match ty {
            FieldType::Choice(choice) => {
                let wanted = TypedFilter::name(value);
                let starts = |text: &str| TypedFilter::name(text).starts_with(&wanted);
                let fits = |labels: &[std::borrow::Cow<str>; 3]| labels.iter().any(|label| starts(label));
                let meant = choice.options.iter().filter(|option| starts(&option.id) || fits(&option.label.0));
                let meant: Vec<&str> = meant.map(|option| option.id.as_ref()).collect();
                if meant.is_empty() { None } else { is(Operator::Is, json!(meant)) }
            }
            FieldType::Boolean(_) => is(Operator::Is, ty.rules().parse(value).ok().filter(|value| !value.is_null())?),
            FieldType::Reference(_) if members && is_one_of(&ME, value) => is(Operator::Is, json!("me")),
            FieldType::References(_) if members && is_one_of(&ME, value) => is(Operator::HasAny, json!(["me"])),
            FieldType::Reference(_) if members && is_one_of(&MY_TEAM, value) => is(Operator::Is, json!("my_team")),
            FieldType::References(_) if members && is_one_of(&MY_TEAM, value) => is(Operator::HasAny, json!(["my_team"])),
            FieldType::Reference(_) | FieldType::References(_) => {
                let title = &schema.kind(ty.refers_to()?)?.title;
                Some(Filter::refers(name, Times::Some, Filter::field(title, Operator::Contains, value)))
            }
            FieldType::Tags(_) => is(Operator::HasAny, json!([value])),
            FieldType::Integer(_) | FieldType::Decimal(_) | FieldType::Money(_) => {
                let number = ty.rules().parse(value).ok().filter(|number| !number.is_null())?;
                is(self.comparison.of_numbers(), number)
            }
            FieldType::Date(_) | FieldType::Due(_) | FieldType::Instant(_) | FieldType::PartialDate(_) => {
                match is_one_of(&OVER, value) && operators(ty).contains(&Operator::Past) {
                    true => is(Operator::Past, Value::Null),
                    false => self.days(name, period(value, matches!(ty, FieldType::Instant(_)))?, today),
                }
            }
            _ if operators(ty).contains(&Operator::Contains) => is(Operator::Contains, json!(value)),
            _ => None,
        }
    }

    fn days(&self, name: &str, period: Period, today: Day) -> Option<Filter> {
        let (op, period) = match (self.comparison, period.range(today)) {
            (Comparison::Is | Comparison::IsNot, _) => (Operator::In, period),
            (Comparison::Less, _) => (Operator::Before, period),
            (Comparison::More, _) => (Operator::After, period),
            (Comparison::AtMost, (_, to)) => (Operator::In, Period::Between { from: None, to }),
            (Comparison::AtLeast, (from, _)) => (Operator::In, Period::Between { from, to: None }),
        };
        Some(Filter::field(name, op, serde_json::to_value(period).ok()?))
    }
}

impl Comparison {
    fn of_numbers(self) -> Operator {
        match self {
            Comparison::Is | Comparison::IsNot => Operator::Is,
            Comparison::Less => Operator::Less,
            Comparison::AtMost => Operator::AtMost,
            Comparison::More => Operator::More,
            Comparison::AtLeast => Operator::AtLeast,
        }
    }
}

/// Days in words or figures: `today`, `本周`, `7d`, `2026`, `2026-11`, `2026-11-24`. So many days are those to come, but `past`.
fn period(value: &str, past: bool) -> Option<Period> {
    let value = TypedFilter::name(&value.replace('-', "/")).replace('/', "-");
    let words: [(&[&str], Period); 15] = [
        (&["today", "今天", "今日"], Period::Today),
        (&["yesterday", "昨天", "昨日"], Period::Yesterday),
        (&["tomorrow", "明天", "明日"], Period::Tomorrow),
        (&["week", "thisweek", "本周", "本週", "这周", "這週"], Period::This(Unit::Week)),
        (&["lastweek", "上周", "上週"], Period::Last(Unit::Week)),
        (&["nextweek", "下周", "下週"], Period::Next(Unit::Week)),
        (&["month", "thismonth", "本月", "这个月", "這個月"], Period::This(Unit::Month)),
        (&["lastmonth", "上月", "上个月", "上個月"], Period::Last(Unit::Month)),
        (&["nextmonth", "下月", "下个月", "下個月"], Period::Next(Unit::Month)),
        (&["quarter", "thisquarter", "本季", "本季度"], Period::This(Unit::Quarter)),
        (&["lastquarter", "上季", "上季度"], Period::Last(Unit::Quarter)),
        (&["nextquarter", "下季", "下季度"], Period::Next(Unit::Quarter)),
        (&["year", "thisyear", "今年"], Period::This(Unit::Year)),
        (&["lastyear", "去年"], Period::Last(Unit::Year)),
        (&["nextyear", "明年"], Period::Next(Unit::Year)),
    ];
    if let Some((_, period)) = words.into_iter().find(|(names, _)| names.contains(&value.as_str())) {
        return Some(period);
    }
    if let Some(count) = value.strip_suffix('d').or_else(|| value.strip_suffix('天')) {
        let count = count.parse().ok()?;
        return Some(if past { Period::LastDays(count) } else { Period::NextDays(count) });
    }
    let days = |from: &str, unit: Option<Unit>| {
        let from = Day::parse(from)?;
        let to = unit.map_or(from, |unit| unit.next(from).plus(-1));
        Some(Period::Between { from: Some(from), to: Some(to) })
    };
    match value.len() {
        4 => days(&format!("{value}-01-01"), Some(Unit::Year)),
        7 => days(&format!("{value}-01"), Some(Unit::Month)),
        _ => days(&value, None),
    }
}

impl TypedFilter {
    /// The field that a filter is about in words, with its value: for an answer to what was looked for.
    pub fn shown(&self, schema: &Schema, lang: Lang) -> String {
        let mut fields = schema.kinds.iter().flat_map(|kind| &kind.fields);
        let label = fields.find(|field| named(&field.name, &field.label.0, &self.name)).map(|field| field.label.get(lang));
        format!("{}: {}", label.unwrap_or(&self.name), self.typed.split_once([':', '\u{ff1a}']).map_or("", |(_, value)| value))
    }
}
