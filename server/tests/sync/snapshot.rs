//! A pull is one snapshot: what others commit between two of its statements is in none of it, and in all of the next.

use super::{Crew, phone::Phone};
use crate::support::TestApp;
use domain::{
    Id,
    hub::{Cursor, page::Pull},
    records::{Account, Contact},
};
use serde_json::json;
use server::{db, secret::new_id};
use store::Draft;

/// Ann's account and Bob's, the latter with a contact. The manager is about to give Bob's to Ann and to say so on hers, in
/// one op; Ann has something to pull.
struct Scene {
    app: TestApp,
    crew: Crew,
    accounts: [Id; 2],
    contact: Id,
    ann: Phone,
    manager: Phone,
}

impl Scene {
    async fn new() -> Scene {
        let app = TestApp::start().await;
        let crew = Crew::new(&app).await;
        let (accounts, contact) = ([new_id().unwrap(), new_id().unwrap()], new_id().unwrap());
        crew.accounts(&app, &[(accounts[0], crew.ann), (accounts[1], crew.bob)]).await;
        let (mut ann, mut manager) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.manager).await);
        manager.sync().await;
        let draft = Draft::new().create(Contact::KIND, contact).put(Contact::KIND, contact, "name", json!({ "family": "王" }));
        manager.save(draft.put(Contact::KIND, contact, "account", json!(accounts[1]))).await;
        manager.sync().await;
        ann.sync().await;
        manager.set(Account::KIND, accounts[0], "industry", json!("retail")).await;
        manager.sync().await;
        Scene { app, crew, accounts, contact, ann, manager }
    }
}

async fn give([hers, his]: [Id; 2], manager: &mut Phone, ann: Id) {
    let draft = Draft::new().put(Account::KIND, his, "owner", json!(ann));
    manager.save(draft.put(Account::KIND, hers, "short_name", json!("has a sister"))).await;
    manager.sync().await;
}

#[tokio::test]
async fn what_is_committed_between_two_statements_of_a_pull_is_in_none_of_it() {
    // A pull of changes fetches three times: what changed, what was granted, what is to be removed.
    for held_after in 1..=3 {
        let Scene { app, crew, accounts, contact, mut ann, mut manager } = Scene::new().await;
        let gate = app.state.gates.fetched.clone();
        gate.close();
        let pull = tokio::spawn(async move {
            ann.exchange().await;
            ann
        });
        gate.reached().await;
        for _ in 1..held_after {
            gate.close();
            gate.open();
            gate.reached().await;
        }
        give(accounts, &mut manager, crew.ann).await;
        gate.open();
        ann = pull.await.unwrap();
        let of = async |ann: &Phone| {
            let (living, [hers, his]) = (ann.living().await, accounts);
            let text = |field| living[&hers].text(field).to_owned();
            (
                text("industry") == "retail",
                text("short_name") == "has a sister",
                [his, contact].map(|id| living.contains_key(&id)),
            )
        };
        assert_eq!(of(&ann).await, (true, false, [false, false]), "held after {held_after}");
        ann.sync().await;
        assert_eq!(of(&ann).await, (true, true, [true, true]), "held after {held_after}");
    }
}

/// The proof that the test above can fail: the same pull, each of its statements on its own, sees the contact of an account
/// it does not see, of an op whose other half it does not see either.
#[tokio::test]
async fn without_the_snapshot_an_op_would_be_seen_half() {
    let Scene { app, crew: Crew { org, ann: member, .. }, accounts, contact, ann, mut manager } = Scene::new().await;
    let cursor = ann.local.meta().await.unwrap().cursor;
    let mut tx = db::tenant_tx(app.pool(), org).await.unwrap();
    let head = db::pull::head(&mut tx, org).await.unwrap();
    let mut pull = Pull::new(Cursor::read(cursor.as_deref()), head.seq, || 0);
    let mut rows = Vec::new();
    for at in 0.. {
        let Some(fetch) = pull.next().cloned() else { break };
        let fetched = db::pull::fetch(&mut tx, org, member, &fetch).await.unwrap();
        rows.extend(fetched.rows.iter().map(|(_, row)| row.id));
        pull.take(fetched);
        if at == 0 {
            give(accounts, &mut manager, member).await;
        }
    }
    assert_eq!(rows, [accounts[0], contact], "the account changed before, and a contact without its account");
}
