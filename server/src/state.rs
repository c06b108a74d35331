use crate::{config::Config, db::Pool, gate::Gates, password::Passwords, poker::Poker, site::Site};
use std::sync::Arc;

/// What every handler may reach. Nothing in it outlives a request that another instance would need.
#[derive(Clone)]
pub struct AppState {
    pub pool: Pool,
    pub config: Arc<Config>,
    pub poker: Poker,
    pub passwords: Passwords,
    pub site: Arc<Site>,
    pub gates: Gates,
}

impl AppState {
    /// The state of one instance.
    pub fn new(config: Config, pool: Pool, poker: Poker, site: Site) -> Self {
        AppState {
            pool,
            config: Arc::new(config),
            poker,
            passwords: Passwords::default(),
            site: Arc::new(site),
            gates: Gates::default(),
        }
    }
}
