//! Choosing several rows of a list, to do one thing to all of them.

use crate::components::flow::memo;
use domain::Id;
use leptos::prelude::*;
use std::{collections::HashSet, sync::Arc};

/// Which rows are chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Chosen {
    ids: HashSet<Id>,
    /// The row chosen last: where a range starts.
    anchor: Option<Id>,
}

impl Chosen {
    fn toggle(&mut self, id: Id) {
        if !self.ids.remove(&id) {
            self.ids.insert(id);
        }
        self.anchor = Some(id);
    }

    /// Chooses all from the last row that was chosen to this one.
    fn extend(&mut self, to: Id, shown: &[Id]) {
        let place = |id: Id| shown.iter().position(|one| *one == id);
        match (self.anchor.and_then(place), place(to)) {
            (Some(a), Some(b)) => self.ids.extend(&shown[a.min(b)..=a.max(b)]),
            _ => _ = self.ids.insert(to),
        }
        self.anchor = Some(to);
    }

    /// What is not shown any more is not chosen any more: nobody changes what he does not see.
    fn keep(&mut self, shown: &[Id]) {
        let shown: HashSet<Id> = shown.iter().copied().collect();
        self.ids.retain(|id| shown.contains(id));
    }
}

/// The choice in one list; copy handle from context, which only lists have whose rows can be chosen.
#[derive(Clone, Copy)]
pub struct Selection {
    pub kind: &'static str,
    /// None while nobody chooses.
    chosen: RwSignal<Option<Chosen>>,
    shown: Memo<Arc<Vec<Id>>>,
}

impl Selection {
    /// For a list of records of one kind.
    pub fn provide(kind: &'static str, shown: Memo<Arc<Vec<Id>>>) -> Selection {
        let selection = Selection { kind, chosen: RwSignal::new(None), shown };
        Effect::new(move || {
            let shown = shown.get();
            if untrack(|| selection.is_on()) {
                selection.chosen.update(|chosen| chosen.iter_mut().for_each(|chosen| chosen.keep(&shown)));
            }
        });
        provide_context(selection);
        selection
    }

    /// Whether somebody is choosing; reactive. A row may still ask when its list is gone.
    pub fn is_on(self) -> bool {
        self.chosen.try_with(Option::is_some).unwrap_or_default()
    }

    /// Whether a row is chosen; reactive.
    pub fn has(self, id: Id) -> bool {
        self.chosen.try_with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.ids.contains(&id))).unwrap_or_default()
    }

    /// How many are chosen; reactive.
    pub fn count(self) -> Memo<u64> {
        memo(move || {
            self.chosen.try_with(|chosen| chosen.as_ref().map_or(0, |chosen| chosen.ids.len() as u64)).unwrap_or_default()
        })
    }

    /// How many could be; reactive.
    pub fn of(self) -> u64 {
        self.shown.try_with(|shown| shown.len() as u64).unwrap_or_default()
    }

    /// The rows chosen, in the order of the list.
    pub fn ids(self) -> Vec<Id> {
        let is_chosen =
            |chosen: &Chosen| self.shown.get_untracked().iter().copied().filter(|id| chosen.ids.contains(id)).collect();
        self.chosen.with_untracked(|chosen| chosen.as_ref().map(is_chosen).unwrap_or_default())
    }

    /// Begins to choose.
    pub fn start(self) {
        self.chosen.set(Some(Chosen::default()));
    }

    pub fn end(self) {
        self.chosen.set(None);
    }

    /// Chooses a row or not any more; or all from the one before to this one.
    pub fn choose(self, id: Id, range: bool) {
        let shown = self.shown.get_untracked();
        self.chosen.update(|chosen| {
            let chosen = chosen.get_or_insert_default();
            if range { chosen.extend(id, &shown) } else { chosen.toggle(id) }
        });
    }

    /// Chooses all that are shown.
    pub fn choose_all(self) {
        let ids = self.shown.get_untracked().iter().copied().collect();
        self.chosen.set(Some(Chosen { ids, anchor: None }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::testing::id;

    fn ids(chosen: &Chosen) -> Vec<u128> {
        let mut ids: Vec<u128> = chosen.ids.iter().map(|id| id.as_u128()).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn a_range_goes_from_the_last_choice_in_either_direction() {
        let shown = [5, 3, 8, 1, 9].map(id);
        let mut chosen = Chosen::default();
        chosen.extend(id(8), &shown);
        assert_eq!(ids(&chosen), [8], "there is no last choice yet");
        chosen.extend(id(9), &shown);
        assert_eq!(ids(&chosen), [1, 8, 9]);
        chosen.toggle(id(1));
        chosen.extend(id(5), &shown);
        assert_eq!(ids(&chosen), [1, 3, 5, 8, 9]);
        chosen.toggle(id(3));
        assert_eq!(ids(&chosen), [1, 5, 8, 9]);
    }

    #[test]
    fn what_leaves_the_list_is_not_chosen_any_more() {
        let mut chosen = Chosen::default();
        [1, 2, 3].into_iter().for_each(|n| chosen.toggle(id(n)));
        chosen.keep(&[2, 4].map(id));
        assert_eq!(ids(&chosen), [2]);
        chosen.extend(id(4), &[2, 4].map(id));
        assert_eq!(ids(&chosen), [2, 4], "the row where a range would start is gone");
    }
}
