//! The end of all faults: within a minute of the engines' own timing everybody agrees.

use super::{World, Wrong, device::Device, network::Happening};
use crate::{Compared, Comparison, Event, transport::Reply};
use domain::testing::Random;
use futures::executor::block_on;

/// sync.md, "liveness after healing".
const DEADLINE_MS: i64 = 60_000;

impl World {
    pub fn heal(&mut self) -> Result<(), Wrong> {
        self.healed = true;
        self.log("healed", String::new);
        self.bring_everybody_in()?;
        // Connections that hang are reset when the network changes.
        let hanging: Vec<u64> = self.flights.keys().copied().collect();
        for flight in hanging {
            self.later(1_000, Happening::Answer { flight, reply: Reply::Unreachable });
        }
        self.thaw();
        for at in 0..self.devices.len() {
            let device = &mut self.devices[at];
            let was_cut_off = device.mute_until.max(device.deaf_until) > self.now;
            (device.mute_until, device.deaf_until, device.armed) = Default::default();
            device.disk.clear_faults();
            if device.outdated {
                self.kill(at)?;
            }
            self.sign_in(at)?;
            if was_cut_off {
                self.tell(at, Event::Hopeful)?;
            }
        }
        let healed_at = self.now;
        while self.now < healed_at + DEADLINE_MS {
            self.pass_until(self.now + 2_000)?;
            self.decide()?;
            if self.agree()? {
                self.counters.slowest_ms = self.now - healed_at;
                return Ok(());
            }
        }
        Err(Wrong::Stuck(self.who_is_behind()?))
    }

    /// Frozen tabs wake, and what they did not hear of happens now.
    fn thaw(&mut self) {
        let frozen = |world: &World, happening: &Happening| world.frozen_until(happening) > world.now;
        let missed: Vec<_> = self.queue.iter().filter(|(_, happening)| frozen(self, happening)).map(|(when, _)| *when).collect();
        for when in missed {
            if let Some(happening) = self.queue.remove(&when) {
                self.later(0, happening);
            }
        }
        self.devices.iter_mut().flat_map(|device| &mut device.tabs).for_each(|tab| tab.frozen_until = 0);
    }

    /// Whoever left work on a shared device signs in there again, and everybody takes a new device into use.
    fn bring_everybody_in(&mut self) -> Result<(), Wrong> {
        let mut joined = Vec::new();
        for device in &mut self.devices {
            for (member, disk) in std::mem::take(&mut device.shelf) {
                joined.push((device.org, member, disk, Random::new(device.random.draw())));
            }
        }
        let org = self.server.hub.org;
        for (at, member) in self.cast.members().into_iter().enumerate().filter(|(at, _)| *at != 3) {
            let disk = self.new_disk();
            joined.push((org, member, disk, Random::new(at as u64)));
        }
        for (org, member, disk, random) in joined {
            disk.clear_faults();
            self.devices.push(Device::new(org, member, disk, random));
            self.open_tab(self.devices.len() - 1)?;
        }
        Ok(())
    }

    /// Whoever was asked what is to become of records that nothing explains lets them go, and has the device compared with
    /// the server, which brings back what was taken by mistake.
    fn decide(&mut self) -> Result<(), Wrong> {
        for device in self.devices.iter_mut().filter(|device| !device.tabs.is_empty()) {
            let local = device.sound()?;
            let at_rest = block_on(local.meta())?.checkpoint == self.server.hub.seq && block_on(local.outbox())?.is_empty();
            if !at_rest || block_on(local.withheld())? == 0 {
                continue;
            }
            block_on(local.let_go())?;
            let mut comparison = block_on(Comparison::begin(&local))?;
            loop {
                let request = comparison.request();
                let answer = serde_json::to_string(&self.server.hub.digest(device.member, &request)).unwrap_or_default();
                if !matches!(block_on(comparison.take(&local, &request, Reply::Ok(answer)))?, Compared::Asking) {
                    break;
                }
            }
            device.tell_tabs(None);
        }
        Ok(())
    }

    fn agree(&self) -> Result<bool, Wrong> {
        for device in self.devices.iter().filter(|device| !device.tabs.is_empty()) {
            let local = device.sound()?;
            if block_on(local.meta())?.checkpoint != self.server.hub.seq || !block_on(local.outbox())?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn who_is_behind(&self) -> Result<String, Wrong> {
        let mut behind = Vec::new();
        for (at, device) in self.devices.iter().enumerate().filter(|(_, device)| !device.tabs.is_empty()) {
            let snapshot = device.snapshot()?;
            if !snapshot.outbox.is_empty() || snapshot.meta.checkpoint != self.server.hub.seq {
                let engines: Vec<_> = device.tabs.iter().map(|tab| &tab.engine).collect();
                let (waiting, checkpoint) = (snapshot.outbox.len(), snapshot.meta.checkpoint);
                let now = device.time(self.now);
                behind.push(format!("device {at}: {waiting} ops wait, at {checkpoint}, its time is {now}, {engines:?}"));
            }
        }
        Ok(format!("after a minute without faults the server is at {} and {}", self.server.hub.seq, behind.join("; ")))
    }
}
