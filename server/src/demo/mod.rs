//! A demo company that looks like one: deterministic, so that every installation and every test has the same.

mod account;
mod cast;
mod contact;
mod follow_up;
mod maker;
mod random;
mod reach;
mod region;
mod words;

use crate::{
    db::{self, Pool, Tx, identity::NewIdentity, org::Org},
    error::ApiError,
    password, zone,
};
use account::Now;
use cast::{PLAYERS, Player};
use domain::{Id, Row, ids, time::Zone, wire::Role};
use std::{collections::HashSet, fmt};

/// How many accounts the demo company has when nothing is said.
pub const ACCOUNTS: u64 = 400;
/// More than this no server of ours has been tried with.
pub const MAX_ACCOUNTS: u64 = 200_000;

const ZONE: &str = "Asia/Shanghai";
/// Accounts are brought in by so many at a time, all in one transaction: their rows would not fit in memory at once.
const BATCH: usize = 1_000;

/// Who can sign in to the demo company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// (role, name, e-mail address, password) of a rep, his manager and an administrator.
    SignIns(Vec<(Role, String, String, String)>),
    /// The database holds a real company, beside which there shall be none with public passwords.
    OtherCompany,
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Printed::SignIns(sign_ins) = self else {
            return writeln!(f, "There is a company in the database already, so no demo company was made.");
        };
        writeln!(f, "Demo company - everybody knows these passwords, so keep no real customers in it:")?;
        for (role, name, email, password) in sign_ins {
            let role = match role {
                Role::Rep => "rep",
                Role::Manager => "manager",
                Role::Administrator => "administrator",
            };
            writeln!(f, "  {role:<14} {email:<28} {password:<22} {name}")?;
        }
        Ok(())
    }
}

/// Makes the demo company with `accounts` accounts, half of which the printed rep owns. Where it is there already it adds
/// only accounts that are missing, and so nothing the second time.
///
/// # Errors
/// The database's; nothing was written.
pub async fn ensure(pool: &Pool, accounts: u64, now_ms: i64) -> Result<Printed, ApiError> {
    let is_new = db::org::find(pool, cast::company()).await?.is_none();
    if is_new && db::org::count(pool).await? > 0 {
        return Ok(Printed::OtherCompany);
    }
    let mut tx = db::begin(pool).await?;
    if is_new {
        found(&mut tx, now_ms).await?;
    }
    db::enter(&mut tx, cast::company()).await?;
    if is_new {
        db::feed::bring_in(&mut tx, cast::company(), cast::rows(now_ms)).await?;
    }
    let wanted: Vec<u64> = (0..accounts.min(MAX_ACCOUNTS)).collect();
    let ids: Vec<Id> = wanted.iter().map(|number| account::id_of(*number, 0)).collect();
    let known: HashSet<Id> = db::directory::known(&mut tx, cast::company(), &ids).await?.into_iter().collect();
    let missing: Vec<u64> = wanted.into_iter().filter(|number| !known.contains(&account::id_of(*number, 0))).collect();
    for batch in missing.chunks(BATCH) {
        db::feed::bring_in(&mut tx, cast::company(), rows(batch.iter().copied(), now_ms)).await?;
    }
    db::commit(tx).await?;
    Ok(sign_ins())
}

/// Accounts by their numbers, each followed by all that is under it.
pub fn rows(numbers: impl IntoIterator<Item = u64>, now_ms: i64) -> Vec<Row> {
    let now = Now { ms: now_ms, zone: Zone { name: ZONE.to_owned(), transitions: zone::transitions(ZONE, now_ms) } };
    numbers.into_iter().flat_map(|number| account::rows(number, &now)).collect()
}

/// The teams and members of the demo company.
pub fn people(now_ms: i64) -> Vec<Row> {
    cast::rows(now_ms)
}

/// The company, and how its people sign in.
async fn found(tx: &mut Tx, now: i64) -> Result<(), ApiError> {
    let org =
        Org {
            id: cast::company(), name: "走访演示 Rounds Demo".to_owned(), zone: ZONE.to_owned(), currency: "CNY".to_owned()
        };
    db::org::insert(tx, &org, now).await?;
    // A hash costs a fair part of a second, so people of one role share it.
    let mut hashes: Vec<(Role, String)> = Vec::new();
    for player in &PLAYERS {
        let hash = match hashes.iter().find(|(role, _)| *role == player.role) {
            Some((_, hash)) => hash.clone(),
            None => password::hash_now(password(player))?,
        };
        let id = ids::derived(cast::company(), &format!("identity:{}", player.login));
        let new = NewIdentity { id, email: Some(&player.email()), mobile: None, password_hash: Some(&hash) };
        db::identity::insert(tx, new, now).await?;
        db::identity::insert_membership(tx, cast::company(), player.id(), id).await?;
        hashes.push((player.role, hash));
    }
    Ok(())
}

fn password(player: &Player) -> &'static str {
    match player.role {
        Role::Rep => "demo-rep-password",
        Role::Manager => "demo-manager-password",
        Role::Administrator => "demo-admin-password",
    }
}

fn sign_ins() -> Printed {
    let sign_in = |player: &&Player| (player.role, player.name.to_owned(), player.email(), password(player).to_owned());
    Printed::SignIns(cast::printed().iter().map(sign_in).collect())
}
