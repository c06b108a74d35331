//! Which accounts a list shows and in what order: pure, over rows.

use crate::agenda::{AccountFacts, FactsByAccount};
use domain::{FieldSpec, Id, KindSpec, Row, Value, sorting::SharedSort, spec::Place};
use std::{cmp::Ordering, sync::Arc};

/// The chips that are pressed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chips {
    /// Ids of options; `None` lets all pass.
    pub stage: Option<String>,
    pub grade: Option<String>,
    pub owner: Option<Id>,
    pub no_next: bool,
    /// In the pool: nobody's.
    pub pool: bool,
}

impl Chips {
    pub fn is_empty(&self) -> bool {
        *self == Chips::default()
    }

    pub fn let_pass(&self, account: &Row, facts: &FactsByAccount) -> bool {
        let is = |wanted: &Option<String>, field: &str| wanted.as_ref().is_none_or(|wanted| account.text(field) == wanted);
        let planned = || facts.get(&account.id).is_some_and(|facts| facts.next.is_some());
        is(&self.stage, "stage")
            && is(&self.grade, "grade")
            && self.owner.is_none_or(|owner| account.reference("owner") == Some(owner))
            && !(self.no_next && planned())
            && (!self.pool || is_pooled(account))
    }
}

/// Whether an account is nobody's: whoever sees it may claim it.
pub fn is_pooled(account: &Row) -> bool {
    !account.has("owner")
}

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    NextFollowUp,
    LastContact,
    Name,
    /// An indexed field.
    Field(&'static str),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    pub by: By,
    /// What has nothing to be sorted by comes last all the same.
    pub reversed: bool,
}

/// The fields that a list of a kind can be sorted by, besides its title.
pub fn sortable(kind: &KindSpec) -> impl Iterator<Item = &FieldSpec> {
    kind.fields.iter().filter(|field| field.indexed && field.place != Place::Hidden && field.name != kind.title)
}

/// Sorts accounts that are already in the order of their names. `text_of` is what is shown of a field that refers.
pub fn sort(
    order: Order,
    accounts: &mut [Arc<Row>],
    facts: &FactsByAccount,
    kind: &KindSpec,
    text_of: &dyn Fn(&Row, &str) -> String,
) {
    let of = |row: &Row| facts.get(&row.id);
    let directed = |ordering: Ordering| if order.reversed { ordering.reverse() } else { ordering };
    match order.by {
        By::NextFollowUp => accounts.shared_sort_by(|a, b| {
            let due = |row: &Arc<Row>| of(row).and_then(|facts| facts.next_due()).filter(|due| !due.is_empty());
            due(a).is_none().cmp(&due(b).is_none()).then_with(|| directed(due(a).cmp(&due(b))))
        }),
        By::LastContact => accounts.shared_sort_by(|a, b| {
            let last = |row: &Arc<Row>| of(row).and_then(|facts| facts.last_contact());
            last(a).is_none().cmp(&last(b).is_none()).then_with(|| directed(last(b).cmp(&last(a))))
        }),
        By::Name if order.reversed => accounts.reverse(),
        By::Name => {}
        By::Field(field) => {
            let Some(spec) = kind.field(field) else { return };
            let refers = spec.ty.refers_to().is_some();
            // What is compared is worked out once for each, not for each pair.
            let mut keyed: Vec<(Arc<Row>, Value)> = accounts
                .iter()
                .map(|row| (row.clone(), if refers { shown(text_of(row, field)) } else { row.value(field) }))
                .collect();
            keyed.shared_sort_by(|(_, a), (_, b)| {
                let compared = if refers { compare_texts(a, b) } else { spec.ty.rules().compare(a, b) };
                a.is_null().cmp(&b.is_null()).then_with(|| directed(compared))
            });
            accounts.iter_mut().zip(keyed).for_each(|(place, (row, _))| *place = row);
        }
    }
}

fn shown(text: String) -> Value {
    if text.is_empty() { Value::Null } else { Value::String(text) }
}

fn compare_texts(a: &Value, b: &Value) -> Ordering {
    a.as_str().cmp(&b.as_str())
}

/// When something is due, for the heading it stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Overdue,
    Today,
    /// In the seven days from today.
    Soon,
    Later,
    Undated,
    Never,
}

/// Under which heading an account stands by its next follow-up; `days_from_today` reads a day.
pub fn when(facts: Option<&AccountFacts>, days_from_today: &dyn Fn(&str) -> Option<i64>) -> When {
    match facts.and_then(AccountFacts::next_due) {
        None => When::Never,
        Some(due) => match days_from_today(due) {
            None => When::Undated,
            Some(..0) => When::Overdue,
            Some(0) => When::Today,
            Some(1..7) => When::Soon,
            Some(_) => When::Later,
        },
    }
}

/// Where each run of equal headings starts; none at all where there would be more headings than a list is easier to read with.
pub fn groups<L: PartialEq>(of: impl Iterator<Item = L>) -> Vec<(usize, L)> {
    let (mut groups, mut count) = (Vec::<(usize, L)>::new(), 0);
    for (at, label) in of.enumerate() {
        count = at + 1;
        if groups.last().is_none_or(|(_, last)| *last != label) {
            groups.push((at, label));
        }
    }
    if groups.len() < 2 || groups.len() * 2 > count { Vec::new() } else { groups }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda;
    use domain::{Clock, row::Cell};
    use serde_json::json;

    fn row<const N: usize>(kind: &str, id: u128, fields: [(&str, Value); N]) -> Arc<Row> {
        let mut row = Row::new(kind, Id::from_u128(id));
        for (field, value) in fields {
            row.cells.insert(field.to_owned(), Cell { value, clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        }
        Arc::new(row)
    }

    fn facts() -> FactsByAccount {
        let follow_up = |id, account: u128, field, value| {
            row("follow_up", id, [("account", Id::from_u128(account).to_string().into()), (field, value)])
        };
        agenda::facts(&[
            follow_up(10, 1, "due", "2026-11-30".into()),
            follow_up(11, 2, "due", "2026-11-24".into()),
            follow_up(12, 3, "done_at", 5.into()),
        ])
    }

    #[test]
    fn the_next_due_comes_first_and_names_decide_among_equals() {
        let mut accounts = [1, 2, 3, 4].map(|id| row("account", id, []));
        let ids = |accounts: &[Arc<Row>]| accounts.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>();
        let (schema, facts) = (domain::records::schema(), facts());
        let mut sorted = |by, reversed| {
            sort(Order { by, reversed }, &mut accounts, &facts, schema.kind("account").unwrap(), &|_, _| String::new());
            ids(&accounts)
        };
        assert_eq!(sorted(By::NextFollowUp, false), [2, 1, 3, 4]);
        assert_eq!(sorted(By::LastContact, false), [3, 2, 1, 4]);
        assert_eq!(sorted(By::NextFollowUp, true), [1, 2, 3, 4], "what is not planned comes last either way");
        assert_eq!(sorted(By::Name, true), [4, 3, 2, 1]);
    }

    #[test]
    fn an_indexed_field_sorts_as_its_type_does_and_what_has_none_comes_last() {
        let schema = domain::records::schema();
        let kind = schema.kind("account").unwrap();
        let names = |id: u128| ["", "Wei", "", "Ann"][id as usize % 4];
        let owned = |id: u128| json!(Id::from_u128(id));
        let mut accounts = [("customer", 1), ("potential", 2), ("lost", 3), ("", 4), ("engaged", 5)].map(|(stage, id)| {
            row("account", id, [("stage", if stage.is_empty() { Value::Null } else { stage.into() }), ("owner", owned(id))])
        });
        let mut sorted = |by, reversed| {
            let text_of =
                |row: &Row, _: &str| row.reference("owner").map(|owner| names(owner.as_u128()).to_owned()).unwrap_or_default();
            sort(Order { by, reversed }, &mut accounts, &FactsByAccount::default(), kind, &text_of);
            accounts.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(sorted(By::Field("stage"), false), [2, 5, 1, 3, 4]);
        assert_eq!(sorted(By::Field("stage"), true), [3, 1, 5, 2, 4]);
        assert_eq!(sorted(By::Field("owner"), false)[..3], [3, 1, 5]);
        let names: Vec<&str> = sortable(kind).map(|field| field.name.as_ref()).collect();
        assert!(names.contains(&"stage") && !names.contains(&"name") && !names.contains(&"merged_into"), "{names:?}");
    }

    #[test]
    fn equal_neighbours_are_a_group_unless_nearly_all_differ() {
        assert_eq!(groups("aaabbb".chars()), [(0, 'a'), (3, 'b')]);
        assert_eq!(groups("abcd".chars()), []);
        assert_eq!(groups("aaaa".chars()), [], "one heading over everything says nothing");
        let days = |text: &str| text.parse::<i64>().ok();
        let facts = |due: &str| {
            let mut facts = agenda::facts(&[row("follow_up", 9, [("account", json!(Id::from_u128(1))), ("due", due.into())])]);
            facts.remove(&Id::from_u128(1)).unwrap()
        };
        let of = |due: &str| when(Some(&facts(due)), &days);
        assert_eq!(["-3", "0", "6", "7"].map(of), [When::Overdue, When::Today, When::Soon, When::Later]);
        assert_eq!(when(None, &days), When::Never);
    }

    #[test]
    fn every_pressed_chip_must_hold() {
        let owner = Id::from_u128(7);
        let account = row("account", 1, [("stage", "customer".into()), ("owner", owner.to_string().into())]);
        let facts = facts();
        let passes = |chips: Chips| chips.let_pass(&account, &facts);
        assert!(passes(Chips::default()));
        assert!(passes(Chips { stage: Some("customer".into()), owner: Some(owner), ..Chips::default() }));
        assert!(!passes(Chips { stage: Some("customer".into()), grade: Some("a".into()), ..Chips::default() }));
        assert!(!passes(Chips { no_next: true, ..Chips::default() }));
        assert!(!passes(Chips { pool: true, ..Chips::default() }));
        assert!(Chips { pool: true, ..Chips::default() }.let_pass(&row("account", 2, []), &facts));
    }
}
