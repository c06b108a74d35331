//! By what accounts are found to be one customer, and the cases opened for those that are. The rule is
//! [`domain::hub::collision`]'s.

use super::{Pool, Result, Tx, commit, feed, tenant_tx};
use domain::{
    Id, Row, Schema, Value,
    hub::{
        Plan,
        collision::{self, Changed, Looks},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

statements! {
    DROP = "DELETE FROM account_key WHERE org_id = $1 AND account_id = ANY($2)";
    KEEP = "INSERT INTO account_key (org_id, key, account_id) SELECT $1, key, account_id
        FROM unnest($2::uuid[], $3::uuid[]) AS new (key, account_id)";
    ALIKE = "SELECT state, seq FROM record WHERE org_id = $1 AND NOT deleted AND id IN (
            SELECT account_id FROM account_key WHERE org_id = $1 AND key = ANY($2)) ORDER BY id LIMIT 1000";
    KNOWN = "SELECT id FROM record WHERE org_id = $1 AND id = ANY($2)";
    VERSION = "SELECT keys_version FROM org_feed WHERE org_id = $1";
    RENEWED = "UPDATE org_feed SET keys_version = $2 WHERE org_id = $1";
    ACCOUNTS = "SELECT state, seq FROM record WHERE org_id = $1 AND kind = 'account' AND id > $2 ORDER BY id LIMIT 1000
        FOR UPDATE";
}

/// Keeps the keys of what a plan changes, and adds to it a case for every pair of accounts that it makes evidently one
/// customer. The transaction has its stamp: nobody else of the company writes an account meanwhile, so no pair is missed.
pub async fn follow(tx: &mut Tx, org: Uuid, plan: &mut Plan, before: &Looks, schema: &Schema, now: i64) -> Result<()> {
    let changed = collision::changed(plan, before);
    let keys: Vec<Uuid> = collision::all_keys(&changed).into_iter().collect();
    keep(tx, org, &changed).await?;
    if keys.is_empty() {
        return Ok(());
    }
    let alike: Vec<(Value, i64)> = sqlx::query_as(ALIKE).bind(org).bind(keys).fetch_all(&mut **tx).await?;
    let mut pairs = collision::pairs(plan, &changed, feed::rows(alike));
    let cases: Vec<Uuid> = pairs.iter().map(|pair| pair.case).collect();
    if cases.is_empty() {
        return Ok(());
    }
    let known: Vec<Uuid> = sqlx::query_scalar(KNOWN).bind(org).bind(cases).fetch_all(&mut **tx).await?;
    let known: BTreeSet<Id> = known.into_iter().collect();
    pairs.retain(|pair| !known.contains(&pair.case));
    if !pairs.is_empty() {
        collision::open(plan, schema, now, &feed::people(tx, org).await?, pairs);
    }
    Ok(())
}

/// Replaces the keys of these accounts.
pub async fn keep(tx: &mut Tx, org: Uuid, changed: &Changed) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let accounts: Vec<Uuid> = changed.keys().copied().collect();
    sqlx::query(DROP).bind(org).bind(accounts).execute(&mut **tx).await?;
    let pairs = changed.iter().flat_map(|(account, keys)| keys.iter().map(|key| (*key, *account)));
    let (keys, accounts): (Vec<Uuid>, Vec<Uuid>) = pairs.unzip();
    sqlx::query(KEEP).bind(org).bind(keys).bind(accounts).execute(&mut **tx).await?;
    Ok(())
}

/// Works out the keys of all accounts of a company whose keys are of an older version, some accounts at a time.
///
/// # Errors
/// The database's; what is done stays done.
pub async fn renew(pool: &Pool, org: Uuid) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let mut tx = tenant_tx(pool, org).await?;
        let version: i32 = sqlx::query_scalar(VERSION).bind(org).fetch_one(&mut *tx).await?;
        if version == collision::VERSION {
            return Ok(());
        }
        let found: Vec<(Value, i64)> = sqlx::query_as(ACCOUNTS).bind(org).bind(after).fetch_all(&mut *tx).await?;
        let accounts: BTreeMap<Id, Row> = feed::rows(found);
        keep(&mut tx, org, &accounts.values().map(|row| (row.id, collision::keys(row))).collect()).await?;
        match accounts.keys().next_back() {
            Some(last) => after = *last,
            None => _ = sqlx::query(RENEWED).bind(org).bind(collision::VERSION).execute(&mut *tx).await?,
        }
        commit(tx).await?;
    }
}
