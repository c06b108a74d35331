//! A tab at work, as `browser/client.rs` has it: runs the engine's effects and takes answers in.

use super::{
    Mutant, World, Wrong,
    disk::DiskFault,
    journal::Fate,
    network::{Flight, Happening},
    step::KillAt,
};
use crate::{Blocked, Effect, Ending, Event, Step, transport::Reply};
use domain::wire::SyncAnswer;
use futures::executor::block_on;
use store::{Absorbed, Backend, Change, StoreError, Table, View};

/// A tab, as long as it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub device: usize,
    pub tab: u64,
}

impl World {
    /// Where the tab is in its device's list; `None` when it is closed.
    pub fn tab(&self, place: Place) -> Option<usize> {
        self.devices[place.device].tabs.iter().position(|tab| tab.id == place.tab)
    }

    pub fn open_tab(&mut self, device: usize) -> Result<(), Wrong> {
        let id = self.number();
        self.devices[device].open_tab(id)?;
        self.settle_doubts(device)?;
        self.elect(device)
    }

    /// What the user could not know to be saved, he sees now.
    pub fn settle_doubts(&mut self, device: usize) -> Result<(), Wrong> {
        let doubts = self.devices[device].disk.take_doubts();
        if !doubts.is_empty() {
            let chain = self.devices[device].disk.chain();
            for entry in self.devices[device].snapshot()?.outbox {
                if doubts.contains(&entry.op.op_id) {
                    self.devices[device].disk.saved(entry.op.op_id);
                    self.journal.write(entry.op, chain);
                }
            }
        }
        Ok(())
    }

    /// Lets the oldest tab talk to the server if none does.
    pub fn elect(&mut self, device: usize) -> Result<(), Wrong> {
        let tabs = &mut self.devices[device].tabs;
        if tabs.is_empty() || tabs.iter().any(|tab| tab.leads) {
            return Ok(());
        }
        let tab = tabs[0].id;
        self.lead(Place { device, tab })
    }

    pub fn lead(&mut self, place: Place) -> Result<(), Wrong> {
        let Some(at) = self.tab(place) else { return Ok(()) };
        self.devices[place.device].tabs[at].leads = true;
        self.handle(place, Event::Leading(true))
    }

    /// The process dies and the user starts the app again, which brings the newest version.
    pub fn kill(&mut self, device: usize) -> Result<(), Wrong> {
        self.devices[device].tabs.clear();
        self.devices[device].outdated = false;
        self.flights.retain(|_, flight| flight.place.device != device);
        self.open_tab(device)
    }

    /// Kills the device if that was due at this point.
    pub fn kill_point(&mut self, device: usize, point: KillAt) -> Result<bool, Wrong> {
        if self.devices[device].armed.kill != Some(point) {
            return Ok(false);
        }
        self.devices[device].armed.kill = None;
        let name = match point {
            KillAt::Once => "kill at any time",
            KillAt::AfterSave => "kill after save",
            KillAt::BeforeSend => "kill before send",
            KillAt::MidSend => "kill while sending",
            KillAt::AfterSend => "kill after send",
            KillAt::BeforeStored => "kill before answer is stored",
            KillAt::WhileStored => "kill while answer is stored",
            KillAt::AfterStored => "kill after answer was stored",
            KillAt::MidPull => "kill between pages",
        };
        self.log(name, || format!("device {device}"));
        self.kill(device)?;
        Ok(true)
    }

    /// Gives the engine of a tab an event.
    pub fn handle(&mut self, place: Place, event: Event) -> Result<(), Wrong> {
        let Some(at) = self.tab(place) else { return Ok(()) };
        let deaf = self.is(Mutant::NeverPolls);
        let device = &mut self.devices[place.device];
        let (time, chance) = (device.time(self.now), device.random.draw() as u32);
        let engine = &mut device.tabs[at].engine;
        let effects = engine.handle(event, time, chance);
        let polls = engine.is_busy() || engine.retry_at().is_some();
        for effect in effects {
            let tab = &mut self.devices[place.device].tabs[at];
            match effect {
                Effect::Exchange => self.later(0, Happening::Start { place }),
                Effect::Abandon => {
                    tab.generation += 1;
                    self.log("exchange given up", || format!("device {}", place.device));
                }
                // Who is told of everything is answered there.
                Effect::Ask => {}
                Effect::WakeAt(_) if deaf && !polls => {}
                Effect::WakeAt(until) => {
                    tab.timer += 1;
                    let timer = tab.timer;
                    self.later((until - time).max(1), Happening::Wake { place, timer });
                }
            }
        }
        Ok(())
    }

    /// Begins an exchange.
    pub fn start(&mut self, place: Place) -> Result<(), Wrong> {
        let Some(at) = self.tab(place) else { return Ok(()) };
        let device = &mut self.devices[place.device];
        let time = device.time(self.now);
        let stored = block_on(device.sound()?.meta())?.cursor;
        let tab = &mut device.tabs[at];
        let exchange = std::mem::take(&mut tab.exchange);
        let request = match block_on(exchange.request(&tab.local, time, "simulation")) {
            Ok(request) => request,
            Err(error) => return self.failed(place, &error),
        };
        if request.cursor == stored {
            tab.pulled_from = stored;
        }
        let (pulled_from, generation) = (tab.pulled_from.clone(), tab.generation);
        if self.kill_point(place.device, KillAt::BeforeSend)? {
            return Ok(());
        }
        self.send(Flight { place, generation, request: request.into(), exchange, pulled_from })
    }

    fn failed(&mut self, place: Place, error: &StoreError) -> Result<(), Wrong> {
        if error.is_permanent() {
            return Err(Wrong::Broken(format!("device {}: {error}", place.device)));
        }
        self.handle(place, Event::Ended(Ending::Failed { retry_after_ms: None, offline: false }))
    }

    /// Takes in what came of an exchange.
    pub fn end(&mut self, flight: Flight, reply: Reply) -> Result<(), Wrong> {
        let Flight { place, generation, request, mut exchange, pulled_from } = flight;
        let Some(at) = self.tab(place) else { return Ok(()) };
        if self.kill_point(place.device, KillAt::BeforeStored)? {
            return Ok(());
        }
        let kill = self.devices[place.device].armed.kill;
        if let Some(KillAt::WhileStored | KillAt::AfterStored) = kill.filter(|_| matches!(reply, Reply::Ok(_))) {
            self.devices[place.device].disk.fail_next(DiskFault::Crash { written: kill == Some(KillAt::AfterStored) });
        }
        let pretends = self.is(Mutant::AbsorbsWithoutLooking);
        let trusts = self.is(Mutant::LostAnswerIsSuccess) && reply == Reply::Unreachable;
        let device = &mut self.devices[place.device];
        let (time, new_device) = (device.time(self.now), device.random.id());
        device.disk.pretend_cursor(pretends.then_some(pulled_from));
        let tab = &mut device.tabs[at];
        if trusts {
            let meta = block_on(tab.local.meta())?;
            let acks = Mutant::acknowledge(&request, meta.checkpoint);
            let answer =
                SyncAnswer { acks, server_time: time + meta.offset_ms, feed_epoch: meta.feed_epoch, ..Default::default() };
            block_on(tab.local.absorb(request.device, &answer, None, time)).ok();
        }
        let step = block_on(exchange.take(&tab.local, &request, reply, time, new_device));
        tab.exchange = exchange;
        device.disk.pretend_cursor(None);
        if device.disk.take_crash() {
            // The point that was armed, or a crash left over from an answer that stored nothing.
            let point = device.armed.kill.filter(|point| matches!(point, KillAt::WhileStored | KillAt::AfterStored));
            return match point {
                Some(point) => self.kill_point(place.device, point).map(|_| ()),
                None => self.kill(place.device),
            };
        }
        let ending = match step {
            Ok(step) => {
                let mut ending = step.ending();
                if self.is(Mutant::NeverAgainAfter429) && matches!(ending, Ending::Failed { retry_after_ms: Some(_), .. }) {
                    ending = Ending::Blocked(Blocked::Upgrade);
                }
                self.learn(place, step, ending)?;
                ending
            }
            Err(error) if error.is_permanent() => {
                return Err(Wrong::Broken(format!("device {}: an answer cannot be stored: {error}", place.device)));
            }
            Err(error) => {
                if error == StoreError::Lost {
                    self.devices[place.device].tell_tabs(None);
                }
                Ending::Failed { retry_after_ms: None, offline: false }
            }
        };
        if ending == (Ending::Done { more: true }) && self.kill_point(place.device, KillAt::MidPull)? {
            return Ok(());
        }
        let current = self.tab(place).is_some_and(|at| self.devices[place.device].tabs[at].generation == generation);
        if current { self.handle(place, Event::Ended(ending)) } else { Ok(()) }
    }

    /// What the app does with the news of an exchange (`state/session.rs`).
    fn learn(&mut self, place: Place, step: Step, ending: Ending) -> Result<(), Wrong> {
        let device = place.device;
        let Some(at) = self.tab(place) else { return Ok(()) };
        match step {
            Step::Taken { absorbed, .. } => {
                self.devices[device].tabs[at].poked = true;
                self.devices[device].tell_tabs(Some(place.tab));
                show(&mut self.devices[device].tabs[at].view, &absorbed);
                self.watch_absorbed(place, &absorbed, ending)?;
            }
            Step::Restarted { ops } => {
                if self.is(Mutant::ForkKeepsNumbers) {
                    block_on(Mutant::keep_numbers(&self.devices[device].disk))?;
                }
                self.log("device forked", || format!("device {device}"));
                self.devices[device].tell_tabs(Some(place.tab));
                if let Some(ops) = ops {
                    self.devices[device].tabs[at].view.replace_ops(ops);
                }
            }
            Step::SignInNeeded => {
                if self.is(Mutant::OutboxClearedOn401) {
                    let clear = vec![Change::Clear { table: Table::Outbox }];
                    block_on(self.devices[device].disk.transact(&[], |_| Ok((clear.clone(), ()))))?;
                }
            }
            Step::Revoked => self.hand_in(device)?,
            Step::Failed { .. } | Step::UpgradeNeeded | Step::Refused(_) => {}
        }
        Ok(())
    }

    /// A revoked device hands in what is unsent and forgets everything.
    fn hand_in(&mut self, device: usize) -> Result<(), Wrong> {
        let snapshot = self.devices[device].snapshot()?;
        let attention = snapshot.attention.into_iter().map(|one| one.op.op_id);
        let unsent: Vec<_> = snapshot.outbox.into_iter().map(|entry| entry.op.op_id).chain(attention).collect();
        self.log("device revoked", || format!("device {device} hands in {} ops", unsent.len()));
        self.give_up(unsent, Fate::HandedIn);
        self.give_up(self.only_in(&self.devices[device].disk), Fate::LostTwice);
        let chain = self.number() as usize;
        self.devices[device].disk.evict(chain);
        self.devices[device].tabs.clear();
        self.flights.retain(|_, flight| flight.place.device != device);
        Ok(())
    }
}

/// Shows what an answer changed, as the app does.
fn show(view: &mut View, absorbed: &Absorbed) {
    if absorbed.replaced {
        let ops: Vec<_> = view.ops().cloned().collect();
        *view = View::new([], ops);
    }
    view.pulled(absorbed.rows.clone(), &absorbed.removed, absorbed.settled.clone());
    if let Some(ops) = &absorbed.outbox {
        view.replace_ops(ops.clone());
    }
}
