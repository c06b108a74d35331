//! The engine on the device: answers a plan from records in memory, with one pass over each kind that the query names.

pub use super::value::{ByKind, Datum, Record, Source};

use super::{
    Answer, Field, Function, Partial, Plan, Tally,
    key::{self, Key},
    operator::has_buckets,
    plan::{Check, Dimension, Match, Measure, Order, Relation, Test},
    value::{self, datum, each},
};
use crate::{
    Id, fold,
    time::{Day, Zone},
    types::{FieldType, PlaceValue, read_as},
};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

/// What a query finds among the records of `source`.
pub fn answer<S: Source>(plan: &Plan, source: &S) -> Answer {
    let mut scan = Scan { related: Vec::new(), folded: String::new() };
    for relation in &plan.relations {
        let index = scan.index(relation, source);
        scan.related.push((relation.clone(), index));
    }
    let found = source.of_kind(&plan.kind.name).filter(|record| scan.passes(*record, &plan.test));
    if plan.is_grouped() { groups(plan, found) } else { records(plan, source, found) }
}

/// How many records pass the query's filter: the live count of a designer.
pub fn count<S: Source>(plan: &Plan, source: &S) -> u64 {
    match answer(&plan.counting(), source) {
        Answer::Records { total, .. } | Answer::Groups { total, .. } => total,
    }
}

/// What tests of records share while a query runs.
struct Scan<'p> {
    /// Per relation: how many related records each record has; forward, which records pass.
    related: Vec<(Relation<'p>, HashMap<Id, u32>)>,
    /// Used again for each text.
    folded: String,
}

impl Scan<'_> {
    fn index<S: Source>(&mut self, relation: &Relation, source: &S) -> HashMap<Id, u32> {
        let mut index = HashMap::new();
        for record in source.of_kind(&relation.kind.name) {
            if !self.passes(record, &relation.test) {
                continue;
            }
            match relation.forward {
                true => _ = index.insert(record.id(), 1),
                false => references(record, &relation.field, &mut |id| *index.entry(id).or_default() += 1),
            }
        }
        index
    }

    fn passes<'r, R: Record<'r>>(&mut self, record: R, test: &Test) -> bool {
        match test {
            Test::All(tests) => tests.iter().all(|test| self.passes(record, test)),
            Test::Any(tests) => tests.iter().any(|test| self.passes(record, test)),
            Test::Not(test) => !self.passes(record, test),
            Test::Field(field, check) if is_set(field.ty) => set_holds(record, field, check),
            Test::Field(field, check) => self.holds(field.ty, &datum(record, field), check),
            Test::Related(at) => self.related.get(*at).is_some_and(|(relation, index)| {
                let mut count = 0;
                match relation.forward {
                    true => references(record, &relation.field, &mut |id| count += u32::from(index.contains_key(&id))),
                    false => count = index.get(&record.id()).copied().unwrap_or_default(),
                }
                relation.times.holds(count)
            }),
        }
    }

    fn holds(&mut self, ty: &FieldType, datum: &Datum, check: &Check) -> bool {
        match check {
            Check::Present => *datum != Datum::Nothing,
            Check::Text(how, needle) => value::text(ty, datum).is_some_and(|text| {
                fold::fold_into(&text, &mut self.folded);
                how.holds(&self.folded, needle)
            }),
            Check::Digits(how, needle) => {
                let mut found = false;
                value::numbers(ty, datum, &mut |digits| found |= how.holds(digits, needle));
                found
            }
            Check::OneOf(wanted) => matches!(datum, Datum::Text(text) if wanted.iter().any(|one| one == text)),
            Check::Truth(wanted) => *datum == Datum::Truth(*wanted),
            Check::Number { least, most } => value::number(ty, datum).is_some_and(|number| within(number, *least, *most)),
            Check::Money { currency, least, most } => {
                value::money(datum).is_some_and(|(code, minor)| code == currency && within(i128::from(minor), *least, *most))
            }
            Check::Days { from, to } => matches!(datum, Datum::Text(text) if days_hold(ty, text, from.as_deref(), to.as_deref())),
            Check::Instants { from, until } => {
                matches!(datum, Datum::Number(at) if from.is_none_or(|from| *at >= from) && until.is_none_or(|until| *at < until))
            }
            Check::Overdue { today, wall } => {
                matches!(datum, Datum::Text(text) if if text.len() > 10 { **text < **wall } else { **text < **today })
            }
            Check::DayOfYear(days) => {
                matches!(datum, Datum::Text(text) if value::day_of_year(text).is_some_and(|day| days.contains(day)))
            }
            Check::Within { place, metres } => match datum {
                Datum::Json(value) => read_as::<PlaceValue>(value).is_some_and(|here| here.distance(place) <= *metres),
                _ => false,
            },
            Check::HasAny(_) | Check::HasAll(_) => false,
        }
    }
}

impl Match {
    fn holds(self, text: &str, needle: &str) -> bool {
        match self {
            Match::Whole => text == needle,
            Match::Part => text.contains(needle),
            Match::Start => text.starts_with(needle),
            Match::End => text.ends_with(needle),
        }
    }
}

fn within(number: i128, least: Option<i128>, most: Option<i128>) -> bool {
    least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most)
}

fn days_hold(ty: &FieldType, text: &str, from: Option<&str>, to: Option<&str>) -> bool {
    // A partial date counts as its first day; one without a year is no day.
    let mut first = *b"0000-01-01";
    let day = match ty {
        FieldType::PartialDate(_) if text.starts_with("--") || ![4, 7, 10].contains(&text.len()) => None,
        FieldType::PartialDate(_) => {
            first[..text.len()].copy_from_slice(text.as_bytes());
            std::str::from_utf8(&first).ok()
        }
        _ => text.get(..10),
    };
    day.is_some_and(|day| from.is_none_or(|from| day >= from) && to.is_none_or(|to| day <= to))
}

fn is_set(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Tags(_) | FieldType::References(_))
}

fn set_holds<'r, R: Record<'r>>(record: R, field: &Field, check: &Check) -> bool {
    let has = |wanted: &str| {
        let mut found = false;
        each(record, field, &mut |element| found |= element == wanted);
        found
    };
    match check {
        Check::Present => {
            let mut found = false;
            each(record, field, &mut |_| found = true);
            found
        }
        Check::HasAny(wanted) => wanted.iter().any(|wanted| has(wanted)),
        Check::HasAll(wanted) => wanted.iter().all(|wanted| has(wanted)),
        _ => false,
    }
}

/// Each record that a reference, or a set of them, names.
fn references<'r, R: Record<'r>>(record: R, field: &Field, visit: &mut dyn FnMut(Id)) {
    match is_set(field.ty) {
        true => each(record, field, &mut |element| {
            if let Ok(id) = Id::try_parse(element) {
                visit(id);
            }
        }),
        false => value::referred(&datum(record, field)).into_iter().for_each(visit),
    }
}

fn records<'r, S: Source>(plan: &Plan, source: &'r S, found: impl Iterator<Item = S::Record<'r>>) -> Answer {
    let titles: Vec<HashMap<Id, Key>> = plan.sort.iter().map(|order| titles(order, source)).collect();
    // All keys in one list, row by row, and the places of the rows sorted: nothing is allocated per row but keys.
    let (width, mut keys, mut ids) = (plan.sort.len(), Vec::new(), Vec::new());
    for record in found {
        ids.push(record.id());
        for (order, titles) in plan.sort.iter().zip(&titles) {
            let datum = datum(record, &order.field);
            keys.push(match order.title {
                Some(_) => value::referred(&datum).and_then(|id| titles.get(&id)).cloned(),
                None => key::of(&order.field, datum),
            });
        }
    }
    let mut places: Vec<usize> = (0..ids.len()).collect();
    places.sort_unstable_by(|a, b| {
        let of = |place: usize| &keys[place * width..(place + 1) * width];
        let orders = plan.sort.iter().zip(of(*a).iter().zip(of(*b)));
        let mut orders = orders.map(|(order, (a, b))| key::compare(a.as_ref(), b.as_ref(), order.descending));
        orders.find(|order| order.is_ne()).unwrap_or_else(|| ids[*a].cmp(&ids[*b]))
    });
    let limit = plan.limit.unwrap_or(usize::MAX);
    Answer::Records { ids: places.iter().take(limit).map(|place| ids[*place]).collect(), total: ids.len() as u64 }
}

fn titles<'r, S: Source>(order: &Order, source: &'r S) -> HashMap<Id, Key<'r>> {
    let Some((kind, title)) = order.title else { return HashMap::new() };
    let titled = source.of_kind(&kind.name).filter_map(|record| Some((record.id(), key::of(&title, datum(record, &title))?)));
    titled.collect()
}

fn groups<'r, R: Record<'r>>(plan: &Plan, found: impl Iterator<Item = R>) -> Answer {
    let mut dimensions: Vec<Keys> = plan.group.iter().map(Keys::new).collect();
    let mut places: HashMap<[u32; 2], usize> = HashMap::new();
    let mut sums: Vec<Vec<Sums>> = Vec::new();
    for record in found {
        for keys in dimensions.iter_mut() {
            keys.read(record, plan.zone);
        }
        let of = |at: usize| dimensions.get(at).map_or(&[0][..], |keys| &keys.current);
        for first in of(0) {
            for second in of(1) {
                let place = *places.entry([*first, *second]).or_insert_with(|| {
                    sums.push(plan.show.iter().map(|_| Sums::default()).collect());
                    sums.len() - 1
                });
                for (measure, sums) in plan.show.iter().zip(&mut sums[place]) {
                    sums.add(record, measure);
                }
            }
        }
    }
    let mut tally = Tally::new(plan);
    for (keys, place) in places {
        let keys: Vec<Option<String>> = dimensions.iter().zip(keys).map(|(dimension, key)| dimension.text(key)).collect();
        tally.put(Partial { keys: keys.clone(), ..Partial::default() });
        for (measure, sums) in sums[place].iter().enumerate() {
            sums.partials(&plan.show[measure], |partial| {
                tally.put(Partial { keys: keys.clone(), measure: Some(measure), ..partial })
            });
        }
    }
    tally.finish()
}

/// The keys of one dimension, numbered as they appear; 0 is nothing.
struct Keys<'p> {
    dimension: &'p Dimension<'p>,
    texts: HashMap<String, u32>,
    days: HashMap<Day, u32>,
    names: Vec<String>,
    /// Those of the record that was read last.
    current: Vec<u32>,
}

impl<'p> Keys<'p> {
    fn new(dimension: &'p Dimension<'p>) -> Keys<'p> {
        let (texts, days) = (HashMap::new(), HashMap::new());
        Keys { dimension, texts, days, names: Vec::new(), current: Vec::new() }
    }

    fn text(&self, key: u32) -> Option<String> {
        self.names.get((key as usize).checked_sub(1)?).cloned()
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        self.names.push(text.to_owned());
        let new = self.names.len() as u32;
        self.texts.insert(text.to_owned(), new);
        new
    }

    fn read<'r, R: Record<'r>>(&mut self, record: R, zone: &Zone) {
        self.current.clear();
        let field = &self.dimension.field;
        if is_set(field.ty) {
            each(record, field, &mut |element| {
                let number = self.number(element);
                self.current.push(number);
            });
            if self.current.is_empty() {
                self.current.push(0);
            }
            return;
        }
        let datum = datum(record, field);
        let key = match (self.dimension.bucket, &datum) {
            (Some(bucket), datum) => day(datum, zone).map_or(0, |day| {
                let start = bucket.start(day);
                *self.days.entry(start).or_insert_with(|| {
                    self.names.push(start.to_string());
                    self.names.len() as u32
                })
            }),
            (None, datum) => value::key(field.ty, datum).map_or(0, |text| self.number(&text)),
        };
        self.current.push(key);
    }
}

/// The company's day of a date or moment.
fn day(datum: &Datum, zone: &Zone) -> Option<Day> {
    match datum {
        Datum::Text(text) => Day::of_canonical(text),
        Datum::Number(at) => zone.known_day(*at),
        _ => None,
    }
}

/// What one measure comes to in one group.
#[derive(Default)]
struct Sums {
    /// Per currency, mostly one; of other numbers one.
    numbers: Vec<Numbers>,
    /// Of days.
    texts: Option<(u64, String, String)>,
    distinct: HashSet<String>,
    records: u64,
}

struct Numbers {
    currency: Option<String>,
    count: u64,
    sum: i128,
    least: i128,
    most: i128,
}

impl Sums {
    fn add<'r, R: Record<'r>>(&mut self, record: R, measure: &Measure) {
        let Some(field) = &measure.field else {
            self.records += 1;
            return;
        };
        if measure.function == Function::Distinct && is_set(field.ty) {
            return each(record, field, &mut |element| self.differ(element));
        }
        let datum = datum(record, field);
        match &datum {
            Datum::Nothing => {}
            datum if measure.function == Function::Distinct => {
                value::key(field.ty, datum).into_iter().for_each(|text| self.differ(&text))
            }
            _ => match value::money(&datum) {
                Some((currency, minor)) => self.sum(Some(currency), i128::from(minor)),
                None => match (value::number(field.ty, &datum), &datum) {
                    (Some(number), _) => self.sum(None, number),
                    (None, Datum::Text(text)) if has_buckets(field.ty) => self.extend(text),
                    _ => {}
                },
            },
        }
    }

    fn differ(&mut self, text: &str) {
        if !self.distinct.contains(text) {
            self.distinct.insert(text.to_owned());
        }
    }

    fn extend(&mut self, text: &Cow<str>) {
        match &mut self.texts {
            None => self.texts = Some((1, text.to_string(), text.to_string())),
            Some((count, least, most)) => {
                *count += 1;
                if **text < **least {
                    *least = text.to_string();
                }
                if **text > **most {
                    *most = text.to_string();
                }
            }
        }
    }

    fn sum(&mut self, currency: Option<&str>, number: i128) {
        match self.numbers.iter_mut().find(|sums| sums.currency.as_deref() == currency) {
            Some(sums) => {
                (sums.count, sums.sum) = (sums.count + 1, sums.sum + number);
                (sums.least, sums.most) = (sums.least.min(number), sums.most.max(number));
            }
            None => {
                let currency = currency.map(str::to_owned);
                self.numbers.push(Numbers { currency, count: 1, sum: number, least: number, most: number });
            }
        }
    }

    fn partials(&self, measure: &Measure, mut put: impl FnMut(Partial)) {
        if measure.field.is_none() || measure.function == Function::Distinct {
            put(Partial { count: self.records + self.distinct.len() as u64, ..Partial::default() });
        }
        for Numbers { currency, count, sum, least, most } in &self.numbers {
            let (least, most) = (Some(least.to_string()), Some(most.to_string()));
            put(Partial { currency: currency.clone(), count: *count, sum: *sum, least, most, ..Partial::default() });
        }
        if let Some((count, least, most)) = &self.texts {
            put(Partial { count: *count, least: Some(least.clone()), most: Some(most.clone()), ..Partial::default() });
        }
    }
}
