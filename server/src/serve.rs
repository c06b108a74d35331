//! Running an instance: everything around the router.

use crate::{
    config::{Config, Tls},
    db::{self, Pool},
    error::ApiError,
    expiry,
    now::now_ms,
    poker::{Pace, Poker},
    router, secret,
    site::Site,
    state::AppState,
    upkeep,
};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use std::{io, net::SocketAddr, time::Duration};
use tokio::signal::unix::{SignalKind, signal};

/// How long requests under way may take to finish once the instance is asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Why an instance could not start or had to stop.
#[derive(Debug)]
pub enum ServeError {
    Database(db::DbError),
    Start(ApiError),
    Io(io::Error),
    Tls(io::Error),
}

impl std::fmt::Display for ServeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ServeError::Database(error) => write!(f, "The database at DATABASE_URL does not do: {error}"),
            ServeError::Start(error) => write!(f, "The server cannot start: {error:?}"),
            ServeError::Io(error) => write!(f, "The server cannot listen or read its site: {error}"),
            ServeError::Tls(error) => write!(f, "ROUNDS_TLS_CERT and ROUNDS_TLS_KEY cannot be used: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// Migrates, listens and answers until the process is asked to stop (SIGTERM, Ctrl-C).
///
/// # Errors
/// See [`ServeError`].
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let pool = db::connect(&config.database_url).await.map_err(ServeError::Database)?;
    db::migrate(&pool).await.map_err(ServeError::Database)?;
    db::restore::finish(&pool, now_ms()).await.map_err(ServeError::Database)?;
    if db::health::bypasses_row_security(&pool).await.map_err(ServeError::Database)? {
        tracing::warn!("the database role bypasses row-level security: give Rounds a role of its own that is no superuser");
    }
    let state = prepare(config, pool.clone()).await?;
    let (poker, handle) = (state.poker.clone(), Handle::new());
    let background = [
        tokio::spawn(poker.clone().run(pool.clone())),
        tokio::spawn(upkeep::run(pool.clone())),
        tokio::spawn(expiry::run(pool.clone(), poker.clone())),
        tokio::spawn(stop_when_asked(handle.clone(), poker)),
    ];
    let ended = listen(state, handle).await;
    background.iter().for_each(tokio::task::JoinHandle::abort);
    pool.close().await;
    ended
}

async fn prepare(config: Config, pool: Pool) -> Result<AppState, ServeError> {
    online::register();
    let site = match &config.site_dir {
        Some(folder) => Site::from_folder(folder).map_err(ServeError::Io)?,
        None => Site::built_in(),
    };
    site.publish(&pool).await.map_err(ServeError::Start)?;
    let instance = secret::new_id().map_err(ServeError::Start)?;
    Ok(AppState::new(config, pool, Poker::new(instance, Pace::default()), site))
}

async fn listen(state: AppState, handle: Handle<SocketAddr>) -> Result<(), ServeError> {
    let config = state.config.clone();
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!(listen = %config.listen, origin = config.origin, "serving");
    match &config.tls {
        Some(tls) => {
            let tls = load(tls).await.map_err(ServeError::Tls)?;
            axum_server::bind_rustls(config.listen, tls).handle(handle).serve(service).await
        }
        None => axum_server::bind(config.listen).handle(handle).serve(service).await,
    }
    .map_err(ServeError::Io)
}

async fn load(tls: &Tls) -> io::Result<RustlsConfig> {
    // Fails only where a provider was installed before, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    RustlsConfig::from_pem_file(&tls.cert, &tls.key).await
}

async fn stop_when_asked(handle: Handle<SocketAddr>, poker: Poker) {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
        tracing::warn!("signals cannot be caught: the server will stop without waiting for requests under way");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    poker.close();
    handle.graceful_shutdown(Some(GRACE));
}
