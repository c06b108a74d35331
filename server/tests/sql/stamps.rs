use crate::support::{Company, build::stamp, database::Database};
use server::{
    db::{self, Tx},
    secret::new_id,
};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// The state of the refusing trigger, or nothing where the statement went through.
async fn run(tx: &mut Tx, statement: &str, org: Uuid, seq: i64) -> Option<String> {
    // Seven is any record, member or root.
    let statement = statement.replace("$id", "'00000000-0000-0000-0000-000000000007'");
    let done = sqlx::query(AssertSqlSafe(statement)).bind(org).bind(seq).execute(&mut **tx).await;
    done.err().and_then(|error| db::DbError::from(error).code())
}

const INSERTS: [(&str, &str); 4] = [
    ("record", "INSERT INTO record (org_id, id, kind, root, seq, body, state) VALUES ($1, $id, 'k', 'r', $2, '{}', '{}')"),
    ("record_root", "INSERT INTO record_root (org_id, record_id, root, from_seq) VALUES ($1, $id, 'r', $2)"),
    ("access", "INSERT INTO access (org_id, root, key, from_seq) VALUES ($1, 'r', 'k', $2)"),
    ("member_scope", "INSERT INTO member_scope (org_id, member_id, key, from_seq) VALUES ($1, $id, 'k', $2)"),
];

#[tokio::test]
async fn sql_nothing_is_written_without_the_stamp_of_its_transaction() {
    let database = Database::new().await;
    let org = Company::new(&database.pool).await.id;
    for (table, insert) in INSERTS {
        let mut unstamped = db::tenant_tx(&database.pool, org).await.unwrap();
        assert_eq!(run(&mut unstamped, insert, org, 1).await.as_deref(), Some("RD001"), "{table} without a stamp");
        drop(unstamped);

        let mut wrong = db::tenant_tx(&database.pool, org).await.unwrap();
        let seq = stamp(&mut wrong, org).await;
        assert_eq!(run(&mut wrong, insert, org, seq - 1).await.as_deref(), Some("RD001"), "{table} with an old stamp");
        drop(wrong);

        let mut right = db::tenant_tx(&database.pool, org).await.unwrap();
        let seq = stamp(&mut right, org).await;
        assert_eq!(run(&mut right, insert, org, seq).await, None, "{table}");
        db::commit(right).await.unwrap();
    }

    // An update needs a new stamp as much as an insert.
    let mut silent = db::tenant_tx(&database.pool, org).await.unwrap();
    stamp(&mut silent, org).await;
    assert_eq!(
        run(&mut silent, "UPDATE record SET body = '{\"a\":1}' WHERE org_id = $1 AND $2 > 0", org, 1).await.as_deref(),
        Some("RD001")
    );
}

#[tokio::test]
async fn sql_an_interval_closes_once_and_at_the_stamp() {
    let database = Database::new().await;
    let org = Company::new(&database.pool).await.id;
    for (table, insert) in &INSERTS[1..] {
        let mut tx = db::tenant_tx(&database.pool, org).await.unwrap();
        let opened = stamp(&mut tx, org).await;
        assert_eq!(run(&mut tx, insert, org, opened).await, None);
        db::commit(tx).await.unwrap();

        let close = format!("UPDATE {table} SET to_seq = $2 WHERE org_id = $1");
        let reopen = format!("UPDATE {table} SET to_seq = NULL WHERE org_id = $1 AND $2 > 0");
        let moved = format!("UPDATE {table} SET from_seq = $2 WHERE org_id = $1");
        let mut tx = db::tenant_tx(&database.pool, org).await.unwrap();
        let seq = stamp(&mut tx, org).await;
        assert_eq!(run(&mut tx, &close, org, seq).await, None, "{table}");
        db::commit(tx).await.unwrap();
        for refused in [&close, &reopen, &moved] {
            let mut tx = db::tenant_tx(&database.pool, org).await.unwrap();
            let seq = stamp(&mut tx, org).await;
            assert_eq!(run(&mut tx, refused, org, seq).await.as_deref(), Some("RD001"), "{refused}");
        }
    }
}

#[tokio::test]
async fn sql_a_stamp_does_not_outlive_its_transaction() {
    let database = Database::new().await;
    let org = Company::new(&database.pool).await.id;
    let mut connection = database.pool.acquire().await.unwrap();
    let mut seqs = Vec::new();
    for _ in 0..2 {
        sqlx::query("BEGIN").execute(&mut *connection).await.unwrap();
        let left: Option<String> = sqlx::query_scalar("SELECT nullif(current_setting('rounds.seq', true), '')")
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        seqs.push(left);
        sqlx::query("SELECT set_config('rounds.seq', '5', true)").execute(&mut *connection).await.unwrap();
        sqlx::query("COMMIT").execute(&mut *connection).await.unwrap();
    }
    assert_eq!(seqs, [None, None]);
    assert_ne!(org, new_id().unwrap());
}
