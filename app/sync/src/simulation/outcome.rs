//! How a run went: what happened in it, and what was wrong.

use super::{Settings, Step};
use std::{collections::BTreeMap, fmt};
use store::StoreError;

/// How often what happened, to prove that it did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub counts: BTreeMap<&'static str, u64>,
    /// The longest time from the end of all faults until everybody agreed, milliseconds.
    pub slowest_ms: i64,
}

impl Counters {
    pub fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    pub fn add(&mut self, other: &Counters) {
        other.counts.iter().for_each(|(what, count)| *self.counts.entry(what).or_default() += count);
        self.slowest_ms = self.slowest_ms.max(other.slowest_ms);
    }

    /// Kinds of fault that did not happen: in a long run none may be missing.
    pub fn missing(&self) -> Vec<&'static str> {
        FAULTS.iter().copied().filter(|fault| !self.counts.contains_key(fault)).collect()
    }
}

/// What a long run must have met, by the names it is counted under.
pub const FAULTS: [&str; 67] = [
    "account claimed",
    "many changed at once",
    "account made one of its own again",
    "account merged",
    "answer cut",
    "answer delayed",
    "answer doubled",
    "answer lost after commit",
    "answer swallowed",
    "answers partitioned",
    "clock jumps back",
    "clock jumps forward",
    "clocks shifted by the server",
    "commit slow",
    "conflict of equal clocks",
    "deleted records forgotten",
    "device below the floor",
    "device forked",
    "device hears of a restore",
    "device revoked",
    "edit followed a merge",
    "eviction",
    "eviction with unsent work",
    "exchange given up",
    "kill after answer was stored",
    "kill after save",
    "kill after send",
    "kill at any time",
    "kill before answer is stored",
    "kill before send",
    "kill between pages",
    "kill while answer is stored",
    "kill while sending",
    "op merged",
    "op parked",
    "op rejected",
    "others commit between push and pull",
    "owner changed",
    "page of several",
    "people reorganised",
    "poke doubled",
    "poke lost",
    "portal",
    "profile cloned",
    "record removed",
    "request cut",
    "request delayed",
    "request doubled",
    "request lost",
    "request swallowed",
    "removal without a reason",
    "requests partitioned",
    "revocation of another",
    "server restarted",
    "server restored from a backup",
    "session ended",
    "status 408",
    "status 429",
    "status 500",
    "status 502",
    "status 503",
    "store abort",
    "store lost",
    "store quota",
    "tab frozen",
    "two leaders",
    "unknown kind pulled",
];

/// What must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    Lost(String),
    Divergent(String),
    Stuck(String),
    /// A promise of another kind.
    Broken(String),
}

impl Wrong {
    pub fn kind(&self) -> &'static str {
        match self {
            Wrong::Lost(_) => "lost",
            Wrong::Divergent(_) => "divergent",
            Wrong::Stuck(_) => "stuck",
            Wrong::Broken(_) => "broken",
        }
    }
}

impl Wrong {
    /// Whether it is the same failure, whatever the ids and times in it.
    pub fn is_like(&self, other: &Wrong) -> bool {
        let words = |wrong: &Wrong| {
            let text = wrong.to_string();
            let plain = text.split(' ').filter(|word| !word.contains(|c: char| c.is_ascii_digit() || c == '"'));
            plain.take(6).map(str::to_owned).collect::<Vec<_>>()
        };
        words(self) == words(other)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Wrong::Lost(what) | Wrong::Divergent(what) | Wrong::Stuck(what) | Wrong::Broken(what)) = self;
        write!(f, "{}: {what}", self.kind())
    }
}

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Wrong {
        Wrong::Broken(format!("the database cannot be read: {error}"))
    }
}

/// A run that went wrong, with what is needed to repeat it.
#[derive(Clone, Debug)]
pub struct Failure {
    pub settings: Settings,
    pub steps: Vec<Step>,
    pub wrong: Wrong,
}
