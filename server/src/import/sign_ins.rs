//! A way to sign in for everybody an import brings: an identity, a membership and a one-time link.

use super::{people::Person, plan::Plan, report::SignIn};
use crate::{
    db::{self, Pool, Tx, identity::NewIdentity},
    error::ApiError,
    link,
    login::Login,
    secret,
};
use domain::Id;

/// Makes members of the plan's persons who are none yet, and notes their links; with `new_links` one for everybody.
pub async fn give(
    pool: &Pool,
    tx: &mut Tx,
    origin: &str,
    org: Id,
    plan: &mut Plan,
    new_links: bool,
    now: i64,
) -> Result<(), ApiError> {
    for person in &plan.persons {
        let is_new = db::identity::of_member(pool, org, person.id).await?.is_none();
        if is_new {
            admit(pool, tx, org, person, &mut plan.report.notes, now).await?;
        }
        if is_new || new_links {
            let token = link::issue(tx, org, person.id, now).await?;
            let address = link::address(origin, &token);
            plan.report.links.push(SignIn { name: person.name.clone(), role: person.role, address });
        }
    }
    Ok(())
}

/// Who signs in elsewhere on this server with the same e-mail address or number is the same person.
async fn admit(pool: &Pool, tx: &mut Tx, org: Id, person: &Person, notes: &mut Vec<String>, now: i64) -> Result<(), ApiError> {
    let by_email = owner(pool, person.email.clone().map(Login::Email)).await?;
    let by_mobile = owner(pool, person.mobile.clone().map(Login::Mobile)).await?;
    let mut known = by_email.or(by_mobile);
    if let Some(identity) = known
        && db::identity::memberships(pool, identity).await?.iter().any(|(company, _)| *company == org)
    {
        notes.push(format!("{} signs in by link: somebody else of the company has this e-mail address or number.", person.name));
        known = None;
    }
    let identity = match known {
        Some(identity) => identity,
        None => {
            let id = secret::new_id()?;
            let email = person.email.as_deref().filter(|_| by_email.is_none());
            let mobile = person.mobile.as_deref().filter(|_| by_mobile.is_none());
            db::identity::insert(tx, NewIdentity { id, email, mobile, password_hash: None }, now).await?;
            id
        }
    };
    Ok(db::identity::insert_membership(tx, org, person.id, identity).await?)
}

async fn owner(pool: &Pool, login: Option<Login>) -> Result<Option<Id>, ApiError> {
    let Some(login) = login else { return Ok(None) };
    Ok(db::identity::by_login(pool, &login).await?.map(|identity| identity.id))
}
