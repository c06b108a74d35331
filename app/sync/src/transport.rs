//! The one thing the sync engine needs of a network.

/// Carries one sync request to the server and its answer back.
#[expect(async_fn_in_trait, reason = "a browser's network lives on one thread, so its futures are not Send")]
pub trait Transport {
    /// Posts a JSON body to `/api/v1/sync`. It never fails otherwise than by its [`Reply`].
    async fn sync(&self, body: String) -> Reply;
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A 2xx answer's body.
    Ok(String),
    /// Any other answer. `retry_after_s` is the server's `Retry-After`, in seconds.
    Status { code: u16, body: String, retry_after_s: Option<u32> },
    /// No answer, or only part of one: whether the server acted is not known.
    Unreachable,
}
