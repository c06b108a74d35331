//! A simulated device: a database, tabs with the real store, engine and exchange, and what goes wrong with them.

use super::{
    disk::Disk,
    step::{Interception, KillAt, Trouble},
};
use crate::{Engine, Exchange};
use domain::{Id, testing::Random};
use futures::executor::block_on;
use std::collections::BTreeMap;
use store::{Local, Snapshot, StoreError, View};

pub struct Device {
    pub org: Id,
    pub member: Id,
    pub disk: Disk,
    /// The databases of others who signed in here before.
    pub shelf: BTreeMap<Id, Disk>,
    /// Empty once the device was revoked and wiped.
    pub tabs: Vec<Tab>,
    /// Chance that belongs to the device, so that another device's fate does not change its own.
    pub random: Random,
    /// How far its clock is from true time, milliseconds.
    pub skew_ms: i64,
    pub signed_in: bool,
    pub outdated: bool,
    /// True time until which nothing gets out, or in.
    pub mute_until: i64,
    pub deaf_until: i64,
    pub armed: Armed,
}

/// What waits for its moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Armed {
    pub request: Option<Trouble>,
    pub answer: Option<Trouble>,
    pub interception: Option<Interception>,
    pub slow_commit_ms: Option<i64>,
    pub apart_ms: Option<i64>,
    pub take_away: bool,
    pub kill: Option<KillAt>,
}

/// A tab as the browser's driver runs it (`browser/client.rs`).
pub struct Tab {
    pub id: u64,
    pub local: Local<Disk>,
    pub engine: Engine,
    pub exchange: Exchange,
    /// The stored cursor from which the running pull began.
    pub pulled_from: Option<String>,
    /// Counts abandoned exchanges.
    pub generation: u32,
    /// Counts timers: setting one takes back the one before.
    pub timer: u64,
    /// What the user sees, kept as the app keeps it.
    pub view: View,
    /// Another tab has stored something: it looks again before it is used.
    pub outdated: bool,
    pub leads: bool,
    /// Its line for pokes is open.
    pub poked: bool,
    pub frozen_until: i64,
}

impl Device {
    pub fn new(org: Id, member: Id, disk: Disk, random: Random) -> Device {
        Device {
            org,
            member,
            disk,
            shelf: BTreeMap::new(),
            tabs: Vec::new(),
            random,
            skew_ms: 0,
            signed_in: true,
            outdated: false,
            mute_until: 0,
            deaf_until: 0,
            armed: Armed::default(),
        }
    }

    pub fn time(&self, now: i64) -> i64 {
        now + self.skew_ms
    }

    /// Opens the database for another tab. Faults that strike meanwhile make the user try again.
    pub fn open_tab(&mut self, id: u64) -> Result<(), StoreError> {
        let device = self.random.id();
        let (local, snapshot) = loop {
            let opened = Local::open(self.disk.clone(), self.org, self.member, device);
            let opened = block_on(opened).and_then(|local| block_on(local.snapshot()).map(|snapshot| (local, snapshot)));
            self.disk.take_crash();
            match opened {
                Err(error) if !error.is_permanent() => {}
                opened => break opened?,
            }
        };
        self.tabs.push(Tab {
            id,
            local,
            engine: Engine::default(),
            exchange: Exchange::default(),
            pulled_from: None,
            generation: 0,
            timer: 0,
            view: view_of(snapshot),
            outdated: false,
            leads: false,
            poked: false,
            frozen_until: 0,
        });
        Ok(())
    }

    /// The database as it is, past every fault.
    pub fn sound(&self) -> Result<Local<Disk>, StoreError> {
        block_on(Local::open(self.disk.sound(), self.org, self.member, Id::nil()))
    }

    /// Whether the device has the op: waiting, refused, or kept for a server that was restored.
    pub fn holds(&self, op: Id) -> bool {
        [&self.disk].into_iter().chain(self.shelf.values()).any(|disk| disk.ops().contains(&op))
    }

    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        block_on(self.sound()?.snapshot())
    }

    /// Tells the tabs but one, which knows already, that something else is stored now.
    pub fn tell_tabs(&mut self, except: Option<u64>) {
        self.tabs.iter_mut().filter(|tab| Some(tab.id) != except).for_each(|tab| tab.outdated = true);
    }

    /// Lets the tabs look again that have been told.
    pub fn refresh_views(&mut self) -> Result<(), StoreError> {
        for at in 0..self.tabs.len() {
            if self.tabs[at].outdated {
                self.tabs[at].view = view_of(self.snapshot()?);
                self.tabs[at].outdated = false;
            }
        }
        Ok(())
    }
}

pub fn view_of(snapshot: Snapshot) -> View {
    View::new(snapshot.base, snapshot.outbox.into_iter().map(|entry| entry.op))
}
