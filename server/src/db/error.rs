use std::fmt;

/// What a database function answers.
pub type Result<T> = std::result::Result<T, DbError>;

/// A failed statement, connection or commit. Its text is for the log only.
#[derive(Debug)]
pub enum DbError {
    Sql(sqlx::Error),
    /// Another transaction was faster with the same record: decided anew, it comes out right.
    Overtaken,
    /// More came of it than anybody can use.
    TooMany,
}

impl DbError {
    /// Serialisation failure (40001) or deadlock (40P01): the same transaction may succeed when run again.
    pub fn is_retryable(&self) -> bool {
        matches!(self, DbError::Overtaken) || matches!(self.code().as_deref(), Some("40001" | "40P01"))
    }

    /// No connection to be had now: the pool is exhausted, or Postgres is starting, stopping or out of reach.
    pub fn is_passing(&self) -> bool {
        matches!(self, DbError::Sql(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) | sqlx::Error::PoolClosed))
            || matches!(self.code().as_deref(), Some("57P01" | "57P02" | "57P03" | "53300" | "08006"))
            || self.is_retryable()
    }

    /// A text with a NUL or half a surrogate pair in it, which JSON can carry and Postgres cannot: the asker's mistake.
    pub fn is_unstorable_text(&self) -> bool {
        matches!(self.code().as_deref(), Some("22021" | "22P05"))
    }

    /// A statement took longer than it may.
    pub fn is_timeout(&self) -> bool {
        self.code().as_deref() == Some("57014")
    }

    fn sql(&self) -> Option<&sqlx::Error> {
        match self {
            DbError::Sql(error) => Some(error),
            DbError::Overtaken | DbError::TooMany => None,
        }
    }

    /// The five characters Postgres names the fault by.
    pub fn code(&self) -> Option<String> {
        self.sql()?.as_database_error().and_then(|error| error.code()).map(Into::into)
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        DbError::Sql(error)
    }
}

impl From<sqlx::migrate::MigrateError> for DbError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        DbError::Sql(error.into())
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DbError::Sql(error) => error.fmt(f),
            DbError::Overtaken => f.write_str("another transaction wrote the same record first"),
            DbError::TooMany => f.write_str("the answer is too large"),
        }
    }
}

impl std::error::Error for DbError {}
