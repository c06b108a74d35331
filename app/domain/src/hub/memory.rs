//! The server's tables in memory, for simulations: the same decisions as in the server, over vectors instead of SQL.

use super::{
    Cursor, Interval, PENDING, People, Plan, Push, World, collision, floor,
    page::{PAGE_ROWS, Pull},
    parked,
    plan::{self, Decided, History, needed, needed_with, needs_people, relatives},
    scope::{self, Lock},
};
use crate::{
    Id, Row, Schema,
    change::Outcome,
    wire::{Ack, Refused, Role, SyncAnswer, SyncRequest},
};
use std::collections::{BTreeMap, BTreeSet};

mod sight;

/// One company's server.
#[derive(Clone)]
pub struct MemoryHub {
    pub schema: Schema,
    pub org: Id,
    pub seq: u64,
    pub epoch: u64,
    /// Where the feed stood at the last restore from a backup.
    pub restored_seq: u64,
    /// The highest sequence number of what was forgotten.
    pub floor: u64,
    /// Ids of the records whose tombstones were.
    pub forgotten: BTreeSet<Id>,
    /// How many rows a page of a pull holds.
    pub page_rows: usize,
    pub rows: BTreeMap<Id, Row>,
    pub history: Vec<History>,
    /// Every op taken or refused, in the order of decision.
    pub decided: BTreeMap<Id, Decided>,
    pub parked: BTreeMap<Id, crate::Value>,
    access: BTreeMap<String, Vec<Interval<Lock>>>,
    member_keys: BTreeMap<Id, Vec<Interval>>,
    roots: BTreeMap<Id, Vec<Interval>>,
    devices: BTreeMap<Id, DeviceState>,
}

/// A request refused as a whole: the status and what is said with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub status: u16,
    pub refused: Refused,
}

#[derive(Clone, Debug, Default)]
struct DeviceState {
    last_n: u64,
    confirmed: u64,
    based: u64,
    numbered: BTreeMap<u64, (Id, Decided)>,
}

fn refuse(request: &SyncRequest, status: u16, code: &str) -> Refusal {
    let (code, message) = (code.to_owned(), String::new());
    Refusal { status, refused: Refused { code, message, field: None, device: Some(request.device), feed_epoch: None } }
}

impl MemoryHub {
    pub fn new(schema: Schema, org: Id) -> MemoryHub {
        let (rows, history, decided, parked) = Default::default();
        let (access, member_keys, roots, devices) = Default::default();
        let (seq, epoch, restored_seq, floor, forgotten, page_rows) = (0, 1, 0, 0, BTreeSet::new(), PAGE_ROWS);
        MemoryHub {
            schema,
            org,
            seq,
            epoch,
            restored_seq,
            floor,
            forgotten,
            page_rows,
            rows,
            history,
            decided,
            parked,
            access,
            member_keys,
            roots,
            devices,
        }
    }

    fn role(&self, member: Id) -> Role {
        self.people().members.get(&member).map_or(Role::Rep, |person| person.role)
    }

    /// Answers a sync request of a signed-in member, as the server does when nobody else is about.
    pub fn sync(&mut self, member: Id, now: i64, request: &SyncRequest) -> Result<SyncAnswer, Refusal> {
        let answer = self.take(member, now, request)?;
        self.pull(member, request, answer)
    }

    /// The first transaction of a request: takes its ops.
    pub fn take(&mut self, member: Id, now: i64, request: &SyncRequest) -> Result<SyncAnswer, Refusal> {
        if request.feed_epoch != 0 && request.feed_epoch != self.epoch {
            let Refusal { status, refused } = refuse(request, 409, "restored");
            return Err(Refusal { status, refused: Refused { feed_epoch: Some(self.epoch), ..refused } });
        }
        let cursor = Cursor::read(request.cursor.as_deref());
        let first = DeviceState { based: self.seq, ..DeviceState::default() };
        let device = self.devices.entry(request.device).or_insert(first);
        device.confirmed = device.confirmed.max(cursor.confirmed().min(self.seq));
        let mut answer = SyncAnswer { server_time: now, feed_epoch: self.epoch, floor: self.floor, ..SyncAnswer::default() };
        if !request.ops.is_empty() {
            self.push(member, now, request, &mut answer)?;
        }
        Ok(answer)
    }

    /// The second: completes the answer with a page, of what others have committed meanwhile too.
    pub fn pull(&self, member: Id, request: &SyncRequest, mut answer: SyncAnswer) -> Result<SyncAnswer, Refusal> {
        let cursor = Cursor::read(request.cursor.as_deref());
        if cursor.is_below(self.floor) {
            return Err(refuse(request, 409, "reset"));
        }
        let mut pull = Pull::new(cursor, self.seq, || {
            let visible = self.visible(member);
            self.rows.values().filter(|row| row.is_alive() && visible(row)).count() as u64
        })
        .of_rows(self.page_rows);
        while let Some(fetch) = pull.next().cloned() {
            pull.take(self.fetch(member, &fetch));
        }
        pull.into_answer(request.pages, &mut answer);
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
            keys: self.keys(member).to_vec(),
            last_n: device.last_n,
            confirmed_seq: device.confirmed,
            restored_seq: self.restored_seq,
            based_seq: device.based,
            ops: request.ops.clone(),
        };
        let world = self.world(request, device);
        let before = collision::look(&world.rows);
        let mut plan = plan::plan(&push, world).map_err(|refusal| match refusal {
            plan::Refusal::Forked => refuse(request, 409, "device_forked"),
            plan::Refusal::Malformed(_) => refuse(request, 422, "malformed_op"),
        })?;
        let parked = parked::records(&plan);
        if !parked.is_empty() {
            let root = |id: &Id| {
                let root = scope::root_of(self.rows.get(id)?, &self.schema);
                Some((*id, self.rows.get(&scope::root_record(&root)?)?.clone()))
            };
            let roots = parked.iter().filter_map(root).collect();
            parked::tell(&mut plan, &push, &roots, &self.people());
        }
        self.open_cases(&mut plan, &before, now);
        self.store(Some(request.device), &mut plan);
        answer.expected_n = plan.expected_n;
        answer.tell_shifts(plan.shifts);
        answer.acks = plan.acks.into_iter().map(Ack::from).collect();
        Ok(())
    }

    /// Opens a case for each pair of accounts that the plan makes evidently one customer.
    fn open_cases(&self, plan: &mut Plan, before: &collision::Looks, now: i64) {
        let changed = collision::changed(plan, before);
        let keys = collision::all_keys(&changed);
        if !keys.is_empty() {
            let alike = self.rows.values().filter(|row| !collision::keys(row).is_disjoint(&keys));
            let mut pairs = collision::pairs(plan, &changed, alike.map(|row| (row.id, row.clone())).collect());
            pairs.retain(|pair| !self.rows.contains_key(&pair.case));
            collision::open(plan, &self.schema, now, &self.people(), pairs);
        }
    }

    /// The rows of these ids, and those that are to be kept in step with them.
    fn related(&self, named: &BTreeSet<Id>) -> BTreeMap<Id, Row> {
        let (mut rows, mut wanted) = (BTreeMap::<Id, Row>::new(), named.clone());
        while !wanted.is_empty() {
            let behind = self.rows.values().filter(|row| relatives(row).any(|id| wanted.contains(&id))).map(|row| row.id);
            let behind: BTreeSet<Id> = behind.collect();
            rows.extend(wanted.iter().filter_map(|id| Some((*id, self.rows.get(id)?.clone()))));
            wanted = needed_with(&rows).into_iter().filter(|id| self.rows.contains_key(id)).chain(behind).collect();
            wanted.retain(|id| !rows.contains_key(id));
        }
        rows
    }

    /// What deciding the ops needs, and no more: what the server would read.
    fn world(&self, request: &SyncRequest, device: DeviceState) -> World {
        let ids = needed(&request.ops, &self.schema);
        let rows = self.related(&ids);
        let roots: BTreeMap<_, _> = ids.iter().filter_map(|id| Some((*id, self.roots.get(id)?.clone()))).collect();
        let past = roots.values().flatten().map(|stay| stay.key.clone());
        let present = rows.values().map(|row| scope::root_of(row, &self.schema));
        let places: BTreeSet<String> = present.chain(past).chain(ids.iter().map(|id| scope::record_root(*id))).collect();
        let access = places.into_iter().filter_map(|root| self.access.get(&root).map(|locks| (root, locks.clone()))).collect();
        let op_ids = request.ops.iter().filter_map(|op| Id::try_parse(op.get("op_id")?.as_str()?).ok());
        let decided = op_ids.filter_map(|op| Some((op, self.decided.get(&op)?.clone()))).collect();
        let forgotten = self.forgotten.intersection(&ids).copied().collect();
        let mut world = World { rows, forgotten, access, roots, decided, numbered: device.numbered, ..World::default() };
        if needs_people(&request.ops, &self.schema) {
            (world.people, world.member_keys) = (self.people(), self.member_keys.clone());
        }
        world
    }

    fn people(&self) -> People {
        People::from_rows(self.rows.values())
    }

    fn store(&mut self, device: Option<Id>, plan: &mut Plan) {
        // What only repeats takes no place in the feed.
        self.seq += u64::from(device.is_none() || plan.acks.iter().any(|ack| ack.seq == PENDING));
        let seq = self.seq;
        plan.stamp(seq);
        for (record, root) in &plan.moved {
            let roots = self.roots.entry(*record).or_default();
            roots.iter_mut().filter(|interval| interval.is_open()).for_each(|interval| interval.to = Some(seq));
            roots.push(Interval::open(root.clone(), seq));
        }
        for ((root, lock), opens) in &plan.access {
            change(self.access.entry(root.clone()).or_default(), lock, *opens, seq);
        }
        for ((member, key), opens) in &plan.member_keys {
            change(self.member_keys.entry(*member).or_default(), key, *opens, seq);
        }
        self.rows.extend(plan.rows.clone());
        self.history.append(&mut plan.history);
        let Some(device) = device else { return };
        let state = self.devices.entry(device).or_default();
        state.based = plan.based_seq;
        for ack in &plan.acks {
            state.last_n = state.last_n.max(ack.n);
            let decided = ack.decided();
            state.numbered.insert(ack.n, (ack.op_id, decided.clone()));
            if plan::bears_anothers_id(&ack.outcome) {
                continue;
            }
            let earlier = self.decided.entry(ack.op_id).or_insert(decided);
            assert!(earlier.outcome == ack.outcome, "an op was decided twice");
            if let (Outcome::Parked { .. }, Some(parked)) = (&ack.outcome, &ack.parked) {
                self.parked.insert(ack.op_id, parked.op.clone());
            }
        }
    }

    /// The server comes back from a backup.
    pub fn restore(&mut self, backup: MemoryHub) {
        *self = MemoryHub { epoch: self.epoch.max(backup.epoch) + 1, restored_seq: backup.seq, ..backup };
    }

    /// Forgets what ended at or below `horizon`, as the server's upkeep does; outcomes stay for whoever checks the run.
    pub fn prune(&mut self, horizon: u64) {
        let gone: Vec<&Row> = self.rows.values().filter(|row| floor::is_forgettable(row, horizon)).collect();
        self.floor = gone.iter().map(|row| row.seq).fold(self.floor, u64::max);
        let gone: BTreeSet<Id> = gone.into_iter().map(|row| row.id).collect();
        self.rows.retain(|id, _| !gone.contains(id));
        self.roots.retain(|id, _| !gone.contains(id));
        self.history.retain(|entry| !gone.contains(&entry.record));
        let used: BTreeSet<String> = self.rows.values().map(|row| scope::root_of(row, &self.schema)).collect();
        let unused = |root: &String| !used.contains(root) && gone.iter().any(|id| *root == scope::record_root(*id));
        self.access.retain(|root, _| !unused(root));
        self.access.values_mut().for_each(|locks| locks.retain(|lock| !floor::is_over(lock, self.floor)));
        let held = self.member_keys.values_mut().chain(self.roots.values_mut());
        held.for_each(|keys| keys.retain(|key| !floor::is_over(key, self.floor)));
        self.forgotten.extend(gone);
    }

    /// Puts whole rows in place, as an import does.
    pub fn seed(&mut self, rows: impl IntoIterator<Item = Row>) {
        let world = World {
            rows: self.rows.clone(),
            access: self.access.clone(),
            member_keys: self.member_keys.clone(),
            people: self.people(),
            ..World::default()
        };
        let mut plan = plan::bring_in(&self.schema, 0, world, rows);
        self.store(None, &mut plan);
    }

    /// Takes away what was granted until `now` or before, as the server's job does.
    pub fn expire(&mut self, now: i64) {
        self.seq += 1;
        let due = |lock: &&mut Interval<Lock>| lock.is_open() && lock.key.until.is_some_and(|until| until <= now);
        self.access.values_mut().flatten().filter(due).for_each(|lock| lock.to = Some(self.seq));
    }
}

/// Opens or closes a key at `seq`.
fn change<Key: PartialEq + Clone>(held: &mut Vec<Interval<Key>>, key: &Key, opens: bool, seq: u64) {
    match opens {
        true => held.push(Interval::open(key.clone(), seq)),
        false => {
            let closing = held.iter_mut().filter(|interval| interval.is_open() && interval.key == *key);
            closing.for_each(|interval| interval.to = Some(seq));
        }
    }
}
