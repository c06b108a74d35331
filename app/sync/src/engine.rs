//! When to talk to the server: a state machine without I/O. Events come in, effects go out; time and chance are arguments.

use serde::{Deserialize, Serialize};

/// Back-off grows from this to the maximum, each wait drawn between zero and the bound ("full jitter", sync.md, item 13).
/// It and the poll stay below a minute, so that everybody agrees a minute after the last fault.
const BACK_OFF_MS: i64 = 1_000;
const BACK_OFF_MAX_MS: i64 = 45_000;
/// Pull this often without being asked: a poke is only a hint.
const POLL_MS: i64 = 45_000;
/// An exchange that does not end within this is given up.
pub const WATCHDOG_MS: i64 = 60_000;

/// Why nothing is sent although something may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocked {
    SignIn,
    Upgrade,
    Revoked,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// This tab speaks to the network for all tabs, or no longer does.
    Leading(bool),
    /// The user changed something, came back, or asked; the network came back; the server poked.
    Wanted,
    /// The network came back or somebody signed in: what was counted as failure is forgotten.
    Hopeful,
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
    /// Send [`Event::Tick`] at this device time, UTC milliseconds.
    WakeAt(i64),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Engine {
    leading: bool,
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

impl Engine {
    pub fn blocked(&self) -> Option<Blocked> {
        self.blocked
    }

    pub fn is_busy(&self) -> bool {
        self.busy_since.is_some()
    }

    /// The last exchange did not reach the server.
    pub fn is_offline(&self) -> bool {
        self.offline
    }

    /// When the next attempt is due after a failure, device time in UTC milliseconds.
    pub fn retry_at(&self) -> Option<i64> {
        self.next_at.filter(|_| self.failures > 0)
    }

    /// Takes an event at device time `now`; `chance` is uniform in 0..=u32::MAX.
    pub fn handle(&mut self, event: Event, now: i64, chance: u32) -> Vec<Effect> {
        self.follow_the_clock(now, event == Event::Tick);
        match event {
            Event::Leading(leading) => {
                self.leading = leading;
                if leading { self.start(now) } else { Vec::new() }
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
            Event::Wanted if self.failures > 0 && self.next_at.is_some_and(|at| at > now) => Vec::new(),
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
        }
    }

    fn start(&mut self, now: i64) -> Vec<Effect> {
        if !self.leading || self.blocked.is_some() {
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
        match self.next_at {
            Some(at) if at > now => vec![Effect::WakeAt(at)],
            _ => self.start(now),
        }
    }

    fn ended(&mut self, ending: Ending, now: i64, chance: u32) -> Vec<Effect> {
        self.busy_since = None;
        match ending {
            Ending::Done { more } => {
                (self.failures, self.offline) = (0, false);
                if more || self.wanted { self.start(now) } else { self.wait(now + POLL_MS) }
            }
            Ending::Failed { retry_after_ms, offline } => {
                self.offline = offline;
                let bound = (BACK_OFF_MS << self.failures.min(6)).min(BACK_OFF_MAX_MS);
                self.failures += 1;
                let jitter = (i128::from(bound) * i128::from(chance) / i128::from(u32::MAX)) as i64;
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
        assert_eq!(engine.blocked(), Some(Blocked::SignIn), "what was sent after it does");
    }

    #[test]
    fn only_the_leader_talks() {
        let mut engine = Engine::default();
        assert_eq!(engine.handle(Event::Wanted, 0, 0), []);
        assert_eq!(engine.handle(Event::Hopeful, 0, 0), []);
    }
}
