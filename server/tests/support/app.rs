use super::{Browser, database::Database};
use axum::http::header;
use server::{
    config::Config,
    db::Pool,
    poker::{Pace, Poker},
    router,
    secret::new_id,
    site::Site,
    state::AppState,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle};

/// One instance of the server on a port of its own.
pub struct TestApp {
    pub origin: String,
    pub state: AppState,
    pub database: Arc<Database>,
    tasks: Vec<JoinHandle<()>>,
}

impl TestApp {
    /// An instance on a new database, with a site of a few files.
    pub async fn start() -> Self {
        TestApp::on(Arc::new(Database::new().await), |_| {}).await
    }

    /// An instance on a database, its configuration changed before it starts.
    pub async fn on(database: Arc<Database>, change: impl FnOnce(&mut Config)) -> Self {
        TestApp::with_site(database, change, site("1")).await
    }

    /// An instance that serves this site.
    pub async fn with_site(database: Arc<Database>, change: impl FnOnce(&mut Config), site: Site) -> Self {
        // What the server complains of is shown with a failing test.
        let _ = tracing_subscriber::fmt().with_env_filter("warn").with_test_writer().try_init();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let set = |name: &str| match name {
            "DATABASE_URL" => Some(database.url.clone()),
            "ROUNDS_ORIGIN" => Some(origin.clone()),
            _ => None,
        };
        let mut config = Config::read(set).unwrap();
        change(&mut config);
        online::register();
        let pace = Pace {
            coalesce: Duration::from_millis(100),
            poll: Duration::from_millis(300),
            keep_alive: Duration::from_millis(300),
        };
        let state = AppState::new(config, database.pool.clone(), Poker::new(new_id().unwrap(), pace), site);
        state.site.publish(&state.pool).await.unwrap();
        let service = router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let tasks = vec![
            tokio::spawn(async move { axum::serve(listener, service).await.unwrap() }),
            tokio::spawn(state.poker.clone().run(state.pool.clone())),
        ];
        TestApp { origin, state, database, tasks }
    }

    /// Somebody who is not signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.origin)
    }

    pub fn pool(&self) -> &Pool {
        &self.state.pool
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// A site whose hashed files carry `build` in their names.
pub fn site(build: &str) -> Site {
    let file = |name: &str, body: &str| (name.to_owned(), body.as_bytes().to_vec());
    Site::from_files([
        file("index.html", "<!doctype html><title>Rounds</title>"),
        file("sw.js", "// service worker"),
        file("manifest.webmanifest", "{}"),
        file("icons/icon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        file(&format!("pkg/rounds.{build}.js"), "export default 1"),
        file(&format!("pkg/rounds.{build}.js.br"), "packed"),
        file(&format!("pkg/rounds.{build}.wasm"), "\0asm"),
    ])
}

/// The value of a header, or nothing.
pub fn header_of(response: &reqwest::Response, name: header::HeaderName) -> &str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
