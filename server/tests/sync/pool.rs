//! The public pool: everybody sees what is nobody's, one gets it, and nothing that the others wrote is lost.

use super::{Crew, phone::Phone};
use crate::support::TestApp;
use domain::{
    Id,
    records::{Account, FollowUp, Notice, Territory},
    testing,
};
use serde_json::{Value, json};
use server::secret::new_id;
use store::Draft;

struct Scene {
    app: TestApp,
    crew: Crew,
    account: Id,
    ann: Phone,
    bob: Phone,
}

impl Scene {
    /// An account of nobody's that both reps have on their phones.
    async fn new() -> Scene {
        let app = TestApp::start().await;
        let crew = Crew::new(&app).await;
        let account = new_id().unwrap();
        crew.bring_in(&app, vec![testing::row(Account::KIND, account, &[("name", json!("无主商行"))])]).await;
        let (mut ann, mut bob) = (crew.phone(&app, crew.ann).await, crew.phone(&app, crew.bob).await);
        ann.sync().await;
        bob.sync().await;
        Scene { app, crew, account, ann, bob }
    }
}

#[tokio::test]
async fn of_two_who_claim_offline_the_first_to_return_has_it_and_the_other_is_told() {
    let Scene { app, crew, account, mut ann, mut bob } = Scene::new().await;
    let visit = new_id().unwrap();
    // Ann acts first and has noted what was said; Bob is back first.
    ann.save(Draft::new().claim(Account::KIND, account, "owner")).await;
    let log = Draft::new().create(FollowUp::KIND, visit).put(FollowUp::KIND, visit, "account", json!(account));
    ann.save(log.put(FollowUp::KIND, visit, "text", json!("wants two pallets"))).await;
    assert_eq!(ann.view().await.row(account).unwrap().reference("owner"), Some(crew.ann), "shown at once");
    bob.save(Draft::new().claim(Account::KIND, account, "owner")).await;
    bob.sync().await;
    ann.sync().await;
    bob.sync().await;
    assert_eq!(bob.row(account).await.reference("owner"), Some(crew.bob));
    assert_eq!(bob.row(visit).await.text("text"), "wants two pallets");
    let hers = ann.living().await;
    assert!(!hers.contains_key(&account) && !hers.contains_key(&visit), "it is Bob's alone now");
    let told: Vec<_> = hers.values().filter(|row| row.kind == Notice::KIND).collect();
    assert_eq!(told.iter().map(|row| row.text("reason")).collect::<Vec<_>>(), ["claimed"]);
    assert_eq!((told[0].text("title"), told[0].reference("kept")), ("无主商行", Some(crew.bob)));
    assert_eq!(ann.local.withheld().await.unwrap(), 0, "nothing about it is strange to her device");
    drop(app);
}

#[tokio::test]
async fn what_is_released_is_everybodys_again() {
    let Scene { app: _app, crew, account, mut ann, mut bob } = Scene::new().await;
    ann.save(Draft::new().claim(Account::KIND, account, "owner")).await;
    ann.sync().await;
    bob.sync().await;
    assert!(!bob.living().await.contains_key(&account));
    ann.set(Account::KIND, account, "owner", Value::Null).await;
    ann.sync().await;
    bob.sync().await;
    bob.save(Draft::new().claim(Account::KIND, account, "owner")).await;
    bob.sync().await;
    assert_eq!(bob.row(account).await.reference("owner"), Some(crew.bob));
}

#[tokio::test]
async fn the_pool_of_a_territory_is_its_peoples() {
    let Scene { app, crew, account: _, mut ann, mut bob } = Scene::new().await;
    let [territory, account] = [new_id().unwrap(), new_id().unwrap()];
    let pooled = [("name", json!("浦东无主")), ("territory", json!(territory))];
    let south = [("name", json!("浦东")), ("manager", json!(crew.ann))];
    crew.bring_in(&app, vec![testing::row(Territory::KIND, territory, &south)]).await;
    crew.bring_in(&app, vec![testing::row(Account::KIND, account, &pooled)]).await;
    ann.sync().await;
    bob.sync().await;
    assert!(ann.living().await.contains_key(&account) && !bob.living().await.contains_key(&account));
    ann.save(Draft::new().claim(Account::KIND, account, "owner")).await;
    ann.sync().await;
    assert_eq!(ann.row(account).await.reference("owner"), Some(crew.ann));
}
