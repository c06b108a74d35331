//! Tells listening devices that there is something for them to pull - a hint and nothing more: losing, repeating or
//! reordering it changes nothing, because devices also pull on a timer.
//!
//! Every listener holds its member's keys. After a commit the instance looks at which keys the change touches (those of the
//! changed records' roots, those that opened or closed) and wakes whoever holds one of them. The other instances are told
//! by a NOTIFY after the commit to look as well, and behind it each instance looks at the feeds of the companies it has
//! listeners of.

use crate::db::{
    self, DbError, Pool,
    notify::{self, Changed, Listener},
};
use domain::hub::scope;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until},
};
use uuid::Uuid;

/// How often things happen; tests hurry.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// At most one event per listener, and one look and NOTIFY per company, in this time. The first goes out at once.
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
    feeds: Mutex<Option<HashMap<Uuid, Feed>>>,
    news: Mutex<News>,
    told: Notify,
}

/// A company with listeners.
#[derive(Default)]
struct Feed {
    /// What was changed up to here has woken its listeners; none before the first of them is registered.
    looked: Option<i64>,
    /// Held while keys are read and taken over, so that no older ones replace newer ones.
    looking: Arc<tokio::sync::Mutex<()>>,
    listeners: Vec<Ear>,
}

struct Ear {
    member: Uuid,
    keys: BTreeSet<String>,
    wake: watch::Sender<()>,
}

impl Feed {
    /// Wakes whoever holds a touched key; `renewed` are the keys of the members whose keys changed.
    fn wake(&mut self, touched: &[String], renewed: &BTreeMap<Uuid, BTreeSet<String>>) {
        self.listeners.retain(|ear| !ear.wake.is_closed());
        for ear in &mut self.listeners {
            if let Some(keys) = renewed.get(&ear.member) {
                ear.keys.clone_from(keys);
            }
            if touched.iter().any(|touched| ear.keys.iter().any(|key| scope::opens(key, touched))) {
                ear.wake.send_replace(());
            }
        }
    }
}

/// Companies that changed here, and when the others were last told of each.
#[derive(Default)]
struct News {
    waiting: BTreeSet<Uuid>,
    told: HashMap<Uuid, Instant>,
}

impl News {
    /// The companies to tell of now, and when to come again for the rest.
    fn due(&mut self, now: Instant, pause: Duration) -> (Vec<Uuid>, Option<Instant>) {
        self.told.retain(|_, at| *at + pause > now);
        let (later, due): (BTreeSet<Uuid>, BTreeSet<Uuid>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|org| self.told.contains_key(org));
        let next = later.iter().filter_map(|org| Some(*self.told.get(org)? + pause)).min();
        self.told.extend(due.iter().map(|org| (*org, now)));
        self.waiting = later;
        (due.into_iter().collect(), next)
    }
}

impl Poker {
    /// A poker that knows itself by `instance`, a fresh id.
    pub fn new(instance: Uuid, pace: Pace) -> Self {
        let inner = Inner { instance, feeds: Mutex::new(Some(HashMap::new())), news: Mutex::default(), told: Notify::new() };
        Poker { pace, inner: Arc::new(inner) }
    }

    /// A transaction of this instance was committed: to be called after the commit, never before.
    pub fn changed(&self, org: Uuid) {
        lock(&self.inner.news).waiting.insert(org);
        self.inner.told.notify_one();
    }

    /// Wakes whenever something changes that the member sees, or what he sees; closes when the instance stops.
    ///
    /// # Errors
    /// The database's.
    pub async fn subscribe(&self, pool: &Pool, org: Uuid, member: Uuid) -> Result<watch::Receiver<()>, DbError> {
        let (wake, receiver) = watch::channel(());
        let Some(looking) = self.with_feed(org, |feed| feed.looking.clone()) else { return Ok(receiver) };
        let _one_at_a_time = looking.lock().await;
        // The feed's end before the keys: whatever changes these keys is found by the next look.
        let head = notify::seqs(pool, &[org]).await?.first().map_or(0, |(_, seq)| *seq);
        let keys = notify::keys(pool, org, &[member]).await?.remove(&member).unwrap_or_default();
        self.with_feed(org, |feed| {
            feed.looked.get_or_insert(head);
            feed.listeners.push(Ear { member, keys, wake });
        });
        Ok(receiver)
    }

    /// `None` once the instance is stopping.
    fn with_feed<T>(&self, org: Uuid, act: impl FnOnce(&mut Feed) -> T) -> Option<T> {
        lock(&self.inner.feeds).as_mut().map(|feeds| act(feeds.entry(org).or_default()))
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
            let (due, next) = lock(&self.inner.news).due(Instant::now(), self.pace.coalesce);
            if due.is_empty() {
                let next = next.unwrap_or_else(|| Instant::now() + self.pace.poll);
                tokio::select! {
                    () = self.inner.told.notified() => {}
                    () = sleep_until(next) => {}
                }
                continue;
            }
            let (told, looked) = tokio::join!(notify::tell(pool, self.inner.instance, &due), self.look(pool, &due));
            log(told);
            log(looked);
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
            if instance != self.inner.instance {
                self.look(pool, &[org]).await?;
            }
        }
    }

    async fn poll(&self, pool: &Pool) {
        loop {
            tokio::time::sleep(self.pace.poll).await;
            log(self.look(pool, &self.listened_to()).await);
        }
    }

    /// Wakes those whom the changes of these companies concern since it last looked.
    async fn look(&self, pool: &Pool, orgs: &[Uuid]) -> Result<(), DbError> {
        let listened_to = self.listened_to();
        let orgs: Vec<Uuid> = orgs.iter().copied().filter(|org| listened_to.contains(org)).collect();
        if orgs.is_empty() {
            return Ok(());
        }
        let heads = db::notify::seqs(pool, &orgs).await?;
        let looks = heads.into_iter().map(|(org, head)| self.look_at(pool, org, head));
        futures::future::try_join_all(looks).await.map(drop)
    }

    async fn look_at(&self, pool: &Pool, org: Uuid, head: i64) -> Result<(), DbError> {
        let Some(looking) = self.with_feed(org, |feed| feed.looking.clone()) else { return Ok(()) };
        let _one_at_a_time = looking.lock().await;
        let looked = self.with_feed(org, |feed| feed.looked).flatten();
        let Some(since) = looked.filter(|since| *since < head) else { return Ok(()) };
        let Changed { seq, keys } = notify::changed(pool, org, since).await?;
        let members: BTreeSet<Uuid> =
            self.with_feed(org, |feed| feed.listeners.iter().map(|ear| ear.member).collect()).unwrap_or_default();
        let renewed: Vec<Uuid> = members.into_iter().filter(|member| keys.contains(&scope::own_root(*member))).collect();
        let renewed = if renewed.is_empty() { BTreeMap::new() } else { notify::keys(pool, org, &renewed).await? };
        self.with_feed(org, |feed| {
            feed.looked = Some(seq);
            feed.wake(&keys, &renewed);
        });
        Ok(())
    }

    /// Companies with listeners; the others are forgotten.
    fn listened_to(&self) -> Vec<Uuid> {
        match lock(&self.inner.feeds).as_mut() {
            Some(feeds) => {
                // One that is being registered holds the lock, and has no listener yet.
                let is_used =
                    |feed: &Feed| feed.listeners.iter().any(|ear| !ear.wake.is_closed()) || Arc::strong_count(&feed.looking) > 1;
                feeds.retain(|_, feed| is_used(feed));
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
        tracing::warn!(%error, "pokes are delayed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_holds_a_touched_key_is_woken() {
        let mut feed = Feed::default();
        let mut listen = |keys: &[&str]| {
            let (wake, receiver) = watch::channel(());
            let member = Uuid::from_u128(feed.listeners.len() as u128);
            feed.listeners.push(Ear { member, keys: keys.iter().map(ToString::to_string).collect(), wake });
            receiver
        };
        let mut ears = [listen(&["company", "member:a"]), listen(&["company", "member:b"]), listen(&["company", "*"])];
        let mut woken = |feed: &mut Feed, touched: &str, renewed| {
            feed.wake(&[touched.to_owned()], &renewed);
            ears.each_mut().map(|ear| {
                let woken = ear.has_changed().unwrap();
                ear.mark_unchanged();
                woken
            })
        };
        assert_eq!(woken(&mut feed, "member:a", BTreeMap::new()), [true, false, true]);
        assert_eq!(woken(&mut feed, "company", BTreeMap::new()), [true, true, true]);
        assert_eq!(woken(&mut feed, "self:x", BTreeMap::new()), [false, false, false]);
        let renewed = BTreeMap::from([(Uuid::from_u128(1), BTreeSet::from(["member:a".to_owned()]))]);
        assert_eq!(woken(&mut feed, "member:a", renewed), [true, true, true], "he was given the key by this change");
    }

    #[test]
    fn the_first_is_told_at_once_and_a_burst_once_more_after_the_pause() {
        let (mut news, pause, now) = (News::default(), Duration::from_millis(250), Instant::now());
        news.waiting.insert(Uuid::nil());
        assert_eq!(news.due(now, pause), (vec![Uuid::nil()], None));
        for _ in 0..20 {
            news.waiting.insert(Uuid::nil());
            assert_eq!(news.due(now, pause), (vec![], Some(now + pause)));
        }
        news.waiting.insert(Uuid::max());
        assert_eq!(news.due(now, pause).0, [Uuid::max()], "another company does not wait for it");
        assert_eq!(news.due(now + pause, pause), (vec![Uuid::nil()], None));
        assert_eq!(news.due(now + pause, pause), (vec![], None));
    }
}
