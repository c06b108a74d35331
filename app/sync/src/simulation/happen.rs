//! What the steps do.

use super::{
    World, Wrong,
    device::Device,
    disk::{Disk, DiskFault},
    drive::Place,
    journal::Fate,
    step::{KillAt, Step, StoreFault, What},
};
use crate::Event;
use domain::{
    Id,
    change::{Act, Write},
    ids,
    records::Account,
    testing::Random,
};
use futures::executor::block_on;
use std::{collections::BTreeSet, slice};
use store::{Draft, StoreError};

/// More devices than this make a run slow without making it worse.
const MAX_DEVICES: usize = 8;

impl World {
    pub fn happen(&mut self, step: &Step) -> Result<(), Wrong> {
        let device = step.device % self.devices.len();
        let mut random = Random::new(step.salt);
        // A revoked device is out of everybody's hands.
        if self.devices[device].tabs.is_empty() {
            return Ok(());
        }
        match step.what {
            What::Act | What::ActOnMany | What::Reassign | What::Merge => self.devices[device].refresh_views()?,
            What::ActTogether | What::Reorganise => self.devices.iter_mut().try_for_each(Device::refresh_views)?,
            _ => {}
        }
        let armed = &mut self.devices[device].armed;
        match step.what {
            What::Request(trouble) => armed.request = Some(trouble),
            What::Answer(trouble) => armed.answer = Some(trouble),
            What::Intercept(interception) => armed.interception = Some(interception),
            What::SlowCommit { ms } => armed.slow_commit_ms = Some(ms),
            What::TakeAway => armed.take_away = true,
            What::Apart { ms } => armed.apart_ms = Some(ms),
            What::Kill(point) => {
                armed.kill = Some(point);
                self.kill_point(device, KillAt::Once)?;
            }
            What::Act => {
                let tab = random.below(self.devices[device].tabs.len());
                let draft = self.user(device).draft(&mut random, &self.devices[device].tabs[tab].view);
                self.act(device, tab, &draft, &mut random)?;
            }
            What::ActTogether => self.act_together(device, &mut random)?,
            What::ActOnMany => {
                let drafts = self.user(device).change_many(&mut random, &self.devices[device].tabs[0].view);
                if self.act_on_each(device, 0, &drafts, &mut random)? && drafts.len() > 1 {
                    self.counters.count("many changed at once");
                }
            }
            What::Reassign => {
                let draft = self.user(device).reassign(&mut random, &self.devices[device].tabs[0].view);
                if self.act(device, 0, &draft, &mut random)? {
                    let claims =
                        draft.writes(&self.schema, |_| None).0.iter().any(|write| matches!(write.act, Act::Claim { .. }));
                    self.counters.count(if claims { "account claimed" } else { "owner changed" });
                }
            }
            What::Merge => {
                let draft = self.user(device).merge(&mut random, &self.devices[device].tabs[0].view);
                self.act(device, 0, &draft, &mut random)?;
            }
            What::Reorganise => self.reorganise(&mut random)?,
            What::Partition { requests, answers, ms } => {
                let until = self.now + ms;
                let device = &mut self.devices[device];
                if requests {
                    device.mute_until = until;
                }
                if answers {
                    device.deaf_until = until;
                }
            }
            What::ServerRestart => self.restart()?,
            What::Backup => self.server.backup = Some((self.server.hub.clone(), self.server.revoked.clone())),
            What::Restore => self.restore()?,
            What::Prune { kept } => {
                let before = self.server.hub.floor;
                self.server.hub.prune(self.server.hub.seq.saturating_sub(kept));
                if self.server.hub.floor > before {
                    self.log("deleted records forgotten", || format!("but for {kept} places of the feed"));
                }
            }
            What::Freeze { ms } => {
                self.log("tab frozen", || format!("device {device} for {ms} ms"));
                self.devices[device].tabs[0].frozen_until = self.now + ms;
            }
            What::OtherTab if self.devices[device].tabs.len() > 1 => {
                let closed = self.devices[device].tabs.remove(0).id;
                self.log("tab closed", || format!("device {device}"));
                self.flights.retain(|_, flight| flight.place != Place { device, tab: closed });
                self.elect(device)?;
            }
            What::OtherTab => {
                self.log("tab opened", || format!("device {device}"));
                self.open_tab(device)?;
            }
            What::TwoLeaders => {
                if self.devices[device].tabs.len() == 1 {
                    self.open_tab(device)?;
                }
                self.log("two leaders", || format!("device {device}"));
                for at in 0..self.devices[device].tabs.len() {
                    let tab = self.devices[device].tabs[at].id;
                    self.lead(Place { device, tab })?;
                }
            }
            What::Store(fault) => {
                let (name, times) = match fault {
                    StoreFault::Abort => ("store abort", 1),
                    StoreFault::Quota => ("store quota", 1 + random.below(3)),
                    StoreFault::LostAfterWrite | StoreFault::LostBeforeWrite | StoreFault::LostRead => ("store lost", 1),
                };
                self.log(name, || format!("device {device}: {fault:?}"));
                (0..times).for_each(|_| self.devices[device].disk.fail_next(DiskFault::Store(fault)));
            }
            What::Evict => self.evict(device)?,
            What::Clock { skew_ms } => {
                let jump = skew_ms - self.devices[device].skew_ms;
                let name = if jump < 0 { "clock jumps back" } else { "clock jumps forward" };
                self.log(name, || format!("device {device} by {jump} ms"));
                self.devices[device].skew_ms = skew_ms;
            }
            What::CloneProfile => self.clone_profile(device)?,
            What::SwitchUser => self.switch_user(device, &mut random)?,
            What::SessionEnds => {
                self.log("session ended", || format!("device {device}"));
                self.devices[device].signed_in = false;
            }
            What::SignIn => self.sign_in(device)?,
            What::Upgrade => {
                self.log("upgrade demanded", || format!("device {device}"));
                self.devices[device].outdated = true;
            }
            What::Revoke => {
                let id = block_on(self.devices[device].sound()?.meta())?.device;
                self.server.revoked.insert(id);
            }
            What::Online => self.tell(device, Event::Hopeful)?,
        }
        Ok(())
    }

    /// Tells every tab of a device.
    pub fn tell(&mut self, device: usize, event: Event) -> Result<(), Wrong> {
        let tabs: Vec<u64> = self.devices[device].tabs.iter().map(|tab| tab.id).collect();
        tabs.iter().try_for_each(|&tab| self.handle(Place { device, tab }, event))?;
        // A leader that can speak answers the others.
        let now = self.now;
        let speaks = self.devices[device].tabs.iter().find(|tab| tab.engine.is_leading() && tab.frozen_until <= now);
        let Some(leader) = speaks.map(|tab| tab.id) else { return Ok(()) };
        let others = tabs.into_iter().filter(|tab| *tab != leader);
        others.into_iter().try_for_each(|tab| self.handle(Place { device, tab }, Event::LeaderSpoke))
    }

    fn act(&mut self, device: usize, at: usize, draft: &Draft, random: &mut Random) -> Result<bool, Wrong> {
        self.act_on_each(device, at, slice::from_ref(draft), random)
    }

    /// Saves drafts as the app does, an op each: a save whose connection died is tried once more under the same ids.
    fn act_on_each(&mut self, device: usize, at: usize, drafts: &[Draft], random: &mut Random) -> Result<bool, Wrong> {
        let (now, owner) = (self.now, &mut self.devices[device]);
        let time = owner.time(now);
        let tab = &mut owner.tabs[at];
        let writes = drafts.iter().map(|draft| draft.writes(&self.schema, |id| tab.view.row(id).map(AsRef::as_ref)).0);
        let named = writes.filter(|writes| !writes.is_empty()).map(|writes| {
            let mut bytes = [0; 10];
            bytes.fill_with(|| random.draw() as u8);
            (ids::new(time, bytes), writes)
        });
        let actions: Vec<(Id, Vec<Write>)> = named.collect();
        if actions.is_empty() || tab.frozen_until > now {
            return Ok(false);
        }
        let op_ids: Vec<Id> = actions.iter().map(|(op_id, _)| *op_id).collect();
        let saved = match block_on(tab.local.act_all(actions.clone(), time)) {
            // Whatever becomes of the second try, the first may have been stored.
            Err(StoreError::Lost) if !owner.disk.take_crash() => {
                block_on(tab.local.act_all(actions, time)).map_err(|_| StoreError::Lost)
            }
            Err(StoreError::Lost) => {
                op_ids.iter().for_each(|op_id| owner.disk.doubts(*op_id));
                return self.kill(device).map(|()| false);
            }
            other => other,
        };
        let (tab, crashed) = (tab.id, owner.disk.take_crash());
        match saved {
            Ok(ops) => {
                for op in &ops {
                    self.devices[device].disk.saved(op.op_id);
                    self.journal.write(op.clone(), self.devices[device].disk.chain());
                    self.log("act", || {
                        let writes = serde_json::to_string(&op.writes).unwrap_or_default();
                        format!("device {device}: {} #{} {writes}", op.op_id, op.n)
                    });
                }
                if self.kill_point(device, KillAt::AfterSave)? {
                    return Ok(true);
                }
                ops.into_iter().try_for_each(|op| self.show_saved(device, at, op))?;
                self.devices[device].tell_tabs(Some(tab));
                self.tell(device, Event::Wanted)?;
                Ok(true)
            }
            Err(error) if error.is_permanent() => Err(Wrong::Broken(format!("device {device} cannot save: {error}"))),
            Err(error) => {
                self.log("save failed", || format!("device {device}: {error}"));
                if error == StoreError::Lost {
                    op_ids.iter().for_each(|op_id| self.devices[device].disk.doubts(*op_id));
                    self.devices[device].tell_tabs(None);
                    if !crashed {
                        self.settle_doubts(device)?;
                    }
                }
                if crashed { self.kill(device).map(|()| false) } else { Ok(false) }
            }
        }
    }

    fn act_together(&mut self, device: usize, random: &mut Random) -> Result<(), Wrong> {
        let other = random.below(self.devices.len());
        let shown = |at: usize| {
            let view = self.devices[at].tabs.first().map(|tab| &tab.view);
            let rows = view.into_iter().flat_map(|view| view.rows());
            let mut ids: Vec<Id> = rows.filter(|row| row.kind == Account::KIND && row.is_alive()).map(|row| row.id).collect();
            ids.sort();
            ids
        };
        let (here, there) = (shown(device), shown(other));
        let Some(account) = here.into_iter().find(|id| other != device && there.contains(id)) else { return Ok(()) };
        for at in [device, other] {
            let draft = self.user(at).rename(random, account);
            if !self.devices[at].tabs.is_empty() {
                self.act(at, 0, &draft, random)?;
            }
        }
        Ok(())
    }

    fn reorganise(&mut self, random: &mut Random) -> Result<(), Wrong> {
        let administrator = self.cast.administrator;
        let theirs = |device: &Device| device.member == administrator && !device.tabs.is_empty();
        let Some(device) = self.devices.iter().position(theirs) else { return Ok(()) };
        let draft = self.user(device).reorganise(random);
        if self.act(device, 0, &draft, random)? {
            self.counters.count("people reorganised");
        }
        Ok(())
    }

    /// The browser removes everything. What was unsent is lost, and said: the app remembers the number elsewhere.
    fn evict(&mut self, device: usize) -> Result<(), Wrong> {
        let snapshot = self.devices[device].snapshot()?;
        let unsent = snapshot.outbox.iter().filter(|entry| entry.acked_seq.is_none()).map(|entry| entry.op.op_id);
        let attention = snapshot.attention.iter().map(|one| one.op.op_id);
        let told = unsent.clone().count();
        self.give_up(unsent.chain(attention), Fate::Evicted);
        self.give_up(self.only_in(&self.devices[device].disk), Fate::LostTwice);
        self.log(if told > 0 { "eviction with unsent work" } else { "eviction" }, || {
            format!("device {device}: {told} ops are lost")
        });
        let chain = self.number() as usize;
        self.devices[device].disk.evict(chain);
        self.kill(device)
    }

    /// What the server had before it was restored and a database still has; whatever became of the others, it may send it again.
    pub fn only_in(&self, disk: &Disk) -> Vec<Id> {
        let is_open = |op: &Id| self.journal.ops.get(op).is_some_and(|entry| entry.fate.is_none());
        disk.ops().into_iter().filter(|op| is_open(op) && !self.server.hub.decided.contains_key(op)).collect()
    }

    fn restore(&mut self) -> Result<(), Wrong> {
        if !self.server.restore() {
            return Ok(());
        }
        let decided = &self.server.hub.decided;
        let unknown = self.journal.ops.iter().filter(|(op, entry)| entry.fate.is_none() && !decided.contains_key(op));
        let lost: Vec<Id> =
            unknown.map(|(op, _)| *op).filter(|op| !self.devices.iter().any(|device| device.holds(*op))).collect();
        self.log("server restored from a backup", || format!("{} ops are nowhere any more", lost.len()));
        self.give_up(lost, Fate::LostTwice);
        for device in &self.devices {
            let kept: BTreeSet<Id> = device.snapshot()?.outbox.into_iter().map(|entry| entry.op.op_id).collect();
            device.disk.waiting().into_iter().filter(|op| !kept.contains(op)).for_each(|op| device.disk.settled(op));
        }
        self.restart()
    }

    pub fn give_up(&mut self, ops: impl IntoIterator<Item = Id>, fate: Fate) {
        (0..self.journal.fate(ops, fate)).for_each(|_| self.counters.count(fate.name()));
    }

    fn clone_profile(&mut self, device: usize) -> Result<(), Wrong> {
        if self.devices.len() >= MAX_DEVICES {
            return Ok(());
        }
        self.log("profile cloned", || format!("device {device}"));
        let chain = self.number() as usize;
        let owner = &mut self.devices[device];
        let random = Random::new(owner.random.draw());
        let clone = Device::new(owner.org, owner.member, owner.disk.copy(chain), random);
        let skew_ms = owner.skew_ms;
        self.devices.push(Device { skew_ms, ..clone });
        self.open_tab(self.devices.len() - 1)
    }

    /// Signs out and lets a colleague sign in. The database stays for its owner unless nothing is left in it.
    fn switch_user(&mut self, device: usize, random: &mut Random) -> Result<(), Wrong> {
        let member = self.cast.members()[random.below(5)];
        let fresh = self.new_disk();
        let snapshot = self.devices[device].snapshot()?;
        let owner = &mut self.devices[device];
        if member == owner.member {
            return Ok(());
        }
        owner.tabs.clear();
        let disk = owner.shelf.remove(&member).unwrap_or(fresh);
        let left = std::mem::replace(&mut owner.disk, disk);
        let before = std::mem::replace(&mut owner.member, member);
        owner.signed_in = true;
        if !snapshot.outbox.is_empty() || !snapshot.attention.is_empty() {
            owner.shelf.insert(before, left);
        } else {
            self.give_up(self.only_in(&left), Fate::LostTwice);
        }
        self.log("user switched", || format!("device {device}"));
        self.kill(device)
    }

    pub fn sign_in(&mut self, device: usize) -> Result<(), Wrong> {
        if std::mem::replace(&mut self.devices[device].signed_in, true) {
            return Ok(());
        }
        self.log("signed in", || format!("device {device}"));
        self.tell(device, Event::Hopeful)
    }
}
