//! Merging two accounts as one action, and undoing it: pure, over rows.

use crate::state::Draft;
use domain::{Id, KindSpec, Row, Value, merging::MERGED_INTO, records::Account, spec::Place, types::MergeRule};
use serde_json::json;
use std::sync::Arc;

/// `from` gives way to `into`, which takes over what it lacks; whoever works on `from` works on both from then on.
pub fn merge(kind: &KindSpec, from: &Row, into: &Row) -> Draft {
    let mut draft = Draft::new().put(Account::KIND, from.id, MERGED_INTO, json!(into.id));
    for field in kind.fields.iter().filter(|field| field.place != Place::Hidden) {
        let (mut has, mut gives) = (into.value(&field.name), from.value(&field.name));
        if field.ty.merge_rule() == MergeRule::Set {
            let mut all: Vec<Value> = into.each(&field.name).chain(from.each(&field.name)).cloned().collect();
            if field.name == "collaborators" && into.get("owner").is_some() {
                all.extend(from.get("owner").filter(|owner| into.get("owner") != Some(owner)).cloned());
            }
            let mut united: Vec<Value> = Vec::new();
            all.into_iter().for_each(|one| {
                if !united.contains(&one) {
                    united.push(one)
                }
            });
            (has, gives) = (Value::Null, if united.is_empty() { Value::Null } else { Value::Array(united) });
        }
        // An account is not its own parent.
        if has.is_null() && !gives.is_null() && gives != json!(into.id) {
            draft = draft.put(Account::KIND, into.id, &field.name, gives);
        }
    }
    draft
}

/// Takes a merge back: what the survivor was given by the same action, and nobody has changed since, it gives back. One action
/// is told by its clock.
pub fn undo(kind: &KindSpec, from: &Row, into: &Row) -> Draft {
    let draft = Draft::new().put(Account::KIND, from.id, MERGED_INTO, Value::Null);
    let Some(merged) = from.cells.get(MERGED_INTO).map(|cell| cell.clock) else { return draft };
    kind.fields.iter().fold(draft, |draft, field| {
        let was_given = into.cells.get(field.name.as_ref()).is_some_and(|cell| cell.clock == merged);
        let kept: Option<Vec<Value>> = into.sets.get(field.name.as_ref()).map(|set| {
            let own = |one: &&Value| set.get(&one.to_string()).is_none_or(|one| one.added.values().all(|clock| *clock != merged));
            into.elements(&field.name).into_iter().filter(own).cloned().collect()
        });
        match kept {
            Some(kept) => draft.put(Account::KIND, into.id, &field.name, json!(kept)),
            None if was_given => draft.put(Account::KIND, into.id, &field.name, Value::Null),
            None => draft,
        }
    })
}

/// Who decides about two accounts where not everybody sees both: the manager of both owners, else the administrators.
pub fn deciders(owners: [Option<Id>; 2], members: &[Arc<Row>], teams: &[Arc<Row>]) -> Vec<Id> {
    let of = |rows: &[Arc<Row>], id: Id, field: &str| rows.iter().find(|row| row.id == id)?.reference(field);
    let [one, other] = owners.map(|owner| of(teams, of(members, owner?, "team")?, "manager"));
    match one.filter(|_| one == other) {
        Some(manager) => vec![manager],
        None => members.iter().filter(|row| row.text("role") == "administrator").map(|row| row.id).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        records,
        testing::{account, clock, id, member, op, row, team},
    };
    use std::collections::BTreeMap;

    const FROM: u128 = 1;
    const INTO: u128 = 2;
    const ANN: u128 = 7;
    const BOB: u128 = 8;

    /// The rows after a draft was saved at `ms`.
    fn saved(rows: &BTreeMap<Id, Row>, draft: &Draft, ms: i64) -> BTreeMap<Id, Row> {
        let (mut rows, schema) = (rows.clone(), records::schema());
        let (writes, _) = draft.writes(&schema, |id| rows.get(&id));
        for mut write in writes {
            write.act.set_clock(clock(ms, 1));
            let by = op(id(1), ms as u64, id(ANN), 0, &write.kind, write.id, write.act.clone());
            rows.get_mut(&write.id).unwrap().apply(&by, &write.act, 1);
        }
        rows
    }

    fn two() -> BTreeMap<Id, Row> {
        let with = |mut row: Row, fields: &[(&str, Value)]| {
            for (field, value) in fields {
                let cell = domain::row::Cell { value: value.clone(), ..row.cells["name"].clone() };
                row.cells.insert((*field).to_owned(), cell);
            }
            row
        };
        let from = with(
            account(id(FROM), "Acme Ltd", id(ANN)),
            &[("industry", json!("medical")), ("note", json!("ring twice")), ("parent", json!(id(INTO)))],
        );
        let into = with(account(id(INTO), "ACME", id(BOB)), &[("industry", json!("metal"))]);
        let rows = BTreeMap::from([(from.id, from), (into.id, into)]);
        let tags =
            Draft::new().put("account", id(FROM), "tags", json!(["a", "b"])).put("account", id(INTO), "tags", json!(["b"]));
        saved(&rows, &tags, 5)
    }

    fn plain(row: &Row) -> BTreeMap<String, Value> {
        row.body().into_iter().collect()
    }

    #[test]
    fn the_survivor_takes_what_it_lacks_and_undoing_gives_exactly_that_back() {
        let (before, schema) = (two(), records::schema());
        let kind = schema.kind("account").unwrap();
        let merged = saved(&before, &merge(kind, &before[&id(FROM)], &before[&id(INTO)]), 10);
        let into = &merged[&id(INTO)];
        assert_eq!([into.text("name"), into.text("industry"), into.text("note")], ["ACME", "metal", "ring twice"]);
        assert_eq!((into.value("tags"), into.value("collaborators")), (json!(["a", "b"]), json!([id(ANN)])));
        assert_eq!((into.reference("owner"), into.reference("parent")), (Some(id(BOB)), None));

        let undone = saved(&merged, &undo(kind, &merged[&id(FROM)], into), 20);
        for n in [FROM, INTO] {
            assert_eq!(plain(&undone[&id(n)]), plain(&before[&id(n)]));
        }
        // What somebody changed since is his.
        let edited = saved(&merged, &Draft::new().put("account", id(INTO), "note", json!("ring once")), 15);
        let undone = saved(&edited, &undo(kind, &edited[&id(FROM)], &edited[&id(INTO)]), 20);
        assert_eq!(undone[&id(INTO)].text("note"), "ring once");
    }

    #[test]
    fn an_account_that_is_nobodys_gets_the_owner() {
        let (before, schema) = (two(), records::schema());
        let mut free = before[&id(INTO)].clone();
        free.cells.remove("owner");
        let rows = BTreeMap::from([(id(FROM), before[&id(FROM)].clone()), (id(INTO), free)]);
        let merged = saved(&rows, &merge(schema.kind("account").unwrap(), &rows[&id(FROM)], &rows[&id(INTO)]), 10);
        let into = &merged[&id(INTO)];
        assert_eq!((into.reference("owner"), into.value("collaborators")), (Some(id(ANN)), Value::Null));
    }

    #[test]
    fn the_manager_of_both_decides_else_the_administrators() {
        let members =
            [member(id(ANN), "rep", Some(id(9))), member(id(BOB), "rep", Some(id(9))), member(id(3), "administrator", None)];
        let members: Vec<Arc<Row>> = members.into_iter().map(Arc::new).collect();
        let teams = [Arc::new(team(id(9), id(4)))];
        assert_eq!(deciders([Some(id(ANN)), Some(id(BOB))], &members, &teams), [id(4)]);
        assert_eq!(deciders([Some(id(ANN)), None], &members, &teams), [id(3)]);
        assert!(deciders([None, None], &[Arc::new(row("member", id(5), &[]))], &teams).is_empty());
    }
}
