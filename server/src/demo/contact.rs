//! The people at a demo account.

use super::{
    account::{Facts, Now, id_of},
    maker::Maker,
    random::Random,
    reach,
    region::Region,
};
use domain::{
    Id, Row, Value,
    types::{NameOrder, NameValue},
};
use serde_json::json;

/// A contact, before it is a row.
pub struct Person {
    pub id: Id,
    pub name: NameValue,
    fields: Vec<(&'static str, Value)>,
}

/// One to three people, the first of them the one who decides or buys.
pub fn people(facts: &Facts, now: &Now, random: &mut Random) -> Vec<Person> {
    let count = random.weighted(&[(50, 1), (35, 2), (15, 3)]);
    (1..=count).map(|part| person(facts, part, now, random)).collect()
}

fn person(facts: &Facts, part: u64, now: &Now, random: &mut Random) -> Person {
    let words = facts.region.words();
    let (family, family_roman) = *random.pick(words.family_names);
    let (given, given_roman) = *random.pick(words.given_names);
    let order = if facts.region == Region::English { NameOrder::GivenFirst } else { NameOrder::FamilyFirst };
    let leading = if part == 1 { 4 } else { words.titles.len() };
    let (title, role) = *random.pick(&words.titles[..leading.min(words.titles.len())]);
    let mut fields = vec![("title", Value::from(title)), ("decision_role", role.into())];
    let mut put = |field, value: Value| fields.push((field, value));
    if part == 1 || random.chance(700) {
        put("mobile", reach::mobile(facts, random));
    }
    if random.chance(550) {
        put("handle", reach::handle(facts, family_roman, given_roman, random));
    }
    if random.chance(if facts.region == Region::English { 900 } else { 250 }) {
        put("email", format!("{given_roman}.{family_roman}@mail{}.example", facts.number % 97).into());
    }
    if random.chance(400) {
        put("birthday", birthday(facts, now, random).into());
    }
    if random.chance(150) {
        put("preferences", (*random.pick(words.preferences)).into());
    }
    if part > 1 && random.chance(60) {
        put("left_company", true.into());
    }
    Person {
        id: id_of(facts.number, part),
        name: NameValue { family: family.to_owned(), given: given.to_owned(), order },
        fields,
    }
}

/// Sometimes only the day or only the year is known. Every twentieth account's is within a week.
fn birthday(facts: &Facts, now: &Now, random: &mut Random) -> String {
    let year = random.between(1958, 2001);
    let (month, day) = match facts.number % 20 {
        0 => now.today().plus(random.between(0, 6)).month_and_day(),
        _ => (random.between(1, 12) as u32, random.between(1, 28) as u32),
    };
    match random.below(10) {
        0..4 => format!("--{month:02}-{day:02}"),
        4 if !facts.number.is_multiple_of(20) => format!("{year}"),
        // Somebody born on 29 February was born in a leap year.
        _ if (month, day) == (2, 29) => format!("--{month:02}-{day:02}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}

impl Person {
    pub fn row(&self, facts: &Facts) -> Row {
        let row = Maker::new("contact", self.id, facts.since + 1, facts.owner.id()).put("name", json!(self.name));
        let row = self.fields.iter().fold(row, |row, (field, value)| row.put(field, value.clone()));
        row.put("account", facts.id.to_string()).row()
    }
}
