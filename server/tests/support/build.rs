use super::{Browser, TestApp};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use serde_json::{Value, json};
use server::{
    db::{self, Pool, Tx, identity::NewIdentity, org::Org},
    now::now_ms,
    secret::{Token, new_id},
};
use uuid::Uuid;

/// The password of everybody.
pub const PASSWORD: &str = "carry a torch";

/// A company in Shanghai.
pub struct Company {
    pub id: Uuid,
    pool: Pool,
}

/// A member of it, as they sign in.
pub struct Person {
    pub org: Uuid,
    pub id: Uuid,
    pub identity: Uuid,
    pub email: String,
    pub mobile: String,
}

impl Company {
    pub async fn new(pool: &Pool) -> Self {
        let id = new_id().unwrap();
        let mut tx = db::begin(pool).await.unwrap();
        let org = Org { id, name: "华东医疗".into(), zone: "Asia/Shanghai".into(), currency: "CNY".into() };
        db::org::insert(&mut tx, &org, now_ms()).await.unwrap();
        db::commit(tx).await.unwrap();
        Company { id, pool: pool.clone() }
    }

    /// A person with the test password, `role` and e-mail `<name>@example.com`.
    pub async fn member(&self, name: &str, role: &str) -> Person {
        self.member_with(name, json!({ "name": name, "role": role, "active": true })).await
    }

    /// A person whose member record is `body`.
    pub async fn member_with(&self, name: &str, body: Value) -> Person {
        let (id, identity) = (new_id().unwrap(), new_id().unwrap());
        let email = format!("{}@example.com", name.to_lowercase());
        let mobile = format!("+86138{:08}", identity.as_u128() % 100_000_000);
        let new =
            NewIdentity { id: identity, email: Some(&email), mobile: Some(&mobile), password_hash: Some(&cheap_hash(PASSWORD)) };
        let mut tx = db::tenant_tx(&self.pool, self.id).await.unwrap();
        db::identity::insert(&mut tx, new, now_ms()).await.unwrap();
        db::identity::insert_membership(&mut tx, self.id, id, identity).await.unwrap();
        db::commit(tx).await.unwrap();
        self.record(id, "member", "company", body).await;
        Person { org: self.id, id, identity, email, mobile }
    }

    /// A record, stamped as every write must be.
    pub async fn record(&self, id: Uuid, kind: &str, root: &str, body: Value) {
        let mut tx = db::tenant_tx(&self.pool, self.id).await.unwrap();
        let seq = stamp(&mut tx, self.id).await;
        let insert = "INSERT INTO record (org_id, id, kind, root, seq, body, state) VALUES ($1, $2, $3, $4, $5, $6, '{}')
            ON CONFLICT (org_id, id) DO UPDATE SET body = $6, seq = $5";
        sqlx::query(insert).bind(self.id).bind(id).bind(kind).bind(root).bind(seq).bind(body).execute(&mut *tx).await.unwrap();
        db::commit(tx).await.unwrap();
    }
}

impl Person {
    /// This person at a device, signed in.
    pub async fn sign_in(&self, app: &TestApp) -> Browser {
        let token = Token::random().unwrap();
        let mut tx = db::begin(app.pool()).await.unwrap();
        db::session::insert(&mut tx, &token.hash(), self.org, self.id, "test device", now_ms()).await.unwrap();
        db::commit(tx).await.unwrap();
        app.browser().with_cookie(format!("rounds_session={}", token.reveal()))
    }
}

/// Raises the feed and stamps the transaction; the new seq.
pub async fn stamp(tx: &mut Tx, org: Uuid) -> i64 {
    let raise = "UPDATE org_feed SET seq = seq + 1 WHERE org_id = $1 RETURNING seq";
    let seq: i64 = sqlx::query_scalar(raise).bind(org).fetch_one(&mut **tx).await.unwrap();
    sqlx::query("SELECT set_config('rounds.seq', $1, true)").bind(seq.to_string()).execute(&mut **tx).await.unwrap();
    seq
}

/// Verifies like any other hash, in no time.
fn cheap_hash(password: &str) -> String {
    let params = Params::new(8, 1, 1, None).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password.as_bytes()).unwrap().to_string()
}
