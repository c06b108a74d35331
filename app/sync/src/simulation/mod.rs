//! Devices, a network and a server in memory, driven by a seed: the code under test is the code that runs.
//!
//! Requests and answers are dropped, doubled, delayed and reordered; devices are killed at any point, their clocks are
//! wrong, their databases abort. Afterwards everything is healed, and nothing may be lost, doubled, divergent or stuck.

mod checks;
mod device;
mod network;

use device::Device;
use domain::{
    Id, Schema, Value,
    hub::memory::MemoryHub,
    records,
    testing::{self, Random},
};
use network::{Message, Network};
use serde_json::json;
use std::collections::BTreeMap;

/// How a run ended well: what happened in it, to prove that each fault did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters(pub BTreeMap<&'static str, u64>);

impl Counters {
    pub fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub fn add(&mut self, other: &Counters) {
        for (what, count) in &other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }
}

/// What a run is made of.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub seed: u64,
    /// How many random steps before everything is healed.
    pub steps: usize,
    /// 2 to 8.
    pub devices: usize,
}

/// The people of the simulated company.
pub(crate) struct Cast {
    reps: [Id; 2],
    manager: Id,
    administrator: Id,
}

pub(crate) struct World {
    random: Random,
    /// True time, UTC milliseconds.
    now: i64,
    schema: Schema,
    hub: MemoryHub,
    network: Network,
    devices: Vec<Device>,
    cast: Cast,
    counters: Counters,
    trace: Vec<String>,
}

/// Runs one seed. An error tells what went wrong and the last steps before it.
pub fn run(settings: Settings) -> Result<Counters, String> {
    let mut world = World::new(settings);
    let result = world.play(settings.steps);
    result.map(|()| world.counters).map_err(|error| {
        let tail = world.trace.iter().rev().take(40).rev().cloned().collect::<Vec<_>>().join("\n  ");
        format!(
            "seed {}: {error}\n  {tail}\nrepeat it: cargo x simulate --seed {} --steps {} --devices {}",
            settings.seed, settings.seed, settings.steps, settings.devices
        )
    })
}

impl World {
    fn new(settings: Settings) -> World {
        let mut random = Random::new(settings.seed);
        let schema = records::schema();
        let org = random.id();
        let cast = Cast { reps: [random.id(), random.id()], manager: random.id(), administrator: random.id() };
        let team = random.id();
        let mut hub = MemoryHub::new(schema.clone(), org);
        hub.seed([
            testing::team(team, cast.manager),
            testing::member(cast.reps[0], "rep", Some(team)),
            testing::member(cast.reps[1], "rep", Some(team)),
            testing::member(cast.manager, "manager", None),
            testing::member(cast.administrator, "administrator", None),
        ]);
        let accounts: Vec<_> =
            (0..4).map(|at| testing::account(random.id(), &format!("account {at}"), cast.reps[at % 2])).collect();
        hub.seed(accounts);
        let now = 1_795_000_000_000;
        let members = [cast.reps[0], cast.manager, cast.reps[1], cast.reps[0], cast.administrator];
        let devices = (0..settings.devices).map(|at| Device::new(org, members[at % members.len()], &mut random, now)).collect();
        World {
            random,
            now,
            schema,
            hub,
            network: Network::default(),
            devices,
            cast,
            counters: Counters::default(),
            trace: Vec::new(),
        }
    }

    fn play(&mut self, steps: usize) -> Result<(), String> {
        for _ in 0..steps {
            self.step()?;
        }
        self.heal()?;
        checks::all(self)
    }

    fn log(&mut self, what: &'static str, detail: impl FnOnce() -> String) {
        self.counters.count(what);
        self.trace.push(format!("{what} {}", detail()));
    }

    fn step(&mut self) -> Result<(), String> {
        self.now += self.random.below(5_000) as i64;
        let device = self.random.below(self.devices.len());
        match self.random.below(100) {
            0..35 => self.act(device),
            35..60 => self.send(device),
            60..85 => self.deliver(),
            85..88 => {
                self.log("kill", || format!("device {device}"));
                self.devices[device].kill(self.now)
            }
            88..91 => {
                let skew = [0, 300_000, -300_000, 3_600_000, -86_400_000, 31_536_000_000][self.random.below(6)];
                self.log("clock", || format!("device {device} is {skew} ms off"));
                self.devices[device].skew_ms = skew;
                Ok(())
            }
            91..94 => {
                self.log("store fault", || format!("device {device}"));
                self.devices[device].fail_next(&mut self.random);
                Ok(())
            }
            94..97 => {
                if self.network.drop_one(&mut self.random) {
                    self.log("drop", String::new);
                }
                Ok(())
            }
            _ => {
                if self.network.double_one(&mut self.random) {
                    self.log("double", String::new);
                }
                Ok(())
            }
        }
    }

    /// A user does something at random with what his device shows.
    fn act(&mut self, at: usize) -> Result<(), String> {
        let members = [self.cast.reps[0], self.cast.reps[1], self.cast.manager];
        let device = &mut self.devices[at];
        let draft = device.random_draft(&mut self.random, &members);
        let said = device.act(&draft, &self.schema, &mut self.random, self.now)?;
        if let Some(said) = said {
            self.log("act", || format!("device {at}: {said}"));
        }
        Ok(())
    }

    fn send(&mut self, at: usize) -> Result<(), String> {
        let device = &mut self.devices[at];
        if let Some(request) = device.request(self.now)? {
            let (member, life) = (device.member, device.life);
            self.log("send", || format!("device {at}: {} ops", request.ops.len()));
            self.network.put(Message::Request { device: at, life, member, request: Box::new(request) });
        }
        Ok(())
    }

    fn deliver(&mut self) -> Result<(), String> {
        let Some(message) = self.network.take(&mut self.random) else { return Ok(()) };
        match message {
            Message::Request { device, life, member, request } => {
                let reply = network::serve(&mut self.hub, member, self.now, &request);
                let seq = self.hub.seq;
                self.log("serve", || format!("device {device}: seq is {seq}"));
                if self.random.chance(8) {
                    self.log("answer lost", || format!("to device {device}"));
                    self.devices[device].gave_up(life);
                } else {
                    self.network.put(Message::Answer { device, life, request, reply });
                }
            }
            Message::Answer { device, life, request, reply } => {
                self.log("answer", || format!("device {device}"));
                self.devices[device].answered(life, &request, reply, &mut self.random, self.now)?;
            }
        }
        Ok(())
    }

    /// No more faults: everybody talks until nobody has anything to say.
    fn heal(&mut self) -> Result<(), String> {
        self.network = Network::default();
        for device in &mut self.devices {
            device.heal();
            device.kill(self.now)?;
        }
        for round in 0..200 {
            self.now += 1_000;
            let mut quiet = true;
            for at in 0..self.devices.len() {
                let Some(request) = self.devices[at].request(self.now)? else { continue };
                let before = self.hub.seq;
                let reply = network::serve(&mut self.hub, self.devices[at].member, self.now, &request);
                let life = self.devices[at].life;
                let more = self.devices[at].answered(life, &request, reply, &mut self.random, self.now)?;
                quiet &= !more && request.ops.is_empty() && self.hub.seq == before;
            }
            let level = self.devices.iter().map(Device::checkpoint).collect::<Result<Vec<_>, _>>()?;
            if quiet && level.iter().all(|checkpoint| *checkpoint == self.hub.seq) {
                self.trace.push(format!("healed after {round} rounds"));
                return Ok(());
            }
        }
        Err("stuck: the devices never became quiet".to_owned())
    }
}

/// A value to set, few enough that equal ones meet.
pub(crate) fn any_text(random: &mut Random) -> Value {
    json!(format!("value {}", random.below(50)))
}
