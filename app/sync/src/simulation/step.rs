//! What happens in a run: a list of steps drawn from a seed, each of which can be left out without changing the others.

use domain::testing::Random;
use serde::{Deserialize, Serialize};

/// One thing that happens to one device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Milliseconds since the run began.
    pub at: i64,
    /// Which device, modulo how many there are.
    pub device: usize,
    /// The chance inside the step comes from this alone.
    pub salt: u64,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The user does something with what the device shows.
    Act,
    /// He and a colleague change one field at the same instant.
    ActTogether,
    /// He does the same to several records by one gesture: an op each.
    ActOnMany,
    /// A record gets another owner.
    Reassign,
    /// An account is merged into another, or made one of its own again.
    Merge,
    /// An administrator moves somebody to another team.
    Reorganise,
    /// The next request of this device meets trouble on its way.
    Request(Trouble),
    /// The next answer to this device does, after the server has committed.
    Answer(Trouble),
    /// The next request is answered by something before it reaches the server.
    Intercept(Interception),
    /// The server takes this long to commit the next request.
    SlowCommit {
        ms: i64,
    },
    /// For a while nothing gets through in one direction or both.
    Partition {
        requests: bool,
        answers: bool,
        ms: i64,
    },
    /// The server loses what it has not committed, the answers under way and the lines for pokes.
    ServerRestart,
    /// The server's database is copied away.
    Backup,
    /// The server's disk is lost, and it comes back with the last copy.
    Restore,
    /// The server forgets what was deleted, but for this many places of the feed.
    Prune {
        kept: u64,
    },
    /// Between the push and the pull of the next request others commit for so long.
    Apart {
        ms: i64,
    },
    /// The next pull takes away everything the device holds, and nothing explains it.
    TakeAway,
    Kill(KillAt),
    /// The tab that leads is frozen by its browser.
    Freeze {
        ms: i64,
    },
    /// A second tab opens, or the older of two closes.
    OtherTab,
    /// Two tabs talk to the server at once.
    TwoLeaders,
    Store(StoreFault),
    /// The browser removes the database.
    Evict,
    /// The device's clock is set.
    Clock {
        skew_ms: i64,
    },
    /// A copy of the whole profile wakes up on another machine.
    CloneProfile,
    /// Somebody else signs in on this device.
    SwitchUser,
    /// The session ends on the server.
    SessionEnds,
    SignIn,
    /// The server no longer speaks this app's protocol, until the app is started anew.
    Upgrade,
    /// An administrator revokes the device.
    Revoke,
    /// The browser says that the network is back, or the user asks for a sync.
    Online,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// It never arrives, which is noticed at once.
    Lost,
    /// It never arrives, and nobody says so.
    Swallowed,
    Delayed {
        ms: i64,
    },
    Doubled,
    /// Only the beginning arrives.
    Cut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interception {
    Status {
        code: u16,
        retry_after_s: Option<u32>,
    },
    /// A captive portal's page, with the status of success or of a refusal.
    Portal {
        ok: bool,
    },
    /// A revocation that names another device.
    RevokesAnother,
}

/// The points at which a device may die (sync.md, "Faults").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KillAt {
    Once,
    /// After the transaction of a save, before the screen shows it.
    AfterSave,
    BeforeSend,
    MidSend,
    AfterSend,
    /// After the answer, before anything of it is stored.
    BeforeStored,
    /// While the answer is stored: nothing of it is.
    WhileStored,
    /// The answer is stored, and nobody learns of it.
    AfterStored,
    /// Between two pages of a pull.
    MidPull,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreFault {
    Abort,
    Quota,
    /// The connection dies; the change was written.
    LostAfterWrite,
    /// The connection dies; nothing was written.
    LostBeforeWrite,
    /// The connection dies while something is read.
    LostRead,
}

type Make = fn(&mut Random) -> What;

fn one<T: Copy>(random: &mut Random, of: &[T]) -> T {
    of[random.below(of.len())]
}

fn trouble(random: &mut Random) -> Trouble {
    match random.below(5) {
        0 => Trouble::Lost,
        1 => Trouble::Swallowed,
        2 => Trouble::Delayed { ms: random.below(90_000) as i64 },
        3 => Trouble::Doubled,
        _ => Trouble::Cut,
    }
}

fn interception(random: &mut Random) -> Interception {
    let status = |code, retry_after_s| Interception::Status { code, retry_after_s };
    match random.below(9) {
        0 => Interception::Portal { ok: true },
        1 => Interception::Portal { ok: false },
        2 => Interception::RevokesAnother,
        3 | 4 => status(429, Some(random.below(40) as u32)),
        5 => status(503, Some(random.below(40) as u32)),
        6 => status(408, None),
        7 => status(500, None),
        _ => status(502, None),
    }
}

/// What may happen, and how often beside 600 acts of users.
const FAULTS: [(usize, Make); 29] = [
    (90, |random| What::Request(trouble(random))),
    (90, |random| What::Answer(trouble(random))),
    (50, |random| What::Intercept(interception(random))),
    (15, |random| What::SlowCommit { ms: random.below(40_000) as i64 }),
    (20, |random| {
        let (requests, answers) = one(random, &[(true, true), (true, false), (false, true)]);
        What::Partition { requests, answers, ms: random.below(120_000) as i64 }
    }),
    (10, |_| What::ServerRestart),
    (12, |_| What::Backup),
    (5, |_| What::Restore),
    (5, |random| What::Prune { kept: random.below(30) as u64 }),
    (40, |random| What::Apart { ms: random.below(20_000) as i64 }),
    (8, |_| What::TakeAway),
    (70, |random| {
        What::Kill(one(
            random,
            &[
                KillAt::Once,
                KillAt::AfterSave,
                KillAt::BeforeSend,
                KillAt::MidSend,
                KillAt::AfterSend,
                KillAt::BeforeStored,
                KillAt::WhileStored,
                KillAt::AfterStored,
                KillAt::MidPull,
            ],
        ))
    }),
    (15, |random| What::Freeze { ms: random.below(150_000) as i64 }),
    (20, |_| What::OtherTab),
    (20, |_| What::TwoLeaders),
    (60, |random| {
        What::Store(one(
            random,
            &[
                StoreFault::Abort,
                StoreFault::Quota,
                StoreFault::LostAfterWrite,
                StoreFault::LostBeforeWrite,
                StoreFault::LostRead,
            ],
        ))
    }),
    (6, |_| What::Evict),
    (40, |random| {
        const SKEWS: [i64; 9] =
            [0, 300_000, -300_000, 3_600_000, -3_600_000, 86_400_000, -86_400_000, 31_536_000_000, -31_536_000_000];
        What::Clock { skew_ms: one(random, &SKEWS) }
    }),
    (8, |_| What::CloneProfile),
    (10, |_| What::SwitchUser),
    (10, |_| What::SessionEnds),
    (15, |_| What::SignIn),
    (8, |_| What::Upgrade),
    (3, |_| What::Revoke),
    (15, |_| What::Online),
    (40, |_| What::Reassign),
    (10, |_| What::Reorganise),
    (40, |_| What::Merge),
    (30, |_| What::ActOnMany),
];

/// The steps of a seed. A seed leaves about a third of the kinds of fault out, so that what others would hide is met.
pub fn steps(seed: u64, count: usize) -> Vec<Step> {
    let mut random = Random::new(seed ^ 0x5745_5053);
    let faults: Vec<&(usize, Make)> = FAULTS.iter().filter(|_| random.chance(65)).collect();
    let faults_weight: usize = faults.iter().map(|(weight, _)| weight).sum();
    let mut at = 0;
    (0..count)
        .map(|_| {
            at += random.below(8_000) as i64;
            let mut ticket = random.below(600 + faults_weight);
            let what = match ticket {
                0..25 => What::ActTogether,
                25..600 => What::Act,
                _ => {
                    ticket -= 600;
                    let chosen = faults.iter().find(|(weight, _)| {
                        let found = ticket < *weight;
                        ticket = ticket.saturating_sub(*weight);
                        found
                    });
                    chosen.map_or(What::Act, |(_, make)| make(&mut random))
                }
            };
            Step { at, device: random.below(8), salt: random.draw(), what }
        })
        .collect()
}
