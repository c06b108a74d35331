//! When to talk to the server: a state machine without I/O. Events come in, effects go out; time and chance are arguments.

use domain::reads;
use serde::Serialize;

/// Back-off grows from this to the maximum, each wait drawn between zero and the bound ("full jitter", sync.md, item 13).
/// It and the poll stay below a minute, so that everybody agrees a minute after the last fault.
const BACK_OFF_MS: i64 = 1_000;
const BACK_OFF_MAX_MS: i64 = 45_000;
/// Pull this often without being asked: a poke is only a hint.
const POLL_MS: i64 = 45_000;
/// An exchange that does not end within this is given up.
pub const WATCHDOG_MS: i64 = 60_000;
/// A leader that does not answer another tab within this is taken for frozen or dead (sync.md, item 15).
pub const SILENCE_MS: i64 = 10_000;

/// Why nothing is sent although something may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocked {
    SignIn,
    Upgrade,
    Revoked,
}

reads!(Blocked, "sign_in" => SignIn, "upgrade" => Upgrade, "revoked" => Revoked);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// This tab speaks to the network for all tabs, or no longer does.
    Leading(bool),
    /// The user changed something, came back, or asked; the network came back; the server poked.
    Wanted,
    /// The network came back or somebody signed in: what was counted as failure is forgotten.
    Hopeful,
    /// The tab that leads spoke.
    LeaderSpoke,
    /// Time passed.
    Tick,
    Ended(Ending),
}

/// How an exchange ended, as far as timing is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Done { more: bool },
    Failed { retry_after_ms: Option<i64>, offline: bool },
    Blocked(Blocked),
}

/// What the driver must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Start an exchange; report its end as [`Event::Ended`].
    Exchange,
    /// Give up the exchange that runs: its answer, should it come, is ignored.
    Abandon,
    /// Ask the tab that leads whether it is there; report what it says as [`Event::LeaderSpoke`].
    Ask,
    /// Send [`Event::Tick`] at this device time, UTC milliseconds.
    WakeAt(i64),
}

/// How syncing stands, as the tab that leads tells it to the others: what their status lines show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    pub blocked: Option<Blocked>,
    /// An exchange runs.
    pub busy: bool,
    /// The last exchange did not reach the server.
    pub offline: bool,
    /// When the next attempt is due after a failure, device time in UTC milliseconds.
    pub retry_at: Option<i64>,
    /// Device time of the last answer, UTC milliseconds.
    pub last_success_at: Option<i64>,
}

reads!(Standing { blocked, busy, offline, retry_at, last_success_at });

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Engine {
    leading: bool,
    /// It leads because the leader was silent, and only until that speaks again.
    stands_in: bool,
    /// Since when the leader owes this tab an answer.
    asked_at: Option<i64>,
    busy_since: Option<i64>,
    /// Something was wanted while an exchange ran.
    wanted: bool,
    /// Somebody signed in while an exchange ran: it may have been sent before, and says nothing of the new session.
    hopeful: bool,
    failures: u32,
    offline: bool,
    next_at: Option<i64>,
    blocked: Option<Blocked>,
    /// Device time of the last event.
    heard_at: i64,
}

/// How long to wait after so many failures before this one; `chance` is uniform in 0..=u32::MAX.
pub(crate) fn back_off_ms(failures: u32, chance: u32) -> i64 {
    let bound = (BACK_OFF_MS << failures.min(6)).min(BACK_OFF_MAX_MS);
    (i128::from(bound) * i128::from(chance) / i128::from(u32::MAX)) as i64
}

impl Engine {
    /// This tab talks to the server.
    pub fn is_leading(&self) -> bool {
        self.leading
    }

    pub fn is_busy(&self) -> bool {
        self.busy_since.is_some()
    }

    /// When the next attempt is due after a failure, device time in UTC milliseconds.
    pub fn retry_at(&self) -> Option<i64> {
        self.next_at.filter(|_| self.failures > 0)
    }

    /// How syncing stands in this tab; the last answer's time is not the engine's to know.
    pub fn standing(&self, last_success_at: Option<i64>) -> Standing {
        let Engine { blocked, offline, .. } = *self;
        Standing { blocked, busy: self.is_busy(), offline, retry_at: self.retry_at(), last_success_at }
    }

    /// Takes an event at device time `now`; `chance` is uniform in 0..=u32::MAX.
    pub fn handle(&mut self, event: Event, now: i64, chance: u32) -> Vec<Effect> {
        self.follow_the_clock(now, event == Event::Tick);
        match event {
            Event::Leading(leading) => {
                (self.leading, self.stands_in, self.asked_at) = (leading, false, None);
                if leading { self.start(now) } else { Vec::new() }
            }
            Event::LeaderSpoke => {
                self.asked_at = None;
                // An exchange that runs ends by itself; two leaders at once are harmless.
                self.leading &= !std::mem::take(&mut self.stands_in);
                Vec::new()
            }
            Event::Hopeful => {
                self.failures = 0;
                if self.blocked == Some(Blocked::SignIn) {
                    self.blocked = None;
                }
                self.hopeful = self.busy_since.is_some();
                self.start(now)
            }
            // After a failure only the back-off decides, or every keystroke would knock at a server that is down.
            Event::Wanted if self.leading && self.failures > 0 && self.next_at.is_some_and(|at| at > now) => Vec::new(),
            Event::Wanted => self.start(now),
            Event::Tick => self.tick(now, chance),
            Event::Ended(ending) => self.ended(ending, now, chance),
        }
    }

    /// A device whose clock was set back by an hour must not wait an hour longer: what was due stays due as soon.
    fn follow_the_clock(&mut self, now: i64, timer_fired: bool) {
        let back = self.heard_at - now;
        self.heard_at = now;
        if back > 0 {
            // A timer that fires has waited its time, whatever the clock says.
            self.busy_since = self.busy_since.map(|since| if timer_fired { now - WATCHDOG_MS } else { since - back });
            self.next_at = self.next_at.map(|at| if timer_fired { now } else { at - back });
            self.asked_at = self.asked_at.map(|asked| if timer_fired { now - SILENCE_MS } else { asked - back });
        }
    }

    fn start(&mut self, now: i64) -> Vec<Effect> {
        if !self.leading {
            return vec![Effect::Ask, Effect::WakeAt(*self.asked_at.get_or_insert(now) + SILENCE_MS)];
        }
        if self.blocked.is_some() {
            return Vec::new();
        }
        if self.busy_since.is_some() {
            self.wanted = true;
            return Vec::new();
        }
        (self.busy_since, self.wanted, self.hopeful, self.next_at) = (Some(now), false, false, None);
        vec![Effect::Exchange, Effect::WakeAt(now + WATCHDOG_MS)]
    }

    fn tick(&mut self, now: i64, chance: u32) -> Vec<Effect> {
        if let Some(since) = self.busy_since {
            if now < since + WATCHDOG_MS {
                return vec![Effect::WakeAt(since + WATCHDOG_MS)];
            }
            let mut effects = vec![Effect::Abandon];
            effects.extend(self.ended(Ending::Failed { retry_after_ms: None, offline: true }, now, chance));
            return effects;
        }
        match (self.leading, self.asked_at, self.next_at) {
            (false, None, _) => Vec::new(),
            (false, Some(asked), _) if now < asked + SILENCE_MS => vec![Effect::WakeAt(asked + SILENCE_MS)],
            (true, _, Some(at)) if at > now => vec![Effect::WakeAt(at)],
            (leading, ..) => {
                (self.leading, self.stands_in) = (true, self.stands_in || !leading);
                self.asked_at = None;
                self.start(now)
            }
        }
    }

    fn ended(&mut self, ending: Ending, now: i64, chance: u32) -> Vec<Effect> {
        self.busy_since = None;
        match ending {
            Ending::Done { more } => {
                (self.failures, self.offline) = (0, false);
                if self.leading && (more || self.wanted) { self.start(now) } else { self.wait(now + POLL_MS) }
            }
            Ending::Failed { retry_after_ms, offline } => {
                self.offline = offline;
                let jitter = back_off_ms(self.failures, chance);
                self.failures += 1;
                self.wait(now + retry_after_ms.unwrap_or(0).max(jitter))
            }
            Ending::Blocked(Blocked::SignIn) if self.hopeful => self.start(now),
            Ending::Blocked(blocked) => {
                self.blocked = Some(blocked);
                self.offline = false;
                Vec::new()
            }
        }
    }

    fn wait(&mut self, until: i64) -> Vec<Effect> {
        self.next_at = Some(until);
        vec![Effect::WakeAt(until)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leading() -> Engine {
        let mut engine = Engine::default();
        assert_eq!(engine.handle(Event::Leading(true), 0, 0)[0], Effect::Exchange);
        engine
    }

    #[test]
    fn one_exchange_at_a_time_and_what_came_meanwhile_follows_at_once() {
        let mut engine = leading();
        assert_eq!(engine.handle(Event::Wanted, 1, 0), []);
        assert_eq!(engine.handle(Event::Ended(Ending::Done { more: false }), 2, 0)[0], Effect::Exchange);
        assert_eq!(engine.handle(Event::Ended(Ending::Done { more: false }), 3, 0), [Effect::WakeAt(3 + POLL_MS)]);
    }

    #[test]
    fn back_off_grows_is_jittered_and_ends_with_hope() {
        let mut engine = leading();
        let failed = Event::Ended(Ending::Failed { retry_after_ms: None, offline: true });
        let mut bounds = Vec::new();
        for _ in 0..8 {
            let [Effect::WakeAt(at)] = engine.handle(failed, 0, u32::MAX)[..] else { panic!() };
            bounds.push(at);
            assert_eq!(engine.handle(Event::Wanted, at - 1, 0), [], "a write does not cut the wait short");
            assert_eq!(engine.handle(Event::Tick, at, 0)[0], Effect::Exchange);
        }
        assert_eq!(bounds, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 45_000, 45_000]);
        engine.handle(failed, 0, u32::MAX);
        assert_eq!(engine.handle(Event::Hopeful, 1, 0)[0], Effect::Exchange);
    }

    #[test]
    fn retry_after_is_honoured() {
        let mut engine = leading();
        let failed = Event::Ended(Ending::Failed { retry_after_ms: Some(30_000), offline: false });
        assert_eq!(engine.handle(failed, 0, 0), [Effect::WakeAt(30_000)]);
        assert_eq!(engine.handle(Event::Tick, 29_999, 0), [Effect::WakeAt(30_000)]);
    }

    #[test]
    fn a_hanging_exchange_is_given_up_and_tried_again() {
        let mut engine = leading();
        assert_eq!(engine.handle(Event::Tick, WATCHDOG_MS - 1, 0), [Effect::WakeAt(WATCHDOG_MS)]);
        assert_eq!(engine.handle(Event::Tick, WATCHDOG_MS, 0), [Effect::Abandon, Effect::WakeAt(WATCHDOG_MS)]);
        assert_eq!(engine.handle(Event::Tick, WATCHDOG_MS, 0)[0], Effect::Exchange);
    }

    #[test]
    fn a_clock_set_back_lengthens_no_wait() {
        let hour = 3_600_000;
        let failed = Event::Ended(Ending::Failed { retry_after_ms: Some(30_000), offline: false });
        let mut engine = Engine::default();
        engine.handle(Event::Leading(true), hour, 0);
        assert_eq!(engine.handle(Event::Tick, WATCHDOG_MS, 0)[0], Effect::Abandon);
        engine.handle(Event::Hopeful, hour, 0);
        engine.handle(failed, hour, 0);
        assert_eq!(engine.handle(Event::Tick, 30_000, 0)[0], Effect::Exchange);
        engine.handle(failed, hour, 0);
        assert_eq!(engine.handle(Event::Wanted, 10, 0), []);
        assert_eq!(engine.retry_at(), Some(30_010));
    }

    #[test]
    fn an_ended_session_blocks_until_somebody_signs_in() {
        let mut engine = leading();
        engine.handle(Event::Ended(Ending::Blocked(Blocked::SignIn)), 0, 0);
        assert_eq!(engine.handle(Event::Wanted, 1, 0), []);
        assert_eq!(engine.handle(Event::Tick, 100_000, 0), []);
        assert_eq!(engine.handle(Event::Hopeful, 2, 0)[0], Effect::Exchange);
    }

    #[test]
    fn an_answer_to_what_was_sent_before_the_sign_in_does_not_block() {
        let (mut engine, refused) = (leading(), Event::Ended(Ending::Blocked(Blocked::SignIn)));
        engine.handle(Event::Hopeful, 1, 0);
        assert_eq!(engine.handle(refused, 2, 0)[0], Effect::Exchange);
        engine.handle(refused, 3, 0);
        assert_eq!(engine.standing(None).blocked, Some(Blocked::SignIn), "what was sent after it does");
    }

    #[test]
    fn only_the_leader_talks_while_it_answers() {
        let mut engine = Engine::default();
        assert_eq!(engine.handle(Event::Wanted, 0, 0), [Effect::Ask, Effect::WakeAt(SILENCE_MS)]);
        assert_eq!(engine.handle(Event::Hopeful, 5, 0), [Effect::Ask, Effect::WakeAt(SILENCE_MS)]);
        assert_eq!(engine.handle(Event::LeaderSpoke, 6, 0), []);
        assert_eq!(engine.handle(Event::Tick, 3 * SILENCE_MS, 0), []);
    }

    #[test]
    fn a_silent_leader_is_stood_in_for_until_it_speaks_or_the_lock_is_ours() {
        let standing_in = || {
            let mut engine = Engine::default();
            engine.handle(Event::Wanted, 0, 0);
            assert_eq!(engine.handle(Event::Tick, SILENCE_MS - 1, 0), [Effect::WakeAt(SILENCE_MS)]);
            assert_eq!(engine.handle(Event::Tick, SILENCE_MS, 0)[0], Effect::Exchange);
            engine
        };
        let mut engine = standing_in();
        engine.handle(Event::LeaderSpoke, SILENCE_MS, 0);
        assert!(!engine.is_leading());
        assert_eq!(engine.handle(Event::Ended(Ending::Done { more: true }), SILENCE_MS, 0).len(), 1, "no further exchange");
        let mut engine = standing_in();
        engine.handle(Event::Leading(true), SILENCE_MS, 0);
        engine.handle(Event::LeaderSpoke, SILENCE_MS, 0);
        assert!(engine.is_leading(), "who holds the lock steps back for nobody");
    }
}
