//! The pages of a pull: which rows a device gets next, from a cursor that is opaque to it (sync.md, items 9 and 17).
//!
//! The caller asks [`Pull::next`] what to fetch, fetches it from one snapshot, and hands it to [`Pull::take`]; rows of the
//! feed and of what became visible share one cursor, so a grant, an import and a first load resume alike.

use crate::{
    Id, Row,
    wire::{Progress, Rows, SyncAnswer},
};
use serde::{Deserialize, Serialize};

/// How many rows a page holds; a fetch asks for one more, to know whether it was the last.
pub const PAGE_ROWS: usize = 1_000;

/// Where a device's pulls have come. Devices send it back as it came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cursor {
    /// The device has everything up to here.
    #[serde(default)]
    base: u64,
    /// What it will have when the running pull ends.
    #[serde(default)]
    target: u64,
    #[serde(default)]
    stage: Stage,
    #[serde(default)]
    done: u64,
    #[serde(default)]
    total: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// Nothing is on the device yet.
    #[default]
    Fresh,
    /// Between pulls.
    Idle,
    /// First load: everything visible, by phase.
    Load { phase: u8, id: Id },
    /// Rows changed after `base`, in feed order.
    Changes { seq: u64, id: Id },
    /// Rows that became visible after `base` without changing.
    Granted { id: Id },
}

impl Cursor {
    /// The cursor a device sent; a damaged one starts anew, which costs time and loses nothing.
    pub fn read(text: Option<&str>) -> Cursor {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The sequence number up to which the device has confirmed to have everything.
    pub fn confirmed(&self) -> u64 {
        self.base
    }

    /// Whether the device may have missed what was forgotten up to `floor`. One that is loading has missed nothing yet.
    pub fn is_below(&self, floor: u64) -> bool {
        self.base < floor && !matches!(self.stage, Stage::Fresh | Stage::Load { .. })
    }

    pub fn is_fresh(&self) -> bool {
        self.stage == Stage::Fresh
    }
}

/// What to fetch next; each with at most `limit` rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetch {
    /// Living rows visible now, ordered by (phase, id), after the given.
    Load { after: (u8, Id), limit: usize },
    /// Rows visible now with a sequence number above `since`, tombstones included, ordered by (seq, id), after the given.
    Changes { since: u64, after: (u64, Id), limit: usize },
    /// Rows with a sequence number up to `since`, visible now but not all the time since, tombstones included, ordered by id,
    /// after the given. Who lost a row and got it back between two pages of one pull still has it as it was, and was told
    /// nothing of its end.
    Granted { since: u64, after: Id, limit: usize },
    /// Ids of records visible at `since` or at any time after it, and not now: what was granted and taken back within one
    /// pull may have come in a page of it.
    Removed { since: u64 },
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fetched {
    /// With their phases, which [`super::phase`] gave when they were stored.
    pub rows: Vec<(u8, Row)>,
    pub removed: Vec<Id>,
    /// For how many of the removed an event of the feed says why: the record moved, its root lost a key, or the member did.
    pub explained: u64,
}

impl Fetched {
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.removed.is_empty()
    }
}

/// One page in the making.
pub struct Pull {
    cursor: Cursor,
    head: u64,
    page_rows: usize,
    wanted: Option<Fetch>,
    rows: Vec<Row>,
    removed: Vec<Id>,
    explained: u64,
}

impl Pull {
    /// `head` is the feed's sequence number in the snapshot that will be fetched from; `total` counts the living rows
    /// visible now and is asked for on a first load only.
    pub fn new(mut cursor: Cursor, head: u64, total: impl FnOnce() -> u64) -> Pull {
        if cursor.stage == Stage::Fresh {
            cursor = Cursor { target: head, stage: Stage::Load { phase: 0, id: Id::nil() }, total: total(), ..Cursor::default() };
        }
        if cursor.stage == Stage::Idle {
            // A cursor from beyond the feed's end would wait for ever; it starts at the end.
            let base = cursor.base.min(head);
            cursor = Cursor { base, target: head, stage: Stage::Changes { seq: base, id: Id::nil() }, ..Cursor::default() };
        }
        Pull { cursor, head, page_rows: PAGE_ROWS, wanted: None, rows: Vec::new(), removed: Vec::new(), explained: 0 }
            .of_rows(PAGE_ROWS)
    }

    /// The same pull with pages of another size, before anything is taken.
    pub fn of_rows(mut self, page_rows: usize) -> Pull {
        self.page_rows = page_rows;
        self.wanted = self.first();
        self
    }

    /// What to fetch next; `None` when the page is made.
    pub fn next(&self) -> Option<&Fetch> {
        self.wanted.as_ref()
    }

    /// Whether a device can be compared with what this pull would bring, which must be nothing: it is between two pulls
    /// and not below the floor.
    pub fn can_compare(&self, floor: u64) -> bool {
        matches!(&self.cursor.stage, Stage::Idle | Stage::Changes { .. })
            && self.cursor.base >= floor
            && self.cursor.target == self.head
    }

    fn room(&self) -> usize {
        self.page_rows.saturating_sub(self.rows.len())
    }

    fn first(&mut self) -> Option<Fetch> {
        let (since, limit) = (self.cursor.base, self.room() + 1);
        match &self.cursor.stage {
            Stage::Load { phase, id } => Some(Fetch::Load { after: (*phase, *id), limit }),
            Stage::Changes { .. } if since == self.head => self.finish(),
            Stage::Changes { seq, id } => Some(Fetch::Changes { since, after: (*seq, *id), limit }),
            Stage::Granted { id } => Some(Fetch::Granted { since, after: *id, limit }),
            Stage::Fresh | Stage::Idle => None,
        }
    }

    fn finish(&mut self) -> Option<Fetch> {
        self.cursor = Cursor {
            base: self.cursor.target,
            target: self.cursor.target,
            stage: Stage::Idle,
            done: self.cursor.done,
            total: self.cursor.total,
        };
        None
    }

    /// Takes what [`Pull::next`] asked for.
    pub fn take(&mut self, fetched: Fetched) {
        let Some(wanted) = self.wanted.take() else { return };
        let room = self.room();
        let full = fetched.rows.len() > room;
        let taken: Vec<(u8, Row)> = fetched.rows.into_iter().take(room).collect();
        let last = taken.last().map(|(phase, row)| (*phase, row.seq, row.id));
        self.cursor.done += if self.cursor.total > 0 { taken.len() as u64 } else { 0 };
        self.rows.extend(taken.into_iter().map(|(_, row)| row));
        self.removed.extend(fetched.removed);
        self.explained += fetched.explained;
        let since = self.cursor.base;
        self.wanted = match (wanted, last) {
            (Fetch::Load { .. }, Some((phase, _, id))) if full => self.pause(Stage::Load { phase, id }),
            (Fetch::Load { .. }, _) => self.finish(),
            (Fetch::Changes { .. }, Some((_, seq, id))) if full => self.pause(Stage::Changes { seq, id }),
            (Fetch::Changes { .. }, _) => {
                self.cursor.stage = Stage::Granted { id: Id::nil() };
                // One row more than there is room for tells whether another page is needed, also when there is no room.
                self.first()
            }
            (Fetch::Granted { .. }, Some((_, _, id))) if full => self.pause(Stage::Granted { id }),
            (Fetch::Granted { .. }, None) if full => None,
            (Fetch::Granted { .. }, _) => Some(Fetch::Removed { since }),
            (Fetch::Removed { .. }, _) => self.finish(),
        };
    }

    fn pause(&mut self, stage: Stage) -> Option<Fetch> {
        self.cursor.stage = stage;
        None
    }

    /// Puts the page into the answer to a device that reads packed rows of the form `pages`.
    pub fn into_answer(self, pages: Option<char>, answer: &mut SyncAnswer) {
        let complete = self.cursor.stage == Stage::Idle;
        answer.checkpoint = complete.then_some(self.cursor.base);
        answer.more = !complete || self.cursor.base < self.head;
        let phase = match &self.cursor.stage {
            Stage::Load { phase, .. } => *phase,
            _ => 4,
        };
        let Cursor { done, total, .. } = self.cursor;
        answer.progress = (total > 0).then_some(Progress { phase, done: done.min(total), total });
        answer.cursor = if complete { Cursor { done: 0, total: 0, ..self.cursor }.write() } else { self.cursor.write() };
        answer.rows = Rows::for_device(self.rows, pages, answer.progress.is_some());
        (answer.removed, answer.explained) = (self.removed, self.explained);
    }
}
