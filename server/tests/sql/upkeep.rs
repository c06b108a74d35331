use crate::support::{Company, database::Database};
use server::{
    db,
    now::{DAY_MS, now_ms},
    secret::Token,
    upkeep,
};

#[tokio::test]
async fn sql_what_has_expired_is_forgotten_and_nothing_else() {
    let database = Database::new().await;
    let wei = Company::new(&database.pool).await.member("Wei", "rep").await;
    let now = now_ms();
    let mut tx = db::begin(&database.pool).await.unwrap();
    for age in [0, 91 * DAY_MS] {
        db::session::insert(&mut tx, &Token::random().unwrap().hash(), wei.org, wei.id, "phone", now - age).await.unwrap();
        db::link::insert(&mut tx, &Token::random().unwrap().hash(), wei.org, wei.id, now - age, now - age).await.unwrap();
    }
    db::commit(tx).await.unwrap();
    db::throttle::count(&database.pool, "key", now).await.unwrap();
    db::throttle::count(&database.pool, "key", now - DAY_MS).await.unwrap();

    upkeep::once(&database.pool, now).await.unwrap();
    for table in ["session", "sign_in_link", "throttle"] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(&database.pool)
            .await
            .unwrap();
        assert_eq!(left, 1, "{table}");
    }
}
