//! One demo account with everything under it.

use super::{
    cast::{self, Player},
    contact::{self, Person},
    follow_up,
    maker::Maker,
    random::Random,
    reach,
    region::Region,
    words::{City, Trade, Words},
};
use domain::{
    Id, Row, Value, ids,
    time::{DAY_MS, Day, Zone},
    types::AddressValue,
};
use serde_json::json;

/// Everything is made from this; another number is another company.
const SEED: u64 = 0x7275_6e64_6765_6e73;
/// 2026-01-01T00:00:00Z: ids begin here, so that they do not depend on when the demo is made.
const IDS_FROM_MS: i64 = 1_767_225_600_000;

/// The moment around which the demo's past and future lie.
#[derive(Debug, Clone)]
pub struct Now {
    pub ms: i64,
    pub zone: Zone,
}

impl Now {
    pub fn today(&self) -> Day {
        self.zone.day(self.ms)
    }

    /// A moment of a working day, `days` ago; never later than now.
    pub fn office_hours(&self, days: i64, random: &mut Random) -> i64 {
        let offset = self.zone.transitions.first().map_or(0, |(_, seconds)| i64::from(*seconds) * 1000);
        let midnight = (self.ms + offset).div_euclid(DAY_MS) * DAY_MS - offset;
        (midnight - days * DAY_MS + random.between(9 * 60, 18 * 60) * 60_000).min(self.ms - random.between(5, 90) * 60_000)
    }
}

/// Who an account is, for those who write about it.
pub struct Facts {
    pub number: u64,
    pub id: Id,
    pub owner: &'static Player,
    pub region: Region,
    pub city: &'static City,
    pub place: Value,
    /// When it was entered, UTC milliseconds.
    pub since: i64,
}

impl Facts {
    /// One in fifty is in the pool: its owner gave it back, and nothing is planned there.
    pub fn is_pooled(&self) -> bool {
        self.number % 50 == 49
    }
}

/// The id of what an account has: 0 the account, 1-3 contacts, 4-9 follow-ups, 10-15 comments.
pub fn id_of(account: u64, part: u64) -> Id {
    let mut random = Random::of(SEED, account * 16 + part);
    ids::new(IDS_FROM_MS + account as i64 * 1000 + part as i64, random.bytes())
}

/// The account of this number, its contacts, follow-ups and comments.
pub fn rows(number: u64, now: &Now) -> Vec<Row> {
    let mut random = Random::of(!SEED, number);
    let owner = cast::owner(number);
    let region = random.weighted(owner.regions);
    let city = random.pick(region.words().cities);
    let place = json!({ "lat": jitter(city.lat, &mut random), "lng": jitter(city.lng, &mut random) });
    let since = now.office_hours(random.between(90, 700), &mut random);
    let facts = Facts { number, id: id_of(number, 0), owner, region, city, place, since };
    let people = contact::people(&facts, now, &mut random);
    let mut rows = vec![account(&facts, &people, &mut random)];
    rows.extend(people.iter().map(|person| person.row(&facts)));
    rows.extend(follow_up::rows(&facts, &people, now, &mut random));
    rows
}

/// Within some kilometres, to five decimals (a metre).
fn jitter(degrees: f64, random: &mut Random) -> f64 {
    ((degrees * 1e5).round() + random.between(-6_000, 6_000) as f64) / 1e5
}

fn account(facts: &Facts, people: &[Person], random: &mut Random) -> Row {
    let words = facts.region.words();
    let trade = random.pick(words.trades);
    let (suffix, party_type) = *random.pick(words.suffixes);
    let (name, short_name) = name(facts, words, trade, suffix, random);
    let stage = random.weighted(&[(25, "potential"), (30, "engaged"), (38, "customer"), (5, "lost"), (2, "closed")]);
    let grade = random.weighted(&[(12, "a"), (28, "b"), (35, "c"), (10, "d"), (15, "")]);
    let tags = if random.chance(300) { vec![*random.pick(words.tags)] } else { vec![] };
    let competitors = if random.chance(250) { vec![*random.pick(words.competitors)] } else { vec![] };
    // Fourteen numbers earlier is an account of the same owner, whatever the number.
    let parent = facts.number.checked_sub(14).filter(|_| random.chance(30)).map(|above| id_of(above, 0).to_string());
    let mut some = |per_mille: u64, value: Value| if random.chance(per_mille) { value } else { Value::Null };
    let hours = json!([{ "days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00" }]);
    let row = Maker::new("account", facts.id, facts.since, facts.owner.id())
        .put("name", name)
        .put("short_name", some(700, short_name.into()))
        .put("party_type", party_type)
        .put("stage", stage)
        .put("grade", grade)
        .put("industry", trade.industry)
        .put("place", some(850, facts.place.clone()))
        .put("opening_hours", some(200, hours))
        .put("customer_number", some(600, format!("K{:06}", facts.number + 1).into()))
        .put("owner", (!facts.is_pooled()).then(|| facts.owner.id().to_string()))
        .put("primary_contact", people.first().map(|person| person.id.to_string()))
        .put("parent", parent);
    row.put("address", address(facts.city, random))
        .put("phones", if random.chance(600) { reach::office_phones(facts, random) } else { Value::Null })
        .put("source", *random.pick(words.sources))
        .put("access_note", if random.chance(250) { *random.pick(words.access_notes) } else { "" })
        .put("note", if random.chance(200) { *random.pick(words.account_notes) } else { "" })
        .put("lost_reason", if stage == "lost" { *random.pick(words.lost_reasons) } else { "" })
        .set("tags", tags.into_iter().map(Value::from))
        .set("competitors", competitors.into_iter().map(Value::from))
        .row()
}

/// The full name and the one colleagues use.
fn name(facts: &Facts, words: &Words, trade: &Trade, suffix: &str, random: &mut Random) -> (String, String) {
    let brand = *random.pick(words.brands);
    let other = *random.pick(words.brands);
    if facts.region == Region::English {
        let (family, _) = *random.pick(words.family_names);
        let first = if random.chance(600) { format!("{brand} & {family}") } else { format!("{brand} {}", facts.city.name) };
        return (format!("{first} {} {suffix}", trade.word), first);
    }
    // A character of each of two names makes a third that sounds like them.
    let mixed: String = brand.chars().take(1).chain(other.chars().skip(1).take(1)).collect();
    let brand = if random.chance(700) { mixed } else { brand.to_owned() };
    let city = facts.city.name.trim_end_matches('市');
    let city = if facts.region == Region::Mainland && random.chance(750) { city } else { "" };
    (format!("{city}{brand}{}{suffix}", trade.word), format!("{brand}{}", trade.word))
}

fn address(city: &City, random: &mut Random) -> Value {
    let (district, street) = random.pick(city.quarters);
    let number = random.between(2, 980);
    let street = match city.country {
        "中国" => format!("{street}{number}号{}", random.pick(&["", "2幢301室", "B座1205室", "5号楼", "一层"])),
        "台灣" => format!("{street}{number}號{}", random.pick(&["", "5樓", "2樓之1", "B1"])),
        _ => format!("{number} {street}"),
    };
    json!(AddressValue {
        country: city.country.to_owned(),
        region: city.region.to_owned(),
        city: city.name.to_owned(),
        district: (*district).to_owned(),
        street,
        postcode: city.postcode.to_owned(),
    })
}
