//! The server as a process on a Postgres of its own, and companies in it.

use crate::support::{Browser, database::Database};
use domain::{Id, Row, testing};
use serde_json::json;
use server::{
    db::{self, Pool, identity::NewIdentity, org::Org},
    now::now_ms,
    secret::{Token, new_id},
};
use std::{
    env, fs,
    net::TcpListener,
    process::{Child, Command},
    time::Duration,
};

/// Reps in one team.
const TEAM: usize = 10;

pub struct Scene {
    pub database: Database,
    server: Child,
    origin: String,
}

/// One administrator, and teams of ten reps with a manager each.
pub struct Company {
    pub org: Id,
    pub administrator: Id,
    pub managers: Vec<Id>,
    pub reps: Vec<Id>,
    /// Of each rep.
    pub accounts: Vec<Vec<Id>>,
}

fn ids(count: usize) -> Vec<Id> {
    (0..count).map(|_| new_id().unwrap()).collect()
}

impl Scene {
    /// The server in ROUNDS_SERVER_BIN, else the one built with this benchmark.
    pub async fn new() -> Scene {
        let database = Database::new().await;
        let binary = env::var("ROUNDS_SERVER_BIN").unwrap_or(env!("CARGO_BIN_EXE_rounds-server").to_owned());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let listen = format!("127.0.0.1:{port}");
        let mut command = Command::new(binary);
        command.env("DATABASE_URL", &database.url).env("ROUNDS_LISTEN", &listen).env("ROUNDS_LOG", "error");
        let scene = Scene { database, server: command.spawn().unwrap(), origin: format!("http://{listen}") };
        let nobody = Browser::new(&scene.origin);
        while nobody.request(reqwest::Method::GET, "/healthz").send().await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        scene
    }

    pub fn pool(&self) -> &Pool {
        &self.database.pool
    }

    pub async fn company(&self, teams: usize, accounts_each: usize) -> Company {
        let reps = ids(teams * TEAM);
        let accounts = reps.iter().map(|_| ids(accounts_each)).collect();
        let (org, administrator) = (new_id().unwrap(), new_id().unwrap());
        let company = Company { org, administrator, managers: ids(teams), reps, accounts };
        let team_ids = ids(teams);
        let mut tx = db::begin(self.pool()).await.unwrap();
        let new = Org { id: org, name: "华东医疗".into(), zone: "Asia/Shanghai".into(), currency: "CNY".into() };
        db::org::insert(&mut tx, &new, now_ms()).await.unwrap();
        db::enter(&mut tx, org).await.unwrap();
        for member in [&administrator].into_iter().chain(&company.managers).chain(&company.reps) {
            let identity = NewIdentity { id: *member, email: None, mobile: None, password_hash: None };
            db::identity::insert(&mut tx, identity, now_ms()).await.unwrap();
            db::identity::insert_membership(&mut tx, org, *member, *member).await.unwrap();
        }
        let mut rows: Vec<Row> = vec![testing::member(administrator, "administrator", None)];
        rows.extend(company.managers.iter().map(|manager| testing::member(*manager, "manager", None)));
        rows.extend(team_ids.iter().zip(&company.managers).map(|(team, manager)| testing::team(*team, *manager)));
        rows.extend(company.reps.iter().enumerate().map(|(at, rep)| testing::member(*rep, "rep", Some(team_ids[at / TEAM]))));
        for (rep, accounts) in company.reps.iter().zip(&company.accounts) {
            let account = |(at, id): (usize, &Id)| {
                let fields = [
                    ("name", json!(format!("明珠贸易 {at}"))),
                    ("owner", json!(rep)),
                    ("industry", json!("wholesale")),
                    ("address", json!("南京东路 123 号, 上海")),
                    ("grade", json!("b")),
                    ("note", json!("Ask for the buyer, not for the shop. Deliveries before ten.")),
                ];
                testing::row(domain::records::Account::KIND, *id, &fields)
            };
            rows.extend(accounts.iter().enumerate().map(account));
        }
        for batch in rows.chunks(5_000) {
            db::feed::bring_in(&mut tx, org, batch.to_vec()).await.unwrap();
        }
        db::commit(tx).await.unwrap();
        sqlx::query("ANALYZE").execute(self.pool()).await.unwrap();
        company
    }

    /// A member's browser, signed in.
    pub async fn browser(&self, org: Id, member: Id) -> Browser {
        let token = Token::random().unwrap();
        let mut tx = db::begin(self.pool()).await.unwrap();
        db::session::insert(&mut tx, &token.hash(), org, member, "bench", now_ms()).await.unwrap();
        db::commit(tx).await.unwrap();
        Browser::new(&self.origin).with_cookie(format!("rounds_session={}", token.reveal()))
    }

    /// The memory that the server's process holds, in megabytes; none where /proc does not tell.
    pub fn memory_mb(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok().map(|kb| kb / 1_024.0)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Company {
    /// The manager of a rep, by his place among them.
    pub fn manager_of(&self, rep: usize) -> Id {
        self.managers[rep / TEAM]
    }
}
