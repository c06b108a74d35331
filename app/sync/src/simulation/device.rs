//! A simulated device: the real store and exchange over a database in memory that survives its kills.

use super::any_text;
use crate::{
    exchange::{Exchange, Step},
    transport::Reply,
};
use domain::{
    Id, Row, Schema, Value, ids,
    records::{Account, FollowUp},
    testing::Random,
    wire::SyncRequest,
};
use futures::executor::block_on;
use serde_json::json;
use std::collections::BTreeMap;
use store::{
    Draft, Local, Snapshot, StoreError, View,
    memory::{Fault, Memory},
};

pub struct Device {
    pub org: Id,
    pub member: Id,
    /// How far its clock is from true time, milliseconds.
    pub skew_ms: i64,
    /// Counts its kills: what was under way for an earlier life finds nobody.
    pub life: u32,
    disk: Memory,
    local: Local<Memory>,
    exchange: Exchange,
    waiting: bool,
    /// Every op that was durable, by id: none of them may be lost.
    pub journal: BTreeMap<Id, domain::change::Op>,
    /// Ops whose durability the device could not tell.
    pub doubtful: Vec<Id>,
}

impl Device {
    pub fn new(org: Id, member: Id, random: &mut Random, now: i64) -> Device {
        let disk = Memory::default();
        let local = block_on(Local::open(disk.clone(), org, member, random.id(), now)).expect("memory opens");
        let (exchange, journal, doubtful) = Default::default();
        Device { org, member, skew_ms: 0, life: 0, disk, local, exchange, waiting: false, journal, doubtful }
    }

    fn time(&self, now: i64) -> i64 {
        now + self.skew_ms
    }

    pub fn snapshot(&self) -> Result<Snapshot, String> {
        block_on(self.local.snapshot()).map_err(|error| format!("a snapshot failed: {error}"))
    }

    pub fn checkpoint(&self) -> Result<u64, String> {
        Ok(self.snapshot()?.meta.checkpoint)
    }

    /// What the user sees.
    pub fn view(&self) -> Result<View, String> {
        let snapshot = self.snapshot()?;
        Ok(View::new(snapshot.base, snapshot.outbox.into_iter().map(|entry| entry.op)))
    }

    /// The process dies: what is not in the database is gone.
    pub fn kill(&mut self, now: i64) -> Result<(), String> {
        self.life += 1;
        self.waiting = false;
        self.exchange = Exchange::default();
        let opened = block_on(Local::open(self.disk.clone(), self.org, self.member, Id::nil(), self.time(now)));
        match opened {
            Ok(local) => self.local = local,
            // A queued fault hit the opening: the user starts the app again.
            Err(StoreError::Aborted(_) | StoreError::Quota | StoreError::Lost) => return self.kill(now),
            Err(error) => return Err(format!("reopening failed: {error}")),
        }
        Ok(())
    }

    pub fn heal(&mut self) {
        self.skew_ms = 0;
        self.disk.clear_faults();
    }

    pub fn fail_next(&mut self, random: &mut Random) {
        self.disk.fail_next([Fault::Abort, Fault::Quota, Fault::AnswerLost][random.below(3)]);
    }

    /// Something a user might do with what the device shows.
    pub fn random_draft(&self, random: &mut Random, members: &[Id]) -> Draft {
        let Ok(view) = self.view() else { return Draft::new() };
        let mut rows: Vec<&Row> = view.rows().map(AsRef::as_ref).filter(|row| row.is_alive()).collect();
        rows.sort_by_key(|row| row.id);
        let of_kind = |kind: &str| rows.iter().filter(|row| row.kind == kind).copied().collect::<Vec<_>>();
        let (accounts, follow_ups) = (of_kind(Account::KIND), of_kind(FollowUp::KIND));
        let (draft, new) = (Draft::new(), random.id());
        let choice = random.below(12);
        if accounts.is_empty() || choice == 0 {
            return draft.create(Account::KIND, new).put(Account::KIND, new, "name", any_text(random)).put(
                Account::KIND,
                new,
                "owner",
                json!(self.member),
            );
        }
        let account = accounts[random.below(accounts.len())].id;
        match (choice, follow_ups.is_empty()) {
            (1..=3, _) => {
                draft.put(Account::KIND, account, ["name", "short_name", "industry"][random.below(3)], any_text(random))
            }
            (4, _) => draft.put(
                Account::KIND,
                account,
                "note",
                json!(format!("one {}\ntwo\nthree {}", random.below(3), random.below(3))),
            ),
            (5, _) => draft.put(Account::KIND, account, "tags", json!(["a", "b", "c"][..random.below(4)])),
            (6, _) => draft.put(Account::KIND, account, "owner", json!(members[random.below(members.len())])),
            (7, _) => draft.put(Account::KIND, account, "collaborators", json!([members[random.below(members.len())]])),
            (8, _) if random.chance(40) => draft.delete(Account::KIND, account),
            (9 | 10, false) => {
                let follow_up = follow_ups[random.below(follow_ups.len())].id;
                match random.chance(50) {
                    true => draft.put(FollowUp::KIND, follow_up, "due", json!(format!("2026-12-{:02}", 1 + random.below(28)))),
                    false => {
                        draft.put(FollowUp::KIND, follow_up, "done_at", json!(1_795_000_000_000i64 + random.below(1000) as i64))
                    }
                }
            }
            _ => draft
                .create(FollowUp::KIND, new)
                .put(FollowUp::KIND, new, "account", json!(account))
                .put(FollowUp::KIND, new, "text", any_text(random))
                .put(FollowUp::KIND, new, "due", json!("2026-12-01")),
        }
    }

    /// Saves a draft as the app does: a save that failed is tried once more under the same id.
    pub fn act(&mut self, draft: &Draft, schema: &Schema, random: &mut Random, now: i64) -> Result<Option<String>, String> {
        let view = self.view()?;
        let (writes, _) = draft.writes(schema, |id| view.row(id).map(AsRef::as_ref));
        if writes.is_empty() {
            return Ok(None);
        }
        let op_id = ids::new(self.time(now), random.draw().to_le_bytes().repeat(2)[..10].try_into().map_err(|_| "ten bytes")?);
        let first = block_on(self.local.act(op_id, writes.clone(), self.time(now)));
        let saved = match first {
            Err(StoreError::Lost) => block_on(self.local.act(op_id, writes, self.time(now))),
            other => other,
        };
        match saved {
            Ok(op) => {
                let said = serde_json::to_string(&op.writes).unwrap_or_default();
                self.journal.insert(op_id, op);
                Ok(Some(said))
            }
            Err(StoreError::Lost) => {
                self.doubtful.push(op_id);
                Ok(None)
            }
            Err(_) => Ok(None),
        }
    }

    /// A request to send, unless one is under way.
    pub fn request(&mut self, now: i64) -> Result<Option<SyncRequest>, String> {
        if self.waiting {
            return Ok(None);
        }
        let request = block_on(self.exchange.request(&self.local, self.time(now), "simulation"))
            .map_err(|error| format!("no request: {error}"))?;
        self.waiting = true;
        Ok(Some(request))
    }

    /// The network says that nothing came back.
    pub fn gave_up(&mut self, life: u32) {
        if life == self.life {
            self.waiting = false;
        }
    }

    /// Takes an answer in; whether more should be asked for.
    pub fn answered(
        &mut self,
        life: u32,
        request: &SyncRequest,
        reply: Reply,
        random: &mut Random,
        now: i64,
    ) -> Result<bool, String> {
        if life != self.life {
            return Ok(false);
        }
        self.waiting = false;
        let time = self.time(now);
        let step = block_on(self.exchange.take(&self.local, request, reply, time, random.id()));
        match step {
            Ok(Step::Taken { more, .. }) => Ok(more),
            Ok(Step::Restarted { .. }) => Ok(true),
            Ok(Step::Failed { .. }) => Ok(false),
            Ok(other) => Err(format!("the server refused: {other:?}")),
            Err(StoreError::Aborted(_) | StoreError::Quota | StoreError::Lost) => {
                // The page that was not stored must be asked for again, from the stored cursor.
                self.exchange = Exchange::default();
                Ok(true)
            }
            Err(error) => Err(format!("an answer could not be stored: {error}")),
        }
    }

    pub fn base(&self) -> Result<BTreeMap<Id, Row>, String> {
        Ok(self.snapshot()?.base.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// The value a write sets, if it sets one.
pub fn value_of(act: &domain::change::Act) -> Option<(&str, &Value)> {
    match act {
        domain::change::Act::Set { field, value, .. } | domain::change::Act::Text { field, value, .. } => Some((field, value)),
        _ => None,
    }
}
