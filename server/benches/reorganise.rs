//! How long it takes to reorganise people who own 50,000 accounts: five teams change managers, and fifty reps change teams
//! (sync.md, item 10). Then what it costs a manager's device to get what it gained and to drop what it lost.
//!
//! `cargo bench -p server --bench reorganise`

#[path = "../tests/support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the tests use the rest of it")]
mod support;

use domain::{
    Id, Row, Schema, Value,
    records::{Member, Team},
    testing,
    wire::{SYNC, SyncAnswer},
};
use serde_json::json;
use server::{
    db::{self, identity::NewIdentity, org::Org},
    now::now_ms,
    secret::{Token, new_id},
};
use std::time::{Duration, Instant};
use support::{Browser, TestApp};

const ACCOUNTS: usize = 50_000;
const TEAMS: usize = 5;
const REPS: usize = 50;
const ROUNDS: usize = 9;

struct Bench {
    app: TestApp,
    org: Id,
    administrator: Id,
    managers: Vec<Id>,
    teams: Vec<Id>,
    reps: Vec<Id>,
    device: Id,
    n: u64,
}

impl Bench {
    async fn new() -> Bench {
        let app = TestApp::start().await;
        let ids = |count| (0..count).map(|_| new_id().unwrap()).collect::<Vec<Id>>();
        let (org, administrator, device) = (new_id().unwrap(), new_id().unwrap(), new_id().unwrap());
        let (managers, teams, reps) = (ids(TEAMS), ids(TEAMS), ids(REPS));
        let mut tx = db::begin(app.pool()).await.unwrap();
        let new = Org { id: org, name: "华东医疗".into(), zone: "Asia/Shanghai".into(), currency: "CNY".into() };
        db::org::insert(&mut tx, &new, now_ms()).await.unwrap();
        db::enter(&mut tx, org).await.unwrap();
        for member in managers.iter().chain([&administrator]).copied() {
            let identity = NewIdentity { id: member, email: None, mobile: None, password_hash: None };
            db::identity::insert(&mut tx, identity, now_ms()).await.unwrap();
            db::identity::insert_membership(&mut tx, org, member, member).await.unwrap();
        }
        let mut people: Vec<Row> = vec![testing::member(administrator, "administrator", None)];
        people.extend(managers.iter().map(|manager| testing::member(*manager, "manager", None)));
        people.extend(teams.iter().zip(&managers).map(|(team, manager)| testing::team(*team, *manager)));
        people.extend((0..).zip(&reps).map(|(at, rep): (usize, _)| testing::member(*rep, "rep", Some(teams[at % TEAMS]))));
        db::feed::bring_in(&mut tx, org, people).await.unwrap();
        for batch in ids(ACCOUNTS).chunks(5_000) {
            let accounts = (0..).zip(batch).map(|(at, id): (usize, _)| testing::account(*id, "明珠贸易", reps[at % REPS]));
            db::feed::bring_in(&mut tx, org, accounts.collect()).await.unwrap();
        }
        db::commit(tx).await.unwrap();
        sqlx::query("ANALYZE").execute(app.pool()).await.unwrap();
        Bench { app, org, administrator, managers, teams, reps, device, n: 0 }
    }

    async fn browser(&self, member: Id) -> Browser {
        let token = Token::random().unwrap();
        let mut tx = db::begin(self.app.pool()).await.unwrap();
        db::session::insert(&mut tx, &token.hash(), self.org, member, "bench", now_ms()).await.unwrap();
        db::commit(tx).await.unwrap();
        self.app.browser().with_cookie(format!("rounds_session={}", token.reveal()))
    }

    /// One op of the administrator that sets this field of each of these records, as a device sends it.
    async fn set(&mut self, browser: &Browser, kind: &str, field: &str, values: &[(Id, Id)]) -> Duration {
        self.n += 1;
        let clock = format!("{:012x}-0000-{}", now_ms(), self.device.simple());
        let write = |(id, value): &(Id, Id)| json!({ "kind": kind, "id": id, "act": "set", "field": field, "value": value, "clock": clock });
        let writes: Vec<Value> = values.iter().map(write).collect();
        let op = json!({ "org": self.org, "device": self.device, "n": self.n, "op_id": new_id().unwrap(),
            "actor": self.administrator, "base_seq": 0, "schema": Schema::VERSION, "at": 0, "writes": writes });
        let request = json!({ "device": self.device, "schema": Schema::VERSION, "device_time": now_ms(), "cursor": idle(u64::MAX / 2), "ops": [op] });
        let began = Instant::now();
        let answer: Value = browser.post(SYNC, &request).await.json().await.unwrap();
        let took = began.elapsed();
        assert!(matches!(answer["acks"][0]["outcome"].as_str(), Some("applied" | "merged")), "{answer}");
        took
    }

    /// The account rows and the intervals on roots, as sums that any change would alter.
    async fn untouchable(&self) -> (i64, i64) {
        let mut tx = db::tenant_tx(self.app.pool(), self.org).await.unwrap();
        let query = "SELECT (SELECT sum(seq)::bigint FROM record WHERE kind = 'account'),
            (SELECT sum(from_seq + coalesce(to_seq, 0))::bigint FROM access)";
        sqlx::query_as(query).fetch_one(&mut *tx).await.unwrap()
    }

    /// Pulls to the end from `base`: rows, removals and time.
    async fn pull(&self, browser: &Browser, base: u64) -> (usize, usize, Duration) {
        let (mut cursor, device, began) = (idle(base), new_id().unwrap(), Instant::now());
        let (mut rows, mut removed) = (0, 0);
        loop {
            let request = json!({ "device": device, "schema": Schema::VERSION, "device_time": now_ms(), "cursor": cursor });
            let answer: SyncAnswer = browser.post(SYNC, &request).await.json().await.unwrap();
            (rows, removed) = (rows + answer.rows.len(), removed + answer.removed.len());
            cursor = answer.cursor;
            if !answer.more {
                return (rows, removed, began.elapsed());
            }
        }
    }

    async fn head(&self) -> u64 {
        db::notify::seqs(self.app.pool(), &[self.org]).await.unwrap()[0].1.unsigned_abs()
    }
}

/// A cursor between pulls.
fn idle(base: u64) -> String {
    format!(r#"{{"base":{base},"target":{base},"stage":"idle"}}"#)
}

fn show(what: &str, mut times: Vec<Duration>) {
    times.sort();
    println!("{what}: median {:?}, slowest {:?} of {}", times[times.len() / 2], times[times.len() - 1], times.len());
}

#[tokio::main]
async fn main() {
    let mut bench = Bench::new().await;
    println!("{ACCOUNTS} accounts of {REPS} reps in {TEAMS} teams");
    let (browser, before) = (bench.browser(bench.administrator).await, bench.untouchable().await);
    let (mut managers, mut reps) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let turned = |at: usize| bench.managers[(at + round) % TEAMS];
        let values: Vec<_> = (0..TEAMS).map(|at| (bench.teams[at], turned(at))).collect();
        managers.push(bench.set(&browser, Team::KIND, "manager", &values).await);
        let values: Vec<_> = (0..REPS).map(|at| (bench.reps[at], bench.teams[(at + round) % TEAMS])).collect();
        reps.push(bench.set(&browser, Member::KIND, "team", &values).await);
    }
    show("five teams change managers", managers);
    show("fifty reps change teams", reps);
    assert_eq!(bench.untouchable().await, before, "no account row and no key on a root changed");

    let (manager, base) = (bench.browser(bench.managers[0]).await, bench.head().await);
    let values: Vec<_> = (0..TEAMS).map(|at| (bench.teams[at], bench.managers[(at + ROUNDS + 1) % TEAMS])).collect();
    bench.set(&browser, Team::KIND, "manager", &values).await;
    let (rows, removed, took) = bench.pull(&manager, base).await;
    println!("a manager's device then pulls {rows} rows and {removed} removals in {took:?}");
    let (rows, removed, took) = bench.pull(&manager, bench.head().await).await;
    println!("and when nothing is new, {rows} rows and {removed} removals in {took:?}");
}
