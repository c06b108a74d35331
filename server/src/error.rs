//! The one error of the HTTP interface. Database text never leaves; a 5xx never comes from bad input.

use crate::db::DbError;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::wire::Refused;
use online::Fault;
use uuid::Uuid;

/// Everything a request can be refused with. Each has a status, a stable `code` and a sentence saying what to do.
#[derive(Debug)]
pub enum ApiError {
    /// 400 `malformed`: not JSON, or JSON of another shape.
    Malformed { message: String, field: Option<String> },
    /// 422: well-formed, but a value is not acceptable.
    Invalid { code: &'static str, message: String, field: Option<&'static str> },
    /// 401 `unauthenticated`: no session, or one that ended. The device keeps everything it has.
    Unauthenticated,
    /// 401 `wrong_credentials`: the sign-in name or the password is wrong; it never says which.
    WrongCredentials,
    /// 401 `link_invalid`: the one-time link was used, has expired or never existed.
    LinkInvalid,
    /// 403 `not_allowed`.
    NotAllowed,
    /// 403 `foreign_origin`: the request was made by another site.
    ForeignOrigin,
    /// 403 `member_inactive`: the right password of a member whose account was closed.
    MemberInactive,
    /// 403, 409 or 426: a device has to do something before it can sync. Names the device and epoch where only that one may obey.
    Sync { status: StatusCode, code: &'static str, message: &'static str, device: Option<Uuid>, feed_epoch: Option<u64> },
    /// 404, 413 or 422: why a file cannot be had or taken.
    File { status: StatusCode, code: &'static str, message: &'static str },
    /// 404 `not_found`.
    NotFound,
    /// 405 `wrong_method`.
    WrongMethod,
    /// 408 `too_slow`: the body did not arrive in time.
    TooSlow,
    /// 413 `too_large`, with the limit in bytes after decompression.
    TooLarge { limit: usize },
    /// 415 `unsupported_type`: not JSON, or an encoding that is not understood.
    UnsupportedType,
    /// 429 `too_many_attempts`, with the seconds to wait.
    TooManyAttempts { retry_after_s: i64 },
    /// 503 `busy`: all database connections are taken, or it is restarting.
    Busy,
    /// 500 `internal`: a bug of ours. The cause is in the log under the request's id.
    Internal(String),
    /// 500 `internal`, or 503 where waiting helps.
    Database(DbError),
}

impl ApiError {
    /// Whether running the same transaction again may succeed (serialisation failure or deadlock).
    pub fn is_retryable(&self) -> bool {
        matches!(self, ApiError::Database(error) if error.is_retryable())
    }

    /// The status this error is answered with.
    pub fn status(&self) -> StatusCode {
        self.describe().0
    }

    fn describe(&self) -> (StatusCode, &str, String) {
        use StatusCode as S;
        match self {
            ApiError::Malformed { message, .. } => (S::BAD_REQUEST, "malformed", message.clone()),
            ApiError::Invalid { code, message, .. } => (S::UNPROCESSABLE_ENTITY, code, message.clone()),
            ApiError::Unauthenticated => {
                (S::UNAUTHORIZED, "unauthenticated", "Sign in again; nothing on this device is lost.".into())
            }
            ApiError::WrongCredentials => {
                (S::UNAUTHORIZED, "wrong_credentials", "Check the e-mail address or mobile number and the password.".into())
            }
            ApiError::LinkInvalid => {
                (S::UNAUTHORIZED, "link_invalid", "This link was used or has expired. Ask for a new one.".into())
            }
            ApiError::NotAllowed => {
                (S::FORBIDDEN, "not_allowed", "You may not do this. Ask your manager or an administrator.".into())
            }
            ApiError::MemberInactive => {
                (S::FORBIDDEN, "member_inactive", "Your account was closed. Ask an administrator to open it.".into())
            }
            ApiError::ForeignOrigin => (S::FORBIDDEN, "foreign_origin", "Open Rounds itself and try again.".into()),
            ApiError::Sync { status, code, message, .. } | ApiError::File { status, code, message } => {
                (*status, code, (*message).into())
            }
            ApiError::NotFound => (S::NOT_FOUND, "not_found", "There is nothing at this address. Check it.".into()),
            ApiError::WrongMethod => (S::METHOD_NOT_ALLOWED, "wrong_method", "Use the method this address takes.".into()),
            ApiError::TooSlow => (S::REQUEST_TIMEOUT, "too_slow", "The request did not arrive in time. Try again.".into()),
            ApiError::TooLarge { limit } => (S::PAYLOAD_TOO_LARGE, "too_large", format!("Send at most {limit} bytes at once.")),
            ApiError::UnsupportedType => {
                (S::UNSUPPORTED_MEDIA_TYPE, "unsupported_type", "Send JSON, plain or compressed with gzip.".into())
            }
            ApiError::TooManyAttempts { retry_after_s } => (
                S::TOO_MANY_REQUESTS,
                "too_many_attempts",
                format!("Too many attempts. Wait {} minutes and try again.", (retry_after_s + 59) / 60),
            ),
            busy if busy.is_passing() => (S::SERVICE_UNAVAILABLE, "busy", "The server is busy. Try again in a moment.".into()),
            ApiError::Database(error) if error.is_unstorable_text() => {
                (S::BAD_REQUEST, "malformed", "Take the invisible characters out of the text and send it again.".into())
            }
            ApiError::Busy | ApiError::Internal(_) | ApiError::Database(_) => {
                (S::INTERNAL_SERVER_ERROR, "internal", "Something went wrong on the server. Try again in a minute.".into())
            }
        }
    }

    /// Whether the fault is gone in a moment without anybody doing anything.
    fn is_passing(&self) -> bool {
        match self {
            ApiError::Busy => true,
            ApiError::Database(error) => error.is_passing(),
            _ => false,
        }
    }

    fn retry_after_s(&self) -> Option<i64> {
        match self {
            ApiError::TooManyAttempts { retry_after_s } => Some(*retry_after_s),
            passing if passing.is_passing() => Some(2),
            _ => None,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            ApiError::Malformed { field, .. } => field.clone(),
            ApiError::Invalid { field, .. } => field.map(Into::into),
            _ => None,
        }
    }
}

impl From<DbError> for ApiError {
    fn from(error: DbError) -> Self {
        ApiError::Database(error)
    }
}

/// Logs what the asker must not see, and gives what he may.
impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        match &error {
            ApiError::Internal(cause) => tracing::error!(%cause, "internal error"),
            ApiError::Database(cause) if !cause.is_unstorable_text() => tracing::error!(%cause, "database error"),
            refused => tracing::info!(code = refused.describe().1, "refused"),
        }
        let (device, feed_epoch) = match &error {
            ApiError::Sync { device, feed_epoch, .. } => (*device, *feed_epoch),
            _ => (None, None),
        };
        let (_, code, message) = error.describe();
        Refused { code: code.into(), message, field: error.field(), device, feed_epoch }
    }
}

impl From<ApiError> for Fault {
    fn from(error: ApiError) -> Self {
        let Refused { code, message, field, .. } = error.into();
        Fault { code, message, field }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, retry_after_s) = (self.status(), self.retry_after_s());
        let mut response = (status, Json(Refused::from(self))).into_response();
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
