//! One condition: an operator and a value, in the form of the field's type, become what is asked of each record.

use super::{Check, Compiled, Compiler, Match};
use crate::{
    Id, Value, fold,
    query::{Context, Field, Operator, Period, QueryProblem, period, value},
    records::Member,
    time::Day,
    types::{FieldRules, FieldType, LabelledList, ListOf, MoneyValue, Problem, Text, read_as},
};
use serde::Deserialize;

/// The checks of one condition, of which one must hold.
pub(super) struct Checks<'c, 'a> {
    pub compiler: &'c Compiler<'c, 'a>,
    pub field: Field<'a>,
    pub name: &'c str,
}

impl Checks<'_, '_> {
    pub fn of(&self, op: Operator, value: &Value) -> Compiled<Vec<Check>> {
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
        let period = Period::deserialize(value).map_err(|_| self.not_a_period())?;
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
