//! What reps did with a demo account and plan to do, and what their managers said to it.

use super::{
    account::{Facts, Now, id_of},
    contact::Person,
    maker::Maker,
    random::Random,
    region::Region,
    words::{COMMENTS, Done, notes},
};
use domain::{Id, Row, Value};

/// Up to this account the days are as full as a rep's are; beyond it a large territory would have hundreds due each day.
const BUSY_ACCOUNTS: u64 = 400;
/// The part of an account's ids where its follow-ups begin, and the comments on them.
const FOLLOW_UPS: u64 = 4;
const COMMENTS_FROM: u64 = 10;

/// When the open follow-up of an account is due.
#[derive(Clone, Copy)]
enum Open {
    Overdue,
    Today,
    Coming,
    Never,
}

/// Two to six follow-ups, oldest first; the last may be planned.
pub fn rows(facts: &Facts, people: &[Person], now: &Now, random: &mut Random) -> Vec<Row> {
    let chances = match facts.number < BUSY_ACCOUNTS {
        true => [(60, Open::Overdue), (45, Open::Today), (420, Open::Coming), (475, Open::Never)],
        false => [(1, Open::Overdue), (1, Open::Today), (300, Open::Coming), (698, Open::Never)],
    };
    let open = if facts.is_pooled() { Open::Never } else { random.weighted(&chances) };
    let count = random.between(2, 6) as u64;
    let done = if matches!(open, Open::Never) { count } else { count - 1 };
    let mut rows = Vec::new();
    let mut previous: Option<(Id, i64)> = None;
    let mut days_ago = days_ago(done, random);
    for part in 0..done {
        let at = now.office_hours(days_ago.pop().unwrap_or(1), random).max(previous.map_or(facts.since, |(_, at)| at) + 60_000);
        let id = id_of(facts.number, FOLLOW_UPS + part);
        rows.push(log(facts, people, id, at, previous.map(|(id, _)| id), now, random));
        if random.chance(120) {
            rows.push(comment(facts, part, id, (at + random.between(20, 600) * 60_000).min(now.ms), random));
        }
        previous = Some((id, at));
    }
    if done < count {
        rows.push(plan(facts, people, id_of(facts.number, FOLLOW_UPS + done), previous, open, now, random));
    }
    rows
}

/// How long ago each was, ascending; of the busy accounts some are of today.
fn days_ago(count: u64, random: &mut Random) -> Vec<i64> {
    let mut ago = random.weighted(&[(15, 0), (85, 1)]) * random.between(1, 45);
    (0..count)
        .map(|_| {
            let this = ago;
            ago += random.between(4, 40);
            this
        })
        .collect()
}

fn log(facts: &Facts, people: &[Person], id: Id, at: i64, previous: Option<Id>, now: &Now, random: &mut Random) -> Row {
    let Done { channel, purpose, text, outcome } = random.pick(notes(facts.region).done);
    let person = random.pick(people);
    let rival = *random.pick(facts.region.words().competitors);
    let text = text
        .replace("{c}", &spoken(person, facts.region))
        .replace("{k}", rival)
        .replace("{n}", &(random.between(2, 12) * 5).to_string());
    Maker::new("follow_up", id, at, facts.owner.id())
        .put("account", facts.id.to_string())
        .put("channel", *channel)
        .put("purpose", *purpose)
        .put("text", text)
        .put("outcome", *outcome)
        .put("due", now.zone.day(at).to_string())
        .put("done_at", at)
        .put("place", if *channel == "visit" { facts.place.clone() } else { Value::Null })
        .put("assigned_to", facts.owner.id().to_string())
        .put("previous", previous.map(|id| id.to_string()))
        .set("contacts", [Value::from(person.id.to_string())])
        .row()
}

fn plan(
    facts: &Facts,
    people: &[Person],
    id: Id,
    previous: Option<(Id, i64)>,
    open: Open,
    now: &Now,
    random: &mut Random,
) -> Row {
    let planned = random.pick(notes(facts.region).planned);
    let days = match open {
        Open::Overdue => -random.between(1, 12),
        Open::Today => 0,
        Open::Coming | Open::Never if facts.number < BUSY_ACCOUNTS => random.between(1, 21),
        Open::Coming | Open::Never => random.between(8, 180),
    };
    let clock =
        if random.chance(550) { format!("T{:02}:{:02}", random.between(9, 17), random.below(2) * 30) } else { String::new() };
    let (previous, made) = previous.map_or((None, facts.since + 2), |(id, at)| (Some(id.to_string()), at + 1));
    Maker::new("follow_up", id, made, facts.owner.id())
        .put("account", facts.id.to_string())
        .put("channel", planned.channel)
        .put("purpose", planned.purpose)
        .put("due", format!("{}{clock}", now.today().plus(days)))
        .put("assigned_to", facts.owner.id().to_string())
        .put("previous", previous)
        .set("contacts", people.first().map(|person| Value::from(person.id.to_string())))
        .row()
}

fn comment(facts: &Facts, part: u64, follow_up: Id, at: i64, random: &mut Random) -> Row {
    Maker::new("comment", id_of(facts.number, COMMENTS_FROM + part), at, facts.owner.manager().id())
        .put("account", facts.id.to_string())
        .put("follow_up", follow_up.to_string())
        .put("text", *random.pick(COMMENTS[facts.region as usize]))
        .row()
}

/// How a rep refers to somebody in a note.
fn spoken(person: &Person, region: Region) -> String {
    match region {
        Region::Mainland => format!("{}总", person.name.family),
        Region::Taiwan => person.name.full(),
        Region::English => person.name.given.clone(),
    }
}
