//! Groups and their figures in memory: keys are numbered as they appear, so that no text is copied per record.

use super::{Datum, Record, Turns, is_set};
use crate::{
    query::{
        Answer, Function, Partial, Plan, Tally,
        operator::has_buckets,
        plan::{Dimension, Measure},
        value::{self, datum, each},
    },
    time::{Day, Zone},
};
use std::collections::{HashMap, HashSet};

/// Records as they are put into their groups.
pub(super) struct Grouped<'p> {
    plan: &'p Plan<'p>,
    dimensions: Vec<Keys<'p>>,
    places: HashMap<[u32; 2], usize>,
    sums: Vec<Vec<Sums>>,
}

impl<'p> Grouped<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Grouped<'p> {
        let (places, sums) = (HashMap::new(), Vec::new());
        Grouped { plan, dimensions: plan.group.iter().map(Keys::new).collect(), places, sums }
    }

    pub fn put<'r, R: Record<'r>>(&mut self, record: R) {
        let Grouped { plan, dimensions, places, sums } = self;
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

    pub async fn finish(self, turns: &mut Turns<'_, '_>) -> Answer {
        let Grouped { plan, dimensions, places, sums } = self;
        let mut tally = Tally::new(plan);
        for (keys, place) in places {
            let keys: Vec<Option<String>> = dimensions.iter().zip(keys).map(|(dimension, key)| dimension.text(key)).collect();
            tally.put(Partial { keys: keys.clone(), ..Partial::default() });
            for (measure, sums) in sums[place].iter().enumerate() {
                sums.partials(&plan.show[measure], |partial| {
                    tally.put(Partial { keys: keys.clone(), measure: Some(measure), ..partial })
                });
            }
            turns.step().await;
        }
        tally.finish_in_turns(turns).await
    }
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

    fn extend(&mut self, text: &str) {
        match &mut self.texts {
            None => self.texts = Some((1, text.to_string(), text.to_string())),
            Some((count, least, most)) => {
                *count += 1;
                if *text < **least {
                    *least = text.to_string();
                }
                if *text > **most {
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
