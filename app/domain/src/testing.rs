//! For the tests of this crate and of those above it: chance from a seed, builders of rows and ops.

use crate::{
    Clock, FieldSpec, Id, Row, Value,
    change::{Act, Op, Write},
    records::{Account, Member, Team},
    row::{Cell, Created},
    types::FieldType,
};
use serde_json::json;

/// Repeatable chance (splitmix64, Steele, Lea, Flood 2014).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.draw() % bound.max(1) as u64) as usize
    }

    /// True in `percent` of cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.draw() % 100 < u64::from(percent)
    }

    pub fn id(&mut self) -> Id {
        Id::from_u128(u128::from(self.draw()) << 64 | u128::from(self.draw()))
    }
}

/// A small id that is easy to read in a failure.
pub fn id(n: u128) -> Id {
    Id::from_u128(n)
}

pub fn clock(ms: i64, device: u128) -> Clock {
    Clock { ms, counter: 0, device: id(device) }
}

/// A row as an import makes it, without author.
pub fn row(kind: &str, record: Id, fields: &[(&str, Value)]) -> Row {
    let mut row = Row::new(kind, record);
    row.created = Some(Created { first: Clock::ZERO, by: Id::nil(), last: Clock::ZERO });
    for (field, value) in fields {
        row.cells.insert((*field).to_owned(), Cell { value: value.clone(), clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
    }
    row
}

pub fn member(member: Id, role: &str, team: Option<Id>) -> Row {
    row(Member::KIND, member, &[("name", json!(format!("member {member}"))), ("role", json!(role)), ("team", json!(team))])
}

pub fn team(team: Id, manager: Id) -> Row {
    row(Team::KIND, team, &[("name", json!("team")), ("manager", json!(manager))])
}

pub fn account(account: Id, name: &str, owner: Id) -> Row {
    row(Account::KIND, account, &[("name", json!(name)), ("owner", json!(owner))])
}

/// An op of one write.
pub fn op(device: Id, n: u64, actor: Id, base_seq: u64, kind: &str, record: Id, act: Act) -> Op {
    let op_id = crate::ids::derived(device, &n.to_string());
    let writes = vec![Write { kind: kind.to_owned(), id: record, act }];
    Op { org: Id::nil(), device, n, op_id, actor, base_seq, schema: crate::Schema::VERSION, at: 0, writes }
}

pub fn set(field: &str, value: impl Into<Value>, clock: Clock) -> Act {
    Act::Set { field: field.to_owned(), value: value.into(), clock }
}

/// What a person could write into a field; none for references, and for what cannot be typed.
pub fn sample(field: &FieldSpec) -> Option<String> {
    let text = match &field.ty {
        FieldType::Reference(_) | FieldType::References(_) | FieldType::Attachment(_) | FieldType::Anything(_) => return None,
        FieldType::Choice(choice) => return Some(choice.options.first()?.id.to_string()),
        FieldType::Text(_) | FieldType::LongText(_) | FieldType::Tags(_) | FieldType::Address(_) => "明珠 12",
        FieldType::Integer(_) | FieldType::Decimal(_) => "12",
        FieldType::Money(_) => "12 CNY",
        FieldType::Boolean(_) => "yes",
        FieldType::Date(_) | FieldType::PartialDate(_) => "2026-11-24",
        FieldType::Due(_) | FieldType::Instant(_) => "2026-11-24 09:30",
        FieldType::Place(_) => "31.23, 121.47",
        FieldType::PersonName(_) => "王芳",
        FieldType::Phone(_) | FieldType::LabelledList(_) => "138 0000 0000",
        FieldType::OpeningHours(_) => "Mon-Fri 09:00-18:00",
        FieldType::QueryTree(_) => r#"{"from":"account"}"#,
        FieldType::Tiles(_) => "a overdue 1@0 list@0 half@0",
    };
    Some(text.to_owned())
}
