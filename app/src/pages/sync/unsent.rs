use crate::components::flow::For;
use crate::{components::dot::Dot, format, paths, show, state::use_rounds, text::t_with};
use domain::{
    Id, Value,
    change::{Act, Op, Write},
    fold::lower,
    json::FromJson,
};
use leptos::prelude::*;

/// The actions that are not sent, as the export has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unsent {
    pub waiting: Vec<Op>,
    /// Those that the server would not take.
    pub refused: Vec<Op>,
}

impl Unsent {
    /// Reads an export; what cannot be read of it is not shown, and stays in the file.
    pub fn read(export: &str) -> Unsent {
        let export: Value = serde_json::from_str(export).unwrap_or_default();
        let ops = |part: &str| {
            let entries = export.get(part).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            entries.iter().filter_map(|entry| Op::from_json(entry.get("op")?).ok()).collect()
        };
        Unsent { waiting: ops("waiting"), refused: ops("needs_attention") }
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.refused.is_empty()
    }

    /// Whether an action that was not taken concerns one record only.
    pub fn is_simple(&self, op_id: Id) -> bool {
        let op = self.refused.iter().find(|op| op.op_id == op_id);
        op.is_some_and(|op| op.writes.iter().all(|write| write.id == op.writes[0].id && !matches!(write.act, Act::Delete { .. })))
    }
}

/// One line per action that waits: which record, what was done to it, when.
#[component]
pub fn WaitingRows(unsent: RwSignal<Unsent>) -> impl IntoView {
    let ops = move || unsent.with(|unsent| unsent.waiting.iter().rev().cloned().collect::<Vec<_>>());
    view! { <ul class="rows"><For each=ops key=|op| op.op_id children=|op| view! { <WaitingRow op/> }/></ul> }
}

#[component]
fn WaitingRow(op: Op) -> impl IntoView {
    let rounds = use_rounds();
    let Some(Write { kind, id, .. }) = op.writes.first().cloned() else { return ().into_any() };
    let at = op.at;
    let href = paths::record(&kind, id);
    let name = {
        let kind = kind.clone();
        move || {
            rounds
                .row(id)
                .with(|row| row.as_ref().map(|row| subject(row)))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| show::kind_label(&kind))
        }
    };
    view! {
        <li class="row">
            <a class="row-link" href=href>
                <span class="row-time"><time datetime=domain::time::print_instant(at)>{move || format::time(at)}</time></span>
                <span class="row-main">
                    <span class="row-name">{name}</span>
                    <span class="row-line">{move || done(&op)}</span>
                </span>
            </a>
            <Dot id/>
        </li>
    }
    .into_any()
}

/// A record's name, after its account's where it belongs to one.
fn subject(row: &domain::Row) -> String {
    let account = row.reference("account").map(|account| use_rounds().title(account)).unwrap_or_default();
    [account, show::name(row)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What an action did: "New follow-up", "Follow-up: Text, Outcome", "Follow-up deleted"; of several records each in turn.
fn done(op: &Op) -> String {
    let mut records: Vec<(&str, Id)> = op.writes.iter().map(|write| (write.kind.as_str(), write.id)).collect();
    records.dedup();
    let mut seen = std::collections::HashSet::new();
    records.retain(|(_, id)| seen.insert(*id));
    let one = |(kind, id): (&str, Id)| {
        let writes = || op.writes.iter().filter(move |write| write.id == id);
        let label = show::kind_label(kind);
        if writes().any(|write| matches!(write.act, Act::Create { .. })) {
            return t_with("sync.made", &[("kind", &lower(&label))]);
        }
        if writes().any(|write| matches!(write.act, Act::Delete { .. })) {
            return t_with("sync.deleted", &[("kind", &label)]);
        }
        let mut fields: Vec<String> =
            writes().filter_map(|write| write.act.field()).map(|field| show::field_label(kind, field)).collect();
        fields.dedup();
        format::labelled(&label, &format::joined(&fields))
    };
    records.into_iter().map(one).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Clock;
    use serde_json::json;

    fn op(id: u128, records: &[u128]) -> Op {
        let write = |record: &u128| Write {
            kind: "account".into(),
            id: Id::from_u128(*record),
            act: Act::Set { field: "name".into(), value: json!("A"), clock: Clock::ZERO },
        };
        Op {
            org: Id::nil(),
            device: Id::nil(),
            n: 1,
            op_id: Id::from_u128(id),
            actor: Id::nil(),
            base_seq: 0,
            schema: 1,
            at: 5,
            writes: records.iter().map(write).collect(),
        }
    }

    #[test]
    fn the_export_is_read_back_and_its_unknown_parts_are_left_alone() {
        let export = json!({ "waiting": [{ "op": op(1, &[1]) }, { "op": 7 }], "needs_attention": [{ "op": op(2, &[1, 2]), "outcome": {} }, { "op": op(3, &[1, 1]) }] });
        let unsent = Unsent::read(&export.to_string());
        assert_eq!((unsent.waiting.len(), unsent.refused.len()), (1, 2));
        assert!(!unsent.is_simple(Id::from_u128(2)), "it touches two records");
        assert!(unsent.is_simple(Id::from_u128(3)));
        assert_eq!(Unsent::read("[]"), Unsent::default());
        assert!(Unsent::read("no JSON").is_empty());
    }
}
