//! The parts of the query designer: conditions, what becomes of what they find, and the entry of their values.

mod columns;
mod conditions;
mod lines;
mod period;
mod results;
mod select;
mod value;

pub use conditions::Conditions;
pub use results::Results;
pub use select::{GroupedSelect, Select};

use crate::{components::flow::memo, queries::words, state::use_rounds};
use domain::query::{
    Fault, Query, QueryProblem,
    sketch::{Part, PartId, Sketch},
};
use leptos::prelude::*;

/// The question that is being made; copy handle from context.
#[derive(Clone, Copy)]
pub struct Designer {
    pub sketch: RwSignal<Sketch>,
    /// The user tried to save: what is missing may be said too.
    pub tried: RwSignal<bool>,
    pub faults: Memo<Vec<(Option<PartId>, Fault)>>,
    /// The finished conditions, to count by.
    pub counting: Memo<Query>,
    /// Whether some conditions are not counted by.
    pub unfinished: Memo<bool>,
    /// The kind of record asked about.
    pub kind: Memo<String>,
    /// How often the question was put in the place of another.
    pub begun: RwSignal<u32>,
}

impl Designer {
    pub fn new(sketch: Sketch) -> Designer {
        let rounds = use_rounds();
        let (sketch, tried) = (RwSignal::new(sketch), RwSignal::new(false));
        let faults = memo(move || rounds.with_context(|context| sketch.read().faults(context)));
        let counting = memo(move || rounds.with_context(|context| sketch.read().counting(context)));
        let unfinished = memo(move || faults.with(|faults| faults.iter().any(|(part, _)| part.is_some())));
        let kind = memo(move || sketch.with(|sketch| sketch.from().to_owned()));
        Designer { sketch, tried, faults, counting, unfinished, kind, begun: RwSignal::new(0) }
    }

    /// Goes on with another question.
    pub fn begin(self, sketch: Sketch) {
        self.sketch.set(sketch);
        self.begun.update(|times| *times += 1);
    }

    /// The kind of record that a part asks about; reactive.
    fn kind_at(self, id: PartId) -> String {
        self.sketch.with(|sketch| sketch.kind_at(id).unwrap_or_default().to_owned())
    }

    /// What is wrong with a part, once it may be said; reactive. What is only missing is said when the user tries to save.
    fn said_of(self, id: PartId) -> Option<String> {
        let fault =
            self.faults.with(|faults| faults.iter().find(|(part, _)| *part == Some(id)).map(|(_, fault)| fault.clone()))?;
        let is_blank = self.sketch.with(|sketch| match sketch.part(id) {
            Some(Part::Condition(condition)) => condition.value.is_null(),
            _ => false,
        });
        let is_missing = is_blank && !matches!(fault.problem, QueryProblem::WrongOperator { .. });
        (self.tried.get() || !is_missing).then(|| words::problem(&fault.problem))
    }

    /// The same of what becomes of the answer, such as `group[0]`.
    fn said_at(self, place: &str) -> Option<String> {
        let fault =
            self.faults.with(|faults| faults.iter().find(|(_, fault)| fault.place == place).map(|(_, fault)| fault.clone()))?;
        Some(words::problem(&fault.problem))
    }
}
