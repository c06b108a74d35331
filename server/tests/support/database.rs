use super::cluster;
use server::db::{self, Pool};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::{env, thread};
use uuid::Uuid;

/// Tests act as this plain role, whoever may create databases: a superuser would walk past row-level security.
const ROLE: &str = "rounds_test";

/// A migrated database of its own, dropped with the value.
pub struct Database {
    pub pool: Pool,
    /// For processes that connect by themselves.
    pub url: String,
    name: String,
    admin: String,
}

impl Database {
    /// A copy of the migrated template.
    pub async fn new() -> Self {
        let template = format!("rounds_template_{}", fingerprint());
        Database::create(Some(&template)).await
    }

    /// One without any table.
    pub async fn empty() -> Self {
        Database::create(None).await
    }

    async fn create(template: Option<&str>) -> Self {
        let admin = cluster::admin_url();
        let mut connection = PgConnection::connect(&admin).await.expect("a Postgres to test against");
        if let Some(template) = template {
            ensure_template(&mut connection, &admin, template).await;
        }
        let name = format!("rounds_t_{}", server::secret::new_id().unwrap().simple());
        let from = template.unwrap_or("template0");
        let role = ensure_role(&mut connection).await;
        run(&mut connection, format!("CREATE DATABASE {name} OWNER {role} TEMPLATE {from}")).await;
        connection.close().await.unwrap();
        let url = url_of(&admin, &name);
        Database { pool: db::connect(&url).await.unwrap(), url, name, admin }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (name, admin) = (self.name.clone(), self.admin.clone());
        // The test's own runtime is going down, and dropping cannot wait in it.
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&admin).await.unwrap();
                run(&mut connection, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            });
        });
        let _ = dropped.join();
    }
}

async fn ensure_role(connection: &mut PgConnection) -> &'static str {
    let create = format!("DO $$ BEGIN CREATE ROLE {ROLE}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
    run(connection, create).await;
    ROLE
}

async fn ensure_template(connection: &mut PgConnection, admin: &str, template: &str) {
    let _only_one_makes_it = cluster::lock(&env::temp_dir().join("rounds-test-template.lock"));
    let exists = "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)";
    if sqlx::query_scalar(exists).bind(template).fetch_one(&mut *connection).await.unwrap() {
        return;
    }
    let unfinished = format!("{template}_unfinished");
    run(connection, format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
    let role = ensure_role(connection).await;
    run(connection, format!("CREATE DATABASE {unfinished} OWNER {role} TEMPLATE template0")).await;
    let pool = db::connect(&url_of(admin, &unfinished)).await.unwrap();
    db::migrate(&pool).await.unwrap();
    pool.close().await;
    run(connection, format!("ALTER DATABASE {unfinished} RENAME TO {template}")).await;
}

async fn run(connection: &mut PgConnection, statement: String) {
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
}

/// The same server, another database, the plain role.
fn url_of(admin: &str, database: &str) -> String {
    let (base, query) = admin.split_once('?').unwrap_or((admin, ""));
    let (server, _) = base.rsplit_once('/').expect("an address with a database");
    format!("{server}/{database}?{query}&options=-c%20role%3D{ROLE}")
}

/// Changes with any migration, so that an old template is never used.
fn fingerprint() -> String {
    let all: String = db::migrator().iter().map(|migration| migration.sql.as_str().to_owned()).collect();
    Uuid::new_v5(&Uuid::nil(), all.as_bytes()).simple().to_string()
}
