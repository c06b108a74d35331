//! Syncing against a real Postgres: the device's own store and exchange talk to the real router.

mod commit_order;
mod devices;
mod digest;
mod files;
mod floor;
mod forged;
mod hostile;
mod incomplete;
mod merging;
mod moves;
mod oracle;
mod phone;
mod pokes;
mod pool;
mod process;
mod processes;
mod queries;
mod restore;
mod scope;
mod snapshot;
mod two_devices;
mod waiting;

use crate::support::{Browser, TestApp};
use domain::{Id, Row, testing};
use phone::Phone;
use server::{
    db::{self, identity::NewIdentity, org::Org},
    now::now_ms,
    secret::{Token, new_id},
};

/// A company with a team of two reps, their manager and an administrator.
pub struct Crew {
    pub org: Id,
    pub ann: Id,
    pub bob: Id,
    pub manager: Id,
    pub administrator: Id,
    pub team: Id,
}

impl Crew {
    pub async fn new(app: &TestApp) -> Crew {
        let ids: Vec<Id> = (0..6).map(|_| new_id().unwrap()).collect();
        let [org, ann, bob, manager, administrator, team] = ids[..] else { unreachable!() };
        let mut tx = db::begin(app.pool()).await.unwrap();
        let new = Org { id: org, name: "华东医疗".into(), zone: "Asia/Shanghai".into(), currency: "CNY".into() };
        db::org::insert(&mut tx, &new, now_ms()).await.unwrap();
        db::enter(&mut tx, org).await.unwrap();
        for member in [ann, bob, manager, administrator] {
            let identity = NewIdentity { id: member, email: None, mobile: None, password_hash: None };
            db::identity::insert(&mut tx, identity, now_ms()).await.unwrap();
            db::identity::insert_membership(&mut tx, org, member, member).await.unwrap();
        }
        let people = vec![
            testing::team(team, manager),
            testing::member(ann, "rep", Some(team)),
            testing::member(bob, "rep", Some(team)),
            testing::member(manager, "manager", None),
            testing::member(administrator, "administrator", None),
        ];
        db::feed::bring_in(&mut tx, org, people).await.unwrap();
        db::commit(tx).await.unwrap();
        Crew { org, ann, bob, manager, administrator, team }
    }

    /// Another rep, of no team.
    pub async fn join(&self, app: &TestApp, member: Id) {
        let mut tx = db::tenant_tx(app.pool(), self.org).await.unwrap();
        let identity = NewIdentity { id: member, email: None, mobile: None, password_hash: None };
        db::identity::insert(&mut tx, identity, now_ms()).await.unwrap();
        db::identity::insert_membership(&mut tx, self.org, member, member).await.unwrap();
        db::feed::bring_in(&mut tx, self.org, vec![testing::member(member, "rep", None)]).await.unwrap();
        db::commit(tx).await.unwrap();
    }

    /// Accounts as an import brings them.
    pub async fn accounts(&self, app: &TestApp, owned: &[(Id, Id)]) {
        self.bring_in(app, owned.iter().map(|(account, owner)| testing::account(*account, "明珠贸易", *owner)).collect()).await;
    }

    /// Rows as an import brings them.
    pub async fn bring_in(&self, app: &TestApp, rows: Vec<Row>) {
        let mut tx = db::tenant_tx(app.pool(), self.org).await.unwrap();
        db::feed::bring_in(&mut tx, self.org, rows).await.unwrap();
        db::commit(tx).await.unwrap();
    }

    /// A member's browser, signed in.
    pub async fn browser(&self, app: &TestApp, member: Id) -> Browser {
        app.browser().with_cookie(format!("rounds_session={}", self.session(app, member).await))
    }

    /// A session's token.
    pub async fn session(&self, app: &TestApp, member: Id) -> String {
        let token = Token::random().unwrap();
        let mut tx = db::begin(app.pool()).await.unwrap();
        db::session::insert(&mut tx, &token.hash(), self.org, member, "test device", now_ms()).await.unwrap();
        db::commit(tx).await.unwrap();
        token.reveal().to_string()
    }

    /// A member's phone, signed in, with nothing on it yet.
    pub async fn phone(&self, app: &TestApp, member: Id) -> Phone {
        Phone::new(self.browser(app, member).await, self.org, member).await
    }
}
