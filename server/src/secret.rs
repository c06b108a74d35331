//! Random ids and tokens, and the one-way form in which tokens are stored.

use crate::{error::ApiError, now::now_ms};
use sha2::{Digest, Sha256};
use std::fmt;
use uuid::Uuid;

/// A 256-bit random token in hexadecimal. Its text is seen by its owner only; `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn random() -> Result<Self, ApiError> {
        Ok(Token(hex(&random::<32>()?)))
    }

    /// A token somebody presented, whatever it is.
    pub fn presented(text: &str) -> Self {
        Token(text.to_owned())
    }

    /// What the database stores and looks for: SHA-256. A slow hash is for passwords; 256 random bits cannot be guessed.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The text handed to its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// A new UUIDv7.
///
/// # Errors
/// The operating system gives no randomness.
pub fn new_id() -> Result<Uuid, ApiError> {
    Ok(domain::ids::new(now_ms(), random()?))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn random<const N: usize>() -> Result<[u8; N], ApiError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| ApiError::Internal(format!("no randomness: {error}")))?;
    Ok(bytes)
}
