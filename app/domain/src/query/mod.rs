//! A question about records as one tree: filter, sort, group, sum. The device answers it in memory, the server in SQL
//! (architecture.md, "One query, two engines").
//!
//! [`Query`] is what is stored and sent. [`plan::compile`] checks it against the schema and resolves what depends on the
//! moment (today, me, my team) into a [`Plan`], which both engines execute: [`memory::answer`] here, `db::query` in the server.
//!
//! Rules that both follow: nothing is after everything, whichever way is sorted; texts compare by their bytes with ASCII
//! capitals as small letters; equal records come in the order of their ids; money is never summed across currencies.

mod answer;
mod fault;
mod field;
pub mod key;
pub mod memory;
mod operator;
mod period;
pub mod plan;
mod read;
pub mod ready;
pub mod sketch;
pub mod table;
mod tally;
#[cfg(feature = "testing")]
pub mod testing;
mod value;

pub use answer::{Answer, Group, Total};
pub use fault::{Fault, QueryProblem};
pub use field::{CREATED_AT, CREATED_BY, Field, Origin, Part, fields, label, parts};
pub use operator::{Operator, Takes, can_group, can_measure, can_sort, has_buckets, operators};
pub use period::Period;
pub use plan::{Plan, compile};
pub use tally::{Partial, Tally};

use crate::{Id, KindSpec, Lang, Schema, Value, time::Unit, time::Zone};
use serde::{Deserialize, Serialize};

/// The newest version of the tree that this build understands.
pub const VERSION: u32 = 1;
/// At most this many conditions in one query, those about related records included.
pub const MAX_CONDITIONS: usize = 100;
/// At most this many levels of groups and related records.
pub const MAX_DEPTH: usize = 12;
/// At most this many groups in an answer.
pub const MAX_GROUPS: usize = 10_000;

/// A question. These names and shapes are stored and sent: add with defaults, never change.
///
/// With `group` or `show` the answer is [`Answer::Groups`], otherwise [`Answer::Records`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Query {
    pub v: u32,
    /// The kind of record asked about.
    pub from: String,
    #[serde(skip_serializing_if = "Filter::is_everything")]
    pub filter: Filter,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<Sort>,
    /// At most two.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<Grouping>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub show: Vec<Aggregate>,
    /// Fields that a table shows; none means those the kind lists. The engines do not look at them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// How many records or groups at most, the first in the order of `sort`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which records. A condition on a field without a value does not hold, so its negation does.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Every one holds; without any, everything passes.
    All(Vec<Filter>),
    /// At least one holds; without any, nothing passes.
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Field(Condition),
    Related(Related),
}

/// A condition on one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// A field of the kind, a part of one such as `address.city`, [`CREATED_AT`] or [`CREATED_BY`].
    pub field: String,
    pub op: Operator,
    /// What the operator compares with; which shape it has depends on both (see [`Operator`]).
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub value: Value,
}

/// A condition on records that refer to this one, or that this one refers to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Related {
    /// The kind of the records whose `field` refers to this one; none where `field` is this record's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    pub field: String,
    /// Which of the related records count.
    #[serde(rename = "where", skip_serializing_if = "Filter::is_everything")]
    pub filter: Box<Filter>,
    pub times: Times,
}

/// How many related records there must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// At least one.
    Some,
    None,
    AtLeast(u32),
    AtMost(u32),
    Exactly(u32),
}

impl Times {
    pub fn holds(self, count: u32) -> bool {
        match self {
            Times::Some => count > 0,
            Times::None => count == 0,
            Times::AtLeast(least) => count >= least,
            Times::AtMost(most) => count <= most,
            Times::Exactly(wanted) => count == wanted,
        }
    }
}

/// One level of the order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    pub by: SortBy,
    /// The largest first. What is empty comes last in both directions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    /// Of records. A reference sorts by the title of the record it names.
    Field(String),
    /// Of groups: the key of the group at this place in `group`.
    Group(usize),
    /// Of groups: the value at this place in `show`.
    Value(usize),
}

/// What records are grouped by. A record is in the group of each element of a set, and in the group of nothing without any.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grouping {
    pub field: String,
    /// For days and moments: the key is the first day of this in the company's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket: Option<Unit>,
    /// Also the groups without a record: every option of a choice, every bucket between the first and the last.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_empty: bool,
}

/// One figure per group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    pub of: Function,
    /// Not for `count`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// Records.
    Count,
    /// Different values.
    Distinct,
    Sum,
    /// Rounded half away from zero: to six digits, money to its minor unit.
    Avg,
    Min,
    Max,
}

impl Function {
    pub const ALL: [Function; 6] =
        [Function::Count, Function::Sum, Function::Avg, Function::Min, Function::Max, Function::Distinct];

    pub fn label(self, lang: Lang) -> &'static str {
        let [en, cn, tw] = match self {
            Function::Count => ["Count", "数量", "數量"],
            Function::Distinct => ["Different values", "不同值的数量", "不同值的數量"],
            Function::Sum => ["Sum", "合计", "合計"],
            Function::Avg => ["Average", "平均", "平均"],
            Function::Min => ["Least", "最小", "最小"],
            Function::Max => ["Most", "最大", "最大"],
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => cn,
            Lang::ZhTw => tw,
        }
    }
}

impl Aggregate {
    /// What the figure is called, such as `Annual revenue · Sum`.
    pub fn label(&self, kind: &KindSpec, lang: Lang) -> String {
        let of = self.of.label(lang);
        self.field.as_ref().map_or_else(|| of.to_owned(), |field| format!("{} · {of}", label(kind, field, lang)))
    }
}

/// What a query depends on besides records: given, never read from anywhere.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    pub schema: &'a Schema,
    /// The company's.
    pub zone: &'a Zone,
    /// UTC milliseconds.
    pub now_ms: i64,
    /// Who asks.
    pub me: Id,
    /// Whom "my team" means; [`team_of`] works it out.
    pub team: Vec<Id>,
}

/// Whom "my team" means to a member: himself, who is in a team with him, and who is in a team he manages.
///
/// `people` are every member's id and team, `teams` every team's id and manager.
pub fn team_of(
    me: Id,
    people: impl IntoIterator<Item = (Id, Option<Id>)>,
    teams: impl IntoIterator<Item = (Id, Option<Id>)>,
) -> Vec<Id> {
    let people: Vec<(Id, Option<Id>)> = people.into_iter().collect();
    let own = people.iter().find(|(id, _)| *id == me).and_then(|(_, team)| *team);
    let managed = teams.into_iter().filter(|(_, manager)| *manager == Some(me)).map(|(team, _)| team);
    let mine: Vec<Id> = managed.chain(own).collect();
    let mates = people.iter().filter(|(id, team)| *id != me && team.is_some_and(|team| mine.contains(&team)));
    mates.map(|(id, _)| *id).chain([me]).collect()
}

impl Query {
    /// Everything of a kind.
    pub fn of(kind: &str) -> Query {
        let (filter, sort, group, show, columns) = Default::default();
        Query { v: VERSION, from: kind.to_owned(), filter, sort, group, show, columns, limit: None }
    }

    pub fn filter(self, filter: Filter) -> Query {
        Query { filter, ..self }
    }

    pub fn sort(mut self, field: &str) -> Query {
        self.sort.push(Sort { by: SortBy::Field(field.to_owned()), descending: false });
        self
    }

    pub fn group(mut self, field: &str, bucket: Option<Unit>, with_empty: bool) -> Query {
        self.group.push(Grouping { field: field.to_owned(), bucket, with_empty });
        self
    }

    pub fn show(mut self, of: Function, field: Option<&str>) -> Query {
        self.show.push(Aggregate { of, field: field.map(str::to_owned) });
        self
    }

    /// The largest value at this place in `show` first.
    pub fn largest(mut self, value: usize) -> Query {
        self.sort.push(Sort { by: SortBy::Value(value), descending: true });
        self
    }

    /// Whether its answer is groups rather than records.
    pub fn is_grouped(&self) -> bool {
        !self.group.is_empty() || !self.show.is_empty()
    }
}

impl Default for Filter {
    fn default() -> Filter {
        Filter::All(Vec::new())
    }
}

impl Filter {
    pub fn field(field: &str, op: Operator, value: impl Into<Value>) -> Filter {
        Filter::Field(Condition { field: field.to_owned(), op, value: value.into() })
    }

    pub fn empty(field: &str) -> Filter {
        Filter::field(field, Operator::Empty, Value::Null)
    }

    /// So many records of `kind` that pass `filter` refer to this one with their `field`.
    pub fn referred(kind: &str, field: &str, times: Times, filter: Filter) -> Filter {
        Filter::Related(Related { kind: Some(kind.to_owned()), field: field.to_owned(), filter: Box::new(filter), times })
    }

    /// So many of the records that this one's `field` refers to pass `filter`.
    pub fn refers(field: &str, times: Times, filter: Filter) -> Filter {
        Filter::Related(Related { kind: None, field: field.to_owned(), filter: Box::new(filter), times })
    }

    /// Passes everything, and so needs not be written.
    pub fn is_everything(&self) -> bool {
        matches!(self, Filter::All(filters) if filters.is_empty())
    }
}

#[cfg(test)]
mod tests;
