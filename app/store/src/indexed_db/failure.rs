//! What a browser's error means for the caller.

use indexed_db_futures::error::{DomException, Error, OpenDbError};

use crate::error::StoreError;

/// Why an attempt on one connection failed.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// The connection is dead and nothing was committed: trying again on a new one is safe.
    Dead(String),
    /// Trying again would not help, or would not be safe.
    Final(StoreError),
}

impl Failure {
    /// An error before the commit was asked for, when nothing can have been written.
    pub(super) fn before_commit(error: Error) -> Self {
        let name = name(&error);
        match name.as_str() {
            "QuotaExceededError" => Failure::Final(StoreError::Quota),
            // "UnknownError" is how WebKit says "connection to the database server lost".
            "InvalidStateError" | "AbortError" | "TransactionInactiveError" | "UnknownError" | "TimeoutError" => {
                Failure::Dead(describe(&name, &error))
            }
            _ => Failure::Final(StoreError::Unavailable(describe(&name, &error))),
        }
    }

    /// An error of the commit itself. `cause` is the transaction's own error: of an abort only that tells the reason.
    pub(super) fn of_commit(error: Error, cause: Option<Error>) -> Self {
        if matches!(error, Error::DomException(DomException::InvalidStateError(_))) {
            // The transaction had ended before the commit could be asked for.
            return Failure::before_commit(error);
        }
        let cause = cause.unwrap_or(error);
        let name = name(&cause);
        match name.as_str() {
            "QuotaExceededError" => Failure::Final(StoreError::Quota),
            "ConstraintError" | "DataError" | "DataCloneError" | "NotReadableError" => {
                Failure::Final(StoreError::Aborted(describe(&name, &cause)))
            }
            _ => Failure::Final(StoreError::Lost),
        }
    }

    pub(super) fn of_opening(error: OpenDbError) -> Self {
        let error = match error {
            OpenDbError::Base(error) => error,
            other => return Failure::Final(StoreError::Unavailable(other.to_string())),
        };
        let name = name(&error);
        match name.as_str() {
            // The numbers are filled in by whoever opens the newer database to see.
            "VersionError" => Failure::Final(StoreError::NewerFormat { found: 0, known: 0 }),
            "QuotaExceededError" => Failure::Final(StoreError::Quota),
            "AbortError" | "UnknownError" | "TimeoutError" => Failure::Dead(describe(&name, &error)),
            _ => Failure::Final(StoreError::Unavailable(describe(&name, &error))),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Failure::Final(error)
    }
}

fn name(error: &Error) -> String {
    match error {
        Error::DomException(exception) => web_sys::DomException::from(exception.clone()).name(),
        _ => String::new(),
    }
}

fn describe(name: &str, error: &Error) -> String {
    match error {
        Error::DomException(exception) => format!("{name}: {}", exception.message()),
        other => other.to_string(),
    }
}
