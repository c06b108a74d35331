//! Tells listening devices that there is something to pull - a hint and nothing more: losing, repeating or reordering it
//! changes nothing, because devices also pull on a timer.
//!
//! Within an instance a watch channel per company holds the newest seq. Between instances goes a NOTIFY after the commit,
//! and behind it each instance looks at the feeds of the companies it has listeners of.

use crate::db::{
    self, DbError, Pool,
    notify::{self, Listener},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// How often things happen; tests hurry.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// At most one event per listener, and one NOTIFY per company, in this time. The first goes out at once.
    pub coalesce: Duration,
    /// How often the feeds are looked at.
    pub poll: Duration,
    /// How often a listener gets a sign of life and its session is looked at.
    pub keep_alive: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { coalesce: Duration::from_millis(250), poll: Duration::from_secs(5), keep_alive: Duration::from_secs(20) }
    }
}

/// The listeners of one instance.
#[derive(Clone)]
pub struct Poker {
    pub pace: Pace,
    inner: Arc<Inner>,
}

struct Inner {
    instance: Uuid,
    /// None once the instance is stopping.
    feeds: Mutex<Option<HashMap<Uuid, watch::Sender<i64>>>>,
    untold: Mutex<Vec<Uuid>>,
    told: Notify,
}

impl Poker {
    /// A poker that knows itself by `instance`, a fresh id.
    pub fn new(instance: Uuid, pace: Pace) -> Self {
        let inner = Inner { instance, feeds: Mutex::new(Some(HashMap::new())), untold: Mutex::default(), told: Notify::new() };
        Poker { pace, inner: Arc::new(inner) }
    }

    /// A transaction of this instance was committed at `seq`: to be called after the commit, never before.
    pub fn changed(&self, org: Uuid, seq: i64) {
        self.heard(org, seq);
        let mut untold = lock(&self.inner.untold);
        if !untold.contains(&org) {
            untold.push(org);
        }
        self.inner.told.notify_one();
    }

    /// Watches a company's newest seq as far as this instance has heard of it; the channel closes when the instance stops.
    pub fn subscribe(&self, org: Uuid) -> watch::Receiver<i64> {
        match lock(&self.inner.feeds).as_mut() {
            Some(feeds) => feeds.entry(org).or_insert_with(|| watch::Sender::new(0)).subscribe(),
            None => watch::Sender::new(0).subscribe(),
        }
    }

    /// A company's feed is at `seq`, whoever said so.
    pub fn heard(&self, org: Uuid, seq: i64) {
        if let Some(feed) = lock(&self.inner.feeds).as_ref().and_then(|feeds| feeds.get(&org)) {
            feed.send_if_modified(|newest| {
                let news = seq > *newest;
                *newest = seq.max(*newest);
                news
            });
        }
    }

    /// Ends every stream, so that the instance can stop.
    pub fn close(&self) {
        lock(&self.inner.feeds).take();
    }

    /// Talks with the other instances until the task is dropped.
    pub async fn run(self, pool: Pool) {
        tokio::join!(self.tell(&pool), self.listen(&pool), self.poll(&pool));
    }

    async fn tell(&self, pool: &Pool) {
        loop {
            self.inner.told.notified().await;
            let changed = std::mem::take(&mut *lock(&self.inner.untold));
            if !changed.is_empty() {
                log(notify::tell(pool, self.inner.instance, &changed).await);
            }
            tokio::time::sleep(self.pace.coalesce).await;
        }
    }

    async fn listen(&self, pool: &Pool) {
        loop {
            if let Err(error) = self.listen_once(pool).await {
                log(Err(error));
            }
            // Polling goes on meanwhile.
            tokio::time::sleep(self.pace.poll).await;
        }
    }

    async fn listen_once(&self, pool: &Pool) -> Result<(), DbError> {
        let mut listener = Listener::start(pool).await?;
        loop {
            let (instance, org) = listener.next().await?;
            if instance != self.inner.instance && self.has_listeners(org) {
                self.look(pool, &[org]).await?;
            }
        }
    }

    async fn poll(&self, pool: &Pool) {
        loop {
            tokio::time::sleep(self.pace.poll).await;
            let orgs = self.listened_to();
            if !orgs.is_empty() {
                log(self.look(pool, &orgs).await);
            }
        }
    }

    async fn look(&self, pool: &Pool, orgs: &[Uuid]) -> Result<(), DbError> {
        for (org, seq) in db::notify::seqs(pool, orgs).await? {
            self.heard(org, seq);
        }
        Ok(())
    }

    fn has_listeners(&self, org: Uuid) -> bool {
        lock(&self.inner.feeds).as_ref().and_then(|feeds| feeds.get(&org)).is_some_and(|feed| feed.receiver_count() > 0)
    }

    /// Companies with listeners; the others are forgotten.
    fn listened_to(&self) -> Vec<Uuid> {
        match lock(&self.inner.feeds).as_mut() {
            Some(feeds) => {
                feeds.retain(|_, feed| feed.receiver_count() > 0);
                feeds.keys().copied().collect()
            }
            None => Vec::new(),
        }
    }
}

/// Nothing is done under these locks that could leave the data half-changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn log(result: Result<(), DbError>) {
    if let Err(error) = result {
        tracing::warn!(%error, "pokes between instances are delayed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_wakes_and_old_news_does_not() {
        let poker = Poker::new(Uuid::nil(), Pace::default());
        let mut feed = poker.subscribe(Uuid::nil());
        poker.changed(Uuid::nil(), 3);
        assert!(feed.has_changed().unwrap());
        feed.mark_unchanged();
        poker.heard(Uuid::nil(), 3);
        poker.heard(Uuid::max(), 9);
        assert!(!feed.has_changed().unwrap());
        poker.close();
        assert!(feed.has_changed().is_err());
        assert!(poker.subscribe(Uuid::nil()).has_changed().is_err());
    }
}
