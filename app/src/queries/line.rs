//! The questions of one page stand in line: one is answered after the other.

/// So long an answer holds, milliseconds, however often the records change meanwhile.
const HOLDS_MS: i64 = 2_000;

/// Which question is answered next.
#[derive(Debug, Default)]
pub struct Line {
    places: Vec<Place>,
    last: u32,
}

#[derive(Debug)]
struct Place {
    id: u32,
    is_stale: bool,
    answered_at: Option<i64>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    Answer(u32),
    /// Milliseconds until there is something to answer.
    Wait(i64),
    Nothing,
}

impl Line {
    pub fn join(&mut self) -> u32 {
        self.last += 1;
        self.places.push(Place { id: self.last, is_stale: false, answered_at: None });
        self.last
    }

    pub fn leave(&mut self, id: u32) {
        self.places.retain(|place| place.id != id);
    }

    /// The records a question is about have changed; a `new` question is not kept waiting because another was answered here.
    pub fn ask(&mut self, id: u32, new: bool) {
        if let Some(place) = self.places.iter_mut().find(|place| place.id == id) {
            place.is_stale = true;
            place.answered_at = place.answered_at.filter(|_| !new);
        }
    }

    /// What is in view comes first, then what waits for its first answer, then who joined first.
    pub fn next(&mut self, now_ms: i64, in_view: &dyn Fn(u32) -> bool) -> Next {
        let left = |place: &Place| place.answered_at.map_or(0, |at| (at + HOLDS_MS - now_ms).clamp(0, HOLDS_MS));
        let stale = || self.places.iter().filter(|place| place.is_stale);
        let due = stale().filter(|place| left(place) == 0);
        let order = |place: &&Place| (!in_view(place.id), place.answered_at.is_some(), place.id);
        let Some(id) = due.min_by_key(order).map(|place| place.id) else {
            return stale().map(left).min().map_or(Next::Nothing, Next::Wait);
        };
        for place in self.places.iter_mut().filter(|place| place.id == id) {
            (place.is_stale, place.answered_at) = (false, Some(now_ms));
        }
        Next::Answer(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> (Line, [u32; 3]) {
        let mut line = Line::default();
        let ids = [line.join(), line.join(), line.join()];
        ids.iter().for_each(|id| line.ask(*id, true));
        (line, ids)
    }

    #[test]
    fn what_is_in_view_is_answered_first_and_everything_once() {
        let (mut line, [first, second, third]) = line();
        let seen = |id: u32| id == third;
        let found: Vec<Next> = (0..4).map(|at| line.next(at, &seen)).collect();
        assert_eq!(found, [Next::Answer(third), Next::Answer(first), Next::Answer(second), Next::Nothing]);
    }

    #[test]
    fn an_answer_holds_for_a_while_whatever_changes_and_is_then_made_anew() {
        let (mut line, [first, second, third]) = line();
        let all = |_: u32| true;
        (0..3).for_each(|_| _ = line.next(1_000, &all));
        for at in 1_000..1_010 {
            line.ask(first, false);
            assert_eq!(line.next(at, &all), Next::Wait(1_000 + HOLDS_MS - at));
        }
        line.ask(second, true);
        assert_eq!(line.next(1_010, &all), Next::Answer(second), "another question does not wait");
        assert_eq!(line.next(1_000 + HOLDS_MS, &all), Next::Answer(first));
        line.ask(third, false);
        line.leave(third);
        assert_eq!(line.next(9_000, &all), Next::Nothing);
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_nobody_waiting_for_long() {
        let (mut line, [first, ..]) = line();
        (0..3).for_each(|_| _ = line.next(1_000_000, &|_| true));
        line.ask(first, false);
        assert_eq!(line.next(0, &|_| true), Next::Wait(HOLDS_MS));
    }
}
