use crate::support::database::Database;
use server::db;

async fn tables(database: &Database) -> Vec<String> {
    let all = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_sqlx_migrations' ORDER BY 1";
    sqlx::query_scalar(all).fetch_all(&database.pool).await.unwrap()
}

#[tokio::test]
async fn sql_migrations_go_up_down_and_up_again() {
    let database = Database::empty().await;
    db::migrate(&database.pool).await.unwrap();
    let up = tables(&database).await;
    assert!(up.contains(&"record".to_owned()));
    db::migrator().undo(&database.pool, 0).await.unwrap();
    assert_eq!(tables(&database).await, Vec::<String>::new());
    let functions: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        .fetch_one(&database.pool)
        .await
        .unwrap();
    assert_eq!(functions, 0, "functions left behind");
    db::migrate(&database.pool).await.unwrap();
    assert_eq!(tables(&database).await, up);
}

#[tokio::test]
async fn sql_every_table_says_what_it_is() {
    let database = Database::new().await;
    let silent = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname <> '_sqlx_migrations' AND obj_description(oid, 'pg_class') IS NULL";
    let silent: Vec<String> = sqlx::query_scalar(silent).fetch_all(&database.pool).await.unwrap();
    assert_eq!(silent, Vec::<String>::new());
}

#[tokio::test]
async fn sql_keys_of_tenant_tables_begin_with_the_company() {
    let database = Database::new().await;
    let keys = "SELECT c.conrelid::regclass::text FROM pg_constraint c
        JOIN pg_attribute first ON first.attrelid = c.conrelid AND first.attnum = c.conkey[1]
        WHERE c.contype IN ('p', 'u') AND first.attname <> 'org_id'
        AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attname = 'org_id')
        AND c.connamespace = 'public'::regnamespace ORDER BY 1";
    let otherwise: Vec<String> = sqlx::query_scalar(keys).fetch_all(&database.pool).await.unwrap();
    // These are looked up by their token, before the company is known.
    assert_eq!(otherwise, ["session", "sign_in_link"]);
}
