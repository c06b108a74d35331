//! A company of some size: who is what at first, and what is in it.

use domain::{
    Id, Row,
    records::Territory,
    testing::{self, Random},
};
use serde_json::json;
use server::{
    db::{self, Pool, identity::NewIdentity, org::Org},
    now::now_ms,
    secret::new_id,
};

pub struct Company {
    pub org: Id,
    /// Administrators first, then managers, then reps.
    pub members: Vec<Id>,
    pub administrators: usize,
    pub teams: Vec<Id>,
    pub territories: Vec<Id>,
}

fn ids(count: usize) -> Vec<Id> {
    (0..count).map(|_| new_id().unwrap()).collect()
}

impl Company {
    /// One of `size` members, each with two accounts.
    pub async fn new(pool: &Pool, random: &mut Random, size: usize) -> Company {
        let (administrators, managers) = (2, size / 5);
        let company = Company {
            org: new_id().unwrap(),
            members: ids(size),
            administrators,
            teams: ids(managers),
            territories: ids(size / 4),
        };
        let Company { org, members, teams, territories, .. } = &company;
        let mut tx = db::begin(pool).await.unwrap();
        let new = Org { id: *org, name: "华东医疗".into(), zone: "Asia/Shanghai".into(), currency: "CNY".into() };
        db::org::insert(&mut tx, &new, now_ms()).await.unwrap();
        db::enter(&mut tx, *org).await.unwrap();
        for member in members {
            let identity = NewIdentity { id: *member, email: None, mobile: None, password_hash: None };
            db::identity::insert(&mut tx, identity, now_ms()).await.unwrap();
            db::identity::insert_membership(&mut tx, *org, *member, *member).await.unwrap();
        }
        let mut rows: Vec<Row> = Vec::new();
        for (at, member) in members.iter().enumerate() {
            let role = match at {
                at if at < administrators => "administrator",
                at if at < administrators + managers => "manager",
                _ => "rep",
            };
            rows.push(testing::member(*member, role, pick(random, teams)));
            rows.extend(ids(2).into_iter().map(|account| testing::account(account, "明珠贸易", *member)));
        }
        rows.extend(teams.iter().zip(&members[administrators..]).map(|(team, manager)| testing::team(*team, *manager)));
        for territory in territories {
            let parent = pick(random, territories).filter(|_| random.chance(50));
            let fields = [("name", json!("North")), ("parent", json!(parent)), ("manager", json!(pick(random, members)))];
            rows.push(testing::row(Territory::KIND, *territory, &fields));
        }
        db::feed::bring_in(&mut tx, *org, rows).await.unwrap();
        db::commit(tx).await.unwrap();
        company
    }

    pub fn is_administrator(&self, member: Id) -> bool {
        self.members[..self.administrators].contains(&member)
    }
}

pub fn pick<T: Copy>(random: &mut Random, from: &[T]) -> Option<T> {
    from.get(random.below(from.len())).copied()
}
