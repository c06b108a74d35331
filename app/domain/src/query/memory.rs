//! The engine on the device: answers a plan from records in memory, with one pass over each kind that the query names.

mod groups;
mod turns;

pub use super::value::{ByKind, Datum, Record, Source};

use super::{
    Answer, Field, Plan,
    key::{self, Key},
    plan::{Check, Match, Order, Relation, Test},
    value::{self, datum, each},
};
use crate::{
    Id, fold,
    types::{FieldType, MergeRule, PlaceValue, read_as},
};
use groups::Grouped;
use std::collections::HashMap;
pub use turns::Rest;
pub(super) use turns::{Turns, at_once};

/// What a query finds among the records of `source`.
pub fn answer<S: Source>(plan: &Plan, source: &S) -> Answer {
    at_once(answer_in_turns(plan, source, &mut || None))
}

/// As [`answer`], with a rest wherever `rest` asks for one: it is asked after every few records, and while they are sorted,
/// so that whoever draws the page is not kept waiting.
pub async fn answer_in_turns<S: Source>(plan: &Plan<'_>, source: &S, rest: &mut Rest<'_>) -> Answer {
    let mut turns = Turns::new(rest);
    let mut scan = Scan::new(plan, source, &mut turns).await;
    if plan.is_grouped() {
        let mut grouped = Grouped::new(plan);
        for record in source.of_kind(&plan.kind.name) {
            if scan.passes(record, &plan.test) {
                grouped.put(record);
            }
            turns.step().await;
        }
        return grouped.finish(&mut turns).await;
    }
    let mut sorted = Sorted::new(plan, source, &mut turns).await;
    for record in source.of_kind(&plan.kind.name) {
        if scan.passes(record, &plan.test) {
            sorted.put(record);
        }
        turns.step().await;
    }
    sorted.finish(&mut turns).await
}

/// The records that pass the query's filter, in no particular order.
pub fn passing<S: Source>(plan: &Plan, source: &S) -> Vec<Id> {
    let mut scan = at_once(Scan::new(plan, source, &mut Turns::new(&mut || None)));
    source.of_kind(&plan.kind.name).filter(|record| scan.passes(*record, &plan.test)).map(Record::id).collect()
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

impl<'p> Scan<'p> {
    async fn new<S: Source>(plan: &Plan<'p>, source: &S, turns: &mut Turns<'_, '_>) -> Scan<'p> {
        let mut scan = Scan { related: Vec::new(), folded: String::new() };
        for relation in &plan.relations {
            let index = scan.index(relation, source, turns).await;
            scan.related.push((relation.clone(), index));
        }
        scan
    }

    async fn index<S: Source>(&mut self, relation: &Relation<'_>, source: &S, turns: &mut Turns<'_, '_>) -> HashMap<Id, u32> {
        let mut index = HashMap::new();
        for record in source.of_kind(&relation.kind.name) {
            turns.step().await;
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
    ty.merge_rule() == MergeRule::Set
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

/// Records with what they sort by. All keys are in one list, row by row, so that nothing is allocated per row but keys.
struct Sorted<'p, 'r> {
    plan: &'p Plan<'p>,
    titles: Vec<HashMap<Id, Key<'r>>>,
    keys: Vec<Option<Key<'r>>>,
    ids: Vec<Id>,
}

impl<'p, 'r> Sorted<'p, 'r> {
    async fn new<S: Source>(plan: &'p Plan<'p>, source: &'r S, turns: &mut Turns<'_, '_>) -> Sorted<'p, 'r> {
        let mut titles = Vec::new();
        for order in &plan.sort {
            titles.push(titles_of(order, source, turns).await);
        }
        Sorted { plan, titles, keys: Vec::new(), ids: Vec::new() }
    }

    fn put<R: Record<'r>>(&mut self, record: R) {
        self.ids.push(record.id());
        for (order, titles) in self.plan.sort.iter().zip(&self.titles) {
            let datum = datum(record, &order.field);
            self.keys.push(match order.title {
                Some(_) => value::referred(&datum).and_then(|id| titles.get(&id)).cloned(),
                None => key::of(&order.field, datum),
            });
        }
    }

    async fn finish(self, turns: &mut Turns<'_, '_>) -> Answer {
        let Sorted { plan, keys, ids, .. } = self;
        let width = plan.sort.len();
        let places = turns
            .sorted(ids.len(), &|a, b| {
                let of = |place: usize| &keys[place * width..(place + 1) * width];
                let orders = plan.sort.iter().zip(of(a).iter().zip(of(b)));
                let mut orders = orders.map(|(order, (a, b))| key::compare(a.as_ref(), b.as_ref(), order.descending));
                orders.find(|order| order.is_ne()).unwrap_or_else(|| ids[a].cmp(&ids[b]))
            })
            .await;
        let limit = plan.limit.unwrap_or(usize::MAX);
        Answer::Records { ids: places.iter().take(limit).map(|place| ids[*place]).collect(), total: ids.len() as u64 }
    }
}

async fn titles_of<'r, S: Source>(order: &Order<'_>, source: &'r S, turns: &mut Turns<'_, '_>) -> HashMap<Id, Key<'r>> {
    let mut titles = HashMap::new();
    let Some((kind, title)) = order.title else { return titles };
    for record in source.of_kind(&kind.name) {
        turns.step().await;
        if let Some(key) = key::of(&title, datum(record, &title)) {
            titles.insert(record.id(), key);
        }
    }
    titles
}
