//! The members' devices, the two server processes they talk to, and what strikes these.

use super::company::Company;
use crate::{
    support::{Browser, TestApp},
    sync::{
        phone::Phone,
        process::{Process, free_port},
    },
};
use domain::{Id, testing::Random};
use server::{
    db,
    now::now_ms,
    secret::{Token, new_id},
};
use sqlx::{Connection, PgConnection};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use sync::Step;
use tokio::{
    sync::Semaphore,
    task::{JoinHandle, JoinSet},
};

/// How many devices talk at once.
const AT_ONCE: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disaster {
    /// `kill -9` of a server process; another takes its port.
    Kill(usize),
    /// Postgres ends every connection, whatever its transaction is doing.
    CutOff,
}

pub const DISASTERS: [Disaster; 3] = [Disaster::Kill(0), Disaster::Kill(1), Disaster::CutOff];

/// Two server processes on one database.
pub struct Servers {
    processes: Mutex<[Process; 2]>,
    origins: [String; 2],
    database: String,
    /// Requests answered, or not, since the start.
    asked: AtomicUsize,
    struck: Mutex<BTreeMap<Disaster, usize>>,
}

impl Servers {
    pub fn start(database: &str) -> Servers {
        let processes = [free_port(), free_port()].map(|port| Process::start(database, port));
        let origins = [0, 1].map(|at: usize| processes[at].origin());
        Servers {
            processes: Mutex::new(processes),
            origins,
            database: database.to_owned(),
            asked: AtomicUsize::new(0),
            struck: Mutex::default(),
        }
    }

    /// What struck, and how often.
    pub fn struck(&self) -> BTreeMap<Disaster, usize> {
        self.struck.lock().unwrap().clone()
    }

    /// Strikes once that many more requests were answered, while others are under way.
    pub fn strike(self: Arc<Self>, disaster: Disaster, after: usize) -> JoinHandle<()> {
        let due = self.asked.load(Ordering::Relaxed) + after;
        tokio::spawn(async move {
            while self.asked.load(Ordering::Relaxed) < due {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            match disaster {
                Disaster::Kill(at) => self.processes.lock().unwrap()[at].kill_and_restart(),
                Disaster::CutOff => self.cut_off().await,
            }
            *self.struck.lock().unwrap().entry(disaster).or_default() += 1;
        })
    }

    async fn cut_off(&self) {
        let mut connection = PgConnection::connect(&self.database).await.unwrap();
        // Who signed in may end his own connections; the plain role may not.
        sqlx::query("SET ROLE NONE").execute(&mut connection).await.unwrap();
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let ended: i64 = sqlx::query_scalar(end).fetch_one(&mut connection).await.unwrap();
        assert!(ended > 0);
    }
}

/// A member's device. It asks another server when one does not answer.
pub struct Device {
    pub member: Id,
    pub phone: Phone,
    browsers: [Browser; 2],
    servers: Arc<Servers>,
}

impl Device {
    pub async fn new(app: &TestApp, company: &Company, servers: &Arc<Servers>, member: Id) -> Device {
        let token = Token::random().unwrap();
        let mut tx = db::begin(app.pool()).await.unwrap();
        db::session::insert(&mut tx, &token.hash(), company.org, member, "test device", now_ms()).await.unwrap();
        db::commit(tx).await.unwrap();
        let cookie = format!("rounds_session={}", token.reveal());
        let browsers = [0, 1].map(|at: usize| Browser::new(&servers.origins[at]).with_cookie(cookie.clone()));
        let phone = Phone::new(browsers[0].clone(), company.org, member).await;
        Device { member, phone, browsers, servers: servers.clone() }
    }

    /// Asks until nothing waits and nothing more comes.
    async fn sync(&mut self, mut random: Random) {
        let deadline = now_ms() + 60_000;
        loop {
            self.phone.browser = self.browsers[random.below(2)].clone();
            let step = self.phone.exchange().await;
            self.servers.asked.fetch_add(1, Ordering::Relaxed);
            let waits = self.phone.local.outbox().await.unwrap();
            match step {
                Step::Taken { more: false, .. } if waits.is_empty() => return,
                Step::Taken { .. } => {}
                Step::Failed { .. } => tokio::time::sleep(Duration::from_millis(20)).await,
                refused => panic!("{}: {refused:?}", self.member),
            }
            assert!(now_ms() < deadline, "{} is stuck for a minute: {step:?}, and waiting are {waits:#?}", self.member);
        }
    }
}

/// Those who are chosen sync, several at once and in no order.
pub async fn everybody(devices: &mut Vec<Device>, mut is_chosen: impl FnMut(&Device) -> bool) {
    let (mut tasks, places) = (JoinSet::new(), Arc::new(Semaphore::new(AT_ONCE)));
    for (at, mut device) in devices.drain(..).enumerate() {
        let (chosen, places) = (is_chosen(&device), places.clone());
        tasks.spawn(async move {
            if chosen {
                let _place = places.acquire().await.unwrap();
                device.sync(Random::new(new_id().unwrap().as_u128() as u64)).await;
            }
            (at, device)
        });
    }
    let mut all = tasks.join_all().await;
    all.sort_by_key(|(at, _)| *at);
    devices.extend(all.into_iter().map(|(_, device)| device));
}
