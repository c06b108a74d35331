//! Pokes go to those who may see what changed, whichever instance they listen at.

use super::Crew;
use crate::support::{Browser, TestApp};
use domain::{
    Id,
    records::{Account, Share},
    wire::POKE,
};
use reqwest::Response;
use serde_json::json;
use server::secret::new_id;
use std::time::Duration;
use store::Draft;
use tokio::time::{Instant, timeout};

/// An open line, its greeting read.
struct Line(Response);

impl Line {
    async fn open(browser: &Browser) -> Line {
        let mut line = Line(browser.get(POKE).await);
        line.poke().await;
        line
    }

    /// Waits for a poke.
    async fn poke(&mut self) {
        loop {
            let chunk = timeout(Duration::from_secs(30), self.0.chunk()).await.expect("a poke").unwrap().expect("an open line");
            if chunk.starts_with(b"data:") {
                return;
            }
        }
    }

    /// Pokes that come within a second.
    async fn count(&mut self) -> usize {
        let until = Instant::now() + Duration::from_secs(1);
        let mut pokes = 0;
        while let Ok(Ok(Some(chunk))) = timeout(until.saturating_duration_since(Instant::now()), self.0.chunk()).await {
            pokes += chunk.windows(5).filter(|window| window == b"data:").count();
        }
        pokes
    }
}

/// Lines of one member at both instances.
async fn lines(apps: [&TestApp; 2], crew: &Crew, member: Id) -> [Line; 2] {
    [Line::open(&crew.browser(apps[0], member).await).await, Line::open(&crew.browser(apps[1], member).await).await]
}

#[tokio::test]
async fn only_who_may_see_a_change_is_poked_at_every_instance() {
    let app = TestApp::start().await;
    let other = TestApp::on(app.database.clone(), |_| {}).await;
    let crew = Crew::new(&app).await;
    let (account, share) = (new_id().unwrap(), new_id().unwrap());
    crew.accounts(&app, &[(account, crew.ann)]).await;
    let mut ann = crew.phone(&app, crew.ann).await;
    ann.sync().await;
    let mut managers = lines([&app, &other], &crew, crew.manager).await;
    let mut bobs = lines([&app, &other], &crew, crew.bob).await;
    ann.set(Account::KIND, account, "industry", json!("textiles")).await;
    ann.sync().await;
    for line in &mut managers {
        line.poke().await;
    }
    for line in &mut bobs {
        assert_eq!(line.count().await, 0, "it is none of Bob's business");
    }
    // From now on it is: he learns of the share, and then of what changes.
    let draft = Draft::new().create(Share::KIND, share).put(Share::KIND, share, "account", json!(account));
    ann.save(draft.put(Share::KIND, share, "member", json!(crew.bob))).await;
    ann.sync().await;
    for line in &mut bobs {
        line.poke().await;
        assert_eq!(line.count().await, 0);
    }
    ann.set(Account::KIND, account, "industry", json!("steel")).await;
    ann.sync().await;
    for line in &mut bobs {
        line.poke().await;
        assert_eq!(line.count().await, 0);
    }
    ann.save(Draft::new().delete(Share::KIND, share)).await;
    ann.sync().await;
    for line in &mut bobs {
        line.poke().await;
    }
}

#[tokio::test]
async fn a_member_who_gets_a_key_is_poked_for_it_and_for_what_it_opens() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let account = new_id().unwrap();
    crew.accounts(&app, &[(account, crew.administrator)]).await;
    let mut administrator = crew.phone(&app, crew.administrator).await;
    administrator.sync().await;
    let mut line = Line::open(&crew.browser(&app, crew.bob).await).await;
    administrator.set("team", crew.team, "manager", json!(crew.bob)).await;
    administrator.sync().await;
    line.poke().await;
    while line.count().await > 0 {}
    administrator.set(Account::KIND, account, "owner", json!(crew.ann)).await;
    administrator.sync().await;
    line.poke().await;
}

#[tokio::test]
async fn a_lost_notify_only_delays_and_still_tells_nobody_else() {
    let app = TestApp::start().await;
    let crew = Crew::new(&app).await;
    let mut anns = Line::open(&crew.browser(&app, crew.ann).await).await;
    let mut bobs = Line::open(&crew.browser(&app, crew.bob).await).await;
    // Nobody is told of this commit: the instance that made it died.
    crew.accounts(&app, &[(new_id().unwrap(), crew.ann)]).await;
    anns.poke().await;
    assert_eq!((anns.count().await, bobs.count().await), (0, 0));
}
