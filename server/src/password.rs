//! Passwords: Argon2id, off the async threads, at most two at a time.

use crate::error::ApiError;
use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Fewest characters of a new password.
pub const MIN_LENGTH: usize = 8;
/// Most characters of any password: hashing must not be a way to keep the server busy.
pub const MAX_LENGTH: usize = 200;

/// Hashes and checks passwords. Each takes some 20 ms of a core and 19 MB, so only a few run at once and the rest wait.
#[derive(Clone)]
pub struct Passwords(Arc<Semaphore>);

impl Default for Passwords {
    fn default() -> Self {
        Passwords(Arc::new(Semaphore::new(2)))
    }
}

impl Passwords {
    /// The PHC string of a new password.
    ///
    /// # Errors
    /// Too short or too long.
    pub async fn hash(&self, new: String) -> Result<String, ApiError> {
        check_new(&new)?;
        self.work(move || hash_now(&new)).await?
    }

    /// Whether the password is right. Without a `stored` hash it takes as long and says no, so that the time taken does not
    /// tell who has an account.
    pub async fn verify(&self, typed: String, stored: Option<String>) -> Result<bool, ApiError> {
        self.work(move || {
            let stored_or_decoy = stored.as_deref().or(DECOY.as_deref()).unwrap_or_default();
            let right = PasswordHash::new(stored_or_decoy)
                .is_ok_and(|hash| Argon2::default().verify_password(typed.as_bytes(), &hash).is_ok());
            right && stored.is_some()
        })
        .await
    }

    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let _place = self.0.acquire().await.map_err(|_| ApiError::Busy)?;
        tokio::task::spawn_blocking(job).await.map_err(|error| ApiError::Internal(error.to_string()))
    }
}

/// The PHC string of a password, computed on this thread: for imports and demo data, not for requests.
///
/// # Errors
/// No randomness for the salt.
pub fn hash_now(password: &str) -> Result<String, ApiError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| ApiError::Internal(error.to_string()))
}

/// A hash that no account has, made with the same parameters.
static DECOY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody").ok());

fn check_new(password: &str) -> Result<(), ApiError> {
    let length = password.chars().count();
    if (MIN_LENGTH..=MAX_LENGTH).contains(&length) {
        return Ok(());
    }
    Err(ApiError::Invalid {
        code: "password_length",
        message: format!("Choose a password of {MIN_LENGTH} to {MAX_LENGTH} characters."),
        field: Some("new"),
    })
}
