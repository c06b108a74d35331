//! The server's tables in memory, for simulations: the same decisions as in the server, over vectors instead of SQL.

use super::{
    Cursor, Fetch, Fetched, Interval, People, Plan, Push, World,
    page::{PAGE_ROWS, Pull},
    phase, plan,
    plan::{Decided, History, Refusal, needed},
    scope,
};
use crate::{
    Id, Row, Schema,
    change::Outcome,
    wire::{Ack, Role, SyncAnswer, SyncRequest},
};
use std::collections::BTreeMap;

/// One company's server.
pub struct MemoryHub {
    pub schema: Schema,
    pub org: Id,
    pub seq: u64,
    pub epoch: u64,
    /// How many rows a page of a pull holds.
    pub page_rows: usize,
    pub rows: BTreeMap<Id, Row>,
    pub history: Vec<History>,
    /// Every op taken or refused, in the order of decision.
    pub decided: BTreeMap<Id, Decided>,
    pub parked: BTreeMap<Id, crate::Value>,
    access: BTreeMap<String, Vec<Interval>>,
    member_keys: BTreeMap<Id, Vec<Interval>>,
    roots: BTreeMap<Id, Vec<Interval>>,
    devices: BTreeMap<Id, DeviceState>,
}

#[derive(Clone, Debug, Default)]
struct DeviceState {
    last_n: u64,
    confirmed: u64,
    numbered: BTreeMap<u64, Id>,
}

impl MemoryHub {
    pub fn new(schema: Schema, org: Id) -> MemoryHub {
        let (rows, history, decided, parked) = Default::default();
        let (access, member_keys, roots, devices) = Default::default();
        let (seq, epoch, page_rows) = (0, 1, PAGE_ROWS);
        MemoryHub { schema, org, seq, epoch, page_rows, rows, history, decided, parked, access, member_keys, roots, devices }
    }

    fn role(&self, member: Id) -> Role {
        People::from_rows(self.rows.values()).members.get(&member).map_or(Role::Rep, |person| person.role)
    }

    /// Answers a sync request of a signed-in member, as the server does.
    pub fn sync(&mut self, member: Id, now: i64, request: &SyncRequest) -> Result<SyncAnswer, Refusal> {
        let cursor = Cursor::read(request.cursor.as_deref());
        let device = self.devices.entry(request.device).or_default();
        device.confirmed = device.confirmed.max(cursor.confirmed().min(self.seq));
        let mut answer = SyncAnswer { server_time: now, feed_epoch: self.epoch, ..SyncAnswer::default() };
        if !request.ops.is_empty() {
            self.push(member, now, request, &mut answer)?;
        }
        let mut pull = Pull::new(cursor, self.seq, || {
            self.rows.values().filter(|row| row.is_alive() && self.sees(member, row)).count() as u64
        })
        .of_rows(self.page_rows);
        while let Some(fetch) = pull.next().cloned() {
            pull.take(self.fetch(member, &fetch));
        }
        pull.into_answer(&mut answer);
        Ok(answer)
    }

    fn push(&mut self, member: Id, now: i64, request: &SyncRequest, answer: &mut SyncAnswer) -> Result<(), Refusal> {
        let device = self.devices.get(&request.device).cloned().unwrap_or_default();
        let push = Push {
            schema: &self.schema,
            now,
            org: self.org,
            device: request.device,
            member,
            role: self.role(member),
            keys: self.member_keys.get(&member).cloned().unwrap_or_default(),
            last_n: device.last_n,
            confirmed_seq: device.confirmed,
            ops: request.ops.clone(),
        };
        let ids = needed(&request.ops);
        let rows: BTreeMap<Id, Row> =
            self.rows.iter().filter(|(id, _)| ids.contains(id)).map(|(id, row)| (*id, row.clone())).collect();
        let world = World {
            access: self.access.clone(),
            member_keys: self.member_keys.clone(),
            people: People::from_rows(self.rows.values()),
            decided: self.decided.clone(),
            numbered: device.numbered,
            rows,
        };
        let mut plan = plan::plan(&push, world)?;
        self.store(Some(request.device), &mut plan);
        answer.expected_n = plan.expected_n;
        answer.shifted_ms = plan.shifted_ms;
        answer.acks =
            plan.acks.into_iter().map(|ack| Ack { n: ack.n, op_id: ack.op_id, seq: ack.seq, outcome: ack.outcome }).collect();
        Ok(())
    }

    fn store(&mut self, device: Option<Id>, plan: &mut Plan) {
        self.seq += 1;
        let seq = self.seq;
        plan.stamp(seq);
        for (record, root) in &plan.moved {
            let roots = self.roots.entry(*record).or_default();
            roots.iter_mut().filter(|interval| interval.is_open()).for_each(|interval| interval.to = Some(seq));
            roots.push(Interval::open(root.clone(), seq));
        }
        let apply = |held: &mut Vec<Interval>, key: &str, opens: bool| match opens {
            true => held.push(Interval::open(key, seq)),
            false => held
                .iter_mut()
                .filter(|interval| interval.is_open() && interval.key == key)
                .for_each(|interval| interval.to = Some(seq)),
        };
        plan.access.iter().for_each(|((root, key), opens)| apply(self.access.entry(root.clone()).or_default(), key, *opens));
        plan.member_keys
            .iter()
            .for_each(|((member, key), opens)| apply(self.member_keys.entry(*member).or_default(), key, *opens));
        self.rows.extend(plan.rows.clone());
        self.history.append(&mut plan.history);
        let Some(device) = device else { return };
        let state = self.devices.entry(device).or_default();
        for ack in &plan.acks {
            state.last_n = state.last_n.max(ack.n);
            state.numbered.insert(ack.n, ack.op_id);
            let decided = Decided { fingerprint: ack.fingerprint, seq: ack.seq, outcome: ack.outcome.clone() };
            let earlier = self.decided.entry(ack.op_id).or_insert(decided);
            assert!(earlier.outcome == ack.outcome, "an op was decided twice");
            if let (Outcome::Parked { .. }, Some(raw)) = (&ack.outcome, &ack.parked) {
                self.parked.insert(ack.op_id, raw.clone());
            }
        }
    }

    fn locks(&self, root: &str) -> Vec<Interval> {
        scope::fixed_keys(root).or_else(|| self.access.get(root).cloned()).unwrap_or_default()
    }

    fn keys(&self, member: Id) -> Vec<Interval> {
        self.member_keys.get(&member).cloned().unwrap_or_default()
    }

    /// Whether the member sees the row now.
    pub fn sees(&self, member: Id, row: &Row) -> bool {
        scope::is_visible(&self.keys(member), &self.locks(&scope::root_of(row, &self.schema)))
    }

    fn saw(&self, member: Id, row: &Row, seq: u64) -> bool {
        let root_then = self
            .roots
            .get(&row.id)
            .and_then(|roots| roots.iter().find(|root| root.from <= seq && root.to.is_none_or(|to| seq < to)));
        root_then.is_some_and(|root| scope::was_visible(&self.keys(member), &self.locks(&root.key), seq))
    }

    fn fetch(&self, member: Id, fetch: &Fetch) -> Fetched {
        let visible = || self.rows.values().filter(|row| self.sees(member, row));
        let with_phase = |row: &Row| (phase(row, &self.schema), row.clone());
        let page = |mut rows: Vec<(u8, Row)>, limit: usize| {
            rows.truncate(limit);
            Fetched { rows, removed: Vec::new() }
        };
        match fetch {
            Fetch::Load { after, limit } => {
                let mut rows: Vec<_> = visible()
                    .filter(|row| row.is_alive())
                    .map(with_phase)
                    .filter(|(phase, row)| (*phase, row.id) > *after)
                    .collect();
                rows.sort_by_key(|(phase, row)| (*phase, row.id));
                page(rows, *limit)
            }
            Fetch::Changes { since, after, limit } => {
                let mut rows: Vec<_> =
                    visible().filter(|row| row.seq > *since && (row.seq, row.id) > *after).map(with_phase).collect();
                rows.sort_by_key(|(_, row)| (row.seq, row.id));
                page(rows, *limit)
            }
            Fetch::Granted { since, after, limit } => {
                let new = |row: &&Row| row.seq <= *since && row.id > *after && row.is_alive() && !self.saw(member, row, *since);
                page(visible().filter(new).map(with_phase).collect(), *limit)
            }
            Fetch::Removed { since } => {
                let lost = |row: &&Row| !self.sees(member, row) && self.saw(member, row, *since);
                Fetched { rows: Vec::new(), removed: self.rows.values().filter(lost).map(|row| row.id).collect() }
            }
        }
    }

    /// Puts whole rows in place, as an import does.
    pub fn seed(&mut self, rows: impl IntoIterator<Item = Row>) {
        let world = World {
            rows: self.rows.clone(),
            access: self.access.clone(),
            member_keys: self.member_keys.clone(),
            people: People::from_rows(self.rows.values()),
            ..World::default()
        };
        let mut plan = plan::bring_in(&self.schema, world, rows);
        self.store(None, &mut plan);
    }
}
