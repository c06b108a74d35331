//! How often somebody may try to sign in, counted across instances.

use crate::{
    db::{self, Pool},
    error::ApiError,
    login::Login,
    now::now_ms,
    secret::hex,
};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use uuid::Uuid;

/// Length of the fixed window, in milliseconds.
pub const WINDOW_MS: i64 = 15 * 60_000;
/// Failed attempts against one person in a window.
pub const PER_LOGIN: i32 = 10;
/// Failed attempts from one address in a window; an office behind one address shares it.
pub const PER_ADDRESS: i32 = 100;

/// Who is limited. What is stored of a name is its hash.
#[derive(Debug, Clone, Default)]
pub struct Who {
    /// The one whose secret is guessed at; a success clears it.
    pub own: Option<String>,
    /// Where the guesses come from; a success is not charged to it.
    pub address: Option<String>,
}

impl Who {
    /// Somebody at `address` who says to be `login`.
    pub fn signing_in(login: Option<&Login>, address: IpAddr) -> Self {
        Who {
            own: login.map(|login| format!("login {}", hex(&Sha256::digest(login.as_str())))),
            address: Some(format!("address {}", network(address))),
        }
    }

    /// A person who changes the password.
    pub fn identity(id: Uuid) -> Self {
        Who { own: Some(format!("identity {id}")), address: None }
    }
}

/// An attempt that was counted; tell it when it succeeded, and it counts no more.
pub struct Attempt {
    who: Who,
    window_start: i64,
}

impl Attempt {
    /// Counts an attempt, before anything is checked.
    ///
    /// # Errors
    /// 429 when there were too many.
    pub async fn begin(pool: &Pool, who: Who) -> Result<Self, ApiError> {
        let now = now_ms();
        let window_start = now - now.rem_euclid(WINDOW_MS);
        for (key, limit) in [(&who.address, PER_ADDRESS), (&who.own, PER_LOGIN)] {
            if let Some(key) = key
                && db::throttle::count(pool, key, window_start).await? > limit
            {
                return Err(ApiError::TooManyAttempts { retry_after_s: (window_start + WINDOW_MS - now).max(1_000) / 1_000 });
            }
        }
        Ok(Attempt { who, window_start })
    }

    /// The attempt succeeded.
    pub async fn succeeded(self, pool: &Pool) -> Result<(), ApiError> {
        if let Some(key) = &self.who.own {
            db::throttle::clear(pool, key).await?;
        }
        if let Some(key) = &self.who.address {
            db::throttle::forgive(pool, key, self.window_start).await?;
        }
        Ok(())
    }
}

/// An IPv6 user owns a whole /64, so that is what is limited.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_limited_rather_than_each_of_its_addresses() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
