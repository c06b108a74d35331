//! What can go wrong with the local database, as sentences that say what is safe and what to do.

use std::fmt;

/// Why a transaction did not answer.
///
/// Every kind but [`StoreError::Lost`] guarantees that nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The deciding function refused.
    Refused(Refusal),
    /// The device or the browser's share of it is full.
    Quota,
    /// The browser gave the transaction up; its own words are kept for the report.
    Aborted(String),
    /// Another tab holds an older format open and does not let go.
    Blocked,
    /// The connection died after the commit was asked for: the change may be there or not.
    Lost,
    /// The browser removed the whole database while the app was open.
    Evicted,
    /// The database was written by a newer app than this one; format numbers.
    NewerFormat { found: u32, known: u32 },
    /// There is no usable database here (private mode, blocked by policy, damaged); the browser's own words.
    Unavailable(String),
}

/// The deciding function's reason for writing nothing, as a sentence for the log or the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl StoreError {
    /// True when trying the same again cannot help, even after the user has made room or closed other tabs.
    pub const fn is_permanent(&self) -> bool {
        match self {
            StoreError::Refused(_) | StoreError::Evicted | StoreError::NewerFormat { .. } | StoreError::Unavailable(_) => true,
            StoreError::Quota | StoreError::Aborted(_) | StoreError::Blocked | StoreError::Lost => false,
        }
    }

    /// A short machine-readable name; the screens translate by it.
    pub const fn code(&self) -> &'static str {
        match self {
            StoreError::Refused(_) => "store_refused",
            StoreError::Quota => "store_quota",
            StoreError::Aborted(_) => "store_aborted",
            StoreError::Blocked => "store_blocked",
            StoreError::Lost => "store_lost",
            StoreError::Evicted => "store_evicted",
            StoreError::NewerFormat { .. } => "store_newer_format",
            StoreError::Unavailable(_) => "store_unavailable",
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Refused(Refusal(reason)) => write!(f, "Nothing was changed: {reason}"),
            StoreError::Quota => f.write_str(
                "This device is full, so nothing was saved. What was saved before is safe. Free some space and save again.",
            ),
            StoreError::Aborted(why) => {
                write!(f, "The browser did not save this ({why}). What was saved before is safe. Save again.")
            }
            StoreError::Blocked => {
                f.write_str("Rounds is open in another tab with an older version. Your data is safe. Close the other tabs.")
            }
            StoreError::Lost => f.write_str(
                "The browser lost its database while saving. Check whether your last change is there before repeating it.",
            ),
            StoreError::Evicted => f.write_str(
                "The browser removed this app's data from the device. What the server has is safe. Sign in again to load it.",
            ),
            StoreError::NewerFormat { found, known } => write!(
                f,
                "The data on this device was written by a newer version of Rounds (format {found}, this one knows {known}). It is safe. Update the app."
            ),
            StoreError::Unavailable(why) => {
                write!(
                    f,
                    "This browser offers no storage ({why}), so nothing can be kept offline. Leave private mode or use another browser."
                )
            }
        }
    }
}

impl std::error::Error for StoreError {}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        StoreError::Refused(refusal)
    }
}
