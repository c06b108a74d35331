//! What is under way between devices and server, and what becomes of it there.

use super::{
    Mutant, World, Wrong,
    drive::Place,
    server::{Caller, refused},
    step::{Interception, KillAt, Trouble},
};
use crate::{Event, Exchange, transport::Reply};
use domain::{
    Id, json,
    wire::{SyncAnswer, SyncRequest},
};
use std::rc::Rc;

/// Something that happens by itself.
pub enum Happening {
    Start {
        place: Place,
    },
    Wake {
        place: Place,
        timer: u64,
    },
    Poke {
        place: Place,
    },
    Arrive(Sent),
    /// The second transaction of a request whose ops were taken in the first.
    Pull {
        sent: Sent,
        answer: Box<SyncAnswer>,
    },
    Answer {
        flight: u64,
        reply: Reply,
    },
    /// An answer that came already.
    Again {
        place: Place,
        request: Rc<SyncRequest>,
        reply: Reply,
    },
}

/// A request on its way, with the cookie it was sent with.
#[derive(Clone)]
pub struct Sent {
    flight: u64,
    device: usize,
    member: Id,
    outdated: bool,
    request: Rc<SyncRequest>,
    /// The server's process in which it waits for its commit.
    boot: Option<u64>,
    /// How long others commit between its two transactions.
    apart_ms: Option<i64>,
}

/// An exchange whose answer is awaited.
pub struct Flight {
    pub place: Place,
    pub generation: u32,
    pub request: Rc<SyncRequest>,
    pub exchange: Exchange,
    pub pulled_from: Option<String>,
}

/// The browser gives a request up after this, like `browser/fetch.rs`.
const TIMEOUT_MS: i64 = 60_000;

impl World {
    /// How long a message takes: few values, so that devices' clocks come to agree to the millisecond now and then.
    fn latency(&mut self, device: usize) -> i64 {
        [20, 20, 150, 400][self.devices[device].random.below(4)]
    }

    pub fn send(&mut self, flight: Flight) -> Result<(), Wrong> {
        let Flight { place, request, .. } = &flight;
        let (device, request, number) = (place.device, Rc::clone(request), self.number());
        match request.ops.len() {
            0 => self.counters.count("look"),
            sent => self.log("push", || format!("device {device} sends {sent} ops from {:?}", request.cursor)),
        }
        self.flights.insert(number, flight);
        self.later(TIMEOUT_MS, Happening::Answer { flight: number, reply: Reply::Unreachable });
        if self.kill_point(device, KillAt::MidSend)? {
            return Ok(());
        }
        let latency = self.latency(device);
        let armed = &mut self.devices[device].armed;
        let (trouble, interception) = (armed.request.take(), armed.interception.take());
        let (slow, apart_ms) = (armed.slow_commit_ms.take(), armed.apart_ms.take());
        let sent = Sent {
            flight: number,
            device,
            member: self.devices[device].member,
            outdated: self.devices[device].outdated,
            request,
            boot: slow.map(|_| self.boot),
            apart_ms,
        };
        if slow.is_some() {
            self.log("commit slow", || format!("device {device}"));
        }
        let transit = latency + slow.unwrap_or(0);
        let answer = |reply| Happening::Answer { flight: number, reply };
        if let Some(interception) = interception {
            let reply = self.intercept(device, interception);
            self.later(latency, answer(reply));
        } else if self.now < self.devices[device].mute_until {
            self.log("requests partitioned", || format!("device {device}"));
        } else {
            match trouble {
                None => self.later(transit, Happening::Arrive(sent)),
                Some(Trouble::Lost) => {
                    self.log("request lost", || format!("of device {device}"));
                    self.later(latency, answer(Reply::Unreachable));
                }
                Some(Trouble::Swallowed) => self.log("request swallowed", || format!("of device {device}")),
                Some(Trouble::Delayed { ms }) => {
                    self.log("request delayed", || format!("of device {device} by {ms} ms"));
                    self.later(transit + ms, Happening::Arrive(sent));
                }
                Some(Trouble::Doubled) => {
                    self.log("request doubled", || format!("of device {device}"));
                    self.later(transit + 300, Happening::Arrive(sent.clone()));
                    self.later(transit, Happening::Arrive(sent));
                }
                Some(Trouble::Cut) => {
                    self.log("request cut", || format!("of device {device}"));
                    self.later(latency, answer(Reply::Unreachable));
                }
            }
        }
        self.kill_point(device, KillAt::AfterSend).map(|_| ())
    }

    fn intercept(&mut self, device: usize, interception: Interception) -> Reply {
        let page = || "<!doctype html><title>Welcome to this network</title>".to_owned();
        let (name, reply) = match interception {
            Interception::Portal { ok: true } => ("portal", Reply::Ok(page())),
            Interception::Portal { ok: false } => ("portal", Reply::Status { code: 403, body: page(), retry_after_s: None }),
            Interception::RevokesAnother => ("revocation of another", refused(403, "device_revoked", Some(Id::from_u128(7)))),
            Interception::Status { code, retry_after_s } => {
                let name = match code {
                    408 => "status 408",
                    429 => "status 429",
                    500 => "status 500",
                    502 => "status 502",
                    _ => "status 503",
                };
                (name, Reply::Status { code, body: page(), retry_after_s })
            }
        };
        self.log(name, || format!("for device {device}"));
        reply
    }

    /// Until when the tab that something happens to is frozen, true time.
    pub fn frozen_until(&self, happening: &Happening) -> i64 {
        let place = match happening {
            Happening::Start { place }
            | Happening::Wake { place, .. }
            | Happening::Poke { place }
            | Happening::Again { place, .. } => *place,
            Happening::Answer { flight, .. } => match self.flights.get(flight) {
                Some(flight) => flight.place,
                None => return 0,
            },
            Happening::Arrive(_) | Happening::Pull { .. } => return 0,
        };
        self.tab(place).map_or(0, |at| self.devices[place.device].tabs[at].frozen_until)
    }

    pub fn take_place(&mut self, happening: Happening) -> Result<(), Wrong> {
        // A frozen tab learns of everything when it thaws.
        let frozen_until = self.frozen_until(&happening);
        if frozen_until > self.now {
            self.later(frozen_until - self.now, happening);
            return Ok(());
        }
        match happening {
            Happening::Start { place } => self.start(place),
            Happening::Wake { place, timer } => {
                let current = self.tab(place).is_some_and(|at| self.devices[place.device].tabs[at].timer == timer);
                if current { self.handle(place, Event::Tick) } else { Ok(()) }
            }
            Happening::Poke { place } => self.handle(place, Event::Wanted),
            Happening::Arrive(sent) => self.arrive(&sent),
            Happening::Pull { sent, answer } => self.pull(&sent, *answer),
            Happening::Answer { flight, reply } => match self.flights.remove(&flight) {
                Some(flight) => self.end(flight, reply),
                None => Ok(()),
            },
            Happening::Again { place, request, reply } => {
                let Some(at) = self.tab(place) else { return Ok(()) };
                // As if the tab had asked twice: it is no longer waiting for this one.
                let generation = self.devices[place.device].tabs[at].generation.wrapping_sub(1);
                let kept = std::mem::take(&mut self.devices[place.device].tabs[at].exchange);
                let pulled_from = request.cursor.clone();
                self.end(Flight { place, generation, request, exchange: Exchange::default(), pulled_from }, reply)?;
                if let Some(at) = self.tab(place) {
                    self.devices[place.device].tabs[at].exchange = kept;
                }
                Ok(())
            }
        }
    }

    fn arrive(&mut self, sent: &Sent) -> Result<(), Wrong> {
        let Sent { device, member, outdated, request, boot, apart_ms, .. } = sent;
        if boot.is_some_and(|boot| boot != self.boot) {
            return Ok(());
        }
        let owner = &self.devices[*device];
        let signed_in = owner.signed_in && owner.member == *member && !owner.tabs.is_empty();
        let before = self.server.hub.seq;
        let caller = Caller { member: *member, signed_in, outdated: *outdated };
        let reply = match apart_ms.filter(|_| self.settings.mutant.is_none()) {
            None => Some(self.server.answer(caller, self.now, request)),
            Some(ms) => match self.server.take(caller, self.now, request) {
                Err(refusal) => Some(refusal),
                Ok(answer) => {
                    let sent = Sent { boot: Some(self.boot), ..sent.clone() };
                    self.later(ms, Happening::Pull { sent, answer: Box::new(answer) });
                    None
                }
            },
        };
        if self.server.hub.seq > before {
            self.poke();
        }
        reply.map_or(Ok(()), |reply| self.answer(sent, reply))
    }

    fn pull(&mut self, sent: &Sent, answer: SyncAnswer) -> Result<(), Wrong> {
        if sent.boot != Some(self.boot) {
            return Ok(());
        }
        if answer.acks.iter().any(|ack| ack.seq < self.server.hub.seq) {
            self.counters.count("others commit between push and pull");
        }
        let reply = self.server.pull(sent.member, &sent.request, answer);
        self.answer(sent, reply)
    }

    fn answer(&mut self, sent: &Sent, reply: Reply) -> Result<(), Wrong> {
        self.watch_reply(sent.device, sent.member, &sent.request, &reply)?;
        let reply = self.taking_away(sent.device, reply)?;
        self.reply(sent.flight, sent.device, reply);
        Ok(())
    }

    /// The answer of a server that has lost sight of all that the device holds, when such a one is due.
    fn taking_away(&mut self, device: usize, reply: Reply) -> Result<Reply, Wrong> {
        let answer = match &reply {
            Reply::Ok(body) if self.devices[device].armed.take_away => json::parse::<SyncAnswer>(body),
            _ => None,
        };
        let Some(mut answer) = answer.filter(|answer| answer.checkpoint.is_some() && !answer.more) else { return Ok(reply) };
        self.devices[device].armed.take_away = false;
        let held = self.devices[device].snapshot()?.base;
        let held = held.iter().filter(|row| row.is_alive() && !answer.removed.contains(&row.id)).map(|row| row.id);
        let taken: Vec<Id> = held.collect();
        answer.removed.extend(taken);
        if self.is(Mutant::UnexplainedObeyed) {
            answer.explained = u64::MAX;
        }
        self.log("removal without a reason", || format!("of {} records from device {device}", answer.removed.len()));
        Ok(Reply::Ok(serde_json::to_string(&answer).unwrap_or_default()))
    }

    fn reply(&mut self, flight: u64, device: usize, reply: Reply) {
        let latency = self.latency(device);
        let trouble = self.devices[device].armed.answer.take();
        if self.now < self.devices[device].deaf_until {
            return self.log("answers partitioned", || format!("device {device}"));
        }
        match trouble {
            None => self.later(latency, Happening::Answer { flight, reply }),
            Some(Trouble::Lost) => {
                self.log("answer lost after commit", || format!("to device {device}"));
                self.later(latency, Happening::Answer { flight, reply: Reply::Unreachable });
            }
            Some(Trouble::Swallowed) => self.log("answer swallowed", || format!("to device {device}")),
            Some(Trouble::Delayed { ms }) => {
                self.log("answer delayed", || format!("to device {device} by {ms} ms"));
                self.later(latency + ms, Happening::Answer { flight, reply });
            }
            Some(Trouble::Doubled) => {
                self.log("answer doubled", || format!("to device {device}"));
                if let Some(known) = self.flights.get(&flight) {
                    let (place, request) = (known.place, Rc::clone(&known.request));
                    self.later(latency + 700, Happening::Again { place, request, reply: reply.clone() });
                }
                self.later(latency, Happening::Answer { flight, reply });
            }
            Some(Trouble::Cut) => {
                self.log("answer cut", || format!("to device {device}"));
                let reply = match reply {
                    Reply::Ok(body) => Reply::Ok(body.chars().take(body.len() / 2).collect()),
                    other => other,
                };
                self.later(latency, Happening::Answer { flight, reply });
            }
        }
    }

    /// Tells every open line that something changed: only a hint, so it may get lost or come twice.
    fn poke(&mut self) {
        for device in 0..self.devices.len() {
            let open: Vec<u64> = self.devices[device].tabs.iter().filter(|tab| tab.poked).map(|tab| tab.id).collect();
            for tab in open {
                let (latency, luck) = (self.latency(device), self.devices[device].random.below(20));
                let place = Place { device, tab };
                match luck {
                    0..4 if !self.healed => self.log("poke lost", || format!("to device {device}")),
                    4 => {
                        self.log("poke doubled", || format!("to device {device}"));
                        self.later(latency + 500, Happening::Poke { place });
                        self.later(latency, Happening::Poke { place });
                    }
                    _ => self.later(latency, Happening::Poke { place }),
                }
            }
        }
    }

    /// The server's process ends and another one takes its place.
    pub fn restart(&mut self) -> Result<(), Wrong> {
        self.boot = self.number();
        self.log("server restarted", String::new);
        let broken: Vec<u64> = self.flights.keys().copied().collect();
        for flight in broken {
            self.later(1, Happening::Answer { flight, reply: Reply::Unreachable });
        }
        for device in 0..self.devices.len() {
            for at in 0..self.devices[device].tabs.len() {
                let tab = &mut self.devices[device].tabs[at];
                let place = Place { device, tab: tab.id };
                // A line that breaks is a reason to ask.
                if std::mem::take(&mut tab.poked) {
                    self.handle(place, Event::Wanted)?;
                }
            }
        }
        Ok(())
    }
}
