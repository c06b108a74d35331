use crate::{error::ApiError, signed::Signed, state::AppState};
use axum::{
    body::{Body, Bytes},
    extract::State,
    http::header,
    response::IntoResponse,
};
use futures::stream;
use std::convert::Infallible;
use tokio::{
    sync::watch,
    time::{Instant, Interval, interval_at, sleep_until},
};

/// An event without content. `EventSource` drops one that has no data line at all, so the line is there and empty.
const EVENT: Bytes = Bytes::from_static(b"data:\n\n");
/// A comment: it keeps proxies from closing a quiet line, and no listener sees it.
const SIGN_OF_LIFE: Bytes = Bytes::from_static(b":\n\n");

/// `GET /api/v1/poke`: an event whenever something changes that the member may see, and one at once, because something may
/// have changed between the last pull and now. Ends with the session.
pub async fn poke(State(state): State<AppState>, signed: Signed) -> Result<impl IntoResponse, ApiError> {
    let feed = state.poker.subscribe(&state.pool, signed.org_id, signed.member_id).await?;
    let pace = state.poker.pace;
    let ticks = interval_at(Instant::now() + pace.keep_alive, pace.keep_alive);
    let listener = Listener { state, signed, feed, ticks, quiet_until: Instant::now(), greeted: false };
    let events = stream::unfold(listener, |mut listener| async {
        let sent = listener.next().await?;
        Some((Ok::<_, Infallible>(sent), listener))
    });
    // Proxies that collect answers before passing them on would make the stream pointless.
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Body::from_stream(events)))
}

struct Listener {
    state: AppState,
    signed: Signed,
    feed: watch::Receiver<()>,
    ticks: Interval,
    quiet_until: Instant,
    greeted: bool,
}

impl Listener {
    async fn next(&mut self) -> Option<Bytes> {
        if !self.greeted {
            self.greeted = true;
            self.feed.mark_unchanged();
            return Some(EVENT);
        }
        let changed = async {
            // The first change goes out at once; what follows within the pause is one event after it.
            sleep_until(self.quiet_until).await;
            self.feed.changed().await
        };
        tokio::select! {
            open = changed => {
                open.ok()?;
                self.quiet_until = Instant::now() + self.state.poker.pace.coalesce;
                Some(EVENT)
            }
            _ = self.ticks.tick() => {
                let valid = Signed::find(&self.state, self.signed.session).await;
                // A database that does not answer for a moment is no reason to drop a listener.
                if matches!(valid, Err(ApiError::Unauthenticated)) { None } else { Some(SIGN_OF_LIFE) }
            }
        }
    }
}
