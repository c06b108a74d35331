//! What a user did: an op, made once on the device at the moment of acting and never changed in meaning afterwards.

use crate::{
    Clock, Id, Value,
    clock::Shift,
    ids,
    json::{Wrong, at, field, field_or_default, given},
    reads,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// One intention of a user on one or several records, which nobody ever sees half (sync.md, item 3).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Op {
    pub org: Id,
    pub device: Id,
    /// Dense per device, from 1.
    pub n: u64,
    pub op_id: Id,
    /// The member who acted.
    pub actor: Id,
    /// The feed's sequence number that the user had in front of him.
    pub base_seq: u64,
    /// The device's [`crate::Schema::VERSION`].
    pub schema: u32,
    /// The device's own time when it happened, UTC milliseconds, uncorrected: for audit only.
    pub at: i64,
    pub writes: Vec<Write>,
}

reads!(Op { org, device, n, op_id, actor, base_seq, schema, at, writes });

/// One change of one record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Write {
    pub kind: String,
    pub id: Id,
    #[serde(flatten)]
    pub act: Act,
}

reads!(Write, |value| Ok(Write { kind: field(value, "kind")?, id: field(value, "id")?, act: Act::from_json(value)? }));

/// What is changed. These names and shapes are stored and sent: add, never change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Brings a record into being, or back from deletion.
    Create {
        clock: Clock,
    },
    Set {
        field: String,
        value: Value,
        clock: Clock,
    },
    Add {
        field: String,
        element: Value,
        clock: Clock,
    },
    /// Removes an element; an addition that is not in `seen` (op ids of additions) survives.
    Remove {
        field: String,
        element: Value,
        clock: Clock,
        seen: Vec<Id>,
    },
    /// Takes what nobody has: the field, a reference to a member, names the actor if it names nobody when the server takes the
    /// op. Among several who had not seen each other the first to arrive has it, because a device's clock proves nothing.
    Claim {
        field: String,
        clock: Clock,
    },
    /// Replaces a long text that was `base` when the user began to edit it.
    Text {
        field: String,
        base: Value,
        value: Value,
        clock: Clock,
    },
    /// Deletes a record as it was when the user looked: `seen` is the clock of each field.
    Delete {
        clock: Clock,
        seen: BTreeMap<String, Clock>,
    },
}

reads!(Act, |value| {
    let (name, clock) = (field::<String>(value, "field"), field(value, "clock"));
    Ok(match at(value, "act").as_str() {
        Some("create") => Act::Create { clock: clock? },
        Some("set") => Act::Set { field: name?, value: given(value, "value")?, clock: clock? },
        Some("add") => Act::Add { field: name?, element: given(value, "element")?, clock: clock? },
        Some("remove") => {
            Act::Remove { field: name?, element: given(value, "element")?, clock: clock?, seen: field_or_default(value, "seen")? }
        }
        Some("claim") => Act::Claim { field: name?, clock: clock? },
        Some("text") => Act::Text { field: name?, base: field(value, "base")?, value: given(value, "value")?, clock: clock? },
        Some("delete") => Act::Delete { clock: clock?, seen: field_or_default(value, "seen")? },
        _ => return Err(Wrong::expected("an act")),
    })
});

impl Act {
    pub fn clock(&self) -> Clock {
        match self {
            Act::Create { clock }
            | Act::Set { clock, .. }
            | Act::Add { clock, .. }
            | Act::Remove { clock, .. }
            | Act::Claim { clock, .. }
            | Act::Text { clock, .. }
            | Act::Delete { clock, .. } => *clock,
        }
    }

    pub fn field(&self) -> Option<&str> {
        match self {
            Act::Create { .. } | Act::Delete { .. } => None,
            Act::Set { field, .. }
            | Act::Add { field, .. }
            | Act::Remove { field, .. }
            | Act::Claim { field, .. }
            | Act::Text { field, .. } => Some(field),
        }
    }

    /// Stamps an act that was made before its clock was allotted.
    pub fn set_clock(&mut self, stamp: Clock) {
        match self {
            Act::Create { clock }
            | Act::Set { clock, .. }
            | Act::Add { clock, .. }
            | Act::Remove { clock, .. }
            | Act::Claim { clock, .. }
            | Act::Text { clock, .. }
            | Act::Delete { clock, .. } => *clock = stamp,
        }
    }

    fn map_clocks(&mut self, map: impl Fn(Clock) -> Clock) {
        match self {
            Act::Create { clock }
            | Act::Set { clock, .. }
            | Act::Add { clock, .. }
            | Act::Remove { clock, .. }
            | Act::Claim { clock, .. }
            | Act::Text { clock, .. } => *clock = map(*clock),
            Act::Delete { clock, seen } => {
                *clock = map(*clock);
                seen.values_mut().for_each(|clock| *clock = map(*clock));
            }
        }
    }
}

impl Op {
    /// The newest clock of its writes.
    pub fn clock(&self) -> Clock {
        self.writes.iter().map(|write| write.act.clock()).max().unwrap_or(Clock::ZERO)
    }

    /// Moves the clocks of what a device with a wrong clock wrote, and of what it saw of itself.
    pub fn shift(&mut self, shift: &Shift) {
        self.writes.iter_mut().for_each(|write| write.act.map_clocks(|clock| shift.place(clock)));
    }

    /// Whether the device that sends the op minted the clock, under the id it has now or the one under which it acted.
    pub fn is_own(&self, clock: Clock) -> bool {
        [self.device, self.clock().device].contains(&clock.device)
    }

    /// Gives the op to another device: what a fork does with everything not yet acknowledged (sync.md, item 6).
    pub fn renumber(&mut self, device: Id, n: u64) {
        let old = std::mem::replace(&mut self.device, device);
        self.n = n;
        let map = |clock: Clock| if clock.device == old { Clock { device, ..clock } } else { clock };
        for write in &mut self.writes {
            write.act.map_clocks(map);
            if let Act::Delete { seen, .. } = &mut write.act {
                // What was seen of its own may be stored under the old id, under the new one, or under that of a clone that
                // sent it first: all of them were seen.
                seen.values_mut().filter(|clock| clock.device == device).for_each(|clock| clock.device = Id::max());
            }
        }
    }

    /// What the op says apart from its clocks, to tell a repetition from another op under the same number.
    pub fn fingerprint(&self) -> Id {
        let mut op = self.clone();
        op.writes.iter_mut().for_each(|write| write.act.map_clocks(|_| Clock::ZERO));
        let text = serde_json::to_string(&op.writes).unwrap_or_default();
        ids::derived(self.op_id, &text)
    }
}

/// What became of an op on the server. Stored and sent: add, never change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Applied,
    /// Applied, and some of it met what others did; the notices say what.
    Merged,
    /// It cannot be taken; the user's text stays in "needs attention".
    Rejected {
        code: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        field: Option<String>,
        message: String,
    },
    /// Kept on the server until somebody with the right decides.
    Parked {
        reason: String,
    },
}

reads!(Outcome, |value| {
    Ok(match at(value, "outcome").as_str() {
        Some("applied") => Outcome::Applied,
        Some("merged") => Outcome::Merged,
        Some("rejected") => {
            Outcome::Rejected { code: field(value, "code")?, field: field(value, "field")?, message: field(value, "message")? }
        }
        Some("parked") => Outcome::Parked { reason: field(value, "reason")? },
        _ => return Err(Wrong::expected("an outcome")),
    })
});

impl Outcome {
    pub fn is_taken(&self) -> bool {
        matches!(self, Outcome::Applied | Outcome::Merged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::FromJson;
    use serde_json::json;

    fn op() -> Op {
        let device = Id::from_u128(1);
        let clock = |ms| Clock { ms, counter: 0, device };
        let writes = vec![
            Write {
                kind: "account".into(),
                id: Id::from_u128(9),
                act: Act::Set { field: "name".into(), value: json!("A"), clock: clock(10) },
            },
            Write {
                kind: "account".into(),
                id: Id::from_u128(9),
                act: Act::Delete { clock: clock(1000), seen: [("name".to_owned(), clock(10))].into() },
            },
        ];
        Op { org: Id::nil(), device, n: 1, op_id: Id::from_u128(5), actor: Id::nil(), base_seq: 0, schema: 1, at: 0, writes }
    }

    #[test]
    fn only_clocks_beyond_the_limit_are_shifted() {
        let mut shifted = op();
        shifted.shift(&Shift { limit_ms: 500, by: vec![(600, -900)], ..Shift::default() });
        assert_eq!(shifted.clock().ms, 100);
        assert_eq!(shifted.writes[0].act.clock().ms, 10);
        assert_eq!(shifted.fingerprint(), op().fingerprint());
    }

    #[test]
    fn a_fork_takes_its_own_clocks_along() {
        let mut forked = op();
        forked.renumber(Id::from_u128(2), 7);
        assert_eq!((forked.n, forked.clock().device), (7, Id::from_u128(2)));
        let Act::Delete { seen, .. } = &forked.writes[1].act else { panic!() };
        let stored_by_a_clone = Clock { device: Id::from_u128(9), ..op().writes[0].act.clock() };
        assert!(seen["name"] >= stored_by_a_clone, "whoever has sent it");
        forked.renumber(Id::from_u128(0), 7);
        let Act::Delete { seen, .. } = &forked.writes[1].act else { panic!() };
        assert!(seen["name"] >= stored_by_a_clone, "and however often it forks");
    }

    #[test]
    fn an_act_without_its_value_is_none() {
        let cleared = json!({ "act": "set", "field": "name", "value": null, "clock": Clock::ZERO });
        assert!(matches!(Act::from_json(&cleared), Ok(Act::Set { value: Value::Null, .. })));
        let lacking = json!({ "act": "set", "field": "name", "clock": Clock::ZERO });
        assert_eq!(Act::from_json(&lacking).unwrap_err().to_string(), "value: expected a value");
    }

    #[test]
    fn the_stored_bytes_stay_as_they_are() {
        assert_eq!(
            serde_json::to_string(&op().writes[0]).unwrap(),
            r#"{"kind":"account","id":"00000000-0000-0000-0000-000000000009","act":"set","field":"name","value":"A","clock":"00000000000a-0000-00000000000000000000000000000001"}"#
        );
        assert_eq!(
            serde_json::to_string(&Act::Claim { field: "owner".into(), clock: Clock::ZERO }).unwrap(),
            r#"{"act":"claim","field":"owner","clock":"000000000000-0000-00000000000000000000000000000000"}"#
        );
        let rejected = Outcome::Rejected { code: "too_long".into(), field: Some("name".into()), message: "Shorten.".into() };
        assert_eq!(
            serde_json::to_string(&rejected).unwrap(),
            r#"{"outcome":"rejected","code":"too_long","field":"name","message":"Shorten."}"#
        );
    }
}
