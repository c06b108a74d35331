//! Devices, a network and a server in memory, driven by a seed: the code under test is the code that runs.
//!
//! A seed gives a list of [`Step`]s: what users do and what goes wrong. The steps happen at their times; between them, the
//! engines of the devices wake, send and retry by themselves. Then everything is healed, and within a minute nothing may be
//! lost, doubled, divergent or stuck. Start at [`World::play`]; [`happen`] has the steps, [`drive`] the tabs, [`network`] what
//! is under way, [`watch`] what must hold at every moment and [`checks`] what must hold at the end.

mod checks;
mod device;
mod disk;
mod drive;
mod happen;
mod heal;
mod journal;
mod mutant;
mod network;
mod outcome;
mod regression;
mod server;
mod shrink;
mod step;
mod user;
mod watch;

pub use mutant::Mutant;
pub use outcome::{Counters, FAULTS, Failure, Wrong};
pub use regression::{Regression, report};
pub use shrink::shrink;
pub use step::{Step, What, steps};

use device::Device;
use disk::Disk;
use domain::{
    Id, Schema,
    hub::memory::MemoryHub,
    records,
    testing::{self, Random},
};
use journal::Journal;
use network::{Flight, Happening};
use serde::{Deserialize, Serialize};
use server::Server;
use std::collections::BTreeMap;
use user::User;

/// What a run is made of, beside its steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub seed: u64,
    /// How many there are at the start; cloned profiles join them.
    pub devices: usize,
    /// A deliberate mistake that the run should notice.
    #[serde(skip)]
    pub mutant: Option<Mutant>,
}

impl Settings {
    /// 2 to 5 devices, by the seed.
    pub fn of(seed: u64) -> Settings {
        Settings { seed, devices: 2 + (seed % 4) as usize, mutant: None }
    }
}

/// Runs the steps and says how it went.
pub fn run(settings: Settings, steps: &[Step]) -> Result<Counters, Box<Failure>> {
    let mut world = World::new(settings, None);
    let fail = |wrong| Box::new(Failure { settings, steps: steps.to_vec(), wrong });
    world.play(steps).map(|()| world.counters).map_err(fail)
}

/// Runs the steps again and writes down everything that happens.
pub fn trace(settings: Settings, steps: &[Step]) -> Vec<String> {
    let mut world = World::new(settings, Some(Vec::new()));
    let end = world.play(steps).map_or_else(|wrong| wrong.to_string(), |()| "all is well".to_owned());
    world.trace.into_iter().flatten().chain([end]).collect()
}

/// The people of the simulated company.
struct Cast {
    /// Two reps and their manager.
    colleagues: [Id; 3],
    administrator: Id,
    teams: [Id; 2],
}

impl Cast {
    /// Whose the devices are, in their order.
    fn members(&self) -> [Id; 5] {
        let [rep, other, manager] = self.colleagues;
        [rep, manager, other, rep, self.administrator]
    }
}

struct World {
    settings: Settings,
    /// True time, UTC milliseconds.
    now: i64,
    schema: Schema,
    server: Server,
    devices: Vec<Device>,
    cast: Cast,
    /// What happens by itself, by time and order.
    queue: BTreeMap<(i64, u64), Happening>,
    flights: BTreeMap<u64, Flight>,
    /// Counts whatever needs a number of its own.
    last: u64,
    /// The server's process.
    boot: u64,
    journal: Journal,
    /// No more faults.
    healed: bool,
    counters: Counters,
    trace: Option<Vec<String>>,
}

const START: i64 = 1_795_000_000_000;

impl World {
    fn new(settings: Settings, trace: Option<Vec<String>>) -> World {
        let mut random = Random::new(settings.seed);
        let schema = records::schema();
        let org = random.id();
        let cast = Cast {
            colleagues: [random.id(), random.id(), random.id()],
            administrator: random.id(),
            teams: [random.id(), random.id()],
        };
        let [rep, other, manager] = cast.colleagues;
        let mut hub = MemoryHub::new(schema.clone(), org);
        hub.page_rows = 3 + random.below(12);
        hub.seed([
            testing::team(cast.teams[0], manager),
            testing::team(cast.teams[1], cast.administrator),
            testing::member(rep, "rep", Some(cast.teams[0])),
            testing::member(other, "rep", Some(cast.teams[0])),
            testing::member(manager, "manager", None),
            testing::member(cast.administrator, "administrator", None),
        ]);
        hub.seed((0..4).map(|at| testing::account(random.id(), &format!("account {at}"), cast.colleagues[at % 2])));
        let mut world = World {
            settings,
            now: START,
            schema,
            server: Server { hub, revoked: Default::default(), mutant: settings.mutant, backup: None },
            devices: Vec::new(),
            cast,
            queue: BTreeMap::new(),
            flights: BTreeMap::new(),
            last: 0,
            boot: 0,
            journal: Journal::default(),
            healed: false,
            counters: Counters::default(),
            trace,
        };
        for at in 0..settings.devices {
            let member = world.cast.members()[at % world.cast.members().len()];
            let disk = world.new_disk();
            world.devices.push(Device::new(org, member, disk, Random::new(random.draw())));
        }
        world
    }

    fn play(&mut self, steps: &[Step]) -> Result<(), Wrong> {
        for at in 0..self.devices.len() {
            self.open_tab(at)?;
        }
        for step in steps {
            self.pass_until(START + step.at)?;
            self.happen(step)?;
        }
        self.heal()?;
        checks::all(self)
    }

    /// Lets happen what happens by itself until then.
    fn pass_until(&mut self, time: i64) -> Result<(), Wrong> {
        while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= time) {
            let ((at, _), happening) = entry.remove_entry();
            self.now = self.now.max(at);
            self.take_place(happening)?;
            // A minute of everybody talking without a pause is less than this.
            if self.last > 1_000_000 {
                return Err(Wrong::Stuck("the devices talk without end".to_owned()));
            }
        }
        self.now = self.now.max(time);
        Ok(())
    }

    fn later(&mut self, ms: i64, happening: Happening) {
        let number = self.number();
        self.queue.insert((self.now + ms, number), happening);
    }

    fn number(&mut self) -> u64 {
        self.last += 1;
        self.last
    }

    fn new_disk(&mut self) -> Disk {
        Disk::new(self.number() as usize, self.settings.mutant)
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.settings.mutant == Some(mutant)
    }

    /// Counts what happened, and writes it down when somebody will read it.
    fn log(&mut self, what: &'static str, detail: impl FnOnce() -> String) {
        self.counters.count(what);
        let seconds = (self.now - START) as f64 / 1000.0;
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{seconds:>9.3} s  {what}: {}", detail()));
        }
    }

    fn user(&self, device: usize) -> User<'_> {
        User { member: self.devices[device].member, colleagues: &self.cast.colleagues, teams: &self.cast.teams }
    }
}
