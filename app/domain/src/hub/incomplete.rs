//! Fields made mandatory after an app was built (sync.md, item 18): what such an app sends is taken, never refused, and
//! whoever owns the record is asked to fill the field in, once; the notice counts as read as soon as somebody has.
//!
//! What an app of this schema sends is its own form's business.

use super::{PENDING, scope};
use crate::{
    Clock, FieldSpec, Id, KindSpec, Row, Schema,
    change::Op,
    ids,
    records::Notice,
    row::{Cell, Created},
    spec::Writers,
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The ids of the notices that an op may call for or settle.
pub fn notices(op: &Op, schema: &Schema) -> BTreeSet<Id> {
    let mut found = BTreeSet::new();
    for write in &op.writes {
        let touched = |field: &&FieldSpec| is_older(op) || write.act.field() == Some(&field.name);
        let fields = schema.kind(&write.kind).into_iter().flat_map(required);
        found.extend(fields.filter(touched).map(|field| notice_id(write.id, field)));
    }
    found
}

/// The notices as they are after an op: new ones for what it left empty, those of filled fields read. `rows` are the
/// op's records after it, `stored` has the notices that [`notices`] names where they exist.
pub fn tell(op: &Op, now: i64, schema: &Schema, rows: &BTreeMap<Id, Row>, stored: &BTreeMap<Id, Row>) -> Vec<Row> {
    let mut told = Vec::new();
    for row in rows.values() {
        for field in schema.kind(&row.kind).into_iter().flat_map(required) {
            let is_missing = row.is_alive() && row.value(&field.name).is_null();
            match stored.get(&notice_id(row.id, field)) {
                None if is_missing && is_older(op) => told.push(notice(row, field, op, schema, now)),
                Some(notice) if !is_missing && Notice(notice).read() != Some(true) => {
                    let mut notice = notice.clone();
                    put(&mut notice, "read", json!(true), now);
                    told.push(notice);
                }
                _ => {}
            }
        }
    }
    told
}

fn is_older(op: &Op) -> bool {
    op.schema < Schema::VERSION
}

/// The required fields of a kind that people write.
fn required(kind: &KindSpec) -> impl Iterator<Item = &FieldSpec> {
    kind.fields.iter().filter(|field| field.required && kind.writers != Writers::System)
}

/// One notice per record and field, whatever the op: it is told once.
fn notice_id(record: Id, field: &FieldSpec) -> Id {
    ids::derived(record, &format!("incomplete:{}", field.name))
}

fn notice(row: &Row, field: &FieldSpec, op: &Op, schema: &Schema, now: i64) -> Row {
    let mut notice = Row::new(Notice::KIND, notice_id(row.id, field));
    let at = time(now);
    notice.created = Some(Created { first: at, by: Id::nil(), last: at });
    let told = [
        ("recipient", json!(owner(row, schema).unwrap_or(op.actor))),
        ("reason", json!("incomplete")),
        ("record", json!(row.id)),
        ("record_kind", json!(row.kind)),
        ("field", json!(field.name)),
    ];
    told.into_iter().for_each(|(name, value)| put(&mut notice, name, value, now));
    notice
}

/// Whom the record belongs to: the one member it names as such, else its author.
fn owner(row: &Row, schema: &Schema) -> Option<Id> {
    let author = row.created.as_ref().map(|created| created.by).filter(|author| !author.is_nil());
    scope::owner(row, schema).or(author)
}

fn time(now: i64) -> Clock {
    Clock { ms: now, counter: 0, device: Id::nil() }
}

fn put(notice: &mut Row, field: &str, value: Value, now: i64) {
    notice.cells.insert(field.to_owned(), Cell { value, clock: time(now), actor: Id::nil(), seq: PENDING });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        change::{Act, Outcome, Write},
        hub::{
            memory::MemoryHub,
            tests::{ACCOUNT, Device, MANAGER, NOW, REP, company},
        },
        records::{Account, Contact},
        testing::{clock, id, op, set},
    };

    const CONTACT: u128 = 40;

    fn open(hub: &MemoryHub) -> Vec<(Id, String)> {
        let of = |row: &&Row| row.text("reason") == "incomplete" && Notice(*row).read() != Some(true);
        let named = |row: &Row| (row.reference("recipient").unwrap(), row.text("field").to_owned());
        hub.rows.values().filter(of).map(named).collect()
    }

    /// A contact without the name that is required now.
    fn nameless(device: &Device, n: u64, schema: u32) -> Op {
        let mut made = op(device.id, n, id(REP), 1, Contact::KIND, id(CONTACT), Act::Create { clock: clock(NOW, REP) });
        let act = set("account", json!(id(ACCOUNT)), clock(NOW, REP));
        made.writes.push(Write { kind: Contact::KIND.into(), id: id(CONTACT), act });
        Op { schema, ..made }
    }

    #[test]
    fn an_older_record_without_a_required_field_is_taken_and_asked_for_once() {
        let (mut hub, mut rep, mut manager) = (company(), Device::of(REP), Device::of(MANAGER));
        let made = nameless(&rep, 1, 0);
        let title = set("title", "buyer", clock(NOW + 1, REP));
        let again = Op { schema: 0, ..op(rep.id, 2, id(REP), 1, Contact::KIND, id(CONTACT), title) };
        let answer = rep.sync(&mut hub, vec![made, again]);
        assert!(answer.acks.iter().all(|ack| ack.outcome == Outcome::Applied), "{:?}", answer.acks);
        assert!(answer.rows.iter().any(|row| row.text("reason") == "incomplete"), "it comes with the next pull");
        assert_eq!(open(&hub), [(id(REP), "name".to_owned())]);

        manager.sync(&mut hub, Vec::new());
        let name = set("name", json!({ "family": "王", "given": "芳" }), clock(NOW + 2, MANAGER));
        let fill = op(manager.id, 1, id(MANAGER), hub.seq, Contact::KIND, id(CONTACT), name);
        let filled = manager.sync(&mut hub, vec![fill]);
        assert_eq!(filled.acks[0].outcome, Outcome::Applied);
        assert_eq!(open(&hub), [], "whoever fills it settles it");
    }

    #[test]
    fn an_account_is_asked_of_its_owner() {
        let (mut hub, manager) = (company(), Device::of(MANAGER));
        let empty = op(manager.id, 1, id(MANAGER), 1, Account::KIND, id(ACCOUNT), set("name", Value::Null, clock(NOW, MANAGER)));
        manager.ask(&mut hub, vec![Op { schema: 0, ..empty }]).unwrap();
        assert_eq!(open(&hub), [(id(REP), "name".to_owned())]);
    }

    #[test]
    fn what_this_schemas_own_form_let_through_asks_nobody() {
        let (mut hub, mut rep) = (company(), Device::of(REP));
        let made = nameless(&rep, 1, Schema::VERSION);
        assert_eq!(rep.sync(&mut hub, vec![made]).acks[0].outcome, Outcome::Applied);
        assert_eq!(open(&hub), []);
    }
}
