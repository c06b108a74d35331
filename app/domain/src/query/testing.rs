//! Random records and random questions about them, for holding the two engines to the same answer.
//!
//! Values come from small pools, so that they meet: equal texts, the same days, the edges of days.

use super::{
    Aggregate, CREATED_AT, CREATED_BY, Context, Field, Filter, Function, Operator, Query, Sort, SortBy, Times, can_group,
    can_measure, can_sort, compile, operators, parts,
};
use crate::{
    Id, KindSpec, Row, Schema, Value,
    clock::Clock,
    row::{Cell, Created, Deleted, Element},
    testing::Random,
    time::{DAY_MS, Unit, Zone},
    types::FieldType,
};
use serde_json::json;

const RECORDS: usize = 24;
const TEXTS: [&str; 14] = [
    "Alpha",
    "alpha",
    "ALPHA Beta",
    "Ägir",
    "上海 明珠",
    "ＡＢＣ　ｄｅｆ",
    "a-b.c*[x]",
    "İzmir",
    "Straße",
    "ΣΊΣΥΦΟΣ",
    "x\u{301}y",
    "\\d+",
    "ñandú 北京",
    "é",
];

/// The id of the `at`-th record of a kind, from 0.
pub fn id(schema: &Schema, kind: &str, at: usize) -> Id {
    let place = schema.kinds.iter().position(|spec| spec.name == kind).unwrap_or_default();
    Id::from_u128(((place as u128 + 1) << 64) | (at as u128 + 1))
}

/// Some records of every kind. The first members are an administrator, a manager and a rep.
pub fn territory(random: &mut Random, schema: &Schema, zone: &Zone, now_ms: i64) -> Vec<Row> {
    let mut rows = Vec::new();
    for kind in &schema.kinds {
        for at in 0..RECORDS {
            rows.push(row(random, schema, zone, now_ms, kind, at));
        }
    }
    rows
}

fn pick<'a, T>(random: &mut Random, items: &'a [T]) -> &'a T {
    &items[random.below(items.len())]
}

fn row(random: &mut Random, schema: &Schema, zone: &Zone, now_ms: i64, kind: &KindSpec, at: usize) -> Row {
    let mut row = Row::new(kind.name.as_ref(), id(schema, &kind.name, at));
    let by = if random.chance(20) { Id::nil() } else { id(schema, "member", random.below(RECORDS)) };
    let ms = if random.chance(20) { 0 } else { moment(random, zone, now_ms).max(0) };
    let clock = Clock { ms, counter: 0, device: Id::nil() };
    row.created = Some(Created { first: clock, by, last: clock });
    let person = kind.name == "member" && at < 3;
    for field in &kind.fields {
        let value = match field.name.as_ref() {
            "role" if person => json!(["administrator", "manager", "rep"][at]),
            "active" if person => json!(true),
            _ if random.chance(25) => continue,
            // What no writer stores must not fail a query either.
            _ if random.chance(2) && field.ty.refers_to().is_none() => {
                pick(random, &[json!(true), json!(5), json!({ "a": 1 })]).clone()
            }
            _ => value(random, schema, zone, now_ms, &field.ty),
        };
        match value {
            Value::Array(items) if field.is_set() && random.chance(50) => {
                let element =
                    |value: Value| (value.to_string(), Element { value, added: [(Id::max(), clock)].into(), removed: [].into() });
                row.sets.insert(field.name.to_string(), items.into_iter().map(element).collect());
            }
            value => _ = row.cells.insert(field.name.to_string(), Cell { value, clock, actor: by, seq: 0 }),
        }
    }
    if random.chance(5) && !person {
        row.deleted = Some(Deleted { seen: row.clocks(), clock, by });
    }
    row
}

/// A moment near now, often at the edge of a company's day.
fn moment(random: &mut Random, zone: &Zone, now_ms: i64) -> i64 {
    let near = now_ms + (random.below(900) as i64 - 450) * DAY_MS / 3;
    match random.below(4) {
        0 => zone.start_of(zone.day(near)) - random.below(2) as i64,
        1 => now_ms + random.below(3) as i64 - 1,
        _ => near + random.below(DAY_MS as usize) as i64,
    }
}

fn value(random: &mut Random, schema: &Schema, zone: &Zone, now_ms: i64, ty: &FieldType) -> Value {
    let text = |random: &mut Random| (*pick(random, &TEXTS)).to_owned();
    let day = |random: &mut Random| zone.day(moment(random, zone, now_ms));
    let raw = match ty {
        FieldType::Text(_) => json!(text(random)),
        FieldType::LongText(_) => json!(format!("{}\n\n {}", text(random), text(random))),
        FieldType::Integer(_) => match random.below(8) {
            0 => json!(1i64 << 53),
            _ => json!(random.below(9) as i64 - 4),
        },
        FieldType::Decimal(_) => json!(*pick(random, &["-1.5", "0", "0.000001", "12", "12.5", "999999999999999.999999"])),
        FieldType::Money(_) => json!({ "minor": random.below(9) as i64 - 4, "currency": pick(random, &["CNY", "TWD", "USD"]) }),
        FieldType::Boolean(_) => json!(random.chance(50)),
        FieldType::Date(_) => json!(day(random)),
        FieldType::Due(_) if random.chance(40) => json!(day(random)),
        FieldType::Due(_) => json!(zone.wall(moment(random, zone, now_ms))),
        FieldType::Instant(_) if random.chance(5) => json!(*pick(random, &[0, -1, 1i64 << 53, -(1 << 53), 253_402_300_800_000])),
        FieldType::Instant(_) => json!(moment(random, zone, now_ms)),
        FieldType::PartialDate(_) => {
            let day = day(random).to_string();
            match random.below(5) {
                0 => json!(day[..4]),
                1 => json!(day[..7]),
                2 => json!(format!("--{}", &day[5..])),
                3 => json!("--02-29"),
                _ => json!(day),
            }
        }
        FieldType::Choice(_) if random.chance(5) => json!("of_a_newer_app"),
        FieldType::Choice(choice) => json!(pick(random, &choice.options).id),
        // Some name a record that is not there.
        FieldType::Reference(reference) => json!(id(schema, &reference.kind, random.below(RECORDS + 1))),
        FieldType::References(references) => {
            json!((0..=random.below(3)).map(|_| id(schema, &references.kind, random.below(RECORDS + 1))).collect::<Vec<_>>())
        }
        FieldType::Tags(_) => json!((0..=random.below(3)).map(|_| text(random)).collect::<Vec<_>>()),
        FieldType::Place(_) => {
            json!({ "lat": random.below(180) as f64 - 90.0 + 0.123, "lng": random.below(360) as f64 - 180.0 + 0.456 })
        }
        FieldType::Address(_) => {
            let names = ["country", "region", "city", "district", "street", "postcode"];
            let mut parts = serde_json::Map::new();
            for name in names {
                if random.chance(60) {
                    parts.insert(name.to_owned(), json!(*pick(random, &TEXTS)));
                }
            }
            Value::Object(parts)
        }
        FieldType::PersonName(_) => {
            let order = *pick(random, &["given_first", "family_first"]);
            let family = if random.chance(80) { text(random) } else { String::new() };
            json!({ "family": family, "given": text(random), "order": order })
        }
        FieldType::Phone(_) => json!(*pick(random, &["+86 138-0000 1111", "(02) 2345-6789", "13800001111", "0086 21 555 ext 3"])),
        FieldType::LabelledList(_) => {
            let entry = |random: &mut Random| json!({ "label": pick(random, &["", "office", "微信"]), "value": pick(random, &["021 5556", "１３８0000", "110"]) });
            json!((0..=random.below(2)).map(|_| entry(random)).collect::<Vec<_>>())
        }
        FieldType::OpeningHours(_) => json!("Mon-Fri 09:00-18:00"),
        FieldType::Attachment(_) => json!({ "sha256": "0".repeat(64), "name": text(random), "size": 1, "mime": "text/plain" }),
        FieldType::Anything(_) => json!({ "column": text(random) }),
        FieldType::QueryTree(_) => json!(Query::of("account")),
        FieldType::Tiles(_) => json!(["a overdue 1@0 list@0 half@0"]),
    };
    ty.rules().normalise(&raw).unwrap_or(Value::Null)
}

/// A question that compiles.
pub fn query(random: &mut Random, context: &Context) -> Query {
    loop {
        let query = attempt(random, context);
        if compile(&query, context).is_ok() {
            return query;
        }
    }
}

fn attempt(random: &mut Random, context: &Context) -> Query {
    let kind = pick(random, &context.schema.kinds);
    let filter = filter(random, context, kind, 3);
    let mut query = Query::of(&kind.name).filter(filter);
    if random.chance(50) {
        for _ in 0..random.below(3) {
            if let Some((name, field)) = fitting(random, kind, can_group) {
                let bucket = matches!(field.ty, FieldType::Due(_) | FieldType::Instant(_) | FieldType::Date(_))
                    .then(|| *pick(random, &Unit::ALL));
                query = query.group(&name, bucket, random.chance(30));
            }
        }
        for _ in 0..=random.below(3) {
            let of =
                *pick(random, &[Function::Count, Function::Distinct, Function::Sum, Function::Avg, Function::Min, Function::Max]);
            let field = fitting(random, kind, |ty| can_measure(of, ty)).map(|(name, _)| name).filter(|_| of != Function::Count);
            if field.is_some() || of == Function::Count {
                query.show.push(Aggregate { of, field });
            }
        }
        for _ in 0..random.below(3) {
            let by = if random.chance(50) { SortBy::Group(random.below(2)) } else { SortBy::Value(random.below(3)) };
            query.sort.push(Sort { by, descending: random.chance(50) });
        }
    } else {
        for _ in 0..random.below(4) {
            if let Some((name, _)) = fitting(random, kind, can_sort) {
                query.sort.push(Sort { by: SortBy::Field(name), descending: random.chance(50) });
            }
        }
    }
    if random.chance(30) {
        query.limit = Some(random.below(12) as u32);
    }
    query
}

/// Every name by which a kind's fields can be asked for.
fn names(kind: &KindSpec) -> Vec<String> {
    let parts =
        |field: &crate::FieldSpec| parts(&field.ty).iter().map(|(part, ..)| format!("{}.{part}", field.name)).collect::<Vec<_>>();
    let fields = kind.fields.iter().flat_map(|field| [field.name.to_string()].into_iter().chain(parts(field)));
    fields.chain([CREATED_AT.to_owned(), CREATED_BY.to_owned()]).collect()
}

fn fitting<'k>(random: &mut Random, kind: &'k KindSpec, fits: impl Fn(&FieldType) -> bool) -> Option<(String, Field<'k>)> {
    let found: Vec<_> = names(kind)
        .into_iter()
        .filter_map(|name| Some((Field::find(kind, &name)?, name)))
        .filter(|(field, _)| fits(field.ty))
        .collect();
    if found.is_empty() { None } else { Some(pick(random, &found).clone()).map(|(field, name)| (name, field)) }
}

fn filter(random: &mut Random, context: &Context, kind: &KindSpec, depth: usize) -> Filter {
    let several = |random: &mut Random| (0..random.below(4)).map(|_| filter(random, context, kind, depth - 1)).collect();
    match random.below(if depth == 0 { 4 } else { 10 }) {
        4 | 5 => Filter::All(several(random)),
        6 => Filter::Any(several(random)),
        7 => Filter::Not(Box::new(filter(random, context, kind, depth - 1))),
        8 | 9 => related(random, context, kind, depth - 1).unwrap_or_default(),
        _ => {
            let Some((name, field)) = fitting(random, kind, |_| true) else { return Filter::default() };
            let op = *pick(random, operators(field.ty));
            Filter::field(&name, op, operand(random, context, &field, op))
        }
    }
}

fn related(random: &mut Random, context: &Context, kind: &KindSpec, depth: usize) -> Option<Filter> {
    let times =
        *pick(random, &[Times::Some, Times::None, Times::AtLeast(2), Times::AtMost(1), Times::Exactly(1), Times::AtLeast(0)]);
    if random.chance(50) {
        let (name, field) = fitting(random, kind, |ty| ty.refers_to().is_some())?;
        let other = context.schema.kind(field.ty.refers_to()?)?;
        return Some(Filter::refers(&name, times, filter(random, context, other, depth)));
    }
    let other = pick(random, &context.schema.kinds);
    let (name, _) = fitting(random, other, |ty| ty.refers_to() == Some(&kind.name))?;
    Some(Filter::referred(&other.name, &name, times, filter(random, context, other, depth)))
}

fn operand(random: &mut Random, context: &Context, field: &Field, op: Operator) -> Value {
    let one = |random: &mut Random| value(random, context.schema, context.zone, context.now_ms, field.ty);
    match op {
        Operator::Empty | Operator::NotEmpty | Operator::Past => Value::Null,
        Operator::Contains | Operator::NotContains | Operator::StartsWith | Operator::EndsWith => {
            let whole = match field.ty {
                FieldType::Phone(_) | FieldType::LabelledList(_) => {
                    (*pick(random, &["138", "0000", "5", "office: 0"])).to_owned()
                }
                _ => (*pick(random, &TEXTS)).to_owned(),
            };
            let chars: Vec<char> = whole.chars().collect();
            let start = random.below(chars.len());
            let piece: String = chars[start..(start + 1 + random.below(3)).min(chars.len())].iter().collect();
            json!(if random.chance(50) { piece.to_uppercase() } else { piece })
        }
        Operator::In | Operator::Before | Operator::After | Operator::Anniversary => period(random, context),
        Operator::Between => json!([one(random), one(random)]),
        Operator::Within => {
            json!({ "lat": random.below(180) as f64 - 90.0, "lng": random.below(360) as f64 - 180.0, "metres": random.below(12_000_000) })
        }
        Operator::Is | Operator::IsNot if field.ty.refers_to() == Some("member") && random.chance(60) => {
            json!([pick(random, &["me", "my_team"])])
        }
        Operator::Is | Operator::IsNot if random.chance(30) => json!([one(random), one(random)]),
        Operator::Is | Operator::IsNot if matches!(field.ty, FieldType::Phone(_) | FieldType::LabelledList(_)) => {
            json!(*pick(random, &["138-0000-1111", "110", "02 23456789"]))
        }
        _ => one(random),
    }
}

fn period(random: &mut Random, context: &Context) -> Value {
    let unit = *pick(random, &Unit::ALL);
    let day = |random: &mut Random| context.zone.day(moment(random, context.zone, context.now_ms));
    match random.below(8) {
        0 => json!(pick(random, &["today", "yesterday", "tomorrow"])),
        1 => json!({ "this": unit }),
        2 => json!({ "last": unit }),
        3 => json!({ "next": unit }),
        4 => json!({ "last_days": random.below(40) + 1 }),
        5 => json!({ "next_days": random.below(40) + 1 }),
        6 => json!({ "between": { "from": day(random) } }),
        _ => json!({ "between": { "from": day(random), "to": day(random) } }),
    }
}
