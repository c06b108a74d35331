//! Postgres as oracle: members of one company act by chance against two server processes on one Postgres, servers and
//! connections are killed under them, and after every batch every device holds exactly the rows that a query of the tables,
//! written anew from the design (`oracle/visible.sql`), says its member may see.
//!
//! 20 batches with 20 members; `ROUNDS_ORACLE=200x200` says otherwise and `ROUNDS_ORACLE_SEED=N` gives other chances:
//! `cargo test -p server --test server oracle -- --nocapture`, with a Postgres of its own in ROUNDS_TEST_DATABASE_URL.

mod chance;
mod company;
mod device;

use crate::support::TestApp;
use chance::Actor;
use company::{Company, pick};
use device::{Device, Servers, everybody};
use domain::{Id, Row, Value, records, testing::Random};
use server::{db, now::now_ms};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    sync::Arc,
    time::Instant,
};

const OPS_PER_BATCH: usize = 100;
/// A device acts on what it last heard and then, or later, talks to the server.
const ROUNDS_PER_BATCH: usize = 4;

/// What the tables say.
struct Truth {
    rows: BTreeMap<Id, Row>,
    visible: BTreeMap<Id, BTreeSet<Id>>,
}

impl Truth {
    async fn read(app: &TestApp, org: Id) -> Truth {
        let mut tx = db::pull::snapshot(app.pool(), org).await.unwrap();
        let found: Vec<(Id, Vec<Id>)> =
            sqlx::query_as(include_str!("oracle/visible.sql")).bind(now_ms()).fetch_all(&mut *tx).await.unwrap();
        let visible = found.into_iter().map(|(member, ids)| (member, ids.into_iter().collect())).collect();
        let living = "SELECT state, seq FROM record WHERE NOT deleted";
        let rows: Vec<(Value, i64)> = sqlx::query_as(living).fetch_all(&mut *tx).await.unwrap();
        let read = |(state, seq): (_, i64)| {
            let mut row: Row = serde_json::from_value(state).unwrap();
            row.seq = seq as u64;
            row
        };
        Truth { rows: rows.into_iter().map(read).map(|row| (row.id, row)).collect(), visible }
    }

    /// What a device has too much, too little or otherwise.
    fn differences(&self, member: Id, device: &BTreeMap<Id, Row>) -> Vec<String> {
        let nothing = BTreeSet::new();
        let visible = self.visible.get(&member).unwrap_or(&nothing);
        let kind = |id: &Id| self.rows.get(id).or(device.get(id)).map_or("", |row| row.kind.as_str());
        let missing = visible.iter().filter(|id| !device.contains_key(*id)).map(|id| format!("lacks {} {id}", kind(id)));
        let other = device.iter().filter_map(|(id, row)| match (visible.contains(id), self.rows.get(id)) {
            (true, Some(stored)) if stored == row => None,
            (true, stored) => Some(format!("has {row:?} instead of {stored:?}")),
            (false, _) => Some(format!("may not have {} {id}", kind(id))),
        });
        missing.chain(other).collect()
    }
}

/// Everybody acts by chance, `OPS_PER_BATCH` ops in all, and syncs when he does; whoever is left syncs at the end.
async fn batch(company: &Company, devices: &mut Vec<Device>, random: &mut Random, made: &mut BTreeSet<Id>) {
    for round in 0..ROUNDS_PER_BATCH {
        let wanted = made.len() + OPS_PER_BATCH / ROUNDS_PER_BATCH;
        while made.len() < wanted {
            let device = &mut devices[random.below(company.members.len())];
            let view = device.phone.view().await;
            let (member, at) = (device.member, made.len());
            let Some(draft) = (Actor { company, member, view: &view, random, at }).act() else { continue };
            if !draft.writes(&records::schema(), |id| view.row(id).map(AsRef::as_ref)).0.is_empty() {
                made.insert(device.phone.save(draft).await.op_id);
            }
        }
        let is_last = round + 1 == ROUNDS_PER_BATCH;
        everybody(devices, |_| is_last || random.chance(40)).await;
    }
    // What the last of them sent, the first have not heard of.
    everybody(devices, |_| true).await;
}

/// (batches, members)
fn size() -> (usize, usize) {
    let size = env::var("ROUNDS_ORACLE").unwrap_or("20x20".into());
    let (batches, members) = size.split_once('x').expect("BATCHESxMEMBERS");
    (batches.parse().expect("a number of batches"), members.parse().expect("a number of members, 10 or more"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_device_has_exactly_what_a_fresh_query_says() {
    let (batches, members) = size();
    let seed = env::var("ROUNDS_ORACLE_SEED").map_or(1, |seed| seed.parse().expect("a number"));
    let (app, mut random, began) = (TestApp::start().await, Random::new(seed), Instant::now());
    let company = Company::new(app.pool(), &mut random, members).await;
    let servers = Arc::new(Servers::start(&app.database.url));
    let mut devices = Vec::new();
    for member in &company.members {
        devices.push(Device::new(&app, &company, &servers, *member).await);
    }
    let (mut made, mut compared) = (BTreeSet::new(), 0);
    everybody(&mut devices, |_| true).await;
    for at in 1..=batches {
        let disaster = (at % 3 == 0)
            .then(|| servers.clone().strike(pick(&mut random, &device::DISASTERS).unwrap(), random.below(2 * members)));
        batch(&company, &mut devices, &mut random, &mut made).await;
        if let Some(disaster) = disaster {
            disaster.await.unwrap();
        }
        let truth = Truth::read(&app, company.org).await;
        for device in &devices {
            let living = device.phone.living().await;
            let differences = truth.differences(device.member, &living);
            assert!(differences.is_empty(), "seed {seed}, batch {at}, {}: {differences:#?}", device.member);
            compared += living.len();
        }
        println!("batch {at}: {} ops, {compared} rows on devices equal, {:?}", made.len(), began.elapsed());
    }
    let outcomes = outcomes(&app, &company, &made).await;
    for outcome in ["applied", "merged", "rejected", "parked"] {
        assert!(outcomes.get(outcome).is_some_and(|count| *count > batches as i64 / 2), "too few are {outcome}: {outcomes:?}");
    }
    println!("{batches} batches, {members} members: {outcomes:?}, {:?}", servers.struck());
}

/// How many ops had which outcome, each of them exactly one.
async fn outcomes(app: &TestApp, company: &Company, made: &BTreeSet<Id>) -> BTreeMap<String, i64> {
    let mut tx = db::tenant_tx(app.pool(), company.org).await.unwrap();
    let decided: Vec<Id> = sqlx::query_scalar("SELECT op_id FROM op_outcome").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(decided.len(), made.len(), "each op is decided exactly once");
    assert_eq!(decided.into_iter().collect::<BTreeSet<Id>>(), *made);
    let counted = "SELECT outcome->>'outcome', count(*) FROM op_outcome GROUP BY 1";
    let counted: Vec<(String, i64)> = sqlx::query_as(counted).fetch_all(&mut *tx).await.unwrap();
    counted.into_iter().collect()
}

/// The proof that the test above can fail: what the server answers from is made to differ from what the records say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_oracle_does_not_ask_whom_it_judges() {
    let app = TestApp::start().await;
    let company = Company::new(app.pool(), &mut Random::new(1), 10).await;
    let servers = Arc::new(Servers::start(&app.database.url));
    let rep = company.members[9];
    // Renamed after the device came; then a device of one whose keys are gone; then of one who is shown another's.
    let damages = [
        (
            "UPDATE record SET seq = $2, state = jsonb_set(state, '{cells,name,v}', '\"forged\"') WHERE body->>'owner' = $1",
            "has ",
        ),
        ("DELETE FROM access WHERE key = 'member:' || $1 AND $2 > 0", "lacks account"),
        ("UPDATE record SET seq = $2, root = 'company' WHERE kind = 'account' AND body->>'owner' <> $1", "may not have account"),
    ];
    let differences =
        async |devices: &[Device]| Truth::read(&app, company.org).await.differences(rep, &devices[0].phone.living().await);
    let mut before = vec![Device::new(&app, &company, &servers, rep).await];
    everybody(&mut before, |_| true).await;
    assert_eq!(differences(&before).await, Vec::<String>::new());
    for (at, (damage, expected)) in damages.into_iter().enumerate() {
        let mut tx = db::tenant_tx(app.pool(), company.org).await.unwrap();
        let seq = db::feed::stamp(&mut tx, company.org).await.unwrap();
        let done = sqlx::query(damage).bind(rep.to_string()).bind(seq as i64).execute(&mut *tx).await.unwrap();
        assert!(done.rows_affected() > 0, "{damage}");
        db::commit(tx).await.unwrap();
        let mut after = vec![Device::new(&app, &company, &servers, rep).await];
        everybody(&mut after, |_| true).await;
        let found = differences(if at == 0 { &before } else { &after }).await;
        assert!(found.iter().any(|one| one.starts_with(expected)), "{damage}: {found:#?}");
    }
}
