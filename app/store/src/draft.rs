//! What a user does, before it becomes an op: the wanted values, from which the writes are worked out.

use domain::{
    Clock, Id, Row, Schema, Value,
    change::{Act, Write},
    types::MergeRule,
};
use serde::{Deserialize, Serialize};

/// Edits that become one op: all of them or none are ever seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    edits: Vec<(String, Id, Edit)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Edit {
    Create,
    Put { field: String, value: Value, base: Option<Value> },
    Claim { field: String },
    Delete,
}

impl Draft {
    pub fn new() -> Draft {
        Draft::default()
    }

    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    fn with(mut self, kind: &str, id: Id, edit: Edit) -> Draft {
        self.edits.push((kind.to_owned(), id, edit));
        self
    }

    pub fn create(self, kind: &str, id: Id) -> Draft {
        self.with(kind, id, Edit::Create)
    }

    /// Sets a field; `null` clears it, a set takes its whole array, an unchanged value makes no write.
    pub fn put(self, kind: &str, id: Id, field: &str, value: Value) -> Draft {
        self.with(kind, id, Edit::Put { field: field.to_owned(), value, base: None })
    }

    /// Sets a long text that was `base` when the user began to edit it, so that colleagues' paragraphs survive.
    pub fn put_text(self, kind: &str, id: Id, field: &str, base: Value, value: Value) -> Draft {
        self.with(kind, id, Edit::Put { field: field.to_owned(), value, base: Some(base) })
    }

    /// Takes what nobody has: `field` will name the user, unless a colleague comes first.
    pub fn claim(self, kind: &str, id: Id, field: &str) -> Draft {
        self.with(kind, id, Edit::Claim { field: field.to_owned() })
    }

    pub fn delete(self, kind: &str, id: Id) -> Draft {
        self.with(kind, id, Edit::Delete)
    }

    /// Brings a deleted record back.
    pub fn restore(self, kind: &str, id: Id) -> Draft {
        self.create(kind, id)
    }

    /// The edits and then those of `other`.
    pub fn and(mut self, other: Draft) -> Draft {
        self.edits.extend(other.edits);
        self
    }

    /// The writes that turn what `row_of` shows into what is wanted, without clocks, and the draft that undoes them.
    pub fn writes<'a>(&self, schema: &Schema, row_of: impl Fn(Id) -> Option<&'a Row>) -> (Vec<Write>, Draft) {
        let (mut writes, mut undo) = (Vec::new(), Draft::new());
        for (kind, id, edit) in &self.edits {
            let row = row_of(*id);
            let mut push = |act: Act| writes.push(Write { kind: kind.clone(), id: *id, act });
            match edit {
                Edit::Create => {
                    push(Act::Create { clock: Clock::ZERO });
                    undo = Draft::new().delete(kind, *id).and(undo);
                }
                Edit::Delete => {
                    push(Act::Delete { clock: Clock::ZERO, seen: row.map(|row| row.clocks()).unwrap_or_default() });
                    undo = Draft::new().restore(kind, *id).and(undo);
                }
                Edit::Claim { field } => {
                    push(Act::Claim { field: field.clone(), clock: Clock::ZERO });
                    undo = Draft::new().put(kind, *id, field, Value::Null).and(undo);
                }
                Edit::Put { field, value, base } => {
                    let before = row.map_or(Value::Null, |row| row.value(field));
                    if before == *value {
                        continue;
                    }
                    let rule = schema.field(kind, field).map_or(MergeRule::Register, |field| field.ty.merge_rule());
                    let acts = acts(field, &before, value, base.as_ref(), rule, row);
                    // Of a set only what is changed here is taken back, whatever comes into it or goes from it later.
                    let base = (rule == MergeRule::Set).then(|| after(&before, &acts));
                    acts.into_iter().for_each(&mut push);
                    let is_new = self.edits.iter().any(|(_, other, edit)| other == id && *edit == Edit::Create);
                    if !is_new {
                        undo = Draft::new().with(kind, *id, Edit::Put { field: field.clone(), value: before, base }).and(undo);
                    }
                }
            }
        }
        (writes, undo)
    }
}

fn acts(field: &str, before: &Value, value: &Value, base: Option<&Value>, rule: MergeRule, row: Option<&Row>) -> Vec<Act> {
    let (field, clock) = (field.to_owned(), Clock::ZERO);
    match rule {
        MergeRule::Register => vec![Act::Set { field, value: value.clone(), clock }],
        MergeRule::Text => vec![Act::Text { field, base: base.unwrap_or(before).clone(), value: value.clone(), clock }],
        MergeRule::Set => {
            let elements = |value: &Value| value.as_array().cloned().unwrap_or_default();
            let (held, old, new) = (elements(before), elements(base.unwrap_or(before)), elements(value));
            let removed = old.iter().filter(|element| !new.contains(element) && held.contains(element)).map(|element| {
                let seen = row.map(|row| row.additions(&field, element)).unwrap_or_default();
                Act::Remove { field: field.clone(), element: element.clone(), clock, seen }
            });
            let added = new.iter().filter(|element| !old.contains(element) && !held.contains(element)).map(|element| Act::Add {
                field: field.clone(),
                element: element.clone(),
                clock,
            });
            removed.chain(added).collect()
        }
    }
}

/// What a set has when these acts are done.
fn after(before: &Value, acts: &[Act]) -> Value {
    let mut elements = before.as_array().cloned().unwrap_or_default();
    for act in acts {
        match act {
            Act::Add { element, .. } => elements.push(element.clone()),
            Act::Remove { element: gone, .. } => elements.retain(|element| element != gone),
            _ => {}
        }
    }
    Value::Array(elements)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{records::schema, testing};
    use serde_json::json;

    fn elements(row: &Row) -> Vec<&str> {
        row.elements("tags").into_iter().filter_map(Value::as_str).collect()
    }

    #[test]
    fn undoing_a_change_of_a_set_leaves_what_was_changed_since() {
        let (schema, me, id) = (schema(), Id::from_u128(1), Id::from_u128(2));
        let mut row = Row::new("account", id);
        let mut n = 0;
        let mut save = |row: &mut Row, draft: &Draft| {
            let (writes, undo) = draft.writes(&schema, |_| Some(&*row));
            for mut write in writes {
                n += 1;
                write.act.set_clock(testing::clock(n, 1));
                let op = testing::op(me, n.unsigned_abs(), me, 0, "account", id, write.act.clone());
                row.apply(&op, &write.act, 0);
            }
            undo
        };
        let put = |tags: Value| Draft::new().put("account", id, "tags", tags);
        save(&mut row, &put(json!(["a", "b", "c"])));
        let keep_b = save(&mut row, &put(json!(["a", "c"])));
        let keep_c = save(&mut row, &put(json!(["a"])));
        save(&mut row, &put(json!(["a", "d"])));
        let again = save(&mut row, &keep_b);
        assert_eq!(elements(&row), ["a", "b", "d"], "c was taken away since, d came");
        save(&mut row, &keep_c);
        assert_eq!(elements(&row), ["a", "b", "c", "d"]);
        save(&mut row, &again);
        assert_eq!(elements(&row), ["a", "c", "d"], "an undo can be undone");
        // What is so already is not written again.
        assert!(keep_c.writes(&schema, |_| Some(&row)).0.is_empty());
    }
}
